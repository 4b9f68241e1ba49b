/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h: one line per happening on stderr, plain or JSON.  Any thread.
 *
 * Plain:  2026-11-23T06:15:00Z note http: listening on 127.0.0.1:8420
 * JSON:   {"at":"2026-11-23T06:15:00Z","level":"note","room":"http","text":"listening on ..."}
 * Control characters are escaped, a line ends at 4 kB.  Never log names, addresses, mail or tokens.
 */
#ifndef SOUK_LOG_FILE_H
#define SOUK_LOG_FILE_H

#include "base.h"

enum log_level { LOG_LEVEL_DEBUG = 1, LOG_LEVEL_NOTE, LOG_LEVEL_WARN, LOG_LEVEL_FAULT };

void log_setup(enum log_level least, bool as_json);     /* before threads start */
void log_line(enum log_level level, const char *room, const char *format, ...) PRINTF_LIKE(3, 4);

#define log_debug(room, ...) log_line(LOG_LEVEL_DEBUG, (room), __VA_ARGS__)
#define log_note(room, ...) log_line(LOG_LEVEL_NOTE, (room), __VA_ARGS__)
#define log_warn(room, ...) log_line(LOG_LEVEL_WARN, (room), __VA_ARGS__)
#define log_fault(room, ...) log_line(LOG_LEVEL_FAULT, (room), __VA_ARGS__)

#endif
