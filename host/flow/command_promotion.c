/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command_promotion.c: the seller's own promotions.
 *
 * in:     kind, schedule and parameters
 * out:    promotion, its parameters as JSON; a warning where those that run together could take off everything
 * knows:  promo, policy.  Evaluates nothing: that is a promotion's script, later.
 *
 * draft --activate--> active <--pause, activate--> paused; all --end--> ended, for good.
 * Discounts add up: all are taken off the price before any of them.  So two of 50 % make a gift.
 */
#include "command_in.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "data/mask.h"
#include "data/promo.h"

enum { ALL_BP = 10000, NAMED = 5 };

static const struct souk_choice kinds[] = {
    { "percent_off", "promotion.kind.percent_off" }, { "fixed_price_per_x", "promotion.kind.fixed_price_per_x" },
    { "buy_x_get_y", "promotion.kind.buy_x_get_y" }, { "free_shipping", "promotion.kind.free_shipping" },
    { "code", "promotion.kind.code" }, { "coupon", "promotion.kind.coupon" },
};

/* Parameters, which of the kinds need them and which may have them, in the order of `kinds`. */
enum { N_KINDS = COUNT_OF(kinds) };
static const struct { const char *name, *of; } params[] = {     /* + needs it, ? may have it, - has no such thing */
    { "percent", "+-?-++" },
    { "units",   "?+----" },
    { "price",   "-+----" },
    { "buy",     "--+---" },
    { "get",     "--+---" },
    { "spend",   "?--???" },
    { "code",    "----+-" },
    { "budget",  "-----+" },
    { "skus",    "??????" },
};

#define PARAM_FIELDS \
    FIELD(PERCENT, "percent", OPTIONAL, .min = 1, MOST(ALL_BP)), \
    FIELD(COUNT, "units", OPTIONAL, .min = 1, MOST(1000), .about = "field.units.about"), \
    FIELD(MONEY, "price", OPTIONAL, MOST(MINOR_MOST), .currency_of = "market"), \
    FIELD(COUNT, "buy", OPTIONAL, .min = 1, MOST(1000)), \
    FIELD(COUNT, "get", OPTIONAL, .min = 1, MOST(1000)), \
    FIELD(MONEY, "spend", OPTIONAL, MOST(MINOR_MOST), .currency_of = "market", .about = "field.spend.about"), \
    FIELD(LINE, "code", OPTIONAL, MOST(KEY_LETTERS)), \
    FIELD(MONEY, "budget", OPTIONAL, MOST(MINOR_MOST), .currency_of = "market"), \
    FIELD(AREA, "skus", OPTIONAL, MOST(BODY_LETTERS), .about = "field.skus.about")

static const struct souk_field add_fields[] = {
    FIELD(ONE_OF, "kind", NEEDED, CHOICES(kinds)),
    FIELD(LINE, "name", NEEDED, MOST(LINE_LETTERS)),
    FIELD(MARKET, "market", NEEDED),
    FIELD(INSTANT, "starts", NEEDED, .zone_of = "market"),
    FIELD(INSTANT, "ends", NEEDED, .zone_of = "market"),
    PARAM_FIELDS,
};

static const struct souk_field change_fields[] = {
    FIELD(LINE, "promotion", NEEDED, MOST(KEY_LETTERS)),
    FIELD(MARKET, "market", OPTIONAL, .about = "field.market.same"),
    FIELD(LINE, "name", OPTIONAL, MOST(LINE_LETTERS)),
    FIELD(INSTANT, "starts", OPTIONAL, .zone_of = "market"),
    FIELD(INSTANT, "ends", OPTIONAL, .zone_of = "market"),
    PARAM_FIELDS,
};

static const struct souk_field promotion_fields[] = {
    FIELD(LINE, "promotion", NEEDED, MOST(KEY_LETTERS)),
};

/* ---- a promotion, as stored and as it is to be ------------------------------------------------- */

struct promotion {
    int64_t no;
    const char *id, *kind, *name, *status;
    const struct market *market;
    int64_t starts_s, ends_s;
    json_t *params;                                     /* an object; ends with the arena */
};

static void params_free(void *json)
{
    json_decref(json);
}

static json_t *params_keep(struct doing *d, json_t *json)
{
    arena_at_end(d->a, params_free, json);
    return json;
}

static const char sql_promotion_get[] =
    "SELECT p.no, p.promotion_id, p.source, p.kind, p.name, p.status, m.id, p.start_s, p.end_s, p.params"
    " FROM promotion p LEFT JOIN market m ON m.no = p.market_no"
    " WHERE p.promotion_id = :promotion_id";

static int own_get(struct doing *d, const struct souk_args *args, struct promotion *p, struct err *err)
{
    const char *id = arg_text(args, "promotion");
    struct stmt *get = stmt_of(d->db, sql_promotion_get, err);
    if (!get)
        return -err->code;
    bind_text(get, 1, id);
    int rc = stmt_step(d->db, get, err);
    if (rc <= 0)
        return rc < 0 ? rc : doing_refuse(d, "promotion", err, ERR_ABSENT, "There is no promotion %s.", id);
    bool is_own = text_is(stmt_text(get, 2), "own");
    json_t *json = json_loads(stmt_text(get, 9), 0, NULL);
    *p = (struct promotion){
        .no = stmt_int(get, 0), .id = arena_text(d->a, stmt_text(get, 1)), .kind = arena_text(d->a, stmt_text(get, 3)),
        .name = arena_text(d->a, stmt_text(get, 4)), .status = arena_text(d->a, stmt_text(get, 5)),
        .market = market_by_id(stmt_text(get, 6)), .starts_s = stmt_int(get, 7), .ends_s = stmt_int(get, 8),
        .params = params_keep(d, json ? json : json_object()),
    };
    stmt_reset(get);
    d->ref = arena_printf(d->a, "promotion:%s", p->id);
    if (!is_own)
        return doing_refuse(d, "promotion", err, ERR_DENIED, "Promotion %s is the marketplace's; change it there.", id);
    return p->market ? 0 : err_set(err, ERR_CORRUPT, "Promotion %s names no market.", id);
}

static size_t kind_of(const struct promotion *p)
{
    size_t i = 0;
    while (i + 1 < N_KINDS && !text_is(kinds[i].value, p->kind))
        i++;
    return i;
}

static int64_t param_int(const struct promotion *p, const char *name, int64_t otherwise)
{
    const json_t *v = json_object_get(p->params, name);
    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static const char *param_text(const struct promotion *p, const char *name)
{
    const char *v = json_string_value(json_object_get(p->params, name));
    return v ? v : "";
}

/* ---- parameters ------------------------------------------------------------------------------- */

static bool sku_is_known(struct doing *d, const char *sku, struct err *err)
{
    static const char sql[] = "SELECT 1 FROM sku WHERE sku = :sku";
    struct stmt *get = stmt_of(d->db, sql, err);
    if (!get)
        return false;
    bind_text(get, 1, sku);
    int rc = stmt_step(d->db, get, err);
    stmt_reset(get);
    return rc > 0;
}

/* One SKU on a line; or with commas between, where none has a comma itself. */
static int skus_read(struct doing *d, const char *text, json_t **out, struct err *err)
{
    json_t *list = *out = params_keep(d, json_array());
    char *save = NULL;
    for (char *word = strtok_r(arena_text(d->a, text), strchr(text, '\n') ? "\n" : ",", &save); word;
         word = strtok_r(NULL, strchr(text, '\n') ? "\n" : ",", &save)) {
        word += strspn(word, " \t");
        for (size_t n = strlen(word); n && strchr(" \t", word[n - 1]); n--)
            word[n - 1] = '\0';
        if (!*word)
            continue;
        if (!sku_is_known(d, word, err))
            return doing_refuse(d, "skus", err, ERR_ABSENT, "There is no SKU '%.100s'.", word);
        json_array_append_new(list, json_string(word));
    }
    return 0;
}

/* Upper case, letters and digits; what looks alike is told apart nowhere. */
static int code_read(struct doing *d, const char *text, char **code, struct err *err)
{
    char *to = *code = arena_text(d->a, text);
    for (; *to; to++) {
        if (!isascii((unsigned char)*to) || !isalnum((unsigned char)*to))
            return doing_refuse(d, "code", err, ERR_INPUT, "A code has letters A to Z and digits only.");
        *to = (char)toupper((unsigned char)*to);
    }
    return 0;
}

/* What was given goes into the parameters, what was cleared out of them. */
static int params_read(struct doing *d, const struct souk_args *args, struct promotion *p, struct err *err)
{
    json_t *skus;
    char *code;
    int rc = 0;
    for (size_t i = 0; i < COUNT_OF(params) && rc == 0; i++) {
        const struct souk_value *v = souk_given(args, params[i].name);
        if (!v)
            continue;
        if (v->type == SOUK_MONEY && !text_is(v->currency, p->market->currency))
            return doing_refuse(d, params[i].name, err, ERR_INPUT, "%s counts in %s, not in %s.", p->market->name,
                                p->market->currency, v->currency);
        if (v->type == SOUK_NONE) {
            json_object_del(p->params, params[i].name);
        } else if (text_is(params[i].name, "skus")) {
            rc = skus_read(d, v->text.at, &skus, err);
            if (rc == 0)
                json_object_set(p->params, "skus", skus);
        } else if (text_is(params[i].name, "code")) {
            rc = code_read(d, v->text.at, &code, err);
            if (rc == 0)
                json_object_set_new(p->params, "code", json_string(code));
        } else {
            json_object_set_new(p->params, params[i].name, json_integer(v->num));
        }
    }
    return rc;
}

static int params_check(struct doing *d, const struct promotion *p, struct err *err)
{
    size_t kind = kind_of(p);
    for (size_t i = 0; i < COUNT_OF(params); i++) {
        bool is_there = json_object_get(p->params, params[i].name) != NULL;
        if (is_there && params[i].of[kind] == '-')
            return doing_refuse(d, params[i].name, err, ERR_INPUT, "A promotion of the kind %s has no '%s'.", p->kind,
                                params[i].name);
        if (!is_there && params[i].of[kind] == '+')
            return doing_refuse(d, params[i].name, err, ERR_INPUT, "A promotion of the kind %s needs '%s'.", p->kind,
                                params[i].name);
    }
    if (text_is(p->kind, "fixed_price_per_x") && param_int(p, "units", 0) < 2)
        return doing_refuse(d, "units", err, ERR_INPUT, "A fixed price is for two units or more.");
    return 0;
}

/* How it reads in tables: the same for every reader. */
static const char *discount_of(struct doing *d, const struct promotion *p)
{
    struct buf out = { 0 };
    if (text_is(p->kind, "fixed_price_per_x")) {
        buf_printf(&out, "%lld = ", (long long)param_int(p, "units", 0));
        buf_minor(&out, param_int(p, "price", 0), currency_digits(p->market->currency));
        buf_printf(&out, " %s", p->market->currency);
    } else if (text_is(p->kind, "buy_x_get_y")) {
        buf_printf(&out, "%lld + %lld", (long long)param_int(p, "buy", 0), (long long)param_int(p, "get", 0));
    }
    if (json_object_get(p->params, "percent")) {
        int64_t bp = param_int(p, "percent", 0);
        buf_text(&out, out.len ? ", " : "");
        buf_minor(&out, bp % 100 ? bp : bp / 100, bp % 100 ? 2 : 0);
        buf_text(&out, " %");
    }
    const char *text = arena_text(d->a, buf_str(&out));
    buf_free(&out);
    return text;
}

/* ---- the marketplace's rules ------------------------------------------------------------------- */

/* A line of the policy of today, or *is_there false. */
static int policy_of(struct doing *d, const struct market *m, const char *key, enum policy_type type,
                     struct policy_line *line, bool *is_there, struct err *err)
{
    struct err absent = { 0 };
    *is_there = false;
    const struct zone *zone = zone_get(m->zone, err);
    if (!zone)
        return -err->code;
    if (d->setup->policies &&
        policy_get(d->setup->policies, d->a, m->code, key, zone_day(zone, d->now_s), line, &absent) == 0)
        *is_there = line->type == type;
    return absent.code && absent.code != ERR_ABSENT ? err_set(err, (enum err_code)absent.code, "%s", absent.text) : 0;
}

static int check_percent(struct doing *d, const struct promotion *p, struct err *err)
{
    static const struct { const char *key; bool is_least; } limits[] = {
        { "promotion.percent_min", true }, { "promotion.percent_max", false },
    };
    struct policy_line line;
    bool is_there;
    int64_t bp = param_int(p, "percent", 0);
    if (!json_object_get(p->params, "percent") || text_is(p->kind, "buy_x_get_y"))
        return 0;                                       /* what is got for nothing is got for nothing */
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        int rc = policy_of(d, p->market, limits[i].key, POLICY_BP, &line, &is_there, err);
        if (rc < 0)
            return rc;
        if (is_there && (limits[i].is_least ? bp < line.number : bp > line.number))
            return doing_refuse(d, "percent", err, ERR_DENIED, "%s takes promotions of %s %s (%s, %s:%d).",
                                p->market->name, limits[i].is_least ? "at least" : "at most", line.text, line.key,
                                line.file, line.line);
    }
    return 0;
}

/* Saved now, it cannot start before the marketplace has taken it. */
static int check_start(struct doing *d, const struct promotion *p, struct err *err)
{
    struct policy_line line;
    bool is_there;
    int rc = policy_of(d, p->market, "promotion.start_delay", POLICY_SECONDS, &line, &is_there, err);
    if (rc < 0)
        return rc;
    if (p->starts_s < d->now_s)
        return doing_refuse(d, "starts", err, ERR_INPUT, "It cannot start before now.");
    if (is_there && p->starts_s < d->now_s + line.number)
        return doing_refuse(d, "starts", err, ERR_DENIED, "%s wants %s between saving a promotion and its start (%s,"
                            " %s:%d): choose a later start.", p->market->name, line.text, line.key, line.file,
                            line.line);
    return 0;
}

static int check_end(struct doing *d, const struct promotion *p, struct err *err)
{
    if (p->ends_s <= p->starts_s)
        return doing_refuse(d, "ends", err, ERR_INPUT, "It ends before it starts.");
    if (p->ends_s <= d->now_s)
        return doing_refuse(d, "ends", err, ERR_INPUT, "It would have ended already.");
    return 0;
}

/* ---- what runs together ------------------------------------------------------------------------ */

struct live {                                           /* a promotion that may run at the same time */
    const char *name, *code;
    int64_t starts_s, ends_s, bp;                       /* bp: the most it takes off the price */
};

/* The most that a promotion takes off what it applies to; 0 where that hangs on prices. */
static int64_t most_bp(const struct promotion *p)
{
    int64_t buy = param_int(p, "buy", 0), get = param_int(p, "get", 0);
    if (text_is(p->kind, "buy_x_get_y"))
        return buy + get > 0 ? get * param_int(p, "percent", ALL_BP) / (buy + get) : 0;
    return param_int(p, "percent", 0);
}

/* "20 %" of the marketplace's own. */
static int64_t words_bp(const char *discount)
{
    size_t n = strspn(discount, "0123456789.");
    int64_t num, bp;
    int places;
    if (!n || strspn(discount + n, " ") + n + 1 != strlen(discount) || !text_ends(discount, "%") ||
        !decimal_parse(discount, n, '.', &num, &places) || !decimal_to_minor(num, places, 2, &bp))
        return 0;
    return bp;
}

static const char sql_live[] =
    "SELECT p.no, p.source, p.kind, p.name, p.start_s, p.end_s, p.discount, p.params"
    " FROM promotion p JOIN market m ON m.no = p.market_no"
    " WHERE m.id = :market AND p.no <> :no AND (p.end_s IS NULL OR p.end_s > :starts_s)"
    "   AND coalesce(p.start_s, 0) < :ends_s"
    "   AND (p.source <> 'own' OR p.status = 'active')"
    "   AND upper(p.status) NOT IN ('ENDED', 'CANCELLED', 'CANCELED', 'REJECTED', 'EXPIRED', 'FAILED', 'DISABLED')"
    " ORDER BY p.start_s, p.no";

static const char sql_has_sku[] =
    "SELECT 1 FROM promotion_asin a JOIN sku k ON k.asin = a.asin"
    " WHERE a.promotion_no = :promotion_no AND k.sku = :sku";

static const char sql_has_asins[] =
    "SELECT 1 FROM promotion_asin"
    " WHERE promotion_no = :promotion_no"
    " LIMIT 1";

static int has_row(struct doing *d, const char *sql, int64_t no, const char *sku, struct err *err)
{
    struct stmt *get = stmt_of(d->db, sql, err);
    if (!get)
        return -err->code;
    bind_int(get, 1, no);
    if (sku)
        bind_text(get, 2, sku);
    int rc = stmt_step(d->db, get, err);
    stmt_reset(get);
    return rc;
}

static bool list_has(const json_t *list, const char *sku)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (text_is(json_string_value(json_array_get(list, i)), sku))
            return true;
    return false;
}

/* 1: there is a product that both are for.  One that names none is for all. */
static int shares_product(struct doing *d, const struct promotion *p, const struct promotion *other, bool is_own,
                          struct err *err)
{
    const json_t *mine = json_object_get(p->params, "skus"), *theirs = json_object_get(other->params, "skus");
    int rc = 0;
    if (!json_array_size(mine) || (is_own && !json_array_size(theirs)))
        return 1;
    if (!is_own && (rc = has_row(d, sql_has_asins, other->no, NULL, err)) <= 0)
        return rc < 0 ? rc : 1;
    rc = 0;
    for (size_t i = 0; i < json_array_size(mine) && rc == 0; i++) {
        const char *sku = json_string_value(json_array_get(mine, i));
        rc = is_own ? list_has(theirs, sku) : has_row(d, sql_has_sku, other->no, sku, err);
    }
    return rc;
}

static int live_read(struct doing *d, const struct promotion *p, struct live **out, size_t *n, struct err *err)
{
    struct promotion *other = NULL;
    struct live *live = NULL;
    bool *is_own = NULL;
    size_t room = 0, found = 0;
    struct stmt *list = stmt_of(d->db, sql_live, err);
    *n = 0;
    if (!list)
        return -err->code;
    bind_text(list, 1, p->market->id);
    bind_int(list, 2, p->no);
    bind_int(list, 3, p->starts_s);
    bind_int(list, 4, p->ends_s);
    int rc;
    while ((rc = stmt_step(d->db, list, err)) > 0) {
        if (found == room) {
            room = room ? room * 2 : 16;
            live = base_grow(live, room * sizeof *live);
            other = base_grow(other, room * sizeof *other);
            is_own = base_grow(is_own, room * sizeof *is_own);
        }
        json_t *json = json_loads(stmt_text(list, 7), 0, NULL);
        struct promotion *o = &other[found];
        *o = (struct promotion){
            .no = stmt_int(list, 0), .kind = arena_text(d->a, stmt_text(list, 2)),
            .name = arena_text(d->a, stmt_text(list, 3)), .params = params_keep(d, json ? json : json_object()),
        };
        is_own[found] = text_is(stmt_text(list, 1), "own");
        live[found] = (struct live){
            o->name, param_text(o, "code"), stmt_int(list, 4), stmt_is_null(list, 5) ? INT64_MAX : stmt_int(list, 5),
            is_own[found] ? most_bp(o) : words_bp(stmt_text(list, 6)),
        };
        found++;
    }
    for (size_t i = 0; i < found && rc >= 0; i++)
        if ((rc = shares_product(d, p, &other[i], is_own[i], err)) > 0)
            live[(*n)++] = live[i];
    *out = arena_alloc(d->a, (*n + 1) * sizeof **out);
    if (*n)
        memcpy(*out, live, *n * sizeof *live);
    base_free(live);
    base_free(other);
    base_free(is_own);
    return rc < 0 ? rc : 0;
}

/* The marketplace takes 0 for O and 1 for I. */
static bool code_is_alike(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a == '0' ? 'O' : *a == '1' ? 'I' : *a, y = *b == '0' ? 'O' : *b == '1' ? 'I' : *b;
        if (x != y)
            return false;
    }
    return *a == *b;
}

static bool runs_at(const struct live *l, int64_t at_s)
{
    return l->starts_s <= at_s && at_s < l->ends_s;
}

/* What could take off the whole price together, at the worst moment: the sums only grow where something starts. */
static void warn_sum(struct doing *d, const struct promotion *p, const struct live *live, size_t n)
{
    int64_t own_bp = most_bp(p), worst_bp = 0, worst_s = 0;
    struct buf names = { 0 };
    size_t named = 0;
    for (size_t i = 0; i <= n; i++) {
        int64_t at_s = i < n && live[i].starts_s > p->starts_s ? live[i].starts_s : p->starts_s, bp = own_bp;
        for (size_t k = 0; k < n; k++)
            bp += runs_at(&live[k], at_s) ? live[k].bp : 0;
        if (bp > worst_bp) {
            worst_bp = bp;
            worst_s = at_s;
        }
    }
    if (!own_bp || worst_bp < ALL_BP || worst_bp == own_bp)
        return;
    for (size_t k = 0; k < n; k++)
        if (live[k].bp && runs_at(&live[k], worst_s) && named++ < NAMED)
            buf_printf(&names, "%s“%s”", names.len ? ", " : "", live[k].name);
    if (named > NAMED)
        buf_text(&names, " …");
    struct souk_value from = souk_instant(worst_s);
    from.text = (struct souk_str){ p->market->zone, (uint32_t)strlen(p->market->zone), 0 };
    say(d, "done.promotion.sum", { "names", souk_text(arena_text(d->a, buf_str(&names))) },
        { "percent", souk_bp(worst_bp) }, { "from", from });
    buf_free(&names);
}

static int warn(struct doing *d, const struct promotion *p, struct err *err)
{
    struct live *live = NULL;
    size_t n = 0;
    int rc = live_read(d, p, &live, &n, err);
    if (rc < 0)
        return rc;
    warn_sum(d, p, live, n);
    for (size_t i = 0; i < n; i++)
        if (*live[i].code && code_is_alike(param_text(p, "code"), live[i].code))
            say(d, "done.promotion.code", { "code", souk_text(param_text(p, "code")) },
                { "name", souk_text(live[i].name) });
    return 0;
}

/* ---- writing ----------------------------------------------------------------------------------- */

static const char sql_params_put[] =
    "UPDATE promotion"
    " SET params = :params"
    " WHERE no = :no";

static int promotion_write(struct doing *d, const struct promotion *p, struct err *err)
{
    struct promotion_row row = {
        .promotion_id = p->id, .source = "own", .kind = p->kind, .name = p->name, .status = p->status,
        .discount = discount_of(d, p), .market = p->market, .starts_s = p->starts_s, .ends_s = p->ends_s,
        .told_s = d->now_s,
    };
    struct stmt *put = stmt_of(d->db, sql_params_put, err);
    int64_t no;
    if (!put)
        return -err->code;
    if (json_object_get(p->params, "budget")) {
        row.budget = TOLD(param_int(p, "budget", 0));
        memcpy(row.currency, p->market->currency, sizeof row.currency);
    }
    int rc = promotion_put(&d->to, &row, &no, err);
    if (rc < 0)
        return rc;
    char *json = json_dumps(p->params, JSON_COMPACT | JSON_SORT_KEYS);
    bind_text(put, 1, json);
    bind_int(put, 2, no);
    rc = stmt_run(d->db, put, err);
    free(json);
    d->to.touched |= TOUCHED_PROMOTIONS;
    return rc < 0 ? rc : 0;
}

static const char sql_next_own[] =
    "SELECT 1 + coalesce(max(no), 0) FROM promotion";

/* own-N, N never used before: numbers of promotions only grow. */
static int own_id(struct doing *d, const char **id, struct err *err)
{
    struct stmt *get = stmt_of(d->db, sql_next_own, err);
    if (!get)
        return -err->code;
    int rc = stmt_step(d->db, get, err);
    if (rc > 0)
        *id = arena_printf(d->a, "own-%lld", (long long)stmt_int(get, 0));
    stmt_reset(get);
    return rc < 0 ? rc : 0;
}

static int check_all(struct doing *d, const struct promotion *p, struct err *err)
{
    int rc = params_check(d, p, err);
    if (rc == 0)
        rc = check_percent(d, p, err);
    return rc < 0 ? rc : check_end(d, p, err);
}

static int run_add(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct promotion p = {
        .kind = arg_text(args, "kind"), .name = mask_text(d->a, arg_text(args, "name"), NULL), .status = "draft",
        .market = market_by_id(arg_text(args, "market")), .starts_s = arg_int(args, "starts", 0),
        .ends_s = arg_int(args, "ends", 0), .params = params_keep(d, json_object()),
    };
    int rc = params_read(d, args, &p, err);
    if (rc == 0)
        rc = check_all(d, &p, err);
    if (rc == 0)
        rc = check_start(d, &p, err);
    if (rc == 0)
        rc = own_id(d, &p.id, err);
    if (rc == 0)
        rc = promotion_write(d, &p, err);
    if (rc < 0)
        return rc;
    d->ref = arena_printf(d->a, "promotion:%s", p.id);
    say(d, "done.promotion.add", { "promotion", souk_text(p.id) });
    return warn(d, &p, err);
}

static int not_ended(struct doing *d, const struct promotion *p, struct err *err)
{
    return text_is(p->status, "ended")
           ? doing_refuse(d, "promotion", err, ERR_DENIED, "Promotion %s has ended, and stays so.", p->id) : 0;
}

/* What has begun keeps its beginning: only a new one is looked at. */
static int run_change(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct promotion p;
    int rc = own_get(d, args, &p, err);
    if (rc == 0)
        rc = not_ended(d, &p, err);
    if (rc < 0)
        return rc;
    if (arg_is_told(args, "market") && market_by_id(arg_text(args, "market")) != p.market)
        return doing_refuse(d, "market", err, ERR_DENIED, "Promotion %s is of %s, and stays there.", p.id,
                            p.market->name);
    bool is_running = !text_is(p.status, "draft") && p.starts_s <= d->now_s;
    int64_t starts_s = arg_int(args, "starts", p.starts_s);
    bool is_moved = starts_s != p.starts_s;
    if (is_moved && is_running)
        return doing_refuse(d, "starts", err, ERR_DENIED, "Promotion %s has started already: its start stays.", p.id);
    p.starts_s = starts_s;
    p.ends_s = arg_int(args, "ends", p.ends_s);
    if (arg_is_told(args, "name"))
        p.name = mask_text(d->a, arg_text(args, "name"), NULL);
    rc = params_read(d, args, &p, err);
    if (rc == 0)
        rc = check_all(d, &p, err);
    if (rc == 0 && is_moved)
        rc = check_start(d, &p, err);
    if (rc == 0)
        rc = promotion_write(d, &p, err);
    say(d, "done.promotion.change");
    return rc < 0 ? rc : warn(d, &p, err);
}

static int run_activate(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct promotion p;
    int rc = own_get(d, args, &p, err);
    if (rc == 0)
        rc = not_ended(d, &p, err);
    if (rc < 0)
        return rc;
    if (text_is(p.status, "active"))
        return doing_refuse(d, "promotion", err, ERR_DENIED, "Promotion %s is active already.", p.id);
    rc = check_all(d, &p, err);
    if (rc == 0 && text_is(p.status, "draft"))          /* what was paused goes on at once */
        rc = check_start(d, &p, err);
    p.status = "active";
    if (rc == 0)
        rc = promotion_write(d, &p, err);
    say(d, p.starts_s > d->now_s ? "done.promotion.waits" : "done.promotion.activate");
    return rc < 0 ? rc : warn(d, &p, err);
}

static int run_pause(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct promotion p;
    int rc = own_get(d, args, &p, err);
    if (rc < 0)
        return rc;
    if (!text_is(p.status, "active"))
        return doing_refuse(d, "promotion", err, ERR_DENIED, "Promotion %s is not active: it is %s.", p.id, p.status);
    p.status = "paused";
    say(d, "done.promotion.pause");
    return promotion_write(d, &p, err);
}

static int run_end(struct doing *d, const struct souk_args *args, struct err *err)
{
    struct promotion p;
    int rc = own_get(d, args, &p, err);
    if (rc == 0)
        rc = not_ended(d, &p, err);
    if (rc < 0)
        return rc;
    p.status = "ended";
    if (p.starts_s > d->now_s)
        p.starts_s = d->now_s;
    if (p.ends_s > d->now_s)
        p.ends_s = d->now_s;
    say(d, "done.promotion.end");
    return promotion_write(d, &p, err);
}

const struct command_info promotion_commands[] = {
    COMMAND("promotion.add", RIGHT_EDIT, add_fields, run_add),
    COMMAND("promotion.change", RIGHT_EDIT, change_fields, run_change),
    COMMAND("promotion.activate", RIGHT_EDIT, promotion_fields, run_activate),
    COMMAND("promotion.pause", RIGHT_EDIT, promotion_fields, run_pause),
    COMMAND("promotion.end", RIGHT_EDIT, promotion_fields, run_end),
    { .name = NULL },
};
