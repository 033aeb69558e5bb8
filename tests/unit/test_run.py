import pytest

from wasi_http.wasi_02.run import run


class Suspension:
    def __await__(self):  # type: ignore[no-untyped-def]
        yield


async def suspend() -> None:
    await Suspension()


async def fail() -> None:
    raise KeyError("x")


async def give() -> int:
    return 7


def test_returns_the_result() -> None:
    assert run(give()) == 7


def test_raises_what_the_coroutine_raises() -> None:
    with pytest.raises(KeyError):
        run(fail())


def test_a_suspension_is_a_defect() -> None:
    with pytest.raises(RuntimeError, match="suspended"):
        run(suspend())
