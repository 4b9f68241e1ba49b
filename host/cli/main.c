/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c: souk [options] COMMAND: options, the table of commands, and the one place that ends the program.
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const struct option_info option_infos[] = {
    { "data", "DIR", "data folder (default: $SOUK_DATA, then ~/.local/share/souk)", 0 },
    { "config", "FILE", "plugins.ini to use", 0 },
    { "account", "NAME", "account (default: $SOUK_ACCOUNT, then the only one)", 'a' },
    { "json", NULL, "results as JSON", 0 },
    { "market", "CODE", "marketplace: US, DE, JP ... or its id or name", 'm' },
    { "period", "DAYS", "7d, 30d ... or 2026-10-01..2026-10-31", 'p' },
    { "set", "NAME=VALUE", "an option of a widget, or a parameter", 'o' },
    { "charset", "NAME", "charset of the file, when Souk guesses wrong", 0 },
    { "orders", "N", "about so many orders", 0 },
    { "seed", "N", "another shop for another number", 0 },
    { "until", "DATE", "last day of the shop: 2026-11-23, or an instant", 0 },
    { "out", "DIR", "write the files there instead of importing them", 0 },
    { "only-orders", NULL, "write all-orders reports only", 0 },
    { "port", "N", "port to listen on, 0 for any free one", 0 },
    { "no-sign-in", NULL, "whoever sits at this machine may do everything, while there are no users", 0 },
    { "lang", "TAG", "language: en, or en-XA to see what is not translated", 0 },
    { "key", "WORD", "asked again with the same key, it is done once", 0 },
    { "role", "ROLE", "owner, admin, staff or viewer", 0 },
    { "name", "TEXT", "a user's name, as it is shown", 0 },
    { "right", "RIGHT", "what a token may at most: view (default), edit, admin or owner", 0 },
    { "days", "N", "a token ends after so many days (default: 90)", 0 },
    { "password-stdin", NULL, "the password is a line of standard input", 0 },
    { "second-factor", NULL, "take away the second factor, too", 0 },
    { "records", NULL, "kinds of records that importers write", 0 },
    { "no-color", NULL, "no colours (also: NO_COLOR)", 0 },
    { "help", NULL, "help for the command", 'h' },
    { "version", NULL, "version", 0 },
    { NULL, NULL, NULL, 0 },
};

static const struct command commands[] = {
    { "serve", "", "Serve the home page until Ctrl-C.",
      "  souk serve\n  souk --data ./data serve --port 8421\n", "port no-sign-in", run_serve },
    { "account", "create NAME | list", "Create an account, or list them.",
      "  souk account create shop\n  souk account list --json\n", "", run_account },
    { "import", "FILE...", "Import report files, folders of them, or - for standard input.",
      "  souk import -a shop AllOrders.txt Settlement.txt.gz\n  souk import -a shop --market DE reports/\n"
      "  zcat report.gz | souk import -a shop -\n", "account market charset", run_import },
    { "imports", "", "List the files that were imported.",
      "  souk imports -a shop\n", "account", run_imports },
    { "rejects", "N", "Write the rejected rows of import N as a file, to be mended and imported again.",
      "  souk rejects -a shop 12 > mend.txt\n", "account", run_rejects },
    { "outgoing", "FILE", "Write an outgoing file, made by `souk do outgoing.download`, to be uploaded to the marketplace.",
      "  souk outgoing -a shop 3 > price-and-quantity.txt\n", "account", run_outgoing },
    { "do", "[NAME [FIELD=VALUE]... [-]]", "Run a command, such as answering a letter; without NAME: which ones there are.",
      "  souk do\n  souk do case.add case=1234567890 subject=\"A pallet is missing\"\n"
      "  souk do case.state case=1234567890 state=answered\n  souk do message.reply -a shop thread=ID - < answer.txt\n"
      "  souk do claim.add kind=chargeback order=303-1234567-1234567 amount=\"12.34 EUR\"\n",
      "account market lang key", run_do },
    { "demo", "", "Make a synthetic shop and import it into the account (default: demo).",
      "  souk demo\n  souk demo --orders 200000 --seed 7\n  souk demo --out ./files --until 2026-06-30\n",
      "account orders seed until out only-orders", run_demo },
    { "show", "[WIDGET]", "Show a widget in the terminal; without WIDGET: which ones there are.",
      "  souk show sales\n  souk show orders -a shop --market DE\n  souk show sales --set pending=without --json\n",
      "account market period set lang", run_show },
    { "plugin", "list | doctor", "List the plugins, or say for each why it does or does not run.",
      "  souk plugin doctor\n", "", run_plugin },
    { "policy", "list [KEY] | show KEY | check [FOLDER]",
      "List the rules of the marketplaces, show one with its dates and sources, or check the files.",
      "  souk policy list -m DE\n  souk policy list late\n  souk policy show claim.answer\n  souk policy check\n", "market",
      run_policy },
    { "today", "", "The morning letter: what was sold yesterday, what is over, due and new, in ten lines.",
      "  souk today\n  souk today -a shop --json\n", "account lang", run_today },
    { "deadlines", "", "What must be done until when: claims, letters, orders to ship, cases, notifications.",
      "  souk deadlines -a shop\n  souk deadlines --json\n", "account lang", run_deadlines },
    { "rule", "list | test [ID] | run | facts [TABLE]",
      "List the rules of the selling coach, run their cases, run them over an account, or list the facts they may look at.",
      "  souk rule list\n  souk rule test\n  souk rule run -a shop\n  souk rule facts stock\n", "account", run_rule },
    { "schema", "[VIEW]", "Print the views that queries may read, column by column.",
      "  souk schema\n  souk schema v1_orders\n  souk schema --records\n", "records", run_schema },
    { "query", "SQL", "Run one SELECT over the views, read-only.",
      "  souk query \"SELECT state, count(*) FROM v1_orders GROUP BY state\"\n"
      "  souk query \"SELECT * FROM v1_orders WHERE market = :m\" --set m=A1PA6795UKMFR9 > orders.csv\n",
      "account set", run_query },
    { "user", "list | add EMAIL | role EMAIL ROLE | grant EMAIL OBJECT none|view|edit|- | disable EMAIL | enable EMAIL"
      " | reset EMAIL | sessions EMAIL",
      "Who may sign in, and do what in the account; also while souk serves.",
      "  souk user add anna@example.com --role owner -a shop\n  souk user role berta@example.com staff -a shop\n"
      "  souk user grant berta@example.com widget:sales view -a shop\n  souk user reset anna@example.com\n",
      "account role name password-stdin second-factor", run_user },
    { "token", "list | add EMAIL TITLE [OBJECT]... | end N", "Tokens for the API: a user's right in one account, narrowed.",
      "  souk token add anna@example.com \"stock robot\" widget:orders --days 30 -a shop\n  souk token end 3\n",
      "account right days", run_token },
    { "audit", "[list | verify]", "The log: of the program, or with -a of an account; or is it as it was written?",
      "  souk audit\n  souk audit verify -a shop\n", "account", run_audit },
    { "setup-link", "", "Print the address where the first user is set up.", "  souk setup-link\n", "", run_setup_link },
    { "data", "export FILE.zip", "Write all that is known of an account into one file.", "  souk data export shop.zip -a shop\n", "account",
      run_data },
    { "backup", "FOLDER", "Copy all databases into a new folder and verify them; souk may be serving.",
      "  souk backup monday\n", "", run_backup },
    { "restore", "FOLDER", "Put a backup into an empty data folder.", "  souk restore monday --data restored\n", "", run_restore },
    { "vault", "rotate", "Seal all secrets with a new key.", "  souk vault rotate\n", "", run_vault },
    { "completion", "bash | zsh | fish", "Print completions for a shell.",
      "  souk completion bash > ~/.local/share/bash-completion/completions/souk\n", "", run_completion },
    { "help", "[COMMAND | exit-codes]", "Help.", "  souk help import\n  souk help exit-codes\n", "", run_help },
    { NULL, NULL, NULL, NULL, NULL, NULL },
};

/* ---- options ------------------------------------------------------------------------------------------ */

static const struct command *command_named(const char *name)
{
    for (const struct command *k = commands; k->name; k++)
        if (text_is(k->name, name))
            return k;
    return NULL;
}

static bool takes(const struct command *k, const char *option)
{
    static const char always[] = " data config json no-color help version ";
    char word[40], list[200];
    snprintf(word, sizeof word, " %s ", option);
    snprintf(list, sizeof list, " %s ", k->options);
    return strstr(always, word) || strstr(list, word);
}

static void keep_option(struct cli *c, const char *name, const char *value, const char **set, size_t *n_set)
{
    const struct { const char *name; const char **to; } texts[] = {
        { "data", &c->data }, { "config", &c->config }, { "account", &c->account }, { "market", &c->market },
        { "period", &c->period }, { "charset", &c->charset }, { "orders", &c->orders }, { "seed", &c->seed },
        { "until", &c->until }, { "out", &c->out }, { "port", &c->port }, { "lang", &c->lang },
        { "key", &c->key }, { "role", &c->role }, { "name", &c->name }, { "right", &c->right }, { "days", &c->days },
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (text_is(texts[i].name, name))
            *texts[i].to = value;
    c->as_json |= text_is(name, "json");
    c->no_colour |= text_is(name, "no-color");
    c->password_stdin |= text_is(name, "password-stdin");
    c->second_factor |= text_is(name, "second-factor");
    c->records |= text_is(name, "records");
    c->no_sign_in |= text_is(name, "no-sign-in");
    c->only_orders |= text_is(name, "only-orders");
    if (text_is(name, "set"))
        set[(*n_set)++] = value;
}

int main(int argc, char **argv)
{
    struct option longs[COUNT_OF(option_infos)] = { 0 };
    char shorts[64] = ":", given[COUNT_OF(option_infos)] = { 0 };
    const char **set = base_alloc(((size_t)argc + 1) * sizeof *set);
    struct cli c = { .set = set, .commands = commands, .options = option_infos };
    size_t n_set = 0;
    int code = EXIT_USAGE, at;
    setlocale(LC_CTYPE, "C.UTF-8");
    if (sodium_init() < 0) {
        fputs("souk: the cryptographic library cannot be started.\n", stderr);
        free(set);
        return EXIT_INTERNAL;
    }
    c.arena = arena_new("command", 65536);
    for (size_t i = 0; option_infos[i].name; i++) {
        longs[i] = (struct option){ option_infos[i].name, option_infos[i].value ? required_argument : no_argument, NULL, 256 + (int)i };
        if (option_infos[i].letter) {
            size_t n = strlen(shorts);
            snprintf(shorts + n, sizeof shorts - n, "%c%s", option_infos[i].letter, option_infos[i].value ? ":" : "");
        }
    }
    opterr = 0;
    while ((at = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (at == '?' || at == ':') {
            char letter[3] = { '-', (char)optopt, '\0' };
            const char *option = optopt > 0 && optopt < 256 ? letter : argv[optind - 1];
            code = at == ':' ? cli_usage(NULL, "%s wants a value.", option)
                             : cli_usage(NULL, "There is no option %s.", option);
            goto out;
        }
        size_t i = 0;
        while (option_infos[i].name && at != 256 + (int)i && at != option_infos[i].letter)
            i++;
        given[i] = 1;
        keep_option(&c, option_infos[i].name, optarg, set, &n_set);
    }
    const char *name = optind < argc ? argv[optind] : NULL;
    bool wants_help = false;
    for (size_t i = 0; option_infos[i].name; i++) {
        if (given[i] && text_is(option_infos[i].name, "version")) {
            puts("souk " SOUK_VERSION);
            code = EXIT_OK;
            goto out;
        }
        wants_help |= given[i] && text_is(option_infos[i].name, "help");
    }
    if (!name || wants_help) {
        c.argc = name != NULL;
        c.argv = argv + optind;
        code = run_help(&c);
        if (!name && !wants_help)
            code = EXIT_USAGE;
        goto out;
    }
    const struct command *k = command_named(name);
    if (!k) {
        const char *near = NULL;
        for (k = commands; k->name; k++)
            near = text_nearer(name, near, k->name);
        code = near ? cli_usage(NULL, "There is no command '%s'. Did you mean '%s'?", name, near)
                    : cli_usage(NULL, "There is no command '%s'.", name);
        goto out;
    }
    for (size_t i = 0; option_infos[i].name; i++)
        if (given[i] && !takes(k, option_infos[i].name)) {
            code = cli_usage(k->name, "souk %s has no option --%s.", k->name, option_infos[i].name);
            goto out;
        }
    c.argc = argc - optind - 1;
    c.argv = argv + optind + 1;
    code = k->run(&c);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "souk: the output could not be written: %s\n", strerror(errno));
        code = EXIT_IO;
    }
out:
    script_free(c.scripts);
    policies_free(c.policies);
    plugins_free(c.plugins);
    catalogue_free(c.texts);
    folder_close(c.folder);
    arena_free(c.arena);
    free(set);
    return code;
}
