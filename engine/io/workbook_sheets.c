/* Sheets, columns and lists of the workbook. Headers are labels that roles.c knows (a test compares them). */
#include <kayoi/place.h>

#include "io/workbook.h"

#define COUNT_OF(array) (uint32_t)(sizeof(array) / sizeof *(array))

static const char *const yes_no_words[] = {"はい", "いいえ", NULL};
static const char *const pick_up_words[] = {"有", "無", NULL};
static const char *const status_words[] = {"活動中", "休止", "廃止", NULL};
static const char *const activity_words[] = {"体操", "趣味", "茶話会", "会食", "認知症予防", "スポーツ", NULL};
static const char *const kind_words[] = {
#define KY_X(code, alias, words) alias,
    KY_RESOURCE_KINDS(KY_X)
#undef KY_X
        KY_RESOURCE_OTHER_ALIAS,
    NULL};
static const char *const legal_words[] = {"許可（一般乗用など）",
                                          "登録（公共交通空白地有償運送）",
                                          "登録（福祉有償運送）",
                                          "許可・登録不要（互助）",
                                          "許可・登録不要（自施設の送迎）",
                                          "未確認",
                                          NULL};

static const ky_book_list yes_no = {"はい・いいえ", yes_no_words, true};
static const ky_book_list pick_up = {"送迎", pick_up_words, true};
static const ky_book_list status = {"状態", status_words, true};
static const ky_book_list activity = {"活動内容", activity_words, false};
static const ky_book_list kind = {"種別", kind_words, false};
static const ky_book_list legal = {"運送の区分", legal_words, false};

const ky_book_list *const ky_book_lists[KY_BOOK_LISTS] = {&kind, &activity, &status, &yes_no, &pick_up, &legal};

#define NUMBER_COLUMN(number)                                                                              \
  {                                                                                                        \
    .header = "番号", .attribute = "id", .width = 8, .help = "町で付けた番号。空欄なら名称で見分けます。", \
    .example = number, .use = "結果の番号"                                                            \
  }
#define PLACE_COLUMNS                                                                                         \
  {.header = "所在地",                                                                                        \
   .attribute = "address",                                                                                    \
   .width = 34,                                                                                               \
   .help = "番地まで。緯度・経度が空欄のとき、位置参照情報などから位置を探すのに使います。",                  \
   .example = "熊本県上益城郡益城町大字木山594",                                                              \
   .use = "位置（緯度・経度がないとき）"},                                                                    \
      {.header = "緯度",                                                                                      \
       .attribute = "lat",                                                                                    \
       .format = KY_BOOK_LAT,                                                                                 \
       .width = 11,                                                                                           \
       .help = "世界測地系（JGD2011）、度の小数。わからなければ空欄のままに。",                               \
       .example = "32.791234",                                                                                \
       .use = "位置"},                                                                                        \
  {                                                                                                           \
    .header = "経度", .attribute = "lon", .format = KY_BOOK_LON, .width = 11,                                 \
    .help = "世界測地系（JGD2011）、度の小数。緯度と組で書きます。", .example = "130.816543", .use = "位置" \
  }
#define PHONE_COLUMN(title, name)                                                                \
  {                                                                                              \
    .header = title, .attribute = name, .width = 15, .help = "個人の番号は書かないでください。", \
    .example = "096-000-0000", .use = "一覧表"                                                \
  }

static const ky_book_column venues[] = {
    NUMBER_COLUMN("1"),
    {.header = "名称",
     .attribute = "name",
     .width = 26,
     .is_required = true,
     .help = "通いの場の名前。",
     .example = "いきいき体操 本町",
     .use = "地図と表"},
    {.header = "会場",
     .attribute = "hall",
     .width = 20,
     .help = "開かれる建物の名前。位置がわからないとき、公民館などの一覧から探すのに使います。",
     .example = "本町公民館",
     .use = "位置（緯度・経度がないとき）"},
    PLACE_COLUMNS,
    {.header = "活動内容",
     .attribute = "activity",
     .width = 12,
     .list = &activity,
     .help = "一覧にない言葉も書けます。",
     .example = "体操",
     .use = "地図と表"},
    {.header = "運営主体",
     .attribute = "operator",
     .width = 18,
     .help = "団体の名前。個人名は書かないでください。",
     .example = "本町老人クラブ",
     .use = "表"},
    {.header = "住民主体",
     .attribute = "resident_led",
     .width = 9,
     .list = &yes_no,
     .help = "住民が自ら運営していれば「はい」。わからなければ空欄。",
     .example = "はい",
     .use = "参加率（「いいえ」は数えません）"},
    {.header = "曜日",
     .attribute = "weekday",
     .width = 9,
     .help = "複数のときは「月・木」のように。",
     .example = "月・木",
     .use = "表"},
    {.header = "開始時刻",
     .attribute = "hours_start",
     .format = KY_BOOK_TIME,
     .width = 9,
     .help = "24時制で。",
     .example = "10:00",
     .use = "表"},
    {.header = "終了時刻",
     .attribute = "hours_end",
     .format = KY_BOOK_TIME,
     .width = 9,
     .help = "24時制で。",
     .example = "11:30",
     .use = "表"},
    {.header = "月回数",
     .attribute = "sessions_per_month",
     .format = KY_BOOK_DECIMAL,
     .width = 8,
     .help = "1か月に開く回数。週1回は4、隔月は0.5。わからなければ空欄。",
     .example = "4",
     .use = "数えるかどうか、座席の計算"},
    {.header = "定員",
     .attribute = "capacity",
     .format = KY_BOOK_COUNT,
     .width = 7,
     .help = "1回に入れる人数（人）。",
     .example = "20",
     .use = "座席の計算"},
    {.header = "参加者実人数",
     .attribute = "participants",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "1か月に1回でも来た人の数（人）。同じ人は1人と数えます。",
     .example = "18",
     .use = "参加率"},
    {.header = "参加者実人数（男）",
     .attribute = "participants_m",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "うち男性（人）。",
     .example = "4",
     .use = "参加率（男女別）"},
    {.header = "参加者実人数（女）",
     .attribute = "participants_f",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "うち女性（人）。",
     .example = "14",
     .use = "参加率（男女別）"},
    {.header = "週1回以上の参加者",
     .attribute = "participants_weekly",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "うち週1回以上来る人（人）。",
     .example = "12",
     .use = "週1回以上の参加率"},
    {.header = "前回の参加者数",
     .attribute = "participants_before",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "前の年度の調査での参加者実人数（人）。",
     .example = "20",
     .use = "参加者の増減"},
    {.header = "担い手の人数",
     .attribute = "supporters",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "場を運営する人の数（世話人など）（人）。",
     .example = "3",
     .use = "地域の強み"},
    {.header = "料金", .attribute = "fee", .width = 14, .help = "参加者が払う額。", .example = "1回100円", .use = "表"},
    {.header = "送迎",
     .attribute = "transport",
     .width = 7,
     .list = &pick_up,
     .help = "送迎の有無。",
     .example = "無",
     .use = "表"},
    PHONE_COLUMN("連絡先", "contact"),
    {.header = "公開",
     .attribute = "publish",
     .width = 7,
     .list = &yes_no,
     .help = "名称と場所を住民向けの地図に載せてよければ「はい」。",
     .example = "はい",
     .use = "公開用の地図"},
    {.header = "状態",
     .attribute = "status",
     .width = 9,
     .list = &status,
     .help = "休止・廃止の場は数えません。空欄は活動中とみなします。",
     .example = "活動中",
     .use = "数えるかどうか"},
};

#define PEOPLE_COLUMN(title, name, text, count)                                                               \
  {                                                                                                           \
    .header = title, .attribute = name, .format = KY_BOOK_COUNT, .width = 10, .help = text, .example = count, \
    .use = "目標と参加率"                                                                               \
  }

static const ky_book_column zone_people[] = {
    {.header = "圏域",
     .attribute = "zone_id",
     .width = 18,
     .is_required = true,
     .help = "日常生活圏域の番号か名前。圏域の地図データと同じ書き方で。1行に1圏域。",
     .example = "中央圏域",
     .use = "圏域の特定"},
    PEOPLE_COLUMN("総人口", "pop_total", "住民基本台帳などの公式の人数（人）。", "10234"),
    PEOPLE_COLUMN("総人口 男", "pop_total_m", "うち男性（人）。", "4876"),
    PEOPLE_COLUMN("総人口 女", "pop_total_f", "うち女性（人）。", "5358"),
    PEOPLE_COLUMN("65歳以上", "pop_65", "65歳以上（人）。目標の人数はこれに目標参加率を掛けて求めます。", "3456"),
    PEOPLE_COLUMN("65歳以上 男", "pop_65_m", "うち男性（人）。", "1478"),
    PEOPLE_COLUMN("65歳以上 女", "pop_65_f", "うち女性（人）。", "1978"),
    PEOPLE_COLUMN("75歳以上", "pop_75", "75歳以上（人）。", "1801"),
    PEOPLE_COLUMN("75歳以上 男", "pop_75_m", "うち男性（人）。", "702"),
    PEOPLE_COLUMN("75歳以上 女", "pop_75_f", "うち女性（人）。", "1099"),
    PEOPLE_COLUMN("85歳以上", "pop_85", "85歳以上（人）。", "640"),
    PEOPLE_COLUMN("85歳以上 男", "pop_85_m", "うち男性（人）。", "205"),
    PEOPLE_COLUMN("85歳以上 女", "pop_85_f", "うち女性（人）。", "435"),
    {.header = "参加者実人数",
     .attribute = "participants",
     .format = KY_BOOK_COUNT,
     .width = 10,
     .help = "圏域全体の参加者（重なりを除いた人数）がわかるときだけ。空欄なら通いの場の人数を足します。",
     .example = "276",
     .use = "参加率"},
    {.header = "目標参加率",
     .attribute = "rate",
     .format = KY_BOOK_SHARE,
     .width = 10,
     .help = "この圏域だけの目標があるとき。空欄なら設定の値（初めは国の目安 8 %）。",
     .example = "10%",
     .use = "目標"},
    {.header = "根拠",
     .attribute = "basis",
     .width = 26,
     .help = "その目標にした理由。",
     .example = "第9期計画",
     .use = "目標の説明"},
    {.header = "基準日",
     .attribute = "date",
     .format = KY_BOOK_DATE,
     .width = 12,
     .help = "人数の時点。",
     .example = "2025-03-31",
     .use = "表の時点"},
};

static const ky_book_column resources[] = {
    NUMBER_COLUMN("S1"),
    {.header = "種別",
     .attribute = "kind",
     .width = 20,
     .is_required = true,
     .list = &kind,
     .help = "一覧から選びます。一覧にない言葉も書けます。",
     .example = "買い物",
     .use = "種別ごとの最寄りまでの距離"},
    {.header = "名称",
     .attribute = "name",
     .width = 26,
     .is_required = true,
     .help = "店や施設の名前。",
     .example = "本町ストア",
     .use = "地図と表"},
    PLACE_COLUMNS,
    PHONE_COLUMN("電話番号", "phone"),
    {.header = "調査日",
     .attribute = "survey_date",
     .format = KY_BOOK_DATE,
     .width = 12,
     .help = "確かめた日。",
     .example = "2025-02-14",
     .use = "表の時点"},
};

static const ky_book_column providers[] = {
    NUMBER_COLUMN("T1"),
    {.header = "名称",
     .attribute = "name",
     .width = 26,
     .is_required = true,
     .help = "車両を出せる法人や団体の名前。個人名は書かないでください。",
     .example = "社会福祉法人かよい会",
     .use = "地図と表"},
    PLACE_COLUMNS,
    PHONE_COLUMN("電話番号", "phone"),
    {.header = "乗車定員",
     .attribute = "seats",
     .format = KY_BOOK_COUNT,
     .width = 9,
     .help = "運転手を除き、1回に乗れる人数（人）。車が複数なら合計。",
     .example = "8",
     .use = "移動支援の検討"},
    {.header = "空き時間",
     .attribute = "idle_hours",
     .width = 22,
     .help = "車が空いている曜日と時間。",
     .example = "平日 10:00〜15:00",
     .use = "移動支援の検討"},
    {.header = "運送の区分",
     .attribute = "legal_type",
     .width = 28,
     .list = &legal,
     .help = "道路運送法での扱い。書かれたとおりに載せるだけで、適否は判断しません。",
     .example = "許可・登録不要（自施設の送迎）",
     .use = "移動支援の検討"},
    {.header = "協力意向",
     .attribute = "willing",
     .width = 9,
     .list = &yes_no,
     .help = "協力できると答えたら「はい」。まだ聞いていなければ空欄。",
     .example = "はい",
     .use = "移動支援の検討"},
    {.header = "調査日",
     .attribute = "survey_date",
     .format = KY_BOOK_DATE,
     .width = 12,
     .help = "意向を聞いた日。",
     .example = "2025-02-14",
     .use = "表の時点"},
};

const ky_book_sheet ky_book_sheets[KY_BOOK_SHEETS] = {
    {"通いの場", KY_ROLE_VENUES, NULL, "1行に1か所。町が把握している通いの場。", venues, COUNT_OF(venues)},
    {"圏域の人口", KY_ROLE_OFFICIAL, NULL, "1行に1圏域。住民基本台帳などの公式の人数。", zone_people,
     COUNT_OF(zone_people)},
    {"社会資源", KY_ROLE_RESOURCES, NULL, "1行に1か所。店、医療機関、集会施設など。", resources, COUNT_OF(resources)},
    {"協力者", KY_ROLE_RESOURCES, "vehicle_provider", "1行に1団体。車両で移動支援に協力できそうな法人・団体。",
     providers, COUNT_OF(providers)},
};
