/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charge.c: charge methods: the cards that marketplaces charge when the balance is below nothing.
 *
 * in:     what somebody types: never the number of a card, only its last four digits
 * out:    the records `charge` of v1_settings; last_day: the last day on which the card is good
 *
 * An invalid charge method can lock a seller's account, so the module warns before a card expires.
 */
#include <souk/settings.h>

#include <string.h>

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, .name = (its_name), \
        .title = "field_" its_name, __VA_ARGS__ }

enum { WARN_DAYS = 60, CARD_LEAST = 12, CARD_MOST = 19, DAY_S = 86400 };

static const struct souk_choice brands[] = {
    { "visa", "brand_visa" }, { "mastercard", "brand_mastercard" }, { "amex", "brand_amex" }, { "discover", "brand_discover" },
    { "diners", "brand_diners" }, { "jcb", "brand_jcb" }, { "unionpay", "brand_unionpay" }, { "other", "brand_other" },
};

static const struct souk_field fields[] = {
    FIELD(MARKET, "market", .flags = SOUK_FIELD_NEEDED),
    FIELD(ONE_OF, "brand", .choices = SOUK_LIST(brands), .flags = SOUK_FIELD_NEEDED),
    FIELD(LINE, "last_four", .max = 60, .flags = SOUK_FIELD_NEEDED, .about = "field_last_four_about"),
    FIELD(LINE, "expires", .max = 60, .flags = SOUK_FIELD_NEEDED, .about = "field_expires_about"),
    FIELD(LINE, "holder", .max = 120, .flags = SOUK_FIELD_NEEDED | SOUK_FIELD_PERSONAL),
    FIELD(LINE, "token", .max = 200, .flags = SOUK_FIELD_SECRET, .about = "field_token_about"),
    FIELD(BOOL, "main", .flags = 0, .about = "field_main_about"),
    FIELD(DAY, "last_day", .flags = SOUK_FIELD_READ_ONLY),
};

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- numbers of cards ------------------------------------------------------------------------------------ */

/* Digits in full width are those of ASCII; 0 to 9, and how many bytes it is; -1 for anything else. */
static int digit_at(const char *at, unsigned *bytes)
{
    const unsigned char *u = (const unsigned char *)at;
    *bytes = 1;
    if (is_digit(*at))
        return *at - '0';
    if (u[0] != 0xEF || u[1] != 0xBC || u[2] < 0x90 || u[2] > 0x99)
        return -1;
    *bytes = 3;
    return u[2] - 0x90;
}

static int is_luhn(const char *digit, unsigned n)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned d = (unsigned)digit[n - 1 - i] * (i % 2 + 1);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

/*
 * Could the number of a card stand in the text?  Twelve digits or more, whatever but letters is between them.  A token
 * may be made of many digits: there they are one if they pass the check of card numbers, up to anything between them.
 */
static int has_card(const char *text, int is_token)
{
    char digit[CARD_MOST];
    unsigned n = 0, bytes;
    for (;; text += bytes) {
        int d = digit_at(text, &bytes);
        if (d >= 0 && n < CARD_MOST)
            digit[n] = (char)d;
        if (d >= 0) {
            n++;
            continue;
        }
        if (n >= CARD_LEAST && (!is_token || (n <= CARD_MOST && is_luhn(digit, n))))
            return 1;
        if (!*text)
            return 0;
        if ((*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z'))
            n = 0;
    }
}

/* ---- checks ------------------------------------------------------------------------------------------------ */

/* Reads up to four digits, and moves on behind them and the blanks that follow; how many there were. */
static int read_number(const char **at, int *number)
{
    int digits = 0;
    for (*number = 0; is_digit(**at) && digits < 4; digits++)
        *number = *number * 10 + (*(*at)++ - '0');
    *at += strspn(*at, " ");
    return digits;
}

/* "09/2028", "9 / 28", "2028-09"; false for anything else. */
static int read_month(const char *text, int *month, int *year)
{
    int first, second, n_second, n_first = read_number(&text, &first);
    if (*text != '\0' && strchr("/-.", *text))
        text += 1 + strspn(text + 1, " ");
    else
        return 0;
    n_second = read_number(&text, &second);
    int is_year_first = n_first == 4, n_month = is_year_first ? n_second : n_first;
    *month = is_year_first ? second : first;
    *year = is_year_first ? first : n_second == 2 ? 2000 + second : second;
    return !*text && (n_month == 1 || n_month == 2) && (is_year_first || n_second == 2 || n_second == 4)
           && *month >= 1 && *month <= 12 && *year >= 2000 && *year < 2100;
}

/* Days from 1970-01-01 to the first of a month of the Gregorian calendar; month 13 is the next January. */
static int32_t first_of(int year, int month)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0, past = year - 1;
    return (int32_t)(past * 365 + past / 4 - past / 100 + past / 400 - 719162 + before[month - 1] + (is_leap && month > 2));
}

static int32_t today_of(const struct souk_ask *ask, const char *market)
{
    const struct souk_market_now *m = souk_market_named(ask, market);
    return m ? m->today : (int32_t)(ask->now_s / DAY_S);
}

static int is_four(const char *text)
{
    return strlen(text) == 4 && strspn(text, "0123456789") == 4;
}

static int check(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record)
{
    int month, year;
    (void)self;
    for (uint32_t i = 0; i < record->now.n; i++) {
        const struct souk_arg *arg = &record->now.at[i];
        if (arg->value.type == SOUK_TEXT && has_card(arg->value.text.at, strcmp(arg->name, "token") == 0)) {
            souk_wrong(call, arg->name, "whole_number");
            return 0;
        }
    }
    if (!is_four(souk_given_text(&record->now, "last_four")))
        souk_wrong(call, "last_four", "not_four");
    if (!read_month(souk_given_text(&record->now, "expires"), &month, &year)) {
        souk_wrong(call, "expires", "no_month");
        return 0;
    }
    const struct souk_value last = souk_day(first_of(year, month + 1) - 1);
    int is_new = souk_has_changed(record, "expires") || souk_has_changed(record, "market");
    if (is_new && last.num < today_of(ask, souk_given_text(&record->now, "market")))
        souk_doubt(call, "expires", "doubt_expired", { "day", last });
    return call->check->set(call, "last_day", &last);
}

/* ---- what stands above the form --------------------------------------------------------------------------- */

static int notes(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records)
{
    (void)self;
    for (uint32_t i = 0; i < records->list.n; i++) {
        const struct souk_record *record = souk_record_at(records, i);
        const struct souk_value *last = souk_given(&record->now, "last_day"), *four = souk_given(&record->now, "last_four");
        const char *market = souk_given_text(&record->now, "market");
        int32_t today = today_of(ask, market);
        if (!last || !four || (*records->shown && strcmp(records->shown, record->id) != 0))
            continue;
        if (last->num < today)
            souk_alert(call, .tone = SOUK_BAD, .text = SOUK_MSG("expired", { "market", souk_market(market) },
                       { "last_four", *four }, { "day", *last }));
        else if (last->num - today <= WARN_DAYS)
            souk_alert(call, .tone = SOUK_WATCH, .text = SOUK_MSG("expires_soon", { "market", souk_market(market) },
                       { "last_four", *four }, { "day", *last }, { "n", souk_count(last->num - today) }));
    }
    return 0;
}

static const struct souk_settings settings = {
    .size = sizeof settings, .order = 60, .id = "charge", .title = "title", .about = "about",
    .view = SOUK_MAY_ADMINISTER, .edit = SOUK_MAY_OWN, .fields = SOUK_LIST(fields), .max_records = 50, .schema = 1,
    .summary = "summary", .one_default = "main", .default_per = "market", .check = check, .notes = notes,
};
static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 3),
    .id = "org.souk.settings.charge", .version = "1.0.0", .title = "title", .offers = SOUK_LIST(offers),
};
