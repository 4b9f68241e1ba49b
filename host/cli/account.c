/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account.c: souk account create, souk account list.
 */
#include <jansson.h>
#include <stdio.h>

#include "cli.h"
#include "face/face.h"

static int list(struct cli *c, struct err *err)
{
    const char *const *names;
    size_t n;
    if (cli_folder(c, DB_READ, err) < 0 || account_names(c->folder, c->arena, &names, &n, err) < 0)
        return cli_failed(c, err);
    if (c->as_json) {
        struct buf out = { 0 };
        json_t *all = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(all, json_string(names[i]));
        json_write(&out, json_pack("{s:o}", "accounts", all));
        puts(buf_str(&out));
        buf_free(&out);
        return EXIT_OK;
    }
    for (size_t i = 0; i < n; i++)
        puts(names[i]);
    if (!n)
        fputs("There is no account yet: make one with `souk account create NAME`.\n", stderr);
    return EXIT_OK;
}

int run_account(struct cli *c)
{
    struct err err = { 0 };
    if (c->argc == 1 && text_is(c->argv[0], "list"))
        return list(c, &err);
    if (c->argc != 2 || !text_is(c->argv[0], "create"))
        return cli_usage("account", "What is to be done: `account create NAME` or `account list`?");
    if (cli_folder(c, DB_WRITE, &err) < 0 || account_create(c->folder, c->argv[1], &err) < 0)
        return cli_failed(c, &err);
    if (c->as_json)
        printf("{\"account\":\"%s\"}\n", c->argv[1]);
    else
        fprintf(stderr, "Account %s is ready. Next: souk import -a %s FILE...\n", c->argv[1], c->argv[1]);
    return EXIT_OK;
}
