"""The settings that every provider has, and what they make together."""

from dataclasses import dataclass

from provider.allow_list import Pattern
from provider.retry import RetryPolicy
from provider.settings.kinds import Choice, Flag, Number, OrNone, Words
from provider.settings.patterns import Patterns
from provider.settings.setting import Setting
from provider.settings.sources import Sources
from wire.ports import Timeouts
from wire.request_log import LogLevel

HOUR_MS = 3_600_000
CONTENT_FORMAT = Setting(
    "PROXY_CONTENT_FORMAT",
    "content_format",
    "Array",
    Choice(("Array", "String")),
    "gateway: `String` sends message contents that are arrays of text parts as plain "
    "strings; `Array` leaves them as they are",
)
CHAT_TEMPERATURE = Setting(
    "PROXY_CHAT_TEMPERATURE",
    "chat_temperature",
    "0.7",
    OrNone(Number(0, 2, whole=False)),
    "gateway: what `/chat` sends where a client names no temperature; `none` (null in "
    "the document) for models that refuse any",
)
CONNECT_TIMEOUT = Setting(
    "PROXY_CONNECT_TIMEOUT_MS",
    "connect_timeout_ms",
    "10000",
    Number(1, HOUR_MS),
    "wait for a connection",
)
FIRST_BYTE_TIMEOUT = Setting(
    "PROXY_FIRST_BYTE_TIMEOUT_MS",
    "timeout_ms",
    "120000",
    Number(1, HOUR_MS),
    "wait for the head of a reply, from the last byte of the request",
)
BETWEEN_BYTES_TIMEOUT = Setting(
    "PROXY_BETWEEN_BYTES_TIMEOUT_MS",
    "between_bytes_timeout_ms",
    "300000",
    Number(1, HOUR_MS),
    "silence allowed in a stream",
)
CLIENT_TIMEOUT = Setting(
    "PROXY_CLIENT_TIMEOUT_MS",
    "client_timeout_ms",
    "30000",
    Number(1, HOUR_MS),
    "gateway: silence allowed in a client's body; then 408 and the connection's end "
    "(the pair: 30 s)",
)
TOTAL_TIMEOUT = Setting(
    "PROXY_TOTAL_TIMEOUT_MS",
    "retry_config.max_total_timeout_ms",
    "120000",
    Number(1, HOUR_MS),
    "all attempts and the waits between them, up to the head of a reply; not counted "
    "is the time that a client takes to send its body",
)
MAX_RETRIES = Setting(
    "PROXY_MAX_RETRIES",
    "retry_config.max_retries",
    "4",
    Number(0, 10),
    "attempts after the first; 0 for none",
)
INITIAL_DELAY = Setting(
    "PROXY_RETRY_INITIAL_DELAY_MS",
    "retry_config.initial_delay_ms",
    "1000",
    Number(0, HOUR_MS),
    "wait before the first retry",
)
MULTIPLIER = Setting(
    "PROXY_RETRY_MULTIPLIER",
    "retry_config.backoff_multiplier",
    "2",
    Number(1, 10, whole=False),
    "growth of the wait from retry to retry",
)
MAX_DELAY = Setting(
    "PROXY_RETRY_MAX_DELAY_MS",
    "retry_config.max_delay_ms",
    "30000",
    Number(0, HOUR_MS),
    "longest wait; a longer `retry-after` is passed on to the client at once",
)
ALLOW_PLAIN_HTTP = Setting(
    "PROXY_ALLOW_PLAIN_HTTP",
    "allow_plain_http",
    "false",
    Flag(),
    "`true` allows `http` to hosts other than loopback, with the key in clear",
)
LOG_LEVEL = Setting(
    "LOG_LEVEL",
    "log_level",
    "info",
    Choice(tuple(level.name.lower() for level in LogLevel)),
    "`debug` adds a line for each chunk, `error` leaves only failures",
)
ACCESS_TOKENS = Setting(
    "PROXY_ACCESS_TOKENS",
    "",
    "",
    # What a client can send as a bearer token, and this word, which comes before one.
    # See: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    Words(
        "a list of tokens, of letters, digits and -._~+/ with = at the end, and "
        "without the word Bearer",
        r"(?!(?i:bearer)\Z)[A-Za-z0-9._~+/-]+=*",
    ),
    "gateway: who may enter, several tokens for rotation; unset, everybody may",
    is_shown=False,
    may_be_blank=False,
)
CORS_ORIGINS = Setting(
    "PROXY_CORS_ORIGINS",
    "cors_origins",
    "",
    # As browsers write them: whatever is written otherwise compares equal to none.
    # See: https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin
    Words(
        "a list of origins such as https://chat.example: scheme and host in lower "
        "case, a port only if it is not the usual one, no path and no *",
        r"(?!http://.*:80\Z)(?!https://.*:443\Z)"
        r"[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?",
    ),
    "gateway: origins whose pages may use it, such as `https://chat.example`",
)
ALLOWED_PATHS = Setting(
    "PROXY_ALLOWED_PATHS",
    "allowed_paths",
    "POST responses, POST responses/input_tokens, POST responses/compact, "
    "GET responses/*, POST chat/completions, GET chat/completions/*, "
    "POST completions, POST embeddings, POST moderations, GET models, GET models/*, "
    "POST audio/speech, POST audio/transcriptions, POST audio/translations, "
    "POST audio/voices, POST audio/voice_consents, "
    "GET audio/voice_consents/*, POST images/*",
    Patterns(),
    "gateway: what `/v1/` serves, see [below](#what-v1-serves)",
)
SHARED = (
    CONTENT_FORMAT,
    CHAT_TEMPERATURE,
    FIRST_BYTE_TIMEOUT,
    CONNECT_TIMEOUT,
    BETWEEN_BYTES_TIMEOUT,
    CLIENT_TIMEOUT,
    MAX_RETRIES,
    INITIAL_DELAY,
    MAX_DELAY,
    MULTIPLIER,
    TOTAL_TIMEOUT,
    ALLOW_PLAIN_HTTP,
    LOG_LEVEL,
    ALLOWED_PATHS,
    CORS_ORIGINS,
    ACCESS_TOKENS,
)


@dataclass(frozen=True, slots=True)
class Conduct:
    """How requests are made, whatever the provider: time, retries, paths, log."""

    timeouts: Timeouts
    client_timeout: float
    """Seconds; who reads a client's body takes it from `Access`, before all this."""
    retry_policy: RetryPolicy
    content_format: str
    chat_temperature: float | None
    allowed_paths: tuple[Pattern, ...]
    log_level: LogLevel


def read_conduct(sources: Sources) -> Conduct:
    """Read what all providers have in common. Raises `ConfigurationError`."""
    for of_the_router in (ACCESS_TOKENS, CORS_ORIGINS):
        sources.read(of_the_router)
    return Conduct(
        timeouts=_read_timeouts(sources),
        client_timeout=sources.read(CLIENT_TIMEOUT) / 1000,
        retry_policy=_read_retry_policy(sources),
        content_format=sources.read(CONTENT_FORMAT),
        chat_temperature=sources.read(CHAT_TEMPERATURE),
        allowed_paths=sources.read(ALLOWED_PATHS),
        log_level=read_log_level(sources),
    )


def read_log_level(sources: Sources) -> LogLevel:
    """Read what the log holds. Raises `ConfigurationError`."""
    return LogLevel[sources.read(LOG_LEVEL).upper()]


def _read_timeouts(sources: Sources) -> Timeouts:
    connect = sources.read(CONNECT_TIMEOUT) / 1000
    first_byte = sources.read(FIRST_BYTE_TIMEOUT) / 1000
    return Timeouts(
        connect=connect,
        first_byte=first_byte,
        between_bytes=sources.read(BETWEEN_BYTES_TIMEOUT) / 1000,
        head=connect + first_byte,
    )


def _read_retry_policy(sources: Sources) -> RetryPolicy:
    return RetryPolicy(
        max_retries=int(sources.read(MAX_RETRIES)),
        initial_delay=sources.read(INITIAL_DELAY) / 1000,
        multiplier=sources.read(MULTIPLIER),
        max_delay=sources.read(MAX_DELAY) / 1000,
        total=sources.read(TOTAL_TIMEOUT) / 1000,
    )
