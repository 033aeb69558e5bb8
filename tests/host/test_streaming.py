"""The upstream's bytes come out as they went in, each as soon as it is there."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.host.peers import Silence
from tests.host.runs import Run
from tests.host.stage import Provider, Proxy
from tests.host.upstream import Answer
from tests.host.wasi.clocks import SECOND

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures").glob("*.sse"))
SMALL = [path for path in FIXTURES if path.stat().st_size < 4096]
LARGE = [path for path in FIXTURES if path not in SMALL]
GAP = Silence(0.001)


def names(paths: Iterable[Path]) -> list[str]:
    return [path.stem for path in paths]


def spaced(chunks: Iterable[bytes]) -> Answer:
    """Return a reply whose chunks come one millisecond after the other."""
    return Answer(tuple(chain.from_iterable((chunk, GAP) for chunk in chunks)))


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def split_everywhere(data: bytes) -> Iterator[bytes]:
    """Return `data` over and over, each time in two at another position."""
    for position in range(1, len(data)):
        yield data[:position]
        yield data[position:]


def check(run: Run, chunks: list[bytes]) -> None:
    """Check that `chunks` came out one by one, each at its own moment."""
    assert run.reply.status == 200
    assert run.reply.chunks == chunks
    assert run.reply.moments == [index * SECOND // 1000 for index in range(len(chunks))]
    assert run.reply.end == "finished"


@pytest.mark.parametrize("path", SMALL, ids=names(SMALL))
def test_a_split_at_any_byte_changes_nothing(provider: Provider, path: Path) -> None:
    # One reply holds all splits: thousands of replies would take minutes, and what
    # relays cannot tell where one copy ends.
    chunks = list(split_everywhere(path.read_bytes()))
    check(provider.stream(spaced(chunks)), chunks)


@pytest.mark.parametrize("path", SMALL, ids=names(SMALL))
@pytest.mark.parametrize("size", [1, 1000, 4096])
def test_a_small_stream_in_chunks(provider: Provider, path: Path, size: int) -> None:
    chunks = list(cut(path.read_bytes(), size))
    check(provider.stream(spaced(chunks)), chunks)


@pytest.mark.parametrize("path", LARGE, ids=names(LARGE))
@pytest.mark.parametrize("size", [4095, 16_384, 65_536])
def test_a_large_stream_in_chunks(provider: Provider, path: Path, size: int) -> None:
    chunks = list(cut(path.read_bytes(), size))
    check(provider.stream(spaced(chunks)), chunks)


def test_a_chunk_larger_than_one_read(provider: Provider) -> None:
    data = LARGE[0].read_bytes()
    run = provider.stream(Answer((data,)))
    assert run.reply.body == data
    assert run.reply.end == "finished"


@pytest.mark.parametrize("path", SMALL, ids=names(SMALL))
def test_split_between_replies(provider: Provider, path: Path) -> None:
    """As above with a reply for each split, at fewer positions."""
    data = path.read_bytes()
    for position in range(1, len(data), 97):
        chunks = [data[:position], data[position:]]
        check(provider.stream(spaced(chunks)), chunks)


def test_the_pair_relays_as_the_provider_does(pair: Proxy) -> None:
    chunks = list(cut((SMALL[0]).read_bytes(), 7))
    check(pair.handle(spaced(chunks)), chunks)


def test_the_composition_relays_as_the_provider_does(composed: Proxy) -> None:
    chunks = list(cut((SMALL[0]).read_bytes(), 7))
    check(composed.handle(spaced(chunks)), chunks)


def test_an_empty_stream_ends_well(provider: Provider) -> None:
    run = provider.stream(Answer(()))
    assert (run.reply.status, run.reply.body) == (200, b"")
    assert run.reply.end == "finished"


def test_the_head_waits_for_the_upstreams_and_for_nothing_more(
    provider: Provider,
) -> None:
    run = provider.stream(Answer((Silence(5), b"data: 1\n\n"), after=3))
    assert run.reply.head_at == 3
    assert run.reply.moments == [8 * SECOND]


def test_the_head_of_a_stream(provider: Provider) -> None:
    headers = [
        ("Content-Type", b"text/event-stream; charset=utf-8"),
        ("content-length", b"9"),
        ("x-request-id", b"req_upstream"),
        ("openai-processing-ms", b"12"),
        ("x-ratelimit-remaining-requests", b"99"),
        ("set-cookie", b"session=1"),
        ("x-should-retry", b"false"),
        ("server", b"cloudflare"),
    ]
    run = provider.stream(Answer((b"data: 1\n\n",), headers=headers))
    assert sorted(run.reply.headers) == [
        ("cache-control", b"no-cache"),
        ("content-type", b"text/event-stream; charset=utf-8"),
        ("openai-processing-ms", b"12"),
        ("x-accel-buffering", b"no"),
        ("x-ratelimit-remaining-requests", b"99"),
        ("x-request-id", b"req_upstream"),
    ]
