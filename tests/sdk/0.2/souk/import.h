/* SPDX-License-Identifier: Apache-2.0 */
/*
 * souk/import.h: a file format.
 *
 * A format declares its columns; the host finds out that a file is of this format (by the header,
 * in all the languages named), decodes the charset, splits rows, decides once per file how numbers
 * and dates are written, types every cell, and rejects rows that do not fit, with line and reason.
 * The plugin maps typed rows to records and gives those to the store.  It keeps no state.
 *
 *     static const struct souk_import_column columns[] = {
 *         { "sku",   "sku|seller-sku", SOUK_TEXT,  SOUK_NEEDED, NULL },
 *         { "price", "price",          SOUK_MONEY, 0, "market" },
 *     };
 *
 * A JSON document (since 0.2) is such a table, too: its records are the rows, and a column's names are
 * paths from the record.  Names of members are compared without case.
 *
 *     .shape = SOUK_JSON, .signs = "reportSpecification.reportType=GET_PRICES",
 *     .records = "markets[].offers[]",
 *
 *     { "market", "^.id",                    SOUK_MARKET, SOUK_NEEDED, NULL },
 *     { "sku",    "sku|sellerSku",           SOUK_TEXT,   SOUK_NEEDED, NULL },
 *     { "price",  "price.amount|priceAmount", SOUK_MONEY,  0, "market" },
 *
 *   a.b         the member b of the member a
 *   a[]         each element of the array a; [] alone: of the document
 *   a.*         each member of a that is an object
 *   a()         the document that the text a holds: a message in a queue's envelope
 *   .           the whole document, or each one of a file that holds several
 *   .a          in .records: a document that is an object is read in one piece, up to 1 MiB, so that ^
 *               reaches all of it; else records are read one by one, and ^ reaches what is beside them
 *   ^.a         in a column: a of the object around the record's, ^^.a of the one around that
 *   $key        in a column: the name of the member that the record is
 *   $path       in a column: which path of .records found it, from 1
 *
 * A column of type TEXT that names several elements has all of them with ", " between; one of type DAY
 * or INSTANT the latest, one of another type the first.  Numbers are read exactly as they are written.
 *
 * Mails (since 0.2) are one row each: the rows of a format of the shape SOUK_MAIL are "line:count
 * message:bytes size:count", and it has no columns of its own.  message is the mail as it stands, of a
 * long one the first MiB; size is how long the whole of it is.  The host reads mailboxes (mbox), single
 * mails (.eml) and Maildir folders.
 */
#ifndef SOUK_IMPORT_H
#define SOUK_IMPORT_H

#include <souk/log.h>
#include <souk/store.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SOUK_IMPORT "souk.import/1"

enum souk_import_shape {
    SOUK_TSV = 1,                                       /* TAB between, quotes are data */
    SOUK_CSV,                                           /* RFC 4180, comma or semicolon */
    /* since 0.2 */
    SOUK_JSON,                                          /* a document, or several one after another */
    SOUK_MAIL                                           /* mails */
};

enum souk_import_column_flags {
    SOUK_NEEDED = 1,                                    /* the header must have it, and every row or record a value */
    SOUK_HEADER = 2,                                    /* the header must have it; rows may leave it empty */
    SOUK_CARRY = 4                                      /* an empty cell takes the value of the row above it */
};

struct souk_import_column {                             /* its size is in the list */
    const char *name;                                   /* as the plugin calls it */
    /*
     * What the header may call it, with | between: any case, outer spaces ignored.  "name#2" is the
     * second column of that name.
     */
    const char *names;
    /*
     * TEXT, COUNT, DECIMAL, MONEY, DAY, INSTANT, BOOL, MARKET ("Amazon.de" becomes its id; one that Souk
     * does not know is SOUK_NONE), CURRENCY; or NONE: known and not kept.  A column of type NONE is all
     * the fields that `names` mentions; they have no place in the rows and are stored nowhere.
     */
    uint32_t type, flags;
    const char *currency;                               /* MONEY: the column of type CURRENCY or MARKET that tells it;
                                                           "" for the market of the file */
};

struct souk_import_file {
    uint32_t size, reserved;
    const char *name;                                   /* as the reader knows it; no path */
    const char *charset;                                /* what it was decoded from: "UTF-8" */
    const char *market, *currency;                      /* of the whole file; "" when it does not tell */
};

struct souk_import {
    uint32_t size, shape;                               /* enum souk_import_shape */
    const char *id;                                     /* "amazon.settlement-v2": stands in the list of imports */
    const char *title;                                  /* message key */
    struct souk_list columns;                           /* of struct souk_import_column */
    uint32_t preamble_lines;                            /* so many lines may stand before the header */
    uint32_t needs_market;                              /* 1: rows do not name a market, so the file must have one */
    /*
     * Map a batch of rows to records.
     *
     * in:     rows: column 0 is line:count (the line in the file; of a JSON document and of mails,
     *         the how-manieth record), then the declared columns in their order, without those of
     *         type NONE; SOUK_NONE where a cell is empty or the file has no such column; last,
     *         extra:text, the undeclared cells that are not empty as a JSON object, or SOUK_NONE.
     *         The records of one element of the outermost array come in one batch, up to 500.
     * out:    each row ends in souk_put (perhaps several), souk_reject or souk_skip
     * errors: a negative code fails the file; nothing of it is kept
     * thread: job
     * time:   5 s for a batch of up to 1,000 rows
     */
    int (*rows)(void *self, struct souk_call *call, const struct souk_import_file *file,
                const struct souk_rows *rows);

    /* since 0.2 */
    const char *records;                                /* SOUK_JSON: paths, with | between */
    /*
     * SOUK_JSON: what a document must have to be of this format: paths, each alone or with the text
     * that must stand there: "reportSpecification.reportType=GET_X offers[]".  All that have a space
     * between, one of those that have a | between.
     */
    const char *signs;
    /*
     * SOUK_TSV, SOUK_CSV: 1: column i is the i-th of the file, whatever its header calls it, as long as
     * the header has so many columns and at least half of them are called as `names` says.
     */
    uint32_t by_position, reserved;
};

struct souk_import_host {
    uint32_t size, reserved;
    /* The row is kept aside with this reason, to be mended and imported again. */
    void (*reject)(struct souk_call *call, int64_t line, const char *column, const struct souk_msg *why);
    /* The row was understood and brings nothing to store.  It counts as unchanged. */
    void (*skip)(struct souk_call *call, int64_t line);
};

/* souk_reject(call, line, "price", "no_price", { "sku", souk_text(sku) }) */
#define souk_reject(call, line, column, ...) \
    ((call)->import->reject((call), (line), (column), &(const struct souk_msg)SOUK_MSG(__VA_ARGS__)))
#define souk_skip(call, line) ((call)->import->skip((call), (line)))

#ifdef __cplusplus
}
#endif
#endif
