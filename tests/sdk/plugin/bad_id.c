/* SPDX-License-Identifier: Apache-2.0 */
/* bad_id.c: an id that is no reversed domain. */
#include <souk/entry.h>

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "My Plugin", .version = "1.0.0", .title = "title",
};
