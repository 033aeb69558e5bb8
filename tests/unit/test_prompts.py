import pytest
from hypothesis import given
from hypothesis import strategies as st

from http_proxy.prompts import PROMPT_LIMIT, read_prompt
from tests.unit.fakes import Broken, Part, ScriptedBody, run
from wire.errors import InvalidRequest
from wire.ports import SILENT


def read(*parts: Part, **headers: str) -> str:
    return read_body(ScriptedBody(*parts), **headers)


def read_body(body: ScriptedBody, **headers: str) -> str:
    named = tuple((k.replace("_", "-"), v.encode()) for k, v in headers.items())
    return run(read_prompt(named, body))


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [(SILENT, 408, "request_timeout"), ("unknown", 400, "incomplete_prompt")],
)
def test_a_prompt_without_an_end(kind: str, status: int, code: str) -> None:
    error = refused(b"Hello", Broken(kind))
    assert (error.status, error.code) == (status, code)


def refused(*parts: Part, **headers: str) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as raised:
        read(*parts, **headers)
    return raised.value


@given(st.text(min_size=1).filter(lambda text: text[0] != "\ufeff"), st.data())
def test_the_body_is_the_prompt_at_every_split(
    prompt: str, data: st.DataObject
) -> None:
    body = prompt.encode()
    position = data.draw(st.integers(1, len(body)))
    assert read(body[:position], *filter(None, [body[position:]])) == prompt


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "Text/Plain; Charset=UTF-8",
        'text/plain; charset="utf-8"',
        "text/plain; charset=us-ascii",
        "application/x-www-form-urlencoded",
        "text/plain;format=flowed",
    ],
)
def test_takes_plain_text_as_it_stands(content_type: str) -> None:
    assert read(b"a=b&c=%20+", content_type=content_type) == "a=b&c=%20+"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/html",
        "text/plain; charset=utf-16",
        "text/plain; charset=latin-1",
        "nonsense/",
    ],
)
def test_refuses_another_type(content_type: str) -> None:
    error = refused(b"x", content_type=content_type)
    assert (error.status, error.code) == (415, "unsupported_media_type")
    assert dict(error.headers)["accept"] == (
        b"text/plain, application/x-www-form-urlencoded"
    )


def test_refuses_a_compressed_body() -> None:
    assert refused(b"x", content_encoding="gzip").status == 415
    assert read(b"x", content_encoding="Identity") == "x"


def test_drops_one_byte_order_mark() -> None:
    assert read(b"\xef\xbb", b"\xbfhi") == "hi"
    assert read(b"\xef\xbb\xbf\xef\xbb\xbfhi") == "\ufeffhi"


@pytest.mark.parametrize("body", [(), (b"\xef\xbb\xbf",)])
def test_refuses_an_empty_prompt(body: tuple[bytes, ...]) -> None:
    error = refused(*body)
    assert (error.status, error.code) == (400, "empty_prompt")


def test_a_blank_prompt_stands() -> None:
    assert read(b" \n\x00") == " \n\x00"


def test_names_the_byte_that_is_not_utf_8() -> None:
    error = refused(b"ab\xff")
    assert (error.status, error.code) == (400, "invalid_utf8")
    assert "byte 2" in error.message


def test_takes_a_prompt_of_the_limit() -> None:
    half = b"x" * (PROMPT_LIMIT // 2)
    assert len(read(half, half, content_length=str(PROMPT_LIMIT))) == PROMPT_LIMIT


def test_refuses_a_declared_length_without_reading() -> None:
    body = ScriptedBody(b"x")
    with pytest.raises(InvalidRequest) as raised:
        read_body(body, content_length=str(PROMPT_LIMIT + 1))
    assert (raised.value.status, raised.value.code) == (413, "prompt_too_large")
    assert body.reads == 0


def test_refuses_the_rest_without_reading_it() -> None:
    body = ScriptedBody(*[b"x" * 65_536] * 100)
    with pytest.raises(InvalidRequest) as raised:
        read_body(body)
    assert raised.value.status == 413
    assert body.reads == PROMPT_LIMIT // 65_536 + 1


def test_a_prompt_that_breaks_off_is_not_asked() -> None:
    error = refused(b"half", Broken())
    assert (error.status, error.code) == (400, "incomplete_prompt")
