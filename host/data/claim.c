/* SPDX-License-Identifier: Apache-2.0 */
/*
 * claim.c: A-to-z claims, chargebacks, SAFE-T claims.
 *
 * in:     one claim, from an import, a command, a letter or a line of the ledger
 * out:    claim, with the seller's next deadline; the full-text index
 * knows:  record, policy, mask, text_index
 */
#include "claim.h"

#include <string.h>
#include <strings.h>

#include "base/zone.h"
#include "mask.h"
#include "text_index.h"
#include "touched.h"

const char claim_kinds[] = "a_to_z chargeback safe_t";
const char claim_states[] = "action review appeal closed";
const char claim_outcomes[] = "granted denied withdrawn reimbursed";

bool claim_word_is(const char *words, const char *word)
{
    size_t len = word ? strlen(word) : 0, n;
    for (const char *at = words; len && *at; at += n + (at[n] == ' ')) {
        n = strcspn(at, " ");
        if (n == len && memcmp(at, word, n) == 0)
            return true;
    }
    return false;
}

/* ---- what is known --------------------------------------------------------------------------- */

struct now {                                            /* texts in an arena; NULL: not told */
    int64_t no, opened_s, changed_s, due_s;             /* due 0: none */
    const char *claim_id, *kind, *order_id, *state, *outcome, *reason, *due_rule, *source;
    const struct market *market;
    struct money amount;
    bool counts;
};

#define CLAIM_COLUMNS_OF \
    "SELECT c.no, c.opened_s, c.changed_s, c.due_s, c.claim_id, c.kind, c.order_id, c.state, c.outcome, c.reason," \
    "       c.due_rule, c.source, m.id, c.currency, c.minor, c.counts" \
    " FROM claim c LEFT JOIN market m ON m.no = c.market_no"

static const char sql_by_id[] = CLAIM_COLUMNS_OF " WHERE c.claim_id = :claim_id";
static const char sql_by_order[] =
    CLAIM_COLUMNS_OF " WHERE c.order_id = :order_id AND c.kind = :kind"
    " ORDER BY c.opened_s DESC, c.no DESC LIMIT 1";

static const char *text_at(struct arena *a, const struct stmt *s, int column)
{
    return stmt_is_null(s, column) ? NULL : arena_text(a, stmt_text(s, column));
}

/* 1: it is there. */
static int claim_read(struct db *db, struct arena *a, struct stmt *get, struct now *c, struct err *err)
{
    int rc = stmt_step(db, get, err);
    if (rc <= 0)
        return rc;
    *c = (struct now){
        .no = stmt_int(get, 0), .opened_s = stmt_int(get, 1), .changed_s = stmt_int(get, 2), .due_s = stmt_int(get, 3),
        .claim_id = text_at(a, get, 4), .kind = text_at(a, get, 5), .order_id = text_at(a, get, 6),
        .state = text_at(a, get, 7), .outcome = text_at(a, get, 8), .reason = text_at(a, get, 9),
        .due_rule = text_at(a, get, 10), .source = text_at(a, get, 11),
        .market = market_by_id(stmt_text(get, 12)), .counts = stmt_int(get, 15) != 0,
    };
    if (!stmt_is_null(get, 13)) {
        c->amount.minor = stmt_int(get, 14);
        memcpy(c->amount.currency, stmt_text(get, 13), sizeof c->amount.currency);
    }
    stmt_reset(get);
    return 1;
}

static int claim_by_id(struct db *db, struct arena *a, const char *id, struct now *c, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_by_id, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, id);
    return claim_read(db, a, get, c, err);
}

/* The last one of a kind and order. */
static int claim_by_order(struct db *db, struct arena *a, const char *order_id, const char *kind, struct now *c,
                          struct err *err)
{
    struct stmt *get = stmt_of(db, sql_by_order, err);
    if (!get || !order_id || !kind)
        return get ? 0 : -err->code;
    bind_text(get, 1, order_id);
    bind_text(get, 2, kind);
    return claim_read(db, a, get, c, err);
}

static char *made_id(struct arena *a, const char *kind, const char *order_id)
{
    return arena_printf(a, "%s:%s", kind, order_id);
}

/* By its number; else the one of its kind and order, unless both bear a number. */
static int claim_find(struct record_to *to, struct arena *a, const struct claim_row *row, struct now *c,
                      struct err *err)
{
    bool has_id = row->claim_id && *row->claim_id;
    int rc = has_id ? claim_by_id(to->db, a, row->claim_id, c, err) : 0;
    if (rc != 0)
        return rc;
    rc = claim_by_order(to->db, a, row->order_id, row->kind, c, err);
    bool is_made = rc > 0 && text_is(c->claim_id, made_id(a, c->kind, c->order_id));
    bool is_same = rc > 0 && (!has_id || is_made);
    if (rc > 0 && !is_same)
        *c = (struct now){ 0 };
    return rc < 0 ? rc : is_same;
}

/* ---- deadlines ------------------------------------------------------------------------------- */

static const char *rule_of(const char *kind, const char *state)
{
    static const struct { const char *kind, *state, *key; } rules[] = {
        { "a_to_z",     "action", "claim.answer" },
        { "a_to_z",     "appeal", "claim.appeal_days" },
        { "chargeback", "action", "chargeback.answer" },
    };
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (text_is(rules[i].kind, kind) && text_is(rules[i].state, state))
            return rules[i].key;
    return NULL;
}

/* Calendar days end at the same time of day. */
static int64_t days_later(const struct zone *z, int64_t at_s, int64_t days)
{
    int32_t day = zone_day(z, at_s);
    int64_t second = at_s + zone_offset_s(z, at_s) - (int64_t)day * 86400;
    return zone_instant(z, (int32_t)(day + days), (int32_t)second);
}

/* By the policy as it stood when the state began; none where the market's file has no such line. */
static int due_by_policy(struct record_to *to, struct arena *a, struct now *c, struct err *err)
{
    const char *key = rule_of(c->kind, c->state);
    struct policy_line line;
    struct err absent = { 0 };
    c->due_s = 0;
    c->due_rule = NULL;
    if (!key || !c->market || !to->policies)
        return 0;
    const struct zone *z = zone_get(c->market->zone, err);
    if (!z)
        return -err->code;
    int rc = policy_get(to->policies, a, c->market->code, key, zone_day(z, c->changed_s), &line, &absent);
    if (rc < 0)                                         /* what is wrong with the file stands on its own page */
        return 0;
    if (line.type == POLICY_SECONDS && !text_ends(line.text, "d"))
        c->due_s = c->changed_s + line.number;
    else if (line.type == POLICY_SECONDS || line.type == POLICY_COUNT)
        c->due_s = days_later(z, c->changed_s, line.type == POLICY_COUNT ? line.number : line.number / 86400);
    c->due_rule = c->due_s ? arena_text(a, key) : NULL;
    return 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char sql_add[] =
    "INSERT INTO claim (claim_id, kind, market_no, order_id, state, outcome, reason, minor, currency, opened_s,"
    "                   changed_s, due_s, due_rule, counts, told_s, source)"
    " VALUES (:claim_id, :kind, nullif(:market_no, 0), :order_id, :state, :outcome, :reason, :minor, :currency,"
    "         :opened_s, :changed_s, nullif(:due_s, 0), :due_rule, :counts, :changed_s, :source)";

static const char sql_put[] =
    "UPDATE claim"
    " SET claim_id = :claim_id, kind = :kind, market_no = nullif(:market_no, 0), order_id = :order_id,"
    "     state = :state, outcome = :outcome, reason = :reason, minor = :minor, currency = :currency,"
    "     opened_s = :opened_s, changed_s = :changed_s, due_s = nullif(:due_s, 0), due_rule = :due_rule,"
    "     counts = :counts, told_s = :changed_s, source = :source"
    " WHERE no = :no";

static int claim_text(struct record_to *to, const struct now *c, struct err *err)
{
    struct buf title = { 0 }, body = { 0 };
    buf_printf(&title, "%s%s%s", c->claim_id, c->order_id ? " " : "", c->order_id ? c->order_id : "");
    buf_printf(&body, "%s%s%s", c->kind, c->reason ? " " : "", c->reason ? c->reason : "");
    int rc = text_put(to->db, TEXT_CLAIM, c->no, buf_str(&title), buf_str(&body), err);
    buf_free(&title);
    buf_free(&body);
    return rc;
}

static int claim_write(struct record_to *to, struct now *c, struct err *err)
{
    int64_t market_no;
    struct stmt *put = stmt_of(to->db, c->no ? sql_put : sql_add, err);
    if (!put || record_market(to, c->market, &market_no, err) < 0)
        return -err->code;
    bind_text(put, 1, c->claim_id);
    bind_text(put, 2, c->kind);
    bind_int(put, 3, market_no);
    bind_text(put, 4, c->order_id);
    bind_text(put, 5, c->state);
    bind_text(put, 6, c->outcome);
    bind_text(put, 7, c->reason);
    bind_null(put, 8);
    bind_null(put, 9);
    if (c->amount.currency[0]) {
        bind_int(put, 8, c->amount.minor);
        bind_text(put, 9, c->amount.currency);
    }
    bind_int(put, 10, c->opened_s);
    bind_int(put, 11, c->changed_s);
    bind_int(put, 12, c->due_s);
    bind_text(put, 13, c->due_rule);
    bind_int(put, 14, c->counts);
    bind_text(put, 15, c->source);
    if (c->no)
        bind_int(put, 16, c->no);
    int rc = stmt_run(to->db, put, err);
    if (!c->no)
        c->no = db_last_row(to->db);
    to->touched |= TOUCHED_CLAIMS;
    return rc < 0 ? rc : claim_text(to, c, err);
}

static bool same(const char *a, const char *b)
{
    return a == b || text_is(a, b);
}

static bool claim_is(const struct now *a, const struct now *b)
{
    return same(a->claim_id, b->claim_id) && same(a->kind, b->kind) && same(a->order_id, b->order_id) &&
           same(a->state, b->state) && same(a->outcome, b->outcome) && same(a->reason, b->reason) &&
           same(a->due_rule, b->due_rule) && same(a->source, b->source) && a->market == b->market &&
           a->opened_s == b->opened_s && a->changed_s == b->changed_s && a->due_s == b->due_s &&
           a->counts == b->counts && a->amount.minor == b->amount.minor &&
           memcmp(a->amount.currency, b->amount.currency, sizeof a->amount.currency) == 0;
}

static void tell(const char **known, const char *told, bool counts)
{
    if (told && *told && (counts || !*known))
        *known = told;
}

/* What the row says, brought together with what is known; is_older: only what is not known yet. */
static void claim_tell(struct now *c, const struct claim_row *row, const struct market *market, int64_t changed_s,
                       bool is_older)
{
    tell(&c->claim_id, row->claim_id, true);
    tell(&c->kind, row->kind, !is_older);
    tell(&c->order_id, row->order_id, !is_older);
    tell(&c->reason, row->reason, !is_older);
    tell(&c->outcome, row->outcome, !is_older);
    if (row->amount.currency[0] && (!is_older || !c->amount.currency[0]))
        c->amount = row->amount;
    if (market && (!is_older || !c->market))
        c->market = market;
    if (row->opened_s && (!c->opened_s || row->opened_s < c->opened_s))
        c->opened_s = row->opened_s;
    if (row->counts.is_told && !is_older)
        c->counts = row->counts.n != 0;
    if (is_older)
        return;
    tell(&c->state, row->state, true);
    c->changed_s = changed_s;
}

/* A told deadline holds until the state changes. */
static int claim_due(struct record_to *to, struct arena *a, struct now *c, const struct now *old,
                     const struct claim_row *row, bool is_older, struct err *err)
{
    bool waits = rule_of(c->kind, c->state) || text_is(c->state, "action") || text_is(c->state, "appeal");
    bool is_changed = !c->no || !same(c->state, old->state);
    if (row->due_s && waits && (!is_older || !c->due_s)) {
        c->due_s = row->due_s;
        c->due_rule = NULL;
        return 0;
    }
    /* Asked again in the same state, the clock of the policy starts anew. */
    bool is_told = c->due_s && !c->due_rule;
    bool is_asked = row->state && !is_older && c->changed_s > old->changed_s;
    if (!is_changed && (is_told || (c->due_s && !is_asked)))
        return 0;
    return due_by_policy(to, a, c, err);
}

static int put_in(struct record_to *to, struct arena *tmp, const struct claim_row *row, int64_t *no,
                  struct err *err)
{
    struct now old = { .counts = true }, c;
    const struct market *market = row->market;
    int64_t changed_s = row->changed_s ? row->changed_s : row->opened_s;
    int rc = claim_find(to, tmp, row, &old, err);
    if (rc < 0)
        return rc;
    if (rc == 0 && !row->kind)
        return err_set(err, ERR_INPUT, "Claim %.60s is not known; tell its kind: %s.",
                       row->claim_id ? row->claim_id : "", claim_kinds);
    if (rc == 0 && (!row->claim_id || !*row->claim_id) && !row->order_id)
        return err_set(err, ERR_INPUT, "A claim needs its number or its order.");
    if (!market && !old.market && (rc = record_market_of_order(to, row->order_id, &market, err)) < 0)
        return rc;
    c = old;
    if (!c.no) {
        c.counts = true;
        c.source = row->source ? row->source : "typed";
        c.state = "action";
        c.claim_id = row->claim_id && *row->claim_id ? row->claim_id : made_id(tmp, row->kind, row->order_id);
        c.opened_s = row->opened_s ? row->opened_s : changed_s;
    }
    struct claim_row clean = *row;
    clean.reason = mask_text(tmp, row->reason, NULL);
    bool is_older = c.no && changed_s < c.changed_s;
    claim_tell(&c, &clean, market, changed_s, is_older);
    rc = claim_due(to, tmp, &c, &old, row, is_older, err);
    *no = c.no;
    if (rc < 0 || (c.no && claim_is(&c, &old)))
        return rc;
    rc = claim_write(to, &c, err);
    *no = c.no;
    return rc < 0 ? rc : 1;
}

int claim_put(struct record_to *to, const struct claim_row *row, int64_t *no, struct err *err)
{
    struct arena *tmp = arena_new("claim", 1024);
    int64_t ignored;
    int rc = put_in(to, tmp, row, no ? no : &ignored, err);
    arena_free(tmp);
    return rc;
}

/* ---- from the ledger ------------------------------------------------------------------------- */

static const char *kind_of_type(const char *type)
{
    static const struct { const char *start, *kind; } types[] = {
        { "a-to-z guarantee", "a_to_z" }, { "chargeback", "chargeback" },
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strncasecmp(type, types[i].start, strlen(types[i].start)) == 0)
            return types[i].kind;
    return NULL;
}

bool claim_is_type(const char *type)
{
    return kind_of_type(type) != NULL;
}

/* Fees that come back with a refund are the marketplace's, not the buyer's. */
static bool is_fee(const char *kind)
{
    return strstr(kind, "Fee") != NULL;
}

int claim_of_ledger(struct record_to *to, const struct claim_line *line, struct err *err)
{
    const char *kind = kind_of_type(line->type);
    if (!kind || !line->order_id || !*line->order_id)
        return 0;
    struct arena *tmp = arena_new("claim", 1024);
    struct now c;
    struct claim_row row = {
        .kind = kind, .market = line->market, .order_id = line->order_id, .opened_s = line->posted_s,
        .changed_s = line->posted_s, .source = "ledger",
    };
    int rc = claim_by_order(to->db, tmp, line->order_id, kind, &c, err);
    bool is_known = rc > 0, goes_on = rc >= 0;
    bool is_ours = is_known && (text_is(c.source, "ledger") || text_is(c.source, "returns"));
    if (!is_known || (is_ours && !c.outcome)) {         /* nobody here has ever dealt with it */
        row.state = "closed";
        row.outcome = "granted";
    } else if (!is_ours && !c.outcome && line->posted_s >= c.changed_s) {
        row.state = "appeal";
        row.outcome = "granted";
    } else if (!is_ours) {
        goes_on = false;
    }
    bool has_amount = !is_fee(line->kind) && line->minor != 0;
    if (goes_on && has_amount && (!is_known || is_ours)) {
        bool is_same = is_known && text_is(c.amount.currency, line->currency);
        row.amount.minor = (is_same ? c.amount.minor : 0) - line->minor;
        memcpy(row.amount.currency, line->currency, sizeof row.amount.currency);
        goes_on = !is_known || is_same || !c.amount.currency[0];
    }
    if (goes_on && is_ours && row.changed_s < c.changed_s)
        row.changed_s = c.changed_s;                    /* a line of the same refund, booked before */
    if (goes_on)
        rc = claim_put(to, &row, NULL, err);
    arena_free(tmp);
    return rc < 0 ? rc : goes_on;
}

int claim_of_return(struct record_to *to, const char *order_id, const struct market *market, int64_t asked_s,
                    struct err *err)
{
    struct arena *tmp = arena_new("claim", 512);
    struct now c;
    const struct claim_row row = {
        .kind = "a_to_z", .market = market, .order_id = order_id, .state = "review", .opened_s = asked_s,
        .changed_s = asked_s, .source = "returns",
    };
    int rc = claim_by_order(to->db, tmp, order_id, row.kind, &c, err);
    if (rc == 0)
        rc = claim_put(to, &row, NULL, err);
    else if (rc > 0)
        rc = 0;
    arena_free(tmp);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

int claim_get(struct db *db, struct arena *a, const char *claim_id, struct claim *out, struct err *err)
{
    struct now c;
    int rc = claim_by_id(db, a, claim_id, &c, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no claim \"%.80s\".", claim_id);
    *out = (struct claim){
        .no = c.no, .changed_s = c.changed_s, .due_s = c.due_s, .claim_id = c.claim_id, .kind = c.kind,
        .order_id = or_empty(c.order_id), .state = c.state, .outcome = or_empty(c.outcome),
        .reason = or_empty(c.reason), .due_rule = or_empty(c.due_rule), .source = c.source, .market = c.market,
        .amount = c.amount, .counts = c.counts,
    };
    return 0;
}

bool claim_is_known(struct db *db, const char *claim_id)
{
    struct err ignored = { 0 };
    struct arena *tmp = arena_new("claim", 512);
    struct now c;
    int rc = claim_by_id(db, tmp, claim_id, &c, &ignored);
    arena_free(tmp);
    return rc > 0;
}
