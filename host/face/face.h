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

struct face {
    const struct plugins *plugins;
    const struct catalogue *texts;                      /* the host's */
    const struct plugin *plugin;                        /* whose view it is; NULL for the host's own pages */
    struct reader reader;
    const char *account;
    const char *keep;                                   /* "market=DE&period=30d": goes along in links; may be "" */
    const char *widget;                                 /* whose view: "Why?" leads back to it; or NULL */
};

/* ---- say.c: words and values in the reader's language ------------------------------------------- */

void say_value(struct buf *out, const struct face *f, const struct souk_value *v);
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
/*
 * What "Why?" opens: the rows of a figure, or without rows its widget's page.  The address names the
 * figure by its widget and why_key, so that the page finds its formula and policy again.
 */
void link_why(struct buf *out, const struct face *f, const struct souk_why *why);
/* The message that explains it: what tells figures over the same rows apart. */
const char *why_key(const struct souk_why *why);
/* One more parameter, percent-encoded; puts ? or & before it. */
void link_arg(struct buf *out, const char *name, const char *value);
/* What goes along in links, less what the address says already. */
void link_keep(struct buf *out, const struct face *f);

#endif
