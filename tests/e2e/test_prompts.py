"""Prompts reach the upstream as they are, inside JSON."""

import json
import subprocess
from typing import Any

import pytest

from tests.e2e import replies
from tests.e2e.client import TEXT, ask
from tests.e2e.marked import PROMPT, chunks
from tests.e2e.proxy import ROUTE, Proxy
from tests.e2e.upstream import PATIENCE, Upstream

FORM = {"content-type": "application/x-www-form-urlencoded"}
CONTROLS = [chr(code) for code in (*range(0x20), 0x7F)]
LIMIT = 1_048_576
PROMPTS = {
    "quotes and backslashes": '"\\" \\n \\u0041 \\\\" \'`$(x) {"a":"b"}',
    "all controls": "".join(CONTROLS),
    "line ends": "\r\n\n\r\u2028\u2029\u0085",
    "emoji": "👩‍👩‍👧 𝄞 \U0010ffff é e\u0301",
    "noncharacters": "\ufffe\uffff\ue000\ufffd",
    "looks like a form": "a=1&b=%20+%C3%BC&",
    "blanks": "  \t ",
    "a mark inside": "a\ufeffb",
    "right to left": "‮abc‬ שלום",
}


def _asked(upstream: Upstream) -> dict[str, Any]:
    exchange = upstream.exchange()
    assert exchange.request.headers["content-type"] == "application/json"
    asked: dict[str, Any] = json.loads(exchange.body)
    return asked


def _check(proxy: Proxy, upstream: Upstream, prompt: str) -> None:
    upstream.play(replies.stream())
    assert ask(proxy, prompt).status_code == 200
    assert _asked(upstream) == {"model": "gpt-4.1", "input": prompt, "stream": True}


@pytest.mark.parametrize("code", CONTROLS, ids=lambda text: f"U+{ord(text):04X}")
def test_every_control_character(proxy: Proxy, upstream: Upstream, code: str) -> None:
    _check(proxy, upstream, f"{PROMPT}{code}{PROMPT}")


@pytest.mark.parametrize("name", PROMPTS)
@pytest.mark.parametrize("headers", [TEXT, FORM, {}], ids=["text", "form", "no type"])
def test_a_prompt_as_it_stands(
    proxy: Proxy, upstream: Upstream, name: str, headers: dict[str, str]
) -> None:
    upstream.play(replies.stream())
    assert ask(proxy, PROMPTS[name], headers).status_code == 200
    assert _asked(upstream)["input"] == PROMPTS[name]


@pytest.mark.parametrize(
    "value", ["Text/Plain", 'text/plain; charset="UTF-8"', "text/plain; charset=utf8"]
)
def test_types_that_mean_text(proxy: Proxy, upstream: Upstream, value: str) -> None:
    upstream.play(replies.stream())
    assert ask(proxy, headers={"content-type": value}).status_code == 200
    assert _asked(upstream)["input"] == PROMPT


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff"])
def test_one_byte_order_mark_is_dropped(
    proxy: Proxy, upstream: Upstream, mark: str
) -> None:
    upstream.play(replies.stream())
    assert ask(proxy, mark + PROMPT).status_code == 200
    assert _asked(upstream)["input"] == mark[1:] + PROMPT


@pytest.mark.parametrize("unit", ["x", '"', "\x00", "€", "𝄞"])
def test_a_prompt_as_large_as_may_be(
    proxy: Proxy, upstream: Upstream, unit: str
) -> None:
    """With every character escaped it is six times as large for the upstream."""
    size = len(unit.encode())
    prompt = unit * (LIMIT // size) + "x" * (LIMIT % size)
    assert len(prompt.encode()) == LIMIT
    _check(proxy, upstream, prompt)


def test_one_byte_more_is_too_much(proxy: Proxy) -> None:
    assert ask(proxy, "x" * (LIMIT + 1)).status_code == 413


@pytest.mark.parametrize("option", ["--data-raw", "--data-binary", "-d"])
def test_real_curl(proxy: Proxy, upstream: Upstream, option: str) -> None:
    prompt = f"{PROMPT} a=b&c \\ ' % + 👩‍👩‍👧"
    reply = chunks(3)
    upstream.play(replies.stream(reply))
    command = ["curl", "-sSN", "--noproxy", "*", option, prompt, proxy.url + ROUTE]
    ran = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
    assert ran.stdout == b"".join(reply)
    assert _asked(upstream)["input"] == prompt
