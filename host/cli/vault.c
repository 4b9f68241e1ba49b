/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vault.c: souk vault: the key that seals the secrets.
 */
#include <stdio.h>

#include "base/zone.h"
#include "cli.h"
#include "data/rotate.h"
#include "data/vault.h"

int run_vault(struct cli *c)
{
    struct err err = { 0 };
    if (c->argc != 1 || !text_is(c->argv[0], "rotate"))
        return cli_usage("vault", "What is to be done: `vault rotate`?");
    if (cli_plugins(c, &err) < 0 || cli_folder(c, DB_WRITE, &err) < 0)
        return cli_failed(c, &err);
    int n = rotate_key(c->folder, &(const struct deed){ "local", "cli", clock_now() }, &err);
    if (n < 0)
        return cli_failed(c, &err);
    if (c->as_json)
        printf("{\"sealed\":%d,\"key_file\":\"%s\"}\n", n, vault_key_path(folder_vault(c->folder)));
    else
        fprintf(stderr, "%d secrets are sealed with a new key, in %s. Keep a copy of it apart from the backups; backups from"
                " before need the old one.\n", n, vault_key_path(folder_vault(c->folder)));
    return EXIT_OK;
}
