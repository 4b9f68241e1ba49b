/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.c: feedback, the marketplace's feedback table, account health.
 *
 * in:     one feedback, count, report or metric, from an import or a command
 * out:    feedback, feedback_count, health, health_metric; notices of what got worse or better
 * knows:  record, notice, policy, mask
 */
#include "health.h"

#include <string.h>
#include <strings.h>

#include "base/zone.h"
#include "mask.h"
#include "notice.h"
#include "touched.h"

/* ---- feedback -------------------------------------------------------------------------------- */

static const struct fact_table feedbacks = {
    .sql_get =
        "SELECT told_s, market_no, day, stars, comment, response, removal_s, removed_s FROM feedback"
        " WHERE order_id = :order_id",
    .sql_put =
        "INSERT INTO feedback (order_id, told_s, market_no, day, stars, comment, response, removal_s, removed_s)"
        " VALUES (:order_id, :told_s, coalesce(:market_no, 0), coalesce(:day, 0), coalesce(:stars, 0),"
        "         coalesce(:comment, ''), coalesce(:response, ''), :removal_s, :removed_s)"
        " ON CONFLICT (order_id) DO UPDATE"
        " SET told_s = excluded.told_s, market_no = coalesce(:market_no, feedback.market_no),"
        "     day = coalesce(:day, feedback.day), stars = coalesce(:stars, feedback.stars),"
        "     comment = coalesce(:comment, feedback.comment), response = coalesce(:response, feedback.response),"
        "     removal_s = coalesce(:removal_s, feedback.removal_s),"
        "     removed_s = coalesce(:removed_s, feedback.removed_s)",
    .n_keys = 1, .n_facts = 7, .has_told = true, .area = TOUCHED_FEEDBACK,
};

bool feedback_is_known(struct db *db, const char *order_id)
{
    struct err ignored = { 0 };
    struct stmt *get = stmt_of(db, feedbacks.sql_get, &ignored);
    if (!get)
        return false;
    bind_text(get, 1, order_id);
    int rc = stmt_step(db, get, &ignored);
    stmt_reset(get);
    return rc > 0;
}

int feedback_put(struct record_to *to, const struct feedback_row *row, struct err *err)
{
    const struct market *market;
    int64_t market_no;
    int rc = record_market_of_order(to, row->order_id, &market, err);
    if (rc < 0)
        return rc;
    market = market ? market : row->market;
    if (!feedback_is_known(to->db, row->order_id) && (!market || !row->day.is_told || !row->stars.is_told))
        return err_set(err, ERR_INPUT, "There is no feedback on order %.60s yet; a new one needs its marketplace,"
                       " day and stars.", row->order_id);
    rc = record_market(to, market, &market_no, err);
    if (rc < 0)
        return rc;
    struct arena *tmp = arena_new("feedback", 1024);
    const struct fact key = fact_text(row->order_id);
    const struct fact fact[] = {
        fact_instant(market_no), fact_number(row->day), fact_number(row->stars),
        fact_text(mask_text(tmp, row->comment, NULL)), fact_text(mask_text(tmp, row->response, NULL)),
        fact_instant(row->removal_s), fact_instant(row->removed_s),
    };
    rc = facts_put(to, &feedbacks, &key, row->told_s ? row->told_s : FACTS_BY_HAND, fact, NULL, err);
    arena_free(tmp);
    return rc;
}

static const struct fact_table feedback_counts = {
    .sql_get =
        "SELECT positive, neutral, negative, stars_100, source FROM feedback_count"
        " WHERE market_no = :market_no AND day = :day AND window_days = :window_days",
    .sql_put =
        "INSERT INTO feedback_count (market_no, day, window_days, positive, neutral, negative, stars_100, source)"
        " VALUES (:market_no, :day, :window_days, coalesce(:positive, 0), coalesce(:neutral, 0),"
        "         coalesce(:negative, 0), :stars_100, coalesce(:source, ''))"
        " ON CONFLICT (market_no, day, window_days) DO UPDATE"
        " SET positive = coalesce(:positive, feedback_count.positive),"
        "     neutral = coalesce(:neutral, feedback_count.neutral),"
        "     negative = coalesce(:negative, feedback_count.negative),"
        "     stars_100 = coalesce(:stars_100, feedback_count.stars_100),"
        "     source = coalesce(:source, feedback_count.source)",
    .n_keys = 3, .n_facts = 5, .area = TOUCHED_FEEDBACK,
};

int feedback_count_put(struct record_to *to, const struct feedback_count_row *row, struct err *err)
{
    int64_t market_no;
    int rc = record_market(to, row->market, &market_no, err);
    if (rc < 0)
        return rc;
    const struct fact key[] = { FACT_INT(market_no), FACT_INT(row->day), FACT_INT(row->window_days) };
    const struct fact fact[] = {
        FACT_INT(row->positive), FACT_INT(row->neutral), FACT_INT(row->negative), fact_number(row->stars_100),
        fact_text(row->source),
    };
    return facts_put(to, &feedback_counts, key, 0, fact, NULL, err);
}

/* ---- reports --------------------------------------------------------------------------------- */

static const struct fact_table reports = {
    .sql_get =
        "SELECT status, rating, rating_status, source FROM health"
        " WHERE market_no = :market_no AND at_s = :at_s",
    .sql_put =
        "INSERT INTO health (market_no, at_s, status, rating, rating_status, source)"
        " VALUES (:market_no, :at_s, coalesce(:status, ''), :rating, :rating_status, coalesce(:source, ''))"
        " ON CONFLICT (market_no, at_s) DO UPDATE"
        " SET status = coalesce(:status, health.status), rating = coalesce(:rating, health.rating),"
        "     rating_status = coalesce(:rating_status, health.rating_status),"
        "     source = coalesce(:source, health.source)",
    .n_keys = 2, .n_facts = 4, .area = TOUCHED_HEALTH,
};

int health_put(struct record_to *to, const struct health_row *row, struct err *err)
{
    int64_t market_no;
    int rc = record_market(to, row->market, &market_no, err);
    if (rc < 0)
        return rc;
    const struct fact key[] = { FACT_INT(market_no), FACT_INT(row->at_s) };
    const struct fact fact[] = {
        fact_text(row->status), fact_number(row->rating), fact_text(row->rating_status), fact_text(row->source),
    };
    return facts_put(to, &reports, key, 0, fact, NULL, err);
}

static const struct fact_table metrics = {
    .sql_get =
        "SELECT num, den, claims, chargebacks, negative, rate_ppm, target_ppm, condition, status, from_s, to_s"
        " FROM health_metric"
        " WHERE market_no = :market_no AND at_s = :at_s AND metric = :metric AND fulfilment = :fulfilment",
    .sql_put =
        "INSERT INTO health_metric (market_no, at_s, metric, fulfilment, num, den, claims, chargebacks, negative,"
        "                           rate_ppm, target_ppm, condition, status, from_s, to_s)"
        " VALUES (:market_no, :at_s, :metric, :fulfilment, :num, :den, :claims, :chargebacks, :negative, :rate_ppm,"
        "         :target_ppm, :condition, coalesce(:status, ''), :from_s, :to_s)"
        " ON CONFLICT (market_no, at_s, metric, fulfilment) DO UPDATE"
        " SET num = coalesce(:num, health_metric.num), den = coalesce(:den, health_metric.den),"
        "     claims = coalesce(:claims, health_metric.claims),"
        "     chargebacks = coalesce(:chargebacks, health_metric.chargebacks),"
        "     negative = coalesce(:negative, health_metric.negative),"
        "     rate_ppm = coalesce(:rate_ppm, health_metric.rate_ppm),"
        "     target_ppm = coalesce(:target_ppm, health_metric.target_ppm),"
        "     condition = coalesce(:condition, health_metric.condition),"
        "     status = coalesce(:status, health_metric.status),"
        "     from_s = coalesce(:from_s, health_metric.from_s), to_s = coalesce(:to_s, health_metric.to_s)",
    .n_keys = 4, .n_facts = 11, .area = TOUCHED_HEALTH,
};

int health_metric_put(struct record_to *to, const struct health_metric_row *row, struct err *err)
{
    int64_t market_no;
    int rc = record_market(to, row->market, &market_no, err);
    if (rc < 0)
        return rc;
    const struct fact key[] = {
        FACT_INT(market_no), FACT_INT(row->at_s), fact_text(row->metric),
        fact_text(row->fulfilment ? row->fulfilment : ""),
    };
    const struct fact fact[] = {
        fact_number(row->num), fact_number(row->den), fact_number(row->claims), fact_number(row->chargebacks),
        fact_number(row->negative), fact_number(row->rate_ppm), fact_number(row->target_ppm), fact_text(row->condition),
        fact_text(row->status), fact_instant(row->from_s), fact_instant(row->to_s),
    };
    return facts_put(to, &metrics, key, 0, fact, NULL, err);
}

/* ---- what got worse, what got better --------------------------------------------------------- */

enum rank { RANK_UNKNOWN = -1, RANK_NONE, RANK_GOOD, RANK_WATCH, RANK_BAD };

/* Words of account states, ratings and metrics; the marketplace may come up with others. */
static enum rank rank_of(const char *word)
{
    static const struct { const char *word; enum rank rank; } words[] = {
        { "", RANK_NONE },              { "NONE", RANK_NONE },          { "UNKNOWN", RANK_NONE },
        { "GOOD", RANK_GOOD },          { "NORMAL", RANK_GOOD },        { "HEALTHY", RANK_GOOD },
        { "GREAT", RANK_GOOD },
        { "FAIR", RANK_WATCH },         { "WARNED", RANK_WATCH },       { "WARNING", RANK_WATCH },
        { "AT_RISK", RANK_WATCH },
        { "BAD", RANK_BAD },            { "POOR", RANK_BAD },           { "UNHEALTHY", RANK_BAD },
        { "CRITICAL", RANK_BAD },       { "SUSPENDED", RANK_BAD },      { "DEACTIVATED", RANK_BAD },
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(word, words[i].word) == 0)
            return words[i].rank;
    return RANK_UNKNOWN;
}

struct state {                                          /* of one thing, before and now */
    const char *metric, *fulfilment, *before, *after;
};

static int say_change(struct record_to *to, struct arena *tmp, const struct market *market, int64_t at_s,
                      const struct state *s, struct err *err)
{
    enum rank was = rank_of(s->before), is = rank_of(s->after);
    if (strcasecmp(s->before, s->after) == 0 || is == RANK_NONE || (was == RANK_NONE && is == RANK_GOOD) ||
        (was == is && is == RANK_GOOD))
        return 0;
    bool is_unknown = was == RANK_UNKNOWN || is == RANK_UNKNOWN || was == is, is_worse = !is_unknown && is > was;
    bool is_account = text_is(s->metric, "account");
    const struct notice_row row = {
        .notice_id = arena_printf(tmp, "health:%s:%lld:%s:%s", market->id, (long long)at_s, s->metric, s->fulfilment),
        .at_s = at_s, .class = is_account ? "account" : "metric",
        .kind = is_unknown ? "health.changed" : is_worse ? "health.worse" : "health.better",
        .severity = is_unknown || (is_worse && is == RANK_WATCH) ? "watch" : is_worse ? "bad" : "info",
        .market = market, .before = s->before, .after = s->after,
        .subject = *s->fulfilment ? arena_printf(tmp, "%s:%s", s->metric, s->fulfilment) : s->metric,
        .ref = arena_printf(tmp, "metric:%s", s->metric), .source = "report",
    };
    return notice_put(to, &row, NULL, err);
}

static const char sql_states[] =
    "SELECT m.metric, m.fulfilment, m.status,"
    "       (SELECT b.status FROM health_metric b"
    "        WHERE b.market_no = m.market_no AND b.at_s < m.at_s AND b.metric = m.metric"
    "          AND b.fulfilment = m.fulfilment"
    "        ORDER BY b.at_s DESC LIMIT 1)"
    " FROM health_metric m"
    " WHERE m.market_no = :market_no AND m.at_s = :at_s"
    "   AND NOT EXISTS (SELECT 1 FROM health_metric n"
    "                   WHERE n.market_no = m.market_no AND n.at_s > m.at_s AND n.metric = m.metric"
    "                     AND n.fulfilment = m.fulfilment)"
    " ORDER BY m.metric, m.fulfilment";

static int compare_metrics(struct record_to *to, struct arena *tmp, const struct market *market, int64_t market_no,
                           int64_t at_s, struct err *err)
{
    struct stmt *states = stmt_of(to->db, sql_states, err);
    if (!states)
        return -err->code;
    bind_int(states, 1, market_no);
    bind_int(states, 2, at_s);
    int rc;
    while ((rc = stmt_step(to->db, states, err)) > 0) {
        const struct state s = {
            arena_text(tmp, stmt_text(states, 0)), arena_text(tmp, stmt_text(states, 1)),
            arena_text(tmp, stmt_text(states, 3)), arena_text(tmp, stmt_text(states, 2)),
        };
        if (!stmt_is_null(states, 3) && (rc = say_change(to, tmp, market, at_s, &s, err)) < 0)
            break;
    }
    stmt_reset(states);
    return rc < 0 ? rc : 0;
}

/* The report at an instant, the last one before it that tells the same, and whether a later one does, too. */
#define TELLS(what) \
    "SELECT status, rating, rating_status, at_s FROM health" \
    " WHERE market_no = :market_no AND at_s " what

static const char sql_account[] = TELLS("<= :at_s") " AND status <> '' ORDER BY at_s DESC LIMIT 2";
static const char sql_account_later[] = TELLS("> :at_s") " AND status <> '' LIMIT 1";
static const char sql_rating[] =
    TELLS("<= :at_s") " AND (rating IS NOT NULL OR rating_status <> '') ORDER BY at_s DESC LIMIT 2";
static const char sql_rating_later[] = TELLS("> :at_s") " AND (rating IS NOT NULL OR rating_status <> '') LIMIT 1";

/* "" when the policy of that day has no bands. */
static const char *band_of(struct record_to *to, struct arena *tmp, const struct market *market, int64_t at_s,
                           int64_t rating)
{
    static const struct { const char *key, *word; } bands[] = {
        { "rating.healthy", "HEALTHY" }, { "rating.at_risk", "AT_RISK" },
    };
    struct err ignored = { 0 };
    struct policy_line line;
    const struct zone *z = zone_get(market->zone, &ignored);
    for (size_t i = 0; z && to->policies && i < COUNT_OF(bands); i++) {
        if (policy_get(to->policies, tmp, market->code, bands[i].key, zone_day(z, at_s), &line, &ignored) < 0 ||
            line.type != POLICY_COUNT)
            return "";
        if (rating >= line.number)
            return bands[i].word;
    }
    return z && to->policies ? "UNHEALTHY" : "";
}

static const char *word_of(struct record_to *to, struct arena *tmp, const struct market *market,
                           const struct stmt *row, bool is_account)
{
    if (is_account)
        return arena_text(tmp, stmt_text(row, 0));
    const char *word = stmt_text(row, 2);
    if (*word || stmt_is_null(row, 1))
        return arena_text(tmp, word);
    return band_of(to, tmp, market, stmt_int(row, 3), stmt_int(row, 1));
}

static int compare_report(struct record_to *to, struct arena *tmp, const struct market *market, int64_t market_no,
                          int64_t at_s, bool is_account, struct err *err)
{
    struct stmt *two = stmt_of(to->db, is_account ? sql_account : sql_rating, err);
    struct stmt *later = stmt_of(to->db, is_account ? sql_account_later : sql_rating_later, err);
    struct state s = { is_account ? "account" : "rating", "", "", "" };
    if (!two || !later)
        return -err->code;
    bind_int(later, 1, market_no);
    bind_int(later, 2, at_s);
    int rc = stmt_step(to->db, later, err);
    stmt_reset(later);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    bind_int(two, 1, market_no);
    bind_int(two, 2, at_s);
    bool is_told = false;
    rc = stmt_step(to->db, two, err);
    if (rc > 0 && stmt_int(two, 3) == at_s) {
        s.after = word_of(to, tmp, market, two, is_account);
        rc = stmt_step(to->db, two, err);
        is_told = rc > 0;
        if (is_told)
            s.before = word_of(to, tmp, market, two, is_account);
    }
    stmt_reset(two);
    if (rc >= 0 && is_told)
        rc = say_change(to, tmp, market, at_s, &s, err);
    return rc < 0 ? rc : 0;
}

int health_compare(struct record_to *to, const struct market *market, int64_t at_s, struct err *err)
{
    struct arena *tmp = arena_new("health", 1024);
    int64_t market_no;
    int rc = record_market(to, market, &market_no, err);
    if (rc == 0)
        rc = compare_report(to, tmp, market, market_no, at_s, true, err);
    if (rc == 0)
        rc = compare_report(to, tmp, market, market_no, at_s, false, err);
    if (rc == 0)
        rc = compare_metrics(to, tmp, market, market_no, at_s, err);
    arena_free(tmp);
    return rc;
}
