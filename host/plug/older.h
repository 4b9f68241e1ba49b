/* SPDX-License-Identifier: Apache-2.0 */
/*
 * older.h: what an older version of a settings module has kept, as the module keeps it now.
 *
 * in:     a record with the schema that it was kept by
 * out:    the same record by the module's schema of now; nothing is written
 * knows:  the module's migrate(), data/settings.  Has never heard of commands and pages.
 */
#ifndef SOUK_OLDER_H
#define SOUK_OLDER_H

#include "data/settings.h"
#include "sdk.h"

struct older_place {
    struct arena *a;
    struct db *db;
    struct desk *desk;
    const struct plugin *plugin;
    const struct settings_info *module;
    const struct reader *reader;
    int64_t now_s;
};
/*
 * Asks the module for each older schema once and leaves out what it no longer declares.  A record of its own schema,
 * or of a newer one, stays as it is; so does one that migrate() refuses, which is an error.
 */
int older_read(const struct older_place *at, struct settings_record *r, struct err *err);

#endif
