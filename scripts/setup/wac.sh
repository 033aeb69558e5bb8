#!/bin/sh
# Put wac, the tool that joins components, at the path given: `wac.sh build/wac`.
# A wac of the right version on the PATH is used; else cargo builds one, once for each
# user: it takes minutes, and every clone can share it.
set -eu

version=0.12.0
target=$1
root=${XDG_CACHE_HOME:-$HOME/.cache}/wasm-llm-proxy/wac-cli-$version

found=$(command -v wac || true)
if [ -z "$found" ] || [ "$("$found" --version)" != "wac-cli $version" ]; then
    found=$root/bin/wac
fi
if [ ! -x "$found" ]; then
    "$(dirname "$0")/need.sh" cargo
    echo "Building wac $version with cargo into $root (about a minute, once)" >&2
    # Of a make with several jobs cargo would ask for its share, and is not given any.
    unset MAKEFLAGS MFLAGS
    # It joins files for a second in all: optimizing it takes longer than it ever saves.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
        "${PYTHON:-python3}" "$(dirname "$0")/once.py" "$found" -- \
        cargo install wac-cli --version "$version" --locked --quiet \
        --no-default-features --features wit --root "$root"
fi
mkdir -p "$(dirname "$target")"
cp "$found" "$target.part"
mv "$target.part" "$target"
