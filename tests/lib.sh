# lib.sh - what the scripts of whole runs share; read with '.'.
#
# They run in the build folder, leave everything in $tmp, which is removed,
# and end with 77 and a reason where something that they need is missing.
set -eu
srcdir=$(cd "${srcdir:-.}" && pwd)
build=$PWD
tcpsaw=$build/tcpsaw
export TZ=UTC LC_ALL=C NO_COLOR=1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

fail()
{
	echo "FAIL: $*" >&2
	exit 1
}

skip()
{
	echo "SKIP: $*" >&2
	exit 77
}

need()
{
	for program; do
		command -v "$program" >/dev/null || skip "there is no $program"
	done
}

# seg NAME [segpcap's options]: tests/seg/NAME.seg as $tmp/NAME.pcap
seg()
{
	name=$1
	shift
	"$build/tests/segpcap" "$@" "$srcdir/tests/seg/$name.seg" \
		"$tmp/$name.pcap"
}

seg_names()
{
	for script in "$srcdir"/tests/seg/*.seg; do
		basename "$script" .seg
	done
}

# analyze STATUS ARGUMENTS...: run it quietly and insist on an exit status.
# The status may be several, as in '0|3'.
analyze()
{
	wanted=$1
	shift
	got=0
	"$tcpsaw" analyze "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || got=$?
	case "|$wanted|" in
	*"|$got|"*) ;;
	*)
		cat "$tmp/err" >&2
		fail "analyze $*: status $got instead of $wanted"
		;;
	esac
}

# The rows of all tables as text, but for what tells of the file itself.
rows()
{
	sqlite3 "$1" "SELECT name FROM sqlite_schema WHERE type = 'table'
		AND name NOT LIKE 'sqlite_%'
		AND name NOT IN ('capture', 'capture_file')
		ORDER BY name" | while read -r table; do
		echo "== $table"
		sqlite3 "$1" "SELECT * FROM \"$table\""
	done
	echo "== capture"
	sqlite3 "$1" "SELECT capture_id, start_ns, end_ns, packets, bytes,
		packets_dropped, packets_cut, packets_malformed,
		packets_ignored, status FROM capture"
}

# many N [GAP] > SCRIPT: N short connections, one each GAP seconds, for segpcap
many()
{
	awk -v n="$1" -v gap="${2:-0.004}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "conn c%d 10.%d.%d.1:%d > 10.0.0.2:%d\n", i,
			       i / 250 % 250, i % 250, 40000 + i % 20000,
			       i % 7 ? 80 : 443
		for (i = 0; i < n; i++) {
			t = i * gap
			c = "c" i
			printf "%.6f %s> S 0:0(0) win 64240 <mss 1460,nop,wscale 7>\n", t, c
			if (i % 11 == 3) {
				printf "+0.01 %s< R. 0:0(0) ack 1 win 0\n", c
				continue
			}
			printf "+0.01 %s< S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 7>\n", c
			printf "+0 %s> . 1:1(0) ack 1\n", c
			printf "+0 %s> P. 1:%d(%d) ack 1\n", c, i % 900 + 2, i % 900 + 1
			printf "+0.01 %s< . 1:1461(1460) {times %d every 0.0001}\n", c, i % 5 + 1
			if (i % 6 == 0)
				printf "+0.2 %s< . 1:1461(1460)\n", c
			printf "+0 %s> .\n+0.001 %s> F.\n+0.01 %s< F.\n+0 %s> .\n", c, c, c, c
		}
	}'
}
