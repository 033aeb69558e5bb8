"""What nobody thought of: a reply for the client, a line for us, and no trap."""

import json

import pytest

from tests.host.runs import KEY, Run
from tests.host.stage import Provider
from tests.host.wasi import fields

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
