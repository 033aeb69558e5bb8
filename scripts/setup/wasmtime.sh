#!/bin/sh
# Install a locked wasmtime into a folder of its own: `wasmtime.sh PYTHON LOCK FOLDER`.
# The folder takes its place when it is whole.
set -eu

python=$1 lock=$2 folder=$3
rm -rf "$folder.part"
"$(dirname "$0")/install_lock.sh" "$python" "$lock" --target "$folder.part"
chmod +x "$folder.part/wasmtime_cli/wasmtime"
rm -rf "$folder"
mv "$folder.part" "$folder"
