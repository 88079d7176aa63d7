"""Explanations against what the run published and against their own map: for cells of a run, the legs add up to walk_m, the
lines of the GeoJSON are as long as the legs say (measured again in the run's CRS by PROJ), follow each other from the point
to the venue, and the file is RFC 7946.

Usage: explain.py KAYOI WORK_DIR"""
import array
import json
import math
import os
import subprocess
import sys

from osgeo import gdal, ogr, osr

from runs import kayoi, root, sample
from tap import check, done, skip

ogr.UseExceptions()
osr.UseExceptions()
gdal.UseExceptions()
binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
os.makedirs(work, exist_ok=True)
GRAIN_MM = 0.6  # a position has 9 decimals of a degree (0.1 mm), and along_mm is a whole millimetre


def milli(value):
    return None if value is None else round(value * 1000)


def to_plane(epsg):
    wgs, plane = osr.SpatialReference(), osr.SpatialReference()
    wgs.ImportFromEPSG(4326)
    plane.ImportFromEPSG(epsg)
    for crs in (wgs, plane):
        crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(wgs, plane)


def explain(config, cell, *more):
    path = os.path.join(work, "way.geojson")
    made = kayoi(binary, "explain", config, "--cell", cell, "--json", "--out", path, "--lang", "en", *more)
    if made.returncode != 0:
        return made.stderr, None
    with open(path, encoding="utf-8") as file:
        return json.loads(made.stdout), json.load(file)


def positions(geometry):
    if geometry["type"] == "Point":
        return [geometry["coordinates"]]
    if geometry["type"] == "LineString":
        return geometry["coordinates"]
    return [p for ring in geometry["coordinates"] for p in ring]


def turn(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))


def format_faults(document):
    """What of RFC 7946 the file breaks."""
    wrong = []
    if document["type"] != "FeatureCollection" or "crs" in document:
        wrong.append("no collection in WGS 84")
    for f in document["features"]:
        g = f["geometry"]
        if f["type"] != "Feature" or not isinstance(f["properties"], dict):
            wrong.append("no feature")
        if not all(len(p) == 2 and -180 <= p[0] <= 180 and -90 <= p[1] <= 90 for p in positions(g)):
            wrong.append("positions")
        if g["type"] == "LineString" and (len(g["coordinates"]) < 2 or any(a == b for a, b in zip(g["coordinates"], g["coordinates"][1:]))):
            wrong.append("a line of too few or repeated positions")
        if g["type"] == "Polygon":
            rings = g["coordinates"]
            if any(r[0] != r[-1] or len(r) < 4 for r in rings) or turn(rings[0]) <= 0 or any(turn(r) >= 0 for r in rings[1:]):
                wrong.append("rings")
    return wrong


def route_faults(answer, document, route, plane):
    """Legs of one route: sums, lengths on the map, ends."""
    wrong, so_far, length = [], 0, 0
    features = document["features"]
    drawn = {f["properties"]["leg"]: f for f in features
             if f["properties"]["kind"] == "leg" and f["properties"]["point"] == route["point"]}
    for leg in route["legs"]:
        so_far += milli(leg["walk_m"])
        length += milli(leg["length_m"])
        if milli(leg["so_far_m"]) != so_far:
            wrong.append(f"leg {leg['leg']}: so far {leg['so_far_m']}, sum {so_far}")
        f = drawn.pop(leg["leg"], None)
        if f is None:
            if leg["length_m"] != 0:
                wrong.append(f"leg {leg['leg']} is not drawn")
            continue
        if any(f["properties"][key] != leg[key] for key in ("part", "class", "length_m", "walk_m", "so_far_m", "streets")):
            wrong.append(f"leg {leg['leg']}: text and map differ")
        xy = [plane.TransformPoint(*p)[:2] for p in f["geometry"]["coordinates"]]
        mm = 1000 * sum(math.dist(a, b) for a, b in zip(xy, xy[1:]))
        below = max(1, leg["streets"]) + GRAIN_MM  # each piece is rounded up to a millimetre
        if not milli(leg["length_m"]) - below <= mm <= milli(leg["length_m"]) + GRAIN_MM:
            wrong.append(f"leg {leg['leg']}: {leg['length_m']} m, drawn {mm / 1000:.4f}")
    if drawn:
        wrong.append(f"legs on the map only: {sorted(drawn)}")
    if route["legs"] and (so_far != milli(route["walk_m"]) or length != milli(route["length_m"])):
        wrong.append(f"sum {so_far}, walk {route['walk_m']}")
    lines = [f["geometry"]["coordinates"] for f in features
             if f["properties"]["kind"] == "leg" and f["properties"]["point"] == route["point"]]
    gaps = [1000 * math.dist(plane.TransformPoint(*a[-1])[:2], plane.TransformPoint(*b[0])[:2]) for a, b in zip(lines, lines[1:])]
    if any(gap > GRAIN_MM for gap in gaps):
        wrong.append(f"legs do not meet: {max(gaps):.3f} mm")
    if lines:
        home = next(f for f in features if f["properties"]["kind"] == "point" and f["properties"]["point"] == route["point"])
        place = next(f for f in features if f["properties"]["kind"] == "venue" and f["properties"]["venue_id"] == route["venue_id"])
        for name, end, want in (("begins", lines[0][0], home), ("ends", lines[-1][-1], place)):
            off = 1000 * math.dist(plane.TransformPoint(*end)[:2], plane.TransformPoint(*want["geometry"]["coordinates"])[:2])
            if off > 1 + GRAIN_MM:
                wrong.append(f"{name} {off:.3f} mm off")
    return wrong


def cell_faults(row, answer, document, plane):
    """The explanation of one cell beside its row in the layer cells."""
    wrong = format_faults(document)
    for key in ("walk_m_median", "walk_m_mean", "straight_m", "reach", "placement", "age_source", "nearest_venue_id", "zone_id"):
        if answer[key] != row[key]:
            wrong.append(f"{key}: {answer[key]}, published {row[key]}")
    for key, people in answer["people"].items():
        if people != row["pop_" + key]:
            wrong.append(f"pop_{key}: {people}, published {row['pop_' + key]}")
    for band in ("total", "65"):
        if row.get("pop_" + band) is not None:
            covered = sum(milli(p["pop_" + band]) for p in answer["points"] if p["reach"] == "covered")
            everybody = sum(milli(p["pop_" + band]) for p in answer["points"])
            if covered != milli(row["covered_" + band]) or everybody != milli(row["pop_" + band]):
                wrong.append(f"people {band} of the points: {covered} of {everybody}")
    points = {p["point"]: p for p in answer["points"]}
    for route in answer["routes"]:
        point = points[route["point"]]
        wrong += route_faults(answer, document, route, plane)
        if route["walk_m"] != point["walk_m"] or route["venue_id"] != point["venue_id"]:
            wrong.append(f"point {route['point']}: route {route['walk_m']} to {route['venue_id']}, {point}")
        if (point["walk_m"] is None) != (point["reason"] is not None):
            wrong.append(f"point {route['point']}: no way without a reason")
    stands = points[answer["stands_for_cell"]["point"]]
    if row["walk_m_median"] is not None and stands["walk_m"] != row["walk_m_median"]:
        wrong.append(f"the point that stands for the cell walks {stands['walk_m']}")
    if row.get("venue_id_2") is not None or row.get("venue_id_3") is not None:
        listed = [(row[f"venue_id_{k}"], row[f"walk_m_{k}"]) for k in (2, 3) if row.get(f"venue_id_{k}") is not None]
        if listed != [(v["venue_id"], v["walk_m"]) for v in answer["nearest"][1:1 + len(listed)]]:
            wrong.append(f"next venues: {answer['nearest']}, published {listed}")
    near = [(v["walk_m"], v["straight_m"]) for v in answer["nearest"]]
    walks = [w for w, _ in near if w is not None]
    if walks != sorted(walks) or any(w is not None and milli(w) + 2 < milli(s) for w, s in near) or (walks and walks[0] != stands["walk_m"]):
        wrong.append(f"nearest {near}")
    return wrong


def explain_run(name, config, out, epsg, every):
    """Explains every n-th cell of a run with all its points."""
    made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
    if not check(f"{name}: it runs", made.returncode == 0, made.stderr[-400:]):
        return
    package = ogr.Open(os.path.join(out, "internal", "kayoi.gpkg"))
    rows = [{key: f.GetField(key) for key in f.keys()} for f in package.GetLayerByName("cells")]
    kinds = {(r["reach"], r["placement"], r["age_source"]): r["cell_id"] for r in rows}
    chosen = [r for i, r in enumerate(rows) if i % every == 0 or r["cell_id"] in kinds.values()]
    plane, wrong, routes = to_plane(epsg), [], 0
    for row in chosen:
        answer, document = explain(config, row["cell_id"], "--points")
        if document is None:
            wrong.append(f"{row['cell_id']}: {answer[-200:]}")
            continue
        routes += len(answer["routes"])
        wrong += [f"{row['cell_id']}: {text}" for text in cell_faults(row, answer, document, plane)]
    check(f"{name}: {len(chosen)} cells, {routes} routes add up to the published walks, on paper and on the map", not wrong, "\n".join(wrong))
    check(f"{name}: cells of every kind were among them", {(r["reach"], r["placement"], r["age_source"]) for r in chosen} == set(kinds))


explain_run("sample", sample, os.path.join(work, "sample"), 6670, 20)

answer, document = explain(sample, "493006573")
again = os.path.join(work, "again.geojson")
made = [kayoi(binary, "explain", sample, "--cell", "493006573", "--out", again, "--threads", n) for n in ("1", "2")]
with open(again, "rb") as a, open(os.path.join(work, "way.geojson"), "rb") as b:
    check("the same bytes again, over the file of the first time, with one thread and with two", a.read() == b.read())
differ = []
for v in answer["nearest"] + answer["not_counting"]:
    there, document = explain(sample, "493006573", "--venue", v["venue_id"])
    route = there["routes"][0] if document is not None else {"walk_m": there}
    if route["walk_m"] != v["walk_m"] or (document is not None and route_faults(there, document, route, to_plane(6670))):
        differ.append(f"{v['venue_id']}: {v['walk_m']}, route {route['walk_m']}")
check("the list of near venues and the route to each agree", not differ and len(answer["nearest"]) >= 3, "; ".join(differ))
info = subprocess.run(["ogrinfo", "-ro", "-al", "-so", again], capture_output=True, text=True)
check("GDAL reads it as GeoJSON in WGS 84", info.returncode == 0 and "WGS 84" in info.stdout and "Feature Count: " in info.stdout, info.stdout + info.stderr)

# Slopes: a plane that rises to the north by 10 %, so that streets to the north cost more than they are long.
tilted = os.path.join(work, "tilted.tif")
package = ogr.Open(os.path.join(work, "sample", "internal", "kayoi.gpkg"))
west, east, south, north = package.GetLayerByName("streets").GetExtent()
step = 50
width, height = int((east - west) / step) + 40, int((north - south) / step) + 40
raster = gdal.GetDriverByName("GTiff").Create(tilted, width, height, 1, gdal.GDT_Float32)
raster.SetGeoTransform((west - 20 * step, step, 0, north + 20 * step, 0, -step))
plane_crs = osr.SpatialReference()
plane_crs.ImportFromEPSG(6670)
raster.SetProjection(plane_crs.ExportToWkt())
for line in range(height):
    raster.GetRasterBand(1).WriteRaster(0, line, width, 1, array.array("f", [(height - line) * step * 0.1] * width).tobytes())
raster = None
with open(sample, encoding="utf-8") as file:
    text = file.read()
text = text.replace("path: ", f"path: {os.path.dirname(sample)}/").replace("facts: ", f"facts: {os.path.dirname(sample)}/").replace("  profile: elderly", "  slope: tobler\n  profile: elderly")
config = os.path.join(work, "slope.yaml")
with open(config, "w", encoding="utf-8") as file:
    file.write(text + f"\nelevation:\n  - path: {tilted}\n")
explain_run("sample with slopes", config, os.path.join(work, "slope"), 6670, 40)
answer, document = explain(config, "493006474")
if check("the slope costs", document is not None, answer):
    route = answer["routes"][0]
    extra = [leg for leg in route["legs"] if leg["part"] == "street" and leg["walk_m"] > leg["length_m"]]
    check("legs say what the slope adds, and never more than 10 % of slope costs (1.21 times)",
          extra and all(leg["walk_m"] <= leg["length_m"] * 1.22 for leg in extra), route)

# Cells of other kinds: homes as points, ages unknown, no venue that counts, outside of the road data, centroids.
homes = os.path.join(work, "homes.csv")
with open(homes, "w", encoding="utf-8") as file:
    file.write("id,経度,緯度,人口,65歳以上人口\n")
    package = ogr.Open(os.path.join(work, "sample", "internal", "kayoi.gpkg"))
    back = to_plane(6670).GetInverse()
    for number, f in enumerate(package.GetLayerByName("cells")):
        place = f.GetGeometryRef().Centroid()
        lon, lat, _ = back.TransformPoint(place.GetX(), place.GetY())
        file.write(f"家/{number},{lon:.7f},{lat:.7f},{10 + number},{'' if number == 2 else number}\n")
extent = os.path.join(work, "extent.geojson")
with open(extent, "w", encoding="utf-8") as file:
    json.dump({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [
        [[130.7, 32.7], [130.701, 32.7], [130.701, 32.701], [130.7, 32.7]]]}}, file)
with open(sample, encoding="utf-8") as file:
    text = file.read().replace("path: ", f"path: {os.path.dirname(sample)}/").replace("facts: ", f"facts: {os.path.dirname(sample)}/")


def variant(name, old, new, cut=None):
    """A configuration of the sample with one thing changed; cut: from this text on, up to `old`, is taken out."""
    body = text if cut is None else text[:text.index(cut)] + text[text.index(old):]
    if old not in body:
        check(f"{name}: the sample's configuration has '{old}'", False)
    path = os.path.join(work, name + ".yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(body.replace(old, new, 1))
    return path


given = variant("given", "# 通いの場: 国の", f"""residents:
  - path: {homes}
    crs: EPSG:6668
    lon: 経度
    lat: 緯度
    columns: {{id: id, pop_total: 人口, pop_65: 65歳以上人口}}
# 通いの場: 国の""", cut="residents:\n")
answer, document = explain(given, "家/2")
check("homes as points: one given point, unknown ages are null", document is not None and answer["placement"] == "given" and
      len(answer["points"]) == 1 and answer["people"] == {"total": 12, "65": None} and not format_faults(document), answer)
few = variant("few", "targets:\n", "counting:\n  min_sessions_per_month: 60\n  unknown_counts: false\ntargets:\n")
answer, document = explain(few, "493006573")
check("no venue counts: that is the reason, and those not counted are told with their walk and why",
      document is not None and {p["reason"] for p in answer["points"]} == {"no_counting_venue"} and not answer["nearest"]
      and answer["routes"][0]["walk_m"] is None and answer["not_counting"]
      and all(v["reason"] and v["walk_m"] > v["straight_m"] for v in answer["not_counting"]), answer)
nowhere = variant("nowhere", "walk:\n", f"roads_extent:\n  path: {extent}\nwalk:\n")
answer, document = explain(nowhere, "493017044")
check("outside of the road data: unknown, not unreachable", document is not None and answer["reach"] == "unknown" and
      answer["points"][0]["reason"] == "no_road_data" and not format_faults(document), answer)
middle = variant("middle", "walk:\n", "placement:\n  method: centroid\nwalk:\n")
answer, document = explain(middle, "493006573")
check("a centroid has a way to the street of its own",
      document is not None and answer["placement"] == "centroid" and answer["routes"][0]["legs"][0]["length_m"] > 0
      and not route_faults(answer, document, answer["routes"][0], to_plane(6670)), answer)

# Three houses 30 m beside the point that stands for the cell: the walk begins at their middles.
answer, document = explain(sample, "493006573")
home = next(f for f in document["features"] if f["properties"].get("stands_for_cell"))["geometry"]["coordinates"]
x, y = to_plane(6670).TransformPoint(*home)[:2]
houses = os.path.join(work, "houses.geojson")
with open(houses, "w", encoding="utf-8") as file:
    features = []
    for number, (dx, dy, storeys) in enumerate([(30, 0, 2), (45, 5, 1), (30, 30, 1)]):
        ring = [back.TransformPoint(x + dx + a, y + dy + b)[:2] for a, b in ((-5, -5), (5, -5), (5, 5), (-5, 5), (-5, -5))]
        features.append({"type": "Feature", "properties": {"building": "house", "levels": str(storeys)},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    json.dump({"type": "FeatureCollection", "features": features}, file)
built = variant("built", "walk:\n", f"buildings: {{path: {houses}, columns: {{usage: building, storeys: levels}}}}\nwalk:\n")
answer, document = explain(built, "493006573", "--points")
if check("houses: it explains", document is not None, answer):
    wrong = [text for route in answer["routes"] for text in route_faults(answer, document, route, to_plane(6670))]
    check("houses: three points, half of the people in the one of two storeys, and a way from each to its street",
          answer["placement"] == "buildings" and sorted(p["pop_65"] for p in answer["points"]) == [20.5, 20.5, 41] and not wrong
          and all(route["legs"][0]["length_m"] > 0 for route in answer["routes"]), wrong or answer)

# A further profile: slow, stairs three times, no farm tracks, slopes. Its walks are other columns of the layer cells.
with open(config, encoding="utf-8") as file:
    slopes = file.read()
several = os.path.join(work, "several.yaml")
with open(several, "w", encoding="utf-8") as file:
    own = "walk:\n  slope: tobler\n  also: [slow]\n  profiles: {slow: {speed_m_per_min: 45, stairs: 3, closed: [track], threshold_min: 8}}\n\n"
    file.write(slopes[:slopes.index("walk:\n")] + own + slopes[slopes.index("targets:\n"):])
made = kayoi(binary, "run", several, "--out", os.path.join(work, "several"), "--lang", "en")
if check("two profiles: it runs", made.returncode == 0, made.stderr[-400:]):
    package = ogr.Open(os.path.join(work, "several", "internal", "kayoi.gpkg"))
    rows = [{key: f.GetField(key) for key in f.keys()} for f in package.GetLayerByName("cells")]
    wrong, differ, stairs = [], 0, 0
    for row in [r for i, r in enumerate(rows) if i % 12 == 0 or r["walk_m_median"] != r["walk_m_median_slow"]][:16]:
        answer, document = explain(several, row["cell_id"], "--profile", "slow")
        if document is None or answer["profile"] != "slow" or answer["speed_m_per_min"] != 45:
            wrong.append(f"{row['cell_id']}: {answer}")
            continue
        differ += row["walk_m_median"] != row["walk_m_median_slow"]
        route = answer["routes"][0]
        if answer["walk_m_median"] != row["walk_m_median_slow"] or route["walk_m"] != row["walk_m_median_slow"]:
            wrong.append(f"{row['cell_id']}: {answer['walk_m_median']}, route {route['walk_m']}, published {row['walk_m_median_slow']}")
        wrong += [f"{row['cell_id']}: {text}" for text in route_faults(answer, document, route, to_plane(6670)) + format_faults(document)]
        wrong += [f"{row['cell_id']}: walks a closed track" for leg in route["legs"] if leg["class"] == "track"]
        steps = [leg for leg in route["legs"] if leg["class"] == "steps"]
        stairs += len(steps)
        wrong += [f"{row['cell_id']}: {leg}" for leg in steps if leg["walk_m"] < 2.999 * leg["length_m"]]
    check("two profiles: the second is explained by its own walks, stairs and closed streets", not wrong and differ > 0, "\n".join(wrong))
    print(f"# cells that differ {differ}, stairs on the routes {stairs}")
    made = kayoi(binary, "explain", several, "--cell", rows[0]["cell_id"], "--profile", "slw", "--out", again, "--lang", "en")
    check("two profiles: a wrong name is told", made.returncode == 2 and "slow" in made.stderr, made.stderr)

ube = os.path.join(root, "tests", "real", "ube.yaml")
if os.path.isdir(os.path.join(root, "..", "shared", "data", "ube")):
    explain_run("Ube", ube, os.path.join(work, "ube"), 6671, 60)
else:
    skip("Ube", "../shared/data/ube is not there")
done()
