/*
 * icmp_text.h - what an ICMP error says, in words.
 */
#ifndef ANALYSIS_ICMP_TEXT_H
#define ANALYSIS_ICMP_TEXT_H

/* "port unreachable", ...; NULL where the type or code has no name. */
const char *icmp_meaning(unsigned ip_version, unsigned type, unsigned code);

#endif
