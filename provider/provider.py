"""What sets one provider apart from the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from provider.access import Access, read_access
from provider.settings import document
from provider.settings.setting import AnySetting
from provider.settings.settings import SHORT_KEY, Settings
from provider.settings.shared import read_log_level
from provider.settings.sources import Sources
from wire.errors import ConfigurationError
from wire.ports import Clock, Host, Upstream, UpstreamRequest
from wire.request_log import RequestLog, log_line

SHORT_KEY_NOTICE = log_line("short_key", {"notice": SHORT_KEY})
Items = tuple[tuple[str, str], ...]


def _unchanged(upstream: Upstream, _: Clock) -> Upstream:
    return upstream


@dataclass(frozen=True, slots=True, eq=False)
class Provider:
    """A provider component, as plain functions: its WASI glue is the same for all."""

    settings: tuple[AnySetting, ...]
    """All that it understands, of its own and of what every provider has."""
    read: Callable[[Sources], Settings]
    build_prompt: Callable[[str, Settings], UpstreamRequest]
    """Build the request that answers a prompt."""
    reach: Callable[[Upstream, Clock], Upstream] = _unchanged
    """Put the upstream behind what makes its errors those of OpenAI."""

    def through(self, host: Host) -> Host:
        """Return the host with its upstream behind `reach`."""
        return replace(host, upstream=self.reach(host.upstream, host.clock))

    def read_settings(self, environ: Mapping[str, str], log: RequestLog) -> Settings:
        """Read and check all settings. Raises `ConfigurationError`."""
        items = tuple(environ.items())
        log.level = read_log_level(_sources(self, items))
        return _settings(self, items)

    def key_notice(self, environ: Mapping[str, str]) -> str:
        """Return the line for the log on a key that is not searched for, or nothing."""
        try:
            settings = _settings(self, tuple(environ.items()))
        except ConfigurationError:
            return ""
        return SHORT_KEY_NOTICE if settings.has_short_key else ""

    def read_access(self, environ: Mapping[str, str]) -> Access:
        """Read who may enter, even if the document cannot be read."""
        try:
            sources = _sources(self, tuple(environ.items()))
        except ConfigurationError:
            readable = {k: v for k, v in environ.items() if k != document.VARIABLE}
            sources = Sources(readable, self.settings)
        return read_access(sources)


# The environment of an instance stays as it is, so what it says is read once.
@lru_cache(maxsize=1)
def _sources(provider: Provider, environ: Items) -> Sources:
    return Sources(dict(environ), provider.settings)


@lru_cache(maxsize=1)
def _settings(provider: Provider, environ: Items) -> Settings:
    return provider.read(_sources(provider, environ))
