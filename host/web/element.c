/* SPDX-License-Identifier: Apache-2.0 */
/*
 * element.c: elements for the host's own pages.
 */
#include "element.h"

#include <string.h>

struct view_element *element_add(struct elements *l, enum view_kind kind)
{
    if (l->n == l->room) {
        struct view_element *more = arena_zero(l->a, (l->room = l->room ? l->room * 2 : 64) * sizeof *more);
        if (l->n)
            memcpy(more, l->at, l->n * sizeof *more);
        l->at = more;
    }
    l->at[l->n].kind = kind;
    return &l->at[l->n++];
}

struct souk_msg element_kept(struct arena *a, struct souk_msg msg)
{
    struct souk_arg *arg = arena_alloc(a, (msg.args.n + 1) * sizeof *arg);
    if (msg.args.n)
        memcpy(arg, msg.args.at, msg.args.n * sizeof *arg);
    msg.args.at = arg;
    return msg;
}

void element_button(struct elements *l, const struct element_button *b)
{
    const struct souk_msg args = element_kept(l->a, (struct souk_msg){ .args = b->args });
    element_add(l, VIEW_FORM)->form = (struct souk_form){
        .size = sizeof(struct souk_form), .tone = b->tone, .command = b->command, .button = { .key = b->text },
        .note = { .key = b->note }, .title = { .key = b->title }, .args = args.args, .fields = b->fields,
        .is_folded = b->title != NULL,
    };
}
