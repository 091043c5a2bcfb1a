/*
 * terminal.c - curses: terminal.h.
 */
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/terminal.h"
#include "tui/terminal_paint.h"

struct terminal {
	SCREEN *screen;		/* NULL: lines */
	struct terminal_options options;
	int colors;		/* 0, 8 or 256 */
	struct canvas last;	/* lines: what was shown last */
};

/* --- what a signal handler may touch ----------------------------------- */

static volatile sig_atomic_t ended;
static struct termios saved_termios;
static bool termios_saved;
static char restore_text[256];	/* leaves the screen as it was */
static size_t restore_len;

static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				     SIGABRT };
#define N_CRASH (sizeof(crash_signals) / sizeof(crash_signals[0]))
static struct sigaction old_crash[N_CRASH];

static void
on_end(int sig)
{
	(void)sig;
	ended = 1;
}

/* Only calls that are safe in a handler; the old handler goes on. */
static void
on_crash(int sig, siginfo_t *info, void *context)
{
	ssize_t ignored = write(STDOUT_FILENO, restore_text, restore_len);

	(void)ignored;
	(void)context;
	if (termios_saved)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved_termios);
	for (size_t i = 0; i < N_CRASH; i++)
		if (crash_signals[i] == sig)
			sigaction(sig, &old_crash[i], NULL);
	/* A fault happens again on return; what was sent does not. */
	if (!info || info->si_code <= 0)
		raise(sig);
}

static void
add_restore(const char *text)
{
	size_t n = text && text != (const char *)-1 ? strlen(text) : 0;

	if (restore_len + n <= sizeof(restore_text)) {
		memcpy(restore_text + restore_len, text ? text : "", n);
		restore_len += n;
	}
}

static void
prepare_restore(const struct terminal *t)
{
	restore_len = 0;
	if (!t->screen)
		return;
	if (!t->options.no_mouse)
		add_restore("\033[?1002l\033[?1000l\033[?1006l");
	add_restore(tigetstr("sgr0"));
	add_restore(tigetstr("cnorm"));
	add_restore(tigetstr("rmkx"));
	add_restore(tigetstr("rmcup"));
}

static void
catch_signals(void)
{
	struct sigaction end = { .sa_handler = on_end };
	struct sigaction crash = { .sa_sigaction = on_crash,
				   .sa_flags = SA_SIGINFO };

	ended = 0;
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGHUP, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	for (size_t i = 0; i < N_CRASH; i++)
		sigaction(crash_signals[i], &crash, &old_crash[i]);
}

static void
release_signals(void)
{
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	for (size_t i = 0; i < N_CRASH; i++)
		sigaction(crash_signals[i], &old_crash[i], NULL);
}

/* --- styles ------------------------------------------------------------ */

static void
init_colors(struct terminal *t)
{
	t->colors = 0;
	if (t->options.mono || !has_colors() || start_color() == ERR ||
	    use_default_colors() == ERR)
		return;
	t->colors = COLORS >= 256 ? 256 : 8;
	for (short i = 0; i < N_STYLES; i++) {
		const struct paint *p = &paints[i];

		if (t->colors == 256)
			init_pair((short)(i + 1), p->fg256, p->bg256);
		else
			init_pair((short)(i + 1), p->fg8, p->bg8);
	}
}

static attr_t
attributes(const struct terminal *t, const struct cell *cell, short *pair)
{
	const struct paint *p = &paints[cell->style < N_STYLES ? cell->style
								: 0];
	attr_t a = t->colors ? p->attr : p->mono;

	*pair = t->colors ? (short)(cell->style + 1) : 0;
	if (cell->selected) {
		a |= A_REVERSE;
		*pair = 0;
	}
	return a;
}

/* --- open and close ---------------------------------------------------- */

static bool
can_move_cursor(void)
{
	const char *cup;
	int result;

	if (setupterm(NULL, STDOUT_FILENO, &result) == ERR)
		return false;
	cup = tigetstr("cup");
	del_curterm(cur_term);
	return cup != NULL && cup != (const char *)-1;
}

static int
open_curses(struct terminal *t, char *error, size_t error_size)
{
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen) {
		snprintf(error, error_size, "terminal '%s' is not known",
			 getenv("TERM") ? getenv("TERM") : "");
		return -1;
	}
	set_term(t->screen);
	set_escdelay(25);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	notimeout(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	init_colors(t);
	if (!t->options.no_mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED |
			  BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED |
			  BUTTON5_PRESSED, NULL);
		mouseinterval(150);
	}
	return 0;
}

static void
open_lines(struct terminal *t)
{
	struct termios raw_mode = saved_termios;

	t->screen = NULL;
	if (!termios_saved)
		return;
	raw_mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw_mode.c_iflag &= ~(tcflag_t)ICRNL;
	raw_mode.c_cc[VMIN] = 1;
	raw_mode.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw_mode);
}

struct terminal *
terminal_open(const struct terminal_options *o, char *error, size_t error_size)
{
	struct terminal *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->options = *o;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		snprintf(error, error_size, "not a terminal");
		free(t);
		return NULL;
	}
	termios_saved = tcgetattr(STDIN_FILENO, &saved_termios) == 0;
	if (!can_move_cursor()) {
		open_lines(t);
	} else if (open_curses(t, error, error_size) < 0) {
		free(t);
		return NULL;
	}
	prepare_restore(t);
	catch_signals();
	return t;
}

void
terminal_close(struct terminal *t)
{
	if (!t)
		return;
	if (t->screen) {
		endwin();
		delscreen(t->screen);
	} else {
		putchar('\n');
	}
	if (termios_saved)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved_termios);
	fflush(stdout);
	release_signals();
	canvas_release(&t->last);
	free(t);
}

void
terminal_size(const struct terminal *t, int *cols, int *rows)
{
	struct winsize w;

	if (t->screen) {
		*cols = COLS;
		*rows = LINES;
		return;
	}
	*cols = 80;
	*rows = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 &&
	    w.ws_row > 0) {
		*cols = w.ws_col;
		*rows = w.ws_row;
	}
}

/* --- showing ----------------------------------------------------------- */

static void
show_cell(const struct terminal *t, const struct canvas *c, int x, int y)
{
	const struct cell *cell = &c->cell[y * c->stride + x];
	wchar_t text[2] = { (wchar_t)cell->ch, 0 };
	short pair;
	attr_t a = attributes(t, cell, &pair);
	cchar_t out;

	setcchar(&out, text, a, pair, NULL);
	mvadd_wch(y, x, &out);
}

static void
show_lines(const struct canvas *c)
{
	char line[4096];

	for (int y = 0; y < c->rows; y++) {
		canvas_row(c, y, line, sizeof(line));
		/* No reverse video here: a sign for what is selected. */
		if (c->cell[y * c->stride].selected && line[0] == ' ')
			line[0] = '>';
		fputs(line, stdout);
		if (y < c->rows - 1)
			fputs("\r\n", stdout);
	}
	fflush(stdout);
}

/* The same screen is not written twice in a row. */
static void
show_plain(struct terminal *t, const struct canvas *c)
{
	size_t n = (size_t)c->cols * (size_t)c->rows;
	bool first = !t->last.cell;

	if (!first && t->last.cols == c->cols && t->last.rows == c->rows &&
	    memcmp(t->last.cell, c->cell, n * sizeof(*c->cell)) == 0)
		return;
	if (!first)
		fputs("\r\n", stdout);
	canvas_release(&t->last);
	if (canvas_init(&t->last, c->cols, c->rows, c->ascii) == 0)
		memcpy(t->last.cell, c->cell, n * sizeof(*c->cell));
	show_lines(c);
}

void
terminal_show(struct terminal *t, const struct canvas *c, int cursor_x,
	      int cursor_y)
{
	if (!t->screen) {
		show_plain(t, c);
		return;
	}
	for (int y = 0; y < c->rows && y < LINES; y++)
		for (int x = 0; x < c->cols && x < COLS; x++)
			show_cell(t, c, x, y);
	curs_set(cursor_x >= 0);
	if (cursor_x >= 0)
		move(cursor_y, cursor_x);
	refresh();
}

void
terminal_redraw(struct terminal *t)
{
	if (t->screen)
		clearok(curscr, TRUE);
}

/* --- keys -------------------------------------------------------------- */

static const struct {
	int curses, key;
} special[] = {
	{ KEY_UP, KEY_ARROW_UP }, { KEY_DOWN, KEY_ARROW_DOWN },
	{ KEY_LEFT, KEY_ARROW_LEFT }, { KEY_RIGHT, KEY_ARROW_RIGHT },
	{ KEY_PPAGE, KEY_PAGE_UP }, { KEY_NPAGE, KEY_PAGE_DOWN },
	{ KEY_HOME, KEY_TO_HOME }, { KEY_END, KEY_TO_END },
	{ KEY_BACKSPACE, KEY_BACK }, { KEY_DC, KEY_DELETE },
	{ KEY_BTAB, KEY_BACKTAB }, { KEY_ENTER, KEY_RETURN },
	{ KEY_RESIZE, KEY_SIZE },
};

static int
mouse_key(struct mouse *m)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return 0;
	m->x = e.x;
	m->y = e.y;
	if (e.bstate & BUTTON4_PRESSED)
		m->what = MOUSE_WHEEL_UP;
	else if (e.bstate & BUTTON5_PRESSED)
		m->what = MOUSE_WHEEL_DOWN;
	else if (e.bstate & BUTTON1_DOUBLE_CLICKED)
		m->what = MOUSE_DOUBLE;
	else
		m->what = MOUSE_CLICK;
	return KEY_MOUSE_EVENT;
}

static int
from_curses(int ch, struct mouse *m)
{
	if (ch == KEY_MOUSE)
		return mouse_key(m);
	if (ch > KEY_F0 && ch <= KEY_F0 + 12)
		return KEY_FN + ch - KEY_F0;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].curses == ch)
			return special[i].key;
	return ch < KEY_MIN ? ch : 0;
}

/* Backspace and Enter have several codes. */
static int
plain(int ch)
{
	return ch == 0x7f || ch == 0x08 ? KEY_BACK :
	       ch == '\n' ? KEY_RETURN : ch;
}

static int
line_key(int timeout_ms)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned char ch;

	if (poll(&fd, 1, timeout_ms) <= 0)
		return ended ? -1 : 0;
	if (read(STDIN_FILENO, &ch, 1) != 1)
		return -1;
	return plain(ch);
}

static bool
input_is_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR));
}

bool
terminal_key_waits(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };

	return ended || poll(&fd, 1, 0) > 0;
}

int
terminal_key(struct terminal *t, int timeout_ms, struct mouse *mouse)
{
	wint_t ch = 0;
	int status;

	if (ended)
		return -1;
	if (!t->screen)
		return line_key(timeout_ms);
	timeout(timeout_ms);
	status = get_wch(&ch);
	if (status == ERR)
		return ended || input_is_gone() ? -1 : 0;
	if (status == KEY_CODE_YES)
		return from_curses((int)ch, mouse);
	return ch < 0x80 ? plain((int)ch) : (int)ch;
}

void
terminal_bell(struct terminal *t)
{
	if (t->screen)
		beep();
}

/* --- clipboard --------------------------------------------------------- */

void
terminal_clipboard(struct terminal *t, const char *text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(text);

	if (!t->screen)
		return;
	fputs("\033]52;c;", stdout);
	for (size_t i = 0; i < n; i += 3) {
		unsigned b = (unsigned char)text[i] << 16;

		if (i + 1 < n)
			b |= (unsigned)(unsigned char)text[i + 1] << 8;
		if (i + 2 < n)
			b |= (unsigned char)text[i + 2];
		putchar(digit[b >> 18 & 63]);
		putchar(digit[b >> 12 & 63]);
		putchar(i + 1 < n ? digit[b >> 6 & 63] : '=');
		putchar(i + 2 < n ? digit[b & 63] : '=');
	}
	fputs("\a", stdout);
	fflush(stdout);
}
