"""What `make serve` refuses before it listens, and what it says of it."""

from pathlib import Path

import pytest

from tests.e2e.make_serve import free_address, start, waiting
from tests.e2e.marked import KEY
from tests.e2e.upstream import PATIENCE


def _refused(
    log: str, settings: dict[str, str], address: str = "", config: Path | None = None
) -> str:
    """Return what it says, which has ended without serving."""
    process = start(
        address or free_address(), f"serve-{log}", settings, "gateway", config
    )
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Serving" not in said
    return said


@pytest.mark.parametrize("key", [{}, {"OPENAI_API_KEY": KEY}], ids=["local", "key"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROXY_MAX_RETRIES", "many"),
        ("PROXY_ACCESS_TOKENS", "p@ss!word"),
        ("PROXY_ACCESS_TOKENS", " "),
        ("PROXY_CORS_ORIGINS", "*"),
    ],
)
def test_a_setting_that_makes_no_sense(
    key: dict[str, str], name: str, value: str
) -> None:
    said = _refused("setting", {name: value, **key})
    assert said.startswith(f"{name} is ")
    assert "p@ss" not in said and "local upstream" not in said


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_an_upstream_that_is_the_gateway_itself(host: str) -> None:
    address = free_address()
    url = f"http://{host}:{address.partition(':')[2]}/v1"
    settings = {
        "OPENAI_BASE_URL": url,
        "OPENAI_API_KEY": KEY,
        "PROXY_ALLOW_PLAIN_HTTP": "true",
    }
    said = _refused("itself", settings, address)
    assert said.startswith(f"OPENAI_BASE_URL leads to {address}")
    assert "it would ask itself" in said


def test_an_upstream_in_a_file_that_is_the_gateway_itself(tmp_path: Path) -> None:
    address = free_address()
    config = tmp_path / "my settings.json"
    config.write_text(f'{{"config": {{"base_url": "http://{address}/v1"}}}}')
    said = _refused("itself", {"OPENAI_API_KEY": KEY}, address, config)
    assert said.startswith(f"config.base_url leads to {address}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", " is not JSON: "),
        ('{"config": {"timeout_ms": "1s"}}', ": config.timeout_ms is "),
    ],
)
def test_an_error_in_a_file_names_it(tmp_path: Path, text: str, message: str) -> None:
    config = tmp_path / "my settings.json"
    config.write_text(text)
    assert _refused("file", {}, config=config).startswith(f"{config}{message}")


@pytest.mark.parametrize("address", ["here:8080", "8080x", "127.0.0.1"])
def test_an_address_that_is_none(address: str) -> None:
    assert _refused("address", {}, address).startswith(f"{address} is no address")


def test_a_port_alone_is_one_of_loopback() -> None:
    address = free_address()
    process = start(address.partition(":")[2], "serve-port", {}, "gateway")
    with waiting(process, address) as (_, said):
        assert f"http://{address}/openai-proxy" in said


def test_an_upstream_without_a_key_names_the_way_to_do_without() -> None:
    address = free_address()
    settings = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    process = start(address, "serve-no-key", settings, "gateway")
    with waiting(process, address) as (_, said):
        assert "set OPENAI_API_KEY" in said
        assert "PROXY_AUTH=none" in said and "config/" in said
        assert "each prompt will be refused" in said
