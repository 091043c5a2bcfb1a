#!/bin/sh
# mind.sh - the sender's window is what its kernel said that it was.
#
# Over the lab's runs in pcaps/lab/; pcaps/lab/EXPECTED says how exactly.
. "${srcdir:-.}/tests/lib.sh"
need python3

set --
for folder in "$srcdir"/pcaps/lab/*/; do
	set -- "$@" "$folder"
done
"$srcdir/tests/lab/score" --tcpsaw "$tcpsaw" \
	--expect "$srcdir/pcaps/lab/EXPECTED" "$@" ||
	fail "the inference is worse than it was"

# A model that is made late, as it is by default, tells the same.
need sqlite3
for folder; do
	for option in "" --samples=all; do
		analyze 0 -q $option -r "$folder/snd.pcap.gz" \
			-o "$tmp/mind.db" --force
		sqlite3 "$tmp/mind.db" "SELECT frame_number, kind FROM event
			WHERE kind LIKE 'rtx%' ORDER BY 1" >"$tmp/kinds$option"
	done
	cmp -s "$tmp/kinds" "$tmp/kinds--samples=all" ||
		fail "$folder: retransmissions are of other kinds by default"
done

# A sender of another kind is not taken for one of the known ones.
for place in snd mid rcv; do
	analyze 0 -q -r "$srcdir/pcaps/lab/small_other/$place.pcap.gz" \
		-o "$tmp/mind.db" --force
	[ "$(sqlite3 "$tmp/mind.db" "SELECT count(congestion_control)
		FROM endpoint")" = 0 ] ||
		fail "small_other, $place: a congestion control is told"
done
analyze 0 -q -r "$srcdir/pcaps/lab/small_other/snd.pcap.gz" \
	-o "$tmp/mind.db" --force
sqlite3 "$tmp/mind.db" "SELECT title FROM finding
	WHERE code = 'unknown_congestion_control'" >"$tmp/title"
grep -q 'gives way without losses' "$tmp/title" ||
	fail "small_other: nothing is said of its kind"

# Nor is one that its program paces taken for BBR, and elsewhere an order that
# no time stamps tell does not turn one kind into another.
told()
{
	analyze 0 -q -r "$srcdir/pcaps/lab/$1/$2.pcap.gz" \
		-o "$tmp/mind.db" --force
	sqlite3 "$tmp/mind.db" "SELECT congestion_control FROM endpoint
		WHERE congestion_control NOTNULL"
}
for place in snd mid rcv; do
	[ -z "$(told small_paced $place)" ] ||
		fail "small_paced, $place: a congestion control is told"
	[ "$(told small_nots $place)" = reno ] ||
		fail "small_nots, $place: the congestion control is another"
done

# Both ends send without a pause: what they acknowledge tells the order.  The
# kernel's largest window was 36 segments.
analyze 0 -q -r "$srcdir/pcaps/lab/small_both/mid.pcap.gz" --samples=all \
	-o "$tmp/mind.db" --force
sqlite3 "$tmp/mind.db" "SELECT side FROM sample GROUP BY side
	HAVING max(cwnd) > 40 * 1448 OR
	       avg(phase = 'application_limited') > .1" >"$tmp/wrong"
[ ! -s "$tmp/wrong" ] ||
	fail "small_both: the window grew beyond what was sent"
