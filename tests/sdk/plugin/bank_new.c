/* SPDX-License-Identifier: Apache-2.0 */
/* bank_new.c: the settings of bank.c some versions later: hold_days has become hold_hours, and kind is gone. */
#include <souk/settings.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = (its_name), __VA_ARGS__ }

static const struct souk_query queries[] = { {
    .size = sizeof(struct souk_query), .id = "others", .title = "others",
    .sql = "SELECT text, text FROM v1_settings WHERE module = 'bank' AND field = 'holder' ORDER BY record",
    .columns = "value:text title:text",
} };

static const struct souk_field fields[] = {
    FIELD(LINE, "holder", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_PERSONAL, .max = 60),
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED),
    FIELD(LINE, "number", .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_SECRET | SOUK_FIELD_UNIQUE, .max = 40),
    FIELD(BOOL, "main", .flags = 0),
    FIELD(COUNT, "hold_hours", .flags = SOUK_FIELD_PER_MARKET, .max = 720),
    FIELD(ONE_OF, "same_as", .choices_from = "others"),
};

/* Schema 1 had days, and 2 was never released; a record of "Broken" cannot be brought over. */
static int migrate(void *self, struct souk_call *call, uint32_t from, const struct souk_record *record)
{
    (void)self;
    if (souk_given(&record->now, "holder")->text.at[0] == 'B')
        return SOUK_EINPUT;
    for (uint32_t i = 0; from == 1 && i < record->now.n; i++) {
        const struct souk_arg *arg = &record->now.at[i];
        const struct souk_value hours = souk_count(arg->value.num * 24);
        if (souk_is_named(arg->name, "hold_days", "", ""))
            call->check->set(call, "hold_hours", &hours);
        if (souk_is_named(arg->name, "hold_days", "A1PA6795UKMFR9", ""))
            call->check->set(call, "hold_hours.A1PA6795UKMFR9", &hours);
    }
    return 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .id = "bank", .title = "bank", .view = SOUK_MAY_VIEW, .edit = SOUK_MAY_OWN,
    .fields = SOUK_LIST(fields), .max_records = 3, .schema = 3, .one_default = "main", .default_per = "market",
    .migrate = migrate,
};

static int rename_it(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    (void)self, (void)ask;
    return souk_plan(call, "settings.bank.save", { "record", souk_text("1") }, { "holder", *souk_given(args, "to") },
                     { "hold_hours.A1PA6795UKMFR9", souk_count(1) });
}

static const struct souk_field to[] = { FIELD(ONE_OF, "to", .choices_from = "others", .flags = SOUK_FIELD_NEEDED) };
static const struct souk_command command = {
    .size = sizeof command, .right = SOUK_MAY_EDIT, .id = "bank.rename", .title = "rename", .fields = SOUK_LIST(to),
    .plan = rename_it,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings }, { SOUK_COMMAND, &command } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.example.bank", .version = "2.0.0", .title = "bank", .offers = SOUK_LIST(offers), .reads = "v1_settings",
    .queries = SOUK_LIST(queries), .commands = "settings.bank.save",
};
