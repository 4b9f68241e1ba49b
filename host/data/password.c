/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password.c: passwords.
 *
 * in:     what was typed
 * out:    person.password_sealed; right or wrong, in the same time for all who are wrong
 * knows:  libsodium, libzxcvbn, vault, throttle, people
 */
#include "password.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <zxcvbn.h>

#include "password_in.h"
#include "people_in.h"
#include "throttle.h"

enum { AT_ONCE = 2, WAITING = 16, BUSY_S = 2, OPS = 3, MEMORY = 64 << 20, WORDS_MOST = 40 };
enum { WEAK_BITS = 28, FAIR_BITS = 40, GOOD_BITS = 60 };

/* ---- good enough? ----------------------------------------------------------------------------- */

const char *strength_word(enum strength s)
{
    static const char *const words[] = { "", "weak", "fair", "good", "strong" };
    return (size_t)s < COUNT_OF(words) ? words[s] : "";
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* Words and their parts between signs: of anna@example.com also anna, example. */
static size_t word_parts(struct arena *a, const char *const *words, const char **part)
{
    size_t n = 0;
    for (; words && *words; words++)
        for (const char *at = *words; *at; ) {
            size_t len = strcspn(at, " @.-_+");
            if (len >= 3 && n < WORDS_MOST)
                part[n++] = arena_textn(a, at, len);
            at += len + (at[len] != '\0');
        }
    part[n] = NULL;
    return n;
}

int password_check(const char *password, const char *const *words, enum strength *s, struct err *err)
{
    size_t n = characters(password);
    if (s)
        *s = STRENGTH_WEAK;
    if (!utf8_is_valid(password, strlen(password)))
        return err_set(err, ERR_INPUT, "The password is not valid text (UTF-8).");
    if (n < PASSWORD_LEAST)
        return err_set(err, ERR_INPUT, "The password has %zu characters; it needs %d. Several words in a row are easy to"
                       " keep in mind.", n, PASSWORD_LEAST);
    if (n > PASSWORD_MOST)
        return err_set(err, ERR_INPUT, "The password has %zu characters; it can have %d.", n, PASSWORD_MOST);
    struct arena *a = arena_new("password", 1024);
    const char *part[WORDS_MOST + 1];
    word_parts(a, words, part);
    double bits = ZxcvbnMatch(password, part, NULL);
    arena_free(a);
    if (s)
        *s = bits < WEAK_BITS ? STRENGTH_WEAK : bits < FAIR_BITS ? STRENGTH_FAIR :
             bits < GOOD_BITS ? STRENGTH_GOOD : STRENGTH_STRONG;
    return bits >= WEAK_BITS ? 0
        : err_set(err, ERR_INPUT, "This password is easily guessed: it is made of leaked passwords, names, dates, rows of"
                  " keys, or words about you or the shop. Take several words that have nothing to do with each other.");
}

/* ---- a few at once ---------------------------------------------------------------------------- */

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t free;
    int running, waiting;
} gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };

static int enter(struct err *err)
{
    int rc = 0;
    pthread_mutex_lock(&gate.mutex);
    if (gate.running >= AT_ONCE && gate.waiting >= WAITING) {
        rc = err_set(err, ERR_BUSY, "Too many people sign in at this moment. Try again in %d seconds.", BUSY_S);
    } else {
        gate.waiting++;
        while (gate.running >= AT_ONCE)
            pthread_cond_wait(&gate.free, &gate.mutex);
        gate.waiting--;
        gate.running++;
    }
    pthread_mutex_unlock(&gate.mutex);
    return rc;
}

static void leave(void)
{
    pthread_mutex_lock(&gate.mutex);
    gate.running--;
    pthread_cond_signal(&gate.free);
    pthread_mutex_unlock(&gate.mutex);
}

/* ---- keeping ---------------------------------------------------------------------------------- */

int password_hash(struct arena *a, const char *password, const char **hash, struct err *err)
{
    char out[crypto_pwhash_STRBYTES];
    int rc = sodium_init() < 0 ? err_set(err, ERR_BUG, "libsodium does not start.") : enter(err);
    if (rc < 0)
        return rc;
    if (crypto_pwhash_str_alg(out, password, strlen(password), OPS, MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        rc = err_set(err, ERR_BUSY, "There is not enough memory for a password at this moment. Try again.");
    leave();
    if (rc == 0)
        *hash = vault_keep(a, out, strlen(out));
    sodium_memzero(out, sizeof out);
    return rc;
}

static const char sql_put[] =
    "UPDATE person SET password_sealed = :sealed, password_s = :now_s"
    " WHERE no = :no";

static char *context_of(struct arena *a, int64_t user)
{
    return arena_printf(a, "user:%lld:password", (long long)user);
}

int password_put_in(struct db *souk, struct vault *v, struct arena *a, int64_t user, const char *hash, int64_t now_s,
                    struct err *err)
{
    const void *sealed;
    size_t n;
    struct stmt *put = stmt_of(souk, sql_put, err);
    if (!put)
        return -err->code;
    int rc = vault_seal(v, a, context_of(a, user), hash, strlen(hash), &sealed, &n, err);
    if (rc < 0)
        return rc;
    bind_blob(put, 1, sealed, n);
    bind_int(put, 2, now_s);
    bind_int(put, 3, user);
    rc = stmt_run(souk, put, err);
    return rc > 0 ? 0 : rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no user number %lld.", (long long)user);
}

static const char sql_end_others[] =
    "DELETE FROM session"
    " WHERE person = :user AND no <> :keep";

static int end_others(struct db *souk, int64_t user, int64_t keep, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_end_others, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, user);
    bind_int(s, 2, keep);
    int rc = stmt_run(souk, s, err);
    return rc < 0 ? rc : 0;
}

int password_set(struct db *souk, struct vault *v, int64_t user, const char *password, int64_t keep_session,
                 const struct deed *by, struct err *err)
{
    struct arena *a = arena_new("password", 2048);
    const char *hash;
    int rc = password_hash(a, password, &hash, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        goto out;
    rc = password_put_in(souk, v, a, user, hash, by->now_s, err);
    if (rc == 0)
        rc = end_others(souk, user, keep_session, err);
    if (rc == 0)
        rc = people_note(souk, by, "user.password", people_ref(a, user), err, NULL);
    rc = db_end(souk, rc, err);
out:
    arena_free(a);
    return rc;
}

/* ---- right or wrong? --------------------------------------------------------------------------- */

static const char sql_get[] =
    "SELECT no, password_sealed FROM person"
    " WHERE email = :email AND is_disabled = 0 AND password_sealed IS NOT NULL";

/* 1: there is one, 0: there is none. */
static int get(struct db *souk, struct vault *v, struct arena *a, const char *email, int64_t *user, const char **hash,
               struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_get, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, email);
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc;
    size_t n, n_hash;
    const void *sealed = stmt_blob(s, 1, &n);
    *user = stmt_int(s, 0);
    rc = vault_unseal(v, a, context_of(a, *user), sealed, n, hash, &n_hash, err);
    stmt_reset(s);
    return rc < 0 ? rc : 1;
}

/* Costs the same with and without a hash. */
static int compare(const char *hash, const char *password, bool *is_right, struct err *err)
{
    unsigned char out[32], salt[crypto_pwhash_SALTBYTES] = { 0 };
    int rc = enter(err);
    if (rc < 0)
        return rc;
    *is_right = false;
    if (hash)
        *is_right = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    else if (crypto_pwhash(out, sizeof out, password, strlen(password), salt, OPS, MEMORY,
                           crypto_pwhash_ALG_ARGON2ID13) != 0)
        rc = err_set(err, ERR_BUSY, "There is not enough memory for a password at this moment. Try again.");
    leave();
    sodium_memzero(out, sizeof out);
    return rc;
}

/* The key says nothing about who it is, so the table tells no mistyped passwords in the place of e-mails. */
static char *who_key(struct arena *a, const char *email)
{
    unsigned char hash[16];
    char hex[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)email, strlen(email), NULL, 0);
    return arena_printf(a, "who:%s", sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
}

static const char sql_signed_in[] =
    "UPDATE person SET signed_in_s = :now_s"
    " WHERE no = :no";

static int keep_good(struct db *souk, struct vault *v, struct arena *a, const struct password_try *t, int64_t user,
                     const char *old, struct err *err)
{
    const char *hash = NULL;
    int rc = 0;
    if (crypto_pwhash_str_needs_rehash(old, OPS, MEMORY) != 0)          /* the parameters have risen */
        rc = password_hash(a, t->password, &hash, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, sql_signed_in, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_int(s, 1, t->now_s);
        bind_int(s, 2, user);
        rc = stmt_run(souk, s, err);
    }
    if (rc >= 0 && hash)
        rc = password_put_in(souk, v, a, user, hash, t->now_s, err);
    return db_end(souk, rc < 0 ? rc : 0, err);
}

int password_try(struct db *souk, struct vault *v, const struct password_try *t, int64_t *user, int64_t *retry_s,
                 struct err *err)
{
    struct arena *a = arena_new("sign-in", 4096);
    struct err no_email = { 0 };
    const char *email, *hash = NULL;
    int64_t no = 0;
    bool is_right = false, is_throttled = *t->address;
    *user = *retry_s = 0;
    if (people_email(a, t->email, &email, &no_email) < 0)
        email = "";
    const char *who = who_key(a, email), *net = throttle_net(a, t->address);
    int rc = sodium_init() < 0 ? err_set(err, ERR_BUG, "libsodium does not start.") : 0;
    if (rc == 0 && is_throttled)
        rc = throttle_take(souk, THROTTLE_NET, net, t->now_s, retry_s, err);
    if (rc == 0 && is_throttled)
        rc = throttle_take(souk, THROTTLE_PERSON, who, t->now_s, retry_s, err);
    if (rc == 0)
        rc = get(souk, v, a, email, &no, &hash, err);
    if (rc >= 0 && characters(t->password) <= PASSWORD_MOST)
        rc = compare(hash, t->password, &is_right, err);
    const struct deed by = { is_right ? email : "-", t->via, t->now_s };
    if (rc >= 0 && is_right) {
        rc = keep_good(souk, v, a, t, no, hash, err);
        if (rc == 0 && is_throttled)
            rc = throttle_good(souk, THROTTLE_PERSON, who, err);
        if (rc == 0 && is_throttled)
            rc = throttle_good(souk, THROTTLE_NET, net, err);
        *user = rc == 0 ? no : 0;
    } else if (rc >= 0) {
        rc = people_log(souk, &by, "sign_in", no ? people_ref(a, no) : "", "{}", "denied", err);
        if (rc == 0)
            rc = err_set(err, ERR_DENIED, "The e-mail or the password is wrong.");
    }
    if (err->code == ERR_BUSY && !*retry_s)
        *retry_s = BUSY_S;
    arena_free(a);
    return rc < 0 ? rc : 0;
}
