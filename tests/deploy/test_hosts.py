"""What the hosts are given fits what they have to carry."""

import subprocess
from typing import Any

from scripts.room import room_variables
from scripts.wash.dev import WASH
from tests.deploy.built import DEPLOY, chart_values, service, values
from tests.deploy.kustomize import build, read_yaml

RUNTIME = chart_values()["runtime"]
PAIR = chart_values("pair")["runtime"]
AT_ONCE = 1000
"""Requests that no host may refuse."""
MEBIBYTES = 7.5
"""That an instance takes under wash, at most."""
POLICIES = {
    policy["metadata"]["name"]: policy["spec"]
    for policy in read_yaml(DEPLOY / "wasmcloud" / "network-policy.yaml")
}


def variables(runtime: dict[str, Any] = RUNTIME) -> dict[str, str]:
    return {item["name"]: item["value"] for item in runtime["env"]}


def mebibytes(text: str) -> int:
    return int(text[:-2]) * {"Mi": 1, "Gi": 1024}[text[-2:]]


def test_the_hosts_are_those_that_the_tests_run() -> None:
    said = subprocess.run([WASH, "--version"], check=True, capture_output=True)
    assert said.stdout.decode().split() == ["wash", RUNTIME["image"]["tag"]]


def test_there_is_a_host_for_each_copy() -> None:
    (group,) = RUNTIME["hostGroups"]
    assert group["name"] == values()["host-group"]
    assert group["replicas"] > int(values()["replicas"])


def test_a_host_has_the_memory_that_the_gateway_needs() -> None:
    """500 MB were measured, with two files 1.2 GB; the chart's limit is 512Mi."""
    resources = RUNTIME["resources"]
    assert mebibytes(resources["requests"]["memory"]) >= 1024
    assert mebibytes(resources["limits"]["memory"]) >= 2048


def test_each_stream_has_its_connection() -> None:
    """Or streams wait for one of 128 where instances are free."""
    streams = int(values()["pool-size"]) * int(values()["max-concurrency"])
    name = "WASH_MAX_OUTBOUND_HTTP_CONNECTIONS_PER_WORKLOAD"
    assert int(variables()[name]) >= streams


def test_the_warm_instances_take_a_burst() -> None:
    streams = int(values()["pool-size"]) * int(values()["max-concurrency"])
    assert streams >= AT_ONCE


def test_the_pair_has_room_and_memory_for_a_burst() -> None:
    """Each of its requests is an instance: there is no pool."""
    assert variables(PAIR) == variables() | room_variables()
    memory = mebibytes(PAIR["resources"]["limits"]["memory"])
    assert memory >= 1024 + AT_ONCE * MEBIBYTES


def test_no_answer_outlasts_a_host() -> None:
    """With a pool it would be cut after 600 s, and look whole."""
    assert int(variables()["WASH_HTTP_RESPONSE_TIMEOUT_SECS"]) >= 3600


def test_one_port_leads_to_the_hosts() -> None:
    (group,) = RUNTIME["hostGroups"]
    (port,) = service(build(DEPLOY / "base"))["spec"]["ports"]
    (rule,) = POLICIES["hosts"]["ingress"]
    assert group["http"]["port"] == port["targetPort"] == rule["ports"][0]["port"]


def test_the_charts_policies_do_not_undo_ours() -> None:
    assert chart_values()["networkPolicy"] == {"enabled": False}
    assert POLICIES.keys() == {"hosts", "nats", "operator"}
