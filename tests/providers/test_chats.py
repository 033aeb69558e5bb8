"""Prompts and chats through the gateway, with the example settings of each provider."""

import json
from typing import Any

import pytest

from tests.e2e.client import error_of
from tests.providers.dialect import KEY_HEADERS
from tests.providers.station import ECHO, PROMPT, Exchanged, Json, Station

EVENT_STREAM = "text/event-stream"
HALVES = PROMPT[:8], PROMPT[8:]
PARTS = [{"type": "text", "text": half} for half in HALVES]
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0K"}}


def _messages(content: Any) -> list[Json]:
    return [{"role": "user", "content": content}]


def _check_path(station: Station, sent: Exchanged, api: str) -> None:
    """See that the path is the one of the settings, with the query of the dialect."""
    dialect = station.provider.dialect
    query = "".join(f"?{name}={value}" for name, value in dialect.query.items())
    assert sent.record.target == f"{dialect.base_path}/{api}{query}"


def _events(stream: str) -> list[tuple[str, Json]]:
    """Return the events of `/chat`, each with its name."""
    *blocks, end = stream.split("\n\n")
    assert end == ""
    pairs = [block.split("\n") for block in blocks]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in pairs
    ]


def test_a_prompt_is_answered_with_the_providers_stream(station: Station) -> None:
    sent = station.exchange("POST", "/openai-proxy", content=PROMPT)
    assert sent.reply.status_code == 200
    assert sent.reply.headers["content-type"].startswith(EVENT_STREAM)
    _check_path(station, sent, station.row.prompts)
    asked = json.loads(sent.body)
    assert (asked["model"], asked["stream"]) == (station.model, True)
    assert sent.reply.content == station.directly(sent).content


@pytest.mark.parametrize("is_streamed", [True, False], ids=["streamed", "whole"])
def test_a_chat_keeps_every_byte_both_ways(station: Station, is_streamed: bool) -> None:
    # Blanks that no encoder writes show that nothing was written anew.
    asked = station.asked(messages=_messages(PROMPT), stream=is_streamed)
    body = json.dumps(asked, indent=1).encode()
    headers = {"content-type": "application/json"}
    target = "/v1/chat/completions"
    sent = station.exchange("POST", target, content=body, headers=headers)
    assert sent.reply.status_code == 200
    _check_path(station, sent, "chat/completions")
    assert sent.body == body
    assert sent.reply.content == station.directly(sent).content
    assert sent.reply.text.endswith("data: [DONE]\n\n") is is_streamed
    if not is_streamed:
        assert sent.reply.json()["choices"][0]["message"]["content"] == ECHO


@pytest.mark.parametrize("is_streamed", [True, False], ids=["streamed", "whole"])
def test_an_array_of_texts_is_answered(station: Station, is_streamed: bool) -> None:
    asked = {"messages": _messages(PARTS), "stream": is_streamed}
    sent = station.post("chat/completions", **asked)
    assert sent.reply.status_code == 200
    assert sent.reply.content == station.directly(sent).content
    expected = {"arrays": PARTS, "strings": "\n".join(HALVES)}[station.row.contents]
    assert json.loads(sent.body) == station.asked(
        messages=_messages(expected), stream=is_streamed
    )


@pytest.mark.parametrize("target", ["/v1/chat/completions", "/chat"])
def test_an_image_goes_up_or_is_refused(station: Station, target: str) -> None:
    messages = _messages([*PARTS, PICTURE])
    count = len(station.provider.records)
    asked = station.asked(messages=messages)
    reply = station.ask("POST", target, json=asked)
    if station.row.contents == "arrays":
        assert reply.status_code == 200
        assert json.loads(station.provider.bodies[-1])["messages"] == messages
        return
    error = error_of(reply)
    assert (reply.status_code, error["code"]) == (400, "unsupported_content")
    assert error["param"] == "messages[0].content[2]"
    assert "text alone" in error["message"] and "images" in error["message"]
    assert len(station.provider.records) == count


@pytest.mark.parametrize(
    "prompt",
    [{"prompt": PROMPT}, {"messages": _messages(PROMPT)}],
    ids=["prompt", "messages"],
)
def test_chat_tells_events(station: Station, prompt: Json) -> None:
    sent = station.chat(**prompt, system="Be brief.", format="events")
    assert sent.reply.headers["content-type"].startswith(EVENT_STREAM)
    _check_path(station, sent, "chat/completions")
    (started, first), *said, (usage, tokens), end = _events(sent.reply.text)
    assert (started, first["model"]) == ("started", station.model)
    assert {name for name, _ in said} == {"token"}
    assert [token["index"] for _, token in said] == list(range(len(said)))
    assert "".join(token["text"] for _, token in said) == ECHO
    assert usage == "usage" and tokens["output_tokens"] > 0
    assert end == ("end", {"finish_reason": "stop"})


def test_chat_tells_text(station: Station) -> None:
    reply = station.chat(prompt=PROMPT, format="text").reply
    assert (reply.status_code, reply.text) == (200, ECHO)
    assert reply.headers["content-type"].startswith("text/plain")


def test_chat_tells_a_whole_reply(station: Station) -> None:
    reply = station.chat(prompt=PROMPT, stream=False).reply
    told = reply.json()
    assert reply.status_code == 200
    assert (told["model"], told["text"]) == (station.model, ECHO)
    assert (told["tool_calls"], told["finish_reason"]) == ([], "stop")
    assert told["usage"]["total_tokens"] > 0


def test_the_temperature_of_chat_is_one_that_the_model_takes(station: Station) -> None:
    sent = station.chat(prompt=PROMPT, format="text")
    assert json.loads(sent.body)["temperature"] == station.row.temperature
    assert (sent.reply.status_code, sent.reply.text) == (200, ECHO)


def test_completions_stream_where_there_are_any(station: Station) -> None:
    if not station.row.has("completions"):
        _check_lack(station, "completions", prompt=PROMPT)
        return
    sent = station.post("completions", prompt=PROMPT, stream=True)
    assert sent.reply.status_code == 200
    _check_path(station, sent, "completions")
    assert json.loads(sent.body) == station.asked(prompt=PROMPT, stream=True)
    assert sent.reply.text.endswith("data: [DONE]\n\n")
    assert sent.reply.content == station.directly(sent).content


def test_chat_uses_completions_where_there_are_any(station: Station) -> None:
    sent = station.chat(prompt=PROMPT, api="completions", format="events")
    _check_path(station, sent, "completions")
    if not station.row.has("completions"):
        assert sent.reply.status_code == 404
        assert error_of(sent.reply)["message"]
        return
    told = _events(sent.reply.text)
    assert "".join(data["text"] for name, data in told if name == "token") == ECHO
    assert told[-1] == ("end", {"finish_reason": "stop"})


@pytest.mark.parametrize("api", ["responses", "embeddings"])
def test_other_apis_are_served_where_there_are_any(station: Station, api: str) -> None:
    if not station.row.has(api):
        _check_lack(station, api, input=PROMPT)
        return
    sent = station.post(api, input=PROMPT)
    assert sent.reply.status_code == 200
    _check_path(station, sent, api)
    assert sent.reply.content == station.directly(sent).content


def test_one_key_goes_up_and_it_is_not_the_clients(station: Station) -> None:
    replies = [
        station.post("chat/completions", messages=_messages(PROMPT)),
        station.chat(prompt=PROMPT),
        station.exchange("POST", "/openai-proxy", content=PROMPT),
    ]
    assert {sent.reply.status_code for sent in replies} == {200}
    for sent in replies:
        headers = sent.record.headers
        keys = [(name, headers[name]) for name in KEY_HEADERS if name in headers]
        assert keys == list(station.provider.dialect.keys[:1])


def _check_lack(station: Station, api: str, **asked: Any) -> None:
    reply = station.ask("POST", f"/v1/{api}", json=station.asked(**asked))
    assert reply.status_code == 404
    assert error_of(reply)["message"]
