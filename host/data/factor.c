/* SPDX-License-Identifier: Apache-2.0 */
/*
 * factor.c: the second factor.
 *
 * in:     codes
 * out:    rows of second_factor and recovery_code
 * knows:  liboath, libqrencode, vault, throttle, people
 */
#include "factor.h"

#include <errno.h>
#include <liboath/oath.h>
#include <qrencode.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "people_in.h"
#include "secret.h"
#include "throttle.h"

enum { SEED_BYTES = 20, STEP_S = 30, DIGITS = 6, CODE_BYTES = 10, CODE_LETTERS = 16 };

static const char sql_is_needed[] =
    "SELECT 1 FROM person_role"
    " WHERE person = :user AND role IN ('owner', 'admin')"
    " LIMIT 1";

int factor_is_needed(struct db *souk, int64_t user, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_is_needed, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, user);
    int rc = stmt_step(souk, s, err);
    stmt_reset(s);
    return rc;
}

/* ---- seeds ------------------------------------------------------------------------------------ */

static char *context_of(struct arena *a, int64_t user)
{
    return arena_printf(a, "user:%lld:totp", (long long)user);
}

/* As the apps want it: what is no letter or digit is written %XX. */
static void put_label(struct buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c))
            buf_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static int show(struct db *souk, struct arena *a, int64_t user, const char *seed, const char **uri, const char **base32,
                struct err *err)
{
    struct person p;
    char *text = NULL;
    size_t n;
    int rc = people_get(souk, a, user, &p, err);
    if (rc < 0)
        return rc;
    if (oath_base32_encode(seed, SEED_BYTES, &text, &n) != OATH_OK)
        return err_set(err, ERR_BUG, "The seed cannot be written.");
    struct buf out = { 0 };
    buf_text(&out, "otpauth://totp/Souk:");
    put_label(&out, p.email);
    buf_printf(&out, "?secret=%s&issuer=Souk&algorithm=SHA1&digits=%d&period=%d", text, DIGITS, STEP_S);
    *base32 = vault_keep(a, text, n);
    *uri = vault_keep(a, out.at, out.len);
    sodium_memzero(out.at, out.len);
    sodium_memzero(text, n);
    buf_free(&out);
    free(text);
    return 0;
}

static const char sql_put[] =
    "INSERT INTO second_factor (person, is_on, seed_sealed, last_step, set_s)"
    " VALUES (:person, 0, :sealed, 0, :now_s)"
    " ON CONFLICT (person, is_on) DO UPDATE"
    " SET seed_sealed = excluded.seed_sealed, last_step = 0, set_s = excluded.set_s";

int factor_begin(struct db *souk, struct vault *v, struct arena *a, int64_t user, const struct deed *by,
                 const char **uri, const char **base32, struct err *err)
{
    char random[SEED_BYTES];
    const void *sealed;
    size_t n;
    struct stmt *put = stmt_of(souk, sql_put, err);
    if (!put)
        return -err->code;
    randombytes_buf(random, sizeof random);
    const char *seed = vault_keep(a, random, sizeof random);
    sodium_memzero(random, sizeof random);
    int rc = vault_seal(v, a, context_of(a, user), seed, SEED_BYTES, &sealed, &n, err);
    if (rc == 0)
        rc = show(souk, a, user, seed, uri, base32, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    bind_int(put, 1, user);
    bind_blob(put, 2, sealed, n);
    bind_int(put, 3, by->now_s);
    rc = stmt_run(souk, put, err);
    return db_end(souk, rc < 0 ? rc : 0, err);
}

static const char sql_seed[] =
    "SELECT seed_sealed, last_step FROM second_factor"
    " WHERE person = :user AND is_on = :is_on";

/* 1: there is one, 0: none. */
static int seed_get(struct db *souk, struct vault *v, struct arena *a, int64_t user, bool is_on, const char **seed,
                    int64_t *last_step, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_seed, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, user);
    bind_int(s, 2, is_on);
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc;
    size_t n, n_seed;
    const void *sealed = stmt_blob(s, 0, &n);
    *last_step = stmt_int(s, 1);
    rc = vault_unseal(v, a, context_of(a, user), sealed, n, seed, &n_seed, err);
    stmt_reset(s);
    if (rc == 0 && n_seed != SEED_BYTES)
        rc = err_set(err, ERR_CORRUPT, "The seed of user number %lld is damaged. Set the second factor up again.",
                     (long long)user);
    return rc < 0 ? rc : 1;
}

static int nothing_begun(struct err *err)
{
    return err_set(err, ERR_ABSENT, "No second factor is being set up. Begin once more.");
}

int factor_shown(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char **uri, const char **base32,
                 struct err *err)
{
    const char *seed;
    int64_t step;
    int rc = seed_get(souk, v, a, user, false, &seed, &step, err);
    return rc > 0 ? show(souk, a, user, seed, uri, base32, err) : rc < 0 ? rc : nothing_begun(err);
}

/* ---- codes ------------------------------------------------------------------------------------ */

/* The step that the code is of, later than the last one; 0: of none. */
static int64_t step_of(const char *seed, const char *code, int64_t last_step, int64_t now_s)
{
    int64_t found = 0;
    char out[DIGITS + 1];
    if (strlen(code) != DIGITS)
        return 0;
    for (int early = -1; early <= 1; early++) {
        int64_t step = now_s / STEP_S + early;
        if (oath_totp_generate(seed, SEED_BYTES, (time_t)(step * STEP_S), STEP_S, 0, DIGITS, out) == OATH_OK &&
            sodium_memcmp(out, code, DIGITS) == 0 && step > last_step)
            found = step;
    }
    sodium_memzero(out, sizeof out);
    return found;
}

/* Without the spaces and hyphens that people put in; recovery codes in upper case. */
static const char *plain_code(struct arena *a, const char *typed)
{
    char *code = arena_zero(a, strlen(typed) + 1), *to = code;
    for (; *typed; typed++)
        if (!strchr(" -\t\r\n", *typed))
            *to++ = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
    return code;
}

static void code_hash(int64_t user, const char *code, unsigned char hash[SECRET_HASH_BYTES])
{
    char text[64];
    snprintf(text, sizeof text, "%lld %.*s", (long long)user, CODE_LETTERS, code);
    secret_hash(text, hash);
    sodium_memzero(text, sizeof text);
}

static const char sql_codes_drop[] =
    "DELETE FROM recovery_code"
    " WHERE person = :user";

static const char sql_code_put[] =
    "INSERT INTO recovery_code (person, hash)"
    " VALUES (:user, :hash)";

/* Inside a transaction. */
static int codes_put(struct db *souk, struct arena *a, int64_t user, const char *codes[FACTOR_CODES], struct err *err)
{
    struct stmt *put = stmt_of(souk, sql_code_put, err);
    int rc = put ? people_run(souk, sql_codes_drop, user, NULL, err) : -err->code;
    for (int i = 0; i < FACTOR_CODES && rc >= 0; i++) {
        char random[CODE_BYTES], *text = NULL;
        unsigned char hash[SECRET_HASH_BYTES];
        size_t n;
        randombytes_buf(random, sizeof random);
        if (oath_base32_encode(random, sizeof random, &text, &n) != OATH_OK || n != CODE_LETTERS)
            return err_set(err, ERR_BUG, "A recovery code cannot be written.");
        code_hash(user, text, hash);
        codes[i] = arena_printf(a, "%.4s-%.4s-%.4s-%.4s", text, text + 4, text + 8, text + 12);
        sodium_memzero(text, n);
        free(text);
        bind_int(put, 1, user);
        bind_blob(put, 2, hash, sizeof hash);
        rc = stmt_run(souk, put, err);
    }
    return rc < 0 ? rc : 0;
}

static char *throttle_key(struct arena *a, int64_t user)
{
    return arena_printf(a, "code:%lld", (long long)user);
}

static const char sql_drop_on[] =
    "DELETE FROM second_factor"
    " WHERE person = :user AND is_on = 1";

static const char sql_switch_on[] =
    "UPDATE second_factor SET is_on = 1, last_step = :step"
    " WHERE person = :user AND is_on = 0";

static const char sql_step[] =
    "UPDATE second_factor SET last_step = :step"
    " WHERE person = :user AND is_on = 1 AND last_step < :step";

static int step_put(struct db *souk, const char *sql, int64_t step, int64_t user, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, step);
    bind_int(s, 2, user);
    return stmt_run(souk, s, err);
}

int factor_confirm(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char *typed,
                   const struct deed *by, const char *codes[FACTOR_CODES], int64_t *retry_s, struct err *err)
{
    const char *seed, *key = throttle_key(a, user);
    int64_t last, step = 0;
    int rc = throttle_take(souk, THROTTLE_PERSON, key, by->now_s, retry_s, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    rc = seed_get(souk, v, a, user, false, &seed, &last, err);
    if (rc == 0)
        rc = nothing_begun(err);
    if (rc > 0 && !(step = step_of(seed, plain_code(a, typed), last, by->now_s)))
        rc = err_set(err, ERR_INPUT, "The code is wrong. Take the one that the device shows now; its clock must be right.");
    if (rc > 0)
        rc = people_run(souk, sql_drop_on, user, NULL, err);
    if (rc >= 0)
        rc = step_put(souk, sql_switch_on, step, user, err);
    if (rc >= 0)
        rc = codes_put(souk, a, user, codes, err);
    if (rc == 0)
        rc = people_note(souk, by, "factor.set", people_ref(a, user), err, NULL);
    rc = db_end(souk, rc, err);
    return rc < 0 ? rc : throttle_good(souk, THROTTLE_PERSON, key, err);
}

static const char sql_code_use[] =
    "UPDATE recovery_code SET used_s = :now_s"
    " WHERE person = :user AND hash = :hash AND used_s IS NULL";

static int recovery_use(struct db *souk, int64_t user, const char *code, int64_t now_s, struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    struct stmt *s = stmt_of(souk, sql_code_use, err);
    if (!s || strlen(code) != CODE_LETTERS)
        return s ? 0 : -err->code;
    code_hash(user, code, hash);
    bind_int(s, 1, now_s);
    bind_int(s, 2, user);
    bind_blob(s, 3, hash, sizeof hash);
    return stmt_run(souk, s, err);
}

/* In one transaction, so that no code works twice: 1 it is good, 0 it is not. */
static int use(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char *code, const struct deed *by,
               bool *was_recovery, struct err *err)
{
    const char *seed;
    int64_t last, step = 0;
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    int good = rc = seed_get(souk, v, a, user, true, &seed, &last, err);
    if (rc > 0)
        step = step_of(seed, code, last, by->now_s);
    if (rc > 0)
        good = rc = step ? step_put(souk, sql_step, step, user, err) : recovery_use(souk, user, code, by->now_s, err);
    *was_recovery = rc > 0 && !step;
    if (rc >= 0) {
        rc = people_log_in(souk, by, *was_recovery ? "factor.recovery" : "factor.code", people_ref(a, user),
                           rc > 0 ? "ok" : "denied", err);
    }
    rc = db_end(souk, rc, err);
    return rc < 0 ? rc : good > 0;
}

int factor_try(struct db *souk, struct vault *v, int64_t user, const char *typed, const struct deed *by,
               bool *was_recovery, int64_t *retry_s, struct err *err)
{
    struct arena *a = arena_new("factor", 1024);
    const char *key = throttle_key(a, user);
    *was_recovery = false;
    int rc = throttle_take(souk, THROTTLE_PERSON, key, by->now_s, retry_s, err);
    if (rc == 0)
        rc = use(souk, v, a, user, plain_code(a, typed), by, was_recovery, err);
    if (rc > 0)
        rc = throttle_good(souk, THROTTLE_PERSON, key, err);
    else if (rc == 0)
        rc = err_set(err, ERR_DENIED, "The code is wrong, or was used already. Wait for the next one.");
    arena_free(a);
    return rc;
}

static const char sql_codes_left[] =
    "SELECT count(*) FROM recovery_code"
    " WHERE person = :user AND used_s IS NULL";

int factor_codes_left(struct db *souk, int64_t user, int64_t *n, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_codes_left, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, user);
    int rc = stmt_step(souk, s, err);
    if (rc > 0) {
        *n = stmt_int(s, 0);
        stmt_reset(s);
    }
    return rc < 0 ? rc : 0;
}

int factor_new_codes(struct db *souk, struct arena *a, int64_t user, const struct deed *by,
                     const char *codes[FACTOR_CODES], struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    rc = codes_put(souk, a, user, codes, err);
    if (rc == 0)
        rc = people_note(souk, by, "factor.new_codes", people_ref(a, user), err, NULL);
    return db_end(souk, rc, err);
}

static const char sql_drop[] =
    "DELETE FROM second_factor"
    " WHERE person = :user";

int factor_drop(struct db *souk, int64_t user, const struct deed *by, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct arena *a = arena_new("factor", 256);
    rc = people_run(souk, sql_drop, user, NULL, err);
    if (rc >= 0)
        rc = people_run(souk, sql_codes_drop, user, NULL, err);
    if (rc >= 0)
        rc = people_note(souk, by, "factor.drop", people_ref(a, user), err, NULL);
    arena_free(a);
    return db_end(souk, rc, err);
}

/* ---- QR --------------------------------------------------------------------------------------- */

int factor_qr(struct arena *a, const char *text, const unsigned char **modules, unsigned *side, struct err *err)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return err_set(err, ERR_INPUT, "This is too long for a QR code: %s.", strerror(errno));
    size_t n = (size_t)code->width;
    unsigned char *out = arena_alloc(a, n * n);
    for (size_t i = 0; i < n * n; i++)
        out[i] = code->data[i] & 1;
    *modules = out;
    *side = (unsigned)n;
    QRcode_free(code);
    return 0;
}
