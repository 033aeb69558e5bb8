import pytest

from tests.unit.fakes import ScriptedBody, Silence, VirtualClock, run
from wire.bodies import GRACE_SECONDS, MINIMUM_RATE, PacedBody, WholeBody
from wire.ports import SILENT, BodyBroken


def test_gives_all_of_it_once() -> None:
    body = WholeBody(b"ab")
    assert [run(body.read()), run(body.read())] == [b"ab", b""]
    assert run(WholeBody(b"ab").read_within(1)) == b"ab"


def test_gives_nothing_once_it_is_closed() -> None:
    body = WholeBody(b"ab")
    body.close()
    assert run(body.read()) == b""


def paced(*parts: bytes | Silence) -> tuple[PacedBody, ScriptedBody]:
    clock = VirtualClock()
    source = ScriptedBody(*parts, clock=clock)
    return PacedBody(source, clock), source


def test_a_body_at_its_pace_stays_as_it_is() -> None:
    late = Silence(GRACE_SECONDS + 1)
    body, source = paced(b"a", late, b"b" * MINIMUM_RATE)
    chunks = [run(body.read()) for _ in range(3)]
    assert chunks == [b"a", b"b" * MINIMUM_RATE, b""]
    body.close()
    assert source.closed == 1


def test_a_body_that_comes_too_slowly_breaks() -> None:
    body, _ = paced(b"a", Silence(GRACE_SECONDS + 1), b"b")
    assert run(body.read()) == b"a"
    with pytest.raises(BodyBroken) as raised:
        run(body.read())
    assert raised.value.kind == SILENT


def test_a_wait_without_bytes_counts_as_well() -> None:
    body, _ = paced(Silence(GRACE_SECONDS * 2))
    assert run(body.read_within(GRACE_SECONDS)) is None
    with pytest.raises(BodyBroken):
        run(body.read_within(1))
