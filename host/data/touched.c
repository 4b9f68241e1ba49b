/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touched.c: which areas of the records have changed.
 *
 * in:     areas that a transaction has changed; names of views
 * out:    rows of touched; areas behind views
 * knows:  db, and of each view of views.sql what it is made from
 */
#include "touched.h"

#include <string.h>

static const char *const names[TOUCHED_AREAS] = {
    "orders", "money", "listings", "stock", "letters", "cases", "claims", "feedback", "health", "notices",
    "returns", "promotions", "traffic", "rivals", "products", "suggestions", "audit", "outbox", "layout",
    "imports", "content", "settings",
};

/* A new market comes with a change of one of these. */
#define MARKETS (TOUCHED_ORDERS | TOUCHED_MONEY | TOUCHED_LISTINGS | TOUCHED_STOCK | TOUCHED_LETTERS | \
                 TOUCHED_CASES | TOUCHED_CLAIMS | TOUCHED_FEEDBACK | TOUCHED_HEALTH | TOUCHED_NOTICES | \
                 TOUCHED_RETURNS | TOUCHED_PROMOTIONS | TOUCHED_TRAFFIC | TOUCHED_RIVALS)

static const struct { const char *view; unsigned areas; } views[] = {
    { "v1_markets",             MARKETS },
    { "v1_orders",              TOUCHED_ORDERS },
    { "v1_order_lines",         TOUCHED_ORDERS | TOUCHED_PRODUCTS },
    { "v1_sales_daily",         TOUCHED_ORDERS },
    { "v1_sales_hourly",        TOUCHED_ORDERS },
    { "v1_sku_daily",           TOUCHED_ORDERS | TOUCHED_PRODUCTS },
    { "v1_sku_30d",             TOUCHED_ORDERS | TOUCHED_PRODUCTS },
    { "v1_shipped_hourly",      TOUCHED_ORDERS },
    { "v1_ship_days",           TOUCHED_ORDERS },
    { "v1_open_daily",          TOUCHED_ORDERS },
    { "v1_listings",            TOUCHED_LISTINGS },
    { "v1_listings_daily",      TOUCHED_LISTINGS },
    { "v1_stock",               TOUCHED_STOCK },
    { "v1_stock_daily",         TOUCHED_STOCK },
    { "v1_cycles",              TOUCHED_MONEY },
    { "v1_ledger",              TOUCHED_MONEY },
    { "v1_ledger_daily",        TOUCHED_MONEY },
    { "v1_cycle_totals",        TOUCHED_MONEY },
    { "v1_payments",            TOUCHED_MONEY },
    { "v1_payment_totals",      TOUCHED_MONEY },
    { "v1_payments_held",       TOUCHED_MONEY },
    { "v1_imports",             TOUCHED_IMPORTS },
    { "v1_events",              TOUCHED_IMPORTS | TOUCHED_MONEY | TOUCHED_AUDIT },
    { "v1_threads",             TOUCHED_LETTERS | TOUCHED_ORDERS },
    { "v1_letters",             TOUCHED_LETTERS | TOUCHED_ORDERS },
    { "v1_cases",               TOUCHED_CASES },
    { "v1_case_letters",        TOUCHED_CASES },
    { "v1_claims",              TOUCHED_CLAIMS | TOUCHED_ORDERS },
    { "v1_claim_letters",       TOUCHED_CLAIMS },
    { "v1_feedback",            TOUCHED_FEEDBACK | TOUCHED_ORDERS },
    { "v1_feedback_counts",     TOUCHED_FEEDBACK },
    { "v1_health",              TOUCHED_HEALTH },
    { "v1_health_metrics",      TOUCHED_HEALTH },
    { "v1_notices",             TOUCHED_NOTICES },
    { "v1_returns",             TOUCHED_RETURNS | TOUCHED_ORDERS },
    { "v1_promotions",          TOUCHED_PROMOTIONS },
    { "v1_promotions_daily",    TOUCHED_PROMOTIONS },
    { "v1_promotion_products",  TOUCHED_PROMOTIONS },
    { "v1_traffic",             TOUCHED_TRAFFIC },
    { "v1_traffic_products",    TOUCHED_TRAFFIC },
    { "v1_rivals",              TOUCHED_RIVALS },
    { "v1_products",            TOUCHED_PRODUCTS },
    { "v1_suggestions",         TOUCHED_SUGGESTIONS },
    { "v1_suggestion_facts",    TOUCHED_SUGGESTIONS },
    { "v1_rules",               TOUCHED_SUGGESTIONS },
    { "v1_audit",               TOUCHED_AUDIT },
    { "v1_outbox",              TOUCHED_OUTBOX },
    { "v1_outgoing",            TOUCHED_OUTBOX | TOUCHED_LISTINGS | TOUCHED_PRODUCTS },
    { "v1_outgoing_files",      TOUCHED_OUTBOX },
    { "v1_articles",            TOUCHED_CONTENT },
    { "v1_settings",            TOUCHED_SETTINGS },
    { "v1_settings_changes",    TOUCHED_SETTINGS },
};

const char *touched_name(int i)
{
    return names[i];
}

unsigned touched_named(const char *name)
{
    for (int i = 0; i < TOUCHED_AREAS; i++)
        if (text_is(name, names[i]))
            return 1u << i;
    return 0;
}

static unsigned areas_of_view(const char *at, size_t n)
{
    for (size_t i = 0; i < COUNT_OF(views); i++)
        if (strlen(views[i].view) == n && memcmp(views[i].view, at, n) == 0)
            return views[i].areas;
    return 0;
}

unsigned touched_of_views(const char *reads)
{
    unsigned areas = 0;
    if (text_is(reads, "*"))
        return (1u << TOUCHED_AREAS) - 1;
    for (const char *at = reads + strspn(reads, " "); *at;) {
        size_t n = strcspn(at, " ");
        areas |= areas_of_view(at, n);
        at += n + strspn(at + n, " ");
    }
    return areas;
}

static const char sql_touch[] =
    "INSERT INTO touched (area, version)"
    " VALUES (:area, 1)"
    " ON CONFLICT (area) DO UPDATE"
    " SET version = touched.version + 1";

int touch(struct db *db, unsigned areas, struct err *err)
{
    int rc = 0;
    for (int i = 0; i < TOUCHED_AREAS && rc >= 0; i++) {
        if (!(areas >> i & 1))
            continue;
        struct stmt *put = stmt_of(db, sql_touch, err);
        if (!put)
            return -err->code;
        bind_text(put, 1, names[i]);
        rc = stmt_run(db, put, err);
    }
    return rc < 0 ? rc : 0;
}

static const char sql_touched[] =
    "SELECT area, version FROM touched";

int touched_read(struct db *db, int64_t version[TOUCHED_AREAS], struct err *err)
{
    struct stmt *get = stmt_of(db, sql_touched, err);
    int rc = get ? 0 : -err->code;
    memset(version, 0, TOUCHED_AREAS * sizeof *version);
    while (get && (rc = stmt_step(db, get, err)) > 0)
        for (int i = 0; i < TOUCHED_AREAS; i++)
            if (text_is(stmt_text(get, 0), names[i]))
                version[i] = stmt_int(get, 1);
    return rc;
}

int64_t touched_sum(const int64_t version[TOUCHED_AREAS], unsigned areas)
{
    int64_t sum = 0;
    for (int i = 0; i < TOUCHED_AREAS; i++)
        if (areas >> i & 1)
            sum += version[i];
    return sum;
}
