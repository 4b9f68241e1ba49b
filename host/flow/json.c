/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c: see json.h.
 */
#include "json.h"

#include <string.h>

#include "base/value.h"

void json_text(struct buf *out, const char *at, size_t n)
{
    buf_char(out, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c < 0x20) {
            buf_printf(out, "\\u%04x", c);
            continue;
        }
        if (c == '"' || c == '\\')
            buf_char(out, '\\');
        buf_char(out, at[i]);
    }
    buf_char(out, '"');
}

static void json_value(struct buf *out, const struct souk_value *v)
{
    int digits;
    switch (v->type) {
    case SOUK_NONE:
        buf_text(out, "\"\"");
        break;
    case SOUK_BOOL: case SOUK_COUNT: case SOUK_BP: case SOUK_DAY: case SOUK_INSTANT: case SOUK_SECONDS:
        buf_int(out, v->num);
        break;
    case SOUK_MONEY:
        digits = currency_digits(v->currency);
        buf_char(out, '"');
        buf_minor(out, v->num, digits < 0 ? 0 : digits);
        buf_printf(out, " %s\"", v->currency);
        break;
    case SOUK_DECIMAL:
        buf_char(out, '"');
        buf_minor(out, v->num, (int)v->den);
        buf_char(out, '"');
        break;
    default:
        json_text(out, v->text.at, v->text.len);
    }
}

void json_args(struct buf *out, const struct souk_args *args)
{
    buf_char(out, '{');
    for (uint32_t i = 0; i < args->n; i++) {
        if (i)
            buf_char(out, ',');
        json_text(out, args->at[i].name, strlen(args->at[i].name));
        buf_char(out, ':');
        json_value(out, &args->at[i].value);
    }
    buf_char(out, '}');
}
