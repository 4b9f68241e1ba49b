/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_promo.c: returns, promotions, traffic and competition of a file.
 *
 * in:     rows of kind return_line, promotion, promotion_asin, traffic, traffic_asin and rival
 * out:    each row, checked, to the table of its kind
 * knows:  the store's maps, promo, claim
 */
#include <string.h>

#include "claim.h"
#include "promo.h"
#include "store_in.h"
#include "touched.h"

/* ---- columns --------------------------------------------------------------------------------- */

enum { RE_LINE, RE_ORDER, RE_SKU, RE_MARKET, RE_ORDER_DAY, RE_REQUEST_DAY, RE_RMA, RE_STATUS, RE_REASON,
       RE_RESOLUTION, RE_QUANTITY, RE_A_TO_Z, RE_IN_POLICY, RE_SAFE_T, RE_REFUND, RE_LABEL, RE_COLUMNS
       };

const struct store_column return_line_columns[RETURN_LINE_COLUMNS] = {
    [RE_LINE]        = { "line", "count", "line of the file", true },
    [RE_ORDER]       = { "order", "text", "the order", true },
    [RE_SKU]         = { "sku", "text", "the seller's number", true },
    [RE_MARKET]      = { "market", "market", "not told: of the order, where that is known", false },
    [RE_ORDER_DAY]   = { "order_day", "day", "of the order", false },
    [RE_REQUEST_DAY] = { "request_day", "day", "when the return was asked for", false },
    [RE_RMA]         = { "rma", "text", "number of the return", false },
    [RE_STATUS]      = { "status", "text", "as the report says", false },
    [RE_REASON]      = { "reason", "text", "as the report says", false },
    [RE_RESOLUTION]  = { "resolution", "text", "as the report says", false },
    [RE_QUANTITY]    = { "quantity", "count", "units", false },
    [RE_A_TO_Z]      = { "a_to_z", "bool", "the buyer made an A-to-z claim: makes a claim of it", false },
    [RE_IN_POLICY]   = { "in_policy", "bool", "within the return policy", false },
    [RE_SAFE_T]      = { "safe_t", "text", "state of the SAFE-T claim", false },
    [RE_REFUND]      = { "refund", "money", "refunded", false },
    [RE_LABEL]       = { "label", "money", "cost of the label", false },
};
_Static_assert((int)RE_COLUMNS == (int)RETURN_LINE_COLUMNS, "store_in.h counts the columns");

enum { PR_LINE, PR_PROMOTION_ID, PR_KIND, PR_NAME, PR_STATUS, PR_MARKET, PR_STARTS, PR_ENDS,
       PR_DISCOUNT, PR_VIEWS, PR_UNITS, PR_REVENUE, PR_SPENT, PR_BUDGET, PR_LEFT, PR_CLIPS,
       PR_REDEMPTIONS, PR_COLUMNS };

const struct store_column promotion_columns[PROMOTION_COLUMNS] = {
    [PR_LINE]         = { "line", "count", "line of the file", true },
    [PR_PROMOTION_ID] = { "promotion_id", "text", "the marketplace's number", true },
    [PR_KIND]         = { "kind", "text", "BEST_DEAL, LIGHTNING_DEAL, coupon ...: an open set", true },
    [PR_NAME]         = { "name", "text", "as it is called", true },
    [PR_STATUS]       = { "status", "text", "as the source says; empty where it says none", true },
    [PR_MARKET]       = { "market", "market", "where; not told: of the file", false },
    [PR_STARTS]       = { "starts", "instant", "beginning", false },
    [PR_ENDS]         = { "ends", "instant", "end", false },
    [PR_DISCOUNT]     = { "discount", "text", "what is taken off, in words: 10 %", false },
    [PR_VIEWS]        = { "views", "count", "glance views so far", false },
    [PR_UNITS]        = { "units", "count", "units sold so far", false },
    [PR_REVENUE]      = { "revenue", "money", "sales under it so far", false },
    [PR_SPENT]        = { "spent", "money", "what it cost so far", false },
    [PR_BUDGET]       = { "budget", "money", "most it may cost", false },
    [PR_LEFT]         = { "left", "money", "what is left of the budget", false },
    [PR_CLIPS]        = { "clips", "count", "coupons clipped", false },
    [PR_REDEMPTIONS]  = { "redemptions", "count", "coupons redeemed", false },
};
_Static_assert((int)PR_COLUMNS == (int)PROMOTION_COLUMNS, "store_in.h counts the columns");

enum { PP_LINE, PP_PROMOTION_ID, PP_ASIN, PP_NAME, PP_VIEWS, PP_UNITS, PP_REVENUE, PP_SPENT, PP_COLUMNS
       };

const struct store_column promotion_asin_columns[PROMOTION_ASIN_COLUMNS] = {
    [PP_LINE]         = { "line", "count", "line of the file", true },
    [PP_PROMOTION_ID] = { "promotion_id", "text", "the promotion, put before", true },
    [PP_ASIN]         = { "asin", "text", "the marketplace's number of the product", true },
    [PP_NAME]         = { "name", "text", "of the product", false },
    [PP_VIEWS]        = { "views", "count", "glance views so far", false },
    [PP_UNITS]        = { "units", "count", "units sold so far", false },
    [PP_REVENUE]      = { "revenue", "money", "in the currency of the promotion", false },
    [PP_SPENT]        = { "spent", "money", "in the currency of the promotion", false },
};
_Static_assert((int)PP_COLUMNS == (int)PROMOTION_ASIN_COLUMNS, "store_in.h counts the columns");

enum { TR_LINE, TR_MARKET, TR_DAY, TR_DAYS, TR_SALES, TR_UNITS, TR_ITEMS, TR_REFUNDED, TR_CLAIMS,
       TR_CLAIMS_PAID, TR_VIEWS, TR_SESSIONS, TR_BUY_BOX_PPM, TR_FEEDBACK, TR_NEGATIVE, TR_COLUMNS };

const struct store_column traffic_columns[TRAFFIC_COLUMNS] = {
    [TR_LINE]        = { "line", "count", "line of the file", true },
    [TR_MARKET]      = { "market", "market", "where", true },
    [TR_DAY]         = { "day", "day", "first of the span", true },
    [TR_DAYS]        = { "days", "count", "1: a day, 7: a week, 0: a month", true },
    [TR_SALES]       = { "sales", "money", "ordered product sales", false },
    [TR_UNITS]       = { "units", "count", "units ordered", false },
    [TR_ITEMS]       = { "items", "count", "order items", false },
    [TR_REFUNDED]    = { "refunded", "count", "units refunded", false },
    [TR_CLAIMS]      = { "claims", "count", "A-to-z claims granted", false },
    [TR_CLAIMS_PAID] = { "claims_paid", "money", "for them", false },
    [TR_VIEWS]       = { "views", "count", "page views", false },
    [TR_SESSIONS]    = { "sessions", "count", "sessions", false },
    [TR_BUY_BOX_PPM] = { "buy_box_ppm", "count", "share of page views with the featured offer, in millionths", false },
    [TR_FEEDBACK]    = { "feedback", "count", "feedback received", false },
    [TR_NEGATIVE]    = { "negative", "count", "of it negative", false },
};
_Static_assert((int)TR_COLUMNS == (int)TRAFFIC_COLUMNS, "store_in.h counts the columns");

enum { TA_LINE, TA_MARKET, TA_ASIN, TA_SKU, TA_FROM_DAY, TA_TO_DAY, TA_SALES, TA_UNITS, TA_ITEMS,
       TA_VIEWS, TA_SESSIONS, TA_BUY_BOX_PPM, TA_COLUMNS };

const struct store_column traffic_asin_columns[TRAFFIC_ASIN_COLUMNS] = {
    [TA_LINE]        = { "line", "count", "line of the file", true },
    [TA_MARKET]      = { "market", "market", "where", true },
    [TA_ASIN]        = { "asin", "text", "child where the report names it, else parent", true },
    [TA_SKU]         = { "sku", "text", "where the report names it", false },
    [TA_FROM_DAY]    = { "from_day", "day", "first of the span", true },
    [TA_TO_DAY]      = { "to_day", "day", "last of the span", true },
    [TA_SALES]       = { "sales", "money", "ordered product sales", false },
    [TA_UNITS]       = { "units", "count", "units ordered", false },
    [TA_ITEMS]       = { "items", "count", "order items", false },
    [TA_VIEWS]       = { "views", "count", "page views", false },
    [TA_SESSIONS]    = { "sessions", "count", "sessions", false },
    [TA_BUY_BOX_PPM] = { "buy_box_ppm", "count", "share of page views with the featured offer, in millionths", false },
};
_Static_assert((int)TA_COLUMNS == (int)TRAFFIC_ASIN_COLUMNS, "store_in.h counts the columns");

enum { RV_LINE, RV_MARKET, RV_ASIN, RV_LANDED, RV_IS_BUY_BOX, RV_AT, RV_COLUMNS };

const struct store_column rival_columns[RIVAL_COLUMNS] = {
    [RV_LINE]       = { "line", "count", "line of the file", true },
    [RV_MARKET]     = { "market", "market", "where", true },
    [RV_ASIN]       = { "asin", "text", "the marketplace's number of the product", true },
    [RV_LANDED]     = { "landed", "money", "lowest known price of another offer, with shipping", true },
    [RV_IS_BUY_BOX] = { "is_buy_box", "bool", "it is the featured offer", false },
    [RV_AT]         = { "at", "instant", "as of; not told: when the file was made", false },
};
_Static_assert((int)RV_COLUMNS == (int)RIVAL_COLUMNS, "store_in.h counts the columns");

/* ---- returns --------------------------------------------------------------------------------- */

static const struct fact_table returns = {
    .sql_get =
        "SELECT told_s, market_no, order_id, sku, order_day, request_day, status, reason, resolution, quantity, a_to_z,"
        "       in_policy, safe_t, currency, refund_minor, label_minor"
        " FROM return_line"
        " WHERE fingerprint = :fingerprint",
    .sql_put =
        "INSERT INTO return_line (fingerprint, told_s, market_no, order_id, sku, order_day, request_day, status, reason,"
        "                         resolution, quantity, a_to_z, in_policy, safe_t, currency, refund_minor, label_minor)"
        " VALUES (:fingerprint, :told_s, :market_no, coalesce(:order_id, ''), coalesce(:sku, ''), :order_day,"
        "         :request_day, coalesce(:status, ''), coalesce(:reason, ''), coalesce(:resolution, ''), :quantity,"
        "         :a_to_z, :in_policy, :safe_t, :currency, :refund, :label)"
        " ON CONFLICT (fingerprint) DO UPDATE"
        " SET told_s = excluded.told_s, market_no = coalesce(:market_no, return_line.market_no),"
        "     order_day = coalesce(:order_day, return_line.order_day), status = coalesce(:status, return_line.status),"
        "     reason = coalesce(:reason, return_line.reason),"
        "     resolution = coalesce(:resolution, return_line.resolution),"
        "     quantity = coalesce(:quantity, return_line.quantity), a_to_z = coalesce(:a_to_z, return_line.a_to_z),"
        "     in_policy = coalesce(:in_policy, return_line.in_policy), safe_t = coalesce(:safe_t, return_line.safe_t),"
        "     currency = coalesce(:currency, return_line.currency),"
        "     refund_minor = coalesce(:refund, return_line.refund_minor),"
        "     label_minor = coalesce(:label, return_line.label_minor)",
    .n_keys = 1, .n_facts = 15, .has_told = true, .area = TOUCHED_RETURNS,
};

/* Of order, SKU, request day and number, and the how-manieth of its like in the file. */
static int64_t return_fingerprint(struct store *s, const struct row *r)
{
    static const int columns[] = { RE_ORDER, RE_SKU, RE_RMA };
    int64_t day = row_int(r, RE_REQUEST_DAY, -1);
    uint64_t h = hash_step(0, (uint64_t)day);
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        struct text t = row_text(s, r, columns[i]);
        h = hash_add(h, t.n ? t.at : "", t.n);
    }
    h = hash_mix(h);
    return (int64_t)hash_mix(h + hash_mix(seen_count(&s->entries, h)));
}

/* The first instant of the day on which it was asked for. */
static int claim_put_of_return(struct store *s, const struct row *r, const struct market *market, struct err *err)
{
    const struct zone *z = zone_get(market ? market->zone : "UTC", err);
    int64_t day = row_int(r, RE_REQUEST_DAY, row_int(r, RE_ORDER_DAY, 0));
    if (!z)
        return -err->code;
    int64_t asked_s = day ? zone_day_start(z, (int32_t)day) : s->told_s;
    return claim_of_return(&s->to, row_word(s, r, RE_ORDER), market, asked_s, err);
}

int return_row_put(struct store *s, const struct row *r, struct err *err)
{
    static const int keys[] = { RE_ORDER, RE_SKU, RE_RMA };
    const struct market *market, *of_order;
    char currency[4] = "";
    int64_t market_no;
    int rc = row_check_types(s, r, RE_COLUMNS, currency);
    for (size_t i = 0; i < COUNT_OF(keys) && rc == 0; i++)
        rc = row_check_key(s, r, keys[i]);
    for (int i = RE_ORDER; i <= RE_SKU && rc == 0; i++)
        if (!row_word(s, r, i))
            rc = row_refuse(s, r, i, "reject.needed");
    if (rc == 0)
        rc = row_market(s, r, RE_MARKET, false, &market);
    if (rc == 0 && !row_cell(r, RE_MARKET)) {           /* the order knows better than the file */
        rc = record_market_of_order(&s->to, row_word(s, r, RE_ORDER), &of_order, err);
        market = of_order ? of_order : market;
    }
    if (rc == 0)
        rc = record_market(&s->to, market, &market_no, err);
    if (rc != 0)
        return rc;
    const struct fact key = FACT_INT(return_fingerprint(s, r));
    const struct fact fact[] = {
        fact_instant(market_no), fact_text(row_word(s, r, RE_ORDER)), fact_text(row_word(s, r, RE_SKU)),
        row_fact(s, r, RE_ORDER_DAY), row_fact(s, r, RE_REQUEST_DAY), row_fact(s, r, RE_STATUS),
        row_fact(s, r, RE_REASON), row_fact(s, r, RE_RESOLUTION), row_fact(s, r, RE_QUANTITY),
        row_fact(s, r, RE_A_TO_Z), row_fact(s, r, RE_IN_POLICY), row_fact(s, r, RE_SAFE_T),
        fact_text(currency[0] ? currency : NULL), row_fact(s, r, RE_REFUND), row_fact(s, r, RE_LABEL),
    };
    rc = facts_put(&s->to, &returns, &key, s->told_s, fact, NULL, err);
    if (rc >= 0 && row_int(r, RE_A_TO_Z, 0)) {
        int made = claim_put_of_return(s, r, market, err);
        rc = made < 0 ? made : rc;
    }
    return put_outcome(rc);
}

/* ---- promotions ------------------------------------------------------------------------------ */

int promotion_row_put(struct store *s, const struct row *r, struct err *err)
{
    static const int needed[] = { PR_PROMOTION_ID, PR_KIND, PR_NAME };
    const struct market *market;
    struct promotion_row row = {
        .promotion_id = row_word(s, r, PR_PROMOTION_ID), .source = "report", .kind = row_word(s, r, PR_KIND),
        .name = row_word(s, r, PR_NAME), .status = row_text(s, r, PR_STATUS).at,
        .discount = row_word(s, r, PR_DISCOUNT), .starts_s = row_int(r, PR_STARTS, 0),
        .ends_s = row_int(r, PR_ENDS, 0), .views = row_number(r, PR_VIEWS), .units = row_number(r, PR_UNITS),
        .clips = row_number(r, PR_CLIPS), .redemptions = row_number(r, PR_REDEMPTIONS),
        .revenue = row_number(r, PR_REVENUE), .spent = row_number(r, PR_SPENT), .budget = row_number(r, PR_BUDGET),
        .left = row_number(r, PR_LEFT), .told_s = s->told_s,
    };
    struct promotion_now known;
    int rc = row_check_types(s, r, PR_COLUMNS, row.currency);
    for (size_t i = 0; i < COUNT_OF(needed) && rc == 0; i++)
        rc = row_check_key(s, r, needed[i]);
    for (size_t i = 0; i < COUNT_OF(needed) && rc == 0; i++)
        if (!row_word(s, r, needed[i]))
            rc = row_refuse(s, r, needed[i], "reject.needed");
    if (rc == 0)
        rc = row_market(s, r, PR_MARKET, false, &market);
    if (rc == 0)
        rc = promotion_get(s->db, row.promotion_id, &known, err);
    if (rc > 0 && row.currency[0] && known.currency[0] && !text_is(row.currency, known.currency))
        return row_refuse(s, r, PR_REVENUE, "reject.currencies", { "one", souk_text(known.currency) },
                          { "other", souk_text(row.currency) });
    if (rc < 0 || rc == STORE_REJECTED)
        return rc;
    row.market = market;
    return put_outcome(promotion_put(&s->to, &row, NULL, err));
}

static const struct fact_table promotion_asins = {
    .sql_get =
        "SELECT name, views, units, revenue_minor, spent_minor FROM promotion_asin"
        " WHERE promotion_no = :promotion_no AND asin = :asin",
    .sql_put =
        "INSERT INTO promotion_asin (promotion_no, asin, name, views, units, revenue_minor, spent_minor)"
        " VALUES (:promotion_no, :asin, coalesce(:name, ''), :views, :units, :revenue, :spent)"
        " ON CONFLICT (promotion_no, asin) DO UPDATE"
        " SET name = coalesce(:name, promotion_asin.name), views = coalesce(:views, promotion_asin.views),"
        "     units = coalesce(:units, promotion_asin.units),"
        "     revenue_minor = coalesce(:revenue, promotion_asin.revenue_minor),"
        "     spent_minor = coalesce(:spent, promotion_asin.spent_minor)",
    .n_keys = 2, .n_facts = 5, .area = TOUCHED_PROMOTIONS,
};

int promotion_asin_row_put(struct store *s, const struct row *r, struct err *err)
{
    struct promotion_now promotion;
    char currency[4] = "";
    int rc = row_check_types(s, r, PP_COLUMNS, currency);
    for (int i = PP_PROMOTION_ID; i <= PP_ASIN && rc == 0; i++)
        rc = row_word(s, r, i) ? row_check_key(s, r, i) : row_refuse(s, r, i, "reject.needed");
    if (rc != 0)
        return rc;
    rc = promotion_get(s->db, row_word(s, r, PP_PROMOTION_ID), &promotion, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return row_refuse(s, r, PP_PROMOTION_ID, "reject.promotion_unknown", { "promotion", *row_cell(r, PP_PROMOTION_ID) });
    if (currency[0] && !text_is(currency, promotion.currency))
        return row_refuse(s, r, row_cell(r, PP_REVENUE) ? PP_REVENUE : PP_SPENT, "reject.currencies",
                          { "one", souk_text(promotion.currency) }, { "other", souk_text(currency) });
    if (promotion.told_s > s->told_s)
        return STORE_UNCHANGED;                         /* a newer file has spoken of it */
    const struct fact key[] = { FACT_INT(promotion.no), fact_text(row_word(s, r, PP_ASIN)) };
    const struct fact fact[] = {
        row_fact(s, r, PP_NAME), row_fact(s, r, PP_VIEWS), row_fact(s, r, PP_UNITS), row_fact(s, r, PP_REVENUE),
        row_fact(s, r, PP_SPENT),
    };
    return put_outcome(facts_put(&s->to, &promotion_asins, key, 0, fact, NULL, err));
}

/* ---- traffic --------------------------------------------------------------------------------- */

static const struct fact_table traffic = {
    .sql_get =
        "SELECT told_s, currency, sales_minor, units, items, refunded, claims, claims_minor, views, sessions,"
        "       buy_box_ppm, feedback, negative"
        " FROM traffic"
        " WHERE market_no = :market_no AND day = :day AND days = :days",
    .sql_put =
        "INSERT INTO traffic (market_no, day, days, told_s, currency, sales_minor, units, items, refunded, claims,"
        "                     claims_minor, views, sessions, buy_box_ppm, feedback, negative)"
        " VALUES (:market_no, :day, :days, :told_s, :currency, :sales, :units, :items, :refunded, :claims, :claims_paid,"
        "         :views, :sessions, :buy_box_ppm, :feedback, :negative)"
        " ON CONFLICT (market_no, day, days) DO UPDATE"
        " SET told_s = excluded.told_s, currency = coalesce(:currency, traffic.currency),"
        "     sales_minor = coalesce(:sales, traffic.sales_minor), units = coalesce(:units, traffic.units),"
        "     items = coalesce(:items, traffic.items), refunded = coalesce(:refunded, traffic.refunded),"
        "     claims = coalesce(:claims, traffic.claims),"
        "     claims_minor = coalesce(:claims_paid, traffic.claims_minor),"
        "     views = coalesce(:views, traffic.views), sessions = coalesce(:sessions, traffic.sessions),"
        "     buy_box_ppm = coalesce(:buy_box_ppm, traffic.buy_box_ppm),"
        "     feedback = coalesce(:feedback, traffic.feedback), negative = coalesce(:negative, traffic.negative)",
    .n_keys = 3, .n_facts = 12, .has_told = true, .area = TOUCHED_TRAFFIC,
};

int traffic_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int64_t market_no, days = row_int(r, TR_DAYS, 0);
    int rc = row_check_types(s, r, TR_COLUMNS, currency);
    if (rc == 0 && (days < 0 || days > 366))
        rc = row_refuse(s, r, TR_DAYS, "reject.range", { "number", souk_count(days) });
    if (rc == 0)
        rc = row_market(s, r, TR_MARKET, true, &market);
    if (rc == 0)
        rc = record_market(&s->to, market, &market_no, err);
    if (rc != 0)
        return rc;
    const struct fact key[] = { FACT_INT(market_no), row_fact(s, r, TR_DAY), FACT_INT(days) };
    const struct fact fact[] = {
        fact_text(currency[0] ? currency : NULL), row_fact(s, r, TR_SALES), row_fact(s, r, TR_UNITS),
        row_fact(s, r, TR_ITEMS), row_fact(s, r, TR_REFUNDED), row_fact(s, r, TR_CLAIMS),
        row_fact(s, r, TR_CLAIMS_PAID), row_fact(s, r, TR_VIEWS), row_fact(s, r, TR_SESSIONS),
        row_fact(s, r, TR_BUY_BOX_PPM), row_fact(s, r, TR_FEEDBACK), row_fact(s, r, TR_NEGATIVE),
    };
    return put_outcome(facts_put(&s->to, &traffic, key, s->told_s, fact, NULL, err));
}

static const struct fact_table traffic_asins = {
    .sql_get =
        "SELECT told_s, currency, sales_minor, units, items, views, sessions, buy_box_ppm FROM traffic_asin"
        " WHERE market_no = :market_no AND asin = :asin AND sku = :sku AND from_day = :from_day AND to_day = :to_day",
    .sql_put =
        "INSERT INTO traffic_asin (market_no, asin, sku, from_day, to_day, told_s, currency, sales_minor, units, items,"
        "                          views, sessions, buy_box_ppm)"
        " VALUES (:market_no, :asin, :sku, :from_day, :to_day, :told_s, :currency, :sales, :units, :items, :views,"
        "         :sessions, :buy_box_ppm)"
        " ON CONFLICT (market_no, asin, sku, from_day, to_day) DO UPDATE"
        " SET told_s = excluded.told_s, currency = coalesce(:currency, traffic_asin.currency),"
        "     sales_minor = coalesce(:sales, traffic_asin.sales_minor), units = coalesce(:units, traffic_asin.units),"
        "     items = coalesce(:items, traffic_asin.items), views = coalesce(:views, traffic_asin.views),"
        "     sessions = coalesce(:sessions, traffic_asin.sessions),"
        "     buy_box_ppm = coalesce(:buy_box_ppm, traffic_asin.buy_box_ppm)",
    .n_keys = 5, .n_facts = 7, .has_told = true, .area = TOUCHED_TRAFFIC,
};

int traffic_asin_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    const char *sku = row_word(s, r, TA_SKU);
    char currency[4] = "";
    int64_t market_no;
    int rc = row_check_types(s, r, TA_COLUMNS, currency);
    if (rc == 0)
        rc = row_word(s, r, TA_ASIN) ? row_check_key(s, r, TA_ASIN) : row_refuse(s, r, TA_ASIN, "reject.needed");
    if (rc == 0)
        rc = row_check_key(s, r, TA_SKU);
    if (rc == 0 && row_int(r, TA_TO_DAY, 0) < row_int(r, TA_FROM_DAY, 0))
        rc = row_refuse(s, r, TA_TO_DAY, "reject.date");
    if (rc == 0)
        rc = row_market(s, r, TA_MARKET, true, &market);
    if (rc == 0)
        rc = record_market(&s->to, market, &market_no, err);
    if (rc != 0)
        return rc;
    const struct fact key[] = {
        FACT_INT(market_no), row_fact(s, r, TA_ASIN), fact_text(sku ? sku : ""), row_fact(s, r, TA_FROM_DAY),
        row_fact(s, r, TA_TO_DAY),
    };
    const struct fact fact[] = {
        fact_text(currency[0] ? currency : NULL), row_fact(s, r, TA_SALES), row_fact(s, r, TA_UNITS),
        row_fact(s, r, TA_ITEMS), row_fact(s, r, TA_VIEWS), row_fact(s, r, TA_SESSIONS),
        row_fact(s, r, TA_BUY_BOX_PPM),
    };
    return put_outcome(facts_put(&s->to, &traffic_asins, key, s->told_s, fact, NULL, err));
}

/* ---- competition ----------------------------------------------------------------------------- */

int rival_row_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    char currency[4] = "";
    int rc = row_check_types(s, r, RV_COLUMNS, currency);
    if (rc == 0)
        rc = row_word(s, r, RV_ASIN) ? row_check_key(s, r, RV_ASIN) : row_refuse(s, r, RV_ASIN, "reject.needed");
    if (rc == 0 && row_int(r, RV_LANDED, 0) < 0)
        rc = row_refuse(s, r, RV_LANDED, "reject.range", { "number", souk_count(row_int(r, RV_LANDED, 0)) });
    if (rc == 0)
        rc = row_market(s, r, RV_MARKET, true, &market);
    if (rc != 0)
        return rc;
    const struct rival_row row = {
        .market = market, .asin = row_word(s, r, RV_ASIN), .landed = row_money(r, RV_LANDED),
        .is_buy_box = row_int(r, RV_IS_BUY_BOX, 0) != 0, .told_s = row_int(r, RV_AT, s->told_s),
        .source = "notification",
    };
    return put_outcome(rival_put(&s->to, &row, err));
}
