/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint.h: reads a SELECT of somebody else as text, before the database sees it.
 *
 * What may follow FROM and JOIN is named here, so tables beneath the views stay out of reach even
 * where the database's authorizer cannot tell a view from what only bears its name.
 */
#ifndef SOUK_LINT_H
#define SOUK_LINT_H

#include "base/base.h"

enum { LINT_SQL_BYTES = 100000 };

/*
 * One SELECT (or WITH ... SELECT) in the subset that SQLite and PostgreSQL share, over the views
 * named in `reads` (with spaces between; "*" is every v1_ view) and over common table expressions,
 * none of which may bear a v1_ name.  Adds the names of those to `with`, in lower case, each with a
 * space behind it.  ERR_DENIED or ERR_INPUT with one sentence.
 */
int lint_select(const char *sql, const char *reads, struct buf *with, struct err *err);

/* Does the list of words, with spaces between, hold this one?  Any case. */
bool lint_names(const char *list, const char *word);

/* May a query with these `reads` read this view? */
bool lint_may_read(const char *reads, const char *view);

#endif
