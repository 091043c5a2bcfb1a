/*
 * life_facts.h - what the findings about a connection's life have to know
 * beside its log and both ends' states: a few facts of its segments.
 */
#ifndef ANALYSIS_LIFE_FACTS_H
#define ANALYSIS_LIFE_FACTS_H

#include "analysis/analyzer.h"
#include "analysis/outcome.h"

/* What few connections have. */
struct life_rare {
	struct life_rare_side {
		uint64_t keepalive_frame;	/* the first */
		uint64_t old_copy_frame;
		uint32_t keepalives;
		uint32_t old_copies;	/* of segments acknowledged long
					   before */
		uint32_t after_fin;	/* bytes that it sent when it had its
					   peer's FIN */
	} side[N_SIDES];
	uint64_t fragmented_frame;
	uint32_t fragmented;	/* segments that came in fragments */
	uint32_t syn_data;	/* payload of the first SYN */
	uint64_t refuser_mac;	/* Ethernet source of the RST that answered the
				   SYN; 0: none */
};

struct life_side {
	nstime last_data;	/* its last new payload */
	nstime answered;	/* its peer's last new payload, when it sent
				   its FIN */
	uint32_t last_len;
	uint32_t tsval;		/* the newest (RFC 7323) */
	uint8_t rst_ttl;	/* of its last RST */
	bool last_push : 1;	/* its last payload had PSH */
	bool mptcp : 1;		/* in its SYN */
	bool fastopen : 1;
	bool syn_ecn : 1;	/* its first SYN asked for ECN */
	bool syn_plain : 1;	/* a later one did not */
	bool syn_fastopen_plain : 1;	/* a later one had no Fast Open */
	bool md5 : 1;
	bool opened_shut : 1;	/* its SYN-ACK had a window of 0 */
};

/* Does the time stamp of the SYN-ACK go with those after it?  A SYN cookie has
   options in its lowest bits, and lies up to 64 ms in the past for it. */
enum synack_clock {
	SYNACK_CLOCK_UNKNOWN,
	SYNACK_CLOCK_RIGHT,
	SYNACK_CLOCK_BEHIND,
};

struct life_facts {
	struct outcome_facts outcome;
	bool ack_missing;	/* between its SYN and its first data */
	uint8_t synack_clock;	/* enum synack_clock */
	uint16_t syn_ip_id;	/* of the client */
	uint32_t slowest_us;	/* response of the server: from the client's
				   last data to the first of the answer */
	struct life_side side[N_SIDES];
	uint64_t slowest_frame;
	struct life_rare *rare;	/* life_rare() */
};

/* What is rare of it; never NULL. */
const struct life_rare *life_rare(const struct life_facts *f);

void life_facts_segment(struct life_facts *f, struct analysis *an,
			const struct seg_event *ev);

/* Everything that a rule looks at. */
struct life_case {
	const struct analysis *an;
	const struct conn *conn;
	const struct tcp_life *life;
	const struct life_facts *facts;
	const struct connection_row *row;	/* outcome and errors filled */
	const struct endpoint_row *end;		/* [N_SIDES] */
};

/* The log's n-th entry (from 0) of a side that has all the flags; NULL. */
const struct tcp_log_entry *life_entry(const struct life_case *c,
				       enum side side, unsigned flags,
				       unsigned n);

/* Its frame, 0 where there is none. */
uint64_t life_frame(const struct life_case *c, enum side side, unsigned flags,
		    unsigned n);

/* The change to a state, the last that closed an end; NULL. */
const struct tcp_state_change *life_change(const struct life_case *c,
					   enum side side,
					   enum tcp_state state);
const struct tcp_state_change *life_closing(const struct life_case *c,
					    enum side side);

/* Was the change caused by that event? */
bool life_by(const struct tcp_state_change *change, enum tcp_event event);

/* The rules, each file one idea. */
void finding_attempt(const struct life_case *c);	/* connect() */
void finding_handshake(const struct life_case *c);
void finding_opening(const struct life_case *c);	/* ways to open */
void finding_closing(const struct life_case *c);	/* ways to close */
void finding_reset(const struct life_case *c);
void finding_forged(const struct life_case *c);
void finding_silence(const struct life_case *c);	/* no answer */
void finding_tuple(const struct life_case *c);		/* used anew */
void finding_time_wait(const struct life_case *c);
void finding_unanswered(const struct life_case *c);	/* requests */
void finding_fragments(const struct life_case *c);
void finding_old_copies(const struct life_case *c);

extern const struct analyzer life_analyzer;

#endif
