/*
 * link_type.h - names of link-layer types, as tcpdump -L has them.
 */
#ifndef CAPTURE_LINK_TYPE_H
#define CAPTURE_LINK_TYPE_H

/* "EN10MB"; "LINKTYPE_" and a number where there is no name.  The text of an
   unknown type lives until the next call by this thread. */
const char *capture_link_type_name(unsigned link_type);

/* "libpcap version 1.10.3 ..." */
const char *capture_library_version(void);

#endif
