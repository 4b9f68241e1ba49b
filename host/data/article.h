/* SPDX-License-Identifier: Apache-2.0 */
/*
 * article.h: questions with their answers, and related links, that an account has written for itself.
 *
 * A text has a name, which stands in addresses, and may be there in several languages.  Who changed what and when
 * stands in the audit log.
 */
#ifndef SOUK_ARTICLE_H
#define SOUK_ARTICLE_H

#include "db.h"
#include "record.h"

enum article_kind { ARTICLE_FAQ = 1, ARTICLE_LINK };

enum { ARTICLES_MOST = 500 };                           /* of an account */

struct article {                                        /* texts: never NULL */
    enum article_kind kind;
    const char *name;                                   /* lower-case letters, digits, - and _; of 1 to 60 */
    const char *language;                               /* "de"; "" for all readers */
    const char *title, *body;                           /* question and answer in Markdown; of a link its title and a line */
    const char *address;                                /* of a link: https://... */
    const char *about;                                  /* "widget:orders settings:shipping" */
    int64_t changed_s;
};

bool article_is_name(const char *name);
/* A name for a title: its letters and digits in lower case with - between; one that is not in use. */
int article_name(struct db *db, struct arena *a, enum article_kind kind, const char *title, const char **name,
                 struct err *err);
/* All, by name; in the arena. */
int article_list(struct db *db, struct arena *a, struct article **list, size_t *n, struct err *err);
/* Replaces the one of this kind, name and language.  ERR_FULL: ARTICLES_MOST are there. */
int article_put(struct record_to *to, const struct article *w, struct err *err);
/* In one language, or with NULL in all.  ERR_ABSENT: there is none. */
int article_remove(struct record_to *to, enum article_kind kind, const char *name, const char *language, struct err *err);

#endif
