/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claims.c: A-to-z claims and chargebacks: which of them ask for something, until when, and all of them by state.
 *
 * A claim whose marketplace is not known belongs to each of them.
 */
#include "claims.h"

/*
 * Orders with a defect, as Account Health counts them: negative feedback that was not removed, an A-to-z claim that was
 * neither denied nor withdrawn, a chargeback; one row an order.  :without is a claim that is left out, "" for none.
 */
#define DEFECTS \
        "SELECT order_id, order_day, max(feedback) AS feedback, max(a_to_z) AS a_to_z, max(chargeback) AS chargeback" \
        " FROM (SELECT order_id, order_day, 1 AS feedback, 0 AS a_to_z, 0 AS chargeback FROM v1_feedback" \
        "       WHERE market = :market AND day >= :from AND stars <= :stars AND removed IS NULL" \
        "       UNION ALL" \
        "       SELECT order_id, order_day, 0, CASE kind WHEN 'a_to_z' THEN 1 ELSE 0 END," \
        "              CASE kind WHEN 'chargeback' THEN 1 ELSE 0 END FROM v1_claims" \
        "       WHERE market = :market AND opened >= :since AND counts = 1 AND claim_id <> :without" \
        "         AND (kind = 'chargeback' OR (kind = 'a_to_z' AND coalesce(outcome, '') NOT IN ('denied', 'withdrawn'))))" \
        "      AS defect" \
        " WHERE order_day >= :from AND order_day <= :to" \
        " GROUP BY order_id, order_day"
#define DEFECT_PARAMS "market:market from:day to:day since:instant stars:count without:text"

#define OF_MARKET "(:market = 'all' OR coalesce(market, :market) = :market)"
#define CLAIM_SELECT \
        "SELECT claim_id, kind, state, outcome, order_id, market, reason, currency, amount, opened, changed, due, due_rule," \
        " counts, source, order_day, fulfilment FROM v1_claims"
#define CLAIM_COLUMNS "claim_id:text kind:text state:text outcome:text order_id:text market:market reason:text" \
        " currency:currency+hidden amount:money/currency opened:instant changed:instant due:instant due_rule:text counts:bool" \
        " source:text order_day:day fulfilment:text"

enum { CARD_ITEMS = 5, PAGE_ROWS = 50, ALL_ROWS = 100000 };
#define FOREVER INT64_C(253402300799)

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "newest", .title = "title",
        .sql = "SELECT changed FROM v1_claims LIMIT 1", .columns = "changed:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "badge", .title = "title",
        .sql = "SELECT count(*), CAST(coalesce(sum(CASE WHEN due < :now + 86400 THEN 1 ELSE 0 END), 0) AS BIGINT)"
               " FROM v1_claims WHERE state = 'action'",
        .params = "now:instant", .columns = "count:count urgent:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "open_counts", .title = "by_state",
        .sql = "SELECT kind, state, count(*) FROM v1_claims WHERE state IN ('action', 'review', 'appeal') AND " OF_MARKET
               " GROUP BY kind, state",
        .params = "market:text", .columns = "kind:text state:text claims:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "by_state", .title = "by_state", .about = "by_state_about",
        .sql = "SELECT kind, state, coalesce(outcome, ''), count(*) FROM v1_claims WHERE " OF_MARKET
               " GROUP BY kind, state, coalesce(outcome, '') ORDER BY kind, state, coalesce(outcome, '')",
        .params = "market:text", .columns = "kind:text state:text outcome:text claims:count+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "at_stake", .title = "at_stake",
        .sql = "SELECT currency, CAST(sum(amount) AS BIGINT), count(*) FROM v1_claims"
               " WHERE state IN ('action', 'review', 'appeal') AND kind <> 'safe_t' AND amount IS NOT NULL AND " OF_MARKET
               " GROUP BY currency ORDER BY currency",
        .params = "market:text", .columns = "currency:currency amount:money/currency claims:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "stake_rows", .title = "at_stake", .about = "at_stake_about", .max_rows = ALL_ROWS,
        .sql = CLAIM_SELECT " WHERE state IN ('action', 'review', 'appeal') AND kind <> 'safe_t' AND currency = :currency"
               " AND amount IS NOT NULL AND " OF_MARKET " ORDER BY amount DESC, claim_id",
        .params = "market:text currency:text", .columns = CLAIM_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting", .title = "waiting", .about = "waiting_about", .max_rows = ALL_ROWS,
        .sql = CLAIM_SELECT " WHERE state = :state AND (:kind = 'all' OR kind = :kind) AND " OF_MARKET
               " ORDER BY due NULLS LAST, opened, claim_id LIMIT :limit",
        .params = "market:text state:text kind:text limit:count", .columns = CLAIM_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "list", .title = "list", .about = "list_about", .max_rows = ALL_ROWS,
        .sql = CLAIM_SELECT " WHERE (:state = 'all' OR state = :state) AND changed <= :until"
               " AND (changed < :until OR claim_id > :after) AND " OF_MARKET
               " ORDER BY changed DESC, claim_id LIMIT :limit",
        .params = "market:text state:text until:instant after:text limit:count", .columns = CLAIM_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "one", .title = "list",
        .sql = CLAIM_SELECT " WHERE claim_id = :claim_id", .params = "claim_id:text", .columns = CLAIM_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "letters", .title = "letters", .max_rows = 1000,
        .sql = "SELECT at, side, state, sender, subject, substr(body, 1, 100000), length(body) FROM v1_claim_letters"
               " WHERE claim_id = :claim_id ORDER BY at, letter",
        .params = "claim_id:text",
        .columns = "at:instant side:text state:text sender:text subject:text body:text length:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "done", .title = "done", .about = "done_about",
        .sql = "SELECT at, 'command.' || command, actor, via FROM v1_audit WHERE ref = :about AND result = 'ok' ORDER BY entry DESC",
        .params = "about:ref", .columns = "at:instant command:key actor:text via:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "defect_count", .title = "defects",
        .sql = "SELECT count(*), CAST(coalesce(sum(CASE order_id WHEN :order THEN 1 ELSE 0 END), 0) AS BIGINT)"
               " FROM (" DEFECTS ") AS defects",
        .params = DEFECT_PARAMS " order:text", .columns = "orders:count of_order:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "defects", .title = "defects", .about = "defects_about", .max_rows = ALL_ROWS,
        .sql = "SELECT 'order:' || order_id, order_day, feedback, a_to_z, chargeback FROM (" DEFECTS ") AS defects"
               " ORDER BY order_day, order_id",
        .params = DEFECT_PARAMS, .columns = "order_id:ref order_day:day feedback:bool a_to_z:bool chargeback:bool",
    },
    {
        .size = sizeof(struct souk_query), .id = "orders_placed", .title = "orders_placed",
        .sql = "SELECT CAST(coalesce(sum(orders), 0) AS BIGINT) FROM v1_sales_daily"
               " WHERE market = :market AND day >= :from AND day <= :to",
        .params = "market:market from:day to:day", .columns = "orders:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "the_order", .title = "the_order",
        .sql = "SELECT 'order:' || order_id, market, purchased, status, fulfilment, shipped, service_level, ship_country, ship_region"
               " FROM v1_orders WHERE order_id = :order_id",
        .params = "order_id:text",
        .columns = "order_id:ref market:market purchased:instant status:text fulfilment:text shipped:instant"
                   " service_level:text ship_country:country ship_region:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "the_lines", .title = "the_lines",
        .sql = "SELECT sku, title, quantity, state, currency, price, tax, shipping, discount FROM v1_order_lines"
               " WHERE order_id = :order_id ORDER BY sku, ordinal",
        .params = "order_id:text",
        .columns = "sku:text title:text quantity:count+total state:text currency:currency+hidden price:money/currency+total"
                   " tax:money/currency+total shipping:money/currency+total discount:money/currency+total",
    },
    {
        .size = sizeof(struct souk_query), .id = "buyer_letters", .title = "buyer_letters", .max_rows = 1000,
        .sql = "SELECT at, side, state, sender, subject, substr(body, 1, 100000), length(body) FROM v1_letters"
               " WHERE order_id = :order_id ORDER BY at, letter",
        .params = "order_id:text",
        .columns = "at:instant side:text state:text sender:text subject:text body:text length:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "the_returns", .title = "the_returns",
        .sql = "SELECT request_day, sku, quantity, status, reason, resolution, currency, refund, label FROM v1_returns"
               " WHERE order_id = :order_id ORDER BY request_day, sku",
        .params = "order_id:text",
        .columns = "request_day:day sku:text quantity:count status:text reason:text resolution:text currency:currency+hidden"
                   " refund:money/currency label:money/currency",
    },
    {
        .size = sizeof(struct souk_query), .id = "the_feedback", .title = "the_feedback",
        .sql = "SELECT day, stars, comment, response, removed FROM v1_feedback WHERE order_id = :order_id",
        .params = "order_id:text", .columns = "day:day stars:count comment:text response:text removed:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "the_ledger", .title = "the_ledger",
        .sql = "SELECT posted, type, kind, detail, sku, currency, amount, 'settlement:' || settlement_id FROM v1_ledger"
               " WHERE order_id = :order_id ORDER BY posted, entry",
        .params = "order_id:text",
        .columns = "posted:instant type:text kind:text detail:text sku:text currency:currency+hidden amount:money/currency+total"
                   " settlement:ref",
    },
};

/* ---- words ----------------------------------------------------------------------------------------- */

static const struct souk_choice kinds[] = {
    { "a_to_z", "kind_a_to_z" }, { "chargeback", "kind_chargeback" }, { "safe_t", "kind_safe_t" },
};
static const struct souk_choice states[] = {
    { "action", "state_action" }, { "review", "state_review" }, { "appeal", "state_appeal" }, { "closed", "state_closed" },
    { "all", "state_all" },
};
static const struct souk_choice outcomes[] = {
    { "granted", "claim.outcome.granted" }, { "denied", "claim.outcome.denied" },
    { "withdrawn", "claim.outcome.withdrawn" }, { "reimbursed", "claim.outcome.reimbursed" },
};

static struct souk_value word_of(const struct souk_value *v, const struct souk_choice *choice, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (souk_is(v, choice[i].value))
            return souk_key(choice[i].title);
    return *v;
}

#define WORD_OF(v, choices) word_of((v), (choices), sizeof(choices) / sizeof *(choices))
struct souk_value kind_word(const struct souk_value *kind)       { return WORD_OF(kind, kinds); }
struct souk_value state_word(const struct souk_value *state)     { return WORD_OF(state, states); }
struct souk_value outcome_word(const struct souk_value *outcome) { return WORD_OF(outcome, outcomes); }

/* ---- one of a list --------------------------------------------------------------------------------- */

static int waits(const struct souk_rows *rows, uint32_t row)
{
    const struct souk_value *state = souk_cell(rows, row, K_STATE);
    return souk_cell(rows, row, K_DUE)->type != SOUK_NONE && (souk_is(state, "action") || souk_is(state, "appeal"));
}

uint32_t claim_tone(const struct souk_ask *ask, const struct souk_rows *rows, uint32_t row)
{
    const struct souk_value *state = souk_cell(rows, row, K_STATE);
    const int is_urgent = waits(rows, row) && souk_num(rows, row, K_DUE, 0) < ask->now_s + DAY_S;
    return souk_is(state, "action") ? is_urgent ? SOUK_BAD : SOUK_WATCH : souk_is(state, "appeal") && is_urgent ? SOUK_WATCH : SOUK_PLAIN;
}

/* "Action required, 5 h left" */
static struct souk_msg badge_of(const struct souk_ask *ask, const struct souk_rows *rows, uint32_t row, struct souk_arg room[2])
{
    const int64_t left_s = souk_num(rows, row, K_DUE, 0) - ask->now_s;
    const struct souk_value *outcome = souk_cell(rows, row, K_OUTCOME);
    room[0] = (struct souk_arg){ "state", state_word(souk_cell(rows, row, K_STATE)) };
    if (waits(rows, row)) {
        room[1] = (struct souk_arg){ "left", souk_number(SOUK_SECONDS, left_s < 0 ? -left_s : left_s, 0) };
        return (struct souk_msg){ left_s < 0 ? "badge_over" : "badge_left", { room, 2, 0 } };
    }
    room[1] = (struct souk_arg){ "outcome", outcome_word(outcome) };
    return (struct souk_msg){ outcome->type == SOUK_NONE ? "badge_state" : "badge_outcome", { room, 2, 0 } };
}

static void claim_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *rows, uint32_t row)
{
    char ref[SOUK_REF_MAX];
    struct souk_arg room[2];
    const struct souk_value *id = souk_cell(rows, row, K_ID), *order = souk_cell(rows, row, K_ORDER),
                            *market = souk_cell(rows, row, K_MARKET), *reason = souk_cell(rows, row, K_REASON),
                            *amount = souk_cell(rows, row, K_AMOUNT);
    const struct souk_market_now *m = souk_market_named(ask, market->text.at);
    const struct souk_value none = souk_text("none");
    const struct souk_args of = SOUK_ARGS({ "claim_id", *id });
    souk_item(call, .tone = claim_tone(ask, rows, row), .badge = badge_of(ask, rows, row, room),
              .title = SOUK_MSG("claim_of", { "kind", kind_word(souk_cell(rows, row, K_KIND)) },
                                { "order", order->type == SOUK_NONE ? none : *order }, { "claim", *id }),
              .note = SOUK_MSG("claim_note", { "reason", reason->type == SOUK_NONE || !reason->text.len ? none : *reason },
                               { "market", market->type == SOUK_NONE ? none : *market },
                               { "opened", at_market(souk_cell(rows, row, K_OPENED), m) }),
              .due = waits(rows, row) ? at_market(souk_cell(rows, row, K_DUE), m) : souk_none(), .value = *amount,
              .why = amount->type == SOUK_NONE ? NULL
                     : SOUK_WHY(.rows = "one", .args = of, .formula = SOUK_MSG("amount_why"),
                                .origin = SOUK_MSG("source_is", { "source", *souk_cell(rows, row, K_SOURCE) })),
              .to = SOUK_TO(.ref = souk_ref_of(ref, "claim", id->text.at)));
    souk_end(call);
    if (waits(rows, row))
        souk_until(call, ask->now_s + MINUTE_S);        /* the time that is left is said to the minute */
}

/* ---- the card -------------------------------------------------------------------------------------- */

static struct souk_value market_asked(const struct souk_ask *ask)
{
    return souk_text(ask->n_markets == 1 ? souk_market_at(ask, 0)->id : "all");
}

static int64_t count_of(const struct souk_rows *counts, const char *kind, const char *state)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < counts->n_rows; i++)
        if ((!kind || souk_is(souk_cell(counts, i, 0), kind)) && souk_is(souk_cell(counts, i, 1), state))
            n += souk_num(counts, i, 2, 0);
    return n;
}

static void state_stat(struct souk_call *call, const struct souk_ask *ask, const char *label, const char *kind,
                       const char *state, int64_t n)
{
    const struct souk_args of = SOUK_ARGS({ "market", market_asked(ask) }, { "state", souk_text(state) },
                                          { "kind", souk_text(kind) }, { "limit", souk_count(ALL_ROWS) });
    souk_stat(call, .label = { label, { NULL, 0, 0 } }, .value = souk_count(n),
              .tone = !souk_is_same(state, "action") ? SOUK_PLAIN : n ? SOUK_BAD : SOUK_GOOD,
              .to = SOUK_TO(.widget = "claims", .args = SOUK_ARGS({ "tab", souk_text(state) })),
              .why = SOUK_WHY(.rows = "waiting", .args = of, .formula = { label, { NULL, 0, 0 } }));
}

static int figures_put(struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value market = market_asked(ask);
    struct souk_rows counts, stake;
    int rc = souk_query(call, &counts, "open_counts", { "market", market });
    if (rc >= 0)
        rc = souk_query(call, &stake, "at_stake", { "market", market });
    if (rc < 0)
        return rc;
    state_stat(call, ask, "action_a_to_z", "a_to_z", "action", count_of(&counts, "a_to_z", "action"));
    state_stat(call, ask, "action_chargeback", "chargeback", "action", count_of(&counts, "chargeback", "action"));
    if (count_of(&counts, "safe_t", "action"))
        state_stat(call, ask, "action_safe_t", "safe_t", "action", count_of(&counts, "safe_t", "action"));
    state_stat(call, ask, "under_review", "all", "review", count_of(&counts, NULL, "review"));
    state_stat(call, ask, "may_appeal", "all", "appeal", count_of(&counts, NULL, "appeal"));
    for (uint32_t i = 0; i < stake.n_rows; i++) {
        const struct souk_args of = SOUK_ARGS({ "market", market }, { "currency", souk_text(souk_cell(&stake, i, 0)->text.at) });
        souk_fact(call, .label = SOUK_MSG("at_stake"), .value = *souk_cell(&stake, i, 1),
                  .to = SOUK_TO(.query = "stake_rows", .args = of),
                  .why = SOUK_WHY(.rows = "stake_rows", .args = of,
                                  .formula = SOUK_MSG("at_stake_why", { "n", *souk_cell(&stake, i, 2) })));
    }
    return 0;
}

static int card(struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_rows rows;
    int rc = figures_put(call, ask);
    if (rc >= 0)
        rc = souk_query(call, &rows, "waiting", { "market", market_asked(ask) }, { "state", souk_text("action") },
                        { "kind", souk_text("all") }, { "limit", souk_count(CARD_ITEMS) });
    if (rc < 0)
        return rc;
    if (!rows.n_rows)
        souk_text_line(call, .text = SOUK_MSG("nothing_to_do"), .to = SOUK_TO(.widget = "claims"));
    else
        souk_items(call, "due_next");
    for (uint32_t i = 0; i < rows.n_rows; i++)
        claim_put(call, ask, &rows, i);
    if (rows.n_rows)
        souk_end(call);
    return 0;
}

/* ---- the list -------------------------------------------------------------------------------------- */

static void items_put(struct souk_call *call, const struct souk_ask *ask, const struct souk_rows *rows, uint32_t n,
                      const struct souk_value *state)
{
    if (!n) {
        souk_text_line(call, .text = SOUK_MSG(souk_is(state, "action") ? "nothing_to_do_here" : "list_none"));
        return;
    }
    souk_items(call, "list_of", { "state", state_word(state) });
    for (uint32_t i = 0; i < n; i++)
        claim_put(call, ask, rows, i);
    souk_end(call);
}

/* What waits stands by its deadline, all of it; what is over, and all together, by the last change. */
static int list_put(struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *tab = souk_option(ask, "tab");
    const int is_waiting = !souk_is(tab, "closed") && !souk_is(tab, "all");
    struct souk_cursor place = { FOREVER, 0, "" };
    char room[SOUK_CURSOR_MAX];
    struct souk_rows rows;
    souk_cursor_read(souk_option(ask, "place")->text.at, &place);
    int rc = is_waiting
        ? souk_query(call, &rows, "waiting", { "market", market_asked(ask) }, { "state", *tab }, { "kind", souk_text("all") },
                     { "limit", souk_count(500) })
        : souk_query(call, &rows, "list", { "market", market_asked(ask) }, { "state", *tab }, { "until", souk_instant(place.at) },
                     { "after", souk_text(place.id) }, { "limit", souk_count(PAGE_ROWS + 1) });
    if (rc < 0)
        return rc;
    const uint32_t n = !is_waiting && rows.n_rows > PAGE_ROWS ? PAGE_ROWS : rows.n_rows;
    items_put(call, ask, &rows, n, tab);
    if (n < rows.n_rows)
        souk_pager(call, .next = SOUK_TO(.widget = "claims", .args = SOUK_ARGS({ "tab", *tab },
            { "place", souk_text(souk_cursor_write(room, 0, souk_num(&rows, n - 1, K_CHANGED, 0), souk_cell(&rows, n - 1, K_ID)->text.at)) })));
    return 0;
}

/* For a column of keys: a word that has no text shows itself. */
static struct souk_value cell_of(const struct souk_value *word)
{
    return word->type == SOUK_KEY ? *word : word->text.len ? souk_key(word->text.at) : souk_none();
}

static int states_put(struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_args of = SOUK_ARGS({ "market", market_asked(ask) });
    struct souk_value cell[64 * 4];
    struct souk_rows rows;
    uint32_t n = 0;
    int rc = souk_query_args(call, &rows, "by_state", of);
    for (; n < rows.n_rows && n < 64; n++) {
        const struct souk_value word[] = { kind_word(souk_cell(&rows, n, 0)), state_word(souk_cell(&rows, n, 1)),
                                           outcome_word(souk_cell(&rows, n, 2)) };
        for (int i = 0; i < 3; i++)
            cell[n * 4 + i] = cell_of(&word[i]);
        cell[n * 4 + 3] = *souk_cell(&rows, n, 3);
    }
    if (rc >= 0 && n)
        souk_table(call, .title = SOUK_MSG("by_state"), .why = SOUK_WHY(.rows = "by_state", .args = of),
                   .rows = { "kind:key state:key outcome:key claims:count+total", cell, 4, n, 0, 0 });
    return rc;
}

static void add_form(struct souk_call *call)
{
#define FIELD(its_type, its_name, its_title, ...) \
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##its_type, .name = its_name, .title = its_title, __VA_ARGS__ }
    static const struct souk_field fields[] = {
        FIELD(ONE_OF, "kind", "column.kind", .flags = SOUK_FIELD_NEEDED, .choices = SOUK_LIST(kinds)),
        FIELD(LINE, "order", "column.order_id", .max = 60),
        FIELD(LINE, "claim", "column.claim_id", .about = "field_claim_about", .max = 60),
        FIELD(MARKET, "market", "column.market", .flags = 0),
        FIELD(MONEY, "amount", "column.amount", .currency_of = "market"),
        FIELD(LINE, "reason", "column.reason", .max = 200),
        FIELD(INSTANT, "opened", "column.opened", .zone_of = "market", .about = "field_opened_about"),
        FIELD(INSTANT, "due", "column.due", .zone_of = "market", .about = "field_due_about"),
    };
#undef FIELD
    souk_form(call, .command = "claim.add", .title = SOUK_MSG("add_title"), .button = SOUK_MSG("add_button"),
              .note = SOUK_MSG("add_note"), .fields = SOUK_LIST(fields), .is_folded = 1);
}

static int page(struct souk_call *call, const struct souk_ask *ask)
{
    int rc = figures_put(call, ask);
    if (rc >= 0)
        rc = list_put(call, ask);
    if (rc >= 0)
        rc = states_put(call, ask);
    add_form(call);
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const struct souk_value *asked = souk_option(ask, "claim");
    struct souk_rows newest;
    (void)self;
    if (ask->face == SOUK_PAGE && asked->text.len)
        return one_render(call, ask, asked);
    int rc = souk_query_all(call, &newest, "newest");
    if (rc < 0)
        return rc;
    if (newest.n_rows)
        return ask->face == SOUK_PAGE ? page(call, ask) : card(call, ask);
    souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.mail");
    if (ask->face == SOUK_PAGE)
        add_form(call);
    else
        souk_text_line(call, .text = SOUK_MSG("to_add"), .to = SOUK_TO(.widget = "claims"));
    return 0;
}

/* ---- what it is ------------------------------------------------------------------------------------ */

static const struct souk_choice views[] = { { "claim", "title" }, { "evidence", "evidence" } };
static const struct souk_field options[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "tab", .title = "column.state",
      .fallback = SOUK_WORD(SOUK_TEXT, "action"), .choices = SOUK_LIST(states) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "place", .title = "option_place",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = SOUK_CURSOR_MAX, .flags = SOUK_FIELD_QUIET },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "view", .title = "option_view",
      .fallback = SOUK_WORD(SOUK_TEXT, "claim"), .choices = SOUK_LIST(views), .flags = SOUK_FIELD_QUIET },
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 9, .id = "claims", .title = "title", .width = 1, .options = SOUK_LIST(options),
    .render = render, .shows = "claim", .badge = "badge",
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.claims", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1",
    .reads = "v1_claims v1_claim_letters v1_feedback v1_sales_daily v1_orders v1_order_lines v1_letters v1_returns v1_ledger"
             " v1_audit",
    .commands = "claim.add claim.respond claim.accept claim.appeal claim.note claim.close claim.counts",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
