/*
 * message.h - the words for what the system says.
 */
#ifndef CAPTURE_MESSAGE_H
#define CAPTURE_MESSAGE_H

enum { CAPTURE_TEXT = 512 };	/* room for a message, NUL included */

/* "no such file": short and in lower case, unlike strerror's. */
const char *message_errno(int error_number);

#endif
