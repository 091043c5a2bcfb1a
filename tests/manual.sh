#!/bin/sh
# manual.sh - the manual page has every command and every option of --help.
. "${srcdir:-.}/tests/lib.sh"

# As plain text: \- is -, and no macros.
sed 's/\\-/-/g; s/\\f.//g; s/"//g' "$srcdir/man/tcpsaw.1" >"$tmp/manual"
missing=0
miss()
{
	echo "man/tcpsaw.1: nothing about $1"
	missing=$((missing + 1))
}

# The lines of the list end where an empty one follows.
commands=$("$tcpsaw" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || fail "'tcpsaw help' lists no commands"
for command in $commands; do
	name=$(echo "$command" | tr a-z A-Z)
	grep -q "^\.SH $name\$" "$tmp/manual" || miss "$command"
	for option in $("$tcpsaw" "$command" --help 2>&1 |
		grep -o '^  *\(-[a-zA-Z], \)\?--[a-z-]*' | grep -o -e '--[a-z-]*'); do
		[ "$option" != --help ] || continue
		sed -n "/^\.SH $name\$/,/^\.SH/p" "$tmp/manual" |
			grep -q -e "$option" || miss "$command $option"
	done
done
names=$("$tcpsaw" help thresholds | sed -n '2,$s/^\([a-z0-9-]*\)  *\([0-9.e+]*\)  *\([a-z]*\) .*/\1  (\2 \3)/p')
[ -n "$names" ] || fail "'tcpsaw help thresholds' lists none"
echo "$names" >"$tmp/names"
while IFS= read -r name; do
	grep -q -F -e ".BR $name" "$tmp/manual" || miss "threshold $name"
done <"$tmp/names"
[ "$missing" -eq 0 ] || fail "$missing things are missing in the manual page"
