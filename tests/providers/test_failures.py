"""Errors of each provider, in its own shape, reach the client in that of OpenAI."""

from typing import Any

import httpx
import pytest

from tests.e2e.client import error_of
from tests.providers.station import ECHO, PROMPT, Exchanged, Station

STATUSES = (400, 403, 404, 422, 429, 500, 503)
RETRIED = (429, 500, 503)
MESSAGES = [{"role": "user", "content": PROMPT}]


def _check_error(station: Station, sent: Exchanged, status: int) -> None:
    """See that it has the provider's status and its words, if it said any."""
    assert sent.reply.status_code == status
    error = error_of(sent.reply)
    assert isinstance(error["code"], str | None)
    assert isinstance(error["param"], str | None)
    told = station.directly(sent)
    assert told.status_code == status
    if told.headers["content-type"].startswith("application/json"):
        assert f'"{error["message"]}"' in told.text
    else:
        assert f"The upstream answered {status}" in error["message"]


@pytest.mark.parametrize("is_streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("status", STATUSES)
def test_an_error_keeps_its_status_and_its_words(
    station: Station, status: int, is_streamed: bool
) -> None:
    count = len(station.provider.records)
    asked: Any = {"messages": MESSAGES, "stream": is_streamed}
    sent = station.post("chat/completions", model=f"error-{status}", **asked)
    assert len(station.provider.records) - count == 1 + (status in RETRIED)
    _check_error(station, sent, status)


@pytest.mark.parametrize("format", ["events", "text"])
@pytest.mark.parametrize("status", STATUSES)
def test_so_does_one_of_chat(station: Station, status: int, format: str) -> None:
    sent = station.chat(prompt=PROMPT, model=f"error-{status}", format=format)
    _check_error(station, sent, status)


def test_a_retry_helps(station: Station) -> None:
    count = len(station.provider.records)
    sent = station.post("chat/completions", model="error-503-1", messages=MESSAGES)
    assert sent.reply.json()["choices"][0]["message"]["content"] == ECHO
    assert len(station.provider.records) - count == 2


def test_a_broken_stream_is_broken_for_the_client(station: Station) -> None:
    asked = station.asked(model="cut", messages=MESSAGES, stream=True)
    with pytest.raises(httpx.RemoteProtocolError):
        station.ask("POST", "/v1/chat/completions", json=asked)


@pytest.mark.parametrize(
    ("model", "code"), [("cut", "upstream_broken"), ("fail", "")], ids=["cut", "fail"]
)
def test_chat_tells_what_went_wrong_in_the_middle(
    station: Station, model: str, code: str
) -> None:
    reply = station.chat(prompt=PROMPT, model=model, format="events").reply
    assert reply.status_code == 200
    *_, last, end = reply.text.split("\n\n")
    assert (last.partition("\n")[0], end) == ("event: error", "")
    assert code in last
    assert "event: end\n" not in reply.text
