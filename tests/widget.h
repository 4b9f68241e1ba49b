/* SPDX-License-Identifier: Apache-2.0 */
/*
 * widget.h: what the tests of widgets share: an account, one plugin as it was built, policies that may be changed,
 * and what the widget shows at an instant.
 */
#ifndef TESTS_WIDGET_H
#define TESTS_WIDGET_H

#include "command.h"

#include "plug/ask.h"

struct scene {
    struct shop shop;                                   /* the account; does(&scene.shop, ...) runs a command */
    struct plugins *plugins;
    struct desk *wired;                                 /* where everything that passes the border is bytes */
    const char *id;                                     /* of the widget */
    const struct view_element *e;                       /* what it showed last */
    size_t n;
    int64_t until_s;
};

static inline void scene_desk(struct scene *s)
{
    struct err err = { 0 };
    assert_well(policies_open(&s->shop.policies, scratch_path("policies"), &err), &err);
    s->shop.setup.policies = s->shop.policies;
    s->shop.setup.plugins = s->plugins;
    s->shop.setup.desk = desk_new(s->plugins, s->shop.policies);
    setenv("SOUK_WIRE", "1", 1);
    s->wired = desk_new(s->plugins, s->shop.policies);
    unsetenv("SOUK_WIRE");
}

static inline void scene_no_desk(struct scene *s)
{
    desk_free(s->shop.setup.desk);
    desk_free(s->wired);
}

/* An empty account, and plugins/home/<id> at a desk.  The policies are copies: see policy_change. */
static inline void scene_open(struct scene *s, const char *id)
{
    struct err err = { 0 };
    const char *build = getenv("BUILD");
    char command[700], own[256], name[64];
    *s = (struct scene){ .id = id };
    snprintf(command, sizeof command, "rm -rf %s/policies && cp -r policies %s/policies", scratch, scratch);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "printf '[%s]\\nfile = %s/%s.so\\n' >%s/plugins.ini", id, id, id, scratch);
    assert_int_equal(system(command), 0);
    snprintf(own, sizeof own, "%s/plugins/home", build ? build : "build");
    snprintf(name, sizeof name, "%s.db", id);
    remove(scratch_path(name));
    shop_open(&s->shop, name);
    policies_free(s->shop.policies);
    const struct plugins_setup setup = { .config = scratch_path("plugins.ini"), .own_folder = own,
                                         .texts = s->shop.texts };
    assert_well(plugins_load(&s->plugins, &setup, &err), &err);
    if (plugins_at(s->plugins, 0)->why)
        fail_msg("%s", plugins_at(s->plugins, 0)->why);
    scene_desk(s);
}

static inline void scene_close(struct scene *s)
{
    scene_no_desk(s);
    plugins_free(s->plugins);
    shop_close(&s->shop);
}

/* sed -i EXPRESSION policies/CODE.ini; the desk sees it as a seller's change would be seen. */
static inline void policy_change(struct scene *s, const char *code, const char *expression)
{
    char command[400];
    snprintf(command, sizeof command, "sed -i '%s' %s/policies/%s.ini", expression, scratch, code);
    assert_int_equal(system(command), 0);
    scene_no_desk(s);
    policies_free(s->shop.policies);
    scene_desk(s);
}

/* "state=all find=mug"; the sign 0x1F stands for a blank within a value. */
static inline const char *option_text(void *ctx, const char *name)
{
    static char value[4][200];
    static unsigned next;
    size_t n = strlen(name);
    for (const char *at = ctx; *at;) {
        size_t word = strcspn(at, " ");
        if (word > n && memcmp(at, name, n) == 0 && at[n] == '=') {
            char *to = value[next++ % 4];
            snprintf(to, sizeof value[0], "%.*s", (int)(word - n - 1), at + n + 1);
            for (char *c = to; *c; c++)
                if (*c == '\x1F')
                    *c = ' ';
            return to;
        }
        at += word + (at[word] == ' ');
    }
    return NULL;
}

/* Renders it, twice: as it is, and with everything that passes the border as bytes. */
static inline void show(struct scene *s, uint32_t face, const char *at, const char *options)
{
    static const struct reader english = { .language = "en", .zone = "UTC" };
    struct err err = { 0 };
    struct buf before = { 0 };
    struct render_setup setup = { .db = s->shop.db, .reader = &english };
    struct souk_ask ask;
    char chosen[400];
    snprintf(chosen, sizeof chosen, "%s", options);
    setup.widget = plugins_widget(s->plugins, s->id, &setup.plugin);
    assert_non_null(setup.widget);
    const struct ask_setup asked = { s->shop.db, setup.widget, instant(at), face, option_text, chosen };
    assert_well(ask_make(s->shop.arena, &asked, &ask, &err), &err);
    setup.ask = &ask;
    for (int i = 0; i < 2; i++) {
        struct view view = { 0 };
        struct desk *desk = i ? s->wired : s->shop.setup.desk;
        assert_well(desk_render(desk, s->shop.arena, &setup, &view, &err), &err);
        if (i == 0)
            buf_put(&before, buf_str(&view.bytes), view.bytes.len);
        else
            assert_true(before.len == view.bytes.len && memcmp(buf_str(&before), buf_str(&view.bytes), before.len) == 0);
        assert_well(view_read(s->shop.arena, buf_str(&view.bytes), view.bytes.len, &s->e, &s->n, &err), &err);
        s->until_s = view.until_s;
        view_clear(&view);
    }
    buf_free(&before);
}

static inline void show_card(struct scene *s, const char *at, const char *options)
{
    show(s, SOUK_CARD, at, options);
}

static inline void show_page(struct scene *s, const char *at, const char *options)
{
    show(s, SOUK_PAGE, at, options);
}

/* The message that names an element. */
static inline const struct souk_msg *title_of(const struct view_element *e)
{
    switch (e->kind) {
    case VIEW_SECTION: case VIEW_FOLD: case VIEW_ITEMS: case VIEW_THREAD: return &e->title;
    case VIEW_STAT:   return &e->stat.label;
    case VIEW_FACT:   return &e->fact.label;
    case VIEW_TABLE:  return &e->table.title;
    case VIEW_CHART:  return &e->chart.title;
    case VIEW_ALERT:  return &e->alert.text;
    case VIEW_TEXT:   return &e->text.text;
    case VIEW_EMPTY:  return &e->empty.text;
    case VIEW_ITEM:   return &e->item.title;
    case VIEW_LETTER: return &e->letter.from;
    case VIEW_FORM:   return &e->form.button;
    case VIEW_PROGRESS: return &e->progress.label;
    default:          return NULL;
    }
}

/* The i-th element (from 0) of a kind whose message has this key; NULL when there are fewer. */
static inline const struct view_element *seen(const struct scene *s, enum view_kind kind, const char *key, size_t i)
{
    for (size_t k = 0; k < s->n; k++) {
        const struct souk_msg *title = title_of(&s->e[k]);
        if (s->e[k].kind == kind && title && text_is(title->key, key) && i-- == 0)
            return &s->e[k];
    }
    return NULL;
}

static inline const struct view_element *must_see(const struct scene *s, enum view_kind kind, const char *key, size_t i)
{
    const struct view_element *e = seen(s, kind, key, i);
    if (!e)
        fail_msg("nothing is called %s (the %zu. of them)", key, i + 1);
    return e;
}

static inline size_t how_many(const struct scene *s, enum view_kind kind)
{
    size_t n = 0;
    for (size_t k = 0; k < s->n; k++)
        n += s->e[k].kind == kind;
    return n;
}

/* A rate as "3/8", money as "1299 EUR", text in quotes, all else as its number; "-" for none. */
static inline const char *worth(const struct souk_value *v)
{
    static char text[4][120];
    static unsigned next;
    char *to = text[next++ % 4];
    switch (v->type) {
    case SOUK_NONE: return "-";
    case SOUK_RATE: snprintf(to, sizeof text[0], "%lld/%lld", (long long)v->num, (long long)v->den); break;
    case SOUK_MONEY: snprintf(to, sizeof text[0], "%lld %s", (long long)v->num, v->currency); break;
    default:
        if (v->text.len && v->type != SOUK_INSTANT)
            snprintf(to, sizeof text[0], "%.100s", v->text.at);
        else
            snprintf(to, sizeof text[0], "%lld", (long long)v->num);
    }
    return to;
}

static inline void assert_stat(const struct scene *s, const char *key, size_t i, const char *is)
{
    assert_string_equal(worth(&must_see(s, VIEW_STAT, key, i)->stat.value), is);
}

static inline void assert_fact(const struct scene *s, const char *key, size_t i, const char *is)
{
    assert_string_equal(worth(&must_see(s, VIEW_FACT, key, i)->fact.value), is);
}

/* How many rows the query behind a figure gives: what "Why?" leads to. */
static inline size_t rows_behind(struct scene *s, const struct souk_why *why)
{
    struct err err = { 0 };
    struct souk_rows rows;
    const struct plugin *p = plugins_at(s->plugins, 0);
    assert_well(desk_query(s->shop.setup.desk, s->shop.arena, s->shop.db, p, plugin_query(p, why->rows), &why->args, 0, 0, &rows, &err), &err);
    return rows.n_rows;
}

#endif
