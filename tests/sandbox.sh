#!/bin/sh
# sandbox.sh - once it listens, live has no rights left, and says so.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/live_lib.sh"
need python3
make_wire

status_of() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$live/status"; }

is()
{
	[ "$(status_of "$1")" = "$2" ] || fail "$1 is $(status_of "$1"), not $2"
}

chmod 755 "$tmp"
unset SUDO_UID SUDO_GID
export TCPSAW_SANDBOX_PROBE=1
listen locked -o "$tmp/x.db"
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is $set 0000000000000000
done
is NoNewPrivs 1
is Uid "$(id -u nobody)"
grep -q "sandbox: user nobody, no capabilities" "$tmp/locked.err" ||
	fail "does not say that it gave up its rights"
if "$tcpsaw" version | grep -q "new privileges, seccomp"; then
	is Seccomp 2
	grep -q "a file and a socket are refused" "$tmp/locked.err" ||
		fail "$(cat "$tmp/locked.err")"
fi
# The attendant has what it takes to see others' files in /proc, and no more.
second=$(cat "/proc/$live/task/$live/children")
[ -n "$second" ] || fail "there is no attendant"
for line in 'CapPrm: 0000000000080006' 'CapBnd: 0000000000080006' \
	'NoNewPrivs: 1'; do
	tr '\t' ' ' <"/proc/${second% }/status" | grep -qx "$line" ||
		fail "the attendant's $(grep "${line%%:*}" "/proc/${second% }/status")"
done
in_a python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(20): s.sendto(b'x' * 20, ('$b_addr', 9999))"
sleep 1
# A flow that goes on is there meanwhile, and once.
[ "$(sql "$tmp/x.db" "SELECT count(*), max(client_packets) >= 16 FROM udp_flow
	WHERE server_port = 9999")" = "1|1" ] || fail "no UDP flow meanwhile"
end_live TERM
[ "$status" -eq 0 ] || fail "status $status: $(cat "$tmp/locked.err")"
[ "$(sql "$tmp/x.db" "SELECT count(*), max(client_packets) FROM udp_flow
	WHERE server_port = 9999")" = "1|20" ] || fail "the UDP flow is wrong"
[ ! -e "$tmp/x.db-wal" ] && [ ! -e "$tmp/x.db-shm" ] ||
	fail "a clean end leaves: $(echo "$tmp"/x.db-*)"
[ ! -e "/proc/${second% }" ] || fail "the attendant stayed"
[ "$(sql "$tmp/x.db" "SELECT packets FROM protocol WHERE name = 'udp'")" -ge 6 ] ||
	fail "what was sent is not in the database"

# Who reads a file has no more than that and its database either.
for database in "" "-o $tmp/a.db"; do
	# shellcheck disable=SC2086
	"$tcpsaw" analyze -q -r "$srcdir/pcaps/demo.pcap" $database \
		2>"$tmp/a.err" || fail "$(cat "$tmp/a.err")"
	grep -q "sandbox: no capabilities but to files, no new privileges" \
		"$tmp/a.err" || fail "analyze: $(cat "$tmp/a.err")"
	! "$tcpsaw" version | grep -q "seccomp, Landlock" ||
		grep -q "a file and a socket are refused" "$tmp/a.err" ||
		fail "analyze: $(cat "$tmp/a.err")"
done
[ "$(sql "$tmp/a.db" 'PRAGMA integrity_check')" = ok ] && [ ! -e "$tmp/a.db-wal" ] ||
	fail "analyze leaves: $(ls "$tmp")"

# -Z, and who called sudo
SUDO_UID=12345 SUDO_GID=12345
export SUDO_UID SUDO_GID
listen sudo -q
is Uid 12345
end_live TERM
listen named -q -Z daemon
is Uid "$(id -u daemon)"
end_live TERM

# By setcap alone, without root.
if command -v setcap >/dev/null && command -v setpriv >/dev/null; then
	cp "$tcpsaw" "$tmp/tcpsaw"
	if setcap cap_net_raw+ep "$tmp/tcpsaw" 2>/dev/null; then
		in_b setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$tmp/tcpsaw" live --headless -q -p -i vb --for 1s \
			2>"$tmp/setcap.err" || fail "$(cat "$tmp/setcap.err")"
		grep -q "no capabilities" "$tmp/setcap.err" ||
			fail "keeps what setcap gave"
	fi
fi
