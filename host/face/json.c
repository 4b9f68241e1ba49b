/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c: views and rows as JSON, for programs.
 *
 * Money is written as text in major units with its currency ("12.34", "EUR") and as minor units, so
 * that nobody needs floating point.  Every element that has one carries its "why".
 */
#include "face.h"

#include <jansson.h>
#include <stdlib.h>

#include "plug/field.h"

static json_t *text_of(struct buf *b)
{
    json_t *j = json_stringn(buf_str(b), b->len);
    buf_free(b);
    return j ? j : json_null();
}

static json_t *json_msg(const struct face *f, const struct souk_msg *msg)
{
    struct buf b = { 0 };
    say_msg(&b, f, msg);
    return text_of(&b);
}

json_t *json_value(const struct face *f, const struct souk_value *v)
{
    struct buf plain = { 0 }, said = { 0 };
    if (v->type == SOUK_NONE)
        return json_null();
    json_t *j = json_object();
    plain_value(&plain, v);
    say_value(&said, f, v);
    json_object_set_new(j, "type", json_string(word_of_type(v->type)));
    switch (v->type) {
    case SOUK_BOOL:
        json_object_set_new(j, "value", json_boolean(v->num));
        break;
    case SOUK_COUNT: case SOUK_BP: case SOUK_SECONDS:
        json_object_set_new(j, "value", json_integer(v->num));
        break;
    case SOUK_RATE: case SOUK_AVERAGE:
        json_object_set_new(j, "num", json_integer(v->num));
        json_object_set_new(j, "den", json_integer(v->den));
        break;
    case SOUK_MONEY:
        json_object_set_new(j, "minor", json_integer(v->num));
        json_object_set_new(j, "value", json_string(buf_str(&plain)));
        break;
    default:
        json_object_set_new(j, "value", json_stringn(buf_str(&plain), plain.len));
    }
    if (v->currency[0])
        json_object_set_new(j, "currency", json_string(v->currency));
    if (v->type == SOUK_INSTANT && v->text.len)
        json_object_set_new(j, "zone", json_string(v->text.at));
    json_object_set_new(j, "text", text_of(&said));
    buf_free(&plain);
    return j;
}

json_t *json_rows(const struct face *f, const struct souk_rows *rows, const struct column *column, size_t n_columns)
{
    json_t *j = json_object(), *heads = json_array(), *body = json_array();
    for (size_t c = 0; c < n_columns; c++) {
        struct buf title = { 0 };
        say_column(&title, f, column[c].name);
        json_array_append_new(heads, json_pack("{s:s, s:s, s:o}", "name", column[c].name,
                                               "type", column[c].type_word, "title", text_of(&title)));
    }
    for (uint32_t r = 0; r < rows->n_rows; r++) {
        json_t *row = json_array();
        for (size_t c = 0; c < n_columns; c++)
            json_array_append_new(row, json_value(f, souk_cell(rows, r, (uint32_t)c)));
        json_array_append_new(body, row);
    }
    json_object_set_new(j, "columns", heads);
    json_object_set_new(j, "rows", body);
    json_object_set_new(j, "is_cut", json_boolean(rows->is_cut));
    return j;
}

static json_t *json_why(const struct face *f, const struct souk_why *why)
{
    json_t *j = json_object();
    if (why->rows) {
        struct buf link = { 0 };
        link_query(&link, f, why->rows, &why->args);
        json_object_set_new(j, "rows", text_of(&link));
    }
    if (why->formula.key && *why->formula.key)
        json_object_set_new(j, "formula", json_msg(f, &why->formula));
    if (why->policy)
        json_object_set_new(j, "policy", json_string(why->policy));
    if (why->origin.key && *why->origin.key)
        json_object_set_new(j, "origin", json_msg(f, &why->origin));
    return j;
}

static json_t *json_to(const struct face *f, const struct souk_to *to)
{
    struct buf link = { 0 };
    return link_to(&link, f, to) ? text_of(&link) : json_null();
}

static const char *const tones[] = { "plain", "good", "watch", "bad", "info" };

static void set_tone(json_t *j, uint32_t tone)
{
    if (tone && tone < COUNT_OF(tones))
        json_object_set_new(j, "tone", json_string(tones[tone]));
}

static void set_msg(json_t *j, const char *name, const struct face *f, const struct souk_msg *msg)
{
    if (msg->key && *msg->key)
        json_object_set_new(j, name, json_msg(f, msg));
}

static void set_value(json_t *j, const char *name, const struct face *f, const struct souk_value *v)
{
    if (v->type != SOUK_NONE)
        json_object_set_new(j, name, json_value(f, v));
}

static json_t *json_str(const struct souk_str *s)
{
    json_t *j = s->at ? json_stringn(s->at, s->len) : NULL;
    return j ? j : json_null();
}

static void set_text(json_t *j, const char *name, struct buf *text)
{
    json_object_set_new(j, name, text_of(text));
}

/* A field as a program needs it: what it is called, its type, what it holds. */
static json_t *json_field(const struct face *f, const struct souk_field *field)
{
    struct buf now = { 0 };
    json_t *j = json_object();
    json_object_set_new(j, "name", json_string(field->name));
    json_object_set_new(j, "type", json_string(field_word(field->type)));
    json_object_set_new(j, "title", json_msg(f, &(struct souk_msg){ field->title, { NULL, 0, 0 } }));
    if (field->flags & SOUK_FIELD_NEEDED)
        json_object_set_new(j, "is_needed", json_true());
    if (*field_like(field))
        json_object_set_new(j, "example", json_string(field_like(field)));
    if (field->fallback.type != SOUK_NONE) {
        if (field->type > SOUK_FIELD_RECORDS)
            field_as_text(&now, field, &field->fallback, "UTC");
        else
            value_as_text(&now, &field->fallback);
        set_text(j, "now", &now);
    }
    if (field->choices.n) {
        json_t *list = json_array();
        for (uint32_t i = 0; i < field->choices.n; i++)
            json_array_append_new(list, json_string(((const struct souk_choice *)field->choices.at)[i].value));
        json_object_set_new(j, "choices", list);
    }
    return j;
}

static void json_form(json_t *j, const struct face *f, const struct souk_form *form)
{
    json_t *args = json_object(), *fields = json_array();
    for (uint32_t i = 0; i < form->args.n; i++) {
        struct buf text = { 0 };
        value_as_text(&text, &form->args.at[i].value);
        set_text(args, form->args.at[i].name, &text);
    }
    for (uint32_t i = 0; i < form->fields.n; i++)
        json_array_append_new(fields, json_field(f, &((const struct souk_field *)form->fields.at)[i]));
    json_object_set_new(j, "command", json_string(form->command));
    set_msg(j, "title", f, &form->title);
    set_msg(j, "button", f, &form->button);
    set_msg(j, "note", f, &form->note);
    if (form->also) {
        json_object_set_new(j, "also", json_string(form->also));
        set_msg(j, "also_button", f, &form->also_button);
    }
    json_object_set_new(j, "args", args);
    json_object_set_new(j, "fields", fields);
}

static json_t *json_element(const struct face *f, const struct view_element *e)
{
    json_t *j = json_object();
    const struct souk_why *why = view_why(e);
    const struct souk_to *to = NULL;
    switch (e->kind) {
    case VIEW_STAT:
        json_object_set_new(j, "kind", json_string("stat"));
        json_object_set_new(j, "label", json_msg(f, &e->stat.label));
        json_object_set_new(j, "value", json_value(f, &e->stat.value));
        if (e->stat.before.type != SOUK_NONE) {
            int64_t bp;
            json_object_set_new(j, "before", json_value(f, &e->stat.before));
            json_object_set_new(j, "before_label", json_msg(f, &e->stat.before_label));
            if (say_change(&e->stat.value, &e->stat.before, &bp))
                json_object_set_new(j, "change_bp", json_integer(bp));
        }
        if (e->stat.is_estimate)
            json_object_set_new(j, "is_estimate", json_true());
        if (e->stat.note.key && *e->stat.note.key)
            json_object_set_new(j, "note", json_msg(f, &e->stat.note));
        set_tone(j, e->stat.tone);
        to = e->stat.to;
        break;
    case VIEW_FACT:
        json_object_set_new(j, "kind", json_string("fact"));
        json_object_set_new(j, "label", json_msg(f, &e->fact.label));
        json_object_set_new(j, "value", json_value(f, &e->fact.value));
        set_tone(j, e->fact.tone);
        to = e->fact.to;
        break;
    case VIEW_TABLE:
        json_object_set_new(j, "kind", json_string("table"));
        json_object_set_new(j, "title", json_msg(f, &e->table.title));
        json_object_set_new(j, "table", json_rows(f, &e->table.rows, e->column, e->n_columns));
        to = e->table.more;
        break;
    case VIEW_CHART: {
        static const char *const kinds[] = { "", "line", "bars", "stacked", "heat" };
        json_object_set_new(j, "kind", json_string("chart"));
        json_object_set_new(j, "chart", json_string(kinds[e->chart.kind]));
        json_object_set_new(j, "title", json_msg(f, &e->chart.title));
        json_object_set_new(j, "partial_rows", json_integer(e->chart.partial_rows));
        json_object_set_new(j, "table", json_rows(f, &e->chart.rows, e->column, e->n_columns));
        break;
    }
    case VIEW_ALERT:
        json_object_set_new(j, "kind", json_string("alert"));
        json_object_set_new(j, "text", json_msg(f, &e->alert.text));
        set_tone(j, e->alert.tone);
        to = e->alert.to;
        break;
    case VIEW_TEXT:
        json_object_set_new(j, "kind", json_string("text"));
        json_object_set_new(j, "text", json_msg(f, &e->text.text));
        to = e->text.to;
        break;
    case VIEW_EMPTY:
        json_object_set_new(j, "kind", json_string("empty"));
        json_object_set_new(j, "text", json_msg(f, &e->empty.text));
        if (e->empty.fills)
            json_object_set_new(j, "fills", json_string(e->empty.fills));
        break;
    case VIEW_ITEM:
        json_object_set_new(j, "kind", json_string("item"));
        set_msg(j, "title", f, &e->item.title);
        set_msg(j, "note", f, &e->item.note);
        set_msg(j, "badge", f, &e->item.badge);
        set_value(j, "due", f, &e->item.due);
        set_value(j, "value", f, &e->item.value);
        set_tone(j, e->item.tone);
        to = e->item.to;
        break;
    case VIEW_LETTER: {
        static const char *const sides[] = { "", "in", "out", "aside" };
        json_object_set_new(j, "kind", json_string("letter"));
        json_object_set_new(j, "side", json_string(sides[e->letter.side]));
        set_msg(j, "from", f, &e->letter.from);
        set_value(j, "at", f, &e->letter.at);
        set_msg(j, "state", f, &e->letter.state);
        if (e->letter.subject.len)
            json_object_set_new(j, "subject", json_str(&e->letter.subject));
        json_object_set_new(j, "body", json_str(&e->letter.body));
        break;
    }
    case VIEW_FORM:
        json_object_set_new(j, "kind", json_string("form"));
        json_form(j, f, &e->form);
        set_tone(j, e->form.tone);
        break;
    case VIEW_PROGRESS:
        json_object_set_new(j, "kind", json_string("progress"));
        set_msg(j, "label", f, &e->progress.label);
        json_object_set_new(j, "value", json_value(f, &e->progress.value));
        json_object_set_new(j, "of", json_value(f, &e->progress.of));
        set_msg(j, "note", f, &e->progress.note);
        set_tone(j, e->progress.tone);
        to = e->progress.to;
        break;
    case VIEW_ARTICLE:
        json_object_set_new(j, "kind", json_string("article"));
        json_object_set_new(j, "markdown", json_str(&e->article.text));
        break;
    case VIEW_PAGER:
        json_object_set_new(j, "kind", json_string("pager"));
        if (e->pager.before)
            json_object_set_new(j, "before", json_to(f, e->pager.before));
        if (e->pager.next)
            json_object_set_new(j, "next", json_to(f, e->pager.next));
        break;
    default:
        break;
    }
    if (why)
        json_object_set_new(j, "why", json_why(f, why));
    if (to)
        json_object_set_new(j, "to", json_to(f, to));
    return j;
}

json_t *json_view(const struct face *f, const struct view_element *e, size_t n)
{
    json_t *stack[64];
    size_t depth = 0;
    stack[0] = json_array();
    for (size_t i = 0; i < n; i++) {
        if (e[i].kind == VIEW_END) {
            depth--;
        } else if (view_is_group(e[i].kind)) {
            static const char *const kinds[] = {
                [VIEW_SECTION] = "section", [VIEW_FOLD] = "fold", [VIEW_COLUMNS] = "columns",
                [VIEW_ITEMS] = "items", [VIEW_THREAD] = "thread",
            };
            json_t *group, *inside = json_array();
            if (e[i].kind == VIEW_ITEM) {
                group = json_element(f, &e[i]);
            } else {
                group = json_object();
                json_object_set_new(group, "kind", json_string(kinds[e[i].kind]));
                if (e[i].kind != VIEW_COLUMNS)
                    json_object_set_new(group, "title", json_msg(f, &e[i].title));
            }
            json_object_set_new(group, "elements", inside);
            json_array_append_new(stack[depth], group);
            stack[++depth] = inside;                    /* view_read bounds the depth */
        } else {
            json_array_append_new(stack[depth], json_element(f, &e[i]));
        }
    }
    return stack[0];
}

static int put(const char *at, size_t n, void *out)
{
    buf_put(out, at, n);
    return 0;
}

void json_write(struct buf *out, json_t *json)
{
    json_dump_callback(json, put, out, JSON_COMPACT);
    json_decref(json);
}
