/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.c: the tables of facts that rules may look at.
 *
 * in:     records of the account, totals of sales, policies, the moment
 * out:    rows for rules, in batches
 * knows:  the schema, markets, policies, script.  Has never heard of any one rule.
 */
#include "facts.h"

#include <string.h>

#include "base/zone.h"
#include "data/market.h"
#include "data/touched.h"

enum { BATCH = 500, COLUMNS = 24 };

struct fact_reader {
    const struct facts_setup *setup;
    struct arena *a;                                    /* of one batch */
    /* of the market met last: rows mostly come one market after the other */
    const struct market *market;
    const struct zone *zone;
    int64_t answer_s;                                   /* in which a buyer's letter must be answered; -1: not known */
};

static void market_look(struct fact_reader *r, const char *id)
{
    struct err ignored = { 0 };
    struct policy_line line;
    if (r->market && text_is(r->market->id, id))
        return;
    r->market = market_by_id(id);
    r->zone = r->market ? zone_get(r->market->zone, &ignored) : NULL;
    r->answer_s = -1;
    if (r->zone && r->setup->policies &&
        policy_get(r->setup->policies, r->a, r->market->code, "message.answer", zone_day(r->zone, r->setup->now_s), &line,
                   &ignored) == 0 && line.type == POLICY_SECONDS)
        r->answer_s = line.number;
}

/* ---- markets ------------------------------------------------------------------------------------ */

enum { MARKETS_MARKET, MARKETS_CODE, MARKETS_NAME, MARKETS_CURRENCY, MARKETS_TODAY, MARKETS_NOW, MARKETS_LAST_DAY,
       MARKETS_ANSWER };

static const struct fact_column market_columns[] = {
    { "market", "market", "marketplace id" },
    { "code", "text", "short name: US, DE ..." },
    { "name", "text", "name: Amazon.de" },
    { "currency", "currency", "of the marketplace" },
    { "today", "day", "which day it is there" },
    { "now", "instant", "the moment of the run, the same in all rows" },
    { "last_day", "day", "last day of the 7 and 30 days that sales are counted over; not known before the first order" },
    { "answer", "seconds", "in which a letter of a buyer must be answered: message.answer of the policies" },
    { NULL, NULL, NULL },
};

static const char sql_markets[] =
    "SELECT id, NULL, NULL, NULL, NULL, NULL, nullif(window_day, 0), NULL"
    " FROM market"
    " ORDER BY id";

static void finish_market(struct fact_reader *r, struct souk_value *row)
{
    market_look(r, row[MARKETS_MARKET].text.at);
    row[MARKETS_NOW] = souk_instant(r->setup->now_s);
    if (!r->market)
        return;
    row[MARKETS_CODE] = souk_text(r->market->code);
    row[MARKETS_NAME] = souk_text(r->market->name);
    row[MARKETS_CURRENCY] = souk_word(SOUK_CURRENCY, r->market->currency);
    row[MARKETS_TODAY] = r->zone ? souk_day(zone_day(r->zone, r->setup->now_s)) : souk_none();
    row[MARKETS_ANSWER] = r->answer_s < 0 ? souk_none() : souk_number(SOUK_SECONDS, r->answer_s, 0);
}

/* ---- stock -------------------------------------------------------------------------------------- */

enum { STOCK_MARKET, STOCK_TOLD = 9, STOCK_TOLD_DAY };

static const struct fact_column stock_columns[] = {
    { "market", "market", "where it is sold" },
    { "sku", "text", "the seller's number" },
    { "asin", "text", "the marketplace's number; may be unknown" },
    { "title", "text", "name of the product; may be unknown" },
    { "fulfilment", "text", "seller or marketplace: who keeps it" },
    { "units", "count", "that can be sold now" },
    { "inbound", "count", "on their way to the marketplace's warehouses, in preparation and being received; 0 at the seller's" },
    { "reserved", "count", "held for orders and transfers; 0 at the seller's" },
    { "unsellable", "count", "that cannot be sold; 0 at the seller's" },
    { "told", "instant", "as of" },
    { "told_day", "day", "the same as a day of the marketplace" },
    { "sold_7d", "count", "units ordered in the last 7 days with data; cancelled lines are left out" },
    { "sold_30d", "count", "units ordered in the last 30 days with data; cancelled lines are left out" },
    { "lead_days", "count", "from ordering it to having it on sale, as the seller says; may be unknown" },
    { NULL, NULL, NULL },
};

/* Sales of 7 days from the daily totals, of 30 days from the window that is kept. */
#define SQL_SOLD \
    "WITH week (market_no, sku_no, units) AS MATERIALIZED (" \
    "  SELECT d.market_no, d.sku_no, sum(d.units)" \
    "  FROM market m JOIN sku_day d ON d.market_no = m.no AND d.day BETWEEN m.window_day - 6 AND m.window_day" \
    "  GROUP BY d.market_no, d.sku_no)," \
    " month (market_no, sku_no, units) AS MATERIALIZED (" \
    "  SELECT market_no, sku_no, sum(units)" \
    "  FROM sku_30" \
    "  GROUP BY market_no, sku_no)"

#define SQL_SOLD_OF(alias) \
    " LEFT JOIN week w ON w.market_no = " alias ".market_no AND w.sku_no = " alias ".sku_no" \
    " LEFT JOIN month s ON s.market_no = " alias ".market_no AND s.sku_no = " alias ".sku_no"

static const char sql_stock[] =
    SQL_SOLD
    " SELECT m.id, k.sku, coalesce(l.asin, k.asin), coalesce(l.title, k.title), 'marketplace', coalesce(t.fulfillable, 0),"
    "  coalesce(t.inbound_working, 0) + coalesce(t.inbound_shipped, 0) + coalesce(t.inbound_receiving, 0),"
    "  coalesce(t.reserved, 0), coalesce(t.unsellable, 0), t.told_s, NULL, coalesce(w.units, 0), coalesce(s.units, 0),"
    "  p.lead_days"
    " FROM stock t JOIN market m ON m.no = t.market_no JOIN sku k ON k.no = t.sku_no"
    " LEFT JOIN listing l ON l.market_no = t.market_no AND l.sku_no = t.sku_no"
    " LEFT JOIN product p ON p.sku_no = t.sku_no"
    SQL_SOLD_OF("t")
    " UNION ALL"
    " SELECT m.id, k.sku, coalesce(l.asin, k.asin), coalesce(l.title, k.title), 'seller', l.quantity, 0, 0, 0, l.told_s, NULL,"
    "  coalesce(w.units, 0), coalesce(s.units, 0), p.lead_days"
    " FROM listing l JOIN market m ON m.no = l.market_no JOIN sku k ON k.no = l.sku_no"
    " LEFT JOIN product p ON p.sku_no = l.sku_no"
    SQL_SOLD_OF("l")
    " WHERE l.quantity IS NOT NULL"
    "  AND NOT EXISTS (SELECT 1 FROM stock t WHERE t.market_no = l.market_no AND t.sku_no = l.sku_no)";

static void finish_stock(struct fact_reader *r, struct souk_value *row)
{
    market_look(r, row[STOCK_MARKET].text.at);
    if (r->zone)
        row[STOCK_TOLD_DAY] = souk_day(zone_day(r->zone, row[STOCK_TOLD].num));
}

/* ---- listings ----------------------------------------------------------------------------------- */

static const struct fact_column listing_columns[] = {
    { "market", "market", "where it is offered" },
    { "sku", "text", "the seller's number" },
    { "asin", "text", "the marketplace's number; may be unknown" },
    { "title", "text", "item name; may be unknown" },
    { "status", "text", "as the report says: Active, Inactive ...; may be unknown" },
    { "fulfilment", "text", "seller or marketplace; may be unknown" },
    { "currency", "currency", "of price" },
    { "price", "money/currency", "asked for one unit; may be unknown" },
    { "units", "count", "that could be sold: in the marketplace's warehouses, else the seller's own; may be unknown" },
    { "sold_7d", "count", "units ordered in the last 7 days with data; cancelled lines are left out" },
    { "sold_30d", "count", "units ordered in the last 30 days with data; cancelled lines are left out" },
    { "floor", "money", "the seller never asks less; may be unknown, and be in another currency" },
    { "rival", "money", "lowest known price of another offer, with shipping; may be unknown" },
    { "rival_told", "instant", "as of" },
    { "told", "instant", "as of: status and price" },
    { NULL, NULL, NULL },
};

/* Money in a column without /other is read from two columns: the amount, then its currency. */
static const char sql_listings[] =
    SQL_SOLD
    " SELECT m.id, k.sku, coalesce(l.asin, k.asin), coalesce(l.title, k.title), l.status,"
    "  CASE l.fulfilment WHEN 1 THEN 'seller' WHEN 2 THEN 'marketplace' END, l.currency, l.price_minor,"
    "  CASE WHEN t.sku_no IS NULL THEN l.quantity ELSE coalesce(t.fulfillable, 0) END, coalesce(w.units, 0), coalesce(s.units, 0),"
    "  p.floor_minor, p.currency, r.landed_minor, r.currency, r.told_s, l.told_s"
    " FROM listing l JOIN market m ON m.no = l.market_no JOIN sku k ON k.no = l.sku_no"
    " LEFT JOIN stock t ON t.market_no = l.market_no AND t.sku_no = l.sku_no"
    " LEFT JOIN product p ON p.sku_no = l.sku_no"
    " LEFT JOIN rival r ON r.market_no = l.market_no AND r.asin = coalesce(l.asin, k.asin)"
    SQL_SOLD_OF("l");

/* ---- sales, competition, products --------------------------------------------------------------- */

static const struct fact_column sales_columns[] = {
    { "market", "market", "where it was sold" },
    { "sku", "text", "the seller's number" },
    { "title", "text", "name of the product; may be unknown" },
    { "last_day", "day", "last day of the windows" },
    { "currency", "currency", "of sales" },
    { "sold_7d", "count", "units ordered in the last 7 days with data; cancelled lines are left out" },
    { "sold_30d", "count", "units ordered in the last 30 days with data; cancelled lines are left out" },
    { "sales_30d", "money/currency", "ordered product sales of the 30 days" },
    { NULL, NULL, NULL },
};

static const char sql_sales[] =
    "WITH week (market_no, sku_no, currency, units) AS MATERIALIZED ("
    "  SELECT d.market_no, d.sku_no, d.currency, sum(d.units)"
    "  FROM market m JOIN sku_day d ON d.market_no = m.no AND d.day BETWEEN m.window_day - 6 AND m.window_day"
    "  GROUP BY d.market_no, d.sku_no, d.currency)"
    " SELECT m.id, k.sku, k.title, m.window_day, s.currency, coalesce(w.units, 0), s.units, s.sales_minor"
    " FROM sku_30 s JOIN market m ON m.no = s.market_no JOIN sku k ON k.no = s.sku_no"
    " LEFT JOIN week w ON w.market_no = s.market_no AND w.sku_no = s.sku_no AND w.currency = s.currency";

static const struct fact_column rival_columns[] = {
    { "market", "market", "where" },
    { "asin", "text", "the marketplace's number of the product" },
    { "currency", "currency", "of landed" },
    { "landed", "money/currency", "lowest known price of another offer, with shipping" },
    { "is_buy_box", "bool", "it is the featured offer" },
    { "told", "instant", "as of" },
    { "source", "text", "notification, typed" },
    { NULL, NULL, NULL },
};

static const char sql_rivals[] =
    "SELECT m.id, r.asin, r.currency, r.landed_minor, r.is_buy_box, r.told_s, r.source"
    " FROM rival r JOIN market m ON m.no = r.market_no";

static const struct fact_column product_columns[] = {
    { "sku", "text", "the seller's number" },
    { "title", "text", "name of the product; may be unknown" },
    { "lead_days", "count", "from ordering it to having it on sale; may be unknown" },
    { "currency", "currency", "of floor" },
    { "floor", "money/currency", "the seller never asks less; may be unknown" },
    { NULL, NULL, NULL },
};

static const char sql_products[] =
    "SELECT k.sku, k.title, p.lead_days, p.currency, p.floor_minor"
    " FROM product p JOIN sku k ON k.no = p.sku_no";

/* ---- threads ------------------------------------------------------------------------------------ */

enum { THREADS_MARKET = 2, THREADS_WAITS = 6, THREADS_DUE, THREADS_NOW };

static const struct fact_column thread_columns[] = {
    { "thread", "text", "id of the talk" },
    { "ref", "ref", "the same as a ref" },
    { "market", "market", "where the order was placed; may be unknown" },
    { "order_id", "text", "the order it is about; may be unknown" },
    { "subject", "text", "as the buyer wrote it" },
    { "buyer", "text", "display name" },
    { "waits", "instant", "the oldest letter that waits for an answer: only talks that wait are here" },
    { "due", "instant", "until when it must be answered by message.answer of the policies; not known without a market" },
    { "now", "instant", "the moment of the run, the same in all rows" },
    { NULL, NULL, NULL },
};

static const char sql_threads[] =
    "SELECT t.thread_id, 'thread:' || t.thread_id, m.id, t.order_id, t.subject, t.buyer, t.waits_s, NULL, NULL"
    " FROM thread t LEFT JOIN orders o ON o.order_id = t.order_id"
    " LEFT JOIN market m ON m.no = coalesce(t.market_no, o.market_no)"
    " WHERE t.waits_s IS NOT NULL"
    " ORDER BY t.waits_s, t.no";

static void finish_thread(struct fact_reader *r, struct souk_value *row)
{
    row[THREADS_NOW] = souk_instant(r->setup->now_s);
    if (row[THREADS_MARKET].type == SOUK_NONE)
        return;
    market_look(r, row[THREADS_MARKET].text.at);
    if (r->answer_s >= 0)
        row[THREADS_DUE] = souk_instant(row[THREADS_WAITS].num + r->answer_s);
}

/* ---- the tables --------------------------------------------------------------------------------- */

#define SOLD_AREAS (TOUCHED_ORDERS | TOUCHED_PRODUCTS)

const struct fact_table fact_tables[] = {
    { "listings", "offers in their latest state, with their stock, sales, lowest price and competition",
      TOUCHED_LISTINGS | TOUCHED_STOCK | TOUCHED_RIVALS | SOLD_AREAS, false, listing_columns, sql_listings, NULL },
    { "markets", "the marketplaces, with today and now; a rule that needs it runs each time",
      0, true, market_columns, sql_markets, finish_market },
    { "products", "what the seller says of a product", TOUCHED_PRODUCTS, false, product_columns, sql_products, NULL },
    { "rivals", "known competition", TOUCHED_RIVALS, false, rival_columns, sql_rivals, NULL },
    { "sales", "sales of the last 30 days with data, by SKU and currency", SOLD_AREAS, false, sales_columns, sql_sales, NULL },
    { "stock", "what lies in the marketplace's warehouses and at the seller's, with sales and lead time; one row each for"
      " market and SKU", TOUCHED_STOCK | TOUCHED_LISTINGS | SOLD_AREAS, false, stock_columns, sql_stock, finish_stock },
    { "threads", "talks with buyers that wait for an answer; a rule that needs it runs each time",
      TOUCHED_LETTERS | TOUCHED_ORDERS, true, thread_columns, sql_threads, finish_thread },
    { NULL, NULL, 0, false, NULL, NULL, NULL },
};

const struct fact_table *fact_table_named(const char *name)
{
    for (const struct fact_table *t = fact_tables; t->name; t++)
        if (text_is(t->name, name))
            return t;
    return NULL;
}

/* ---- reading ------------------------------------------------------------------------------------ */

struct reading {
    struct fact_reader r;
    uint32_t type[COLUMNS];
    int from[COLUMNS], currency[COLUMNS];               /* columns of the query; currency -1: none */
    uint32_t n;
    struct buf columns;
};

static uint32_t type_of(const char *type)
{
    static const struct { const char *word; uint32_t type; } types[] = {
        { "text", SOUK_TEXT }, { "count", SOUK_COUNT }, { "bool", SOUK_BOOL }, { "day", SOUK_DAY },
        { "instant", SOUK_INSTANT }, { "seconds", SOUK_SECONDS }, { "market", SOUK_MARKET },
        { "currency", SOUK_CURRENCY }, { "ref", SOUK_REF },
    };
    if (text_starts(type, "money"))
        return SOUK_MONEY;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (text_is(types[i].word, type))
            return types[i].type;
    return SOUK_NONE;
}

static void reading_init(struct reading *in, const struct fact_table *t)
{
    int at = 0;
    for (in->n = 0; t->column[in->n].name; in->n++) {
        const struct fact_column *c = &t->column[in->n];
        const char *other = strchr(c->type, '/');
        buf_printf(&in->columns, "%s%s:%s", in->n ? " " : "", c->name, c->type);
        in->type[in->n] = type_of(c->type);
        in->from[in->n] = at++;
        in->currency[in->n] = -1;
        if (in->type[in->n] == SOUK_MONEY && !other)
            in->currency[in->n] = at++;
        for (uint32_t i = 0; other && i < in->n; i++)
            if (text_is(t->column[i].name, other + 1))
                in->currency[in->n] = in->from[i];
    }
}

static struct souk_value cell(struct reading *in, const struct stmt *s, uint32_t i)
{
    int from = in->from[i];
    if (stmt_is_null(s, from))
        return souk_none();
    switch (in->type[i]) {
    case SOUK_MONEY:
        return souk_money(stmt_int(s, from), stmt_text(s, in->currency[i]));
    case SOUK_COUNT: case SOUK_BOOL: case SOUK_DAY: case SOUK_INSTANT: case SOUK_SECONDS:
        return souk_number(in->type[i], stmt_int(s, from), 0);
    default:
        return souk_word(in->type[i], arena_text(in->r.a, stmt_text(s, from)));
    }
}

static int stopped(const struct facts_setup *setup, struct err *err)
{
    return setup->stop && *setup->stop ? err_set(err, ERR_TIME, "The run of the rules was stopped; nothing was changed.") : 0;
}

int facts_read(const struct facts_setup *setup, const struct fact_table *table, struct script_facts *facts, struct err *err)
{
    struct reading in = { .r = { .setup = setup, .a = arena_new("facts", 65536), .answer_s = -1 } };
    struct stmt *s = stmt_of(setup->db, table->sql, err);
    int rc = s ? 1 : -err->code;
    reading_init(&in, table);
    struct souk_value *row = base_alloc(BATCH * in.n * sizeof *row);
    struct souk_rows rows = { .columns = buf_str(&in.columns), .cell = row, .n_columns = in.n };
    while (rc > 0) {
        for (rows.n_rows = 0; rows.n_rows < BATCH && (rc = stmt_step(setup->db, s, err)) > 0; rows.n_rows++) {
            struct souk_value *at = row + (size_t)rows.n_rows * in.n;
            for (uint32_t i = 0; i < in.n; i++)
                at[i] = cell(&in, s, i);
            if (table->finish)
                table->finish(&in.r, at);
        }
        int well = rc < 0 ? rc : script_facts_put(facts, table->name, &rows, err);
        if (well == 0)
            well = stopped(setup, err);
        if (well < 0 && rc > 0)
            stmt_reset(s);
        rc = well < 0 ? well : rc;
        arena_reset(in.r.a);
    }
    base_free(row);
    buf_free(&in.columns);
    arena_free(in.r.a);
    return rc;
}
