/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.c: the synthetic shop as report files.
 *
 * in:     number of orders, seed, last instant, an empty folder
 * out:    per market all orders, listings, stock, closed settlements and the open cycle's payments
 * knows:  how reports look in each market: columns, charsets, dates, decimals; and their seeded
 *         faults.  What happened in the shop is shop.c's.
 *
 * Settlements play the days of their cycle twice, once to add up and once to write, so nothing is
 * kept between two orders.  Sizes of write buffers apart, the memory is that of the catalogues.
 */
#include "flow/demo.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unistd.h>

#include "flow/demo_talk.h"
#include "flow/shop.h"

/* ---- how each market's reports look ---------------------------------------------------------- */

#define ORDERS_START \
    "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\t" \
    "fulfillment-channel\tsales-channel\torder-channel\t"
#define ORDERS_MAIN \
    "ship-service-level\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\t" \
    "item-tax\tshipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\t" \
    "ship-promotion-discount\tship-city\tship-state\tship-postal-code\tship-country\tpromotion-ids"
#define ORDERS_BUSINESS "\tis-business-order\tpurchase-order-number\tprice-designation"

#define STOCK_MAIN "sku\tfnsku\tasin\tproduct-name\tcondition\tyour-price\tmfn-listing-exists\t" \
    "mfn-fulfillable-quantity\tafn-listing-exists\tafn-warehouse-quantity\tafn-fulfillable-quantity\t" \
    "afn-unsellable-quantity\tafn-reserved-quantity\tafn-total-quantity\tper-unit-volume\t" \
    "afn-inbound-working-quantity\tafn-inbound-shipped-quantity\tafn-inbound-receiving-quantity"
#define STOCK_FUTURE "\tafn-researching-quantity\tafn-reserved-future-supply\tafn-future-supply-buyable"

static const char listings_header[] =
    "item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\topen-date\timage-url\t"
    "item-is-marketplace\tproduct-id-type\tzshop-shipping-fee\titem-note\titem-condition\tzshop-category1\t"
    "zshop-browse-path\tzshop-storefront-feature\tasin1\tasin2\tasin3\twill-ship-internationally\t"
    "expedited-shipping\tzshop-boldface\tproduct-id\tbid-for-featured-placement\tadd-delete\t"
    "pending-quantity\tfulfillment-channel\tmerchant-shipping-group\tstatus\n";

static const char settlement_header[] =
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\t"
    "amount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\t"
    "order-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased";

static const char payments_header[] =
    "\"date/time\",\"settlement id\",\"type\",\"order id\",\"sku\",\"description\",\"quantity\","
    "\"marketplace\",\"account type\",\"fulfillment\",\"order city\",\"order state\",\"order postal\","
    "\"tax collection model\",\"product sales\",\"product sales tax\",\"shipping credits\","
    "\"shipping credits tax\",\"gift wrap credits\",\"giftwrap credits tax\",\"Regulatory Fee\","
    "\"Tax On Regulatory Fee\",\"promotional rebates\",\"promotional rebates tax\","
    "\"marketplace withheld tax\",\"selling fees\",\"fba fees\",\"other transaction fees\",\"other\",\"total\"\n";

static const struct dress {
    const char *orders_header;
    bool has_url, has_business, has_cpf;                /* columns of all orders */
    const char *order_channel, *nothing;                /* how an amount of zero is written there */
    int32_t orders_offset_s;                            /* its instants are written with this offset */
    const char *orders_offset;
    bool is_legacy;                                     /* texts in the market's old charset, not UTF-8 */
    bool has_promotion_id, is_german;                   /* settlements: the column; dates and decimals */
    int postcode_digits;
    const char *warehouse, *winter, *summer;            /* listings: channel, and letters of the zone */
    const char *stock_header;
    enum { STORE = 1, NEAR_AND_FAR, OLD } stock_tail;
    const char *preamble;                               /* of the payments, one paragraph more */
    bool is_paid_in_utc;                                /* payments' instants; else in the market's zone */
} dresses[SHOP_MARKETS] = {
    {
        .orders_header =
            ORDERS_START ORDERS_MAIN "\tcpf" ORDERS_BUSINESS "\tsignature-confirmation-recommended\n",
        .has_business = true, .has_cpf = true, .order_channel = "WebsiteOrderChannel", .nothing = "",
        .orders_offset = "+00:00", .has_promotion_id = true, .postcode_digits = 5,
        .warehouse = "AMAZON_NA", .winter = "PST", .summer = "PDT",
        .stock_header = STOCK_MAIN STOCK_FUTURE "\tstore\n", .stock_tail = STORE,
        .preamble = "\"Sales tax collected: sales tax of products, shipping and gift wrap.\"\n"
                    "\"Selling fees: referral fees and variable closing fees.\"\n"
                    "\"Other transaction fees: fees that are charged for each item or shipment.\"\n"
                    "\"Other: what belongs to no order; see \"\"type\"\" and \"\"description\"\".\"\n",
    }, {
        .orders_header = ORDERS_START "url\t" ORDERS_MAIN ORDERS_BUSINESS "\n",
        .has_url = true, .has_business = true, .order_channel = "", .nothing = "",
        .orders_offset = "+00:00", .is_legacy = true, .is_german = true, .postcode_digits = 5,
        .warehouse = "AMAZON_EU", .winter = "CET", .summer = "CEST",
        .stock_header =
            STOCK_MAIN STOCK_FUTURE "\tafn-fulfillable-quantity-local\tafn-fulfillable-quantity-remote\n",
        .stock_tail = NEAR_AND_FAR, .preamble = "", .is_paid_in_utc = true,
    }, {
        .orders_header = ORDERS_START "url\t" ORDERS_MAIN "\n",
        .has_url = true, .order_channel = "", .nothing = "0",
        .orders_offset_s = 9 * 3600, .orders_offset = "+09:00", .is_legacy = true,
        .has_promotion_id = true, .postcode_digits = 7,
        .warehouse = "AMAZON_JP", .winter = "JST", .summer = "JST",
        .stock_header = STOCK_MAIN "\n", .stock_tail = OLD, .preamble = "",
    },
};

/* ---- faults: few, and always the same ones --------------------------------------------------- */

enum {
    FOREIGN_MARKET = 1, FOREIGN_ROW = 11, FOREIGN_ROWS = 8,     /* legacy rows in a UTF-8 file */
    SHIFTED_MARKET = 0, SHIFTED_ROW = 120,              /* a TAB in the title moves what follows */
    CUT_MARKET = 1, CUT_ROW = 90,                       /* a row without its second half */
    SHORT_MARKET = 1, SHORT_CYCLE = 3, SHORT_MINOR = 7  /* a settlement whose lines miss some cents */
};

/* ---- a file ---------------------------------------------------------------------------------- */

struct out {
    const char *path;
    int fd;
    struct buf buf;
    struct err *err;                                    /* once it is set nothing more is written */
};

enum { FLUSH_BYTES = 256 * 1024 };

static int out_fault(struct out *o)
{
    if (errno == ENOSPC || errno == EDQUOT)
        return err_set(o->err, ERR_FULL, "No space is left to write \"%s\".", o->path);
    return err_set(o->err, ERR_IO, "\"%s\" cannot be written: %s.", o->path, strerror(errno));
}

static int out_open(struct out *o, const char *path)
{
    o->path = path;
    buf_clear(&o->buf);
    o->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return o->fd < 0 ? out_fault(o) : 0;
}

static void out_flush(struct out *o)
{
    const char *at = buf_str(&o->buf);
    size_t left = o->buf.len;
    while (left > 0 && !o->err->code) {
        ssize_t n = write(o->fd, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            out_fault(o);
            break;
        }
        at += n;
        left -= (size_t)n;
    }
    buf_clear(&o->buf);
}

static int out_close(struct out *o, int64_t told_s)
{
    out_flush(o);
    const struct timespec times[2] = { { .tv_sec = (time_t)told_s }, { .tv_sec = (time_t)told_s } };
    if (!o->err->code && futimens(o->fd, times) < 0)
        out_fault(o);
    if (close(o->fd) < 0)
        out_fault(o);
    return -o->err->code;
}

/* The last byte of a row, behind its last cell, becomes the end of the line. */
static void row_end(struct out *o)
{
    o->buf.at[o->buf.len - 1] = '\n';
    if (o->buf.len >= FLUSH_BYTES)
        out_flush(o);
}

/* ---- texts in the charset of the market's files ---------------------------------------------- */

struct text {
    const char *at;
    size_t n;
};

struct words {                                          /* of the shop's products and places */
    struct text title[SHOP_SKUS];                       /* cell of the title */
    struct text product[SHOP_SKUS];                     /* cells of title, SKU and ASIN */
    struct text place[SHOP_PLACES];                     /* cells of town and region */
};

static struct text encode(struct arena *a, const char *charset, const char *utf8, struct err *err)
{
    int32_t n = (int32_t)strlen(utf8), most = n * 2;    /* no charset of ours needs more */
    char *at = arena_alloc(a, (size_t)most);
    UErrorCode status = U_ZERO_ERROR;
    int32_t got = ucnv_convert(charset, "UTF-8", at, most, utf8, n, &status);
    if (U_FAILURE(status)) {
        err_set(err, ERR_BUG, "The charset %s does not work: %s.", charset, u_errorName(status));
        got = 0;
    }
    return (struct text){ at, (size_t)got };
}

static int words_init(struct words *w, struct arena *a, const struct shop *s, const char *charset,
                      struct err *err)
{
    for (int i = 0; i < SHOP_SKUS; i++) {
        const struct shop_sku *k = &s->sku[i];
        const char *product = arena_printf(a, "%s\t%s\t%s\t", k->title, k->code, k->asin);
        w->title[i] = encode(a, charset, arena_printf(a, "%s\t", k->title), err);
        w->product[i] = encode(a, charset, product, err);
    }
    for (int i = 0; i < SHOP_PLACES; i++) {
        const struct shop_place *p = &s->places[i];
        w->place[i] = encode(a, charset, arena_printf(a, "%s\t%s\t", p->town, p->region), err);
    }
    return -err->code;
}

/* ---- cells ----------------------------------------------------------------------------------- */

#define put(b, literal) buf_put((b), "" literal "", sizeof(literal) - 1)

/* Its zero byte becomes the TAB. */
static void cell(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text) + 1);
    b->at[b->len - 1] = '\t';
}

static void cells(struct buf *b, const struct text *t)
{
    buf_put(b, t->at, t->n);
}

static void cell_int(struct buf *b, int64_t n)
{
    buf_int(b, n);
    buf_char(b, '\t');
}

static void cells_empty(struct buf *b, size_t n)
{
    static const char tabs[] = "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
    assert(n < sizeof tabs);
    buf_put(b, tabs, n);
}

static void put_digits(struct buf *b, uint64_t n, int width)
{
    char digits[16];
    assert(width <= (int)sizeof digits);
    for (int i = width; i-- > 0; n /= 10)
        digits[i] = (char)('0' + n % 10);
    buf_put(b, digits, (size_t)width);
}

/* Capitals and digits. */
static void put_letters(struct buf *b, uint64_t n, int width)
{
    static const char letters[] = "0123456789BCDFGHJKLMNPQRSTVWXYZ";
    for (int i = 0; i < width; i++, n /= sizeof letters - 1)
        buf_char(b, letters[n % (sizeof letters - 1)]);
}

static void put_order_id(struct buf *b, const struct shop_order *order)
{
    char text[] = "000-0000000-0000000", *at = text + sizeof text - 1;
    for (int part = 2; part >= 0; part--)               /* each down to the dash before it */
        for (unsigned n = order->id[part]; at > text && *--at != '-'; n /= 10)
            *at = (char)('0' + n % 10);
    buf_put(b, text, sizeof text - 1);
}

/* hh:mm:ss of a moment given as the seconds that its wall clock shows. */
static void put_time(struct buf *b, int64_t wall_s)
{
    unsigned second = (unsigned)(wall_s % 86400);
    char text[] = "00:00:00";
    const unsigned parts[] = { second / 3600, second / 60 % 60, second % 60 };
    for (int i = 0; i < 3; i++) {
        text[3 * i] = (char)('0' + parts[i] / 10);
        text[3 * i + 1] = (char)('0' + parts[i] % 10);
    }
    buf_put(b, text, sizeof text - 1);
}

/* 23.11.2026 or 23/11/2026 */
static void put_day_first(struct buf *b, int32_t day, char between)
{
    int year;
    unsigned month, of_month;
    day_parts(day, &year, &month, &of_month);
    put_digits(b, of_month, 2);
    buf_char(b, between);
    put_digits(b, month, 2);
    buf_char(b, between);
    put_digits(b, (unsigned)year, 4);
}

/* "SAVE15-MUGS-SG" */
static void put_promotion(struct buf *b, const struct shop_line *l)
{
    put(b, "SAVE");
    buf_int(b, l->discount_percent);
    buf_char(b, '-');
    buf_text(b, l->sku->code);
}

/* "PST" or "PDT" */
static const char *zone_word(const struct shop *s, int64_t instant_s)
{
    int64_t january_s = zone_day_start(s->zone, day_of(2020, 1, 1));
    bool is_summer = zone_offset_s(s->zone, instant_s) > zone_offset_s(s->zone, january_s);
    return is_summer ? dresses[s->no].summer : dresses[s->no].winter;
}

/* ---- the work -------------------------------------------------------------------------------- */

struct demo {
    const struct demo_setup *setup;
    struct arena *arena;
    struct err *err;
    struct out out;
    struct demo_file *files;
    size_t n_files;
    int64_t done, all;                                  /* orders played, over all files */
    const struct shop *shop;                            /* the market at work */
    const struct dress *dress;
    struct words words, utf8;
};

static int file_open(struct demo *d, const char *what, const char *which, const char *ending)
{
    const char *path = arena_printf(d->arena, "%s/%s-%s%s%s%s", d->setup->folder, what,
                                    d->shop->market->code, *which ? "-" : "", which, ending);
    if (out_open(&d->out, path) == 0)
        d->files[d->n_files++] = (struct demo_file){ path, d->shop->market->id, d->setup->until_s };
    return -d->err->code;
}

static int file_close(struct demo *d)
{
    return out_close(&d->out, d->setup->until_s);
}

/* Plays the orders of the days [from, to] that the shop has. */
static void play(struct demo *d, int32_t from, int32_t to,
                 void (*visit)(void *ctx, const struct shop_order *order), void *ctx)
{
    const struct shop *s = d->shop;
    from = from < s->first_day ? s->first_day : from;
    to = to > s->last_day ? s->last_day : to;
    for (int32_t day = from; day <= to && !d->err->code; day++) {
        struct shop_day today;
        struct shop_order order;
        shop_day_init(&today, s, day);
        for (int64_t n = 0; n < today.orders && shop_order(&today, n, &order); n++)
            visit(ctx, &order);
        d->done += today.orders;
        if (d->setup->progress)
            d->setup->progress(d->setup->ctx, d->done, d->all);
    }
}

/* Days whose orders may bring something in [from, to). */
static void days_of(const struct shop *s, int64_t from_s, int64_t to_s, int32_t *from, int32_t *to)
{
    *from = zone_day(s->zone, from_s) - SHOP_ECHO_DAYS;
    *to = zone_day(s->zone, to_s);
}

/* When the line was credited, or its refund; 0: it was not. */
static int64_t posted_s(const struct shop_order *o, const struct shop_line *l, bool is_refund)
{
    return is_refund ? l->refund_s : l->is_cancelled ? 0 : o->shipped_s;
}

/* ---- all orders ------------------------------------------------------------------------------ */

static void cell_instant(struct buf *b, const struct dress *dress, int64_t instant_s)
{
    int64_t wall_s = instant_s + dress->orders_offset_s;
    buf_day(b, (int32_t)(wall_s / 86400));
    buf_char(b, 'T');
    put_time(b, wall_s);
    cell(b, dress->orders_offset);
}

static void cell_amount(struct buf *b, const struct shop *s, bool is_told, int64_t minor)
{
    if (is_told && minor) {
        buf_minor(b, minor, s->digits);
        buf_char(b, '\t');
    } else {
        cell(b, is_told ? dresses[s->no].nothing : "");
    }
}

static void orders_row(struct demo *d, const struct shop_order *o, const struct shop_line *l,
                       int64_t row)
{
    static const char *const statuses[] = {
        [SHOP_PENDING] = "Pending", [SHOP_UNSHIPPED] = "Unshipped", [SHOP_SHIPPED] = "Shipped",
        [SHOP_CANCELLED] = "Cancelled", [SHOP_ODD] = "AwaitingCustoms",
    };
    static const char *const levels[] = {
        [SHOP_STANDARD] = "Standard", [SHOP_EXPEDITED] = "Expedited", [SHOP_SECOND_DAY] = "SecondDay",
        [SHOP_NEXT_DAY] = "NextDay",
    };
    const struct shop *s = d->shop;
    const struct dress *dress = d->dress;
    bool is_foreign = row >= FOREIGN_ROW && row < FOREIGN_ROW + FOREIGN_ROWS;
    const struct words *w = s->no == FOREIGN_MARKET && !is_foreign ? &d->utf8 : &d->words;
    bool is_told = o->had_price, is_cancelled = o->status == SHOP_CANCELLED || l->is_cancelled;
    struct buf *b = &d->out.buf;
    size_t from = b->len;

    put_order_id(b, o);
    cells_empty(b, 2);
    cell_instant(b, dress, o->purchase_s);
    cell_instant(b, dress, o->updated_s);
    cell(b, statuses[o->status]);
    cell(b, o->is_afn ? "Amazon" : "Merchant");
    cell(b, s->market->name);
    cell(b, dress->order_channel);
    cells_empty(b, dress->has_url);
    cell(b, levels[o->level]);
    size_t title_at = b->len;
    cells(b, &w->product[l->sku - s->sku]);
    if (s->no == SHIFTED_MARKET && row == SHIFTED_ROW)
        *(char *)memchr(b->at + title_at, ' ', b->len - title_at) = '\t';
    cell(b, l->is_cancelled ? "Cancelled" : o->status == SHOP_CANCELLED ? "" :
            o->status == SHOP_PENDING ? "Unshipped" : statuses[o->status]);
    cell_int(b, is_cancelled ? 0 : l->quantity);
    cell(b, is_told ? s->market->currency : "");
    cell_amount(b, s, is_told, l->price_minor);
    cell_amount(b, s, is_told, l->tax_minor);
    cell_amount(b, s, is_told, l->shipping_minor);
    cell_amount(b, s, is_told, l->shipping_tax_minor);
    cell_amount(b, s, is_told, 0);
    cell_amount(b, s, is_told, 0);
    cell_amount(b, s, is_told, l->discount_minor);
    cell_amount(b, s, is_told, 0);
    cells(b, &w->place[o->place - s->places]);
    put_digits(b, o->postcode, dress->postcode_digits);
    buf_char(b, '\t');
    cell(b, s->market->country);
    if (l->discount_minor)
        put_promotion(b, l);
    buf_char(b, '\t');
    cells_empty(b, dress->has_cpf);
    if (dress->has_business) {
        cell(b, o->is_business ? "true" : "false");
        if (o->is_business && o->postcode % 2)
            buf_printf(b, "PO-%06u", o->postcode / 10);
        buf_char(b, '\t');
        cell(b, o->is_business ? "Business Price" : "");
    }
    if (dress->has_cpf)                                 /* and its companion, the signature */
        cell(b, "false");
    if (s->no == CUT_MARKET && row == CUT_ROW)
        b->len = from + (b->len - from) / 2;
    row_end(&d->out);
}

struct orders_run {
    struct demo *demo;
    int64_t rows;
};

static void orders_visit(void *ctx, const struct shop_order *o)
{
    struct orders_run *run = ctx;
    for (int i = 0; i < o->n_lines; i++)
        orders_row(run->demo, o, &o->line[i], ++run->rows);
}

static int write_orders(struct demo *d)
{
    struct orders_run run = { .demo = d };
    if (file_open(d, "all-orders", "", ".txt") < 0)
        return -d->err->code;
    buf_text(&d->out.buf, d->dress->orders_header);
    play(d, d->shop->first_day, d->shop->last_day, orders_visit, &run);
    return file_close(d);
}

/* ---- listings and stock ---------------------------------------------------------------------- */

static void listings_row(struct demo *d, const struct shop_sku *k)
{
    const struct shop *s = d->shop;
    struct buf *b = &d->out.buf;
    unsigned n = (unsigned)(k - s->sku);
    int64_t opened_s = zone_day_start(s->zone, k->opened_day) + 8 * 3600 + n * 97;
    int64_t wall_s = opened_s + zone_offset_s(s->zone, opened_s);
    int64_t stock = shop_stock(s, k);
    int year;
    unsigned month, of_month;
    day_parts(k->opened_day, &year, &month, &of_month);

    cells(b, &d->words.title[n]);
    cells_empty(b, 1);
    put_digits(b, month, 2);
    put_digits(b, of_month, 2);
    put_letters(b, (uint64_t)(opened_s * SHOP_SKUS + n), 7);
    buf_char(b, '\t');
    cell(b, k->code);
    buf_minor(b, k->price_minor, s->digits);
    buf_char(b, '\t');
    if (!k->is_afn)
        buf_int(b, stock);
    buf_char(b, '\t');
    if (d->dress->is_german)
        put_day_first(b, k->opened_day, '/');
    else
        buf_day(b, k->opened_day);
    buf_char(b, ' ');
    put_time(b, wall_s);
    buf_char(b, ' ');
    cell(b, zone_word(s, opened_s));
    put(b, "\ty\t1\t\t\t11\t\t\t\t");                   /* image-url to zshop-storefront-feature */
    cell(b, k->asin);
    cells_empty(b, 5);                                  /* asin2 to zshop-boldface */
    cell(b, k->asin);
    cells_empty(b, 2);
    cell(b, k->is_afn ? "" : "0");                      /* pending-quantity */
    cell(b, k->is_afn ? d->dress->warehouse : "DEFAULT");
    cell(b, k->is_bulky ? "Bulky items" : "Standard items");
    cell(b, k->is_closed || stock == 0 ? "Inactive" : "Active");
    row_end(&d->out);
}

static int write_listings(struct demo *d)
{
    if (file_open(d, "listings", "", ".txt") < 0)
        return -d->err->code;
    buf_text(&d->out.buf, listings_header);
    for (int i = 0; i < SHOP_SKUS; i++)
        listings_row(d, &d->shop->sku[i]);
    return file_close(d);
}

static void stock_row(struct demo *d, const struct shop_sku *k)
{
    const struct shop *s = d->shop;
    const struct dress *dress = d->dress;
    struct buf *b = &d->out.buf;
    uint64_t n = (uint64_t)(k - s->sku);
    int64_t fulfillable = shop_stock(s, k);
    int64_t unsellable = n % 7 == 0 ? 2 : 0, reserved = fulfillable / 9;
    int64_t warehouse = fulfillable + unsellable + reserved;
    bool is_coming = !k->is_closed && (fulfillable < 20 || n % 5 == 0);
    int64_t working = is_coming && n % 3 == 0 ? 24 : 0, sent = is_coming && n % 3 == 1 ? 48 : 0;
    int64_t receiving = is_coming && n % 3 == 2 ? 36 : 0;
    bool has_nul = dress->stock_tail == STORE;          /* a null is written as two NUL bytes */

    cell(b, k->code);
    cell(b, k->fnsku);
    cell(b, k->asin);
    cells(b, &d->words.title[n]);
    put(b, "New\t");
    buf_minor(b, k->price_minor, s->digits);
    put(b, "\tNo\t");
    buf_put(b, "\0\0", has_nul ? 2 : 0);
    put(b, "\tYes\t");
    cell_int(b, warehouse);
    cell_int(b, fulfillable);
    cell_int(b, unsellable);
    cell_int(b, reserved);
    cell_int(b, warehouse + working + sent + receiving);
    cell(b, k->is_bulky ? "0.06" : "0.01");
    cell_int(b, working);
    cell_int(b, sent);
    cell_int(b, receiving);
    if (dress->stock_tail != OLD)
        put(b, "0\t0\t0\t");
    if (dress->stock_tail == NEAR_AND_FAR) {
        cell_int(b, fulfillable - fulfillable / 4);
        cell_int(b, fulfillable / 4);
    }
    if (has_nul)
        put(b, "\0\0\t");
    row_end(&d->out);
}

static int write_stock(struct demo *d)
{
    if (file_open(d, "fba-stock", "", ".txt") < 0)
        return -d->err->code;
    buf_text(&d->out.buf, d->dress->stock_header);
    for (int i = d->shop->n_mfn; i < SHOP_SKUS; i++)
        stock_row(d, &d->shop->sku[i]);
    return file_close(d);
}

/* ---- settlements ----------------------------------------------------------------------------- */

struct settlement {                                     /* one of them, being added up or written */
    struct demo *demo;
    struct shop_cycle cycle;
    bool is_written;
    int64_t sum_minor;
};

struct ledger_line {
    const char *type, *kind, *detail;
    int64_t at_s, minor;
    const struct shop_order *order;                     /* NULL: of none */
    const struct shop_line *line;
};

static void put_settled(struct buf *b, const struct shop *s, int64_t minor)
{
    size_t from = b->len;
    buf_minor(b, minor, s->digits);
    char *point = memchr(b->at + from, '.', b->len - from);
    if (point && dresses[s->no].is_german)
        *point = ',';
}

static void put_settled_day(struct buf *b, const struct dress *dress, int64_t instant_s)
{
    if (dress->is_german)
        put_day_first(b, (int32_t)(instant_s / 86400), '.');
    else
        buf_day(b, (int32_t)(instant_s / 86400));
}

static void cell_settled_instant(struct buf *b, const struct dress *dress, int64_t instant_s)
{
    put_settled_day(b, dress, instant_s);
    buf_char(b, ' ');
    put_time(b, instant_s);
    put(b, " UTC\t");
}

static void settlement_row(struct settlement *t, const struct ledger_line *l)
{
    struct demo *d = t->demo;
    const struct shop *s = d->shop;
    const struct shop_order *o = l->order;
    struct buf *b = &d->out.buf;
    bool is_refund = o && l->at_s == l->line->refund_s;
    uint64_t item = o ? o->key + (uint64_t)(l->line - o->line) : 0;

    cell_int(b, t->cycle.id);
    cells_empty(b, 5);
    cell(b, l->type);
    if (o) {
        put_order_id(b, o);
        buf_char(b, '\t');
        put_order_id(b, o);
        buf_char(b, '\t');
        if (is_refund) {
            put(b, "amzn1:crow:");
            put_letters(b, item, 12);
            cells_empty(b, 2);
        } else {
            put(b, "\tD");
            put_letters(b, o->key, 8);
            buf_char(b, '\t');
        }
        cell(b, s->market->name);
    } else {
        cells_empty(b, 5);
    }
    cell(b, l->kind);
    cell(b, l->detail);
    put_settled(b, s, l->minor);
    buf_char(b, '\t');
    cell(b, !o ? "" : o->is_afn ? "AFN" : "MFN");
    put_settled_day(b, d->dress, l->at_s);
    buf_char(b, '\t');
    cell_settled_instant(b, d->dress, l->at_s);
    if (o) {
        put_digits(b, item, 14);
        cells_empty(b, 2);
        if (is_refund)
            put_digits(b, item / 7, 12);
        buf_char(b, '\t');
        cell(b, l->line->sku->code);
        if (!is_refund)
            buf_int(b, l->line->quantity);
        buf_char(b, '\t');
        if (d->dress->has_promotion_id) {
            if (l->line->discount_minor && text_is(l->kind, "Promotion"))
                put_promotion(b, l->line);
            buf_char(b, '\t');
        }
    } else {
        cells_empty(b, 5 + (size_t)d->dress->has_promotion_id);
    }
    row_end(&d->out);
}

static void settlement_line(struct settlement *t, const struct ledger_line *l)
{
    if (!l->minor || l->at_s < t->cycle.from_s || l->at_s >= t->cycle.to_s)
        return;
    t->sum_minor += l->minor;
    if (t->is_written)
        settlement_row(t, l);
}

static void settlement_visit(void *ctx, const struct shop_order *o)
{
    static const struct { const char *kind, *detail; } names[SHOP_AMOUNTS] = {
        [SHOP_PRINCIPAL] = { "ItemPrice", "Principal" },
        [SHOP_TAX] = { "ItemPrice", "Tax" },
        [SHOP_SHIPPING] = { "ItemPrice", "Shipping" },
        [SHOP_SHIPPING_TAX] = { "ItemPrice", "ShippingTax" },
        [SHOP_WITHHELD] = { "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal" },
        [SHOP_SHIPPING_WITHHELD] = { "ItemWithheldTax", "MarketplaceFacilitatorTax-Shipping" },
        [SHOP_PROMOTION] = { "Promotion", "Principal" },
        [SHOP_COMMISSION] = { "ItemFees", "Commission" },
        [SHOP_REFUND_COMMISSION] = { "ItemFees", "RefundCommission" },
        [SHOP_FBA_FEE] = { "ItemFees", "FBAPerUnitFulfillmentFee" },
    };
    struct settlement *t = ctx;
    for (int i = 0; i < o->n_lines; i++) {
        const struct shop_line *l = &o->line[i];
        for (int is_refund = 0; is_refund < 2; is_refund++) {
            const char *type = is_refund ? "Refund" : "Order";
            int64_t at_s = posted_s(o, l, is_refund), amount[SHOP_AMOUNTS];
            if (at_s < t->cycle.from_s || at_s >= t->cycle.to_s)
                continue;
            shop_settle(t->demo->shop, l, is_refund, amount);
            for (int k = 0; k < SHOP_AMOUNTS; k++)
                settlement_line(t, &(struct ledger_line){
                    type, names[k].kind, names[k].detail, at_s, amount[k], o, l });
        }
    }
}

static void settlement_lines(struct settlement *t)
{
    static const struct { const char *type, *kind, *detail; } names[] = {
        [SHOP_SUBSCRIPTION] = { "other-transaction", "other-transaction", "Subscription Fee" },
        [SHOP_STORAGE] = { "other-transaction", "other-transaction", "Storage Fee" },
        [SHOP_ADVERTISING] = { "ServiceFee", "Cost of Advertising", "TransactionTotalAmount" },
    };
    static const char other[] = "other-transaction";
    const struct shop_cycle *c = &t->cycle;
    struct demo *d = t->demo;
    struct shop_charge charge[SHOP_CHARGES];
    int32_t from, to;

    settlement_line(t, &(struct ledger_line){
        other, other, "Previous Reserve Amount Balance", c->from_s, c->reserve_before_minor, NULL, NULL });
    days_of(d->shop, c->from_s, c->to_s, &from, &to);
    play(d, from, to, settlement_visit, t);
    size_t n = shop_charges(d->shop, c->from_s, c->to_s, charge);
    for (size_t i = 0; i < n; i++) {
        enum shop_charge_kind kind = charge[i].kind;
        settlement_line(t, &(struct ledger_line){ names[kind].type, names[kind].kind, names[kind].detail,
                                                  charge[i].at_s, charge[i].minor, NULL, NULL });
    }
    settlement_line(t, &(struct ledger_line){
        other, other, "Current Reserve Amount", c->to_s - 1, -c->reserve_minor, NULL, NULL });
}

/* paid: what is transferred for it. */
static int write_settlement(struct demo *d, int i, int64_t *paid_minor)
{
    const struct shop *s = d->shop;
    const struct dress *dress = d->dress;
    struct settlement t = { .demo = d };
    struct buf *b = &d->out.buf;
    struct buf day = { 0 };

    shop_cycle(s, i, &t.cycle);
    settlement_lines(&t);
    *paid_minor = t.sum_minor;
    if (s->no == SHORT_MARKET && i == SHORT_CYCLE)
        *paid_minor += SHORT_MINOR;

    buf_day(&day, zone_day(s->zone, t.cycle.to_s));
    int rc = file_open(d, "settlement", buf_str(&day), ".txt");
    buf_free(&day);
    if (rc < 0)
        return rc;
    buf_text(b, settlement_header);
    buf_text(b, dress->has_promotion_id ? "\tpromotion-id\n" : "\n");
    cell_int(b, t.cycle.id);
    cell_settled_instant(b, dress, t.cycle.from_s);
    cell_settled_instant(b, dress, t.cycle.to_s);
    cell_settled_instant(b, dress, t.cycle.deposit_s);
    put_settled(b, s, *paid_minor);
    buf_char(b, '\t');
    cell(b, s->market->currency);
    cells_empty(b, 17 + (size_t)dress->has_promotion_id);
    row_end(&d->out);
    t.is_written = true;
    settlement_lines(&t);
    return file_close(d);
}

/* ---- payments of the open cycle -------------------------------------------------------------- */

enum payment_column {
    PRODUCT_SALES, PRODUCT_TAX, SHIPPING_CREDITS, SHIPPING_CREDITS_TAX, GIFT_CREDITS, GIFT_CREDITS_TAX,
    REGULATORY_FEE, REGULATORY_FEE_TAX, REBATES, REBATES_TAX, WITHHELD_TAX, SELLING_FEES, FBA_FEES,
    OTHER_FEES, OTHER, PAYMENT_COLUMNS
};

struct payment_row {
    const char *type, *description;
    int64_t settlement, at_s;
    const struct shop_order *order;                     /* NULL: of none */
    const struct shop_line *line;
    int64_t amount[PAYMENT_COLUMNS];
};

static void put_quoted(struct buf *b, const char *text)
{
    buf_char(b, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_char(b, '"');
        buf_char(b, *text);
    }
    put(b, "\",");
}

/* "-1,052.64"; nothing is "0" whatever the currency. */
static void put_grouped(struct buf *b, const struct shop *s, int64_t minor)
{
    char text[40], *at = text + sizeof text;
    uint64_t rest = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    if (minor) {
        for (int i = 0; i < s->digits; i++, rest /= 10)
            *--at = (char)('0' + rest % 10);
        if (s->digits)
            *--at = '.';
    }
    int placed = 0;
    do {
        if (placed && placed % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + rest % 10);
        placed++;
    } while (rest /= 10);
    if (minor < 0)
        *--at = '-';
    buf_char(b, '"');
    buf_put(b, at, (size_t)(text + sizeof text - at));
    put(b, "\",");
}

/* "Nov 3, 2026 1:05:07 AM PST" */
static void put_payment_time(struct buf *b, const struct shop *s, int64_t instant_s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    bool is_utc = dresses[s->no].is_paid_in_utc;
    int64_t wall_s = instant_s + (is_utc ? 0 : zone_offset_s(s->zone, instant_s));
    int year;
    unsigned month, of_month, hour = (unsigned)(wall_s % 86400 / 3600);
    day_parts((int32_t)(wall_s / 86400), &year, &month, &of_month);
    buf_printf(b, "\"%.3s %u, %d %u:%02d:%02d %s %s\",", months + 3 * (month - 1), of_month, year,
               (hour + 11) % 12 + 1, (int)(wall_s / 60 % 60), (int)(wall_s % 60), hour < 12 ? "AM" : "PM",
               is_utc ? "UTC" : zone_word(s, instant_s));
}

static void payment_write(struct demo *d, const struct payment_row *p)
{
    const struct shop *s = d->shop;
    const struct shop_order *o = p->order;
    struct buf *b = &d->out.buf;
    int64_t total = 0;
    put_payment_time(b, s, p->at_s);
    buf_char(b, '"');
    buf_int(b, p->settlement);
    put(b, "\",");
    put_quoted(b, p->type);
    if (o) {
        buf_char(b, '"');
        put_order_id(b, o);
        put(b, "\",");
        put_quoted(b, p->line->sku->code);
        put_quoted(b, p->line->sku->title);
        buf_printf(b, "\"%d\",\"a%s\",\"Standard Orders\",\"%s\",", p->line->quantity,
                   s->market->name + 1, o->is_afn ? "Amazon" : "Seller");
        put_quoted(b, o->place->town);
        put_quoted(b, o->place->region);
        buf_char(b, '"');
        put_digits(b, o->postcode, d->dress->postcode_digits);
        put(b, "\",");
        put_quoted(b, o->place->tax_bp ? "MarketplaceFacilitator" : "");
    } else {
        put(b, "\"\",\"\",");
        put_quoted(b, p->description);
        put(b, "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",");
    }
    for (int i = 0; i < PAYMENT_COLUMNS; i++) {
        put_grouped(b, s, p->amount[i]);
        total += p->amount[i];
    }
    put_grouped(b, s, total);
    row_end(&d->out);
}

static void payments_visit(void *ctx, const struct shop_order *o)
{
    static const enum payment_column columns[SHOP_AMOUNTS] = {
        [SHOP_PRINCIPAL] = PRODUCT_SALES, [SHOP_TAX] = PRODUCT_TAX, [SHOP_SHIPPING] = SHIPPING_CREDITS,
        [SHOP_SHIPPING_TAX] = SHIPPING_CREDITS_TAX, [SHOP_WITHHELD] = WITHHELD_TAX,
        [SHOP_SHIPPING_WITHHELD] = WITHHELD_TAX, [SHOP_PROMOTION] = REBATES,
        [SHOP_COMMISSION] = SELLING_FEES, [SHOP_REFUND_COMMISSION] = SELLING_FEES,
        [SHOP_FBA_FEE] = FBA_FEES,
    };
    struct settlement *t = ctx;
    for (int i = 0; i < o->n_lines; i++) {
        const struct shop_line *l = &o->line[i];
        for (int is_refund = 0; is_refund < 2; is_refund++) {
            int64_t at_s = posted_s(o, l, is_refund), amount[SHOP_AMOUNTS];
            if (at_s < t->cycle.from_s)
                continue;
            struct payment_row p = { .type = is_refund ? "Refund" : "Order", .settlement = t->cycle.id,
                                     .at_s = at_s, .order = o, .line = l };
            shop_settle(t->demo->shop, l, is_refund, amount);
            for (int k = 0; k < SHOP_AMOUNTS; k++)
                p.amount[columns[k]] += amount[k];
            payment_write(t->demo, &p);
        }
    }
}

/* paid: for the cycle before. */
static int write_payments(struct demo *d, int64_t paid_minor)
{
    static const struct { const char *type, *description; } names[] = {
        [SHOP_SUBSCRIPTION] = { "Service Fee", "Subscription" },
        [SHOP_STORAGE] = { "FBA Inventory Fee", "FBA storage fee" },
        [SHOP_ADVERTISING] = { "Service Fee", "Cost of Advertising" },
    };
    const struct shop *s = d->shop;
    struct settlement t = { .demo = d };
    struct shop_cycle before;
    struct shop_charge charge[SHOP_CHARGES];
    struct buf *b = &d->out.buf;
    int32_t from, to;

    if (file_open(d, "payments", "", ".csv") < 0)
        return -d->err->code;
    shop_cycle(s, s->n_cycles - 1, &before);
    shop_cycle(s, s->n_cycles, &t.cycle);
    put(b, "\xEF\xBB\xBF" "\"Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore"
           " transactions\"\n\"All amounts in ");
    buf_text(b, s->market->currency);
    put(b, ", unless specified\"\n\"Definitions:\"\n");
    buf_text(b, d->dress->preamble);
    buf_text(b, payments_header);

    payment_write(d, &(struct payment_row){
        .type = "Transfer", .description = "To account ending in: 042", .settlement = before.id,
        .at_s = before.deposit_s, .amount = { [OTHER] = -paid_minor } });
    days_of(s, t.cycle.from_s, s->until_s, &from, &to);
    play(d, from, to, payments_visit, &t);
    size_t n = shop_charges(s, t.cycle.from_s, s->until_s + 1, charge);
    for (size_t i = 0; i < n; i++)
        payment_write(d, &(struct payment_row){
            .type = names[charge[i].kind].type, .description = names[charge[i].kind].description,
            .settlement = t.cycle.id, .at_s = charge[i].at_s, .amount = { [OTHER] = charge[i].minor } });
    return file_close(d);
}

/* ---- what is said ----------------------------------------------------------------------------- */

static int write_said(struct demo *d, const char *what, const char *which, const char *ending,
                      void (*talk)(struct buf *out, const struct shop *s))
{
    if (file_open(d, what, which, ending) < 0)
        return -d->err->code;
    talk(&d->out.buf, d->shop);
    return file_close(d);
}

enum { COUPON_FILES = 4 };

static int write_talk(struct demo *d)
{
    int rc = write_said(d, "mail", "", ".mbox", talk_mail);
    if (rc == 0)
        rc = write_said(d, "feedback", "", ".txt", talk_feedback);
    if (rc == 0)
        rc = write_said(d, "returns", "", ".txt", talk_returns);
    if (rc == 0)
        rc = write_said(d, "promotions", "", ".json", talk_promotions);
    for (int ago = COUPON_FILES - 1; rc == 0 && ago >= 0; ago--) {
        char which[16];
        snprintf(which, sizeof which, "%d", COUPON_FILES - ago);
        rc = file_open(d, "coupons", which, ".json");
        if (rc == 0) {
            talk_coupons(&d->out.buf, d->shop, ago * 2);
            rc = out_close(&d->out, d->setup->until_s - ago * 2 * 86400);
            d->files[d->n_files - 1].told_s = d->setup->until_s - ago * 2 * 86400;
        }
    }
    if (rc == 0)
        rc = write_said(d, "traffic", "", ".json", talk_traffic);
    if (rc == 0)
        rc = write_said(d, "notifications", "", ".json", talk_notifications);
    return rc;
}

enum { HEALTH_FILES = 2, SAID_FILES = 6 + COUPON_FILES };

static int write_health(struct demo *d, const struct shop *shops)
{
    int rc = 0;
    d->shop = &shops[0];
    for (int weeks = HEALTH_FILES - 1; rc == 0 && weeks >= 0; weeks--) {
        rc = file_open(d, "health", weeks ? "before" : "", ".json");
        if (rc == 0) {
            talk_health(&d->out.buf, shops, SHOP_MARKETS, weeks);
            rc = file_close(d);
        }
    }
    return rc;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* How many orders are played for a market, for the progress. */
static int64_t orders_to_play(const struct shop *s, bool orders_only)
{
    int64_t n = s->before[SHOP_DAYS];
    for (int i = 0; !orders_only && i <= s->n_cycles; i++) {
        struct shop_cycle c;
        int32_t from, to;
        shop_cycle(s, i, &c);
        days_of(s, c.from_s, c.to_s, &from, &to);
        n += shop_orders(s, from, to + 1) * (i < s->n_cycles ? 2 : 1);
    }
    return n;
}

static int write_market(struct demo *d, const struct shop *s)
{
    d->shop = s;
    d->dress = &dresses[s->no];
    const char *charset = d->dress->is_legacy ? s->market->charset : "UTF-8";
    int rc = words_init(&d->words, d->arena, s, charset, d->err);
    if (rc == 0)
        rc = words_init(&d->utf8, d->arena, s, "UTF-8", d->err);
    if (rc == 0 && !d->setup->orders_only)
        rc = write_listings(d);
    if (rc == 0 && !d->setup->orders_only)
        rc = write_stock(d);
    if (rc == 0)
        rc = write_orders(d);
    int64_t paid_minor = 0;
    for (int i = 0; rc == 0 && !d->setup->orders_only && i < s->n_cycles; i++)
        rc = write_settlement(d, i, &paid_minor);
    if (rc == 0 && !d->setup->orders_only)
        rc = write_payments(d, paid_minor);
    if (rc == 0 && !d->setup->orders_only)
        rc = write_talk(d);
    return rc;
}

int demo_write(struct arena *a, const struct demo_setup *setup, struct demo_file **files, size_t *n,
               struct err *err)
{
    enum { MOST_ORDERS = 1000000000 };
    if (setup->orders < 1 || setup->orders > MOST_ORDERS)
        return err_set(err, ERR_INPUT, "A demo shop has 1 to %d orders.", MOST_ORDERS);
    int32_t first = day_of(1972, 1, 1), last = day_of(2100, 1, 1);
    if (setup->until_s < first * INT64_C(86400) || setup->until_s >= last * INT64_C(86400))
        return err_set(err, ERR_INPUT, "A demo shop ends between 1972 and 2099.");

    struct demo *d = arena_zero(a, sizeof *d);
    struct shop *shops = arena_alloc(a, SHOP_MARKETS * sizeof *shops);
    size_t most = 0;
    d->setup = setup;
    d->arena = a;
    d->err = d->out.err = err;
    for (int i = 0; i < SHOP_MARKETS; i++) {
        if (shop_init(&shops[i], i, setup->orders, setup->seed, setup->until_s, err) < 0)
            return -err->code;
        d->all += orders_to_play(&shops[i], setup->orders_only);
        most += 4 + (size_t)shops[i].n_cycles + SAID_FILES;
    }
    most += HEALTH_FILES;
    d->files = arena_alloc(a, most * sizeof *d->files);
    for (int i = 0; i < SHOP_MARKETS && !err->code; i++)
        write_market(d, &shops[i]);
    if (!err->code && !setup->orders_only)
        write_health(d, shops);
    buf_free(&d->out.buf);
    while (err->code && d->n_files > 0)                 /* all files or none */
        unlink(d->files[--d->n_files].path);
    *files = d->files;
    *n = d->n_files;
    return -err->code;
}
