"""Token counts as Chat Completions and Completions tell them."""

from local_upstream.asking import Json


def completion_usage(asked: int, answered: int) -> Json:
    """Return a completion's usage."""
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def usage_chunk(head: Json, usage: Json) -> Json:
    """Return the chunk that alone tells the usage, and has no choices."""
    return {**head, "choices": [], "usage": usage}
