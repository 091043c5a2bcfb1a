#!/bin/sh
# append.sh - what is added to a database is what a new one would have, also
# where another version of tcpsaw made it, with its columns in another order.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

# events DB CAPTURE_ID: the events of a capture, by the names of columns
events()
{
	sqlite3 "$1" "SELECT c.tcp_stream, e.side, e.ts_ns, e.frame_number,
		e.kind, e.seq, e.len, e.detail
		FROM event e JOIN connection c USING (conn_id)
		WHERE c.capture_id = $2 ORDER BY e.event_id"
}

conns()
{
	sqlite3 "$1" "SELECT tcp_stream, community_id, client_port, outcome,
		client_packets, server_srtt_ns FROM connection
		WHERE capture_id = $2 ORDER BY conn_id"
}

same()
{
	cmp "$tmp/$1" "$tmp/$2" || fail "$3"
}

seg rtx_fast
seg reordering
db=$tmp/x.db
analyze 0 -r "$tmp/rtx_fast.pcap" -o "$db"
events "$db" 1 >"$tmp/events"
conns "$db" 1 >"$tmp/conns"
[ -s "$tmp/events" ] || fail "there are no events"

analyze 0 -r "$tmp/reordering.pcap" -o "$db" --append
analyze 0 -r "$tmp/rtx_fast.pcap" -o "$db" --append
events "$db" 3 >"$tmp/events3"
conns "$db" 3 >"$tmp/conns3"
same events events3 "events differ when they are added"
same conns conns3 "connections differ when they are added"

sqlite3 "$db" "DROP INDEX event_conn; ALTER TABLE event RENAME TO other;
	CREATE TABLE event (event_id INTEGER PRIMARY KEY, detail TEXT,
		len INTEGER, seq INTEGER, kind TEXT, frame_number INTEGER,
		ts_ns INTEGER, side TEXT,
		conn_id INTEGER REFERENCES connection) STRICT;
	INSERT INTO event SELECT event_id, detail, len, seq, kind,
		frame_number, ts_ns, side, conn_id FROM other;
	DROP TABLE other"
analyze 0 -r "$tmp/rtx_fast.pcap" -o "$db" --append
events "$db" 4 >"$tmp/events4"
conns "$db" 4 >"$tmp/conns4"
same events events4 "events are in the wrong columns"
same conns conns4 "connections differ beside other events"

[ "$(sqlite3 "$db" 'PRAGMA integrity_check')" = ok ] ||
	fail "the database is damaged"
[ -z "$(sqlite3 "$db" 'PRAGMA foreign_key_check')" ] ||
	fail "rows refer to what is not there"
echo "4 captures in a database, $(wc -l <"$tmp/events") events each"
