/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_health.c: feedback, account health and notices of a file.
 *
 * in:     rows of kind feedback, feedback_count, health, health_metric and notice
 * out:    each row, checked, to health.h and notice.h, which write it
 * knows:  the store's maps, health, notice
 */
#include <string.h>

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

enum { FC_LINE, FC_MARKET, FC_DAY, FC_WINDOW_DAYS, FC_POSITIVE, FC_NEUTRAL, FC_NEGATIVE, FC_COLUMNS };

const struct store_column feedback_count_columns[FEEDBACK_COUNT_COLUMNS] = {
    [FC_LINE]        = { "line", "count", "line of the file", true },
    [FC_MARKET]      = { "market", "market", "where; needed unless the file has a market", false },
    [FC_DAY]         = { "day", "day", "as of", true },
    [FC_WINDOW_DAYS] = { "window_days", "count", "30, 90, 365; 0: lifetime", true },
    [FC_POSITIVE]    = { "positive", "count", "4 and 5 stars", true },
    [FC_NEUTRAL]     = { "neutral", "count", "3 stars", true },
    [FC_NEGATIVE]    = { "negative", "count", "1 and 2 stars", true },
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
