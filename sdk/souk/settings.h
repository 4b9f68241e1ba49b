/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/settings.h: a settings module, declared as data.  Since 0.3.
 *
 * A module is one record, such as the address of a business, or a list of them, such as bank accounts.
 * It declares its fields; the host draws the form, reads and checks what was typed, seals secrets, keeps
 * every change with who made it and when, and takes a change back when somebody asks for it.
 *
 *     static const struct souk_field fields[] = {
 *         { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "legal_name",
 *           .title = "legal_name", .flags = SOUK_FIELD_NEEDED, .max = 200 },
 *     };
 *     static const struct souk_settings settings = {
 *         .size = sizeof settings, .id = "business", .title = "title", .view = SOUK_MAY_VIEW,
 *         .edit = SOUK_MAY_ADMINISTER, .fields = SOUK_LIST(fields), .summary = "summary",
 *     };
 *     static const struct souk_offer offers[] = { { SOUK_SETTINGS, &settings } };
 *
 * Pages       /a/<account>/settings/<id>, in the Settings menu and in the search, its fields too.
 * Commands    settings.<id>.save, .remove and .undo: by the form, the API and `souk do`.  A save changes the
 *             fields that it is given and leaves the others.  A plugin's plan may name them.
 * Names       In a record every value stands under a flat name: "legal_name"; of a SOUK_FIELD_RECORD
 *             "address.city"; of a SOUK_FIELD_RECORDS "rates.1.price", counted from 1, and under "rates" how many
 *             rows there are; of a SOUK_FIELD_PER_MARKET field "lead_days" for all markets and
 *             "lead_days.A1PA6795UKMFR9" where one has its own.  What is empty is left out.
 * Secrets     come as SOUK_TAIL, except to check() when they are new: then as SOUK_TEXT.
 * Reading     Every plugin may read what modules keep from the view v1_settings by a declared query, secrets
 *             as tails:  SELECT text FROM v1_settings WHERE module = 'business' AND field = 'legal_name'
 */
#ifndef SOUK_SETTINGS_H
#define SOUK_SETTINGS_H

#include <souk/command.h>
#include <souk/view.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_SETTINGS "souk.settings/1"
#define SOUK_CHECK "souk.check/1"

struct souk_section {                                   /* of a long form: from a field to the next section */
    uint32_t size, is_folded;                           /* 1: closed at first */
    const char *first;                                  /* the field that it begins with */
    const char *title;                                  /* message key */
    const char *about;                                  /* message key: a sentence beneath the title; or NULL */
};

struct souk_record {
    uint32_t size, is_new;
    const char *id;                                     /* "1": stands in addresses, never used again; "" while new */
    struct souk_args was;                               /* check: as it is kept; nothing when it is new */
    struct souk_args now;                               /* as it shall be; notes, migrate: as it is kept */
    const char *changed;                                /* check: names that differ, with a space between */
};

struct souk_records {                                   /* what notes() is told */
    uint32_t size, reserved;
    const char *shown;                                  /* the record whose page it is; "new": one that is not kept
                                                           yet; "" on the module's own */
    struct souk_list list;                              /* of struct souk_record, in the order of their numbers */
};

/* What check() and migrate() may say.  thread: page. */
struct souk_check_host {
    uint32_t size, reserved;
    /* Refuses the save, beside a field; field "" or NULL: the record as a whole.  The first one counts. */
    void (*wrong)(struct souk_call *call, const char *field, const struct souk_msg *text);
    /* Asks "save anyway?".  Whoever has answered yes is not asked again. */
    void (*doubt)(struct souk_call *call, const char *field, const struct souk_msg *text);
    /*
     * Gives a field its value: in check() one that is SOUK_FIELD_READ_ONLY, in migrate() any but a secret.
     * SOUK_NONE empties it.
     * errors: SOUK_EABSENT no such field, SOUK_EINPUT not a value for it, SOUK_ESDK; then the save is refused
     */
    int (*set)(struct souk_call *call, const char *field, const struct souk_value *value);
};

struct souk_settings {
    uint32_t size, order;                               /* place in the menu, small ones first; the same: by title */
    const char *id;                                     /* lower case, digits and _: stands in addresses and commands */
    const char *title;                                  /* message key */
    const char *about;                                  /* message key: what it is for, in a sentence; or NULL */
    const char *help;                                   /* its article beside the plugin: NULL: help/en.md,
                                                           "bank": help/bank.en.md */
    uint32_t view, edit;                                /* enum souk_right: who sees it, who changes it */
    struct souk_list fields;                            /* of struct souk_field; never named record, version, anyway,
                                                           change or forget */
    struct souk_list sections;                          /* of struct souk_section; or none */
    uint32_t max_records;                               /* 0: it is one record; else a list of at most so many */
    uint32_t schema;                                    /* grows when the meaning of stored fields changes: see migrate */
    const char *summary;                                /* message key: a record in a line, with its values by name:
                                                           "{bank} {iban}"; or NULL: its first field */
    const char *one_default;                            /* list: a field of type bool which exactly one record has,
                                                           or exactly one for each value of .default_per; or NULL */
    const char *default_per;                            /* a field, such as "market"; or NULL */
    /*
     * What the declared checks cannot tell.  Nothing is written yet.
     *
     * in:     ask: now and all markets of the account, no options; record: as it shall be
     * out:    call->check: what is wrong or doubtful, read-only fields
     * owner:  a secret in clear must not be kept, logged or put into a message
     * errors: any negative code refuses the save, with the sentence given to souk_fault()
     * thread: page
     * time:   2 s
     */
    int (*check)(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_record *record);
    /*
     * What stands above the form: warnings, previews, checklists.  A view, which may have links and forms.
     *
     * in:     ask: now and all markets of the account, no options; records: all of the module
     * out:    built through call->view; nothing built means nothing to say
     * errors: as of a widget's render
     * thread: page
     * time:   300 ms
     */
    int (*notes)(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_records *records);
    /*
     * A record that an older version of the module has kept, told as it stands, with the fields of then.
     * Called before anything else is done with it, for each older schema once.
     *
     * in:     from: the schema it was kept by
     * out:    call->check->set(); fields that are no longer declared are left out by the host
     * errors: any negative code: the record is shown as it is, and cannot be saved
     * thread: page
     * time:   2 s
     */
    int (*migrate)(void *self, struct souk_call *call, uint32_t from, const struct souk_record *record);
    /*
     * What everybody has to know on every page, such as a vacation: a declared query without parameters, and a message key
     * whose arguments are its columns; a row is a sentence, at most five are told, with a link to the module's page.  It
     * must be cheap: every page of the account asks it.  Both, or neither.
     */
    const char *banner, *banner_text;
};

/* souk_wrong(call, "holder", "holder_missing") or souk_wrong(call, "iban", "iban_of", { "country", souk_text("DE") }) */
#define souk_wrong(call, name, ...) \
    ((call)->check->wrong((call), (name), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))
#define souk_doubt(call, name, ...) \
    ((call)->check->doubt((call), (name), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))

static inline const struct souk_record *souk_record_at(const struct souk_records *r, uint32_t i)
{
    return (const struct souk_record *)(const void *)((const char *)r->list.at + (size_t)i * r->list.size);
}

/* Is the name "field", "field.part" or "field.part.inner"?  A part or inner that is "" is not there. */
static inline int souk_is_named(const char *name, const char *field, const char *part, const char *inner)
{
    const char *const word[3] = { field, part, inner };
    for (int i = 0; i < 3; i++) {
        if (i && *word[i] && *name++ != '.')
            return 0;
        for (const char *w = word[i]; *w; w++)
            if (*name++ != *w)
                return 0;
    }
    return !*name;
}

/* Of a table of the record: souk_inner(&record->now, "rates", 1, "price"); NULL where it is empty.  Rows count from 1. */
static inline const struct souk_value *souk_inner(const struct souk_args *args, const char *field, uint32_t row,
                                                  const char *name)
{
    char part[12];
    int at = (int)sizeof part - 1;
    part[at] = 0;
    do
        part[--at] = (char)('0' + row % 10);
    while (row /= 10);
    for (uint32_t i = 0; i < args->n; i++)
        if (souk_is_named(args->at[i].name, field, part + at, name))
            return &args->at[i].value;
    return NULL;
}

/* Of a field per market: what that market has, else what holds for all; NULL where both are empty. */
static inline const struct souk_value *souk_in_market(const struct souk_args *args, const char *field, const char *market)
{
    const struct souk_value *all = NULL;
    for (uint32_t i = 0; i < args->n; i++) {
        if (souk_is_named(args->at[i].name, field, market, ""))
            return &args->at[i].value;
        if (souk_is_named(args->at[i].name, field, "", ""))
            all = &args->at[i].value;
    }
    return all;
}

/* Is the name among the .changed of a record? */
static inline int souk_has_changed(const struct souk_record *record, const char *name)
{
    const char *at = record->changed;
    while (at && *at) {
        const char *n = name;
        while (*at && *at != ' ' && *at == *n)
            at++, n++;
        if (!*n && (!*at || *at == ' '))
            return 1;
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            at++;
    }
    return 0;
}

#ifdef __cplusplus
}
#endif
#endif
