/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h: the bytes of a report file, as often as they are wanted.
 *
 * in:     a path, or standard input, plain or gzip (told by its first bytes, never by its name); or a
 *         Maildir folder
 * out:    decompressed bytes from the start, in constant memory; a Maildir as the mailbox of its mails
 * knows:  files and zlib.  Has never heard of charsets or reports.
 *
 * An import reads its file more than once, so what cannot be read again is copied into the spool first.
 */
#ifndef SOUK_SOURCE_H
#define SOUK_SOURCE_H

#include "data/account.h"

enum { SOURCE_HASH_BYTES = 32 };

struct source;

/*
 * path "-" is standard input.  name: what it is called, NULL: as its path says.  *stop (may be NULL) becoming true ends copying and reading with
 * ERR_TIME.  The source ends with the arena.
 */
int source_open(struct source **out, struct arena *a, const struct folder *folder, const char *path, const char *name,
                const volatile bool *stop, struct err *err);

/* Does a folder hold mails, one file each, below cur and new? */
bool source_is_maildir(const char *path);

/* Before another thread reads: *stop is looked at no more. */
void source_unstoppable(struct source *s);

const char *source_name(const struct source *s);        /* of the file, without its folder */
int64_t source_told_s(const struct source *s);          /* when it was written; a pipe: now */

/* From the first byte again.  With is_hashing, source_hash then is BLAKE2b-256 of what is read. */
int source_rewind(struct source *s, bool is_hashing, struct err *err);
/* Up to n bytes; 0 at the end.  ERR_INPUT: a gzip file that is damaged or cut short. */
int64_t source_read(struct source *s, void *at, size_t n, struct err *err);
int64_t source_bytes(const struct source *s);           /* that were read since the start */
void source_hash(struct source *s, unsigned char hash[SOURCE_HASH_BYTES]);

#endif
