/*
 * open_conns.c - pages of open connections.
 */
#include <stdlib.h>
#include <string.h>

#include "store/open_conns.h"

#define PAGE_BITS 10
#define PAGE_SIZE (1u << PAGE_BITS)

void
open_conns_release(struct open_conns *conns)
{
	for (size_t i = 0; i < conns->n_pages; i++)
		free(conns->page[i]);
	free(conns->page);
	*conns = (struct open_conns){ 0 };
}

static bool
add_pages(struct open_conns *conns, size_t n)
{
	struct open_conn **page;

	if (n <= conns->n_pages)
		return true;
	page = realloc(conns->page, n * sizeof(*page));
	if (!page)
		return false;
	for (size_t i = conns->n_pages; i < n; i++)
		page[i] = NULL;
	conns->page = page;
	conns->n_pages = n;
	return true;
}

/* Written, not calloc(): memory that is read first is given twice. */
static struct open_conn *
new_page(void)
{
	struct open_conn *page = malloc(PAGE_SIZE * sizeof(*page));

	if (page)
		memset(page, 0, PAGE_SIZE * sizeof(*page));
	return page;
}

struct open_conn *
open_conns_place(struct open_conns *conns, conn_ref handle)
{
	size_t i = handle >> PAGE_BITS;

	if (!add_pages(conns, i + 1))
		return NULL;
	if (!conns->page[i])
		conns->page[i] = new_page();
	return conns->page[i] ? &conns->page[i][handle % PAGE_SIZE] : NULL;
}

struct open_conn *
open_conns_find(const struct open_conns *conns, conn_ref handle)
{
	size_t i = handle >> PAGE_BITS;
	struct open_conn *conn;

	if (i >= conns->n_pages || !conns->page[i])
		return NULL;
	conn = &conns->page[i][handle % PAGE_SIZE];
	return conn->conn_id ? conn : NULL;
}

struct open_conn *
open_conns_next(const struct open_conns *conns, conn_ref *handle)
{
	for (;; ++*handle) {
		size_t i = *handle >> PAGE_BITS;
		struct open_conn *conn;

		if (i >= conns->n_pages)
			return NULL;
		if (!conns->page[i]) {
			*handle = (conn_ref)((i + 1) << PAGE_BITS) - 1;
			continue;
		}
		conn = &conns->page[i][*handle % PAGE_SIZE];
		if (conn->conn_id)
			return conn;
	}
}
