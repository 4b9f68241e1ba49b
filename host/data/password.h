/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password.h: passwords: which are good enough, how they are kept, whether one is right.
 *
 * Argon2id (t=3, 64 MiB), two at once in the whole program, 16 may wait; the hash is sealed by the vault, so a
 * stolen souk.db cannot be guessed at without the key file.  Strength is libzxcvbn's estimate: its dictionaries
 * of leaked passwords, names and words, keyboard walks, dates, and the words given.
 *
 * Passwords are zero-terminated UTF-8, hashed as they are; whoever read one wipes it (vault_keep).
 */
#ifndef SOUK_PASSWORD_H
#define SOUK_PASSWORD_H

#include "people.h"
#include "vault.h"

enum { PASSWORD_LEAST = 12, PASSWORD_MOST = 128 };      /* characters */

enum strength { STRENGTH_WEAK = 1, STRENGTH_FAIR, STRENGTH_GOOD, STRENGTH_STRONG };

const char *strength_word(enum strength s);             /* "weak", "fair", "good", "strong" */
/*
 * words: what it must not be made of: accounts, shop, e-mail, name; NULL-terminated, may be NULL.
 * ERR_INPUT says what is wrong with it, too weak among it.  s may be NULL.
 */
int password_check(const char *password, const char *const *words, enum strength *s, struct err *err);

/*
 * Sets a password that password_check has passed.  Other sessions of the person end, but for keep_session (0: none).
 * errors: ERR_BUSY too many are hashed at once; those of the vault
 */
int password_set(struct db *souk, struct vault *v, int64_t user, const char *password, int64_t keep_session,
                 const struct deed *by, struct err *err);

struct password_try {
    const char *email, *password;                       /* as typed */
    const char *address;                                /* where from; "" for the command line: not throttled */
    const char *via;
    int64_t now_s;
};
/*
 * Is it right?  Who is not there, is disabled or has no password costs as much and is answered the same.
 *
 * out:    *user; *retry_s after ERR_BUSY
 * errors: ERR_DENIED e-mail or password is wrong, ERR_BUSY too many tries, or too many at once
 */
int password_try(struct db *souk, struct vault *v, const struct password_try *t, int64_t *user, int64_t *retry_s,
                 struct err *err);

#endif
