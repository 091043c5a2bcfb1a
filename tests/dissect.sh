#!/bin/sh
# dissect.sh - what `tcpsaw dissect` promises on the command line, and that
# its lines are tcpdump's, where that is installed.
. "${srcdir:-.}/tests/lib.sh"

demo=$srcdir/pcaps/demo.pcap

# expect STATUS ARGUMENTS...: exit status, output in $tmp/out and $tmp/err
expect()
{
	want=$1
	shift
	got=0
	"$tcpsaw" dissect "$@" >"$tmp/out" 2>"$tmp/err" || got=$?
	[ "$got" -eq "$want" ] || fail "dissect $*: status $got, not $want"
}

expect 0 -r "$demo"
cp "$tmp/out" "$tmp/all"
[ "$(wc -l <"$tmp/all")" -gt 10 ] || fail "hardly a line of $demo"
expect 0 -n -r "$demo" -c 3
head -3 "$tmp/all" | cmp - "$tmp/out" || fail "-c 3 is not the first three"
expect 0 -r "$demo" tcp port 9
[ ! -s "$tmp/out" ] || fail "a filter that nothing passes lets packets pass"
expect 0 --help
grep -q usage "$tmp/out" || fail "--help does not help"
expect 0 -r - <"$demo"
cmp "$tmp/all" "$tmp/out" || fail "stdin gives other lines than the file"

expect 1 -r "$tmp/none.pcap"
grep -q "tcpsaw: cannot open '.*none.pcap': no such file" "$tmp/err" ||
	fail "no word about a file that is not there"
expect 2
expect 2 -r "$demo" "tcp port nonsense("
expect 2 -r "$demo" -c nonsense
expect 2 --nonsense -r "$demo"
head -c 1000 "$demo" >"$tmp/cut.pcap"
expect 3 -r "$tmp/cut.pcap"
[ -s "$tmp/out" ] || fail "nothing of a damaged file is kept"

# One JSON object a line; a tree has more lines than packets.
expect 0 --json -r "$demo"
[ "$(wc -l <"$tmp/out")" -eq "$(wc -l <"$tmp/all")" ] ||
	fail "--json is not a line a packet"
grep -v '^{"frame.number":.*}$' "$tmp/out" && fail "--json is not objects"
expect 0 -v -x -c 1 -r "$demo"
grep -q '^    ip.ttl  *64 ' "$tmp/out" || fail "-v shows no ip.ttl"
grep -q '^	0x0000:  ' "$tmp/out" || fail "-x shows no bytes"

command -v tcpdump >/dev/null || {
	echo "tcpdump is not installed: its lines are not compared"
	exit 0
}

# tcpdump decodes payloads after the length, has a word to say about MD5 keys
# that it was not given, and looks interfaces up on its own machine.
lines_of()
{
	tcpdump -nn -r "$1" 2>/dev/null | sed -E \
		-e '/Flags/s/(length [0-9]+)(:| ).*$/\1/' \
		-e "s/md5 shared secret not supplied with -M, can't check -/md5/g"
}

n=0
for file in "$srcdir"/pcaps/*.pcap "$srcdir"/../shared/states/*/capture.pcap; do
	[ -f "$file" ] || continue
	"$tcpsaw" dissect -r "$file" 2>/dev/null | grep Flags >"$tmp/ours" ||
		true
	! grep -q '^[^ ]* if[0-9]' "$tmp/ours" || continue
	lines_of "$file" | grep Flags >"$tmp/theirs" || true
	[ -s "$tmp/ours" ] || continue
	diff "$tmp/ours" "$tmp/theirs" >"$tmp/diff" || {
		head -5 "$tmp/diff"
		fail "$file: not the lines of tcpdump"
	}
	n=$((n + $(wc -l <"$tmp/ours")))
done
echo "$n TCP lines are tcpdump's"
[ "$n" -gt 100 ] || fail "only $n lines compared"
