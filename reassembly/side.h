/*
 * side.h - the two ends of a connection: one vocabulary in code, SQL, screens.
 *
 * The client is the end that sent the first SYN, else the best guess.
 */
#ifndef REASSEMBLY_SIDE_H
#define REASSEMBLY_SIDE_H

enum side {
	SIDE_CLIENT,
	SIDE_SERVER,
	N_SIDES
};

#endif
