/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import.h: a report file becomes records.
 *
 * file -> (gunzip) -> charset -> header -> format plugin -> typed rows -> store -> totals -> event row
 *
 * One transaction per file: everything or nothing.  Every row of the file ends accepted, unchanged or
 * rejected; rejected rows are kept as they stood and can be written out, mended and imported again.
 */
#ifndef SOUK_IMPORT_FILE_H
#define SOUK_IMPORT_FILE_H

#include "data/account.h"
#include "data/undo.h"
#include "plug/sdk.h"

struct import_setup {
    struct folder *folder;                              /* for the spool */
    struct db *db;                                      /* the account's writer */
    struct desk *desk;
    const struct plugins *plugins;
    const char *path;                                   /* "-": standard input */
    const char *name;                                   /* what it is called; NULL: as its path says */
    const char *source;                                 /* who gave it: page, api; NULL: cli */
    const char *market;                                 /* chosen by the caller, id; NULL: found out */
    const char *charset;                                /* chosen by the caller; NULL: found out */
    /* Told now and then: bytes read of all (0: not known). */
    void (*progress)(void *ctx, int64_t done, int64_t all);
    void *ctx;
    const volatile bool *stop;                          /* becomes true: give up, nothing is kept; may be NULL */
    struct policies *policies;                          /* for the deadlines of claims; may be NULL */
};

struct import_result {                                  /* texts in the arena */
    int64_t no;                                         /* its number in the list of imports */
    const char *name, *format, *title, *charset, *market;
    int64_t rows, accepted, unchanged, rejected, bytes, took_ms;
    struct store_check *checks;                         /* settlements that were touched */
    size_t n_checks;
    enum undo_can undo;                                 /* can it be taken back? */
};

/* ERR_INPUT: not a report Souk knows, empty, cut short...: a sentence.  Nothing is kept on any error. */
int import_file(struct arena *a, const struct import_setup *setup, struct import_result *result, struct err *err);

/* {"import": 7, "name": ..., "rows": ..., "checks": [...]}; jansson's json_t *, the caller's. */
struct json_t;
struct json_t *import_json(const struct import_result *result);

/* Takes an import back and says so in an event; inside a transaction of the caller.  errors: see undo_import. */
int import_undo(struct db *db, int64_t no, struct err *err);

/* Writes header and rejected rows of an import as they stood, to be mended and imported again. */
int import_rejects(struct db *db, int64_t no, struct buf *out, struct err *err);

#endif
