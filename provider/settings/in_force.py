"""The settings in force, as an operator may see them: no secret is among them."""

from collections.abc import Sequence
from typing import Any

from provider.settings.setting import AnySetting
from provider.settings.shared import ACCESS_TOKENS
from provider.settings.sources import Sources


def in_force(
    sources: Sources, settings: Sequence[AnySetting], key_variable: str
) -> dict[str, Any]:
    """Return the value and the origin of each setting, by its name in a document.

    Of the key and the tokens it says whether, and how many, there are. Raises
    `ConfigurationError`.
    """
    shown: dict[str, Any] = {
        setting.path: {
            "value": _shown(sources.read(setting)),
            "from": _origin(setting, sources),
        }
        for setting in settings
        if setting.path
    }
    has_key = bool(sources.environ.get(key_variable, "").strip())
    tokens = len(sources.read(ACCESS_TOKENS))
    return shown | {
        key_variable: "set" if has_key else "not set",
        ACCESS_TOKENS.variable: f"{tokens} set" if tokens else "not set",
    }


def _shown(value: Any) -> Any:
    """Return a value as JSON has it: patterns are text there."""
    if isinstance(value, tuple):
        return list(map(str, value))
    return value


def _origin(setting: AnySetting, sources: Sources) -> str:
    origin = sources.origin(setting)
    return setting.variable if origin == "environment" else origin
