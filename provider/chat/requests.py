"""What the upstream is asked for a request to `/chat`."""

from provider.chat.asked import ChatRequest
from provider.chat.strict_json import Json
from provider.compact_json import encode_json


def build_chat(
    asked: ChatRequest, model: str, temperature: float | None
) -> tuple[str, bytes]:
    """Build path, below the base URL, and body.

    `model` and `temperature` are for requests that name none.

    See: https://platform.openai.com/docs/api-reference/chat/create
    and https://platform.openai.com/docs/api-reference/completions/create
    """
    is_chat = asked.api == "chat"
    wanted = {
        "model": asked.model or model,
        **({"messages": _messages(asked)} if is_chat else {"prompt": _prompt(asked)}),
        **_sampling(asked, temperature),
        "tools": asked.tools or None,
        "response_format": asked.response_format,
        "reasoning_effort": asked.reasoning_effort,
        "stream": asked.stream,
        "stream_options": _stream_options(asked),
    }
    sent = {name: value for name, value in wanted.items() if value is not None}
    return ("/chat/completions" if is_chat else "/completions"), encode_json(sent)


def _messages(asked: ChatRequest) -> list[Json]:
    messages = list(asked.messages)
    if asked.prompt is not None:
        messages.append({"role": "user", "content": asked.prompt})
    if asked.system is not None:
        messages.insert(0, {"role": "system", "content": asked.system})
    return messages


def _prompt(asked: ChatRequest) -> str:
    """Put the instructions before the text: this API has no place for them."""
    return "\n\n".join(text for text in (asked.system, asked.prompt) if text)


def _sampling(asked: ChatRequest, default: float | None) -> Json:
    reasons = asked.reasoning_effort is not None
    temperature = asked.temperature
    if temperature is None and not reasons:
        # Models that reason refuse any temperature, so none is sent unasked.
        temperature = default
    # The same models refuse `max_tokens`, which all other servers know; many of those
    # ignore its newer name, and would then never stop.
    limit = "max_completion_tokens" if reasons else "max_tokens"
    return {
        "temperature": temperature,
        limit: asked.max_tokens,
        "top_p": asked.top_p,
        "seed": asked.seed,
        "stop": asked.stop,
    }


def _stream_options(asked: ChatRequest) -> Json | None:
    """Ask for token counts where they are shown: not every server knows the option."""
    return {"include_usage": True} if asked.format == "events" else None
