import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.shallow_json import DEPTH_LIMIT, parse_shallow, parse_shallow_start

VALUES = st.recursive(
    st.none() | st.text(alphabet='[]{}"\\ab') | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='["\\'), inner),
    max_leaves=8,
)


@given(VALUES)
def test_parses_what_is_real(value: object) -> None:
    text = json.dumps(value).encode()
    assert parse_shallow(text) == value
    assert parse_shallow_start(text + b" ...") == value


def test_parses_up_to_its_limit() -> None:
    text = b"[" * DEPTH_LIMIT + b"]" * DEPTH_LIMIT
    assert parse_shallow(text) == json.loads(text)
    assert parse_shallow(b"[" + b"[]," * 100 + b"[]]") == [[]] * 101


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_refuses_what_is_deeper(bracket: bytes) -> None:
    for text in (bracket * 60_000, bracket * (DEPTH_LIMIT + 1)):
        with pytest.raises(ValueError, match="deep"):
            parse_shallow(text)
        with pytest.raises(ValueError, match="deep"):
            parse_shallow_start(text)


def test_brackets_in_strings_are_no_depth() -> None:
    text = b'["' + b"[" * 1000 + b'"]'
    assert parse_shallow(text) == ["[" * 1000]


@pytest.mark.parametrize("text", [b"", b"[", b'"\\', b"\xff", b"]]]["])
def test_refuses_what_is_no_json(text: bytes) -> None:
    with pytest.raises(ValueError):
        parse_shallow(text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32-le"])
def test_refuses_what_is_not_utf_8(encoding: str) -> None:
    """In UTF-16 the letter below holds the byte of a quote, which would hide depth."""
    text = '["\u2200",' + "[" * 200 + "]" * 200 + "]"
    with pytest.raises(ValueError):
        parse_shallow(text.encode(encoding))


def test_a_byte_order_mark_is_no_text() -> None:
    assert parse_shallow(b"\xef\xbb\xbf[]") == []


def test_a_long_string_takes_no_memory_of_its_own() -> None:
    text = b'"' + b"a\\n" * 300_000 + b'"'
    tracemalloc.start()
    assert len(parse_shallow(text)) == 600_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(text)
