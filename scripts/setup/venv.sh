#!/bin/sh
# Make the virtual environment .venv: `venv.sh PYTHON`.
set -eu

"$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || { echo "Python 3.11 or later is needed: make PYTHON=python3.12" >&2; exit 1; }
"$1" -m venv .venv
