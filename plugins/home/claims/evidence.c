/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence.c: what a marketplace or a bank asks for about a claim, on one page for printing: the order, how it was
 * shipped as far as that is known, all letters, returns, feedback, and what was settled.  Notes to oneself are left
 * out, as are buttons.
 */
#include "claims.h"

static int order_put(struct souk_call *call, const struct souk_args *of, const struct souk_market_now *m)
{
    static const char *const labels[] = { "column.order_id", "column.market", "column.purchased", "column.status",
        "column.fulfilment", "column.shipped", "column.service_level", "column.ship_country", "column.ship_region" };
    struct souk_rows order;
    int rc = souk_query_args(call, &order, "the_order", *of);
    if (rc < 0)
        return rc;
    souk_section(call, "the_order");
    if (!order.n_rows)
        souk_text_line(call, .text = SOUK_MSG("order_unknown"));
    for (uint32_t i = 0; order.n_rows && i < sizeof labels / sizeof *labels; i++) {
        const struct souk_value *v = souk_cell(&order, 0, i);
        if (v->type != SOUK_NONE && (v->type != SOUK_TEXT || v->text.len))
            souk_fact(call, .label = { labels[i], { NULL, 0, 0 } }, .value = at_market(v, m));
    }
    souk_text_line(call, .text = SOUK_MSG("tracking_unknown"));
    souk_end(call);
    return 0;
}

static int table_put(struct souk_call *call, const char *query, const struct souk_args *of)
{
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, query, *of);
    if (rc >= 0 && rows.n_rows)
        souk_table(call, .title = { query, { NULL, 0, 0 } }, .rows = rows, .why = SOUK_WHY(.rows = query, .args = *of));
    return rc;
}

static void claim_put(struct souk_call *call, const struct souk_rows *claim, const struct souk_market_now *m)
{
    static const struct { const char *label; uint32_t column; } facts[] = {
        { "column.claim_id", K_ID }, { "column.reason", K_REASON }, { "column.opened", K_OPENED }, { "column.due", K_DUE },
    };
    const struct souk_args of = SOUK_ARGS({ "claim_id", *souk_cell(claim, 0, K_ID) });
    souk_section(call, "the_claim");
    souk_fact(call, .label = SOUK_MSG("column.kind"), .value = kind_word(souk_cell(claim, 0, K_KIND)));
    souk_fact(call, .label = SOUK_MSG("column.state"), .value = state_word(souk_cell(claim, 0, K_STATE)));
    for (uint32_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct souk_value *v = souk_cell(claim, 0, facts[i].column);
        if (v->type != SOUK_NONE && (v->type != SOUK_TEXT || v->text.len))
            souk_fact(call, .label = { facts[i].label, { NULL, 0, 0 } }, .value = at_market(v, m));
    }
    if (souk_cell(claim, 0, K_AMOUNT)->type != SOUK_NONE)
        souk_fact(call, .label = SOUK_MSG("column.amount"), .value = *souk_cell(claim, 0, K_AMOUNT),
                  .why = SOUK_WHY(.rows = "one", .args = of, .formula = SOUK_MSG("amount_why")));
    souk_end(call);
}

int evidence_render(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *claim)
{
    static const char *const tables[] = { "the_returns", "the_feedback", "the_ledger" };
    const struct souk_value *id = souk_cell(claim, 0, K_ID), *order = souk_cell(claim, 0, K_ORDER);
    const struct souk_args of = SOUK_ARGS({ "order_id", *order }), of_claim = SOUK_ARGS({ "claim_id", *id });
    const struct souk_market_now *m = souk_market_named(ask, souk_cell(claim, 0, K_MARKET)->text.at);
    const int has_order = order->type != SOUK_NONE;
    int rc = 0;
    souk_text_line(call, .text = SOUK_MSG("to_claim"), .to = SOUK_TO(.widget = "claims", .args = SOUK_ARGS({ "claim", *id })));
    souk_text_line(call, .text = SOUK_MSG("evidence_about"));
    claim_put(call, claim, m);
    if (has_order)
        rc = order_put(call, &of, m);
    if (rc >= 0 && has_order)
        rc = table_put(call, "the_lines", &of);
    if (rc >= 0)
        rc = letters_put(call, "letters", &of_claim, "letters", 0);
    if (rc >= 0 && has_order)
        rc = letters_put(call, "buyer_letters", &of, "buyer_letters", 0);
    for (uint32_t i = 0; i < sizeof tables / sizeof *tables && rc >= 0 && has_order; i++)
        rc = table_put(call, tables[i], &of);
    return rc < 0 ? rc : 0;
}
