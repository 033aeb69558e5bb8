"""What goes upstream: exactly this, and nothing of the client's but the prompt."""

import json

import pytest

from provider.base_url import BaseUrl
from provider.marks import mark
from tests.host.runs import KEY
from tests.host.stage import Provider, Proxy
from tests.host.upstream import Answer
from wire.version import NAME, VERSION

OK = Answer((b"data: 1\n\n",))


def environ(**variables: str) -> dict[str, str]:
    return {"OPENAI_API_KEY": KEY, **variables}


def test_the_request_with_default_settings(provider: Provider) -> None:
    asked = provider.stream(OK, prompt="Say hello.").upstream.only
    assert asked.method == "post"
    assert asked.url == "https://api.openai.com/v1/responses"
    body = b'{"model":"gpt-4.1","input":"Say hello.","stream":true}'
    assert asked.body == body
    assert asked.sent.end == "finished"
    assert asked.headers == {
        "authorization": f"Bearer {KEY}".encode(),
        "content-type": b"application/json",
        "content-length": str(len(body)).encode(),
        "accept": b"text/event-stream",
        "accept-encoding": b"identity",
        "user-agent": f"{NAME}/{VERSION}".encode(),
        "via": f"1.1 {mark(BaseUrl('https', 'api.openai.com', '/v1'))}".encode(),
    }
    assert asked.timeouts == {
        "connect": 10_000_000_000,
        "first-byte": 120_000_000_000,
        "between-bytes": 300_000_000_000,
    }


def test_the_request_with_settings_of_the_operator(provider: Provider) -> None:
    settings = environ(
        OPENAI_MODEL="o-test",
        OPENAI_ORG_ID="org-1",
        OPENAI_PROJECT_ID="proj_2",
        PROXY_CONNECT_TIMEOUT_MS="1",
        PROXY_FIRST_BYTE_TIMEOUT_MS="2500",
        PROXY_BETWEEN_BYTES_TIMEOUT_MS="3600000",
    )
    asked = provider.stream(OK, environ=settings).upstream.only
    assert json.loads(asked.body)["model"] == "o-test"
    assert asked.headers["openai-organization"] == b"org-1"
    assert asked.headers["openai-project"] == b"proj_2"
    assert asked.timeouts == {
        "connect": 1_000_000,
        "first-byte": 2_500_000_000,
        "between-bytes": 3_600_000_000_000,
    }


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081/responses"),
        ("http://[::1]:8081/v1/", "http://[::1]:8081/v1/responses"),
        (
            "https://gw.example:8443/team/openai/v1",
            "https://gw.example:8443/team/openai/v1/responses",
        ),
    ],
)
def test_the_base_url_stands_as_it_is(
    provider: Provider, base_url: str, url: str
) -> None:
    run = provider.stream(OK, environ=environ(OPENAI_BASE_URL=base_url))
    assert run.upstream.only.url == url


def test_the_total_timeout_bounds_the_others(provider: Provider) -> None:
    run = provider.stream(OK, environ=environ(PROXY_TOTAL_TIMEOUT_MS="500"))
    assert run.upstream.only.timeouts["connect"] == 500_000_000
    assert run.upstream.only.timeouts["first-byte"] == 500_000_000


@pytest.mark.parametrize(
    "prompt",
    [
        "".join(map(chr, range(0x20))) + "\x7f\x80\x9f",
        'quotes " and \\ backslashes, \\n and </script>',
        "emoji \U0001f600, family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u2028\u2029\ufeff\ufffe\uffff \U0010ffff",
        " leading and trailing \r\n",
        "[DONE]",
    ],
)
def test_a_prompt_goes_up_as_it_came(pair: Proxy, prompt: str) -> None:
    run = pair.handle(OK, body=(prompt.encode(),))
    asked = run.upstream.only
    assert json.loads(asked.body)["input"] == prompt
    assert asked.headers["content-length"] == str(len(asked.body)).encode()


def test_no_header_of_the_client_goes_up(pair: Proxy) -> None:
    client = [
        (name, b"from-the-client")
        for name in (
            "authorization",
            "cookie",
            "x-api-key",
            "api-key",
            "openai-organization",
            "openai-project",
            "x-forwarded-for",
            "user-agent",
            "accept",
        )
    ]
    asked = pair.handle(OK, headers=client).upstream.only
    assert b"from-the-client" not in asked.headers.values()
    assert asked.headers["authorization"] == f"Bearer {KEY}".encode()
