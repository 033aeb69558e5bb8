"""What a model's reply is made of, whichever server it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as the upstream sent it: JSON text. What it says follows as deltas."""

    json: str


@dataclass(frozen=True, slots=True)
class Started:
    """The reply has begun. Some servers name neither model nor id."""

    model: str | None
    id: str | None


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the reply's text, never empty."""

    text: str
    is_refusal: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A whole call; `index` counts the reply's calls from 0."""

    index: int
    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it: it may be wrong."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts, so far as the upstream says them."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    """Part of the input tokens."""
    reasoning_tokens: int | None = None
    """Part of the output tokens, to most servers."""

    def known(self) -> dict[str, int]:
        """Return the counts that were said."""
        counts = {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "total_tokens": self.total_tokens,
            "cached_tokens": self.cached_tokens,
            "reasoning_tokens": self.reasoning_tokens,
        }
        return {name: count for name, count in counts.items() if count is not None}


@dataclass(frozen=True, slots=True)
class End:
    """The reply is whole. Servers exist that do not say why it ended."""

    finish_reason: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """The reply is not whole, and nothing more comes."""

    message: str
    type: str
    code: str | None
    cause: str
    """What a log may hold: a code of ours, or a host's error case."""


Delta = Chunk | Started | Token | ToolCall | Usage | End | Failed
