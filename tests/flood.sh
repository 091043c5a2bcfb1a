#!/bin/sh
# flood.sh - forged SYNs among real transfers: these are all in the database, and
# right, the flood is a finding, and memory is within its bound.
#
# FLOOD=1000000 TRANSFERS=200 is the whole of it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/live_lib.sh"
need python3
make_wire
flood=${FLOOD:-60000}
transfers=${TRANSFERS:-20}
bytes=200000
rate=${FLOOD_RATE:-30000}
pause=$(awk "BEGIN { print .05 + $flood / $rate / 20 }")

cat >"$tmp/transfers.py" <<'END'
import socket, sys, threading, time
how, addr, n, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
pause = float(sys.argv[5])
def serve(c):
    while c.recv(65536):
        pass
    c.close()
def send(i):
    # the time that the flood takes, at their own pace
    s = socket.create_connection((addr, 5001))
    for k in range(20):
        s.sendall(bytes([i % 256]) * (size // 20))
        time.sleep(pause)
    s.close()
if how == "serve":
    l = socket.create_server((addr, 5001), backlog=1024)
    print("ready", flush=True)
    todo = []
    for i in range(n):
        t = threading.Thread(target=serve, args=(l.accept()[0],))
        t.start()
        todo.append(t)
else:
    todo = [threading.Thread(target=send, args=(i,)) for i in range(n)]
    for t in todo:
        t.start()
        time.sleep(1.5 / n)
for t in todo:
    t.join()
END
ip netns exec "$b_ns" python3 "$tmp/transfers.py" serve "$b_addr" "$transfers" \
	"$bytes" 0 >"$tmp/serve" 2>&1 &
started="$started $!"
wait_for 10 grep -q ready "$tmp/serve"
listen flood -o "$tmp/x.db" --max-memory 256M -B 65536
ip netns exec "$a_ns" python3 "$tmp/transfers.py" send "$b_addr" "$transfers" \
	"$bytes" "$pause" &
senders=$!
sleep 0.5
in_a "$build/tests/blast" va syn "$rate" "${flood}n"
# It is told while it goes on: as soon as attempts are given up for lost.
first=
if [ "$flood" -ge 200000 ]; then
	wait_for 10 sh -c "sqlite3 '$tmp/x.db' \"SELECT explanation FROM finding
		WHERE code = 'syn_flood'\" | grep -q 10.77.0.2:80"
	first=$(sql "$tmp/x.db" "SELECT finding_id FROM finding
		WHERE code = 'syn_flood'")
fi
wait $senders
sleep 1
rss=$(awk '/VmHWM/ { print $2 }' "/proc/$live/status")
end_live TERM
[ "$status" -eq 0 ] || fail "status $status: $(cat "$tmp/flood.err")"

dropped=$(awk '/dropped by kernel/ { print $1 }' "$tmp/flood.err")
whole=$(sql "$tmp/x.db" "SELECT count(*) FROM conn WHERE server_port = 5001
	AND client_unique_bytes = $bytes AND client_missing_bytes = 0
	AND client_retrans_packets = 0 AND client_state IN ('TIME-WAIT', 'CLOSED')
	AND conn_state = 'SF'")
syns=$(sql "$tmp/x.db" "SELECT count(*) FROM connection
	WHERE server_port = 80")
evicted=$(sql "$tmp/x.db" "SELECT connections_evicted FROM capture")
echo "$whole of $transfers transfers whole, $syns of $flood SYNs in the" \
	"database ($evicted evicted), $dropped packets dropped," \
	"$((rss / 1024)) MB resident at most"
sql "$tmp/x.db" "SELECT 'finding: ' || code || ': ' || title FROM finding
	WHERE conn_id IS NULL"
[ "$whole" -eq "$transfers" ] || [ "$dropped" -gt 0 ] ||
	fail "transfers are missing: $(sql "$tmp/x.db" "SELECT client_port,
		client_unique_bytes, client_missing_bytes, client_state,
		server_state, conn_state FROM conn WHERE server_port = 5001")"
[ "$(sql "$tmp/x.db" "SELECT count(*) FROM finding
	WHERE code = 'syn_flood'")" -ge 1 ] || fail "the flood is not told"
[ "$(sql "$tmp/x.db" "SELECT finding_id FROM finding
	WHERE code = 'syn_flood'")" = "${first:-$(sql "$tmp/x.db" "SELECT
	min(finding_id) FROM finding WHERE code = 'syn_flood'")}" ] ||
	fail "the flood is told more than once, or anew"
[ "$(sql "$tmp/x.db" "SELECT count(*) FROM finding_evidence e JOIN finding f
	USING (finding_id) WHERE code = 'syn_flood'")" -eq 2 ] ||
	fail "its evidence is not there"
[ "$syns" -ge $((flood - dropped - flood / 1000)) ] ||
	fail "$syns of $flood SYNs are stored"
# The bound is of all flow tables; sanitizers need several times as much.
if ! grep -q __asan_init "$tcpsaw"; then
	[ "$rss" -le $((256 * 1024 + 64 * 1024)) ] ||
		fail "$rss KB resident with --max-memory 256M"
fi
