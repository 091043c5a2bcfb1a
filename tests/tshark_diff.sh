#!/bin/sh
# tshark_diff.sh - as many TCP connections and TCP packets as tshark counts.
#
# Over pcaps/, the scripts of tests/seg/ and, where it is there, ../shared
# (one capture of each scenario; with TCPSAW_ALL=1 every capture).
. "${srcdir:-.}/tests/lib.sh"
need sqlite3 tshark

# tshark's own count: streams, and frames with a TCP header it could follow.
by_tshark()
{
	tshark -n -r "$1" -Y 'tcp.stream && !icmp && !icmpv6' -T fields \
		-e tcp.stream 2>/dev/null | awk '
		{ n++; if (!($1 in seen)) { seen[$1]; streams++ } }
		END { print streams + 0, n + 0 }'
}

by_us()
{
	analyze "0|3" -r "$1" -o "$tmp/diff.db" --force -q
	sqlite3 -separator ' ' "$tmp/diff.db" "SELECT
		(SELECT count(*) FROM connection),
		(SELECT coalesce(sum(packets), 0) FROM endpoint)"
}

# Where the two differ for a reason: the name, what we count, and why.
known()
{
	case "$1 $2" in
	*) return 1 ;;
	esac
}

differ=0 n=0
compare()
{
	theirs=$(by_tshark "$1")
	ours=$(by_us "$1")
	n=$((n + 1))
	[ "$theirs" != "$ours" ] || return 0
	known "$2" "$ours" && return 0
	echo "$2: connections, packets: $ours, but tshark says $theirs"
	differ=$((differ + 1))
}

for file in "$srcdir"/pcaps/*.pcap; do
	compare "$file" "$(basename "$file")"
done
for name in $(seg_names); do
	seg "$name"
	compare "$tmp/$name.pcap" "$name.seg"
done
shared=$srcdir/../shared
if [ -d "$shared/states" ]; then
	for file in "$shared"/states/*/capture.pcap; do
		compare "$file" "${file#"$shared"/}"
	done
fi
if [ -n "${TCPSAW_ALL-}" ]; then
	for file in "$shared"/states/*/capture_*.pcap* \
		"$shared"/truth/*/*.pcap.gz; do
		compare "$file" "${file#"$shared"/}"
	done
fi
echo "$n captures compared"
[ "$differ" -eq 0 ] || fail "$differ captures differ"
