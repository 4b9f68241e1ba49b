/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c: reads batches of rows, and keeps what all kinds share.
 *
 * in:     rows of a kind
 * out:    each row to its kind's function; markets, SKUs and states of orders, by number
 * knows:  db, roll, market.  Has never heard of files, charsets or plugins.
 *
 * What repeats in every row (markets, SKUs, states) is looked up once and then kept in memory: a row
 * costs as few statements as its kind can do with.  What is known of a product is written at the
 * end, since titles of several markets take turns in a file.
 */
#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "store_in.h"
#include "touched.h"

enum {
    MEMOS = 16, SKUS_MAX = 100000, KEPT_BYTES = 10 << 20, TEXT_BYTES = 4 << 20,
    SEEN_LINES = 8192,                                  /* lines of an order stand together */
    SEEN_ENTRIES = 393216                               /* like rows of money may stand apart */
};

static const int64_t money_max = 1000000000000;         /* minor units: nine million of these add up */
static const int64_t count_max = 1000000000;

const struct store_kind store_kinds[] = {
    { "order_line", "A line of an order: order, SKU and, where that repeats, how often it stood before."
      " What a row does not tell stays as it is known; its amounts are told together.",
      order_line_columns, OL_COLUMNS },
    { "listing", "An offer as of the moment the file speaks of. What a row does not tell stays as it is"
      " known, but for an empty quantity.", listing_columns, LI_COLUMNS },
    { "stock", "Units in the marketplace's warehouses as of the moment the file speaks of. What a row does"
      " not tell stays as it is known.", stock_columns, ST_COLUMNS },
    { "cycle", "A closed settlement period, before its ledger lines. A later row may complete it.",
      cycle_columns, CY_COLUMNS },
    { "ledger", "A line of a closed settlement period. Never changed once it is there.",
      ledger_columns, LE_COLUMNS },
    { "payment", "A row of the payments date-range report. Only what holds it back may change once it is there.",
      payment_columns, PA_COLUMNS },
    { "letter", "A letter of a thread with a buyer, a case or a claim, which it makes or changes. Known by its"
      " id it is left alone. Letters by the seller answer the earlier ones of their thread.",
      letter_columns, LETTER_COLUMNS },
    { "case", "A talk with the marketplace's support. An older row only fills what is not known.",
      case_columns, CASE_COLUMNS },
    { "claim", "An A-to-z claim, a chargeback or a SAFE-T claim. An older row only fills what is not known.",
      claim_columns, CLAIM_COLUMNS },
    { "feedback", "A buyer's feedback on an order. One that a later file does not hold stays: that file may be"
      " of another period.", feedback_columns, FEEDBACK_COLUMNS },
    { "feedback_count", "The marketplace's own feedback table on a day.", feedback_count_columns,
      FEEDBACK_COUNT_COLUMNS },
    { "health", "An account health report. What is worse or better than in the one before makes notices.",
      health_columns, HEALTH_COLUMNS },
    { "health_metric", "A metric of an account health report.", health_metric_columns, HEALTH_METRIC_COLUMNS },
    { "notice", "What somebody should know of. Never changed once it is there.", notice_columns, NOTICE_COLUMNS },
    { "return_line", "A return: order, SKU, request day and number. What a row does not tell stays as it is"
      " known.", return_line_columns, RETURN_LINE_COLUMNS },
    { "promotion", "A promotion or coupon as of the moment the file speaks of. What a row does not tell stays as"
      " it is known.", promotion_columns, PROMOTION_COLUMNS },
    { "promotion_asin", "A product of a promotion, after the promotion.", promotion_asin_columns,
      PROMOTION_ASIN_COLUMNS },
    { "traffic", "Sales and traffic of a day, week or month.", traffic_columns, TRAFFIC_COLUMNS },
    { "traffic_asin", "Sales and traffic of a product in a span of days.", traffic_asin_columns,
      TRAFFIC_ASIN_COLUMNS },
    { "rival", "The lowest known price of other offers of a product.", rival_columns, RIVAL_COLUMNS },
    { NULL, NULL, NULL, 0 },
};

/* Lines of orders are put by the batch, all others row by row.  area: touched by a row that was accepted; 0: as the
 * function itself says. */
static const struct {
    int (*row)(struct store *s, const struct row *r, struct err *err);
    unsigned area;
} kind_in[] = {
    { NULL, 0 }, { listing_put, 0 }, { stock_put, 0 }, { cycle_put, TOUCHED_MONEY },
    { ledger_put, TOUCHED_MONEY }, { payment_put, TOUCHED_MONEY },
    { letter_row_put, 0 }, { case_row_put, 0 }, { claim_row_put, 0 },
    { feedback_row_put, 0 }, { feedback_count_row_put, 0 }, { health_row_put, 0 }, { health_metric_row_put, 0 },
    { notice_row_put, 0 },
    { return_row_put, 0 }, { promotion_row_put, 0 }, { promotion_asin_row_put, 0 }, { traffic_row_put, 0 },
    { traffic_asin_row_put, 0 }, { rival_row_put, 0 },
};
_Static_assert(COUNT_OF(kind_in) + 1 == COUNT_OF(store_kinds), "each kind is put by a function");

/* ---- columns of a batch ---------------------------------------------------------------------- */

struct store_memo {                                     /* of the text of a batch's columns */
    size_t kind;
    char *columns;
    uint64_t hash;                                      /* of columns */
    uint32_t n;
    uint32_t type[COLUMNS_MAX];                         /* of each cell: enum souk_type */
    int8_t column[COLUMNS_MAX];                         /* of each cell: of the kind */
    int8_t place[COLUMNS_MAX];                          /* of each column of the kind; -1: left out */
};

static const struct { const char *name; uint32_t type; } types[] = {
    { "text", SOUK_TEXT },       { "bool", SOUK_BOOL },     { "count", SOUK_COUNT },
    { "money", SOUK_MONEY },     { "instant", SOUK_INSTANT }, { "market", SOUK_MARKET },
    { "currency", SOUK_CURRENCY }, { "day", SOUK_DAY },
};

static uint32_t type_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (text_is(types[i].name, name))
            return types[i].type;
    return SOUK_NONE;
}

static int column_of(const struct store_kind *kind, const char *at, size_t n)
{
    for (size_t i = 0; i < kind->n_columns; i++) {
        const struct store_column *c = &kind->columns[i];
        size_t len = strlen(c->name);
        if (n == len + 1 + strlen(c->type) && memcmp(at, c->name, len) == 0 && at[len] == ':' &&
            memcmp(at + len + 1, c->type, n - len - 1) == 0)
            return (int)i;
    }
    return -1;
}

/* "line:count order:text ...": every word must be a column of the kind with its type. */
static int memo_read(struct store_memo *m, const struct store_kind *kind, const char *columns,
                     struct err *err)
{
    memset(m->place, -1, sizeof m->place);
    m->n = 0;
    for (const char *at = columns + strspn(columns, " "); *at;) {
        size_t n = strcspn(at, " ");
        int column = column_of(kind, at, n);
        if (column < 0 || m->place[column] >= 0)
            return err_set(err, ERR_PLUGIN, "A record of kind %s has no column \"%.*s\", or not twice;"
                           " `souk schema --records` lists them.", kind->name, (int)(n < 80 ? n : 80), at);
        m->type[m->n] = type_of(kind->columns[column].type);
        m->column[m->n] = (int8_t)column;
        m->place[column] = (int8_t)m->n++;
        at += n + strspn(at + n, " ");
    }
    if (m->place[0] != 0)
        return err_set(err, ERR_PLUGIN, "The first column of records is line:count.");
    for (size_t i = 0; i < kind->n_columns; i++)
        if (kind->columns[i].is_needed && m->place[i] < 0)
            return err_set(err, ERR_PLUGIN, "A record of kind %s needs the column %s:%s.", kind->name,
                           kind->columns[i].name, kind->columns[i].type);
    return 0;
}

static const struct store_memo *memo_of(struct store *s, const char *kind, const char *columns,
                                        struct err *err)
{
    for (size_t i = 0; i < MEMOS; i++) {
        const struct store_memo *m = &s->memo[i];
        if (m->columns && text_is(store_kinds[m->kind].name, kind) && text_is(m->columns, columns))
            return m;
    }
    size_t k = 0;
    while (store_kinds[k].name && !text_is(store_kinds[k].name, kind))
        k++;
    if (!store_kinds[k].name) {
        err_set(err, ERR_PLUGIN, "There is no kind of record \"%.60s\"; `souk schema --records` lists them.",
                kind);
        return NULL;
    }
    struct store_memo *m = &s->memo[s->next_memo++ % MEMOS];
    free(m->columns);
    *m = (struct store_memo){ .kind = k };
    if (memo_read(m, &store_kinds[k], columns, err) < 0)
        return NULL;
    m->columns = base_text(columns);
    m->hash = hash_mix(hash_add(0, columns, strlen(columns)));
    return m;
}

/* ---- cells ----------------------------------------------------------------------------------- */

int store_refuse(struct store *s, const struct row *r, int column, const struct souk_msg *why)
{
    s->reject(s->ctx, r->line, r->columns[column].name, why);
    return STORE_REJECTED;
}

/* Some files hold NUL bytes; in a text of the database they would end it. */
static struct text without_nul(struct arena *a, const char *at, size_t n)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < n; i++) {
        if (at[i])
            buf_char(&out, at[i]);
        else
            buf_text(&out, "\xEF\xBF\xBD");             /* U+FFFD */
    }
    struct text clean = { arena_textn(a, buf_str(&out), out.len), out.len };
    buf_free(&out);
    return clean;
}

struct text row_text(struct store *s, const struct row *r, int column)
{
    const struct souk_value *v = row_cell(r, column);
    if (!v)
        return (struct text){ NULL, 0 };
    if (memchr(v->text.at, '\0', v->text.len))
        return without_nul(s->batch, v->text.at, v->text.len);
    return (struct text){ v->text.at, v->text.len };
}

uint64_t batch_hash(const struct batch *b, const struct row *r, uint64_t h)
{
    h ^= b->memo->hash;
    for (uint32_t i = 1; i < b->memo->n; i++) {
        const struct souk_value *v = &r->cell[i];
        uint32_t currency;
        memcpy(&currency, v->currency, sizeof currency);
        h = hash_step(hash_step(h, (uint64_t)v->num), (uint64_t)currency << 32 | v->type);
        if (v->text.len)
            h = hash_add(h, v->text.at, v->text.len);
    }
    return hash_mix(h);
}

const char *row_word(struct store *s, const struct row *r, int column)
{
    struct text t = row_text(s, r, column);
    return t.n ? t.at : NULL;
}

struct number row_number(const struct row *r, int column)
{
    const struct souk_value *v = row_cell(r, column);
    return v ? TOLD(v->num) : (struct number){ 0 };
}

struct money row_money(const struct row *r, int column)
{
    const struct souk_value *v = row_cell(r, column);
    struct money m = { 0 };
    if (v) {
        m.minor = v->num;
        memcpy(m.currency, v->currency, sizeof m.currency);
    }
    return m;
}

struct fact row_fact(struct store *s, const struct row *r, int column)
{
    const struct souk_value *v = row_cell(r, column);
    if (v && v->type == SOUK_TEXT)
        return fact_text(row_text(s, r, column).at);
    return fact_number(row_number(r, column));
}

int row_check_length(struct store *s, const struct row *r, int column, size_t bytes)
{
    const struct souk_value *v = row_cell(r, column);
    if (v && v->text.len > bytes)
        return row_refuse(s, r, column, "reject.too_long", { "bytes", souk_count((int64_t)bytes) });
    return 0;
}

int row_check_key(struct store *s, const struct row *r, int column)
{
    return row_check_length(s, r, column, KEY_BYTES);
}

int row_check_word(struct store *s, const struct row *r, int column, const char *words)
{
    const struct souk_value *v = row_cell(r, column);
    if (v && v->text.len && !claim_word_is(words, v->text.at))
        return row_refuse(s, r, column, "reject.word", { "word", *v }, { "words", souk_text(words) });
    return 0;
}

int row_check_count(struct store *s, const struct row *r, int column)
{
    int64_t n = row_int(r, column, 0);
    if (n > count_max || n < -count_max)
        return row_refuse(s, r, column, "reject.range", { "number", souk_count(n) });
    return 0;
}

/* Zones are known from 1970 to 2100. */
int row_check_instant(struct store *s, const struct row *r, int column)
{
    int64_t at = row_int(r, column, 0);
    if (at < 0 || at >= (int64_t)day_of(2101, 1, 1) * 86400)
        return row_refuse(s, r, column, "reject.date");
    return 0;
}

static int row_check_day(struct store *s, const struct row *r, int column)
{
    int64_t day = row_int(r, column, 0);
    if (day < 0 || day >= day_of(2101, 1, 1))
        return row_refuse(s, r, column, "reject.date");
    return 0;
}

static bool is_currency(struct store *s, const char *currency)
{
    if (memcmp(currency, s->currency, sizeof s->currency) == 0)
        return currency[0];
    for (int i = 0; i < 3; i++)
        if (currency[i] < 'A' || currency[i] > 'Z')
            return false;
    if (currency[3] || currency_digits(currency) < 0)
        return false;
    memcpy(s->currency, currency, sizeof s->currency);
    return true;
}

int row_check_money(struct store *s, const struct row *r, int column, char currency[4])
{
    const struct souk_value *v = row_cell(r, column);
    if (!v)
        return 0;
    if (v->num > money_max || v->num < -money_max)
        return row_refuse(s, r, column, "reject.range", { "number", souk_count(v->num) });
    if (!is_currency(s, v->currency))
        return row_refuse(s, r, column, "reject.currency");
    if (currency[0] && memcmp(currency, v->currency, 4) != 0)
        return row_refuse(s, r, column, "reject.currencies", { "one", souk_text(currency) },
                          { "other", souk_text(v->currency) });
    memcpy(currency, v->currency, 4);
    return 0;
}

int row_check_types(struct store *s, const struct row *r, int n_columns, char currency[4])
{
    int rc = 0;
    for (int i = 1; i < n_columns && rc == 0; i++)
        switch (type_of(r->columns[i].type)) {
        case SOUK_TEXT:    rc = row_check_length(s, r, i, TEXT_BYTES); break;
        case SOUK_COUNT:   rc = row_check_count(s, r, i); break;
        case SOUK_INSTANT: rc = row_check_instant(s, r, i); break;
        case SOUK_DAY:     rc = row_check_day(s, r, i); break;
        case SOUK_MONEY:   rc = row_check_money(s, r, i, currency); break;
        default: break;
        }
    return rc;
}

int row_market(struct store *s, const struct row *r, int column, bool is_needed, const struct market **out)
{
    const struct souk_value *v = row_cell(r, column);
    *out = v ? market_by_id(v->text.at) : s->file_market;
    if (v && !*out)
        return row_refuse(s, r, column, "reject.market", { "market", *v });
    if (!*out && is_needed)
        return row_refuse(s, r, column, "reject.needed");
    return 0;
}

int row_fulfilment(struct store *s, const struct row *r, int column, enum fulfilment *fulfilment)
{
    const struct souk_value *v = row_cell(r, column);
    *fulfilment = !v ? BY_NOBODY : text_is(v->text.at, "seller") ? BY_SELLER : BY_MARKETPLACE;
    if (*fulfilment == BY_MARKETPLACE && !text_is(v->text.at, "marketplace"))
        return row_refuse(s, r, column, "reject.fulfilment", { "word", *v });
    return 0;
}

void bind_told(struct stmt *s, int at, struct text text)
{
    bind_textn(s, at, text.at, text.n);                 /* NULL binds NULL */
}

void bind_told_int(struct stmt *s, int at, const struct row *r, int column)
{
    const struct souk_value *v = row_cell(r, column);
    if (v)
        bind_int(s, at, v->num);
    else
        bind_null(s, at);
}

/* ---- maps ------------------------------------------------------------------------------------ */

static size_t map_slot(const struct map *m, uint64_t hash)
{
    size_t i = hash & (m->cap - 1);
    while (m->hash[i] && m->hash[i] != hash)
        i = (i + 1) & (m->cap - 1);
    return i;
}

static void map_grow(struct map *m)
{
    struct map old = *m;
    m->cap = old.cap ? old.cap * 2 : 64;
    m->hash = base_alloc(m->cap * sizeof *m->hash);
    m->item = base_alloc(m->cap * sizeof *m->item);
    for (size_t i = 0; i < old.cap; i++)
        if (old.hash[i]) {
            size_t to = map_slot(m, old.hash[i]);
            m->hash[to] = old.hash[i];
            m->item[to] = old.item[i];
        }
    free(old.hash);
    free(old.item);
}

void **map_at(struct map *m, uint64_t hash)
{
    hash += hash == 0;
    if (m->n * 2 >= m->cap)
        map_grow(m);
    size_t i = map_slot(m, hash);
    if (!m->hash[i]) {
        m->hash[i] = hash;
        m->n++;
    }
    return &m->item[i];
}

void map_clear(struct map *m)
{
    free(m->hash);
    free(m->item);
    *m = (struct map){ 0 };
}

static size_t seen_slot(const struct seen_table *t, uint64_t key)
{
    size_t i = key & (t->cap - 1);
    while (t->key[i] && t->key[i] != key)
        i = (i + 1) & (t->cap - 1);
    return i;
}

static void seen_grow(struct seen_table *t)
{
    struct seen_table old = *t;
    t->cap = old.cap ? old.cap * 2 : 1024;
    t->key = base_alloc(t->cap * sizeof *t->key);
    t->count = base_alloc(t->cap * sizeof *t->count);
    for (size_t i = 0; i < old.cap; i++)
        if (old.key[i]) {
            size_t to = seen_slot(t, old.key[i]);
            t->key[to] = old.key[i];
            t->count[to] = old.count[i];
        }
    free(old.key);
    free(old.count);
}

uint32_t seen_count(struct seen *s, uint64_t key)
{
    key += key == 0;
    if (s->now.n == s->keys) {
        struct seen_table oldest = s->before;
        s->before = s->now;
        s->now = oldest;
        if (oldest.cap)
            memset(oldest.key, 0, oldest.cap * sizeof *oldest.key);
        s->now.n = 0;
    }
    if (s->now.n * 4 >= s->now.cap * 3)
        seen_grow(&s->now);
    size_t i = seen_slot(&s->now, key);
    if (!s->now.key[i]) {
        size_t j = s->before.cap ? seen_slot(&s->before, key) : 0;
        s->now.key[i] = key;
        s->now.count[i] = s->before.cap && s->before.key[j] ? s->before.count[j] : 0;
        s->now.n++;
    }
    return ++s->now.count[i];
}

static void seen_free(struct seen *s)
{
    free(s->now.key);
    free(s->now.count);
    free(s->before.key);
    free(s->before.count);
}

/* ---- markets, states, SKUs ------------------------------------------------------------------- */

static const char sql_market_get[] =
    "SELECT no, data_until_s FROM market"
    " WHERE id = :id";

static const char sql_market_add[] =
    "INSERT INTO market (id)"
    " VALUES (:id)";

struct store_market *store_market(struct store *s, const struct market *m, struct err *err)
{
    struct store_market *known = &s->market[m - markets];
    if (known->market)
        return known;
    known->zone = zone_get(m->zone, err);
    struct stmt *get = stmt_of(s->db, sql_market_get, err), *add = stmt_of(s->db, sql_market_add, err);
    if (!known->zone || !get || !add)
        return NULL;
    bind_text(get, 1, m->id);
    int rc = stmt_step(s->db, get, err);
    if (rc > 0) {
        known->no = stmt_int(get, 0);
        known->data_until_s = known->told_until_s = stmt_int(get, 1);
        stmt_reset(get);
    } else if (rc == 0) {
        bind_text(add, 1, m->id);
        rc = stmt_run(s->db, add, err);
        known->no = db_last_row(s->db);
    }
    if (rc < 0)
        return NULL;
    known->market = m;
    return known;
}

static const char sql_market_id[] =
    "SELECT id FROM market"
    " WHERE no = :no";

struct store_market *store_market_no(struct store *s, int64_t no, struct err *err)
{
    for (size_t i = 0; i < MARKETS_MAX; i++)
        if (s->market[i].no == no)
            return &s->market[i];
    struct stmt *get = stmt_of(s->db, sql_market_id, err);
    if (!get)
        return NULL;
    bind_int(get, 1, no);
    int rc = stmt_step(s->db, get, err);
    const struct market *m = rc > 0 ? market_by_id(stmt_text(get, 0)) : NULL;
    stmt_reset(get);
    if (rc >= 0 && !m)
        err_set(err, ERR_CORRUPT, "%s names a market that nobody knows.", db_path(s->db));
    return m ? store_market(s, m, err) : NULL;
}

/* Spellings differ by source: "Partially Shipped", "PARTIALLY_SHIPPED", "PartiallyShipped". */
static enum roll_state state_of(struct text name)
{
    static const struct { const char *start; enum roll_state state; } starts[] = {
        { "pending", ROLL_PENDING },            { "unshipped", ROLL_UNSHIPPED },
        { "partiallyshipped", ROLL_UNSHIPPED }, { "shipping", ROLL_UNSHIPPED },
        { "invoiceunconfirmed", ROLL_UNSHIPPED }, { "shipped", ROLL_SHIPPED },
        { "cancel", ROLL_CANCELLED },
    };
    char letters[40];
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < sizeof letters - 1; i++) {
        char c = name.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            letters[n++] = (char)(c | 0x20);
    }
    letters[n] = '\0';
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (text_starts(letters, starts[i].start))
            return starts[i].state;
    return ROLL_OTHER;
}

static struct store_status *status_keep(struct store *s, struct text name, int64_t no)
{
    struct store_status *status = arena_zero(s->memory, sizeof *status);
    *status = (struct store_status){ no, state_of(name) };
    *map_at(&s->statuses, hash_bytes(&s->hash, name.at, name.n)) = status;
    *map_at(&s->states, hash_mix((uint64_t)no)) = status;
    return status;
}

static const char sql_status_get[] =
    "SELECT no FROM status"
    " WHERE name = :name";

static const char sql_status_add[] =
    "INSERT INTO status (name, state)"
    " VALUES (:name, :state)";

struct store_status *store_status(struct store *s, struct text name, struct err *err)
{
    if (!name.at)
        name = (struct text){ "", 0 };
    struct store_status *known = *map_at(&s->statuses, hash_bytes(&s->hash, name.at, name.n));
    if (known)
        return known;
    struct stmt *get = stmt_of(s->db, sql_status_get, err), *add = stmt_of(s->db, sql_status_add, err);
    if (!get || !add)
        return NULL;
    int64_t no = 0;
    bind_textn(get, 1, name.at, name.n);
    int rc = stmt_step(s->db, get, err);
    if (rc > 0) {
        no = stmt_int(get, 0);
        stmt_reset(get);
    } else if (rc == 0) {
        bind_textn(add, 1, name.at, name.n);
        bind_text(add, 2, roll_state_name(state_of(name)));
        rc = stmt_run(s->db, add, err);
        no = db_last_row(s->db);
    }
    return rc < 0 ? NULL : status_keep(s, name, no);
}

static const char sql_status_name[] =
    "SELECT name FROM status"
    " WHERE no = :no";

struct store_status *store_status_no(struct store *s, int64_t no, struct err *err)
{
    struct store_status *known = *map_at(&s->states, hash_mix((uint64_t)no));
    if (known)
        return known;
    struct stmt *get = stmt_of(s->db, sql_status_name, err);
    if (!get)
        return NULL;
    bind_int(get, 1, no);
    int rc = stmt_step(s->db, get, err);
    if (rc > 0)
        known = status_keep(s, (struct text){ stmt_text(get, 0), strlen(stmt_text(get, 0)) }, no);
    else if (rc == 0)
        err_set(err, ERR_CORRUPT, "%s names an order's status that is not there.", db_path(s->db));
    stmt_reset(get);
    return known;
}

static const char sql_sku_get[] =
    "SELECT no, told_s, asin, title FROM sku"
    " WHERE sku = :sku";

static const char sql_sku_add[] =
    "INSERT INTO sku (sku)"
    " VALUES (:sku)";

static int skus_write(struct store *s, struct err *err);

static void skus_forget(struct store *s)
{
    for (size_t i = 0; i < s->skus.cap; i++) {
        struct store_sku *k = s->skus.item[i];
        if (k) {
            buf_free(&k->asin);
            buf_free(&k->title);
        }
    }
    map_clear(&s->skus);
    arena_reset(s->sku_texts);
}

struct store_sku *store_sku(struct store *s, struct text sku, struct err *err)
{
    if (s->skus.n >= SKUS_MAX) {                        /* bounds the memory, not the number of SKUs */
        if (skus_write(s, err) < 0)
            return NULL;
        skus_forget(s);
    }
    void **slot = map_at(&s->skus, hash_bytes(&s->hash, sku.at, sku.n));
    if (*slot)
        return *slot;
    struct stmt *get = stmt_of(s->db, sql_sku_get, err), *add = stmt_of(s->db, sql_sku_add, err);
    if (!get || !add)
        return NULL;
    struct store_sku *k = arena_zero(s->sku_texts, sizeof *k);
    k->sku = arena_textn(s->sku_texts, sku.at, sku.n);
    bind_textn(get, 1, sku.at, sku.n);
    int rc = stmt_step(s->db, get, err);
    if (rc > 0) {
        k->no = stmt_int(get, 0);
        k->told_s = stmt_int(get, 1);
        buf_text(&k->asin, stmt_text(get, 2));
        buf_text(&k->title, stmt_text(get, 3));
        stmt_reset(get);
    } else if (rc == 0) {
        bind_textn(add, 1, sku.at, sku.n);
        rc = stmt_run(s->db, add, err);
        k->no = db_last_row(s->db);
        k->is_text = true;                              /* to be found by its SKU */
    }
    return rc < 0 ? NULL : (*slot = k);
}

static bool sku_word(struct buf *known, struct text told)
{
    if (!told.n || (told.n == known->len && memcmp(told.at, known->at, told.n) == 0))
        return false;
    buf_clear(known);
    buf_put(known, told.at, told.n);
    return true;
}

void sku_tell(struct store_sku *k, int64_t told_s, struct text asin, struct text title)
{
    if (told_s < k->told_s)
        return;
    k->is_told |= told_s > k->told_s;
    k->told_s = told_s;
    k->is_text |= sku_word(&k->asin, asin);
    k->is_text |= sku_word(&k->title, title);
}

static const char sql_sku_put[] =
    "UPDATE sku"
    " SET asin = nullif(:asin, ''), title = nullif(:title, ''), told_s = :told_s"
    " WHERE no = :no";

static const char sql_text_put[] =
    "INSERT OR REPLACE INTO listing_text (rowid, sku, asin, title)"
    " VALUES (:no, :sku, :asin, :title)";

static int sku_write(struct store *s, const struct store_sku *k, struct err *err)
{
    struct stmt *put = stmt_of(s->db, sql_sku_put, err), *text = stmt_of(s->db, sql_text_put, err);
    if (!put || !text)
        return -err->code;
    bind_text(put, 1, buf_str(&k->asin));
    bind_text(put, 2, buf_str(&k->title));
    bind_int(put, 3, k->told_s);
    bind_int(put, 4, k->no);
    int rc = stmt_run(s->db, put, err);
    if (rc < 0 || !k->is_text)
        return rc;
    s->to.touched |= TOUCHED_PRODUCTS;
    bind_int(text, 1, k->no);
    bind_text(text, 2, k->sku);
    bind_text(text, 3, buf_str(&k->asin));
    bind_text(text, 4, buf_str(&k->title));
    return stmt_run(s->db, text, err);
}

static int skus_write(struct store *s, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < s->skus.cap && rc >= 0; i++) {
        struct store_sku *k = s->skus.item[i];
        if (k && (k->is_told || k->is_text)) {
            rc = sku_write(s, k, err);
            k->is_told = k->is_text = false;
        }
    }
    return rc;
}

static const char sql_market_until[] =
    "UPDATE market"
    " SET data_until_s = :data_until_s"
    " WHERE no = :no";

static int markets_write(struct store *s, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < MARKETS_MAX && rc >= 0; i++) {
        struct store_market *m = &s->market[i];
        if (m->told_until_s <= m->data_until_s)
            continue;
        struct stmt *put = stmt_of(s->db, sql_market_until, err);
        if (!put)
            return -err->code;
        bind_int(put, 1, m->told_until_s);
        bind_int(put, 2, m->no);
        rc = stmt_run(s->db, put, err);
        m->data_until_s = m->told_until_s;
        s->to.touched |= TOUCHED_ORDERS;
    }
    return rc;
}

/* ---- an import ------------------------------------------------------------------------------- */

int store_begin(struct store **out, struct db *db, const struct store_setup *setup, struct err *err)
{
    *out = NULL;
    const char *id = setup->market ? setup->market : "";
    const struct market *market = *id ? market_by_id(id) : NULL;
    if (*id && !market)
        return err_set(err, ERR_INPUT, "There is no market \"%.60s\".", id);
    struct store *s = base_alloc(sizeof *s);
    s->db = db;
    s->to = (struct record_to){ .db = db, .policies = setup->policies };
    s->roll = roll_new(db);
    s->memory = arena_new("store", 4096);
    s->batch = arena_new("store batch", 4096);
    s->sku_texts = arena_new("store skus", 4096);
    s->format = arena_text(s->memory, setup->format);
    s->file_market = market;
    s->told_s = setup->told_s;
    s->setup_hash = hash_mix(hash_add(0, id, strlen(id)));
    s->reject = setup->reject;
    s->ctx = setup->ctx;
    s->hash = hash_key_new();
    s->lines.keys = SEEN_LINES;
    s->entries.keys = SEEN_ENTRIES;
    s->memo = base_alloc(MEMOS * sizeof *s->memo);
    *out = s;
    return 0;
}

void store_end(struct store *s)
{
    if (!s)
        return;
    order_lines_end(s);
    skus_forget(s);
    map_clear(&s->statuses);
    map_clear(&s->states);
    map_clear(&s->cycles);
    seen_free(&s->lines);
    seen_free(&s->entries);
    for (size_t i = 0; i < MEMOS; i++)
        free(s->memo[i].columns);
    free(s->memo);
    free(s->cycle);
    free(s->report);
    buf_free(&s->content);
    arena_free(s->sku_texts);
    arena_free(s->batch);
    arena_free(s->memory);
    roll_free(s->roll);
    free(s);
}

int batch_row(struct store *s, const struct batch *b, uint32_t i, struct row *r, struct err *err)
{
    const struct store_memo *m = b->memo;
    const struct store_kind *kind = &store_kinds[m->kind];
    const struct souk_value *cell = souk_cell(b->rows, i, 0);
    *r = (struct row){ cell, m->place, kind->columns, cell->num };
    if (cell->type != SOUK_COUNT)
        return err_set(err, ERR_PLUGIN, "A record of kind %s does not name its line.", kind->name);
    for (uint32_t c = 1; c < m->n; c++) {
        const struct store_column *column = &kind->columns[m->column[c]];
        if (cell[c].type == m->type[c])
            continue;
        if (cell[c].type != SOUK_NONE)
            return err_set(err, ERR_PLUGIN, "Column %s of a record of kind %s (line %lld) is not of type %s.",
                           column->name, kind->name, (long long)r->line, column->type);
        if (column->is_needed)
            return row_refuse(s, r, m->column[c], "reject.needed");
    }
    return 0;
}

static int put_rows(struct store *s, const struct batch *b, struct err *err)
{
    int rc = 0;
    for (uint32_t i = 0; i < b->rows->n_rows && rc >= 0; i++) {
        struct row r;
        rc = batch_row(s, b, i, &r, err);
        if (rc == 0)
            rc = kind_in[b->memo->kind].row(s, &r, err);
        if (rc == STORE_ACCEPTED)
            s->to.touched |= kind_in[b->memo->kind].area;
        if (rc > 0) {
            b->outcome(b->ctx, r.line, (enum store_outcome)rc);
            rc = roll_flush(s->roll, false, err);
        }
    }
    return rc;
}

int store_put(struct store *s, const char *kind, const struct souk_rows *rows,
              void (*outcome)(void *ctx, int64_t line, enum store_outcome what), void *ctx, struct err *err)
{
    const struct store_memo *m = memo_of(s, kind, rows->columns, err);
    if (!m)
        return -err->code;
    if (rows->n_columns != m->n)
        return err_set(err, ERR_PLUGIN, "Records of kind %s name %u columns and have %u.", kind, m->n,
                       rows->n_columns);
    const struct batch b = { m, rows, outcome, ctx };
    int rc = kind_in[m->kind].row ? put_rows(s, &b, err) : order_lines_put(s, &b, err);
    arena_reset(s->batch);
    return rc;
}

int store_finish(struct store *s, struct err *err)
{
    int rc = skus_write(s, err);
    if (rc >= 0)
        rc = markets_write(s, err);
    if (rc >= 0)
        rc = roll_finish(s->roll, err);
    if (rc >= 0)
        rc = cycles_check(s, err);
    if (rc >= 0)
        rc = reports_compare(s, err);
    if (rc >= 0 && s->listings.told_s)
        rc = outgoing_confirm(&s->to, &s->listings, err);
    s->to.touched |= TOUCHED_IMPORTS;
    return rc < 0 ? rc : touch(s->db, s->to.touched, err);
}

unsigned store_touched(const struct store *s)
{
    return s->to.touched;
}

/* ---- plugins' own records -------------------------------------------------------------------- */

static const char sql_kept_bytes[] =
    "SELECT coalesce(sum(length(CAST(key AS BLOB)) + length(value)), 0) FROM kept"
    " WHERE plugin = :plugin AND key <> :key";

static const char sql_kept_put[] =
    "INSERT INTO kept (plugin, key, value)"
    " VALUES (:plugin, :key, :value)"
    " ON CONFLICT (plugin, key) DO UPDATE"
    " SET value = excluded.value";

static const char sql_kept_drop[] =
    "DELETE FROM kept"
    " WHERE plugin = :plugin AND key = :key";

static const char sql_kept_get[] =
    "SELECT value FROM kept"
    " WHERE plugin = :plugin AND key = :key";

static struct stmt *kept_stmt(struct db *db, const char *sql, const char *plugin, const char *key,
                              struct err *err)
{
    struct stmt *st = stmt_of(db, sql, err);
    if (st) {
        bind_text(st, 1, plugin);
        bind_text(st, 2, key);
    }
    return st;
}

int store_keep(struct db *db, const char *plugin, const char *key, const void *at, size_t n, struct err *err)
{
    struct stmt *st = kept_stmt(db, at ? sql_kept_bytes : sql_kept_drop, plugin, key, err);
    if (!st)
        return -err->code;
    if (!at) {
        int rc = stmt_run(db, st, err);
        return rc < 0 ? rc : 0;
    }
    int rc = stmt_step(db, st, err);
    if (rc < 0)
        return rc;
    uint64_t bytes = (uint64_t)stmt_int(st, 0) + strlen(key) + n;
    stmt_reset(st);
    if (bytes > KEPT_BYTES)
        return err_set(err, ERR_DENIED, "The plugin %s keeps more than its 10 MB; nothing was kept under"
                       " \"%.60s\".", plugin, key);
    st = kept_stmt(db, sql_kept_put, plugin, key, err);
    if (!st)
        return -err->code;
    bind_blob(st, 3, at, n);
    rc = stmt_run(db, st, err);
    return rc < 0 ? rc : 0;
}

int store_kept(struct db *db, struct arena *a, const char *plugin, const char *key,
               const char **at, size_t *n, struct err *err)
{
    struct stmt *st = kept_stmt(db, sql_kept_get, plugin, key, err);
    if (!st)
        return -err->code;
    int rc = stmt_step(db, st, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "The plugin %s has kept nothing under \"%.60s\".", plugin, key);
    const char *value = stmt_blob(st, 0, n);
    *at = arena_textn(a, value, *n);
    stmt_reset(st);
    return 0;
}
