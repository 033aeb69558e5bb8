#!/bin/sh
# Build one component with componentize-py, of its module and the packages beside it:
# `componentize.sh WIT WORLD MODULE OUT.wasm [PACKAGE...]`. The package of the module may be
# elsewhere, as in `examples/echo_provider.wasi_02`; a world of its own is a file beside
# the module, as in `examples/echo_provider/wasi_02.wit`.
set -eu

wit=$1 world=$2 module=$3 target=$4
shift 4
root=$(dirname "$target")
name=${module##*/}
folder=${module%"$name"}${name%%.*}
own=$folder/${name##*.}.wit
[ -e "$own" ] || own=

# What is beside the modules is baked into a component, if only by its name: the host's
# site-packages, unless there is an environment without any, and the folder's listing.
mkdir -p "$root/no-packages/lib/site-packages"
stage=$(mktemp -d "$root/stage.XXXXXX")
trap 'rm -rf "$stage"' EXIT
for package in wire wasi_http "$folder" "$@"; do
    cp -R "$package" "$stage/"
done
find "$stage" -name __pycache__ -prune -exec rm -rf {} +
VIRTUAL_ENV=$root/no-packages "${COMPONENTIZE_PY:-componentize-py}" --quiet \
    --wit-path "$wit" ${own:+--wit-path "$own"} --world "$world" \
    componentize --python-path "$stage" --output "$stage/built.wasm" "$name"
"${PYTHON:-python3}" -m scripts.trim "$stage/built.wasm" "$target.part"
mv "$target.part" "$target"
