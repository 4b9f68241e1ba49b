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
    VIEW_STAT, VIEW_FACT, VIEW_TABLE, VIEW_CHART, VIEW_ALERT, VIEW_TEXT, VIEW_EMPTY,
    VIEW_ITEMS, VIEW_ITEM, VIEW_THREAD,                 /* groups */
    VIEW_LETTER, VIEW_FORM, VIEW_PROGRESS, VIEW_ARTICLE, VIEW_PAGER
};

/* Does it open a group that VIEW_END closes? */
bool view_is_group(enum view_kind kind);

/* ---- building ------------------------------------------------------------------------------- */

enum { VIEW_DEPTH = 8 };                                /* groups within groups */
enum { FORM_ARGS = 100 };                               /* fixed arguments of one form */

struct view {                                           /* all zero is an empty one; view_clear when done */
    struct buf bytes;
    uint32_t n_elements;
    int64_t until_s;                                    /* 0: not said */
    struct err fault;                                   /* the first mistake */
};

/* type is NULL for COLUMNS and END; wire_msg for SECTION, FOLD, ITEMS and THREAD. */
void view_add(struct view *v, enum view_kind kind, const struct wire_type *type, const void *element);
/* 0, or the first mistake: what the builders found, a group left open. */
int view_finish(struct view *v, struct err *err);
void view_clear(struct view *v);

/* ---- reading -------------------------------------------------------------------------------- */

struct view_element {
    enum view_kind kind;
    union {
        struct souk_msg title;                          /* SECTION, FOLD, ITEMS, THREAD */
        struct souk_stat stat;
        struct souk_fact fact;
        struct souk_table table;
        struct souk_chart chart;
        struct souk_alert alert;
        struct souk_text_element text;
        struct souk_empty empty;
        struct souk_item item;
        struct souk_letter letter;
        struct souk_form form;
        struct souk_progress progress;
        struct souk_article article;
        struct souk_pager pager;
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

/* The why of an element; NULL when it has none. */
const struct souk_why *view_why(const struct view_element *e);
/* Where it leads: its i-th link, from 0; NULL when it has no more. */
const struct souk_to *view_to(const struct view_element *e, unsigned i);

#endif
