/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_import.c: takes the last import back.
 *
 * in:     its number, or none
 * out:    the records as they were before it
 * knows:  import, undo
 */
#include "command_in.h"

#include "data/undo.h"
#include "import.h"

static const struct souk_field undo_fields[] = {
    FIELD(COUNT, "import", OPTIONAL, .about = "field.import.about"),
};

static int run_undo(struct doing *d, const struct souk_args *args, struct err *err)
{
    int64_t no = arg_int(args, "import", 0);
    if (!arg_is_told(args, "import"))
        no = undo_last(d->db, err);
    if (err->code)
        return -err->code;
    if (!no)
        return doing_refuse(d, "import", err, ERR_ABSENT, "There is no import that could be taken back.");
    int rc = import_undo(d->db, no, err);
    if (rc < 0)
        d->field = "import";
    d->ref = arena_printf(d->a, "import:%lld", (long long)no);
    say(d, "done.import.undo", { "no", souk_count(no) });
    return rc;
}

const struct command_info import_commands[] = {
    COMMAND("import.undo", RIGHT_ADMIN, undo_fields, run_undo),
    { .name = NULL },
};
