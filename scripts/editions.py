"""What is served: the files of build/, and what each needs from its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gemini_component import settings as gemini
from gemini_component.gemini import GEMINI
from openai_component import settings as openai
from openai_component.openai import OPENAI
from provider.provider import Provider
from provider.settings import document
from provider.settings.setting import Setting
from provider.settings.sources import Sources
from provider.settings.upstream import read_base_url
from scripts.room import room_flags

# An instance of the gateway takes 16 streams at once by default, 128 in its life. With
# more, a thousand streams make fewer: 68 MiB in place of 115. A trap, which no
# request may cause, would end as many streams.
SHARING = (
    "--max-instance-concurrent-reuse-count=64",
    "--max-instance-reuse-count=1000",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One file of build/, by the name it has there."""

    provider: Provider
    key_variable: Setting[str]
    base_url: Setting[str]
    prompt_path: str
    local_path: str
    """Of the local upstream's API for it."""
    local_settings: Mapping[str, str]
    """What the stand-in is to be taken for, beside where it is."""
    is_gateway: bool

    @property
    def flags(self) -> tuple[str, ...]:
        """Return what `wasmtime serve` should be given for many streams."""
        return (*room_flags(), *(SHARING if self.is_gateway else ()))

    def sources(self, environ: Mapping[str, str]) -> Sources:
        """Return the settings' sources. Raises `ConfigurationError`."""
        return Sources(environ, self.provider.settings)

    def origin(self, environ: Mapping[str, str]) -> str:
        """Return the upstream's scheme, name and port. Raises `ConfigurationError`."""
        url = read_base_url(self.base_url, self.sources(environ))
        return f"{url.scheme}://{url.authority}"

    def key(self, environ: Mapping[str, str]) -> str:
        """Return the name of the variable that holds the key."""
        return self.sources(environ).read(self.key_variable)

    def variables(self, environ: Mapping[str, str]) -> list[str]:
        """Return the names of the variables that are set, and that the guest may see.

        Raises `ConfigurationError`.
        """
        known = [setting.variable for setting in self.provider.settings]
        known += [document.VARIABLE, self.key(environ)]
        return [name for name in known if name in environ]

    def has_upstream(self, environ: Mapping[str, str]) -> bool:
        """Tell whether the operator has said where to go, or as whom."""
        origin = self.sources(environ).origin(self.base_url)
        return origin != "default" or bool(environ.get(self.key(environ)))


def _openai(*, is_gateway: bool) -> Edition:
    return Edition(
        OPENAI,
        openai.KEY_VARIABLE,
        openai.BASE_URL,
        "/openai-proxy",
        "/v1",
        {openai.PRICE_TABLE.variable: "openai"},
        is_gateway,
    )


def _gemini(*, is_gateway: bool) -> Edition:
    return Edition(
        GEMINI,
        gemini.KEY_VARIABLE,
        gemini.BASE_URL,
        "/gemini-proxy",
        "/v1beta",
        {},
        is_gateway,
    )


EDITIONS = {
    "final": _openai(is_gateway=False),
    "gateway": _openai(is_gateway=True),
    "gemini": _gemini(is_gateway=False),
    "gemini_gateway": _gemini(is_gateway=True),
}


def edition_of(component: Path) -> Edition:
    """Return what a file is, by its name. Raises `ValueError`."""
    if component.stem not in EDITIONS:
        raise ValueError(f"{component} is none of {', '.join(EDITIONS)}.")
    return EDITIONS[component.stem]


def with_config(environ: Mapping[str, str], config: Path | None) -> dict[str, str]:
    """Return the environment, with a file's text as the document if there is one.

    Raises `ValueError`.
    """
    if config is None:
        return dict(environ)
    try:
        return {**environ, document.VARIABLE: config.read_text(encoding="utf-8")}
    except OSError as error:
        raise ValueError(f"{config} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{config} is no text in UTF-8.") from error
