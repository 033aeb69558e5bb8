"""The settings in force for one request."""

from dataclasses import dataclass, field

from provider.base_url import BaseUrl
from provider.settings.shared import Conduct
from provider.settings.upstream import Endpoint

SHORTEST_SECRET = 8
"""Characters: every provider's keys have many more."""
SHORT_KEY = (
    f"the key has fewer than {SHORTEST_SECRET} characters: it is not searched for in "
    "what the upstream sends"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What one request needs to know of the operator's wishes."""

    api_key: str = field(repr=False)
    """Empty if the upstream asks for none."""
    base_url: BaseUrl
    model: str
    api: Endpoint
    """The upstream's OpenAI-compatible API."""
    prompt_api: str
    """Which of its APIs answers prompts: "responses", "chat" or "completions"."""
    price_table: str
    """Whose context windows and prices `/v1/models` tells, if any."""
    conduct: Conduct

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what no reply may hold: a short key would be found in any text."""
        return (self.api_key,) if len(self.api_key) >= SHORTEST_SECRET else ()

    @property
    def has_short_key(self) -> bool:
        """Tell whether there is a key, and too short to be searched for."""
        return 0 < len(self.api_key) < SHORTEST_SECRET
