/*
 * samples.h - packets by hand: see samples.c.
 */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct sample {
	const char *name;
	uint16_t link_type;
	const char *hex;
	const char *layers;
	const char *line;
};

/* Each ends with one that has no name. */
extern const struct sample samples[];
extern const struct sample bad_samples[];

/* Longer than any sample. */
#define SAMPLE_MAX 512

/* The bytes of a sample.  Returns how many. */
static inline size_t
sample_bytes(const struct sample *s, uint8_t out[SAMPLE_MAX])
{
	size_t n = 0;

	for (const char *p = s->hex; *p; p++) {
		int digit = *p >= 'a' ? *p - 'a' + 10 : *p - '0';

		if (*p == ' ')
			continue;
		if (n % 2 == 0)
			out[n / 2] = 0;
		out[n / 2] = (uint8_t)(out[n / 2] << 4 | digit);
		n++;
	}
	return n / 2;
}

#endif
