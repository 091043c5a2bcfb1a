/*
 * other.bpf.c - senders of other kinds, for the lab: congestion controls that
 * no kernel has, loaded into this one (BPF struct_ops).
 *
 *   other_aimd   four segments more a round trip, a window of 0.85 after losses
 *   other_mimd   4 % more a round trip, a window of 0.875 after losses
 *   other_delay  keeps two to four segments in the queue, as Vegas does
 */
#include <stdbool.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))
#define KERNEL __attribute__((preserve_access_index))

struct sock {
} KERNEL;

struct inet_connection_sock {
	u64 icsk_ca_priv[13];
} KERNEL;

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	u32 snd_cwnd, snd_cwnd_cnt, snd_ssthresh, max_packets_out;
	u32 snd_una, snd_nxt;
	u8 is_cwnd_limited:1;
} KERNEL;

struct ack_sample {
	u32 pkts_acked;
	int rtt_us;
} KERNEL;

struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	void (*pkts_acked)(struct sock *sk, const struct ack_sample *sample);
	u32 (*undo_cwnd)(struct sock *sk);
	void (*init)(struct sock *sk);
	char name[16];
} KERNEL;

extern u32 tcp_slow_start(struct tcp_sock *tp, u32 acked) SEC(".ksyms");
extern void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
	SEC(".ksyms");
extern u32 tcp_reno_undo_cwnd(struct sock *sk) SEC(".ksyms");

/* Where a bit field lies is the kernel's business: libbpf fills that in. */
enum { FIELD_OFFSET = 0, FIELD_SHIFT_LEFT = 4, FIELD_SHIFT_RIGHT = 5 };

static bool
is_cwnd_limited(struct tcp_sock *tp)
{
	u64 bits = *((u8 *)tp + __builtin_preserve_field_info(
				tp->is_cwnd_limited, FIELD_OFFSET));

	bits <<= __builtin_preserve_field_info(tp->is_cwnd_limited,
					       FIELD_SHIFT_LEFT);
	bits >>= __builtin_preserve_field_info(tp->is_cwnd_limited,
					       FIELD_SHIFT_RIGHT);
	return bits;
}

static bool
window_limits(struct tcp_sock *tp)
{
	if (is_cwnd_limited(tp))
		return true;
	return tp->snd_cwnd < tp->snd_ssthresh &&
	       tp->snd_cwnd < 2 * tp->max_packets_out;
}

static u32
at_least_two(u32 segs)
{
	return segs > 2 ? segs : 2;
}

static void
grow(struct tcp_sock *tp, u32 acks_for_one, u32 acked)
{
	if (!window_limits(tp))
		return;
	if (tp->snd_cwnd < tp->snd_ssthresh) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	tcp_cong_avoid_ai(tp, at_least_two(acks_for_one), acked);
}

SEC("struct_ops/aimd_ssthresh") u32
aimd_ssthresh(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];

	return at_least_two(tp->snd_cwnd * 17 / 20);
}

SEC("struct_ops/aimd_cong_avoid") void
aimd_cong_avoid(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];

	grow(tp, tp->snd_cwnd / 4, (u32)ctx[2]);
}

SEC("struct_ops/mimd_ssthresh") u32
mimd_ssthresh(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];

	return at_least_two(tp->snd_cwnd - tp->snd_cwnd / 8);
}

SEC("struct_ops/mimd_cong_avoid") void
mimd_cong_avoid(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];

	grow(tp, 25, (u32)ctx[2]);
}

SEC("struct_ops/undo") u32
undo(u64 *ctx)
{
	return tcp_reno_undo_cwnd((struct sock *)ctx[0]);
}

SEC(".struct_ops") struct tcp_congestion_ops other_aimd = {
	.ssthresh = (void *)aimd_ssthresh,
	.cong_avoid = (void *)aimd_cong_avoid,
	.undo_cwnd = (void *)undo,
	.name = "other_aimd",
};

SEC(".struct_ops") struct tcp_congestion_ops other_mimd = {
	.ssthresh = (void *)mimd_ssthresh,
	.cong_avoid = (void *)mimd_cong_avoid,
	.undo_cwnd = (void *)undo,
	.name = "other_mimd",
};

/* --- by the queue ----------------------------------------------------------- */

struct delay {
	u32 base_rtt, min_rtt;	/* us: ever, in this round trip */
	u32 n, end;		/* samples in it; where it ends */
};

static struct delay *
delay_of(struct tcp_sock *tp)
{
	return (struct delay *)tp->inet_conn.icsk_ca_priv;
}

SEC("struct_ops/delay_init") void
delay_init(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];
	struct delay *d = delay_of(tp);

	d->base_rtt = d->min_rtt = 0x7fffffff;
	d->n = 0;
	d->end = 0;
}

SEC("struct_ops/delay_pkts_acked") void
delay_pkts_acked(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];
	const struct ack_sample *s = (void *)ctx[1];
	struct delay *d = delay_of(tp);
	int rtt = s->rtt_us;

	if (rtt <= 0)
		return;
	if ((u32)rtt < d->base_rtt)
		d->base_rtt = (u32)rtt;
	if ((u32)rtt < d->min_rtt)
		d->min_rtt = (u32)rtt;
	d->n++;
}

SEC("struct_ops/delay_cong_avoid") void
delay_cong_avoid(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];
	struct delay *d = delay_of(tp);
	u32 cwnd = tp->snd_cwnd, queued;

	if (d->end && (int)((u32)ctx[1] - d->end) < 0) {
		if (cwnd < tp->snd_ssthresh)
			grow(tp, cwnd, (u32)ctx[2]);
		return;
	}
	d->end = tp->snd_nxt;
	if (d->n > 2) {
		queued = (u64)cwnd * (d->min_rtt - d->base_rtt) / d->min_rtt;
		if (cwnd < tp->snd_ssthresh) {
			if (queued > 1)
				tp->snd_ssthresh = at_least_two(cwnd - 1);
		} else if (queued > 4) {
			tp->snd_cwnd = at_least_two(cwnd - 1);
			if (tp->snd_ssthresh > tp->snd_cwnd)
				tp->snd_ssthresh = tp->snd_cwnd;
		} else if (queued < 2) {
			tp->snd_cwnd = cwnd + 1;
		}
	}
	d->min_rtt = 0x7fffffff;
	d->n = 0;
}

SEC("struct_ops/delay_ssthresh") u32
delay_ssthresh(u64 *ctx)
{
	struct tcp_sock *tp = (void *)ctx[0];

	return at_least_two(tp->snd_cwnd / 2);
}

SEC(".struct_ops") struct tcp_congestion_ops other_delay = {
	.init = (void *)delay_init,
	.ssthresh = (void *)delay_ssthresh,
	.cong_avoid = (void *)delay_cong_avoid,
	.pkts_acked = (void *)delay_pkts_acked,
	.undo_cwnd = (void *)undo,
	.name = "other_delay",
};

SEC("license") char license_text[] = "GPL";
