/*
 * vantage.c - the share of the client's loop in the round trip decides.
 */
#include "analysis/vantage.h"

/* A share below that is an end's own host. */
#define END_SHARE 0.05

/* An end's own loop takes its host's time only, the rest the network's. */
#define HOST_LOOP NS_PER_MS
#define NET_LOOP (5 * NS_PER_MS)

/* Both loops as short as that: one host or one wire, no telling. */
#define NO_DISTANCE (200 * NS_PER_US)

static void
place(struct vantage_guess *g, enum side side)
{
	g->at[side] = VANTAGE_HERE;
	g->at[!side] = VANTAGE_FAR;
}

/* How clear it is: 0.5 at the border, 1 at the ends. */
static double
clearness(double share)
{
	if (share >= END_SHARE)
		return 0.5;
	return 1 - share / END_SHARE / 2;
}

struct vantage_guess
vantage_of(const nstime loop[N_SIDES])
{
	struct vantage_guess g = { .position = 0.5 };
	nstime sum = loop[SIDE_CLIENT] + loop[SIDE_SERVER];

	if (loop[SIDE_CLIENT] <= 0 || loop[SIDE_SERVER] <= 0)
		return g;
	g.position = (double)loop[SIDE_CLIENT] / (double)sum;
	for (int s = 0; s < N_SIDES; s++) {
		double share = s == SIDE_CLIENT ? g.position : 1 - g.position;

		if (share >= END_SHARE &&
		    !(loop[s] < HOST_LOOP && loop[!s] > NET_LOOP))
			continue;
		place(&g, (enum side)s);
		g.confidence = clearness(share);
		if (sum < NO_DISTANCE)
			g.confidence = 0.5;
		return g;
	}
	if (sum < 2 * NO_DISTANCE) {
		place(&g, g.position < 0.5 ? SIDE_CLIENT : SIDE_SERVER);
		g.confidence = 0.3;
		return g;
	}
	g.at[SIDE_CLIENT] = g.at[SIDE_SERVER] = VANTAGE_MIDDLE;
	g.confidence = g.position < 2 * END_SHARE ||
		       g.position > 1 - 2 * END_SHARE ? 0.7 : 0.9;
	return g;
}

/* As systems send them: Linux and BSD, Windows, routers. */
static bool
is_untouched(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

struct vantage_guess
vantage_of_hops(const uint8_t ttl[N_SIDES])
{
	struct vantage_guess g = { .position = 0.5 };

	for (int s = 0; s < N_SIDES; s++)
		if (ttl[s] == 0 || is_untouched(ttl[s]))
			return g;
	g.at[SIDE_CLIENT] = g.at[SIDE_SERVER] = VANTAGE_MIDDLE;
	g.confidence = 0.7;
	return g;
}

const char *
vantage_word(const struct vantage_guess *g)
{
	if (g->at[SIDE_CLIENT] == VANTAGE_HERE)
		return "client";
	if (g->at[SIDE_SERVER] == VANTAGE_HERE)
		return "server";
	return g->at[SIDE_CLIENT] == VANTAGE_MIDDLE ? "middle" : "unknown";
}
