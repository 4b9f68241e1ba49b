/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people.h: who there is, and which role and grants they have in which account.
 *
 * in:     changes, each with the deed that is written into the log with it
 * out:    persons, roles, grants; a who for authz.h
 * knows:  souk.db, the log.  Passwords are password.h's, sessions session.h's.
 *
 * `souk` is a connection of folder_souk, in no transaction.  Other threads and `souk user` write at the same
 * time: each function here is one transaction, and nothing is kept from one call to the next.  Results live in
 * the arena.
 */
#ifndef SOUK_PEOPLE_H
#define SOUK_PEOPLE_H

#include "authz.h"
#include "db.h"

struct deed {                                           /* who does it, for the log; texts never NULL */
    const char *actor;                                  /* "local", an e-mail; "-" before anybody signed in */
    const char *via;                                    /* page, api, cli */
    int64_t now_s;
};

struct person {
    int64_t no;
    const char *email, *name, *language;                /* language "": the host's */
    bool is_disabled, has_password, has_factor;
    int64_t created_s, signed_in_s;                     /* signed_in_s 0: never */
};

struct person_role {
    const char *account;
    enum role role;
};

/* An e-mail as it is kept: without spaces around, lower case.  ERR_INPUT says what is wrong with it. */
int people_email(struct arena *a, const char *typed, const char **email, struct err *err);

int people_count(struct db *souk, int64_t *n, struct err *err);         /* 0: nobody has been set up yet */
/* email as people_email gives it.  ERR_BUSY: it is taken. */
int people_add(struct db *souk, const char *email, const char *name, const char *language, const struct deed *by,
               int64_t *no, struct err *err);
int people_get(struct db *souk, struct arena *a, int64_t no, struct person *p, struct err *err);        /* ERR_ABSENT */
int people_find(struct db *souk, struct arena *a, const char *email, struct person *p, struct err *err); /* ERR_ABSENT */
/* By e-mail; account NULL: all, else those with a role there. */
int people_list(struct db *souk, struct arena *a, const char *account, const struct person **list, size_t *n,
                struct err *err);
int people_rename(struct db *souk, int64_t no, const char *name, const char *language, const struct deed *by,
                  struct err *err);
/*
 * Who is disabled loses all sessions, tokens and open links at once.  Roles stay.
 * errors: ERR_DENIED it is the last owner of an account
 */
int people_disable(struct db *souk, int64_t no, bool is_disabled, const struct deed *by, struct err *err);

/* Roles by account. */
int people_roles(struct db *souk, struct arena *a, int64_t no, const struct person_role **list, size_t *n,
                 struct err *err);
/*
 * role 0 takes it away.  Grants go when the role is no longer staff, tokens of the account when there is none.
 * errors: ERR_ABSENT no such person or account, ERR_DENIED it is the last owner
 */
int people_set_role(struct db *souk, int64_t no, const char *account, enum role role, const struct deed *by,
                    struct err *err);
int people_grants(struct db *souk, struct arena *a, int64_t no, const char *account, const struct grant **list,
                  size_t *n, struct err *err);
/* may 0 takes it away.  ERR_INPUT: the object is none, or the person is not staff there. */
int people_grant(struct db *souk, int64_t no, const char *account, const char *object, enum may may,
                 const struct deed *by, struct err *err);

/*
 * The who of a person in an account, as it is at this moment; account NULL or without a role: role 0.
 * errors: ERR_ABSENT there is no such person, ERR_DENIED they are disabled
 */
int people_who(struct db *souk, struct arena *a, int64_t no, const char *account, struct who *who, struct err *err);

/* Something that is no change of people: a sign-in, a refusal.  args: a JSON object without secrets. */
int people_log(struct db *souk, const struct deed *by, const char *what, const char *ref, const char *args,
               const char *result, struct err *err);

#endif
