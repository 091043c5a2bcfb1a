/*
 * path.c - what the emulated path does to one frame after the other.
 */
#include "tests/lab/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FULL_SIZE 1000		/* bytes of a frame that is called full */

static const struct {
	const char *name;
	size_t offset;
} options[] = {
#define OPTION(x) { #x, offsetof(struct path_config, x) }
	OPTION(rate), OPTION(queue), OPTION(pre_us), OPTION(post_us),
	OPTION(loss), OPTION(burst_enter), OPTION(burst_leave),
	OPTION(burst_loss), OPTION(minlen), OPTION(dup), OPTION(corrupt),
	OPTION(reorder), OPTION(reorder_us), OPTION(jitter_us), OPTION(ecn),
	OPTION(police), OPTION(police_burst), OPTION(codel_us),
	OPTION(batch_us), OPTION(step_at), OPTION(step_us), OPTION(stall_at),
	OPTION(stall_s), OPTION(slow_at), OPTION(slow_rate), OPTION(fast_at),
	OPTION(black_at), OPTION(black_s), OPTION(drop_first),
	OPTION(drop_count), OPTION(drop_every), OPTION(drop_again),
#undef OPTION
};

void
path_init(struct path *p, const char *name, const struct path_owner *owner,
	  uint64_t seed)
{
	memset(p, 0, sizeof(*p));
	p->name = name;
	p->owner = owner;
	p->random = seed * 2 + 1;
}

bool
path_set(struct path *p, const char *name, double value)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (strcmp(options[i].name, name) != 0)
			continue;
		memcpy((char *)&p->config + options[i].offset, &value,
		       sizeof(value));
		return true;
	}
	return false;
}

/* xorshift64*: uniform in [0, 1) */
static double
draw(struct path *p)
{
	p->random ^= p->random >> 12;
	p->random ^= p->random << 25;
	p->random ^= p->random >> 27;
	return (double)(p->random * UINT64_C(2685821657736338717) >> 11) /
	       9007199254740992.0;
}

static bool
happens(struct path *p, double probability)
{
	return probability > 0 && draw(p) < probability;
}

static nstime
us(double v)
{
	return (nstime)llround(v * 1e3);
}

static double
seconds(const struct path *p, nstime now)
{
	return (double)(now - p->start) / 1e9;
}

static bool
within(const struct path *p, nstime now, double at, double length)
{
	double t = seconds(p, now);

	return length > 0 && t >= at && t < at + length;
}

static void
lose(struct path *p, nstime now, struct frame *f, const char *kind, long extra,
     long *count)
{
	++*count;
	p->owner->tell(p, now, kind, f, extra);
	free(f);
}

/* --- headers --------------------------------------------------------------- */

static uint8_t *
ip_header(struct frame *f)
{
	return f->len > 14 + 40 ? f->at + 14 : NULL;
}

static uint8_t *
tcp_header(struct frame *f)
{
	uint8_t *ip = ip_header(f), *tcp;

	if (!ip)
		return NULL;
	tcp = ip[0] >> 4 == 4 ? ip + (ip[0] & 15) * 4 : ip + 40;
	return tcp + 20 <= f->at + f->len ? tcp : NULL;
}

/* Congestion experienced, if the sender can (RFC 3168 s5): true = done. */
static bool
mark_ce(struct frame *f)
{
	uint8_t *ip = ip_header(f);
	uint32_t sum;

	if (!ip)
		return false;
	if (ip[0] >> 4 == 6) {
		if ((ip[1] & 0x30) == 0)
			return false;
		ip[1] |= 0x30;
		return true;
	}
	if ((ip[1] & 3) == 0)
		return false;
	/* RFC 1624: the header checksum changes by what the word changed. */
	sum = (uint32_t)(~(ip[10] << 8 | ip[11]) & 0xffff) +
	      (uint32_t)(~(ip[0] << 8 | ip[1]) & 0xffff);
	ip[1] |= 3;
	sum += (uint32_t)(ip[0] << 8 | ip[1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	ip[10] = (uint8_t)(~sum >> 8);
	ip[11] = (uint8_t)~sum;
	return true;
}

/* --- losses that are listed ------------------------------------------------ */

static bool
copy_of_dropped(struct path *p, uint32_t seq)
{
	for (int i = 0; i < p->n_dropped; i++)
		if (p->dropped[i].seq == seq && p->dropped[i].left > 0)
			return p->dropped[i].left--, true;
	return false;
}

/* Frames number first, first + every, ... and then copies of them. */
static bool
is_listed(struct path *p, struct frame *f)
{
	const struct path_config *c = &p->config;
	uint8_t *tcp = tcp_header(f);
	uint32_t seq;
	double k;

	if (c->drop_count <= 0 || !tcp || f->len < FULL_SIZE)
		return false;
	seq = (uint32_t)tcp[4] << 24 | (uint32_t)tcp[5] << 16 |
	      (uint32_t)tcp[6] << 8 | tcp[7];
	if (copy_of_dropped(p, seq))
		return true;
	k = (double)++p->n_full - c->drop_first;
	if (k < 0 || p->n_dropped >= c->drop_count || p->n_dropped == 64)
		return false;
	if (c->drop_every > 0 && fmod(k, c->drop_every) != 0)
		return false;
	p->dropped[p->n_dropped++] = (struct dropped){
		seq, (int)c->drop_again
	};
	return true;
}

/* --- the queue ------------------------------------------------------------- */

static double
rate_now(const struct path *p, nstime now)
{
	const struct path_config *c = &p->config;
	double t = seconds(p, now);

	if (c->slow_rate > 0 && t >= c->slow_at &&
	    (c->fast_at <= 0 || t < c->fast_at))
		return c->slow_rate;
	return c->rate;
}

/* Begin to send the first frame of the queue. */
static void
send_first(struct path *p, nstime now)
{
	const struct path_config *c = &p->config;
	double rate = rate_now(p, now);
	nstime begin = now;

	if (!p->head)
		return;
	if (within(p, now, c->stall_at, c->stall_s))
		begin = p->start + us((c->stall_at + c->stall_s) * 1e6);
	p->busy = true;
	if (rate > 0)
		begin += llround((double)p->head->len * 8e9 / rate);
	p->owner->schedule(p, begin, STAGE_DEPART, NULL);
}

/* A token bucket without a queue: what exceeds it is lost. */
static bool
exceeds_policer(struct path *p, nstime now, const struct frame *f)
{
	const struct path_config *c = &p->config;

	if (c->police <= 0)
		return false;
	p->tokens += (double)(now - p->tokens_at) * c->police / 8e9;
	p->tokens_at = now;
	if (p->tokens > c->police_burst)
		p->tokens = c->police_burst;
	if (p->tokens < (double)f->len)
		return true;
	p->tokens -= (double)f->len;
	return false;
}

static void
enqueue(struct path *p, nstime now, struct frame *f)
{
	const struct path_config *c = &p->config;

	if (exceeds_policer(p, now, f)) {
		lose(p, now, f, "drop_police", 0, &p->n.drop_police);
		return;
	}
	if (c->queue > 0 && (double)p->backlog + (double)f->len > c->queue) {
		lose(p, now, f, "drop_queue", p->backlog, &p->n.drop_queue);
		return;
	}
	if (c->ecn > 0 && (double)p->backlog > c->ecn && mark_ce(f)) {
		p->n.ce++;
		p->owner->tell(p, now, "ce", f, p->backlog);
	}
	f->next = NULL;
	f->queued_at = now;
	if (p->head)
		p->tail->next = f;
	else
		p->head = f;
	p->tail = f;
	p->backlog += (long)f->len;
	if (p->backlog > p->n.max_queue)
		p->n.max_queue = p->backlog;
	if (!p->busy)
		send_first(p, now);
}

/* RFC 8289, with its interval of 100 ms: is this one to go? */
static bool
codel_drops(struct path *p, nstime now, const struct frame *f)
{
	const nstime interval = 100000000;

	if (p->config.codel_us <= 0)
		return false;
	if (now - f->queued_at < us(p->config.codel_us) || p->backlog < 3000) {
		p->above_since = 0;
		p->codel_count = 0;
		return false;
	}
	if (p->above_since == 0) {
		p->above_since = now;
		p->next_drop = now + interval;
	}
	if (now < p->next_drop)
		return false;
	p->codel_count++;
	p->next_drop = now + llround((double)interval /
				     sqrt(p->codel_count));
	return true;
}

static void
depart(struct path *p, nstime now)
{
	struct frame *f = p->head;
	nstime batch = us(p->config.batch_us), late;

	p->head = f->next;
	p->backlog -= (long)f->len;
	p->busy = false;
	send_first(p, now);
	if (codel_drops(p, now, f)) {
		if (p->config.ecn == 0 || !mark_ce(f)) {
			lose(p, now, f, "drop_queue", p->backlog,
			     &p->n.drop_queue);
			return;
		}
		p->n.ce++;
		p->owner->tell(p, now, "ce", f, p->backlog);
	}
	late = batch ? batch - (now - p->start) % batch : 0;
	p->owner->schedule(p, now + late, STAGE_MIDDLE, f);
}

/* --- behind the middle ----------------------------------------------------- */

static bool
lost_in_burst(struct path *p, const struct frame *f)
{
	const struct path_config *c = &p->config;

	if (c->burst_enter <= 0)
		return false;
	p->in_burst = p->in_burst ? !happens(p, c->burst_leave)
				  : happens(p, c->burst_enter);
	return p->in_burst && (double)f->len >= c->minlen &&
	       happens(p, c->burst_loss > 0 ? c->burst_loss : 1);
}

/* True if the frame is gone. */
static bool
lost_behind(struct path *p, nstime now, struct frame *f)
{
	const struct path_config *c = &p->config;

	if (within(p, now, c->black_at, c->black_s))
		lose(p, now, f, "drop_blackout", 0, &p->n.drop_blackout);
	else if (is_listed(p, f))
		lose(p, now, f, "drop_listed", p->n_full, &p->n.drop_listed);
	else if (lost_in_burst(p, f))
		lose(p, now, f, "drop_burst", 0, &p->n.drop_burst);
	else if ((double)f->len >= c->minlen && happens(p, c->loss))
		lose(p, now, f, "drop_random", 0, &p->n.drop_random);
	else
		return false;
	return true;
}

static void
damage(struct path *p, nstime now, struct frame *f)
{
	if (!tcp_header(f) || !happens(p, p->config.corrupt))
		return;
	f->at[f->len - 1] ^= 0x55;
	p->n.corrupt++;
	p->owner->tell(p, now, "corrupt", f, 0);
}

static void
copy(struct path *p, nstime now, const struct frame *f, nstime at)
{
	struct frame *twin;

	if (!happens(p, p->config.dup))
		return;
	twin = malloc(sizeof(*twin) + f->len);
	if (!twin)
		return;
	memcpy(twin, f, sizeof(*f) + f->len);
	p->n.dup++;
	p->owner->tell(p, now, "dup", f, 0);
	p->owner->schedule(p, at, STAGE_DELIVER, twin);
}

static void
pass_middle(struct path *p, nstime now, struct frame *f)
{
	const struct path_config *c = &p->config;
	nstime at = now + us(c->post_us), held = 0;

	p->n.frames_exit++;
	p->n.bytes_exit += (long)f->len;
	p->owner->middle(p, now, f);
	if (lost_behind(p, now, f))
		return;
	damage(p, now, f);
	if (c->step_us > 0 && seconds(p, now) >= c->step_at)
		at += us(c->step_us);
	if (c->jitter_us > 0)
		at += us(draw(p) * c->jitter_us);
	if (happens(p, c->reorder)) {
		held = us(c->reorder_us);
		p->n.reorder++;
		p->owner->tell(p, now, "reorder", f, (long)(held / 1000));
	} else {
		if (at < p->last_delivery)
			at = p->last_delivery;
		p->last_delivery = at;
	}
	copy(p, now, f, at);
	p->owner->schedule(p, at + held, STAGE_DELIVER, f);
}

/* --- all stages ------------------------------------------------------------ */

void
path_arrive(struct path *p, nstime now, struct frame *f)
{
	if (p->n.frames_in++ == 0) {
		p->tokens = p->config.police_burst;
		p->tokens_at = now;
	}
	p->owner->schedule(p, now + us(p->config.pre_us), STAGE_QUEUE, f);
}

void
path_stage(struct path *p, enum stage stage, struct frame *f, nstime when)
{
	switch (stage) {
	case STAGE_QUEUE:
		enqueue(p, when, f);
		break;
	case STAGE_DEPART:
		depart(p, when);
		break;
	case STAGE_MIDDLE:
		pass_middle(p, when, f);
		break;
	case STAGE_DELIVER:
		p->owner->deliver(p, f);
		free(f);
		break;
	}
}
