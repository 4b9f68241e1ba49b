/* SPDX-License-Identifier: Apache-2.0 */
/* needs_newer.c: cannot live with this SDK. */
#include <souk/entry.h>

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK(0, 99), .needs = SOUK_SDK(0, 99),
    .id = "org.example.needs-newer", .version = "1.0.0", .title = "title",
};
