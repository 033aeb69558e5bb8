"""OpenAI's own client, with the gateway where Azure's classic form would be."""

from collections.abc import Iterator

import pytest
from openai import DefaultHttpxClient, OpenAI

from tests.providers.dialect import API_KEY, KEY_HEADERS
from tests.providers.matrix import ROWS
from tests.providers.station import ECHO, PROMPT, Station, starting

[CLASSIC] = [row for row in ROWS if row.name == "azure"]


@pytest.fixture(scope="module")
def azure() -> Iterator[Station]:
    with starting(CLASSIC, log="-sdk") as station:
        yield station


def test_a_chat_streams_without_a_word_of_azure(azure: Station) -> None:
    http = DefaultHttpxClient(trust_env=False)
    base_url = f"{azure.gateway.url}/v1"
    with OpenAI(base_url=base_url, api_key="of-no-use", http_client=http) as client:
        stream = client.chat.completions.create(
            model="gpt-4.1",
            messages=[{"role": "user", "content": PROMPT}],
            stream=True,
        )
        deltas = [choice.delta for chunk in stream for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == ECHO
    [record] = azure.provider.records
    assert record.target == (
        "/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21"
    )
    keys = [(name, value) for name, value in record.headers.items()]
    assert [key for key in keys if key[0] in KEY_HEADERS] == [API_KEY]
