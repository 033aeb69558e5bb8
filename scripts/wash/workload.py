"""What wash serves, and what the guests of an edition are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from provider.settings.shared import ACCESS_TOKENS
from scripts.editions import Edition
from scripts.wash.secrets_file import SecretsFile

ANY_PORT = "127.0.0.1:0"


@dataclass(frozen=True, slots=True)
class Workload:
    """A composed file, and what its guests are given; it holds no value of any.

    Variables are read from the environment of wash: one that is not set there stops
    it with an error that names the variable.
    """

    component: Path
    settings: tuple[str, ...] = ()
    """Names of variables."""
    secrets: tuple[str, ...] = ()
    """The same, of which wash takes more care."""
    secrets_file: Path | None = None
    """Lines of NAME=VALUE, readable for its owner alone."""
    allowed_hosts: tuple[str, ...] = ()
    """All that guests may ask, such as `https://api.openai.com`; empty is nobody."""
    authorities: tuple[Path, ...] = ()
    """PEM files of authorities that are trusted beside the public ones."""
    address: str = ANY_PORT


def secret_names(edition: Edition, environ: Mapping[str, str]) -> frozenset[str]:
    """Return the variables whose values nobody may see.

    Raises `ConfigurationError`.
    """
    return frozenset({edition.key(environ), ACCESS_TOKENS.variable})


def workload_of(
    component: Path,
    address: str,
    edition: Edition,
    environ: Mapping[str, str],
    secrets: SecretsFile | None = None,
    authorities: tuple[Path, ...] = (),
) -> Workload:
    """Give the guests what is set in `environ`, and the upstream of these settings.

    What the file of secrets holds is not taken from `environ`. Raises
    `ConfigurationError`.
    """
    named = set(edition.variables(environ)) - set(secrets.values if secrets else ())
    secret = secret_names(edition, environ)
    return Workload(
        component,
        settings=tuple(sorted(named - secret)),
        secrets=tuple(sorted(named & secret)),
        secrets_file=secrets.path if secrets else None,
        allowed_hosts=(edition.origin(environ),),
        authorities=authorities,
        address=address,
    )
