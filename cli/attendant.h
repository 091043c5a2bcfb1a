/*
 * attendant.h - a second process, with the two rights that the first, which
 * reads packets, must not have: to see whose sockets are, and to remove what
 * SQLite leaves beside a database.
 *
 * It is forked before rights are given up and reads no packet, no database
 * and no text: it is asked by messages of numbers over a socket pair, and ends
 * with it.
 */
#ifndef CLI_ATTENDANT_H
#define CLI_ATTENDANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATTENDANT_MAX = 256, ATTENDANT_NAME = 16 };

/* Whose a socket is; pid 0: nobody's that may be seen. */
struct socket_owner {
	uint64_t inode;
	int32_t pid;
	char name[ATTENDANT_NAME];	/* printable, ended by NUL */
};

struct attendant;

/*
 * database: whose journal is to be removed at the end; NULL: none.
 * NULL: it cannot be had, which the others bear.
 */
struct attendant *attendant_start(const char *database);

/* Ask for up to ATTENDANT_MAX inodes; false: it still has a question. */
bool attendant_ask(struct attendant *a, const uint64_t *inode, size_t n);

/* Its answer to the last question, if it comes within so many ms: up to
   ATTENDANT_MAX; 0: none yet. */
size_t attendant_answer(struct attendant *a, struct socket_owner *out,
			int wait_ms);

/* After the database is closed.  clean: nothing is left in its journal. */
void attendant_end(struct attendant *a, bool clean);

#endif
