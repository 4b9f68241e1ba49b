/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/cursor.h: where a page of a long list begins.
 *
 * A list is sorted by a number (an instant, a day, a rank) and then by an id.  The next page begins behind the last row of
 * this one, whose two values stand in the address; so a page costs the same wherever it is, and none is shown twice when
 * rows come in meanwhile.  The text (a cursor) is an option of the widget: a SOUK_FIELD_LINE with `.max = SOUK_CURSOR_MAX`.
 */
#ifndef SOUK_CURSOR_H
#define SOUK_CURSOR_H

#include <souk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { SOUK_CURSOR_MAX = 324 };                        /* of the text, its end included */
#define SOUK_CURSOR_LAST INT64_C(4000000000000000000)    /* no number of a cursor is larger; the least is 0 */

struct souk_cursor {
    int64_t at;                                         /* the number of that row */
    int is_back;                                        /* rows before it are meant, towards the beginning of the list */
    char id[SOUK_CURSOR_MAX - 24];                       /* what tells it from rows of the same number */
};

/* "n1790000000 303-1": behind that row; "p...": before it.  0: the text is no cursor, and `p` as it was. */
static inline int souk_cursor_read(const char *text, struct souk_cursor *p)
{
    const int is_back = *text == 'p';
    int64_t at = 0;
    uint32_t n = 0;
    if ((*text != 'n' && !is_back) || text[1] < '0' || text[1] > '9')
        return 0;
    for (text++; *text >= '0' && *text <= '9'; text++) {
        if (at > (SOUK_CURSOR_LAST - (*text - '0')) / 10)
            return 0;
        at = at * 10 + (*text - '0');
    }
    if (*text++ != ' ')
        return 0;
    for (; text[n] && n < sizeof p->id - 1; n++)
        p->id[n] = text[n];
    p->id[n] = 0;
    p->at = at;
    p->is_back = is_back;
    return 1;
}

/* The place of a row; what of the id does not fit is cut. */
static inline const char *souk_cursor_write(char room[SOUK_CURSOR_MAX], int is_back, int64_t at, const char *id)
{
    char digits[24];
    uint64_t left = at < 0 ? 0 : (uint64_t)at;
    uint32_t n = 0, d = 0;
    room[n++] = is_back ? 'p' : 'n';
    do
        digits[d++] = (char)('0' + left % 10);
    while (left /= 10);
    while (d)
        room[n++] = digits[--d];
    room[n++] = ' ';
    while (*id && n < SOUK_CURSOR_MAX - 1)
        room[n++] = *id++;
    room[n] = 0;
    return room;
}

/* What sorts behind all texts that begin with this one, as the last value of a range: id >= :begin AND id < :end. */
static inline struct souk_value souk_behind_prefix(char room[SOUK_CURSOR_MAX], const struct souk_value *begin)
{
    static const char last[] = "\xF4\x8F\xBF\xBF";       /* U+10FFFF */
    uint32_t n = 0;
    for (; n < begin->text.len && n < SOUK_CURSOR_MAX - sizeof last; n++)
        room[n] = begin->text.at[n];
    for (const char *c = last; *c; c++)
        room[n++] = *c;
    room[n] = 0;
    return souk_text(room);
}

#ifdef __cplusplus
}
#endif
#endif
