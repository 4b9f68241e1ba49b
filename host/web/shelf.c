/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shelf.c: texts that belong to no account's records.
 *
 * in:     articles in folders and of an account, help beside plugins, policy files, declarations of plugins, the table of
 *         commands
 * out:    texts by name, and those that hold some words
 * knows:  files, plugins, policies.  Has never heard of requests or databases.
 */
#include "shelf.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "data/market.h"
#include "flow/command.h"
#include "plug/field.h"
#include "quote.h"

enum { ARTICLE_MAX = 256 << 10, NOTE_BEFORE = 40, NOTE_BYTES = 160, WORDS_MAX = 16 };

struct shelf {
    struct arena *memory;
    struct shelf_text *at;
    size_t n, room;
};

static struct shelf_text *add(struct shelf *s, enum shelf_kind kind, const char *name, const char *path, const char *title,
                              const char *body)
{
    if (s->n == s->room) {
        struct shelf_text *old = s->at;
        s->room = s->room ? s->room * 2 : 256;
        s->at = arena_alloc(s->memory, s->room * sizeof *s->at);
        if (s->n)
            memcpy(s->at, old, s->n * sizeof *old);
    }
    struct shelf_text *t = &s->at[s->n++];
    *t = (struct shelf_text){
        .kind = kind, .name = arena_text(s->memory, name), .path = arena_text(s->memory, path),
        .title = arena_text(s->memory, title), .body = arena_text(s->memory, body), .note = "", .about = "",
        .quotes = "", .href = "", .group = "", .from = SHELF_SOUK, .language = "",
    };
    t->written = t->body;
    return t;
}

/* ---- articles ----------------------------------------------------------------------------------------- */

static char *read_article(struct arena *a, const char *path)
{
    FILE *in = fopen(path, "re");
    char *text = arena_alloc(a, ARTICLE_MAX + 1);
    size_t n = in ? fread(text, 1, ARTICLE_MAX, in) : 0;
    if (in)
        fclose(in);
    text[n] = '\0';
    return n && utf8_is_valid(text, n) ? text : NULL;
}

/* Off with the comments at its beginning, of which one may say what it explains; the first heading is the title. */
static void split_article(struct arena *a, char *text, const char **title, const char **body, const char **about)
{
    static const char mark[] = "<!-- about:";
    *about = "";
    while (text_starts(text, "<!--") && strchr(text, '\n')) {
        size_t n = strcspn(text, "\n");
        const char *end = strstr(text, "-->");
        if (text_starts(text, mark) && end && end < text + n)
            *about = arena_textn(a, text + sizeof mark - 1, (size_t)(end - text) - (sizeof mark - 1));
        text += n + 1;
    }
    text += strspn(text, "\n");
    *title = "";
    *body = text;
    if (!text_starts(text, "# "))
        return;
    char *end = text + strcspn(text, "\n");
    *body = *end ? end + 1 : end;
    *end = '\0';
    *title = text + 2;
}

/* Lines of policies into a text that quotes some. */
static void fill_in(struct shelf *s, const struct shelf_setup *setup, struct shelf_text *t)
{
    struct buf text = { 0 }, keys = { 0 };
    const struct quoting by = { setup->policies, setup->texts, setup->language, setup->markets, setup->n_markets, setup->day };
    if (!strstr(t->body, "{{"))
        return;
    quote_lines(&text, &keys, &by, t->body);
    t->body = arena_text(s->memory, buf_str(&text));
    t->quotes = arena_text(s->memory, buf_str(&keys));
    buf_free(&text);
    buf_free(&keys);
}

static struct shelf_text *add_article(struct shelf *s, const struct shelf_setup *setup, enum shelf_kind kind,
                                      const char *file, const char *name, const char *path)
{
    const char *title, *body, *about;
    struct shelf_text *t = NULL;
    struct arena *tmp = arena_new("article", 4096);
    char *text = read_article(tmp, file);
    if (text) {
        split_article(tmp, text, &title, &body, &about);
        t = add(s, kind, name, path, *title ? title : name, body);
        t->about = arena_text(s->memory, about);
        fill_in(s, setup, t);
    }
    arena_free(tmp);
    return t;
}

/* ---- links ---------------------------------------------------------------------------------------------- */

static struct shelf_text *add_link(struct shelf *s, const char *name, const char *title, const char *href, const char *note)
{
    struct shelf_text *t = add(s, SHELF_LINK, name, "settings/links", title, note);
    t->href = arena_text(s->memory, href);
    return t;
}

/* "- [Title](https://...): note {about}"; false for a line that begins like one and is none. */
static bool read_link(struct shelf *s, char *line, const char *file, const char *group, size_t no)
{
    char *title = line + 3, *mid = strstr(title, "](https://"), *end = mid ? strchr(mid, ')') : NULL;
    if (!end)
        return false;
    *mid = *end = '\0';
    char *note = end + 1;
    note += strspn(note, ": ");
    char *about = strrchr(note, '{'), *shut = about ? strchr(about, '}') : NULL;
    if (shut)
        *about = *shut = '\0';
    for (size_t n = strlen(note); n && note[n - 1] == ' ';)
        note[--n] = '\0';
    struct shelf_text *t = add_link(s, arena_printf(s->memory, "%s-%zu", file, no), title, mid + 2, note);
    t->group = group;
    t->about = arena_text(s->memory, shut ? about + 1 : "");
    return true;
}

static void add_links(struct shelf *s, const struct shelf_setup *setup, const char *file, const char *name,
                      enum shelf_from from)
{
    const char *title, *body, *about;
    struct arena *tmp = arena_new("links", 4096);
    char *text = read_article(tmp, file), *rest = NULL;
    (void)setup;
    if (text) {
        split_article(tmp, text, &title, &body, &about);
        const char *group = arena_text(s->memory, *title ? title : name);
        char *lines = arena_text(tmp, body);
        size_t no = 0;
        for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            if (!text_starts(line, "- ["))
                continue;
            const char *said = arena_text(tmp, line);
            if (read_link(s, line, name, group, ++no))
                s->at[s->n - 1].from = from;
            else
                log_warn("content", "%s: a link is written as - [Title](https://...): %s", file, said);
        }
    }
    arena_free(tmp);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names that an address may bear: letters, digits, - and _. */
static bool is_article(const char *file, char *name, size_t room)
{
    size_t n = strspn(file, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (!n || n >= room || !text_is(file + n, ".md"))
        return false;
    memcpy(name, file, n);
    name[n] = '\0';
    return true;
}

/* Files of a folder, by name; those whose name stands here already are left out. */
static void add_folder(struct shelf *s, const struct shelf_setup *setup, enum shelf_kind kind, const char *folder,
                       const char *path, enum shelf_from from)
{
    char name[64], *names[500];
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && n < COUNT_OF(names) && (entry = readdir(dir));)
        if (is_article(entry->d_name, name, sizeof name))
            names[n++] = arena_text(s->memory, name);
    if (dir)
        closedir(dir);
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++) {
        const char *file = arena_printf(s->memory, "%s/%s.md", folder, names[i]);
        struct shelf_text *t;
        if (kind == SHELF_LINK)
            add_links(s, setup, file, names[i], from);
        else if (!shelf_named(s, kind, names[i]) &&
                 (t = add_article(s, setup, kind, file, names[i], arena_printf(s->memory, "%s%s", path, names[i]))))
            t->from = from;
    }
}

static bool is_folder(const char *path)
{
    DIR *dir = opendir(path);
    if (dir)
        closedir(dir);
    return dir;
}

static void add_articles(struct shelf *s, const struct shelf_setup *setup, const char *content, enum shelf_from from)
{
    const char *folder = arena_printf(s->memory, "%s/%s", content, setup->language);
    if (!is_folder(folder))
        folder = arena_printf(s->memory, "%s/en", content);
    add_folder(s, setup, SHELF_HELP, folder, "help/", from);
    add_folder(s, setup, SHELF_FAQ, arena_printf(s->memory, "%s/faq", folder), "help/faq/", from);
    add_folder(s, setup, SHELF_LINK, arena_printf(s->memory, "%s/links", folder), "", from);
}

/* What the account has written: where a text is there in several languages, the reader's, or the one for all. */
static int fits(const struct shelf_setup *setup, const struct article *own)
{
    return text_is(own->language, setup->language) ? 3 : !*own->language ? 2 : 1;
}

static void add_own(struct shelf *s, const struct shelf_setup *setup)
{
    for (size_t i = 0; i < setup->n_own; i++) {
        const struct article *own = &setup->own[i];
        bool is_best = true;
        for (size_t k = 0; k < setup->n_own; k++)
            is_best &= setup->own[k].kind != own->kind || !text_is(setup->own[k].name, own->name) ||
                       fits(setup, &setup->own[k]) <= fits(setup, own);
        if (!is_best)
            continue;
        struct shelf_text *t = own->kind == ARTICLE_LINK
            ? add_link(s, own->name, own->title, own->address, own->body)
            : add(s, SHELF_FAQ, own->name, arena_printf(s->memory, "help/faq/%s", own->name), own->title, own->body);
        t->about = arena_text(s->memory, own->about);
        t->language = arena_text(s->memory, own->language);
        t->changed_s = own->changed_s;
        t->from = SHELF_ACCOUNT;
        fill_in(s, setup, t);
    }
}

/* ---- what plugins declare --------------------------------------------------------------------------------- */

static const char *worded(struct shelf *s, const struct shelf_setup *setup, const struct plugin *p, const char *key)
{
    const char *pattern = p ? plugin_pattern(setup->plugins, p, setup->language, key)
                            : catalogue_find(setup->texts, setup->language, key);
    return arena_text(s->memory, pattern ? pattern : key);
}

static void add_widget(struct shelf *s, const struct shelf_setup *setup, const struct plugin *p,
                       const struct souk_widget *w)
{
    const char *slash = strrchr(p->file, '/'), *title = worded(s, setup, p, w->title);
    int folder = (int)(slash ? slash - p->file : 0);
    size_t before = s->n;
    const char *path = arena_printf(s->memory, "help/w/%s", w->id);
    add_article(s, setup, SHELF_WIDGET, arena_printf(s->memory, "%.*s/help/%s.md", folder, p->file, setup->language), w->id,
                path);
    if (s->n == before)
        add_article(s, setup, SHELF_WIDGET, arena_printf(s->memory, "%.*s/help/en.md", folder, p->file), w->id, path);
    if (s->n == before)                                 /* without help it leads to the widget itself */
        add(s, SHELF_WIDGET, w->id, arena_printf(s->memory, "w/%s", w->id), title, "");
    s->at[before].title = title;
}

/* The place of a field on the page of its module, where that shows its form. */
static const char *place_of(struct shelf *s, const struct souk_settings *m, const struct souk_field *f, const struct souk_field *in)
{
    if (m->max_records || f->flags & SOUK_FIELD_READ_ONLY)
        return "";
    return arena_printf(s->memory, "#page-0-%s%s%s%s", f->name, f->type == SOUK_FIELD_RECORDS ? ".1" : "", in ? "." : "",
                        in ? in->name : "");
}

static void add_field(struct shelf *s, const struct shelf_setup *setup, const struct plugin *p, const struct souk_settings *m,
                      const struct souk_field *f, const struct souk_field *in)
{
    const struct souk_field *of = in ? in : f;
    const char *title = arena_printf(s->memory, "%s: %s%s%s", worded(s, setup, p, m->title), worded(s, setup, p, f->title),
                                     in ? ", " : "", in ? worded(s, setup, p, in->title) : "");
    struct shelf_text *t = add(s, SHELF_SETTINGS, arena_printf(s->memory, "%s.%s%s%s", m->id, f->name, in ? "." : "", in ? in->name : ""),
                               arena_printf(s->memory, "settings/%s", m->id), title, of->about ? worded(s, setup, p, of->about) : "");
    t->href = place_of(s, m, f, in);
}

/* A module, each of its fields, and its article among those of help. */
static void add_settings(struct shelf *s, const struct shelf_setup *setup, const struct plugin *p, const struct souk_settings *m)
{
    const char *slash = strrchr(p->file, '/'), *name = arena_printf(s->memory, "settings-%s", m->id);
    const char *path = arena_printf(s->memory, "help/%s", name);
    const char *file = arena_printf(s->memory, "%.*s/help/%s%s", (int)(slash ? slash - p->file : 0), p->file, m->help ? m->help : "",
                                    m->help ? "." : "");
    struct shelf_text *t = add_article(s, setup, SHELF_HELP, arena_printf(s->memory, "%s%s.md", file, setup->language), name, path);
    if (!t)
        add_article(s, setup, SHELF_HELP, arena_printf(s->memory, "%sen.md", file), name, path);
    add(s, SHELF_SETTINGS, m->id, arena_printf(s->memory, "settings/%s", m->id), worded(s, setup, p, m->title),
        m->about ? worded(s, setup, p, m->about) : "");
    for (uint32_t i = 0; i < m->fields.n; i++) {
        const struct souk_field *f = field_at(&m->fields, i);
        if (!f->fields.n)
            add_field(s, setup, p, m, f, NULL);
        for (uint32_t k = 0; k < f->fields.n; k++)
            add_field(s, setup, p, m, f, field_at(&f->fields, k));
    }
}

static void add_plugins(struct shelf *s, const struct shelf_setup *setup)
{
    for (size_t i = 0; i < plugins_count(setup->plugins); i++) {
        const struct plugin *p = plugins_at(setup->plugins, i);
        for (size_t k = 0; k < p->n_widgets; k++)
            add_widget(s, setup, p, p->widgets[k]);
        for (size_t k = 0; k < p->n_settings; k++)
            add_settings(s, setup, p, p->settings[k].settings);
        for (size_t k = 0; k < p->n_imports; k++)
            add(s, SHELF_REPORT, p->imports[k]->id, "help/import", worded(s, setup, p, p->imports[k]->title),
                p->imports[k]->id);
    }
}

static void add_commands(struct shelf *s, const struct shelf_setup *setup)
{
    const struct command_info *list;
    size_t n;
    command_list(s->memory, setup->plugins, &list, &n);
    for (size_t i = 0; i < n; i++)
        add(s, SHELF_COMMAND, list[i].name, "help/commands", worded(s, setup, list[i].plugin, list[i].title),
            arena_printf(s->memory, "%s %s", list[i].name,
                         list[i].about ? worded(s, setup, list[i].plugin, list[i].about) : ""));
}

/* ---- rules --------------------------------------------------------------------------------------------------- */

static void add_policies(struct shelf *s, const struct shelf_setup *setup)
{
    for (size_t i = 0; i < setup->n_markets; i++) {
        const struct market *m = market_by_id(setup->markets[i]);
        struct policy_line *line;
        struct err none = { 0 };
        size_t n;
        if (!m || policy_list(setup->policies, s->memory, m->code, NULL, setup->day, &line, &n, &none) < 0)
            continue;
        for (size_t k = 0; k < n; k++)
            add(s, SHELF_POLICY, arena_printf(s->memory, "%s/%s", m->code, line[k].key),
                arena_printf(s->memory, "policies/%s/%s", m->code, line[k].key),
                arena_printf(s->memory, "%s: %s = %s", m->name, line[k].key, line[k].text),
                arena_printf(s->memory, "%s %s", line[k].about, line[k].source));
    }
}

/* ---- the shelf -------------------------------------------------------------------------------------------------- */

struct shelf *shelf_new(const struct shelf_setup *setup)
{
    struct shelf *s = base_alloc(sizeof *s);
    s->memory = arena_new("shelf", 1 << 16);
    add_own(s, setup);
    if (setup->site_content && *setup->site_content)
        add_articles(s, setup, setup->site_content, SHELF_SITE);
    add_articles(s, setup, setup->content, SHELF_SOUK);
    add_plugins(s, setup);
    add_policies(s, setup);
    add_commands(s, setup);
    return s;
}

void shelf_free(struct shelf *s)
{
    if (!s)
        return;
    arena_free(s->memory);
    free(s);
}

const struct shelf_text *shelf_at(const struct shelf *s, size_t i)
{
    return i < s->n ? &s->at[i] : NULL;
}

const struct shelf_text *shelf_named(const struct shelf *s, enum shelf_kind kind, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->at[i].kind == kind && text_is(s->at[i].name, name))
            return &s->at[i];
    return NULL;
}

bool shelf_explains(const struct shelf_text *t, const char *object)
{
    size_t n = strlen(object);
    for (const char *at = t->about; (at = strstr(at, object)); at += n)
        if ((at == t->about || at[-1] == ' ') && (!at[n] || at[n] == ' '))
            return true;
    return false;
}

/* ---- words ------------------------------------------------------------------------------------------------------ */

/* Where a word of n bytes stands, Latin letters in any case; NULL: nowhere. */
static const char *word_in(const char *text, const char *word, size_t n)
{
    const char first[] = { (char)tolower((unsigned char)*word), (char)toupper((unsigned char)*word), '\0' };
    for (const char *at = text; (at = strpbrk(at, first)); at++)
        if (strncasecmp(at, word, n) == 0)
            return at;
    return NULL;
}

/* Some text around the place, from the beginning of a word to the end of one; signs of Markdown are left out. */
static const char *note_around(struct arena *a, const char *text, const char *at)
{
    struct buf note = { 0 };
    const char *from = at - text > NOTE_BEFORE ? at - NOTE_BEFORE : text;
    while (from > text && from < at && from[-1] != ' ' && from[-1] != '\n')
        from++;
    if (from > text)
        buf_text(&note, "… ");
    size_t n = 0;
    while (from[n] && n < NOTE_BYTES)
        n++;
    while (from[n] && n > NOTE_BYTES / 2 && from[n] != ' ' && from[n] != '\n')
        n--;
    for (size_t i = 0; i < n; i++) {
        char c = from[i] == '\n' ? ' ' : from[i];
        if (!strchr("#*`|[]", c) && !(c == ' ' && note.len && note.at[note.len - 1] == ' '))
            buf_char(&note, c);
    }
    if (from[n])
        buf_text(&note, " …");
    const char *kept = arena_text(a, buf_str(&note));
    buf_free(&note);
    return kept;
}

static bool has_words(const struct shelf_text *t, const char *words, bool *in_title, const char **at)
{
    bool all_in_title = true, any = false;
    *at = NULL;
    for (const char *word = words + strspn(words, " \t"); *word; word += strspn(word, " \t")) {
        size_t n = strcspn(word, " \t");
        const char *in_body = word_in(t->body, word, n);
        bool is_in_title = word_in(t->title, word, n) || word_in(t->name, word, n);
        if (!in_body && !is_in_title)
            return false;
        all_in_title &= is_in_title;
        if (in_body && !*at)
            *at = in_body;
        any = true;
        word += n;
    }
    *in_title = all_in_title;
    return any;
}

size_t shelf_find(const struct shelf *s, struct arena *a, enum shelf_kind kind, const char *words,
                  struct shelf_text *found, size_t most)
{
    size_t n = 0;
    for (int round = 0; round < 2; round++)             /* those with the words in their title, then the others */
        for (size_t i = 0; i < s->n && n < most; i++) {
            const char *at;
            bool in_title;
            if (s->at[i].kind != kind || !has_words(&s->at[i], words, &in_title, &at) || in_title != (round == 0))
                continue;
            found[n] = s->at[i];
            found[n].note = at ? note_around(a, s->at[i].body, at) : "";
            n++;
        }
    return n;
}
