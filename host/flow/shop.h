/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shop.h: what happens in the synthetic shop: its products, orders, returns, fees and cycles.
 *
 * Everything is a pure function of seed, market and day, in whole numbers, so any day can be played
 * again at any time and nothing has to be remembered.  How reports word it is demo.c's.
 *
 * Money in minor units of the market's currency; instants in UTC seconds; days of the market's zone.
 */
#ifndef SOUK_SHOP_H
#define SOUK_SHOP_H

#include "base/zone.h"
#include "data/market.h"

enum {
    SHOP_MARKETS = 3, SHOP_SKUS = 300, SHOP_DAYS = 400, SHOP_PLACES = 12,
    SHOP_LINES = 4,                                     /* most lines of an order */
    SHOP_CHARGES = 8,                                   /* most charges in a cycle */
    SHOP_ECHO_DAYS = 60                                 /* nothing happens to an order later than this */
};

struct shop_sku {                                       /* a product in one market */
    char code[16], asin[11], fnsku[11];
    char title[128];                                    /* UTF-8, in the market's language */
    int64_t price_minor, fba_fee_minor;                 /* each unit */
    bool is_afn;                                        /* the marketplace keeps and sends it */
    bool is_bulky;
    bool is_closed;                                     /* no longer sold */
    unsigned season, weight;                            /* how well it sells, and when */
    unsigned return_permille;
    int32_t opened_day;
};

struct shop_place {
    const char *town, *region;
    int tax_bp;                                         /* sales tax on top of the price; 0: none, or included */
};

struct shop {                                           /* in one market */
    int no;                                             /* 0 US, 1 DE, 2 JP */
    const struct market *market;
    const struct zone *zone;
    const struct shop_place *places;
    int digits;                                         /* of its currency */
    uint64_t key;
    int64_t until_s;
    int32_t first_day, last_day;
    int64_t before[SHOP_DAYS + 1];                      /* orders before the day, counted from first_day */
    int n_cycles;                                       /* closed ones */
    int n_mfn;                                          /* the first ones: the seller sends them himself */
    int64_t weight;                                     /* of all products */
    struct shop_sku sku[SHOP_SKUS];
};

/* orders: over all markets and days; each market has its share. */
int shop_init(struct shop *s, int no, int64_t orders, uint64_t seed, int64_t until_s, struct err *err);

/* Orders on the days [from, to). */
int64_t shop_orders(const struct shop *s, int32_t from, int32_t to);
bool shop_is_out(const struct shop *s, const struct shop_sku *sku, int32_t day);    /* of stock */
int64_t shop_stock(const struct shop *s, const struct shop_sku *sku);               /* units, at the end */

/* ---- orders ---------------------------------------------------------------------------------- */

struct shop_day {                                       /* what the orders of a day share */
    const struct shop *shop;
    int32_t day;
    uint64_t key;
    int64_t start_s, length_s;
    int64_t orders;
    uint32_t hour_odds[25], odds[SHOP_SKUS + 1];        /* summed up: of the hours, of the products */
};

void shop_day_init(struct shop_day *d, const struct shop *s, int32_t day);

enum shop_status {
    SHOP_PENDING = 1, SHOP_UNSHIPPED, SHOP_SHIPPED, SHOP_CANCELLED,
    SHOP_ODD                                            /* a status that nobody has heard of */
};
enum shop_level { SHOP_STANDARD, SHOP_EXPEDITED, SHOP_SECOND_DAY, SHOP_NEXT_DAY };

struct shop_line {
    const struct shop_sku *sku;
    int quantity;
    bool is_cancelled;                                  /* this item only */
    int discount_percent;
    int64_t price_minor, discount_minor, tax_minor;     /* of the line, all units */
    int64_t shipping_minor, shipping_tax_minor;
    int64_t refund_s;                                   /* 0: kept */
};

struct shop_order {                                     /* as it stands at the shop's last instant */
    unsigned id[3];                                     /* 3-7-7 digits */
    uint64_t key;
    enum shop_status status;
    enum shop_level level;
    bool is_afn, is_business;
    bool had_price;                                     /* it was told at some time */
    int64_t purchase_s, updated_s;
    int64_t shipped_s;                                  /* 0: not shipped */
    const struct shop_place *place;
    unsigned postcode;                                  /* 7 digits */
    int n_lines;
    struct shop_line line[SHOP_LINES];
};

/* The nth order of the day, in order of time; false when it comes after the shop's last instant. */
bool shop_order(const struct shop_day *d, int64_t n, struct shop_order *order);

/* ---- money ----------------------------------------------------------------------------------- */

enum shop_amount {
    SHOP_PRINCIPAL, SHOP_TAX, SHOP_SHIPPING, SHOP_SHIPPING_TAX, SHOP_WITHHELD, SHOP_SHIPPING_WITHHELD,
    SHOP_PROMOTION, SHOP_COMMISSION, SHOP_REFUND_COMMISSION, SHOP_FBA_FEE,
    SHOP_AMOUNTS
};

/* What the seller is credited for a line, or for its refund; charges are negative. */
void shop_settle(const struct shop *s, const struct shop_line *line, bool is_refund,
                 int64_t amount[SHOP_AMOUNTS]);

enum shop_charge_kind { SHOP_SUBSCRIPTION, SHOP_STORAGE, SHOP_ADVERTISING };

struct shop_charge {
    enum shop_charge_kind kind;
    int64_t at_s, minor;                                /* negative */
};

struct shop_cycle {
    int64_t id;
    int64_t from_s, to_s, deposit_s;                    /* [from, to) */
    int64_t reserve_before_minor, reserve_minor;        /* carried in; kept back at its end */
};

/* i: 0 the oldest, n_cycles the open one. */
void shop_cycle(const struct shop *s, int i, struct shop_cycle *cycle);
/* In [from, to), which is no longer than a cycle; returns how many. */
size_t shop_charges(const struct shop *s, int64_t from_s, int64_t to_s,
                    struct shop_charge charge[SHOP_CHARGES]);

#endif
