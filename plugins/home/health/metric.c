/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metric.c: a metric of account health: as the marketplace reports it, as Souk counts it, how far it is from its
 * limit, and why the two differ.
 *
 * The limit is the line of the market's policy on the day of the figure; where there is none, the report's own.
 * A report may contradict itself: where its counts cannot be, its rate counts, and both are shown.
 */
#include "health.h"

enum { HISTORY_ROWS = 120 };

const struct metric metrics[METRICS] = {
    { "defect", "metric_defect", "of_orders", "defect.limit", "defect.window_days", NULL, NULL, 0, 1 },
    { "late", "metric_late", "of_own_orders", "late.limit", "late.windows_days", NULL, NULL, 0, 1 },
    { "cancel", "metric_cancel", "of_own_orders", "cancel.limit", "cancel.windows_days", NULL, NULL, 0, 1 },
    { "tracking", "metric_tracking", "of_packages", "tracking.limit", "tracking.windows_days", "tracking.lag_days",
      "tracking.binding", 1, 0 },
    { "delivery", "metric_delivery", "of_packages", "delivery.limit", "delivery.window_days", "delivery.lag_days",
      "delivery.binding", 1, 0 },
    { "unit_delivery", "metric_unit_delivery", "of_units", "delivery.limit", "delivery.window_days", "delivery.lag_days",
      "delivery.binding", 1, 0 },
    { "invoice", "metric_invoice", "of_orders", NULL, NULL, NULL, NULL, 0, 0 },
};

const struct metric *metric_find(const struct souk_value *id)
{
    for (uint32_t i = 0; i < METRICS; i++)
        if (souk_is(id, metrics[i].id))
            return &metrics[i];
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------------------- */

int metrics_read(struct souk_call *call, const struct souk_market_now *m, struct souk_rows *rows)
{
    struct souk_rows newest;
    int rc = souk_query(call, &newest, "newest_report", { "market", souk_market(m->id) });
    if (rc >= 0)
        rc = souk_query(call, rows, "metrics", { "market", souk_market(m->id) },
                        { "since", souk_instant(newest.n_rows ? souk_num(&newest, 0, 0, 0) : 0) });
    return rc;
}

/* The policy's limit on a day; where it has none, the one that the report names. */
static int limit_of(struct souk_call *call, const char *market, const struct metric *metric, int32_t day,
                    const struct souk_rows *rows, uint32_t row, struct limit *limit)
{
    struct souk_policy line;
    int rc = metric->limit ? souk_policy(call, market, metric->limit, day, &line) : SOUK_EABSENT;
    *limit = (struct limit){ 0, 0, metric->is_least, 0, NULL, day };
    if (rc >= 0 && line.value.type == SOUK_BP) {
        limit->bp = line.value.num;
        limit->is_told = 1;
        limit->policy = metric->limit;
        if (metric->binding && souk_policy(call, market, metric->binding, day, &line) >= 0)
            limit->is_advice = souk_is(&line.value, "no");
        return 0;
    }
    if (rc < 0 && rc != SOUK_EABSENT)
        return rc;
    if (rows && souk_cell(rows, row, M_TARGET_PPM)->type != SOUK_NONE) {
        limit->bp = souk_num(rows, row, M_TARGET_PPM, 0) / 100;
        limit->is_told = 1;
        limit->is_least = souk_cell(rows, row, M_CONDITION)->text.at[0] == 'G';
    }
    return 0;
}

int is_repeated(const struct souk_rows *rows, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (souk_is(souk_cell(rows, k, M_METRIC), souk_cell(rows, i, M_METRIC)->text.at) &&
            souk_is(souk_cell(rows, k, M_FULFILMENT), souk_cell(rows, i, M_FULFILMENT)->text.at))
            return 1;
    return 0;
}

/* Do the counts of a reported figure make a rate? */
static int has_counts(const struct souk_rows *rows, uint32_t row)
{
    const int64_t num = souk_num(rows, row, M_NUM, -1), den = souk_num(rows, row, M_DEN, -1);
    return num >= 0 && den >= num;
}

int figure_of_row(struct souk_call *call, const struct souk_market_now *m, const struct souk_rows *rows, uint32_t row,
                  const struct metric *metric, struct figure *f)
{
    int32_t day, second;
    *f = (struct figure){ .metric = metric, .rows = rows, .row = row, .num = souk_num(rows, row, M_NUM, 0),
                          .den = souk_num(rows, row, M_DEN, 0), .fulfilment = souk_cell(rows, row, M_FULFILMENT)->text.at };
    int rc = call->query->local(call, m->id, souk_num(rows, row, M_AT, 0), &day, &second);
    if (rc >= 0)
        rc = limit_of(call, m->id, metric, day, rows, row, &f->limit);
    if (rc < 0)
        return rc;
    if (!has_counts(rows, row) && souk_cell(rows, row, M_RATE_PPM)->type != SOUK_NONE) {
        f->num = souk_num(rows, row, M_RATE_PPM, 0);
        f->den = 1000000;
    }
    f->verdict = verdict_of(f->num, f->den, &f->limit);
    return 1;
}

static int own_of(struct souk_call *call, const struct souk_market_now *m, struct figure *f)
{
    const char *id = f->metric->id;
    return souk_is_same(id, "defect") ? own_defects(call, m, f->fulfilment, f->window, &f->own)
           : souk_is_same(id, "late") ? own_late(call, m, f->window, &f->own, NULL)
                                 : own_cancelled(call, m, f->window, &f->own);
}

int figure_counted(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric, int index,
                   const char *fulfilment, struct figure *f)
{
    int32_t window[WINDOWS];
    *f = (struct figure){ .metric = metric, .fulfilment = fulfilment };
    int n = windows_of(call, m->id, metric->windows, m->today, window);
    if (n <= index)
        return n < 0 ? n : 0;
    f->window = window[index];
    int rc = limit_of(call, m->id, metric, m->today, NULL, 0, &f->limit);
    if (rc >= 0)
        rc = own_of(call, m, f);
    if (rc < 0)
        return rc == SOUK_EABSENT ? 0 : rc;             /* no policy tells when an order is late */
    f->num = f->own.num;
    f->den = f->own.den;
    f->verdict = verdict_of(f->num, f->den, &f->limit);
    if (souk_is_same(metric->id, "cancel") && f->verdict.tone == SOUK_BAD)
        f->verdict.tone = SOUK_WATCH;                   /* the most it can be: buyers cancel, too */
    return 1;
}

/* ---- in words ------------------------------------------------------------------------------------ */

int is_by_rate(const struct figure *f)
{
    return f->rows && !has_counts(f->rows, f->row) && souk_cell(f->rows, f->row, M_RATE_PPM)->type != SOUK_NONE;
}

/* "Target: less than 1%. 3 more and it is reached." */
static struct souk_msg note_of(const struct figure *f, struct souk_arg room[2])
{
    const struct verdict *v = &f->verdict;
    const struct souk_msg none = { NULL, { NULL, 0, 0 } };
    const char *key = f->limit.is_least ? "target_least" : "target_under";
    if (!f->limit.is_told)
        return none;
    room[0] = (struct souk_arg){ "limit", souk_bp(f->limit.bp) };
    room[1] = (struct souk_arg){ "n", souk_count(v->left ? v->left : v->over) };
    if (v->is_said && !is_by_rate(f) && v->left)
        key = f->limit.is_least ? "target_least_left" : "target_under_left";
    else if (v->is_said && !is_by_rate(f))
        key = f->limit.is_least ? "target_least_missed" : "target_under_missed";
    return (struct souk_msg){ key, { room, 2, 0 } };
}

static struct souk_value rate_of(const struct figure *f)
{
    const int is_told = !f->rows || is_by_rate(f) || souk_cell(f->rows, f->row, M_DEN)->type != SOUK_NONE;
    return is_told ? souk_rate(f->num, f->den) : souk_none();
}

struct behind {                                         /* the rows of a figure */
    const char *rows;
    struct souk_args args;
    struct souk_arg room[6];
};

static int behind_of(struct souk_call *call, const struct souk_market_now *m, const struct figure *f, struct behind *b)
{
    int64_t stars, since_s;
    b->args = (struct souk_args){ b->room, 3, 0 };
    b->room[0] = (struct souk_arg){ "market", souk_market(m->id) };
    if (f->rows) {
        b->rows = "history";
        b->room[1] = (struct souk_arg){ "metric", *souk_cell(f->rows, f->row, M_METRIC) };
        b->room[2] = (struct souk_arg){ "fulfilment", *souk_cell(f->rows, f->row, M_FULFILMENT) };
        return 0;
    }
    b->room[1] = (struct souk_arg){ "from", souk_day(f->own.from) };
    b->room[2] = (struct souk_arg){ "to", souk_day(f->own.to) };
    b->rows = souk_is_same(f->metric->id, "late") ? "ship_days" : "cancelled";
    if (!souk_is_same(f->metric->id, "defect"))
        return 0;
    int rc = negative_stars(call, m, &stars);
    if (rc >= 0)
        rc = call->query->day_start(call, m->id, f->own.from, &since_s);
    b->rows = "defects";
    b->args.n = 6;
    b->room[3] = (struct souk_arg){ "fulfilment", souk_text(f->fulfilment) };
    b->room[4] = (struct souk_arg){ "since", souk_instant(rc >= 0 ? since_s : 0) };
    b->room[5] = (struct souk_arg){ "stars", souk_count(rc >= 0 ? stars : 0) };
    return rc;
}

static struct souk_value by_of(const struct figure *f)
{
    return souk_text(*f->fulfilment ? f->fulfilment : "all");
}

void figure_fact(struct souk_call *call, const struct souk_market_now *m, const struct figure *f)
{
    struct behind b;
    if (behind_of(call, m, f, &b) < 0)
        return;
    const struct souk_value *source = f->rows ? souk_cell(f->rows, f->row, M_SOURCE) : NULL;
    const struct souk_args of = SOUK_ARGS({ "num", souk_count(f->num) }, { "den", souk_count(f->den) },
                                          { "what", souk_key(f->metric->of) });
    const struct souk_args at = SOUK_ARGS({ "at", at_market(f->rows ? souk_num(f->rows, f->row, M_AT, 0) : 0, m) });
    souk_fact(call, .label = SOUK_MSG(f->rows ? "figure_reported" : "figure_counted", { "metric", souk_key(f->metric->title) },
                                      { "by", by_of(f) }, { "days", souk_count(f->window) }),
              .value = rate_of(f), .tone = f->verdict.tone,
              .to = SOUK_TO(.widget = "health", .args = SOUK_ARGS({ "metric", souk_text(f->metric->id) })),
              .why = SOUK_WHY(.rows = b.rows, .args = b.args,
                              .formula = { is_by_rate(f) ? "why_rate" : f->rows ? "why_reported" : "why_counted", of },
                              .origin = { source ? origin_key(source) : NULL, at },
                              .policy = f->limit.policy, .market = m->id, .policy_day = f->limit.day));
}

static int figure_put(struct souk_call *call, const struct souk_market_now *m, const struct figure *f)
{
    struct behind b;
    struct souk_arg room[2];
    int rc = behind_of(call, m, f, &b);
    if (rc < 0)
        return rc;
    const struct souk_value *source = f->rows ? souk_cell(f->rows, f->row, M_SOURCE) : NULL;
    const struct souk_args of = SOUK_ARGS({ "num", souk_count(f->num) }, { "den", souk_count(f->den) },
                                          { "what", souk_key(f->metric->of) });
    const struct souk_args at = SOUK_ARGS({ "at", at_market(f->rows ? souk_num(f->rows, f->row, M_AT, 0) : 0, m) });
    souk_stat(call, .label = SOUK_MSG(f->rows ? "reported" : "counted", { "by", by_of(f) }, { "days", souk_count(f->window) }),
              .value = rate_of(f), .tone = f->verdict.tone, .note = note_of(f, room), .is_estimate = !f->rows,
              .to = SOUK_TO(.query = b.rows, .args = b.args),
              .why = SOUK_WHY(.rows = b.rows, .args = b.args,
                              .formula = { is_by_rate(f) ? "why_rate" : f->rows ? "why_reported" : "why_counted", of },
                              .origin = { source ? origin_key(source) : NULL, at },
                              .policy = f->limit.policy, .market = m->id, .policy_day = f->limit.day));
    return 0;
}

/* ---- a reported figure --------------------------------------------------------------------------- */

static void count_fact(struct souk_call *call, const struct souk_market_now *m, const struct figure *f, const char *label,
                       const struct souk_value *count)
{
    const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) },
                                          { "metric", *souk_cell(f->rows, f->row, M_METRIC) },
                                          { "fulfilment", *souk_cell(f->rows, f->row, M_FULFILMENT) });
    if (count->type != SOUK_NONE)
        souk_fact(call, .label = { label, { NULL, 0, 0 } }, .value = *count,
                  .why = SOUK_WHY(.rows = "history", .args = of, .formula = SOUK_MSG("why_count_reported")));
}

static struct souk_value status_word(const struct souk_value *status)
{
    static const struct { const char *status, *key; } words[] = {
        { "GOOD", "health.good" }, { "FAIR", "health.fair" }, { "BAD", "health.bad" }, { "NONE", "health.none" },
    };
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (souk_is(status, words[i].status))
            return souk_key(words[i].key);
    return *status;
}

/* Where the report says one thing in its rate, and another in its counts or by its target. */
static void contradictions(struct souk_call *call, const struct figure *f)
{
    const struct souk_rows *rows = f->rows;
    const int64_t num = souk_num(rows, f->row, M_NUM, 0), den = souk_num(rows, f->row, M_DEN, 0),
                  ppm = souk_num(rows, f->row, M_RATE_PPM, -1), target = souk_num(rows, f->row, M_TARGET_PPM, -1);
    if (ppm >= 0 && !has_counts(rows, f->row) && den > 0)
        souk_text_line(call, .text = SOUK_MSG("counts_cannot_be", { "num", souk_count(num) }, { "den", souk_count(den) },
                                              { "rate", souk_rate(ppm, 1000000) }));
    else if (ppm >= 0 && den > 0 && den < INT64_MAX / 1000100 && (num * 1000000 > (ppm + 100) * den ||
                                                                  num * 1000000 < (ppm - 100) * den))
        souk_text_line(call, .text = SOUK_MSG("rate_differs", { "num", souk_count(num) }, { "den", souk_count(den) },
                                              { "counted", souk_rate(num, den) }, { "rate", souk_rate(ppm, 1000000) }));
    if (f->limit.policy && target >= 0 && target != f->limit.bp * 100)
        souk_text_line(call, .text = SOUK_MSG("target_differs", { "target", souk_rate(target, 1000000) },
                                              { "limit", souk_bp(f->limit.bp) }));
}

static void window_put(struct souk_call *call, const struct souk_market_now *m, const struct figure *f)
{
    const struct souk_value at = at_market(souk_num(f->rows, f->row, M_AT, 0), m);
    const int64_t from = souk_num(f->rows, f->row, M_FROM, 0), to = souk_num(f->rows, f->row, M_TO, 0);
    if (from && to)
        souk_text_line(call, .text = SOUK_MSG("window_reported", { "from", at_market(from, m) }, { "to", at_market(to, m) },
                                              { "at", at }));
    else
        souk_text_line(call, .text = SOUK_MSG("as_of", { "at", at }));
}

static int reported_put(struct souk_call *call, const struct souk_market_now *m, const struct figure *f)
{
    const struct souk_value *status = souk_cell(f->rows, f->row, M_STATUS);
    int rc = figure_put(call, m, f);
    if (rc < 0)
        return rc;
    if (f->den > 0) {
        count_fact(call, m, f, f->metric->is_least ? "num_met" : "num_defects", souk_cell(f->rows, f->row, M_NUM));
        count_fact(call, m, f, f->metric->of, souk_cell(f->rows, f->row, M_DEN));
        count_fact(call, m, f, "part_negative", souk_cell(f->rows, f->row, M_NEGATIVE));
        count_fact(call, m, f, "part_claims", souk_cell(f->rows, f->row, M_CLAIMS));
        count_fact(call, m, f, "part_chargebacks", souk_cell(f->rows, f->row, M_CHARGEBACKS));
    }
    if (status->text.len)
        souk_fact(call, .label = SOUK_MSG("word_of_report"), .value = status_word(status));
    window_put(call, m, f);
    contradictions(call, f);
    return 0;
}

/* ---- a counted figure ---------------------------------------------------------------------------- */

/* Orders that have a part of the order defect rate; one with two of them stands in two parts and counts once. */
static void part_fact(struct souk_call *call, const struct behind *b, const char *label, int64_t orders)
{
    souk_fact(call, .label = { label, { NULL, 0, 0 } }, .value = souk_count(orders),
              .why = SOUK_WHY(.rows = b->rows, .args = b->args, .formula = { label, { NULL, 0, 0 } }));
}

static void late_list(struct souk_call *call, const struct souk_market_now *m, const struct late_days *days)
{
    if (!days->n)
        return;
    souk_fold(call, "late_days");
    souk_items(call, "newest_first");
    for (uint32_t i = days->n; i-- > 0;) {
        int64_t late_at_s = 0;
        call->query->day_start(call, m->id, days->at[i].late, &late_at_s);
        const struct souk_args of = SOUK_ARGS({ "market", souk_market(m->id) }, { "day", souk_day(days->at[i].day) },
                                              { "late_at", souk_instant(late_at_s) });
        souk_item(call, .title = SOUK_MSG("late_day", { "day", souk_day(days->at[i].day) },
                                          { "late", souk_day(days->at[i].late) }),
                  .value = souk_count(days->at[i].orders), .to = SOUK_TO(.query = "late_orders", .args = of),
                  .why = SOUK_WHY(.rows = "late_orders", .args = of, .formula = SOUK_MSG("late_orders_about"),
                                  .policy = "ship.handling_days", .market = m->id, .policy_day = days->at[i].day));
        souk_end(call);
    }
    souk_end(call);
    souk_end(call);
}

static void counted_parts(struct souk_call *call, const struct souk_market_now *m, const struct figure *f)
{
    const struct own *own = &f->own;
    struct behind b;
    if (behind_of(call, m, f, &b) < 0)
        return;
    if (souk_is_same(f->metric->id, "defect")) {
        part_fact(call, &b, "part_negative", own->feedback);
        part_fact(call, &b, "part_claims", own->a_to_z);
        part_fact(call, &b, "part_chargebacks", own->chargebacks);
    }
    if (own->waiting)
        part_fact(call, &b, "late_waiting", own->waiting);
    if (own->unsure)
        part_fact(call, &b, "late_unsure", own->unsure);
    souk_text_line(call, .text = SOUK_MSG("window_counted", { "from", souk_day(own->from) }, { "to", souk_day(own->to) }));
    if (own->oldest >= 0)
        souk_fact(call, .label = SOUK_MSG("leaves"), .value = souk_day(own->oldest + f->window),
                  .why = SOUK_WHY(.rows = b.rows, .args = b.args,
                                  .formula = SOUK_MSG("leaves_why", { "day", souk_day(own->oldest) },
                                                      { "days", souk_count(f->window) }),
                                  .policy = f->metric->windows, .market = m->id, .policy_day = m->today));
}

static int counted_put(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric, int *n)
{
    static const char *const all[] = { "all", "seller", "marketplace" };
    const int is_defect = souk_is_same(metric->id, "defect");
    struct late_days days = { .n = 0 };
    int rc = 1;
    for (int i = 0; i < (is_defect ? 3 : WINDOWS) && rc > 0; i++) {
        struct figure f;
        rc = figure_counted(call, m, metric, is_defect ? 0 : i, is_defect ? all[i] : "", &f);
        if (rc <= 0)
            break;
        rc = figure_put(call, m, &f);
        if (rc < 0)
            break;
        if (!is_defect || i == 0)
            counted_parts(call, m, &f);
        if (souk_is_same(metric->id, "late"))
            rc = own_late(call, m, f.window, &f.own, &days);
        *n += 1;
        rc = rc < 0 ? rc : 1;
    }
    if (rc >= 0)
        late_list(call, m, &days);
    return rc < 0 ? rc : 0;
}

/* ---- over time ----------------------------------------------------------------------------------- */

enum { H_AT, H_NUM, H_DEN, H_RATE_PPM };                /* columns of "points" */

/* One point for each report, the last HISTORY_ROWS of them. */
static int history_put(struct souk_call *call, const struct souk_market_now *m, const struct figure *f)
{
    struct souk_value cell[HISTORY_ROWS * 3];
    struct souk_rows rows;
    uint32_t n = 0;
    struct behind b;
    int rc = behind_of(call, m, f, &b);
    if (rc >= 0)
        rc = souk_query(call, &rows, "points", { "market", b.room[0].value }, { "metric", b.room[1].value },
                        { "fulfilment", b.room[2].value }, { "limit", souk_count(HISTORY_ROWS) });
    for (uint32_t i = rows.n_rows; i-- > 0 && rc >= 0;) {
        const int64_t num = souk_num(&rows, i, H_NUM, -1), den = souk_num(&rows, i, H_DEN, 0),
                      ppm = souk_num(&rows, i, H_RATE_PPM, -1);
        int32_t day, second;
        if (num < 0 || den < num || den <= 0) {
            if (ppm < 0)
                continue;
            cell[n * 3 + 1] = souk_rate(ppm, 1000000);
        } else {
            cell[n * 3 + 1] = souk_rate(num, den);
        }
        rc = call->query->local(call, m->id, souk_num(&rows, i, H_AT, 0), &day, &second);
        cell[n * 3] = souk_day(day);
        cell[n * 3 + 2] = f->limit.is_told ? souk_rate(f->limit.bp, 10000) : souk_none();
        n++;
    }
    if (rc >= 0 && n > 1)
        souk_chart(call, .kind = SOUK_LINE, .title = SOUK_MSG("history_of", { "by", by_of(f) }),
                   .rows = { "day:day rate:rate limit:rate", cell, 3, n, 0, 0 },
                   .why = SOUK_WHY(.rows = b.rows, .args = b.args, .formula = SOUK_MSG("history_why")));
    return rc < 0 ? rc : 0;
}

/* ---- the whole ----------------------------------------------------------------------------------- */

/* What the counted figure cannot know, and what else makes it differ from the reported one. */
static void differences(struct souk_call *call, const struct metric *metric)
{
    static const char *const defect[] = { "differ_defect_stars", "differ_defect_claims", "differ_defect_orders", "differ_window" };
    static const char *const late[] = { "differ_late_moment", "differ_late_promise", "differ_late_orders", "differ_window" };
    static const char *const cancel[] = { "differ_cancel_who", "differ_cancel_items", "differ_cancel_pending", "differ_window" };
    const char *const *line = souk_is_same(metric->id, "defect") ? defect : souk_is_same(metric->id, "late") ? late : cancel;
    souk_fold(call, "differ");
    for (int i = 0; i < 4; i++)
        souk_text_line(call, .text = { line[i], { NULL, 0, 0 } });
    souk_end(call);
}

/* The window that the policy asks for, of metrics that Souk cannot count. */
static int window_of_policy(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric)
{
    int32_t window[WINDOWS];
    struct souk_policy lag;
    int rc = metric->windows ? windows_of(call, m->id, metric->windows, m->today, window) : 0;
    if (rc <= 0)
        return rc;
    int64_t days = souk_policy(call, m->id, metric->lag, m->today, &lag) >= 0 ? lag.value.num : 0;
    for (int i = 0; i < rc; i++)
        souk_text_line(call, .text = SOUK_MSG("window_lag", { "days", souk_count(window[i]) }, { "lag", souk_count(days) },
                                              { "from", souk_day((int32_t)(m->today - days - window[i])) },
                                              { "to", souk_day((int32_t)(m->today - days - 1)) }));
    return 0;
}

int metric_put(struct souk_call *call, const struct souk_market_now *m, const struct metric *metric,
               const struct souk_rows *rows)
{
    int reported = 0, counted = 0, rc = 0;
    souk_section(call, metric->title);
    for (uint32_t i = 0; i < rows->n_rows && rc >= 0; i++) {
        struct figure f;
        if (!souk_is(souk_cell(rows, i, M_METRIC), metric->id) || is_repeated(rows, i))
            continue;
        rc = figure_of_row(call, m, rows, i, metric, &f);
        if (rc >= 0)
            rc = reported_put(call, m, &f);
        if (rc >= 0)
            rc = history_put(call, m, &f);
        reported++;
    }
    if (rc >= 0 && metric->is_counted && m->data_until_s)
        rc = counted_put(call, m, metric, &counted);
    if (rc >= 0 && !metric->is_counted) {
        souk_text_line(call, .text = SOUK_MSG(reported ? "not_countable" : "not_reported"));
        rc = window_of_policy(call, m, metric);
    }
    if (rc >= 0 && counted)
        differences(call, metric);
    souk_end(call);
    return rc;
}
