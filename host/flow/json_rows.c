/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_rows.c: see json_rows.h.
 *
 * The document is gone through three times: for the signs of its format, for all that is not a record,
 * and for the records.  Each element of the arrays that records come from is read by the
 * library on its own, so one that is broken is one rejected row, and memory does not grow with the
 * document.
 */
#include "json_rows.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "cells.h"
#include "json.h"
#include "json_number.h"
#include "json_scan.h"
#include "plug/path.h"
#include "reject.h"

enum { SHOWN_NAMES = 4 };

struct place {                                          /* a node with what is around it */
    json_t *node;
    const char *key;                                    /* as a member; "" */
    const struct place *up;
};

struct record {
    const struct place *place;
    size_t which;                                       /* of .records, from 1 */
};

struct wanted {
    struct path *path;                                  /* its names */
    const char **name;                                  /* their texts */
    size_t n;
    size_t found;                                       /* which of them told it, in the record at hand */
    uint32_t type;
};

struct json_rows {
    struct shape shape;
    struct arena *arena, *tmp;                          /* tmp: as long as a unit */
    struct json_scan *scan;
    const char *file;

    struct path *records;
    size_t n_records;
    size_t *array_of;                                   /* of each of the records' paths; SIZE_MAX: none */
    struct path *arrays;
    size_t n_arrays;
    bool is_array;                                      /* the document is one */
    bool is_whole;                                      /* each document is a unit */
    struct wanted *column;
    size_t n_columns;
    struct cells *cells;

    json_t *shell;
    const struct place **above;                         /* what is around the elements of each array */
    int64_t *first, *last;                              /* ordinals of the records of each array */

    json_t *root;                                       /* of the unit at hand */
    const char *unit_at;                                /* its bytes, in tmp */
    size_t unit_n;
    struct record *record;                              /* its records */
    size_t n_found, cap_found, next;
    json_t **inner;                                     /* documents that were read from texts of it */
    size_t n_inner, cap_inner;
    int64_t ordinal;                                    /* of the last record */
    bool has_shell_records;                             /* those outside of units are still to come */

    struct field *field;                                /* of each column */
    json_t **used;                                      /* nodes that some column has read */
    size_t n_used, cap_used;
    struct buf text, one;
};

static struct json_rows *json_of(struct shape *s)
{
    return (struct json_rows *)s;                       /* its first member */
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static json_t *member(json_t *object, const char *name)
{
    const char *key;
    json_t *value = json_object_get(object, name);
    if (value || !json_is_object(object))
        return value;
    json_object_foreach(object, key, value)
        if (strcasecmp(key, name) == 0)
            return value;
    return NULL;
}

static struct place *place_new(struct arena *a, json_t *node, const char *key, const struct place *up)
{
    struct place *p = arena_alloc(a, sizeof *p);
    *p = (struct place){ node, key, up };
    return p;
}

/* ---- formats --------------------------------------------------------------------------------- */

enum { SHOWN_BYTES = 40 };

/* A format and which of its signs the document has. */
struct candidate {
    const struct plugin *plugin;
    const struct souk_import *format;
    struct path_sign *sign;
    bool *is_there;
    size_t n;
};

struct search {
    struct json_scan *scan;
    struct candidate *candidate;
    size_t n;
    char name[SHOWN_NAMES][SHOWN_BYTES];                /* of the document's first members */
    size_t n_names;
    bool is_array;
};

static void show_name(struct search *s)
{
    const char *key = json_scan_key(s->scan);
    if (s->n_names == SHOWN_NAMES || json_scan_depth(s->scan) != (s->is_array ? 2 : 1) || !*key)
        return;
    char *to = s->name[s->n_names++];
    size_t n = 0;
    for (; *key && n < SHOWN_BYTES - 1; key++)
        to[n++] = *key >= ' ' && *key <= '~' && *key != '"' ? *key : '.';
    to[n] = '\0';
}

static void on_value(void *ctx, const char *text, size_t n)
{
    struct search *s = ctx;
    if (json_scan_in_array(s->scan, 0))
        s->is_array = true;
    show_name(s);
    if (text_is(text, "null"))
        return;
    for (size_t i = 0; i < s->n; i++) {
        struct candidate *c = &s->candidate[i];
        for (size_t k = 0; k < c->n; k++) {
            const char *value = c->sign[k].value;
            if (!c->is_there[k] && (!value || (text && strlen(value) == n && memcmp(value, text, n) == 0)))
                c->is_there[k] = json_scan_is_at(s->scan, &c->sign[k].path);
        }
    }
}

/* How many signs a document has; 0 when one of them is missing. */
static size_t signs_there(const struct candidate *c)
{
    size_t there = 0;
    bool holds = false;
    for (size_t i = 0; i < c->n; i++) {
        if (!c->sign[i].is_alternative) {
            if (i && !holds)
                return 0;
            holds = false;
        }
        there += c->is_there[i] && !holds;
        holds |= c->is_there[i];
    }
    return holds ? there : 0;
}

static int unknown_error(const struct json_rows *r, const struct plugins *plugins, const struct search *s,
                         struct err *err)
{
    struct buf formats = { 0 }, names = { 0 };
    for (size_t i = 0; i < s->n_names; i++)
        buf_printf(&names, "%s\"%s\"", i ? ", " : "", s->name[i]);
    if (shape_formats(plugins, &formats) == 0)
        err_set(err, ERR_INPUT, "%s cannot be read: no plugin for report files is loaded. `souk plugin doctor`"
                " says why.", r->file);
    else
        err_set(err, ERR_INPUT, "%s is JSON, but no report that Souk knows: it has %s. Souk reads %s.", r->file,
                names.len ? buf_str(&names) : "no members", buf_str(&formats));
    buf_free(&formats);
    buf_free(&names);
    return -err->code;
}

static int candidates(struct json_rows *r, struct search *s, const struct plugins *plugins, struct err *err)
{
    size_t most = 0;
    for (size_t p = 0; p < plugins_count(plugins); p++)
        most += plugins_at(plugins, p)->n_imports;
    s->candidate = arena_zero(r->arena, most * sizeof *s->candidate);
    for (size_t p = 0; p < plugins_count(plugins); p++) {
        const struct plugin *plugin = plugins_at(plugins, p);
        for (size_t f = 0; f < plugin->n_imports; f++) {
            const struct souk_import *format = plugin->imports[f];
            struct candidate *c = &s->candidate[s->n];
            if (format->shape != SOUK_JSON)
                continue;
            *c = (struct candidate){ .plugin = plugin, .format = format };
            if (path_signs_parse(r->arena, format->signs, &c->sign, &c->n, err) < 0)
                return -err->code;
            c->is_there = arena_zero(r->arena, c->n * sizeof *c->is_there);
            s->n++;
        }
    }
    return 0;
}

static int find_format(struct json_rows *r, const struct plugins *plugins, struct err *err)
{
    struct search s = { .scan = r->scan };
    size_t best = 0;
    int rc = candidates(r, &s, plugins, err);
    if (rc == 0)
        rc = json_scan_watch(r->scan, on_value, &s, err);
    if (rc < 0)
        return rc;
    if (!json_scan_documents(r->scan))
        return err_set(err, ERR_INPUT, "%s is empty.", r->file);
    for (size_t i = 0; i < s.n; i++) {
        size_t there = signs_there(&s.candidate[i]);
        if (there > best) {
            best = there;
            r->shape.plugin = s.candidate[i].plugin;
            r->shape.format = s.candidate[i].format;
        }
    }
    r->is_array = s.is_array;
    return best ? 0 : unknown_error(r, plugins, &s, err);
}

/* ---- paths ----------------------------------------------------------------------------------- */

static bool is_same_path(const struct path *a, const struct path *b)
{
    bool is_same = a->n == b->n;
    for (size_t i = 0; is_same && i < a->n; i++)
        is_same = a->step[i].kind == b->step[i].kind && strcasecmp(a->step[i].name, b->step[i].name) == 0;
    return is_same;
}

/* The beginning of a path up to its first [], if only members lead there. */
static bool array_of_path(const struct path *p, struct path *array)
{
    size_t n = 0;
    while (n < p->n && p->step[n].kind == PATH_MEMBER)
        n++;
    *array = (struct path){ p->step, n + 1, false };
    return n < p->n && p->step[n].kind == PATH_EACH;
}

static int read_paths(struct json_rows *r, struct err *err)
{
    const struct souk_import *format = r->shape.format;
    const struct souk_import_column *c = format->columns.at;
    if (path_records_parse(r->arena, format->records, &r->records, &r->n_records, err) < 0)
        return -err->code;
    r->arrays = arena_alloc(r->arena, r->n_records * sizeof *r->arrays);
    r->array_of = arena_alloc(r->arena, r->n_records * sizeof *r->array_of);
    for (size_t i = 0; i < r->n_records; i++) {
        struct path array;
        r->array_of[i] = SIZE_MAX;
        if (!array_of_path(&r->records[i], &array))
            continue;
        size_t known = 0;
        while (known < r->n_arrays && !is_same_path(&r->arrays[known], &array))
            known++;
        if (known == r->n_arrays)
            r->arrays[r->n_arrays++] = array;
        r->array_of[i] = known;
    }
    r->above = arena_zero(r->arena, (r->n_arrays + 1) * sizeof *r->above);
    r->first = arena_zero(r->arena, (r->n_arrays + 1) * sizeof *r->first);
    r->last = arena_zero(r->arena, (r->n_arrays + 1) * sizeof *r->last);

    r->n_columns = format->columns.n;
    r->column = arena_alloc(r->arena, r->n_columns * sizeof *r->column);
    r->field = arena_zero(r->arena, r->n_columns * sizeof *r->field);
    r->cells = cells_new(r->arena, format);
    for (size_t i = 0; i < r->n_columns; i++) {
        struct wanted *to = &r->column[i];
        if (path_names_parse(r->arena, c[i].names, &to->path, &to->n, err) < 0)
            return -err->code;
        to->type = c[i].type;
        to->name = arena_alloc(r->arena, to->n * sizeof *to->name);
        const char *at = c[i].names;
        for (size_t k = 0; k < to->n; k++) {
            size_t n = strcspn(at, "|");
            to->name[k] = arena_textn(r->arena, at, n);
            at += n + (at[n] == '|');
        }
        cells_place(r->cells, i, i, to->name[0]);
    }
    return 0;
}

/* ---- the records of a unit ------------------------------------------------------------------- */

static void record_found(struct json_rows *r, const struct place *p, size_t which)
{
    if (r->n_found == r->cap_found) {
        r->cap_found = r->cap_found ? 2 * r->cap_found : 64;
        r->record = base_grow(r->record, r->cap_found * sizeof *r->record);
    }
    r->record[r->n_found++] = (struct record){ p, which };
}

static json_t *inner_document(struct json_rows *r, const json_t *text)
{
    json_t *inner = json_is_string(text)
        ? json_loadb(json_string_value(text), json_string_length(text), JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!inner)
        return NULL;
    if (r->n_inner == r->cap_inner) {
        r->cap_inner = r->cap_inner ? 2 * r->cap_inner : 16;
        r->inner = base_grow(r->inner, r->cap_inner * sizeof *r->inner);
    }
    return r->inner[r->n_inner++] = inner;
}

/*
 * What a path leads to is a record even if it is no object: it is rejected then, not passed over.  Only
 * of * and of a document that is an array it is none.
 */
static void find_records(struct json_rows *r, const struct place *at, const struct path_step *step, size_t n,
                         size_t which)
{
    const char *key;
    json_t *inner;
    size_t i;
    if (!n) {
        record_found(r, at, which);
        return;
    }
    switch (step->kind) {
    case PATH_MEMBER:
        inner = member(at->node, step->name);
        if (inner && !json_is_null(inner))
            find_records(r, place_new(r->tmp, inner, step->name, at), step + 1, n - 1, which);
        break;
    case PATH_EACH:
        json_array_foreach(at->node, i, inner)
            find_records(r, place_new(r->tmp, inner, "", at), step + 1, n - 1, which);
        break;
    case PATH_MEMBERS:
        json_object_foreach(at->node, key, inner)
            if (json_is_object(inner))
                find_records(r, place_new(r->tmp, inner, key, at), step + 1, n - 1, which);
        break;
    case PATH_TEXT:
        inner = inner_document(r, at->node);
        if (inner || n == 1)
            find_records(r, place_new(r->tmp, inner, "", at), step + 1, n - 1, which);
        break;
    default:
        break;
    }
}

/* Records in the unit at hand; array SIZE_MAX: all paths lead there from the document. */
static void find_all_records(struct json_rows *r, size_t array, bool is_shell)
{
    const struct place *root = place_new(r->tmp, r->root, "", array == SIZE_MAX ? NULL : r->above[array]);
    for (size_t i = 0; i < r->n_records; i++) {
        const struct path *p = &r->records[i];
        if (array != SIZE_MAX) {
            size_t n = r->arrays[array].n;
            if (r->array_of[i] == array)
                find_records(r, root, p->step + n, p->n - n, i + 1);
        } else if (!is_shell || r->array_of[i] == SIZE_MAX) {
            if (p->n || !json_is_array(r->root))
                find_records(r, root, p->step, p->n, i + 1);
        }
    }
}

static void unit_end(struct json_rows *r)
{
    for (size_t i = 0; i < r->n_inner; i++)
        json_decref(r->inner[i]);
    r->n_inner = r->n_found = r->next = 0;
    if (r->root != r->shell)
        json_decref(r->root);
    r->root = NULL;
    arena_reset(r->tmp);
}

/* ---- a record's texts ------------------------------------------------------------------------ */

/* What a path leads to, as far as a column of this type wants it. */
struct gathered {
    uint32_t type;
    size_t n;
    bool is_odd;                                        /* there was something that is no single value */
};

static void use(struct json_rows *r, json_t *node)
{
    if (r->n_used == r->cap_used) {
        r->cap_used = r->cap_used ? 2 * r->cap_used : 64;
        r->used = base_grow(r->used, r->cap_used * sizeof *r->used);
    }
    r->used[r->n_used++] = node;
}

static bool is_used(const struct json_rows *r, const json_t *node)
{
    for (size_t i = 0; i < r->n_used; i++)
        if (r->used[i] == node)
            return true;
    return false;
}

static bool put_scalar(struct buf *out, const json_t *node)
{
    switch (json_typeof(node)) {
    case JSON_STRING:  buf_put(out, json_string_value(node), json_string_length(node)); return true;
    case JSON_INTEGER: buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(node)); return true;
    case JSON_REAL:    json_number(out, json_real_value(node)); return true;
    case JSON_TRUE:    buf_text(out, "true"); return true;
    case JSON_FALSE:   buf_text(out, "false"); return true;
    default:           return false;
    }
}

/* Another value: texts are joined, of dates the latest stays (as ISO writes them), else the first. */
static void gather_value(struct json_rows *r, struct gathered *to, const json_t *node)
{
    bool is_date = to->type == SOUK_DAY || to->type == SOUK_INSTANT;
    bool is_wanted = to->type == SOUK_TEXT || is_date || !to->n;
    if (to->type == SOUK_NONE || !is_wanted || r->text.len > FIELD_MOST)
        return;
    buf_clear(&r->one);
    if (!put_scalar(&r->one, node)) {
        to->is_odd = true;
        return;
    }
    if (to->type == SOUK_TEXT && to->n)
        buf_text(&r->text, ", ");
    if (is_date && strcmp(buf_str(&r->one), buf_str(&r->text)) > 0)
        buf_clear(&r->text);
    else if (is_date)
        buf_clear(&r->one);
    buf_put(&r->text, buf_str(&r->one), r->one.len);
    to->n++;
}

/* What goes through an array or all members has used the whole of it. */
static void gather(struct json_rows *r, struct gathered *to, json_t *node, const struct path_step *step,
                   size_t n, bool is_all)
{
    const char *key;
    json_t *inner;
    size_t i;
    if (!node || json_is_null(node))
        return;
    if (n && step->kind == PATH_MEMBER) {
        gather(r, to, member(node, step->name), step + 1, n - 1, is_all);
        return;
    }
    if (!n)
        gather_value(r, to, node);
    else if (step->kind == PATH_EACH)
        json_array_foreach(node, i, inner)
            gather(r, to, inner, step + 1, n - 1, true);
    else
        json_object_foreach(node, key, inner)
            gather(r, to, inner, step + 1, n - 1, true);
    if (!is_all)
        use(r, node);
}

static const struct place *object_around(const struct place *p)
{
    do
        p = p->up;
    while (p && !json_is_object(p->node));
    return p;
}

/* The text that a path leads to; false: it leads to something that is no single value. */
static bool text_at(struct json_rows *r, const struct record *record, const struct path *path, uint32_t type)
{
    const struct place *at = record->place;
    struct gathered g = { .type = type };
    size_t i = 0;
    buf_clear(&r->text);
    if (path->step[0].kind == PATH_KEY)
        buf_text(&r->text, at->key);
    if (path->step[0].kind == PATH_WHICH)
        buf_int(&r->text, (int64_t)record->which);
    if (path->step[0].kind == PATH_KEY || path->step[0].kind == PATH_WHICH)
        return true;
    for (; at && i < path->n && path->step[i].kind == PATH_UP; i++)
        at = object_around(at);
    if (at)
        gather(r, &g, at->node, path->step + i, path->n - i, false);
    return !g.is_odd;
}

static struct field kept_field(struct arena *a, const struct buf *text)
{
    const char *at = buf_str(text);
    size_t n = text->len;
    while (n && at[n - 1] == ' ')
        n--;
    while (n && *at == ' ') {
        at++;
        n--;
    }
    return (struct field){ arena_textn(a, at, n), n };
}

/* Texts of all columns; the name of one that leads to no single value, or NULL. */
static const char *read_fields(struct json_rows *r, struct arena *a, const struct record *record)
{
    r->n_used = 0;
    for (size_t i = 0; i < r->n_columns; i++) {
        struct wanted *c = &r->column[i];
        bool has_many = false;
        c->found = 0;
        r->field[i] = (struct field){ NULL, 0 };
        for (size_t p = 0; p < c->n && (c->type == SOUK_NONE || !r->field[i].n); p++) {
            bool is_single = text_at(r, record, &c->path[p], c->type);
            if (is_single && c->type != SOUK_NONE)
                r->field[i] = kept_field(a, &r->text);
            if (r->field[i].n || (!is_single && !has_many))
                c->found = p;
            has_many |= !is_single;
        }
        if (has_many && !r->field[i].n)
            return c->name[c->found];
    }
    return NULL;
}

/* ---- what no column has read ------------------------------------------------------------------ */

/* False: nothing was left of it, and nothing written. */
static bool put_rest(const struct json_rows *r, struct buf *out, json_t *node)
{
    size_t start = out->len, i;
    const char *key;
    json_t *inner;
    bool is_any = false;
    if (is_used(r, node))
        return false;
    switch (json_typeof(node)) {
    case JSON_OBJECT:
        buf_char(out, '{');
        json_object_foreach(node, key, inner) {
            size_t before = out->len;
            if (is_any)
                buf_char(out, ',');
            json_text(out, key, strlen(key));
            buf_char(out, ':');
            if (put_rest(r, out, inner))
                is_any = true;
            else
                out->len = before;
        }
        buf_char(out, '}');
        if (!is_any)
            out->len = start;
        return is_any;
    case JSON_ARRAY:
        buf_char(out, '[');
        json_array_foreach(node, i, inner) {
            size_t before = out->len;
            if (is_any)
                buf_char(out, ',');
            if (put_rest(r, out, inner))
                is_any = true;
            else
                out->len = before;
        }
        buf_char(out, ']');
        if (!is_any)
            out->len = start;
        return is_any;
    case JSON_STRING:
        json_text(out, json_string_value(node), json_string_length(node));
        return true;
    case JSON_NULL:
        return false;
    default:
        return put_scalar(out, node);
    }
}

static struct souk_value extra_of(struct json_rows *r, struct arena *a, json_t *record)
{
    buf_clear(&r->text);
    if (!put_rest(r, &r->text, record) || r->text.len > LINE_MOST)
        return souk_none();
    return souk_text(arena_textn(a, r->text.at, r->text.len));
}

/* ---- batches --------------------------------------------------------------------------------- */

static void refuse(struct filling *to, int64_t ordinal, const char *raw, size_t raw_n, const char *field,
                   const char *key, const char *value, size_t value_n)
{
    struct arena *a = filling_arena(to);
    struct souk_arg *arg = arena_alloc(a, sizeof *arg);
    *arg = (struct souk_arg){ "value", souk_text(arena_textn(a, value, value_n)) };
    filling_refuse(to, &(struct untyped_row){
        { ordinal, raw, raw_n }, field, { key, { arg, value_n ? 1 : 0, 0 } },
    });
}

/* A column has many names; the one that told it is the one to be mended. */
static const char *found_name(const struct json_rows *r, const char *first)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (r->column[i].name[0] == first)
            return r->column[i].name[r->column[i].found];
    return first;
}

static void put_record(struct json_rows *r, struct filling *to, const struct record *record, const char *raw)
{
    struct souk_value *cell = filling_cells(to);
    struct arena *a = filling_arena(to);
    struct wrong_cell wrong;
    const char *bad;
    int64_t line = ++r->ordinal;
    if (!json_is_object(record->place->node)) {
        refuse(to, line, raw, r->unit_n, "", "record.no_object", "", 0);
    } else if ((bad = read_fields(r, a, record)) != NULL) {
        refuse(to, line, raw, r->unit_n, bad, "cell.many", "", 0);
    } else if (!cells_type(r->cells, a, r->field, r->n_columns, cell, &wrong)) {
        refuse(to, line, raw, r->unit_n, found_name(r, wrong.field), wrong.key, wrong.at, wrong.n);
    } else {
        cell[0] = souk_count(line);
        cell[cells_n_columns(r->cells) - 1] = extra_of(r, a, record->place->node);
        filling_add(to, line, raw, r->unit_n);
    }
}

/* The rest of the unit at hand, as far as there is room. */
static void put_records(struct json_rows *r, struct filling *to)
{
    const char *raw = arena_textn(filling_arena(to), r->unit_at, r->unit_n);
    while (r->next < r->n_found && filling_room(to))
        put_record(r, to, &r->record[r->next++], raw);
}

static void put_bad_unit(struct json_rows *r, struct filling *to, const struct json_unit *unit,
                         const char *why)
{
    static const char *const keys[] = {
        [JSON_TOO_LONG] = "row.too_long", [JSON_TOO_DEEP] = "record.too_deep",
        [JSON_NUMBER] = "record.number",
    };
    struct arena *a = filling_arena(to);
    const char *raw = unit->at;
    size_t n = unit->n;
    if (unit->fault == JSON_TOO_LONG) {                 /* a text, so that the file of it is a document */
        while (n && ((unsigned char)raw[n] & 0xC0) == 0x80)
            n--;
        buf_clear(&r->text);
        json_text(&r->text, raw, n);
        raw = r->text.at;
        n = r->text.len;
    }
    refuse(to, ++r->ordinal, arena_textn(a, raw, n), n, "",
           unit->fault ? keys[unit->fault] : utf8_is_valid(unit->at, unit->n) ? "record.json" : "record.utf8",
           why, strlen(why));
}

/* Of a unit that is at hand and was not begun: does all of it have to wait for the next batch? */
static bool has_to_wait(const struct json_rows *r, const struct filling *to)
{
    size_t n = r->n_found - r->next;
    return n > filling_room(to) && n <= BATCH_ROWS && filling_room(to) < BATCH_ROWS;
}

static int next_unit(struct json_rows *r, struct filling *to, size_t *bytes, struct err *err)
{
    struct json_unit unit;
    json_error_t why = { .text = "" };
    unit_end(r);
    int rc = json_scan_next(r->scan, &unit, err);
    if (rc == 1) {
        size_t array = r->is_whole ? SIZE_MAX : unit.array;
        int64_t before = r->ordinal;
        *bytes = unit.n;
        r->unit_at = arena_textn(r->tmp, unit.at, unit.n);
        r->unit_n = unit.n;
        if (!unit.fault)
            r->root = json_loadb(unit.at, unit.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
        if (r->root)
            find_all_records(r, array, false);
        else
            put_bad_unit(r, to, &unit, why.text);
        if (!r->is_whole) {
            if (!r->first[array])
                r->first[array] = before + 1;
            r->last[array] = before + (r->root ? (int64_t)r->n_found : 1);
        }
    } else if (rc == 0 && r->has_shell_records) {
        const struct buf *shell = json_scan_shell(r->scan);
        r->has_shell_records = false;
        r->unit_at = buf_str(shell);
        r->unit_n = shell->len;
        r->root = r->shell;
        find_all_records(r, SIZE_MAX, true);
        rc = 1;
    }
    return rc;
}

static int fill(void *ctx, struct filling *to, int64_t *bytes, struct err *err)
{
    struct json_rows *r = ctx;
    size_t done = 0, unit = 0;
    int rc = 1;
    while (rc == 1 && filling_room(to) && done < BATCH_BYTES) {
        if (r->next < r->n_found) {
            if (r->next == 0 && has_to_wait(r, to))
                break;
            put_records(r, to);
        } else {
            unit = 0;
            rc = next_unit(r, to, &unit, err);
        }
        done += unit;
        unit = 0;
    }
    *bytes = json_scan_bytes(r->scan);
    return rc;
}

/* ---- the shape ------------------------------------------------------------------------------- */

/* What is around the elements of each array, from the document without them. */
static void find_above(struct json_rows *r)
{
    for (size_t i = 0; i < r->n_arrays; i++) {
        const struct place *p = place_new(r->arena, r->shell, "", NULL);
        for (size_t k = 0; k + 1 < r->arrays[i].n; k++)
            p = place_new(r->arena, member(p->node, r->arrays[i].step[k].name), r->arrays[i].step[k].name, p);
        r->above[i] = p;
    }
}

static int look_through(struct shape *s, struct evidence *e, struct charset_tally *tally, struct err *err)
{
    struct json_rows *r = json_of(s);
    struct json_unit unit;
    json_error_t why;
    (void)e, (void)tally;
    r->is_whole = json_scan_documents(r->scan) > 1;
    for (size_t i = 0; i < r->n_records; i++)
        r->is_whole |= r->records[i].is_of_whole && !r->is_array;
    int rc = json_scan_start(r->scan, r->arrays, r->n_arrays, r->is_whole, false, err);
    while (rc == 0 && (rc = json_scan_next(r->scan, &unit, err)) == 1)
        rc = 0;
    if (rc < 0 || r->is_whole)
        return rc;
    const struct buf *shell = json_scan_shell(r->scan);
    r->shell = json_loadb(buf_str(shell), shell->len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    if (!r->shell)
        return err_set(err, ERR_INPUT, "%s is no JSON document: %s.", r->file, why.text);
    find_above(r);
    return 0;
}

static int start(struct shape *s, const struct style *style, struct decoder *decoder, struct batches **batches,
                 struct err *err)
{
    struct json_rows *r = json_of(s);
    struct style points = *style;
    (void)decoder;
    points.decimal = '.';
    cells_decide(r->cells, &points);
    r->has_shell_records = !r->is_whole;
    if (json_scan_start(r->scan, r->arrays, r->n_arrays, r->is_whole, true, err) < 0)
        return -err->code;
    return batches_start(batches, r->arena, cells_columns(r->cells), cells_n_columns(r->cells), fill, r, err);
}

static int64_t bytes(const struct shape *s)
{
    return json_scan_bytes(((const struct json_rows *)s)->scan);
}

static const char *field_name(const struct shape *s, const char *column)
{
    return cells_field_name(((const struct json_rows *)s)->cells, column);
}

/* The array that stands next in the document, behind a place of it; n_arrays: none. */
static size_t next_hole(const struct json_rows *r, size_t behind)
{
    size_t next = r->n_arrays, least = SIZE_MAX;
    for (size_t i = 0; i < r->n_arrays; i++) {
        size_t hole = json_scan_hole(r->scan, i);
        if (hole > behind && hole < least) {
            least = hole;
            next = i;
        }
    }
    return next;
}

/* The document without its records, and where the rejected ones have to go. */
static void head(const struct shape *s, struct buf *out)
{
    const struct json_rows *r = (const struct json_rows *)s;
    const struct buf *shell = json_scan_shell(r->scan);
    if (r->is_whole) {
        reject_head(out, REJECTS_LINES);
        return;
    }
    reject_head(out, REJECTS_DOCUMENT);
    size_t done = 0;
    for (size_t next; (next = next_hole(r, done)) < r->n_arrays; ) {
        size_t hole = json_scan_hole(r->scan, next);
        buf_put(out, shell->at + done, hole - done);
        reject_hole(out, r->first[next], r->last[next]);
        done = hole;
    }
    buf_put(out, buf_str(shell) + done, shell->len - done);
}

static void json_rows_free(void *what)
{
    struct json_rows *r = what;
    unit_end(r);
    json_decref(r->shell);
    arena_free(r->tmp);
    base_free(r->record);
    base_free(r->inner);
    base_free(r->used);
    buf_free(&r->text);
    buf_free(&r->one);
}

int json_rows_open(struct shape **out, struct arena *a, const struct plugins *plugins, struct source *source,
                   struct err *err)
{
    struct json_rows *r = arena_zero(a, sizeof *r);
    r->shape = (struct shape){
        .charset = CHARSET_UTF8, .has_own_charset = true, .look_through = look_through, .start = start,
        .bytes = bytes, .field_name = field_name, .head = head,
    };
    r->arena = a;
    r->tmp = arena_new("JSON", 1 << 14);
    r->file = source_name(source);
    r->scan = json_scan_new(a, source);
    arena_at_end(a, json_rows_free, r);
    if (find_format(r, plugins, err) < 0 || read_paths(r, err) < 0)
        return -err->code;
    *out = &r->shape;
    return 0;
}
