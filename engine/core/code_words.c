/* The Japanese words of codes, for pages that people read (layers.md). */
#include "core/code_words.h"

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
#define QUESTION   " question "
#define OBJECTIVE  " objective "
#define PROOF      " proof "

static const word words[] = {
    {LEVEL, "zone", "圏域"},
    {LEVEL, "municipality", "市町村全体"},
    {LEVEL, "outside_zones", "圏域外（市町村内）"},
    {LEVEL, "outside", "市町村外"},
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
    {REASON, "no_coordinates", "位置がない"},
    {REASON, "closed", "休止・廃止"},
    {REASON, "sessions_too_few", "開催が少ない"},
    {REASON, "sessions_unknown", "開催回数が不明"},
    {REASON, "town_level_position", "位置が町の代表点"},
    {REASON, "barrier", "川や線路に隔てられる"},
};

const char *ky_code_word(const char *column, const char *code) {
  const size_t length = strlen(column);
  for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
    if (strcmp(words[w].code, code) != 0) continue;
    for (const char *at = strstr(words[w].columns, column); at != NULL; at = strstr(at + 1, column))
      if (at[-1] == ' ' && at[length] == ' ') return words[w].text;
  }
  return NULL;
}
