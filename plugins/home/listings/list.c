/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c: the listings of a market, filtered and sorted, fifty at a time; and changes of all of them.
 *
 * The next page begins behind the last listing of this one (what it is sorted by and its SKU stand in the address), so
 * none is shown twice when a report comes in meanwhile.
 */
#include "listings.h"

enum { PAGE_ROWS = 50, ALL_ROWS = 100000, COLUMNS = 9 };

/* ---- changes of all ----------------------------------------------------------------------------------- */

static const struct souk_choice on_or_off[] = { { "active", "put_on" }, { "inactive", "take_off" } };
static const struct souk_field percent[] = {
    FIELD(PERCENT, "percent", "by_percent", .min = -9000, .max = 100000, .flags = SOUK_FIELD_NEEDED, .about = "by_percent_about"),
    FIELD(BOOL, "sure", "sure", .about = "sure_about"),
};
static const struct souk_field quantity[] = {
    FIELD(COUNT, "quantity", "column.quantity", .max = 1000000, .flags = SOUK_FIELD_NEEDED, .about = "quantity_about"),
    FIELD(COUNT, "handling_days", "handling_days", .max = 30, .about = "handling_days_about"),
};
static const struct souk_field status[] = {
    FIELD(ONE_OF, "status", "column.status", .flags = SOUK_FIELD_NEEDED,
          .choices = { on_or_off, sizeof on_or_off / sizeof *on_or_off, sizeof *on_or_off }),
};

/* How many they are is said before, and the command refuses when they are not so many any more. */
static void put_bulk(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m, int64_t n)
{
    const struct souk_value *of_status = souk_option(ask, "status"), *by = souk_option(ask, "fulfilment"),
                            *find = souk_option(ask, "find");
    const struct souk_value market = souk_market(m->id);
    const struct souk_args which = SOUK_ARGS({ "market", market }, { "of_status", *of_status }, { "of_fulfilment", *by },
                                             { "find", *find }, { "count", souk_count(n) });
    souk_fold(call, "bulk", { "n", souk_count(n) }, { "market", market });
    souk_text_line(call, .text = SOUK_MSG("bulk_about", { "n", souk_count(n) }));
    souk_form(call, .command = "listings.price", .title = SOUK_MSG("bulk_price"), .note = SOUK_MSG("bulk_price_note"),
              .button = SOUK_MSG("queue_n", { "n", souk_count(n) }), .args = which, .fields = SOUK_LIST(percent), .is_folded = 1);
    if (!souk_is(by, "marketplace")) {
        souk_form(call, .command = "listings.quantity", .title = SOUK_MSG("bulk_quantity"), .note = SOUK_MSG("bulk_own_note"),
                  .button = SOUK_MSG("queue_n", { "n", souk_count(n) }), .args = which, .fields = SOUK_LIST(quantity),
                  .is_folded = 1);
        souk_form(call, .command = "listings.status", .title = SOUK_MSG("bulk_status"), .note = SOUK_MSG("bulk_own_note"),
                  .button = SOUK_MSG("queue_n", { "n", souk_count(n) }), .args = which, .fields = SOUK_LIST(status),
                  .is_folded = 1);
    }
    souk_end(call);
}

/* What the marketplace fulfils stays on sale: how many of each there are is said before. */
static int put_vacation(struct souk_call *call, const struct souk_value *market)
{
    const struct souk_args args = SOUK_ARGS({ "market", *market });
    struct souk_rows away, stays;
    int rc = souk_query_args(call, &away, "own_on_sale", args);
    if (rc == 0)
        rc = souk_query_args(call, &stays, "stays_on_sale", args);
    if (rc < 0)
        return rc;
    souk_fold(call, "vacation", { "market", *market });
    souk_fact(call, .label = SOUK_MSG("vacation_away"), .value = *souk_cell(&away, 0, 0),
              .why = SOUK_WHY(.rows = "own_on_sale", .args = args));
    souk_fact(call, .label = SOUK_MSG("vacation_stays"), .value = *souk_cell(&stays, 0, 0),
              .why = SOUK_WHY(.rows = "stays_on_sale", .args = args));
    souk_form(call, .command = "listings.pause", .button = SOUK_MSG("vacation_begin"), .tone = SOUK_BAD, .args = args);
    souk_form(call, .command = "listings.resume", .button = SOUK_MSG("vacation_end"), .note = SOUK_MSG("vacation_end_note"),
              .args = args);
    souk_end(call);
    return 0;
}

/* ---- one market --------------------------------------------------------------------------------------- */

static void put_rows(struct souk_call *call, const struct souk_value *market, const struct souk_rows *rows, uint32_t n,
                     int is_reversed, const struct souk_why *why)
{
    struct souk_value cell[PAGE_ROWS * COLUMNS];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t row = is_reversed ? n - 1 - i : i;
        struct souk_value *to = &cell[i * COLUMNS];
        const struct souk_value *from = souk_cell(rows, row, 0);
        to[0] = from[9];
        to[1] = from[2];
        to[2] = status_word(&from[3]);
        to[3] = off_reason(&from[3], &from[6], &from[7]);
        to[4] = from[5];
        to[5] = from[6];
        to[6] = from[7];
        to[7] = souk_key(from[4].type != SOUK_NONE && souk_is(&from[4], "marketplace") ? "by_marketplace" : "by_seller");
        to[8] = from[8].num ? from[8] : souk_none();
    }
    souk_table(call, .title = SOUK_MSG("list_of", { "market", *market }), .why = why,
               .rows = { "listing:ref title:text status:key reason:key currency:currency+hidden price:money stock:count"
                         " fulfilment:key waiting:count", cell, COLUMNS, n, 0, 0 });
}

static int market_list(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const struct souk_value *of_status = souk_option(ask, "status"), *of = souk_option(ask, "fulfilment"),
                            *find = souk_option(ask, "find"), *sort = souk_option(ask, "sort");
    char last[SOUK_CURSOR_MAX], room[2][SOUK_CURSOR_MAX];
    struct souk_value market = souk_market(m->id), end = souk_behind_prefix(last, find);
    struct souk_rows rows, chosen;
    struct souk_cursor place = { 0, 0, "" };
    int has_place = ask->n_markets == 1 && souk_cursor_read(souk_option(ask, "place")->text.at, &place);
    int is_falling = souk_is(sort, "price_high") || souk_is(sort, "stock_high"), goes_up = is_falling == place.is_back;
    const struct souk_value by = souk_text(souk_is(sort, "sku") ? "sku" : souk_is(sort, "price_low") || souk_is(sort, "price_high") ? "price"
                                                                                                          : "stock");
#define FIRST(up) souk_count((up) ? -1 : SOUK_CURSOR_LAST)
#define ARGS(rank, after, most) SOUK_ARGS({ "market", market }, { "status", *of_status }, { "fulfilment", *of }, \
        { "find", *find }, { "last", end }, { "by", by }, { "rank", rank }, { "after", souk_text(after) }, \
        { "limit", souk_count(most) })
    const struct souk_args args = ARGS(has_place ? souk_count(place.at) : FIRST(goes_up), place.id, PAGE_ROWS + 1);
    const struct souk_args all = ARGS(FIRST(!is_falling), "", ALL_ROWS);
    const struct souk_args which = SOUK_ARGS({ "market", market }, { "status", *of_status }, { "fulfilment", *of },
                                             { "find", *find }, { "last", end });
#undef ARGS
#undef FIRST
    int rc = souk_query_args(call, &rows, goes_up ? "list_up" : "list_down", args);
    if (rc == 0)
        rc = souk_query_args(call, &chosen, "chosen", which);
    if (rc < 0)
        return rc;
    uint32_t n = rows.n_rows > PAGE_ROWS ? PAGE_ROWS : rows.n_rows;
    int has_more = rows.n_rows > PAGE_ROWS;
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG("list_none", { "market", market }));
        return 0;
    }
    put_rows(call, &market, &rows, n, place.is_back, SOUK_WHY(.rows = is_falling ? "list_down" : "list_up", .args = all,
                                                              .formula = SOUK_MSG("list_about")));
    uint32_t first = place.is_back ? n - 1 : 0, end_row = place.is_back ? 0 : n - 1;
#define PLACE(back, row) SOUK_TO(.widget = "listings", .args = SOUK_ARGS({ "status", *of_status }, { "fulfilment", *of }, \
        { "find", *find }, { "sort", *sort }, \
        { "place", souk_text(souk_cursor_write(room[back], back, souk_num(&rows, row, 0, 0), souk_cell(&rows, row, 1)->text.at)) }))
    if (ask->n_markets == 1) {
        const struct souk_to *before = has_place && (!place.is_back || has_more) ? PLACE(1, first) : NULL;
        const struct souk_to *next = place.is_back || has_more ? PLACE(0, end_row) : NULL;
        if (before || next)
            souk_pager(call, .before = before, .next = next);
    } else if (has_more) {
        souk_text_line(call, .text = SOUK_MSG("list_more", { "n", souk_count(PAGE_ROWS) }),
                       .to = SOUK_TO(.query = is_falling ? "list_down" : "list_up", .args = all));
    }
#undef PLACE
    put_bulk(call, ask, m, souk_num(&chosen, 0, 0, 0));
    return put_vacation(call, &market);
}

int list_render(struct souk_call *call, const struct souk_ask *ask)
{
    int rc = 0;
    souk_section(call, "list");
    for (uint32_t i = 0; i < ask->n_markets && rc == 0; i++)
        rc = market_list(call, ask, souk_market_at(ask, i));
    souk_end(call);
    return rc;
}
