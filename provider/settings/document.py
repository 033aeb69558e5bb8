"""The document in PROXY_CONFIG: settings as JSON, each checked where it stands.

{"config": {"default_model": "...", "retry_config": {"max_retries": 2}}}
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from provider.settings.setting import SHOWN_LIMIT, AnySetting
from wire.errors import ConfigurationError
from wire.shallow_json import parse_shallow

VARIABLE = "PROXY_CONFIG"
ROOT = "config"
LEFT_OUT = {
    "max_cache_size": "no reply is cached: each could be another's, and an instance "
    "does not live long enough to keep any",
    "api_key": "a key does not belong in a document; name its variable in "
    "config.api_key_env",
    "access_tokens": "tokens do not belong in a document; set PROXY_ACCESS_TOKENS",
}
"""What people may look for and not find, each with the reason."""

Values = dict[str, Any]
"""Values by the path of their setting."""


def read_document(text: str, known: Sequence[AnySetting]) -> Values:
    """Read all that the document sets; nothing if it is blank.

    Raises `ConfigurationError`, which names the place, for what is no JSON, for a
    member that is no setting, and for a value that its setting does not take.
    """
    if not text.strip():
        return {}
    document = _parse(text)
    match document:
        case {"config": dict() as config} if len(document) == 1:
            return dict(_read(config, "", {s.path: s for s in known if s.path}))
    raise _refused(f'{VARIABLE} must be an object like {{"{ROOT}": {{...}}}}.')


def _parse(text: str) -> Any:
    try:
        return parse_shallow(text.encode(errors="replace"), object_pairs_hook=_distinct)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _refused(f"{VARIABLE} is not JSON: {error.msg} at {place}.") from None
    except ValueError:
        raise _refused(
            f"{VARIABLE} is nested too deep, or has a number of thousands of digits."
        ) from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a member that stands twice: whoever reads it sees the first, or the last.

    See: https://www.rfc-editor.org/rfc/rfc8259#section-4
    """
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            shown = f"`{name}`" if len(name) <= SHOWN_LIMIT else "A member"
            raise _refused(f"{shown} stands twice in one object of {VARIABLE}.")
        members[name] = value
    return members


def _read(
    members: dict[str, Any], parent: str, settings: dict[str, AnySetting]
) -> Iterator[tuple[str, Any]]:
    groups = {path.rpartition(".")[0] for path in settings} - {""}
    for name, value in members.items():
        path = f"{parent}{name}"
        if "." in name:
            raise _unknown(path, parent, settings)
        if path in settings:
            yield path, _convert(settings[path], value)
        elif path in groups and isinstance(value, dict):
            yield from _read(value, f"{path}.", settings)
        elif path in groups:
            raise _refused(f"{ROOT}.{path} must be an object.")
        else:
            raise _unknown(path, parent, settings)


def _convert(setting: AnySetting, value: object) -> object:
    try:
        return setting.kind.from_json(value)
    except ValueError as error:
        name = f"{ROOT}.{setting.path}"
        raise setting.refused(json.dumps(value), name, error) from None


def _unknown(
    path: str, parent: str, settings: dict[str, AnySetting]
) -> ConfigurationError:
    if path in LEFT_OUT:
        return _refused(f"{ROOT}.{path} is not a setting: {LEFT_OUT[path]}.")
    name = path.removeprefix(parent)
    shown = f"{ROOT}.{path}" if len(name) <= SHOWN_LIMIT else f"A member of {ROOT}"
    names = {
        known.removeprefix(parent).partition(".")[0]
        for known in settings
        if known.startswith(parent)
    }
    return _refused(f"{shown} is not a setting; there are {', '.join(sorted(names))}.")


def _refused(message: str) -> ConfigurationError:
    return ConfigurationError(message, code="invalid_config")
