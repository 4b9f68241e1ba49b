/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h: what an import keeps as JSON in one column: cells without a column of their own, and the
 * arguments of a message.
 */
#ifndef SOUK_JSON_H
#define SOUK_JSON_H

#include <souk/types.h>

#include "base/base.h"

/* A text as a JSON string, with its quotes. */
void json_text(struct buf *out, const char *at, size_t n);
/* {"name":value, ...}: numbers stay numbers, money becomes "12.34 EUR", nothing "", the rest its text. */
void json_args(struct buf *out, const struct souk_args *args);

#endif
