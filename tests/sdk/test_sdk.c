/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_sdk.c: calls into plugins, well and badly behaved; each test runs twice, the second time with
 * everything that passes the border as bytes (SOUK_WIRE=1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/zone.h"
#include "plug/sdk.h"

#define DE "A1PA6795UKMFR9"

/* ---- a shop of three SKUs ----------------------------------------------------------------------- */

static const char sql_fill[] =
    "INSERT INTO market (no, id) VALUES (1, '" DE "'), (2, 'A1VC38T7YXB528'), (3, 'UNKNOWN');"
    "INSERT INTO sku (no, sku, title) VALUES (1, 'A', 'Mug'), (2, 'B', 'Caf\u00e9'), (3, 'C', NULL);"
    "INSERT INTO stock (market_no, sku_no, fulfillable, told_s)"
    " VALUES (1, 1, 4, 0), (1, 2, NULL, 0), (1, 3, 0, 0), (2, 1, 1, 0);"
    "INSERT INTO listing (market_no, sku_no, currency, price_minor, told_s)"
    " VALUES (1, 1, 'USD', 1999, 0), (2, 2, NULL, 500, 0), (3, 3, 'EUR', 0, 0);";

struct shop {
    char folder[40], ini[80], file[80], policies[80], texts[80];
    struct catalogue *catalogue;
    struct plugins *plugins;
    struct policies *rules;
    struct db *db;
    struct desk *desk;
    struct arena *a;
};
static struct shop shop;

static void text_write(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int make_texts(struct shop *s)
{
    char line[300];
    snprintf(line, sizeof line, "%s/en.txt", s->texts);
    text_write(line, "en { cannot { \"{price}, {n, plural, one {one row} other {# rows}}, {day},"
                     " {market}\" } }\n");
    snprintf(line, sizeof line, "genrb --quiet --encoding UTF-8 -d %s %s/en.txt", s->texts, s->texts);
    return system(line);
}

static int open_all(struct shop *s, struct err *err)
{
    char own[4000], line[100];
    const char *build = getenv("BUILD");
    struct db *writer = NULL;
    snprintf(own, sizeof own, "%s/tests/plugin", build ? build : "build");
    snprintf(line, sizeof line, "%s/DE.ini", s->policies);
    text_write(s->ini, "[naughty]\nfile = naughty.so\n[formats]\nfile = formats.so\n"
                       "[newer]\nfile = newer.so\n[low]\nfile = template.so\n"
                       "[capsule]\nfile = capsule-0.1.so\n"
                       "[capsule-2]\nfile = capsule-0.2.so\n"
                       "[gallery]\nfile = ../gallery/gallery.so\nisolate = no\n");
    if (mkdir(s->policies, 0700) < 0 || mkdir(s->texts, 0700) < 0 || make_texts(s) != 0)
        return -1;
    text_write(line, "[ship.handling_days]\nvalue = 2\nsince = 2020-01-01\nuntil =\n"
                     "source = https://example.org/\nchecked = 2026-11-22\nabout = Business days.\n"
                     "[deal.min_stars]\nvalue = 3.5\nsince = 2020-01-01\nsource = https://example.org/\n"
                     "checked = 2026-11-22\nabout = Stars.\n");
    int rc = db_open(&writer, s->file, DB_WRITE, err);
    if (rc == 0)
        rc = db_migrate(writer, "account", "views.sql", err);
    if (rc == 0)
        rc = db_exec(writer, sql_fill, err);
    if (writer)
        db_close(writer);
    if (rc == 0)
        rc = db_open(&s->db, s->file, DB_READ, err);
    if (rc == 0)
        rc = policies_open(&s->rules, s->policies, err);
    if (rc == 0)
        rc = catalogue_open(&s->catalogue, s->texts, err);
    const struct plugins_setup setup = { .config = s->ini, .own_folder = own, .texts = s->catalogue };
    return rc ? rc : plugins_load(&s->plugins, &setup, err);
}

static int start(void **state)
{
    struct err err = { 0 };
    (void)state;
    strcpy(shop.folder, "/tmp/souk-test-sdk-XXXXXX");
    if (!mkdtemp(shop.folder))
        return -1;
    snprintf(shop.ini, sizeof shop.ini, "%s/plugins.ini", shop.folder);
    snprintf(shop.file, sizeof shop.file, "%s/a.db", shop.folder);
    snprintf(shop.policies, sizeof shop.policies, "%s/policies", shop.folder);
    snprintf(shop.texts, sizeof shop.texts, "%s/text", shop.folder);
    log_setup(LOG_LEVEL_FAULT, false);                  /* every refusal below is a warning */
    if (open_all(&shop, &err) < 0) {
        print_error("%s\n", err.text);
        return -1;
    }
    for (size_t i = 0; i < plugins_count(shop.plugins); i++)
        if (plugins_at(shop.plugins, i)->why) {
            print_error("%s\n", plugins_at(shop.plugins, i)->why);
            return -1;
        }
    return 0;
}

static int stop(void **state)
{
    char command[80];
    (void)state;
    plugins_free(shop.plugins);
    catalogue_free(shop.catalogue);
    policies_free(shop.rules);
    db_close(shop.db);
    snprintf(command, sizeof command, "rm -r %s", shop.folder);
    return system(command);
}

static int sit_down(void **state)
{
    (void)state;
    unsetenv("SOUK_WIRE");
    shop.desk = desk_new(shop.plugins, shop.rules);
    shop.a = arena_new("test", 4096);
    return 0;
}

static int sit_down_wired(void **state)
{
    (void)state;
    setenv("SOUK_WIRE", "1", 1);
    shop.desk = desk_new(shop.plugins, shop.rules);
    shop.a = arena_new("test", 4096);
    return 0;
}

static int stand_up(void **state)
{
    (void)state;
    desk_free(shop.desk);
    arena_free(shop.a);
    return 0;
}

/* ---- widgets ------------------------------------------------------------------------------------ */

static const struct reader english = { .language = "en", .zone = "UTC" };

static const struct souk_market_now germany = {
    .size = sizeof germany, .id = DE, .currency = "EUR", .zone = "Europe/Berlin", .today = 20780,
    .from = 20774, .to = 20780, .today_start_s = 1795388400
};

static int render_at(struct desk *desk, const char *id, const char *what, struct view *view,
                     struct err *err)
{
    const struct souk_arg option = { "what", souk_text(what) };
    const struct souk_ask ask = {
        .size = sizeof ask, .face = SOUK_CARD, .now_s = 1795413600, .markets = &germany, .n_markets = 1,
        .market_size = sizeof germany, .options = { &option, 1, 0 }
    };
    struct render_setup setup = { .db = shop.db, .ask = &ask, .reader = &english };
    setup.widget = plugins_widget(shop.plugins, id, &setup.plugin);
    assert_non_null(setup.widget);
    return desk_render(desk, shop.a, &setup, view, err);
}

/* Elements of a widget that is expected to succeed. */
static size_t elements(const char *id, const char *what, const struct view_element **e)
{
    struct view view = { 0 };
    struct err err = { 0 };
    size_t n = 0;
    if (render_at(shop.desk, id, what, &view, &err) < 0
        || view_read(shop.a, buf_str(&view.bytes), view.bytes.len, e, &n, &err) < 0)
        fail_msg("%s: %s", what, err.text);
    view_clear(&view);
    return n;
}

static int64_t figure(const char *what)
{
    const struct view_element *e;
    assert_int_equal(elements("naughty", what, &e), 1);
    assert_int_equal(e[0].kind, VIEW_STAT);
    return e[0].stat.value.num;
}

static void the_template_counts(void **state)
{
    (void)state;
    const struct view_element *e;
    assert_int_equal(elements("low-stock", "", &e), 1);
    assert_int_equal(e[0].stat.value.num, 2);           /* A has 4, C has 0, B is not told */
    assert_string_equal(e[0].stat.label.args.at[0].value.text.at, DE);
    assert_string_equal(e[0].stat.why->rows, "low");
    assert_int_equal(e[0].stat.why->args.n, 2);
}

static void a_newer_plugin_works(void **state)
{
    (void)state;
    const struct view_element *e;
    assert_int_equal(elements("newer", "", &e), 1);
    assert_int_equal(e[0].stat.value.num, 3);
}

/* Built with the headers of SDK 0.1, and still of use. */
static void an_older_plugin_works(void **state)
{
    (void)state;
    static const enum view_kind want[] = {
        VIEW_COLUMNS, VIEW_SECTION, VIEW_STAT, VIEW_FACT, VIEW_END, VIEW_END, VIEW_FOLD, VIEW_TABLE,
        VIEW_CHART, VIEW_ALERT, VIEW_TEXT, VIEW_EMPTY, VIEW_END,
    };
    const struct souk_arg option[] = { { "pending", souk_text("with") }, { "least", souk_count(5) } };
    const struct souk_ask ask = {
        .size = sizeof ask, .face = SOUK_CARD, .now_s = 1795413600, .markets = &germany, .n_markets = 1,
        .market_size = sizeof germany, .options = { option, 2, 0 }
    };
    struct render_setup setup = { .db = shop.db, .ask = &ask, .reader = &english };
    const struct view_element *e;
    struct view view = { 0 };
    struct err err = { 0 };
    size_t n;
    setup.widget = plugins_widget(shop.plugins, "capsule", &setup.plugin);
    assert_non_null(setup.widget);
    if (desk_render(shop.desk, shop.a, &setup, &view, &err) < 0
        || view_read(shop.a, buf_str(&view.bytes), view.bytes.len, &e, &n, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(n, COUNT_OF(want));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(e[i].kind, want[i]);
    assert_int_equal(e[2].stat.value.num, 3);
    assert_int_equal(e[3].fact.value.num, 5);
    assert_string_equal(e[7].table.more->widget, "capsule");
    assert_null(e[7].table.more->ref);                  /* what a younger struct has is nothing */
    assert_int_equal(view.until_s, ask.now_s + 60);
    view_clear(&view);
}

/* What a plugin of SDK 0.2 builds is what it was then. */
static void a_plugin_of_0_2_is_asked(void **state)
{
    (void)state;
    static const enum view_kind want[] = {
        VIEW_ITEMS, VIEW_ITEM, VIEW_FORM, VIEW_END, VIEW_END, VIEW_THREAD, VIEW_LETTER, VIEW_END, VIEW_PROGRESS,
        VIEW_ARTICLE, VIEW_PAGER,
    };
    const struct souk_ask ask = {
        .size = sizeof ask, .face = SOUK_CARD, .now_s = 1795413600, .markets = &germany, .n_markets = 1,
        .market_size = sizeof germany,
    };
    struct render_setup setup = { .db = shop.db, .ask = &ask, .reader = &english };
    const struct view_element *e;
    struct view view = { 0 };
    struct badge badge;
    struct err err = { 0 };
    size_t n;
    setup.widget = plugins_widget(shop.plugins, "capsule-0-2", &setup.plugin);
    assert_non_null(setup.widget);
    if (desk_render(shop.desk, shop.a, &setup, &view, &err) < 0
        || view_read(shop.a, buf_str(&view.bytes), view.bytes.len, &e, &n, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(n, COUNT_OF(want));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(e[i].kind, want[i]);
    const struct souk_field *price = e[2].form.fields.at;
    assert_int_equal(e[2].form.fields.n, 2);
    assert_string_equal(price->name, "price");
    assert_null(price->choices_from);
    view_clear(&view);
    if (desk_badge(shop.desk, shop.a, shop.db, setup.plugin, setup.widget, ask.now_s, &badge, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(badge.count, 4);
}

static void a_badge_is_counted(void **state)
{
    (void)state;
    const struct plugin *of;
    struct badge badge;
    struct err err = { 0 };
    const struct souk_widget *widget = plugins_widget(shop.plugins, "gallery", &of);
    assert_int_equal(desk_badge(shop.desk, shop.a, shop.db, of, widget, 1795413600, &badge, &err), 0);
    assert_int_equal(badge.count, 7);
    assert_int_equal(badge.urgent, 2);
    assert_int_equal(desk_badge(shop.desk, shop.a, shop.db, of, widget, 0, &badge, &err), 0);
    assert_int_equal(badge.urgent, 0);                  /* it is told what time it is */
    widget = plugins_widget(shop.plugins, "low-stock", &of);
    assert_int_equal(desk_badge(shop.desk, shop.a, shop.db, of, widget, 0, &badge, &err), 0);
    assert_int_equal(badge.count, 0);
}

/* ---- plans -------------------------------------------------------------------------------------- */

struct planned {
    struct buf text;                                    /* "notice.add subject=Mug; " */
    const char *refuse;                                 /* the command that nobody knows */
};

static int take(void *ctx, const char *command, const struct souk_args *args, struct err *err)
{
    struct planned *p = ctx;
    if (text_is(command, p->refuse))
        return err_set(err, ERR_ABSENT, "There is no command '%s'.", command);
    buf_text(&p->text, command);
    for (uint32_t i = 0; i < args->n; i++) {
        buf_printf(&p->text, " %s=", args->at[i].name);
        value_as_text(&p->text, &args->at[i].value);
    }
    buf_text(&p->text, "; ");
    return 0;
}

static int plan(const char *subject, struct planned *p, struct err *err)
{
    const struct souk_arg arg = { "subject", souk_text(subject) };
    const struct souk_args args = { &arg, 1, 0 };
    const struct souk_ask ask = {
        .size = sizeof ask, .face = SOUK_PAGE, .now_s = 1795413600, .markets = &germany, .n_markets = 1,
        .market_size = sizeof germany
    };
    struct plan_setup setup = { .db = shop.db, .ask = &ask, .reader = &english, .args = &args, .ctx = p, .add = take };
    setup.command = plugins_command(shop.plugins, "gallery.keep", &setup.plugin);
    assert_non_null(setup.command);
    return desk_plan(shop.desk, shop.a, &setup, err);
}

static void a_command_plans(void **state)
{
    (void)state;
    struct planned p = { 0 };
    struct err err = { 0 };
    if (plan("Mug", &p, &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(buf_str(&p.text), "notice.add subject=Mug; notice.done notice=N-1 rows=4; ");
    buf_free(&p.text);
}

static void a_bad_plan_is_refused(void **state)
{
    (void)state;
    static const struct { const char *subject, *refuse; int code; const char *says; } cases[] = {
        { "Mug", "notice.done", ERR_ABSENT, "There is no command 'notice.done'." },
        { "?", NULL, ERR_ABSENT, "It plans the command 'order.cancel', which is not in its .commands." },
        { "!", NULL, ERR_INPUT, "cannot be kept." },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct planned p = { .refuse = cases[i].refuse };
        struct err err = { 0 };
        int rc = plan(cases[i].subject, &p, &err);
        if (rc != -cases[i].code || !strstr(err.text, cases[i].says))
            fail_msg("%s: %d %s", cases[i].subject, rc, err.text);
        buf_free(&p.text);
    }
}

static void everything_is_rendered(void **state)
{
    (void)state;
    static const enum view_kind want[] = {
        VIEW_SECTION, VIEW_STAT, VIEW_FACT, VIEW_END, VIEW_COLUMNS, VIEW_SECTION, VIEW_TABLE,
        VIEW_END, VIEW_END,
        VIEW_FOLD, VIEW_TABLE, VIEW_ALERT, VIEW_TEXT, VIEW_EMPTY, VIEW_END,
    };
    const struct view_element *e;
    assert_int_equal(elements("naughty", "everything", &e), COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++)
        assert_int_equal(e[i].kind, want[i]);
    const struct souk_rows *stock = &e[6].table.rows;
    assert_int_equal(stock->n_rows, 2);                 /* NULL is not below 100 */
    assert_string_equal(souk_cell(stock, 0, 0)->text.at, "A");
    assert_int_equal(souk_cell(stock, 1, 1)->num, 0);
    assert_int_equal(souk_cell(stock, 1, 2)->type, SOUK_MARKET);
    assert_int_equal(e[11].alert.text.args.at[0].value.num, 2);
}

static void money_gets_its_currency(void **state)
{
    (void)state;
    const struct view_element *e;
    assert_int_equal(elements("naughty", "money", &e), 1);
    const struct souk_rows *r = &e[0].table.rows;
    assert_int_equal(r->n_rows, 3);
    assert_string_equal(souk_cell(r, 0, 2)->currency, "EUR");    /* by its market */
    assert_string_equal(souk_cell(r, 0, 3)->currency, "USD");    /* by its row */
    assert_int_equal(souk_cell(r, 0, 3)->num, 1999);
    assert_string_equal(souk_cell(r, 1, 2)->currency, "JPY");
    assert_int_equal(souk_cell(r, 1, 3)->type, SOUK_NONE);       /* the row names no currency */
    assert_int_equal(souk_cell(r, 1, 1)->type, SOUK_NONE);
    assert_int_equal(souk_cell(r, 2, 2)->type, SOUK_NONE);       /* nobody knows that market */
    assert_int_equal(souk_cell(r, 2, 3)->type, SOUK_NONE);       /* NULL */
    assert_int_equal(souk_cell(r, 0, 4)->type, SOUK_NONE);
}

static void small_services(void **state)
{
    (void)state;
    const struct view_element *e;
    struct view view = { 0 };
    struct err err = { 0 };
    assert_int_equal(figure("fine"), 1);
    assert_int_equal(figure("cut"), 12);                /* is_cut, 2 rows of 3 */
    assert_int_equal(figure("store_is_null"), 1);
    assert_int_equal(figure("search"), 1);
    assert_int_equal(figure("days"), 23);
    assert_int_equal(figure("ship_by"), 55);            /* from 17:00 on Friday to the end of Sunday */
    assert_int_equal(figure("local"), 4);
    assert_int_equal(figure("count_instances"), 1);     /* the one tried at load was closed */
    assert_int_equal(elements("naughty", "nothing", &e), 0);
    assert_int_equal(elements("naughty", "policy", &e), 3);
    assert_int_equal(e[0].stat.value.num, 2);
    assert_int_equal(e[1].fact.value.num, 18262);
    assert_string_equal(e[2].fact.value.text.at, "https://example.org/");
    assert_int_equal(elements("naughty", "decimal_policy", &e), 3);
    assert_int_equal(e[0].stat.value.type, SOUK_DECIMAL);
    assert_int_equal(e[0].stat.value.num, 35);
    assert_int_equal(e[0].stat.value.den, 1);
    assert_int_equal(render_at(shop.desk, "naughty", "until", &view, &err), 0);
    assert_int_equal(view.until_s, 1000);
    view_clear(&view);
}

static void badges_are_counted(void **state)
{
    (void)state;
    const struct plugin *p;
    const struct souk_widget *by_code = plugins_widget(shop.plugins, "naughty", &p);
    const struct souk_widget *by_query = plugins_widget(shop.plugins, "naughty-too", &p);
    struct badge badge;
    struct err err = { 0 };
    assert_true(widget_has_badge(by_code) && widget_has_badge(by_query));
    assert_int_equal(desk_badge(shop.desk, shop.a, shop.db, p, by_query, 12, &badge, &err), 0);
    assert_int_equal(badge.count, 4);
    assert_int_equal(badge.urgent, 7);
    assert_int_equal(desk_badge(shop.desk, shop.a, shop.db, p, by_code, 12, &badge, &err), 0);
    assert_int_equal(badge.count, 2);
    assert_int_equal(badge.urgent, 1);
    assert_int_equal(desk_badge(shop.desk, shop.a, shop.db, p, by_code, 0, &badge, &err), -ERR_INPUT);
    assert_string_equal(err.text, "The badge 'naughty' of [naughty] was given something wrong.");
    assert_int_equal(badge.count, 0);
}

/* One plugin cannot fill the disk: 100 lines a second, and how many more there were. */
static void chatter_is_limited(void **state)
{
    (void)state;
    char some[65536];
    FILE *caught = tmpfile();
    int keep = dup(2), lines = 0;
    assert_non_null(caught);
    log_setup(LOG_LEVEL_WARN, false);
    dup2(fileno(caught), 2);
    assert_int_equal(figure("chatter"), 1);
    dup2(keep, 2);
    close(keep);
    log_setup(LOG_LEVEL_FAULT, false);
    rewind(caught);
    size_t n = fread(some, 1, sizeof some - 1, caught);
    fclose(caught);
    some[n] = '\0';
    for (const char *at = some; (at = strstr(at, "[naughty] chatter")); at++)
        lines++;
    assert_in_range(lines, 100, 200);                   /* 200 when the second changed in between */
}

static void faults_are_named(void **state)
{
    (void)state;
    static const struct { const char *what; int code; const char *says; } cases[] = {
        { "not_yet", ERR_ABSENT, "The widget 'naughty' of [naughty] has no data yet." },
        { "denied", ERR_DENIED, "may not be seen by this reader." },
        { "odd_code", ERR_PLUGIN, "ended with the code -99, which the SDK does not have." },
        { "fault", ERR_DENIED, "\u20ac19.99, 2 rows, " },
        { "fault_twice", ERR_DENIED, ", Amazon.de" },
        { "undeclared", ERR_PLUGIN, "does not exist: It asks for the query 'nosuch'" },
        { "no_argument", ERR_INPUT, "The query 'stock' needs the argument 'below' of type count." },
        { "wrong_type", ERR_INPUT, "needs the argument 'below' of type count, not text." },
        { "argument_twice", ERR_INPUT, "The query 'stock' was given an argument twice." },
        { "one_more", ERR_INPUT, "The query 'stock' has no parameter 'sku'." },
        { "endless", ERR_TIME, "took too long: The query 'endless' of [naughty] took more than " },
        { "slow", ERR_TIME, "it may take 300 ms." },
        { "no_policy", ERR_PLUGIN, "asked for something that does not exist: " },
        { "no_day", ERR_PLUGIN, "It asks for a day of the market 'MARS', which Souk does not know." },
        { "no_ship_by", ERR_PLUGIN, "It asks when an order of the market 'MARS' is late, of which" },
        { "no_local", ERR_PLUGIN, "It asks for the time in the market 'MARS', which Souk does not know." },
        { "unshippable", ERR_INPUT, "No order can be placed at the instant 9223372036854775807." },
        { "policy_without_size", ERR_PLUGIN, "call souk_policy(), which sets it." },
        { "no_why", ERR_PLUGIN, "The figure 'n' says not where it comes from: add .why." },
        { "left_open", ERR_PLUGIN, "The section 'open' is not ended: call souk_end()." },
        { "null_stat", ERR_PLUGIN, "The figure is NULL." },
        { "why_undeclared", ERR_PLUGIN, "leads to the query 'nosuch', which [naughty] does not declare." },
        { "link_without_argument", ERR_PLUGIN, "wrong arguments: The query 'stock' needs the" },
        { "form_undeclared", ERR_PLUGIN, "a form for the command 'order.cancel', which [naughty] neither offers" },
        { "rows_overflow", ERR_PLUGIN, "The table 'lies': souk_table.rows: it has more rows than any" },
        { "text_too_long", ERR_PLUGIN, "The fact 'lies': souk_fact.value: a text has more than 1 MiB." },
        { "text_not_ended", ERR_PLUGIN, "The fact 'lies': souk_fact.value: a text does not end" },
        { "fewer_columns", ERR_PLUGIN, "its columns name 1, but n_columns is 2." },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct view view = { 0 };
        struct err err = { 0 };
        int rc = render_at(shop.desk, "naughty", cases[i].what, &view, &err);
        if (rc != -cases[i].code || !strstr(err.text, cases[i].says))
            fail_msg("%s: %d %s", cases[i].what, rc, err.text);
        view_clear(&view);
    }
    assert_int_equal(figure("endless_unseen"), 0);      /* a widget may live with a stopped query */
}

static const char sql_less[] = "DELETE FROM stock WHERE sku_no = 3";
static const char sql_more[] =
    "INSERT INTO stock (market_no, sku_no, fulfillable, told_s) VALUES (1, 3, 0, 0)";

struct writing {
    pthread_mutex_t lock;
    bool is_over;
    int bad;
};

static bool is_over(struct writing *w)
{
    pthread_mutex_lock(&w->lock);
    bool over = w->is_over;
    pthread_mutex_unlock(&w->lock);
    return over;
}

static void *write_and_undo(void *ctx)
{
    struct writing *w = ctx;
    struct db *db;
    struct err err = { 0 };
    w->bad = db_open(&db, shop.file, DB_WRITE, &err);
    if (w->bad)
        return NULL;
    while (!is_over(w) && !w->bad)
        if (db_exec(db, sql_less, &err) < 0 || db_exec(db, sql_more, &err) < 0)
            w->bad = -err.code;
    db_close(db);
    return NULL;
}

static void a_call_sees_one_moment(void **state)
{
    (void)state;
    struct writing w = { PTHREAD_MUTEX_INITIALIZER, false, 0 };
    pthread_t thread;
    int64_t differ = 0;
    assert_int_equal(pthread_create(&thread, NULL, write_and_undo, &w), 0);
    for (int i = 0; i < 30; i++)
        differ += figure("moment");
    pthread_mutex_lock(&w.lock);
    w.is_over = true;
    pthread_mutex_unlock(&w.lock);
    pthread_join(thread, NULL);
    assert_int_equal(w.bad, 0);
    assert_int_equal(differ, 0);
}

static void the_next_call_sees_what_changed(void **state)
{
    (void)state;
    struct db *writer;
    struct err err = { 0 };
    if (db_open(&writer, shop.file, DB_WRITE, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(figure("lines"), 4);
    assert_int_equal(db_exec(writer, sql_less, &err), 0);
    assert_int_equal(figure("lines"), 3);
    assert_int_equal(db_exec(writer, sql_more, &err), 0);
    assert_int_equal(figure("lines"), 4);
    db_close(writer);
}

static void a_database_is_forgotten(void **state)
{
    (void)state;
    struct err err = { 0 };
    assert_int_equal(figure("cut"), 12);
    desk_forget(shop.desk, shop.db);
    db_close(shop.db);
    assert_int_equal(db_open(&shop.db, shop.file, DB_READ, &err), 0);
    assert_int_equal(figure("cut"), 12);
}

/* Each thread has its desk and its reader. */
static void *work(void *out)
{
    struct shop mine = shop;
    struct err err = { 0 };
    int *bad = out;
    mine.db = NULL;
    mine.desk = desk_new(shop.plugins, shop.rules);
    mine.a = arena_new("thread", 4096);
    const struct souk_ask ask = {
        .size = sizeof ask, .markets = &germany, .n_markets = 1, .market_size = sizeof germany
    };
    struct render_setup setup = { .ask = &ask, .reader = &english };
    setup.widget = plugins_widget(shop.plugins, "low-stock", &setup.plugin);
    *bad = db_open(&mine.db, shop.file, DB_READ, &err);
    setup.db = mine.db;
    for (int i = 0; i < 50 && *bad == 0; i++) {
        struct view view = { 0 };
        *bad = desk_render(mine.desk, mine.a, &setup, &view, &err);
        view_clear(&view);
        arena_reset(mine.a);
    }
    desk_free(mine.desk);
    arena_free(mine.a);
    if (mine.db)
        db_close(mine.db);
    return NULL;
}

static void desks_are_apart(void **state)
{
    (void)state;
    pthread_t thread[3];
    int bad[3] = { 0 };
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, work, &bad[i]), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bad[i], 0);
}

/* ---- a query's own page ------------------------------------------------------------------------- */

static void queries_are_paged(void **state)
{
    (void)state;
    const struct plugin *of = plugins_named(shop.plugins, "naughty");
    const struct query_info *q = plugin_query(of, "few");
    const struct souk_args none = { NULL, 0, 0 };
    struct souk_rows rows;
    struct err err = { 0 };
    static const struct { uint32_t from, limit, n; bool is_cut; const char *first; } cases[] = {
        { 0, 0, 2, true, "A" }, { 0, 3, 3, true, "A" }, { 0, 4, 4, false, "A" },
        { 2, 10, 2, false, "B" }, { 9, 10, 0, false, "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (desk_query(shop.desk, shop.a, shop.db, of, q, &none, cases[i].from, cases[i].limit, &rows,
                       &err) < 0)
            fail_msg("%s", err.text);
        assert_int_equal(rows.n_rows, cases[i].n);
        assert_int_equal(rows.is_cut, cases[i].is_cut);
        if (rows.n_rows)
            assert_string_equal(souk_cell(&rows, 0, 0)->text.at, cases[i].first);
    }
    int64_t start_ms = clock_ms();
    q = plugin_query(of, "endless");
    assert_int_equal(desk_query(shop.desk, shop.a, shop.db, of, q, &none, 0, 0, &rows, &err), -ERR_TIME);
    assert_non_null(strstr(err.text, "'endless' of [naughty] took more than 2000 ms and was stopped."));
    assert_in_range(clock_ms() - start_ms, 1900, 20000);
}

static const char *word_of(void *ctx, const char *name)
{
    const char *const *pair = ctx;
    for (; *pair; pair += 2)
        if (text_is(*pair, name))
            return pair[1];
    return NULL;
}

static void arguments_come_from_addresses(void **state)
{
    (void)state;
    const struct query_info *q = plugin_query(plugins_named(shop.plugins, "naughty"), "stock");
    static const struct { const char *words[5], *says; } cases[] = {
        { { "market", "DE", "below", "5" }, NULL },
        { { "below", "-5", "market", DE }, NULL },
        { { "market", "DE" }, "The parameter \"below\" is missing; it is of type count." },
        { { "market", "DE", "below", "5 " }, "The parameter \"below\": \"5 \" is no whole number." },
        { { "market", "Germany", "below", "5" }, "\"market\": \"Germany\" is no market that Souk knows" },
        { { "market", "D\xFF", "below", "5" }, "The parameter \"market\": It must be a text in UTF-8" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct souk_args args;
        struct err err = { 0 };
        int rc = query_args(shop.a, q, word_of, (void *)(uintptr_t)cases[i].words, &args, &err);
        if (rc != (cases[i].says ? -ERR_INPUT : 0)
            || (cases[i].says && !strstr(err.text, cases[i].says)))
            fail_msg("case %zu: %d %s", i, rc, err.text);
        if (rc == 0) {
            assert_int_equal(args.n, 2);
            assert_string_equal(args.at[0].value.text.at, DE);
            assert_int_equal(args.at[1].value.type, SOUK_COUNT);
        }
    }
}

static void values_go_into_addresses_and_back(void **state)
{
    (void)state;
    static const struct { uint32_t type; const char *text; int64_t num; const char *word; } good[] = {
        { SOUK_BOOL, "yes", 1, "" }, { SOUK_BOOL, "no", 0, "" }, { SOUK_COUNT, "-7", -7, "" },
        { SOUK_BP, "250", 250, "" }, { SOUK_SECONDS, "3600", 3600, "" },
        { SOUK_DAY, "2026-11-23", 20780, "" },
        { SOUK_DAY, "1969-12-31", -1, "" },
        { SOUK_INSTANT, "2026-11-23T06:00:00Z", 1795413600, "" },
        { SOUK_MARKET, "DE", 0, DE }, { SOUK_TEXT, "caf\u00e9 & co", 0, "caf\u00e9 & co" },
        { SOUK_TEXT, "", 0, "" },
        { SOUK_CURRENCY, "EUR", 0, "EUR" }, { SOUK_COUNTRY, "DE", 0, "DE" },
        { SOUK_REF, "sku:A-1", 0, "sku:A-1" },
        { SOUK_ZONE, "Europe/Berlin", 0, "Europe/Berlin" },
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        struct souk_value v;
        struct buf out = { 0 };
        struct err err = { 0 };
        if (value_from_text(shop.a, good[i].type, good[i].text, &v, &err) < 0)
            fail_msg("%s: %s", good[i].text, err.text);
        assert_int_equal(v.type, good[i].type);
        assert_int_equal(v.num, good[i].num);
        assert_string_equal(v.text.at, good[i].word);
        value_as_text(&out, &v);
        assert_string_equal(buf_str(&out), good[i].text);
        buf_free(&out);
    }
    static const struct { uint32_t type; const char *text; } bad[] = {
        { SOUK_BOOL, "1" }, { SOUK_COUNT, "" }, { SOUK_COUNT, "1.5" }, { SOUK_DAY, "2026-02-30" },
        { SOUK_DAY, "today" },
        { SOUK_INSTANT, "2026-11-23" }, { SOUK_MARKET, "Nowhere" }, { SOUK_CURRENCY, "eur" },
        { SOUK_COUNTRY, "DEU" }, { SOUK_TEXT, "\xC3" },
        { SOUK_DAY, "2026-11-23 and so on and so on and so on and so on and so on and so on" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct souk_value v;
        struct err err = { 0 };
        assert_int_equal(value_from_text(shop.a, bad[i].type, bad[i].text, &v, &err), -ERR_INPUT);
        assert_true(err.text[0]);
    }
}

/* ---- imports ------------------------------------------------------------------------------------ */

struct told {
    int64_t put, rejected, skipped, sum_of_lines;
    char why[200], column[40];
};

static void on_outcome(void *ctx, int64_t line, enum store_outcome what)
{
    struct told *t = ctx;
    t->put += what != STORE_REJECTED;
    t->sum_of_lines += line;
}

static void on_reject(void *ctx, int64_t line, const char *column, const struct souk_msg *why)
{
    struct told *t = ctx;
    t->rejected++;
    t->sum_of_lines += line;
    snprintf(t->column, sizeof t->column, "%s", column);
    const struct souk_arg *arg = why->args.at;
    snprintf(t->why, sizeof t->why, "%s %s %lld %s", why->key, arg->name, (long long)arg->value.num,
             arg->value.currency);
}

static void on_skip(void *ctx, int64_t line)
{
    struct told *t = ctx;
    t->skipped++;
    t->sum_of_lines += line;
}

static void store_reject(void *ctx, int64_t line, const char *column, const struct souk_msg *why)
{
    (void)ctx, (void)line, (void)column, (void)why;
}

/* A batch of rows that say what the format shall do with them; everything is rolled back. */
static int import(const char *const *what, uint32_t n, struct told *t, struct err *err)
{
    struct souk_value cell[5 * 8];
    const struct plugin *of = plugins_named(shop.plugins, "formats");
    const struct souk_import_file file = {
        .size = sizeof file, .name = "small.txt", .charset = "UTF-8", .market = DE, .currency = "EUR"
    };
    const struct store_setup setup = {
        .format = "example.small-v1", .market = DE, .told_s = 1, .reject = store_reject
    };
    struct import_call call = {
        .plugin = of, .format = of->imports[0], .file = &file, .ctx = t, .outcome = on_outcome,
        .reject = on_reject, .skip = on_skip
    };
    struct err second = { 0 };
    memset(t, 0, sizeof *t);
    for (uint32_t i = 0; i < n; i++) {
        cell[i * 5] = souk_count(i + 2);
        cell[i * 5 + 1] = souk_text(what[i]);
        cell[i * 5 + 2] = souk_market(DE);
        cell[i * 5 + 3] = souk_money(1999, "EUR");
        cell[i * 5 + 4] = souk_none();
    }
    const struct souk_rows rows = {
        "line:count do_what:text market:market price:money/market extra:text", cell, 5, n, 0, 0
    };
    if (db_open(&call.db, shop.file, DB_WRITE, err) < 0 || db_begin(call.db, err) < 0
        || store_begin(&call.store, call.db, &setup, err) < 0)
        fail_msg("%s", err->text);
    int rc = desk_import(shop.desk, shop.a, &call, &rows, err);
    store_end(call.store);
    db_end(call.db, -1, &second);
    desk_forget(shop.desk, call.db);
    db_close(call.db);
    return rc;
}

static void imports_are_told(void **state)
{
    (void)state;
    static const char *const what[] = {
        "put", "skip", "odd", "keep", "kept", "remove", "none_kept", "put"
    };
    struct told t;
    struct err err = { 0 };
    if (import(what, COUNT_OF(what), &t, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(t.put, 2);
    assert_int_equal(t.skipped, 1);
    assert_int_equal(t.rejected, 1);
    assert_int_equal(t.sum_of_lines, 2 + 3 + 4 + 9);
    assert_string_equal(t.why, "odd price 1999 EUR");
    assert_string_equal(t.column, "price");
}

static void imports_fail_as_a_whole(void **state)
{
    (void)state;
    static const struct { const char *what; int code; const char *says; } cases[] = {
        { "fail", ERR_INPUT, "The format 'example.small-v1' of [formats] was given something wrong." },
        { "fail_with_words", ERR_INPUT, "cannot_read" },
        { "put_badly", ERR_PLUGIN, "weather" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told t;
        struct err err = { 0 };
        int rc = import(&cases[i].what, 1, &t, &err);
        if (rc != -cases[i].code || !strstr(err.text, cases[i].says))
            fail_msg("%s: %d %s", cases[i].what, rc, err.text);
    }
}

#define TWICE(test) \
    { #test, test, sit_down, stand_up, NULL }, \
    { #test "_over_the_wire", test, sit_down_wired, stand_up, NULL }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(the_template_counts),
        TWICE(a_newer_plugin_works),
        TWICE(an_older_plugin_works),
        TWICE(a_plugin_of_0_2_is_asked),
        TWICE(a_badge_is_counted),
        TWICE(a_command_plans),
        TWICE(a_bad_plan_is_refused),
        TWICE(everything_is_rendered),
        TWICE(money_gets_its_currency),
        TWICE(small_services),
        TWICE(badges_are_counted),
        TWICE(chatter_is_limited),
        TWICE(faults_are_named),
        TWICE(a_call_sees_one_moment),
        TWICE(the_next_call_sees_what_changed),
        TWICE(a_database_is_forgotten),
        TWICE(desks_are_apart),
        TWICE(imports_are_told),
        TWICE(imports_fail_as_a_whole),
        cmocka_unit_test_setup_teardown(queries_are_paged, sit_down, stand_up),
        cmocka_unit_test_setup_teardown(arguments_come_from_addresses, sit_down, stand_up),
        cmocka_unit_test_setup_teardown(values_go_into_addresses_and_back, sit_down, stand_up),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
