/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mail_rows.h: mails as rows, one each.
 *
 * in:     a source: a mailbox (mbox), or one mail
 * out:    a shape; see there
 * knows:  how a mailbox parts its mails.  Has never heard of what is in them.
 *
 * Of a long mail its first MAIL_MOST bytes are a row: what people write comes before what they attach.
 */
#ifndef SOUK_MAIL_ROWS_H
#define SOUK_MAIL_ROWS_H

#include "shape.h"

enum { MAIL_MOST = 1 << 20 };

/* Does a file that begins so hold mails? */
bool begins_mail(const char *at, size_t n);

/* ERR_INPUT: no format takes mails. */
int mail_rows_open(struct shape **out, struct arena *a, const struct plugins *plugins,
                   struct source *source, struct err *err);

#endif
