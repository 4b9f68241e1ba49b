/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payments.c: the last closed settlement of each marketplace, whether its lines sum to the cent, what
 * is held back and why, the balance of the open cycle and the next transfer.
 *
 * Closed cycles come from settlement reports and are exact.  No report file shows the open cycle; the
 * payments date-range report lists its rows, so their sum plus the reserve carried over is an estimate,
 * and says so.
 */
#include "payments.h"

/* Money that only moves between cycles, as v1_ledger_daily has it.  V1 says in the type what V2 says in the detail. */
#define RESERVE(c) "lower(" c ") LIKE 'current reserve%' OR lower(" c ") LIKE 'previous reserve%'" \
        " OR lower(" c ") LIKE 'payable to amazon%' OR lower(" c ") LIKE 'successful charge%' OR lower(" c ") LIKE 'transfer%'"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "cycles", .title = "cycles", .about = "cycles_about", .max_rows = 500,
        .sql = "SELECT settlement_id, market, currency, started, ended, deposited, total, line_sum, missing, lines,"
               " account_tail"
               " FROM v1_cycles"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .columns = "settlement_id:text market:market currency:currency+hidden started:instant ended:instant"
                   " deposited:instant total:money/currency line_sum:money/currency missing:money/currency"
                   " lines:count account_tail:tail",
    },
    {
        .size = sizeof(struct souk_query), .id = "recent", .title = "cycles", .about = "cycles_about", .max_rows = 13,
        .sql = "SELECT ended, 'settlement:' || settlement_id, total, missing, lines, currency"
               " FROM v1_cycles"
               " WHERE currency = :currency AND (market = :market OR market IS NULL)"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .params = "market:market currency:currency",
        .columns = "ended:instant settlement_id:ref total:money/currency missing:money/currency lines:count"
                   " currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "unbalanced", .title = "unbalanced", .about = "unbalanced_about",
        .sql = "SELECT ended, 'settlement:' || settlement_id, total, line_sum, missing, lines, currency"
               " FROM v1_cycles"
               " WHERE currency = :currency AND (market = :market OR market IS NULL) AND missing <> 0"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .params = "market:market currency:currency",
        .columns = "ended:instant settlement_id:ref total:money/currency line_sum:money/currency"
                   " missing:money/currency lines:count currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "totals", .title = "totals", .about = "totals_about",
        .sql = "SELECT type, kind, detail, lines, amount, currency"
               " FROM v1_cycle_totals"
               " WHERE settlement_id = :settlement_id"
               " ORDER BY type, kind, detail",
        .params = "settlement_id:text",
        .columns = "type:text kind:text detail:text lines:count+total amount:money/currency+total currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "ledger", .title = "ledger", .about = "ledger_about", .max_rows = 100000,
        .sql = "SELECT entry, posted, type, kind, detail, order_id, sku, quantity, amount, currency"
               " FROM v1_ledger"
               " WHERE settlement_id = :settlement_id"
               " ORDER BY entry",
        .params = "settlement_id:text",
        .columns = "entry:count posted:instant type:text kind:text detail:text order_id:text sku:text quantity:count"
                   " amount:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "open_totals", .title = "open_totals", .about = "open_about",
        .sql = "SELECT settlement_id, type, market, lines, first, last, amount, currency"
               " FROM v1_payment_totals"
               " WHERE currency = :currency AND is_closed = 0 AND last > :after"
               " ORDER BY settlement_id, type, market NULLS FIRST",
        .params = "currency:currency after:instant",
        .columns = "settlement_id:text type:text market:market lines:count+total first:instant last:instant"
                   " amount:money/currency+total currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "nets", .title = "nets", .about = "nets_about", .max_rows = 6,
        .sql = "SELECT c.ended, 'settlement:' || c.settlement_id, c.started, c.line_sum"
               "  - coalesce((SELECT CAST(sum(t.amount) AS BIGINT) FROM v1_cycle_totals t"
               "      WHERE t.settlement_id = c.settlement_id"
               "      AND (" RESERVE("t.detail") " OR " RESERVE("t.type") ")), 0),"
               "  - coalesce((SELECT CAST(sum(t.amount) AS BIGINT) FROM v1_cycle_totals t"
               "      WHERE t.settlement_id = c.settlement_id"
               "      AND (t.detail = 'Current Reserve Amount' OR t.type = 'Current Reserve Amount')), 0), c.currency"
               " FROM v1_cycles c"
               " WHERE c.currency = :currency AND (c.market = :market OR c.market IS NULL) AND c.ended > c.started"
               " ORDER BY c.ended DESC NULLS LAST, c.settlement_id DESC",
        .params = "market:market currency:currency",
        .columns = "ended:instant settlement_id:ref started:instant net:money/currency held:money/currency"
                   " currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "transfers", .title = "transfers", .about = "cycles_about", .max_rows = 26,
        .sql = "SELECT coalesce(deposited, ended), total, currency"
               " FROM v1_cycles"
               " WHERE currency = :currency AND (market = :market OR market IS NULL) AND total IS NOT NULL AND ended IS NOT NULL"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .params = "market:market currency:currency",
        .columns = "deposited:instant total:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "held", .title = "held_rows", .about = "held_about",
        .sql = "SELECT release_day, status, CAST(sum(lines) AS BIGINT), CAST(sum(amount) AS BIGINT),"
               " CAST(sum(CASE WHEN is_closed = 1 THEN 0 ELSE amount END) AS BIGINT), currency"
               " FROM v1_payments_held"
               " WHERE currency = :currency AND (market = :market OR market IS NULL)"
               " GROUP BY release_day, status, currency"
               " ORDER BY release_day NULLS LAST, status",
        .params = "market:market currency:currency",
        .columns = "release_day:day status:text lines:count+total amount:money/currency+total"
                   " of_open:money/currency+hidden currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "held_rows", .title = "held_rows", .about = "held_about", .max_rows = 100000,
        .sql = "SELECT release_day, posted, type, CASE WHEN order_id LIKE '%-%-%' THEN 'order:' || order_id END, sku,"
               " description, status, total, currency"
               " FROM v1_payments"
               " WHERE is_held = 1 AND currency = :currency AND (market = :market OR market IS NULL)"
               " ORDER BY release_day NULLS LAST, posted, order_id",
        .params = "market:market currency:currency",
        .columns = "release_day:day posted:instant type:text order_id:ref sku:text description:text status:text"
                   " total:money/currency+total currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "claims", .title = "claims", .about = "claims_about",
        .sql = "SELECT opened, 'claim:' || claim_id, 'order:' || order_id, state, currency, amount, reason, due"
               " FROM v1_claims"
               " WHERE kind = 'a_to_z' AND state IN ('action', 'review', 'appeal') AND market = :market"
               " ORDER BY opened, claim_id",
        .params = "market:market",
        .columns = "opened:instant claim:ref order_id:ref state:text currency:currency+hidden amount:money/currency reason:text due:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "chargebacks", .title = "chargebacks", .about = "chargebacks_about",
        .sql = "SELECT opened, 'claim:' || claim_id, 'order:' || order_id, state, currency, amount, reason, due"
               " FROM v1_claims"
               " WHERE kind = 'chargeback' AND opened >= :since AND market = :market"
               " ORDER BY opened, claim_id",
        .params = "market:market since:instant",
        .columns = "opened:instant claim:ref order_id:ref state:text currency:currency+hidden amount:money/currency reason:text due:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "defects", .title = "defects", .about = "defects_about", .max_rows = 12,
        .sql = "SELECT at, fulfilment, num, den, rate_ppm, target_ppm, status"
               " FROM v1_health_metrics"
               " WHERE market = :market AND metric = 'defect'"
               " ORDER BY at DESC, fulfilment DESC",
        .params = "market:market",
        .columns = "at:instant fulfilment:text num:count den:count rate_ppm:count target_ppm:count status:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "cycles", .about = "cycles_about",
        .sql = "SELECT settlement_id, market, currency, started, ended, deposited, total, line_sum, missing, lines,"
               " account_tail"
               " FROM v1_cycles"
               " WHERE settlement_id = :settlement_id",
        .params = "settlement_id:text",
        .columns = "settlement_id:text market:market currency:currency+hidden started:instant ended:instant"
                   " deposited:instant total:money/currency line_sum:money/currency missing:money/currency"
                   " lines:count account_tail:tail",
    },
    {
        .size = sizeof(struct souk_query), .id = "neighbours", .title = "cycles", .about = "cycles_about",
        .sql = "SELECT settlement_id, ended"
               " FROM v1_cycles"
               " WHERE currency = :currency AND coalesce(market, '') = :market"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .params = "market:market currency:currency", .columns = "settlement_id:text ended:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "first_lines", .title = "ledger", .about = "ledger_about",
        .sql = "SELECT posted, type, kind, detail, CASE WHEN order_id LIKE '%-%-%' THEN 'order:' || order_id END,"
               " CASE WHEN sku <> '' THEN 'sku:' || sku END, quantity, amount, currency"
               " FROM v1_ledger"
               " WHERE settlement_id = :settlement_id"
               " ORDER BY entry"
               " LIMIT :limit",
        .params = "settlement_id:text limit:count",
        .columns = "posted:instant type:text kind:text detail:text order_id:ref sku:ref quantity:count"
                   " amount:money/currency currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "payments_of", .title = "payments_of", .about = "payments_of_about",
        .sql = "SELECT type, market, lines, first, last, amount, currency"
               " FROM v1_payment_totals"
               " WHERE settlement_id = :settlement_id"
               " ORDER BY type, market NULLS FIRST",
        .params = "settlement_id:text",
        .columns = "type:text market:market lines:count+total first:instant last:instant amount:money/currency+total"
                   " currency:currency+hidden",
    },
};

void sum_check(struct souk_call *call, const struct souk_value *cycle)
{
    struct souk_args args = SOUK_ARGS({ "settlement_id", cycle[SETTLEMENT] });
    if (cycle[TOTAL].type == SOUK_NONE) {
        souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("no_total", { "sum", cycle[LINE_SUM] }),
                   .to = SOUK_TO(.query = "ledger", .args = args));
    } else if (cycle[MISSING].num == 0) {
        souk_alert(call, .tone = SOUK_GOOD, .to = SOUK_TO(.query = "ledger", .args = args),
                   .text = SOUK_MSG("sums", { "lines", cycle[LINES] }, { "sum", cycle[LINE_SUM] }));
    } else {
        souk_alert(call, .tone = SOUK_BAD, .to = SOUK_TO(.query = "ledger", .args = args),
                   .text = SOUK_MSG("missing", { "missing", cycle[MISSING] }, { "sum", cycle[LINE_SUM] },
                                    { "total", cycle[TOTAL] }, { "lines", cycle[LINES] }));
    }
}

/* Reserves as the settlement names them: held back at its end (negative), given back from the one before. */
static int reserves(struct souk_call *call, const struct souk_value *cycle, int64_t *held)
{
    struct souk_rows rows;
    int rc = souk_query(call, &rows, "totals", { "settlement_id", cycle[SETTLEMENT] });
    *held = 0;
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++) {
        const struct souk_value *detail = souk_cell(&rows, r, 2), *amount = souk_cell(&rows, r, 4);
        struct souk_args args = SOUK_ARGS({ "settlement_id", cycle[SETTLEMENT] });
        const struct souk_value *type = souk_cell(&rows, r, 0);
        if (souk_is(detail, "Current Reserve Amount") || souk_is(type, "Current Reserve Amount")) {
            *held -= amount->num;
            souk_fact(call, .label = SOUK_MSG("reserve_held"), .value = souk_money(-amount->num, amount->currency),
                      .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("reserve_held_why")));
        } else if (souk_is(detail, "Previous Reserve Amount Balance") || souk_is(type, "Previous Reserve Amount Balance")) {
            souk_fact(call, .label = SOUK_MSG("reserve_back"), .value = *amount,
                      .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("reserve_back_why")));
        }
    }
    return rc;
}

static int recent_payment(struct souk_call *call, struct purse *p)
{
    const struct souk_value *cycle = p->cycle;
    struct souk_value id = cycle[SETTLEMENT];
    struct souk_args args = SOUK_ARGS({ "settlement_id", id });
    int is_debt = cycle[TOTAL].type != SOUK_NONE && cycle[TOTAL].num < 0;
    int is_short = p->ask->face == SOUK_CARD && p->ask->n_markets > 1;
    souk_section(call, "recent");
    souk_stat(call, .label = SOUK_MSG(is_debt ? "owed" : "transferred"),
              .value = cycle[TOTAL].type == SOUK_NONE ? cycle[LINE_SUM] : cycle[TOTAL],
              .tone = is_debt ? SOUK_BAD : SOUK_PLAIN, .is_estimate = cycle[TOTAL].type == SOUK_NONE,
              .note = SOUK_MSG("cycle_of", { "settlement", id }, { "from", cycle[STARTED] }, { "to", cycle[ENDED] }),
              .to = SOUK_TO(.widget = "payments", .args = SOUK_ARGS({ "settlement", id })),
              .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("recent_why", { "settlement", id })));
    sum_check(call, cycle);
    if (is_short)
        souk_fold(call, "details");
    souk_fact(call, .label = SOUK_MSG("deposited"), .value = cycle[DEPOSITED]);
    souk_fact(call, .label = SOUK_MSG("account"),
              .value = cycle[TAIL].type == SOUK_NONE ? souk_key("account_unknown") : cycle[TAIL]);
    int rc = reserves(call, cycle, &p->held);
    if (is_short)
        souk_end(call);
    souk_end(call);
    return rc;
}

/* The rows of the open cycle, into the purse; args: which. */
static int open_read(struct souk_call *call, struct purse *p, struct souk_args args)
{
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "open_totals", args);
    for (uint32_t r = 0; rc == 0 && r < rows.n_rows; r++) {
        const struct souk_value *market = souk_cell(&rows, r, 2);
        if (market->type != SOUK_NONE && p->m && !same(market, &p->cycle[MARKET]))
            continue;                                   /* another marketplace with the same currency */
        p->open += souk_num(&rows, r, 6, 0);
        p->lines += souk_num(&rows, r, 3, 0);
        if (souk_num(&rows, r, 5, 0) > p->last_s)
            p->last_s = souk_num(&rows, r, 5, 0);
    }
    return rc;
}

static int balance(struct souk_call *call, struct purse *p)
{
    struct souk_value after = souk_instant(p->cycle[ENDED].num);    /* older settlements may not have been imported */
    struct souk_args args = SOUK_ARGS({ "currency", p->currency }, { "after", after });
    int rc = open_read(call, p, args);
    if (rc == 0)
        rc = held_read(call, p);
    if (rc < 0)
        return rc;
    souk_section(call, "balance");
    if (!p->lines)
        souk_empty(call, .text = SOUK_MSG("no_open"), .fills = "amazon.payments");
    else
        souk_stat(call, .label = SOUK_MSG("open_balance"), .value = purse_money(p, p->open + p->held), .is_estimate = 1,
                  .note = SOUK_MSG("open_until", { "until", souk_instant(p->last_s) }),
                  .to = SOUK_TO(.query = "open_totals", .args = args),
                  .why = SOUK_WHY(.rows = "open_totals", .args = args,
                                  .formula = SOUK_MSG("open_why", { "lines", souk_count(p->lines) },
                                                      { "sum", purse_money(p, p->open) },
                                                      { "held", purse_money(p, p->held) })));
    rc = forecast_render(call, p);
    if (rc == 0 && p->ask->face == SOUK_CARD)
        rc = held_render(call, p);
    souk_end(call);
    if (rc == 0 && p->ask->face == SOUK_PAGE)
        rc = held_render(call, p);
    return rc;
}

/* The transfers of a year, oldest first, by their days where they were made. */
static int transfers(struct souk_call *call, const struct purse *p)
{
    enum { TRANSFERS = 26 };
    const struct souk_args args = PURSE_ARGS(p);
    struct souk_value cell[TRANSFERS * 2];
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "transfers", args);
    if (rc < 0)
        return rc;
    uint32_t n = rows.n_rows < TRANSFERS ? rows.n_rows : TRANSFERS;
    for (uint32_t i = 0; i < n && rc == 0; i++) {
        int64_t at_s = souk_num(&rows, n - 1 - i, 0, 0);
        int32_t day = (int32_t)(at_s / 86400), second;
        if (p->m)
            rc = call->query->local(call, p->m->id, at_s, &day, &second);
        cell[i * 2] = souk_day(day);
        cell[i * 2 + 1] = *souk_cell(&rows, n - 1 - i, 1);
    }
    if (rc == 0 && n > 1)
        souk_chart(call, .kind = SOUK_BARS, .title = SOUK_MSG("transfers"), .rows = { "day:day total:money", cell, 2, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "transfers", .args = args, .formula = SOUK_MSG("cycles_about")));
    return rc;
}

static int history(struct souk_call *call, const struct purse *p)
{
    const struct souk_args args = PURSE_ARGS(p);
    struct souk_rows rows;
    int rc = transfers(call, p);
    if (rc == 0)
        rc = souk_query_args(call, &rows, "recent", args);
    if (rc == 0)
        souk_table(call, .title = SOUK_MSG("cycles"), .rows = rows, .more = SOUK_TO(.query = "cycles"),
                   .why = SOUK_WHY(.rows = "recent", .args = args, .formula = SOUK_MSG("cycles_about")));
    return rc;
}

/* Settlements before the newest one that do not sum. */
static int older_checks(struct souk_call *call, const struct purse *p)
{
    const struct souk_args args = PURSE_ARGS(p);
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "unbalanced", args);
    int64_t missing = 0;
    uint32_t n = 0;
    for (uint32_t r = 0; rc >= 0 && r < rows.n_rows; r++) {
        struct souk_value id = souk_text(souk_cell(&rows, r, 1)->text.at + sizeof "settlement:" - 1);
        if (!same(&id, &p->cycle[SETTLEMENT])) {
            missing += souk_num(&rows, r, 4, 0);
            n++;
        }
    }
    if (n)
        souk_alert(call, .tone = SOUK_WATCH, .to = SOUK_TO(.query = "unbalanced", .args = args),
                   .text = SOUK_MSG("older_missing", { "n", souk_count(n) }, { "missing", purse_money(p, missing) }));
    return rc < 0 ? rc : 0;
}

/* One market's newest cycle, or the newest of those that name no market. */
static int market(struct souk_call *call, struct purse *p)
{
    souk_section(call, p->m ? "market" : "no_market", { "market", p->cycle[MARKET] }, { "currency", p->currency });
    int rc = recent_payment(call, p);
    if (rc == 0)
        rc = older_checks(call, p);
    if (rc == 0)
        rc = balance(call, p);
    if (rc == 0 && p->ask->face == SOUK_PAGE)
        rc = history(call, p);
    souk_end(call);
    return rc;
}

/* The newest cycle of a market and, among several, each currency: no earlier row has the same two. */
static int is_newest(const struct souk_rows *cycles, uint32_t row)
{
    const struct souk_value *cycle = souk_cell(cycles, row, 0);
    for (uint32_t r = 0; r < row; r++)
        if (same(souk_cell(cycles, r, MARKET), &cycle[MARKET]) && same(souk_cell(cycles, r, CURRENCY), &cycle[CURRENCY]))
            return 0;
    return 1;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows cycles;
    int shown = 0, is_card = ask->face == SOUK_CARD;
    (void)self;
    if (!is_card && souk_option(ask, "settlement")->text.len)
        return settlement_render(call, souk_option(ask, "settlement"));
    int rc = souk_query_all(call, &cycles, "cycles");
    if (rc < 0)
        return rc;
    if (!cycles.n_rows) {
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.settlement-v2");
        return 0;
    }
    if (is_card)
        souk_columns(call);
    for (uint32_t i = 0; rc == 0 && i <= ask->n_markets; i++) {     /* the last round: no market named */
        const struct souk_market_now *m = i < ask->n_markets ? souk_market_at(ask, i) : NULL;
        for (uint32_t r = 0; rc == 0 && r < cycles.n_rows; r++) {
            const struct souk_value *cycle = souk_cell(&cycles, r, 0);
            if ((m ? souk_is(&cycle[MARKET], m->id) : cycle[MARKET].type == SOUK_NONE) && is_newest(&cycles, r)) {
                struct purse p = { .ask = ask, .cycle = cycle, .m = m, .currency = cycle[CURRENCY],
                                   .market = m ? cycle[MARKET] : souk_market("") };
                rc = market(call, &p);
                shown++;
            }
        }
    }
    if (is_card)
        souk_end(call);
    if (rc == 0 && !shown)
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.settlement-v2");
    return rc;
}

static const struct souk_widget widget = {
    .size = sizeof widget, .area = 3, .id = "payments", .title = "title", .width = 3, .render = render,
    .shows = "settlement",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.payments", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_cycles v1_cycle_totals v1_ledger v1_payments v1_payment_totals v1_payments_held v1_claims"
             " v1_health_metrics",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
