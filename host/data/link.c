/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c: addresses that need no sign-in.  See link.h.
 */
#include "link.h"

#include <sodium.h>
#include <string.h>

enum { HASH_BYTES = 32 };

static void hash_of(unsigned char hash[HASH_BYTES], const char *purpose, const char *word)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)word, strlen(word));
    crypto_generichash_final(&state, hash, HASH_BYTES);
}

static const char sql_link_put[] =
    "INSERT INTO secret_link (purpose, hash, at_s)"
    " VALUES (:purpose, :hash, :at_s)"
    " ON CONFLICT (purpose) DO UPDATE"
    " SET hash = excluded.hash, at_s = excluded.at_s";

int link_make(struct db *db, const char *purpose, int64_t at_s, char word[LINK_WORD + 1], struct err *err)
{
    unsigned char bytes[LINK_WORD / 2], hash[HASH_BYTES];
    struct stmt *put = stmt_of(db, sql_link_put, err);
    if (!put)
        return -err->code;
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(word, LINK_WORD + 1, bytes, sizeof bytes);
    hash_of(hash, purpose, word);
    bind_text(put, 1, purpose);
    bind_blob(put, 2, hash, sizeof hash);
    bind_int(put, 3, at_s);
    int rc = stmt_run(db, put, err);
    return rc < 0 ? rc : 0;
}

static const char sql_link_drop[] =
    "DELETE FROM secret_link"
    " WHERE purpose = :purpose";

int link_drop(struct db *db, const char *purpose, struct err *err)
{
    struct stmt *drop = stmt_of(db, sql_link_drop, err);
    if (!drop)
        return -err->code;
    bind_text(drop, 1, purpose);
    return stmt_run(db, drop, err);
}

static const char sql_link_get[] =
    "SELECT hash, at_s FROM secret_link"
    " WHERE purpose = :purpose";

int link_is(struct db *db, const char *purpose, const char *word, struct err *err)
{
    unsigned char hash[HASH_BYTES], kept[HASH_BYTES] = { 0 };
    struct stmt *get = stmt_of(db, sql_link_get, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, purpose);
    int rc = stmt_step(db, get, err);
    if (rc < 0)
        return rc;
    if (rc > 0) {
        size_t n;
        const void *at = stmt_blob(get, 0, &n);
        memcpy(kept, at, n < sizeof kept ? n : sizeof kept);
        stmt_reset(get);
    }
    hash_of(hash, purpose, word);
    return sodium_memcmp(hash, kept, sizeof hash) == 0 && rc > 0;
}

int link_since(struct db *db, const char *purpose, int64_t *at_s, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_link_get, err);
    *at_s = 0;
    if (!get)
        return -err->code;
    bind_text(get, 1, purpose);
    int rc = stmt_step(db, get, err);
    if (rc > 0) {
        *at_s = stmt_int(get, 1);
        stmt_reset(get);
    }
    return rc < 0 ? rc : 0;
}
