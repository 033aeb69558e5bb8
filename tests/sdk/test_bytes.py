"""The same bytes on the wire: what no client's parsing can hide."""

from typing import Any

import httpx
import pytest

from tests.sdk.asked import MODEL, PROMPT, look_up
from tests.sdk.pair import Pair, Side

CHAT = {"model": MODEL, "messages": [{"role": "user", "content": PROMPT}]}
STREAMED = {"stream": True, "stream_options": {"include_usage": True}}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("responses", {"model": MODEL, "input": PROMPT}),
    ("responses", {"model": MODEL, "input": PROMPT, "stream": True}),
    (
        "responses",
        {
            "model": MODEL,
            "input": PROMPT,
            "stream": True,
            "tools": [look_up()],
            "tool_choice": "required",
        },
    ),
    ("responses", {"model": "error-400", "input": PROMPT}),
    ("responses", {"model": "error-503", "input": PROMPT}),
    ("chat/completions", CHAT),
    ("chat/completions", CHAT | STREAMED),
    ("completions", {"model": MODEL, "prompt": PROMPT}),
    ("completions", {"model": MODEL, "prompt": PROMPT} | STREAMED),
    ("embeddings", {"model": MODEL, "input": PROMPT}),
    ("embeddings", {"model": MODEL, "input": PROMPT, "encoding_format": "base64"}),
    ("moderations", {"input": PROMPT}),
    ("audio/speech", {"model": MODEL, "voice": "alloy", "input": PROMPT}),
    ("images/generations", {"prompt": PROMPT}),
]


def _ask(side: Side, path: str, asked: dict[str, Any]) -> tuple[int, str, bytes]:
    with httpx.Client(trust_env=False) as client:
        reply = client.post(
            f"{side.base_url}/{path}",
            json=asked,
            headers={"authorization": f"Bearer {side.api_key}"},
        )
    return reply.status_code, reply.headers["content-type"], reply.content


@pytest.mark.parametrize(("path", "asked"), ASKED, ids=lambda value: str(value)[:20])
def test_a_reply_is_the_same_to_the_byte(
    pair: Pair, path: str, asked: dict[str, Any]
) -> None:
    direct = _ask(pair.direct, path, asked)
    status, content_type, body = _ask(pair.gateway, path, asked)
    assert (status, body) == (direct[0], direct[2])
    # An error's is the gateway's own, as its body may be; both say JSON.
    assert content_type.partition(";")[0] == direct[1].partition(";")[0]
    assert status >= 400 or content_type == direct[1]
