/*
 * message.c - the failures that users meet.
 */
#include "capture/message.h"

#include <errno.h>
#include <string.h>

const char *
message_errno(int error_number)
{
	switch (error_number) {
	case EACCES:
	case EPERM:
		return "permission denied";
	case EEXIST:
		return "it exists";
	case EIO:
		return "input/output error";
	case EISDIR:
		return "is a directory";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case ENOENT:
	case ENOTDIR:
		return "no such file";
	case ENOMEM:
		return "out of memory";
	case ENOSPC:
		return "no space left on device";
	case EPIPE:
		return "nobody reads it any more";
	case EROFS:
		return "read-only file system";
	}
	return strerror(error_number);
}
