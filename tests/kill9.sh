#!/bin/sh
# kill9.sh - a database is valid after kill -9 at any moment, and when its
# disk is full.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3 od

# Ten minutes of capture: connections are done with, and written, meanwhile.
{ echo snaplen 80; many 1200 0.5; } | tests/segpcap - "$tmp/many.pcap"

# Feed the capture slowly, so that there is something to be killed in.
feed()
{
	split -b 20000 "$tmp/many.pcap" "$tmp/part."
	for part in "$tmp"/part.*; do
		cat "$part"
		sleep 0.04
	done
}

# 0 to 2 s: the writer commits at least once a second
random_pause()
{
	ms=$(($(od -An -N2 -tu2 /dev/urandom) % 2000))
	sleep "$((ms / 1000)).$(printf '%03d' $((ms % 1000)))"
}

check()
{
	[ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ] ||
		fail "$2: the database is damaged"
	[ -z "$(sqlite3 "$1" 'PRAGMA foreign_key_check')" ] ||
		fail "$2: rows refer to what is not there"
}

mkfifo "$tmp/fifo"
killed=0 rows=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	db=$tmp/kill$i.db
	feed >"$tmp/fifo" 2>/dev/null &
	feeder=$!
	"$tcpsaw" analyze -r - -o "$db" <"$tmp/fifo" >/dev/null 2>&1 &
	victim=$!
	random_pause
	kill -9 $victim 2>/dev/null || :
	wait $victim 2>/dev/null && rc=0 || rc=$?
	kill $feeder 2>/dev/null || :
	wait $feeder 2>/dev/null || :
	rm -f "$tmp"/part.*
	[ "$rc" -eq 137 ] && killed=$((killed + 1))
	[ -e "$db" ] || continue	# killed before it was there
	# Killed before the schema was committed: an empty database is valid.
	if [ -z "$(sqlite3 "$db" "SELECT 1 FROM sqlite_schema LIMIT 1")" ]; then
		continue
	fi
	check "$db" "kill -9, $i"
	status=$(sqlite3 "$db" "SELECT status FROM capture")
	n=$(sqlite3 "$db" 'SELECT count(*) FROM connection')
	echo "kill $i: status '$status', $n connections"
	[ "$n" -eq 0 ] || rows=$((rows + 1))
	[ "$rc" -ne 137 ] || [ "$status" != complete ] ||
		fail "kill -9, $i: said to be complete"
	"$tcpsaw" report "$db" >/dev/null 2>&1 ||
		[ $? -le 3 ] || fail "kill -9, $i: report status $?"
done
[ "$killed" -ge 5 ] || fail "only $killed of 20 were killed in time"
[ "$rows" -ge 1 ] || fail "no database had a connection in it"

# Interrupted by hand: it finishes cleanly and says so.
db=$tmp/int.db
{ feed; exec sleep 30; } >"$tmp/fifo" 2>/dev/null &	# never at its end
feeder=$!
(
	trap - INT
	exec "$tcpsaw" analyze -r - -o "$db" <"$tmp/fifo"
) >/dev/null 2>&1 &
victim=$!
# It has begun when there is a database with a capture in it.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	sleep 0.1
	[ -z "$(sqlite3 "$db" 'SELECT status FROM capture' 2>/dev/null)" ] ||
		break
done
kill -TERM $victim
wait $victim 2>/dev/null && rc=0 || rc=$?
kill $feeder 2>/dev/null || :
wait $feeder 2>/dev/null || :
[ "$rc" -lt 128 ] || fail "SIGTERM killed it: $rc"
check "$db" SIGTERM
[ "$(sqlite3 "$db" 'SELECT status FROM capture')" = interrupted ] ||
	fail "SIGTERM: capture.status is not 'interrupted'"
echo "SIGTERM: interrupted, valid"

# A full disk: 300 KB of tmpfs, in a mount namespace of its own.
cat >"$tmp/full.sh" <<'END'
mount -t tmpfs -o size=300k tmpfs "$1/disk" || exit 77
"$2" analyze -r "$1/many.pcap" -o "$1/disk/full.db" >/dev/null 2>"$1/full.err"
echo $? >"$1/full.rc"
cp "$1"/disk/full.db* "$1/saved/" 2>/dev/null
exit 0
END
mkdir "$tmp/disk" "$tmp/saved"
if [ "$(id -u)" -eq 0 ]; then
	unshare -m sh "$tmp/full.sh" "$tmp" "$tcpsaw" 2>/dev/null || rc=77
else
	unshare -rm sh "$tmp/full.sh" "$tmp" "$tcpsaw" 2>/dev/null || rc=77
fi
if [ ! -e "$tmp/full.rc" ]; then
	echo "full disk: not tried, no mount namespaces here"
	exit 0
fi
[ "$(cat "$tmp/full.rc")" -eq 1 ] ||
	fail "full disk: status $(cat "$tmp/full.rc"): $(cat "$tmp/full.err")"
grep -qi 'full\|no space\|disk' "$tmp/full.err" ||
	fail "full disk: not told: $(cat "$tmp/full.err")"
check "$tmp/saved/full.db" "full disk"
echo "full disk: status 1, valid"
