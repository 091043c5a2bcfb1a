#!/usr/bin/env python3
"""Where tshark calls a segment something else than its event row does, the
row's detail must say what tshark calls it.

usage: tshark_words.py TCPSAW WORKDIR CAPTURE...

Prints how often each pair of words was met.
"""
import collections, json, os, sqlite3, subprocess, sys

FLAGS = {"tcp.analysis.spurious_retransmission": "spurious retransmission",
         "tcp.analysis.fast_retransmission": "fast retransmission",
         "tcp.analysis.out_of_order": "out-of-order",
         "tcp.analysis.retransmission": "retransmission"}      # set beside the first two
SAME = {"rtx_fast": "fast retransmission", "rtx_spurious": "spurious retransmission", "out_of_order": "out-of-order"}

def by_tshark(capture):
    command = ["tshark", "-n", "-r", capture, "-Y", "tcp.analysis.flags", "-T", "fields", "-e", "frame.number"]
    for flag in FLAGS: command += ["-e", flag]
    words = {}
    for line in subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.splitlines():
        number, *marks = line.split("\t")
        words[int(number)] = next((w for w, m in zip(FLAGS.values(), marks) if m), "nothing")
    return words

def main():
    tcpsaw, work = sys.argv[1:3]
    pairs, wrong, events = collections.Counter(), [], 0
    for capture in sys.argv[3:]:
        db = os.path.join(work, "words.db")
        subprocess.run([tcpsaw, "analyze", "-q", "-r", capture, "-o", db, "--force"], stdin=subprocess.DEVNULL)
        theirs, c = by_tshark(capture), sqlite3.connect(db)
        for frame, kind, detail in c.execute("SELECT frame_number, kind, detail FROM event WHERE len > 0 AND"
                                             " (kind LIKE 'rtx%' OR kind IN ('out_of_order', 'duplicate'))"):
            events += 1
            word, said = theirs.get(frame, "nothing"), json.loads(detail or "{}").get("tshark")
            same = SAME.get(kind, "retransmission" if kind.startswith("rtx") else None)
            if word == same and said is None: continue
            pairs[kind, word] += 1
            if word != said: wrong.append(f"{capture}: frame {frame} is {kind}, tshark says {word}, detail {detail}")
        c.close()
    for (kind, word), n in pairs.most_common(): print(f"{n:6} {kind} where tshark says {word}")
    print(f"{events} events, {sum(pairs.values())} under another name, {len(wrong)} of them not told so")
    for line in wrong[:20]: print("FAIL:", line)
    sys.exit(bool(wrong) or events == 0)

main()
