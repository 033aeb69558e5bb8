"""Assemble a component from its text: `python -m scripts.assemble IN.wat OUT.wasm`."""

import sys
from pathlib import Path

from wasmtime import wat2wasm


def main() -> None:
    """Read the text, write the binary."""
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(wat2wasm(source.read_text()))


if __name__ == "__main__":
    main()
