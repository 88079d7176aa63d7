"""Every distance of the field on real networks, beside scipy's on the network that was written. Usage: distances.py KAYOI WORK_DIR

Ube, Porto, Liechtenstein, and Andorra with its slopes, each with 200 venues beside vertices of its own roads: most have an
access leg and stand inside an edge. scipy gets the streets layer (ends, cost_m) and the venues' anchors (street, fraction,
access leg) and nothing else. Costs are multiplied by the number of venues, so the number holds which venue is nearest too."""
import os
import random
import sys

import numpy as np
from osgeo import gdal, ogr, osr
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geometry import lines_of
from place import make_place, run_place, square, write_json
from runs import root
from tap import check, done, skip

gdal.UseExceptions()
binary, work = sys.argv[1:3]
data = os.path.join(os.path.dirname(root), "shared", "data")
VENUES, AWAY = 200, 0.0012  # a degree north is 111 km: up to 130 m from the vertex, some of them not within the cap


def vertices(path, layer):
    """Every fifth vertex of the roads, in degrees."""
    opened = gdal.OpenEx(path, gdal.OF_VECTOR)
    lines = opened.GetLayerByName(layer) if layer else opened.GetLayer(0)
    source, target = lines.GetSpatialRef().Clone(), osr.SpatialReference()
    target.ImportFromEPSG(4326)
    for system in (source, target):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    if path.endswith((".pbf", ".bz2")):
        lines.SetAttributeFilter("highway IN ('residential', 'unclassified', 'tertiary', 'service', 'footway')")
    to_degrees = None if source.IsGeographic() else osr.CoordinateTransformation(source, target)
    found = []
    for feature in lines:
        found += [p for line in lines_of(feature.GetGeometryRef()) for p in line[::5]]
    return to_degrees.TransformPoints(found) if to_degrees else found


def write_venues(folder, spots):
    dice = random.Random(20261121)
    features = []
    for n, spot in enumerate(dice.sample(spots, VENUES)):
        lon, lat = spot[0] + dice.uniform(-AWAY, AWAY), spot[1] + dice.uniform(-AWAY, AWAY)
        features.append({"type": "Feature", "properties": {"id": f"V{n:03}", "name": f"V{n:03}"},
                         "geometry": {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]}})
    write_json(os.path.join(folder, "venues.geojson"), features)


def milli(texts):
    """Whole thousandths of decimal texts; -1 where there is none."""
    return np.array([round(float(t) * 1000) if t else -1 for t in texts], dtype=np.int64)


def scipy_field(streets, venues):
    """(cost in mm, venue) of every node: venues are rows, -1 where none is reached."""
    low = np.array([int(s["from_node"]) for s in streets]) - 1
    high = np.array([int(s["to_node"]) for s in streets]) - 1
    cost, length = milli([s["cost_m"] for s in streets]), milli([s["length_m"] for s in streets])
    nodes, many = int(max(low.max(), high.max())) + 1, len(venues) + 1
    begin, end, value = [low, high], [high, low], [cost * many, cost * many]
    for rank, v in enumerate(venues):
        e, snap = int(v["street_id"]) - 1, round(float(v["snap_m"]) * 1000)
        along = round(float(v["street_frac"]) * int(length[e]))
        spent = (int(cost[e]) * along + int(length[e]) // 2) // int(length[e])
        begin.append(np.full(2, nodes))
        end.append(np.array([low[e], high[e]]))
        value.append(np.array([snap + spent, snap + int(cost[e]) - spent]) * many + rank + 1)
    begin, end, value = np.concatenate(begin), np.concatenate(end), np.concatenate(value)
    order = np.lexsort((value, end, begin))
    begin, end, value = begin[order], end[order], value[order]
    first = np.r_[True, (begin[1:] != begin[:-1]) | (end[1:] != end[:-1])]
    graph = csr_matrix((value[first].astype(float), (begin[first], end[first])), shape=(nodes + 1, nodes + 1))
    best = dijkstra(graph, indices=nodes)[:nodes]
    is_reached = np.isfinite(best)
    label = np.where(is_reached, best - 1, 0).astype(np.int64)
    return np.where(is_reached, label // many, -1), np.where(is_reached, label % many, -1), low, high


def compare(name, streets, venues):
    counting = sorted((v for v in venues if v["counts"] == "true"), key=lambda v: v["venue_id"].encode())
    inside = sum(0 < float(v["street_frac"]) < 1 for v in counting)
    away = sum(float(v["snap_m"]) > 5 for v in counting)
    check(f"{name}: venues have access legs and stand inside edges", len(counting) > 0.8 * VENUES and inside > len(counting) / 2
          and away > len(counting) / 2, f"{len(counting)} venues, {inside} inside an edge, {away} away from it")
    cost, source, low, high = scipy_field(streets, counting)
    wrong, worst, seen = [], 0, np.zeros(len(cost), dtype=bool)
    for column, node in (("walk_m_from", low), ("walk_m_to", high)):
        given = milli([s[column] for s in streets])
        seen[node] = True
        apart = np.abs(given - cost[node])
        worst = max(worst, int(apart.max()))
        for e in np.nonzero((apart > 1) | ((given < 0) != (cost[node] < 0)))[0][:5]:
            wrong.append(f"node {node[e] + 1}: {given[e]} mm, scipy {cost[node[e]]} mm")
    reached = int((cost >= 0).sum())
    check(f"{name}: every one of {len(cost)} node distances equals scipy's within 1 mm", seen.all() and not wrong, "; ".join(wrong))
    print(f"# {name}: {len(streets)} streets, {len(counting)} venues, {reached} of {len(cost)} nodes reached, largest difference {worst} mm")
    check(f"{name}: most nodes are reached", reached > 0.8 * len(cost), f"{reached} of {len(cost)}")
    names = [v["venue_id"] for v in counting] + [""]
    wrong = []
    for e, s in enumerate(streets):
        ends = [(int(cost[n]), int(source[n])) for n in (low[e], high[e]) if cost[n] >= 0]
        own = names[min(ends)[1]] if ends else ""
        if s["nearest_venue_id"] != own:
            wrong.append(f"street {s['street_id']}: {s['nearest_venue_id']}, scipy {own}")
    check(f"{name}: the nearest venue of every street too", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))


def case(name, path, layer, box, roads, more):
    folder = os.path.join(work, name.split()[0].lower())
    make_place(folder, *box)
    spots = vertices(path, layer)
    write_venues(folder, spots)
    lon, lat = [[f(s[k] for s in spots) for f in (min, max)] for k in (0, 1)]   # venues far outside would be left out
    write_json(os.path.join(folder, "zones.geojson"), [square(sum(lon) / 2, sum(lat) / 2, (lon[1] - lon[0]) / 2 + AWAY,
                                                              (lat[1] - lat[0]) / 2 + AWAY, id="Z", name="Z")])
    made, table = run_place(binary, folder, "out", roads, more, formats="[csv]")
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-3000:]):
        return
    streets = table("streets")
    if "tobler" in more:
        steep = sum(s["cost_m"] != s["length_m"] for s in streets)
        check(f"{name}: slopes cost", steep > len(streets) / 2, f"{steep} of {len(streets)} streets")
    compare(name, streets, table("venues"))


osm, hills, ube = (os.path.join(data, d) for d in ("osm", "elevation", "ube"))
CASES = [
    ("Ube", f"/vsizip/{ube}/ube_roads.zip", None, (131.24, 33.94, 131.26, 33.96),
     f'[{{path: "{ube}/ube_roads.zip", columns: {{class: highway}}}}]', "crs: EPSG:6671"),
    ("Porto", f"{osm}/porto_portugal.osm.pbf", "lines", (-8.62, 41.145, -8.60, 41.16), f'["{osm}/porto_portugal.osm.pbf"]', ""),
    ("Liechtenstein", f"{osm}/liechtenstein-2013-08-03.osm.pbf", "lines", (9.515, 47.13, 9.53, 47.145),
     f'["{osm}/liechtenstein-2013-08-03.osm.pbf"]', ""),
    ("Andorra with slopes", f"{hills}/andorra.osm.pbf", "lines", (1.51, 42.50, 1.54, 42.52), f'["{hills}/andorra.osm.pbf"]',
     f'elevation: ["{hills}/N42E001.hgt.zip", "{hills}/N41E001.hgt.zip"]\nwalk: {{slope: tobler}}'),
]
for kind in CASES:
    if os.path.exists(kind[1].removeprefix("/vsizip/")):
        case(*kind)
    else:
        skip(f"distances of {kind[0]}", f"{kind[1]} is not there")
done()
