/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coach.c: the selling coach.
 *
 * in:     rules, facts of an account
 * out:    suggestion, suggestion_fact, rule_run
 * knows:  facts, script, touched.  Has never heard of any one rule, nor of pages.
 */
#include "coach.h"

#include <stdlib.h>
#include <string.h>

#include "data/hash.h"
#include "data/touched.h"
#include "facts.h"

struct one {                                            /* a rule of this run */
    const struct script_rule *rule;
    struct coach_rule told;
    int64_t seen;                                       /* what would let its next run be left out */
    struct script_say **say;
    size_t n, cap;
};

struct before {                                         /* of its last run */
    struct before *next;
    const char *rule, *title, *file;
    int64_t seen;
};

struct coach_seen {
    struct arena *a;
    int64_t now_s;
    struct one *one;
    size_t n;
};

unsigned coach_areas(void)
{
    unsigned areas = 0;
    for (const struct fact_table *t = fact_tables; t->name; t++)
        areas |= t->areas;
    return areas;
}

/* ---- which rules are to run --------------------------------------------------------------------- */

static const char sql_runs[] =
    "SELECT rule, title, file, seen"
    " FROM rule_run"
    " ORDER BY rule";

static int runs_read(struct arena *a, struct db *db, struct before **first, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_runs, err);
    int rc = s ? 0 : -err->code;
    *first = NULL;
    while (s && (rc = stmt_step(db, s, err)) > 0) {
        struct before *b = arena_alloc(a, sizeof *b);
        *b = (struct before){ *first, arena_text(a, stmt_text(s, 0)), arena_text(a, stmt_text(s, 1)),
                              arena_text(a, stmt_text(s, 2)), stmt_int(s, 3) };
        *first = b;
    }
    return rc;
}

/* A hash of all that its answer hangs on, but the moment. */
static int64_t seen_of(const struct script_rule *rule, const int64_t version[TOUCHED_AREAS])
{
    uint64_t h = rule->print;
    for (size_t i = 0; i < rule->n_needs; i++) {
        const struct fact_table *t = fact_table_named(rule->needs[i]);
        if (t)
            h = hash_step(hash_add(h, t->sql, strlen(t->sql)), (uint64_t)touched_sum(version, t->areas));
    }
    return (int64_t)hash_mix(h);
}

static bool is_timed(const struct script_rule *rule)
{
    for (size_t i = 0; i < rule->n_needs; i++) {
        const struct fact_table *t = fact_table_named(rule->needs[i]);
        if (t && t->is_timed)
            return true;
    }
    return false;
}

/* A broken file goes on under the name that its rule had. */
static struct coach_rule told_of(const struct script_rule *rule, const struct before *first)
{
    struct coach_rule told = { .id = rule->id, .title = rule->title, .file = rule->file, .err = rule->fault };
    if (!*rule->fault)
        return told;
    told.id = told.title = rule->file;
    for (const struct before *b = first; b; b = b->next)
        if (text_is(b->file, rule->file)) {
            told.id = b->rule;
            told.title = b->title;
        }
    return told;
}

static bool is_to_run(const struct one *one, const struct before *first, bool is_all)
{
    if (*one->rule->fault)
        return false;
    if (is_all || is_timed(one->rule))
        return true;
    for (const struct before *b = first; b; b = b->next)
        if (text_is(b->rule, one->told.id))
            return b->seen != one->seen;
    return true;
}

/* ---- what they say ------------------------------------------------------------------------------ */

struct saying {
    struct arena *a;
    struct one *one;
};

static struct script_say *say_copy(struct arena *a, const struct script_say *from)
{
    struct script_say *to = arena_alloc(a, sizeof *to);
    struct souk_arg *number = arena_alloc(a, (from->numbers.n + 1) * sizeof *number);
    const char **row = arena_alloc(a, (from->n_rows + 1) * sizeof *row);
    for (uint32_t i = 0; i < from->numbers.n; i++) {
        number[i] = from->numbers.at[i];
        number[i].name = arena_text(a, number[i].name);
        number[i].value.text.at = arena_textn(a, number[i].value.text.at, number[i].value.text.len);
    }
    for (size_t i = 0; i < from->n_rows; i++)
        row[i] = arena_text(a, from->rows[i]);
    *to = (struct script_say){
        .key = arena_text(a, from->key), .sku = arena_text(a, from->sku), .ref = arena_text(a, from->ref),
        .market = arena_text(a, from->market), .text = arena_text(a, from->text), .weight = from->weight,
        .numbers = { number, from->numbers.n, 0 }, .rows = row, .n_rows = from->n_rows,
    };
    if (!*to->ref && *to->sku)
        to->ref = arena_printf(a, "sku:%s", to->sku);
    return to;
}

static int on_say(void *ctx, const struct script_say *say, struct err *err)
{
    struct saying *s = ctx;
    struct one *one = s->one;
    (void)err;
    if (one->n == one->cap) {
        struct script_say **more = arena_alloc(s->a, (one->cap * 2 + 16) * sizeof *more);
        if (one->n)
            memcpy(more, one->say, one->n * sizeof *more);
        one->say = more;
        one->cap = one->cap * 2 + 16;
    }
    one->say[one->n++] = say_copy(s->a, say);
    return 0;
}

struct given {                                          /* fact tables: read once, for all rules that need them */
    struct script_facts *facts;
    struct err err[16];                                 /* of a table, in the order of fact_tables */
    bool is_read[16];
};

/* Below 0: not even the other rules can go on. */
static int give(struct given *g, const struct facts_setup *setup, const struct script_rule *rule, struct err *err)
{
    for (size_t i = 0; i < rule->n_needs; i++) {
        const struct fact_table *t = fact_table_named(rule->needs[i]);
        size_t at = t ? (size_t)(t - fact_tables) : 0;
        if (!t || g->is_read[at])
            continue;
        int rc = facts_read(setup, t, g->facts, &g->err[at]);
        g->is_read[at] = true;
        bool is_ours = rc == -ERR_TIME || rc == -ERR_PLUGIN || rc == -ERR_INPUT;
        if ((rc < 0 && !is_ours) || (setup->stop && *setup->stop)) {
            *err = g->err[at];
            return err->code ? -err->code : err_set(err, ERR_TIME, "The run of the rules was stopped; nothing was changed.");
        }
    }
    return 0;
}

/* Of facts that do not fit nobody sees a part. */
static const struct err *fault_of_facts(const struct given *g, const struct script_rule *rule)
{
    for (size_t i = 0; i < rule->n_needs; i++) {
        const struct fact_table *t = fact_table_named(rule->needs[i]);
        if (t && g->err[t - fact_tables].code)
            return &g->err[t - fact_tables];
    }
    return NULL;
}

static void run_one(struct arena *a, const struct coach_setup *setup, struct given *g, struct one *one)
{
    struct err err = { 0 };
    struct script_ask ask = { .rule = one->told.id };
    struct saying saying = { a, one };
    const struct err *fault = fault_of_facts(g, one->rule);
    if (!fault && script_run(setup->scripts, &ask, g->facts, on_say, &saying, &err) < 0)
        fault = &err;
    if (fault) {
        one->told.err = text_starts(fault->text, one->told.file) ? arena_text(a, fault->text)
                      : strstr(fault->text, ".lua:") ? arena_text(a, fault->text)
                      : arena_printf(a, "%s: %s", one->told.file, fault->text);
        one->n = 0;
    }
    one->told.did_run = true;
    one->told.said = one->n;
    one->told.took_us = ask.took_us;
}

int coach_look(struct arena *a, struct db *db, const struct coach_setup *setup, struct coach_seen **seen, struct err *err)
{
    const struct script_rule *rule;
    struct before *first;
    struct given given = { 0 };
    int64_t version[TOUCHED_AREAS];
    const struct facts_setup facts = { db, setup->policies, setup->now_s, setup->stop };
    struct coach_seen *s = arena_zero(a, sizeof *s);
    if (touched_read(db, version, err) < 0 || runs_read(a, db, &first, err) < 0 ||
        script_rules(setup->scripts, a, &rule, &s->n, err) < 0 || script_facts_new(&given.facts, err) < 0)
        return -err->code;
    int rc = 0;
    s->a = a;
    s->now_s = setup->now_s;
    s->one = arena_zero(a, (s->n + 1) * sizeof *s->one);
    for (size_t i = 0; rc == 0 && i < s->n; i++) {
        struct one *one = &s->one[i];
        one->rule = &rule[i];
        one->told = told_of(&rule[i], first);
        one->seen = seen_of(&rule[i], version);
        if (!is_to_run(one, first, setup->is_all))
            continue;
        rc = give(&given, &facts, &rule[i], err);
        if (rc == 0)
            run_one(a, setup, &given, one);
    }
    script_facts_free(given.facts);
    *seen = s;
    return rc;
}

/* ---- what is kept of it ------------------------------------------------------------------------- */

static const char sql_market[] =
    "SELECT no FROM market"
    " WHERE id = :id";

static const char sql_get[] =
    "SELECT no, facts, is_said, market_no, ref, weight, text, state FROM suggestion"
    " WHERE rule = :rule AND key = :key";

static const char sql_new[] =
    "INSERT INTO suggestion (rule, key, market_no, ref, weight, text, facts, is_said, state, why, first_s, last_s)"
    " VALUES (:rule, :key, :market_no, :ref, :weight, :text, :facts, 1, 'open', '', :now_s, :now_s)";

static const char sql_again[] =
    "UPDATE suggestion"
    " SET market_no = :market_no, ref = :ref, weight = :weight, text = :text, is_said = 1"
    " WHERE no = :no";

static const char sql_back[] =
    "UPDATE suggestion"
    " SET facts = :facts, state = 'open', why = '', until_s = NULL, last_s = :now_s"
    " WHERE no = :no";

static const char sql_facts_drop[] =
    "DELETE FROM suggestion_fact"
    " WHERE suggestion_no = :no";

static const char sql_fact_put[] =
    "INSERT INTO suggestion_fact (suggestion_no, ordinal, name, unit, num, currency, text, ref)"
    " VALUES (:no, :ordinal, :name, :unit, :num, :currency, :text, :ref)";

static const char sql_said[] =
    "SELECT no, key FROM suggestion"
    " WHERE rule = :rule AND is_said = 1";

static const char sql_unsaid[] =
    "UPDATE suggestion SET is_said = 0"
    " WHERE no = :no";

static const char sql_rule_gone[] =
    "UPDATE suggestion SET is_said = 0"
    " WHERE rule = :rule AND is_said = 1";

static const char sql_run_drop[] =
    "DELETE FROM rule_run"
    " WHERE rule = :rule";

static const char sql_run_put[] =
    "INSERT INTO rule_run (rule, title, file, at_s, took_us, said, err, seen)"
    " VALUES (:rule, :title, :file, :at_s, :took_us, :said, :err, :seen)"
    " ON CONFLICT (rule) DO UPDATE"
    " SET title = excluded.title, file = excluded.file, at_s = excluded.at_s, took_us = excluded.took_us,"
    "  said = excluded.said, err = excluded.err, seen = excluded.seen";

static const char sql_due[] =
    "UPDATE suggestion SET state = 'open', until_s = NULL"
    " WHERE state = 'snoozed' AND until_s <= :now_s";

static const char sql_open[] =
    "SELECT count(*) FROM suggestion"
    " WHERE state = 'open' AND is_said = 1";

static const struct { uint32_t type; const char *word; } units[] = {
    { SOUK_COUNT, "count" }, { SOUK_MONEY, "money" }, { SOUK_DAY, "day" }, { SOUK_INSTANT, "instant" },
    { SOUK_SECONDS, "seconds" }, { SOUK_BP, "bp" }, { SOUK_TEXT, "text" }, { SOUK_NONE, "none" },
};

static const char *unit_of(const struct souk_value *v)
{
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (units[i].type == v->type)
            return units[i].word;
    return "text";
}

/* Of the numbers alone: neither words nor weight bring a suggestion back. */
static int64_t facts_hash(const struct script_say *say)
{
    uint64_t h = say->numbers.n;
    for (uint32_t i = 0; i < say->numbers.n; i++) {
        const struct souk_arg *n = &say->numbers.at[i];
        h = hash_add(h, n->name, strlen(n->name));
        h = hash_step(hash_step(h, n->value.type), (uint64_t)n->value.num);
        h = hash_add(h, n->value.currency, strlen(n->value.currency));
        h = hash_add(h, n->value.text.at, n->value.text.len);
    }
    return (int64_t)hash_mix(h);
}

struct put {
    struct db *db;
    struct arena *a;
    int64_t now_s;
    struct coach_result *result;
};

static int fact_put(struct put *p, int64_t no, int64_t ordinal, const char *name, const struct souk_value *v, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_fact_put, err);
    bool is_ref = v->type == SOUK_REF, is_text = v->type == SOUK_TEXT;
    if (!s)
        return -err->code;
    bind_int(s, 1, no);
    bind_int(s, 2, ordinal);
    bind_text(s, 3, name);
    bind_text(s, 4, is_ref ? "ref" : unit_of(v));
    bind_null(s, 5);
    if (!is_ref && !is_text && v->type != SOUK_NONE)
        bind_int(s, 5, v->num);
    bind_text(s, 6, v->type == SOUK_MONEY ? v->currency : NULL);
    bind_text(s, 7, is_text ? v->text.at : NULL);
    bind_text(s, 8, is_ref ? v->text.at : NULL);
    return stmt_run(p->db, s, err);
}

static int facts_put(struct put *p, int64_t no, const struct script_say *say, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_facts_drop, err);
    int64_t ordinal = 0;
    if (!s)
        return -err->code;
    bind_int(s, 1, no);
    int rc = stmt_run(p->db, s, err);
    for (uint32_t i = 0; rc >= 0 && i < say->numbers.n; i++)
        rc = fact_put(p, no, ++ordinal, say->numbers.at[i].name, &say->numbers.at[i].value, err);
    for (size_t i = 0; rc >= 0 && i < say->n_rows; i++) {
        const struct souk_value row = souk_ref(say->rows[i]);
        rc = fact_put(p, no, ++ordinal, "row", &row, err);
    }
    return rc < 0 ? rc : 0;
}

/* 0: unknown here. */
static int64_t market_no(struct put *p, const char *id, struct err *err)
{
    struct stmt *s = *id ? stmt_of(p->db, sql_market, err) : NULL;
    int64_t no = 0;
    if (!s)
        return 0;
    bind_text(s, 1, id);
    if (stmt_step(p->db, s, err) > 0) {
        no = stmt_int(s, 0);
        stmt_reset(s);
    }
    return no;
}

static void bind_no(struct stmt *s, int at, int64_t no)
{
    if (no)
        bind_int(s, at, no);
    else
        bind_null(s, at);
}

static int new_put(struct put *p, const char *rule, const struct script_say *say, int64_t market, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_new, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, rule);
    bind_text(s, 2, say->key);
    bind_no(s, 3, market);
    bind_text(s, 4, *say->ref ? say->ref : NULL);
    bind_int(s, 5, say->weight);
    bind_text(s, 6, say->text);
    bind_int(s, 7, facts_hash(say));
    bind_int(s, 8, p->now_s);
    int rc = stmt_run(p->db, s, err);
    p->result->fresh++;
    return rc < 0 ? rc : facts_put(p, db_last_row(p->db), say, err);
}

static int again_put(struct put *p, int64_t no, const struct script_say *say, int64_t market, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_again, err);
    if (!s)
        return -err->code;
    bind_no(s, 1, market);
    bind_text(s, 2, *say->ref ? say->ref : NULL);
    bind_int(s, 3, say->weight);
    bind_text(s, 4, say->text);
    bind_int(s, 5, no);
    int rc = stmt_run(p->db, s, err);
    return rc < 0 ? rc : 0;
}

static int back_put(struct put *p, int64_t no, const struct script_say *say, bool was_open, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_back, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, facts_hash(say));
    bind_int(s, 2, p->now_s);
    bind_int(s, 3, no);
    int rc = stmt_run(p->db, s, err);
    p->result->back += !was_open;
    return rc < 0 ? rc : facts_put(p, no, say, err);
}

static int say_put(struct put *p, const char *rule, const struct script_say *say, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_get, err);
    int64_t market = market_no(p, say->market, err);
    if (!s || err->code)
        return -err->code;
    bind_text(s, 1, rule);
    bind_text(s, 2, say->key);
    int rc = stmt_step(p->db, s, err);
    if (rc <= 0)
        return rc < 0 ? rc : new_put(p, rule, say, market, err);
    int64_t no = stmt_int(s, 0);
    bool is_other = stmt_int(s, 1) != facts_hash(say);
    bool is_same = stmt_int(s, 2) == 1 && stmt_int(s, 3) == market && text_is(stmt_text(s, 4), say->ref) &&
                   stmt_int(s, 5) == say->weight && text_is(stmt_text(s, 6), say->text);
    bool was_open = stmt_int(s, 2) == 1 && text_is(stmt_text(s, 7), "open");
    stmt_reset(s);
    rc = is_same ? 0 : again_put(p, no, say, market, err);
    return rc == 0 && is_other ? back_put(p, no, say, was_open, err) : rc;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct script_say *const *)a)->key, (*(struct script_say *const *)b)->key);
}

static int in_keys(const void *key, const void *say)
{
    return strcmp(key, (*(struct script_say *const *)say)->key);
}

/* Those that it said before and not now.  Their numbers are gathered first: no statement reads what another changes. */
static int unsaid_put(struct put *p, const struct one *one, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_said, err);
    struct buf gone = { 0 };
    struct script_say **sorted = arena_alloc(p->a, (one->n + 1) * sizeof *sorted);
    int rc = s ? 0 : -err->code;
    if (one->n) {
        memcpy(sorted, one->say, one->n * sizeof *sorted);
        qsort(sorted, one->n, sizeof *sorted, by_key);
    }
    if (s)
        bind_text(s, 1, one->told.id);
    while (s && (rc = stmt_step(p->db, s, err)) > 0) {
        int64_t no = stmt_int(s, 0);
        if (!one->n || !bsearch(stmt_text(s, 1), sorted, one->n, sizeof *sorted, in_keys))
            buf_put(&gone, &no, sizeof no);
    }
    for (size_t at = 0; rc == 0 && at < gone.len; at += sizeof(int64_t)) {
        int64_t no;
        memcpy(&no, gone.at + at, sizeof no);
        struct stmt *put = stmt_of(p->db, sql_unsaid, err);
        if (put)
            bind_int(put, 1, no);
        int changed = put ? stmt_run(p->db, put, err) : -err->code;
        rc = changed < 0 ? changed : 0;
        p->result->gone++;
    }
    buf_free(&gone);
    return rc;
}

static int run_put(struct put *p, const struct one *one, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_run_put, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, one->told.id);
    bind_text(s, 2, one->told.title);
    bind_text(s, 3, one->told.file);
    bind_int(s, 4, p->now_s);
    bind_int(s, 5, one->told.took_us);
    bind_int(s, 6, (int64_t)one->told.said);
    bind_text(s, 7, one->told.err);
    bind_int(s, 8, *one->rule->fault ? 0 : one->seen);
    int rc = stmt_run(p->db, s, err);
    return rc < 0 ? rc : 0;
}

static int one_put(struct put *p, const struct one *one, struct err *err)
{
    bool is_well = !*one->told.err;
    int rc = 0;
    for (size_t i = 0; rc == 0 && is_well && i < one->n; i++)
        rc = say_put(p, one->told.id, one->say[i], err);
    if (rc == 0 && is_well)
        rc = unsaid_put(p, one, err);
    return rc == 0 ? run_put(p, one, err) : rc;
}

static int with_rule(struct put *p, const char *sql, const char *rule, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, rule);
    return stmt_run(p->db, s, err);
}

/* Rules that are no longer there say nothing. */
static int rules_gone(struct put *p, const struct coach_seen *seen, struct err *err)
{
    struct before *first;
    int rc = runs_read(p->a, p->db, &first, err);
    for (const struct before *b = first; b && rc >= 0; b = b->next) {
        bool is_there = false;
        for (size_t i = 0; i < seen->n && !is_there; i++)
            is_there = text_is(seen->one[i].told.id, b->rule);
        if (is_there)
            continue;
        rc = with_rule(p, sql_rule_gone, b->rule, err);
        p->result->gone += rc > 0 ? rc : 0;
        if (rc >= 0)
            rc = with_rule(p, sql_run_drop, b->rule, err);
    }
    return rc < 0 ? rc : 0;
}

static int wake(struct put *p, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_due, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, p->now_s);
    int rc = stmt_run(p->db, s, err);
    return rc < 0 ? rc : 0;
}

static int count_open(struct put *p, struct err *err)
{
    struct stmt *s = stmt_of(p->db, sql_open, err);
    if (!s)
        return -err->code;
    int rc = stmt_step(p->db, s, err);
    if (rc > 0) {
        p->result->open = stmt_int(s, 0);
        stmt_reset(s);
    }
    return rc < 0 ? rc : 0;
}

int coach_put(struct arena *a, struct db *db, const struct coach_seen *seen, struct coach_result *result, struct err *err)
{
    struct coach_rule *told = arena_alloc(a, (seen->n + 1) * sizeof *told);
    struct put p = { db, a, seen->now_s, result };
    bool did_any = false;
    *result = (struct coach_result){ .rule = told, .n = seen->n };
    int rc = rules_gone(&p, seen, err);
    for (size_t i = 0; i < seen->n; i++) {
        const struct one *one = &seen->one[i];
        told[i] = one->told;
        result->failed += *one->told.err != '\0';
        if (rc == 0 && (one->told.did_run || *one->told.err)) {
            rc = one_put(&p, one, err);
            did_any = true;
        }
    }
    if (rc == 0)
        rc = wake(&p, err);
    if (rc == 0 && (did_any || result->gone))
        rc = touch(db, TOUCHED_SUGGESTIONS, err);
    return rc == 0 ? count_open(&p, err) : rc;
}

int coach_run(struct arena *a, struct db *db, const struct coach_setup *setup, struct coach_result *result, struct err *err)
{
    struct coach_seen *seen;
    int rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = coach_look(a, db, setup, &seen, err);
    if (rc == 0)
        rc = coach_put(a, db, seen, result, err);
    return db_end(db, rc, err);
}
