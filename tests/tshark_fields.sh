#!/bin/sh
# tshark_fields.sh - `dissect -v` gives the values that tshark gives, for one
# packet of each kind of header (tests/samples.c) and every field that both
# name alike.
#
# Not compared: bytes that are shown shortened, and what KNOWN tells.
. "${srcdir:-.}/tests/lib.sh"
need tshark mergecap
dir=$tmp

# Sample, field ("*": all), and why tshark says something else.
cat >"$dir/known" <<'END'
deep		*	tunnels are bounded here, and not in tshark
mpls_pw		*	tshark takes the control word for an address
eth_frag_first	data.len	tshark reads a first fragment's UDP header
geneve		geneve.option.length	tshark has it twice
sixinfour	ip.version	tshark gives IPv6 both names
teredo		ip.version	the same
teredo_not	ip.version	tshark goes by the first nibble
teredo_not	data.len	the same
tcp_accecn1	tcp.option_kind	tshark goes on after the end of the list
tcp_exp		tcp.option_kind	the same
tcp_mptcp_dss	tcp.option_kind	the same
tcp_bad_len0	tcp.option_kind	tshark leaves the bad option out
tso_length_0	ip.len	tshark shows what was captured instead
vxlan_not	*	tshark goes by the port
wlan_amsdu	wlan.sa	tshark has that of the aggregated frame too
wlan_protected	*	tshark reads encryption headers
END

mkdir "$dir/samples"
"$build/tests/samples_pcap" "$dir/samples"
rm "$dir"/samples/bad_* "$dir"/samples/unknown_link.pcap
ls "$dir/samples" | sed 's/\.pcap$//' >"$dir/names"
mergecap -a -w "$dir/all.pcapng" "$dir"/samples/*.pcap

# number, field, value: one line a field, in the order of the packet.
"$tcpsaw" dissect -v -r "$dir/all.pcapng" | awk '
	/^  Packet / { number = $2 + 0 }
	/^    / && $2 !~ /\.\.\.$/ && NF > 1 { print number "\t" $1 "\t" $2 }
' >"$dir/ours"

tshark -G fields 2>/dev/null | awk -F'\t' '$1 == "F" { print $3 }' |
	sort -u >"$dir/tshark_names"
cut -f2 "$dir/ours" | sort -u | comm -12 - "$dir/tshark_names" >"$dir/fields"

tshark -r "$dir/all.pcapng" -n -T fields -E occurrence=a -E 'aggregator= ' \
	-o ip.defragment:FALSE -o ipv6.defragment:FALSE \
	-o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
	-o udp.check_checksum:TRUE -o tcp.desegment_tcp_streams:FALSE \
	$(sed 's/^/-e /' "$dir/fields") 2>"$dir/err" >"$dir/theirs"

awk -F'\t' -v dir="$dir" '
function number(hex,   i, n) {
	n = 0
	hex = tolower(hex)
	for (i = 3; i <= length(hex); i++)
		n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
	return n
}
# One value in one way: without 0x, True and False as 1 and 0, no colons.
function plain(value) {
	if (value ~ /^0x[0-9a-fA-F]+$/)
		return number(value) ""
	if (value == "True")
		return "1"
	if (value == "False")
		return "0"
	if (value ~ /^([0-9a-f][0-9a-f]:)+[0-9a-f][0-9a-f]$/)
		gsub(/:/, "", value)
	return value
}
BEGIN {
	while ((getline line < (dir "/names")) > 0)
		sample[++n_samples] = line
	while ((getline line < (dir "/known")) > 0) {
		split(line, word, " ")
		known[word[1], word[2]] = 1
	}
	while ((getline line < (dir "/fields")) > 0)
		field[++n_fields] = line
	while ((getline line < (dir "/ours")) > 0) {
		split(line, part, "\t")
		key = part[1] SUBSEP part[2]
		ours[key] = ours[key] " " plain(part[3])
	}
}
{
	for (i = 1; i <= n_fields; i++) {
		key = FNR SUBSEP field[i]
		if (!(key in ours) || $i == "" ||
		    (sample[FNR], "*") in known ||
		    (sample[FNR], field[i]) in known)
			continue
		n = split($i, value, " ")
		theirs = ""
		for (k = 1; k <= n; k++)
			if (value[k] != "<none>")
				theirs = theirs " " plain(value[k])
		# Only of the innermost header here; and what was left to
		# the network card is bad in tshark.
		if (field[i] ~ /checksum.status$/ &&
		    (ours[key] == " 5" || index(theirs, ours[key])))
			continue
		n_compared++
		if (ours[key] == theirs)
			continue
		print sample[FNR] ": " field[i] " is" ours[key] \
		      ", tshark says" theirs
		n_differ++
	}
}
END {
	printf "%d packets, %d fields compared, %d differ\n", FNR,
	       n_compared, n_differ
	exit n_differ > 0 || n_compared < 1000
}' "$dir/theirs"
