"""The clock port."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from wasi_http.clock import HostClock
from wasi_http.wasi_03.tasks import sleep, within

T = TypeVar("T")


class WasiClock(HostClock):
    """`Clock` on wasi:clocks."""

    async def sleep(self, seconds: float) -> None:
        """Suspend for `seconds`."""
        await sleep(seconds)

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """Wait for `work`, but for no longer than `seconds`."""
        return await within(seconds, work)
