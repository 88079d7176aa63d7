"""Resources: lists of towns and of the nation become one layer, whatever their order. Usage: resources.py KAYOI WORK_DIR"""
import csv
import json
import os
import shutil
import sqlite3
import sys

from osgeo import ogr

from runs import kayoi, root
from tap import check, done

ogr.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    sample = file.read()
OWN = "  - path: resources.csv\n    crs: EPSG:6668\n    date: 2025-04-01\n"
assert OWN in sample


def run(name, sources, more=""):
    with open(os.path.join(work, name + ".yaml"), "w", encoding="utf-8") as file:
        file.write(sample.replace(OWN, "".join(sources)) + more)
    out = os.path.join(work, "out_" + name)
    made = kayoi(binary, "run", os.path.join(work, name + ".yaml"), "--out", out, "--lang", "en")
    if not check(f"{name}: it runs", made.returncode == 0, made.stderr[-1500:]):
        return [], []
    tables = []
    for layer in ("resources", "issues"):
        with open(os.path.join(out, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    return tables


def points(name, fields, rows, kind=""):
    """A shapefile in CP932 as KSJ has them: rows of (lon, lat, values)."""
    data = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(os.path.join(work, name + ".shp"))
    crs = ogr.osr.SpatialReference()
    crs.ImportFromEPSG(6668)
    layer = data.CreateLayer(name, crs, ogr.wkbPoint, options=["ENCODING=CP932"])
    for field in fields:
        layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    for lon, lat, values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in zip(fields, values):
            feature[field] = value
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({lon} {lat})"))
        layer.CreateFeature(feature)
    return f"  - {{path: {name}.shp, {kind}encoding: CP932}}\n"


P04 = [f"P04_{n:03d}" for n in range(1, 11)]
P14 = [f"P14_{n:03d}" for n in range(1, 11)]
p04 = points("P04-20_43", P04, [
    (130.8600, 32.7490, ("2", "松本医院", "通井町本町1")), (130.8610, 32.7500, ("2", "松本医院", "通井町本町2")),
    (130.8246, 32.7725, ("1", "北原病院", "通井町北原3")), (131.5, 32.9, ("1", "遠い病院", "遠い市4"))])
p14 = points("P14-21_43", P14, [
    (130.8700, 32.7450, ("熊本県", "通井町", "43999", "駅前5", "02", "0203", "", "老人福祉センター"))], "kind: welfare, ")
found, issues = run("national", [OWN, p04, p14])
own = [row for row in found if row["source"] == "resources.csv"]
kinds = {row["resource_id"]: row["kind"] for row in own}
check("the town's own words become codes", kinds == {
    "R01": "shop", "R02": "shop", "R03": "shop", "R04": "mobile_sales", "R05": "clinic", "R06": "clinic", "R07": "pharmacy", "R08": "bank",
    "R09": "centre", "R10": "vehicle_provider", "R11": "vehicle_provider", "R12": "informal_gathering",
    "R13": "hall", "R14": "hall", "R15": "volunteer_group", "R16": "vehicle_provider"}, kinds)
medical = {row["resource_id"]: row for row in found if row["source"] == "P04-20_43.shp"}
check("P04: names, hospitals and clinics by their code, two of one name both stay", sorted(medical) == ["北原病院", "松本医院", "松本医院#2"]
      and all(row["kind"] == "clinic" for row in medical.values()), sorted(medical))
check("P04: addresses and zones by place", medical["北原病院"]["address"] == "通井町北原3" and medical["北原病院"]["zone_id"] == "KY02", medical)
welfare = [row for row in found if row["source"] == "P14-21_43.shp"]
check("P14: its kind from the configuration", [(row["name"], row["kind"], row["zone_id"]) for row in welfare]
      == [("老人福祉センター", "welfare", "KY01")], welfare)
reasons = {row["reason"] for row in issues if "resources" in row["source"]}
check("what is far, repeated or without a place is said", {"resources_far", "duplicate_id", "resource_without_place"} <= reasons, reasons)

shuffled, _ = run("shuffled", [p14, p04, OWN])
check("the order of sources does not matter", shuffled == found)
out = os.path.join(work, "out_national", "internal")
with open(os.path.join(out, "resources.geojson"), encoding="utf-8") as file:
    features = json.load(file)["features"]
check("GeoJSON holds the same", [f["properties"]["resource_id"] for f in features] == [row["resource_id"] for row in found]
      and sum(f["geometry"] is None for f in features) == 1)
with sqlite3.connect(os.path.join(out, "kayoi.gpkg")) as book:
    rows = book.execute("select resource_id, kind, seats from resources order by rowid").fetchall()
check("GeoPackage holds the same", rows == [(r["resource_id"], r["kind"], int(r["seats"]) if r["seats"] else None) for r in found], rows[:3])
with open(os.path.join(work, "out_national", "run.json"), encoding="utf-8") as file:
    record = json.load(file)
check("run.json counts them", record["counts"]["resources"] == len(found) == 20, record["counts"])

# A place by the name of a hall, and by nothing; a kind that is no code; none at all.
with open(os.path.join(work, "more.csv"), "w", encoding="cp932", newline="\r\n") as file:
    file.write("番号,種別,名称,所在地,緯度,経度\n1,学校,通井小学校,通井町1,32.745,130.865\n2,,名なし,通井町2,32.746,130.866\n"
               "3,集会所,北原公民館,,,\n")
halls = "\ngeocoding:\n  halls:\n    - path: public_halls.geojson\n      columns: {id: 施設番号, name: P05_003}\n"
found, issues = run("placed", ["  - path: more.csv\n    crs: EPSG:6668\n"], halls)
by_id = {row["resource_id"]: row for row in found}
check("an unknown word stays, no kind stays unknown", by_id["1"]["kind"] == "学校" and by_id["2"]["kind"] == "", found)
check("a hall gives the place", by_id["3"]["coord_source"] == "hall" and by_id["3"]["kind"] == "hall" and by_id["3"]["lon"] != "", by_id["3"])
reasons = {row["reason"] for row in issues if "more.csv" in row["source"]}
check("both are reported", {"kind_not_in_list", "kind_missing"} <= reasons, reasons)
with open(os.path.join(work, "none.yaml"), "w", encoding="utf-8") as file:
    file.write(sample.replace("resources:\n" + OWN, ""))
made = kayoi(binary, "run", os.path.join(work, "none.yaml"), "--out", os.path.join(work, "out_none"), "--lang", "en")
check("without resources there is no layer of them", made.returncode == 0
      and not os.path.exists(os.path.join(work, "out_none", "internal", "resources.csv")), made.stderr[-500:])
done()
