/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invite.c: addresses that work once.
 *
 * in:     who may come in, what they answer
 * out:    rows of link; persons, roles and passwords with them
 * knows:  db, people, password, secret
 */
#include "invite.h"

#include <string.h>

#include "password_in.h"
#include "people_in.h"
#include "secret.h"

enum { SECRET_BYTES = 16, SETUP_S = 1800, JOIN_S = 7 * 86400, RESET_S = 86400 };

static const char *const purposes[] = { "", "setup", "invite", "reset" };

/* ---- making ----------------------------------------------------------------------------------- */

static const char sql_add[] =
    "INSERT INTO link (hash, purpose, person, email, account, role, made_by, created_s, ends_s)"
    " VALUES (:hash, :purpose, :person, :email, :account, :role, :made_by, :created_s, :ends_s)";

static const char sql_drop_old[] =
    "DELETE FROM link"
    " WHERE ends_s <= :now_s";

static const char sql_drop_setups[] =
    "DELETE FROM link"
    " WHERE purpose = 'setup' AND :now_s > 0";

static const char sql_drop_resets[] =
    "DELETE FROM link"
    " WHERE person = :person AND purpose = 'reset'";

struct making {
    enum invite_purpose purpose;
    int64_t user, for_s;
    const char *email, *account;
    enum role role;
};

/* Inside a transaction. */
static int make(struct db *souk, struct arena *a, const struct making *m, const struct deed *by, const char **secret,
                struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    struct stmt *add = stmt_of(souk, sql_add, err);
    int rc = add ? people_run(souk, sql_drop_old, by->now_s, NULL, err) : -err->code;
    if (rc < 0)
        return rc;
    *secret = secret_new(a, "", SECRET_BYTES);
    secret_hash(*secret, hash);
    bind_blob(add, 1, hash, sizeof hash);
    bind_text(add, 2, purposes[m->purpose]);
    if (m->user)
        bind_int(add, 3, m->user);
    else
        bind_null(add, 3);
    bind_text(add, 4, m->email);
    bind_text(add, 5, m->account);
    bind_text(add, 6, m->account ? role_word(m->role) : NULL);
    bind_text(add, 7, by->actor);
    bind_int(add, 8, by->now_s);
    bind_int(add, 9, by->now_s + m->for_s);
    rc = stmt_run(souk, add, err);
    if (rc < 0)
        return rc;
    return people_note(souk, by, arena_printf(a, "link.%s", purposes[m->purpose]), m->user ? people_ref(a, m->user) : "",
                       err, "email", m->email, "account", m->account ? m->account : "", "role",
                       m->account ? role_word(m->role) : "", NULL);
}

static int nobody_yet(struct db *souk, struct err *err)
{
    int64_t n;
    int rc = people_count(souk, &n, err);
    return rc < 0 || !n ? rc : err_set(err, ERR_DENIED, "Souk has been set up already. Ask its owner for an invitation, or run"
                                       " `souk user add` on its machine.");
}

int invite_setup(struct db *souk, struct arena *a, const struct deed *by, const char **secret, struct err *err)
{
    const struct making m = { .purpose = INVITE_SETUP, .for_s = SETUP_S, .email = "" };
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    rc = nobody_yet(souk, err);
    if (rc == 0)
        rc = people_run(souk, sql_drop_setups, by->now_s, NULL, err);
    if (rc >= 0)
        rc = make(souk, a, &m, by, secret, err);
    return db_end(souk, rc, err);
}

static const char sql_has_role[] =
    "SELECT 1 FROM person_role r JOIN person p ON p.no = r.person"
    " WHERE p.email = :email AND r.account = :account";

/* An invitation lets somebody in.  What somebody may who is in already is changed by those who may change it. */
static int not_here_yet(struct db *souk, const char *email, const char *account, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_has_role, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, email);
    bind_text(s, 2, account);
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc;
    stmt_reset(s);
    return err_set(err, ERR_DENIED, "%s is a user of %s already: change their role instead.", email, account);
}

int invite_join(struct db *souk, struct arena *a, const char *email, const char *account, enum role role,
                const struct deed *by, const char **secret, struct err *err)
{
    const struct making m = { INVITE_JOIN, 0, JOIN_S, email, account, role };
    int rc = role ? db_begin(souk, err) : err_set(err, ERR_INPUT, "An invitation needs a role: viewer, staff, admin or owner.");
    if (rc < 0)
        return rc;
    rc = not_here_yet(souk, email, account, err);
    return db_end(souk, rc < 0 ? rc : make(souk, a, &m, by, secret, err), err);
}

int invite_reset(struct db *souk, struct arena *a, int64_t user, const struct deed *by, const char **secret,
                 struct err *err)
{
    struct person p;
    int rc = people_get(souk, a, user, &p, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    const struct making m = { INVITE_RESET, user, RESET_S, p.email, NULL, 0 };
    rc = people_run(souk, sql_drop_resets, user, NULL, err);
    if (rc >= 0)
        rc = make(souk, a, &m, by, secret, err);
    return db_end(souk, rc, err);
}

/* ---- looking ---------------------------------------------------------------------------------- */

#define INVITE_COLUMNS \
    "l.no, l.purpose, l.email, l.account, l.role, l.made_by, l.created_s, l.ends_s, l.person," \
    " EXISTS (SELECT 1 FROM person p WHERE p.email = l.email AND p.password_sealed IS NOT NULL)"

static struct invite invite_of(struct arena *a, const struct stmt *s)
{
    struct invite i = {
        .no = stmt_int(s, 0), .email = arena_text(a, stmt_text(s, 2)), .account = arena_text(a, stmt_text(s, 3)),
        .role = role_named(stmt_text(s, 4)), .made_by = arena_text(a, stmt_text(s, 5)), .created_s = stmt_int(s, 6),
        .ends_s = stmt_int(s, 7),
    };
    for (size_t k = 1; k < COUNT_OF(purposes); k++)
        if (text_is(purposes[k], stmt_text(s, 1)))
            i.purpose = (enum invite_purpose)k;
    i.is_known = i.purpose == INVITE_JOIN && stmt_int(s, 9);
    return i;
}

static const char sql_look[] =
    "SELECT " INVITE_COLUMNS " FROM link l"
    " WHERE l.hash = :hash AND l.used_s IS NULL AND l.ends_s > :now_s";

static int look(struct db *souk, struct arena *a, const char *secret, int64_t now_s, struct invite *i, int64_t *user,
                struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    struct stmt *s = stmt_of(souk, sql_look, err);
    if (!s)
        return -err->code;
    secret_hash(secret, hash);
    bind_blob(s, 1, hash, sizeof hash);
    bind_int(s, 2, now_s);
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc < 0 ? rc : err_set(err, ERR_ABSENT, "This link was used already, or is too old. Ask for a new one.");
    *i = invite_of(a, s);
    *user = stmt_int(s, 8);
    stmt_reset(s);
    return 0;
}

int invite_look(struct db *souk, struct arena *a, const char *secret, int64_t now_s, struct invite *i, struct err *err)
{
    int64_t user;
    return look(souk, a, secret, now_s, i, &user, err);
}

static const char sql_count[] =
    "SELECT count(*) FROM link";

static const char sql_list[] =
    "SELECT " INVITE_COLUMNS " FROM link l"
    " WHERE l.purpose = 'invite' AND l.account = :account AND l.used_s IS NULL AND l.ends_s > :now_s"
    " ORDER BY l.no DESC";

int invite_list(struct db *souk, struct arena *a, const char *account, int64_t now_s, const struct invite **list,
                size_t *n, struct err *err)
{
    struct stmt *count = stmt_of(souk, sql_count, err), *s = stmt_of(souk, sql_list, err);
    *n = 0;
    if (!count || !s)
        return -err->code;
    int rc = stmt_step(souk, count, err);
    if (rc <= 0)
        return rc;
    size_t room = (size_t)stmt_int(count, 0);
    stmt_reset(count);
    struct invite *all = arena_alloc(a, (room + 1) * sizeof *all);
    bind_text(s, 1, account);
    bind_int(s, 2, now_s);
    while ((rc = stmt_step(souk, s, err)) > 0)
        if (*n < room)
            all[(*n)++] = invite_of(a, s);
    *list = all;
    return rc;
}

static const char sql_end[] =
    "DELETE FROM link"
    " WHERE no = :no AND account = :account AND purpose = 'invite' AND used_s IS NULL";

int invite_end(struct db *souk, const char *account, int64_t no, const struct deed *by, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    rc = people_run(souk, sql_end, no, account, err);
    if (rc == 0)
        rc = err_set(err, ERR_ABSENT, "There is no such invitation; it may have been used already.");
    if (rc > 0)
        rc = people_note(souk, by, "link.end", "", err, "account", account, NULL);
    return db_end(souk, rc, err);
}

/* ---- taking ------------------------------------------------------------------------------------ */

static const char sql_used[] =
    "UPDATE link SET used_s = :now_s"
    " WHERE no = :no AND used_s IS NULL";

static const char sql_accounts[] =
    "INSERT INTO person_role (person, account, role)"
    " SELECT :no, name, 'owner' FROM account WHERE true";

static const char sql_end_sessions[] =
    "DELETE FROM session"
    " WHERE person = :no";

static const char sql_user[] =
    "SELECT no FROM person"
    " WHERE email = :email";

static int mark_used(struct db *souk, int64_t no, int64_t now_s, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_used, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, now_s);
    bind_int(s, 2, no);
    int rc = stmt_run(souk, s, err);
    return rc < 0 ? rc : 0;
}

/* 1: there is one. */
static int user_of(struct db *souk, const char *email, int64_t *user, struct err *err)
{
    struct stmt *s = stmt_of(souk, sql_user, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, email);
    int rc = stmt_step(souk, s, err);
    if (rc > 0) {
        *user = stmt_int(s, 0);
        stmt_reset(s);
    }
    return rc;
}

static int take_setup(struct db *souk, const struct invite_answer *answer, const struct deed *by, int64_t *user,
                      struct err *err)
{
    int rc = nobody_yet(souk, err);
    if (rc == 0)
        rc = people_add_in(souk, answer->email, answer->name, answer->language, by, user, err);
    if (rc == 0)
        rc = people_run(souk, sql_accounts, *user, NULL, err);
    return rc < 0 ? rc : 0;
}

static int take_join(struct db *souk, const struct invite *i, const struct invite_answer *answer, const struct deed *by,
                     int64_t *user, struct err *err)
{
    int rc = not_here_yet(souk, i->email, i->account, err);     /* perhaps since it was made */
    if (rc == 0)
        rc = user_of(souk, i->email, user, err);
    if (rc == 0)
        rc = people_add_in(souk, i->email, answer->name, answer->language, by, user, err);
    return rc < 0 ? rc : people_set_role_in(souk, *user, i->account, i->role, by, err);
}

/* Everything inside the transaction. */
static int take(struct db *souk, struct vault *v, struct arena *a, const char *secret, const struct invite_answer *answer,
                const char *hash, const struct deed *by, int64_t *user, struct err *err)
{
    struct invite i;
    int rc = look(souk, a, secret, by->now_s, &i, user, err);           /* again: somebody may have been faster */
    if (rc < 0)
        return rc;
    const struct deed self = { i.purpose == INVITE_SETUP ? answer->email : i.email, by->via, by->now_s };
    rc = mark_used(souk, i.no, by->now_s, err);
    if (rc == 0 && i.purpose == INVITE_SETUP)
        rc = take_setup(souk, answer, &self, user, err);
    else if (rc == 0 && i.purpose == INVITE_JOIN)
        rc = take_join(souk, &i, answer, &self, user, err);
    if (rc == 0 && !i.is_known && !hash)
        rc = err_set(err, ERR_BUSY, "The link has changed meanwhile. Try again.");
    if (rc == 0 && !i.is_known)
        rc = password_put_in(souk, v, a, *user, hash, by->now_s, err);
    if (rc == 0 && i.purpose == INVITE_RESET)
        rc = people_run(souk, sql_end_sessions, *user, NULL, err);
    if (rc >= 0)
        rc = people_note(souk, &self, "link.take", people_ref(a, *user), err, "purpose", purposes[i.purpose], NULL);
    return rc;
}

int invite_take(struct db *souk, struct vault *v, const char *secret, const struct invite_answer *answer,
                const struct deed *by, int64_t *user, struct err *err)
{
    struct arena *a = arena_new("invite", 4096);
    struct invite i;
    const char *hash = NULL;
    *user = 0;
    int rc = invite_look(souk, a, secret, by->now_s, &i, err);
    if (rc == 0 && !i.is_known)
        rc = password_hash(a, answer->password, &hash, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc == 0)
        rc = db_end(souk, take(souk, v, a, secret, answer, hash, by, user, err), err);
    arena_free(a);
    return rc;
}
