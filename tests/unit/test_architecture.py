"""The layers: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BINDINGS = {"wit_world", "componentize_py_types"}
IMPURE = {"os", "time", "random", "socket", "ssl", "threading", "subprocess", "asyncio"}
OURS = {
    "wire",
    "wasi_http",
    "http_proxy",
    "provider",
    "openai_component",
    "gemini_component",
}
EXAMPLES = ("examples/echo_provider", "examples/query_router")


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def files(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"{package} has no files"
    return found


def is_adapter(path: Path) -> bool:
    return path.stem.startswith("wasi_0")


CORE = [
    path
    for package in (
        "wire",
        "http_proxy",
        "provider",
        "openai_component",
        "gemini_component",
        *EXAMPLES,
    )
    for path in files(package)
    if not is_adapter(path)
]


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_touches_no_wasi_and_no_world(path: Path) -> None:
    assert not imported(path) & (BINDINGS | IMPURE | {"wasi_http"})


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("wire", {"wire"}),
        ("wasi_http", {"wire", "wasi_http"}),
        ("http_proxy", {"wire", "wasi_http", "http_proxy"}),
        ("provider", {"wire", "wasi_http", "provider"}),
        ("openai_component", {"wire", "wasi_http", "provider", "openai_component"}),
        ("gemini_component", {"wire", "wasi_http", "provider", "gemini_component"}),
        *((example, set()) for example in EXAMPLES),
    ],
)
def test_who_imports_whom(package: str, allowed: set[str]) -> None:
    for path in files(package):
        assert imported(path) & OURS <= allowed, path


def test_imports_stand_at_the_top() -> None:
    """A late import fails in a component: nothing can be loaded at run time."""
    for package in (*OURS, *EXAMPLES):
        for path in files(package):
            tree = ast.parse(path.read_text())
            inner = [
                n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)
            ]
            assert len(inner) == sum(
                isinstance(n, ast.Import | ast.ImportFrom) for n in tree.body
            ), path


def test_files_are_short() -> None:
    for package in sorted(OURS | {"local_upstream", "examples", "scripts", "tests"}):
        for path in files(package):
            assert len(path.read_text().splitlines()) <= 300, path
