/*
 * header.h - the headers that are known: one entry a layer_kind.
 *
 * To add a header is to add one value to enum layer_kind, one line to the
 * table in header.c, and a file with its parser and its table of fields.
 */
#ifndef DISSECT_HEADER_H
#define DISSECT_HEADER_H

#include "dissect/layer.h"

struct walk;

struct header {
	const char *name;	/* tshark's name of the protocol */
	enum layer_kind (*parse)(struct walk *w);
};

extern const struct header headers[N_LAYERS];

#endif
