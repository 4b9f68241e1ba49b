/* SPDX-License-Identifier: Apache-2.0 */
/* message.h: the one thing that ICU offers to C++ only; for text.c. */
#ifndef SOUK_MESSAGE_H
#define SOUK_MESSAGE_H

#ifdef __cplusplus
extern "C" {
#endif

#include "text.h"

/* Formats a pattern of MessageFormat with named arguments; false, and nothing, for a broken one. */
bool message_format(struct buf *out, const char *language, const char *pattern,
                    const struct text_arg *args, size_t n_args);

#ifdef __cplusplus
}
#endif

#endif
