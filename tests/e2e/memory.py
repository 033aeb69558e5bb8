"""The memory of a server."""

import re
from pathlib import Path

from tests.e2e.proxy import Proxy


def resident(proxy: Proxy) -> int:
    """Return the bytes of memory that it holds."""
    status = Path(f"/proc/{proxy.pid}/status").read_text()
    found = re.search(r"^VmRSS:\s*(\d+) kB", status, re.M)
    assert found
    return int(found[1]) * 1024
