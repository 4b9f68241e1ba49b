/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset.c: style, script, icon and the chart library, built in by tools/embed.
 */
#include "asset.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"

static struct asset {
    char address[96];
    const char *type;
} assets[8];
static size_t n_assets;

int asset_setup(struct err *err)
{
    static const struct { const char *end, *type; } types[] = {
        { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" },
        { ".svg", "image/svg+xml" },
    };
    n_assets = 0;
    for (const struct embed *file = asset_files; file->name; file++) {
        unsigned char hash[16];
        char hex[sizeof hash * 2 + 1];
        const char *dot = strrchr(file->name, '.');
        struct asset *to = &assets[n_assets++];
        if (!dot || n_assets > COUNT_OF(assets))
            return err_set(err, ERR_BUG, "asset.c: no room or no type for %s", file->name);
        crypto_generichash(hash, sizeof hash, file->at, file->n, NULL, 0);
        sodium_bin2hex(hex, sizeof hex, hash, 6);
        snprintf(to->address, sizeof to->address, "/assets/%.*s.%s%s", (int)(dot - file->name), file->name, hex, dot);
        for (size_t i = 0; i < COUNT_OF(types); i++)
            if (text_is(types[i].end, dot))
                to->type = types[i].type;
        if (!to->type)
            return err_set(err, ERR_BUG, "asset.c: no type for %s", file->name);
    }
    return 0;
}

const char *asset_address(const char *name)
{
    for (size_t i = 0; i < n_assets; i++)
        if (text_is(asset_files[i].name, name))
            return assets[i].address;
    return "";
}

bool asset_answer(const struct http_request *ask, struct http_reply *reply)
{
    bool is_icon = text_is(ask->path, "/favicon.svg");
    for (size_t i = 0; i < n_assets; i++)
        if (text_is(ask->path, assets[i].address) || (is_icon && text_is(asset_files[i].name, "favicon.svg"))) {
            buf_put(&reply->body, asset_files[i].at, asset_files[i].n);
            reply->status = 200;
            reply->type = assets[i].type;
            reply->cache_s = is_icon ? 86400 : 31536000;
            return true;
        }
    return false;
}
