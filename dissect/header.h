/*
 * header.h - the headers that are known: one entry a layer_kind.
 *
 * To add a header is to add one value to enum layer_kind, one line to the
 * table in header.c, a parser (walk.h) and a table of fields (fields.h).
 */
#ifndef DISSECT_HEADER_H
#define DISSECT_HEADER_H

#include "dissect/layer.h"

struct field;
struct field_list;
struct walk;

struct header {
	const char *name;	/* tshark's name of the protocol */
	const char *title;
	enum layer_kind (*parse)(struct walk *w);
	const struct field *fields;		/* or NULL */
	void (*more)(struct field_list *l);	/* or NULL: what varies */
};

extern const struct header headers[N_LAYERS];

#endif
