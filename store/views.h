/*
 * views.h - the views of the database.
 */
#ifndef STORE_VIEWS_H
#define STORE_VIEWS_H

#include "base/text.h"

struct view {
	const char *name, *doc, *sql;
};

/* The views that are plain SQL; ends with a NULL name. */
extern const struct view views[];

/* CREATE VIEW for all, those made from the columns too: endpoint, conn,
   rate. */
void views_create(struct text *sql);

#endif
