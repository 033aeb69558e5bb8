"""The settings in force for one request."""

from dataclasses import dataclass, field

from provider.base_url import BaseUrl
from provider.settings.shared import Conduct
from provider.settings.upstream import Endpoint


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
        """Return what no reply may hold."""
        return (self.api_key,) if self.api_key else ()
