/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h: ids, links and tokens: random words that are shown once and kept as a hash. */
#ifndef SOUK_SECRET_H
#define SOUK_SECRET_H

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { SECRET_HASH_BYTES = 32, SECRET_BYTES_MOST = 32 };

/* prefix + so many random bytes as base64url; the arena's end does not wipe it, since replies are sent later. */
static inline char *secret_new(struct arena *a, const char *prefix, size_t bytes)
{
    unsigned char random[SECRET_BYTES_MOST];
    char text[2 * SECRET_BYTES_MOST];
    randombytes_buf(random, bytes);
    sodium_bin2base64(text, sizeof text, random, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof random);
    return arena_printf(a, "%s%s", prefix, text);
}

/* Secrets of 128 bits and more need no slow hash. */
static inline void secret_hash(const char *secret, unsigned char hash[SECRET_HASH_BYTES])
{
    crypto_generichash(hash, SECRET_HASH_BYTES, (const unsigned char *)secret, strlen(secret), NULL, 0);
}

#endif
