/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body.h: the body of one request, taken as it comes.
 *
 * in:    its kind, then its bytes in pieces of any size
 * out:   fields, or the text of a JSON document: in memory, ended by body_free
 * knows: form.  Has never heard of connections, deadlines or addresses; http.c holds the limits.
 */
#ifndef SOUK_BODY_H
#define SOUK_BODY_H

#include "web/form.h"

enum { BODY_FIELDS = 1000 };                            /* in one request */

enum body_kind { BODY_FORM = 1, BODY_JSON };

struct body;

struct body *body_new(enum body_kind kind);
void body_free(struct body *b);                         /* NULL is fine */
/* A piece, then the end. */
void body_add(struct body *b, const char *at, size_t n);
int body_end(struct body *b, struct err *err);          /* errors: ERR_INPUT, what is wrong with it */

const struct pairs *body_fields(const struct body *b);
const char *body_text(const struct body *b, size_t *n); /* NULL unless JSON; zero-terminated, valid UTF-8 */

#endif
