/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_do.c: commands, as forms of pages and as the API send them.
 *
 * A form leads back to the page it stands on.  What was done is said there once: the sentence travels in the
 * address, sealed, since there is no session to keep it in.  A form that is refused is shown again with what
 * was typed, on its page, with 422.
 */
#include "visit.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "data/mask.h"
#include "flow/command.h"
#include "flow/jobs.h"

enum { WAIT_MS = 5000, RETRY_S = 5 };

/* ---- what was done, said once ---------------------------------------------------------------------- */

static void seal_of(struct visit *v, const char *said, char hex[crypto_auth_BYTES * 2 + 1])
{
    unsigned char seal[crypto_auth_BYTES];
    struct buf all = { 0 };
    buf_printf(&all, "said %zu:%s ", strlen(v->account), v->account);
    buf_text(&all, said);
    crypto_auth(seal, (const unsigned char *)buf_str(&all), all.len, v->face.seal_key);
    sodium_bin2hex(hex, crypto_auth_BYTES * 2 + 1, seal, sizeof seal);
    buf_free(&all);
}

const char *do_said(struct visit *v)
{
    const char *said = visit_arg(v, "_said"), *seal = visit_arg(v, "_seal");
    char hex[crypto_auth_BYTES * 2 + 1];
    if (v->said)
        return v->said;
    if (!said || !seal || strlen(seal) != sizeof hex - 1)
        return NULL;
    seal_of(v, said, hex);
    return sodium_memcmp(hex, seal, sizeof hex - 1) == 0 ? said : NULL;
}

static const char *with_said(struct visit *v, const char *back, const char *said)
{
    char hex[crypto_auth_BYTES * 2 + 1];
    struct buf link = { 0 };
    buf_text(&link, back);
    seal_of(v, said, hex);
    link_arg(&link, "_said", said);
    link_arg(&link, "_seal", hex);
    const char *address = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return address;
}

/* ---- running ----------------------------------------------------------------------------------------- */

static struct command_setup setup_of(struct visit *v, struct db *db, const char *via, const char *key)
{
    const struct site *site = v->w->site;
    return (struct command_setup){
        .db = db, .who = v->who, .via = via, .key = key, .now_s = v->now_s, .reader = v->face.reader,
        .texts = site->texts, .plugins = site->plugins, .desk = v->w->desk, .policies = site->policies,
        .scripts = site->scripts, .vault = folder_vault(site->spool),
    };
}

/* The desk remembers queries by database: the writer's are forgotten before another thread has it. */
static void give(struct visit *v, struct db *db)
{
    desk_forget(v->w->desk, db);
    jobs_give(v->w->site->jobs, v->account);
}

static int run_texts(struct visit *v, const char *via, const char *key, const char *name, const struct form_pair *pair, size_t n,
                     struct command_result *result, struct err *err)
{
    struct command_text *text = arena_alloc(v->a, (n + 1) * sizeof *text);
    struct db *db;
    for (size_t i = 0; i < n; i++)
        text[i] = (struct command_text){ pair[i].name, pair[i].value };
    if (jobs_take(v->w->site->jobs, v->account, WAIT_MS, &db, err) < 0)
        return -err->code;
    const struct command_setup setup = setup_of(v, db, via, key);
    int rc = command_run(v->a, &setup, name, text, n, result, err);
    give(v, db);
    return rc;
}

static int run_json(struct visit *v, const char *key, const char *name, struct command_result *result, struct err *err)
{
    struct db *db;
    if (jobs_take(v->w->site->jobs, v->account, WAIT_MS, &db, err) < 0)
        return -err->code;
    const struct command_setup setup = setup_of(v, db, "api", key);
    int rc = command_run_json(v->a, &setup, name, v->ask->body, v->ask->body_n, result, err);
    give(v, db);
    return rc;
}

/* ---- forms --------------------------------------------------------------------------------------------- */

static const struct form_pair *sent_pairs(struct visit *v, size_t *n)
{
    const char *name, *value;
    size_t sent = 0;
    while (http_field_at(v->ask, sent, &name, &value))
        sent++;
    struct form_pair *pair = arena_alloc(v->a, (sent + 1) * sizeof *pair);
    *n = 0;
    for (size_t i = 0; i < sent; i++)
        if (http_field_at(v->ask, i, &name, &value) && !fresh_is_own(name))
            pair[(*n)++] = (struct form_pair){ name, value };
    return pair;
}

/* The page of the form again; where that cannot be shown, the sentence alone. */
static int show_again(struct visit *v, struct form_sent *sent, int status, struct err *err)
{
    struct err other = { 0 };
    struct form_pair *arg = arena_alloc(v->a, (sent->n_args + 1) * sizeof *arg);
    for (size_t i = 0; i < sent->n_args; i++)           /* but no number of a card */
        arg[i] = (struct form_pair){ sent->arg[i].name, mask_text(v->a, sent->arg[i].value, NULL) };
    sent->arg = arg;
    v->face.again = sent;
    if (visit_route(v, &other) < 0)
        return -err->code;
    err_clear(err);
    v->reply->status = status;
    v->reply->etag = NULL;
    return 0;
}

/* Who is signed in proves it anew before a grave command. */
static int check_fresh(struct visit *v, const char *command, struct err *err)
{
    struct command_info info;
    struct err ignored = { 0 };
    bool is_grave = command_find(v->w->site->plugins, command, &info, &ignored) == 0 && command_is_grave(&info);
    return is_grave ? visit_fresh(v, err) : 0;
}

int page_do(struct visit *v, struct err *err)
{
    const char *command = visit_part(v, "command");
    struct command_result result = { 0 };
    struct form_sent *sent = arena_zero(v->a, sizeof *sent);
    size_t n;
    const struct form_pair *pair = sent_pairs(v, &n);
    if (form_take(v->a, &v->face, command, pair, n, sent, err) < 0 || visit_turn(v, sent->back, err) < 0)
        return -err->code;
    if (sent->more)
        return show_again(v, sent, 200, err);
    int rc = check_fresh(v, command, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (run_texts(v, "page", sent->key, command, sent->arg, sent->n_args, &result, err) < 0) {
        int status = visit_status(err->code);
        if (status >= 500 && status != 503)
            return -err->code;
        if (status == 503)
            v->reply->retry_s = RETRY_S;
        sent->field = result.field ? result.field : "";
        sent->fault = arena_text(v->a, err->text);
        return show_again(v, sent, status == 503 ? 503 : 422, err);
    }
    if (*result.secret) {                               /* told now and never again, so not in an address */
        const char *host = http_header(v->ask, "Host");
        bool is_address = result.secret[0] == '/' && host;
        v->said = arena_printf(v->a, "%s %s%s%s", result.text, !is_address ? "" : http_is_secure(v->ask) ? "https://" : "http://", is_address ? host : "",
                               result.secret);
        if (visit_route(v, err) < 0)
            return -err->code;
        v->reply->etag = NULL;
        return 0;
    }
    visit_lead(v, 303, with_said(v, sent->back, result.text));
    return 0;
}

/* ---- the API --------------------------------------------------------------------------------------------- */

/* A refusal by command_run: problem+json that also names the field. */
static int refused(struct visit *v, const struct command_result *result, struct err *err)
{
    int status = visit_status(err->code);
    if (status >= 500 && status != 503)
        return -err->code;
    if (status == 400)
        status = 422;                                   /* it could be read, but not done */
    visit_refused(v, status, err->text);
    if (status == 503)
        v->reply->retry_s = RETRY_S;
    if (result->field && *result->field) {
        json_t *problem = json_loadb(v->reply->body.at, v->reply->body.len, 0, NULL);
        json_object_set_new(problem, "field", json_string(result->field));
        buf_clear(&v->reply->body);
        json_write(&v->reply->body, problem);
    }
    err_clear(err);
    return 0;
}

int api_command(struct visit *v, struct err *err)
{
    const char *name = visit_part(v, "command"), *key = http_header(v->ask, "Idempotency-Key");
    struct command_result result = { 0 };
    size_t n;
    int rc = check_fresh(v, name, err);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (v->ask->body) {
        rc = run_json(v, key, name, &result, err);
    } else {
        const struct form_pair *pair = sent_pairs(v, &n);
        rc = run_texts(v, "api", key, name, pair, n, &result, err);
    }
    if (rc < 0)
        return refused(v, &result, err);
    command_result_json(&v->reply->body, &result);
    v->reply->type = "application/json";
    return 0;
}

int api_commands(struct visit *v, struct err *err)
{
    (void)err;
    command_list_json(&v->reply->body, v->w->site->plugins, v->w->site->texts, v->face.reader.language);
    visit_done(v, "application/json");
    return 0;
}
