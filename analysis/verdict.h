/*
 * verdict.h - retransmissions, held back until it is known what they were.
 *
 * Whether a retransmission was needed is known later: a DSACK (RFC 2883) or
 * an echoed time stamp older than its own (Eifel, RFC 3522) says that the
 * original had arrived.  So its event is held until that came, or until a
 * time-out went by in which it would have come, or until there is no room.
 * With the event goes the loss that it repaired: where, seq, len.
 */
#ifndef ANALYSIS_VERDICT_H
#define ANALYSIS_VERDICT_H

#include "analysis/analyzer.h"

enum loss_place {
	LOSS_NONE,
	LOSS_UPSTREAM,		/* before it came here */
	LOSS_DOWNSTREAM,	/* it was seen here */
	LOSS_CAPTURE,		/* it was there, the capture missed it */
};

/* What tshark 4.0 says of a segment below the highest sequence number. */
enum tshark_word {
	TSHARK_NONE,
	TSHARK_RETRANSMISSION,
	TSHARK_FAST,
	TSHARK_SPURIOUS,
	TSHARK_OUT_OF_ORDER,
	TSHARK_NOTHING,
};

struct held {
	nstime ts;
	uint64_t frame;
	uint64_t seq, end;	/* sequence space */
	uint32_t len;		/* payload */
	uint32_t tsval;
	uint64_t lost_seq;	/* the piece that was lost */
	uint32_t lost_len;
	uint8_t kind;		/* enum seg_kind */
	uint8_t was;		/* before the verdict */
	uint8_t place;		/* enum loss_place */
	uint8_t tshark;		/* enum tshark_word */
	bool has_ts;
	uint64_t verdict_frame;	/* the packet that told; 0: none did */
	struct seg_reason reason;
};

#define HELD_MAX 16

struct verdicts {
	unsigned first, n;
	struct held held[HELD_MAX];
};

/* Keep an event of side's; the oldest is put when there is no room. */
void verdict_hold(struct verdicts *v, struct analysis *an, enum side side,
		  const struct held *e);

/* Put those that can hardly be judged otherwise any more. */
void verdict_age(struct verdicts *v, struct analysis *an, enum side side,
		 nstime now);
void verdict_put_all(struct verdicts *v, struct analysis *an, enum side side);

/*
 * The peer reported a range as received twice (RFC 2883).  kinds[] counts the
 * events of each kind; one of them may become a spurious one.
 */
void verdict_dsack(struct verdicts *v, uint32_t kinds[N_SEG_KINDS],
		   const struct seq_range *range, nstime ts, uint64_t frame,
		   nstime d1);

/* The peer's ACK moved from old_ack to ack and echoes tsecr: RFC 3522 s3.2. */
void verdict_eifel(struct verdicts *v, uint32_t kinds[N_SEG_KINDS],
		   uint64_t old_ack, uint64_t ack, uint32_t tsecr,
		   uint64_t frame);

/* Put one event at once: copies, late segments, SYNs. */
void verdict_put(struct analysis *an, enum side side, const struct held *e);

/* Put a loss alone; why is static text or NULL. */
void verdict_put_loss(struct analysis *an, enum side side,
		      const struct held *e, const char *why);

const char *seg_kind_word(enum seg_kind kind);

#endif
