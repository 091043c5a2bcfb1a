#!/bin/sh
# modes.sh - a sender without a model is told like one that has one.
#
# With --samples=all every sender has a model from its first data on; without
# it, only once there is something to infer.  What is said of the segments and
# of the connections must be the same.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

told="SELECT conn_id, frame_number, side, kind, seq, len FROM event
	ORDER BY 1, 2, 3, 4, 5;
SELECT conn_id, outcome, client_state, server_state FROM connection ORDER BY 1;
SELECT conn_id, side, retrans_packets, congestion_control FROM endpoint
	ORDER BY 1, 2;
SELECT conn_id, severity, code FROM finding WHERE severity <> 'note'
	ORDER BY 1, 2, 3;"

n=0 events=0
# same FILE: with and without models from the start
same()
{
	for mode in all thin; do
		[ $mode = all ] && option=--samples=all || option=-q
		analyze "0|3" $option -o "$tmp/$mode.db" --force -r "$1"
		sqlite3 "$tmp/$mode.db" "$told" >"$tmp/$mode.told"
	done
	cmp -s "$tmp/all.told" "$tmp/thin.told" || {
		diff "$tmp/all.told" "$tmp/thin.told" | head -n 20
		fail "$(basename "$1"): told otherwise with --samples=all"
	}
	n=$((n + 1))
	events=$((events + $(wc -l <"$tmp/all.told")))
}

for name in $(seg_names); do
	seg "$name"
	same "$tmp/$name.pcap"
done
for file in "$srcdir"/pcaps/*.pcap "$srcdir"/pcaps/lab/*/*.pcap.gz; do
	same "$file"
done
[ $n -gt 50 ] && [ $events -gt 1000 ] || fail "only $n captures, $events rows"
echo "$n captures, $events rows, told alike in both modes"
