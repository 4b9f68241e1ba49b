/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf.h: ini files with declared, typed keys (through inih).
 *
 * Every key that may stand in a section is declared beforehand; an unknown one is an error that names
 * file and line.  In values ${NAME} is taken from the environment (unset: an error), and a value
 * "@file" (only for keys with CONF_FROM_FILE) is the trimmed content of that file, looked for beside
 * the ini file.  A key declared as "*" lets all others of its section pass unread.  Comments are
 * lines that begin with ; or #, and what follows " ;" behind a value.
 */
#ifndef SOUK_CONF_H
#define SOUK_CONF_H

#include "base.h"

enum conf_type { CONF_TEXT = 1, CONF_COUNT, CONF_BOOL, CONF_SECONDS, CONF_BYTES };   /* 30s 5m 2h; 64k 16M */
/* A key comes once in a section; with CONF_REPEATED its text has one line per coming. */
enum { CONF_NEEDED = 1, CONF_FROM_FILE = 2, CONF_REPEATED = 4 };

struct conf_key {
    const char *name;
    enum conf_type type;
    unsigned flags;
    const char *fallback;                               /* as text; NULL: none */
};

struct conf;

struct conf_section {                                   /* one [name]; the same name may come again */
    const char *name;
    int line;
};

/*
 * Reads a file.  `keys_of` is asked once per section for its keys (n set; copied); NULL means that the
 * section is unknown: an error.  Keys before the first [section] are in the section "".  Sections and
 * values live until conf_free.
 */
int conf_read(struct conf **out, const char *path,
              const struct conf_key *(*keys_of)(void *who, const char *section, size_t *n), void *who,
              struct err *err);
void conf_free(struct conf *c);

const char *conf_path(const struct conf *c);
size_t conf_sections(const struct conf *c, const struct conf_section **out);
/* By index of the section as listed above.  Text: never NULL ("" when absent without fallback). */
const char *conf_text(const struct conf *c, size_t section, const char *key);
int64_t conf_int(const struct conf *c, size_t section, const char *key);   /* count, seconds, bytes, bool 0/1 */
bool conf_has(const struct conf *c, size_t section, const char *key);
int conf_line(const struct conf *c, size_t section, const char *key);       /* 0: not in the file */

#endif
