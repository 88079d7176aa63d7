"""Written layers of a run keep their promises: RFC 7946, valid and disjoint polygons, ledgers, the same in every format.

Usage: layers.py OUT_DIR"""
import csv
import glob
import json
import os
import re
import subprocess
import sys

from osgeo import ogr

from tap import check, done

ogr.UseExceptions()
out = os.path.join(sys.argv[1], "internal")
LAYERS = {"cells": "Polygon", "streets": "LineString", "venues": "Point", "service_areas": "Polygon", "gaps": "Polygon",
          "zones": "Polygon", "sites": "Point", "mobility": "Polygon", "issues": "Point"}
MEASURES = ["total", "total_m", "total_f", "65", "65_m", "65_f", "75", "75_m", "75_f", "85", "85_m", "85_f"]


def positions(coordinates):
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def rings(geometry):
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]


def area2(ring):
    x0, y0 = ring[0]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in zip(ring, ring[1:]))


def read(layer):
    with open(os.path.join(out, layer + ".geojson"), encoding="utf-8") as file:
        text = file.read()
    return text, json.loads(text, parse_constant=lambda word: 1 / 0)


def check_geojson(layer, kind):
    text, data = read(layer)
    wrong = []
    spots = []
    for n, feature in enumerate(data["features"]):
        geometry = feature["geometry"]
        if geometry is None:
            continue
        if geometry["type"] not in (kind, "Multi" + kind):
            wrong.append(f"feature {n}: {geometry['type']}")
        for p in positions(geometry["coordinates"]):
            spots.append(p)
            if len(p) != 2 or not (-180 <= p[0] <= 180 and -90 <= p[1] <= 90):
                wrong.append(f"feature {n}: position {p}")
        for polygon in rings(geometry):
            for i, ring in enumerate(polygon):
                if len(ring) < 4 or ring[0] != ring[-1]:
                    wrong.append(f"feature {n}: ring {i} is not closed")
                if (area2(ring) > 0) != (i == 0):
                    wrong.append(f"feature {n}: ring {i} turns the wrong way")
    check(f"{layer}.geojson: kinds, positions, rings, right-hand rule", not wrong, "; ".join(wrong[:5]))
    if spots:
        box = [min(p[0] for p in spots), min(p[1] for p in spots), max(p[0] for p in spots), max(p[1] for p in spots)]
        check(f"{layer}.geojson: bbox is that of its positions", data.get("bbox") == box, f"{data.get('bbox')} is not {box}")
    digits = re.findall(r"\d\.(\d{8,})[,\]]", text)
    check(f"{layer}.geojson: at most 7 decimals in positions", not digits or layer in ("venues",), f"{digits[:3]}")
    check(f"{layer}.geojson: no crs member", "crs" not in data)


def check_opens(path):
    made = subprocess.run(["ogrinfo", "-al", "-so", path], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    said = made.stderr + "".join(line for line in made.stdout.splitlines(True) if re.match(r"\s*(Warning|ERROR)", line))
    check(f"{os.path.basename(path)} opens in ogrinfo without a warning", made.returncode == 0 and not said.strip(), said)


def check_valid(package, layer):
    wrong = []
    for feature in package.GetLayerByName(layer):
        geometry = feature.GetGeometryRef()
        if geometry is not None and not (geometry.IsValid() and not geometry.IsEmpty()):
            wrong.append(str(feature.GetFID()))
    check(f"kayoi.gpkg {layer}: every geometry is valid", not wrong, "features " + ", ".join(wrong[:10]))


def check_geojson_valid(layer):
    source = ogr.Open(os.path.join(out, layer + ".geojson"))
    wrong = [str(f.GetFID()) for f in source.GetLayer(0)
             if f.GetGeometryRef() is not None and not f.GetGeometryRef().IsValid()]
    check(f"{layer}.geojson: polygons stay valid after rounding to 7 decimals", not wrong, "features " + ", ".join(wrong[:10]))


def check_disjoint(package):
    gaps = [(f.GetField("gap_id"), f.GetGeometryRef().Clone()) for f in package.GetLayerByName("gaps")]
    wrong = []
    for i, (a, one) in enumerate(gaps):
        box = one.GetEnvelope()
        for b, two in gaps[i + 1:]:
            other = two.GetEnvelope()
            if box[0] <= other[1] and other[0] <= box[1] and box[2] <= other[3] and other[2] <= box[3]:
                shared = one.Intersection(two)
                if shared is not None and shared.GetDimension() == 2 and shared.Area() > 1e-3:
                    wrong.append(f"{a} and {b} share {shared.Area():.3f} m2")
    check("gap areas are disjoint", not wrong, "; ".join(wrong[:5]))


def milli(value):
    return None if value is None else round(value * 1000)


def check_ledger():
    rows = [f["properties"] for f in read("zones")[1]["features"]]
    wrong = []
    sums = {"zone": {}, "outside_zones": {}, "outside": {}, "municipality": {}}
    for row in rows:
        for m in MEASURES:
            if row.get("pop_" + m) is None:
                continue
            pop, covered, beyond, unreachable, unknown, in_gap, not_in_gap = (
                milli(row[k + m]) for k in ("pop_", "covered_", "beyond_", "unreachable_", "unknown_", "in_gap_", "not_in_gap_"))
            if pop != covered + beyond + unreachable + unknown:
                wrong.append(f"{row['zone_id']} {m}: {pop} people are not {covered}+{beyond}+{unreachable}+{unknown}")
            if in_gap is not None and beyond + unreachable != in_gap + not_in_gap:
                wrong.append(f"{row['zone_id']} {m}: beyond + unreachable are not in_gap + not_in_gap")
            for key, value in (("pop", pop), ("covered", covered), ("beyond", beyond)):
                sums[row["level"]][key, m] = sums[row["level"]].get((key, m), 0) + value
    for key, value in sums["municipality"].items():
        parts = sums["zone"].get(key, 0) + sums["outside_zones"].get(key, 0)
        if value != parts:
            wrong.append(f"municipality {key}: {value} is not {parts}")
    check("the ledger balances in every row, and rows add up", not wrong, "; ".join(wrong[:5]))
    for row in rows:
        parts = [row.get(k) for k in ("target_too_far", "target_no_seats", "target_within_reach", "target_unknown")]
        if row.get("target_participants") is not None and parts[0] is not None:
            whole = sum(p for p in parts if p is not None)
            if whole != row["target_participants"]:
                wrong.append(f"{row['zone_id']}: target {row['target_participants']} is not {whole}")
    check("targets are the sum of where their people are", not wrong, "; ".join(wrong[:5]))
    zones = [r["target_participants"] for r in rows if r["level"] == "zone"]
    total = [r["target_participants"] for r in rows if r["level"] == "municipality"]
    check("targets of zones add up to the municipality's", [sum(zones)] == total, f"{zones} {total}")
    gaps = sum(milli(f["properties"]["people_65"]) for f in read("gaps")[1]["features"])
    rows_65 = sum(milli(r["in_gap_65"]) for r in rows if r["level"] in ("zone", "outside_zones"))
    check("people of the gap areas are those in_gap of the ledger", gaps == rows_65, f"{gaps} is not {rows_65}")


def check_formats(package):
    files = {os.path.basename(path)[:-len(".geojson")] for path in glob.glob(out + "/*.geojson")}
    tables = {package.GetLayer(i).GetName() for i in range(package.GetLayerCount())}
    check("kayoi.gpkg has the layers that are files, and their styles", tables == files | {"layer_styles"}, f"{tables ^ files}")
    for layer in sorted(files | set(LAYERS)):
        features = read(layer)[1]["features"]
        counts = [len(features), package.GetLayerByName(layer).GetFeatureCount()]
        path = os.path.join(out, layer + ".csv")
        if os.path.exists(path):
            with open(path, encoding="utf-8-sig", newline="") as file:
                table = list(csv.DictReader(file))
            counts.append(len(table))
            names = [set(table[0]) if table else None, set(features[0]["properties"]) if features else None]
            if all(names):
                check(f"{layer}: CSV has the attributes of GeoJSON", names[1] <= names[0], f"{names[1] - names[0]}")
        check(f"{layer}: the same count in every format", len(set(counts)) == 1, f"{counts}")


def check_service_areas(package):
    """Venues lie in their own widest service area; bands are nested."""
    area = {}
    for f in package.GetLayerByName("service_areas"):
        area[f.GetField("venue_id"), round(f.GetField("band_m"))] = f.GetGeometryRef().Clone()
    wrong = []
    for (venue, band), geometry in area.items():
        wider = [b for v, b in area if v == venue and b > band]
        if wider and (rest := geometry.Difference(area[venue, min(wider)])).GetDimension() == 2 and rest.Area() > 1.0:
            wrong.append(f"{venue} {band} m is not inside {min(wider)} m")
    check("service areas of a venue are nested", not wrong, "; ".join(wrong[:5]))


for path in sorted(glob.glob(out + "/*.geojson")) + [os.path.join(out, "kayoi.gpkg")]:
    check_opens(path)
for layer, kind in LAYERS.items():
    if check(f"{layer}.geojson is there", os.path.exists(os.path.join(out, layer + ".geojson"))):
        check_geojson(layer, kind)
package = ogr.Open(os.path.join(out, "kayoi.gpkg"))
for layer in ("cells", "service_areas", "gaps", "zones", "mobility"):
    check_valid(package, layer)
    check_geojson_valid(layer)
check_disjoint(package)
check_ledger()
check_formats(package)
check_service_areas(package)
check("run.json is valid JSON", bool(json.load(open(os.path.join(sys.argv[1], "run.json"), encoding="utf-8"))))
done()
