/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_log.c: who did what: the log of the account, and that of the program (sign-ins, users, tokens), as page, JSON, CSV.
 *
 * The program's log names people of all accounts, so it is for who owns every one of them.  Whether the chain of seals
 * holds is looked at whenever the page is.
 */
#include "visit.h"

#include <jansson.h>
#include <string.h>

#include "data/audit.h"

enum { PAGE_ROWS = 100, CSV_ROWS = 100000, SEALS = 10000 };

static const char log_columns[] = "no:count at:instant actor:text via:text command:text ref:text result:text args:text";

/* The newest first; :before is where the page before ended. */
static const char sql_log[] =
    "SELECT no, at_s, actor, via, command, ref, result, args FROM audit"
    " WHERE no < :before"
    "  AND (:who = '' OR actor = :who)"
    "  AND (:what = '' OR substr(command, 1, length(:what)) = :what)"
    "  AND at_s >= :from AND at_s < :to"
    " ORDER BY no DESC"
    " LIMIT :limit";

struct asked {
    struct db *db;
    bool is_program, may_program;
    const char *who, *what;
    int64_t before, from_s, to_s;
};

static const char *text_arg(struct visit *v, const char *name)
{
    const char *text = visit_arg(v, name);
    return text ? text : "";
}

/* The first and the last day, both included; nothing: all of them. */
static int read_day(struct visit *v, const char *name, int64_t otherwise_s, int64_t *at_s, struct err *err)
{
    const char *text = text_arg(v, name);
    int32_t day;
    *at_s = otherwise_s;
    if (!*text)
        return 0;
    if (!day_parse(text, &day))
        return err_set(err, ERR_INPUT, "'%.20s' is no day: write it like 2026-11-23.", text);
    *at_s = ((int64_t)day + text_is(name, "to")) * 86400;
    return 0;
}

static int owns_all(struct visit *v, bool *does, struct err *err)
{
    const char *const *names;
    size_t n;
    *does = v->who.role == ROLE_OWNER && !v->who.token;
    if (!*does || !v->who.user)
        return 0;
    if (account_names(v->w->folder, v->a, &names, &n, err) < 0)
        return -err->code;
    for (size_t i = 0; i < n; i++) {
        struct who there;
        if (people_who(v->w->souk, v->a, v->who.user, names[i], &there, err) < 0)
            return -err->code;
        *does &= there.role == ROLE_OWNER;
    }
    return 0;
}

static int read_asked(struct visit *v, struct asked *q, struct err *err)
{
    const char *before = text_arg(v, "before");
    *q = (struct asked){ .db = v->db, .who = text_arg(v, "who"), .what = text_arg(v, "what"), .before = INT64_MAX };
    if (*before && !text_int(before, &q->before))
        return err_set(err, ERR_INPUT, "'%.20s' is no number of an entry.", before);
    if (read_day(v, "from", 0, &q->from_s, err) < 0 || read_day(v, "to", INT64_MAX, &q->to_s, err) < 0
        || owns_all(v, &q->may_program, err) < 0)
        return -err->code;
    q->is_program = text_is(text_arg(v, "of"), "program");
    if (q->is_program && !q->may_program)
        return err_set(err, ERR_DENIED, "The log of the program is for who owns every account, signed in.");
    if (q->is_program)
        q->db = v->w->souk;
    return 0;
}

/* One more than are shown tells that there are more. */
static int read_rows(struct visit *v, const struct asked *q, uint32_t limit, struct souk_rows *rows, struct err *err)
{
    enum { COLUMNS = 8 };
    struct stmt *s = stmt_of(q->db, sql_log, err);
    struct souk_value *cell = NULL;
    size_t n = 0, room = 0;
    int rc = s ? 0 : -err->code;
    if (!s)
        return rc;
    bind_int(s, 1, q->before);
    bind_text(s, 2, q->who);
    bind_text(s, 3, q->what);
    bind_int(s, 4, q->from_s);
    bind_int(s, 5, q->to_s);
    bind_int(s, 6, limit);
    while ((rc = stmt_step(q->db, s, err)) > 0) {
        if (n == room) {
            struct souk_value *more = arena_alloc(v->a, (room = room ? 2 * room : 128) * COLUMNS * sizeof *more);
            if (n)
                memcpy(more, cell, n * COLUMNS * sizeof *more);
            cell = more;
        }
        struct souk_value *at = &cell[n++ * COLUMNS];
        at[0] = souk_count(stmt_int(s, 0));
        at[1] = souk_instant(stmt_int(s, 1));
        for (int c = 2; c < COLUMNS; c++)
            at[c] = souk_text(arena_text(v->a, stmt_text(s, c)));
    }
    *rows = (struct souk_rows){ log_columns, cell, COLUMNS, (uint32_t)n, 0, 0 };
    return rc < 0 ? rc : 0;
}

/* ---- page ---------------------------------------------------------------------------------------------- */

static void put_filter(struct visit *v, const struct asked *q)
{
    static const struct { const char *name, *title; uint32_t type; } fields[] = {
        { "who", "log.who", SOUK_FIELD_LINE }, { "what", "log.what", SOUK_FIELD_LINE },
        { "from", "log.from", SOUK_FIELD_DAY }, { "to", "log.to", SOUK_FIELD_DAY },
    };
    struct buf *out = &v->reply->body;
    html_form_begin(out, v->path, visit_say(v, "log.filter"));
    if (q->is_program)
        html_form_hidden(out, "of", "program");
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct souk_field field = { .size = sizeof field, .type = fields[i].type, .name = fields[i].name, .title = fields[i].title };
        const char *text = text_arg(v, fields[i].name);
        int32_t day;
        const struct souk_value now = fields[i].type == SOUK_FIELD_LINE ? souk_text(text)
                                      : day_parse(text, &day) ? souk_day(day) : souk_none();
        html_form_field(out, &v->face, &field, &now);
    }
    html_form_end(out, visit_say(v, "options.show"));
}

static void put_seals(struct visit *v, const struct asked *q)
{
    struct err broken = { 0 };
    if (audit_verify(q->db, SEALS, &broken) < 0)
        html_notice(&v->reply->body, SOUK_BAD, broken.text);
    else
        html_paragraph(&v->reply->body, visit_say(v, "log.whole"));
}

/* "/settings/log" of this account; "api/log": of its API.  With what was asked for, but for one name that gets another value. */
static const char *address(struct visit *v, const char *path, const char *name, const char *value)
{
    static const char *const kept[] = { "of", "who", "what", "from", "to" };
    struct buf link = { 0 };
    buf_printf(&link, "%s%s%s", path[0] == 'a' ? "/api/v1/a/" : "/a/", v->account, path + strcspn(path, "/"));
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        if (*text_arg(v, kept[i]) && !(name && text_is(name, kept[i])))
            link_arg(&link, kept[i], text_arg(v, kept[i]));
    if (name && *value)
        link_arg(&link, name, value);
    const char *text = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return text;
}

int page_log(struct visit *v, struct err *err)
{
    struct asked q;
    struct souk_rows rows;
    struct column *column;
    struct buf *out = &v->reply->body;
    size_t n_columns;
    if (read_asked(v, &q, err) < 0 || read_rows(v, &q, PAGE_ROWS + 1, &rows, err) < 0
        || columns_parse(v->a, log_columns, &column, &n_columns, err) < 0)
        return -err->code;
    bool has_more = rows.n_rows > PAGE_ROWS;
    if (has_more)
        rows.n_rows = PAGE_ROWS;
    visit_page(v, visit_say(v, "log.title"));
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, q.is_program ? "log.about_program" : "log.about"));
    if (q.may_program) {
        html_links_begin(out, visit_say(v, "log.which"));
        html_link(out, visit_say(v, "log.account"), address(v, "/settings/log", "of", ""), !q.is_program);
        html_link(out, visit_say(v, "log.program"), address(v, "/settings/log", "of", "program"), q.is_program);
        html_links_end(out);
    }
    put_seals(v, &q);
    put_filter(v, &q);
    if (rows.n_rows)
        html_rows(out, &v->face, visit_say(v, "log.title"), &rows, column, n_columns);
    else
        html_paragraph(out, visit_say(v, "log.none"));
    html_links_begin(out, visit_say(v, "links.label"));
    if (has_more) {
        const int64_t last = souk_num(&rows, rows.n_rows - 1, 0, 0);
        html_link(out, visit_say(v, "log.older"), address(v, "/settings/log", "before", arena_printf(v->a, "%lld", (long long)last)), false);
    }
    html_link(out, visit_say(v, "links.json"), address(v, "api/log", NULL, NULL), false);
    html_link(out, visit_say(v, "links.csv"), address(v, "api/log.csv", NULL, NULL), false);
    html_links_end(out);
    visit_page_done(v);
    return 0;
}

static int answer(struct visit *v, bool as_csv, struct err *err)
{
    struct asked q;
    struct souk_rows rows;
    struct column *column;
    size_t n_columns;
    if (read_asked(v, &q, err) < 0 || read_rows(v, &q, as_csv ? CSV_ROWS : PAGE_ROWS, &rows, err) < 0
        || columns_parse(v->a, log_columns, &column, &n_columns, err) < 0)
        return -err->code;
    if (as_csv) {
        csv_rows(&v->reply->body, &v->face, &rows, column, n_columns);
        v->reply->file_name = arena_printf(v->a, "souk-log-%s.csv", q.is_program ? "program" : v->account);
    } else {
        json_write(&v->reply->body, json_rows(&v->face, &rows, column, n_columns));
    }
    visit_done(v, as_csv ? "text/csv; charset=utf-8; header=present" : "application/json");
    return 0;
}

int api_log(struct visit *v, struct err *err)
{
    return answer(v, false, err);
}

int api_log_csv(struct visit *v, struct err *err)
{
    return answer(v, true, err);
}
