/*
 * tui_keys.c - random keys, clicks and sizes for the views of a database.
 *
 *   tui_keys DB [keys [seed]]
 *
 * Without a terminal: the application draws on its canvas.  Under the
 * sanitizers it must neither fault nor hang; each screen must be whole.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app.h"
#include "tui/pager.h"

static uint64_t state;

/* xorshift64 */
static uint32_t
random_below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 33) % n;
}

static const int keys[] = {
	KEY_ARROW_UP, KEY_ARROW_DOWN, KEY_ARROW_LEFT, KEY_ARROW_RIGHT,
	KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_TO_HOME, KEY_TO_END, KEY_BACK,
	KEY_DELETE, KEY_BACKTAB, KEY_TAB, KEY_RETURN, KEY_RETURN, KEY_ESCAPE,
	KEY_ESCAPE, KEY_CTRL_L, KEY_CTRL_U, KEY_CTRL_W, KEY_CTRL_D,
	KEY_FN + 1, KEY_FN + 4, KEY_FN + 6, KEY_SIZE,
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

/* Texts that lead further than single keys do. */
static const char *const texts[] = {
	"/port 443\r", "/retrans > 1%\r", "/state = TIME-WAIT and\r",
	"/sql client_bytes > 0\r", "/sql nonsense(\r", "/not (refused)\r",
	":slowest\r", ":SELECT * FROM conn\r", ":DROP TABLE connection\r",
	"2\r", "2G\r", "3\r", "1\r", "w\r", "wx\x1b", "?", "st\r",
};
#define N_TEXTS (sizeof(texts) / sizeof(texts[0]))

static int
no_packets(void *ctx, const struct tui_conn *conn, tui_packet_fn *fn,
	   void *arg, char *error, size_t size)
{
	static const uint8_t bytes[] = {
		0x45, 0, 0, 48, 0, 1, 0x40, 0, 64, 6, 0, 0,
		10, 0, 0, 2, 10, 0, 0, 80,
		0x9c, 0x41, 0, 80, 0, 0, 3, 0xe8, 0, 0, 0, 0,
		0x50, 0x18, 0xfa, 0xf0, 0, 0, 0, 0,
		'G', 'E', 'T', ' ', 0x1b, '\n', 0, 0xff,
	};

	(void)ctx;
	if (random_below(4) == 0) {
		snprintf(error, size, "it is not there");
		return -1;
	}
	for (uint64_t i = 0; i < 40; i++) {
		struct packet p = {
			.ts = conn->start_ns + (nstime)i, .bytes = bytes,
			.caplen = random_below(sizeof(bytes) + 1),
			.wire_len = sizeof(bytes),
			.number = conn->first_frame + i, .link_type = 101,
		};

		if (!fn(arg, &p))
			break;
	}
	return 0;
}

static int64_t
no_save(void *ctx, const struct tui_conn *conn, const char *path,
	bool overwrite, char *error, size_t size)
{
	(void)ctx;
	(void)conn;
	(void)path;
	snprintf(error, size, "not written");
	return overwrite ? -1 : -2;
}

static void
check_screen(const struct tui *t)
{
	for (int i = 0; i < t->screen.cols * t->screen.rows; i++) {
		const struct cell *c = &t->screen.cell[i];

		if (c->ch < ' ' || c->ch == 0x7f || c->style >= N_STYLES) {
			fprintf(stderr, "tui_keys: a cell holds U+%04x\n",
				(unsigned)c->ch);
			exit(1);
		}
	}
}

static void
one_step(struct tui *t)
{
	uint32_t what = random_below(100);

	if (what < 3) {
		tui_resize(t, 1 + (int)random_below(220),
			   1 + (int)random_below(70));
		tui_key(t, KEY_SIZE);
	} else if (what < 15) {
		t->mouse = (struct mouse){
			.x = (int)random_below((uint32_t)t->screen.cols),
			.y = (int)random_below((uint32_t)t->screen.rows),
			.what = (enum mouse_what)random_below(4) };
		tui_key(t, KEY_MOUSE_EVENT);
	} else if (what < 20) {
		const char *text = texts[random_below(N_TEXTS)];

		for (; *text; text++)
			tui_key(t, *text);
	} else if (what < 60) {
		tui_key(t, keys[random_below(N_KEYS)]);
	} else {
		tui_key(t, ' ' + (int)random_below(95));
	}
	t->quit = false;
}

int
main(int argc, char **argv)
{
	const struct tui_options options = { .title = "keys" };
	const struct tui_source source = { .packets = no_packets,
					   .save = no_save };
	long n = argc > 2 ? atol(argv[2]) : 2000;
	struct store *st;
	struct tui t;

	if (argc < 2 || store_open(&st, argv[1]) < 0) {
		fprintf(stderr, "usage: tui_keys DB [keys [seed]]\n");
		return 2;
	}
	state = argc > 3 ? strtoull(argv[3], NULL, 10) : 20261120;
	if (tui_open(&t, st, &options, &source, 80, 24) < 0)
		return 1;
	for (long i = 0; i < n; i++) {
		int64_t began = clock_ns();

		one_step(&t);
		tui_work(&t, WORK_NS);
		tui_poll(&t);
		tui_draw(&t);
		check_screen(&t);
		if (clock_ns() - began > 5 * NS_PER_S) {
			fprintf(stderr, "tui_keys: key %ld took %.1f s\n", i,
				(double)(clock_ns() - began) / 1e9);
			return 1;
		}
	}
	tui_close(&t);
	store_close(st);
	return 0;
}
