#!/usr/bin/env python3
"""tui_latency.py - how fast the views answer, as a user has it.

  tui_latency.py PROGRAM DB [keys]

Runs PROGRAM tui DB in a pseudo-terminal of 80x24, waits for its first screen,
then sends keys one by one, each when the screen rests.  A key's answer is the
first time after it that the terminal has been written to and is quiet again; an
answer that goes on (a search in slices) is counted up to its first whole
screen.  Prints milliseconds
and the process's largest resident size.
"""
import fcntl, os, pty, select, signal, statistics, struct, sys, termios, time

QUIET = 0.004          # a screen is whole when nothing more comes for so long


def spawn(argv):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execv(argv[0], argv)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.kill(pid, signal.SIGWINCH)
    return pid, fd


def answer(fd, limit):
    """Seconds until the next whole screen; None: nothing came."""
    begin, last, size = time.monotonic(), None, 0
    while True:
        wait = QUIET if last else limit - (time.monotonic() - begin)
        if wait <= 0 or not select.select([fd], [], [], wait)[0]:
            return last - begin if last else None
        size += len(os.read(fd, 65536))
        last = time.monotonic()


def until_text(fd, text, limit):
    begin, seen = time.monotonic(), b""
    while text not in seen:
        left = limit - (time.monotonic() - begin)
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            sys.exit("tui_latency: no screen with %r" % text)
        seen += os.read(fd, 65536)
    return time.monotonic() - begin


def peak_kib(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(next(l for l in f if l.startswith("VmHWM")).split()[1])


def settle(fd, quiet=0.5):
    while select.select([fd], [], [], quiet)[0]:
        os.read(fd, 65536)


DOWN, PGDN, ESC, ENTER = "j", "\x1b[6~", "\x1b", "\r"

# What a user does: each key with the time that it may take to think.
SCRIPT = (
    ["2"] + [DOWN] * 20 + [PGDN] * 20 + ["G"] + ["k"] * 10 + ["\x1b[5~"] * 10 +
    ["g"] + [">"] + [DOWN] * 10 + [PGDN] * 10 + [">"] + [DOWN] * 10 + ["S"] +
    ["/"] + list("port 443 and retrans > 20% and state = TIME-WAIT") + [ENTER] +
    [DOWN] * 10 + [ENTER] + ["\t"] * 7 + [ESC] + ["t", "+", "+", "m", "t"] +
    ["3"] + [DOWN] * 10 + [PGDN] * 5 + ["G", "g"] + ["1", "4", ESC, "2"])


def main():
    program, db = sys.argv[1], sys.argv[2]
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    begin = time.monotonic()
    pid, fd = spawn([program, "tui", db])
    first = until_text(fd, b"Overview", 10)
    settle(fd)
    times = []
    for key in SCRIPT[:limit]:
        os.write(fd, key.encode())
        t = answer(fd, 0.3)
        if t is not None:           # else nothing was to be changed
            times.append((t, key))
        settle(fd, 0.06)
    ms = sorted(t * 1000 for t, _ in times)
    worst = ", ".join("%r %.0f" % (k, t * 1000)
                      for t, k in sorted(times, reverse=True)[:8])
    rss = peak_kib(pid) / 1024
    print("start %.0f ms; %d keys: median %.1f ms, 95%% %.1f ms, "
          "slowest %.0f ms (%s); memory %.0f MiB" %
          (first * 1000, len(ms), statistics.median(ms),
           ms[int(len(ms) * 0.95)], ms[-1], worst, rss))
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    ok = first < 0.5 and statistics.median(ms) < 50 and rss < 100
    sys.exit(0 if ok else 1)


main()
