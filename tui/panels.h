/*
 * panels.h - the panels there are.
 */
#ifndef TUI_PANELS_H
#define TUI_PANELS_H

#include "tui/panel.h"

extern const struct panel connection_panel;
extern const struct panel connections_panel;
extern const struct panel findings_panel;
extern const struct panel overview_panel;
extern const struct panel sql_panel;

#endif
