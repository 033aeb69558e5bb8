"""Every error is the same exception with the same contents as without the gateway."""

from typing import Any

import openai
import pytest
from openai import OpenAI

from local_upstream.server import REQUEST_LIMIT
from tests.sdk.asked import MODEL, PROMPT
from tests.sdk.conftest import RETRIES
from tests.sdk.pair import Call, Pair, Side

HUGE = bytes(2 * REQUEST_LIMIT)
FINAL = {
    400: openai.BadRequestError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    422: openai.UnprocessableEntityError,
}
RETRIED = {
    408: openai.APIStatusError,
    409: openai.ConflictError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    503: openai.InternalServerError,
}


def _respond(model: str, *, stream: bool = False) -> Call:
    return lambda client: client.responses.create(
        model=model, input=PROMPT, stream=stream
    )


def _chat(model: str, *, stream: bool = False) -> Call:
    messages: Any = [{"role": "user", "content": PROMPT}]
    return lambda client: client.chat.completions.create(
        model=model, messages=messages, stream=stream
    )


def _transcribe(model: str, upload: bytes = b"sound") -> Call:
    return lambda client: client.audio.transcriptions.create(
        model=model, file=("sound.wav", upload)
    )


@pytest.mark.parametrize("call", [_respond, _chat, _transcribe])
@pytest.mark.parametrize("status", [*FINAL, *RETRIED])
def test_each_status_is_its_exception(pair: Pair, status: int, call: Any) -> None:
    kind = (FINAL | RETRIED)[status]
    error = pair.same_error(kind, call(f"error-{status}"))
    assert error.status_code == status
    assert error.request_id is not None
    assert error.request_id.startswith("req_")
    assert f"{status}" in str(error)


@pytest.mark.parametrize("status", [*FINAL, *RETRIED])
def test_a_stream_that_never_starts(pair: Pair, status: int) -> None:
    kind = (FINAL | RETRIED)[status]
    error = pair.same_error(kind, _respond(f"error-{status}", stream=True))
    assert error.status_code == status


def test_an_error_of_a_request_without_a_body(pair: Pair) -> None:
    pair.same_error(openai.RateLimitError, lambda c: c.models.retrieve("error-429"))
    pair.same_error(openai.NotFoundError, lambda c: c.responses.delete("resp_none"))
    pair.same_error(openai.NotFoundError, lambda c: c.responses.cancel("resp_none"))


def test_what_is_wrong_with_the_request_is_told(pair: Pair) -> None:
    missing: Any = None
    error = pair.same_error(
        openai.BadRequestError,
        lambda client: client.responses.create(model=MODEL, input=missing),
    )
    assert (error.param, error.type) == ("input", "invalid_request_error")


def test_an_upload_that_the_upstream_refuses(pair: Pair) -> None:
    error = pair.same_error(openai.APIStatusError, _transcribe("whisper-1", HUGE))
    assert error.status_code == 413


@pytest.mark.parametrize(
    ("key", "upload"),
    [("wrong", b""), ("sk-of-the-clients-own", b""), ("wrong", HUGE)],
    ids=["wrong", "a key", "large upload"],
)
def test_a_wrong_token_is_no_key(pair: Pair, key: str, upload: bytes) -> None:
    """The gateway's own 401; the upstream hears nothing of it."""
    stranger = Side(pair.gateway.base_url, key)
    with (
        pair.upstream.recording() as records,
        pytest.raises(openai.AuthenticationError) as raised,
    ):
        stranger.run(_transcribe("whisper-1", upload))
    assert raised.value.code == "invalid_access_token"
    assert (raised.value.request_id or "").startswith("req_")
    assert key not in str(raised.value)
    assert records == []


@pytest.mark.parametrize("call", [_respond, _chat, _transcribe])
def test_a_key_that_the_upstream_refuses(pair: Pair, call: Any) -> None:
    """The token is right: whoever has it can do nothing about the key."""
    with pytest.raises(openai.AuthenticationError) as raised:
        pair.gateway.run(call("error-401"))
    assert raised.value.code == "upstream_key_refused"


def test_a_route_that_is_not_served(default_pair: Pair) -> None:
    with (
        default_pair.upstream.recording() as records,
        pytest.raises(openai.NotFoundError) as raised,
    ):
        default_pair.gateway.run(lambda client: client.files.list())
    assert raised.value.code == "path_not_allowed"
    assert records == []


@pytest.mark.parametrize("call", [_respond, _chat])
def test_a_stream_that_is_cut(pair: Pair, call: Any) -> None:
    read: list[Any] = []

    def consume(client: OpenAI) -> None:
        read.append(0)
        for _ in call("cut", stream=True)(client):
            read[-1] += 1

    error = pair.same_error(openai.APIConnectionError, consume)
    assert not isinstance(error, openai.APITimeoutError)
    # All that came before it has been passed on.
    direct, through = read
    assert through == direct > 3


def test_a_body_that_is_cut(pair: Pair) -> None:
    pair.same_error(openai.APIConnectionError, _respond("cut"), max_retries=1)


def test_speech_that_is_cut(pair: Pair) -> None:
    pair.same_error(
        openai.APIConnectionError,
        lambda client: client.audio.speech.create(
            model="cut", voice="alloy", input=PROMPT
        ),
        max_retries=1,
    )


@pytest.mark.parametrize("model", ["slow-5000", "stall-5000"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_will_not_wait(pair: Pair, model: str, stream: bool) -> None:
    def call(client: OpenAI) -> Any:
        answer = _respond(model, stream=stream)(client)
        return list(answer) if stream else answer

    pair.same_error(openai.APITimeoutError, call, timeout=0.3, max_retries=0)


@pytest.mark.parametrize("status", FINAL)
def test_nobody_asks_again_for_what_is_final(pair: Pair, status: int) -> None:
    for side in (pair.direct, pair.gateway):
        assert len(pair.asked(side, _respond(f"error-{status}"))) == 1


@pytest.mark.parametrize("call", [_respond, _transcribe])
@pytest.mark.parametrize("status", RETRIED)
def test_retries_are_not_multiplied(pair: Pair, status: int, call: Any) -> None:
    records = pair.asked(pair.gateway, call(f"error-{status}"))
    assert len(records) == 1 + RETRIES
    # They were the gateway's own: the client counts what it sends.
    assert {r.headers["x-stainless-retry-count"] for r in records} == {"0"}


@pytest.mark.parametrize("max_retries", [0, 5])
def test_the_clients_wish_does_not_change_that(pair: Pair, max_retries: int) -> None:
    call = _respond("error-503", stream=True)
    records = pair.asked(pair.gateway, call, max_retries=max_retries)
    assert len(records) == 1 + RETRIES


@pytest.mark.parametrize("failures", [1, RETRIES])
def test_a_retry_can_succeed(pair: Pair, failures: int) -> None:
    response = pair.same(_respond(f"error-503-{failures}"))
    assert response["status"] == "completed"
    events = pair.same(_respond(f"error-429-{failures}", stream=True))
    assert events[-1]["type"] == "response.completed"


def test_the_client_goes_on_where_the_gateway_cannot(pair: Pair) -> None:
    """A large upload is not kept: its one attempt fails, and is the client's to repeat.

    The client is free to: nothing was tried on its behalf.
    """
    text = pair.same(_transcribe("error-503-2", bytes(3 << 20)))["text"]
    assert f"{3 << 20}" in text


def test_the_gateway_is_not_there() -> None:
    nobody = Side("http://127.0.0.1:9/v1", "any")
    with pytest.raises(openai.APIConnectionError):
        nobody.run(_respond(MODEL), max_retries=0)
