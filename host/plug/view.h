/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h: a widget's view, built into bytes and read from bytes.
 *
 * in:    the builders of souk/view.h
 * out:   a flat stream of elements, checked; the same bytes feed HTML, JSON, CSV and the terminal
 * knows: wire.  Has never heard of HTML.
 */
#ifndef SOUK_VIEW_FILE_H
#define SOUK_VIEW_FILE_H

#include <souk/widget.h>

#include "wire.h"

enum view_kind {
    VIEW_SECTION = 1, VIEW_COLUMNS, VIEW_FOLD, VIEW_END,
    VIEW_STAT, VIEW_FACT, VIEW_TABLE, VIEW_CHART, VIEW_ALERT, VIEW_TEXT, VIEW_EMPTY
};

/* ---- building ------------------------------------------------------------------------------- */

enum { VIEW_DEPTH = 8 };                                /* groups within groups */

struct view {                                           /* all zero is an empty one; view_clear when done */
    struct buf bytes;
    uint32_t n_elements;
    int64_t until_s;                                    /* 0: not said */
    struct err fault;                                   /* the first mistake */
};

/* type is NULL for COLUMNS and END; wire_msg for SECTION and FOLD. */
void view_add(struct view *v, enum view_kind kind, const struct wire_type *type, const void *element);
/* 0, or the first mistake: what the builders found, a group left open. */
int view_finish(struct view *v, struct err *err);
void view_clear(struct view *v);

/* ---- reading -------------------------------------------------------------------------------- */

struct view_element {
    enum view_kind kind;
    union {
        struct souk_msg title;                          /* SECTION, FOLD */
        struct souk_stat stat;
        struct souk_fact fact;
        struct souk_table table;
        struct souk_chart chart;
        struct souk_alert alert;
        struct souk_text_element text;
        struct souk_empty empty;
    };
    const struct column *column;                        /* of a table's or chart's rows */
    size_t n_columns;
};

/*
 * Decodes and checks everything again: the bytes may come from elsewhere.  Elements live in the arena.
 * ERR_CORRUPT for lengths that lie, kinds that do not exist, groups that do not close.
 */
int view_read(struct arena *a, const void *bytes, size_t n, const struct view_element **out, size_t *n_out,
              struct err *err);

/* The why of an element, and where it leads; NULL when it has none. */
const struct souk_why *view_why(const struct view_element *e);
const struct souk_to *view_to(const struct view_element *e);

#endif
