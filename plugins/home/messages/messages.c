/* SPDX-License-Identifier: Apache-2.0 */
/*
 * messages.c: letters of buyers that wait for an answer, and how fast they were answered.
 *
 * A talk waits from its oldest letter on that needs an answer and has none.  The time it may take is the line
 * message.answer of the market's policy; weekends and holidays count, and an hour is an hour when the clocks
 * change.  Letters that name no market are held to the strictest limit of the account's markets.
 */
#include "messages.h"

#define OF_MARKET "coalesce(market, '') = :market"
#define LIST_COLUMNS "thread:text last:instant waits:instant subject:text buyer:text order:text letters:count" \
        " market:market last_out:instant"
#define LIST_SELECT "SELECT thread, last, waits, subject, buyer, order_id, letters, market, last_out FROM v1_threads"

static const struct souk_query queries[] = {
    {
        .size = sizeof(struct souk_query), .id = "newest", .title = "title",
        .sql = "SELECT last FROM v1_threads ORDER BY last DESC LIMIT 1", .columns = "last:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting_by_market", .title = "waiting",
        .sql = "SELECT coalesce(market, ''), count(*), min(waits)"
               " FROM v1_threads WHERE waits IS NOT NULL GROUP BY coalesce(market, '')",
        .columns = "market:text talks:count waits:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting_count", .title = "waiting",
        .sql = "SELECT count(*) FROM v1_threads WHERE waits < :before AND " OF_MARKET,
        .params = "market:text before:instant", .columns = "talks:count",
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting", .title = "waiting", .about = "waiting_about", .max_rows = 100000,
        .sql = "SELECT waits, subject, buyer, CASE WHEN order_id IS NOT NULL THEN 'order:' || order_id END, letters,"
               " 'thread:' || thread"
               " FROM v1_threads WHERE waits < :before AND " OF_MARKET
               " ORDER BY waits, thread",
        .params = "market:text before:instant",
        .columns = "waits:instant subject:text buyer:text order:ref letters:count thread:ref",
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting_page", .title = "waiting",
        .sql = LIST_SELECT " WHERE waits >= :since AND (waits > :since OR thread > :after) AND " OF_MARKET
               " ORDER BY waits, thread LIMIT :limit",
        .params = "market:text since:instant after:text limit:count", .columns = LIST_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "waiting_long", .title = "waiting",
        .sql = "SELECT thread FROM v1_threads WHERE waits < :before ORDER BY waits, thread LIMIT 1000",     /* as many as a plan holds */
        .params = "before:instant", .columns = "thread:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "talks", .title = "list", .about = "list_about", .max_rows = 100000,
        .sql = LIST_SELECT " WHERE last <= :until AND (last < :until OR thread > :after)"
               " AND (:market = 'all' OR coalesce(market, :market) = :market)"
               " AND (:state = 'all' OR (waits IS NULL AND last_out IS NOT NULL))"
               " ORDER BY last DESC, thread LIMIT :limit",
        .params = "market:text state:text until:instant after:text limit:count", .columns = LIST_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "talk", .title = "list",
        .sql = LIST_SELECT " WHERE thread = :thread", .params = "thread:text", .columns = LIST_COLUMNS,
    },
    {
        .size = sizeof(struct souk_query), .id = "talk_of", .title = "list",
        .sql = "SELECT thread FROM v1_letters WHERE letter = :letter", .params = "letter:count", .columns = "thread:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "head", .title = "list",
        .sql = "SELECT subject, buyer, CASE WHEN order_id IS NOT NULL THEN 'order:' || order_id END, market, first, waits,"
               " letters, reply_to"
               " FROM v1_threads WHERE thread = :thread",
        .params = "thread:text",
        .columns = "subject:text buyer:text order:ref market:market first:instant waits:instant letters:count reply_to:text",
    },
    {
        .size = sizeof(struct souk_query), .id = "letters", .title = "letters", .max_rows = 1000,
        .sql = "SELECT letter, at, side, state, sender, subject, substr(body, 1, 100000), length(body), masked, needs, answered"
               " FROM v1_letters WHERE thread = :thread ORDER BY at DESC, letter DESC LIMIT :limit",
        .params = "thread:text limit:count",
        .columns = "letter:count at:instant side:text state:text sender:text subject:text body:text length:count masked:count"
                   " needs:bool answered:instant",
    },
    {
        .size = sizeof(struct souk_query), .id = "outbox", .title = "outbox", .about = "outbox_about", .max_rows = 10000,
        .sql = "SELECT letter, at, subject, recipient, ref FROM v1_outbox"
               " WHERE state = 'queued' AND substr(ref, 1, 7) = 'thread:' ORDER BY at, letter",
        .columns = "letter:count at:instant subject:text recipient:text thread:ref",
    },
    {
        /* By pieces of an hour, as long as the zones of the markets allow: a day of each begins with a piece. */
        .size = sizeof(struct souk_query), .id = "tally", .title = "times", .max_rows = 20000,
        .sql = "SELECT at / :step, coalesce(market, ''), count(*),"
               " CAST(coalesce(sum(CASE WHEN answered - at > :limit THEN 1 ELSE 0 END), 0) AS BIGINT),"
               " CAST(coalesce(sum(CASE WHEN answered IS NULL AND at < :before THEN 1 ELSE 0 END), 0) AS BIGINT),"
               " count(answered), CAST(coalesce(sum(answered - at), 0) AS BIGINT)"
               " FROM v1_letters"
               " WHERE needs = 1 AND side = 'in' AND at >= :since AND at < :until"
               " GROUP BY at / :step, coalesce(market, '')",
        .params = "since:instant until:instant limit:seconds before:instant step:count",
        .columns = "piece:count market:text received:count late:count over:count answered:count took:seconds",
    },
    {
        .size = sizeof(struct souk_query), .id = "received", .title = "received", .about = "received_about", .max_rows = 100000,
        .sql = "SELECT at, subject, answered, answered - at, 'letter:' || letter"
               " FROM v1_letters"
               " WHERE needs = 1 AND side = 'in' AND at >= :since AND at < :until AND " OF_MARKET
               " AND (:which = 'all' OR (:which = 'answered' AND answered IS NOT NULL)"
               " OR (:which <> 'answered' AND answered - at > :limit) OR (:which <> 'answered' AND answered IS NULL AND at < :before))"
               " ORDER BY at DESC, letter DESC",
        .params = "market:text since:instant until:instant which:text limit:seconds before:instant",
        .columns = "at:instant subject:text answered:instant took:seconds letter:ref",
    },
};

/* ---- places ------------------------------------------------------------------------------------------ */

int places_read(struct souk_call *call, const struct souk_ask *ask, struct places *p)
{
    struct souk_rows waiting;
    struct place *unknown;
    int rc = souk_query_all(call, &waiting, "waiting_by_market");
    p->n = 0;
    p->only = ask->n_markets == 1 ? souk_market_at(ask, 0)->id : "all";
    unknown = &p->at[ask->n_markets < PLACES_MAX ? ask->n_markets : PLACES_MAX - 1];
    *unknown = (struct place){ .id = "" };
    for (uint32_t i = 0; i < ask->n_markets && p->n < PLACES_MAX - 1 && rc >= 0; i++) {
        const struct souk_market_now *m = souk_market_at(ask, i);
        struct place *place = &p->at[p->n++];
        struct souk_policy limit;
        *place = (struct place){ .id = m->id, .now = m };
        rc = souk_policy(call, m->id, "message.answer", m->today, &limit);
        if (rc == 0 && limit.value.type == SOUK_SECONDS)
            place->limit_s = limit.value.num;
        else if (rc == SOUK_EABSENT)
            rc = 0;
        if (!unknown->now || (place->limit_s && (!unknown->limit_s || place->limit_s < unknown->limit_s))) {
            unknown->now = m;
            unknown->limit_s = place->limit_s;
        }
    }
    p->n++;
    for (uint32_t i = 0; i < p->n && rc >= 0; i++) {
        p->at[i].market = souk_text(p->at[i].id);
        for (uint32_t r = 0; r < waiting.n_rows; r++)
            if (souk_is(souk_cell(&waiting, r, 0), p->at[i].id))
                p->at[i].threads = souk_num(&waiting, r, 1, 0);
    }
    return rc;
}

const struct place *place_of(const struct places *p, const struct souk_value *market)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (souk_is_same(market->type == SOUK_NONE ? "" : market->text.at, p->at[i].id))
            return &p->at[i];
    return NULL;
}

static int over_count(struct souk_call *call, const struct souk_ask *ask, const struct place *place, int64_t *over)
{
    struct souk_rows rows;
    *over = 0;
    if (!place->threads || !place->limit_s)
        return 0;
    int rc = souk_query(call, &rows, "waiting_count", { "market", place->market },
                        { "before", souk_instant(ask->now_s - place->limit_s) });
    if (rc >= 0)
        *over = souk_num(&rows, 0, 0, 0);
    return rc;
}

/* ---- the card ------------------------------------------------------------------------------------------ */

int waiting_put(struct souk_call *call, const struct souk_ask *ask, const struct place *place)
{
    int64_t over;
    int rc = over_count(call, ask, place, &over);
    if (rc < 0)
        return rc;
    const struct souk_args all = SOUK_ARGS({ "market", place->market }, { "before", souk_instant(FOREVER) });
    const struct souk_args late = SOUK_ARGS({ "market", place->market },
                                            { "before", souk_instant(ask->now_s - place->limit_s) });
    souk_stat(call, .label = SOUK_MSG("unanswered"), .value = souk_count(place->threads),
              .to = SOUK_TO(.query = "waiting", .args = all),
              .why = SOUK_WHY(.rows = "waiting", .args = all, .formula = SOUK_MSG("unanswered_why")));
    if (!place->limit_s) {
        souk_alert(call, .tone = SOUK_INFO, .text = SOUK_MSG("no_policy"));
        return 0;
    }
    souk_stat(call, .label = SOUK_MSG("over", { "hours", souk_count(place->limit_s / HOUR_S) }), .value = souk_count(over),
              .tone = over ? SOUK_BAD : SOUK_GOOD, .to = SOUK_TO(.query = "waiting", .args = late),
              .why = SOUK_WHY(.rows = "waiting", .args = late,
                              .formula = SOUK_MSG("over_why", { "hours", souk_count(place->limit_s / HOUR_S) }),
                              .policy = "message.answer", .market = place->now->id, .policy_day = place->now->today));
    return 0;
}

static void section_of(struct souk_call *call, const struct place *place)
{
    if (*place->id)
        souk_section(call, "market", { "market", souk_market(place->id) });
    else
        souk_section(call, "no_market");
}

static int card(struct souk_call *call, const struct souk_ask *ask, const struct places *p)
{
    int64_t waiting = 0;
    int rc = 0;
    for (uint32_t i = 0; i < p->n; i++)
        waiting += p->at[i].threads;
    if (!waiting)
        souk_text_line(call, .text = SOUK_MSG("nobody_waits"));
    for (uint32_t i = 0; i < p->n && rc >= 0; i++) {
        const struct place *place = &p->at[i];
        if (!place->threads)
            continue;
        section_of(call, place);
        rc = waiting_put(call, ask, place);
        souk_end(call);
    }
    if (waiting && rc >= 0)
        rc = urgent_render(call, ask, p);
    souk_text_line(call, .text = SOUK_MSG("to_page"), .to = SOUK_TO(.widget = "messages"));
    return rc;
}

/* ---- the page ------------------------------------------------------------------------------------------ */

/* The talk that is asked for, by itself or by one of its letters: 1, or 0 when it is the list. */
static int talk_asked(struct souk_call *call, const struct souk_ask *ask, struct souk_value *thread)
{
    const struct souk_value *letter = souk_option(ask, "letter");
    struct souk_rows rows;
    int64_t no = 0;
    *thread = *souk_option(ask, "thread");
    if (thread->text.len || !letter->text.len)
        return thread->text.len > 0;
    for (const char *c = letter->text.at; *c >= '0' && *c <= '9' && no < INT64_MAX / 100; c++)
        no = no * 10 + (*c - '0');
    int rc = souk_query(call, &rows, "talk_of", { "letter", souk_count(no) });
    if (rc >= 0 && rows.n_rows)
        *thread = *souk_cell(&rows, 0, 0);
    return rc < 0 ? rc : 1;
}

static const struct souk_field old_fields[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_COUNT, .name = "days", .title = "field_days",
      .flags = SOUK_FIELD_NEEDED, .fallback = SOUK_NUMBER(SOUK_COUNT, 30), .min = 1, .max = 3650 },
};

static int page(struct souk_call *call, const struct souk_ask *ask, const struct places *p)
{
    int rc = 0;
    const int side_by_side = p->n > 2 || p->at[p->n - 1].threads;
    if (side_by_side)
        souk_columns(call);
    for (uint32_t i = 0; i < p->n && rc >= 0; i++) {
        if (!*p->at[i].id && !p->at[i].threads)
            continue;
        section_of(call, &p->at[i]);
        rc = waiting_put(call, ask, &p->at[i]);
        souk_end(call);
    }
    if (side_by_side)
        souk_end(call);
    if (rc >= 0)
        rc = list_render(call, ask, p);
    if (rc >= 0)
        rc = outbox_render(call);
    if (rc >= 0)
        rc = times_render(call, ask, p);
    for (uint32_t i = 0; i < p->n; i++)
        if (p->at[i].threads) {
            souk_form(call, .command = "messages.no_answer_old", .title = SOUK_MSG("old_title"),
                      .button = SOUK_MSG("no_answer"), .note = SOUK_MSG("old_about"), .fields = SOUK_LIST(old_fields),
                      .is_folded = 1);
            break;
        }
    return rc;
}

static int render(void *self, struct souk_call *call, const struct souk_ask *ask)
{
    struct souk_value thread;
    struct souk_rows newest;
    struct places p;
    (void)self;
    int rc = ask->face == SOUK_PAGE ? talk_asked(call, ask, &thread) : 0;
    if (rc)
        return rc < 0 ? rc : one_render(call, ask, &thread);
    rc = souk_query_all(call, &newest, "newest");
    if (rc >= 0 && !newest.n_rows) {
        souk_empty(call, .text = SOUK_MSG("no_data"), .fills = "amazon.mail");
        return 0;
    }
    if (rc >= 0)
        rc = places_read(call, ask, &p);
    if (rc < 0)
        return rc;                                      /* a broken policy file is named in the card's place */
    return ask->face == SOUK_PAGE ? page(call, ask, &p) : card(call, ask, &p);
}

static int count(void *self, struct souk_call *call, const struct souk_ask *ask, struct souk_badge *badge)
{
    struct places p;
    (void)self;
    int rc = places_read(call, ask, &p);
    for (uint32_t i = 0; i < p.n && rc >= 0; i++) {
        int64_t over;
        rc = over_count(call, ask, &p.at[i], &over);
        badge->count += p.at[i].threads;
        badge->urgent += over;
    }
    return rc;
}

/* ---- a command ------------------------------------------------------------------------------------------- */

/* Talks that were answered elsewhere, or never will be: a mailbox without the sent mails leaves many. */
static int plan_old(void *self, struct souk_call *call, const struct souk_ask *ask, const struct souk_args *args)
{
    enum { DAY_S = 86400 };
    struct souk_rows rows;
    (void)self;
    int rc = souk_query(call, &rows, "waiting_long",
                        { "before", souk_instant(ask->now_s - souk_given(args, "days")->num * DAY_S) });
    for (uint32_t i = 0; i < rows.n_rows && rc >= 0; i++)
        rc = souk_plan(call, "message.no_answer", { "thread", *souk_cell(&rows, i, 0) });
    return rc;
}

static const struct souk_command no_answer_old = {
    .size = sizeof no_answer_old, .right = SOUK_MAY_EDIT, .id = "messages.no_answer_old", .title = "old_title",
    .about = "old_about", .fields = SOUK_LIST(old_fields), .plan = plan_old,
};

/* ---- what it is ------------------------------------------------------------------------------------------ */

static const struct souk_choice states[] = {
    { "waiting", "choose_waiting" }, { "answered", "choose_answered" }, { "all", "choose_all" },
};
static const struct souk_field options[] = {
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_ONE_OF, .name = "state", .title = "option_state",
      .fallback = SOUK_WORD(SOUK_TEXT, "waiting"), .choices = SOUK_LIST(states) },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "find", .title = "option_find",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = 200 },
    { .size = sizeof(struct souk_field), .type = SOUK_FIELD_LINE, .name = "place", .title = "option_place",
      .fallback = SOUK_WORD(SOUK_TEXT, ""), .max = SOUK_CURSOR_MAX, .flags = SOUK_FIELD_QUIET },
};
static const struct souk_widget widget = {
    .size = sizeof widget, .area = 10, .id = "messages", .title = "title", .width = 1, .options = SOUK_LIST(options),
    .render = render, .shows = "thread letter", .ribbon = SOUK_RIBBON_MESSAGES, .counts = count,
};
static const struct souk_offer offers[] = { { SOUK_WIDGET, &widget }, { SOUK_COMMAND, &no_answer_old } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.messages", .version = "0.2.0", .title = "title",
    .wants = "souk.view/1 souk.query/1 souk.plan/1",
    .reads = "v1_threads v1_letters v1_outbox",
    .commands = "message.reply message.draft message.note message.no_answer message.needs_answer message.cancel"
                " message.sent message.discard",
    .offers = SOUK_LIST(offers), .queries = SOUK_LIST(queries),
};
