/* SPDX-License-Identifier: Apache-2.0 */
/* test_vacation.c: a vacation begins and ends on its days, as a day of the marketplace, and says what it is about to do. */
#include "command.h"

#include "base/log.h"
#include "plug/ask.h"

#define LISTING_COLUMNS "line:count market:market sku:text title:text asin:text price:money quantity:count status:text" \
        " fulfilment:text item_condition:text"
#define SAVE "settings.listing.save"

struct away {
    struct shop shop;
    struct plugins *plugins;
};

static void open_away(struct away *w, const char *name)
{
    char own[4000], ini[200];
    const char *build = getenv("BUILD");
    struct shop *s = &w->shop;
    const struct import how = { .as_of = "2026-11-20T06:00:00Z" };
    shop_open(s, name);
    snprintf(ini, sizeof ini, "%s", scratch_path("plugins.ini"));
    snprintf(own, sizeof own, "%s/plugins", build ? build : "build");
    FILE *f = fopen(ini, "w");
    assert_non_null(f);
    fputs("[listing]\nfile = settings/listing/listing.so\n", f);
    assert_int_equal(fclose(f), 0);
    const struct plugins_setup setup = { .config = ini, .own_folder = own, .texts = s->texts };
    assert_well(plugins_load(&w->plugins, &setup, &s->err), &s->err);
    if (plugins_at(w->plugins, 0)->why)
        fail_msg("%s", plugins_at(w->plugins, 0)->why);
    s->setup.plugins = w->plugins;
    s->setup.desk = desk_new(w->plugins, s->policies);
    s->setup.via = "rule";
    s->setup.is_quiet = true;
    assert_told(import_rows(s->db, &how, "listing", LISTING_COLUMNS,
        "1|DE|MUG-1|Mug, blue|B001|12.90 EUR|5|Active|seller|11\n"
        "2|DE|MUG-2|Mug, red|B002|9.90 EUR|0|Inactive|seller|11\n"
        "3|DE|FBA-1|Lamp|B004|30.00 EUR||Active|marketplace|11\n"
        "4|US|MUG-1|Mug, blue|B001|15.50 USD|7|Active|seller|11\n"), 4, 0, "");
}

static void away_shut(struct away *w)
{
    desk_free(w->shop.setup.desk);
    shop_close(&w->shop);
    plugins_free(w->plugins);
}

/* What the clock of the host does; what it says of it, and how often it has been written down. */
static const char *run_at(struct shop *s, const char *at)
{
    s->setup.now_s = instant(at);
    assert_well(doing(s, "vacation.run", (const char *)NULL), &s->err);
    return answer(s->db, "SELECT (SELECT count(*) FROM v1_audit WHERE command = 'vacation.run') AS runs,"
                         " (SELECT count(*) FROM v1_outgoing WHERE reason = 'vacation' AND is_open = 1) AS away,"
                         " (SELECT max(text) FROM v1_settings WHERE field = 'status') AS status,"
                         " (SELECT count(*) FROM v1_settings WHERE field = 'begun') AS begun");
}

/* Berlin is an hour ahead in winter: its 1 December begins at 23:00 UTC of the day before, and its 5th ends likewise. */
static void it_begins_and_ends_by_the_days_of_the_market(void **state)
{
    (void)state;
    struct away w;
    struct shop *s = &w.shop;
    open_away(&w, "days.db");
    does(s, "Saved.", SAVE, "market=DE", "status=vacation", "from=2026-12-01", "until=2026-12-05");
    assert_string_equal(run_at(s, "2026-11-30T22:59:59Z"), "0|0|vacation|0\n");
    assert_string_equal(run_at(s, "2026-11-30T23:00:00Z"), "1|1|vacation|1\n");
    assert_string_equal(answer(s->db, "SELECT market, sku, quantity, was_quantity FROM v1_outgoing"), "A1PA6795UKMFR9|MUG-1|0|5\n");
    assert_string_equal(run_at(s, "2026-12-01T09:00:00Z"), "1|1|vacation|1\n");         /* once, and no trace of looking */
    assert_string_equal(run_at(s, "2026-12-05T22:59:59Z"), "1|1|vacation|1\n");
    assert_string_equal(run_at(s, "2026-12-05T23:00:00Z"), "2|0|active|0\n");
    assert_string_equal(run_at(s, "2026-12-06T09:00:00Z"), "2|0|active|0\n");
    assert_string_equal(answer(s->db, "SELECT field FROM v1_settings WHERE module = 'listing' ORDER BY field"), "market\nstatus\n");
    assert_string_equal(answer(s->db, "SELECT DISTINCT via FROM v1_audit WHERE command LIKE 'vacation%'"), "rule\n");
    assert_string_equal(answer(s->db, "SELECT command FROM v1_audit WHERE command LIKE 'vacation.run >%' ORDER BY entry"),
                        "vacation.run > listings.pause\nvacation.run > settings.listing.save\n"
                        "vacation.run > listings.resume\nvacation.run > settings.listing.save\n");
    away_shut(&w);
}

/* The program may be off on the day: what is due is done when it looks again. */
static void it_comes_late(void **state)
{
    (void)state;
    struct away w;
    struct shop *s = &w.shop;
    open_away(&w, "late.db");
    does(s, "Saved.", SAVE, "market=US", "status=vacation", "from=2026-12-01", "until=2026-12-05");
    assert_string_equal(run_at(s, "2026-12-03T12:00:00Z"), "1|1|vacation|1\n");
    assert_string_equal(run_at(s, "2027-01-03T12:00:00Z"), "2|0|active|0\n");
    does(s, "Saved.", SAVE, "record=1", "status=vacation", "from=2027-02-01", "until=2027-02-03");
    assert_string_equal(run_at(s, "2027-03-01T12:00:00Z"), "3|0|active|0\n");           /* missed altogether */
    assert_string_equal(answer(s->db, "SELECT count(*) FROM v1_outgoing WHERE sku = 'MUG-1' AND is_open = 1"), "0\n");
    away_shut(&w);
}

static void somebody_may_come_back_sooner_or_put_it_off(void **state)
{
    (void)state;
    struct away w;
    struct shop *s = &w.shop;
    open_away(&w, "sooner.db");
    does(s, "Saved.", SAVE, "market=DE", "status=vacation");                            /* at once, with no end */
    assert_string_equal(run_at(s, AT), "1|1|vacation|1\n");
    assert_string_equal(run_at(s, "2028-01-01T00:00:00Z"), "1|1|vacation|1\n");
    is_refused(s, ERR_INPUT, "market", "The vacation on Amazon.de has begun", SAVE, "record=1", "market=US");
    does(s, "Saved.", SAVE, "record=1", "status=active");
    assert_string_equal(run_at(s, "2028-01-01T00:15:00Z"), "2|0|active|0\n");
    does(s, "Saved.", SAVE, "record=1", "status=vacation");
    assert_string_equal(run_at(s, "2028-01-01T01:00:00Z"), "3|1|vacation|1\n");
    does(s, "Saved.", SAVE, "record=1", "from=2028-02-01");                             /* put off: back until then */
    assert_string_equal(run_at(s, "2028-01-02T00:00:00Z"), "4|0|vacation|0\n");
    assert_string_equal(run_at(s, "2028-02-01T12:00:00Z"), "5|1|vacation|1\n");
    away_shut(&w);
}

static void what_cannot_be_meant(void **state)
{
    (void)state;
    struct away w;
    struct shop *s = &w.shop;
    open_away(&w, "wrong.db");
    is_refused(s, ERR_INPUT, "until", "lies before the first, 5 Dec 2026", SAVE, "market=DE", "status=vacation", "from=2026-12-05", "until=2026-12-04");
    is_refused(s, ERR_INPUT, "until", "over already: it is 23 Nov 2026 there", SAVE, "market=DE", "status=vacation", "until=2026-11-22");
    is_refused(s, ERR_INPUT, "market", "no data of this marketplace", SAVE, "market=JP", "status=vacation");
    does(s, "Saved.", SAVE, "market=DE", "status=vacation", "from=2026-11-23", "until=2026-11-23");    /* a day is a vacation */
    is_refused(s, ERR_INPUT, "market", "stands in another record already", SAVE, "market=DE", "status=vacation");
    does(s, "Saved.", SAVE, "record=1", "status=active");
    assert_string_equal(answer(s->db, "SELECT count(*) FROM v1_settings WHERE field IN ('from', 'until')"), "0\n");
    away_shut(&w);
}

/* A plan of nothing leaves no trace when it is the clock's, and one when somebody asked. */
static void only_the_clock_is_quiet(void **state)
{
    (void)state;
    struct away w;
    struct shop *s = &w.shop;
    char before[17], after[17];
    open_away(&w, "quiet.db");
    content_of(s->db, before);
    does(s, "", "vacation.run");
    content_of(s->db, after);
    assert_string_equal(before, after);
    assert_string_equal(s->result.command, "");
    s->setup.is_quiet = false;
    does(s, "nothing to do", "vacation.run");
    assert_string_equal(answer(s->db, "SELECT count(*) FROM v1_audit WHERE command = 'vacation.run'"), "1\n");
    away_shut(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_and_ends_by_the_days_of_the_market), cmocka_unit_test(it_comes_late),
        cmocka_unit_test(somebody_may_come_back_sooner_or_put_it_off), cmocka_unit_test(what_cannot_be_meant),
        cmocka_unit_test(only_the_clock_is_quiet),
    };
    log_setup(LOG_LEVEL_FAULT, false);
    int plain = cmocka_run_group_tests_name("vacation", tests, scratch_make, scratch_remove);
    setenv("SOUK_WIRE", "1", 1);
    return plain + cmocka_run_group_tests_name("vacation as bytes", tests, scratch_make, scratch_remove);
}
