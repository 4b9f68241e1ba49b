/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h: what the typed writes of single records share.
 *
 * letter.h, claim.h, health.h, notice.h and promo.h write one record each, in the same way whether an import asks
 * (store_letter.c, store_health.c, store_promo.c) or a command (flow/command_*.c).  They run inside the caller's
 * transaction, keep the full-text index and what depends on the record in step, mask card numbers before the
 * first write, and note in `touched` which areas have really changed; the caller hands that to touch() before it
 * commits.
 *
 * In rows, what is not told stays as it is known: NULL for a text, 0 for an instant, "" for the currency of money,
 * and struct number for numbers.  All zero tells nothing.
 *
 * A ..._put returns 1 when something changed, 0 when all of it was known or is older than what is known, and a
 * negative code when it could not: ERR_ABSENT, ERR_INPUT and ERR_DENIED with a sentence for whoever asked.
 */
#ifndef SOUK_RECORD_H
#define SOUK_RECORD_H

#include "base/value.h"
#include "db.h"
#include "market.h"
#include "policy.h"

struct record_to {
    struct db *db;                                      /* a writer inside a transaction */
    struct policies *policies;                          /* NULL: claims get no deadline by policy */
    unsigned touched;                                   /* out: areas, see touched.h */
};

struct number {
    bool is_told;
    int64_t n;
};

#define TOLD(it) ((struct number){ true, (it) })

/* Number of a market in the table, which is made when it is new; NULL is 0: no market. */
int record_market(struct record_to *to, const struct market *market, int64_t *no, struct err *err);
/* Market of an order, or NULL when the order or its market is unknown. */
int record_market_of_order(struct record_to *to, const char *order_id, const struct market **market, struct err *err);

/* "own-N" for the next record of a table; `sql_next` selects its number. */
char *record_own_id(struct record_to *to, struct arena *a, const char *sql_next, struct err *err);

/* ---- facts: rows of which the latest word counts --------------------------------------------- */

/* One value of a row: a number, a text, or not told. */
struct fact {
    bool is_told;
    int64_t n;
    const char *text;                                   /* NULL: it is the number */
};

#define FACT_INT(number) ((struct fact){ true, (number), NULL })
struct fact fact_text(const char *text);                /* NULL: not told */
struct fact fact_number(struct number n);
struct fact fact_instant(int64_t instant_s);            /* 0: not told */
struct fact fact_minor(struct money m);                 /* "" is not told */
struct fact fact_currency(const struct money *m);         /* its text is the money's */

enum { FACTS_MAX = 20 };
#define FACTS_BY_HAND INT64_MIN                         /* as of: goes before what is known, and leaves told_s as it is */

struct fact_table {
    const char *sql_get;                                /* SELECT told_s (if has_told), facts ...; parameters: the key */
    const char *sql_put;                                /* key, told_s (if has_told), facts: adds a row, or changes the
                                                           facts of the one that is there but for those that are NULL */
    int n_keys, n_facts;
    bool has_told;                                      /* else what is put last counts */
    unsigned area;                                      /* touched when anything is written, told_s too: views show it */
};

/*
 * Puts a row as of told_s: a newer word replaces the older one, fact by fact; an older one only fills what is
 * not known.  *is_new (may be NULL) says whether the row was not there.  That only told_s is newer is no change.
 */
int facts_put(struct record_to *to, const struct fact_table *table, const struct fact *key, int64_t told_s,
              const struct fact *fact, bool *is_new, struct err *err);

#endif
