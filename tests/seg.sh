#!/bin/sh
# seg.sh - what each script of segments claims about itself is what is found.
#
# A claim is a line '#? NAME = VALUE' of the script:
#   outcome, client_state, ...    columns of connection
#   client.rtx_fast, ...          columns of endpoint, by side
#   event.dup_ack                 how many events of that kind
#   client: CLOSED SYN-SENT ...   the states of an end, from the first
#   finding.reset_by_peer         how many findings of that code
#   rows.dns_query WHERE ...      how many rows of any table
#   alarms                        how many warnings and errors
# Several connections give several values, in order; NULL is '-'. A line that
# begins '#!' is a claim that does not hold yet: it is told, no more.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

list()
{
	sqlite3 "$tmp/seg.db" "$1" | tr '\n' ' ' | sed 's/ *$//'
}

# The value of a claim's name.
value()
{
	case $1 in
	client: | server:)
		list "SELECT CASE WHEN rowid_ = 1 THEN old_state || ' ' ELSE ''
			END || new_state FROM (SELECT old_state, new_state,
			row_number() OVER (PARTITION BY conn_id ORDER BY
				ts_ns, frame_number) AS rowid_
			FROM state_change WHERE side = '${1%:}'
			ORDER BY conn_id, ts_ns, frame_number)" ;;
	client.* | server.*)
		list "SELECT coalesce(${1#*.}, '-') FROM endpoint
			WHERE side = '${1%%.*}' ORDER BY conn_id" ;;
	event.*)
		list "SELECT count(*) FROM event WHERE kind = '${1#*.}'" ;;
	finding.*)
		list "SELECT count(*) FROM finding WHERE code = '${1#*.}'" ;;
	rows.*)
		list "SELECT count(*) FROM ${1#*.}" ;;
	alarms)
		list "SELECT count(*) FROM finding WHERE severity <> 'note'" ;;
	*)
		list "SELECT coalesce($1, '-') FROM connection
			ORDER BY conn_id" ;;
	esac
}

bad=0 good=0 waiting=0
claim()
{
	got=$(value "$3")
	if [ "$got" = "$4" ]; then
		good=$((good + 1))
		[ "$2" = "#?" ] || echo "$1: '#! $3 = $4' holds: make it '#?'"
	elif [ "$2" = "#?" ]; then
		echo "$1: $3 is '$got' and not '$4'"
		bad=$((bad + 1))
	else
		echo "$1: not yet: $3 is '$got' and not '$4'"
		waiting=$((waiting + 1))
	fi
}

for name in $(seg_names); do
	seg "$name"
	analyze 0 -q -r "$tmp/$name.pcap" -o "$tmp/seg.db" --force
	grep '^#[?!] ' "$srcdir/tests/seg/$name.seg" >"$tmp/claims" || :
	while IFS= read -r line; do
		what=${line#??}
		key=${what% = *}
		claim "$name" "${line%"$what"}" "${key# }" "${what##* = }"
	done <"$tmp/claims"
done
echo "$good claims hold, $waiting do not yet"
[ "$bad" -eq 0 ] || fail "$bad claims do not hold"
[ "$good" -gt 50 ] || fail "there are hardly any claims"
