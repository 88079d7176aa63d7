"""Where venues come to lie, and what they are: coord_source of each kind, places that stay unknown, swapped and far coordinates,
the same venue twice, degrees, minutes and seconds in columns of their own, kinds of facilities; shelters of the Geospatial
Information Authority as venues, halls and sites.

Usage: venues.py KAYOI WORK_DIR DATA   (DATA/ube may be missing)"""
import csv
import json
import math
import os
import shutil
import sys

from runs import kayoi, root
from tap import check, done, skip

binary, work, data = sys.argv[1:4]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()
VENUES = config[config.index("venues:"):config.index("# 社会資源")]


def write(name, text, encoding="utf-8"):
    with open(os.path.join(work, name), "wb") as file:
        file.write(text.encode(encoding))


def run(name, text, folder=work):
    """Layers of a run as dictionaries by id, and its issues of sources."""
    path, out = os.path.join(folder, name + ".yaml"), os.path.join(work, "out_" + name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    made = kayoi(binary, "run", path, "--out", out, "--lang", "en")
    if not check(f"{name}: runs", made.returncode == 0, made.stderr[-1500:]):
        done()
    return lambda layer: table(out, layer)


def table(out, layer):
    with open(os.path.join(out, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def metres(a, b):
    """Between two records with lon and lat, near enough for a town."""
    mean = math.radians((float(a["lat"]) + float(b["lat"])) / 2)
    return math.hypot((float(a["lon"]) - float(b["lon"])) * 111320 * math.cos(mean), (float(a["lat"]) - float(b["lat"])) * 111320)


# 1. One venue for each way to a place. 0.00045 degrees of latitude are 50.1 m, 0.0004 are 44.5 m.
PREFECTURE = "熊本県架空郡通井町"
ROWS = [("given", "本町の会", PREFECTURE + "本町1", "32.7481151", "130.8625293"),
        ("hall", "北原公民館", PREFECTURE + "北原9-9", "", ""),
        ("block", "二丁目の会", PREFECTURE + "大字北原二丁目３番地の４", "", ""),
        ("town", "三丁目の会", PREFECTURE + "北原三丁目77-1", "", ""),
        ("none", "行方知れずの会", PREFECTURE + "大谷　奥の小屋", "", ""),
        ("swapped", "逆さの会", "", "130.8700000", "32.7500000"),
        ("out", "範囲外の会", PREFECTURE + "どこか", "95.5", "200.25"),
        ("far", "よその会", "", "33.59", "130.40"),
        ("twin a", "双子の会", "", "32.7440000", "130.8700000"),
        ("twin b", "双子　の会", "", "32.7444000", "130.8700000"),
        ("apart", "双子の会", "", "32.7448600", "130.8700000")]
write("places.csv", "No,名称,所在地,緯度,経度,種別\r\n" + "".join(",".join(row) + ",集会施設\r\n" for row in ROWS))
write("halls.csv", "名称,所在地,緯度,経度\r\n北原公民館,,32.7724602,130.8662647\r\n", "utf-8-sig")
write("blocks.csv", '"都道府県名","市区町村名","大字・丁目名","小字・通称名","街区符号・地番","座標系番号","Ｘ座標","Ｙ座標","緯度","経度",'
      '"住居表示フラグ","代表フラグ","更新前履歴フラグ","更新後履歴フラグ"\r\n'
      '"熊本県","架空郡通井町","北原二丁目","","3","2","0","0","32.751000","130.861000","1","1","0","0"\r\n', "cp932")
write("towns.csv", '"都道府県コード","都道府県名","市区町村コード","市区町村名","大字町丁目コード","大字町丁目名","緯度","経度","原典資料コード",'
      '"大字・字・丁目区分コード"\r\n"43","熊本県","43999","架空郡通井町","439990001003","北原三丁目","32.752000","130.862000","1","3"\r\n', "cp932")
GEOCODING = "geocoding:\n" + "".join(f"  {level}:\n    - {{path: {level}.csv, crs: EPSG:6668}}\n" for level in ("halls", "blocks", "towns"))
layer = run("places", config.replace(VENUES, "venues:\n  - {path: places.csv, crs: EPSG:6668}\n\n") + "\n" + GEOCODING)
venues = {row["venue_id"]: row for row in layer("venues")}
issues = [row for row in layer("issues") if row["source"].startswith("venues")]
check("every venue of the list is there", set(venues) == {row[0] for row in ROWS}, sorted(venues))
WANT = {  # coord_source, longitude, latitude, counts, reason
    "given": ("given", "130.8625293", "32.7481151", "true", ""), "hall": ("hall", "130.8662647", "32.7724602", "true", ""),
    "block": ("block", "130.8610000", "32.7510000", "true", ""),
    "town": ("town", "130.8620000", "32.7520000", "false", "town_level_position"), "none": ("none", "", "", "false", "no_coordinates"),
    "swapped": ("given", "130.8700000", "32.7500000", "true", ""), "out": ("none", "", "", "false", "no_coordinates"),
    "far": ("given", "130.4000000", "33.5900000", "false", "no_street_near")}
for key, want in WANT.items():
    got = tuple(venues[key][column] for column in ("coord_source", "lon", "lat", "counts", "reason"))
    check(f"{key}: place, its source and whether it counts", got == want, f"want {want}, got {got}")


def issue_of(record, reason):
    return next((row for row in issues if (row["record"], row["reason"]) == (record, reason)), None)


for record, reason in (("hall", "placed_by_hall"), ("block", "placed_by_block"), ("town", "placed_by_town"), ("swapped", "coordinates_swapped"),
                       ("out", "coordinates_out_of_range"), ("none", "coordinates_missing"), ("out", "coordinates_missing"),
                       ("far", "no_street_near"), ("far", "venue_outside")):
    found = issue_of(record, reason) or any(row["reason"] == reason and row["record"] == record for row in layer("issues"))
    check(f"{record}: {reason} is said", found, [(row["record"], row["reason"]) for row in issues])
for record in ("none", "out"):
    found, address = issue_of(record, "coordinates_missing"), next(row[2] for row in ROWS if row[0] == record)
    check(f"{record}: listed with its address", found is not None and address in found["message"], found)
check("what has no place has no issue of another", not issue_of("given", "coordinates_missing") and not issue_of("hall", "coordinates_missing"))
twins = [row for row in issues if row["reason"] == "duplicate_venue"]
near = {frozenset((a, b)) for a in venues for b in venues if a < b and venues[a]["lat"] and venues[b]["lat"] and
        venues[a]["name"].replace("\u3000", "") == venues[b]["name"].replace("\u3000", "") and metres(venues[a], venues[b]) <= 50}
check("two of the three of one name are within 50 m", near == {frozenset(("twin a", "twin b"))}, near)
check("they are reported, once, and both kept", len(twins) == 1 and {twins[0]["record"], twins[0]["message"].split(" (")[0]} == {"twin a", "twin b"}, twins)
check("kinds of venues are as given", {row["kind"] for row in venues.values()} == {"集会施設"})

# 2. The same places, told in degrees, minutes and seconds of three columns.
def parts(text):
    seconds = round(float(text) * 3600 * 1e4) / 1e4
    return f"{int(seconds // 3600)},{int(seconds // 60 % 60)},{seconds % 60:.4f}"


for title, header in (("japanese", "緯度_度,緯度_分,緯度_秒,経度_度,経度_分,経度_秒"), ("wide", "北緯（度）,北緯（分）,北緯（秒）,東経（度）,東経（分）,東経（秒）"),
                      ("english", "lat_deg,lat_min,lat_sec,lon_deg,lon_min,lon_sec"), ("bare", "緯度度,緯度分,緯度秒,経度度,経度分,経度秒")):
    places = [row for row in ROWS if row[0] in ("given", "twin a", "twin b")]
    write("parts.csv", f"No,名称,{header}\r\n" + "".join(f"{row[0]},{row[1]},{parts(row[3])},{parts(row[4])}\r\n" for row in places) +
          "blank,空欄の会,,,,,,\r\nbad,誤りの会,32,75,1,130,1,1\r\n", "cp932")
    layer = run("parts_" + title, config.replace(VENUES, "venues:\n  - {path: parts.csv, crs: EPSG:6668}\n\n"))
    got = {row["venue_id"]: row for row in layer("venues")}
    wrong = [row[0] for row in places if metres(got[row[0]], {"lat": row[3], "lon": row[4]}) > 0.02]
    check(f"{title}: degrees, minutes and seconds give the places", not wrong, wrong)
    check(f"{title}: blank and impossible ones have none", [got[key]["coord_source"] for key in ("blank", "bad")] == ["none", "none"])
    reasons = {(row["record"], row["reason"]) for row in layer("issues")}
    check(f"{title}: it is said", {("given", "coordinates_dms"), ("bad", "coordinates_not_finite")} <= reasons, reasons)
    made = kayoi(binary, "check", "--as", "venues", "--lang", "en", "--", os.path.join(work, "parts.csv"))
    names = header.split(",")
    check(f"{title}: the columns are named", f"lat <- {' + '.join(names[:3])}" in made.stdout and f"lon <- {' + '.join(names[3:])}" in made.stdout, made.stdout)
write("some.csv", "No,名称,緯度_度,緯度_分,経度_度\r\n1,会,32,45,130\r\n")
made = kayoi(binary, "check", "--as", "venues", "--lang", "en", "--", os.path.join(work, "some.csv"))
check("a part of them is refused, naming the columns", made.returncode == 3 and "緯度_度, 緯度_分, 経度_度" in made.stdout, made.stdout)

# 3. Kinds of candidate sites: codes of KSJ in words, and words of a list.
with open(os.path.join(work, "public_halls.geojson"), encoding="utf-8") as file:
    halls = {f["properties"]["施設番号"]: f for f in json.load(file)["features"]}
words = {"4": "公立公民館", "5": "集会施設"}
sites = run("plain", config)("sites")
wrong = [row for row in sites if row["kind_code"] != str(halls[row["site_id"]]["properties"]["P05_002"]) or row["kind"] != words[row["kind_code"]]]
check(f"{len(sites)} sites of KSJ P05 say their kind", sites and not wrong, wrong)
write("sites.csv", "施設番号,名称,施設分類,緯度,経度\r\n" + "".join(
    f"{key},{key}番,空き店舗{n % 3},{f['geometry']['coordinates'][1]},{f['geometry']['coordinates'][0]}\r\n" for n, (key, f) in enumerate(halls.items())))
start = config.index("    - path: public_halls.geojson")
listed = config[:start] + "    - path: sites.csv\n      crs: EPSG:6668\n      columns: {id: 施設番号}\n" + config[config.index("  min_people_65"):]
got = run("listed", listed)("sites")
want = {key: f"空き店舗{n % 3}" for n, key in enumerate(halls)}
check("sites of a list have the words of the list", {row["site_id"]: row["kind"] for row in got} == {row["site_id"]: want[row["site_id"]] for row in sites})
check("and no code", {row["kind_code"] for row in got} == {""})

# 4. Shelters of the Geospatial Information Authority.
ube = os.path.join(data, "ube")
if not os.path.isdir(ube):
    skip("shelters of Ube", f"{ube} is not there")
    done()
with open(os.path.join(ube, "gsi_evacuation_352021.json"), encoding="utf-8") as file:
    shelters = {str(f["properties"]["NO"]): f for f in json.load(file)["features"]}
with open(os.path.join(root, "tests", "real", "ube.yaml"), encoding="utf-8") as file:
    real = file.read().replace("../../../shared/data/ube", os.path.abspath(ube))
start, end = real.index("venues:"), real.index("zones:")
GSI = os.path.join(os.path.abspath(ube), "gsi_%s_352021.json")
layer = run("gsi_venues", real[:start] + f"venues:\n  - path: {GSI % 'evacuation'}\n\n" + real[end:])
got = {row["venue_id"]: row for row in layer("venues")}
wrong = [key for key, f in shelters.items() if key not in got or got[key]["name"] != f["properties"]["施設・場所名"] or
         got[key]["address"] != f["properties"]["住所"] or got[key]["coord_source"] != "given" or
         metres(got[key], dict(zip(("lon", "lat"), f["geometry"]["coordinates"]))) > 0.02]
check(f"{len(shelters)} shelters as venues", len(got) == len(shelters) and not wrong, wrong)

names = {}
for f in shelters.values():
    names.setdefault(f["properties"]["施設・場所名"], []).append(f["geometry"]["coordinates"])
once = {name: at[0] for name, at in names.items() if len(at) == 1}
write("named.csv", "No,名称,会場\r\n" + "".join(f"{n},{n}番の会,{name}\r\n" for n, name in enumerate(once)))
layer = run("gsi_halls", real[:start] + f"venues:\n  - path: {os.path.join(work, 'named.csv')}\n\n" + real[end:] +
            f"\ngeocoding:\n  halls:\n    - path: {GSI % 'evacuation'}\n")
got = {row["venue_id"]: row for row in layer("venues")}
wrong = [name for n, (name, at) in enumerate(once.items())
         if got[str(n)]["coord_source"] != "hall" or metres(got[str(n)], dict(zip(("lon", "lat"), at))) > 0.02]
check(f"{len(once)} venues that meet in shelters lie where those are", once and not wrong, wrong)

with open(GSI % "emergency", encoding="utf-8") as file:
    open_places = {str(f["properties"]["NO"]): f for f in json.load(file)["features"]}
layer = run("gsi_sites", real + f"\nsites:\n  sources:\n    - path: {GSI % 'emergency'}\n  min_people_65: 20\n")
got = layer("sites")
wrong = [row["site_id"] for row in got if row["site_id"] not in open_places or
         row["site_name"] != open_places[row["site_id"]]["properties"]["施設・場所名"] or row["source"] != "given" or
         metres(row, dict(zip(("lon", "lat"), open_places[row["site_id"]]["geometry"]["coordinates"]))) > 0.02]
check(f"{len(got)} of {len(open_places)} shelters are proposed as sites", got and not wrong, wrong)
done()
