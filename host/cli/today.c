/* SPDX-License-Identifier: Apache-2.0 */
/*
 * today.c: souk today: the morning letter, ten lines at most.
 *
 * in:     the declared queries and cards of the widgets, the list of deadlines
 * out:    what was sold yesterday, what is over, due and new; a line that has nothing to say is left out
 *
 * Its figures are those of the pages: it asks the same queries, so it cannot say something else.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "cli.h"
#include "data/market.h"
#include "face/due.h"
#include "plug/ask.h"

enum { LINES = 10, MARKETS = 3, DAY_S = 86400 };

struct letter {
    struct cli *c;
    struct db *db;
    struct desk *desk;
    struct face face;
    struct souk_ask ask;
    const struct deadline *due;
    size_t n_due;
    struct buf line[LINES];
    size_t n;
    struct err *err;
};

static struct buf *next_line(struct letter *l)
{
    return l->n < LINES ? &l->line[l->n++] : NULL;
}

/* One line of the letter: its words are the host's. */
#define put(l, ...) do { \
        struct buf *put_line = next_line(l); \
        if (put_line) \
            say(put_line, &(l)->face, __VA_ARGS__); \
    } while (0)

static const char *worded(struct letter *l, const struct souk_value *v)
{
    struct buf word = { 0 };
    say_value(&word, &l->face, v);
    const char *text = arena_text(l->c->arena, buf_str(&word));
    buf_free(&word);
    return text;
}

static const char *nothing(void *ctx, const char *name)
{
    (void)ctx;
    (void)name;
    return NULL;
}

/* ---- sales ---------------------------------------------------------------------------------------------- */

struct sold {
    int64_t units, sales;
};

/* Columns of sales/by_day: day orders units unpriced sales currency. */
static int sold_on(struct letter *l, const struct plugin *p, const struct query_info *q, const struct souk_market_now *m,
                   int32_t day, struct sold *sold)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "from", souk_day(day) },
        { "to", souk_day(day) }, { "with_pending", souk_number(SOUK_BOOL, 1, 0) });
    struct souk_rows rows;
    *sold = (struct sold){ 0, 0 };
    int rc = desk_query(l->desk, l->c->arena, l->db, p, q, &args, 0, 0, &rows, l->err);
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++) {
        const struct souk_value *sales = souk_cell(&rows, r, 4);
        sold->units += souk_num(&rows, r, 2, 0);
        if (sales->type == SOUK_MONEY && text_is(sales->currency, m->currency))
            sold->sales += sales->num;
    }
    return rc;
}

static int put_sales(struct letter *l)
{
    const struct plugin *p = plugins_named(l->c->plugins, "sales");
    const struct query_info *q = p && p->state == PLUGIN_LOADED ? plugin_query(p, "by_day") : NULL;
    int rc = 0;
    for (uint32_t i = 0; q && rc == 0 && i < l->ask.n_markets && i < MARKETS; i++) {
        const struct souk_market_now *m = souk_market_at(&l->ask, i);
        struct sold now, before;
        int64_t bp;
        struct buf change = { 0 };
        if (!m->data_until_s)
            continue;
        rc = sold_on(l, p, q, m, m->today - 1, &now);
        if (rc == 0)
            rc = sold_on(l, p, q, m, m->today - 8, &before);
        if (rc < 0)
            break;
        if (change_bp(before.sales, now.sales, &bp))
            text_bp(&change, &l->face.reader, bp, true);
        struct souk_value market = souk_market(m->id), sales = souk_money(now.sales, m->currency),
                          was = souk_money(before.sales, m->currency), day = souk_day(m->today - 1);
        const struct text_arg args[] = {
            { "market", worded(l, &market), 0 }, { "day", worded(l, &day), 0 }, { "sales", worded(l, &sales), 0 },
            { "units", NULL, now.units }, { "change", buf_str(&change), 0 }, { "before", worded(l, &was), 0 },
        };
        struct buf *line = next_line(l);
        if (line)
            say_text(line, &l->face, change.len ? "today.sales" : "today.sales_first", args, COUNT_OF(args));
        buf_free(&change);
    }
    return rc;
}

/* ---- what the card of payments says ----------------------------------------------------------------------- */

static int put_payments(struct letter *l)
{
    const struct plugin *p;
    const struct souk_widget *widget = plugins_widget(l->c->plugins, "payments", &p);
    const struct view_element *e;
    struct view view = { 0 };
    size_t n;
    struct ask_setup setup = { l->db, widget, l->ask.now_s, SOUK_CARD, nothing, NULL };
    struct souk_ask ask;
    if (!widget)
        return 0;
    int rc = ask_make(l->c->arena, &setup, &ask, l->err);
    struct render_setup render = { l->db, p, widget, &ask, &l->face.reader };
    if (rc == 0)
        rc = desk_render(l->desk, l->c->arena, &render, &view, l->err);
    if (rc == 0)
        rc = view_read(l->c->arena, buf_str(&view.bytes), view.bytes.len, &e, &n, l->err);
    struct buf balances = { 0 };
    const char *next = NULL;
    int64_t next_s = INT64_MAX;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (e[i].kind == VIEW_STAT && text_is(e[i].stat.label.key, "open_balance"))
            buf_printf(&balances, "%s%s", balances.len ? ", " : "", worded(l, &e[i].stat.value));
        if (e[i].kind == VIEW_FACT && text_is(e[i].fact.label.key, "next_transfer") && e[i].fact.value.num < next_s) {
            next_s = e[i].fact.value.num;
            next = worded(l, &e[i].fact.value);
        }
    }
    if (rc == 0 && balances.len)
        put(l, next ? "today.balance" : "today.balance_only", { "balances", buf_str(&balances), 0 },
            { "next", next ? next : "", 0 });
    buf_free(&balances);
    view_clear(&view);
    return rc;
}

/* ---- deadlines and news -------------------------------------------------------------------------------------- */

/* "12 orders, 1 claim": how many of each kind, among those that are over, or due before the day ends. */
static const char *kinds_of(struct letter *l, bool is_over)
{
    int64_t count[DEADLINE_PROMOTION + 1] = { 0 };
    struct buf text = { 0 };
    for (size_t i = 0; i < l->n_due; i++) {
        size_t over;
        bool is_due = due_today(&l->face, &l->due[i], 1, l->ask.now_s, &over) > 0;
        if (is_due && (over > 0) == is_over)
            count[l->due[i].kind] += l->due[i].count;
    }
    for (enum deadline_kind kind = DEADLINE_CLAIM; kind <= DEADLINE_PROMOTION; kind++) {
        char key[40];
        if (!count[kind])
            continue;
        if (text.len)
            buf_text(&text, ", ");
        snprintf(key, sizeof key, "today.%s", deadline_word(kind));
        say(&text, &l->face, key, { "n", NULL, count[kind] });
    }
    const char *said = arena_text(l->c->arena, buf_str(&text));
    buf_free(&text);
    return said;
}

static void put_due(struct letter *l)
{
    const char *over = kinds_of(l, true), *due = kinds_of(l, false);
    if (*over)
        put(l, "today.over", { "what", over, 0 });
    if (!*due)
        return;
    for (size_t i = 0; i < l->n_due; i++) {             /* they are in order: the first that is not over */
        if (l->due[i].due_s <= l->ask.now_s)
            continue;
        struct buf left = { 0 };
        text_seconds(&left, &l->face.reader, (l->due[i].due_s - l->ask.now_s) / 60 * 60);
        put(l, "today.due", { "what", due, 0 }, { "left", buf_str(&left), 0 });
        buf_free(&left);
        return;
    }
}

/* Notices of the last day, and the title of the worst of them. */
static int put_news(struct letter *l)
{
    const struct plugin *p = plugins_named(l->c->plugins, "notices");
    const struct query_info *q = p && p->state == PLUGIN_LOADED ? plugin_query(p, "open") : NULL;
    const struct souk_args args = SOUK_ARGS({ "severity", souk_text("all") }, { "market", souk_market("") },
                                            { "limit", souk_count(1000) });
    struct souk_rows rows;
    int64_t n = 0, bad = 0;
    if (!q)
        return 0;
    int rc = desk_query(l->desk, l->c->arena, l->db, p, q, &args, 0, 0, &rows, l->err);
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++)
        if (souk_num(&rows, r, 1, 0) > l->ask.now_s - DAY_S) {
            n++;
            bad += text_is(souk_cell(&rows, r, 4)->text.at, "bad");
        }
    if (rc == 0 && n)
        put(l, "today.news", { "n", NULL, n }, { "bad", NULL, bad });
    return rc;
}

static int put_badge(struct letter *l, const char *id, const char *key)
{
    const struct plugin *p;
    const struct souk_widget *widget = plugins_widget(l->c->plugins, id, &p);
    struct badge badge = { 0, 0 };
    int rc = widget ? desk_badge(l->desk, l->c->arena, l->db, p, widget, l->ask.now_s, &badge, l->err) : 0;
    if (rc == 0 && badge.count)
        put(l, key, { "n", NULL, badge.count }, { "urgent", NULL, badge.urgent });
    return rc;
}

/* How old the data is: the newest data point of any market. */
static void put_freshness(struct letter *l)
{
    int64_t until_s = 0;
    struct buf when = { 0 }, age = { 0 };
    for (uint32_t i = 0; i < l->ask.n_markets; i++)
        if (souk_market_at(&l->ask, i)->data_until_s > until_s)
            until_s = souk_market_at(&l->ask, i)->data_until_s;
    if (!until_s) {
        put(l, "today.no_data");
        return;
    }
    text_instant(&when, &l->face.reader, until_s, NULL);
    text_seconds(&age, &l->face.reader, until_s < l->ask.now_s ? (l->ask.now_s - until_s) / 60 * 60 : 0);
    put(l, "today.fresh", { "account", l->face.account, 0 }, { "when", buf_str(&when), 0 }, { "age", buf_str(&age), 0 });
    buf_free(&when);
    buf_free(&age);
}

/* ---- the letter ------------------------------------------------------------------------------------------------- */

static int write_letter(struct letter *l)
{
    static const struct souk_widget nobody = { .size = sizeof nobody, .id = "" };
    struct ask_setup setup = { l->db, &nobody, clock_now(), SOUK_CARD, nothing, NULL };
    struct deadline *due;
    int rc = ask_make(l->c->arena, &setup, &l->ask, l->err);
    if (rc == 0)
        rc = deadline_list(l->db, l->c->policies, l->c->arena, l->ask.now_s, &due, &l->n_due, l->err);
    if (rc < 0)
        return rc;
    l->due = due;
    put_freshness(l);
    rc = put_sales(l);
    if (rc == 0)
        put_due(l);
    if (rc == 0)
        rc = put_news(l);
    if (rc == 0)
        rc = put_badge(l, "coach", "today.coach");
    if (rc == 0)
        rc = put_payments(l);
    if (rc == 0 && l->n_due == 0)
        put(l, "today.nothing_due");
    return rc;
}

static void print_letter(const struct letter *l)
{
    json_t *lines = json_array();
    struct buf out = { 0 };
    for (size_t i = 0; i < l->n; i++)
        if (l->c->as_json)
            json_array_append_new(lines, json_string(buf_str(&l->line[i])));
        else
            puts(buf_str(&l->line[i]));
    if (l->c->as_json) {
        json_write(&out, json_pack("{s:s, s:O}", "account", l->face.account, "lines", lines));
        puts(buf_str(&out));
    }
    json_decref(lines);
    buf_free(&out);
}

int run_today(struct cli *c)
{
    struct err err = { 0 };
    const char *account = "";
    struct letter l = { .c = c, .err = &err };
    if (c->argc)
        return cli_usage("today", "souk today takes no '%s'.", c->argv[0]);
    if (cli_plugins(c, &err) < 0)
        return cli_failed(c, &err);
    if (cli_account(c, DB_READ, &account, &l.db, &err) == 0) {
        l.face = (struct face){
            .plugins = c->plugins, .texts = c->texts, .account = account, .keep = "",
            .reader = { .language = cli_language(c), .zone = "UTC" },
        };
        l.desk = desk_new(c->plugins, c->policies);
        if (write_letter(&l) == 0)
            print_letter(&l);
        desk_free(l.desk);
    }
    db_close(l.db);
    for (size_t i = 0; i < LINES; i++)
        buf_free(&l.line[i]);
    return err.code ? cli_failed(c, &err) : EXIT_OK;
}
