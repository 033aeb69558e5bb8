"""A client's JSON, read so that nobody could read it differently."""

import math
from collections import Counter
from typing import Any, NoReturn

from provider.json_requests import too_many_values
from wire.errors import InvalidRequest
from wire.shallow_json import DEPTH_LIMIT, TooManyValues, parse_shallow

Json = dict[str, Any]


def parse_object(body: bytes) -> Json:
    """Parse a request's body. Raises `InvalidRequest`.

    Refused are what JSON does not know (NaN, another encoding than UTF-8), numbers that
    no double holds, and a member that stands twice: which one counts, readers disagree.
    See: https://www.rfc-editor.org/rfc/rfc8259#section-4
    """
    _check_encoding(body)
    parsed = _parse(body)
    if not isinstance(parsed, dict):
        raise _invalid("The body must be a JSON object.")
    return parsed


def _check_encoding(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise _invalid(
            f"The body is not UTF-8: byte {error.start} cannot be decoded."
        ) from error
    # Likely UTF-16, which is worth a word of its own.
    if b"\0" in body:
        raise _invalid("The body is not JSON: it holds a zero byte.")


def _parse(body: bytes) -> object:
    try:
        return parse_shallow(
            body,
            object_pairs_hook=_distinct,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except TooManyValues:
        raise too_many_values() from None
    except ValueError as error:
        raise _invalid(
            f"The body is not JSON in UTF-8, or nested deeper than {DEPTH_LIMIT} "
            "levels, or holds a number that is none."
        ) from error


def _distinct(pairs: list[tuple[str, object]]) -> Json:
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)[:64]
        raise _invalid(f"`{twice}` stands twice in one object.", twice)
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _invalid(message: str, param: str | None = None) -> InvalidRequest:
    return InvalidRequest(message, code="invalid_json", param=param)
