/* SPDX-License-Identifier: Apache-2.0 */
/*
 * business.c: business information: who the seller is, where, and how they are reached.
 *
 * in:     what somebody types
 * out:    the record `business` of v1_settings, which invoices, letters and other settings read
 */
#include <souk/settings.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }

static const struct souk_choice forms[] = {
    { "sole", "form_sole" }, { "company", "form_company" }, { "partnership", "form_partnership" },
    { "charity", "form_charity" }, { "public", "form_public" },
};

static const struct souk_field address[] = {
    FIELD(LINE, "street", .max = 180, .flags = SOUK_FIELD_NEEDED),
    FIELD(LINE, "more", .max = 60),
    FIELD(POSTCODE, "postcode", .country_of = "country"),
    FIELD(LINE, "city", .max = 100, .flags = SOUK_FIELD_NEEDED),
    FIELD(REGION, "region", .country_of = "country"),
    FIELD(COUNTRY, "country", .flags = SOUK_FIELD_NEEDED),
};

static const struct souk_field contacts[] = {
    FIELD(LINE, "role", .max = 60),
    FIELD(LINE, "name", .max = 120),
    FIELD(EMAIL, "email", .flags = 0),
    FIELD(PHONE, "phone", .flags = 0),
};

static const struct souk_field fields[] = {
    FIELD(LINE, "legal_name", .max = 200, .flags = SOUK_FIELD_NEEDED, .about = "field_legal_name_about"),
    FIELD(LINE, "display_name", .max = 50, .about = "field_display_name_about"),
    FIELD(ONE_OF, "form", .choices = SOUK_LIST(forms)),
    FIELD(LINE, "registration", .max = 60, .about = "field_registration_about"),
    FIELD(LINE, "register", .max = 120, .when = "registration"),
    FIELD(RECORD, "address", .fields = SOUK_LIST(address), .flags = SOUK_FIELD_PERSONAL, .about = "field_address_about"),
    FIELD(RECORDS, "contacts", .fields = SOUK_LIST(contacts), .max = 10, .flags = SOUK_FIELD_PERSONAL, .about = "field_contacts_about"),
};

/* ---- checks ------------------------------------------------------------------------------------- */

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    (void)self;
    (void)ask;
    const struct souk_value *number = souk_given(&record->now, "registration");
    const struct souk_value *form = souk_given(&record->now, "form");
    int is_new = souk_has_changed(record, "form") || souk_has_changed(record, "registration");
    if (is_new && !number && form && form->text.at[0] == 'c' && form->text.at[1] == 'o')
        souk_doubt(call, "registration", "doubt_registration");
    return 0;
}

/* ---- what is missing ------------------------------------------------------------------------------ */

/* What an invoice must name in most countries; each in a line with what it is for. */
static const char *const wanted[][2] = {
    { "legal_name", "missing_legal_name" }, { "address.street", "missing_address" }, { "registration", "missing_registration" },
    { "contacts.1.email", "missing_contact" },
};

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    static const struct souk_args none = { NULL, 0, 0 };
    const struct souk_args *now = records->list.n ? &souk_record_at(records, 0)->now : &none;
    int missing = 0;
    (void)self;
    (void)ask;
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
        missing += !souk_given(now, wanted[i][0]);
    if (!missing)
        return 0;
    souk_section(call, "missing");
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!souk_given(now, wanted[i][0]))
            souk_text_line(call, .text = SOUK_MSG(wanted[i][1]));
    souk_end(call);
    return 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 40, .id = "business", .title = "title", .about = "about",
    .view = SOUK_MAY_VIEW, .edit = SOUK_MAY_ADMINISTER, .fields = SOUK_LIST(fields), .schema = 1, .summary = "summary",
    .check = check, .notes = notes,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.business", .version = "1.0.0", .title = "title", .offers = SOUK_LIST(offers),
};
