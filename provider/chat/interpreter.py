"""From an upstream's events to deltas: one reply, told the same for every server."""

from collections.abc import Iterable
from typing import Any

from provider.chat import chunks, failures
from provider.chat.characters import WholeCharacters
from provider.chat.deltas import Chunk, Delta, End, Failed, Started, Usage
from provider.chat.strict_json import Json
from provider.chat.tool_calls import ToolCalls, ToolCallsTooLarge
from provider.compact_json import encode_json
from wire.shallow_json import parse_shallow
from wire.sse import ServerSentEvent

DONE = "[DONE]"


class Interpreter:
    """The reader of one reply. The last delta is an `End` or a `Failed`, always.

    None of `secrets` is passed on in the text of an upstream's error.
    """

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        self.usage: Usage | None = None
        """The token counts last said: they are those of the whole reply."""
        self.failure: Failed | None = None
        self.is_over = False
        self._secrets = tuple(filter(None, secrets))
        self._has_started = False
        self._model: str | None = None
        self._id: str | None = None
        self._finish_reason: str | None = None
        self._calls = ToolCalls()
        self._characters = WholeCharacters()
        self._number: object = None
        """Of the choice that is read: that of the first one."""

    def read(self, events: Iterable[ServerSentEvent]) -> list[Delta]:
        """Return what `events` say; nothing once the reply is over."""
        deltas: list[Delta] = []
        for event in events:
            if not self.is_over:
                deltas += self._read_event(event)
        return deltas

    def end(
        self, last: Iterable[ServerSentEvent], failure: Failed | None = None
    ) -> list[Delta]:
        """Return what there is to say at the end of the upstream's body.

        The `last` events may be cut: then they count for nothing. `failure` says how
        the body broke off, if it did.
        """
        whole = (e for e in last if e.event == "error" or _is_whole(e.data))
        deltas = self.read(whole)
        if not failure and self._finish_reason is None:
            failure = failures.incomplete()
        return [*deltas, *(self.fail(failure) if failure else self._finish())]

    def read_whole(self, body: bytes) -> list[Delta]:
        """Return all that a reply says which was not streamed."""
        whole = _parse(body)
        if (error := failures.find_error("", whole)) is not None:
            return self.fail(failures.reported(error, self._secrets))
        if not isinstance(whole, dict) or not chunks.choice_of(whole):
            return self.fail(failures.invalid_reply())
        chunk = chunks.as_chunk(whole)
        text = Chunk(encode_json(chunk).decode())
        return [text, *self._read_chunk(chunk), *self._finish()]

    def fail(self, failure: Failed) -> list[Delta]:
        """Return what there is to say of a reply that is not whole."""
        if self.is_over:
            return []
        self.is_over = True
        self.failure = failure
        deltas: list[Delta] = [*self._characters.flush()]
        # What was used has to be paid for all the same.
        deltas += [self.usage] if self.usage else []
        return [*self._start(deltas), failure]

    def _read_event(self, event: ServerSentEvent) -> list[Delta]:
        if event.data.strip() == DONE:
            return self._finish()
        parsed = _parse(event.data.encode())
        if (error := failures.find_error(event.event, parsed)) is not None:
            return self.fail(failures.reported(error, self._secrets))
        if not parsed:
            return []  # A sign of life: empty data, `null`, `{}`.
        if not isinstance(parsed, dict):
            return self.fail(failures.invalid_event())
        return [Chunk(event.data), *self._read_chunk(parsed)]

    def _read_chunk(self, chunk: Json) -> list[Delta]:
        self.usage = chunks.usage_of(chunk) or self.usage
        self._model = self._model or chunks.text_of(chunk, "model")
        self._id = self._id or chunks.text_of(chunk, "id")
        choice = self._choice(chunk)
        deltas: list[Delta] = [*self._characters.join(chunks.tokens_of(choice))]
        try:
            for fragment in chunks.call_fragments(choice):
                self._calls.add(fragment)
        except ToolCallsTooLarge as error:
            return [*self._start(deltas), *self.fail(failures.too_large(str(error)))]
        if reason := chunks.finish_reason_of(choice):
            self._finish_reason = reason
            deltas += [*self._characters.flush(), *self._calls.take()]
        return self._start(deltas)

    def _choice(self, chunk: Json) -> Json:
        choice = chunks.choice_of(chunk, self._number)
        if self._number is None:
            self._number = choice.get("index")
        return choice

    def _finish(self) -> list[Delta]:
        if self.is_over:
            return []
        self.is_over = True
        deltas: list[Delta] = [*self._characters.flush(), *self._calls.take()]
        if self.usage:
            deltas.append(self.usage)
        deltas.append(End(self._finish_reason))
        return self._start(deltas)

    def _start(self, deltas: list[Delta]) -> list[Delta]:
        """Put `Started` before the first delta, or where the reply is named."""
        if self._has_started or not (deltas or self._model or self._id):
            return deltas
        self._has_started = True
        return [Started(self._model, self._id), *deltas]


def _parse(text: bytes) -> Any:
    """Parse JSON; return the text itself where it is none."""
    try:
        return parse_shallow(text)
    except ValueError:
        return text.decode(errors="replace").strip()


def _is_whole(data: str) -> bool:
    return data.strip() == DONE or isinstance(_parse(data.encode()), dict)
