/* SPDX-License-Identifier: Apache-2.0 */
/*
 * multipart.h: multipart/form-data, taken apart as it comes.
 *
 * in:    the boundary, then bytes in pieces of any size
 * out:   for each part its names, then its bytes as they lie, then its end
 * knows: form.  Keeps nothing but the head of one part; where bytes go is the caller's affair.
 *
 * Strict, for what browsers and curl send (RFC 7578): nothing before the first boundary or behind the
 * last, lines end in CR LF, no part within a part, no encodings.
 */
#ifndef SOUK_MULTIPART_H
#define SOUK_MULTIPART_H

#include "base/base.h"

enum { MULTIPART_BOUNDARY = 70, MULTIPART_HEAD = 8 << 10 };            /* bytes */

struct multipart_sink {                                 /* 0, or an error that ends it all */
    void *ctx;
    /* file is NULL for a plain field; its name is as the client says it, and no more than a label. */
    int (*begin)(void *ctx, const char *name, const char *file, struct err *err);
    int (*bytes)(void *ctx, const char *at, size_t n, struct err *err);
    int (*end)(void *ctx, struct err *err);
};

struct multipart {
    struct multipart_sink sink;
    int state;
    char mark[4 + MULTIPART_BOUNDARY + 1];              /* CR LF -- boundary */
    size_t mark_n, matched, head_n;
    bool has_part;
    char head[MULTIPART_HEAD + 1];
};

/* errors, of all three: ERR_INPUT, and what the sink says. */
int multipart_begin(struct multipart *m, const char *content_type, const struct multipart_sink *sink, struct err *err);
int multipart_add(struct multipart *m, const char *at, size_t n, struct err *err);
int multipart_end(struct multipart *m, struct err *err);

#endif
