/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cards.c: the widgets of all plugins, in the order of a reader's home page.
 *
 * in:     loaded plugins, the reader's layout
 * out:    cards in their order
 * knows:  load, layout.  Has never heard of pages.
 */
#include "cards.h"

#include <stdlib.h>
#include <string.h>

static int by_area(const void *a, const void *b)
{
    const struct card *x = a, *y = b;
    uint32_t of_x = x->widget->area - 1, of_y = y->widget->area - 1;        /* those of no area come last */
    if (of_x != of_y)
        return of_x < of_y ? -1 : 1;
    return strcmp(x->widget->id, y->widget->id);
}

static struct card *all_cards(struct arena *a, const struct plugins *plugins, size_t *n)
{
    size_t most = 0;
    for (size_t i = 0; plugins && i < plugins_count(plugins); i++)
        most += plugins_at(plugins, i)->n_widgets;
    struct card *list = arena_alloc(a, (most + 1) * sizeof *list);
    *n = 0;
    for (size_t i = 0; plugins && i < plugins_count(plugins); i++) {
        const struct plugin *p = plugins_at(plugins, i);
        for (size_t k = 0; k < p->n_widgets; k++)
            list[(*n)++] = (struct card){ p, p->widgets[k], p->widgets[k]->width, false };
    }
    qsort(list, *n, sizeof *list, by_area);
    return list;
}

void cards_own(struct arena *a, const struct plugins *plugins, struct layout_place **own, size_t *n)
{
    const struct card *list = all_cards(a, plugins, n);
    struct layout_place *places = *own = arena_alloc(a, (*n + 1) * sizeof *places);
    for (size_t i = 0; i < *n; i++)
        places[i] = (struct layout_place){ list[i].widget->id, list[i].width, list[i].widget->area == 0, false };
}

int cards_read(struct db *db, struct arena *a, const struct plugins *plugins, const char *reader,
               struct card **cards, size_t *n, struct err *err)
{
    struct layout_place *own, *place;
    size_t n_own, n_places, used = 0;
    cards_own(a, plugins, &own, &n_own);
    int rc = layout_read(db, a, reader, own, n_own, &place, &n_places, err);
    if (rc < 0)
        return rc;
    struct card *list = *cards = arena_alloc(a, (n_own + 1) * sizeof *list);
    for (size_t i = 0; i < n_places; i++) {
        struct card c = { .width = place[i].width, .is_hidden = place[i].is_hidden };
        if (!place[i].is_gone && (c.widget = plugins_widget(plugins, place[i].widget, &c.plugin)))
            list[used++] = c;
    }
    *n = used;
    return 0;
}
