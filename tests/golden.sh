#!/bin/sh
# golden.sh - what tcpsaw says about each capture is what it said before.
#
# tests/golden/NAME.out holds the commands and their output.  'make golden'
# writes all of them anew; look at the difference before you commit it.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3
golden=$srcdir/tests/golden
renew=${1-}

# Run a command as a reader would type it; the status is told if it is not 0.
shown()
{
	echo "\$ tcpsaw $*"
	"$tcpsaw" "$@" 2>&1 </dev/null || echo "(status $?)"
	echo
}

# A query of ours, as a table with '|'.
asked()
{
	echo "# $1"
	sqlite3 "$tmp/golden.db" "$2"
	echo
}

tell()
{
	rm -f golden.db
	"$tcpsaw" analyze -q -r "$1" -o golden.db --force 2>&1 </dev/null ||
		echo "(status $?)"
	shown dissect -r "$1" | head -n 60
	asked "states: connection, side, seconds, packet, change, cause" "
		SELECT conn_id, side,
			printf('%.3f', (ts_ns - c.start_ns) / 1e9),
			frame_number, old_state || ' > ' || new_state, cause
		FROM state_change JOIN connection c USING (conn_id)
		ORDER BY conn_id, ts_ns, frame_number, side"
}

differ=0
# compare CAPTURE NAME, in $tmp so that paths are short
compare()
{
	(cd "$tmp" && tell "$1") >"$tmp/now"
	if [ "$renew" = renew ]; then
		cp "$tmp/now" "$golden/$2.out"
	elif ! diff -u "$golden/$2.out" "$tmp/now" >"$tmp/diff" 2>&1; then
		cat "$tmp/diff"
		differ=$((differ + 1))
	fi
}

[ "$renew" != renew ] || mkdir -p "$golden"
for name in $(seg_names); do
	seg "$name"
	compare "$name.pcap" "$name"
done
for file in "$srcdir"/pcaps/*.pcap; do
	cp "$file" "$tmp/"
	compare "$(basename "$file")" "pcaps-$(basename "$file" .pcap)"
done
[ "$differ" -eq 0 ] ||
	fail "$differ outputs differ; 'make golden' if that is right"
