/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.c: what the typed writes of single records share.
 *
 * in:     markets; rows of facts, as of a moment
 * out:    numbers of markets; rows of which the latest word counts
 * knows:  db, market, touched
 */
#include "record.h"

#include <string.h>

#include "touched.h"

/* ---- markets --------------------------------------------------------------------------------- */

static const char sql_market_get[] =
    "SELECT no FROM market"
    " WHERE id = :id";

static const char sql_market_add[] =
    "INSERT INTO market (id)"
    " VALUES (:id)";

int record_market(struct record_to *to, const struct market *market, int64_t *no, struct err *err)
{
    *no = 0;
    if (!market)
        return 0;
    struct stmt *get = stmt_of(to->db, sql_market_get, err), *add = stmt_of(to->db, sql_market_add, err);
    if (!get || !add)
        return -err->code;
    bind_text(get, 1, market->id);
    int rc = stmt_step(to->db, get, err);
    if (rc > 0) {
        *no = stmt_int(get, 0);
        stmt_reset(get);
    } else if (rc == 0) {
        bind_text(add, 1, market->id);
        rc = stmt_run(to->db, add, err);
        *no = db_last_row(to->db);
    }
    return rc < 0 ? rc : 0;
}

static const char sql_market_of_order[] =
    "SELECT m.id FROM orders o JOIN market m ON m.no = o.market_no"
    " WHERE o.order_id = :order_id";

int record_market_of_order(struct record_to *to, const char *order_id, const struct market **market,
                           struct err *err)
{
    *market = NULL;
    if (!order_id)
        return 0;
    struct stmt *get = stmt_of(to->db, sql_market_of_order, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, order_id);
    int rc = stmt_step(to->db, get, err);
    if (rc > 0)
        *market = market_by_id(stmt_text(get, 0));
    stmt_reset(get);
    return rc < 0 ? rc : 0;
}

char *record_own_id(struct record_to *to, struct arena *a, const char *sql_next, struct err *err)
{
    struct stmt *next = stmt_of(to->db, sql_next, err);
    if (!next || stmt_step(to->db, next, err) < 0)
        return NULL;
    char *id = arena_printf(a, "own-%lld", (long long)stmt_int(next, 0));
    stmt_reset(next);
    return id;
}

/* ---- facts ----------------------------------------------------------------------------------- */

struct fact fact_text(const char *text)
{
    return (struct fact){ text != NULL, 0, text };
}

struct fact fact_number(struct number n)
{
    return (struct fact){ n.is_told, n.n, NULL };
}

struct fact fact_instant(int64_t instant_s)
{
    return (struct fact){ instant_s != 0, instant_s, NULL };
}

struct fact fact_minor(struct money m)
{
    return (struct fact){ m.currency[0] != '\0', m.minor, NULL };
}

struct fact fact_currency(const struct money *m)
{
    return fact_text(m->currency[0] ? m->currency : NULL);
}

static void bind_fact(struct stmt *s, int at, const struct fact *f)
{
    if (!f->is_told)
        bind_null(s, at);
    else if (f->text)
        bind_text(s, at, f->text);
    else
        bind_int(s, at, f->n);
}

static bool is_known(const struct stmt *s, int at, const struct fact *f)
{
    if (stmt_is_null(s, at))
        return false;
    return f->text ? strcmp(f->text, stmt_text(s, at)) == 0 : f->n == stmt_int(s, at);
}

/* What is to be written: of what is told, what counts.  Returns whether any of it differs from the row at hand,
 * whose facts stand from column `first` on. */
static bool choose(const struct stmt *row, int first, int n, bool is_older, const struct fact *told, struct fact *put)
{
    bool differs = false;
    for (int i = 0; i < n; i++) {
        bool counts = told[i].is_told && (!is_older || stmt_is_null(row, first + i));
        put[i] = counts ? told[i] : (struct fact){ 0 };
        differs |= counts && !is_known(row, first + i, &told[i]);
    }
    return differs;
}

static int run_facts(struct db *db, const struct fact_table *table, const struct fact *key, int64_t told_s,
                     const struct fact *fact, struct err *err)
{
    struct stmt *s = stmt_of(db, table->sql_put, err);
    if (!s)
        return -err->code;
    int at = 0;
    for (int i = 0; i < table->n_keys; i++)
        bind_fact(s, ++at, &key[i]);
    if (table->has_told)
        bind_int(s, ++at, told_s);
    for (int i = 0; i < table->n_facts; i++)
        bind_fact(s, ++at, &fact[i]);
    return stmt_run(db, s, err);
}

int facts_put(struct record_to *to, const struct fact_table *table, const struct fact *key, int64_t told_s,
              const struct fact *fact, bool *is_new, struct err *err)
{
    struct fact put[FACTS_MAX];
    struct stmt *get = stmt_of(to->db, table->sql_get, err);
    if (!get)
        return -err->code;
    for (int i = 0; i < table->n_keys; i++)
        bind_fact(get, i + 1, &key[i]);
    int rc = stmt_step(to->db, get, err);
    if (rc < 0)
        return rc;
    bool is_there = rc > 0, has_news = true;
    int64_t known_s = is_there && table->has_told ? stmt_int(get, 0) : 0;
    if (told_s == FACTS_BY_HAND || !table->has_told)
        told_s = known_s;
    if (is_there)
        has_news = choose(get, table->has_told, table->n_facts, told_s < known_s, fact, put);
    stmt_reset(get);
    if (is_new)
        *is_new = !is_there;
    if (!has_news && told_s <= known_s)
        return 0;
    rc = run_facts(to->db, table, key, told_s > known_s ? told_s : known_s, is_there ? put : fact, err);
    to->touched |= table->area;
    return rc < 0 ? rc : has_news;
}
