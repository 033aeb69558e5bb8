"""The versions in the hosts' names are those that answer."""

import re
import subprocess

import pytest

from scripts.hosts.jco import ISOLATED, JCO, SHARED, node
from scripts.hosts.wasmtime_serve import WasmtimeServe
from scripts.wash.dev import WASH
from tests.hosts.conftest import TESTED

PROGRAMS = {
    host.name: [str(host.program)] for host in TESTED if isinstance(host, WasmtimeServe)
}


@pytest.mark.parametrize("host", [host.name for host in TESTED])
def test_the_version_is_as_said(host: str) -> None:
    if host in (SHARED.name, ISOLATED.name):
        command = [str(node()), str(JCO)]
    else:
        command = PROGRAMS.get(host, [str(WASH)])
    said = subprocess.run(
        [*command, "--version"], capture_output=True, text=True, check=True
    ).stdout
    version = re.search(r"[0-9.]+", said)
    assert version and version[0] in re.split("[ ,]", host)
