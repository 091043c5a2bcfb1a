#!/bin/sh
# segpcap.sh - every script yields a capture, and nonsense yields none.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for script in "$srcdir"/tests/seg/*.seg; do
	for format in pcap pcapng; do
		tests/segpcap -f $format "$script" "$tmp/capture"
		[ -s "$tmp/capture" ]
	done
done

# must_fail SCRIPT: every line of it is a mistake of its own.
must_fail()
{
	if printf '%s\n' "client 10.0.0.1:1" "server 10.0.0.2:2" "$1" |
		tests/segpcap - "$tmp/none" 2>"$tmp/err"; then
		echo "understood, but should not: $1"
		exit 1
	fi
	grep -q '^-:3: ' "$tmp/err"
}
must_fail '0 > S 0:1(0)'
must_fail '0 > X 0:0(0)'
must_fail '0 > . 1:11(10) ack 1 "longer than that"'
must_fail '0 > . <unknown 3>'
must_fail '0 > . {unknown}'
must_fail '0 > . {ttl 3'
must_fail '0 b> . 1:1(0)'
must_fail 'x > . 1:1(0)'
must_fail '0 dup'
must_fail '0 icmp 10.0.0.1 > ::1 echo'
