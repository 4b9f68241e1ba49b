/* SPDX-License-Identifier: Apache-2.0 */
/* test_coach.c: facts, runs of the rules, and what is kept of what they say. */
#include "command.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "flow/coach.h"
#include "flow/facts.h"

static void write_text(const char *name, const char *text)
{
    static int changed;
    FILE *f = fopen(scratch_path(name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    changed++;                                          /* two changes in one tick differ, too */
    const struct timespec times[] = { { changed, 0 }, { changed, 0 } };
    assert_int_equal(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

static int folders_make(void **state)
{
    return scratch_make(state) < 0 ? -1 : mkdir(scratch_path("coach"), 0755) | mkdir(scratch_path("lib"), 0755);
}

static void coach_open(struct shop *s, const char *name)
{
    shop_open(s, name);
    assert_well(script_open(&s->setup.scripts, scratch, &s->err), &s->err);
}

static void coach_close(struct shop *s)
{
    script_free(s->setup.scripts);
    shop_close(s);
    unlink(scratch_path("coach/a.lua"));
    unlink(scratch_path("coach/b.lua"));
    unlink(scratch_path("coach/c.lua"));
    unlink(scratch_path("lib/words.lua"));
}

static struct coach_result run(struct shop *s, bool is_all)
{
    const struct coach_setup setup = {
        .scripts = s->setup.scripts, .policies = s->setup.policies, .now_s = s->setup.now_s, .is_all = is_all,
    };
    struct coach_result result;
    err_clear(&s->err);
    assert_well(coach_run(s->arena, s->db, &setup, &result, &s->err), &s->err);
    return result;
}

/* "a ran, b, c failed": of the run. */
static const char *ran(struct shop *s, const struct coach_result *r)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < r->n; i++)
        buf_printf(&out, "%s%s%s", i ? ", " : "", r->rule[i].id, *r->rule[i].err ? " failed" : r->rule[i].did_run ? " ran" : "");
    const char *kept = arena_text(s->arena, buf_str(&out));
    buf_free(&out);
    return kept;
}

#define SUGGESTIONS "SELECT rule, key, state, is_said, why, until, weight, text FROM v1_suggestions ORDER BY rule, key"

/* ---- facts ----------------------------------------------------------------------------------- */

/* Says every row of a fact table, with all its columns. */
static const char *facts_of(struct shop *s, const char *table)
{
    struct buf rule = { 0 };
    buf_printf(&rule, "return { id = 'probe', title = 'Probe', needs = { '%s' }, check = function(facts, say)\n"
                      "  for i, row in ipairs(facts.%s) do\n    local text = ''\n", table, table);
    for (const struct fact_column *c = fact_table_named(table)->column; c->name; c++) {
        buf_printf(&rule, "    text = text .. '|' .. tostring(row.%s)\n", c->name);
        if (text_is(c->type, "money"))
            buf_printf(&rule, "    text = text .. ' ' .. tostring(row.%s_currency)\n", c->name);
    }
    buf_text(&rule, "    say { key = ('%03d'):format(i), text = text:sub(2) }\n  end\nend }\n");
    write_text("coach/c.lua", buf_str(&rule));
    buf_free(&rule);
    struct coach_result r = run(s, true);
    if (r.failed)
        fail_msg("%s", r.rule[0].err);
    return answer(s->db, "SELECT text FROM v1_suggestions WHERE rule = 'probe' AND is_said = 1 ORDER BY key");
}

static void test_facts(void **state)
{
    (void)state;
    struct shop s;
    static const struct import plain = { 0 };
    coach_open(&s, "facts.db");
    for (const struct fact_table *t = fact_tables; t->name; t++)
        if (!text_is(t->name, "markets"))
            assert_string_equal(facts_of(&s, t->name), "");     /* nothing imported: no row, but all columns */
    import_rows(s.db, &plain, "order_line", "line:count order:text market:market purchased:instant updated:instant status:text"
                " sku:text title:text item_status:text quantity:count price:money",
        "1|303-1|DE|2026-11-01T10:00:00Z|2026-11-01T10:00:00Z|Shipped|A-1|Lamp|Shipped|2|20.00 EUR\n"
        "2|303-2|DE|2026-10-26T10:00:00Z|2026-10-26T10:00:00Z|Shipped|A-1|Lamp|Shipped|1|10.00 EUR\n"      /* day 7 of 7 */
        "3|303-3|DE|2026-10-25T10:00:00Z|2026-10-25T10:00:00Z|Shipped|A-1|Lamp|Shipped|4|40.00 EUR\n"      /* day 8 */
        "4|303-4|DE|2026-10-03T10:00:00Z|2026-10-03T10:00:00Z|Shipped|A-1|Lamp|Shipped|8|80.00 EUR\n"      /* day 30 */
        "5|303-5|DE|2026-10-02T10:00:00Z|2026-10-02T10:00:00Z|Shipped|A-1|Lamp|Shipped|16|160.00 EUR\n"    /* day 31 */
        "6|303-6|DE|2026-11-01T11:00:00Z|2026-11-01T11:00:00Z|Cancelled|A-1|Lamp|Cancelled|0|\n");
    import_rows(s.db, &plain, "listing", "line:count market:market sku:text title:text asin:text price:money quantity:count"
                " status:text fulfilment:text",
        "1|DE|A-1|Lamp|B01|10.00 EUR||Active|marketplace\n2|DE|A-2|Chair|B02|99.00 EUR|7|Inactive|seller\n"
        "3|US|A-1|||9.00 USD|3||\n");
    import_rows(s.db, &plain, "stock", "line:count market:market sku:text fulfillable:count unsellable:count reserved:count"
                " inbound_working:count inbound_shipped:count inbound_receiving:count", "1|DE|A-1|5|1|2|10|20|30\n");
    does(&s, ".", "product.set", "sku=A-1", "lead_days=12", "floor=8.50 EUR");
    does(&s, ".", "rival.set", "market=DE", "asin=B01", "landed=9.50");
    assert_string_equal(facts_of(&s, "stock"),
        "A1PA6795UKMFR9|A-1|B01|Lamp|marketplace|5|60|2|1|1793491200|20758|3|15|12\n"
        "A1PA6795UKMFR9|A-2|B02|Chair|seller|7|0|0|0|1793491200|20758|0|0|nil\n"
        "ATVPDKIKX0DER|A-1|nil|Lamp|seller|3|0|0|0|1793491200|20757|0|0|12\n");
    assert_string_equal(facts_of(&s, "listings"),
        "A1PA6795UKMFR9|A-1|B01|Lamp|Active|marketplace|EUR|1000|5|3|15|850 EUR|950 EUR|1795428000|1793491200\n"
        "A1PA6795UKMFR9|A-2|B02|Chair|Inactive|seller|EUR|9900|7|0|0|nil nil|nil nil|nil|1793491200\n"
        "ATVPDKIKX0DER|A-1|nil|Lamp|nil|nil|USD|900|3|0|0|850 EUR|nil nil|nil|1793491200\n");
    assert_string_equal(facts_of(&s, "sales"), "A1PA6795UKMFR9|A-1|Lamp|20758|EUR|3|15|15000\n");
    assert_string_equal(facts_of(&s, "rivals"), "A1PA6795UKMFR9|B01|EUR|950|false|1795428000|typed\n");
    assert_string_equal(facts_of(&s, "products"), "A-1|Lamp|12|EUR|850\n");
    assert_string_equal(facts_of(&s, "markets"),
        "A1PA6795UKMFR9|DE|Amazon.de|EUR|20780|1795428000|20758|86400\n"
        "ATVPDKIKX0DER|US|Amazon.com|USD|20780|1795428000|nil|86400\n");
    import_rows(s.db, &plain, "letter", "line:count letter_id:text of:text of_id:text market:market order:text at:instant side:text"
                " sender:text subject:text body:text needs:bool",
        "1|m1|thread|t1|DE|303-1|2026-11-22T12:00:00Z|in|Anna|Lamp?|Where is it?|1\n"
        "2|m2|thread|t2|||2026-11-22T13:00:00Z|in|Ben||Hello|1\n"
        "3|m3|thread|t3|DE|303-2|2026-11-22T12:00:00Z|in|Cleo|Thanks|Thank you|0\n");
    assert_string_equal(facts_of(&s, "threads"),
        "t1|thread:t1|A1PA6795UKMFR9|303-1|Lamp?|Anna|1795348800|1795435200|1795428000\n"
        "t2|thread:t2|nil|nil||Ben|1795352400|nil|1795428000\n");
    coach_close(&s);
}

/* More rows than one batch: none is lost, none comes twice. */
static void test_facts_many(void **state)
{
    (void)state;
    struct shop s;
    coach_open(&s, "many.db");
    run_sql(s.db, "INSERT INTO market (no, id) VALUES (1, 'A1PA6795UKMFR9');"
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
                  " INSERT INTO sku (no, sku) SELECT i, 'S-' || i FROM n;"
                  "INSERT INTO listing (market_no, sku_no, quantity, told_s) SELECT 1, no, no, 1793491200 FROM sku;");
    write_text("coach/a.lua", "return { id = 'a', title = 'A', needs = { 'stock', 'listings' }, check = function(facts, say)\n"
                              " local sum = 0 for _, row in ipairs(facts.stock) do sum = sum + row.units end\n"
                              " say { key = 'k', text = #facts.stock .. ' ' .. #facts.listings .. ' ' .. sum } end }");
    run(&s, false);
    assert_string_equal(answer(s.db, "SELECT text FROM v1_suggestions"), "1500 1500 1125750\n");
    coach_close(&s);
}

/* ---- suggestions come back only when their facts change ------------------------------------------- */

/* Says of each product its lead time, which is its fact; its lowest price is but a word and the weight. */
static const char products_rule[] =
    "return { id = 'a', title = 'A', needs = { 'products' }, check = function(facts, say)\n"
    "  for _, p in ipairs(facts.products) do\n"
    "    if p.lead_days and p.lead_days > 0 then\n"
    "      say { sku = p.sku, text = 'floor ' .. tostring(p.floor), weight = p.floor or 0,\n"
    "            numbers = { { name = 'lead_days', count = p.lead_days } }, rows = { 'sku:' .. p.sku } }\n"
    "    end\n  end\nend }\n";

enum { SKUS = 4 };

/* What a suggestion has to be, written down as plainly as possible. */
struct model {
    bool is_there, is_said;
    int64_t facts;                                      /* lead time that it was last said with */
    const char *state;
    int64_t until_s;
    int64_t no;                                         /* found in the account, and the same for ever */
    /* the product */
    int64_t lead_days, least;
};

static void model_run(struct model *m, int64_t now_s)
{
    if (m->lead_days > 0) {
        if (!m->is_there || m->facts != m->lead_days) {
            m->state = "open";
            m->until_s = 0;
        }
        m->is_there = true;
        m->is_said = true;
        m->facts = m->lead_days;
    } else {
        m->is_said = false;
    }
    if (m->is_there && text_is(m->state, "snoozed") && m->until_s <= now_s)
        m->state = "open";
}

static uint32_t random_next = 1;

static uint32_t any(uint32_t n)
{
    random_next = random_next * 1664525u + 1013904223u;
    return (random_next >> 16) % n;
}

static void act(struct shop *s, struct model *m, const char *no)
{
    const char *suggestion = arena_printf(s->arena, "suggestion=%s", no);
    switch (any(4)) {
    case 0:
        does(s, ".", "suggestion.done", suggestion);
        m->state = "done";
        break;
    case 1:
        does(s, ".", "suggestion.dismiss", suggestion, "why=No need.");
        m->state = "dismissed";
        break;
    case 2:
        does(s, ".", "suggestion.snooze", suggestion, "until=2026-11-25 10:00");
        m->state = "snoozed";
        m->until_s = instant("2026-11-25T10:00:00Z");
        break;
    default:
        does(s, ".", "suggestion.reopen", suggestion);
        m->state = "open";
    }
}

static void agree(struct shop *s, struct model *model)
{
    struct err err = { 0 };
    struct stmt *all = stmt_of(s->db, "SELECT s.key, s.suggestion, s.is_said, s.state, coalesce(s.until, 0), s.weight, f.number"
                                      " FROM v1_suggestions s JOIN v1_suggestion_facts f ON f.suggestion = s.suggestion"
                                      " WHERE f.name = 'lead_days'", &err);
    int n = 0, there = 0;
    while (stmt_step(s->db, all, &err) > 0) {
        struct model *m = &model[stmt_text(all, 0)[1] - '0'];
        assert_true(m->is_there && (m->no == 0 || m->no == stmt_int(all, 1)));
        m->no = stmt_int(all, 1);
        assert_int_equal(stmt_int(all, 2), m->is_said);
        assert_string_equal(stmt_text(all, 3), m->state);
        if (text_is(m->state, "snoozed"))
            assert_int_equal(stmt_int(all, 4), m->until_s);
        if (m->is_said)
            assert_int_equal(stmt_int(all, 5), m->least);       /* words and weight are always those of the last run */
        assert_int_equal(stmt_int(all, 6), m->facts);
        n++;
    }
    for (int k = 0; k < SKUS; k++)
        there += model[k].is_there;
    assert_int_equal(n, there);
}

static void test_comes_back(void **state)
{
    (void)state;
    struct shop s;
    struct model model[SKUS] = { 0 };
    int runs = 0;
    coach_open(&s, "back.db");
    write_text("coach/a.lua", products_rule);
    run_sql(s.db, "INSERT INTO sku (no, sku) VALUES (1, 'S0'), (2, 'S1'), (3, 'S2'), (4, 'S3')");
    for (int i = 0; i < 1500; i++) {
        uint32_t at = any(SKUS);
        struct model *m = &model[at];
        const char *sku = arena_printf(s.arena, "sku=S%u", at);
        if (any(200) == 0)
            s.setup.now_s += 43200;
        if (s.setup.now_s > instant("2026-11-24T23:00:00Z"))
            s.setup.now_s = instant(AT);
        switch (any(4)) {
        case 0:
            m->lead_days = any(4);
            does(&s, ".", "product.set", sku, arena_printf(s.arena, "lead_days=%lld", (long long)m->lead_days));
            break;
        case 1:
            m->least = 100 * any(3);
            does(&s, ".", "product.set", sku, arena_printf(s.arena, "floor=%lld.00 EUR", (long long)m->least / 100));
            break;
        case 2:
            if (m->is_there)
                act(&s, m, arena_printf(s.arena, "%lld", (long long)m->no));
            break;
        default:
            run(&s, any(2));
            for (int k = 0; k < SKUS; k++)
                model_run(&model[k], s.setup.now_s);
            agree(&s, model);
            runs++;
        }
    }
    assert_true(runs > 200);
    coach_close(&s);
}

/* ---- what runs ----------------------------------------------------------------------------------- */

static const char says_one[] =
    "return { id = '%s', title = '%s', needs = { '%s' }, check = function(facts, say)\n"
    "  say { key = 'k', text = '%s' } end }\n";

static void write_rule(struct shop *s, const char *file, const char *id, const char *needs, const char *text)
{
    write_text(file, arena_printf(s->arena, says_one, id, id, needs, text));
}

static void test_what_runs(void **state)
{
    (void)state;
    struct shop s;
    struct coach_result r;
    static const struct import plain = { 0 };
    coach_open(&s, "runs.db");
    run_sql(s.db, "INSERT INTO sku (no, sku) VALUES (1, 'S0')");
    write_rule(&s, "coach/a.lua", "a", "products", "a");
    write_rule(&s, "coach/b.lua", "b", "rivals", "b");
    write_rule(&s, "coach/c.lua", "c", "threads", "c");
#define RAN(is_all, expected) (r = run(&s, (is_all)), assert_string_equal(ran(&s, &r), (expected)))
    RAN(false, "a ran, b ran, c ran");
    RAN(false, "a, b, c ran");                          /* nothing changed but the time, which threads look at */
    does(&s, ".", "product.set", "sku=S0", "lead_days=3");
    RAN(false, "a ran, b, c ran");
    does(&s, ".", "rival.set", "market=DE", "asin=B01", "landed=9.50");
    RAN(false, "a, b ran, c ran");
    RAN(true, "a ran, b ran, c ran");
    write_rule(&s, "coach/b.lua", "b", "rivals", "other words");
    RAN(false, "a, b ran, c ran");
    write_text("lib/words.lua", "return 1");            /* whoever may use it */
    RAN(false, "a ran, b ran, c ran");
    import_rows(s.db, &plain, "listing", "line:count market:market sku:text", "1|DE|A-1\n");
    RAN(false, "a ran, b, c ran");                      /* it names a new SKU */
    assert_string_equal(answer(s.db, SUGGESTIONS), "a|k|open|1||-|0|a\nb|k|open|1||-|0|other words\nc|k|open|1||-|0|c\n");
    /* A rule that is gone says nothing any more; come back, it says the same, and that is what it was. */
    assert_int_equal(r.open, 3);
    does(&s, ".", "suggestion.dismiss", "suggestion=2", "why=No.");
    unlink(scratch_path("coach/b.lua"));
    RAN(false, "a, c ran");
    assert_int_equal(r.gone, 1);
    assert_string_equal(answer(s.db, "SELECT rule FROM v1_rules ORDER BY rule"), "a\nc\n");
    assert_string_equal(answer(s.db, SUGGESTIONS), "a|k|open|1||-|0|a\nb|k|dismissed|0|No.|-|0|other words\nc|k|open|1||-|0|c\n");
    write_rule(&s, "coach/b.lua", "b", "rivals", "again");
    RAN(false, "a, b ran, c ran");
    assert_string_equal(answer(s.db, SUGGESTIONS), "a|k|open|1||-|0|a\nb|k|dismissed|1|No.|-|0|again\nc|k|open|1||-|0|c\n");
    coach_close(&s);
}

/* ---- rules that fail ------------------------------------------------------------------------------ */

#define RUNS "SELECT rule, title, file, said, err FROM v1_rules ORDER BY rule"

static void test_faults(void **state)
{
    (void)state;
    struct shop s;
    struct coach_result r;
    coach_open(&s, "faults.db");
    write_rule(&s, "coach/a.lua", "a", "products", "a");
    write_rule(&s, "coach/b.lua", "b", "rivals", "b");
    write_rule(&s, "coach/c.lua", "c", "sales", "c");
    RAN(false, "a ran, b ran, c ran");
    /* One that cannot be read, one that never ends: each has its sentence, and what it said before stays. */
    write_text("coach/a.lua", "return {\n  id = 'a',\n");
    write_text("coach/b.lua", "return { id = 'b', title = 'b', needs = { 'rivals' }, check = function(facts, say)\n"
                              "  say { key = 'k', text = 'not to be heard' }\n  while true do end\nend }\n");
    RAN(false, "a failed, b failed, c");
    assert_int_equal(r.failed, 2);
    assert_string_equal(answer(s.db, SUGGESTIONS), "a|k|open|1||-|0|a\nb|k|open|1||-|0|b\nc|k|open|1||-|0|c\n");
    assert_string_equal(answer(s.db, RUNS),
        "a|a|coach/a.lua|0|coach/a.lua:3: unexpected symbol near <eof>.\n"
        "b|b|coach/b.lua|0|coach/b.lua:3: it was stopped after 10,000,000 steps, which is all it may take.\n"
        "c|c|coach/c.lua|1|\n");
    RAN(true, "a failed, b failed, c ran");
    /* Mended: as if nothing had been. */
    write_rule(&s, "coach/a.lua", "a", "products", "a");
    write_rule(&s, "coach/b.lua", "b", "rivals", "b");
    RAN(false, "a ran, b ran, c");
    assert_int_equal(r.fresh + r.back + r.gone, 0);
    assert_string_equal(answer(s.db, RUNS), "a|a|coach/a.lua|1|\nb|b|coach/b.lua|1|\nc|c|coach/c.lua|1|\n");
    /* Facts that there are not, a column that there is not; and a file that never was well goes by its name. */
    write_rule(&s, "coach/a.lua", "a", "tea_leaves", "a");
    write_text("coach/b.lua", "return { id = 'b', title = 'b', needs = { 'products' }, check = function(facts, say)\n"
                              "  say { key = 'k', text = facts.products[1].colour }\nend }\n");
    unlink(scratch_path("coach/c.lua"));
    RAN(false, "a failed, b failed");
    assert_string_equal(answer(s.db, RUNS),
        "a|a|coach/a.lua|0|coach/a.lua: rule a needs the facts \"tea_leaves\", which there are not.\n"
        "b|b|coach/b.lua|0|coach/b.lua:2: attempt to index a nil value (field 'integer index').\n");
    write_text("coach/c.lua", "x");
    RAN(false, "a, b, coach/c.lua failed");
    assert_string_equal(answer(s.db, "SELECT rule, title FROM v1_rules ORDER BY rule"), "a|a\nb|b\ncoach/c.lua|coach/c.lua\n");
    coach_close(&s);
}

/* ---- the command ---------------------------------------------------------------------------------- */

static void test_command(void **state)
{
    (void)state;
    struct shop s;
    coach_open(&s, "command.db");
    does(&s, "There are no rules; nothing is open, none of them new.", "coach.run");
    write_rule(&s, "coach/a.lua", "a", "products", "a");
    does(&s, "One rule was looked at; one suggestion is open, 1 of them new.", "coach.run");
    write_text("coach/b.lua", "x");
    does(&s, "One rule failed: the page of the Selling Coach says why.", "coach.run");
    s.setup.who = who_of("guest", ROLE_VIEWER);
    assert_int_equal(doing(&s, "coach.run", (const char *)NULL), -ERR_DENIED);
    s.setup.who = who_local();
    script_free(s.setup.scripts);
    s.setup.scripts = NULL;
    is_refused(&s, ERR_CONF, "", "no folder of rules", "coach.run");
    coach_close(&s);
}

/* All kinds of numbers, and the rows behind them. */
static void test_numbers(void **state)
{
    (void)state;
    struct shop s;
    coach_open(&s, "numbers.db");
    write_text("coach/a.lua",
        "return { id = 'a', title = 'A', needs = { 'products' }, check = function(facts, say)\n"
        "  say { key = 'k', text = 'x', ref = 'order:303-1', rows = { 'order:303-1', 'sku:A-1' }, numbers = {\n"
        "    { name = 'a', count = -1 }, { name = 'b', money = 1299, currency = 'EUR' }, { name = 'c', day = 20000 },\n"
        "    { name = 'd', instant = 5 }, { name = 'e', seconds = 60 }, { name = 'f', bp = 250 }, { name = 'g', text = 'y' },\n"
        "    { name = 'h' } } }\nend }\n");
    run(&s, false);
    assert_string_equal(answer(s.db, "SELECT ordinal, name, unit, number, currency, text, ref FROM v1_suggestion_facts"),
        "1|a|count|-1|-|-|-\n2|b|money|1299|EUR|-|-\n3|c|day|20000|-|-|-\n4|d|instant|5|-|-|-\n5|e|seconds|60|-|-|-\n"
        "6|f|bp|250|-|-|-\n7|g|text|-|-|y|-\n8|h|none|-|-|-|-\n9|row|ref|-|-|-|order:303-1\n10|row|ref|-|-|-|sku:A-1\n");
    assert_string_equal(answer(s.db, "SELECT ref FROM v1_suggestions"), "order:303-1\n");
    coach_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_facts, folders_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_facts_many, folders_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_comes_back, folders_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_what_runs, folders_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_faults, folders_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_command, folders_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_numbers, folders_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
