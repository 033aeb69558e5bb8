"""The clock port."""

from wasi_http.clock import HostClock
from wasi_http.wasi_03.tasks import sleep


class WasiClock(HostClock):
    """`Clock` on wasi:clocks."""

    async def sleep(self, seconds: float) -> None:
        """Suspend for `seconds`."""
        await sleep(seconds)
