/*
 * panels.c - all panels: the one list to extend.
 */
#include "tui/panels.h"

const struct panel *const panels[N_PANELS] = {
	[PANEL_OVERVIEW] = &overview_panel,
	[PANEL_CONNECTIONS] = &connections_panel,
	[PANEL_FINDINGS] = &findings_panel,
	[PANEL_SQL] = &sql_panel,
	[PANEL_CONNECTION] = &connection_panel,
};
