"""Recomputes a run from its written layers alone (streets, venues, cells, zones of the GeoPackage), by other means than the
engine: node distances with scipy, demand points, anchors, walks, coverage and the ledger after method.md.

Usage: recompute.py OUT_DIR PRIMARY_M [FILE]    FILE: who reaches which venue is kept there, for seats.py"""
import math
import os
import sys

import numpy as np
from osgeo import ogr
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from geometry import Areas, Streets, centroid
from tap import check, done, skip

ogr.UseExceptions()
CAP_M, STEP_M, MIN_STREET_M, LARGE_MM = 200.0, 25.0, 50.0, 1_000_000
HOMES = {"residential", "living_street", "unclassified", "pedestrian"}
MEASURES = ["total", "total_m", "total_f", "65", "65_m", "65_f", "75", "75_m", "75_f", "85", "85_m", "85_f"]
primary_mm = round(float(sys.argv[2]) * 1000)
package = ogr.Open(os.path.join(sys.argv[1], "internal", "kayoi.gpkg"))


def milli(value):
    return None if value is None else round(value * 1000)


def records(layer):
    out = []
    for feature in package.GetLayerByName(layer):
        row = {name: feature.GetField(name) for name in feature.keys()}
        geometry = feature.GetGeometryRef()
        row["geometry"] = None if geometry is None else geometry.Clone()
        out.append(row)
    return out


def rings_of(geometry):
    if geometry.GetGeometryName() == "MULTIPOLYGON":
        return [r for i in range(geometry.GetGeometryCount()) for r in rings_of(geometry.GetGeometryRef(i))]
    return [geometry.GetGeometryRef(i).GetPoints(2) for i in range(geometry.GetGeometryCount())]


streets = records("streets")
venues = sorted(records("venues"), key=lambda v: v["venue_id"].encode())
cells = records("cells")
zones = records("zones")

# ------------------------------------------------------------------------------------------------- (a) the network
nodes = {}
for s in streets:
    for key in ("from_node", "to_node"):
        nodes.setdefault(s[key], len(nodes))
ends = np.array([(nodes[s["from_node"]], nodes[s["to_node"]]) for s in streets])
length = np.array([milli(s["length_m"]) for s in streets], dtype=np.int64)
net = Streets([s["geometry"].GetPoints(2) for s in streets], length)
edge_of = {s["street_id"]: e for e, s in enumerate(streets)}
wrong = [f"{s['street_id']}: {length[e]} mm, geometry {net.metres[e] * 1000:.6f}" for e, s in enumerate(streets)
         if not -1e-4 <= length[e] - net.metres[e] * 1000 < 1.0001]
check("length_m is the geometry's, rounded up to a millimetre", not wrong, ", ".join(wrong[:5]))

count = len(nodes)
joined = connected_components(coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count)), directed=False)[1]
component_mm = np.bincount(joined[ends[:, 0]], weights=length)
large = component_mm[joined[ends[:, 0]]] >= LARGE_MM

# Venues: is the anchor the nearest street, on a component of 1 km if one is near?
wrong = []
for v in venues:
    v["edge"] = edge_of[v["street_id"]] if v["street_id"] is not None else None
    if v["geometry"] is None:
        continue
    x, y = v["geometry"].GetX(), v["geometry"].GetY()
    found = net.nearest(x, y, CAP_M, large) or net.nearest(x, y, CAP_M)
    if (found is None) != (v["edge"] is None):
        wrong.append(f"{v['venue_id']}: anchored is {v['edge']}, nearest is {found}")
    elif found is not None:
        v["along"] = round(v["street_frac"] * int(length[v["edge"]]))
        v["snap"] = milli(v["snap_m"])
        px, py = net.place(v["edge"], v["street_frac"] * net.metres[v["edge"]])
        if abs(math.hypot(px - x, py - y) * 1000 - v["snap"]) > 1.5 or abs(found[2] * 1000 - v["snap"]) > 2:
            wrong.append(f"{v['venue_id']}: snap {v['snap']} mm, to its street {math.hypot(px - x, py - y)}, nearest {found}")
check("each venue is anchored at its nearest street", not wrong, "; ".join(wrong[:5]))
counting = [v for v in venues if v["counts"] and v["edge"] is not None]
wrong = [v["venue_id"] for v in venues if v["counts"] and v["edge"] is None]
check("a venue without a street does not count", not wrong, ", ".join(wrong))

# All venues at once: costs are multiplied so that the lower venue wins ties in the same number; +1 keeps arcs above zero.
many = len(counting) + 1
rank = {v["venue_id"]: i for i, v in enumerate(counting)}
arcs = {}
for e, (a, b) in enumerate(ends):
    for pair in ((a, b), (b, a)):
        arcs[pair] = min(arcs.get(pair, length[e] * many), length[e] * many)
for v in counting:
    a, b = ends[v["edge"]]
    for node, cost in ((a, v["along"]), (b, int(length[v["edge"]]) - v["along"])):
        value = (v["snap"] + cost) * many + rank[v["venue_id"]] + 1
        arcs[count, node] = min(arcs.get((count, node), value), value)
keys = np.array(list(arcs))
graph = coo_matrix((np.array(list(arcs.values()), dtype=float), (keys[:, 0], keys[:, 1])), shape=(count + 1, count + 1))
best = dijkstra(graph.tocsr(), directed=True, indices=[count])[0][:count]
reached = np.isfinite(best)
best_int = np.where(reached, best - 1, 0).astype(np.int64)
FAR = np.int64(1) << 50
node_mm = np.where(reached, best_int // many, FAR)
node_venue = np.where(reached, best_int % many, -1)

wrong = []
for e, s in enumerate(streets):
    for key, node in (("walk_m_from", ends[e][0]), ("walk_m_to", ends[e][1])):
        given, own = milli(s[key]), int(node_mm[node]) if reached[node] else None
        if (given is None) != (own is None) or given is not None and abs(given - own) > 1:
            wrong.append(f"{s['street_id']} {key}: {given} mm, recomputed {own}")
check(f"distance of every node ({count}) within 1 mm", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))
wrong = []
for e, s in enumerate(streets):
    near = min((int(node_mm[n]), int(node_venue[n])) for n in ends[e])
    own = counting[near[1]]["venue_id"] if near[0] < FAR else None
    if s["nearest_venue_id"] != own:
        wrong.append(f"{s['street_id']}: {s['nearest_venue_id']}, recomputed {own}")
check("nearest venue of every street", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))


# ---------------------------------------------------------------------------------------------- (b) demand points
def share(people, weights):
    """Largest remainder, ties to the earlier, in whole numbers."""
    total = sum(weights)
    if total == 0:
        return [people] + [0] * (len(weights) - 1)
    out = [people * w // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(people * weights[i] % total), i))
    for i in order[:people - sum(out)]:
        out[i] += 1
    return out


def names_of(street):
    return set((street["class"] or "").split(";")) - {""}


if "class" not in streets[0]:
    skip("demand points and coverage", "the streets layer has no class")
    done()
homely = np.array([not names_of(s) or bool(names_of(s) & HOMES) and not s["bridge"] for s in streets])
anything = np.array([names_of(s) != {"ferry"} for s in streets])
level = {}
for z in zones:
    level.setdefault(z["level"], []).append(z)
plain = sorted(level["zone"], key=lambda z: z["zone_id"].encode())
area = Areas([rings_of(z["geometry"]) for z in plain])
town = Areas([rings_of(level["municipality"][0]["geometry"])])
OUTSIDE_ZONES, OUTSIDE = len(plain), len(plain) + 1

point = {k: [] for k in ("cell", "x", "y", "edge", "along", "weight")}
placed = []
for c, cell in enumerate(cells):
    geometry = cell["geometry"]
    way = "given" if geometry.GetGeometryName() == "POINT" else "centroid"
    if way == "centroid":
        ring = rings_of(geometry)[0]
        for name, allowed in (("streets", homely), ("streets_any", anything)):
            parts = net.inside(ring, allowed)
            if sum(p[2] - p[1] for p in parts) >= MIN_STREET_M:
                way = name
                break
    placed.append(way)
    if way in ("given", "centroid"):
        x, y = (geometry.GetX(), geometry.GetY()) if way == "given" else centroid(ring)
        spots = [(x, y, -1, 0, 1)]
    else:
        spots = []
        for e, start, end in parts:
            n = math.ceil((end - start) / STEP_M - 1e-9)
            for k in range(n):
                s = start + (k + 0.5) * (end - start) / n
                along = min(int(length[e]), int(math.floor(s / net.metres[e] * int(length[e]) + 0.5)))
                spots.append((*net.place(e, along / length[e] * net.metres[e]), e, along, int(math.floor((end - start) / n * 1e6 + 0.5))))
    for x, y, e, along, weight in spots:
        for key, value in zip(point, (c, x, y, e, along, weight)):
            point[key].append(value)
for key in point:
    point[key] = np.array(point[key])
wrong = [f"{cell['cell_id']}: {cell['placement']}, recomputed {way}" for cell, way in zip(cells, placed) if cell["placement"] != way]
check(f"placement of every cell ({len(cells)})", not wrong, "; ".join(wrong[:5]))

first = np.searchsorted(point["cell"], np.arange(len(cells) + 1))
people = {}
for m in MEASURES:
    if "pop_" + m not in cells[0]:
        continue
    column = np.full(len(point["cell"]), -1, dtype=np.int64)
    for c, cell in enumerate(cells):
        if cell["pop_" + m] is not None:
            a, b = first[c], first[c + 1]
            column[a:b] = share(milli(cell["pop_" + m]), [int(w) for w in point["weight"][a:b]])
    people[m] = column

row = area.find(point["x"], point["y"])
in_town = town.find(point["x"], point["y"]) >= 0
row = np.where(row >= 0, row, np.where(in_town, OUTSIDE_ZONES, OUTSIDE))

# ------------------------------------------------------------------------------------------------ anchors and walks
edge, along = point["edge"].copy(), point["along"].copy()
access = np.zeros(len(edge), dtype=np.int64)
for i in np.nonzero((edge < 0) | ~large[np.maximum(edge, 0)])[0]:
    found = net.nearest(point["x"][i], point["y"][i], CAP_M, large) or net.nearest(point["x"][i], point["y"][i], CAP_M)
    if found is None:
        edge[i] = -1
        continue
    edge[i], along[i] = found[0], found[1]
    px, py = net.place(found[0], found[1] / length[found[0]] * net.metres[found[0]])
    access[i] = math.ceil(max(0.0, math.hypot(px - point["x"][i], py - point["y"][i]) * 1000 - 1e-6))
on = np.maximum(edge, 0)
by_from = along + node_mm[ends[on, 0]]
by_to = length[on] - along + node_mm[ends[on, 1]]
own = np.minimum(by_from * many + node_venue[ends[on, 0]], by_to * many + node_venue[ends[on, 1]])
for v in counting:
    same = np.nonzero(edge == v["edge"])[0]
    own[same] = np.minimum(own[same], (np.abs(along[same] - v["along"]) + v["snap"]) * many + rank[v["venue_id"]])
walk = np.where((edge >= 0) & (own < FAR), own // many + access, FAR)
covered = walk <= primary_mm
reachable = walk < FAR

corners = ogr.Geometry(ogr.wkbMultiPoint)
for s in streets:
    for p in s["geometry"].GetPoints(2):
        spot = ogr.Geometry(ogr.wkbPoint)
        spot.AddPoint_2D(*p)
        corners.AddGeometry(spot)
hull = Areas([rings_of(corners.ConvexHull())])
unknown = (edge < 0) & (hull.find(point["x"], point["y"]) < 0)
state = np.where(covered, 0, np.where(reachable, 1, np.where(unknown, 3, 2)))

# ------------------------------------------------------------------------------------------------------ comparison
wrong, far = [], []
for c, cell in enumerate(cells):
    a, b = first[c], first[c + 1]
    if cell["pop_65"] is not None:
        own_65 = int(people["65"][a:b][covered[a:b]].sum())
        if milli(cell["covered_65"]) != own_65:
            wrong.append(f"{cell['cell_id']}: {milli(cell['covered_65'])}, recomputed {own_65} of {milli(cell['pop_65'])}")
    elif cell["covered_65"] is not None:
        wrong.append(f"{cell['cell_id']}: covered_65 is not null")
    ok = reachable[a:b]
    weight = point["weight"][a:b][ok].astype(float)
    given = milli(cell["walk_m_mean"]), milli(cell["walk_m_median"])
    if not ok.any():
        if given != (None, None):
            far.append(f"{cell['cell_id']}: {given} though nothing is reachable")
        continue
    mean = float((walk[a:b][ok] * weight).sum() / weight.sum())
    order = np.argsort(walk[a:b][ok], kind="stable")
    median = int(walk[a:b][ok][order][np.searchsorted(2 * np.cumsum(weight[order]), weight.sum())])
    if None in given or abs(given[0] - mean) > 1 or abs(given[1] - median) > 1:
        far.append(f"{cell['cell_id']}: mean and median {given}, recomputed {mean:.1f} {median}")
check("people 65+ covered in every cell, to the thousandth", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))
check("mean and median walk of every cell within 1 mm", not far, f"{len(far)}: " + "; ".join(far[:5]))

wrong = []
members_of = {"outside_zones": row == OUTSIDE_ZONES, "outside": row == OUTSIDE, "municipality": row < OUTSIDE}
for z in zones:
    members = np.nonzero(row == plain.index(z) if z["level"] == "zone" else members_of[z["level"]])[0]
    for m in people:
        some = members[people[m][members] >= 0]
        sums = [int(people[m][some].sum())] + [int(people[m][some][state[some] == k].sum()) for k in range(4)]
        given = [milli(z[k + m]) for k in ("pop_", "covered_", "beyond_", "unreachable_", "unknown_")]
        if given != sums:
            wrong.append(f"{z['level']} {z['zone_id']} {m}: {given}, recomputed {sums}")
check("the ledger of every zone row, band and sex, to the thousandth", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:6]))

# Venues: how many people have each within the primary distance, and are covered by it alone.
lower, only = [], []
simple = {}
for (a, b), value in arcs.items():
    if a < count:
        simple[a, b] = value // many
keys = np.array(list(simple))
plain_graph = coo_matrix((np.array(list(simple.values()), dtype=float), (keys[:, 0], keys[:, 1])), shape=(count, count)).tocsr()
times = np.zeros(len(walk), dtype=int)
hits = []
for v in counting:
    a, b = ends[v["edge"]]
    both = dijkstra(plain_graph, directed=True, indices=[a, b], limit=primary_mm + 1)
    node = np.minimum(both[0] + v["snap"] + v["along"], both[1] + v["snap"] + int(length[v["edge"]]) - v["along"])
    cost = np.minimum(along + node[ends[on, 0]], length[on] - along + node[ends[on, 1]])
    same = edge == v["edge"]
    cost[same] = np.minimum(cost[same], np.abs(along[same] - v["along"]) + v["snap"])
    hit = (cost + access <= primary_mm) & (edge >= 0)
    hits.append(hit)
    times += hit
check("covered means: some venue's own search reaches it", bool(((times > 0) == covered).all()),
      f"{int(((times > 0) != covered).sum())} points differ")
if len(sys.argv) > 3:
    np.savez(sys.argv[3], row=row, people_65=people["65"], state=state, hits=np.array(hits), zone_ids=[z["zone_id"] for z in plain],
             venue_ids=[v["venue_id"] for v in counting])
weight_65 = np.where((people["65"] >= 0) & (row < OUTSIDE), people["65"], 0)
band = f"people_65_{primary_mm // 1000}"
wrong = []
for v, hit in zip(counting, hits):
    near = reachable & (own % many == rank[v["venue_id"]])
    sums = [int(weight_65[hit].sum()), int(weight_65[near].sum()), int(weight_65[hit & (times == 1)].sum())]
    given = [milli(v[k]) for k in (band, "nearest_65", "only_covered_65")]
    if given != sums:
        wrong.append(f"{v['venue_id']}: {given}, recomputed {sums}")
check("people 65+ of the town in range of each venue, nearest to it, covered by it alone", not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))

# Participants where the people in range of their venue live: all by people, men by these parts, women by what is left.
rows = OUTSIDE + 1
moved = {k: [0] * rows for k in ("participants_allocated", "participants_allocated_m", "participants_allocated_f")}
some = {k: False for k in moved}
catchments = any(v.get("catchment_zones") for v in venues)
for v, hit in zip(counting, hits):
    all_, men, women = (v[k] for k in ("participants", "participants_m", "participants_f"))
    if not v["counts_for_rate"] or all_ is None:
        continue
    near = np.array([int(people["65"][hit & (row == r) & (people["65"] > 0)].sum()) for r in range(rows)])
    where = [int(r) for r in np.nonzero(near)[0]]
    if not where:
        x, y = np.array([v["geometry"].GetX()]), np.array([v["geometry"].GetY()])
        zone = int(area.find(x, y)[0])
        where = [zone if zone >= 0 else OUTSIDE_ZONES if town.find(x, y)[0] >= 0 else OUTSIDE]
    parts = share(int(all_), [int(near[r]) or 1 for r in where] if len(where) == 1 else [int(near[r]) for r in where])
    columns = [("participants_allocated", parts)]
    if men is not None and women is not None and men + women <= all_:
        columns.append(("participants_allocated_m", share(int(men), parts)))
        columns.append(("participants_allocated_f", share(int(women), [a - b for a, b in zip(parts, columns[1][1])])))
    for name, values in columns:
        some[name] = True
        for r, value in zip(where, values):
            moved[name][r] += value
wrong = []
for z in zones:
    for name, values in moved.items():
        index = {"outside_zones": OUTSIDE_ZONES, "outside": OUTSIDE}.get(z["level"])
        want = sum(values[:len(plain)]) if z["level"] == "municipality" else values[plain.index(z) if index is None else index]
        if any(v["counts_for_rate"] for v in venues) and not some[name]:
            want = None
        if z[name] != want:
            wrong.append(f"{z['level']} {z['zone_id']} {name}: {z[name]}, recomputed {want}")
if catchments:
    skip("participants where people live", "venues that serve some zones only")
else:
    check("participants, men and women, where the people in range live", not wrong, "; ".join(wrong[:6]))

# Service areas against the people that were counted: a venue's area holds the homes that it covers. It is drawn a little
# wider than the streets reached, so it also holds neighbours just beyond the range: how many is printed, not judged.
areas = {(a["venue_id"], round(a["band_m"])): Areas([rings_of(a["geometry"])]) for a in records("service_areas")
         if a["geometry"] is not None}
lost, foreign, all_hits, all_others = [], [], 0, 0
everywhere = np.zeros(len(walk), dtype=bool)
pairs = [(v["venue_id"], hit) for v, hit in zip(counting, hits)] + [(None, covered)]
on_street = access == 0
for venue_id, hit in pairs:
    if (venue_id, primary_mm // 1000) not in areas:
        if hit.any():
            lost.append(f"{venue_id} has no area")
        continue
    inside = areas[venue_id, primary_mm // 1000].find(point["x"], point["y"]) >= 0
    all_hits += int((hit & on_street).sum())
    all_others += int((inside & on_street).sum())
    lost += [f"{venue_id}: home {i}, {int(walk[i])} mm" for i in np.nonzero(hit & on_street & ~inside)[0]]
    foreign += [f"{venue_id}: home {i}, {int(walk[i])} mm" for i in np.nonzero(inside & on_street & ~hit)[0]]
check("service areas hold the homes on streets that are covered", not lost, f"{len(lost)} of {all_hits}: " + "; ".join(lost[:5]))
print(f"# {len(foreign)} of {all_others} homes inside an area are not covered")
done()
