#!/bin/sh
# views.sh - report, show, sql and export on a database and on its capture:
# both say the same, and mistakes are told in one line with their status.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3 python3

cp "$srcdir/pcaps/demo.pcap" "$tmp/"
cd "$tmp"
"$tcpsaw" analyze -q -r demo.pcap -o x.db

same()
{
	name=$1
	shift
	"$tcpsaw" "$name" x.db "$@" >db.out || fail "$name x.db $*"
	"$tcpsaw" "$name" demo.pcap "$@" >pcap.out || fail "$name demo.pcap $*"
	cmp db.out pcap.out || fail "$name $*: database and capture differ"
	[ -s db.out ] || fail "$name $*: nothing"
	! LC_ALL=C grep -q '[^ -~]' db.out || fail "$name $*: not plain text"
}

same report
same report --conn 7
same report --json
python3 -m json.tool db.out >/dev/null || fail "report --json is no JSON"
same show 7
grep -q 'Flags \[S\]' db.out || fail "show has no segments"
same sql 'SELECT * FROM connection'
for query in slowest largest retransmitting refused resets zero-window \
	syn-retries top-talkers rates ports states kernel; do
	same sql "$query"
	"$tcpsaw" sql x.db | grep -q "^  $query " || fail "$query is not listed"
done
same sql zero_window
same sql --json 'SELECT conn_id FROM connection'
[ "$(head -n 1 db.out)" = '{"conn_id":1}' ] || fail "sql --json"
same export --json
python3 -c 'import json, sys
for line in open(sys.argv[1]):
	json.loads(line)["table"]' db.out || fail "export --json is no JSON"

# CSV as sqlite3 reads it has the same rows
"$tcpsaw" export x.db --csv csv
for table in connection endpoint state_change event finding; do
	n=$(python3 -c 'import csv, sys
print(len(list(csv.DictReader(open(sys.argv[1], newline="")))))' \
		"csv/$table.csv")
	[ "$n" = "$(sqlite3 x.db "SELECT count(*) FROM $table")" ] ||
		fail "csv/$table.csv has $n rows"
done

# a database made with --segments needs no capture
"$tcpsaw" analyze -q --segments -r demo.pcap -o s.db
mv demo.pcap away.pcap
"$tcpsaw" show s.db 7 >out
grep -q 'Flags \[S\]' out || fail "show s.db has no segments"
[ "$(sqlite3 s.db 'SELECT count(*) FROM segment')" = \
  "$(sqlite3 s.db 'SELECT sum(packets) FROM endpoint')" ] ||
	fail "a row a segment"
"$tcpsaw" show x.db 7 >out || fail "show without its capture"
grep -q "cannot open 'demo.pcap'" out || fail "show does not miss demo.pcap"
"$tcpsaw" show x.db 7 -r away.pcap >out
grep -q 'Flags \[S\]' out || fail "show -r"

# wrong STATUS WORDS... : one line with these words, and that status
wrong()
{
	status=$1 words=$2
	shift 2
	got=0
	"$tcpsaw" "$@" >out 2>err || got=$?
	[ "$got" = "$status" ] || fail "$*: status $got, not $status"
	grep -q "^tcpsaw: .*$words" err || fail "$*: $(cat err)"
}

wrong 1 'no such file' report nothing.db
wrong 1 'no connection 99' report x.db --conn 99
wrong 1 'no connection 99' show x.db 99
wrong 2 'number of a connection' show x.db first
wrong 2 'bad value' report x.db --conn 0
wrong 2 'bad value' report x.db --color=blue
wrong 2 'no database' report
wrong 2 'is named' sql x.db slowst
wrong 2 'no such column' sql x.db 'SELECT nonsense FROM connection'
wrong 2 'not authorized' sql x.db 'DELETE FROM connection'
wrong 2 'more than one' sql x.db 'SELECT 1; DELETE FROM connection'
wrong 2 'either' export x.db
wrong 1 'it exists' export x.db --csv csv
for command in report show sql export; do
	"$tcpsaw" "$command" --help | grep -q "^usage: tcpsaw $command" ||
		fail "$command --help"
done
got=0
"$tcpsaw" report --fail-on=warning x.db >/dev/null || got=$?
[ "$got" = 4 ] || fail "--fail-on: status $got"
[ "$(sqlite3 x.db 'PRAGMA integrity_check')" = ok ] || fail "damaged"
