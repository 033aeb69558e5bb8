"""OpenAI's client speaks with Gemini through the gateway as it does directly."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI, pydantic_function_tool

from scripts.wasmtime import PRECOMPILED
from tests.e2e.client import ask
from tests.e2e.marked import CLIENT_SECRET, KEY, PROMPT
from tests.e2e.proxy import Edition, Proxy
from tests.gemini.editions import GATEWAY, only
from tests.gemini.google import BASE, MODEL, TARGET
from tests.sdk.asked import Forecast
from tests.sdk.pair import Pair, Side
from tests.sdk.upstream import LocalUpstream

ECHO = f"No model here, only an echo: {PROMPT}"
ASKED: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": PROMPT}],
}
CALLED = {
    **ASKED,
    "tools": [pydantic_function_tool(Forecast)],
    "tool_choice": {"type": "function", "function": {"name": "Forecast"}},
}
TOKEN = f"{CLIENT_SECRET}-token"
KNOWN = {"context_window", "max_output_tokens", "prices"}
"""What the gateway adds to a model."""


@pytest.fixture(scope="module")
def local() -> Iterator[LocalUpstream]:
    """An upstream that insists on Gemini's ways."""
    upstream = LocalUpstream()
    yield upstream
    upstream.close()


def _origin(local: LocalUpstream) -> str:
    return local.url.removesuffix("/v1")


@pytest.fixture(scope="module")
def served(edition: Edition, local: LocalUpstream) -> Iterator[Proxy]:
    environ = {
        "GEMINI_API_KEY": KEY,
        "GEMINI_BASE_URL": _origin(local) + BASE,
        "PROXY_RETRY_INITIAL_DELAY_MS": "1",
        "LOG_LEVEL": "debug",
    }
    if edition is GATEWAY:
        environ["PROXY_ACCESS_TOKENS"] = TOKEN
    flags = (*edition.flags, *PRECOMPILED)
    proxy = Proxy("sdk", environ, edition.component, flags, edition.logs)
    proxy.route = edition.route
    yield proxy
    proxy.stop()


@pytest.fixture(scope="module")
def pair(local: LocalUpstream, served: Proxy) -> Pair:
    """Clients of Gemini's compatible endpoint, and of the gateway."""
    return Pair(
        direct=Side(f"{_origin(local)}{BASE}/openai", KEY),
        gateway=Side(f"{served.url}/v1", TOKEN),
        upstream=local,
    )


def _complete(**asked: Any) -> Any:
    """Ask for a whole reply; its id is the gateway's, as Gemini tells none."""
    return lambda client: client.chat.completions.create(**asked).model_dump()


@only(GATEWAY)
def test_a_whole_completion(pair: Pair) -> None:
    completion = pair.same(_complete(**ASKED))
    assert completion["choices"][0]["message"]["content"] == ECHO


@only(GATEWAY)
@pytest.mark.parametrize("with_usage", [True, False])
def test_a_stream_of_chunks(pair: Pair, with_usage: bool) -> None:
    options: Any = {"stream_options": {"include_usage": True}} if with_usage else {}
    chunks = pair.same(
        lambda client: client.chat.completions.create(**ASKED, stream=True, **options)
    )
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    assert "".join(delta["content"] for delta in deltas) == ECHO
    assert len(chunks) > 1
    assert bool(chunks[0]["usage"]) is with_usage


@only(GATEWAY)
def test_a_function_call(pair: Pair) -> None:
    completion = pair.same(_complete(**CALLED))
    [call] = completion["choices"][0]["message"]["tool_calls"]
    assert call["function"]["name"] == "Forecast"
    chunks = pair.same(
        lambda client: client.chat.completions.create(**CALLED, stream=True)
    )
    [streamed] = chunks[0]["choices"][0]["delta"]["tool_calls"]
    assert streamed["function"] == call["function"]


@only(GATEWAY)
def test_embeddings(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        model = "gemini-embedding-001"
        return client.embeddings.create(model=model, input=PROMPT).model_dump()

    assert len(pair.same(call)["data"][0]["embedding"]) > 100


@only(GATEWAY)
def test_models_are_the_same_but_for_what_is_added(pair: Pair) -> None:
    def call(client: OpenAI) -> Any:
        listed = [model.model_dump() for model in client.models.list()]
        # Without the "models/" of its id: the client would encode the slash.
        one = client.models.retrieve(MODEL).model_dump()
        assert one in listed
        added = ["prices" in model for model in listed]
        assert added == [client.api_key == TOKEN] * len(listed)
        return [
            {name: model[name] for name in model if name not in KNOWN}
            for model in listed
        ]

    assert f"models/{MODEL}" in [model["id"] for model in pair.same(call)]


@only(GATEWAY)
@pytest.mark.parametrize("model", ["error-400", "error-429", "error-503"])
def test_an_error_is_one_that_the_client_knows(pair: Pair, model: str) -> None:
    """Directly it is an array, of which the client makes nothing."""
    asked = ASKED | {"model": model}
    told = []
    for side in (pair.direct, pair.gateway):
        with pytest.raises(openai.APIStatusError) as raised:
            side.run(_complete(**asked), max_retries=0)
        told.append(raised.value)
    direct, gateway = told
    assert type(gateway) is type(direct)
    assert isinstance(direct.body, list)
    assert gateway.body == {
        "message": f"This model always answers {model[-3:]} "
        f"({direct.response.reason_phrase}).",
        "type": "server_error" if model[-3:] >= "500" else "invalid_request_error",
        "param": None,
        "code": direct.body[0]["error"]["status"],
    }
    tells_when = gateway.response.headers.get("retry-after-ms")
    assert tells_when == ("1" if model == "error-429" else None)


def test_a_prompt_gets_the_bytes_that_gemini_sends(
    edition: Edition, served: Proxy, local: LocalUpstream
) -> None:
    content = {"role": "user", "parts": [{"text": PROMPT}]}
    direct = httpx.post(
        _origin(local) + TARGET,
        # Not a byte may differ, as what is sent decides on the reply's id.
        content=httpx.Request(
            "POST", "http://unused", json={"contents": [content]}
        ).content,
        headers={"x-goog-api-key": KEY},
        trust_env=False,
    )
    token = {"authorization": f"Bearer {TOKEN}"} if edition is GATEWAY else {}
    proxied = ask(served, PROMPT, token)
    assert (direct.status_code, proxied.status_code) == (200, 200)
    assert proxied.content == direct.content
    assert proxied.headers["content-type"] == direct.headers["content-type"]
    assert direct.text.count("data: ") > 3
