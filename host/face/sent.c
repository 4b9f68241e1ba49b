/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sent.c: the seal of a form, and what a form sends back.
 *
 * Names that begin with _ are the form's own; no field can be called so:
 *     _key     of idempotency        _back    the page to lead back to
 *     _seal    over account, command and fixed arguments
 *     _fixed   names of the fixed arguments, with a space between
 *              (a button's own, where the form has two commands)
 *     _ticks   names of the tick boxes: one that is not sent was left empty
 *     _more    a table that shall have a row more: nothing is run
 */
#include "face.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

static_assert(FORM_KEY_BYTES == crypto_auth_KEYBYTES, "the key of a seal");

/* Each text with its length in front, so that no two lists are the same bytes. */
static void put_part(struct buf *out, const char *text)
{
    buf_int(out, (int64_t)strlen(text));
    buf_char(out, ':');
    buf_text(out, text);
}

static void seal_of(const struct face *f, const char *command, const struct form_pair *fixed, size_t n,
                    unsigned char seal[crypto_auth_BYTES])
{
    struct buf all = { 0 };
    put_part(&all, f->account);
    put_part(&all, command);
    for (size_t i = 0; i < n; i++) {
        put_part(&all, fixed[i].name);
        put_part(&all, fixed[i].value);
    }
    crypto_auth(seal, (const unsigned char *)buf_str(&all), all.len, f->seal_key);
    buf_free(&all);
}

void form_seal(struct buf *out, const struct face *f, const char *command, const struct form_pair *fixed, size_t n)
{
    unsigned char seal[crypto_auth_BYTES];
    char hex[crypto_auth_BYTES * 2 + 1];
    seal_of(f, command, fixed, n, seal);
    buf_text(out, sodium_bin2hex(hex, sizeof hex, seal, sizeof seal));
}

static const char *value_of(const struct form_pair *pair, size_t n, const char *name, const char *otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(pair[i].name, name))
            return pair[i].value;
    return otherwise;
}

/* The i-th word of a list; NULL when there are fewer. */
static const char *word_at(struct arena *a, const char *list, size_t i)
{
    for (;; i--) {
        list += strspn(list, " ");
        size_t n = strcspn(list, " ");
        if (!n || !i)
            return n ? arena_textn(a, list, n) : NULL;
        list += n;
    }
}

/* An address of this site and of no other. */
static bool is_local(const char *address)
{
    if (address[0] != '/' || address[1] == '/' || strlen(address) > 4000)
        return false;
    for (const unsigned char *c = (const unsigned char *)address; *c; c++)
        if (*c <= ' ' || *c == '\\' || *c >= 0x7F)
            return false;
    return true;
}

static int check_seal(struct arena *a, const struct face *f, const struct form_pair *pair, size_t n,
                      const struct form_sent *sent, struct err *err)
{
    unsigned char is[crypto_auth_BYTES], said[crypto_auth_BYTES];
    struct form_pair *fixed = arena_alloc(a, (n + 1) * sizeof *fixed);
    const char *names = value_of(pair, n, "_fixed", ""), *name;
    size_t n_fixed = 0, length;
    while ((name = word_at(a, names, n_fixed)) && n_fixed < n) {
        fixed[n_fixed] = (struct form_pair){ name, value_of(pair, n, name, "") };
        n_fixed++;
    }
    if (f->seal_key && !name
        && sodium_hex2bin(said, sizeof said, sent->seal, strlen(sent->seal), NULL, &length, NULL) == 0
        && length == sizeof said) {
        seal_of(f, sent->command, fixed, n_fixed, is);
        if (sodium_memcmp(is, said, sizeof is) == 0)
            return 0;
    }
    return err_set(err, ERR_DENIED, "This form is not one that Souk drew, or Souk was started again since: open its"
                   " page again and send it from there.");
}

/* What controls "name:part" sent, with `between` between their values. */
static const char *parts_of(struct arena *a, const struct form_pair *pair, size_t n, const char *name, const char *between)
{
    struct buf all = { 0 };
    size_t length = strlen(name);
    for (size_t i = 0; i < n; i++)
        if (strncmp(pair[i].name, name, length) == 0 && pair[i].name[length] == ':' && *pair[i].value)
            buf_printf(&all, "%s%s", all.len ? between : "", pair[i].value);
    const char *text = arena_text(a, buf_str(&all));
    buf_free(&all);
    return text;
}

int form_take(struct arena *a, const struct face *f, const char *command, const struct form_pair *pair, size_t n,
              struct form_sent *out, struct err *err)
{
    const char *ticks = value_of(pair, n, "_ticks", ""), *name;
    const char *sets = value_of(pair, n, "_sets", ""), *pairs = value_of(pair, n, "_pairs", "");
    size_t n_ticks = strlen(ticks) / 2 + 1, n_sets = strlen(sets) / 2 + 1, n_pairs = strlen(pairs) / 2 + 1;
    struct form_pair *arg = arena_alloc(a, (n + n_ticks + n_sets + n_pairs) * sizeof *arg);
    *out = (struct form_sent){
        .command = command, .key = value_of(pair, n, "_key", ""), .back = value_of(pair, n, "_back", "/"),
        .seal = value_of(pair, n, "_seal", ""), .arg = arg, .more = value_of(pair, n, "_more", NULL),
    };
    if (check_seal(a, f, pair, n, out, err) < 0)
        return -err->code;
    if (!*out->key || strlen(out->key) > 100)
        return err_set(err, ERR_INPUT, "The form sent no key: open its page again and send it from there.");
    if (!is_local(out->back))
        out->back = "/";
    for (size_t i = 0; i < n; i++)
        if (pair[i].name[0] != '_' && !strchr(pair[i].name, ':'))
            arg[out->n_args++] = pair[i];
    for (size_t i = 0; i < n_ticks && (name = word_at(a, ticks, i)); i++)
        if (!value_of(pair, n, name, NULL))
            arg[out->n_args++] = (struct form_pair){ name, "no" };
    for (size_t i = 0; i < n_sets && (name = word_at(a, sets, i)); i++)
        arg[out->n_args++] = (struct form_pair){ name, parts_of(a, pair, n, name, " ") };
    for (size_t i = 0; i < n_pairs && (name = word_at(a, pairs, i)); i++)
        arg[out->n_args++] = (struct form_pair){ name, parts_of(a, pair, n, name, "/") };
    return 0;
}
