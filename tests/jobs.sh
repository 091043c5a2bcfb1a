#!/bin/sh
# jobs.sh - any number of workers gives the same database, row for row.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

samples=--samples=all
# same NAME FILE...: with one, two and four workers
same()
{
	what=$1
	shift
	for j in 1 2 4; do
		analyze "0|3" -j $j -o "$tmp/$j.db" --force $samples \
			"$@"
		sqlite3 "$tmp/$j.db" .dump >"$tmp/$j.sql"
	done
	for j in 2 4; do
		cmp -s "$tmp/1.sql" "$tmp/$j.sql" || {
			diff "$tmp/1.sql" "$tmp/$j.sql" | head -n 20
			fail "$what: -j 1 and -j $j differ"
		}
	done
	grep -q 'INSERT INTO connection' "$tmp/1.sql" ||
		fail "$what: no connections at all"
}

many 1500 | tests/segpcap - "$tmp/many.pcap"
same "1500 connections" -r "$tmp/many.pcap"
samples=-q
same "1500 connections" -r "$tmp/many.pcap"
for file in "$srcdir"/pcaps/*.pcap; do
	same "$(basename "$file")" -r "$file"
done
# Fragments and ICMP errors have to find the worker of their connection.
for name in fragments fragments_v6 icmp_rejected icmp_rejected_v6 path_mtu \
	tuple_reused port_scan vlan; do
	seg $name
	same $name -r "$tmp/$name.pcap"
done
# Several files, merged by time.
same "all files at once" -r "$tmp/many.pcap" -r "$tmp/port_scan.pcap" \
	-r "$tmp/fragments.pcap" -r "$srcdir/pcaps/demo.pcap"
