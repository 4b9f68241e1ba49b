/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_offer.c: listings and stock, as of a moment.
 *
 * in:     rows of kind listing and stock, and the moment the file speaks of
 * out:    listing, stock: the latest state; listing_on, stock_on: a row for each day on which
 *         something was said that differs from before; what the listings tell of, for the outgoing changes
 * knows:  the store's maps
 *
 * Only newer files change anything, so what the latest state says is also what the last day said.
 */
#include <string.h>

#include "store_in.h"
#include "touched.h"

const struct store_column listing_columns[LI_COLUMNS] = {
    [LI_LINE]           = { "line", "count", "line of the file", true },
    [LI_MARKET]         = { "market", "market", "where it is offered; needed unless the file has a market", false },
    [LI_SKU]            = { "sku", "text", "the seller's number", true },
    [LI_LISTING_ID]     = { "listing_id", "text", "the marketplace's number of the offer", false },
    [LI_TITLE]          = { "title", "text", "item name", false },
    [LI_ASIN]           = { "asin", "text", "the marketplace's number of the product", false },
    [LI_PRICE]          = { "price", "money", "asked for one unit", false },
    [LI_QUANTITY]       = { "quantity", "count", "the seller's own stock; empty where the marketplace fulfils",
                            false },
    [LI_STATUS]         = { "status", "text", "Active, Inactive ...: an open set", false },
    [LI_FULFILMENT]     = { "fulfilment", "text", "seller or marketplace", false },
    [LI_ITEM_CONDITION] = { "item_condition", "text", "1 to 11 as the marketplace numbers it", false },
    [LI_SHIPPING_GROUP] = { "shipping_group", "text", "name of the shipping template", false },
    [LI_OPENED]         = { "opened", "instant", "when it was first offered", false },
    [LI_EXTRA]          = { "extra", "text", "columns Souk does not know, as a JSON object", false },
};

const struct store_column stock_columns[ST_COLUMNS] = {
    [ST_LINE]              = { "line", "count", "line of the file", true },
    [ST_MARKET]            = { "market", "market", "of the stock; needed unless the file has a market", false },
    [ST_SKU]               = { "sku", "text", "the seller's number", true },
    [ST_ASIN]              = { "asin", "text", "the marketplace's number of the product", false },
    [ST_TITLE]             = { "title", "text", "name of the product", false },
    [ST_FNSKU]             = { "fnsku", "text", "the warehouse's number", false },
    [ST_FULFILLABLE]       = { "fulfillable", "count", "units that can be sold", false },
    [ST_UNSELLABLE]        = { "unsellable", "count", "units that cannot", false },
    [ST_RESERVED]          = { "reserved", "count", "units held for orders and transfers", false },
    [ST_RESEARCHING]       = { "researching", "count", "units being looked for", false },
    [ST_INBOUND_WORKING]   = { "inbound_working", "count", "units in a shipment being prepared", false },
    [ST_INBOUND_SHIPPED]   = { "inbound_shipped", "count", "units on their way", false },
    [ST_INBOUND_RECEIVING] = { "inbound_receiving", "count", "units being received", false },
    [ST_TOTAL]             = { "total", "count", "units in all, as the report says", false },
};


/* ---- values of a record ---------------------------------------------------------------------- */

enum { VALUES_MAX = 16 };

enum how { NUMBER = 1, WORD, MINOR, CURRENCY, FULFILMENT };

enum {
    DAILY = 1,                                          /* stands in the row of the day, too */
    CLEARED = 2                                         /* empty in the file: not known any more */
};

struct value_kind {
    int column;                                         /* of the row */
    enum how how;
    unsigned flags;
};

struct offered {
    bool is_known;
    int64_t number;
    struct text text;
};

struct offer {
    const char *sql_get, *sql_put, *sql_put_day;        /* values in the order of `value` */
    int market, sku, asin, title;                       /* columns of the row */
    unsigned area;
    int n_values;
    struct value_kind value[VALUES_MAX];
};

static bool is_text(enum how how)
{
    return how == WORD || how == CURRENCY;
}

static struct offered fact_of(struct store *s, const struct row *r, const struct value_kind *k)
{
    const struct souk_value *v = row_cell(r, k->column);
    struct offered f = { .is_known = v != NULL };
    if (!v)
        return f;
    switch (k->how) {
    case NUMBER:
    case MINOR:
        f.number = v->num;
        break;
    case WORD:
        f.text = row_text(s, r, k->column);
        break;
    case CURRENCY:
        f.text = (struct text){ v->currency, strlen(v->currency) };
        break;
    case FULFILMENT:
        f.number = text_is(v->text.at, "seller") ? BY_SELLER : BY_MARKETPLACE;
        break;
    }
    return f;
}

static bool fact_is(const struct offered *a, const struct offered *b)
{
    return a->is_known == b->is_known && a->number == b->number && a->text.n == b->text.n &&
           (!a->text.n || memcmp(a->text.at, b->text.at, a->text.n) == 0);
}

static void bind_fact(struct stmt *st, int at, enum how how, const struct offered *f)
{
    if (!f->is_known)
        bind_null(st, at);
    else if (is_text(how))
        bind_told(st, at, f->text);
    else
        bind_int(st, at, f->number);
}

/* ---- putting one ----------------------------------------------------------------------------- */

/* 1: known, with its values and the moment they are of; 0: new. */
static int offer_get(struct store *s, const struct offer *o, int64_t market_no, int64_t sku_no,
                     struct offered *old, int64_t *told_s, struct err *err)
{
    struct stmt *get = stmt_of(s->db, o->sql_get, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, market_no);
    bind_int(get, 2, sku_no);
    int rc = stmt_step(s->db, get, err);
    if (rc <= 0)
        return rc;
    *told_s = stmt_int(get, 0);
    for (int i = 0; i < o->n_values; i++) {
        old[i].is_known = !stmt_is_null(get, i + 1);
        if (!is_text(o->value[i].how))
            old[i].number = stmt_int(get, i + 1);
        else if (old[i].is_known)
            old[i].text = (struct text){ arena_text(s->batch, stmt_text(get, i + 1)),
                                         strlen(stmt_text(get, i + 1)) };
    }
    stmt_reset(get);
    return 1;
}

static int offer_write(struct store *s, const struct offer *o, const char *sql, int64_t market_no,
                       int64_t sku_no, int64_t when, unsigned flag, const struct offered *fact, struct err *err)
{
    struct stmt *put = stmt_of(s->db, sql, err);
    if (!put)
        return -err->code;
    int at = 0;
    bind_int(put, ++at, market_no);
    bind_int(put, ++at, sku_no);
    bind_int(put, ++at, when);
    for (int i = 0; i < o->n_values; i++)
        if ((o->value[i].flags & flag) == flag)
            bind_fact(put, ++at, o->value[i].how, &fact[i]);
    return stmt_run(s->db, put, err);
}

static int offer_check(struct store *s, const struct row *r, const struct offer *o,
                       const struct market **market)
{
    char currency[4] = "";
    enum fulfilment fulfilment;
    int rc = row_check_key(s, r, o->sku);
    if (rc == 0)
        rc = row_market(s, r, o->market, true, market);
    for (int i = 0; i < o->n_values && rc == 0; i++) {
        int column = o->value[i].column;
        if (o->value[i].how == MINOR)
            rc = row_check_money(s, r, column, currency);
        else if (o->value[i].how == FULFILMENT)
            rc = row_fulfilment(s, r, column, &fulfilment);
        else if (o->value[i].how == NUMBER)
            rc = text_is(r->columns[column].type, "instant") ? row_check_instant(s, r, column)
                                                             : row_check_count(s, r, column);
    }
    return rc;
}

static int offer_put(struct store *s, const struct row *r, const struct offer *o, struct err *err)
{
    const struct market *market;
    int rc = offer_check(s, r, o, &market);
    if (rc != 0)
        return rc;
    const struct store_market *m = store_market(s, market, err);
    struct store_sku *sku = store_sku(s, row_text(s, r, o->sku), err);
    if (!m || !sku)
        return -err->code;
    sku_tell(sku, s->told_s, row_text(s, r, o->asin), row_text(s, r, o->title));

    struct offered old[VALUES_MAX] = { 0 }, new[VALUES_MAX];
    int64_t told_s = 0;
    int is_known = offer_get(s, o, m->no, sku->no, old, &told_s, err);
    if (is_known < 0)
        return is_known;
    if (is_known && s->told_s < told_s)
        return STORE_UNCHANGED;
    bool has_news = !is_known, has_news_today = !is_known;
    for (int i = 0; i < o->n_values; i++) {
        const struct value_kind *k = &o->value[i];
        new[i] = fact_of(s, r, k);
        if (!new[i].is_known && !(k->flags & CLEARED && r->place[k->column] >= 0))
            new[i] = old[i];
        if (!fact_is(&old[i], &new[i])) {
            has_news = true;
            has_news_today |= (k->flags & DAILY) != 0;
        }
    }
    if (!has_news && s->told_s == told_s)
        return STORE_UNCHANGED;
    s->to.touched |= o->area;                           /* "as of" is shown, too */
    rc = offer_write(s, o, o->sql_put, m->no, sku->no, s->told_s, 0, new, err);
    if (rc >= 0 && has_news_today)
        rc = offer_write(s, o, o->sql_put_day, m->no, sku->no, zone_day(m->zone, s->told_s), DAILY, new,
                         err);
    return rc < 0 ? rc : has_news ? STORE_ACCEPTED : STORE_UNCHANGED;
}

/* ---- the two kinds --------------------------------------------------------------------------- */

static const struct offer listing = {
    .sql_get =
        "SELECT told_s, listing_id, title, asin, price_minor, currency, quantity, status, fulfilment,"
        "       item_condition, shipping_group, opened_s, extra"
        " FROM listing"
        " WHERE market_no = :market_no AND sku_no = :sku_no",
    .sql_put =
        "INSERT INTO listing (market_no, sku_no, told_s, listing_id, title, asin, price_minor, currency,"
        "                     quantity, status, fulfilment, item_condition, shipping_group, opened_s, extra)"
        " VALUES (:market_no, :sku_no, :told_s, :listing_id, :title, :asin, :price_minor, :currency,"
        "         :quantity, :status, :fulfilment, :item_condition, :shipping_group, :opened_s, :extra)"
        " ON CONFLICT (market_no, sku_no) DO UPDATE"
        " SET told_s = excluded.told_s, listing_id = excluded.listing_id, title = excluded.title,"
        "     asin = excluded.asin, price_minor = excluded.price_minor, currency = excluded.currency,"
        "     quantity = excluded.quantity, status = excluded.status, fulfilment = excluded.fulfilment,"
        "     item_condition = excluded.item_condition, shipping_group = excluded.shipping_group,"
        "     opened_s = excluded.opened_s, extra = excluded.extra",
    .sql_put_day =
        "INSERT INTO listing_on (market_no, sku_no, day, price_minor, currency, quantity, status)"
        " VALUES (:market_no, :sku_no, :day, :price_minor, :currency, :quantity, :status)"
        " ON CONFLICT (market_no, sku_no, day) DO UPDATE"
        " SET price_minor = excluded.price_minor, currency = excluded.currency,"
        "     quantity = excluded.quantity, status = excluded.status",
    .area = TOUCHED_LISTINGS,
    .market = LI_MARKET, .sku = LI_SKU, .asin = LI_ASIN, .title = LI_TITLE,
    .n_values = 12,
    .value = {
        { LI_LISTING_ID, WORD, 0 },         { LI_TITLE, WORD, 0 },          { LI_ASIN, WORD, 0 },
        { LI_PRICE, MINOR, DAILY },         { LI_PRICE, CURRENCY, DAILY },
        { LI_QUANTITY, NUMBER, DAILY | CLEARED },
        { LI_STATUS, WORD, DAILY },         { LI_FULFILMENT, FULFILMENT, 0 },
        { LI_ITEM_CONDITION, WORD, 0 },     { LI_SHIPPING_GROUP, WORD, 0 },
        { LI_OPENED, NUMBER, 0 },           { LI_EXTRA, WORD, 0 },
    },
};

static const struct offer stock = {
    .sql_get =
        "SELECT told_s, fnsku, fulfillable, unsellable, reserved, researching, inbound_working,"
        "       inbound_shipped, inbound_receiving, total"
        " FROM stock"
        " WHERE market_no = :market_no AND sku_no = :sku_no",
    .sql_put =
        "INSERT INTO stock (market_no, sku_no, told_s, fnsku, fulfillable, unsellable, reserved, researching,"
        "                   inbound_working, inbound_shipped, inbound_receiving, total)"
        " VALUES (:market_no, :sku_no, :told_s, :fnsku, :fulfillable, :unsellable, :reserved, :researching,"
        "         :inbound_working, :inbound_shipped, :inbound_receiving, :total)"
        " ON CONFLICT (market_no, sku_no) DO UPDATE"
        " SET told_s = excluded.told_s, fnsku = excluded.fnsku, fulfillable = excluded.fulfillable,"
        "     unsellable = excluded.unsellable, reserved = excluded.reserved,"
        "     researching = excluded.researching, inbound_working = excluded.inbound_working,"
        "     inbound_shipped = excluded.inbound_shipped, inbound_receiving = excluded.inbound_receiving,"
        "     total = excluded.total",
    .sql_put_day =
        "INSERT INTO stock_on (market_no, sku_no, day, fulfillable, reserved, total)"
        " VALUES (:market_no, :sku_no, :day, :fulfillable, :reserved, :total)"
        " ON CONFLICT (market_no, sku_no, day) DO UPDATE"
        " SET fulfillable = excluded.fulfillable, reserved = excluded.reserved, total = excluded.total",
    .area = TOUCHED_STOCK,
    .market = ST_MARKET, .sku = ST_SKU, .asin = ST_ASIN, .title = ST_TITLE,
    .n_values = 9,
    .value = {
        { ST_FNSKU, WORD, 0 },              { ST_FULFILLABLE, NUMBER, DAILY },
        { ST_UNSELLABLE, NUMBER, 0 },       { ST_RESERVED, NUMBER, DAILY },
        { ST_RESEARCHING, NUMBER, 0 },      { ST_INBOUND_WORKING, NUMBER, 0 },
        { ST_INBOUND_SHIPPED, NUMBER, 0 },  { ST_INBOUND_RECEIVING, NUMBER, 0 },
        { ST_TOTAL, NUMBER, DAILY },
    },
};

int listing_put(struct store *s, const struct row *r, struct err *err)
{
    s->listings = (struct outgoing_told){
        s->told_s, r->place[LI_PRICE] >= 0, r->place[LI_QUANTITY] >= 0, r->place[LI_STATUS] >= 0,
    };
    return offer_put(s, r, &listing, err);
}

int stock_put(struct store *s, const struct row *r, struct err *err)
{
    return offer_put(s, r, &stock, err);
}
