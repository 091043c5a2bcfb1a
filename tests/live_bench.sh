#!/bin/sh
# live_bench.sh - by hand: how many packets a second one core takes without
# drops, by live, by tcpdump -w and by dumpcap, in turns.
#
# In the build folder: srcdir=.. sh ../tests/live_bench.sh [ROUNDS] [KIND...]
# The packets (tests/blast.c) are made on the first core, the listener has the
# last; 192 bytes of each are taken and 32 MB buffered by all three.  A rate is
# held if one of three tries is without drops, so that what else the machine
# does counts less; the time on the core for a packet does not depend on that.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/live_lib.sh"
need tcpdump dumpcap taskset
make_wire
rounds=${1:-3}
[ $# -eq 0 ] || shift
kinds=${*:-short bulk}
last=$(($(getconf _NPROCESSORS_ONLN) - 1))
seconds=${BENCH_SECONDS:-4}

# start TOOL: on the last core; its number in $pid, messages in $tmp/err
start()
{
	rm -f "$tmp/x.db" "$tmp/x.pcap"
	: >"$tmp/err"
	case $1 in
	tcpsaw) set -- "$tcpsaw" live --headless -q -j 1 -i vb -o "$tmp/x.db" ;;
	tcpdump) set -- tcpdump -n -i vb -s 192 -B 32768 -w "$tmp/x.pcap" ;;
	dumpcap) set -- dumpcap -q -i vb -s 192 -B 32 -w "$tmp/x.pcap" ;;
	esac
	ip netns exec "$b_ns" nice -n -10 taskset -c "$last" "$@" \
		>/dev/null 2>"$tmp/err" &
	pid=$!
	started="$started $pid"
	wait_for 10 grep -qiE 'listening|capturing|file:' "$tmp/err"
	sleep 0.3
}

# stop: how many packets were dropped, in $drops; time on the core for a packet
# of $sent in $cost
stop()
{
	sleep 0.5
	cost=$(awk -v n="$sent" -v tick="$(getconf CLK_TCK)" '{
		sub(/.*\) /, "")
		printf "%.2f", ($12 + $13) / tick / n * 1e6 }' "/proc/$pid/stat")
	kill -INT "$pid"
	wait "$pid" || :
	drops=$(awk '/dropped by kernel/ { print $1 }
		/received\/dropped/ { sub(/.*: /, ""); split($1, n, "/")
			print n[2] }' "$tmp/err")
}

# try TOOL KIND RATE: the rate that was made in $made; true: without drops
try()
{
	for _ in 1 2 3; do
		start "$1"
		set -- "$1" "$2" "$3" $(ip netns exec "$a_ns" nice -n -10 \
			taskset -c 0 "$build/tests/blast" va "$2" "$3" \
			"$seconds")
		sent=$4 made=$8
		stop
		[ "$drops" -ne 0 ] || return 0
		set -- "$1" "$2" "$3"
	done
	return 1
}

# highest TOOL KIND: by halves, between nothing and what can be made
highest()
{
	low=0 best=
	if try "$1" "$2" 1500000; then
		low=$made best=$cost high=$made
	else
		high=$made
	fi
	for _ in 1 2 3 4 5; do
		[ "$low" -lt "$high" ] || break
		middle=$(((low + high) / 2))
		if try "$1" "$2" "$middle"; then
			low=$made best=$cost
		else
			high=$middle
		fi
	done
}

for round in $(seq "$rounds"); do
	for kind in $kinds; do
		for tool in tcpsaw tcpdump dumpcap; do
			highest "$tool" "$kind"
			echo "round $round $kind: $tool $low packets a second," \
				"$best us of the core each," \
				"load $(cut -d ' ' -f 1 /proc/loadavg)"
		done
	done
done
