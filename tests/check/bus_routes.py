"""Trips of bus stops without a timetable from KSJ N07, and riders of stations from KSJ S12, against a count made here.
Usage: bus_routes.py KAYOI WORK_DIR

The files are written by GDAL in the columns and codes of KSJ; the towns are drawn at random."""
import math
import os
import random
import sys

from osgeo import gdal, ogr, osr

from place import make_place, run_place
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
WEST, SOUTH = 130.70, 32.80
make_place(work, WEST - 0.01, SOUTH - 0.01, WEST + 0.05, SOUTH + 0.05)
plane, degrees = osr.SpatialReference(), osr.SpatialReference()
plane.ImportFromEPSG(6670)
degrees.ImportFromEPSG(6668)
for system in (plane, degrees):
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
to_plane = osr.CoordinateTransformation(degrees, plane)


def write(name, shape, fields, records, encoding="CP932"):
    """records: (well-known text, values)."""
    path = os.path.join(work, name + ".shp")
    if os.path.exists(path):
        gdal.GetDriverByName("ESRI Shapefile").Delete(path)
    made = gdal.GetDriverByName("ESRI Shapefile").Create(path, 0, 0, 0, gdal.GDT_Unknown)
    layer = made.CreateLayer(name, degrees, shape, [f"ENCODING={encoding}"])
    for field, kind in fields:
        layer.CreateField(ogr.FieldDefn(field, kind))
    for text, values in records:
        feature = ogr.Feature(layer.GetLayerDefn())
        for i, value in enumerate(values):
            if value is not None:
                feature.SetField(i, value)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
        layer.CreateFeature(feature)


def line(points):
    return "LINESTRING (" + ", ".join(f"{x:.7f} {y:.7f}" for x, y in points) + ")"


def near(point, points):
    """Metres from a place to a line, in the plane."""
    px, py = to_plane.TransformPoint(*point)[:2]
    at = [to_plane.TransformPoint(*p)[:2] for p in points]
    best = math.inf
    for (ax, ay), (bx, by) in zip(at, at[1:]):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        t = max(0, min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) if length else 0
        best = min(best, math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay)))
    return best


dice = random.Random(7)
TEXT, REAL, WHOLE = ogr.OFTString, ogr.OFTReal, ogr.OFTInteger
routes = []
for number in range(40):
    start = [WEST + dice.random() * 0.04, SOUTH + dice.random() * 0.04]
    points = [tuple(start)]
    for _ in range(dice.randint(2, 8)):
        start = [start[0] + (dice.random() - 0.5) * 0.01, start[1] + (dice.random() - 0.5) * 0.01]
        points.append(tuple(start))
    kind = dice.choice([1, 1, 1, 2, 3, 4])
    name = f"{number % 25}系統"  # some names are two operators', some routes are there in pieces
    trips = dice.choice([999.9, 0.5, 3.0, 12.0, 41.5, 8.0])
    routes.append((points, kind, dice.choice(["市バス", "熊本バス"]), name, trips))
write("N07-11_43", ogr.wkbLineString, [("N07_001", WHOLE), ("N07_002", TEXT), ("N07_003", TEXT), ("N07_004", REAL),
      ("N07_005", REAL), ("N07_006", REAL), ("N07_007", TEXT)], [(line(p), (k, o, n, t, 1.0, 1.0, None)) for p, k, o, n, t in routes])
stops = []
for number in range(300):
    points, _, operator, name, _ = dice.choice(routes)
    x, y = dice.choice(points)
    named = dice.random()
    listed = [name.translate(str.maketrans("0123456789", "０１２３４５６７８９"))] if named < 0.5 else ["名無し線"] if named < 0.6 else []
    if named < 0.2:
        listed.append(dice.choice(routes)[3])
    stops.append(((x + (dice.random() - 0.5) * 0.002, y + (dice.random() - 0.5) * 0.002), f"停{number}", operator, listed))
write("P11-22_43", ogr.wkbPoint, [("P11_001", TEXT), ("P11_002", TEXT), ("P11_003_01", TEXT), ("P11_003_02", TEXT), ("P11_004_01", TEXT)],
      [(f"POINT ({p[0]:.7f} {p[1]:.7f})", (n, o, *(r + [None, None])[:2], "1")) for p, n, o, r in stops], "UTF-8")


def half(value):
    return math.floor(value + 0.5)


def plain(text):
    return text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))


def expected(point, operator, listed, near_m=50):
    """(trips on weekdays, trips on demand, source)"""
    largest, is_demand = {}, {}
    for _, kind, who, name, trips in routes:
        key = (who, name)
        largest[key] = max([t for t in (largest.get(key), trips if trips < 999 else None) if t is not None], default=None)
        is_demand[key] = is_demand.get(key, True) and kind == 4
    chosen, source = {k for k in largest if k[1] in map(plain, listed) and k[0] == operator}, "n07"
    if not chosen:
        chosen, source = {(who, name) for points, _, who, name, _ in routes if near(point, points) <= near_m}, "n07_near"
    known = [k for k in chosen if largest[k] is not None]
    if not known:
        return "", "", ""
    return (str(half(sum(largest[k] for k in known if not is_demand[k]))),
            str(half(sum(largest[k] for k in known if is_demand[k]))), source)


def run(name, transit):
    made, table = run_place(binary, work, name, "[streets.geojson]", f"crs: EPSG:6670\ntransit: {transit}")
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-2000:]):
        return [], {}
    return table("stops"), {i["reason"]: i["message"] for i in table("issues")}


with open(os.path.join(work, "streets.geojson"), "w", encoding="utf-8") as file:
    file.write('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},"geometry":'
               f'{{"type":"LineString","coordinates":[[{WEST},{SOUTH}],[{WEST + 0.04},{SOUTH + 0.04}]]}}}}]}}')
rows, issues = run("trips", "{stops: [P11-22_43.shp], routes: [N07-11_43.shp], group_m: 0}")
got = {r["name"]: (r["trips_weekday"], r["trips_demand"], r["trips_source"]) for r in rows}
want = {n: expected(p, o, r) for p, n, o, r in stops}
wrong = [f"{n}: {got.get(n)}, expected {w}" for n, w in want.items() if got.get(n) != w]
check("every stop has the trips of its routes", len(rows) == 300 and not wrong, f"{len(wrong)}: " + "; ".join(wrong[:5]))
counts = {s: sum(w[2] == s for w in want.values()) for s in ("n07", "n07_near", "")}
print(f"# {counts}; {issues.get('trips_from_routes')}")
check("all three are there", all(counts.values()), f"{counts}")
check("their numbers are said", issues.get("trips_from_routes", "").startswith(
    f"weekday trips from bus routes: {counts['n07']} stops by route and operator, {counts['n07_near']} by routes within 50 m, {counts['']} without"), f"{issues}")
check("names that no route has are said", "名無し線" in issues.get("routes_of_stops_unknown", "") or "routes_of_stops_unknown" in issues, f"{issues}")
unknown = sum(t > 999 for *_, t in routes)
check("routes of unknown trips are counted", issues.get("route_trips_unknown", "").find(f"{unknown} of {len(routes)}") >= 0, f"{issues.get('route_trips_unknown')}")

write("N07-22_43", ogr.wkbLineString, [("N07_001", TEXT), ("N07_002", TEXT)], [(line(p), (o, None)) for p, _, o, _, _ in routes], "UTF-8")
rows, issues = run("without", "{stops: [P11-22_43.shp], routes: [N07-22_43.shp]}")
check("N07 of 2022 gives no trips, and that is said", "routes_without_trips" in issues and not any(r["trips_weekday"] for r in rows), f"{issues}")
made, _ = run_place(binary, work, "alone", "[streets.geojson]", "transit: {routes: [N07-11_43.shp]}")
check("routes without stops are refused", made.returncode == 2 and "transit.stops" in made.stderr, made.stderr[-400:])

# Stations: name, operator, line; per year from 2011 place (1 here, 2 elsewhere, 3 no station), state, note, riders.
YEARS = 3
fields = [("S12_001", TEXT), ("S12_001c", TEXT), ("S12_001g", TEXT), ("S12_002", TEXT), ("S12_003", TEXT), ("S12_004", TEXT), ("S12_005", TEXT)]
for year in range(YEARS):
    fields += [(f"S12_{6 + 4 * year:03}", WHOLE), (f"S12_{7 + 4 * year:03}", WHOLE), (f"S12_{8 + 4 * year:03}", TEXT), (f"S12_{9 + 4 * year:03}", WHOLE)]
at = line([(WEST, SOUTH), (WEST + 0.001, SOUTH), (WEST + 0.002, SOUTH)])
far = line([(WEST + 0.02, SOUTH), (WEST + 0.021, SOUTH)])
other = line([(WEST + 0.03, SOUTH + 0.02), (WEST + 0.031, SOUTH + 0.02)])
gone = line([(WEST + 0.01, SOUTH + 0.03), (WEST + 0.011, SOUTH + 0.03)])
stations = [
    (at, ("中央", "1", "1", "鉄道", "本線", "11", "2", 1, 1, None, 900, 1, 1, None, 1000, 1, 1, None, 1100)),
    (at, ("中央", "1", "1", "鉄道", "本線", "11", "2", 1, 1, None, 900, 1, 1, None, 1000, 1, 1, None, 1100)),  # a second platform
    (at, ("中央", "2", "1", "鉄道", "支線", "11", "2", 2, 1, None, 0, 2, 1, None, 0, 2, 1, None, 77)),         # counted with the 本線
    (at, ("中央", "3", "1", "市", "市電", "21", "3", 1, 1, None, 300, 1, 1, None, 310, 1, 1, None, 320)),
    (far, ("東", "4", "4", "鉄道", "本線", "11", "2", 1, 1, None, 50, 1, 1, None, 60, 1, 3, None, 0)),         # not published any more
    (other, ("北", "5", "5", "鉄道", "本線", "11", "2", 1, 2, None, 0, 1, 2, None, 0, 1, 2, None, 0)),         # never known
    (gone, ("旧", "6", "6", "鉄道", "本線", "11", "2", 1, 1, None, 10, 1, 1, None, 8, 3, 4, None, 0)),         # closed
]
write("S12-14", ogr.wkbLineString, fields, stations, "UTF-8")
rows, issues = run("stations", "{stops: [S12-14.shp]}")
got = {r["name"]: (r["riders"], r["riders_year"], r["kind"]) for r in rows}
check("riders of stations", got == {"中央": ("1420", "2013", "rail"), "東": ("60", "2012", "rail"), "北": ("", "", "rail")}, f"{got}")
check("a station that is gone is left out and counted", issues.get("no_station_now", "").startswith("1 records"), f"{issues}")
done()
