/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_face.c: every element of a view in every face, compared with what was looked at and recorded in
 * tests/sdk/golden/; forms that come back.  SOUK_RECORD=1 records anew: look at the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "face/html.h"
#include "plug/ask.h"

#define GOLDEN "tests/sdk/golden/"
#define DE "A1PA6795UKMFR9"

static const unsigned char key[FORM_KEY_BYTES] = { 1, 2, 3 };

static struct {
    char ini[60];
    struct catalogue *texts;
    struct plugins *plugins;
    struct db *db;
    struct desk *desk;
    struct arena *a;
    struct face face;
    const struct view_element *e;
    size_t n;
} all;

static int render(const char *thing, struct err *err)
{
    static const struct souk_market_now germany = {
        .size = sizeof germany, .id = DE, .currency = "EUR", .zone = "Europe/Berlin", .today = 20758, .from = 20750, .to = 20758,
    };
    const struct souk_arg option[] = {
        { "state", souk_text("open") }, { "all", souk_bool(1) }, { "since", souk_day(20758) }, { "least", souk_bp(250) },
        { "thing", souk_text(thing) }, { "sku", souk_text("") },
    };
    const struct souk_ask ask = {
        .size = sizeof ask, .face = SOUK_PAGE, .now_s = 1793534400, .markets = &germany, .n_markets = 1,
        .market_size = sizeof germany, .options = { option, COUNT_OF(option), 0 },
    };
    struct render_setup setup = { .db = all.db, .ask = &ask, .reader = &all.face.reader };
    struct view view = { 0 };
    setup.widget = plugins_widget(all.plugins, "gallery", &setup.plugin);
    if (!setup.widget)
        return err_set(err, ERR_ABSENT, "no gallery");
    all.face.plugin = setup.plugin;
    int rc = desk_render(all.desk, all.a, &setup, &view, err);
    if (rc == 0)
        rc = view_read(all.a, buf_str(&view.bytes), view.bytes.len, &all.e, &all.n, err);
    view_clear(&view);
    return rc;
}

static int start(void **state)
{
    (void)state;
    char own[4000], texts[4000];
    struct err err = { 0 };
    const char *build = getenv("BUILD") ? getenv("BUILD") : "build";
    snprintf(own, sizeof own, "%s/tests/gallery", build);
    snprintf(texts, sizeof texts, "%s/text", build);
    strcpy(all.ini, "/tmp/souk-test-face-XXXXXX");
    int fd = mkstemp(all.ini);
    static const char ini[] = "[gallery]\nfile = gallery.so\n";
    if (fd < 0 || write(fd, ini, sizeof ini - 1) < 0 || close(fd) < 0)
        return -1;
    log_setup(LOG_LEVEL_FAULT, false);
    const struct plugins_setup setup = { .config = all.ini, .own_folder = own, .texts = NULL };
    int rc = catalogue_open(&all.texts, texts, &err);
    struct plugins_setup with = setup;
    with.texts = all.texts;
    if (rc == 0)
        rc = plugins_load(&all.plugins, &with, &err);
    if (rc == 0)
        rc = db_open(&all.db, ":memory:", DB_WRITE, &err);
    if (rc == 0)
        rc = db_migrate(all.db, "account", "views.sql", &err);
    if (rc == 0 && plugins_at(all.plugins, 0)->why)
        rc = err_set(&err, ERR_PLUGIN, "%s", plugins_at(all.plugins, 0)->why);
    if (rc == 0) {
        all.desk = desk_new(all.plugins, NULL);
        all.a = arena_new("test", 65536);
        all.face = (struct face){
            .plugins = all.plugins, .texts = all.texts, .reader = { .language = "en", .zone = "UTC" }, .account = "demo", .keep = "period=7d",
            .widget = "gallery", .seal_key = key, .here = "/a/demo/w/gallery?period=7d",
        };
        rc = render("", &err);
    }
    if (rc < 0)
        print_error("%s\n", err.text);
    return rc;
}

static int stop(void **state)
{
    (void)state;
    desk_free(all.desk);
    db_close(all.db);
    plugins_free(all.plugins);
    catalogue_free(all.texts);
    arena_free(all.a);
    return unlink(all.ini);
}

/* ---- golden files ------------------------------------------------------------------------------- */

static char *file_text(const char *path)
{
    struct buf text = { 0 };
    FILE *f = fopen(path, "rb");
    char some[4096];
    size_t n;
    if (!f)
        fail_msg("%s cannot be read: the test is to run in the folder of the Makefile", path);
    while ((n = fread(some, 1, sizeof some, f)) > 0)
        buf_put(&text, some, n);
    fclose(f);
    return text.at;
}

static void is_as_recorded(const char *path, const char *is)
{
    if (text_is(getenv("SOUK_RECORD"), "1")) {
        FILE *f = fopen(path, "wb");
        assert_non_null(f);
        fputs(is, f);
        assert_int_equal(fclose(f), 0);
    }
    char *was = file_text(path);
    size_t i = 0, line = 1, from = 0;
    while (is[i] && is[i] == was[i])
        if (is[i++] == '\n')
            line++, from = i;
    if (is[i] != was[i])
        fail_msg("%s:%zu differs:\n  is   %.*s\n  was  %.*s\nIf this is meant: SOUK_RECORD=1, and look at the difference.",
                 path, line, (int)strcspn(is + from, "\n"), is + from, (int)strcspn(was + from, "\n"), was + from);
    base_free(was);
}

/* One element a line; keys of idempotency are random. */
static char *readable(const struct buf *html)
{
    struct buf out = { 0 };
    const char *at = buf_str(html), *next;
    for (; (next = strstr(at, "><")); at = next + 1) {
        buf_put(&out, at, (size_t)(next + 1 - at));
        buf_char(&out, '\n');
    }
    buf_text(&out, at);
    buf_char(&out, '\n');
    char *text = arena_text(all.a, buf_str(&out));
    buf_free(&out);
    static const char name[] = "name=\"_key\" value=\"";
    for (char *key_at = text; (key_at = strstr(key_at, name));) {
        key_at += sizeof name - 1;
        assert_int_equal(strspn(key_at, "0123456789abcdef"), 32);
        memset(key_at, '0', 32);
    }
    return text;
}

static void as_html(void **state)
{
    (void)state;
    struct buf out = { 0 };
    html_view(&out, &all.face, all.e, all.n);
    is_as_recorded(GOLDEN "gallery.html", readable(&out));
    buf_free(&out);
}

static void as_json(void **state)
{
    (void)state;
    json_t *json = json_view(&all.face, all.e, all.n);
    char *text = json_dumps(json, JSON_INDENT(1));
    struct buf out = { 0 };
    buf_text(&out, text);
    buf_char(&out, '\n');
    is_as_recorded(GOLDEN "gallery.json", buf_str(&out));
    buf_free(&out);
    free(text);
    json_decref(json);
}

static void as_csv(void **state)
{
    (void)state;
    struct buf out = { 0 };
    csv_view(&out, &all.face, all.e, all.n);
    is_as_recorded(GOLDEN "gallery.csv", buf_str(&out));
    buf_free(&out);
}

static void on_a_terminal(void **state)
{
    (void)state;
    struct buf out = { 0 };
    const struct term narrow = { 72, false };
    term_view(&out, &all.face, &narrow, all.e, all.n);
    is_as_recorded(GOLDEN "gallery.term", buf_str(&out));
    buf_free(&out);
}

/* The frame: ribbon with badges, search, menu, switches. */
static void the_page_around(void **state)
{
    (void)state;
    static const struct html_choice markets[] = { { "All", "/a/demo/", true }, { "Amazon.de", "/a/demo/?market=DE", false } };
    static const struct html_entry entries[] = {
        { "Messages", "/a/demo/w/messages", 7, "2 over 24 h", false }, { "Notifications", "/a/demo/w/notices", 12, NULL, true },
        { "Deadlines", "/a/demo/deadlines", 0, NULL, false }, { "Help", "/a/demo/help/", 0, NULL, false },
    };
    static const struct html_entry menu[] = {
        { "Imports & more", "/a/demo/imports", 0, NULL, false }, { "Policies", "/a/demo/policies", 0, NULL, false },
    };
    static const char *const scripts[] = { "/assets/chart.min.js", "/assets/souk.js", NULL };
    const struct html_page page = {
        .face = &all.face, .title = "<Gallery>", .css = "/assets/souk.css", .scripts = scripts,
        .markets = markets, .n_markets = COUNT_OF(markets), .home = "/a/demo/",
        .entries = entries, .n_entries = COUNT_OF(entries), .menu = menu, .n_menu = COUNT_OF(menu),
        .search = "/a/demo/search", .words = "mug \"blue\"",
    };
    struct buf out = { 0 };
    html_begin(&out, &page);
    html_card(&out, &all.face, &(const struct html_card){ .id = "gallery", .title = "Gallery", .href = "/a/demo/w/gallery",
                                                         .width = 2, .count = 7, .urgent = "2 over 24 h" });
    html_card_end(&out);
    is_as_recorded(GOLDEN "page.html", readable(&out));
    buf_free(&out);
}

/* ---- outsiders' text ---------------------------------------------------------------------------- */

static void outsiders_harm_nobody(void **state)
{
    (void)state;
    static const struct { const char *name, *in, *out; size_t n; } cases[] = {
        { "plain", "Gr\xC3\xBC\xC3\x9F" "e", "Gr\xC3\xBC\xC3\x9F" "e", 0 },
        { "override", "a\xE2\x80\xAE" "b", "a[U+202E]b", 0 }, { "embedding", "\xE2\x80\xAA", "[U+202A]", 0 },
        { "isolate", "\xE2\x81\xA6x\xE2\x81\xA9", "[U+2066]x[U+2069]", 0 },
        { "a mark is left alone", "\xE2\x80\x8F", "\xE2\x80\x8F", 0 }, { "a dash", "\xE2\x80\x93", "\xE2\x80\x93", 0 },
        { "escape", "\x1B[31mred", " [31mred", 0 }, { "C1", "a\xC2\x9B" "b", "a b", 0 }, { "no-break space", "a\xC2\xA0", "a\xC2\xA0", 0 },
        { "delete", "a\x7F", "a ", 0 }, { "NUL", "a\0b", "a b", 3 }, { "line ends", "a\r\nb\rc\nd\te", "a\nb c\nd\te", 0 },
        { "cut within a letter", "\xE2\x80", "\xE2\x80", 0 }, { "none", "", "", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = { 0 };
        say_data(&out, cases[i].in, cases[i].n ? cases[i].n : strlen(cases[i].in));
        if (!text_is(buf_str(&out), cases[i].out))
            fail_msg("%s: \"%s\"", cases[i].name, buf_str(&out));
        buf_free(&out);
    }
}

/* Long letters are folded after whole lines; a single endless line, after a word. */
static void long_letters_are_folded(void **state)
{
    (void)state;
    static const struct { const char *piece; int times; const char *says; } cases[] = {
        { "A line.\n", 14, NULL }, { "A line.\n", 40, ">26 more lines<" }, { "word ", 400, NULL }, { "word ", 2000, ">1 more line<" },
        { "\n", 3000, ">2,986 more lines<" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf body = { 0 }, out = { 0 };
        for (int k = 0; k < cases[i].times; k++)
            buf_text(&body, cases[i].piece);
        struct view view = { 0 };
        struct err err = { 0 };
        const struct view_element *e;
        size_t n;
        const struct souk_msg title = { "talk", { NULL, 0, 0 } };
        view_add(&view, VIEW_THREAD, &wire_msg, &title);
        view_add(&view, VIEW_LETTER, &wire_letter, &(const struct souk_letter){
            .size = sizeof(struct souk_letter), .side = SOUK_IN, .from = { "me", { NULL, 0, 0 } }, .at = souk_instant(0),
            .body = { buf_str(&body), (uint32_t)body.len, 0 } });
        view_add(&view, VIEW_END, NULL, NULL);
        assert_int_equal(view_read(all.a, view.bytes.at, view.bytes.len, &e, &n, &err), 0);
        html_view(&out, &all.face, e, n);
        if (!strstr(buf_str(&out), "<details") != !cases[i].says || (cases[i].says && !strstr(buf_str(&out), cases[i].says)))
            fail_msg("%d x \"%s\": %s", cases[i].times, cases[i].piece, buf_str(&out));
        view_clear(&view);
        buf_free(&body);
        buf_free(&out);
    }
}

static void markdown_is_tamed(void **state)
{
    (void)state;
    static const struct { const char *markdown, *html; } cases[] = {
        { "# One\n\n###### Six", "<h3>One</h3>\n<h6>Six</h6>\n" },
        { "a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n" },
        { "<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</p>\n" },
        { "[x](javascript:alert(1))", "<p><a href=\"\">x</a></p>\n" }, { "[x](data:text/html,a)", "<p><a href=\"\">x</a></p>\n" },
        { "![a *b*](https://e.org/p.png)", "<p><a href=\"https://e.org/p.png\" rel=\"noopener noreferrer external\" class=\"outside\">a b</a></p>\n" },
        { "![](https://e.org/p.png)", "<p><a href=\"https://e.org/p.png\" rel=\"noopener noreferrer external\" class=\"outside\">https://e.org/p.png</a></p>\n" },
        { "[![a](https://e.org/p.png)](https://e.org/)", "<p><a href=\"https://e.org/\" rel=\"noopener noreferrer external\" class=\"outside\">a</a></p>\n" },
        { "[a](https://e.org/?x=\"y&z)", "<p><a href=\"https://e.org/?x=&quot;y&amp;z\" rel=\"noopener noreferrer external\" class=\"outside\">a</a></p>\n" },
        { "[*a* b](/a/shop/)", "<p><a href=\"/a/shop/\"><em>a</em> b</a></p>\n" },
        { "a \xE2\x80\xAE" "b", "<p>a [U+202E]b</p>\n" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = { 0 }, want = { 0 };
        buf_printf(&want, "<div class=\"article\">%s</div>", cases[i].html);
        html_markdown(&out, cases[i].markdown, strlen(cases[i].markdown));
        assert_string_equal(buf_str(&out), buf_str(&want));
        buf_free(&out);
        buf_free(&want);
    }
}

/* ---- references --------------------------------------------------------------------------------- */

static void references_lead_to_who_shows_them(void **state)
{
    (void)state;
    static const struct { const char *ref, *link; } cases[] = {
        { "thing:A-1", "/a/demo/w/gallery?thing=A-1&period=7d" }, { "sku:a b/c", "/a/demo/w/gallery?sku=a%20b%2Fc&period=7d" },
        { "thing:x:y", "/a/demo/w/gallery?thing=x%3Ay&period=7d" }, { "import:12", "/a/demo/imports/12" },
        { "weather:rain", NULL }, { "thin:A-1", NULL }, { "no colon", NULL }, { ":x", NULL }, { "", NULL },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf link = { 0 };
        bool is_there = link_ref(&link, &all.face, cases[i].ref, strlen(cases[i].ref));
        assert_int_equal(is_there, cases[i].link != NULL);
        assert_string_equal(buf_str(&link), cases[i].link ? cases[i].link : "");
        buf_free(&link);
    }
}

/* ---- options ------------------------------------------------------------------------------------ */

struct chosen {
    const char *name, *text;
};

static const char *chosen_text(void *ctx, const char *name)
{
    for (const struct chosen *c = ctx; c->name; c++)
        if (text_is(c->name, name))
            return c->text;
    return NULL;
}

static int ask_with(struct chosen *chosen, struct souk_ask *ask, struct err *err)
{
    const struct plugin *of;
    const struct ask_setup setup = {
        .db = all.db, .widget = plugins_widget(all.plugins, "gallery", &of), .now_s = 1793534400, .face = SOUK_PAGE,
        .text_of = chosen_text, .ctx = chosen,
    };
    return ask_make(all.a, &setup, ask, err);
}

static void options_of_all_types_are_read(void **state)
{
    (void)state;
    struct souk_ask ask;
    struct err err = { 0 };
    struct chosen none[] = { { NULL, NULL } }, some[] = {
        { "state", "closed" }, { "all", "no" }, { "since", "2026-10-01" }, { "least", "7,5 %" }, { "thing", "T 1" }, { NULL, NULL },
    };
    struct chosen empty[] = { { "state", "" }, { "all", "" }, { "since", "" }, { "least", " " }, { "thing", "" }, { NULL, NULL } };
    assert_int_equal(ask_with(none, &ask, &err), 0);
    assert_int_equal(ask.options.n, 6);
    assert_int_equal(souk_option(&ask, "least")->num, 250);
    assert_string_equal(souk_option(&ask, "thing")->text.at, "");
    assert_int_equal(ask_with(some, &ask, &err), 0);
    assert_string_equal(souk_option(&ask, "state")->text.at, "closed");
    assert_int_equal(souk_option(&ask, "all")->num, 0);
    assert_int_equal(souk_option(&ask, "since")->num, 20727);
    assert_int_equal(souk_option(&ask, "least")->num, 750);
    assert_int_equal(souk_option(&ask, "least")->type, SOUK_BP);
    assert_string_equal(souk_option(&ask, "thing")->text.at, "T 1");
    assert_int_equal(ask_with(empty, &ask, &err), 0);           /* left empty is not chosen */
    assert_string_equal(souk_option(&ask, "state")->text.at, "open");
    assert_int_equal(souk_option(&ask, "all")->num, 1);
    assert_int_equal(souk_option(&ask, "since")->num, 20758);

    static const struct { struct chosen chosen[2]; const char *says; } wrong[] = {
        { { { "state", "odd" } }, "The field \"state\": 'odd' cannot be chosen; there are open, answered, closed." },
        { { { "all", "1" } }, "The field \"all\": \"1\" must be yes or no." },
        { { { "since", "soon" } }, "The field \"since\": \"soon\" is no day" },
        { { { "least", "few" } }, "The field \"least\": \"few\" is no percentage" },
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct chosen chosen[2] = { wrong[i].chosen[0], { NULL, NULL } };
        err_clear(&err);
        assert_int_equal(ask_with(chosen, &ask, &err), -ERR_INPUT);
        if (!strstr(err.text, wrong[i].says))
            fail_msg("%s", err.text);
    }
}

/* ---- forms that come back ----------------------------------------------------------------------- */

/* What a browser sends of the form for this command that a page holds: its inputs, as far as they are hidden. */
static size_t hidden_of(const char *html, const char *command, struct form_pair *pair, size_t most)
{
    char action[100];
    size_t n = 0;
    snprintf(action, sizeof action, "action=\"/a/demo/do/%s\"", command);
    const char *at = strstr(html, action);
    assert_non_null(at);
    const char *end = strstr(at, "</form>");
    static const char hidden[] = "<input type=\"hidden\" name=\"";
    while ((at = strstr(at, hidden)) && at < end && n < most) {
        at += sizeof hidden - 1;
        const char *value = strstr(at, "\" value=\"") + 9;
        pair[n].name = arena_textn(all.a, at, strcspn(at, "\""));
        pair[n++].value = arena_textn(all.a, value, strcspn(value, "\""));
    }
    return n;
}

static struct form_pair *pair_named(struct form_pair *pair, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(pair[i].name, name))
            return &pair[i];
    fail_msg("no %s", name);
    return NULL;
}

static void a_form_comes_back(void **state)
{
    (void)state;
    struct buf out = { 0 };
    struct form_pair pair[20];
    struct form_sent sent;
    struct err err = { 0 };
    html_view(&out, &all.face, all.e, all.n);
    size_t n = hidden_of(buf_str(&out), "gallery.keep", pair, COUNT_OF(pair));
    assert_int_equal(form_take(all.a, &all.face, "gallery.keep", pair, n, &sent, &err), 0);
    assert_int_equal(sent.n_args, 1);
    assert_string_equal(sent.arg[0].name, "counts");            /* a tick box that was left empty */
    assert_string_equal(sent.arg[0].value, "no");
    pair[n++] = (struct form_pair){ "counts", "yes" };
    assert_int_equal(form_take(all.a, &all.face, "gallery.keep", pair, n, &sent, &err), 0);
    assert_int_equal(sent.n_args, 1);
    assert_string_equal(sent.arg[0].value, "yes");

    n = hidden_of(buf_str(&out), "message.reply", pair, COUNT_OF(pair));
    buf_free(&out);
    pair[n++] = (struct form_pair){ "body", "Soon." };
    if (form_take(all.a, &all.face, "message.reply", pair, n, &sent, &err) < 0)
        fail_msg("%s", err.text);
    assert_string_equal(sent.back, "/a/demo/w/gallery?period=7d");
    assert_int_equal(strlen(sent.key), 32);
    assert_int_equal(sent.n_args, 2);
    assert_string_equal(sent.arg[0].name, "thread");
    assert_string_equal(sent.arg[0].value, "T-1");
    assert_string_equal(sent.arg[1].value, "Soon.");
    pair_named(pair, n, "_back")->value = "//elsewhere.example/";
    assert_int_equal(form_take(all.a, &all.face, "message.reply", pair, n, &sent, &err), 0);
    assert_string_equal(sent.back, "/");
}

/* ---- fields of which the world has a form ------------------------------------------------------------ */

static const struct souk_choice colours[] = { { "open", "open" }, { "closed", "closed" } };
#define HOLDS(kind, word, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = word, .title = "known_" word, __VA_ARGS__ }
static const struct souk_field holds[] = {
    HOLDS(COUNTRY, "country", .fallback = SOUK_WORD(SOUK_COUNTRY, "DE")),
    HOLDS(REGION, "region", .country_of = "country", .fallback = SOUK_WORD(SOUK_REGION, "DE-BY")),
    HOLDS(WEEKDAYS, "weekdays", .fallback = SOUK_WORD(SOUK_TEXT, "mon sat")),
    HOLDS(PERIOD, "period", .fallback = SOUK_WORD(SOUK_TEXT, "2026-11-01/2026-11-30")),
    HOLDS(SOME_OF, "states", .choices = SOUK_LIST(colours), .fallback = SOUK_WORD(SOUK_TEXT, "closed")),
    HOLDS(IBAN, "iban", .fallback = SOUK_WORD(SOUK_TEXT, "DE68210501700012345678")),
    HOLDS(HIDDEN, "hidden", .fallback = SOUK_WORD(SOUK_TEXT, "unseen")),
    HOLDS(MONTH, "month", .fallback = SOUK_NUMBER(SOUK_DAY, 20758)), HOLDS(TIME, "time", .fallback = SOUK_NUMBER(SOUK_SECONDS, 26100)),
    HOLDS(PHONE, "phone", .fallback = SOUK_WORD(SOUK_TEXT, "+12025550123")), HOLDS(SELECTION, "selection", .fallback = SOUK_WORD(SOUK_TEXT, "*")),
    HOLDS(LANGUAGE, "language", .fallback = SOUK_WORD(SOUK_LANGUAGE, "pt-BR")), HOLDS(CURRENCY, "currency", .fallback = SOUK_WORD(SOUK_CURRENCY, "EUR")),
};

static void has(const struct buf *out, const char *what)
{
    if (!strstr(buf_str(out), what))
        fail_msg("no %s in %s", what, buf_str(out));
}

static void known_fields_have_their_controls(void **state)
{
    (void)state;
    struct buf out = { 0 };
    const struct view_element form = { .kind = VIEW_FORM, .form = {
        .size = sizeof form.form, .command = "gallery.known", .button = { "keep", { NULL, 0, 0 } }, .fields = SOUK_LIST(holds) } };
    html_view(&out, &all.face, &form, 1);
    has(&out, "autocomplete=\"country\"><option value=\"\">");              /* it may be left empty */
    has(&out, "<option value=\"DE\" selected>Germany</option>");
    has(&out, "value=\"Bayern\"><datalist");
    has(&out, "<fieldset class=\"set\"><legend>Working days</legend>");
    has(&out, "name=\"weekdays:sat\" value=\"sat\" checked> <span>Saturday</span>");
    has(&out, "name=\"weekdays:sun\" value=\"sun\"> <span>Sunday</span>");
    has(&out, "name=\"period:2\" value=\"2026-11-30\">");
    has(&out, "value=\"DE68 2105 0170 0012 3456 78\"");
    has(&out, "<input type=\"hidden\" name=\"hidden\" value=\"unseen\">");
    has(&out, "type=\"month\" value=\"2026-11\"");
    has(&out, "type=\"time\" value=\"07:15\"");
    has(&out, "type=\"tel\" autocomplete=\"tel\" value=\"+1 202 555 0123\"");
    has(&out, "<option value=\"pt-BR\" selected>");                          /* not among the languages, and still there */
    has(&out, "<option value=\"EUR\" selected>Euro (EUR)</option>");
    buf_free(&out);
}

static void parts_of_a_value_come_together(void **state)
{
    (void)state;
    struct buf out = { 0 };
    struct form_pair pair[40];
    struct form_sent sent;
    struct err err = { 0 };
    const struct view_element form = { .kind = VIEW_FORM, .form = {
        .size = sizeof form.form, .command = "gallery.known", .button = { "keep", { NULL, 0, 0 } }, .fields = SOUK_LIST(holds) } };
    html_view(&out, &all.face, &form, 1);
    size_t n = hidden_of(buf_str(&out), "gallery.known", pair, COUNT_OF(pair));
    buf_free(&out);
    static const struct form_pair typed[] = { { "weekdays:tue", "tue" }, { "weekdays:fri", "fri" }, { "period:1", "2026-12-01" },
        { "period:2", "2026-12-31" } };
    memcpy(pair + n, typed, sizeof typed);
    n += COUNT_OF(typed);
    if (form_take(all.a, &all.face, "gallery.known", pair, n, &sent, &err) < 0)
        fail_msg("%s", err.text);
    struct form_pair *arg = arena_alloc(all.a, sent.n_args * sizeof *arg);
    memcpy(arg, sent.arg, sent.n_args * sizeof *arg);
    assert_string_equal(pair_named(arg, sent.n_args, "weekdays")->value, "tue fri");
    assert_string_equal(pair_named(arg, sent.n_args, "period")->value, "2026-12-01/2026-12-31");
    assert_string_equal(pair_named(arg, sent.n_args, "states")->value, "");      /* none ticked: it is emptied */
    assert_string_equal(pair_named(arg, sent.n_args, "hidden")->value, "unseen");
    for (size_t i = 0; i < sent.n_args; i++)
        assert_null(strchr(arg[i].name, ':'));
}

static void values_are_said_as_their_fields_call_them(void **state)
{
    (void)state;
    static const struct { const char *name, *says; } cases[] = {
        { "country", "Germany" }, { "region", "Bayern" }, { "weekdays", "Monday, Saturday" }, { "period", "1 Nov 2026 – 30 Nov 2026" },
        { "states", "Closed" }, { "iban", "DE68 2105 0170 0012 3456 78" }, { "month", "November 2026" }, { "time", "07:15" },
        { "phone", "+1 202 555 0123" }, { "selection", "all listings" }, { "language", "Portuguese (Brazil)" }, { "currency", "Euro (EUR)" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t k = 0; k < COUNT_OF(holds); k++) {
            struct buf out = { 0 };
            if (!text_is(holds[k].name, cases[i].name))
                continue;
            say_field(&out, &all.face, &holds[k], &holds[k].fallback);
            assert_string_equal(buf_str(&out), cases[i].says);
            buf_free(&out);
        }
    const struct souk_value tail = souk_word(SOUK_TAIL, "5678"), gone = souk_text("open gone");
    struct buf out = { 0 };
    say_field(&out, &all.face, &holds[5], &tail);                              /* sealed: only its end is known */
    buf_char(&out, '|');
    say_field(&out, &all.face, &holds[4], &gone);
    assert_string_equal(buf_str(&out), "…5678|Open, gone");
    buf_free(&out);
}

static void a_changed_form_is_refused(void **state)
{
    (void)state;
    static const struct { const char *name, *field, *value, *command, *account; int code; } cases[] = {
        { "as it is", NULL, NULL, "message.reply", "demo", 0 },
        { "another fixed argument", "thread", "T-2", "message.reply", "demo", -ERR_DENIED },
        { "no longer fixed", "_fixed", "", "message.reply", "demo", -ERR_DENIED },
        { "one more is fixed", "_fixed", "thread body", "message.reply", "demo", -ERR_DENIED },
        { "one that was not sent", "_fixed", "thread thread thread thread thread thread thread thread thread thread thread",
          "message.reply", "demo", -ERR_DENIED },
        { "another command", NULL, NULL, "case.discard", "demo", -ERR_DENIED },
        { "another account", NULL, NULL, "message.reply", "other", -ERR_DENIED },
        { "no seal", "_seal", "", "message.reply", "demo", -ERR_DENIED },
        { "half a seal", "_seal", "00ff", "message.reply", "demo", -ERR_DENIED },
        { "no hex", "_seal", "seal", "message.reply", "demo", -ERR_DENIED },
        { "no key", "_key", "", "message.reply", "demo", -ERR_INPUT },
    };
    struct buf out = { 0 };
    html_view(&out, &all.face, all.e, all.n);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct form_pair pair[20];
        struct form_sent sent;
        struct err err = { 0 };
        struct face f = all.face;
        size_t n = hidden_of(buf_str(&out), "message.reply", pair, COUNT_OF(pair));
        f.account = cases[i].account;
        pair[n++] = (struct form_pair){ "body", "Soon." };
        if (cases[i].field)
            pair_named(pair, n, cases[i].field)->value = cases[i].value;
        int rc = form_take(all.a, &f, cases[i].command, pair, n, &sent, &err);
        if (rc != cases[i].code)
            fail_msg("%s: %d %s", cases[i].name, rc, err.text);
    }
    buf_free(&out);
}

/* What was typed stands there again, the sentence beside its field, and nothing of it in another form. */
static void a_refused_form_is_drawn_again(void **state)
{
    (void)state;
    struct buf out = { 0 };
    struct form_pair pair[20];
    struct form_sent sent;
    struct err err = { 0 };
    struct face f = all.face;
    html_view(&out, &f, all.e, all.n);
    size_t n = hidden_of(buf_str(&out), "gallery.keep", pair, COUNT_OF(pair));
    pair[n++] = (struct form_pair){ "subject", "<i>typed</i>" };
    pair[n++] = (struct form_pair){ "amount", "much" };
    pair[n++] = (struct form_pair){ "state", "closed" };
    assert_int_equal(form_take(all.a, &f, "gallery.keep", pair, n, &sent, &err), 0);
    sent.field = "amount";
    sent.fault = "\"much\" is no amount.";
    f.again = &sent;
    buf_clear(&out);
    html_view(&out, &f, all.e, all.n);
    const char *form = strstr(buf_str(&out), "action=\"/a/demo/do/gallery.keep\"");
    assert_non_null(strstr(form, "value=\"&lt;i&gt;typed&lt;/i&gt;\""));
    assert_non_null(strstr(form, "aria-describedby=\"gallery-"));
    assert_non_null(strstr(form, " aria-invalid=\"true\" type=\"text\" inputmode=\"decimal\" size=\"12\" value=\"much\""));
    assert_non_null(strstr(form, ">&quot;much&quot; is no amount.</p>"));
    assert_non_null(strstr(form, "<option value=\"closed\" selected>"));
    assert_non_null(strstr(form, "name=\"counts\" id=\"gallery-"));
    const char *tick = strstr(form, "name=\"counts\"");
    assert_null(memmem(tick, strcspn(tick, ">"), " checked", 8));       /* it held yes, and came back empty */
    assert_null(memmem(buf_str(&out), (size_t)(form - buf_str(&out)), "aria-invalid", 12));

    sent.field = "";                                    /* of no one field: above them all */
    buf_clear(&out);
    html_view(&out, &f, all.e, all.n);
    assert_non_null(strstr(buf_str(&out), "<p class=\"alert bad\" role=\"alert\">&quot;much&quot; is no amount.</p>"));

    f.seal_key = NULL;                                  /* who may change nothing sees no form */
    buf_clear(&out);
    html_view(&out, &f, all.e, all.n);
    assert_null(strstr(buf_str(&out), "<form"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_html),
        cmocka_unit_test(as_json),
        cmocka_unit_test(as_csv),
        cmocka_unit_test(on_a_terminal),
        cmocka_unit_test(the_page_around),
        cmocka_unit_test(outsiders_harm_nobody),
        cmocka_unit_test(long_letters_are_folded),
        cmocka_unit_test(markdown_is_tamed),
        cmocka_unit_test(references_lead_to_who_shows_them),
        cmocka_unit_test(options_of_all_types_are_read),
        cmocka_unit_test(a_form_comes_back),
        cmocka_unit_test(known_fields_have_their_controls),
        cmocka_unit_test(parts_of_a_value_come_together),
        cmocka_unit_test(values_are_said_as_their_fields_call_them),
        cmocka_unit_test(a_changed_form_is_refused),
        cmocka_unit_test(a_refused_form_is_drawn_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
