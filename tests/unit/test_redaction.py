import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openai_component.openai import OPENAI
from provider.redaction import DECODINGS, holds_secret, redact, without_secrets
from tests.unit.fakes import settings

SECRET = "sk-Ab+c/d=9"
SECRETS = ("token-of-8", SECRET)
KEYS = st.text(alphabet=[chr(code) for code in range(0x21, 0x7F)], min_size=8)
CODINGS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "JSON": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON, all of it": lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
    "JSON, twice": lambda text: json.dumps(json.dumps(text).replace("/", "\\/")),
    "a URL": lambda text: quote(text, safe=""),
    "a URL, twice": lambda text: quote(quote(text, safe="")),
    "a URL, all of it": lambda text: "".join(f"%{ord(c):02x}" for c in text),
    "an old URL": lambda text: "".join(f"%u{ord(c):04x}" for c in text),
    "HTML": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(c):X};" for c in text),
    "a URL in JSON": lambda text: quote(text, safe="").replace("%", "\\u0025"),
    "upper case": str.upper,
}


@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS)
def test_finds_a_secret_in_every_coding(coding: Callable[[str], str]) -> None:
    told = f"The key {coding(SECRET)} is wrong."
    assert holds_secret(told, SECRETS)
    left = redact(told, SECRETS)
    assert "[redacted]" in left and not holds_secret(left, SECRETS)


@given(KEYS, st.sampled_from(["JSON", "a URL", "JSON, all of it"]))
def test_finds_any_key(key: str, coding: str) -> None:
    assert holds_secret(f"x {CODINGS[coding](key)} y", (key,))


def test_leaves_a_text_without_one_as_it_is() -> None:
    text = 'A "key" \\u00e9 100 % & more \\\\ sk-Ab+c/d=8 %41'
    assert redact(text, SECRETS) == text
    assert redact(SECRET, ()) == SECRET


def test_the_rest_of_a_text_stays() -> None:
    assert redact(f"a {SECRET} b token-of-8 c", SECRETS) == (
        "a [redacted] b [redacted] c"
    )


def test_what_is_escaped_too_often_is_not_passed_on() -> None:
    assert redact("%" + "25" * (DECODINGS + 2) + "41", SECRETS) == "[redacted]"


def test_headers_without_a_secret_stay_as_they_are() -> None:
    clean = (("a", b"1"), ("b", b"\xff"))
    assert without_secrets(clean, SECRETS) is clean


def test_a_header_goes_by_its_name_or_its_value() -> None:
    found = (("openai-token-of-8", b"1"), ("b", b"x%74oken-of-8"), ("c", b"token"))
    assert without_secrets(found, SECRETS) == (("c", b"token"),)


def test_a_short_key_is_not_searched_for() -> None:
    short = settings(OPENAI_API_KEY="1234567")
    assert (short.secrets, short.has_short_key) == ((), True)
    long = settings(OPENAI_API_KEY="12345678")
    assert (long.secrets, long.has_short_key) == (("12345678",), False)
    none = settings(PROXY_AUTH="none")
    assert (none.secrets, none.has_short_key) == ((), False)


def test_the_log_is_told_of_a_short_key() -> None:
    notice = json.loads(OPENAI.key_notice({"OPENAI_API_KEY": "1234567"}))
    assert notice["event"] == "short_key"
    assert "fewer than 8 characters" in notice["notice"]
    assert OPENAI.key_notice({"OPENAI_API_KEY": "12345678"}) == ""
    assert OPENAI.key_notice({}) == ""
