"""The national open data of gathering places (通いの場): every field by its label, in any order of columns, as CP932, as UTF-8
with a byte order mark and as spreadsheets. Every attribute arrives in the layer venues as it was written.

Usage: national_list.py KAYOI WORK_DIR"""
import csv
import io
import json
import os
import random
import shutil
import sys

from osgeo import gdal, ogr

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()
rng = random.Random(20261121)

FIELDS = ("No,都道府県コード,都道府県名,市区町村コード,市区町村名,備考,名称（ふりがな）,名称,郵便番号,所在地（都道府県から番地まで）,"
          "所在地（建物名・部屋番号等）,電話番号,対象者,活動内容,運営日（平日）－開始,運営日（平日）－終了,運営日（土曜）－開始,"
          "運営日（土曜）－終了,運営日（日曜）－開始,運営日（日曜）－終了,運営日（祝日）－開始,運営日（祝日）－終了,定休日,定員,料金体系,"
          "飲食の提供の有無,飲食持ち込みの可否,送迎の有無,対象エリア,総合事業実施の有無,その他,法人番号の有無,法人番号,"
          "法人名称（ふりがな）,法人名称,ステータス,緯度,経度").split(",")
FULL = {"都道府県コード": "430005", "都道府県名": "熊本県", "市区町村コード": "439991", "市区町村名": "通井町", "備考": "隔週（改行）雨天中止",
        "名称（ふりがな）": "きたのつどい", "郵便番号": "869-0001", "所在地（都道府県から番地まで）": "熊本県架空郡通井町北原1-1",
        "所在地（建物名・部屋番号等）": "北原公民館（改行）2階", "電話番号": "096-000-0001", "対象者": "おおむね６５歳以上の方（改行）どなたでも",
        "活動内容": "体操（改行）茶話会", "運営日（平日）－開始": "10:00", "運営日（平日）－終了": "11:30", "運営日（土曜）－開始": "13:00",
        "運営日（土曜）－終了": "15:00", "運営日（日曜）－開始": "9:00", "運営日（日曜）－終了": "10:00", "運営日（祝日）－開始": "9:30",
        "運営日（祝日）－終了": "10:30", "定休日": "お盆（改行）年末年始", "定員": "20", "料金体系": "１回１００円（改行）お茶代を含む",
        "飲食の提供の有無": "1", "飲食持ち込みの可否": "0", "送迎の有無": "1", "対象エリア": "北原地区", "総合事業実施の有無": "1",
        "その他": "動きやすい服装で（改行）飲み物持参", "法人番号の有無": "1", "法人番号": "1234567890123", "法人名称（ふりがな）": "つうい",
        "法人名称": "通井町社会福祉協議会", "ステータス": "公開", "緯度": "32.7481151", "経度": "130.8625293"}
# column of the layer <- field of the list, as it is
SAME = {"name": "名称", "name_kana": "名称（ふりがな）", "activity": "活動内容", "operator": "法人名称", "corporation_number": "法人番号",
        "closed_days": "定休日", "audience": "対象者", "catchment": "対象エリア", "fee": "料金体系", "transport": "送迎の有無",
        "meals": "飲食の提供の有無", "own_food": "飲食持ち込みの可否", "comprehensive": "総合事業実施の有無", "postal_code": "郵便番号",
        "contact": "電話番号", "note": "備考", "other": "その他", "status": "ステータス"}
HOURS = ("平日", "土曜", "日曜", "祝日")


def place(n):
    """Places 11 m apart near a street of the town."""
    return {"緯度": f"{32.7481151 + n * 0.0001:.7f}", "経度": "130.8625293"}


VARIED = [  # (name, what differs, counts, reason, coord_source, reasons of its issues)
    ("全項目", {}, True, None, "given", {"catchment_not_zones"}),  # 北原地区 is no zone; told at the first venue
    ("平日だけ", {f"運営日（{day}）－{end}": "" for day in HOURS[1:] for end in ("開始", "終了")}, True, None, "given", set()),
    ("空欄ばかり", {key: "" for key in FULL if key not in ("緯度", "経度", "市区町村コード")}, True, None, "given", set()),
    ("送迎なし", {"送迎の有無": "0", "定員": "１５人"}, True, None, "given", set()),
    ("定員が文", {"定員": "特になし"}, True, None, "given", {"not_a_number"}),
    ("休止中", {"ステータス": "休止中"}, False, "closed", "given", set()),
    ("一時休止", {"ステータス": "一時休止（令和5年3月）"}, False, "closed", "given", set()),
    ("廃止", {"ステータス": "廃止"}, False, "closed", "given", set()),
    ("活動停止", {"ステータス": "活動停止"}, False, "closed", "given", set()),
    ("非公開", {"ステータス": "非公開"}, True, None, "given", set()),
    ("活動中", {"ステータス": "活動中"}, True, None, "given", set()),
    ("休止から再開", {"ステータス": "休止していたが再開"}, True, None, "given", {"status_unknown"}),
    ("知らない言葉", {"ステータス": "３"}, True, None, "given", {"status_unknown"}),
    ("座標なし", {"緯度": "", "経度": ""}, False, "no_coordinates", "none", {"coordinates_missing"}),
    ("経度なし", {"経度": ""}, False, "no_coordinates", "none", {"coordinates_missing"}),
    ("文字の座標", {"緯度": "未測量"}, False, "no_coordinates", "none", {"coordinates_not_finite", "coordinates_missing"}),
    ("範囲外", {"緯度": "327.48", "経度": "1308.6"}, False, "no_coordinates", "none", {"coordinates_out_of_range", "coordinates_missing"}),
    ("逆の座標", "swapped", True, None, "given", {"coordinates_swapped"}),
    ("零の座標", {"緯度": "0", "経度": "0"}, False, "no_coordinates", "none", {"coordinates_far", "coordinates_missing"}),
]


def make_rows():
    rows = []
    for n, (name, differs, *_) in enumerate(VARIED):
        row = {"No": str(n + 1), "名称": name, **FULL, **place(n)}
        if differs == "swapped":
            row["緯度"], row["経度"] = row["経度"], row["緯度"]
        else:
            row.update(differs)
        row["名称"] = name
        rows.append(row)
    return rows


def write(name, encoding, fields, rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fields, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    with open(os.path.join(work, name), "wb") as file:
        file.write(text.getvalue().encode(encoding))


def config_of(name):
    start, end = config.index("venues:"), config.index("# 社会資源")
    path = os.path.join(work, "with_" + name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(config[:start] + f"venues:\n  - {{path: {name}, crs: EPSG:6668}}\n\n" + config[end:])
    return path


def run(name):
    out = os.path.join(work, "out_" + name)
    made = kayoi(binary, "run", config_of(name), "--out", out, "--lang", "en")
    check(f"{name}: runs", made.returncode == 0, made.stderr[-1500:])
    with open(os.path.join(out, "internal", "venues.geojson"), encoding="utf-8") as file:
        venues = {f["properties"]["name"]: f["properties"] for f in json.load(file)["features"]}
    with open(os.path.join(out, "internal", "issues.csv"), encoding="utf-8-sig", newline="") as file:
        issues = [row for row in csv.DictReader(file) if row["source"].startswith("venues")]
    return venues, issues


def hours_of(row):
    days = [(day, row[f"運営日（{day}）－開始"], row[f"運営日（{day}）－終了"]) for day in HOURS]
    return " ".join(f"{day} {start}-{end}" for day, start, end in days if start or end) or None


def check_venues(name, rows, venues, issues):
    wrong = []
    for row, (title, _, counts, reason, source, reasons) in zip(rows, VARIED):
        got = venues.get(title)
        if got is None:
            wrong.append(f"{title} is not there")
            continue
        want = {column: row[field] or None for column, field in SAME.items()}
        want["hours"] = hours_of(row)
        address = (row["所在地（都道府県から番地まで）"], row["所在地（建物名・部屋番号等）"])
        want["address"] = " ".join(filter(None, address)) or None
        want["capacity"] = {"20": 20, "１５人": 15}.get(row["定員"])
        want.update(coord_source=source, venue_id=row["No"], publish=False if row["ステータス"] == "非公開" else None)
        want.update(counts=counts, reason=reason)
        told = {issue["reason"] for issue in issues if issue["record"] == row["No"]} - {"duplicate_venue"}
        if told != reasons:
            wrong.append(f"{title}: issues {sorted(told)}, want {sorted(reasons)}")
        wrong += [f"{title}: {key} is {got.get(key)!r}, want {value!r}" for key, value in want.items() if got.get(key) != value]
    check(f"{name}: every attribute of {len(rows)} venues, and whether it counts", not wrong, "\n".join(wrong))


rows = make_rows()
check("the list has all fields", all(set(FIELDS) == set(row) for row in rows), set(FIELDS) ^ set(rows[0]))
orders = {"as_published_cp932.csv": ("cp932", FIELDS), "as_published.csv": ("utf-8-sig", FIELDS)}
for k in range(4):
    orders[f"shuffled_{k}.csv"] = (("cp932", "utf-8-sig")[k % 2], rng.sample(FIELDS, len(FIELDS)))
first = None
for name, (encoding, fields) in orders.items():
    write(name, encoding, fields, rows)
    venues, issues = run(name)
    check_venues(name, rows, venues, issues)
    first = first or venues
    check(f"{name}: the same whatever the order of columns", venues == first)

for driver, name in (("XLSX", "list.xlsx"), ("ODS", "list.ods")):
    write("for_sheet.csv", "utf-8", rng.sample(FIELDS, len(FIELDS)), rows)
    gdal.VectorTranslate(os.path.join(work, name), os.path.join(work, "for_sheet.csv"), format=driver)
    venues, issues = run(name)
    check_venues(name, rows, venues, issues)

# cells as a spreadsheet keeps them: numbers and times
typed = ogr.GetDriverByName("XLSX").CreateDataSource(os.path.join(work, "typed.xlsx"))
layer = typed.CreateLayer("通いの場")
kinds = {"緯度": ogr.OFTReal, "経度": ogr.OFTReal, "定員": ogr.OFTInteger, "No": ogr.OFTInteger, "送迎の有無": ogr.OFTInteger,
         "運営日（平日）－開始": ogr.OFTTime, "運営日（平日）－終了": ogr.OFTTime}
for field in FIELDS:
    layer.CreateField(ogr.FieldDefn(field, kinds.get(field, ogr.OFTString)))
feature = ogr.Feature(layer.GetLayerDefn())
for field in FIELDS:
    if field.startswith("運営日（平日）"):
        hour, minute = rows[0][field].split(":")
        feature.SetField(field, 0, 0, 0, int(hour), int(minute), 0, 0)
    elif field in kinds:
        feature.SetField(field, float(rows[0][field]) if kinds[field] == ogr.OFTReal else int(rows[0][field]))
    else:
        feature.SetField(field, rows[0][field])
layer.CreateFeature(feature)
feature = layer = typed = None
venues, issues = run("typed.xlsx")
check_venues("typed.xlsx", rows[:1], venues, issues)
done()
