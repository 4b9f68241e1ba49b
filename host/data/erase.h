/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erase.h: what is known of people goes: one buyer, or all that is older than a number of days.
 *
 * Figures stay as they are.  A letter keeps its times, and loses sender, subject and body; its message id stays, so
 * that importing the same mail again does not bring it back.  Orders keep amounts and country; ledger lines and
 * payments name no buyer.  The audit log cannot be changed: it holds numbers of orders and the marketplace's relay
 * addresses, no names and no letters.
 *
 * What is erased is overwritten in the file, and so is what the full-text index held of it; the caller truncates the
 * log behind the transaction (PRAGMA wal_checkpoint).
 */
#ifndef SOUK_ERASE_H
#define SOUK_ERASE_H

#include "record.h"

struct erased {                                         /* how many rows have something that goes */
    int64_t talks, letters, queued, feedback, orders, notices, claims, rejects, suggestions;
};

int64_t erased_all(const struct erased *e);             /* their sum */

/*
 * Of the buyer of an order, or behind an address of a mail (the one that is not "").  What is erased already counts
 * no more: who only wants to know the numbers rolls back, who keeps it calls erase_finish.  The last import can no
 * longer be taken back.
 * errors: ERR_ABSENT nothing is known of this order or address
 */
int erase_buyer(struct record_to *to, const char *order_id, const char *mail, struct erased *e, struct err *err);
/* In the same transaction: the full-text index is written anew without what was taken out of it. */
int erase_finish(struct record_to *to, struct err *err);

/* ---- retention ------------------------------------------------------------------------------------------- */

enum erase_kind { ERASE_LETTERS = 1, ERASE_FEEDBACK, ERASE_NOTICES, ERASE_REJECTS, ERASE_ORDERS, ERASE_KINDS };

const char *erase_word(enum erase_kind kind);           /* "letters" ...; "" for none */
enum erase_kind erase_named(const char *word);          /* 0: no such kind */

struct retention {                                      /* of one kind */
    int64_t days;                                       /* 0: kept */
    int64_t rows;                                       /* so many that the next run erases */
};

/* Of each kind, by its number.  rows are those of a run at now_s. */
int retention_read(struct db *db, int64_t now_s, struct retention kind[ERASE_KINDS], struct err *err);
int retention_put(struct record_to *to, enum erase_kind kind, int64_t days, struct err *err);  /* 0: kept */
/* Erases what is older than its days; letters that wait for an answer, and notices that are open, stay. */
int retention_run(struct record_to *to, int64_t now_s, int64_t rows[ERASE_KINDS], struct err *err);

#endif
