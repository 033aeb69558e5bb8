"""The settings that every provider has: environment variables, checked when read.

A variable that is unset or blank has its default. One that makes no sense is an error
that names it, at the first request: a component has no earlier moment to speak.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wire.base_url import BadBaseUrl, BaseUrl, parse_base_url
from wire.errors import ConfigurationError
from wire.ports import Timeouts
from wire.request_log import LogLevel
from wire.retry import RetryPolicy

Environ = Mapping[str, str]
SHOWN_LIMIT = 20
"""Characters of a wrong value that an error shows: fewer than any key has."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, as the documentation tells of it."""

    name: str
    default: str
    meaning: str

    def read(self, environ: Environ) -> str:
        """Return the variable's value without the blanks around it, or the default."""
        return environ.get(self.name, "").strip() or self.default


@dataclass(frozen=True, slots=True)
class Number:
    """A setting that is a number between two bounds, both included."""

    setting: Setting
    minimum: int
    maximum: int
    whole: bool = True

    def read(self, environ: Environ) -> float:
        """Return the value. Raises `ConfigurationError` when it makes no sense."""
        text = self.setting.read(environ)
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            value = float("nan")
        if not self.minimum <= value <= self.maximum:
            kind = "a whole number" if self.whole else "a number"
            expected = f"{kind} from {self.minimum} to {self.maximum}"
            raise wrong_value(self.setting, environ, expected)
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting that is one of a few words, in upper or lower case."""

    setting: Setting
    words: tuple[str, ...]

    def read(self, environ: Environ) -> str:
        """Return the word in lower case. Raises `ConfigurationError`."""
        text = self.setting.read(environ).lower()
        if text not in self.words:
            raise wrong_value(self.setting, environ, " or ".join(self.words))
        return text


def wrong_value(
    setting: Setting, environ: Environ, expected: str
) -> ConfigurationError:
    """Build the error for a value that makes no sense, showing it if it is short."""
    text = setting.read(environ)
    shown = repr(text) if len(text) <= SHOWN_LIMIT else f"{len(text)} characters long"
    return ConfigurationError(
        f"{setting.name} is {shown}, but it must be {expected}.", code="invalid_setting"
    )


HOUR_MS = 3_600_000
CONNECT_TIMEOUT = Number(
    Setting("PROXY_CONNECT_TIMEOUT_MS", "10000", "wait for a connection"), 1, HOUR_MS
)
FIRST_BYTE_TIMEOUT = Number(
    Setting("PROXY_FIRST_BYTE_TIMEOUT_MS", "120000", "wait for the head of a reply"),
    1,
    HOUR_MS,
)
BETWEEN_BYTES_TIMEOUT = Number(
    Setting("PROXY_BETWEEN_BYTES_TIMEOUT_MS", "300000", "silence allowed in a stream"),
    1,
    HOUR_MS,
)
TOTAL_TIMEOUT = Number(
    Setting(
        "PROXY_TOTAL_TIMEOUT_MS",
        "120000",
        "all attempts and the waits between them, up to the head of a reply",
    ),
    1,
    HOUR_MS,
)
MAX_RETRIES = Number(
    Setting("PROXY_MAX_RETRIES", "4", "attempts after the first; 0 for none"),
    0,
    10,
)
INITIAL_DELAY = Number(
    Setting("PROXY_RETRY_INITIAL_DELAY_MS", "1000", "wait before the first retry"),
    0,
    HOUR_MS,
)
MULTIPLIER = Number(
    Setting("PROXY_RETRY_MULTIPLIER", "2", "growth of the wait from retry to retry"),
    1,
    10,
    whole=False,
)
MAX_DELAY = Number(
    Setting(
        "PROXY_RETRY_MAX_DELAY_MS",
        "30000",
        "longest wait; a longer `retry-after` is passed on to the client at once",
    ),
    0,
    HOUR_MS,
)
ALLOW_PLAIN_HTTP = Choice(
    Setting(
        "PROXY_ALLOW_PLAIN_HTTP",
        "false",
        "`true` allows `http` to hosts other than loopback, with the key in clear",
    ),
    ("false", "true"),
)
LOG_LEVEL = Choice(
    Setting(
        "LOG_LEVEL",
        "info",
        "`debug` adds a line for each chunk, `error` leaves only failures",
    ),
    tuple(level.name.lower() for level in LogLevel),
)
ACCESS_TOKENS = Setting(
    "PROXY_ACCESS_TOKENS",
    "",
    "gateway: who may enter, several tokens for rotation; unset, everybody may",
)
CORS_ORIGINS = Setting(
    "PROXY_CORS_ORIGINS",
    "",
    "gateway: origins whose pages may use it, such as `https://chat.example`",
)
ALLOWED_PATHS = Setting(
    "PROXY_ALLOWED_PATHS",
    "responses responses/* chat/completions completions embeddings models models/* "
    "moderations audio/* images/*",
    "gateway: what `/v1/` serves; `/*` stands for everything below",
)
GATEWAY_SETTINGS = (ACCESS_TOKENS, CORS_ORIGINS, ALLOWED_PATHS)
SETTINGS = tuple(
    named.setting
    for named in (
        CONNECT_TIMEOUT,
        FIRST_BYTE_TIMEOUT,
        BETWEEN_BYTES_TIMEOUT,
        TOTAL_TIMEOUT,
        MAX_RETRIES,
        INITIAL_DELAY,
        MULTIPLIER,
        MAX_DELAY,
        ALLOW_PLAIN_HTTP,
        LOG_LEVEL,
    )
)


def read_timeouts(environ: Environ) -> Timeouts:
    """Read how long to wait for the upstream. Raises `ConfigurationError`."""
    connect = CONNECT_TIMEOUT.read(environ) / 1000
    first_byte = FIRST_BYTE_TIMEOUT.read(environ) / 1000
    return Timeouts(
        connect=connect,
        first_byte=first_byte,
        between_bytes=BETWEEN_BYTES_TIMEOUT.read(environ) / 1000,
        head=connect + first_byte,
    )


def read_retry_policy(environ: Environ) -> RetryPolicy:
    """Read how often and how long to try. Raises `ConfigurationError`."""
    return RetryPolicy(
        max_retries=int(MAX_RETRIES.read(environ)),
        initial_delay=INITIAL_DELAY.read(environ) / 1000,
        multiplier=MULTIPLIER.read(environ),
        max_delay=MAX_DELAY.read(environ) / 1000,
        total=TOTAL_TIMEOUT.read(environ) / 1000,
    )


def read_allowed_paths(environ: Environ) -> tuple[str, ...]:
    """Read which paths below `/v1/` are served."""
    return tuple(split_list(ALLOWED_PATHS.read(environ)))


def split_list(text: str) -> list[str]:
    """Split a list at commas and blanks."""
    return [word for word in re.split(r"[,\s]+", text) if word]


def read_log_level(environ: Environ) -> LogLevel:
    """Read what the log holds. Raises `ConfigurationError`."""
    return LogLevel[LOG_LEVEL.read(environ).upper()]


def read_base_url(setting: Setting, environ: Environ) -> BaseUrl:
    """Read where the upstream is. Raises `ConfigurationError`, without the value."""
    plain_http = ALLOW_PLAIN_HTTP.read(environ) == "true"
    try:
        return parse_base_url(setting.read(environ), allow_plain_http=plain_http)
    except BadBaseUrl as error:
        message = f"{setting.name} cannot be used: {error}."
        raise ConfigurationError(message, code="invalid_base_url") from error
