/* SPDX-License-Identifier: Apache-2.0 */
/* small_entry.c: a size that cannot be true. */
#include <souk/entry.h>

SOUK_PLUGIN = {
    .size = 8, .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.small", .version = "1.0.0", .title = "title",
};
