"""What a client asks of `/chat`: its JSON, checked."""

from dataclasses import dataclass

from provider.chat.conversation import read_messages, read_response_format, read_tools
from provider.chat.members import Members
from provider.chat.strict_json import Json, parse_object
from wire.errors import InvalidRequest

FORMATS = ("sse-text", "sse-json", "events", "text")
DEFAULT_FORMAT = "sse-text"
APIS = ("chat", "completions")
# Those of OpenAI's API description and, from its newer Python package, "max".
REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
STOP_LIMIT = 4
MOST = 2**63 - 1
FIELDS = (
    "prompt",
    "messages",
    "system",
    "model",
    "temperature",
    "max_tokens",
    "top_p",
    "seed",
    "stop",
    "tools",
    "response_format",
    "reasoning_effort",
    "stream",
    "format",
    "api",
)
CHAT_ALONE = ("messages", "tools", "response_format", "reasoning_effort")
"""Fields that the completions API has nothing like."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request to `/chat`. What was not given is None, or an empty tuple."""

    prompt: str | None
    messages: tuple[Json, ...]
    """Given if, and only if, `prompt` is not."""
    system: str | None
    model: str | None
    temperature: float | None
    max_tokens: int | None
    top_p: float | None
    seed: int | None
    stop: str | tuple[str, ...] | None
    tools: tuple[Json, ...]
    response_format: Json | None
    reasoning_effort: str | None
    stream: bool
    format: str
    """One of `FORMATS`; the default where `stream` is false."""
    api: str
    """One of `APIS`."""


def parse_chat(body: bytes, default_api: str) -> ChatRequest:
    """Read a request's body; `default_api` answers where it names no `api`.

    Raises `InvalidRequest`, whose message and `param` name the field.
    """
    asked = Members(parse_object(body))
    asked.refuse_unknown(FIELDS)
    api = asked.word("api", APIS) or default_api
    _check_fits(asked, api)
    return ChatRequest(
        prompt=_read_prompt(asked),
        messages=read_messages(asked),
        system=asked.text("system"),
        model=asked.text("model"),
        temperature=asked.number("temperature", 0, 2),
        max_tokens=asked.integer("max_tokens", 1, MOST),
        top_p=asked.number("top_p", 0, 1),
        seed=asked.integer("seed", -MOST - 1, MOST),
        stop=_read_stop(asked),
        tools=read_tools(asked),
        response_format=read_response_format(asked),
        reasoning_effort=asked.word("reasoning_effort", REASONING_EFFORTS),
        stream=asked.flag("stream") is not False,
        format=_read_format(asked),
        api=api,
    )


def _check_fits(asked: Members, api: str) -> None:
    """Refuse what the API that is to answer has no place for."""
    for name in CHAT_ALONE if api == "completions" else ():
        if asked.has(name):
            raise asked.refuse(
                name, "cannot be used with the completions API", "invalid_value"
            )
    if asked.has("prompt") and asked.has("messages"):
        raise asked.refuse(
            "messages", "and `prompt` exclude each other; send one", "invalid_value"
        )
    if not asked.has("prompt") and not asked.has("messages"):
        either = "" if api == "completions" else ", and there are no `messages`"
        raise asked.refuse(
            "prompt", f"is missing{either}", "missing_required_parameter"
        )


def _read_prompt(asked: Members) -> str | None:
    if asked.text("prompt", may_be_empty=True) == "":
        raise asked.refuse("prompt", "must not be empty", "empty_prompt")
    return asked.text("prompt")


def _read_stop(asked: Members) -> str | tuple[str, ...] | None:
    stop = asked.value.get("stop")
    if not isinstance(stop, list):
        if stop is not None and not isinstance(stop, str):
            raise _wrong_stop(asked, "invalid_type")
        return asked.text("stop")
    if not 1 <= len(stop) <= STOP_LIMIT:
        raise _wrong_stop(asked, "invalid_value")
    named = Members({f"stop[{at}]": text for at, text in enumerate(stop)})
    for name in named.value:
        named.require(name)
    return tuple(named.text(name) or "" for name in named.value)


def _wrong_stop(asked: Members, code: str) -> InvalidRequest:
    return asked.refuse(
        "stop", f"must be a string or an array of 1 to {STOP_LIMIT} strings", code
    )


def _read_format(asked: Members) -> str:
    given = asked.word("format", FORMATS)
    if given and asked.flag("stream") is False:
        raise asked.refuse(
            "format", "has no effect where `stream` is false", "invalid_value"
        )
    return given or DEFAULT_FORMAT
