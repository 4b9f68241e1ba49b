/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_in.h: what the files of the commands share with each other and with nobody else.
 *
 * command.c does what all commands have in common; command_letter.c, command_case.c ... hold one table
 * each.  A run function is called inside the transaction, with arguments that are of the types of
 * their fields; it writes, says what it did, or refuses, and then nothing of it is kept.
 */
#ifndef SOUK_COMMAND_IN_H
#define SOUK_COMMAND_IN_H

#include "command.h"

#include "data/letter.h"
#include "data/touched.h"

enum { KEY_LETTERS = 200, LINE_LETTERS = 500, BODY_LETTERS = 20000 };       /* of numbers, lines, letters */
#define COUNT_MOST INT64_C(1000000000)                  /* as imports take them */
#define MINOR_MOST INT64_C(1000000000000)

struct settings_plan;

struct doing {
    const struct command_setup *setup;
    struct arena *a;
    struct db *db;
    int64_t now_s;
    const char *source;                                 /* of a record it makes: typed, api */
    /* what a run leaves behind */
    struct record_to to;                                /* for the writes of data/; its .touched for all others too */
    struct settings_plan *settings;                     /* command_settings.c: what it writes; else NULL */
    const char *ref;                                    /* "" until set */
    const char *secret, *field;
    bool sweeps;                                        /* it erased: nothing of it stays in the database's log */
    struct buf text;                                    /* sentences for the reader */
};

/* ---- tables ---------------------------------------------------------------------------------- */

/* A table in each file; ends with a NULL name. */
extern const struct command_info letter_commands[], case_commands[], claim_commands[], health_commands[],
    notice_commands[], coach_commands[], promotion_commands[], product_commands[], listing_commands[],
    import_commands[], layout_commands[], article_commands[],
    data_commands[], preference_commands[];

#define FIELD(kind, its_name, ...) { .size = sizeof(struct souk_field), .type = SOUK_FIELD_##kind, \
        .name = (its_name), .title = "field." its_name, __VA_ARGS__ }
#define NEEDED .flags = SOUK_FIELD_NEEDED
#define OPTIONAL .flags = 0
#define MOST(n) .max = (n)
#define CHOICES(array) .choices = SOUK_LIST(array)
#define COMMAND(its_name, least_right, its_fields, its_run) { .name = (its_name), \
        .title = "command." its_name, .about = "command." its_name ".about", .right = (least_right), \
        .fields = SOUK_LIST(its_fields), .run = (its_run) }
#define COMMAND_BARE(its_name, least_right, its_run) { .name = (its_name), \
        .title = "command." its_name, .about = "command." its_name ".about", .right = (least_right), \
        .run = (its_run) }                              /* without fields */

/* ---- arguments ------------------------------------------------------------------------------- */

/* souk_given() of souk/command.h gives NULL for what was not given; a cleared field is there and SOUK_NONE. */
static inline bool arg_is_told(const struct souk_args *args, const char *name)
{
    const struct souk_value *v = souk_given(args, name);
    return v && v->type != SOUK_NONE;
}

static inline const char *arg_text(const struct souk_args *args, const char *name)
{
    return arg_is_told(args, name) ? souk_given(args, name)->text.at : "";
}

static inline int64_t arg_int(const struct souk_args *args, const char *name, int64_t otherwise)
{
    return arg_is_told(args, name) ? souk_given(args, name)->num : otherwise;
}

/* A reference such as order:303-1234567-1234567; *ref is NULL where it was not given. */
int ref_arg(struct doing *d, const struct souk_args *args, const char *name, const char **ref, struct err *err);

/* ---- what a run does ------------------------------------------------------------------------- */

/* A sentence of the host's texts, after those said before. */
void doing_say(struct doing *d, const struct souk_msg *msg);
#define say(d, ...) doing_say((d), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__))

/* Refuses because of a field: err_set, and the form marks it. */
int doing_refuse(struct doing *d, const char *field, struct err *err, enum err_code code,
                 const char *format, ...) PRINTF_LIKE(5, 6);

/* ---- letters: command_letter.c, for cases and claims as well ---------------------------------- */

struct answer {
    enum letter_of of;
    const char *of_id;
    const char *recipient;                              /* "": it is no mail; somebody hands it in, or did */
    const char *subject, *body;
    int64_t draft_no;                                   /* the draft it was written in; 0: none */
    int64_t closes_s;                                   /* a case still closes by itself then; 0: not told */
};

/* Into the outbox when there is a recipient, else written down as sent.  Sets ref. */
int answer_put(struct doing *d, const struct answer *w, struct err *err);
/* Kept to be written on; draft_no is the one it replaces. */
int answer_draft(struct doing *d, const struct answer *w, struct err *err);
int answer_note(struct doing *d, enum letter_of of, const char *of_id, const char *body, struct err *err);
/* A draft or note is thrown away. */
int draft_discard(struct doing *d, int64_t no, struct err *err);
const char *letter_ref(struct doing *d, enum letter_of of, const char *of_id);     /* "case:7" */
const char *subject_of_answer(struct doing *d, const char *subject);               /* "Re: ..." */

#endif
