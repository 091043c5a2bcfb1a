#!/bin/sh
# rotate.sh - databases and captures that take turns: no connection is lost,
# one that spans a turn is in both; and a full disk is survived.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/live_lib.sh"
need curl python3
make_wire
serve 1024
mkdir -m 777 "$tmp/d"

listen turns -o "$tmp/d/x.db" -w "$tmp/d/x.pcapng" --rotate 2s tcp port 80
python3=$(command -v python3)
# one that is open all the time
ip netns exec "$a_ns" "$python3" -c "import socket, time
s = socket.create_connection(('$b_addr', 80))
time.sleep(30)" &
started="$started $!"
sleep 0.5
# some hundred short ones a second
requests=$(in_a "$python3" -c "import socket, threading, time
end, done = time.time() + 6, []
def run():
    while time.time() < end:
        s = socket.create_connection(('$b_addr', 80))
        s.sendall(b'GET / HTTP/1.0\r\n\r\n')
        while s.recv(65536):
            pass
        s.close()
        done.append(1)
        time.sleep(.005)
all = [threading.Thread(target=run) for i in range(8)]
for t in all: t.start()
for t in all: t.join()
print(len(done))")
sleep 0.5
end_live TERM
[ "$status" -eq 0 ] || fail "status $status: $(cat "$tmp/turns.err")"
captured=$(awk '/packets? captured/ { print $1 }' "$tmp/turns.err")
dropped=$(awk '/dropped by kernel/ { print $1 }' "$tmp/turns.err")
[ "$dropped" -eq 0 ] || skip "this machine is too busy: $dropped dropped"

n=0 packets=0 long=0
: >"$tmp/ids"
for db in "$tmp"/d/x-*.db; do
	[ "$(sql "$db" 'PRAGMA integrity_check')" = ok ] || fail "$db is damaged"
	[ -z "$(sql "$db" 'PRAGMA foreign_key_check')" ] ||
		fail "$db: rows refer to what is not there"
	n=$((n + 1))
	packets=$((packets + $(sql "$db" 'SELECT packets FROM capture')))
	long=$((long + $(sql "$db" 'SELECT count(*) FROM connection
		WHERE conn_id = 1')))
	sql "$db" 'SELECT conn_id FROM connection' >>"$tmp/ids"
	[ "$(sql "$db" 'SELECT min(open_connections) FROM rate')" -ge 0 ] ||
		fail "$db: a negative number of open connections"
done
[ $n -ge 3 ] || fail "$n databases after 7 s"
[ $packets -eq "$captured" ] || fail "$packets packets in all, not $captured"
# A busy machine may turn before that connection is there.
[ $long -ge $((n - 1)) ] || fail "the long connection is in $long of $n databases"
last=$(sort -n "$tmp/ids" | tail -1)
all=$(sort -u "$tmp/ids" | wc -l)
echo "$n databases, $all connections, $captured packets"
[ "$all" -eq "$last" ] || fail "$all of $last connections are in a database"
[ "$all" -ge "$requests" ] || fail "$all connections, $requests answers"
[ "$(readlink "$tmp/d/x.db")" = "$(basename "$db")" ] ||
	fail "x.db is not a link to the newest"
set -- "$tmp"/d/x-*.pcapng
[ $# -eq $n ] || [ $# -eq $((n + 1)) ] || [ $# -eq $((n - 1)) ] ||
	fail "$# capture files"
args=
for f; do args="$args -r $f"; done
# shellcheck disable=SC2086
"$tcpsaw" analyze -q $args -o "$tmp/all.db"
[ "$(sql "$tmp/all.db" 'SELECT packets FROM capture')" -eq "$captured" ] ||
	fail "packets are missing in the files"

# HUP rotates at once, --keep removes the oldest
listen keep -o "$tmp/d/k.db" --rotate 1d --keep 2
for i in 1 2 3; do
	sleep 1.3
	kill -HUP "$live"
done
sleep 0.8
end_live TERM
set -- "$tmp"/d/k-*.db
[ $# -eq 2 ] || fail "--keep 2 keeps $#: $*"

# No other database can be made for a while: the one that is there goes on.
mkdir -m 777 "$tmp/e"
listen stays -o "$tmp/e/s.db" -w "$tmp/e/s.pcapng" --rotate 2s
chmod 555 "$tmp/e"
wait_for 20 grep -q "db' goes on" "$tmp/stays.err"
in_a curl -s -o /dev/null "http://$b_addr/"
wait_for 10 grep -q "cannot create .*pcapng" "$tmp/stays.err"
chmod 777 "$tmp/e"
wait_for 20 grep -q "take turns again" "$tmp/stays.err"
wait_for 20 grep -q "writing goes on" "$tmp/stays.err"
in_a curl -s -o /dev/null "http://$b_addr/"
sleep 1
end_live TERM
[ "$status" -eq 0 ] || fail "status $status: $(cat "$tmp/stays.err")"
: >"$tmp/ids"
for db in "$tmp"/e/s-*.db; do
	[ "$(sql "$db" "SELECT status FROM capture")" = complete ] ||
		fail "$db is not complete"
	sql "$db" 'SELECT conn_id FROM connection' >>"$tmp/ids"
done
[ "$(sort -u "$tmp/ids" | wc -l)" -eq 2 ] ||
	fail "not two connections: $(cat "$tmp/ids")"

# A full disk: monitoring goes on, and so does storing when there is room.
mkdir "$tmp/small"
mount -t tmpfs -o size=1200k,mode=777 tcpsaw "$tmp/small" 2>/dev/null ||
	skip "rotation is fine; no tmpfs to be filled"
trap 'umount -l "$tmp/small"; clean_up' EXIT
listen full -o "$tmp/small/f.db" -w "$tmp/small/f.pcapng"
head -c 2000000 /dev/zero >"$tmp/small/filler" 2>/dev/null || :
i=0
until grep -q "nothing is stored" "$tmp/full.err" &&
	grep -q "packets are not written" "$tmp/full.err"; do
	i=$((i + 1))
	[ $i -lt 80 ] || fail "does not say that its disk is full"
	curl=$(in_a curl -s -o /dev/null -w '%{http_code}' "http://$b_addr/")
	[ "$curl" = 200 ] || fail "no server"
	sleep 0.1
done
kill -0 "$live" || fail "a full disk ended it"
rm "$tmp/small/filler"
wait_for 10 grep -q "storing goes on" "$tmp/full.err"
# It is looked again when a packet comes.
i=0
until grep -q "writing .* goes on" "$tmp/full.err"; do
	i=$((i + 1))
	[ $i -lt 100 ] || fail "the capture file does not go on"
	in_a curl -s -o /dev/null "http://$b_addr/"
	sleep 0.1
done
in_a curl -s -o /dev/null "http://$b_addr/"
sleep 1
end_live TERM
[ "$(sql "$tmp/small/f.db" 'PRAGMA integrity_check')" = ok ] ||
	fail "damaged by a full disk"
"$tcpsaw" analyze -q -r "$tmp/small/f.pcapng" -o "$tmp/fp.db" ||
	fail "the capture file is damaged by a full disk"
[ "$(sql "$tmp/fp.db" 'SELECT count(*) FROM connection')" -ge 1 ] ||
	fail "the capture file has nothing"
[ "$(sql "$tmp/small/f.db" "SELECT count(*) FROM connection
	WHERE outcome IS NOT NULL")" -gt 1 ] ||
	fail "nothing was stored when there was room again"
