/* SPDX-License-Identifier: Apache-2.0 */
/*
 * element.h: elements for the host's own pages: what a plugin builds through souk/view.h, without its wire.
 * Drawn by html_view; everything lives in the arena.
 */
#ifndef SOUK_ELEMENT_H
#define SOUK_ELEMENT_H

#include "plug/view.h"

struct elements {                                       /* all zero but the arena is none */
    struct arena *a;
    struct view_element *at;
    size_t n, room;
};

struct view_element *element_add(struct elements *l, enum view_kind kind);      /* until the next one */
/* A message whose arguments live as long: element_msg(a, "import.item", { "name", souk_text(name) }) */
struct souk_msg element_kept(struct arena *a, struct souk_msg msg);
#define element_msg(a, ...) element_kept((a), (struct souk_msg)SOUK_MSG(__VA_ARGS__))

struct element_button {
    const char *command, *text;                         /* message key of the host */
    const char *note;                                   /* the same; or NULL */
    uint32_t tone;                                      /* SOUK_BAD asks twice */
    struct souk_args args;
    struct souk_list fields;
    const char *title;                                  /* of a form with fields, folded behind it; or NULL */
};
void element_button(struct elements *l, const struct element_button *b);

#endif
