/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-notifications.c: what the marketplace tells as it happens: notification messages, as they are
 * or in the envelope of the queue or event bus that brought them.
 *
 * in:     JSON: one message, an array of them, or one a line; both ways to spell their names
 * out:    records of kind notice, and rival for what other offers ask
 * knows:  souk/import.h
 *
 * Messages come more than once; their own id tells them apart.  A type that is not known makes a notice
 * all the same, since a new one may be the one that matters.
 */
#include <souk/import.h>

#include <string.h>

enum column {
    LINE, ID, TYPE, AT, MARKET, SKU, ASIN, ORDER, STATUS_BEFORE, STATUS, SEVERITIES, ACTIONS, WORD, NAME, UNTIL, QUANTITY,
    OWN_SELLER, SELLER, PRICE, PRICE_CURRENCY, SHIPPING, SHIPPING_CURRENCY, IS_FEATURED, EXTRA
};

/* The messages differ in where they have these things; names are compared without case. */
static const struct souk_import_column columns[] = {
    { "id",     "notificationMetadata.notificationId", SOUK_TEXT, 0, NULL },
    { "type",   "notificationType|^^^.notificationType", SOUK_TEXT, SOUK_NEEDED, NULL },
    { "at",
      "^.offerChangeTrigger.timeOfOfferChange|eventTime|notificationMetadata.publishTime",
      SOUK_INSTANT, 0, NULL },
    { "market",
      "payload.marketplaceId|payload.offerChangeTrigger.marketplaceId|"
      "payload.anyOfferChangedNotification.offerChangeTrigger.marketplaceId|"
      "payload.feePromotionNotification.marketplaceId|payload.orderChangeNotification.summary.marketplaceId|"
      "^.offerChangeTrigger.marketplaceId",
      SOUK_MARKET, 0, NULL },
    { "sku",    "payload.sku|payload.sellerSku", SOUK_TEXT, 0, NULL },
    { "asin",
      "payload.asin|payload.offerChangeTrigger.asin|payload.anyOfferChangedNotification.offerChangeTrigger.asin|"
      "^.offerChangeTrigger.asin",
      SOUK_TEXT, 0, NULL },
    { "order",  "payload.orderChangeNotification.amazonOrderId", SOUK_TEXT, 0, NULL },
    { "status_before",
      "payload.accountStatusChangeNotification.previousAccountStatus|payload.previousProductType",
      SOUK_TEXT, 0, NULL },
    { "status",
      "payload.accountStatusChangeNotification.currentAccountStatus|payload.currentProductType|payload.status[]|"
      "payload.issueType|payload.reportProcessingFinishedNotification.processingStatus|"
      "payload.feedProcessingFinishedNotification.processingStatus|payload.processingStatus|"
      "payload.orderChangeNotification.orderChangeTrigger.changeReason|"
      "payload.feePromotionNotification.feePromotionType|payload.attributesChanged[]",
      SOUK_TEXT, 0, NULL },
    { "severities", "payload.severities[]", SOUK_TEXT, 0, NULL },
    { "actions",    "payload.enforcementActions[]", SOUK_TEXT, 0, NULL },
    { "word",       "payload.orderChangeNotification.orderChangeType", SOUK_TEXT, 0, NULL },
    { "name",
      "payload.reportProcessingFinishedNotification.reportType|"
      "payload.feedProcessingFinishedNotification.feedType|payload.brandName|"
      "payload.feePromotionNotification.feePromotionTypeDescription",
      SOUK_TEXT, 0, NULL },
    { "until",
      "payload.feePromotionNotification.promotionActiveTimeRange.effectiveThroughDate",
      SOUK_INSTANT, 0, NULL },
    { "quantity",   "payload.quantity", SOUK_COUNT, 0, NULL },
    { "own_seller", "^.sellerId", SOUK_TEXT, 0, NULL },
    { "seller",     "sellerId", SOUK_TEXT, 0, NULL },
    { "price",      "listingPrice.amount", SOUK_MONEY, 0, "price_currency" },
    { "price_currency", "listingPrice.currencyCode", SOUK_CURRENCY, 0, NULL },
    { "shipping",   "shipping.amount", SOUK_MONEY, 0, "shipping_currency" },
    { "shipping_currency", "shipping.currencyCode", SOUK_CURRENCY, 0, NULL },
    { "is_featured", "isBuyBoxWinner", SOUK_BOOL, 0, NULL },
    { "payload",    "payload", SOUK_NONE, 0, NULL },
};

static int is(const struct souk_value *v, const char *word)
{
    return v->type == SOUK_TEXT && strcmp(v->text.at, word) == 0;
}

static int has(const struct souk_value *v, const char *word)
{
    return v->type == SOUK_TEXT && strstr(v->text.at, word) != NULL;
}

/* ---- how bad it is: "" where there is nothing to tell ------------------------------------------- */

static const char *account_severity(const struct souk_value *in)
{
    return is(&in[STATUS], "NORMAL") ? "info" : "bad";
}

static const char *issues_severity(const struct souk_value *in)
{
    if (in[ACTIONS].type == SOUK_TEXT || has(&in[SEVERITIES], "ERROR"))
        return "bad";
    return in[SEVERITIES].type == SOUK_TEXT ? "watch" : "info";
}

static const char *status_severity(const struct souk_value *in)
{
    return has(&in[STATUS], "BUYABLE") ? "info" : "watch";
}

static const char *quantity_severity(const struct souk_value *in)
{
    return in[QUANTITY].type == SOUK_COUNT && in[QUANTITY].num == 0 ? "watch" : "";
}

/* Cancelled mostly means that there is no data. */
static const char *processing_severity(const struct souk_value *in)
{
    return is(&in[STATUS], "FATAL") ? "watch" : is(&in[STATUS], "CANCELLED") ? "info" : "";
}

/* What a buyer asks for; the rest comes with the orders report. */
static const char *order_severity(const struct souk_value *in)
{
    return is(&in[WORD], "BuyerRequestedChange") ? "watch" : "";
}

static const char *watch(const struct souk_value *in)
{
    (void)in;
    return "watch";
}

static const char *info(const struct souk_value *in)
{
    (void)in;
    return "info";
}

static const char *nothing(const struct souk_value *in)
{
    (void)in;
    return "";
}

/* ---- types ------------------------------------------------------------------------------------ */

static const struct type {
    const char *name, *class;
    const char *(*severity)(const struct souk_value *in);
    enum column subject;
} types[] = {
    { "ACCOUNT_STATUS_CHANGED",            "account", account_severity,    TYPE },
    { "LISTINGS_ITEM_ISSUES_CHANGE",       "listing", issues_severity,     SKU },
    { "LISTINGS_ITEM_STATUS_CHANGE",       "listing", status_severity,     SKU },
    { "LISTINGS_ITEM_MFN_QUANTITY_CHANGE", "listing", quantity_severity,   SKU },
    { "BRANDED_ITEM_CONTENT_CHANGE",       "listing", info,                ASIN },
    { "ITEM_PRODUCT_TYPE_CHANGE",          "listing", info,                ASIN },
    { "PRICING_HEALTH",                    "pricing", watch,               ASIN },
    { "FEE_PROMOTION",                     "fee",     info,                NAME },
    { "ORDER_CHANGE",                      "order",   order_severity,      ORDER },
    { "REPORT_PROCESSING_FINISHED",        "import",  processing_severity, NAME },
    { "FEED_PROCESSING_FINISHED",          "import",  processing_severity, NAME },
    { "DATA_KIOSK_QUERY_PROCESSING_FINISHED", "import", processing_severity, TYPE },
    /* Understood, and told better by a report: what was sold, paid, looked at, sent or is in stock. */
    { "ANY_OFFER_CHANGED",                 "pricing", nothing,             ASIN },
    { "B2B_ANY_OFFER_CHANGED",             "pricing", nothing,             ASIN },
    { "TRANSACTION_UPDATE",                "payment", nothing,             TYPE },
    { "DETAIL_PAGE_TRAFFIC_EVENT",         "listing", nothing,             TYPE },
    { "ITEM_SALES_EVENT_CHANGE",           "listing", nothing,             TYPE },
    { "ITEM_INVENTORY_EVENT_CHANGE",       "listing", nothing,             TYPE },
    { "FBA_INVENTORY_AVAILABILITY_CHANGES", "listing", nothing,            TYPE },
    { "FBA_OUTBOUND_SHIPMENT_STATUS",      "order",   nothing,             TYPE },
    { "FULFILLMENT_ORDER_STATUS",          "order",   nothing,             TYPE },
    { "SHIPMENT_TRACKING_MILESTONE_CHANGED", "order", nothing,             TYPE },
    { "ORDER_STATUS_CHANGE",               "order",   nothing,             TYPE },
    /* For whoever writes programs that list products. */
    { "PRODUCT_TYPE_DEFINITIONS_CHANGE",   "listing", nothing,             TYPE },
};

static const struct type unknown = { "", "other", info, TYPE };

static const struct type *type_of(const struct souk_value *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is(name, types[i].name))
            return &types[i];
    return &unknown;
}

/* ---- notices ---------------------------------------------------------------------------------- */

enum { TEXT_BYTES = 600 };

/* Words with a separator between, as far as they fit; what is none is left out. */
static void join(char *to, const char *separator, const struct souk_value *a, const struct souk_value *b)
{
    const struct souk_value *part[] = { a, b };
    size_t n = 0, between = strlen(separator);
    for (int i = 0; i < 2; i++) {
        if (part[i]->type != SOUK_TEXT || n + between + part[i]->text.len >= TEXT_BYTES)
            continue;
        if (n) {
            memcpy(to + n, separator, between);
            n += between;
        }
        memcpy(to + n, part[i]->text.at, part[i]->text.len);
        n += part[i]->text.len;
    }
    to[n] = '\0';
}

/* The message's own id behind its type; where it has none, all that tells it apart. */
static void id_of(char *to, const struct souk_value *in, const struct souk_value *subject)
{
    char at[24];
    size_t n = sizeof at;
    uint64_t left = (uint64_t)in[AT].num;
    if (in[ID].type == SOUK_TEXT) {
        join(to, ":", &in[TYPE], &in[ID]);
        return;
    }
    at[--n] = '\0';
    do
        at[--n] = (char)('0' + left % 10);
    while (left /= 10);
    const struct souk_value time = souk_text(at + n);
    char what[TEXT_BYTES];
    join(what, ":", &time, subject);
    const struct souk_value rest = souk_text(what);
    join(to, ":", &in[TYPE], &rest);
}

static int put_notice(struct souk_call *call, const struct souk_value *in)
{
    char id[TEXT_BYTES], after[TEXT_BYTES], ref[TEXT_BYTES];
    const struct type *type = type_of(&in[TYPE]);
    const char *severity = type->severity(in);
    const struct souk_value *subject = &in[type->subject];
    if (!*severity) {
        souk_skip(call, in[LINE].num);
        return 0;
    }
    if (in[AT].type == SOUK_NONE) {
        souk_reject(call, in[LINE].num, "at", "no_time");
        return 0;
    }
    if (subject->type != SOUK_TEXT)
        subject = in[ASIN].type == SOUK_TEXT ? &in[ASIN] : &in[TYPE];
    id_of(id, in, subject);
    if (in[STATUS].type == SOUK_TEXT)
        join(after, "; ", &in[STATUS], &in[ACTIONS]);
    else
        join(after, "; ", &in[SEVERITIES], &in[ACTIONS]);
    const struct souk_value sku = souk_text("sku"), order = souk_text("order");
    *ref = '\0';
    if (in[SKU].type == SOUK_TEXT)
        join(ref, ":", &sku, &in[SKU]);
    else if (in[ORDER].type == SOUK_TEXT)
        join(ref, ":", &order, &in[ORDER]);
    return souk_put(call, "notice", "line:count notice_id:text at:instant class:text kind:text severity:text"
                    " market:market subject:text before:text after:text ref:text deadline:instant source:text",
                    in[LINE], souk_text(id), in[AT], souk_text(type->class), in[TYPE], souk_text(severity), in[MARKET],
                    *subject, in[STATUS_BEFORE], *after ? souk_text(after) : souk_none(),
                    *ref ? souk_text(ref) : souk_none(), in[UNTIL], souk_text("notification"));
}

/* ---- other offers ----------------------------------------------------------------------------- */

/* Of one message: what its offers say together. */
struct offers {
    const struct souk_value *message;                   /* its row; NULL: none is at hand */
    const struct souk_value *least;                     /* of others, with shipping */
    int64_t least_minor, own_minor;
    int is_own_there, is_own_featured, is_other_featured;
};

static int64_t landed(const struct souk_value *in)
{
    int is_same = in[SHIPPING].type == SOUK_MONEY && strcmp(in[SHIPPING].currency, in[PRICE].currency) == 0;
    return in[PRICE].num + (is_same ? in[SHIPPING].num : 0);
}

static void see_offer(struct offers *o, const struct souk_value *in)
{
    if (in[PRICE].type != SOUK_MONEY || in[SELLER].type != SOUK_TEXT)
        return;
    int is_own = in[OWN_SELLER].type == SOUK_TEXT && is(&in[SELLER], in[OWN_SELLER].text.at);
    int is_featured = in[IS_FEATURED].type == SOUK_BOOL && in[IS_FEATURED].num;
    if (is_own) {
        o->is_own_there = 1;
        o->is_own_featured |= is_featured;
        o->own_minor = landed(in);
    } else {
        o->is_other_featured |= is_featured;
        if (!o->least || landed(in) < o->least_minor) {
            o->least = in;
            o->least_minor = landed(in);
        }
    }
}

/* Another offer asks less and is the featured one: news once for each price. */
static int put_lost(struct souk_call *call, const struct offers *o)
{
    const struct souk_value *in = o->message;
    char id[TEXT_BYTES], what[TEXT_BYTES], price[24];
    size_t n = sizeof price;
    uint64_t left = (uint64_t)o->least_minor;
    price[--n] = '\0';
    do
        price[--n] = (char)('0' + left % 10);
    while (left /= 10);
    const struct souk_value amount = souk_text(price + n), market = souk_text(in[MARKET].text.at);
    join(what, ":", &market, &in[ASIN]);
    const struct souk_value of = souk_text(what);
    join(id, ":", &in[TYPE], &of);
    const struct souk_value so_far = souk_text(id);
    join(what, ":", &so_far, &amount);
    return souk_put(call, "notice", "line:count notice_id:text at:instant class:text kind:text severity:text"
                    " market:market subject:text amount:money source:text",
                    in[LINE], souk_text(what), in[AT], souk_text("pricing"), in[TYPE], souk_text("watch"), in[MARKET],
                    in[ASIN], souk_money(o->least_minor, o->least[PRICE].currency), souk_text("notification"));
}

/* The message is over: its offers are told, or there is nothing to tell. */
static int put_offers(struct souk_call *call, struct offers *o)
{
    const struct souk_value *in = o->message;
    int rc = 0;
    if (in && o->least && in[MARKET].type == SOUK_MARKET && in[ASIN].type == SOUK_TEXT) {
        rc = souk_put(call, "rival", "line:count market:market asin:text landed:money is_buy_box:bool at:instant",
                      in[LINE], in[MARKET], in[ASIN], souk_money(o->least_minor, o->least[PRICE].currency),
                      souk_number(SOUK_BOOL, o->least[IS_FEATURED].type == SOUK_BOOL && o->least[IS_FEATURED].num, 0),
                      in[AT]);
        if (rc >= 0 && o->is_own_there && !o->is_own_featured && o->is_other_featured
            && o->least_minor < o->own_minor && in[AT].type == SOUK_INSTANT)
            rc = put_lost(call, o);
    } else if (in) {
        souk_skip(call, in[LINE].num);
    }
    *o = (struct offers){ 0 };
    return rc;
}

static int message_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                        const struct souk_rows *rows)
{
    struct offers offers = { 0 };
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        if (in[SELLER].type != SOUK_NONE || in[PRICE].type != SOUK_NONE) {      /* an offer of the message before it */
            see_offer(&offers, in);
            souk_skip(call, in[LINE].num);
            continue;
        }
        rc = put_offers(call, &offers);
        if (rc >= 0 && is(&in[TYPE], "ANY_OFFER_CHANGED"))
            offers.message = in;
        else if (rc >= 0)
            rc = put_notice(call, in);
    }
    return rc < 0 ? rc : put_offers(call, &offers);
}

/* ---- formats ---------------------------------------------------------------------------------- */

#define OFFERS ".payload.anyOfferChangedNotification.offers[]"
#define WITH_OFFERS(path) path "|" path OFFERS

static const struct souk_import messages = {
    .size = sizeof messages, .shape = SOUK_JSON, .id = "amazon.notifications", .title = "messages",
    .columns = SOUK_LIST(columns), .rows = message_rows,
    .records = WITH_OFFERS("[]") "|.|" OFFERS,
    .signs = "[].notificationType|notificationType",
};

/* What a queue hands out, and what its messages are to a function that it calls. */
static const struct souk_import queued = {
    .size = sizeof queued, .shape = SOUK_JSON, .id = "amazon.notifications-queue", .title = "queued",
    .columns = SOUK_LIST(columns), .rows = message_rows,
    .records = WITH_OFFERS("Messages[].Body()") "|" WITH_OFFERS("Records[].body()") "|" WITH_OFFERS("[].Body()") "|"
               WITH_OFFERS("Body()"),
    .signs = "Messages[].Body|Records[].body|[].MD5OfBody|MD5OfBody",
};

/* What an event bus hands on. */
static const struct souk_import events = {
    .size = sizeof events, .shape = SOUK_JSON, .id = "amazon.notifications-events", .title = "events",
    .columns = SOUK_LIST(columns), .rows = message_rows,
    .records = WITH_OFFERS("[].detail") "|" WITH_OFFERS(".detail"),
    .signs = "[].detail-type|detail-type",
};

static const struct souk_offer offers[] = {
    { SOUK_IMPORT, &messages }, { SOUK_IMPORT, &queued }, { SOUK_IMPORT, &events },
};

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-notifications", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
