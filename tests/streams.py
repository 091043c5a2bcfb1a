#!/usr/bin/env python3
"""Compares the followed bytes of every connection with tshark and tcpflow.

usage: streams.py TCPSAW WORKDIR CAPTURE...

Where tshark ("follow,tcp,raw") and tcpflow agree on the bytes of a direction,
tcpsaw must have the same; where the two differ it must have what one of them
has, or more of it (both end at a gap, or leave it out).
"""
import collections, glob, ipaddress, os, shutil, sqlite3, subprocess, sys

def run(*command):
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)

def connections(tcpsaw, capture, work):
    """(number, tshark's stream, ends) of those with payload"""
    db = os.path.join(work, "streams.db")
    done = run(tcpsaw, "analyze", "-q", "-r", capture, "-o", db, "--force")
    if done.returncode not in (0, 3):
        sys.exit(f"FAIL: {capture}: {done.stderr.decode()}")
    c = sqlite3.connect(db)
    rows = c.execute("SELECT conn_id, tcp_stream, client_addr, client_port, server_addr, server_port FROM connection"
                     " WHERE client_bytes + server_bytes > 0 ORDER BY conn_id").fetchall()
    every = c.execute("SELECT client_addr, client_port, server_addr, server_port FROM connection").fetchall()
    c.close()
    return rows, collections.Counter(frozenset([r[:2], r[2:]]) for r in every)

def by_tshark(capture, rows):
    """{stream: {(address, port): bytes}}"""
    out = {}
    for at in range(0, len(rows), 50):
        command = ["tshark", "-n", "-q", "-r", capture]
        for r in rows[at:at + 50]: command += ["-z", f"follow,tcp,raw,{r[1]}"]
        stream = None
        for line in run(*command).stdout.decode().splitlines():
            if line.startswith("Filter: tcp.stream eq "):
                stream, nodes = int(line.split()[-1]), []
            elif line.startswith("Node "):
                host, port = line.split(": ", 1)[1].rsplit(":", 1)
                nodes.append((host.strip("[]"), int(port)))
                if len(nodes) == 2: out[stream] = {n: bytearray() for n in nodes}
            elif stream is not None and line.strip("\t") and not line.startswith(("=", "Follow")):
                out[stream][nodes[line.startswith("\t")]] += bytes.fromhex(line.strip())
    return out

def flow_name(address):
    a = ipaddress.ip_address(address)
    return ".".join("%03d" % b for b in a.packed) if a.version == 4 else str(a)

def by_tcpflow(capture, work):
    """a function that gives the bytes from one end to the other"""
    folder = os.path.join(work, "flows")
    shutil.rmtree(folder, ignore_errors=True)
    run("tcpflow", "-q", "-r", capture, "-o", folder)
    def read(a, b):
        name = "%s.%05d-%s.%05d" % (flow_name(a[0]), a[1], flow_name(b[0]), b[1])
        files = glob.glob(os.path.join(folder, glob.escape(name) + "*"))
        return open(files[0], "rb").read() if files else b""
    return read

def main():
    tcpsaw, work = sys.argv[1:3]
    agreed = differ = alone = 0
    wrong = []
    for capture in sys.argv[3:]:
        rows, ends = connections(tcpsaw, capture, work)
        if not rows: continue
        theirs, flow = by_tshark(capture, rows), by_tcpflow(capture, work)
        for number, stream, ca, cp, sa, sp in rows:
            client, server = (ca, cp), (sa, sp)
            if client == server: continue       # a socket connected to itself
            for side, a, b in (("client", client, server), ("server", server, client)):
                one = bytes(theirs.get(stream, {}).get(a, b""))
                two = flow(a, b)
                if ends[frozenset([a, b])] > 1: two = one   # one file of several
                ours = run(tcpsaw, "follow", capture, str(number), "--" + side, "--raw").stdout
                where = f"{capture}: connection {number}, {side}: {len(ours)} bytes, tshark {len(one)}, tcpflow {len(two)}"
                if one == two:
                    agreed += 1
                    if ours != one: wrong.append(where)
                    continue
                differ += 1
                if ours not in (one, two):
                    alone += 1
                    print(where)
    print(f"{agreed} directions on which tshark and tcpflow agree, {len(wrong)} of them different here;"
          f" {differ} on which they differ, {alone} of them different from both")
    if agreed == 0: wrong.append("nothing was compared")
    for line in wrong: print("FAIL:", line)
    sys.exit(bool(wrong))

main()
