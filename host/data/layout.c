/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.c: where each reader wants the cards of the home page.  See layout.h.
 */
#include "layout.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "touched.h"

static struct layout_place *place_of(struct layout_place *list, size_t n, const char *widget)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(list[i].widget, widget))
            return &list[i];
    return NULL;
}

/* ---- reading and writing --------------------------------------------------------------------- */

static const char sql_layout[] =
    "SELECT widget, width, is_hidden FROM layout"
    " WHERE reader = :reader"
    " ORDER BY place, widget"
    " LIMIT 200";

int layout_read(struct db *db, struct arena *a, const char *reader, const struct layout_place *own, size_t n_own,
                struct layout_place **list, size_t *n, struct err *err)
{
    struct layout_place *all = arena_alloc(a, (LAYOUT_MOST + n_own) * sizeof *all);
    struct stmt *get = stmt_of(db, sql_layout, err);
    *n = 0;
    if (!get)
        return -err->code;
    bind_text(get, 1, reader);
    int rc;
    while ((rc = stmt_step(db, get, err)) > 0)
        all[(*n)++] = (struct layout_place){ arena_text(a, stmt_text(get, 0)), (uint32_t)stmt_int(get, 1),
                                             stmt_int(get, 2) != 0, true };
    for (size_t i = 0; i < n_own; i++) {
        struct layout_place *known = place_of(all, *n, own[i].widget);
        if (known)
            known->is_gone = false;
        else
            all[(*n)++] = own[i];
    }
    *list = all;
    return rc;
}

static const char sql_layout_drop[] =
    "DELETE FROM layout"
    " WHERE reader = :reader";

static const char sql_layout_add[] =
    "INSERT INTO layout (reader, widget, place, width, is_hidden)"
    " VALUES (:reader, :widget, :place, :width, :is_hidden)";

int layout_write(struct record_to *to, const char *reader, const struct layout_place *list, size_t n,
                 struct err *err)
{
    struct stmt *drop = stmt_of(to->db, sql_layout_drop, err), *add = stmt_of(to->db, sql_layout_add, err);
    if (!drop || !add)
        return -err->code;
    if (n > LAYOUT_MOST)
        return err_set(err, ERR_INPUT, "A layout has %d places at most.", LAYOUT_MOST);
    bind_text(drop, 1, reader);
    int rc = stmt_run(to->db, drop, err);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        bind_text(add, 1, reader);
        bind_text(add, 2, list[i].widget);
        bind_int(add, 3, (int64_t)i + 1);
        bind_int(add, 4, list[i].width);
        bind_int(add, 5, list[i].is_hidden);
        rc = stmt_run(to->db, add, err);
    }
    to->touched |= TOUCHED_LAYOUT;
    return rc < 0 ? rc : 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

void layout_json(struct buf *out, const struct layout_place *list, size_t n)
{
    json_t *places = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(places, json_pack("{s:s, s:i, s:b}", "widget", list[i].widget, "width",
                                                (int)list[i].width, "hidden", list[i].is_hidden));
    json_t *all = json_pack("{s:o}", "layout", places);
    char *text = json_dumps(all, JSON_COMPACT);
    buf_text(out, text);
    free(text);
    json_decref(all);
}

static bool is_widget(const char *text)
{
    size_t n = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_") : 0;
    return n >= 1 && n <= 60 && !text[n];
}

static int place_of_json(struct arena *a, const json_t *j, struct layout_place *place, struct err *err)
{
    const char *widget = json_string_value(json_object_get(j, "widget"));
    const json_t *width = json_object_get(j, "width"), *hidden = json_object_get(j, "hidden");
    if (!is_widget(widget))
        return err_set(err, ERR_INPUT, "A place of the layout names no widget.");
    if (width && (!json_is_integer(width) || json_integer_value(width) < 1 || json_integer_value(width) > 3))
        return err_set(err, ERR_INPUT, "The width of '%s' is not 1, 2 or 3.", widget);
    if (hidden && !json_is_boolean(hidden))
        return err_set(err, ERR_INPUT, "Whether '%s' is hidden must be true or false.", widget);
    *place = (struct layout_place){
        arena_text(a, widget), width ? (uint32_t)json_integer_value(width) : 1, json_is_true(hidden), true,
    };
    return 0;
}

int layout_of_json(struct arena *a, const char *json, struct layout_place **list, size_t *n, struct err *err)
{
    json_t *all = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
    const json_t *places = json_object_get(all, "layout");
    size_t most = json_array_size(places);
    int rc = 0;
    *n = 0;
    if (!json_is_array(places))
        rc = err_set(err, ERR_INPUT, "This is no exported layout: it has no list \"layout\".");
    else if (most > LAYOUT_MOST)
        rc = err_set(err, ERR_INPUT, "A layout has %d places at most.", LAYOUT_MOST);
    *list = arena_alloc(a, (most + 1) * sizeof **list);
    for (size_t i = 0; i < most && rc == 0; i++) {
        struct layout_place *place = &(*list)[i];
        rc = place_of_json(a, json_array_get(places, i), place, err);
        if (rc == 0 && place_of(*list, i, place->widget))
            rc = err_set(err, ERR_INPUT, "The layout names '%s' twice.", place->widget);
        *n += rc == 0;
    }
    json_decref(all);
    return rc;
}
