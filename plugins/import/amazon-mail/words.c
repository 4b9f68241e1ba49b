/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.c: what the marketplace's mails say, in the languages that it writes.
 *
 * in:     subjects and beginnings of texts, folded; addresses
 * out:    what they mean
 * knows:  these tables
 *
 * A word here is found anywhere in a text, without case.  What is not found is not guessed.
 */
#include "mail.h"

#include <glib.h>
#include <string.h>

/* ---- folding ------------------------------------------------------------------------------------ */

void words_fold(struct text *out, const char *text, uint32_t n)
{
    size_t length = strlen(text);
    while (n < length && ((unsigned char)text[n] & 0xC0) == 0x80)
        n--;
    char *folded = g_utf8_casefold(text, (gssize)(length < n ? length : n));
    for (const char *at = folded; *at; at++) {
        char last = out->n ? out->at[out->n - 1] : ' ';
        if (strncmp(at, "\u2019", 3) == 0 || strncmp(at, "\u2018", 3) == 0) {
            text_put(out, "'", 1);
            at += 2;
        } else if (strncmp(at, "\u2013", 3) == 0 || strncmp(at, "\u2011", 3) == 0) {
            text_put(out, "-", 1);
            at += 2;
        } else if (strchr(" \t\r\n", *at) || strncmp(at, "\u00A0", 2) == 0) {
            if (last != ' ')
                text_put(out, " ", 1);
            at += *at == '\xC2';
        } else {
            text_put(out, at, 1);
        }
    }
    g_free(folded);
    if (!out->at)
        text_put(out, "", 0);
}

/* Words are listed folded, but for what the fold changes in some of them. */
static int has(const char *folded, const char *words)
{
    while (*words) {
        const char *stop = strchr(words, '|');
        size_t n = stop ? (size_t)(stop - words) : strlen(words);
        char word[100];
        if (n < sizeof word) {
            memcpy(word, words, n);
            word[n] = '\0';
            if (strstr(folded, word))
                return 1;
        }
        words += n + (stop != NULL);
    }
    return 0;
}

/* ---- what a text says ---------------------------------------------------------------------------- */

/* English, German, French, Italian, Spanish, Dutch, Swedish, Polish, Portuguese, Turkish, Japanese. */
static const char *const meanings[] = {
    [SAYS_A_TO_Z] =
        "a-to-z guarantee|a-to-z claim|a-z guarantee|a-z claim|a-bis-z|a bis z-garantie|garantie a-z|garantie a à z|"
        "garantie de a à z|garanzia dalla a alla z|garanzia a-z|garantía de la a a la z|garantía de la a a z|"
        "garantía a-z|garantía de a a z|a-tot-z|a till ö|a-till-ö|od a do z|garantia de a a z|garantia a-z|"
        "a'dan z'ye|マーケットプレイス保証|a-z保証",
    [SAYS_CHARGEBACK] =
        "chargeback|charge-back|rückbuchung|rückbelastung|rétrofacturation|contestation de paiement|riaddebito|"
        "storno di addebito|contracargo|devolución de cargo|retrocesión|terugboeking|terugvordering|återbetalningskrav|"
        "obciążenie zwrotne|estorno de cobrança|ters ibraz|チャージバック",
    [SAYS_SAFE_T] = "safe-t",
    [SAYS_GRANTED] =
        "has been granted|was granted|claim granted|granted in favor of|in favor of the buyer|in the buyer's favor|"
        "we have debited|we debited|stattgegeben|zugunsten des käufers|zugunsten des kunden|konto belastet|"
        "en faveur de l'acheteur|en faveur du client|a été acceptée|a favore dell'acquirente|a favore del cliente|"
        "è stato accolto|a favor del comprador|a favor del cliente|ha sido aceptada|concedida|toegekend|beviljats|"
        "na korzyść kupującego|a favor do comprador|alıcı lehine|購入者の申請を承認|承認されました",
    [SAYS_DENIED] =
        "has been denied|was denied|claim denied|in your favor|in your favour|will not be held responsible|"
        "abgelehnt|zu ihren gunsten|en votre faveur|a été refusée|a été rejetée|a tuo favore|a suo favore|"
        "è stato respinto|a tu favor|a su favor|ha sido denegada|denegada|afgewezen|in uw voordeel|avslagits|"
        "na twoją korzyść|odrzucon|a seu favor|negada|sizin lehinize|却下|非承認",
    [SAYS_WITHDRAWN] =
        "has been withdrawn|was withdrawn|withdrew|claim withdrawn|buyer has canceled|buyer has cancelled|zurückgezogen|"
        "a été retirée|a annulé la réclamation|è stato ritirato|ha ritirato|ha sido retirada|ha retirado|ingetrokken|"
        "återkallat|wycofan|foi retirada|geri çekildi|取り下げ",
    [SAYS_MAY_APPEAL] =
        "you can appeal|you may appeal|submit an appeal|option to appeal|einspruch einlegen|widerspruch einlegen|"
        "faire appel|presentare ricorso|presentare appello|apelar|presentar una apelación|presentar un recurso|"
        "bezwaar maken|överklaga|odwołać|recorrer|itiraz edebilir|異議申し立て",
    [SAYS_UNDER_REVIEW] =
        "under review|being reviewed|are reviewing|are investigating|wird geprüft|prüfen derzeit|en cours d'examen|"
        "examinons|in fase di revisione|stiamo esaminando|en revisión|estamos revisando|wordt beoordeeld|granskas|"
        "jest rozpatrywan|em análise|inceleniyor|調査中|審査中",
    [SAYS_CASE_CLOSED] =
        "has been closed|is now closed|case closed|closed this case|marked as resolved|has been resolved|"
        "wurde geschlossen|ist geschlossen|abgeschlossen|als gelöst|a été clos|est clos|a été fermé|è stato chiuso|"
        "è chiuso|ha sido cerrado|se ha cerrado|is gesloten|har stängts|został zamknięt|foi fechado|kapatıldı|"
        "クローズ|解決済み",
    [SAYS_CASE_ATTENTION] =
        "need more information|need additional information|require additional information|requires your attention|"
        "your attention is required|action required|awaiting your response|waiting for your response|"
        "benötigen weitere|weitere informationen|ihre aufmerksamkeit|maßnahme erforderlich|massnahme erforderlich|"
        "besoin d'informations complémentaires|informations supplémentaires|action requise|attend votre réponse|"
        "ulteriori informazioni|informazioni aggiuntive|azione richiesta|necesitamos más información|"
        "información adicional|acción necesaria|acción requerida|meer informatie|actie vereist|mer information|"
        "åtgärd krävs|dodatkowych informacji|wymagane działanie|mais informações|ek bilgi|追加情報|対応が必要",
    [SAYS_CASE_RECEIVED] =
        "we have received your|we received your|we've received your|thank you for contacting|thanks for contacting|"
        "haben ihre anfrage erhalten|ihre anfrage erhalten|vielen dank für ihre anfrage|avons bien reçu votre|"
        "avons reçu votre|abbiamo ricevuto la tua|abbiamo ricevuto la sua|hemos recibido tu|hemos recibido su|"
        "hebben uw vraag ontvangen|vi har tagit emot|otrzymaliśmy|recebemos sua|talebinizi aldık|"
        "お問い合わせを受け付け|お問い合わせいただき",
};

int words_say(const char *folded, enum meaning what)
{
    return has(folded, meanings[what]);
}

/* ---- notices ------------------------------------------------------------------------------------- */

/* The first that fits. */
static const struct {
    struct notice_words is;
    const char *words;
} notices[] = {
    { { "infringement", "mail.infringement", "bad" },
      "intellectual property|infring|counterfeit|copyright|trademark|patent complaint|geistiges eigentum|"
      "geistigen eigentum|markenrecht|urheberrecht|rechtsverletzung|fälschung|propriété intellectuelle|contrefaçon|"
      "atteinte aux droits|proprietà intellettuale|contraffa|violazione dei diritti|propiedad intelectual|falsifica|"
      "infracción de derechos|intellectueel eigendom|inbreuk|immateriella rättigheter|intrång|własności intelektualnej|"
      "propriedade intelectual|fikri mülkiyet|知的財産|権利侵害|商標権" },
    { { "account", "mail.account", "bad" },
      "account has been deactivated|account is deactivated|account deactivat|account has been suspended|"
      "account suspen|at risk of deactivation|risk of being deactivated|selling privileges|"
      "verkäuferkonto|konto gesperrt|konto deaktiviert|verkaufsberechtigung|verkaufskonto|compte vendeur|"
      "compte de vente|privilèges de vente|account venditore|account di vendita|cuenta de vendedor|"
      "cuenta de venta|privilegios de venta|verkopersaccount|säljarkonto|konto sprzedawcy|conta de vendedor|"
      "satıcı hesab|アカウント停止|アカウントの停止|出品権限|アカウント健全性" },
    { { "metric", "mail.metric", "watch" },
      "late shipment rate|late dispatch rate|order defect rate|cancellation rate|valid tracking rate|"
      "on-time delivery rate|performance target|account health|rate verspäteter lieferungen|"
      "rate verspäteter versand|stornorate|rate an bestellmängeln|bestellmängel|verkäuferleistung|"
      "taux d'expédition en retard|taux de commandes défectueuses|taux d'annulation|tasso di spedizione in ritardo|"
      "tasso di spedizioni in ritardo|tasso di ordini difettosi|tasso di difettosità|tasso di annullamento|"
      "tasa de envíos tardíos|tasa de envío con retraso|tasa de pedidos con defectos|tasa de pedidos defectuosos|"
      "tasa de cancelación|percentage defecte bestellingen|orderdefekt|wskaźnik|taxa de pedidos com defeito|"
      "sipariş kusur|注文不良率|出荷遅延率|キャンセル率" },
    { { "payment", "mail.payment_failed", "bad" },
      "payment failed|could not process your payment|disbursement failed|payout failed|unable to transfer|"
      "deposit was unsuccessful|unable to charge|charge method declined|zahlung fehlgeschlagen|"
      "überweisung fehlgeschlagen|auszahlung fehlgeschlagen|paiement a échoué|virement a échoué|"
      "pagamento non riuscito|bonifico non riuscito|pago fallido|transferencia fallida|betaling mislukt|"
      "振込に失敗|入金に失敗" },
    { { "payment", "mail.payment", "info" },
      "your payment is on the way|payment is on its way|disbursement|we have initiated a payment|"
      "ihre zahlung ist unterwegs|auszahlung|votre paiement est en cours|virement|il pagamento è in arrivo|bonifico|"
      "tu pago está en camino|su pago está en camino|お振込み|振込のお知らせ" },
    { { "policy", "mail.policy", "watch" },
      "policy warning|policy violation|policy compliance|violation of|restricted product|product safety|"
      "product compliance|compliance request|safety complaint|verstoß|verstoss|richtlinie|produktsicherheit|"
      "produktkonformität|avertissement|non-respect|conformité|sécurité des produits|violazione delle norme|"
      "violazione della politica|violazione dei criteri|sicurezza dei prodotti|conformità|infracción de la política|"
      "incumplimiento|seguridad de los productos|beleidsovertreding|productveiligheid|policyöverträdelse|"
      "naruszenie zasad|violação de política|politika ihlali|ポリシー違反|規約違反|商品安全" },
    { { "listing", "mail.listing", "watch" },
      "listing removed|listings removed|listing deactivated|listings deactivated|removed your listing|"
      "removed the following listing|listing has been removed|listings have been removed|suppressed|"
      "detail page removed|angebot wurde entfernt|angebote wurden entfernt|angebot entfernt|angebot deaktiviert|"
      "unterdrückt|offre supprimée|offres supprimées|mise en vente supprimée|offerta rimossa|offerte rimosse|"
      "inserzione rimossa|oferta eliminada|listing eliminado|anuncio eliminado|aanbieding verwijderd|"
      "erbjudande har tagits bort|oferta została usunięta|出品情報が削除|出品を停止|商品の出品が" },
    { { "fee", "mail.fee", "info" },
      "fee change|fee update|changes to fees|referral fee|fulfilment fee|fulfillment fee|gebührenänderung|"
      "änderung der gebühren|modification des frais|évolution des frais|modifica delle tariffe|"
      "aggiornamento delle tariffe|cambio de tarifas|actualización de tarifas|手数料の変更|手数料改定" },
    { { "holiday", "mail.holiday", "info" },
      "holiday shipping|holiday season deadline|holiday selling|public holiday|versandschluss|feiertag|jour férié|"
      "jours fériés|giorni festivi|días festivos|祝日|年末年始" },
};

const struct notice_words *words_notice(const char *folded)
{
    for (size_t i = 0; i < sizeof notices / sizeof *notices; i++)
        if (has(folded, notices[i].words))
            return &notices[i].is;
    return NULL;
}

/* ---- addresses ------------------------------------------------------------------------------------ */

static const struct {
    const char *top, *market;
} domains[] = {
    { "com", "ATVPDKIKX0DER" }, { "ca", "A2EUQ1WTGCTBG2" }, { "com.mx", "A1AM78C64UM0Y8" },
    { "com.br", "A2Q3Y263D00KWC" }, { "co.uk", "A1F83G8C2ARO7P" }, { "de", "A1PA6795UKMFR9" },
    { "fr", "A13V1IB3VIYZZH" }, { "it", "APJ6JRA9NG5V4" }, { "es", "A1RKKUPIHCS9HS" }, { "nl", "A1805IZSGTT6HS" },
    { "se", "A2NODRKZP88ZB9" }, { "pl", "A1C3SOZRARQ6R3" }, { "com.be", "AMEN7PMS3EDWL" },
    { "com.tr", "A33AVAJ2PDY3EV" }, { "ae", "A2VIGQ35RCS4UG" }, { "sa", "A17E79C6D8DWNP" },
    { "eg", "ARBP9OOSHTCHU" }, { "in", "A21TJRUUN4KGV" }, { "co.jp", "A1VC38T7YXB528" },
    { "com.au", "A39IBJ37TRP1C6" }, { "sg", "A19VAU5U5O7RUS" },
};

static const char *market_of(const char *top)
{
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (strcmp(top, domains[i].top) == 0)
            return domains[i].market;
    return NULL;
}

/* What is behind the @, "" when nothing is. */
static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : "";
}

const char *words_relay(const char *address)
{
    static const char relay[] = "marketplace.amazon.";
    const char *domain = domain_of(address);
    return strncmp(domain, relay, sizeof relay - 1) == 0 ? market_of(domain + sizeof relay - 1) : NULL;
}

/* amazon.de, a.b.amazon.de; .com writes to sellers of all marketplaces. */
int words_is_amazon(const char *address, const char **market)
{
    static const char name[] = "amazon.";
    const char *domain = domain_of(address);
    *market = "";
    for (const char *at = domain; (at = strstr(at, name)) != NULL; at++) {
        const char *top = at + sizeof name - 1, *found = market_of(top);
        if ((at != domain && at[-1] != '.') || !found)
            continue;
        if (strcmp(top, "com") != 0)
            *market = found;
        return 1;
    }
    return 0;
}

int words_is_for_buyers(const char *address)
{
    static const char *const names[] = {
        "store-news@", "auto-confirm@", "bestellbestaetigung@", "ship-confirm@", "shipment-tracking@",
        "versandbestaetigung@", "order-update@", "digital-no-reply@", "customer-reviews-messages@",
        "vfe-campaign-response@", "prime@", "marketplace-messages@", "rueckgabe@", "return@", "payments-messages@",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(address, names[i], strlen(names[i])) == 0)
            return 1;
    return 0;
}

/* ---- numbers --------------------------------------------------------------------------------------- */

static int are_digits(const char *at, int n)
{
    for (int i = 0; i < n; i++)
        if (at[i] < '0' || at[i] > '9')
            return 0;
    return 1;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int words_order(const char *text, char order[ORDER_BYTES])
{
    for (const char *at = text; *at; at++) {
        if (!is_digit(*at) || (at != text && (is_digit(at[-1]) || at[-1] == '-')))
            continue;
        if (are_digits(at, 3) && at[3] == '-' && are_digits(at + 4, 7) && at[11] == '-' && are_digits(at + 12, 7)
            && !is_digit(at[19]) && at[19] != '-') {
            memcpy(order, at, 19);
            order[19] = '\0';
            return 1;
        }
    }
    return 0;
}

/* Digits soon behind a word: "case id: 123456789". */
static int number_behind(const char *at, char *number, int least, int most)
{
    int n = 0;
    for (int gap = 0; *at && !is_digit(*at) && gap < 6; gap++)
        at++;
    while (is_digit(at[n]))
        n++;
    if (n < least || n > most)
        return 0;
    memcpy(number, at, (size_t)n);
    number[n] = '\0';
    return 1;
}

int words_case(const char *folded, char number[CASE_BYTES])
{
    static const char *const words[] = {
        "[case", "case id", "case-id", "case #", "caseid", "case number", "fall-id", "fallnummer", "fall-nr",
        "vorgangsnummer", "id du cas", "numéro de cas", "numéro de dossier", "id caso", "id del caso",
        "numero del caso", "id de caso", "número de caso", "zaaknummer", "ärende-id", "ärendenummer", "id sprawy",
        "numer sprawy", "id do caso", "vaka kimliği", "ケースid", "ケース番号", "お問い合わせ番号",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (const char *at = folded; (at = strstr(at, words[i])) != NULL; at += strlen(words[i]))
            if (number_behind(at + strlen(words[i]), number, 6, CASE_BYTES - 1))
                return 1;
    return 0;
}

int words_closes_in(const char *folded)
{
    static const char *const words[] = {
        "automatically close in", "automatically closed in", "close automatically in", "closed automatically in",
        "automatisch geschlossen in", "schließt sich automatisch in", "schliesst sich automatisch in",
        "automatisch in", "clos automatiquement dans", "automatiquement clos dans", "automatiquement fermé dans",
        "chiuso automaticamente tra", "automaticamente chiuso tra", "chiuderà automaticamente tra",
        "cerrará automáticamente en", "automáticamente cerrado en",
    };
    char number[4];
    int days = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words && !days; i++) {
        const char *at = strstr(folded, words[i]);
        if (at && number_behind(at + strlen(words[i]), number, 1, 2))
            for (const char *digit = number; *digit; digit++)
                days = days * 10 + (*digit - '0');
    }
    return days;
}
