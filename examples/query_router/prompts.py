"""Which target is a prompt, and what any other request is told."""

from urllib.parse import parse_qs

TARGET_LIMIT = 8_192
"""Characters of path and query that are looked at."""
HEADERS = [("content-type", b"text/plain")]
USAGE = b"Ask as GET /?q=YOUR+PROMPT, in 8192 characters at most.\n"


def find_prompt(target: str) -> str | None:
    """Return what the query of `/?q=...` asks; None if nothing, or too much."""
    path, _, query = target.partition("?")
    if path != "/" or len(target) > TARGET_LIMIT:
        return None
    return parse_qs(query).get("q", [None])[0]
