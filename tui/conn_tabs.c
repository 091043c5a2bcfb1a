/*
 * conn_tabs.c - the tabs of a connection: the one list to extend.
 */
#include "tui/conn_view.h"

const struct panel *const conn_tabs[N_TABS] = {
	[TAB_GRAPH] = &graph_tab,
	[TAB_LADDER] = &ladder_tab,
	[TAB_PACKET] = &packet_tab,
	[TAB_EVENTS] = &events_tab,
	[TAB_FINDINGS] = &findings_tab,
	[TAB_STREAMS] = &streams_tab,
	[TAB_FACTS] = &facts_tab,
};
