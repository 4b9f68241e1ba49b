/* SPDX-License-Identifier: Apache-2.0 */
/* bank.c: settings with one of each: a list with a default per market, a secret, a table, a value per market. */
#include <souk/settings.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = (its_name), __VA_ARGS__ }

static const struct souk_choice kinds[] = { { "giro", "giro" }, { "wire", "wire" } };
static const struct souk_field rates[] = {
    FIELD(LINE, "upto", .flags = SOUK_FIELD_NEEDED), FIELD(MONEY, "price", .flags = 0), FIELD(BOOL, "free", .flags = 0),
};
static const struct souk_field fields[] = {
    FIELD(LINE, "holder", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_PERSONAL, .max = 60),
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED),
    FIELD(LINE, "number", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_SECRET | SOUK_FIELD_UNIQUE, .max = 40),
    FIELD(BOOL, "main", .flags = 0),
    FIELD(ONE_OF, "kind", .choices = SOUK_LIST(kinds), .fallback = SOUK_WORD(SOUK_TEXT, "giro")),
    FIELD(LINE, "bank", .when = "kind", .when_is = "wire", .flags = SOUK_FIELD_NEEDED),
    FIELD(COUNT, "hold_days", .flags = SOUK_FIELD_PER_MARKET, .max = 30),
    FIELD(COUNT, "letters", .flags = SOUK_FIELD_READ_ONLY),
    FIELD(RECORDS, "rates", .fields = SOUK_LIST(rates), .max = 4),
};

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    const struct souk_value *number = souk_given(&record->now, "number"), *holder = souk_given(&record->now, "holder");
    (void)self;
    (void)ask;
    if (number->type == SOUK_TEXT && number->text.at[0] == '0')
        souk_wrong(call, "number", "A number does not begin with 0.");
    if (souk_has_changed(record, "holder") && holder->text.len < 3)
        souk_doubt(call, "holder", "So short a name: is that meant?");
    if (number->type == SOUK_TEXT) {
        const struct souk_value n = souk_count(number->text.len);
        return call->check->set(call, "letters", &n);
    }
    return 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .id = "bank", .title = "bank", .view = SOUK_MAY_VIEW, .edit = SOUK_MAY_OWN,
    .fields = SOUK_LIST(fields), .max_records = 3, .schema = 1, .one_default = "main", .default_per = "market", .check = check,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.example.bank", .version = "1.0.0", .title = "bank", .offers = SOUK_LIST(offers),
};
