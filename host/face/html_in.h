/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_in.h: what the files of html share.
 *
 *   html.c         the page around, cards, small parts
 *   html_view.c    a view's elements
 *   html_form.c    fields, and forms that run commands
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

/* html_words.c */
void html_letter(struct buf *out, const struct face *f, const struct souk_letter *letter);
void html_article(struct buf *out, const char *markdown, size_t n, unsigned level);

/* <h3> to <h6>. */
void html_heading(struct buf *out, unsigned level);
void html_heading_end(struct buf *out, unsigned level);

#endif
