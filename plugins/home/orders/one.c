/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one.c: one order: what was bought, what was written about it, claimed, sent back, paid.
 */
#include "orders.h"

static void head(struct souk_call *call, const struct souk_rows *rows, const struct souk_ask *ask)
{
    static const struct { const char *label; uint32_t column; } facts[] = {
        { "column.market", 0 }, { "column.purchased", 1 }, { "column.updated", 2 }, { "column.status", 3 },
        { "column.fulfilment", 5 }, { "column.is_business", 6 }, { "column.shipped", 7 },
        { "column.service_level", 8 }, { "column.ship_country", 9 }, { "column.ship_region", 10 },
    };
    const struct souk_value *market = souk_cell(rows, 0, 0);
    int64_t late_at_s;
    for (uint32_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (souk_cell(rows, 0, facts[i].column)->type != SOUK_NONE)
            souk_fact(call, .label = { facts[i].label, { 0, 0, 0 } }, .value = *souk_cell(rows, 0, facts[i].column));
    if (!souk_is(souk_cell(rows, 0, 4), "unshipped") || !souk_is(souk_cell(rows, 0, 5), "seller") ||
        call->query->ship_by(call, market->text.at, souk_num(rows, 0, 1, 0), &late_at_s) < 0)
        return;
    souk_fact(call, .label = SOUK_MSG("column.late_at"), .value = souk_instant(late_at_s),
              .tone = late_at_s <= ask->now_s ? SOUK_BAD : late_at_s - ask->now_s < 86400 ? SOUK_WATCH : SOUK_PLAIN,
              .why = SOUK_WHY(.formula = SOUK_MSG("late_at_why"), .policy = "ship.handling_days", .market = market->text.at,
                              .policy_day = (int32_t)souk_num(rows, 0, 11, 0)));
}

int one_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *order_id)
{
    static const char *const tables[] = { "one_lines", "one_letters", "one_claims", "one_feedback", "one_returns", "one_ledger" };
    struct souk_args args = SOUK_ARGS({ "order_id", *order_id });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "one", args);
    if (rc < 0)
        return rc;
    souk_section(call, "one", { "order", *order_id });
    if (rows.n_rows)
        head(call, &rows, ask);
    else
        souk_text_line(call, .text = SOUK_MSG("one_unknown"));
    souk_end(call);
    for (uint32_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        rc = souk_query_args(call, &rows, tables[i], args);
        if (rc < 0)
            return rc;
        if (rows.n_rows)
            souk_table(call, .title = { tables[i], { 0, 0, 0 } }, .rows = rows, .why = SOUK_WHY(.rows = tables[i], .args = args));
    }
    return 0;
}
