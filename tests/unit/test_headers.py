import pytest

from wire import headers


def test_finds_the_first_value() -> None:
    sent = (("a", b" 1 "), ("a", b"2"))
    assert headers.find(sent, "a") == "1"
    assert headers.find(sent, "b") is None


@pytest.mark.parametrize(
    "name",
    [
        "content-type",
        "retry-after",
        "retry-after-ms",
        "x-request-id",
        "x-should-retry",
        "x-ratelimit-remaining-tokens",
        "openai-processing-ms",
        "openai-something-new",
    ],
)
def test_passes_what_clients_read(name: str) -> None:
    assert headers.forwarded(((name, b"v"),)) == ((name, b"v"),)


@pytest.mark.parametrize(
    "name",
    [
        "set-cookie",
        "server",
        "authorization",
        "content-length",
        "content-encoding",
        "transfer-encoding",
        "connection",
        "www-authenticate",
        "cf-ray",
        "location",
    ],
)
def test_keeps_everything_else(name: str) -> None:
    assert headers.forwarded(((name, b"v"),)) == ()


def test_drops_by_name() -> None:
    assert headers.without((("a", b"1"), ("b", b"2")), "a", "c") == (("b", b"2"),)
