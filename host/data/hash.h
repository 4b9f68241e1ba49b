/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h: keyed hashes for tables in memory, so that no file can choose what collides. */
#ifndef SOUK_HASH_H
#define SOUK_HASH_H

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct hash_key {
    unsigned char at[crypto_shorthash_KEYBYTES];
};

static inline struct hash_key hash_key_new(void)
{
    struct hash_key key;
    randombytes_buf(key.at, sizeof key.at);
    return key;
}

static inline uint64_t hash_bytes(const struct hash_key *key, const void *at, size_t n)
{
    uint64_t h;
    crypto_shorthash((unsigned char *)&h, at, n, key->at);
    return h;
}

/* Spreads what is a number already (the finalizer of splitmix64). */
static inline uint64_t hash_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* A hash that is kept: the same on every machine that counts from the low end.  End it with hash_mix. */
static inline uint64_t hash_step(uint64_t h, uint64_t more)
{
    h = (h ^ more) * 0x9E3779B97F4A7C15u;
    return h ^ (h >> 32);
}

static inline uint64_t hash_add(uint64_t h, const void *at, size_t n)
{
    const unsigned char *from = at;
    uint64_t eight;
    h = hash_step(h, n);
    for (; n >= 8; from += 8, n -= 8) {
        memcpy(&eight, from, 8);
        h = hash_step(h, eight);
    }
    eight = 0;
    memcpy(&eight, from, n);
    return hash_step(h, eight);
}

#endif
