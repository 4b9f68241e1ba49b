/* SPDX-License-Identifier: Apache-2.0 */
/* embed.h: files built into the program by tools/embed; a table ends with a NULL name. */
#ifndef SOUK_EMBED_H
#define SOUK_EMBED_H

#include <stddef.h>

struct embed {
    const char *name;                                   /* without its folder */
    const unsigned char *at;                            /* zero-terminated */
    size_t n;
};

extern const struct embed schema_files[], asset_files[];

#endif
