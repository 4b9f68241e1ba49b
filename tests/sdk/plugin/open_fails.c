/* SPDX-License-Identifier: Apache-2.0 */
/* open_fails.c: begins only when its key in plugins.ini is right. */
#include <souk/entry.h>

static int is_right(const char *word)
{
    const char *right = "sesame";
    while (*word && *word == *right)
        word++, right++;
    return *word == *right;
}

static int begin(const struct souk_host *host, void **self)
{
    static int opened;
    *self = &opened;
    if (*host->config(host, "file"))                    /* not among its own keys */
        return SOUK_EHOST;
    return is_right(host->config(host, "word")) ? 0 : SOUK_EINPUT;
}

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.open-fails", .version = "1.0.0", .title = "title",
    .config = "word other_word",
    .open = begin,
};
