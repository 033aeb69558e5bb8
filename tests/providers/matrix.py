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
    temperature: float | None = None
    """The only one that the model takes, so that `/chat` has to be told it."""

    def has(self, api: str) -> bool:
        """Tell whether the upstream has an API, by its path below the base URL."""
        return api not in self.lacks


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
