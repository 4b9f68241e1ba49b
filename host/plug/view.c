/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.c: a view's bytes, and all that must be true of them.
 *
 * Building only writes elements down; whether they make a view is asked in one place, when the
 * bytes are read: at the end of building, and again by whoever shows them.  So a view from another
 * process has to pass what one of our own passes.
 */
#include "view.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "field.h"

enum { ELEMENTS_MAX = 10000, BYTES_MAX = 4 << 20, VIEW_LINKS = 2 };

static const struct {
    const char *word;                                   /* for sentences */
    const struct wire_type *type;
    size_t label;                                       /* where the struct souk_msg is that names it */
} kinds[] = {
    [VIEW_SECTION] = { "section", &wire_msg, 0 },
    [VIEW_COLUMNS] = { "columns", NULL, 0 },
    [VIEW_FOLD] = { "fold", &wire_msg, 0 },
    [VIEW_END] = { "end", NULL, 0 },
    [VIEW_STAT] = { "figure", &wire_stat, offsetof(struct souk_stat, label) },
    [VIEW_FACT] = { "fact", &wire_fact, offsetof(struct souk_fact, label) },
    [VIEW_TABLE] = { "table", &wire_table, offsetof(struct souk_table, title) },
    [VIEW_CHART] = { "chart", &wire_chart, offsetof(struct souk_chart, title) },
    [VIEW_ALERT] = { "alert", &wire_alert, offsetof(struct souk_alert, text) },
    [VIEW_TEXT] = { "text", &wire_text_element, offsetof(struct souk_text_element, text) },
    [VIEW_EMPTY] = { "empty element", &wire_empty, offsetof(struct souk_empty, text) },
    [VIEW_ITEMS] = { "list of items", &wire_msg, 0 },
    [VIEW_ITEM] = { "item", &wire_item, offsetof(struct souk_item, title) },
    [VIEW_THREAD] = { "thread", &wire_msg, 0 },
    [VIEW_LETTER] = { "letter", &wire_letter, offsetof(struct souk_letter, from) },
    [VIEW_FORM] = { "form", &wire_form, offsetof(struct souk_form, button) },
    [VIEW_PROGRESS] = { "progress", &wire_progress, offsetof(struct souk_progress, label) },
    [VIEW_ARTICLE] = { "article", &wire_article, SIZE_MAX },
    [VIEW_PAGER] = { "pager", &wire_pager, SIZE_MAX },
};

bool view_is_group(enum view_kind kind)
{
    switch (kind) {
    case VIEW_SECTION: case VIEW_COLUMNS: case VIEW_FOLD: case VIEW_ITEMS: case VIEW_ITEM: case VIEW_THREAD:
        return true;
    default:
        return false;
    }
}

/* "figure 'units_today'"; without the name where it has none that could be shown. */
static const char *name_of(enum view_kind kind, const void *element, char *out, size_t room)
{
    const char *key = NULL;
    uint32_t size = kinds[kind].type ? UINT32_MAX : 0;
    if (size && kinds[kind].type->has_size)
        memcpy(&size, element, sizeof size);
    if (kinds[kind].label < SIZE_MAX && size >= kinds[kind].label + sizeof key)
        memcpy(&key, (const char *)element + kinds[kind].label, sizeof key);
    bool is_shown = key && *key && strnlen(key, 81) < 81 && utf8_is_valid(key, strlen(key));
    snprintf(out, room, is_shown ? "%s '%s'" : "%s", kinds[kind].word, key);
    return out;
}

/* ---- checking -------------------------------------------------------------------------------- */

struct pass {
    struct arena *a;
    struct wire_in in;
    enum err_code code;
    struct err *err;
    struct view_element *at;
    size_t n, room;
    size_t open[VIEW_DEPTH];                            /* elements whose groups are not ended */
    unsigned depth;
};

/* bad(p, e, "says not where it comes from") */
#define bad(p, e, ...) bad_element((p), (e), arena_printf((p)->a, __VA_ARGS__))

static int bad_element(struct pass *p, const struct view_element *e, const char *what)
{
    char name[120];
    return err_set(p->err, p->code, "The %s %s.", name_of(e->kind, &e->title, name, sizeof name),
                   what);
}

static bool is_given(const struct souk_msg *msg)
{
    return msg->key && *msg->key;
}

static int check_why(struct pass *p, const struct view_element *e, const struct souk_why *why)
{
    if (!why)
        return 0;
    if (!why->rows && !is_given(&why->formula) && !why->policy && !is_given(&why->origin))
        return bad(p, e, "has a .why that says nothing: give it .rows, .formula, .policy or"
                   " .origin");
    if (why->policy && (!why->market || !*why->market))
        return bad(p, e, "names the policy '%s' but not whose: add .market to its .why",
                   why->policy);
    return 0;
}

/* "kind:id": the kind is a word that an option could be called by. */
static bool is_ref(const char *at, size_t n)
{
    const char *id = memchr(at, ':', n);
    for (const char *c = at; id && c < id; c++)
        if (!(*c >= 'a' && *c <= 'z') && !(c > at && ((*c >= '0' && *c <= '9') || *c == '_')))
            return false;
    return id && id > at && id + 1 < at + n;
}

static int check_to(struct pass *p, const struct view_element *e, const struct souk_to *to)
{
    if (!to)
        return 0;
    if (!!to->query + !!to->widget + !!to->url + !!to->ref != 1)
        return bad(p, e, "has a link that must lead to one thing: give .query, .widget, .url or .ref");
    if (to->ref && !is_ref(to->ref, strlen(to->ref)))
        return bad(p, e, "has a link whose .ref is not \"kind:id\", such as order:303-1");
    if (!to->url)
        return 0;
    if (!text_starts(to->url, "https://") || !to->url[8])
        return bad(p, e, "has a link that leaves the site: its .url must begin with https://");
    for (const char *c = to->url; *c; c++)
        if ((unsigned char)*c <= ' ' || strchr("\"<>\\^`{|}\x7f", *c))
            return bad(p, e, "has a .url with a character that no address may have");
    return 0;
}

static int check_label(struct pass *p, const struct view_element *e, const struct souk_msg *label,
                       const char *member)
{
    return is_given(label) ? 0 : bad(p, e, "has no %s: give it a message key", member);
}

static int check_tone(struct pass *p, const struct view_element *e, uint32_t tone)
{
    return tone <= SOUK_INFO ? 0
           : bad(p, e, "has a .tone that does not exist: use one of enum souk_tone");
}

static int no_why(struct pass *p, const struct view_element *e)
{
    return bad(p, e, "says not where it comes from: add .why");
}

static int check_stat(struct pass *p, const struct view_element *e)
{
    const struct souk_stat *s = &e->stat;
    if (!s->why)
        return no_why(p, e);
    if (s->up_is != SOUK_PLAIN && s->up_is != SOUK_GOOD && s->up_is != SOUK_BAD)
        return bad(p, e, "has an .up_is that does not exist: use SOUK_GOOD, SOUK_BAD or"
                   " SOUK_PLAIN");
    if (s->value.type && s->before.type
        && (s->value.type != s->before.type || !text_is(s->value.currency, s->before.currency)))
        return bad(p, e, "compares two things of different kind: .before must be %s%s%s as .value"
                   " is", word_of_type(s->value.type), *s->value.currency ? " in " : "",
                   s->value.currency);
    return check_tone(p, e, s->tone);
}

static bool is_figure(const struct souk_value *v)
{
    return v->type == SOUK_COUNT || v->type == SOUK_MONEY || v->type == SOUK_AVERAGE || v->type == SOUK_RATE;
}

static int check_fact(struct pass *p, const struct view_element *e)
{
    if (is_figure(&e->fact.value) && !e->fact.why)
        return no_why(p, e);
    return check_tone(p, e, e->fact.tone);
}

static int check_table(struct pass *p, struct view_element *e, const struct souk_rows *rows)
{
    struct column *column = NULL;
    if (!view_why(e))
        return no_why(p, e);
    int rc = columns_parse(p->a, rows->columns, &column, &e->n_columns, p->err);
    e->column = column;
    return rc;
}

static bool can_be_drawn(uint32_t type)
{
    switch (type) {
    case SOUK_COUNT: case SOUK_DECIMAL: case SOUK_MONEY: case SOUK_AVERAGE: case SOUK_RATE:
    case SOUK_BP: case SOUK_SECONDS:
        return true;
    default:
        return false;
    }
}

static int check_chart(struct pass *p, struct view_element *e)
{
    const struct souk_chart *c = &e->chart;
    const char *currency = NULL;
    size_t shown = 0;
    const char *unit = NULL;
    if (c->kind < SOUK_LINE || c->kind > SOUK_HEAT)
        return bad(p, e, "has a .kind that does not exist: use SOUK_LINE, SOUK_BARS, SOUK_STACKED or"
                   " SOUK_HEAT");
    if (c->partial_rows > c->rows.n_rows)
        return bad(p, e, "has more .partial_rows than rows");
    for (size_t i = 0; i < e->n_columns; i++) {
        const struct column *column = &e->column[i];
        if (column->is_hidden)
            continue;
        shown++;
        if (shown == 1 && column->type != SOUK_DAY && column->type != SOUK_TEXT
            && !(c->kind == SOUK_HEAT && column->type == SOUK_KEY))
            return bad(p, e, "begins with the column \"%s\": its x axis must be day or text",
                       column->name);
        if (shown > 1 && !can_be_drawn(column->type))
            return bad(p, e, "cannot draw the column \"%s\", which is %s: mark it +hidden",
                       column->name, column->type_word);
        if (shown > 1 && c->kind == SOUK_HEAT && unit && !text_is(unit, column->type_word))
            return bad(p, e, "shades %s and %s by one scale: make one chart for each type", unit,
                       column->type_word);
        if (shown > 1)
            unit = column->type_word;
        for (uint32_t row = 0; row < c->rows.n_rows; row++) {
            const char *other = souk_cell(&c->rows, row, (uint32_t)i)->currency;
            if (*other && currency && !text_is(currency, other))
                return bad(p, e, "mixes %s and %s: make one chart for each currency", currency,
                           other);
            if (*other)
                currency = other;
        }
    }
    return shown > 1 ? 0 : bad(p, e, "has no second column to draw");
}

static int check_item(struct pass *p, const struct view_element *e)
{
    const struct souk_item *item = &e->item;
    if (item->due.type != SOUK_NONE && item->due.type != SOUK_INSTANT && item->due.type != SOUK_DAY)
        return bad(p, e, "has a .due that is %s: it must be an instant or a day",
                   word_of_type(item->due.type));
    if (is_figure(&item->value) && !item->why)
        return no_why(p, e);
    return check_tone(p, e, item->tone);
}

static int check_letter(struct pass *p, const struct view_element *e)
{
    if (e->letter.side < SOUK_IN || e->letter.side > SOUK_ASIDE)
        return bad(p, e, "has a .side that does not exist: use SOUK_IN, SOUK_OUT or SOUK_ASIDE");
    if (e->letter.at.type != SOUK_INSTANT)
        return bad(p, e, "says not when it was written: its .at must be an instant");
    return e->letter.body.at ? 0 : bad(p, e, "has no .body");
}

static int check_form(struct pass *p, const struct view_element *e)
{
    const struct souk_form *form = &e->form;
    const struct souk_field *field = form->fields.at;   /* as long as ours: the wire made them */
    if (!form->command || !*form->command)
        return bad(p, e, "runs no command: give it .command");
    if (!!form->also != is_given(&form->also_button))
        return bad(p, e, "needs both .also and .also_button, or none of them");
    if (form->is_folded && !is_given(&form->title))
        return bad(p, e, "is folded behind a title that it does not have: give it .title");
    for (uint32_t i = 0; i < form->fields.n; i++) {
        struct err why = { 0 };
        if (field_check(&field[i], FIELD_ARGUMENT, "field", "form", form->button.key, &why) < 0)
            return err_set(p->err, p->code, "%s", why.text);
        for (uint32_t k = 0; k < i; k++)
            if (text_is(field[k].name, field[i].name))
                return bad(p, e, "has the field '%s' twice", field[i].name);
        for (uint32_t k = 0; k < form->args.n; k++)
            if (text_is(form->args.at[k].name, field[i].name))
                return bad(p, e, "has '%s' as a field and as a fixed argument", field[i].name);
    }
    if (form->args.n > FORM_ARGS)
        return bad(p, e, "has more than %d fixed arguments", FORM_ARGS);
    for (uint32_t i = 0; i < form->args.n; i++)
        if (!value_has_text(&form->args.at[i].value))
            return bad(p, e, "has the fixed argument '%s' of type %s, which no field gives",
                       form->args.at[i].name, word_of_type(form->args.at[i].value.type));
    return check_tone(p, e, form->tone);
}

static int check_progress(struct pass *p, const struct view_element *e)
{
    const struct souk_progress *g = &e->progress;
    if (!g->why)
        return no_why(p, e);
    if (!can_be_drawn(g->of.type) || g->of.type == SOUK_RATE)
        return bad(p, e, "needs an .of that is a plain number, not %s", word_of_type(g->of.type));
    if (g->value.type && (g->value.type != g->of.type || !text_is(g->value.currency, g->of.currency)))
        return bad(p, e, "compares two things of different kind: .of must be %s%s%s as .value is",
                   word_of_type(g->value.type), *g->value.currency ? " in " : "", g->value.currency);
    return check_tone(p, e, g->tone);
}

static int check_kind(struct pass *p, struct view_element *e)
{
    int rc = 0;
    switch (e->kind) {
    case VIEW_SECTION:
    case VIEW_FOLD:
        return check_label(p, e, &e->title, "title");
    case VIEW_STAT:
        rc = check_label(p, e, &e->stat.label, ".label");
        return rc ? rc : check_stat(p, e);
    case VIEW_FACT:
        rc = check_label(p, e, &e->fact.label, ".label");
        return rc ? rc : check_fact(p, e);
    case VIEW_TABLE:
        return check_table(p, e, &e->table.rows);
    case VIEW_CHART:
        rc = check_table(p, e, &e->chart.rows);
        return rc ? rc : check_chart(p, e);
    case VIEW_ALERT:
        rc = check_label(p, e, &e->alert.text, ".text");
        return rc ? rc : check_tone(p, e, e->alert.tone);
    case VIEW_TEXT:
        return check_label(p, e, &e->text.text, ".text");
    case VIEW_EMPTY:
        return check_label(p, e, &e->empty.text, ".text");
    case VIEW_ITEMS:
    case VIEW_THREAD:
        return check_label(p, e, &e->title, "title");
    case VIEW_ITEM:
        rc = check_label(p, e, &e->item.title, ".title");
        return rc ? rc : check_item(p, e);
    case VIEW_LETTER:
        rc = check_label(p, e, &e->letter.from, ".from");
        return rc ? rc : check_letter(p, e);
    case VIEW_FORM:
        rc = check_label(p, e, &e->form.button, ".button");
        return rc ? rc : check_form(p, e);
    case VIEW_PROGRESS:
        rc = check_label(p, e, &e->progress.label, ".label");
        return rc ? rc : check_progress(p, e);
    case VIEW_ARTICLE:
        return e->article.text.len ? 0 : bad(p, e, "has no .text");
    case VIEW_PAGER:
        return e->pager.before || e->pager.next ? 0
               : bad(p, e, "leads nowhere: give it .before or .next");
    case VIEW_COLUMNS:
    case VIEW_END:
        break;
    }
    return 0;
}

static int check_element(struct pass *p, struct view_element *e)
{
    int rc = check_kind(p, e);
    if (rc == 0)
        rc = check_why(p, e, view_why(e));
    for (unsigned i = 0; rc == 0 && i < VIEW_LINKS; i++)
        rc = check_to(p, e, view_to(e, i));
    return rc;
}

/* Groups open and close; columns() holds nothing but sections, items() nothing but items. */
static int check_place(struct pass *p, const struct view_element *e)
{
    if (e->kind == VIEW_END) {
        if (!p->depth)
            return err_set(p->err, p->code, "There is one souk_end() more than groups were"
                           " opened.");
        p->depth--;
        return 0;
    }
    enum view_kind in = p->depth ? p->at[p->open[p->depth - 1]].kind : (enum view_kind)0;
    if (in == VIEW_COLUMNS && e->kind != VIEW_SECTION)
        return bad(p, e, "stands between souk_columns() and its end, where only sections stand side"
                   " by side");
    if (in == VIEW_ITEMS && e->kind != VIEW_ITEM)
        return bad(p, e, "stands between souk_items() and its end, where only items stand");
    if (e->kind == VIEW_ITEM && in != VIEW_ITEMS)
        return bad(p, e, "stands alone: an item stands between souk_items() and its end");
    if (e->kind == VIEW_LETTER && in != VIEW_THREAD)
        return bad(p, e, "stands alone: a letter stands between souk_thread() and its end");
    if (view_is_group(e->kind)) {
        if (p->depth == VIEW_DEPTH)
            return bad(p, e, "is a group within %d others, deeper than any page shows", VIEW_DEPTH);
        p->open[p->depth++] = p->n - 1;
    }
    return 0;
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct view_element *next_element(struct pass *p)
{
    if (p->n == p->room) {
        struct view_element *old = p->at;
        p->room = p->room ? p->room * 2 : 16;
        p->at = arena_alloc(p->a, p->room * sizeof *p->at);
        if (p->n)
            memcpy(p->at, old, p->n * sizeof *old);
    }
    return memset(&p->at[p->n++], 0, sizeof *p->at);
}

static int read_element(struct pass *p)
{
    const unsigned char *word = p->in.at;
    if (p->in.n < 4 || word[0] < VIEW_SECTION || word[0] > VIEW_PAGER || word[1] || word[2] || word[3])
        return err_set(p->err, p->code, "Element %zu of the view is of no kind that exists.",
                       p->n + 1);
    if (p->n == ELEMENTS_MAX)
        return err_set(p->err, p->code, "The view has more than %d elements.", ELEMENTS_MAX);
    struct view_element *e = next_element(p);
    e->kind = (enum view_kind)word[0];
    p->in.at += 4;
    p->in.n -= 4;
    int rc = 0;
    if (kinds[e->kind].type)
        rc = wire_get(&p->in, kinds[e->kind].type, p->a, &e->title, p->err);
    if (rc == 0)
        rc = check_place(p, e);
    return rc ? rc : check_element(p, e);
}

static int read_all(struct pass *p)
{
    int rc = 0;
    if (p->in.n > BYTES_MAX)
        return err_set(p->err, p->code, "The view has more than 4 MiB.");
    while (rc == 0 && p->in.n)
        rc = read_element(p);
    return rc;
}

static int read_end(struct pass *p)
{
    if (!p->depth)
        return 0;
    const struct view_element *e = &p->at[p->open[p->depth - 1]];
    return bad(p, e, "is not ended: call souk_end()");
}

int view_read(struct arena *a, const void *bytes, size_t n, const struct view_element **out,
              size_t *n_out, struct err *err)
{
    struct pass p = { .a = a, .in = { bytes, n }, .code = ERR_CORRUPT, .err = err };
    int rc = read_all(&p);
    if (rc == 0)
        rc = read_end(&p);
    *out = p.at;
    *n_out = rc == 0 ? p.n : 0;
    return rc;
}

const struct souk_why *view_why(const struct view_element *e)
{
    switch (e->kind) {
    case VIEW_STAT:  return e->stat.why;
    case VIEW_FACT:  return e->fact.why;
    case VIEW_TABLE: return e->table.why;
    case VIEW_CHART: return e->chart.why;
    case VIEW_ALERT: return e->alert.why;
    case VIEW_ITEM:  return e->item.why;
    case VIEW_PROGRESS: return e->progress.why;
    default:         return NULL;
    }
}

const struct souk_to *view_to(const struct view_element *e, unsigned i)
{
    if (e->kind == VIEW_PAGER)
        return i == 0 ? e->pager.before : i == 1 ? e->pager.next : NULL;
    if (i)
        return NULL;
    switch (e->kind) {
    case VIEW_STAT:  return e->stat.to;
    case VIEW_FACT:  return e->fact.to;
    case VIEW_TABLE: return e->table.more;
    case VIEW_ALERT: return e->alert.to;
    case VIEW_TEXT:  return e->text.to;
    case VIEW_ITEM:  return e->item.to;
    case VIEW_PROGRESS: return e->progress.to;
    default:         return NULL;
    }
}

/* ---- building -------------------------------------------------------------------------------- */

void view_add(struct view *v, enum view_kind kind, const struct wire_type *type,
              const void *element)
{
    const unsigned char word[4] = { (unsigned char)kind, 0, 0, 0 };
    size_t before = v->bytes.len;
    struct err wrong = { 0 };
    char name[120];
    if (v->fault.code)
        return;
    buf_put(&v->bytes, word, sizeof word);
    if (type && !element)
        err_set(&v->fault, ERR_PLUGIN, "The %s is NULL.", kinds[kind].word);
    else if (type && wire_put(&v->bytes, type, element, &wrong) < 0)
        err_set(&v->fault, ERR_PLUGIN, "The %s: %s", name_of(kind, element, name, sizeof name),
                wrong.text);
    else if (v->n_elements == ELEMENTS_MAX || v->bytes.len > BYTES_MAX)
        err_set(&v->fault, ERR_PLUGIN, "The view has more than %d elements or 4 MiB: show less of"
                " it, and let .more or .to lead to a query for the rest.", ELEMENTS_MAX);
    else
        v->n_elements++;
    if (v->fault.code)
        v->bytes.len = before;
}

int view_finish(struct view *v, struct err *err)
{
    struct arena *tmp = arena_new("view", 16384);
    struct pass p = { .a = tmp, .in = { (const unsigned char *)buf_str(&v->bytes), v->bytes.len },
                      .code = ERR_PLUGIN, .err = &v->fault };
    struct err added = v->fault;                        /* what came before it in the view comes first */
    err_clear(&v->fault);
    int rc = read_all(&p);
    if (rc == 0 && !added.code)
        rc = read_end(&p);
    if (rc == 0)
        v->fault = added;
    arena_free(tmp);
    return v->fault.code ? err_set(err, (enum err_code)v->fault.code, "%s", v->fault.text) : 0;
}

void view_clear(struct view *v)
{
    buf_free(&v->bytes);
    *v = (struct view){ 0 };
}
