"""Shapefiles as GDAL reads them back hold what CSV and GeoPackage hold. Usage: shapefile.py KAYOI WORK_DIR [UBE_OUT]"""
import collections
import csv
import glob
import json
import os
import re
import shutil
import sys
import zipfile

from osgeo import gdal, ogr

from runs import different, kayoi, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
town = os.path.join(work, "town")
shutil.copytree(os.path.join(root, "sample-data"), town)
LONG = "長い名前の会" * 84
NAMES = {"1": "髙﨑①サロン", "2": LONG, "3": "𠮷野〜の会", "4": "x" * 500, "5": "Ⅳ㈱∑\\'\";-- & <b>"}
with open(os.path.join(town, "venues.csv"), encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))
number, name = rows[0].index("No"), rows[0].index("名称")
for row in rows[1:]:
    row[name] = NAMES.get(row[number], row[name])
with open(os.path.join(town, "venues.csv"), "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows(rows)
with open(os.path.join(town, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()


def run(out, encoding, *more):
    path = os.path.join(town, encoding + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"formats: .*", f"formats: [csv, gpkg, shapefile]\n  shapefile_encoding: {encoding}", config))
    return kayoi(binary, "run", path, "--out", out, "--lang", "en", *more)


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def in_cp932(text):
    """What the file may hold: look-alikes, 〓 for what is missing, 254 bytes."""
    out = b""
    for c in text:
        try:
            one = {"〜": "～"}.get(c, c).encode("cp932")
        except UnicodeEncodeError:
            one = "〓".encode("cp932")
        if len(out) + len(one) > 254:
            break
        out += one
    return out.decode("cp932")


def in_utf8(text):
    return text.encode()[:254].decode(errors="ignore")


def points_of(geometry):
    """Every vertex with its number; rings may begin elsewhere and turn the other way."""
    if geometry is None:
        return None
    found = collections.Counter()
    stack = [geometry]
    while stack:
        one = stack.pop()
        stack += [one.GetGeometryRef(i) for i in range(one.GetGeometryCount())]
        found.update(set((one.GetX(i), one.GetY(i)) for i in range(one.GetPointCount())))
    return found


def same_value(text, value, kind, fit):
    if kind == "bool":
        return value == {"": None, "true": 1, "false": 0}[text]
    if kind == "number":
        return value is None if text == "" else value is not None and abs(value - float(text)) <= 1e-12 * max(1, abs(value))
    return (value or "") == fit(text).rstrip(" ")


def check_layer(folder, layer, fields, package, fit):
    """Wrong places of one layer."""
    wrong = []
    archive = os.path.join(folder, layer + ".zip")
    with zipfile.ZipFile(archive) as file:
        names = file.namelist()
        if any(info.date_time != (1980, 1, 1, 0, 0, 0) for info in file.infolist()):
            wrong.append("a date")
        if file.testzip() is not None:
            wrong.append("a damaged file")
    drawn = layer + ".shp" in names
    needed = [layer + "." + end for end in (("shp", "shx", "dbf", "prj", "cpg", "qml") if drawn else ("dbf", "cpg", "qml"))]
    if sorted(needed) != sorted(names):
        wrong.append(f"{names}")
    read = ogr.Open(f"/vsizip/{archive}/{layer}.{'shp' if drawn else 'dbf'}")
    table = read.GetLayer(0)
    definition = table.GetLayerDefn()
    written = [definition.GetFieldDefn(i).GetName() for i in range(definition.GetFieldCount())]
    if written != [f["field"] for f in fields] or len({w.lower() for w in written}) != len(written) or max(map(len, written)) > 10:
        wrong.append(f"names {written}")
    records = read_csv(os.path.join(folder, layer + ".csv"))
    shapes = package.GetLayerByName(layer)
    if table.GetFeatureCount() != len(records):
        wrong.append(f"{table.GetFeatureCount()} records are not {len(records)}")
    for record, feature, other in zip(records, table, shapes):
        for i, field in enumerate(fields):
            value = feature.GetField(i) if feature.IsFieldSetAndNotNull(i) else None
            if not same_value(record[field["attribute"]], value, field["type"], fit):
                wrong.append(f"{field['attribute']}: {record[field['attribute']][:60]!r} came back as {str(value)[:60]!r}")
        if points_of(feature.GetGeometryRef()) != points_of(other.GetGeometryRef()):
            wrong.append(f"shape of record {feature.GetFID()}")
    return wrong


def check_run(out, what, fit):
    folder = os.path.join(out, "internal")
    fields = collections.defaultdict(list)
    for row in read_csv(os.path.join(folder, "shapefile_fields.csv")):
        fields[row["layer"]].append(row)
    package = ogr.Open(os.path.join(folder, "kayoi.gpkg"))
    layers = sorted(os.path.basename(p)[:-4] for p in glob.glob(folder + "/*.csv") if "shapefile_fields" not in p)
    check(f"{what}: every layer has its zip and its fields", layers == sorted(fields) ==
          sorted(os.path.basename(p)[:-4] for p in glob.glob(folder + "/*.zip")), f"{layers} {sorted(fields)}")
    wrong = [f"{layer}: {w}" for layer in layers for w in check_layer(folder, layer, fields[layer], package, fit)]
    check(f"{what}: names, values, shapes, dates as in the other formats", not wrong, f"{len(wrong)}: {wrong[:6]}")
    check(f"{what}: nothing else is left in the folder", not [p for p in os.listdir(folder) if p[-4:] in (".shp", ".dbf", ".qml")])
    return fields


cp932 = os.path.join(work, "cp932")
made = run(cp932, "cp932", "--public")
if not check("the sample with long and rare names", made.returncode == 0, made.stderr[-2000:]):
    done()
fields = check_run(cp932, "CP932", in_cp932)
venues = {v["venue_id"]: v["name"] for v in read_csv(cp932 + "/internal/venues.csv")}
opened = ogr.Open(f"/vsizip/{cp932}/internal/venues.zip/venues.shp")
read = {f.GetField("venue_id"): f.GetField("name") for f in opened.GetLayer(0)}
check("髙 﨑 ① are CP932", read["1"] == NAMES["1"] and venues["1"] == NAMES["1"], read["1"])
check("a name of 504 characters is cut at a character", read["2"] == LONG[:127] and venues["2"] == LONG, read["2"])
check("𠮷 becomes 〓", read["3"] == "〓野～の会", read["3"])
with zipfile.ZipFile(f"{cp932}/internal/venues.zip") as file:
    check(".cpg and the header name the encoding", file.read("venues.cpg") == b"932\n" and file.read("venues.dbf")[29] == 0x13)
    check("the date in the header is no day's", file.read("venues.dbf")[1:4] == bytes([100, 1, 1]))
with open(cp932 + "/run.json", encoding="utf-8") as file:
    reasons = json.load(file)["issues"]
text = json.dumps(reasons)
check("what was cut and replaced is said", "text_cut" in text and "characters_replaced" in text, text)
check("on the terminal too", "characters_replaced" in made.stderr and "U+20BB7" in made.stderr, made.stderr[-1500:])
again = run(cp932 + "-2", "cp932", "--public", "--threads", "1")
check("equal bytes on another run", again.returncode == 0 and not different(cp932, cp932 + "-2"),
      lambda: ", ".join(different(cp932, cp932 + "-2")))

utf8 = os.path.join(work, "utf8")
made = run(utf8, "utf-8")
if check("UTF-8", made.returncode == 0, made.stderr[-2000:]):
    check_run(utf8, "UTF-8", in_utf8)
    with zipfile.ZipFile(f"{utf8}/internal/venues.zip") as file:
        check("UTF-8: .cpg", file.read("venues.cpg").strip() == b"UTF-8")
    check("nothing is replaced there", "characters_replaced" not in made.stderr)

# Every attribute has a name from the tables: none is made up.
with open(os.path.join(root, "engine", "io", "shp_names.inc"), encoding="utf-8") as file:
    table = re.findall(r'\{"([^"]+)", "([^"]+)"\}', file.read())
with open(os.path.join(root, "engine", "io", "shp_names.c"), encoding="utf-8") as file:
    source = file.read()
beginnings = re.findall(r'\{"([a-z0-9_]+_)", "([a-z0-9_]+_)"\}', source[source.index("beginnings[]"):])
check("rows of the table are sorted, names are short and different", [a for a, _ in table] == sorted({a for a, _ in table}) and
      len({n for _, n in table}) == len(table) and all(len(n) <= 10 < len(a) for a, n in table), f"{len(table)}")
attributes = {f["attribute"] for rows in fields.values() for f in rows}
attributes |= {f["attribute"] for f in read_csv(cp932 + "/public/shapefile_fields.csv")}
if len(sys.argv) > 3:
    for path in glob.glob(sys.argv[3] + "/internal/*.csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            attributes |= set(next(csv.reader(file))) - {"lon", "lat"}
known = dict(table)
FACTS = {"single_households", "single_households_date"}  # of the sample's own list
missing = [a for a in sorted(attributes - FACTS) if len(a) > 10 and a not in known and not any(a.startswith(b) for b, _ in beginnings)]
check(f"all {len(attributes)} attributes have their name in the tables", not missing, f"{missing}")
shorts = {a for a in attributes if len(a) <= 10}
check("no name of the table is another attribute", not shorts & set(known.values()), f"{shorts & set(known.values())}")
done()
