/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.c: souk demo: writes the files of a synthetic shop and imports them like any others.
 */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/zone.h"
#include "cli.h"
#include "face/face.h"
#include "flow/command.h"
#include "flow/demo.h"

static int setup_of(const struct cli *c, struct demo_setup *setup)
{
    int64_t n;
    int32_t day;
    *setup = (struct demo_setup){ .orders = 20000, .seed = 1, .until_s = clock_now(), .orders_only = c->only_orders };
    if (c->orders && (!text_int(c->orders, &setup->orders) || setup->orders < 1 || setup->orders > 100000000))
        return cli_usage("demo", "'%s' is no number of orders: 1 to 100000000.", c->orders);
    if (c->seed && (!text_int(c->seed, &n) || n < 0))
        return cli_usage("demo", "'%s' is no seed: a whole number from 0.", c->seed);
    if (c->seed)
        setup->seed = (uint64_t)n;
    if (c->until && day_parse(c->until, &day))
        setup->until_s = (int64_t)(day + 1) * 86400 - 1;
    else if (c->until && !instant_parse(c->until, &setup->until_s))
        return cli_usage("demo", "'%s' is no date: write it as 2026-11-23.", c->until);
    return 0;
}

static int made_folder(const char *path, struct err *err)
{
    if (mkdir(path, 0700) == 0)
        return 0;
    if (errno != EEXIST)
        return err_set(err, ERR_IO, "%s cannot be made: %s.", path, strerror(errno));
    DIR *dir = opendir(path);
    int files = 0;
    if (!dir)
        return err_set(err, ERR_IO, "%s cannot be opened: %s.", path, strerror(errno));
    while (readdir(dir))
        files++;
    closedir(dir);
    if (files > 2)
        return err_set(err, ERR_INPUT, "%s is not empty; choose a new folder.", path);
    return 0;
}

static void tell_files(const struct cli *c, const struct demo_file *file, size_t n)
{
    if (!c->as_json) {
        for (size_t i = 0; i < n; i++)
            puts(file[i].path);
        return;
    }
    struct buf out = { 0 };
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_pack("{s:s, s:s}", "path", file[i].path, "market", file[i].market));
    json_write(&out, json_pack("{s:o}", "files", all));
    puts(buf_str(&out));
    buf_free(&out);
}

/* ---- what somebody typed in ---------------------------------------------------------------------- */

struct typed {
    const char *command;
    struct command_text text[7];
};

/* As a person would have: by commands, with their checks and their rows in the audit log. */
static int type_in(struct cli *c, struct db *db, const struct typed *t, int64_t now_s, struct err *err)
{
    const struct command_setup setup = {
        .db = db, .who = who_local(), .via = "cli", .now_s = now_s, .reader = { .language = "en", .zone = "UTC" },
        .texts = c->texts, .plugins = c->plugins, .policies = c->policies,
    };
    struct command_result result;
    size_t n = 0;
    while (n < COUNT_OF(t->text) && t->text[n].name)
        n++;
    return command_run(c->arena, &setup, t->command, t->text, n, &result, err);
}

static const char sql_skus[] =
    "SELECT k.sku FROM listing l JOIN sku k ON k.no = l.sku_no JOIN market m ON m.no = l.market_no"
    " WHERE m.id = 'ATVPDKIKX0DER'"
    " ORDER BY k.no LIMIT 3";

/* A case, the feedback table, a few products and a promotion of one's own: what no report file brings. */
static int type_all(struct cli *c, struct db *db, int64_t now_s, struct err *err)
{
    struct buf text = { 0 };
    buf_day(&text, (int32_t)(now_s / 86400) - 1);       /* over everywhere */
    const char *day = arena_text(c->arena, buf_str(&text));
    buf_clear(&text);
    buf_day(&text, (int32_t)(now_s / 86400) + 3);
    const char *starts = arena_printf(c->arena, "%s 00:00", buf_str(&text));
    buf_clear(&text);
    buf_day(&text, (int32_t)(now_s / 86400) + 10);
    const char *ends = arena_printf(c->arena, "%s 23:59", buf_str(&text));
    buf_free(&text);
    const struct typed list[] = {
        { "case.add", { { "subject", "A pallet of 40 units was not received" }, { "market", "US" },
                        { "body", "Shipment FBA15DEMO1: the carrier shows it as delivered." } } },
        { "feedback.counts", { { "market", "US" }, { "day", day }, { "window", "d30" }, { "positive", "55" }, { "neutral", "3" }, { "negative", "2" } } },
        { "feedback.counts", { { "market", "US" }, { "day", day }, { "window", "d90" }, { "positive", "170" }, { "neutral", "8" }, { "negative", "5" } } },
        { "feedback.counts", { { "market", "US" }, { "day", day }, { "window", "d365" }, { "positive", "1001" }, { "neutral", "15" }, { "negative", "4" } } },
        { "feedback.counts", { { "market", "US" }, { "day", day }, { "window", "lifetime" }, { "positive", "4210" }, { "neutral", "96" }, { "negative", "61" } } },
        { "promotion.add", { { "kind", "percent_off" }, { "name", "Winter sale" }, { "market", "US" }, { "starts", starts },
                             { "ends", ends }, { "percent", "15" } } },
        { "notice.add", { { "class", "policy" }, { "severity", "watch" }, { "subject", "New packaging rules apply from next month" },
                          { "market", "DE" }, { "deadline", ends } } },
    };
    int rc = 0;
    for (size_t i = 0; i < COUNT_OF(list) && rc >= 0; i++)
        rc = type_in(c, db, &list[i], now_s, err);
    struct stmt *skus = rc >= 0 ? stmt_of(db, sql_skus, err) : NULL;
    const char *sku[3] = { NULL, NULL, NULL };
    for (size_t i = 0; skus && i < COUNT_OF(sku) && (rc = stmt_step(db, skus, err)) > 0; i++)
        sku[i] = arena_text(c->arena, stmt_text(skus, 0));
    if (skus)
        stmt_reset(skus);
    for (size_t i = 0; i < COUNT_OF(sku) && sku[i] && rc >= 0; i++)
        rc = type_in(c, db, &(struct typed){ "product.set", { { "sku", sku[i] }, { "lead_days", i ? "21" : "45" }, { "floor", "9.90 USD" } } },
                     now_s, err);
    return rc < 0 ? rc : 0;
}

int run_demo(struct cli *c)
{
    struct err err = { 0 };
    struct demo_setup setup;
    struct demo_file *file = NULL;
    struct db *db = NULL;
    size_t n = 0;
    int code;
    if (c->argc)
        return cli_usage("demo", "souk demo takes no '%s'.", c->argv[0]);
    if ((code = setup_of(c, &setup)) != 0)
        return code;
    if (c->out) {
        setup.folder = c->out;
        if (made_folder(c->out, &err) < 0 || demo_write(c->arena, &setup, &file, &n, &err) < 0)
            return cli_failed(c, &err);
        tell_files(c, file, n);
        return EXIT_OK;
    }
    const char *account = c->account ? c->account : "demo";
    cli_catch_stop();
    if (cli_plugins(c, &err) < 0 || cli_folder(c, DB_WRITE, &err) < 0)
        return cli_failed(c, &err);
    bool is_new = !account_exists(c->folder, account);
    if (is_new && account_create(c->folder, account, &err) < 0)
        return cli_failed(c, &err);
    setup.folder = folder_spool(c->folder, c->arena);
    fprintf(stderr, "Making a shop of about %lld orders ...\n", (long long)setup.orders);
    code = made_folder(setup.folder, &err) < 0 || demo_write(c->arena, &setup, &file, &n, &err) < 0 ||
           account_open(c->folder, account, DB_WRITE, &db, &err) < 0 ? cli_failed(c, &err) : EXIT_OK;
    if (code == EXIT_OK) {
        struct import_one *one = arena_alloc(c->arena, n * sizeof *one);
        for (size_t i = 0; i < n; i++)
            one[i] = (struct import_one){ file[i].path, file[i].market };
        code = cli_import(c, db, one, n, true);
        if (code == EXIT_PARTIAL)
            code = EXIT_OK;                             /* the shop's faulty rows are meant to be rejected */
        if (code == EXIT_OK && is_new && !setup.orders_only && type_all(c, db, setup.until_s, &err) < 0)
            code = cli_failed(c, &err);
    }
    db_close(db);
    for (size_t i = 0; i < n; i++)
        unlink(file[i].path);
    rmdir(setup.folder);
    if (code == EXIT_OK && !c->as_json)
        fprintf(stderr, "Account %s is ready. Next: souk serve, or: souk show sales -a %s\n", account, account);
    return code;
}
