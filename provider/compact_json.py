"""JSON that goes out: without needless bytes."""

import json


def encode_json(value: object) -> bytes:
    """Encode compactly, in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair, which JSON can hold and UTF-8 cannot, becomes its escape.
    return text.encode(errors="backslashreplace")
