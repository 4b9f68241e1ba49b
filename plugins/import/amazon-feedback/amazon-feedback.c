/* SPDX-License-Identifier: Apache-2.0 */
/*
 * amazon-feedback.c: the feedback report: what buyers said, with one to three stars.
 *
 * in:     one row per feedback; six columns, always in this order, called in the account's language
 * out:    records of kind feedback
 * knows:  souk/import.h
 *
 * The address of the buyer who gave it is known and not kept.
 */
#include <souk/import.h>

enum feedback_column { LINE, DAY, STARS, COMMENT, RESPONSE, ORDER };

/* English, German, French, Italian, Spanish, Dutch, Swedish, Polish, Portuguese, Turkish, Japanese. */
static const struct souk_import_column columns[] = {
    { "day",
      "Date|Datum|Data|Fecha|Tarih|日付",
      SOUK_DAY, SOUK_NEEDED, NULL },
    { "stars",
      "Rating|Bewertung|Note|Évaluation|Valutazione|Calificación|Valoración|Beoordeling|Betyg|Ocena|"
      "Classificação|Avaliação|Derecelendirme|評価",
      SOUK_COUNT, SOUK_NEEDED, NULL },
    { "comment",
      "Comments|Kommentar|Kommentare|Commentaires|Commenti|Comentarios|Opmerkingen|Kommentarer|Komentarze|"
      "Comentários|Yorumlar|コメント",
      SOUK_TEXT, 0, NULL },
    { "response",
      "Your Response|Response|Ihre Antwort|Votre réponse|La tua risposta|Tu respuesta|Su respuesta|"
      "Uw reactie|Ditt svar|Twoja odpowiedź|Sua resposta|Yanıtınız|あなたの返答",
      SOUK_TEXT, 0, NULL },
    { "order",
      "Order ID|Transaktionsnummer|Bestellnummer|Numéro de commande|Numero dell'ordine|Numero ordine|"
      "Número de pedido|Bestelnummer|Ordernummer|Beställnings-ID|Numer zamówienia|Número do pedido|"
      "Sipariş numarası|注文番号",
      SOUK_TEXT, SOUK_NEEDED, NULL },
    { "personal",
      "Rater Email|E-Mail des Bewertenden|Adresse e-mail de l'évaluateur|E-mail de l'acheteur|"
      "E-mail dell'acquirente|E-mail del cliente|Correo electrónico del evaluador|E-mail van beoordelaar|"
      "Omdömesgivarens e-post|E-mail oceniającego|E-mail do avaliador|評価者のEメール",
      SOUK_NONE, 0, NULL },
};

static int feedback_rows(void *self, struct souk_call *call, const struct souk_import_file *file,
                         const struct souk_rows *rows)
{
    int rc = 0;
    (void)self;
    for (uint32_t r = 0; rc >= 0 && r < rows->n_rows; r++) {
        const struct souk_value *in = souk_cell(rows, r, 0);
        rc = souk_put(call, "feedback", "line:count market:market order:text day:day stars:count comment:text"
                      " response:text", in[LINE], souk_market(file->market), in[ORDER], in[DAY], in[STARS],
                      in[COMMENT], in[RESPONSE]);
    }
    return rc;
}

static const struct souk_import feedback = {
    .size = sizeof feedback, .shape = SOUK_TSV, .id = "amazon.feedback", .title = "feedback",
    .columns = SOUK_LIST(columns), .needs_market = 1, .rows = feedback_rows, .by_position = 1,
};

static const struct souk_offer offers[] = { { SOUK_IMPORT, &feedback } };

SOUK_PLUGIN = {
    .size = sizeof(struct souk_plugin), .built = SOUK_SDK_NOW, .needs = SOUK_SDK(0, 2),
    .id = "org.souk.amazon-feedback", .version = "0.1.0", .title = "title",
    .offers = SOUK_LIST(offers),
};
