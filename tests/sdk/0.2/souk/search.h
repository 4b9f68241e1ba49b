/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/search.h: what of a plugin's the search box finds.  Since 0.2.
 *
 * Declared data and nothing else: the host runs the query while somebody types, so it must find its
 * rows by an index.  Records in the account's full-text index (listings, orders, letters ...) are found
 * without this.
 */
#ifndef SOUK_SEARCH_H
#define SOUK_SEARCH_H

#include <souk/query.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_SEARCH "souk.search/1"

struct souk_search {
    uint32_t size, reserved;
    const char *id;                                     /* lower case and _ */
    const char *title;                                  /* message key: the heading of its answers */
    /*
     * A declared query with the parameters "words:text limit:count" and the columns
     * "ref:ref title:text note:text", best first.
     */
    const char *query;
};

#ifdef __cplusplus
}
#endif
#endif
