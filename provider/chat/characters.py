"""Characters that a server cuts in two: each half is a delta of its own.

JSON can hold half of a surrogate pair, and servers that count UTF-16 send one where a
delta ends. UTF-8 cannot: each half by itself would become U+FFFD.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from provider.chat.deltas import Token


class WholeCharacters:
    """Tokens of one reply, none of which ends in the middle of a character."""

    def __init__(self) -> None:
        self._half: Token | None = None
        """What has to wait for its other half."""

    def join(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """Yield the tokens; a half at one's end goes to the next one of its kind."""
        for token in tokens:
            if self._half and self._half.is_refusal != token.is_refusal:
                yield from self.flush()
            yield from self._join(token)

    def flush(self) -> Iterator[Token]:
        """Yield the half whose other half never came, if there is one."""
        half, self._half = self._half, None
        if half:
            yield half

    def _join(self, token: Token) -> Iterator[Token]:
        text = token.text
        if self._half:
            text = _paired(self._half.text, text)
            self._half = None
        if "\ud800" <= text[-1] <= "\udbff":
            self._half = replace(token, text=text[-1])
            text = text[:-1]
        if text:
            yield replace(token, text=text)


def _paired(half: str, text: str) -> str:
    """Put a half before a text, whose first half makes one character with it.

    By hand: a component has no codec for UTF-16, which Python would load late.
    """
    if not "\udc00" <= text[0] <= "\udfff":
        return half + text
    code = 0x10000 + ((ord(half) - 0xD800) << 10) + (ord(text[0]) - 0xDC00)
    return chr(code) + text[1:]
