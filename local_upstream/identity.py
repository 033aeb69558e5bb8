"""What makes one reply differ from the next: its ids and its time."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

REPEATED_TIME = 1_700_000_000


def _time() -> int:
    return int(time.time())


def _repeated_time() -> int:
    return REPEATED_TIME


@dataclass(frozen=True, slots=True)
class Identity:
    """The ids and the time of one request's reply."""

    seed: str
    now: Callable[[], int] = _time

    def new_id(self, prefix: str) -> str:
        """Return the id of this reply's one object of a kind, such as `resp`."""
        separator = "-" if prefix in ("chatcmpl", "cmpl", "modr") else "_"
        digest = sha256(f"{prefix} {self.seed}".encode()).hexdigest()
        return f"{prefix}{separator}{digest[:48]}"


Identify = Callable[[bytes], Identity]
"""Gives the identity of the reply to a request, which it may look at."""


def fresh(_: bytes = b"") -> Identity:
    """Never give the same ids again, as an API does."""
    return Identity(secrets.token_hex(24))


def repeated(request: bytes) -> Identity:
    """Give the same request the same ids and time: its replies can be compared."""
    return Identity(sha256(request).hexdigest(), _repeated_time)
