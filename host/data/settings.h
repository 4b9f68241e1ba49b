/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h: what the settings modules keep, and every change of it.
 *
 * in:     whole records, as lists of values under the flat names of souk/settings.h; sealed secrets
 * out:    records and their history
 * knows:  record (whose transaction it is), the SDK's values.  Has never heard of forms, plugins and keys.
 *
 * A secret is kept sealed; its value is then the tail, SOUK_TAIL.  It is sealed for its module, record and
 * field (settings_context), in the record and in the history alike, so that a change can be taken back.
 */
#ifndef SOUK_SETTINGS_FILE_H
#define SOUK_SETTINGS_FILE_H

#include <souk/settings.h>

#include "record.h"

struct settings_value {
    const char *name;                                   /* "iban", "rates.1.price" */
    struct souk_value value;                            /* never SOUK_NONE: what is empty is not there */
    const void *sealed;                                 /* of a secret; else NULL */
    size_t n_sealed;
    bool is_personal;
};

struct settings_values {
    struct settings_value *at;
    size_t n;
};

struct settings_record {
    int64_t id, version;                                /* the version grows with each change; 0: there is none */
    uint32_t schema;
    int64_t changed_s;
    const char *changed_by;
    struct settings_values values;
};

/* Every record of a module, by their numbers. */
int settings_list(struct db *db, struct arena *a, const char *module, struct settings_record **list, size_t *n,
                  struct err *err);
/* 1, or 0 when it is not there; then only its id is set. */
int settings_find(struct db *db, struct arena *a, const char *module, int64_t id, struct settings_record *record,
                  struct err *err);

const struct settings_value *settings_named(const struct settings_values *values, const char *name);    /* or NULL */
bool settings_same(const struct settings_value *a, const struct settings_value *b);     /* NULL: empty */
struct souk_args settings_args(struct arena *a, const struct settings_values *values);
/* What a secret is sealed for: "settings:deposit:3:iban". */
const char *settings_context(struct arena *a, const char *module, int64_t id, const char *name);
/* The number that the next new record of a module gets: never one that was used. */
int settings_next(struct db *db, const char *module, int64_t *id, struct err *err);

/* ---- writing --------------------------------------------------------------------------------- */

struct settings_write {
    const char *module, *actor, *via;
    int64_t id, version;                                /* of the record as it was read; version 0: it is new */
    uint32_t schema;
    struct settings_values values;                      /* all of it; n 0 and is_removed: none is left */
    bool is_removed;
    int64_t at_s;
    int64_t lead, undoes;                               /* changes that this one comes with, takes back; or 0 */
};
/*
 * Puts a record as it shall be, with an entry in its history: 1, and *change is the entry's number; 0 when
 * nothing differs.  ERR_INPUT: it is another version by now.
 */
int settings_put(struct record_to *to, const struct settings_write *w, int64_t *change, struct err *err);

/* ---- history --------------------------------------------------------------------------------- */

struct settings_change {
    int64_t no, lead, undoes, undone_by;                /* 0: none */
    int64_t at_s, id;
    const char *actor, *via, *module, *what;            /* added, changed, removed */
    struct settings_values before, after;               /* what differs, by name */
};

/* The last ones before a number (0: from the end), of a record or (id 0) a whole module; newest first. */
int settings_history(struct db *db, struct arena *a, const char *module, int64_t id, int64_t before, uint32_t most,
                     struct settings_change **list, size_t *n, struct err *err);
/* One change and those that came with it, in their order; n 0: there is none of this number. */
int settings_change_find(struct db *db, struct arena *a, const char *module, int64_t no,
                         struct settings_change **list, size_t *n, struct err *err);

#endif
