/* SPDX-License-Identifier: Apache-2.0 */
/*
 * face.h: one view, four faces: HTML, JSON, CSV, terminal.
 *
 * in:     the elements of a view, who reads, and where links lead
 * out:    text in a buf
 * knows:  plug (views, texts of plugins), base/text.  Has never heard of requests or databases.
 */
#ifndef SOUK_FACE_H
#define SOUK_FACE_H

#include "plug/sdk.h"

struct form_group {
    const char *first;                                  /* the field that it begins with; it ends with the next group */
    const char *legend, *about;                         /* worded; legend "": what follows belongs to none; about may be NULL */
    const char *more, *more_text;                       /* a button at its end asks for a row more of this table; or NULL */
};

struct face {
    const struct plugins *plugins;
    const struct catalogue *texts;                      /* the host's */
    const struct plugin *plugin;                        /* whose view it is; NULL for the host's own pages */
    struct reader reader;
    const char *account;
    const char *keep;                                   /* "market=DE&period=30d": goes along in links; may be "" */
    const char *own;                                    /* "pending=without": the options of the widget's own page, which
                                                           go along in "Why?" alone; may be NULL */
    const char *widget;                                 /* whose view: "Why?" leads back to it; or NULL */
    const char *settings;                               /* or whose notes, on which page: "deposit", "deposit/3"; or NULL */
    const unsigned char *seal_key;                      /* FORM_KEY_BYTES that forms are sealed with; NULL: none is drawn */
    const char *here;                                   /* address of this page: where forms lead back to; NULL: home */
    const struct form_sent *again;                      /* a refused form, drawn with what was typed; or NULL */
    const struct form_group *groups;                    /* fields of a form that stand together, in their order */
    size_t n_groups;
    const char *const *markets;                         /* ids that a field of type market offers; NULL: all there are */
    size_t n_markets;
};

/* ---- say.c: words and values in the reader's language ------------------------------------------- */

void say_value(struct buf *out, const struct face *f, const struct souk_value *v);
/* A value as the field that holds it calls it: a choice by its title, an IBAN in groups, days of the week by name. */
void say_field(struct buf *out, const struct face *f, const struct souk_field *field, const struct souk_value *v);
void say_msg(struct buf *out, const struct face *f, const struct souk_msg *msg);
/* A text of the host: say(out, f, "rows_of", { "n", NULL, 12 }) */
void say_text(struct buf *out, const struct face *f, const char *key, const struct text_arg *args, size_t n);
#define SAY_PICK(a, b, c, d, e, f, g, h, i, j, k, l, m, pick, ...) pick
#define say(out, f, ...) SAY_PICK(__VA_ARGS__, SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_ARGS, \
        SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_ARGS, SAY_PLAIN, 0)(out, f, __VA_ARGS__)
#define SAY_PLAIN(out, f, key) say_text((out), (f), (key), NULL, 0)
#define SAY_ARGS(out, f, key, ...) say_text((out), (f), (key), (const struct text_arg[]){ __VA_ARGS__ }, \
        sizeof((const struct text_arg[]){ __VA_ARGS__ }) / sizeof(struct text_arg))
/* Which report would fill an empty place, by the id of its format. */
void say_fills(struct buf *out, const struct face *f, const char *format);
void say_column(struct buf *out, const struct face *f, const char *name);
/* Change in basis points from before to value, where both are of one kind; false when there is none to tell. */
bool say_change(const struct souk_value *value, const struct souk_value *before, int64_t *bp);
/* The number of a value as plain decimal text ("-12.34"), for machines; "" when it has none. */
void plain_value(struct buf *out, const struct souk_value *v);
/* Its unit for machines: currency code, "rows", "bp", "s", "day" or "". */
const char *plain_unit(const struct souk_value *v);
bool value_is_number(const struct souk_value *v);

/* Data from outside as text that harms nobody: what turns the direction of writing is shown as [U+202E],
   control characters are spaces, line ends and tabs stay. */
void say_data(struct buf *out, const char *at, size_t n);

/* ---- sent.c: what a form of html.h sends back ----------------------------------------------------- */

enum { FORM_KEY_BYTES = 32 };

struct form_pair {
    const char *name, *value;
};

struct form_sent {
    const char *command;
    const char *key;                                    /* of idempotency: the same key, the same answer */
    const char *back;                                   /* the page that the form stood on */
    const char *seal;
    const struct form_pair *arg;                        /* fixed and typed, in one list, for the command */
    size_t n_args;
    const char *field, *fault;                          /* refused: which field ("" none of them), one sentence; or NULL */
    const char *more;                                   /* a table that shall have a row more, instead of running; or NULL */
};

/*
 * Takes apart what a form sent, and checks its seal: the fixed arguments are those that were drawn, for
 * this command and this account, by this server.  ERR_DENIED for another seal, ERR_INPUT for what no
 * form sends.  A form is refused again by setting .field and .fault and giving it as face.again.
 */
int form_take(struct arena *a, const struct face *f, const char *command, const struct form_pair *pair, size_t n,
              struct form_sent *out, struct err *err);
/* The seal of a command and its fixed arguments, as hex. */
void form_seal(struct buf *out, const struct face *f, const char *command, const struct form_pair *fixed, size_t n);

/* ---- the other faces ---------------------------------------------------------------------------- */

/* json.c: an array of elements; needs to be put into an object by the caller (jansson's json_t *). */
struct json_t;
struct json_t *json_view(const struct face *f, const struct view_element *e, size_t n);
struct json_t *json_rows(const struct face *f, const struct souk_rows *rows, const struct column *column, size_t n_columns);
struct json_t *json_value(const struct face *f, const struct souk_value *v);
void json_write(struct buf *out, struct json_t *json);              /* takes the json over */

/* csv.c: RFC 4180, CRLF; cells that a spreadsheet would run are made harmless. */
void csv_view(struct buf *out, const struct face *f, const struct view_element *e, size_t n);
void csv_rows(struct buf *out, const struct face *f, const struct souk_rows *rows, const struct column *column, size_t n_columns);
void csv_cell(struct buf *out, const char *text, size_t n);

/* term.c: for a terminal of so many columns. */
struct term {
    unsigned width;
    bool has_colour;
};
void term_view(struct buf *out, const struct face *f, const struct term *t, const struct view_element *e, size_t n);
void term_rows(struct buf *out, const struct face *f, const struct term *t, const struct souk_rows *rows,
               const struct column *column, size_t n_columns);
/* Columns that a text takes on a terminal. */
unsigned term_columns(const char *text);

/* Address of a declared query with its arguments, of a widget's page. */
void link_query(struct buf *out, const struct face *f, const char *query, const struct souk_args *args);
void link_widget(struct buf *out, const struct face *f, const char *widget);
/* Of whatever shows a reference, "order:303-1": false, and nothing put, where nothing does. */
bool link_ref(struct buf *out, const struct face *f, const char *ref, size_t n);
/* Of what a link of a view leads to; false where that is not there. */
bool link_to(struct buf *out, const struct face *f, const struct souk_to *to);
/*
 * What "Why?" opens: the rows of a figure, or without rows the page of its widget or settings.  The address names the
 * figure by that page and why_key, so that the page finds its formula and policy again.
 */
void link_why(struct buf *out, const struct face *f, const struct souk_why *why);
/* The message that explains it: what tells figures over the same rows apart. */
const char *why_key(const struct souk_why *why);
/* One more parameter, percent-encoded; puts ? or & before it. */
void link_arg(struct buf *out, const char *name, const char *value);
/* What goes along in links, less what the address says already. */
void link_keep(struct buf *out, const struct face *f);

#endif
