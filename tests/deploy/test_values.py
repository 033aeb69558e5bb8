"""What a user changes, in one place each, and that it arrives."""

import json
from pathlib import Path
from typing import Any

import pytest

from openai_component.settings import KEY_VARIABLE
from provider.access import read_access
from provider.settings.upstream import read_key
from scripts.editions import EDITIONS
from tests.deploy import places
from tests.deploy.built import (
    DEPLOY,
    VERSION,
    component,
    edit,
    environment,
    service,
    values,
    workload,
    workloads,
)
from tests.deploy.kustomize import Build, read_yaml
from tests.deploy.kustomize import build as own_build
from wire.errors import ConfigurationError

IMAGES = {"image": "gateway", "pair-image": "final"}
# For each value another, and where it has to arrive.
CHANGES: dict[str, tuple[str, Any, str]] = {
    "image": (
        "other.example/gateway:2",
        "other.example/gateway:2",
        "components.0.image",
    ),
    "host": ("other.example", "other.example", "hostInterfaces.0.config.host"),
    "secret": (
        "other",
        "other",
        "components.0.localResources.environment.secretFrom.0.name",
    ),
    "host-group": ("other", "other", "hostSelector.hostgroup"),
    "pool-size": ("9", 9, "components.0.poolSize"),
    "max-concurrency": ("99", 99, "components.0.maxConcurrency"),
}


def at(manifest: Any, path: str) -> Any:
    return places.at(manifest, path.split("."))


def set_value(deploy: Path, name: str, text: str) -> None:
    path = deploy / "base" / "values.yaml"
    lines = path.read_text().splitlines()
    (old,) = (line for line in lines if line.startswith(f"  {name}: "))
    edit(path, old, f'  {name}: "{text}"')


def use_pair(deploy: Path, provider: str) -> None:
    edit(deploy / provider / "kustomization.yaml", "# components:", "components:")


def test_each_value_is_tried() -> None:
    assert values().keys() == {*CHANGES, "replicas", "pair-image"}


@pytest.mark.parametrize("name", CHANGES)
def test_a_value_arrives(name: str, copy: Path, build: Build) -> None:
    text, arrived, path = CHANGES[name]
    set_value(copy, name, text)
    changed = workload(build(copy / "openai"))["template"]["spec"]
    assert at(changed, path) == arrived
    assert (
        at(workload(own_build(DEPLOY / "openai"))["template"]["spec"], path) != arrived
    )


def test_the_number_of_copies_arrives(copy: Path, build: Build) -> None:
    set_value(copy, "replicas", "7")
    assert workload(build(copy / "openai"))["replicas"] == 7


def test_a_change_of_the_settings_is_a_new_version(copy: Path, build: Build) -> None:
    """The text stands in the template, so that wasmCloud replaces what runs."""
    path = copy.parent / "config" / "openai.json"
    edit(path, "gpt-4.1", "gpt-5")
    document = json.loads(environment(build(copy / "openai"))["PROXY_CONFIG"])
    assert document["config"]["default_model"] == "gpt-5"


@pytest.mark.parametrize("which", IMAGES)
def test_the_images_have_the_projects_version(which: str) -> None:
    name, _, version = values()[which].rpartition(":")
    assert version == VERSION
    assert name.endswith(f"/{IMAGES[which]}")
    assert IMAGES[which] in EDITIONS


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_the_pair_takes_the_gateways_place(
    provider: str, copy: Path, build: Build
) -> None:
    before = component(build(copy / provider))
    set_value(copy, "pair-image", "other.example/final:2")
    use_pair(copy, provider)
    pair = component(build(copy / provider))
    changed = {"image": "other.example/final:2"}
    kept = before.keys() - {"poolSize", "maxConcurrency"}
    assert pair == {**{name: before[name] for name in kept}, **changed}


def test_the_copies_are_spread_over_two_host_groups(build: Build) -> None:
    spread = workloads(build(DEPLOY / "spread"))
    assert [w["metadata"]["name"] for w in spread] == ["llm-proxy-a", "llm-proxy-b"]
    groups = [at(w, "spec.template.spec.hostSelector.hostgroup") for w in spread]
    assert groups == ["a", "b"]
    # But for these they are the same, and behind one Service.
    for found in spread:
        assert found["spec"]["replicas"] == 1
        found["spec"]["replicas"] = int(values()["replicas"])
        found["metadata"]["name"] = "llm-proxy"
        found["spec"]["template"]["spec"]["hostSelector"]["hostgroup"] = "default"
    assert spread == workloads(build(DEPLOY / "openai")) * 2


def test_the_next_one_is_apart_from_the_first(build: Build) -> None:
    """By the names of all that clients and wasmCloud tell them by, and by no more."""
    first, following = build(DEPLOY / "openai"), build(DEPLOY / "next")
    (found,) = workloads(following)
    old, new = "llm-proxy", "llm-proxy-next"
    assert found["metadata"]["name"] == service(following)["metadata"]["name"] == new
    assert found["spec"]["kubernetes"]["service"]["name"] == new
    config = at(found, "spec.template.spec.hostInterfaces.0.config")
    assert config["host"] != values()["host"]
    config["host"] = values()["host"]
    found["spec"]["kubernetes"]["service"]["name"] = old
    for manifest in following:
        manifest["metadata"]["name"] = old
    assert following == first


def test_the_route_leads_to_the_service_by_a_name_that_it_answers_to() -> None:
    (route,) = read_yaml(DEPLOY / "route.yaml")
    name = service(own_build(DEPLOY / "openai"))["metadata"]["name"]
    (rule,) = route["spec"]["rules"]
    assert at(rule, "backendRefs.0.name") == name
    # wasmCloud's operator gives the hosts these two: NAME.NAMESPACE and with `.svc`.
    assert at(rule, "filters.0.urlRewrite.hostname") == f"{name}.llm.svc"
    assert route["spec"]["hostnames"] == [values()["host"]]


def test_the_one_secret_is_a_placeholder_that_fails() -> None:
    (secret,) = (
        manifest
        for path in DEPLOY.rglob("*.yaml")
        for manifest in read_yaml(path)
        if manifest.get("kind") == "Secret"
    )
    assert secret["metadata"]["name"] == values()["secret"]
    sources = EDITIONS["gateway"].sources(secret["stringData"])
    access = read_access(sources)
    assert (access.is_open, access.tokens) == (False, ())
    with pytest.raises(ConfigurationError) as caught:
        read_key(KEY_VARIABLE, sources)
    assert caught.value.code == "invalid_api_key_setting"
