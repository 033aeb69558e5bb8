"""Token counts, read once from the last bytes of a stream: no work on each chunk."""

import re

from wire.shallow_json import parse_shallow_start

TAIL_LIMIT = 16_384
"""Bytes kept of a stream's end: room for the up to 9 kB of metadata that a response
object may hold after its `usage`."""

# Inside a JSON string a quote is escaped, so these bytes can only be a member's name.
_USAGE = re.compile(rb'(?<!\\)"usage(?:Metadata)?"\s*:\s*(?=\{)')
# OpenAI's two APIs have two names for each; Gemini counts thoughts beside the answer.
# See: https://ai.google.dev/api/generate-content#UsageMetadata
_NAMES = {
    "input_tokens": ("input_tokens", "prompt_tokens", "promptTokenCount"),
    "output_tokens": (
        "output_tokens",
        "completion_tokens",
        "candidatesTokenCount",
        "thoughtsTokenCount",
    ),
}


class Tail:
    """The last `TAIL_LIMIT` bytes of what is fed."""

    def __init__(self) -> None:
        self._bytes = b""

    def feed(self, chunk: bytes) -> None:
        """Append `chunk` and forget what is too far from the end."""
        self._bytes = (self._bytes + chunk)[-TAIL_LIMIT:]

    def usage(self) -> dict[str, int]:
        """Return `input_tokens` and `output_tokens`, so far as the upstream said them.

        Their names in every API that providers stream from are understood.
        """
        starts = [match.end() for match in _USAGE.finditer(self._bytes)]
        return _read_usage(self._bytes[starts[-1] :]) if starts else {}


def _read_usage(text: bytes) -> dict[str, int]:
    try:
        usage = parse_shallow_start(text)
    except ValueError:
        return {}
    counts: dict[str, int] = {}
    for name, theirs in _NAMES.items():
        said = [usage[their] for their in theirs if type(usage.get(their)) is int]
        if said:
            counts[name] = sum(said)
    return counts
