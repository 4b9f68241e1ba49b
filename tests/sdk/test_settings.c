/* SPDX-License-Identifier: Apache-2.0 */
/* test_settings.c: what a settings module declares is kept as it says; once more as bytes (SOUK_WIRE=1). */
#include "command.h"

#include "base/log.h"
#include "data/vault.h"

struct bank {
    struct shop shop;
    struct plugins *plugins;
    struct vault *vault;
};

static void load(struct bank *b, const char *file)
{
    char own[4000], ini[200];
    const char *build = getenv("BUILD");
    struct shop *s = &b->shop;
    snprintf(ini, sizeof ini, "%s", scratch_path("plugins.ini"));
    snprintf(own, sizeof own, "%s/tests/plugin", build ? build : "build");
    FILE *f = fopen(ini, "w");
    assert_non_null(f);
    fprintf(f, "[bank]\nfile = %s\n", file);
    assert_int_equal(fclose(f), 0);
    const struct plugins_setup setup = { .config = ini, .own_folder = own, .texts = s->texts };
    assert_well(plugins_load(&b->plugins, &setup, &s->err), &s->err);
    if (plugins_at(b->plugins, 0)->why)
        fail_msg("%s", plugins_at(b->plugins, 0)->why);
    s->setup.plugins = b->plugins;
    s->setup.desk = desk_new(b->plugins, s->policies);
}

static void open_bank(struct bank *b, const char *name)
{
    char key[200], id[200];
    struct shop *s = &b->shop;
    shop_open(s, name);
    snprintf(key, sizeof key, "%s", scratch_path("shop.key"));
    snprintf(id, sizeof id, "%s", scratch_path("key-id"));
    load(b, "bank.so");
    s->setup.vault = b->vault = vault_new(key, id);
    does(s, "1", "case.add", "subject=One", "case=1", "market=DE");    /* so that the account has a market */
}

static void bank_shut(struct bank *b)
{
    desk_free(b->shop.setup.desk);
    shop_close(&b->shop);
    plugins_free(b->plugins);
    vault_free(b->vault);
}

#define SAVE "settings.bank.save"
#define NEW SAVE, "holder=Nord GmbH", "market=DE"

static const char sql_values[] =
    "SELECT record, field || CASE WHEN part = '' THEN '' ELSE '.' || part END || CASE WHEN inner = '' THEN '' ELSE '.' || inner END,"
    " type, number, text FROM v1_settings WHERE field NOT IN ('holder', 'market', 'kind', 'letters') ORDER BY 1, 2";
static const char sql_main[] = "SELECT record, number FROM v1_settings WHERE field = 'main' ORDER BY record";

static void a_record_is_kept(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "kept.db");
    does(s, "Saved.", NEW, "number=DE12 3456 7890", "hold_days=3", "hold_days.A1PA6795UKMFR9=5");
    assert_string_equal(s->result.ref, "settings:bank:1");
    /* the only one is the default one; the secret is a tail; check() has counted its letters */
    assert_string_equal(answer(s->db, sql_values), "1|hold_days|count|3|\n1|hold_days.A1PA6795UKMFR9|count|5|\n"
                        "1|main|bool|1|\n1|number|tail|0|890\n");
    assert_string_equal(answer(s->db, "SELECT number FROM v1_settings WHERE field = 'letters'"), "14\n");
    assert_string_equal(answer(s->db, "SELECT args FROM v1_audit WHERE entry = 2"),
                        "{\"anyway\":0,\"market\":\"A1PA6795UKMFR9\",\"hold_days\":3,\"hold_days.A1PA6795UKMFR9\":5}\n");
    does(s, "kept like that already", SAVE, "record=1", "holder=Nord GmbH");
    does(s, "kept like that already", SAVE, "record=1", "number=DE12 3456 7890");      /* the same secret again */
    does(s, "Saved.", SAVE, "record=1", "hold_days=");
    assert_string_equal(answer(s->db, "SELECT field FROM v1_settings WHERE field = 'hold_days' AND part = ''"), "");
    assert_string_equal(answer(s->db, "SELECT what FROM v1_settings_changes"), "added\nchanged\n");
    bank_shut(&b);
}

static void what_is_wrong_changes_nothing(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "wrong.db");
    does(s, "Saved.", NEW, "number=1111222233334444");
    is_refused(s, ERR_INPUT, "number", "is needed", NEW);
    is_refused(s, ERR_INPUT, "number", "stands in another record already", NEW, "number=1111222233334444");
    is_refused(s, ERR_INPUT, "number", "does not begin with 0", NEW, "number=01");
    is_refused(s, ERR_INPUT, "letters", "set by Souk", NEW, "number=12", "letters=3");
    is_refused(s, ERR_INPUT, "bank", "is needed", NEW, "number=12", "kind=wire");
    is_refused(s, ERR_INPUT, "rates.1.upto", "is needed", NEW, "number=12", "rates.1.price=3 EUR");
    is_refused(s, ERR_INPUT, "", "no field 'rates.9.upto'", NEW, "number=12", "rates.9.upto=3");
    is_refused(s, ERR_INPUT, "record", "no number", SAVE, "record=x", "holder=A");
    is_refused(s, ERR_ABSENT, "record", "no record 7", SAVE, "record=7", "holder=A");
    is_refused(s, ERR_INPUT, "", "has changed it meanwhile", SAVE, "record=1", "version=7", "holder=Other");
    is_refused(s, ERR_INPUT, "anyway", "is that meant?", SAVE, "record=1", "holder=N");
    does(s, "Saved.", SAVE, "record=1", "holder=N", "anyway=yes");
    does(s, "Saved.", SAVE, "record=1", "holder=N", "kind=wire", "bank=B");             /* not asked again */
    does(s, "Saved.", SAVE, "record=1", "kind=giro");                                   /* what is not shown is not kept */
    assert_string_equal(answer(s->db, "SELECT text FROM v1_settings WHERE field = 'bank'"), "");
    does(s, "Saved.", NEW, "number=22");
    does(s, "Saved.", NEW, "number=33");
    is_refused(s, ERR_INPUT, "", "There are 3 already", NEW, "number=44");
    s->setup.who = who_may("Ann", RIGHT_ADMIN);
    assert_int_equal(doing(s, SAVE, "record=1", "holder=Anna", (const char *)NULL), -ERR_DENIED);
    bank_shut(&b);
}

static void one_is_the_default_of_its_market(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "default.db");
    does(s, "Saved.", NEW, "number=11");
    does(s, "Saved.", NEW, "number=22");
    does(s, "Saved.", SAVE, "holder=Nord GmbH", "market=FR", "number=33");
    assert_string_equal(answer(s->db, sql_main), "1|1\n3|1\n");
    does(s, "Saved.", SAVE, "record=2", "main=yes");
    assert_string_equal(answer(s->db, sql_main), "1|0\n2|1\n3|1\n");
    does(s, "Taken back.", "settings.bank.undo", "change=4");                           /* and what came with it */
    assert_string_equal(answer(s->db, sql_main), "1|1\n3|1\n");
    bank_shut(&b);
}

/* Whatever is done, a group of records has its one default. */
static void no_group_is_left_without_default(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "groups.db");
    does(s, "Saved.", NEW, "number=11");
    does(s, "Saved.", NEW, "number=22");
    is_refused(s, ERR_INPUT, "", "Nothing would be left of which “main” holds", "settings.bank.remove", "record=1");
    is_refused(s, ERR_INPUT, "", "set it for one of those first", SAVE, "record=1", "market=FR");
    does(s, "Saved.", SAVE, "record=2", "main=yes");
    does(s, "Removed.", "settings.bank.remove", "record=1");
    does(s, "kept like that already", SAVE, "record=2", "main=no");                    /* it is the only one: it stays */
    assert_string_equal(answer(s->db, sql_main), "2|1\n");
    does(s, "Taken back.", "settings.bank.undo", "change=5");
    assert_string_equal(answer(s->db, sql_main), "1|0\n2|1\n");
    bank_shut(&b);
}

/* What is taken back is looked at like any other save. */
static void taking_back_is_checked(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "undo.db");
    does(s, "Saved.", NEW, "number=1111222233334444");
    does(s, "Saved.", SAVE, "record=1", "number=5555666677778888");
    does(s, "Saved.", NEW, "number=1111222233334444");
    is_refused(s, ERR_INPUT, "number", "stands in another record already", "settings.bank.undo", "change=2");
    is_refused(s, ERR_ABSENT, "change", "no change 77", "settings.bank.undo", "change=77");
    does(s, "Saved.", SAVE, "record=1", "holder=N", "anyway=yes");
    does(s, "Saved.", SAVE, "record=1", "holder=Nord GmbH");
    is_refused(s, ERR_INPUT, "anyway", "is that meant?", "settings.bank.undo", "change=5");
    does(s, "Taken back.", "settings.bank.undo", "change=5", "anyway=yes");
    bank_shut(&b);
}

static int json(struct shop *s, const char *name, const char *body)
{
    err_clear(&s->err);
    return command_run_json(s->arena, &s->setup, name, body, strlen(body), &s->result, &s->err);
}

/* Records and tables are objects and arrays there. */
static void json_has_tables(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "json.db");
    assert_well(json(s, SAVE, "{\"holder\": \"Nord GmbH\", \"market\": \"DE\", \"number\": \"11\", \"hold_days.A1PA6795UKMFR9\": 5,"
                     " \"rates\": [{\"upto\": \"1 kg\", \"price\": \"2.50 EUR\"}, {\"upto\": \"5 kg\", \"free\": true}]}"), &s->err);
    assert_string_equal(answer(s->db, "SELECT part, inner, number, text FROM v1_settings WHERE field = 'rates' ORDER BY part, inner"),
                        "||2|\n1|price|250|\n1|upto|0|1 kg\n2|free|1|\n2|upto|0|5 kg\n");
    assert_well(json(s, SAVE, "{\"record\": 1, \"rates\": []}"), &s->err);
    assert_string_equal(answer(s->db, "SELECT count(*) FROM v1_settings WHERE field = 'rates'"), "0\n");
    assert_int_equal(json(s, SAVE, "{\"record\": 1, \"rates\": [1]}"), -ERR_INPUT);
    assert_int_equal(json(s, SAVE, "{\"record\": 1, \"rates\": [{\"upto\": \"1\"}, 2]}"), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "Row 2 of the field 'rates' is no object"));
    assert_int_equal(json(s, SAVE, "{\"record\": 1, \"rates\": [{\"upto\": [[]]}]}"), -ERR_INPUT);
    assert_int_equal(json(s, SAVE, "{\"record\": 1, \"rates\": [{\"weight\": \"1\"}]}"), -ERR_INPUT);
    assert_non_null(strstr(s->err.text, "rates.1.weight"));
    bank_shut(&b);
}

/* A newer version of the module finds what the older one has kept as it needs it. */
static void older_records_are_migrated(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "older.db");
    does(s, "Saved.", NEW, "number=1111222233334444", "hold_days=2", "hold_days.A1PA6795UKMFR9=5");
    does(s, "Saved.", SAVE, "holder=Broken", "market=FR", "number=22");
    desk_free(s->setup.desk);
    plugins_free(b.plugins);
    load(&b, "bank_new.so");
    does(s, "Saved.", SAVE, "record=1", "hold_hours=7");
    assert_string_equal(answer(s->db, "SELECT field || '.' || part, number FROM v1_settings WHERE record = 1 AND type = 'count' ORDER BY 1"),
                        "hold_hours.|7\nhold_hours.A1PA6795UKMFR9|120\n");
    assert_string_equal(answer(s->db, "SELECT count(*) FROM v1_settings WHERE record = 1 AND field = 'kind'"), "0\n");
    assert_string_equal(answer(s->db, "SELECT text FROM v1_settings WHERE record = 1 AND field = 'number'"), "444\n");
    is_refused(s, ERR_INPUT, "", "kept by an older version of these settings", SAVE, "record=2", "hold_hours=7");
    does(s, "kept like that already", SAVE, "record=1", "hold_hours=7");
    is_refused(s, ERR_INPUT, "same_as", "cannot be chosen; there are Nord GmbH, Broken", SAVE, "record=1", "same_as=Sud");
    does(s, "Saved.", SAVE, "record=1", "same_as=Broken");
    /* a plan names the module's command as it does any other */
    is_refused(s, ERR_INPUT, "to", "cannot be chosen", "bank.rename", "to=Sud");
    does(s, "Saved.", "bank.rename", "to=Broken");
    assert_string_equal(answer(s->db, "SELECT text FROM v1_settings WHERE record = 1 AND field = 'holder'"), "Broken\n");
    assert_string_equal(answer(s->db, "SELECT number FROM v1_settings WHERE part = 'A1PA6795UKMFR9'  AND record = 1"), "1\n");
    assert_string_equal(answer(s->db, "SELECT command, ref FROM v1_audit WHERE command LIKE 'bank%'"),
                        "bank.rename|settings:bank:1\nbank.rename > settings.bank.save|settings:bank:1\n");
    bank_shut(&b);
}

static void tables_are_given_whole(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    static const char sql_rates[] = "SELECT part, inner, number, text FROM v1_settings WHERE field = 'rates' ORDER BY part, inner";
    open_bank(&b, "table.db");
    does(s, "Saved.", NEW, "number=11", "rates.1.upto=1 kg", "rates.1.price=2.50 EUR", "rates.3.upto=5 kg", "rates.2.free=no");
    assert_string_equal(answer(s->db, sql_rates), "||2|\n1|price|250|\n1|upto|0|1 kg\n2|upto|0|5 kg\n");
    does(s, "kept like that already", SAVE, "record=1", "holder=Nord GmbH");            /* not given: as it was */
    does(s, "Saved.", SAVE, "record=1", "rates.1.upto=", "rates.2.upto=5 kg");
    assert_string_equal(answer(s->db, sql_rates), "||1|\n1|upto|0|5 kg\n");
    does(s, "Saved.", SAVE, "record=1", "rates=0");
    assert_string_equal(answer(s->db, sql_rates), "");
    does(s, "Taken back.", "settings.bank.undo", "change=3");
    assert_string_equal(answer(s->db, sql_rates), "||1|\n1|upto|0|5 kg\n");
    bank_shut(&b);
}

static void secrets_come_back_with_a_change(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    const char *secret;
    size_t n;
    open_bank(&b, "secret.db");
    does(s, "Saved.", NEW, "number=1111222233334444");
    does(s, "Saved.", SAVE, "record=1", "number=5555666677778888");
    does(s, "Removed.", "settings.bank.remove", "record=1");
    assert_string_equal(answer(s->db, "SELECT count(*) FROM settings_value"), "0\n");
    is_refused(s, ERR_INPUT, "", "was removed since", "settings.bank.undo", "change=2");
    does(s, "Taken back.", "settings.bank.undo", "change=3");
    is_refused(s, ERR_INPUT, "change", "taken back already", "settings.bank.undo", "change=3");
    does(s, "Taken back.", "settings.bank.undo", "change=2");
    struct stmt *get = stmt_of(s->db, "SELECT value_sealed FROM settings_value WHERE field = 'number'", &s->err);
    assert_int_equal(stmt_step(s->db, get, &s->err), 1);
    const void *sealed = stmt_blob(get, 0, &n);
    assert_well(vault_unseal(b.vault, s->arena, "settings:bank:1:number", sealed, n, &secret, &n, &s->err), &s->err);
    assert_string_equal(secret, "1111222233334444");
    stmt_reset(get);
    is_refused(s, ERR_INPUT, "number", "is needed", SAVE, "record=1", "forget=number");
    bank_shut(&b);
}

/* Of eight letters or more the last three, whatever stands between them and however many bytes they are. */
static void a_tail_is_of_letters(void **state)
{
    static const char *const tails[][2] = {
        { "number=12345678", "678\n" }, { "number=1234567", "\n" }, { "number=1234 5678 9 01", "901\n" },
        { "number=abcdefg\u00E4\u666E\u901A", "\u00E4\u666E\u901A\n" }, { "number=1      2", "\n" },
    };
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    open_bank(&b, "tail.db");
    does(s, "Saved.", NEW, "number=1");
    for (size_t i = 0; i < COUNT_OF(tails); i++) {
        does(s, "Saved.", SAVE, "record=1", tails[i][0]);
        assert_string_equal(answer(s->db, "SELECT text FROM v1_settings WHERE field = 'number'"), tails[i][1]);
    }
    bank_shut(&b);
}

/* The key is in no row of any table. */
static void no_secret_is_written_in_clear(void **state)
{
    (void)state;
    struct bank b;
    struct shop *s = &b.shop;
    char path[200], bytes[1 << 16];
    open_bank(&b, "clear.db");
    s->setup.key = "once";
    does(s, "Saved.", NEW, "number=CANARY1234567890XYZ");
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s%s", db_path(s->db), i ? "-wal" : "");
        FILE *f = fopen(path, "r");
        size_t n, all = 0;
        assert_non_null(f);
        while ((n = fread(bytes, 1, sizeof bytes, f)) > 0) {
            assert_null(memmem(bytes, n, "CANARY", 6));
            all += n;
        }
        assert_true(all > 0);
        fclose(f);
    }
    bank_shut(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_kept),
        cmocka_unit_test(what_is_wrong_changes_nothing),
        cmocka_unit_test(one_is_the_default_of_its_market),
        cmocka_unit_test(no_group_is_left_without_default),
        cmocka_unit_test(taking_back_is_checked),
        cmocka_unit_test(json_has_tables),
        cmocka_unit_test(older_records_are_migrated),
        cmocka_unit_test(tables_are_given_whole),
        cmocka_unit_test(secrets_come_back_with_a_change),
        cmocka_unit_test(a_tail_is_of_letters),
        cmocka_unit_test(no_secret_is_written_in_clear),
    };
    log_setup(LOG_LEVEL_FAULT, false);
    int plain = cmocka_run_group_tests_name("settings", tests, scratch_make, scratch_remove);
    setenv("SOUK_WIRE", "1", 1);
    return plain + cmocka_run_group_tests_name("settings as bytes", tests, scratch_make, scratch_remove);
}
