import json
import time
import tracemalloc
from collections.abc import Callable
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.shallow_json import (
    DEPTH_LIMIT,
    VALUES_LIMIT,
    TooManyValues,
    parse_shallow,
    parse_shallow_start,
)

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
    for text in (bracket * 40_000, bracket * (DEPTH_LIMIT + 1)):
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


@given(st.text(alphabet="[]{}", max_size=2 * DEPTH_LIMIT + 8))
def test_no_text_takes_the_parser_deeper(brackets: str) -> None:
    """Whatever closes what: the parser may stop before, and never goes beyond."""
    steps = (1 if bracket in "[{" else -1 for bracket in brackets)
    depths = list(accumulate(steps, lambda depth, step: max(depth + step, 0)))
    if max(depths, default=0) > DEPTH_LIMIT:
        with pytest.raises(ValueError, match="deep"):
            parse_shallow(brackets.encode())


@pytest.mark.parametrize("depth", range(1, DEPTH_LIMIT + 3))
def test_the_depth_of_a_whole_text_is_exact(depth: int) -> None:
    inner = b"[]" if depth % 2 else b"0"
    text = b'[{"]":' * (depth // 2) + inner + b"}]" * (depth // 2)
    # What stands beside it has it counted, and adds nothing.
    text = b"[" + b"[]," * DEPTH_LIMIT + text + b"]"
    if depth + 1 <= DEPTH_LIMIT:
        assert parse_shallow(text) == json.loads(text)
    else:
        with pytest.raises(ValueError, match="deep"):
            parse_shallow(text)


FULL = {
    "numbers": b"[" + b"1," * (VALUES_LIMIT - 1) + b"1]",
    "strings": b"[" + b'"",' * (VALUES_LIMIT // 2 - 1) + b"0]",
    "objects": b"[" + b"{}," * (VALUES_LIMIT // 2 - 1) + b"{}]",
    "arrays": b"[" + b"[]," * (VALUES_LIMIT // 2 - 1) + b"[]]",
    "members": b'{"a":0' + b',"a":0' * (VALUES_LIMIT // 2 - 1) + b"}",
    "brackets in strings": b'["' + b"[{,]}" * VALUES_LIMIT + b'"]',
    "escaped quotes": b'["' + rb"\"{, \\" * VALUES_LIMIT + b'"]',
    "escaped backslashes": b'["' + rb"\\" * VALUES_LIMIT + b'"]',
}


@pytest.mark.parametrize("kind", FULL)
def test_parses_what_holds_as_much_as_the_limit(kind: str) -> None:
    assert parse_shallow(FULL[kind]) == json.loads(FULL[kind])


@pytest.mark.parametrize("more", [b"1,", b'"",', b"{},", b"[],", rb'"\\",'])
@pytest.mark.parametrize("kind", FULL)
def test_refuses_what_holds_more_and_makes_nothing_of_it(
    kind: str, more: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json, "loads", _unexpected)
    for before, after in ((more * VALUES_LIMIT, b""), (b"", more * VALUES_LIMIT)):
        text = b"[" + before + FULL[kind] + b"," + after + b"1]"
        with pytest.raises(TooManyValues):
            parse_shallow(text)


def _unexpected(*_: object) -> None:
    raise AssertionError("it was parsed")


@pytest.mark.parametrize("item", [b"{},", b'"",', b"[[],[]],", b'{"a":{}},'])
def test_to_refuse_costs_a_part_of_parsing(item: bytes) -> None:
    text = b"[" + item * (4_000_000 // len(item)) + b"0]"
    refusing, parsing = _seconds(_refuse, text), _seconds(json.loads, text)
    assert refusing * 2 < parsing


def _refuse(text: bytes) -> None:
    with pytest.raises(TooManyValues):
        parse_shallow(text)


def _seconds(work: Callable[[bytes], object], text: bytes) -> float:
    return min(_once(work, text) for _ in range(3))


def _once(work: Callable[[bytes], object], text: bytes) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start
