/*
 * application.h - what the connection is for: HTTP, TLS, DNS, or a service that
 * is known by its greeting.
 *
 * The first bytes of a side decide; a connection that is none of these, and a
 * TLS connection after its handshake, costs one comparison a segment.
 */
#ifndef ANALYSIS_APPLICATION_H
#define ANALYSIS_APPLICATION_H

#include "analysis/analyzer.h"

extern const struct analyzer application_analyzer;

#endif
