"""What the tests ask for."""

from typing import Any

from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel

from scripts.check_logs import PROMPT_MARK

MODEL = "gpt-4.1"
PROMPT = f"Tell me of {PROMPT_MARK} in one line."


class Forecast(BaseModel):
    """What structured output is to be, and what a function takes."""

    city: str
    days: list[int]
    note: str | None


def look_up() -> dict[str, Any]:
    """Return a function that the Responses API can call."""
    return {
        "type": "function",
        "name": "look_up",
        "description": "Look up a forecast.",
        "strict": True,
        "parameters": to_strict_json_schema(Forecast),
    }
