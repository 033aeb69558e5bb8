#!/bin/sh
# End with a clear error if a program is missing that is not ours to install: `need.sh cargo npm`.
set -eu

missing=0
for program in "$@"; do
    ! command -v "$program" >/dev/null || continue
    missing=1
    case $program in
    cargo) echo "cargo is missing: it builds wac, which joins components. Install Rust (https://rustup.rs), or put wac 0.12.0 on the PATH." ;;
    npm) echo "npm is missing: install Node.js 20 or later (https://nodejs.org)." ;;
    *) echo "$program is missing." ;;
    esac >&2
done
exit $missing
