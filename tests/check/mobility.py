"""Ways by road, tours, shops on the way and providers of mobility areas against scipy. Usage: mobility.py KAYOI WORK_DIR

Random towns: streets of a grid with gaps and footways across its squares, homes given as points on its corners, hamlets far from two
venues, one of them full. Vehicles take no footways. Distances are Dijkstra's of scipy on a graph made here, tours are compared with the
best of all orders."""
import itertools
import json
import math
import os
import random
import shutil
import sys
from decimal import Decimal

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from runs import kayoi, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
SIDE, STEP = 26, 200


def write(folder, name, features):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:6670"}},
                   "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]}, file)


def point(node):
    return {"type": "Point", "coordinates": [node[0] * STEP, node[1] * STEP]}


def square():
    far = SIDE * STEP
    return {"type": "Polygon", "coordinates": [[[-500, -500], [far, -500], [far, far], [-500, far], [-500, -500]]]}


def town(seed):
    rng = random.Random(seed)
    folder = os.path.join(work, str(seed))
    os.makedirs(folder)
    nodes = list(itertools.product(range(SIDE), range(SIDE)))
    at = {node: i for i, node in enumerate(nodes)}
    roads, graph = [], {}
    for x, y in nodes:
        for to in ((x + 1, y), (x, y + 1)):
            if to in at and rng.random() > 0.25:
                roads.append(("residential", (x, y), to))
                graph[at[x, y], at[to]] = STEP
        if (x + 1, y + 1) in at and rng.random() < 0.3:
            roads.append(("footway", (x, y), (x + 1, y + 1)))
    pairs = np.array(list(graph))
    metres = dijkstra(csr_matrix((list(graph.values()), (pairs[:, 0], pairs[:, 1])), shape=(len(nodes),) * 2), directed=False)
    main = int(np.argmax(np.isfinite(metres).sum(axis=1)))
    free = [node for node in nodes if np.isfinite(metres[main, at[node]])]
    taken = set()

    def pick(low, high):
        node = rng.choice([n for n in free if n not in taken and all(low <= c <= high for c in n)])
        taken.add(node)
        return node

    full, roomy = pick(0, 5), pick(0, 5)
    shops, clinics, providers = [pick(0, 24) for _ in range(4)], [pick(0, 24) for _ in range(2)], [pick(0, 24) for _ in range(4)]
    homes = []
    for corner in ((18, 3), (3, 18), (18, 18)):
        around = [n for n in free if all(0 <= n[i] - corner[i] <= 2 for i in (0, 1)) and n not in taken]
        homes += [(node, 40 + k) for k, node in enumerate(rng.sample(around, min(6, len(around))))]
    write(folder, "roads.geojson", [({"class": c}, {"type": "LineString", "coordinates": [point(a)["coordinates"], point(b)["coordinates"]]})
                                    for c, a, b in roads])
    write(folder, "homes.geojson", [({"id": f"H{i:02}", "total": 2 * n, "old": n}, point(node)) for i, (node, n) in enumerate(homes)])
    write(folder, "venues.geojson", [({"id": "V1", "name": "満員の場", "m": 4, "c": 10, "p": 10}, point(full)),
                                     ({"id": "V2", "name": "空きのある場", "m": 4, "c": 30, "p": 10}, point(roomy))])
    write(folder, "places.geojson", [({"id": f"{kind}{i}", "kind": kind, "name": f"{kind}{i}", "willing": w}, point(node))
                                     for kind, of in (("shop", shops), ("clinic", clinics), ("vehicle_provider", providers))
                                     for i, node in enumerate(of) for w in (str((i + 1) % 2),)])
    write(folder, "border.geojson", [({"id": "Z1", "name": "町"}, square())])
    with open(os.path.join(folder, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write("""municipality: {name: 試験町}
crs: EPSG:6670
residents: [{path: homes.geojson, columns: {id: id, pop_total: total, pop_65: old}}]
venues: [{path: venues.geojson, columns: {id: id, name: name, sessions_per_month: m, capacity: c, participants: p}}]
resources: [{path: places.geojson, columns: {id: id, kind: kind, name: name, willing: willing}}]
zones: {path: border.geojson, columns: {id: id, name: name}}
roads: [{path: roads.geojson, columns: {class: class}}]
sites: {min_people_65: 100000}
gaps: {link_m: 450}
mobility: {provider_m: 4000, detour_m: 1500}
outputs: {formats: [csv]}
""")
    out = os.path.join(folder, "out")
    made = kayoi(binary, "run", os.path.join(folder, "kayoi.yaml"), "--out", out, "--lang", "en")
    if made.returncode != 0:
        return check(f"town {seed}: the run ends well", False, made.stderr[-2000:])
    compare(seed, out, metres, at, homes, full, roomy, shops, clinics, providers)


def near(told, metres):
    """Costs are whole millimetres, and a leg or two is rounded up."""
    return (told == "") == (not math.isfinite(metres)) and (told == "" or abs(float(told) - metres) < 0.01)


def longest_way(told, ways, direct, limit):
    best = min((a + b - direct for a, b in ways), default=math.inf)
    return (told == "") if not best <= limit else told != "" and abs(float(told) - best) < 0.02


def compare(seed, out, metres, at, homes, full, roomy, shops, clinics, providers):
    global areas, tours_equal
    wrong = []
    rows = table(out, "mobility")
    by_id = {f"H{i:02}": home for i, home in enumerate(homes)}
    reach = {(row["resource_id"], row["gap_id"]): row for row in table(out, "provider_areas")}
    sizes = {}
    for node, n in homes:
        hamlet = (node[0] >= 15, node[1] >= 15)
        sizes.setdefault(hamlet, []).append((node, n))
    for row in rows:
        main, people = by_id[row["gap_id"].rstrip("abcdefgh")]
        members = [home for group in sizes.values() if (main, people) in group for home in group]
        if sum(n for _, n in members) != Decimal(row["people_65"]):
            continue  # the hamlet fell into two areas; what its tour passes is not known here
        areas += 1
        start = max(members, key=lambda home: home[1])[0]
        here = metres[at[start]]
        if not near(row["road_m"], min(here[at[full]], here[at[roomy]])) or not near(row["free_road_m"], here[at[roomy]]):
            wrong.append(f"{row['gap_id']} road {row['road_m']} {row['free_road_m']}: {here[at[full]]} {here[at[roomy]]}")
        back = metres[at[roomy]]
        for kind, nodes in (("shop", shops), ("clinic", clinics)):
            ways = [(here[at[n]], back[at[n]]) for n in nodes]
            if not longest_way(row[f"{kind}_detour_m"], ways, here[at[roomy]], 1500):
                wrong.append(f"{row['gap_id']} {kind} {row[kind + '_detour_m']}: {ways} {here[at[roomy]]}")
        expected = {f"vehicle_provider{i}": here[at[n]] for i, n in enumerate(providers) if here[at[n]] <= 4000}
        if {name for name, gap in reach if gap == row["gap_id"]} != set(expected) or any(
                not near(reach[name, row["gap_id"]]["road_m"], m) for name, m in expected.items()):
            wrong.append(f"{row['gap_id']} providers {expected}")
        order = [name for name, _ in sorted(expected.items(), key=lambda item: (int(item[0][-1]) % 2, item[1]))]
        if (row["provider_names"] or None) != ("、".join(order) or None) or row["needs_provider"] != ("false" if expected else "true"):
            wrong.append(f"{row['gap_id']} names {row['provider_names']}: {order}")
        stops = [at[node] for node, _ in members]
        best = min(metres[at[roomy]][o[0]] + sum(metres[a][b] for a, b in zip(o, o[1:])) + metres[o[-1]][at[roomy]]
                   for o in itertools.permutations(stops))
        told = float(row["tour_km"]) * 1000
        if not best - 1 <= told <= 1.3 * best or int(row["stops_count"]) != len(stops):
            wrong.append(f"{row['gap_id']} tour {told} of {row['stops_count']} stops: best {best} of {len(stops)}")
        tours_equal += told <= best + 1
        riders = Decimal(row["riders_per_session"])
        tours = math.ceil(riders / 8)
        minutes = Decimal(row["tour_minutes"])
        if abs(minutes - (Decimal(told) / 400 + 2 * len(stops))) > Decimal("0.01") or int(row["tours_per_session"]) != tours or abs(
                Decimal(row["vehicle_hours_per_month"]) - 4 * tours * 2 * minutes / 60) > Decimal("0.001"):
            wrong.append(f"{row['gap_id']} effort {row['tour_minutes']} {row['vehicle_hours_per_month']}")
    check(f"town {seed}: {len(rows)} areas as scipy has them", rows and not wrong, wrong[:3])


areas = tours_equal = 0
for seed in range(12):
    town(seed)
check("most hamlets are one area", areas >= 24, areas)
check("most tours are the best of all orders", tours_equal >= 0.8 * areas, f"{tours_equal} of {areas}")
done()
