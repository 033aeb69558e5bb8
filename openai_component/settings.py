"""The provider's own settings, beside those that every provider has."""

from provider.settings.kinds import Choice, Text
from provider.settings.setting import Setting
from provider.settings.settings import Settings
from provider.settings.shared import SHARED, read_conduct
from provider.settings.sources import Sources
from provider.settings.upstream import (
    VARIABLE_NAME,
    Endpoint,
    read_base_url,
    read_key,
)
from wire.ports import Headers

ASCII = Text(r"[\x21-\x7e]*", "ASCII without spaces")
KEY_VARIABLE = Setting(
    "PROXY_API_KEY_ENV",
    "api_key_env",
    "OPENAI_API_KEY",
    Text(VARIABLE_NAME, "the name of a variable, in capitals"),
    "which variable holds the key; required, unless `auth` is `none`",
    is_shown=False,
)
BASE_URL = Setting(
    "OPENAI_BASE_URL",
    "base_url",
    "https://api.openai.com/v1",
    Text(),
    "where the API is, with any port and path; nothing is added but the API's own "
    "paths, such as `/responses`",
    is_shown=False,
)
MODEL = Setting(
    "OPENAI_MODEL",
    "default_model",
    "gpt-4.1",
    Text(r"[^\x00-\x1f\x7f]+", "a model's name, on one line"),
    "the model that answers",
)
AUTH = Setting(
    "PROXY_AUTH",
    "auth",
    "bearer",
    Choice(("bearer", "api-key", "none")),
    "how the key is sent: in `authorization`, in `api-key` (Azure), or not at all",
)
API_VERSION = Setting(
    "PROXY_API_VERSION",
    "api_version",
    "",
    Text(r"[A-Za-z0-9.-]*", "a version like 2024-10-21"),
    "sent as the query `api-version` (Azure's classic deployments)",
)
PROMPT_API = Setting(
    "PROXY_PROMPT_API",
    "prompt_api",
    "responses",
    Choice(("responses", "chat", "completions")),
    "which API answers the prompts of `/openai-proxy`; `completions` those of `/chat` "
    "too",
)
ORGANIZATION = Setting(
    "OPENAI_ORG_ID", "organization", "", ASCII, "sent as `OpenAI-Organization`"
)
PROJECT = Setting("OPENAI_PROJECT_ID", "project", "", ASCII, "sent as `OpenAI-Project`")
PRICE_TABLE = Setting(
    "PROXY_PROVIDER",
    "provider",
    "",
    Text(r"[a-z0-9_-]*", "the name of a provider in lower case"),
    "gateway: whose context windows and prices `/v1/models` tells; unset, OpenAI's "
    "unless `base_url` is another's",
)
OWN = (
    PRICE_TABLE,
    KEY_VARIABLE,
    BASE_URL,
    MODEL,
    AUTH,
    API_VERSION,
    PROMPT_API,
    ORGANIZATION,
    PROJECT,
)
SETTINGS = (*OWN, *SHARED)


def read_settings(sources: Sources) -> Settings:
    """Read and check all settings. Raises `ConfigurationError`."""
    auth = sources.read(AUTH)
    key = "" if auth == "none" else _read_key(sources)
    base_url = read_base_url(BASE_URL, sources)
    version = sources.read(API_VERSION)
    return Settings(
        api_key=key,
        base_url=base_url,
        model=sources.read(MODEL),
        api=Endpoint(
            base_url,
            credentials=_credentials(auth, key, sources),
            query=f"api-version={version}" if version else "",
        ),
        prompt_api=sources.read(PROMPT_API),
        price_table=_read_price_table(sources),
        conduct=read_conduct(sources),
    )


def _read_key(sources: Sources) -> str:
    """Read the key; an upstream that is not OpenAI may well ask for none."""
    is_default = sources.origin(BASE_URL) == "default"
    return read_key(
        KEY_VARIABLE,
        sources,
        ""
        if is_default
        else f" If the upstream at {BASE_URL.variable} asks for none, set "
        f"{AUTH.variable}=none; config/ has the settings of known providers.",
    )


def _read_price_table(sources: Sources) -> str:
    is_openai = sources.read(BASE_URL).rstrip("/") == BASE_URL.default
    return sources.read(PRICE_TABLE) or ("openai" if is_openai else "")


def _credentials(auth: str, key: str, sources: Sources) -> Headers:
    """Return the headers that say who asks: the key, and the account if it is set."""
    values = {
        "authorization": f"Bearer {key}" if auth == "bearer" else "",
        "api-key": key if auth == "api-key" else "",
        "openai-organization": sources.read(ORGANIZATION),
        "openai-project": sources.read(PROJECT),
    }
    return tuple((name, value.encode()) for name, value in values.items() if value)
