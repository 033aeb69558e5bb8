"""What wash itself refuses, in the words in which the launcher hands it on."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.wash.config import wash_config
from scripts.wash.dev import WASH, WashFailed, wash_dev
from scripts.wash.workload import Workload
from tests.e2e.marked import KEY
from tests.e2e.proxy import ROOT, without_settings
from tests.wash.proxy import empty_user_config, path_of

COMPONENT = ROOT / path_of("final")


def _reason(folder: Path, workload: Workload, **environ: str) -> str:
    user = empty_user_config(folder)
    settings = {**without_settings(), **environ}
    started = wash_dev(workload, settings, folder, lambda _: None, user)
    with pytest.raises(WashFailed) as failed, started:
        pass
    reason = str(failed.value)
    assert reason.startswith("`wash dev` ended. ")
    assert "unknown" not in reason and "INFO" not in reason
    return reason


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    workload = Workload(COMPONENT, secrets=("OPENAI_API_KEY",))
    reason = _reason(tmp_path, workload)
    assert "environment variable 'OPENAI_API_KEY' which is not set" in reason


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.env"
    secrets.write_text(f"OPENAI_API_KEY={KEY}\n")
    secrets.chmod(0o644)
    reason = _reason(tmp_path, Workload(COMPONENT, secrets_file=secrets))
    assert "has mode 644; require 0600 or 0400" in reason
    assert KEY not in reason


def test_an_authority_that_is_none_is_refused(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("no certificate\n")
    reason = _reason(tmp_path, Workload(COMPONENT, authorities=(authority,)))
    assert "ca.pem" in reason


def test_the_project_has_a_configuration_for_wash_alone() -> None:
    """`.wash/config.yaml` is what the command would write, but for the build."""
    path = ROOT / ".wash" / "config.yaml"
    workload = Workload(
        Path("build/gateway.wasm"),
        secrets=("OPENAI_API_KEY",),
        allowed_hosts=("https://api.openai.com",),
        address="127.0.0.1:8080",
    )
    expected = wash_config(workload, build="make build/gateway.wasm")
    assert yaml.safe_load(path.read_text()) == expected


def test_wash_takes_that_configuration(tmp_path: Path) -> None:
    user = empty_user_config(tmp_path)
    options = ["--non-interactive", "--user-config", str(user)]
    validated = subprocess.run(
        [WASH, *options, "-C", str(ROOT), "config", "validate"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    assert validated.returncode == 0, validated.stdout + validated.stderr
