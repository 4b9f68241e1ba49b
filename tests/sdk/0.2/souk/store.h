/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/store.h: writing records, inside an import only; and a plugin's own small store.
 *
 * Records are rows with columns by name, so they grow without changing this header.  The kinds and
 * their columns with units are printed by `souk schema --records`.
 */
#ifndef SOUK_STORE_H
#define SOUK_STORE_H

#include <souk/entry.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_STORE "souk.store/1"

struct souk_store_host {
    uint32_t size, reserved;
    /*
     * Puts records of one kind.
     *
     * in:     rows whose first column is line:count; the others are columns of the kind.  A column
     *         that is left out, and SOUK_NONE, is "not told"
     * out:    each line ends accepted (something new), unchanged, or rejected by the store with its
     *         reason; an older fact never overwrites a newer one
     * errors: SOUK_ESDK unknown kind or column, wrong type; SOUK_EHOST
     * thread: job
     */
    int (*put)(struct souk_call *call, const char *kind, const struct souk_rows *rows);
    /*
     * The plugin's own small records: text by key, per account, 10 MB in all.  keep() with a NULL
     * text removes.  kept() gives SOUK_EABSENT where there is none.
     * thread: job
     */
    int (*keep)(struct souk_call *call, const char *key, struct souk_str text);
    int (*kept)(struct souk_call *call, const char *key, struct souk_str *text);
};

/* One record: souk_put(call, "stock", "line:count sku:text quantity:count", line, sku, quantity) */
#define souk_put(call, kind, columns, ...) \
    ((call)->store->put((call), (kind), &(const struct souk_rows){ (columns), \
        (const struct souk_value[]){ __VA_ARGS__ }, \
        (uint32_t)(sizeof((const struct souk_value[]){ __VA_ARGS__ }) / sizeof(struct souk_value)), 1, 0, 0 }))

#ifdef __cplusplus
}
#endif
#endif
