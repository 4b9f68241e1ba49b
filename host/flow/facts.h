/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.h: the tables of facts that rules may look at: which there are, and their rows read from an account.
 *
 * A table tells what rules mostly want to know of its rows at once (a listing has its stock, its sales, its lowest
 * price and what others ask), since a rule has no room to put 100,000 rows side by side itself.
 */
#ifndef SOUK_FACTS_H
#define SOUK_FACTS_H

#include "data/db.h"
#include "data/policy.h"
#include "rules/script.h"

struct fact_column {
    const char *name, *type, *about;                    /* type: as in struct souk_rows */
};

struct fact_reader;

struct fact_table {
    const char *name, *about;
    unsigned areas;                                     /* of data/touched: while these stay, the rows do */
    bool is_timed;                                      /* the rows differ with each moment as well */
    const struct fact_column *column;                   /* ends with a NULL name */
    const char *sql;
    void (*finish)(struct fact_reader *r, struct souk_value *row);  /* fills in what no table has; or NULL */
};

extern const struct fact_table fact_tables[];           /* ends with a NULL name */

const struct fact_table *fact_table_named(const char *name);   /* NULL: there is none */

struct facts_setup {
    struct db *db;
    struct policies *policies;                          /* NULL: no limit is known */
    int64_t now_s;
    const volatile bool *stop;                          /* NULL: nobody stops it */
};

/* Reads a table in batches.  errors: of the database; ERR_TIME stopped, or more rows than rules may be given. */
int facts_read(const struct facts_setup *setup, const struct fact_table *table, struct script_facts *facts, struct err *err);

#endif
