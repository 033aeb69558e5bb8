"""What every host is started with: a key, a document, and a trap for the router."""

import json

from tests.e2e.marked import KEY
from tests.e2e.upstream import Upstream

MODEL = "model-of-the-document"
ELSEWHERE = "/elsewhere"
"""Where a router that saw the host's environment would take prompts."""


def environment(upstream: Upstream) -> dict[str, str]:
    """Return all that the guests are to be given."""
    retries = {"max_retries": 0}
    config = {
        "base_url": upstream.url,
        "default_model": MODEL,
        "retry_config": retries,
    }
    return {
        "OPENAI_API_KEY": KEY,
        "PROXY_CONFIG": json.dumps({"config": config}),
        "PROMPT_PATH": ELSEWHERE,
        "LOG_LEVEL": "debug",
    }
