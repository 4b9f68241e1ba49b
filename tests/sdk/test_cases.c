/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_cases.c: Manage Your Case Log: figures, the list with its filters, one case, and the command that closes
 * what was answered long ago.
 */
#include "widget.h"

#define NOW "2026-11-01T12:00:00Z"

static const char cases[] = "line:count case_id:text market:market subject:text state:text ref:text opened:instant"
                            " changed:instant closes:instant";
static const struct import plain = { 0 };

/* Six cases, one of a state that nobody knows. */
static void fill(struct scene *s)
{
    scene_open(s, "cases");
    s->shop.setup.now_s = instant(NOW);
    assert_told(import_rows(s->shop.db, &plain, "case", cases,
        "1|101|DE|Lost units|attention|sku:A-1|2026-10-01T10:00:00Z|2026-10-20T10:00:00Z|2026-11-05T11:59:59Z\n"
        "2|102|DE|Fees|open|order:303-1|2026-10-02T10:00:00Z|2026-10-21T10:00:00Z|\n"
        "3|103|US|Returns|reopened||2026-10-03T10:00:00Z|2026-10-22T10:00:00Z|\n"
        "4|104||Late answer|answered||2026-09-01T10:00:00Z|2026-10-25T12:00:00Z|2026-11-08T11:59:59Z\n"    /* 7 days ago */
        "5|105|DE|Old answer|answered||2026-09-01T10:00:00Z|2026-10-25T11:59:59Z|2026-11-08T12:00:00Z\n"
        "6|106|DE|Settled|closed||2026-09-02T10:00:00Z|2026-10-31T10:00:00Z|\n"
        "7|107|DE|Moved|transferred||2026-09-03T10:00:00Z|2026-10-30T10:00:00Z|2026-11-02T11:00:00Z"), 7, 0, "");
}

static const struct view_element *nth(const struct scene *s, enum view_kind kind, size_t i)
{
    for (size_t k = 0; k < s->n; k++)
        if (s->e[k].kind == kind && i-- == 0)
            return &s->e[k];
    fail_msg("there are fewer elements of kind %d", (int)kind);
    return NULL;
}

static void assert_badge(struct scene *s, int64_t count, int64_t urgent)
{
    struct badge badge;
    struct err err = { 0 };
    const struct plugin *p;
    const struct souk_widget *w = plugins_widget(s->plugins, "cases", &p);
    assert_well(desk_badge(s->shop.setup.desk, s->shop.arena, s->shop.db, p, w, instant(NOW), &badge, &err), &err);
    assert_int_equal(badge.count, count);
    assert_int_equal(badge.urgent, urgent);
}

/* Each figure, and as many rows behind it. */
static void assert_figure(struct scene *s, const char *key, size_t n)
{
    const struct souk_stat *stat = &must_see(s, VIEW_STAT, key, 0)->stat;
    assert_int_equal(stat->value.num, n);
    assert_int_equal(rows_behind(s, stat->why), n);
}

static void test_card(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "cases");
    show_card(&s, NOW, "");
    assert_non_null(seen(&s, VIEW_EMPTY, "no_data", 0));
    assert_badge(&s, 0, 0);
    scene_close(&s);
    fill(&s);
    show_card(&s, NOW, "");
    assert_figure(&s, "attention", 1);
    assert_figure(&s, "open", 2);
    assert_figure(&s, "answered", 1);                   /* 104, seven days ago to the second */
    assert_figure(&s, "closing_soon", 3);               /* not 105: in seven days and no less */
    assert_badge(&s, 3, 1);
    /* What asks for something; then what closes next; each once. */
    static const char *const order[] = { "case:101", "case:107", "case:104" };
    assert_int_equal(how_many(&s, VIEW_ITEM), COUNT_OF(order));
    for (size_t i = 0; i < COUNT_OF(order); i++)
        assert_string_equal(nth(&s, VIEW_ITEM, i)->item.to->ref, order[i]);
    assert_int_equal(must_see(&s, VIEW_TEXT, "closes_in", 0)->text.text.args.at[0].value.num, 3);
    assert_int_equal(must_see(&s, VIEW_TEXT, "closes_soon", 0)->text.text.args.at[0].value.num, 23 * 3600);
    assert_int_equal(must_see(&s, VIEW_TEXT, "closes_in", 1)->text.text.args.at[0].value.num, 6);
    /* A case without a market belongs to each. */
    show_card(&s, NOW, "market=US");
    assert_figure(&s, "attention", 0);
    assert_figure(&s, "open", 1);
    assert_figure(&s, "answered", 1);
    show_card(&s, "2026-11-05T12:00:00Z", "market=DE");
    assert_non_null(seen(&s, VIEW_TEXT, "closes_past", 0));
    scene_close(&s);
}

/* The numbers of the cases in the table, with blanks between. */
static const char *listed(struct scene *s, const char *options)
{
    static struct buf out;
    buf_clear(&out);
    show_page(s, NOW, options);
    for (size_t k = 0; k < s->n; k++)
        for (uint32_t r = 0; s->e[k].kind == VIEW_TABLE && r < s->e[k].table.rows.n_rows; r++)
            buf_printf(&out, "%s%s", out.len ? " " : "", souk_cell(&s->e[k].table.rows, r, 0)->text.at + sizeof "case:" - 1);
    return buf_str(&out);
}

static void test_list(void **state)
{
    (void)state;
    static const struct { const char *options, *numbers; } tried[] = {
        { "", "107 104 105 103 102 101" },
        { "open=yes", "102" },
        { "open=yes reopened=yes", "103 102" },
        { "closed=yes attention=yes", "106 101" },
        { "answered=yes market=US", "104" },
        { "market=DE", "107 104 105 102 101" },
        { "open=yes answered=yes attention=yes reopened=yes closed=yes", "106 104 105 103 102 101" },
        { "find=answer", "105 104" },                     /* as the search has them: the newest first */
        { "find=303-1", "102" },
        { "find=settled", "106" },
        { "find=settled open=yes", "" },
        { "find=sku:A-1", "101" },
        { "find=handle", "103" },                       /* in a letter */
        { "find=x", "" },
    };
    struct scene s;
    fill(&s);
    s.shop.setup.now_s = instant("2026-10-22T10:00:00Z");
    does(&s.shop, "", "case.note", "case=103", "body=The handle was off.");
    for (size_t i = 0; i < COUNT_OF(tried); i++)
        assert_string_equal(listed(&s, tried[i].options), tried[i].numbers);
    assert_fact(&s, "state_is", 0, "2");                /* answered */
    assert_int_equal(how_many(&s, VIEW_FACT), 6);       /* six states */
    listed(&s, "");
    const struct view_element *table = nth(&s, VIEW_TABLE, 0);
    assert_int_equal(rows_behind(&s, table->table.why), 6);
    assert_string_equal(table->table.title.key, "list_open");
    assert_string_equal(souk_cell(&table->table.rows, 0, 2)->text.at, "transferred");
    assert_string_equal(souk_cell(&table->table.rows, 1, 2)->text.at, "case.state.answered");
    scene_close(&s);
}

/* Fifty on a page; the link leads to the next. */
static void test_pages(void **state)
{
    (void)state;
    struct scene s;
    struct buf file = { 0 }, all = { 0 };
    char chosen[200] = "closed=yes";
    int pages = 0;
    scene_open(&s, "cases");
    for (int i = 0; i < 120; i++)
        buf_printf(&file, "%d|c-%03d|DE|Case|closed|||2026-10-%02dT10:00:00Z|%s", i + 1, i, 1 + i / 30, i < 119 ? "\n" : "");
    assert_told(import_rows(s.shop.db, &plain, "case", cases, buf_str(&file)), 120, 0, "");
    for (const struct souk_to *next = NULL;; next = NULL) {
        buf_printf(&all, "%s ", listed(&s, chosen));
        pages++;
        for (size_t k = 0; k < s.n; k++)
            if (s.e[k].kind == VIEW_PAGER)
                next = s.e[k].pager.next;
        if (!next)
            break;
        assert_int_equal(next->args.at[4].value.num, 1);        /* closed is still ticked */
        snprintf(chosen, sizeof chosen, "closed=yes place=%s", next->args.at[5].value.text.at);
        *strrchr(chosen, ' ') = '\x1F';
    }
    assert_int_equal(pages, 3);
    assert_int_equal(all.len, 120 * sizeof "c-000");
    for (int day = 3; day >= 0; day--)
        for (int i = 0; i < 30; i++) {
            char number[16];
            snprintf(number, sizeof number, "c-%03d ", day * 30 + i);
            assert_memory_equal(all.at + (size_t)((3 - day) * 30 + i) * sizeof "c-000", number, sizeof "c-000");
        }
    buf_free(&file);
    buf_free(&all);
    scene_close(&s);
}

/* ---- one case ---------------------------------------------------------------------------------------- */

static const struct souk_form *form(const struct scene *s, const char *command)
{
    for (size_t k = 0; k < s->n; k++)
        if (s->e[k].kind == VIEW_FORM && text_is(s->e[k].form.command, command))
            return &s->e[k].form;
    return NULL;
}

static void test_one(void **state)
{
    (void)state;
    struct scene s;
    fill(&s);
    does(&s.shop, "", "case.add", "subject=Wrong size", "ref=sku:B-2", "body=It is smaller.");
    show_page(&s, NOW, "case=own-8");
    assert_string_equal(must_see(&s, VIEW_SECTION, "case_subject", 0)->title.args.at[0].value.text.at, "Wrong size");
    assert_fact(&s, "column.about", 0, "sku:B-2");
    assert_fact(&s, "column.state", 0, "case.state.open");
    assert_int_equal(how_many(&s, VIEW_LETTER), 1);
    assert_int_equal(nth(&s, VIEW_LETTER, 0)->letter.side, SOUK_OUT);
    assert_int_equal(form(&s, "case.discard")->tone, SOUK_BAD); /* one's own can be taken away */
    /* A draft stands in the form; the answer takes its place. */
    does(&s.shop, "", "case.draft", "case=own-8", "body=Dear support");
    does(&s.shop, "", "case.note", "case=own-8", "body=Ask Tom");
    show_page(&s, NOW, "case=own-8");
    const struct souk_form *reply = form(&s, "case.reply");
    assert_string_equal(reply->also, "case.draft");
    assert_string_equal(((const struct souk_field *)reply->fields.at)->fallback.text.at, "Dear support");
    assert_string_equal(nth(&s, VIEW_LETTER, 1)->letter.state.key, "letter_draft");
    assert_int_equal(nth(&s, VIEW_LETTER, 2)->letter.side, SOUK_ASIDE);
    char draft[40];
    snprintf(draft, sizeof draft, "letter=%lld", (long long)reply->args.at[1].value.num);
    does(&s.shop, "", "case.reply", "case=own-8", draft, "body=Dear support, please look.");
    does(&s.shop, "", "case.state", "case=own-8", "state=attention", "closes=2026-11-03 13:00");
    does(&s.shop, "", "case.state", "case=own-8", "state=attention");   /* not said: as it was */
    does(&s.shop, "", "case.ref", "case=own-8", "ref=order:303-1");
    show_page(&s, NOW, "case=own-8");
    assert_int_equal(how_many(&s, VIEW_LETTER), 3);
    assert_fact(&s, "column.about", 0, "order:303-1");
    assert_int_equal(must_see(&s, VIEW_ALERT, "closes_in", 0)->alert.text.args.at[0].value.num, 2);
    does(&s.shop, "", "case.state", "case=own-8", "state=attention", "closes=");
    show_page(&s, NOW, "case=own-8");
    assert_null(seen(&s, VIEW_ALERT, "closes_in", 0));
    /* All that was done, the newest first. */
    const struct souk_rows *done = &must_see(&s, VIEW_TABLE, "done", 0)->table.rows;
    assert_string_equal(souk_cell(done, 1, 1)->text.at, "command.case.ref");
    assert_string_equal(souk_cell(done, done->n_rows - 1, 1)->text.at, "command.case.add");
    /* One of the marketplace's, in a state that nobody knows, and one that there is not. */
    show_page(&s, NOW, "case=107");
    assert_fact(&s, "column.state", 0, "transferred");
    assert_null(form(&s, "case.discard"));
    show_page(&s, NOW, "case=999");
    assert_non_null(seen(&s, VIEW_TEXT, "no_case", 0));
    scene_close(&s);
}

/* ---- cases.close_answered ------------------------------------------------------------------------------ */

static void test_close(void **state)
{
    (void)state;
    struct scene s;
    fill(&s);
    static const char now[] = "SELECT case_id, state FROM v1_cases WHERE case_id IN ('101', '104', '105') ORDER BY case_id";
    /* Both were answered a week ago, 105 a second longer. */
    does(&s.shop, "", "cases.close_answered", "days=7");
    assert_string_equal(answer(s.shop.db, now), "101|attention\n104|answered\n105|closed\n");
    does(&s.shop, "", "cases.close_answered", "days=7");
    assert_string_equal(answer(s.shop.db, now), "101|attention\n104|answered\n105|closed\n");
    does(&s.shop, "", "cases.close_answered", "days=1");
    assert_string_equal(answer(s.shop.db, now), "101|attention\n104|closed\n105|closed\n");
    assert_badge(&s, 1, 1);
    is_refused(&s.shop, ERR_INPUT, "days", "", "cases.close_answered", "days=0");
    is_refused(&s.shop, ERR_INPUT, "days", "", "cases.close_answered", "days=");
    /* Each one is written down as the command that it is. */
    assert_string_equal(answer(s.shop.db, "SELECT ref FROM v1_audit WHERE command = 'cases.close_answered > case.state' ORDER BY ref"),
                        "case:104\ncase:105\n");
    show_page(&s, NOW, "case=104");
    assert_string_equal(souk_cell(&must_see(&s, VIEW_TABLE, "done", 0)->table.rows, 0, 1)->text.at, "command.case.state");
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_card),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_close),
    };
    return cmocka_run_group_tests_name("cases", tests, scratch_make, scratch_remove);
}
