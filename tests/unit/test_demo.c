/* SPDX-License-Identifier: Apache-2.0 */
/* test_demo.c: the synthetic shop adds up, looks like real reports, and is always the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/value.h"
#include "base/zone.h"
#include "data/market.h"
#include "flow/demo.h"
#include "flow/shop.h"

#include <fcntl.h>
#include <signal.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char until[] = "2026-11-23T06:15:00Z";
static const char *const codes[SHOP_MARKETS] = { "US", "DE", "JP" };

/* ---- a shop in a folder of its own ----------------------------------------------------------- */

struct run {
    struct arena *a;
    char folder[64];
    struct demo_setup setup;
    struct demo_file *files;
    size_t n_files;
    struct err err;
};

static void run_ready(struct run *r, int64_t orders, uint64_t seed, bool orders_only)
{
    memset(r, 0, sizeof *r);
    r->a = arena_new("test", 4096);
    strcpy(r->folder, "/tmp/souk-demo-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    r->setup = (struct demo_setup){
        .orders = orders, .seed = seed, .folder = r->folder, .orders_only = orders_only };
    assert_true(instant_parse(until, &r->setup.until_s));
}

static int run_write(struct run *r)
{
    return demo_write(r->a, &r->setup, &r->files, &r->n_files, &r->err);
}

static void run_start(struct run *r, int64_t orders, uint64_t seed, bool orders_only)
{
    run_ready(r, orders, seed, orders_only);
    if (run_write(r) < 0)
        fail_msg("%s", r->err.text);
}

static void run_end(struct run *r)
{
    for (size_t i = 0; i < r->n_files; i++)
        unlink(r->files[i].path);
    assert_int_equal(rmdir(r->folder), 0);              /* nothing else was left there */
    arena_free(r->a);
}

/* Zero-terminated. */
static char *content(struct run *r, const char *path, size_t *n)
{
    struct stat facts;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        fail_msg("%s is not there", path);
    assert_int_equal(fstat(fd, &facts), 0);
    *n = (size_t)facts.st_size;
    char *at = arena_zero(r->a, *n + 1);
    for (size_t got = 0; got < *n; ) {
        ssize_t more = read(fd, at + got, *n - got);
        assert_true(more > 0);
        got += (size_t)more;
    }
    close(fd);
    return at;
}

static char *report(struct run *r, const char *what, const char *code, const char *ending, size_t *n)
{
    return content(r, arena_printf(r->a, "%s/%s-%s%s", r->folder, what, code, ending), n);
}

/* ---- rows ------------------------------------------------------------------------------------ */

enum { MOST_CELLS = 48 };

struct table {                                          /* splits its text as it goes */
    char *at, *end;
    int line, n;
    char *cell[MOST_CELLS];
    size_t bytes;                                       /* of the row */
};

static bool next_row(struct table *t)
{
    if (t->at == t->end)
        return false;
    char *stop = memchr(t->at, '\n', (size_t)(t->end - t->at));
    assert_non_null(stop);                              /* every line ends */
    *stop = '\0';
    t->bytes = (size_t)(stop - t->at);
    t->line++;
    t->n = 0;
    for (char *at = t->at, *tab; at; at = tab) {
        tab = memchr(at, '\t', (size_t)(stop - at));
        if (tab)
            *tab++ = '\0';
        assert_true(t->n < MOST_CELLS);
        t->cell[t->n++] = at;
    }
    t->at = stop + 1;
    return true;
}

static struct table table_of(char *at, size_t n)
{
    return (struct table){ .at = at, .end = at + n };
}

/* Its column in the header, which must have been read. */
static int column(const struct table *header, const char *name)
{
    for (int i = 0; i < header->n; i++)
        if (strcmp(header->cell[i], name) == 0)
            return i;
    fail_msg("no column %s", name);
    return -1;
}

/* All amounts of a file have the same number of decimals, or none. */
static int64_t minor_of(const char *text)
{
    int64_t n = 0;
    for (const char *at = text; *at; at++) {
        if (*at >= '0' && *at <= '9')
            n = n * 10 + (*at - '0');
        else
            assert_non_null(strchr("-.,", *at));
    }
    return *text == '-' ? -n : n;
}

static uint64_t hash_of(const char *at, size_t n)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)at[i]) * 1099511628211u;
    return hash;
}

/* ---- the same shop twice --------------------------------------------------------------------- */

static uint64_t hash_of_shop(int64_t orders, uint64_t seed, size_t *files)
{
    struct run r;
    uint64_t hash = 0;
    run_start(&r, orders, seed, false);
    for (size_t i = 0; i < r.n_files; i++) {
        size_t n;
        const char *at = content(&r, r.files[i].path, &n);
        hash = hash * 31 + hash_of(at, n) + hash_of(r.files[i].path + strlen(r.folder), 12);
    }
    *files = r.n_files;
    run_end(&r);
    return hash;
}

/* The same on every machine; another number here means that the shop was changed on purpose. */
static const uint64_t bytes_of_seed_1 = 0x4d5c670acbff85f4;

static void same_seed_same_bytes(void **state)
{
    (void)state;
    size_t files[3];
    uint64_t first = hash_of_shop(2000, 1, &files[0]);
    assert_int_equal(first, bytes_of_seed_1);
    assert_int_equal(first, hash_of_shop(2000, 1, &files[1]));
    assert_int_equal(files[0], files[1]);
    assert_int_not_equal(first, hash_of_shop(2000, 2, &files[2]));
    assert_int_not_equal(first, hash_of_shop(2001, 1, &files[2]));
}

/* ---- how many orders ------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void as_many_orders_as_wanted(void **state)
{
    (void)state;
    static const int64_t wanted[] = { 1, 30, 2000, 200000 };
    static const int64_t share[SHOP_MARKETS] = { 50, 35, 15 };
    for (size_t w = 0; w < COUNT_OF(wanted); w++) {
        struct run r;
        run_start(&r, wanted[w], 3, true);
        assert_int_equal(r.n_files, SHOP_MARKETS);
        char **ids = base_alloc((size_t)wanted[w] * sizeof *ids);
        int64_t all = 0, lines = 0;
        for (int m = 0; m < SHOP_MARKETS; m++) {
            size_t n;
            char *at = report(&r, "all-orders", codes[m], ".txt", &n);
            struct table t = table_of(at, n);
            int64_t before = all;
            next_row(&t);
            while (next_row(&t)) {
                lines++;
                if (all > before && strcmp(ids[all - 1], t.cell[0]) == 0)
                    continue;
                assert_true(all < wanted[w]);
                assert_int_equal(strlen(t.cell[0]), 19);
                ids[all++] = t.cell[0];
            }
            if (wanted[w] >= 2000)
                assert_in_range((all - before) * 100, wanted[w] * share[m] * 95 / 100, wanted[w] * share[m]);
        }
        qsort(ids, (size_t)all, sizeof *ids, by_text);
        for (int64_t i = 1; i < all; i++)
            assert_string_not_equal(ids[i - 1], ids[i]);
        if (wanted[w] >= 2000) {
            assert_in_range(all, wanted[w] * 95 / 100, wanted[w]);
            assert_in_range(lines * 100, all * 125, all * 137);
        }
        free(ids);
        run_end(&r);
    }
}

/* ---- one shop, looked at from all sides ------------------------------------------------------ */

static struct run shop;                                 /* 20,000 orders */

static int open_shop(void **state)
{
    (void)state;
    run_start(&shop, 20000, 42, false);
    return 0;
}

static int close_shop(void **state)
{
    (void)state;
    run_end(&shop);
    return 0;
}

static void files_are_named_and_dated(void **state)
{
    (void)state;
    int settlements = 0;
    for (size_t i = 0; i < shop.n_files; i++) {
        struct stat facts;
        assert_int_equal(stat(shop.files[i].path, &facts), 0);
        assert_int_equal(facts.st_mtim.tv_sec, shop.files[i].told_s);
        if (strstr(shop.files[i].path, "/coupons-"))    /* one every other day */
            assert_int_equal((shop.setup.until_s - shop.files[i].told_s) % (2 * 86400), 0);
        else
            assert_int_equal(shop.files[i].told_s, shop.setup.until_s);
        const char *code = market_by_id(shop.files[i].market)->code;
        assert_non_null(strstr(shop.files[i].path, arena_printf(shop.a, "-%s", code)));
        settlements += strstr(shop.files[i].path, "/settlement-") != NULL;
    }
    assert_in_range(settlements, 3 * 28, 3 * 29);
    assert_int_equal(shop.n_files, settlements + (4 + 10) * SHOP_MARKETS + 2);
}

static void rows_are_as_wide_as_their_header(void **state)
{
    (void)state;
    static const struct { const char *what; int columns[SHOP_MARKETS]; } widths[] = {
        { "/all-orders-", { 33, 32, 29 } }, { "/listings-", { 29, 29, 29 } },
        { "/fba-stock-", { 22, 23, 18 } }, { "/settlement-", { 24, 23, 24 } },
        { "/returns-", { 32, 32, 32 } }, { "/feedback-", { 6, 6, 6 } },
    };
    int wider = 0, narrower = 0, tables = 0;
    for (size_t i = 0; i < shop.n_files; i++) {
        for (size_t k = 0; k < COUNT_OF(widths); k++) {
            if (!strstr(shop.files[i].path, widths[k].what))
                continue;
            size_t n;
            char *at = content(&shop, shop.files[i].path, &n);
            struct table t = table_of(at, n);
            int m = 0;
            while (!strstr(shop.files[i].path, arena_printf(shop.a, "%s%s", widths[k].what, codes[m])))
                m++;
            next_row(&t);
            int header = t.n;
            assert_int_equal(header, widths[k].columns[m]);
            while (next_row(&t)) {
                wider += t.n > header;
                narrower += t.n < header;
                if (t.n != header)
                    assert_int_equal(k, 0);
            }
            tables++;
        }
    }
    assert_int_equal(tables, shop.n_files - (1 + 8) * SHOP_MARKETS - 2);     /* payments are CSV; the others mail and JSON */
    assert_int_equal(wider, 1);                         /* the seeded faults */
    assert_int_equal(narrower, 1);
}

/* Is it an order number with digits on no side? */
static bool is_order_id(const char *at)
{
    static const char shape[] = "ddd-ddddddd-ddddddd";
    for (int i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? at[i] < '0' || at[i] > '9' : at[i] != shape[i])
            return false;
    return true;
}

/* Letters, feedback and returns are about orders that the shop has. */
static void what_is_said_is_about_orders_of_the_shop(void **state)
{
    (void)state;
    static const char *const kinds[] = { "/mail-", "/feedback-", "/returns-" };
    size_t found[COUNT_OF(kinds)] = { 0 };
    for (int m = 0; m < SHOP_MARKETS; m++) {
        char *orders = NULL;
        size_t n;
        for (size_t i = 0; i < shop.n_files; i++)
            if (strstr(shop.files[i].path, arena_printf(shop.a, "/all-orders-%s", codes[m])))
                orders = content(&shop, shop.files[i].path, &n);
        assert_non_null(orders);
        for (size_t i = 0; i < shop.n_files; i++)
            for (size_t k = 0; k < COUNT_OF(kinds); k++) {
                if (!strstr(shop.files[i].path, arena_printf(shop.a, "%s%s", kinds[k], codes[m])))
                    continue;
                for (char *at = content(&shop, shop.files[i].path, &n); *at; at++) {
                    if (!is_order_id(at))
                        continue;
                    if (!strstr(orders, arena_textn(shop.a, at, 19)))
                        fail_msg("%s names an order that is not there: %.19s", shop.files[i].path, at);
                    found[k]++;
                    at += 18;
                }
            }
    }
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        assert_true(found[k] >= 6);
}

static void json_files_are_json(void **state)
{
    (void)state;
    int files = 0;
    for (size_t i = 0; i < shop.n_files; i++) {
        size_t n;
        if (!strstr(shop.files[i].path, ".json"))
            continue;
        char *at = content(&shop, shop.files[i].path, &n);
        json_error_t why;
        json_t *document = json_loadb(at, n, 0, &why);
        if (!document)
            fail_msg("%s:%d: %s", shop.files[i].path, why.line, why.text);
        json_decref(document);
        files++;
    }
    assert_int_equal(files, 7 * SHOP_MARKETS + 2);
}

/* First line of a text that starts so. */
static char *line_of(struct run *r, char *at, const char *start)
{
    char *line = strstr(at, start);
    if (!line)
        fail_msg("no line \"%s\"", start);
    return arena_textn(r->a, line, strcspn(line, "\r\n"));
}

static void headers_are_those_of_real_files(void **state)
{
    (void)state;
    static const struct { const char *what, *code, *ending, *start, *real; } cases[] = {
        { "all-orders", "US", ".txt", "amazon-order-id",
          "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL.us.txt" },
        { "all-orders", "DE", ".txt", "amazon-order-id",
          "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL.it-2017.txt" },
        { "all-orders", "JP", ".txt", "amazon-order-id",
          "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL.jp-cp932.txt" },
        { "settlement", "US", "-2026-11-13.txt", "settlement-id",
          "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2.us-excerpt.txt" },
        { "settlement", "DE", "-2026-11-18.txt", "settlement-id",
          "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2.de.txt" },
        { "listings", "US", ".txt", "item-name", "GET_MERCHANT_LISTINGS_ALL_DATA.us.txt" },
        { "fba-stock", "US", ".txt", "sku\t", "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA.nul-bytes.txt" },
        { "payments", "US", ".csv", "\"date/time", "GET_DATE_RANGE_FINANCIAL_TRANSACTION_DATA.us-2026.csv" },
    };
    const char *folder = getenv("SOUK_REPORTS");
    if (!folder) {
        print_message("# SKIP headers of real files: SOUK_REPORTS is not set\n");
        skip();
    }
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n;
        char *ours = report(&shop, cases[i].what, cases[i].code, cases[i].ending, &n);
        char *real = content(&shop, arena_printf(shop.a, "%s/%s", folder, cases[i].real), &n);
        assert_string_equal(line_of(&shop, ours, cases[i].start), line_of(&shop, real, cases[i].start));
    }
}

static void charsets_are_the_markets_own(void **state)
{
    (void)state;
    static const bool is_utf8[SHOP_MARKETS] = { true, false, false };
    static const char *const kinds[] = { "all-orders", "listings", "fba-stock" };
    for (int m = 0; m < SHOP_MARKETS; m++) {
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            size_t n;
            const char *at = report(&shop, kinds[k], codes[m], ".txt", &n);
            bool is_ascii = true;
            for (size_t i = 0; i < n; i++) {
                is_ascii = is_ascii && (unsigned char)at[i] < 128;
                assert_int_not_equal(at[i], 0x1a);      /* a character that the charset has not got */
            }
            assert_false(is_ascii);
            /* German orders are UTF-8 but for a few rows */
            assert_int_equal(utf8_is_valid(at, n), is_utf8[m]);
        }
        size_t n;
        const char *at = report(&shop, "payments", codes[m], ".csv", &n);
        assert_true(utf8_is_valid(at, n));
    }
    size_t n;
    char *at = report(&shop, "all-orders", "DE", ".txt", &n);
    struct table t = table_of(at, n);
    int foreign = 0, umlauts = 0;
    next_row(&t);
    while (next_row(&t)) {
        bool is_utf8_row = utf8_is_valid(t.cell[10], strlen(t.cell[10]));
        foreign += !is_utf8_row;
        for (const char *c = t.cell[10]; is_utf8_row && *c; c++)
            if ((unsigned char)*c >= 0x80) {
                umlauts++;
                break;
            }
    }
    assert_in_range(foreign, 1, 8);
    assert_true(umlauts > 10 * foreign);
    at = report(&shop, "fba-stock", "US", ".txt", &n);
    assert_non_null(memchr(at, '\0', n));
}

static void orders_stand_as_of_the_last_instant(void **state)
{
    (void)state;
    int odd = 0, quoted = 0;
    for (int m = 0; m < SHOP_MARKETS; m++) {
        int pending = 0, late = 0, cancelled = 0, business = 0, seller = 0, several = 0, cut_price = 0;
        size_t n;
        char *at = report(&shop, "all-orders", codes[m], ".txt", &n);
        struct table t = table_of(at, n);
        next_row(&t);
        int header = t.n, has_business = header > 29;
        int purchase = column(&t, "purchase-date"), updated = column(&t, "last-updated-date");
        int status = column(&t, "order-status"), channel = column(&t, "fulfillment-channel");
        int title = column(&t, "product-name"), item = column(&t, "item-status");
        int quantity = column(&t, "quantity"), currency = column(&t, "currency");
        int price = column(&t, "item-price"), promotion = column(&t, "promotion-ids");
        int for_business = has_business ? column(&t, "is-business-order") : 0;
        while (next_row(&t)) {
            if (t.n != header)
                continue;
            int64_t purchase_s, updated_s;
            assert_true(instant_parse(t.cell[purchase], &purchase_s));
            assert_true(instant_parse(t.cell[updated], &updated_s));
            assert_true(purchase_s <= updated_s && updated_s <= shop.setup.until_s);
            assert_true(purchase_s > shop.setup.until_s - 401 * 86400);
            bool is_pending = strcmp(t.cell[status], "Pending") == 0;
            bool is_cancelled = strcmp(t.cell[status], "Cancelled") == 0;
            bool is_unshipped = strcmp(t.cell[status], "Unshipped") == 0;
            bool is_seller = strcmp(t.cell[channel], "Merchant") == 0;
            assert_int_equal(!*t.cell[price], !*t.cell[currency]);
            if (is_pending)
                assert_string_equal(t.cell[price], "");
            else if (!is_cancelled)
                assert_true(minor_of(t.cell[price]) > 0);
            bool is_nothing = is_cancelled || strcmp(t.cell[item], "Cancelled") == 0;
            assert_int_equal(minor_of(t.cell[quantity]) == 0, is_nothing);
            bool is_shipped = strcmp(t.cell[status], "Shipped") == 0;
            odd += !is_pending && !is_cancelled && !is_unshipped && !is_shipped;
            pending += is_pending;
            cancelled += is_cancelled;
            late += is_unshipped && is_seller && purchase_s < shop.setup.until_s - 7 * 86400;
            seller += is_seller;
            several += minor_of(t.cell[quantity]) > 1;
            cut_price += *t.cell[promotion] != '\0';
            quoted += t.cell[title][0] == '"';
            business += has_business && strcmp(t.cell[for_business], "true") == 0;
        }
        int lines = t.line - 1;
        assert_in_range(pending, 1, lines / 50);
        assert_in_range(late, 1, lines / 100);
        assert_in_range(cancelled * 100, lines * 2, lines * 4);
        assert_in_range(seller * 100, lines * 25, lines * 60);
        assert_in_range(several * 100, lines * 10, lines * 25);
        assert_in_range(cut_price * 100, lines * 5, lines * 20);
        if (has_business)
            assert_in_range(business * 100, lines * 4, lines * 8);
    }
    assert_in_range(odd, 1, SHOP_LINES);                /* one order */
    assert_true(quoted > 0);
}

static void small_shops_have_open_orders_too(void **state)
{
    (void)state;
    struct run r;
    run_start(&r, 2000, 7, true);
    for (int m = 0; m < SHOP_MARKETS; m++) {
        int pending = 0, late = 0;
        size_t n;
        char *at = report(&r, "all-orders", codes[m], ".txt", &n);
        struct table t = table_of(at, n);
        next_row(&t);
        while (next_row(&t)) {
            int64_t purchase_s;
            assert_true(instant_parse(t.cell[2], &purchase_s));
            pending += strcmp(t.cell[4], "Pending") == 0;
            late += strcmp(t.cell[4], "Unshipped") == 0 && strcmp(t.cell[5], "Merchant") == 0 &&
                    purchase_s < r.setup.until_s - 6 * 86400;
        }
        assert_true(pending > 0);
        assert_true(late > 0);
    }
    run_end(&r);
}

static void the_year_the_week_and_the_night_show(void **state)
{
    (void)state;
    int64_t months[13] = { 0 }, weekdays[8] = { 0 }, hours[24] = { 0 };
    for (int m = 0; m < SHOP_MARKETS; m++) {
        const struct zone *zone = zone_get(market_find(codes[m])->zone, &shop.err);
        size_t n;
        char *at = report(&shop, "all-orders", codes[m], ".txt", &n);
        struct table t = table_of(at, n);
        next_row(&t);
        while (next_row(&t)) {
            int64_t purchase_s;
            int year;
            unsigned month, of_month;
            assert_true(instant_parse(t.cell[2], &purchase_s));
            int32_t day = zone_day(zone, purchase_s);
            day_parts(day, &year, &month, &of_month);
            months[month]++;
            weekdays[day_weekday(day)]++;
            hours[(purchase_s - zone_day_start(zone, day)) / 3600 % 24]++;
        }
    }
    assert_true(months[12] * 2 > months[2] * 3);
    assert_true(weekdays[7] * 100 > weekdays[5] * 115);
    assert_true(hours[20] > 5 * hours[3] && hours[3] > 0);
}

/* ---- money ----------------------------------------------------------------------------------- */

static void settlements_add_up(void **state)
{
    (void)state;
    int short_ones = 0;
    for (int m = 0; m < SHOP_MARKETS; m++) {
        char last_id[32] = "", last_end[32] = "";
        int64_t reserve = 0;
        const char *start = arena_printf(shop.a, "/settlement-%s-", codes[m]);
        for (size_t i = 0; i < shop.n_files; i++) {     /* old ones first */
            if (!strstr(shop.files[i].path, start))
                continue;
            size_t n;
            char *at = content(&shop, shop.files[i].path, &n);
            struct table t = table_of(at, n);
            next_row(&t);
            assert_true(next_row(&t));
            assert_true(strcmp(t.cell[0], last_id) > 0);
            if (*last_end)
                assert_string_equal(t.cell[1], last_end);
            snprintf(last_id, sizeof last_id, "%s", t.cell[0]);
            snprintf(last_end, sizeof last_end, "%s", t.cell[2]);
            assert_string_equal(t.cell[5], market_find(codes[m])->currency);
            int64_t total = minor_of(t.cell[4]), sum = 0, held = 0;
            while (next_row(&t)) {
                assert_string_equal(t.cell[0], last_id);
                for (int c = 1; c < 6; c++)
                    assert_string_equal(t.cell[c], "");
                int64_t minor = minor_of(t.cell[14]);
                assert_true(minor != 0);
                sum += minor;
                if (strcmp(t.cell[13], "Previous Reserve Amount Balance") == 0)
                    assert_int_equal(minor, reserve);
                if (strcmp(t.cell[13], "Current Reserve Amount") == 0)
                    held = -minor;
            }
            reserve = held;
            if (sum != total) {
                assert_int_equal(total - sum, 7);
                assert_string_equal(codes[m], "DE");
                short_ones++;
            }
        }
        assert_true(reserve > 0);
    }
    assert_int_equal(short_ones, 1);
}

static void dates_and_decimals_follow_the_market(void **state)
{
    (void)state;
    static const struct { const char *code, *day, *form; } cases[] = {
        { "US", "2026-11-13", "dddd-dd-dd dd:dd:dd UTC" },
        { "DE", "2026-11-18", "dd.dd.dddd dd:dd:dd UTC" },
        { "JP", "2026-11-12", "dddd-dd-dd dd:dd:dd UTC" },
    };
    static const char *const decimals[] = { ".", ",", "" };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n;
        const char *ending = arena_printf(shop.a, "-%s.txt", cases[i].day);
        char *at = report(&shop, "settlement", cases[i].code, ending, &n);
        struct table t = table_of(at, n);
        next_row(&t);
        next_row(&t);
        for (int c = 1; c < 4; c++) {
            assert_int_equal(strlen(t.cell[c]), strlen(cases[i].form));
            for (size_t k = 0; cases[i].form[k]; k++)
                if (cases[i].form[k] == 'd')
                    assert_in_range(t.cell[c][k], '0', '9');
                else
                    assert_int_equal(t.cell[c][k], cases[i].form[k]);
        }
        const char *point = t.cell[4] + strlen(t.cell[4]) - (*decimals[i] ? 3 : 0);
        assert_int_equal(*point, *decimals[i]);
        assert_null(strpbrk(point + (*point != 0), ".,"));
    }
}

/* Fields of a quoted row; the row is changed. */
static int csv_fields(char *row, char *field[MOST_CELLS])
{
    int n = 0;
    char *end = row + strlen(row) - 1;
    assert_int_equal(*row, '"');
    assert_int_equal(*end, '"');
    *end = '\0';
    field[n++] = row + 1;
    for (char *at = row + 1; (at = strstr(at, "\",\"")); ) {
        *at = '\0';
        at += 3;
        field[n++] = at;
    }
    return n;
}

/* Whatever was shipped stands in one settlement or among the payments of the open cycle. */
static void every_shipped_line_is_paid_once(void **state)
{
    (void)state;
    for (int m = 0; m < SHOP_MARKETS; m++) {
        int64_t shipped = 0, paid = 0, refunded = 0, transfers = 0, last_total = 0;
        size_t n;
        char *at = report(&shop, "all-orders", codes[m], ".txt", &n);
        struct table t = table_of(at, n);
        next_row(&t);
        int item = column(&t, "item-status");
        while (next_row(&t))
            shipped += strcmp(t.cell[4], "Shipped") == 0 &&
                       (t.n <= item || strcmp(t.cell[item], "Cancelled") != 0);
        char last_id[32] = "";
        for (size_t i = 0; i < shop.n_files; i++) {
            if (!strstr(shop.files[i].path, arena_printf(shop.a, "/settlement-%s-", codes[m])))
                continue;
            at = content(&shop, shop.files[i].path, &n);
            t = table_of(at, n);
            next_row(&t);
            next_row(&t);
            last_total = minor_of(t.cell[4]);
            snprintf(last_id, sizeof last_id, "%s", t.cell[0]);
            while (next_row(&t)) {
                bool is_principal = strcmp(t.cell[12], "ItemPrice") == 0 &&
                                    strcmp(t.cell[13], "Principal") == 0;
                paid += is_principal && strcmp(t.cell[6], "Order") == 0;
                refunded += is_principal && strcmp(t.cell[6], "Refund") == 0;
            }
        }
        at = report(&shop, "payments", codes[m], ".csv", &n);
        assert_memory_equal(at, "\xEF\xBB\xBF", 3);
        char *header = strstr(at, "\"date/time\"");
        assert_non_null(header);
        t = table_of(header, n - (size_t)(header - at));
        char *field[MOST_CELLS];
        next_row(&t);
        assert_int_equal(csv_fields(t.cell[0], field), 30);
        while (next_row(&t)) {
            assert_int_equal(csv_fields(t.cell[0], field), 30);
            int64_t sum = 0;
            for (int c = 14; c < 29; c++)
                sum += minor_of(field[c]);
            assert_int_equal(sum, minor_of(field[29]));
            bool is_transfer = strcmp(field[2], "Transfer") == 0;
            if (is_transfer)
                assert_int_equal(sum, -last_total);
            assert_int_equal(strcmp(field[1], last_id) > 0, !is_transfer);
            transfers += is_transfer;
            paid += strcmp(field[2], "Order") == 0;
            refunded += strcmp(field[2], "Refund") == 0;
        }
        assert_int_equal(transfers, 1);
        assert_int_equal(paid, shipped);
        assert_in_range(refunded * 1000, shipped * 40, shipped * 80);
    }
}

/* ---- listings and stock ---------------------------------------------------------------------- */

static void listings_and_stock_agree(void **state)
{
    (void)state;
    static const char *const warehouses[SHOP_MARKETS] = { "AMAZON_NA", "AMAZON_EU", "AMAZON_JP" };
    for (int m = 0; m < SHOP_MARKETS; m++) {
        size_t n;
        char *at = report(&shop, "listings", codes[m], ".txt", &n);
        struct table t = table_of(at, n);
        int rows = 0, kept = 0, inactive = 0, stocked = 0, sold_out = 0;
        next_row(&t);
        while (next_row(&t)) {
            bool is_kept = strcmp(t.cell[26], warehouses[m]) == 0;
            assert_true(is_kept || strcmp(t.cell[26], "DEFAULT") == 0);
            assert_int_equal(*t.cell[5] == '\0', is_kept);      /* empty is not zero */
            rows++;
            kept += is_kept;
            inactive += strcmp(t.cell[28], "Inactive") == 0;
        }
        assert_int_equal(rows, SHOP_SKUS);
        assert_in_range(inactive, 1, SHOP_SKUS / 5);
        at = report(&shop, "fba-stock", codes[m], ".txt", &n);
        t = table_of(at, n);
        next_row(&t);
        while (next_row(&t)) {
            int64_t count[18];
            for (int c = 9; c < 18; c++)
                count[c] = c == 14 ? 0 : minor_of(t.cell[c]);   /* 14: volume */
            assert_int_equal(count[9], count[10] + count[11] + count[12]);
            assert_int_equal(count[13], count[9] + count[15] + count[16] + count[17]);
            stocked++;
            sold_out += count[10] == 0;
        }
        assert_int_equal(stocked, kept);
        assert_in_range(sold_out, 1, kept / 5);
    }
}

static void nothing_is_sold_while_out_of_stock(void **state)
{
    (void)state;
    struct shop *s = arena_alloc(shop.a, sizeof *s);
    assert_int_equal(shop_init(s, 0, 20000, 42, shop.setup.until_s, &shop.err), 0);
    int out_days = 0;
    for (int32_t day = s->first_day; day <= s->last_day; day++) {
        struct shop_day today;
        struct shop_order o;
        shop_day_init(&today, s, day);
        for (int64_t n = 0; n < today.orders && shop_order(&today, n, &o); n++) {
            int64_t echo_s = o.purchase_s + (SHOP_ECHO_DAYS - 1) * 86400;
            assert_true(o.updated_s < echo_s);
            for (int i = 0; i < o.n_lines; i++) {
                assert_true(o.line[i].refund_s < echo_s);
                assert_false(o.line[i].sku->is_closed);
                assert_false(shop_is_out(s, o.line[i].sku, day));
                assert_int_equal(o.line[i].sku->is_afn, o.is_afn);
            }
        }
        for (int i = 0; i < SHOP_SKUS; i++)
            out_days += shop_is_out(s, &s->sku[i], day);
    }
    assert_in_range(out_days * 100 / SHOP_DAYS / SHOP_SKUS, 3, 9);
}

/* ---- size, progress, faults ------------------------------------------------------------------ */

/* Peak memory in kB of a process that writes so many orders. */
static long peak_kb(int64_t orders)
{
    struct run r;
    run_ready(&r, orders, 1, true);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(run_write(&r) < 0);
    int status;
    struct rusage usage;
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    for (int m = 0; m < SHOP_MARKETS; m++)
        unlink(arena_printf(r.a, "%s/all-orders-%s.txt", r.folder, codes[m]));
    run_end(&r);
    assert_int_equal(status, 0);
    return usage.ru_maxrss;
}

static void memory_does_not_grow(void **state)
{
    (void)state;
    long few = peak_kb(20000), many = peak_kb(1000000);
    assert_true(many < few + 1024);
}

static int64_t told_done, told_all;

static void tell(void *ctx, int64_t done, int64_t all)
{
    (void)ctx;
    assert_true(done >= told_done && done <= all);
    assert_true(told_all == 0 || told_all == all);
    told_done = done;
    told_all = all;
}

static void progress_ends_at_all(void **state)
{
    (void)state;
    for (int orders_only = 0; orders_only < 2; orders_only++) {
        struct run r;
        run_ready(&r, 3000, 1, orders_only);
        r.setup.progress = tell;
        told_done = told_all = 0;
        assert_int_equal(run_write(&r), 0);
        assert_true(told_all >= 3000);
        assert_int_equal(told_done, told_all);
        run_end(&r);
    }
}

static void any_last_instant_will_do(void **state)
{
    (void)state;
    static const char *const instants[] = {
        "1972-02-29T00:00:00Z", "2024-02-29T23:59:59Z", "2026-03-29T01:00:00Z", "2026-11-01T09:00:00Z",
        "2026-12-31T23:30:00Z", "2027-01-01T08:00:00Z", "2099-12-31T23:59:59Z",
    };
    for (size_t i = 0; i < COUNT_OF(instants); i++) {
        struct run r;
        run_ready(&r, 500, i, false);
        assert_true(instant_parse(instants[i], &r.setup.until_s));
        assert_int_equal(run_write(&r), 0);
        run_end(&r);
    }
}

static void what_cannot_be_is_said(void **state)
{
    (void)state;
    static const struct { const char *name; int64_t orders; const char *until, *below; int rc; } cases[] = {
        { "no orders", 0, until, "", -ERR_INPUT },
        { "too many", INT64_MAX, until, "", -ERR_INPUT },
        { "too early", 10, "1960-01-01T00:00:00Z", "", -ERR_INPUT },
        { "too late", 10, "2100-01-01T00:00:00Z", "", -ERR_INPUT },
        { "no folder", 10, until, "/absent", -ERR_IO },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct run r;
        run_ready(&r, cases[i].orders, 1, false);
        r.setup.folder = arena_printf(r.a, "%s%s", r.folder, cases[i].below);
        assert_true(instant_parse(cases[i].until, &r.setup.until_s));
        if (run_write(&r) != cases[i].rc)
            fail_msg("%s: %d %s", cases[i].name, r.err.code, r.err.text);
        assert_true(text_ends(r.err.text, "."));
        run_end(&r);
    }
}

static void after_an_error_the_folder_is_as_before(void **state)
{
    (void)state;
    struct run r;
    run_ready(&r, 10, 1, true);
    const char *own = arena_printf(r.a, "%s/all-orders-JP.txt", r.folder);
    int fd = open(own, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "mine", 4), 4);
    close(fd);
    assert_int_equal(run_write(&r), -ERR_IO);           /* what is there is not written over */
    assert_non_null(strstr(r.err.text, own));
    assert_int_equal(r.n_files, 0);
    size_t n;
    assert_string_equal(content(&r, own, &n), "mine");
    unlink(own);
    run_end(&r);
}

static void a_failed_write_leaves_nothing(void **state)
{
    (void)state;
    struct run r;
    run_ready(&r, 5000, 1, false);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 300000, 300000 });
        _exit(run_write(&r) == -ERR_IO ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    run_end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(as_many_orders_as_wanted),
        cmocka_unit_test(files_are_named_and_dated),
        cmocka_unit_test(what_is_said_is_about_orders_of_the_shop),
        cmocka_unit_test(json_files_are_json),
        cmocka_unit_test(rows_are_as_wide_as_their_header),
        cmocka_unit_test(headers_are_those_of_real_files),
        cmocka_unit_test(charsets_are_the_markets_own),
        cmocka_unit_test(orders_stand_as_of_the_last_instant),
        cmocka_unit_test(small_shops_have_open_orders_too),
        cmocka_unit_test(the_year_the_week_and_the_night_show),
        cmocka_unit_test(settlements_add_up),
        cmocka_unit_test(dates_and_decimals_follow_the_market),
        cmocka_unit_test(every_shipped_line_is_paid_once),
        cmocka_unit_test(listings_and_stock_agree),
        cmocka_unit_test(nothing_is_sold_while_out_of_stock),
        cmocka_unit_test(memory_does_not_grow),
        cmocka_unit_test(progress_ends_at_all),
        cmocka_unit_test(any_last_instant_will_do),
        cmocka_unit_test(what_cannot_be_is_said),
        cmocka_unit_test(after_an_error_the_folder_is_as_before),
        cmocka_unit_test(a_failed_write_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, open_shop, close_shop);
}
