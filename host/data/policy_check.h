/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_check.h: the policies that Souk reads, and whether the files have them.
 *
 * A fault keeps a file from doing its work; a warning is what somebody should look at.
 */
#ifndef SOUK_POLICY_CHECK_H
#define SOUK_POLICY_CHECK_H

#include "policy.h"

enum policy_kind {
    KIND_COUNT = 1, KIND_COUNTS, KIND_SHARE, KIND_DECIMAL, KIND_SPAN, KIND_TIME, KIND_YES_NO, KIND_WEEKDAYS,
    KIND_DAYS
};

struct policy_key {
    const char *key;
    enum policy_kind kind;
    int64_t least, most;                                /* counts; basis points; seconds; decimals: hundredths */
    const char *meaning;                                /* short, with the sense of the limit */
};

extern const struct policy_key policy_keys[];           /* ends with a NULL key; every market has all of them */

const struct policy_key *policy_key_find(const char *key);
/* The nearest known key of a word, for "did you mean": NULL when none is near. */
const char *policy_key_like(const char *word);
/* "a share such as 4 %": what a value of this kind is, for sentences. */
const char *policy_kind_words(enum policy_kind kind);
bool policy_value_fits(struct arena *a, const struct policy_key *key, const struct policy_line *line);

struct policy_finding {
    bool is_warning;
    const char *file;
    int line;                                           /* 0: of the file as a whole */
    const char *text;                                   /* one sentence, without the place */
};

/* Looks through the files of all markets as of a day.  Findings stand by market, then by line. */
int policy_check(struct policies *p, struct arena *a, int32_t today, struct policy_finding **out, size_t *n,
                 struct err *err);

#endif
