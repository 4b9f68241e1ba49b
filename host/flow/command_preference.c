/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_preference.c: how somebody wants to read, and how an account is read unless they say otherwise.
 *
 * in:     a language, a time zone, a way to write numbers, a page to begin with
 * out:    preference
 * knows:  preference, zones, the widgets
 *
 * What is given is set and what is cleared is forgotten; the rest stays.
 */
#include "command_in.h"

#include "base/zone.h"
#include "data/preference.h"

static const struct souk_choice languages[] = { { "en", "language.en" } };

static const struct souk_choice numbers[] = {           /* by a language that writes them so; _ stands for - */
    { "en", "numbers.en" }, { "de", "numbers.de" }, { "fr", "numbers.fr" }, { "de_ch", "numbers.de_ch" }, { "en_in", "numbers.en_in" },
    { "ja", "numbers.ja" },
};

static const struct souk_field fields[] = {
    FIELD(ONE_OF, "language", OPTIONAL, CHOICES(languages)),
    FIELD(LINE, "zone", OPTIONAL, MOST(60), .about = "field.zone.about"),
    FIELD(ONE_OF, "numbers", OPTIONAL, CHOICES(numbers)),
    FIELD(LINE, "start", OPTIONAL, MOST(60), .about = "field.start.about"),
};

static int check(struct doing *d, const struct souk_args *args, struct err *err)
{
    static const char *const pages[] = { "deadlines", "imports" };
    const char *zone = arg_text(args, "zone"), *start = arg_text(args, "start");
    const struct plugin *of;
    struct err none = { 0 };
    bool is_page = !*start;
    if (*zone && !zone_get(zone, &none))
        return doing_refuse(d, "zone", err, ERR_INPUT, "'%s' is no time zone: write it like Europe/Berlin or UTC, or leave it empty"
                            " for that of the marketplace.", zone);
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        is_page |= text_is(start, pages[i]);
    if (!is_page && d->setup->plugins)
        is_page = plugins_widget(d->setup->plugins, start, &of) != NULL;
    if (!is_page)
        return doing_refuse(d, "start", err, ERR_INPUT, "'%s' is no page to begin with: name a widget, such as orders, or deadlines"
                            " or imports, or leave it empty for the home page.", start);
    return 0;
}

static int set(struct doing *d, const struct souk_args *args, const char *reader, struct err *err)
{
    int rc = check(d, args, err);
    for (enum preference p = PREFER_LANGUAGE; p < PREFERENCES && rc == 0; p++)
        if (souk_given(args, preference_word(p)))
            rc = preference_put(&d->to, reader, p, arg_text(args, preference_word(p)), err);
    say(d, "done.preferences.set");
    return rc;
}

static int run_own(struct doing *d, const struct souk_args *args, struct err *err)
{
    return set(d, args, d->setup->who.name, err);
}

static int run_account(struct doing *d, const struct souk_args *args, struct err *err)
{
    return set(d, args, "", err);
}

const struct command_info preference_commands[] = {
    COMMAND("preferences.set", RIGHT_VIEW, fields, run_own),
    COMMAND("preferences.account", RIGHT_ADMIN, fields, run_account),
    { .name = NULL },
};
