/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flatfile.c: flat files for changes of listings.  See flatfile.h.
 *
 * in:     the changes of a file
 * out:    its bytes
 * knows:  outgoing, the columns of both templates
 */
#include "flatfile.h"

#include <string.h>

enum column { SKU = 1, ASIN, ASIN_TYPE, PRICE, LEAST, MOST, CONDITION, QUANTITY, ADD_DELETE, HANDLING, EMPTY };

struct layout {
    const char *header;
    enum column column[10];                             /* ends with 0 */
};

static const struct layout layouts[] = {
    [OUTGOING_PRICE_QUANTITY] = {
        "sku\tprice\tminimum-seller-allowed-price\tmaximum-seller-allowed-price\tquantity\thandling-time\tfulfillment-channel",
        { SKU, PRICE, LEAST, MOST, QUANTITY, HANDLING, EMPTY },
    },
    [OUTGOING_LOADER] = {
        "sku\tproduct-id\tproduct-id-type\tprice\titem-condition\tquantity\tadd-delete\thandling-time",
        { SKU, ASIN, ASIN_TYPE, PRICE, CONDITION, QUANTITY, ADD_DELETE, HANDLING },
    },
};

struct writer {
    struct buf *out;
    const struct layout *layout;
    char decimal;
};

static void put_money(struct writer *w, const struct money *m)
{
    struct buf plain = { 0 };
    if (!m->currency[0])
        return;
    buf_minor(&plain, m->minor, currency_digits(m->currency));
    for (const char *c = buf_str(&plain); *c; c++)
        buf_char(w->out, *c == '.' ? w->decimal : *c);
    buf_free(&plain);
}

static void put_number(struct writer *w, struct number n)
{
    if (n.is_told)
        buf_printf(w->out, "%lld", (long long)n.n);
}

static void put_cell(struct writer *w, const struct outgoing_row *r, enum column column)
{
    bool is_asin = r->is_active && *r->asin;            /* what goes off sale is named by its SKU alone */
    switch (column) {
    case SKU:        buf_text(w->out, r->sku); break;
    case ASIN:       buf_text(w->out, is_asin ? r->asin : ""); break;
    case ASIN_TYPE:  buf_text(w->out, is_asin ? "1" : ""); break;
    case PRICE:      put_money(w, &r->price); break;
    case LEAST:      put_money(w, &r->least); break;
    case MOST:       put_money(w, &r->most); break;
    case CONDITION:  buf_text(w->out, r->is_active ? r->condition : ""); break;
    case QUANTITY:   put_number(w, r->quantity); break;
    case ADD_DELETE: buf_char(w->out, r->is_active ? 'a' : 'd'); break;
    case HANDLING:   put_number(w, r->handling_days); break;
    case EMPTY:      break;
    }
}

static int put_row(void *ctx, const struct outgoing_row *row)
{
    struct writer *w = ctx;
    for (size_t i = 0; i < COUNT_OF(w->layout->column) && w->layout->column[i]; i++) {
        if (i)
            buf_char(w->out, '\t');
        put_cell(w, row, w->layout->column[i]);
    }
    buf_text(w->out, "\r\n");
    return 0;
}

int flatfile_write(struct buf *out, struct arena *a, struct db *db, int64_t file, const char **name, struct err *err)
{
    struct outgoing_file_info info;
    int rc = outgoing_file_get(db, file, &info, err);
    if (rc < 0)
        return rc;
    struct writer w = { out, &layouts[info.kind], info.market->decimal };
    *name = arena_printf(a, "%s-%s-%lld.txt", info.kind == OUTGOING_LOADER ? "InventoryLoader" : "PriceAndQuantity",
                         info.market->code, (long long)file);
    buf_printf(out, "%s\r\n", w.layout->header);
    return outgoing_file_rows(db, file, put_row, &w, err);
}
