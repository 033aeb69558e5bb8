"""Moonshot (Kimi): chats and models alone; its text models want plain strings.

The shape of errors is that of https://github.com/can1357/oh-my-pi/issues/5981 and
https://github.com/MoonshotAI/kimi-cli/issues/2011; on strings, see
https://github.com/BerriAI/litellm/pull/21595.
"""

from local_upstream.errors import ApiError
from tests.providers.dialect import CHAT, MODELS, Dialect, Refusal, Told

TYPES = {
    400: "invalid_request_error",
    401: "invalid_authentication_error",
    403: "permission_denied_error",
    404: "resource_not_found_error",
    429: "rate_limit_reached_error",
}


def tell(error: ApiError) -> Told:
    """Tell of an error, without a code."""
    kind = TYPES.get(error.status, "server_error")
    return Told({"error": {"message": str(error), "type": kind}})


MOONSHOT = Dialect(
    "moonshot",
    "/v1",
    {**CHAT, **MODELS},
    tell,
    takes_arrays=False,
    wrong_key=Refusal(401, "Invalid Authentication"),
    wrong_content=Refusal(
        400, "Invalid request: the content of a message must be a string"
    ),
)
