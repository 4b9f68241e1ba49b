/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_view.c: a view is built, checked and read; its mistakes are named; any bytes are survived.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "plug/view.h"

#define MSG(key) { key, { NULL, 0, 0 } }
#define WHY(...) .why = SOUK_WHY(__VA_ARGS__)
#define ADD(v, kind, name, ...) \
    view_add((v), (kind), &wire_##name, \
             &(const struct souk_##name){ .size = sizeof(struct souk_##name), __VA_ARGS__ })
#define STAT(v, ...) ADD(v, VIEW_STAT, stat, __VA_ARGS__)
#define FACT(v, ...) ADD(v, VIEW_FACT, fact, __VA_ARGS__)
#define TABLE(v, ...) ADD(v, VIEW_TABLE, table, __VA_ARGS__)
#define CHART(v, ...) ADD(v, VIEW_CHART, chart, __VA_ARGS__)
#define ALERT(v, ...) ADD(v, VIEW_ALERT, alert, __VA_ARGS__)
#define TEXT(v, ...) ADD(v, VIEW_TEXT, text_element, __VA_ARGS__)
#define EMPTY(v, ...) ADD(v, VIEW_EMPTY, empty, __VA_ARGS__)
#define ITEM(v, ...) ADD(v, VIEW_ITEM, item, __VA_ARGS__)
#define LETTER(v, ...) ADD(v, VIEW_LETTER, letter, __VA_ARGS__)
#define FORM(v, ...) ADD(v, VIEW_FORM, form, __VA_ARGS__)
#define PROGRESS(v, ...) ADD(v, VIEW_PROGRESS, progress, __VA_ARGS__)
#define ARTICLE(v, ...) ADD(v, VIEW_ARTICLE, article, __VA_ARGS__)
#define PAGER(v, ...) ADD(v, VIEW_PAGER, pager, __VA_ARGS__)
#define STR(literal) { literal, sizeof(literal) - 1, 0 }
#define LABEL .label = MSG("units_today"), .value = souk_count(7)
#define FINE LABEL, WHY(.rows = "lines")

static void open_group(struct view *v, enum view_kind kind, const char *title)
{
    const struct souk_msg msg = { title, { NULL, 0, 0 } };
    view_add(v, kind, kind == VIEW_COLUMNS ? NULL : &wire_msg, &msg);
}

static void end(struct view *v)
{
    view_add(v, VIEW_END, NULL, NULL);
}

static const struct souk_rows *days(void)
{
    static struct souk_value cell[8];
    static const struct souk_rows rows = {
        "day:day sales:money+total currency:currency+hidden units:count", cell, 4, 2, 0, 0
    };
    for (int row = 0; row < 2; row++) {
        cell[row * 4] = souk_day(20000 + row);
        cell[row * 4 + 1] = souk_money(1999, "EUR");
        cell[row * 4 + 2] = souk_word(SOUK_CURRENCY, "EUR");
        cell[row * 4 + 3] = souk_count(3);
    }
    return &rows;
}

static const struct souk_choice choices[] = { { "open", "open" }, { "closed", "closed" } };
static const struct souk_field fields[] = {
    { .size = sizeof *fields, .type = SOUK_FIELD_AREA, .name = "body", .title = "body", .flags = SOUK_FIELD_NEEDED },
    { .size = sizeof *fields, .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "state", .choices = SOUK_LIST(choices) },
    { .size = sizeof *fields, .type = SOUK_FIELD_MONEY, .name = "amount", .title = "amount", .currency_of = "market" },
};
#define REPLY .command = "message.reply", .button = MSG("send")

static void everything_since_0_2(struct view *v)
{
    const struct souk_arg arg = { "thread", souk_text("T-1") };
    open_group(v, VIEW_ITEMS, "notices");
    ITEM(v, .tone = SOUK_BAD, .title = MSG("i"), .badge = MSG("open"), .due = souk_instant(7), .value = souk_count(2),
         WHY(.rows = "lines"), .to = SOUK_TO(.ref = "thread:T-1"));
    FACT(v, .label = MSG("order"), .value = souk_ref("order:303-1"));
    FORM(v, REPLY, .args = { &arg, 1, 0 }, .fields = SOUK_LIST(fields));
    end(v);
    ITEM(v, .title = MSG("j"), .due = souk_day(20000));
    end(v);
    end(v);
    open_group(v, VIEW_THREAD, "talk");
    LETTER(v, .side = SOUK_IN, .from = MSG("from"), .at = souk_instant(1), .subject = STR("Hi"), .body = STR("\n"));
    TEXT(v, .text = MSG("between"));
    end(v);
    PROGRESS(v, .label = MSG("spent"), .value = souk_money(5, "EUR"), .of = souk_money(9, "EUR"), WHY(.rows = "lines"));
    PROGRESS(v, .label = MSG("not_told"), .of = souk_bp(250), WHY(.policy = "odr", .market = "A"));
    ARTICLE(v, .text = STR("# Help"));
    PAGER(v, .next = SOUK_TO(.widget = "sales", .args = { &arg, 1, 0 }));
    CHART(v, .kind = SOUK_HEAT, .title = MSG("h"), WHY(.rows = "lines"),
          .rows = { "hour:key orders:count", (struct souk_value[]){ souk_key("noon"), souk_count(3) }, 2, 1, 0, 0 });
}

/* One of everything. */
static void everything(struct view *v)
{
    const struct souk_arg arg = { "day", souk_day(20780) };
    STAT(v, .tone = SOUK_GOOD, .label = { "units", { &arg, 1, 0 } }, .value = souk_count(7),
         .before = souk_count(5), .before_label = MSG("before"), .up_is = SOUK_GOOD, .is_estimate = 1,
         .note = MSG("note"),
         WHY(.rows = "lines", .args = { &arg, 1, 0 }, .formula = MSG("f"), .origin = MSG("o"),
             .policy = "p", .market = "m"),
         .to = SOUK_TO(.query = "lines", .args = { &arg, 1, 0 }));
    open_group(v, VIEW_COLUMNS, NULL);
    open_group(v, VIEW_SECTION, "left");
    FACT(v, .label = MSG("tail"), .value = souk_word(SOUK_TAIL, "123"));
    FACT(v, .label = MSG("n"), .value = souk_average(5, 0, "JPY"), WHY(.origin = MSG("report")));
    end(v);
    open_group(v, VIEW_SECTION, "right");
    TABLE(v, .title = MSG("t"), .rows = *days(), WHY(.rows = "lines"),
          .more = SOUK_TO(.widget = "sales"));
    end(v);
    end(v);
    open_group(v, VIEW_FOLD, "more");
    CHART(v, .kind = SOUK_LINE, .title = MSG("c"), .rows = *days(), WHY(.formula = MSG("f")),
          .partial_rows = 1);
    ALERT(v, .tone = SOUK_BAD, .text = MSG("late"), WHY(.policy = "ship.late", .market = "A"),
          .to = SOUK_TO(.url = "https://a.b/"));
    TEXT(v, .text = MSG("hello"));
    EMPTY(v, .text = MSG("nothing"), .fills = "amazon.all-orders");
    end(v);
    everything_since_0_2(v);
}

/* ---- fine --------------------------------------------------------------------------------------- */

static void a_view_is_read_as_it_was_built(void **state)
{
    (void)state;
    static const enum view_kind want[] = {
        VIEW_STAT, VIEW_COLUMNS, VIEW_SECTION, VIEW_FACT, VIEW_FACT, VIEW_END, VIEW_SECTION,
        VIEW_TABLE, VIEW_END, VIEW_END,
        VIEW_FOLD, VIEW_CHART, VIEW_ALERT, VIEW_TEXT, VIEW_EMPTY, VIEW_END,
        VIEW_ITEMS, VIEW_ITEM, VIEW_FACT, VIEW_FORM, VIEW_END, VIEW_ITEM, VIEW_END, VIEW_END,
        VIEW_THREAD, VIEW_LETTER, VIEW_TEXT, VIEW_END, VIEW_PROGRESS, VIEW_PROGRESS, VIEW_ARTICLE,
        VIEW_PAGER, VIEW_CHART,
    };
    struct arena *a = arena_new("test", 4096);
    struct view v = { 0 };
    struct err err = { 0 };
    const struct view_element *e;
    size_t n = 0;
    everything(&v);
    if (view_finish(&v, &err) < 0 || view_read(a, v.bytes.at, v.bytes.len, &e, &n, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(n, COUNT_OF(want));
    assert_int_equal(v.n_elements, COUNT_OF(want));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(e[i].kind, want[i]);
    assert_int_equal(e[0].stat.label.args.at[0].value.num, 20780);
    assert_string_equal(view_why(&e[0])->rows, "lines");
    assert_string_equal(e[2].title.key, "left");
    assert_null(view_why(&e[3]));
    assert_int_equal(e[7].n_columns, 4);
    assert_string_equal(e[7].column[2].name, "currency");
    assert_true(e[7].column[1].has_total);
    assert_string_equal(e[7].table.more->widget, "sales");
    assert_int_equal(e[11].chart.partial_rows, 1);
    assert_int_equal(e[11].n_columns, 4);
    assert_string_equal(view_why(&e[12])->market, "A");
    assert_string_equal(e[14].empty.fills, "amazon.all-orders");
    assert_string_equal(view_to(&e[17], 0)->ref, "thread:T-1");
    assert_null(view_to(&e[17], 1));
    assert_string_equal(view_why(&e[17])->rows, "lines");
    assert_int_equal(e[17].item.due.num, 7);
    assert_int_equal(e[19].form.fields.n, 3);
    assert_string_equal(((const struct souk_field *)e[19].form.fields.at)[2].currency_of, "market");
    assert_string_equal(e[19].form.args.at[0].value.text.at, "T-1");
    assert_int_equal(e[25].letter.body.len, 1);
    assert_int_equal(e[29].progress.of.num, 250);
    assert_null(view_to(&e[31], 0));                    /* no page before */
    assert_string_equal(view_to(&e[31], 1)->widget, "sales");
    assert_null(view_to(&e[31], 2));
    assert_int_equal(e[32].n_columns, 2);
    view_clear(&v);

    assert_int_equal(view_finish(&v, &err), 0);         /* nothing built is nothing to show */
    assert_int_equal(view_read(a, buf_str(&v.bytes), 0, &e, &n, &err), 0);
    assert_int_equal(n, 0);
    view_clear(&v);
    arena_free(a);
}

/* ---- mistakes ----------------------------------------------------------------------------------- */

#define MISTAKE(name, ...) static void name(struct view *v) { __VA_ARGS__; }

MISTAKE(no_why, STAT(v, LABEL))
MISTAKE(empty_why, STAT(v, LABEL, WHY(.market = "m")))
MISTAKE(policy_of_nobody, STAT(v, LABEL, WHY(.policy = "ship.late")))
MISTAKE(no_label, STAT(v, .value = souk_count(1), WHY(.rows = "r")))
MISTAKE(odd_tone, STAT(v, FINE, .tone = 5))
MISTAKE(odd_rise, STAT(v, FINE, .up_is = SOUK_WATCH))
MISTAKE(apples, STAT(v, FINE, .before = souk_money(1, "EUR")))
MISTAKE(francs, STAT(v, .label = MSG("m"), .value = souk_money(1, "CHF"),
                     .before = souk_money(1, "EUR"), WHY(.rows = "r")))
MISTAKE(two_links, STAT(v, FINE, .to = SOUK_TO(.query = "q", .widget = "w")))
MISTAKE(no_link, STAT(v, FINE, .to = SOUK_TO(.args = { NULL, 0, 0 })))
MISTAKE(http, TEXT(v, .text = MSG("see"), .to = SOUK_TO(.url = "http://a.b")))
MISTAKE(script, TEXT(v, .text = MSG("see"), .to = SOUK_TO(.url = "javascript:alert(1)")))
MISTAKE(quote, TEXT(v, .text = MSG("see"), .to = SOUK_TO(.url = "https://a.b/\" onclick=\"x")))
MISTAKE(fact_without_why, FACT(v, LABEL))
MISTAKE(fact_of_rate, FACT(v, .label = MSG("odr"), .value = souk_rate(1, 0)))
MISTAKE(table_without_why, TABLE(v, .title = MSG("t"), .rows = *days()))
MISTAKE(table_untitled, TABLE(v, .rows = *days()))
MISTAKE(table_cells, TABLE(v, .title = MSG("t"), WHY(.rows = "r"),
                           .rows = { "a:count b:count", (struct souk_value[]){ { 0 } }, 1, 1, 0, 0 }))
MISTAKE(table_zero, TABLE(v, .title = MSG("t"), WHY(.rows = "r")))
MISTAKE(not_utf8, STAT(v, FINE, .note = MSG("a\xFF")))
MISTAKE(not_utf8_label, STAT(v, .label = MSG("a\xFF"), WHY(.rows = "r")))
#define LINE_OF .kind = SOUK_LINE, .title = MSG("c"), WHY(.rows = "r"), .rows
MISTAKE(chart_kind, CHART(v, .title = MSG("c"), .rows = *days(), WHY(.rows = "r")))
MISTAKE(chart_one, CHART(v, LINE_OF = { "day:day n:count+hidden", NULL, 2, 0, 0, 0 }))
MISTAKE(chart_axis, CHART(v, LINE_OF = { "n:count m:count", NULL, 2, 0, 0, 0 }))
MISTAKE(chart_text, CHART(v, LINE_OF = { "day:day sku:text", NULL, 2, 0, 0, 0 }))
MISTAKE(chart_partial, CHART(v, LINE_OF = *days(), .partial_rows = 3))
MISTAKE(chart_money,
        const struct souk_value cell[] = {
            souk_day(1), souk_money(1, "EUR"), souk_day(2), souk_money(1, "USD")
        };
        CHART(v, LINE_OF = { "day:day sales:money", cell, 2, 2, 0, 0 }))
MISTAKE(not_ended, open_group(v, VIEW_SECTION, "s"); STAT(v, FINE))
MISTAKE(ended_twice, open_group(v, VIEW_SECTION, "s"); end(v); end(v))
MISTAKE(columns_of_figures, open_group(v, VIEW_COLUMNS, NULL); STAT(v, FINE); end(v))
MISTAKE(columns_of_columns, open_group(v, VIEW_COLUMNS, NULL); open_group(v, VIEW_COLUMNS, NULL))
MISTAKE(columns_open, open_group(v, VIEW_COLUMNS, NULL))
MISTAKE(no_title, open_group(v, VIEW_FOLD, ""); end(v))
MISTAKE(deep, for (int i = 0; i < 9; i++) open_group(v, VIEW_SECTION, "s"))
MISTAKE(many, for (int i = 0; i < 10001; i++) TEXT(v, .text = MSG("t")))
MISTAKE(big,
        static char half[700000];
        memset(half, 'x', sizeof half - 1);
        for (int i = 0; i < 7; i++) TEXT(v, .text = { half, { NULL, 0, 0 } }))
#define BAD_FIELD(...) FORM(v, REPLY, .fields = SOUK_LIST(((const struct souk_field[]){ { .size = sizeof *fields, __VA_ARGS__ } })))
MISTAKE(item_alone, ITEM(v, .title = MSG("i")))
MISTAKE(item_untitled, open_group(v, VIEW_ITEMS, "l"); ITEM(v, .note = MSG("n")))
MISTAKE(item_figure, open_group(v, VIEW_ITEMS, "l"); ITEM(v, .title = MSG("i"), .value = souk_money(1, "EUR")))
MISTAKE(item_due, open_group(v, VIEW_ITEMS, "l"); ITEM(v, .title = MSG("i"), .due = souk_count(3)))
MISTAKE(item_tone, open_group(v, VIEW_ITEMS, "l"); ITEM(v, .title = MSG("i"), .tone = 9))
MISTAKE(text_among_items, open_group(v, VIEW_ITEMS, "l"); TEXT(v, .text = MSG("t")))
MISTAKE(item_open, open_group(v, VIEW_ITEMS, "l"); ITEM(v, .title = MSG("i")); end(v))
MISTAKE(items_untitled, open_group(v, VIEW_ITEMS, ""))
MISTAKE(letter_alone, LETTER(v, .side = SOUK_IN, .from = MSG("f"), .at = souk_instant(1), .body = STR("b")))
MISTAKE(letter_side, open_group(v, VIEW_THREAD, "t"); LETTER(v, .from = MSG("f"), .at = souk_instant(1), .body = STR("b")))
MISTAKE(letter_at, open_group(v, VIEW_THREAD, "t"); LETTER(v, .side = SOUK_OUT, .from = MSG("f"), .body = STR("b")))
MISTAKE(letter_body, open_group(v, VIEW_THREAD, "t"); LETTER(v, .side = SOUK_OUT, .from = MSG("f"), .at = souk_instant(1)))
MISTAKE(letter_from, open_group(v, VIEW_THREAD, "t"); LETTER(v, .side = SOUK_OUT, .at = souk_instant(1), .body = STR("b")))
MISTAKE(letter_utf8, open_group(v, VIEW_THREAD, "t");
        LETTER(v, .side = SOUK_OUT, .from = MSG("f"), .at = souk_instant(1), .body = STR("\xFF")))
MISTAKE(form_of_nothing, FORM(v, .button = MSG("send")))
MISTAKE(form_without_button, FORM(v, .command = "a.b"))
MISTAKE(form_folded, FORM(v, REPLY, .is_folded = 1))
MISTAKE(form_twice, FORM(v, REPLY, .fields = SOUK_LIST(((const struct souk_field[]){ fields[0], fields[0] }))))
MISTAKE(form_fixed, const struct souk_arg arg = { "body", souk_text("x") };
        FORM(v, REPLY, .args = { &arg, 1, 0 }, .fields = SOUK_LIST(fields)))
MISTAKE(form_arg, const struct souk_arg arg = { "rate", souk_rate(1, 2) }; FORM(v, REPLY, .args = { &arg, 1, 0 }))
MISTAKE(form_also, FORM(v, REPLY, .also = "message.draft"))
MISTAKE(form_also_button, FORM(v, REPLY, .also_button = MSG("draft")))
MISTAKE(form_tone, FORM(v, REPLY, .tone = 7))
MISTAKE(field_type, BAD_FIELD(.type = 99, .name = "n", .title = "t"))
MISTAKE(field_name, BAD_FIELD(.type = SOUK_FIELD_LINE, .name = "_key", .title = "t"))
MISTAKE(field_choices, BAD_FIELD(.type = SOUK_FIELD_ONE_OF, .name = "n", .title = "t"))
MISTAKE(field_flag, BAD_FIELD(.type = SOUK_FIELD_LINE, .name = "n", .title = "t", .flags = 1u << 30))
MISTAKE(field_secret, BAD_FIELD(.type = SOUK_FIELD_LINE, .name = "n", .title = "t", .flags = SOUK_FIELD_SECRET))
MISTAKE(field_now, BAD_FIELD(.type = SOUK_FIELD_LINE, .name = "n", .title = "t", .fallback = souk_count(1)))
MISTAKE(field_currency, BAD_FIELD(.type = SOUK_FIELD_LINE, .name = "n", .title = "t", .currency_of = "m"))
MISTAKE(field_region, BAD_FIELD(.type = SOUK_FIELD_REGION, .name = "n", .title = "t"))
MISTAKE(field_country, BAD_FIELD(.type = SOUK_FIELD_LINE, .name = "n", .title = "t", .country_of = "m"))
MISTAKE(field_kind, BAD_FIELD(.type = SOUK_FIELD_TAX_ID, .name = "n", .title = "t", .kind = "income"))
MISTAKE(field_digits, BAD_FIELD(.type = SOUK_FIELD_DECIMAL, .name = "n", .title = "t", .digits = 10))
MISTAKE(field_some, BAD_FIELD(.type = SOUK_FIELD_SOME_OF, .name = "n", .title = "t"))
MISTAKE(progress_why, PROGRESS(v, .label = MSG("p"), .value = souk_count(1), .of = souk_count(2)))
MISTAKE(progress_of, PROGRESS(v, .label = MSG("p"), .value = souk_count(1), WHY(.rows = "r")))
MISTAKE(progress_kind, PROGRESS(v, .label = MSG("p"), .value = souk_count(1), .of = souk_bp(2), WHY(.rows = "r")))
MISTAKE(article_empty, ARTICLE(v, .text = STR("")))
MISTAKE(pager_nowhere, PAGER(v, .before = NULL))
MISTAKE(pager_twice, PAGER(v, .next = SOUK_TO(.widget = "w", .ref = "a:b")))
MISTAKE(ref_odd, TEXT(v, .text = MSG("see"), .to = SOUK_TO(.ref = "Order:1")))
MISTAKE(ref_empty, TEXT(v, .text = MSG("see"), .to = SOUK_TO(.ref = "order:")))
#define HEAT_OF .kind = SOUK_HEAT, .title = MSG("h"), WHY(.rows = "r"), .rows
MISTAKE(heat_of_two, CHART(v, HEAT_OF = { "day:day n:count share:bp", NULL, 3, 0, 0, 0 }))
MISTAKE(line_of_keys, CHART(v, LINE_OF = { "k:key n:count", NULL, 2, 0, 0, 0 }))
MISTAKE(first_of_two, STAT(v, LABEL); STAT(v, FINE, .note = MSG("a\xFF")))

static void mistakes_are_named(void **state)
{
    (void)state;
    static const struct { void (*build)(struct view *v); const char *says; } cases[] = {
        { no_why, "The figure 'units_today' says not where it comes from: add .why." },
        { empty_why, "The figure 'units_today' has a .why that says nothing" },
        { policy_of_nobody, "names the policy 'ship.late' but not whose" },
        { no_label, "The figure has no .label" },
        { odd_tone, "The figure 'units_today' has a .tone" },
        { odd_rise, "has an .up_is" },
        { apples, "compares two things of different kind: .before must be count as .value is." },
        { francs, ".before must be money in CHF as .value is." },
        { two_links, "must lead to one thing" },
        { no_link, "must lead to one thing" },
        { http, "The text 'see' has a link that leaves the site: its .url must begin with https://." },
        { script, "must begin with https://" },
        { quote, "a character that no address may have" },
        { fact_without_why, "The fact 'units_today' says not where it comes from: add .why." },
        { fact_of_rate, "The fact 'odr' says not" },
        { table_without_why, "The table 't' says not" },
        { table_untitled, "The table says not" },
        { table_cells, "The table 't': souk_table.rows: its columns name 2, but n_columns is 1." },
        { table_zero, "The table 't': souk_table.rows: There are 0 columns" },
        { not_utf8, "The figure 'units_today': souk_stat.note: a text is not UTF-8." },
        { not_utf8_label, "The figure: souk_stat.label: a text is not UTF-8." },
        { chart_kind, "The chart 'c' has a .kind" },
        { chart_one, "The chart 'c' has no second column to draw." },
        { chart_axis, "begins with the column \"n\": its x axis must be day or text" },
        { chart_text, "cannot draw the column \"sku\", which is text" },
        { chart_partial, "more .partial_rows than rows" },
        { chart_money, "The chart 'c' mixes EUR and USD: make one chart for each currency." },
        { not_ended, "The section 's' is not ended: call souk_end()." },
        { ended_twice, "There is one souk_end() more than groups were opened." },
        { columns_of_figures, "The figure 'units_today' stands between souk_columns() and its end" },
        { columns_of_columns, "The columns stands between" },
        { columns_open, "The columns is not ended" },
        { no_title, "The fold has no title" },
        { deep, "is a group within 8 others" },
        { many, "more than 10000 elements" },
        { big, "or 4 MiB" },
        { item_alone, "The item 'i' stands alone" }, { item_untitled, "The item has no .title" },
        { item_figure, "The item 'i' says not where it comes from: add .why." },
        { item_due, "has a .due that is count: it must be an instant or a day." }, { item_tone, "has a .tone" },
        { text_among_items, "The text 't' stands between souk_items() and its end" },
        { item_open, "The list of items 'l' is not ended" }, { items_untitled, "The list of items has no title" },
        { letter_alone, "The letter 'f' stands alone" }, { letter_side, "has a .side that does not exist" },
        { letter_at, "its .at must be an instant" }, { letter_body, "The letter 'f' has no .body" },
        { letter_from, "The letter has no .from" }, { letter_utf8, "souk_letter.body: a text is not UTF-8" },
        { form_of_nothing, "The form 'send' runs no command" }, { form_without_button, "The form has no .button" },
        { form_folded, "folded behind a title that it does not have" }, { form_twice, "has the field 'body' twice" },
        { form_fixed, "has 'body' as a field and as a fixed argument" },
        { form_arg, "the fixed argument 'rate' of type rate, which no field gives" }, { form_tone, "has a .tone" },
        { form_also, "The form 'send' needs both .also and .also_button" }, { form_also_button, "needs both .also" },
        { field_type, "The field 'n' of the form 'send' has a type that this SDK does not have." },
        { field_name, "The form 'send' has a field without a name of lower-case letters" },
        { field_choices, "The field 'n' of the form 'send' needs .choices." }, { field_flag, "has a flag" },
        { field_secret, "The field 'n' of the form 'send' is of a kind that only settings have" },
        { field_now, "needs a .fallback of type text" }, { field_currency, "money may have a .currency_of" },
        { field_region, "a region needs .country_of" }, { field_country, "a region needs .country_of" },
        { field_kind, "a tax id may have a .kind" }, { field_digits, "a decimal may have .digits, from 0 to 9" },
        { field_some, "needs .choices" },
        { progress_why, "The progress 'p' says not" }, { progress_of, "needs an .of that is a plain number, not none" },
        { progress_kind, "compares two things of different kind: .of must be count as .value is." },
        { article_empty, "The article has no .text" }, { pager_nowhere, "The pager leads nowhere" },
        { pager_twice, "The pager has a link that must lead to one thing" },
        { ref_odd, "The text 'see' has a link whose .ref is not \"kind:id\"" }, { ref_empty, ".ref is not" },
        { heat_of_two, "The chart 'h' shades count and bp by one scale" },
        { line_of_keys, "begins with the column \"k\"" },
        { first_of_two, "The figure 'units_today' says not where it comes from: add .why." },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct view v = { 0 };
        struct err err = { 0 };
        cases[i].build(&v);
        int rc = view_finish(&v, &err);
        if (rc != -ERR_PLUGIN || !strstr(err.text, cases[i].says))
            fail_msg("\"%s\" expected: %d %s", cases[i].says, rc, err.text);
        view_clear(&v);
    }
}

/* ---- bytes from elsewhere ----------------------------------------------------------------------- */

/* What another process could send: all that building writes down, without the check at its end. */
static void reading_checks_again(void **state)
{
    (void)state;
    static const struct { void (*build)(struct view *v); const char *says; } cases[] = {
        { no_why, "says not where it comes from" }, { http, "must begin with https://" },
        { not_ended, "is not ended" },
        { ended_twice, "one souk_end() more" }, { deep, "within 8 others" },
        { columns_of_figures, "stands between" },
        { chart_money, "mixes EUR and USD" }, { item_alone, "stands alone" }, { letter_alone, "stands alone" },
        { form_fixed, "as a field and as a fixed argument" }, { field_type, "has a type" },
        { pager_twice, "one thing" },
    };
    struct arena *a = arena_new("test", 4096);
    const struct view_element *e;
    size_t n;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct view v = { 0 };
        struct err err = { 0 };
        cases[i].build(&v);
        int rc = view_read(a, v.bytes.at, v.bytes.len, &e, &n, &err);
        if (rc != -ERR_CORRUPT || n != 0 || !strstr(err.text, cases[i].says))
            fail_msg("\"%s\" expected: %d %s", cases[i].says, rc, err.text);
        view_clear(&v);
    }
    static const unsigned char odd[][4] = {
        { 0, 0, 0, 0 }, { VIEW_PAGER + 1, 0, 0, 0 }, { VIEW_END, 0, 0, 1 }
    };
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        struct err err = { 0 };
        assert_int_equal(view_read(a, odd[i], 4, &e, &n, &err), -ERR_CORRUPT);
        assert_string_equal(err.text, "Element 1 of the view is of no kind that exists.");
    }
    arena_free(a);
}

static uint64_t seed;

static uint64_t splitmix64(void)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* One to four changes: a byte, a bit, a length of 32 bits, a piece cut out or repeated. */
static size_t mutate(unsigned char *at, size_t n)
{
    static const uint32_t lengths[] = {
        0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 20, 200, 19
    };
    for (uint64_t times = 1 + splitmix64() % 4; times; times--) {
        size_t where = splitmix64() % n, length = splitmix64() % (n - where);
        uint32_t word = lengths[splitmix64() % COUNT_OF(lengths)];
        switch (splitmix64() % 5) {
        case 0:
            at[where] = (unsigned char)splitmix64();
            break;
        case 1:
            at[where] ^= (unsigned char)(1u << splitmix64() % 8);
            break;
        case 2:
            if (where + 4 <= n)
                memcpy(at + where, &word, 4);
            break;
        case 3:
            if (length + 8 < n) {
                memmove(at + where, at + where + length, n - where - length);
                n -= length;
            }
            break;
        case 4:
            memmove(at + splitmix64() % (n - length), at + where, length);
            break;
        }
    }
    return n;
}

static void changed_bytes_are_survived(void **state)
{
    (void)state;
    enum { ROUNDS = 100000 };
    struct arena *a = arena_new("test", 16384);
    struct view v = { 0 };
    struct err err = { 0 };
    unsigned refused = 0;
    seed = 20261123;
    everything(&v);
    assert_int_equal(view_finish(&v, &err), 0);
    for (int i = 0; i < ROUNDS; i++) {
        const struct view_element *e;
        size_t n, length = v.bytes.len;
        unsigned char *bytes = malloc(length);          /* of its own, so that a look behind its end is seen */
        assert_non_null(bytes);
        memcpy(bytes, v.bytes.at, length);
        length = mutate(bytes, length);
        bytes = realloc(bytes, length);
        assert_non_null(bytes);
        err_clear(&err);
        int rc = view_read(a, bytes, length, &e, &n, &err);
        assert_int_equal(rc, -err.code);
        if (rc < 0) {
            assert_true(err.code == ERR_CORRUPT && err.text[0] && n == 0);
            refused++;
        }
        free(bytes);
        arena_reset(a);
    }
    assert_in_range(refused, ROUNDS / 2, ROUNDS - 1);   /* both ends were reached */
    view_clear(&v);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_read_as_it_was_built),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(reading_checks_again),
        cmocka_unit_test(changed_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
