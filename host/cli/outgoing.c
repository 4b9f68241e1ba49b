/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outgoing.c: souk outgoing: a file of outgoing changes, as it is uploaded to the marketplace.
 */
#include <stdio.h>

#include "cli.h"
#include "flow/flatfile.h"

int run_outgoing(struct cli *c)
{
    struct err err = { 0 };
    const char *account, *name;
    struct db *db = NULL;
    struct buf out = { 0 };
    int64_t file;
    if (c->argc != 1 || !text_int(c->argv[0], &file))
        return cli_usage("outgoing", "Which file? `souk do outgoing.download` says its number.");
    if (cli_plugins(c, &err) == 0 && cli_account(c, DB_READ, &account, &db, &err) == 0 &&
        flatfile_write(&out, c->arena, db, file, &name, &err) == 0)
        fwrite(buf_str(&out), 1, out.len, stdout);
    buf_free(&out);
    db_close(db);
    return err.code ? cli_failed(c, &err) : EXIT_OK;
}
