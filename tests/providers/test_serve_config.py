"""`make serve CONFIG=...` and `make settings CONFIG=...`."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.editions import edition_of
from tests.e2e.make_serve import free_address, start, waiting
from tests.e2e.proxy import KNOWN, ROOT
from tests.e2e.upstream import PATIENCE
from tests.providers.dialect import KEY, KEY_HEADERS
from tests.providers.dialects import DIALECTS
from tests.providers.example_settings import NAMES, read
from tests.providers.serving import serving
from tests.providers.station import LOGS, PROMPT

BROKEN = {
    "a word that is none": (
        '{"config": {"auth": "basic"}}',
        "config.auth",
    ),
    "a number out of range": (
        '{"config": {"retry_config": {"max_retries": -1}}}',
        "config.retry_config.max_retries",
    ),
    "a name that is none": (
        '{"config": {"retry_config": {"retries": 1}}}',
        "config.retry_config.retries",
    ),
    "no JSON": ('{"config": {\n  "auth": }}', "line 2, column 11"),
}


def _write(path: Path, settings: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"config": settings}))
    return path


def _refused(config: Path, log: str) -> str:
    """Return what is said instead of serving."""
    process = start(free_address(), log, {}, "gateway", config, LOGS)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Serving" not in said
    return said


def test_make_passes_the_file_on() -> None:
    printed = subprocess.run(
        ["make", "--no-print-directory", "-n", "serve", "CONFIG=config/ollama.json"],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    command = shlex.split(printed.replace("\\\n", "").splitlines()[-1])
    assert command[-3:] == ["--config", "config/ollama.json", "build/gateway.cwasm"]


def test_a_stream_without_any_key(tmp_path: Path) -> None:
    address = free_address()
    with serving(DIALECTS["ollama"]) as provider:
        settings = read("ollama")
        moved = settings | {"base_url": provider.relocate(settings["base_url"])}
        config = _write(tmp_path / "ollama.json", moved)
        process = start(address, "serve-ollama", {}, "gateway", config, LOGS)
        with waiting(process, address) as (_, said):
            url = f"http://{address}/openai-proxy"
            reply = httpx.post(url, content=PROMPT, timeout=PATIENCE, trust_env=False)
    assert "local upstream" not in said
    assert reply.status_code == 200
    assert reply.text.endswith("data: [DONE]\n\n")
    [record] = provider.records
    assert record.target == "/v1/chat/completions"
    assert not set(KEY_HEADERS) & set(record.headers)


@pytest.mark.parametrize(
    ("document", "place"), BROKEN.values(), ids=[name for name in BROKEN]
)
def test_a_document_that_makes_no_sense_is_refused_with_the_place(
    tmp_path: Path, document: str, place: str
) -> None:
    config = tmp_path / "broken.json"
    config.write_text(document)
    assert place in _refused(config, "serve-broken")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = _refused(tmp_path / "nowhere.json", "serve-nowhere")
    assert "No such file" in said and "nowhere.json" in said
    assert "Traceback" not in said


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    config = tmp_path / "binary.json"
    config.write_bytes(b"\xff\xfe")
    said = _refused(config, "serve-binary")
    assert "binary.json is no text in UTF-8" in said
    assert "Traceback" not in said


def test_a_component_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="x.wasm is none of final, gateway, gemini"):
        edition_of(Path("build/x.wasm"))


def test_a_base_url_with_a_password_is_not_printed() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "scripts.settings", "gateway"],
        cwd=ROOT,
        env={"OPENAI_BASE_URL": "https://somebody:hunter2@llm.example/v1"},
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 1
    assert "OPENAI_BASE_URL cannot be used" in shown.stderr
    assert "hunter2" not in shown.stdout + shown.stderr


@pytest.mark.parametrize("name", NAMES)
def test_the_settings_in_force_are_printed_without_a_secret(name: str) -> None:
    environ = {k: value for k, value in os.environ.items() if k not in KNOWN}
    variable = read(name).get("api_key_env", "OPENAI_API_KEY")
    shown = subprocess.run(
        [sys.executable, "-m", "scripts.settings"]
        + ["gateway", "--config", f"config/{name}.json"],
        cwd=ROOT,
        env={**environ, variable: KEY},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    settings = json.loads(shown)
    assert KEY not in shown
    assert settings[variable] == "set"
    for path, value in read(name).items():
        if path != "retry_config":
            assert settings[path] == {"value": value, "from": "document"}
