"""Completions, embeddings, moderations and models through the Python client."""

from typing import Any

import pytest
from openai import NotFoundError

from tests.sdk.asked import PROMPT
from tests.sdk.pair import Pair

COMPLETION: dict[str, Any] = {"model": "gpt-3.5-turbo-instruct", "prompt": PROMPT}
EMBEDDING: dict[str, Any] = {"model": "text-embedding-3-small"}


def test_a_completion(pair: Pair) -> None:
    completion = pair.same(lambda client: client.completions.create(**COMPLETION, n=2))
    assert [choice["text"] for choice in completion["choices"]] == [
        f"No model here, only an echo: {PROMPT}"
    ] * 2


def test_a_streamed_completion(pair: Pair) -> None:
    chunks = pair.same(
        lambda client: client.completions.create(
            **COMPLETION, stream=True, stream_options={"include_usage": True}
        )
    )
    texts = [choice["text"] for chunk in chunks for choice in chunk["choices"]]
    assert "".join(texts) == f"No model here, only an echo: {PROMPT}"
    assert chunks[-1]["usage"]["prompt_tokens"] > 0


@pytest.mark.parametrize("given", [PROMPT, [PROMPT, "other"], [1, 2, 3], [[1], [2]]])
def test_embeddings(pair: Pair, given: Any) -> None:
    # Asked for as base64 by the client, unless it is told otherwise.
    packed = pair.same(
        lambda client: client.embeddings.create(**EMBEDDING, input=given)
    )
    floats = pair.same(
        lambda client: client.embeddings.create(
            **EMBEDDING, input=given, encoding_format="float"
        )
    )
    assert packed["data"] == floats["data"]
    assert len(floats["data"][0]["embedding"]) == 1536


def test_many_embeddings(pair: Pair) -> None:
    texts = [f"{PROMPT} {number}" for number in range(100)]
    found = pair.same(
        lambda client: client.embeddings.create(**EMBEDDING, input=texts, dimensions=64)
    )
    assert [embedding["index"] for embedding in found["data"]] == list(range(100))


@pytest.mark.parametrize("given", [PROMPT, [PROMPT, "violence"]])
def test_moderations(pair: Pair, given: Any) -> None:
    found = pair.same(lambda client: client.moderations.create(input=given))
    assert found["results"][-1]["flagged"] is (given != PROMPT)


def test_models(pair: Pair) -> None:
    listed = pair.same(lambda client: client.models.list())
    first = listed["data"][0]["id"]
    found = pair.same(lambda client: client.models.retrieve(first))
    assert found["id"] == first


@pytest.mark.parametrize("name", ["ft:gpt-4.1:org::abc", "a name with blanks"])
def test_a_model_that_does_not_exist(pair: Pair, name: str) -> None:
    error = pair.same_error(NotFoundError, lambda client: client.models.retrieve(name))
    assert error.code == "model_not_found"
    assert name in error.message
