/*
 * packet_json.h - a packet as a JSON object on one line.
 *
 * "layers" is an array, outermost first: {"layer": tshark's name, "offset",
 * "length", "status" where it is not whole, "fields": {...}}.  Fields have
 * Wireshark's names; one that occurs more than once in a layer is an array,
 * one that was cut is null.
 */
#ifndef REPORT_PACKET_JSON_H
#define REPORT_PACKET_JSON_H

#include "base/text.h"
#include "dissect/field.h"
#include "report/packet_seq.h"

/* base: what TCP's numbers are relative to.  bytes: also "bytes", in hex. */
void packet_json_add(const struct packet *p, const struct dissection *d,
		     const struct packet_seq_base *base, bool bytes,
		     struct text *out);

#endif
