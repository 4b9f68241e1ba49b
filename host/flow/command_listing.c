/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_listing.c: what shall become of listings: prices, quantities, on sale or not; one listing, or all that a
 * page lists; and the files with which the changes are handed in.
 *
 * in:     a SKU in a market, or a choice of listings with how many they were when somebody looked
 * out:    outgoing, outgoing_file
 * knows:  outgoing
 */
#include "command_in.h"

#include <stdlib.h>
#include <string.h>

#include "data/outgoing.h"

enum { QUANTITY_MOST = 1000000, HANDLING_DAYS = 30, PERCENT_LEAST = -9000, PERCENT_MOST = 100000, SURE_BP = 5000 };

/* ---- fields ----------------------------------------------------------------------------------- */

static const struct souk_choice statuses[] = {
    { "active", "listing.active" }, { "inactive", "listing.inactive" },
};
static const struct souk_choice of_status[] = {
    { "all", "listing.all" }, { "active", "listing.active" }, { "inactive", "listing.inactive" },
    { "stock", "listing.inactive_stock" },
};
static const struct souk_choice of_fulfilment[] = {
    { "all", "listing.all" }, { "seller", "listing.by_seller" }, { "marketplace", "listing.by_marketplace" },
};

/* A field whose title is not the one that other commands give to its name. */
#define TITLED(kind, its_name, its_title, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, \
        .name = (its_name), .title = (its_title), __VA_ARGS__ }
#define ONE FIELD(MARKET, "market", NEEDED), FIELD(LINE, "sku", NEEDED, MOST(KEY_LETTERS))
#define MANY FIELD(MARKET, "market", NEEDED), \
    TITLED(ONE_OF, "of_status", "field.status", CHOICES(of_status), .fallback = SOUK_WORD(SOUK_TEXT, "all")), \
    FIELD(ONE_OF, "of_fulfilment", CHOICES(of_fulfilment), .fallback = SOUK_WORD(SOUK_TEXT, "all")), \
    FIELD(LINE, "find", OPTIONAL, MOST(KEY_LETTERS), .about = "field.find.about"), \
    FIELD(COUNT, "count", NEEDED, .min = 1, MOST(COUNT_MOST), .about = "field.count.about")
#define QUANTITY(flag) FIELD(COUNT, "quantity", flag, MOST(QUANTITY_MOST), .about = "field.quantity.about")
#define HANDLING FIELD(COUNT, "handling_days", OPTIONAL, MOST(HANDLING_DAYS), .about = "field.handling_days.about")
#define STATUS TITLED(ONE_OF, "status", "field.status", NEEDED, CHOICES(statuses))
#define SURE FIELD(BOOL, "sure", OPTIONAL, .about = "field.sure.about")

static const struct souk_field price_fields[] = {
    ONE,
    TITLED(MONEY, "price", "field.asked", NEEDED, .min = 1, MOST(MINOR_MOST), .currency_of = "market"),
    FIELD(MONEY, "least", OPTIONAL, .min = 1, MOST(MINOR_MOST), .currency_of = "market", .about = "field.least.about"),
    FIELD(MONEY, "most", OPTIONAL, .min = 1, MOST(MINOR_MOST), .currency_of = "market", .about = "field.most.about"),
    SURE,
};
static const struct souk_field quantity_fields[] = { ONE, QUANTITY(NEEDED), HANDLING };
static const struct souk_field status_fields[] = {
    ONE, STATUS, TITLED(COUNT, "quantity", "field.quantity", OPTIONAL, MOST(QUANTITY_MOST), .about = "field.quantity.again"),
};
static const struct souk_field prices_fields[] = {
    MANY, TITLED(PERCENT, "percent", "field.by_percent", NEEDED, .min = PERCENT_LEAST, MOST(PERCENT_MOST),
                 .about = "field.by_percent.about"),
    SURE,
};
static const struct souk_field quantities_fields[] = { MANY, QUANTITY(NEEDED), HANDLING };
static const struct souk_field statuses_fields[] = { MANY, STATUS };

/* ---- one -------------------------------------------------------------------------------------- */

static struct money money_arg(const struct souk_args *args, const char *name)
{
    struct money m = { arg_int(args, name, 0), "" };
    if (arg_is_told(args, name))
        memcpy(m.currency, souk_given(args, name)->currency, sizeof m.currency);
    return m;
}

static struct number number_arg(const struct souk_args *args, const char *name)
{
    return (struct number){ arg_is_told(args, name), arg_int(args, name, 0) };
}

static struct outgoing_change change_of(const struct souk_args *args, enum outgoing_kind kind)
{
    return (struct outgoing_change){
        .market = market_by_id(arg_text(args, "market")), .sku = arg_text(args, "sku"), .kind = kind,
        .price = money_arg(args, "price"), .least = money_arg(args, "least"), .most = money_arg(args, "most"),
        .quantity = number_arg(args, "quantity"), .handling_days = number_arg(args, "handling_days"),
        .is_active = text_is(arg_text(args, "status"), "active"), .reason = "",
    };
}

/* The field that a refusal is about. */
static const char *field_of(const struct outgoing_change *c, int rc)
{
    return c->kind == OUTGOING_PRICE && rc == -ERR_DENIED && c->price.currency[0] ? "price" : "sku";
}

static int put_one(struct doing *d, const struct outgoing_change *c, struct err *err)
{
    static const char *const kinds[] = { "", "done.listing.price", "done.listing.quantity", "done.listing.status" };
    int64_t batch = 0;
    int rc = outgoing_put(&d->to, c, d->now_s, &batch, err);
    d->ref = arena_printf(d->a, "listing:%s", c->sku);
    if (rc < 0) {
        d->field = field_of(c, rc);
        return rc;
    }
    if (rc == OUTGOING_QUEUED)
        say(d, kinds[c->kind], { "sku", souk_text(c->sku) }, { "market", souk_text(c->market->name) },
            { "price", souk_money(c->price.minor, c->market->currency) }, { "n", souk_count(c->quantity.n) },
            { "status", souk_text(c->is_active ? "active" : "inactive") });
    else
        say(d, rc == OUTGOING_BACK ? "done.listing.back" : "done.listing.known", { "sku", souk_text(c->sku) });
    return 0;
}

static const char sql_price[] =
    "SELECT l.price_minor FROM listing l JOIN market m ON m.no = l.market_no JOIN sku k ON k.no = l.sku_no"
    " WHERE m.id = :market AND k.sku = :sku AND l.currency = :currency";

/* A price of less than half or more than double is a slip more often than it is meant. */
static int check_sure(struct doing *d, const struct outgoing_change *c, bool is_sure, struct err *err)
{
    struct stmt *get = stmt_of(d->db, sql_price, err);
    int64_t was = 0;
    if (!get)
        return -err->code;
    bind_text(get, 1, c->market->id);
    bind_text(get, 2, c->sku);
    bind_text(get, 3, c->price.currency);
    int rc = stmt_step(d->db, get, err);
    if (rc < 0)
        return rc;
    if (rc > 0) {
        was = stmt_int(get, 0);
        stmt_reset(get);
    }
    if (is_sure || !was || (c->price.minor * 2 >= was && c->price.minor <= was * 2))
        return 0;
    return doing_refuse(d, "price", err, ERR_DENIED, "The price of %.80s would be %s what it is now: say that you are sure,"
                        " if it is meant.", c->sku, c->price.minor < was ? "less than half of" : "more than double");
}

static int run_price(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct outgoing_change c = change_of(args, OUTGOING_PRICE);
    if (c.least.currency[0] && c.least.minor > c.price.minor)
        return doing_refuse(d, "least", err, ERR_INPUT, "The lowest price is above the price itself.");
    if (c.most.currency[0] && c.most.minor < c.price.minor)
        return doing_refuse(d, "most", err, ERR_INPUT, "The highest price is beneath the price itself.");
    if (check_sure(d, &c, arg_int(args, "sure", 0), err) < 0)
        return -err->code;
    return put_one(d, &c, err);
}

static int run_quantity(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct outgoing_change c = change_of(args, OUTGOING_QUANTITY);
    return put_one(d, &c, err);
}

static int run_status(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct outgoing_change c = change_of(args, OUTGOING_STATUS);
    if (!c.is_active && c.quantity.is_told)
        return doing_refuse(d, "quantity", err, ERR_INPUT, "What goes off sale has no quantity: leave it empty.");
    return put_one(d, &c, err);
}

/* ---- many ------------------------------------------------------------------------------------- */

struct tally {
    int64_t queued, known, left_out;
    struct err first;                                   /* why the first of them was left out */
};

static int put_many(struct doing *d, const struct souk_args *args, struct outgoing_change *c, int64_t percent_bp,
                    struct err *err)
{
    const struct outgoing_choice choice = {
        c->market, arg_text(args, "of_status"), arg_text(args, "of_fulfilment"), arg_text(args, "find"),
    };
    struct outgoing_listing *list;
    size_t n;
    struct tally t = { 0 };
    int64_t batch = 0, count = arg_int(args, "count", 0);
    int rc = outgoing_choose(d->db, d->a, &choice, &list, &n, err);
    if (rc < 0)
        return rc;
    if (n > OUTGOING_MOST)
        return doing_refuse(d, "find", err, ERR_INPUT, "These are more than %d listings: choose fewer at once.",
                            OUTGOING_MOST);
    if ((int64_t)n != count)
        return doing_refuse(d, "count", err, ERR_INPUT, "It was to be %lld listings, and now they are %zu: look at the"
                            " list again.", (long long)count, n);
    for (size_t i = 0; i < n; i++) {
        struct err why = { 0 };
        c->sku = list[i].sku;
        if (c->kind == OUTGOING_PRICE) {
            c->price = list[i].price;
            c->price.minor = divide_round(c->price.minor * (10000 + percent_bp), 10000);
            if (!c->price.currency[0] || c->price.minor < 1)
                err_set(&why, ERR_DENIED, "%.80s has no price that could be changed.", c->sku);
        }
        rc = why.code ? -why.code : outgoing_put(&d->to, c, d->now_s, &batch, &why);
        if (rc < 0 && rc != -ERR_DENIED)
            return err_set(err, (enum err_code)why.code, "%s", why.text);
        if (rc < 0 && !t.left_out++)
            t.first = why;
        t.queued += rc == OUTGOING_QUEUED;
        t.known += rc == OUTGOING_KNOWN || rc == OUTGOING_BACK;
    }
    if (t.left_out == (int64_t)n)
        return err_set(err, ERR_DENIED, "None of these %zu listings can be changed so. %s", n, t.first.text);
    say(d, "done.listings", { "n", souk_count(t.queued) }, { "known", souk_count(t.known) });
    if (t.left_out)
        say(d, "done.listings.left_out", { "n", souk_count(t.left_out) }, { "why", souk_text(t.first.text) });
    if (t.queued)
        d->ref = arena_printf(d->a, "batch:%lld", (long long)batch);
    return 0;
}

static int run_prices(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct outgoing_change c = change_of(args, OUTGOING_PRICE);
    int64_t bp = arg_int(args, "percent", 0);
    if (!bp)
        return doing_refuse(d, "percent", err, ERR_INPUT, "A change by 0 %% changes nothing.");
    if ((bp < -SURE_BP || bp > 2 * SURE_BP) && !arg_int(args, "sure", 0))
        return doing_refuse(d, "percent", err, ERR_DENIED, "Prices would fall to less than half or more than double:"
                            " say that you are sure, if it is meant.");
    return put_many(d, args, &c, bp, err);
}

static int run_quantities(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct outgoing_change c = change_of(args, OUTGOING_QUANTITY);
    return put_many(d, args, &c, 0, err);
}

static int run_statuses(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct outgoing_change c = change_of(args, OUTGOING_STATUS);
    return put_many(d, args, &c, 0, err);
}

/* ---- vacation --------------------------------------------------------------------------------- */

static const struct souk_field market_fields[] = { FIELD(MARKET, "market", NEEDED) };

static int run_vacation(struct doing *d, const struct souk_args *args, bool is_over, struct err *err)
{
    const struct market *market = market_by_id(arg_text(args, "market"));
    int64_t batch = 0, left_out;
    int n = (is_over ? outgoing_resume : outgoing_pause)(&d->to, market, d->now_s, &batch, &left_out, err);
    if (n < 0)
        return n;
    if (batch)
        d->ref = arena_printf(d->a, "batch:%lld", (long long)batch);
    say(d, is_over ? "done.listings.resume" : "done.listings.pause", { "n", souk_count(n) }, { "market", souk_text(market->name) });
    if (left_out)
        say(d, "done.listings.by_hand", { "n", souk_count(left_out) });
    return 0;
}

static int run_pause(struct doing *d, const struct souk_args *args, struct err *err)
{
    return run_vacation(d, args, false, err);
}

static int run_resume(struct doing *d, const struct souk_args *args, struct err *err)
{
    return run_vacation(d, args, true, err);
}

/* ---- what waits ------------------------------------------------------------------------------- */

static const struct souk_field cancel_fields[] = {
    FIELD(COUNT, "outgoing", OPTIONAL), FIELD(COUNT, "batch", OPTIONAL, .about = "field.batch.about"),
};
static const struct souk_field file_fields[] = { FIELD(COUNT, "file", NEEDED) };
static const struct souk_field failed_fields[] = {
    FIELD(COUNT, "outgoing", NEEDED), FIELD(LINE, "reason", NEEDED, MOST(LINE_LETTERS)),
};

static int run_cancel(struct doing *d, const struct souk_args *args, struct err *err)
{
    bool is_batch = arg_is_told(args, "batch");
    int64_t no = arg_int(args, is_batch ? "batch" : "outgoing", 0);
    if (is_batch == arg_is_told(args, "outgoing"))
        return doing_refuse(d, "outgoing", err, ERR_INPUT, "Say which change is taken back, or which batch of them: one of"
                            " the two.");
    int rc = outgoing_cancel(&d->to, no, is_batch, d->now_s, err);
    if (rc < 0)
        d->field = is_batch ? "batch" : "outgoing";
    d->ref = arena_printf(d->a, "%s:%lld", is_batch ? "batch" : "outgoing", (long long)no);
    say(d, "done.outgoing.cancel", { "n", souk_count(rc) });
    return rc < 0 ? rc : 0;
}

static int run_download(struct doing *d, const struct souk_args *args, struct err *err)
{
    const struct market *market = market_by_id(arg_text(args, "market"));
    int64_t first;
    int n, rc = outgoing_pack(&d->to, market, d->now_s, &first, &n, err);
    if (rc == 0)
        return doing_refuse(d, "market", err, ERR_ABSENT, "Nothing waits for %s.", market->name);
    d->ref = arena_printf(d->a, "outgoing_file:%lld", (long long)first);
    say(d, n > 1 ? "done.outgoing.files" : "done.outgoing.file", { "file", souk_count(first) },
        { "other", souk_count(first + 1) }, { "n", souk_count(rc) });
    return rc < 0 ? rc : 0;
}

static int run_handed_in(struct doing *d, const struct souk_args *args, struct err *err)
{
    int64_t file = arg_int(args, "file", 0);
    int rc = outgoing_hand_in(&d->to, file, d->now_s, err);
    if (rc < 0)
        d->field = "file";
    d->ref = arena_printf(d->a, "outgoing_file:%lld", (long long)file);
    say(d, "done.outgoing.handed_in", { "n", souk_count(rc) });
    return rc < 0 ? rc : 0;
}

static int run_failed(struct doing *d, const struct souk_args *args, struct err *err)
{
    int64_t no = arg_int(args, "outgoing", 0);
    int rc = outgoing_fail(&d->to, no, arg_text(args, "reason"), d->now_s, err);
    if (rc < 0)
        d->field = "outgoing";
    d->ref = arena_printf(d->a, "outgoing:%lld", (long long)no);
    say(d, "done.outgoing.failed");
    return rc < 0 ? rc : 0;
}

const struct command_info listing_commands[] = {
    COMMAND("listing.price", RIGHT_EDIT, price_fields, run_price),
    COMMAND("listing.quantity", RIGHT_EDIT, quantity_fields, run_quantity),
    COMMAND("listing.status", RIGHT_EDIT, status_fields, run_status),
    COMMAND("listings.price", RIGHT_EDIT, prices_fields, run_prices),
    COMMAND("listings.quantity", RIGHT_EDIT, quantities_fields, run_quantities),
    COMMAND("listings.status", RIGHT_EDIT, statuses_fields, run_statuses),
    COMMAND("listings.pause", RIGHT_EDIT, market_fields, run_pause),
    COMMAND("listings.resume", RIGHT_EDIT, market_fields, run_resume),
    COMMAND("outgoing.cancel", RIGHT_EDIT, cancel_fields, run_cancel),
    COMMAND("outgoing.download", RIGHT_EDIT, market_fields, run_download),
    COMMAND("outgoing.handed_in", RIGHT_EDIT, file_fields, run_handed_in),
    COMMAND("outgoing.failed", RIGHT_EDIT, failed_fields, run_failed),
    { .name = NULL },
};
