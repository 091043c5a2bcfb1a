#!/bin/sh
# robust.sh - damaged captures tell no less than they did, and nothing untrue.
#
# Over the lab's runs in pcaps/lab/, damaged here; pcaps/lab/ROBUST says how near
# the sender's window has to be.  tests/lab/robust measures it at large.
. "${srcdir:-.}/tests/lib.sh"
need python3

for kind in loss bursts late ms nots merge; do
	"$srcdir/tests/lab/score" --tcpsaw "$tcpsaw" --damage $kind \
		--expect "$srcdir/pcaps/lab/ROBUST" "$srcdir"/pcaps/lab/*/ ||
		fail "the inference is worse than it was: $kind"
done
