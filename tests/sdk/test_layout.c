/* SPDX-License-Identifier: Apache-2.0 */
/* test_layout.c: the places of cards, moved by steps and by hand; the calendar's secret address. */
#include "command.h"

#include "base/log.h"
#include "data/link.h"
#include "plug/cards.h"

struct page {
    struct shop shop;
    struct plugins *plugins;
};

static void plugins_of(struct page *p, const char *ini_text)
{
    char ini[200], own[4000];
    const char *build = getenv("BUILD");
    struct shop *s = &p->shop;
    snprintf(ini, sizeof ini, "%s", scratch_path("plugins.ini"));
    snprintf(own, sizeof own, "%s/plugins", build ? build : "build");
    FILE *f = fopen(ini, "w");
    assert_non_null(f);
    fputs(ini_text, f);
    assert_int_equal(fclose(f), 0);
    plugins_free(p->plugins);
    p->plugins = NULL;
    const struct plugins_setup setup = { .config = ini, .own_folder = own, .texts = s->texts };
    assert_well(plugins_load(&p->plugins, &setup, &s->err), &s->err);
    s->setup.plugins = p->plugins;
}

/* payments, sales and orders, as their areas have it. */
static const char three[] =
    "[sales]\nfile = home/sales/sales.so\n[orders]\nfile = home/orders/orders.so\n"
    "[payments]\nfile = home/payments/payments.so\n";

static void open_page(struct page *p, const char *name)
{
    *p = (struct page){ 0 };
    shop_open(&p->shop, name);
    plugins_of(p, three);
}

static void close_page(struct page *p)
{
    shop_close(&p->shop);
    plugins_free(p->plugins);
}

/* "payments 1, sales 2, orders 1": hidden ones in brackets. */
static const char *cards(struct page *p)
{
    static struct buf out;
    struct card *card;
    size_t n;
    struct shop *s = &p->shop;
    buf_clear(&out);
    assert_well(cards_read(s->db, s->arena, p->plugins, "local", &card, &n, &s->err), &s->err);
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s%s%s %u%s", i ? ", " : "", card[i].is_hidden ? "(" : "", card[i].widget->id, card[i].width,
                   card[i].is_hidden ? ")" : "");
    return buf_str(&out);
}

static const char *order(struct page *p)                /* without widths */
{
    static char out[200];
    char *to = out;
    for (const char *at = cards(p); *at; at++)
        if (!strchr(" 0123456789", *at))
            *to++ = *at;
    *to = '\0';
    return out;
}

static void cards_are_moved(void **state)
{
    (void)state;
    static const struct { const char *widget, *to, *is; } cases[] = {
        { "orders",   "by=first",        "orders,payments,sales" },
        { "orders",   "by=left",         "orders,payments,sales" },         /* it is first already */
        { "orders",   "by=right",        "payments,orders,sales" },
        { "payments", "by=last",         "orders,sales,payments" },
        { "payments", "by=right",        "orders,sales,payments" },
        { "payments", "by=left",         "orders,payments,sales" },
        { "sales",    "before=orders",   "sales,orders,payments" },
        { "sales",    "before=payments", "orders,sales,payments" },
        { "sales",    "before=sales",    "orders,sales,payments" },
        { "orders",   "before=payments", "sales,orders,payments" },
    };
    struct page p;
    open_page(&p, "moved.db");
    assert_string_equal(order(&p), "payments,sales,orders");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char widget[40];
        snprintf(widget, sizeof widget, "widget=%s", cases[i].widget);
        does(&p.shop, "moved", "layout.move", widget, cases[i].to);
        if (strcmp(order(&p), cases[i].is))
            fail_msg("%s %s: %s", cases[i].widget, cases[i].to, order(&p));
    }
    is_refused(&p.shop, ERR_INPUT, "by", "Say where to", "layout.move", "widget=sales");
    is_refused(&p.shop, ERR_INPUT, "by", "Say where to", "layout.move", "widget=sales", "by=left", "before=orders");
    is_refused(&p.shop, ERR_INPUT, "by", "cannot be chosen", "layout.move", "widget=sales", "by=up");
    is_refused(&p.shop, ERR_ABSENT, "widget", "Did you mean 'sales'?", "layout.move", "widget=sale", "by=left");
    is_refused(&p.shop, ERR_ABSENT, "before", "souk show", "layout.move", "widget=sales", "before=nothing");
    close_page(&p);
}

static void steps_go_by_what_is_seen(void **state)
{
    (void)state;
    struct page p;
    open_page(&p, "seen.db");
    does(&p.shop, "hidden", "layout.hide", "widget=sales");
    assert_string_equal(order(&p), "payments,(sales),orders");
    does(&p.shop, "moved", "layout.move", "widget=orders", "by=left");
    assert_string_equal(order(&p), "orders,payments,(sales)");
    does(&p.shop, "moved", "layout.move", "widget=orders", "by=right");
    assert_string_equal(order(&p), "payments,orders,(sales)");
    does(&p.shop, "moved", "layout.move", "widget=orders", "by=right");     /* the last that is seen */
    assert_string_equal(order(&p), "payments,orders,(sales)");
    does(&p.shop, "shown", "layout.show", "widget=sales");
    assert_string_equal(order(&p), "payments,orders,sales");
    close_page(&p);
}

static void cards_are_placed_and_widened(void **state)
{
    (void)state;
    static const struct { const char *place, *is; } cases[] = {
        { "place=1", "orders,payments,sales" }, { "place=2", "payments,orders,sales" },
        { "place=3", "payments,sales,orders" }, { "place=99", "payments,sales,orders" },
    };
    struct page p;
    open_page(&p, "placed.db");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        does(&p.shop, "hidden", "layout.hide", "widget=orders");
        does(&p.shop, "in its place", "layout.place", "widget=orders", cases[i].place);
        assert_string_equal(order(&p), cases[i].is);
    }
    does(&p.shop, "new width", "layout.width", "widget=orders", "width=3");
    assert_non_null(strstr(cards(&p), "orders 3"));
    is_refused(&p.shop, ERR_INPUT, "width", "between 1 and 3", "layout.width", "widget=orders", "width=4");
    is_refused(&p.shop, ERR_INPUT, "place", "between 1 and", "layout.place", "widget=orders", "place=0");
    does(&p.shop, "plugins would like", "layout.reset");
    assert_string_equal(order(&p), "payments,sales,orders");
    assert_null(strstr(cards(&p), "orders 3"));
    assert_string_equal(answer(p.shop.db, "SELECT count(*) FROM layout"), "0\n");
    close_page(&p);
}

/* A plugin that is switched off leaves its place, and finds it again. */
static void a_removed_plugin_keeps_its_place(void **state)
{
    (void)state;
    struct page p;
    open_page(&p, "removed.db");
    does(&p.shop, "moved", "layout.move", "widget=sales", "by=first");
    does(&p.shop, "width", "layout.width", "widget=sales", "width=3");
    plugins_of(&p, "[orders]\nfile = home/orders/orders.so\n[payments]\nfile = home/payments/payments.so\n");
    assert_string_equal(order(&p), "payments,orders");
    does(&p.shop, "moved", "layout.move", "widget=orders", "by=left");
    assert_string_equal(order(&p), "orders,payments");
    plugins_of(&p, three);
    assert_string_equal(order(&p), "sales,orders,payments");
    assert_non_null(strstr(cards(&p), "sales 3"));
    close_page(&p);
}

static void a_new_widget_stands_behind_the_others(void **state)
{
    (void)state;
    struct page p;
    open_page(&p, "new.db");
    plugins_of(&p, "[orders]\nfile = home/orders/orders.so\n[payments]\nfile = home/payments/payments.so\n");
    does(&p.shop, "moved", "layout.move", "widget=orders", "by=first");
    plugins_of(&p, three);
    assert_string_equal(order(&p), "orders,payments,sales");
    close_page(&p);
}

static void a_layout_goes_out_and_comes_back(void **state)
{
    (void)state;
    static const struct { const char *json, *says; } wrong[] = {
        { "layout=x", "no exported layout" },
        { "layout={}", "no exported layout" },
        { "layout={\"layout\":{}}", "no exported layout" },
        { "layout={\"layout\":[1]}", "names no widget" },
        { "layout={\"layout\":[{\"widget\":\"a b\"}]}", "names no widget" },
        { "layout={\"layout\":[{\"widget\":\"sales\",\"width\":4}]}", "width of 'sales'" },
        { "layout={\"layout\":[{\"widget\":\"sales\",\"width\":\"2\"}]}", "width of 'sales'" },
        { "layout={\"layout\":[{\"widget\":\"sales\",\"hidden\":1}]}", "true or false" },
        { "layout={\"layout\":[{\"widget\":\"sales\"},{\"widget\":\"sales\"}]}", "twice" },
    };
    struct page p;
    struct layout_place *own, *list;
    size_t n_own, n;
    struct buf out = { 0 };
    open_page(&p, "json.db");
    struct shop *s = &p.shop;
    does(s, "moved", "layout.move", "widget=orders", "by=first");
    does(s, "hidden", "layout.hide", "widget=sales");
    cards_own(s->arena, p.plugins, &own, &n_own);
    assert_well(layout_read(s->db, s->arena, "local", own, n_own, &list, &n, &s->err), &s->err);
    buf_text(&out, "layout=");
    layout_json(&out, list, n);
    assert_non_null(strstr(buf_str(&out), "{\"layout\":[{\"widget\":\"orders\",\"width\":"));
    char *before = arena_text(s->arena, cards(&p));
    does(s, "plugins would like", "layout.reset");
    does(s, "3 places", "layout.import", buf_str(&out));
    assert_string_equal(cards(&p), before);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        is_refused(s, ERR_INPUT, "layout", wrong[i].says, "layout.import", wrong[i].json);
    /* One that this installation does not have keeps its place; one that it does not name comes last. */
    does(s, "2 places", "layout.import", "layout={\"layout\":[{\"widget\":\"weather\"},{\"widget\":\"sales\",\"width\":2}]}");
    assert_string_equal(order(&p), "sales,payments,orders");
    assert_string_equal(answer(s->db, "SELECT widget, place FROM layout ORDER BY place"), "weather|1\nsales|2\n");
    buf_free(&out);
    close_page(&p);
}

/* ---- the calendar's address -------------------------------------------------------------------- */

static void the_calendars_address(void **state)
{
    (void)state;
    struct shop s;
    struct err err = { 0 };
    int64_t since;
    char first[LINK_WORD + 1];
    shop_open(&s, "link.db");
    assert_int_equal(link_is(s.db, "calendar", "", &err), 0);
    assert_int_equal(link_is(s.db, "calendar", "00000000000000000000000000000000", &err), 0);
    does(&s, "no secret address", "calendar.unlink");
    does(&s, "shown only now", "calendar.link");
    snprintf(first, sizeof first, "%.32s", s.result.secret + strlen("/calendar/"));
    assert_int_equal(strspn(first, "0123456789abcdef"), LINK_WORD);
    assert_int_equal(link_is(s.db, "calendar", first, &err), 1);
    assert_int_equal(link_is(s.db, "other", first, &err), 0);
    assert_well(link_since(s.db, "calendar", &since, &err), &err);
    assert_int_equal(since, s.setup.now_s);
    does(&s, "shown only now", "calendar.link");
    assert_null(strstr(s.result.secret, first));
    assert_int_equal(link_is(s.db, "calendar", first, &err), 0);
    snprintf(first, sizeof first, "%.32s", s.result.secret + strlen("/calendar/"));
    assert_int_equal(link_is(s.db, "calendar", first, &err), 1);
    does(&s, "has ended", "calendar.unlink");
    assert_int_equal(link_is(s.db, "calendar", first, &err), 0);
    assert_well(link_since(s.db, "calendar", &since, &err), &err);
    assert_int_equal(since, 0);
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_are_moved),
        cmocka_unit_test(steps_go_by_what_is_seen),
        cmocka_unit_test(cards_are_placed_and_widened),
        cmocka_unit_test(a_removed_plugin_keeps_its_place),
        cmocka_unit_test(a_new_widget_stands_behind_the_others),
        cmocka_unit_test(a_layout_goes_out_and_comes_back),
        cmocka_unit_test(the_calendars_address),
    };
    log_setup(LOG_LEVEL_FAULT, false);
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
