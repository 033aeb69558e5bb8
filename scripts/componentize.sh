#!/bin/sh
# Build one component: `componentize.sh WIT WORLD MODULE OUT.wasm`, with componentize-py.
set -eu

wit=$1 world=$2 module=$3 target=$4
root=$(dirname "$target")

# Without this empty environment componentize-py would bake the host's site-packages in.
mkdir -p "$root/no-packages/lib/site-packages"
VIRTUAL_ENV=$root/no-packages "${COMPONENTIZE_PY:-componentize-py}" --quiet \
    --wit-path "$wit" --world "$world" \
    componentize --python-path . --output "$target.part" "$module"
mv "$target.part" "$target"
