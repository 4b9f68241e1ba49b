/* SPDX-License-Identifier: Apache-2.0 */
/*
 * older.c: what an older version of a settings module has kept.  See older.h.
 */
#include "older.h"

#include "ask.h"
#include "field.h"
#include "flat.h"

struct older {
    const struct older_place *at;
    struct settings_values now;
};

static void older_put(struct older *o, const struct settings_value *v)
{
    struct settings_value *to = arena_alloc(o->at->a, (o->now.n + 1) * sizeof *to);
    size_t n = 0;
    for (size_t i = 0; i < o->now.n; i++)
        if (!text_is(o->now.at[i].name, v->name))
            to[n++] = o->now.at[i];
    if (v->value.type != SOUK_NONE)
        to[n++] = *v;
    o->now = (struct settings_values){ to, n };
}

static int older_set(void *ctx, const char *name, const struct souk_value *value, struct err *err)
{
    struct older *o = ctx;
    const struct souk_field *f = flat_declared(&o->at->module->settings->fields, name);
    if (!f || f->flags & SOUK_FIELD_SECRET || (value->type != SOUK_NONE && value->type != field_gives(f->type)))
        return err_set(err, ERR_PLUGIN, "set: '%.60s' is no field of this type that a migration may set.", name);
    older_put(o, &(const struct settings_value){
        .name = arena_text(o->at->a, name), .value = *value, .is_personal = (f->flags & SOUK_FIELD_PERSONAL) != 0 });
    return 0;
}

/* A migration refuses by its code, not by words beside a field. */
static void older_says(void *ctx, const char *field, const char *text)
{
    (void)ctx;
    (void)field;
    (void)text;
}

int older_read(const struct older_place *at, struct settings_record *r, struct err *err)
{
    const struct souk_settings *s = at->module->settings;
    struct older o = { at, r->values };
    struct souk_ask ask;
    struct err why = { 0 };
    int rc = r->schema < s->schema ? ask_all(at->a, at->db, at->now_s, &ask, &why) : 0;
    if (r->schema >= s->schema)
        return 0;
    for (uint32_t from = r->schema; rc == 0 && from < s->schema; from++) {
        const struct souk_record record = {
            .size = sizeof record, .id = arena_printf(at->a, "%lld", (long long)r->id), .now = settings_args(at->a, &o.now),
            .changed = "",
        };
        const struct check_setup setup = {
            .db = at->db, .plugin = at->plugin, .settings = s, .ask = &ask, .reader = at->reader, .record = &record,
            .migrates = true, .from = from, .ctx = &o, .wrong = older_says, .doubt = older_says, .set = older_set,
        };
        rc = desk_check(at->desk, at->a, &setup, &why);
    }
    if (rc < 0)
        return err_set(err, (enum err_code)why.code, "Record %lld was kept by an older version of these settings and could not be"
                       " brought up to date: %s", (long long)r->id, why.text);
    r->values = (struct settings_values){ arena_alloc(at->a, (o.now.n + 1) * sizeof *r->values.at), 0 };
    for (size_t i = 0; i < o.now.n; i++)                /* what is no longer declared is left out */
        if (flat_declared(&s->fields, o.now.at[i].name))
            r->values.at[r->values.n++] = o.now.at[i];
    r->schema = s->schema;
    return 0;
}
