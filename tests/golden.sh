#!/bin/sh
# golden.sh - what tcpsaw says about each capture is what it said before.
#
# tests/golden/NAME.out holds the commands and their output.  'make golden'
# writes all of them anew; look at the difference before you commit it.
. "${srcdir:-.}/tests/lib.sh"
golden=$srcdir/tests/golden
renew=${1-}

# Run a command as a reader would type it; the status is told if it is not 0.
shown()
{
	echo "\$ tcpsaw $*"
	"$tcpsaw" "$@" 2>&1 </dev/null || echo "(status $?)"
	echo
}

tell()
{
	shown dissect -r "$1" | head -n 60
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
