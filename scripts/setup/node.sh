#!/bin/sh
# Install the packages of a lock for Node.js: `node.sh FOLDER FILE...`, where FILE... are
# package.json, package-lock.json and what else is run from there.
set -eu

folder=$1
shift
"$(dirname "$0")/need.sh" npm
rm -rf "$folder.part"
mkdir -p "$folder.part"
cp "$@" "$folder.part"
npm ci --prefix "$folder.part" --silent
rm -rf "$folder"
mv "$folder.part" "$folder"
