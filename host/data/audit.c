/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.c: the log of commands, sealed like the ledger.
 *
 * in:     entries
 * out:    rows of audit; the first entry that is not as it was written
 * knows:  db
 *
 * seal = BLAKE2b-256(seal before, number, instant, texts with their lengths); nothing stands before
 * the first.  The database itself keeps the highest number there ever was, so the log cannot be made
 * shorter without a trace.
 */
#include "audit.h"

#include <sodium.h>
#include <string.h>

enum { SEAL_BYTES = 32, TEXTS = 6 };

static void seal_int(crypto_generichash_state *state, int64_t n)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)n >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void seal_next(unsigned char seal[SEAL_BYTES], int64_t no, int64_t at_s, const char *const text[TEXTS])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SEAL_BYTES);
    crypto_generichash_update(&state, seal, SEAL_BYTES);
    seal_int(&state, no);
    seal_int(&state, at_s);
    for (int i = 0; i < TEXTS; i++) {
        size_t n = strlen(text[i]);
        seal_int(&state, (int64_t)n);
        crypto_generichash_update(&state, (const unsigned char *)text[i], n);
    }
    crypto_generichash_final(&state, seal, SEAL_BYTES);
}

/* ---- adding ---------------------------------------------------------------------------------- */

static const char sql_last[] =
    "SELECT no, seal FROM audit"
    " ORDER BY no DESC LIMIT 1";

static const char sql_add[] =
    "INSERT INTO audit (no, at_s, actor, via, command, ref, args, result, seal)"
    " VALUES (:no, :at_s, :actor, :via, :command, :ref, :args, :result, :seal)";

int audit_add(struct db *db, const struct audit_entry *e, struct err *err)
{
    const char *const text[TEXTS] = { e->actor, e->via, e->command, e->ref, e->args, e->result };
    unsigned char seal[SEAL_BYTES] = { 0 };
    int64_t no = 1;
    struct stmt *last = stmt_of(db, sql_last, err), *add = stmt_of(db, sql_add, err);
    if (!last || !add)
        return -err->code;
    int rc = stmt_step(db, last, err);
    if (rc < 0)
        return rc;
    if (rc > 0) {
        size_t n;
        const void *before = stmt_blob(last, 1, &n);
        memcpy(seal, before, n < sizeof seal ? n : sizeof seal);
        no = stmt_int(last, 0) + 1;
        stmt_reset(last);
    }
    seal_next(seal, no, e->at_s, text);
    bind_int(add, 1, no);
    bind_int(add, 2, e->at_s);
    for (int i = 0; i < TEXTS; i++)
        bind_text(add, 3 + i, text[i]);
    bind_blob(add, 9, seal, sizeof seal);
    rc = stmt_run(db, add, err);
    return rc < 0 ? rc : 0;
}

/* ---- looking back ---------------------------------------------------------------------------- */

static const char sql_ends[] =
    "SELECT (SELECT coalesce(max(no), 0) FROM audit),"
    "       (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'audit')";

static const char sql_all[] =
    "SELECT no, seal, at_s, actor, via, command, ref, args, result FROM audit"
    " WHERE no >= :first"
    " ORDER BY no";

static int check_rows(struct db *db, struct stmt *all, int64_t first, struct err *err)
{
    unsigned char seal[SEAL_BYTES] = { 0 };
    bool is_before = first > 1;                         /* one more was asked for, for the seal before */
    int64_t no = first;
    int rc;
    for (; (rc = stmt_step(db, all, err)) > 0; no++) {
        const char *text[TEXTS];
        size_t n;
        const void *stored = stmt_blob(all, 1, &n);
        bool is_good = n == SEAL_BYTES && stmt_int(all, 0) == no;
        if (is_good && is_before) {
            memcpy(seal, stored, sizeof seal);
            is_before = false;
            continue;
        }
        for (int i = 0; i < TEXTS; i++)
            text[i] = stmt_text(all, 3 + i);
        seal_next(seal, no, stmt_int(all, 2), text);
        if (!is_good || memcmp(seal, stored, sizeof seal) != 0) {
            stmt_reset(all);
            return err_set(err, ERR_CORRUPT, "Entry %lld of the audit log of %s is not as it was written."
                           " Bring back a backup.", (long long)no, db_path(db));
        }
    }
    return rc;
}

int audit_verify(struct db *db, int64_t n, struct err *err)
{
    struct stmt *ends = stmt_of(db, sql_ends, err), *all = stmt_of(db, sql_all, err);
    if (!ends || !all)
        return -err->code;
    int rc = stmt_step(db, ends, err);
    if (rc < 0)
        return rc;
    int64_t last = stmt_int(ends, 0), highest = stmt_int(ends, 1);
    stmt_reset(ends);
    if (last != highest)
        return err_set(err, ERR_CORRUPT, "The audit log of %s ends with entry %lld, but %lld were written."
                       " Bring back a backup.", db_path(db), (long long)last, (long long)highest);
    int64_t first = n && n < last ? last - n : 1;
    bind_int(all, 1, first);
    return check_rows(db, all, first, err);
}
