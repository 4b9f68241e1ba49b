/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sku.c: one SKU: what it is offered for, what there is of it, what it sold, who looked at it.
 *
 * Its orders are looked for on the last days on which the totals say that it sold: an account of millions of
 * orders has no list of them by SKU.
 */
#include "sales.h"

enum { ORDERS_ENOUGH = 10, DAYS_LOOKED = 3 };

/* ---- all markets: offers, stock, what the seller says of it --------------------------------------------------- */

static const struct souk_field product_fields[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_COUNT, .name = "lead_days", .title = "column.lead_days", .min = 0, .max = 1000 },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_MONEY, .name = "floor", .title = "column.floor" },
};

static void product(struct souk_call *call, const struct souk_value *sku, const struct souk_rows *rows)
{
    struct souk_field fields[] = { product_fields[0], product_fields[1] };
    struct souk_args args = SOUK_ARGS({ "sku", *sku });
    for (uint32_t i = 0; i < 2 && rows->n_rows; i++)
        fields[i].fallback = *souk_cell(rows, 0, i);
    for (uint32_t i = 0; i < 2 && rows->n_rows; i++)
        if (souk_cell(rows, 0, i)->type != SOUK_NONE)
            souk_fact(call, .label = { fields[i].title, { 0, 0, 0 } }, .value = *souk_cell(rows, 0, i),
                      .why = SOUK_WHY(.rows = "sku_product", .args = args, .origin = SOUK_MSG("product_origin")));
    souk_form(call, .command = "product.set", .title = SOUK_MSG("product_title"), .button = SOUK_MSG("product_button"),
              .note = SOUK_MSG("product_note"), .args = args, .fields = SOUK_LIST(fields), .is_folded = 1);
}

static int offers(struct souk_call *call, const struct souk_value *sku, int *is_known)
{
    static const char *const tables[] = { "sku_listings", "sku_stock" };
    struct souk_args args = SOUK_ARGS({ "sku", *sku });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "sku_name", args);
    if (rc < 0)
        return rc;
    if (rows.n_rows && souk_cell(&rows, 0, 0)->type != SOUK_NONE)
        souk_text_line(call, .text = SOUK_MSG("plain", { "text", *souk_cell(&rows, 0, 0) }));
    *is_known |= rows.n_rows > 0;
    for (unsigned i = 0; i < sizeof tables / sizeof *tables; i++) {
        rc = souk_query_args(call, &rows, tables[i], args);
        if (rc < 0)
            return rc;
        *is_known |= rows.n_rows > 0;
        if (rows.n_rows)
            souk_table(call, .title = { tables[i], { 0, 0, 0 } }, .rows = rows,
                       .why = SOUK_WHY(.rows = tables[i], .args = args, .formula = { tables[i], { 0, 0, 0 } }));
    }
    return 0;
}

/* ---- one market ----------------------------------------------------------------------------------------------- */

static void sold(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows, struct souk_args args)
{
    struct souk_value cell[DAYS_MOST * 3];
    const struct souk_why *why = SOUK_WHY(.rows = "sku_days", .args = args, .formula = SOUK_MSG("sku_days_about"));
    int64_t units = 0, sales = 0;
    uint32_t n = 0, r = 0;
    for (int32_t day = m->from; day <= m->to && n < DAYS_MOST; day++, n++) {    /* days without a sale are days too */
        cell[n * 3] = souk_day(day);
        cell[n * 3 + 1] = souk_count(0);
        cell[n * 3 + 2] = souk_money(0, m->currency);
        for (; r < rows->n_rows && souk_num(rows, r, 0, 0) == day; r++) {
            cell[n * 3 + 1].num += souk_num(rows, r, 1, 0);
            if (is_currency(souk_cell(rows, r, 2), m->currency))
                cell[n * 3 + 2].num += souk_num(rows, r, 2, 0);
        }
        units += cell[n * 3 + 1].num;
        sales += cell[n * 3 + 2].num;
    }
    souk_stat(call, .label = SOUK_MSG("sales"), .value = souk_money(sales, m->currency), .why = why,
              .to = SOUK_TO(.query = "sku_days", .args = args));
    souk_stat(call, .label = SOUK_MSG("units"), .value = souk_count(units), .why = why, .to = SOUK_TO(.query = "sku_days", .args = args));
    souk_stat(call, .label = SOUK_MSG("average_price"), .value = souk_average(sales, units, m->currency),
              .why = SOUK_WHY(.rows = "sku_days", .args = args,
                              .formula = SOUK_MSG("average_price_why", { "sales", souk_money(sales, m->currency) }, { "units", souk_count(units) })));
    if (n > 1)
        souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("chart", { "from", souk_day(m->from) }, { "to", souk_day(m->to) }),
                   .rows = { "day:day units:count sales:money+hidden", cell, 3, n, 0, 0 }, .partial_rows = m->to == m->today, .why = why);
}

/* Prices as they were said, each from a day on. */
static int prices(struct souk_call *call, const struct souk_market_now *m, const struct souk_value *sku)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "sku", *sku });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "sku_prices", args);
    if (rc == 0 && rows.n_rows > 1)
        souk_table(call, .title = SOUK_MSG("sku_prices"), .rows = rows,
                   .why = SOUK_WHY(.rows = "sku_prices", .args = args, .formula = SOUK_MSG("sku_prices_about")));
    return rc;
}

static int orders(struct souk_call *call, const struct souk_market_now *m, const struct souk_value *sku, const struct souk_rows *days)
{
    uint32_t seen = 0, looked = 0;
    int rc = 0;
    for (uint32_t r = days->n_rows; rc == 0 && r-- > 0 && looked < DAYS_LOOKED && seen < ORDERS_ENOUGH; looked++) {
        const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "sku", *sku }, { "day", *souk_cell(days, r, 0) });
        struct souk_rows rows;
        rc = souk_query_args(call, &rows, "sku_orders", args);
        if (rc == 0 && rows.n_rows)
            souk_table(call, .title = SOUK_MSG("sku_orders_of", { "day", *souk_cell(days, r, 0) }), .rows = rows,
                       .more = SOUK_TO(.query = "sku_orders", .args = args),
                       .why = SOUK_WHY(.rows = "sku_orders", .args = args, .formula = SOUK_MSG("sku_orders_about")));
        if (rc == 0)
            seen += rows.n_rows;
    }
    return rc;
}

static int lists(struct souk_call *call, const struct souk_market_now *m, const struct souk_value *sku)
{
    static const char *const tables[] = { "sku_traffic", "sku_rivals" };
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "sku", *sku });
    int rc = 0;
    for (unsigned i = 0; i < sizeof tables / sizeof *tables && rc == 0; i++) {
        struct souk_rows rows;
        rc = souk_query_args(call, &rows, tables[i], args);
        if (rc == 0 && rows.n_rows)
            souk_table(call, .title = { tables[i], { 0, 0, 0 } }, .rows = rows,
                       .why = SOUK_WHY(.rows = tables[i], .args = args, .formula = { tables[i], { 0, 0, 0 } }));
    }
    return rc;
}

static int market(struct souk_call *call, const struct souk_market_now *m, const struct souk_value *sku, int *is_known)
{
    const struct souk_args args = SOUK_ARGS({ "market", souk_market(m->id) }, { "sku", *sku }, { "from", souk_day(m->from) }, { "to", souk_day(m->to) });
    struct souk_rows days;
    int rc = souk_query_args(call, &days, "sku_days", args);
    if (rc < 0)
        return rc;
    if (!days.n_rows && !*is_known)
        return 0;
    *is_known = 1;
    souk_section(call, "market", { "market", souk_market(m->id) }, { "currency", souk_word(SOUK_CURRENCY, m->currency) });
    if (days.n_rows)
        sold(call, m, &days, args);
    else
        souk_text_line(call, .text = SOUK_MSG("sku_not_sold", { "from", souk_day(m->from) }, { "to", souk_day(m->to) }));
    rc = orders(call, m, sku, &days);
    if (rc == 0)
        rc = prices(call, m, sku);
    if (rc == 0)
        rc = lists(call, m, sku);
    souk_end(call);
    return rc;
}

int sku_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *sku)
{
    const struct souk_args args = SOUK_ARGS({ "sku", *sku });
    struct souk_rows rows;
    int is_known = 0;
    souk_section(call, "sku", { "sku", *sku });
    int rc = offers(call, sku, &is_known);
    if (rc == 0)
        rc = souk_query_args(call, &rows, "sku_product", args);
    if (rc == 0 && is_known)
        product(call, sku, &rows);
    souk_end(call);
    for (uint32_t i = 0; rc == 0 && i < ask->n_markets; i++)
        rc = market(call, souk_market_at(ask, i), sku, &is_known);
    if (rc == 0 && !is_known)
        souk_text_line(call, .text = SOUK_MSG("sku_unknown"));
    return rc;
}
