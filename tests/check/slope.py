"""Andorra with its hills: costs of streets from the elevation tiles and distances on them, recomputed. Usage: slope.py KAYOI WORK_DIR

Heights are read from the .hgt files byte by byte here, streets from the GeoPackage, distances by scipy."""
import json
import math
import os
import struct
import sys
import zipfile

import numpy as np
from osgeo import ogr, osr
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from runs import kayoi, root
from tap import check, done

ogr.UseExceptions()
binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
data = os.path.join(os.path.dirname(root), "shared", "data", "elevation")


def square(lon, lat, half, **properties):
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]}}


def write(name, features):
    with open(os.path.join(work, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)


write("zones.geojson", [square(1.53, 42.51, 0.04, id="Z", name="Andorra la Vella")])
write("cells.geojson", [square(1.495 + 0.005 * i, 42.48 + 0.005 * j, 0.0025, id=f"C{i:02}{j:02}", pop_total=100, pop_65=30)
                        for i in range(15) for j in range(12)])
write("venues.geojson", [{"type": "Feature", "properties": {"id": f"V{n}", "name": f"V{n}"},
                          "geometry": {"type": "Point", "coordinates": spot}}
                         for n, spot in enumerate([(1.5218, 42.5063), (1.5340, 42.5105), (1.4900, 42.4640), (1.5150, 42.5447)])])
CONFIG = """municipality: {{name: Andorra}}
residents: [cells.geojson]
venues: [venues.geojson]
zones: zones.geojson
roads: ["{data}/andorra.osm.pbf"]
elevation: ["{data}/N42E001.hgt.zip", "{data}/N41E001.hgt.zip"]
walk: {{bands_m: [500, 1000], slope: {slope}}}
outputs: {{dir: {slope}, formats: [gpkg, csv]}}
"""
runs = {}
for slope in ("tobler", "none"):
    path = os.path.join(work, slope + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONFIG.format(data=data, slope=slope))
    runs[slope] = kayoi(binary, "run", path, "--lang", "en")
    if not check(f"Andorra runs with slope {slope}", runs[slope].returncode == 0, runs[slope].stderr[-3000:]):
        done()


def layer(slope, name):
    source = ogr.Open(os.path.join(work, slope, "internal", "kayoi.gpkg"))
    table = source.GetLayerByName(name)
    crs = table.GetSpatialRef().Clone() if table.GetSpatialRef() else None
    rows = []
    for feature in table:
        row = feature.items()
        row["line"] = feature.geometry().GetPoints(2) if name == "streets" else None
        rows.append(row)
    return rows, crs


streets, crs = layer("tobler", "streets")
crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
wgs84 = osr.SpatialReference()
wgs84.ImportFromEPSG(4326)
wgs84.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
to_degrees = osr.CoordinateTransformation(crs, wgs84)

tiles = {}
for lat in (41, 42):
    with zipfile.ZipFile(f"{data}/N{lat}E001.hgt.zip") as z:
        raw = z.read(z.namelist()[0])
    side = math.isqrt(len(raw) // 2)
    tiles[lat] = np.frombuffer(raw, dtype=">i2").astype(float).reshape(side, side)


def height(lon, lat):
    """Bilinear between the samples of the tile; samples lie on whole parts of a degree, the first row in the north."""
    south = math.floor(lat)
    tile = tiles.get(south)
    if tile is None or not 1 <= lon <= 2:
        return math.nan
    n = tile.shape[0] - 1
    column, row = (lon - 1) * n, (south + 1 - lat) * n
    c, r = min(int(column), n - 1), min(int(row), n - 1)
    u, v = column - c, row - r
    block = tile[r:r + 2, c:c + 2]
    if (block <= -32000).any():
        return math.nan
    return (block[0, 0] * (1 - u) + block[0, 1] * u) * (1 - v) + (block[1, 0] * (1 - u) + block[1, 1] * u) * v


def factor(s):
    def speed(t):
        return min(1, math.exp(-3.5 * abs(t + 0.05)) / math.exp(-0.175))
    return (1 / speed(s) + 1 / speed(-s)) / 2


def place(line, at):
    for (ax, ay), (bx, by) in zip(line, line[1:]):
        part = math.hypot(bx - ax, by - ay)
        if at <= part or (bx, by) == line[-1]:
            t = min(at / part, 1) if part else 0
            return ax + t * (bx - ax), ay + t * (by - ay)
        at -= part


wrong, looked = [], 0
for street in streets[::7]:
    length = street["length_m"]
    pieces = 1 if street["bridge"] else max(1, math.ceil(length / 30 - 1e-9))
    spots = [place(street["line"], length * k / pieces) for k in range(pieces + 1)]
    z = [height(*to_degrees.TransformPoint(x, y)[:2]) for x, y in spots]
    if any(math.isnan(h) for h in z):
        continue
    looked += 1
    cost = sum(length / pieces * factor((b - a) / (length / pieces)) for a, b in zip(z, z[1:]))
    if abs(cost - street["cost_m"]) > max(0.01, cost * 1e-4):
        wrong.append(f"street {street['street_id']}: {street['cost_m']} m, recomputed {cost:.3f} m")
check(f"costs of {looked} streets from the elevation tiles", looked > 300 and not wrong, "\n".join(wrong[:5]))
check("slopes make some streets much longer, none shorter",
      all(s["cost_m"] >= s["length_m"] for s in streets) and any(s["cost_m"] > 1.3 * s["length_m"] for s in streets))

venues, _ = layer("tobler", "venues")
nodes = max(max(s["from_node"], s["to_node"]) for s in streets)
arcs = {}
for s in streets:
    pair = (s["from_node"] - 1, s["to_node"] - 1)
    arcs[pair] = min(arcs.get(pair, 1 << 60), round(s["cost_m"] * 1000))
for v in venues:
    if not v["counts"]:
        continue
    s = streets[v["street_id"] - 1]
    length, cost = round(s["length_m"] * 1000), round(s["cost_m"] * 1000)
    along = round(v["street_frac"] * length)
    spent, snap = (cost * along + length // 2) // length, round(v["snap_m"] * 1000)
    for node, c in ((s["from_node"], spent), (s["to_node"], cost - spent)):
        pair = (nodes, node - 1)
        arcs[pair] = min(arcs.get(pair, 1 << 60), snap + c)
pairs = np.array(list(arcs))
graph = csr_matrix((np.array(list(arcs.values()), dtype=float), (pairs[:, 0], pairs[:, 1])), shape=(nodes + 1, nodes + 1))
distance = dijkstra(graph, directed=False, indices=nodes)
wrong = []
for s in streets:
    for node, walk in ((s["from_node"], s["walk_m_from"]), (s["to_node"], s["walk_m_to"])):
        expected = distance[node - 1]
        if (walk is None) != math.isinf(expected) or (walk is not None and abs(walk * 1000 - expected) > 1.001):
            wrong.append(f"node {node}: {walk} m, scipy {expected / 1000} m")
check(f"distance of every node ({nodes}) with slopes within 1 mm", not wrong, "\n".join(wrong[:5]))


def town(slope):
    return next(z for z in layer(slope, "zones")[0] if z["level"] == "municipality")


check("slopes cover fewer people, not more", town("tobler")["covered_65"] < town("none")["covered_65"])
gaps, _ = layer("tobler", "gaps")
check("somebody is kept away by the slope alone", sum(g["cause_65_slope"] for g in gaps) > 0)
check("terrain is known", {g["terrain"] for g in gaps} <= {"town", "hills", "mountain", None} and
      {"hills", "mountain"} <= {g["terrain"] for g in gaps}, str({g["terrain"] for g in gaps}))
flat, _ = layer("none", "streets")
check("without the rule costs are lengths", all(s["cost_m"] == s["length_m"] for s in flat))
check("and that the elevation is then not used is said", "slope_not_used" in runs["none"].stderr)
done()
