/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_health.c: feedback, account health and notices of a file.
 *
 * in:     rows of kind feedback, feedback_count, health, health_metric and notice
 * out:    each row, checked, to health.h and notice.h, which write it
 * knows:  the store's maps, health, notice
 */
#include "health.h"
#include "notice.h"
#include "store_in.h"

/* ---- columns --------------------------------------------------------------------------------- */

enum { FB_LINE, FB_MARKET, FB_ORDER, FB_DAY, FB_STARS, FB_COMMENT, FB_RESPONSE, FB_COLUMNS };

const struct store_column feedback_columns[FEEDBACK_COLUMNS] = {
    [FB_LINE]     = { "line", "count", "line of the file", true },
    [FB_MARKET]   = { "market", "market", "where; not told: of the order, else of the file", false },
    [FB_ORDER]    = { "order", "text", "the order; it has one feedback", true },
    [FB_DAY]      = { "day", "day", "when it was given", true },
    [FB_STARS]    = { "stars", "count", "1 to 5", true },
    [FB_COMMENT]  = { "comment", "text", "as written; card numbers are masked", false },
    [FB_RESPONSE] = { "response", "text", "the seller's", false },
};
_Static_assert((int)FB_COLUMNS == (int)FEEDBACK_COLUMNS, "store_in.h counts the columns");

enum { FC_LINE, FC_MARKET, FC_DAY, FC_WINDOW_DAYS, FC_POSITIVE, FC_NEUTRAL, FC_NEGATIVE, FC_STARS_100, FC_COLUMNS };

const struct store_column feedback_count_columns[FEEDBACK_COUNT_COLUMNS] = {
    [FC_LINE]        = { "line", "count", "line of the file", true },
    [FC_MARKET]      = { "market", "market", "where; needed unless the file has a market", false },
    [FC_DAY]         = { "day", "day", "as of", true },
    [FC_WINDOW_DAYS] = { "window_days", "count", "30, 90, 365; 0: lifetime", true },
    [FC_POSITIVE]    = { "positive", "count", "4 and 5 stars", true },
    [FC_NEUTRAL]     = { "neutral", "count", "3 stars", true },
    [FC_NEGATIVE]    = { "negative", "count", "1 and 2 stars", true },
    [FC_STARS_100]   = { "stars_100", "count", "stars as the marketplace shows them, in hundredths: 480 is 4.8", false },
};
_Static_assert((int)FC_COLUMNS == (int)FEEDBACK_COUNT_COLUMNS, "store_in.h counts the columns");

enum { HE_LINE, HE_MARKET, HE_AT, HE_STATUS, HE_RATING, HE_RATING_STATUS, HE_COLUMNS };

const struct store_column health_columns[HEALTH_COLUMNS] = {
    [HE_LINE]          = { "line", "count", "line of the file", true },
    [HE_MARKET]        = { "market", "market", "whose", true },
    [HE_AT]            = { "at", "instant", "as of: the latest instant that the report names", true },
    [HE_STATUS]        = { "status", "text", "of the account, as the report words it: an open set", false },
    [HE_RATING]        = { "rating", "count", "account health rating, 0 to 1000", false },
    [HE_RATING_STATUS] = { "rating_status", "text", "as the report words it: an open set", false },
};
_Static_assert((int)HE_COLUMNS == (int)HEALTH_COLUMNS, "store_in.h counts the columns");

enum { HM_LINE, HM_MARKET, HM_AT, HM_METRIC, HM_FULFILMENT, HM_NUM, HM_DEN, HM_CLAIMS, HM_CHARGEBACKS,
       HM_NEGATIVE, HM_RATE_PPM, HM_TARGET_PPM, HM_CONDITION, HM_STATUS, HM_FROM, HM_TO, HM_COLUMNS };

const struct store_column health_metric_columns[HEALTH_METRIC_COLUMNS] = {
    [HM_LINE]        = { "line", "count", "line of the file", true },
    [HM_MARKET]      = { "market", "market", "whose", true },
    [HM_AT]          = { "at", "instant", "as of: the same as of its record health", true },
    [HM_METRIC]      = { "metric", "text", "defect, late, cancel, tracking, delivery, invoice, or as the report"
                         " names it", true },
    [HM_FULFILMENT]  = { "fulfilment", "text", "seller, marketplace; not told where it does not apply", false },
    [HM_NUM]         = { "num", "count", "defects, or what is counted", false },
    [HM_DEN]         = { "den", "count", "orders or shipments; not told for a plain count", false },
    [HM_CLAIMS]      = { "claims", "count", "part of the order defect rate", false },
    [HM_CHARGEBACKS] = { "chargebacks", "count", "part of the order defect rate", false },
    [HM_NEGATIVE]    = { "negative", "count", "part of the order defect rate", false },
    [HM_RATE_PPM]    = { "rate_ppm", "count", "as the report says it, in millionths", false },
    [HM_TARGET_PPM]  = { "target_ppm", "count", "in millionths; of a plain count: the count", false },
    [HM_CONDITION]   = { "condition", "text", "LESS_THAN, GREATER_THAN, EQUALS", false },
    [HM_STATUS]      = { "status", "text", "GOOD, BAD, NONE ...: an open set", true },
    [HM_FROM]        = { "from", "instant", "first of the window", false },
    [HM_TO]          = { "to", "instant", "last of the window", false },
};
_Static_assert((int)HM_COLUMNS == (int)HEALTH_METRIC_COLUMNS, "store_in.h counts the columns");

enum { NO_LINE, NO_NOTICE_ID, NO_AT, NO_CLASS, NO_KIND, NO_SEVERITY, NO_MARKET, NO_SUBJECT, NO_BEFORE,
       NO_AFTER, NO_REF, NO_DEADLINE, NO_AMOUNT, NO_SOURCE, NO_COLUMNS };

const struct store_column notice_columns[NOTICE_COLUMNS] = {
    [NO_LINE]      = { "line", "count", "line of the file", true },
    [NO_NOTICE_ID] = { "notice_id", "text", "of the source: the same again is no news", true },
    [NO_AT]        = { "at", "instant", "when it happened", true },
    [NO_CLASS]     = { "class", "text", "account, policy, infringement, metric, listing, pricing, fee, payment,"
                       " import, mail, holiday: an open set", true },
    [NO_KIND]      = { "kind", "text", "as the source calls it: ACCOUNT_STATUS_CHANGED ...", true },
    [NO_SEVERITY]  = { "severity", "text", "info, watch, bad", true },
    [NO_MARKET]    = { "market", "market", "where it applies", false },
    [NO_SUBJECT]   = { "subject", "text", "what it is about: a name, a subject, a metric", true },
    [NO_BEFORE]    = { "before", "text", "state before", false },
    [NO_AFTER]     = { "after", "text", "state now, or a text", false },
    [NO_REF]       = { "ref", "text", "what it leads to: order:303-1, sku:A-1", false },
    [NO_DEADLINE]  = { "deadline", "instant", "until when something is to be done", false },
    [NO_AMOUNT]    = { "amount", "money", "at stake, where known", false },
    [NO_SOURCE]    = { "source", "text", "notification, report, mail; not told: notification", false },
};
_Static_assert((int)NO_COLUMNS == (int)NOTICE_COLUMNS, "store_in.h counts the columns");

/* ---- feedback -------------------------------------------------------------------------------- */

static int check_between(struct store *s, const struct row *r, int column, int64_t least, int64_t most)
{
    int64_t n = row_int(r, column, least);
    if (n < least || n > most)
        return row_refuse(s, r, column, "reject.range", { "number", souk_count(n) });
    return 0;
}

int feedback_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market, *of_order = NULL;
    char currency[4] = "";
    int rc = row_check_types(s, r, FB_COLUMNS, currency);
    if (rc == 0)
        rc = row_check_key(s, r, FB_ORDER);
    if (rc == 0 && !row_word(s, r, FB_ORDER))
        rc = row_refuse(s, r, FB_ORDER, "reject.needed");
    if (rc == 0)
        rc = check_between(s, r, FB_STARS, 1, 5);
    if (rc == 0)
        rc = row_market(s, r, FB_MARKET, false, &market);
    if (rc == 0 && !market && !feedback_is_known(s->db, row_word(s, r, FB_ORDER))) {
        rc = record_market_of_order(&s->to, row_word(s, r, FB_ORDER), &of_order, err);
        if (rc == 0 && !of_order)
            rc = row_refuse(s, r, FB_MARKET, "reject.needed");
    }
    if (rc != 0)
        return rc;
    const struct feedback_row row = {
        .order_id = row_word(s, r, FB_ORDER), .market = market, .day = row_number(r, FB_DAY),
        .stars = row_number(r, FB_STARS), .comment = row_word(s, r, FB_COMMENT),
        .response = row_word(s, r, FB_RESPONSE), .told_s = s->told_s,
    };
    return put_outcome(feedback_put(&s->to, &row, err));
}

int feedback_count_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, FC_COLUMNS, currency);
    for (int i = FC_WINDOW_DAYS; i <= FC_NEGATIVE && rc == 0; i++)
        rc = check_between(s, r, i, 0, i == FC_WINDOW_DAYS ? 3660 : INT32_MAX);
    if (rc == 0)
        rc = check_between(s, r, FC_STARS_100, 100, 500);
    if (rc == 0)
        rc = row_market(s, r, FC_MARKET, true, &market);
    if (rc != 0)
        return rc;
    const struct feedback_count_row row = {
        .market = market, .day = (int32_t)row_int(r, FC_DAY, 0), .window_days = row_int(r, FC_WINDOW_DAYS, 0),
        .positive = row_int(r, FC_POSITIVE, 0), .neutral = row_int(r, FC_NEUTRAL, 0),
        .negative = row_int(r, FC_NEGATIVE, 0), .stars_100 = row_number(r, FC_STARS_100), .source = "report",
    };
    return put_outcome(feedback_count_put(&s->to, &row, err));
}

/* ---- account health -------------------------------------------------------------------------- */

/* A report is compared with the one before when all of it is there. */
static void report_note(struct store *s, const struct market *market, int64_t at_s)
{
    for (size_t i = 0; i < s->n_reports; i++)
        if (s->report[i].market == market && s->report[i].at_s == at_s)
            return;
    s->report = base_grow(s->report, (s->n_reports + 1) * sizeof *s->report);
    s->report[s->n_reports++] = (struct store_report){ market, at_s };
}

int reports_compare(struct store *s, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < s->n_reports && rc >= 0; i++)
        rc = health_compare(&s->to, s->report[i].market, s->report[i].at_s, err);
    return rc;
}

int health_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, HE_COLUMNS, currency);
    if (rc == 0)
        rc = check_between(s, r, HE_RATING, 0, 1000);
    if (rc == 0)
        rc = row_market(s, r, HE_MARKET, true, &market);
    if (rc != 0)
        return rc;
    const struct health_row row = {
        .market = market, .at_s = row_int(r, HE_AT, 0), .status = row_word(s, r, HE_STATUS),
        .rating = row_number(r, HE_RATING), .rating_status = row_word(s, r, HE_RATING_STATUS), .source = "report",
    };
    rc = health_put(&s->to, &row, err);
    if (rc > 0)
        report_note(s, market, row.at_s);
    return put_outcome(rc);
}

int health_metric_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, HM_COLUMNS, currency);
    if (rc == 0)
        rc = row_check_key(s, r, HM_METRIC);
    if (rc == 0 && !row_word(s, r, HM_METRIC))
        rc = row_refuse(s, r, HM_METRIC, "reject.needed");
    if (rc == 0)
        rc = row_check_word(s, r, HM_FULFILMENT, "seller marketplace");
    if (rc == 0)
        rc = row_market(s, r, HM_MARKET, true, &market);
    if (rc != 0)
        return rc;
    const struct health_metric_row row = {
        .market = market, .at_s = row_int(r, HM_AT, 0), .metric = row_word(s, r, HM_METRIC),
        .fulfilment = row_word(s, r, HM_FULFILMENT), .num = row_number(r, HM_NUM), .den = row_number(r, HM_DEN),
        .claims = row_number(r, HM_CLAIMS), .chargebacks = row_number(r, HM_CHARGEBACKS),
        .negative = row_number(r, HM_NEGATIVE), .rate_ppm = row_number(r, HM_RATE_PPM),
        .target_ppm = row_number(r, HM_TARGET_PPM), .condition = row_word(s, r, HM_CONDITION),
        .status = row_word(s, r, HM_STATUS), .from_s = row_int(r, HM_FROM, 0), .to_s = row_int(r, HM_TO, 0),
    };
    rc = health_metric_put(&s->to, &row, err);
    if (rc > 0)
        report_note(s, market, row.at_s);
    return put_outcome(rc);
}

/* ---- notices --------------------------------------------------------------------------------- */

int notice_row_put(struct store *s, const struct row *r, struct err *err)
{
    static const int needed[] = { NO_NOTICE_ID, NO_CLASS, NO_KIND, NO_SEVERITY };
    static const int keys[] = { NO_NOTICE_ID, NO_CLASS, NO_KIND, NO_REF, NO_SOURCE };
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, NO_COLUMNS, currency);
    for (size_t i = 0; i < COUNT_OF(needed) && rc == 0; i++)
        if (!row_word(s, r, needed[i]))
            rc = row_refuse(s, r, needed[i], "reject.needed");
    for (size_t i = 0; i < COUNT_OF(keys) && rc == 0; i++)
        rc = row_check_key(s, r, keys[i]);
    if (rc == 0)
        rc = row_check_word(s, r, NO_SEVERITY, notice_severities);
    if (rc == 0)
        rc = row_market(s, r, NO_MARKET, false, &market);
    if (rc != 0)
        return rc;
    const struct notice_row row = {
        .notice_id = row_word(s, r, NO_NOTICE_ID), .at_s = row_int(r, NO_AT, 0), .class = row_word(s, r, NO_CLASS),
        .kind = row_word(s, r, NO_KIND), .severity = row_word(s, r, NO_SEVERITY), .market = market,
        .subject = row_word(s, r, NO_SUBJECT), .before = row_word(s, r, NO_BEFORE),
        .after = row_word(s, r, NO_AFTER), .ref = row_word(s, r, NO_REF), .deadline_s = row_int(r, NO_DEADLINE, 0),
        .amount = row_money(r, NO_AMOUNT),
        .source = row_word(s, r, NO_SOURCE) ? row_word(s, r, NO_SOURCE) : "notification",
    };
    return put_outcome(notice_put(&s->to, &row, NULL, err));
}
