/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authz.h: who may do what to which object.  The one place that decides it.
 *
 * in:     a who, read anew for each request (people.h, session.h, token.h, or the command line)
 * out:    yes or no; what nobody allowed is refused
 * knows:  nothing of databases, widgets or pages.  Objects are texts:
 *
 *     "widget:sales"        a widget, with its pages, queries and badge
 *     "settings:deposit"    a settings module
 *     "page:imports"        a page of the host
 *     "command:case.reply"  a command; flow/command.h asks further when this has no grant of its own
 *
 * Roles are held in one account:
 *
 *     owner    everything
 *     admin    everything but what asks for RIGHT_OWNER
 *     staff    what was granted, object by object: none, view or edit; "widget:*" stands for all of a kind,
 *              and a grant on the object itself wins over it.  Of the pages, those that everybody has
 *     viewer   looks at widgets, pages and settings, but nothing personal or secret, and changes nothing
 */
#ifndef SOUK_AUTHZ_H
#define SOUK_AUTHZ_H

#include "base/base.h"

enum right { RIGHT_VIEW = 1, RIGHT_EDIT, RIGHT_ADMIN, RIGHT_OWNER };
enum role { ROLE_VIEWER = 1, ROLE_STAFF, ROLE_ADMIN, ROLE_OWNER };      /* 0: none in this account */

enum may { MAY_NONE = 1, MAY_VIEW, MAY_EDIT };                          /* of a grant; 0: nothing was said */

const char *right_word(enum right right);               /* "view", "edit", "admin", "owner"; "" for 0 */
const char *role_word(enum role role);                  /* "viewer" ... */
const char *may_word(enum may may);                     /* "none", "view", "edit" */
enum right right_named(const char *word);               /* 0: no such word */
enum role role_named(const char *word);
enum may may_named(const char *word);

struct grant {
    const char *object;
    enum may may;
};

struct who {
    const char *name;                                   /* for the log: "local", an e-mail; never NULL */
    int64_t user;                                       /* of people.h; 0: the command line */
    const char *account;                                /* in which the role counts; "": in none */
    enum role role;
    const struct grant *grant;                          /* of staff */
    size_t n_grants;
    /* of an API token, which never may more than its user */
    int64_t token;                                      /* 0: no token */
    enum right at_most;                                 /* 0: no limit */
    const struct grant *scope;                          /* objects it is for, by their text; n_scopes 0: all */
    size_t n_scopes;
};

/* Whoever can read the data folder, at the command line: an owner. */
struct who who_local(void);
/* Somebody with a role and no grants. */
struct who who_of(const char *name, enum role role);

bool authz(const struct who *who, enum right action, const char *object);
/* What was said of this very object, or of its kind; 0: nothing. */
enum may authz_granted(const struct who *who, const char *object);
/* "widget:sales", "settings:*", "command:case.reply": is it an object that a grant may name? */
bool authz_is_object(const char *object);
/* A token's limits alone, for what is decided elsewhere (commands that belong to a widget). */
bool authz_in_scope(const struct who *who, enum right action, const char *object);

#endif
