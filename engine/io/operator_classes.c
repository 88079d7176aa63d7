/* Who runs a venue: a class by words in the operator's name. The first class with a word that the name holds. */
#include <kayoi/strengths.h>
#include <string.h>

#include "io/text_key.h"

/* Classes follow the operators of the national survey of gathering places (住民団体, 社会福祉協議会, 市町村,
 * 介護サービス 事業所 ...), with the kinds of residents' groups apart. Words are '|'-separated and normalised as names
 * are (ky_text_label). */
static const struct {
  const char *code, *alias, *words;
} classes[] = {
    {"welfare_council", "社会福祉協議会", "社会福祉協議会|社協"},
    {"support_centre", "地域包括支援センター", "地域包括支援センター|包括支援センター"},
    {"npo", "NPO法人", "npo|特定非営利活動"},
    {"care_provider", "介護・医療の法人・事業所",
     "社会福祉法人|医療法人|医療生協|病院|診療所|クリニック|介護|デイサービス|老人ホーム|薬局|訪問看護"},
    {"company", "民間企業", "株式会社|有限会社|合同会社|(株)|(有)"},
    {"elders_club", "老人クラブ", "老人クラブ|老人会|老友会|シニアクラブ|高齢者クラブ|熟年クラブ|敬老会"},
    {"neighbourhood", "自治会・町内会",
     "自治会|町内会|町会|区会|自治公民館|部落会|行政区|振興会|まちづくり協議会|まちづくり委員会"},
    {"volunteers", "住民有志・ボランティア",
     "有志|ボランティア|婦人会|女性会|女性部|福祉委員|民生委員|食生活改善|サークル|同好会|愛好会|住民|サポーター|"
     "世話人"},
    {"municipality", "市町村", "市役所|町役場|村役場|区役所|保健センター|保健福祉センター|公民館"},
    {"other", "その他の運営主体", ""},
    {"unknown", "運営主体不明", ""},
};
#define CLASSES      (sizeof classes / sizeof *classes)
#define MUNICIPALITY (CLASSES - 3)
#define OTHER        (CLASSES - 2)
#define UNKNOWN      (CLASSES - 1)
#define WORD_BYTES   64

static bool holds(const char *key, const char *words) {
  char word[WORD_BYTES];
  while (*words != '\0') {
    const size_t length = strcspn(words, "|");
    memcpy(word, words, length);
    word[length] = '\0';
    if (strstr(key, word) != NULL) return true;
    words += length + (words[length] == '|');
  }
  return false;
}

static bool ends_with(const char *key, const char *end) {
  const size_t length = strlen(key), size = strlen(end);
  return length >= size && strcmp(key + length - size, end) == 0;
}

/* home: key of the municipality's name, NULL unknown. Its name alone, or an office of it (高齢福祉課), is the
 * municipality. */
static size_t class_of(const char *key, const char *home) {
  for (size_t c = 0; c < OTHER; c++)
    if (holds(key, classes[c].words)) return c;
  return (home != NULL && strcmp(key, home) == 0) || ends_with(key, "課") ? MUNICIPALITY : OTHER;
}

ky_err ky_classes_by_operator(ky_job *job, const ky_venues *venues, const ky_anchors *anchors,
                              const char *municipality_name, ky_classes *out) {
  const char *home = municipality_name != NULL ? ky_text_label(&job->scratch, municipality_name) : NULL;
  uint8_t *class_index;
  KY_NEW(job, scratch, class_index, venues->count);
  for (uint32_t v = 0; v < venues->count; v++) {
    const char *text = venues->text[KY_VENUE_OPERATOR] != NULL ? venues->text[KY_VENUE_OPERATOR][v] : NULL;
    const char *key = text != NULL ? ky_text_label(&job->scratch, text) : NULL;
    if (text != NULL && key == NULL) return ky_fail_memory(job);
    class_index[v] = (uint8_t)(key == NULL || key[0] == '\0' ? UNKNOWN : class_of(key, home));
  }
  for (size_t c = 0; c < CLASSES; c++) {
    ky_class *class = NULL;
    for (uint32_t v = 0; v < venues->count; v++) {
      if (venues->counts[v] == 0 || class_index[v] != c) continue;
      if (class == NULL)
        KY_TRY(ky_classes_add(job, KY_CLASS_OPERATOR, classes[c].code, classes[c].alias, anchors, out, &class));
      class->use[v] = 1;
      class->count++;
    }
  }
  return KY_OK;
}
