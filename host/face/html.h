/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html.h: markup.  The only room that writes '<'; everything that is data goes through html_text.
 * Its files are named in html_in.h.
 */
#ifndef SOUK_HTML_H
#define SOUK_HTML_H

#include "face.h"

struct html_choice {                                    /* of a switch in the ribbon */
    const char *text, *href;
    bool is_chosen;
};

struct html_entry {                                     /* of the ribbon, or of its menu */
    const char *text, *href;
    int64_t count;                                      /* what its widget's badge counts; 0: nothing is shown */
    const char *urgent;                                 /* what of it is urgent, in words: "2 over 24 h"; NULL: none is */
    bool is_here;                                       /* it leads to this page */
};

struct html_page {
    const struct face *face;
    const char *title;                                  /* worded; "" on the home page */
    const char *css;                                    /* addresses of assets */
    const char *const *scripts;                         /* in their order; ends with NULL */
    const struct html_choice *markets, *periods;
    size_t n_markets, n_periods;
    const char *home;                                   /* address of the home page */
    const char *events;                                 /* address of what happens; NULL: the page stays as it is */
    unsigned refresh_s;                                 /* without scripts: looked at again so often; 0: not */
    const char *said;                                   /* what the command before this page said; or NULL */
    const char *refused;                                /* why a form of this page was refused; or NULL */
    bool is_home;
    const struct html_entry *entries;                   /* Messages, Notices ..., Help */
    size_t n_entries;
    const struct html_entry *menu;                      /* of Settings, at the upper right; none: no menu */
    size_t n_menu;
    const char *search;                                 /* address that takes ?q=, and .json?q= for answers while typing;
                                                           NULL: no search box */
    const char *words;                                  /* what was searched for; or NULL */
    const struct html_entry *banner;                    /* sentences that stand on every page, with where they lead */
    size_t n_banners;
    const char *person;                                 /* who is signed in; NULL: nobody is asked */
};

void html_begin(struct buf *out, const struct html_page *page);
void html_end(struct buf *out, const struct html_page *page, int64_t now_s);

void html_text(struct buf *out, const char *text);      /* escaped: element bodies and quoted attributes */
void html_paragraph(struct buf *out, const char *text);
void html_grid_begin(struct buf *out);
/* One whose cards can be dragged: `move` is where souk.js says so, see arrange.js. */
void html_grid_arranged(struct buf *out, const char *move);
void html_grid_end(struct buf *out);
struct html_card {
    const char *id, *title, *href;                      /* href NULL: the title is no link */
    const char *areas;                                  /* as in html_live_begin; NULL: it stays as it is */
    const char *urgent;                                 /* in words what of the count is urgent; or NULL */
    int64_t count;                                      /* what its widget's badge counts */
    unsigned width;                                     /* columns: 1 to 3 */
};
/* f is for the count; may be NULL without one. */
void html_card(struct buf *out, const struct face *f, const struct html_card *card);
void html_card_begin(struct buf *out, const char *id, const char *title, const char *href, unsigned width);
void html_card_end(struct buf *out);
/* Markdown, tamed; headings begin at <h3>. */
void html_markdown(struct buf *out, const char *markdown, size_t n);
void html_view(struct buf *out, const struct face *f, const struct view_element *e, size_t n);
/* A card's place when there is no view: tone as in souk/view.h. */
void html_notice(struct buf *out, uint32_t tone, const char *text);
void html_rows(struct buf *out, const struct face *f, const char *caption, const struct souk_rows *rows,
               const struct column *column, size_t n_columns);
/* Label and value of a small list; href and hint may be NULL. */
void html_facts_begin(struct buf *out);
void html_fact(struct buf *out, const char *label, const char *value, const char *href);
void html_facts_end(struct buf *out);
void html_links_begin(struct buf *out, const char *label);
void html_link(struct buf *out, const char *text, const char *href, bool is_chosen);
void html_link_outside(struct buf *out, const struct face *f, const char *text, const char *href);     /* to another site */
void html_links_end(struct buf *out);

/* A form that reads: fields are drawn by their type, the rest of the address goes along hidden. */
void html_form_begin(struct buf *out, const char *action, const char *label);
void html_form_hidden(struct buf *out, const char *name, const char *value);
void html_form_field(struct buf *out, const struct face *f, const struct souk_field *field, const struct souk_value *now);
void html_form_end(struct buf *out, const char *button);

/* A form that is sent to an address and runs no command: the way in. */
struct html_post_field {
    const char *name, *title, *type, *complete;         /* type and autocomplete of the element */
    const char *value, *about;                          /* value NULL: empty; about NULL: none */
};
void html_post_begin(struct buf *out, const char *action, const char *label);
void html_post_field(struct buf *out, const struct html_post_field *f);
void html_post_end(struct buf *out, const char *button);

/* A part of a form, or of a page, that opens. */
void html_fold_begin(struct buf *out, const char *title, bool is_open);
void html_fold_end(struct buf *out);

/* A QR code: side * side bytes, 1 is black; what it says is told in words beside it. */
void html_qr(struct buf *out, const unsigned char *modules, unsigned side, const char *label);

/* Forms in markup that is drawn a second time get a key of idempotency of their own. */
void html_new_keys(char *markup, size_t n);

/* A part that is looked at again when one of these areas of the records changes: names with a space between. */
void html_live_begin(struct buf *out, const char *areas);
void html_live_end(struct buf *out);

/* Buttons that belong to a card or to the page. */
void html_tools_begin(struct buf *out, const char *label);
void html_tools_end(struct buf *out);
/* A list of what was found: the words are marked where they stand; href "": no link; note may be "". */
void html_found_begin(struct buf *out, const char *title);
void html_found(struct buf *out, const char *title, const char *href, const char *note, const char *words);
void html_found_end(struct buf *out, const char *more, const char *more_text);      /* more: NULL: that is all */
void html_list_title(struct buf *out, const char *title);

/* Where report files are brought: html_drop.c. */
void html_drop(struct buf *out, const struct face *f);

/* A whole page for an error: title and one sentence. */
void html_error(struct buf *out, const struct html_page *page, int status, const char *title, const char *sentence);

#endif
