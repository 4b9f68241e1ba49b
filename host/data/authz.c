/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authz.c: who may do what.
 *
 * in:     a who, a right, an object
 * out:    yes or no
 * knows:  the roles and their meaning, which objects are personal or secret
 */
#include "authz.h"

#include <string.h>

static const char *const kinds[] = { "widget:", "settings:", "page:", "command:" };

/* What viewers do not see, and staff only by a grant on the object itself. */
static const char *const secrets[] = {
    "settings:charge", "settings:data", "settings:deposit", "settings:people", "settings:tax", "settings:tokens",
    "page:audit", "page:backup", "page:people", "page:tokens",
};

/* Pages without which nobody gets anywhere; what they show is asked for object by object. */
static const char *const common[] = { "page:events", "page:help", "page:home", "page:search" };

static const char *const right_words[] = { "", "view", "edit", "admin", "owner" };
static const char *const role_words[] = { "", "viewer", "staff", "admin", "owner" };
static const char *const may_words[] = { "", "none", "view", "edit" };

static const char *word_at(const char *const *words, size_t n, size_t i)
{
    return i < n ? words[i] : "";
}

static int number_of(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 1; i < n; i++)
        if (text_is(words[i], word))
            return (int)i;
    return 0;
}

const char *right_word(enum right right)
{
    return word_at(right_words, COUNT_OF(right_words), (size_t)right);
}

const char *role_word(enum role role)
{
    return word_at(role_words, COUNT_OF(role_words), (size_t)role);
}

const char *may_word(enum may may)
{
    return word_at(may_words, COUNT_OF(may_words), (size_t)may);
}

enum right right_named(const char *word)
{
    return (enum right)number_of(right_words, COUNT_OF(right_words), word);
}

enum role role_named(const char *word)
{
    return (enum role)number_of(role_words, COUNT_OF(role_words), word);
}

enum may may_named(const char *word)
{
    return (enum may)number_of(may_words, COUNT_OF(may_words), word);
}

/* ---- objects --------------------------------------------------------------------------------- */

static bool is_among(const char *const *list, size_t n, const char *object)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(list[i], object))
            return true;
    return false;
}

static bool is_secret(const char *object)
{
    return is_among(secrets, COUNT_OF(secrets), object);
}

bool authz_is_object(const char *object)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (text_starts(object, kinds[i])) {
            const char *name = object + strlen(kinds[i]);
            size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");
            return text_is(name, "*") || (n && n <= 80 && !name[n]);
        }
    return false;
}

/* "widget:*" stands for each widget. */
static bool is_kind_of(const char *pattern, const char *object)
{
    size_t n = strcspn(object, ":");
    return strncmp(pattern, object, n) == 0 && text_is(pattern + n, ":*");
}

/* ---- decisions ------------------------------------------------------------------------------- */

enum may authz_granted(const struct who *who, const char *object)
{
    enum may of_kind = 0;
    for (size_t i = 0; i < who->n_grants; i++) {
        if (text_is(who->grant[i].object, object))
            return who->grant[i].may;
        if (is_kind_of(who->grant[i].object, object) && !is_secret(object))
            of_kind = who->grant[i].may;
    }
    return of_kind;
}

static bool by_grant(const struct who *who, enum right action, const char *object)
{
    enum may may = authz_granted(who, object);
    return action == RIGHT_VIEW ? may >= MAY_VIEW : action == RIGHT_EDIT && may == MAY_EDIT;
}

static bool by_role(const struct who *who, enum right action, const char *object)
{
    switch (who->role) {
    case ROLE_OWNER:
        return true;
    case ROLE_ADMIN:
        return action <= RIGHT_ADMIN;
    case ROLE_STAFF:
        return (action == RIGHT_VIEW && is_among(common, COUNT_OF(common), object)) || by_grant(who, action, object);
    case ROLE_VIEWER:
        return action == RIGHT_VIEW && !is_secret(object);
    }
    return false;
}

bool authz_in_scope(const struct who *who, enum right action, const char *object)
{
    if (who->at_most && action > who->at_most)
        return false;
    if (!who->n_scopes)
        return true;
    for (size_t i = 0; i < who->n_scopes; i++)
        if (text_is(who->scope[i].object, object) || is_kind_of(who->scope[i].object, object))
            return true;
    return false;
}

bool authz(const struct who *who, enum right action, const char *object)
{
    return action >= RIGHT_VIEW && action <= RIGHT_OWNER && authz_is_object(object) &&
           by_role(who, action, object) && authz_in_scope(who, action, object);
}

struct who who_of(const char *name, enum role role)
{
    return (struct who){ .name = name, .account = "", .role = role };
}

struct who who_local(void)
{
    return who_of("local", ROLE_OWNER);
}
