/*
 * state_paths.c - a hash table of the paths that were met.
 */
#include <stdlib.h>
#include <string.h>

#include "store/state_paths.h"

bool
state_paths_init(struct state_paths *paths)
{
	paths->n = 0;
	paths->path = calloc(STATE_PATHS, sizeof(*paths->path));
	return paths->path;
}

void
state_paths_release(struct state_paths *paths)
{
	free(paths->path);
	paths->path = NULL;
}

static uint64_t
path_hash(const struct state_path *p)
{
	uint64_t h = p->n;

	for (size_t i = 0; i < p->n; i++) {
		uint32_t step;

		memcpy(&step, p->step[i], sizeof(step));
		h = (h ^ step) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h;
}

static void
path_of(struct state_path *p, const struct tcp_state_change *changes, size_t n)
{
	p->id = 0;
	p->n = (uint8_t)n;
	for (size_t i = 0; i < n; i++) {
		p->step[i][0] = changes[i].side;
		p->step[i][1] = changes[i].old_state;
		p->step[i][2] = changes[i].new_state;
		p->step[i][3] = changes[i].cause;
	}
}

struct state_path *
state_paths_find(struct state_paths *paths,
		 const struct tcp_state_change *changes, size_t n)
{
	struct state_path want, *p;
	size_t i;

	if (n > TCP_LIFE_CHANGES)
		n = TCP_LIFE_CHANGES;
	path_of(&want, changes, n);
	if (paths->n >= STATE_PATHS / 2) {
		memset(paths->path, 0, STATE_PATHS * sizeof(*paths->path));
		paths->n = 0;
	}
	for (i = path_hash(&want) % STATE_PATHS;; i = (i + 1) % STATE_PATHS) {
		p = &paths->path[i];
		if (p->id == 0)
			break;
		if (p->n == n && memcmp(p->step, want.step, 4 * n) == 0)
			return p;
	}
	*p = want;
	paths->n++;
	return p;
}

static void
add_state(struct text *out, unsigned state)
{
	const char *name = state < N_TCP_STATES ? tcp_state_name(state) : NULL;

	if (name)
		text_add_json(out, name, strlen(name));
	else
		text_add(out, "null");
}

void
state_path_steps(struct text *out, const struct state_path *path)
{
	for (size_t i = 0; i < path->n; i++) {
		const uint8_t *step = path->step[i];
		const char *cause = tcp_cause_text(step[3]);

		text_add(out, i ? ",[" : "[[");
		text_add(out, step[0] == SIDE_CLIENT ? "\"client\"," :
						       "\"server\",");
		add_state(out, step[1]);
		text_add_char(out, ',');
		add_state(out, step[2]);
		text_add_char(out, ',');
		text_add_json(out, cause, strlen(cause));
		text_add_char(out, ']');
	}
	text_add(out, path->n ? "]" : "[]");
}

static const char pairs[] =
	"00010203040506070809" "10111213141516171819" "20212223242526272829"
	"30313233343536373839" "40414243444546474849" "50515253545556575859"
	"60616263646566676869" "70717273747576777879" "80818283848586878889"
	"90919293949596979899";

/* Twenty bytes are written, however many the number has. */
#define INT_ROOM 20

static char *
put_int(char *p, int64_t value)
{
	uint64_t u = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[2 * INT_ROOM], *d = digits + INT_ROOM;

	if (value < 0)
		*p++ = '-';
	for (; u >= 100; u /= 100)
		memcpy(d -= 2, pairs + 2 * (u % 100), 2);
	memcpy(d -= 2, pairs + 2 * u, 2);
	d += u < 10;
	memcpy(p, d, INT_ROOM);
	return p + (digits + INT_ROOM - d);
}

/* Once for each connection: not by way of struct text. */
size_t
state_path_times(char buf[STATE_TIMES_SIZE], int64_t start_ns,
		 const struct tcp_state_change *changes, size_t n)
{
	char *p = buf;

	for (size_t i = 0; i < n && i < TCP_LIFE_CHANGES; i++) {
		*p++ = i ? ',' : '[';
		p = put_int(p, changes[i].ts - start_ns);
		*p++ = ',';
		p = put_int(p, (int64_t)changes[i].frame);
	}
	*p++ = ']';
	*p = '\0';
	return (size_t)(p - buf);
}
