/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_search.c: one box over everything: the account's records, what plugins find, help, rules, widgets.
 *
 * Groups of a few answers each; a group's own page shows more of it.  The same answers as a page, as JSON while somebody
 * types, and in the API.
 */
#include "visit.h"

#include <jansson.h>
#include <string.h>

#include "data/search.h"
#include "shelf.h"

enum { FEW = 5, MANY = 100, WORDS_BYTES = 200 };

struct hit {
    const char *title, *note, *href, *ref;              /* href "": it has no page */
};

struct group {
    const char *kind, *title;
    struct hit hit[MANY];
    size_t n;
    bool has_more;
};

struct search {
    struct visit *v;
    const char *words, *only;                           /* only: this kind and more of it; "" all kinds */
    struct group *group;
    size_t n, room, most;
};

static const char *const records[] = { "order", "listing", "letter", "case", "claim", "notice", "promotion" };
static const struct { const char *kind; enum shelf_kind of; } texts[] = {
    { "widget", SHELF_WIDGET }, { "settings", SHELF_SETTINGS }, { "help", SHELF_HELP }, { "faq", SHELF_FAQ }, { "link", SHELF_LINK }, { "policy", SHELF_POLICY },
    { "report", SHELF_REPORT }, { "command", SHELF_COMMAND },
};

static struct group *open_group(struct search *s, const char *kind, const char *title)
{
    struct group *g = &s->group[s->n];
    *g = (struct group){ .kind = kind, .title = title };
    return g;
}

static void close_group(struct search *s, const struct group *g)
{
    s->n += g->n > 0 && s->n + 1 < s->room;
}

static bool is_asked(const struct search *s, const char *kind)
{
    return !*s->only || text_is(s->only, kind);
}

static void add_hit(struct search *s, struct group *g, const char *title, const char *note, const char *href, const char *ref)
{
    if (g->n == s->most) {
        g->has_more = true;
        return;
    }
    g->hit[g->n++] = (struct hit){ title, note, href, ref };
}

/* ---- records ---------------------------------------------------------------------------------------------- */

static const char *address_of(struct visit *v, const char *ref)
{
    struct buf link = { 0 };
    const char *href = link_ref(&link, &v->face, ref, strlen(ref)) ? arena_text(v->a, buf_str(&link)) : "";
    buf_free(&link);
    return href;
}

static int find_records(struct search *s, struct err *err)
{
    struct visit *v = s->v;
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        struct search_hit *hit;
        size_t n;
        if (!is_asked(s, records[i]))
            continue;
        struct group *g = open_group(s, records[i], visit_say(v, arena_printf(v->a, "search.kind_%s", records[i])));
        if (search_find(v->db, v->a, records[i], s->words, (uint32_t)s->most + 1, &hit, &n, err) < 0)
            return -err->code;
        for (size_t k = 0; k < n; k++) {
            const char *id = strchr(hit[k].ref, ':');
            bool is_number = text_is(records[i], "order");      /* known by its number; its state beside it */
            add_hit(s, g, is_number || !*hit[k].title ? (id ? id + 1 : hit[k].ref) : hit[k].title,
                    is_number ? hit[k].title : hit[k].note, address_of(v, hit[k].ref), hit[k].ref);
        }
        close_group(s, g);
    }
    return 0;
}

/* What plugins find by queries of their own.  One that fails or takes too long has no answers; the rest goes on. */
static void find_by_plugins(struct search *s)
{
    struct visit *v = s->v;
    const struct plugins *all = v->w->site->plugins;
    const struct souk_args args = SOUK_ARGS({ "words", souk_text(s->words) }, { "limit", souk_count((int64_t)s->most + 1) });
    for (size_t i = 0; i < plugins_count(all); i++) {
        const struct plugin *p = plugins_at(all, i);
        for (size_t k = 0; k < p->n_searches; k++) {
            const char *kind = arena_printf(v->a, "%s.%s", p->name, p->searches[k]->id);
            const struct query_info *q = plugin_query(p, p->searches[k]->query);
            struct souk_rows rows;
            struct err why = { 0 };
            if (!is_asked(s, kind) || !q || desk_query(v->w->desk, v->a, v->db, p, q, &args, 0, 0, &rows, &why) < 0)
                continue;
            struct group *g = open_group(s, kind, visit_plugin_say(v, p, p->searches[k]->title));
            for (uint32_t r = 0; r < rows.n_rows; r++) {
                const char *ref = souk_cell(&rows, r, 0)->text.at;
                add_hit(s, g, souk_cell(&rows, r, 1)->text.at, souk_cell(&rows, r, 2)->text.at, address_of(v, ref), ref);
            }
            close_group(s, g);
        }
    }
}

/* ---- texts --------------------------------------------------------------------------------------------------- */

/* The module of "business" or "business.legal_name". */
static bool sees_settings(struct visit *v, const char *name)
{
    const struct plugin *of;
    const struct settings_info *m = plugins_settings(v->w->site->plugins, arena_textn(v->a, name, strcspn(name, ".")), &of);
    return m && settings_seen(v, m->settings);
}

static int find_texts(struct search *s, struct err *err)
{
    struct visit *v = s->v;
    const struct shelf *shelf;
    struct shelf_text *found = arena_alloc(v->a, (s->most + 1) * sizeof *found);
    if (visit_shelf(v, &shelf, err) < 0)
        return -err->code;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (!is_asked(s, texts[i].kind))
            continue;
        struct group *g = open_group(s, texts[i].kind, visit_say(v, arena_printf(v->a, "search.kind_%s", texts[i].kind)));
        size_t n = shelf_find(shelf, v->a, texts[i].of, s->words, found, s->most + 1);
        for (size_t k = 0; k < n; k++) {
            const char *href = visit_link(v, arena_printf(v->a, "/a/%s/%s", v->account, found[k].path), v->face.keep, NULL, NULL);
            bool is_settings = texts[i].of == SHELF_SETTINGS;
            if (is_settings && !sees_settings(v, found[k].name))
                continue;
            add_hit(s, g, found[k].title, found[k].note, is_settings ? arena_printf(v->a, "%s%s", href, found[k].href) : href, "");
        }
        close_group(s, g);
    }
    return 0;
}

static int search(struct visit *v, struct search *s, struct err *err)
{
    const char *words = visit_arg(v, "q"), *only = visit_arg(v, "kind");
    words = words ? words + strspn(words, " \t") : "";
    if (strlen(words) > WORDS_BYTES)
        return err_set(err, ERR_INPUT, "Search for fewer words: at most %d bytes.", WORDS_BYTES);
    *s = (struct search){ .v = v, .words = words, .only = only ? only : "", .room = 64 };
    s->most = *s->only ? MANY - 1 : FEW;
    s->group = arena_zero(v->a, s->room * sizeof *s->group);
    if (!*words)
        return 0;
    if (find_records(s, err) < 0)
        return -err->code;
    find_by_plugins(s);
    return find_texts(s, err);
}

/* ---- faces ------------------------------------------------------------------------------------------------------ */

static const char *more_of(struct visit *v, const struct search *s, const struct group *g)
{
    struct buf link = { 0 };
    buf_printf(&link, "/a/%s/search", v->account);
    link_arg(&link, "q", s->words);
    link_arg(&link, "kind", g->kind);
    const char *href = arena_text(v->a, buf_str(&link));
    buf_free(&link);
    return href;
}

int page_search(struct visit *v, struct err *err)
{
    struct search s;
    if (search(v, &s, err) < 0)
        return -err->code;
    struct buf *out = &v->reply->body;
    visit_page(v, visit_say(v, "search.title"));
    v->page.words = s.words;
    html_begin(out, &v->page);
    if (!*s.words)
        html_paragraph(out, visit_say(v, "search.nothing_asked"));
    else if (!s.n)
        html_notice(out, SOUK_PLAIN, visit_say(v, "search.none"));
    for (size_t i = 0; i < s.n; i++) {
        const struct group *g = &s.group[i];
        html_found_begin(out, g->title);
        for (size_t k = 0; k < g->n; k++)
            html_found(out, g->hit[k].title, g->hit[k].href, g->hit[k].note, s.words);
        html_found_end(out, g->has_more && !*s.only ? more_of(v, &s, g) : NULL, visit_say(v, "search.more"));
    }
    visit_page_done(v);
    return 0;
}

static int put_json(struct visit *v, struct err *err)
{
    struct search s;
    json_t *groups = json_array();
    int rc = search(v, &s, err);
    for (size_t i = 0; rc == 0 && i < s.n; i++) {
        json_t *hits = json_array();
        for (size_t k = 0; k < s.group[i].n; k++)
            json_array_append_new(hits, json_pack("{s:s, s:s, s:s, s:s}", "title", s.group[i].hit[k].title,
                "note", s.group[i].hit[k].note, "href", s.group[i].hit[k].href, "ref", s.group[i].hit[k].ref));
        json_array_append_new(groups, json_pack("{s:s, s:s, s:b, s:o}", "kind", s.group[i].kind, "title", s.group[i].title,
                                                "has_more", s.group[i].has_more, "hits", hits));
    }
    if (rc == 0) {
        json_write(&v->reply->body, json_pack("{s:s, s:O}", "words", s.words, "groups", groups));
        visit_done(v, "application/json");
    }
    json_decref(groups);
    return rc;
}

int page_search_json(struct visit *v, struct err *err)
{
    return put_json(v, err);
}

int api_search(struct visit *v, struct err *err)
{
    return put_json(v, err);
}
