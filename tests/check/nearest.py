"""Classes of venues, resources, the k nearest venues and service areas, recomputed by other runs, scipy and GEOS.

Usage: nearest.py KAYOI WORK_DIR"""
import csv
import json
import math
import os
import re
import sys
import unicodedata

import numpy as np
from osgeo import ogr
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geometry import Streets
from runs import kayoi, root
from tap import check, done, skip

ogr.UseExceptions()
binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
os.makedirs(work, exist_ok=True)
SAMPLE = os.path.join(root, "sample-data")
UBE = os.path.join(os.path.dirname(root), "shared", "data", "ube")
PLACES = ["id", "name", "activity", "sessions", "kind", "lon", "lat"]
SAMPLE_TOWN = f"""municipality: {{name: 通井町, code: "43999"}}
crs: EPSG:6670
zones: {{path: {SAMPLE}/zones.geojson, columns: {{id: 圏域コード, name: 圏域名}}}}
roads: [{SAMPLE}/roads.osm]
"""
SAMPLE_CELLS = f"residents: [{{path: {SAMPLE}/tblT001141H4930.txt, date: 2020-10-01, open: true}}]\n"
UBE_TOWN = f"""municipality: {{name: 宇部市, code: "35202", border: {{path: {UBE}/N03_35202.json}}}}
crs: EPSG:6671
zones: {{path: {UBE}/N03_35202.json, columns: {{id: name, name: name}}}}
roads: [{{path: {UBE}/ube_roads.zip, columns: {{class: highway}}}}]
"""
UBE_CELLS = f"residents: [{{path: {UBE}/tblT001101H5031.txt, date: 2020-10-01, open: true}}]\n"


def table(out, name):
    with open(os.path.join(out, "internal", name + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_places(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PLACES, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def source(name, rows, columns):
    write_places(os.path.join(work, name + ".csv"), rows)
    return f"[{{path: {name}.csv, crs: EPSG:6668, lon: lon, lat: lat, columns: {{{columns}}}}}]\n"


def venues_of(name, rows):
    return "venues: " + source(name, rows, "id: id, name: name, activity: activity, sessions_per_month: sessions")


def resources_of(name, rows):
    return "resources: " + source(name, rows, "id: id, name: name, kind: kind")


def run(name, text, formats="csv", *arguments):
    out = os.path.join(work, "out_" + name)
    path = os.path.join(work, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + f"outputs: {{dir: {out}, formats: [{formats}]}}\n")
    made = kayoi(binary, "run", path, "--lang", "en", *arguments)
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-2000:]):
        done()
    return out


def words(activity):
    """Activities of a venue, as people would tell them apart."""
    parts = re.split(r"[;,/|、・]", unicodedata.normalize("NFKC", activity or ""))
    return {re.sub(r"\s", "", part) for part in parts} - {""}


def frequency(sessions):
    if sessions in ("", None):
        return "unknown"
    return "weekly" if float(sessions) >= 4 else "fortnightly" if float(sessions) >= 2 else "monthly"


def compare_run(name, out, cells, rows, walk="walk_m_median"):
    """cells: {cell_id: (walk, nearest or None, covered)}; rows: {zone_id: (level, covered)}: as the run apart has them."""
    wrong = []
    for row in table(out, "cells"):
        given = cells[row["cell_id"]]
        expected = (row[walk], row["nearest_venue_id"], row["covered_65"])
        if any(a is not None and a != b for a, b in zip(given, expected)):
            wrong.append(f"cell {row['cell_id']}: {given}, alone {expected}")
    for row in table(out, "zones"):
        if row["level"] != "outside" and rows[row["level"], row["zone_id"]] != row["covered_65"]:
            wrong.append(f"{row['level']} {row['zone_id']}: {rows[row['level'], row['zone_id']]}, alone {row['covered_65']}")
    check(f"{name}: as in a run with nothing else", not wrong, "; ".join(wrong[:4]))


def compare_classes(name, town, cells, venues, resources):
    """Every class and every kind of resource against a run that knows nothing else."""
    asked = "access: {activity: true, frequency: true}\n"
    out = run(name, town + cells + venues_of(name + "_venues", venues) + resources_of(name + "_resources", resources) + asked)
    access, cell_access, base = table(out, "access"), table(out, "cell_access"), table(out, "cells")
    counting = {row["venue_id"] for row in table(out, "venues") if row["counts"] == "true"}
    classes = {}
    for venue in venues:
        if venue["id"] in counting:
            for word in words(venue["activity"]):
                classes.setdefault(("activity", word), []).append(venue)
            classes.setdefault(("frequency", frequency(venue["sessions"])), []).append(venue)
    given = {(row["kind"], "".join(unicodedata.normalize("NFKC", row["class"]).split())): row["class"] for row in cell_access}
    check(f"{name}: the classes that are there", set(given) == set(classes), f"{set(given) ^ set(classes)}")
    for n, (key, members) in enumerate(sorted(classes.items())):
        alone = run(f"{name}_{n}", town + cells + venues_of(f"{name}_{n}", members))
        mine = {row["cell_id"]: (row["walk_m_median"], row["nearest_venue_id"], row["covered_65"])
                for row in cell_access if (row["kind"], row["class"]) == (key[0], given[key])}
        rows = {(row["level"], row["zone_id"]): row["covered_65"]
                for row in access if (row["kind"], row["class"]) == (key[0], given[key])}
        compare_run(f"{name} {key[0]} {key[1]}", alone, mine, rows)
        count = [int(row["places_count"]) for row in access
                 if (row["kind"], row["class"], row["level"]) == (key[0], given[key], "municipality")]
        inside = sum(row["zone_id"] != "" for row in table(alone, "venues"))
        check(f"{name} {key[0]} {key[1]}: places inside", count == [inside], f"{count} {inside}")
    for kind in sorted({r["kind"] for r in resources}):
        alone = run(f"{name}_{kind}", town + cells + venues_of(f"{name}_{kind}", [r for r in resources if r["kind"] == kind]))
        mine = {row["cell_id"]: (row["walk_m_" + kind], None, None) for row in base}
        rows = {(row["level"], row["zone_id"]): row["covered_65"] for row in access
                if (row["kind"], row["class"]) == ("resource", kind)}
        compare_run(f"{name} {kind} of resources as venues", alone, mine, rows)
    return out


# The sample's venues, with activities as people write them.
with open(os.path.join(SAMPLE, "venues.csv"), encoding="utf-8-sig", newline="") as file:
    venues = [{"id": row["No"], "name": row["名称"], "activity": row["活動内容"], "sessions": row["月開催回数"],
               "lon": row["経度"], "lat": row["緯度"]} for row in csv.DictReader(file) if row["経度"]]
venues[0]["activity"], venues[1]["activity"], venues[2]["activity"] = "体操、 茶話会", "体　操 ", "ﾖｶﾞ／茶話会・趣味"
venues[3]["activity"] = ""
with open(os.path.join(SAMPLE, "resources.csv"), encoding="utf-8-sig", newline="") as file:
    resources = [{"id": row["番号"], "name": row["名称"], "kind": {"買い物": "shop", "コンビニ": "shop", "医療": "clinic",
                  "診療所": "clinic", "薬局": "pharmacy"}.get(row["種別"]), "sessions": "4", "activity": "",
                  "lon": row["経度"], "lat": row["緯度"]} for row in csv.DictReader(file) if row["経度"]]
resources = [r for r in resources if r["kind"]]
compare_classes("sample", SAMPLE_TOWN, SAMPLE_CELLS, venues, resources)
if os.path.isdir(UBE):
    out = run("ube", UBE_TOWN + UBE_CELLS + f'venues: [{{path: {UBE}/ube_shelters.zip, columns: {{id: "NO", name: P20_002}}, open: true}}]\n')
    places = [{"id": row["venue_id"], "name": row["name"], "lon": row["lon"], "lat": row["lat"]} for row in table(out, "venues")]
    for n, place in enumerate(places):
        place["activity"], place["sessions"] = ["体操", "茶話会", "体操;趣味"][n % 3], ["4", "2.5", "1", ""][n % 4]
    shops = [dict(place, kind="shop" if n % 3 else "clinic", sessions="4", activity="") for n, place in enumerate(places)]
    compare_classes("ube_classes", UBE_TOWN, UBE_CELLS, places, shops)
else:
    skip("classes on Ube", f"{UBE} is not there")

# Residents as points: a cell is one point, so that its numbers are those of the point. Some beside every venue.
out = run("streets", SAMPLE_TOWN + SAMPLE_CELLS + venues_of("streets", venues), "geojson, gpkg")
with open(os.path.join(out, "internal", "streets.geojson"), encoding="utf-8") as file:
    lines = [f["geometry"]["coordinates"] for f in json.load(file)["features"]]
spots = [[(line[0][0] + line[1][0]) / 2 + 3e-5 * (n % 5), (line[0][1] + line[1][1]) / 2 - 2e-5 * (n % 3)]
         for n, line in enumerate(lines[::4])]
spots += [[float(v["lon"]) + 1e-4, float(v["lat"]) + 5e-5] for v in venues] + [[130.83, 32.70], [130.9, 32.79], [130.95061, 32.71748], [130.9506, 32.70846]]
with open(os.path.join(work, "homes.geojson"), "w", encoding="utf-8") as file:
    json.dump({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": f"H{n:04}", "pop_total": 9, "pop_65": 1 + n % 7},
         "geometry": {"type": "Point", "coordinates": spot}} for n, spot in enumerate(spots)]}, file)
with open(os.path.join(work, "extent.geojson"), "w", encoding="utf-8") as file:
    ring = [[130.7, 32.6], [130.94, 32.6], [130.94, 32.9], [130.7, 32.9], [130.7, 32.6]]
    json.dump({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}, file)
HOMES = "residents: [homes.geojson]\nroads_extent: extent.geojson\n"
asked = "access: {nearest: 4, activity: true, frequency: true}\n"
town = SAMPLE_TOWN + HOMES + venues_of("homes", venues) + resources_of("homes_resources", resources) + asked
out = run("homes", town, "csv, gpkg")
homes = {row["cell_id"]: row for row in table(out, "cells")}


def milli(text):
    return None if text in ("", None) else round(float(text) * 1000)


# k nearest: one run per venue.
counting = [row["venue_id"] for row in table(out, "venues") if row["counts"] == "true"]
walks = {home: [] for home in homes}
for venue in venues:
    if venue["id"] not in counting:
        continue
    alone = run("only_" + venue["id"], SAMPLE_TOWN + HOMES + venues_of("only_" + venue["id"], [venue]))
    for row in table(alone, "cells"):
        if row["walk_m_median"]:
            walks[row["cell_id"]].append((milli(row["walk_m_median"]), venue["id"].encode(), milli(row["straight_m"])))
wrong = []
for home, row in homes.items():
    for rank, expected in enumerate((sorted(walks[home]) + [(None, b"", None)] * 4)[:4], 1):
        given = (milli(row[f"walk_m_{rank}"]), row[f"venue_id_{rank}"].encode(), milli(row[f"straight_m_{rank}"]))
        if given != expected:
            wrong.append(f"{home} rank {rank}: {given}, one by one {expected}")
check(f"the 4 nearest of {len(homes)} homes, one run per venue", len(counting) > 20 and not wrong, "; ".join(wrong[:4]))
check("some home reaches no venue", any(not w for w in walks.values()))
sample = run("ranks", SAMPLE_TOWN + SAMPLE_CELLS + venues_of("ranks", venues) + "access: {nearest: 3}\n")
rows = table(sample, "cells")
check("the first of a cell is as far as its median walk", all(row["walk_m_1"] == row["walk_m_median"] for row in rows))
check("farther ones are farther, never nearer than the straight line, and others",
      all(float(r["walk_m_1"]) <= float(r["walk_m_2"]) <= float(r["walk_m_3"]) and float(r["straight_m_3"]) <= float(r["walk_m_3"]) + 0.001
          and len({r["venue_id_1"], r["venue_id_2"], r["venue_id_3"]}) == 3 for r in rows if r["walk_m_3"]))
check("without classes there are no layers of them", not os.path.exists(os.path.join(sample, "internal", "access.csv")))

# Neither venue nor shop; shops and clinics of gap areas.
expected = {"": 0}
for row in homes.values():
    far = row["reach"] in ("beyond", "unreachable") and not (row["walk_m_shop"] and float(row["walk_m_shop"]) <= 500)
    if row["place"] != "outside" and far:
        expected[row["zone_id"]] = expected.get(row["zone_id"], 0) + milli(row["pop_65"])
zones = table(out, "zones")
given = {row["zone_id"]: milli(row["no_venue_no_shop_65"]) for row in zones if row["level"] in ("zone", "outside_zones")}
check("people 65+ with neither venue nor shop", given == {z["zone_id"]: expected.get(z["zone_id"], 0) for z in zones
      if z["level"] in ("zone", "outside_zones")} and sum(given.values()) > 0, f"{given} {expected}")
check("some of them are reached by no road, and of others nothing is known",
      {"unreachable", "unknown"} <= {row["reach"] for row in homes.values() if row["place"] == "zone"})
check("and in the municipality their sum", [milli(z["no_venue_no_shop_65"]) for z in zones if z["level"] == "municipality"]
      == [sum(given.values())] and [z["no_venue_no_shop_65"] for z in zones if z["level"] == "outside"] == [""])
without = table(run("no_shop", SAMPLE_TOWN + HOMES + venues_of("no_shop", venues)), "zones")
check("without shops it is not known", all(z["no_venue_no_shop_65"] == "" for z in without))

package = ogr.Open(os.path.join(out, "internal", "kayoi.gpkg"))
places = {f["cell_id"]: f.geometry().GetPoint_2D() for f in package.GetLayerByName("cells")}
areas = [(f["gap_id"], milli(f["walk_m_shop"]), milli(f["walk_m_clinic"]), f.geometry().Clone()) for f in package.GetLayerByName("gaps")]
gap_of = {}
for home, row in homes.items():
    if row["reach"] not in ("beyond", "unreachable") or row["place"] == "outside":
        continue
    point = ogr.Geometry(ogr.wkbPoint)
    point.AddPoint_2D(*places[home])
    for gap, _, _, area in areas:
        if area.Contains(point):
            gap_of.setdefault(gap, []).append(row)


def lower_median(pairs):
    """Of (value, weight)."""
    pairs = sorted(pairs)
    total, seen = sum(w for _, w in pairs), 0
    for value, weight in pairs:
        seen += weight
        if 2 * seen >= total:
            return value
    return None


wrong = []
for gap, shop, clinic, _ in areas:
    for kind, found in (("shop", shop), ("clinic", clinic)):
        median = lower_median([(milli(r["walk_m_" + kind]), milli(r["pop_65"])) for r in gap_of.get(gap, []) if r["walk_m_" + kind]])
        if median != found:
            wrong.append(f"{gap} {kind}: {found}, recomputed {median}")
check(f"shop and clinic of {len(areas)} gap areas", len(areas) > 5 and not wrong, "; ".join(wrong[:4]))

# One class by scipy: streets from the GeoPackage, homes snapped here.
def geometry_of(layer):
    return [(f.items(), f.geometry().GetPoints(2)) for f in package.GetLayerByName(layer)]


streets = geometry_of("streets")
network = Streets([line for _, line in streets], [milli(s["length_m"]) for s, _ in streets])
ends = [(s["from_node"] - 1, s["to_node"] - 1) for s, _ in streets]
cost = [milli(s["cost_m"]) for s, _ in streets]
nodes = max(max(pair) for pair in ends) + 1
least = {}
for pair, mm in zip(ends, cost):
    least[pair] = min(least.get(pair, 1 << 60), mm)
weekly = [v for v, _ in geometry_of("venues") if v["counts"] and v["sessions_per_month"] is not None and v["sessions_per_month"] >= 4]
on_street = {}
for v in weekly:
    edge = v["street_id"] - 1
    length, snap = milli(streets[edge][0]["length_m"]), milli(v["snap_m"])
    along = round(v["street_frac"] * length)
    on_street.setdefault(edge, []).append((along, snap))
    for node, mm in ((ends[edge][0], along), (ends[edge][1], length - along)):
        least[node, nodes] = min(least.get((node, nodes), 1 << 60), mm + snap)
pairs = np.array(list(least))
graph = csr_matrix((np.array(list(least.values()), dtype=float), (pairs[:, 0], pairs[:, 1])), shape=(nodes + 1, nodes + 1))
distance = dijkstra(graph, directed=False, indices=nodes)
joined = csr_matrix((np.ones(len(ends)), np.array(ends).T), shape=(nodes, nodes))
from scipy.sparse.csgraph import connected_components  # noqa: E402

_, component = connected_components(joined, directed=False)
total = np.zeros(component.max() + 1)
for (a, _), length in zip(ends, network.length_mm):
    total[component[a]] += length
large = np.array([total[component[a]] >= 1_000_000 for a, _ in ends])
given = {row["cell_id"]: milli(row["walk_m_median"]) for row in table(out, "cell_access") if row["class"] == "weekly"}
wrong, same_street = [], 0
for home, (x, y) in places.items():
    found = network.nearest(x, y, 200, large) or network.nearest(x, y, 200)
    best = math.inf
    if found is not None:
        edge, along, away = found
        px, py = network.place(edge, along / network.length_mm[edge] * network.metres[edge])
        access = math.hypot(px - x, py - y) * 1000
        best = access + min(along + distance[ends[edge][0]], network.length_mm[edge] - along + distance[ends[edge][1]])
        for there, snap in on_street.get(edge, []):
            same_street += access + snap + abs(there - along) < best
            best = min(best, access + snap + abs(there - along))
    if (given[home] is None) != math.isinf(best) or (given[home] is not None and abs(given[home] - best) > 2.5):
        wrong.append(f"{home}: {given[home]} mm, scipy {best}")
check(f"weekly venues: {len(places)} homes within 2.5 mm of scipy, {same_street} along their own street",
      len(weekly) > 5 and same_street > 3 and not wrong, "; ".join(wrong[:4]))

# The same bytes with one thread and two.
once, twice = run("homes", town, "csv", "--threads", "1"), run("homes_two", town, "csv", "--threads", "2")
for name in ("cells", "access", "cell_access", "gaps", "zones", "resources"):
    check(f"{name}: the same with 1 and 2 threads", table(once, name) == table(twice, name))

# What cannot be walked to is said.
far = resources + [{"id": "far1", "name": "遠い店", "kind": "shop", "lon": "130.8238", "lat": "32.7572"},
                   {"id": "far2", "name": "遠い店2", "kind": "shop", "lon": "130.8239", "lat": "32.7572"}]
out = run("far", SAMPLE_TOWN + HOMES + venues_of("far", venues) + resources_of("far_resources", far))
said = [row for row in table(out, "issues") if row["reason"] == "no_street_near" and "far_resources" in row["source"]]
check("shops without a street near are said, once for their list", [row["record"] for row in said] == ["far1"]
      and said[0]["message"].startswith("2 resources"), said)
rows = {row["resource_id"]: row for row in table(out, "resources")}
check("and stand in the layer with their reason", rows["far1"]["reason"] == "no_street_near" and rows["far1"]["counts"] == "false"
      and rows["far1"]["street_id"] == "" and rows["R01"]["counts"] == "true" and rows["R01"]["street_id"] != "")
made = kayoi(binary, "check", os.path.join(work, "wrong.yaml"), "--lang", "en") if open(os.path.join(work, "wrong.yaml"), "w", encoding="utf-8").write(
    SAMPLE_TOWN + HOMES + "venues: []\naccess: {weekly_from: 3, fortnightly_from: 3.5, nearest: 11}\n") else None
check("wrong settings are told by line", made.returncode == 2 and "access.nearest" in made.stderr and "wrong.yaml:" in made.stderr, made.stderr)

# Three islands, venues on two, and a lake with a street around it and an island in it, a venue on each: areas of a venue
# stay on its island, those of all have a part on each, and hold every covered home, on a street or off it.
def metres(x, y):
    return [130.8 + x / 93500, 32.7 + y / 110900]


def features(name, shapes):
    with open(os.path.join(work, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": p, "geometry": {"type": kind, "coordinates": at}} for kind, at, p in shapes]}, file)


roads, people = [], []
for island, left in enumerate((0, 2000, 4000)):
    for n in range(7):
        for k in range(6):
            a, b = left + 150 * k, left + 150 * (k + 1)
            roads.append(("LineString", [metres(a, 150 * n), metres(b, 150 * n)], {"class": "residential"}))
            roads.append(("LineString", [metres(left + 150 * n, 150 * k), metres(left + 150 * n, 150 * (k + 1))], {"class": "residential"}))
    people += [("Point", metres(left + 23 + 61 * i, -90 + 71 * j), {"id": f"{island}-{i:02}-{j:02}", "pop_total": 3, "pop_65": 1})
               for i in range(16) for j in range(17)]
lake = [(6000, 0), (6400, 0), (6400, 400), (6000, 400), (6000, 0)]
roads += [("LineString", [metres(*a), metres(*b)], {"class": "residential"}) for a, b in zip(lake, lake[1:])]
roads.append(("LineString", [metres(6150, 200), metres(6250, 200)], {"class": "residential"}))
people += [("Point", metres(*at), {"id": f"lake-{n}", "pop_total": 3, "pop_65": 1}) for n, at in enumerate(
    [(6010, 90), (6200, -120), (6395, 390), (6160, 205), (6245, 150)])]
features("island_roads.geojson", roads)
features("island_homes.geojson", people)
features("island_zone.geojson", [("Polygon", [[metres(*p) for p in ((-500, -500), (7000, -500), (7000, 1500), (-500, 1500), (-500, -500))]],
                                  {"id": "Z", "name": "島"})])
islands = [{"id": "A", "name": "A", "activity": "", "sessions": "4", "lon": metres(310, 0)[0], "lat": metres(0, 320)[1]},
           {"id": "B", "name": "B", "activity": "", "sessions": "4", "lon": metres(2800, 0)[0], "lat": metres(0, 860)[1]},
           {"id": "C", "name": "C", "activity": "", "sessions": "4", "lon": metres(6200, 0)[0], "lat": metres(0, -5)[1]},
           {"id": "D", "name": "D", "activity": "", "sessions": "4", "lon": metres(6200, 0)[0], "lat": metres(0, 203)[1]}]
out = run("islands", "municipality: {name: 島, code: \"43999\"}\ncrs: EPSG:6670\nzones: island_zone.geojson\nresidents: [island_homes.geojson]\n"
          + "roads: [island_roads.geojson]\n" + venues_of("island_venues", islands) + "walk: {bands_m: [200, 500, 900], primary_m: 500, min_component_m: 0}\n", "csv, gpkg")
package = ogr.Open(os.path.join(out, "internal", "kayoi.gpkg"))
area = {(f["venue_id"], round(f["band_m"])): f.geometry().Clone() for f in package.GetLayerByName("service_areas")}
homes = table(out, "cells")
places = {f["cell_id"]: f.geometry().Clone() for f in package.GetLayerByName("cells")}
lost, held = [], 0
for row in homes:
    for band in (200, 500, 900):
        if row["walk_m_median"] and float(row["walk_m_median"]) <= band:
            held += 1
            for venue in (row["nearest_venue_id"], None):
                if not area[venue, band].Contains(places[row["cell_id"]]):
                    lost.append(f"{row['cell_id']} within {band} m of {venue}")
check(f"{held} covered homes lie in the areas of their venue and of all", held > 300 and not lost, "; ".join(lost[:5]))
boxes = {venue: area[venue, 900].GetEnvelope() for venue in ("A", "B", "C", "D", None)}


def polygons(geometry):
    return [part.Clone() for part in geometry] if geometry.GetGeometryName() == "MULTIPOLYGON" else [geometry]


parts = {band: polygons(area[None, band]) for band in (200, 500, 900)}
check("the area of all venues has a part on each island with a venue", all(len(p) == 4 for p in parts.values()),
      f"{ {band: len(p) for band, p in parts.items()} }")
check("and none where no venue is", not any(4000 < x - boxes["A"][0] < 5800 for x in (boxes["B"][1], boxes["C"][0], boxes["D"][0]))
      and boxes["A"][1] < boxes["B"][0] < boxes["B"][1] < boxes["C"][0], f"{boxes}")
lakes = polygons(area["C", 900])
water = ogr.Geometry(ogr.wkbPoint)
water.AddPoint_2D(places["lake-0"].GetX() + 60, places["lake-0"].GetY())
check("the lake is a hole", len(lakes) == 1 and lakes[0].GetGeometryCount() == 2 and not lakes[0].Contains(water)
      and not area[None, 900].Contains(water), f"{len(lakes)} {lakes[0].GetGeometryCount()}")
hole = ogr.Geometry(ogr.wkbPolygon)
hole.AddGeometry(lakes[0].GetGeometryRef(1).Clone())
check("the island in it lies inside the hole, as a part of the area of all", hole.Contains(area["D", 900])
      and any(part.Contains(places["lake-3"]) and part.Within(hole) for part in parts[900]) and area[None, 900].IsValid())
check("bands are nested", all(area[v, b].Contains(area[v, a]) or area[v, a].Difference(area[v, b]).Area() < 1e-6
                              for v in ("A", "B", "C", "D", None) for a, b in ((200, 500), (500, 900))))
both = area["A", 500].Union(area["B", 500]).Union(area["C", 500]).Union(area["D", 500])
check("all together are the union", both.SymDifference(area[None, 500]).Area() < 1e-3 * both.Area())
people = {row["cell_id"]: row for row in homes}
within = {v: sum(1000 for row in homes if row["nearest_venue_id"] == v and float(row["walk_m_median"]) <= 500) for v in ("A", "B", "C", "D")}
given = {row["venue_id"]: (milli(row["people_65_500"]), milli(row["only_covered_65"])) for row in table(out, "venues")}
check("on an island its one venue is the only one", all(given[v] == (within[v], within[v]) for v in ("A", "B", "C", "D")), f"{given} {within}")
done()
