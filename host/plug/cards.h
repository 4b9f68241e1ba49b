/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cards.h: the widgets of all plugins, in the order of a reader's home page.
 */
#ifndef SOUK_CARDS_H
#define SOUK_CARDS_H

#include "data/layout.h"
#include "load.h"

struct card {
    const struct plugin *plugin;
    const struct souk_widget *widget;
    uint32_t width;                                     /* as the reader wants it */
    bool is_hidden;
};

/* Hidden ones too.  Without a layout: by area, then by id. */
int cards_read(struct db *db, struct arena *a, const struct plugins *plugins, const char *reader,
               struct card **cards, size_t *n, struct err *err);
/* What the plugins would like, for layout_read. */
void cards_own(struct arena *a, const struct plugins *plugins, struct layout_place **own, size_t *n);

#endif
