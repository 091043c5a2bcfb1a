/*
 * filter.c - the programs, and the numbers that libpcap gives link types.
 */
#include "capture/filter.h"

#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 32, SNAPLEN = 262144 };

struct program {
	uint16_t link_type;
	bool usable;
	struct bpf_program bpf;
};

struct filter {
	char *text;
	size_t n;
	size_t last;		/* found last, and mostly the next time */
	struct program program[PROGRAMS];
};

/*
 * In files link types are LINKTYPE_ numbers, in libpcap DLT_ numbers.  They
 * differ where systems once disagreed; these are the ones libpcap maps.
 */
static const struct {
	uint16_t link_type;
	int dlt;
} differs[] = {
	{ 100, DLT_ATM_RFC1483 },
	{ 101, DLT_RAW },
	{ 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },
	{ 106, DLT_ATM_CLIP },
};

static int
dlt_of(uint16_t link_type)
{
	for (size_t i = 0; i < sizeof(differs) / sizeof(differs[0]); i++)
		if (differs[i].link_type == link_type)
			return differs[i].dlt;
	return link_type;
}

uint16_t
filter_link_type(int dlt)
{
	for (size_t i = 0; i < sizeof(differs) / sizeof(differs[0]); i++)
		if (differs[i].dlt == dlt)
			return differs[i].link_type;
	return (uint16_t)dlt;
}

struct filter *
filter_open(const char *text)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->text = strdup(text);
	if (!f->text) {
		free(f);
		return NULL;
	}
	return f;
}

void
filter_close(struct filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		if (f->program[i].usable)
			pcap_freecode(&f->program[i].bpf);
	free(f->text);
	free(f);
}

static bool
compile(struct filter *f, struct program *p, char error[CAPTURE_TEXT])
{
	pcap_t *pcap = pcap_open_dead(dlt_of(p->link_type), SNAPLEN);

	if (!pcap) {
		snprintf(error, CAPTURE_TEXT, "out of memory");
		return false;
	}
	p->usable = pcap_compile(pcap, &p->bpf, f->text, 1,
				 PCAP_NETMASK_UNKNOWN) == 0;
	if (!p->usable)
		snprintf(error, CAPTURE_TEXT, "filter '%.200s': %.200s",
			 f->text, pcap_geterr(pcap));
	pcap_close(pcap);
	return p->usable;
}

/* The program for a link type, compiled if it is new.  NULL: no room. */
static struct program *
find_program(struct filter *f, uint16_t link_type, char error[CAPTURE_TEXT])
{
	struct program *p;

	for (size_t i = 0; i < f->n; i++)
		if (f->program[i].link_type == link_type) {
			f->last = i;
			return &f->program[i];
		}
	if (f->n == PROGRAMS)
		return NULL;
	f->last = f->n++;
	p = &f->program[f->last];
	p->link_type = link_type;
	compile(f, p, error);
	return p;
}

bool
filter_compile(struct filter *f, uint16_t link_type, char error[CAPTURE_TEXT])
{
	struct program *p = find_program(f, link_type, error);

	return !p || p->usable;
}

enum filter_result
filter_match(struct filter *f, const struct packet *p)
{
	struct program *program = &f->program[f->last];
	char error[CAPTURE_TEXT];

	if (f->n == 0 || program->link_type != p->link_type)
		program = find_program(f, p->link_type, error);
	if (!program || !program->usable)
		return FILTER_NONE;
	return bpf_filter(program->bpf.bf_insns, p->bytes, p->wire_len,
			  p->caplen) ? FILTER_YES : FILTER_NO;
}
