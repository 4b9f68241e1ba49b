/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c: who is signed in.
 *
 * in:     ids, clocks
 * out:    rows of session
 * knows:  db, people, secret
 *
 * The steady clock starts anew with the machine: then it tells less than has passed, never more, so it ends no
 * session too early.
 */
#include "session.h"

#include <string.h>

#include "people_in.h"
#include "secret.h"

enum { ID_BYTES = 32, IDLE_S = 1800, WHOLE_S = 43200, WAITING_S = 600, SEEN_EVERY_S = 60, LABEL_BYTES = 200 };

static const char *const stage_words[] = { "", "second", "set_up", "whole" };

static enum stage stage_named(const char *word)
{
    for (size_t i = 1; i < COUNT_OF(stage_words); i++)
        if (text_is(stage_words[i], word))
            return (enum stage)i;
    return 0;
}

/* What has passed since, by the clock that saw more of it. */
static int64_t passed_s(int64_t then_s, int64_t then_ms, struct clocks now)
{
    int64_t wall = now.wall_s - then_s, steady = (now.steady_ms - then_ms) / 1000;
    return wall > steady ? wall : steady;
}

static const char sql_start[] =
    "INSERT INTO session (hash, person, stage, label, created_s, created_ms, seen_s, seen_ms, proven_s, proven_ms)"
    " VALUES (:hash, :person, :stage, :label, :now_s, :now_ms, :now_s, :now_ms, :now_s, :now_ms)";

static const char sql_drop_old[] =
    "DELETE FROM session"
    " WHERE created_s < :old_s";

int session_start(struct db *souk, struct arena *a, int64_t user, enum stage stage, const char *label,
                  struct clocks now, const struct deed *by, const char **id, struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    size_t n = strlen(label);
    *id = secret_new(a, "", ID_BYTES);
    secret_hash(*id, hash);
    for (n = n < LABEL_BYTES ? n : LABEL_BYTES; n && !utf8_is_valid(label, n); )
        n--;
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, sql_start, err);
    rc = s ? people_run(souk, sql_drop_old, now.wall_s - WHOLE_S, NULL, err) : -err->code;
    if (rc >= 0) {
        bind_blob(s, 1, hash, sizeof hash);
        bind_int(s, 2, user);
        bind_text(s, 3, stage_words[stage]);
        bind_textn(s, 4, label, n);
        bind_int(s, 5, now.wall_s);
        bind_int(s, 6, now.steady_ms);
        rc = stmt_run(souk, s, err);
    }
    if (rc >= 0)
        rc = people_note(souk, by, "session.start", people_ref(a, user), err, "stage", stage_words[stage], NULL);
    return db_end(souk, rc, err);
}

/* ---- finding ---------------------------------------------------------------------------------- */

#define SESSION_COLUMNS \
    "no, person, stage, label, created_s, created_ms, seen_s, seen_ms, proven_s, proven_ms"

/* false: it is over. */
static bool session_of(struct arena *a, const struct stmt *s, struct clocks now, struct session *out, int64_t *idle_s)
{
    int64_t age_s = passed_s(stmt_int(s, 4), stmt_int(s, 5), now);
    *idle_s = passed_s(stmt_int(s, 6), stmt_int(s, 7), now);
    *out = (struct session){
        .no = stmt_int(s, 0), .user = stmt_int(s, 1), .stage = stage_named(stmt_text(s, 2)),
        .label = arena_text(a, stmt_text(s, 3)), .created_s = stmt_int(s, 4), .seen_s = stmt_int(s, 6),
        .proven_age_s = passed_s(stmt_int(s, 8), stmt_int(s, 9), now),
    };
    return *idle_s < IDLE_S && age_s < (out->stage == STAGE_WHOLE ? WHOLE_S : WAITING_S);
}

static const char sql_find[] =
    "SELECT " SESSION_COLUMNS " FROM session"
    " WHERE hash = :hash";

static const char sql_seen[] =
    "UPDATE session SET seen_s = :now_s, seen_ms = :now_ms"
    " WHERE no = :no";

static const char sql_end[] =
    "DELETE FROM session"
    " WHERE no = :no";

static int seen(struct db *souk, int64_t no, struct clocks now, struct err *err)
{
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, sql_seen, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_int(s, 1, now.wall_s);
        bind_int(s, 2, now.steady_ms);
        bind_int(s, 3, no);
        rc = stmt_run(souk, s, err);
    }
    return db_end(souk, rc < 0 ? rc : 0, err);
}

int session_find(struct db *souk, struct arena *a, const char *id, struct clocks now, struct session *out, struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    int64_t idle_s = 0;
    bool is_good = false;
    struct stmt *s = stmt_of(souk, sql_find, err);
    if (!s)
        return -err->code;
    secret_hash(id, hash);
    bind_blob(s, 1, hash, sizeof hash);
    int rc = stmt_step(souk, s, err);
    bool is_there = rc > 0;
    if (is_there) {
        is_good = session_of(a, s, now, out, &idle_s);
        stmt_reset(s);
    }
    if (rc < 0)
        return rc;
    if (is_there && !is_good)
        rc = people_run(souk, sql_end, out->no, NULL, err);
    else if (is_good && idle_s >= SEEN_EVERY_S)
        rc = seen(souk, out->no, now, err);
    if (rc < 0)
        return rc;
    return is_good ? 0 : err_set(err, ERR_ABSENT, "Sign in: there is no session, or it is over.");
}

static const char sql_renew[] =
    "UPDATE session SET hash = :hash, stage = :stage, seen_s = :now_s, seen_ms = :now_ms, proven_s = :now_s, proven_ms = :now_ms"
    " WHERE no = :no";

int session_renew(struct db *souk, struct arena *a, int64_t no, enum stage stage, struct clocks now,
                  const struct deed *by, const char **id, struct err *err)
{
    unsigned char hash[SECRET_HASH_BYTES];
    *id = secret_new(a, "", ID_BYTES);
    secret_hash(*id, hash);
    int rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct stmt *s = stmt_of(souk, sql_renew, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_blob(s, 1, hash, sizeof hash);
        bind_text(s, 2, stage_words[stage]);
        bind_int(s, 3, now.wall_s);
        bind_int(s, 4, now.steady_ms);
        bind_int(s, 5, no);
        rc = stmt_run(souk, s, err);
    }
    if (rc == 0 && s)
        rc = err_set(err, ERR_ABSENT, "Sign in: there is no session, or it is over.");
    if (rc > 0)
        rc = people_note(souk, by, "session.renew", "", err, "stage", stage_words[stage], NULL);
    return db_end(souk, rc, err);
}

/* ---- list, end ---------------------------------------------------------------------------------- */

static const char sql_list[] =
    "SELECT " SESSION_COLUMNS " FROM session"
    " WHERE person = :user"
    " ORDER BY seen_s DESC, no DESC";

static const char sql_count[] =
    "SELECT count(*) FROM session"
    " WHERE person = :user";

int session_list(struct db *souk, struct arena *a, int64_t user, struct clocks now, const struct session **list,
                 size_t *n, struct err *err)
{
    struct stmt *count = stmt_of(souk, sql_count, err), *s = stmt_of(souk, sql_list, err);
    *n = 0;
    if (!s || !count)
        return -err->code;
    bind_int(count, 1, user);
    int rc = stmt_step(souk, count, err);
    if (rc <= 0)
        return rc;
    size_t room = (size_t)stmt_int(count, 0);
    stmt_reset(count);
    struct session *all = arena_alloc(a, (room + 1) * sizeof *all);
    bind_int(s, 1, user);
    while ((rc = stmt_step(souk, s, err)) > 0) {
        int64_t idle_s;
        if (*n < room && session_of(a, s, now, &all[*n], &idle_s))
            ++*n;
    }
    *list = all;
    return rc;
}

static const char sql_end_one[] =
    "DELETE FROM session"
    " WHERE person = :user AND no = :no";

static const char sql_end_others[] =
    "DELETE FROM session"
    " WHERE person = :user AND no <> :keep";

static int end(struct db *souk, const char *sql, int64_t user, int64_t no, const char *what, const struct deed *by,
               struct err *err)
{
    int ended = 0, rc = db_begin(souk, err);
    if (rc < 0)
        return rc;
    struct arena *a = arena_new("session", 256);
    struct stmt *s = stmt_of(souk, sql, err);
    rc = s ? 0 : -err->code;
    if (s) {
        bind_int(s, 1, user);
        bind_int(s, 2, no);
        ended = rc = stmt_run(souk, s, err);
    }
    if (rc > 0)
        rc = people_note(souk, by, what, people_ref(a, user), err, NULL);
    arena_free(a);
    rc = db_end(souk, rc, err);
    return rc < 0 ? rc : ended;
}

int session_end(struct db *souk, int64_t user, int64_t no, const struct deed *by, struct err *err)
{
    int rc = end(souk, sql_end_one, user, no, "session.end", by, err);
    return rc > 0 ? 0 : rc < 0 ? rc : err_set(err, ERR_ABSENT, "There is no such session; it may be over already.");
}

int session_end_others(struct db *souk, int64_t user, int64_t keep, const struct deed *by, struct err *err)
{
    return end(souk, sql_end_others, user, keep, "session.end_others", by, err);
}
