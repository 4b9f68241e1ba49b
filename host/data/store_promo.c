/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_promo.c: returns, promotions, traffic and competition of a file.
 *
 * in:     rows of kind return_line, promotion, promotion_asin, traffic, traffic_asin and rival
 * out:    each row, checked, to the table of its kind
 * knows:  the store's maps, promo, claim
 */
#include <string.h>

#include "store_in.h"

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
