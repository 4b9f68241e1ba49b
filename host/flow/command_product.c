/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_product.c: what the seller knows and no report says: lead time and lowest price of a product, and what
 * others ask.
 *
 * in:     a SKU, an ASIN in a market
 * out:    product, rival
 * knows:  promo
 */
#include "command_in.h"

#include <string.h>

#include "data/promo.h"

enum { LEAD_DAYS = 1000 };

static const struct souk_field product_fields[] = {
    FIELD(LINE, "sku", NEEDED, MOST(KEY_LETTERS)),
    FIELD(COUNT, "lead_days", OPTIONAL, MOST(LEAD_DAYS), .about = "field.lead_days.about"),
    FIELD(MONEY, "floor", OPTIONAL, MOST(MINOR_MOST), .about = "field.floor.about"),
};

static const struct souk_field rival_fields[] = {
    FIELD(MARKET, "market", NEEDED),
    FIELD(LINE, "asin", NEEDED, MOST(KEY_LETTERS)),
    FIELD(MONEY, "landed", NEEDED, MOST(MINOR_MOST), .currency_of = "market", .about = "field.landed.about"),
    FIELD(BOOL, "is_buy_box", OPTIONAL, .fallback = SOUK_NUMBER(SOUK_BOOL, 0)),
};

static struct money money_of(const struct souk_value *v)
{
    struct money m = { v->num, "" };
    memcpy(m.currency, v->currency, sizeof m.currency);
    return m;
}

static const char sql_product[] =
    "SELECT p.lead_days, p.floor_minor, p.currency FROM product p JOIN sku k ON k.no = p.sku_no"
    " WHERE k.sku = :sku";

/* What is not said stays; what is cleared is forgotten. */
static int run_product(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct stmt *get = stmt_of(d->db, sql_product, err);
    const char *sku = arg_text(args, "sku");
    struct number lead = { false, 0 };
    struct money least = { 0, "" };
    if (!get)
        return -err->code;
    if (!souk_given(args, "lead_days") && !souk_given(args, "floor"))
        return doing_refuse(d, "lead_days", err, ERR_INPUT, "Say the lead time, or the lowest price, or both.");
    bind_text(get, 1, sku);
    int rc = stmt_step(d->db, get, err);
    if (rc < 0)
        return rc;
    if (rc > 0) {
        lead = (struct number){ !stmt_is_null(get, 0), stmt_int(get, 0) };
        if (!stmt_is_null(get, 1)) {
            least.minor = stmt_int(get, 1);
            memcpy(least.currency, stmt_text(get, 2), 3);
        }
        stmt_reset(get);
    }
    if (souk_given(args, "lead_days"))
        lead = (struct number){ arg_is_told(args, "lead_days"), arg_int(args, "lead_days", 0) };
    if (souk_given(args, "floor"))
        least = arg_is_told(args, "floor") ? money_of(souk_given(args, "floor")) : (struct money){ 0, "" };
    rc = product_put(&d->to, sku, lead, least, err);
    if (rc == -ERR_ABSENT)
        d->field = "sku";
    d->ref = arena_printf(d->a, "sku:%s", sku);
    say(d, "done.product.set", { "sku", souk_text(sku) });
    return rc < 0 ? rc : 0;
}

static int run_rival(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct rival_row row = {
        .market = market_by_id(arg_text(args, "market")), .asin = arg_text(args, "asin"),
        .landed = money_of(souk_given(args, "landed")), .is_buy_box = arg_int(args, "is_buy_box", 0),
        .told_s = d->now_s, .source = "typed",
    };
    d->ref = arena_printf(d->a, "asin:%s", row.asin);
    say(d, "done.rival.set", { "asin", souk_text(row.asin) }, { "market", souk_text(row.market->name) });
    int rc = rival_put(&d->to, &row, err);
    return rc < 0 ? rc : 0;
}

const struct command_info product_commands[] = {
    COMMAND("product.set", RIGHT_EDIT, product_fields, run_product),
    COMMAND("rival.set", RIGHT_EDIT, rival_fields, run_rival),
    { .name = NULL },
};
