/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account.c: Account Health: the rating, the metrics, violations of policies; and forms to type in what the
 * marketplace's page shows.
 *
 * The rating is never computed: the marketplace does not say how it does.
 */
#include "health.h"

enum { R_AT, R_STATUS, R_RATING, R_RATING_STATUS, R_SOURCE };   /* columns of "reports" */
enum { HISTORY_ROWS = 120 };

/* ---- the account and its rating ------------------------------------------------------------------ */

/* The newest report that tells a column; n_rows when none does. */
static uint32_t newest_with(const struct souk_rows *reports, uint32_t column)
{
    uint32_t i = 0;
    while (i < reports->n_rows && (souk_cell(reports, i, column)->type == SOUK_NONE ||
                                   (column != R_RATING && !souk_cell(reports, i, column)->text.len)))
        i++;
    return i;
}

static int has_word(const struct souk_value *v, const char *const *words)
{
    for (; *words; words++)
        if (souk_is(v, *words))
            return 1;
    return 0;
}

/* The words that reports have used; any other is shown without a judgement. */
static uint32_t tone_of_word(const struct souk_value *word)
{
    static const char *const good[] = { "NORMAL", "GOOD", "GREAT", "HEALTHY", NULL };
    static const char *const watch[] = { "AT_RISK", "FAIR", "WARNED", "WARNING", NULL };
    static const char *const bad[] = { "DEACTIVATED", "SUSPENDED", "BAD", "POOR", "UNHEALTHY", "CRITICAL", NULL };
    return has_word(word, good) ? SOUK_GOOD : has_word(word, watch) ? SOUK_WATCH : has_word(word, bad) ? SOUK_BAD : SOUK_PLAIN;
}

struct bands {                                          /* of the rating, by the policy */
    int64_t healthy, at_risk;
    int is_told;
    int32_t day;
};

static int bands_of(struct souk_call *call, const struct souk_market_now *m, int64_t at_s, struct bands *b)
{
    struct souk_policy healthy, at_risk;
    int32_t second;
    *b = (struct bands){ 0, 0, 0, 0 };
    int rc = call->query->local(call, m->id, at_s, &b->day, &second);
    if (rc >= 0)
        rc = souk_policy(call, m->id, "rating.healthy", b->day, &healthy);
    if (rc >= 0)
        rc = souk_policy(call, m->id, "rating.at_risk", b->day, &at_risk);
    if (rc < 0)
        return rc == SOUK_EABSENT ? 0 : rc;
    *b = (struct bands){ healthy.value.num, at_risk.value.num, 1, b->day };
    return 0;
}

static int rating_put(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *reports, int is_page)
{
    static const char *const notes[] = { "rating_healthy", "rating_at_risk", "rating_unhealthy" };
    static const uint32_t tones[] = { SOUK_GOOD, SOUK_WATCH, SOUK_BAD };
    const uint32_t i = newest_with(reports, R_RATING), word = newest_with(reports, R_RATING_STATUS);
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    struct bands b;
    if (i < reports->n_rows) {
        const int64_t rating = souk_num(reports, i, R_RATING, 0), at_s = souk_num(reports, i, R_AT, 0);
        int rc = bands_of(call, m, at_s, &b);
        if (rc < 0)
            return rc;
        const int band = rating >= b.healthy ? 0 : rating >= b.at_risk ? 1 : 2;
        const struct souk_args at = SOUK_ARGS({ "at", at_market(at_s, m) });
        const struct souk_args edges = SOUK_ARGS({ "healthy", souk_count(b.healthy) }, { "at_risk", souk_count(b.at_risk) });
        souk_stat(call, .label = SOUK_MSG("rating"), .value = souk_count(rating), .tone = b.is_told ? tones[band] : SOUK_PLAIN,
                  .note = { b.is_told ? notes[band] : NULL, edges }, .to = SOUK_TO(.query = "reports", .args = of),
                  .why = SOUK_WHY(.rows = "reports", .args = of, .formula = SOUK_MSG("rating_why"),
                                  .origin = { origin_key(souk_cell(reports, i, R_SOURCE)), at },
                                  .policy = b.is_told ? "rating.healthy" : NULL, .market = m->id, .policy_day = b.day));
    }
    if (word < reports->n_rows && (i == reports->n_rows || word <= i))
        souk_fact(call, .label = SOUK_MSG("rating_word"), .value = *souk_cell(reports, word, R_RATING_STATUS),
                  .tone = tone_of_word(souk_cell(reports, word, R_RATING_STATUS)));
    if (i == reports->n_rows && (is_page || word == reports->n_rows))
        souk_text_line(call, .text = SOUK_MSG("rating_unknown"));
    return 0;
}

static void status_put(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *reports)
{
    const uint32_t i = newest_with(reports, R_STATUS);
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    if (i < reports->n_rows)
        souk_fact(call, .label = SOUK_MSG("account_status"), .value = *souk_cell(reports, i, R_STATUS),
                  .tone = tone_of_word(souk_cell(reports, i, R_STATUS)),
                  .why = SOUK_WHY(.rows = "reports", .args = of,
                                  .origin = SOUK_MSG("origin_report", { "at", at_market(souk_num(reports, i, R_AT, 0), m) })));
}

static int rating_history(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *reports)
{
    struct souk_value cell[HISTORY_ROWS * 2];
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    uint32_t n = 0;
    int rc = 0;
    for (uint32_t i = reports->n_rows; i-- > 0 && rc >= 0 && n < HISTORY_ROWS;) {
        int32_t day, second;
        if (souk_cell(reports, i, R_RATING)->type == SOUK_NONE)
            continue;
        rc = call->query->local(call, m->id, souk_num(reports, i, R_AT, 0), &day, &second);
        cell[n * 2] = souk_day(day);
        cell[n * 2 + 1] = *souk_cell(reports, i, R_RATING);
        n++;
    }
    if (rc >= 0 && n > 1)
        souk_chart(call, .kind = SOUK_LINE, .title = SOUK_MSG("rating_history"), .rows = { "day:day rating:count", cell, 2, n, 0, 0 },
                   .why = SOUK_WHY(.rows = "reports", .args = of, .formula = SOUK_MSG("history_why")));
    return rc;
}

/* ---- violations ---------------------------------------------------------------------------------- */

/* What a report counts without a rate, such as complaints. */
static int is_violation(const struct souk_rows *rows, uint32_t i)
{
    return !metric_find(souk_cell(rows, i, M_METRIC));
}

/* By the target that the report names; what names none, by the report's word. */
static uint32_t violation_tone(const struct souk_rows *rows, uint32_t i)
{
    const struct souk_value *target = souk_cell(rows, i, M_TARGET_PPM), *num = souk_cell(rows, i, M_NUM),
                            *status = souk_cell(rows, i, M_STATUS);
    if (target->type != SOUK_NONE && num->type != SOUK_NONE)
        return num->num > target->num ? SOUK_BAD : SOUK_GOOD;
    return tone_of_word(status);
}

static struct souk_msg violation_name(const struct souk_value *metric, struct souk_arg room[1])
{
    static const char *const known[] = {
        "listing_policy_violations", "other_policy_violations", "received_intellectual_property_complaints",
        "suspected_intellectual_property_violations", "product_authenticity_customer_complaints",
        "product_condition_customer_complaints", "product_safety_customer_complaints", "food_and_product_safety_issues",
        "restricted_product_policy_violations", "customer_product_reviews_policy_violations", "document_requests",
        "spamming_seller_messaging",
    };
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (souk_is(metric, known[i]))
            return (struct souk_msg){ known[i], { NULL, 0, 0 } };
    room[0] = (struct souk_arg){ "name", *metric };
    return (struct souk_msg){ "violation_other", { room, 1, 0 } };
}

static void violations_put(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows)
{
    int n = 0;
    for (uint32_t i = 0; i < rows->n_rows; i++) {
        struct souk_arg room[1];
        if (!is_violation(rows, i) || is_repeated(rows, i))
            continue;
        if (!n++)
            souk_section(call, "violations");
        const struct souk_value *num = souk_cell(rows, i, M_NUM);
        const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) }, { "metric", *souk_cell(rows, i, M_METRIC) },
                                              { "fulfilment", *souk_cell(rows, i, M_FULFILMENT) });
        souk_fact(call, .label = violation_name(souk_cell(rows, i, M_METRIC), room), .tone = violation_tone(rows, i),
                  .value = num->type != SOUK_NONE ? *num : *souk_cell(rows, i, M_STATUS),
                  .why = SOUK_WHY(.rows = "history", .args = of, .formula = SOUK_MSG("violation_why"),
                                  .origin = { origin_key(souk_cell(rows, i, M_SOURCE)),
                                              SOUK_ARGS({ "at", at_market(souk_num(rows, i, M_AT, 0), m) }) }));
    }
    if (n)
        souk_end(call);
}

/* On a card: so many kinds are above what the report allows. */
static void violations_fact(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows)
{
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) },
                                          { "since", rows->n_rows ? *souk_cell(rows, rows->n_rows - 1, M_AT) : souk_instant(0) });
    int64_t kinds = 0, above = 0;
    for (uint32_t i = 0; i < rows->n_rows; i++) {
        if (!is_violation(rows, i) || is_repeated(rows, i))
            continue;
        kinds++;
        above += violation_tone(rows, i) == SOUK_BAD;
    }
    if (kinds)
        souk_fact(call, .label = SOUK_MSG("violations_above"), .value = souk_count(above), .tone = above ? SOUK_BAD : SOUK_GOOD,
                  .to = SOUK_TO(.widget = "health"),
                  .why = SOUK_WHY(.rows = "metrics", .args = of,
                                  .formula = SOUK_MSG("violations_above_why", { "above", souk_count(above) },
                                                      { "kinds", souk_count(kinds) })));
}

/* ---- all figures of a market --------------------------------------------------------------------- */

enum { FIGURES = 16 };

struct figures {
    uint32_t n;
    struct figure at[FIGURES];
};

static int add_counted(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric,
                       struct figures *all)
{
    int rc = 1;
    for (int i = 0; i < WINDOWS && rc > 0 && all->n < FIGURES; i++) {
        rc = figure_counted(call, m, metric, i, souk_is_same(metric->id, "defect") ? "all" : "", &all->at[all->n]);
        all->n += rc > 0;
    }
    return rc < 0 ? rc : 0;
}

/* Reported ones; and where no report tells a metric, what Souk counts. */
static int figures_read(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows,
                        struct figures *all)
{
    int rc = 0;
    all->n = 0;
    for (uint32_t k = 0; k < METRICS && rc >= 0; k++) {
        const uint32_t before = all->n;
        for (uint32_t i = 0; i < rows->n_rows && rc >= 0 && all->n < FIGURES; i++)
            if (souk_is(souk_cell(rows, i, M_METRIC), metrics[k].id) && !is_repeated(rows, i)) {
                rc = figure_of_row(call, m, rows, i, &metrics[k], &all->at[all->n]);
                all->n += rc > 0;
            }
        if (rc >= 0 && all->n == before && metrics[k].is_counted && m->data_until_s)
            rc = add_counted(call, m, &metrics[k], all);
    }
    return rc;
}

/* The one that needs the fewest defects until it is not met. */
static const struct figure *nearest(const struct figures *all)
{
    const struct figure *best = NULL;
    for (uint32_t i = 0; i < all->n; i++) {
        const struct figure *f = &all->at[i];
        if (f->verdict.left && !is_by_rate(f) && (!best || f->verdict.left < best->verdict.left))
            best = f;
    }
    return best;
}

static int card_of(struct souk_call *call, const struct souk_market_now *m)
{
    struct souk_rows reports, rows;
    struct figures all;
    int rc = souk_query(call, &reports, "reports", { "market", souk_market(m->id) });
    if (rc >= 0)
        rc = metrics_read(call, m, &rows);
    if (rc >= 0)
        rc = figures_read(call, m, &rows, &all);
    if (rc < 0 || (!reports.n_rows && !all.n))
        return rc;
    souk_section(call, "market", { "market", souk_market(m->id) });
    rc = rating_put(call, m, &reports, 0);
    status_put(call, m, &reports);
    for (uint32_t i = 0; i < all.n && rc >= 0; i++)
        figure_fact(call, m, &all.at[i]);
    violations_fact(call, m, &rows);
    const struct figure *next = nearest(&all);
    if (next)
        souk_text_line(call, .text = SOUK_MSG(next->limit.is_least ? "nearest_least" : "nearest_under",
                                              { "metric", souk_key(next->metric->title) }, { "n", souk_count(next->verdict.left) },
                                              { "limit", souk_bp(next->limit.bp) }));
    souk_end(call);
    return rc < 0 ? rc : 1;
}

/* ---- forms --------------------------------------------------------------------------------------- */

#define FIELD(its_type, its_name, its_title, ...) \
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##its_type, .name = its_name, .title = its_title, __VA_ARGS__ }
static const struct souk_choice metric_choices[] = {
    { "defect", "metric_defect" }, { "late", "metric_late" }, { "cancel", "metric_cancel" }, { "tracking", "metric_tracking" },
    { "delivery", "metric_delivery" }, { "invoice", "metric_invoice" },
};
static const struct souk_choice by_choices[] = { { "seller", "by_seller" }, { "marketplace", "by_marketplace" } };
static const struct souk_choice status_choices[] = {
    { "good", "health.good" }, { "fair", "health.fair" }, { "bad", "health.bad" }, { "none", "health.none" },
};

static void forms_put(struct souk_call *call, const struct souk_market_now *m)
{
    static const struct souk_field rating[] = {
        FIELD(COUNT, "rating", "field_rating", .flags = SOUK_FIELD_NEEDED, .max = 1000),
        FIELD(LINE, "status", "field_rating_word", .max = 60),
        FIELD(INSTANT, "at", "field_at", .zone_of = "market"),
    };
    static const struct souk_field metric[] = {
        FIELD(ONE_OF, "metric", "field_metric", .flags = SOUK_FIELD_NEEDED, .choices = SOUK_LIST(metric_choices)),
        FIELD(ONE_OF, "fulfilment", "column.fulfilment", .choices = SOUK_LIST(by_choices)),
        FIELD(COUNT, "num", "field_num", .about = "field_num_about", .max = 1000000000),
        FIELD(COUNT, "den", "field_den", .max = 1000000000),
        FIELD(COUNT, "negative", "part_negative", .max = 1000000000),
        FIELD(COUNT, "claims", "part_claims", .max = 1000000000),
        FIELD(COUNT, "chargebacks", "part_chargebacks", .max = 1000000000),
        FIELD(PERCENT, "rate", "field_rate", .max = 10000),
        FIELD(ONE_OF, "status", "column.status", .choices = SOUK_LIST(status_choices)),
        FIELD(INSTANT, "from", "field_from", .zone_of = "market"),
        FIELD(INSTANT, "to", "field_to", .zone_of = "market"),
        FIELD(INSTANT, "at", "field_at", .zone_of = "market"),
    };
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) });
    souk_form(call, .command = "health.rating", .title = SOUK_MSG("rating_title", { "market", souk_market(m->id) }),
              .button = SOUK_MSG("write_down"), .note = SOUK_MSG("rating_note"), .args = of, .fields = SOUK_LIST(rating),
              .is_folded = 1);
    souk_form(call, .command = "health.metric", .title = SOUK_MSG("metric_title", { "market", souk_market(m->id) }),
              .button = SOUK_MSG("write_down"), .note = SOUK_MSG("metric_note"), .args = of, .fields = SOUK_LIST(metric),
              .is_folded = 1);
}

/* ---- the page ------------------------------------------------------------------------------------ */

static int page_of(struct souk_call *call, const struct souk_ask *ask, const struct souk_market_now *m)
{
    const struct souk_value *asked = souk_option(ask, "metric");
    struct souk_rows reports, rows;
    int rc = souk_query(call, &reports, "reports", { "market", souk_market(m->id) });
    if (rc >= 0)
        rc = metrics_read(call, m, &rows);
    if (rc < 0)
        return rc;
    souk_section(call, "market", { "market", souk_market(m->id) });
    const int is_all = !asked->text.len, of_account = is_all || souk_is(asked, "rating") || souk_is(asked, "account");
    if (of_account) {
        rc = rating_put(call, m, &reports, 1);
        status_put(call, m, &reports);
        if (rc >= 0)
            rc = rating_history(call, m, &reports);
    }
    for (uint32_t i = 0; i < METRICS && rc >= 0; i++) {
        int is_there = metrics[i].limit != NULL && !souk_is_same(metrics[i].id, "unit_delivery");
        for (uint32_t k = 0; k < rows.n_rows; k++)
            is_there = is_there || souk_is(souk_cell(&rows, k, M_METRIC), metrics[i].id);
        if (is_there && (is_all || souk_is(asked, metrics[i].id)))
            rc = metric_put(call, m, &metrics[i], &rows);
    }
    if (rc >= 0 && (is_all || (!of_account && !metric_find(asked))))
        violations_put(call, m, &rows);
    if (rc >= 0)
        forms_put(call, m);
    souk_end(call);
    return rc < 0 ? rc : 1;
}

int health_render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    const int is_page = ask->face == SOUK_PAGE;
    int shown = 0, rc = 0;
    (void)self;
    if (is_page && souk_option(ask, "metric")->text.len)
        souk_text_line(call, .text = SOUK_MSG("to_all_metrics"), .to = SOUK_TO(.widget = "health"));
    for (uint32_t i = 0; i < ask->n_markets && rc >= 0; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        rc = is_page ? page_of(call, ask, m) : card_of(call, m);
        shown += rc > 0;
    }
    if (rc >= 0 && !shown)
        souk_empty(call, .text = SOUK_MSG("no_health"), .fills = "amazon.health");
    return rc < 0 ? rc : 0;
}

/* Figures that are not met, and those that nearly are not. */
int health_counts(void *self, struct souk_call *call, const struct souk_ask *ask, struct souk_badge *badge)
{
    int rc = 0;
    (void)self;
    for (uint32_t k = 0; k < ask->n_markets && rc >= 0; k++) {
        const struct souk_market_now *m = souk_market_at(ask, k);
        struct souk_rows rows;
        struct figures all;
        rc = metrics_read(call, m, &rows);
        if (rc >= 0)
            rc = figures_read(call, m, &rows, &all);
        for (uint32_t i = 0; i < all.n && rc >= 0; i++) {
            badge->count += all.at[i].verdict.tone == SOUK_BAD || all.at[i].verdict.tone == SOUK_WATCH;
            badge->urgent += all.at[i].verdict.tone == SOUK_BAD;
        }
    }
    return rc;
}
