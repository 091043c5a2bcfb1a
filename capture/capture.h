/*
 * capture.h - packets out of capture files, in the order of time.
 *
 * A capture is one or more inputs behind one handle: pcap and pcapng files,
 * compressed or not, or standard input.  Packets come in batches.  A batch
 * keeps the memory of its packets alive until it is released; where a file
 * is mapped that memory is the file itself and nothing was copied.
 *
 * One thread at a time reads (everything here but capture_release and
 * capture_progress).  Batches are released in any order, by any thread.
 *
 * A file that grows meanwhile is read up to the size that it has when its
 * end is reached; one that shrinks is damaged where it ends now, and nobody
 * who looks at its packets faults.
 *
 * All texts that come from a file (names, comments) are as the file has
 * them: whoever shows them escapes them.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/packet.h"

struct capture;
struct span;

enum {
	CAPTURE_BATCH = 512,		/* packets in a batch, at most */
	CAPTURE_BATCH_SPANS = 64,	/* pieces of memory it may touch */
	CAPTURE_BATCH_BYTES = 1 << 20,	/* a batch that has as many is full */
};

struct capture_batch {
	size_t n;
	struct packet packet[CAPTURE_BATCH];
	/* Private: what keeps the packets' bytes alive. */
	size_t n_spans;
	struct span *span[CAPTURE_BATCH_SPANS];
};

struct capture_config {
	const char *const *paths;	/* outlive the capture; "-" is stdin */
	size_t n_paths;
	const char *filter;		/* as tcpdump's; NULL or "": all */
	uint64_t max_packets;		/* stop after as many; 0: never */
	uint32_t snaplen;		/* cut packets to it; 0: leave them */
	/* Set by a signal handler: the capture ends soon, also where it
	   waits for a pipe.  NULL: nothing stops it. */
	const volatile sig_atomic_t *stop;
};

/* An interface to listen on, in place of files. */
struct capture_live_config {
	const char *interface;		/* outlives the capture; "any" is all */
	const char *filter;		/* the kernel's to apply */
	uint32_t snaplen;		/* 0: as much as there is */
	size_t buffer;			/* the kernel's, bytes; 0: 32 MiB */
	bool promiscuous;
	uint8_t direction;		/* enum packet_direction; 0: both */
	uint64_t max_packets;		/* stop after as many; 0: never */
	const volatile sig_atomic_t *stop;
};

enum capture_open_result {
	CAPTURE_OPENED = 0,
	CAPTURE_CANNOT_OPEN = -1,
	CAPTURE_BAD_FILTER = -2,	/* the filter does not compile */
};

/*
 * Open all inputs and read up to where the link type of each is known.
 * Returns an enum capture_open_result.  On failure too *out is to be closed,
 * and capture_error tells what went wrong.
 */
int capture_open(struct capture **out, const struct capture_config *cfg);

/*
 * The same for an interface.  Its batches may be empty: then nothing came for
 * a while, at most a tenth of a second.
 */
int capture_open_live(struct capture **out,
		      const struct capture_live_config *cfg);
const char *capture_error(const struct capture *c);

/* All batches must have been released. */
void capture_close(struct capture *c);

/*
 * Fill a batch with the next packets, as many as fit or, from a pipe, as are
 * there.  Returns 1, or 0 at the end.  Damage in
 * an input ends that input: what was whole before it has been delivered, and
 * capture_damage tells.
 */
int capture_next(struct capture *c, struct capture_batch *b);

/* Give the packets of a batch back.  Any thread, no lock. */
void capture_release(struct capture *c, struct capture_batch *b);

/*
 * What is wrong with the inputs, or NULL: "'x.pcap' is cut short: ...".
 * To be asked (again) when all batches are released, since a file may shrink
 * under those who still look at its packets.
 */
const char *capture_damage(struct capture *c);

struct capture_stats {
	uint64_t packets;	/* read and numbered */
	uint64_t bytes;		/* captured bytes of these */
	uint64_t filtered_out;	/* of packets: not wanted by the filter */
	uint64_t no_filter;	/* of filtered_out: the filter cannot be
				   compiled for their link type */
	uint64_t without_time;	/* simple packet blocks: given the time of
				   the packet before */
	uint64_t drops;		/* told by the inputs, all interfaces */
	bool drops_known;	/* an input told */
	uint64_t blocks_skipped;/* of pcapng: of a kind that is not read */
	uint64_t texts_lost;	/* names, comments beyond the bound */
};

void capture_stats(const struct capture *c, struct capture_stats *out);

/* What the kernel counted for an interface, since it was opened. */
struct capture_live_counts {
	uint64_t received;		/* by the filter, dropped ones too */
	uint64_t dropped_kernel;	/* no room in its buffer */
	uint64_t dropped_interface;	/* by the card; all its receivers' */
};

/* Zeros where it is no interface. */
void capture_live_counts(struct capture *c, struct capture_live_counts *out);

/* Bytes of the inputs as stored; total is 0 where it cannot be known. */
struct capture_position {
	uint64_t done;
	uint64_t total;
};

/* For a progress bar.  Any thread. */
struct capture_position capture_progress(const struct capture *c);

/* An interface of an input.  Texts are NULL where the file has none. */
struct capture_interface {
	const char *file;
	uint16_t link_type;	/* LINKTYPE_... */
	uint32_t snaplen;	/* 0: no limit */
	uint8_t tsresol;	/* as if_tsresol: 6 is 10^-6 s */
	const char *name;
	const char *description;
	const char *filter;
	const char *os;
	const char *hardware;
	const char *comment;
	uint64_t packets;	/* read from it */
	bool drops_known;
	uint64_t received;	/* isb_ifrecv, 0 where not told */
	uint64_t drops;		/* by interface, system and per packet */
};

/*
 * Interfaces are numbered as in packet.interface, from 0 in the order in
 * which they appeared.  More may appear while reading.
 */
size_t capture_n_interfaces(const struct capture *c);
const struct capture_interface *
capture_interface(const struct capture *c, size_t i);

/* A section of a pcapng file: who wrote it. */
struct capture_section {
	const char *file;
	const char *hardware;
	const char *os;
	const char *application;
	const char *comment;
};

size_t capture_n_sections(const struct capture *c);
const struct capture_section *
capture_section(const struct capture *c, size_t i);

/* A packet's comment, in the order of frame numbers. */
struct capture_comment {
	uint64_t number;
	const char *text;
};

size_t capture_n_comments(const struct capture *c);
const struct capture_comment *
capture_comment(const struct capture *c, size_t i);

#endif
