"""Vector tiles as GDAL reads them back hold the records of the files. Usage: tiles.py KAYOI WORK_DIR"""
import glob
import json
import math
import os
import re
import shutil
import sys

from osgeo import gdal, ogr

from runs import different, kayoi, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
town = os.path.join(work, "town")
shutil.copytree(os.path.join(root, "sample-data"), town)
path = os.path.join(town, "kayoi.yaml")
with open(path, encoding="utf-8") as file:
    config = file.read()
with open(path, "w", encoding="utf-8") as file:
    file.write(re.sub(r"formats: .*", "formats: [geojson, mvt]", config))
out = os.path.join(work, "out")
made = kayoi(binary, "run", path, "--out", out, "--lang", "en")
if not check("the sample as tiles", made.returncode == 0, made.stderr[-2000:]):
    done()
again = kayoi(binary, "run", path, "--out", out + "-2", "--threads", "1")
check("equal bytes on another run", again.returncode == 0 and not different(out, out + "-2"),
      lambda: ", ".join(different(out, out + "-2"))[:500])
third = kayoi(binary, "run", path, "--out", out, "--lang", "en")
check("a run replaces the tiles of the one before", third.returncode == 0, third.stderr[-500:])
tiles = os.path.join(out, "internal", "tiles")
check("nothing else is left there", not os.path.exists(os.path.join(out, "internal", "tiles.db")))
with open(os.path.join(tiles, "metadata.json"), encoding="utf-8") as file:
    about = json.load(file)
zooms = {layer["id"]: (layer["minzoom"], layer["maxzoom"]) for layer in json.loads(about["json"])["vector_layers"]}
check("metadata names layers and zooms", about["format"] == "pbf" and zooms.get("streets") == (13, 14) and zooms.get("gaps") == (8, 14),
      f"{zooms}")
paths = sorted(glob.glob(tiles + "/*/*/*.pbf"))
with open(paths[0], "rb") as file:
    check("tiles are not compressed", file.read(2) != b"\x1f\x8b")
largest = max(os.path.getsize(p) for p in paths)
print(f"# {len(paths)} tiles, {sum(os.path.getsize(p) for p in paths) / 1e6:.1f} MB, the largest {largest / 1e3:.0f} kB")

read = {}  # (zoom, layer): {feature id: properties}
places = {}
for p in paths:
    zoom, x, y = (int(part) for part in p[:-len(".pbf")].split(os.sep)[-3:])
    opened = gdal.OpenEx("MVT:" + p, gdal.OF_VECTOR, open_options=["METADATA_FILE=" + tiles + "/metadata.json", "CLIP=NO",
                                                                  f"X={x}", f"Y={y}", f"Z={zoom}"])
    for i in range(opened.GetLayerCount()):
        layer = opened.GetLayer(i)
        kept = read.setdefault((zoom, layer.GetName()), {})
        for feature in layer:
            values = {k: v for k, v in feature.items().items() if v is not None}
            number = values.pop("mvt_id", None)
            if kept.setdefault(number, values) != values:
                kept[number] = {"apart": True}
            if layer.GetName() == "venues" and zoom == 14:
                places[number] = (feature.GetGeometryRef().GetGeometryRef(0) if feature.GetGeometryRef().GetGeometryCount() else
                                  feature.GetGeometryRef()).GetPoint_2D(0)

wrong, drawn = [], 0
for source in glob.glob(out + "/internal/*.geojson"):
    name = os.path.basename(source)[:-len(".geojson")]
    with open(source, encoding="utf-8") as file:
        features = json.load(file)["features"]
    expected = {i + 1: f for i, f in enumerate(features) if f["geometry"] is not None}
    if not expected:
        continue
    drawn += 1
    if name not in zooms:
        wrong.append(f"{name} is missing")
        continue
    found = read.get((14, name), {})
    # A line within one unit of the tile (0.6 m) is a point there, which a line cannot be.
    dots = {n for n in set(expected) - set(found) if expected[n]["properties"].get("length_m", 9) < 0.6}
    if set(found) | dots != set(expected):
        wrong.append(f"{name}: {len(set(expected) - set(found))} of {len(expected)} are missing, {len(set(found) - set(expected))} too many")
    for number, values in found.items():
        want = {k: v for k, v in expected.get(number, {"properties": {}})["properties"].items() if v is not None}
        if set(values) != set(want) or any(
                values[k] != want[k] and not (isinstance(want[k], float) and abs(values[k] - want[k]) <= 1e-9 * max(1, abs(want[k])))
                for k in want):
            wrong.append(f"{name} {number}: {[(k, values.get(k), want.get(k)) for k in set(values) | set(want) if values.get(k) != want.get(k)][:3]}")
    for zoom in range(zooms[name][0], 14):
        if features and expected and features[0]["geometry"] and all(f["geometry"]["type"] == "Point" for f in expected.values()) and \
                set(read.get((zoom, name), {})) != set(expected):
            wrong.append(f"{name}: points are missing at zoom {zoom}")
check(f"all {drawn} layers with shapes have their records, ids and values", not wrong, f"{len(wrong)}: {wrong[:4]}")
with open(out + "/internal/venues.geojson", encoding="utf-8") as file:
    venues = json.load(file)["features"]
apart = 0.0
for number, (x, y) in places.items():
    lon, lat = venues[number - 1]["geometry"]["coordinates"]
    mx, my = math.radians(lon) * 6378137, math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * 6378137
    apart = max(apart, math.hypot(mx - x, my - y))
check("venues are where they are, to a unit of the tile", places and apart < 0.6, f"{apart} m")
done()
