/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c: the listings of a market, filtered and sorted, fifty at a time; and changes of all of them.
 *
 * The next page begins behind the last listing of this one (what it is sorted by and its SKU stand in the address), so
 * none is shown twice when a report comes in meanwhile.
 */
#include "listings.h"

enum { PAGE_ROWS = 50, ALL_ROWS = 100000, PLACE_MAX = 240, COLUMNS = 9 };
#define RANK_MOST INT64_C(4000000000000000000)
#define LAST_SKU "\U0010FFFF"

/* ---- places: "n1290 MUG-1": behind that listing; "p...": before it ------------------------------------ */

struct place {
    int is_back;                                        /* towards the beginning of the list */
    int64_t rank;
    char sku[PLACE_MAX];
};

static int place_read(const char *text, struct place *p)
{
    size_t n = 0;
    *p = (struct place){ text[0] == 'p', 0, "" };
    if (text[0] != 'n' && text[0] != 'p')
        return 0;
    for (text++; *text >= '0' && *text <= '9' && p->rank < RANK_MOST / 10; text++)
        p->rank = p->rank * 10 + (*text - '0');
    if (*text++ != ' ')
        return 0;
    for (; text[n] && n < PLACE_MAX - 1; n++)
        p->sku[n] = text[n];
    p->sku[n] = 0;
    return n > 0;
}

static const char *place_write(char *room, int is_back, const struct souk_rows *rows, uint32_t row)
{
    char digits[24];
    const char *sku = souk_cell(rows, row, 1)->text.at;
    uint64_t left = (uint64_t)souk_num(rows, row, 0, 0);
    size_t n = 0, d = 0;
    room[n++] = is_back ? 'p' : 'n';
    do
        digits[d++] = (char)('0' + left % 10);
    while (left /= 10);
    while (d)
        room[n++] = digits[--d];
    room[n++] = ' ';
    for (; *sku && n < PLACE_MAX - 1; sku++)
        room[n++] = *sku;
    room[n] = 0;
    return room;
}

/* What sorts behind all that begins with the text. */
static struct souk_value behind(char *room, const struct souk_value *begin)
{
    uint32_t n = 0;
    for (; n < begin->text.len && n < PLACE_MAX - 5; n++)
        room[n] = begin->text.at[n];
    for (const char *c = LAST_SKU; *c; c++)
        room[n++] = *c;
    room[n] = 0;
    return souk_text(room);
}

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
    if (!is(by, "marketplace")) {
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
        to[7] = souk_key(from[4].type != SOUK_NONE && is(&from[4], "marketplace") ? "by_marketplace" : "by_seller");
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
    char last[PLACE_MAX], room[2][PLACE_MAX];
    struct souk_value market = souk_market(m->id), end = behind(last, find);
    struct souk_rows rows, chosen;
    struct place place = { 0, 0, "" };
    int has_place = ask->n_markets == 1 && place_read(souk_option(ask, "place")->text.at, &place);
    int is_falling = is(sort, "price_high") || is(sort, "stock_high"), goes_up = is_falling == place.is_back;
    const struct souk_value by = souk_text(is(sort, "sku") ? "sku" : is(sort, "price_low") || is(sort, "price_high") ? "price"
                                                                                                          : "stock");
#define FIRST(up) souk_count((up) ? -1 : RANK_MOST)
#define ARGS(rank, after, most) SOUK_ARGS({ "market", market }, { "status", *of_status }, { "fulfilment", *of }, \
        { "find", *find }, { "last", end }, { "by", by }, { "rank", rank }, { "after", souk_text(after) }, \
        { "limit", souk_count(most) })
    const struct souk_args args = ARGS(has_place ? souk_count(place.rank) : FIRST(goes_up), place.sku, PAGE_ROWS + 1);
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
        { "find", *find }, { "sort", *sort }, { "place", souk_text(place_write(room[back], back, &rows, row)) }))
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
