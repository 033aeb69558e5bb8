"""The log of a component: lines on stderr."""

import random
import sys

from wire.ports import Clock
from wire.request_log import RequestLog, new_request_id


def open_log(route: str, clock: Clock) -> RequestLog:
    """Start the log of one request, with an id of its own."""
    request_id = new_request_id(random.getrandbits(128))
    return RequestLog(route, request_id, clock=clock, write=sys.stderr.write)
