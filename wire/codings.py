"""Content codings: what a body is encoded in, and what a client can decode.

See: https://www.rfc-editor.org/rfc/rfc9110#section-8.4
"""

from collections.abc import Iterator

from wire.ports import Headers

APPLIED = "content-encoding"
ACCEPTED = "accept-encoding"
IDENTITY = "identity"
ANY = "*"
_SAME = {"x-gzip": "gzip", "x-compress": "compress"}


def applied(headers: Headers) -> tuple[str, ...]:
    """Return a body's codings in the order in which they were applied, if any were.

    Several headers are one list.
    """
    return tuple(coding for coding in _items(headers, APPLIED) if coding != IDENTITY)


def accepts(headers: Headers, codings: tuple[str, ...]) -> bool:
    """Tell whether a client has said that it can decode all of `codings`.

    One that says nothing could be sent anything by the standard; but clients exist that
    decode nothing, and do not say so.
    """
    weights = dict(map(_read_weight, _items(headers, ACCEPTED)))
    other = weights.get(ANY, False)
    return all(weights.get(_SAME.get(c, c), other) for c in codings)


def _items(headers: Headers, name: str) -> Iterator[str]:
    for key, value in headers:
        if key == name:
            items = value.decode("latin-1").lower().split(",")
            yield from filter(None, map(str.strip, items))


def _read_weight(item: str) -> tuple[str, bool]:
    """Return an accepted coding, and whether its weight is more than zero."""
    coding, _, parameter = item.partition(";")
    name, _, weight = parameter.partition("=")
    is_zero = name.strip() == "q" and not weight.strip().strip("0.")
    coding = coding.strip()
    return _SAME.get(coding, coding), not is_zero
