"""Rasters of people and polygon layers with counts as residents, against numpy. Usage: raster.py KAYOI WORK_DIR

GeoTIFFs are written by GDAL on the sample's town: several bands, nodata, NaN and negative pixels, scale and offset, rotated, a
raster far larger than the town, without a CRS, classes. People per cell are compared with a rounding of our own."""
import csv
import json
import os
import re
import shutil
import sys
from decimal import Decimal

import numpy as np
from osgeo import gdal, ogr, osr

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
ogr.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
rng = np.random.default_rng(20261121)


def path(name):
    return os.path.join(work, name)


town = ogr.Open(path("zones.geojson"))
west, east, south, north = town.GetLayer(0).GetExtent()
crs = osr.SpatialReference()
crs.ImportFromEPSG(4326)
crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
with open(path("kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()
RESIDENTS = "  - path: tblT001141H4930.txt\n    date: 2020-10-01\n    open: true"
assert RESIDENTS in config


def write(name, bands, transform, nodata=None, wkt=crs.ExportToWkt(), kind=gdal.GDT_Float32, scale=None, describe=(), change=None):
    rows, columns = bands[0].shape
    data = gdal.GetDriverByName("GTiff").Create(path(name), columns, rows, len(bands), kind, ["COMPRESS=DEFLATE", "TILED=YES"])
    if transform:
        data.SetGeoTransform(transform)
    if wkt:
        data.SetProjection(wkt)
    for n, values in enumerate(bands, 1):
        band = data.GetRasterBand(n)
        band.WriteArray(values)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if scale:
            band.SetScale(scale[0])
            band.SetOffset(scale[1])
        if describe:
            band.SetDescription(describe[n - 1])
        if change:
            change(band)
    del data


def run(name, residents, *arguments):
    with open(path(name + ".yaml"), "w", encoding="utf-8") as file:
        file.write(config.replace(RESIDENTS, residents))
    return kayoi(binary, "run", path(name + ".yaml"), "--out", path("out_" + name), "--lang", "en", *arguments)


def table(name, layer):
    with open(path(f"out_{name}/internal/{layer}.csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def milli(text):
    return int(Decimal(text) * 1000)


def rounded(values, good):
    """Thousandths by largest remainder over the good pixels, ties to the earlier."""
    exact = np.where(good, values, 0).astype(np.float64).ravel() * 1000
    parts = np.floor(exact).astype(np.int64)
    more = int(np.rint(exact.sum())) - int(parts.sum())
    order = np.lexsort((np.arange(exact.size), -(exact - parts)))
    order = order[good.ravel()[order]]
    parts[order[:more]] += 1
    return parts.reshape(values.shape)


STEP = 1 / 240
ROWS, COLUMNS = int((north - south) / STEP) + 6, int((east - west) / STEP) + 6
PLAIN = (west - 3 * STEP, STEP, 0, north + 3 * STEP, 0, -STEP)
people = rng.gamma(0.4, 40, (ROWS, COLUMNS)).astype(np.float32)
people[rng.random(people.shape) < 0.3] = -9999
people[rng.random(people.shape) < 0.1] = 0
old = np.where(people > 0, people * 0.31, people).astype(np.float32)
good = people != -9999


def cells_agree(name, made, values_good, columns=("pop_total", "pop_65")):
    if not check(f"{name}: runs", made.returncode == 0, made.stderr[-2500:]):
        return False
    cells = {tuple(int(x) for x in re.fullmatch(r"r(\d+)_c(\d+)", row["cell_id"]).groups()): row for row in table(name, "cells")}
    for column, (values, mask) in zip(columns, values_good):
        want = rounded(values, mask)
        wrong = [f"{place}: {row[column]} instead of {want[place]}" for place, row in cells.items() if milli(row[column]) != want[place]]
        check(f"{name}: {column} of {len(cells)} cells as numpy rounds it", cells and not wrong, "\n".join(wrong))
        report = json.load(open(path(f"out_{name}/run.json"), encoding="utf-8"))["counts"]
        left_out = round(report["people_left_out"] * 1000) if column == "pop_total" else 0
        if column == "pop_total":
            total = int(np.rint(np.where(mask, values, 0).astype(np.float64).sum() * 1000))
            kept = sum(milli(row[column]) for row in cells.values()) + left_out
            check(f"{name}: the people of all cells are the raster's sum rounded once", kept == total, f"{kept} instead of {total}")
        check(f"{name}: no cell where nobody lives or nothing is known", all(any(m[p] and v[p] > 0 for v, m in values_good) for p in cells))
    return True


BANDS = "  - {path: %s, columns: {pop_total: band 1, pop_65: band 2}%s}"
write("plain.tif", [people, old], PLAIN, -9999)
made = run("plain", BANDS % ("plain.tif", ""))
if cells_agree("plain", made, [(people, good), (old, good)]):
    place = table("plain", "cells")[0]["cell_id"]
    row, column = (int(x) for x in re.fullmatch(r"r(\d+)_c(\d+)", place).groups())
    shape = next(f for f in json.load(open(path("out_plain/internal/cells.geojson"), encoding="utf-8"))["features"] if f["properties"]["cell_id"] == place)
    ring = np.array(shape["geometry"]["coordinates"][0])
    want = (PLAIN[0] + column * STEP, PLAIN[3] - (row + 1) * STEP, PLAIN[0] + (column + 1) * STEP, PLAIN[3] - row * STEP)
    check("a cell is its pixel", np.allclose([*ring.min(0), *ring.max(0)], want, atol=2e-6), f"{ring} {want}")

write("named.tif", [people, old], PLAIN, -9999, describe=("pop_total", "65歳以上人口 総数"))
made = run("named", "  - {path: named.tif}")
cells_agree("named", made, [(people, good), (old, good)])

write("total.tif", [people], PLAIN, -9999)
write("old.tif", [old], PLAIN, -9999)
made = run("two", "  - {path: total.tif, columns: {pop_total: band 1}}\n  - {path: old.tif, columns: {pop_65: 1}}")
cells_agree("two", made, [(people, good), (old, good)])

bad = people.copy()
bad[3, 4], bad[5, 5], bad[6, 6] = np.nan, -3, np.inf
is_bad = ~np.isfinite(bad) | ((bad < 0) & (bad != -9999))
write("bad.tif", [bad, np.where(is_bad, -9999, old)], PLAIN, -9999)
made = run("bad", BANDS % ("bad.tif", ""))
cells_agree("bad", made, [(np.where(is_bad, 0, bad), good & ~is_bad)], ("pop_total",))
issues = table("bad", "issues") if made.returncode == 0 else []
source = json.load(open(path("out_bad/run.json"), encoding="utf-8"))["inputs"][0] if issues else {}
check("NaN, infinity and negative pixels are counted and named", source.get("records_bad") == 3 and {"not_a_number", "negative_number"}
      <= {row["reason"] for row in issues} and any("r3_c4" in row["record"] for row in issues), made.stderr[-1500:] + str(source))

counts = np.where(good, np.rint(people * 2), 65535).astype(np.uint16)
write("scaled.tif", [counts, np.where(counts < 65535, counts // 3, 65535)], PLAIN, 65535, kind=gdal.GDT_UInt16, scale=(0.5, 0.0))
made = run("scaled", BANDS % ("scaled.tif", ""))
cells_agree("scaled", made, [(counts * 0.5, counts < 65535), ((counts // 3) * 0.5, counts < 65535)])
write("offset.tif", [counts, counts], PLAIN, 65535, kind=gdal.GDT_UInt16, scale=(0.25, 1.5))
made = run("offset", BANDS % ("offset.tif", ""))
cells_agree("offset", made, [(counts * 0.25 + 1.5, counts < 65535)], ("pop_total",))

angle = np.radians(20)
turned = (PLAIN[0], STEP * np.cos(angle), STEP * np.sin(angle), PLAIN[3], STEP * np.sin(angle), -STEP * np.cos(angle))
write("turned.tif", [people, old], turned, -9999)
made = run("turned", BANDS % ("turned.tif", ""))
if made.returncode == 0:
    cell = table("turned", "cells")[5]["cell_id"]
    row, column = (int(x) for x in re.fullmatch(r"r(\d+)_c(\d+)", cell).groups())
    shape = next(f for f in json.load(open(path("out_turned/internal/cells.geojson"), encoding="utf-8"))["features"] if f["properties"]["cell_id"] == cell)
    corner = {(round(x, 5), round(y, 5)) for x, y in shape["geometry"]["coordinates"][0]}
    want = {(round(turned[0] + c * turned[1] + r * turned[2], 5), round(turned[3] + c * turned[4] + r * turned[5], 5))
            for r in (row, row + 1) for c in (column, column + 1)}
    near = all(min(abs(x - a) + abs(y - b) for a, b in want) < 3e-5 for x, y in corner)
    check("a rotated raster: the cell is the turned pixel", near, f"{sorted(corner)} {sorted(want)}")
    want = rounded(people, good)
    wrong = [row for row in table("turned", "cells") if milli(row["pop_total"]) != want[tuple(int(x) for x in re.fullmatch(r"r(\d+)_c(\d+)", row["cell_id"]).groups())]]
    check("a rotated raster: people are those of its pixels, as far as it was read whole", len(wrong) < len(want.ravel()) // 50, str(wrong[:2]))
else:
    check("a rotated raster", False, made.stderr[-1500:])

wide = np.full((ROWS + 1200, COLUMNS + 1500), 2.0, np.float32)
wide[500:500 + ROWS, 700:700 + COLUMNS] = np.where(good, people, -9999)
WIDE = (PLAIN[0] - 700 * STEP, STEP, 0, PLAIN[3] + 500 * STEP, 0, -STEP)
write("wide.tif", [wide, wide], WIDE, -9999)
made = run("wide", BANDS % ("wide.tif", ""))
check("a raster far larger than the town: runs", made.returncode == 0, made.stderr[-1500:])
cut = [row for row in table("wide", "issues") if row["reason"] == "raster_cut"] if made.returncode == 0 else []
number = re.match(r"(\d+) of (\d+) pixels .* with (\d+) people", cut[0]["message"]) if cut else None
read = json.load(open(path("out_wide/run.json"), encoding="utf-8"))["inputs"][0]["records_read"] if cut else 0
check("and says how many pixels and people it did not read", number and int(number[2]) == wide.size and 0 < read < 4 * people.size
      and int(number[3]) == 2 * int(number[1]), str(cut) + str(read))

plane = osr.SpatialReference()
plane.ImportFromEPSG(6670)
plane.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
to_plane = osr.CoordinateTransformation(crs, plane)
x, y, _ = to_plane.TransformPoint(west, south)
right, top, _ = to_plane.TransformPoint(east, north)
fine = rng.gamma(0.4, 2, (int((top - y) / 100), int((right - x) / 100))).astype(np.float32)  # 100 m: as far apart as gap areas reach
write("plane.tif", [fine, fine * np.float32(0.3)], (x, 100, 0, y, 0, 100), wkt=plane.ExportToWkt())
made = run("plane", BANDS % ("plane.tif", ""))
everywhere = np.ones(fine.shape, bool)
cells_agree("plane", made, [(fine, everywhere), (fine * np.float32(0.3), everywhere)])
write("bare.tif", [people, old], PLAIN, -9999, wkt=None)
made = run("declared", BANDS % ("bare.tif", ", crs: EPSG:4326"))
check("a raster without a CRS: crs: of the source is taken", made.returncode == 0, made.stderr[-1500:])
classes = np.where(good, 3, 0).astype(np.uint8)
write("classes.tif", [classes, classes], PLAIN, 0, kind=gdal.GDT_Byte, change=lambda band: band.SetCategoryNames(["none", "a", "b", "town"]))
write("nowhere.tif", [people, old], None, -9999)
write("far.tif", [people, old], (10.0, STEP, 0, 50.0, 0, -STEP), -9999)
write("huge.tif", [np.zeros((2600, 2600), np.uint8)] * 2, (west, (east - west) / 2600, 0, north, 0, (south - north) / 2600), kind=gdal.GDT_Byte)
for name, residents, status, want in (
        ("no_crs", BANDS % ("bare.tif", ""), 3, "crs:"), ("no_place", BANDS % ("nowhere.tif", ""), 3, "geotransform"),
        ("no_columns", "  - {path: plain.tif}", 3, "columns:"), ("no_band", "  - {path: plain.tif, columns: {pop_65: band 7}}", 3, "band 7"),
        ("classes", BANDS % ("classes.tif", ""), 3, "classes"), ("elsewhere", BANDS % ("far.tif", ""), 3, "does not cover"),
        ("too_fine", BANDS % ("huge.tif", ""), 6, "pixels")):
    made = run(name, residents)
    check(f"refused and said: {name}", made.returncode == status and want in made.stderr, f"{made.returncode} {made.stderr[-900:]}")


def polygons(name, driver, shapes, columns):
    """(WKT, id, total, 65+) as a layer with columns of other names, in the plane of the town."""
    data = ogr.GetDriverByName(driver).CreateDataSource(path(name))
    layer = data.CreateLayer("areas", plane, ogr.wkbPolygon)
    for field, kind in zip(columns, (ogr.OFTString, ogr.OFTReal, ogr.OFTReal)):
        layer.CreateField(ogr.FieldDefn(field, kind))
    for wkt, *values in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in zip(columns, values):
            feature.SetField(field, value)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        layer.CreateFeature(feature)
    del layer, data


def outline(points):
    ring = [*points, points[0]]
    return "POLYGON((" + ",".join(f"{a:.3f} {b:.3f}" for a, b in ring) + "))"


def hexagon(cx, cy, r=150.0):
    return outline([(cx + r * np.cos(np.pi / 3 * k), cy + r * np.sin(np.pi / 3 * k)) for k in range(6)])


def square(cx, cy, size):
    return outline([(cx, cy), (cx + size, cy), (cx + size, cy + size), (cx, cy + size)])


span = (int((right - x) / 225), int((top - y) / (150 * 3 ** 0.5)))
hexagons = [(hexagon(x + 225 * i, y + 150 * 3 ** 0.5 * (j + i % 2 / 2)), f"H{i:03}{j:03}", round(float(rng.gamma(0.5, 20)), 3)) for i in range(span[0]) for j in range(span[1])]
squares = [(square(x + 100 * i, y + 100 * j, 100), f"Q{i:03}{j:03}", round(float(rng.gamma(0.5, 4)), 3)) for i in range(int((right - x) / 100)) for j in range(int((top - y) / 100))]
COUNTS = "  - {path: %s, columns: {id: AREA, pop_total: ALLE, pop_65: ALT65}}"
for name, driver, shapes in (("hexagons.gpkg", "GPKG", hexagons), ("squares.shp", "ESRI Shapefile", squares)):
    polygons(name, driver, [(*shape, round(shape[2] * 0.25, 3)) for shape in shapes], ("AREA", "ALLE", "ALT65"))
    short = name.split(".")[0]
    made = run(short, COUNTS % name)
    if not check(f"{name}: people of mapped columns", made.returncode == 0, made.stderr[-1500:]):
        continue
    cells = {row["cell_id"]: row for row in table(short, "cells")}
    counts = json.load(open(path(f"out_{short}/run.json"), encoding="utf-8"))["counts"]
    want = sum(round(shape[2] * 1000) for shape in shapes)
    kept = sum(milli(row["pop_total"]) for row in cells.values()) + round(counts["people_left_out"] * 1000)
    check(f"{name}: nobody is lost", kept == want and all(milli(cells[i]["pop_total"]) == round(v * 1000) for _, i, v in shapes if i in cells), f"{kept} {want}")
    check(f"{name}: neighbours that touch are no overlap", not [row for row in table(short, "issues") if row["reason"] == "overlapping_cells"])
double = [(square(x + 500 * i, y + 500 * j, 500), f"A{i}{j}", 10.0, 3.0) for i in range(4) for j in range(4)]
double += [(square(x + 500 * i + 100, y + 100, 300), f"B{i}", 7.0, 2.0) for i in range(3)]
double += [(square(x + 500 * i + 499, y + 2000, 20), f"C{i}", 1.0, 1.0) for i in range(3)]  # beside and above: touching only
polygons("double.geojson", "GeoJSON", double, ("AREA", "ALLE", "ALT65"))
made = run("double", (COUNTS % "double.geojson").replace("}}", "}, crs: EPSG:6670}"))
said = [row for row in table("double", "issues") if row["reason"] == "overlapping_cells"] if made.returncode == 0 else []
check("areas on each other are reported, with the people who may count twice", len(said) == 1 and "3 pairs" in said[0]["message"] and "21 people" in said[0]["message"],
      made.stderr[-800:] + str(said))

made = kayoi(binary, "check", path("plain.yaml"), "--lang", "en")
check("check: bands as columns", "pop_65 <- band 2" in made.stdout and "GeoTIFF" in made.stdout, made.stdout[-2500:])
done()
