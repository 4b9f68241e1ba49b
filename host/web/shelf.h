/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shelf.h: texts that belong to no account's records: help, questions and answers, related links, rules of the
 * marketplaces, names of widgets, commands and reports.
 *
 * A few hundred short texts, read once per thread and read again when a policy file, the language or what the account
 * has added changes: they are looked through as they stand, without an index.
 *
 * Questions and links come from three places, and the first that has a name wins: what the account has written, the
 * site's own folder, what comes with Souk.  An article may begin with comments; one of them says what it explains:
 *
 *     <!-- about: widget:orders settings:shipping -->
 *
 * {{late.limit}} in a text becomes that line of the policies, see quote.h.  A file of links is a list:
 *
 *     - [Title](https://...): a line on what is there {widget:payments market:DE}
 */
#ifndef SOUK_SHELF_H
#define SOUK_SHELF_H

#include "data/article.h"
#include "face/face.h"

struct shelf;

enum shelf_kind { SHELF_HELP = 1, SHELF_FAQ, SHELF_WIDGET, SHELF_POLICY, SHELF_COMMAND, SHELF_REPORT, SHELF_LINK, SHELF_SETTINGS,
                  SHELF_KINDS };
enum shelf_from { SHELF_SOUK = 1, SHELF_SITE, SHELF_ACCOUNT };

struct shelf_text {
    enum shelf_kind kind;
    const char *name;                                   /* "import", "late", "sales", "DE/late.limit", "notice.add" */
    const char *path;                                   /* behind /a/<account>/: "help/import"; "" when it has no page */
    const char *title, *body;                           /* of an article: Markdown without its heading */
    const char *note;                                   /* where the words were found; "" before shelf_find */
    const char *about;                                  /* "widget:orders settings:shipping"; "" when nothing */
    const char *quotes;                                 /* keys of the policy lines it quotes, a space between */
    const char *href, *group;                           /* of a link: https://..., and the heading above it; of a
                                                           field of settings: its place on the page, "#..." */
    const char *written;                                /* body as it was written, before lines of policies were put in */
    enum shelf_from from;
    int64_t changed_s;                                  /* of what the account has written */
    const char *language;                               /* the same: "" for all readers */
};

struct shelf_setup {
    const char *content;                                /* folder of articles: <language>/NAME.md, faq/NAME.md, links/NAME.md */
    const char *site_content;                           /* the site's own, of the same shape; NULL or "": none */
    const struct article *own;                          /* what the account has written */
    size_t n_own;
    const struct plugins *plugins;
    struct policies *policies;
    const struct catalogue *texts;
    const char *language;
    const char *const *markets;                         /* ids: whose policies stand on it */
    size_t n_markets;
    int32_t day;                                        /* on which they must hold */
};

struct shelf *shelf_new(const struct shelf_setup *setup);
void shelf_free(struct shelf *s);

/* The i-th text; NULL after the last. */
const struct shelf_text *shelf_at(const struct shelf *s, size_t i);
const struct shelf_text *shelf_named(const struct shelf *s, enum shelf_kind kind, const char *name);
/* Is this object among those that the text explains?  "widget:orders" */
bool shelf_explains(const struct shelf_text *t, const char *object);
/* Of one kind, those that hold every word: in their title first.  Notes live in the arena. */
size_t shelf_find(const struct shelf *s, struct arena *a, enum shelf_kind kind, const char *words,
                  struct shelf_text *found, size_t most);

#endif
