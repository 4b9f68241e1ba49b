/* SPDX-License-Identifier: Apache-2.0 */
/* json_formats.c: small formats of documents and mails that show what the host reads of them. */
#include <souk/import.h>

static const struct souk_import_column columns[] = {
    { "sku",     "sku|sellerSku",             SOUK_TEXT,   SOUK_NEEDED, NULL },
    { "market",  "^.market|^^.market|market", SOUK_MARKET, 0, NULL },
    { "price",   "price.amount|price",        SOUK_MONEY,  0, "market" },
    { "units",   "units",                     SOUK_COUNT,  0, NULL },
    { "rate",    "rate",                      SOUK_DECIMAL, 0, NULL },
    { "opened",  "opened|^.items[].*.opened|^^.items[].*.opened", SOUK_INSTANT, 0, NULL },
    { "is_open", "isOpen",                    SOUK_BOOL,   0, NULL },
    { "tags",    "tags[]|tags",               SOUK_TEXT,   0, NULL },
    { "key",     "$key",                      SOUK_TEXT,   0, NULL },
    { "which",   "$path",                     SOUK_COUNT,  0, NULL },
    { "no_use",  "secret|inner",              SOUK_NONE,   0, NULL },
};
enum { LINE, SKU, MARKET, PRICE, UNITS, RATE, OPENED, IS_OPEN, TAGS, KEY, WHICH, EXTRA };

/* What came of a record, in a listing's texts. */
static int offers_in(void *self, struct souk_call *call, const struct souk_import_file *file,
                     const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        if (in[RATE].type == SOUK_DECIMAL && in[RATE].num == 13)
            souk_reject(call, in[LINE].num, "rate", "unlucky");
        else
            rc = souk_put(call, "listing", "line:count sku:text market:market price:money quantity:count"
                          " opened:instant title:text listing_id:text item_condition:text extra:text",
                          in[LINE], in[SKU],
                          in[MARKET].type ? in[MARKET] : souk_market("ATVPDKIKX0DER"), in[PRICE], in[UNITS], in[OPENED], in[TAGS], in[KEY],
                          souk_text(in[WHICH].num == 1 ? "first" : in[WHICH].num == 2 ? "second" : "third"),
                          in[EXTRA]);
    }
    return rc;
}

static const struct souk_import offers_format = {
    .size = sizeof offers_format, .shape = SOUK_JSON, .id = "example.offers", .title = "title",
    .columns = SOUK_LIST(columns), .rows = offers_in,
    .records = "offers[]|offers[].inner[]|groups[].*|parcels[].Body()",
    .signs = "about.kind=OFFERS|kind=OFFERS",
};

static const struct souk_import lines_format = {
    .size = sizeof lines_format, .shape = SOUK_JSON, .id = "example.lines", .title = "title",
    .columns = SOUK_LIST(columns), .rows = offers_in,
    .records = "[]|.", .signs = "[].lineKind|lineKind",
};

static const struct souk_import whole_format = {
    .size = sizeof whole_format, .shape = SOUK_JSON, .id = "example.whole", .title = "title",
    .columns = SOUK_LIST(columns), .rows = offers_in,
    .records = ".states[]|.items[].*", .signs = "states items",
};

/* A mail is a listing whose title is its first line. */
static int mails_in(void *self, struct souk_call *call, const struct souk_import_file *file,
                    const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        char line[200];
        uint32_t n = 0;
        while (n < in[1].text.len && n < sizeof line - 1 && in[1].text.at[n] != '\n' && in[1].text.at[n] >= ' '
               && in[1].text.at[n] <= '~') {
            line[n] = in[1].text.at[n];
            n++;
        }
        line[n] = '\0';
        if (n == 0)
            souk_reject(call, in[0].num, "message", "unlucky");
        else
            rc = souk_put(call, "listing", "line:count sku:text market:market quantity:count title:text",
                          in[0], souk_text(line), souk_market("ATVPDKIKX0DER"), in[2], souk_text(line));
    }
    return rc;
}

static const struct souk_import mails_format = {
    .size = sizeof mails_format, .shape = SOUK_MAIL, .id = "example.mails", .title = "title",
    .rows = mails_in,
};

/* By position: what a header calls its columns in a language that is not listed does not matter. */
static const struct souk_import_column placed_columns[] = {
    { "opened", "Date|Datum",          SOUK_INSTANT, SOUK_NEEDED, NULL },
    { "sku",    "Item|Artikel",        SOUK_TEXT,    SOUK_NEEDED, NULL },
    { "units",  "Count|Anzahl",        SOUK_COUNT,   0, NULL },
    { "mail",   "Rater mail|E-Mail",   SOUK_NONE,    0, NULL },
};

static int placed_in(void *self, struct souk_call *call, const struct souk_import_file *file,
                     const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "listing", "line:count opened:instant sku:text quantity:count extra:text", in[0], in[1],
                      in[2], in[3], in[4]);
    }
    return rc;
}

static const struct souk_import placed_format = {
    .size = sizeof placed_format, .shape = SOUK_TSV, .id = "example.placed", .title = "title",
    .columns = SOUK_LIST(placed_columns), .needs_market = 1, .rows = placed_in, .by_position = 1,
};

static const struct souk_offer offers[] = {
    { SOUK_IMPORT, &offers_format }, { SOUK_IMPORT, &lines_format }, { SOUK_IMPORT, &whole_format },
    { SOUK_IMPORT, &mails_format }, { SOUK_IMPORT, &placed_format },
};

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.example.json-formats", .version = "1.0.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
