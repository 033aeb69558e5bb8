"""A file of secrets, checked before wash reads it: lines of NAME=VALUE.

wash refuses a file that others can read, but after a minute's work; it takes quotes
for a part of the value, and any name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PRIVATE_MODES = (0o600, 0o400)


@dataclass(frozen=True, slots=True)
class SecretsFile:
    """A file that has been read; `values` are those that wash will read in it."""

    path: Path
    values: Mapping[str, str] = field(repr=False)


def read_secrets(path: Path, known: frozenset[str]) -> SecretsFile:
    """Read a file of secrets. Raises `ValueError`, which shows none of them."""
    _check_mode(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8.") from None
    return SecretsFile(path, dict(_pairs(path, text, known)))


def _check_mode(path: Path) -> None:
    try:
        mode = path.stat().st_mode & 0o777
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    if mode not in PRIVATE_MODES:
        raise ValueError(
            f"{path} has mode {mode:o}, and a file of secrets must be readable for "
            f"its owner alone: chmod 600 {path}"
        )


def _pairs(path: Path, text: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            name, separator, value = (part.strip() for part in stripped.partition("="))
            place = f"line {number} of {path}"
            if not separator:
                raise ValueError(f"{place} is not NAME=VALUE.")
            if name not in known:
                names = " and ".join(sorted(known))
                raise ValueError(f"{place} is none of the secrets, {names}.")
            if not value or value[0] in "'\"":
                raise ValueError(
                    f"{place} needs a value for {name}, without quotes: wash would "
                    "take them for a part of it."
                )
            yield name, value
