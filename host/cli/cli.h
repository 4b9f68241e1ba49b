/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.h: what the commands share: options, folders, opened parts, and how they end.
 *
 * Data goes to stdout, talk to stderr.  A command returns an exit code; only main ends the program.
 */
#ifndef SOUK_CLI_H
#define SOUK_CLI_H

#include "data/account.h"
#include "data/policy.h"
#include "plug/load.h"
#include "rules/script.h"

enum {                                                  /* see `souk help exit-codes` */
    EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NOT_FOUND = 3, EXIT_REFUSED = 4, EXIT_PARTIAL = 5,
    EXIT_INPUT = 65, EXIT_INTERNAL = 70, EXIT_IO = 74, EXIT_BUSY = 75, EXIT_PORT = 76, EXIT_CONFIG = 78
};

struct cli;

struct command {
    const char *name, *args, *about, *examples, *options;   /* options: letters and long names it takes, between spaces */
    int (*run)(struct cli *c);
};

struct option_info {
    const char *name, *value, *about;                   /* value NULL: a switch */
    char letter;
};

struct cli {
    /* options, NULL when not given */
    const char *data, *config, *account, *market, *charset, *period, *orders, *seed, *until, *out, *port, *lang, *key, *role, *name, *right, *days;
    const char *const *set;                             /* -o name=value, NULL-terminated */
    bool as_json, no_colour, records, only_orders, password_stdin, second_factor, no_sign_in;
    const struct command *commands;                     /* the tables of main.c; each ends with a NULL name */
    const struct option_info *options;
    int argc;                                           /* what is left: the command's own arguments */
    char **argv;

    /* opened on demand, closed by main */
    struct arena *arena;
    struct folder *folder;
    struct plugins *plugins;
    struct policies *policies;
    struct scripts *scripts;
    struct catalogue *texts;
    char *own_folder, *text_folder, *policy_folder, *script_folder, *content_folder, *default_config;   /* where Souk's own parts are */
};

/* Says the sentence on stderr (or as JSON on stdout) and gives the exit code for it. */
int cli_failed(const struct cli *c, const struct err *err);
int cli_usage(const char *command, const char *format, ...) PRINTF_LIKE(2, 3);

int cli_folder(struct cli *c, enum db_use use, struct err *err);
int cli_plugins(struct cli *c, struct err *err);        /* plugins, texts, policies and rules */
/* The account chosen by -a, SOUK_ACCOUNT, or the only one there is. */
int cli_account(struct cli *c, enum db_use use, const char **name, struct db **db, struct err *err);
bool cli_is_colour(const struct cli *c);
unsigned cli_width(void);
const char *cli_language(const struct cli *c);

extern volatile bool cli_stop;                          /* SIGINT or SIGTERM came */
void cli_catch_stop(void);

int run_account(struct cli *c);
int run_audit(struct cli *c);
int run_backup(struct cli *c);
int run_completion(struct cli *c);
int run_data(struct cli *c);
int run_deadlines(struct cli *c);
int run_demo(struct cli *c);
int run_do(struct cli *c);
int run_help(struct cli *c);
int run_import(struct cli *c);
int run_imports(struct cli *c);
int run_outgoing(struct cli *c);
int run_plugin(struct cli *c);
int run_policy(struct cli *c);
int run_query(struct cli *c);
int run_rejects(struct cli *c);
int run_restore(struct cli *c);
int run_rule(struct cli *c);
int run_schema(struct cli *c);
int run_serve(struct cli *c);
int run_setup_link(struct cli *c);
int run_show(struct cli *c);
int run_today(struct cli *c);
int run_token(struct cli *c);
int run_user(struct cli *c);
int run_vault(struct cli *c);

/* Imports files into the account, telling what came of each, or briefly of all; the exit code. */
struct import_one {
    const char *path, *market;                          /* market NULL: found out */
};
int cli_import(struct cli *c, struct db *db, const struct import_one *file, size_t n, bool is_brief);
/* Runs the rules of the coach over what changed; says on stderr what is new, or what went wrong. */
void cli_coach(struct cli *c, struct db *db);

#endif
