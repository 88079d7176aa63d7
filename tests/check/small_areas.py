"""Small areas of the census (boundaries r2ka + table T001082) as residents. Usage: small_areas.py KAYOI OUT_DIR

The files are made here in the layout of e-Stat: a shapefile in CP932 without .cpg, written by GDAL, and a table of two
header rows in CP932 with rows of the municipality (HYOSYO 1), of towns (2, 3) and of their parts (4), hidden rows with X
and links without the municipality's code. People are counted again here in integers."""
import csv
import json
import os
import random
import re
import sys
import zipfile

from osgeo import gdal, ogr, osr

from runs import kayoi
from tap import check, done

gdal.UseExceptions()
binary, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
random.seed(7)
CITY, WEST, SOUTH, STEP = "43443", 130.80, 32.76, 0.005
GROUPS = [("総数、年齢「不詳」含む", "総数"), ("男の総数、年齢「不詳」含む", "男"), ("女の総数、年齢「不詳」含む", "女")]
AGES = [f"{a}～{a + 4}" for a in range(0, 75, 5)]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class Area:
    """people: {sex: [in 15 age groups of five years, 75+, of unknown age]}"""
    def __init__(self, key, column, row, pieces=1, size=None):
        self.key, self.at, self.pieces = key, (column, row), pieces
        n = random.randrange(20, 200) if size is None else size
        self.people = {s: [random.randrange(n // 8 + 1) for _ in range(17)] for s in "男女"}

    def sums(self):
        both = {"男": self.people["男"], "女": self.people["女"],
                "総数": [a + b for a, b in zip(self.people["男"], self.people["女"])]}
        return {s: dict(total=sum(v), five=v[:15], u15=sum(v[:3]), work=sum(v[3:13]), p65=sum(v[13:16]), p75=v[15])
                for s, v in both.items()}


areas = [Area("434430010", 0, 0), Area("434430020", 1, 0, pieces=3), Area("434430030", 2, 0, size=8),
         Area("43443004001", 3, 0), Area("43443004002", 4, 0, size=4), Area("43443004003", 0, 1),
         Area("434430050", 1, 1), Area("43443006000", 2, 1), Area("43443006001", 3, 1), Area("434430070", 4, 1)]
areas[-1].people = {s: [0] * 17 for s in "男女"}     # nobody: "-" in the table
by_key = {a.key: a for a in areas}
hidden = {"434430030": "434430010", "43443004002": "43443004001"}
extra = Area("434430080", 0, 2)                      # a row that no boundary has
alien = Area("431010010", 0, 3)                      # another municipality of the prefecture
NAMES = {"434430010": "木山", "434430020": "宮園", "43443004001": "安永一丁目"}


def sum_areas(some):
    whole = Area("", 0, 0)
    whole.people = {s: [sum(a.people[s][i] for a in some) for i in range(17)] for s in "男女"}
    return whole


def counts(area, mask=False):
    values = []
    for sex in ("総数", "男", "女"):
        s = area.sums()[sex]
        values += [s["total"], *s["five"], s["u15"], s["work"], s["p65"], s["p75"]]
    return ["X" if mask else "-" if v == 0 else str(v) for v in values]


def table_rows():
    """Rows as published: a receiving row holds the people of its group, the total as well."""
    rows = [[CITY, "1", "益城町", "", "0", "", ""] + counts(sum_areas(areas + [extra])),
            ["43101", "1", "熊本市中央区", "", "0", "", ""] + counts(alien), ["431010010", "2", "熊本市中央区", "上通町", "0", "", ""] + counts(alien)]
    for town in ("434430040", "434430060"):
        rows.append([town, "3", "益城町", "安永", "0", "", ""] + counts(sum_areas([a for a in areas if a.key.startswith(town)])))
    for area in areas + [extra]:
        level = "4" if len(area.key) == 11 else "2"
        parts = [k for k, to in hidden.items() if to == area.key]
        if area.key in hidden:
            rows.append([area.key, level, "益城町", "x", "2", hidden[area.key][5:], ""] + counts(area, mask=True))
        else:
            whole = sum_areas([area] + [by_key[k] for k in parts])
            rows.append([area.key, level, "益城町", NAMES.get(area.key, "x"), "1" if parts else "0", "", ";".join(k[5:] for k in parts)] + counts(whole))
    return rows


def table_bytes(rows, end="\r\n", separator=","):
    ids = ["KEY_CODE", "HYOSYO", "CITYNAME", "NAME", "HTKSYORI", "HTKSAKI", "GASSAN"] + [f"T001082{i:03d}" for i in range(1, 61)]
    labels = [""] * 7
    for total, sex in GROUPS:
        labels += [total] + [f"{sex}{a}歳".translate(WIDE) for a in AGES] + \
            [f"{sex}{t}".translate(WIDE) for t in ("15歳未満", "15～64歳", "65歳以上", "75歳以上")]
    return "".join(separator.join(r) + end for r in [ids, labels] + rows).encode("cp932")


def boundaries(folder, name, key_of=lambda k: k, order=1, jinko=True):
    """Every area a square; one of several pieces beside each other, all its people in the first (E1)."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name + ".shp")
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(6668)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    data = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(path)
    layer = data.CreateLayer(name, srs, ogr.wkbPolygon, ["ENCODING=CP932"])
    for field, kind, width in (("KEY_CODE", ogr.OFTString, 11), ("PREF_NAME", ogr.OFTString, 12), ("S_NAME", ogr.OFTString, 96),
                               ("KIGO_E", ogr.OFTString, 3), ("HCODE", ogr.OFTInteger, 4), ("JINKO", ogr.OFTInteger, 9)):
        if field == "JINKO" and not jinko:
            continue
        definition = ogr.FieldDefn(field, kind)
        definition.SetWidth(width)
        layer.CreateField(definition)

    def square(column, row, part, parts):
        x, y, w = WEST + column * STEP + part * STEP / parts, SOUTH + row * STEP, STEP / parts * (0.8 if parts > 1 else 1)
        return f"POLYGON(({x} {y},{x} {y + STEP},{x + w} {y + STEP},{x + w} {y},{x} {y}))"
    records = []
    for area in areas:
        for part in range(area.pieces):
            people = area.sums()["総数"]["total"] if part == 0 else 0
            records.append((key_of(area.key), NAMES.get(area.key, "字"), f"E{part + 1}" if area.pieces > 1 else "", 8101, people,
                            square(*area.at, part, area.pieces)))
    records.append(("434439900", "水面", "", 8154, 0, square(5, 0, 0, 1)))
    records.append(("434439910", "水面", "", 8154, 3, square(5, 1, 0, 1)))
    records.append((key_of("434430090"), "表にない", "", 8101, 11, square(1, 2, 0, 1)))
    for key, label, mark, kind, people, wkt in records[::order]:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in (("KEY_CODE", key), ("PREF_NAME", "熊本県"), ("S_NAME", label), ("KIGO_E", mark), ("HCODE", kind), ("JINKO", people)):
            if field != "JINKO" or jinko:
                feature[field] = value
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(feature)
    layer = data = None
    os.remove(os.path.join(folder, name + ".cpg"))
    with zipfile.ZipFile(os.path.join(folder, name + ".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for end in ("shp", "shx", "dbf", "prj"):
            archive.write(os.path.join(folder, f"{name}.{end}"), f"{name}.{end}")


def largest_remainder(milli, weights):
    total = sum(weights)
    base = [milli * w // total for w in weights]
    for i in sorted(range(len(weights)), key=lambda i: (-(milli * weights[i] % total), i))[:milli - sum(base)]:
        base[i] += 1
    return base


def expected():
    """Thousandths by key; groups share the bands of their receiving row by the people of each."""
    wanted = {a.key: {"total": a.sums()["総数"]["total"] * 1000} for a in areas}
    for area in areas:
        if area.key in hidden:
            continue
        members = sorted([area.key] + [k for k, to in hidden.items() if to == area.key])
        whole, weights = sum_areas([by_key[k] for k in members]).sums(), [by_key[k].sums()["総数"]["total"] for k in members]
        for sex, tail in (("男", "_m"), ("女", "_f")):
            for band in ("p65", "p75"):
                shares = largest_remainder(whole[sex][band] * 1000, weights) if sum(weights) else [0] * len(members)
                for key, share in zip(members, shares):
                    wanted[key][band[1:] + tail] = share
        men = largest_remainder(whole["男"]["total"] * 1000, weights) if sum(weights) else [0] * len(members)
        for key, share in zip(members, men):
            wanted[key]["total_m"], wanted[key]["total_f"] = share, wanted[key]["total"] - share
            for band in ("65", "75"):
                wanted[key][band] = wanted[key][band + "_m"] + wanted[key][band + "_f"]
    return wanted


def config(folder, residents, name="kayoi"):
    ring = [[WEST - 0.01, SOUTH - 0.01], [WEST + 0.04, SOUTH - 0.01], [WEST + 0.04, SOUTH + 0.03], [WEST - 0.01, SOUTH + 0.03], [WEST - 0.01, SOUTH - 0.01]]
    for file, geometry, properties in (("zone", {"type": "Polygon", "coordinates": [ring]}, {"id": "A", "name": "全域"}),
                                       ("roads", {"type": "LineString", "coordinates": [[WEST, SOUTH + 0.0025], [WEST + 0.03, SOUTH + 0.0025]]}, {"highway": "residential"})):
        with open(os.path.join(folder, file + ".geojson"), "w", encoding="utf-8") as stream:
            json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": properties, "geometry": geometry}]}, stream)
    with open(os.path.join(folder, "venues.csv"), "w", encoding="utf-8") as stream:
        stream.write(f"No,名称,経度,緯度\n1,公民館,{WEST + 0.002},{SOUTH + 0.0025}\n")
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(f"municipality: {{name: 益城町, code: \"43443\"}}\nresidents:\n  - {residents}\nvenues: [{{path: venues.csv, crs: EPSG:6668}}]\n"
                     "zones: {path: zone.geojson}\nroads: [{path: roads.geojson}]\noutputs: {formats: [csv, geojson]}\n")
    return path


def run(path, folder):
    made = kayoi(binary, "run", path, "--out", folder, "--lang", "en")
    if made.returncode != 0:
        return made, {}, [], {}

    def table(layer):
        with open(os.path.join(folder, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    rows = next(z for z in table("zones") if z["level"] == "municipality")
    return made, {c["cell_id"]: c for c in table("cells")}, table("issues"), rows


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as stream:
        stream.write(data)


def milli(text):
    return round(float(text) * 1000) if text else None


folder = os.path.join(out, "town")
boundaries(folder, "r2ka43443")
write(folder, "tblT001082C43.txt", table_bytes(table_rows()))
path = config(folder, "{path: r2ka43443.zip, table: tblT001082C43.txt, date: 2020-10-01, open: true}")
made, cells, issues, rows = run(path, os.path.join(folder, "out"))
check("runs", made.returncode == 0, made.stderr[-2000:])
wanted = expected()
check("one cell per area, water left out", set(cells) == set(wanted) | {"434430090"}, sorted(cells))
wrong = [(k, m, cells.get(k, {}).get("pop_" + m), v) for k, values in wanted.items() for m, v in values.items()
         if k in cells and milli(cells[k]["pop_" + m]) != v]
check("every count of every area as recomputed", not wrong, wrong[:6])
people = sum(a.sums()["総数"]["total"] for a in areas)
check("nobody counts twice", milli(rows["pop_total"]) == (people + 11) * 1000, f"{rows.get('pop_total')} for {people + 11}")
old = sum(a.sums()["総数"]["p65"] for a in areas)
check("65+ of the town as in its rows", milli(rows["pop_65"]) == old * 1000, f"{rows.get('pop_65')} for {old}")
groups = set(hidden) | set(hidden.values())
check("age_source", {k for k, c in cells.items() if c["age_source"] == "group"} == groups)
check("an area without a row has its total and no ages", cells.get("434430090", {}).get("pop_total") == "11.000" and cells["434430090"]["pop_65"] == "")
with open(os.path.join(folder, "out", "internal", "cells.geojson"), encoding="utf-8") as stream:
    shapes = {f["properties"]["cell_id"]: f["geometry"] for f in json.load(stream)["features"]}
check("three records are one multipolygon", shapes["434430020"]["type"] == "MultiPolygon" and len(shapes["434430020"]["coordinates"]) == 3)


def of(reason):
    return [(i["record"], i["message"]) for i in issues if i["reason"] == reason]


check("water is counted", [m for _, m in of("water_area")] == ["2 areas of water (HCODE 8154), with 3 people"], of("water_area"))
check("merged records are counted", [m for _, m in of("areas_merged")] == ["1 areas have several records; 13 records became 11 areas"], of("areas_merged"))
check("the level is said", [m for _, m in of("area_levels")] == ["10 of 11 areas have a row (HYOSYO 2: 5, HYOSYO 4: 5)"], of("area_levels"))
check("an area without a row is said", [r for r, _ in of("area_without_row")] == ["434430090"], of("area_without_row"))
check("a row without an area is said", [r for r, _ in of("row_without_area")] == ["434430080"], of("row_without_area"))
check("rows of other municipalities are counted", [m for _, m in of("rows_elsewhere")] == ["1 rows are of municipalities that the boundaries do not have"], of("rows_elsewhere"))
check("the municipality's own row is compared", [r for r, _ in of("city_total_differs")] == [CITY, CITY], of("city_total_differs"))
check("nothing else is wrong with the residents", not [i for i in issues if i["source"].startswith("residents") and i["reason"] not in (
    "water_area", "areas_merged", "area_levels", "area_without_row", "row_without_area", "rows_elsewhere", "city_total_differs")],
      [i for i in issues if i["source"].startswith("residents")])
with open(os.path.join(folder, "out", "run.json"), encoding="utf-8") as stream:
    inputs = [i for i in json.load(stream)["inputs"] if i["role"] == "residents"]
check("run.json names the table", inputs[0]["table"]["path"] == "tblT001082C43.txt" and
      inputs[0]["table"]["bytes"] == os.path.getsize(os.path.join(folder, "tblT001082C43.txt")), inputs)

# The same in other clothes: shuffled, tabs and LF, keys with 00 or numbers of a spreadsheet, zipped.
def same(name, key_of, rows_of, residents, reason=None, **how):
    other = os.path.join(out, name)
    boundaries(other, "r2ka43443", key_of, order=-1)
    data = table_bytes(rows_of(table_rows()), **how)
    write(other, "tblT001082C43.txt", data)
    with zipfile.ZipFile(os.path.join(other, "tblT001082C43.zip"), "w") as archive:
        archive.writestr("tblT001082C43.txt", data)
    made, cells2, issues2, _ = run(config(other, residents), os.path.join(other, "out"))
    back = {re.sub(r"^(\d{9})00$", r"\1", k) if k != "43443006000" else k: {n: v for n, v in c.items() if n != "cell_id"} for k, c in cells2.items()}
    first = {k: {n: v for n, v in c.items() if n != "cell_id"} for k, c in cells.items()}
    check(f"{name}: the same areas", made.returncode == 0 and back == first,
          made.stderr[-500:] + str([k for k in first if back.get(k) != first[k]][:3]))
    if reason:
        check(f"{name}: {reason} is said", reason in {i["reason"] for i in issues2}, sorted({i["reason"] for i in issues2}))


same("shuffled", lambda k: k, lambda r: r[::-1], "{path: r2ka43443.zip, table: tblT001082C43.zip}", separator="\t", end="\n")
same("padded", lambda k: k if len(k) == 11 else k + "00", lambda r: r, "{path: r2ka43443.shp, table: tblT001082C43.txt}", "keys_padded")
same("spreadsheet", lambda k: k, lambda r: [[row[0] + ".0"] + row[1:] for row in r], "{path: r2ka43443.shp, table: tblT001082C43.zip/tblT001082C43.txt}")

# Boundaries without JINKO: the totals are the table's, and what it hides is said.
bare = os.path.join(out, "bare")
boundaries(bare, "areas", jinko=False)
write(bare, "ages.txt", table_bytes(table_rows()))
made, some, issues, rows = run(config(bare, "{path: areas.shp, table: ages.txt}"), os.path.join(bare, "out"))
check("without JINKO the table's totals count", made.returncode == 0 and milli(rows["pop_total"]) == people * 1000, made.stderr[-500:] + str(rows.get("pop_total")))
check("without JINKO hidden totals are said", sorted(r for r, _ in of("hidden_total_missing")) == sorted(hidden), of("hidden_total_missing"))

# A plain table of one header row, columns named in the config.
plain = os.path.join(out, "plain")
boundaries(plain, "areas")
write(plain, "ages.csv", ("町丁コード,計,高齢者\n" + "".join(f"{a.key},{a.sums()['総数']['total']},{a.sums()['総数']['p65']}\n" for a in areas)).encode())
made, some, issues, rows = run(config(plain, "{path: areas.shp, table: ages.csv, columns: {id: 町丁コード, pop_total: 計, pop_65: 高齢者}}"), os.path.join(plain, "out"))
check("a key that only the table has under that name needs the layer's", made.returncode == 3 and "町丁コード" in made.stderr, made.stderr[-500:])
write(plain, "ages.csv", open(os.path.join(plain, "ages.csv"), "rb").read().replace("町丁コード".encode(), b"KEY_CODE"))
made, some, issues, rows = run(config(plain, "{path: areas.shp, table: ages.csv, columns: {pop_total: 計, pop_65: 高齢者}}"), os.path.join(plain, "out"))
check("a plain table joins by mapped columns", made.returncode == 0 and milli(rows["pop_65"]) == old * 1000, made.stderr[-500:])

# An area around other areas, and people that a cutting of polygons has copied.
odd = os.path.join(out, "odd")
areas.append(Area("434430040", 2, 2))
areas.append(Area("434430100", 3, 2, pieces=2))
boundaries(odd, "areas")
source = ogr.Open(os.path.join(odd, "areas.shp"), 1)
layer = source.GetLayer()
for feature in layer:
    if feature["KEY_CODE"] == "434430100":
        feature["JINKO"] = 50
        layer.SetFeature(feature)
layer = feature = source = None
areas = areas[:-2]
write(odd, "ages.txt", table_bytes(table_rows()))
made, some, issues, rows = run(config(odd, "{path: areas.shp, table: ages.txt}"), os.path.join(odd, "out"))
check("a town with its parts counts once", made.returncode == 0 and [r for r, _ in of("area_of_areas")] == ["434430040"] and "434430040" not in some,
      made.stderr[-500:] + str(of("area_of_areas")))
check("copied people count once", [r for r, _ in of("area_total_copied")] == ["434430100"] and milli(some["434430100"]["pop_total"]) == 50000, of("area_total_copied"))

# What cannot be right is refused, with words.
def refused(name, residents, status, *words):
    made = kayoi(binary, "run", config(folder, residents, "refused"), "--out", os.path.join(out, "refused"), "--lang", "en")
    check(name, made.returncode == status and all(w in made.stderr for w in words), made.stderr[-600:])


write(folder, "tblT001082C01.txt", table_bytes([r for r in table_rows() if r[0].startswith("43101")]))
refused("a table of another place", "{path: r2ka43443.zip, table: tblT001082C01.txt}", 3, "not one of its 11 keys", "another prefecture")
refused("no table: ages are asked for", "{path: r2ka43443.zip}", 3, "65 and over", "table:")
refused("the table as boundaries", "{path: tblT001082C43.txt, crs: EPSG:6668}", 3, "without their boundaries", "table:")
refused("a table that is not there", "{path: r2ka43443.zip, table: nowhere.txt}", 3, "nowhere.txt", "no such file")
refused("a table of something else", "{path: r2ka43443.zip, table: venues.csv}", 3, "venues.csv", "KEY_CODE")
refused("a grid takes no table", "{path: tblT001141H4930.txt, table: tblT001082C43.txt}", 3, "no such file")
write(folder, "tblT001141H4930.txt", "KEY_CODE,HTKSYORI,HTKSAKI,GASSAN,T001141001,T001141019\n,,,,人口（総数）,６５歳以上人口　総数\n493066221,0,,,9,3\n".encode("cp932"))
refused("a grid takes no table", "{path: tblT001141H4930.txt, table: tblT001082C43.txt}", 2, "table:", "polygons of areas")

# check and init --from know both files.
made = kayoi(binary, "check", path, "--lang", "en")
check("check names both", made.returncode == 0 and "small areas of the census" in made.stdout and "area_levels" in made.stdout, made.stdout[-800:] + made.stderr[-300:])
folder = os.path.join(out, "from")
boundaries(folder, "r2ka43443")
for end in ("shp", "shx", "dbf", "prj"):
    os.remove(os.path.join(folder, "r2ka43443." + end))
write(folder, "tblT001082C43.txt", table_bytes(table_rows()))
write(folder, "tblT001082C44.txt", table_bytes(table_rows()))
made = kayoi(binary, "init", os.path.join(out, "made"), "--from", folder, "--lang", "en")
with open(os.path.join(out, "made", "kayoi.yaml"), encoding="utf-8") as stream:
    text = stream.read()
check("init --from offers the areas with their table", re.search(r'#   - path: "\S*r2ka43443.zip"\n#     table: "\S*tblT001082C43.txt"\n#     date: 2020-10-01', text),
      made.stdout + made.stderr + text[text.find("residents"):][:600])
done()
