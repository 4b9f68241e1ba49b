/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_talk.c: what is said about the synthetic shop.
 *
 * in:     a shop
 * out:    mails, TSV and JSON as the marketplaces' own
 * knows:  shop.  Has never heard of folders or imports.
 *
 * Seeded on purpose: letters answered late and letters that wait near and over their time, a card number, a sign
 * that turns the direction of writing, a bounce, a case that closes by itself, claims in every state, a metric that
 * got worse, a coupon whose budget runs out before it ends.
 */
#include "demo_talk.h"

#include <stdio.h>
#include <string.h>

enum { RECENT_DAYS = 45, RECENT_MOST = 240, HOUR = 3600, DAY = 86400 };

struct recent {                                         /* orders of the last weeks, the newest first */
    struct shop_order *at;
    size_t n;
};

/* A few of each day, so that the memory does not grow with the shop. */
static struct recent recent_orders(struct arena *a, const struct shop *s)
{
    struct recent r = { arena_alloc(a, RECENT_MOST * sizeof *r.at), 0 };
    struct shop_day *d = arena_alloc(a, sizeof *d);
    for (int32_t day = s->last_day; day > s->last_day - RECENT_DAYS && day >= s->first_day && r.n < RECENT_MOST; day--) {
        shop_day_init(d, s, day);
        for (int k = 5; k >= 0 && r.n < RECENT_MOST; k--)
            if (d->orders > k && shop_order(d, d->orders * k / 6, &r.at[r.n]))
                r.n += r.n == 0 || r.at[r.n].key != r.at[r.n - 1].key;
    }
    return r;
}

/* The n-th of them that was shipped at least so many days ago; NULL: the shop is too small. */
static const struct shop_order *shipped(const struct recent *r, const struct shop *s, int days, size_t n)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->at[i].status == SHOP_SHIPPED && r->at[i].shipped_s && r->at[i].shipped_s < s->until_s - days * DAY && n-- == 0)
            return &r->at[i];
    return NULL;
}

static const char *id_of(const struct shop_order *o, char room[24])
{
    snprintf(room, 24, "%03u-%07u-%07u", o->id[0] % 1000, o->id[1] % 10000000, o->id[2] % 10000000);
    return room;
}

static void put_json_text(struct buf *out, const char *text)
{
    buf_char(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_char(out, '\\');
        buf_char(out, *c);
    }
    buf_char(out, '"');
}

static void put_amount(struct buf *out, const struct shop *s, int64_t minor)
{
    buf_minor(out, minor, s->digits);
}

/* ---- mail ------------------------------------------------------------------------------------------------ */

static const struct voice {                             /* of a marketplace's mails */
    const char *top, *about, *greeting, *ask[6], *answer, *a_to_z, *chargeback, *case_open, *case_more, *names[6];
} voices[SHOP_MARKETS] = {
    {
        "com", "Product details inquiry from Amazon customer", "Hello,", {
            "Where is my parcel? The tracking page has not moved for days.",
            "Does it come with a power adapter for 230 volts?",
            "One part is missing. Can you send it to me?",
            "Please cancel my order if it was not sent yet.",
            "I would like an invoice with my company's name on it.",
            "The colour is not what I saw in the picture. How do I send it back?",
        }, "Thank you for your message. We have looked into it and sent you what you asked for.",
        "A-to-z Guarantee claim filed on order", "Chargeback notification for order",
        "Your question about a stranded listing. We have received your message.",
        "We need more information: please send us the invoice of your supplier. This case will automatically close in 5 days.",
        { "Alex Rivera", "Jordan Lee", "Sam Carter", "Taylor Brooks", "Morgan Hill", "Casey Ward" },
    }, {
        "de", "Produktfrage von Amazon-Kunde", "Guten Tag,", {
            "Wo bleibt mein Paket? Die Sendungsverfolgung steht seit Tagen still.",
            "Passt das Netzteil auch in der Schweiz?",
            "Ein Teil fehlt. Können Sie es mir nachschicken?",
            "Bitte stornieren Sie die Bestellung, wenn sie noch nicht verschickt ist.",
            "Ich brauche eine Rechnung auf den Namen meiner Firma.",
            "Die Farbe weicht vom Bild ab. Wie schicke ich es zurück?",
        }, "Vielen Dank für Ihre Nachricht. Wir haben uns darum gekümmert.",
        "A-bis-z-Garantieantrag zu Bestellung", "Rückbuchung zu Bestellung",
        "Ihre Frage zu einem gesperrten Angebot. Wir haben Ihre Anfrage erhalten.",
        "Wir benötigen weitere Informationen: bitte senden Sie uns die Rechnung Ihres Lieferanten.",
        { "Anna Vogt", "Jonas Keller", "Mara Lindner", "Timo Brandt", "Lea Hofer", "Nils Arndt" },
    }, {
        "co.jp", "Amazonのお客様からのお問い合わせ", "こんにちは。", {
            "荷物がまだ届きません。追跡が数日止まっています。",
            "電源アダプターは付属していますか。",
            "部品が一つ足りません。送っていただけますか。",
            "まだ発送していなければキャンセルしてください。",
            "会社名の領収書をお願いします。",
            "色が写真と違います。返品の方法を教えてください。",
        }, "ご連絡ありがとうございます。対応いたしました。",
        "Amazonマーケットプレイス保証の申請 注文", "チャージバックのお知らせ 注文",
        "出品についてのお問い合わせを受け付けました。",
        "追加情報が必要です。仕入先の請求書をお送りください。",
        { "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺" },
    },
};

struct mail {
    int64_t at_s;
    const char *from, *to, *subject, *body, *id;
};

/* "Mon, 23 Nov 2026 10:00:00 +0000" */
static void put_date(struct buf *out, int64_t at_s)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int year;
    unsigned month, day;
    int32_t of = (int32_t)(at_s / DAY);
    day_parts(of, &year, &month, &day);
    buf_printf(out, "%s, %02u %s %d %02d:%02d:%02d +0000", days[day_weekday(of) - 1], day, months[month - 1], year,
               (int)(at_s % DAY / HOUR), (int)(at_s % HOUR / 60), (int)(at_s % 60));
}

static void put_mail(struct buf *out, const struct mail *m)
{
    buf_text(out, "From mail Thu Jan  1 00:00:00 1970\nFrom: ");
    buf_text(out, m->from);
    buf_text(out, "\nTo: ");
    buf_text(out, m->to);
    buf_text(out, "\nDate: ");
    put_date(out, m->at_s);
    buf_printf(out, "\nMessage-ID: <%s@mail.example.org>\nSubject: %s\nMIME-Version: 1.0\n"
               "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n\n", m->id, m->subject, m->body);
}

/* One talk: a buyer's letter, and the answer where it has one. */
struct talk {
    int ask;                                            /* which question */
    int64_t ago_s, answered_s;                          /* before the shop's last instant; answered after so long, 0: not */
    const char *more;                                   /* added to the letter */
};

static void put_talk(struct buf *out, const struct shop *s, const struct recent *r, const struct talk *t, size_t n)
{
    const struct voice *v = &voices[s->no];
    const struct shop_order *o = shipped(r, s, 1, n * 2);
    char id[24], from[120], relay[80], subject[200], key[64];
    struct buf body = { 0 };
    if (!o)
        return;
    id_of(o, id);
    snprintf(relay, sizeof relay, "buyer%zu.%u@marketplace.amazon.%s", n, o->id[2] % 100000, v->top);
    snprintf(from, sizeof from, "%s - Amazon Marketplace <%s>", v->names[n % COUNT_OF(v->names)], relay);
    snprintf(subject, sizeof subject, "%s (Order: %s)", v->about, id);
    snprintf(key, sizeof key, "demo.%s.%zu", s->market->code, n);
    buf_printf(&body, "%s\n\n%s%s%s", v->greeting, v->ask[t->ask], *t->more ? "\n\n" : "", t->more);
    put_mail(out, &(struct mail){ s->until_s - t->ago_s, from, "shop@example.org", subject, buf_str(&body), key });
    buf_clear(&body);
    if (t->answered_s) {
        char again[240], key_answer[80];
        snprintf(again, sizeof again, "Re: %s", subject);
        snprintf(key_answer, sizeof key_answer, "%s.re", key);
        buf_printf(&body, "%s", v->answer);
        put_mail(out, &(struct mail){ s->until_s - t->ago_s + t->answered_s, "Shop <shop@example.org>", relay, again,
                                      buf_str(&body), key_answer });
    }
    buf_free(&body);
}

static void put_from_amazon(struct buf *out, const struct shop *s, const char *who, int64_t ago_s, const char *key,
                            const char *subject, const char *body)
{
    char from[120], id[64];
    snprintf(from, sizeof from, "Amazon <%s@amazon.%s>", who, voices[s->no].top);
    snprintf(id, sizeof id, "demo.%s.%s", s->market->code, key);
    put_mail(out, &(struct mail){ s->until_s - ago_s, from, "shop@example.org", subject, body, id });
}

void talk_mail(struct buf *out, const struct shop *s)
{
    static const struct talk talks[] = {
        { 0, 2 * HOUR, 0, "" },                         /* fresh */
        { 2, 21 * HOUR, 0, "" },                        /* close to a day */
        { 5, 30 * HOUR, 0, "" },                        /* over it */
        { 3, 2 * DAY, 3 * HOUR, "" },
        { 1, 4 * DAY, 30 * HOUR, "" },                  /* answered late */
        { 4, 6 * DAY, 8 * HOUR, "4111 1111 1111 1111" },
        { 0, 9 * DAY, 20 * HOUR, "\u202Etxt.exe\u202C" },
        { 2, 13 * DAY, 5 * HOUR, "" }, { 5, 18 * DAY, 50 * HOUR, "" }, { 1, 24 * DAY, HOUR, "" },
        { 3, 33 * DAY, 11 * HOUR, "" }, { 4, 41 * DAY, 2 * HOUR, "" },
    };
    struct arena *a = arena_new("demo mail", 1 << 16);
    struct recent r = recent_orders(a, s);
    const struct voice *v = &voices[s->no];
    const struct shop_order *claimed = shipped(&r, s, 5, 3), *decided = shipped(&r, s, 12, 5), *charged = shipped(&r, s, 8, 7);
    char id[24], subject[200];
    for (size_t i = 0; i < COUNT_OF(talks); i++)
        put_talk(out, s, &r, &talks[i], i);
    if (claimed) {
        snprintf(subject, sizeof subject, "%s %s", v->a_to_z, id_of(claimed, id));
        put_from_amazon(out, s, "atoz-guarantee-no-reply", 30 * HOUR, "atoz", subject,
                        "The buyer says that the item did not arrive. Please respond.");
    }
    if (decided) {
        snprintf(subject, sizeof subject, "%s %s", v->a_to_z, id_of(decided, id));
        put_from_amazon(out, s, "atoz-guarantee-no-reply", 10 * DAY, "atoz2", subject,
                        "The claim has been granted and we have debited your account. You can appeal this decision.");
    }
    if (charged) {
        snprintf(subject, sizeof subject, "%s %s", v->chargeback, id_of(charged, id));
        put_from_amazon(out, s, "cb-seller-notification", 4 * DAY, "cb", subject,
                        "The buyer's bank asks for its money back. Please respond.");
    }
    snprintf(subject, sizeof subject, "[CASE %d7654321] %s", 110 + s->no, v->about);
    put_from_amazon(out, s, "seller-support", 6 * DAY, "case1", subject, v->case_open);
    put_from_amazon(out, s, "seller-support", 1 * DAY, "case2", subject, v->case_more);
    if (s->no == 0) {
        put_from_amazon(out, s, "seller-performance", 3 * DAY, "infringement",
                        "Trademark complaint about one of your listings",
                        "We received a complaint about the use of a trademark. Please answer within 3 days.");
        put_from_amazon(out, s, "seller-news", 5 * DAY, "holiday", "Holiday shipping: the last days to order",
                        "These are the last days on which orders arrive in time.");
        put_mail(out, &(struct mail){ s->until_s - 7 * HOUR, "Mail Delivery System <MAILER-DAEMON@mail.example.org>",
            "shop@example.org", "Undelivered Mail Returned to Sender",
            "Your letter to buyer99@marketplace.amazon.com could not be delivered: mailbox unavailable.", "demo.bounce" });
    }
    arena_free(a);
}

/* ---- feedback and returns ------------------------------------------------------------------------------------ */

void talk_feedback(struct buf *out, const struct shop *s)
{
    static const char *const headers[SHOP_MARKETS] = {
        "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n",
        "Datum\tBewertung\tKommentar\tIhre Antwort\tTransaktionsnummer\tE-Mail des Bewertenden\n",
        "日付\t評価\tコメント\tあなたの返答\t注文番号\t評価者のEメール\n",
    };
    static const char *const words[SHOP_MARKETS][4] = {
        { "Arrived a week late, and nobody answered.", "Not as described.", "It works, but the box was open.", "Broken on arrival." },
        { "Kam eine Woche zu spät.", "Entspricht nicht der Beschreibung.", "In Ordnung, aber die Packung war offen.", "Beschädigt angekommen." },
        { "到着が一週間遅れました。", "説明と違いました。", "使えますが、箱が開いていました。", "壊れて届きました。" },
    };
    static const int stars[] = { 1, 3, 2, 3, 1, 2, 3, 3, 2 };
    struct arena *a = arena_new("demo feedback", 1 << 16);
    struct recent r = recent_orders(a, s);
    buf_text(out, headers[s->no]);
    for (size_t i = 0; i < COUNT_OF(stars); i++) {
        const struct shop_order *o = shipped(&r, s, 3, i * 5 + 1);
        char id[24];
        int year;
        unsigned month, day;
        if (!o)
            break;
        int32_t given = zone_day(s->zone, o->shipped_s) + 3 + (int32_t)(i % 3);
        if (given > s->last_day)
            given = s->last_day;
        day_parts(given, &year, &month, &day);
        if (s->no == 0)
            buf_printf(out, "%u/%u/%02d", month, day, year % 100);
        else if (s->no == 1)
            buf_printf(out, "%02u.%02u.%02d", day, month, year % 100);
        else
            buf_printf(out, "%02d/%02u/%02u", year % 100, month, day);
        buf_printf(out, "\t%d\t%s\t%s\t%s\tbuyer%zu@example.com\n", stars[i], words[s->no][i % 4],
                   i == 2 ? voices[s->no].answer : "", id_of(o, id), i);
    }
    arena_free(a);
}

void talk_returns(struct buf *out, const struct shop *s)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    static const char *const reasons[] = {
        "CR-DEFECTIVE", "CR-UNWANTED_ITEM", "AMZ-PG-BAD-DESC", "CR-MISSING_PARTS", "CR-ORDERED_WRONG_ITEM",
    };
    struct arena *a = arena_new("demo returns", 1 << 16);
    struct recent r = recent_orders(a, s);
    size_t put = 0;
    buf_text(out, "Order ID\tOrder date\tReturn request date\tReturn request status\tAmazon RMA ID\tMerchant RMA ID\t"
             "Label type\tLabel cost\tCurrency code\tReturn carrier\tTracking ID\tLabel to be paid by\tA-to-Z Claim\t"
             "Is prime\tASIN\tMerchant SKU\tItem Name\tReturn quantity\tReturn Reason\tIn policy\tReturn type\tResolution\t"
             "Invoice number\tReturn delivery date\tOrder Amount\tOrder quantity\tSafeT Action reason\tSafeT claim id\t"
             "SafeT claim state\tSafeT claim creation time\tSafeT claim reimbursement amount\tRefunded Amount\n");
    for (size_t i = 0; i < r.n && put < 12; i++) {
        const struct shop_order *o = &r.at[i];
        const struct shop_line *l = &o->line[0];
        char id[24];
        int year[2];
        unsigned month[2], day[2];
        bool is_refunded = l->refund_s && l->refund_s <= s->until_s;
        int64_t asked_s = is_refunded ? l->refund_s - 2 * DAY : o->shipped_s + 4 * DAY;
        if (o->is_afn || o->status != SHOP_SHIPPED || asked_s > s->until_s || (!is_refunded && i % 8))
            continue;
        day_parts(zone_day(s->zone, o->purchase_s), &year[0], &month[0], &day[0]);
        day_parts(zone_day(s->zone, asked_s), &year[1], &month[1], &day[1]);
        buf_printf(out, "%s\t%02u-%s-%d\t%02u-%s-%d\tApproved\tD%07u\t\tAmazonPrePaidLabel\t", id_of(o, id), day[0],
                   months[month[0] - 1], year[0], day[1], months[month[1] - 1], year[1], o->id[2] % 10000000);
        put_amount(out, s, s->digits ? 414 : 500);
        buf_printf(out, "\t%s\tUSPS\t\tSeller\t%s\tN\t%s\t%s\t%s\t%d\t%s\tY\tC-Returns\tStandardRefund\t\t\t", s->market->currency,
                   put == 4 ? "Y" : "N", l->sku->asin, l->sku->code, l->sku->title, l->quantity, reasons[put % COUNT_OF(reasons)]);
        put_amount(out, s, l->price_minor);
        buf_printf(out, "\t%d\t\t\t\t\t\t", l->quantity);
        if (is_refunded)
            put_amount(out, s, l->price_minor - l->discount_minor);
        buf_char(out, '\n');
        put++;
    }
    arena_free(a);
}

/* ---- promotions, traffic --------------------------------------------------------------------------------------- */

static void put_instant(struct buf *out, int64_t at_s)
{
    buf_char(out, '"');
    buf_instant(out, at_s);
    buf_char(out, '"');
}

/* days: before the shop's last one, on which the report begins; 0: it names none. */
static void put_report(struct buf *out, const struct shop *s, const char *type, int days)
{
    buf_printf(out, "{\"reportSpecification\":{\"reportType\":\"%s\",\"marketplaceIds\":[\"%s\"]", type, s->market->id);
    if (days) {
        buf_text(out, ",\"dataStartTime\":\"");
        buf_day(out, s->last_day - days);
        buf_text(out, "\",\"dataEndTime\":\"");
        buf_day(out, s->last_day - 1);
        buf_char(out, '"');
    }
    buf_text(out, "},");
}

void talk_promotions(struct buf *out, const struct shop *s)
{
    static const struct { const char *name, *type, *status; int from, to; unsigned units; } deals[] = {
        { "Week of the kitchen", "BEST_DEAL", "APPROVED", -4, 3, 64 },
        { "Lightning deal of the evening", "LIGHTNING_DEAL", "APPROVED", 2, 3, 0 },
        { "Autumn deal", "BEST_DEAL", "ENDED", -40, -33, 121 },
    };
    put_report(out, s, "GET_PROMOTION_PERFORMANCE_REPORT", 0);
    buf_text(out, "\"promotions\":[");
    for (size_t i = 0; i < COUNT_OF(deals); i++) {
        const struct shop_sku *sku = &s->sku[s->n_mfn + (int)i * 3];
        int64_t revenue = (int64_t)deals[i].units * sku->price_minor, spent = revenue / 9;
        buf_printf(out, "%s{\"promotionId\":\"%d%07zu\",\"promotionName\":\"%s\",\"unitsSold\":%u,\"amountSpent\":",
                   i ? "," : "", 1691 + s->no, i + 1, deals[i].name, deals[i].units);
        put_amount(out, s, spent);
        buf_printf(out, ",\"amountSpentCurrencyCode\":\"%s\",\"revenue\":", s->market->currency);
        put_amount(out, s, revenue);
        buf_printf(out, ",\"revenueCurrencyCode\":\"%s\",\"startDateTime\":", s->market->currency);
        put_instant(out, zone_day_start(s->zone, s->last_day + deals[i].from));
        buf_text(out, ",\"endDateTime\":");
        put_instant(out, zone_day_start(s->zone, s->last_day + deals[i].to) - 1);
        buf_printf(out, ",\"type\":\"%s\",\"status\":\"%s\",\"marketplaceId\":\"%s\",\"glanceViews\":%u,\"includedProducts\":"
                   "[{\"asin\":\"%s\",\"productName\":", deals[i].type, deals[i].status, s->market->id, deals[i].units * 340,
                   sku->asin);
        put_json_text(out, sku->title);
        buf_printf(out, ",\"productGlanceViews\":%u,\"productUnitsSold\":%u,\"productAmountSpent\":", deals[i].units * 340,
                   deals[i].units);
        put_amount(out, s, spent);
        buf_printf(out, ",\"productAmountSpentCurrencyCode\":\"%s\",\"productRevenue\":", s->market->currency);
        put_amount(out, s, revenue);
        buf_printf(out, ",\"productRevenueCurrencyCode\":\"%s\"}]}", s->market->currency);
    }
    buf_text(out, "]}\n");
}

void talk_coupons(struct buf *out, const struct shop *s, int days_ago)
{
    int64_t budget = 50000, days = 9 - days_ago;
    int64_t spent = budget * days * 9 / 100;            /* nine percent a day: gone before its two weeks are over */
    put_report(out, s, "GET_COUPON_PERFORMANCE_REPORT", 0);
    buf_printf(out, "\"coupons\":[{\"couponId\":\"CPN%d\",\"marketplaceId\":\"%s\",\"currencyCode\":\"%s\","
               "\"name\":\"Ten percent off mugs\",\"startDateTime\":", 700 + s->no, s->market->id, s->market->currency);
    put_instant(out, zone_day_start(s->zone, s->last_day - 9));
    buf_text(out, ",\"endDateTime\":");
    put_instant(out, zone_day_start(s->zone, s->last_day + 6) - 1);
    buf_printf(out, ",\"discountType\":\"PERCENT_OFF_LIST_PRICE\",\"discountAmount\":10,\"clips\":%lld,\"redemptions\":%lld,"
               "\"budget\":", (long long)days * 31, (long long)days * 7);
    put_amount(out, s, budget);
    buf_text(out, ",\"budgetSpent\":");
    put_amount(out, s, spent);
    buf_text(out, ",\"budgetRemaining\":");
    put_amount(out, s, budget - spent);
    buf_text(out, ",\"sales\":");
    put_amount(out, s, spent * 9);
    buf_printf(out, ",\"asins\":[{\"asin\":\"%s\"}]}]}\n", s->sku[0].asin);
}

struct sold {
    int64_t units, items, sales_minor;
};

static struct sold sold_on(struct shop_day *d, const struct shop *s, int32_t day)
{
    struct sold sum = { 0, 0, 0 };
    struct shop_order o;
    shop_day_init(d, s, day);
    for (int64_t n = 0; n < d->orders && shop_order(d, n, &o); n++)
        for (int i = 0; o.status != SHOP_PENDING && i < o.n_lines; i++) {      /* cancelled ones are in, pending ones are not */
            sum.units += o.line[i].quantity;
            sum.items++;
            sum.sales_minor += o.had_price ? o.line[i].price_minor : 0;
        }
    return sum;
}

void talk_traffic(struct buf *out, const struct shop *s)
{
    enum { DAYS = 30 };
    struct shop_day *d = base_alloc(sizeof *d);
    put_report(out, s, "GET_SALES_AND_TRAFFIC_REPORT", DAYS);
    buf_text(out, "\"salesAndTrafficByDate\":[");
    for (int32_t day = s->last_day - DAYS; day < s->last_day; day++) {
        struct sold sold = sold_on(d, s, day);
        int64_t sessions = sold.units * 9 + 40 + day % 7 * 5;
        buf_text(out, day > s->last_day - DAYS ? ",{\"date\":\"" : "{\"date\":\"");
        buf_day(out, day);
        buf_text(out, "\",\"salesByDate\":{\"orderedProductSales\":{\"amount\":");
        put_amount(out, s, sold.sales_minor);
        buf_printf(out, ",\"currencyCode\":\"%s\"},\"unitsOrdered\":%lld,\"totalOrderItems\":%lld,\"unitsRefunded\":%lld,"
                   "\"claimsGranted\":0,\"claimsAmount\":{\"amount\":0,\"currencyCode\":\"%s\"}},\"trafficByDate\":{"
                   "\"pageViews\":%lld,\"sessions\":%lld,\"buyBoxPercentage\":%d.%02d,\"feedbackReceived\":%d,"
                   "\"negativeFeedbackReceived\":%d}}", s->market->currency, (long long)sold.units, (long long)sold.items,
                   (long long)(sold.units / 25), s->market->currency, (long long)(sessions * 17 / 10), (long long)sessions,
                   88 + day % 9, day % 100, 2 + day % 3, day % 6 == 0);
    }
    buf_text(out, "],\"salesAndTrafficByAsin\":[");
    for (int i = 0; i < 20; i++) {
        const struct shop_sku *k = &s->sku[i];
        int64_t units = 4 + k->weight % 40;
        buf_printf(out, "%s{\"parentAsin\":\"%s\",\"childAsin\":\"%s\",\"sku\":\"%s\",\"salesByAsin\":{\"unitsOrdered\":%lld,"
                   "\"orderedProductSales\":{\"amount\":", i ? "," : "", k->asin, k->asin, k->code, (long long)units);
        put_amount(out, s, units * k->price_minor);
        buf_printf(out, ",\"currencyCode\":\"%s\"},\"totalOrderItems\":%lld},\"trafficByAsin\":{\"sessions\":%lld,"
                   "\"pageViews\":%lld,\"buyBoxPercentage\":%d.5}}", s->market->currency, (long long)units,
                   (long long)units * 11, (long long)units * 19, 80 + i % 20);
    }
    buf_text(out, "]}\n");
    base_free(d);
}

/* ---- account health -------------------------------------------------------------------------------------------- */

static void put_range(struct buf *out, const struct shop *s, int weeks_ago, int days)
{
    int32_t to = s->last_day - weeks_ago * 7 - 1;
    buf_text(out, "\"reportingDateRange\":{\"reportingDateFrom\":\"");
    buf_day(out, to - days + 1);
    buf_text(out, "T00:00Z\",\"reportingDateTo\":\"");
    buf_day(out, to);
    buf_text(out, "T23:59Z\"},");
}

/* count of orders, in millionths without rounding surprises: six digits behind the point */
static void put_rate(struct buf *out, int64_t num, int64_t den)
{
    buf_printf(out, "\"rate\":%d.%06lld", (int)(num / den), (long long)(num % den * 1000000 / den));
}

static void put_metric(struct buf *out, const struct shop *s, int weeks_ago, const char *name, const char *count,
                       int64_t num, int64_t den, int days, const char *target, const char *condition, bool is_good)
{
    buf_printf(out, ",\"%s\":{", name);
    put_range(out, s, weeks_ago, days);
    buf_printf(out, "\"orderCount\":%lld,\"%s\":%lld,\"status\":\"%s\",\"targetValue\":%s,\"targetCondition\":\"%s\",",
               (long long)den, count, (long long)num, is_good ? "GOOD" : "BAD", target, condition);
    put_rate(out, num, den);
    buf_char(out, '}');
}

void talk_health(struct buf *out, const struct shop *shops, int n, int weeks_ago)
{
    buf_text(out, "{\"accountStatuses\":[");
    for (int i = 0; i < n; i++)
        buf_printf(out, "%s{\"marketplaceId\":\"%s\",\"status\":\"%s\"}", i ? "," : "", shops[i].market->id,
                   i == 1 && !weeks_ago ? "AT_RISK" : "NORMAL");
    buf_text(out, "],\"performanceMetrics\":[");
    for (int i = 0; i < n; i++) {
        const struct shop *s = &shops[i];
        int64_t orders = shop_orders(s, s->last_day - 60, s->last_day) + 200;
        int64_t late = orders * (i == 1 && !weeks_ago ? 46 : 21) / 1000, defects = orders * (i == 1 ? 8 : 4) / 1000 + 1;
        buf_printf(out, "%s{\"marketplaceId\":\"%s\",\"accountHealthRating\":{\"ahrStatus\":\"%s\",\"ahrScore\":%d,", i ? "," : "",
                   s->market->id, i == 1 && !weeks_ago ? "AT_RISK" : "GOOD", i == 1 && !weeks_ago ? 188 : 240 + i * 12);
        put_range(out, s, weeks_ago, 180);
        out->at[--out->len] = '\0';                     /* the comma behind the range */
        buf_text(out, "},\"orderDefectRate\":{\"mfn\":{");
        put_range(out, s, weeks_ago, 60);
        buf_printf(out, "\"orderCount\":%lld,\"orderWithDefects\":{\"count\":%lld,\"status\":\"GOOD\"},\"claims\":{\"count\":2,"
                   "\"status\":\"NONE\"},\"chargebacks\":{\"count\":1,\"status\":\"NONE\"},\"negativeFeedback\":{\"count\":%lld,"
                   "\"status\":\"NONE\"},\"fulfillmentType\":\"mfn\",\"status\":\"GOOD\",\"targetValue\":0.01,"
                   "\"targetCondition\":\"LESS_THAN\",", (long long)orders, (long long)defects, (long long)(defects > 2 ? defects - 2 : 1));
        put_rate(out, defects, orders);
        buf_text(out, "}}");
        put_metric(out, s, weeks_ago, "lateShipmentRate", "lateShipmentCount", late, orders, 30, "0.04", "LESS_THAN",
                   late * 100 < orders * 4);
        put_metric(out, s, weeks_ago, "preFulfillmentCancellationRate", "cancellationCount", orders / 120, orders, 7, "0.025",
                   "LESS_THAN", true);
        put_metric(out, s, weeks_ago, "validTrackingRate", "validTrackingCount", orders * 98 / 100, orders, 30, "0.95",
                   "GREATER_THAN", true);
        put_metric(out, s, weeks_ago, "onTimeDeliveryRate", "onTimeDeliveryCount", orders * 94 / 100, orders, 14, "0.9",
                   "GREATER_THAN", true);
        buf_printf(out, ",\"listingPolicyViolations\":{");
        put_range(out, s, weeks_ago, 180);
        buf_printf(out, "\"defectsCount\":%d,\"status\":\"%s\",\"targetValue\":0,\"targetCondition\":\"EQUALS\"}", i == 1,
                   i == 1 ? "BAD" : "GOOD");
        buf_text(out, ",\"productSafetyCustomerComplaints\":{");
        put_range(out, s, weeks_ago, 180);
        buf_text(out, "\"defectsCount\":0,\"status\":\"GOOD\",\"targetValue\":0,\"targetCondition\":\"EQUALS\"}}");
    }
    buf_text(out, "]}\n");
}

/* ---- notification messages ---------------------------------------------------------------------------------------- */

static void put_head(struct buf *out, const struct shop *s, const char *type, int64_t ago_s, int n)
{
    buf_printf(out, "%s{\"notificationVersion\":\"1.0\",\"notificationType\":\"%s\",\"payloadVersion\":\"1.0\",\"eventTime\":",
               n ? ",\n" : "", type);
    put_instant(out, s->until_s - ago_s);
    buf_printf(out, ",\"notificationMetadata\":{\"notificationId\":\"demo-%s-%d\"},\"payload\":", s->market->code, n);
}

void talk_notifications(struct buf *out, const struct shop *s)
{
    const struct shop_sku *hurt = &s->sku[2], *rivalled = &s->sku[5];
    int n = 0;
    buf_text(out, "[");
    if (s->no == 1) {
        put_head(out, s, "ACCOUNT_STATUS_CHANGED", 2 * DAY, n++);
        buf_text(out, "{\"accountStatusChangeNotification\":{\"previousAccountStatus\":\"NORMAL\","
                 "\"currentAccountStatus\":\"AT_RISK\"}}}");
    }
    put_head(out, s, "LISTINGS_ITEM_ISSUES_CHANGE", 20 * HOUR, n++);
    buf_printf(out, "{\"sellerId\":\"DEMO\",\"marketplaceId\":\"%s\",\"asin\":\"%s\",\"sku\":\"%s\",\"severities\":[\"ERROR\"],"
               "\"enforcementActions\":[\"SEARCH_SUPPRESSED\"]}}", s->market->id, hurt->asin, hurt->code);
    put_head(out, s, "ANY_OFFER_CHANGED", 5 * HOUR, n++);
    buf_printf(out, "{\"anyOfferChangedNotification\":{\"sellerId\":\"DEMO\",\"offerChangeTrigger\":{\"marketplaceId\":\"%s\","
               "\"asin\":\"%s\",\"itemCondition\":\"new\",\"timeOfOfferChange\":", s->market->id, rivalled->asin);
    put_instant(out, s->until_s - 5 * HOUR);
    buf_text(out, "},\"offers\":[{\"sellerId\":\"DEMO\",\"listingPrice\":{\"amount\":");
    put_amount(out, s, rivalled->price_minor);
    buf_printf(out, ",\"currencyCode\":\"%s\"},\"shipping\":{\"amount\":0,\"currencyCode\":\"%s\"},\"isBuyBoxWinner\":false},"
               "{\"sellerId\":\"RIVAL\",\"listingPrice\":{\"amount\":", s->market->currency, s->market->currency);
    put_amount(out, s, rivalled->price_minor * 93 / 100);
    buf_printf(out, ",\"currencyCode\":\"%s\"},\"shipping\":{\"amount\":0,\"currencyCode\":\"%s\"},\"isBuyBoxWinner\":true}]}}}",
               s->market->currency, s->market->currency);
    if (s->no == 0) {
        put_head(out, s, "FEE_PROMOTION", 3 * DAY, n++);
        buf_printf(out, "{\"feePromotionNotification\":{\"merchantId\":\"DEMO\",\"marketplaceId\":\"%s\","
                   "\"feePromotionType\":\"REFERRAL\",\"feePromotionTypeDescription\":\"Lower referral fee on kitchen\","
                   "\"promotionActiveTimeRange\":{\"effectiveFromDate\":", s->market->id);
        put_instant(out, s->until_s - 3 * DAY);
        buf_text(out, ",\"effectiveThroughDate\":");
        put_instant(out, s->until_s + 20 * DAY);
        buf_text(out, "}}}}");
    }
    buf_text(out, "]\n");
}
