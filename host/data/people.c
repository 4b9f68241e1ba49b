/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people.c: persons, their roles and grants.
 *
 * in:     changes with the deed behind them
 * out:    rows of person, person_role, person_grant; an entry of the log in the same transaction
 * knows:  db, audit, authz
 */
#include "people.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "people_in.h"

enum { EMAIL_BYTES = 254, NAME_BYTES = 200 };

/* ---- what the others use, too ------------------------------------------------------------------- */

static int note_json(struct db *souk, const struct deed *by, const char *what, const char *ref, const char *args,
                     const char *result, struct err *err)
{
    const struct audit_entry e = { by->now_s, by->actor, by->via, what, ref, args, result };
    return audit_add(souk, &e, err);
}

int people_note(struct db *souk, const struct deed *by, const char *what, const char *ref, struct err *err, ...)
{
    json_t *args = json_object();
    va_list list;
    va_start(list, err);
    for (const char *name; (name = va_arg(list, const char *));)
        json_object_set_new(args, name, json_string(va_arg(list, const char *)));
    va_end(list);
    char *text = json_dumps(args, JSON_COMPACT);
    int rc = note_json(souk, by, what, ref, text ? text : "{}", "ok", err);
    free(text);
    json_decref(args);
    return rc;
}

int people_log(struct db *souk, const struct deed *by, const char *what, const char *ref, const char *args,
               const char *result, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    return db_end(souk, note_json(souk, by, what, ref, args, result, err), err);
}

int people_log_in(struct db *souk, const struct deed *by, const char *what, const char *ref, const char *result,
                  struct err *err)
{
    return note_json(souk, by, what, ref, "{}", result, err);
}

char *people_ref(struct arena *a, int64_t no)
{
    return arena_printf(a, "user:%lld", (long long)no);
}

int people_run(struct db *souk, const char *sql, int64_t first, const char *text, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, first);
    if (text)
        bind_text(s, 2, text);
    return stmt_run(souk, s, err);
}

static const char sql_end_sessions[] =
    "DELETE FROM session"
    " WHERE person = :no";

static const char sql_end_tokens[] =
    "DELETE FROM api_token"
    " WHERE person = :no";

static const char sql_end_links[] =
    "DELETE FROM link"
    " WHERE person = :no AND used_s IS NULL";

int people_end_all(struct db *souk, int64_t no, struct err *err)
{
    int rc = people_run(souk, sql_end_sessions, no, NULL, err);
    if (rc >= 0)
        rc = people_run(souk, sql_end_tokens, no, NULL, err);
    if (rc >= 0)
        rc = people_run(souk, sql_end_links, no, NULL, err);
    return rc < 0 ? rc : 0;
}

/* ---- persons ------------------------------------------------------------------------------------ */

int people_email(struct arena *a, const char *typed, const char **email, struct err *err)
{
    typed += strspn(typed, " \t\r\n");
    size_t n = strlen(typed);
    while (n && strchr(" \t\r\n", typed[n - 1]))
        n--;
    char *at = arena_textn(a, typed, n);
    bool is_good = n >= 3 && n <= EMAIL_BYTES && utf8_is_valid(at, n);
    for (char *c = at; *c; c++) {
        is_good &= (unsigned char)*c > ' ' && *c != 0x7F && !strchr("\"'(),:;<>[\\]", *c);
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    }
    const char *sign = strchr(at, '@');
    if (!is_good || !sign || sign == at || !sign[1] || strchr(sign + 1, '@') || sign[1] == '.' || at[n - 1] == '.')
        return err_set(err, ERR_INPUT, "\"%.80s\" is no e-mail address; it looks like anna@example.com.", at);
    *email = at;
    return 0;
}

static int check_name(const char *name, struct err *err)
{
    size_t n = strlen(name);
    bool is_good = n && n <= NAME_BYTES && utf8_is_valid(name, n) && name[strspn(name, " ")];
    for (const char *c = name; *c; c++)
        is_good &= (unsigned char)*c >= ' ' && *c != 0x7F;
    return is_good ? 0 : err_set(err, ERR_INPUT, "A name has 1 to %d bytes on one line.", NAME_BYTES);
}

static const char sql_count[] =
    "SELECT count(*) FROM person";

int people_count(struct db *souk, int64_t *n, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_count, err);
    if (!s)
        return -err->code;
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc;
    *n = stmt_int(s, 0);
    stmt_reset(s);
    return 0;
}

static const char sql_add[] =
    "INSERT INTO person (email, name, language, created_s)"
    " VALUES (:email, :name, :language, :created_s)"
    " ON CONFLICT (email) DO NOTHING";

int people_add_in(struct db *souk, const char *email, const char *name, const char *language, const struct deed *by,
                  int64_t *no, struct err *err)
{
    struct arena *a = arena_new("people", 512);
    struct stmt *add = stmt_of(souk, sql_add, err);
    int rc = add ? check_name(name, err) : -err->code;
    if (rc == 0) {
        bind_text(add, 1, email);
        bind_text(add, 2, name);
        bind_text(add, 3, language);
        bind_int(add, 4, by->now_s);
        rc = stmt_run(souk, add, err);
    }
    if (rc == 0)
        rc = err_set(err, ERR_BUSY, "There is a user %s already.", email);
    if (rc > 0) {
        *no = db_last_row(souk);
        rc = people_note(souk, by, "user.add", people_ref(a, *no), err, "email", email, "name", name, NULL);
    }
    arena_free(a);
    return rc;
}

int people_add(struct db *souk, const char *email, const char *name, const char *language, const struct deed *by,
               int64_t *no, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    return db_end(souk, people_add_in(souk, email, name, language, by, no, err), err);
}

#define PERSON_COLUMNS \
    "p.no, p.email, p.name, p.language, p.is_disabled, p.password_sealed IS NOT NULL," \
    " EXISTS (SELECT 1 FROM second_factor f WHERE f.person = p.no AND f.is_on = 1), p.created_s, p.signed_in_s"

static struct person person_of(struct arena *a, const struct stmt *s)
{
    return (struct person){
        .no = stmt_int(s, 0), .email = arena_text(a, stmt_text(s, 1)), .name = arena_text(a, stmt_text(s, 2)),
        .language = arena_text(a, stmt_text(s, 3)), .is_disabled = stmt_int(s, 4), .has_password = stmt_int(s, 5),
        .has_factor = stmt_int(s, 6), .created_s = stmt_int(s, 7), .signed_in_s = stmt_int(s, 8),
    };
}

/* One person, by the statement's only parameter, which is bound. */
static int person_one(struct db *souk, struct arena *a, struct stmt *s, struct person *p, struct err *err)
{
    int rc = stmt_step(souk, s, err);
    if (rc > 0) {
        *p = person_of(a, s);
        stmt_reset(s);
    }
    return rc;
}

static const char sql_get[] =
    "SELECT " PERSON_COLUMNS " FROM person p"
    " WHERE p.no = :no";

int people_get(struct db *souk, struct arena *a, int64_t no, struct person *p, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_get, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, no);
    int rc = person_one(souk, a, s, p, err);
    return rc > 0 ? 0 : rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no user number %lld.", (long long)no);
}

static const char sql_find[] =
    "SELECT " PERSON_COLUMNS " FROM person p"
    " WHERE p.email = :email";

int people_find(struct db *souk, struct arena *a, const char *email, struct person *p, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_find, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, email);
    int rc = person_one(souk, a, s, p, err);
    return rc > 0 ? 0 : rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no user %.80s; `souk user list` lists them.",
                                              email);
}

static const char sql_list[] =
    "SELECT " PERSON_COLUMNS " FROM person p"
    " WHERE :account = '' OR EXISTS (SELECT 1 FROM person_role r WHERE r.person = p.no AND r.account = :account)"
    " ORDER BY p.email";

/* Room for one more of n. */
static void *grown(struct arena *a, const void *list, size_t n, size_t size)
{
    if (n & (n - 1) || n == 1)                          /* doubled at 0, 2, 4, 8 ... */
        return NULL;
    void *more = arena_alloc(a, (n ? 2 * n : 2) * size);
    return n ? memcpy(more, list, n * size) : more;
}

#define GROW(a, list, n) \
    do { \
        void *more_ = grown((a), (list), (n), sizeof *(list)); \
        if (more_) \
            (list) = more_; \
    } while (0)

int people_list(struct db *souk, struct arena *a, const char *account, const struct person **list, size_t *n,
                struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_list, err);
    struct person *all = NULL;
    int rc = s ? 0 : -err->code;
    *n = 0;
    if (s)
        bind_text(s, 1, account ? account : "");
    while (s && (rc = stmt_step(souk, s, err)) > 0) {
        GROW(a, all, *n);
        all[(*n)++] = person_of(a, s);
    }
    *list = all;
    return rc;
}

static const char sql_rename[] =
    "UPDATE person SET name = :name, language = :language"
    " WHERE no = :no";

static int no_person(int64_t no, struct err *err)
{
    return err_set(err, ERR_ABSENT, "There is no user number %lld.", (long long)no);
}

int people_rename(struct db *souk, int64_t no, const char *name, const char *language, const struct deed *by,
                  struct err *err)
{
    struct arena *a = arena_new("people", 512);
    struct stmt *s = stmt_of(souk, sql_rename, err);
    int rc = s ? check_name(name, err) : -err->code;
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        goto out;
    bind_text(s, 1, name);
    bind_text(s, 2, language);
    bind_int(s, 3, no);
    rc = stmt_run(souk, s, err);
    if (rc == 0)
        rc = no_person(no, err);
    if (rc > 0)
        rc = people_note(souk, by, "user.rename", people_ref(a, no), err, "name", name, "language", language, NULL);
    rc = db_end(souk, rc, err);
out:
    arena_free(a);
    return rc;
}

/* ---- the last owner ------------------------------------------------------------------------------- */

/* An account of which this person is owner, and nobody else who can sign in. */
static const char sql_only_owner[] =
    "SELECT r.account FROM person_role r"
    " WHERE r.person = :no AND r.role = 'owner' AND (:account = '' OR r.account = :account)"
    "   AND NOT EXISTS (SELECT 1 FROM person_role o JOIN person p ON p.no = o.person"
    "                   WHERE o.account = r.account AND o.role = 'owner' AND o.person <> r.person"
    "                     AND p.is_disabled = 0 AND p.password_sealed IS NOT NULL)"
    " ORDER BY r.account";

static int keep_an_owner(struct db *souk, int64_t no, const char *account, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_only_owner, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, no);
    bind_text(s, 2, account);
    int rc = stmt_step(souk, s, err);
    if (rc > 0) {
        rc = err_set(err, ERR_DENIED, "This is the only owner of the account %s who can sign in. Make somebody else its"
                     " owner first.", stmt_text(s, 0));
        stmt_reset(s);
    }
    return rc;
}

static const char sql_disable[] =
    "UPDATE person SET is_disabled = 1"
    " WHERE no = :no";

static const char sql_enable[] =
    "UPDATE person SET is_disabled = 0"
    " WHERE no = :no";

int people_disable(struct db *souk, int64_t no, bool is_disabled, const struct deed *by, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct arena *a = arena_new("people", 512);
    if (is_disabled)
        rc = keep_an_owner(souk, no, "", err);
    if (rc == 0)
        rc = people_run(souk, is_disabled ? sql_disable : sql_enable, no, NULL, err);
    if (rc == 0)
        rc = no_person(no, err);
    if (rc > 0)
        rc = is_disabled ? people_end_all(souk, no, err) : 0;
    if (rc == 0)
        rc = people_note(souk, by, is_disabled ? "user.disable" : "user.enable", people_ref(a, no), err, NULL);
    arena_free(a);
    return db_end(souk, rc, err);
}

/* ---- roles ------------------------------------------------------------------------------------------ */

static const char sql_roles[] =
    "SELECT account, role FROM person_role"
    " WHERE person = :no"
    " ORDER BY account";

int people_roles(struct db *souk, struct arena *a, int64_t no, const struct person_role **list, size_t *n,
                 struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_roles, err);
    struct person_role *all = NULL;
    int rc = s ? 0 : -err->code;
    *n = 0;
    if (s)
        bind_int(s, 1, no);
    while (s && (rc = stmt_step(souk, s, err)) > 0) {
        GROW(a, all, *n);
        all[(*n)++] = (struct person_role){ arena_text(a, stmt_text(s, 0)), role_named(stmt_text(s, 1)) };
    }
    *list = all;
    return rc;
}

static const char sql_is_account[] =
    "SELECT 1 FROM account"
    " WHERE name = :account AND EXISTS (SELECT 1 FROM person WHERE no = :no)";

static int is_there(struct db *souk, int64_t no, const char *account, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_is_account, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, account);
    bind_int(s, 2, no);
    int rc = stmt_step(souk, s, err);
    stmt_reset(s);
    return rc > 0 ? 0 : rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no account %.60s, or no user number %lld.", account,
                                              (long long)no);
}

static const char sql_role_put[] =
    "INSERT INTO person_role (person, account, role)"
    " VALUES (:no, :account, :role)"
    " ON CONFLICT (person, account) DO UPDATE"
    " SET role = excluded.role";

static const char sql_role_drop[] =
    "DELETE FROM person_role"
    " WHERE person = :no AND account = :account";

static const char sql_grants_drop[] =
    "DELETE FROM person_grant"
    " WHERE person = :no AND account = :account";

static const char sql_tokens_drop[] =
    "DELETE FROM api_token"
    " WHERE person = :no AND account = :account";

static int role_put(struct db *souk, int64_t no, const char *account, enum role role, struct err *err)
{
    struct stmt *put = stmt_of(souk, sql_role_put, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, no);
    bind_text(put, 2, account);
    bind_text(put, 3, role_word(role));
    return stmt_run(souk, put, err);
}

int people_set_role_in(struct db *souk, int64_t no, const char *account, enum role role, const struct deed *by,
                       struct err *err)
{
    struct arena *a = arena_new("people", 512);
    int rc = is_there(souk, no, account, err);
    if (rc == 0 && role != ROLE_OWNER)
        rc = keep_an_owner(souk, no, account, err);
    if (rc == 0)
        rc = role ? role_put(souk, no, account, role, err) : people_run(souk, sql_role_drop, no, account, err);
    if (rc >= 0 && role != ROLE_STAFF)
        rc = people_run(souk, sql_grants_drop, no, account, err);
    if (rc >= 0 && !role)
        rc = people_run(souk, sql_tokens_drop, no, account, err);
    if (rc >= 0)
        rc = people_note(souk, by, "user.role", people_ref(a, no), err, "account", account, "role",
                         role ? role_word(role) : "none", NULL);
    arena_free(a);
    return rc;
}

int people_set_role(struct db *souk, int64_t no, const char *account, enum role role, const struct deed *by,
                    struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    return db_end(souk, people_set_role_in(souk, no, account, role, by, err), err);
}

/* ---- grants ----------------------------------------------------------------------------------------- */

static const char sql_grants[] =
    "SELECT object, may FROM person_grant"
    " WHERE person = :no AND account = :account"
    " ORDER BY object";

int people_grants(struct db *souk, struct arena *a, int64_t no, const char *account, const struct grant **list,
                  size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_grants, err);
    struct grant *all = NULL;
    int rc = s ? 0 : -err->code;
    *n = 0;
    if (s) {
        bind_int(s, 1, no);
        bind_text(s, 2, account);
    }
    while (s && (rc = stmt_step(souk, s, err)) > 0) {
        GROW(a, all, *n);
        all[(*n)++] = (struct grant){ arena_text(a, stmt_text(s, 0)), may_named(stmt_text(s, 1)) };
    }
    *list = all;
    return rc;
}

static const char sql_grant_put[] =
    "INSERT INTO person_grant (person, account, object, may)"
    " SELECT person, account, :object, :may FROM person_role"
    " WHERE person = :no AND account = :account AND role = 'staff'"
    " ON CONFLICT (person, account, object) DO UPDATE"
    " SET may = excluded.may";

static const char sql_grant_drop[] =
    "DELETE FROM person_grant"
    " WHERE person = :no AND account = :account AND object = :object";

static int grant_put(struct db *souk, int64_t no, const char *account, const char *object, enum may may,
                     struct err *err)
{
    struct stmt *s = stmt_of(souk, may ? sql_grant_put : sql_grant_drop, err);
    if (!s)
        return -err->code;
    bind_text(s, bind_index(s, ":object"), object);
    bind_int(s, bind_index(s, ":no"), no);
    bind_text(s, bind_index(s, ":account"), account);
    if (may)
        bind_text(s, bind_index(s, ":may"), may_word(may));
    int rc = stmt_run(souk, s, err);
    if (rc == 0 && may)
        rc = err_set(err, ERR_INPUT, "Only staff has grants, and user number %lld is no staff of the account %.60s. Give the role"
                     " staff first.", (long long)no, account);
    return rc;
}

int people_grant(struct db *souk, int64_t no, const char *account, const char *object, enum may may,
                 const struct deed *by, struct err *err)
{
    if (!authz_is_object(object))
        return err_set(err, ERR_INPUT, "\"%.80s\" is nothing that can be granted. Write widget:sales, settings:business,"
                       " page:imports, command:case.reply, or widget:* for all widgets.", object);
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct arena *a = arena_new("people", 512);
    rc = grant_put(souk, no, account, object, may, err);
    if (rc >= 0)
        rc = people_note(souk, by, "user.grant", people_ref(a, no), err, "account", account, "object", object, "may",
                         may ? may_word(may) : "-", NULL);
    arena_free(a);
    return db_end(souk, rc, err);
}

/* ---- who ---------------------------------------------------------------------------------------------- */

static const char sql_who[] =
    "SELECT p.email, p.is_disabled, r.role FROM person p"
    " LEFT JOIN person_role r ON r.person = p.no AND r.account = :account"
    " WHERE p.no = :no";

int people_who(struct db *souk, struct arena *a, int64_t no, const char *account, struct who *who, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_who, err);
    *who = (struct who){ .name = "-", .account = "" };
    if (!s)
        return -err->code;
    bind_text(s, 1, account ? account : "");
    bind_int(s, 2, no);
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc < 0 ? rc : no_person(no, err);
    const char *email = arena_text(a, stmt_text(s, 0));
    bool is_disabled = stmt_int(s, 1);
    enum role role = role_named(stmt_text(s, 2));
    stmt_reset(s);
    if (is_disabled)
        return err_set(err, ERR_DENIED, "The user %s is disabled. Ask the owner of the account.", email);
    *who = (struct who){ .name = email, .user = no, .account = role ? arena_text(a, account) : "", .role = role };
    return role == ROLE_STAFF ? people_grants(souk, a, no, account, &who->grant, &who->n_grants, err) : 0;
}
