/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_wire.c: structs become bytes and structs again; what cannot be true is refused, either way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <souk/import.h>
#include <souk/settings.h>
#include <souk/widget.h>

#include "plug/wire.h"

/* ---- columns ------------------------------------------------------------------------------------ */

static void columns_are_parsed(void **state)
{
    (void)state;
    struct arena *a = arena_new("test", 1024);
    struct err err = { 0 };
    struct column *c;
    size_t n;
    const char *text = "  day:day  sales:money/cur+total cur:currency+hidden n:count+total+hidden ";
    assert_int_equal(columns_parse(a, text, &c, &n, &err), 0);
    assert_int_equal(n, 4);
    assert_string_equal(c[0].name, "day");
    assert_int_equal(c[0].type, SOUK_DAY);
    assert_string_equal(c[0].currency, "");
    assert_string_equal(c[1].type_word, "money");
    assert_string_equal(c[1].currency, "cur");
    assert_true(c[1].has_total && !c[1].is_hidden);
    assert_true(c[2].is_hidden && !c[2].has_total);
    assert_true(c[3].is_hidden && c[3].has_total);
    arena_free(a);
}

static void bad_columns_are_named(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        { "",                        "There are 0 columns" },
        { "   ",                     "There are 0 columns" },
        { "units",                   "\"units\" has no type" },
        { "units:number",            "\"units:number\" has a type that does not exist" },
        { "units:none",              "does not exist" },
        { "units:",                  "does not exist" },
        { ":count",                  "needs another name" },
        { "Units:count",             "needs another name" },
        { "a-b:count",               "needs another name" },
        { "7d:count",                "needs another name" },
        { "n:count+sum",             "\"+sum\"" },
        { "n:count+",                "\"+\"" },
        { "n:text+total",            "cannot have a total" },
        { "n:count/cur cur:currency", "is no money" },
        { "m:money/",                "must name the column" },
        { "m:money/cur",             "from \"cur\"" },
        { "m:money/n n:count",       "from \"n\"" },
        { "n:count m:text n:count",  "\"n\" stands twice" },
    };
    struct arena *a = arena_new("test", 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct column *c;
        size_t n;
        assert_int_equal(columns_parse(a, cases[i].text, &c, &n, &err), -ERR_PLUGIN);
        if (!strstr(err.text, cases[i].says))
            fail_msg("\"%s\": %s", cases[i].text, err.text);
    }
    struct buf many = { 0 };
    struct err err = { 0 };
    struct column *c;
    size_t n;
    for (int i = 0; i < 201; i++)
        buf_printf(&many, "c%d:count ", i);
    assert_int_equal(columns_parse(a, buf_str(&many), &c, &n, &err), -ERR_PLUGIN);
    assert_non_null(strstr(err.text, "There are 201 columns"));
    buf_free(&many);
    arena_free(a);
}

static void types_have_names(void **state)
{
    (void)state;
    for (uint32_t type = SOUK_TEXT; type <= SOUK_LANGUAGE; type++)
        assert_int_equal(type_of_word(word_of_type(type), strlen(word_of_type(type))), type);
    assert_int_equal(type_of_word("none", 4), 0);
    assert_int_equal(type_of_word("mone", 4), 0);
    assert_string_equal(word_of_type(SOUK_LANGUAGE + 1), "unknown");
}

/* ---- the tables --------------------------------------------------------------------------------- */

static size_t bytes_of(const struct wire_member *m)
{
    switch ((enum wire_kind)m->kind) {
    case WIRE_U32: case WIRE_I32: return 4;
    case WIRE_I64:   return 8;
    case WIRE_CSTR: case WIRE_PTR: return sizeof(void *);
    case WIRE_STR:   return sizeof(struct souk_str);
    case WIRE_VALUE: return sizeof(struct souk_value);
    case WIRE_ARGS:  return sizeof(struct souk_args);
    case WIRE_MSG:   return sizeof(struct souk_msg);
    case WIRE_ROWS:  return sizeof(struct souk_rows);
    case WIRE_LIST:  return sizeof(struct souk_list);
    }
    return 0;
}

static void no_member_is_left_out(void **state)
{
    (void)state;
    for (const struct wire_type *const *t = wire_types; *t; t++) {
        size_t at = (*t)->has_size ? 4 : 0;
        for (uint32_t i = 0; i < (*t)->n_members; i++) {
            const struct wire_member *m = &(*t)->member[i];
            if (m->at != at)
                fail_msg("%s.%s is at %u, but what stands before it ends at %zu", (*t)->name, m->name,
                         m->at, at);
            at += bytes_of(m);
        }
        if (at != (*t)->size)
            fail_msg("%s has %u bytes, its members %zu", (*t)->name, (*t)->size, at);
    }
}

/* ---- there and back ----------------------------------------------------------------------------- */

static const struct souk_arg some_args[] = {
    { "n", { SOUK_COUNT, "", -7, 0, { "", 0, 0 } } },
    { "sku", { SOUK_TEXT, "", 0, 0, { "A\0B", 3, 0 } } },
};
static const struct souk_value some_cells[] = {
    { SOUK_DAY, "", 20000, 0, { "", 0, 0 } }, { SOUK_MONEY, "EUR", INT64_MIN, 0, { "", 0, 0 } },
    { SOUK_DAY, "", -1, 0, { "", 0, 0 } },    { SOUK_NONE, "", 0, 0, { NULL, 0, 0 } },
};
#define SOME_ROWS { "day:day sales:money", some_cells, 2, 2, 1, 0 }
#define SOME_MSG { "caf\u00e9", { some_args, 2, 0 } }
static const struct souk_rows some_rows = SOME_ROWS;
static const struct souk_msg some_msg = SOME_MSG;
static const struct souk_str some_str = { "abc", 3, 0 };
static const struct souk_why some_why = {
    .size = sizeof some_why, .rows = "lines", .args = { some_args, 2, 0 },
    .formula = { "f", { some_args, 1, 0 } }, .policy = "ship.handling_days",
    .market = "A1PA6795UKMFR9",
    .policy_day = 20780, .origin = { "o", { NULL, 0, 0 } },
};
static const struct souk_to some_to = { .size = sizeof some_to, .url = "https://example.org/?a=b" };
static const struct souk_stat some_stat = {
    .size = sizeof some_stat, .tone = SOUK_WATCH, .label = SOME_MSG,
    .value = { SOUK_AVERAGE, "JPY", 9, 2, { "", 0, 0 } },
    .before = { SOUK_NONE, "", 0, 0, { NULL, 0, 0 } },
    .before_label = { "b", { NULL, 0, 0 } }, .up_is = SOUK_GOOD, .is_estimate = 1, .why = &some_why,
    .to = &some_to,
};
static const struct souk_market_now some_markets[] = {
    { .size = sizeof *some_markets, .id = "A", .currency = "EUR", .zone = "Europe/Berlin", .today = 1,
      .from = -2, .to = 3, .today_start_s = 4, .data_until_s = 5, .data_elapsed_s = 6 },
    { .size = sizeof *some_markets, .id = "B", .currency = "JPY", .zone = "Asia/Tokyo", .today = 7 },
};
static const struct souk_ask some_ask = {
    .size = sizeof some_ask, .face = SOUK_PAGE, .now_s = 1795413600, .markets = some_markets,
    .n_markets = 2,
    .market_size = sizeof *some_markets, .options = { some_args, 2, 0 },
};
static const struct souk_fact some_fact = {
    .size = sizeof some_fact, .label = SOME_MSG, .why = &some_why
};
static const struct souk_table some_table = {
    .size = sizeof some_table, .title = SOME_MSG, .rows = SOME_ROWS, .why = &some_why, .more = &some_to
};
static const struct souk_chart some_chart = {
    .size = sizeof some_chart, .kind = SOUK_BARS, .rows = SOME_ROWS, .partial_rows = 1
};
static const struct souk_alert some_alert = {
    .size = sizeof some_alert, .tone = SOUK_BAD, .text = SOME_MSG
};
static const struct souk_text_element some_text = {
    .size = sizeof some_text, .text = SOME_MSG, .to = &some_to
};
static const struct souk_empty some_empty = {
    .size = sizeof some_empty, .text = SOME_MSG, .fills = "amazon.all-orders"
};
static const struct souk_run some_run = {
    .size = sizeof some_run, .id = "low", .args = { some_args, 2, 0 }
};
static const struct souk_policy some_policy = {
    .size = sizeof some_policy, .since = 1, .value = { SOUK_BP, "", 400, 0, { "", 0, 0 } },
    .source = "https://example.org", .checked = 2
};
static const struct souk_import_file some_file = {
    .size = sizeof some_file, .name = "a.txt", .charset = "UTF-8", .market = "", .currency = ""
};
static const struct souk_item some_item = {
    .size = sizeof some_item, .tone = SOUK_BAD, .title = SOME_MSG, .badge = { "open", { NULL, 0, 0 } },
    .due = { SOUK_INSTANT, "", 1795413600, 0, { "Europe/Berlin", 13, 0 } },
    .value = { SOUK_MONEY, "EUR", 1999, 0, { "", 0, 0 } }, .why = &some_why, .to = &some_to
};
static const struct souk_letter some_letter = {
    .size = sizeof some_letter, .side = SOUK_IN, .from = SOME_MSG,
    .at = { SOUK_INSTANT, "", 1795413600, 0, { "", 0, 0 } }, .body = { "Hi\n\0there", 9, 0 }
};
static const struct souk_choice some_choices[] = { { "a", "A" }, { "b", "B" } };
static const struct souk_field some_fields[] = {
    { .size = sizeof *some_fields, .type = SOUK_FIELD_MONEY, .name = "amount", .title = "amount",
      .fallback = { SOUK_MONEY, "EUR", 5, 0, { "", 0, 0 } }, .min = -1, .max = INT64_MAX,
      .flags = SOUK_FIELD_NEEDED, .about = "about", .currency_of = "market", .zone_of = "other" },
    { .size = sizeof *some_fields, .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "state",
      .choices = SOUK_LIST(some_choices), .country_of = "country", .kind = "vat", .digits = 3 },
};
static const struct souk_form some_form = {
    .size = sizeof some_form, .tone = SOUK_BAD, .command = "case.state", .button = SOME_MSG,
    .args = { some_args, 2, 0 }, .fields = SOUK_LIST(some_fields), .is_folded = 1,
    .also = "case.note", .also_button = SOME_MSG
};
static const struct souk_progress some_progress = {
    .size = sizeof some_progress, .label = SOME_MSG, .value = { SOUK_COUNT, "", 3, 0, { "", 0, 0 } },
    .of = { SOUK_COUNT, "", 7, 0, { "", 0, 0 } }, .why = &some_why
};
static const struct souk_article some_article = { .size = sizeof some_article, .text = { "# A", 3, 0 } };
static const struct souk_pager some_pager = { .size = sizeof some_pager, .next = &some_to };
static const struct souk_args some_plan = { some_args, 2, 0 };

static const struct souk_record some_record = {
    .size = sizeof some_record, .is_new = 1, .id = "7", .was = { some_args, 1, 0 }, .now = { some_args, 2, 0 },
    .changed = "n sku",
};
static const struct souk_records some_records = {
    .size = sizeof some_records, .shown = "7", .list = { &some_record, 1, sizeof some_record },
};

static const struct { const struct wire_type *type; const void *from; } samples[] = {
    { &wire_str, &some_str }, { &wire_msg, &some_msg }, { &wire_rows, &some_rows },
    { &wire_market_now, &some_markets[0] },
    { &wire_ask, &some_ask }, { &wire_why, &some_why }, { &wire_to, &some_to },
    { &wire_stat, &some_stat },
    { &wire_fact, &some_fact }, { &wire_table, &some_table }, { &wire_chart, &some_chart },
    { &wire_alert, &some_alert },
    { &wire_text_element, &some_text }, { &wire_empty, &some_empty }, { &wire_run, &some_run },
    { &wire_policy, &some_policy }, { &wire_import_file, &some_file },
    { &wire_item, &some_item }, { &wire_letter, &some_letter }, { &wire_choice, &some_choices[1] },
    { &wire_field, &some_fields[0] }, { &wire_form, &some_form }, { &wire_progress, &some_progress },
    { &wire_article, &some_article }, { &wire_pager, &some_pager }, { &wire_args, &some_plan },
    { &wire_record, &some_record }, { &wire_records, &some_records },
};

union known {                                           /* room for whatever is read */
    struct souk_stat stat;
    struct souk_ask ask;
    struct souk_why why;
    struct souk_rows rows;
    struct souk_form form;
    struct souk_pager pager;
    unsigned char bytes[512];
};

static int read_back(struct arena *a, const struct wire_type *type, const struct buf *bytes,
                     union known *to, struct err *err)
{
    struct wire_in in = { (const unsigned char *)buf_str(bytes), bytes->len };
    assert_true(type->size <= sizeof *to);
    int rc = wire_get(&in, type, a, to, err);
    if (rc == 0)
        assert_int_equal(in.n, 0);
    return rc;
}

static void every_struct_comes_back(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(samples) + 1, 29);        /* one for each of wire_types */
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct arena *a = arena_new("test", 1024);
        struct buf first = { 0 }, second = { 0 };
        struct err err = { 0 };
        union known to;
        assert_ptr_equal(wire_types[i], samples[i].type);
        if (wire_put(&first, samples[i].type, samples[i].from, &err) < 0
            || read_back(a, samples[i].type, &first, &to, &err) < 0
            || wire_put(&second, samples[i].type, &to, &err) < 0)
            fail_msg("%s: %s", samples[i].type->name, err.text);
        assert_int_equal(first.len, second.len);
        assert_memory_equal(first.at, second.at, first.len);
        buf_free(&first);
        buf_free(&second);
        arena_free(a);
    }
    assert_null(wire_types[COUNT_OF(samples)]);
}

static void members_come_back(void **state)
{
    (void)state;
    struct arena *a = arena_new("test", 1024);
    struct buf bytes = { 0 };
    struct err err = { 0 };
    union known to;
    assert_int_equal(wire_put(&bytes, &wire_stat, &some_stat, &err), 0);
    assert_int_equal(read_back(a, &wire_stat, &bytes, &to, &err), 0);
    assert_int_equal(to.stat.size, sizeof to.stat);
    assert_int_equal(to.stat.tone, SOUK_WATCH);
    assert_string_equal(to.stat.label.key, "caf\u00e9");
    assert_int_equal(to.stat.label.args.n, 2);
    assert_int_equal(to.stat.label.args.at[0].value.num, -7);
    assert_memory_equal(to.stat.label.args.at[1].value.text.at, "A\0B", 4);
    assert_string_equal(to.stat.value.currency, "JPY");
    assert_int_equal(to.stat.value.den, 2);
    assert_string_equal(to.stat.before.text.at, "");
    assert_null(to.stat.note.key);
    assert_string_equal(to.stat.why->policy, "ship.handling_days");
    assert_int_equal(to.stat.why->policy_day, 20780);
    assert_null(to.stat.to->query);
    assert_string_equal(to.stat.to->url, "https://example.org/?a=b");

    buf_clear(&bytes);
    assert_int_equal(wire_put(&bytes, &wire_ask, &some_ask, &err), 0);
    assert_int_equal(read_back(a, &wire_ask, &bytes, &to, &err), 0);
    assert_int_equal(to.ask.n_markets, 2);
    assert_string_equal(souk_market_at(&to.ask, 1)->zone, "Asia/Tokyo");
    assert_int_equal(souk_market_at(&to.ask, 0)->from, -2);
    assert_int_equal(souk_option(&to.ask, "n")->num, -7);
    assert_null(souk_option(&to.ask, "x"));

    buf_clear(&bytes);
    assert_int_equal(wire_put(&bytes, &wire_form, &some_form, &err), 0);
    assert_int_equal(read_back(a, &wire_form, &bytes, &to, &err), 0);
    assert_int_equal(to.form.fields.n, 2);
    assert_int_equal(to.form.fields.size, sizeof(struct souk_field));
    const struct souk_field *field = to.form.fields.at;
    assert_int_equal(field[0].flags, SOUK_FIELD_NEEDED);
    assert_string_equal(field[0].currency_of, "market");
    assert_true(field[0].max == INT64_MAX);
    assert_string_equal(((const struct souk_choice *)field[1].choices.at)[1].title, "B");
    assert_string_equal(field[1].country_of, "country");
    assert_string_equal(field[1].kind, "vat");
    assert_int_equal(field[1].digits, 3);
    assert_int_equal(to.form.is_folded, 1);
    assert_string_equal(to.form.also, "case.note");
    assert_string_equal(to.form.also_button.key, some_form.also_button.key);

    buf_clear(&bytes);
    assert_int_equal(wire_put(&bytes, &wire_pager, &some_pager, &err), 0);
    assert_int_equal(read_back(a, &wire_pager, &bytes, &to, &err), 0);
    assert_null(to.pager.before);
    assert_string_equal(to.pager.next->url, "https://example.org/?a=b");

    buf_clear(&bytes);
    assert_int_equal(wire_put(&bytes, &wire_rows, &some_rows, &err), 0);
    assert_int_equal(read_back(a, &wire_rows, &bytes, &to, &err), 0);
    assert_true(souk_cell(&to.rows, 0, 1)->num == INT64_MIN);
    assert_int_equal(souk_num(&to.rows, 1, 1, -99), -99);
    assert_int_equal(to.rows.is_cut, 1);
    buf_free(&bytes);
    arena_free(a);
}

static void bytes_are_little_endian(void **state)
{
    (void)state;
    static const unsigned char want[] = {
        38, 0, 0, 0,                                    /* length of what follows */
        2, 0, 0, 0,                                     /* tone */
        1, 0, 0, 0, 'k',                                /* text.key */
        1, 0, 0, 0, 1, 0, 0, 0, 'b',                    /* one argument and its name */
        3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,             /* a bool, 1 */
        0, 0, 0, 0, 0, 0, 0, 0                          /* no why, no to */
    };
    const struct souk_arg arg = { "b", { SOUK_BOOL, "", 1, 0, { "", 0, 0 } } };
    const struct souk_alert alert = {
        .size = sizeof alert, .tone = SOUK_WATCH, .text = { "k", { &arg, 1, 0 } }
    };
    struct buf bytes = { 0 };
    struct err err = { 0 };
    assert_int_equal(wire_put(&bytes, &wire_alert, &alert, &err), 0);
    assert_int_equal(bytes.len, sizeof want);
    assert_memory_equal(bytes.at, want, sizeof want);
    buf_free(&bytes);
}

/* ---- old and new -------------------------------------------------------------------------------- */

static void an_older_giver_leaves_zeros(void **state)
{
    (void)state;
    struct arena *a = arena_new("test", 1024);
    struct buf bytes = { 0 };
    struct err err = { 0 };
    union known to;
    struct souk_stat old = some_stat;
    old.size = offsetof(struct souk_stat, note);        /* as if what follows were not there yet */
    assert_int_equal(wire_put(&bytes, &wire_stat, &old, &err), 0);
    assert_int_equal(read_back(a, &wire_stat, &bytes, &to, &err), 0);
    assert_int_equal(to.stat.size, sizeof to.stat);
    assert_int_equal(to.stat.is_estimate, 1);
    assert_null(to.stat.note.key);
    assert_null(to.stat.why);
    buf_free(&bytes);
    arena_free(a);
}

static void a_newer_giver_is_cut(void **state)
{
    (void)state;
    struct arena *a = arena_new("test", 1024);
    struct buf bytes = { 0 };
    struct err err = { 0 };
    union known to;
    struct { struct souk_market_now now; int64_t younger[4]; } newer[2] = { 0 };
    for (int i = 0; i < 2; i++) {
        newer[i].now = some_markets[i];
        newer[i].now.size = sizeof newer[i];
        newer[i].younger[0] = -1;
    }
    struct souk_ask ask = some_ask;
    ask.markets = &newer[0].now;
    ask.market_size = sizeof newer[0];
    assert_int_equal(wire_put(&bytes, &wire_ask, &ask, &err), 0);
    assert_int_equal(read_back(a, &wire_ask, &bytes, &to, &err), 0);
    assert_int_equal(to.ask.market_size, sizeof(struct souk_market_now));
    assert_string_equal(souk_market_at(&to.ask, 1)->id, "B");
    assert_int_equal(souk_market_at(&to.ask, 1)->size, sizeof(struct souk_market_now));

    buf_clear(&bytes);                                  /* and bytes that a newer writer made longer */
    assert_int_equal(wire_put(&bytes, &wire_alert, &some_alert, &err), 0);
    buf_put(&bytes, "younger", 7);
    bytes.at[0] = (char)(bytes.len - 4);
    assert_true(bytes.len - 4 < 128);
    assert_int_equal(read_back(a, &wire_alert, &bytes, &to, &err), 0);
    buf_free(&bytes);
    arena_free(a);
}

/* ---- what cannot be true ------------------------------------------------------------------------ */

static char megabyte[(1 << 20) + 2];

static void lies_are_not_written(void **state)
{
    (void)state;
    memset(megabyte, 'x', sizeof megabyte - 1);
    const struct souk_value no_currency = { SOUK_MONEY, "", 1, 0, { "", 0, 0 } },
    small = { SOUK_MONEY, "eur", 1, 0, { "", 0, 0 } },
        four = { SOUK_MONEY, { 'E', 'U', 'R', 'O' }, 1, 0, { "", 0, 0 } },
        odd_type = { 99, "", 0, 0, { "", 0, 0 } },
        not_bool = { SOUK_BOOL, "", 2, 0, { "", 0, 0 } },
        far_day = { SOUK_DAY, "", INT64_C(1) << 40, 0, { "", 0, 0 } },
        places = { SOUK_DECIMAL, "", 1, 19, { "", 0, 0 } },
        below = { SOUK_RATE, "", 1, -1, { "", 0, 0 } },
        not_utf8 = { SOUK_TEXT, "", 0, 0, { "a\xFF", 2, 0 } },
        no_zero = { SOUK_TEXT, "", 0, 0, { "abc", 2, 0 } },
        no_place = { SOUK_TEXT, "", 0, 0, { NULL, 2, 0 } },
        huge = { SOUK_TEXT, "", 0, 0, { megabyte, 4000000000, 0 } },
        day = { SOUK_DAY, "", 1, 0, { "", 0, 0 } };
    struct souk_fact fact = { .size = sizeof fact, .label = { "l", { NULL, 0, 0 } } },
    fact_size = fact, fact_large = fact,
        fact_args = fact, fact_nameless = fact, fact_long = fact;
    const struct souk_arg nameless = { "", souk_count(1) };
    fact_size.size = 4;
    fact_large.size = UINT32_MAX;
    fact_args.label.args = (struct souk_args){ NULL, 4, 0 };
    fact_nameless.label.args = (struct souk_args){ &nameless, 1, 0 };
    fact_long.label.key = megabyte;
    const struct souk_rows fewer = { "a:day b:day", &day, 1, 1, 0, 0 },
    more = { "a:day", &day, 2, 1, 0, 0 },
        wrong = { "a:count", &day, 1, 1, 0, 0 },
        overflow = { "a:day b:day c:day d:day", &day, 4, 1u << 30, 0, 0 },
        no_cells = { "a:day", NULL, 1, 1, 0, 0 }, no_columns = { NULL, NULL, 0, 0, 0, 0 },
        odd = { "a:dya", &day, 1, 1, 0, 0 };
    struct souk_ask ask = some_ask, ask_many = some_ask;
    ask.market_size = 4;
    ask_many.n_markets = 1u << 31;
    const struct {
        const char *name;
        const struct wire_type *type;
        const void *from;
        const struct souk_value *value;
        const char *says;
    } cases[] = {
        { "money without currency", &wire_fact, &fact, &no_currency, "souk_fact.value: money needs its currency" },
        { "small letters",          &wire_fact, &fact, &small,       "three capital letters" },
        { "four letters",           &wire_fact, &fact, &four,        "three letters and a zero" },
        { "odd type",               &wire_fact, &fact, &odd_type,    "a type that does not exist" },
        { "bool of 2",              &wire_fact, &fact, &not_bool,    "a bool is 0 or 1" },
        { "far day",                &wire_fact, &fact, &far_day,     "32 bits" },
        { "19 places",              &wire_fact, &fact, &places,      "0 to 18 places" },
        { "negative denominator",   &wire_fact, &fact, &below,       "less than 0" },
        { "not UTF-8",              &wire_fact, &fact, &not_utf8,    "souk_fact.value: a text is not UTF-8" },
        { "length in the middle",   &wire_fact, &fact, &no_zero,     "where its length says" },
        { "length without place",   &wire_fact, &fact, &no_place,    "a length but no place" },
        { "length of 4 GB",         &wire_fact, &fact, &huge,        "more than 1 MiB" },
        { "size of 4",              &wire_fact, &fact_size, NULL,    "souk_fact: its size cannot be true" },
        { "size of 4 GB",           &wire_fact, &fact_large, NULL,   "its size cannot be true" },
        { "arguments nowhere",      &wire_fact, &fact_args, NULL,    "souk_fact.label: its number of arguments" },
        { "nameless argument",      &wire_fact, &fact_nameless, NULL, "an argument has no name" },
        { "key of over 1 MiB",      &wire_fact, &fact_long, NULL,    "more than 1 MiB" },
        { "fewer columns",          &wire_rows, &fewer, NULL,        "its columns name 2, but n_columns is 1" },
        { "more columns",           &wire_rows, &more, NULL,         "its columns name 1, but n_columns is 2" },
        { "another type",           &wire_rows, &wrong, NULL,        "\"a\" is count, but a cell of it is day" },
        { "rows times columns",     &wire_rows, &overflow, NULL,     "more rows than any table" },
        { "no cells",               &wire_rows, &no_cells, NULL,     "rows but no cells" },
        { "no columns",             &wire_rows, &no_columns, NULL,   "There are 0 columns" },
        { "misspelt type",          &wire_rows, &odd, NULL,          "does not exist" },
        { "elements of 4 bytes",    &wire_ask, &ask, NULL,           "souk_ask.markets: its count or the size" },
        { "2^31 markets",           &wire_ask, &ask_many, NULL,      "souk_ask.markets" },
    };
    struct buf bytes = { 0 };
    buf_text(&bytes, "before");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct souk_fact with_value = fact;
        const void *from = cases[i].from;
        if (cases[i].value) {
            with_value.value = *cases[i].value;
            from = &with_value;
        }
        int rc = wire_put(&bytes, cases[i].type, from, &err);
        if (rc != -ERR_PLUGIN || !strstr(err.text, cases[i].says))
            fail_msg("%s: %d %s", cases[i].name, rc, err.text);
        assert_string_equal(buf_str(&bytes), "before");
    }
    buf_free(&bytes);
}

static void half_a_message_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct arena *a = arena_new("test", 1024);
        struct buf bytes = { 0 };
        struct err err = { 0 };
        union known to;
        assert_int_equal(wire_put(&bytes, samples[i].type, samples[i].from, &err), 0);
        for (size_t n = 0; n < bytes.len; n++) {
            unsigned char *half = malloc(n ? n : 1);    /* of its own, so that a look behind its end is seen */
            struct wire_in in = { half, n };
            assert_non_null(half);
            memcpy(half, bytes.at, n);
            err_clear(&err);
            assert_int_equal(wire_get(&in, samples[i].type, a, &to, &err), -ERR_CORRUPT);
            assert_int_equal(in.n, n);
            assert_true(text_starts(err.text, samples[i].type->name) || strstr(err.text, "souk_"));
            free(half);
            arena_reset(a);
        }
        buf_free(&bytes);
        arena_free(a);
    }
}

/* A mail goes through as it stands, but only in rows. */
static void bytes_are_an_imports(void **state)
{
    (void)state;
    struct souk_value cell[] = { souk_count(1), souk_number(SOUK_BYTES, 0, 0) };
    cell[1].text = (struct souk_str){ "K\xFC" "che\0x", 7, 0 };
    const struct souk_rows rows = { "line:count message:bytes", cell, 2, 1, 0, 0 };
    const struct souk_arg arg[] = { { "mail", cell[1] } };
    const struct souk_msg msg = { "key", { arg, 1, 0 } };
    const struct souk_table table = { .size = sizeof table, .rows = rows };
    struct arena *a = arena_new("test", 1024);
    struct err err = { 0 };
    struct buf out = { 0 };
    struct souk_rows again;
    assert_int_equal(wire_put(&out, &wire_rows, &rows, &err), 0);
    struct wire_in in = { (const unsigned char *)out.at, out.len };
    assert_int_equal(wire_get(&in, &wire_rows, a, &again, &err), 0);
    assert_int_equal(again.cell[1].type, SOUK_BYTES);
    assert_int_equal(again.cell[1].text.len, 7);
    assert_memory_equal(again.cell[1].text.at, "K\xFC" "che\0x", 8);
    assert_int_equal(wire_put(&out, &wire_msg, &msg, &err), -ERR_PLUGIN);
    assert_non_null(strstr(err.text, "bytes stand in the rows of an import"));
    err_clear(&err);
    assert_int_equal(wire_put(&out, &wire_table, &table, &err), -ERR_PLUGIN);
    assert_non_null(strstr(err.text, "bytes stand in"));
    buf_free(&out);
    arena_free(a);
}

static void lies_in_bytes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *says;
        const struct wire_type *type;
        size_t n;
        unsigned char bytes[40];
    } cases[] = {
        { "text longer than the bytes", "longer than what is there", &wire_str, 6, { 3, 0, 0, 0, 'a', 'b' } },
        { "text of 4 GB", "longer", &wire_str, 5, { 0xFE, 0xFF, 0xFF, 0xFF, 'a' } },
        { "text not UTF-8", "not UTF-8", &wire_str, 6, { 2, 0, 0, 0, 0xC0, 0x80 } },
        { "NUL in a key", "NUL", &wire_msg, 10, { 2, 0, 0, 0, 'a', 0, 0, 0, 0, 0 } },
        { "many arguments", "number of arguments", &wire_msg, 9, { 1, 0, 0, 0, 'a', 0xFF, 0, 0, 0 } },
        { "odd type", "does not exist", &wire_msg, 18,
          { 1, 0, 0, 0, 'a', 1, 0, 0, 0, 1, 0, 0, 0, 'n', SOUK_LANGUAGE + 1, 0, 0, 0 } },
        { "bytes in a message", "bytes stand in the rows of an import", &wire_msg, 26,
          { 1, 0, 0, 0, 'a', 1, 0, 0, 0, 1, 0, 0, 0, 'n', SOUK_BYTES, 0, 0, 0, 1, 0, 0, 0, 'b' } },
        { "cells without bytes", "more cells than", &wire_rows, 23,
          { 7, 0, 0, 0, 'a', ':', 'c', 'o', 'u', 'n', 't', 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 } },
        { "2^32 rows", "more rows than any", &wire_rows, 23,
          { 7, 0, 0, 0, 'a', ':', 'c', 'o', 'u', 'n', 't', 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 } },
        { "no column", "n_columns is 0", &wire_rows, 23,
          { 7, 0, 0, 0, 'a', ':', 'c', 'o', 'u', 'n', 't', 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 } },
        { "struct longer than the bytes", "end too early", &wire_to, 8, { 5, 0, 0, 0, 0, 0, 0, 0 } },
        { "many markets", "count cannot be true", &wire_ask, 20,
          { 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0 } },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_new("test", 1024);
        struct err err = { 0 };
        union known to;
        struct wire_in in = { cases[i].bytes, cases[i].n };
        int rc = wire_get(&in, cases[i].type, a, &to, &err);
        if (rc != -ERR_CORRUPT || !strstr(err.text, cases[i].says))
            fail_msg("%s: %d %s", cases[i].name, rc, err.text);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_parsed),
        cmocka_unit_test(bad_columns_are_named),
        cmocka_unit_test(types_have_names),
        cmocka_unit_test(no_member_is_left_out),
        cmocka_unit_test(every_struct_comes_back),
        cmocka_unit_test(members_come_back),
        cmocka_unit_test(bytes_are_little_endian),
        cmocka_unit_test(an_older_giver_leaves_zeros),
        cmocka_unit_test(a_newer_giver_is_cut),
        cmocka_unit_test(lies_are_not_written),
        cmocka_unit_test(half_a_message_is_refused),
        cmocka_unit_test(bytes_are_an_imports),
        cmocka_unit_test(lies_in_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
