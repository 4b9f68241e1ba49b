/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charset.c: see charset.h.
 */
#include "charset.h"

#include <assert.h>
#include <strings.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

void charset_see(struct charset_tally *t, const char *at, size_t n)
{
    if (utf8_is_valid(at, n))
        t->valid++;
    else
        t->invalid++;
}

bool charset_is_utf8(const struct charset_tally *t)
{
    return t->invalid == 0 || t->valid > t->invalid;
}

struct decoder {
    UConverter *converter;                              /* NULL: UTF-8 */
};

static void decoder_end(void *what)
{
    struct decoder *d = what;
    ucnv_close(d->converter);
}

int decoder_new(struct decoder **out, struct arena *a, const char *charset, struct err *err)
{
    struct decoder *d = arena_zero(a, sizeof *d);
    if (strcasecmp(charset, CHARSET_UTF8) != 0) {
        UErrorCode status = U_ZERO_ERROR;
        d->converter = ucnv_open(charset, &status);
        if (U_FAILURE(status))
            return err_set(err, ERR_INPUT, "There is no charset \"%s\"; names look like UTF-8, "
                           "windows-1252 or windows-31j.", charset);
        arena_at_end(a, decoder_end, d);
    }
    *out = d;
    return 0;
}

bool decoder_row(struct decoder *d, struct arena *a, const char *at, size_t n, char **text,
                 size_t *text_n)
{
    if (!d->converter) {
        if (!utf8_is_valid(at, n))
            return false;
        *text = arena_textn(a, at, n);
        *text_n = n;
        return true;
    }
    UErrorCode status = U_ZERO_ERROR;
    int32_t most = (int32_t)n + 1;                      /* no byte makes more than one unit */
    UChar *wide = arena_alloc(a, (size_t)most * sizeof *wide);
    int32_t units = ucnv_toUChars(d->converter, wide, most, at, (int32_t)n, &status);
    assert(U_SUCCESS(status));
    for (int32_t i = 0; i < units; i++)                 /* what means nothing ICU reads as controls */
        if (wide[i] == 0x1A || (wide[i] >= 0x80 && wide[i] < 0xA0))
            wide[i] = 0xFFFD;
    int32_t room = 3 * units + 1, length;
    *text = arena_alloc(a, (size_t)room);
    u_strToUTF8WithSub(*text, room, &length, wide, units, 0xFFFD, NULL, &status);
    assert(U_SUCCESS(status));
    *text_n = (size_t)length;
    return true;
}
