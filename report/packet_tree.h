/*
 * packet_tree.h - the anatomy of a packet: every layer, field by field.
 */
#ifndef REPORT_PACKET_TREE_H
#define REPORT_PACKET_TREE_H

#include "base/text.h"
#include "dissect/field.h"
#include "report/packet_seq.h"

/*
 * Name, value, label, meaning, and of parts of a byte the bits, a line a
 * field.  base: what TCP's numbers are relative to.
 */
void packet_tree_add(const struct packet *p, const struct dissection *d,
		     const struct packet_seq_base *base, struct text *out);

#endif
