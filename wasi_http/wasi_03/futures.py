"""Futures that go with each body: how it was taken, and what follows it."""

from typing import Any

import wit_world
from componentize_py_async_support.futures import FutureReader, FutureWriter
from componentize_py_types import Err, Ok, Result
from wit_world.imports.wasi_http_types import (
    ErrorCode,
    ErrorCode_InternalError,
    Fields,
)

Trailers = Result[Fields | None, ErrorCode]
Transmission = Result[None, ErrorCode]


def transmission() -> tuple[FutureWriter[Transmission], FutureReader[Transmission]]:
    """Make a future that tells how a body was taken: well, unless it is said."""
    return wit_world.result_unit_wasi_http_types_error_code_future(lambda: Ok(None))


def trailers(
    *, unless_written: Trailers
) -> tuple[FutureWriter[Trailers], FutureReader[Trailers]]:
    """Make a future for what follows a body that we write."""
    make: Any = (
        wit_world.result_option_wasi_http_types_fields_wasi_http_types_error_code_future
    )
    pair: tuple[FutureWriter[Trailers], FutureReader[Trailers]] = make(
        lambda: unless_written
    )
    return pair


def broken() -> Trailers:
    """Return what a future says after a body that was not written to its end."""
    return Err(ErrorCode_InternalError(None))
