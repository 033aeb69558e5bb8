"""Look for secrets in logs: `python -m scripts.check_logs DIRECTORY`.

The tests' keys, prompts and replies hold the marks below, and what they provoke is
logged at every level; so a mark in a log is a leak. Exits with 1 and says where, never
what; and likewise when there is no log, as then nothing has been proved.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# Each fits whatever carries it: a header's value, a URL, JSON or HTML.
KEY_MARK = "KeyMark51f0c2"
PROMPT_MARK = "PromptMark7d9e"
REPLY_MARK = "ReplyMarkb3a84"
CLIENT_MARK = "ClientMark60d7"

SECRETS = {
    # Beside the marks, what no log of this project has a reason to hold.
    "a key": re.compile(rb"%b|\bsk-\w|\bBearer\b" % KEY_MARK.encode(), re.I),
    "a prompt": re.compile(PROMPT_MARK.encode(), re.I),
    "a reply": re.compile(
        rb"%b|response\.output_text|\bdata: ?\{" % REPLY_MARK.encode(), re.I
    ),
    "a client's header": re.compile(CLIENT_MARK.encode(), re.I),
}


class Leak(NamedTuple):
    """Where a log holds what it must not."""

    log: Path
    line: int
    what: str


def main() -> int:
    """Check every file of the directory; return the exit status."""
    if len(sys.argv) != 2:
        print("usage: python -m scripts.check_logs DIRECTORY", file=sys.stderr)
        return 2
    root = Path(sys.argv[1])
    logs = sorted(path for path in root.rglob("*") if path.is_file())
    requests = sum(map(count_requests, logs))
    if not requests:
        print(f"{root}: no log of any request, so there is nothing to check")
        return 1
    leaks = [leak for log in logs for leak in find_leaks(log)]
    for leak in leaks:
        print(f"{leak.log}:{leak.line}: holds {leak.what}")
    found = f"{len(leaks)} lines hold a secret" if leaks else "no secret"
    print(f"{root}: {len(logs)} logs, {requests} requests: {found}")
    return 1 if leaks else 0


def find_leaks(log: Path) -> Iterator[Leak]:
    """Yield every line of `log` that holds a secret."""
    for number, line in enumerate(log.read_bytes().split(b"\n"), 1):
        for what, pattern in SECRETS.items():
            if pattern.search(line):
                yield Leak(log, number, what)


def count_requests(log: Path) -> int:
    """Count the lines that tell of a request."""
    return sum(map(_is_request, log.read_bytes().split(b"\n")))


def _is_request(line: bytes) -> bool:
    try:
        parsed = json.loads(line)
    except ValueError:
        return False
    return isinstance(parsed, dict) and parsed.get("event") == "request"


if __name__ == "__main__":
    sys.exit(main())
