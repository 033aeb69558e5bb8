"""Driving the core's coroutines where nothing ever suspends."""

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in one step and return its result.

    Raises `RuntimeError` if it suspends: its ports block, so that would be a defect.
    """
    try:
        coroutine.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    coroutine.close()
    raise RuntimeError("a coroutine suspended although its ports block")
