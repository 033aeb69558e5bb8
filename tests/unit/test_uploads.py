import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.uploads import KEPT_LIMIT, KeptUpload
from tests.unit.fakes import Broken, ScriptedBody, Silence, VirtualClock, run
from wire.ports import WRONG_LENGTH, BodyBroken


async def take(upload: KeptUpload, pieces: int = 1_000_000) -> list[bytes]:
    """Take so many pieces of one attempt, then stop."""
    taken: list[bytes] = []
    async for piece in upload.pieces():
        taken.append(piece)
        if len(taken) == pieces:
            break
    return taken


def is_repeatable_after(upload: KeptUpload, pieces: int = 1_000_000) -> bool:
    """Take so many pieces of one attempt; tell whether there may be another."""
    run(take(upload, pieces))
    return upload.is_repeatable


@given(st.lists(st.binary(min_size=1), max_size=8), st.integers(1, 9))
def test_each_attempt_sends_the_whole_body(pieces: list[bytes], stop: int) -> None:
    upload = KeptUpload(ScriptedBody(*pieces), VirtualClock())
    run(take(upload, stop))
    assert b"".join(run(take(upload))) == b"".join(pieces)
    assert b"".join(run(take(upload))) == b"".join(pieces)


def test_only_a_whole_body_is_repeated() -> None:
    """Another attempt would have to wait for a client that may take for ever."""
    upload = KeptUpload(ScriptedBody(b"1", b"2"), VirtualClock())
    assert upload.is_repeatable, "nothing was sent yet"
    assert not is_repeatable_after(upload, 2)
    assert is_repeatable_after(upload)


def test_a_declared_length_tells_when_it_is_whole() -> None:
    body = ScriptedBody(b"1", b"2")
    upload = KeptUpload(body, VirtualClock(), length=2)
    assert not is_repeatable_after(upload, 1)
    assert is_repeatable_after(upload)
    assert body.reads == 3, "and that nothing follows"


@pytest.mark.parametrize(
    ("pieces", "length"),
    [
        ((b"1", b"23"), 1),
        ((b"1", b"23"), 2),
        ((b"1", b"23"), 4),
        ((b"123",), 0),
        ((), 1),
    ],
)
def test_a_length_that_is_wrong_is_noticed_before_the_body_is_whole(
    pieces: tuple[bytes, ...], length: int
) -> None:
    """In another attempt the whole body goes, as long as it is."""
    upload = KeptUpload(ScriptedBody(*pieces), VirtualClock(), length)
    sent: list[bytes] = []

    async def attempt() -> None:
        async for piece in upload.pieces():
            sent.append(piece)

    with pytest.raises(BodyBroken, match=WRONG_LENGTH):
        run(attempt())
    assert len(b"".join(sent)) < max(length, 1)
    assert upload.is_misdeclared
    assert b"".join(run(take(upload))) == b"".join(pieces)


def test_a_length_that_is_right_is_not() -> None:
    upload = KeptUpload(ScriptedBody(b"1", b"23"), VirtualClock(), 3)
    assert run(take(upload)) == [b"1", b"23"]
    assert not upload.is_misdeclared


def test_more_than_can_be_kept_is_more_than_was_declared() -> None:
    upload = KeptUpload(ScriptedBody(b"1", b"x" * KEPT_LIMIT), VirtualClock(), 9)
    with pytest.raises(BodyBroken, match=WRONG_LENGTH):
        run(take(upload))
    assert upload.is_misdeclared and not upload.is_repeatable


@pytest.mark.parametrize(("pieces", "empty"), [((), True), ((b"1", b"2"), False)])
def test_looks_whether_there_is_a_body(pieces: tuple[bytes, ...], empty: bool) -> None:
    upload = KeptUpload(ScriptedBody(*pieces), VirtualClock())
    run(upload.begin())
    assert upload.is_whole is empty
    assert b"".join(run(take(upload))) == b"".join(pieces)


def test_sends_each_piece_as_it_arrives() -> None:
    body = ScriptedBody(b"1", b"2", b"3")
    assert run(take(KeptUpload(body, VirtualClock()), 1)) == [b"1"]
    assert body.reads == 1


def test_keeps_up_to_its_limit() -> None:
    half = b"x" * (KEPT_LIMIT // 2)
    upload = KeptUpload(ScriptedBody(half, half), VirtualClock())
    run(take(upload))
    assert upload.is_repeatable


def test_lets_go_of_more_and_cannot_be_repeated() -> None:
    half = b"x" * (KEPT_LIMIT // 2)
    upload = KeptUpload(ScriptedBody(half, half, b"y", b"z"), VirtualClock())
    assert run(take(upload)) == [half, half, b"y", b"z"]
    assert not upload.is_repeatable


def test_a_client_that_breaks_off_is_told_of() -> None:
    upload = KeptUpload(ScriptedBody(b"1", Broken()), VirtualClock())
    with pytest.raises(BodyBroken):
        run(take(upload))
    assert not upload.is_repeatable, "there is nobody to ask again for"
    assert upload.failure == "connection-terminated"


def test_tells_how_long_the_client_was_waited_for() -> None:
    clock = VirtualClock()
    body = ScriptedBody(Silence(7), b"1", Silence(2), b"2", clock=clock)
    upload = KeptUpload(body, clock)
    run(upload.begin())
    assert upload.awaited == 7
    run(take(upload))
    assert (upload.awaited, upload.kept) == (9, b"12")


def test_gives_up_what_has_not_arrived() -> None:
    body = ScriptedBody(b"1")
    KeptUpload(body, VirtualClock()).close()
    assert body.closed == 1
