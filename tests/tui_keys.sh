#!/bin/sh
# tui_keys.sh - random keys for the views: KEYS (2000) of them, from SEED.
#
# The long run by hand: KEYS=20000 tests/tui_keys.sh
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tests/tui_db "$dir/scenes.db"
tests/tui_keys "$dir/scenes.db" "${KEYS:-2000}" "${SEED:-1}"
