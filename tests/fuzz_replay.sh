#!/bin/sh
# fuzz_replay.sh - every fuzz target survives its corpus and all of pcaps/.
#
# The targets are built with fuzz_main.c here; under libFuzzer this is CI's
# work.  What a fuzzer once found stays in tests/fuzz_corpus/TARGET/.
set -eu
srcdir=${srcdir:-.}
n=0
for target in tests/fuzz_*; do
	case $target in
	*.*) continue ;;
	esac
	[ -f "$target" ] && [ -x "$target" ] || continue
	corpus=$srcdir/tests/fuzz_corpus/${target#tests/fuzz_}
	[ -d "$corpus" ] || corpus=
	echo "$target"
	"$target" $corpus "$srcdir/pcaps" "$srcdir/tests/layers.sh"
	n=$((n + 1))
done
if [ "$n" -eq 0 ]; then
	echo "SKIP: no fuzz target is built" >&2
	exit 77
fi
