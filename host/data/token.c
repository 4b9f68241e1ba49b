/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.c: API tokens.
 *
 * in:     persons and what their tokens are for; secrets
 * out:    rows of api_token; a who
 * knows:  db, people, secret
 */
#include "token.h"

#include <string.h>

#include "people_in.h"
#include "secret.h"

enum { ID_BYTES = 32, OBJECTS_MOST = 50, TITLE_BYTES = 100, USED_EVERY_S = 60 };

/* "a b" as grants without a may; NULL: one of them is no object. */
static struct grant *scopes(struct arena *a, const char *objects, size_t *n)
{
    struct grant *list = arena_alloc(a, OBJECTS_MOST * sizeof *list);
    *n = 0;
    for (const char *at = objects + strspn(objects, " "); *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        char *object = arena_textn(a, at, len);
        if (*n == OBJECTS_MOST || !authz_is_object(object))
            return NULL;
        list[(*n)++] = (struct grant){ object, 0 };
        at += len;
    }
    return list;
}

static int check(struct arena *a, const struct token *t, int64_t now_s, struct err *err)
{
    size_t n, len = strlen(t->title);
    if (!len || len > TITLE_BYTES || !utf8_is_valid(t->title, len) || strpbrk(t->title, "\r\n\t"))
        return err_set(err, ERR_INPUT, "A token has a title of 1 to %d bytes, to tell it from others.", TITLE_BYTES);
    if (!scopes(a, t->objects, &n))
        return err_set(err, ERR_INPUT, "A token is for %d objects at most, written like widget:sales or settings:*; \"%.80s\" is"
                       " none of them.", OBJECTS_MOST, t->objects);
    if (!*right_word(t->at_most))
        return err_set(err, ERR_INPUT, "A token may at most view, edit, admin or owner.");
    if (t->ends_s <= now_s || t->ends_s > now_s + TOKEN_DAYS_MOST * INT64_C(86400))
        return err_set(err, ERR_INPUT, "A token ends within the next %d days.", TOKEN_DAYS_MOST);
    return 0;
}

static const char sql_add[] =
    "INSERT INTO api_token (hash, person, title, account, at_most, objects, created_s, ends_s)"
    " SELECT :hash, person, :title, account, :at_most, :objects, :created_s, :ends_s FROM person_role"
    " WHERE person = :user AND account = :account";

int token_make(struct db *souk, struct arena *a, const struct token *t, const struct deed *by, const char **secret,
               struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    int rc = check(a, t, by->now_s, err);
    if (rc == 0)
        rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    *secret = secret_new(a, "souk_", ID_BYTES);
    secret_hash(*secret, hash);
    struct stmt *s = stmt_of(souk, sql_add, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_blob(s, 1, hash, sizeof hash);
        bind_text(s, 2, t->title);
        bind_text(s, 3, right_word(t->at_most));
        bind_text(s, 4, t->objects);
        bind_int(s, 5, by->now_s);
        bind_int(s, 6, t->ends_s);
        bind_int(s, 7, t->user);
        bind_text(s, 8, t->account);
        rc = stmt_run(souk, s, err);
        if (rc == 0)
            rc = err_set(err, ERR_DENIED, "User number %lld has no role in an account %.60s.", (long long)t->user, t->account);
    }
    if (rc > 0)
        rc = people_note(souk, by, "token.add", people_ref(a, t->user), err, "title", t->title, "account", t->account,
                         "right", right_word(t->at_most), "objects", t->objects, NULL);
    return db_end(souk, rc, err);
}

static const char sql_count[] =
    "SELECT count(*) FROM api_token";

static const char sql_list[] =
    "SELECT no, person, title, account, at_most, objects, created_s, ends_s, used_s FROM api_token"
    " WHERE :user = 0 OR person = :user"
    " ORDER BY no DESC";

int token_list(struct db *souk, struct arena *a, int64_t user, const struct token **list, size_t *n, struct err *err)
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
    struct token *all = arena_alloc(a, (room + 1) * sizeof *all);
    bind_int(s, 1, user);
    while ((rc = stmt_step(souk, s, err)) > 0)
        if (*n < room)
            all[(*n)++] = (struct token){
                stmt_int(s, 0), stmt_int(s, 1), arena_text(a, stmt_text(s, 2)), arena_text(a, stmt_text(s, 3)),
                right_named(stmt_text(s, 4)), arena_text(a, stmt_text(s, 5)), stmt_int(s, 6), stmt_int(s, 7), stmt_int(s, 8),
            };
    *list = all;
    return rc;
}

static const char sql_end[] =
    "DELETE FROM api_token"
    " WHERE no = :no AND (:user = 0 OR person = :user)";

int token_end(struct db *souk, int64_t user, int64_t no, const struct deed *by, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, sql_end, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_int(s, 1, no);
        bind_int(s, 2, user);
        rc = stmt_run(souk, s, err);
        if (rc == 0)
            rc = err_set(err, ERR_ABSENT, "There is no token %lld; it may have been ended already.", (long long)no);
    }
    if (rc > 0) {
        struct arena *a = arena_new("token", 256);
        rc = people_note(souk, by, "token.end", arena_printf(a, "token:%lld", (long long)no), err, NULL);
        arena_free(a);
    }
    return db_end(souk, rc, err);
}

/* ---- use -------------------------------------------------------------------------------------- */

static const char sql_find[] =
    "SELECT no, person, account, at_most, objects, used_s FROM api_token"
    " WHERE hash = :hash AND ends_s > :now_s";

static const char sql_used[] =
    "UPDATE api_token SET used_s = :now_s"
    " WHERE no = :no";

static int used(struct db *souk, int64_t no, int64_t now_s, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, sql_used, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_int(s, 1, now_s);
        bind_int(s, 2, no);
        rc = stmt_run(souk, s, err);
    }
    return db_end(souk, rc < 0 ? rc : 0, err);
}

int token_who(struct db *souk, struct arena *a, const char *secret, int64_t now_s, struct who *who, struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    struct stmt *s = stmt_of(souk, sql_find, err);
    if (!s)
        return -err->code;
    secret_hash(secret, hash);
    bind_blob(s, 1, hash, sizeof hash);
    bind_int(s, 2, now_s);
    int rc = stmt_step(souk, s, err);
    if (rc <= 0)
        return rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no such API token, or it has ended.");
    int64_t no = stmt_int(s, 0), user = stmt_int(s, 1), used_s = stmt_int(s, 5);
    const char *account = arena_text(a, stmt_text(s, 2)), *objects = arena_text(a, stmt_text(s, 4));
    enum right at_most = right_named(stmt_text(s, 3));
    stmt_reset(s);
    rc = people_who(souk, a, user, account, who, err);
    if (rc < 0)
        return rc;
    who->token = no;
    who->at_most = at_most ? at_most : RIGHT_VIEW;
    who->scope = scopes(a, objects, &who->n_scopes);
    if (!who->scope)
        who->role = 0;
    return now_s - used_s >= USED_EVERY_S || now_s < used_s ? used(souk, no, now_s, err) : 0;
}
