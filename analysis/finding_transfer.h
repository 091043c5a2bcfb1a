/*
 * finding_transfer.h - why a transfer was as slow as it was, and what helps.
 */
#ifndef ANALYSIS_FINDING_TRANSFER_H
#define ANALYSIS_FINDING_TRANSFER_H

#include "analysis/transfer.h"

/*
 * Put the findings of one direction, the verdict first: what limited it most
 * of the time.  Its title says so in one sentence with numbers.
 */
void finding_transfer(const struct transfer *t, struct analysis *an);

#endif
