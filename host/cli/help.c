/* SPDX-License-Identifier: Apache-2.0 */
/*
 * help.c: souk help, souk completion: both from the table of commands.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static bool named(const char *list, const char *option)
{
    char word[40], all[200];
    snprintf(word, sizeof word, " %s ", option);
    snprintf(all, sizeof all, " %s ", list);
    return strstr(all, word) != NULL;
}

static void put_option(const struct option_info *o)
{
    char left[48];
    snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
             o->letter ? ", " : "  ", o->name, o->value ? " " : "", o->value ? o->value : "");
    printf("  %-26s %s\n", left, o->about);
}

static void put_command(const struct cli *c, const struct command *k)
{
    printf("%s\n\nExamples:\n%s\nUsage: souk %s%s%s [options]\n\nOptions:\n", k->about, k->examples, k->name,
           *k->args ? " " : "", k->args);
    for (const struct option_info *o = c->options; o->name; o++)
        if (named(k->options, o->name))
            put_option(o);
    for (const struct option_info *o = c->options; o->name; o++)
        if (named("data config json no-color", o->name))
            put_option(o);
}

static void put_exit_codes(void)
{
    static const struct { int code; const char *about; } codes[] = {
        { EXIT_OK, "all went well" },
        { EXIT_FAILED, "it did not work, for example because it took too long" },
        { EXIT_USAGE, "the command line is wrong" },
        { EXIT_NOT_FOUND, "there is no such account, widget, import ..." },
        { EXIT_REFUSED, "refused by a rule of the house, such as listening on the network" },
        { EXIT_PARTIAL, "imported, but some rows were rejected" },
        { EXIT_INPUT, "what was given cannot be used: unknown report, empty file, unknown market" },
        { EXIT_INTERNAL, "a fault of Souk, of a plugin, or a damaged database" },
        { EXIT_IO, "a file or disk cannot be read or written" },
        { EXIT_BUSY, "the data folder is in use by another souk" },
        { EXIT_PORT, "the address cannot be listened on" },
        { EXIT_CONFIG, "plugins.ini, a policy file or a rule is wrong" },
    };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        printf("  %2d  %s\n", codes[i].code, codes[i].about);
}

int run_help(struct cli *c)
{
    if (c->argc && text_is(c->argv[0], "exit-codes")) {
        put_exit_codes();
        return EXIT_OK;
    }
    if (c->argc) {
        for (const struct command *k = c->commands; k->name; k++)
            if (text_is(k->name, c->argv[0])) {
                put_command(c, k);
                return EXIT_OK;
            }
        return cli_usage(NULL, "There is no command '%s'.", c->argv[0]);
    }
    puts("Souk " SOUK_VERSION ": the seller back office that you host yourself.\n\n"
         "Examples:\n"
         "  souk demo                     make a synthetic shop\n"
         "  souk serve                    serve its home page on http://127.0.0.1:8420/\n"
         "  souk import -a shop FILE...   import report files\n"
         "  souk show sales               a widget in the terminal\n\n"
         "Usage: souk [options] COMMAND\n\nCommands:");
    for (const struct command *k = c->commands; k->name; k++)
        printf("  %-10s %s\n", k->name, k->about);
    puts("\nOptions:");
    for (const struct option_info *o = c->options; o->name; o++)
        if (named("data config json no-color help version", o->name))
            put_option(o);
    return EXIT_OK;
}

/* ---- completions ------------------------------------------------------------------------------------ */

static void put_words(const struct cli *c, const char *options, const char *dashes)
{
    for (const struct option_info *o = c->options; o->name; o++)
        if (named(options, o->name) || named("data config json no-color help", o->name))
            printf(" %s%s", dashes, o->name);
}

static void complete_bash(const struct cli *c)
{
    puts("# bash completion for souk");
    puts("_souk() {\n    local word=${COMP_WORDS[COMP_CWORD]} command= w\n"
         "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do [[ $w != -* ]] && { command=$w; break; }; done\n"
         "    case $command in");
    for (const struct command *k = c->commands; k->name; k++) {
        printf("    %s) COMPREPLY=($(compgen -f -W '", k->name);
        put_words(c, k->options, "--");
        puts("' -- \"$word\")) ;;");
    }
    fputs("    *) COMPREPLY=($(compgen -W '", stdout);
    for (const struct command *k = c->commands; k->name; k++)
        printf("%s ", k->name);
    puts("' -- \"$word\")) ;;\n    esac\n}\ncomplete -o filenames -F _souk souk");
}

static void complete_zsh(const struct cli *c)
{
    puts("#compdef souk\nlocal -a commands\ncommands=(");
    for (const struct command *k = c->commands; k->name; k++)
        printf("  '%s:%s'\n", k->name, k->about);
    puts(")\nif (( CURRENT == 2 )); then _describe command commands; return; fi\ncase $words[2] in");
    for (const struct command *k = c->commands; k->name; k++) {
        printf("  %s) compadd --", k->name);
        put_words(c, k->options, "--");
        puts("; _files ;;");
    }
    puts("esac");
}

static void complete_fish(const struct cli *c)
{
    puts("# fish completion for souk");
    for (const struct command *k = c->commands; k->name; k++) {
        printf("complete -c souk -n __fish_use_subcommand -f -a %s -d '%s'\n", k->name, k->about);
        for (const struct option_info *o = c->options; o->name; o++)
            if (named(k->options, o->name))
                printf("complete -c souk -n '__fish_seen_subcommand_from %s' -l %s%s -d '%s'\n", k->name, o->name,
                       o->value ? " -r" : "", o->about);
    }
}

int run_completion(struct cli *c)
{
    if (c->argc == 1 && text_is(c->argv[0], "bash"))
        complete_bash(c);
    else if (c->argc == 1 && text_is(c->argv[0], "zsh"))
        complete_zsh(c);
    else if (c->argc == 1 && text_is(c->argv[0], "fish"))
        complete_fish(c);
    else
        return cli_usage("completion", "For which shell: bash, zsh or fish?");
    return EXIT_OK;
}
