/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_settings.c: the settings modules: what there is, one of them with its form, a record of a list, who changed
 * what; the same as JSON and CSV.
 *
 * The form is the module's save command, its fields filled with what is kept.  What the module says of it stands
 * above (desk_notes), what was changed below, with buttons that take it back.
 */
#include "visit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/market.h"
#include "data/settings.h"
#include "element.h"
#include "plug/ask.h"
#include "plug/field.h"
#include "plug/flat.h"
#include "plug/older.h"
#include "shelf.h"

enum { HISTORY = 20 };

struct shown {                                          /* a module on its page */
    const struct plugin *plugin;
    const struct settings_info *info;
    struct settings_record *record;
    size_t n;
    const struct settings_record *one;                  /* whose page it is; NULL: a new one, or the list */
    bool is_new;                                        /* the page of one that is not kept yet */
    const char *stale;                                  /* why a record of an older version is shown as it stands; or NULL */
    struct face face;
};

static const char *address(struct visit *v, const char *module, const char *record)
{
    return visit_link(v, arena_printf(v->a, "/a/%s/settings/%s%s%s", v->account, module, *record ? "/" : "", record),
                      v->face.keep, NULL, NULL);
}

bool settings_seen(const struct visit *v, const struct souk_settings *m)
{
    static const enum right rights[] = {
        [SOUK_MAY_VIEW] = RIGHT_VIEW, [SOUK_MAY_EDIT] = RIGHT_EDIT, [SOUK_MAY_ADMINISTER] = RIGHT_ADMIN, [SOUK_MAY_OWN] = RIGHT_OWNER,
    };
    return authz(&v->who, rights[m->view], arena_printf(v->a, "settings:%s", m->id));
}

/* Records as the module keeps them now. */
static int read_records(struct visit *v, struct shown *s, struct err *err)
{
    const struct older_place place = { v->a, v->db, v->w->desk, s->plugin, s->info, &v->face.reader, v->now_s };
    struct err why = { 0 };
    int rc = settings_list(v->db, v->a, s->info->settings->id, &s->record, &s->n, err);
    for (size_t i = 0; rc == 0 && i < s->n; i++)
        older_read(&place, &s->record[i], &why);
    s->stale = why.code ? arena_text(v->a, why.text) : NULL;
    return rc;
}

static int read_module(struct visit *v, const char *id, struct shown *s, struct err *err)
{
    const struct plugins *all = v->w->site->plugins;
    const char *near = NULL;
    *s = (struct shown){ 0 };
    s->info = plugins_settings(all, id, &s->plugin);
    for (size_t i = 0; !s->info && i < plugins_count(all); i++)
        for (size_t k = 0; k < plugins_at(all, i)->n_settings; k++)
            near = text_nearer(id, near, plugins_at(all, i)->settings[k].settings->id);
    if (!s->info)
        return near ? err_set(err, ERR_ABSENT, "There are no settings '%.60s' here. Did you mean '%s'?", id, near)
                    : err_set(err, ERR_ABSENT, "There are no settings '%.60s' here; the Settings menu shows them all.", id);
    if (!settings_seen(v, s->info->settings))
        return err_set(err, ERR_DENIED, "You may not see these settings. Ask the owner of the account.");
    s->face = visit_face(v, s->plugin, NULL);
    return read_records(v, s, err);
}

static const struct settings_record *record_numbered(const struct shown *s, int64_t id)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->record[i].id == id)
            return &s->record[i];
    return NULL;
}

/* A module with the record that the page is about: a number, "new", or "" for its own. */
static int read_page(struct visit *v, const char *module, const char *record, struct shown *s, struct err *err)
{
    int64_t id = 1;
    if (read_module(v, module, s, err) < 0)
        return -err->code;
    bool is_list = s->info->settings->max_records > 0;
    s->is_new = is_list && text_is(record, "new");
    if (*record && (!is_list || (!s->is_new && (!text_int(record, &id) || !record_numbered(s, id)))))
        return err_set(err, ERR_ABSENT, "There is no record %.20s in these settings; perhaps it was removed.", record);
    if (!is_list || (*record && !s->is_new))
        s->one = record_numbered(s, id);
    return 0;
}

/* ---- words ------------------------------------------------------------------------------------- */

static const char *plugin_word(struct visit *v, const struct shown *s, const char *key)
{
    return visit_plugin_say(v, s->plugin, key);
}

/* A record in a line: the module's summary, or its first field. */
static const char *summary(struct visit *v, const struct shown *s, const struct settings_record *r)
{
    const struct souk_settings *m = s->info->settings;
    struct buf words = { 0 };
    if (m->summary) {
        struct souk_arg *arg = arena_zero(v->a, (m->fields.n + 1) * sizeof *arg);
        for (uint32_t i = 0; i < m->fields.n; i++) {    /* what is empty is an empty word */
            const char *name = field_at(&m->fields, i)->name;
            const struct settings_value *is = settings_named(&r->values, name);
            arg[i] = (struct souk_arg){ name, is ? is->value : souk_text("") };
        }
        say_msg(&words, &s->face, &(const struct souk_msg){ m->summary, { arg, m->fields.n, 0 } });
    } else if (r->values.n) {
        say_value(&words, &s->face, &r->values.at[0].value);
    }
    const char *text = words.len ? arena_text(v->a, buf_str(&words)) : arena_printf(v->a, "%lld", (long long)r->id);
    buf_free(&words);
    return text;
}

/* "Main account" of the record that is; "" of the others. */
static const char *default_word(struct visit *v, const struct shown *s, const struct settings_record *r)
{
    const char *name = s->info->settings->one_default;
    const struct settings_value *is = name ? settings_named(&r->values, name) : NULL;
    return is && is->value.num ? plugin_word(v, s, flat_declared(&s->info->settings->fields, name)->title) : "";
}

/* The title of a flat field: "Lead days – Amazon.de". */
static const char *flat_title(struct visit *v, const struct shown *s, const struct flat *f)
{
    const char *title = plugin_word(v, s, f->field.title);
    const struct market *m = f->market ? market_by_id(f->market) : NULL;
    return m ? arena_printf(v->a, "%s – %s", title, m->name) : title;
}

/* ---- the form ---------------------------------------------------------------------------------- */

struct kept_rows {
    const struct settings_record *record;
    const struct form_sent *again;
};

static uint32_t rows_drawn(void *ctx, const struct souk_field *table)
{
    const struct kept_rows *k = ctx;
    uint32_t most = 0;
    for (size_t i = 0; k->record && i < k->record->values.n; i++)
        most = flat_row(table, k->record->values.at[i].name) > most ? flat_row(table, k->record->values.at[i].name) : most;
    for (size_t i = 0; k->again && i < k->again->n_args; i++)
        if (flat_row(table, k->again->arg[i].name) > most)
            most = flat_row(table, k->again->arg[i].name);
    if (k->again && text_is(k->again->more, table->name))
        most++;
    return most ? most : 1;
}

/* Which fields stand together, under which heading. */
static void add_group(struct visit *v, struct face *f, const char *first, const char *legend, const char *about,
                      const char *more)
{
    struct form_group *at = arena_alloc(v->a, (f->n_groups + 1) * sizeof *at);
    if (f->n_groups)
        memcpy(at, f->groups, f->n_groups * sizeof *at);
    at[f->n_groups++] = (struct form_group){ first, legend, about, more, more ? visit_say(v, "settings.more_rows") : NULL };
    f->groups = at;
}

/* Is this the first field of the last row of a table that may have more? */
static bool is_last_row(const struct flat *flat, size_t n, size_t i)
{
    const struct flat *f = &flat[i];
    while (i + 1 < n && flat[i + 1].outer == f->outer && flat[i + 1].row == f->row)
        i++;
    return f->row && (i + 1 == n || flat[i + 1].outer != f->outer) && f->row < flat_most_rows(f->outer);
}

static void groups(struct visit *v, struct shown *s, const struct flat *flat, size_t n)
{
    const struct souk_settings *m = s->info->settings;
    const struct flat *before = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct flat *f = &flat[i];
        const struct souk_section *section = NULL;
        const char *of = f->outer ? f->outer->name : f->from->name;
        for (uint32_t k = 0; k < m->sections.n; k++) {
            const struct souk_section *one = (const void *)((const char *)m->sections.at + (size_t)k * m->sections.size);
            if (text_is(one->first, of) && (!before || !text_is(before->outer ? before->outer->name : before->from->name, of)))
                section = one;
        }
        bool is_new = f->outer && (!before || before->outer != f->outer || before->row != f->row);
        const char *about = f->outer && f->outer->about && f->row < 2 ? plugin_word(v, s, f->outer->about) : NULL;
        if (f->row == 1)
            about = arena_printf(v->a, "%s%s%s", about ? about : "", about ? " " : "", visit_say(v, "settings.rows_about"));
        if (section && !f->outer)
            add_group(v, &s->face, f->field.name, plugin_word(v, s, section->title), section->about ? plugin_word(v, s, section->about) : NULL, NULL);
        else if (is_new)
            add_group(v, &s->face, f->field.name, f->row ? arena_printf(v->a, "%s %u", plugin_word(v, s, f->outer->title), f->row)
                      : plugin_word(v, s, f->outer->title), about,
                      is_last_row(flat, n, i) ? f->outer->name : NULL);
        else if (before && before->outer && !f->outer)
            add_group(v, &s->face, f->field.name, "", NULL, NULL);
        before = f;
    }
}

static const char *secret_about(struct visit *v, const struct shown *s, const struct flat *f, const struct settings_value *is)
{
    const char *about = f->field.about ? plugin_word(v, s, f->field.about) : "";
    struct buf words = { 0 };
    say(&words, &v->face, "settings.secret_kept", { "tail", is->value.text.at, 0 });
    const char *text = arena_printf(v->a, "%s%s%s", buf_str(&words), *about ? " " : "", about);
    buf_free(&words);
    return text;
}

static struct souk_field anyway_field(void)
{
    return (struct souk_field){
        .size = sizeof(struct souk_field), .type = SOUK_FIELD_BOOL, .name = "anyway", .title = "settings.field.anyway",
        .fallback = souk_bool(0),
    };
}

/* What nobody types, but the module tells of the record. */
static void put_told(const struct shown *s, struct elements *l)
{
    const struct souk_list *fields = &s->info->settings->fields;
    for (uint32_t i = 0; s->one && i < fields->n; i++) {
        const struct souk_field *f = field_at(fields, i);
        const struct settings_value *is = settings_named(&s->one->values, f->name);
        if (f->flags & SOUK_FIELD_READ_ONLY && is)
            element_add(l, VIEW_FACT)->fact = (struct souk_fact){
                .size = sizeof(struct souk_fact), .label = { f->title, { NULL, 0, 0 } }, .value = is->value,
            };
    }
}

static int put_form(struct visit *v, struct shown *s, struct elements *l, struct err *err)
{
    const struct souk_settings *m = s->info->settings;
    const struct form_sent *again = v->face.again && text_is(v->face.again->command, s->info->command[SETTINGS_SAVE]) ? v->face.again : NULL;
    struct kept_rows rows = { s->one, again };
    struct flat_setup setup = { .fields = &m->fields, .rows_of = rows_drawn, .ctx = &rows };
    struct flat *flat;
    size_t n_flat;
    if (ask_markets(v->a, v->db, &setup.markets, &setup.n_markets, err) < 0)
        return -err->code;
    flat_fields(v->a, &setup, &flat, &n_flat);
    groups(v, s, flat, n_flat);
    struct souk_field *field = arena_zero(v->a, (n_flat + 3) * sizeof *field);
    uint32_t n = 0;
    for (size_t i = 0; i < n_flat; i++) {
        const struct settings_value *is = s->one ? settings_named(&s->one->values, flat[i].field.name) : NULL;
        struct souk_field *f = &field[n];
        *f = flat[i].field;
        if (f->flags & SOUK_FIELD_READ_ONLY)
            continue;
        f->title = flat_title(v, s, &flat[i]);
        f->fallback = is && !(f->flags & SOUK_FIELD_SECRET) ? is->value
                      : !s->one && !flat[i].row && !flat[i].market ? flat[i].from->fallback : souk_none();
        if (f->flags & SOUK_FIELD_SECRET && is)
            f->about = secret_about(v, s, &flat[i], is);
        if (flat[i].from->flags & SOUK_FIELD_NEEDED && !flat[i].row && !flat[i].market && !f->when && !(f->flags & SOUK_FIELD_SECRET && is))
            f->flags |= SOUK_FIELD_NEEDED;
        if (desk_choices(v->w->desk, v->a, v->db, s->plugin, f, err) < 0)
            return -err->code;
        n++;
    }
    field[n++] = (struct souk_field){
        .size = sizeof *field, .type = SOUK_FIELD_COUNT, .name = "version", .title = "settings.field.version",
        .flags = SOUK_FIELD_QUIET, .fallback = souk_count(s->one ? s->one->version : 0),
    };
    if (again && text_is(again->field, "anyway"))
        field[n++] = anyway_field();
    struct souk_arg *fixed = arena_zero(v->a, sizeof *fixed);
    *fixed = (struct souk_arg){ "record", souk_text(s->one ? arena_printf(v->a, "%lld", (long long)s->one->id) : "") };
    element_add(l, VIEW_FORM)->form = (struct souk_form){
        .size = sizeof(struct souk_form), .command = s->info->command[SETTINGS_SAVE], .title = SOUK_MSG("settings.form"),
        .button = SOUK_MSG("settings.save"), .args = { fixed, m->max_records ? 1 : 0, 0 },
        .fields = { field, n, sizeof *field },
    };
    return 0;
}

static void put_remove(struct visit *v, const struct shown *s, struct elements *l)
{
    struct souk_arg *fixed = arena_zero(v->a, sizeof *fixed);
    *fixed = (struct souk_arg){ "record", souk_text(arena_printf(v->a, "%lld", (long long)s->one->id)) };
    element_add(l, VIEW_FORM)->form = (struct souk_form){
        .size = sizeof(struct souk_form), .command = s->info->command[SETTINGS_REMOVE], .tone = SOUK_BAD,
        .button = SOUK_MSG("settings.remove"), .note = SOUK_MSG("settings.remove_note"),
        .args = { fixed, s->info->settings->max_records ? 1 : 0, 0 },
    };
}

/* ---- notes ------------------------------------------------------------------------------------- */

/* What the module says on the list's page, a record's or a new one's; they are drawn with s->face. */
static int notes(struct visit *v, struct shown *s, const struct view_element **e, size_t *n, struct err *err)
{
    struct souk_record *record = arena_zero(v->a, (s->n + 1) * sizeof *record);
    const char *shown = s->is_new ? "new" : s->one && s->info->settings->max_records
                      ? arena_printf(v->a, "%lld", (long long)s->one->id) : "";
    struct view view = { 0 };
    struct souk_ask ask;
    for (size_t i = 0; i < s->n; i++)
        record[i] = (struct souk_record){
            .size = sizeof *record, .id = arena_printf(v->a, "%lld", (long long)s->record[i].id),
            .now = settings_args(v->a, &s->record[i].values), .changed = "",
        };
    const struct souk_records all = {
        .size = sizeof all, .shown = shown,
        .list = { record, (uint32_t)s->n, sizeof *record },
    };
    const struct notes_setup setup = {
        .db = v->db, .plugin = s->plugin, .settings = s->info->settings, .ask = &ask, .reader = &v->face.reader, .records = &all,
    };
    int rc = ask_all(v->a, v->db, v->now_s, &ask, err);
    if (rc == 0)
        rc = desk_notes(v->w->desk, v->a, &setup, &view, err);
    if (rc == 0)
        rc = view_read(v->a, buf_str(&view.bytes), view.bytes.len, e, n, err);
    view_clear(&view);
    s->face.settings = arena_printf(v->a, "%s%s%s", s->info->settings->id, *shown ? "/" : "", shown);
    return rc;
}

static void put_notes(struct visit *v, struct shown *s)
{
    const struct view_element *e;
    size_t n;
    struct err why = { 0 };
    if (notes(v, s, &e, &n, &why) < 0) {
        html_notice(&v->reply->body, SOUK_WATCH, why.text);
        return;
    }
    const struct souk_why *asked = why_asked(v, e, n, NULL);
    if (asked)
        why_put(v, &s->face, asked);
    if (n)
        html_view(&v->reply->body, &s->face, e, n);
    s->face.settings = NULL;                            /* the rest of the page is the host's */
}

int settings_notes(struct visit *v, const char *page, const struct plugin *of, struct face *f,
                   const struct view_element **e, size_t *n, struct err *err)
{
    struct shown s;
    const size_t module_n = strcspn(page, "/");
    const char *record = page[module_n] ? page + module_n + 1 : "";
    if (read_page(v, arena_textn(v->a, page, module_n), record, &s, err) < 0)
        return -err->code;
    if (s.plugin != of)
        return err_set(err, ERR_ABSENT, "The settings '%.60s' are not of this plugin.", page);
    int rc = notes(v, &s, e, n, err);
    *f = s.face;
    return rc;
}

/* ---- history ----------------------------------------------------------------------------------- */

static const char *value_words(struct visit *v, const struct shown *s, const struct settings_value *is)
{
    const struct souk_field *f = is ? flat_declared(&s->info->settings->fields, is->name) : NULL;
    struct buf words = { 0 };
    if (is && is->value.type == SOUK_TAIL)
        say(&words, &v->face, "settings.tail", { "tail", is->value.text.at, 0 });
    else if (f && !f->fields.n)
        say_field(&words, &s->face, f, &is->value);
    else if (is)
        say_value(&words, &s->face, &is->value);
    const char *text = words.len ? arena_text(v->a, buf_str(&words)) : visit_say(v, "settings.empty");
    buf_free(&words);
    return text;
}

static const char *name_words(struct visit *v, const struct shown *s, const char *name)
{
    const struct souk_settings *m = s->info->settings;
    size_t n = strcspn(name, ".");
    for (uint32_t i = 0; i < m->fields.n; i++) {
        const struct souk_field *f = field_at(&m->fields, i);
        if (strlen(f->name) != n || memcmp(f->name, name, n) != 0)
            continue;
        const char *title = plugin_word(v, s, f->title), *inner = strrchr(name, '.');
        for (uint32_t k = 0; inner && k < f->fields.n; k++)
            if (text_is(field_at(&f->fields, k)->name, inner + 1))
                return arena_printf(v->a, "%s: %s", title, plugin_word(v, s, field_at(&f->fields, k)->title));
        return title;
    }
    return name;
}

/* What a change did, with the number of the record where there are several. */
static const char *change_key(const struct shown *s, const struct settings_change *c)
{
    bool is_list = s->info->settings->max_records > 0;
    if (c->undoes)
        return is_list ? "settings.was_undone_in" : "settings.was_undone";
    if (text_is(c->what, "added"))
        return is_list ? "settings.was_added_as" : "settings.was_added";
    if (text_is(c->what, "removed"))
        return is_list ? "settings.was_removed_from" : "settings.was_removed";
    return is_list ? "settings.was_changed_in" : "settings.was_changed";
}

/* Taking back may be asked about, too: then the answer is a field of this form. */
static void ask_again(struct visit *v, const struct shown *s, const struct settings_change *c, struct souk_form *form)
{
    const struct form_sent *again = v->face.again;
    char no[24];
    snprintf(no, sizeof no, "%lld", (long long)c->no);
    if (!again || !text_is(again->command, s->info->command[SETTINGS_UNDO]) || !text_is(again->field, "anyway"))
        return;
    for (size_t i = 0; i < again->n_args; i++)
        if (text_is(again->arg[i].name, "change") && text_is(again->arg[i].value, no)) {
            struct souk_field *field = arena_zero(v->a, sizeof *field);
            *field = anyway_field();
            form->fields = (struct souk_list){ field, 1, sizeof *field };
        }
}

static void put_change(struct visit *v, const struct shown *s, struct elements *l, const struct settings_change *c, bool may_undo)
{
    struct souk_fact fact = { .size = sizeof fact };
    element_add(l, VIEW_SECTION)->title = element_msg(l->a, change_key(s, c), { "when", souk_instant(c->at_s) },
        { "who", souk_text(c->actor) }, { "record", souk_count(c->id) });
    for (size_t i = 0; i < c->before.n; i++) {
        const struct settings_value *after = settings_named(&c->after, c->before.at[i].name);
        fact.label = element_msg(l->a, "plain", { "text", souk_text(name_words(v, s, c->before.at[i].name)) });
        fact.value = souk_text(arena_printf(v->a, "%s → %s", value_words(v, s, &c->before.at[i]), value_words(v, s, after)));
        element_add(l, VIEW_FACT)->fact = fact;
    }
    for (size_t i = 0; i < c->after.n; i++)
        if (!settings_named(&c->before, c->after.at[i].name)) {
            fact.label = element_msg(l->a, "plain", { "text", souk_text(name_words(v, s, c->after.at[i].name)) });
            fact.value = souk_text(arena_printf(v->a, "%s → %s", visit_say(v, "settings.empty"), value_words(v, s, &c->after.at[i])));
            element_add(l, VIEW_FACT)->fact = fact;
        }
    if (may_undo) {
        struct souk_arg *fixed = arena_zero(v->a, sizeof *fixed);
        *fixed = (struct souk_arg){ "change", souk_count(c->no) };
        struct souk_form form = {
            .size = sizeof form, .command = s->info->command[SETTINGS_UNDO], .button = SOUK_MSG("settings.undo"),
            .args = { fixed, 1, 0 },
        };
        ask_again(v, s, c, &form);
        element_add(l, VIEW_FORM)->form = form;
    }
    element_add(l, VIEW_END);
}

static int put_history(struct visit *v, const struct shown *s, struct elements *l, struct err *err)
{
    struct settings_change *c;
    size_t n;
    int rc = settings_history(v->db, v->a, s->info->settings->id, s->one ? s->one->id : 0, 0, HISTORY, &c, &n, err);
    if (rc < 0 || !n)
        return rc;
    element_add(l, VIEW_FOLD)->title = (struct souk_msg)SOUK_MSG("settings.history");
    for (size_t i = 0; i < n; i++)
        put_change(v, s, l, &c[i], !c[i].undone_by && !c[i].lead);
    element_add(l, VIEW_END);
    return 0;
}

/* ---- pages ------------------------------------------------------------------------------------- */

static void put_about(struct visit *v, const struct shown *s)
{
    const struct souk_settings *m = s->info->settings;
    if (m->about)
        html_paragraph(&v->reply->body, plugin_word(v, s, m->about));
}

static void put_links(struct visit *v, const struct shown *s)
{
    const char *id = s->info->settings->id;
    html_links_begin(&v->reply->body, visit_say(v, "links.label"));
    if (s->info->settings->max_records && *visit_part(v, "record"))
        html_link(&v->reply->body, plugin_word(v, s, s->info->settings->title), address(v, id, ""), false);
    const struct shelf *shelf;
    struct err none = { 0 };
    const char *help = arena_printf(v->a, "settings-%s", id);
    if (visit_shelf(v, &shelf, &none) == 0 && shelf_named(shelf, SHELF_HELP, help))
        html_link(&v->reply->body, visit_say(v, "settings.help"), visit_link(v, arena_printf(v->a, "/a/%s/help/%s", v->account, help),
                                                                            v->face.keep, NULL, NULL), false);
    html_link(&v->reply->body, visit_say(v, "settings.all"), visit_link(v, arena_printf(v->a, "/a/%s/settings", v->account), v->face.keep, NULL, NULL), false);
    html_link(&v->reply->body, visit_say(v, "links.json"), arena_printf(v->a, "/api/v1/a/%s/settings/%s", v->account, id), false);
    html_link(&v->reply->body, visit_say(v, "links.csv"), arena_printf(v->a, "/api/v1/a/%s/settings/%s.csv", v->account, id), false);
    html_links_end(&v->reply->body);
    questions_put(v, arena_printf(v->a, "settings:%s", id));
}

static int put_record(struct visit *v, struct shown *s, struct err *err)
{
    struct elements l = { .a = v->a };
    int rc = put_form(v, s, &l, err);
    put_told(s, &l);
    if (rc == 0 && s->one && s->info->settings->max_records)
        put_remove(v, s, &l);
    if (rc == 0 && (s->one || !s->info->settings->max_records))
        rc = put_history(v, s, &l, err);
    if (rc == 0)
        html_view(&v->reply->body, &s->face, l.at, l.n);
    return rc;
}

static int put_list(struct visit *v, struct shown *s, struct err *err)
{
    const struct souk_settings *m = s->info->settings;
    struct buf *out = &v->reply->body;
    struct elements l = { .a = v->a };
    if (s->n) {
        html_found_begin(out, visit_say(v, "settings.records"));
        for (size_t i = 0; i < s->n; i++)
            html_found(out, summary(v, s, &s->record[i]), address(v, m->id, arena_printf(v->a, "%lld", (long long)s->record[i].id)),
                       default_word(v, s, &s->record[i]), "");
        html_found_end(out, NULL, NULL);
    } else {
        html_paragraph(out, visit_say(v, "settings.none"));
    }
    if (s->n < m->max_records) {
        html_links_begin(out, visit_say(v, "settings.more"));
        html_link(out, visit_say(v, "settings.add"), address(v, m->id, "new"), false);
        html_links_end(out);
    }
    int rc = put_history(v, s, &l, err);
    if (rc == 0 && l.n)
        html_view(out, &s->face, l.at, l.n);
    return rc;
}

int page_settings(struct visit *v, struct err *err)
{
    struct shown s;
    const char *record = visit_part(v, "record");
    if (read_page(v, visit_part(v, "module"), record, &s, err) < 0)
        return -err->code;
    const struct souk_settings *m = s.info->settings;
    visit_page(v, *record && s.one ? summary(v, &s, s.one) : plugin_word(v, &s, m->title));
    html_begin(&v->reply->body, &v->page);
    put_about(v, &s);
    if (s.stale)
        html_notice(&v->reply->body, SOUK_WATCH, s.stale);
    put_notes(v, &s);
    int rc = m->max_records && !*record ? put_list(v, &s, err) : put_record(v, &s, err);
    if (rc < 0)
        return rc;
    put_links(v, &s);
    visit_page_done(v);
    return 0;
}

/* All modules, in their order. */
size_t settings_modules(struct visit *v, const struct settings_info ***list, const struct plugin ***of)
{
    const struct plugins *all = v->w->site->plugins;
    size_t most = 0, n = 0;
    for (size_t i = 0; i < plugins_count(all); i++)
        most += plugins_at(all, i)->n_settings;
    *list = arena_alloc(v->a, (most + 1) * sizeof **list);
    *of = arena_alloc(v->a, (most + 1) * sizeof **of);
    for (size_t i = 0; i < plugins_count(all); i++)
        for (size_t k = 0; k < plugins_at(all, i)->n_settings; k++) {
            const struct settings_info *s = &plugins_at(all, i)->settings[k];
            size_t at = n++;
            for (; at && (*list)[at - 1]->settings->order > s->settings->order; at--) {
                (*list)[at] = (*list)[at - 1];
                (*of)[at] = (*of)[at - 1];
            }
            (*list)[at] = s;
            (*of)[at] = plugins_at(all, i);
        }
    return n;
}

int page_settings_all(struct visit *v, struct err *err)
{
    static const struct { const char *route, *title; } pages[] = {      /* at settings/ROUTE */
        { "people", "people.title" }, { "log", "log.title" }, { "preferences", "preferences.title" }, { "data", "data.title" },
        { "faq", "faq.title" }, { "links", "link.title" },
    };
    const struct settings_info **list;
    const struct plugin **of;
    size_t n = settings_modules(v, &list, &of);
    struct buf *out = &v->reply->body;
    visit_page(v, visit_say(v, "settings.title"));
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, "settings.about"));
    html_found_begin(out, visit_say(v, "settings.modules"));
    for (size_t i = 0; i < n; i++) {
        struct shown s = { .plugin = of[i], .info = list[i], .face = visit_face(v, of[i], NULL) };
        const struct souk_settings *m = list[i]->settings;
        if (!settings_seen(v, m))
            continue;
        if (read_records(v, &s, err) < 0)
            return -err->code;
        struct buf state = { 0 };
        if (!s.n)
            say(&state, &v->face, "settings.state_empty");
        else if (m->max_records)
            say(&state, &v->face, "settings.state_list", { "n", NULL, (int64_t)s.n });
        else
            buf_text(&state, summary(v, &s, &s.record[0]));
        html_found(out, plugin_word(v, &s, m->title), address(v, m->id, ""),
                   arena_printf(v->a, "%s%s%s", m->about ? plugin_word(v, &s, m->about) : "", m->about ? " – " : "", buf_str(&state)), "");
        buf_free(&state);
    }
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        if (route_is_open(v, pages[i].route))
            html_found(out, visit_say(v, pages[i].title), address(v, pages[i].route, ""), "", "");
    html_found_end(out, NULL, NULL);
    visit_page_done(v);
    return 0;
}

/* ---- JSON -------------------------------------------------------------------------------------- */

static json_t *record_json(const struct shown *s, const struct settings_record *r)
{
    struct buf at = { 0 };
    json_t *values = json_object();
    for (size_t i = 0; i < r->values.n; i++)
        json_object_set_new(values, r->values.at[i].name, json_value(&s->face, &r->values.at[i].value));
    buf_instant(&at, r->changed_s);
    json_t *record = json_pack("{s:I, s:I, s:s, s:s, s:o}", "record", (json_int_t)r->id, "version", (json_int_t)r->version,
                               "changed", buf_str(&at), "changed_by", r->changed_by, "values", values);
    buf_free(&at);
    return record;
}

static json_t *values_json(const struct shown *s, const struct settings_values *values)
{
    json_t *j = json_object();
    for (size_t i = 0; i < values->n; i++)
        json_object_set_new(j, values->at[i].name, json_value(&s->face, &values->at[i].value));
    return j;
}

static json_t *change_json(const struct shown *s, const struct settings_change *c)
{
    struct buf at = { 0 };
    buf_instant(&at, c->at_s);
    json_t *j = json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "change", (json_int_t)c->no, "at", buf_str(&at), "who", c->actor,
                          "via", c->via, "what", c->what, "record", (json_int_t)c->id, "before", values_json(s, &c->before),
                          "after", values_json(s, &c->after));
    if (c->undoes)
        json_object_set_new(j, "undoes", json_integer((json_int_t)c->undoes));
    if (c->undone_by)
        json_object_set_new(j, "undone_by", json_integer((json_int_t)c->undone_by));
    buf_free(&at);
    return j;
}

int api_settings(struct visit *v, struct err *err)
{
    struct shown s;
    const char *record = visit_part(v, "record");
    struct settings_change *c;
    size_t n;
    int64_t id = 0;
    if (read_module(v, visit_part(v, "module"), &s, err) < 0)
        return -err->code;
    if (*record && (!text_int(record, &id) || !record_numbered(&s, id)))
        return err_set(err, ERR_ABSENT, "There is no record %.20s in these settings; perhaps it was removed.", record);
    if (settings_history(v->db, v->a, s.info->settings->id, id, 0, HISTORY, &c, &n, err) < 0)
        return -err->code;
    json_t *list = json_array(), *changes = json_array();
    for (size_t i = 0; i < s.n; i++)
        if (!id || s.record[i].id == id)
            json_array_append_new(list, record_json(&s, &s.record[i]));
    for (size_t i = 0; i < n; i++)
        json_array_append_new(changes, change_json(&s, &c[i]));
    json_write(&v->reply->body, json_pack("{s:s, s:s, s:o, s:o}", "settings", s.info->settings->id, "title",
                                          plugin_word(v, &s, s.info->settings->title), "records", list, "changes", changes));
    visit_done(v, "application/json");
    return 0;
}

/* As it would be typed; of a secret its end. */
static const char *plain_words(struct visit *v, const struct shown *s, const struct settings_value *is)
{
    const struct souk_field *f = flat_declared(&s->info->settings->fields, is->name);
    struct buf text = { 0 };
    if (is->value.type == SOUK_TAIL || !f)
        return value_words(v, s, is);
    if (f->fields.n)
        value_as_text(&text, &is->value);
    else
        field_as_text(&text, f, &is->value, "UTC");
    const char *words = arena_text(v->a, buf_str(&text));
    buf_free(&text);
    return words;
}

/* A row for each value. */
int api_settings_csv(struct visit *v, struct err *err)
{
    static const char columns[] = "record:count field:text title:text value:text";
    struct shown s;
    struct column *column;
    size_t n_columns, n = 0;
    if (read_module(v, visit_part(v, "module"), &s, err) < 0 || columns_parse(v->a, columns, &column, &n_columns, err) < 0)
        return -err->code;
    for (size_t i = 0; i < s.n; i++)
        n += s.record[i].values.n;
    struct souk_value *cell = arena_alloc(v->a, (n + 1) * n_columns * sizeof *cell), *at = cell;
    for (size_t i = 0; i < s.n; i++)
        for (size_t k = 0; k < s.record[i].values.n; k++) {
            const struct settings_value *is = &s.record[i].values.at[k];
            *at++ = souk_count(s.record[i].id);
            *at++ = souk_text(is->name);
            *at++ = souk_text(name_words(v, &s, is->name));
            *at++ = souk_text(plain_words(v, &s, is));
        }
    const struct souk_rows rows = { columns, cell, (uint32_t)n_columns, (uint32_t)n, 0, 0 };
    csv_rows(&v->reply->body, &s.face, &rows, column, n_columns);
    visit_done(v, "text/csv; charset=utf-8");
    return 0;
}

int api_settings_all(struct visit *v, struct err *err)
{
    const struct settings_info **module;
    const struct plugin **of;
    size_t n = settings_modules(v, &module, &of);
    json_t *list = json_array();
    (void)err;
    for (size_t i = 0; i < n; i++)
        if (settings_seen(v, module[i]->settings))
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "settings", module[i]->settings->id,
            "title", visit_plugin_say(v, of[i], module[i]->settings->title), "plugin", of[i]->id,
            "list", module[i]->settings->max_records > 0));
    json_write(&v->reply->body, json_pack("{s:o}", "settings", list));
    visit_done(v, "application/json");
    return 0;
}
