/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_order.c: lines of orders, and the orders they belong to.
 *
 * in:     batches of rows of kind order_line
 * out:    orders, order_line; what they add to and take from the totals
 * knows:  the store's maps, roll
 *
 * Lines of an order stand together in a file: such a run of rows is handled at once.  Its first row
 * speaks for the order; all of them name the same `updated`, and where that is older than what is
 * known, nothing changes.  A run that says what was said last costs one look-up.
 *
 * New orders and their lines are written thirty at a time: a statement that keeps its cursors for
 * thirty rows takes two thirds of the time of thirty statements, and half of it for lines.
 *
 * The files name no item: a line is its order, its SKU, and how often that pair has stood in the
 * import with the same `updated` (see seen_count).
 */
#include <stdlib.h>
#include <string.h>

#include "store_in.h"
#include "touched.h"

enum { AMOUNTS = OL_SHIP_DISCOUNT - OL_PRICE + 1 };

const struct store_column order_line_columns[OL_COLUMNS] = {
    [OL_LINE]          = { "line", "count", "line of the file", true },
    [OL_ORDER]         = { "order", "text", "the marketplace's order number", true },
    [OL_MARKET]        = { "market", "market", "where it was sold; needed unless the file has a market", false },
    [OL_PURCHASED]     = { "purchased", "instant", "when it was placed", true },
    [OL_UPDATED]       = { "updated", "instant", "when the marketplace last changed the order; not told: when the"
                           " file was made", false },
    [OL_STATUS]        = { "status", "text", "of the order, as the marketplace writes it", false },
    [OL_FULFILMENT]    = { "fulfilment", "text", "seller or marketplace; not told: seller", false },
    [OL_IS_BUSINESS]   = { "is_business", "bool", "bought by a business", false },
    [OL_SERVICE_LEVEL] = { "service_level", "text", "shipping service as the marketplace writes it", false },
    [OL_SHIP_COUNTRY]  = { "ship_country", "text", "where it goes: ISO 3166-1", false },
    [OL_SHIP_REGION]   = { "ship_region", "text", "state or region as the buyer wrote it", false },
    [OL_SKU]           = { "sku", "text", "the seller's number", true },
    [OL_ASIN]          = { "asin", "text", "the marketplace's number", false },
    [OL_TITLE]         = { "title", "text", "name of the product", false },
    [OL_ITEM_STATUS]   = { "item_status", "text", "of the line, where it is cancelled", false },
    [OL_QUANTITY]      = { "quantity", "count", "units ordered; not told: 0", false },
    [OL_PRICE]         = { "price", "money", "of the line, all units, without tax", false },
    [OL_TAX]           = { "tax", "money", "tax on price", false },
    [OL_SHIPPING]      = { "shipping", "money", "charged for shipping", false },
    [OL_SHIPPING_TAX]  = { "shipping_tax", "money", "tax on shipping", false },
    [OL_GIFT_WRAP]     = { "gift_wrap", "money", "charged for gift wrap", false },
    [OL_GIFT_WRAP_TAX] = { "gift_wrap_tax", "money", "tax on gift wrap", false },
    [OL_DISCOUNT]      = { "discount", "money", "taken off the price", false },
    [OL_SHIP_DISCOUNT] = { "ship_discount", "money", "taken off shipping", false },
    [OL_PROMOTIONS]    = { "promotions", "text", "ids of the promotions used", false },
    [OL_EXTRA]         = { "extra", "text", "columns Souk does not know, as a JSON object", false },
};

struct line {
    int64_t is_cancelled, quantity;
    char currency[4];                                   /* "": no amount is told */
    bool has[AMOUNTS];
    int64_t amount[AMOUNTS];
    struct text promotions, extra;                      /* as told: what is not told stays */
};

struct line_key {
    int64_t order_no, sku_no;
    uint32_t ordinal;
};

/* What a row says, checked. */
struct telling {
    struct row row;
    struct text order, sku;
    const struct market *market;
    int64_t purchase_s, updated_s;
    enum fulfilment fulfilment;
    char currency[4];
    uint32_t ordinal;                                   /* see run_take */
};

static int check(struct store *s, struct telling *t)
{
    const struct row *r = &t->row;
    t->currency[0] = '\0';
    int rc = row_check_key(s, r, OL_ORDER);
    if (rc == 0)
        rc = row_check_key(s, r, OL_SKU);
    if (rc == 0)
        rc = row_market(s, r, OL_MARKET, true, &t->market);
    if (rc == 0)
        rc = row_check_instant(s, r, OL_PURCHASED);
    if (rc == 0)
        rc = row_check_instant(s, r, OL_UPDATED);
    if (rc == 0)
        rc = row_fulfilment(s, r, OL_FULFILMENT, &t->fulfilment);
    if (rc == 0)
        rc = row_check_count(s, r, OL_QUANTITY);
    if (rc == 0 && row_int(r, OL_QUANTITY, 0) < 0)
        rc = row_refuse(s, r, OL_QUANTITY, "reject.range", { "number", *row_cell(r, OL_QUANTITY) });
    for (int i = 0; i < AMOUNTS && rc == 0; i++)
        rc = row_check_money(s, r, OL_PRICE + i, t->currency);
    t->order = row_text(s, r, OL_ORDER);
    t->sku = row_text(s, r, OL_SKU);
    t->purchase_s = row_int(r, OL_PURCHASED, 0);
    t->updated_s = row_int(r, OL_UPDATED, s->told_s ? s->told_s : t->purchase_s);
    return rc;
}

/* ---- where an order counts ------------------------------------------------------------------- */

static void place_set(struct store_order *o)
{
    struct roll_sale *at = &o->place;
    at->market_no = o->market->no;
    at->day = zone_day(o->market->zone, o->purchase_s);
    at->hour = roll_hour(o->market->zone, at->day, o->purchase_s);
    memcpy(at->currency, o->market->market->currency, sizeof at->currency);
}

static bool place_is(const struct roll_sale *a, const struct roll_sale *b)
{
    return a->market_no == b->market_no && a->day == b->day && a->hour == b->hour && a->state == b->state &&
           a->fulfilment == b->fulfilment && a->is_business == b->is_business;
}

static bool is_open(const struct roll_sale *at)
{
    return at->state == ROLL_PENDING || at->state == ROLL_UNSHIPPED;
}

/* The report that first says shipped tells when: its `updated`. */
static void note_shipped(struct store_order *o)
{
    if (o->is_shipped || o->place.state != ROLL_SHIPPED)
        return;
    o->is_shipped = true;
    o->shipped_s = o->updated_s;
}

/* ---- rows into runs -------------------------------------------------------------------------- */

enum { AT_ONCE = 30 };
#define TEN(v) v "," v "," v "," v "," v "," v "," v "," v "," v "," v
#define THIRTY(v) TEN(v) "," TEN(v) "," TEN(v)

struct run {
    const struct telling *row;
    size_t n;
    struct store_order order;
};

static bool is_same_order(const struct telling *a, const struct telling *b)
{
    return a->updated_s == b->updated_s && a->order.n == b->order.n &&
           memcmp(a->order.at, b->order.at, a->order.n) == 0;
}

/* The rows of the batch that can be put; the others are refused. */
static int rows_tell(struct store *s, const struct batch *b, struct telling *telling, size_t *n,
                     struct err *err)
{
    *n = 0;
    for (uint32_t i = 0; i < b->rows->n_rows; i++) {
        struct telling *t = &telling[*n];
        int rc = batch_row(s, b, i, &t->row, err);
        if (rc == 0)
            rc = check(s, t);
        if (rc < 0)
            return rc;
        if (rc == 0)
            ++*n;
        else
            b->outcome(b->ctx, t->row.line, STORE_REJECTED);
    }
    return 0;
}

/* Counts each line among its like; that is part of what was said. */
static void run_take(struct store *s, const struct batch *b, struct telling *row, size_t n, struct run *run)
{
    struct store_order *o = &run->order;
    *run = (struct run){ .row = row };
    o->hash = hash_bytes(&s->hash, row->order.at, row->order.n);
    o->told_s = row->updated_s;
    o->said = s->setup_hash;
    do {
        struct telling *t = &row[run->n++];
        uint64_t like = o->hash ^ hash_mix((uint64_t)o->told_s ^ hash_bytes(&s->hash, t->sku.at, t->sku.n));
        t->ordinal = seen_count(&s->lines, hash_mix(like));
        o->said = batch_hash(b, &t->row, o->said ^ t->ordinal);
    } while (run->n < n && is_same_order(row, &row[run->n]));
}

/* ---- orders ---------------------------------------------------------------------------------- */

static const char sql_order_find[] =
    "SELECT no, updated_s, said FROM orders"
    " WHERE order_id = :order_id";

/* 1: it is known, and whether these very rows are; 0: it is not. */
static int order_find(struct store *s, struct run *run, struct err *err)
{
    struct store_order *o = &run->order;
    struct stmt *find = stmt_of(s->db, sql_order_find, err);
    if (!find)
        return -err->code;
    bind_told(find, 1, run->row->order);
    int rc = stmt_step(s->db, find, err);
    if (rc <= 0)
        return rc;
    o->no = stmt_int(find, 0);
    o->updated_s = stmt_int(find, 1);
    o->is_stale = o->told_s < o->updated_s;
    o->is_same = o->told_s == o->updated_s && o->said == (uint64_t)stmt_int(find, 2);
    o->is_met = o->is_same || o->is_stale;
    stmt_reset(find);
    return 1;
}

#define ORDER_ADD \
    "INSERT OR IGNORE INTO orders (no, order_id, updated_s, said, market_no, purchase_s, purchase_day," \
    "  status_no, is_open, fulfilment, is_business, shipped_s, service_level, ship_country, ship_region)" \
    " VALUES "
#define ORDER_VALUES "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

static const char sql_order_add[] = ORDER_ADD ORDER_VALUES;
static const char sql_orders_add[] = ORDER_ADD THIRTY(ORDER_VALUES);

static const char sql_order_put[] =
    "UPDATE orders"
    " SET updated_s = :updated_s, said = :said, market_no = :market_no, purchase_s = :purchase_s,"
    "     purchase_day = :purchase_day, status_no = :status_no, is_open = :is_open,"
    "     fulfilment = :fulfilment, is_business = :is_business, shipped_s = :shipped_s,"
    "     service_level = coalesce(:service_level, service_level),"
    "     ship_country = coalesce(:ship_country, ship_country),"
    "     ship_region = coalesce(:ship_region, ship_region)"
    " WHERE no = :no";

/* All but the key: from position `at` on; returns the next one. */
static int bind_order(struct store *s, struct stmt *st, int at, const struct run *run)
{
    const struct store_order *o = &run->order;
    const struct row *r = &run->row->row;
    bind_int(st, at++, o->updated_s);
    bind_int(st, at++, (int64_t)o->said);
    bind_int(st, at++, o->place.market_no);
    bind_int(st, at++, o->purchase_s);
    bind_int(st, at++, o->place.day);
    bind_int(st, at++, o->status_no);
    bind_int(st, at++, is_open(&o->place));
    bind_text(st, at++, o->place.fulfilment == BY_SELLER ? "seller" : "marketplace");
    bind_int(st, at++, o->place.is_business);
    if (o->is_shipped)
        bind_int(st, at++, o->shipped_s);
    else
        bind_null(st, at++);
    bind_told(st, at++, row_text(s, r, OL_SERVICE_LEVEL));
    bind_told(st, at++, row_text(s, r, OL_SHIP_COUNTRY));
    bind_told(st, at++, row_text(s, r, OL_SHIP_REGION));
    return at;
}

/* As the first row of the run tells it. */
static int order_make(struct store *s, struct run *run, struct err *err)
{
    const struct telling *t = run->row;
    struct store_order *o = &run->order;
    const struct store_status *status = store_status(s, row_text(s, &t->row, OL_STATUS), err);
    o->market = store_market(s, t->market, err);
    if (!status || !o->market)
        return -err->code;
    o->no = ++s->last_order_no;
    o->purchase_s = t->purchase_s;
    o->updated_s = t->updated_s;
    o->status_no = status->no;
    o->is_shipped = o->is_stale = false;
    o->place.state = status->state;
    o->place.fulfilment = t->fulfilment == BY_NOBODY ? BY_SELLER : t->fulfilment;
    o->place.is_business = row_int(&t->row, OL_IS_BUSINESS, 0) != 0;
    place_set(o);
    note_shipped(o);
    return 0;
}

/* Where it counts by the days of purchase and shipping. */
static void pair_roll(struct store *s, const struct store_order *o, int sign)
{
    if (o->place.fulfilment == BY_SELLER)
        roll_ship_pair(s->roll, &o->place,
                       o->is_shipped ? zone_day(o->market->zone, o->shipped_s) : ROLL_NOT_SHIPPED, sign);
}

static void order_is_new(struct store *s, struct store_order *o)
{
    o->is_met = o->is_loaded = o->is_new = o->was_changed = true;
    roll_order(s->roll, &o->place, 1);
    pair_roll(s, o, 1);
    if (o->is_shipped)
        roll_shipped(s->roll, o->place.market_no, o->place.fulfilment, o->shipped_s, 1);
}

static const char sql_order_last[] =
    "SELECT coalesce(max(no), 0) FROM orders";

static int order_last(struct store *s, struct err *err)
{
    struct stmt *last = stmt_of(s->db, sql_order_last, err);
    if (!last)
        return -err->code;
    int rc = stmt_step(s->db, last, err);
    s->last_order_no = rc > 0 ? stmt_int(last, 0) : 0;
    stmt_reset(last);
    return rc;
}

/* Adds those that are new, one or AT_ONCE, and marks them. */
static int orders_add(struct store *s, struct run *run, size_t n, struct err *err)
{
    struct stmt *add = stmt_of(s->db, n == 1 ? sql_order_add : sql_orders_add, err);
    if (!add || (!s->last_order_no && order_last(s, err) < 0))
        return -err->code;
    int at = 1;
    for (size_t i = 0; i < n; i++) {
        if (order_make(s, &run[i], err) < 0)
            return -err->code;
        bind_int(add, at, run[i].order.no);
        bind_told(add, at + 1, run[i].row->order);
        at = bind_order(s, add, at + 2, &run[i]);
    }
    int added = stmt_run(s->db, add, err);
    for (size_t i = 0; i < n && added > 0; i++) {
        struct run stored = run[i];
        if ((size_t)added < n && order_find(s, &stored, err) < 0)
            return -err->code;
        if (stored.order.no == run[i].order.no)
            order_is_new(s, &run[i].order);
    }
    return added;
}

static const char sql_order_get[] =
    "SELECT market_no, purchase_s, status_no, fulfilment, is_business, shipped_s,"
    "       service_level, ship_country, ship_region"
    " FROM orders"
    " WHERE no = :no";

static bool differs(struct store *s, const struct row *r, int column, const struct stmt *st, int at)
{
    struct text told = row_text(s, r, column);
    return told.at && (stmt_is_null(st, at) || strcmp(told.at, stmt_text(st, at)) != 0);
}

/* The rest of what is known; `has_news` says whether the row tells other texts. */
static int order_load(struct store *s, struct run *run, bool *has_news, struct err *err)
{
    struct store_order *o = &run->order;
    const struct row *r = &run->row->row;
    struct stmt *get = stmt_of(s->db, sql_order_get, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, o->no);
    int rc = stmt_step(s->db, get, err);
    if (rc < 0)
        return rc;
    int64_t market_no = stmt_int(get, 0);
    o->purchase_s = stmt_int(get, 1);
    o->status_no = stmt_int(get, 2);
    o->place.fulfilment = text_is(stmt_text(get, 3), "seller") ? BY_SELLER : BY_MARKETPLACE;
    o->place.is_business = (int)stmt_int(get, 4);
    o->is_shipped = !stmt_is_null(get, 5);
    o->shipped_s = stmt_int(get, 5);
    *has_news = differs(s, r, OL_SERVICE_LEVEL, get, 6) || differs(s, r, OL_SHIP_COUNTRY, get, 7) ||
                differs(s, r, OL_SHIP_REGION, get, 8);
    stmt_reset(get);
    const struct store_status *status = store_status_no(s, o->status_no, err);
    o->market = store_market_no(s, market_no, err);
    if (!status || !o->market)
        return -err->code;
    o->place.state = status->state;
    o->is_loaded = true;
    place_set(o);
    return 0;
}

static const char sql_order_lines[] =
    "SELECT sku_no, is_cancelled, quantity, currency, price_minor FROM order_line"
    " WHERE order_no = :order_no";

static struct roll_sale line_place(const struct roll_sale *order, bool is_cancelled, const char *currency)
{
    struct roll_sale at = *order;
    if (is_cancelled)
        at.state = ROLL_CANCELLED;
    if (*currency)
        memcpy(at.currency, currency, sizeof at.currency);
    return at;
}

static int queue_flush_for(struct store *s, int64_t order_no, struct err *err);

/* Where an order counts has changed, and with it where its lines count. */
static int order_move(struct store *s, const struct store_order *o, const struct roll_sale *from,
                      struct err *err)
{
    struct stmt *lines = stmt_of(s->db, sql_order_lines, err);
    int rc = queue_flush_for(s, o->no, err);
    if (!lines || rc < 0)
        return -err->code;
    roll_order(s->roll, from, -1);
    roll_order(s->roll, &o->place, 1);
    bind_int(lines, 1, o->no);
    while ((rc = stmt_step(s->db, lines, err)) > 0) {
        const struct roll_sale *side[] = { from, &o->place };
        for (int i = 0; i < 2; i++) {
            struct roll_sale at = line_place(side[i], stmt_int(lines, 1), stmt_text(lines, 3));
            roll_line(s->roll, &at, stmt_int(lines, 0), !stmt_is_null(lines, 4), stmt_int(lines, 2),
                      stmt_int(lines, 4), i ? 1 : -1);
        }
    }
    return rc;
}

/* What was said last is kept even where it is no news. */
static int order_change(struct store *s, struct run *run, struct err *err)
{
    const struct telling *t = run->row;
    struct store_order *o = &run->order;
    bool has_news;
    int rc = order_load(s, run, &has_news, err);
    if (rc < 0)
        return rc;
    const struct store_order old = *o;
    const struct store_status *status = row_cell(&t->row, OL_STATUS) ?
        store_status(s, row_text(s, &t->row, OL_STATUS), err) : store_status_no(s, o->status_no, err);
    struct stmt *put = stmt_of(s->db, sql_order_put, err);
    o->market = store_market(s, t->market, err);
    if (!status || !put || !o->market)
        return -err->code;
    o->purchase_s = t->purchase_s;
    o->updated_s = t->updated_s;
    o->status_no = status->no;
    o->place.state = status->state;
    if (t->fulfilment != BY_NOBODY)
        o->place.fulfilment = t->fulfilment;
    o->place.is_business = row_int(&t->row, OL_IS_BUSINESS, o->place.is_business) != 0;
    place_set(o);
    note_shipped(o);
    bind_int(put, bind_order(s, put, 1, run), o->no);
    rc = stmt_run(s->db, put, err);

    bool is_moved = !place_is(&o->place, &old.place);
    o->was_changed = has_news || is_moved || o->updated_s != old.updated_s || o->status_no != old.status_no ||
                     o->purchase_s != old.purchase_s || o->is_shipped != old.is_shipped;
    if (rc >= 0 && is_moved)
        rc = order_move(s, o, &old.place, err);
    if (rc >= 0 && (is_moved || o->is_shipped != old.is_shipped)) {
        pair_roll(s, &old, -1);
        pair_roll(s, o, 1);
    }
    if (rc >= 0 && old.is_shipped && is_moved)
        roll_shipped(s->roll, old.place.market_no, old.place.fulfilment, old.shipped_s, -1);
    if (rc >= 0 && o->is_shipped && (is_moved || !old.is_shipped))
        roll_shipped(s->roll, o->place.market_no, o->place.fulfilment, o->shipped_s, 1);
    o->is_met = true;
    return rc;
}

/* Brings what is known of the order and what the run says of it together. */
static int order_meet(struct store *s, struct run *run, struct err *err)
{
    struct store_order *o = &run->order;
    int rc = order_find(s, run, err);
    if (rc == 0)
        return orders_add(s, run, 1, err);
    return rc < 0 || o->is_met ? rc : order_change(s, run, err);
}

/* ---- the line -------------------------------------------------------------------------------- */

/* What is known, changed by what the row tells. */
static void line_tell(struct store *s, struct line *l, const struct telling *t, bool is_cancelled)
{
    const struct row *r = &t->row;
    l->promotions = row_text(s, r, OL_PROMOTIONS);
    l->extra = row_text(s, r, OL_EXTRA);
    if (row_cell(r, OL_ITEM_STATUS))
        l->is_cancelled = is_cancelled;
    l->quantity = row_int(r, OL_QUANTITY, l->quantity);
    if (!t->currency[0])
        return;
    memcpy(l->currency, t->currency, sizeof l->currency);
    for (int i = 0; i < AMOUNTS; i++) {
        l->has[i] = row_cell(r, OL_PRICE + i) != NULL;
        l->amount[i] = row_int(r, OL_PRICE + i, 0);
    }
}

static bool line_is(const struct line *a, const struct line *b)
{
    return a->is_cancelled == b->is_cancelled && a->quantity == b->quantity &&
           memcmp(a->currency, b->currency, sizeof a->currency) == 0 &&
           memcmp(a->has, b->has, sizeof a->has) == 0 &&
           memcmp(a->amount, b->amount, sizeof a->amount) == 0;
}

static void line_roll(struct store *s, const struct store_order *o, const struct line *l, int64_t sku_no,
                      int sign)
{
    struct roll_sale at = line_place(&o->place, l->is_cancelled, l->currency);
    roll_line(s->roll, &at, sku_no, l->has[0], l->quantity, l->amount[0], sign);
}

static const char sql_line_put[] =
    "UPDATE order_line"
    " SET is_cancelled = :is_cancelled, quantity = :quantity, currency = :currency,"
    "     price_minor = :price_minor, tax_minor = :tax_minor, shipping_minor = :shipping_minor,"
    "     shipping_tax_minor = :shipping_tax_minor, gift_minor = :gift_minor,"
    "     gift_tax_minor = :gift_tax_minor, discount_minor = :discount_minor,"
    "     ship_discount_minor = :ship_discount_minor, promotions = coalesce(:promotions, promotions),"
    "     extra = coalesce(:extra, extra)"
    " WHERE order_no = :order_no AND sku_no = :sku_no AND ordinal = :ordinal";

static int bind_line(struct stmt *st, int at, const struct line *l)
{
    bind_int(st, at++, l->is_cancelled);
    bind_int(st, at++, l->quantity);
    bind_text(st, at++, l->currency[0] ? l->currency : NULL);
    for (int i = 0; i < AMOUNTS; i++, at++) {
        if (l->has[i])
            bind_int(st, at, l->amount[i]);
        else
            bind_null(st, at);
    }
    bind_told(st, at++, l->promotions);
    bind_told(st, at++, l->extra);
    return at;
}

static int bind_line_key(struct stmt *st, int at, const struct line_key *k)
{
    bind_int(st, at, k->order_no);
    bind_int(st, at + 1, k->sku_no);
    bind_int(st, at + 2, k->ordinal);
    return at + 3;
}

/* ---- new lines, queued ----------------------------------------------------------------------- */

#define LINE_ADD \
    "INSERT OR FAIL INTO order_line (order_no, sku_no, ordinal, is_cancelled, quantity, currency," \
    "  price_minor, tax_minor, shipping_minor, shipping_tax_minor, gift_minor, gift_tax_minor," \
    "  discount_minor, ship_discount_minor, promotions, extra)" \
    " VALUES "
#define LINE_VALUES "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

static const char sql_line_add[] = LINE_ADD LINE_VALUES;
static const char sql_lines_add[] = LINE_ADD THIRTY(LINE_VALUES);

struct line_queue {                                     /* its texts live as long as the batch */
    size_t n;
    struct line_key key[AT_ONCE];
    struct line line[AT_ONCE];
};

static int queue_flush(struct store *s, struct err *err)
{
    struct line_queue *q = s->queue;
    size_t at_once = q->n == AT_ONCE ? AT_ONCE : 1;
    for (size_t i = 0; i < q->n; i += at_once) {
        struct stmt *add = stmt_of(s->db, at_once == 1 ? sql_line_add : sql_lines_add, err);
        if (!add)
            return -err->code;
        int at = 1;
        for (size_t k = i; k < i + at_once; k++)
            at = bind_line(add, bind_line_key(add, at, &q->key[k]), &q->line[k]);
        int rc = stmt_run(s->db, add, err);
        if (rc < 0)
            return rc;
    }
    q->n = 0;
    return 0;
}

/* Before lines of an order are read: only orders from the first one queued on can have some waiting. */
static int queue_flush_for(struct store *s, int64_t order_no, struct err *err)
{
    return s->queue->n && order_no >= s->queue->key[0].order_no ? queue_flush(s, err) : 0;
}

static int line_add(struct store *s, const struct line_key *key, const struct line *line, struct err *err)
{
    struct line_queue *q = s->queue;
    q->key[q->n] = *key;
    q->line[q->n++] = *line;
    return q->n == AT_ONCE ? queue_flush(s, err) : 0;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static const char sql_line_get[] =
    "SELECT is_cancelled, quantity, currency, price_minor, tax_minor, shipping_minor, shipping_tax_minor,"
    "       gift_minor, gift_tax_minor, discount_minor, ship_discount_minor, promotions, extra"
    " FROM order_line"
    " WHERE order_no = :order_no AND sku_no = :sku_no AND ordinal = :ordinal";

static int line_get(struct store *s, const struct row *r, const struct line_key *key, struct line *l,
                    bool *has_news, struct err *err)
{
    struct stmt *get = stmt_of(s->db, sql_line_get, err);
    int rc = queue_flush_for(s, key->order_no, err);
    if (!get || rc < 0)
        return -err->code;
    bind_line_key(get, 1, key);
    rc = stmt_step(s->db, get, err);
    if (rc <= 0)
        return rc;
    l->is_cancelled = stmt_int(get, 0);
    l->quantity = stmt_int(get, 1);
    if (!stmt_is_null(get, 2))
        memcpy(l->currency, stmt_text(get, 2), sizeof l->currency);
    for (int i = 0; i < AMOUNTS; i++) {
        l->has[i] = !stmt_is_null(get, 3 + i);
        l->amount[i] = stmt_int(get, 3 + i);
    }
    *has_news = differs(s, r, OL_PROMOTIONS, get, 3 + AMOUNTS) || differs(s, r, OL_EXTRA, get, 4 + AMOUNTS);
    stmt_reset(get);
    return 1;
}

static int line_put(struct store *s, const struct store_order *o, const struct telling *t,
                    const struct line_key *key, struct err *err)
{
    struct line old = { 0 };
    bool is_cancelled = false, has_news = false;
    if (row_cell(&t->row, OL_ITEM_STATUS)) {
        const struct store_status *item = store_status(s, row_text(s, &t->row, OL_ITEM_STATUS), err);
        if (!item)
            return -err->code;
        is_cancelled = item->state == ROLL_CANCELLED;
    }
    int is_known = o->is_new ? 0 : line_get(s, &t->row, key, &old, &has_news, err);
    if (is_known < 0)
        return is_known;
    struct line new = old;
    line_tell(s, &new, t, is_cancelled);
    if (is_known && !has_news && line_is(&old, &new))
        return o->was_changed ? STORE_ACCEPTED : STORE_UNCHANGED;

    int rc;
    line_roll(s, o, &new, key->sku_no, 1);
    if (is_known) {
        struct stmt *put = stmt_of(s->db, sql_line_put, err);
        if (!put)
            return -err->code;
        line_roll(s, o, &old, key->sku_no, -1);
        bind_line_key(put, bind_line(put, 1, &new), key);
        rc = stmt_run(s->db, put, err);
    } else {
        rc = line_add(s, key, &new, err);
    }
    return rc < 0 ? rc : STORE_ACCEPTED;
}

static int row_put(struct store *s, const struct store_order *o, const struct telling *t, struct err *err)
{
    if (o->is_stale || o->is_same)
        return STORE_UNCHANGED;
    int64_t until = t->purchase_s > t->updated_s ? t->purchase_s : t->updated_s;
    if (until > o->market->told_until_s)
        o->market->told_until_s = until;
    struct store_sku *sku = store_sku(s, t->sku, err);
    if (!sku)
        return -err->code;
    sku_tell(sku, t->updated_s, row_text(s, &t->row, OL_ASIN), row_text(s, &t->row, OL_TITLE));
    return line_put(s, o, t, &(struct line_key){ o->no, sku->no, t->ordinal }, err);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static int run_put(struct store *s, const struct batch *b, struct run *run, struct err *err)
{
    struct store_order *o = &run->order;
    int rc = o->is_met ? 0 : order_meet(s, run, err);
    if (rc >= 0 && !o->is_loaded && !o->is_same && !o->is_stale)
        rc = order_load(s, run, &(bool){ false }, err);
    for (size_t i = 0; i < run->n && rc >= 0; i++) {
        rc = row_put(s, o, &run->row[i], err);
        if (rc == STORE_ACCEPTED)
            s->to.touched |= TOUCHED_ORDERS;
        if (rc >= 0)
            b->outcome(b->ctx, run->row[i].row.line, (enum store_outcome)rc);
        o->was_changed = false;
    }
    return rc < 0 ? rc : roll_flush(s->roll, false, err);
}

/* The rows of an order may go on in the next batch; what they said together is then not known. */
static void run_go_on(struct store *s, struct run *run)
{
    if (run->order.told_s != s->last.told_s || !text_is(run->row->order.at, s->last_id))
        return;
    run->order = s->last;
    run->order.is_same = false;
}

static int runs_put(struct store *s, const struct batch *b, struct telling *row, size_t n, struct err *err)
{
    struct run run[AT_ONCE];
    int rc = 0;
    for (size_t at = 0; at < n && rc >= 0;) {
        size_t n_runs = 0;
        for (; n_runs < AT_ONCE && at < n; at += run[n_runs++].n)
            run_take(s, b, &row[at], n - at, &run[n_runs]);
        if (run[0].row == row)
            run_go_on(s, &run[0]);
        /* A file holds mostly new or mostly known orders: begin with what the last one was. */
        if (!s->expects_known && n_runs == AT_ONCE && !run[0].order.is_met)
            rc = orders_add(s, run, AT_ONCE, err);
        for (size_t i = 0; i < n_runs && rc >= 0; i++)
            rc = run_put(s, b, &run[i], err);
        s->last = run[n_runs - 1].order;
        s->expects_known = !s->last.is_new;
        memcpy(s->last_id, run[n_runs - 1].row->order.at, run[n_runs - 1].row->order.n + 1);
    }
    return rc;
}

int order_lines_put(struct store *s, const struct batch *b, struct err *err)
{
    if (!s->queue)
        s->queue = base_alloc(sizeof *s->queue);
    struct telling *telling = arena_alloc(s->batch, (b->rows->n_rows + 1) * sizeof *telling);
    size_t n;
    int rc = rows_tell(s, b, telling, &n, err);
    if (rc == 0)
        rc = runs_put(s, b, telling, n, err);
    if (rc >= 0)
        rc = queue_flush(s, err);
    return rc < 0 ? rc : 0;
}

void order_lines_end(struct store *s)
{
    free(s->queue);
}
