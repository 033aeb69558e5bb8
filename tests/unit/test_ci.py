"""What others run, an editor, git's hook and CI, is what the project itself runs."""

import configparser
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
README = (ROOT / "README.md").read_text()


def steps() -> list[dict[str, Any]]:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    found: list[dict[str, Any]] = workflow["jobs"]["test"]["steps"]
    return found


def version(tool: str) -> str:
    """Return the version of a language that CI sets up."""
    used = [
        step["with"] for step in steps() if f"setup-{tool}@" in step.get("uses", "")
    ]
    assert len(used) == 1
    return str(used[0][f"{tool}-version"])


def test_ci_prepares_and_calls_the_one_script() -> None:
    commands = [step["run"] for step in steps() if "run" in step]
    assert [line for line in commands if "make" in line] == []
    assert commands[-1] == ".ci/run"
    assert (ROOT / ".ci" / "run").read_text().endswith("\nexec make test\n")


def test_ci_has_the_oldest_python_and_a_node_that_will_do() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert version("python") == oldest
    assert f"Python {oldest}+" in README
    assert int(version("node")) >= 20
    assert "Node.js 20+" in README


def test_the_hook_of_git_calls_make_check() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert [hook["entry"] for hook in hooks] == ["make check"]
    assert not hooks[0]["pass_filenames"], "make would take them for targets"


def test_an_editor_s_lines_are_as_long_as_ruff_s() -> None:
    editor = configparser.ConfigParser()
    editor.read_string(f"[top]\n{(ROOT / '.editorconfig').read_text()}")
    longest = editor["*.py"]["max_line_length"]
    assert int(longest) == PROJECT["tool"]["ruff"]["line-length"]


def test_every_file_is_as_an_editor_leaves_it() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", ":!*.sse"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    names = listed.decode().rstrip("\0").split("\0")
    texts = {name: (ROOT / name).read_bytes() for name in names}
    assert [n for n, text in texts.items() if text and text[-1:] != b"\n"] == []
    untidy = re.compile(rb"[ \t\r]$", re.MULTILINE)
    assert [name for name, text in texts.items() if untidy.search(text)] == []
