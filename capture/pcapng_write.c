/*
 * pcapng_write.c - blocks, put together in a buffer and written whole.
 */
#include "capture/pcapng_write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/message.h"
#include "capture/pcapng_format.h"

enum { BUFFER = 256 << 10, TEXT_MAX = 4096 };

struct pcapng_writer {
	FILE *file;
	char *path;
	uint32_t n_interfaces;
	int failed;		/* errno of the first failure, or 0 */
	off_t flushed;		/* bytes that were flushed; 0 or less: unknown */
	char error[CAPTURE_TEXT];
};

/* --- writing --- */

static void
fail(struct pcapng_writer *w, const char *what, int error_number)
{
	if (w->failed)
		return;
	w->failed = error_number ? error_number : EIO;
	snprintf(w->error, sizeof(w->error), "cannot %s '%.400s': %s", what,
		 w->path, message_errno(w->failed));
}

static void
put(struct pcapng_writer *w, const void *bytes, size_t n)
{
	if (!w->failed && fwrite(bytes, 1, n, w->file) != n)
		fail(w, "write", errno);
}

static void
put_u16(struct pcapng_writer *w, uint16_t v)
{
	put(w, &v, sizeof(v));
}

static void
put_u32(struct pcapng_writer *w, uint32_t v)
{
	put(w, &v, sizeof(v));
}

/* The upper half first, in either byte order. */
static void
put_time(struct pcapng_writer *w, nstime ts)
{
	uint64_t ns = ts > 0 ? (uint64_t)ts : 0;

	put_u32(w, (uint32_t)(ns >> 32));
	put_u32(w, (uint32_t)ns);
}

static uint32_t
padded(size_t n)
{
	return (uint32_t)(n + 3) & ~(uint32_t)3;
}

static void
put_padded(struct pcapng_writer *w, const void *bytes, size_t n)
{
	static const uint8_t zeros[3];

	put(w, bytes, n);
	put(w, zeros, padded(n) - n);
}

static void
begin_block(struct pcapng_writer *w, uint32_t type, uint32_t size)
{
	put_u32(w, type);
	put_u32(w, size);
}

static int
end_block(struct pcapng_writer *w, uint32_t size)
{
	put_u32(w, size);
	return w->failed ? -1 : 0;
}

/* --- options: their size is needed before they are written --- */

struct text_option {
	uint16_t code;
	const char *text;	/* NULL: leave it out */
};

static size_t
text_len(const char *text)
{
	return strnlen(text, TEXT_MAX);
}

static uint32_t
texts_size(const struct text_option *o, size_t n)
{
	uint32_t size = 0;

	for (size_t i = 0; i < n; i++)
		if (o[i].text)
			size += 4 + padded(text_len(o[i].text));
	return size;
}

static void
put_option(struct pcapng_writer *w, uint16_t code, const void *value,
	   size_t len)
{
	put_u16(w, code);
	put_u16(w, (uint16_t)len);
	put_padded(w, value, len);
}

static void
put_texts(struct pcapng_writer *w, const struct text_option *o, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (o[i].text)
			put_option(w, o[i].code, o[i].text,
				   text_len(o[i].text));
}

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define OPTIONS_END 4		/* bytes */

/* --- blocks --- */

static int
write_section(struct pcapng_writer *w, const char *application)
{
	const struct text_option texts[] = { { SHB_USERAPPL, application } };
	uint32_t size = 28 + texts_size(texts, N(texts)) + OPTIONS_END;
	const uint64_t unknown = UINT64_MAX;

	begin_block(w, BLOCK_SECTION, size);
	put_u32(w, BYTE_ORDER_MAGIC);
	put_u16(w, 1);
	put_u16(w, 0);
	put(w, &unknown, sizeof(unknown));	/* the section's length */
	put_texts(w, texts, N(texts));
	put_u32(w, OPT_END);
	return end_block(w, size);
}

int
pcapng_write_interface(struct pcapng_writer *w,
		       const struct capture_interface *ifc)
{
	char filter[1 + TEXT_MAX + 1] = "";	/* a NUL: the text's kind */
	size_t filter_len = 0;
	const struct text_option texts[] = {
		{ OPT_COMMENT, ifc->comment },
		{ IF_NAME, ifc->name },
		{ IF_DESCRIPTION, ifc->description },
		{ IF_OS, ifc->os },
		{ IF_HARDWARE, ifc->hardware },
	};
	uint32_t size = 20 + texts_size(texts, N(texts)) + 8 + OPTIONS_END;
	const uint8_t nanoseconds = 9;

	if (ifc->filter && ifc->filter[0]) {
		filter_len = 1 + (size_t)snprintf(filter + 1, TEXT_MAX + 1,
						  "%.4095s", ifc->filter);
		if (filter_len > TEXT_MAX)
			filter_len = TEXT_MAX;
		size += 4 + padded(filter_len);
	}
	begin_block(w, BLOCK_INTERFACE, size);
	put_u16(w, ifc->link_type);
	put_u16(w, 0);
	put_u32(w, ifc->snaplen);
	put_texts(w, texts, N(texts));
	put_option(w, IF_TSRESOL, &nanoseconds, 1);
	if (filter_len)
		put_option(w, IF_FILTER, filter, filter_len);
	put_u32(w, OPT_END);
	w->n_interfaces++;
	return end_block(w, size);
}

int
pcapng_write_interfaces(struct pcapng_writer *w, const struct capture *c)
{
	while (w->n_interfaces < capture_n_interfaces(c))
		if (pcapng_write_interface(w, capture_interface(
						c, w->n_interfaces)) < 0)
			return -1;
	return w->failed ? -1 : 0;
}

int
pcapng_write_packet(struct pcapng_writer *w, const struct packet *p,
		    const char *comment)
{
	const struct text_option texts[] = { { OPT_COMMENT, comment } };
	uint32_t flags = p->direction;	/* the same numbers as in epb_flags */
	uint32_t options = texts_size(texts, N(texts)) + (flags ? 8 : 0);
	uint32_t size = 32 + padded(p->caplen) +
			(options ? options + OPTIONS_END : 0);

	begin_block(w, BLOCK_PACKET_ENHANCED, size);
	put_u32(w, p->interface);
	put_time(w, p->ts);
	put_u32(w, p->caplen);
	put_u32(w, p->wire_len);
	put_padded(w, p->bytes, p->caplen);
	put_texts(w, texts, N(texts));
	if (flags)
		put_option(w, EPB_FLAGS, &flags, sizeof(flags));
	if (options)
		put_u32(w, OPT_END);
	return end_block(w, size);
}

int
pcapng_write_statistics(struct pcapng_writer *w, uint32_t interface, nstime ts,
			uint64_t received, uint64_t drops)
{
	uint32_t size = 24 + 12 + 12 + OPTIONS_END;

	begin_block(w, BLOCK_STATISTICS, size);
	put_u32(w, interface);
	put_time(w, ts);
	put_option(w, ISB_IFRECV, &received, sizeof(received));
	put_option(w, ISB_IFDROP, &drops, sizeof(drops));
	put_u32(w, OPT_END);
	return end_block(w, size);
}

/* --- the file --- */

static FILE *
create(const char *path, bool overwrite)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC |
		    (overwrite ? O_TRUNC : O_EXCL);
	bool is_stdout = strcmp(path, "-") == 0;
	int fd = is_stdout ? dup(STDOUT_FILENO) : open(path, flags, 0666);
	FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

int
pcapng_write_open(struct pcapng_writer **out, const char *path, bool overwrite,
		  const char *application)
{
	struct pcapng_writer *w = *out = calloc(1, sizeof(*w));

	if (!w)
		return -1;
	w->path = strdup(path);
	w->file = w->path ? create(path, overwrite) : NULL;
	if (!w->file) {
		fail(w, "create", errno);
		return -1;
	}
	setvbuf(w->file, NULL, _IOFBF, BUFFER);
	return write_section(w, application);
}

int
pcapng_write_flush(struct pcapng_writer *w)
{
	if (!w->failed && fflush(w->file) != 0)
		fail(w, "write", errno);
	if (w->failed)
		return -1;
	w->flushed = lseek(fileno(w->file), 0, SEEK_CUR);
	return 0;
}

int
pcapng_write_resume(struct pcapng_writer *w)
{
	int fd = w->file ? fileno(w->file) : -1;

	if (w->flushed <= 0 || ftruncate(fd, w->flushed) < 0 ||
	    lseek(fd, w->flushed, SEEK_SET) < 0)
		return -1;
	__fpurge(w->file);
	clearerr(w->file);
	w->failed = 0;
	return 0;
}

const char *
pcapng_write_error(const struct pcapng_writer *w)
{
	return w ? w->error : "out of memory";
}

int
pcapng_write_close(struct pcapng_writer *w)
{
	int result;

	if (!w)
		return -1;
	if (w->file && fclose(w->file) != 0)
		fail(w, "write", errno);
	result = w->failed ? -1 : 0;
	free(w->path);
	free(w);
	return result;
}
