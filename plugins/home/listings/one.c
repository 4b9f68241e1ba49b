/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one.c: one SKU: its listing in each market, what can be changed, what waits and what became of it.
 */
#include "listings.h"

enum { MARKET, TITLE, ASIN, STATUS, FULFILMENT, CURRENCY, PRICE, STOCK, GROUP, OPENED, TOLD, FLOOR_CURRENCY, FLOOR, PRODUCT };

static void put_facts(struct souk_call *call, const struct souk_value *l, const struct souk_args *args)
{
    static const struct { const char *label; uint32_t column; } plain[] = {
        { "column.asin", ASIN }, { "column.shipping_group", GROUP }, { "column.opened", OPENED }, { "column.told", TOLD },
    };
    const struct souk_value reason = off_reason(&l[STATUS], &l[PRICE], &l[STOCK]);
    souk_fact(call, .label = SOUK_MSG("column.status"), .value = status_word(&l[STATUS]),
              .tone = souk_is(&l[STATUS], "Active") ? SOUK_GOOD : SOUK_WATCH);
    if (reason.type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.reason"), .value = reason);
    souk_fact(call, .label = SOUK_MSG("column.fulfilment"),
              .value = souk_key(souk_is(&l[FULFILMENT], "marketplace") ? "by_marketplace" : "by_seller"));
    souk_fact(call, .label = SOUK_MSG("column.price"), .value = l[PRICE], .why = SOUK_WHY(.rows = "one", .args = *args));
    souk_fact(call, .label = SOUK_MSG("column.stock"), .value = l[STOCK], .why = SOUK_WHY(.rows = "one", .args = *args));
    if (l[FLOOR].type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.floor"), .value = l[FLOOR], .why = SOUK_WHY(.rows = "one", .args = *args));
    for (uint32_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (l[plain[i].column].type != SOUK_NONE)
            souk_fact(call, .label = { plain[i].label, { 0, 0, 0 } }, .value = l[plain[i].column]);
}

static void put_forms(struct souk_call *call, const struct souk_value *l, const struct souk_value *sku)
{
    const struct souk_field price[] = {
        FIELD(MONEY, "price", "column.price", .flags = SOUK_FIELD_NEEDED, .currency_of = "market", .fallback = l[PRICE]),
        FIELD(MONEY, "least", "least", .currency_of = "market", .about = "least_about"),
        FIELD(MONEY, "most", "most", .currency_of = "market", .about = "most_about"),
        FIELD(BOOL, "sure", "sure", .about = "sure_about"),
    };
    const struct souk_field quantity[] = {
        FIELD(COUNT, "quantity", "column.quantity", .max = 1000000, .flags = SOUK_FIELD_NEEDED, .fallback = l[STOCK],
              .about = "quantity_about"),
        FIELD(COUNT, "handling_days", "handling_days", .max = 30, .about = "handling_days_about"),
    };
    const struct souk_field again[] = {
        FIELD(COUNT, "quantity", "column.quantity", .max = 1000000, .about = "quantity_again"),
    };
    const struct souk_args which = SOUK_ARGS({ "market", l[MARKET] }, { "sku", *sku });
    souk_form(call, .command = "listing.price", .title = SOUK_MSG("change_price"), .button = SOUK_MSG("queue"), .args = which,
              .fields = SOUK_LIST(price), .is_folded = 1);
    if (souk_is(&l[FULFILMENT], "marketplace")) {
        souk_text_line(call, .text = SOUK_MSG("marketplace_note"));
        return;
    }
    souk_form(call, .command = "listing.quantity", .title = SOUK_MSG("change_quantity"), .button = SOUK_MSG("queue"),
              .args = which, .fields = SOUK_LIST(quantity), .is_folded = 1);
    if (souk_is(&l[STATUS], "Active"))
        souk_form(call, .command = "listing.status", .button = SOUK_MSG("take_off"), .tone = SOUK_BAD,
                  .args = SOUK_ARGS({ "market", l[MARKET] }, { "sku", *sku }, { "status", souk_text("inactive") }));
    else
        souk_form(call, .command = "listing.status", .title = SOUK_MSG("put_on"), .button = SOUK_MSG("queue"), .is_folded = 1,
                  .args = SOUK_ARGS({ "market", l[MARKET] }, { "sku", *sku }, { "status", souk_text("active") }),
                  .fields = SOUK_LIST(again));
}

static struct souk_value word_of(const struct souk_value *v, const char *const words[][2])
{
    for (; (*words)[0]; words++)
        if (souk_is(v, (*words)[0]))
            return souk_key((*words)[1]);
    return *v;
}

enum { HISTORY_ROWS = 100, HISTORY_COLUMNS = 13 };

static void put_history(struct souk_call *call, const struct souk_rows *rows, const char *const states[][2],
                        const struct souk_args *args)
{
    static const char *const kinds[][2] = {
        { "price", "column.price" }, { "quantity", "column.quantity" }, { "status", "column.status" }, { NULL, NULL },
    };
    struct souk_value cell[HISTORY_ROWS * HISTORY_COLUMNS];
    uint32_t n = rows->n_rows < HISTORY_ROWS ? rows->n_rows : HISTORY_ROWS;
    for (uint32_t i = 0; i < n; i++) {
        struct souk_value *to = &cell[i * HISTORY_COLUMNS];
        for (uint32_t c = 0; c < HISTORY_COLUMNS; c++)
            to[c] = *souk_cell(rows, i, c);
        int is_status = souk_is(&to[1], "status");
        to[1] = word_of(&to[1], kinds);
        to[2] = word_of(&to[2], states);
        to[10] = is_status && to[10].type != SOUK_NONE ? status_word(&to[10]) : souk_none();
        to[11] = is_status ? souk_key(souk_is(&to[11], "active") ? "active" : "inactive") : souk_none();
        if (is_status || to[1].text.at == kinds[0][1])
            to[8] = souk_none();                        /* what it was is told of what is changed */
        if (to[1].text.at != kinds[0][1])
            to[6] = souk_none();
    }
    souk_table(call, .title = SOUK_MSG("one_changes"), .why = SOUK_WHY(.rows = "one_changes", .args = *args),
               .rows = { "outgoing:count+hidden kind:key state:key at:instant since:instant currency:currency+hidden"
                         " was_price:money price:money was_quantity:count quantity:count was_status:key status:key why:text",
                         cell, HISTORY_COLUMNS, n, 0, 0 });
}

/* What waits, each with a button that takes it back; beneath, folded, what was. */
static int put_changes(struct souk_call *call, const struct souk_args *args)
{
    static const char *const states[][2] = {
        { "queued", "state_queued" }, { "downloaded", "state_downloaded" }, { "handed_in", "state_handed_in" },
        { "confirmed", "state_confirmed" }, { "failed", "state_failed" }, { "cancelled", "state_cancelled" },
        { "replaced", "state_replaced" }, { NULL, NULL },
    };
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "one_changes", *args), n_open = 0;
    if (rc < 0 || !rows.n_rows)
        return rc;
    for (uint32_t i = 0; i < rows.n_rows; i++) {
        const struct souk_value *c = souk_cell(&rows, i, 0);
        int is_in_hand = souk_is(&c[2], "queued") || souk_is(&c[2], "downloaded");
        if (!is_in_hand && !souk_is(&c[2], "handed_in"))
            continue;
        if (!n_open++)
            souk_items(call, "waiting");
        const struct souk_value state = word_of(&c[2], states);
        if (souk_is(&c[1], "price"))
            souk_item(call, .title = SOUK_MSG("to_price", { "price", c[7] }), .badge = { state.text.at, { 0, 0, 0 } },
                      .note = SOUK_MSG("asked", { "at", c[3] }), .to = SOUK_TO(.ref = "outgoing:all"));
        else if (souk_is(&c[1], "quantity"))
            souk_item(call, .title = SOUK_MSG("to_quantity", { "n", c[9] }), .badge = { state.text.at, { 0, 0, 0 } },
                      .note = SOUK_MSG("asked", { "at", c[3] }), .to = SOUK_TO(.ref = "outgoing:all"));
        else
            souk_item(call, .title = SOUK_MSG(souk_is(&c[11], "active") ? "to_active" : "to_inactive"),
                      .badge = { state.text.at, { 0, 0, 0 } }, .note = SOUK_MSG("asked", { "at", c[3] }),
                      .to = SOUK_TO(.ref = "outgoing:all"));
        if (is_in_hand)
            souk_form(call, .command = "outgoing.cancel", .button = SOUK_MSG("take_back"),
                      .args = SOUK_ARGS({ "outgoing", c[0] }));
        souk_end(call);
    }
    if (n_open)
        souk_end(call);
    souk_fold(call, "one_changes");
    put_history(call, &rows, states, args);
    souk_end(call);
    return 0;
}

static int put_days(struct souk_call *call, const struct souk_args *args)
{
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "one_days", *args);
    if (rc < 0 || rows.n_rows < 2)
        return rc;
    souk_fold(call, "one_days");
    souk_table(call, .title = SOUK_MSG("one_days"), .rows = rows, .why = SOUK_WHY(.rows = "one_days", .args = *args));
    souk_end(call);
    return 0;
}

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *sku)
{
    int n_found = 0;
    for (uint32_t i = 0; i < ask->n_markets; i++) {
        const struct souk_args args = SOUK_ARGS({ "sku", *sku }, { "market", souk_market(souk_market_at(ask, i)->id) });
        struct souk_rows rows;
        int rc = souk_query_args(call, &rows, "one", args);
        if (rc < 0)
            return rc;
        if (!rows.n_rows)
            continue;
        const struct souk_value *l = souk_cell(&rows, 0, 0);
        if (!n_found++)
            souk_text_line(call, .text = SOUK_MSG("product", { "sku", *sku },
                                                  { "title", l[TITLE].type == SOUK_NONE ? souk_text("") : l[TITLE] }),
                           .to = SOUK_TO(.ref = l[PRODUCT].text.at));
        souk_section(call, "market", { "market", l[MARKET] });
        put_facts(call, l, &args);
        put_forms(call, l, sku);
        rc = put_changes(call, &args);
        if (rc == 0)
            rc = put_days(call, &args);
        if (rc < 0)
            return rc;
        souk_end(call);
    }
    if (!n_found)
        souk_text_line(call, .text = SOUK_MSG("one_unknown", { "sku", *sku }));
    return 0;
}
