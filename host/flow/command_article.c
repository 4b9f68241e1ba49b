/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_article.c: questions with answers and related links that an account adds to those that are there.
 *
 * in:     a question and its answer in Markdown; a title and an address that begins with https://
 * out:    article
 * knows:  article
 */
#include "command_in.h"

#include <string.h>

#include "data/article.h"

enum { ADDRESS_LETTERS = 1000 };

static const struct souk_field faq_fields[] = {
    FIELD(LINE, "question", NEEDED, MOST(KEY_LETTERS)),
    FIELD(AREA, "answer", NEEDED, MOST(BODY_LETTERS), .about = "field.answer.about"),
    FIELD(LINE, "about", OPTIONAL, MOST(KEY_LETTERS), .about = "field.about.about"),
    FIELD(LINE, "language", OPTIONAL, MOST(10), .about = "field.language.about"),
    FIELD(LINE, "name", OPTIONAL, MOST(60), .about = "field.name.about"),
};

static const struct souk_field link_fields[] = {
    FIELD(LINE, "title", NEEDED, MOST(KEY_LETTERS)),
    FIELD(LINE, "address", NEEDED, MOST(ADDRESS_LETTERS), .about = "field.address.about"),
    FIELD(LINE, "note", OPTIONAL, MOST(LINE_LETTERS)),
    FIELD(LINE, "about", OPTIONAL, MOST(KEY_LETTERS), .about = "field.about.about"),
    FIELD(LINE, "language", OPTIONAL, MOST(10), .about = "field.language.about"),
    FIELD(LINE, "name", OPTIONAL, MOST(60), .about = "field.name.about"),
};

static const struct souk_field remove_fields[] = {
    FIELD(LINE, "name", NEEDED, MOST(60)),
    FIELD(LINE, "language", OPTIONAL, MOST(10)),
};

/* "de", "pt-BR", "en-XA". */
static bool is_language(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    if (n != 2 && n != 3)
        return false;
    return !text[n] || (text[n] == '-' && strspn(text + n + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2 && !text[n + 3]);
}

/* "widget:orders settings:shipping": each a kind and what it is called. */
static bool is_about(const char *text)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    while (*text) {
        size_t kind = strcspn(text, ":"), n;
        text += kind;
        if (!kind || *text != ':' || !(n = strspn(++text, word)))
            return false;
        text += n;
        if (*text && *text++ != ' ')
            return false;
    }
    return true;
}

/* A name on the other side of https://, and nothing that hides where it leads. */
static bool is_address(const char *text)
{
    const char *host = strstr(text, "://");
    if (!host || !text_starts(text, "https://"))
        return false;
    host += 3;
    size_t n = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
    if (!n || !memchr(host, '.', n) || *host == '.' || host[n - 1] == '.' || !strchr("/?#:", host[n]))
        return false;
    if (host[n] == ':' && (!strspn(host + n + 1, "0123456789") || !strchr("/?#", host[n + 1 + strspn(host + n + 1, "0123456789")])))
        return false;
    for (const unsigned char *at = (const unsigned char *)host; *at; at++)
        if (*at <= ' ' || *at == 0x7f || strchr("<>\"\\^`{|}", *at))
            return false;
    return true;
}

/* What questions and links have in common: a name, a language, what they explain. */
static int read_common(struct doing *d, const struct souk_args *args, struct article *w, struct err *err)
{
    w->language = arg_text(args, "language");
    w->about = arg_text(args, "about");
    w->name = arg_text(args, "name");
    w->changed_s = d->now_s;
    if (*w->language && !is_language(w->language))
        return doing_refuse(d, "language", err, ERR_INPUT, "'%s' is no language: write it like de or pt-BR, or leave it"
                            " empty for all readers.", w->language);
    if (!is_about(w->about))
        return doing_refuse(d, "about", err, ERR_INPUT, "'%.60s' does not say what it explains: write it like widget:orders"
                            " settings:shipping, with one space between.", w->about);
    if (!*w->name)
        return article_name(d->db, d->a, w->kind, w->title, &w->name, err);
    if (!article_is_name(w->name))
        return doing_refuse(d, "name", err, ERR_INPUT, "'%.60s' is no name: take lower-case letters, digits and -, as it"
                            " stands in the address.", w->name);
    return 0;
}

static int run_faq(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct article w = {
        .kind = ARTICLE_FAQ, .title = arg_text(args, "question"), .body = arg_text(args, "answer"), .address = "",
    };
    if (read_common(d, args, &w, err) < 0)
        return -err->code;
    d->ref = arena_printf(d->a, "faq:%s", w.name);
    say(d, "done.faq.put");
    int rc = article_put(&d->to, &w, err);
    return rc < 0 ? rc : 0;
}

static int run_link(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct article w = {
        .kind = ARTICLE_LINK, .title = arg_text(args, "title"), .body = arg_text(args, "note"),
        .address = arg_text(args, "address"),
    };
    if (!is_address(w.address))
        return doing_refuse(d, "address", err, ERR_INPUT, "'%.80s' is no address that can be linked: it begins with https://"
                            " and names a server, without spaces, names of users or passwords.", w.address);
    if (read_common(d, args, &w, err) < 0)
        return -err->code;
    d->ref = arena_printf(d->a, "link:%s", w.name);
    say(d, "done.link.put");
    int rc = article_put(&d->to, &w, err);
    return rc < 0 ? rc : 0;
}

static int run_remove(struct doing *d, const struct souk_args *args, enum article_kind kind, struct err *err)
{
    const char *name = arg_text(args, "name");
    const struct souk_value *language = souk_given(args, "language");
    int rc = article_remove(&d->to, kind, name, language ? arg_text(args, "language") : NULL, err);
    if (rc == -ERR_ABSENT)
        d->field = "name";
    d->ref = arena_printf(d->a, "%s:%s", kind == ARTICLE_LINK ? "link" : "faq", name);
    return rc < 0 ? rc : 0;
}

static int run_faq_remove(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.faq.remove");
    return run_remove(d, args, ARTICLE_FAQ, err);
}

static int run_link_remove(struct doing *d, const struct souk_args *args, struct err *err)
{
    say(d, "done.link.remove");
    return run_remove(d, args, ARTICLE_LINK, err);
}

const struct command_info article_commands[] = {
    COMMAND("faq.put", RIGHT_EDIT, faq_fields, run_faq),
    COMMAND("faq.remove", RIGHT_EDIT, remove_fields, run_faq_remove),
    COMMAND("link.put", RIGHT_EDIT, link_fields, run_link),
    COMMAND("link.remove", RIGHT_EDIT, remove_fields, run_link_remove),
    { .name = NULL },
};
