#!/bin/sh
# tui_million.sh - the views on a database of a million connections, by hand:
# first screen under 0.5 s, a key under 50 ms in the median, under 100 MiB.
#
#	tests/tui_million.sh [connections]
#
# For a build without sanitizers.  Needs 0.5 GB in $TMPDIR.
set -eu

srcdir=${srcdir:-$(dirname "$0")/..}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tests/tui_db "$dir/million.db" "${1:-1000000}"
python3 "$srcdir/tests/tui_latency.py" ./tcpsaw "$dir/million.db"
