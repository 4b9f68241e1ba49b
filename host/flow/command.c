/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.c: what all commands have in common.
 *
 * in:     a name and fields
 * out:    what the command's own function writes, an audit entry, an event, the answer of a key; in one
 *         transaction
 * knows:  fields, the tables of the other files, plans of plugins.  Has never heard of any one command.
 *
 * Texts of many lines stand in the audit log by their length and hash only: the letter itself is kept
 * where letters are, and can be erased there.
 */
#include "command_settings.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/audit.h"
#include "data/mask.h"
#include "json.h"
#include "plug/ask.h"
#include "plug/field.h"

enum { KEY_DAYS = 30, KEY_BYTES = 200, STEPS_MAX = 1000, HASH_BYTES = 32 };

static const struct command_info *const tables[] = {
    letter_commands, case_commands, claim_commands, health_commands, notice_commands, coach_commands,
    promotion_commands, product_commands, listing_commands, import_commands, layout_commands,
    article_commands, data_commands, preference_commands,
};

/* ---- the table ------------------------------------------------------------------------------- */

static struct command_info of_plugin(const struct plugin *p, const struct souk_command *c)
{
    return (struct command_info){
        .name = c->id, .title = c->title, .about = c->about,
        .right = c->right == SOUK_MAY_VIEW ? RIGHT_VIEW : RIGHT_EDIT, .fields = c->fields,
        .plugin = p, .planned = c,
    };
}

static struct command_info of_settings(const struct plugin *p, const struct settings_info *s, enum settings_do does)
{
    static const char *const titles[][2] = {
        [SETTINGS_SAVE] = { "command.settings.save", "command.settings.save.about" },
        [SETTINGS_REMOVE] = { "command.settings.remove", "command.settings.remove.about" },
        [SETTINGS_UNDO] = { "command.settings.undo", "command.settings.undo.about" },
    };
    static const enum right rights[] = {
        [SOUK_MAY_EDIT] = RIGHT_EDIT, [SOUK_MAY_ADMINISTER] = RIGHT_ADMIN, [SOUK_MAY_OWN] = RIGHT_OWNER,
    };
    return (struct command_info){
        .name = s->command[does], .title = titles[does][0], .about = titles[does][1], .right = rights[s->settings->edit],
        .fields = s->fields[does], .plugin = p, .settings = s, .does = does,
    };
}

/* The i-th command; false after the last. */
static bool command_at(const struct plugins *plugins, size_t i, struct command_info *info)
{
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (const struct command_info *c = tables[t]; c->name; c++)
            if (i-- == 0) {
                *info = *c;
                return true;
            }
    for (size_t p = 0; plugins && p < plugins_count(plugins); p++) {
        const struct plugin *of = plugins_at(plugins, p);
        if (i < of->n_commands) {
            *info = of_plugin(of, of->commands[i]);
            return true;
        }
        i -= of->n_commands;
        if (i < of->n_settings * SETTINGS_UNDO) {
            *info = of_settings(of, &of->settings[i / SETTINGS_UNDO], (enum settings_do)(i % SETTINGS_UNDO + 1));
            return true;
        }
        i -= of->n_settings * SETTINGS_UNDO;
    }
    return false;
}

void command_list(struct arena *a, const struct plugins *plugins, const struct command_info **list, size_t *n)
{
    struct command_info one, *all;
    *n = 0;
    while (command_at(plugins, *n, &one))
        ++*n;
    all = arena_alloc(a, *n * sizeof *all);
    for (size_t i = 0; i < *n; i++)
        command_at(plugins, i, &all[i]);
    *list = all;
}

int command_find(const struct plugins *plugins, const char *name, struct command_info *info, struct err *err)
{
    struct command_info one;
    const char *near = NULL;
    for (size_t i = 0; command_at(plugins, i, &one); i++) {
        if (text_is(one.name, name)) {
            *info = one;
            return 0;
        }
        near = text_nearer(name, near, one.name);
    }
    return near ? err_set(err, ERR_ABSENT, "There is no command '%.80s'. Did you mean '%s'?", name, near)
                : err_set(err, ERR_ABSENT, "There is no command '%.80s'; `souk do` lists them.", name);
}

bool command_is_grave(const struct command_info *info)
{
    bool has_secret = false;
    for (uint32_t i = 0; info->settings && i < info->settings->settings->fields.n; i++)
        has_secret |= (field_at(&info->settings->settings->fields, i)->flags & SOUK_FIELD_SECRET) != 0;
    return has_secret || info->right == RIGHT_OWNER;
}

const struct souk_field *command_field(const struct command_info *info, const char *name)
{
    for (uint32_t i = 0; i < info->fields.n; i++)
        if (text_is(field_at(&info->fields, i)->name, name))
            return field_at(&info->fields, i);
    return NULL;
}

/* ---- one command at work --------------------------------------------------------------------- */

struct step {                                           /* of a plan, or the command itself */
    struct command_info info;
    struct souk_args args;
    const char *ref;
    struct settings_plan *settings;                     /* of a command of settings: what it will write */
};

struct work {
    struct arena *a;
    const struct command_setup *setup;
    struct command_info info;
    struct souk_args args;
    struct step *step;
    size_t n_steps;
    struct doing doing;
    unsigned char said[HASH_BYTES];                     /* of who asked for what: what a key stands for */
    struct command_result *result;
    struct err *err;
};

int ref_arg(struct doing *d, const struct souk_args *args, const char *name, const char **ref, struct err *err)
{
    const char *text = arg_text(args, name);
    size_t kind = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    *ref = *text ? text : NULL;
    if (!*text || (kind && text[kind] == ':' && text[kind + 1]))
        return 0;
    return doing_refuse(d, name, err, ERR_INPUT, "'%.60s' says not what it is about: write it like order:303-1234567-1234567"
                        " or sku:A-1.", text);
}

void doing_say(struct doing *d, const struct souk_msg *msg)
{
    const struct reader *who = &d->setup->reader;
    const char *pattern = catalogue_find(d->setup->texts, who->language, msg->key);
    struct text_arg *arg = arena_zero(d->a, (msg->args.n + 1) * sizeof *arg);
    for (uint32_t i = 0; i < msg->args.n; i++) {
        const struct souk_value *v = &msg->args.at[i].value;
        arg[i] = (struct text_arg){ msg->args.at[i].name, NULL, v->num };
        if (v->type != SOUK_COUNT) {                    /* a count stays a number: it may choose a plural */
            struct buf word = { 0 };
            value_as_words(&word, who, v);
            arg[i].text = arena_text(d->a, buf_str(&word));
            buf_free(&word);
        }
    }
    if (d->text.len)
        buf_char(&d->text, ' ');
    if (pattern)
        text_message(&d->text, who, pattern, arg, msg->args.n);
    else
        buf_text(&d->text, msg->key);                   /* a missing text shows itself */
}

int doing_refuse(struct doing *d, const char *field, struct err *err, enum err_code code,
                 const char *format, ...)
{
    va_list list;
    char words[sizeof err->text];
    va_start(list, format);
    vsnprintf(words, sizeof words, format, list);
    va_end(list);
    d->field = field;
    return err_set(err, code, "%s", words);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static bool may_edit(const struct who *who, const char *kind, const char *id)
{
    char object[100];
    snprintf(object, sizeof object, "%s:%s", kind, id);
    return authz(who, RIGHT_EDIT, object);
}

/* Is there a widget or a settings module they may edit whose plugin runs this command? */
static bool by_plugin(const struct plugins *plugins, const struct who *who, const char *command)
{
    bool may = false;
    for (size_t i = 0; plugins && !may && i < plugins_count(plugins); i++) {
        const struct plugin *p = plugins_at(plugins, i);
        if (!plugin_may_run(p, command))
            continue;
        for (size_t k = 0; k < p->n_widgets; k++)
            may |= may_edit(who, "widget", p->widgets[k]->id);
        for (size_t k = 0; k < p->n_settings; k++)
            may |= may_edit(who, "settings", p->settings[k].settings->id);
    }
    return may;
}

bool command_may(const struct plugins *plugins, const struct who *who, const struct command_info *info)
{
    char object[100];
    struct who user = *who;                             /* without the limits of a token */
    user.at_most = 0;
    user.n_scopes = 0;
    if (info->settings)
        snprintf(object, sizeof object, "settings:%s", info->settings->settings->id);
    else
        snprintf(object, sizeof object, "command:%s", info->name);
    bool may = authz(&user, info->right, object);
    if (!may && who->role == ROLE_STAFF && !authz_granted(who, object))
        may = info->right == RIGHT_VIEW || (info->right == RIGHT_EDIT && by_plugin(plugins, &user, info->name));
    if (!may || (who->at_most && info->right > who->at_most))
        return false;
    /* A token for a widget or settings is one for their commands, too. */
    return authz_in_scope(who, info->right, object) || by_plugin(plugins, who, info->name);
}

static int audit(struct work *w, const char *command, const char *ref, const char *args, const char *result)
{
    const struct audit_entry e = {
        w->setup->now_s, w->setup->who.name, w->setup->via, command, ref, args, result,
    };
    return audit_add(w->setup->db, &e, w->err);
}

/* What was refused changes nothing but the log. */
static int refuse_right(struct work *w, const struct command_info *info)
{
    const char *name = info == &w->info ? info->name : arena_printf(w->a, "%s > %s", w->info.name, info->name);
    const struct who *who = &w->setup->who;
    struct db *db = w->setup->db;
    struct err *err = w->err, why = { 0 };
    err_set(&why, ERR_DENIED, "%s may not run '%s'%s%s: it needs the right '%s'. Ask the owner of the account.",
            who->name, info->name, who->token ? " with this token" : who->role ? " as " : " without a role here",
            who->token ? "" : role_word(who->role), right_word(info->right));
    int rc = db_begin(db, err);
    if (rc < 0)
        return rc;
    rc = audit(w, name, "", "{}", "denied");
    if (rc == 0)
        rc = touch(db, TOUCHED_AUDIT, err);
    rc = db_end(db, rc, err);
    return rc < 0 ? rc : err_set(err, ERR_DENIED, "%s", why.text);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static int unknown_field(const struct command_info *info, const char *name, struct err *err)
{
    struct buf all = { 0 };
    const char *near = NULL;
    for (uint32_t i = 0; i < info->fields.n; i++) {
        near = text_nearer(name, near, field_at(&info->fields, i)->name);
        buf_printf(&all, "%s%s", i ? ", " : "", field_at(&info->fields, i)->name);
    }
    int rc = near ? err_set(err, ERR_INPUT, "'%s' has no field '%.60s'. Did you mean '%s'?", info->name, name, near)
             : info->fields.n ? err_set(err, ERR_INPUT, "'%s' has no field '%.60s'; it has %s.", info->name, name,
                                        buf_str(&all))
                              : err_set(err, ERR_INPUT, "'%s' has no fields, and so no '%.60s'.", info->name, name);
    buf_free(&all);
    return rc;
}

struct given {
    const struct command_text *at;
    size_t n;
};

static const char *given_text(void *ctx, const char *name)
{
    const struct given *given = ctx;
    for (size_t i = 0; i < given->n; i++)
        if (text_is(given->at[i].name, name))
            return given->at[i].text;
    return NULL;
}

/* The choices that a plugin's command takes from data, as they are now. */
static int choices_read(struct work *w)
{
    struct souk_list *list = &w->info.fields;
    struct souk_field *field = arena_alloc(w->a, (list->n + 1) * sizeof *field);
    int rc = 0;
    for (uint32_t i = 0; i < list->n && rc == 0; i++) {
        field[i] = *field_at(list, i);
        rc = desk_choices(w->setup->desk, w->a, w->setup->db, w->info.plugin, &field[i], w->err);
    }
    *list = (struct souk_list){ field, list->n, sizeof *field };
    return rc;
}

static int args_read(struct work *w, const struct command_text *text, size_t n)
{
    struct given given = { text, n };
    struct work_place here = { w->a, w->setup->db, w->setup->desk };
    if (w->info.does == SETTINGS_SAVE && settings_fields(&here, &w->info, text, n, w->err) < 0)
        return -w->err->code;
    if (w->info.planned && choices_read(w) < 0)
        return -w->err->code;
    const struct field_source from = { given_text, &given, NULL, w->setup->reader.zone };
    const struct souk_field *wrong = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!command_field(&w->info, text[i].name))
            return unknown_field(&w->info, text[i].name, w->err);
        for (size_t k = 0; k < i; k++)
            if (text_is(text[k].name, text[i].name))
                return err_set(w->err, ERR_INPUT, "The field '%s' was given twice.", text[i].name);
    }
    int rc = fields_read(w->a, &w->info.fields, &from, &w->args, &wrong, w->err);
    w->doing.field = wrong ? wrong->name : "";
    return rc;
}

/* A value of a plan: of its field's type, and what the field would take from a person. */
static int value_check(struct arena *a, const struct souk_field *f, struct souk_value *v, struct err *err)
{
    const struct field_place where = { .zone = "UTC", .currency = v->currency };
    struct buf text = { 0 };
    if (v->type != SOUK_NONE && v->type != field_gives(f->type))
        return err_set(err, ERR_INPUT, "The field \"%s\" takes a value of type %s, not %s.", f->name,
                       word_of_type(field_gives(f->type)), word_of_type(v->type));
    if (v->type == SOUK_INSTANT)
        return 0;
    field_as_text(&text, f, v, "UTC");
    int rc = field_read(a, f, buf_str(&text), &where, v, err);
    buf_free(&text);
    return rc;
}

static int args_check(struct arena *a, const struct command_info *info, const struct souk_args *given,
                      struct souk_args *out, struct err *err)
{
    struct souk_arg *arg = arena_zero(a, (info->fields.n + 1) * sizeof *arg);
    uint32_t n = 0;
    for (uint32_t i = 0; i < given->n; i++)
        if (!command_field(info, given->at[i].name))
            return unknown_field(info, given->at[i].name, err);
    for (uint32_t i = 0; i < info->fields.n; i++) {
        const struct souk_field *f = field_at(&info->fields, i);
        const struct souk_value *v = souk_given(given, f->name);
        if (!v && f->fallback.type == SOUK_NONE && !(f->flags & SOUK_FIELD_NEEDED))
            continue;
        arg[n] = (struct souk_arg){ f->name, v ? *v : f->fallback };
        if (value_check(a, f, &arg[n++].value, err) < 0)
            return -err->code;
    }
    *out = (struct souk_args){ arg, n, 0 };
    return 0;
}

/* ---- what is written down of them ------------------------------------------------------------ */

static struct souk_value as_hash(struct arena *a, const struct souk_str *text)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    char hex[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text->at, text->len, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return souk_text(arena_printf(a, "%u bytes, blake2b %s", text->len, hex));
}

/* As a JSON object, without card numbers; whole, or without secrets and people and with long texts by their hash. */
static const char *args_json(struct arena *a, const struct command_info *info, const struct souk_args *args,
                             bool is_whole)
{
    struct souk_arg *arg = arena_alloc(a, (args->n + 1) * sizeof *arg);
    struct buf out = { 0 };
    uint32_t n = 0;
    for (uint32_t i = 0; i < args->n; i++) {
        struct souk_value v = args->at[i].value;
        const struct souk_field *f = command_field(info, args->at[i].name);
        if (!is_whole && f->flags & (SOUK_FIELD_SECRET | SOUK_FIELD_PERSONAL))
            continue;
        if (f->flags & SOUK_FIELD_SECRET && v.type != SOUK_NONE)
            v = souk_text("secret");                    /* not even its hash is kept */
        if (v.type == SOUK_TEXT)
            v = souk_text(mask_text(a, v.text.at, NULL));
        if (!is_whole && v.type == SOUK_TEXT && f->type == SOUK_FIELD_AREA)
            v = as_hash(a, &v.text);
        arg[n++] = (struct souk_arg){ args->at[i].name, v };
    }
    json_args(&out, &(const struct souk_args){ arg, n, 0 });
    const char *text = arena_textn(a, buf_str(&out), out.len);
    buf_free(&out);
    return text;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static const char sql_keys_drop[] =
    "DELETE FROM command_key"
    " WHERE at_s <= :old_s";

static const char sql_key_get[] =
    "SELECT said, result FROM command_key"
    " WHERE key = :key AND at_s > :old_s";

static const char sql_key_put[] =
    "INSERT INTO command_key (key, at_s, said, result)"
    " VALUES (:key, :at_s, :said, :result)";

static bool has_key(const struct command_setup *setup)
{
    return setup->key && *setup->key;
}

static int64_t old_s(const struct command_setup *setup)
{
    return setup->now_s - KEY_DAYS * INT64_C(86400);
}

static int key_check(const char *key, struct err *err)
{
    size_t n = strlen(key);
    bool is_plain = n <= KEY_BYTES;
    for (size_t i = 0; i < n; i++)
        is_plain &= key[i] > ' ' && key[i] <= '~';
    return is_plain ? 0 : err_set(err, ERR_INPUT, "An idempotency key has 1 to %d letters, digits and signs of ASCII,"
                                  " and no spaces.", KEY_BYTES);
}

static void said_hash(struct work *w)
{
    const char *const part[] = { w->setup->who.name, w->info.name, args_json(w->a, &w->info, &w->args, true) };
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    for (size_t i = 0; i < COUNT_OF(part); i++)         /* with the zero at its end, so that parts do not run together */
        crypto_generichash_update(&state, (const unsigned char *)part[i], strlen(part[i]) + 1);
    crypto_generichash_final(&state, w->said, HASH_BYTES);
}

static int answered_before(struct work *w, const char *json)
{
    json_t *was = json_loads(json, 0, NULL);
    const char *ref = json_string_value(json_object_get(was, "ref"));
    const char *text = json_string_value(json_object_get(was, "text"));
    *w->result = (struct command_result){
        w->info.name, arena_text(w->a, ref ? ref : ""), arena_text(w->a, text ? text : ""), "", true, "",
    };
    json_decref(was);
    return 1;
}

/* 1: it was answered before, 0: it is new. */
static int key_look(struct work *w)
{
    struct db *db = w->setup->db;
    int rc = key_check(w->setup->key, w->err);
    if (rc < 0)
        return rc;
    said_hash(w);
    struct stmt *get = stmt_of(db, sql_key_get, w->err);
    if (!get)
        return -w->err->code;
    bind_text(get, 1, w->setup->key);
    bind_int(get, 2, old_s(w->setup));
    rc = stmt_step(db, get, w->err);
    if (rc <= 0)
        return rc;
    size_t n;
    const void *said = stmt_blob(get, 0, &n);
    if (n == HASH_BYTES && memcmp(said, w->said, HASH_BYTES) == 0)
        rc = answered_before(w, stmt_text(get, 1));
    else
        rc = err_set(w->err, ERR_INPUT, "The idempotency key '%s' was used for something else. Take a new key for a"
                     " new command.", w->setup->key);
    stmt_reset(get);
    return rc;
}

static int key_keep(struct work *w)
{
    struct db *db = w->setup->db;
    struct stmt *drop = stmt_of(db, sql_keys_drop, w->err), *put = stmt_of(db, sql_key_put, w->err);
    struct command_result kept = *w->result;
    struct buf json = { 0 };
    if (!drop || !put)
        return -w->err->code;
    kept.secret = "";
    command_result_json(&json, &kept);
    bind_int(drop, 1, old_s(w->setup));
    int rc = stmt_run(db, drop, w->err);
    if (rc >= 0) {
        bind_text(put, 1, w->setup->key);
        bind_int(put, 2, w->setup->now_s);
        bind_blob(put, 3, w->said, HASH_BYTES);
        bind_textn(put, 4, json.at, json.len);
        rc = stmt_run(db, put, w->err);
    }
    buf_free(&json);
    return rc < 0 ? rc : 0;
}

/* ---- plans ----------------------------------------------------------------------------------- */

/* A save's fields by the names that the plan gives. */
static int fields_of_settings(struct work *w, struct command_info *info, const struct souk_args *given, struct err *err)
{
    struct work_place here = { w->a, w->setup->db, w->setup->desk };
    struct command_text *text = arena_alloc(w->a, (given->n + 1) * sizeof *text);
    for (uint32_t i = 0; i < given->n; i++)
        text[i] = (struct command_text){ given->at[i].name, "" };
    return settings_fields(&here, info, text, given->n, err);
}

static int plan_add(void *ctx, const char *command, const struct souk_args *given, struct err *err)
{
    struct work *w = ctx;
    struct command_info info;
    struct souk_args args;
    int rc = command_find(w->setup->plugins, command, &info, err);
    if (rc == 0 && info.planned)
        rc = err_set(err, ERR_ABSENT, "A plan runs commands of the host, and '%s' is a plugin's.", command);
    if (rc == 0 && info.does == SETTINGS_SAVE)
        rc = fields_of_settings(w, &info, given, err);
    if (rc == 0)
        rc = args_check(w->a, &info, given, &args, err);
    if (rc == 0 && w->n_steps == STEPS_MAX)
        rc = err_set(err, ERR_PLUGIN, "A plan runs %d commands at most.", STEPS_MAX);
    if (rc == 0)
        w->step[w->n_steps++] = (struct step){ .info = info, .args = args, .ref = "" };
    return rc;
}

/* Settings of a plan are put together before its transaction, where their modules may be asked. */
static int prepare_steps(struct work *w)
{
    int rc = 0;
    for (size_t i = 0; i < w->n_steps && rc == 0; i++) {
        struct step *s = &w->step[i];
        struct err why = { 0 };
        if (!s->info.settings)
            continue;
        rc = settings_prepare(&w->doing, &s->info, &s->args, &why);
        s->settings = w->doing.settings;
        if (rc < 0 && w->info.planned) {
            w->doing.field = NULL;
            rc = err_set(w->err, (enum err_code)why.code, "'%s' was refused in '%s': %s", s->info.name, w->info.name, why.text);
        } else if (rc < 0) {
            rc = err_set(w->err, (enum err_code)why.code, "%s", why.text);
        }
    }
    return rc;
}

static int plan(struct work *w)
{
    const struct command_setup *s = w->setup;
    struct souk_ask ask;
    int rc = ask_all(w->a, s->db, s->now_s, &ask, w->err);
    if (rc < 0)
        return rc;
    struct souk_arg *told = arena_alloc(w->a, (w->args.n + 1) * sizeof *told);
    struct souk_args args = { told, 0, 0 };
    for (uint32_t i = 0; i < w->args.n; i++)
        if (w->args.at[i].value.type != SOUK_NONE)
            told[args.n++] = w->args.at[i];
    const struct plan_setup setup = {
        .plugin = w->info.plugin, .command = w->info.planned, .db = s->db, .ask = &ask, .args = &args,
        .reader = &s->reader, .ctx = w, .add = plan_add,
    };
    w->step = arena_alloc(w->a, STEPS_MAX * sizeof *w->step);
    rc = desk_plan(s->desk, w->a, &setup, w->err);
    for (size_t i = 0; i < w->n_steps && rc == 0; i++)
        if (!command_may(s->plugins, &s->who, &w->step[i].info))
            rc = refuse_right(w, &w->step[i].info);
    return rc;
}

/* ---- the transaction ------------------------------------------------------------------------- */

static const char sql_event_add[] =
    "INSERT INTO event (at_s, kind, ref, data)"
    " VALUES (:at_s, :kind, :ref, :data)";

static int event_add(struct work *w, const char *ref)
{
    struct stmt *add = stmt_of(w->setup->db, sql_event_add, w->err);
    const struct souk_args facts = SOUK_ARGS(
        { "actor", souk_text(w->setup->who.name) }, { "via", souk_text(w->setup->via) },
        { "steps", souk_count((int64_t)w->n_steps) });
    struct buf data = { 0 };
    if (!add)
        return -w->err->code;
    json_args(&data, &facts);
    bind_int(add, 1, w->setup->now_s);
    bind_text(add, 2, w->info.name);
    bind_text(add, 3, ref);
    bind_textn(add, 4, data.at, data.len);
    int rc = stmt_run(w->setup->db, add, w->err);
    buf_free(&data);
    return rc < 0 ? rc : 0;
}

/* A plan's sentence: that of its only step, or how many there were. */
static void plan_say(struct work *w)
{
    if (w->n_steps == 1)
        return;
    buf_clear(&w->doing.text);
    say(&w->doing, "done.plan", { "n", souk_count((int64_t)w->n_steps) });
}

static int run_steps(struct work *w)
{
    struct doing *d = &w->doing;
    int rc = 0;
    for (size_t i = 0; i < w->n_steps && rc >= 0; i++) {
        struct step *s = &w->step[i];
        struct err why = { 0 };
        d->ref = "";
        d->settings = s->settings;
        rc = s->info.settings ? settings_run(d, &s->info, &why) : s->info.run(d, &s->args, &why);
        s->ref = d->ref;
        if (rc < 0 && w->info.planned) {
            d->field = NULL;                            /* not one of the plugin's */
            err_set(w->err, (enum err_code)why.code, "'%s' was refused in '%s': %s", s->info.name, w->info.name,
                    why.text);
        } else if (rc < 0) {
            err_set(w->err, (enum err_code)why.code, "%s", why.text);
        }
    }
    return rc;
}

static int audit_all(struct work *w, const char *ref)
{
    int rc = audit(w, w->info.name, ref, args_json(w->a, &w->info, &w->args, false), "ok");
    for (size_t i = 0; w->info.planned && i < w->n_steps && rc >= 0; i++) {
        const struct step *s = &w->step[i];
        rc = audit(w, arena_printf(w->a, "%s > %s", w->info.name, s->info.name), s->ref,
                   args_json(w->a, &s->info, &s->args, false), "ok");
    }
    return rc;
}

static int write_all(struct work *w)
{
    int rc = db_begin(w->setup->db, w->err);
    if (rc < 0)
        return rc;
    rc = run_steps(w);
    if (rc >= 0) {
        const char *ref = w->n_steps == 1 ? w->step[0].ref : "";
        if (w->info.planned)
            plan_say(w);
        *w->result = (struct command_result){
            w->info.name, ref, arena_textn(w->a, buf_str(&w->doing.text), w->doing.text.len),
            w->doing.secret ? w->doing.secret : "", false, "",
        };
        rc = audit_all(w, ref);
        if (rc >= 0)
            rc = event_add(w, ref);
        if (rc >= 0 && has_key(w->setup))
            rc = key_keep(w);
        if (rc >= 0)
            rc = touch(w->setup->db, w->doing.to.touched | TOUCHED_AUDIT, w->err);
    }
    rc = db_end(w->setup->db, rc < 0 ? rc : 0, w->err);
    struct err ignored = { 0 };
    if (rc == 0 && w->doing.sweeps)                     /* a reader that is at work now leaves it to the next */
        db_exec(w->setup->db, "PRAGMA wal_checkpoint(TRUNCATE);", &ignored);
    return rc;
}

/* ---- the whole way --------------------------------------------------------------------------- */

static int run(struct work *w, const char *name, const struct command_text *given, size_t n)
{
    const struct command_setup *s = w->setup;
    int rc = command_find(s->plugins, name, &w->info, w->err);
    if (rc < 0)
        return rc;
    if (!command_may(s->plugins, &s->who, &w->info))
        return refuse_right(w, &w->info);
    rc = args_read(w, given, n);
    if (rc == 0 && has_key(s))
        rc = key_look(w);
    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (w->info.planned) {
        rc = plan(w);
    } else {
        struct step self = { .info = w->info, .args = w->args, .ref = "" };
        w->step = arena_alloc(w->a, sizeof self);
        w->step[w->n_steps++] = self;
    }
    if (rc >= 0 && !w->n_steps && s->is_quiet)
        return 0;
    if (rc >= 0)
        rc = prepare_steps(w);
    return rc < 0 ? rc : write_all(w);
}

int command_run(struct arena *a, const struct command_setup *setup, const char *name,
                const struct command_text *given, size_t n, struct command_result *result, struct err *err)
{
    struct work w = {
        .a = a, .setup = setup, .result = result, .err = err,
        .doing = {
            .setup = setup, .a = a, .db = setup->db, .now_s = setup->now_s, .ref = "",
            .source = text_is(setup->via, "api") ? "api" : "typed", .to = { setup->db, setup->policies, 0 },
        },
    };
    *result = (struct command_result){ "", "", "", "", false, "" };
    int rc = run(&w, name, given, n);
    if (rc < 0)
        *result = (struct command_result){ w.info.name ? w.info.name : "", "", "", "", false,
                                           w.doing.field ? w.doing.field : "" };
    if (rc < 0)                                         /* a sentence may quote what was typed */
        snprintf(err->text, sizeof err->text, "%s", mask_text(a, arena_text(a, err->text), NULL));
    buf_free(&w.doing.text);
    return rc;
}
