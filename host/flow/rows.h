/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.h: the rows of a table: TAB-separated or CSV.
 *
 * in:     a source, the formats of these shapes
 * out:    a shape; see there
 * knows:  split, header, charset, cells, batch.  Has never heard of databases or plugins' calls.
 */
#ifndef SOUK_ROWS_H
#define SOUK_ROWS_H

#include "shape.h"

/* ERR_INPUT: an empty file, or a sentence about what it looks like. */
int rows_open(struct shape **out, struct arena *a, const struct plugins *plugins, struct source *source,
              struct err *err);

#endif
