/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flatfile.h: the marketplace's flat files for changes of listings, to be uploaded by hand.
 *
 * Price & Quantity changes prices, quantities and handling times of listings that are there; the Inventory Loader
 * takes them off sale (add-delete d) and puts them back (a), which needs the product, its condition, a price and a
 * quantity.  An empty cell leaves what it names as it is.  Tabs between cells, a header of the marketplace's own names,
 * lines ended by CR LF as a spreadsheet saves them; decimals as the marketplace's report files have them.
 *
 * Only SKUs of plain ASCII are ever queued (see data/outgoing.c), so the bytes are the same in each charset that the
 * marketplace reads: UTF-8, windows-1252, Shift_JIS.
 */
#ifndef SOUK_FLATFILE_H
#define SOUK_FLATFILE_H

#include "data/outgoing.h"

/* One file, from its changes as they stand now.  *name, in the arena: as it is best saved.  ERR_ABSENT: no such file. */
int flatfile_write(struct buf *out, struct arena *a, struct db *db, int64_t file, const char **name, struct err *err);

#endif
