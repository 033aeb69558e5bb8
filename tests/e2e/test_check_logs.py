"""The check that every log goes through finds what it looks for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check_logs import CLIENT_MARK, KEY_MARK, PROMPT_MARK, REPLY_MARK
from tests.e2e.proxy import ROOT

REQUEST = '{"event":"request","status":200}\n'


def _check(*arguments: object) -> tuple[int, str]:
    command = [sys.executable, "-m", "scripts.check_logs", *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_logs_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "one.log").write_text(f"Serving HTTP\n{REQUEST}")
    status, output = _check(tmp_path)
    assert status == 0
    assert "1 logs, 1 requests: no secret" in output


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        (f"a {KEY_MARK} b", "a key"),
        (KEY_MARK.upper(), "a key"),
        ("authorization: Bearer x", "a key"),
        (json.dumps({"prompt": f'"{PROMPT_MARK}"'}), "a prompt"),
        (REPLY_MARK, "a reply"),
        ('data: {"type":"x"}', "a reply"),
        (f"cookie={CLIENT_MARK}", "a client's header"),
    ],
)
def test_a_planted_secret_is_found_and_not_shown(
    tmp_path: Path, planted: str, what: str
) -> None:
    log = tmp_path / "below" / "one.log"
    log.parent.mkdir()
    log.write_text(f"{REQUEST}{planted}\n{REQUEST}")
    status, output = _check(tmp_path)
    assert status == 1
    assert f"{log}:2: holds {what}\n" in output
    assert planted not in output


def test_a_secret_among_bytes_that_are_no_text(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_bytes(REQUEST.encode() + b"\xff\x00" + KEY_MARK.encode() + b"\xfe")
    assert _check(tmp_path)[0] == 1


@pytest.mark.parametrize("text", [None, "", "Serving HTTP\n", '{"event":"chunk"}\n'])
def test_no_request_is_no_proof(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "one.log").write_text(text)
    status, output = _check(tmp_path)
    assert status == 1
    assert "nothing to check" in output


def test_a_directory_that_is_missing(tmp_path: Path) -> None:
    assert _check(tmp_path / "none")[0] == 1


def test_how_to_call_it() -> None:
    status, output = _check()
    assert status == 2
    assert "usage" in output
