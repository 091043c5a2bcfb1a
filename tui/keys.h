/*
 * keys.h - keys as the views know them, whatever terminal sent them.
 *
 * A character is itself; the others are numbered past Unicode.
 */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

enum key {
	KEY_CTRL_C = 0x03,
	KEY_CTRL_D = 0x04,
	KEY_CTRL_U = 0x15,
	KEY_CTRL_W = 0x17,
	KEY_CTRL_L = 0x0c,
	KEY_TAB = '\t',
	KEY_RETURN = '\r',
	KEY_ESCAPE = 0x1b,
	KEY_BASE = 0x110000,
	KEY_ARROW_UP,
	KEY_ARROW_DOWN,
	KEY_ARROW_LEFT,
	KEY_ARROW_RIGHT,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_TO_HOME,
	KEY_TO_END,
	KEY_BACK,		/* backspace */
	KEY_DELETE,
	KEY_BACKTAB,
	KEY_FN,			/* KEY_FN + 1 is F1 */
	KEY_MOUSE_EVENT = KEY_FN + 16,	/* where: struct mouse */
	KEY_SIZE,		/* the terminal has another size */
	KEY_MAX_VALUE
};

enum mouse_what { MOUSE_CLICK, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN,
		  MOUSE_DRAG };

struct mouse {
	int x, y;
	enum mouse_what what;
};

/* "F4", "Enter", "PgUp", "g": into buf of at least 8 bytes. */
char *key_label(int key, char buf[8]);

/* Rows that a key moves by, 0 if it is no such key; Home is LONG_MIN / 2. */
long list_step(int key, long page);

#endif
