"""Headers, both ways, through the Python client."""

from collections.abc import Mapping
from typing import Any

import pytest
from openai import OpenAI

from local_upstream.observing import MARKS, Record
from tests.sdk.asked import MODEL, PROMPT
from tests.sdk.conftest import KEY, TOKEN
from tests.sdk.pair import Pair

ASKED: dict[str, Any] = {"model": MODEL, "input": PROMPT}
TOLD = ("content-type", "x-request-id", *MARKS)
SENT = {
    "accept",
    "content-length",
    "content-type",
    "idempotency-key",
    "openai-beta",
    "traceparent",
    "user-agent",
    "x-client-request-id",
}


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in TOLD}


def test_raw_responses_have_the_apis_headers(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        raw = client.responses.with_raw_response.create(**ASKED)
        return _told(raw.headers), raw.request_id, raw.parse()

    headers, request_id, response = pair.same(call)
    assert headers["x-ratelimit-remaining-tokens"] == "1999900"
    assert headers["openai-processing-ms"] == "1"
    assert headers["x-request-id"] == request_id == response["request_id"]


def test_streams_have_the_apis_headers(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        raw = client.responses.with_raw_response.create(**ASKED, stream=True)
        return _told(raw.headers), list(raw.parse())

    headers, _ = pair.same(call)
    assert headers["content-type"] == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize("model", ["error-400", "error-429"])
def test_errors_have_the_apis_headers(pair: Pair, model: str) -> None:
    def call(client: OpenAI) -> Any:
        with pytest.raises(Exception) as raised:
            client.responses.create(**ASKED | {"model": model})
        headers = raised.value.response.headers  # type: ignore[attr-defined]
        asked = ("retry-after", "retry-after-ms")
        # An error's content type is the gateway's own, as its body may be.
        return {n: headers.get(n) for n in (*TOLD[1:], *asked)}

    told = pair.same(call)
    assert told["retry-after"] == ("1" if model == "error-429" else None)


def _sent(pair: Pair) -> tuple[Record, Record]:
    """Return what the upstream got of a client that sends all sorts of headers."""

    def call(client: OpenAI) -> Any:
        return client.responses.create(
            **ASKED,
            extra_headers={
                "idempotency-key": "key-1",
                "openai-beta": "feature=v1",
                "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01",
                "x-client-request-id": "mine-1",
                "cookie": "session=1",
                "x-api-key": "not-for-the-upstream",
                "x-forwarded-for": "192.0.2.1",
            },
        )

    options = {"organization": "org-of-the-client", "project": "proj-of-the-client"}
    [direct] = pair.asked(pair.direct, call, **options)
    [through] = pair.asked(pair.gateway, call, **options)
    return direct, through


def test_the_upstream_gets_what_is_meant_for_it(pair: Pair) -> None:
    direct, through = _sent(pair)
    stainless = {name for name in direct.headers if name.startswith("x-stainless-")}
    assert len(stainless) > 5
    for name in SENT | stainless:
        assert through.headers[name] == direct.headers[name], name


def test_the_upstream_gets_nothing_else(pair: Pair) -> None:
    direct, through = _sent(pair)
    stainless = {name for name in direct.headers if name.startswith("x-stainless-")}
    own = {"host", "authorization", "accept-encoding", "via"}
    assert through.headers.keys() - stainless - SENT - own == set()
    assert through.headers["accept-encoding"] == "identity"


def test_the_token_is_the_gateways_and_the_key_the_upstreams(pair: Pair) -> None:
    _, through = _sent(pair)
    assert through.headers["authorization"] == f"Bearer {KEY}"
    assert not any(TOKEN in value for value in through.headers.values())
