/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h: where each reader wants the cards of the home page.
 *
 * in:     what the plugins would like: widgets in an order, each with a width
 * out:    the order, widths and hidden ones as the reader arranged them
 * knows:  db.  Has never heard of plugins and pages.
 *
 * A reader without rows gets what the plugins would like.  A widget that came later stands behind the others.
 * One whose plugin is gone keeps its place, width and all, until it comes back or the layout is reset.
 */
#ifndef SOUK_LAYOUT_H
#define SOUK_LAYOUT_H

#include "record.h"


enum { LAYOUT_MOST = 200 };                             /* places */

struct layout_place {
    const char *widget;
    uint32_t width;                                     /* columns: 1 to 3 */
    bool is_hidden;
    bool is_gone;                                       /* no plugin has this widget now */
};

/* `own`: what the plugins would like.  The list lives in the arena. */
int layout_read(struct db *db, struct arena *a, const char *reader, const struct layout_place *own, size_t n_own,
                struct layout_place **list, size_t *n, struct err *err);
/* All places of a reader, in their order; none: as the plugins would like it. */
int layout_write(struct record_to *to, const char *reader, const struct layout_place *list, size_t n,
                 struct err *err);

/* {"layout": [{"widget": "sales", "width": 2, "hidden": false}, ...]}, and back: ERR_INPUT says what is wrong. */
void layout_json(struct buf *out, const struct layout_place *list, size_t n);
int layout_of_json(struct arena *a, const char *json, struct layout_place **list, size_t *n, struct err *err);

#endif
