/* SPDX-License-Identifier: Apache-2.0 */
/*
 * promo.c: promotions, known competition, what the seller says of a product.
 *
 * in:     one of them, from an import or a command
 * out:    promotion, promotion_on, rival, product; the full-text index
 * knows:  record, text_index
 */
#include "promo.h"

#include <string.h>

#include "base/zone.h"
#include "text_index.h"
#include "touched.h"

/* ---- promotions ------------------------------------------------------------------------------ */

static const struct fact_table promotions = {
    .sql_get =
        "SELECT told_s, source, kind, name, status, market_no, start_s, end_s, discount, views, units, clips,"
        "       redemptions, currency, revenue_minor, spent_minor, budget_minor, left_minor"
        " FROM promotion"
        " WHERE promotion_id = :promotion_id",
    .sql_put =
        "INSERT INTO promotion (promotion_id, told_s, source, kind, name, status, market_no, start_s, end_s, discount,"
        "                       views, units, clips, redemptions, currency, revenue_minor, spent_minor, budget_minor,"
        "                       left_minor)"
        " VALUES (:promotion_id, :told_s, coalesce(:source, 'own'), coalesce(:kind, ''), coalesce(:name, ''),"
        "         coalesce(:status, ''), :market_no, :start_s, :end_s, coalesce(:discount, ''), :views, :units, :clips,"
        "         :redemptions, :currency, :revenue, :spent, :budget, :left)"
        " ON CONFLICT (promotion_id) DO UPDATE"
        " SET told_s = excluded.told_s, source = coalesce(:source, promotion.source),"
        "     kind = coalesce(:kind, promotion.kind), name = coalesce(:name, promotion.name),"
        "     status = coalesce(:status, promotion.status), market_no = coalesce(:market_no, promotion.market_no),"
        "     start_s = coalesce(:start_s, promotion.start_s), end_s = coalesce(:end_s, promotion.end_s),"
        "     discount = coalesce(:discount, promotion.discount), views = coalesce(:views, promotion.views),"
        "     units = coalesce(:units, promotion.units), clips = coalesce(:clips, promotion.clips),"
        "     redemptions = coalesce(:redemptions, promotion.redemptions),"
        "     currency = coalesce(:currency, promotion.currency),"
        "     revenue_minor = coalesce(:revenue, promotion.revenue_minor),"
        "     spent_minor = coalesce(:spent, promotion.spent_minor),"
        "     budget_minor = coalesce(:budget, promotion.budget_minor),"
        "     left_minor = coalesce(:left, promotion.left_minor)",
    .n_keys = 1, .n_facts = 17, .has_told = true, .area = TOUCHED_PROMOTIONS,
};

/* What it says now, where that differs from the last day on which something was said. */
static const char sql_on[] =
    "INSERT INTO promotion_on (promotion_no, day, units, revenue_minor, spent_minor, left_minor)"
    " SELECT p.no, :day, p.units, p.revenue_minor, p.spent_minor, p.left_minor"
    " FROM promotion p"
    " WHERE p.no = :no AND coalesce(p.units, p.revenue_minor, p.spent_minor, p.left_minor) IS NOT NULL"
    "   AND NOT EXISTS (SELECT 1 FROM promotion_on o"
    "                   WHERE o.promotion_no = p.no"
    "                     AND o.day = (SELECT max(l.day) FROM promotion_on l WHERE l.promotion_no = p.no AND l.day <= :day)"
    "                     AND coalesce(o.units, -1) = coalesce(p.units, -1)"
    "                     AND coalesce(o.revenue_minor, -1) = coalesce(p.revenue_minor, -1)"
    "                     AND coalesce(o.spent_minor, -1) = coalesce(p.spent_minor, -1)"
    "                     AND coalesce(o.left_minor, -1) = coalesce(p.left_minor, -1))"
    " ON CONFLICT (promotion_no, day) DO UPDATE"
    " SET units = excluded.units, revenue_minor = excluded.revenue_minor, spent_minor = excluded.spent_minor,"
    "     left_minor = excluded.left_minor";

static int note_day(struct record_to *to, int64_t no, const struct market *market, int64_t told_s, struct err *err)
{
    struct stmt *on = stmt_of(to->db, sql_on, err);
    const struct zone *z = zone_get(market ? market->zone : "UTC", err);
    if (!on || !z)
        return -err->code;
    bind_int(on, 1, zone_day(z, told_s));
    bind_int(on, 2, no);
    return stmt_run(to->db, on, err);
}

static const char sql_promotion[] =
    "SELECT p.no, p.told_s, p.name, p.kind, p.discount, p.currency, m.id"
    " FROM promotion p LEFT JOIN market m ON m.no = p.market_no"
    " WHERE p.promotion_id = :promotion_id";

static const char sql_next[] =
    "SELECT coalesce(max(no), 0) + 1 FROM promotion";

/* After a change: the row of the day, and the words it is found by. */
static int promotion_changed(struct record_to *to, const char *id, int64_t told_s, int64_t *no, struct err *err)
{
    struct stmt *get = stmt_of(to->db, sql_promotion, err);
    struct buf title = { 0 }, body = { 0 };
    if (!get)
        return -err->code;
    bind_text(get, 1, id);
    int rc = stmt_step(to->db, get, err);
    if (rc <= 0)
        return rc;
    *no = stmt_int(get, 0);
    bool is_newest = told_s >= stmt_int(get, 1);
    const struct market *market = market_by_id(stmt_text(get, 6));
    buf_text(&title, stmt_text(get, 2));
    buf_printf(&body, "%s %s %s", id, stmt_text(get, 3), stmt_text(get, 4));
    stmt_reset(get);
    rc = text_put(to->db, TEXT_PROMOTION, *no, buf_str(&title), buf_str(&body), err);
    if (rc >= 0 && told_s && is_newest)
        rc = note_day(to, *no, market, told_s, err);
    buf_free(&title);
    buf_free(&body);
    return rc;
}

int promotion_put(struct record_to *to, const struct promotion_row *row, int64_t *no, struct err *err)
{
    struct arena *tmp = arena_new("promotion", 512);
    struct promotion_now now;
    int64_t market_no, ignored;
    const char *id = row->promotion_id ? row->promotion_id : record_own_id(to, tmp, sql_next, err);
    int rc = id ? promotion_get(to->db, id, &now, err) : -err->code;
    if (rc == 0 && (!row->kind || !row->name || !row->status))
        rc = err_set(err, ERR_INPUT, "There is no promotion %.60s yet; a new one needs its kind, name and status.", id);
    if (rc >= 0)
        rc = record_market(to, row->market, &market_no, err);
    if (rc == 0) {
        const struct fact key = fact_text(id);
        const struct fact fact[] = {
            fact_text(row->source), fact_text(row->kind), fact_text(row->name), fact_text(row->status),
            fact_instant(market_no), fact_instant(row->starts_s), fact_instant(row->ends_s), fact_text(row->discount),
            fact_number(row->views), fact_number(row->units), fact_number(row->clips), fact_number(row->redemptions),
            fact_text(row->currency[0] ? row->currency : NULL), fact_number(row->revenue), fact_number(row->spent),
            fact_number(row->budget), fact_number(row->left),
        };
        rc = facts_put(to, &promotions, &key, row->told_s ? row->told_s : FACTS_BY_HAND, fact, NULL, err);
    }
    if (!no)
        no = &ignored;
    *no = now.no;
    if (rc > 0 && promotion_changed(to, id, row->told_s, no, err) < 0)
        rc = -err->code;
    arena_free(tmp);
    return rc;
}

int promotion_get(struct db *db, const char *promotion_id, struct promotion_now *now, struct err *err)
{
    struct stmt *get = stmt_of(db, sql_promotion, err);
    *now = (struct promotion_now){ 0 };
    if (!get)
        return -err->code;
    bind_text(get, 1, promotion_id);
    int rc = stmt_step(db, get, err);
    if (rc <= 0)
        return rc;
    now->no = stmt_int(get, 0);
    now->told_s = stmt_int(get, 1);
    if (!stmt_is_null(get, 5))
        memcpy(now->currency, stmt_text(get, 5), sizeof now->currency);
    stmt_reset(get);
    return 1;
}

/* ---- competition and products ---------------------------------------------------------------- */

static const struct fact_table rivals = {
    .sql_get =
        "SELECT told_s, currency, landed_minor, is_buy_box, source FROM rival"
        " WHERE market_no = :market_no AND asin = :asin",
    .sql_put =
        "INSERT INTO rival (market_no, asin, told_s, currency, landed_minor, is_buy_box, source)"
        " VALUES (:market_no, :asin, :told_s, coalesce(:currency, ''), coalesce(:landed, 0), coalesce(:is_buy_box, 0),"
        "         coalesce(:source, ''))"
        " ON CONFLICT (market_no, asin) DO UPDATE"
        " SET told_s = excluded.told_s, currency = coalesce(:currency, rival.currency),"
        "     landed_minor = coalesce(:landed, rival.landed_minor),"
        "     is_buy_box = coalesce(:is_buy_box, rival.is_buy_box), source = coalesce(:source, rival.source)",
    .n_keys = 2, .n_facts = 4, .has_told = true, .area = TOUCHED_RIVALS,
};

int rival_put(struct record_to *to, const struct rival_row *row, struct err *err)
{
    int64_t market_no;
    int rc = record_market(to, row->market, &market_no, err);
    if (rc < 0)
        return rc;
    const struct fact key[] = { FACT_INT(market_no), fact_text(row->asin) };
    const struct fact fact[] = {
        fact_currency(&row->landed), fact_minor(row->landed), FACT_INT(row->is_buy_box), fact_text(row->source),
    };
    return facts_put(to, &rivals, key, row->told_s, fact, NULL, err);
}

static const char sql_sku[] =
    "SELECT k.no, p.lead_days, p.floor_minor, p.currency"
    " FROM sku k LEFT JOIN product p ON p.sku_no = k.no"
    " WHERE k.sku = :sku";

static const char sql_product_put[] =
    "INSERT INTO product (sku_no, lead_days, floor_minor, currency)"
    " VALUES (:sku_no, :lead_days, :floor_minor, :currency)"
    " ON CONFLICT (sku_no) DO UPDATE"
    " SET lead_days = excluded.lead_days, floor_minor = excluded.floor_minor, currency = excluded.currency";

int product_put(struct record_to *to, const char *sku, struct number lead_days, struct money least, struct err *err)
{
    struct stmt *get = stmt_of(to->db, sql_sku, err), *put = stmt_of(to->db, sql_product_put, err);
    bool has_floor = least.currency[0] != '\0';
    if (!get || !put)
        return -err->code;
    bind_text(get, 1, sku);
    int rc = stmt_step(to->db, get, err);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return err_set(err, ERR_ABSENT, "There is no SKU %.80s in orders, listings or stock.", sku);
    int64_t sku_no = stmt_int(get, 0);
    bool is_same = !stmt_is_null(get, 1) == lead_days.is_told && stmt_int(get, 1) == lead_days.n &&
                   !stmt_is_null(get, 2) == has_floor && stmt_int(get, 2) == least.minor &&
                   strcmp(stmt_text(get, 3), least.currency) == 0;
    stmt_reset(get);
    if (is_same)
        return 0;
    bind_int(put, 1, sku_no);
    bind_null(put, 2);
    bind_null(put, 3);
    bind_text(put, 4, has_floor ? least.currency : NULL);
    if (lead_days.is_told)
        bind_int(put, 2, lead_days.n);
    if (has_floor)
        bind_int(put, 3, least.minor);
    rc = stmt_run(to->db, put, err);
    to->touched |= TOUCHED_PRODUCTS;
    return rc < 0 ? rc : 1;
}
