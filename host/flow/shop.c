/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shop.c: what happens in the synthetic shop.
 *
 * in:     number of orders, seed, last instant
 * out:    products, orders of any day, amounts, charges and cycles
 * knows:  market, zone.  Has never heard of files and charsets.
 *
 * Chance is splitmix64 keyed by seed, market, day and number.  An order's place in the day follows
 * from its number, so the orders of a day come in the order of time without being sorted.
 */
#include "flow/shop.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- chance ---------------------------------------------------------------------------------- */

static const uint64_t golden = 0x9e3779b97f4a7c15;

static inline uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

struct dice {
    uint64_t state;
};

/* 0..n-1; n below 2^32. */
static inline unsigned below(struct dice *d, unsigned n)
{
    d->state += golden;
    return (unsigned)(((mix(d->state) >> 32) * n) >> 32);
}

/* A number below n that depends on seed, market, what and which. */
static uint64_t chance(const struct shop *s, uint64_t what, uint64_t which, uint64_t n)
{
    return mix(mix(s->key ^ mix(what * golden)) + which * golden) % n;
}

enum {                                                  /* what chance is asked for */
    OF_DAY_NOISE = 1, OF_DAY, OF_RANK, OF_WEIGHT, OF_CHANNEL, OF_OPENED, OF_RETURNS, OF_CLOSED,
    OF_OUT, OF_PROMOTION, OF_ORDER_ID, OF_CYCLE_ID, OF_CYCLE_TIME, OF_CHARGE, OF_STOCK
};

enum { CYCLE_DAYS = 14 };

/* ---- products: 60 things in five finishes each ----------------------------------------------- */

enum size { SMALL, MIDDLE, LARGE, SIZES };
enum season { EVEN, WINTER, SUMMER, BAKING, SEASONS };

static const struct {
    const char *code;
    int cents;                                          /* in the US */
    enum size size;
    enum season season;
    const char *title[SHOP_MARKETS];
} things[] = {
    { "SKIL", 2999, LARGE, EVEN,
      { "10\" Cast Iron Skillet", "Gusseisenpfanne 26 cm", "鋳鉄スキレット 26cm" } },
    { "STKP", 4499, LARGE, EVEN,
      { "Stainless Steel Stock Pot with Lid", "Suppentopf aus Edelstahl mit Deckel", "ステンレス寸胴鍋 ふた付き" } },
    { "SAUC", 3499, MIDDLE, EVEN,
      { "Enamel Saucepan", "Stielkasserolle aus Emaille", "ホーロー片手鍋" } },
    { "CUTB", 2699, MIDDLE, EVEN,
      { "Oak Cutting Board with Juice Groove", "Schneidebrett aus Eiche mit Saftrille", "オーク材まな板 溝付き" } },
    { "KNIF", 3999, SMALL, EVEN,
      { "8\" Chef's Knife", "Kochmesser 20 cm", "シェフナイフ 20cm" } },
    { "PEEL", 899, SMALL, EVEN,
      { "Swivel Vegetable Peeler", "Sparschäler mit beweglicher Klinge", "回転式ピーラー" } },
    { "GRAT", 1499, SMALL, EVEN,
      { "Fine Grater with Cover", "Feine Küchenreibe mit Schutzhülle", "細目おろし器 カバー付き" } },
    { "COLA", 1999, MIDDLE, EVEN,
      { "Enamel Colander", "Küchensieb aus Emaille", "ホーローコランダー" } },
    { "MIXB", 2799, MIDDLE, BAKING,
      { "Nesting Mixing Bowls", "Rührschüsseln, stapelbar", "入れ子ミキシングボウル" } },
    { "WHSK", 1099, SMALL, BAKING,
      { "Balloon Whisk", "Schneebesen", "泡立て器" } },
    { "SPAT", 1299, SMALL, BAKING,
      { "Silicone Spatula", "Teigschaber aus Silikon", "シリコンスパチュラ" } },
    { "ROLL", 1899, MIDDLE, BAKING,
      { "Beech Rolling Pin", "Nudelholz aus Buche", "ブナ材めん棒" } },
    { "COOK", 1399, SMALL, BAKING,
      { "Cookie Cutters, 8 Shapes", "Plätzchenausstecher, 8 Formen", "クッキー型 8種" } },
    { "CAKE", 2199, MIDDLE, BAKING,
      { "9\" Springform Cake Pan", "Springform 24 cm", "底取れケーキ型 24cm" } },
    { "MUFF", 1799, MIDDLE, BAKING,
      { "12-Cup Muffin Tin", "Muffinform für 12 Stück", "マフィン型 12個取り" } },
    { "SCAL", 2499, SMALL, BAKING,
      { "Flat Kitchen Scale", "Flache Küchenwaage", "薄型キッチンスケール" } },
    { "TIMR", 1199, SMALL, EVEN,
      { "Magnetic Kitchen Timer", "Küchenwecker mit Magnet", "マグネットキッチンタイマー" } },
    { "KETL", 4999, LARGE, WINTER,
      { "Gooseneck Kettle", "Schwanenhalskessel", "細口ドリップケトル" } },
    { "DRIP", 2299, SMALL, EVEN,
      { "Pour-Over Coffee Dripper", "Kaffeefilterhalter aus Keramik", "陶器コーヒードリッパー" } },
    { "MUGS", 1599, SMALL, WINTER,
      { "\"Rainy Sunday\" Stoneware Mug", "Steingutbecher „Regensonntag“", "ストーンウェアマグ 「雨の日曜日」" } },
    { "TEAP", 3299, MIDDLE, WINTER,
      { "Glass Teapot with Strainer", "Teekanne aus Glas mit Sieb", "耐熱ガラスティーポット 茶こし付き" } },
    { "PLAT", 3899, LARGE, EVEN,
      { "\"Morning Fog\" Dinner Plates", "Speiseteller „Morgennebel“", "ディナープレート 「朝もや」" } },
    { "BOWL", 2899, MIDDLE, EVEN,
      { "\"Morning Fog\" Cereal Bowls", "Müslischalen „Morgennebel“", "シリアルボウル 「朝もや」" } },
    { "GLAS", 2599, MIDDLE, SUMMER,
      { "Ribbed Drinking Glasses", "Trinkgläser, geriffelt", "リブグラス" } },
    { "CARA", 2999, MIDDLE, SUMMER,
      { "Water Carafe, 1 Quart", "Wasserkaraffe 1 l", "ウォーターカラフェ 1L" } },
    { "CUTL", 5499, MIDDLE, EVEN,
      { "Flatware for Four", "Besteck für vier Personen", "カトラリー 4人用" } },
    { "SALT", 1999, SMALL, EVEN,
      { "Salt Cellar with Lid", "Salzfass mit Deckel", "ふた付きソルトセラー" } },
    { "MILL", 2799, SMALL, EVEN,
      { "Pepper Mill", "Pfeffermühle", "ペッパーミル" } },
    { "JARS", 2399, LARGE, EVEN,
      { "Airtight Storage Jars", "Vorratsgläser, luftdicht", "密閉保存びん" } },
    { "LUNC", 1999, SMALL, EVEN,
      { "Lunch Box with Divider", "Brotdose mit Trennsteg", "仕切り付き弁当箱" } },
    { "BTTL", 1899, SMALL, SUMMER,
      { "Insulated Bottle, 17 oz", "Isolierflasche 500 ml", "真空断熱ボトル 500ml" } },
    { "APRN", 2199, SMALL, BAKING,
      { "Linen Apron", "Leinenschürze", "リネンエプロン" } },
    { "TOWL", 1499, SMALL, EVEN,
      { "Waffle Kitchen Towels", "Geschirrtücher mit Waffelmuster", "ワッフルキッチンタオル" } },
    { "MITT", 1299, SMALL, BAKING,
      { "Quilted Oven Mitts", "Ofenhandschuhe, gesteppt", "キルトオーブンミトン" } },
    { "BRED", 2999, LARGE, EVEN,
      { "Bread Box", "Brotkasten", "ブレッドケース" } },
    { "DISH", 3599, LARGE, EVEN,
      { "Folding Dish Rack", "Abtropfgestell, klappbar", "折りたたみ水切りラック" } },
    { "BLNK", 4999, LARGE, WINTER,
      { "Knitted Throw Blanket", "Strickdecke", "ニットブランケット" } },
    { "CUSH", 1999, MIDDLE, EVEN,
      { "18\" x 18\" Linen Cushion Cover", "Kissenhülle aus Leinen 45 × 45 cm", "リネンクッションカバー 45×45cm" } },
    { "CNDL", 1699, SMALL, WINTER,
      { "Scented Soy Candle", "Duftkerze aus Sojawachs", "ソイアロマキャンドル" } },
    { "LANT", 2799, MIDDLE, WINTER,
      { "Metal Lantern", "Windlicht aus Metall", "メタルランタン" } },
    { "VASE", 2499, MIDDLE, EVEN,
      { "Ceramic Bud Vase", "Knospenvase aus Keramik", "陶器一輪挿し" } },
    { "FRAM", 1799, MIDDLE, EVEN,
      { "5\" x 7\" Picture Frame", "Bilderrahmen 13 × 18 cm", "フォトフレーム 13×18cm" } },
    { "BASK", 2299, LARGE, EVEN,
      { "Woven Storage Basket", "Aufbewahrungskorb, geflochten", "編み込み収納バスケット" } },
    { "HANG", 1599, MIDDLE, EVEN,
      { "Wooden Hangers, 10 Pieces", "Kleiderbügel aus Holz, 10 Stück", "木製ハンガー 10本" } },
    { "HOOK", 1199, SMALL, EVEN,
      { "Wall Hooks", "Wandhaken", "ウォールフック" } },
    { "SHLF", 3999, LARGE, EVEN,
      { "Floating Shelf", "Schwebendes Wandregal", "フローティングシェルフ" } },
    { "CLCK", 3499, MIDDLE, EVEN,
      { "12\" Quiet Wall Clock", "Leise Wanduhr 30 cm", "静音掛け時計 30cm" } },
    { "LAMP", 4599, LARGE, WINTER,
      { "Paper Table Lamp", "Tischleuchte mit Papierschirm", "和紙テーブルランプ" } },
    { "BATH", 2899, LARGE, EVEN,
      { "Bath Towel", "Badetuch", "バスタオル" } },
    { "MATT", 2299, MIDDLE, EVEN,
      { "Cotton Bath Mat", "Badematte aus Baumwolle", "コットンバスマット" } },
    { "SOAP", 1399, SMALL, EVEN,
      { "Soap Dispenser", "Seifenspender", "ソープディスペンサー" } },
    { "SHWR", 2499, MIDDLE, EVEN,
      { "Waffle Shower Curtain", "Duschvorhang mit Waffelmuster", "ワッフルシャワーカーテン" } },
    { "LNDR", 2699, LARGE, EVEN,
      { "Laundry Hamper", "Wäschekorb", "ランドリーバスケット" } },
    { "DOOR", 2199, LARGE, WINTER,
      { "Coir Doormat", "Fußmatte aus Kokos", "ココヤシ玄関マット" } },
    { "UMBR", 2999, MIDDLE, EVEN,
      { "Umbrella Stand", "Schirmständer", "傘立て" } },
    { "PLNT", 1999, MIDDLE, SUMMER,
      { "Plant Pot with Saucer", "Blumentopf mit Untersetzer", "受け皿付き植木鉢" } },
    { "WCAN", 2399, MIDDLE, SUMMER,
      { "Watering Can", "Gießkanne", "じょうろ" } },
    { "PICN", 3299, LARGE, SUMMER,
      { "Picnic Blanket", "Picknickdecke", "ピクニックシート" } },
    { "ICEC", 1299, SMALL, SUMMER,
      { "Ice Cube Tray with Lid", "Eiswürfelform mit Deckel", "ふた付き製氷皿" } },
    { "STRG", 1499, MIDDLE, WINTER,
      { "Warm White String Lights", "Lichterkette, warmweiß", "電球色ストリングライト" } },
};

static const struct {
    const char *code;
    int price_percent;
    const char *title[SHOP_MARKETS];
} finishes[] = {
    { "SG", 100, { "Sage Green", "Salbeigrün", "セージグリーン" } },
    { "CH", 100, { "Charcoal", "Anthrazit", "チャコール" } },
    { "CR", 100, { "Cream", "Cremeweiß", "クリーム" } },
    { "TC", 105, { "Terracotta", "Terrakotta", "テラコッタ" } },
    { "MB", 105, { "Midnight Blue", "Nachtblau", "ミッドナイトブルー" } },
    { "NA", 95, { "Natural", "Natur", "ナチュラル" } },
    { "CL", 100, { "Café au Lait", "Milchkaffee", "カフェオレ" } },
    { "MU", 100, { "Mustard", "Senfgelb", "マスタード" } },
    { "S2", 185, { "Set of 2", "2er-Set", "2個セット" } },
    { "GB", 115, { "Gift Box", "Geschenkbox", "ギフトボックス入り" } },
};

enum { FINISHES_EACH = SHOP_SKUS / COUNT_OF(things) };
static_assert(FINISHES_EACH * COUNT_OF(things) == SHOP_SKUS, "things times finishes are the SKUs");
static_assert(FINISHES_EACH * 2 <= COUNT_OF(finishes), "no thing in one finish twice");

/* Percent of an even year, by month. */
static const unsigned seasons[SEASONS][12] = {
    [EVEN]   = { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 },
    [WINTER] = { 120, 105, 80, 60, 50, 45, 45, 55, 90, 130, 170, 190 },
    [SUMMER] = { 50, 60, 85, 120, 160, 190, 190, 150, 90, 60, 50, 50 },
    [BAKING] = { 80, 90, 105, 90, 80, 70, 70, 75, 95, 115, 180, 200 },
};

/* ---- markets --------------------------------------------------------------------------------- */

static const struct {
    const char *code;
    int share_percent;                                  /* of all orders; the first has the rest */
    int price_percent, price_to, price_less;            /* of US cents; up to a multiple, less that */
    int64_t free_from, postage, express;                /* minor units */
    int included_tax_percent, commission_percent;
    int64_t fba_fee[SIZES];
    int64_t subscription;                               /* a month */
    int64_t storage, advertising, reserve;              /* for each order of some days */
    unsigned longest_wait_days;                            /* for a payment */
    int cycle_age_days;                                 /* the open cycle at the end */
    struct shop_place places[SHOP_PLACES];
} locals[SHOP_MARKETS] = {
    {
        .code = "US", .share_percent = 50, .price_percent = 100, .price_to = 100, .price_less = 1,
        .free_from = 3500, .postage = 499, .express = 999, .commission_percent = 15,
        .fba_fee = { 322, 475, 720 },
        .subscription = 3999, .storage = 31, .advertising = 187, .reserve = 1190,
        .longest_wait_days = 3, .cycle_age_days = 9,
        .places = {
            { "Maple Hollow", "OH", 725 }, { "Cedar Bend", "TX", 825 }, { "Lakeport Falls", "MN", 788 },
            { "Windmere", "CA", 925 }, { "Fort Alder", "WA", 1010 }, { "Quarry Springs", "CO", 765 },
            { "PINEGATE", "GA", 740 }, { "East Harrow", "NY", 888 }, { "Stillwater Cove", "FL", 700 },
            { "Cañon Verde", "NM", 760 }, { "Bellmoor", "IL", 875 }, { "North Fenmarsh", "OR", 0 },
        },
    }, {
        .code = "DE", .share_percent = 35, .price_percent = 96, .price_to = 100, .price_less = 1,
        .free_from = 2900, .postage = 390, .express = 690,
        .included_tax_percent = 19, .commission_percent = 15, .fba_fee = { 285, 390, 560 },
        .subscription = 3900, .storage = 26, .advertising = 152, .reserve = 1050,
        .longest_wait_days = 3, .cycle_age_days = 5,
        .places = {
            { "Birkenhausen", "Bayern", 0 }, { "Grünbach an der Lohe", "Hessen", 0 },
            { "Königsmühle", "Sachsen", 0 },
            { "Altenföhr", "Schleswig-Holstein", 0 }, { "Oberweißtal", "Baden-Württemberg", 0 },
            { "Lindensee", "", 0 }, { "Steinfurth am Wald", "Thüringen", 0 },
            { "Neu Eichdorf", "Niedersachsen", 0 },
            { "Rabenöd", "Bayern", 0 }, { "Hafenstedt", "Bremen", 0 }, { "Weißenkirch", "", 0 },
            { "Moorlage", "Nordrhein-Westfalen", 0 },
        },
    }, {
        .code = "JP", .share_percent = 15, .price_percent = 140, .price_to = 100, .price_less = 20,
        .free_from = 3500, .postage = 450, .express = 700,
        .included_tax_percent = 10, .commission_percent = 10, .fba_fee = { 318, 434, 589 },
        .subscription = 4900, .storage = 38, .advertising = 240, .reserve = 1600,
        .longest_wait_days = 5, .cycle_age_days = 11,
        .places = {
            { "桜丘市", "東京都", 0 }, { "みどり野市", "神奈川県", 0 }, { "青葉浜町", "大阪府", 0 },
            { "月見町", "愛知県", 0 }, { "白鳥台市", "北海道", 0 }, { "風見市", "福岡県", 0 },
            { "水車村", "京都府", 0 }, { "朝霧ヶ丘町", "兵庫県", 0 }, { "星川原市", "埼玉県", 0 },
            { "花園台市", "千葉県", 0 }, { "海鳴町", "広島県", 0 }, { "竹野原市", "静岡県", 0 },
        },
    },
};

/* ---- how many orders: the year, the week, the hours ------------------------------------------ */

/* Percent of an ordinary day; in between a straight line. */
static const struct {
    unsigned month, day, percent;
} year[] = {
    { 1, 1, 90 }, { 1, 15, 95 }, { 2, 15, 90 }, { 4, 10, 105 }, { 6, 1, 95 }, { 7, 10, 100 },
    { 7, 14, 150 }, { 7, 18, 100 }, { 8, 20, 90 }, { 10, 15, 110 }, { 11, 20, 135 }, { 11, 27, 210 },
    { 12, 1, 170 }, { 12, 16, 235 }, { 12, 24, 110 }, { 12, 31, 90 },
};

static const unsigned week[7] = { 108, 104, 100, 97, 92, 95, 116 };   /* from Monday */

static const unsigned hours[24] = {
    18, 10, 6, 4, 4, 7, 16, 30, 44, 54, 60, 62, 64, 60, 56, 56, 60, 66, 74, 86, 94, 88, 62, 36,
};

static unsigned year_percent(int32_t day)
{
    int of_year;
    unsigned month, of_month;
    day_parts(day, &of_year, &month, &of_month);
    size_t i = 1;
    while (month > year[i].month || (month == year[i].month && of_month > year[i].day))
        i++;
    int32_t from = day_of(of_year, year[i - 1].month, year[i - 1].day);
    int32_t to = day_of(of_year, year[i].month, year[i].day);
    int64_t rise = (int64_t)year[i].percent - year[i - 1].percent;
    return (unsigned)(year[i - 1].percent + divide_round(rise * (day - from), to - from));
}

static int64_t day_weight(const struct shop *s, int32_t day)
{
    int64_t noise = 85 + (int64_t)chance(s, OF_DAY_NOISE, (uint64_t)day, 31);
    int64_t growth = 1000 + day - s->first_day;
    return year_percent(day) * noise * week[day_weekday(day) - 1] * growth / 1000;
}

/* Each day gets its part of the orders so that the parts add up to the whole. */
static void share_out(struct shop *s, int64_t orders)
{
    int64_t sum[SHOP_DAYS + 1] = { 0 };
    for (int i = 0; i < SHOP_DAYS; i++)
        sum[i + 1] = sum[i] + day_weight(s, s->first_day + i);
    for (int i = 0; i <= SHOP_DAYS; i++)
        s->before[i] = sum[i] * orders / sum[SHOP_DAYS];
}

int64_t shop_orders(const struct shop *s, int32_t from, int32_t to)
{
    int32_t end = s->last_day + 1;
    from = from < s->first_day ? s->first_day : from > end ? end : from;
    to = to < s->first_day ? s->first_day : to > end ? end : to;
    return s->before[to - s->first_day] - s->before[from - s->first_day];
}

/* ---- the catalogue --------------------------------------------------------------------------- */

/* Ids of the marketplace, made so that they cannot be real ones, which have no vowels. */
static void name_id(char *out, const char *start, uint64_t n)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t at = strlen(start);
    memcpy(out, start, at);
    for (out[10] = '\0'; at < 10; at++, n /= 36)
        out[at] = letters[n % 36];
}

static int64_t local_price(int no, int64_t cents)
{
    int64_t to = locals[no].price_to;
    return (cents * locals[no].price_percent / 100 + to - 1) / to * to - locals[no].price_less;
}

static void sku_init(struct shop *s, struct shop_sku *k, unsigned n, unsigned rank)
{
    unsigned thing = n / FINISHES_EACH;
    unsigned finish = (thing + n % FINISHES_EACH * 2) % COUNT_OF(finishes);
    const char *word = finishes[finish].title[s->no];
    /* A report of one market must not rename the products of another, so each has its own SKUs. */
    snprintf(k->code, sizeof k->code, "%s-%s%s%s", things[thing].code, finishes[finish].code,
             s->no ? "-" : "", s->no ? locals[s->no].code : "");
    snprintf(k->title, sizeof k->title, "%s%s%s", things[thing].title[s->no],
             s->no == 2 ? " " : ", ", word);
    name_id(k->asin, "B0DEMO", (uint64_t)n * 5501);
    name_id(k->fnsku, "X00DEMO", ((uint64_t)s->no * SHOP_SKUS + n) * 47);
    k->price_minor = local_price(s->no, things[thing].cents * finishes[finish].price_percent / 100);
    k->fba_fee_minor = locals[s->no].fba_fee[things[thing].size];
    k->is_bulky = things[thing].size == LARGE;
    k->season = things[thing].season;
    k->is_closed = chance(s, OF_CLOSED, n, 100) < 3;
    k->weight = 400000 / (rank + 6) * (60 + (unsigned)chance(s, OF_WEIGHT, n, 81)) / 100;
    k->return_permille = 40 + (unsigned)chance(s, OF_RETURNS, n, 41);
    k->opened_day = s->last_day - 450 - (int32_t)chance(s, OF_OPENED, n, 1200);
}

static void catalogue_init(struct shop *s, uint64_t seed)
{
    unsigned rank[SHOP_SKUS] = { 0 };                   /* the same favourites in every market */
    struct dice dice = { mix(seed + OF_RANK) };
    for (unsigned i = 0; i < SHOP_SKUS; i++) {
        unsigned j = below(&dice, i + 1);
        rank[i] = rank[j];
        rank[j] = i;
    }
    int at = 0;
    for (int is_afn = 0; is_afn < 2; is_afn++) {
        for (unsigned n = 0; n < SHOP_SKUS; n++) {
            if ((chance(s, OF_CHANNEL, n, 100) < 60) != is_afn)
                continue;
            s->sku[at].is_afn = is_afn;
            sku_init(s, &s->sku[at++], n, rank[n]);
        }
        if (!is_afn)
            s->n_mfn = at;
    }
    for (int i = 0; i < SHOP_SKUS; i++)
        s->weight += s->sku[i].weight;
}

/* Sold out for 4 to 18 days, now and then. */
bool shop_is_out(const struct shop *s, const struct shop_sku *sku, int32_t day)
{
    enum { SPAN_DAYS = 64 };
    unsigned n = (unsigned)(sku - s->sku);
    unsigned at = (unsigned)day + n * 37;
    uint64_t dice = chance(s, OF_OUT, (uint64_t)(at / SPAN_DAYS) * SHOP_SKUS + n, UINT64_MAX);
    if (dice % 100 >= 35)
        return false;
    unsigned starts = dice / 100 % 46, lasts = 4 + (unsigned)(dice / 4600 % 15);
    return at % SPAN_DAYS >= starts && at % SPAN_DAYS < starts + lasts;
}

int64_t shop_stock(const struct shop *s, const struct shop_sku *k)
{
    if (k->is_closed || shop_is_out(s, k, s->last_day))
        return 0;
    int64_t cover_days = 4 + (int64_t)chance(s, OF_STOCK, (uint64_t)(k - s->sku), 70);
    int64_t orders = shop_orders(s, s->last_day - 30, s->last_day);
    int64_t units = orders * 7 / 4 * k->weight / s->weight;     /* an order has about 1.75 units */
    return 3 + units * cover_days / 30;
}

int shop_init(struct shop *s, int no, int64_t orders, uint64_t seed, int64_t until_s, struct err *err)
{
    memset(s, 0, sizeof *s);
    s->no = no;
    s->market = market_find(locals[no].code);
    if (!s->market)
        return err_set(err, ERR_BUG, "The demo shop sells in %s, which is not a market.",
                       locals[no].code);
    s->zone = zone_get(s->market->zone, err);
    if (!s->zone)
        return -err->code;
    s->places = locals[no].places;
    s->digits = currency_digits(s->market->currency);
    s->key = mix(seed + golden * (uint64_t)(no + 1));
    s->until_s = until_s;
    s->last_day = zone_day(s->zone, until_s);
    s->first_day = s->last_day - SHOP_DAYS + 1;
    int64_t others = 0;
    for (int i = 1; i < SHOP_MARKETS; i++)
        others += orders * locals[i].share_percent / 100;
    share_out(s, no ? orders * locals[no].share_percent / 100 : orders - others);
    catalogue_init(s, seed);
    while (s->last_day - locals[no].cycle_age_days - CYCLE_DAYS * s->n_cycles >= s->first_day)
        s->n_cycles++;
    return 0;
}

/* ---- a day ----------------------------------------------------------------------------------- */

void shop_day_init(struct shop_day *d, const struct shop *s, int32_t day)
{
    int of_year;
    unsigned month, of_month;
    day_parts(day, &of_year, &month, &of_month);
    d->shop = s;
    d->day = day;
    d->key = chance(s, OF_DAY, (uint64_t)day, UINT64_MAX);
    d->start_s = zone_day_start(s->zone, day);
    d->length_s = zone_day_start(s->zone, day + 1) - d->start_s;
    d->orders = shop_orders(s, day, day + 1);
    d->hour_odds[0] = 0;
    for (int i = 0; i < 24; i++)
        d->hour_odds[i + 1] = d->hour_odds[i] + hours[i];
    d->odds[0] = 0;
    for (int i = 0; i < SHOP_SKUS; i++) {
        const struct shop_sku *k = &s->sku[i];
        bool is_sold = !k->is_closed && !shop_is_out(s, k, day);
        unsigned odds = is_sold ? k->weight * seasons[k->season][month - 1] / 100 : 0;
        d->odds[i + 1] = d->odds[i] + odds;
    }
}

/* One of the products [from, to), by their odds. */
static const struct shop_sku *draw(const struct shop_day *d, struct dice *dice, int from, int to)
{
    uint32_t at = d->odds[from] + below(dice, d->odds[to] - d->odds[from]);
    while (to - from > 1) {
        int middle = (from + to) / 2;
        if (d->odds[middle] <= at)
            from = middle;
        else
            to = middle;
    }
    return &d->shop->sku[from];
}

/* The orders are spread over the hours by their odds, each somewhere in its own nth part. */
static int64_t time_of(const struct shop_day *d, int64_t n, struct dice *dice)
{
    enum { GRAIN = 1 << 16 };
    int64_t at = (n * GRAIN + below(dice, GRAIN)) * d->hour_odds[24] / d->orders;
    int hour = 0;
    while (at >= (int64_t)d->hour_odds[hour + 1] * GRAIN)
        hour++;
    at -= (int64_t)d->hour_odds[hour] * GRAIN;
    int64_t second = hour * 3600 + at * 3600 / ((int64_t)hours[hour] * GRAIN);
    return d->start_s + second * d->length_s / 86400;   /* days of 23 and 25 hours */
}

/* When the seller hands over what was ready at ready_s: in the afternoon, after some business days. */
static int64_t sent_s(const struct shop_day *d, int64_t ready_s, struct dice *dice)
{
    enum { NOON_S = 12 * 3600, SATURDAY = 5 };
    int64_t days = (ready_s - d->start_s) / 86400;
    unsigned weekday = (day_weekday(d->day) - 1 + (unsigned)days) % 7;
    unsigned luck = below(dice, 100);
    unsigned wait = luck < 35 ? 0 : luck < 85 ? 1 : luck < 94 ? 2 : luck < 97 ? 3 : 4 + below(dice, 5);
    if ((ready_s - d->start_s) % 86400 >= NOON_S)
        wait++;
    while (wait > 0 || weekday >= SATURDAY) {
        wait -= wait > 0 && weekday < SATURDAY;
        weekday = (weekday + 1) % 7;
        days++;
    }
    return d->start_s + days * 86400 + NOON_S + 3600 + below(dice, 5 * 3600);
}

/* In the price, or on top of it. */
static int64_t tax(const struct shop *s, const struct shop_place *place, int64_t minor)
{
    int64_t included = locals[s->no].included_tax_percent;
    return included ? divide_round(minor * included, 100 + included) :
           divide_round(minor * place->tax_bp, 10000);
}

/* Its product is chosen already. */
static void line_init(const struct shop_day *d, const struct shop_order *o, struct shop_line *l,
                      struct dice *dice)
{
    const struct shop *s = d->shop;
    const struct shop_sku *k = l->sku;
    unsigned luck = below(dice, 100);
    l->quantity = luck < 82 ? 1 : luck < 94 ? 2 : luck < 98 ? 3 : 4 + (int)below(dice, 3);
    if (o->is_business)
        l->quantity += (int)below(dice, 8);
    l->price_minor = k->price_minor * l->quantity * (o->is_business ? 95 : 100) / 100;

    uint64_t month = (uint64_t)(d->day / 30) * SHOP_SKUS + (uint64_t)(k - s->sku);
    uint64_t offer = chance(s, OF_PROMOTION, month, 100);
    l->discount_percent = offer < 12 ? 10 + (int)(offer % 4) * 5 : 0;
    l->discount_minor = l->price_minor * l->discount_percent / 100;

    bool is_first = l == o->line;
    bool is_free = o->is_afn || l->price_minor >= locals[s->no].free_from;
    l->shipping_minor = !is_first ? 0 : o->level == SHOP_EXPEDITED ? locals[s->no].express :
                        is_free ? 0 : locals[s->no].postage;
    l->tax_minor = tax(s, o->place, l->price_minor - l->discount_minor);
    l->shipping_tax_minor = tax(s, o->place, l->shipping_minor);

    l->is_cancelled = !is_first && below(dice, 100) < 3;
    bool is_returned = below(dice, 1000) < k->return_permille;
    int64_t after_s = (4 + below(dice, 14) + below(dice, 20)) * 86400 + below(dice, 86400);
    is_returned = is_returned && o->shipped_s && !l->is_cancelled && o->shipped_s + after_s <= s->until_s;
    l->refund_s = is_returned ? o->shipped_s + after_s : 0;
}

/* Both halves are one-to-one in day and number, so no id comes twice. */
static void id_init(const struct shop_day *d, int64_t n, struct shop_order *o)
{
    enum { TEN_MILLION = 10000000 };
    static const struct { unsigned first, n; } starts[] = { { 111, 4 }, { 302, 5 }, { 249, 2 } };
    const struct shop *s = d->shop;
    uint64_t high = (uint64_t)d->day * 4817 + chance(s, OF_ORDER_ID, 0, TEN_MILLION);
    uint64_t low = (uint64_t)n * 6180339 + d->key % TEN_MILLION;
    high += low % TEN_MILLION * 2971;
    low += high % TEN_MILLION * 7043;
    o->id[0] = starts[s->no].first + (unsigned)(o->key % starts[s->no].n);
    o->id[1] = (unsigned)(high % TEN_MILLION);
    o->id[2] = (unsigned)(low % TEN_MILLION);
}

/*
 * Some orders are made to be seen, whatever the number of orders: the first one of each of the last
 * three days waits for its payment, that of some days a week ago was forgotten, and one order of the
 * first market has an odd status.
 */
enum { UNPAID_DAYS = 3, FORGOTTEN_FROM = 7, FORGOTTEN_TO = 10 };

static bool is_odd(const struct shop_day *d, int64_t n)
{
    const struct shop *s = d->shop;
    int64_t all = s->before[SHOP_DAYS];
    return s->no == 0 && s->before[d->day - s->first_day] + n == all - 1 - all / 50;
}

bool shop_order(const struct shop_day *d, int64_t n, struct shop_order *o)
{
    const struct shop *s = d->shop;
    int32_t age = s->last_day - d->day;
    bool is_forgotten = n == 0 && age >= FORGOTTEN_FROM && age <= FORGOTTEN_TO;
    bool is_unpaid = n == 0 && age < UNPAID_DAYS;
    bool odd = is_odd(d, n);
    struct dice dice = { mix(d->key + (uint64_t)n * golden) };
    o->key = dice.state;
    o->purchase_s = time_of(d, n, &dice);
    if (o->purchase_s > s->until_s)
        return false;
    id_init(d, n, o);

    unsigned luck = below(&dice, 100);
    o->n_lines = luck < 78 ? 1 : luck < 93 ? 2 : luck < 98 ? 3 : SHOP_LINES;
    o->line[0].sku = draw(d, &dice, 0, is_forgotten ? s->n_mfn : SHOP_SKUS);
    o->is_afn = o->line[0].sku->is_afn;
    for (int i = 1; i < o->n_lines; i++)                /* what is sent together */
        o->line[i].sku = draw(d, &dice, o->is_afn ? s->n_mfn : 0, o->is_afn ? SHOP_SKUS : s->n_mfn);
    o->is_business = below(&dice, 100) < 6;
    luck = below(&dice, 100);
    o->level = luck < 5 ? SHOP_EXPEDITED : !o->is_afn || luck < 60 ? SHOP_STANDARD :
               luck < 80 ? SHOP_SECOND_DAY : SHOP_NEXT_DAY;
    o->place = &s->places[below(&dice, SHOP_PLACES)];
    o->postcode = below(&dice, 10000000);

    luck = below(&dice, 100);
    int64_t wait_s = luck < 72 ? 1200 + below(&dice, 4800) : luck < 95 ? 7200 + below(&dice, 64800) :
                     86400 + below(&dice, (locals[s->no].longest_wait_days - 1) * 86400);
    bool is_cancelled = below(&dice, 1000) < 28;
    int64_t cancelled_s = o->purchase_s + 300 + below(&dice, 30 * 3600);
    if (is_forgotten || is_unpaid || odd) {
        wait_s = is_unpaid ? UNPAID_DAYS * 86400 : 1800;
        is_cancelled = false;
    }
    int64_t ready_s = o->purchase_s + wait_s;
    int64_t shipped_s = o->is_afn ? ready_s + 7200 + below(&dice, 28 * 3600) : sent_s(d, ready_s, &dice);

    o->shipped_s = 0;
    o->had_price = ready_s <= s->until_s && !(is_cancelled && cancelled_s < ready_s);
    if (is_cancelled && cancelled_s <= s->until_s) {
        o->status = SHOP_CANCELLED;
        o->updated_s = cancelled_s;
    } else if (ready_s > s->until_s) {
        o->status = SHOP_PENDING;
        o->updated_s = o->purchase_s;
    } else if (is_forgotten || odd || is_cancelled || shipped_s > s->until_s) {
        o->status = odd ? SHOP_ODD : SHOP_UNSHIPPED;
        o->updated_s = ready_s;
    } else {
        o->status = SHOP_SHIPPED;
        o->updated_s = o->shipped_s = shipped_s;
    }
    for (int i = 0; i < o->n_lines; i++)
        line_init(d, o, &o->line[i], &dice);
    return true;
}

/* ---- money ----------------------------------------------------------------------------------- */

void shop_settle(const struct shop *s, const struct shop_line *l, bool is_refund,
                 int64_t amount[SHOP_AMOUNTS])
{
    int64_t paid = l->price_minor - l->discount_minor;
    int64_t commission = divide_round(paid * locals[s->no].commission_percent, 100);
    int64_t sign = is_refund ? -1 : 1;
    bool is_taxed = !locals[s->no].included_tax_percent;        /* the marketplace hands the tax on */
    memset(amount, 0, SHOP_AMOUNTS * sizeof *amount);
    amount[SHOP_PRINCIPAL] = sign * l->price_minor;
    amount[SHOP_PROMOTION] = -sign * l->discount_minor;
    amount[SHOP_COMMISSION] = -sign * commission;
    if (is_taxed) {
        amount[SHOP_TAX] = sign * l->tax_minor;
        amount[SHOP_WITHHELD] = -sign * l->tax_minor;
    }
    if (is_refund) {
        amount[SHOP_REFUND_COMMISSION] = -divide_round(commission, 5);
        return;
    }
    amount[SHOP_SHIPPING] = l->shipping_minor;
    if (is_taxed) {
        amount[SHOP_SHIPPING_TAX] = l->shipping_tax_minor;
        amount[SHOP_SHIPPING_WITHHELD] = -l->shipping_tax_minor;
    }
    if (l->sku->is_afn)
        amount[SHOP_FBA_FEE] = -l->quantity * l->sku->fba_fee_minor;
}

/* ---- cycles and charges ---------------------------------------------------------------------- */

/* Day of the market on which the ith cycle ends. */
static int32_t cycle_end(const struct shop *s, int i)
{
    return s->last_day - locals[s->no].cycle_age_days - CYCLE_DAYS * (s->n_cycles - 1 - i);
}

static int64_t cycle_end_s(const struct shop *s, int i)
{
    return zone_day_start(s->zone, cycle_end(s, i)) + (int64_t)chance(s, OF_CYCLE_TIME, 0, 86400);
}

/* Kept back for what was sold in the last days. */
static int64_t reserve(const struct shop *s, int i)
{
    int32_t end = cycle_end(s, i);
    int64_t unit = locals[s->no].reserve;
    uint64_t odd = chance(s, OF_CHARGE, (uint64_t)end, (uint64_t)unit);
    return shop_orders(s, end - 5, end) * unit + (int64_t)odd;
}

void shop_cycle(const struct shop *s, int i, struct shop_cycle *c)
{
    enum { IDS_A_DAY = 40000 };
    uint64_t end = (uint64_t)cycle_end(s, i);
    uint64_t id = end * IDS_A_DAY + chance(s, OF_CYCLE_ID, end, IDS_A_DAY);
    *c = (struct shop_cycle){
        .id = (20 + s->no) * INT64_C(1000000000) + (int64_t)id,
        .from_s = cycle_end_s(s, i - 1),
        .to_s = cycle_end_s(s, i),
        .deposit_s = cycle_end_s(s, i) + 2 * 86400,
        .reserve_before_minor = i > 0 ? reserve(s, i - 1) : 0,
        .reserve_minor = reserve(s, i),
    };
}

size_t shop_charges(const struct shop *s, int64_t from_s, int64_t to_s,
                    struct shop_charge charge[SHOP_CHARGES])
{
    enum { MONDAY = 1, STORAGE_ON = 10 };
    size_t n = 0;
    for (int32_t day = zone_day(s->zone, from_s); day <= zone_day(s->zone, to_s); day++) {
        int of_year;
        unsigned month, of_month;
        day_parts(day, &of_year, &month, &of_month);
        int64_t at_s = zone_day_start(s->zone, day) + 12 * 3600;
        if (at_s < from_s || at_s >= to_s)
            continue;
        int64_t noise = 90 + (int64_t)chance(s, OF_CHARGE, (uint64_t)day, 21);
        int64_t storage = shop_orders(s, day - 30, day) * locals[s->no].storage * noise / 100;
        int64_t advertising = shop_orders(s, day - 7, day) * locals[s->no].advertising * noise / 100;
        if (of_month == 1)
            charge[n++] = (struct shop_charge){ SHOP_SUBSCRIPTION, at_s, -locals[s->no].subscription };
        if (of_month == STORAGE_ON)
            charge[n++] = (struct shop_charge){ SHOP_STORAGE, at_s, -storage };
        if (day_weekday(day) == MONDAY)
            charge[n++] = (struct shop_charge){ SHOP_ADVERTISING, at_s, -advertising };
    }
    assert(n <= SHOP_CHARGES);
    return n;
}
