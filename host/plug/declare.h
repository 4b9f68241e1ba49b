/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declare.h: what a plugin declares, copied and checked before any of its code runs.
 *
 * in:    the constant in the shared object, as it stands
 * out:   copies as long as this host's structs, so the rest of the host reads them as its own; or
 *        one sentence for the author of the plugin
 * knows: wire, db.  Has never heard of files, plugins.ini or calls.
 */
#ifndef SOUK_DECLARE_H
#define SOUK_DECLARE_H

#include "load.h"

/*
 * Fills id, version, title, built, needs and all from entry on, of p; p->name is there.  What was
 * known before a fault stays.  `db`: an empty database of the newest schema.
 */
int declare_read(struct plugin *p, struct arena *a, const struct souk_plugin *from, struct db *db,
                 struct err *err);

/* The keys that the plugin's .config names, for its section; call it after declare_read. */
void declare_keys(const struct plugin *p, struct arena *a, struct conf_key **keys, size_t *n);

/* Lower-case letters, digits and what stands in `also`; a letter first; at most 60. */
bool declare_is_word(const char *text, const char *also);
/* Is there a text to show, of at most so many bytes? */
bool declare_is_text(const char *text, size_t most);

#endif
