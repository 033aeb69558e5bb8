import pytest

from provider.base_url import BadBaseUrl, BaseUrl, parse_base_url


@pytest.mark.parametrize(
    ("text", "scheme", "authority", "path"),
    [
        ("https://api.openai.com/v1", "https", "api.openai.com", "/v1"),
        ("https://api.openai.com/v1/", "https", "api.openai.com", "/v1"),
        ("https://api.openai.com", "https", "api.openai.com", ""),
        ("HTTPS://gate.example:8443/a/b%20c", "https", "gate.example:8443", "/a/b%20c"),
        ("http://127.0.0.1:8081/v1", "http", "127.0.0.1:8081", "/v1"),
        ("http://127.8.9.1/v1", "http", "127.8.9.1", "/v1"),
        ("http://localhost:11434/v1", "http", "localhost:11434", "/v1"),
        ("http://llm.localhost", "http", "llm.localhost", ""),
        ("http://[::1]:8081/v1", "http", "[::1]:8081", "/v1"),
    ],
)
def test_takes_a_url_apart(text: str, scheme: str, authority: str, path: str) -> None:
    parsed = parse_base_url(text, allow_plain_http=False)
    assert parsed == BaseUrl(scheme, authority, path)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("api.openai.com/v1", "https://"),
        ("ftp://api.openai.com", "https://"),
        ("localhost:8081/v1", "https://"),
        ("https://", "host or port"),
        ("https:///v1", "host or port"),
        ("https://:443/v1", "host or port"),
        ("https://a:99999/v1", "host or port"),
        ("https://a:b/v1", "host or port"),
        ("https://a:0/v1", "host or port"),
        ("https://[::1/v1", "host or port"),
        ("https://a|b/v1", "host or port"),
        ("https://a{b}.example", "host or port"),
        ("https://a:/v1", "host or port"),
        ("https://a/{v1}", "path"),
        ("https://a/%zz", "path"),
        ("https://me:secret@a/v1", "password"),
        ("https://me@a/v1", "user name"),
        ("https://@a/v1", "user name"),
        ("https://a/v1?key=1", "query"),
        ("https://a/v1#x", "fragment"),
        ("", "empty"),
        ("https://a/v 1", "space"),
        ("https://a/v1\n", "space"),
        ("https://exämple/v1", "ASCII"),
        ("http://api.openai.com/v1", "in clear"),
        ("http://10.0.0.1/v1", "in clear"),
        ("http://127.0.0.1.example/v1", "in clear"),
        ("http://localhost.example/v1", "in clear"),
    ],
)
def test_says_why_a_url_cannot_be_used(text: str, why: str) -> None:
    with pytest.raises(BadBaseUrl, match=why) as raised:
        parse_base_url(text, allow_plain_http=False)
    assert "secret" not in str(raised.value)


def test_plain_http_goes_elsewhere_only_if_allowed() -> None:
    parsed = parse_base_url("http://vllm.internal:8000/v1", allow_plain_http=True)
    assert parsed == BaseUrl("http", "vllm.internal:8000", "/v1")
