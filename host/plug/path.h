/* SPDX-License-Identifier: Apache-2.0 */
/*
 * path.h: how formats say where in a JSON document their records and columns are.
 *
 * in:     the texts of souk/import.h: "promotions[]|[].Body()", "^.marketplaceId", "type=GET_X"
 * out:    steps
 * knows:  nothing of JSON itself
 */
#ifndef SOUK_PATH_H
#define SOUK_PATH_H

#include "base/base.h"

enum path_step_kind {
    PATH_MEMBER = 1,                                    /* the member `name` of an object */
    PATH_EACH,                                          /* []: each element of an array */
    PATH_MEMBERS,                                       /* *: each member of an object */
    PATH_TEXT,                                          /* (): the document that a text holds */
    PATH_UP,                                            /* ^: the object around it */
    PATH_KEY,                                           /* $key: the name of the member that the record is */
    PATH_WHICH                                          /* $path: the number of the record's path, from 1 */
};

struct path_step {
    enum path_step_kind kind;
    const char *name;
};

struct path {
    const struct path_step *step;
    size_t n;                                           /* 0: the whole document */
    bool is_of_whole;                                   /* begins with a dot: an object in one piece */
};

/* Paths with | between.  ERR_PLUGIN says what is wrong where. */
int path_records_parse(struct arena *a, const char *text, struct path **out, size_t *n, struct err *err);
int path_names_parse(struct arena *a, const char *text, struct path **out, size_t *n, struct err *err);

struct path_sign {
    struct path path;
    const char *value;                                  /* the text it must have; NULL: it only must be there */
    bool is_alternative;                                /* to the one before */
};

/* Signs with a space between, all of which must be there; with | between, one of which. */
int path_signs_parse(struct arena *a, const char *text, struct path_sign **out, size_t *n, struct err *err);

#endif
