/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body.c: forms and documents are gathered and read at the end; see body.h.
 */
#include "web/body.h"

#include <string.h>

struct body {
    enum body_kind kind;
    struct arena *arena;
    struct buf held;
    struct pairs fields;
};

struct body *body_new(enum body_kind kind)
{
    struct body *b = base_alloc(sizeof *b);
    b->kind = kind;
    b->arena = arena_new("body", 1 << 10);
    return b;
}

void body_free(struct body *b)
{
    if (!b)
        return;
    buf_free(&b->held);
    arena_free(b->arena);
    base_free(b);
}

void body_add(struct body *b, const char *at, size_t n)
{
    buf_put(&b->held, at, n);
}

int body_end(struct body *b, struct err *err)
{
    const char *text = buf_str(&b->held);
    size_t n = b->held.len;
    if (b->kind == BODY_FORM)
        return form_read(&b->fields, b->arena, text, n, "field", BODY_FIELDS, err);
    if (memchr(text, '\0', n) || !utf8_is_valid(text, n))
        return err_set(err, ERR_INPUT, "The JSON document is not valid UTF-8.");
    return 0;
}

const struct pairs *body_fields(const struct body *b)
{
    return &b->fields;
}

const char *body_text(const struct body *b, size_t *n)
{
    *n = b->held.len;
    return b->kind == BODY_JSON ? buf_str(&b->held) : NULL;
}
