#!/bin/sh
# mind.sh - the sender's window is what its kernel said that it was.
#
# Over the lab's runs in pcaps/lab/; pcaps/lab/EXPECTED says how exactly.
. "${srcdir:-.}/tests/lib.sh"
need python3

set --
for folder in "$srcdir"/pcaps/lab/*/; do
	set -- "$@" "$folder"
done
"$srcdir/tests/lab/score" --tcpsaw "$tcpsaw" \
	--expect "$srcdir/pcaps/lab/EXPECTED" "$@" ||
	fail "the inference is worse than it was"
