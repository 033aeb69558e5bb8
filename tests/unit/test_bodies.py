from tests.unit.fakes import run
from wire.bodies import WholeBody


def test_gives_all_of_it_once() -> None:
    body = WholeBody(b"ab")
    assert [run(body.read()), run(body.read())] == [b"ab", b""]
    assert run(WholeBody(b"ab").read_within(1)) == b"ab"


def test_gives_nothing_once_it_is_closed() -> None:
    body = WholeBody(b"ab")
    body.close()
    assert run(body.read()) == b""
