import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provider.json_spans import Span, encode_value, items, members, open_text, splice

VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
INDENTS = st.sampled_from([None, 0, 2, "\t"])


def rebuild(text: str, span: Span) -> Any:
    """Parse a value by its spans alone."""
    if isinstance(span.value, dict):
        return {name: rebuild(text, inner) for name, inner in members(text, span)}
    if isinstance(span.value, list):
        return [rebuild(text, inner) for inner in items(text, span)]
    return json.loads(text[span.start : span.end])


@settings(max_examples=50)
@given(VALUES, INDENTS, st.booleans())
def test_spans_are_where_the_values_are(
    value: Any, indent: int | str | None, ascii_only: bool
) -> None:
    dumped = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    text, whole = open_text(b" \r\n" + dumped.encode("utf-8", "surrogatepass") + b"\t")
    assert rebuild(text, whole) == value
    assert text[whole.start : whole.end] == dumped


def test_repeated_members_are_all_there() -> None:
    text, whole = open_text(b'{"a" : 1 ,"a":2}')
    assert [(name, span.value) for name, span in members(text, whole)] == [
        ("a", 1),
        ("a", 2),
    ]


def test_a_byte_order_mark_is_passed_over() -> None:
    text, whole = open_text(b"\xef\xbb\xbf[1]")
    assert whole == Span([1], 1, 4)
    assert splice(text, [(2, 3, "23")]) == b"\xef\xbb\xbf[23]"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[1,]",
        b"[1] 2",
        b"\xff",
        '["a"]'.encode("utf-16"),
        '["a"]'.encode("utf-16-be"),
        '["a"]'.encode("utf-16-le"),
        '["a"]'.encode("utf-32-be"),
    ],
)
def test_what_is_no_json_in_utf_8_is_told_apart(body: bytes) -> None:
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        open_text(body)


def test_utf_16_hides_no_depth() -> None:
    """Its U+2200 has the byte of a quotation mark in it."""
    deep = '["\u2200",' + "[" * 60_000 + "]" * 60_001
    with pytest.raises(json.JSONDecodeError):
        open_text(deep.encode("utf-16-be"))


def test_what_is_too_deep_is_told_apart() -> None:
    with pytest.raises(ValueError, match="deep") as raised:
        open_text(b"[" * 60_000)
    assert type(raised.value) is ValueError


def test_edits_leave_the_rest_as_it_is() -> None:
    body = b'{"n": 1e400, "big": 123456789012345678901, "a":  "\xed\xa0\x80\\ud800"}'
    text, whole = open_text(body)
    spans = dict(members(text, whole))
    edit = (spans["big"].start, spans["big"].end, "0")
    assert splice(text, [edit]) == body.replace(b"123456789012345678901", b"0")
    assert splice(text, []) == body


def test_new_values_are_compact_and_can_be_sent() -> None:
    assert encode_value({"a": ["ü\n", 1.5]}) == '{"a":["ü\\n",1.5]}'
    assert encode_value("\ud800") == '"\\ud800"'
