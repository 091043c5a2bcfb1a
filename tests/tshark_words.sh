#!/bin/sh
# tshark_words.sh - where tshark has another word for a segment, the event's
# detail says so: over pcaps/, tests/seg/ and a few of ../shared/truth.
. "${srcdir:-.}/tests/lib.sh"
need python3 tshark

set -- "$srcdir"/pcaps/*.pcap
for file in "$srcdir"/pcaps/lab/*.pcap*; do
	[ ! -e "$file" ] || set -- "$@" "$file"
done
for name in $(seg_names); do
	seg "$name"
	set -- "$@" "$tmp/$name.pcap"
done
for file in reorder_cubic/rcv loss_reno_1pct/mid dup_cubic/rcv \
	loss_bbr_3pct/snd nosack_reno/mid; do
	file=$srcdir/../shared/truth/$file.pcap.gz
	[ ! -e "$file" ] || set -- "$@" "$file"
done
python3 "$srcdir/tests/tshark_words.py" "$tcpsaw" "$tmp" "$@" ||
	fail "details do not tell tshark's words"
