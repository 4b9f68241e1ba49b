/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.c: values as they stand in addresses and forms, and back.  See address.h.
 *
 * These are the types that a parameter of a declared query may have, one plain value each; and money,
 * which a form may fix.
 */
#include "address.h"

#include <string.h>

#include "base/value.h"
#include "data/market.h"
#include "sdk.h"

enum { TEXT_MAX = 4096, WORD_MAX = 60 };                /* bytes: of text; of all that has a form */

bool value_has_text(const struct souk_value *v)
{
    switch (v->type) {
    case SOUK_KEY: case SOUK_AVERAGE: case SOUK_RATE: case SOUK_TAIL: case SOUK_BYTES:
        return false;
    default:
        return true;
    }
}

void value_as_text(struct buf *out, const struct souk_value *v)
{
    const struct market *market;
    int digits;
    switch (v->type) {
    case SOUK_BOOL:
        buf_text(out, v->num ? "yes" : "no");
        break;
    case SOUK_COUNT: case SOUK_BP: case SOUK_SECONDS:
        buf_int(out, v->num);
        break;
    case SOUK_NONE:
        break;
    case SOUK_DECIMAL:
        buf_minor(out, v->num, (int)v->den);
        break;
    case SOUK_MONEY:
        digits = currency_digits(v->currency);
        buf_minor(out, v->num, digits < 0 ? 0 : digits);
        buf_printf(out, " %s", v->currency);
        break;
    case SOUK_DAY:
        buf_day(out, (int32_t)v->num);
        break;
    case SOUK_INSTANT:
        buf_instant(out, v->num);
        break;
    case SOUK_MARKET:
        market = market_by_id(v->text.at);
        buf_text(out, market ? market->code : v->text.at);
        break;
    default:
        buf_put(out, v->text.at, v->text.len);
    }
}

static int parse_number(const char *text, struct souk_value *v, struct err *err)
{
    return text_int(text, &v->num) ? 0
           : err_set(err, ERR_INPUT, "\"%s\" is no whole number.", text);
}

static int parse_time(const char *text, struct souk_value *v, struct err *err)
{
    int32_t day;
    if (v->type == SOUK_INSTANT)
        return instant_parse(text, &v->num) ? 0
               : err_set(err, ERR_INPUT, "\"%s\" is no instant: write it like"
                         " 2026-11-23T06:15:00Z.", text);
    if (!day_parse(text, &day))
        return err_set(err, ERR_INPUT, "\"%s\" is no day: write it like 2026-11-23.", text);
    v->num = day;
    return 0;
}

static int parse_market(const char *text, struct souk_value *v, struct err *err)
{
    const struct market *market = market_find(text);
    if (!*text) {                                       /* what names no market */
        *v = souk_market("");
        return 0;
    }
    if (!market) {
        const char *like = market_like(text);
        return err_set(err, ERR_INPUT, "\"%s\" is no market that Souk knows%s%s%s.", text,
                       *like ? "; did you mean " : "", like, *like ? "?" : "");
    }
    *v = souk_market(market->id);
    return 0;
}

static int parse_money(const char *text, struct souk_value *v, struct err *err)
{
    size_t n = strcspn(text, " ");
    int64_t num, minor;
    int places;
    if (text[n] != ' ' || !decimal_parse(text, n, '.', &num, &places)
        || !decimal_to_minor(num, places, currency_digits(text + n + 1), &minor))
        return err_set(err, ERR_INPUT, "\"%s\" is no amount: write it like 12.34 EUR.", text);
    *v = souk_money(minor, text + n + 1);
    return 0;
}

/* Codes: so many letters of one case. */
static bool is_code(const char *text, size_t n)
{
    return strlen(text) == n && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

static int parse_text(struct arena *a, const char *text, struct souk_value *v, struct err *err)
{
    if (v->type == SOUK_CURRENCY && !is_code(text, 3))
        return err_set(err, ERR_INPUT, "\"%s\" is no currency: write its three letters, like EUR.",
                       text);
    if (v->type == SOUK_COUNTRY && !is_code(text, 2))
        return err_set(err, ERR_INPUT, "\"%s\" is no country: write its two letters, like DE.",
                       text);
    *v = souk_word(v->type, arena_text(a, text));
    return 0;
}

int value_from_text(struct arena *a, uint32_t type, const char *text, struct souk_value *v,
                    struct err *err)
{
    size_t most = type == SOUK_TEXT || type == SOUK_REF ? TEXT_MAX : WORD_MAX;
    size_t n = strnlen(text, most + 1);
    *v = souk_number(type, 0, 0);
    if (n > most || !utf8_is_valid(text, n))
        return err_set(err, ERR_INPUT, "It must be a text in UTF-8 of at most %zu bytes.", most);
    switch (type) {
    case SOUK_BOOL:
        v->num = text_is(text, "yes");
        return v->num || text_is(text, "no") ? 0
               : err_set(err, ERR_INPUT, "\"%s\" must be yes or no.", text);
    case SOUK_COUNT: case SOUK_BP: case SOUK_SECONDS:
        return parse_number(text, v, err);
    case SOUK_DAY: case SOUK_INSTANT:
        return parse_time(text, v, err);
    case SOUK_MARKET:
        return parse_market(text, v, err);
    case SOUK_MONEY:
        return parse_money(text, v, err);
    default:
        return parse_text(a, text, v, err);
    }
}

int query_args(struct arena *a, const struct query_info *query,
               const char *(*text_of)(void *ctx, const char *name), void *ctx, struct souk_args *args,
               struct err *err)
{
    struct souk_arg *arg = arena_zero(a, query->n_params * sizeof *arg);
    for (size_t i = 0; i < query->n_params; i++) {
        const struct column *param = &query->param[i];
        const char *text = text_of(ctx, param->name);
        struct err why = { 0 };
        if (!text)
            return err_set(err, ERR_INPUT, "The parameter \"%s\" is missing; it is of type %s.",
                           param->name, param->type_word);
        arg[i].name = param->name;
        if (value_from_text(a, param->type, text, &arg[i].value, &why) < 0)
            return err_set(err, ERR_INPUT, "The parameter \"%s\": %s", param->name, why.text);
    }
    *args = (struct souk_args){ arg, (uint32_t)query->n_params, 0 };
    return 0;
}
