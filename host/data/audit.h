/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.h: who did what, for ever.
 *
 * in:     one entry per command, inside the transaction that does what it tells of
 * out:    rows of audit, each of which seals the one before
 * knows:  db.  Has never heard of commands and what they mean.
 *
 * Entries are appended and never changed: audit_verify finds one that was changed, put between or
 * taken away, the last ones too.
 */
#ifndef SOUK_AUDIT_H
#define SOUK_AUDIT_H

#include "db.h"

struct audit_entry {                                    /* texts: never NULL */
    int64_t at_s;
    const char *actor;                                  /* who */
    const char *via;                                    /* page, api, cli, import, rule */
    const char *command;                                /* "case.state", or "cases.close_old > case.state" */
    const char *ref;                                    /* what it changed, "" when nothing */
    const char *args;                                   /* a JSON object without secrets and long texts */
    const char *result;                                 /* "ok", or the word of the refusal */
};

/* db: a writer inside a transaction. */
int audit_add(struct db *db, const struct audit_entry *e, struct err *err);

/* Verifies the seals of the last n entries (0: all): ERR_CORRUPT names the first bad one. */
int audit_verify(struct db *db, int64_t n, struct err *err);

#endif
