/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_in.h: what the files of the store share with each other and with nobody else.
 *
 * store.c reads batches and keeps the common maps; store_order.c, store_offer.c and store_money.c
 * write one group of kinds each.  A function that puts a row looks at all of it before it writes
 * anything, so a refused row leaves nothing behind.
 */
#ifndef SOUK_STORE_IN_H
#define SOUK_STORE_IN_H

#include "hash.h"
#include "market.h"
#include "outgoing.h"
#include "record.h"
#include "roll.h"
#include "store.h"

/* ---- columns: the enums number them as the tables in the .c files list them ------------------ */

enum { COLUMNS_MAX = 32, MARKETS_MAX = 32, KEY_BYTES = 200 };       /* KEY_BYTES: of order, SKU, settlement */
enum { SEAL_BYTES = 32 };

enum order_line_column {
    OL_LINE, OL_ORDER, OL_MARKET, OL_PURCHASED, OL_UPDATED, OL_STATUS, OL_FULFILMENT, OL_IS_BUSINESS,
    OL_SERVICE_LEVEL, OL_SHIP_COUNTRY, OL_SHIP_REGION, OL_SKU, OL_ASIN, OL_TITLE, OL_ITEM_STATUS,
    OL_QUANTITY, OL_PRICE, OL_TAX, OL_SHIPPING, OL_SHIPPING_TAX, OL_GIFT_WRAP, OL_GIFT_WRAP_TAX,
    OL_DISCOUNT, OL_SHIP_DISCOUNT, OL_PROMOTIONS, OL_EXTRA, OL_COLUMNS
};

enum listing_column {
    LI_LINE, LI_MARKET, LI_SKU, LI_LISTING_ID, LI_TITLE, LI_ASIN, LI_PRICE, LI_QUANTITY, LI_STATUS,
    LI_FULFILMENT, LI_ITEM_CONDITION, LI_SHIPPING_GROUP, LI_OPENED, LI_EXTRA, LI_COLUMNS
};

enum stock_column {
    ST_LINE, ST_MARKET, ST_SKU, ST_ASIN, ST_TITLE, ST_FNSKU, ST_FULFILLABLE, ST_UNSELLABLE, ST_RESERVED,
    ST_RESEARCHING, ST_INBOUND_WORKING, ST_INBOUND_SHIPPED, ST_INBOUND_RECEIVING, ST_TOTAL, ST_COLUMNS
};

enum cycle_column {
    CY_LINE, CY_SETTLEMENT, CY_CURRENCY, CY_STARTED, CY_ENDED, CY_DEPOSITED, CY_TOTAL, CY_COLUMNS
};

enum ledger_column {
    LE_LINE, LE_SETTLEMENT, LE_MARKET, LE_POSTED, LE_TYPE, LE_KIND, LE_DETAIL, LE_ORDER, LE_SKU,
    LE_QUANTITY, LE_AMOUNT, LE_COLUMNS
};

enum payment_column {
    PA_LINE, PA_POSTED, PA_MARKET, PA_SETTLEMENT, PA_TYPE, PA_IS_TRANSFER, PA_ORDER, PA_SKU,
    PA_DESCRIPTION, PA_QUANTITY, PA_PRODUCT, PA_FEES, PA_TOTAL, PA_EXTRA, PA_STATUS, PA_RELEASE, PA_COLUMNS
};

/* Of the newer kinds only how many there are: their enums stand in the files that read them. */
enum {
    LETTER_COLUMNS = 19, CASE_COLUMNS = 9, CLAIM_COLUMNS = 13,
    FEEDBACK_COLUMNS = 7, FEEDBACK_COUNT_COLUMNS = 8, HEALTH_COLUMNS = 6, HEALTH_METRIC_COLUMNS = 16,
    NOTICE_COLUMNS = 14,
    RETURN_LINE_COLUMNS = 16, PROMOTION_COLUMNS = 17, PROMOTION_ASIN_COLUMNS = 8, TRAFFIC_COLUMNS = 15,
    TRAFFIC_ASIN_COLUMNS = 12, RIVAL_COLUMNS = 6
};

extern const struct store_column order_line_columns[OL_COLUMNS], listing_columns[LI_COLUMNS],
    stock_columns[ST_COLUMNS], cycle_columns[CY_COLUMNS], ledger_columns[LE_COLUMNS],
    payment_columns[PA_COLUMNS], letter_columns[LETTER_COLUMNS], case_columns[CASE_COLUMNS],
    claim_columns[CLAIM_COLUMNS], feedback_columns[FEEDBACK_COLUMNS],
    feedback_count_columns[FEEDBACK_COUNT_COLUMNS], health_columns[HEALTH_COLUMNS],
    health_metric_columns[HEALTH_METRIC_COLUMNS], notice_columns[NOTICE_COLUMNS],
    return_line_columns[RETURN_LINE_COLUMNS], promotion_columns[PROMOTION_COLUMNS],
    promotion_asin_columns[PROMOTION_ASIN_COLUMNS], traffic_columns[TRAFFIC_COLUMNS],
    traffic_asin_columns[TRAFFIC_ASIN_COLUMNS], rival_columns[RIVAL_COLUMNS];

/* ---- a row ----------------------------------------------------------------------------------- */

struct text {                                           /* at is NULL: not told; zero-terminated, without NULs */
    const char *at;
    size_t n;
};

struct row {
    const struct souk_value *cell;
    const int8_t *place;                                /* of each column of the kind; -1: left out */
    const struct store_column *columns;
    int64_t line;
};

struct store_memo;

struct batch {
    const struct store_memo *memo;
    const struct souk_rows *rows;
    void (*outcome)(void *ctx, int64_t line, enum store_outcome what);
    void *ctx;
};

/* Row i with its cells' types checked: 0, STORE_REJECTED with the reason given, or a broken contract. */
int batch_row(struct store *s, const struct batch *b, uint32_t i, struct row *r, struct err *err);

/* NULL: not told. */
static inline const struct souk_value *row_cell(const struct row *r, int column)
{
    const struct souk_value *v = r->place[column] < 0 ? NULL : &r->cell[r->place[column]];
    return v && v->type != SOUK_NONE ? v : NULL;
}

static inline int64_t row_int(const struct row *r, int column, int64_t otherwise)
{
    const struct souk_value *v = row_cell(r, column);
    return v ? v->num : otherwise;
}

struct text row_text(struct store *s, const struct row *r, int column);
const char *row_word(struct store *s, const struct row *r, int column);     /* NULL: not told, or empty */
struct number row_number(const struct row *r, int column);
struct money row_money(const struct row *r, int column);
struct fact row_fact(struct store *s, const struct row *r, int column);     /* its text, or its number */
/* Adds to a hash all that a row says, but for its line. */
uint64_t batch_hash(const struct batch *b, const struct row *r, uint64_t h);

/* ---- maps ------------------------------------------------------------------------------------ */

struct store_market {
    const struct market *market;                        /* NULL: not met yet */
    const struct zone *zone;
    int64_t no, data_until_s, told_until_s;             /* as stored; as this import knows */
};

struct store_status {
    int64_t no;
    enum roll_state state;
};

struct store_sku {
    const char *sku;
    int64_t no, told_s;
    struct buf asin, title;
    bool is_told, is_text;                              /* told_s, and asin or title, are newer than stored */
};

/* Items by the keyed hash of their text: 64 secret bits, so two texts with one hash do not happen. */
struct map {
    uint64_t *hash;                                     /* 0: free */
    void **item;
    size_t n, cap;                                      /* a power of two */
};

void **map_at(struct map *m, uint64_t hash);            /* where the item is, or NULL to be filled */
void map_clear(struct map *m);

/*
 * Counts how often the like of a row was seen in this import, by a hash of what it says.  Two tables
 * take turns: like rows are told apart for certain while fewer than `keys` other ones lie between.
 */
struct seen_table {
    uint64_t *key;                                      /* 0: free */
    uint32_t *count;
    size_t n, cap;
};

struct seen {
    size_t keys;
    struct seen_table now, before;
};

uint32_t seen_count(struct seen *s, uint64_t key);      /* 1 the first time */

/* ---- an order, as stored and as this import has changed it ----------------------------------- */

struct store_order {
    uint64_t hash, said;                                /* of its number; of what its rows say together */
    int64_t told_s;                                     /* what its rows say about `updated` */
    bool is_met, is_loaded, is_new, is_same, is_stale;  /* met: it stands as the rows say; loaded: what
                                                           follows below; new: without lines until now; same:
                                                           all its rows say is known; stale: so is newer */
    bool was_changed;                                   /* by the row at hand */
    int64_t no, updated_s;
    int64_t purchase_s, status_no, shipped_s;
    bool is_shipped;                                    /* shipped_s is known */
    struct store_market *market;
    struct roll_sale place;
};

/* A cycle this import has met. */
struct store_cycle {
    const char *id, *format;
    int64_t no;
    char currency[4];
    bool has_market, is_changed, has_total;
    int64_t total_minor, sum_minor;                     /* as store_finish finds them */
};

struct store_report {                                   /* of account health */
    const struct market *market;
    int64_t at_s;
};

struct line_queue;

struct store {
    struct db *db;
    struct record_to to;                                /* for what is written one by one; gathers what is touched */
    struct roll *roll;
    struct arena *memory, *batch, *sku_texts;           /* batch: for one call of store_put */
    const char *format;
    const struct market *file_market;
    int64_t told_s;
    uint64_t setup_hash;                                /* of what the rows leave to the file */
    void (*reject)(void *ctx, int64_t line, const char *column, const struct souk_msg *why);
    void *ctx;
    struct hash_key hash;

    struct store_memo *memo;
    size_t next_memo;
    struct store_market market[MARKETS_MAX];
    struct map statuses, states, skus, cycles;          /* states: statuses by their number */
    char currency[4];                                   /* the last one that was found good */
    struct seen lines, entries;                         /* of orders; of ledger and payments */

    struct store_order last;                            /* of the last batch: it may go on in the next one */
    char last_id[KEY_BYTES + 1];
    int64_t last_order_no;                              /* in the database; 0: not asked yet */
    bool expects_known;                                 /* the last order was known before */
    struct line_queue *queue;

    struct store_cycle **cycle;                         /* those met, in their order */
    size_t n_cycles;
    struct store_report *report;                        /* those that brought something new */
    size_t n_reports;
    struct outgoing_told listings;                      /* what the listings of this import tell of; told_s 0: none came */
    struct buf content;                                 /* of a ledger or payment row, for its hashes */
    unsigned char seal[SEAL_BYTES];
    bool has_seal;                                      /* of the last ledger row */
};

/* Calls reject and gives STORE_REJECTED. */
int store_refuse(struct store *s, const struct row *r, int column, const struct souk_msg *why);
#define row_refuse(s, r, column, ...) \
    store_refuse((s), (r), (column), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__))

/*
 * Checks: 0, or STORE_REJECTED with the reason given.  row_money also says in which currency, and
 * refuses a second one in the same row; `currency` is "" before the first.
 */
int row_check_key(struct store *s, const struct row *r, int column);
int row_check_length(struct store *s, const struct row *r, int column, size_t bytes);
int row_check_word(struct store *s, const struct row *r, int column, const char *words);    /* one of these */
/* By the types of the columns: lengths of texts (ids: keys), counts, instants, days; money of one currency. */
int row_check_types(struct store *s, const struct row *r, int n_columns, char currency[4]);
int row_check_count(struct store *s, const struct row *r, int column);
int row_check_instant(struct store *s, const struct row *r, int column);
int row_check_money(struct store *s, const struct row *r, int column, char currency[4]);
/* Market of the row, else of the file; NULL when neither tells one, which is refused when it is needed. */
int row_market(struct store *s, const struct row *r, int column, bool is_needed, const struct market **out);
enum fulfilment { BY_NOBODY, BY_SELLER, BY_MARKETPLACE };        /* the first: not told */
int row_fulfilment(struct store *s, const struct row *r, int column, enum fulfilment *fulfilment);

/* From the maps, or from the database and then kept; NULL: the database failed. */
struct store_market *store_market(struct store *s, const struct market *m, struct err *err);
struct store_market *store_market_no(struct store *s, int64_t no, struct err *err);
struct store_status *store_status(struct store *s, struct text name, struct err *err);
struct store_status *store_status_no(struct store *s, int64_t no, struct err *err);
struct store_sku *store_sku(struct store *s, struct text sku, struct err *err);
/* What a row says of a product as of an instant: the latest word counts. */
void sku_tell(struct store_sku *k, int64_t told_s, struct text asin, struct text title);

void bind_told(struct stmt *s, int at, struct text text);                   /* NULL where it is not told */
void bind_told_int(struct stmt *s, int at, const struct row *r, int column);

/* Of what record.h says of its puts. */
static inline int put_outcome(int rc)
{
    return rc < 0 ? rc : rc ? STORE_ACCEPTED : STORE_UNCHANGED;
}

/* ---- the kinds: a row gives an outcome, a batch 0; or a negative code ------------------------ */

int order_lines_put(struct store *s, const struct batch *b, struct err *err);
void order_lines_end(struct store *s);
int listing_put(struct store *s, const struct row *r, struct err *err);
int stock_put(struct store *s, const struct row *r, struct err *err);
int cycle_put(struct store *s, const struct row *r, struct err *err);
int ledger_put(struct store *s, const struct row *r, struct err *err);
int payment_put(struct store *s, const struct row *r, struct err *err);
int letter_row_put(struct store *s, const struct row *r, struct err *err);
int case_row_put(struct store *s, const struct row *r, struct err *err);
int claim_row_put(struct store *s, const struct row *r, struct err *err);
int feedback_row_put(struct store *s, const struct row *r, struct err *err);
int feedback_count_row_put(struct store *s, const struct row *r, struct err *err);
int health_row_put(struct store *s, const struct row *r, struct err *err);
int health_metric_row_put(struct store *s, const struct row *r, struct err *err);
int notice_row_put(struct store *s, const struct row *r, struct err *err);
int return_row_put(struct store *s, const struct row *r, struct err *err);
int promotion_row_put(struct store *s, const struct row *r, struct err *err);
int promotion_asin_row_put(struct store *s, const struct row *r, struct err *err);
int traffic_row_put(struct store *s, const struct row *r, struct err *err);
int traffic_asin_row_put(struct store *s, const struct row *r, struct err *err);
int rival_row_put(struct store *s, const struct row *r, struct err *err);
/* Notices of what the health reports of this import say other than the ones before. */
int reports_compare(struct store *s, struct err *err);
/* Reads the sums of the cycles met; an event and a notice for each that is changed and does not balance. */
int cycles_check(struct store *s, struct err *err);

#endif
