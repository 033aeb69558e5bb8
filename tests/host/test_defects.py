"""What nobody thought of: a reply for the client, a line for us, and no trap."""

import json

import pytest
from wasmtime.component import Variant

from tests.host.runs import KEY, Run
from tests.host.stage import Provider, Proxy
from tests.host.upstream import Answer
from tests.host.wasi import fields
from tests.host.wasi.outgoing import OutgoingRequest

PROMPT = "The prompt that nobody else may see."


def assert_told(run: Run) -> None:
    assert run.reply.status == 500
    assert run.reply.end == "finished"
    assert json.loads(run.reply.body)["error"]["code"] == "internal_error"
    (line,) = run.log
    assert (line["status"], line["code"]) == (500, "internal_error")
    assert ".py:" in line["cause"]
    for text in (run.stderr.body, run.reply.body):
        assert KEY.encode() not in text
        assert PROMPT.encode() not in text


def test_a_host_that_forbids_a_header_of_ours(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "FORBIDDEN", {"authorization"})
    assert_told(provider.stream(prompt=PROMPT))


def test_a_host_that_refuses_the_authority(
    pair: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Variant:
        return Variant("err")

    monkeypatch.setattr(OutgoingRequest, "set_authority", refuse)
    # Methods are looked up when a component is linked: this one needs a new instance.
    assert_told(pair.anew().handle(body=(PROMPT.encode(),)))


def test_a_host_that_refuses_the_head_of_the_reply(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "FORBIDDEN", {"cache-control"})
    run = provider.stream(Answer((b"data: 1\n\n",)))
    assert run.reply.status is None
    assert [line["event"] for line in run.log] == ["defect"]
    assert run.upstream.only.answer.dropped_at is not None
