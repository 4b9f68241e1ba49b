/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c: all orders of a market and period, filtered, fifty at a time.
 *
 * The next page begins behind the last order of this one (its time and number stand in the address), so a
 * page costs the same wherever it is, and none is shown twice when orders come in meanwhile.
 */
#include "orders.h"

enum { PAGE_ROWS = 50, ALL_ROWS = 100000 };
#define LATEST_S 253402300799                          /* 9999-12-31T23:59:59Z: the last that an address can hold */

/* ---- one market ------------------------------------------------------------------------------------------ */

static struct souk_value state_word(const struct souk_value *state)
{
    static const struct { const char *state, *key; } words[] = {
        { "pending", "state_pending" }, { "unshipped", "state_unshipped" }, { "shipped", "state_shipped" },
        { "cancelled", "state_cancelled" },
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (souk_is(state, words[i].state))
            return souk_key(words[i].key);
    return souk_key("state_other");
}

/* Rows as the page shows them: with the time by which an order must be confirmed, and what is left of it. */
static void put_rows(struct souk_call *call, const struct souk_ask *ask, const char *market, const struct souk_rows *rows,
                     uint32_t n, int is_reversed, const struct souk_why *why)
{
    static struct souk_value none;
    struct souk_value cell[PAGE_ROWS * 9];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t row = is_reversed ? n - 1 - i : i;
        struct souk_value *to = &cell[i * 9];
        const struct souk_value *state = souk_cell(rows, row, 2);
        int64_t late_at_s;
        for (uint32_t c = 0; c < 4; c++)
            to[c] = *souk_cell(rows, row, c);
        to[2] = state_word(state);
        to[4] = to[5] = none;
        if (souk_is(state, "unshipped") && souk_is(souk_cell(rows, row, 4), "seller") &&
            call->query->ship_by(call, market, to[0].num, &late_at_s) == 0) {
            to[4] = souk_instant(late_at_s);
            if (late_at_s > ask->now_s)
                to[5] = souk_number(SOUK_SECONDS, late_at_s - ask->now_s, 0);
            else
                to[2] = souk_key("state_late");
        }
        to[6] = souk_key(souk_is(souk_cell(rows, row, 4), "seller") ? "by_seller" : "by_marketplace");
        to[7] = *souk_cell(rows, row, 5);
        to[8] = *souk_cell(rows, row, 7);
    }
    souk_table(call, .title = SOUK_MSG("list_of", { "market", souk_market(market) }), .why = why,
               .rows = { "purchased:instant order_id:ref state:key status:text+hidden late_at:instant left:seconds fulfilment:key"
                         " is_business:bool ship_country:country", cell, 9, n, 0, 0 });
}

/* The number of an order stands behind "order:". */
static const char *id_of(const struct souk_rows *rows, uint32_t row)
{
    const char *id = souk_cell(rows, row, 1)->text.at;
    return id + (id[0] == 'o' ? 6 : 0);
}

static int market_list(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const struct souk_value *state = souk_option(ask, "state"), *by = souk_option(ask, "fulfilment"),
                            *buyers = souk_option(ask, "buyers"), *find = souk_option(ask, "find"),
                            *sort = souk_option(ask, "sort");
    char last[SOUK_CURSOR_MAX], room[2][SOUK_CURSOR_MAX];
    struct souk_value market = souk_market(m->id), end = souk_behind_prefix(last, find);
    struct souk_rows rows;
    struct souk_cursor place = { 0, 0, "" };
    int has_place = ask->n_markets == 1 && souk_cursor_read(souk_option(ask, "place")->text.at, &place);
    int is_oldest = souk_is(sort, "oldest"), goes_up = is_oldest != place.is_back;
    const struct souk_value at = has_place ? souk_instant(place.at) : souk_instant(goes_up ? -1 : LATEST_S);
#define ARGS(at_s, after_id, most) SOUK_ARGS({ "market", market }, { "from", souk_day(m->from) }, { "to", souk_day(m->to) }, \
        { "state", *state }, { "fulfilment", *by }, { "buyers", *buyers }, { "first", *find }, { "last", end }, \
        { "at", at_s }, { "after", souk_text(after_id) }, { "limit", souk_count(most) })
    const struct souk_args args = ARGS(at, place.id, PAGE_ROWS + 1);
    const struct souk_args all = ARGS(souk_instant(is_oldest ? -1 : LATEST_S), "", ALL_ROWS);
#undef ARGS
    int rc = souk_query_args(call, &rows, goes_up ? "list_up" : "list_down", args);
    if (rc < 0)
        return rc;
    uint32_t n = rows.n_rows > PAGE_ROWS ? PAGE_ROWS : rows.n_rows;
    int has_more = rows.n_rows > PAGE_ROWS;
    const struct souk_why *why = SOUK_WHY(.rows = is_oldest ? "list_up" : "list_down", .args = all,
                                          .formula = SOUK_MSG("list_about"));
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG("list_none", { "market", market }));
        return 0;
    }
    put_rows(call, ask, m->id, &rows, n, place.is_back, why);
    uint32_t first = place.is_back ? n - 1 : 0, end_row = place.is_back ? 0 : n - 1;
#define PLACE(back, row) SOUK_TO(.widget = "orders", .args = SOUK_ARGS({ "state", *state }, { "fulfilment", *by }, \
        { "buyers", *buyers }, { "find", *find }, { "sort", *sort }, \
        { "place", souk_text(souk_cursor_write(room[back], back, souk_num(&rows, row, 0, 0), id_of(&rows, row))) }))
    if (ask->n_markets == 1) {
        const struct souk_to *before = has_place && (!place.is_back || has_more) ? PLACE(1, first) : NULL;
        const struct souk_to *next = place.is_back || has_more ? PLACE(0, end_row) : NULL;
        if (before || next)
            souk_pager(call, .before = before, .next = next);
    } else if (has_more) {
        souk_text_line(call, .text = SOUK_MSG("list_more", { "n", souk_count(PAGE_ROWS) }),
                       .to = SOUK_TO(.query = is_oldest ? "list_up" : "list_down", .args = all));
    }
#undef PLACE
    return 0;
}

int list_render(struct souk_call *call, const struct souk_ask *ask)
{
    int rc = 0;
    souk_section(call, "list");
    for (uint32_t i = 0; i < ask->n_markets && rc == 0; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        if (m->data_until_s)
            rc = market_list(call, ask, m);
    }
    souk_end(call);
    return rc;
}
