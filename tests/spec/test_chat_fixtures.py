"""The streams of the completions APIs hold only chunks that OpenAI may send."""

import json
from pathlib import Path

import pytest

from tests.spec.openapi import Json, errors, undeclared
from wire.sse import SSEDecoder

FIXTURES = Path(__file__).parent.parent / "fixtures"
CHAT = "CreateChatCompletionStreamResponse"
TEXT = "CreateCompletionResponse"
# What other servers send in their own way; the errors are no chunks.
OTHERS = {
    "azure_content_filter",
    "groq_usage",
    "error_mid_stream",
    "error_event",
}
PATHS = [
    path
    for folder in ("chat", "completions")
    for path in sorted((FIXTURES / folder).glob("*.sse"))
    if path.stem not in OTHERS
]


def _chunks(path: Path) -> list[Json]:
    decoder = SSEDecoder()
    events = decoder.decode(path.read_bytes()) + decoder.flush()
    return [json.loads(event.data) for event in events if event.data != "[DONE]"]


@pytest.mark.parametrize(
    "path", PATHS, ids=lambda path: f"{path.parent.stem}-{path.stem}"
)
def test_each_chunk_satisfies_the_schema(path: Path) -> None:
    schema = CHAT if path.parent.name == "chat" else TEXT
    chunks = _chunks(path)
    assert chunks
    for chunk in chunks:
        if chunk.get("usage", 0) is None:
            del chunk["usage"]  # The document knows no null there.
        for choice in chunk["choices"]:
            if schema == TEXT and choice["finish_reason"] is None:
                choice["finish_reason"] = "stop"  # As it is of a whole there.
        assert errors(schema, chunk) == []
        assert undeclared(schema, chunk) == []
