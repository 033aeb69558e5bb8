"""Addresses to listen on, and whether an upstream's URL leads to one."""

import pytest

from scripts.addresses import complete, leads_to


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8080", "127.0.0.1:8080"),
        ("localhost:8080", "127.0.0.1:8080"),
        ("127.0.0.1:0", "127.0.0.1:0"),
        ("0.0.0.0:80", "0.0.0.0:80"),
        ("[::1]:8080", "[::1]:8080"),
    ],
)
def test_an_address_is_completed(written: str, meant: str) -> None:
    assert complete(written) == meant


@pytest.mark.parametrize(
    "written", ["", ":8080", "here", "here:8080", "127.0.0.1", "127.0.0.1:x", "70000"]
)
def test_what_is_no_address_says_so(written: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        complete(written)


@pytest.mark.parametrize(
    ("url", "addr"),
    [
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("http://localhost:8080/v1", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("http://0.0.0.0:8080/v1", "127.0.0.1:8080"),
        ("http://127.0.0.1:8080/v1", "0.0.0.0:8080"),
        ("http://127.0.0.2:8080/v1", "0.0.0.0:8080"),
        ("http://127.0.0.1", "127.0.0.1:80"),
        ("https://localhost/v1", "127.0.0.1:443"),
    ],
)
def test_an_upstream_may_be_the_server_itself(url: str, addr: str) -> None:
    assert leads_to(url, addr)


@pytest.mark.parametrize(
    ("url", "addr"),
    [
        ("http://127.0.0.1:8081/v1", "127.0.0.1:8080"),
        ("http://127.0.0.1:8080/v1", "127.0.0.1:0"),
        ("http://127.0.0.2:8080/v1", "127.0.0.1:8080"),
        ("https://api.openai.com/v1", "127.0.0.1:8080"),
        # Of the range for documentation: no machine has it.
        ("http://192.0.2.1:8080/v1", "0.0.0.0:8080"),
        ("http://no-such-host.invalid:8080/v1", "127.0.0.1:8080"),
    ],
)
def test_another_upstream_is_not(url: str, addr: str) -> None:
    assert not leads_to(url, addr)
