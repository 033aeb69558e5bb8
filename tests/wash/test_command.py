"""What `make wash-dev` gives to wash, and what it refuses before that."""

import json
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.room import INSTANCES, room_variables
from scripts.wash import dev, serve
from tests.e2e.marked import KEY
from tests.e2e.proxy import KNOWN, ROOT
from tests.wash.stub import Seen, read_seen, write_stub

GATEWAY, PAIR = "build/gateway.wasm", "build/final.wasm"
GEMINI = "build/gemini_gateway.wasm"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command; `seen` is None where wash was not started."""

    status: int
    said: str
    seen: Seen | None


RunCommand = Callable[..., Run]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[RunCommand]:
    """Run the command with a stand-in for wash: `run(GATEWAY, "--ca=x", NAME="v")`."""
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    write_stub(tmp_path / "wash")
    monkeypatch.setattr(dev, "WASH", tmp_path / "wash")
    monkeypatch.setattr(serve, "CONFIGS", tmp_path / "configs")
    monkeypatch.setenv("STUB_SEEN", str(tmp_path / "seen.json"))
    monkeypatch.chdir(ROOT)
    kept = signal.getsignal(signal.SIGTERM)

    def run(component: str, *arguments: str, **settings: str) -> Run:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        address = () if "--addr" in arguments else ("--addr", "127.0.0.1:0")
        monkeypatch.setattr(sys, "argv", ["wash-dev", *address, *arguments, component])
        status = serve.main()
        return Run(status, capfd.readouterr().out, read_seen())

    yield run
    signal.signal(signal.SIGTERM, kept)


def _given(run: Run) -> Seen:
    assert (run.status, run.seen is None) == (0, False), run.said
    assert run.seen
    return run.seen


def test_a_key_comes_from_the_environment(run: RunCommand) -> None:
    ran = run(PAIR, OPENAI_API_KEY=KEY, OPENAI_MODEL="gpt-x", HIDDEN="y")
    seen = _given(ran)
    assert seen.config["secrets"] == {"secrets": {"fromEnv": ["OPENAI_API_KEY"]}}
    assert seen.config["configs"] == {"settings": {"fromEnv": ["OPENAI_MODEL"]}}
    assert seen.config["workload"] == {
        "environment": {"configFrom": ["settings"], "secretFrom": ["secrets"]},
        "allowedHosts": ["https://api.openai.com"],
    }
    assert seen.config["build"]["component_path"] == str(ROOT / PAIR)
    assert seen.environ["OPENAI_API_KEY"] == KEY
    assert KEY not in ran.said + json.dumps(seen.config) + str(seen.argv)
    assert "local upstream" not in ran.said


def test_nothing_is_built_and_nothing_fetched(run: RunCommand) -> None:
    seen = _given(run(GATEWAY, OPENAI_API_KEY=KEY))
    assert seen.config["build"]["command"] == "true"
    assert seen.config["wit"] == {"skip_fetch": True}
    # Else it looks for a newer version of itself.
    assert "--non-interactive" in seen.argv


def test_without_a_key_it_uses_the_local_upstream(run: RunCommand) -> None:
    ran = run(GATEWAY)
    seen = _given(ran)
    base_url = seen.environ["OPENAI_BASE_URL"]
    assert seen.config["workload"]["allowedHosts"] == [base_url.removesuffix("/v1")]
    assert base_url.startswith("http://127.0.0.1:")
    assert seen.config["configs"]["settings"]["fromEnv"] == [
        "OPENAI_BASE_URL",
        "PROXY_PROVIDER",
    ]
    assert "OPENAI_API_KEY" in ran.said and "local upstream" in ran.said


def test_a_document_says_where_to_go_and_which_key(run: RunCommand) -> None:
    ran = run(GATEWAY, "--config", "config/moonshot.json", MOONSHOT_API_KEY=KEY)
    seen = _given(ran)
    assert seen.config["workload"]["allowedHosts"] == ["https://api.moonshot.ai"]
    assert seen.config["secrets"]["secrets"]["fromEnv"] == ["MOONSHOT_API_KEY"]
    assert seen.config["configs"]["settings"]["fromEnv"] == ["PROXY_CONFIG"]
    document = Path("config/moonshot.json").read_text()
    assert seen.environ["PROXY_CONFIG"] == document


def test_a_port_is_part_of_what_is_allowed(run: RunCommand) -> None:
    seen = _given(run(PAIR, "--config", "config/ollama.json"))
    assert seen.config["workload"]["allowedHosts"] == ["http://127.0.0.1:11434"]
    assert "secrets" not in seen.config


def test_another_provider_is_asked_by_its_own_file(run: RunCommand) -> None:
    seen = _given(run(GEMINI, GEMINI_API_KEY=KEY))
    allowed = ["https://generativelanguage.googleapis.com"]
    assert seen.config["workload"]["allowedHosts"] == allowed


def test_a_key_comes_from_a_file(run: RunCommand, tmp_path: Path) -> None:
    secrets = _secrets(tmp_path, f"# mine\n\nOPENAI_API_KEY = {KEY}\n")
    ran = run(GATEWAY, "--secrets", secrets, PROXY_ACCESS_TOKENS="token")
    source = _given(ran).config["secrets"]["secrets"]
    assert source == {"file": secrets, "fromEnv": ["PROXY_ACCESS_TOKENS"]}
    assert "local upstream" not in ran.said and "refused" not in ran.said


def test_the_file_comes_before_the_environment(run: RunCommand, tmp_path: Path) -> None:
    """wash would take the environment's, which it reads last."""
    secrets = _secrets(tmp_path, f"OPENAI_API_KEY={KEY}\n")
    ran = run(GATEWAY, "--secrets", secrets, OPENAI_API_KEY="another")
    assert _given(ran).config["secrets"]["secrets"] == {"file": secrets}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o700])
def test_a_file_that_others_can_read_is_refused(
    run: RunCommand, tmp_path: Path, mode: int
) -> None:
    secrets = _secrets(tmp_path, f"OPENAI_API_KEY={KEY}\n", mode)
    ran = run(GATEWAY, "--secrets", secrets)
    assert f"has mode {mode:o}" in ran.said and f"chmod 600 {secrets}" in ran.said
    assert (ran.status, ran.seen) == (1, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (KEY, "line 1 of {} is not NAME=VALUE."),
        (f"\nOPENAI_KEY={KEY}", "line 2 of {} is none of the secrets, OPENAI_API_KEY"),
        ("OPENAI_BASE_URL=http://127.0.0.1:1", "line 1 of {} is none of the secrets"),
        ("OPENAI_API_KEY=", "line 1 of {} needs a value for OPENAI_API_KEY"),
        (f'OPENAI_API_KEY="{KEY}"', "without quotes"),
        (f"OPENAI_API_KEY={KEY} # mine", "OPENAI_API_KEY holds a space"),
    ],
)
def test_a_file_that_wash_would_misread_is_refused(
    run: RunCommand, tmp_path: Path, text: str, said: str
) -> None:
    secrets = _secrets(tmp_path, text)
    ran = run(GATEWAY, "--secrets", secrets)
    assert said.format(secrets) in ran.said
    assert KEY not in ran.said
    assert (ran.status, ran.seen) == (1, None)


@pytest.mark.parametrize("option", ["--secrets", "--ca", "--config"])
def test_a_file_that_is_not_there_is_named(run: RunCommand, option: str) -> None:
    ran = run(GATEWAY, option, "nosuch.file", OPENAI_API_KEY=KEY)
    assert "nosuch.file" in ran.said
    assert (ran.status, ran.seen) == (1, None)


def test_an_authority_is_trusted(run: RunCommand, tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    seen = _given(run(GATEWAY, "--ca", str(authority), OPENAI_API_KEY=KEY))
    assert seen.config["dev"]["http_client_ca_paths"] == [str(authority)]


def test_a_setting_that_makes_no_sense_is_named(run: RunCommand) -> None:
    ran = run(GATEWAY, OPENAI_API_KEY=KEY, OPENAI_BASE_URL="ftp://x")
    assert "OPENAI_BASE_URL cannot be used" in ran.said
    assert (ran.status, ran.seen) == (1, None)


def test_nobody_outside_is_served_without_a_token(
    run: RunCommand, tmp_path: Path
) -> None:
    ran = run(GATEWAY, "--addr", "0.0.0.0:0", OPENAI_API_KEY=KEY)
    assert "PROXY_ACCESS_TOKENS" in ran.said
    assert (ran.status, ran.seen) == (1, None)
    secrets = _secrets(tmp_path, "PROXY_ACCESS_TOKENS=token\n")
    _given(run(GATEWAY, "--addr", "0.0.0.0:0", "--secrets", secrets))


def test_a_port_that_is_taken_is_named(run: RunCommand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = run(GATEWAY, "--addr", address, OPENAI_API_KEY=KEY)
    assert f"{address} is taken" in ran.said and "make wash-dev ADDR=" in ran.said
    assert (ran.status, ran.seen) == (1, None)


def test_localhost_is_given_as_an_address(run: RunCommand) -> None:
    seen = _given(run(GATEWAY, "--addr", "localhost:0", OPENAI_API_KEY=KEY))
    assert seen.config["dev"]["address"] == "127.0.0.1:0"


def test_there_is_room_for_many_requests(run: RunCommand) -> None:
    seen = _given(run(GATEWAY, OPENAI_API_KEY=KEY))
    assert room_variables().items() <= seen.environ.items()
    connections = seen.config["dev"]["max_outbound_http_connections_per_workload"]
    assert connections == INSTANCES


def test_the_operator_may_give_it_less_room(run: RunCommand) -> None:
    name = "WASMTIME_POOLING_TOTAL_CORE_INSTANCES"
    assert name in room_variables()
    assert (
        _given(run(GATEWAY, OPENAI_API_KEY=KEY, **{name: "990"})).environ[name] == "990"
    )


def _secrets(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "secrets.env"
    path.write_text(text)
    path.chmod(mode)
    return str(path)
