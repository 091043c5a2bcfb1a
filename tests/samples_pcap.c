/*
 * samples_pcap.c - writes each sample as a capture of one packet: what
 * tests/tshark_fields.sh compares, and as input for the fuzzer.
 *
 * usage: samples_pcap FOLDER [fuzz]
 */
#include <stdio.h>
#include <string.h>

#include "tests/samples.h"

static int
write_pcap(FILE *f, const struct sample *s)
{
	uint8_t bytes[SAMPLE_MAX];
	uint32_t n = (uint32_t)sample_bytes(s, bytes);
	struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, sigfigs, snaplen, link_type;
		uint32_t seconds, microseconds, caplen, wire_len;
	} head = {
		0xa1b2c3d4, 2, 4, 0, 0, 65535, s->link_type, 1, 0, n, n,
	};

	return fwrite(&head, sizeof(head), 1, f) == 1 &&
	       fwrite(bytes, 1, n, f) == n ? 0 : -1;
}

/* As tests/fuzz_dissect.c reads it: its number of the link type, 0. */
static int
write_fuzz_input(FILE *f, const struct sample *s)
{
	static const uint16_t link_types[] = {
		1, 0, 9, 12, 14, 50, 51, 101, 105, 108, 113, 127, 228, 229,
		276, 147,
	};
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	int number = 0;

	while (number < 15 && link_types[number] != s->link_type)
		number++;
	fputc(number, f);
	fputc(0, f);
	return fwrite(bytes, 1, n, f) == n ? 0 : -1;
}

static int
write_all(const char *folder, int fuzz, const struct sample *s)
{
	char path[512];

	for (; s->name; s++) {
		FILE *f;
		int failed;

		snprintf(path, sizeof(path), "%s/%s%s", folder, s->name,
			 fuzz ? "" : ".pcap");
		f = fopen(path, "wb");
		if (!f) {
			perror(path);
			return -1;
		}
		failed = fuzz ? write_fuzz_input(f, s) : write_pcap(f, s);
		if (fclose(f) != 0 || failed) {
			perror(path);
			return -1;
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	int fuzz = argc == 3 && strcmp(argv[2], "fuzz") == 0;

	if (argc != 2 && !fuzz) {
		fprintf(stderr, "usage: samples_pcap FOLDER [fuzz]\n");
		return 2;
	}
	return write_all(argv[1], fuzz, samples) < 0 ||
	       write_all(argv[1], fuzz, bad_samples) < 0;
}
