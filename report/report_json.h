/*
 * report_json.h - the verdict as one JSON object.
 */
#ifndef REPORT_REPORT_JSON_H
#define REPORT_REPORT_JSON_H

#include "report/report.h"

int report_write_json(struct store *store,
		      const struct report_options *options, FILE *to);

#endif
