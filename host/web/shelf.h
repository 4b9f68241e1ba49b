/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shelf.h: texts that belong to no account's records: help, questions and answers, rules of the marketplaces, names of
 * widgets, commands and reports.
 *
 * A few hundred short texts, read once per thread and read again when a policy file or the language changes: they are
 * looked through as they stand, without an index.
 */
#ifndef SOUK_SHELF_H
#define SOUK_SHELF_H

#include "face/face.h"

struct shelf;

enum shelf_kind { SHELF_HELP = 1, SHELF_FAQ, SHELF_WIDGET, SHELF_POLICY, SHELF_COMMAND, SHELF_REPORT, SHELF_KINDS };

struct shelf_text {
    enum shelf_kind kind;
    const char *name;                                   /* "import", "late", "sales", "DE/late.limit", "notice.add" */
    const char *path;                                   /* behind /a/<account>/: "help/import"; "" when it has no page */
    const char *title, *body;                           /* of an article: Markdown without its heading */
    const char *note;                                   /* where the words were found; "" before shelf_find */
};

struct shelf_setup {
    const char *content;                                /* folder of articles: <language>/NAME.md, <language>/faq/NAME.md */
    const struct plugins *plugins;
    struct policies *policies;
    const struct catalogue *texts;
    const char *language;
    const char *const *markets;                         /* ids: whose policies stand on it */
    size_t n_markets;
    int32_t day;                                        /* on which they must hold */
};

struct shelf *shelf_new(const struct shelf_setup *setup);
void shelf_free(struct shelf *s);

/* The i-th text; NULL after the last. */
const struct shelf_text *shelf_at(const struct shelf *s, size_t i);
const struct shelf_text *shelf_named(const struct shelf *s, enum shelf_kind kind, const char *name);
/* Of one kind, those that hold every word: in their title first.  Notes live in the arena. */
size_t shelf_find(const struct shelf *s, struct arena *a, enum shelf_kind kind, const char *words,
                  struct shelf_text *found, size_t most);

#endif
