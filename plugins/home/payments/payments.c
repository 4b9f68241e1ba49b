/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payments.c: the last closed settlement of each marketplace, whether its lines sum to the cent, what
 * is held in reserve, and the balance of the open cycle.
 *
 * Closed cycles come from settlement reports and are exact.  No report file shows the open cycle; the
 * payments date-range report lists its rows, so their sum plus the reserve carried over is an estimate,
 * and says so.  The next transfer follows from `settlement.days` of the market's policy file.
 */
#include <souk/widget.h>

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
        .sql = "SELECT ended, settlement_id, total, missing, lines, currency"
               " FROM v1_cycles"
               " WHERE currency = :currency AND (market = :market OR market IS NULL)"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .params = "market:market currency:currency",
        .columns = "ended:instant settlement_id:text total:money/currency missing:money/currency lines:count"
                   " currency:currency+hidden",
    },
    {
        .size = sizeof(struct souk_query), .id = "unbalanced", .title = "unbalanced", .about = "unbalanced_about",
        .sql = "SELECT ended, settlement_id, total, line_sum, missing, lines, currency"
               " FROM v1_cycles"
               " WHERE currency = :currency AND (market = :market OR market IS NULL) AND missing <> 0"
               " ORDER BY ended DESC NULLS LAST, settlement_id DESC",
        .params = "market:market currency:currency",
        .columns = "ended:instant settlement_id:text total:money/currency line_sum:money/currency"
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
};

enum { SETTLEMENT, MARKET, CURRENCY, STARTED, ENDED, DEPOSITED, TOTAL, LINE_SUM, MISSING, LINES, TAIL };

static int same(const struct souk_value *a, const struct souk_value *b)
{
    if (a->type != b->type || a->text.len != b->text.len)
        return 0;
    for (uint32_t i = 0; i < a->text.len; i++)
        if (a->text.at[i] != b->text.at[i])
            return 0;
    return 1;
}

static int is(const struct souk_value *v, const char *word)
{
    struct souk_value other = souk_text(word);
    other.type = v->type;
    return same(v, &other);
}

static void check(struct souk_call *call, const struct souk_value *cycle)
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
        if (is(detail, "Current Reserve Amount")) {
            *held -= amount->num;
            souk_fact(call, .label = SOUK_MSG("reserve_held"), .value = souk_money(-amount->num, amount->currency),
                      .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("reserve_held_why")));
        } else if (is(detail, "Previous Reserve Amount Balance")) {
            souk_fact(call, .label = SOUK_MSG("reserve_back"), .value = *amount,
                      .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("reserve_back_why")));
        }
    }
    return rc;
}

static int recent_payment(struct souk_call *call, const struct souk_value *cycle, int is_short, int64_t *held)
{
    struct souk_value id = cycle[SETTLEMENT];
    struct souk_args args = SOUK_ARGS({ "settlement_id", id });
    int is_debt = cycle[TOTAL].type != SOUK_NONE && cycle[TOTAL].num < 0;
    souk_section(call, "recent");
    souk_stat(call, .label = SOUK_MSG(is_debt ? "owed" : "transferred"),
              .value = cycle[TOTAL].type == SOUK_NONE ? cycle[LINE_SUM] : cycle[TOTAL],
              .tone = is_debt ? SOUK_BAD : SOUK_PLAIN, .is_estimate = cycle[TOTAL].type == SOUK_NONE,
              .note = SOUK_MSG("cycle_of", { "settlement", id }, { "from", cycle[STARTED] }, { "to", cycle[ENDED] }),
              .to = SOUK_TO(.query = "totals", .args = args),
              .why = SOUK_WHY(.rows = "totals", .args = args, .formula = SOUK_MSG("recent_why", { "settlement", id })));
    check(call, cycle);
    if (is_short)
        souk_fold(call, "details");
    souk_fact(call, .label = SOUK_MSG("deposited"), .value = cycle[DEPOSITED]);
    souk_fact(call, .label = SOUK_MSG("account"),
              .value = cycle[TAIL].type == SOUK_NONE ? souk_key("account_unknown") : cycle[TAIL]);
    int rc = reserves(call, cycle, held);
    if (is_short)
        souk_end(call);
    souk_end(call);
    return rc;
}

/* The open cycle of the marketplace and currency of `cycle`, which is its last closed one. */
static int balance(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *cycle, int64_t held)
{
    struct souk_rows rows;
    struct souk_value after = souk_instant(cycle[ENDED].num);        /* older settlements may not have been imported */
    struct souk_args args = SOUK_ARGS({ "currency", cycle[CURRENCY] }, { "after", after });
    int64_t sum = 0, lines = 0, last = 0;
    int rc = souk_query_args(call, &rows, "open_totals", args);
    if (rc < 0)
        return rc;
    for (uint32_t r = 0; r < rows.n_rows; r++) {
        const struct souk_value *market = souk_cell(&rows, r, 2);
        if (market->type != SOUK_NONE && cycle[MARKET].type != SOUK_NONE && !same(market, &cycle[MARKET]))
            continue;                                   /* another marketplace with the same currency */
        sum += souk_num(&rows, r, 6, 0);
        lines += souk_num(&rows, r, 3, 0);
        if (souk_num(&rows, r, 5, 0) > last)
            last = souk_num(&rows, r, 5, 0);
    }
    souk_section(call, "balance");
    if (!lines) {
        souk_empty(call, .text = SOUK_MSG("no_open"), .fills = "amazon.payments");
    } else {
        const char *currency = cycle[CURRENCY].text.at;
        souk_stat(call, .label = SOUK_MSG("open_balance"), .value = souk_money(sum + held, currency), .is_estimate = 1,
                  .note = SOUK_MSG("open_until", { "until", souk_instant(last) }),
                  .to = SOUK_TO(.query = "open_totals", .args = args),
                  .why = SOUK_WHY(.rows = "open_totals", .args = args,
                                  .formula = SOUK_MSG("open_why", { "lines", souk_count(lines) },
                                                      { "sum", souk_money(sum, currency) },
                                                      { "held", souk_money(held, currency) })));
    }
    struct souk_policy days;
    const struct souk_market_now *m = ask->n_markets ? souk_market_at(ask, 0) : NULL;
    const char *market = cycle[MARKET].type != SOUK_NONE ? cycle[MARKET].text.at : "";
    int32_t today = m ? m->today : (int32_t)(ask->now_s / 86400);
    if (cycle[ENDED].type != SOUK_NONE && *market &&
        souk_policy(call, market, "settlement.days", today, &days) >= 0) {
        struct souk_value next = cycle[ENDED];
        next.num += days.value.num * 86400;
        if (next.num > ask->now_s)
            souk_fact(call, .label = SOUK_MSG("next_transfer"), .value = next,
                      .why = SOUK_WHY(.formula = SOUK_MSG("next_why", { "days", souk_count(days.value.num) }, { "ended", cycle[ENDED] }),
                                      .policy = "settlement.days", .market = market, .policy_day = today));
        else
            souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("stale", { "ended", cycle[ENDED] }));
    }
    souk_end(call);
    return 0;
}

static int history(struct souk_call *call, const struct souk_value *cycle)
{
    struct souk_value market = cycle[MARKET].type == SOUK_NONE ? souk_market("") : cycle[MARKET];
    struct souk_args args = SOUK_ARGS({ "market", market }, { "currency", cycle[CURRENCY] });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "recent", args);
    if (rc >= 0)
        souk_table(call, .title = SOUK_MSG("cycles"), .rows = rows, .more = SOUK_TO(.query = "cycles"),
                   .why = SOUK_WHY(.rows = "recent", .args = args, .formula = SOUK_MSG("cycles_about")));
    return rc;
}

/* Settlements before the newest one that do not sum. */
static int older_checks(struct souk_call *call, const struct souk_value *cycle)
{
    struct souk_value market = cycle[MARKET].type == SOUK_NONE ? souk_market("") : cycle[MARKET];
    struct souk_args args = SOUK_ARGS({ "market", market }, { "currency", cycle[CURRENCY] });
    struct souk_rows rows;
    int rc = souk_query_args(call, &rows, "unbalanced", args);
    int64_t missing = 0;
    uint32_t n = 0;
    for (uint32_t r = 0; rc >= 0 && r < rows.n_rows; r++)
        if (!same(souk_cell(&rows, r, 1), &cycle[SETTLEMENT])) {
            missing += souk_num(&rows, r, 4, 0);
            n++;
        }
    if (n)
        souk_alert(call, .tone = SOUK_WATCH, .to = SOUK_TO(.query = "unbalanced", .args = args),
                   .text = SOUK_MSG("older_missing", { "n", souk_count(n) },
                                    { "missing", souk_money(missing, cycle[CURRENCY].text.at) }));
    return rc < 0 ? rc : 0;
}

/* One market's newest cycle, or the newest of those that name no market. */
static int market(struct souk_call *call, const struct souk_ask *ask, const struct souk_value *cycle)
{
    int64_t held;
    souk_section(call, cycle[MARKET].type == SOUK_NONE ? "no_market" : "market",
                 { "market", cycle[MARKET] }, { "currency", cycle[CURRENCY] });
    int rc = recent_payment(call, cycle, ask->face == SOUK_CARD && ask->n_markets > 1, &held);
    if (rc == 0)
        rc = older_checks(call, cycle);
    if (rc == 0)
        rc = balance(call, ask, cycle, held);
    if (rc == 0 && ask->face == SOUK_PAGE)
        rc = history(call, cycle);
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
        for (uint32_t r = 0; rc == 0 && r < cycles.n_rows; r++) {
            const struct souk_value *cycle = souk_cell(&cycles, r, 0);
            int is_asked = i == ask->n_markets ? cycle[MARKET].type == SOUK_NONE
                                               : is(&cycle[MARKET], souk_market_at(ask, i)->id);
            if (is_asked && is_newest(&cycles, r)) {
                rc = market(call, ask, cycle);
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
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.payments", .version = "0.1.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_cycles v1_cycle_totals v1_ledger v1_payment_totals",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
