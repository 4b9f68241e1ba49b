/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.c: souk query, souk schema.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "data/store.h"
#include "data/views.h"
#include "face/face.h"

enum { QUERY_MS = 10000 };

/* ---- schema ------------------------------------------------------------------------------------------- */

static void put_json(json_t *json)
{
    struct buf out = { 0 };
    json_write(&out, json);
    puts(buf_str(&out));
    buf_free(&out);
}

static void put_records_json(void)
{
    json_t *all = json_array();
    for (const struct store_kind *k = store_kinds; k->name; k++) {
        json_t *columns = json_array();
        for (size_t i = 0; i < k->n_columns; i++)
            json_array_append_new(columns, json_pack("{s:s, s:s, s:s, s:b}", "column", k->columns[i].name, "type",
                k->columns[i].type, "meaning", k->columns[i].meaning, "is_needed", k->columns[i].is_needed));
        json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "record", k->name, "meaning", k->meaning, "columns", columns));
    }
    put_json(json_pack("{s:o}", "records", all));
}

static void put_records(void)
{
    for (const struct store_kind *k = store_kinds; k->name; k++) {
        printf("%s: %s\n", k->name, k->meaning);
        for (size_t i = 0; i < k->n_columns; i++)
            printf("  %-20s %-10s %s%s\n", k->columns[i].name, k->columns[i].type, k->columns[i].meaning,
                   k->columns[i].is_needed ? " (needed)" : "");
        putchar('\n');
    }
}

static void put_view(const struct view_doc *view, json_t *all)
{
    json_t *columns = all ? json_array() : NULL;
    if (!all)
        printf("%s: %s\n", view->name, view->about);
    for (size_t i = 0; i < view->n_columns; i++) {
        const struct view_column *c = &view->column[i];
        if (all)
            json_array_append_new(columns, json_pack("{s:s, s:s, s:s}", "column", c->name, "type", c->type, "meaning", c->meaning));
        else
            printf("  %-20s %-18s %s\n", c->name, c->type, c->meaning);
    }
    if (all)
        json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "view", view->name, "about", view->about, "columns", columns));
    else
        putchar('\n');
}

int run_schema(struct cli *c)
{
    const char *only = c->argc ? c->argv[0] : NULL;
    if (c->argc > 1)
        return cli_usage("schema", "One view at a time, please.");
    if (c->records) {
        (c->as_json ? put_records_json : put_records)();
        return EXIT_OK;
    }
    json_t *all = c->as_json ? json_array() : NULL;
    const struct view_doc *view;
    size_t n = 0, n_views = views_read(c->arena, &view);
    for (size_t i = 0; i < n_views; i++)
        if (!only || text_is(only, view[i].name)) {
            put_view(&view[i], all);
            n++;
        }
    if (all)
        put_json(json_pack("{s:o}", "views", all));
    if (!n) {
        fprintf(stderr, "souk: There is no view '%s'; `souk schema` prints all of them.\n", only);
        return EXIT_NOT_FOUND;
    }
    return EXIT_OK;
}

/* ---- query -------------------------------------------------------------------------------------------- */

static int bind_all(struct cli *c, struct stmt *s, struct err *err)
{
    for (int i = 1; i <= stmt_params(s); i++) {
        const char *name = stmt_param_name(s, i), *value = NULL;
        int64_t number;
        for (const char *const *set = c->set; *set && name; set++)
            if (!strncmp(*set, name + 1, strlen(name + 1)) && (*set)[strlen(name + 1)] == '=')
                value = *set + strlen(name + 1) + 1;
        if (!value)
            return err_set(err, ERR_INPUT, "The query has a parameter %s; give it with --set %s=VALUE.",
                           name ? name : "?", name ? name + 1 : "name");
        if (text_int(value, &number) && (value[0] != '0' || !value[1]) && value[0] != '+')
            bind_int(s, i, number);
        else
            bind_text(s, i, value);
    }
    return 0;
}

static void put_csv_row(struct buf *out, struct stmt *s, bool is_header)
{
    for (int i = 0; i < stmt_columns(s); i++) {
        const char *cell = is_header ? stmt_column_name(s, i) : stmt_text(s, i);
        int64_t number;
        if (i)
            buf_char(out, ',');
        if (!is_header && text_int(cell, &number))
            buf_text(out, cell);
        else
            csv_cell(out, cell, strlen(cell));
    }
    buf_text(out, "\r\n");
}

static json_t *row_json(struct stmt *s)
{
    json_t *row = json_object();
    for (int i = 0; i < stmt_columns(s); i++) {
        int64_t number;
        const char *text = stmt_text(s, i);
        json_object_set_new(row, stmt_column_name(s, i), stmt_is_null(s, i) ? json_null() :
                            text_int(text, &number) ? json_integer(number) : json_string(text));
    }
    return row;
}

int run_query(struct cli *c)
{
    struct err err = { 0 };
    const char *name;
    struct db *db = NULL;
    struct stmt *s = NULL;
    struct buf out = { 0 };
    json_t *rows = c->as_json ? json_array() : NULL;
    int rc = -1;
    if (c->argc != 1)
        return cli_usage("query", "Which query? Put the SELECT in quotes.");
    if (cli_account(c, DB_READ, &name, &db, &err) == 0 && db_guarded(db, c->argv[0], "*", &s, &err) == 0 &&
        bind_all(c, s, &err) == 0) {
        db_budget(db, QUERY_MS);
        if (!rows)
            put_csv_row(&out, s, true);
        while ((rc = stmt_step(db, s, &err)) > 0) {
            if (rows)
                json_array_append_new(rows, row_json(s));
            else
                put_csv_row(&out, s, false);
            if (out.len > 1 << 16) {
                fwrite(out.at, 1, out.len, stdout);
                buf_clear(&out);
            }
        }
        db_budget(db, 0);
        if (rc == 0 && rows)
            json_write(&out, json_pack("{s:O}", "rows", rows));
        if (rc == 0 && rows)
            buf_char(&out, '\n');
        fwrite(buf_str(&out), 1, out.len, stdout);
    }
    json_decref(rows);
    buf_free(&out);
    if (s)
        stmt_free(s);
    db_close(db);
    return err.code ? cli_failed(c, &err) : EXIT_OK;
}
