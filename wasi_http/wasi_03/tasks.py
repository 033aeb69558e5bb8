"""Work that goes on beside a handler, also after its reply has been returned."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import componentize_py_async_support
from wit_world.imports import monotonic_clock

from wasi_http.times import nanoseconds

T = TypeVar("T")


def start(work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Start `work`, keep the instance for as long, and return its task.

    What it raises is its task's to tell, and no more than that: it would otherwise end
    every stream of the instance.
    """
    task = asyncio.create_task(work)
    componentize_py_async_support.spawn(_ended(task))
    return task


async def lasting(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` gives; whoever waits here may be cancelled.

    `work` then goes on to its end by itself: a call to the host cannot be taken back,
    and to cancel one that is pending would trap. (`asyncio.shield` would not do: it
    reports what the work raises later, and the event loop makes that a trap as well.)
    """
    outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    componentize_py_async_support.spawn(_settle(work, outcome))
    try:
        return await outcome
    finally:
        # A future holds its exception, and that the frames it came by: this one, too.
        del outcome, work


async def _settle(work: Coroutine[Any, Any, T], outcome: "asyncio.Future[T]") -> None:
    try:
        result = await work
        if not outcome.done():
            outcome.set_result(result)
    except Exception as error:
        if not outcome.done():
            outcome.set_exception(error)
            outcome.exception()  # Taken note of, as in `_ended`.
    finally:
        del outcome, work  # As in `lasting`.


async def sleep(seconds: float) -> None:
    """Return after `seconds`; whoever waits here may be cancelled."""
    await lasting(_wait(seconds))


async def _wait(seconds: float) -> None:
    await monotonic_clock.wait_for(nanoseconds(seconds))


async def _ended(task: "asyncio.Task[T]") -> None:
    await asyncio.wait((task,))
    if not task.cancelled():
        task.exception()  # Taken note of, so that the event loop does not report it.
