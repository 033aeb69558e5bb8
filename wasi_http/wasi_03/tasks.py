"""Work that goes on beside a handler, also after its reply has been returned."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import componentize_py_async_support

T = TypeVar("T")


def start(work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Start `work`, keep the instance for as long, and return its task.

    What it raises is its task's to tell, and no more than that: it would otherwise end
    every stream of the instance.
    """
    task = asyncio.create_task(work)
    componentize_py_async_support.spawn(_ended(task))
    return task


async def _ended(task: "asyncio.Task[T]") -> None:
    await asyncio.wait((task,))
    task.exception()  # Taken note of, so that the event loop does not report it.
