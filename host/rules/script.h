/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script.h: rules written in Lua: which there are, and what one of them says about the facts it is given.
 *
 * A folder holds coach/<name>.lua (rules), lib/<name>.lua (what rules share) and cases/<name>.lua (facts, and
 * what a rule must say about them); scripts/README.md tells their writers more.  A rule is a file that returns
 * a table describing itself:
 *
 *     return {
 *       id     = "stock.low",                          -- small letters, digits, _ and dots
 *       title  = "Stock is low",
 *       about  = "What it looks at.",                  -- may be left out, like on and params
 *       on     = { "figures.changed" },                -- events after which it is worth a run
 *       needs  = { "stock" },                          -- fact tables, checked before check() is called
 *       params = { days = 14 },                        -- what a shop may change, with the defaults
 *       check  = function(facts, say, params)
 *         for _, item in ipairs(facts.stock) do
 *           if item.units < item.sold_30d * params.days // 30 then
 *             say { sku = item.sku, weight = item.sold_30d, text = item.title .. " is low.",
 *                   numbers = { { name = "units", count = item.units } }, rows = { "sku:" .. item.sku } }
 *           end
 *         end
 *       end,
 *     }
 *
 * A rule has no clock, no chance, no files and no memory: the same facts give the same answer, in the same
 * order.  It sees facts, which it cannot change, and the functions of scripts/README.md, which all count what
 * they do.  What it says is kept until check() has come to its end: a rule that fails says nothing.
 *
 * Files are read again when they have changed.  struct scripts: any thread; struct script_facts: one at a time.
 */
#ifndef SOUK_SCRIPT_H
#define SOUK_SCRIPT_H

#include <souk/types.h>

#include "base/base.h"

struct scripts;
struct script_facts;

/* ---- the rules there are ------------------------------------------------------------------------- */

struct script_rule {                                    /* copied into the arena given */
    const char *id, *title, *about;                     /* "" while the file is broken: then see fault */
    const char *file;                                   /* "coach/stock.lua", as in sentences about it */
    const char *const *needs, *const *on;
    size_t n_needs, n_on;
    struct souk_args params;                            /* defaults: count, bool or text */
    const char *fault;                                  /* "", or one sentence with file and line */
    uint64_t print;                                     /* of the text of its file and of all of lib/: the same in every
                                                           run of the program as long as nobody changes them */
};

/* ERR_CONF: the folder cannot be read.  That coach/, lib/ or cases/ is absent is fine. */
int script_open(struct scripts **out, const char *folder, struct err *err);
void script_free(struct scripts *s);                    /* NULL is fine */
/* In the order of their files.  Of two rules with one id the later file is the broken one. */
int script_rules(struct scripts *s, struct arena *a, const struct script_rule **rule, size_t *n, struct err *err);
/* Grows whenever a rule was read anew, came or went: what is kept of them is out of date then. */
int64_t script_version(struct scripts *s);

/* ---- facts ---------------------------------------------------------------------------------------- */

/*
 * The facts of one run of all rules: tables of rows and single values.  They are built once and given to one
 * rule after the other; no rule can change them or leave anything behind for the next.  Together at most 256 MiB
 * (100,000 rows of 16 columns take about 70).
 */
int script_facts_new(struct script_facts **out, struct err *err);
void script_facts_free(struct script_facts *f);         /* NULL is fine */
/*
 * Adds rows to the table `name`, in batches of any size; the first one, which may be empty, settles the columns.
 * facts.<name> is then a list of rows, a row has a field per column:
 *
 *     count, day, instant, seconds, bp    whole number
 *     bool                                true or false
 *     text, key, market, ref, ...         text
 *     money                               whole number of minor units; its currency is in the field
 *                                         <column>_currency, or where "money/other" says so, in `other`
 *     none                                nil
 *
 * Decimals, averages and rates are refused: give whole numbers in two columns.  A rule that asks for a column
 * that there is not fails with a sentence.
 */
int script_facts_put(struct script_facts *f, const char *name, const struct souk_rows *rows, struct err *err);
/* A single value, facts.<name>; every rule sees it, whatever it needs.  Such as now, an instant. */
int script_facts_set(struct script_facts *f, const char *name, const struct souk_value *value, struct err *err);

/* ---- running -------------------------------------------------------------------------------------- */

/* 0 is the usual limit, which stands behind each. */
struct script_limits {
    int64_t steps;                                      /* 10,000,000 */
    int64_t steps_per_row;                              /* 100 more for each row of the tables it needs */
    uint32_t time_ms;                                   /* 1,000 of processor time; ten times that by the wall clock */
    uint32_t says;                                      /* 1,000 suggestions */
    size_t memory_bytes;                                /* 32 MiB besides the facts; 1 MiB for one text or list */
};

struct script_ask {
    const char *rule;                                   /* its id */
    struct souk_args params;                            /* those that differ from the defaults */
    struct script_limits limits;
    /* what was used, set also when it failed */
    int64_t steps;
    size_t memory_bytes;
    int64_t took_us;                                    /* processor time */
};

struct script_say {                                     /* "" for what was not said */
    const char *key;                                    /* by which it is known again: as said, else market and SKU (or ref) */
    const char *sku, *ref, *market;                     /* ref: "order:303-1" */
    const char *text;
    int64_t weight;                                     /* the more, the higher it stands */
    struct souk_args numbers;                           /* count, money, day, instant, seconds, bp, text; none: not known */
    const char *const *rows;                            /* refs of what is behind it */
    size_t n_rows;
};

/*
 * Runs one rule, then tells what it said, in its order.  What say points to lives until on_say returns; when
 * that is below 0 (with *err set) nothing more is told.
 *
 * errors: ERR_ABSENT no such rule; ERR_INPUT a fact table or parameter does not fit; ERR_CONF the file is broken;
 *         ERR_PLUGIN the rule failed; ERR_TIME it was stopped at a limit.  The sentence begins with file and line
 *         and ends with where that was called from.  Or what on_say returned.
 */
int script_run(struct scripts *s, struct script_ask *ask, struct script_facts *facts,
               int (*on_say)(void *ctx, const struct script_say *say, struct err *err), void *ctx, struct err *err);

/* ---- cases ---------------------------------------------------------------------------------------- */

struct script_case {
    const char *rule, *name, *file;                     /* file: "cases/stock.lua" */
    bool is_well;
    const char *text;                                   /* "", or what differs */
};

/*
 * Runs the cases of one rule, or of all (NULL), and tells of each.  A case file that is broken is told as a case
 * without a name.  Answers how many cases there were.
 */
int script_cases(struct scripts *s, const char *rule, void (*on_case)(void *ctx, const struct script_case *c), void *ctx,
                 struct err *err);

#endif
