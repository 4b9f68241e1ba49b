/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_settings.h: the commands of settings modules, in two halves: what runs before the transaction, where the
 * module may be asked, and what runs in it.
 */
#ifndef SOUK_COMMAND_SETTINGS_H
#define SOUK_COMMAND_SETTINGS_H

#include "command_in.h"
#include "data/settings.h"

struct work_place {
    struct arena *a;
    struct db *db;
    struct desk *desk;
};

/* The fields that a save takes now, one by one: as many rows of tables as were given, choices as they are. */
int settings_fields(struct work_place *at, struct command_info *info, const struct command_text *text, size_t n, struct err *err);
int settings_prepare(struct doing *d, const struct command_info *info, const struct souk_args *args, struct err *err);
int settings_run(struct doing *d, const struct command_info *info, struct err *err);

#endif
