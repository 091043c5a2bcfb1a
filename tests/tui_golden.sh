#!/bin/bash
# tui_golden.sh - the views' screens in a real terminal, against golden files.
#
# The scenes of tests/tui_db are shown in tmux, in three sizes, with terminals
# from xterm-256color to dumb, without colours, in ASCII.  tests/tui_golden has
# a file a screen.  RENEW=1 writes them anew: look at each before committing.
set -u

srcdir=${srcdir:-.}
if ! command -v tmux >/dev/null; then
	echo "SKIP: tui_golden.sh: there is no tmux"
	exit 77
fi

golden=$srcdir/tests/tui_golden
dir=$(mktemp -d)
n_servers=0
# A server for each start: one that ends may still hold its socket.
tmux() { command tmux -L "tcpsaw-golden-$$-$n_servers" -f /dev/null -u "$@"; }
finish() {
	tmux kill-server 2>/dev/null
	rm -rf "$dir"
}
trap finish EXIT

# The name is what the views show: no path of this machine.
tests/tui_db "$dir/scenes.db" || exit 1
program=$PWD/tcpsaw
[ -x "$program" ] || { echo "there is no $program"; exit 1; }
file=scenes.db
failed=0
shown=0

# start COLSxROWS TERM ENVIRONMENT ARGUMENTS: the views in a new terminal.
start() {
	tmux kill-server 2>/dev/null
	n_servers=$((n_servers + 1))
	rm -f "$dir/before" "$dir/after" "$dir/ended" "$dir/pid"
	tmux new-session -d -s s -x "${1%x*}" -y "${1#*x}" \
		"cd '$dir'; stty -g >before; sh -c 'echo \$\$ >pid; exec env \
		-u NO_COLOR TERM=$2 LC_ALL=C.UTF-8 $3 \
		 \"$program\" tui $file $4 \
		2>err'; echo \"ended \$?\" >ended; stty -g >after; sleep 60" ||
		{ echo "SKIP: tmux does not start here" >&2; exit 77; }
	tmux set -g status off
	settle
}

# Until the screen is there and has not changed for a while.
settle() {
	local last='' now i
	for ((i = 0; i < 100; i++)); do
		now=$(tmux capture-pane -p -t s)
		[ -n "${now//[[:space:]]/}" ] && [ "$now" = "$last" ] && return
		last=$now
		sleep 0.15
	done
}

press() {
	local key
	for key; do
		tmux send-keys -t s "$key"
		sleep 0.05
	done
	settle
}

capture() {
	tmux capture-pane -p -t s | sed 's/ *$//' >"$dir/screen"
}

# screen NAME: compare what is shown.  A busy machine gets five seconds.
screen() {
	local i
	shown=$((shown + 1))
	capture
	if [ -n "${RENEW-}" ]; then
		cp "$dir/screen" "$golden/$1.txt"
		return
	fi
	for ((i = 0; i < 20; i++)); do
		cmp -s "$golden/$1.txt" "$dir/screen" && return
		sleep 0.25
		capture
	done
	diff -u "$golden/$1.txt" "$dir/screen"
	echo "FAIL: $1"
	failed=$((failed + 1))
}

# scene NAME SIZE TERM ENVIRONMENT ARGUMENTS KEYS...
scene() {
	local name=$1 size=$2 term=$3 environment=$4 arguments=$5
	shift 5
	start "$size" "$term" "$environment" "$arguments"
	[ $# -eq 0 ] || press "$@"
	screen "$name"
}

# All scenes in one size and terminal: scenes SUFFIX SIZE TERM ENV ARGS
scenes() {
	local suffix=$1
	shift
	scene "overview-$suffix" "$@"
	scene "connections-$suffix" "$@" 2 j
	scene "filter-error-$suffix" "$@" 2 / p r t Space 4 4 3
	scene "timeline-zoomed-$suffix" "$@" 2 t j z -
	scene "help-$suffix" "$@" 2 '?'
	set -- "$1" "$2" "$3" "$4"
	scene "sawtooth-$suffix" "$1" "$2" "$3" "$4 --conn 2" n n n n
	scene "refused-$suffix" "$1" "$2" "$3" "$4 --conn 3" Tab j
	scene "simultaneous-close-$suffix" "$1" "$2" "$3" "$4 --conn 4" Tab j j j j
}

scenes 80x24 80x24 xterm-256color COLORTERM= ""
scenes 40x12 40x12 xterm-256color COLORTERM= ""
scenes 200x50 200x50 xterm-256color COLORTERM= ""
# A terminal of 1978, in a locale of that time.
scenes vt100 80x24 vt100 LC_ALL=C ""
scene sawtooth-ascii 80x24 xterm-256color COLORTERM= "--conn 2 --ascii" v
scene overview-dumb 80x24 dumb LC_ALL=C ""
scene connections-dumb 80x24 dumb LC_ALL=C "" 2 j
scene overview-8-colors 80x24 xterm COLORTERM= ""

# Colours where they are wanted, and none under NO_COLOR.
colored() {	# 39 and 49 are the terminal's own
	tmux capture-pane -e -p -t s |
		grep -Eq $'\033\\[([0-9]+;)*[34][0-8][;m]'
}
start 80x24 xterm-256color COLORTERM= ""
colored || { echo "FAIL: no colours"; failed=$((failed + 1)); }
start 80x24 xterm-256color NO_COLOR=1 ""
if colored; then
	echo "FAIL: colours in spite of NO_COLOR"
	failed=$((failed + 1))
fi
screen overview-no-color

# Resized, back and forth, the selection is where it was.
start 80x24 xterm-256color COLORTERM= ""
press 2 j j j j
tmux resize-window -t s -x 40 -y 6; settle
tmux resize-window -t s -x 200 -y 50; settle
tmux resize-window -t s -x 20 -y 1; settle
tmux resize-window -t s -x 80 -y 24; settle
press Enter Tab
screen resized

# What another process writes is shown without a key.
start 80x24 xterm-256color COLORTERM= ""
press 2
tests/tui_db "$dir/scenes.db" 5 append
for ((i = 0; i < 30; i++)); do
	tmux capture-pane -p -t s | grep -q '^17 connections' && break
	sleep 0.2
done
screen followed

# Straight from a capture: its bytes, and a connection written to a file.
shows() { tmux capture-pane -p -t s | grep -q "$1"; }
file=demo.pcap
cp "$srcdir/pcaps/demo.pcap" "$dir"
start 80x24 xterm-256color COLORTERM= "--conn 2"
press Tab Tab
if ! shows 'Internet Protocol version 4' || ! shows '0000 02 00 00'; then
	tmux capture-pane -p -t s
	echo "FAIL: no bytes out of a capture"
	failed=$((failed + 1))
fi
press w Enter
if [ "$(od -An -tx1 -N4 "$dir/connection-2.pcapng")" != ' 0a 0d 0d 0a' ]; then
	echo "FAIL: no pcapng was written"
	failed=$((failed + 1))
fi
before=$(wc -c <"$dir/connection-2.pcapng")
press w Enter n
if ! shows 'not written'; then
	echo "FAIL: a file was overwritten without asking"
	failed=$((failed + 1))
fi
if ! [ "$before" -gt 10000 ]; then
	echo "FAIL: the file that was written is $before bytes"
	failed=$((failed + 1))
fi
file=scenes.db

# However it ends, the terminal is as it was.
for signal in TERM HUP SEGV; do
	start 80x24 xterm-256color COLORTERM= ""
	press 2
	kill -"$signal" "$(cat "$dir/pid")"
	for ((i = 0; i < 50; i++)); do
		[ -s "$dir/after" ] && [ -e "$dir/ended" ] && break
		sleep 0.1
	done
	if ! cmp -s "$dir/before" "$dir/after"; then
		echo "FAIL: SIG$signal leaves the terminal changed"
		failed=$((failed + 1))
	fi
	if tmux capture-pane -p -t s | grep -q Connections ||
	   [ "$(tmux display -p -t s '#{alternate_on}#{mouse_any_flag}')" != 00 ]; then
		echo "FAIL: SIG$signal leaves its screen"
		failed=$((failed + 1))
	fi
done

# Left with a key it has succeeded, and lost no memory.
start 80x24 xterm-256color COLORTERM= ""
press 2 Enter Tab Tab Tab Tab Tab Tab q q
for ((i = 0; i < 50; i++)); do
	[ -s "$dir/ended" ] && break
	sleep 0.1
done
if [ "$(cat "$dir/ended")" != "ended 0" ]; then
	cat "$dir/ended" "$dir/err"
	echo "FAIL: q"
	failed=$((failed + 1))
fi

echo "$shown screens, $failed wrong"
[ "$failed" -eq 0 ]
