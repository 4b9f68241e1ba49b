/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h: the SDK's structs as bytes and back, from one table of their members.
 *
 * The bytes of a view are these; with SOUK_WIRE=1 every call of a plugin also goes through them, so
 * that nothing enters the SDK which could not be a message.  Little-endian; every length is checked
 * against what is there and against the limits of souk/view.h before it is believed.
 */
#ifndef SOUK_WIRE_H
#define SOUK_WIRE_H

#include "base/base.h"

enum wire_kind {
    WIRE_U32 = 1, WIRE_I32, WIRE_I64,
    WIRE_CSTR,                                          /* const char *, may be NULL */
    WIRE_STR,                                           /* struct souk_str */
    WIRE_VALUE, WIRE_ARGS, WIRE_MSG, WIRE_ROWS,
    WIRE_PTR,                                           /* pointer to one struct of .type, may be NULL */
    WIRE_LIST                                           /* struct souk_list of .type */
};

struct wire_type;

struct wire_member {
    const char *name;
    uint16_t at;                                        /* offsetof */
    uint8_t kind;                                       /* enum wire_kind */
    const struct wire_type *type;
};

struct wire_type {
    const char *name;                                   /* "souk_stat" */
    uint32_t size;
    bool has_size;                                      /* starts with uint32_t size: what lies beyond it is zero */
    const struct wire_member *member;
    uint32_t n_members;
};

extern const struct wire_type
    wire_market_now, wire_ask, wire_why, wire_to, wire_stat, wire_fact, wire_table, wire_chart, wire_alert,
    wire_text_element, wire_empty, wire_msg, wire_run, wire_policy, wire_rows, wire_import_file, wire_str,
    wire_item, wire_letter, wire_choice, wire_field, wire_form, wire_progress, wire_article, wire_pager,
    wire_args, wire_record, wire_records;
/* All of them, for tests that nothing was left out; ends with NULL. */
extern const struct wire_type *const wire_types[];

/* Writes what `from` points to.  A text that is not UTF-8 or too long, a table whose columns do not match: ERR_PLUGIN. */
int wire_put(struct buf *out, const struct wire_type *type, const void *from, struct err *err);

struct wire_in {
    const unsigned char *at;
    size_t n;
};
/* Reads one struct into `to` (type->size bytes); what it points to is in the arena.  ERR_CORRUPT names what does not fit. */
int wire_get(struct wire_in *in, const struct wire_type *type, struct arena *a, void *to, struct err *err);

/* A column of a souk_rows.columns text. */
struct column {
    const char *name, *type_word, *currency;            /* currency: column it comes from, "" when none */
    uint32_t type;                                      /* enum souk_type */
    bool is_hidden, has_total;
};
/* Parses "day:day sales:money/currency+total"; ERR_PLUGIN says what is wrong where. */
int columns_parse(struct arena *a, const char *text, struct column **out, size_t *n, struct err *err);
uint32_t type_of_word(const char *word, size_t n);      /* "money" -> SOUK_MONEY; 0: none such */
const char *word_of_type(uint32_t type);

#endif
