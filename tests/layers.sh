#!/bin/sh
# layers.sh - a folder may include only what its line in LAYERS allows.
#
# One line per folder: what it is, the folders that it may include besides
# itself, a bar, and the system headers that only it may include.
set -eu
cd "${srcdir:-.}"

awk '
BEGIN {
	while ((getline line < "LAYERS") > 0) {
		n_words = split(line, word, " ")
		if (line ~ /^#/ || n_words == 0)
			continue
		from = word[1]
		sub(/:$/, "", from)
		known[from] = may[from, from] = 1
		owned = 0
		for (i = 2; i <= n_words; i++)
			if (word[i] == "|")
				owned = 1
			else if (owned)
				owner[word[i]] = owner[word[i]] " " from " "
			else
				may[from, word[i]] = 1
	}
}
function bad(why) { print FILENAME ":" FNR ": " why; n_bad++ }
FNR == 1 { from = FILENAME; sub(/\/.*/, "", from); n_files++ }
/^[ \t]*#[ \t]*include[ \t]*"/ {
	to = $0; sub(/^[^"]*"/, "", to); sub(/".*/, "", to)
	if (to == "config.h")
		next
	if (to !~ /\//) { bad("include \"" to "\" without its folder"); next }
	sub(/\/.*/, "", to)
	if (!(to in known))
		bad("unknown folder " to)
	else if (!((from, to) in may))
		bad(from " may not include " to)
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	h = $0; sub(/^[^<]*</, "", h); sub(/>.*/, "", h)
	if (h in owner && index(owner[h], " " from " ") == 0)
		bad("<" h "> belongs to" owner[h])
}
END {
	if (n_files < 5) { print "layers.sh: only " n_files " files read"; exit 1 }
	exit n_bad > 0
}' $(find base capture dissect reassembly analysis store report tui cli \
	-name '*.[ch]' | sort)
