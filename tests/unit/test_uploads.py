import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fakes import Broken, ScriptedBody, run
from wire.ports import BodyBroken
from wire.uploads import KEPT_LIMIT, KeptUpload


async def take(upload: KeptUpload, pieces: int = 1_000_000) -> list[bytes]:
    """Take so many pieces of one attempt, then stop."""
    taken: list[bytes] = []
    async for piece in upload.pieces():
        taken.append(piece)
        if len(taken) == pieces:
            break
    return taken


@given(st.lists(st.binary(min_size=1), max_size=8), st.integers(1, 9))
def test_each_attempt_sends_the_whole_body(pieces: list[bytes], stop: int) -> None:
    upload = KeptUpload(ScriptedBody(*pieces))
    run(take(upload, stop))
    assert upload.is_repeatable
    assert b"".join(run(take(upload))) == b"".join(pieces)
    assert b"".join(run(take(upload))) == b"".join(pieces)


def test_sends_each_piece_as_it_arrives() -> None:
    body = ScriptedBody(b"1", b"2", b"3")
    assert run(take(KeptUpload(body), 1)) == [b"1"]
    assert body.reads == 1


def test_keeps_up_to_its_limit() -> None:
    half = b"x" * (KEPT_LIMIT // 2)
    upload = KeptUpload(ScriptedBody(half, half))
    run(take(upload))
    assert upload.is_repeatable


def test_lets_go_of_more_and_cannot_be_repeated() -> None:
    half = b"x" * (KEPT_LIMIT // 2)
    upload = KeptUpload(ScriptedBody(half, half, b"y", b"z"))
    assert run(take(upload)) == [half, half, b"y", b"z"]
    assert not upload.is_repeatable


def test_a_client_that_breaks_off_is_told_of() -> None:
    upload = KeptUpload(ScriptedBody(b"1", Broken()))
    with pytest.raises(BodyBroken):
        run(take(upload))
    assert not upload.is_repeatable, "there is nobody to ask again for"


def test_gives_up_what_has_not_arrived() -> None:
    body = ScriptedBody(b"1")
    KeptUpload(body).close()
    assert body.closed == 1
