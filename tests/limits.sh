#!/bin/sh
# limits.sh - what limited a transfer is said in a sentence that is right.
#
# Over the lab's runs in pcaps/limits/, one a cause: EXPECTED there has the
# verdict of each, word for word, and the numbers are held against what the
# sender's kernel counted (manifest.json).
. "${srcdir:-.}/tests/lib.sh"
need python3
need sqlite3
limits=$srcdir/pcaps/limits

ask()
{
	sqlite3 -separator ' ' "$tmp/$run.db" "$1"
}

# The first of the codes is the verdict: report/transfer.h.
verdict()
{
	"$tcpsaw" report --json "$tmp/$run.db" | python3 -c '
import json, sys
t = json.load(sys.stdin)["transfers"]
print(t[0]["code"] + ": " + t[0]["verdict"] if t else "none")'
}

# Rate, time at the receiver's window, segments sent again: as the kernel has it.
kernel_agrees()
{
	ask "SELECT unique_bytes, busy_ns, rwnd_limited_ns, retrans_packets
		FROM endpoint WHERE unique_bytes > 0 AND conn_id = 1
		ORDER BY unique_bytes DESC LIMIT 1" | python3 -c '
import json, sys
sent, busy, rwnd, again = map(float, sys.stdin.read().split())
k = json.load(open(sys.argv[1]))["final_tcp_info"][0]
def near(what, is_, should, slack):
    if abs(is_ - should) > slack:
        sys.exit(f"{what} is {is_:.6g}, the kernel has {should:.6g}")
us = max(k["busy_us"], 1)
near("seconds busy", busy / 1e9, us / 1e6, .02 * us / 1e6 + .02)
near("seconds at the window", rwnd / 1e9, k["rwnd_limited_us"] / 1e6, .03 * us / 1e6)
near("bytes", sent, k["bytes_acked"], 2)
near("segments sent again", again, k["total_retrans"], 0)
' "$limits/$run/manifest.json" || fail "$run: the numbers are not the kernel's"
}

n=0
while IFS= read -r line; do
	run=${line%% *}
	wanted=${line#* }
	"$tcpsaw" analyze -q -r "$limits/$run/snd.pcap.gz" -o "$tmp/$run.db" \
		>/dev/null 2>&1 </dev/null || fail "$run: status $?"
	got=$(verdict)
	[ "$got" = "$wanted" ] || fail "$run:
  is     $got
  wanted $wanted"
	kernel_agrees
	n=$((n + 1))
done <<EOF
$(grep -v '^#' "$limits/EXPECTED" | sed 's/  */ /')
EOF
[ "$n" -ge 12 ] || fail "only $n runs in $limits/EXPECTED"

# Waits for delayed ACKs are known when they are over, and are called so then.
run=limit_nagle
share=$(ask "SELECT CAST(100 * sum(iif(cause = 'nagle_delayed_ack',
	end_ns - start_ns, 0)) / sum(end_ns - start_ns) AS INTEGER)
	FROM limit_span WHERE side = 'client'")
[ "$share" -ge 60 ] || fail "$run: $share % are called nagle_delayed_ack"

# So are pauses, from their beginning.
run=limit_restarts
[ "$(ask "SELECT count(*) FROM sample WHERE phase = 'idle'")" -ge 5 ] &&
	[ "$(ask "SELECT count(*) FROM limit_span WHERE cause = 'idle'
		AND side = 'client'")" -eq 5 ] || fail "$run: pauses are not told"
for run in limit_restarts limit_bloat; do
	[ "$(ask "SELECT phase FROM sample WHERE side = 'client'
		ORDER BY ts_ns LIMIT 1")" = handshake ] ||
		fail "$run: the first phase is not the handshake"
done

# Spans do not overlap, whatever was charged again.
for run in limit_nagle limit_restarts limit_reader limit_timer; do
	overlaps=$(ask "SELECT count(*) FROM (SELECT start_ns, lag(end_ns) OVER
		(PARTITION BY conn_id, side ORDER BY start_ns) AS before
		FROM limit_span) WHERE start_ns < before")
	[ "$overlaps" -eq 0 ] || fail "$run: $overlaps spans overlap"
done

# A healthy transfer raises no alarm.
run=limit_path
[ "$(ask "SELECT count(*) FROM finding WHERE severity <> 'note'")" -eq 0 ] ||
	fail "$run: a warning about nothing"

# The report begins with the verdict, in 80 columns.
"$tcpsaw" report "$tmp/limit_window.db" >"$tmp/report"
grep -q '^What limited the data' "$tmp/report" || fail "no verdict in the report"
[ "$(wc -L <"$tmp/report")" -le 80 ] || fail "the report is wider than 80"
