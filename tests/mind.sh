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

# A model that is made late, as it is by default, tells the same.
need sqlite3
for folder; do
	for option in "" --samples=all; do
		analyze 0 -q $option -r "$folder/snd.pcap.gz" \
			-o "$tmp/mind.db" --force
		sqlite3 "$tmp/mind.db" "SELECT frame_number, kind FROM event
			WHERE kind LIKE 'rtx%' ORDER BY 1" >"$tmp/kinds$option"
	done
	cmp -s "$tmp/kinds" "$tmp/kinds--samples=all" ||
		fail "$folder: retransmissions are of other kinds by default"
done
