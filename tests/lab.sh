#!/bin/sh
# lab.sh - the lab makes a run whose captures and counters agree.
set -eu
srcdir=${srcdir:-.}

skip()
{
	echo "SKIP: $*" >&2
	exit 77
}
[ "$(id -u)" -eq 0 ] || skip "the lab needs root for network namespaces"
command -v python3 >/dev/null || skip "the lab needs python3"
command -v ip >/dev/null || skip "the lab needs iproute2"
[ -c /dev/net/tun ] || skip "the lab needs /dev/net/tun"
try=tcpsaw-try-$$
ip netns add $try 2>/dev/null || skip "no network namespaces here"
ip netns exec $try ip tuntap add dev try mode tap 2>/dev/null || {
	ip netns del $try
	skip "no TAP devices in network namespaces here"
}
ip netns del $try

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$srcdir/tests/lab/run" --bin tests/lab -o "$tmp" --seed 1 short_cubic
python3 - "$tmp/short_cubic" <<'END'
import gzip, json, sys
folder = sys.argv[1]
m = json.load(open(folder + "/manifest.json"))
# Timing depends on how busy the machine is; completeness does not.
assert not [p for p in m["problems"] if "late" not in p], m["problems"]
assert len(m["flows"]) == 20
assert m["checks"]["tcp_probe_rows"] > 300
assert m["checks"]["retrans_tcpinfo"] == m["checks"]["retrans_frames"]
fwd = m["emulator"]["fwd"]
lost = sum(v for k, v in fwd.items() if k.startswith("drop_"))
assert fwd["frames_in"] - lost + fwd["dup"] > 0
cwnd = gzip.open(folder + "/truth_cwnd.csv.gz", "rt").read().splitlines()
assert cwnd[1].split(",")[7] == "10", "the initial window is 10"
END

# Where this kernel can be taught one, a sender of another kind.
status=0
"$srcdir/tests/lab/run" --bin tests/lab -o "$tmp" --seed 1 small_other ||
	status=$?
[ $status -eq 77 ] || [ $status -eq 0 ] || exit 1
[ $status -eq 77 ] || grep -q '"cc": "other_delay"' \
	"$tmp/small_other/manifest.json"
! grep -q other_ /proc/sys/net/ipv4/tcp_available_congestion_control || {
	echo "the lab left its congestion controls in the kernel" >&2
	exit 1
}
