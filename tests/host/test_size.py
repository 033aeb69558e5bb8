"""What a host has to read and to compile: no more than the file needs."""

import pytest

from scripts.share import unshare
from scripts.trim import trim
from tests.e2e.proxy import BUILD

BUDGETS = {"http_proxy": 17.5, "openai_component": 18.0, "final": 28.0}
"""Sizes in MB (10^6 bytes). An interpreter's code is 6, its snapshot 10; what imports
have freed would be 1.7 more in each."""


@pytest.mark.parametrize(("name", "megabytes"), BUDGETS.items())
def test_a_file_keeps_to_its_budget(name: str, megabytes: float) -> None:
    assert (BUILD / f"{name}.wasm").stat().st_size < megabytes * 1e6


@pytest.mark.parametrize("name", ["http_proxy", "openai_component"])
def test_no_spent_function_is_left_to_compile(name: str) -> None:
    component = (BUILD / f"{name}.wasm").read_bytes()
    assert b"__wasm_apply_data_relocs" in component
    assert trim(component) == component


def test_the_interpreter_s_code_is_there_once() -> None:
    final = (BUILD / "final.wasm").read_bytes()
    assert len(unshare(final)) - len(final) > 6e6
