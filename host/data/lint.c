/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint.c: reads a SELECT of somebody else as text.
 *
 * in:     SQL of a plugin or of `souk query`, and the views it may read
 * out:    yes, or one sentence; the names of its common table expressions
 * knows:  how SQL is cut into words.  Has never heard of a database.
 *
 * SQLite's authorizer tells which view a column was reached through by its name only, and a common
 * table expression may bear the name of a view.  So no name that begins with v1_ may be given to
 * anything here, and every table a query names must be a view it may read or an expression of its
 * own.  Quoting changes nothing: SQLite takes even 'v1_orders' for a name in some places.
 */
#include "lint.h"

#include <string.h>
#include <strings.h>

enum token_kind {
    END = 1, WORD, QUOTED, STRING, NUMBER, PARAM, SIGN   /* QUOTED: "a name" */
};

struct token {
    enum token_kind kind;
    char sign;                                          /* of a SIGN */
    const char *text;                                   /* WORD, QUOTED, STRING, PARAM: without quotes */
};

struct level {                                          /* of parentheses */
    const struct token *opener;                         /* what stands before "(" */
    bool in_from, is_extreme;                           /* is_extreme: in min( or max( */
};

struct lint {
    struct arena *tmp;
    struct token *token;                                /* two ENDs before the first, one behind the last */
    size_t n;
    const char *reads;
    struct buf *with;
    struct err *err;
};

enum { LEVELS = 64 };

bool lint_names(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, " ");
        if (len == n && n && strncasecmp(at, word, n) == 0)
            return true;
        at += len + strspn(at + len, " ");
    }
    return false;
}

static bool is_v1(const char *name)
{
    return strncasecmp(name, "v1_", 3) == 0;
}

bool lint_may_read(const char *reads, const char *view)
{
    return is_v1(view) && (text_is(reads, "*") || lint_names(reads, view));
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c & 0x80);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int refuse(struct lint *l, const char *sentence)
{
    return err_set(l->err, ERR_INPUT, "%s", sentence);
}

/* From the opening quote to behind the closing one; NULL when there is none. */
static const char *quoted_end(const char *at)
{
    char quote = *at++;
    for (;; at++) {
        if (!*at)
            return NULL;
        if (*at == quote && *++at != quote)
            return at;
    }
}

static const char *unquoted(struct arena *a, const char *at, const char *end)
{
    char *text = arena_alloc(a, (size_t)(end - at)), *to = text;
    for (char quote = *at++; at < end - 1; at++) {
        *to++ = *at;
        at += *at == quote;
    }
    *to = '\0';
    return text;
}

/* Behind blanks and comments. */
static const char *skip_blank(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n\f");
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            at = end ? end + 2 : at + strlen(at);
        } else {
            return at;
        }
    }
}

static int tokenize(struct lint *l, const char *sql)
{
    l->token = arena_zero(l->tmp, (strlen(sql) + 3) * sizeof *l->token);
    *l->token++ = (struct token){ .kind = END };
    *l->token++ = (struct token){ .kind = END };
    for (const char *at = skip_blank(sql); *at; at = skip_blank(at)) {
        struct token *t = &l->token[l->n++];
        const char *end = at + 1;
        if (*at == '\'' || *at == '"') {
            t->kind = *at == '"' ? QUOTED : STRING;
            end = quoted_end(at);
            if (!end)
                return refuse(l, "A quote in the query is never closed.");
            t->text = unquoted(l->tmp, at, end);
        } else if (is_digit(*at) || (*at == '.' && is_digit(at[1]))) {
            t->kind = NUMBER;
            while (is_name_char(*end) || *end == '.')
                end++;
        } else if (is_name_char(*at)) {
            t->kind = WORD;
            while (is_name_char(*end) || *end == '$')
                end++;
            t->text = arena_textn(l->tmp, at, (size_t)(end - at));
        } else if (*at == ':') {
            t->kind = PARAM;
            while (is_name_char(*end))
                end++;
            if (end == at + 1 || *end == ':' || is_digit(at[1]))
                return refuse(l, "A cast is written CAST(x AS type) and a parameter :name; \"::\" and a"
                                 " bare \":\" are not in the shared subset of SQL.");
            t->text = arena_textn(l->tmp, at + 1, (size_t)(end - at - 1));
        } else if (strchr("?$@#", *at)) {
            return refuse(l, "A parameter is written :name; \"?\", \"$\", \"@\" and \"#\" are not in"
                             " the shared subset of SQL.");
        } else if (strchr("[]`{}\\", *at)) {
            return refuse(l, "A name is quoted with \"double quotes\"; brackets and back quotes are not"
                             " in the shared subset of SQL.");
        } else {
            t->kind = SIGN;
            t->sign = *at;
        }
        at = end;
    }
    l->token[l->n].kind = END;
    return 0;
}

static bool is_word(const struct token *t, const char *words)
{
    return t->kind == WORD && lint_names(words, t->text);
}

static bool is_sign(const struct token *t, char sign)
{
    return t->kind == SIGN && t->sign == sign;
}

static bool is_name(const struct token *t)
{
    return t->kind == WORD || t->kind == QUOTED || t->kind == STRING;
}

/* ---- common table expressions: name AS (, name (columns) AS ( -------------------------------- */

static int note_with(struct lint *l, const struct token *name)
{
    if (!is_name(name))
        return 0;                                       /* the database will not like it either */
    if (is_v1(name->text))
        return err_set(l->err, ERR_DENIED, "The name \"%s\" cannot be given to anything in a query:"
                       " names that begin with v1_ are those of the views.", name->text);
    for (const char *at = name->text; *at; at++)
        if (!is_name_char(*at))
            return refuse(l, "The name of a common table expression is made of letters, digits and _.");
    buf_text(l->with, name->text);
    buf_char(l->with, ' ');
    return 0;
}

static int find_with(struct lint *l)
{
    const struct token *opener[LEVELS] = { 0 }, *closed = NULL;
    size_t depth = 0;
    int rc = 0;
    for (size_t i = 0; i < l->n && rc == 0; i++) {
        const struct token *t = &l->token[i];
        if (is_sign(t, '(')) {
            if (++depth >= LEVELS)
                return refuse(l, "The query has more than 62 parentheses within each other.");
            opener[depth] = t - 1;
        } else if (is_sign(t, ')') && depth) {
            closed = opener[depth--];
        } else if (is_word(t, "as") && (is_sign(t + 1, '(') || is_word(t + 1, "not materialized"))) {
            rc = note_with(l, is_sign(t - 1, ')') && closed ? closed : t - 1);
        }
    }
    return rc;
}

/* ---- the walk -------------------------------------------------------------------------------- */

static int check_table(struct lint *l, const struct token *t)
{
    if (is_sign(t + 1, '('))
        return err_set(l->err, ERR_DENIED, "\"%s(\": functions cannot stand in the place of a table.",
                       t->text);
    if (is_sign(t + 1, '.'))
        return err_set(l->err, ERR_DENIED, "\"%s.\": views are named without a schema before them.",
                       t->text);
    if (lint_may_read(l->reads, t->text) || lint_names(buf_str(l->with), t->text))
        return 0;
    if (text_is(l->reads, "*"))
        return err_set(l->err, ERR_DENIED, "The query reads \"%s\", which is not a view; `souk schema`"
                       " lists the views.", t->text);
    return err_set(l->err, ERR_DENIED, "The query reads \"%s\", which is not among the views it declares:"
                   " %s.", t->text, *l->reads ? l->reads : "none");
}

/* A string that can only be a value: 'V1_7' may be somebody's SKU. */
static bool is_value(const struct token *t)
{
    return t->kind == STRING && ((t[-1].kind == SIGN && t[-1].sign != ')') ||
                                 is_word(t - 1, "like escape between and or not is when then else"));
}

static int check_v1(struct lint *l, const struct token *t)
{
    if (is_value(t) || (is_sign(t + 1, '.') && !is_sign(t - 1, '.')))
        return 0;                                       /* v1_orders.market */
    return err_set(l->err, ERR_DENIED, "\"%s\" cannot stand here: names that begin with v1_ are those of the"
                   " views, behind FROM, JOIN or before a dot, and cannot be given to anything else.",
                   t->text);
}

static int walk(struct lint *l)
{
    struct level level[LEVELS] = { 0 };
    size_t depth = 0;
    bool wants_table = false;
    int rc = 0;
    for (size_t i = 0; i < l->n && rc == 0; i++) {
        const struct token *t = &l->token[i];
        struct level *here = &level[depth];
        bool is_table = wants_table;
        wants_table = false;
        if (is_sign(t, ';')) {
            if (t[1].kind != END)
                return refuse(l, "A query is one statement: nothing may stand behind the \";\".");
        } else if (is_sign(t, '(')) {
            level[++depth] = (struct level){ t - 1, is_table, is_word(t - 1, "min max") };
            wants_table = is_table;
        } else if (is_sign(t, ')')) {
            if (!depth)
                return refuse(l, "A parenthesis is closed that was never opened.");
            depth--;
        } else if (is_sign(t, ',')) {
            if (here->is_extreme)
                return refuse(l, "min and max of several values are not in the shared subset of SQL; write"
                                 " CASE.");
            wants_table = here->in_from;
        } else if (is_word(t, "select with values")) {
            here->in_from = false;
        } else if (is_word(t, "from") && !is_word(t - 1, "distinct")) {
            here->in_from = wants_table = true;
        } else if (is_word(t, "join")) {
            wants_table = true;
        } else if (is_word(t, "where group having order limit window union except intersect")) {
            here->in_from = false;
        } else if (is_word(t, "in") && is_name(t + 1)) {
            rc = refuse(l, "Behind IN stands a list or a SELECT in parentheses.");
        } else if (is_table && is_name(t)) {
            rc = check_table(l, t);
        } else if (is_name(t) && is_v1(t->text)) {
            rc = check_v1(l, t);
        }
    }
    return rc;
}

int lint_select(const char *sql, const char *reads, struct buf *with, struct err *err)
{
    if (strlen(sql) > LINT_SQL_BYTES)
        return err_set(err, ERR_INPUT, "The query is longer than %d bytes.", LINT_SQL_BYTES);
    struct lint l = { .tmp = arena_new("lint", 4096), .reads = reads, .with = with, .err = err };
    int rc = tokenize(&l, sql);
    if (rc == 0 && !is_word(l.token, "select with"))
        rc = err_set(err, ERR_DENIED, "A query begins with SELECT or WITH.");
    if (rc == 0)
        rc = find_with(&l);
    if (rc == 0)
        rc = walk(&l);
    arena_free(l.tmp);
    return rc;
}
