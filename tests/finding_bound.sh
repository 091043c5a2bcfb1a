#!/bin/sh
# finding_bound.sh - of one code the first thousand findings are stored, and a
# note counts the rest; what is about the connections stays.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

# refused N: as many connections to a port where nobody listens
refused()
{
	echo "server 10.0.0.2:81"
	i=0
	while [ $i -lt "$1" ]; do
		echo "client 10.0.0.1:$((20000 + i)) isn $((i * 77))"
		echo "$i.000 > S  0:0(0) win 64240 <mss 1460>"
		echo "$i.020 < R. 0:0(0) ack 1 win 0"
		i=$((i + 1))
	done
}

# count DB SQL: what a query says
count()
{
	sqlite3 "$1" "SELECT $2"
}

is()
{
	[ "$1" = "$2" ] || fail "$3: '$1' instead of '$2'"
}

for n in 1000 1234; do
	refused $n >"$tmp/$n.seg"
	tests/segpcap "$tmp/$n.seg" "$tmp/$n.pcap"
	analyze 0 -r "$tmp/$n.pcap" -o "$tmp/$n.db"
	is "$(count "$tmp/$n.db" "count(*) FROM connection
		WHERE outcome = 'connection_refused'")" $n 'connections'
	is "$(count "$tmp/$n.db" "count(*) FROM finding
		WHERE code = 'connection_refused'")" 1000 'findings'
done

is "$(count "$tmp/1000.db" "count(*) FROM finding
	WHERE code = 'findings_left_out'")" 0 'nothing is left out'
is "$(count "$tmp/1234.db" "severity || ': ' || title FROM finding
	WHERE code = 'findings_left_out' AND conn_id IS NULL
	AND explanation LIKE '%connection_refused%'")" \
	"note: 234 more findings 'connection_refused'" 'the note'
is "$(count "$tmp/1234.db" "frame_number FROM finding
	JOIN finding_evidence USING (finding_id)
	WHERE code = 'findings_left_out'")" 2001 'the first left out'
"$tcpsaw" report "$tmp/1234.db" | grep -q "234 more findings" ||
	fail "the report does not tell"

analyze 0 -j 4 -r "$tmp/1234.pcap" -o "$tmp/four.db"
rows "$tmp/1234.db" >"$tmp/one.txt"
rows "$tmp/four.db" >"$tmp/four.txt"
cmp "$tmp/one.txt" "$tmp/four.txt" || fail "-j 4 is not -j 1"
echo "1000 of 1234 findings are stored, 234 are counted"
