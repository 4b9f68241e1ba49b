/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_money.c: closed settlement periods, their ledger, and payments.
 *
 * in:     rows of kind cycle, ledger and payment
 * out:    cycle, ledger, payment; what they add to the totals; an event and a notice for what does not
 *         balance; claims that the ledger pays out
 * knows:  the store's maps, roll, notice, claim
 *
 * A row of money bears no number of its own.  What it says, and how often the file has said the like
 * before, makes its fingerprint: so the same file brings nothing twice, and two equal fees stay two.
 * A payment that was held back may name another settlement once it is free; so where a report tells the
 * status, what the row says but for its settlement, its deal, finds it again.
 *
 * Each ledger row seals the one before: seal = BLAKE2b-256(seal before, what the row says, its
 * fingerprint).  Settlement, market and currency are sealed as words, not as numbers of other rows,
 * so a change there shows as well.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "claim.h"
#include "notice.h"
#include "store_in.h"

const struct store_column cycle_columns[CY_COLUMNS] = {
    [CY_LINE]       = { "line", "count", "line of the file", true },
    [CY_SETTLEMENT] = { "settlement", "text", "the marketplace's number", true },
    [CY_CURRENCY]   = { "currency", "currency", "of all its amounts", true },
    [CY_STARTED]    = { "started", "instant", "beginning of the cycle", false },
    [CY_ENDED]      = { "ended", "instant", "end of the cycle", false },
    [CY_DEPOSITED]  = { "deposited", "instant", "date of the transfer", false },
    [CY_TOTAL]      = { "total", "money", "what the file says was transferred; negative: owed to the marketplace",
                        false },
};

const struct store_column ledger_columns[LE_COLUMNS] = {
    [LE_LINE]       = { "line", "count", "line of the file", true },
    [LE_SETTLEMENT] = { "settlement", "text", "the cycle it belongs to, put before", true },
    [LE_MARKET]     = { "market", "market", "where it was sold", false },
    [LE_POSTED]     = { "posted", "instant", "when it was booked", false },
    [LE_TYPE]       = { "type", "text", "Order, Refund, ServiceFee ...: an open set", false },
    [LE_KIND]       = { "kind", "text", "ItemPrice, ItemFees ...: an open set", false },
    [LE_DETAIL]     = { "detail", "text", "Principal, Commission ...: an open set", false },
    [LE_ORDER]      = { "order", "text", "order, or a shipment for warehouse fees", false },
    [LE_SKU]        = { "sku", "text", "the seller's number", false },
    [LE_QUANTITY]   = { "quantity", "count", "units", false },
    [LE_AMOUNT]     = { "amount", "money", "in the cycle's currency; positive: to the seller", true },
};

const struct store_column payment_columns[PA_COLUMNS] = {
    [PA_LINE]        = { "line", "count", "line of the file", true },
    [PA_POSTED]      = { "posted", "instant", "when it was booked", true },
    [PA_MARKET]      = { "market", "market", "where it was sold", false },
    [PA_SETTLEMENT]  = { "settlement", "text", "the cycle it belongs to, open or closed", false },
    [PA_TYPE]        = { "type", "text", "Order, Refund, Transfer ... in the report's language", true },
    [PA_IS_TRANSFER] = { "is_transfer", "bool", "a payout, left out of sums", false },
    [PA_ORDER]       = { "order", "text", "the marketplace's order number", false },
    [PA_SKU]         = { "sku", "text", "the seller's number", false },
    [PA_DESCRIPTION] = { "description", "text", "as the report says", false },
    [PA_QUANTITY]    = { "quantity", "count", "units", false },
    [PA_PRODUCT]     = { "product", "money", "product sales", false },
    [PA_FEES]        = { "fees", "money", "selling, fulfilment and other fees together", false },
    [PA_TOTAL]       = { "total", "money", "of the row; positive: to the seller", true },
    [PA_EXTRA]       = { "extra", "text", "columns Souk does not know, as a JSON object", false },
    [PA_STATUS]      = { "status", "text", "released, or as the report says: Deferred ...", false },
    [PA_RELEASE]     = { "release", "instant", "when it is or was set free", false },
};

/* ---- what a row says, as bytes --------------------------------------------------------------- */

static void say_int(struct buf *b, bool is_known, int64_t n)
{
    char bytes[9] = { is_known };
    for (int i = 0; i < 8; i++)
        bytes[1 + i] = (char)((uint64_t)n >> (8 * i));
    buf_put(b, bytes, is_known ? sizeof bytes : 1);
}

static void say_text(struct buf *b, bool is_known, const char *at, size_t n)
{
    say_int(b, is_known, (int64_t)n);
    if (is_known)
        buf_put(b, at, n);
}

static void say_cell(struct buf *b, struct store *s, const struct row *r, int column)
{
    struct text t = row_text(s, r, column);
    say_text(b, t.at != NULL, t.at, t.n);
}

static void say_number(struct buf *b, const struct row *r, int column)
{
    say_int(b, row_cell(r, column) != NULL, row_int(r, column, 0));
}

/* Of the content, and the how-manieth of its like it is. */
static int64_t fingerprint_of(struct store *s)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    uint64_t content;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)s->content.at, s->content.len, NULL, 0);
    memcpy(&content, hash, sizeof content);
    return (int64_t)hash_mix(content + hash_mix(seen_count(&s->entries, content)));
}

static void seal_next(unsigned char seal[SEAL_BYTES], const struct buf *content, int64_t fingerprint)
{
    crypto_generichash_state state;
    unsigned char print[8];
    for (int i = 0; i < 8; i++)
        print[i] = (unsigned char)((uint64_t)fingerprint >> (8 * i));
    crypto_generichash_init(&state, NULL, 0, SEAL_BYTES);
    crypto_generichash_update(&state, seal, SEAL_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)content->at, content->len);
    crypto_generichash_update(&state, print, sizeof print);
    crypto_generichash_final(&state, seal, SEAL_BYTES);
}

/* ---- cycles ---------------------------------------------------------------------------------- */

static const char sql_cycle_get[] =
    "SELECT no, format, currency, market_no, start_s, end_s, deposit_s, total_minor FROM cycle"
    " WHERE settlement_id = :settlement_id";

/* *out is NULL when there is none. */
static int cycle_meet(struct store *s, struct text id, struct store_cycle **out, struct err *err)
{
    void **slot = map_at(&s->cycles, hash_bytes(&s->hash, id.at, id.n));
    *out = *slot;
    if (*slot)
        return 0;
    struct stmt *get = stmt_of(s->db, sql_cycle_get, err);
    if (!get)
        return -err->code;
    bind_textn(get, 1, id.at, id.n);
    int rc = stmt_step(s->db, get, err);
    if (rc <= 0)
        return rc;
    struct store_cycle *c = arena_zero(s->memory, sizeof *c);
    c->id = arena_textn(s->memory, id.at, id.n);
    c->no = stmt_int(get, 0);
    c->format = arena_text(s->memory, stmt_text(get, 1));
    memcpy(c->currency, stmt_text(get, 2), sizeof c->currency);
    c->has_market = !stmt_is_null(get, 3);
    stmt_reset(get);
    s->cycle = base_grow(s->cycle, (s->n_cycles + 1) * sizeof(struct store_cycle *));
    s->cycle[s->n_cycles++] = c;
    *slot = *out = c;
    return 0;
}

/* Lines of one settlement from two formats would count twice. */
static int check_cycle(struct store *s, const struct row *r, int column, const struct store_cycle *c)
{
    if (!text_is(c->format, s->format))
        return row_refuse(s, r, column, "reject.cycle_format", { "settlement", souk_text(c->id) },
                          { "format", souk_text(c->format) });
    return 0;
}

static const char sql_cycle_add[] =
    "INSERT INTO cycle (settlement_id, format, currency, start_s, end_s, deposit_s, total_minor)"
    " VALUES (:settlement_id, :format, :currency, :start_s, :end_s, :deposit_s, :total_minor)";

static const char sql_cycle_complete[] =
    "UPDATE cycle"
    " SET start_s = coalesce(start_s, :start_s), end_s = coalesce(end_s, :end_s),"
    "     deposit_s = coalesce(deposit_s, :deposit_s), total_minor = coalesce(total_minor, :total_minor)"
    " WHERE no = :no";

static const int cycle_facts[] = { CY_STARTED, CY_ENDED, CY_DEPOSITED, CY_TOTAL };

static int cycle_add(struct store *s, const struct row *r, const char *currency, struct err *err)
{
    struct stmt *add = stmt_of(s->db, sql_cycle_add, err);
    if (!add)
        return -err->code;
    bind_told(add, 1, row_text(s, r, CY_SETTLEMENT));
    bind_text(add, 2, s->format);
    bind_text(add, 3, currency);
    for (int i = 0; i < 4; i++)
        bind_told_int(add, 4 + i, r, cycle_facts[i]);
    int rc = stmt_run(s->db, add, err);
    struct store_cycle *c;
    if (rc >= 0)
        rc = cycle_meet(s, row_text(s, r, CY_SETTLEMENT), &c, err);
    if (rc < 0)
        return rc;
    c->is_changed = true;
    return STORE_ACCEPTED;
}

/* What is told must be what is known; what is not known yet is filled in. */
static int cycle_complete(struct store *s, const struct row *r, struct store_cycle *c, struct err *err)
{
    struct stmt *get = stmt_of(s->db, sql_cycle_get, err), *put = stmt_of(s->db, sql_cycle_complete, err);
    if (!get || !put)
        return -err->code;
    bind_text(get, 1, c->id);
    int rc = stmt_step(s->db, get, err), differs = 0;
    if (rc < 0)
        return rc;
    bool has_news = false;
    for (int i = 0; i < 4; i++) {
        const struct souk_value *v = row_cell(r, cycle_facts[i]);
        if (v && stmt_is_null(get, 4 + i))
            has_news = true;
        else if (v && v->num != stmt_int(get, 4 + i))
            differs = cycle_facts[i];
    }
    stmt_reset(get);
    if (differs)
        return row_refuse(s, r, differs, "reject.cycle_differs", { "settlement", souk_text(c->id) });
    if (!has_news)
        return STORE_UNCHANGED;
    for (int i = 0; i < 4; i++)
        bind_told_int(put, 1 + i, r, cycle_facts[i]);
    bind_int(put, 5, c->no);
    rc = stmt_run(s->db, put, err);
    c->is_changed = true;
    return rc < 0 ? rc : STORE_ACCEPTED;
}

int cycle_put(struct store *s, const struct row *r, struct err *err)
{
    char currency[4] = "";
    struct text told = row_text(s, r, CY_CURRENCY);
    struct store_cycle *c;
    int rc = row_check_key(s, r, CY_SETTLEMENT);
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = row_check_instant(s, r, cycle_facts[i]);
    if (rc == 0 && (told.n != 3 || currency_digits(told.at) < 0))
        rc = row_refuse(s, r, CY_CURRENCY, "reject.currency");
    if (rc == 0) {
        memcpy(currency, told.at, sizeof currency);
        rc = row_check_money(s, r, CY_TOTAL, currency);
    }
    if (rc == 0)
        rc = cycle_meet(s, row_text(s, r, CY_SETTLEMENT), &c, err);
    if (rc != 0)
        return rc;
    if (!c)
        return cycle_add(s, r, currency, err);
    rc = check_cycle(s, r, CY_SETTLEMENT, c);
    if (rc == 0 && !text_is(c->currency, currency))
        rc = row_refuse(s, r, CY_CURRENCY, "reject.currencies", { "one", souk_text(c->currency) },
                        { "other", souk_text(currency) });
    return rc != 0 ? rc : cycle_complete(s, r, c, err);
}

/* ---- the ledger ------------------------------------------------------------------------------ */

static int ledger_check(struct store *s, const struct row *r, const struct market **market,
                        struct store_cycle **c, struct err *err)
{
    char currency[4] = "";
    int rc = row_check_key(s, r, LE_SETTLEMENT);
    if (rc == 0)
        rc = row_market(s, r, LE_MARKET, false, market);
    if (rc == 0)
        rc = row_check_instant(s, r, LE_POSTED);
    if (rc == 0)
        rc = row_check_count(s, r, LE_QUANTITY);
    if (rc == 0)
        rc = row_check_money(s, r, LE_AMOUNT, currency);
    if (rc == 0)
        rc = cycle_meet(s, row_text(s, r, LE_SETTLEMENT), c, err);
    if (rc == 0 && !*c)
        rc = row_refuse(s, r, LE_SETTLEMENT, "reject.cycle_unknown",
                        { "settlement", *row_cell(r, LE_SETTLEMENT) });
    if (rc == 0)
        rc = check_cycle(s, r, LE_SETTLEMENT, *c);
    if (rc == 0 && !text_is((*c)->currency, currency))
        rc = row_refuse(s, r, LE_AMOUNT, "reject.currencies", { "one", souk_text((*c)->currency) },
                        { "other", souk_text(currency) });
    return rc;
}

static const char sql_last_seal[] =
    "SELECT seal FROM ledger"
    " ORDER BY no DESC LIMIT 1";

static int seal_load(struct store *s, struct err *err)
{
    struct stmt *last = stmt_of(s->db, sql_last_seal, err);
    if (!last)
        return -err->code;
    int rc = stmt_step(s->db, last, err);
    if (rc > 0) {
        size_t n;
        const void *seal = stmt_blob(last, 0, &n);
        memcpy(s->seal, seal, n < SEAL_BYTES ? n : SEAL_BYTES);
        stmt_reset(last);
    }
    s->has_seal = rc >= 0;
    return rc;
}

static const char sql_cycle_market[] =
    "UPDATE cycle"
    " SET market_no = :market_no"
    " WHERE no = :no";

static int cycle_note_market(struct store *s, struct store_cycle *c, const struct store_market *m,
                             struct err *err)
{
    struct stmt *put = stmt_of(s->db, sql_cycle_market, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, m->no);
    bind_int(put, 2, c->no);
    c->has_market = true;
    return stmt_run(s->db, put, err);
}

static const char sql_ledger_add[] =
    "INSERT INTO ledger (cycle_no, fingerprint, market_no, posted_s, type, kind, detail, order_id, sku,"
    "                    quantity, minor, seal)"
    " VALUES (:cycle_no, :fingerprint, :market_no, :posted_s, :type, :kind, :detail, :order_id, :sku,"
    "         :quantity, :minor, :seal)"
    " ON CONFLICT (cycle_no, fingerprint) DO NOTHING";

static struct text or_empty(struct text t)
{
    return t.at ? t : (struct text){ "", 0 };
}

/* The order of what is said here is that of sql_ledger_all. */
static void ledger_say(struct store *s, const struct row *r, const struct store_cycle *c,
                       const struct market *market)
{
    struct buf *b = &s->content;
    buf_clear(b);
    say_text(b, true, c->id, strlen(c->id));
    say_text(b, true, c->currency, 3);
    say_text(b, market != NULL, market ? market->id : "", market ? strlen(market->id) : 0);
    say_number(b, r, LE_POSTED);
    for (int column = LE_TYPE; column <= LE_DETAIL; column++) {
        struct text t = or_empty(row_text(s, r, column));
        say_text(b, true, t.at, t.n);
    }
    say_cell(b, s, r, LE_ORDER);
    say_cell(b, s, r, LE_SKU);
    say_number(b, r, LE_QUANTITY);
    say_number(b, r, LE_AMOUNT);
}

/* By the day on which it was booked, in the zone of its market or, where it names none, in UTC. */
static int day_roll(struct store *s, const struct row *r, const struct store_cycle *c, const struct store_market *m,
                    enum proceeds part, struct err *err)
{
    const struct zone *zone = m ? m->zone : zone_get("UTC", err);
    if (!zone)
        return -err->code;
    int32_t day = row_cell(r, LE_POSTED) ? zone_day(zone, row_int(r, LE_POSTED, 0)) : ROLL_NO_DAY;
    roll_ledger_day(s->roll, m ? m->no : 0, day, c->currency, part, row_int(r, LE_AMOUNT, 0));
    return 0;
}

int ledger_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    const struct store_market *m = NULL;
    struct store_cycle *c = NULL;
    int rc = ledger_check(s, r, &market, &c, err);
    if (rc != 0)
        return rc;
    struct stmt *add = stmt_of(s->db, sql_ledger_add, err);
    if (!add || (market && !(m = store_market(s, market, err))) ||
        (!s->has_seal && seal_load(s, err) < 0))
        return -err->code;
    unsigned char seal[SEAL_BYTES];
    ledger_say(s, r, c, market);
    int64_t fingerprint = fingerprint_of(s);
    memcpy(seal, s->seal, sizeof seal);
    seal_next(seal, &s->content, fingerprint);

    struct text type = or_empty(row_text(s, r, LE_TYPE)), kind = or_empty(row_text(s, r, LE_KIND)),
                detail = or_empty(row_text(s, r, LE_DETAIL));
    bind_int(add, 1, c->no);
    bind_int(add, 2, fingerprint);
    if (m)
        bind_int(add, 3, m->no);
    else
        bind_null(add, 3);
    bind_told_int(add, 4, r, LE_POSTED);
    bind_told(add, 5, type);
    bind_told(add, 6, kind);
    bind_told(add, 7, detail);
    bind_told(add, 8, row_text(s, r, LE_ORDER));
    bind_told(add, 9, row_text(s, r, LE_SKU));
    bind_told_int(add, 10, r, LE_QUANTITY);
    bind_int(add, 11, row_int(r, LE_AMOUNT, 0));
    bind_blob(add, 12, seal, sizeof seal);
    rc = stmt_run(s->db, add, err);
    if (rc <= 0)
        return rc < 0 ? rc : STORE_UNCHANGED;
    memcpy(s->seal, seal, sizeof seal);
    c->is_changed = true;
    roll_ledger(s->roll, c->no, type.at, kind.at, detail.at, row_int(r, LE_AMOUNT, 0));
    rc = day_roll(s, r, c, m, proceeds_of(type.at, kind.at, detail.at), err);
    if (rc >= 0 && m && !c->has_market)
        rc = cycle_note_market(s, c, m, err);
    if (rc >= 0 && claim_is_type(type.at) && row_cell(r, LE_ORDER)) {
        const struct claim_line line = {
            .type = type.at, .kind = kind.at, .order_id = row_text(s, r, LE_ORDER).at, .market = market,
            .posted_s = row_int(r, LE_POSTED, s->told_s), .minor = row_int(r, LE_AMOUNT, 0), .currency = c->currency,
        };
        rc = claim_of_ledger(&s->to, &line, err);
    }
    return rc < 0 ? rc : STORE_ACCEPTED;
}

static const char sql_ledger_all[] =
    "SELECT l.no, l.seal, l.fingerprint, c.settlement_id, c.currency, m.id, l.posted_s, l.type, l.kind,"
    "       l.detail, l.order_id, l.sku, l.quantity, l.minor"
    " FROM ledger l LEFT JOIN cycle c ON c.no = l.cycle_no LEFT JOIN market m ON m.no = l.market_no"
    " WHERE l.no >= :first"
    " ORDER BY l.no";

static const char sql_ledger_ends[] =
    "SELECT (SELECT coalesce(max(no), 0) FROM ledger), (SELECT coalesce(sum(lines), 0) FROM cycle)";

static void ledger_say_stored(struct buf *b, const struct stmt *st)
{
    static const bool is_text[] = { true, true, true, false, true, true, true, true, true, false, false };
    buf_clear(b);
    for (int i = 0; i < (int)COUNT_OF(is_text); i++) {
        int column = 3 + i;
        if (is_text[i])
            say_text(b, !stmt_is_null(st, column), stmt_text(st, column), strlen(stmt_text(st, column)));
        else
            say_int(b, !stmt_is_null(st, column), stmt_int(st, column));
    }
}

int store_verify_ledger(struct db *db, int64_t n, struct err *err)
{
    struct stmt *ends = stmt_of(db, sql_ledger_ends, err), *all = stmt_of(db, sql_ledger_all, err);
    if (!ends || !all)
        return -err->code;
    int rc = stmt_step(db, ends, err);
    if (rc < 0)
        return rc;
    int64_t last = stmt_int(ends, 0), counted = stmt_int(ends, 1);
    stmt_reset(ends);
    if (last != counted)
        return err_set(err, ERR_CORRUPT, "The ledger of %s ends with entry %lld, but %lld were booked. Bring"
                       " back a backup.", db_path(db), (long long)last, (long long)counted);

    unsigned char seal[SEAL_BYTES] = { 0 };
    struct buf content = { 0 };
    int64_t first = n && n < last ? last - n : 1, no = first;       /* one more, for the seal before */
    bool is_before = first > 1;
    bind_int(all, 1, first);
    for (; (rc = stmt_step(db, all, err)) > 0; no++) {
        size_t bytes;
        const void *stored = stmt_blob(all, 1, &bytes);
        if (is_before) {
            memcpy(seal, stored, bytes < sizeof seal ? bytes : sizeof seal);
            is_before = false;
            continue;
        }
        ledger_say_stored(&content, all);
        seal_next(seal, &content, stmt_int(all, 2));
        if (stmt_int(all, 0) != no || bytes != sizeof seal || memcmp(seal, stored, sizeof seal) != 0) {
            rc = err_set(err, ERR_CORRUPT, "Entry %lld of the ledger of %s was changed after it was booked."
                         " Bring back a backup.", (long long)no, db_path(db));
            stmt_reset(all);
            break;
        }
    }
    buf_free(&content);
    return rc;
}

/* ---- does it sum to its total? --------------------------------------------------------------- */

static const char sql_cycle_sums[] =
    "SELECT total_minor, sum_minor FROM cycle"
    " WHERE no = :no";

static const char sql_event_add[] =
    "INSERT INTO event (at_s, kind, ref, data)"
    " VALUES (:at_s, :kind, :ref, :data)";

static int event_unbalanced(struct store *s, const struct store_cycle *c, struct err *err)
{
    struct stmt *add = stmt_of(s->db, sql_event_add, err);
    if (!add)
        return -err->code;
    json_t *data = json_pack("{s:s, s:s, s:I, s:I}", "settlement", c->id, "currency", c->currency,
                             "total", (json_int_t)c->total_minor, "sum", (json_int_t)c->sum_minor);
    char *text = data ? json_dumps(data, JSON_COMPACT) : NULL;
    bind_int(add, 1, clock_now());
    bind_text(add, 2, "settlement.unbalanced");
    bind_text(add, 3, arena_printf(s->batch, "cycle:%s", c->id));
    bind_text(add, 4, text ? text : "{}");
    int rc = stmt_run(s->db, add, err);
    free(text);
    json_decref(data);
    return rc;
}

/* It stands until a later file mends it. */
static int notice_balance(struct store *s, const struct store_cycle *c, struct err *err)
{
    struct notice_row row = {
        .notice_id = arena_printf(s->batch, "souk:cycle:%s", c->id), .at_s = clock_now(), .class = "payment",
        .kind = "settlement.unbalanced", .severity = "bad", .subject = c->id,
        .ref = arena_printf(s->batch, "settlement:%s", c->id), .source = "souk",
        .amount = { .minor = c->total_minor - c->sum_minor },
    };
    memcpy(row.amount.currency, c->currency, sizeof row.amount.currency);
    if (row.amount.minor == 0)
        return notice_mended(&s->to, row.notice_id, row.at_s, err);
    if (row.amount.minor < 0)
        row.amount.minor = -row.amount.minor;
    return notice_stands(&s->to, &row, err);
}

int cycles_check(struct store *s, struct err *err)
{
    struct stmt *get = stmt_of(s->db, sql_cycle_sums, err);
    if (!get)
        return -err->code;
    int rc = 0;
    for (size_t i = 0; i < s->n_cycles && rc >= 0; i++) {
        struct store_cycle *c = s->cycle[i];
        bind_int(get, 1, c->no);
        rc = stmt_step(s->db, get, err);
        if (rc <= 0)
            continue;
        c->has_total = !stmt_is_null(get, 0);
        c->total_minor = stmt_int(get, 0);
        c->sum_minor = stmt_int(get, 1);
        stmt_reset(get);
        if (!c->is_changed || !c->has_total)
            continue;
        if (c->total_minor != c->sum_minor)
            rc = event_unbalanced(s, c, err);
        if (rc >= 0)
            rc = notice_balance(s, c, err);
    }
    return rc;
}

bool store_check_at(const struct store *s, size_t i, struct store_check *check)
{
    for (size_t at = 0; at < s->n_cycles; at++) {
        const struct store_cycle *c = s->cycle[at];
        if (c->has_total && i-- == 0) {
            *check = (struct store_check){ c->id, c->currency, c->total_minor, c->sum_minor };
            return true;
        }
    }
    return false;
}

/* ---- payments -------------------------------------------------------------------------------- */

/* What may change of a payment. */
struct held {
    const char *settlement, *status;                    /* "": not told */
    bool is_held;
    int64_t release_day;                                /* -1: not told */
};

static const char sql_payment_add[] =
    "INSERT INTO payment (fingerprint, market_no, posted_s, settlement_id, type, is_transfer, order_id, sku,"
    "                     description, quantity, currency, product_minor, fees_minor, total_minor, extra,"
    "                     deal, status, is_held, release_day, told_s)"
    " VALUES (:fingerprint, :market_no, :posted_s, :settlement_id, :type, :is_transfer, :order_id, :sku,"
    "         :description, :quantity, :currency, :product_minor, :fees_minor, :total_minor, :extra,"
    "         :deal, :status, :is_held, :release_day, :told_s)"
    " ON CONFLICT (fingerprint) DO NOTHING";

#define PAYMENT_GET "SELECT no, coalesce(settlement_id, ''), coalesce(status, ''), is_held, coalesce(release_day, -1)," \
                    "       coalesce(told_s, 0), deal IS NOT NULL, coalesce(market_no, 0) FROM payment"
static const char sql_payment_by_deal[] = PAYMENT_GET " WHERE deal = :deal";
static const char sql_payment_by_fingerprint[] = PAYMENT_GET " WHERE fingerprint = :fingerprint";

static const char sql_payment_put[] =
    "UPDATE payment"
    " SET deal = :deal, settlement_id = nullif(:settlement_id, ''), status = :status, is_held = :is_held,"
    "     release_day = nullif(:release_day, -1), told_s = :told_s"
    " WHERE no = :no";

static int payment_check(struct store *s, const struct row *r, const struct market **market, char currency[4])
{
    static const int money[] = { PA_TOTAL, PA_PRODUCT, PA_FEES };
    int rc = row_check_key(s, r, PA_SETTLEMENT);
    if (rc == 0)
        rc = row_market(s, r, PA_MARKET, false, market);
    if (rc == 0)
        rc = row_check_instant(s, r, PA_POSTED);
    if (rc == 0)
        rc = row_check_instant(s, r, PA_RELEASE);
    if (rc == 0)
        rc = row_check_length(s, r, PA_STATUS, KEY_BYTES);
    if (rc == 0)
        rc = row_check_count(s, r, PA_QUANTITY);
    for (size_t i = 0; i < COUNT_OF(money) && rc == 0; i++)
        rc = row_check_money(s, r, money[i], currency);
    return rc;
}

/* Without its settlement: whose content a deal is. */
static void payment_say(struct store *s, const struct row *r, const struct market *market, const char *currency,
                        bool with_settlement)
{
    struct buf *b = &s->content;
    buf_clear(b);
    say_text(b, true, currency, 3);
    say_text(b, market != NULL, market ? market->id : "", market ? strlen(market->id) : 0);
    say_number(b, r, PA_POSTED);
    say_number(b, r, PA_TOTAL);
    say_number(b, r, PA_QUANTITY);
    for (int column = PA_SETTLEMENT; column <= PA_DESCRIPTION; column++)
        if (column != PA_IS_TRANSFER && (with_settlement || column != PA_SETTLEMENT))
            say_cell(b, s, r, column);
}

/* A release that lies behind tells that it is free, whatever the report's language calls that. */
static struct held held_of(struct store *s, const struct row *r, const struct store_market *m)
{
    struct text settlement = row_text(s, r, PA_SETTLEMENT), status = row_text(s, r, PA_STATUS);
    int64_t release_s = row_int(r, PA_RELEASE, 0);
    bool has_release = row_cell(r, PA_RELEASE) != NULL;
    struct held h = { settlement.at ? settlement.at : "", status.at ? status.at : "", false, -1 };
    if (has_release)
        h.release_day = m ? zone_day(m->zone, release_s) : release_s / 86400;
    h.is_held = status.n && !text_is(h.status, "released") && !(has_release && release_s <= s->told_s) &&
                !row_int(r, PA_IS_TRANSFER, 0);
    return h;
}

static void roll_held_row(struct store *s, const struct row *r, const char *currency, int64_t market_no,
                          const struct held *h, int sign)
{
    if (h->is_held)
        roll_held(s->roll, h->settlement, currency, market_no, h->status, (int32_t)h->release_day,
                  row_int(r, PA_TOTAL, 0), sign);
}

static void bind_deal(struct stmt *s, int at, int64_t deal)
{
    if (deal)
        bind_int(s, at, deal);
    else
        bind_null(s, at);
}

/*
 * What the row tells of a payment that is known: found by its deal, or, when an older report told of it, by its
 * fingerprint.  0: there is none, or it is another one, and then *deal becomes 0: that is taken.
 */
static int payment_again(struct store *s, const struct row *r, const char *currency, const char *sql, int64_t by,
                         int64_t *deal, const struct held *now, struct err *err)
{
    struct stmt *get = stmt_of(s->db, sql, err), *put = stmt_of(s->db, sql_payment_put, err);
    if (!get || !put)
        return -err->code;
    bind_int(get, 1, by);
    int rc = stmt_step(s->db, get, err);
    if (rc <= 0)
        return rc;
    int64_t no = stmt_int(get, 0), told_s = stmt_int(get, 5), market_no = stmt_int(get, 7);
    bool has_deal = stmt_int(get, 6) != 0;
    struct held before = { arena_text(s->batch, stmt_text(get, 1)), arena_text(s->batch, stmt_text(get, 2)),
                           stmt_int(get, 3) != 0, stmt_int(get, 4) };
    stmt_reset(get);
    bool is_moved = !text_is(before.settlement, now->settlement);
    if (has_deal && told_s > s->told_s)
        return STORE_UNCHANGED;
    if (is_moved && !before.is_held && !now->is_held) {
        *deal = 0;
        return 0;
    }
    if (has_deal && !is_moved && text_is(before.status, now->status) && before.is_held == now->is_held &&
        before.release_day == now->release_day)
        return STORE_UNCHANGED;
    bind_deal(put, 1, *deal);
    bind_text(put, 2, now->settlement);
    bind_text(put, 3, now->status);
    bind_int(put, 4, now->is_held);
    bind_int(put, 5, now->release_day);
    bind_int(put, 6, s->told_s);
    bind_int(put, 7, no);
    rc = stmt_run(s->db, put, err);
    if (rc < 0)
        return rc;
    roll_held_row(s, r, currency, market_no, &before, -1);
    roll_held_row(s, r, currency, market_no, now, 1);
    if (is_moved) {
        roll_payments_anew(s->roll, before.settlement);
        roll_payments_anew(s->roll, now->settlement);
    }
    return STORE_ACCEPTED;
}

static int payment_add(struct store *s, const struct row *r, const struct store_market *m, const char *currency,
                       int64_t fingerprint, int64_t deal, const struct held *held, struct err *err)
{
    struct stmt *add = stmt_of(s->db, sql_payment_add, err);
    if (!add)
        return -err->code;
    struct text settlement = row_text(s, r, PA_SETTLEMENT), type = row_text(s, r, PA_TYPE);
    bool is_transfer = row_int(r, PA_IS_TRANSFER, 0) != 0;
    bind_int(add, 1, fingerprint);
    if (m)
        bind_int(add, 2, m->no);
    else
        bind_null(add, 2);
    bind_told_int(add, 3, r, PA_POSTED);
    bind_told(add, 4, settlement);
    bind_told(add, 5, type);
    bind_int(add, 6, is_transfer);
    bind_told(add, 7, row_text(s, r, PA_ORDER));
    bind_told(add, 8, row_text(s, r, PA_SKU));
    bind_told(add, 9, row_text(s, r, PA_DESCRIPTION));
    bind_told_int(add, 10, r, PA_QUANTITY);
    bind_text(add, 11, currency);
    bind_told_int(add, 12, r, PA_PRODUCT);
    bind_told_int(add, 13, r, PA_FEES);
    bind_told_int(add, 14, r, PA_TOTAL);
    bind_told(add, 15, row_text(s, r, PA_EXTRA));
    bind_deal(add, 16, deal);
    bind_told(add, 17, row_text(s, r, PA_STATUS));
    bind_int(add, 18, held->is_held);
    if (held->release_day >= 0)
        bind_int(add, 19, held->release_day);
    else
        bind_null(add, 19);
    bind_int(add, 20, s->told_s);
    int rc = stmt_run(s->db, add, err);
    if (rc <= 0)
        return rc < 0 ? rc : STORE_UNCHANGED;
    if (!is_transfer)
        roll_payment(s->roll, held->settlement, currency, type.at, m ? m->no : 0, row_int(r, PA_POSTED, 0),
                     row_int(r, PA_TOTAL, 0));
    roll_held_row(s, r, currency, m ? m->no : 0, held, 1);
    return STORE_ACCEPTED;
}

int payment_put(struct store *s, const struct row *r, struct err *err)
{
    const struct market *market;
    const struct store_market *m = NULL;
    char currency[4] = "";
    int64_t deal = 0;
    int rc = payment_check(s, r, &market, currency);
    if (rc != 0)
        return rc;
    if (market && !(m = store_market(s, market, err)))
        return -err->code;
    struct held held = held_of(s, r, m);
    if (*held.status) {
        payment_say(s, r, market, currency, false);
        deal = fingerprint_of(s);
        rc = payment_again(s, r, currency, sql_payment_by_deal, deal, &deal, &held, err);
        if (rc != 0)
            return rc;
    }
    payment_say(s, r, market, currency, true);
    int64_t fingerprint = fingerprint_of(s);
    if (*held.status) {
        rc = payment_again(s, r, currency, sql_payment_by_fingerprint, fingerprint, &deal, &held, err);
        if (rc != 0)
            return rc;
    }
    return payment_add(s, r, m, currency, fingerprint, deal, &held, err);
}
