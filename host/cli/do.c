/* SPDX-License-Identifier: Apache-2.0 */
/*
 * do.c: souk do: the commands that change records.
 *
 * Fields are NAME=VALUE; a text of many lines may come from standard input as NAME=-, or as - alone when the
 * command has one such field.  A secret comes from there only: arguments are seen by whoever lists processes.  The record that was changed goes to stdout, the sentence to stderr.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli.h"
#include "data/market.h"
#include "flow/command.h"
#include "plug/field.h"

enum { BODY_BYTES = 1 << 20 };

/* ---- which ones there are --------------------------------------------------------------------------- */

static void put_fields(FILE *to, const struct command_info *info)
{
    for (uint32_t i = 0; i < info->fields.n; i++) {
        const struct souk_field *f = field_at(&info->fields, i);
        fprintf(to, " %s%s", f->name, f->flags & SOUK_FIELD_NEEDED ? "*" : "");
    }
}

static void put_words(FILE *to, const struct cli *c, const struct command_info *info, const char *key)
{
    const struct reader reader = { .language = cli_language(c), .zone = "UTC" };
    struct buf text = { 0 };
    const char *pattern = info->plugin ? plugin_pattern(c->plugins, info->plugin, reader.language, key)
                                       : catalogue_find(c->texts, reader.language, key);
    if (pattern)
        text_message(&text, &reader, pattern, NULL, 0);
    else
        buf_text(&text, key);
    fputs(buf_str(&text), to);
    buf_free(&text);
}

static int list(struct cli *c)
{
    const struct command_info *info;
    size_t n;
    if (c->as_json) {
        struct buf out = { 0 };
        command_list_json(&out, c->plugins, c->texts, cli_language(c));
        puts(buf_str(&out));
        buf_free(&out);
        return EXIT_OK;
    }
    command_list(c->arena, c->plugins, &info, &n);
    for (size_t i = 0; i < n; i++) {
        printf("%-22s ", info[i].name);
        put_words(stdout, c, &info[i], info[i].title);
        if (info[i].fields.n) {
            putchar(':');
            put_fields(stdout, &info[i]);
        }
        putchar('\n');
    }
    fputs("Fields are given as NAME=VALUE; those with * are needed.\n", stderr);
    return EXIT_OK;
}

/* ---- fields ------------------------------------------------------------------------------------------- */

/* A file that ends with its last line ends with a newline that is not part of the text. */
static int read_body(struct cli *c, const char **body, struct err *err)
{
    char *at = arena_alloc(c->arena, BODY_BYTES + 2);
    size_t n = fread(at, 1, BODY_BYTES + 1, stdin);
    if (ferror(stdin))
        return err_set(err, ERR_IO, "The standard input cannot be read: %s.", strerror(errno));
    if (n > BODY_BYTES)
        return err_set(err, ERR_INPUT, "The text from the standard input is longer than %d bytes.", BODY_BYTES);
    if (memchr(at, '\0', n))
        return err_set(err, ERR_INPUT, "The text from the standard input holds a zero byte: it is no text.");
    if (n && at[n - 1] == '\n')
        n--;
    at[n] = '\0';
    *body = at;
    return 0;
}

static bool is_area(const struct command_info *info, const char *name)
{
    const struct souk_field *f = command_field(info, name);
    return f && (f->type == SOUK_FIELD_AREA || f->flags & SOUK_FIELD_SECRET);
}

static bool is_secret(const struct command_info *info, const char *name)
{
    const struct souk_field *f = command_field(info, name);
    return f && f->flags & SOUK_FIELD_SECRET;
}

/* The one that - alone is for. */
static int only_area(const struct command_info *info, const char **name, struct err *err)
{
    *name = NULL;
    for (uint32_t i = 0; i < info->fields.n; i++) {
        const struct souk_field *f = field_at(&info->fields, i);
        if (f->type == SOUK_FIELD_AREA && *name)
            return err_set(err, ERR_INPUT, "'%s' has several long texts: write %s=- or %s=-.", info->name, *name, f->name);
        if (f->type == SOUK_FIELD_AREA)
            *name = f->name;
    }
    return *name ? 0 : err_set(err, ERR_INPUT, "'%s' has no long text, so nothing is read from the standard input.",
                               info->name);
}

static int read_fields(struct cli *c, const struct command_info *info, struct command_text *given, size_t *n,
                       struct err *err)
{
    bool was_read = false;
    for (int i = 1; i < c->argc; i++) {
        struct command_text *g = &given[(*n)++];
        const char *word = c->argv[i], *is = strchr(word, '=');
        bool from_stdin = text_is(word, "-") || (is && text_is(is, "=-"));
        if (text_is(word, "-")) {
            if (only_area(info, &g->name, err) < 0)
                return -err->code;
        } else if (!is) {
            return err_set(err, ERR_INPUT, "'%.60s' is no field: write it as NAME=VALUE.", word);
        } else {
            g->name = arena_textn(c->arena, word, (size_t)(is - word));
            g->text = is + 1;
            from_stdin = from_stdin && is_area(info, g->name);
            if (!from_stdin && *g->text && is_secret(info, g->name))
                return err_set(err, ERR_INPUT, "The field '%s' is a secret, and others can see what a program was started with:"
                               " write %s=- and give it on the standard input.", g->name, g->name);
        }
        if (from_stdin && was_read)
            return err_set(err, ERR_INPUT, "The standard input is one text, and two fields want it.");
        if (from_stdin && read_body(c, &g->text, err) < 0)
            return -err->code;
        was_read |= from_stdin;
    }
    return 0;
}

/* ---- running ------------------------------------------------------------------------------------------ */

static void put_result(struct cli *c, const struct command_result *result)
{
    if (c->as_json) {
        struct buf out = { 0 };
        command_result_json(&out, result);
        puts(buf_str(&out));
        buf_free(&out);
        return;
    }
    fprintf(stderr, "%s%s\n", result->text, result->already ? " (It was done before, with this key.)" : "");
    if (*result->secret)
        puts(result->secret);
    else if (*result->ref)
        puts(result->ref);
}

static int run(struct cli *c, struct db *db, const char *name, struct err *err)
{
    struct command_info info;
    const struct market *market = c->market ? market_find(c->market) : NULL;
    struct command_text *given = arena_zero(c->arena, ((size_t)c->argc + 1) * sizeof *given);
    struct command_result result = { 0 };
    size_t n = 0;
    if (c->market && !market)
        return err_set(err, ERR_INPUT, "There is no marketplace '%.40s'.", c->market);
    int rc = command_find(c->plugins, name, &info, err);
    if (rc == 0)
        rc = read_fields(c, &info, given, &n, err);
    if (rc < 0)
        return rc;
    struct desk *desk = desk_new(c->plugins, c->policies);
    const struct command_setup setup = {
        .db = db, .who = who_local(), .via = "cli", .key = c->key, .now_s = clock_now(),
        .reader = { .language = cli_language(c), .zone = market ? market->zone : "UTC" }, .texts = c->texts, .plugins = c->plugins,
        .desk = desk, .policies = c->policies, .vault = folder_vault(c->folder),
        .scripts = c->scripts,
    };
    rc = command_run(c->arena, &setup, name, given, n, &result, err);
    desk_free(desk);
    if (rc == 0)
        put_result(c, &result);
    return rc;
}

/* Who asks for a command while souk serves can ask the server. */
static void name_the_server(struct err *err, const char *name)
{
    struct err busy = *err;
    err_clear(err);
    err_set(err, ERR_BUSY, "%.400s While it serves, run commands on its page, or by POST to /api/v1/a/ACCOUNT/commands/%.60s.",
            busy.text, name);
}

/* A field was wrong: which ones there are stands beneath. */
static int failed(struct cli *c, const struct err *err)
{
    struct command_info info;
    struct err absent = { 0 };
    int code = cli_failed(c, err);
    if (err->code == ERR_INPUT && !c->as_json && command_find(c->plugins, c->argv[0], &info, &absent) == 0 &&
        info.fields.n) {
        fputs("Its fields:", stderr);
        put_fields(stderr, &info);
        fputs(" (* needed)\n", stderr);
    }
    return code;
}

int run_do(struct cli *c)
{
    struct err err = { 0 };
    const char *account;
    struct db *db = NULL;
    if (cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    if (!c->argc)
        return list(c);
    if (cli_account(c, DB_WRITE, &account, &db, &err) == 0)
        run(c, db, c->argv[0], &err);
    else if (err.code == ERR_BUSY)
        name_the_server(&err, c->argv[0]);
    db_close(db);
    return err.code ? failed(c, &err) : EXIT_OK;
}
