"""Which zone is a point in: kayoi's answer beside PostGIS's, for 10,000 random points in each of three towns and for
points exactly on edges and vertices. Usage: zones.py KAYOI WORK_DIR"""
import csv
import json
import math
import os
import random
import shutil
import sys

from osgeo import osr

from cluster import Cluster, has_extension

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import kayoi, root  # noqa: E402
from tap import check, done, skip  # noqa: E402

osr.UseExceptions()
binary, work = sys.argv[1:3]
data = os.path.join(os.path.dirname(root), "shared", "data")
RANDOM_POINTS = 10000
EDGE_POINTS = 600  # of each kind: shared vertices, places inside shared edges, places inside any edge


def polygons_of(geometry):
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def load(paths, id_of):
    """{zone id: polygons}, rings in degrees."""
    zones = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for number, feature in enumerate(json.load(file)["features"]):
                zones.setdefault(id_of(path, number, feature), []).extend(polygons_of(feature["geometry"]))
    return zones


def to_millimetres(zones, epsg):
    """The same zones in whole millimetres of the plane; rings that collapse are dropped."""
    degrees, plane = osr.SpatialReference(), osr.SpatialReference()
    degrees.ImportFromEPSG(6668)
    plane.ImportFromEPSG(epsg)
    for reference in (degrees, plane):
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    move = osr.CoordinateTransformation(degrees, plane)
    out = {}
    for name, polygons in zones.items():
        for polygon in polygons:
            rings = []
            for ring in polygon:
                places = [(round(x * 1000), round(y * 1000)) for x, y, *_ in move.TransformPoints([p[:2] for p in ring])]
                places = [p for k, p in enumerate(places) if k == 0 or p != places[k - 1]]
                if len(places) >= 4:
                    rings.append(places)
            if rings:
                out.setdefault(name, []).append(rings)
    return out


def random_points(zones, seed, digits):
    x = [p[0] for polygons in zones.values() for polygon in polygons for p in polygon[0]]
    y = [p[1] for polygons in zones.values() for polygon in polygons for p in polygon[0]]
    spread, dice = 0.03, random.Random(seed)
    west, east = min(x) - spread * (max(x) - min(x)), max(x) + spread * (max(x) - min(x))
    south, north = min(y) - spread * (max(y) - min(y)), max(y) + spread * (max(y) - min(y))
    return [(round(dice.uniform(west, east), digits), round(dice.uniform(south, north), digits)) for _ in range(RANDOM_POINTS)]


def lattice_points(edges, dice):
    """Places of whole millimetres strictly inside edges: exactly on them, with no rounding at all."""
    found = []
    for (ax, ay), (bx, by) in edges:
        steps = math.gcd(bx - ax, by - ay)
        if steps > 1:
            k = dice.randrange(1, steps)
            found.append((ax + (bx - ax) // steps * k, ay + (by - ay) // steps * k))
    dice.shuffle(found)
    return found[:EDGE_POINTS]


def edge_points(zones, seed):
    """Vertices that zones share, places inside edges that they share, places inside any edge."""
    at, along = {}, {}
    for name, polygons in zones.items():
        for ring in (ring for polygon in polygons for ring in polygon):
            for a, b in zip(ring, ring[1:]):
                at.setdefault(a, set()).add(name)
                along.setdefault((min(a, b), max(a, b)), set()).add(name)
    dice = random.Random(seed)
    shared = sorted(p for p, names in at.items() if len(names) > 1)
    vertices = dice.sample(shared, min(EDGE_POINTS, len(shared)))
    vertices += dice.sample(sorted(at), min(EDGE_POINTS, len(at)))
    between = lattice_points(sorted(e for e, names in along.items() if len(names) > 1), dice)
    return vertices, between, lattice_points(sorted(along), dice)


def shown(value, is_plane):
    return "%d.%03d" % (abs(value) // 1000, abs(value) % 1000) if is_plane else repr(value)


def signed(value, is_plane):
    return ("-" if value < 0 else "") + shown(value, is_plane) if is_plane else shown(value, is_plane)


def write_town(folder, zones, points, epsg, is_plane):
    """Files of a run: the zones, one person at each point, a street in the middle, a venue on it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    numbers = (lambda p: [float(signed(p[0], True)), float(signed(p[1], True))]) if is_plane else (lambda p: list(p[:2]))
    features = [{"type": "Feature", "properties": {"id": name, "name": "圏域 " + name},
                 "geometry": {"type": "MultiPolygon", "coordinates": [[[numbers(p) for p in ring] for ring in polygon]
                                                                      for polygon in polygons]}} for name, polygons in zones.items()]
    x, y = numbers(next(iter(zones.values()))[0][0][0])
    step = 100 if is_plane else 0.001
    street = {"type": "Feature", "properties": {"highway": "residential"},
              "geometry": {"type": "LineString", "coordinates": [[x, y], [x + step, y]]}}
    for name, content in (("zones", features), ("roads", [street])):
        with open(os.path.join(folder, name + ".geojson"), "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": content}, file, ensure_ascii=False)
    with open(os.path.join(folder, "people.csv"), "w", encoding="utf-8") as file:
        file.write("cell_id,lon,lat,pop_total,pop_65\n")
        for number, p in enumerate(points):
            file.write(f"p{number:06d},{signed(p[0], is_plane)},{signed(p[1], is_plane)},1,1\n")
    crs = f"EPSG:{epsg}" if is_plane else "EPSG:6668"
    with open(os.path.join(folder, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: 試験}}
crs: EPSG:{epsg}
residents: [{{path: people.csv, crs: "{crs}"}}]
venues: []
zones: {{path: zones.geojson, crs: "{crs}"}}
roads: [{{path: roads.geojson, crs: "{crs}"}}]
study: {{margin_m: 50000}}
outputs: {{formats: [csv]}}
""")


def kayoi_zones(folder, count):
    """Zone of each point by kayoi, "" for none; None when it did not run."""
    made = kayoi(binary, "run", os.path.join(folder, "kayoi.yaml"), "--out", os.path.join(folder, "out"), "--lang", "en")
    if made.returncode != 0:
        return None, made.stderr[-2000:]
    answer = [None] * count
    with open(os.path.join(folder, "out", "internal", "cells.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        number = int(row["cell_id"][1:])
        if answer[number] is not None:
            return None, "listed twice: " + row["cell_id"]
        answer[number] = row["zone_id"]
    missing = sum(a is None for a in answer)
    return (answer, "") if missing == 0 else (None, f"{missing} of {count} points are not in the cells layer")


def wkt(polygons):
    return "MULTIPOLYGON(" + ",".join("(" + ",".join("(" + ",".join(f"{p[0]!r} {p[1]!r}" for p in ring) + ")" for ring in polygon) + ")"
                                      for polygon in polygons) + ")"


def postgis_zones(db, zones, points, epsg, is_plane):
    """For each point: ids of the zones that contain it, and of those that cover it, each sorted by their bytes. In the
    plane both are whole millimetres, which doubles hold exactly."""
    srid = 0 if is_plane else 6668
    db.sql("drop table if exists zones, points; create table zones (id text, shape text); create table points (id int, x float8, y float8);")
    db.copy("zones", "".join(f"{name}\t{wkt(polygons)}\n" for name, polygons in zones.items()))
    db.copy("points", "".join(f"{number}\t{p[0]!r}\t{p[1]!r}\n" for number, p in enumerate(points)))
    to_plane = (lambda text: text) if is_plane else (lambda text: f"st_transform({text}, {epsg})")
    db.sql(f"""alter table zones add geom geometry; alter table points add geom geometry;
        update zones set geom = {to_plane(f"st_geomfromtext(shape, {srid})")};
        update points set geom = {to_plane(f"st_setsrid(st_makepoint(x, y), {srid})")};
        create index on zones using gist (geom); analyze zones;""")
    rows = db.sql("""select p.id, coalesce(string_agg(z.id, ',' order by z.id collate "C") filter (where st_contains(z.geom, p.geom)), ''),
        coalesce(string_agg(z.id, ',' order by z.id collate "C"), '')
        from points p left join zones z on st_covers(z.geom, p.geom) group by p.id order by p.id""")
    return [(inside.split(",") if inside else [], covers.split(",") if covers else []) for _, inside, covers in rows]


def differences(kayoi_answer, expected):
    return [f"point {k}: kayoi {a or 'none'}, PostGIS {e or 'none'}" for k, (a, e) in enumerate(zip(kayoi_answer, expected)) if a != e]


def in_degrees(db, town, zones, epsg):
    """As files come: degrees. Both put them into the plane themselves."""
    points = random_points(zones, town, 7)
    folder = os.path.join(work, town + "-degrees")
    write_town(folder, zones, points, epsg, False)
    answer, why = kayoi_zones(folder, len(points))
    if not check(f"{town} runs in degrees", answer is not None, why):
        return
    theirs = postgis_zones(db, zones, points, epsg, False)
    bad = differences(answer, [inside[0] if inside else "" for inside, _ in theirs])
    within = sum(len(inside) > 0 for inside, _ in theirs)
    check(f"{town}: no random point is in two zones", all(len(inside) < 2 for inside, _ in theirs))
    check(f"{town}: {len(points)} random points, {within} of them in {len(zones)} zones, as ST_Contains says", within > 0 and not bad,
          "; ".join(bad[:10]) + f" ({len(bad)} in all)")


def in_millimetres(db, town, zones, epsg):
    """Whole millimetres on both sides, so that a point on an edge is exactly on it."""
    plane = to_millimetres(zones, epsg)
    vertices, between, along = edge_points(plane, town)
    points = random_points(plane, town + " plane", None) + vertices + between + along
    folder = os.path.join(work, town + "-plane")
    write_town(folder, plane, points, epsg, True)
    answer, why = kayoi_zones(folder, len(points))
    if not check(f"{town} runs in the plane", answer is not None, why):
        return
    theirs = postgis_zones(db, plane, points, epsg, True)
    bad = differences(answer, [covers[0] if covers else "" for _, covers in theirs])
    on_edge = [k for k, (inside, covers) in enumerate(theirs) if covers and covers != inside]
    shared = [k for k in on_edge if len(theirs[k][1]) > 1]
    check(f"{town}: {len(points)} points, {len(on_edge)} of them on an edge and {len(shared)} on one of several zones, each in the "
          "lowest zone that ST_Covers names", not bad, "; ".join(bad[:10]) + f" ({len(bad)} in all)")
    many_edges = len(vertices) + len(between) + len(along)
    check(f"{town}: the points made to lie on edges do", len(on_edge) >= many_edges, f"{len(on_edge)} of {many_edges}")
    return len(shared)


shared_points = 0
with Cluster(["postgis"]) if has_extension("postgis") else sys.exit("PostGIS is not installed; scripts/setup test installs it") as db:
    towns = [("sample", load([os.path.join(root, "sample-data", "zones.geojson")], lambda p, n, f: f["properties"]["圏域コード"]), 6670)]
    if os.path.isdir(os.path.join(data, "kumamoto", "N03")):
        names = sorted(os.listdir(os.path.join(data, "kumamoto", "N03")))
        towns.append(("Kumamoto", load([os.path.join(data, "kumamoto", "N03", n) for n in names],
                                       lambda p, n, f: os.path.basename(p)[:-5]), 6670))
    else:
        skip("wards of Kumamoto against PostGIS", f"{data}/kumamoto is not there")
    if os.path.isdir(os.path.join(data, "ube")):
        towns.append(("Ube", load([os.path.join(data, "ube", "N03_35202.json")], lambda p, n, f: f"{n:03d}"), 6671))
    else:
        skip("islands of Ube against PostGIS", f"{data}/ube is not there")
    for town, zones, epsg in towns:
        in_degrees(db, town, zones, epsg)
        shared_points += in_millimetres(db, town, zones, epsg) or 0
    check("points on shared edges were among them", shared_points > 100, str(shared_points))
done()
