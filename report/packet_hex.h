/*
 * packet_hex.h - bytes in hexadecimal, with their ASCII.
 */
#ifndef REPORT_PACKET_HEX_H
#define REPORT_PACKET_HEX_H

#include "base/text.h"

/* Sixteen a line, as tcpdump -XX: all that is not printable is a dot. */
void packet_hex_add(const uint8_t *bytes, size_t n, struct text *out);

#endif
