/* The Japanese words of codes, for pages that people read (layers.md). */
#include "core/code_words.h"

#include <kayoi/changes.h>
#include <kayoi/place.h>
#include <kayoi/priority.h>
#include <string.h>

typedef struct word {
  const char *columns; /* names of the columns that hold the code, each between spaces */
  const char *code, *text;
} word;

#define LEVEL      " level "
#define REACH      " reach "
#define ANSWER     " answer "
#define CAUSE      " cause "
#define CLASS      " class "
#define SETTLEMENT " settlement "
#define TERRAIN    " terrain "
#define TRANSIT    " transit "
#define TRIPS      " trips_source "
#define PLACEMENT  " placement "
#define AGE        " age_source "
#define PEOPLE     " target_base people_from "
#define KIND_OF    " participants_kind "
#define SEXES      " target_base_sexes "
#define REASON     " reason "
#define NO_SEATS   " target_no_seats_reason "
#define NO_PLACES  " places_by_reach_reason "
#define SEVERITY   " severity "
#define STATUS     " status "
#define CHANGED    " kind "
#define SLOPE      " slope "
#define POSITION   " coord_source "
#define NOT_RATE   " rate_reason "
#define DECIDED    " counts_basis counts_for_rate_basis "
#define CATCHMENT  " catchment_state "
#define CHANGE     " kind "
#define RESOURCE   " kind "
#define GROUPING   " kind "
#define SEX        " sex "
#define BAND       " age "
#define WALKER     " profile "
#define WEIGHT     " weight "
#define SITE_FROM  " source "
#define QUESTION   " question "
#define OBJECTIVE  " objective "
#define PROOF      " proof "

static const word words[] = {
    {LEVEL, "zone", "圏域"},
    {LEVEL, "municipality", "市町村全体"},
    {LEVEL, "outside_zones", "圏域外（市町村内）"},
    {LEVEL, "outside", "市町村外"},
    {LEVEL, "no_place", "場所が不明"},
    {REACH ANSWER, "covered", "徒歩圏内"},
    {REACH, "beyond", "徒歩圏外"},
    {REACH, "unreachable", "経路なし"},
    {REACH ANSWER, "unknown", "判定できない（道路データなし）"},
    {ANSWER, "not_covered", "徒歩圏外"},
    {CAUSE, "disconnected", "道路がつながらない"},
    {CAUSE REASON, "no_street_near", "近くに道路がない"},
    {CAUSE, "slope", "坂道"},
    {CAUSE, "detour", "遠回り"},
    {CAUSE, "no_venue", "近くに場がない"},
    {CLASS, "new_venue", "新しい通いの場"},
    {CLASS, "transit", "バスで通える"},
    {CLASS, "mobility_support", "移動支援の候補"},
    {CLASS, "outreach", "訪問・出張の候補"},
    {SETTLEMENT, "dense", "密集"},
    {SETTLEMENT, "scattered", "点在"},
    {TRANSIT, "blank", "交通空白"},
    {TRANSIT, "poor", "交通不便"},
    {TRANSIT, "ok", "利用できる"},
    {TRIPS, "feed", "時刻表"},
    {TRIPS, "n07", "路線の便数（国土数値情報）"},
    {TRIPS, "n07_near", "近くの路線の便数（国土数値情報）"},
    {TERRAIN, "town", "市街地"},
    {TERRAIN, "hills", "丘陵"},
    {TERRAIN, "mountain", "山間部"},
    {PLACEMENT, "buildings", "建物"},
    {PLACEMENT, "streets", "道路"},
    {PLACEMENT, "streets_any", "道路（全種）"},
    {PLACEMENT, "centroid", "中心点"},
    {PLACEMENT, "given", "入力の点"},
    {AGE, "own", "公表値"},
    {AGE, "group", "合算からの按分"},
    {KIND_OF, "sum", "場ごとの合計（重複を含む）"},
    {KIND_OF, "distinct", "実人数"},
    {KIND_OF, "mixed", "圏域により異なる"},
    {SEXES, "register", "住民基本台帳"},
    {SEXES, "grid", "国勢調査のメッシュ"},
    {SEXES, "shared", "男女の割合による按分"},
    {PEOPLE, "register", "住民基本台帳"},
    {PEOPLE, "grid", "人口データ"},
    {PEOPLE, "residents", "現在の人口データ"},
    {PEOPLE, "projection", "将来推計"},
    {PEOPLE, "between", "前後の年から按分"},
    {PEOPLE, "held", "変わらないと仮定"},
    {NO_SEATS, "seats_unknown", "席数が分からない場が多い"},
    {NO_PLACES, "no_site_in_sequence", "候補地がない"},
    {NO_PLACES, "sites_end_below_goal", "候補地だけでは目標に届かない"},
    {SEVERITY, "info", "お知らせ"},
    {SEVERITY, "warning", "注意"},
    {SEVERITY, "error", "誤り"},
    {STATUS, "candidate", "候補"},
    {CHANGED, "run", "この計算の定義"},
    {CHANGED, "distance", "距離"},
    {CHANGED, "straight", "直線距離"},
    {CHANGED, "speed", "歩く速さ"},
    {CHANGED, "placement", "住まいの置き方"},
    {CHANGED, "site_size", "候補地の最少人数"},
    {CHANGED, "profile", "歩く人"},
    {SLOPE, "none", "なし"},
    {SLOPE, "tobler", "あり"},
    {QUESTION, "best", "同じ数で最もよい組み合わせ"},
    {QUESTION, "smallest", "目標に届く最も少ない候補地"},
    {QUESTION, "smallest_with_floor", "どの圏域も下限に届く最も少ない候補地"},
    {QUESTION, "budget", "予算の中で最もよい組み合わせ"},
    {OBJECTIVE, "coverage", "徒歩圏に入る人"},
    {OBJECTIVE, "walk", "全員の歩く距離"},
    {OBJECTIVE, "seats", "席に着ける人"},
    {PROOF, "proven", "証明ずみ"},
    {PROOF, "work_limit", "計算量の上限で打ち切り"},
    {PROOF, "time_limit", "時間で打ち切り"},
    {PROOF, "memory_limit", "メモリーで打ち切り"},
    {PROOF, "solver_failed", "求解プログラムが動かない"},
    {PROOF, "impossible", "できない"},
    {POSITION, "given", "入力"},
    {POSITION, "none", "位置がない"},
    {POSITION, "town", "町の代表点"},
    {POSITION, "hall", "集会施設の名称や住所から"},
    {POSITION, "block", "番地から"},
    {REASON NOT_RATE, "no_coordinates", "位置がない"},
    {REASON NOT_RATE, "no_place", "位置がない"},
    {REASON NOT_RATE, "closed", "休止・廃止"},
    {REASON NOT_RATE, "sessions_too_few", "開催が少ない"},
    {REASON NOT_RATE, "sessions_unknown", "開催回数が不明"},
    {REASON NOT_RATE, "town_level_position", "位置が町の代表点"},
    {REASON NOT_RATE, "informal", "把握外の集まり"},
    {REASON NOT_RATE, "register_says_no", "台帳で数えないとされている"},
    {REASON NOT_RATE, "not_resident_led", "住民主体でない"},
    {REASON, "barrier", "川や線路に隔てられる"},
    {DECIDED, "rule", "設定の規則"},
    {DECIDED, "register", "台帳の記載"},
    {CATCHMENT, "unknown", "不明（だれでも可とする）"},
    {CATCHMENT, "open", "だれでも可"},
    {CATCHMENT, "bound", "一部の圏域の人だけ"},
    {CATCHMENT, "not_understood", "読み取れない（だれでも可とする）"},
    {CATCHMENT, "ignored", "使わない設定"},
    {GROUPING, "activity", "活動内容"},
    {GROUPING, "frequency", "開催頻度"},
    {GROUPING, "resource", "社会資源"},
    {GROUPING, "operator", "運営主体"},
    {GROUPING, "day_part", "時間帯"},
    {GROUPING, "all", "全体"},
    {GROUPING, "not_counting", "数えない場"},
    {SEX, "all", "男女計"},
    {SEX, "m", "男"},
    {SEX, "f", "女"},
    {BAND, "total", "総数"},
    {WALKER, "elderly", "高齢者（elderly）"},
    {WALKER, "general", "一般（general）"},
    {WALKER, "short", "短い距離（short）"},
    {SITE_FROM, "given", "入力"},
    {SITE_FROM, "street", "空白地帯の道路"},
    {RESOURCE, KY_RESOURCE_OTHER, KY_RESOURCE_OTHER_ALIAS},
};

/* Of lists that have their words. */
static const word listed[] = {
#define KY_X(code, alias, words) {RESOURCE, code, alias},
    KY_RESOURCE_KINDS(KY_X)
#undef KY_X
#define KY_X(id, key, column, alias, unit, decimals, adds) {WEIGHT, key, alias},
        KY_PRIORITY_COMPONENTS(KY_X)
#undef KY_X
#define KY_X(id, code, alias) {CHANGE, code, alias},
            KY_CHANGE_KINDS(KY_X)
#undef KY_X
};

static const char *find(const word *of, size_t count, const char *column, const char *code) {
  const size_t length = strlen(column);
  for (size_t w = 0; w < count; w++) {
    if (strcmp(of[w].code, code) != 0) continue;
    for (const char *at = strstr(of[w].columns, column); at != NULL; at = strstr(at + 1, column))
      if (at[-1] == ' ' && at[length] == ' ') return of[w].text;
  }
  return NULL;
}

const char *ky_code_word(const char *column, const char *code) {
  const char *text = find(words, sizeof words / sizeof *words, column, code);
  return text != NULL ? text : find(listed, sizeof listed / sizeof *listed, column, code);
}

const char *ky_days_words(const char *column, const char *text, char *room, size_t size) {
  static const char *const days[][2] = {{"mon", "月"}, {"tue", "火"}, {"wed", "水"}, {"thu", "木"},
                                        {"fri", "金"}, {"sat", "土"}, {"sun", "日"}};
  size_t used = 0;
  if (strcmp(column, "days_served") != 0 && strcmp(column, "by_bus_days") != 0 &&
      strcmp(column, "departures_by_day") != 0)
    return NULL;
  while (*text != '\0') {
    const char *put = NULL;
    for (size_t d = 0; d < sizeof days / sizeof *days && put == NULL; d++)
      if (strncmp(text, days[d][0], 3) == 0) put = days[d][1];
    if (strncmp(text, "; ", 2) == 0) put = "、";
    const size_t length = put != NULL ? strlen(put) : 1;
    if (used + length >= size) return NULL;
    memcpy(room + used, put != NULL ? put : text, length);
    used += length;
    text += put == NULL ? 1 : strcmp(put, "、") == 0 ? 2 : 3;
  }
  room[used] = '\0';
  return room;
}
