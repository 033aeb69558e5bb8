"""The local upstream's smaller routes satisfy the document."""

import base64
import json
import struct
from typing import Any

import pytest

from tests.spec.local_server import send
from tests.spec.openapi import Json, errors, undeclared


def _object(schema: str, method: str, path: str, **options: Any) -> Json:
    status, content_type, body = send(method, path, **options)
    assert (status, content_type) == (200, "application/json")
    found: Json = json.loads(body)
    assert errors(schema, found) == []
    assert undeclared(schema, found) == []
    return found


def _embeddings(**asked: Any) -> list[Any]:
    asked = {"model": "text-embedding-3-small", **asked}
    found = _object("CreateEmbeddingResponse", "POST", "/v1/embeddings", json=asked)
    return [embedding["embedding"] for embedding in found["data"]]


@pytest.mark.parametrize(
    ("given", "count"), [("a", 1), (["a", "b"], 2), ([1, 2], 1), ([[1], [2]], 2)]
)
def test_each_input_has_its_embedding(given: Any, count: int) -> None:
    vectors = _embeddings(input=given, dimensions=8)
    assert [len(vector) for vector in vectors] == [8] * count
    assert len({tuple(vector) for vector in vectors}) == count
    assert sum(n**2 for n in vectors[0]) == pytest.approx(1)


def test_base64_holds_the_same_floats() -> None:
    asked = {"model": "m", "input": "a", "encoding_format": "base64"}
    body = json.loads(send("POST", "/v1/embeddings", json=asked).body)
    encoded = base64.b64decode(body["data"][0]["embedding"])
    assert list(struct.unpack("<1536f", encoded)) == _embeddings(input="a")[0]


IMAGE_URL = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


@pytest.mark.parametrize(
    ("given", "flagged"),
    [
        ("peace", [False]),
        (["peace", "violence"], [False, True]),
        ([{"type": "text", "text": "violence"}, IMAGE_URL], [True]),
    ],
)
def test_moderations(given: Any, flagged: list[bool]) -> None:
    asked = {"input": given}
    found = _object("CreateModerationResponse", "POST", "/v1/moderations", json=asked)
    assert [result["flagged"] for result in found["results"]] == flagged


def test_models() -> None:
    listed = _object("ListModelsResponse", "GET", "/v1/models")["data"]
    assert listed
    for model in listed:
        assert _object("Model", "GET", f"/v1/models/{model['id']}") == model


def test_a_model_of_ones_own_can_be_deleted() -> None:
    deleted = _object("DeleteModelResponse", "DELETE", "/v1/models/ft:gpt-4.1:o::1")
    assert deleted["deleted"] is True
    assert send("DELETE", "/v1/models/gpt-4.1").status == 403
