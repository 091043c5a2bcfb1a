/*
 * sha1.h - SHA-1 (FIPS 180-4), for names, not for secrets.
 *
 * One block only, 55 bytes at most: what a Community ID needs.
 */
#ifndef BASE_SHA1_H
#define BASE_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20
#define SHA1_SHORT_MAX 55

void sha1_short(const uint8_t *bytes, size_t n, uint8_t digest[SHA1_SIZE]);

#endif
