"""What must come of the trials with each provider's example settings.

docs/providers.md tells the same; tests/unit/test_docs_providers.py compares the two.
"""

from dataclasses import dataclass
from typing import Literal

Contents = Literal["arrays", "strings"]
Models = Literal["with prices", "without prices", "from the table", "none"]


@dataclass(frozen=True, slots=True)
class Row:
    """One file of config/, and how its provider differs from the others."""

    name: str
    """Of the file, and of the dialect that stands in for the provider."""
    provider: str
    prompts: Literal["responses", "chat/completions"]
    """The API that answers `POST /openai-proxy`."""
    lacks: tuple[str, ...]
    """The APIs that the upstream does not have: asking for one is a 404."""
    contents: Contents
    """What a content array becomes on its way up, if it is one of texts."""
    models: Models
    """Whose list `GET /v1/models` gives, and whether it tells prices."""
    model: str
    """The one that `GET /v1/models/{id}` is tried with."""
    refusal: int | None
    """The status for a wrong key; None where no key is sent."""
    temperature: float = 0.7
    """What `/chat` sends where nobody says one."""

    def has(self, api: str) -> bool:
        """Tell whether the upstream has an API, by its path below the base URL."""
        return api not in self.lacks


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried with every row."""

    what: str
    files: tuple[str, ...]
    """Of this folder, each a file of tests that take every row."""


TRIALS = (
    Trial(
        "`POST /openai-proxy` gives the provider's stream, byte for byte",
        ("test_chats.py",),
    ),
    Trial(
        "`/v1/chat/completions`, streamed and whole: what goes up and what comes down "
        "keep every byte",
        ("test_chats.py",),
    ),
    Trial(
        "content as an array of texts is answered; an image goes up, or is a 400 that "
        "names its place",
        ("test_chats.py",),
    ),
    Trial(
        "`/chat` as `events`, as `text` and whole, with `prompt` and with `messages`",
        ("test_chats.py",),
    ),
    Trial(
        '`/v1/completions`, and `/chat` with `"api": "completions"`; `/v1/responses` '
        "and `/v1/embeddings`",
        ("test_chats.py",),
    ),
    Trial(
        "`/v1/models` and `/v1/models/{id}`, with limits and prices where the table "
        "knows them",
        ("test_models.py",),
    ),
    Trial(
        "`/health/ready`: healthy, and unhealthy with a wrong key or none",
        ("test_models.py", "test_keys.py"),
    ),
    Trial(
        "errors 400, 403, 404, 422, 429, 500 and 503 in the provider's shape arrive "
        "with their status in OpenAI's; one retry; streams that break off or fail",
        ("test_failures.py",),
    ),
    Trial(
        "one header holds the key, whatever keys the client sends; a wrong key is the "
        "provider's to refuse, and is in no reply; a missing one is named by its "
        "variable",
        ("test_chats.py", "test_keys.py"),
    ),
)

ROWS = (
    Row(
        "openai",
        "OpenAI",
        prompts="responses",
        lacks=(),
        contents="arrays",
        models="with prices",
        model="gpt-4.1",
        refusal=401,
    ),
    Row(
        "azure",
        "Azure OpenAI, a classic deployment",
        prompts="chat/completions",
        lacks=("responses", "models"),
        contents="arrays",
        models="from the table",
        model="gpt-4.1",
        refusal=401,
    ),
    Row(
        "azure-v1",
        "Azure OpenAI, the v1 form",
        prompts="responses",
        lacks=(),
        contents="arrays",
        models="with prices",
        model="gpt-4.1",
        refusal=401,
    ),
    Row(
        "gemini",
        "Gemini, its OpenAI-compatible endpoint",
        prompts="chat/completions",
        lacks=("responses", "completions"),
        contents="arrays",
        models="with prices",
        model="gemini-2.5-flash",
        refusal=400,
    ),
    Row(
        "moonshot",
        "Moonshot (Kimi)",
        prompts="chat/completions",
        lacks=("responses", "completions", "embeddings"),
        contents="strings",
        models="with prices",
        model="kimi-k2.6",
        refusal=401,
        temperature=1,
    ),
    Row(
        "vllm",
        "vLLM, with `--api-key`",
        prompts="chat/completions",
        lacks=(),
        contents="arrays",
        models="without prices",
        model="gpt-4.1",
        refusal=401,
    ),
    Row(
        "localai",
        "LocalAI, without a key",
        prompts="chat/completions",
        lacks=("responses",),
        contents="arrays",
        models="without prices",
        model="gpt-4.1",
        refusal=None,
    ),
    Row(
        "ollama",
        "Ollama",
        prompts="chat/completions",
        lacks=("responses",),
        contents="arrays",
        models="without prices",
        model="gpt-4.1",
        refusal=None,
    ),
    Row(
        "text-generation-webui",
        "text-generation-webui, without a key",
        prompts="chat/completions",
        lacks=("responses",),
        contents="strings",
        models="without prices",
        model="gpt-4.1",
        refusal=None,
    ),
    Row(
        "custom",
        "a server of your own",
        prompts="chat/completions",
        lacks=("responses", "models"),
        contents="arrays",
        models="none",
        model="my-model",
        refusal=401,
    ),
)
