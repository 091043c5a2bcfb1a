#!/bin/sh
# field.sh - in the field: of live on the sender's host, the inferred windows
# are the kernel's own, asked once a second.
#
# FIELD=.* is all transfers of the lab: some 50, in eight minutes.
. "${srcdir:-.}/tests/lib.sh"
[ "$(id -u)" -eq 0 ] || skip "only root may listen and make namespaces"
need ip python3 tc
[ -c /dev/net/tun ] || skip "there is no /dev/net/tun"
try=tcpsaw-field-$$
ip netns add $try 2>/dev/null || skip "cannot make a namespace"
ip netns exec $try ip tuntap add dev try mode tap 2>/dev/null || {
	ip netns del $try
	skip "no TAP devices in namespaces"
}
ip netns del $try

"$srcdir/tests/lab/field" --tcpsaw "$tcpsaw" --bin tests/lab -o "$tmp/field" \
	--worst 10 "${FIELD:-small_reno|small_bbr|small_rwnd}" >"$tmp/out" ||
	fail "$(cat "$tmp/out")"
cat "$tmp/out"
# Whoever has the socket is known as well.
[ "$("$tcpsaw" sql "$tmp/field/small_reno.db" --csv "SELECT process, pid > 1
	FROM kernel ORDER BY conn_id LIMIT 1" | tail -n 1 | tr -d '\r')" = flow,1 ] ||
	fail "does not know the process: $("$tcpsaw" sql "$tmp/field/small_reno.db" kernel)"
