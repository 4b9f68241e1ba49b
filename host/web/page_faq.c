/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_faq.c: questions with their answers, and related links: two modules of the Settings menu, and what other pages
 * show of them.
 *
 * Both are read from the shelf: what comes with Souk, the site's own folder, what the account has written.  The last can
 * be changed here; who did so, and when, is told from the audit log.
 */
#include "visit.h"

#include <jansson.h>
#include <string.h>

#include "data/market.h"
#include "element.h"
#include "flow/command.h"
#include "plug/ask.h"
#include "shelf.h"

enum { BESIDE = 6, HISTORY = 20, WORDS_BYTES = 200 };

static struct souk_msg plain(struct arena *a, const char *text)
{
    return element_msg(a, "plain", { "text", souk_text(text) });
}

static const char *in_account(struct visit *v, const char *path)
{
    return visit_link(v, arena_printf(v->a, "/a/%s/%s", v->account, path), v->face.keep, NULL, NULL);
}

/* ---- what they are about -------------------------------------------------------------------------------- */

/* "widget:orders" in words: the title of that widget; NULL for what is not here. */
static const char *object_title(struct visit *v, const char *object)
{
    const struct plugin *p;
    if (text_starts(object, "market:")) {
        const struct market *m = market_find(object + strlen("market:"));
        return m ? m->name : NULL;
    }
    if (!text_starts(object, "widget:"))
        return NULL;
    const struct souk_widget *w = plugins_widget(v->w->site->plugins, object + strlen("widget:"), &p);
    return w ? visit_plugin_say(v, p, w->title) : NULL;
}

/* The heading a question stands under: the first object it explains that is here. */
static const char *topic_of(struct visit *v, const struct shelf_text *t)
{
    char *about = arena_text(v->a, t->about), *rest = NULL;
    for (char *object = strtok_r(about, " ", &rest); object; object = strtok_r(NULL, " ", &rest)) {
        const char *title = object_title(v, object);
        if (title)
            return title;
    }
    return visit_say(v, t->from == SHELF_SOUK ? "faq.topic_souk" : "faq.topic_own");
}

/* ---- what was asked for ------------------------------------------------------------------------------------ */

struct asked {
    const struct shelf *shelf;
    const char *words, *about;                          /* "": all */
    struct shelf_text *at;
    size_t n;
};

static int read_asked(struct visit *v, enum shelf_kind kind, struct asked *asked, struct err *err)
{
    const char *words = visit_arg(v, "q"), *about = visit_arg(v, "about");
    size_t n = 0, kept = 0;
    words = words ? words + strspn(words, " \t") : "";
    *asked = (struct asked){ .words = words, .about = about ? about : "" };
    if (strlen(words) > WORDS_BYTES)
        return err_set(err, ERR_INPUT, "Search for fewer words: at most %d bytes.", WORDS_BYTES);
    if (visit_shelf(v, &asked->shelf, err) < 0)
        return -err->code;
    while (shelf_at(asked->shelf, n))
        n++;
    asked->at = arena_alloc(v->a, (n + 1) * sizeof *asked->at);
    if (*words) {
        asked->n = shelf_find(asked->shelf, v->a, kind, words, asked->at, n);
    } else {
        for (size_t i = 0; i < n; i++)
            if (shelf_at(asked->shelf, i)->kind == kind)
                asked->at[asked->n++] = *shelf_at(asked->shelf, i);
    }
    for (size_t i = 0; i < asked->n; i++)
        if (!*asked->about || shelf_explains(&asked->at[i], asked->about))
            asked->at[kept++] = asked->at[i];
    asked->n = kept;
    return 0;
}

static void put_search(struct visit *v, const struct asked *asked)
{
    static const struct souk_field field = {
        .size = sizeof field, .type = SOUK_FIELD_LINE, .name = "q", .title = "faq.words", .max = WORDS_BYTES,
    };
    const struct souk_value now = souk_text(asked->words);
    html_form_begin(&v->reply->body, v->path, visit_say(v, "faq.search"));
    if (visit_arg(v, "lang"))
        html_form_hidden(&v->reply->body, "lang", visit_arg(v, "lang"));
    html_form_field(&v->reply->body, &v->face, &field, &now);
    html_form_end(&v->reply->body, visit_say(v, "faq.find"));
    if (*asked->about || *asked->words) {
        html_links_begin(&v->reply->body, visit_say(v, "links.more"));
        html_link(&v->reply->body, visit_say(v, "faq.all"), visit_link(v, v->path, v->face.keep, NULL, NULL), false);
        html_links_end(&v->reply->body);
    }
}

/* ---- forms ----------------------------------------------------------------------------------------------------- */

struct typed {                                          /* what a field of the form holds now */
    const char *name, *value;
};

/* The command's own fields, filled with what is there; those in `fixed` are not typed. */
static void put_form(struct elements *l, const char *command, const char *title, const char *button, struct souk_args fixed,
                     const struct typed *typed, size_t n)
{
    struct command_info info;
    struct err none = { 0 };
    if (command_find(NULL, command, &info, &none) < 0)
        return;
    struct souk_field *field = arena_zero(l->a, info.fields.n * sizeof *field);
    uint32_t used = 0;
    for (uint32_t i = 0; i < info.fields.n; i++) {
        const struct souk_field *f = (const void *)((const char *)info.fields.at + (size_t)i * info.fields.size);
        if (souk_given(&fixed, f->name))
            continue;
        field[used] = *f;
        for (size_t k = 0; k < n; k++)
            if (text_is(typed[k].name, f->name) && *typed[k].value)
                field[used].fallback = souk_text(typed[k].value);
        used++;
    }
    element_button(l, &(const struct element_button){
        .command = command, .text = button, .title = title, .args = fixed,
        .fields = { field, used, sizeof *field },
    });
}

static void put_own_forms(struct elements *l, const struct shelf_text *t)
{
    bool is_link = t->kind == SHELF_LINK;
    const struct souk_args fixed = SOUK_ARGS({ "name", souk_text(t->name) }, { "language", souk_text(t->language) });
    const struct typed typed[] = {
        { "question", t->title }, { "answer", t->written }, { "title", t->title }, { "address", t->href },
        { "note", t->written }, { "about", t->about },
    };
    put_form(l, is_link ? "link.put" : "faq.put", "faq.change", "faq.save", fixed, typed, COUNT_OF(typed));
    element_button(l, &(const struct element_button){
        .command = is_link ? "link.remove" : "faq.remove", .text = "faq.remove", .note = "faq.remove_note", .tone = SOUK_BAD,
        .args = fixed,
    });
}

static const char *from_key(const struct shelf_text *t)
{
    return t->from == SHELF_ACCOUNT ? "faq.from_account" : t->from == SHELF_SITE ? "faq.from_site" : "faq.from_souk";
}

/* ---- history -------------------------------------------------------------------------------------------------------- */

static const char sql_history[] =
    "SELECT at_s, actor, command, ref FROM audit"
    " WHERE result = 'ok' AND command IN (:put, :remove)"
    " ORDER BY no DESC"
    " LIMIT :most";

static int put_history(struct visit *v, struct elements *l, const char *put, const char *remove, struct err *err)
{
    struct stmt *s = stmt_of(v->db, sql_history, err);
    size_t n = 0;
    int rc;
    if (!s)
        return -err->code;
    bind_text(s, 1, put);
    bind_text(s, 2, remove);
    bind_int(s, 3, HISTORY);
    while ((rc = stmt_step(v->db, s, err)) > 0) {
        const char *ref = stmt_text(s, 3), *name = strchr(ref, ':');
        if (!n++)
            element_add(l, VIEW_FOLD)->title = (struct souk_msg)SOUK_MSG("faq.history");
        element_add(l, VIEW_TEXT)->text = (struct souk_text_element){
            .size = sizeof(struct souk_text_element),
            .text = element_msg(l->a, text_is(stmt_text(s, 2), put) ? "faq.was_written" : "faq.was_removed",
                                { "when", souk_instant(stmt_int(s, 0)) }, { "who", souk_text(arena_text(l->a, stmt_text(s, 1))) },
                                { "name", souk_text(arena_text(l->a, name ? name + 1 : ref)) }),
        };
    }
    if (n)
        element_add(l, VIEW_END);
    return rc;
}

/* ---- questions ------------------------------------------------------------------------------------------------------- */

static void put_question(struct visit *v, struct elements *l, const struct shelf_text *t)
{
    element_add(l, VIEW_FOLD)->title = plain(l->a, t->title);
    element_add(l, VIEW_ARTICLE)->article = (struct souk_article){ .size = sizeof(struct souk_article), .text = souk_text(t->body).text };
    if (t->from != SHELF_SOUK)
        element_add(l, VIEW_TEXT)->text = (struct souk_text_element){
            .size = sizeof(struct souk_text_element), .text = element_msg(l->a, from_key(t)),
        };
    if (t->from == SHELF_ACCOUNT)
        put_own_forms(l, t);
    element_add(l, VIEW_END);
    (void)v;
}

/* Grouped by what they are about, each group where its first question stands. */
static void put_questions(struct visit *v, struct elements *l, const struct asked *asked)
{
    const char **topic = arena_alloc(v->a, (asked->n + 1) * sizeof *topic);
    for (size_t i = 0; i < asked->n; i++)
        topic[i] = topic_of(v, &asked->at[i]);
    for (size_t i = 0; i < asked->n; i++) {
        if (!topic[i])
            continue;
        const char *group = topic[i];
        element_add(l, VIEW_SECTION)->title = plain(l->a, group);
        for (size_t k = i; k < asked->n; k++)
            if (text_is(topic[k], group)) {
                put_question(v, l, &asked->at[k]);
                topic[k] = NULL;
            }
        element_add(l, VIEW_END);
    }
}

static void put_json_link(struct visit *v, const char *end)
{
    html_links_begin(&v->reply->body, visit_say(v, "links.label"));
    html_link(&v->reply->body, visit_say(v, "links.json"),
              visit_link(v, arena_printf(v->a, "/api/v1/a/%s/%s", v->account, end), v->face.keep, NULL, NULL), false);
    html_links_end(&v->reply->body);
}

int page_faq(struct visit *v, struct err *err)
{
    struct asked asked;
    struct elements l = { .a = v->a };
    struct buf *out = &v->reply->body;
    if (read_asked(v, SHELF_FAQ, &asked, err) < 0)
        return -err->code;
    put_questions(v, &l, &asked);
    bool is_empty = !l.n;
    put_form(&l, "faq.put", "faq.add", "faq.save", (struct souk_args){ 0 }, NULL, 0);
    if (put_history(v, &l, "faq.put", "faq.remove", err) < 0)
        return -err->code;
    visit_page(v, visit_say(v, "faq.title"));
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, "faq.intro"));
    put_search(v, &asked);
    html_live_begin(out, "content");
    if (is_empty)
        html_notice(out, SOUK_PLAIN, visit_say(v, "faq.none"));
    html_view(out, &v->face, l.at, l.n);
    html_live_end(out);
    put_json_link(v, "faq");
    visit_page_done(v);
    return 0;
}

/* ---- links ---------------------------------------------------------------------------------------------------------- */

static void put_one_link(struct elements *l, const struct shelf_text *t)
{
    struct souk_to *to = arena_zero(l->a, sizeof *to);
    *to = (struct souk_to){ .size = sizeof *to, .url = t->href };
    struct souk_item *item = &element_add(l, VIEW_ITEM)->item;
    *item = (struct souk_item){ .size = sizeof *item, .title = plain(l->a, t->title), .to = to };
    if (*t->body)
        item->note = plain(l->a, t->body);
    if (t->from != SHELF_SOUK)
        item->badge = element_msg(l->a, from_key(t));
    if (t->from == SHELF_ACCOUNT)
        put_own_forms(l, t);
    element_add(l, VIEW_END);
}

/* Those of marketplaces that the account has no data of stand folded away. */
static bool is_elsewhere(struct visit *v, const struct shelf_text *t)
{
    const char *const *ids, *market = strstr(t->about, "market:");
    struct err none = { 0 };
    size_t n;
    if (!market || ask_markets(v->a, v->db, &ids, &n, &none) < 0 || !n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct market *m = market_by_id(ids[i]);
        if (m && shelf_explains(t, arena_printf(v->a, "market:%s", m->code)))
            return false;
    }
    return true;
}

static void put_links(struct visit *v, struct elements *l, const struct asked *asked, bool elsewhere)
{
    const char *group = NULL;
    for (size_t i = 0; i < asked->n; i++) {
        const struct shelf_text *t = &asked->at[i];
        if (is_elsewhere(v, t) != elsewhere)
            continue;
        const char *its = *t->group ? t->group : visit_say(v, "link.own");
        if (!group && elsewhere)
            element_add(l, VIEW_FOLD)->title = (struct souk_msg)SOUK_MSG("link.elsewhere");
        if (!text_is(its, group)) {
            if (group)
                element_add(l, VIEW_END);
            element_add(l, VIEW_ITEMS)->title = plain(l->a, its);
        }
        group = its;
        put_one_link(l, t);
    }
    if (group)
        element_add(l, VIEW_END);
    if (group && elsewhere)
        element_add(l, VIEW_END);
}

int page_links(struct visit *v, struct err *err)
{
    struct asked asked;
    struct elements l = { .a = v->a };
    struct buf *out = &v->reply->body;
    if (read_asked(v, SHELF_LINK, &asked, err) < 0)
        return -err->code;
    put_links(v, &l, &asked, false);
    put_links(v, &l, &asked, true);
    bool is_empty = !l.n;
    put_form(&l, "link.put", "link.add", "faq.save", (struct souk_args){ 0 }, NULL, 0);
    if (put_history(v, &l, "link.put", "link.remove", err) < 0)
        return -err->code;
    visit_page(v, visit_say(v, "link.title"));
    html_begin(out, &v->page);
    html_paragraph(out, visit_say(v, "link.intro"));
    put_search(v, &asked);
    html_live_begin(out, "content");
    if (is_empty)
        html_notice(out, SOUK_PLAIN, visit_say(v, "link.none"));
    html_view(out, &v->face, l.at, l.n);
    html_live_end(out);
    put_json_link(v, "links");
    visit_page_done(v);
    return 0;
}

/* ---- API ------------------------------------------------------------------------------------------------------------- */

static int put_json(struct visit *v, enum shelf_kind kind, const char *what, struct err *err)
{
    static const char *const from[] = { [SHELF_SOUK] = "souk", [SHELF_SITE] = "site", [SHELF_ACCOUNT] = "account" };
    struct asked asked;
    json_t *list = json_array();
    if (read_asked(v, kind, &asked, err) < 0) {
        json_decref(list);
        return -err->code;
    }
    for (size_t i = 0; i < asked.n; i++) {
        const struct shelf_text *t = &asked.at[i];
        json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", t->name, "title", t->title, "body", t->body,
                              "about", t->about, "from", from[t->from]);
        if (kind == SHELF_LINK)
            json_object_set_new(j, "address", json_string(t->href));
        else
            json_object_set_new(j, "policies", json_string(t->quotes));
        json_array_append_new(list, j);
    }
    json_write(&v->reply->body, json_pack("{s:o}", what, list));
    visit_done(v, "application/json");
    return 0;
}

int api_faq(struct visit *v, struct err *err)
{
    return put_json(v, SHELF_FAQ, "questions", err);
}

int api_links(struct visit *v, struct err *err)
{
    return put_json(v, SHELF_LINK, "links", err);
}

/* ---- beside what they explain ------------------------------------------------------------------------------------------ */

void questions_put(struct visit *v, const char *object)
{
    const struct shelf *shelf;
    struct buf *out = &v->reply->body;
    struct err none = { 0 };
    size_t n = 0, n_links = 0;
    if (visit_shelf(v, &shelf, &none) < 0)
        return;
    for (size_t i = 0; shelf_at(shelf, i); i++) {
        const struct shelf_text *t = shelf_at(shelf, i);
        if (t->kind != SHELF_FAQ || !shelf_explains(t, object) || n == BESIDE)
            continue;
        if (!n++) {
            html_list_title(out, visit_say(v, "faq.beside"));
            html_links_begin(out, visit_say(v, "faq.beside"));
        }
        html_link(out, t->title, in_account(v, t->path), false);
    }
    if (n) {
        html_link(out, visit_say(v, "faq.all"), in_account(v, "settings/faq"), false);
        html_links_end(out);
    }
    for (size_t i = 0; shelf_at(shelf, i); i++) {
        const struct shelf_text *t = shelf_at(shelf, i);
        if (t->kind != SHELF_LINK || !shelf_explains(t, object) || n_links == BESIDE || is_elsewhere(v, t))
            continue;
        if (!n_links++) {
            html_list_title(out, visit_say(v, "link.beside"));
            html_links_begin(out, visit_say(v, "link.beside"));
        }
        html_link_outside(out, &v->face, t->title, t->href);
    }
    if (n_links) {
        html_link(out, visit_say(v, "link.all"), in_account(v, "settings/links"), false);
        html_links_end(out);
    }
}

/* Lines of the policies that a text quotes, by their pages. */
void quotes_put(struct visit *v, const struct shelf *shelf, const struct shelf_text *t)
{
    struct buf *out = &v->reply->body;
    char *keys = arena_text(v->a, t->quotes), *rest = NULL;
    for (char *key = strtok_r(keys, " ", &rest); key; key = strtok_r(NULL, " ", &rest))
        for (size_t i = 0; shelf_at(shelf, i); i++) {
            const struct shelf_text *line = shelf_at(shelf, i);
            const char *name = line->kind == SHELF_POLICY ? strchr(line->name, '/') : NULL;
            if (name && text_is(name + 1, key))
                html_link(out, line->title, in_account(v, line->path), false);
        }
}
