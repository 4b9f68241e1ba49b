/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body.h: the body of one request, taken as it comes.
 *
 * in:    its kind, then its bytes in pieces of any size
 * out:   fields and JSON documents, in memory; files, on disk under names the caller makes
 * knows: form, multipart, files.  Has never heard of connections, deadlines or addresses; how long a
 *        body may be at all is http.c's affair.
 *
 * A name that a client gives a file is a label for people, and never part of a path.
 */
#ifndef SOUK_BODY_H
#define SOUK_BODY_H

#include "web/form.h"

enum { BODY_HELD = 1 << 20, BODY_FIELDS = 1000, BODY_FILES = 1000 };   /* bytes in memory; in one request */

enum body_kind { BODY_FORM = 1, BODY_JSON, BODY_PARTS, BODY_FILE };

struct body_setup {
    enum body_kind kind;
    const char *type;                                   /* Content-Type, with the boundary of BODY_PARTS */
    const char *file_name;                              /* the label of a BODY_FILE */
    void *ctx;
    const char *(*spool)(void *ctx, struct arena *a);   /* the path for a new file */
};

struct body_file {
    const char *field, *label, *path;                   /* field is "" for a BODY_FILE */
    int64_t bytes;
    bool is_taken;                                      /* body_free leaves it where it is */
};

struct body;

/*
 * errors, of all three: ERR_INPUT what was sent is wrong, ERR_DENIED more than is held, ERR_FULL,
 * ERR_IO.  After one the body can only be freed.
 */
int body_new(struct body **out, const struct body_setup *setup, struct err *err);
int body_add(struct body *b, const char *at, size_t n, struct err *err);
int body_end(struct body *b, struct err *err);
void body_free(struct body *b);                         /* NULL is fine */

const struct pairs *body_fields(const struct body *b);
const char *body_text(const struct body *b, size_t *n); /* NULL unless JSON; zero-terminated, valid UTF-8 */
struct body_file *body_file(struct body *b, size_t i);  /* NULL after the last */

#endif
