/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outgoing.c: changes of listings that are to go out.  See outgoing.h.
 *
 * in:     what a command wants of a listing; what later reports say of it
 * out:    outgoing, outgoing_file
 * knows:  record, listings and floors as they are stored.  Has never heard of flat files.
 */
#include "outgoing.h"

#include <string.h>

#include "touched.h"

const char *outgoing_kind_word(enum outgoing_kind kind)
{
    static const char *const words[] = { "", "price", "quantity", "status" };
    return words[kind];
}

const char *outgoing_file_word(enum outgoing_file kind)
{
    static const char *const words[] = { "", "price_quantity", "inventory_loader" };
    return words[kind];
}

/* ---- a listing, and what waits to change it --------------------------------------------------- */

struct now {                                            /* of the listing, as the last report says */
    int64_t market_no, sku_no;
    struct money price, floor;
    struct number quantity;
    bool has_status, is_active, by_marketplace;
    char status[40];
};

static const char sql_now[] =
    "SELECT l.market_no, l.sku_no, l.price_minor, l.currency, l.quantity, l.status, l.fulfilment,"
    "       p.floor_minor, p.currency"
    " FROM market m JOIN sku k ON k.sku = :sku"
    "      JOIN listing l ON l.market_no = m.no AND l.sku_no = k.no"
    "      LEFT JOIN product p ON p.sku_no = k.no"
    " WHERE m.id = :market";

static struct money money_at(struct stmt *s, int minor, int currency)
{
    struct money m = { 0, "" };
    if (stmt_is_null(s, minor) || strlen(stmt_text(s, currency)) != 3)
        return m;
    m.minor = stmt_int(s, minor);
    memcpy(m.currency, stmt_text(s, currency), sizeof m.currency);
    return m;
}

static struct number number_at(struct stmt *s, int column)
{
    return (struct number){ !stmt_is_null(s, column), stmt_int(s, column) };
}

static int now_get(struct db *db, const struct outgoing_change *c, struct now *now, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_now, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, c->sku);
    bind_text(get, 2, c->market->id);
    int rc = stmt_step(db, get, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no listing of %.80s on %s in the imported reports.", c->sku,
                       c->market->name);
    *now = (struct now){
        .market_no = stmt_int(get, 0), .sku_no = stmt_int(get, 1), .price = money_at(get, 2, 3),
        .floor = money_at(get, 7, 8), .quantity = number_at(get, 4), .has_status = !stmt_is_null(get, 5),
        .by_marketplace = stmt_int(get, 6) == 2,
    };
    size_t n = strlen(stmt_text(get, 5));
    memcpy(now->status, stmt_text(get, 5), n < sizeof now->status ? n + 1 : 0);
    now->is_active = text_is(now->status, "Active");
    stmt_reset(get);
    return 0;
}

/*
 * Files are read by the marketplace as they stand, so nothing can be escaped in them: what would break a line, and
 * what a spreadsheet that opens the file would take for a formula, does not get in.
 */
static int check_sku(const char *sku, struct err *err)
{
    for (const char *c = sku; *c; c++)
        if (*c < ' ' || *c > '~')
            return err_set(err, ERR_DENIED, "The SKU %.80s has signs that cannot stand in a file for the marketplace:"
                           " change this listing there by hand.", sku);
    if (strchr("=+-@", sku[0]))
        return err_set(err, ERR_DENIED, "The SKU %.80s begins with %c, which spreadsheets take for a formula:"
                       " change this listing in the marketplace by hand.", sku, sku[0]);
    return 0;
}

static int refuse_floor(const struct outgoing_change *c, const struct now *now, struct err *err)
{
    struct buf price = { 0 }, least = { 0 };
    buf_minor(&price, c->price.minor, currency_digits(c->price.currency));
    buf_minor(&least, now->floor.minor, currency_digits(now->floor.currency));
    int rc = err_set(err, ERR_DENIED, "%s %s is beneath the floor of %.80s, which is %s %s: choose a higher price, or"
                     " change the floor first.", buf_str(&price), c->price.currency, c->sku, buf_str(&least),
                     now->floor.currency);
    buf_free(&price);
    buf_free(&least);
    return rc;
}

static int check(const struct outgoing_change *c, const struct now *now, struct err *err)
{
    int rc = check_sku(c->sku, err);
    if (rc < 0)
        return rc;
    if (c->kind == OUTGOING_PRICE)
        return text_is(now->floor.currency, c->price.currency) && c->price.minor < now->floor.minor
             ? refuse_floor(c, now, err) : 0;
    if (!now->by_marketplace)
        return 0;
    return c->kind == OUTGOING_QUANTITY
         ? err_set(err, ERR_DENIED, "%.80s is fulfilled by the marketplace, which counts its stock itself: send it"
                   " units instead.", c->sku)
         : err_set(err, ERR_DENIED, "%.80s is fulfilled by the marketplace and stays on sale: closing it would leave"
                   " its stock there, so do that in the marketplace by hand.", c->sku);
}

static bool is_same_money(const struct money *a, const struct money *b)
{
    return a->minor == b->minor && text_is(a->currency, b->currency);
}

/* Bounds and handling time are in no report: a change of them is never known to be done. */
static bool is_as_wanted(const struct outgoing_change *c, const struct now *now)
{
    switch (c->kind) {
    case OUTGOING_PRICE:
        return !c->least.currency[0] && !c->most.currency[0] && is_same_money(&c->price, &now->price);
    case OUTGOING_QUANTITY:
        return !c->handling_days.is_told && now->quantity.is_told && now->quantity.n == c->quantity.n;
    case OUTGOING_STATUS:
        return now->has_status && now->is_active == c->is_active && !c->quantity.is_told;
    }
    return false;
}

struct open {                                           /* the newest change that is open */
    int64_t no;                                         /* 0: none is */
    bool is_handed_in, is_same;
};

static const char sql_open[] =
    "SELECT no, state, price_minor, least_minor, most_minor, currency, quantity, handling_days, status"
    " FROM outgoing"
    " WHERE market_no = :market_no AND sku_no = :sku_no AND kind = :kind"
    "   AND state IN ('queued', 'downloaded', 'handed_in')"
    " ORDER BY no DESC"
    " LIMIT 1";

static bool is_same_number(struct number a, struct number b)
{
    return a.is_told == b.is_told && a.n == b.n;
}

static int open_get(struct db *db, const struct outgoing_change *c, const struct now *now, struct open *open,
                    struct err *err)
{
    struct stmt *get = stmt_of(db, sql_open, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, now->market_no);
    bind_int(get, 2, now->sku_no);
    bind_text(get, 3, outgoing_kind_word(c->kind));
    int rc = stmt_step(db, get, err);
    if (rc <= 0)
        return rc;
    struct money price = money_at(get, 2, 5), least = money_at(get, 3, 5), most = money_at(get, 4, 5);
    *open = (struct open){
        .no = stmt_int(get, 0), .is_handed_in = text_is(stmt_text(get, 1), "handed_in"),
        .is_same = is_same_money(&price, &c->price) && is_same_money(&least, &c->least) &&
                   is_same_money(&most, &c->most) && is_same_number(number_at(get, 6), c->quantity) &&
                   is_same_number(number_at(get, 7), c->handling_days) &&
                   (c->kind != OUTGOING_STATUS || text_is(stmt_text(get, 8), c->is_active ? "active" : "inactive")),
    };
    stmt_reset(get);
    return 0;
}

/* ---- queueing --------------------------------------------------------------------------------- */

static const char sql_replace[] =
    "UPDATE outgoing"
    " SET state = :state, state_s = :at_s, by_no = :by_no"
    " WHERE market_no = :market_no AND sku_no = :sku_no AND kind = :kind AND state IN ('queued', 'downloaded')"
    "   AND no <> coalesce(:by_no, 0)";

/* Those that were not handed in give way to the newer one; 0: to what is the case. */
static int give_way(struct record_to *to, const struct outgoing_change *c, const struct now *now, int64_t by_no,
                    int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_replace, err);
    if (!put)
        return -err->code;
    bind_text(put, 1, by_no ? "replaced" : "cancelled");
    bind_int(put, 2, at_s);
    bind_int(put, 3, by_no);
    if (!by_no)
        bind_null(put, 3);
    bind_int(put, 4, now->market_no);
    bind_int(put, 5, now->sku_no);
    bind_text(put, 6, outgoing_kind_word(c->kind));
    return stmt_run(to->db, put, err);
}

static const char sql_add[] =
    "INSERT INTO outgoing (batch_no, market_no, sku_no, kind, state, at_s, state_s, reason, price_minor, least_minor,"
    "                      most_minor, currency, quantity, handling_days, status, was_minor, was_quantity, was_status)"
    " VALUES (:batch_no, :market_no, :sku_no, :kind, 'queued', :at_s, :at_s, :reason, :price, :least, :most, :currency,"
    "         :quantity, :handling_days, :status, :was_minor, :was_quantity, :was_status)";

static const char sql_batch[] =
    "UPDATE outgoing SET batch_no = no"
    " WHERE no = :no";

static void bind_minor(struct stmt *s, int at, const struct money *m)
{
    if (m->currency[0])
        bind_int(s, at, m->minor);
    else
        bind_null(s, at);
}

static void bind_number(struct stmt *s, int at, struct number n)
{
    if (n.is_told)
        bind_int(s, at, n.n);
    else
        bind_null(s, at);
}

static int add(struct record_to *to, const struct outgoing_change *c, const struct now *now, int64_t at_s,
               int64_t *batch, int64_t *no, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_add, err), *first = stmt_of(to->db, sql_batch, err);
    if (!put || !first)
        return -err->code;
    bind_int(put, 1, *batch);
    bind_int(put, 2, now->market_no);
    bind_int(put, 3, now->sku_no);
    bind_text(put, 4, outgoing_kind_word(c->kind));
    bind_int(put, 5, at_s);
    bind_text(put, 6, c->reason ? c->reason : "");
    bind_minor(put, 7, &c->price);
    bind_minor(put, 8, &c->least);
    bind_minor(put, 9, &c->most);
    bind_text(put, 10, c->market->currency);
    bind_number(put, 11, c->quantity);
    bind_number(put, 12, c->handling_days);
    bind_text(put, 13, c->kind != OUTGOING_STATUS ? NULL : c->is_active ? "active" : "inactive");
    bind_null(put, 14);
    if (text_is(now->price.currency, c->market->currency))
        bind_minor(put, 14, &now->price);
    bind_number(put, 15, now->quantity);
    bind_text(put, 16, now->has_status ? now->status : NULL);
    int rc = stmt_run(to->db, put, err);
    *no = db_last_row(to->db);
    if (rc < 0 || *batch)
        return rc;
    *batch = *no;
    bind_int(first, 1, *no);
    return stmt_run(to->db, first, err);
}

int outgoing_put(struct record_to *to, const struct outgoing_change *change, int64_t at_s, int64_t *batch,
                 struct err *err)
{
    struct now now;
    struct open open = { 0, false, false };
    int64_t no = 0;
    int rc = now_get(to->db, change, &now, err);
    if (rc == 0)
        rc = check(change, &now, err);
    if (rc == 0)
        rc = open_get(to->db, change, &now, &open, err);
    if (rc < 0)
        return rc;
    if (open.no && open.is_same)
        return OUTGOING_KNOWN;
    bool is_back = is_as_wanted(change, &now) && !open.is_handed_in;
    if (is_back && !open.no)
        return OUTGOING_KNOWN;
    to->touched |= TOUCHED_OUTBOX;
    if (is_back)
        rc = give_way(to, change, &now, 0, at_s, err);
    else if ((rc = add(to, change, &now, at_s, batch, &no, err)) >= 0)
        rc = give_way(to, change, &now, no, at_s, err);
    return rc < 0 ? rc : is_back ? OUTGOING_BACK : OUTGOING_QUEUED;
}

/* ---- many at once ----------------------------------------------------------------------------- */

/* The same choice as plugins/home/listings makes from v1_listings; `last` sorts behind all that begins with find. */
static const char sql_choose[] =
    "SELECT k.sku, l.price_minor, l.currency"
    " FROM market m JOIN listing l ON l.market_no = m.no JOIN sku k ON k.no = l.sku_no"
    "      LEFT JOIN stock t ON t.market_no = l.market_no AND t.sku_no = l.sku_no"
    " WHERE m.id = :market"
    "   AND (:status = 'all' OR :status = 'active' AND l.status = 'Active'"
    "        OR :status IN ('inactive', 'stock') AND coalesce(l.status, '') <> 'Active')"
    "   AND (:status <> 'stock' OR coalesce(l.quantity, t.fulfillable, 0) > 0)"
    "   AND (:fulfilment = 'all' OR :fulfilment = 'seller' AND coalesce(l.fulfilment, 1) = 1"
    "        OR :fulfilment = 'marketplace' AND l.fulfilment = 2)"
    "   AND (k.sku >= :find AND k.sku < :last OR l.asin = :find)"
    " ORDER BY k.sku"
    " LIMIT :most";

int outgoing_choose(struct db *db, struct arena *a, const struct outgoing_choice *choice,
                    struct outgoing_listing **list, size_t *n, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_choose, err);
    size_t room = 0;
    *list = NULL;
    *n = 0;
    if (!get)
        return -err->code;
    bind_text(get, 1, choice->market->id);
    bind_text(get, 2, choice->status);
    bind_text(get, 3, choice->fulfilment);
    bind_text(get, 4, choice->find);
    bind_text(get, 5, arena_printf(a, "%s\U0010FFFF", choice->find));
    bind_int(get, 6, OUTGOING_MOST + 1);
    int rc;
    while ((rc = stmt_step(db, get, err)) > 0) {
        if (*n == room) {
            struct outgoing_listing *more = arena_alloc(a, (room = room ? 2 * room : 64) * sizeof *more);
            if (*n)
                memcpy(more, *list, *n * sizeof *more);
            *list = more;
        }
        (*list)[(*n)++] = (struct outgoing_listing){ arena_text(a, stmt_text(get, 0)), money_at(get, 1, 2) };
    }
    return rc;
}

/* ---- taken back, failed ------------------------------------------------------------------------ */

static const char sql_state[] =
    "SELECT state FROM outgoing"
    " WHERE no = :no";

/* Why nothing of it could be changed. */
static int refuse_state(struct db *db, int64_t no, const char *what, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_state, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, no);
    int rc = stmt_step(db, get, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no outgoing change %lld.", (long long)no);
    err_set(err, ERR_DENIED, "Change %lld %s: it is %s.", (long long)no, what,
            text_is(stmt_text(get, 0), "handed_in") ? "handed in" : stmt_text(get, 0));
    stmt_reset(get);
    return -err->code;
}

static const char sql_cancel[] =
    "UPDATE outgoing"
    " SET state = 'cancelled', state_s = :at_s"
    " WHERE no = :no AND state IN ('queued', 'downloaded')";

static const char sql_cancel_batch[] =
    "UPDATE outgoing"
    " SET state = 'cancelled', state_s = :at_s"
    " WHERE batch_no = :no AND state IN ('queued', 'downloaded')";

int outgoing_cancel(struct record_to *to, int64_t no, bool is_batch, int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, is_batch ? sql_cancel_batch : sql_cancel, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, at_s);
    bind_int(put, 2, no);
    int rc = stmt_run(to->db, put, err);
    if (rc == 0)
        return refuse_state(to->db, no, "cannot be taken back", err);
    to->touched |= TOUCHED_OUTBOX;
    return rc;
}

static const char sql_fail[] =
    "UPDATE outgoing"
    " SET state = 'failed', state_s = :at_s, why = :why"
    " WHERE no = :no AND state = 'handed_in'";

int outgoing_fail(struct record_to *to, int64_t no, const char *why, int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_fail, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, at_s);
    bind_text(put, 2, why);
    bind_int(put, 3, no);
    int rc = stmt_run(to->db, put, err);
    if (rc == 0)
        return refuse_state(to->db, no, "was not handed in, so it cannot have failed", err);
    to->touched |= TOUCHED_OUTBOX;
    return rc;
}

/* ---- vacation ---------------------------------------------------------------------------------- */

static const char sql_pause[] =
    "SELECT k.sku, 0"
    " FROM market m JOIN listing l ON l.market_no = m.no JOIN sku k ON k.no = l.sku_no"
    " WHERE m.id = :market AND coalesce(l.fulfilment, 1) = 1 AND l.quantity > 0"
    " ORDER BY k.sku";

/*
 * The quantity that each listing had, where the vacation was the last that was asked of it and, once it was handed in,
 * no report tells other than 0.
 */
static const char sql_resume[] =
    "SELECT k.sku, o.was_quantity"
    " FROM market m JOIN outgoing o ON o.market_no = m.no JOIN sku k ON k.no = o.sku_no"
    "      JOIN listing l ON l.market_no = o.market_no AND l.sku_no = o.sku_no"
    " WHERE m.id = :market AND o.kind = 'quantity' AND o.reason = 'vacation' AND o.was_quantity IS NOT NULL"
    "   AND o.state IN ('queued', 'downloaded', 'handed_in', 'confirmed')"
    "   AND (o.state <> 'confirmed' OR coalesce(l.quantity, 0) = 0)"
    "   AND NOT EXISTS (SELECT 1 FROM outgoing n"
    "                   WHERE n.sku_no = o.sku_no AND n.no > o.no AND n.market_no = o.market_no AND n.kind = 'quantity'"
    "                     AND n.state NOT IN ('cancelled', 'failed'))"
    " ORDER BY k.sku";

static int put_all(struct record_to *to, const char *sql, const struct market *market, const char *reason, int64_t at_s,
                   int64_t *batch, int64_t *left_out, struct err *err)
{
    struct stmt *get = stmt_of(to->db, sql, err);
    struct arena *a = arena_new("vacation", 4096);
    struct wanted { const char *sku; int64_t quantity; struct wanted *next; } *list = NULL, **end = &list;
    int n = 0, rc = get ? 0 : -err->code;
    *left_out = 0;
    if (get)
        bind_text(get, 1, market->id);
    while (get && (rc = stmt_step(to->db, get, err)) > 0) {         /* read to its end before anything is written */
        *end = arena_zero(a, sizeof **end);
        **end = (struct wanted){ arena_text(a, stmt_text(get, 0)), stmt_int(get, 1), NULL };
        end = &(*end)->next;
    }
    for (const struct wanted *w = list; w && rc >= 0; w = w->next) {
        const struct outgoing_change c = {
            .market = market, .sku = w->sku, .kind = OUTGOING_QUANTITY, .quantity = TOLD(w->quantity), .reason = reason,
        };
        struct err why = { 0 };
        int put = outgoing_put(to, &c, at_s, batch, &why);
        if (put < 0 && put != -ERR_DENIED)
            rc = err_set(err, (enum err_code)why.code, "%s", why.text);
        *left_out += put == -ERR_DENIED;
        n += put > 0;
    }
    arena_free(a);
    return rc < 0 ? rc : n;
}

int outgoing_pause(struct record_to *to, const struct market *market, int64_t at_s, int64_t *batch, int64_t *left_out,
                   struct err *err)
{
    return put_all(to, sql_pause, market, "vacation", at_s, batch, left_out, err);
}

int outgoing_resume(struct record_to *to, const struct market *market, int64_t at_s, int64_t *batch, int64_t *left_out,
                    struct err *err)
{
    return put_all(to, sql_resume, market, "return", at_s, batch, left_out, err);
}

/* ---- files ------------------------------------------------------------------------------------- */

static const char sql_file_add[] =
    "INSERT INTO outgoing_file (market_no, kind, at_s)"
    " SELECT no, :kind, :at_s FROM market"
    " WHERE id = :market";

/* Prices and quantities go into one kind of file, on sale or not into the other. */
static const char sql_pack[] =
    "UPDATE outgoing"
    " SET state = 'downloaded', state_s = :at_s, file_no = :file"
    " WHERE state = 'queued' AND market_no = (SELECT no FROM market WHERE id = :market)"
    "   AND (kind = 'status') = :is_loader";

static const char sql_file_drop[] =
    "DELETE FROM outgoing_file"
    " WHERE no = :file";

/* How many changes it holds; without any there is none. */
static int pack_one(struct record_to *to, const struct market *market, enum outgoing_file kind, int64_t at_s,
                    int64_t *file, struct err *err)
{
    struct stmt *new = stmt_of(to->db, sql_file_add, err), *put = stmt_of(to->db, sql_pack, err),
                *drop = stmt_of(to->db, sql_file_drop, err);
    if (!new || !put || !drop)
        return -err->code;
    bind_text(new, 1, outgoing_file_word(kind));
    bind_int(new, 2, at_s);
    bind_text(new, 3, market->id);
    int rc = stmt_run(to->db, new, err), packed;
    if (rc <= 0)
        return rc;
    *file = db_last_row(to->db);
    bind_int(put, 1, at_s);
    bind_int(put, 2, *file);
    bind_text(put, 3, market->id);
    bind_int(put, 4, kind == OUTGOING_LOADER);
    packed = stmt_run(to->db, put, err);
    if (packed)
        return packed;
    bind_int(drop, 1, *file);
    rc = stmt_run(to->db, drop, err);
    return rc < 0 ? rc : 0;
}

int outgoing_pack(struct record_to *to, const struct market *market, int64_t at_s, int64_t *first, int *n,
                  struct err *err)
{
    int packed = 0;
    *first = *n = 0;
    for (enum outgoing_file kind = OUTGOING_PRICE_QUANTITY; kind <= OUTGOING_LOADER; kind++) {
        int64_t file;
        int rc = pack_one(to, market, kind, at_s, &file, err);
        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        if (!*first)
            *first = file;
        packed += rc;
        ++*n;
    }
    if (packed)
        to->touched |= TOUCHED_OUTBOX;
    return packed;
}

static const char sql_hand_in[] =
    "UPDATE outgoing"
    " SET state = 'handed_in', state_s = :at_s, handed_in_s = :at_s"
    " WHERE file_no = :file AND state = 'downloaded'";

/* What was handed in before has been overtaken by what is handed in now. */
static const char sql_overtake[] =
    "UPDATE outgoing"
    " SET state = 'replaced', state_s = :at_s,"
    "     by_no = (SELECT max(n.no) FROM outgoing n WHERE n.file_no = :file AND n.market_no = outgoing.market_no"
    "              AND n.sku_no = outgoing.sku_no AND n.kind = outgoing.kind AND n.state = 'handed_in')"
    " WHERE state = 'handed_in' AND file_no <> :file"
    "   AND EXISTS (SELECT 1 FROM outgoing n WHERE n.file_no = :file AND n.market_no = outgoing.market_no"
    "               AND n.sku_no = outgoing.sku_no AND n.kind = outgoing.kind AND n.state = 'handed_in'"
    "               AND n.no > outgoing.no)";

static const char sql_file_handed_in[] =
    "UPDATE outgoing_file"
    " SET handed_in_s = :at_s"
    " WHERE no = :file AND handed_in_s IS NULL";

static int run_at(struct db *db, const char *sql, int64_t file, int64_t at_s, struct err *err)
{
    struct stmt *put = stmt_of(db, sql, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, at_s);
    bind_int(put, 2, file);
    return stmt_run(db, put, err);
}

int outgoing_hand_in(struct record_to *to, int64_t file, int64_t at_s, struct err *err)
{
    struct outgoing_file_info info;
    int rc = outgoing_file_get(to->db, file, &info, err);
    if (rc < 0)
        return rc;
    rc = run_at(to->db, sql_file_handed_in, file, at_s, err);
    if (rc == 0)
        return err_set(err, ERR_DENIED, "File %lld was handed in already.", (long long)file);
    int n = rc < 0 ? rc : run_at(to->db, sql_hand_in, file, at_s, err);
    if (n == 0)
        return err_set(err, ERR_DENIED, "File %lld holds nothing any more: all its changes were taken back or"
                       " replaced.", (long long)file);
    rc = n < 0 ? n : run_at(to->db, sql_overtake, file, at_s, err);
    to->touched |= TOUCHED_OUTBOX;
    return rc < 0 ? rc : n;
}

static const char sql_file[] =
    "SELECT f.kind, m.id, f.at_s"
    " FROM outgoing_file f JOIN market m ON m.no = f.market_no"
    " WHERE f.no = :file";

int outgoing_file_get(struct db *db, int64_t file, struct outgoing_file_info *info, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_file, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, file);
    int rc = stmt_step(db, get, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no outgoing file %lld.", (long long)file);
    *info = (struct outgoing_file_info){
        text_is(stmt_text(get, 0), "price_quantity") ? OUTGOING_PRICE_QUANTITY : OUTGOING_LOADER,
        market_by_id(stmt_text(get, 1)), stmt_int(get, 2),
    };
    stmt_reset(get);
    return 0;
}

/* One line for each listing: price and quantity of one SKU stand side by side. */
static const char sql_rows[] =
    "SELECT k.sku, l.asin, l.item_condition, max(o.price_minor), max(o.least_minor), max(o.most_minor),"
    "       max(o.currency), max(o.quantity), max(o.handling_days), max(o.status), l.price_minor, l.currency, l.quantity"
    " FROM outgoing o JOIN sku k ON k.no = o.sku_no"
    "      LEFT JOIN listing l ON l.market_no = o.market_no AND l.sku_no = o.sku_no"
    " WHERE o.file_no = :file AND o.state NOT IN ('cancelled', 'replaced')"
    " GROUP BY k.sku, l.asin, l.item_condition, l.price_minor, l.currency, l.quantity"
    " ORDER BY k.sku";

int outgoing_file_rows(struct db *db, int64_t file, int (*see)(void *ctx, const struct outgoing_row *row), void *ctx,
                       struct err *err)
{
    struct stmt *get = stmt_of(db, sql_rows, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, file);
    int rc;
    while ((rc = stmt_step(db, get, err)) > 0) {
        struct outgoing_row row = {
            .sku = stmt_text(get, 0), .asin = stmt_text(get, 1), .condition = stmt_text(get, 2),
            .price = money_at(get, 3, 6), .least = money_at(get, 4, 6), .most = money_at(get, 5, 6),
            .quantity = number_at(get, 7), .handling_days = number_at(get, 8),
            .is_active = text_is(stmt_text(get, 9), "active"),
        };
        if (row.is_active) {                            /* on sale again with the price and units that are known */
            row.price = money_at(get, 10, 11);
            if (!row.quantity.is_told)
                row.quantity = number_at(get, 12);
        }
        rc = see(ctx, &row);
        if (rc < 0) {
            stmt_reset(get);
            return rc;
        }
    }
    return rc;
}

/* ---- reports ----------------------------------------------------------------------------------- */

/* The open ones only, of which there are few; bounds and handling times are in no report, the price beside them is. */
static const char sql_confirm[] =
    "UPDATE outgoing"
    " SET state = 'confirmed', state_s = :told_s"
    " WHERE state IN ('queued', 'downloaded', 'handed_in') AND at_s < :told_s"
    "   AND EXISTS (SELECT 1 FROM listing l"
    "               WHERE l.market_no = outgoing.market_no AND l.sku_no = outgoing.sku_no AND l.told_s = :told_s"
    "                 AND (outgoing.kind = 'price' AND :price AND l.price_minor = outgoing.price_minor"
    "                          AND l.currency = outgoing.currency"
    "                      OR outgoing.kind = 'quantity' AND :quantity AND l.quantity = outgoing.quantity"
    "                      OR outgoing.kind = 'status' AND :status"
    "                          AND (l.status = 'Active') = (outgoing.status = 'active')))";

int outgoing_confirm(struct record_to *to, const struct outgoing_told *told, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_confirm, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, told->told_s);
    bind_int(put, 2, told->tells_price);
    bind_int(put, 3, told->tells_quantity);
    bind_int(put, 4, told->tells_status);
    int rc = stmt_run(to->db, put, err);
    if (rc > 0)
        to->touched |= TOUCHED_OUTBOX;
    return rc;
}
