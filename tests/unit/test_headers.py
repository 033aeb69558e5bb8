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


def test_the_size_counts_each_field_beside_its_bytes() -> None:
    assert headers.size(()) == 0
    assert headers.size((("ab", b"cde"), ("f", b""))) == 2 + 3 + 1 + 64


@pytest.mark.parametrize(
    ("declared", "length"),
    [
        (b"", None),
        (b"x", None),
        (b"-1", None),
        (b"1.0", None),
        (b"\xb2", None),
        (b"0", 0),
        (b"000", 0),
        (b" 42 ", 42),
        (b"0" * 5000 + b"42", 42),
    ],
)
def test_reads_a_declared_length(declared: bytes, length: int | None) -> None:
    assert headers.declared_length((("content-length", declared),)) == length


def test_a_length_of_thousands_of_digits_is_huge_and_no_defect() -> None:
    length = headers.declared_length((("content-length", b"9" * 5000),))
    assert length == 999_999_999_999_999


def test_drops_by_name() -> None:
    assert headers.without((("a", b"1"), ("b", b"2")), "a", "c") == (("b", b"2"),)
