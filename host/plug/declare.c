/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declare.c: what a plugin declares, copied and checked.
 *
 * A struct may be longer than ours (a newer SDK: cut) or shorter (an older one: zeros), but never
 * shorter than it was when it was first released.
 */
#include "declare.h"

#include <stdio.h>
#include <string.h>

#include "field.h"
#include "path.h"

enum { STRUCT_MAX = 1 << 16, LIST_MAX = 1000, ROWS_MAX = 100000, TEXT_MAX = 200, SQL_MAX = 100000 };

/* How long each struct was in SDK 0.1: these never change. */
#define FIRST(type, last) (offsetof(struct type, last) + sizeof ((struct type *)0)->last)
enum {
    PLUGIN_FIRST = FIRST(souk_plugin, close),
    QUERY_FIRST = FIRST(souk_query, about),
    WIDGET_FIRST = FIRST(souk_widget, render),
    FIELD_FIRST = FIRST(souk_field, choices),
    COMMAND_FIRST = FIRST(souk_command, plan),          /* these two since 0.2 */
    SEARCH_FIRST = FIRST(souk_search, query),
    SETTINGS_FIRST = FIRST(souk_settings, migrate),     /* these two since 0.3 */
    SECTION_FIRST = FIRST(souk_section, about),
    IMPORT_FIRST = FIRST(souk_import, rows),
    IMPORT_COLUMN_FIRST = FIRST(souk_import_column, currency)
};

/* Interfaces that this host gives, as in .wants. */
static const char *const interfaces[] = {
    SOUK_VIEW, SOUK_QUERY, SOUK_IMPORT, SOUK_STORE, SOUK_LOG, SOUK_PLAN, SOUK_CHECK
};

#define bad(err, ...) err_set((err), ERR_PLUGIN, __VA_ARGS__)

/* ---- copying --------------------------------------------------------------------------------- */

static bool size_is_fine(uint32_t size, size_t first)
{
    return size >= first && size <= STRUCT_MAX && size % sizeof(void *) == 0;
}

/* A struct that starts with its size; NULL when that cannot be true. */
static void *copy_sized(struct arena *a, const void *from, size_t room, size_t first, size_t ours)
{
    uint32_t size = 0;
    if (from)
        memcpy(&size, from, sizeof size);
    if (!size_is_fine(size, first) || size > room)
        return NULL;
    char *to = arena_zero(a, ours);
    memcpy(to, from, size < ours ? size : ours);
    size = (uint32_t)ours;
    memcpy(to, &size, sizeof size);
    return to;
}

static const void *list_at(const struct souk_list *list, uint32_t i)
{
    return (const char *)list->at + (size_t)i * list->size;
}

static int check_list(const struct souk_list *list, size_t first, const char *what, struct err *err)
{
    if (list->n > LIST_MAX || (list->n && (!list->at || !size_is_fine(list->size, first))))
        return bad(err, "Its list of %s cannot be true: write it as SOUK_LIST(array).", what);
    return 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

bool declare_is_word(const char *text, const char *also)
{
    if (!text || *text < 'a' || *text > 'z')
        return false;
    size_t n = 0;
    for (; text[n] && n <= 60; n++)
        if (!(text[n] >= 'a' && text[n] <= 'z') && !(text[n] >= '0' && text[n] <= '9')
            && !strchr(also, text[n]))
            return false;
    return n <= 60;
}

bool declare_is_text(const char *text, size_t most)
{
    return text && *text && strnlen(text, most + 1) <= most && utf8_is_valid(text, strlen(text));
}

static bool is_reverse_domain(const char *id)
{
    return declare_is_word(id, ".-") && strchr(id, '.') && !strstr(id, "..") && !text_ends(id, ".");
}

static bool is_version(const char *version)
{
    int numbers = 0;
    const char *at = version;
    if (!declare_is_text(version, 60))
        return false;
    for (;;) {
        size_t digits = strspn(at, "0123456789");
        if (!digits)
            return false;
        at += digits;
        if (++numbers == 3)
            return !*at || *at == '-' || *at == '+';
        if (*at++ != '.')
            return false;
    }
}

/* The words of a list, one by one: true and a copy of the next, false at the end. */
static bool next_word(const char **at, char *word, size_t room)
{
    *at += strspn(*at, " ");
    size_t n = strcspn(*at, " ");
    size_t fits = n < room ? n : room - 1;
    memcpy(word, *at, fits);
    word[fits] = '\0';
    *at += n;
    return n > 0;
}

/* ---- queries --------------------------------------------------------------------------------- */

/* Can one column of a result be it, or one part of an address say it? */
static bool is_scalar(uint32_t type, bool as_param)
{
    switch (type) {
    case SOUK_KEY: case SOUK_MONEY: case SOUK_TAIL:
        return !as_param;
    case SOUK_DECIMAL: case SOUK_AVERAGE: case SOUK_RATE: case SOUK_BYTES:
        return false;
    default:
        return true;
    }
}

static int check_params(const struct query_info *q, struct stmt *s, struct err *err)
{
    char name[80];
    for (size_t i = 0; i < q->n_params; i++) {
        const struct column *c = &q->param[i];
        if (!is_scalar(c->type, true) || c->is_hidden || c->has_total || *c->currency)
            return bad(err, "The query '%s' has the parameter \"%s\" of type %s: a parameter is one"
                       " plain value, such as text, count, day, instant or market.", q->query->id,
                       c->name, c->type_word);
        snprintf(name, sizeof name, ":%s", c->name);
        if (!bind_index(s, name))
            return bad(err, "The query '%s' declares the parameter \"%s\", but its SQL has no :%s:"
                       " remove it from .params.", q->query->id, c->name, c->name);
    }
    for (int at = 1; at <= stmt_params(s); at++) {
        const char *used = stmt_param_name(s, at);
        bool is_declared = false;
        for (size_t i = 0; used && i < q->n_params; i++)
            is_declared |= used[0] == ':' && text_is(used + 1, q->param[i].name);
        if (!is_declared)
            return bad(err, "The query '%s' uses the parameter %s, which it does not declare: add"
                       " it to .params with its type.", q->query->id, used ? used : "?");
    }
    return 0;
}

static int check_columns(const struct query_info *q, struct stmt *s, struct err *err)
{
    if ((int)q->n_columns != stmt_columns(s))
        return bad(err, "The query '%s' declares %zu columns, but its SELECT has %d: name each of"
                   " them in .columns, in the same order.", q->query->id, q->n_columns,
                   stmt_columns(s));
    for (size_t i = 0; i < q->n_columns; i++) {
        const struct column *c = &q->column[i];
        if (c->type == SOUK_MONEY && !*c->currency)
            return bad(err, "The query '%s' has the column \"%s\" of type money: say which column"
                       " holds its currency, as in %s:money/currency.", q->query->id, c->name,
                       c->name);
        if (!is_scalar(c->type, false))
            return bad(err, "The query '%s' has the column \"%s\" of type %s, which a column of a"
                       " SELECT cannot give.", q->query->id, c->name, c->type_word);
    }
    return 0;
}

static int read_query(struct plugin *p, struct query_info *to, struct arena *a, const void *from,
                      size_t room, struct db *db, struct err *err)
{
    struct query_info q = { .query = copy_sized(a, from, room, QUERY_FIRST, sizeof *q.query) };
    struct err why = { 0 };
    struct column *param = NULL, *column = NULL;
    struct stmt *s = NULL;
    if (!q.query)
        return bad(err, "A query has a .size that cannot be true: set .size = sizeof(struct"
                   " souk_query).");
    const struct souk_query *query = q.query;
    if (!declare_is_word(query->id, "_"))
        return bad(err, "The query id \"%.60s\" must be lower-case letters, digits and _, a letter"
                   " first.", declare_is_text(query->id, TEXT_MAX) ? query->id : "");
    if (plugin_query(p, query->id))
        return bad(err, "The query '%s' is declared twice: give each its own id.", query->id);
    if (!declare_is_text(query->title, TEXT_MAX) || !declare_is_text(query->sql, SQL_MAX)
        || !declare_is_text(query->columns, SQL_MAX) || (query->about && !declare_is_text(query->about, TEXT_MAX)))
        return bad(err, "The query '%s' needs .title, .sql and .columns, all of them texts.",
                   query->id);
    if (query->max_rows > ROWS_MAX)
        return bad(err, "The query '%s' wants %u rows; at most %d are given: lower .max_rows.",
                   query->id, query->max_rows, ROWS_MAX);
    int rc = columns_parse(a, query->columns, &column, &q.n_columns, &why);
    if (rc == 0 && query->params && *query->params)
        rc = columns_parse(a, query->params, &param, &q.n_params, &why);
    if (rc == 0)
        rc = db_guarded(db, query->sql, p->entry->reads ? p->entry->reads : "", &s, &why);
    if (rc < 0)
        return bad(err, "The query '%s' is refused: %s", query->id, why.text);
    q.param = param;
    q.column = column;
    rc = check_params(&q, s, err);
    if (rc == 0)
        rc = check_columns(&q, s, err);
    stmt_free(s);
    *to = q;
    return rc;
}

static int read_queries(struct plugin *p, struct arena *a, struct db *db, struct err *err)
{
    const struct souk_list *list = &p->entry->queries;
    int rc = check_list(list, QUERY_FIRST, "queries", err);
    if (rc < 0)
        return rc;
    struct query_info *queries = arena_zero(a, list->n * sizeof *queries);
    p->queries = queries;
    for (uint32_t i = 0; rc == 0 && i < list->n; i++) {
        rc = read_query(p, &queries[i], a, list_at(list, i), list->size, db, err);
        p->n_queries += rc == 0;
    }
    return rc;
}

/* ---- widgets --------------------------------------------------------------------------------- */

/* Is the query declared, with one of these lists of parameters, and exactly these columns? */
static bool is_query_of(const struct query_info *q, const char *const params[2], const char *columns)
{
    char mine[200] = "";
    for (size_t i = 0; i < q->n_columns; i++)
        snprintf(mine + strlen(mine), sizeof mine - strlen(mine), "%s%s:%s", i ? " " : "", q->column[i].name,
                 q->column[i].type_word);
    if (!text_is(mine, columns))
        return false;
    *mine = '\0';
    for (size_t i = 0; i < q->n_params; i++)
        snprintf(mine + strlen(mine), sizeof mine - strlen(mine), "%s%s:%s", i ? " " : "", q->param[i].name,
                 q->param[i].type_word);
    return text_is(mine, params[0]) || text_is(mine, params[1]);
}

static const struct souk_field *field_named(const struct souk_list *list, const char *name)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (text_is(field_at(list, i)->name, name))
            return field_at(list, i);
    return NULL;
}

/* What a field names is there: the one that it is shown for, the query that gives its choices. */
static int check_named(const struct plugin *p, const struct souk_list *list, const struct souk_field *f, const char *what,
                       const char *of, const char *whose, struct err *err)
{
    static const char *const params[] = { "", "" };
    const struct souk_field *when = f->when ? field_named(list, f->when) : NULL;
    const struct query_info *q = f->choices_from ? plugin_query(p, f->choices_from) : NULL;
    if (f->when && (!when || when->type == SOUK_FIELD_RECORD || when->flags & SOUK_FIELD_SECRET))
        return bad(err, "The %s '%s' of the %s '%s' is shown .when '%s' holds something, but that is no plain field"
                   " there.", what, f->name, of, whose, f->when);
    if (f->choices_from && (!q || !is_query_of(q, params, "value:text title:text")))
        return bad(err, "The %s '%s' of the %s '%s' takes its choices from '%s', which must be a declared query without"
                   " parameters and with the columns \"value:text title:text\".", what, f->name, of, whose,
                   f->choices_from);
    return 0;
}

/*
 * A list of our own structs instead of the plugin's, with room for `more`; `what` they are, of "widget", whose.
 * A field within a field has no fields of its own: deep is false there.
 */
static int read_fields_of(const struct plugin *p, struct souk_list *list, uint32_t more, enum field_use use, bool deep,
                          struct arena *a, const char *what, const char *of, const char *whose, struct err *err)
{
    const struct souk_list from = *list;
    int rc = check_list(&from, FIELD_FIRST, "fields", err);
    if (rc < 0)
        return rc;
    struct souk_field *field = arena_zero(a, (from.n + more + 1) * sizeof *field);
    for (uint32_t i = 0; i < from.n; i++) {
        const struct souk_field *f =
            copy_sized(a, list_at(&from, i), from.size, FIELD_FIRST, sizeof *f);
        if (!f)
            return bad(err, "The %s '%s' has %s %s with a .size that cannot be true: set .size ="
                       " sizeof(struct souk_field).", of, whose, *what == 'o' ? "an" : "a", what);
        rc = field_check(f, use, what, of, whose, err);
        if (rc < 0)
            return rc;
        if (f->fields.n && !deep)
            return bad(err, "The %s '%s' of the %s '%s' is a record or table within another: they are one deep.", what,
                       f->name, of, whose);
        for (uint32_t k = 0; k < i; k++)
            if (text_is(field[k].name, f->name))
                return bad(err, "The %s '%s' has the %s '%s' twice.", of, whose, what, f->name);
        field[i] = *f;
        if (f->fields.n)
            rc = read_fields_of(p, &field[i].fields, 0, use, false, a, what, f->name, whose, err);
        if (rc < 0)
            return rc;
    }
    *list = (struct souk_list){ field, from.n, sizeof *field };
    for (uint32_t i = 0; rc == 0 && i < list->n; i++)
        rc = check_named(p, list, &field[i], what, of, whose, err);
    return rc;
}

static int read_fields(const struct plugin *p, struct souk_list *list, uint32_t more, enum field_use use, struct arena *a,
                       const char *what, const char *of, const char *whose, struct err *err)
{
    return read_fields_of(p, list, more, use, true, a, what, of, whose, err);
}

static uint32_t count_words(const char *text)
{
    char word[80];
    uint32_t n = 0;
    while (text && next_word(&text, word, sizeof word))
        n++;
    return n;
}

/* Each kind of reference that it shows is an option, whether the plugin says so or not. */
static int add_shown(struct souk_widget *w, struct arena *a, struct err *err)
{
    char word[80];
    struct souk_field *field = (struct souk_field *)(uintptr_t)w->options.at;   /* ours: read_fields made room */
    for (const char *at = w->shows; at && next_word(&at, word, sizeof word);) {
        uint32_t i = 0;
        if (!declare_is_word(word, "_"))
            return bad(err, "The widget '%s' shows \"%s\", but a kind of reference is lower-case letters, digits"
                       " and _, a letter first.", w->id, word);
        while (i < w->options.n && !text_is(field[i].name, word))
            i++;
        if (i == w->options.n)
            field[w->options.n++] = (struct souk_field){
                .size = sizeof *field, .type = SOUK_FIELD_LINE, .name = arena_text(a, word),
                .title = arena_printf(a, "column.%s", word), .fallback = SOUK_WORD(SOUK_TEXT, ""),
            };
        else if (field[i].type != SOUK_FIELD_LINE || *field[i].fallback.text.at)
            return bad(err, "The widget '%s' shows '%s', so its option of that name must be a line that falls back"
                       " to \"\".", w->id, word);
    }
    return 0;
}

static int check_badge(const struct plugin *p, const struct souk_widget *w, struct err *err)
{
    static const char *const params[] = { "", "now:instant" };
    const struct query_info *q = w->badge ? plugin_query(p, w->badge) : NULL;
    if (w->ribbon > SOUK_RIBBON_DEADLINES || (w->ribbon && !widget_has_badge(w)))
        return bad(err, "The widget '%s' has a .ribbon that does not exist, or no .badge to stand there.", w->id);
    if (w->badge && w->counts)
        return bad(err, "The widget '%s' has both .badge and .counts: one of them is enough.", w->id);
    if (w->badge && (!q || !is_query_of(q, params, "count:count urgent:count")))
        return bad(err, "The widget '%s' needs a .badge that is a declared query with the columns"
                   " \"count:count urgent:count\" and no parameters but now:instant.", w->id);
    return 0;
}

static int read_widget(struct plugin *p, struct arena *a, const void *table, struct err *err)
{
    struct souk_widget *w = copy_sized(a, table, STRUCT_MAX, WIDGET_FIRST, sizeof *w);
    if (!w)
        return bad(err, "A widget has a .size that cannot be true: set .size = sizeof(struct"
                   " souk_widget).");
    if (!declare_is_word(w->id, "_-"))
        return bad(err, "The widget id \"%.60s\" must be lower-case letters, digits, _ and -, a"
                   " letter first.", declare_is_text(w->id, TEXT_MAX) ? w->id : "");
    if (!declare_is_text(w->title, TEXT_MAX) || !w->render)
        return bad(err, "The widget '%s' needs .title and .render.", w->id);
    if (w->area > 11 || w->width < 1 || w->width > 3)
        return bad(err, "The widget '%s' needs .area from 1 to 11, or 0 for a page in the menu, and .width from 1 to 3.",
                   w->id);
    p->widgets[p->n_widgets++] = w;
    int rc = read_fields(p, &w->options, count_words(w->shows), FIELD_OPTION, a, "option", "widget", w->id, err);
    if (rc == 0)
        rc = add_shown(w, a, err);
    return rc ? rc : check_badge(p, w, err);
}

/* ---- commands and searches ------------------------------------------------------------------- */

/* "cases.close_old": words of a command's name, with dots between. */
static bool is_command(const char *name)
{
    return declare_is_word(name, "._") && strchr(name, '.') && !strstr(name, "..") && !text_ends(name, ".");
}

static int read_command(struct plugin *p, struct arena *a, const void *table, struct err *err)
{
    struct souk_command *c = copy_sized(a, table, STRUCT_MAX, COMMAND_FIRST, sizeof *c);
    if (!c)
        return bad(err, "A command has a .size that cannot be true: set .size = sizeof(struct"
                   " souk_command).");
    if (!is_command(c->id))
        return bad(err, "The command id \"%.60s\" must be lower-case letters, digits and _, with a dot"
                   " between its words, such as cases.close_old.", declare_is_text(c->id, TEXT_MAX) ? c->id : "");
    if (!declare_is_text(c->title, TEXT_MAX) || (c->about && !declare_is_text(c->about, TEXT_MAX)) || !c->plan
        || (c->right != SOUK_MAY_VIEW && c->right != SOUK_MAY_EDIT))
        return bad(err, "The command '%s' needs .title, .plan and .right (SOUK_MAY_VIEW or SOUK_MAY_EDIT).",
                   c->id);
    for (size_t i = 0; i < p->n_commands; i++)
        if (text_is(p->commands[i]->id, c->id))
            return bad(err, "It offers the command '%s' twice: give each its own id.", c->id);
    p->commands[p->n_commands++] = c;
    int rc = read_fields(p, &c->fields, 0, FIELD_ARGUMENT, a, "field", "command", c->id, err);
    for (uint32_t i = 0; rc == 0 && c->is_timed && i < c->fields.n; i++)
        if (field_at(&c->fields, i)->flags & SOUK_FIELD_NEEDED)
            rc = bad(err, "The command '%s' is timed, so nobody is there to fill '%s': no field may be needed.", c->id,
                     field_at(&c->fields, i)->name);
    return rc;
}

static int read_search(struct plugin *p, struct arena *a, const void *table, struct err *err)
{
    static const char *const params[] = { "words:text limit:count", "limit:count words:text" };
    struct souk_search *s = copy_sized(a, table, STRUCT_MAX, SEARCH_FIRST, sizeof *s);
    if (!s)
        return bad(err, "A search has a .size that cannot be true: set .size = sizeof(struct souk_search).");
    if (!declare_is_word(s->id, "_") || !declare_is_text(s->title, TEXT_MAX))
        return bad(err, "A search needs an .id of lower-case letters, digits and _, and a .title.");
    const struct query_info *q = s->query ? plugin_query(p, s->query) : NULL;
    if (!q || !is_query_of(q, params, "ref:ref title:text note:text"))
        return bad(err, "The search '%s' needs a .query that is declared with the parameters \"words:text"
                   " limit:count\" and the columns \"ref:ref title:text note:text\".", s->id);
    p->searches[p->n_searches++] = s;
    return 0;
}

/* ---- settings -------------------------------------------------------------------------------- */

/* What the commands of a module take beside its fields; no field of a module has these names. */
#define OWN(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "settings.field." its_name, .about = "settings.field." its_name ".about", __VA_ARGS__ }
static const struct souk_field own_fields[] = {
    OWN(LINE, "record", .max = 20),
    OWN(COUNT, "version", .max = INT64_MAX),
    OWN(BOOL, "anyway", .fallback = SOUK_NUMBER(SOUK_BOOL, 0)),
    OWN(LINE, "forget", .max = 1000),
};
static const struct souk_field record_field[] = { OWN(LINE, "record", .max = 20), OWN(COUNT, "version", .max = INT64_MAX) };
static const struct souk_field change_field[] = {
    OWN(COUNT, "change", .max = INT64_MAX, .flags = SOUK_FIELD_NEEDED),
    OWN(BOOL, "anyway", .fallback = SOUK_NUMBER(SOUK_BOOL, 0)),
};

static bool has_own(const char *name)
{
    bool is_own = text_is(name, "change");
    for (size_t i = 0; i < COUNT_OF(own_fields); i++)
        is_own |= text_is(own_fields[i].name, name);
    return is_own;
}

static int read_sections(struct souk_settings *s, struct arena *a, struct err *err)
{
    const struct souk_list from = s->sections;
    int rc = check_list(&from, SECTION_FIRST, "sections", err);
    if (rc < 0)
        return rc;
    struct souk_section *section = arena_zero(a, (from.n + 1) * sizeof *section);
    uint32_t next = 0;                                  /* a section begins behind the one before it */
    for (uint32_t i = 0; i < from.n; i++) {
        const struct souk_section *one = copy_sized(a, list_at(&from, i), from.size, SECTION_FIRST, sizeof *one);
        if (!one || !declare_is_text(one->title, TEXT_MAX) || (one->about && !declare_is_text(one->about, TEXT_MAX)))
            return bad(err, "The settings '%s' have a section without .size or .title.", s->id);
        while (next < s->fields.n && !text_is(field_at(&s->fields, next)->name, one->first))
            next++;
        if (next == s->fields.n)
            return bad(err, "The settings '%s' have a section that begins with '%.60s': name a field, and the sections in"
                       " the order of the fields.", s->id, one->first ? one->first : "");
        section[i] = *one;
        next++;
    }
    s->sections = (struct souk_list){ section, from.n, sizeof *section };
    return 0;
}

static int check_default(const struct souk_settings *s, struct err *err)
{
    const struct souk_field *one = s->one_default ? field_named(&s->fields, s->one_default) : NULL;
    const struct souk_field *per = s->default_per ? field_named(&s->fields, s->default_per) : NULL;
    if (!s->one_default)
        return s->default_per ? bad(err, "The settings '%s' have a .default_per without .one_default.", s->id) : 0;
    if (!s->max_records || !one || one->type != SOUK_FIELD_BOOL || one->flags & ~(uint32_t)SOUK_FIELD_NEEDED || one->when)
        return bad(err, "The settings '%s' have a .one_default: that is a plain field of type bool of a list.", s->id);
    if (s->default_per && (!per || per->fields.n || per->flags & (SOUK_FIELD_SECRET | SOUK_FIELD_PER_MARKET)))
        return bad(err, "The settings '%s' have a .default_per that is no plain field of theirs.", s->id);
    return 0;
}

static int check_settings(const struct plugin *of, const struct souk_settings *s, struct err *err)
{
    bool are_rights = s->view >= SOUK_MAY_VIEW && s->view <= SOUK_MAY_OWN && s->edit >= SOUK_MAY_EDIT
                      && s->edit <= SOUK_MAY_OWN && s->view <= s->edit;
    if (!declare_is_text(s->title, TEXT_MAX) || (s->about && !declare_is_text(s->about, TEXT_MAX))
        || (s->summary && !declare_is_text(s->summary, TEXT_MAX)) || !s->fields.n)
        return bad(err, "The settings '%s' need .title and .fields, and .about and .summary are message keys.", s->id);
    if (!are_rights)
        return bad(err, "The settings '%s' need .view and .edit, the second at least SOUK_MAY_EDIT and not below the"
                   " first.", s->id);
    if (s->help && !declare_is_word(s->help, "_-"))
        return bad(err, "The settings '%s' have a .help that names no article: lower-case letters, digits, _ and -.",
                   s->id);
    const struct query_info *banner = s->banner ? plugin_query(of, s->banner) : NULL;
    if ((s->banner && (!banner || banner->n_params)) || !s->banner != !s->banner_text
        || (s->banner_text && !declare_is_text(s->banner_text, TEXT_MAX)))
        return bad(err, "The settings '%s' have a .banner: that is a declared query without parameters, with a message key in"
                   " .banner_text.", s->id);
    if (s->max_records > LIST_MAX)
        return bad(err, "The settings '%s' want %u records; at most %d are kept.", s->id, s->max_records, LIST_MAX);
    return 0;
}

/* Of a save: the host's fields and then the module's. */
static void settings_commands(struct settings_info *info, struct arena *a)
{
    static const char *const verbs[] = { [SETTINGS_SAVE] = "save", [SETTINGS_REMOVE] = "remove", [SETTINGS_UNDO] = "undo" };
    const struct souk_settings *s = info->settings;
    size_t skip = s->max_records ? 0 : 1, n_own = COUNT_OF(own_fields) - skip;
    struct souk_field *field = arena_zero(a, (n_own + s->fields.n) * sizeof *field);
    memcpy(field, own_fields + skip, n_own * sizeof *field);
    for (uint32_t i = 0; i < s->fields.n; i++)
        field[n_own + i] = *field_at(&s->fields, i);
    for (size_t i = SETTINGS_SAVE; i <= SETTINGS_UNDO; i++)
        info->command[i] = arena_printf(a, "settings.%s.%s", s->id, verbs[i]);
    info->fields[SETTINGS_SAVE] = (struct souk_list){ field, (uint32_t)n_own + s->fields.n, sizeof *field };
    info->fields[SETTINGS_REMOVE] = (struct souk_list){ record_field + skip, (uint32_t)(2 - skip), sizeof *field };
    info->fields[SETTINGS_UNDO] = (struct souk_list)SOUK_LIST(change_field);
}

static int read_settings(struct plugin *p, struct arena *a, const void *table, struct err *err)
{
    struct souk_settings *s = copy_sized(a, table, STRUCT_MAX, SETTINGS_FIRST, sizeof *s);
    if (!s)
        return bad(err, "A settings module has a .size that cannot be true: set .size = sizeof(struct souk_settings).");
    if (!declare_is_word(s->id, "_") || strlen(s->id) > 40)
        return bad(err, "The id \"%.60s\" of a settings module must be at most 40 lower-case letters, digits and _, a letter"
                   " first.", declare_is_text(s->id, TEXT_MAX) ? s->id : "");
    int rc = check_settings(p, s, err);
    if (rc == 0)
        rc = read_fields(p, &s->fields, 0, FIELD_SETTING, a, "field", "settings", s->id, err);
    for (uint32_t i = 0; rc == 0 && i < s->fields.n; i++)
        if (has_own(field_at(&s->fields, i)->name))
            rc = bad(err, "The settings '%s' have a field '%s', which is the name of one of Souk's own: choose another.",
                     s->id, field_at(&s->fields, i)->name);
    if (rc == 0)
        rc = read_sections(s, a, err);
    if (rc == 0)
        rc = check_default(s, err);
    for (size_t i = 0; rc == 0 && i < p->n_settings; i++)
        if (text_is(p->settings[i].settings->id, s->id))
            rc = bad(err, "It offers the settings '%s' twice: give each its own id.", s->id);
    if (rc < 0)
        return rc;
    struct settings_info *info = &p->settings[p->n_settings++];
    info->settings = s;
    settings_commands(info, a);
    return 0;
}

/* The commands of the host that it may name, by their looks: which there are is known further up. */
static int check_commands(const struct souk_plugin *entry, struct err *err)
{
    char word[80];
    const char *at = entry->commands ? entry->commands : "";
    while (next_word(&at, word, sizeof word))
        if (!is_command(word))
            return bad(err, "Its .commands has \"%s\", but a command is named like case.reply.", word);
    return 0;
}

/* ---- imports --------------------------------------------------------------------------------- */

static const struct souk_import_column *import_column(const struct souk_import *format,
                                                      const char *name)
{
    for (uint32_t i = 0; i < format->columns.n; i++) {
        const struct souk_import_column *c = list_at(&format->columns, i);
        if (text_is(c->name, name))
            return c;
    }
    return NULL;
}

static int check_import_column(struct arena *a, const struct souk_import *format,
                               const struct souk_import_column *c, struct err *err)
{
    if (!declare_is_word(c->name, "_") || text_is(c->name, "line") || text_is(c->name, "extra"))
        return bad(err, "The format '%s' has a column without a name of lower-case letters, digits"
                   " and _ (line and extra are the host's).", format->id);
    if (!declare_is_text(c->names, SQL_MAX))
        return bad(err, "The column '%s' of the format '%s' needs .names: what the header may call"
                   " it, with | between.", c->name, format->id);
    switch (c->type) {
    case SOUK_TEXT: case SOUK_COUNT: case SOUK_DECIMAL: case SOUK_MONEY: case SOUK_DAY:
    case SOUK_INSTANT: case SOUK_BOOL: case SOUK_MARKET: case SOUK_CURRENCY:
    case SOUK_NONE:                                     /* known and not kept */
        break;
    default:
        return bad(err, "The column '%s' of the format '%s' has a type that no file has: use text,"
                   " count, decimal, money, day, instant, bool, market, currency or none.", c->name,
                   format->id);
    }
    struct path *path;
    size_t n_paths;
    struct err why = { 0 };
    if (format->shape == SOUK_JSON && path_names_parse(a, c->names, &path, &n_paths, &why) < 0)
        return bad(err, "The column '%s' of the format '%s': %s", c->name, format->id, why.text);
    if (c->flags & ~(uint32_t)(SOUK_NEEDED | SOUK_HEADER | SOUK_CARRY))
        return bad(err, "The column '%s' of the format '%s' has a flag that this SDK does not"
                   " have.", c->name, format->id);
    if ((c->type == SOUK_MONEY) != (c->currency != NULL))
        return bad(err, "The column '%s' of the format '%s': money, and only money, has a"
                   " .currency.", c->name, format->id);
    if (c->currency && *c->currency) {
        const struct souk_import_column *of = import_column(format, c->currency);
        if (!of || (of->type != SOUK_CURRENCY && of->type != SOUK_MARKET))
            return bad(err, "The column '%s' of the format '%s' takes its currency from '%s', which"
                       " must be a column of type currency or market.", c->name, format->id,
                       c->currency);
    }
    return 0;
}

/* What a shape wants and what it cannot have. */
static int check_shape(struct arena *a, const struct souk_import *f, struct err *err)
{
    struct err why = { 0 };
    struct path *path;
    struct path_sign *sign;
    size_t n;
    bool is_table = f->shape == SOUK_TSV || f->shape == SOUK_CSV;
    if (!is_table && f->shape != SOUK_JSON && f->shape != SOUK_MAIL)
        return bad(err, "The format '%s' has a .shape that this SDK does not have: use SOUK_TSV,"
                   " SOUK_CSV, SOUK_JSON or SOUK_MAIL.", f->id);
    if ((f->columns.n != 0) == (f->shape == SOUK_MAIL))
        return bad(err, "The format '%s' needs .columns, unless it is of mails.", f->id);
    if ((f->shape == SOUK_JSON) != (f->records != NULL) || (f->shape == SOUK_JSON) != (f->signs != NULL))
        return bad(err, "The format '%s': JSON, and only JSON, has .records and .signs.", f->id);
    if (!is_table && (f->by_position || f->preamble_lines))
        return bad(err, "The format '%s': only tables have .by_position and .preamble_lines.", f->id);
    if (f->shape != SOUK_JSON)
        return 0;
    if (!declare_is_text(f->records, SQL_MAX) || !declare_is_text(f->signs, SQL_MAX))
        return bad(err, "The format '%s' needs .records and .signs, both of them texts.", f->id);
    if (path_records_parse(a, f->records, &path, &n, &why) < 0
        || path_signs_parse(a, f->signs, &sign, &n, &why) < 0)
        return bad(err, "The format '%s': %s", f->id, why.text);
    return 0;
}

static int read_import(struct plugin *p, struct arena *a, const void *table, struct err *err)
{
    struct souk_import *f = copy_sized(a, table, STRUCT_MAX, IMPORT_FIRST, sizeof *f);
    if (!f)
        return bad(err, "A format has a .size that cannot be true: set .size = sizeof(struct"
                   " souk_import).");
    if (!declare_is_word(f->id, "._-"))
        return bad(err, "The format id \"%.60s\" must be lower-case letters, digits, dots, _ and -,"
                   " a letter first.", declare_is_text(f->id, TEXT_MAX) ? f->id : "");
    if (!declare_is_text(f->title, TEXT_MAX) || !f->rows)
        return bad(err, "The format '%s' needs .title and .rows.", f->id);
    int rc = check_shape(a, f, err);
    if (rc == 0)
        rc = check_list(&f->columns, IMPORT_COLUMN_FIRST, "columns", err);
    if (rc < 0)
        return rc;
    struct souk_import_column *column = arena_zero(a, f->columns.n * sizeof *column);
    size_t length = f->columns.size < sizeof *column ? f->columns.size : sizeof *column;
    for (uint32_t i = 0; i < f->columns.n; i++)
        memcpy(&column[i], list_at(&f->columns, i), length);
    f->columns = (struct souk_list){ column, f->columns.n, sizeof *column };
    for (uint32_t i = 0; rc == 0 && i < f->columns.n; i++) {
        rc = check_import_column(a, f, &column[i], err);
        if (rc == 0 && import_column(f, column[i].name) != &column[i])
            rc = bad(err, "The format '%s' has the column '%s' twice.", f->id, column[i].name);
    }
    p->imports[p->n_imports++] = f;
    return rc;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* An offer that this host does not know is for a younger one: left alone. */
static int read_offers(struct plugin *p, struct arena *a, struct err *err)
{
    const struct souk_list *list = &p->entry->offers;
    int rc = check_list(list, sizeof(struct souk_offer), "offers", err);
    if (rc < 0)
        return rc;
    p->widgets = arena_zero(a, list->n * sizeof *p->widgets);
    p->imports = arena_zero(a, list->n * sizeof *p->imports);
    p->commands = arena_zero(a, list->n * sizeof *p->commands);
    p->searches = arena_zero(a, list->n * sizeof *p->searches);
    p->settings = arena_zero(a, list->n * sizeof *p->settings);
    for (uint32_t i = 0; rc == 0 && i < list->n; i++) {
        const struct souk_offer *offer = list_at(list, i);
        if (!declare_is_text(offer->id, TEXT_MAX) || !offer->table)
            rc = bad(err, "An offer needs its id, such as SOUK_WIDGET, and its table.");
        else if (text_is(offer->id, SOUK_WIDGET))
            rc = read_widget(p, a, offer->table, err);
        else if (text_is(offer->id, SOUK_IMPORT))
            rc = read_import(p, a, offer->table, err);
        else if (text_is(offer->id, SOUK_COMMAND))
            rc = read_command(p, a, offer->table, err);
        else if (text_is(offer->id, SOUK_SEARCH))
            rc = read_search(p, a, offer->table, err);
        else if (text_is(offer->id, SOUK_SETTINGS))
            rc = read_settings(p, a, offer->table, err);
    }
    return rc;
}

static int check_wants(const struct souk_plugin *entry, struct err *err)
{
    char word[80];
    const char *at = entry->wants ? entry->wants : "";
    while (next_word(&at, word, sizeof word)) {
        bool is_there = false;
        for (size_t i = 0; i < COUNT_OF(interfaces); i++)
            is_there |= text_is(word, interfaces[i]);
        if (!is_there)
            return bad(err, "It wants the interface %s, which this Souk does not have: install a"
                       " newer Souk, or an older version of the plugin.", word);
    }
    return 0;
}

static const char *const section_keys[] = { "file", "enabled", "isolate", "sha256" };

static int check_keys(const struct souk_plugin *entry, struct err *err)
{
    char word[80];
    const char *at = entry->config ? entry->config : "";
    while (next_word(&at, word, sizeof word)) {
        if (!declare_is_word(word, "_"))
            return bad(err, "Its .config has \"%s\", but a key is lower-case letters, digits and _,"
                       " a letter first.", word);
        for (size_t i = 0; i < COUNT_OF(section_keys); i++)
            if (text_is(word, section_keys[i]))
                return bad(err, "Its .config has the key \"%s\", which is Souk's own: choose"
                           " another name.", word);
    }
    return 0;
}

void declare_keys(const struct plugin *p, struct arena *a, struct conf_key **keys, size_t *n)
{
    char word[80];
    const char *list = p->entry->config ? p->entry->config : "", *at = list;
    size_t count = 0;
    while (next_word(&at, word, sizeof word))
        count++;
    *keys = arena_zero(a, count * sizeof **keys);
    *n = 0;
    for (at = list; next_word(&at, word, sizeof word); ++*n)
        (*keys)[*n] = (struct conf_key){ arena_text(a, word), CONF_TEXT, CONF_FROM_FILE, NULL };
}

int declare_read(struct plugin *p, struct arena *a, const struct souk_plugin *from, struct db *db,
                 struct err *err)
{
    const struct souk_plugin *entry = copy_sized(a, from, STRUCT_MAX, PLUGIN_FIRST, sizeof *entry);
    if (!entry)
        return bad(err, "Its entry says that it is %u bytes long, which cannot be true: set .size ="
                   " sizeof(struct souk_plugin).", from->size);
    p->entry = entry;
    p->built = entry->built;
    p->needs = entry->needs;
    p->id = is_reverse_domain(entry->id) ? entry->id : "";
    p->version = is_version(entry->version) ? entry->version : "";
    p->title = declare_is_text(entry->title, TEXT_MAX) ? entry->title : "";
    if (entry->needs > SOUK_SDK_NOW)                    /* before what a newer SDK may say otherwise */
        return bad(err, "It needs SDK %u.%u, but this Souk has %d.%d: install a newer Souk, or an"
                   " older version of the plugin.", entry->needs / 1000, entry->needs % 1000,
                   SOUK_SDK_NOW / 1000, SOUK_SDK_NOW % 1000);
    if (!*p->id)
        return bad(err, "Its id \"%.60s\" must be a reversed domain in lower case, such as"
                   " org.example.low-stock.", declare_is_text(entry->id, TEXT_MAX) ? entry->id : "");
    if (!*p->version)
        return bad(err, "Its version \"%.60s\" must be three numbers, such as 1.0.0.",
                   declare_is_text(entry->version, TEXT_MAX) ? entry->version : "");
    if (!*p->title)
        return bad(err, "It has no title: set .title to a message key.");
    int rc = check_wants(entry, err);
    if (rc == 0)
        rc = check_keys(entry, err);
    if (rc == 0)
        rc = check_commands(entry, err);
    if (rc == 0)
        rc = read_queries(p, a, db, err);
    return rc ? rc : read_offers(p, a, err);
}
