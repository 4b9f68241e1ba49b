/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.c: records of the settings modules, and their history.  See settings.h.
 *
 * A record is written whole: its values are taken out and put in anew, and what differs stands in the
 * history, as it was and as it became.
 */
#include "settings.h"

#include <string.h>

#include "touched.h"

/* ---- values ---------------------------------------------------------------------------------- */

static const char *const types[] = {
    [SOUK_TEXT] = "text", [SOUK_BOOL] = "bool", [SOUK_COUNT] = "count", [SOUK_DECIMAL] = "decimal", [SOUK_MONEY] = "money",
    [SOUK_BP] = "bp", [SOUK_DAY] = "day", [SOUK_INSTANT] = "instant", [SOUK_SECONDS] = "seconds", [SOUK_MARKET] = "market",
    [SOUK_CURRENCY] = "currency", [SOUK_COUNTRY] = "country", [SOUK_ZONE] = "zone", [SOUK_REF] = "ref", [SOUK_TAIL] = "tail",
    [SOUK_REGION] = "region", [SOUK_LANGUAGE] = "language",
};

static uint32_t type_of(const char *word)
{
    for (uint32_t i = 0; i < COUNT_OF(types); i++)
        if (text_is(types[i], word))
            return i;
    return SOUK_NONE;
}

/* "rates.1.price" is rates, 1, price; "address.city" is address, nothing, city: a part begins with no small letter. */
struct name {
    const char *field, *part, *inner;
};

static struct name name_split(struct arena *a, const char *name)
{
    size_t n = strcspn(name, ".");
    struct name is = { arena_textn(a, name, n), "", "" };
    if (!name[n])
        return is;
    const char *rest = name + n + 1;
    if (*rest >= 'a' && *rest <= 'z') {
        is.inner = rest;
        return is;
    }
    n = strcspn(rest, ".");
    is.part = arena_textn(a, rest, n);
    is.inner = rest[n] ? rest + n + 1 : "";
    return is;
}

static const char *name_join(struct arena *a, const char *field, const char *part, const char *inner)
{
    return arena_printf(a, "%s%s%s%s%s", field, *part ? "." : "", part, *inner ? "." : "", inner);
}

const struct settings_value *settings_named(const struct settings_values *values, const char *name)
{
    for (size_t i = 0; i < values->n; i++)
        if (text_is(values->at[i].name, name))
            return &values->at[i];
    return NULL;
}

bool settings_same(const struct settings_value *a, const struct settings_value *b)
{
    if (!a || !b)
        return !a && !b;
    if (a->sealed || b->sealed)                         /* sealed anew, the same secret looks different */
        return a->sealed && b->sealed && a->n_sealed == b->n_sealed && memcmp(a->sealed, b->sealed, a->n_sealed) == 0;
    return a->value.type == b->value.type && a->value.num == b->value.num && a->value.den == b->value.den
           && text_is(a->value.currency, b->value.currency) && text_is(a->value.text.at, b->value.text.at);
}

struct souk_args settings_args(struct arena *a, const struct settings_values *values)
{
    struct souk_arg *arg = arena_alloc(a, (values->n + 1) * sizeof *arg);
    for (size_t i = 0; i < values->n; i++)
        arg[i] = (struct souk_arg){ values->at[i].name, values->at[i].value };
    return (struct souk_args){ arg, (uint32_t)values->n, 0 };
}

const char *settings_context(struct arena *a, const char *module, int64_t id, const char *name)
{
    return arena_printf(a, "settings:%s:%lld:%s", module, (long long)id, name);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Values of the rows of a statement, whose first column is `from`: field, part, inner, type, num, den, currency, text,
   sealed, personal. */
static void value_read(struct arena *a, const struct stmt *s, int from, struct settings_value *v)
{
    size_t n;
    const void *sealed = stmt_blob(s, from + 8, &n);
    char currency[4] = "";
    memcpy(currency, stmt_text(s, from + 6), strnlen(stmt_text(s, from + 6), 3));
    *v = (struct settings_value){
        .name = name_join(a, stmt_text(s, from), stmt_text(s, from + 1), stmt_text(s, from + 2)),
        .value = souk_word(type_of(stmt_text(s, from + 3)), arena_text(a, stmt_text(s, from + 7))),
        .sealed = stmt_is_null(s, from + 8) ? NULL : memcpy(arena_alloc(a, n + 1), sealed, n), .n_sealed = n,
        .is_personal = stmt_int(s, from + 9) != 0,
    };
    v->value.num = stmt_int(s, from + 4);
    v->value.den = stmt_int(s, from + 5);
    memcpy(v->value.currency, currency, sizeof currency);
}

static void values_add(struct arena *a, struct settings_values *to, const struct settings_value *v)
{
    if (to->n == 0 || (to->n & (to->n - 1)) == 0) {     /* full at each power of two */
        struct settings_value *at = arena_alloc(a, (to->n ? 2 * to->n : 1) * sizeof *at);
        if (to->n)
            memcpy(at, to->at, to->n * sizeof *at);
        to->at = at;
    }
    to->at[to->n++] = *v;
}

#define VALUE "v.field, v.part, v.inner, v.type, v.num, v.den, v.currency, v.text, v.value_sealed, v.is_personal"

static const char sql_list[] =
    "SELECT r.id, r.version, r.schema, r.changed_s, r.changed_by, " VALUE
    " FROM settings_record r LEFT JOIN settings_value v ON v.record_no = r.no"
    " WHERE r.module = :module AND (r.id = :id OR :id = 0)"
    " ORDER BY r.id, v.no";

static int read_records(struct db *db, struct arena *a, const char *module, int64_t id, struct settings_record **list,
                        size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_list, err);
    size_t room = 0;
    *n = 0;
    *list = NULL;
    if (!s)
        return -err->code;
    bind_text(s, 1, module);
    bind_int(s, 2, id);
    int rc;
    while ((rc = stmt_step(db, s, err)) > 0) {
        if (!*n || (*list)[*n - 1].id != stmt_int(s, 0)) {
            if (*n == room) {
                struct settings_record *more = arena_alloc(a, (room = room ? 2 * room : 4) * sizeof *more);
                if (*n)
                    memcpy(more, *list, *n * sizeof *more);
                *list = more;
            }
            (*list)[(*n)++] = (struct settings_record){
                stmt_int(s, 0), stmt_int(s, 1), (uint32_t)stmt_int(s, 2), stmt_int(s, 3), arena_text(a, stmt_text(s, 4)),
                { NULL, 0 },
            };
        }
        if (!stmt_is_null(s, 5)) {
            struct settings_value v;
            value_read(a, s, 5, &v);
            values_add(a, &(*list)[*n - 1].values, &v);
        }
    }
    return rc;
}

int settings_list(struct db *db, struct arena *a, const char *module, struct settings_record **list, size_t *n,
                  struct err *err)
{
    return read_records(db, a, module, 0, list, n, err);
}

int settings_find(struct db *db, struct arena *a, const char *module, int64_t id, struct settings_record *record,
                  struct err *err)
{
    struct settings_record *list;
    size_t n;
    *record = (struct settings_record){ .id = id, .changed_by = "" };
    int rc = id > 0 ? read_records(db, a, module, id, &list, &n, err) : 0;
    if (rc < 0 || id <= 0 || !n)
        return rc;
    *record = list[0];
    return 1;
}

static const char sql_next[] =
    "SELECT 1 + max(coalesce((SELECT max(id) FROM settings_record WHERE module = :module), 0),"
    "               coalesce((SELECT max(id) FROM settings_change WHERE module = :module), 0))";

int settings_next(struct db *db, const char *module, int64_t *id, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_next, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, module);
    int rc = stmt_step(db, s, err);
    if (rc > 0)
        *id = stmt_int(s, 0);
    stmt_reset(s);
    return rc < 0 ? rc : 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static const char sql_record_put[] =
    "INSERT INTO settings_record (module, id, version, schema, changed_s, changed_by)"
    " VALUES (:module, :id, :version, :schema, :changed_s, :changed_by)"
    " ON CONFLICT (module, id) DO UPDATE"
    " SET version = excluded.version, schema = excluded.schema, changed_s = excluded.changed_s,"
    "     changed_by = excluded.changed_by";

static const char sql_values_drop[] =
    "DELETE FROM settings_value"
    " WHERE record_no = (SELECT no FROM settings_record WHERE module = :module AND id = :id)";

static const char sql_record_drop[] =
    "DELETE FROM settings_record"
    " WHERE module = :module AND id = :id";

static const char sql_value_add[] =
    "INSERT INTO settings_value (record_no, field, part, inner, type, num, den, currency, text, value_sealed, is_personal)"
    " VALUES ((SELECT no FROM settings_record WHERE module = :module AND id = :id),"
    "         :field, :part, :inner, :type, :num, :den, :currency, :text, :value_sealed, :is_personal)";

static const char sql_change_add[] =
    "INSERT INTO settings_change (lead_no, undoes, at_s, actor, via, module, id, what)"
    " VALUES (:lead_no, :undoes, :at_s, :actor, :via, :module, :id, :what)";

static const char sql_history_add[] =
    "INSERT INTO settings_history (change_no, is_after, field, part, inner, type, num, den, currency, text, value_sealed,"
    "                              is_personal)"
    " VALUES (:change_no, :is_after, :field, :part, :inner, :type, :num, :den, :currency, :text, :value_sealed,"
    "         :is_personal)";

/* The ten of a value, from a position on. */
static void value_bind(struct stmt *s, int at, const struct name *name, const struct settings_value *v)
{
    bind_text(s, at, name->field);
    bind_text(s, at + 1, name->part);
    bind_text(s, at + 2, name->inner);
    bind_text(s, at + 3, types[v->value.type]);
    bind_int(s, at + 4, v->value.num);
    bind_int(s, at + 5, v->value.den);
    bind_text(s, at + 6, v->value.currency);
    bind_text(s, at + 7, v->value.text.at);
    if (v->sealed)
        bind_blob(s, at + 8, v->sealed, v->n_sealed);
    else
        bind_null(s, at + 8);
    bind_int(s, at + 9, v->is_personal);
}

static int history_put(struct db *db, struct arena *a, int64_t change, bool is_after, const struct settings_value *v,
                       struct err *err)
{
    struct stmt *s = stmt_of(db, sql_history_add, err);
    struct name name = name_split(a, v->name);
    if (!s)
        return -err->code;
    bind_int(s, 1, change);
    bind_int(s, 2, is_after);
    value_bind(s, 3, &name, v);
    int rc = stmt_run(db, s, err);
    return rc < 0 ? rc : 0;
}

static int change_put(struct record_to *to, const struct settings_write *w, const char *what, int64_t *change,
                      struct err *err)
{
    struct stmt *s = stmt_of(to->db, sql_change_add, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, w->lead);
    bind_int(s, 2, w->undoes);
    bind_int(s, 3, w->at_s);
    bind_text(s, 4, w->actor);
    bind_text(s, 5, w->via);
    bind_text(s, 6, w->module);
    bind_int(s, 7, w->id);
    bind_text(s, 8, what);
    int rc = stmt_run(to->db, s, err);
    *change = db_last_row(to->db);
    return rc < 0 ? rc : 0;
}

/* 1 when anything differs.  Nothing is written while change is 0. */
static int differences(struct db *db, struct arena *a, const struct settings_values *was, const struct settings_values *now,
                       int64_t change, struct err *err)
{
    bool differs = false;
    int rc = 0;
    for (size_t i = 0; i < was->n && rc == 0; i++)
        if (!settings_same(&was->at[i], settings_named(now, was->at[i].name))) {
            differs = true;
            rc = change ? history_put(db, a, change, false, &was->at[i], err) : 0;
        }
    for (size_t i = 0; i < now->n && rc == 0; i++)
        if (!settings_same(settings_named(was, now->at[i].name), &now->at[i])) {
            differs = true;
            rc = change ? history_put(db, a, change, true, &now->at[i], err) : 0;
        }
    return rc < 0 ? rc : differs;
}

/* Statements whose two parameters are the module and the number. */
static int drop(struct db *db, const char *sql, const struct settings_write *w, struct err *err)
{
    struct stmt *s = stmt_of(db, sql, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, w->module);
    bind_int(s, 2, w->id);
    int rc = stmt_run(db, s, err);
    return rc < 0 ? rc : 0;
}

static int record_put(struct record_to *to, struct arena *a, const struct settings_write *w, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_record_put, err), *add = stmt_of(to->db, sql_value_add, err);
    if (!put || !add)
        return -err->code;
    bind_text(put, 1, w->module);
    bind_int(put, 2, w->id);
    bind_int(put, 3, w->version + 1);
    bind_int(put, 4, w->schema);
    bind_int(put, 5, w->at_s);
    bind_text(put, 6, w->actor);
    int rc = stmt_run(to->db, put, err);
    for (size_t i = 0; i < w->values.n && rc >= 0; i++) {
        struct name name = name_split(a, w->values.at[i].name);
        bind_text(add, 1, w->module);
        bind_int(add, 2, w->id);
        value_bind(add, 3, &name, &w->values.at[i]);
        rc = stmt_run(to->db, add, err);
    }
    return rc < 0 ? rc : 0;
}

int settings_put(struct record_to *to, const struct settings_write *w, int64_t *change, struct err *err)
{
    struct arena *a = arena_new("settings", 4096);
    struct settings_record was;
    const struct settings_values none = { NULL, 0 }, *now = w->is_removed ? &none : &w->values;
    int rc = settings_find(to->db, a, w->module, w->id, &was, err);
    *change = 0;
    if (rc < 0)
        goto out;
    if (was.version != w->version) {
        rc = err_set(err, ERR_INPUT, was.version ? "Somebody has changed it meanwhile: %s. Look at what it holds now, and"
                     " save again." : "Somebody has removed it meanwhile.%.0s", was.changed_by);
        goto out;
    }
    rc = differences(to->db, a, &was.values, now, 0, err);
    if (rc < 0 || (rc == 0 && was.version && !w->is_removed))
        goto out;
    rc = change_put(to, w, w->is_removed ? "removed" : was.version ? "changed" : "added", change, err);
    if (rc == 0)
        rc = differences(to->db, a, &was.values, now, *change, err);
    if (rc >= 0)
        rc = drop(to->db, sql_values_drop, w, err);
    if (rc == 0)
        rc = w->is_removed ? drop(to->db, sql_record_drop, w, err) : record_put(to, a, w, err);
    if (rc == 0) {
        to->touched |= TOUCHED_SETTINGS;
        rc = 1;
    }
out:
    arena_free(a);
    return rc;
}

/* ---- history --------------------------------------------------------------------------------- */

#define CHANGE \
    "SELECT c.no, c.lead_no, c.undoes," \
    "       coalesce((SELECT min(u.no) FROM settings_change u WHERE u.undoes = c.no), 0)," \
    "       c.at_s, c.id, c.actor, c.via, c.module, c.what" \
    " FROM settings_change c"

static const char sql_history[] =
    CHANGE
    " WHERE c.module = :module AND (c.id = :id OR :id = 0) AND (c.no < :before OR :before = 0)"
    " ORDER BY c.no DESC"
    " LIMIT :most";

static const char sql_change[] =
    CHANGE
    " WHERE c.module = :module AND (c.no = :no OR c.lead_no = :no)"
    " ORDER BY c.no";

static const char sql_change_values[] =
    "SELECT v.is_after, " VALUE
    " FROM settings_history v"
    " WHERE v.change_no = :change_no"
    " ORDER BY v.no";

static int change_values(struct db *db, struct arena *a, struct settings_change *c, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_change_values, err);
    if (!s)
        return -err->code;
    bind_int(s, 1, c->no);
    int rc;
    while ((rc = stmt_step(db, s, err)) > 0) {
        struct settings_value v;
        value_read(a, s, 1, &v);
        values_add(a, stmt_int(s, 0) ? &c->after : &c->before, &v);
    }
    return rc;
}

/* The rows of a prepared statement, at most so many, each with its values. */
static int changes_read(struct db *db, struct arena *a, struct stmt *s, struct settings_change **list, size_t *n,
                        struct err *err)
{
    size_t room = 0;
    int rc;
    *list = NULL;
    *n = 0;
    while ((rc = stmt_step(db, s, err)) > 0) {
        if (*n == room) {
            struct settings_change *more = arena_alloc(a, (room = room ? 2 * room : 8) * sizeof *more);
            if (*n)
                memcpy(more, *list, *n * sizeof *more);
            *list = more;
        }
        (*list)[(*n)++] = (struct settings_change){
            .no = stmt_int(s, 0), .lead = stmt_int(s, 1), .undoes = stmt_int(s, 2), .undone_by = stmt_int(s, 3),
            .at_s = stmt_int(s, 4), .id = stmt_int(s, 5), .actor = arena_text(a, stmt_text(s, 6)),
            .via = arena_text(a, stmt_text(s, 7)), .module = arena_text(a, stmt_text(s, 8)),
            .what = arena_text(a, stmt_text(s, 9)),
        };
    }
    for (size_t i = 0; i < *n && rc == 0; i++)
        rc = change_values(db, a, &(*list)[i], err);
    return rc;
}

int settings_history(struct db *db, struct arena *a, const char *module, int64_t id, int64_t before, uint32_t most,
                     struct settings_change **list, size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_history, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, module);
    bind_int(s, 2, id);
    bind_int(s, 3, before);
    bind_int(s, 4, most);
    return changes_read(db, a, s, list, n, err);
}

int settings_change_find(struct db *db, struct arena *a, const char *module, int64_t no,
                         struct settings_change **list, size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_change, err);
    if (!s)
        return -err->code;
    bind_text(s, 1, module);
    bind_int(s, 2, no);
    return changes_read(db, a, s, list, n, err);
}
