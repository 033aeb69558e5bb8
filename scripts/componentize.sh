#!/bin/sh
# Build one component: `componentize.sh WORLD MODULE OUT.wasm`, with componentize-py.
set -eu

world=$1 module=$2 target=$3
root=$(dirname "$target")

# Without this empty environment componentize-py would bake the host's site-packages in.
mkdir -p "$root/no-packages/lib/site-packages"
VIRTUAL_ENV=$root/no-packages "${COMPONENTIZE_PY:-componentize-py}" --quiet \
    --wit-path wit/0.2 --world "$world" \
    componentize --python-path . --output "$target.part" "$module"
mv "$target.part" "$target"
