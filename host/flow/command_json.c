/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_json.c: commands for programs: their fields from JSON, their answers and their list as JSON.
 *
 * in:     a JSON object with a member for each field
 * out:    command_run's answer; the list of commands
 * knows:  jansson, the table.  Has never heard of requests.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "command_in.h"
#include "plug/field.h"

static void put(struct buf *out, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    buf_text(out, text ? text : "{}");
    free(text);
    json_decref(json);
}

/* ---- in -------------------------------------------------------------------------------------- */

/* A number keeps the digits it was written with only as text, so fractions must be texts. */
static const char *text_of_member(struct arena *a, const json_t *v)
{
    if (json_is_string(v) && strlen(json_string_value(v)) == json_string_length(v))
        return arena_text(a, json_string_value(v));
    if (json_is_integer(v))
        return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (json_is_boolean(v))
        return json_is_true(v) ? "yes" : "no";
    return json_is_null(v) ? "" : NULL;
}

struct members {
    struct arena *a;
    struct command_text *at;
    size_t n, room;
};

static void member_add(struct members *m, const char *name, const char *text)
{
    if (m->n == m->room) {
        struct command_text *more = arena_alloc(m->a, (m->room = m->room ? 2 * m->room : 16) * sizeof *more);
        if (m->n)
            memcpy(more, m->at, m->n * sizeof *more);
        m->at = more;
    }
    m->at[m->n++] = (struct command_text){ name, text };
}

/* A record {"city": ...} or a table [{"price": ...}] under the flat names of its fields: "address.city", "rates.1.price". */
static int member_put(struct members *m, const char *name, json_t *v, int depth, struct err *err)
{
    const char *key, *text = text_of_member(m->a, v);
    size_t i;
    json_t *inner;
    int rc = 0;
    if (text) {
        member_add(m, name, text);
    } else if (json_is_object(v) && depth) {
        json_object_foreach(v, key, inner)
            rc = rc ? rc : member_put(m, arena_printf(m->a, "%s.%s", name, key), inner, 0, err);
    } else if (json_is_array(v) && depth && (!json_array_size(v) || json_is_object(json_array_get(v, 0)))) {
        member_add(m, name, arena_printf(m->a, "%zu", json_array_size(v)));
        json_array_foreach(v, i, inner)
            rc = rc ? rc : json_is_object(inner) ? member_put(m, arena_printf(m->a, "%s.%zu", name, i + 1), inner, 1, err)
                 : err_set(err, ERR_INPUT, "Row %zu of the field '%.60s' is no object.", i + 1, name);
    } else {
        return err_set(err, ERR_INPUT, "The field '%.60s' is neither text, whole number, true, false nor null; write"
                       " a fraction or an amount as a text.", name);
    }
    return rc;
}

int command_run_json(struct arena *a, const struct command_setup *setup, const char *name,
                     const char *json, size_t n, struct command_result *result, struct err *err)
{
    json_error_t where;
    json_t *body = json_loadb(json, n, JSON_REJECT_DUPLICATES, &where);
    *result = (struct command_result){ "", "", "", "", false, "" };
    if (!json_is_object(body)) {
        int rc = body ? err_set(err, ERR_INPUT, "The body is no JSON object; write {\"field\": \"value\"}.")
                      : err_set(err, ERR_INPUT, "The body is no JSON (line %d, column %d: %s).", where.line,
                                where.column, where.text);
        json_decref(body);
        return rc;
    }
    struct members given = { .a = a };
    const char *key;
    json_t *v;
    int rc = 0;
    json_object_foreach(body, key, v)
        rc = rc ? rc : member_put(&given, arena_text(a, key), v, 1, err);
    json_decref(body);
    return rc < 0 ? rc : command_run(a, setup, name, given.at, given.n, result, err);
}

/* ---- out ------------------------------------------------------------------------------------- */

void command_result_json(struct buf *out, const struct command_result *result)
{
    json_t *j = json_pack("{s:s, s:s, s:s, s:b}", "command", result->command, "ref", result->ref,
                          "text", result->text, "already", result->already);
    if (*result->secret)
        json_object_set_new(j, "secret", json_string(result->secret));
    put(out, j);
}

struct words {
    const struct plugins *plugins;
    const struct plugin *plugin;
    const struct catalogue *texts;
    const struct reader *reader;
};

static void set_words(json_t *j, const char *name, const struct words *w, const char *key)
{
    struct buf text = { 0 };
    if (!key || !*key)
        return;
    const char *pattern = w->plugin ? plugin_pattern(w->plugins, w->plugin, w->reader->language, key)
                                    : catalogue_find(w->texts, w->reader->language, key);
    if (pattern)
        text_message(&text, w->reader, pattern, NULL, 0);
    else
        buf_text(&text, key);
    json_object_set_new(j, name, json_stringn(buf_str(&text), text.len));
    buf_free(&text);
}

static json_t *field_json(const struct souk_field *f, const struct words *w)
{
    json_t *j = json_pack("{s:s, s:s, s:b}", "name", f->name, "type", field_word(f->type),
                          "needed", f->flags & SOUK_FIELD_NEEDED);
    set_words(j, "title", w, f->title);
    set_words(j, "about", w, f->about);
    if (f->min || f->max) {
        json_object_set_new(j, "min", json_integer(f->min));
        json_object_set_new(j, "max", json_integer(f->max));
    }
    if (f->currency_of)
        json_object_set_new(j, "currency_of", json_string(f->currency_of));
    if (f->zone_of)
        json_object_set_new(j, "zone_of", json_string(f->zone_of));
    if (f->country_of)
        json_object_set_new(j, "country_of", json_string(f->country_of));
    if (f->kind)
        json_object_set_new(j, "kind", json_string(f->kind));
    if (f->type == SOUK_FIELD_DECIMAL)
        json_object_set_new(j, "digits", json_integer(f->digits));
    if (*field_like(f))
        json_object_set_new(j, "example", json_string(field_like(f)));
    if (f->choices.n) {
        json_t *choices = json_array();
        for (uint32_t i = 0; i < f->choices.n; i++) {
            const struct souk_choice *c = (const struct souk_choice *)f->choices.at + i;
            json_t *choice = json_pack("{s:s}", "value", c->value);
            set_words(choice, "title", w, c->title);
            json_array_append_new(choices, choice);
        }
        json_object_set_new(j, "choices", choices);
    }
    if (f->fallback.type != SOUK_NONE) {
        struct buf text = { 0 };
        if (f->type > SOUK_FIELD_RECORDS)
            field_as_text(&text, f, &f->fallback, "UTC");
        else
            value_as_text(&text, &f->fallback);
        json_object_set_new(j, "fallback", json_stringn(buf_str(&text), text.len));
        buf_free(&text);
    }
    return j;
}

void command_list_json(struct buf *out, const struct plugins *plugins, const struct catalogue *texts,
                       const char *language)
{
    const struct reader reader = { .language = language, .zone = "UTC" };
    struct arena *tmp = arena_new("commands", 1 << 14);
    const struct command_info *list;
    size_t n;
    json_t *all = json_array();
    command_list(tmp, plugins, &list, &n);
    for (size_t i = 0; i < n; i++) {
        const struct words w = { plugins, list[i].plugin, texts, &reader };
        json_t *j = json_pack("{s:s, s:s}", "command", list[i].name, "right", right_word(list[i].right));
        json_t *fields = json_array();
        set_words(j, "title", &w, list[i].title);
        set_words(j, "about", &w, list[i].about);
        for (uint32_t k = 0; k < list[i].fields.n; k++)
            json_array_append_new(fields, field_json(field_at(&list[i].fields, k), &w));
        json_object_set_new(j, "fields", fields);
        json_array_append_new(all, j);
    }
    put(out, json_pack("{s:o}", "commands", all));
    arena_free(tmp);
}
