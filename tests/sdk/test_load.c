/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_load.c: what becomes of each plugin that plugins.ini names, and what an author is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plug/declare.h"

static char own[4000], folder[] = "/tmp/souk-test-load-XXXXXX", ini[100];

static void file_write(const char *path, const void *at, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(at, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static struct buf file_read(const char *path)
{
    struct buf b = { 0 };
    char some[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    while ((n = fread(some, 1, sizeof some, f)) > 0)
        buf_put(&b, some, n);
    fclose(f);
    return b;
}

/* The template again, outside of Souk's own folder. */
static int start(void **state)
{
    char path[5000];
    const char *build = getenv("BUILD");
    (void)state;
    snprintf(own, sizeof own, "%s/tests/plugin", build ? build : "build");
    if (!mkdtemp(folder))
        return -1;
    snprintf(ini, sizeof ini, "%s/plugins.ini", folder);
    snprintf(path, sizeof path, "%s/template.so", own);
    struct buf so = file_read(path);
    snprintf(path, sizeof path, "%s/foreign.so", folder);
    file_write(path, so.at, so.len);
    buf_free(&so);
    return 0;
}

static int stop(void **state)
{
    char path[5000];
    (void)state;
    snprintf(path, sizeof path, "%s/foreign.so", folder);
    unlink(path);
    unlink(ini);
    return rmdir(folder);
}

static int load(struct plugins **p, const char *text, struct err *err)
{
    const struct plugins_setup setup = { .config = ini, .own_folder = own };
    file_write(ini, text, strlen(text));
    return plugins_load(p, &setup, err);
}

/* ---- what loads --------------------------------------------------------------------------------- */

static void plugins_load_as_declared(void **state)
{
    (void)state;
    struct plugins *p;
    struct err err = { 0 };
    const struct plugin *of = NULL;
    if (load(&p, "[host]\nport = 9\n[low]\nfile = template.so\n[formats]\nfile = formats.so\n"
                 "[naughty]\nfile=naughty.so\nisolate = no\n", &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(plugins_count(p), 3);
    for (size_t i = 0; i < 3; i++) {
        if (plugins_at(p, i)->state != PLUGIN_LOADED)
            fail_msg("%s: %s", plugins_at(p, i)->name, plugins_at(p, i)->why);
        assert_int_equal(plugins_at(p, i)->no, i);
        assert_true(plugins_at(p, i)->is_own);
        assert_null(plugins_at(p, i)->why);
    }
    const struct plugin *low = plugins_named(p, "low");
    assert_string_equal(low->id, "org.example.low-stock");
    assert_string_equal(low->version, "1.0.0");
    assert_string_equal(low->title, "title");
    assert_int_equal(low->built, SOUK_SDK_NOW);
    assert_int_equal(low->needs, SOUK_SDK(0, 1));
    assert_true(low->file[0] == '/' && text_ends(low->file, "/template.so"));
    assert_int_equal(low->entry->size, sizeof(struct souk_plugin));
    assert_int_equal(low->n_widgets, 1);
    assert_int_equal(low->n_queries, 1);
    const struct query_info *q = plugin_query(low, "low");
    assert_int_equal(q->n_params, 2);
    assert_string_equal(q->param[1].name, "least");
    assert_int_equal(q->param[1].type, SOUK_COUNT);
    assert_int_equal(q->n_columns, 2);
    assert_null(plugin_query(low, "high"));
    assert_string_equal(plugins_widget(p, "low-stock", &of)->id, "low-stock");
    assert_ptr_equal(of, low);
    assert_null(plugins_widget(p, "high-stock", &of));
    assert_null(plugins_named(p, "high"));

    const struct souk_import *format = plugins_named(p, "formats")->imports[0];
    assert_int_equal(format->columns.n, 3);
    assert_string_equal(((const struct souk_import_column *)format->columns.at)[2].currency, "market");
    const struct souk_widget *widget = plugins_widget(p, "naughty", &of);
    const struct souk_field *field = widget->options.at;
    assert_int_equal(widget->options.size, sizeof *field);
    assert_string_equal(field->name, "what");
    assert_string_equal(field->fallback.text.at, "fine");

    assert_int_equal(plugins_host_int(p, "port"), 9);
    assert_string_equal(plugins_host_text(p, "address"), "127.0.0.1");
    assert_null(plugin_pattern(p, low, "en", "title"));
    plugins_free(p);

    assert_int_equal(load(&p, "", &err), 0);            /* nothing said: the host's fallbacks */
    assert_int_equal(plugins_count(p), 0);
    assert_int_equal(plugins_host_int(p, "port"), 8420);
    assert_string_equal(plugins_host_text(p, "log"), "plain");
    plugins_free(p);
}

/* What a widget shows are its options, behind those that it declares. */
static void what_is_new_in_0_2_loads(void **state)
{
    (void)state;
    struct plugins *p;
    struct err err = { 0 };
    const struct plugin *of = NULL;
    assert_int_equal(load(&p, "[gallery]\nfile = ../gallery/gallery.so\nisolate = no\n"
                              "[again]\nfile = ../gallery/gallery.so\nisolate = no\n", &err), 0);
    if (plugins_at(p, 0)->why)
        fail_msg("%s", plugins_at(p, 0)->why);
    assert_int_equal(plugins_at(p, 1)->state, PLUGIN_REFUSED);
    const struct souk_widget *widget = plugins_widget(p, "gallery", &of);
    const struct souk_field *field = widget->options.at;
    assert_int_equal(widget->options.n, 6);
    assert_string_equal(field[4].name, "thing");
    assert_string_equal(field[4].title, "column.thing");
    assert_int_equal(field[4].type, SOUK_FIELD_LINE);
    assert_string_equal(field[5].name, "sku");
    assert_true(widget_shows(widget, "thing", 5));
    assert_false(widget_shows(widget, "thin", 4));
    assert_false(widget_shows(widget, "", 0));
    assert_ptr_equal(plugins_showing(p, "sku:A", 3), widget);
    assert_null(plugins_showing(p, "order", 5));
    assert_string_equal(plugins_command(p, "gallery.keep", &of)->title, "keep");
    assert_ptr_equal(of, plugins_at(p, 0));
    assert_null(plugins_command(p, "notice.done", &of));
    assert_true(plugin_may_run(of, "gallery.keep"));
    assert_true(plugin_may_run(of, "notice.done"));
    assert_false(plugin_may_run(of, "notice.do"));
    assert_false(plugin_may_run(of, ""));
    assert_int_equal(of->n_searches, 1);
    assert_string_equal(of->searches[0]->query, "find");
    plugins_free(p);
}

static void a_newer_plugin_loads(void **state)
{
    (void)state;
    struct plugins *p;
    struct err err = { 0 };
    const struct plugin *of = NULL;
    assert_int_equal(load(&p, "[newer]\nfile = newer.so\n", &err), 0);
    assert_string_equal(plugins_at(p, 0)->why ? plugins_at(p, 0)->why : "", "");
    assert_int_equal(plugins_at(p, 0)->built, SOUK_SDK(0, 99));
    assert_int_equal(plugins_at(p, 0)->entry->size, sizeof(struct souk_plugin));
    assert_int_equal(plugins_widget(p, "newer", &of)->size, sizeof(struct souk_widget));
    assert_int_equal(plugins_at(p, 0)->n_queries, 2);
    assert_string_equal(plugins_at(p, 0)->queries[1].query->id, "two");
    assert_int_equal(plugins_at(p, 0)->n_widgets, 1);
    plugins_free(p);
}

/* Built with the headers of an older SDK: what it does not know of is zero. */
static void an_older_plugin_loads(void **state)
{
    (void)state;
    struct plugins *p;
    struct err err = { 0 };
    const struct plugin *of = NULL;
    assert_int_equal(load(&p, "[capsule]\nfile = capsule-0.1.so\n", &err), 0);
    assert_string_equal(plugins_at(p, 0)->why ? plugins_at(p, 0)->why : "", "");
    assert_int_equal(plugins_at(p, 0)->built, SOUK_SDK(0, 1));
    assert_int_equal(plugins_at(p, 0)->entry->size, sizeof(struct souk_plugin));
    assert_null(plugins_at(p, 0)->entry->commands);
    const struct souk_widget *widget = plugins_widget(p, "capsule", &of);
    assert_int_equal(widget->size, sizeof(struct souk_widget));
    assert_null(widget->shows);
    assert_null(widget->badge);
    assert_int_equal(widget->ribbon, SOUK_RIBBON_NONE);
    assert_int_equal(widget->options.n, 2);
    assert_int_equal(widget->options.size, sizeof(struct souk_field));
    const struct souk_field *least = (const struct souk_field *)widget->options.at + 1;
    assert_string_equal(least->name, "least");
    assert_int_equal(least->max, 9);
    assert_int_equal(least->flags, 0);
    assert_null(least->currency_of);
    plugins_free(p);
}

static void a_plugin_of_0_2_loads(void **state)
{
    (void)state;
    struct plugins *p;
    struct err err = { 0 };
    const struct plugin *of = NULL;
    assert_int_equal(load(&p, "[capsule]\nfile = capsule-0.2.so\n", &err), 0);
    assert_string_equal(plugins_at(p, 0)->why ? plugins_at(p, 0)->why : "", "");
    assert_int_equal(plugins_at(p, 0)->built, SOUK_SDK(0, 2));
    const struct souk_command *command = plugins_command(p, "capsule.note", &of);
    assert_int_equal(command->fields.n, 3);
    assert_int_equal(command->fields.size, sizeof(struct souk_field));
    const struct souk_field *price = (const struct souk_field *)command->fields.at + 1;
    assert_string_equal(price->currency_of, "market");
    assert_null(price->when);
    assert_int_equal(price->fields.n, 0);
    assert_int_equal(of->n_searches, 1);
    assert_int_equal(of->n_settings, 0);
    plugins_free(p);
}

static void souks_own_plugins_load(void **state)
{
    (void)state;
    char pattern[4100];
    const char *build = getenv("BUILD");
    glob_t found;
    struct buf text = { 0 };
    struct plugins *p;
    struct err err = { 0 };
    snprintf(pattern, sizeof pattern, "%s/plugins/*/*/*.so", build ? build : "build");
    if (glob(pattern, 0, NULL, &found) != 0)
        skip();                                         /* only the tests were built */
    for (size_t i = 0; i < found.gl_pathc; i++)
        buf_printf(&text, "[p%zu]\nfile = %s\nisolate = no\n", i, realpath(found.gl_pathv[i], pattern));
    if (load(&p, buf_str(&text), &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < plugins_count(p); i++)
        if (plugins_at(p, i)->state != PLUGIN_LOADED)
            fail_msg("%s: %s", plugins_at(p, i)->file, plugins_at(p, i)->why);
    plugins_free(p);
    buf_free(&text);
    globfree(&found);
}

/* ---- what does not ------------------------------------------------------------------------------ */

static void refusals_say_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *name, *ini;
        enum plugin_state becomes;
        const char *says[2];
    } cases[] = {
        { "disabled", "[x]\nfile = template.so\nenabled = no\nsomething = else\n", PLUGIN_DISABLED,
          { "Line 3 of ", "/plugins.ini says enabled = no." } },
        { "disabled and gone", "[x]\nfile = nosuch.so\nenabled = no\n", PLUGIN_DISABLED, { "enabled = no" } },
        { "missing", "[x]\nfile = nosuch.so\n", PLUGIN_REFUSED,
          { "/nosuch.so cannot be found (No such file or directory)", "mend `file` in [x] of " } },
        { "not a shared object", "[x]\nfile = %s\nisolate = no\n", PLUGIN_REFUSED,
          { "The file is no shared object that can be loaded here (", "build it on this machine with cc -shared -fPIC." } },
        { "no entry", "[x]\nfile = no_entry.so\n", PLUGIN_REFUSED,
          { "no entry named souk_plugin_v0", "declare SOUK_PLUGIN" } },
        { "small entry", "[x]\nfile = small_entry.so\n", PLUGIN_REFUSED,
          { "says that it is 8 bytes long", "set .size = sizeof(struct souk_plugin)." } },
        { "needs newer", "[x]\nfile = needs_newer.so\n", PLUGIN_REFUSED,
          { "It needs SDK 0.99, but this Souk has 0.3", "install a newer Souk" } },
        { "wants more", "[x]\nfile = wants_more.so\n", PLUGIN_REFUSED,
          { "It wants the interface souk.weather/3", "install a newer Souk" } },
        { "bad id", "[x]\nfile = bad_id.so\n", PLUGIN_REFUSED,
          { "Its id \"My Plugin\" must be a reversed domain", "org.example.low-stock" } },
        { "open fails", "[x]\nfile = open_fails.so\n", PLUGIN_REFUSED,
          { "its open() returned -3", "Look at its keys in " } },
        { "open does not fail", "[x]\nfile = open_fails.so\nword = sesame\n", PLUGIN_LOADED, { NULL } },
        { "same plugin twice", "[first]\nfile = template.so\n[x]\nfile = template.so\n", PLUGIN_REFUSED,
          { "The plugin [first] has the same id, org.example.low-stock", "keep one of the two sections" } },
        { "same widget", "[first]\nfile = template.so\n[x]\nfile = same_widget.so\n", PLUGIN_REFUSED,
          { "It offers the widget 'low-stock', and so does [first]", "enabled = no" } },
        { "same widget, the other refused", "[first]\nfile = template.so\nisolate = yes\n[x]\nfile = same_widget.so\n",
          PLUGIN_LOADED, { NULL } },
        { "reads more", "[x]\nfile = reads_more.so\n", PLUGIN_REFUSED, { "The query 'all' is refused: ", "v1_orders" } },
        { "not a SELECT", "[x]\nfile = not_select.so\n", PLUGIN_REFUSED, { "The query 'all' is refused: ", "SELECT" } },
        { "other columns", "[x]\nfile = other_columns.so\n", PLUGIN_REFUSED,
          { "The query 'all' declares 1 columns, but its SELECT has 2", "name each of them in .columns" } },
        { "own, isolated", "[x]\nfile = template.so\nisolate = yes\n", PLUGIN_REFUSED,
          { "isolation does not exist yet", "write isolate = no in [x] of " } },
        { "foreign", "[x]\nfile = %s/foreign.so\n", PLUGIN_REFUSED,
          { "It does not come with Souk", "write isolate = no in [x] of " } },
        { "foreign, isolated", "[x]\nfile = %s/foreign.so\nisolate = yes\n", PLUGIN_REFUSED,
          { "isolation does not exist yet", "write isolate = no" } },
        { "foreign, trusted", "[x]\nfile = %s/foreign.so\nisolate = no\n", PLUGIN_LOADED, { NULL } },
        { "own by a detour", "[x]\nfile = ../plugin/template.so\n", PLUGIN_LOADED, { NULL } },
        { "pinned to another", "[x]\nfile = template.so\nsha256 = 00ff\n", PLUGIN_REFUSED,
          { "/template.so is not the one that was pinned: its SHA-256 is ", "write that as sha256 in [x]" } },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[5000];
        struct plugins *p;
        struct err err = { 0 };
        const char *place = strstr(cases[i].ini, "%s");
        int before = place ? (int)(place - cases[i].ini) : (int)strlen(cases[i].ini);
        const char *path = text_is(cases[i].name, "not a shared object") ? ini : folder;
        snprintf(text, sizeof text, "%.*s%s%s", before, cases[i].ini, place ? path : "",
                 place ? place + 2 : "");
        if (load(&p, text, &err) < 0)
            fail_msg("%s: %s", cases[i].name, err.text);
        const struct plugin *x = plugins_named(p, "x");
        const char *why = x->why ? x->why : "";
        if (x->state != cases[i].becomes)
            fail_msg("%s became %d: %s", cases[i].name, x->state, why);
        for (size_t k = 0; k < 2 && cases[i].says[k]; k++)
            if (!strstr(why, cases[i].says[k]))
                fail_msg("%s: %s", cases[i].name, why);
        assert_true((x->state == PLUGIN_LOADED) == !x->why);
        if (x->state != PLUGIN_LOADED) {
            assert_null(x->entry);
            assert_int_equal(x->n_widgets + x->n_queries + x->n_imports + x->n_commands + x->n_searches, 0);
        }
        assert_non_null(x->id);
        plugins_free(p);
    }
}

static void a_pinned_file_loads(void **state)
{
    (void)state;
    char path[5000], text[6000], hex[crypto_hash_sha256_BYTES * 2 + 1];
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct plugins *p;
    struct err err = { 0 };
    snprintf(path, sizeof path, "%s/template.so", own);
    struct buf so = file_read(path);
    crypto_hash_sha256(hash, (const unsigned char *)so.at, so.len);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(text, sizeof text, "[a]\nfile = template.so\nsha256 = %s\n"
                                "[b]\nfile = formats.so\nsha256 = %s\n", hex, hex);
    assert_int_equal(load(&p, text, &err), 0);
    if (plugins_at(p, 0)->state != PLUGIN_LOADED)
        fail_msg("%s", plugins_at(p, 0)->why);
    assert_string_equal(plugins_at(p, 0)->id, "org.example.low-stock");
    assert_int_equal(plugins_at(p, 1)->state, PLUGIN_REFUSED);
    plugins_free(p);
    buf_free(&so);
}

static void a_broken_ini_is_an_error(void **state)
{
    (void)state;
    static const struct { const char *ini, *says; } cases[] = {
        { "[low]\nfile = template.so\nlead_days = 3\n", "plugins.ini:3: there is no key \"lead_days\" in [low]" },
        { "[o]\nfile = open_fails.so\nword = sesame\nother_word =\nthird_word = x\n", "plugins.ini:5: " },
        { "[host]\nprot = 80\n", "plugins.ini:2: " },
        { "[host]\nport = many\n", "plugins.ini:2: " },
        { "file = template.so\n", "plugins.ini:1: " },
        { "[low]\nenabled = no\n", "plugins.ini:1: " },
        { "[low]\nfile = template.so\nenabled = perhaps\n", "plugins.ini:3: " },
        { "[low]\nfile = template.so\n\n[low]\nfile = template.so\n",
          "plugins.ini:4: the section [low] stands in line 1 already." },
        { "[Low Stock]\nfile = template.so\n", "plugins.ini:1: the section [Low Stock] must be named" },
        { "[low]\nwhat is this\n", "plugins.ini:2: " },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct plugins *p;
        struct err err = { 0 };
        int rc = load(&p, cases[i].ini, &err);
        assert_null(p);
        if (rc != -ERR_CONF || !strstr(err.text, cases[i].says))
            fail_msg("\"%s\" expected: %d %s", cases[i].says, rc, err.text);
    }
    struct plugins *p;
    struct err err = { 0 };
    const struct plugins_setup setup = { .config = "/nonexistent/plugins.ini", .own_folder = own };
    assert_int_equal(plugins_load(&p, &setup, &err), -ERR_CONF);
}

/* ---- declarations ------------------------------------------------------------------------------- */

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    (void)self, (void)call, (void)ask;
    return 0;
}

static int rows_in(void *self, struct souk_call *call, const struct souk_import_file *file,
                   const struct souk_rows *rows)
{
    (void)self, (void)call, (void)file, (void)rows;
    return 0;
}

static int counts(void *self, struct souk_call *call, const struct souk_ask *ask, struct souk_badge *badge)
{
    (void)self;
    (void)call;
    (void)ask;
    badge->count = 0;
    return 0;
}

static int plan(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)call, (void)ask, (void)args;
    return 0;
}

/* A plugin without fault: each case below changes one thing. */
static struct {
    struct souk_plugin plugin;
    struct souk_offer offer[5];
    struct souk_query query[4];
    struct souk_widget widget;
    struct souk_field field[2];
    struct souk_choice choice[2];
    struct souk_import format;
    struct souk_import_column column[2];
    struct souk_command command;
    struct souk_field argument[1];
    struct souk_search search;
    struct souk_settings settings;
    struct souk_section section[2];
    struct souk_field kept[4], inner[1];
} good;

static void be_good(void)
{
    memset(&good, 0, sizeof good);
    good.choice[0] = (struct souk_choice){ "with", "with" };
    good.choice[1] = (struct souk_choice){ "without", "without" };
    good.field[0] = (struct souk_field){
        .size = sizeof *good.field, .type = SOUK_FIELD_ONE_OF, .name = "pending", .title = "pending",
        .fallback = SOUK_WORD(SOUK_TEXT, "with"), .choices = SOUK_LIST(good.choice) };
    good.field[1] = (struct souk_field){
        .size = sizeof *good.field, .type = SOUK_FIELD_COUNT, .name = "days", .title = "days",
        .fallback = SOUK_NUMBER(SOUK_COUNT, 7), .min = 1, .max = 30 };
    good.widget = (struct souk_widget){
        .size = sizeof good.widget, .area = 1, .id = "w", .title = "t", .width = 1,
        .options = SOUK_LIST(good.field), .render = render, .shows = " thread letter ", .badge = "badge",
        .ribbon = SOUK_RIBBON_NOTICES };
    good.argument[0] = (struct souk_field){
        .size = sizeof *good.argument, .type = SOUK_FIELD_AREA, .name = "why", .title = "why", .flags = SOUK_FIELD_NEEDED };
    good.command = (struct souk_command){
        .size = sizeof good.command, .right = SOUK_MAY_EDIT, .id = "good.close_all", .title = "t",
        .fields = SOUK_LIST(good.argument), .plan = plan };
    good.search = (struct souk_search){ .size = sizeof good.search, .id = "found", .title = "t", .query = "find" };
    good.inner[0] = (struct souk_field){
        .size = sizeof *good.inner, .type = SOUK_FIELD_MONEY, .name = "price", .title = "price" };
    good.kept[0] = (struct souk_field){
        .size = sizeof *good.kept, .type = SOUK_FIELD_ONE_OF, .name = "kind", .title = "t", .choices = SOUK_LIST(good.choice) };
    good.kept[1] = (struct souk_field){
        .size = sizeof *good.kept, .type = SOUK_FIELD_LINE, .name = "iban", .title = "t", .when = "kind", .when_is = "with",
        .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_SECRET | SOUK_FIELD_UNIQUE };
    good.kept[2] = (struct souk_field){
        .size = sizeof *good.kept, .type = SOUK_FIELD_RECORDS, .name = "rates", .title = "t", .fields = SOUK_LIST(good.inner) };
    good.kept[3] = (struct souk_field){
        .size = sizeof *good.kept, .type = SOUK_FIELD_BOOL, .name = "is_default", .title = "t" };
    good.section[0] = (struct souk_section){ .size = sizeof *good.section, .first = "kind", .title = "t" };
    good.section[1] = (struct souk_section){ .size = sizeof *good.section, .first = "rates", .title = "t", .is_folded = 1 };
    good.settings = (struct souk_settings){
        .size = sizeof good.settings, .id = "bank", .title = "t", .view = SOUK_MAY_VIEW, .edit = SOUK_MAY_OWN,
        .fields = SOUK_LIST(good.kept), .sections = SOUK_LIST(good.section), .max_records = 10, .one_default = "is_default",
        .default_per = "kind" };
    good.offer[4] = (struct souk_offer){ SOUK_SETTINGS, &good.settings };
    good.offer[2] = (struct souk_offer){ SOUK_COMMAND, &good.command };
    good.offer[3] = (struct souk_offer){ SOUK_SEARCH, &good.search };
    good.query[2] = (struct souk_query){ .size = sizeof *good.query, .id = "badge", .title = "t",
        .sql = "SELECT count(*) AS count, count(*) AS urgent FROM v1_listings WHERE opened < :now",
        .params = "now:instant", .columns = "count:count urgent:count" };
    good.query[3] = (struct souk_query){ .size = sizeof *good.query, .id = "find", .title = "t",
        .sql = "SELECT 'sku:' || sku, sku, sku FROM v1_listings WHERE sku = :words LIMIT :limit",
        .params = "words:text limit:count", .columns = "ref:ref title:text note:text" };
    good.column[0] = (struct souk_import_column){ "cur", "currency", SOUK_CURRENCY, SOUK_CARRY, NULL };
    good.column[1] = (struct souk_import_column){ "price", "price|Preis", SOUK_MONEY, 0, "cur" };
    good.format = (struct souk_import){
        .size = sizeof good.format, .shape = SOUK_CSV, .id = "shop.prices-v1", .title = "t",
        .columns = SOUK_LIST(good.column), .rows = rows_in };
    good.offer[0] = (struct souk_offer){ SOUK_WIDGET, &good.widget };
    good.offer[1] = (struct souk_offer){ SOUK_IMPORT, &good.format };
    good.query[0] = (struct souk_query){ .size = sizeof *good.query, .id = "a", .title = "t",
        .sql = "SELECT currency, price FROM v1_listings WHERE market = :market",
        .params = "market:market",
        .columns = "currency:currency price:money/currency" };
    good.query[1] = (struct souk_query){ .size = sizeof *good.query, .id = "b", .title = "t",
        .sql = "SELECT sku FROM v1_listings", .columns = "sku:text" };
    good.plugin = (struct souk_plugin){
        .size = sizeof good.plugin, .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
        .id = "org.example.good", .version = "1.2.3", .title = "t",
        .wants = SOUK_VIEW "  " SOUK_QUERY,
        .reads = "v1_listings", .config = "lead_days zone", .offers = SOUK_LIST(good.offer),
        .queries = SOUK_LIST(good.query), .commands = "case.reply  case.state" };
}

#define BAD(name, ...) static void name(void) { __VA_ARGS__; }
BAD(nothing, (void)0)
BAD(id_without_dot, good.plugin.id = "good")
BAD(id_with_capitals, good.plugin.id = "Org.example.good")
BAD(no_id, good.plugin.id = NULL)
BAD(version_word, good.plugin.version = "1.2")
BAD(no_version, good.plugin.version = NULL)
BAD(no_title, good.plugin.title = "")
BAD(config_word, good.plugin.config = "Lead-Days")
BAD(config_ours, good.plugin.config = "zone enabled")
BAD(list_size, good.plugin.queries.size = 12)
BAD(list_count, good.plugin.queries.n = 1u << 30)
BAD(list_nowhere, good.plugin.offers.at = NULL)
BAD(offer_nothing, good.offer[0].table = NULL)
BAD(query_size, good.query[1].size = 4)
BAD(query_id, good.query[1].id = "B b")
BAD(query_twice, good.query[1].id = "a")
BAD(query_title, good.query[1].title = NULL)
BAD(query_sql, good.query[1].sql = NULL)
BAD(query_rows, good.query[1].max_rows = 100001)
BAD(query_columns, good.query[1].columns = "sku")
BAD(query_type, good.query[1].columns = "sku:rate")
BAD(query_money, good.query[0].columns = "currency:currency price:money")
BAD(query_param_type, good.query[0].params = "market:money")
BAD(query_param_flag, good.query[0].params = "market:text+hidden")
BAD(query_param_unused, good.query[1].params = "market:market")
BAD(query_param_undeclared, good.query[0].params = NULL)
BAD(query_param_at,
    good.query[0].sql = "SELECT currency, price FROM v1_listings WHERE market = @market")
BAD(query_syntax, good.query[1].sql = "SELECT sku FROM v1_listings WHERE")
BAD(query_no_column, good.query[1].sql = "SELECT skuu FROM v1_listings")
BAD(query_beneath, good.query[1].sql = "SELECT sku FROM sku")
BAD(reads_nothing, good.plugin.reads = NULL)
BAD(widget_size, good.widget.size = 4)
BAD(widget_id, good.widget.id = "W")
BAD(widget_render, good.widget.render = NULL)
BAD(widget_badge_twice, good.widget.badge = "c"; good.widget.counts = counts)
BAD(widget_area, good.widget.area = 12)
BAD(widget_width, good.widget.width = 0)
BAD(field_size, good.field[0].size = 0)
BAD(field_name, good.field[0].name = "Pending")
BAD(field_type, good.field[0].type = 99)
BAD(field_twice, good.field[1].name = "pending")
BAD(field_fallback, good.field[1].fallback = souk_text("7"))
BAD(field_range, good.field[1].min = 31)
BAD(field_choice, good.field[0].fallback = souk_text("perhaps"))
BAD(field_choices, good.field[0].choices.n = 0)
BAD(choice_value, good.choice[1].value = "With out")
BAD(format_size, good.format.size = 4)
BAD(format_id, good.format.id = "Prices")
BAD(format_shape, good.format.shape = 0)
BAD(format_columns, good.format.columns.n = 0)
BAD(format_mail, good.format.shape = SOUK_MAIL; good.format.columns.n = 0)
BAD(format_mail_columns, good.format.shape = SOUK_MAIL)
BAD(format_records, good.format.records = "a[]")
#define AS_JSON \
    good.format.shape = SOUK_JSON, good.format.records = "offers[]|.", good.format.signs = "kind=A|kind=B offers[].sku"
BAD(format_json, AS_JSON; good.column[1].names = "price|^^.a.b[]|$key")
BAD(format_no_signs, AS_JSON; good.format.signs = NULL)
BAD(format_json_place, AS_JSON; good.format.by_position = 1)
BAD(format_path, AS_JSON; good.format.records = "offers[.")
BAD(format_sign, AS_JSON; good.format.signs = "kind a().b")
BAD(column_path, AS_JSON; good.column[0].names = "currency|^")
BAD(column_path_word, AS_JSON; good.column[0].names = "$name")
BAD(column_path_empty, AS_JSON; good.column[0].names = "currency||x")
BAD(column_path_step, AS_JSON; good.column[0].names = "a..b")
BAD(column_path_text, AS_JSON; good.column[0].names = "a.b()")
BAD(column_name, good.column[0].name = "line")
BAD(column_names, good.column[0].names = "")
BAD(column_type, good.column[0].type = SOUK_RATE)
BAD(column_flags, good.column[0].flags = 64)
BAD(column_currency, good.column[1].currency = NULL)
BAD(column_currency_of_text, good.column[0].currency = "")
BAD(column_currency_unknown, good.column[1].currency = "price")
BAD(commands_word, good.plugin.commands = "case.reply reply")
BAD(commands_dot, good.plugin.commands = "case.reply.")
BAD(shows_word, good.widget.shows = "thread Letter")
BAD(shows_other, good.widget.shows = "thread days")
BAD(badge_unknown, good.widget.badge = "b2")
BAD(badge_columns, good.widget.badge = "b")
BAD(badge_params, good.query[2].params = "now:count")
BAD(ribbon_odd, good.widget.ribbon = 4)
BAD(ribbon_empty, good.widget.badge = NULL)
BAD(command_size, good.command.size = 8)
BAD(command_id, good.command.id = "close_all")
BAD(command_right, good.command.right = 0)
BAD(command_plan, good.command.plan = NULL)
BAD(command_field, good.argument[0].type = 77)
BAD(command_timed, good.command.is_timed = 1; good.argument[0].flags = SOUK_FIELD_NEEDED)
BAD(command_twice, good.offer[3] = good.offer[2])
BAD(search_id, good.search.id = "Found it")
BAD(search_query, good.search.query = "a")
BAD(search_params, good.query[3].params = "words:text limit:bp")
BAD(field_flag, good.field[0].flags = 1u << 30)
BAD(field_kept, good.field[0].flags = SOUK_FIELD_SECRET)
BAD(field_when, good.field[1].when = "pendng")
BAD(field_when_is, good.field[1].when_is = "with")
BAD(field_from, good.field[0].choices_from = "b")
BAD(settings_size, good.settings.size = 16)
BAD(settings_id, good.settings.id = "Deposit")
BAD(settings_title, good.settings.title = NULL)
BAD(settings_right, good.settings.edit = SOUK_MAY_VIEW)
BAD(settings_rights, good.settings.view = SOUK_MAY_OWN; good.settings.edit = SOUK_MAY_EDIT)
BAD(settings_field, good.kept[3].name = "version"; good.settings.one_default = NULL; good.settings.default_per = NULL)
BAD(settings_secret, good.kept[1].type = SOUK_FIELD_COUNT)
BAD(settings_inner, good.inner[0].type = SOUK_FIELD_RECORDS; good.inner[0].fields = (struct souk_list)SOUK_LIST(good.inner))
BAD(settings_table, good.kept[2].fields.n = 0)
BAD(settings_when, good.kept[1].when = "iban")
BAD(settings_choices, good.kept[0].choices_from = "b")
BAD(settings_default, good.settings.one_default = "kind")
BAD(settings_per, good.settings.default_per = "iban")
BAD(settings_section, good.section[0].first = "bank")
BAD(settings_sections, good.section[1] = good.section[0])
BAD(settings_most, good.settings.max_records = 100000)
BAD(settings_help, good.settings.help = "../x")
BAD(settings_twice, good.offer[3] = good.offer[4])
BAD(field_zone, good.field[0].zone_of = "days")
BAD(column_twice, good.column[0].name = "price"; good.column[1].currency = "")

static void declarations_are_checked(void **state)
{
    (void)state;
    static const struct { void (*change)(void); const char *says; } cases[] = {
        { nothing, NULL },
        { id_without_dot, "Its id \"good\"" }, { id_with_capitals, "Its id \"Org.example.good\"" },
        { no_id, "Its id \"\"" },
        { version_word, "Its version \"1.2\"" }, { no_version, "Its version \"\"" },
        { no_title, "It has no title" },
        { config_word, "\"Lead-Days\"" },
        { config_ours, "the key \"enabled\", which is Souk's own" },
        { list_size, "list of queries cannot be true" }, { list_count, "list of queries" },
        { list_nowhere, "list of offers" },
        { offer_nothing, "An offer needs its id" },
        { query_size, "A query has a .size" }, { query_id, "The query id \"B b\"" },
        { query_twice, "'a' is declared twice" },
        { query_title, "'b' needs .title" }, { query_sql, "'b' needs" },
        { query_rows, "wants 100001 rows" },
        { query_columns, "'b' is refused: The column \"sku\" has no type" },
        { query_type, "of type rate, which" },
        { query_money, "as in price:money/currency" },
        { query_param_type, "the parameter \"market\" of type money" },
        { query_param_flag, "a parameter is one plain value" },
        { query_param_unused, "its SQL has no :market: remove it from .params" },
        { query_param_undeclared, "uses the parameter :market, which it does not declare" },
        { query_param_at, "The query 'a'" }, { query_syntax, "'b' is refused: " },
        { query_no_column, "'b' is refused: " },
        { query_beneath, "'b' is refused: " }, { reads_nothing, "'a' is refused: " },
        { widget_size, "A widget has a .size" }, { widget_id, "The widget id \"W\"" },
        { widget_render, "needs .title and .render" },
        { widget_badge_twice, "has both .badge and .counts" },
        { widget_area, ".area from 1 to 11" }, { widget_width, ".width from 1 to 3" },
        { field_size, "an option with a .size" }, { field_name, "an option without a name" },
        { field_type, "'pending'" },
        { field_twice, "the option 'pending' twice" },
        { field_fallback, "needs a .fallback of type count" },
        { field_range, "a .min above its .max" }, { field_choice, "one of which is its .fallback" },
        { field_choices, "needs .choices" }, { choice_value, "a choice without a value" },
        { format_size, "A format has a .size" }, { format_id, "The format id \"Prices\"" },
        { format_shape, ".shape" },
        { format_columns, "needs .columns, unless it is of mails" },
        { format_mail_columns, "needs .columns, unless" },
        { format_records, "JSON, and only JSON, has .records and .signs" },
        { format_no_signs, "JSON, and only JSON" },
        { format_json_place, "only tables have .by_position" },
        { format_path, "The path \"offers[.\" has something between its steps" },
        { format_sign, "The path \"a().b\" has (), which" },
        { column_path, "The column 'cur' of the format 'shop.prices-v1': The path \"^\" goes up, but to no member" },
        { column_path_word, "is neither $key nor $path" },
        { column_path_empty, "is empty" },
        { column_path_step, "has a step without a name" },
        { column_path_text, "which only .records may have" },
        { format_json, NULL }, { format_mail, NULL },
        { column_name, "a column without a name" },
        { column_names, "'cur' of the format 'shop.prices-v1' needs .names" },
        { column_type, "a type that no file has" },
        { column_flags, "a flag that" }, { column_currency, "money, and only money" },
        { column_currency_of_text, "only money" },
        { column_currency_unknown, "takes its currency from 'price'" },
        { column_twice, "the column 'price' twice" },
        { commands_word, "Its .commands has \"reply\"" }, { commands_dot, "Its .commands has \"case.reply.\"" },
        { shows_word, "shows \"Letter\"" }, { shows_other, "so its option of that name must be a line" },
        { badge_unknown, "needs a .badge that is a declared query" }, { badge_columns, "count:count urgent:count" },
        { badge_params, "no parameters but now:instant" }, { ribbon_odd, "a .ribbon that does not exist" },
        { ribbon_empty, "or no .badge to stand there" },
        { command_size, "A command has a .size" }, { command_id, "The command id \"close_all\"" },
        { command_right, "'good.close_all' needs" }, { command_plan, "needs .title, .plan" },
        { command_field, "The field 'why' of the command 'good.close_all' has a type" },
        { command_timed, "nobody is there to fill" },
        { command_twice, "It offers the command 'good.close_all' twice" },
        { search_id, "A search needs an .id" }, { search_query, "The search 'found' needs a .query" },
        { search_params, "The search 'found' needs a .query" },
        { field_flag, "The option 'pending' of the widget 'w' has a flag" },
        { field_kept, "The option 'pending' of the widget 'w' is of a kind that only settings have" },
        { field_when, "is shown .when 'pendng' holds something, but that is no plain field" },
        { field_when_is, "holds one of .when_is: name that field" },
        { field_from, "only one of some choices, in settings or a command" },
        { settings_size, "A settings module has a .size" }, { settings_id, "The id \"Deposit\" of a settings module" },
        { settings_title, "The settings 'bank' need .title" }, { settings_right, "at least SOUK_MAY_EDIT" },
        { settings_rights, "not below the first" }, { settings_field, "a field 'version', which is the name of one of Souk's" },
        { settings_secret, "The field 'iban' of the settings 'bank' is a secret, so it is a text" },
        { settings_inner, "The field 'price' of the rates 'bank' is a record or table within another" },
        { settings_table, "a record or table, and nothing else, has .fields" },
        { settings_when, "The field 'iban' of the settings 'bank' is shown .when" },
        { settings_choices, "takes its choices from 'b', which must be a declared query" },
        { settings_default, "have a .one_default: that is a plain field of type bool" },
        { settings_per, "have a .default_per that is no plain field" },
        { settings_section, "a section that begins with 'bank': name a field" },
        { settings_sections, "the sections in the order of the fields" },
        { settings_most, "want 100000 records; at most 1000" }, { settings_help, "a .help that names no article" },
        { settings_twice, "It offers the settings 'bank' twice" },
 { field_zone, "an instant a .zone_of" },
    };
    struct db *db;
    struct err err = { 0 };
    if (db_open(&db, ":memory:", DB_WRITE, &err) < 0
        || db_migrate(db, "account", "views.sql", &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_new("test", 4096);
        struct plugin p = { .name = "x" };
        err_clear(&err);
        be_good();
        cases[i].change();
        int rc = declare_read(&p, a, &good.plugin, db, &err);
        if (rc != (cases[i].says ? -ERR_PLUGIN : 0)
            || (cases[i].says && !strstr(err.text, cases[i].says)))
            fail_msg("\"%s\" expected: %d %s", cases[i].says ? cases[i].says : "nothing", rc, err.text);
        arena_free(a);
    }
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plugins_load_as_declared),
        cmocka_unit_test(what_is_new_in_0_2_loads),
        cmocka_unit_test(a_newer_plugin_loads),
        cmocka_unit_test(an_older_plugin_loads),
        cmocka_unit_test(a_plugin_of_0_2_loads),
        cmocka_unit_test(souks_own_plugins_load),
        cmocka_unit_test(refusals_say_what_to_do),
        cmocka_unit_test(a_pinned_file_loads),
        cmocka_unit_test(a_broken_ini_is_an_error),
        cmocka_unit_test(declarations_are_checked),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
