/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-payments.c: the date-range report of transactions, the only file that shows the open cycle.
 *
 * in:     a CSV with lines of explanation above its header, in the language of the account
 * out:    records of kind payment
 * knows:  souk/import.h
 */
#include <souk/import.h>

#include <string.h>

#define PUT_PAYMENT "line:count posted:instant market:market settlement:text type:text" \
                    " is_transfer:bool order:text sku:text description:text quantity:count" \
                    " product:money fees:money total:money extra:text status:text release:instant"

enum column {
    LINE, POSTED, MARKET, SETTLEMENT, TYPE, ORDER, SKU, DESCRIPTION, QUANTITY, PRODUCT, SELLING_FEES,
    FBA_FEES, OTHER_FEES, TOTAL, STATUS, RELEASE, EXTRA
};

/* Names in English, German, French, Spanish (Spain, Mexico), Italian, Dutch, Japanese. */
static const struct souk_import_column columns[] = {
    { "posted",
      "date/time|Datum/Uhrzeit|date/heure|fecha y hora|fecha/hora|Data/Ora:|Data/Ora|datum/tijd|日付/時間",
      SOUK_INSTANT, SOUK_NEEDED, NULL },
    { "market",
      "marketplace|site de vente|web de Amazon|Amazon 出品サービス",
      SOUK_MARKET, SOUK_HEADER, NULL },
    { "settlement",
      "settlement id|Abrechnungsnummer|numéro de versement|identificador de pago|Id. de liquidación|"
      "Numero pagamento|schikkings-id|決済番号",
      SOUK_TEXT, 0, NULL },
    { "type", "type|Typ|tipo|トランザクションの種類", SOUK_TEXT, SOUK_HEADER, NULL },
    { "order",
      "order id|Bestellnummer|numéro de la commande|número de pedido|Id. del pedido|Numero ordine|"
      "bestelnummer|注文番号",
      SOUK_TEXT, 0, NULL },
    { "sku", "sku", SOUK_TEXT, 0, NULL },
    { "description",
      "description|Beschreibung|descripción|Descrizione|beschrijving|説明|商品名",
      SOUK_TEXT, 0, NULL },
    { "quantity", "quantity|Menge|quantité|cantidad|Quantità|aantal|数量", SOUK_COUNT, 0, NULL },
    { "product",
      "product sales|Umsätze|ventes de produits|ventas de productos|Vendite|verkoop van producten|商品売上",
      SOUK_MONEY, SOUK_HEADER, "market" },
    { "selling_fees",
      "selling fees|Verkaufsgebühren|frais de vente|tarifas de venta|Commissioni di vendita|verkoopkosten|"
      "手数料",
      SOUK_MONEY, SOUK_HEADER, "market" },
    { "fba_fees",
      "fba fees|Gebühren zu Versand durch Amazon|Frais Expédié par Amazon|"
      "Frais pour le service Expédié par Amazon|tarifas de Logística de Amazon|tarifas fba|"
      "Costi del servizio Logistica di Amazon|fba-vergoedingen|FBA 手数料",
      SOUK_MONEY, SOUK_HEADER, "market" },
    { "other_fees",
      "other transaction fees|Andere Transaktionsgebühren|autres frais de transaction|"
      "tarifas de otras transacciones|tarifas de otra transacción|"
      "Altri costi relativi alle transazioni|overige transactiekosten|"
      "トランザクションに関するその他の手数料",
      SOUK_MONEY, SOUK_HEADER, "market" },
    { "total", "total|Gesamt|totale|totaal|合計", SOUK_MONEY, SOUK_NEEDED, "market" },
    /* Since 2026.  What still waits for the delivery of its order has a status of its own, and mostly no day. */
    { "status",
      "Transaction Status|Transaktionsstatus|Statut de la transaction|Estado de la transacción|"
      "Stato della transazione|Transactiestatus|トランザクションのステータス",
      SOUK_TEXT, 0, NULL },
    { "release",
      "Transaction Release Date|Freigabedatum der Transaktion|Date de sortie de la transaction|"
      "Date de délivrance de la transaction|Fecha de liberación de la transacción|"
      "Data di rilascio della transazione|Publicatiedatum van transactie|トランザクション開始日",
      SOUK_INSTANT, 0, NULL },
    /* Where the buyer lives. */
    { "personal",
      "order city|order state|order postal|Ort der Bestellung|Bundesland|Postleitzahl|"
      "ville d'où provient la commande|Région d'où provient la commande|code postal de la commande|"
      "ciudad de procedencia del pedido|comunidad autónoma de procedencia del pedido|"
      "código postal de procedencia del pedido|ciudad del pedido|estado del pedido|"
      "código postal del pedido|Città di provenienza dell'ordine|"
      "Provincia di provenienza dell'ordine|CAP dell'ordine|市町村|都道府県|郵便番号",
      SOUK_NONE, 0, NULL },
};

/* What a payout is called. */
static int is_transfer(const struct souk_value *type)
{
    static const char *const words[] = {
        "Transfer", "Übertrag", "Transfert", "Transferir", "Trasferir", "Trasferimento", "Overdracht",
        "振込み",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (type->type == SOUK_TEXT && strcmp(type->text.at, words[i]) == 0)
            return 1;
    return 0;
}

/* What is free bears one name in the records; what is not is called as the report calls it. */
static struct souk_value status_of(const struct souk_value *status)
{
    static const char *const words[] = { "Released", "Freigegeben", "Sorti", "Liberado" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (status->type == SOUK_TEXT && strcmp(status->text.at, words[i]) == 0)
            return souk_text("released");
    return *status;
}

/* All three fees in one; they have the currency of their row. */
static struct souk_value fees_of(const struct souk_value *in)
{
    struct souk_value fees = souk_none();
    for (int i = SELLING_FEES; i <= OTHER_FEES; i++) {
        if (in[i].type == SOUK_NONE)
            continue;
        int64_t before = fees.type == SOUK_NONE ? 0 : fees.num;
        fees = in[i];
        fees.num += before;
    }
    return fees;
}

static int payment_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                        const struct souk_rows *rows)
{
    int rc = 0;
    (void)self, (void)file;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "payment", PUT_PAYMENT, in[LINE], in[POSTED], in[MARKET], in[SETTLEMENT],
                      in[TYPE].type == SOUK_NONE ? souk_text("") : in[TYPE],
                      souk_number(SOUK_BOOL, is_transfer(&in[TYPE]), 0), in[ORDER], in[SKU],
                      in[DESCRIPTION], in[QUANTITY], in[PRODUCT], fees_of(in), in[TOTAL], in[EXTRA],
                      status_of(&in[STATUS]), in[RELEASE]);
    }
    return rc;
}

static const struct souk_import payments = {
    .size = sizeof payments, .shape = SOUK_CSV, .id = "amazon.payments", .title = "payments",
    .columns = SOUK_LIST(columns), .preamble_lines = 20, .rows = payment_rows,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &payments } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 1),
    .id = "org.souk.amazon-payments", .version = "0.2.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
