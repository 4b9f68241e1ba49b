/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h: every change of records by a person, a rule or a plugin is a command with a name.
 *
 * One table says of each command what it is called, who may run it, and which fields it has.  Forms,
 * the API, the command line and plans of plugins all read that table and all end here:
 *
 *     rights      looked at first; a refusal for want of them is written down
 *     fields      an unknown one is refused with the nearest name, the others as host/plug/field.h says
 *     key         the same key with the same arguments is answered as before and changes nothing
 *     the change  one transaction: records, search text, audit entry, event, touched areas, or nothing
 *
 * Commands of plugins plan first and write nothing themselves: what they planned runs in one transaction.
 */
#ifndef SOUK_COMMAND_FILE_H
#define SOUK_COMMAND_FILE_H

#include <souk/command.h>

#include "data/authz.h"
#include "plug/sdk.h"
#include "rules/script.h"

struct doing;

struct command_info {
    const char *name;                                   /* "message.reply" */
    const char *title, *about;                          /* message keys: of the plugin's texts first; about may be NULL */
    enum right right;
    struct souk_list fields;                            /* of struct souk_field */
    int (*run)(struct doing *d, const struct souk_args *args, struct err *err);
    /* of a plugin's command, else NULL; then run is NULL */
    const struct plugin *plugin;
    const struct souk_command *planned;
    /* of a settings module's, else NULL; then run and planned are NULL */
    const struct settings_info *settings;
    enum settings_do does;
};

/* All commands: the host's in the order of their tables, then those of the plugins.  plugins may be NULL. */
void command_list(struct arena *a, const struct plugins *plugins, const struct command_info **list, size_t *n);
/* ERR_ABSENT, with the nearest name. */
int command_find(const struct plugins *plugins, const char *name, struct command_info *info, struct err *err);
const struct souk_field *command_field(const struct command_info *info, const char *name);     /* NULL: none */
/*
 * May this one run the command?  A grant on "command:NAME" decides for staff.  Where none speaks of it, they may
 * what needs RIGHT_VIEW only, and what the plugin of a widget or of settings may run which they may edit.
 */
bool command_may(const struct plugins *plugins, const struct who *who, const struct command_info *info);

/* Is it about secrets, or for owners only?  Then somebody who is signed in is asked for the password again. */
bool command_is_grave(const struct command_info *info);

struct command_setup {
    struct db *db;                                      /* the account's writer, in no transaction */
    struct who who;
    const char *via;                                    /* page, api, cli, rule */
    const char *key;                                    /* idempotency key; NULL or "": none */
    bool is_quiet;                                      /* a plan of nothing is neither audited nor answered for its key */
    int64_t now_s;
    struct reader reader;                               /* for what is said, and for instants without a market */
    const struct catalogue *texts;
    const struct plugins *plugins;                      /* NULL: no plugin has commands */
    struct desk *desk;                                  /* for them */
    struct policies *policies;                          /* NULL: no market has any */
    struct scripts *scripts;                            /* NULL: the coach has no rules */
    struct vault *vault;                                /* NULL: no secret can be kept */
};

struct command_result {
    const char *command, *ref;                          /* ref: "thread:...", "" when there is no one record */
    const char *text;                                   /* a sentence for the reader: what was done, and what to mind */
    const char *secret;                                 /* shown this once and kept nowhere; "" when none */
    bool already;                                       /* the key was used before: nothing was changed now */
    const char *field;                                  /* of a refusal: the field that is wrong, "" when none is */
};

/* A field as it was typed; a field that is not among them was not given, an empty text clears it. */
struct command_text {
    const char *name, *text;
};

/*
 * Runs a command with typed fields.  Results live in the arena.
 * errors: ERR_ABSENT no such command or record, ERR_DENIED this actor may not, or a rule of the house
 *         forbids it, ERR_INPUT a field is wrong or the key was used for something else
 */
int command_run(struct arena *a, const struct command_setup *setup, const char *name,
                const struct command_text *given, size_t n, struct command_result *result, struct err *err);
/* The same with the members of a JSON object as fields: texts, numbers, truths, null clears. */
int command_run_json(struct arena *a, const struct command_setup *setup, const char *name,
                     const char *json, size_t n, struct command_result *result, struct err *err);

/* {"command": ..., "ref": ..., "text": ..., "already": ...}, and "secret" when there is one. */
void command_result_json(struct buf *out, const struct command_result *result);
/* {"commands": [{"command", "title", "about", "right", "fields": [{"name", "title", "type", "needed" ...}]}]} */
void command_list_json(struct buf *out, const struct plugins *plugins, const struct catalogue *texts,
                       const char *language);

#endif
