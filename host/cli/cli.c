/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.c: what the commands share: how they end, and the parts that they open.
 */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"

/* ---- how a command ends ---------------------------------------------------------------------------- */

static int exit_code(int code)
{
    switch (code) {
    case ERR_INPUT:   return EXIT_INPUT;
    case ERR_ABSENT:  return EXIT_NOT_FOUND;
    case ERR_DENIED:  return EXIT_REFUSED;
    case ERR_BUSY:    return EXIT_BUSY;
    case ERR_IO: case ERR_FULL: return EXIT_IO;
    case ERR_CONF:    return EXIT_CONFIG;
    case ERR_PORT:    return EXIT_PORT;
    case ERR_TIME:    return EXIT_FAILED;
    default:          return EXIT_INTERNAL;
    }
}

int cli_failed(const struct cli *c, const struct err *err)
{
    if (c->as_json) {
        struct buf text = { 0 };
        for (const char *at = err->text; *at; at++) {
            if (*at == '"' || *at == '\\')
                buf_char(&text, '\\');
            buf_char(&text, (unsigned char)*at < 0x20 ? ' ' : *at);
        }
        printf("{\"error\":\"%s\",\"text\":\"%s\"}\n", err_word(err->code), buf_str(&text));
        buf_free(&text);
    }
    fprintf(stderr, "souk: %s\n", err->text);
    return exit_code(err->code);
}

int cli_usage(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("souk: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    if (command)
        fprintf(stderr, "\nTry: souk help %s\n", command);
    else
        fputs("\nTry: souk help\n", stderr);
    return EXIT_USAGE;
}

volatile bool cli_stop;

static void on_stop(int signal_number)
{
    (void)signal_number;
    cli_stop = true;
}

void cli_catch_stop(void)
{
    struct sigaction act = { .sa_handler = on_stop };
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

/* ---- parts that several commands need -------------------------------------------------------------- */

bool cli_is_colour(const struct cli *c)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return !c->no_colour && !(no && *no) && isatty(STDOUT_FILENO) && term && !text_is(term, "dumb");
}

unsigned cli_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 100;
}

const char *cli_language(const struct cli *c)
{
    if (c->lang)
        return c->lang;
    const char *language = plugins_host_text(c->plugins, "language");
    return *language ? language : "en";
}

/* In the build tree the parts lie around build/; installed, under the prefix. */
static int find_parts(struct cli *c, struct err *err)
{
    char exe[4096];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return err_set(err, ERR_IO, "Cannot find out where souk itself is: %s", strerror(errno));
    exe[n] = '\0';
    *strrchr(exe, '/') = '\0';
    char *tree = arena_printf(c->arena, "%s/../plugins.ini", exe), *built = arena_printf(c->arena, "%s/plugins", exe);
    if (access(tree, R_OK) == 0 && access(built, R_OK) == 0) {
        c->default_config = tree;
        c->own_folder = built;
        c->text_folder = arena_printf(c->arena, "%s/text", exe);
        c->policy_folder = arena_printf(c->arena, "%s/../policies", exe);
        c->script_folder = arena_printf(c->arena, "%s/../scripts", exe);
        c->content_folder = arena_printf(c->arena, "%s/../content", exe);
    } else {
        *strrchr(exe, '/') = '\0';                      /* off with bin */
        c->own_folder = arena_printf(c->arena, "%s/lib/souk/plugins", exe);
        c->text_folder = arena_printf(c->arena, "%s/lib/souk/text", exe);
        c->policy_folder = arena_printf(c->arena, "%s/share/souk/policies", exe);
        c->script_folder = arena_printf(c->arena, "%s/share/souk/scripts", exe);
        c->content_folder = arena_printf(c->arena, "%s/share/souk/content", exe);
        c->default_config = text_is(exe, "/usr") ? arena_text(c->arena, "/etc/souk/plugins.ini")
                                                 : arena_printf(c->arena, "%s/etc/souk/plugins.ini", exe);
    }
    return 0;
}

int cli_plugins(struct cli *c, struct err *err)
{
    if (find_parts(c, err) < 0 || catalogue_open(&c->texts, c->text_folder, err) < 0)
        return -err->code;
    struct plugins_setup setup = {
        .config = c->config ? c->config : c->default_config, .own_folder = c->own_folder, .texts = c->texts,
    };
    if (plugins_load(&c->plugins, &setup, err) < 0)
        return -err->code;
    const char *policies = plugins_host_text(c->plugins, "policies");
    log_setup(text_is(plugins_host_text(c->plugins, "log_level"), "debug") ? LOG_LEVEL_DEBUG : LOG_LEVEL_NOTE,
              text_is(plugins_host_text(c->plugins, "log"), "json"));
    if (policies_open(&c->policies, *policies ? policies : c->policy_folder, err) < 0)
        return -err->code;
    const char *scripts = plugins_host_text(c->plugins, "scripts");
    return script_open(&c->scripts, *scripts ? scripts : c->script_folder, err);
}

int cli_folder(struct cli *c, enum db_use use, struct err *err)
{
    const char *path = c->data, *home;
    if (!path)
        path = getenv("SOUK_DATA");
    if (!path && (home = getenv("XDG_DATA_HOME")) && *home)
        path = arena_printf(c->arena, "%s/souk", home);
    if (!path && (home = getenv("HOME")) && *home)
        path = arena_printf(c->arena, "%s/.local/share/souk", home);
    if (!path)
        return err_set(err, ERR_INPUT, "Where is the data to be? Say it with --data DIR.");
    int rc = folder_open(&c->folder, path, use, err);
    if (rc == 0 && c->plugins)
        folder_key_file(c->folder, plugins_host_text(c->plugins, "key_file"));
    return rc;
}

int cli_account(struct cli *c, enum db_use use, const char **name, struct db **db, struct err *err)
{
    const char *chosen = c->account ? c->account : getenv("SOUK_ACCOUNT");
    if (!c->folder && cli_folder(c, use, err) < 0)
        return -err->code;
    if (!chosen || !*chosen) {
        const char *const *names;
        size_t n;
        if (account_names(c->folder, c->arena, &names, &n, err) < 0)
            return -err->code;
        if (n == 0)
            return err_set(err, ERR_ABSENT, "There is no account yet: make one with `souk account create NAME`,"
                           " or a demo shop with `souk demo`.");
        if (n > 1) {
            struct buf list = { 0 };
            for (size_t i = 0; i < n; i++)
                buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
            err_set(err, ERR_INPUT, "Which account? Say it with -a: %s.", buf_str(&list));
            buf_free(&list);
            return -err->code;
        }
        chosen = names[0];
    }
    *name = chosen;
    return account_open(c->folder, chosen, use, db, err);
}
