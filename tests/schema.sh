#!/bin/sh
# schema.sh - doc/SCHEMA.md is what the program says, and that is so: every
# documented column exists, and every table of the database is documented.
. "${srcdir:-.}/tests/lib.sh"
need sqlite3

"$tcpsaw" help schema >"$tmp/schema.md"
diff -u "$srcdir/doc/SCHEMA.md" "$tmp/schema.md" ||
	fail "doc/SCHEMA.md is old: tcpsaw help schema >doc/SCHEMA.md"

seg handshake
"$tcpsaw" analyze -q -r "$tmp/handshake.pcap" -o "$tmp/x.db"

# "TABLE COLUMN" as documented; those that stand for many are left out
awk '/^## / { table = $2 }
/^\| [a-z_0-9]+ \| (integer|real|text) \|/ { print table, $2 }' \
	"$tmp/schema.md" | sort >"$tmp/documented"
for table in $(cut -d' ' -f1 "$tmp/documented" | uniq); do
	sqlite3 "$tmp/x.db" \
		"SELECT '$table ' || name FROM pragma_table_info('$table')"
done | sort >"$tmp/existing"

comm -23 "$tmp/documented" "$tmp/existing" >"$tmp/invented"
[ ! -s "$tmp/invented" ] ||
	fail "documented, but not there: $(cat "$tmp/invented")"
comm -13 "$tmp/documented" "$tmp/existing" |
	grep -v '^connection \(client\|server\)_' >"$tmp/silent" || true
[ ! -s "$tmp/silent" ] ||
	fail "there, but not documented: $(cat "$tmp/silent")"
