#!/bin/sh
# files.sh - every kind of file gives the same rows; damage and mistakes are
# told by the exit status and one line.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

# Version lines say 'gzip yes' or the like; without one, all are expected.
has()
{
	command -v "$1" >/dev/null || return 1
	! "$tcpsaw" version 2>/dev/null | grep -qi "no $1\|without $1\|$1: *no"
}

many 60 >"$tmp/script"
tests/segpcap "$tmp/script" "$tmp/plain.pcap"
analyze 0 -r "$tmp/plain.pcap" -o "$tmp/plain.db"
rows "$tmp/plain.db" >"$tmp/plain.rows"
n=$(sqlite3 "$tmp/plain.db" "SELECT count(*) FROM connection")
[ "$n" -eq 60 ] || fail "60 connections were written, $n found"

# same WHAT ARGUMENTS...
same()
{
	what=$1
	shift
	analyze 0 -o "$tmp/other.db" --force "$@"
	rows "$tmp/other.db" >"$tmp/other.rows"
	cmp -s "$tmp/plain.rows" "$tmp/other.rows" || {
		diff "$tmp/plain.rows" "$tmp/other.rows" | head -n 10
		fail "$what: other rows"
	}
	echo "same rows: $what"
}

for format in pcap pcapng; do
	for order in little big; do
		for unit in us ns; do
			tests/segpcap -f $format -e $order -t $unit \
				"$tmp/script" "$tmp/file"
			same "$format $order-endian $unit" -r "$tmp/file"
		done
	done
done

tests/segpcap -f pcapng "$tmp/script" "$tmp/plain.pcapng"
for kind in plain.pcap plain.pcapng; do
	for how in gzip zstd lz4 xz; do
		has $how || { echo "not tried: $how"; continue; }
		$how -c "$tmp/$kind" >"$tmp/packed" 2>/dev/null
		same "$kind, $how" -r "$tmp/packed"
	done
	"$tcpsaw" analyze -r - -o "$tmp/stdin.db" --force <"$tmp/$kind" \
		>/dev/null 2>&1 || fail "stdin, file: status $?"
	rows "$tmp/stdin.db" | cmp -s - "$tmp/plain.rows" ||
		fail "stdin is $kind: other rows"
	cat "$tmp/$kind" | "$tcpsaw" analyze -r - -o "$tmp/pipe.db" --force \
		>/dev/null 2>&1 || fail "stdin, pipe: status $?"
	rows "$tmp/pipe.db" | cmp -s - "$tmp/plain.rows" ||
		fail "a pipe of $kind: other rows"
	echo "same rows: stdin, $kind"
done

# One file with two link types: the halves of it on two interfaces.
half=$(grep -n '^0.12' "$tmp/script" | head -n 1 | cut -d: -f1)
{
	head -n $((half - 1)) "$tmp/script"
	echo "link raw"
	tail -n +"$half" "$tmp/script"
} >"$tmp/mixed"
tests/segpcap -f pcapng "$tmp/mixed" "$tmp/mixed.pcapng"
analyze 0 -r "$tmp/mixed.pcapng" -o "$tmp/mixed.db"
columns="client_addr, client_port, server_addr, server_port, start_ns, end_ns,
	client_state, server_state"
for db in plain mixed; do
	sqlite3 "$tmp/$db.db" "SELECT $columns FROM connection
		ORDER BY 1, 2, 3, 4, 5" >"$tmp/$db.conns"
done
cmp "$tmp/plain.conns" "$tmp/mixed.conns" || fail "mixed link types"
echo "same connections: two link types in one file"

# status WANTED WORDS ARGUMENTS...: the exit status, and one line that says so
status()
{
	wanted=$1 words=$2
	shift 2
	analyze "$wanted" "$@"
	grep -qi "$words" "$tmp/err" || {
		cat "$tmp/err"
		fail "analyze $*: nothing about '$words' in the message"
	}
	[ "$(grep -c '^tcpsaw: ' "$tmp/err")" -eq 1 ] ||
		fail "analyze $*: not one line: $(cat "$tmp/err")"
	echo "status $wanted: $*"
}

size=$(wc -c <"$tmp/plain.pcap")
head -c $((size - 7)) "$tmp/plain.pcap" >"$tmp/short.pcap"
status 3 "cut\|short\|truncat\|end" -r "$tmp/short.pcap" -o "$tmp/short.db"
kept=$(sqlite3 "$tmp/short.db" "SELECT packets FROM capture")
all=$(sqlite3 "$tmp/plain.db" "SELECT packets FROM capture")
[ "$kept" -eq $((all - 1)) ] || fail "a cut packet: $kept of $all are kept"
[ "$(sqlite3 "$tmp/short.db" "SELECT status FROM capture")" = damaged ] ||
	fail "a damaged file is not told in capture.status"

# An absurd length in mid-file.
head -c 5000 "$tmp/plain.pcap" >"$tmp/absurd.pcap"
printf '\377\377\377\177\377\377\377\177\377\377\377\177\377\377\377\177' \
	>>"$tmp/absurd.pcap"
tail -c 3000 "$tmp/plain.pcap" >>"$tmp/absurd.pcap"
analyze 3 -r "$tmp/absurd.pcap" -o "$tmp/absurd.db"

# A compressed file that ends too early.
if has gzip; then
	gzip -c "$tmp/plain.pcap" | head -c 2000 >"$tmp/short.gz"
	analyze 3 -r "$tmp/short.gz" -o "$tmp/shortgz.db"
fi

: >"$tmp/empty"
analyze "1|3" -r "$tmp/empty"
printf 'this is no capture at all, but a text that is long enough\n' \
	>"$tmp/text"
analyze "1|3" -r "$tmp/text"
status 1 "no such file" -r "$tmp/missing.pcap"
status 1 "directory" -r "$tmp"
if [ "$(id -u)" -ne 0 ]; then
	cp "$tmp/plain.pcap" "$tmp/secret"
	chmod 000 "$tmp/secret"
	status 1 "permission denied" -r "$tmp/secret"
fi
status 1 "exist" -r "$tmp/plain.pcap" -o "$tmp/plain.db"
analyze 2 --no-such-option
analyze 2 -r "$tmp/plain.pcap" 'host and and'
analyze 1 -r "$tmp/plain.pcap" -o "$tmp/no/such/folder.db"
status 1 "" -r "$tmp/plain.pcap" -o "$tmp"

# --append adds a capture, and refuses what is no database of ours.
analyze 0 -r "$tmp/plain.pcap" -o "$tmp/twice.db"
analyze 0 -r "$tmp/plain.pcap" -o "$tmp/twice.db" --append
n=$(sqlite3 "$tmp/twice.db" "SELECT count(*) || '/' ||
	count(DISTINCT capture_id) FROM connection")
[ "$n" = 120/2 ] || fail "--append: $n instead of 120/2"
analyze 1 -r "$tmp/plain.pcap" -o "$tmp/text" --append

# A filter counts what it lets through.
analyze 0 -r "$tmp/plain.pcap" -o "$tmp/443.db" tcp port 443
n=$(sqlite3 "$tmp/443.db" "SELECT count(*) FROM connection")
m=$(sqlite3 "$tmp/plain.db" "SELECT count(*) FROM connection
	WHERE server_port = 443")
[ "$n" -eq "$m" ] || fail "filter: $n connections instead of $m"

"$tcpsaw" "$tmp/plain.pcap" >/dev/null 2>&1 || fail "the short form: status $?"
