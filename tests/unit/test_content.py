import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provider.content import as_strings
from wire.errors import InvalidRequest
from wire.shallow_json import VALUES_LIMIT


def part(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def ask(*contents: Any, **more: Any) -> bytes:
    messages = [{"role": "user", "content": content} for content in contents]
    return json.dumps({"model": "m", "messages": messages, **more}).encode()


def contents(body: bytes) -> list[Any]:
    return [message["content"] for message in json.loads(body)["messages"]]


def refusal(body: bytes) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as raised:
        as_strings(body)
    return raised.value


def test_texts_are_joined_with_a_line_break() -> None:
    body = ask([part("a"), part("b")], "c", [part("d")], [], None)
    assert contents(as_strings(body)) == ["a\nb", "c", "d", "", None]


# Half surrogate pairs too, which JSON can hold as escapes and UTF-8 cannot.
TEXTS = st.lists(st.text(st.characters(exclude_categories=[]), max_size=8), max_size=3)


@settings(max_examples=50)
@given(st.lists(TEXTS, max_size=3))
def test_every_text_is_preserved(messages: list[list[str]]) -> None:
    body = ask(*[[part(text) for text in texts] for texts in messages])
    converted = as_strings(body)
    assert converted.decode(), "UTF-8"
    # As a parser reads them: two escapes may be the halves of one character.
    read = json.loads(json.dumps(messages))
    assert contents(converted) == ["\n".join(texts) for texts in read]


@settings(max_examples=50)
@given(st.lists(st.none() | st.text() | st.dictionaries(st.text(), st.integers())))
def test_without_an_array_the_body_is_the_very_same(values: list[Any]) -> None:
    body = ask(*values)
    assert as_strings(body) is body


def test_all_else_keeps_its_bytes() -> None:
    head = b' {"seed":123456789012345678901234567890, "temperature": 1e400,\r\n'
    before = b'"messages" : [ {"content" : '
    after = b' ,"role":"user", "x": 1.50, "x":2}, {"content":"\\ud83d \xc3\xbc"} ] }\n'
    parts = b'[ {"type":"text", "text":"h\\u00e9\\n\xe2\x82\xac \\"\\ud800\\""} ]'
    string = '"hé\\n€ \\"\\ud800\\""'.encode()
    assert as_strings(head + before + parts + after) == head + before + string + after


def test_repeated_members_are_converted_wherever_they_are() -> None:
    message = b'{"content":"x","content":%s}'
    body = b'{"messages":[],"messages":[' + message + b"]}"
    assert as_strings(body % b'[{"type":"text","text":"a"}]') == body % b'"a"'


def test_only_messages_own_content_is_converted() -> None:
    message = {"content": "x", "parts": [part("a")], "m": {"content": [part("a")]}}
    body = json.dumps(
        {
            "messages": [message],
            "content": [part("a")],
            "tools": [{"content": [part("a")]}],
            "x": {"messages": [{"content": [part("a")]}]},
        }
    ).encode()
    assert as_strings(body) is body


@pytest.mark.parametrize(
    "other",
    [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
        {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
        {"type": "file", "file": {"file_id": "f"}},
        {"type": "refusal", "refusal": "no"},
        {"type": "image_url", "text": "a"},
        {"type": "text"},
        {"type": "text", "text": None},
        {"text": "a"},
        "a",
        None,
        [part("a")],
    ],
)
def test_what_is_no_text_is_refused_by_its_path(other: Any) -> None:
    for index in range(3):
        array: list[Any] = [part("secret")] * 2
        array.insert(index, other)
        error = refusal(ask("x", array, [other]))
        assert (error.status, error.code) == (400, "unsupported_content")
        assert error.param == f"messages[1].content[{index}]"
        assert "takes text alone" in error.message
        assert "secret" not in error.message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b'{"messages": [{"content": [{"type": "image_url"}]}',
        b"\xff\xfe",
        b"[]",
        b'"messages"',
        b"{}",
        b'{"messages": null}',
        b'{"messages": {"content": [{"type": "image_url"}]}}',
        b'{"messages": ["a", 1, null, [{"content": []}], {}, {"role": "user"}]}',
        b'{"prompt": ["a"]}',
    ],
)
def test_what_is_no_chat_request_is_left_alone(body: bytes) -> None:
    assert as_strings(body) is body


def test_what_holds_too_much_is_refused() -> None:
    error = refusal(b'{"messages": [' + b"{}," * VALUES_LIMIT + b"{}]}")
    assert (error.status, error.code) == (413, "too_many_values")


@pytest.mark.parametrize(
    "inner", [b"[" * 60_000, b"[" * 40 + b"]" * 40, b"1" + b"0" * 5000]
)
def test_what_cannot_be_looked_into_is_refused(inner: bytes) -> None:
    error = refusal(b'{"messages": [], "tools": ' + inner + b"}")
    assert (error.status, error.code) == (400, "nested_too_deep")
    assert "nested deeper than 32 levels" in error.message
