/*
 * pcapng_write.h - packets into a pcapng file, with nanoseconds and comments.
 *
 * A file has one section, in this machine's byte order.  Interfaces keep the
 * numbers that they have in the capture that the packets come from.
 */
#ifndef CAPTURE_PCAPNG_WRITE_H
#define CAPTURE_PCAPNG_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/packet.h"
#include "capture/capture.h"

struct pcapng_writer;

/*
 * Create the file; "-" is standard output.  A file that exists is an error
 * unless overwrite is set.  application goes into the section header.
 * Returns 0, or -1 and pcapng_write_error tells; close it either way.
 */
int pcapng_write_open(struct pcapng_writer **out, const char *path,
		      bool overwrite, const char *application);

/* All return 0, or -1 once anything has failed: the first failure is kept. */

/* The next interface, with its name, description, filter, OS, hardware. */
int pcapng_write_interface(struct pcapng_writer *w,
			   const struct capture_interface *ifc);

/* The capture's interfaces that have come up since the last call. */
int pcapng_write_interfaces(struct pcapng_writer *w, const struct capture *c);

/* Its interface must have been written.  comment: NULL for none. */
int pcapng_write_packet(struct pcapng_writer *w, const struct packet *p,
			const char *comment);

/* At the end: what the interface received and dropped. */
int pcapng_write_statistics(struct pcapng_writer *w, uint32_t interface,
			    nstime ts, uint64_t received, uint64_t drops);

/* Hand what is buffered to the system: before closing, to be told why not. */
int pcapng_write_flush(struct pcapng_writer *w);

/* After a failure: the file is again as it was after the last flush, and may be
   written on; what came since is gone.  -1: it cannot be. */
int pcapng_write_resume(struct pcapng_writer *w);

/* "cannot write 'x.pcapng': no space left on device" */
const char *pcapng_write_error(const struct pcapng_writer *w);

/* Flush and close; -1 if the file is not whole. */
int pcapng_write_close(struct pcapng_writer *w);

#endif
