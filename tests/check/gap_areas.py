"""Gap areas of random towns, looked at from outside. Usage: gap_areas.py KAYOI WORK_DIR [TOWNS]

Residents are given as points, so every demand point can be read back from the layer `cells`; polygons are judged by GEOS
(OGR), which made the faces but neither the walls nor the smoothing. Names come from a shapefile in CP932 as the census
publishes its small areas, and are looked up again here; slopes come from a raster of planes."""
import json
import math
import os
import random
import sys

import numpy as np
from osgeo import gdal, ogr, osr

from runs import kayoi, table
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
towns = int(sys.argv[3]) if len(sys.argv) > 3 else 3
PRIMARY_M, CRS, X0, Y0, SPAN = 500.0, 6671, 20_000.0, -220_000.0, 4000.0
NAMES = ["中央一丁目", "中央二丁目", "大字東", "大字西", "浜", "山手", "川上", "川下", "新田"]
plane = osr.SpatialReference()
plane.ImportFromEPSG(CRS)
SLOPES = ((0.01, "town"), (0.05, "hills"), (0.12, "mountain"))     # by thirds, west to east


def features(path, kind, fields, rows, encoding="UTF-8"):
    """A layer written by GDAL: rows of (WKT, values)."""
    driver = ogr.GetDriverByName("ESRI Shapefile" if path.endswith(".shp") else "GeoJSON")
    if os.path.exists(path):
        driver.DeleteDataSource(path)
    source = driver.CreateDataSource(path)
    layer = source.CreateLayer(os.path.basename(path).split(".")[0], plane, kind,
                               ["ENCODING=" + encoding] if path.endswith(".shp") else ["RFC7946=NO"])
    for name, of in fields:
        layer.CreateField(ogr.FieldDefn(name, of))
    for wkt, values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for (name, _), value in zip(fields, values):
            feature.SetField(name, value)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(feature)
    source = None


def box(x, y, w, h):
    return f"POLYGON(({x} {y},{x + w} {y},{x + w} {y + h},{x} {y + h},{x} {y}))"


def height(x):
    """Heights over the thirds of the town, so that streets to the east have the slopes of SLOPES."""
    third, h = SPAN / 3, 0.0
    for k, (slope, _) in enumerate(SLOPES):
        h += slope * min(max(x - X0 - k * third, 0 if k else -1e9), third if k < 2 else 1e9)
    return h


def make_town(folder, rng):
    os.makedirs(folder, exist_ok=True)
    step = rng.choice((60, 90, 140))
    n = int(SPAN // step)
    streets, homes = [], []
    for i in range(n + 1):                      # rows with holes: blocks, cul-de-sacs, parts that hang on one street
        for j in range(n):
            if rng.random() > 0.18:
                streets.append((f"LINESTRING({X0 + j * step} {Y0 + i * step},{X0 + (j + 1) * step} {Y0 + i * step})", ("residential",)))
            if rng.random() > 0.18:
                streets.append((f"LINESTRING({X0 + i * step} {Y0 + j * step},{X0 + i * step} {Y0 + (j + 1) * step})", ("residential",)))
    core = [(X0 + rng.random() * SPAN, Y0 + rng.random() * SPAN, 200 + rng.random() * 900) for _ in range(5)]
    for i in range(1500):
        cx, cy, r = rng.choice(core)
        if rng.random() < 0.15:
            x, y = X0 + rng.random() * SPAN, Y0 + rng.random() * SPAN
        else:
            x, y = cx + rng.gauss(0, r / 2), cy + rng.gauss(0, r / 2)
        if X0 <= x <= X0 + SPAN and Y0 <= y <= Y0 + SPAN:
            people = rng.choice((0, 0.3, 1, 1, 2, 2, 5))
            homes.append((f"POINT({x:.3f} {y:.3f})", (f"h{i:05d}", 3 * people, people)))
    venues = [(f"POINT({X0 + rng.random() * SPAN:.3f} {Y0 + rng.random() * SPAN:.3f})", (f"v{v}", f"場{v}")) for v in range(3)]
    side = SPAN / 3
    areas = [(box(X0 + side * (k % 3), Y0 + side * (k // 3), side, side), (f"35202{k:04d}", name, "8101")) for k, name in enumerate(NAMES)]
    areas[4] = (areas[4][0], (areas[4][1][0], "海面", "8154"))
    text, number = ogr.OFTString, ogr.OFTReal
    features(f"{folder}/roads.geojson", ogr.wkbLineString, [("highway", text)], streets)
    features(f"{folder}/homes.geojson", ogr.wkbPoint, [("id", text), ("pop_total", number), ("pop_65", number)], homes)
    features(f"{folder}/venues.geojson", ogr.wkbPoint, [("id", text), ("name", text)], venues)
    features(f"{folder}/zones.geojson", ogr.wkbPolygon, [("id", text), ("name", text)], [(box(X0 - 50, Y0 - 50, SPAN + 100, SPAN + 100), ("Z", "町"))])
    features(f"{folder}/r2ka35202.shp", ogr.wkbPolygon, [("KEY_CODE", text), ("S_NAME", text), ("HCODE", text)], areas, "CP932")
    raster = gdal.GetDriverByName("GTiff").Create(f"{folder}/dem.tif", 460, 460, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((X0 - 300, 10, 0, Y0 + SPAN + 300, 0, -10))
    raster.SetProjection(plane.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(np.tile(np.array([height(X0 - 295 + 10 * c) for c in range(460)], np.float32), (460, 1)))
    raster = None
    with open(f"{folder}/kayoi.yaml", "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: 町, code: "35202"}}
crs: EPSG:{CRS}
residents: [{{path: homes.geojson}}]
venues: [{{path: venues.geojson}}]
zones: zones.geojson
roads: [{{path: roads.geojson, columns: {{class: highway}}}}]
elevation: [dem.tif]
names: {{sources: [{{path: r2ka35202.shp}}]}}
walk: {{primary_m: {PRIMARY_M:.0f}}}
outputs: {{dir: out, formats: [gpkg, csv]}}
""")
    return {values[0]: (wkt, values[2]) for wkt, values in homes}, areas


def milli(text):
    return round(float(text) * 1000)


def spread(points):
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def look(folder, homes, areas, name):
    out = f"{folder}/out"
    package = ogr.Open(f"{out}/internal/kayoi.gpkg")
    gaps = {f.GetField("gap_id"): (f.items(), f.GetGeometryRef().Clone()) for f in package.GetLayerByName("gaps")}
    sites = {f.GetField("site_id"): f.GetGeometryRef().Clone() for f in package.GetLayerByName("sites")}
    cells = {f["cell_id"]: f for f in table(out, "cells")}
    shapes = [shape for _, shape in gaps.values()]
    check(f"{name}: {len(gaps)} areas are valid", all(s.IsValid() and s.GetArea() > 0 for s in shapes))
    union = ogr.Geometry(ogr.wkbMultiPolygon)
    for shape in shapes:
        for k in range(shape.GetGeometryCount()):
            union.AddGeometry(shape.GetGeometryRef(k))
    total, joined = sum(s.GetArea() for s in shapes), union.UnionCascaded().GetArea()
    check(f"{name}: the area of all together is the sum of their areas", abs(total - joined) < 0.5, f"{total} {joined}")
    members, wrong, outside = {g: [] for g in gaps}, [], 0
    for home, (wkt, _) in homes.items():
        point = ogr.CreateGeometryFromWkt(wkt)
        of = [g for g, (_, shape) in gaps.items() if shape.Contains(point)]
        people, uncovered = milli(cells[home]["pop_65"]), cells[home]["reach"] in ("beyond", "unreachable")
        if len(of) > 1 or (of and not uncovered and people):
            wrong.append(f"{home}: {cells[home]['reach']}, in {of}")
        elif of and uncovered and milli(cells[home]["pop_total"]):
            members[of[0]].append((home, people, point.GetX(), point.GetY()))
        elif uncovered and people:
            outside += people
    check(f"{name}: every home is in one area or none, covered ones in none", not wrong, "\n".join(wrong[:5]))
    wrong = [f"{g}: {milli(a['people_65'])}, homes {sum(m[1] for m in members[g])}" for g, (a, _) in gaps.items()
             if milli(a["people_65"]) != sum(m[1] for m in members[g])]
    check(f"{name}: counts are those of the homes inside", not wrong, "\n".join(wrong[:5]))
    row = next(r for r in table(out, "zones") if r["level"] == "municipality")
    check(f"{name}: who is in no area is not_in_gap", outside == milli(row["not_in_gap_65"]), f"{outside} {row['not_in_gap_65']}")
    wide = []
    for g, (a, _) in gaps.items():
        if a["class"] == "new_venue":
            site = sites[a["site_id"]]
            far = max(math.hypot(m[2] - site.GetX(), m[3] - site.GetY()) for m in members[g])
            if far > PRIMARY_M:
                wide.append(f"{g}: a home {far:.0f} m from its site")
        elif spread([m[2:] for m in members[g]]) > 2 * PRIMARY_M + 0.001:
            wide.append(f"{g}: {spread([m[2:] for m in members[g]]):.0f} m wide")
    check(f"{name}: none is larger than one place could serve", not wide, "\n".join(wide[:5]))
    check_names(gaps, members, areas, cells, homes, name)
    check_land(gaps, members, name)


def name_of(areas, x, y):
    point = ogr.CreateGeometryFromWkt(f"POINT({x} {y})")
    return next((v[1] for wkt, v in areas if v[2] != "8154" and ogr.CreateGeometryFromWkt(wkt).Contains(point)), None)


def check_names(gaps, members, areas, cells, homes, name):
    wrong, seen = [], {}
    for g, (a, _) in gaps.items():
        weights = {}
        for _, people, x, y in members[g]:
            weights[name_of(areas, x, y)] = weights.get(name_of(areas, x, y), 0) + people
        weights.pop(None, None)
        expected = min(weights, key=lambda n: (-weights[n], n.encode())) if weights else None
        written = a["gap_name"]
        if (written is None) != (expected is None) or (expected and not written.startswith(expected + "付近")):
            wrong.append(f"{g}: {written}, expected {expected}")
        elif written:
            seen[written] = seen.get(written, 0) + 1
        most = max(members[g], key=lambda m: m[1])[1]
        if g.rstrip("abcdefghijklmnopqrstuvwxyz") not in [m[0] for m in members[g] if m[1] == most]:
            wrong.append(f"{g}: its id is not of the home with most people")
    check(f"{name}: areas have the name of most people, and the id of the cell with most", not wrong, "\n".join(wrong[:5]))
    check(f"{name}: no two areas have one name", all(n == 1 for n in seen.values()), str(seen))
    wrong = []
    for home in list(homes)[::10]:
        point = ogr.CreateGeometryFromWkt(homes[home][0])
        if (cells[home]["place_name"] or None) != name_of(areas, point.GetX(), point.GetY()):
            wrong.append(home)
    check(f"{name}: cells have their names", not wrong, str(wrong[:5]))


def check_land(gaps, members, name):
    wrong = []
    for g, (a, shape) in gaps.items():
        dense = a["people_65"] / (shape.GetArea() / 1e6) >= 400
        if a["settlement"] != ("dense" if dense else "scattered") or abs(a["density_65_km2"] - a["people_65"] / shape.GetArea() * 1e6) > 0.01:
            wrong.append(f"{g}: {a['settlement']} {a['density_65_km2']}")
        if a["is_small"] != (a["area_m2"] < 10000) or abs(a["area_m2"] - shape.GetArea()) > 0.01:
            wrong.append(f"{g}: is_small {a['is_small']}, {a['area_m2']} m2")
        slope = a["mean_slope_share"]
        kind = None if slope is None else "town" if slope < 0.03 else "hills" if slope < 0.08 else "mountain"
        if a["terrain"] != kind:
            wrong.append(f"{g}: {a['terrain']} at {slope}")
        thirds = {min(2, int((m[2] - X0) // (SPAN / 3))) for m in members[g]}
        if slope is not None and slope > max(SLOPES[k][0] for k in thirds) + 0.002:
            wrong.append(f"{g}: slope {slope} in thirds {thirds}")
    check(f"{name}: settlement and terrain follow from density and slope", not wrong, "\n".join(wrong[:5]))


def variant(folder, name, old, new):
    """Another configuration of a town: its run and its records of cells and gaps."""
    with open(f"{folder}/kayoi.yaml", encoding="utf-8") as file:
        text = file.read()
    assert old in text
    with open(f"{folder}/{name}.yaml", "w", encoding="utf-8") as file:
        file.write(text.replace(old, new).replace("dir: out", "dir: " + name))
    run = kayoi(binary, "run", f"{folder}/{name}.yaml", "--lang", "en")
    if not check(f"{name} runs", run.returncode == 0, run.stderr[-2000:]):
        return run, [], []
    return run, table(f"{folder}/{name}", "cells"), table(f"{folder}/{name}", "gaps")


def check_points(folder, homes):
    """Names from 位置参照情報 街区レベル, several points a name, in CP932."""
    draw = random.Random(3)
    spots = [(X0 + draw.random() * SPAN, Y0 + draw.random() * SPAN, f"町{k % 12}丁目") for k in range(40)]
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(6668)
    for crs in (plane, degrees):
        crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to = osr.CoordinateTransformation(plane, degrees)
    rows = ["都道府県名,市区町村名,大字・丁目名,小字・通称名,街区符号・地番,座標系番号,Ｘ座標,Ｙ座標,緯度,経度,住居表示フラグ,代表フラグ,更新前履歴フラグ,更新後履歴フラグ"]
    for k, (x, y, name) in enumerate(spots):
        lon, lat, _ = to.TransformPoint(x, y)
        rows.append(f"山口県,宇部市,{name},,{k},3,0,0,{lat:.9f},{lon:.9f},1,1,0,0")
    with open(f"{folder}/35_2023.csv", "w", encoding="cp932", newline="") as file:
        file.write("\r\n".join(rows) + "\r\n")
    _, cells, _ = variant(folder, "points", "{path: r2ka35202.shp}]", "{path: 35_2023.csv, crs: EPSG:6668}], max_m: 300")
    wrong, nameless = [], 0
    for cell in cells:
        point = ogr.CreateGeometryFromWkt(homes[cell["cell_id"]][0])
        near = sorted((math.hypot(x - point.GetX(), y - point.GetY()), name) for x, y, name in spots)[:2]
        if abs(near[0][0] - 300) < 0.01 or near[1][0] - near[0][0] < 0.01:
            continue
        expected = near[0][1] if near[0][0] < 300 else ""
        nameless += expected == ""
        if cell["place_name"] != expected:
            wrong.append(f"{cell['cell_id']}: {cell['place_name']}, expected {expected}")
    check(f"names of points go to the nearest within max_m ({nameless} of {len(cells)} are farther)",
          not wrong and 0 < nameless < len(cells), "\n".join(wrong[:5]))


def check_residents(folder, areas):
    """Small areas as residents name their own gaps, unless that is switched off."""
    text, number = ogr.OFTString, ogr.OFTReal
    fields = [("KEY_CODE", text), ("S_NAME", text), ("HCODE", text), ("JINKO", number), ("pop_65", number)]
    features(f"{folder}/people.shp", ogr.wkbPolygon, fields, [(wkt, (*values, 600, 200)) for wkt, values in areas], "CP932")
    residents = "residents: [{path: people.shp}]"
    with open(f"{folder}/kayoi.yaml", encoding="utf-8") as file:
        names = next(line for line in file.read().splitlines() if line.startswith("names:"))
    for name, more, is_named in (("own", "names: {max_m: 100}", True), ("none", "names: {residents: false}", False)):
        with open(f"{folder}/kayoi.yaml", encoding="utf-8") as file:
            before = file.read()
        run, cells, gaps = variant(folder, name, before, before.replace("residents: [{path: homes.geojson}]", residents).replace(names, more))
        told = "named after the small areas of residents" in run.stderr
        check(f"names of the residents' own areas: {name}", gaps and told == is_named and
              all(bool(g["gap_name"]) == is_named for g in gaps) and all(bool(c["place_name"]) == is_named for c in cells),
              run.stderr[-800:])


rng = random.Random(20261121)
slopes = set()
for t in range(towns):
    place = os.path.join(work, f"town{t}")
    made_homes, made_areas = make_town(place, rng)
    made = kayoi(binary, "run", f"{place}/kayoi.yaml", "--lang", "en")
    if not check(f"town {t} runs", made.returncode == 0, made.stderr[-2000:]):
        continue
    look(place, made_homes, made_areas, f"town {t}")
    slopes |= {g["terrain"] for g in table(f"{place}/out", "gaps")}
    with open(f"{place}/out/run.json", encoding="utf-8") as file:
        run = json.load(file)
    if t == 0:
        check_points(place, made_homes)
        check_residents(place, made_areas)
        origin = {d["key"]: (d["origin"], d["source"]) for d in run["definitions"]}
        keys = [f"gaps.{key}" for key in ("link_m", "min_people", "dense_per_km2", "hills_from", "mountain_from", "clip_m",
                                          "smooth_m", "small_m2")] + ["names.max_m"]
        check("run.json has every parameter of gaps and names with its origin",
              all(origin.get(key) == ("default", "assumption") for key in keys), str(origin))
check("terrain of every kind was there", {"town", "hills", "mountain"} <= slopes, str(slopes))
done()
