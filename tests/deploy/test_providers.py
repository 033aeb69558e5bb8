"""What is sent to a cluster for each provider, and what is not.

That a cluster takes it was tried once, see docs/deploy.md.
"""

from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft202012Validator

from openai_component.settings import BASE_URL
from provider.access import read_access
from provider.settings.upstream import read_base_url
from scripts.editions import EDITIONS
from tests.deploy.built import (
    DEPLOY,
    ROOT,
    component,
    environment,
    service,
    values,
    workload,
    workloads,
)
from tests.deploy.kustomize import Build, read_yaml
from tests.providers.example_settings import CONFIG, NAMES, read

SCHEMA = Draft202012Validator(
    yaml.safe_load((ROOT / "tests" / "deploy" / "schema.yaml").read_text())
)
GATEWAY = EDITIONS["gateway"]
OTHERS = ("base", "next", "spread")
LOCAL = ("localai", "ollama", "text-generation-webui", "vllm")


def test_each_provider_has_a_kustomization() -> None:
    folders = {path.parent.name for path in DEPLOY.glob("*/kustomization.yaml")}
    assert folders == {*NAMES, *OTHERS}


@pytest.mark.parametrize("name", [*NAMES, *OTHERS])
def test_only_fields_that_are_known_are_sent(name: str, build: Build) -> None:
    manifests = build(DEPLOY / name)
    for manifest in manifests:
        SCHEMA.validate(manifest)
    copies = 2 if name == "spread" else 1
    kinds = ["Service", *["WorkloadDeployment"] * copies]
    assert sorted(manifest["kind"] for manifest in manifests) == kinds


@pytest.mark.parametrize(
    "path",
    [
        "secret.yaml",
        "route.yaml",
        "base/service.yaml",
        "wasmcloud/network-policy.yaml",
    ],
)
def test_a_plain_manifest_has_only_fields_that_are_known(path: str) -> None:
    for manifest in read_yaml(DEPLOY / path):
        SCHEMA.validate(manifest)


def test_a_field_that_is_not_known_is_found() -> None:
    (manifest,) = read_yaml(DEPLOY / "base" / "workload.yaml")
    manifest["spec"]["template"]["spec"]["components"][0]["poolsize"] = 4
    assert not SCHEMA.is_valid(manifest)


def test_the_plain_workload_is_that_of_the_base(build: Build) -> None:
    (plain,) = read_yaml(DEPLOY / "base" / "workload.yaml")
    assert workloads(build(DEPLOY / "base")) == [plain]


@pytest.mark.parametrize("name", NAMES)
def test_the_service_is_the_one_that_the_workload_names(
    name: str, build: Build
) -> None:
    manifests = build(DEPLOY / name)
    reference = workload(manifests)["kubernetes"]["service"]
    assert service(manifests)["metadata"]["name"] == reference["name"]
    # wasmCloud's operator names the port of its addresses so, and keeps them itself.
    (port,) = service(manifests)["spec"]["ports"]
    assert port["name"] == "http"
    assert "selector" not in service(manifests)["spec"]


@pytest.mark.parametrize("name", NAMES)
def test_the_settings_are_those_of_config(name: str, build: Build) -> None:
    sent = environment(build(DEPLOY / name))
    assert sent["PROXY_CONFIG"] == (CONFIG / f"{name}.json").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_provider_may_be_reached_and_nothing_else(name: str, build: Build) -> None:
    manifests = build(DEPLOY / name)
    sources = GATEWAY.sources(environment(manifests))
    # Its own reading, which refuses an address in clear where that is not allowed.
    read_base_url(BASE_URL, sources)
    url = urlsplit(sources.read(BASE_URL))
    allowed = component(manifests)["localResources"]["allowedHosts"]
    assert allowed == [f"{url.scheme}://{url.netloc}"]


@pytest.mark.parametrize("name", NAMES)
def test_only_a_server_on_loopback_has_another_address(name: str, build: Build) -> None:
    sent = environment(build(DEPLOY / name))
    host = urlsplit(read(name)["base_url"]).hostname
    assert (name in LOCAL) == (host == "127.0.0.1")
    extra = {"OPENAI_BASE_URL", "PROXY_ALLOW_PLAIN_HTTP"} if name in LOCAL else set()
    assert sent.keys() == {"PROXY_ACCESS_TOKENS", "PROXY_CONFIG"} | extra


@pytest.mark.parametrize("name", NAMES)
def test_it_says_which_key_the_secret_holds(name: str) -> None:
    text = (DEPLOY / name / "kustomization.yaml").read_text()
    top = " ".join(text.partition("apiVersion:")[0].replace("#", "").split())
    holds = read(name).get("api_key_env", "no key, only the tokens")
    assert f"The Secret holds {holds}." in top
    assert f"config/{name}.json" in top


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_in_before_the_secret_says_who(name: str, build: Build) -> None:
    access = read_access(GATEWAY.sources(environment(build(DEPLOY / name))))
    assert (access.is_open, access.tokens) == (False, ())


@pytest.mark.parametrize("name", NAMES)
def test_the_key_comes_from_the_secret(name: str, build: Build) -> None:
    manifests = build(DEPLOY / name)
    assert read(name).get("api_key_env") not in environment(manifests)
    (secret,) = component(manifests)["localResources"]["environment"]["secretFrom"]
    assert secret == {"name": values()["secret"]}
