/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_messages.c: Buyer Messages: who waits and until when, how fast letters were answered, what can be done.
 *
 * The metrics are worked by hand from features.md (b), "Late response rate" and "Average response time".
 */
#include "widget.h"

static const char letters[] =
    "line:count letter_id:text of:text of_id:text market:market order:text at:instant side:text sender:text"
    " reply_to:text subject:text body:text needs:bool";
static const struct import plain = { 0 };

static void import_letters(struct scene *s, const char *lines, int n)
{
    assert_told(import_rows(s->shop.db, &plain, "letter", letters, lines), n, 0, "");
}

/* ---- the worked example ------------------------------------------------------------------------ */

/*
 * Germany, asked on Friday 2026-10-30 at 12:00 in Berlin.  The last seven days begin on Saturday the 24th at 0:00;
 * on Sunday the 25th the clocks went back, so those days have 169 hours.
 *
 *   letter   came (UTC)         answered after            within 24 h?
 *   a        23rd 21:59:59      10 h                      yes; the second before the seven days
 *   b        23rd 22:00:00      24 h                      yes: at most 24 hours; the first second of the seven days
 *   c        24th 18:00, 20:00  25 h, Sunday at 20:00     no: the clock shows the same time, but an hour was lived twice
 *   d        24th 18:00         24 h, Sunday at 19:00     yes
 *   e        24th 08:00         48 h, Monday              no: weekends count
 *   k        25th 00:30, 2:30   1 h                       yes
 *   l        25th 01:30, 2:30   1 h                       yes
 *   f        29th 10:59:59      not                       no: older than 24 hours
 *   g        29th 11:00:00      not                       not yet: 24 hours old
 *   h        25th 10:00         not, and needs none       left out
 *   j        August 15th 10:00  1 h                       yes; within 90 days only
 */
static const char autumn[] =
    "1|a|thread|a|DE||2026-10-23T21:59:59Z|in|Ada|a@relay|Mug|x|\n"
    "2|a2|thread|a|||2026-10-24T07:59:59Z|out||||x|\n"
    "3|b|thread|b|DE||2026-10-23T22:00:00Z|in|Bea|b@relay||x|\n"
    "4|b2|thread|b|||2026-10-24T22:00:00Z|out||||x|\n"
    "5|c|thread|c|DE||2026-10-24T18:00:00Z|in|Cai|c@relay||x|\n"
    "6|c2|thread|c|||2026-10-25T19:00:00Z|out||||x|\n"
    "7|d|thread|d|DE||2026-10-24T18:00:00Z|in|Dan|d@relay||x|\n"
    "8|d2|thread|d|||2026-10-25T18:00:00Z|out||||x|\n"
    "9|e|thread|e|DE||2026-10-24T08:00:00Z|in|Eva|e@relay||x|\n"
    "10|e2|thread|e|||2026-10-26T08:00:00Z|out||||x|\n"
    "11|k|thread|k|DE||2026-10-25T00:30:00Z|in|Kim|k@relay||x|\n"
    "12|k2|thread|k|||2026-10-25T01:30:00Z|out||||x|\n"
    "13|l|thread|l|DE||2026-10-25T01:30:00Z|in|Lea|l@relay||x|\n"
    "14|l2|thread|l|||2026-10-25T02:30:00Z|out||||x|\n"
    "15|f|thread|f|DE|303-1|2026-10-29T10:59:59Z|in|Fay|f@relay|Late|x|\n"
    "16|g|thread|g|DE||2026-10-29T11:00:00Z|in|Gil|g@relay||x|\n"
    "17|h|thread|h|DE||2026-10-25T10:00:00Z|in|Hal|h@relay||Thanks|0\n"
    "18|j|thread|j|DE||2026-08-15T10:00:00Z|in|Jo|j@relay||x|\n"
    "19|j2|thread|j|||2026-08-15T11:00:00Z|out||||x|";
#define AUTUMN "2026-10-30T11:00:00Z"

static size_t behind_stat(struct scene *s, const char *key, size_t i)
{
    return rows_behind(s, must_see(s, VIEW_STAT, key, i)->stat.why);
}

static void test_times(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s, autumn, 19);
    show_page(&s, AUTUMN, "market=DE");
    /* Last 7 days: b c d e k l f g came in; c and e were answered late, f waits too long. */
    assert_stat(&s, "late_rate", 0, "3/8");
    assert_int_equal(behind_stat(&s, "late_rate", 0), 3);
    assert_fact(&s, "received", 0, "8");
    assert_fact(&s, "missed", 0, "3");
    /* (24 + 25 + 24 + 48 + 1 + 1) h / 6 answered = 20 h 30 min. */
    assert_stat(&s, "average", 0, "73800");
    assert_int_equal(behind_stat(&s, "average", 0), 6);
    /* 30 days: a, too: (123 + 10) h / 7 = 19 h. */
    assert_stat(&s, "late_rate", 1, "3/9");
    assert_stat(&s, "average", 1, "68400");
    assert_int_equal(behind_stat(&s, "average", 1), 7);
    /* 90 days: j, too: 134 h / 8 = 16 h 45 min. */
    assert_stat(&s, "late_rate", 2, "3/10");
    assert_stat(&s, "average", 2, "60300");
    assert_fact(&s, "received", 2, "10");
    assert_int_equal(rows_behind(&s, must_see(&s, VIEW_FACT, "received", 2)->fact.why), 10);
    /* 6 of 10 in time is less than the advice of 90 %. */
    assert_int_equal(must_see(&s, VIEW_STAT, "late_rate", 2)->stat.tone, SOUK_WATCH);
    const struct souk_why *why = must_see(&s, VIEW_STAT, "late_rate", 2)->stat.why;
    assert_string_equal(why->policy, "message.answer");
    assert_string_equal(why->market, "A1PA6795UKMFR9");
    /* One second later g is over the limit, too. */
    show_page(&s, "2026-10-30T11:00:01Z", "market=DE");
    assert_stat(&s, "late_rate", 0, "4/8");
    /* Nothing came: that is no rate of 0 %. */
    show_page(&s, "2026-10-23T10:00:00Z", "market=DE");
    assert_stat(&s, "late_rate", 0, "0/0");
    assert_stat(&s, "average", 0, "not_available");
    assert_int_equal(must_see(&s, VIEW_STAT, "late_rate", 0)->stat.tone, SOUK_PLAIN);
    /* Nor is what had not come yet. */
    assert_stat(&s, "late_rate", 2, "0/1");
    scene_close(&s);
}

/* In spring a day has 23 hours: from Saturday 20:00 to Sunday 20:30 it is 23 h 30 min. */
static void test_spring(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s,
        "1|a|thread|a|DE||2026-03-28T19:00:00Z|in|Ada|a@relay||x|\n"
        "2|a2|thread|a|||2026-03-29T18:30:00Z|out||||x|\n"
        "3|b|thread|b|DE||2026-03-24T23:00:00Z|in|Bea|b@relay||x|\n"        /* the 25th, 0:00: first of the seven days */
        "4|c|thread|c|DE||2026-03-24T22:59:59Z|in|Cai|c@relay||x|", 4);
    show_page(&s, "2026-03-31T10:00:00Z", "market=DE");
    assert_stat(&s, "late_rate", 0, "1/2");
    assert_stat(&s, "average", 0, "84600");
    assert_stat(&s, "late_rate", 1, "2/3");
    scene_close(&s);
}

/* Changing the file changes the verdict: windows, limit, advice. */
static void test_policy(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s, autumn, 19);
    policy_change(&s, "DE", "/^.message.answer/,/^about/s/24h/10h/;/^.message.windows/,/^about/s/7 30 90/1/;/^.message.target/,/^about/s/90 %/10 %/");
    show_page(&s, AUTUMN, "market=DE");
    assert_int_equal(how_many(&s, VIEW_STAT), 2);
    assert_non_null(seen(&s, VIEW_TEXT, "times_none", 0));      /* today nothing came */
    policy_change(&s, "DE", "/^.message.windows/,/^about/s/value = 1/value = 2 15/");
    show_page(&s, AUTUMN, "market=DE");
    assert_stat(&s, "late_rate", 0, "2/2");             /* f and g */
    assert_stat(&s, "late_rate", 1, "6/9");             /* b c d e f g of 9; a was answered within 10 h */
    assert_int_equal(must_see(&s, VIEW_STAT, "late_rate", 0)->stat.tone, SOUK_WATCH);
    assert_int_equal(must_see(&s, VIEW_STAT, "late_rate", 1)->stat.tone, SOUK_GOOD);    /* a third in time, a tenth advised */
    assert_stat(&s, "over", 0, "2");
    assert_null(seen(&s, VIEW_ALERT, "weekends", 0));
    policy_change(&s, "DE", "/^.message.weekends/,/^about/s/yes/no/");
    show_page(&s, AUTUMN, "market=DE");
    assert_non_null(seen(&s, VIEW_ALERT, "weekends", 0));
    scene_close(&s);
}

/* ---- when letters come --------------------------------------------------------------------------- */

static void assert_heat(const struct scene *s, const char *key, const char *is)
{
    static struct buf got;
    const struct view_element *e = must_see(s, VIEW_CHART, key, 0);
    buf_clear(&got);
    assert_int_equal(e->chart.kind, SOUK_HEAT);
    assert_int_equal(e->chart.rows.n_rows, 24);
    for (uint32_t r = 0; r < 24; r++)
        for (uint32_t c = 1; c < 8; c++)
            if (souk_num(&e->chart.rows, r, c, 0))
                buf_printf(&got, "%s %s %lld\n", souk_cell(&e->chart.rows, r, 0)->text.at, e->column[c].name,
                           (long long)souk_num(&e->chart.rows, r, c, 0));
    assert_string_equal(buf_str(&got), is);
}

static void test_heat(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s, autumn, 19);
    show_page(&s, AUTUMN, "market=DE");
    assert_heat(&s, "heat_arrived",
        "00:00 sat 1\n"                                 /* b */
        "02:00 sun 2\n"                                 /* k before the clocks went back, l after */
        "10:00 sat 1\n"                                 /* e */
        "11:00 thu 1\n"                                 /* f */
        "12:00 thu 1\n12:00 sat 1\n"                    /* g, and j in summer */
        "20:00 sat 2\n"                                 /* c, d */
        "23:00 fri 1\n");                               /* a */
    assert_heat(&s, "heat_missed", "10:00 sat 1\n11:00 thu 1\n20:00 sat 1\n");
    /* A zone of half an hour. */
    import_letters(&s, "1|m|thread|m|IN||2026-10-28T18:45:00Z|in|Mia|m@relay||x|\n"
                       "2|n|thread|n|IN||2026-10-28T18:29:59Z|in|Nan|n@relay||x|", 2);
    show_page(&s, AUTUMN, "market=IN");
    assert_heat(&s, "heat_arrived", "00:00 thu 1\n23:00 wed 1\n");
    scene_close(&s);
}

/* ---- who waits ------------------------------------------------------------------------------------- */

static const struct view_element *item(const struct scene *s, size_t i)
{
    for (size_t k = 0; k < s->n; k++)
        if (s->e[k].kind == VIEW_ITEM && i-- == 0)
            return &s->e[k];
    fail_msg("there are fewer items");
    return NULL;
}

static void assert_badge(struct scene *s, const char *at, int64_t count, int64_t urgent)
{
    struct badge badge;
    struct err err = { 0 };
    const struct plugin *p;
    const struct souk_widget *w = plugins_widget(s->plugins, "messages", &p);
    assert_well(desk_badge(s->shop.setup.desk, s->shop.arena, s->shop.db, p, w, instant(at), &badge, &err), &err);
    assert_int_equal(badge.count, count);
    assert_int_equal(badge.urgent, urgent);
}

static void test_card(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    show_card(&s, AUTUMN, "");
    assert_string_equal(must_see(&s, VIEW_EMPTY, "no_data", 0)->empty.fills, "amazon.mail");
    assert_badge(&s, AUTUMN, 0, 0);
    import_letters(&s, autumn, 19);
    show_card(&s, AUTUMN, "");
    assert_stat(&s, "unanswered", 0, "2");
    assert_int_equal(behind_stat(&s, "unanswered", 0), 2);
    assert_stat(&s, "over", 0, "1");
    assert_int_equal(behind_stat(&s, "over", 0), 1);
    assert_int_equal(must_see(&s, VIEW_STAT, "over", 0)->stat.tone, SOUK_BAD);
    assert_badge(&s, AUTUMN, 2, 1);
    /* The oldest first, with what is left of its time. */
    const struct souk_item *first = &item(&s, 0)->item, *second = &item(&s, 1)->item;
    assert_string_equal(first->to->ref, "thread:f");
    assert_string_equal(first->title.args.at[0].value.text.at, "Late");
    assert_int_equal(first->due.num, instant("2026-10-30T10:59:59Z"));
    assert_string_equal(first->due.text.at, "Europe/Berlin");
    assert_string_equal(first->badge.key, "state_over");
    assert_int_equal(first->badge.args.at[0].value.num, 1);
    assert_int_equal(first->tone, SOUK_BAD);
    assert_string_equal(second->to->ref, "thread:g");
    assert_string_equal(second->badge.key, "state_left");
    assert_int_equal(second->badge.args.at[0].value.num, 0);
    assert_int_equal(second->tone, SOUK_WATCH);
    assert_true(s.until_s > instant(AUTUMN) && s.until_s <= instant(AUTUMN) + 60);
    /* Three quarters of the time are left, then a quarter and a second. */
    show_card(&s, "2026-10-30T04:59:58Z", "");
    assert_int_equal(item(&s, 0)->item.tone, SOUK_PLAIN);
    assert_stat(&s, "over", 0, "0");
    assert_int_equal(must_see(&s, VIEW_STAT, "over", 0)->stat.tone, SOUK_GOOD);
    show_card(&s, "2026-10-30T05:00:00Z", "");
    assert_int_equal(item(&s, 0)->item.tone, SOUK_WATCH);
    /* Answered: nobody waits. */
    import_letters(&s, "1|f2|thread|f|||2026-10-30T09:00:00Z|out||||x|\n2|g2|thread|g|||2026-10-30T09:00:00Z|out||||x|", 2);
    show_card(&s, AUTUMN, "");
    assert_non_null(seen(&s, VIEW_TEXT, "nobody_waits", 0));
    assert_badge(&s, AUTUMN, 0, 0);
    scene_close(&s);
}

/* The United States' limit is another here: what is due first comes first, whatever its market. */
static void test_markets(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    policy_change(&s, "US", "/^.message.answer/,/^about/s/24h/12h/;/^.message.answer/,/^about/s/^until.*//");
    import_letters(&s,
        "1|a|thread|a|DE||2026-10-29T20:00:00Z|in|Ada|a@relay||x|\n"        /* due on the 30th at 20:00 */
        "2|b|thread|b|US||2026-10-30T05:00:00Z|in|Bea|b@relay||x|\n"        /* 17:00 */
        "3|c|thread|c|US||2026-10-29T22:00:00Z|in|Cai|c@relay||x|\n"        /* 10:00: over */
        "4|d|thread|d|DE||2026-10-29T10:00:00Z|in|Dan|d@relay||x|\n"        /* 10:00, too */
        "5|e|thread|e|||2026-10-29T23:30:00Z|in|Eva|e@relay||x|", 5);        /* no market: the strictest, 11:30 */
    show_page(&s, AUTUMN, "");
    static const char *const order[] = { "thread:c", "thread:d", "thread:e", "thread:b", "thread:a" };
    for (size_t i = 0; i < COUNT_OF(order); i++)
        assert_string_equal(item(&s, i)->item.to->ref, order[i]);
    assert_int_equal(how_many(&s, VIEW_ITEM), 5);
    assert_badge(&s, AUTUMN, 5, 2);
    assert_badge(&s, "2026-10-30T11:30:01Z", 5, 3);
    /* Markets in the order of the host, then letters without one. */
    assert_stat(&s, "unanswered", 0, "2");
    assert_stat(&s, "unanswered", 1, "2");
    assert_stat(&s, "unanswered", 2, "1");
    assert_non_null(seen(&s, VIEW_SECTION, "no_market", 0));
    assert_non_null(seen(&s, VIEW_SECTION, "times_no_market", 0));
    assert_string_equal(must_see(&s, VIEW_STAT, "over", 2)->stat.why->market, "ATVPDKIKX0DER");
    /* Each by the limit of its market: c is over 12 hours, d over 24; e, 11 h 30 min old, is not over the strictest. */
    assert_stat(&s, "late_rate", 0, "1/2");
    assert_stat(&s, "late_rate", 3, "1/2");
    assert_stat(&s, "late_rate", 6, "0/1");
    assert_int_equal(behind_stat(&s, "late_rate", 0), 1);
    assert_int_equal(behind_stat(&s, "late_rate", 3), 1);
    assert_int_equal(behind_stat(&s, "late_rate", 6), 0);
    /* One market, and those that may be of it. */
    show_page(&s, AUTUMN, "market=DE");
    assert_int_equal(how_many(&s, VIEW_ITEM), 3);
    show_page(&s, AUTUMN, "market=DE state=all");
    assert_int_equal(how_many(&s, VIEW_ITEM), 3);
    scene_close(&s);
}

/* Account without any market: it can be told who waits, not until when. */
static void test_no_market(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s, "1|a|thread|a|||2026-10-20T10:00:00Z|in|Ada|a@relay||x|", 1);
    assert_badge(&s, AUTUMN, 1, 0);
    show_card(&s, AUTUMN, "");
    assert_stat(&s, "unanswered", 0, "1");
    assert_null(seen(&s, VIEW_STAT, "over", 0));
    assert_non_null(seen(&s, VIEW_ALERT, "no_policy", 0));
    assert_int_equal(item(&s, 0)->item.due.type, SOUK_NONE);
    show_page(&s, AUTUMN, "");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    show_page(&s, AUTUMN, "thread=a");
    assert_non_null(seen(&s, VIEW_FORM, "reply", 0));
    scene_close(&s);
}

/* ---- lists ----------------------------------------------------------------------------------------- */

/* By their links every talk comes once, in order. */
static void walk(struct scene *s, const char *options, int n, bool is_waiting)
{
    char chosen[400];
    int64_t before = is_waiting ? 0 : INT64_MAX;
    int count = 0;
    snprintf(chosen, sizeof chosen, "%s", options);
    for (;;) {
        const struct souk_to *next = NULL;
        show_page(s, AUTUMN, chosen);
        for (size_t k = 0; k < s->n; k++) {
            if (s->e[k].kind == VIEW_PAGER)
                next = s->e[k].pager.next;
            if (s->e[k].kind != VIEW_ITEM)
                continue;
            const struct souk_item *it = &s->e[k].item;
            int64_t at = is_waiting ? it->due.num : it->note.args.at[4].value.num;
            assert_true(is_waiting ? at >= before : at <= before);
            before = at;
            count++;
        }
        if (!next)
            break;
        snprintf(chosen, sizeof chosen, "%s place=%s", options, next->args.at[1].value.text.at);
        *strrchr(chosen, ' ') = '\x1F';
    }
    assert_int_equal(count, n);
}

static void test_lists(void **state)
{
    (void)state;
    struct scene s;
    struct buf file = { 0 };
    scene_open(&s, "messages");
    for (int i = 0; i < 130; i++) {
        buf_printf(&file, "%d|<%d>|thread|t-%03d|%s||", 2 * i + 1, 2 * i, i, i % 3 ? "DE" : "US");
        buf_instant(&file, instant("2026-10-28T00:00:00Z") + 600 * (i / 4));        /* many at one moment */
        buf_printf(&file, "|in|B%d|b@relay|Question %d|Where is number %d?|\n", i, i, i);
        buf_printf(&file, "%d|<%d>|thread|%s-%03d|||2026-10-30T10:00:00Z|%s||||x%d|0\n", 2 * i + 2, 2 * i + 1,
                   i % 2 ? "t" : "u", i, i % 2 ? "out" : "out", i);
    }
    file.at[file.len - 1] = '\0';
    import_letters(&s, file.at, 260);
    walk(&s, "state=waiting", 65, true);
    walk(&s, "state=answered", 130, false);
    walk(&s, "state=all", 195, false);
    show_page(&s, AUTUMN, "state=all find=number");
    assert_true(how_many(&s, VIEW_ITEM) == 50);
    assert_non_null(seen(&s, VIEW_TEXT, "found_more", 0));
    show_page(&s, AUTUMN, "state=waiting find=number");
    for (size_t k = 0; k < s.n; k++)
        if (s.e[k].kind == VIEW_ITEM)
            assert_string_equal(s.e[k].item.badge.key, "state_over");
    show_page(&s, AUTUMN, "state=answered find=117?");
    assert_int_equal(how_many(&s, VIEW_ITEM), 1);
    assert_string_equal(item(&s, 0)->item.to->ref, "thread:t-117");
    show_page(&s, AUTUMN, "state=all find=nowhere");
    assert_non_null(seen(&s, VIEW_TEXT, "found_none", 0));
    show_page(&s, AUTUMN, "state=all place=rubbish");
    assert_int_equal(how_many(&s, VIEW_ITEM), 50);
    buf_free(&file);
    scene_close(&s);
}

/* ---- one talk ---------------------------------------------------------------------------------------- */

static const struct souk_letter *letter(const struct scene *s, size_t i)
{
    for (size_t k = 0; k < s->n; k++)
        if (s->e[k].kind == VIEW_LETTER && i-- == 0)
            return &s->e[k].letter;
    fail_msg("there are fewer letters");
    return NULL;
}

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
    scene_open(&s, "messages");
    import_letters(&s, autumn, 19);
    import_letters(&s,
        "1|f0|thread|f|DE|303-1|2026-10-29T10:00:00Z|in|Fay|f@relay|Late|My card is 4111 1111 1111 1111.|\n"
        "2|f1|thread|f|DE|303-1|2026-10-29T11:30:00Z|in|Fay|f@relay|Late|And 5555 5555 5555 4444, 4111111111111111.|", 2);
    show_page(&s, AUTUMN, "thread=f");
    assert_string_equal(must_see(&s, VIEW_SECTION, "talk_subject", 0)->title.args.at[0].value.text.at, "Late");
    assert_fact(&s, "column.order", 0, "order:303-1");
    assert_int_equal(must_see(&s, VIEW_FACT, "due", 0)->fact.value.num, instant("2026-10-30T10:00:00Z"));
    assert_fact(&s, "due_over", 0, "3600");
    assert_int_equal(how_many(&s, VIEW_LETTER), 3);
    assert_int_equal(letter(&s, 0)->at.num, instant("2026-10-29T10:00:00Z"));
    assert_null(strstr(letter(&s, 0)->body.at, "4111"));
    assert_int_equal(must_see(&s, VIEW_TEXT, "masked", 0)->text.text.args.at[0].value.num, 1);
    assert_int_equal(must_see(&s, VIEW_TEXT, "masked", 1)->text.text.args.at[0].value.num, 2);
    assert_string_equal(letter(&s, 2)->state.key, "letter_waits");
    assert_int_equal(letter(&s, 2)->side, SOUK_IN);
    /* By a letter. */
    show_page(&s, AUTUMN, "letter=2");
    assert_int_equal(how_many(&s, VIEW_LETTER), 2);
    assert_int_equal(letter(&s, 1)->side, SOUK_OUT);
    assert_null(letter(&s, 1)->state.key);
    assert_null(form(&s, "message.no_answer"));
    show_page(&s, AUTUMN, "thread=nowhere");
    assert_non_null(seen(&s, VIEW_TEXT, "no_talk", 0));
    show_page(&s, AUTUMN, "letter=999");
    assert_non_null(seen(&s, VIEW_TEXT, "no_talk", 0));
    show_page(&s, AUTUMN, "letter=x");
    assert_non_null(seen(&s, VIEW_TEXT, "no_talk", 0));
    show_page(&s, AUTUMN, "thread=h");
    assert_string_equal(letter(&s, 0)->state.key, "letter_no_answer");
    scene_close(&s);
}

/* What its buttons do, and how the figures follow. */
static void test_doing(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s, autumn, 19);
    s.shop.setup.now_s = instant(AUTUMN);
    /* A draft waits on; it stands in the form. */
    does(&s.shop, "draft", "message.draft", "thread=f", "body=Dear Fay");
    assert_badge(&s, AUTUMN, 2, 1);
    show_page(&s, AUTUMN, "thread=f");
    const struct souk_form *reply = form(&s, "message.reply");
    assert_string_equal(reply->also, "message.draft");
    assert_string_equal(((const struct souk_field *)reply->fields.at)->fallback.text.at, "Dear Fay");
    assert_int_equal(reply->args.n, 2);
    assert_string_equal(reply->args.at[0].value.text.at, "f");
    assert_string_equal(letter(&s, 1)->state.key, "letter_draft");
    char draft[30];
    snprintf(draft, sizeof draft, "letter=%lld", (long long)reply->args.at[1].value.num);
    /* The answer takes its place, and the talk no longer waits. */
    does(&s.shop, "outbox", "message.reply", "thread=f", draft, "body=It is on its way.");
    assert_badge(&s, AUTUMN, 1, 0);
    show_page(&s, AUTUMN, "thread=f");
    assert_int_equal(how_many(&s, VIEW_LETTER), 2);
    assert_string_equal(letter(&s, 1)->state.key, "letter_queued");
    assert_int_equal(form(&s, "message.reply")->args.n, 1);
    show_page(&s, AUTUMN, "market=DE");
    assert_stat(&s, "late_rate", 0, "3/8");             /* answered, but after 24 h and a second */
    assert_non_null(seen(&s, VIEW_TEXT, "outbox_hint", 0));
    const struct souk_form *cancel = form(&s, "message.cancel");
    assert_non_null(cancel);
    assert_non_null(form(&s, "message.sent"));
    char queued[30];
    snprintf(queued, sizeof queued, "letter=%lld", (long long)cancel->args.at[0].value.num);
    /* Taken back, it is a draft again and the talk waits again. */
    does(&s.shop, "", "message.cancel", queued);
    assert_badge(&s, AUTUMN, 2, 1);
    show_page(&s, AUTUMN, "");
    assert_null(form(&s, "message.cancel"));
    assert_non_null(seen(&s, VIEW_TEXT, "outbox_empty", 0));
    show_page(&s, AUTUMN, "thread=f");
    assert_string_equal(letter(&s, 1)->state.key, "letter_draft");
    does(&s.shop, "", "message.discard", queued);
    /* No response needed: it is in no figure any more; and back. */
    does(&s.shop, "", "message.no_answer", "thread=f");
    assert_badge(&s, AUTUMN, 1, 0);
    show_page(&s, AUTUMN, "market=DE");
    assert_stat(&s, "late_rate", 0, "2/7");
    show_page(&s, AUTUMN, "thread=f");
    assert_string_equal(letter(&s, 0)->state.key, "letter_no_answer");
    assert_null(form(&s, "message.no_answer"));
    const struct souk_form *after_all = form(&s, "message.needs_answer");
    char no[30];
    snprintf(no, sizeof no, "letter=%lld", (long long)after_all->args.at[0].value.num);
    does(&s.shop, "", "message.needs_answer", no);
    assert_badge(&s, AUTUMN, 2, 1);
    does(&s.shop, "", "message.note", "thread=f", "body=Ask the carrier");
    show_page(&s, AUTUMN, "thread=f");
    assert_int_equal(letter(&s, 1)->side, SOUK_ASIDE);
    scene_close(&s);
}

/* What was answered elsewhere long ago waits no more. */
static void test_old(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s, "messages");
    import_letters(&s, autumn, 19);
    s.shop.setup.now_s = instant(AUTUMN);
    assert_non_null((show_page(&s, AUTUMN, ""), form(&s, "messages.no_answer_old")));
    is_refused(&s.shop, ERR_INPUT, "days", "", "messages.no_answer_old", "days=0");
    does(&s.shop, "", "messages.no_answer_old", "days=2");
    assert_badge(&s, AUTUMN, 2, 1);
    does(&s.shop, "", "messages.no_answer_old", "days=1");      /* f by a second, g not */
    assert_badge(&s, AUTUMN, 1, 0);
    assert_string_equal(answer(s.shop.db, "SELECT thread FROM v1_threads WHERE waits IS NOT NULL"), "g\n");
    scene_close(&s);
}

/* A talk too long for one view: its newest letters, and a way to all of them. */
static void test_long(void **state)
{
    (void)state;
    struct scene s;
    struct buf file = { 0 }, word = { 0 };
    scene_open(&s, "messages");
    for (int i = 0; i < 20001; i++)
        buf_text(&word, "long ");
    for (int i = 0; i < 210; i++) {
        buf_printf(&file, "%d|<%d>|thread|t|DE||", i + 1, i);
        buf_instant(&file, instant("2026-10-28T00:00:00Z") + 600 * i);
        buf_printf(&file, "|in|B|b@relay||%s %d|\n", i == 205 ? buf_str(&word) : "x", i);
    }
    file.at[file.len - 1] = '\0';
    import_letters(&s, file.at, 210);
    show_page(&s, AUTUMN, "thread=t");
    assert_int_equal(how_many(&s, VIEW_LETTER), 200);
    assert_non_null(seen(&s, VIEW_TEXT, "letters_cut", 0));
    assert_non_null(seen(&s, VIEW_TEXT, "letter_cut", 0));
    assert_null(seen(&s, VIEW_TEXT, "letter_cut", 1));
    assert_int_equal(letter(&s, 199)->at.num, instant("2026-10-28T00:00:00Z") + 600 * 209);
    /* Thirty of the longest that are shown are more than a view holds. */
    buf_clear(&file);
    for (int i = 0; i < 30; i++) {
        buf_printf(&file, "%d|<l%d>|thread|l|DE||2026-10-28T00:00:00Z|in|B|b@relay||%s|%s", i + 1, i, buf_str(&word),
                   i < 29 ? "\n" : "");
    }
    import_letters(&s, file.at, 30);
    show_page(&s, AUTUMN, "thread=l");
    assert_in_range(how_many(&s, VIEW_LETTER), 15, 25);
    buf_free(&file);
    buf_free(&word);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_spring),
        cmocka_unit_test(test_policy),
        cmocka_unit_test(test_heat),
        cmocka_unit_test(test_card),
        cmocka_unit_test(test_markets),
        cmocka_unit_test(test_no_market),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_doing),
        cmocka_unit_test(test_old),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests_name("messages", tests, scratch_make, scratch_remove);
}
