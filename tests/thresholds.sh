#!/bin/sh
# thresholds.sh - --threshold changes what is told, and nothing else does.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

codes()
{
	analyze 0 -q -r "$tmp/$1.pcap" -o "$tmp/t.db" --force $2
	sqlite3 "$tmp/t.db" "SELECT count(*) FROM finding WHERE code = '$3'"
}

# SCRIPT CODE THRESHOLD=BEYOND: found by default, and not beyond.
check()
{
	seg "$1"
	[ "$(codes "$1" "" "$2")" -gt 0 ] || fail "$1: no '$2' by default"
	[ "$(codes "$1" "--threshold $3" "$2")" -eq 0 ] ||
		fail "$1: '$2' also with $3"
}

check close_wait_leak close_wait_leak close-wait=100
check captured_twice captured_twice captured-twice=0.9
check half_close half_close half-close=1e6
check keepalive idle_keepalive keepalives=1000
check keepalive window_shrunk window-shrunk=1e6
check client_timed_out client_timeout_close client-patience=100
check server_hangs server_application_hangs server-patience=100
check path_mtu_black_hole pmtu_black_hole_recovered black-hole-passed=1000

# The last word of several counts, and one does not touch the others.
[ "$(codes half_close "--threshold half-close=1e6 --threshold keepalives=9 \
	--threshold half-close=1" half_close)" -gt 0 ] ||
	fail "the last --threshold does not count"

for bad in scan-port=1 scan-ports scan-ports= scan-ports=x scan-ports=-1 \
	scan-ports=1e30 scan-ports=nan =1 ""; do
	analyze 2 -r "$tmp/half_close.pcap" --threshold "$bad"
	grep -q "bad value for --threshold: '$bad'" "$tmp/err" ||
		fail "'$bad' is not complained of"
done
"$tcpsaw" help thresholds >"$tmp/list"
[ "$(wc -l <"$tmp/list")" -gt 30 ] || fail "the list is short"
