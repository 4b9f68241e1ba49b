/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_import.c: files that are brought in: uploads, the jobs they become, the list of imports, one of them with its
 * rejected rows.  Pages and API.
 */
#include "visit.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "data/market.h"
#include "element.h"
#include "flow/jobs.h"
#include "flow/reject.h"

enum { AT_ONCE = 50, REJECTS_AT_ONCE = 200, JOBS_SHOWN = 50 };

static const struct souk_to *to_import(struct arena *a, int64_t no)
{
    struct souk_to *to = arena_zero(a, sizeof *to);
    to->size = sizeof *to;
    to->ref = arena_printf(a, "import:%" PRId64, no);
    return to;
}

/* ---- imports as they are stored --------------------------------------------------------------------- */

struct stored {
    int64_t no, at_s, bytes, took_ms, rows, accepted, unchanged, rejected, undone_s;
    const char *name, *format, *title, *charset, *source;
    const struct market *market;
    bool can_undo;
};

/* What the format is called; its id where its plugin is gone. */
static const char *format_title(struct visit *v, const char *format)
{
    const struct plugins *all = v->w->site->plugins;
    for (size_t i = 0; i < plugins_count(all); i++)
        for (size_t k = 0; k < plugins_at(all, i)->n_imports; k++)
            if (text_is(plugins_at(all, i)->imports[k]->id, format))
                return visit_plugin_say(v, plugins_at(all, i), plugins_at(all, i)->imports[k]->title);
    return format;
}

static const char sql_imports[] =
    "SELECT i.no, i.at_s, i.name, i.format, i.charset, m.id, i.bytes, i.took_ms, i.rows, i.accepted, i.unchanged,"
    "       i.rejected, i.undone_s, i.source, i.no = (SELECT max(import_no) FROM undo)"
    " FROM import i LEFT JOIN market m ON m.no = i.market_no"
    " WHERE i.no <= :from"
    " ORDER BY i.no DESC"
    " LIMIT :most";

/* Newest first, from this number on down. */
static int imports_read(struct visit *v, int64_t from, size_t most, struct stored **list, size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(v->db, sql_imports, err);
    *list = arena_zero(v->a, (most + 1) * sizeof **list);
    *n = 0;
    if (!s)
        return -err->code;
    bind_int(s, 1, from);
    bind_int(s, 2, (int64_t)most);
    int rc;
    while ((rc = stmt_step(v->db, s, err)) > 0)
        (*list)[(*n)++] = (struct stored){
            .no = stmt_int(s, 0), .at_s = stmt_int(s, 1), .name = arena_text(v->a, stmt_text(s, 2)),
            .format = arena_text(v->a, stmt_text(s, 3)), .charset = arena_text(v->a, stmt_text(s, 4)),
            .market = market_by_id(stmt_text(s, 5)), .bytes = stmt_int(s, 6), .took_ms = stmt_int(s, 7),
            .rows = stmt_int(s, 8), .accepted = stmt_int(s, 9), .unchanged = stmt_int(s, 10), .rejected = stmt_int(s, 11),
            .undone_s = stmt_int(s, 12), .source = arena_text(v->a, stmt_text(s, 13)), .can_undo = stmt_int(s, 14),
        };
    for (size_t i = 0; i < *n; i++)
        (*list)[i].title = format_title(v, (*list)[i].format);
    return rc;
}

static int import_find(struct visit *v, struct stored *import, struct err *err)
{
    struct stored *list;
    size_t n;
    int64_t no;
    const char *text = visit_part(v, "import");
    if (!text_int(text, &no) || no < 1)
        return err_set(err, ERR_ABSENT, "'%.20s' is no number of an import.", text);
    if (imports_read(v, no, 1, &list, &n, err) < 0)
        return -err->code;
    if (!n || list[0].no != no)
        return err_set(err, ERR_ABSENT, "There is no import %" PRId64 "; the list is at /a/%s/imports.", no, v->account);
    *import = list[0];
    return 0;
}

static json_t *stored_json(const struct stored *s)
{
    struct buf at = { 0 }, undone = { 0 };
    buf_instant(&at, s->at_s);
    if (s->undone_s)
        buf_instant(&undone, s->undone_s);
    json_t *j = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s*, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:b, s:s*}",
        "import", (json_int_t)s->no, "at", buf_str(&at), "name", s->name, "format", s->format, "title", s->title,
        "charset", s->charset, "market", s->market ? s->market->id : NULL, "rows", (json_int_t)s->rows,
        "accepted", (json_int_t)s->accepted, "unchanged", (json_int_t)s->unchanged, "rejected", (json_int_t)s->rejected,
        "bytes", (json_int_t)s->bytes, "took_ms", (json_int_t)s->took_ms, "source", s->source, "can_undo", s->can_undo,
        "undone", s->undone_s ? buf_str(&undone) : NULL);
    buf_free(&at);
    buf_free(&undone);
    return j;
}

/* ---- the list ----------------------------------------------------------------------------------------- */

static struct souk_msg counts(struct arena *a, int64_t rows, int64_t accepted, int64_t unchanged, int64_t rejected)
{
    return element_msg(a, "import.counts", { "rows", souk_count(rows) }, { "accepted", souk_count(accepted) },
               { "unchanged", souk_count(unchanged) }, { "rejected", souk_count(rejected) });
}

static void put_undo(struct elements *l, int64_t no)
{
    element_button(l, &(const struct element_button){
        .command = "import.undo", .text = "import.undo", .note = "import.undo_note", .tone = SOUK_BAD,
        .args = SOUK_ARGS({ "import", souk_count(no) }),
    });
}

static void put_stored(struct elements *l, const struct stored *s)
{
    element_add(l, VIEW_ITEM)->item = (struct souk_item){
        .size = sizeof(struct souk_item), .tone = s->undone_s ? SOUK_PLAIN : s->rejected ? SOUK_WATCH : SOUK_PLAIN,
        .title = element_msg(l->a, "import.item", { "name", souk_text(s->name) }, { "title", souk_text(s->title) }),
        .badge = s->undone_s ? (struct souk_msg)SOUK_MSG("import.undone") : (struct souk_msg){ 0 },
        .note = element_msg(l->a, "import.when", { "when", souk_instant(s->at_s) }, { "rows", souk_count(s->rows) },
                    { "accepted", souk_count(s->accepted) }, { "unchanged", souk_count(s->unchanged) },
                    { "rejected", souk_count(s->rejected) }),
        .to = to_import(l->a, s->no),
    };
    if (s->can_undo)
        put_undo(l, s->no);
    element_add(l, VIEW_END);
}

/* What is known of a file that has just been brought: how far it is, or why it was refused. */
static void put_job(struct elements *l, const struct job *job)
{
    struct souk_msg name = element_msg(l->a, "plain", { "text", souk_text(job->name) });
    if (job->state == JOB_RUNS && job->all) {
        element_add(l, VIEW_PROGRESS)->progress = (struct souk_progress){
            .size = sizeof(struct souk_progress), .label = element_msg(l->a, "job.runs", { "name", souk_text(job->name) }),
            .value = souk_bp(job->done * 10000 / job->all), .of = souk_bp(10000),
        };
        return;
    }
    struct souk_item *item = &element_add(l, VIEW_ITEM)->item;
    *item = (struct souk_item){ .size = sizeof *item, .title = name };
    switch (job->state) {
    case JOB_FAILED:
        item->tone = SOUK_BAD;
        item->badge = (struct souk_msg)SOUK_MSG("job.failed");
        item->note = element_msg(l->a, "plain", { "text", souk_text(job->why.text) });
        break;
    case JOB_DONE:
        item->tone = job->result.rejected ? SOUK_WATCH : SOUK_GOOD;
        item->badge = (struct souk_msg)SOUK_MSG("job.done");
        item->note = counts(l->a, job->result.rows, job->result.accepted, job->result.unchanged, job->result.rejected);
        item->to = to_import(l->a, job->result.no);
        break;
    default:
        item->badge = job->state == JOB_RUNS ? (struct souk_msg)SOUK_MSG("job.starts") : (struct souk_msg)SOUK_MSG("job.waits");
    }
    element_add(l, VIEW_END);
}

/* Jobs that are not in the list of imports, or not yet. */
static size_t put_jobs(struct visit *v, struct elements *l, bool *is_moving)
{
    struct job *job = arena_alloc(v->a, JOBS_SHOWN * sizeof *job);
    size_t n = jobs_list(v->w->site->jobs, v->a, v->account, job, JOBS_SHOWN), shown = 0;
    *is_moving = false;
    for (size_t i = 0; i < n; i++) {
        if (job[i].kind != JOB_IMPORT || job[i].state == JOB_DONE)
            continue;
        if (!shown++)
            element_add(l, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("job.title");
        *is_moving |= job[i].state == JOB_WAITS || job[i].state == JOB_RUNS;
        put_job(l, &job[i]);
    }
    if (shown)
        element_add(l, VIEW_END);
    return shown;
}

int page_imports(struct visit *v, struct err *err)
{
    struct elements l = { .a = v->a };
    struct stored *import;
    struct buf *out = &v->reply->body;
    int64_t from = INT64_MAX;
    size_t n;
    const char *before = visit_arg(v, "before");
    if (before && (!text_int(before, &from) || from < 1))
        return err_set(err, ERR_INPUT, "'%.20s' is no number of an import.", before);
    if (imports_read(v, before ? from - 1 : from, AT_ONCE + 1, &import, &n, err) < 0)
        return -err->code;
    bool is_moving;
    put_jobs(v, &l, &is_moving);
    if (n)
        element_add(&l, VIEW_ITEMS)->title = (struct souk_msg)SOUK_MSG("import.list");
    for (size_t i = 0; i < n && i < AT_ONCE; i++)
        put_stored(&l, &import[i]);
    if (n)
        element_add(&l, VIEW_END);
    visit_page(v, visit_say(v, "import.title"));
    v->page.refresh_s = is_moving ? 2 : 0;
    html_begin(out, &v->page);
    html_drop(out, &v->face);
    html_live_begin(out, "imports jobs");
    if (l.n)
        html_view(out, &v->face, l.at, l.n);
    else
        html_notice(out, SOUK_INFO, visit_say(v, "import.none"));
    html_live_end(out);
    if (n > AT_ONCE) {
        html_links_begin(out, visit_say(v, "links.more"));
        html_link(out, visit_say(v, "import.older"),
                  visit_link(v, v->path, v->face.keep, "before", arena_printf(v->a, "%" PRId64, import[AT_ONCE - 1].no)), false);
        html_links_end(out);
    }
    visit_page_done(v);
    return 0;
}

int api_imports(struct visit *v, struct err *err)
{
    struct stored *import;
    int64_t from = INT64_MAX;
    size_t n;
    const char *before = visit_arg(v, "before");
    if (before && (!text_int(before, &from) || from < 1))
        return err_set(err, ERR_INPUT, "'%.20s' is no number of an import.", before);
    if (imports_read(v, before ? from - 1 : from, AT_ONCE, &import, &n, err) < 0)
        return -err->code;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, stored_json(&import[i]));
    json_write(&v->reply->body, json_pack("{s:o}", "imports", list));
    visit_done(v, "application/json");
    return 0;
}

/* ---- one import ------------------------------------------------------------------------------------------ */

static void put_fact(struct visit *v, const char *key, const char *text)
{
    html_fact(&v->reply->body, visit_say(v, key), text, NULL);
}

static const char *value_said(struct visit *v, struct souk_value value)
{
    struct buf text = { 0 };
    say_value(&text, &v->face, &value);
    const char *kept = arena_text(v->a, buf_str(&text));
    buf_free(&text);
    return kept;
}

static const char *worded(struct visit *v, const struct reject_row *row)
{
    struct face f = visit_face(v, plugins_named(v->w->site->plugins, row->plugin), NULL);
    struct buf text = { 0 };
    say_msg(&text, &f, &row->why);
    const char *kept = arena_text(v->a, buf_str(&text));
    buf_free(&text);
    return kept;
}

/* Line, column, reason, and the line as it stands in the file, so that it can be found there. */
static int put_rejects(struct visit *v, const struct stored *import, int64_t after, struct err *err)
{
    static const char columns[] = "line:count column:text reason:text raw:text";
    struct buf *out = &v->reply->body;
    struct reject_row *row;
    struct column *column;
    size_t n, n_columns;
    if (rejects_read(v->db, v->a, import->no, after, REJECTS_AT_ONCE + 1, &row, &n, err) < 0 ||
        columns_parse(v->a, columns, &column, &n_columns, err) < 0)
        return -err->code;
    size_t shown = n < REJECTS_AT_ONCE ? n : REJECTS_AT_ONCE;
    struct souk_value *cell = arena_zero(v->a, (shown + 1) * n_columns * sizeof *cell);
    for (size_t i = 0; i < shown; i++) {
        struct buf raw = { 0 };
        say_data(&raw, row[i].raw, row[i].raw_n < 300 ? row[i].raw_n : 300);
        cell[i * n_columns] = souk_count(row[i].line);
        cell[i * n_columns + 1] = souk_text(row[i].field);
        cell[i * n_columns + 2] = souk_text(worded(v, &row[i]));
        cell[i * n_columns + 3] = souk_text(arena_text(v->a, buf_str(&raw)));
        buf_free(&raw);
    }
    const struct souk_rows rows = { columns, cell, (uint32_t)n_columns, (uint32_t)shown, n > shown, 0 };
    html_rows(out, &v->face, visit_say(v, "import.rejects"), &rows, column, n_columns);
    html_links_begin(out, visit_say(v, "import.rejects"));
    html_link(out, visit_say(v, "import.rejects_file"),
              arena_printf(v->a, "/a/%s/imports/%" PRId64 "/rejects", v->account, import->no), false);
    if (n > shown)
        html_link(out, visit_say(v, "rows.next"),
                  visit_link(v, v->path, v->face.keep, "after", arena_printf(v->a, "%" PRId64, row[shown - 1].line)), false);
    html_links_end(out);
    return 0;
}

int page_import(struct visit *v, struct err *err)
{
    struct stored import;
    struct buf *out = &v->reply->body;
    struct elements l = { .a = v->a };
    int64_t after = 0;
    const char *from = visit_arg(v, "after");
    if (import_find(v, &import, err) < 0)
        return -err->code;
    if (from && (!text_int(from, &after) || after < 0))
        return err_set(err, ERR_INPUT, "'%.20s' is no number of a line.", from);
    visit_page(v, import.name);
    html_begin(out, &v->page);
    html_live_begin(out, "imports");
    if (import.undone_s) {
        struct buf said = { 0 };
        say(&said, &v->face, "import.undone_at", { "when", value_said(v, souk_instant(import.undone_s)), 0 });
        html_notice(out, SOUK_INFO, buf_str(&said));
        buf_free(&said);
    }
    html_facts_begin(out);
    put_fact(v, "import.format", import.title);
    put_fact(v, "import.at", value_said(v, souk_instant(import.at_s)));
    put_fact(v, "import.charset", import.charset);
    if (import.market)
        put_fact(v, "column.market", import.market->name);
    put_fact(v, "import.rows", value_said(v, souk_count(import.rows)));
    put_fact(v, "import.accepted", value_said(v, souk_count(import.accepted)));
    put_fact(v, "import.unchanged", value_said(v, souk_count(import.unchanged)));
    put_fact(v, "import.rejected", value_said(v, souk_count(import.rejected)));
    html_facts_end(out);
    if (import.can_undo) {
        put_undo(&l, import.no);
        html_view(out, &v->face, l.at, l.n);
    }
    if (import.rejected && put_rejects(v, &import, after, err) < 0)
        return -err->code;
    html_live_end(out);
    html_links_begin(out, visit_say(v, "links.more"));
    html_link(out, visit_say(v, "import.title"), visit_link(v, arena_printf(v->a, "/a/%s/imports", v->account), v->face.keep, NULL, NULL), false);
    html_links_end(out);
    visit_page_done(v);
    return 0;
}

int api_import(struct visit *v, struct err *err)
{
    struct stored import;
    struct reject_row *row;
    size_t n;
    if (import_find(v, &import, err) < 0 || rejects_read(v->db, v->a, import.no, 0, REJECTS_AT_ONCE, &row, &n, err) < 0)
        return -err->code;
    json_t *j = stored_json(&import), *rejects = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rejects, json_pack("{s:I, s:s, s:s, s:s}", "line", (json_int_t)row[i].line,
            "column", row[i].field, "key", row[i].why.key, "reason", worded(v, &row[i])));
    json_object_set_new(j, "rejects", rejects);
    json_write(&v->reply->body, j);
    visit_done(v, "application/json");
    return 0;
}

/* The header and the rejected lines as they stood: to be mended and brought again. */
int page_rejects(struct visit *v, struct err *err)
{
    struct stored import;
    if (import_find(v, &import, err) < 0 || import_rejects(v->db, import.no, &v->reply->body, err) < 0)
        return -err->code;
    v->reply->file_name = arena_printf(v->a, "rejected-%" PRId64 "-%s", import.no, import.name);
    visit_done(v, "application/octet-stream");
    return 0;
}

/* ---- bringing files ---------------------------------------------------------------------------------------- */

/* A field of a form, or an argument of the address. */
static const char *told(struct visit *v, const char *name)
{
    const char *value = http_field(v->ask, name);
    if (!value)
        value = visit_arg(v, name);
    return value ? value : "";
}

/* Every file becomes a job; when one is refused, those before it stay. */
static int bring(struct visit *v, const char *source, json_t *jobs, struct err *err)
{
    const struct market *market = NULL;
    struct http_upload upload;
    int64_t as_of_s = 0, no;
    size_t brought = 0;
    if (*told(v, "market") && !(market = market_find(told(v, "market"))))
        return err_set(err, ERR_INPUT, "There is no market '%.60s'; write US, DE, JP or another marketplace's code, name or id.",
                       told(v, "market"));
    if (*told(v, "as_of") && !instant_parse(told(v, "as_of"), &as_of_s))
        return err_set(err, ERR_INPUT, "'%.40s' is no instant; write it like 2026-10-01T12:00:00Z.", told(v, "as_of"));
    for (size_t i = 0; http_upload_at(v->ask, i, &upload); i++) {
        if (!upload.bytes && !*upload.name)
            continue;                                   /* a field for files that was left empty */
        const struct job_file file = {
            .path = upload.path, .name = *upload.name ? upload.name : "file", .market = market ? market->id : NULL,
            .as_of_s = as_of_s, .source = source,
        };
        if (jobs_import(v->w->site->jobs, v->account, &file, &no, err) < 0)
            return -err->code;
        http_upload_take(v->ask, i);
        brought++;
        json_array_append_new(jobs, json_pack("{s:I, s:s, s:o}", "job", (json_int_t)no, "name", file.name, "href",
            json_sprintf("/api/v1/a/%s/jobs/%" PRId64, v->account, no)));
    }
    return brought ? 0 : err_set(err, ERR_INPUT, "There is no file in this request. Choose one or more report files.");
}

/* From the page: a script asks for JSON, a plain form is led to the list. */
int page_bring(struct visit *v, struct err *err)
{
    const char *accept = http_header(v->ask, "Accept");
    bool is_script = accept && strstr(accept, "application/json");
    json_t *jobs = json_array();
    v->is_api |= is_script;
    int rc = bring(v, "page", jobs, err);
    if (rc == 0 && !is_script) {
        json_decref(jobs);
        visit_lead(v, 303, visit_link(v, arena_printf(v->a, "/a/%s/imports", v->account), v->face.keep, NULL, NULL));
        return 0;
    }
    if (rc == 0) {
        v->reply->status = 202;
        v->reply->type = "application/json";
        json_write(&v->reply->body, json_pack("{s:O}", "jobs", jobs));
    }
    json_decref(jobs);
    return rc;
}

int api_bring(struct visit *v, struct err *err)
{
    json_t *jobs = json_array();
    int rc = bring(v, "api", jobs, err);
    if (rc == 0) {
        v->reply->status = 202;
        v->reply->type = "application/json";
        v->reply->location = arena_text(v->a, json_string_value(json_object_get(json_array_get(jobs, 0), "href")));
        json_write(&v->reply->body, json_pack("{s:O}", "jobs", jobs));
    }
    json_decref(jobs);
    return rc;
}

/* ---- jobs ------------------------------------------------------------------------------------------------------ */

/* Its sentence for people goes along, so that a script need not make one. */
static json_t *told_job(struct visit *v, const struct job *job)
{
    json_t *j = job_json(job);
    struct buf text = { 0 };
    if (job->state == JOB_DONE && job->kind == JOB_IMPORT) {
        struct souk_msg msg = counts(v->a, job->result.rows, job->result.accepted, job->result.unchanged, job->result.rejected);
        say_msg(&text, &v->face, &msg);
        json_object_set_new(j, "text", json_string(buf_str(&text)));
        json_object_set_new(j, "href", json_sprintf("/a/%s/imports/%" PRId64, v->account, job->result.no));
    }
    buf_free(&text);
    return j;
}

int api_jobs(struct visit *v, struct err *err)
{
    struct job *job = arena_alloc(v->a, JOBS_KEPT * sizeof *job);
    size_t n = jobs_list(v->w->site->jobs, v->a, v->account, job, JOBS_KEPT);
    json_t *list = json_array();
    (void)err;
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, told_job(v, &job[i]));
    json_write(&v->reply->body, json_pack("{s:o}", "jobs", list));
    v->reply->type = "application/json";
    return 0;
}

int api_job(struct visit *v, struct err *err)
{
    struct job job;
    int64_t no;
    const char *text = visit_part(v, "job");
    if (!text_int(text, &no) || !jobs_get(v->w->site->jobs, v->a, v->account, no, &job))
        return err_set(err, ERR_ABSENT, "There is no job '%.20s' in this run of Souk; imports that are done stand at"
                       " /api/v1/a/%s/imports.", text, v->account);
    json_write(&v->reply->body, told_job(v, &job));
    v->reply->type = "application/json";
    return 0;
}
