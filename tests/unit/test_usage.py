import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.usage import TAIL_LIMIT, Tail

COMPLETED = (
    b'data: {"type":"response.completed","response":{"output":[{"text":'
    b'"he said \\"usage\\":{\\"input_tokens\\":1}"}],"usage":{"input_tokens":17,'
    b'"output_tokens":5,"total_tokens":22},"metadata":{"usage":"none"}}}\n\n'
)


def usage(*chunks: bytes) -> dict[str, int]:
    tail = Tail()
    for chunk in chunks:
        tail.feed(chunk)
    return tail.usage()


@given(st.integers(0, len(COMPLETED)))
def test_reads_the_counts_at_every_split(position: int) -> None:
    counts = usage(b"x" * TAIL_LIMIT, COMPLETED[:position], COMPLETED[position:])
    assert counts == {"input_tokens": 17, "output_tokens": 5}


@pytest.mark.parametrize(
    ("stream", "counts"),
    [
        (b"", {}),
        (b'"usage":null', {}),
        (
            b'"usage": {"prompt_tokens": 3, "completion_tokens": 4}',
            {"input_tokens": 3, "output_tokens": 4},
        ),
        (b'"usage":{"input_tokens":0,"output_tokens":true}', {"input_tokens": 0}),
        (b'"usage":{"input_tokens":1', {}),
        (b'"usage":{"a":' + b"[" * 9000, {}),
        (b'"usage":{"input_tokens":1} "usage":{"input_tokens":2}', {"input_tokens": 2}),
    ],
)
def test_reads_what_is_there(stream: bytes, counts: dict[str, int]) -> None:
    assert usage(stream) == counts


def test_keeps_no_more_than_the_tail() -> None:
    assert usage(b'"usage":{"input_tokens":1}', b"x" * TAIL_LIMIT) == {}


def test_gemini_counts_thoughts_beside_the_answer() -> None:
    stream = (
        b'data: {"usageMetadata": {"promptTokenCount": 11, "candidatesTokenCount": 4,'
        b'"thoughtsTokenCount": 18, "totalTokenCount": 33}}\r\n\r\n'
    )
    assert usage(stream) == {"input_tokens": 11, "output_tokens": 22}
