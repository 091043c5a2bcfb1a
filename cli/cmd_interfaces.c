/*
 * cmd_interfaces.c - `tcpsaw interfaces`: where one can listen.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "capture/interfaces.h"
#include "cli/command.h"

static const char help[] =
"usage: tcpsaw interfaces [--json]\n"
"\n"
"Lists the interfaces that tcpsaw can capture on: number, name, state,\n"
"addresses. Without the right to capture (CAP_NET_RAW) it may be empty.\n"
"\n"
"      --json   a JSON object a line\n";

static const struct option options[] = {
	{ "json", no_argument, NULL, 'J' },
	{ "help", no_argument, NULL, 'H' },
	{ NULL, 0, NULL, 0 },
};

static void
add_addresses(struct text *t, const struct interface_info *in,
	      const char *between, const char *quote)
{
	char addr[ADDR_TEXT_SIZE];

	for (size_t i = 0; i < in->n_addrs; i++) {
		addr_format(&in->addrs[i], addr);
		text_printf(t, "%s%s%s%s", i ? between : "", quote, addr,
			    quote);
	}
}

static void
add_line(struct text *t, const struct interface_info *in, size_t number)
{
	text_printf(t, "%2zu  ", number);
	text_add_safe(t, in->name, strlen(in->name));
	text_printf(t, "  [%s%s%s]  ", in->up ? "up" : "down",
		    in->running ? ", running" : "",
		    in->loopback ? ", loopback" :
		    in->wireless ? ", wireless" : "");
	add_addresses(t, in, " ", "");
	if (in->description) {
		text_add(t, "  (");
		text_add_safe(t, in->description, strlen(in->description));
		text_add(t, ")");
	}
	text_add(t, "\n");
}

static void
add_json(struct text *t, const struct interface_info *in, size_t number)
{
	text_printf(t, "{\"number\":%zu,\"name\":", number);
	text_add_json(t, in->name, strlen(in->name));
	text_printf(t, ",\"up\":%s,\"running\":%s,\"loopback\":%s",
		    in->up ? "true" : "false", in->running ? "true" : "false",
		    in->loopback ? "true" : "false");
	text_add(t, ",\"addresses\":[");
	add_addresses(t, in, ",", "\"");
	text_add(t, "],\"description\":");
	if (in->description)
		text_add_json(t, in->description, strlen(in->description));
	else
		text_add(t, "null");
	text_add(t, "}\n");
}

static int
list(bool json)
{
	char error[INTERFACES_ERROR];
	struct interface_list l;
	struct text t;
	int status = STATUS_DONE;

	text_init(&t);
	if (interface_list_init(&l, error) < 0) {
		complain("cannot list the interfaces: %s", error);
		status = STATUS_FAILED;
	} else if (l.n == 0) {
		complain("no interface can be captured on: that needs root, "
			 "or CAP_NET_RAW");
	}
	for (size_t i = 0; i < l.n; i++)
		if (json)
			add_json(&t, &l.item[i], i + 1);
		else
			add_line(&t, &l.item[i], i + 1);
	fputs(t.s, stdout);
	text_release(&t);
	interface_list_release(&l);
	return status;
}

int
cmd_interfaces(int argc, char **argv)
{
	bool json = false;
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'J':
			json = true;
			break;
		case 'H':
			fputs(help, stdout);
			return STATUS_DONE;
		default:
			return complain_usage("interfaces", "unknown option");
		}
	}
	if (optind < argc)
		return complain_usage("interfaces", "unexpected '%s'",
				      argv[optind]);
	return list(json);
}
