import pytest

from wire import codings
from wire.ports import Headers


def encoded(*values: bytes) -> Headers:
    return tuple(("content-encoding", value) for value in values)


@pytest.mark.parametrize(
    ("values", "applied"),
    [
        ((), ()),
        ((b"",), ()),
        ((b"identity",), ()),
        ((b" Identity , identity",), ()),
        ((b"gzip",), ("gzip",)),
        ((b"identity", b"gzip"), ("gzip",)),
        ((b"GZIP, br",), ("gzip", "br")),
        ((b"gzip", b"br, identity,"), ("gzip", "br")),
        ((b"\xff",), ("\u00ff",)),
    ],
)
def test_several_headers_are_one_list(
    values: tuple[bytes, ...], applied: tuple[str, ...]
) -> None:
    assert codings.applied(encoded(*values)) == applied


@pytest.mark.parametrize(
    ("accepted", "applied", "answer"),
    [
        ((), (), True),
        ((), ("gzip",), False),
        ((b"gzip",), ("gzip",), True),
        ((b"gzip",), ("x-gzip",), True),
        ((b"X-GZIP",), ("gzip",), True),
        ((b"gzip, deflate", b"br"), ("gzip", "br"), True),
        ((b"gzip",), ("gzip", "br"), False),
        ((b"identity",), ("gzip",), False),
        ((b"*",), ("gzip", "br"), True),
        ((b"*, gzip;q=0",), ("gzip",), False),
        ((b"*;q=0",), ("gzip",), False),
        ((b"gzip;q=0.000",), ("gzip",), False),
        ((b"gzip ; q = 0.1",), ("gzip",), True),
        ((b"gzip;q=",), ("gzip",), False),
        ((b"gzip;level=9",), ("gzip",), True),
        ((b"\xff",), ("gzip",), False),
    ],
)
def test_a_client_says_what_it_decodes(
    accepted: tuple[bytes, ...], applied: tuple[str, ...], answer: bool
) -> None:
    asked = tuple(("accept-encoding", value) for value in accepted)
    assert codings.accepts((("accept", b"gzip"), *asked), applied) is answer
