/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_script.c: rules, facts, cases; and that nothing gets out: every file of tests/lua/probe is run with the
 * usual limits, must end as its third line says, and must leave nothing behind for the next rule.
 */
#include "data.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include "rules/script.h"

#define COLUMNS "sku:text units:count sold_30d:count price:money cost:money/currency currency:currency seen:day is_open:bool"
#define ROWS "A-1|40|30|12.99 EUR|5.00 EUR|EUR|3|1\n" \
             "A-2|0|90|7.00 USD||USD||0\n" \
             "B-1|7|0||1.00 JPY|JPY|20000|\n"

/* ---- files and facts -------------------------------------------------------------------------------- */

static void write_file(const char *name, const char *text, size_t n)
{
    static time_t changed = 1700000000;
    FILE *f = fopen(scratch_path(name), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    changed++;                                          /* two changes in one tick differ, too */
    const struct timespec times[] = { { changed, 0 }, { changed, 0 } };
    assert_int_equal(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

static void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

/* A rule in coach/probe.lua whose check is this. */
static void write_check(const char *check)
{
    struct buf text = { 0 };
    buf_printf(&text, "return { id = 'probe', title = 'Probe', needs = { 'stock' }, check = function(facts, say, params)\n%s\nend }\n",
               check);
    write_file("coach/probe.lua", text.at, text.len);
    buf_free(&text);
}

static char *read_whole(const char *path, size_t *n)
{
    struct buf text = { 0 };
    char part[4096];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    for (size_t got; (got = fread(part, 1, sizeof part, f)) > 0;)
        buf_put(&text, part, got);
    fclose(f);
    *n = text.len;
    return text.at;
}

static int folders_make(void **state)
{
    if (scratch_make(state) < 0)
        return -1;
    return mkdir(scratch_path("coach"), 0755) | mkdir(scratch_path("lib"), 0755) | mkdir(scratch_path("cases"), 0755);
}

static void empty(const char *folder)
{
    DIR *dir = opendir(scratch_path(folder));
    for (struct dirent *entry; (entry = readdir(dir));)
        unlinkat(dirfd(dir), entry->d_name, 0);         /* not . and .., which are folders */
    closedir(dir);
}

static struct scripts *scripts_new(void)
{
    struct err err = { 0 };
    struct scripts *s;
    empty("coach");
    empty("lib");
    empty("cases");
    assert_well(script_open(&s, scratch, &err), &err);
    return s;
}

/* Day columns are given as counts. */
static struct souk_rows stock_rows(struct arena *a, const char *lines)
{
    struct souk_rows rows = rows_of(a, "sku:text units:count sold_30d:count price:money cost:money currency:currency seen:count is_open:bool",
                                    lines);
    rows.columns = COLUMNS;
    return rows;
}

static struct script_facts *facts_new(void)
{
    struct err err = { 0 };
    struct script_facts *f;
    struct arena *a = arena_new("facts", 1024);
    struct souk_rows rows = stock_rows(a, ROWS), first = rows;
    const struct souk_value now = souk_instant(1790000000), none = souk_none();
    first.n_rows = 1;
    assert_well(script_facts_new(&f, &err), &err);
    assert_well(script_facts_put(f, "stock", &first, &err), &err);
    rows.cell += rows.n_columns;
    rows.n_rows -= 1;
    assert_well(script_facts_put(f, "stock", &rows, &err), &err);
    assert_well(script_facts_set(f, "now", &now, &err), &err);
    assert_well(script_facts_set(f, "asked", &none, &err), &err);
    arena_free(a);
    return f;
}

/* ---- what is said, as text ------------------------------------------------------------------------------ */

static int told(void *ctx, const struct script_say *say, struct err *err)
{
    struct buf *out = ctx;
    (void)err;
    buf_printf(out, "%s|%s|%s|%s|%lld|%s", say->key, say->sku, say->ref, say->market, (long long)say->weight, say->text);
    for (uint32_t i = 0; i < say->numbers.n; i++) {
        const struct souk_value *v = &say->numbers.at[i].value;
        buf_printf(out, "|%s=%u:%lld%s%s", say->numbers.at[i].name, v->type, (long long)v->num, v->currency, v->text.at);
    }
    for (size_t i = 0; i < say->n_rows; i++)
        buf_printf(out, "|%s", say->rows[i]);
    buf_char(out, '\n');
    return 0;
}

/* What the rule says, or the sentence that says why it does not. */
static const char *run(struct scripts *s, struct script_facts *f, const char *rule)
{
    static struct buf out;
    struct err err = { 0 };
    struct script_ask ask = { .rule = rule };
    buf_clear(&out);
    int rc = script_run(s, &ask, f, told, &out, &err);
    if (rc < 0) {
        assert_int_equal(rc, -err.code);
        assert_int_equal(out.len, 0);                   /* a rule that fails says nothing */
        buf_printf(&out, "%s: %s", err_word(err.code), err.text);
    }
    return buf_str(&out);
}

/* Runs a check over the rows above. */
static const char *check(struct scripts *s, struct script_facts *f, const char *text)
{
    write_check(text);
    return run(s, f, "probe");
}

/* ---- rules ------------------------------------------------------------------------------------------- */

static void test_describes(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct arena *a = arena_new("rules", 1024);
    struct scripts *s;
    const struct script_rule *rule;
    size_t n;
    assert_well(script_open(&s, "tests/lua/scripts", &err), &err);
    assert_well(script_rules(s, a, &rule, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_string_equal(rule->fault, "");
    assert_string_equal(rule->id, "example.runs_out");
    assert_string_equal(rule->title, "Runs out before the next delivery");
    assert_string_equal(rule->about, "Compares how long the stock lasts with how long a delivery takes.");
    assert_string_equal(rule->file, "coach/example.lua");
    assert_int_equal(rule->n_needs, 1);
    assert_string_equal(rule->needs[0], "stock");
    assert_int_equal(rule->n_on, 1);
    assert_string_equal(rule->on[0], "figures.changed");
    assert_int_equal(rule->params.n, 3);
    assert_string_equal(rule->params.at[0].name, "delivery_days");
    assert_int_equal(rule->params.at[0].value.type, SOUK_COUNT);
    assert_int_equal(rule->params.at[0].value.num, 14);
    assert_string_equal(rule->params.at[1].name, "only");
    assert_int_equal(rule->params.at[1].value.type, SOUK_TEXT);
    assert_string_equal(rule->params.at[2].name, "with_title");
    assert_int_equal(rule->params.at[2].value.type, SOUK_BOOL);
    script_free(s);
    assert_int_equal(script_open(&s, scratch_path("nosuch"), &err), -ERR_CONF);
    arena_free(a);
}

/* Every fault of a description names file and line, and the other rules stay. */
static void test_faults(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        { "return {\n id = 'x', title = 'X', needs = { 'stock' },\n check = function() end\n", "coach/bad.lua:4: '}' expected (to close '{' at line 1) near <eof>." },
        { "local x = 1\nx()", "coach/bad.lua:2: attempt to call a number value (local 'x')." },
        { "return 3", "coach/bad.lua:1: the file returns a number, not the table of a rule." },
        { "local x = 1", "coach/bad.lua:1: the file returns a nil, not the table of a rule." },
        { "\nreturn {}", "coach/bad.lua:2: a rule needs check = function(facts, say)." },
        { "return { title = 'X', check = function() end,\n needs = { 'stock' } }", "coach/bad.lua:1: a rule needs an id." },
        { "return { check = function() end,\n id = 'No Id',\n needs = {} }", "coach/bad.lua:2: id is 'No Id': it may hold small letters, digits, _ and dots." },
        { "return { check = function() end,\n id = 3 }", "coach/bad.lua:2: id is a number, not a text." },
        { "return { check = function() end,\n id = 'x' }", "coach/bad.lua:1: a rule needs a title." },
        { "return { check = function() end,\n id = 'x', title = 'X' }", "coach/bad.lua:1: a rule needs needs = { ... }: the facts it looks at." },
        { "return { check = function() end,\n id = 'x', title = 'X',\n needs = 'stock' }", "coach/bad.lua:3: needs is a string, not a list." },
        { "return { check = function() end,\n id = 'x', title = 'X',\n needs = { 'Stock' } }", "coach/bad.lua:3: 'Stock' in needs is no name: small letters, digits, _ and dots." },
        { "return { check = function() end,\n id = 'x', title = 'X',\n needs = { 'stock' },\n params = { days = 1.5 } }", "coach/bad.lua:4: days is 1.5, not a whole number; // and math.floor make one." },
        { "return { check = function() end,\n id = 'x', title = 'X',\n needs = { 'stock' },\n params = { days = {} } }", "coach/bad.lua:4: days is a table, not a text." },
        { "return {\n id = 'x',\n chekc = function() end }", "coach/bad.lua:3: a rule knows no 'chekc'; did you mean 'check'?" },
        { "return { check = function() end,\n id = 'example' }\n", "coach/bad.lua:1: a rule needs a title." },
        { "while true do end", "coach/bad.lua:1: it was stopped after 500,000 steps, which is all it may take." },
        { "local s = 'x'\nwhile true do s = s .. s end", "coach/bad.lua:2: it was stopped because it wants more memory than 8 MiB, or than 1 MiB for one text, list or depth of calls." },
        { "local _ENV = {}", "coach/bad.lua:1: _ENV cannot be used." },
        { "\n\nreturn use('lib.none')", "coach/bad.lua:3: There is no lib/none.lua." },
        { "\nreturn use('lib.broken')", "lib/broken.lua:1: unexpected symbol near <eof> (called from coach/bad.lua:2)." },
        { "return use('lib.again')", "lib/again.lua:1: lib.again uses itself (called from coach/bad.lua:1)." },
        { "\x1bLua", "coach/bad.lua:1: attempt to load a binary chunk (mode is 't')." },
    };
    struct scripts *s = scripts_new();
    write_text("coach/a.lua", "return { id = 'a', title = 'A', needs = { 'stock' }, check = function() end }");
    write_text("coach/z.lua", "\xEF\xBB\xBFlocal MY_ENVELOPE = 1\nreturn { id = 'z', title = 'Z', needs = { 'stock' }, check = function() end }");
    write_text("lib/broken.lua", "return");
    write_text("lib/broken.lua", "local x =");
    write_text("lib/again.lua", "return use('lib.again')");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct arena *a = arena_new("rules", 1024);
        const struct script_rule *rule;
        size_t n;
        write_text("coach/bad.lua", cases[i].text);
        for (int again = 0; again < 2; again++) {
            assert_well(script_rules(s, a, &rule, &n, &err), &err);
            assert_int_equal(n, 3);
            assert_string_equal(rule[0].id, "a");
            assert_string_equal(rule[1].id, "");
            assert_string_equal(rule[1].file, "coach/bad.lua");
            assert_string_equal(rule[2].id, "z");
            if (strcmp(rule[1].fault, cases[i].says) != 0)
                fail_msg("%s\n%s\ninstead of\n%s", cases[i].text, rule[1].fault, cases[i].says);
        }
        arena_free(a);
    }
    script_free(s);
}

/* Files that are none: links, pipes, folders, too large ones; and two rules of one id. */
static void test_files(void **state)
{
    (void)state;
    static const char good[] = "return {\n id = 'a', title = 'A', needs = { 'stock' }, check = function() end }";
    struct scripts *s = scripts_new();
    struct err err = { 0 };
    struct arena *a = arena_new("rules", 1024);
    const struct script_rule *rule;
    size_t n;
    write_text("coach/1.lua", good);
    write_text("coach/2.lua", good);
    assert_int_equal(symlink("1.lua", scratch_path("coach/3.lua")), 0);
    assert_int_equal(mkfifo(scratch_path("coach/4.lua"), 0600), 0);
    char *large = base_alloc(300000);
    memset(large, '-', 299999);
    write_file("coach/5.lua", large, 299999);
    base_free(large);
    write_text("coach/.hidden.lua", "x");
    write_text("coach/notes.txt", "x");
    assert_well(script_rules(s, a, &rule, &n, &err), &err);
    assert_int_equal(n, 5);
    assert_string_equal(rule[0].id, "a");
    assert_string_equal(rule[1].id, "");
    assert_string_equal(rule[1].fault, "coach/2.lua:2: the id a is taken by coach/1.lua.");
    assert_string_equal(rule[2].fault, "coach/3.lua is a link; put the file itself there.");
    assert_string_equal(rule[3].fault, "coach/4.lua is no plain file.");
    assert_string_equal(rule[4].fault, "coach/5.lua is larger than 256 KiB.");
    script_free(s);
    arena_free(a);
}

/* A changed file is another rule at the next look, also when only what it uses has changed. */
static void test_changes(void **state)
{
    (void)state;
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    int64_t version = script_version(s), before;
    write_text("lib/own.lua", "return 'one'");
    write_text("coach/a.lua", "local own = use('lib.own') return { id = 'a', title = own, needs = { 'stock' }, check ="
               " function(facts, say) say { key = 'k', text = own .. use('lib.own') } end }");
    assert_true(script_version(s) > version);
    before = version = script_version(s);
    assert_int_equal(script_version(s), version);
    assert_string_equal(run(s, f, "a"), "k||||0|oneone\n");
    write_text("lib/own.lua", "return 'two'");
    assert_string_equal(run(s, f, "a"), "k||||0|twotwo\n");
    assert_true(script_version(s) > before);
    before = script_version(s);
    write_text("lib/own.lua", "return 'three' +");
    assert_string_equal(run(s, f, "a"), "conf: There is no rule a among those that can be read; lib/own.lua:1: unexpected symbol"
                        " near <eof> (called from coach/a.lua:1).");
    assert_true(script_version(s) > before);
    write_text("lib/own.lua", "return 'four'");
    assert_string_equal(run(s, f, "a"), "k||||0|fourfour\n");
    before = script_version(s);
    unlink(scratch_path("coach/a.lua"));
    assert_string_equal(run(s, f, "a"), "absent: There is no rule a; `souk rule list` names them.");
    assert_true(script_version(s) > before);
    script_facts_free(f);
    script_free(s);
}

/* ---- facts ----------------------------------------------------------------------------------------------- */

static void test_facts(void **state)
{
    (void)state;
    static const struct { const char *check, *says; } cases[] = {
        { "local t = {} for i, x in ipairs(facts.stock) do t[i] = x.sku .. x.units end say { key = 'k', text = table.concat(t, ' ') }",
          "k||||0|A-140 A-20 B-17\n" },
        { "say { key = 'k', weight = #facts.stock, text = tostring(facts.stock[4]) .. facts.stock[3].sku }", "k||||3|nilB-1\n" },
        { "local x = facts.stock[1] say { key = 'k', text = x.price .. x.price_currency .. x.cost .. x.currency .. x.seen .. tostring(x.is_open) }",
          "k||||0|1299EUR500EUR3true\n" },
        { "local x = facts.stock[2] say { key = 'k', text = tostring(x.cost) .. tostring(x.seen) .. x.price_currency .. tostring(x.is_open) }",
          "k||||0|nilnilUSDfalse\n" },
        { "local x = facts.stock[3] say { key = 'k', text = tostring(x.price) .. tostring(x.price_currency) .. tostring(x.is_open) .. x.cost }",
          "k||||0|nilnilnil1\n" },
        { "local t = {} for k, v in pairs(facts.stock[1]) do t[#t + 1] = k .. '=' .. tostring(v) end say { key = 'k', text = table.concat(t, ' ') }",
          "k||||0|cost=500 currency=EUR is_open=true price=1299 price_currency=EUR seen=3 sku=A-1 sold_30d=30 units=40\n" },
        { "local t = {} for k, v in pairs(facts.stock) do t[#t + 1] = k .. v.sku end say { key = 'k', text = table.concat(t, ' ') }",
          "k||||0|1A-1 2A-2 3B-1\n" },
        { "local t = {} for k, v in pairs(facts) do t[#t + 1] = k .. type(v) end say { key = 'k', text = table.concat(t, ' ') }",
          "k||||0|nownumber stocktable\n" },
        { "say { key = 'k', weight = facts.now // 1000000, text = tostring(facts.asked) .. type(facts.stock[1]) .. tostring(facts.stock) }",
          "k||||1790|niltabletable\n" },
        { "local a, b = table.unpack(facts.stock, 2) say { key = 'k', text = a.sku .. b.sku .. #table.move(facts.stock, 1, 3, 1, {}) }",
          "k||||0|A-2B-13\n" },
        { "return facts.stock.sku", "plugin: coach/probe.lua:2: facts.stock is a list of rows and has no 'sku'." },
        { "return facts.stock[1][1]", "plugin: coach/probe.lua:2: facts.stock has no column 'number'; it has sku, units, sold_30d, price,"
          " price_currency, cost, currency, seen, is_open." },
        { "return facts.stock[1].price.minor", "plugin: coach/probe.lua:2: attempt to index a number value (field 'price')." },
        { "return facts[nil]", "plugin: coach/probe.lua:2: facts.nil is not among what this rule needs." },
    };
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *says = check(s, f, cases[i].check);
        if (strcmp(says, cases[i].says) != 0)
            fail_msg("%s\n%s\ninstead of\n%s", cases[i].check, says, cases[i].says);
    }
    script_facts_free(f);
    script_free(s);
}

static void test_facts_refused(void **state)
{
    (void)state;
    static const struct { const char *columns, *says; } cases[] = {
        { "sku:text price:decimal", "Facts \"t\": \"price:decimal\" is no column a rule can be given" },
        { "late:rate",              "\"late:rate\" is no column" },
        { "price",                  "\"price\" is no column" },
        { "Price:count",            "\"Price:count\" is no column" },
        { ":count",                 "\":count\" is no column" },
        { "sku:txt",                "\"sku:txt\" is no column" },
    };
    struct err err = { 0 };
    struct script_facts *f;
    struct souk_rows rows = { "sku:text", NULL, 1, 0, 0, 0 };
    const struct souk_value one = souk_count(1);
    assert_well(script_facts_new(&f, &err), &err);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        rows.columns = cases[i].columns;
        assert_int_equal(script_facts_put(f, "t", &rows, &err), -ERR_INPUT);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: %s", cases[i].columns, err.text);
        err_clear(&err);
    }
    rows.columns = "sku:text+hidden units:count+total";
    assert_well(script_facts_put(f, "t", &rows, &err), &err);
    rows.columns = "sku:text";
    assert_int_equal(script_facts_put(f, "t", &rows, &err), -ERR_INPUT);
    err_clear(&err);
    assert_int_equal(script_facts_set(f, "t", &one, &err), -ERR_INPUT);
    err_clear(&err);
    assert_well(script_facts_set(f, "n", &one, &err), &err);
    assert_int_equal(script_facts_put(f, "n", &rows, &err), -ERR_INPUT);
    err_clear(&err);
    assert_int_equal(script_facts_set(f, "No", &one, &err), -ERR_INPUT);
    script_facts_free(f);
}

/* A single value may change between two runs, and may be not known at first or later. */
static void test_facts_set(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    const struct souk_value values[] = { souk_none(), souk_count(7), souk_none(), souk_text("x"), souk_number(SOUK_BOOL, 0, 0) };
    const char *const says[] = { "k||||0|nil nil\n", "k||||0|7 nil\n", "k||||0|nil nil\n", "k||||0|x nil\n", "k||||0|false nil\n" };
    write_check("say { key = 'k', text = tostring(facts.asked) .. ' ' .. tostring(facts.other) }");
    assert_well(script_facts_set(f, "other", &values[0], &err), &err);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        assert_well(script_facts_set(f, "asked", &values[i], &err), &err);
        assert_string_equal(run(s, f, "probe"), says[i]);
    }
    script_facts_free(f);
    script_free(s);
}

/* ---- what is said ------------------------------------------------------------------------------------------ */

static void test_says(void **state)
{
    (void)state;
    static const struct { const char *check, *says; } cases[] = {
        { "say { sku = 'A-1', text = 'x' }", "A-1|A-1|||0|x\n" },
        { "say { sku = 'A-1', market = 'M', ref = 'order:1', weight = -3.0, text = 'x' }", "M A-1|A-1|order:1|M|-3|x\n" },
        { "say { ref = 'order:303-1', text = 'x' }", "order:303-1||order:303-1||0|x\n" },
        { "say { key = 'k', text = 'a' } say { key = 'l', text = 'b' }", "k||||0|a\nl||||0|b\n" },
        { "say { key = 'k', text = 'x', numbers = { { name = 'a', count = 1 }, { name = 'b', money = 299, currency = 'EUR' },"
          " { name = 'c', day = 20000 }, { name = 'd', instant = 5 }, { name = 'e', seconds = 60 }, { name = 'f', bp = 250 },"
          " { name = 'g', text = 'y' } } }", "k||||0|x|a=4:1|b=6:299EUR|c=10:20000|d=11:5|e=12:60|f=9:250|g=1:0y\n" },
        { "say { key = 'k', text = 'x', rows = { 'order:1', 'sku:A 1' } }", "k||||0|x|order:1|sku:A 1\n" },
        { "say { key = 'k', text = '\xC3\xA4' }", "k||||0|\xC3\xA4\n" },
        { "", "" },
        { "say 'x'", "plugin: coach/probe.lua:2: bad argument #1 to 'say' (table expected, got string)." },
        { "say { text = 'x' }", "plugin: coach/probe.lua:2: say needs to know what it is about: sku, ref or key." },
        { "say { sku = 'A-1' }", "plugin: coach/probe.lua:2: say needs a text." },
        { "say { sku = 7, text = 'x' }", "plugin: coach/probe.lua:2: sku is a number, not a text." },
        { "say { sku = 'A', txet = 'x' }", "plugin: coach/probe.lua:2: say knows no 'txet'; did you mean 'text'?" },
        { "say { sku = 'A', text = 'x', [1] = 2 }", "plugin: coach/probe.lua:2: say knows no 'number'." },
        { "say { sku = 'A', text = 'a\\0b\\xFF' .. ('\xC3\xA4'):sub(1, 1) .. '\xC3\xA4' }", "A|A|||0|a\xEF\xBF\xBD" "b\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA4\n" },
        { "say { sku = 'A', text = ('\xE2\x82\xAC'):rep(5), weight = #('\xE2\x82\xAC') }", "A|A|||3|\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\n" },
        { "say { sku = 'A\\0', text = 'x' }", "plugin: coach/probe.lua:2: sku is not UTF-8." },
        { "say { sku = '\\xFF', text = 'x' }", "plugin: coach/probe.lua:2: sku is not UTF-8." },
        { "say { sku = ('A'):rep(1101), text = 'x' }", "plugin: coach/probe.lua:2: sku is 1101 bytes long; 1100 are allowed." },
        { "say { sku = 'A', text = 'x', weight = 1.5 }", "plugin: coach/probe.lua:2: weight is 1.5, not a whole number; // and math.floor make one." },
        { "say { sku = 'A', text = 'x', weight = '1' }", "plugin: coach/probe.lua:2: weight is string, not a whole number; // and math.floor make one." },
        { "say { sku = 'A', text = 'x', weight = 1 << 40 }", "plugin: coach/probe.lua:2: weight is beyond 1,000,000,000." },
        { "say { sku = 'A', text = 'x', weight = 0/0 }", "plugin: coach/probe.lua:2: weight is -nan, not a whole number; // and math.floor make one." },
        { "say { ref = 'A', text = 'x' }", "plugin: coach/probe.lua:2: 'A' is no ref; one looks like order:303-1 or sku:A-1." },
        { "say { sku = 'A', text = 'x', rows = { 'order:' } }", "plugin: coach/probe.lua:2: 'order:' is no ref; one looks like order:303-1 or sku:A-1." },
        { "say { sku = 'A', text = 'x', rows = { 3 } }", "plugin: coach/probe.lua:2: an entry of rows is a number, not a text." },
        { "say { sku = 'A', text = 'x', rows = 'order:1' }", "plugin: coach/probe.lua:2: rows is a string, not a list." },
        { "local t = {} for i = 1, 201 do t[i] = 'order:1' end say { sku = 'A', text = 'x', rows = t }", "plugin: coach/probe.lua:2: rows has 201 entries; 200 are allowed." },
        { "say { sku = 'A', text = 'x', numbers = { 3 } }", "plugin: coach/probe.lua:2: an entry of numbers is a number, not a table such as { name = \"units\", count = 3 }." },
        { "say { sku = 'A', text = 'x', numbers = { { count = 3 } } }", "plugin: coach/probe.lua:2: an entry of numbers has no name." },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n' }, { name = 'm', money = nil, currency = 'EUR' } } }", "A|A|||0|x|n=0:0|m=0:0\n" },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n', count = 1, day = 2 } } }", "plugin: coach/probe.lua:2: the number n has two units." },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n', count = 2.5 } } }", "plugin: coach/probe.lua:2: n is 2.5, not a whole number; // and math.floor make one." },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n', money = 2 } } }", "plugin: coach/probe.lua:2: the number n is money and needs its currency, such as \"EUR\"." },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n', money = 2, currency = 'eur' } } }", "plugin: coach/probe.lua:2: the number n is money and needs its currency, such as \"EUR\"." },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n', count = 2, currency = 'EUR' } } }", "plugin: coach/probe.lua:2: the number n has a currency and is no money." },
        { "say { sku = 'A', text = 'x', numbers = { { name = 'n', cuont = 2 } } }", "plugin: coach/probe.lua:2: an entry of numbers knows no 'cuont'; did you mean 'count'?" },
        { "say { sku = 'A', text = 'x' } say { key = 'A', text = 'y' }", "plugin: coach/probe.lua:2: 'A' was said twice; give each suggestion a key of its own." },
        { "say { sku = 'A', text = 'x' }\nerror('no')", "plugin: coach/probe.lua:3: no." },
        { "local function g(x)\nreturn x + nil\nend\nlocal function f(x)\ng(x)\nend\nf(1)",
          "plugin: coach/probe.lua:3: attempt to perform arithmetic on a nil value (called from coach/probe.lua:6, coach/probe.lua:8)." },
    };
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *says = check(s, f, cases[i].check);
        if (strcmp(says, cases[i].says) != 0)
            fail_msg("%s\n%s\ninstead of\n%s", cases[i].check, says, cases[i].says);
    }
    script_facts_free(f);
    script_free(s);
}

static int stops(void *ctx, const struct script_say *say, struct err *err)
{
    int *n = ctx;
    ++*n;
    return text_is(say->key, "2") ? err_set(err, ERR_BUSY, "Not now.") : 0;
}

/* A text that is too long is cut at a character. */
static void test_long_text(void **state)
{
    (void)state;
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    for (size_t before = 0; before < 4; before++) {
        struct buf text = { 0 };
        buf_printf(&text, "say { key = 'k', text = ('x'):rep(%zu) .. ('\xE2\x82\xAC'):rep(400) }", before);
        const char *says = check(s, f, text.at);
        assert_true(utf8_is_valid(says, strlen(says)));
        assert_true(text_ends(says, "\xE2\x82\xAC\xE2\x80\xA6\n"));
        assert_true(strlen(says) > 990 && strlen(says) <= 1000 + strlen("k||||0|\n"));
        buf_free(&text);
    }
    script_facts_free(f);
    script_free(s);
}

/* Facts have an end, too, and what was there before it stays. */
static void test_facts_full(void **state)
{
    (void)state;
    enum { BYTES = 4000000 };
    struct err err = { 0 };
    struct scripts *s = scripts_new();
    struct script_facts *f;
    char *large = base_alloc(BYTES + 1);
    memset(large, 'x', BYTES);
    const struct souk_value cell = souk_text(large);
    const struct souk_rows rows = { "title:text", &cell, 1, 1, 0, 0 };
    int rc = 0, n = 0;
    assert_well(script_facts_new(&f, &err), &err);
    for (; rc == 0 && n < 100; n++)
        rc = script_facts_put(f, "stock", &rows, &err);
    assert_int_equal(rc, -ERR_FULL);
    assert_int_equal(n, ((size_t)256 << 20) / BYTES + 1);
    assert_string_equal(err.text, "The facts for the rules take more than 256 MiB; give them fewer rows or columns.");
    struct buf wanted = { 0 };
    buf_printf(&wanted, "k||||%d|x\n", n - 1);
    assert_string_equal(check(s, f, "say { key = 'k', weight = #facts.stock, text = 'x' }"), wanted.at);
    buf_free(&wanted);
    base_free(large);
    script_facts_free(f);
    script_free(s);
}

/* Several threads, each with facts of its own, while files change: every answer is one of the two. */
static void *keeps_running(void *scripts)
{
    struct script_facts *f = facts_new();
    long wrong = 0;
    for (int i = 0; i < 200; i++) {
        struct buf out = { 0 };
        struct err err = { 0 };
        struct script_ask ask = { .rule = "a" };
        struct arena *a = arena_new("rules", 1024);
        const struct script_rule *rule;
        size_t n;
        wrong += script_run(scripts, &ask, f, told, &out, &err) < 0 ||
                 (!text_is(buf_str(&out), "k||||0|one\n") && !text_is(buf_str(&out), "k||||0|two\n"));
        wrong += script_rules(scripts, a, &rule, &n, &err) < 0 || n != 1 || *rule->fault;
        arena_free(a);
        buf_free(&out);
    }
    script_facts_free(f);
    return (void *)wrong;
}

static void test_threads(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    struct scripts *s = scripts_new();
    pthread_t thread[THREADS];
    write_text("coach/a.lua", "return { id = 'a', title = 'A', needs = { 'stock' }, check = function(facts, say) say { key = 'k', text = use('lib.own') } end }");
    write_text("lib/own.lua", "return 'one'");
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, keeps_running, s), 0);
    for (int i = 0; i < 50; i++) {                      /* a whole file at once, as editors write it */
        write_text("next", i % 2 ? "return 'one'" : "return 'two'");
        char from[160], to[160];
        snprintf(from, sizeof from, "%s", scratch_path("next"));
        snprintf(to, sizeof to, "%s", scratch_path("lib/own.lua"));
        assert_int_equal(rename(from, to), 0);
        usleep(1000);
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        assert_int_equal(pthread_join(thread[i], &wrong), 0);
        assert_null(wrong);
    }
    script_free(s);
}

/* What on_say answers ends the telling; limits and parameters that were given hold. */
static void test_asks(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new(), *bare;
    struct buf out = { 0 };
    int n = 0;
    write_text("coach/a.lua", "return { id = 'a', title = 'A', needs = { 'stock' }, params = { n = 3, loud = false, word = 'w' },\n"
               "check = function(facts, say, params) for i = 1, params.n do say { key = tostring(i), text = params.word .. tostring(params.loud) } end end }");
    struct script_ask ask = { .rule = "a" };
    assert_int_equal(script_run(s, &ask, f, stops, &n, &err), -ERR_BUSY);
    assert_int_equal(n, 2);
    assert_true(ask.steps > 0 && ask.steps < 2000 && ask.memory_bytes > 0 && ask.memory_bytes < 100000);
    err_clear(&err);
    ask.params = (struct souk_args)SOUK_ARGS({ "n", souk_count(1) }, { "loud", souk_number(SOUK_BOOL, 1, 0) }, { "word", souk_text("v") });
    assert_well(script_run(s, &ask, f, told, &out, &err), &err);
    assert_string_equal(buf_str(&out), "1||||0|vtrue\n");
    buf_free(&out);
    ask.params = (struct souk_args)SOUK_ARGS({ "m", souk_count(1) });
    assert_int_equal(script_run(s, &ask, f, told, &out, &err), -ERR_INPUT);
    assert_string_equal(err.text, "coach/a.lua: rule a has no parameter \"m\".");
    err_clear(&err);
    ask.params = (struct souk_args)SOUK_ARGS({ "n", souk_text("1") });
    assert_int_equal(script_run(s, &ask, f, told, &out, &err), -ERR_INPUT);
    assert_string_equal(err.text, "coach/a.lua: the parameter n of rule a is a whole number.");
    err_clear(&err);
    ask.params = (struct souk_args)SOUK_ARGS({ "n", souk_count(5) });
    ask.limits.says = 4;
    assert_int_equal(script_run(s, &ask, f, told, &out, &err), -ERR_PLUGIN);
    assert_string_equal(err.text, "coach/a.lua:2: more than 4 suggestions in one run: say what matters most.");
    err_clear(&err);
    ask.limits = (struct script_limits){ .steps = 100, .steps_per_row = 1 };
    assert_int_equal(script_run(s, &ask, f, told, &out, &err), -ERR_TIME);
    err_clear(&err);
    assert_well(script_facts_new(&bare, &err), &err);
    ask = (struct script_ask){ .rule = "a" };
    assert_int_equal(script_run(s, &ask, bare, told, &out, &err), -ERR_INPUT);
    assert_string_equal(err.text, "coach/a.lua: rule a needs the facts \"stock\", which there are not.");
    script_facts_free(bare);
    script_facts_free(f);
    script_free(s);
}

/* ---- functions of a rule ------------------------------------------------------------------------------------- */

/* Each is an expression and what it gives as a text; several values with a comma. */
static void test_functions(void **state)
{
    (void)state;
    static const struct { const char *expression, *gives; } cases[] = {
        { "('x'):rep(3, '-')", "x-x-x" },                   { "('x'):rep(0)", "" },
        { "('x'):rep(-1)", "" },                            { "('abc'):upper():lower():reverse()", "cba" },
        { "('abc'):sub(-2)", "bc" },                        { "('abc'):byte(1, -1)", "97,98,99" },
        { "string.char(97, 98)", "ab" },                    { "#'abc', ('abc'):len()", "3,3" },
        { "('a,b'):find(',')", "2,2" },                     { "('a.b'):find('.', 1, true)", "2,2" },
        { "('abc'):find('b', -1)", "nil" },                 { "('abc'):find('', 4)", "4,3" },
        { "('abc'):find('', 5)", "nil" },                   { "('abc'):find('b()')", "2,2,3" },
        { "('SKU-42'):match('(%a+)-(%d+)')", "SKU,42" },    { "('SKU-42'):match('%d+')", "42" },
        { "('abc'):match('^b', 2)", "b" },                  { "('abc'):match('x')", "nil" },
        { "('a b c'):gsub(' ', '-')", "a-b-c,2" },          { "('a b c'):gsub(' ', '-', 1)", "a-b c,1" },
        { "('abc'):gsub('', '-')", "-a-b-c-,4" },           { "('abc'):gsub('b*', '-')", "-a-c-,3" },
        { "('abc'):gsub('%w', '%0%0')", "aabbcc,3" },       { "('ab'):gsub('(a)(b)', '%2%1%%')", "ba%,1" },
        { "('ab'):gsub('a', { a = 1 })", "1b,1" },          { "('ab'):gsub('.', { a = false })", "ab,2" },
        { "('ab'):gsub('(.)', function(c) return c .. c end)", "aabb,2" },
        { "('ab'):gsub('.', function() end)", "ab,2" },     { "('abab'):gsub('^a', 'x')", "xbab,1" },
        { "('hello world'):gsub('o', 7)", "hell7 w7rld,2" },
        { "(function() local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end return table.concat(t, ';') end)()", "a1;b2" },
        { "(function() local t = {} for p in ('abc'):gmatch('()') do t[#t + 1] = p end return table.concat(t, ';') end)()", "1;2;3;4" },
        { "(function() local t = {} for w in ('a1b22'):gmatch('%d*') do t[#t + 1] = '[' .. w .. ']' end return table.concat(t) end)()", "[][1][22]" },
        { "(function() local t = {} for w in ('one two'):gmatch('%a+', 3) do t[#t + 1] = w end return table.concat(t, ';') end)()", "e;two" },
        { "('%s %d %5.2f %q %%'):format('x', 3, 1.5, 'a')", "x 3  1.50 \"a\" %" },
        { "('%s %s %s'):format({}, print == 1, nil)", "there is no 'print' here" },
        { "('%s %s %s'):format({}, tostring, nil)", "table function nil" },
        { "('%p'):format({})", "%p would show an address" },
        { "('%d'):format(1.5)", "bad argument #1 to 'format' (number has no integer representation)" },
        { "('%s'):format()", "bad argument #1 to 'format' (no value)" },
        { "tostring({}), tostring(tostring), tostring(nil), tostring(1.5)", "table,function,nil,1.5" },
        { "tostring(setmetatable({}, { __tostring = function() return 'me' end }))", "me" },
        { "table.concat({ 1, 2.5, 'x' }, '-')", "1-2.5-x" },   { "table.concat({ 'a', 'b', 'c' }, '', 2, 3)", "bc" },
        { "table.concat({}, 'x')", "" },                       { "table.concat({ 1, {} })", "entry 2 of the list is a table, not a text or number" },
        { "(function() local t = { 1, 2 } table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t, ' ') end)()", "0 1 2 3" },
        { "(function() local t = { 1, 2, 3 } return table.remove(t, 1), table.remove(t), #t end)()", "1,3,1" },
        { "table.remove({}), table.remove({}, 0)", "nil,nil" },
        { "table.remove({ 1 }, 5)", "bad argument #2 to 'remove' (position out of bounds)" },
        { "table.insert({}, 5, 1)", "bad argument #2 to 'insert' (position out of bounds)" },
        { "table.insert({})", "insert wants a list, maybe a position, and a value" },
        { "table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), ' ')", "2 3 3" },
        { "table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ' ')", "1 1 2 3" },
        { "table.concat(table.move({ 1, 2, 3 }, 1, 3, 1, { 9, 9, 9, 9 }), ' ')", "1 2 3 9" },
        { "table.unpack({ 1, 2, 3 }, 2)", "2,3" },             { "table.pack(1, nil, 3).n", "3" },
        { "select('#', table.unpack({}, 1, 3))", "3" },
        { "(function() local t = { 3, 1, 2 } table.sort(t) return table.concat(t, ' ') end)()", "1 2 3" },
        { "(function() local t = { 'b', 'a', 'B' } table.sort(t) return table.concat(t, ' ') end)()", "B a b" },
        { "(function() local t = {} for i = 1, 9 do t[i] = { i % 3, i } end table.sort(t, function(a, b) return a[1] < b[1] end)"
          " local r = {} for i, x in ipairs(t) do r[i] = x[2] end return table.concat(r, ' ') end)()", "3 6 9 1 4 7 2 5 8" },
        { "(function() local t = { 2, 'x', 1 } table.sort(t) end)()", "attempt to compare string with number" },
        { "(function() local t = {} for k, v in pairs({ b = 1, a = 2, [2] = 3, [1] = 4, [1.5] = 5, [true] = 6, [false] = 7 }) do t[#t + 1] = tostring(k) .. v end"
          " return table.concat(t, ' ') end)()", "14 1.55 23 a2 b1 false7 true6" },
        { "(function() local t, r = { 1, 2, 3 }, {} for k in pairs(t) do t[2] = nil r[#r + 1] = k end return table.concat(r, ' ') end)()", "1 3" },
        { "(function() local r = {} for i, v in ipairs(setmetatable({}, { __index = function(_, i) return i < 4 and i or nil end })) do r[i] = v end return #r end)()", "3" },
        { "(function() local n = 0 for _ in pairs({}) do n = n + 1 end return n end)()", "0" },
        { "pairs(nil)", "bad argument #1 to 'pairs' (table expected, got nil)" },
        { "ipairs()", "bad argument #1 to 'ipairs' (table expected, got no value)" },
        { "pcall(error, 'x')", "false,x" },                    { "pcall(function() return 1, 2 end)", "true,1,2" },
        { "pcall(error)", "false,nil" },                       { "(pcall(pcall))", "false" },
        { "pcall()", "bad argument #1 to 'pcall' (value expected)" },
        { "select(2, pcall(function() local x = nil + 1 end))", "coach/probe.lua:3: attempt to perform arithmetic on a nil value" },
        { "setmetatable({}, { __index = { x = 5 } }).x", "5" },
        { "(function() local C = {} C.__index = C function C:get() return self.v end return setmetatable({ v = 8 }, C):get() end)()", "8" },
        { "#setmetatable({}, { __len = function() return 9 end })", "9" },
        { "setmetatable({}, setmetatable({}, { __index = { __index = 1 } })).x", "nil" },
        { "getmetatable", "there is no 'getmetatable' here" },
        { "'1' + 1", "attempt to perform arithmetic on a string value (constant '1')" },
        { "1 .. ''", "1" },                                    { "tonumber('0x10'), tonumber('z', 36), tonumber('x')", "16,35,nil" },
        { "math.max(1, 3, 2), math.floor(2.7), math.tointeger(3.0), 7 // 2, math.type(1)", "3,2,3,3,integer" },
        { "math.random", "nil" },                              { "string.dump", "nil" },
        { "utf8.len('\xC3\xA4x'), utf8.char(228), utf8.codepoint('\xC3\xA4')", "2,\xC3\xA4,228" },
        { "('\xC3\xA4x'):match(utf8.charpattern)", "\xC3\xA4" },
        { "(function() local t = {} for p, c in utf8.codes('a\xC3\xA4') do t[#t + 1] = p .. ':' .. c end return table.concat(t, ' ') end)()", "1:97 2:228" },
        { "('x'):find('[')", "bad argument #1 to 'find' (the pattern is wrong: a set that begins with [ is not closed)" },
        { "('x'):gsub('x', '%2')", "the pattern has no capture %2" },
        { "('x'):gsub('x', '%x')", "in what is put in, % stands before a digit or a %" },
        { "('x'):gsub('x', function() return {} end)", "what is put in is a table, not a text or number" },
        { "('x'):gmatch('^x')", "bad argument #1 to 'gmatch' (a pattern that begins with ^ fits once; use match)" },
        { "use('os')", "use wants \"lib.NAME\", with small letters, digits and _ in the name" },
        { "use('lib.own').x, use('lib.own') == use('lib.own')", "1,true" },
        { "assert(1, 2)", "1,2" },                             { "assert(false)", "assertion failed!" },
        { "error('x', 0)", "x" },
    };
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    write_text("lib/own.lua", "return { x = 1 }");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf text = { 0 }, wanted = { 0 };
        buf_printf(&text, "local function show(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, ',') end\n"
                   "say { key = 'k', text = 'gives:' .. show(%s) }", cases[i].expression);
        const char *says = check(s, f, text.at);
        buf_printf(&wanted, "k||||0|gives:%s\n", cases[i].gives);
        if (strcmp(says, wanted.at) != 0) {
            buf_clear(&wanted);
            buf_printf(&wanted, "plugin: coach/probe.lua:3: %s", cases[i].gives);
        }
        if (strncmp(says, wanted.at, wanted.len) != 0)
            fail_msg("%s\n%s\ninstead of\n%s", cases[i].expression, says, cases[i].gives);
        buf_free(&text);
        buf_free(&wanted);
    }
    script_facts_free(f);
    script_free(s);
}

/* Nothing but what is listed is there: every name Lua brings or its users know. */
static void test_absent(void **state)
{
    (void)state;
    static const char *const names[] = {
        "_G", "_VERSION", "collectgarbage", "coroutine", "debug", "dofile", "getmetatable", "io", "load", "loadfile", "loadstring",
        "module", "next", "os", "package", "print", "rawequal", "rawget", "rawlen", "rawset", "require", "setfenv", "getfenv",
        "unpack", "warn", "xpcall", "string.dump", "string.pack", "string.unpack", "string.packsize", "math.random",
        "math.randomseed", "table.foreach", "utf8.nothing",
    };
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buf text = { 0 };
        buf_printf(&text, "if %s == nil then say { key = 'k', text = 'nil' } end", names[i]);
        const char *says = check(s, f, text.at);
        if (strchr(names[i], '.') ? strcmp(says, "k||||0|nil\n") != 0 : !strstr(says, "there is no '"))
            fail_msg("%s: %s", names[i], says);
        buf_free(&text);
    }
    script_facts_free(f);
    script_free(s);
}

/* ---- nothing gets out ------------------------------------------------------------------------------------------ */

/*
 * Does the sentence say one of "steps | memory | other words"?  On a slow machine the time comes to its end before
 * the steps do: both are limits.
 */
static bool ends_as(const char *says, const char *wanted)
{
    static const struct { const char *word, *says; } words[] = {
        { "steps", "it was stopped after " }, { "memory", "it was stopped because it wants more memory than 32 MiB" },
    };
    char one[200];
    for (const char *at = wanted; *at; at += strcspn(at, "|"), at += strspn(at, "| ")) {
        size_t n = strcspn(at, "|");
        while (n && at[n - 1] == ' ')
            n--;
        snprintf(one, sizeof one, "%.*s", (int)n, at);
        for (size_t i = 0; i < COUNT_OF(words); i++)
            if (text_is(one, words[i].word))
                snprintf(one, sizeof one, "%s", words[i].says);
        if (text_is(one, "well") ? !*says : strstr(says, one) != NULL)
            return true;
    }
    return false;
}

static int is_probe(const struct dirent *entry)
{
    return text_ends(entry->d_name, ".lua");
}

/* All probes see the same facts, one after the other, and after each an honest rule says the same as before. */
static void test_probes(void **state)
{
    (void)state;
    static const char honest[] = "return { id = 'honest', title = 'H', needs = { 'stock' }, check = function(facts, say)\n"
        "local t = {} for k in pairs({ z = 1, b = 2, a = 3 }) do t[#t + 1] = k end\n"
        "for _, x in ipairs(facts.stock) do local n = 0 for _ in pairs(x) do n = n + 1 end\n"
        "say { sku = x.sku, weight = n, text = string.upper(x.sku) .. #facts.stock .. x.units .. table.concat(t) } end end }";
    struct dirent **entry;
    struct scripts *s = scripts_new();
    struct script_facts *f = facts_new();
    write_text("coach/honest.lua", honest);
    char *before = base_text(run(s, f, "honest"));
    assert_string_equal(before, "A-1|A-1|||9|A-1340abz\nA-2|A-2|||7|A-230abz\nB-1|B-1|||6|B-137abz\n");
    int n = scandir("tests/lua/probe", &entry, is_probe, alphasort);
    assert_true(n >= 100);
    alarm(600);                                         /* an escape does not come back by itself */
    for (int i = 0; i < n; i++) {
        char path[300];
        size_t bytes;
        snprintf(path, sizeof path, "tests/lua/probe/%s", entry[i]->d_name);
        char *text = read_whole(path, &bytes), *wanted = strstr(text, "\n-- ends: ");
        assert_non_null(wanted);
        write_file("coach/probe.lua", text, bytes);
        wanted += strlen("\n-- ends: ");
        *strchr(wanted, '\n') = '\0';

        struct err err = { 0 };
        struct buf out = { 0 };
        struct script_ask ask = { .rule = "probe" };
        if (!strstr(wanted, "steps"))
            ask.limits.time_ms = 60000;                 /* what is to end in another way does so on a slow machine, too */
        int rc = script_run(s, &ask, f, told, &out, &err);
        print_message("# %-22s %9lld steps %7.1f ms %6.2f MiB  %s\n", entry[i]->d_name, (long long)ask.steps, (double)ask.took_us / 1000,
                      (double)ask.memory_bytes / 1048576, err.text);
        if (!ends_as(err.text, wanted) || (rc == 0) != !err.code || out.len)
            fail_msg("%s: \"%s\" instead of %s", entry[i]->d_name, err.text, wanted);
        if (rc < 0 && strncmp(err.text, "coach/probe.lua:", 16) != 0)
            fail_msg("%s: \"%s\" does not say where", entry[i]->d_name, err.text);
        if (ask.memory_bytes > (size_t)33 << 20 || ask.steps > 10000300)
            fail_msg("%s used %lld steps, %zu bytes", entry[i]->d_name, (long long)ask.steps, ask.memory_bytes);
        if (strcmp(run(s, f, "honest"), before) != 0)
            fail_msg("after %s: %s", entry[i]->d_name, run(s, f, "honest"));
        buf_free(&out);
        base_free(text);
        free(entry[i]);
    }
    alarm(0);
    free(entry);
    base_free(before);
    script_facts_free(f);
    script_free(s);
}

/* Sources that are deep, long or odd end in a sentence, too. */
static void test_sources(void **state)
{
    (void)state;
    static const struct { const char *before, *part, *after; size_t n; const char *says; } cases[] = {
        { "return ", "(", "", 50000, "coach/bad.lua:1: C stack overflow" },
        { "return ", "{", "", 50000, "coach/bad.lua:1: C stack overflow" },
        { "", "do ", "", 50000, "coach/bad.lua:1: C stack overflow" },
        { "return 1", " .. 1", "", 50000, "C stack overflow" },
        { "return 1", "+1", "", 80000, "the file returns a number" },
        { "local a = ", "function() return ", "", 5000, "C stack overflow" },
        { "", "local a ", "", 500, "too many local variables" },
        { "", "goto a ", "", 1000, "no visible label 'a'" },
        { "x = ", "[", "", 1000, "" },
        { "--[", "=", "", 1000, "returns a nil" },
        { "return '", "\\z ", "", 10000, "unfinished string" },
        { "", "\n", "x", 100000, "coach/bad.lua:100001: syntax error near <eof>" },
        { "", "\0", "", 1, "coach/bad.lua:1" },
        { "#!/usr/bin/lua", "\n", "", 1, "coach/bad.lua:1: unexpected symbol near '#'" },
    };
    struct scripts *s = scripts_new();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct arena *a = arena_new("rules", 1024);
        const struct script_rule *rule;
        struct buf text = { 0 };
        size_t n, n_part = *cases[i].part ? strlen(cases[i].part) : 1;
        buf_text(&text, cases[i].before);
        for (size_t k = 0; k < cases[i].n; k++)
            buf_put(&text, cases[i].part, n_part);
        buf_text(&text, cases[i].after);
        write_file("coach/bad.lua", text.at, text.len);
        assert_well(script_rules(s, a, &rule, &n, &err), &err);
        if (!*rule->fault || !strstr(rule->fault, cases[i].says))
            fail_msg("%s%s...: %s", cases[i].before, cases[i].part, rule->fault);
        buf_free(&text);
        arena_free(a);
    }
    script_free(s);
}

/* ---- cases --------------------------------------------------------------------------------------------------- */

static void on_case(void *ctx, const struct script_case *c)
{
    buf_printf(ctx, "%s %s/%s: %s\n", c->is_well ? "ok" : "not ok", c->rule, c->name, c->text);
}

static void test_cases(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct scripts *s;
    struct buf out = { 0 };
    assert_well(script_open(&s, "tests/lua/scripts", &err), &err);
    int n = script_cases(s, NULL, on_case, &out, &err);
    if (n != 8 || strstr(buf_str(&out), "not ok"))
        fail_msg("%d cases\n%s", n, buf_str(&out));
    assert_int_equal(script_cases(s, "example.runs_out", on_case, &out, &err), 8);
    assert_int_equal(script_cases(s, "nothing", on_case, &out, &err), 0);
    buf_free(&out);
    script_free(s);
}

/* Each case is wrong in one way, and that is what is told. */
static void test_case_faults(void **state)
{
    (void)state;
    static const struct { const char *text, *says; } cases[] = {
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { sku = 'A', weight = 1, text = 'n is 1' } } }", "ok r/c: \n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { {} } }", "ok r/c: \n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { weight = 0 } } }", "not ok r/c: suggestion 1: weight is 1 instead of 0\n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { text = 'x' } } }", "not ok r/c: suggestion 1: text is \"n is 1\" instead of \"x\"\n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { sku = 'B' } } }", "not ok r/c: suggestion 1: sku is \"A\" instead of \"B\"\n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { numbers = { { name = 'n', count = 2 } } } } }",
          "not ok r/c: suggestion 1: number 1 is n 1  instead of n 2 \n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { numbers = { { name = 'n', count = 1 }, { name = 'm', count = 1 } } } } }",
          "not ok r/c: suggestion 1 has 1 numbers instead of 2\n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = { { rows = { 'sku:B' } } } }", "not ok r/c: suggestion 1: the rows behind it are others\n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 1 } } }, says = {} }", "not ok r/c: it said more than the 0 expected; the first of these is A: n is 1\n" },
        { "{ name = 'c', facts = { stock = {} }, says = { { sku = 'A' } } }", "not ok r/c: it said 0 instead of 1\n" },
        { "{ name = 'c', facts = { stock = {} }, fails = 'x' }", "not ok r/c: it did not fail\n" },
        { "{ name = 'c', facts = {}, fails = 'x' }", "not ok r/c: it failed in another way: coach/r.lua: rule r needs the facts \"stock\", which there are not.\n" },
        { "{ name = 'c', facts = {}, says = {} }", "not ok r/c: coach/r.lua: rule r needs the facts \"stock\", which there are not.\n" },
        { "{ name = 'c', facts = {}, fails = 'needs the facts' }", "ok r/c: \n" },
        { "{ name = 'c', facts = { stock = { { sku = 'A', n = 'x' } } }, fails = \"coach/r.lua:2: attempt to compare number with string\" }", "ok r/c: \n" },
        { "{ name = 'c', facts = { stock = {} }, params = { m = 3 }, fails = 'has no parameter \"m\"' }", "ok r/c: \n" },
        { "{ name = 'c', facts = {} }", "not ok r/: cases/c.lua, \"c\": a case has either says = { ... } or fails = \"...\".\n" },
        { "{ facts = {}, says = {} }", "not ok r/: cases/c.lua, \"\": a case needs a name.\n" },
        { "{ name = 'c', fact = {}, says = {} }", "not ok r/: cases/c.lua, \"c\": a case knows no 'fact'; did you mean 'facts'?\n" },
        { "{ name = 'c', says = {} }", "not ok r/: cases/c.lua, \"c\": facts is a nil, not a table such as { stock = { { sku = \"A-1\", units = 3 } } }.\n" },
        { "{ name = 'c', facts = { stock = { 3 } }, says = {} }", "not ok r/: cases/c.lua, \"c\": row 1 of facts.stock is a number, not a table.\n" },
        { "{ name = 'c', facts = { stock = { { n = 1 }, { n = 'x' } } }, says = {} }", "not ok r/: cases/c.lua, \"c\": the column n of facts.stock is a number in one row and none in another.\n" },
        { "{ name = 'c', facts = { stock = { { n = 1.5 } } }, says = {} }", "not ok r/: cases/c.lua, \"c\": n is 1.5, not a whole number; // and math.floor make one.\n" },
        { "{ name = 'c', facts = { stock = {} }, says = { { skuu = 'A' } } }", "not ok r/: cases/c.lua, \"c\": say knows no 'skuu'; did you mean 'sku'?\n" },
        { "(nil)()", "not ok /: cases/c.lua:1: attempt to call a nil value.\n" },
    };
    struct scripts *s = scripts_new();
    write_text("coach/r.lua", "return { id = 'r', title = 'R', needs = { 'stock' }, check = function(facts, say) for _, x in ipairs(facts.stock) do\n"
               "if x.n > 0 then say { sku = x.sku, weight = x.n, text = 'n is ' .. x.n, numbers = { { name = 'n', count = x.n } }, rows = { 'sku:' .. x.sku } } end end end }");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct buf text = { 0 }, out = { 0 };
        buf_printf(&text, "return { rule = 'r', %s }", cases[i].text);
        write_text("cases/c.lua", text.at);
        assert_int_equal(script_cases(s, "r", on_case, &out, &err), 1);
        if (strcmp(buf_str(&out), cases[i].says) != 0)
            fail_msg("%s\n%sinstead of\n%s", cases[i].text, buf_str(&out), cases[i].says);
        buf_free(&text);
        buf_free(&out);
    }
    script_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_describes),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_facts_refused),
        cmocka_unit_test(test_facts_set),
        cmocka_unit_test(test_says),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_facts_full),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_asks),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_probes),
        cmocka_unit_test(test_sources),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_case_faults),
    };
    return cmocka_run_group_tests_name("script", tests, folders_make, scratch_remove);
}
