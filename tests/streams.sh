#!/bin/sh
# streams.sh - the bytes that 'follow' writes are tshark's and tcpflow's, where
# those two agree: over pcaps/ and, where it is there, ../shared/states.
. "${srcdir:-.}/tests/lib.sh"
need python3 tshark tcpflow

set -- "$srcdir"/pcaps/*.pcap
if [ -d "$srcdir/../shared/states" ]; then
	for file in "$srcdir"/../shared/states/*/capture.pcap; do
		set -- "$@" "$file"
	done
else
	echo "there is no ../shared/states: over pcaps/ alone"
fi
python3 "$srcdir/tests/streams.py" "$tcpsaw" "$tmp" "$@" ||
	fail "streams differ"
