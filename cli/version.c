/*
 * version.c - versions of tcpsaw and of what it was built with.
 */
#include <stdio.h>

#include "capture/link_type.h"
#include "cli/sandbox.h"
#include "cli/version.h"
#include "config.h"

void
version_print(void)
{
	char sandbox[SANDBOX_TEXT];

	puts(PACKAGE_STRING);
	printf("with %s\n", capture_library_version());
	printf("compressed captures:%s%s%s%s\n",
#ifdef HAVE_ZLIB
	       " gzip",
#else
	       "",
#endif
#ifdef HAVE_ZSTD
	       " zstd",
#else
	       "",
#endif
#ifdef HAVE_LZ4
	       " lz4",
#else
	       "",
#endif
#ifdef HAVE_LZMA
	       " xz"
#else
	       ""
#endif
	       );
	sandbox_describe_support(sandbox);
	printf("sandbox of live, analyze: %s\n", sandbox);
	printf("built with: %s\n", BUILD_FLAGS);
}
