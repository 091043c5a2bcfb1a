/*
 * export.h - everything in the database, for other programs.
 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include <stdio.h>

#include "store/store.h"

/* A file DIR/NAME.csv for each table; the directory is made.  None may exist
   unless force.  -1: store_error() says why. */
int export_csv(struct store *st, const char *dir, bool force);

/* An object a line, {"table": NAME, ...}, table after table. */
int export_json(struct store *st, FILE *to);

#endif
