#!/bin/sh
# readme.sh - what README.md shows is what the program prints.
#
# In its ```console blocks each line that begins with '$ ' is run; what follows
# is what it has to print. 'make golden' writes all of them anew.
. "${srcdir:-.}/tests/lib.sh"

# A folder with nothing but what a reader has.
mkdir "$tmp/tree"
ln -s "$srcdir/pcaps" "$tmp/tree/pcaps"
cd "$tmp/tree"
tcpsaw()
{
	"$build/tcpsaw" "$@" 2>&1 </dev/null
}

inside=no
while IFS= read -r line; do
	case $inside:$line in
	no:'```console')
		inside=yes
		printf '%s\n' "$line"
		;;
	yes:'```')
		inside=no
		printf '%s\n' "$line"
		;;
	yes:'$ '*)
		printf '%s\n' "$line"
		eval "${line#??}"
		;;
	no:*)
		printf '%s\n' "$line"
		;;
	esac
done <"$srcdir/README.md" >"$tmp/README.md"

if [ "${1-}" = renew ]; then
	cp "$tmp/README.md" "$srcdir/README.md"
elif ! diff -u "$srcdir/README.md" "$tmp/README.md"; then
	fail "README.md shows something else; 'make golden' if that is right"
fi
