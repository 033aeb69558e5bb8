import time

import pytest

from provider.chat.strict_json import parse_object
from wire.errors import InvalidRequest
from wire.shallow_json import DEPTH_LIMIT, VALUES_LIMIT


def refused(body: bytes) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as raised:
        parse_object(body)
    assert (raised.value.status, raised.value.code) == (400, "invalid_json")
    return raised.value


def test_says_so_where_there_is_too_much_in_it() -> None:
    with pytest.raises(InvalidRequest) as raised:
        parse_object(b'{"a":[' + b"1," * VALUES_LIMIT + b"1]}")
    assert (raised.value.status, raised.value.code) == (413, "too_many_values")


def nested(depth: int) -> bytes:
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}", {}),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (
            b' {"a": [1, 2.5, -1e3, null, true, "\\u00fc"]}\n',
            {"a": [1, 2.5, -1000.0, None, True, "ü"]},
        ),
        (b'{"a":{"b":1},"c":{"b":1}}', {"a": {"b": 1}, "c": {"b": 1}}),
        (b'{"a":"\\ud83d"}', {"a": "\ud83d"}),
        (b'{"a":"\\u0000"}', {"a": "\0"}),
    ],
)
def test_parses_an_object(body: bytes, expected: object) -> None:
    assert parse_object(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"prompt=hi",
        b'{"a":1',
        b'{"a":1}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b"{'a':1}",
        b'{"a":"\n"}',
        b'{"a":' + b"9" * 5000 + b"}",
        nested(DEPTH_LIMIT + 1),
    ],
)
def test_refuses_what_is_no_json(body: bytes) -> None:
    assert str(DEPTH_LIMIT) in refused(body).message


def test_takes_what_is_just_shallow_enough() -> None:
    assert parse_object(nested(DEPTH_LIMIT))


@pytest.mark.parametrize("body", [b"[]", b'"hi"', b"null", b"1"])
def test_refuses_what_is_no_object(body: bytes) -> None:
    assert "object" in refused(body).message


def test_refuses_another_encoding() -> None:
    assert "byte 6" in refused(b'{"a":"\xe4"}').message
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
        assert "zero byte" in refused('{"a":1}'.encode(encoding)).message
    assert "UTF-8" in refused('{"a":1}'.encode("utf-16")).message


@pytest.mark.parametrize("body", [b'{"a":1,"b":2,"a":1}', b'{"c":[{"a":1,"a":2}]}'])
def test_refuses_a_member_that_stands_twice(body: bytes) -> None:
    error = refused(body)
    assert error.param == "a"
    assert "`a`" in error.message


def test_a_member_that_stands_twice_is_found_in_one_look() -> None:
    """Among many others it must not cost more than all of them, once each."""
    once = ",".join(f'"a{number}":0' for number in range(20_000))

    def seconds(body: str) -> float:
        started = time.process_time()
        refused(body.encode())
        return time.process_time() - started

    found = min(seconds(f'{{{once},"a19999":0}}') for _ in range(3))
    unfinished = min(seconds(f'{{{once},"b":0') for _ in range(3))
    assert found < 20 * unfinished
