/* SPDX-License-Identifier: Apache-2.0 */
/* formats.c: a small file format that uses all that an import may, well or badly as its rows say. */
#include <souk/import.h>

static const struct souk_import_column columns[] = {
    { "do_what", "do",        SOUK_TEXT,  SOUK_NEEDED, NULL },
    { "market",  "market",    SOUK_MARKET, 0, NULL },
    { "price",   "price|Preis", SOUK_MONEY, 0, "market" },
};

static int is(const struct souk_rows *rows, uint32_t row, const char *word)
{
    const char *at = souk_cell(rows, row, 1)->text.at;
    while (*at && *at == *word)
        at++, word++;
    return *at == *word;
}

static int rows_in(void *self, struct souk_call *call, const struct souk_import_file *file,
                   const struct souk_rows *rows)
{
    (void)self;
    struct souk_str kept;
    if (call->view || call->query || call->get(call, "souk.view/1")
        || call->get(call, SOUK_STORE) != call->store)
        return SOUK_EHOST;
    for (uint32_t row = 0; row < rows->n_rows; row++) {
        int64_t line = souk_num(rows, row, 0, 0);
        int rc = 0;
        if (is(rows, row, "put"))
            rc = souk_put(call, "stock", "line:count sku:text market:market fulfillable:count",
                          souk_count(line), souk_text(file->name), *souk_cell(rows, row, 2),
                          souk_count(7));
        else if (is(rows, row, "put_badly"))
            souk_put(call, "weather", "line:count", souk_count(line));  /* does not look what it returns */
        else if (is(rows, row, "skip"))
            souk_skip(call, line);
        else if (is(rows, row, "keep"))
            rc = call->store->keep(call, "note", (struct souk_str){ "a\0b", 3, 0 });
        else if (is(rows, row, "kept"))
            rc = call->store->kept(call, "note", &kept) == 0 && kept.len == 3 && kept.at[2] == 'b'
                 ? 0 : SOUK_EHOST;
        else if (is(rows, row, "remove"))
            rc = call->store->keep(call, "note", (struct souk_str){ NULL, 0, 0 });
        else if (is(rows, row, "none_kept"))
            rc = call->store->kept(call, "nothing", &kept) == SOUK_EABSENT ? 0 : SOUK_EHOST;
        else if (is(rows, row, "fail"))
            rc = SOUK_EINPUT;
        else if (is(rows, row, "fail_with_words")) {
            souk_fault(call, "cannot_read", { "file", souk_text(file->name) });
            rc = SOUK_EINPUT;
        } else
            souk_reject(call, line, "price", "odd", { "price", *souk_cell(rows, row, 3) });
        if (rc < 0)
            return rc;
    }
    return 0;
}

static const struct souk_import format = {
    .size = sizeof format, .shape = SOUK_TSV, .id = "example.small-v1", .title = "title",
    .columns = SOUK_LIST(columns),
    .rows = rows_in,
};
static const struct souk_offer offers[] = { { SOUK_IMPORT, &format } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.example.formats", .version = "1.0.0", .title = "title",
    .wants = SOUK_IMPORT " " SOUK_STORE,
    .offers = SOUK_LIST(offers),
};
