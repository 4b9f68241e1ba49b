/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive.h: everything of an account as one file that other programs read: a zip.
 *
 *     README.txt                what stands where
 *     views/<view>.csv, .json   every documented view, whole
 *     letters/buyers.mbox       talks with buyers; cases.mbox, claims.mbox
 *
 * Written row by row in one snapshot: memory does not grow with the account.  Cells of CSV that a spreadsheet would
 * run are made harmless, and our own import reads them as they were.  Secrets are in no view; of sealed ones the last
 * digits are.
 */
#ifndef SOUK_ARCHIVE_H
#define SOUK_ARCHIVE_H

#include "data/db.h"

/*
 * Into a new file of mode 0600.  errors: ERR_BUSY it is there already, ERR_FULL, ERR_IO; then no file is left.
 */
int archive_account(struct db *db, const char *account, const char *path, int64_t now_s, struct err *err);

#endif
