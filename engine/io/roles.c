/* What each role of a source understands: attributes, and the column names that mean them in the files of formats.md.
 * Labels are normalised by ky_text_label: NFKC, no spaces, lower case; a final '*' means "starts with". */
#include <kayoi/facts.h>
#include <kayoi/read.h>

#include "io/role_columns.h"
#include "io/role_years.h"

#define COUNT_OF(array) (uint32_t)(sizeof(array) / sizeof *(array))
#define KIND(kind)      (1u << (kind))

/* One age band: the census writes 65歳以上人口 総数 / 男 / 女; registers and open data vary. */
#define BAND(band)                                                                                                     \
  {"pop_" band,                                                                                                        \
   band "歳以上人口総数|総数" band "歳以上|" band "歳以上人口|" band "歳以上総数|" band "歳以上|" band "歳以上計",     \
   false, "people aged " band " and over"},                                                                            \
      {"pop_" band "_m",                                                                                               \
       band "歳以上人口男|男" band "歳以上|" band "歳以上男|" band "歳以上男性|" band "歳以上人口男性", false,         \
       "men aged " band " and over"},                                                                                  \
  {                                                                                                                    \
    "pop_" band "_f", band "歳以上人口女|女" band "歳以上|" band "歳以上女|" band "歳以上女性|" band "歳以上人口女性", \
        false, "women aged " band " and over"                                                                          \
  }

#define PEOPLE                                                                                                        \
  {"pop_total", "人口(総数)|人口総数|人口(総数)総数|総人口|人口|人口計|人口総計|総数、年齢「不詳」含む|jinko", false, \
   "people of all ages"},                                                                                             \
      {"pop_total_m", "人口(総数)男|人口総数男|総人口男|人口男|男性人口|男の総数、年齢「不詳」含む", false,           \
       "men of all ages"},                                                                                            \
      {"pop_total_f", "人口(総数)女|人口総数女|総人口女|人口女|女性人口|女の総数、年齢「不詳」含む", false,           \
       "women of all ages"},                                                                                          \
      BAND("65"), BAND("75"), BAND("85")

#define PLACE                                                                           \
  {"lon", KY_LON_LABELS, false, "longitude, when the table has no geometry"},           \
      {"lat", KY_LAT_LABELS, false, "latitude, when the table has no geometry"}, {      \
    "coordinates", KY_COORDINATES_LABELS, false, "latitude and longitude in one column" \
  }

static const ky_attribute residents[] = {
    {"id", "key_code|mesh_id|meshcode|mesh_code|メッシュコード|地域メッシュコード|メッシュ|cell_id", false,
     "id of the cell; a grid code where there is no geometry"},
    PEOPLE,
    {"htksyori", "秘匿処理", false, "census: 0 as counted, 1 holds details of others, 2 details are in another cell"},
    {"htksaki", "秘匿先情報", false, "census: the cell that holds this cell's details"},
    {"gassan", "合算", false, "census: the cells whose details are held here"},
    {"hcode", "", false, "census: kind of a small area; 8154 is water"},
    {"area_name", "s_name|moji", false, "census: name of a small area"},
    PLACE,
};

#define TIMES(key, day)                                                                                        \
  {key "_start", "運営日(" day ")-開始|運営日(" day ")開始|" day "開始|" day "-開始", false, day ": opens"}, { \
    key "_end", "運営日(" day ")-終了|運営日(" day ")終了|" day "終了|" day "-終了", false, day ": closes"     \
  }

/* Which municipality a record of a wider list is of; first where it lies, then who keeps the list. */
#define MUNICIPALITY                                                                                                                                     \
  {"municipality_code",                                                                                                                                  \
   "所在地_全国地方公共団体コード|所在地_市区町村コード|市区町村コード|都道府県コード又は市区町村コード|" \
   "全国地方公共団体コード|市町村コード|団体コード|行政区域コード",                                                                                      \
   false, "code of the municipality that it lies in: other municipalities are left out"},                                                                \
  {                                                                                                                                                      \
    "municipality", "市区町村名|都道府県名及び市町村名|所在地_市区町村|市町村名|地方公共団体名", false,                                                  \
        "name of the municipality that it lies in, where there is no code"                                                                               \
  }

static const ky_attribute venues[] = {
    {"id", "venue_id|no|no.|番号|通し番号|施設id|施設_id|管理番号", false, "id of the venue"},
    {"name", "名称|施設名|施設・場所名|施設名称|通いの場名|通いの場の名称|通いの場|団体名称|会場名", false, "its name"},
    {"activity", "活動内容|活動|内容", false, "what people do there"},
    {"name_kana", "名称(ふりがな)|名称_カナ|名称(カナ)|ふりがな|フリガナ", false, "its name in kana"},
    {"operator", "運営主体|実施主体|団体名|運営団体|法人名称|法人の名称|法人名", false, "who runs it"},
    {"corporation_number", "法人番号", false, "number of the corporation that runs it"},
    {"weekday", "曜日|開催曜日|利用可能曜日|実施曜日|開催日", false, "days of the week"},
    {"hours", "時間|開催時間|実施時間|活動時間", false, "hours"},
    TIMES("weekdays", "平日"),
    TIMES("saturday", "土曜"),
    TIMES("sunday", "日曜"),
    TIMES("holiday", "祝日"),
    {"closed_days", "定休日|休館日", false, "days it is closed"},
    {"hours_start", "開始時間|開始時刻", false, "opens"},
    {"hours_end", "終了時間|終了時刻", false, "closes"},
    {"fee", "料金体系|料金|参加費|会費|利用料金", false, "what it costs"},
    {"transport", "送迎の有無|送迎", false, "is there a pick-up"},
    {"address", "所在地_連結表記|住所|所在地|所在地(*", false, "address"},
    {"hall", "会場|会場名|開催場所|活動場所|実施場所", false,
     "the hall it meets in: gives the place where there are no coordinates"},
    {"contact", "電話番号|連絡先|問い合わせ先|問合せ先|連絡先電話番号", false, "contact"},
    {"status", "ステータス|状態|状況", false, "open, closed or at rest"},
    {"coord_source", "位置の出所|座標の出所|位置情報の出所", false, "where the position comes from, e.g. geocoded"},
    {"sessions_per_month", "月開催回数|開催回数(月)|月回数|月あたり開催回数|1か月の開催回数|開催頻度", false,
     "sessions per month"},
    {"capacity", "定員|収容定員|定員(人)", false, "seats per session"},
    {"participants", "参加者実人数|参加者数|参加実人数|参加人数|実人数", false, "distinct participants in a month"},
    {"participants_m", "参加者実人数男|参加者数男|参加者男|参加者実人数(男)|参加者数(男)", false, "of them men"},
    {"participants_f", "参加者実人数女|参加者数女|参加者女|参加者実人数(女)|参加者数(女)", false, "of them women"},
    {"participants_weekly", "週1回以上|週1回以上の参加者|週1回以上参加者数|週1回以上参加者", false,
     "of them at least weekly"},
    {"participants_before",
     "前回参加者数|前回の参加者数|前回参加者実人数|前年度参加者数|前年度の参加者数|前年度参加者実人数|前年参加者数|"
     "昨年度参加者数|"
     "昨年参加者数",
     false, "distinct participants in the survey before"},
    {"supporters",
     "担い手|担い手の人数|担い手の数|担い手数|担い手人数|世話人|世話人数|世話役|世話役数|運営スタッフ|運営スタッフ数|"
     "スタッフ数|サポーター|サポーター数|"
     "ボランティア数",
     false, "people who carry it: leaders, helpers"},
    {"participants_date", "参加者数の時点|参加者の時点|参加者調査日|参加者数基準日", false,
     "reference date of the participants"},
    {"resident_led", "住民主体|住民主体の有無", false, "run by residents: 1 or 0"},
    {"publish", "公開|公開可否|公開の可否|掲載可否", false, "may be shown to the public: 1 or 0"},
    {"audience", "対象者|対象", false, "for whom it is"},
    {"catchment", "対象エリア|対象地域", false, "where those live whom it serves"},
    {"counts_for_coverage", "徒歩圏に数える", false, "does it count for coverage, whatever the rules say: 1 or 0"},
    {"counts_for_rate", "参加率に数える", false, "does it count for the participation rate: 1 or 0"},
    {"informal", "把握外の集まり", false, "an informal gathering, which never counts: 1 or 0"},
    {"meals", "飲食の提供の有無|飲食の提供|食事の提供", false, "are food and drink offered: 1 or 0"},
    {"own_food", "飲食持ち込みの可否|飲食の持ち込みの可否|飲食物の持ち込みの可否", false,
     "may people bring their own: 1 or 0"},
    {"comprehensive", "総合事業実施の有無", false, "is it part of the comprehensive project (総合事業): 1 or 0"},
    {"postal_code", "郵便番号", false, "postal code"},
    {"note", "備考", false, "note"},
    {"other", "その他", false, "what else is said"},
    {"kind_code", "", false, "code of its kind, as given (KSJ)"},
    {"kind", "施設分類|施設区分|施設の種類|種別", false, "its kind in words"},
    MUNICIPALITY,
    PLACE,
};

/* School districts of KSJ (A27 elementary, A32 junior high). 2021 and later: 001 code, 002 founder, 003 school code,
 * 004 name, 005 address. 2010 to 2016: A27_005 code, 006 founder, 007 name; A32_006 code, 007 founder, 008 name. The
 * newer column stands first: where it is there, the older number means something else. */
static const ky_attribute zones[] = {
    {"id",
     "zone_id|圏域コード|圏域id|圏域番号|圏域no|日常生活圏域コード|日常生活圏域番号|a27_003|a32_003|key_code|n03_007",
     false, "id of the zone"},
    {"name",
     "zone_name|日常生活圏域名|日常生活圏域|圏域名|圏域名称|名称|a27_007|a27_004|a27_004_ja|a32_008|a32_004|a32_004_ja|"
     "s_name|n03_005|n03_004",
     false, "its name"},
    {"municipality", "a27_001|a27_005|a32_001|a32_006|n03_007", false,
     "school district or ward: code of its municipality"},
    {"founder", "a27_002|a27_006|a32_002|a32_007", false, "school district: who runs the school"},
    {"area", "key_code", false, "small area: its code"},
    {"area_name", "s_name|moji", false, "small area: its name"},
    {"area_city", "city_name", false, "small area: the municipality's name"},
    {"area_kind", "hcode", false, "small area: 8101 land, 8154 water"},
    {"area_people", "jinko", false, "small area: its people, for messages only"},
    {"participants", "参加者実人数", false, "distinct participants in the zone"},
    {"participants_m", "参加者実人数男|参加者実人数(男)", false, "of them men"},
    {"participants_f", "参加者実人数女|参加者実人数(女)", false, "of them women"},
    {"participants_weekly", "週1回以上", false, "of them at least weekly"},
    {"participants_date", "参加者数の時点|参加者の時点|参加者調査日|参加者数基準日", false,
     "reference date of the participants"},
    {"rate", "目標参加率", false, "target participation rate of the zone, 0 to 1"},
    {"basis", "根拠", false, "where that rate comes from"},
};

static const ky_attribute borders[] = {
    {"id", "n03_007|行政区域コード|市区町村コード", false, "id, for messages"},
    {"name", "n03_004|市区町村名|名称", false, "name, for messages"},
};

static const ky_attribute roads[] = {
    {"id", "osm_id|osm_way_id|osmid|way_id|road_id", false, "id, for messages"},
    {"class", "highway|n13_003|道路種別|道路分類|道路区分|種別|fclass", false,
     "street class: OpenStreetMap's highway values, codes of KSJ N13, or Japanese words"},
    {"n13_002", "", false, "KSJ N13: kind (garden path, footpath, steps)"},
    {"n13_004", "", false, "KSJ N13: state (bridge, tunnel, under construction)"},
    {"n13_007", "", false, "KSJ N13: toll"},
    {"length", "length_m|延長", false, "length in metres: a check only"},
    {"from", "u|source|from_node|start_node", false, "start node: a check only"},
    {"to", "v|target|to_node|end_node", false, "end node: a check only"},
    {"bridge", "橋|橋梁", false, "a bridge"},
    {"tunnel", "トンネル", false, "a tunnel"},
    {"foot", "", false, "OpenStreetMap's foot"},
    {"access", "", false, "OpenStreetMap's access"},
    {"layer", "n13_005|階層順", false, "level above or below ground"},
    {"motorroad", "", false, "OpenStreetMap's motorroad"},
    {"indoor", "", false, "OpenStreetMap's indoor"},
    {"route", "", false, "OpenStreetMap's route (ferry)"},
};

/* Rivers and railways: OpenStreetMap's words in columns of their own or in one, KSJ N02. */
static const ky_attribute barriers[] = {
    {"id", "osm_id|osm_way_id|fid", false, "id, for messages"},
    {"class", "fclass|種別", false, "kind in one of OpenStreetMap's words: river, canal, stream, rail, tram ..."},
    {"waterway", "", false, "OpenStreetMap's waterway"},
    {"railway", "", false, "OpenStreetMap's railway"},
    {"natural", "", false, "OpenStreetMap's natural"},
    {"bridge", "橋|橋梁", false, "on a bridge: bars nobody"},
    {"tunnel", "トンネル", false, "in a tunnel: bars nobody"},
    {"n02_001", "", false, "KSJ N02: class of the railway"},
};

static const ky_attribute road_extents[] = {{"id", "", false, "id, for messages"}};

static const ky_attribute sites[] = {
    {"id", "site_id|no|no.|番号|施設id|施設_id", false, "id of the site"},
    {"name", "名称|施設名|施設・場所名|施設名称|学校名|学校名称|介護サービス事業所名称|事業所名称|事業所名", false,
     "its name"},
    {"address", "所在地_連結表記|住所|所在地|所在地(*|学校所在地_連結表記|学校所在地(*", false, "address"},
    MUNICIPALITY,
    {"kind_code", "", false, "code of its kind, as given (KSJ)"},
    {"kind", "施設分類|施設区分|施設の種類|種別", false, "its kind in words"},
    {"cost", "開設費用|整備費用|費用", false, "what opening there costs: a whole number, in any unit"},
    PLACE,
};

static const ky_attribute officials[] = {
    {"zone_id", "圏域コード|圏域id|圏域番号|日常生活圏域コード|日常生活圏域|日常生活圏域名|圏域名|圏域|id", true,
     "id of the zone"},
    PEOPLE,
    {"participants", "参加者実人数", false, "distinct participants in the zone"},
    {"participants_m", "参加者実人数男|参加者実人数(男)", false, "of them men"},
    {"participants_f", "参加者実人数女|参加者実人数(女)", false, "of them women"},
    {"participants_weekly", "週1回以上", false, "of them at least weekly"},
    {"participants_date", "参加者数の時点|参加者の時点|参加者調査日|参加者数基準日", false,
     "reference date of the participants"},
    {"rate", "目標参加率", false, "target participation rate of the zone, 0 to 1"},
    {"basis", "根拠", false, "where that rate comes from"},
    {"date", "基準日|時点", false, "reference date of the people"},
    {"year", "年|年度|西暦|推計年", false, "year of the people and the rate; left out: now"},
};

#define KY_X(id, code, words) {code, words, false, "of the zone, a column of its own"},
/* Values of surveys and households: one in each record, or a column for each that has a code. */
static const ky_attribute facts[] = {
    {"zone_id", "圏域コード|圏域id|圏域番号|日常生活圏域コード|日常生活圏域|日常生活圏域名|圏域名|圏域|id", true,
     "id or name of the zone; 全体 for the municipality"},
    {"item", "項目|項目名|指標|調査項目|統計項目|設問", false, "what the value is of"},
    {"value", "値|数値|回答|結果|調査値", false, "the value, as stated"},
    {"unit", "単位", false, "its unit"},
    {"date", "時点|基準日|調査日|調査年月日|調査時点|年度", false, "its reference date"},
    {"source", "出所|出典|調査名|資料名", false, "where it comes from"},
    KY_FACT_CODES(KY_X)};
#undef KY_X

/* Shops, clinics, providers: lists of the open-data standard, KSJ P04 (medical) and P14 (welfare), the workbook. */
static const ky_attribute resources[] = {
    {"id", "resource_id|no|no.|番号|施設id|施設_id|管理番号|医療機関コード", false, "id of the resource"},
    {"kind_code", "", false, "code of its kind, as given (KSJ)"},
    {"kind", "種別|種類|区分|資源の種別|施設種別", false, "shop, clinic, vehicle_provider ...: a code or its word"},
    {"name", "名称|施設名|施設名称|事業所名|事業者名|店舗名|法人名", false, "its name"},
    {"address", "所在地_連結表記|住所|所在地|所在地(*", false, "address"},
    {"hall", "会場|会場名", false, "the hall it is in: gives the place where there are no coordinates"},
    {"phone", "電話番号|電話|連絡先|問い合わせ先|連絡先電話番号", false, "telephone"},
    {"seats", "乗車定員|座席数|乗車できる人数", false, "people its vehicles can take besides the driver"},
    {"idle_hours", "空き時間|空いている時間|車両の空き時間", false, "when its vehicles are free"},
    {"legal_type", "運送の区分|運送の種別|法的区分", false, "legal type of the transport, as stated"},
    {"willing", "協力意向|協力の意向|協力の可否", false, "willing to help: 1 or 0"},
    {"survey_date", "調査日|調査年月日|確認日", false, "when that was asked"},
    MUNICIPALITY,
    PLACE,
};

static const ky_attribute zone_lookups[] = {
    {"area",
     "key_code|町丁字コード|町丁・字コード|小地域コード|町字コード|町丁コード|地域コード|s_name|町丁・字等名|"
     "町丁・字名|"
     "町丁字名|町丁名|町名|大字・町丁目名|大字町丁目名|大字名|地区名|小地域名|小地域|町丁・字|町丁字|町字|町丁目",
     true, "small area: its code (KEY_CODE) or name (S_NAME)"},
    {"zone",
     "zone_id|圏域コード|圏域id|圏域番号|圏域no|日常生活圏域コード|日常生活圏域番号|日常生活圏域名|日常生活圏域|圏域名|"
     "圏域名称|圏域",
     true, "id of its zone; its name, where zones have no ids"},
    {"name", "zone_name|日常生活圏域名|圏域名|圏域名称|日常生活圏域|圏域", false, "name of that zone"},
};

/* Names and addresses of halls: lists of the open-data standard, and KSJ (io/ksj_places.c). */
static const ky_attribute halls[] = {
    {"id", "no|no.|番号|施設id|施設_id", false, "id of the hall"},
    {"name", "名称|施設名|施設・場所名|施設名称|会場名|介護サービス事業所名称|事業所名称|事業所名", false, "its name"},
    {"other_name", "通称|別名|名称_通称", false, "another name of it"},
    {"address", "所在地_連結表記|住所|所在地|所在地(*", false, "address"},
    {"kind_code", "", false, "code of its kind, as given (KSJ)"},
    {"kind", "施設分類|施設区分|施設の種類|種別", false, "its kind in words"},
    PLACE,
};

/* MLIT 位置参照情報; both levels have changed the names of their columns. */
#define TOWN_OF_ADDRESS(town_labels)                                     \
  {"prefecture", "都道府県名|都道府県", false, "prefecture"},            \
      {"city", "市区町村名|市区町村", false, "city, town or village"}, { \
    "town", town_labels, true, "name of the town: 大字, 町, 丁目"   \
  }

static const ky_attribute blocks[] = {
    TOWN_OF_ADDRESS("大字・丁目名|大字・町丁目名|大字・町丁目|大字_丁目名|大字_町丁目名|大字町丁目名"),
    {"aza", "小字・通称名|小字_通称名|小字・通称|小字名", false, "小字 or a common name"},
    {"block", "街区符号・地番|街区符号_地番|街区符号|地番", true, "number of the block or lot"},
    {"representative", "代表フラグ", false, "0 where another point stands for the same number"},
    PLACE,
};

static const ky_attribute towns[] = {
    TOWN_OF_ADDRESS("大字町丁目名|大字・町丁目名|大字・丁目名|大字_町丁目名|大字_丁目名"),
    PLACE,
};

/* Small areas of the census, 位置参照情報 of both levels. */
static const ky_attribute names[] = {
    {"name",
     "s_name|moji|町丁・字等名|町丁・字名|町丁字名|町丁名|大字町丁目名|大字・町丁目名|大字・丁目名|大字_町丁目名|"
     "大字_丁目名|大字名|町名|地区名|小地域名",
     true, "what the place is called: 大字, 町, 丁目"},
    {"hcode", "", false, "census: kind of a small area; 8154 is water"},
    PLACE,
};

/* The columns of GTFS's stops.txt, in the order that io/gtfs_stops.c reads them. */
static const ky_attribute feeds[] = {
    {"id", "stop_id", true, "id of the pole or station"},
    {"name", "stop_name", false, "its name"},
    {"parent", "parent_station", false, "the station it belongs to"},
    {"location_type", "", false, "0 pole, 1 station, 2 to 4 parts of a station"},
    {"lon", "stop_lon", true, "longitude"},
    {"lat", "stop_lat", true, "latitude"},
};

/* KSJ P11 numbers what a stop has several of: routes and kinds of 2022 with two digits, operators and routes of older
 * vintages with one or two. io/stop_columns.c folds them. */
#define STOP_ROUTE(nn, n)    {"route_" nn, "p11_003_" nn "|p11_004_" n, false, "route " n " of the stop"},
#define STOP_KIND(nn, n)     {"kind_" nn, "p11_004_" nn, false, "kind of its route " n},
#define STOP_OPERATOR(nn, n) {"operator_" nn, "p11_003_" n, false, "operator " n " of the stop"},
/* clang-format off */
#define ONE_DIGIT(X) \
  X("01", "1") X("02", "2") X("03", "3") X("04", "4") X("05", "5") X("06", "6") X("07", "7") X("08", "8") X("09", "9")
#define TWO_DIGITS(X) \
  X("10") X("11") X("12") X("13") X("14") X("15") X("16") X("17") X("18") X("19") X("20") X("21") X("22") \
  X("23") X("24") X("25") X("26") X("27") X("28") X("29") X("30") X("31") X("32") X("33") X("34") X("35")
/* clang-format on */
/* From 10 on both vintages write p11_003_10 and p11_004_10: which is which is for stop_columns.c to say. */
#define STOP_BOTH(nn) \
  {"p11_003_" nn, "", false, "KSJ P11: a route or operator"}, {"p11_004_" nn, "", false, "KSJ P11: a kind or route"},

/* KSJ S12, four columns a year: place of the number, state, note, number. */
#define STATION_YEAR(year, place, state, riders)                                \
  {"riders_" year, "s12_" riders, false, "KSJ S12: riders per day in " year},   \
      {"riders_place_" year, "s12_" place, false, "KSJ S12: where they stand"}, \
      {"riders_state_" year, "s12_" state, false, "KSJ S12: whether they are known"},
/* clang-format off */
#define STATION_YEARS(X) \
  X("2011", "006", "007", "009") X("2012", "010", "011", "013") X("2013", "014", "015", "017") \
  X("2014", "018", "019", "021") X("2015", "022", "023", "025") X("2016", "026", "027", "029") \
  X("2017", "030", "031", "033") X("2018", "034", "035", "037") X("2019", "038", "039", "041") \
  X("2020", "042", "043", "045") X("2021", "046", "047", "049") X("2022", "050", "051", "053") \
  X("2023", "054", "055", "057") X("2024", "058", "059", "061") X("2025", "062", "063", "065") \
  X("2026", "066", "067", "069") X("2027", "070", "071", "073") X("2028", "074", "075", "077") \
  X("2029", "078", "079", "081") X("2030", "082", "083", "085")
/* clang-format on */

static const ky_attribute bus_routes[] = {
    {"kind", "n07_001|バス区分", false, "KSJ N07 2011: kind (4 on demand); 2022: operator"},
    {"operator", "n07_002|事業者名|運行事業者|事業者", false, "who runs it"},
    {"route", "n07_003|路線名|系統名|バス系統", false, "name of the route"},
    {"weekday", "n07_004|平日運行本数|平日便数|平日運行頻度", false, "trips on a weekday"},
};

static const ky_attribute stops[] = {
    {"id", "stop_id|停留所id|停留所コード|標柱id", false, "id of the stop"},
    {"name", "p11_001|n02_005|s12_001|stop_name|バス停名|停留所名|停留所名称|バス停留所名|駅名|名称", false,
     "its name"},
    {"kind", "バス区分|区分|種別", false,
     "bus, community_bus, demand_bus, tram, rail, ferry, other; or a code of KSJ P11"},
    {"operator", "n02_004|s12_002|事業者名|運行事業者|事業者|運営会社", false, "who runs it"},
    {"routes", "n02_003|s12_003|路線名|系統名|バス系統|路線", false, "its routes"},
    {"p11_002", "", false, "KSJ P11: the operator in 2022, the kind before"},
    /* clang-format off */
    ONE_DIGIT(STOP_ROUTE) ONE_DIGIT(STOP_KIND) ONE_DIGIT(STOP_OPERATOR) TWO_DIGITS(STOP_BOTH)
    STATION_YEARS(STATION_YEAR)
    /* clang-format on */
    {"lon", KY_LON_LABELS "|stop_lon", false, "longitude, when the table has no geometry"},
    {"lat", KY_LAT_LABELS "|stop_lat", false, "latitude, when the table has no geometry"},
};

/* Layers of meshes (KSJ G04); rasters and tiles have no columns. */
static const ky_attribute elevations[] = {
    {"id", "g04a_001|g04c_001|g04d_001|メッシュコード", false, "code of the mesh"},
    {"slope_deg", "g04a_010|g04c_010|g04d_010|平均傾斜角度", true, "mean slope of the mesh in degrees"},
};

/* OpenStreetMap; PLATEAU (bldg:usage, bldg:storeysAboveGround, as converters write them); the fundamental geospatial
 * data of the GSI (type) and its vector tiles (ftCode); surveys of buildings. */
static const ky_attribute buildings[] = {
    {"id", "osm_id|osm_way_id|gml_id|gmlid|building_id|buildingid|fid|建物id", false, "id, for messages"},
    {"usage",
     "building|bldg:usage|bldg_usage|bldg:usage1|bldg_usage1|usage_code|用途|建物用途|建物用途コード|建物用途分類|type|"
     "種別|建物種別|建築物種別|ftcode|fclass",
     false, "what it is for: building=* of OpenStreetMap, codes or words of PLATEAU, 普通建物, Japanese words"},
    {"storeys",
     "building:levels|building_levels|bldg:storeysaboveground|bldg_storeysaboveground|storeysaboveground|"
     "storeys_above_ground|storeysabo|地上階数|階数|levels|floors",
     false, "storeys above ground"},
    {"area", "建築面積|footprint_m2|cal_area_m2", false, "footprint in square metres, of buildings that are points"},
    PLACE,
};

#define ROLE(text, list, kinds) \
  { text, list, COUNT_OF(list), kinds }

static const ky_role_info roles[KY_ROLE_COUNT] = {
    [KY_ROLE_ELEVATION] = ROLE("elevation", elevations, KIND(KY_SHAPE_POLYGON)),
    [KY_ROLE_RESIDENTS] = ROLE("residents", residents, KIND(KY_SHAPE_POLYGON) | KIND(KY_SHAPE_POINT)),
    [KY_ROLE_VENUES] = ROLE("venues", venues, KIND(KY_SHAPE_POINT)),
    [KY_ROLE_ZONES] = ROLE("zones", zones, KIND(KY_SHAPE_POLYGON)),
    [KY_ROLE_BORDER] = ROLE("border", borders, KIND(KY_SHAPE_POLYGON)),
    [KY_ROLE_ROADS] = ROLE("roads", roads, KIND(KY_SHAPE_LINE)),
    [KY_ROLE_BARRIERS] = ROLE("barriers", barriers, KIND(KY_SHAPE_LINE) | KIND(KY_SHAPE_POLYGON)),
    [KY_ROLE_ROAD_EXTENT] = ROLE("roads.extent", road_extents, KIND(KY_SHAPE_POLYGON)),
    [KY_ROLE_SITES] = ROLE("sites", sites, KIND(KY_SHAPE_POINT)),
    [KY_ROLE_ZONE_LOOKUP] = ROLE("zones.lookup", zone_lookups, KIND(KY_SHAPE_NONE)),
    [KY_ROLE_OFFICIAL] = ROLE("official", officials, KIND(KY_SHAPE_NONE)),
    [KY_ROLE_FACTS] = ROLE("facts", facts, KIND(KY_SHAPE_NONE)),
    [KY_ROLE_RESOURCES] = ROLE("resources", resources, KIND(KY_SHAPE_POINT)),
    [KY_ROLE_BUILDINGS] = ROLE("buildings", buildings, KIND(KY_SHAPE_POLYGON) | KIND(KY_SHAPE_POINT)),
    [KY_ROLE_FEEDS] = ROLE("transit.feeds", feeds, KIND(KY_SHAPE_POINT)),
    [KY_ROLE_STOPS] = ROLE("transit.stops", stops, KIND(KY_SHAPE_POINT) | KIND(KY_SHAPE_LINE)),
    [KY_ROLE_BUS_ROUTES] = ROLE("transit.routes", bus_routes, KIND(KY_SHAPE_LINE)),
    [KY_ROLE_YEARS] = {"years", ky_year_attributes, KY_YEAR_ATTRIBUTE_COUNT,
                       KIND(KY_SHAPE_POLYGON) | KIND(KY_SHAPE_POINT)},
    [KY_ROLE_HALLS] = ROLE("geocoding.halls", halls, KIND(KY_SHAPE_POINT)),
    [KY_ROLE_BLOCKS] = ROLE("geocoding.blocks", blocks, KIND(KY_SHAPE_POINT)),
    [KY_ROLE_NAMES] = ROLE("names.sources", names, KIND(KY_SHAPE_POLYGON) | KIND(KY_SHAPE_POINT)),
    [KY_ROLE_TOWNS] = ROLE("geocoding.towns", towns, KIND(KY_SHAPE_POINT)),
};

bool ky_role_is_geocoded(ky_role role) {
  return role == KY_ROLE_VENUES || role == KY_ROLE_RESOURCES;
}

const ky_role_info *ky_role_get(ky_role role) {
  return (unsigned)role < KY_ROLE_COUNT ? &roles[role] : NULL;
}
