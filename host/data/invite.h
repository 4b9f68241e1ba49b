/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invite.h: addresses that work once: to set up the first owner, to be invited, to choose a new password.
 *
 * The secret in the address has 128 random bits, is told when it is made, and is kept as its hash only.  Taking it
 * and what it is for are one transaction.  `souk` is in none.
 */
#ifndef SOUK_INVITE_H
#define SOUK_INVITE_H

#include "people.h"
#include "vault.h"

enum invite_purpose { INVITE_SETUP = 1, INVITE_JOIN, INVITE_RESET };

struct invite {
    int64_t no;
    enum invite_purpose purpose;
    const char *email;                                  /* of whom; "" for a set-up */
    const char *account;                                /* to join; else "" */
    enum role role;                                     /* there */
    bool is_known;                                      /* the e-mail is a user's who has a password: it stays */
    const char *made_by;
    int64_t created_s, ends_s;
};

/* For 30 minutes, and only while there is no user: ERR_DENIED.  Ends set-up secrets from before. */
int invite_setup(struct db *souk, struct arena *a, const struct deed *by, const char **secret, struct err *err);
/* For 7 days.  email as people_email gives it.  ERR_DENIED: they have a role in the account already. */
int invite_join(struct db *souk, struct arena *a, const char *email, const char *account, enum role role,
                const struct deed *by, const char **secret, struct err *err);
/* For 24 hours; the old password counts until the link is used.  Ends resets from before. */
int invite_reset(struct db *souk, struct arena *a, int64_t user, const struct deed *by, const char **secret,
                 struct err *err);

/* What a secret is for, without taking it.  ERR_ABSENT: none, used, or too old. */
int invite_look(struct db *souk, struct arena *a, const char *secret, int64_t now_s, struct invite *i, struct err *err);
/* Invitations to this account that are open, the newest first. */
int invite_list(struct db *souk, struct arena *a, const char *account, int64_t now_s, const struct invite **list,
                size_t *n, struct err *err);
int invite_end(struct db *souk, const char *account, int64_t no, const struct deed *by, struct err *err);

struct invite_answer {
    const char *email;                                  /* of a set-up, as people_email gives it; else not looked at */
    const char *name, *language;                        /* of somebody new; not looked at for a reset */
    const char *password;                               /* checked by password_check; not looked at when is_known */
};
/*
 * Takes the secret: makes the first owner, of all accounts; or gives the invited one the role; or sets the password,
 * which ends all sessions.
 * errors: ERR_ABSENT as invite_look; ERR_DENIED a set-up when there is a user already; ERR_BUSY the e-mail is taken, or
 *         too many passwords at once
 */
int invite_take(struct db *souk, struct vault *v, const char *secret, const struct invite_answer *answer,
                const struct deed *by, int64_t *user, struct err *err);

#endif
