/*
 * style.h - what a cell means; terminal.c decides how that looks.
 *
 * No meaning rests on colour alone: states have letters, severities signs.
 */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

enum style {
	STYLE_TEXT,
	STYLE_DIM,
	STYLE_STRONG,
	STYLE_BAR,		/* the title and the key bar */
	STYLE_BAR_ON,		/* the panel that is shown */
	STYLE_BAR_KEY,		/* a key in the key bar */
	STYLE_KEY,
	STYLE_HEAD,		/* the heading of a table */
	STYLE_HEAD_SORT,	/* the column it is sorted by */
	STYLE_OK,
	STYLE_NOTE,
	STYLE_WARNING,
	STYLE_ERROR,
	STYLE_CLIENT,
	STYLE_SERVER,
	STYLE_AXIS,
	STYLE_CURSOR,
	STYLE_DATA,		/* graphs */
	STYLE_ACK,
	STYLE_RTX,
	STYLE_SACK,
	STYLE_RWND,
	STYLE_CWND,
	STYLE_BOUND,
	STYLE_SSTHRESH,
	STYLE_FLIGHT,
	STYLE_RTT,
	STYLE_OPENING,		/* lanes: states */
	STYLE_OPEN,
	STYLE_CLOSING,
	STYLE_WAITING,
	STYLE_CLOSED,
	STYLE_BY_APP,		/* lanes: limit causes */
	STYLE_BY_RWND,
	STYLE_BY_CWND,
	STYLE_BY_PATH,
	STYLE_BY_RECOVERY,
	N_STYLES
};

#endif
