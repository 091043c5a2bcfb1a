#!/bin/sh
# tui_keys.sh - random keys for the views: KEYS (2000) of them, from SEED; then
# on a database whose numbers and texts are junk.
#
# The long run by hand: KEYS=20000 tests/tui_keys.sh
set -eu

srcdir=${srcdir:-$(dirname "$0")/..}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tests/tui_db "$dir/scenes.db"
tests/tui_keys "$dir/scenes.db" "${KEYS:-2000}" "${SEED:-1}"
if ! command -v sqlite3 >/dev/null; then
	echo "tui_keys.sh: there is no sqlite3, so no junk was tried"
	exit 0
fi
sqlite3 "$dir/scenes.db" <"$srcdir/tests/tui_junk.sql"
tests/tui_keys "$dir/scenes.db" "${KEYS:-2000}" "${SEED:-1}"
