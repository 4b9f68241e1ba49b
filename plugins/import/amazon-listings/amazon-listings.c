/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-listings.c: what is offered: the merchant listings reports (all, active, inactive) and the
 * short one of open listings.
 *
 * in:     one row per SKU; headers in the language of the account
 * out:    records of kind listing
 * knows:  souk/import.h
 *
 * Only what a report says is stored.  The reports of active and of inactive listings have the same
 * header and no status, so a file of theirs leaves the status as it is known.
 */
#include <souk/import.h>

#include <string.h>

static struct souk_value fulfilment_of(const struct souk_value *channel)
{
    if (channel->type == SOUK_NONE)
        return *channel;
    if (strcmp(channel->text.at, "DEFAULT") == 0)
        return souk_text("seller");
    return strncmp(channel->text.at, "AMAZON", 6) == 0 ? souk_text("marketplace") : souk_none();
}

/* ---- merchant listings ----------------------------------------------------------------------- */

#define PUT_LISTING "line:count sku:text listing_id:text title:text asin:text price:money" \
                    " quantity:count status:text fulfilment:text item_condition:text" \
                    " shipping_group:text opened:instant extra:text"

enum listing_column {
    LINE, SKU, LISTING_ID, TITLE, ASIN, PRICE, QUANTITY, STATUS, CHANNEL, CONDITION, SHIPPING_GROUP,
    OPENED, EXTRA
};

/* Names in English, German, French, Italian, Spanish, Polish, Turkish, Japanese, Chinese. */
static const struct souk_import_column listing_columns[] = {
    { "sku",
      "seller-sku|Händler-SKU|sku-vendeur|SKU venditore|SKU del vendedor|sku-sprzedawcy|"
      "seller-sku (satıcı sku)|出品者SKU|卖家 SKU",
      SOUK_TEXT, SOUK_NEEDED, NULL },
    { "listing_id",
      "listing-id|Angebotsnummer|id-offre|Numero offerta|Identificador del listing|"
      "identyfikator-oferty|listing-id (liste kaydı numarası)|出品ID|商品编码",
      SOUK_TEXT, 0, NULL },
    { "title",
      "item-name|Artikelbezeichnung|nom-produit|Nome dell'articolo|Título del producto|nazwa-produktu|"
      "item-name (ürün adı)|商品名|商品名称",
      SOUK_TEXT, SOUK_HEADER, NULL },
    { "asin", "asin1|ASIN 1", SOUK_TEXT, 0, NULL },
    { "price",
      "price|Preis|prix|Prezzo|Precio|cena|price (fiyat)|価格|价格",
      SOUK_MONEY, SOUK_HEADER, "" },
    { "quantity",
      "quantity|Menge|quantité|Quantità|Cantidad|ilość|quantity (adet)|数量",
      SOUK_COUNT, 0, NULL },
    { "status", "status|état|stato|estado|durum|ステータス|状态", SOUK_TEXT, 0, NULL },
    { "channel",
      "fulfillment-channel|fulfilment-channel|Versender|canal-traitement|Canale di gestione|"
      "Canal de gestión logística|kanał-realizacji|fulfillment-channel (dağıtım kanalı)|"
      "フルフィルメント・チャンネル|配送渠道",
      SOUK_TEXT, 0, NULL },
    { "condition",
      "item-condition|Artikelzustand|état-produit|Condizione dell'articolo|Estado del producto|"
      "stan-produktu|item-condition (ürün durumu)|コンディション|商品状况",
      SOUK_TEXT, 0, NULL },
    { "shipping_group",
      "merchant-shipping-group|Händlerversandgruppe|groupe-expédition-vendeur|"
      "gruppo-spedizione-venditore|grupa-wysyłki-sprzedawcy|"
      "merchant-shipping-group (satıcı kargo grubu)|卖家配送组",
      SOUK_TEXT, 0, NULL },
    { "opened",
      "open-date|Erstellungsdatum|date-ouverture|Data di creazione|Fecha de creación|data-otwarcia|"
      "open-date (yayınlanma tarihi)|出品日|开售日期",
      SOUK_INSTANT, 0, NULL },
    { "of_no_use",
      "item-description|Artikelbeschreibung|description-article|Descrizione dell'articolo|"
      "Descripción del producto|opis-produktu|商品の説明|商品描述|image-url|item-is-marketplace|"
      "是否为商城中的商品|product-id-type|Produkt-ID-Typ|type-id-produit|商品IDタイプ|商品编码类型|item-note|"
      "コンディション説明|商品备注|zshop-shipping-fee|zshop-category1|zshop-browse-path|"
      "zshop-storefront-feature|zshop-boldface|asin2|asin3|ASIN 2|ASIN 3|will-ship-internationally|"
      "国外へ配送可|国际配送|expedited-shipping|迅速な配送|加急配送|product-id|Produkt-ID|id-produit|商品ID|"
      "商品编码#2|bid-for-featured-placement|add-delete|添加-删除|pending-quantity|在庫数|等待购买数量|"
      "不适用项目",
      SOUK_NONE, 0, NULL },
};

static int listing_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                        const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "listing", PUT_LISTING, in[LINE], in[SKU], in[LISTING_ID], in[TITLE],
                      in[ASIN], in[PRICE], in[QUANTITY], in[STATUS], fulfilment_of(&in[CHANNEL]),
                      in[CONDITION], in[SHIPPING_GROUP], in[OPENED], in[EXTRA]);
    }
    return rc;
}

static const struct souk_import listings = {
    .size = sizeof listings, .shape = SOUK_TSV, .id = "amazon.listings", .title = "listings",
    .columns = SOUK_LIST(listing_columns), .needs_market = 1, .rows = listing_rows,
};

/* ---- open listings --------------------------------------------------------------------------- */

#define PUT_OPEN "line:count sku:text asin:text price:money quantity:count extra:text"

enum open_column { OPEN_LINE, OPEN_SKU, OPEN_ASIN, OPEN_PRICE, OPEN_QUANTITY, OPEN_EXTRA };

static const struct souk_import_column open_columns[] = {
    { "sku",      "sku|出品者SKU",   SOUK_TEXT,  SOUK_NEEDED, NULL },
    { "asin",     "asin",            SOUK_TEXT,  SOUK_NEEDED, NULL },
    { "price",    "price|価格",      SOUK_MONEY, SOUK_HEADER, "" },
    { "quantity", "quantity|数量",   SOUK_COUNT, SOUK_HEADER, NULL },
};

static int open_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                     const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "listing", PUT_OPEN, in[OPEN_LINE], in[OPEN_SKU], in[OPEN_ASIN],
                      in[OPEN_PRICE], in[OPEN_QUANTITY], in[OPEN_EXTRA]);
    }
    return rc;
}

static const struct souk_import open_listings = {
    .size = sizeof open_listings, .shape = SOUK_TSV, .id = "amazon.listings-open",
    .title = "open_listings",
    .columns = SOUK_LIST(open_columns), .needs_market = 1, .rows = open_rows,
};

static const struct souk_offer offers[] = {
    { SOUK_IMPORT, &listings }, { SOUK_IMPORT, &open_listings },
};

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.amazon-listings", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
