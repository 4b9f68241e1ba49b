/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h: what the tests of commands share: an account, a desk to run commands at, and what came of one.
 */
#ifndef TESTS_COMMAND_H
#define TESTS_COMMAND_H

#include "data.h"

#include "base/zone.h"
#include "data/audit.h"
#include "data/touched.h"
#include "flow/command.h"

#define AT "2026-11-23T10:00:00Z"

struct shop {
    struct db *db;
    struct arena *arena;
    struct policies *policies;
    struct catalogue *texts;
    struct command_setup setup;
    struct command_result result;                       /* of the last command */
    struct err err;
};

static inline int64_t instant(const char *text)
{
    int64_t s;
    assert_true(instant_parse(text, &s));
    return s;
}

/* Somebody who may as much as this, of every command. */
static inline struct who who_may(const char *name, enum right right)
{
    static const struct grant all = { "command:*", MAY_EDIT };
    static const enum role roles[] = { 0, ROLE_VIEWER, ROLE_STAFF, ROLE_ADMIN, ROLE_OWNER };
    struct who who = who_of(name, roles[right]);
    who.grant = &all;
    who.n_grants = right == RIGHT_EDIT;
    return who;
}

/* Policies are those of this repository. */
static inline void shop_open(struct shop *s, const char *name)
{
    const char *build = getenv("BUILD");
    char texts[256];
    *s = (struct shop){ .arena = arena_new("shop", 4096) };
    snprintf(texts, sizeof texts, "%s/text", build ? build : "build");
    s->db = account_new(name);
    assert_well(catalogue_open(&s->texts, texts, &s->err), &s->err);
    assert_well(policies_open(&s->policies, "policies", &s->err), &s->err);
    s->setup = (struct command_setup){
        .db = s->db, .who = who_local(), .via = "cli", .now_s = instant(AT),
        .reader = { .language = "en", .zone = "UTC" }, .texts = s->texts, .policies = s->policies,
    };
}

/* Whatever a test did, the log is whole at its end. */
static inline void shop_close(struct shop *s)
{
    struct err err = { 0 };
    assert_well(audit_verify(s->db, 0, &err), &err);
    assert_string_equal(answer(s->db, "PRAGMA integrity_check"), "ok\n");
    db_close(s->db);
    policies_free(s->policies);
    catalogue_free(s->texts);
    arena_free(s->arena);
}

/* "thread=t1", "body=...": up to a NULL. */
static inline int doing(struct shop *s, const char *name, ...)
{
    struct command_text given[24];
    size_t n = 0;
    va_list list;
    va_start(list, name);
    for (const char *word; (word = va_arg(list, const char *)) != NULL;) {
        const char *is = strchr(word, '=');
        assert_non_null(is);
        assert_true(n < COUNT_OF(given));
        given[n++] = (struct command_text){ arena_textn(s->arena, word, (size_t)(is - word)), is + 1 };
    }
    va_end(list);
    err_clear(&s->err);
    return command_run(s->arena, &s->setup, name, given, n, &s->result, &s->err);
}

/* Does it, and says what was said. */
#define does(s, text_says, ...) \
    do { \
        assert_well(doing((s), __VA_ARGS__, (const char *)NULL), &(s)->err); \
        if (!strstr((s)->result.text, (text_says))) \
            fail_msg("it says: %s", (s)->result.text); \
    } while (0)

/* Is refused with this code, a sentence with these words, because of this field; and changes nothing. */
#define is_refused(s, code_, field_, says, ...) \
    do { \
        char before_[17], after_[17]; \
        content_of((s)->db, before_); \
        int rc_ = doing((s), __VA_ARGS__, (const char *)NULL); \
        content_of((s)->db, after_); \
        if (rc_ != -(int)(code_) || !strstr((s)->err.text, (says)) || !text_is((s)->result.field, (field_))) \
            fail_msg("%d, \"%s\", field \"%s\"", rc_, (s)->err.text, (s)->result.field); \
        assert_string_equal(before_, after_); \
    } while (0)

/* All rows of all tables, as a hash. */
static inline void content_of(struct db *db, char out[17])
{
    struct err err = { 0 };
    uint64_t h = 1469598103934665603u;
    char sql[128][80];
    size_t n = 0;
    struct stmt *names = stmt_of(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%_text_%'"
                                     " ORDER BY name", &err);
    while (stmt_step(db, names, &err) > 0)
        snprintf(sql[n++], sizeof sql[0], "SELECT * FROM %s", stmt_text(names, 0));
    for (size_t i = 0; i < n; i++) {
        struct stmt *all;
        int rc;
        /* The cache is by address, and these texts do not live for ever. */
        static char kept[128][80];
        memcpy(kept[i], sql[i], sizeof kept[0]);
        all = stmt_of(db, kept[i], &err);
        if (!all)
            fail_msg("%s: %s", sql[i], err.text);
        while ((rc = stmt_step(db, all, &err)) > 0)
            for (int c = 0; c < stmt_columns(all); c++) {
                size_t bytes;
                const unsigned char *at = stmt_blob(all, c, &bytes);
                for (size_t b = 0; b < bytes; b++)
                    h = (h ^ at[b]) * 1099511628211u;
                h = (h ^ (stmt_is_null(all, c) ? 7u : 9u)) * 1099511628211u;
            }
        assert_int_equal(rc, 0);
    }
    snprintf(out, 17, "%016llx", (unsigned long long)h);
}

#endif
