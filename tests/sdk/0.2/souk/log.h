/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/log.h: a line for the owner of the machine, and the sentence a failed call ends with.
 */
#ifndef SOUK_LOG_H
#define SOUK_LOG_H

#include <souk/entry.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_LOG "souk.log/1"

enum souk_level { SOUK_DEBUG = 1, SOUK_NOTE, SOUK_WARN, SOUK_FAULT };

struct souk_log_host {
    uint32_t size, reserved;
    /* English, for the log and the doctor, never for the reader; no personal data.  100 lines a second. */
    void (*line)(struct souk_call *call, uint32_t level, const char *text);
    /* Shown to the reader when the call then returns a negative code; the first one stays. */
    void (*fault)(struct souk_call *call, const struct souk_msg *text);
};

#define souk_log(call, level, text) ((call)->log->line((call), (level), (text)))
#define souk_fault(call, ...) ((call)->log->fault((call), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))

#ifdef __cplusplus
}
#endif
#endif
