"""The providers, each in a file of its own, by the names of their example settings."""

from tests.providers.dialects.azure import AZURE, AZURE_V1
from tests.providers.dialects.custom import CUSTOM
from tests.providers.dialects.gemini import GEMINI
from tests.providers.dialects.localai import LOCALAI
from tests.providers.dialects.moonshot import MOONSHOT
from tests.providers.dialects.ollama import OLLAMA
from tests.providers.dialects.openai import OPENAI
from tests.providers.dialects.text_generation_webui import TEXT_GENERATION_WEBUI
from tests.providers.dialects.vllm import VLLM

DIALECTS = {
    dialect.name: dialect
    for dialect in (
        OPENAI,
        AZURE,
        AZURE_V1,
        MOONSHOT,
        VLLM,
        LOCALAI,
        OLLAMA,
        TEXT_GENERATION_WEBUI,
        GEMINI,
        CUSTOM,
    )
}
