/*
 * fields_wlan.c - the fields of 802.11 and of radiotap.
 */
#include "dissect/fields.h"

static const struct value_name frame_types[] = {
	{ 0, "management" }, { 1, "control" }, { 2, "data" },
	{ 3, "extension" }, { 0, NULL },
};

const struct field wlan_fields[] = {
	{ "wlan.fc.subtype", "Subtype", 0, 4, FIELD_DEC },
	{ "wlan.fc.type", "Type", 4, 2, FIELD_DEC, .values = frame_types },
	{ "wlan.fc.version", "Version", 6, 2, FIELD_DEC },
	{ "wlan.flags", "Flags", BYTE(1), 8, FIELD_HEX },
	{ "wlan.fc.order", "Order", BYTE(1), 1, FIELD_BOOL, 1 },
	{ "wlan.fc.protected", "Encrypted", BYTE(1) + 1, 1, FIELD_BOOL, 1 },
	{ "wlan.fc.moredata", "More data", BYTE(1) + 2, 1, FIELD_BOOL, 1 },
	{ "wlan.fc.pwrmgt", "Power save", BYTE(1) + 3, 1, FIELD_BOOL, 1 },
	{ "wlan.fc.retry", "Retry", BYTE(1) + 4, 1, FIELD_BOOL, 1 },
	{ "wlan.fc.frag", "More fragments", BYTE(1) + 5, 1, FIELD_BOOL, 1 },
	{ "wlan.fc.fromds", "From the distribution system", BYTE(1) + 6, 1,
	  FIELD_BOOL, 1 },
	{ "wlan.fc.tods", "To the distribution system", BYTE(1) + 7, 1,
	  FIELD_BOOL, 1 },
	{ "wlan.duration", "Duration", BYTE(2), 16, FIELD_DEC,
	  .little_endian = true },
	{ "wlan.ra", "Receiver", BYTE(4), 48, FIELD_MAC },
	{ NULL },
};

static const struct field addr_da = { "wlan.da", "Destination",
				      .format = FIELD_MAC };
static const struct field addr_sa = { "wlan.sa", "Source",
				      .format = FIELD_MAC };
static const struct field addr_ta = { "wlan.ta", "Transmitter",
				      .format = FIELD_MAC };
static const struct field addr_bssid = { "wlan.bssid", "BSS",
					 .format = FIELD_MAC };

/* IEEE 802.11-2020 table 9-30: who is who depends on the two DS bits. */
static void
add_addresses(struct field_list *l, unsigned ds)
{
	field_add(l, &addr_ta, 10, 6);
	switch (ds) {
	case 0:
		field_add(l, &addr_da, 4, 6);
		field_add(l, &addr_sa, 10, 6);
		field_add(l, &addr_bssid, 16, 6);
		break;
	case 1:
		field_add(l, &addr_bssid, 4, 6);
		field_add(l, &addr_sa, 10, 6);
		field_add(l, &addr_da, 16, 6);
		break;
	case 2:
		field_add(l, &addr_da, 4, 6);
		field_add(l, &addr_bssid, 10, 6);
		field_add(l, &addr_sa, 16, 6);
		break;
	default:
		field_add(l, &addr_da, 16, 6);
		field_add(l, &addr_sa, 24, 6);
		break;
	}
}

static void
add_sequence(struct field_list *l)
{
	static const struct field frag = { "wlan.frag", "Fragment number" };
	static const struct field seq = { "wlan.seq", "Sequence number" };
	unsigned word = fields_u8(l, 22) | fields_u8(l, 23) << 8;

	field_add_value(l, &frag, 22, 2, word & 15);
	field_add_value(l, &seq, 22, 2, word >> 4);
}

static void
add_qos(struct field_list *l, size_t at)
{
	static const struct field tid = { "wlan.qos.tid", "Traffic class" };
	static const struct field amsdu = { "wlan.qos.amsdupresent",
					    "Aggregated frames",
					    .format = FIELD_BOOL };
	unsigned qos = fields_u8(l, at);

	field_add_value(l, &tid, at, 1, qos & 15);
	field_add_value(l, &amsdu, at, 1, qos >> 7);
}

void
wlan_more(struct field_list *l)
{
	unsigned type = fields_u8(l, 0) >> 2 & 3;
	unsigned ds = fields_u8(l, 1) & 3;

	if (type != 0 && type != 2)
		return;
	add_addresses(l, ds);
	add_sequence(l);
	if (type == 2 && fields_u8(l, 0) & 0x80)
		add_qos(l, ds == 3 ? 30 : 24);
}

const struct field radiotap_fields[] = {
	{ "radiotap.version", "Version", BYTE(0), 8, FIELD_DEC },
	{ "radiotap.length", "Length", BYTE(2), 16, FIELD_DEC,
	  .little_endian = true },
	{ "radiotap.present.word", "Which fields there are", BYTE(4), 32,
	  FIELD_HEX, .little_endian = true },
	{ NULL },
};

/* The first fields, by their bit in the present word.  Size is alignment
   where it is not told. */
static const struct {
	uint8_t size, align;
	struct field field;
} radiotap_parts[] = {
	{ 8, 8, { "radiotap.mactime", "Time of the MAC, us",
		  .little_endian = true } },
	{ 1, 1, { "radiotap.flags", "Flags", .format = FIELD_HEX } },
	{ 1, 1, { "radiotap.rate", "Rate in 500 kb/s" } },
	{ 2, 2, { "radiotap.channel.freq", "Channel, MHz",
		  .little_endian = true } },
	{ 2, 1, { "radiotap.fhss", "Frequency hopping",
		  .format = FIELD_HEX } },
	{ 1, 1, { "radiotap.dbm_antsignal", "Signal, dBm",
		  .format = FIELD_SIGNED } },
	{ 1, 1, { "radiotap.dbm_antnoise", "Noise, dBm",
		  .format = FIELD_SIGNED } },
};

enum {
	PART_CHANNEL = 3,	/* two more bytes of flags follow */
	N_PARTS = sizeof(radiotap_parts) / sizeof(radiotap_parts[0]),
};

void
radiotap_more(struct field_list *l)
{
	uint32_t present = __builtin_bswap32(fields_u32(l, 4));
	uint32_t word = present;
	size_t at = 8;

	while (word >> 31 && fields_left(l, at) >= 4) {
		word = __builtin_bswap32(fields_u32(l, at));
		at += 4;
	}
	for (int i = 0; i < N_PARTS; i++) {
		size_t align = radiotap_parts[i].align;

		if (!(present >> i & 1))
			continue;
		at = (at + align - 1) / align * align;
		field_add(l, &radiotap_parts[i].field, at,
			  radiotap_parts[i].size);
		at += radiotap_parts[i].size + (i == PART_CHANNEL ? 2u : 0);
	}
}
