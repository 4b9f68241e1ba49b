/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_in.h: what the files of html share.
 *
 *   html.c         the page around, cards, small parts
 *   html_view.c    a view's elements
 *   html_form.c    fields, and forms that run commands
 *   html_field.c   the controls of fields of which the world has a form: dates, places, contacts
 *   html_drop.c    where files are brought
 *   html_words.c   what people wrote: letters, articles in Markdown; the only one to see cmark.h
 *
 * Literals and data take different doors: html_mark() takes string literals only, everything else is
 * escaped.  There is no inline script or style, so the Content-Security-Policy allows none.
 */
#ifndef SOUK_HTML_IN_H
#define SOUK_HTML_IN_H

#include "html.h"

#define html_mark(out, literal) buf_put((out), "" literal "", sizeof(literal) - 1)

/* Escapes what a function of say.c wrote into `word`, and empties it. */
void html_word(struct buf *out, struct buf *word);
void html_say(struct buf *out, const struct face *f, const char *key);
void html_msg(struct buf *out, const struct face *f, const struct souk_msg *msg);
/* A key of the plugin's, without arguments. */
void html_key(struct buf *out, const struct face *f, const char *key);
bool html_has(const struct souk_msg *msg);
const char *html_tone(uint32_t tone);                   /* its class: "bad"; "" for plain */
/* The tone as a word for those who do not see its colour and shape; nothing for plain. */
void html_tone_word(struct buf *out, const struct face *f, uint32_t tone);
/* A word or number that stands out, in a colour and with the tone's shape. */
void html_badge(struct buf *out, const struct face *f, uint32_t tone, const char *text);

/* html_form.c: `no` tells the elements of a view apart. */
void html_form(struct buf *out, const struct face *f, const struct souk_form *form, size_t no, unsigned level);

/* html_field.c */
struct html_input {
    const struct souk_field *field;
    const char *text;                                   /* what it holds */
    const char *id;                                     /* of the element; NULL: it stands in its label */
    const char *described_by;                           /* ids; "" none */
    bool is_bad;
    const char *country;                                /* of a region: which it is now; NULL or "": not known */
};
void html_attribute(struct buf *out, const char *value);            /* ="value" */
/* name, id and what assistive technology is told. */
void html_common(struct buf *out, const struct html_input *in);
void html_option(struct buf *out, const char *value, const char *now);
/* Nothing chosen, or something that is not among the choices. */
void html_other(struct buf *out, const char *now);
/* The control of a type that html_field.c knows; false, and nothing put, for others. */
bool html_field_known(struct buf *out, const struct face *f, const struct html_input *in);
/* Several controls that make one value: tick boxes, two days.  They come together again in form_take(). */
bool html_is_set(const struct souk_field *field);
bool html_is_wide(const struct souk_field *field);                  /* it needs a row of its own */
void html_set(struct buf *out, const struct face *f, const struct html_input *in);

/* html_words.c */
void html_letter(struct buf *out, const struct face *f, const struct souk_letter *letter);
void html_article(struct buf *out, const char *markdown, size_t n, unsigned level);

/* <h3> to <h6>. */
void html_heading(struct buf *out, unsigned level);
void html_heading_end(struct buf *out, unsigned level);

#endif
