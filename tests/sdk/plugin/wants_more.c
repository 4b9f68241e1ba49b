/* SPDX-License-Identifier: Apache-2.0 */
/* wants_more.c: cannot live without an interface that does not exist. */
#include <souk/log.h>

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.wants-more", .version = "1.0.0", .title = "title",
    .wants = SOUK_LOG " souk.weather/3",
};
