/*
 * version.h - what this tcpsaw is made of.
 */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

/* On standard output: versions of libraries, which compressions, flags. */
void version_print(void);

#endif
