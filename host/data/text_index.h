/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_index.h: the full-text index over letters, cases, claims, notices and promotions, written with each of them.
 *
 * Kept by letter.c, claim.c, notice.c and promo.c; read by search.c.
 */
#ifndef SOUK_TEXT_INDEX_H
#define SOUK_TEXT_INDEX_H

#include "db.h"

enum text_of {                                          /* its place in the index: a range of rows each */
    TEXT_LETTER = 1,                                    /* of a thread */
    TEXT_CASE, TEXT_CASE_LETTER, TEXT_CLAIM, TEXT_CLAIM_LETTER, TEXT_NOTICE, TEXT_PROMOTION
};

/* Row in the table record_text, by kind and the record's own number. */
static inline int64_t text_row(enum text_of of, int64_t no)
{
    return (int64_t)of << 40 | no;
}

int text_put(struct db *db, enum text_of of, int64_t no, const char *title, const char *body, struct err *err);
int text_drop(struct db *db, enum text_of of, int64_t no, struct err *err);

#endif
