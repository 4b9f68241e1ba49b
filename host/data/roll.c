/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roll.c: totals kept in step with the records.
 *
 * in:     what the store added and took away
 * out:    rows of sales_hour, sales_day, sku_day, sku_30, shipped_hour, ship_pair, open_day, cycle_total,
 *         ledger_day, payment_total, payment_held, and the sums of cycles
 * knows:  db, market, proceeds.  Has never heard of files, pages or rules.
 *
 * Differences are gathered under keys of 128 bits, packed so that their order is the order of the
 * tables' own keys: written in that order, neighbours meet on the same page.  Texts in keys are
 * numbered for as long as the table in memory lives.
 *
 * A row of totals is there exactly when something counts in it, so that counting anew gives the
 * same rows.  sku_30 holds the sum of sku_day over the 30 days up to market.window_day after each
 * flush; the window itself moves in roll_finish only.
 */
#include "roll.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "market.h"

enum {
    FLUSH_KEYS = 50000,
    WINDOW_DAYS = 30,
    DAY_BIAS = 1 << 22                                  /* days before 1970 sort before it, too */
};

enum { ORDERS, LINES, UNPRICED, UNITS, SALES, VALUES };             /* of sales */
enum { PAY_LINES, PAY_MINOR, PAY_FIRST, PAY_LAST };                 /* of payments */

enum what { SALE_HOUR = 1, SALE_DAY, SKU_DAY, SHIPPED, OPEN, CYCLE, PAYMENT, HELD, SHIP_PAIR, LEDGER_DAY };

struct key {
    uint64_t a, b;
};

struct entry {
    struct key key;
    int64_t value[VALUES];
    bool may_vanish;                                    /* something was taken away */
};

struct window {
    int64_t market_no, day;                             /* market.window_day */
    bool is_touched;
};

struct roll {
    struct db *db;
    struct entry *entry;
    uint32_t n, cap;
    uint32_t *slot, n_slots;                            /* 1 + index of an entry; a power of two */
    struct hash_key hash;
    struct arena *texts;
    const char **text;                                  /* by number, from 1 on */
    uint32_t n_texts, cap_texts;
    uint32_t *text_slot, n_text_slots;
    struct window *window;
    size_t n_windows;
    char **anew;                                        /* settlements whose payments are counted anew */
    size_t n_anew;
};

static const char *const state_names[] = {
    [ROLL_PENDING] = "pending", [ROLL_UNSHIPPED] = "unshipped", [ROLL_SHIPPED] = "shipped",
    [ROLL_CANCELLED] = "cancelled", [ROLL_OTHER] = "other",
};

const char *roll_state_name(enum roll_state state)
{
    return state_names[state];
}

enum roll_state roll_state_of(const char *name)
{
    for (enum roll_state s = ROLL_PENDING; s < ROLL_OTHER; s++)
        if (text_is(name, state_names[s]))
            return s;
    return ROLL_OTHER;
}

/* ---- gathering ------------------------------------------------------------------------------- */

struct roll *roll_new(struct db *db)
{
    struct roll *r = base_alloc(sizeof *r);
    r->db = db;
    r->cap = 1024;
    r->entry = base_alloc(r->cap * sizeof *r->entry);
    r->n_slots = 4096;
    r->slot = base_alloc(r->n_slots * sizeof *r->slot);
    r->cap_texts = 64;
    r->text = base_alloc(r->cap_texts * sizeof *r->text);
    r->n_text_slots = 256;
    r->text_slot = base_alloc(r->n_text_slots * sizeof *r->text_slot);
    r->texts = arena_new("roll texts", 4096);
    r->hash = hash_key_new();
    return r;
}

void roll_free(struct roll *r)
{
    if (!r)
        return;
    arena_free(r->texts);
    free(r->entry);
    free(r->slot);
    free(r->text);
    free(r->text_slot);
    free(r->window);
    for (size_t i = 0; i < r->n_anew; i++)
        free(r->anew[i]);
    free(r->anew);
    free(r);
}

static uint32_t *slot_of(struct roll *r, struct key key)
{
    uint32_t i = (uint32_t)hash_mix(key.a ^ hash_mix(key.b)) & (r->n_slots - 1);
    for (; r->slot[i]; i = (i + 1) & (r->n_slots - 1)) {
        const struct entry *e = &r->entry[r->slot[i] - 1];
        if (e->key.a == key.a && e->key.b == key.b)
            break;
    }
    return &r->slot[i];
}

static void entries_grow(struct roll *r)
{
    r->cap *= 2;
    r->entry = base_grow(r->entry, r->cap * sizeof *r->entry);
    free(r->slot);
    r->n_slots *= 2;
    r->slot = base_alloc(r->n_slots * sizeof *r->slot);
    for (uint32_t i = 0; i < r->n; i++)
        *slot_of(r, r->entry[i].key) = i + 1;
}

static struct entry *entry_of(struct roll *r, struct key key)
{
    uint32_t *slot = slot_of(r, key);
    if (*slot)
        return &r->entry[*slot - 1];
    if (r->n == r->cap) {
        entries_grow(r);
        slot = slot_of(r, key);
    }
    struct entry *e = &r->entry[r->n++];
    *slot = r->n;
    *e = (struct entry){ .key = key };
    return e;
}

static uint32_t *text_slot_of(struct roll *r, const char *text)
{
    uint32_t i = (uint32_t)hash_bytes(&r->hash, text, strlen(text)) & (r->n_text_slots - 1);
    while (r->text_slot[i] && strcmp(r->text[r->text_slot[i]], text) != 0)
        i = (i + 1) & (r->n_text_slots - 1);
    return &r->text_slot[i];
}

static uint32_t text_number(struct roll *r, const char *text)
{
    uint32_t *slot = text_slot_of(r, text);
    if (*slot)
        return *slot;
    if (r->n_texts + 1 == r->cap_texts) {
        r->cap_texts *= 2;
        r->text = base_grow(r->text, r->cap_texts * sizeof *r->text);
        free(r->text_slot);
        r->n_text_slots *= 2;
        r->text_slot = base_alloc(r->n_text_slots * sizeof *r->text_slot);
        for (uint32_t i = 1; i <= r->n_texts; i++)
            *text_slot_of(r, r->text[i]) = i;
        slot = text_slot_of(r, text);
    }
    r->text[++r->n_texts] = arena_text(r->texts, text);
    return *slot = r->n_texts;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* 4 bits what, 16 market, 24 day, 5 hour, 2 fulfilment, 1 business, 3 state or part; in b: currency. */
static uint64_t head(enum what what, int64_t market_no)
{
    assert(market_no >= 0 && market_no < 1 << 16);
    return (uint64_t)what << 60 | (uint64_t)market_no << 44;
}

static uint64_t day_bits(int32_t day)
{
    return (uint64_t)(day + DAY_BIAS) << 20;
}

static uint64_t currency_bits(const char *currency)
{
    uint64_t bits = 0;
    for (int i = 0; i < 3; i++)
        bits = bits << 8 | (unsigned char)currency[i];
    return bits;
}

static struct key sale_key(enum what what, const struct roll_sale *at, int32_t hour)
{
    return (struct key){
        head(what, at->market_no) | day_bits(at->day) | (uint64_t)hour << 15 |
            (uint64_t)at->fulfilment << 13 | (uint64_t)at->is_business << 12 | (uint64_t)at->state << 9,
        currency_bits(at->currency)
    };
}

static int64_t key_market(struct key k)     { return k.a >> 44 & 0xFFFF; }
static int32_t key_day(struct key k)        { return (int32_t)(k.a >> 20 & 0xFFFFFF) - DAY_BIAS; }
static int64_t key_hour(struct key k)       { return k.a >> 15 & 31; }
static int64_t key_fulfilment(struct key k) { return k.a >> 13 & 3; }
static int64_t key_business(struct key k)   { return k.a >> 12 & 1; }
static const char *key_state(struct key k)  { return state_names[k.a >> 9 & 7]; }

static void key_currency(struct key k, char currency[4])
{
    for (int i = 0; i < 3; i++)
        currency[i] = (char)(k.b >> (16 - 8 * i) & 0xFF);
    currency[3] = '\0';
}

static struct entry *touch(struct roll *r, struct key key, int sign)
{
    struct entry *e = entry_of(r, key);
    e->may_vanish |= sign < 0;
    return e;
}

void roll_order(struct roll *r, const struct roll_sale *at, int sign)
{
    touch(r, sale_key(SALE_HOUR, at, at->hour), sign)->value[ORDERS] += sign;
    touch(r, sale_key(SALE_DAY, at, 0), sign)->value[ORDERS] += sign;
    if (at->state == ROLL_PENDING || at->state == ROLL_UNSHIPPED)
        touch(r, sale_key(OPEN, at, 0), sign)->value[ORDERS] += sign;
}

static void add_line(struct entry *e, bool has_price, int64_t units, int64_t sales_minor, int sign)
{
    e->value[LINES] += sign;
    e->value[UNPRICED] += has_price ? 0 : sign;
    e->value[UNITS] += sign * units;
    e->value[SALES] += sign * sales_minor;
}

void roll_line(struct roll *r, const struct roll_sale *at, int64_t sku_no, bool has_price,
               int64_t units, int64_t sales_minor, int sign)
{
    add_line(touch(r, sale_key(SALE_HOUR, at, at->hour), sign), has_price, units, sales_minor, sign);
    add_line(touch(r, sale_key(SALE_DAY, at, 0), sign), has_price, units, sales_minor, sign);
    if (at->state == ROLL_CANCELLED)
        return;
    struct key sku = { head(SKU_DAY, at->market_no) | day_bits(at->day),
                       (uint64_t)sku_no << 24 | currency_bits(at->currency) };
    add_line(touch(r, sku, sign), has_price, units, sales_minor, sign);
}

void roll_shipped(struct roll *r, int64_t market_no, int fulfilment, int64_t shipped_s, int sign)
{
    int64_t hour = shipped_s / 3600 - (shipped_s % 3600 < 0);
    struct key key = { head(SHIPPED, market_no), (uint64_t)(hour + ((int64_t)1 << 40)) << 2 |
                       (uint64_t)fulfilment };
    touch(r, key, sign)->value[ORDERS] += sign;
}

void roll_ship_pair(struct roll *r, const struct roll_sale *at, int32_t ship_day, int sign)
{
    if (at->fulfilment != 1)                            /* BY_SELLER */
        return;
    struct key key = { head(SHIP_PAIR, at->market_no) | day_bits(at->day) | (uint64_t)at->state << 9,
                       (uint64_t)(ship_day + DAY_BIAS) };
    touch(r, key, sign)->value[ORDERS] += sign;
}

void roll_ledger_day(struct roll *r, int64_t market_no, int32_t day, const char *currency, enum proceeds part,
                     int64_t minor)
{
    struct key key = { head(LEDGER_DAY, market_no) | day_bits(day) | (uint64_t)part << 9, currency_bits(currency) };
    struct entry *e = entry_of(r, key);
    e->value[LINES]++;
    e->value[SALES] += minor;
}

void roll_ledger(struct roll *r, int64_t cycle_no, const char *type, const char *kind, const char *detail,
                 int64_t minor)
{
    struct key key = { (uint64_t)CYCLE << 60 | (uint64_t)cycle_no << 20 | text_number(r, type),
                       (uint64_t)text_number(r, kind) << 32 | text_number(r, detail) };
    struct entry *e = entry_of(r, key);
    e->value[LINES]++;
    e->value[SALES] += minor;
}

void roll_payment(struct roll *r, const char *settlement_id, const char *currency, const char *type,
                  int64_t market_no, int64_t posted_s, int64_t minor)
{
    struct key key = { head(PAYMENT, market_no) | text_number(r, settlement_id),
                       (uint64_t)text_number(r, type) << 32 | currency_bits(currency) };
    struct entry *e = entry_of(r, key);
    bool is_first = e->value[PAY_LINES]++ == 0;
    e->value[PAY_MINOR] += minor;
    if (is_first || posted_s < e->value[PAY_FIRST])
        e->value[PAY_FIRST] = posted_s;
    if (is_first || posted_s > e->value[PAY_LAST])
        e->value[PAY_LAST] = posted_s;
}

void roll_held(struct roll *r, const char *settlement_id, const char *currency, int64_t market_no,
               const char *status, int32_t release_day, int64_t minor, int sign)
{
    struct key key = { head(HELD, market_no) | day_bits(release_day) | text_number(r, settlement_id),
                       (uint64_t)text_number(r, status) << 32 | currency_bits(currency) };
    struct entry *e = touch(r, key, sign);
    e->value[PAY_LINES] += sign;
    e->value[PAY_MINOR] += sign * minor;
}

void roll_payments_anew(struct roll *r, const char *settlement_id)
{
    for (size_t i = r->n_anew; i > 0; i--)
        if (text_is(r->anew[i - 1], settlement_id))
            return;
    r->anew = base_grow(r->anew, (r->n_anew + 1) * sizeof *r->anew);
    r->anew[r->n_anew++] = base_text(settlement_id);
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char sql_sales_hour[] =
    "INSERT INTO sales_hour (market_no, day, hour, fulfilment, is_business, state, currency,"
    "                        orders, lines, unpriced, units, sales_minor)"
    " VALUES (:market_no, :day, :hour, :fulfilment, :is_business, :state, :currency,"
    "         :orders, :lines, :unpriced, :units, :sales_minor)"
    " ON CONFLICT (market_no, day, hour, fulfilment, is_business, state, currency) DO UPDATE"
    " SET orders = sales_hour.orders + excluded.orders,"
    "     lines = sales_hour.lines + excluded.lines,"
    "     unpriced = sales_hour.unpriced + excluded.unpriced,"
    "     units = sales_hour.units + excluded.units,"
    "     sales_minor = sales_hour.sales_minor + excluded.sales_minor";

static const char sql_sales_hour_drop[] =
    "DELETE FROM sales_hour"
    " WHERE market_no = :market_no AND day = :day AND hour = :hour AND fulfilment = :fulfilment"
    "   AND is_business = :is_business AND state = :state AND currency = :currency"
    "   AND orders = 0 AND lines = 0";

static const char sql_sales_day[] =
    "INSERT INTO sales_day (market_no, day, fulfilment, is_business, state, currency,"
    "                       orders, lines, unpriced, units, sales_minor)"
    " VALUES (:market_no, :day, :fulfilment, :is_business, :state, :currency,"
    "         :orders, :lines, :unpriced, :units, :sales_minor)"
    " ON CONFLICT (market_no, day, fulfilment, is_business, state, currency) DO UPDATE"
    " SET orders = sales_day.orders + excluded.orders,"
    "     lines = sales_day.lines + excluded.lines,"
    "     unpriced = sales_day.unpriced + excluded.unpriced,"
    "     units = sales_day.units + excluded.units,"
    "     sales_minor = sales_day.sales_minor + excluded.sales_minor";

static const char sql_sales_day_drop[] =
    "DELETE FROM sales_day"
    " WHERE market_no = :market_no AND day = :day AND fulfilment = :fulfilment"
    "   AND is_business = :is_business AND state = :state AND currency = :currency"
    "   AND orders = 0 AND lines = 0";

/* Binds n values from position `at` on, and runs. */
static int put_values(struct roll *r, struct stmt *s, int at, const struct entry *e, int from, int n,
                      struct err *err)
{
    for (int i = 0; i < n; i++)
        bind_int(s, at + i, e->value[from + i]);
    return stmt_run(r->db, s, err);
}

static int bind_sale(struct stmt *s, const struct entry *e, const char *currency)
{
    int at = 0;
    bind_int(s, ++at, key_market(e->key));
    bind_int(s, ++at, key_day(e->key));
    if (e->key.a >> 60 == SALE_HOUR)
        bind_int(s, ++at, key_hour(e->key));
    bind_int(s, ++at, key_fulfilment(e->key));
    bind_int(s, ++at, key_business(e->key));
    bind_text(s, ++at, key_state(e->key));
    bind_text(s, ++at, currency);
    return at + 1;
}

static int put_sale(struct roll *r, const struct entry *e, const char *sql, const char *sql_drop,
                    struct err *err)
{
    char currency[4];
    key_currency(e->key, currency);
    struct stmt *s = stmt_of(r->db, sql, err);
    if (!s)
        return -err->code;
    int rc = put_values(r, s, bind_sale(s, e, currency), e, ORDERS, VALUES, err);
    if (rc < 0 || !e->may_vanish)
        return rc;
    s = stmt_of(r->db, sql_drop, err);
    if (!s)
        return -err->code;
    bind_sale(s, e, currency);
    return stmt_run(r->db, s, err);
}

static const char sql_sku_day[] =
    "INSERT INTO sku_day (market_no, day, sku_no, currency, lines, units, sales_minor)"
    " VALUES (:market_no, :day, :sku_no, :currency, :lines, :units, :sales_minor)"
    " ON CONFLICT (market_no, day, sku_no, currency) DO UPDATE"
    " SET lines = sku_day.lines + excluded.lines,"
    "     units = sku_day.units + excluded.units,"
    "     sales_minor = sku_day.sales_minor + excluded.sales_minor";

static const char sql_sku_day_drop[] =
    "DELETE FROM sku_day"
    " WHERE market_no = :market_no AND day = :day AND sku_no = :sku_no AND currency = :currency"
    "   AND lines = 0";

static const char sql_sku_30[] =
    "INSERT INTO sku_30 (market_no, sku_no, currency, lines, units, sales_minor)"
    " VALUES (:market_no, :sku_no, :currency, :lines, :units, :sales_minor)"
    " ON CONFLICT (market_no, sku_no, currency) DO UPDATE"
    " SET lines = sku_30.lines + excluded.lines,"
    "     units = sku_30.units + excluded.units,"
    "     sales_minor = sku_30.sales_minor + excluded.sales_minor";

static const char sql_sku_30_drop[] =
    "DELETE FROM sku_30"
    " WHERE market_no = :market_no AND sku_no = :sku_no AND currency = :currency"
    "   AND lines = 0";

/* The same for sku_day and sku_30, which has no day, and for their deletions, which have no values. */
static int run_sku(struct roll *r, const struct entry *e, const char *sql, bool has_day, bool has_values,
                   struct err *err)
{
    char currency[4];
    key_currency(e->key, currency);
    struct stmt *s = stmt_of(r->db, sql, err);
    if (!s)
        return -err->code;
    int at = 0;
    bind_int(s, ++at, key_market(e->key));
    if (has_day)
        bind_int(s, ++at, key_day(e->key));
    bind_int(s, ++at, (int64_t)(e->key.b >> 24));
    bind_text(s, ++at, currency);
    if (!has_values)
        return stmt_run(r->db, s, err);
    bind_int(s, ++at, e->value[LINES]);
    return put_values(r, s, at + 1, e, UNITS, 2, err);
}

static const char sql_window_get[] =
    "SELECT window_day FROM market"
    " WHERE no = :no";

static struct window *window_of(struct roll *r, int64_t market_no, struct err *err)
{
    for (size_t i = 0; i < r->n_windows; i++)
        if (r->window[i].market_no == market_no)
            return &r->window[i];
    struct stmt *s = stmt_of(r->db, sql_window_get, err);
    if (!s)
        return NULL;
    bind_int(s, 1, market_no);
    int rc = stmt_step(r->db, s, err);
    if (rc < 0)
        return NULL;
    struct window w = { market_no, rc > 0 ? stmt_int(s, 0) : 0, false };
    stmt_reset(s);
    r->window = base_grow(r->window, (r->n_windows + 1) * sizeof *r->window);
    r->window[r->n_windows] = w;
    return &r->window[r->n_windows++];
}

static int put_sku(struct roll *r, const struct entry *e, struct err *err)
{
    const struct window *w = window_of(r, key_market(e->key), err);
    if (!w)
        return -err->code;
    bool is_within = key_day(e->key) > w->day - WINDOW_DAYS && key_day(e->key) <= w->day;
    int rc = run_sku(r, e, sql_sku_day, true, true, err);
    if (rc >= 0 && e->may_vanish)
        rc = run_sku(r, e, sql_sku_day_drop, true, false, err);
    if (rc >= 0 && is_within)
        rc = run_sku(r, e, sql_sku_30, false, true, err);
    if (rc >= 0 && is_within && e->may_vanish)
        rc = run_sku(r, e, sql_sku_30_drop, false, false, err);
    return rc;
}

static const char sql_shipped[] =
    "INSERT INTO shipped_hour (market_no, hour, fulfilment, orders)"
    " VALUES (:market_no, :hour, :fulfilment, :orders)"
    " ON CONFLICT (market_no, hour, fulfilment) DO UPDATE"
    " SET orders = shipped_hour.orders + excluded.orders";

static const char sql_shipped_drop[] =
    "DELETE FROM shipped_hour"
    " WHERE market_no = :market_no AND hour = :hour AND fulfilment = :fulfilment AND orders = 0";

static void bind_shipped(struct stmt *s, const struct entry *e)
{
    bind_int(s, 1, key_market(e->key));
    bind_int(s, 2, (int64_t)(e->key.b >> 2) - ((int64_t)1 << 40));
    bind_int(s, 3, (int64_t)(e->key.b & 3));
}

static const char sql_open[] =
    "INSERT INTO open_day (market_no, fulfilment, state, day, orders)"
    " VALUES (:market_no, :fulfilment, :state, :day, :orders)"
    " ON CONFLICT (market_no, fulfilment, state, day) DO UPDATE"
    " SET orders = open_day.orders + excluded.orders";

static const char sql_open_drop[] =
    "DELETE FROM open_day"
    " WHERE market_no = :market_no AND fulfilment = :fulfilment AND state = :state AND day = :day"
    "   AND orders = 0";

static void bind_open(struct stmt *s, const struct entry *e)
{
    bind_int(s, 1, key_market(e->key));
    bind_int(s, 2, key_fulfilment(e->key));
    bind_text(s, 3, key_state(e->key));
    bind_int(s, 4, key_day(e->key));
}

static const char sql_ship_pair[] =
    "INSERT INTO ship_pair (market_no, purchase_day, ship_day, state, orders)"
    " VALUES (:market_no, :purchase_day, :ship_day, :state, :orders)"
    " ON CONFLICT (market_no, purchase_day, ship_day, state) DO UPDATE"
    " SET orders = ship_pair.orders + excluded.orders";

static const char sql_ship_pair_drop[] =
    "DELETE FROM ship_pair"
    " WHERE market_no = :market_no AND purchase_day = :purchase_day AND ship_day = :ship_day AND state = :state"
    "   AND orders = 0";

static void bind_ship_pair(struct stmt *s, const struct entry *e)
{
    bind_int(s, 1, key_market(e->key));
    bind_int(s, 2, key_day(e->key));
    bind_int(s, 3, (int64_t)e->key.b - DAY_BIAS);
    bind_text(s, 4, key_state(e->key));
}

static int put_orders(struct roll *r, const struct entry *e, const char *sql, const char *sql_drop,
                      void (*bind)(struct stmt *s, const struct entry *e), struct err *err)
{
    struct stmt *s = stmt_of(r->db, sql, err);
    if (!s)
        return -err->code;
    bind(s, e);
    int rc = put_values(r, s, stmt_params(s), e, ORDERS, 1, err);
    if (rc < 0 || !e->may_vanish)
        return rc;
    s = stmt_of(r->db, sql_drop, err);
    if (!s)
        return -err->code;
    bind(s, e);
    return stmt_run(r->db, s, err);
}

static const char sql_cycle_total[] =
    "INSERT INTO cycle_total (cycle_no, type, kind, detail, lines, minor)"
    " VALUES (:cycle_no, :type, :kind, :detail, :lines, :minor)"
    " ON CONFLICT (cycle_no, type, kind, detail) DO UPDATE"
    " SET lines = cycle_total.lines + excluded.lines,"
    "     minor = cycle_total.minor + excluded.minor";

static const char sql_cycle_sum[] =
    "UPDATE cycle"
    " SET lines = lines + :lines, sum_minor = sum_minor + :minor"
    " WHERE no = :no";

static int put_cycle(struct roll *r, const struct entry *e, struct err *err)
{
    int64_t cycle_no = e->key.a >> 20 & 0xFFFFFFFFFF;
    struct stmt *total = stmt_of(r->db, sql_cycle_total, err), *sum = stmt_of(r->db, sql_cycle_sum, err);
    if (!total || !sum)
        return -err->code;
    bind_int(total, 1, cycle_no);
    bind_text(total, 2, r->text[e->key.a & 0xFFFFF]);
    bind_text(total, 3, r->text[e->key.b >> 32]);
    bind_text(total, 4, r->text[e->key.b & 0xFFFFFFFF]);
    bind_int(total, 5, e->value[LINES]);
    bind_int(total, 6, e->value[SALES]);
    int rc = stmt_run(r->db, total, err);
    if (rc < 0)
        return rc;
    bind_int(sum, 1, e->value[LINES]);
    bind_int(sum, 2, e->value[SALES]);
    bind_int(sum, 3, cycle_no);
    return stmt_run(r->db, sum, err);
}

static const char sql_ledger_day[] =
    "INSERT INTO ledger_day (market_no, day, currency, part, lines, minor)"
    " VALUES (:market_no, :day, :currency, :part, :lines, :minor)"
    " ON CONFLICT (market_no, day, currency, part) DO UPDATE"
    " SET lines = ledger_day.lines + excluded.lines,"
    "     minor = ledger_day.minor + excluded.minor";

static int put_ledger_day(struct roll *r, const struct entry *e, struct err *err)
{
    char currency[4];
    key_currency(e->key, currency);
    struct stmt *s = stmt_of(r->db, sql_ledger_day, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, key_market(e->key));
    bind_int(s, 2, key_day(e->key));
    bind_text(s, 3, currency);
    bind_text(s, 4, proceeds_name((enum proceeds)(e->key.a >> 9 & 7)));
    bind_int(s, 5, e->value[LINES]);
    bind_int(s, 6, e->value[SALES]);
    return stmt_run(r->db, s, err);
}

static const char sql_payment_total[] =
    "INSERT INTO payment_total (settlement_id, currency, type, market_no, lines, minor, first_s, last_s)"
    " VALUES (:settlement_id, :currency, :type, :market_no, :lines, :minor, :first_s, :last_s)"
    " ON CONFLICT (settlement_id, currency, type, market_no) DO UPDATE"
    " SET lines = payment_total.lines + excluded.lines,"
    "     minor = payment_total.minor + excluded.minor,"
    "     first_s = CASE WHEN excluded.first_s < payment_total.first_s"
    "               THEN excluded.first_s ELSE payment_total.first_s END,"
    "     last_s = CASE WHEN excluded.last_s > payment_total.last_s"
    "              THEN excluded.last_s ELSE payment_total.last_s END";

static int put_payment(struct roll *r, const struct entry *e, struct err *err)
{
    char currency[4];
    key_currency(e->key, currency);
    struct stmt *s = stmt_of(r->db, sql_payment_total, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, r->text[e->key.a & 0xFFFFF]);
    bind_text(s, 2, currency);
    bind_text(s, 3, r->text[e->key.b >> 32]);
    bind_int(s, 4, key_market(e->key));
    return put_values(r, s, 5, e, PAY_LINES, 4, err);
}

static const char sql_held[] =
    "INSERT INTO payment_held (currency, market_no, settlement_id, status, release_day, lines, minor)"
    " VALUES (:currency, :market_no, :settlement_id, :status, :release_day, :lines, :minor)"
    " ON CONFLICT (currency, market_no, settlement_id, status, release_day) DO UPDATE"
    " SET lines = payment_held.lines + excluded.lines,"
    "     minor = payment_held.minor + excluded.minor";

static const char sql_held_drop[] =
    "DELETE FROM payment_held"
    " WHERE currency = :currency AND market_no = :market_no AND settlement_id = :settlement_id"
    "   AND status = :status AND release_day = :release_day AND lines = 0";

static void bind_held(struct roll *r, struct stmt *s, const struct entry *e, const char *currency)
{
    bind_text(s, 1, currency);
    bind_int(s, 2, key_market(e->key));
    bind_text(s, 3, r->text[e->key.a & 0xFFFFF]);
    bind_text(s, 4, r->text[e->key.b >> 32]);
    bind_int(s, 5, key_day(e->key));
}

static int put_held(struct roll *r, const struct entry *e, struct err *err)
{
    char currency[4];
    key_currency(e->key, currency);
    struct stmt *s = stmt_of(r->db, sql_held, err);
    if (!s)
        return -err->code;
    bind_held(r, s, e, currency);
    int rc = put_values(r, s, 6, e, PAY_LINES, 2, err);
    if (rc < 0 || !e->may_vanish)
        return rc;
    s = stmt_of(r->db, sql_held_drop, err);
    if (!s)
        return -err->code;
    bind_held(r, s, e, currency);
    return stmt_run(r->db, s, err);
}

static int put_entry(struct roll *r, const struct entry *e, struct err *err)
{
    switch ((enum what)(e->key.a >> 60)) {
    case SALE_HOUR: return put_sale(r, e, sql_sales_hour, sql_sales_hour_drop, err);
    case SALE_DAY:  return put_sale(r, e, sql_sales_day, sql_sales_day_drop, err);
    case SKU_DAY:   return put_sku(r, e, err);
    case SHIPPED:   return put_orders(r, e, sql_shipped, sql_shipped_drop, bind_shipped, err);
    case OPEN:      return put_orders(r, e, sql_open, sql_open_drop, bind_open, err);
    case CYCLE:     return put_cycle(r, e, err);
    case PAYMENT:   return put_payment(r, e, err);
    case HELD:      return put_held(r, e, err);
    case SHIP_PAIR: return put_orders(r, e, sql_ship_pair, sql_ship_pair_drop, bind_ship_pair, err);
    case LEDGER_DAY: return put_ledger_day(r, e, err);
    }
    return err_set(err, ERR_BUG, "A total of no known kind was gathered.");
}

static int by_key(const void *one, const void *other)
{
    const struct key *a = one, *b = other;              /* the first member of an entry */
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

int roll_flush(struct roll *r, bool all, struct err *err)
{
    if (!all && r->n < FLUSH_KEYS)
        return 0;
    int rc = 0;
    qsort(r->entry, r->n, sizeof *r->entry, by_key);
    for (uint32_t i = 0; i < r->n && rc >= 0; i++) {
        enum what what = (enum what)(r->entry[i].key.a >> 60);
        if (what == SALE_DAY) {                         /* moves the window at the end */
            struct window *w = window_of(r, key_market(r->entry[i].key), err);
            if (!w)
                return -err->code;
            w->is_touched = true;
        }
        rc = put_entry(r, &r->entry[i], err);
    }
    r->n = r->n_texts = 0;
    memset(r->slot, 0, r->n_slots * sizeof *r->slot);
    memset(r->text_slot, 0, r->n_text_slots * sizeof *r->text_slot);
    arena_reset(r->texts);
    return rc < 0 ? rc : 0;
}

/* ---- the window of 30 days ------------------------------------------------------------------- */

static const char sql_last_day[] =
    "SELECT coalesce(max(day), 0) FROM sales_day"
    " WHERE market_no = :market_no";

static const char sql_window_add[] =
    "INSERT INTO sku_30 (market_no, sku_no, currency, lines, units, sales_minor)"
    " SELECT market_no, sku_no, currency, :sign * sum(lines), :sign * sum(units), :sign * sum(sales_minor)"
    " FROM sku_day"
    " WHERE market_no = :market_no AND day BETWEEN :first AND :last"
    " GROUP BY market_no, sku_no, currency"
    " ON CONFLICT (market_no, sku_no, currency) DO UPDATE"
    " SET lines = sku_30.lines + excluded.lines,"
    "     units = sku_30.units + excluded.units,"
    "     sales_minor = sku_30.sales_minor + excluded.sales_minor";

static const char sql_window_drop[] =
    "DELETE FROM sku_30"
    " WHERE market_no = :market_no AND (lines = 0 OR :all = 1)";

static const char sql_window_put[] =
    "UPDATE market"
    " SET window_day = :window_day"
    " WHERE no = :no";

static int window_add(struct roll *r, int64_t market_no, int64_t first, int64_t last, int sign,
                      struct err *err)
{
    struct stmt *s = stmt_of(r->db, sql_window_add, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, sign);
    bind_int(s, 2, market_no);
    bind_int(s, 3, first);
    bind_int(s, 4, last);
    return stmt_run(r->db, s, err);
}

static int run_two(struct roll *r, const char *sql, int64_t first, int64_t second, struct err *err)
{
    struct stmt *s = stmt_of(r->db, sql, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, first);
    bind_int(s, 2, second);
    return stmt_run(r->db, s, err);
}

/* The days that come in are added, those that leave are taken away; after a long gap all is new. */
static int window_move(struct roll *r, struct window *w, struct err *err)
{
    struct stmt *last = stmt_of(r->db, sql_last_day, err);
    if (!last)
        return -err->code;
    bind_int(last, 1, w->market_no);
    int rc = stmt_step(r->db, last, err);
    if (rc < 0)
        return rc;
    int64_t old = w->day, day = stmt_int(last, 0);
    stmt_reset(last);
    if (day == old)
        return 0;
    if (day < old || day - old >= WINDOW_DAYS) {
        rc = run_two(r, sql_window_drop, w->market_no, 1, err);
        if (rc >= 0)
            rc = window_add(r, w->market_no, day - WINDOW_DAYS + 1, day, 1, err);
    } else {
        rc = window_add(r, w->market_no, old + 1, day, 1, err);
        if (rc >= 0)
            rc = window_add(r, w->market_no, old - WINDOW_DAYS + 1, day - WINDOW_DAYS, -1, err);
        if (rc >= 0)
            rc = run_two(r, sql_window_drop, w->market_no, 0, err);
    }
    w->day = day;
    return rc < 0 ? rc : run_two(r, sql_window_put, day, w->market_no, err);
}

/* ---- payments of a settlement, counted anew: their first and last instant cannot be taken away from ----- */

static const char sql_payments_forget[] =
    "DELETE FROM payment_total"
    " WHERE settlement_id = :settlement_id";

/* Where no settlement is named its id is NULL, which the index finds as well. */
static const char sql_payments_count[] =
    "INSERT INTO payment_total (settlement_id, currency, type, market_no, lines, minor, first_s, last_s)"
    " SELECT :settlement_id, currency, type, coalesce(market_no, 0), count(*), sum(total_minor), min(posted_s),"
    "        max(posted_s)"
    " FROM payment"
    " WHERE settlement_id IS nullif(:settlement_id, '') AND is_transfer = 0"
    " GROUP BY currency, type, coalesce(market_no, 0)";

static int count_anew(struct roll *r, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < r->n_anew && rc >= 0; i++)
        for (int k = 0; k < 2 && rc >= 0; k++) {
            struct stmt *s = stmt_of(r->db, k ? sql_payments_count : sql_payments_forget, err);
            if (!s)
                return -err->code;
            bind_text(s, 1, r->anew[i]);
            rc = stmt_run(r->db, s, err);
        }
    return rc;
}

int roll_finish(struct roll *r, struct err *err)
{
    int rc = roll_flush(r, true, err);
    if (rc >= 0)
        rc = count_anew(r, err);
    for (size_t i = 0; i < r->n_windows && rc >= 0; i++)
        if (r->window[i].is_touched)
            rc = window_move(r, &r->window[i], err);
    return rc < 0 ? rc : 0;
}

/* ---- counting anew --------------------------------------------------------------------------- */

static const char sql_forget[] =
    "DELETE FROM sales_hour; DELETE FROM sales_day; DELETE FROM sku_day; DELETE FROM sku_30;"
    "DELETE FROM shipped_hour; DELETE FROM open_day; DELETE FROM cycle_total; DELETE FROM payment_total;"
    "DELETE FROM payment_held;"
    "DELETE FROM ship_pair; DELETE FROM ledger_day;"
    "UPDATE market SET window_day = 0; UPDATE cycle SET lines = 0, sum_minor = 0;";

static const char sql_all_orders[] =
    "SELECT o.no, o.market_no, m.id, o.purchase_s, o.purchase_day, s.state, o.fulfilment, o.is_business,"
    "       o.shipped_s, l.sku_no, l.is_cancelled, l.quantity, l.currency, l.price_minor"
    " FROM orders o JOIN market m ON m.no = o.market_no JOIN status s ON s.no = o.status_no"
    "      LEFT JOIN order_line l ON l.order_no = o.no"
    " ORDER BY o.no";

static int count_orders(struct roll *r, struct err *err)
{
    struct roll_sale at = { 0 };
    const struct zone *zone = NULL;
    const struct market *market = NULL;
    enum roll_state state = ROLL_OTHER;
    int64_t order_no = 0;
    struct stmt *s = stmt_of(r->db, sql_all_orders, err);
    if (!s)
        return -err->code;
    int rc;
    while ((rc = stmt_step(r->db, s, err)) > 0) {
        if (stmt_int(s, 0) != order_no) {
            order_no = stmt_int(s, 0);
            if (at.market_no != stmt_int(s, 1)) {
                market = market_by_id(stmt_text(s, 2));
                zone = market ? zone_get(market->zone, err) : NULL;
                if (!zone) {
                    rc = err_set(err, ERR_CORRUPT, "%s names the unknown market %s.", db_path(r->db),
                                 stmt_text(s, 2));
                    break;
                }
            }
            at.market_no = stmt_int(s, 1);
            at.day = (int32_t)stmt_int(s, 4);
            at.hour = roll_hour(zone, at.day, stmt_int(s, 3));
            at.state = state = roll_state_of(stmt_text(s, 5));
            at.fulfilment = text_is(stmt_text(s, 6), "seller") ? 1 : 2;
            at.is_business = (int)stmt_int(s, 7);
            memcpy(at.currency, market->currency, sizeof at.currency);
            roll_order(r, &at, 1);
            if (!stmt_is_null(s, 8))
                roll_shipped(r, at.market_no, at.fulfilment, stmt_int(s, 8), 1);
        }
        if (!stmt_is_null(s, 9)) {
            struct roll_sale line = at;
            line.state = stmt_int(s, 10) ? ROLL_CANCELLED : state;
            if (!stmt_is_null(s, 12))
                memcpy(line.currency, stmt_text(s, 12), sizeof line.currency);
            roll_line(r, &line, stmt_int(s, 9), !stmt_is_null(s, 13), stmt_int(s, 11), stmt_int(s, 13), 1);
        }
        rc = roll_flush(r, false, err);
        if (rc < 0)
            break;
    }
    stmt_reset(s);
    return rc;
}

/* The zone of a market by its id; rows of one market come in runs. */
static const struct zone *zone_of(struct roll *r, const char *id, struct err *err)
{
    const struct market *market = market_by_id(id);
    const struct zone *zone = market ? zone_get(market->zone, err) : NULL;
    if (!zone)
        err_set(err, ERR_CORRUPT, "%s names the unknown market %s.", db_path(r->db), id);
    return zone;
}

static const char sql_all_pairs[] =
    "SELECT o.market_no, m.id, o.purchase_day, s.state, o.shipped_s"
    " FROM orders o JOIN market m ON m.no = o.market_no JOIN status s ON s.no = o.status_no"
    " WHERE o.fulfilment = 'seller'";

static int count_pairs(struct roll *r, struct err *err)
{
    struct roll_sale at = { .fulfilment = 1 };
    const struct zone *zone = NULL;
    struct stmt *s = stmt_of(r->db, sql_all_pairs, err);
    int rc = s ? 0 : -err->code;
    while (s && (rc = stmt_step(r->db, s, err)) > 0) {
        if (at.market_no != stmt_int(s, 0) && !(zone = zone_of(r, stmt_text(s, 1), err))) {
            rc = -err->code;
            break;
        }
        at.market_no = stmt_int(s, 0);
        at.day = (int32_t)stmt_int(s, 2);
        at.state = roll_state_of(stmt_text(s, 3));
        roll_ship_pair(r, &at, stmt_is_null(s, 4) ? ROLL_NOT_SHIPPED : zone_day(zone, stmt_int(s, 4)), 1);
        if ((rc = roll_flush(r, false, err)) < 0)
            break;
    }
    if (s)
        stmt_reset(s);
    return rc;
}

static const char sql_all_days[] =
    "SELECT coalesce(l.market_no, 0), m.id, l.posted_s, c.currency, l.type, l.kind, l.detail, l.minor"
    " FROM ledger l JOIN cycle c ON c.no = l.cycle_no LEFT JOIN market m ON m.no = l.market_no";

static int count_ledger_days(struct roll *r, struct err *err)
{
    const struct zone *utc = zone_get("UTC", err), *zone = utc;
    int64_t market_no = 0;
    struct stmt *s = utc ? stmt_of(r->db, sql_all_days, err) : NULL;
    int rc = s ? 0 : -err->code;
    while (s && (rc = stmt_step(r->db, s, err)) > 0) {
        if (market_no != stmt_int(s, 0) &&
            !(zone = stmt_int(s, 0) ? zone_of(r, stmt_text(s, 1), err) : utc)) {
            rc = -err->code;
            break;
        }
        market_no = stmt_int(s, 0);
        roll_ledger_day(r, market_no, stmt_is_null(s, 2) ? ROLL_NO_DAY : zone_day(zone, stmt_int(s, 2)), stmt_text(s, 3),
                        proceeds_of(stmt_text(s, 4), stmt_text(s, 5), stmt_text(s, 6)), stmt_int(s, 7));
        if ((rc = roll_flush(r, false, err)) < 0)
            break;
    }
    if (s)
        stmt_reset(s);
    return rc;
}

static const char sql_all_ledger[] =
    "SELECT cycle_no, type, kind, detail, minor FROM ledger";

static const char sql_all_payments[] =
    "SELECT coalesce(settlement_id, ''), currency, type, coalesce(market_no, 0), posted_s, total_minor, is_held,"
    "       coalesce(status, ''), coalesce(release_day, -1)"
    " FROM payment"
    " WHERE is_transfer = 0";

static int count_money(struct roll *r, const char *sql, struct err *err)
{
    struct stmt *s = stmt_of(r->db, sql, err);
    if (!s)
        return -err->code;
    int rc;
    while ((rc = stmt_step(r->db, s, err)) > 0) {
        if (sql == sql_all_ledger)
            roll_ledger(r, stmt_int(s, 0), stmt_text(s, 1), stmt_text(s, 2), stmt_text(s, 3), stmt_int(s, 4));
        else
            roll_payment(r, stmt_text(s, 0), stmt_text(s, 1), stmt_text(s, 2), stmt_int(s, 3), stmt_int(s, 4),
                         stmt_int(s, 5));
        if (sql == sql_all_payments && stmt_int(s, 6))
            roll_held(r, stmt_text(s, 0), stmt_text(s, 1), stmt_int(s, 3), stmt_text(s, 7), (int32_t)stmt_int(s, 8),
                      stmt_int(s, 5), 1);
        rc = roll_flush(r, false, err);
        if (rc < 0)
            break;
    }
    stmt_reset(s);
    return rc;
}

int roll_rebuild(struct db *db, struct err *err)
{
    struct roll *r = roll_new(db);
    int rc = db_exec(db, sql_forget, err);
    if (rc == 0)
        rc = count_orders(r, err);
    if (rc == 0)
        rc = count_money(r, sql_all_ledger, err);
    if (rc == 0)
        rc = count_money(r, sql_all_payments, err);
    if (rc == 0)
        rc = count_pairs(r, err);
    if (rc == 0)
        rc = count_ledger_days(r, err);
    if (rc == 0)
        rc = roll_finish(r, err);
    roll_free(r);
    return rc;
}

static const char sql_is_behind[] =
    "SELECT 1 FROM made"
    " WHERE file = 'totals-002'";

static const char sql_start_again[] =
    "DELETE FROM ship_pair; DELETE FROM ledger_day; DELETE FROM made WHERE file = 'totals-002';";

int roll_catch_up(struct db *db, enum db_use use, struct err *err)
{
    struct stmt *behind = stmt_of(db, sql_is_behind, err);
    int rc = behind ? stmt_step(db, behind, err) : -err->code;
    if (behind)
        stmt_reset(behind);
    if (rc <= 0 || use == DB_READ)
        return rc;
    rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    struct roll *r = roll_new(db);
    rc = db_exec(db, sql_start_again, err);
    if (rc == 0)
        rc = count_pairs(r, err);
    if (rc == 0)
        rc = count_ledger_days(r, err);
    if (rc == 0)
        rc = roll_finish(r, err);
    roll_free(r);
    rc = db_end(db, rc, err);
    return rc < 0 ? rc : 1;
}
