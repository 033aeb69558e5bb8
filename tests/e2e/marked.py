"""Keys, prompts and replies by which `scripts.check_logs` knows a leak."""

from local_upstream.responses import Answer, encode, stream
from scripts.check_logs import CLIENT_MARK, KEY_MARK, PROMPT_MARK, REPLY_MARK

KEY = f"sk-{KEY_MARK}"
PROMPT = f"Tell me of {PROMPT_MARK} in one line."
REPLY = f"a reply with {REPLY_MARK}"
CLIENT_SECRET = f"secret-{CLIENT_MARK}"


def chunks(count: int) -> list[bytes]:
    """Return the stream of a reply, `count` events of it deltas, one a chunk."""
    deltas = [f"{REPLY_MARK} {number} " for number in range(count)]
    return [encode(event) for event in stream(Answer("gpt-4.1", PROMPT, deltas))]
