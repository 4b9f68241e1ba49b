/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_rows.h: the records of a JSON document as rows.
 *
 * in:     a source, the formats of shape JSON
 * out:    a shape; see there
 * knows:  json_scan, jansson, paths, cells, batch.  Has never heard of databases or plugins' calls.
 */
#ifndef SOUK_JSON_ROWS_H
#define SOUK_JSON_ROWS_H

#include "shape.h"

/* ERR_INPUT: no JSON, or none that a format knows. */
int json_rows_open(struct shape **out, struct arena *a, const struct plugins *plugins,
                   struct source *source, struct err *err);

#endif
