"""Gemini's answer: a `GenerateContentResponse`, whole or in the frames of a stream.

See: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local_upstream.asking import Json
from local_upstream.echo import count_tokens
from local_upstream.identity import Identity

FINISH_REASONS = {"filter": "SAFETY", "length": "MAX_TOKENS"}
"""By how an answer ends."""
THOUGHTS = 5
"""Tokens that are counted and not shown, as by any model that thinks."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `parts` are the pieces in which it is streamed."""

    model: str
    prompt: str
    parts: Sequence[Json]
    ending: str
    identity: Identity

    @property
    def is_blocked(self) -> bool:
        """Tell whether the prompt is refused, so that there is no candidate."""
        return self.ending == "refuse"

    def frames(self) -> Iterator[Json]:
        """Yield the frames of a stream, each with the counts so far."""
        if self.is_blocked:
            yield self.whole()
            return
        for number, part in enumerate(self.parts, 1):
            is_last = number == len(self.parts)
            candidate = self._candidate([part], is_last=is_last)
            yield self._response(number, {"candidates": [candidate]})

    def whole(self) -> Json:
        """Return the whole answer at once."""
        if self.is_blocked:
            return self._response(0, {"promptFeedback": {"blockReason": "SAFETY"}})
        candidate = self._candidate(_joined(self.parts), is_last=True)
        return self._response(len(self.parts), {"candidates": [candidate]})

    def _candidate(self, parts: Sequence[Json], *, is_last: bool) -> Json:
        reason = FINISH_REASONS.get(self.ending, "STOP")
        return {
            "content": {"parts": list(parts), "role": "model"},
            **({"finishReason": reason} if is_last else {}),
            "index": 0,
        }

    def _response(self, answered: int, said: Json) -> Json:
        return {
            **said,
            "usageMetadata": self._usage(answered),
            "modelVersion": self.model,
            "responseId": self.identity.new_id("reply").partition("_")[2][:23],
        }

    def _usage(self, answered: int) -> Json:
        asked = count_tokens(self.prompt)
        details = [{"modality": "TEXT", "tokenCount": asked}]
        if self.is_blocked:
            counts = {"promptTokenCount": asked, "totalTokenCount": asked}
            return {**counts, "promptTokensDetails": details}
        return {
            "promptTokenCount": asked,
            "candidatesTokenCount": answered,
            "totalTokenCount": asked + answered + THOUGHTS,
            "promptTokensDetails": details,
            "thoughtsTokenCount": THOUGHTS,
        }


def _joined(parts: Sequence[Json]) -> list[Json]:
    """Make one part of the pieces of a text."""
    if any("text" not in part for part in parts):
        return list(parts)
    return [{"text": "".join(part["text"] for part in parts)}]
