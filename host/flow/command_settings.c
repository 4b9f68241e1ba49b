/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_settings.c: settings.<module>.save, .remove and .undo of every settings module.
 *
 * in:     fields as they were given; what the record holds
 * out:    settings_record and its history, secrets sealed
 * knows:  settings, vault, flat, the check of the module
 *
 * Before the transaction begins the record is put together and the module is asked (settings_prepare); in it
 * the record is written, if it is still the one that was read (settings_run).  What an older version of the module
 * has kept is made into what it keeps now first.
 *
 * A save changes what it is given.  A table is given whole: its rows are counted anew, and an empty row is
 * none.  An empty secret stays as it was; `forget` names those that shall go.
 */
#include "command_settings.h"

#include <stdlib.h>
#include <string.h>

#include "data/vault.h"
#include "plug/ask.h"
#include "plug/field.h"
#include "plug/flat.h"
#include "plug/older.h"

enum { TAIL = 3, TAIL_FROM = 8, LETTER_BYTES = 4, RECORD_OF_ONE = 1 };

struct settings_plan {
    struct settings_write *write;
    size_t n;
};

struct prepare {                                        /* of one record */
    struct doing *d;
    const struct command_info *info;
    const struct settings_info *module;
    const struct souk_args *args;
    struct settings_record was;
    struct settings_record *all;                        /* of the module */
    size_t n_all;
    struct settings_values now;
    size_t room;                                        /* in now */
    struct flat *flat;
    size_t n_flat;
    const char **clear;                                 /* by flat: a secret given now, in clear; or NULL */
    bool anyway;
    const char *wrong_field, *wrong, *doubt_field, *doubt;
};

/* ---- fields ---------------------------------------------------------------------------------- */

struct rows {
    const struct command_text *text;
    size_t n;
    const struct settings_values *kept;
};

static uint32_t rows_given(void *ctx, const struct souk_field *table)
{
    const struct rows *r = ctx;
    uint32_t most = 0;
    for (size_t i = 0; i < r->n; i++)
        most = flat_row(table, r->text[i].name) > most ? flat_row(table, r->text[i].name) : most;
    for (size_t i = 0; r->kept && i < r->kept->n; i++)
        most = flat_row(table, r->kept->at[i].name) > most ? flat_row(table, r->kept->at[i].name) : most;
    return most;
}

static struct flat_setup flat_of(struct arena *a, struct db *db, const struct settings_info *module, struct rows *rows)
{
    struct flat_setup setup = { .fields = &module->settings->fields, .rows_of = rows_given, .ctx = rows };
    struct err ignored = { 0 };
    ask_markets(a, db, &setup.markets, &setup.n_markets, &ignored);
    return setup;
}

int settings_fields(struct work_place *at, struct command_info *info, const struct command_text *text, size_t n, struct err *err)
{
    struct rows rows = { text, n, NULL };
    const struct flat_setup setup = flat_of(at->a, at->db, info->settings, &rows);
    const struct souk_list own = info->fields;
    struct flat *flat;
    size_t n_flat;
    uint32_t n_own = own.n - info->settings->settings->fields.n;
    flat_fields(at->a, &setup, &flat, &n_flat);
    struct souk_field *field = arena_zero(at->a, (n_own + n_flat + setup.fields->n) * sizeof *field);
    for (uint32_t i = 0; i < n_own; i++)
        field[i] = *field_at(&own, i);
    for (size_t i = 0; i < n_flat; i++) {
        field[n_own + i] = flat[i].field;
        if (desk_choices(at->desk, at->a, at->db, info->plugin, &field[n_own + i], err) < 0)
            return -err->code;
    }
    uint32_t all = n_own + (uint32_t)n_flat;
    for (uint32_t i = 0; i < setup.fields->n; i++)      /* "rates" alone says that the table is given: no row of it is left */
        if (field_at(setup.fields, i)->type == SOUK_FIELD_RECORDS) {
            field[all] = *field_at(setup.fields, i);
            field[all].type = SOUK_FIELD_COUNT;
            field[all].flags = 0;
            field[all++].fields = (struct souk_list){ NULL, 0, 0 };
        }
    info->fields = (struct souk_list){ field, all, sizeof *field };
    return 0;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* What now holds is its own: a copy, with room for more. */
static void now_begin(struct prepare *p, const struct settings_values *from)
{
    p->room = from->n + 16;
    p->now = (struct settings_values){ arena_alloc(p->d->a, p->room * sizeof *p->now.at), from->n };
    if (from->n)
        memcpy(p->now.at, from->at, from->n * sizeof *from->at);
}

/* A value that takes the place of the one of its name; SOUK_NONE: none is left. */
static void now_put(struct prepare *p, const struct settings_value *v)
{
    size_t i = 0;
    while (i < p->now.n && !text_is(p->now.at[i].name, v->name))
        i++;
    if (v->value.type == SOUK_NONE) {
        if (i < p->now.n)
            memmove(&p->now.at[i], &p->now.at[i + 1], (--p->now.n - i) * sizeof *p->now.at);
        return;
    }
    if (i == p->room) {
        struct settings_value *more = arena_alloc(p->d->a, (p->room = 2 * p->room + 16) * sizeof *more);
        if (i)
            memcpy(more, p->now.at, i * sizeof *more);
        p->now.at = more;
    }
    p->now.at[i] = *v;
    p->now.n += i == p->now.n;
}

static void now_drop(struct prepare *p, const char *name)
{
    now_put(p, &(const struct settings_value){ .name = name, .value = souk_none() });
}

static const struct settings_value *now_of(const struct prepare *p, const char *name)
{
    return settings_named(&p->now, name);
}

static bool is_no(const struct souk_value *v)
{
    return v->type == SOUK_BOOL && !v->num;
}

/* Is the field shown, by what another one holds? */
static bool is_wanted(const struct prepare *p, const struct souk_field *f)
{
    if (!f->when)
        return true;
    const struct settings_value *other = now_of(p, f->when);
    if (!f->when_is)
        return other && !is_no(&other->value);
    struct buf is = { 0 };
    if (other)
        value_as_text(&is, &other->value);
    bool shown = false;
    for (const char *at = f->when_is; !shown && *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        shown = n == is.len && memcmp(at, buf_str(&is), n) == 0;
        at += n;
    }
    buf_free(&is);
    return shown;
}

static bool is_forgotten(const struct prepare *p, const char *name)
{
    const char *list = arg_text(p->args, "forget");
    for (size_t n; *list; list += n) {
        list += strspn(list, " ,");
        n = strcspn(list, " ,");
        if (n == strlen(name) && memcmp(list, name, n) == 0)
            return true;
    }
    return false;
}

static bool is_table_given(const struct prepare *p, const struct souk_field *table)
{
    if (souk_given(p->args, table->name))
        return true;
    for (uint32_t i = 0; i < p->args->n; i++)
        if (flat_row(table, p->args->at[i].name))
            return true;
    return false;
}

/* The last three letters of a secret, without blanks between them, which tell accounts apart; none of one that is short. */
static const char *tail_of(struct arena *a, const char *secret)
{
    char *tail = arena_zero(a, TAIL * LETTER_BYTES + 1);
    const char *at = secret + strlen(secret);
    size_t n = TAIL * LETTER_BYTES, kept = n, letters = 0;
    while (at-- > secret) {
        if (*at == ' ')
            continue;
        if (letters < TAIL)
            tail[--kept] = *at;
        letters += (*at & 0xC0) != 0x80;                /* the first byte of a letter is read last */
    }
    return letters < TAIL_FROM ? "" : tail + kept;
}

static int take_one(struct prepare *p, size_t i, struct err *err)
{
    const struct flat *f = &p->flat[i];
    const char *name = f->field.name;
    const struct souk_value *given = souk_given(p->args, name);
    struct settings_value v = { .name = name, .is_personal = (f->field.flags & SOUK_FIELD_PERSONAL) != 0 };
    if (f->field.flags & SOUK_FIELD_READ_ONLY)
        return !given || given->type == SOUK_NONE ? 0
               : doing_refuse(p->d, name, err, ERR_INPUT, "The field \"%s\" is set by Souk: leave it out.", name);
    if (f->field.flags & SOUK_FIELD_SECRET && (!given || given->type == SOUK_NONE)) {
        if (is_forgotten(p, name))
            now_drop(p, name);
        return 0;
    }
    if (given)
        v.value = *given;
    else if (!p->was.version && !f->row && !f->market && f->from->fallback.type != SOUK_NONE)
        v.value = f->from->fallback;
    else if (f->row && is_table_given(p, f->outer))
        v.value = souk_none();
    else
        return 0;
    if (f->field.flags & SOUK_FIELD_SECRET) {
        p->clear[i] = vault_keep(p->d->a, v.value.text.at, v.value.text.len);
        v.value = souk_word(SOUK_TAIL, tail_of(p->d->a, p->clear[i]));
    }
    now_put(p, &v);
    return 0;
}

/* Rows of which nothing is given are none; those behind them move up. */
static void rows_close(struct prepare *p, const struct souk_field *table)
{
    uint32_t next = 1;
    struct settings_values old = p->now;
    struct settings_value *at = arena_alloc(p->d->a, (old.n + 1) * sizeof *at);
    size_t n = 0;
    for (size_t i = 0; i < old.n; i++)
        if (!flat_row(table, old.at[i].name) && !text_is(old.at[i].name, table->name))
            at[n++] = old.at[i];
    for (uint32_t row = 1; row <= flat_most_rows(table); row++) {
        bool is_there = false;
        for (size_t i = 0; i < old.n; i++)
            is_there |= flat_row(table, old.at[i].name) == row && !is_no(&old.at[i].value);
        for (size_t i = 0; is_there && i < old.n; i++)
            if (flat_row(table, old.at[i].name) == row) {
                at[n] = old.at[i];
                at[n++].name = arena_printf(p->d->a, "%s.%u%s", table->name, next, strchr(strchr(old.at[i].name, '.') + 1, '.'));
            }
        next += is_there;
    }
    p->now = (struct settings_values){ at, n };
    p->room = old.n + 1;
    if (next > 1)
        now_put(p, &(const struct settings_value){ .name = table->name, .value = souk_count(next - 1) });
}

static const char *title_of(const struct prepare *p, const char *key)
{
    const struct command_setup *s = p->d->setup;
    const char *pattern = plugin_pattern(s->plugins, p->info->plugin, s->reader.language, key);
    return pattern && !strchr(pattern, '{') ? pattern : key;
}

static int needs(struct prepare *p, struct err *err)
{
    const struct souk_list *fields = &p->module->settings->fields;
    for (size_t i = 0; i < p->n_flat; i++) {
        const struct flat *f = &p->flat[i];
        bool is_row = !f->row;
        for (size_t k = 0; !is_row && k < p->now.n; k++)
            is_row = flat_row(f->outer, p->now.at[k].name) == f->row;
        if (f->from->flags & SOUK_FIELD_NEEDED && !f->market && is_row && is_wanted(p, &f->field) && !now_of(p, f->field.name))
            return doing_refuse(p->d, f->field.name, err, ERR_INPUT, "“%s” is needed and cannot be left empty.",
                                title_of(p, f->field.title));
    }
    for (uint32_t i = 0; i < fields->n; i++) {
        const struct souk_field *f = field_at(fields, i);
        if (f->type == SOUK_FIELD_RECORDS && f->flags & SOUK_FIELD_NEEDED && is_wanted(p, f) && !now_of(p, f->name))
            return doing_refuse(p->d, f->name, err, ERR_INPUT, "“%s” needs a row.", title_of(p, f->title));
    }
    return 0;
}

static int unique(struct prepare *p, struct err *err)
{
    for (size_t i = 0; i < p->n_flat; i++) {
        const struct flat *f = &p->flat[i];
        const struct settings_value *is = f->field.flags & SOUK_FIELD_UNIQUE ? now_of(p, f->field.name) : NULL;
        for (size_t k = 0; is && k < p->n_all; k++) {
            const struct settings_value *other = settings_named(&p->all[k].values, f->field.name);
            bool same = p->all[k].id != p->was.id && other && settings_same(is, other);
            if (other && p->all[k].id != p->was.id && p->clear[i]) {           /* secrets are compared in clear */
                const char *secret;
                size_t n;
                const char *context = settings_context(p->d->a, p->module->settings->id, p->all[k].id, f->field.name);
                if (vault_unseal(p->d->setup->vault, p->d->a, context, other->sealed, other->n_sealed, &secret, &n, err) < 0)
                    return -err->code;
                same = text_is(secret, p->clear[i]);
            }
            if (same)
                return doing_refuse(p->d, f->field.name, err, ERR_INPUT, "“%s” stands in another record already: change that"
                                    " one, or write another.", title_of(p, f->field.title));
        }
    }
    return 0;
}

static int seal(struct prepare *p, struct err *err)
{
    for (size_t i = 0; i < p->n_flat; i++) {
        if (!p->clear[i])
            continue;
        const char *name = p->flat[i].field.name;
        struct settings_value v = *now_of(p, name);
        const struct settings_value *old = settings_named(&p->was.values, name);
        const char *context = settings_context(p->d->a, p->module->settings->id, p->was.id, name), *secret;
        size_t n;
        if (!p->d->setup->vault)
            return err_set(err, ERR_BUG, "Secrets cannot be sealed here.");
        if (old && old->sealed) {
            if (vault_unseal(p->d->setup->vault, p->d->a, context, old->sealed, old->n_sealed, &secret, &n, err) < 0)
                return -err->code;
            if (text_is(secret, p->clear[i])) {
                now_put(p, old);                        /* the same again is no change */
                continue;
            }
        }
        if (vault_seal(p->d->setup->vault, p->d->a, context, p->clear[i], strlen(p->clear[i]), &v.sealed, &v.n_sealed, err) < 0)
            return -err->code;
        now_put(p, &v);
    }
    return 0;
}

/* ---- what the module says ---------------------------------------------------------------------- */

static void on_wrong(void *ctx, const char *field, const char *text)
{
    struct prepare *p = ctx;
    if (!p->wrong) {
        p->wrong_field = arena_text(p->d->a, field);
        p->wrong = arena_text(p->d->a, text);
    }
}

static void on_doubt(void *ctx, const char *field, const char *text)
{
    struct prepare *p = ctx;
    if (!p->doubt) {
        p->doubt_field = arena_text(p->d->a, field);
        p->doubt = arena_text(p->d->a, text);
    }
}

static int on_set(void *ctx, const char *field, const struct souk_value *value, struct err *err)
{
    struct prepare *p = ctx;
    for (size_t i = 0; i < p->n_flat; i++) {
        const struct flat *f = &p->flat[i];
        if (!text_is(f->field.name, field))
            continue;
        if (!(f->field.flags & SOUK_FIELD_READ_ONLY) || (value->type != SOUK_NONE && value->type != field_gives(f->field.type)))
            return err_set(err, ERR_PLUGIN, "set: '%.60s' is no read-only field of this type.", field);
        now_put(p, &(const struct settings_value){ .name = f->field.name, .value = *value });
        return 0;
    }
    return err_set(err, ERR_PLUGIN, "set: there is no field '%.60s'.", field);
}

/* Values for the plugin: secrets as tails, or in clear when they are new. */
static struct souk_args told(struct prepare *p)
{
    struct souk_args args = settings_args(p->d->a, &p->now);
    struct souk_arg *arg = arena_alloc(p->d->a, (args.n + 1) * sizeof *arg);
    if (args.n)
        memcpy(arg, args.at, args.n * sizeof *arg);
    for (size_t i = 0; i < p->n_flat; i++)
        for (uint32_t k = 0; p->clear[i] && k < args.n; k++)
            if (text_is(arg[k].name, p->flat[i].field.name))
                arg[k].value = souk_text(p->clear[i]);
    return (struct souk_args){ arg, args.n, 0 };
}

static const char *names_changed(struct prepare *p)
{
    struct buf names = { 0 };
    for (size_t i = 0; i < p->n_flat; i++) {
        const char *name = p->flat[i].field.name;
        if (!p->clear[i] && settings_same(settings_named(&p->was.values, name), now_of(p, name)))
            continue;
        if (names.len)
            buf_char(&names, ' ');
        buf_text(&names, name);
    }
    const char *text = arena_text(p->d->a, buf_str(&names));
    buf_free(&names);
    return text;
}

static int check(struct prepare *p, struct err *err)
{
    const struct command_setup *s = p->d->setup;
    struct souk_ask ask;
    const struct souk_record record = {
        .size = sizeof record, .is_new = !p->was.version, .id = arena_printf(p->d->a, "%lld", (long long)p->was.id),
        .was = settings_args(p->d->a, &p->was.values), .now = told(p), .changed = names_changed(p),
    };
    const struct check_setup setup = {
        .db = p->d->db, .plugin = p->info->plugin, .settings = p->module->settings, .ask = &ask, .reader = &s->reader,
        .record = &record, .ctx = p, .wrong = on_wrong, .doubt = on_doubt, .set = on_set,
    };
    int rc = ask_all(p->d->a, p->d->db, p->d->now_s, &ask, err);
    if (rc == 0)
        rc = desk_check(s->desk, p->d->a, &setup, err);
    if (rc < 0)
        return rc;
    if (p->wrong)
        return doing_refuse(p->d, p->wrong_field, err, ERR_INPUT, "%s", p->wrong);
    if (p->doubt && !p->anyway)
        return doing_refuse(p->d, "anyway", err, ERR_INPUT, "%s", p->doubt);
    return 0;
}

/* ---- one record ------------------------------------------------------------------------------ */

static int find(struct prepare *p, int64_t id, struct err *err)
{
    const char *module = p->module->settings->id;
    const struct command_setup *s = p->d->setup;
    const struct older_place place = { p->d->a, p->d->db, s->desk, p->info->plugin, p->module, &s->reader, p->d->now_s };
    int rc = settings_find(p->d->db, p->d->a, module, id, &p->was, err);
    if (rc > 0)
        rc = older_read(&place, &p->was, err);
    if (rc >= 0)
        rc = settings_list(p->d->db, p->d->a, module, &p->all, &p->n_all, err);
    now_begin(p, &p->was.values);
    return rc < 0 ? rc : 0;
}

/* The record that the arguments name; a new one gets its number. */
static int find_named(struct prepare *p, bool may_be_new, struct err *err)
{
    const struct souk_settings *s = p->module->settings;
    const char *record = arg_text(p->args, "record");
    int64_t id = RECORD_OF_ONE;
    int rc = 0;
    if (s->max_records && *record && (!text_int(record, &id) || id < 1))
        return doing_refuse(p->d, "record", err, ERR_INPUT, "'%.20s' is no number of a record.", record);
    if (s->max_records && !*record && !may_be_new)
        return doing_refuse(p->d, "record", err, ERR_INPUT, "Say which record: `record` is its number.");
    if (s->max_records && !*record)
        rc = settings_next(p->d->db, s->id, &id, err);
    if (rc == 0)
        rc = find(p, id, err);
    if (rc < 0)
        return rc;
    if (!p->was.version && (*record || !may_be_new))
        return doing_refuse(p->d, "record", err, ERR_ABSENT, "There is no record %lld here; perhaps it was removed.", (long long)id);
    if (!p->was.version && s->max_records && p->n_all >= s->max_records)
        return err_set(err, ERR_INPUT, "There are %u already, which is the most that is kept: remove one first.", s->max_records);
    const struct souk_value *version = souk_given(p->args, "version");
    if (version && version->type != SOUK_NONE && version->num != p->was.version)
        return err_set(err, ERR_INPUT, "%s has changed it meanwhile. Look at what is kept now (open the page again in another"
                       " window), and save once more to have it as it stands here.", *p->was.changed_by ? p->was.changed_by : "Somebody");
    return 0;
}

static struct settings_write write_of(const struct prepare *p, const char *module)
{
    const struct command_setup *s = p->d->setup;
    return (struct settings_write){
        .module = module, .actor = s->who.name, .via = s->via, .id = p->was.id, .version = p->was.version,
        .schema = p->module->settings->schema, .values = p->now, .at_s = p->d->now_s,
    };
}

static void plan_add(struct doing *d, const struct settings_write *w)
{
    struct settings_write *at = arena_alloc(d->a, (d->settings->n + 1) * sizeof *at);
    if (d->settings->n)
        memcpy(at, d->settings->write, d->settings->n * sizeof *at);
    at[d->settings->n++] = *w;
    d->settings->write = at;
}

/* Exactly one record of each group is the default one. */
static void one_default(struct prepare *p)
{
    const struct souk_settings *s = p->module->settings;
    if (!s->one_default)
        return;
    const struct settings_value yes = { .name = s->one_default, .value = souk_bool(1) }, no = { .name = s->one_default, .value = souk_bool(0) };
    const struct settings_value *mine = now_of(p, s->one_default), *group = s->default_per ? now_of(p, s->default_per) : NULL;
    bool is_mine = mine && mine->value.num, is_other = false;
    for (size_t i = 0; i < p->n_all; i++) {
        struct settings_record *r = &p->all[i];
        const struct settings_value *is = settings_named(&r->values, s->one_default);
        if (r->id == p->was.id || (s->default_per && !settings_same(settings_named(&r->values, s->default_per), group)) || !is || !is->value.num)
            continue;
        is_other = true;
        if (is_mine) {
            struct prepare other = *p;
            other.was = *r;
            now_begin(&other, &r->values);
            now_put(&other, &no);
            const struct settings_write w = write_of(&other, s->id);
            plan_add(p->d, &w);
        }
    }
    if (!is_mine && !is_other)
        now_put(p, &yes);
}

/* What a record holds when all of the plan is written; NULL: it is gone. */
static const struct settings_values *then_of(const struct prepare *p, int64_t id, const struct settings_values *now)
{
    for (size_t i = 0; i < p->d->settings->n; i++) {
        const struct settings_write *w = &p->d->settings->write[i];
        if (w->id == id)
            return w->is_removed ? NULL : &w->values;
    }
    return now;
}

/* After all of the plan, does each group have its one default? */
static int check_defaults(struct prepare *p, struct err *err)
{
    const struct souk_settings *s = p->module->settings;
    size_t n = 0;
    const struct settings_values **then = arena_alloc(p->d->a, (p->n_all + p->d->settings->n + 1) * sizeof *then);
    if (!s->one_default)
        return 0;
    for (size_t i = 0; i < p->n_all; i++)
        if ((then[n] = then_of(p, p->all[i].id, &p->all[i].values)))
            n++;
    for (size_t i = 0; i < p->d->settings->n; i++)
        if (!p->d->settings->write[i].version && !p->d->settings->write[i].is_removed)
            then[n++] = &p->d->settings->write[i].values;
    for (size_t i = 0; i < n; i++) {
        const struct settings_value *group = s->default_per ? settings_named(then[i], s->default_per) : NULL;
        size_t defaults = 0;
        for (size_t k = 0; k < n; k++) {
            const struct settings_value *is = settings_named(then[k], s->one_default);
            if (!s->default_per || settings_same(settings_named(then[k], s->default_per), group))
                defaults += is && is->value.num;
        }
        const char *title = title_of(p, flat_declared(&s->fields, s->one_default)->title);
        if (!defaults)
            return err_set(err, ERR_INPUT, "Nothing would be left of which “%s” holds, but other records are: set it for one of"
                           " those first.", title);
        if (defaults > 1)
            return err_set(err, ERR_INPUT, "“%s” would hold for %zu records, but only one can have it: change the other one first.",
                           title, defaults);
    }
    return 0;
}

static void fields_of(struct prepare *p, struct rows *rows)
{
    const struct flat_setup setup = flat_of(p->d->a, p->d->db, p->module, rows);
    flat_fields(p->d->a, &setup, &p->flat, &p->n_flat);
    p->clear = arena_zero(p->d->a, (p->n_flat + 1) * sizeof *p->clear);
}

/* May it be kept as it now is? */
static int ask_whether(struct prepare *p, struct err *err)
{
    int rc = needs(p, err);
    if (rc == 0)
        rc = unique(p, err);
    return rc ? rc : check(p, err);
}

static int save(struct prepare *p, struct err *err)
{
    struct arena *a = p->d->a;
    const struct souk_settings *s = p->module->settings;
    struct command_text *text = arena_alloc(a, (p->args->n + 1) * sizeof *text);
    for (uint32_t i = 0; i < p->args->n; i++)
        text[i] = (struct command_text){ p->args->at[i].name, "" };
    int rc = find_named(p, true, err);
    if (rc < 0)
        return rc;
    fields_of(p, &(struct rows){ text, p->args->n, &p->was.values });
    p->anyway = arg_int(p->args, "anyway", 0) != 0;
    for (size_t i = 0; i < p->n_flat && rc == 0; i++)
        rc = take_one(p, i, err);
    for (size_t i = 0; i < p->n_flat && rc == 0; i++)
        if (!is_wanted(p, &p->flat[i].field))
            now_drop(p, p->flat[i].field.name);
    for (uint32_t i = 0; i < s->fields.n && rc == 0; i++)
        if (field_at(&s->fields, i)->type == SOUK_FIELD_RECORDS)
            rows_close(p, field_at(&s->fields, i));
    if (rc == 0)
        rc = ask_whether(p, err);
    if (rc == 0)
        rc = seal(p, err);
    if (rc < 0)
        return rc;
    size_t first = p->d->settings->n;
    one_default(p);
    const struct settings_write w = write_of(p, s->id);
    plan_add(p->d, &w);
    if (p->d->settings->n > first + 1) {                /* the record itself leads, the others follow */
        struct settings_write *at = p->d->settings->write;
        struct settings_write last = at[p->d->settings->n - 1];
        memmove(at + first + 1, at + first, (p->d->settings->n - 1 - first) * sizeof *at);
        at[first] = last;
    }
    return check_defaults(p, err);
}

static int remove_one(struct prepare *p, struct err *err)
{
    int rc = find_named(p, false, err);
    if (rc < 0)
        return rc;
    struct settings_write w = write_of(p, p->module->settings->id);
    w.is_removed = true;
    w.values = (struct settings_values){ NULL, 0 };
    plan_add(p->d, &w);
    return check_defaults(p, err);
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* Secrets that come back are new to the module again: it is told them in clear.  They stay sealed as they were. */
static int open_secrets(struct prepare *p, struct err *err)
{
    for (size_t i = 0; i < p->n_flat; i++) {
        const char *name = p->flat[i].field.name;
        const struct settings_value *is = now_of(p, name);
        size_t n;
        if (!is || !is->sealed || settings_same(settings_named(&p->was.values, name), is))
            continue;
        if (vault_unseal(p->d->setup->vault, p->d->a, settings_context(p->d->a, p->module->settings->id, p->was.id, name),
                         is->sealed, is->n_sealed, &p->clear[i], &n, err) < 0)
            return -err->code;
    }
    return 0;
}

static int undo_one(struct prepare *p, const struct settings_change *c, struct err *err)
{
    int rc = find(p, c->id, err);
    if (rc < 0)
        return rc;
    bool is_gone = text_is(c->what, "removed");
    if (is_gone == (p->was.version > 0))
        return err_set(err, ERR_INPUT, is_gone ? "Record %lld is there again: there is nothing to bring back."
                       : "Record %lld was removed since: take that back first.", (long long)c->id);
    for (size_t i = 0; i < c->after.n; i++)
        if (!settings_same(now_of(p, c->after.at[i].name), &c->after.at[i]))
            return err_set(err, ERR_INPUT, "“%s” has been changed again since: take the later change back first.", c->after.at[i].name);
    for (size_t i = 0; i < c->before.n; i++)
        if (!settings_named(&c->after, c->before.at[i].name) && !is_gone && now_of(p, c->before.at[i].name))
            return err_set(err, ERR_INPUT, "“%s” has been filled again since: take the later change back first.", c->before.at[i].name);
    for (size_t i = 0; i < c->after.n; i++)
        now_drop(p, c->after.at[i].name);
    for (size_t i = 0; i < c->before.n; i++)
        now_put(p, &c->before.at[i]);
    struct settings_write w = write_of(p, p->module->settings->id);
    w.is_removed = text_is(c->what, "added");
    if (w.is_removed)
        w.values = (struct settings_values){ NULL, 0 };
    w.undoes = c->no;
    if (!w.is_removed) {
        fields_of(p, &(struct rows){ NULL, 0, &p->now });
        rc = open_secrets(p, err);
        if (rc == 0)
            rc = ask_whether(p, err);
        w.values = p->now;
    }
    plan_add(p->d, &w);
    return rc;
}

static int undo(struct prepare *p, struct err *err)
{
    struct settings_change *list;
    size_t n;
    int64_t no = arg_int(p->args, "change", 0);
    int rc = settings_change_find(p->d->db, p->d->a, p->module->settings->id, no, &list, &n, err);
    if (rc < 0)
        return rc;
    if (!n)
        return doing_refuse(p->d, "change", err, ERR_ABSENT, "There is no change %lld in this module's history.", (long long)no);
    if (list[0].undone_by)
        return doing_refuse(p->d, "change", err, ERR_INPUT, "Change %lld was taken back already.", (long long)no);
    p->anyway = arg_int(p->args, "anyway", 0) != 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = undo_one(p, &list[i], err);
    return rc ? rc : check_defaults(p, err);
}

/* ---- the two halves of the command ------------------------------------------------------------- */

int settings_prepare(struct doing *d, const struct command_info *info, const struct souk_args *args, struct err *err)
{
    struct prepare p = { .d = d, .info = info, .module = info->settings, .args = args };
    d->settings = arena_zero(d->a, sizeof *d->settings);
    switch (info->does) {
    case SETTINGS_SAVE:   return save(&p, err);
    case SETTINGS_REMOVE: return remove_one(&p, err);
    default:              return undo(&p, err);
    }
}

int settings_run(struct doing *d, const struct command_info *info, struct err *err)
{
    int64_t lead = 0, change;
    int changed = 0, rc = 0;
    for (size_t i = 0; i < d->settings->n && rc >= 0; i++) {
        struct settings_write *w = &d->settings->write[i];
        w->lead = lead;
        rc = settings_put(&d->to, w, &change, err);
        changed += rc > 0;
        if (i == 0)
            lead = change;
    }
    if (rc < 0)
        return rc;
    const struct settings_write *first = &d->settings->write[0];
    d->ref = arena_printf(d->a, "settings:%s:%lld", first->module, (long long)first->id);
    if (!changed)
        say(d, "done.settings.same");
    else if (info->does == SETTINGS_SAVE)
        say(d, "done.settings.saved");
    else if (info->does == SETTINGS_REMOVE)
        say(d, "done.settings.removed");
    else
        say(d, "done.settings.undone");
    return 0;
}
