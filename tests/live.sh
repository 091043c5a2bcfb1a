#!/bin/sh
# live.sh - on a wire of our own: what the kernel counted is what was seen or
# reported as dropped, connections are in the database while they are open,
# and who reads meanwhile is never locked out.
#
# LIVE_SECONDS=20 is the whole of it; LIVE_NICE=0 without precedence.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/live_lib.sh"
need curl python3 wrk
make_wire
serve 4096
seconds=${LIVE_SECONDS:-4}

packets_of()
{
	in_b cat /sys/class/net/vb/statistics/rx_packets \
		/sys/class/net/vb/statistics/tx_packets |
		awk '{ n += $1 } END { print n }'
}

accepted() { in_b curl -s "http://$b_addr/status" | awk 'NR == 3 { print $1 }'; }

# No filter: with the neighbours known, nothing but the load is on the wire.
in_a ip neigh replace "$b_addr" lladdr "$(in_b cat /sys/class/net/vb/address)" \
	dev va nud permanent
in_b ip neigh replace "$a_addr" lladdr "$(in_a cat /sys/class/net/va/address)" \
	dev vb nud permanent
in_a sysctl -qw net.ipv4.ip_local_port_range='1024 65535'

listen load -o "$tmp/load.db" -w "$tmp/load.pcapng" -B 65536
accepted_before=$(accepted)
before=$(packets_of)
ip netns exec "$a_ns" wrk -t1 -c 20 -d "${seconds}s" -H 'Connection: close' \
	"http://$b_addr:80/" >"$tmp/wrk.out" 2>&1 &
wrk=$!

# Some stay open all the while: they are counted after 2 s.
ip netns exec "$a_ns" python3 -c "import socket, time
s = [socket.create_connection(('$b_addr', 80)) for i in range(50)]
time.sleep($seconds)" &
held=$!

# When is each connection there to be seen?  Only a connection with a row is,
# so this asks again and again for those that had none.  It waits 0.1 s at most:
# readers get into each other's way, for moments, when they open the database.
python3 - "$tmp/load.db" "$tmp/poll.stop" >"$tmp/poll.out" <<'END' &
import os, sqlite3, sys, time
path, stop = sys.argv[1:]
db = sqlite3.connect("file:%s?mode=ro" % path, uri=True, timeout=0.1)
seen, low, late, n, errors = set(), 0, [], 0, []
held = 0
while True:
    last = os.path.exists(stop)
    asked = time.time()
    try:
        rows = db.execute("SELECT conn_id, start_ns FROM connection"
                          " WHERE conn_id > ?", (low,)).fetchall()
        n += 1
        if n == 20:
            held = db.execute("SELECT count(*) FROM connection"
                              " WHERE server_state = 'ESTABLISHED'"
                              ).fetchone()[0]
    except sqlite3.OperationalError as e:
        errors.append(str(e))
        rows = []
    now = time.time()
    for number, start in rows:
        if number not in seen:
            seen.add(number)
            late.append(now - start / 1e9)
    while low + 1 in seen:
        low += 1
        seen.discard(low)
    if last:
        break
    time.sleep(max(0, 0.1 - (time.time() - asked)))
late.sort()
at = lambda q: round(1000 * late[min(len(late) - 1, int(q * len(late)))])
if errors:
    print("locked:", len(errors), errors[0])
print("polls", n, "connections", len(late), "median", at(.5), "p99", at(.99),
      "max", at(1), "open", held)
END
poll=$!

# Meanwhile: 1,000 queries, none of them locked out.
queries=0
while kill -0 $wrk 2>/dev/null || [ $queries -lt 1000 ]; do
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		echo 'SELECT count(*) FROM connection;'
		echo 'SELECT max(second) FROM rate;'
	done | sql "$tmp/load.db" >/dev/null 2>>"$tmp/sql.err" || :
	queries=$((queries + 20))
	sleep 0.05
done
[ ! -s "$tmp/sql.err" ] || fail "$(head -3 "$tmp/sql.err")"
wait $wrk || fail "$(cat "$tmp/wrk.out")"
wait $held
sleep 1.5
touch "$tmp/poll.stop"
wait $poll
after=$(packets_of)
accepted_after=$(accepted)
end_live INT
[ "$status" -eq 0 ] || fail "status $status: $(cat "$tmp/load.err")"

for file in "$tmp"/load.db-*; do
	[ ! -e "$file" ] || fail "$file stayed"
done

captured=$(awk '/packets? captured/ { print $1 }' "$tmp/load.err")
dropped=$(awk '/dropped by kernel/ { print $1 }' "$tmp/load.err")
stored=$(sql "$tmp/load.db" 'SELECT packets FROM capture')
told=$(sql "$tmp/load.db" 'SELECT packets_dropped FROM capture')
wire=$((after - before))
echo "$queries queries, none locked out"
echo "$wire packets by the interface's counters, $captured captured," \
	"$dropped dropped: difference $((wire - captured - dropped))"
[ "$stored" -eq "$captured" ] || fail "capture.packets is $stored"
[ "$told" -eq "$dropped" ] || fail "capture.packets_dropped is $told"
[ $((captured + dropped)) -eq "$wire" ] ||
	fail "captured and dropped are not what was on the wire"
[ "$(sql "$tmp/load.db" 'SELECT sum(packets) FROM rate')" -eq "$captured" ] ||
	fail "the rates do not add up to $captured packets"
[ "$(sql "$tmp/load.db" 'PRAGMA integrity_check')" = ok ] ||
	fail "the database is damaged"

# The server was asked for its count once more, over its loopback.  What the
# client gave up before the handshake's end was never accepted.
in_db=$(sql "$tmp/load.db" 'SELECT count(*) FROM connection')
whole=$(sql "$tmp/load.db" 'SELECT count(*) FROM connection
	WHERE handshake_rtt_ns IS NOT NULL')
nginx=$((accepted_after - accepted_before - 1))
echo "$in_db connections in the database, $whole with their handshake," \
	"$nginx accepted by nginx"
if [ "$dropped" -eq 0 ]; then
	[ "$whole" -eq "$nginx" ] || fail "$whole connections of $nginx"
	lost=$(sql "$tmp/load.db" "SELECT count(*) FROM event
		WHERE kind = 'loss' AND detail ->> 'where' = 'capture'")
	[ "$lost" -eq 0 ] || fail "$lost losses of a capture without drops"
else
	[ "$in_db" -le $((nginx + dropped)) ] &&
		[ "$in_db" -ge $((nginx - dropped)) ] ||
		fail "$in_db connections of $nginx, with $dropped drops"
fi
written=$("$tcpsaw" analyze -r "$tmp/load.pcapng" -o "$tmp/file.db" -q &&
	sql "$tmp/file.db" 'SELECT count(*) FROM connection')
[ "$written" -eq "$in_db" ] ||
	fail "$written connections in the file, $in_db in the database"
echo "to be seen after (ms): $(cat "$tmp/poll.out")"
! grep -q locked "$tmp/poll.out" || fail "a reader was locked out"
# Within 1.5 s; but with sanitizers, or where packets were dropped, it is too slow
# for this load: what waits in the kernel's buffer is seen that much later.
limit=6000
[ "$dropped" -gt 0 ] || [ -z "${LIVE_SECONDS:-}" ] || limit=1500
awk -v all="$in_db" -v limit=$limit '/^polls/ {
		ok = $4 == all && $10 <= limit && $12 >= 50 }
	END { exit !ok }' "$tmp/poll.out" ||
	fail "of $in_db connections, and 50 held: $(cat "$tmp/poll.out")"

# Every open connection is there within 1.5 s.
listen seen -o "$tmp/seen.db" port 80
for n in 1 2 3 4 5 6; do
	begun=$(date +%s%N)
	ip netns exec "$a_ns" python3 -c "import socket, time
s = socket.create_connection(('$b_addr', 80))
time.sleep(10)" &
	started="$started $!"
	until [ "$(sql "$tmp/seen.db" "SELECT count(*) FROM connection
		WHERE server_state = 'ESTABLISHED'")" -ge $n ]; do
		[ $(($(date +%s%N) - begun)) -lt 1500000000 ] ||
			fail "connection $n is not there after 1.5 s"
		sleep 0.02
	done
	echo "seen after $((($(date +%s%N) - begun) / 1000000)) ms"
done

# The kernel's own view of the server's sockets stands beside.
wait_for 5 sh -c "[ \"\$(sqlite3 '$tmp/seen.db' \"SELECT count(*) > 5
	FROM kernel_sample WHERE side = 'server' AND cwnd > 0
	AND state = 'ESTABLISHED' AND process = 'nginx' AND pid > 1\")\" = 1 ]"

# kill -9: the database is valid, and what was committed is there.
kill -9 "$live"
wait "$live" 2>/dev/null || :
[ "$(sql "$tmp/seen.db" 'PRAGMA integrity_check')" = ok ] ||
	fail "damaged by kill -9"
[ "$(sql "$tmp/seen.db" 'SELECT count(*) FROM connection')" -ge 6 ] ||
	fail "committed connections are gone after kill -9"

# -c, --for, exit statuses
in_b timeout 20 "$tcpsaw" live --headless -q -i vb --for 1s -o "$tmp/for.db" \
	2>/dev/null || fail "--for 1s"
status=0
in_b "$tcpsaw" live --headless -i nosuch 2>"$tmp/err" || status=$?
[ "$status" -eq 1 ] || fail "no such interface: status $status"
grep -q "no such interface" "$tmp/err" || fail "$(cat "$tmp/err")"
status=0
in_b "$tcpsaw" live --headless -i vb 'port nosense' 2>"$tmp/err" || status=$?
[ "$status" -eq 2 ] || fail "bad filter: status $status"
