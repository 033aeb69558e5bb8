"""The router: what it answers by itself, and the prompt that it hands over."""

import json
from collections.abc import Iterator

import pytest
from wasmtime.component import Func

from http_proxy.prompts import PROMPT_LIMIT
from tests.host import stage
from tests.host.components import Built
from tests.host.peers import Broken, Script, Silence
from tests.host.runs import Run
from tests.host.stage import Proxy, Stage
from tests.host.wasi.fields import Fields
from tests.host.wasi.outgoing import OutgoingResponse, ResponseOutparam


class Recorder:
    """A provider that keeps each prompt and says nothing."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def stream_handle(self, prompt: str, outparam: ResponseOutparam) -> None:
        self.prompts.append(prompt)
        ResponseOutparam.set(outparam, OutgoingResponse(Fields()))


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def recorded_router(built: Built, recorder: Recorder) -> Proxy:
    def assemble(bare: Stage) -> Func:
        return stage.router(bare, {"stream-handle": recorder.stream_handle})

    return Proxy(built, assemble)


@pytest.fixture
def router(recorded_router: Proxy, recorder: Recorder) -> Iterator[Proxy]:
    recorder.prompts.clear()
    yield recorded_router


def code(run: Run) -> str:
    assert run.reply.end == "finished"
    found: str = json.loads(run.reply.body)["error"]["code"]
    return found


def test_health(router: Proxy) -> None:
    run = router.handle(method="get", target="/health?from=probe", body=())
    assert run.reply.status == 200
    assert json.loads(run.reply.body) == {"status": "healthy"}
    assert run.reply.header("content-type") == b"application/json"


def test_the_reply_to_a_head_request_has_no_body(router: Proxy) -> None:
    run = router.handle(method="head", target="/health", body=())
    assert (run.reply.status, run.reply.body) == (200, b"")
    assert run.reply.header("content-type") == b"application/json"


@pytest.mark.parametrize(
    ("target", "allow"),
    [
        ("/openai-proxy", b"POST, OPTIONS"),
        ("/health", b"GET, HEAD, OPTIONS"),
        ("*", b"GET, HEAD, POST, OPTIONS"),
    ],
)
def test_options(router: Proxy, target: str, allow: bytes) -> None:
    run = router.handle(method="options", target=target, body=())
    assert (run.reply.status, run.reply.body) == (204, b"")
    assert run.reply.header("allow") == allow


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [
        ("get", "/openai-proxy", b"POST, OPTIONS"),
        ("head", "/openai-proxy?q", b"POST, OPTIONS"),
        ("put", "/openai-proxy", b"POST, OPTIONS"),
        ("BREW", "/openai-proxy", b"POST, OPTIONS"),
        ("post", "/health", b"GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method(router: Proxy, method: str, target: str, allow: bytes) -> None:
    run = router.handle(method=method, target=target)
    assert run.reply.status == 405
    assert run.reply.header("allow") == allow
    assert method == "head" or code(run) == "method_not_allowed"


@pytest.mark.parametrize("target", ["/", "", "/openai-proxy/", "/OPENAI-PROXY", "//"])
def test_an_unknown_path(router: Proxy, target: str) -> None:
    run = router.handle(target=target)
    assert (run.reply.status, code(run)) == (404, "not_found")


@pytest.mark.parametrize(
    "headers",
    [
        [("content-type", b"application/json")],
        [("content-type", b"text/plain; charset=latin-1")],
        [("content-type", b"text/plain"), ("content-encoding", b"gzip")],
    ],
)
def test_a_body_that_is_no_plain_text(
    router: Proxy, headers: list[tuple[str, bytes]]
) -> None:
    run = router.handle(headers=headers)
    assert (run.reply.status, code(run)) == (415, "unsupported_media_type")
    assert run.request_body.bytes_read == 0


def test_a_prompt_over_the_limit_is_not_read_to_its_end(
    router: Proxy, recorder: Recorder
) -> None:
    run = router.handle(body=(b"x" * 65_536,) * 64)
    assert (run.reply.status, code(run)) == (413, "prompt_too_large")
    assert run.request_body.bytes_read <= PROMPT_LIMIT + 65_536
    assert recorder.prompts == []


def test_a_declared_length_over_the_limit_is_not_read_at_all(router: Proxy) -> None:
    declared = [("Content-Length", str(PROMPT_LIMIT + 1).encode())]
    run = router.handle(headers=declared, body=(Silence(3600), b"x"))
    assert (run.reply.status, code(run)) == (413, "prompt_too_large")
    assert run.clock.seconds == 0


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ((), "empty_prompt"),
        ((b"\xef\xbb\xbf",), "empty_prompt"),
        ((b"caf\xe9",), "invalid_utf8"),
        ((b"\xed\xa0\x80",), "invalid_utf8"),
        ((b"cut in a character \xf0\x9f",), "invalid_utf8"),
        ((b"Say hel", Broken()), "incomplete_prompt"),
    ],
)
def test_a_prompt_that_cannot_be_taken(
    router: Proxy, recorder: Recorder, body: Script, name: str
) -> None:
    run = router.handle(body=body)
    assert (run.reply.status, code(run)) == (400, name)
    assert recorder.prompts == []


@pytest.mark.parametrize(
    "prompt",
    [
        "".join(map(chr, range(0x20))) + "\x7f\x80\x9f",
        'quotes " and \\ backslashes, \\n and </script>',
        "emoji \U0001f600, family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u2028\u2029 \ufeff inside \ufffe\uffff \U0010ffff",
        " leading and trailing \r\n",
        "x",
    ],
)
def test_a_prompt_is_handed_over_as_it_came(
    router: Proxy, recorder: Recorder, prompt: str
) -> None:
    data = prompt.encode()
    whole: Script = (data,)
    in_bytes: Script = [bytes([byte]) for byte in data]
    for body in (whole, in_bytes):
        router.handle(body=body)
    assert recorder.prompts == [prompt, prompt]


def test_a_byte_order_mark_is_no_part_of_the_prompt(
    router: Proxy, recorder: Recorder
) -> None:
    router.handle(body=(b"\xef", b"\xbb\xbfone"))
    router.handle(body=(b"\xef\xbb\xbf\xef\xbb\xbftwo",))
    assert recorder.prompts == ["one", "\ufefftwo"]


def test_a_prompt_of_the_largest_size(router: Proxy, recorder: Recorder) -> None:
    router.handle(body=(b"x" * 65_536,) * 16)
    assert recorder.prompts == ["x" * PROMPT_LIMIT]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("content-type", b"text/plain;charset=UTF-8")],
        [("Content-Type", b"application/x-www-form-urlencoded")],
    ],
)
def test_a_type_that_is_taken_as_text(
    router: Proxy, recorder: Recorder, headers: list[tuple[str, bytes]]
) -> None:
    router.handle(headers=headers, body=(b"a=b&c",))
    assert recorder.prompts == ["a=b&c"]
