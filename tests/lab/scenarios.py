"""The kinds of runs that the lab knows: one row each.

A row is what differs from PLAIN. `link` are options of tests/lab/link.c
without the prefix for the way to the receiver (f_) or back (r_); rates are in
bit/s of whole frames, delays in microseconds. `send` and `recv` are options of
tests/lab/flow.c. `limit` is what the run was made to be limited by: cwnd, rwnd,
app, sndbuf, pacing.
"""

PLAIN = {
    "cc": "cubic", "mbit": 30, "rtt_ms": 40, "bdp": 1.0, "dur": 5, "mtu": 1500, "ip": 4, "opener": "sender", "limit": "cwnd",
    "link": {}, "send": {}, "recv": {}, "sysctl": {}, "route": "", "flows": 1, "more": [], "cross": None, "words": "bulk transfer through one bottleneck",
}

SCENARIOS = {
    # One bottleneck, a full queue: rate, round trip, buffer, algorithm.
    "bulk_reno": {"cc": "reno", "mbit": 20, "rtt_ms": 30, "bdp": 1.5},
    "bulk_cubic": {"mbit": 50, "rtt_ms": 25, "bdp": 0.7},
    "bulk_bbr": {"cc": "bbr", "mbit": 25, "rtt_ms": 60, "bdp": 2},
    "bulk_long": {"mbit": 12, "rtt_ms": 220, "bdp": 1, "dur": 9, "words": "a long path, slow start takes seconds"},
    "bloat_cubic": {"mbit": 6, "rtt_ms": 20, "bdp": 20, "dur": 7, "words": "a buffer of 20 bandwidth-delay products: the queue is the round trip"},
    "bulk_v6_reno": {"cc": "reno", "ip": 6, "mbit": 18, "rtt_ms": 50, "bdp": 2},
    "download_cubic": {"opener": "receiver", "mbit": 35, "rtt_ms": 35, "words": "the receiver connects, the server sends"},

    # Queues that are not a plain drop-tail one.
    "codel_cubic": {"bdp": 8, "link": {"f_codel_us": 5000}, "words": "CoDel at the bottleneck"},
    "codel_ecn_reno": {"cc": "reno", "bdp": 8, "sysctl": {"tcp_ecn": 1}, "link": {"f_codel_us": 5000, "f_ecn": 1e9}, "words": "CoDel that marks instead of dropping"},
    "batches_cubic": {"bdp": 3, "link": {"f_batch_us": 4000}, "words": "frames leave in batches each 4 ms, as on a radio link"},
    "ackbatch_cubic": {"bdp": 2, "link": {"r_batch_us": 8000}, "words": "ACKs come in batches each 8 ms: ACK compression"},
    "slowdown_reno": {"cc": "reno", "bdp": 2, "dur": 7, "link": {"f_slow_at": 2.5, "f_slow_rate": 8e6, "f_fast_at": 4.5}, "words": "the bottleneck falls to 8 Mbit/s for 2 s"},
    "narrowback_cubic": {"mbit": 40, "link": {"r_rate": 4e5, "r_queue": 6000}, "bdp": 2, "words": "the way back is narrow: its queue loses ACKs"},
    "cross_cubic": {"mbit": 25, "bdp": 1, "dur": 7, "cross": {"mbit": 15, "on": 1.0, "off": 1.0, "start": 1.5}, "words": "others use 60 % of the path every other second"},
    "police_reno": {"cc": "reno", "mbit": 60, "bdp": 3, "rtt_ms": 25, "link": {"f_police": 12e6, "f_police_burst": 40000}, "words": "a policer of 12 Mbit/s drops what exceeds it"},

    # BBR where it is not at home.
    "bbr_shallow": {"cc": "bbr", "mbit": 15, "rtt_ms": 30, "bdp": 0.4, "words": "a queue far below the bandwidth-delay product"},
    "bbr_deep": {"cc": "bbr", "mbit": 12, "rtt_ms": 80, "bdp": 5, "dur": 7, "words": "a queue of 5 bandwidth-delay products"},
    "bbr_near": {"cc": "bbr", "mbit": 60, "rtt_ms": 8, "bdp": 2, "dur": 4, "words": "a short path"},
    "bbr_long": {"cc": "bbr", "mbit": 20, "rtt_ms": 150, "bdp": 1, "dur": 12, "words": "a long path, and a dip for the smallest round trip"},
    "bbr_police": {"cc": "bbr", "mbit": 60, "bdp": 3, "rtt_ms": 25, "link": {"f_police": 10e6, "f_police_burst": 40000}, "words": "a policer of 10 Mbit/s drops what exceeds it"},
    "bbr_jitter": {"cc": "bbr", "mbit": 25, "rtt_ms": 45, "bdp": 2, "link": {"f_jitter_us": 3000, "r_jitter_us": 3000}, "words": "delays differ by 3 ms"},
    "bbr_slowdown": {"cc": "bbr", "bdp": 2, "dur": 7, "link": {"f_slow_at": 2.5, "f_slow_rate": 8e6, "f_fast_at": 4.5}, "words": "the bottleneck falls to 8 Mbit/s for 2 s"},
    "bbr_app": {"cc": "bbr", "bdp": 3, "send": {"app_bytes": 150000, "app_ms": 200}, "limit": "app", "words": "150 kB each 200 ms"},

    # Delays that differ, windows that are small.
    "jitter_cubic": {"mbit": 25, "rtt_ms": 45, "bdp": 1.5, "link": {"f_jitter_us": 2000, "r_jitter_us": 2000}, "words": "delays differ by 2 ms"},
    "thin_reno": {"cc": "reno", "mbit": 1.5, "rtt_ms": 20, "bdp": 4, "words": "a window of ten segments"},
    "fast_reno": {"cc": "reno", "mbit": 90, "rtt_ms": 12, "bdp": 0.6, "dur": 4, "words": "a fast path with a small queue"},

    # Losses with a pattern.
    "tail_cubic": {"mbit": 50, "send": {"app_bytes": 29000, "app_ms": 300, "app_count": 16}, "limit": "app", "dur": 8,
                   "link": {"f_drop_first": 20, "f_drop_every": 40, "f_drop_count": 6}, "words": "the last frame of some bursts is lost: tail loss probes"},
    "lostrtx_cubic": {"bdp": 3, "link": {"f_drop_first": 400, "f_drop_every": 3000, "f_drop_count": 4, "f_drop_again": 1}, "words": "a frame is lost, and its retransmission too"},
    "lostagain_reno": {"cc": "reno", "bdp": 3, "dur": 7, "link": {"f_drop_first": 900, "f_drop_every": 4000, "f_drop_count": 2, "f_drop_again": 3}, "words": "a frame is lost four times: RACK sends it again each time"},
    "spurious_cubic": {"bdp": 4, "dur": 6, "link": {"f_stall_at": 2.0, "f_stall_s": 0.7}, "words": "the path stands still for 0.7 s and loses nothing: spurious time-outs"},
    "longer_cubic": {"bdp": 2, "dur": 6, "link": {"f_step_at": 2.5, "f_step_us": 60000}, "words": "the route changes: 60 ms more from 2.5 s on"},
    "loss_reno": {"cc": "reno", "bdp": 4, "mbit": 60, "link": {"f_loss": 0.004, "f_minlen": 200}, "words": "0.4 % random loss, no queue"},
    "loss_bbr": {"cc": "bbr", "bdp": 3, "link": {"f_loss": 0.01, "f_minlen": 200}, "words": "1 % random loss"},
    "bursts_reno": {"cc": "reno", "bdp": 3, "link": {"f_burst_enter": 0.0007, "f_burst_leave": 0.2, "f_minlen": 200}, "words": "losses in bursts of about 5"},
    "reorder_reno": {"cc": "reno", "bdp": 3, "link": {"f_reorder": 0.01, "f_reorder_us": 4000}, "words": "1 % of the frames are held back 4 ms"},
    "both_ways_cubic": {"bdp": 2, "link": {"f_loss": 0.002, "r_loss": 0.05, "f_minlen": 200}, "words": "losses of data and of ACKs"},
    "damaged_cubic": {"bdp": 3, "link": {"f_corrupt": 0.003}, "words": "0.3 % arrive damaged: dropped by the checksum"},
    "outage_reno": {"cc": "reno", "bdp": 2, "dur": 6, "link": {"f_black_at": 2.0, "f_black_s": 0.9}, "words": "an outage of 0.9 s"},

    # Who is too slow.
    "rwnd_reno": {"cc": "reno", "mbit": 80, "rtt_ms": 60, "bdp": 3, "recv": {"rcvbuf": 60000}, "limit": "rwnd", "words": "a receive buffer far below the bandwidth-delay product"},
    "reader_cubic": {"mbit": 60, "bdp": 3, "recv": {"read_bytes": 30000, "read_ms": 50, "rcvbuf": 120000}, "limit": "rwnd", "words": "the reader takes 30 kB each 50 ms"},
    "pause_reno": {"cc": "reno", "bdp": 3, "dur": 7, "recv": {"stop_at": 1.5, "stop_for": 2.0, "rcvbuf": 200000}, "words": "the reader stops for 2 s: zero window"},
    "app_reno": {"cc": "reno", "bdp": 3, "send": {"app_bytes": 60000, "app_ms": 120}, "limit": "app", "words": "60 kB each 120 ms"},
    "bursty_cubic": {"mbit": 60, "bdp": 3, "dur": 8, "send": {"app_bytes": 400000, "app_ms": 900, "app_count": 8}, "limit": "app", "words": "400 kB each 0.9 s, idle between"},
    "sndbuf_reno": {"cc": "reno", "mbit": 60, "rtt_ms": 50, "bdp": 3, "send": {"sndbuf": 40000, "chunk": 14480}, "limit": "sndbuf", "words": "a send buffer far below the bandwidth-delay product"},
    "paced_cubic": {"mbit": 60, "bdp": 3, "send": {"pace": 1000000}, "limit": "pacing", "words": "the application asked for 1 MB/s at most (SO_MAX_PACING_RATE)"},
    "nagle_cubic": {"mbit": 60, "rtt_ms": 10, "dur": 4, "send": {"request": 1200, "first_part": 900}, "recv": {"request": 1200, "response": 100}, "limit": "app",
                    "words": "requests in two writes: Nagle meets the delayed ACK"},

    # Senders of kinds that no replica is made for: other_cc.bpf.c.
    "other_aimd": {"cc": "other_aimd", "dur": 7, "words": "4 segments more a round trip, 0.85 of the window after a loss"},
    "other_aimd_deep": {"cc": "other_aimd", "mbit": 15, "bdp": 4, "dur": 7, "words": "the same, a queue of 4 bandwidth-delay products"},
    "other_mimd": {"cc": "other_mimd", "rtt_ms": 60, "dur": 7, "words": "4 % more a round trip, 0.875 of the window after a loss"},
    "other_loss": {"cc": "other_mimd", "bdp": 3, "dur": 7, "link": {"f_loss": 0.002, "f_minlen": 200}, "words": "the same, 0.2 % random loss"},
    "other_delay": {"cc": "other_delay", "bdp": 2, "dur": 7, "words": "keeps two to four segments in the queue"},
    "other_delay_loss": {"cc": "other_delay", "rtt_ms": 30, "bdp": 2, "dur": 7, "link": {"f_loss": 0.002, "f_minlen": 200}, "words": "the same, 0.2 % random loss"},
    "other_app": {"cc": "other_aimd", "bdp": 3, "send": {"app_bytes": 150000, "app_ms": 200}, "limit": "app", "words": "such a sender with 150 kB each 200 ms"},

    # Small ones: pcaps/lab/ keeps a run of each, for tests/mind.sh.
    "small_reno": {"cc": "reno", "mbit": 6, "rtt_ms": 40, "bdp": 1.5, "dur": 4},
    "small_cubic": {"mbit": 6, "rtt_ms": 50, "bdp": 1, "dur": 5},
    "small_bbr": {"cc": "bbr", "mbit": 5, "rtt_ms": 40, "bdp": 2, "dur": 4},
    "small_loss": {"mbit": 8, "rtt_ms": 30, "bdp": 4, "dur": 3, "link": {"f_loss": 0.01, "f_minlen": 200}, "words": "1 % random loss"},
    "small_rto": {"cc": "reno", "mbit": 6, "rtt_ms": 30, "bdp": 1.5, "dur": 4, "link": {"f_black_at": 1.5, "f_black_s": 0.6}, "words": "an outage of 0.6 s: time-outs"},
    "small_rwnd": {"cc": "reno", "mbit": 20, "rtt_ms": 80, "bdp": 3, "dur": 4, "recv": {"rcvbuf": 30000}, "limit": "rwnd", "words": "a small receive buffer"},
    "small_app": {"mbit": 20, "dur": 4, "send": {"app_bytes": 20000, "app_ms": 100}, "limit": "app", "words": "20 kB each 100 ms"},

    "small_paced": {"mbit": 20, "bdp": 3, "dur": 3, "send": {"pace": 350000}, "limit": "pacing", "words": "the application asked for 350 kB/s at most"},
    "small_nots": {"cc": "reno", "mbit": 5, "rtt_ms": 40, "bdp": 1.2, "dur": 4, "sysctl": {"tcp_timestamps": 0}, "words": "time stamps off"},
    "small_both": {"mbit": 3, "rtt_ms": 50, "dur": 3, "recv": {"send": 1}, "link": {"r_rate": 3e6, "r_queue": 19000}, "words": "data both ways on one connection"},
    "small_other": {"cc": "other_delay", "mbit": 8, "rtt_ms": 40, "bdp": 4, "dur": 4, "words": "a sender of no known kind: keeps two to four segments in the queue"},

    # What limits a transfer: pcaps/limits/ keeps a run of each, for tests/limits.sh.
    "limit_window": {"mbit": 20, "rtt_ms": 60, "bdp": 3, "dur": 3, "recv": {"rcvbuf": 40000}, "limit": "rwnd", "words": "a receive buffer far below the bandwidth-delay product"},
    "limit_reader": {"mbit": 10, "rtt_ms": 30, "bdp": 3, "dur": 3, "recv": {"read_bytes": 15000, "read_ms": 50, "rcvbuf": 100000}, "limit": "rwnd", "words": "the reader takes 15 kB each 50 ms"},
    "limit_program": {"mbit": 20, "dur": 3, "send": {"app_bytes": 15000, "app_ms": 80}, "limit": "app", "words": "15 kB each 80 ms"},
    "limit_sndbuf": {"mbit": 20, "rtt_ms": 50, "bdp": 3, "dur": 3, "send": {"sndbuf": 20000, "chunk": 7240}, "limit": "sndbuf", "words": "a send buffer far below the bandwidth-delay product"},
    "limit_nagle": {"mbit": 20, "rtt_ms": 10, "dur": 3, "send": {"request": 1200, "first_part": 900}, "recv": {"request": 1200, "response": 100}, "limit": "app",
                    "words": "requests in two writes: Nagle meets the delayed ACK"},
    "limit_losses": {"cc": "reno", "mbit": 12, "rtt_ms": 40, "bdp": 4, "dur": 4, "link": {"f_loss": 0.01, "f_minlen": 200}, "words": "1 % random loss, no queue"},
    "limit_timer": {"cc": "reno", "mbit": 5, "rtt_ms": 30, "bdp": 1.5, "dur": 4, "link": {"f_black_at": 1.2, "f_black_s": 0.8}, "words": "an outage of 0.8 s: time-outs"},
    "limit_tail": {"mbit": 20, "dur": 6, "send": {"app_bytes": 2500, "app_ms": 400, "app_count": 14}, "sysctl": {"tcp_early_retrans": 0}, "limit": "app",
                   "link": {"f_drop_first": 6, "f_drop_every": 6, "f_drop_count": 4}, "words": "the last frame of some messages is lost, and no tail loss probe is sent"},
    "limit_bloat": {"mbit": 3, "rtt_ms": 20, "bdp": 20, "dur": 6, "words": "a buffer of 20 bandwidth-delay products"},
    "limit_path": {"mbit": 5, "rtt_ms": 20, "bdp": 1, "dur": 4, "words": "a healthy transfer: the path is the limit"},
    "limit_others": {"mbit": 6, "rtt_ms": 30, "bdp": 2, "dur": 6, "cross": {"mbit": 4, "on": 1.5, "off": 1.5, "start": 1.5}, "words": "others use two thirds of the path half of the time"},
    "limit_policer": {"mbit": 30, "rtt_ms": 25, "bdp": 3, "dur": 4, "link": {"f_police": 4e6, "f_police_burst": 40000}, "words": "a policer of 4 Mbit/s drops what exceeds it"},
    "limit_short": {"dur": 0, "flows": 5, "send": {"bytes": 100000, "gap_ms": 60}, "words": "5 flows of 100 kB"},
    "limit_restarts": {"mbit": 30, "bdp": 3, "dur": 6, "send": {"app_bytes": 150000, "app_ms": 700, "app_count": 6}, "limit": "app", "words": "150 kB each 0.7 s, idle between"},

    # Other senders and hosts.
    "short_cubic": {"dur": 0, "flows": 20, "send": {"bytes": 60000, "gap_ms": 80}, "words": "20 flows of 60 kB"},
    "iw30_cubic": {"dur": 0, "flows": 8, "send": {"bytes": 150000, "gap_ms": 150}, "route": "initcwnd 30", "words": "8 flows of 150 kB, initial window 30"},
    "mss536_cubic": {"send": {"mss": 536}, "mbit": 8, "words": "segments of 536 bytes"},
    "nosack_cubic": {"sysctl": {"tcp_sack": 0}, "bdp": 1, "mbit": 15, "words": "SACK off"},
    "nots_reno": {"cc": "reno", "sysctl": {"tcp_timestamps": 0}, "bdp": 1.2, "words": "time stamps off"},
    "versus": {"dur": 7, "mbit": 40, "bdp": 1.5, "more": [{"cc": "reno"}, {"cc": "bbr", "start": 1.5}], "words": "cubic, reno and, later, bbr on one bottleneck"},
    "twoways_cubic": {"mbit": 12, "rtt_ms": 50, "recv": {"send": 1}, "link": {"r_rate": 12e6, "r_queue": 75000}, "words": "data both ways on one connection"},
}


def scenario(name):
    """the row with all that it does not say itself"""
    s = dict(PLAIN, name=name)
    s.update(SCENARIOS[name])
    return s
