/* SPDX-License-Identifier: Apache-2.0 */
/* test_outgoing.c: changes of listings from their asking to the report that confirms them. */
#include "command.h"

#include "data/outgoing.h"
#include "data/undo.h"

#define LISTING_COLUMNS "line:count market:market sku:text title:text asin:text price:money quantity:count status:text" \
        " fulfilment:text item_condition:text"

static struct told reported(struct shop *s, const char *as_of, const char *lines)
{
    const struct import how = { .as_of = as_of };
    return import_rows(s->db, &how, "listing", LISTING_COLUMNS, lines);
}

/* Three listings that the seller fulfils, one of the marketplace, one that sells in another country, too. */
static void open_shop(struct shop *s, const char *name)
{
    shop_open(s, name);
    struct told told = reported(s, "2026-11-20T06:00:00Z",
        "1|DE|MUG-1|Mug, blue|B001|12.90 EUR|5|Active|seller|11\n"
        "2|DE|MUG-2|Mug, red|B002|9.90 EUR|0|Inactive|seller|11\n"
        "3|DE|MUG-3|Mug, green|B003|20.00 EUR|7|Inactive|seller|11\n"
        "4|DE|FBA-1|Lamp|B004|30.00 EUR||Active|marketplace|11\n"
        "5|US|MUG-1|Mug, blue|B001|15.50 USD|5|Active|seller|11\n");
    assert_told(told, 5, 0, "");
    does(s, "written down", "product.set", "sku=MUG-1", "floor=10 EUR");
}

static const char sql_states[] =
    "SELECT outgoing, sku, kind, state, conflict FROM v1_outgoing ORDER BY outgoing";

static void a_price_is_changed(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "price.db");
    does(&s, "The price of MUG-1 on Amazon.de is to be \u20ac11.50", "listing.price", "market=DE", "sku=MUG-1", "price=11.50");
    assert_string_equal(s.result.ref, "listing:MUG-1");
    assert_string_equal(answer(s.db, "SELECT outgoing, batch, market, sku, title, kind, state, is_open, currency, price, least,"
                                     " most, was_price, was_quantity, was_status, now_price, conflict FROM v1_outgoing"),
                        "1|1|A1PA6795UKMFR9|MUG-1|Mug, blue|price|queued|1|EUR|1150|-|-|1290|5|Active|1290|\n");
    /* The same again is nothing new, another one takes its place, the history stays. */
    does(&s, "so already, or will be", "listing.price", "market=DE", "sku=MUG-1", "price=11.50");
    does(&s, "is to be \u20ac10.99", "listing.price", "market=DE", "sku=MUG-1", "price=10.99", "least=10", "most=13");
    assert_string_equal(answer(s.db, "SELECT no, state, by_no, price_minor, least_minor, most_minor FROM outgoing ORDER BY no"),
                        "1|replaced|2|1150|-|-\n2|queued|-|1099|1000|1300\n");
    /* Wanting what is the case takes back what waits. */
    does(&s, "so already: the change that waited is taken back", "listing.price", "market=DE", "sku=MUG-1", "price=12.90");
    assert_string_equal(answer(s.db, sql_states), "1|MUG-1|price|replaced|\n2|MUG-1|price|cancelled|\n");
    does(&s, "so already, or will be", "listing.price", "market=DE", "sku=MUG-1", "price=12.90");
    /* Each market for itself. */
    does(&s, "on Amazon.com is to be $9.00", "listing.price", "market=US", "sku=MUG-1", "price=9.00");
    shop_close(&s);
}

static void what_is_refused(void **state)
{
    (void)state;
    static const struct { const char *command, *give[6], *field, *says; enum err_code code; } bad[] = {
        { "listing.price", { "market=DE", "sku=MUG-1", "price=9.99" }, "price", "9.99 EUR is beneath the floor of MUG-1, which is"
          " 10.00 EUR", ERR_DENIED },
        { "listing.price", { "market=DE", "sku=MUG-9", "price=9.99" }, "sku", "no listing of MUG-9 on Amazon.de", ERR_ABSENT },
        { "listing.price", { "market=US", "sku=MUG-3", "price=9.99" }, "sku", "no listing of MUG-3 on Amazon.com", ERR_ABSENT },
        { "listing.price", { "market=DE", "sku=MUG-3", "price=0" }, "price", "between", ERR_INPUT },
        { "listing.price", { "market=DE", "sku=MUG-3", "price=9.99 USD" }, "price", "must be in EUR", ERR_INPUT },
        { "listing.price", { "market=DE", "sku=MUG-3", "price=9.99" }, "price", "less than half", ERR_DENIED },
        { "listing.price", { "market=DE", "sku=MUG-3", "price=40.01" }, "price", "more than double", ERR_DENIED },
        { "listing.price", { "market=DE", "sku=MUG-3", "price=19", "least=20" }, "least", "above the price", ERR_INPUT },
        { "listing.price", { "market=DE", "sku=MUG-3", "price=19", "most=18" }, "most", "beneath the price", ERR_INPUT },
        { "listing.quantity", { "market=DE", "sku=FBA-1", "quantity=4" }, "sku", "counts its stock itself", ERR_DENIED },
        { "listing.quantity", { "market=DE", "sku=MUG-1", "quantity=-1" }, "quantity", "between", ERR_INPUT },
        { "listing.status", { "market=DE", "sku=FBA-1", "status=inactive" }, "sku", "stays on sale", ERR_DENIED },
        { "listing.status", { "market=DE", "sku=MUG-1", "status=inactive", "quantity=3" }, "quantity", "off sale", ERR_INPUT },
        { "listing.status", { "market=DE", "sku=MUG-1", "status=gone" }, "status", "cannot be chosen", ERR_INPUT },
        { "outgoing.cancel", { "outgoing=7" }, "outgoing", "no outgoing change 7", ERR_ABSENT },
        { "outgoing.cancel", { NULL }, "outgoing", "one of the two", ERR_INPUT },
        { "outgoing.download", { "market=DE" }, "market", "Nothing waits for Amazon.de", ERR_ABSENT },
        { "outgoing.handed_in", { "file=1" }, "file", "no outgoing file 1", ERR_ABSENT },
        { "outgoing.failed", { "outgoing=1", "reason=x" }, "outgoing", "no outgoing change 1", ERR_ABSENT },
    };
    struct shop s;
    open_shop(&s, "refused.db");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *const *g = bad[i].give;
        is_refused(&s, bad[i].code, bad[i].field, bad[i].says, bad[i].command, g[0], g[1], g[2], g[3], g[4]);
    }
    does(&s, "is to be \u20ac9.99", "listing.price", "market=DE", "sku=MUG-3", "price=9.99", "sure=yes");
    shop_close(&s);
}

/* What would break a line of the file, or is a formula to a spreadsheet, never gets in. */
static void skus_that_cannot_stand_in_a_file(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "hostile.db");
    static const char *const skus[] = { "=1+1", "+1", "-1", "@SUM(A1)", "a\tb", "M\u00fctze" };
    for (size_t i = 0; i < COUNT_OF(skus); i++) {
        const char *line = arena_printf(s.arena, "1|DE|%s|x|B009|12.90 EUR|5|Active|seller|11\n", skus[i]);
        assert_told(reported(&s, "2026-11-20T06:00:00Z", line), 1, 0, "");
        is_refused(&s, ERR_DENIED, "sku", "change this listing", "listing.quantity", "market=DE",
                   arena_printf(s.arena, "sku=%s", skus[i]), "quantity=2");
    }
    shop_close(&s);
}

static void many_are_changed(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "many.db");
    is_refused(&s, ERR_INPUT, "count", "It was to be 2 listings, and now they are 4", "listings.price", "market=DE", "percent=5",
               "count=2");
    is_refused(&s, ERR_DENIED, "percent", "sure", "listings.price", "market=DE", "percent=-51", "count=4");
    is_refused(&s, ERR_INPUT, "percent", "changes nothing", "listings.price", "market=DE", "percent=0", "count=4");
    /* 12.90 less 25 % is beneath the floor of 10; 9.90, 20 and 30 are not held. */
    does(&s, "3 changes wait among the outgoing changes. One was left out. 9.68 EUR is beneath the floor of MUG-1",
         "listings.price", "market=DE", "percent=-25", "count=4");
    assert_string_equal(s.result.ref, "batch:1");
    assert_string_equal(answer(s.db, "SELECT batch, sku, price, was_price FROM v1_outgoing ORDER BY outgoing"),
                        "1|FBA-1|2250|3000\n1|MUG-2|743|990\n1|MUG-3|1500|2000\n");     /* 7.425 is rounded up */
    does(&s, "3 changes are taken back", "outgoing.cancel", "batch=1");
    does(&s, "One change waits", "listings.price", "market=DE", "percent=10", "find=MUG-2", "count=1");
    does(&s, "One change waits", "listings.price", "market=DE", "percent=10", "find=B003", "count=1");
    does(&s, "2 changes wait among the outgoing changes; one listing was so already.", "listings.quantity", "market=DE",
         "of_fulfilment=seller", "quantity=5", "count=3");
    does(&s, "One change waits", "listings.status", "market=DE", "of_status=stock", "status=active", "count=1");
    is_refused(&s, ERR_DENIED, "", "None of these 1 listings can be changed so. FBA-1 is fulfilled by the marketplace",
               "listings.quantity", "market=DE", "of_fulfilment=marketplace", "quantity=5", "count=1");
    assert_string_equal(answer(s.db, "SELECT sku, kind, quantity, status FROM v1_outgoing WHERE is_open = 1 AND kind <> 'price'"
                                     " ORDER BY outgoing"), "MUG-2|quantity|5|-\nMUG-3|quantity|5|-\nMUG-3|status|-|active\n");
    shop_close(&s);
}

static int on_row(void *ctx, const struct outgoing_row *row)
{
    buf_printf(ctx, "%s %s %lld %lld%s;", row->sku, row->asin, (long long)row->price.minor,
               (long long)(row->quantity.is_told ? row->quantity.n : -1), row->is_active ? " on" : "");
    return 0;
}

static const char *rows_in(struct shop *s, int64_t file)
{
    struct buf out = { 0 };
    assert_well(outgoing_file_rows(s->db, file, on_row, &out, &s->err), &s->err);
    const char *text = arena_text(s->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static void changes_are_handed_in_and_confirmed(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "confirmed.db");
    does(&s, "waits", "listing.price", "market=DE", "sku=MUG-1", "price=11.50");
    does(&s, "waits", "listing.quantity", "market=DE", "sku=MUG-1", "quantity=9", "handling_days=2");
    does(&s, "go on sale on Amazon.de", "listing.status", "market=DE", "sku=MUG-2", "status=active", "quantity=4");
    does(&s, "go off sale", "listing.status", "market=DE", "sku=MUG-1", "status=inactive");
    does(&s, "waits", "listing.price", "market=US", "sku=MUG-1", "price=16");
    does(&s, "Files 1 and 2 are made of 4 changes", "outgoing.download", "market=DE");
    assert_string_equal(s.result.ref, "outgoing_file:1");
    /* One line for each SKU; what goes on sale says its price and how many there are. */
    assert_string_equal(rows_in(&s, 1), "MUG-1 B001 1150 9;");
    assert_string_equal(rows_in(&s, 2), "MUG-1 B001 0 -1;MUG-2 B002 990 4 on;");
    is_refused(&s, ERR_ABSENT, "market", "Nothing waits", "outgoing.download", "market=DE");
    /* Before it was handed in, what stands in a file can still be taken back or replaced. */
    does(&s, "taken back", "outgoing.cancel", "outgoing=4");
    does(&s, "waits", "listing.quantity", "market=DE", "sku=MUG-1", "quantity=8");
    assert_string_equal(rows_in(&s, 1), "MUG-1 B001 1150 -1;");
    assert_string_equal(rows_in(&s, 2), "MUG-2 B002 990 4 on;");
    is_refused(&s, ERR_DENIED, "outgoing", "was not handed in", "outgoing.failed", "outgoing=1", "reason=x");
    does(&s, "One change is handed in; the next listings report confirms it.", "outgoing.handed_in", "file=1");
    does(&s, "One change is handed in", "outgoing.handed_in", "file=2");
    is_refused(&s, ERR_DENIED, "file", "handed in already", "outgoing.handed_in", "file=2");
    is_refused(&s, ERR_DENIED, "outgoing", "cannot be taken back: it is handed in", "outgoing.cancel", "outgoing=1");
    assert_string_equal(answer(s.db, sql_states), "1|MUG-1|price|handed_in|\n2|MUG-1|quantity|replaced|\n3|MUG-2|status|handed_in|\n"
                        "4|MUG-1|status|cancelled|\n5|MUG-1|price|queued|\n6|MUG-1|quantity|queued|\n");

    /* A report of before says nothing; one of after confirms what it shows, and shows what it refuses. */
    reported(&s, "2026-11-23T09:59:59Z", "1|DE|MUG-1||B001|11.50 EUR|5|Active|seller|11\n");
    assert_string_equal(answer(s.db, "SELECT count(*) FROM outgoing WHERE state = 'confirmed'"), "0\n");
    reported(&s, "2026-11-23T12:00:00Z", "1|DE|MUG-1||B001|11.50 EUR|5|Active|seller|11\n"
                                         "2|DE|MUG-2||B002|9.90 EUR|0|Inactive|seller|11\n");
    assert_string_equal(answer(s.db, sql_states), "1|MUG-1|price|confirmed|\n2|MUG-1|quantity|replaced|\n"
                        "3|MUG-2|status|handed_in|refused\n4|MUG-1|status|cancelled|\n5|MUG-1|price|queued|\n6|MUG-1|quantity|queued|\n");
    assert_string_equal(answer(s.db, "SELECT since = (SELECT told FROM v1_listings WHERE sku = 'MUG-2') FROM v1_outgoing"
                                     " WHERE outgoing = 1"), "1\n");
    does(&s, "failed", "outgoing.failed", "outgoing=3", "reason=Needs approval");
    assert_string_equal(answer(s.db, "SELECT state, why FROM v1_outgoing WHERE outgoing = 3"), "failed|Needs approval\n");
    assert_string_equal(answer(s.db, "SELECT file, kind, changes, confirmed, failed FROM v1_outgoing_files"),
                        "1|price_quantity|1|1|0\n2|inventory_loader|1|0|1\n");
    /* Somebody changed it elsewhere: what waits rests on something that is not so any more. */
    reported(&s, "2026-11-23T13:00:00Z", "1|DE|MUG-1||B001|11.50 EUR|3|Active|seller|11\n");
    assert_string_equal(answer(s.db, "SELECT outgoing, conflict FROM v1_outgoing WHERE conflict <> ''"), "6|changed\n");
    /* And a report that shows it confirms it, even though nobody said that it was handed in. */
    reported(&s, "2026-11-23T14:00:00Z", "1|DE|MUG-1||B001|11.50 EUR|8|Active|seller|11\n");
    assert_string_equal(answer(s.db, "SELECT state FROM v1_outgoing WHERE outgoing = 6"), "confirmed\n");
    shop_close(&s);
}

/* A report without a column tells nothing of it, however late it is. */
static void a_report_without_the_column_confirms_nothing(void **state)
{
    (void)state;
    struct shop s;
    const struct import how = { .as_of = "2026-11-24T06:00:00Z" };
    open_shop(&s, "column.db");
    does(&s, "waits", "listing.status", "market=DE", "sku=MUG-1", "status=inactive");
    does(&s, "made", "outgoing.download", "market=DE");
    does(&s, "handed in", "outgoing.handed_in", "file=1");
    does(&s, "go on sale", "listing.status", "market=DE", "sku=MUG-1", "status=active");    /* as the last report said */
    import_rows(s.db, &how, "listing", "line:count market:market sku:text price:money", "1|DE|MUG-1|12.90 EUR\n");
    assert_string_equal(answer(s.db, "SELECT state FROM v1_outgoing ORDER BY outgoing"), "handed_in\nqueued\n");
    shop_close(&s);
}

static void the_newer_one_overtakes(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "overtaken.db");
    does(&s, "waits", "listing.quantity", "market=DE", "sku=MUG-1", "quantity=9");
    does(&s, "made", "outgoing.download", "market=DE");
    does(&s, "handed in", "outgoing.handed_in", "file=1");
    does(&s, "waits", "listing.quantity", "market=DE", "sku=MUG-1", "quantity=5");      /* back, though no report shows 9 */
    does(&s, "made", "outgoing.download", "market=DE");
    assert_string_equal(answer(s.db, "SELECT no, state, by_no FROM outgoing ORDER BY no"), "1|handed_in|-\n2|downloaded|-\n");
    does(&s, "handed in", "outgoing.handed_in", "file=2");
    assert_string_equal(answer(s.db, "SELECT no, state, by_no FROM outgoing ORDER BY no"), "1|replaced|2\n2|handed_in|-\n");
    /* A file whose changes have all gone cannot be handed in. */
    does(&s, "waits", "listing.price", "market=DE", "sku=MUG-3", "price=21");
    does(&s, "made", "outgoing.download", "market=DE");
    does(&s, "taken back", "outgoing.cancel", "outgoing=3");
    is_refused(&s, ERR_DENIED, "file", "holds nothing any more", "outgoing.handed_in", "file=3");
    shop_close(&s);
}

static const char sql_quantities[] =
    "SELECT sku, state, quantity, reason FROM v1_outgoing WHERE kind = 'quantity' AND state NOT IN ('replaced', 'cancelled')"
    " ORDER BY outgoing";

/* Away and back: only what the seller fulfils, and each to what it was unless it was changed meanwhile. */
static void vacation(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "vacation.db");
    reported(&s, "2026-11-21T06:00:00Z", "1|DE|MUG-4||B005|8.00 EUR|2|Active|seller|11\n2|DE|=MUG||B006|8.00 EUR|2|Active|seller|11\n");
    does(&s, "3 listings on Amazon.de are to have nothing to sell; what the marketplace fulfils stays on sale. One listing must be"
         " changed in the marketplace by hand.", "listings.pause", "market=DE");
    assert_string_equal(s.result.ref, "batch:1");
    assert_string_equal(answer(s.db, sql_quantities), "MUG-1|queued|0|vacation\nMUG-3|queued|0|vacation\nMUG-4|queued|0|vacation\n");
    does(&s, "Nothing that you fulfil yourself on Amazon.co.jp", "listings.pause", "market=JP");
    does(&s, "Nothing that you fulfil yourself on Amazon.de is left", "listings.pause", "market=DE");       /* twice changes nothing */
    /* Before it is handed in, coming back only takes back what waits. */
    does(&s, "3 listings on Amazon.de are put back", "listings.resume", "market=DE");
    assert_string_equal(answer(s.db, sql_quantities), "");
    does(&s, "Nothing on Amazon.de is to be put back", "listings.resume", "market=DE");
    /* Handed in, and shown by a report: the seller sends one listing's new stock meanwhile, somebody restocks another. */
    does(&s, "3 listings", "listings.pause", "market=DE");
    does(&s, "made", "outgoing.download", "market=DE");
    does(&s, "handed in", "outgoing.handed_in", "file=1");
    s.setup.now_s = instant("2026-11-25T10:00:00Z");
    reported(&s, "2026-11-24T06:00:00Z", "1|DE|MUG-1||B001|12.90 EUR|0|Inactive|seller|11\n2|DE|MUG-3||B003|20.00 EUR|0|Inactive|seller|11\n"
                                         "3|DE|MUG-4||B005|8.00 EUR|0|Inactive|seller|11\n");
    reported(&s, "2026-11-25T06:00:00Z", "1|DE|MUG-4||B005|8.00 EUR|6|Active|seller|11\n");
    does(&s, "quantity of MUG-3", "listing.quantity", "market=DE", "sku=MUG-3", "quantity=1");
    does(&s, "One listing on Amazon.de is put back to what it was.", "listings.resume", "market=DE");
    assert_string_equal(answer(s.db, sql_quantities), "MUG-1|confirmed|0|vacation\nMUG-3|confirmed|0|vacation\n"
                        "MUG-4|confirmed|0|vacation\nMUG-3|queued|1|\nMUG-1|queued|5|return\n");
    does(&s, "Nothing on Amazon.de is to be put back", "listings.resume", "market=DE");
    shop_close(&s);
}

/* Back while the file is on its way: what no report shows yet is put back all the same. */
static void back_before_any_report(void **state)
{
    (void)state;
    struct shop s;
    open_shop(&s, "back.db");
    does(&s, "One listing on Amazon.com", "listings.pause", "market=US");
    does(&s, "made", "outgoing.download", "market=US");
    does(&s, "handed in", "outgoing.handed_in", "file=1");
    does(&s, "One listing on Amazon.com is put back", "listings.resume", "market=US");
    assert_string_equal(answer(s.db, sql_quantities), "MUG-1|handed_in|0|vacation\nMUG-1|queued|5|return\n");
    shop_close(&s);
}

/* Undo of an import knows of what leans on its rows. */
static void undo_knows_the_tables(void **state)
{
    (void)state;
    assert_true(undo_areas("outgoing") == TOUCHED_OUTBOX && undo_areas("outgoing_file") == TOUCHED_OUTBOX);
    assert_false(undo_leaves_out("outgoing") || undo_leaves_out("outgoing_file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_is_changed),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(skus_that_cannot_stand_in_a_file),
        cmocka_unit_test(many_are_changed),
        cmocka_unit_test(changes_are_handed_in_and_confirmed),
        cmocka_unit_test(a_report_without_the_column_confirms_nothing),
        cmocka_unit_test(the_newer_one_overtakes),
        cmocka_unit_test(vacation),
        cmocka_unit_test(back_before_any_report),
        cmocka_unit_test(undo_knows_the_tables),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
