"""What the examples decide, without a host."""

import json

import pytest

from echo_provider.events import NOT_SERVED, events
from query_router.prompts import TARGET_LIMIT, find_prompt
from wire.errors import InvalidRequest, error_reply
from wire.sse import SSEDecoder


def said(prompt: str) -> list[dict[str, str]]:
    decoder = SSEDecoder()
    decoded = [event for piece in events(prompt) for event in decoder.decode(piece)]
    data = [json.loads(event.data) for event in decoded]
    assert [event.event for event in decoded] == [each["type"] for each in data]
    return data


@pytest.mark.parametrize(
    "prompt", ["a", " a\n\nb ", "\r\n", "één 🙂 日本", "x" * 9_999]
)
def test_the_echo_s_deltas_are_the_prompt(prompt: str) -> None:
    *deltas, last = said(prompt)
    assert "".join(each["delta"] for each in deltas) == prompt
    assert last == {"type": "response.completed"}


def test_each_word_is_an_event_of_its_own() -> None:
    assert [each.get("delta") for each in said("Say it again.")] == [
        *("Say ", "it ", "again."),
        None,
    ]


def test_the_echo_s_error_has_the_shape_of_all_others() -> None:
    ours = error_reply(InvalidRequest("", code="not_found", status=404))
    assert isinstance(ours.body, bytes)
    shape = json.loads(ours.body)["error"]
    assert json.loads(NOT_SERVED)["error"].keys() == shape.keys()


@pytest.mark.parametrize(
    ("target", "prompt"),
    [
        ("/?q=Hello", "Hello"),
        ("/?q=Say+it+%C3%A9%26", "Say it é&"),
        ("/?a=b&q=1&q=2", "1"),
        ("/", None),
        ("/?q=", None),
        ("/?p=Hello", None),
        ("/other?q=Hello", None),
        (f"/?q={'x' * (TARGET_LIMIT - 4)}", "x" * (TARGET_LIMIT - 4)),
        (f"/?q={'x' * (TARGET_LIMIT - 3)}", None),
    ],
)
def test_the_query_router_s_prompt(target: str, prompt: str | None) -> None:
    assert find_prompt(target) == prompt
