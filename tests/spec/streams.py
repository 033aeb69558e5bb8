"""Event streams taken apart, as far as these tests need it."""

import json
import re

from tests.spec.openapi import Json


def parse(body: bytes) -> list[tuple[str, Json]]:
    """Return each event's name and its JSON, whatever the stream's line endings are."""
    lines = re.sub(r"\r\n?", "\n", body.decode("utf-8-sig"))
    blocks = [_fields(block) for block in lines.split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks if block]


def _fields(block: str) -> dict[str, str]:
    fields = (line.partition(":") for line in block.split("\n"))
    return {name: value.removeprefix(" ") for name, _, value in fields if name}
