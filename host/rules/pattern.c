/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.c: text patterns: read into items, then tried item by item.
 *
 * in:     a pattern, a text, and who bounds the work
 * out:    where it fits and what its captures hold
 * knows:  bytes.  Has never heard of Lua's values.
 *
 * Every item is one byte's test with a repeat, or a mark (capture, %b, %f, %1).  Trying goes forward in a
 * loop and calls itself only where there is a choice, so its depth is the number of items at most.
 */
#include "pattern.h"

#include <string.h>

enum kind { ITEM_BYTE = 1, ITEM_ANY, ITEM_SET, ITEM_OPEN, ITEM_PLACE, ITEM_CLOSE, ITEM_SAME, ITEM_BALANCE, ITEM_EDGE };
enum repeat { ONCE = 0, MAYBE, MANY, SOME, FEW };       /* nothing ? * + - */
enum { STEPS = 4096, OPEN_YET = -2 };                   /* steps between two questions; length of an open capture */

/* ---- bytes and sets ------------------------------------------------------------------------------- */

static bool between(unsigned c, unsigned low, unsigned high)
{
    return c >= low && c <= high;
}

static bool is_letter(unsigned c) { return between(c | 0x20, 'a', 'z'); }
static bool is_digit(unsigned c)  { return between(c, '0', '9'); }
static bool is_seen(unsigned c)   { return between(c, 0x21, 0x7E); }

/* Is c of the class named by a small letter?  The capital means all others. */
static bool in_class(unsigned c, char class)
{
    switch (class | 0x20) {
    case 'a': return is_letter(c);
    case 'c': return c < 0x20 || c == 0x7F;
    case 'd': return is_digit(c);
    case 'g': return is_seen(c);
    case 'l': return between(c, 'a', 'z');
    case 'p': return is_seen(c) && !is_letter(c) && !is_digit(c);
    case 's': return c == ' ' || between(c, '\t', '\r');
    case 'u': return between(c, 'A', 'Z');
    case 'w': return is_letter(c) || is_digit(c);
    default:  return is_digit(c) || between(c | 0x20, 'a', 'f');    /* x */
    }
}

static bool is_class(char c)
{
    return c && strchr("acdglpsuwxACDGLPSUWX", c);
}

static void set_add(uint32_t *set, unsigned c)
{
    set[c >> 5] |= UINT32_C(1) << (c & 31);
}

static bool set_has(const uint32_t *set, unsigned c)
{
    return set[c >> 5] >> (c & 31) & 1;
}

static void set_add_class(uint32_t *set, char class)
{
    bool is_other = between((unsigned char)class, 'A', 'Z');
    for (unsigned c = 0; c < 256; c++)
        if (in_class(c, class) != is_other)
            set_add(set, c);
}

/* ---- reading --------------------------------------------------------------------------------------- */

struct reader {
    struct pattern *p;
    const char *at, *end;
    uint8_t open[PATTERN_CAPTURES];                     /* captures not closed yet, the last one last */
    size_t n_open;
    bool holds_text[PATTERN_CAPTURES];                  /* captures that %1 may mean */
    const char *wrong;
};

static struct pattern_item *item_new(struct reader *r, enum kind kind)
{
    if (r->p->n_items == PATTERN_ITEMS) {
        r->wrong = "it is too long";
        return NULL;
    }
    struct pattern_item *item = &r->p->item[r->p->n_items++];
    *item = (struct pattern_item){ .kind = (uint8_t)kind };
    return item;
}

static uint32_t *set_new(struct reader *r, struct pattern_item *item)
{
    if (!item)
        return NULL;
    if (r->p->n_sets == PATTERN_SETS) {
        r->wrong = "it has too many sets and classes";
        return NULL;
    }
    item->a = r->p->n_sets;
    memset(r->p->set[item->a], 0, sizeof r->p->set[0]);
    return r->p->set[r->p->n_sets++];
}

/* After a '%' inside or outside of a set: a class, or the character itself. */
static void read_escaped(struct reader *r, uint32_t *set)
{
    char c = *r->at++;
    if (is_class(c))
        set_add_class(set, c);
    else
        set_add(set, (unsigned char)c);
}

/* From behind the '[' to behind the ']'; a ']' that comes first stands for itself. */
static void read_set(struct reader *r, uint32_t *set)
{
    bool is_other = r->at < r->end && *r->at == '^';
    r->at += is_other;
    for (bool is_first = true; r->at < r->end && (is_first || *r->at != ']'); is_first = false) {
        unsigned c = (unsigned char)*r->at++;
        if (c == '%' && r->at < r->end) {
            read_escaped(r, set);
        } else if (r->end - r->at >= 2 && *r->at == '-' && r->at[1] != ']') {
            for (unsigned last = (unsigned char)r->at[1]; c <= last; c++)
                set_add(set, c);
            r->at += 2;
        } else {
            set_add(set, c);
        }
    }
    if (r->at == r->end) {
        r->wrong = "a set that begins with [ is not closed";
        return;
    }
    r->at++;
    for (size_t i = 0; is_other && i < COUNT_OF(r->p->set[0]); i++)
        set[i] = ~set[i];
}

static void read_repeat(struct reader *r, struct pattern_item *item)
{
    static const char marks[] = "?*+-";
    const char *mark = r->at < r->end && *r->at ? strchr(marks, *r->at) : NULL;
    if (mark) {
        item->repeat = (uint8_t)(MAYBE + (mark - marks));
        r->at++;
    }
}

static void read_capture(struct reader *r)
{
    if (r->p->n_captures == PATTERN_CAPTURES) {
        r->wrong = "it has more than 32 captures";
        return;
    }
    bool is_place = r->at < r->end && *r->at == ')';
    struct pattern_item *item = item_new(r, is_place ? ITEM_PLACE : ITEM_OPEN);
    if (!item)
        return;
    item->a = r->p->n_captures++;
    if (is_place)
        r->at++;
    else
        r->open[r->n_open++] = item->a;
}

static void read_close(struct reader *r)
{
    if (!r->n_open) {
        r->wrong = "it has a ) without its (";
        return;
    }
    struct pattern_item *item = item_new(r, ITEM_CLOSE);
    if (item) {
        item->a = r->open[--r->n_open];
        r->holds_text[item->a] = true;
    }
}

/* What follows a '%' outside of sets. */
static void read_percent(struct reader *r)
{
    struct pattern_item *item;
    uint32_t *set;
    if (r->at == r->end) {
        r->wrong = "it ends with %";
    } else if (*r->at == 'b') {
        if (r->end - r->at < 3) {
            r->wrong = "%b wants two characters behind it";
        } else if ((item = item_new(r, ITEM_BALANCE))) {
            item->a = (uint8_t)r->at[1];
            item->b = (uint8_t)r->at[2];
            r->at += 3;
        }
    } else if (*r->at == 'f') {
        if (r->end - r->at < 2 || r->at[1] != '[') {
            r->wrong = "%f wants a set behind it: %f[%w]";
        } else if ((set = set_new(r, item_new(r, ITEM_EDGE)))) {
            r->at += 2;
            read_set(r, set);
        }
    } else if (is_digit((unsigned char)*r->at)) {
        uint8_t capture = (uint8_t)(*r->at++ - '1');
        if (capture >= r->p->n_captures || !r->holds_text[capture])
            r->wrong = "%1 to %9 mean captures that are closed before them";
        else if ((item = item_new(r, ITEM_SAME)))
            item->a = capture;
    } else if (is_class(*r->at)) {
        if ((item = item_new(r, ITEM_SET)) && (set = set_new(r, item))) {
            read_escaped(r, set);
            read_repeat(r, item);
        }
    } else if ((item = item_new(r, ITEM_BYTE))) {
        item->a = (uint8_t)*r->at++;
        read_repeat(r, item);
    }
}

static void read_item(struct reader *r)
{
    struct pattern_item *item;
    uint32_t *set;
    char c = *r->at++;
    switch (c) {
    case '(': read_capture(r); return;
    case ')': read_close(r); return;
    case '%': read_percent(r); return;
    case '[':
        if ((item = item_new(r, ITEM_SET)) && (set = set_new(r, item))) {
            read_set(r, set);
            read_repeat(r, item);
        }
        return;
    case '$':
        if (r->at == r->end) {
            r->p->at_end = true;
            return;
        }
        break;
    }
    if ((item = item_new(r, c == '.' ? ITEM_ANY : ITEM_BYTE))) {
        item->a = (uint8_t)c;
        read_repeat(r, item);
    }
}

const char *pattern_read(struct pattern *p, const char *at, size_t n)
{
    struct reader r = { .p = p, .at = at, .end = at + n };
    p->n_items = p->n_sets = p->n_captures = 0;
    p->at_end = false;
    p->at_start = n && *at == '^';
    r.at += p->at_start;
    while (r.at < r.end && !r.wrong)
        read_item(&r);
    if (!r.wrong && r.n_open)
        r.wrong = "it has a ( without its )";
    return r.wrong;
}

bool pattern_is_plain(const char *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] && strchr("^$*+?.([%-", at[i]))
            return false;
    return true;
}

/* ---- trying ---------------------------------------------------------------------------------------- */

struct trial {
    const struct pattern *p;
    const char *text, *end;
    const struct pattern_work *work;
    struct pattern_found *found;
    int64_t steps;                                      /* since the last question */
    bool is_stopped;
};

static bool goes_on(struct trial *t, int64_t steps)
{
    t->steps += steps;
    if (t->steps >= STEPS && !t->is_stopped) {
        t->is_stopped = !t->work->go_on(t->work->ctx, t->steps);
        t->steps = 0;
    }
    return !t->is_stopped;
}

static bool is_one(const struct trial *t, const struct pattern_item *item, const char *at)
{
    if (at >= t->end)
        return false;
    switch (item->kind) {
    case ITEM_BYTE: return (uint8_t)*at == item->a;
    case ITEM_SET:  return set_has(t->p->set[item->a], (unsigned char)*at);
    default:        return true;
    }
}

/* Behind the closing character, or NULL. */
static const char *balanced(struct trial *t, const struct pattern_item *item, const char *from)
{
    const char *at = from;
    for (size_t depth = 0; at < t->end; at++) {
        if ((uint8_t)*at == item->b && depth) {         /* also where both are the same */
            if (--depth == 0)
                return goes_on(t, at - from) ? at + 1 : NULL;
        } else if ((uint8_t)*at == item->a) {
            depth++;
        } else if (!depth) {
            return NULL;
        }
    }
    goes_on(t, at - from);
    return NULL;
}

static bool is_edge(const struct trial *t, const struct pattern_item *item, const char *at)
{
    unsigned before = at > t->text ? (unsigned char)at[-1] : 0, here = at < t->end ? (unsigned char)*at : 0;
    return !set_has(t->p->set[item->a], before) && set_has(t->p->set[item->a], here);
}

static const char *try_from(struct trial *t, size_t i, const char *at);

static const char *try_repeat(struct trial *t, size_t i, const char *at)
{
    const struct pattern_item *item = &t->p->item[i];
    const char *end, *first = at;
    if (item->repeat == FEW) {
        for (; goes_on(t, 1); at++) {
            if ((end = try_from(t, i + 1, at)))
                return end;
            if (!is_one(t, item, at))
                return NULL;
        }
        return NULL;
    }
    while (is_one(t, item, at) && (item->repeat != MAYBE || at == first))
        at++;
    if (!goes_on(t, (at - first) / 8))
        return NULL;
    for (first += item->repeat == SOME; at >= first && goes_on(t, 1); at--)
        if ((end = try_from(t, i + 1, at)))
            return end;
    return NULL;
}

/* What of the captures a failed try has changed is put back. */
static const char *try_capture(struct trial *t, size_t i, const char *at)
{
    const struct pattern_item *item = &t->p->item[i];
    struct pattern_found *f = t->found;
    const char *was_at = f->capture[item->a].at, *end;
    ptrdiff_t was_n = f->capture[item->a].n;
    if (item->kind == ITEM_CLOSE) {
        f->capture[item->a].n = at - was_at;
    } else {
        f->capture[item->a].at = at;
        f->capture[item->a].n = item->kind == ITEM_PLACE ? PATTERN_PLACE : OPEN_YET;
    }
    if (!(end = try_from(t, i + 1, at))) {
        f->capture[item->a].at = was_at;
        f->capture[item->a].n = was_n;
    }
    return end;
}

/* Do the items from i on fit at this place?  Where they end, or NULL. */
static const char *try_from(struct trial *t, size_t i, const char *at)
{
    for (; i < t->p->n_items; i++) {
        const struct pattern_item *item = &t->p->item[i];
        if (!goes_on(t, 1))
            return NULL;
        switch (item->kind) {
        case ITEM_OPEN: case ITEM_PLACE: case ITEM_CLOSE:
            return try_capture(t, i, at);
        case ITEM_SAME: {
            ptrdiff_t n = t->found->capture[item->a].n;
            n = n < 0 ? 0 : n;
            if (t->end - at < n || memcmp(t->found->capture[item->a].at, at, (size_t)n) != 0 || !goes_on(t, n / 16))
                return NULL;
            at += n;
            break;
        }
        case ITEM_BALANCE:
            if (!(at = balanced(t, item, at)))
                return NULL;
            break;
        case ITEM_EDGE:
            if (!is_edge(t, item, at))
                return NULL;
            break;
        default:
            if (item->repeat != ONCE)
                return try_repeat(t, i, at);
            if (!is_one(t, item, at))
                return NULL;
            at++;
        }
    }
    return !t->p->at_end || at == t->end ? at : NULL;
}

static int fits(struct trial *t, const char *at)
{
    t->found->at = at;
    t->found->n = t->p->n_captures;
    t->found->end = try_from(t, 0, at);
    if (t->is_stopped)
        return -1;
    return t->found->end != NULL;
}

/* The last steps are told, too, so that many short tries add up. */
static int settle(struct trial *t, int rc)
{
    if (rc >= 0 && !t->work->go_on(t->work->ctx, t->steps))
        return -1;
    return rc;
}

int pattern_fits(const struct pattern *p, const char *text, size_t n, size_t from,
                 const struct pattern_work *work, struct pattern_found *found)
{
    struct trial t = { .p = p, .text = text, .end = text + n, .work = work, .found = found, .steps = 1 };
    return settle(&t, fits(&t, text + from));
}

int pattern_find(const struct pattern *p, const char *text, size_t n, size_t from,
                 const struct pattern_work *work, struct pattern_found *found)
{
    struct trial t = { .p = p, .text = text, .end = text + n, .work = work, .found = found, .steps = 1 };
    int rc;
    for (const char *at = text + from;; at++) {
        rc = goes_on(&t, 1) ? fits(&t, at) : -1;
        if (rc != 0 || p->at_start || at >= t.end)
            return settle(&t, rc);
    }
}
