/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.c: the SDK's structs as bytes and back, and the texts that name and type columns.
 *
 * in:     a struct and the table of its members; or bytes
 * out:    bytes; or a struct whose texts lie in an arena
 * knows:  the SDK's headers and base.  Has never heard of plugins, views or calls.
 *
 * A struct that grows is written as its length and then its members, so a reader that knows fewer
 * skips the rest and one that knows more finds zeros.  No type below holds itself: how deep the
 * reading goes is fixed by these tables, not by the bytes.
 */
#include "wire.h"

#include <assert.h>
#include <string.h>

#include <souk/import.h>
#include <souk/settings.h>
#include <souk/widget.h>

enum {
    TEXT_MAX = 1 << 20,                                 /* bytes of one text */
    ARGS_MAX = 5000,                                    /* a record of settings with its tables */
    LIST_MAX = 1000,                                    /* structs in a list */
    COLUMNS_MAX = 200,
    CELLS_MAX = 1 << 20,
    STRUCT_MIN = 8,                                     /* a size, and at least one member more */
    STRUCT_MAX = 1 << 16
};

#define NO_TEXT UINT32_MAX                              /* the length that stands for NULL */

/* ---- the tables ------------------------------------------------------------------------------ */

#define MEMBER(of, member, kind) { #member, offsetof(struct of, member), WIRE_##kind, NULL }
#define MEMBER_OF(of, member, kind, type) \
    { #member, offsetof(struct of, member), WIRE_##kind, &wire_##type }
#define TYPE(name, has_size) const struct wire_type wire_##name = \
    { "souk_" #name, sizeof(struct souk_##name), (has_size), name##_members, \
      COUNT_OF(name##_members) }
/* A type that is one member and nothing else. */
#define BARE(name, kind) \
    static const struct wire_member name##_members[] = { { "", 0, WIRE_##kind, NULL } }; \
    TYPE(name, false)
BARE(str, STR);
BARE(msg, MSG);
BARE(rows, ROWS);
BARE(args, ARGS);

static const struct wire_member market_now_members[] = {
    MEMBER(souk_market_now, reserved, U32),
    MEMBER(souk_market_now, id, CSTR),
    MEMBER(souk_market_now, currency, CSTR),
    MEMBER(souk_market_now, zone, CSTR),
    MEMBER(souk_market_now, today, I32),
    MEMBER(souk_market_now, from, I32),
    MEMBER(souk_market_now, to, I32),
    MEMBER(souk_market_now, reserved2, I32),
    MEMBER(souk_market_now, today_start_s, I64),
    MEMBER(souk_market_now, data_until_s, I64),
    MEMBER(souk_market_now, data_elapsed_s, I64),
};
TYPE(market_now, true);

/* Pointer, count and element size stand in an ask as they do in a list. */
#define AT(of, member) offsetof(struct of, member)
static_assert(AT(souk_ask, n_markets) == AT(souk_ask, markets) + AT(souk_list, n)
              && AT(souk_ask, market_size) == AT(souk_ask, markets) + AT(souk_list, size),
              "ask.markets is laid out as a list");
static const struct wire_member ask_members[] = {
    MEMBER(souk_ask, face, U32),
    MEMBER(souk_ask, now_s, I64),
    MEMBER_OF(souk_ask, markets, LIST, market_now),
    MEMBER(souk_ask, options, ARGS),
};
TYPE(ask, true);

static const struct wire_member why_members[] = {
    MEMBER(souk_why, reserved, U32),
    MEMBER(souk_why, rows, CSTR),
    MEMBER(souk_why, args, ARGS),
    MEMBER(souk_why, formula, MSG),
    MEMBER(souk_why, policy, CSTR),
    MEMBER(souk_why, market, CSTR),
    MEMBER(souk_why, policy_day, I32),
    MEMBER(souk_why, reserved2, I32),
    MEMBER(souk_why, origin, MSG),
};
TYPE(why, true);

static const struct wire_member to_members[] = {
    MEMBER(souk_to, reserved, U32),
    MEMBER(souk_to, query, CSTR),
    MEMBER(souk_to, widget, CSTR),
    MEMBER(souk_to, url, CSTR),
    MEMBER(souk_to, args, ARGS),
    MEMBER(souk_to, ref, CSTR),
};
TYPE(to, true);

static const struct wire_member stat_members[] = {
    MEMBER(souk_stat, tone, U32),
    MEMBER(souk_stat, label, MSG),
    MEMBER(souk_stat, value, VALUE),
    MEMBER(souk_stat, before, VALUE),
    MEMBER(souk_stat, before_label, MSG),
    MEMBER(souk_stat, up_is, U32),
    MEMBER(souk_stat, is_estimate, U32),
    MEMBER(souk_stat, note, MSG),
    MEMBER_OF(souk_stat, why, PTR, why),
    MEMBER_OF(souk_stat, to, PTR, to),
};
TYPE(stat, true);

static const struct wire_member fact_members[] = {
    MEMBER(souk_fact, tone, U32),
    MEMBER(souk_fact, label, MSG),
    MEMBER(souk_fact, value, VALUE),
    MEMBER_OF(souk_fact, why, PTR, why),
    MEMBER_OF(souk_fact, to, PTR, to),
};
TYPE(fact, true);

static const struct wire_member table_members[] = {
    MEMBER(souk_table, flags, U32),
    MEMBER(souk_table, title, MSG),
    MEMBER(souk_table, rows, ROWS),
    MEMBER_OF(souk_table, why, PTR, why),
    MEMBER_OF(souk_table, more, PTR, to),
};
TYPE(table, true);

static const struct wire_member chart_members[] = {
    MEMBER(souk_chart, kind, U32),
    MEMBER(souk_chart, title, MSG),
    MEMBER(souk_chart, rows, ROWS),
    MEMBER_OF(souk_chart, why, PTR, why),
    MEMBER(souk_chart, partial_rows, U32),
    MEMBER(souk_chart, reserved, U32),
};
TYPE(chart, true);

static const struct wire_member alert_members[] = {
    MEMBER(souk_alert, tone, U32),
    MEMBER(souk_alert, text, MSG),
    MEMBER_OF(souk_alert, why, PTR, why),
    MEMBER_OF(souk_alert, to, PTR, to),
};
TYPE(alert, true);

static const struct wire_member text_element_members[] = {
    MEMBER(souk_text_element, reserved, U32),
    MEMBER(souk_text_element, text, MSG),
    MEMBER_OF(souk_text_element, to, PTR, to),
};
TYPE(text_element, true);

static const struct wire_member empty_members[] = {
    MEMBER(souk_empty, reserved, U32),
    MEMBER(souk_empty, text, MSG),
    MEMBER(souk_empty, fills, CSTR),
};
TYPE(empty, true);

static const struct wire_member item_members[] = {
    MEMBER(souk_item, tone, U32),
    MEMBER(souk_item, title, MSG),
    MEMBER(souk_item, note, MSG),
    MEMBER(souk_item, badge, MSG),
    MEMBER(souk_item, due, VALUE),
    MEMBER(souk_item, value, VALUE),
    MEMBER_OF(souk_item, why, PTR, why),
    MEMBER_OF(souk_item, to, PTR, to),
};
TYPE(item, true);

static const struct wire_member letter_members[] = {
    MEMBER(souk_letter, side, U32),
    MEMBER(souk_letter, from, MSG),
    MEMBER(souk_letter, at, VALUE),
    MEMBER(souk_letter, state, MSG),
    MEMBER(souk_letter, subject, STR),
    MEMBER(souk_letter, body, STR),
};
TYPE(letter, true);

static const struct wire_member choice_members[] = {
    MEMBER(souk_choice, value, CSTR),
    MEMBER(souk_choice, title, CSTR),
};
TYPE(choice, false);

/* Without what stands in it: a field within a field has no fields. */
#define FIELD_MEMBERS \
    MEMBER(souk_field, type, U32), \
    MEMBER(souk_field, name, CSTR), \
    MEMBER(souk_field, title, CSTR), \
    MEMBER(souk_field, fallback, VALUE), \
    MEMBER(souk_field, min, I64), \
    MEMBER(souk_field, max, I64), \
    MEMBER_OF(souk_field, choices, LIST, choice), \
    MEMBER(souk_field, flags, U32), \
    MEMBER(souk_field, reserved, U32), \
    MEMBER(souk_field, about, CSTR), \
    MEMBER(souk_field, currency_of, CSTR), \
    MEMBER(souk_field, zone_of, CSTR), \
    MEMBER(souk_field, when, CSTR), \
    MEMBER(souk_field, when_is, CSTR), \
    MEMBER(souk_field, choices_from, CSTR)
/* Those behind .fields. */
#define FIELD_MORE \
    MEMBER(souk_field, country_of, CSTR), \
    MEMBER(souk_field, kind, CSTR), \
    MEMBER(souk_field, digits, U32), \
    MEMBER(souk_field, reserved2, U32)
static const struct wire_member inner_members[] = { FIELD_MEMBERS, FIELD_MORE };
static const struct wire_type wire_inner =
    { "souk_field", sizeof(struct souk_field), true, inner_members, COUNT_OF(inner_members) };
static const struct wire_member field_members[] = { FIELD_MEMBERS, MEMBER_OF(souk_field, fields, LIST, inner), FIELD_MORE };
TYPE(field, true);

static const struct wire_member form_members[] = {
    MEMBER(souk_form, tone, U32),
    MEMBER(souk_form, command, CSTR),
    MEMBER(souk_form, title, MSG),
    MEMBER(souk_form, button, MSG),
    MEMBER(souk_form, note, MSG),
    MEMBER(souk_form, args, ARGS),
    MEMBER_OF(souk_form, fields, LIST, field),
    MEMBER(souk_form, is_folded, U32),
    MEMBER(souk_form, reserved, U32),
    MEMBER(souk_form, also, CSTR),
    MEMBER(souk_form, also_button, MSG),
};
TYPE(form, true);

static const struct wire_member progress_members[] = {
    MEMBER(souk_progress, tone, U32),
    MEMBER(souk_progress, label, MSG),
    MEMBER(souk_progress, value, VALUE),
    MEMBER(souk_progress, of, VALUE),
    MEMBER(souk_progress, note, MSG),
    MEMBER_OF(souk_progress, why, PTR, why),
    MEMBER_OF(souk_progress, to, PTR, to),
};
TYPE(progress, true);

static const struct wire_member article_members[] = {
    MEMBER(souk_article, reserved, U32),
    MEMBER(souk_article, text, STR),
};
TYPE(article, true);

static const struct wire_member pager_members[] = {
    MEMBER(souk_pager, reserved, U32),
    MEMBER_OF(souk_pager, before, PTR, to),
    MEMBER_OF(souk_pager, next, PTR, to),
};
TYPE(pager, true);

static const struct wire_member run_members[] = {
    MEMBER(souk_run, reserved, U32),
    MEMBER(souk_run, id, CSTR),
    MEMBER(souk_run, args, ARGS),
};
TYPE(run, true);

static const struct wire_member policy_members[] = {
    MEMBER(souk_policy, since, I32),
    MEMBER(souk_policy, value, VALUE),
    MEMBER(souk_policy, source, CSTR),
    MEMBER(souk_policy, checked, I32),
    MEMBER(souk_policy, reserved, I32),
};
TYPE(policy, true);

static const struct wire_member import_file_members[] = {
    MEMBER(souk_import_file, reserved, U32),
    MEMBER(souk_import_file, name, CSTR),
    MEMBER(souk_import_file, charset, CSTR),
    MEMBER(souk_import_file, market, CSTR),
    MEMBER(souk_import_file, currency, CSTR),
};
TYPE(import_file, true);

static const struct wire_member record_members[] = {
    MEMBER(souk_record, is_new, U32),
    MEMBER(souk_record, id, CSTR),
    MEMBER(souk_record, was, ARGS),
    MEMBER(souk_record, now, ARGS),
    MEMBER(souk_record, changed, CSTR),
};
TYPE(record, true);

static const struct wire_member records_members[] = {
    MEMBER(souk_records, reserved, U32),
    MEMBER(souk_records, shown, CSTR),
    MEMBER_OF(souk_records, list, LIST, record),
};
TYPE(records, true);

const struct wire_type *const wire_types[] = {
    &wire_str, &wire_msg, &wire_rows, &wire_market_now, &wire_ask, &wire_why, &wire_to, &wire_stat,
    &wire_fact, &wire_table, &wire_chart, &wire_alert, &wire_text_element, &wire_empty, &wire_run,
    &wire_policy, &wire_import_file, &wire_item, &wire_letter, &wire_choice, &wire_field, &wire_form,
    &wire_progress, &wire_article, &wire_pager, &wire_args, &wire_record,
    &wire_records, NULL
};

static const uint8_t kind_bytes[] = {
    [WIRE_U32] = 4, [WIRE_I32] = 4, [WIRE_I64] = 8,
    [WIRE_CSTR] = sizeof(char *), [WIRE_STR] = sizeof(struct souk_str),
    [WIRE_VALUE] = sizeof(struct souk_value), [WIRE_ARGS] = sizeof(struct souk_args),
    [WIRE_MSG] = sizeof(struct souk_msg), [WIRE_ROWS] = sizeof(struct souk_rows),
    [WIRE_PTR] = sizeof(void *), [WIRE_LIST] = sizeof(struct souk_list),
};

/* What the members of a value mean for its type; the others are zero. */
enum { NUM = 1, DEN = 2, TEXT = 4, CURRENCY = 8, BYTES = 16 };
static const struct {
    const char *word;
    unsigned has;
} types[] = {
    [SOUK_NONE] = { "none", 0 },
    [SOUK_TEXT] = { "text", TEXT },
    [SOUK_KEY] = { "key", TEXT },
    [SOUK_BOOL] = { "bool", NUM },
    [SOUK_COUNT] = { "count", NUM },
    [SOUK_DECIMAL] = { "decimal", NUM | DEN },
    [SOUK_MONEY] = { "money", NUM | CURRENCY },
    [SOUK_AVERAGE] = { "average", NUM | DEN | CURRENCY },
    [SOUK_RATE] = { "rate", NUM | DEN },
    [SOUK_BP] = { "bp", NUM },
    [SOUK_DAY] = { "day", NUM },
    [SOUK_INSTANT] = { "instant", NUM | TEXT },
    [SOUK_SECONDS] = { "seconds", NUM },
    [SOUK_MARKET] = { "market", TEXT },
    [SOUK_CURRENCY] = { "currency", TEXT },
    [SOUK_COUNTRY] = { "country", TEXT },
    [SOUK_ZONE] = { "zone", TEXT },
    [SOUK_REF] = { "ref", TEXT },
    [SOUK_TAIL] = { "tail", TEXT },
    [SOUK_BYTES] = { "bytes", TEXT | BYTES },
    [SOUK_REGION] = { "region", TEXT },
    [SOUK_LANGUAGE] = { "language", TEXT },
};

uint32_t type_of_word(const char *word, size_t n)
{
    for (uint32_t i = 1; i < COUNT_OF(types); i++)
        if (strlen(types[i].word) == n && memcmp(types[i].word, word, n) == 0)
            return i;
    return 0;
}

const char *word_of_type(uint32_t type)
{
    return type < COUNT_OF(types) ? types[type].word : "unknown";
}

/* ---- columns --------------------------------------------------------------------------------- */

static bool is_name(const char *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(at[i] >= 'a' && at[i] <= 'z')
            && !(i && ((at[i] >= '0' && at[i] <= '9') || at[i] == '_')))
            return false;
    return n > 0 && n <= 60;
}

/* One word, "sales:money/currency+total". */
static int column_parse(struct arena *a, const char *at, size_t n, struct column *c,
                        struct err *err)
{
    const char *end = at + n, *name_end = memchr(at, ':', n);
    int shown = n > 60 ? 60 : (int)n;
    if (!name_end)
        return err_set(err, ERR_PLUGIN, "The column \"%.*s\" has no type: write it as name:type.",
                       shown, at);
    if (!is_name(at, (size_t)(name_end - at)))
        return err_set(err, ERR_PLUGIN, "The column \"%.*s\" needs another name: lower-case"
                       " letters, digits and _, a letter first.", shown, at);
    const char *word = name_end + 1, *word_end = word;
    while (word_end < end && *word_end != '/' && *word_end != '+')
        word_end++;
    c->name = arena_textn(a, at, (size_t)(name_end - at));
    c->type_word = arena_textn(a, word, (size_t)(word_end - word));
    c->type = type_of_word(word, (size_t)(word_end - word));
    c->currency = "";
    if (!c->type)
        return err_set(err, ERR_PLUGIN, "The column \"%.*s\" has a type that does not exist: use"
                       " one of enum souk_type in lower case, such as text, count, money, day.",
                       shown, at);
    at = word_end;
    if (at < end && *at == '/') {
        const char *other = ++at;
        while (at < end && *at != '+')
            at++;
        if (!(types[c->type].has & CURRENCY))
            return err_set(err, ERR_PLUGIN, "The column \"%s\" is no money and has no currency:"
                           " leave out \"/%.*s\".", c->name, (int)(at - other), other);
        if (!is_name(other, (size_t)(at - other)))
            return err_set(err, ERR_PLUGIN, "The column \"%s\" must name the column of its currency"
                           " behind the /.", c->name);
        c->currency = arena_textn(a, other, (size_t)(at - other));
    }
    while (at < end) {
        const char *flag = ++at;
        while (at < end && *at != '+')
            at++;
        size_t length = (size_t)(at - flag);
        if (length == 6 && memcmp(flag, "hidden", 6) == 0)
            c->is_hidden = true;
        else if (length == 5 && memcmp(flag, "total", 5) == 0)
            c->has_total = true;
        else
            return err_set(err, ERR_PLUGIN, "The column \"%s\" has the mark \"+%.*s\"; there are"
                           " +hidden and +total.", c->name, length > 40 ? 40 : (int)length, flag);
    }
    if (c->has_total && c->type != SOUK_COUNT && c->type != SOUK_MONEY && c->type != SOUK_SECONDS)
        return err_set(err, ERR_PLUGIN, "The column \"%s\" cannot have a total: only count, money"
                       " and seconds add up.", c->name);
    return 0;
}

static const struct column *column_named(const struct column *column, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (text_is(column[i].name, name))
            return &column[i];
    return NULL;
}

int columns_parse(struct arena *a, const char *text, struct column **out, size_t *n,
                  struct err *err)
{
    size_t count = 0;
    *n = 0;
    for (const char *at = text; *at;) {
        at += strspn(at, " ");
        count += *at != '\0';
        at += strcspn(at, " ");
    }
    if (count == 0 || count > COLUMNS_MAX)
        return err_set(err, ERR_PLUGIN, "There are %zu columns, but 1 to %d are possible: write"
                       " them as \"day:day units:count\".", count, COLUMNS_MAX);
    struct column *column = arena_zero(a, count * sizeof *column);
    for (size_t i = 0; i < count; i++) {
        text += strspn(text, " ");
        size_t length = strcspn(text, " ");
        int rc = column_parse(a, text, length, &column[i], err);
        if (rc < 0)
            return rc;
        if (column_named(column, i, column[i].name))
            return err_set(err, ERR_PLUGIN, "The column \"%s\" stands twice: give each its own"
                           " name.", column[i].name);
        text += length;
    }
    for (size_t i = 0; i < count; i++) {
        if (!*column[i].currency)
            continue;
        const struct column *c = column_named(column, count, column[i].currency);
        if (!c || (c->type != SOUK_CURRENCY && c->type != SOUK_MARKET))
            return err_set(err, ERR_PLUGIN, "The column \"%s\" takes its currency from \"%s\","
                           " which must be a column of type currency or market.", column[i].name,
                           column[i].currency);
    }
    *out = column;
    *n = count;
    return 0;
}

/* ---- one walk -------------------------------------------------------------------------------- */

struct walk {
    const char *type, *member;                          /* where it is, for the sentence */
    enum err_code code;
    struct err *err;
    struct buf *out;                                    /* writing */
    struct wire_in in;                                  /* reading */
    struct arena *a;
    bool takes_bytes;                                   /* rows alone, as an import has them */
};

static int fault(struct walk *w, const char *what)
{
    return err_set(w->err, w->code, "%s%s%s: %s.", w->type, *w->member ? "." : "", w->member, what);
}

/* What a value or a cell must be, on either side. */
static int value_check(struct walk *w, const struct souk_value *v)
{
    unsigned has = types[v->type].has;
    if (has & BYTES && !w->takes_bytes)
        return fault(w, "bytes stand in the rows of an import and nowhere else");
    if (has & CURRENCY) {
        for (int i = 0; i < 3; i++)
            if (v->currency[i] < 'A' || v->currency[i] > 'Z')
                return fault(w, "money needs its currency, three capital letters");
        if (v->currency[3])
            return fault(w, "a currency is three letters and a zero");
    }
    if (has & DEN && (v->den < 0 || (v->type == SOUK_DECIMAL && v->den > 18)))
        return fault(w, v->type == SOUK_DECIMAL ? "a decimal has 0 to 18 places"
                     : "nothing is divided by less than 0");
    if (v->type == SOUK_BOOL && v->num != 0 && v->num != 1)
        return fault(w, "a bool is 0 or 1");
    if (v->type == SOUK_DAY && (v->num < INT32_MIN || v->num > INT32_MAX))
        return fault(w, "a day is a number of 32 bits");
    return 0;
}

/* Parses and compares the columns of rows; gives their types. */
static int rows_check(struct walk *w, struct arena *a, const struct souk_rows *r,
                      struct column **column)
{
    struct err wrong = { 0 };
    size_t n;
    if (columns_parse(a, r->columns ? r->columns : "", column, &n, &wrong) < 0)
        return err_set(w->err, w->code, "%s%s%s: %s", w->type, *w->member ? "." : "", w->member,
                       wrong.text);
    if (n != r->n_columns)
        return err_set(w->err, w->code, "%s%s%s: its columns name %zu, but n_columns is %u.",
                       w->type, *w->member ? "." : "", w->member, n, r->n_columns);
    if (r->n_rows > CELLS_MAX / r->n_columns)
        return fault(w, "it has more rows than any table may have");
    return 0;
}

static int cell_check(struct walk *w, const struct column *c, const struct souk_value *v)
{
    if (v->type && v->type != c->type)
        return err_set(w->err, w->code, "%s%s%s: the column \"%s\" is %s, but a cell of it is %s.",
                       w->type, *w->member ? "." : "", w->member, c->name, c->type_word,
                       word_of_type(v->type));
    return 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void u32_bytes(unsigned char byte[4], uint32_t v)
{
    for (int i = 0; i < 4; i++)
        byte[i] = (unsigned char)(v >> 8 * i);
}

static void put_u32(struct walk *w, uint32_t v)
{
    unsigned char byte[4];
    u32_bytes(byte, v);
    buf_put(w->out, byte, sizeof byte);
}

static void put_i64(struct walk *w, int64_t v)
{
    put_u32(w, (uint32_t)v);
    put_u32(w, (uint32_t)((uint64_t)v >> 32));
}

static int put_bytes(struct walk *w, const char *at, size_t n)
{
    if (n > TEXT_MAX)
        return fault(w, "a text has more than 1 MiB");
    put_u32(w, (uint32_t)n);
    buf_put(w->out, at, n);
    return 0;
}

static int put_text(struct walk *w, const char *at, size_t n)
{
    if (n <= TEXT_MAX && !utf8_is_valid(at, n))
        return fault(w, "a text is not UTF-8");
    return put_bytes(w, at, n);
}

static int put_cstr(struct walk *w, const char *text)
{
    if (text)
        return put_text(w, text, strnlen(text, TEXT_MAX + 1));
    put_u32(w, NO_TEXT);
    return 0;
}

static int put_str(struct walk *w, const struct souk_str *s, bool is_text)
{
    if (!s->at) {
        if (s->len)
            return fault(w, "a text has a length but no place");
        put_u32(w, NO_TEXT);
        return 0;
    }
    if (s->len <= TEXT_MAX && s->at[s->len])
        return fault(w, "a text does not end with a zero where its length says");
    return is_text ? put_text(w, s->at, s->len) : put_bytes(w, s->at, s->len);
}

static int put_value(struct walk *w, const struct souk_value *v)
{
    if (v->type >= COUNT_OF(types))
        return fault(w, "a value has a type that does not exist");
    unsigned has = types[v->type].has;
    int rc = value_check(w, v);
    if (rc < 0)
        return rc;
    put_u32(w, v->type);
    if (has & CURRENCY)
        buf_put(w->out, v->currency, sizeof v->currency);
    if (has & NUM)
        put_i64(w, v->num);
    if (has & DEN)
        put_i64(w, v->den);
    return has & TEXT ? put_str(w, &v->text, !(has & BYTES)) : 0;
}

static int put_args(struct walk *w, const struct souk_args *args)
{
    if (args->n > ARGS_MAX || (args->n && !args->at))
        return fault(w, "its number of arguments cannot be true");
    put_u32(w, args->n);
    for (uint32_t i = 0; i < args->n; i++) {
        if (!args->at[i].name || !*args->at[i].name)
            return fault(w, "an argument has no name");
        int rc = put_cstr(w, args->at[i].name);
        if (rc == 0)
            rc = put_value(w, &args->at[i].value);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int put_rows(struct walk *w, const struct souk_rows *r)
{
    struct arena *tmp = arena_new("columns", 1024);
    struct column *column;
    int rc = rows_check(w, tmp, r, &column);
    if (rc == 0 && r->n_rows && !r->cell)
        rc = fault(w, "it has rows but no cells");
    if (rc == 0)
        rc = put_cstr(w, r->columns);
    if (rc == 0) {
        put_u32(w, r->n_columns);
        put_u32(w, r->n_rows);
        put_u32(w, r->is_cut);
    }
    for (size_t i = 0; rc == 0 && i < (size_t)r->n_rows * r->n_columns; i++) {
        rc = cell_check(w, &column[i % r->n_columns], &r->cell[i]);
        if (rc == 0)
            rc = put_value(w, &r->cell[i]);
    }
    arena_free(tmp);
    return rc;
}

static int put_struct(struct walk *w, const struct wire_type *type, const char *from, size_t given);

static int put_list(struct walk *w, const struct wire_type *type, const struct souk_list *list)
{
    if (list->n > LIST_MAX
        || (list->n && (!list->at || list->size < STRUCT_MIN || list->size > STRUCT_MAX
                        || (!type->has_size && list->size < type->size))))
        return fault(w, "its count or the size of its elements cannot be true");
    put_u32(w, list->n);
    for (size_t i = 0; i < list->n; i++) {
        int rc = put_struct(w, type, (const char *)list->at + i * list->size, list->size);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Members are copied out before they are looked at: only the table knows what lies where. */
static int put_member(struct walk *w, const struct wire_member *m, const char *at)
{
    union {
        uint32_t u32;
        int32_t i32;
        int64_t i64;
        const char *text;
        struct souk_str str;
        struct souk_value value;
        struct souk_args args;
        struct souk_msg msg;
        struct souk_rows rows;
        struct souk_list list;
    } v;
    memcpy(&v, at, kind_bytes[m->kind]);
    int rc = 0;
    switch ((enum wire_kind)m->kind) {
    case WIRE_U32:
    case WIRE_I32:
        put_u32(w, v.u32);
        break;
    case WIRE_I64:
        put_i64(w, v.i64);
        break;
    case WIRE_CSTR:
        rc = put_cstr(w, v.text);
        break;
    case WIRE_STR:
        rc = put_str(w, &v.str, true);
        break;
    case WIRE_VALUE:
        rc = put_value(w, &v.value);
        break;
    case WIRE_ARGS:
        rc = put_args(w, &v.args);
        break;
    case WIRE_MSG:
        rc = put_cstr(w, v.msg.key);
        if (rc == 0)
            rc = put_args(w, &v.msg.args);
        break;
    case WIRE_ROWS:
        rc = put_rows(w, &v.rows);
        break;
    case WIRE_PTR:
        put_u32(w, v.text ? 1 : 0);
        if (v.text)
            rc = put_struct(w, m->type, v.text, SIZE_MAX);
        break;
    case WIRE_LIST:
        rc = put_list(w, m->type, &v.list);
        break;
    }
    return rc;
}

/* `given`: how much there is for sure, whatever the struct says of itself. */
static int put_struct(struct walk *w, const struct wire_type *type, const char *from, size_t given)
{
    const char *outer_type = w->type, *outer_member = w->member;
    size_t known = type->size, start = w->out->len;
    int rc = 0;
    w->type = type->name;
    w->member = "";
    if (type->has_size) {
        uint32_t size;
        memcpy(&size, from, sizeof size);
        if (size < STRUCT_MIN || size > STRUCT_MAX)
            rc = fault(w, "its size cannot be true: set .size = sizeof of the struct");
        known = size < given ? size : given;
        put_u32(w, 0);
    }
    for (uint32_t i = 0; rc == 0 && i < type->n_members; i++) {
        const struct wire_member *m = &type->member[i];
        if (m->at + (size_t)kind_bytes[m->kind] > known)
            break;
        w->member = m->name;
        rc = put_member(w, m, from + m->at);
    }
    if (rc == 0 && type->has_size) {
        unsigned char length[4];
        u32_bytes(length, (uint32_t)(w->out->len - start - sizeof length));
        memcpy(w->out->at + start, length, sizeof length);
    }
    w->type = outer_type;
    w->member = outer_member;
    return rc;
}

static void buf_cut(struct buf *b, size_t len)
{
    b->len = len;
    if (b->at)
        b->at[len] = '\0';
}

int wire_put(struct buf *out, const struct wire_type *type, const void *from, struct err *err)
{
    struct walk w = { .code = ERR_PLUGIN, .err = err, .out = out, .takes_bytes = type == &wire_rows };
    size_t before = out->len;
    int rc = put_struct(&w, type, from, SIZE_MAX);
    if (rc < 0)
        buf_cut(out, before);
    return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int get_bytes(struct walk *w, void *to, size_t n)
{
    if (w->in.n < n)
        return fault(w, "the bytes end too early");
    memcpy(to, w->in.at, n);
    w->in.at += n;
    w->in.n -= n;
    return 0;
}

static int get_u32(struct walk *w, uint32_t *v)
{
    unsigned char byte[4] = { 0 };
    int rc = get_bytes(w, byte, sizeof byte);
    *v = 0;
    for (int i = 4; i-- > 0;)
        *v = *v << 8 | byte[i];
    return rc;
}

static int get_i64(struct walk *w, int64_t *v)
{
    uint32_t low, high = 0;
    int rc = get_u32(w, &low);
    if (rc == 0)
        rc = get_u32(w, &high);
    *v = (int64_t)((uint64_t)high << 32 | low);
    return rc;
}

/* at is NULL where NULL was written. */
static int get_text(struct walk *w, const char **at, uint32_t *n, bool is_text)
{
    int rc = get_u32(w, n);
    *at = NULL;
    if (rc < 0 || *n == NO_TEXT) {
        *n = 0;
        return rc;
    }
    if (*n > TEXT_MAX || *n > w->in.n)
        return fault(w, "a text is longer than what is there");
    if (is_text && !utf8_is_valid((const char *)w->in.at, *n))
        return fault(w, "a text is not UTF-8");
    *at = arena_textn(w->a, (const char *)w->in.at, *n);
    w->in.at += *n;
    w->in.n -= *n;
    return 0;
}

static int get_cstr(struct walk *w, const char **text)
{
    uint32_t n;
    int rc = get_text(w, text, &n, true);
    if (rc == 0 && *text && strlen(*text) != n)
        return fault(w, "a text holds a NUL byte");
    return rc;
}

static int get_str(struct walk *w, struct souk_str *s, bool is_text)
{
    s->reserved = 0;
    return get_text(w, &s->at, &s->len, is_text);
}

static int get_value(struct walk *w, struct souk_value *v)
{
    *v = (struct souk_value){ .text = { "", 0, 0 } };
    int rc = get_u32(w, &v->type);
    if (rc == 0 && v->type >= COUNT_OF(types))
        rc = fault(w, "a value has a type that does not exist");
    if (rc < 0)
        return rc;
    unsigned has = types[v->type].has;
    if (has & CURRENCY)
        rc = get_bytes(w, v->currency, sizeof v->currency);
    if (rc == 0 && has & NUM)
        rc = get_i64(w, &v->num);
    if (rc == 0 && has & DEN)
        rc = get_i64(w, &v->den);
    if (rc == 0 && has & TEXT)
        rc = get_str(w, &v->text, !(has & BYTES));
    if (!v->text.at)
        v->text.at = "";
    return rc == 0 ? value_check(w, v) : rc;
}

static int get_args(struct walk *w, struct souk_args *args)
{
    uint32_t n;
    int rc = get_u32(w, &n);
    if (rc == 0 && (n > ARGS_MAX || n > w->in.n / 8))   /* the shortest is a name of a letter and a type */
        rc = fault(w, "its number of arguments cannot be true");
    if (rc < 0)
        return rc;
    struct souk_arg *arg = n ? arena_zero(w->a, n * sizeof *arg) : NULL;
    for (uint32_t i = 0; rc == 0 && i < n; i++) {
        rc = get_cstr(w, &arg[i].name);
        if (rc == 0 && (!arg[i].name || !*arg[i].name))
            rc = fault(w, "an argument has no name");
        if (rc == 0)
            rc = get_value(w, &arg[i].value);
    }
    *args = (struct souk_args){ arg, n, 0 };
    return rc;
}

static int get_rows(struct walk *w, struct souk_rows *r)
{
    struct column *column;
    *r = (struct souk_rows){ 0 };
    int rc = get_cstr(w, &r->columns);
    if (rc == 0)
        rc = get_u32(w, &r->n_columns);
    if (rc == 0)
        rc = get_u32(w, &r->n_rows);
    if (rc == 0)
        rc = get_u32(w, &r->is_cut);
    if (rc == 0)
        rc = rows_check(w, w->a, r, &column);
    size_t n = (size_t)r->n_rows * r->n_columns;
    if (rc == 0 && n > w->in.n / 4)                     /* the shortest cell is its type */
        rc = fault(w, "it says it has more cells than there are bytes");
    if (rc < 0)
        return rc;
    struct souk_value *cell = arena_alloc(w->a, n * sizeof *cell);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = get_value(w, &cell[i]);
        if (rc == 0)
            rc = cell_check(w, &column[i % r->n_columns], &cell[i]);
    }
    r->cell = cell;
    return rc;
}

static int get_struct(struct walk *w, const struct wire_type *type, void *to);

static int get_pointer(struct walk *w, const struct wire_type *type, void **to)
{
    uint32_t is_there;
    int rc = get_u32(w, &is_there);
    *to = NULL;
    if (rc == 0 && is_there > 1)
        rc = fault(w, "it is neither there nor not there");
    if (rc < 0 || !is_there)
        return rc;
    *to = arena_alloc(w->a, type->size);
    return get_struct(w, type, *to);
}

static int get_list(struct walk *w, const struct wire_type *type, struct souk_list *list)
{
    uint32_t n;
    int rc = get_u32(w, &n);
    if (rc == 0 && (n > LIST_MAX || n > w->in.n / 4))
        rc = fault(w, "its count cannot be true");
    if (rc < 0)
        return rc;
    char *at = arena_zero(w->a, (size_t)n * type->size);
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = get_struct(w, type, at + i * type->size);
    *list = (struct souk_list){ at, n, type->size };
    return rc;
}

static int get_member(struct walk *w, const struct wire_member *m, char *to)
{
    union {
        uint32_t u32;
        int64_t i64;
        const char *text;
        void *pointer;
        struct souk_str str;
        struct souk_value value;
        struct souk_args args;
        struct souk_msg msg;
        struct souk_rows rows;
        struct souk_list list;
    } v;
    memset(&v, 0, sizeof v);
    int rc = 0;
    switch ((enum wire_kind)m->kind) {
    case WIRE_U32:
    case WIRE_I32:
        rc = get_u32(w, &v.u32);
        break;
    case WIRE_I64:
        rc = get_i64(w, &v.i64);
        break;
    case WIRE_CSTR:
        rc = get_cstr(w, &v.text);
        break;
    case WIRE_STR:
        rc = get_str(w, &v.str, true);
        break;
    case WIRE_VALUE:
        rc = get_value(w, &v.value);
        break;
    case WIRE_ARGS:
        rc = get_args(w, &v.args);
        break;
    case WIRE_MSG:
        rc = get_cstr(w, &v.msg.key);
        if (rc == 0)
            rc = get_args(w, &v.msg.args);
        break;
    case WIRE_ROWS:
        rc = get_rows(w, &v.rows);
        break;
    case WIRE_PTR:
        rc = get_pointer(w, m->type, &v.pointer);
        break;
    case WIRE_LIST:
        rc = get_list(w, m->type, &v.list);
        break;
    }
    memcpy(to, &v, kind_bytes[m->kind]);
    return rc;
}

static int get_struct(struct walk *w, const struct wire_type *type, void *to)
{
    const char *outer_type = w->type, *outer_member = w->member;
    struct wire_in rest = { 0 };
    int rc = 0;
    w->type = type->name;
    w->member = "";
    memset(to, 0, type->size);
    if (type->has_size) {
        uint32_t n;
        rc = get_u32(w, &n);
        if (rc == 0 && n > w->in.n)
            rc = fault(w, "the bytes end too early");
        if (rc == 0) {
            memcpy(to, &type->size, sizeof type->size);
            rest = (struct wire_in){ w->in.at + n, w->in.n - n };
            w->in.n = n;
        }
    }
    for (uint32_t i = 0; rc == 0 && i < type->n_members && (w->in.n || !type->has_size); i++) {
        w->member = type->member[i].name;
        rc = get_member(w, &type->member[i], (char *)to + type->member[i].at);
    }
    if (rc == 0 && type->has_size)
        w->in = rest;                                   /* and what a newer giver wrote is skipped */
    w->type = outer_type;
    w->member = outer_member;
    return rc;
}

int wire_get(struct wire_in *in, const struct wire_type *type, struct arena *a, void *to,
             struct err *err)
{
    struct walk w = {
        .code = ERR_CORRUPT, .err = err, .in = *in, .a = a, .takes_bytes = type == &wire_rows
    };
    int rc = get_struct(&w, type, to);
    if (rc == 0)
        *in = w.in;
    return rc;
}
