import pytest

from openai_component.openai import OPENAI
from provider.access import Access, read_access
from provider.settings.shared import SHARED
from provider.settings.sources import Sources

ACCESS = Access((b"tok-Alpha", b"tok/beta=="), ("https://chat.example",))


def read(environ: dict[str, str]) -> Access:
    return read_access(Sources(environ, SHARED))


@pytest.mark.parametrize(
    "value",
    [b"Bearer tok-Alpha", b"bearer tok-Alpha", b"BEARER   tok/beta=="],
)
def test_admits_each_token(value: bytes) -> None:
    assert ACCESS.admits([value])


@pytest.mark.parametrize(
    "values",
    [
        [],
        [b""],
        [b"Bearer"],
        [b"Bearer "],
        [b"Bearer tok-alpha"],
        [b"Bearer TOK-ALPHA"],
        [b"Bearer tok-Alph"],
        [b"Bearer tok-Alphaa"],
        [b"Bearer tok-Alpha "],
        [b" Bearer tok-Alpha"],
        [b"Bearer tok-Alpha, Bearer tok-Alpha"],
        [b"Bearer tok-Alpha tok-Alpha"],
        [b"Bearer\ttok-Alpha"],
        [b"Basic tok-Alpha"],
        [b"tok-Alpha"],
        [b"Bearer tok-Alpha", b"Bearer tok-Alpha"],
        [b"Bearer \xff\xfe"],
    ],
)
def test_refuses_all_else(values: list[bytes]) -> None:
    assert not ACCESS.admits(values)


def test_is_open_without_tokens() -> None:
    assert read({}).is_open
    assert read({}).admits([])
    assert not ACCESS.is_open


@pytest.mark.parametrize("text", ["", " ", ",", " , ,", ",\n", "p@ss!word", "Bearer x"])
def test_a_list_that_makes_no_sense_lets_nobody_in_and_says_so(text: str) -> None:
    access = read({"PROXY_ACCESS_TOKENS": text})
    assert not access.is_open
    for sent in ([], [b"Bearer x"], [b"Bearer p@ss!word"], [b"Bearer "]):
        assert not access.admits(sent)
    assert access.setting_error
    assert access.setting_error.startswith("PROXY_ACCESS_TOKENS is ")
    assert "ss!w" not in access.setting_error


def test_a_list_of_origins_that_makes_no_sense_is_none() -> None:
    environ = {"PROXY_CORS_ORIGINS": "https://a *", "PROXY_ACCESS_TOKENS": "tok-1"}
    assert read(environ) == Access((b"tok-1",), ())


def test_reads_lists_at_commas_and_blanks() -> None:
    environ = {
        "PROXY_ACCESS_TOKENS": "tok-Alpha,tok/beta==\n",
        "PROXY_CORS_ORIGINS": " https://chat.example ",
    }
    assert read(environ) == ACCESS


@pytest.mark.parametrize(
    "origin",
    [
        "http://chat.example",
        "https://chat.example:8443",
        "https://CHAT.example",
        "null",
    ],
)
def test_origins_compare_exactly(origin: str) -> None:
    assert ACCESS.allows_origin("https://chat.example")
    assert not ACCESS.allows_origin(origin)


def test_no_token_shows_in_a_repr() -> None:
    assert "Alpha" not in repr(ACCESS)


def test_a_wrong_timeout_keeps_nobody_out() -> None:
    """The router asks before anybody is told of the settings."""
    environ = {"PROXY_CLIENT_TIMEOUT_MS": "soon"}
    assert OPENAI.read_access(environ).client_timeout_ms == 30_000
