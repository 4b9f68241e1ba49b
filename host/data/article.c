/* SPDX-License-Identifier: Apache-2.0 */
/*
 * article.c: questions with their answers, and related links, of an account.
 *
 * in:     one of them, checked by the command that brings it
 * out:    rows of article
 * knows:  db, touched
 */
#include "article.h"

#include <ctype.h>
#include <string.h>

#include "touched.h"

enum { NAME_BYTES = 60, NAME_OF_TITLE = 40, NUMBERED = 100 };

bool article_is_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    return n && n <= NAME_BYTES && !name[n];
}

static const char sql_is_used[] =
    "SELECT 1 FROM article"
    " WHERE kind = :kind AND name = :name";

static int is_used(struct db *db, enum article_kind kind, const char *name, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_is_used, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, kind);
    bind_text(get, 2, name);
    int rc = stmt_step(db, get, err);
    if (rc > 0)
        stmt_reset(get);
    return rc;
}

int article_name(struct db *db, struct arena *a, enum article_kind kind, const char *title, const char **name,
                 struct err *err)
{
    char plain[NAME_OF_TITLE + 1];
    size_t n = 0;
    for (; *title && n < NAME_OF_TITLE; title++) {
        unsigned char c = (unsigned char)*title;
        if (c < 0x80 && isalnum(c))
            plain[n++] = (char)tolower(c);
        else if (n && plain[n - 1] != '-')
            plain[n++] = '-';
    }
    while (n && plain[n - 1] == '-')
        n--;
    plain[n] = '\0';
    const char *word = n ? plain : kind == ARTICLE_LINK ? "link" : "question";      /* a title of other letters */
    for (int i = 1; i <= NUMBERED; i++) {
        *name = i == 1 ? arena_text(a, word) : arena_printf(a, "%s-%d", word, i);
        int rc = is_used(db, kind, *name, err);
        if (rc <= 0)
            return rc;
    }
    return err_set(err, ERR_INPUT, "There are %d texts called like '%s' already: give this one a name of its own.",
                   NUMBERED, word);
}

static const char sql_list[] =
    "SELECT kind, name, language, title, body, address, about, changed_s FROM article"
    " ORDER BY kind, name, language";

int article_list(struct db *db, struct arena *a, struct article **list, size_t *n, struct err *err)
{
    struct stmt *s = stmt_of(db, sql_list, err);
    *list = NULL;
    *n = 0;
    if (!s)
        return -err->code;
    *list = arena_zero(a, ARTICLES_MOST * sizeof **list);
    int rc;
    while ((rc = stmt_step(db, s, err)) > 0 && *n < ARTICLES_MOST)
        (*list)[(*n)++] = (struct article){
            .kind = (enum article_kind)stmt_int(s, 0), .name = arena_text(a, stmt_text(s, 1)),
            .language = arena_text(a, stmt_text(s, 2)), .title = arena_text(a, stmt_text(s, 3)),
            .body = arena_text(a, stmt_text(s, 4)), .address = arena_text(a, stmt_text(s, 5)),
            .about = arena_text(a, stmt_text(s, 6)), .changed_s = stmt_int(s, 7),
        };
    if (rc > 0)
        stmt_reset(s);
    return rc < 0 ? rc : 0;
}

static const char sql_put[] =
    "INSERT INTO article (kind, name, language, title, body, address, about, changed_s)"
    " SELECT :kind, :name, :language, :title, :body, :address, :about, :changed_s"
    "  WHERE (SELECT count(*) FROM article) < :most"
    "     OR EXISTS (SELECT 1 FROM article WHERE kind = :kind AND name = :name AND language = :language)"
    " ON CONFLICT (kind, name, language) DO UPDATE"
    " SET title = excluded.title, body = excluded.body, address = excluded.address, about = excluded.about,"
    "     changed_s = excluded.changed_s";

int article_put(struct record_to *to, const struct article *w, struct err *err)
{
    struct stmt *put = stmt_of(to->db, sql_put, err);
    if (!put)
        return -err->code;
    bind_int(put, 1, w->kind);
    bind_text(put, 2, w->name);
    bind_text(put, 3, w->language);
    bind_text(put, 4, w->title);
    bind_text(put, 5, w->body);
    bind_text(put, 6, w->address);
    bind_text(put, 7, w->about);
    bind_int(put, 8, w->changed_s);
    bind_int(put, 9, ARTICLES_MOST);
    int rc = stmt_run(to->db, put, err);
    if (rc == 0)
        return err_set(err, ERR_FULL, "There are %d questions and links of this account already: remove one that nobody"
                       " needs.", ARTICLES_MOST);
    to->touched |= TOUCHED_CONTENT;
    return rc < 0 ? rc : 1;
}

static const char sql_remove[] =
    "DELETE FROM article"
    " WHERE kind = :kind AND name = :name AND (:language IS NULL OR language = :language)";

int article_remove(struct record_to *to, enum article_kind kind, const char *name, const char *language, struct err *err)
{
    struct stmt *drop = stmt_of(to->db, sql_remove, err);
    if (!drop)
        return -err->code;
    bind_int(drop, 1, kind);
    bind_text(drop, 2, name);
    bind_text(drop, 3, language);
    int rc = stmt_run(to->db, drop, err);
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "This account has written no %s '%.60s'; what comes with Souk or from the site's"
                       " folder is not removed here.", kind == ARTICLE_LINK ? "link" : "question", name);
    to->touched |= TOUCHED_CONTENT;
    return rc < 0 ? rc : 1;
}
