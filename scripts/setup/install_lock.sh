#!/bin/sh
# Install what a lock lists and nothing else: `install_lock.sh PYTHON LOCK [PIP OPTION...]`.
# pip resolves no requirement of a package: tests/unit/test_locks.py holds the locks to be whole.
set -eu

python=$1 lock=$2
shift 2
exec "$python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --require-hashes --requirement "$lock" "$@"
