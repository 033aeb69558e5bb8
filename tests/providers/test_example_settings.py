"""The example settings hold what settings may hold, and nothing that has no effect."""

from urllib.parse import urlsplit

import pytest
import yaml

from openai_component.settings import SETTINGS
from provider.settings.document import read_document
from tests.providers.example_settings import CONFIG, NAMES, read

KUSTOMIZATION = yaml.safe_load((CONFIG / "kustomization.yaml").read_text())


def test_the_providers_are_those_that_are_told_of() -> None:
    assert NAMES == [
        "azure",
        "azure-v1",
        "custom",
        "gemini",
        "localai",
        "moonshot",
        "ollama",
        "openai",
        "text-generation-webui",
        "vllm",
    ]
    files = {f"{name}.json" for name in NAMES}
    assert {path.name for path in CONFIG.iterdir()} == {*files, "kustomization.yaml"}
    # By which deploy/ takes them.
    (generator,) = KUSTOMIZATION["configMapGenerator"]
    assert sorted(generator["files"]) == sorted(files)


@pytest.mark.parametrize("name", NAMES)
def test_each_setting_is_known_and_makes_sense(name: str) -> None:
    text = (CONFIG / f"{name}.json").read_text()
    settings = read_document(text, SETTINGS)
    assert {"base_url", "default_model"} <= settings.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_key_goes_nowhere_in_clear(name: str) -> None:
    settings = read(name)
    url = urlsplit(settings["base_url"])
    assert not (url.query or url.fragment or url.username)
    assert not url.path.endswith("/")
    assert url.scheme == "https" or url.hostname == "127.0.0.1"
    # Whoever needs no key names no variable for it.
    assert ("api_key_env" in settings) == (settings.get("auth") != "none")


@pytest.mark.parametrize("name", NAMES)
def test_all_attempts_may_take_as_long_as_one(name: str) -> None:
    settings = read(name)
    total = settings.get("retry_config", {}).get("max_total_timeout_ms", 120_000)
    assert total >= settings.get("timeout_ms", 120_000)
