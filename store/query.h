/*
 * query.h - reading the database.
 *
 * For views: a query is prepared with its parameters, stepped through, and
 * closed.  Texts live until the next step.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

struct query;

enum query_type { QUERY_NULL, QUERY_INTEGER, QUERY_REAL, QUERY_TEXT, QUERY_BLOB };

/* NULL on a mistake in the SQL: store_error() says which.  Parameters ?1..
   are bound to by query_bind_*(), before the first step. */
struct query *query_open(struct store *st, const char *sql);
void query_bind_int(struct query *q, int parameter, int64_t value);
void query_bind_text(struct query *q, int parameter, const char *text);
bool query_step(struct query *q);	/* false: no more rows, or an error */
void query_rewind(struct query *q);	/* to be bound and stepped again */
int query_close(struct query *q);	/* -1 if a step had failed */

/* Ask stop() now and then while a query runs: true ends it as failed, with
   the error "interrupted".  NULL: queries run to their end. */
void query_may_stop(struct store *st, bool (*stop)(void *ctx), void *ctx);

int query_columns(const struct query *q);
const char *query_name(const struct query *q, int column);
enum query_type query_type(const struct query *q, int column);
bool query_is_null(const struct query *q, int column);
int64_t query_int(const struct query *q, int column);
double query_real(const struct query *q, int column);
const char *query_text(const struct query *q, int column);	/* "" for NULL */
size_t query_size(const struct query *q, int column);	/* bytes of the text */

/* The named queries: `tcpsaw sql DB slowest`.  NULL: no such name. */
struct named_query {
	const char *name, *help, *sql;
};
extern const struct named_query named_queries[];	/* ends with NULLs */

/* The tables as they are documented (some are views), to be exported; then
   NULL. */
extern const char *const store_relations[];

#endif
