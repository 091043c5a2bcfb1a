#!/bin/sh
# live.sh - on a wire of our own: what the kernel counted is what was seen or
# reported as dropped, connections are in the database while they are open,
# and who reads meanwhile is never locked out.
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

listen load -o "$tmp/load.db" -w "$tmp/load.pcapng" -B 65536 'tcp port 80 and host 10.77.0.1'
before=$(packets_of)
ip netns exec "$a_ns" wrk -t1 -c 20 -d "${seconds}s" -H 'Connection: close' \
	"http://$b_addr:80/" >"$tmp/wrk.out" 2>&1 &
wrk=$!

# Meanwhile: 1,000 queries, none of them locked out.
queries=0
while kill -0 $wrk 2>/dev/null || [ $queries -lt 100 ]; do
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		echo 'SELECT count(*) FROM connection;'
		echo 'SELECT max(second) FROM rate;'
	done | sql "$tmp/load.db" >/dev/null 2>>"$tmp/sql.err" || :
	queries=$((queries + 20))
	sleep 0.05
done
[ ! -s "$tmp/sql.err" ] || fail "$(head -3 "$tmp/sql.err")"
wait $wrk || fail "$(cat "$tmp/wrk.out")"
sleep 0.5
after=$(packets_of)
end_live INT
[ "$status" -eq 0 ] || fail "status $status: $(cat "$tmp/load.err")"

captured=$(awk '/packets? captured/ { print $1 }' "$tmp/load.err")
dropped=$(awk '/dropped by kernel/ { print $1 }' "$tmp/load.err")
stored=$(sql "$tmp/load.db" 'SELECT packets FROM capture')
told=$(sql "$tmp/load.db" 'SELECT packets_dropped FROM capture')
wire=$((after - before))
echo "$queries queries; $wire packets on the wire, $captured captured," \
	"$dropped dropped"
[ "$stored" -eq "$captured" ] || fail "capture.packets is $stored"
[ "$told" -eq "$dropped" ] || fail "capture.packets_dropped is $told"
# ARP is on the wire and not in the filter
[ $((captured + dropped)) -le "$wire" ] &&
	[ $((captured + dropped)) -ge $((wire - 20)) ] ||
	fail "captured and dropped are not what was on the wire"
[ "$(sql "$tmp/load.db" 'SELECT sum(packets) FROM rate')" -eq "$captured" ] ||
	fail "the rates do not add up to $captured packets"
[ "$(sql "$tmp/load.db" 'PRAGMA integrity_check')" = ok ] ||
	fail "the database is damaged"

# The server's own requests go over its loopback: the wire saw the others.
in_db=$(sql "$tmp/load.db" 'SELECT count(*) FROM connection')
requests=$(awk '/requests in/ { print $1 }' "$tmp/wrk.out")
nginx=$(accepted)
echo "$in_db connections in the database, $nginx accepted, $requests answers"
if [ "$dropped" -eq 0 ]; then
	[ "$in_db" -ge "$requests" ] && [ "$in_db" -le "$nginx" ] ||
		fail "$in_db connections of $nginx"
	lost=$(sql "$tmp/load.db" "SELECT count(*) FROM event
		WHERE kind = 'loss' AND detail ->> 'where' = 'capture'")
	[ "$lost" -eq 0 ] || fail "$lost losses of a capture without drops"
fi
written=$("$tcpsaw" analyze -r "$tmp/load.pcapng" -o "$tmp/file.db" -q &&
	sql "$tmp/file.db" 'SELECT count(*) FROM connection')
[ "$written" -eq "$in_db" ] ||
	fail "$written connections in the file, $in_db in the database"

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
	AND state = 'ESTABLISHED'\")\" = 1 ]"

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
