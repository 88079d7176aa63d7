"""People in buildings, beside a computation of its own (numpy) and counts of osgeo. Usage: buildings.py KAYOI WORK_DIR"""
import csv
import json
import os
import random
import shutil
import sys

import numpy as np
from osgeo import ogr, osr

from place import make_place, write_json
from runs import kayoi, root
from tap import check, done, skip

ogr.UseExceptions()
osr.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
EPSG = 6670  # plane rectangular zone II
HOMES = {"411", "412", "413", "414", "415"}
BAND_M = 500


def reference(epsg):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def layer_of(path, driver, fields, rows, kind=ogr.wkbUnknown, epsg=EPSG, options=()):
    """rows: (wkt or None, values). Written in `epsg`, given in EPSG."""
    change = osr.CoordinateTransformation(reference(EPSG), reference(epsg))
    if os.path.exists(path):
        ogr.GetDriverByName(driver).DeleteDataSource(path)
    data = ogr.GetDriverByName(driver).CreateDataSource(path)
    layer = data.CreateLayer(os.path.splitext(os.path.basename(path))[0], reference(epsg), kind, options=list(options))
    for field in fields:
        layer.CreateField(ogr.FieldDefn(field, ogr.OFTString))
    for wkt, values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in zip(fields, values):
            if value is not None:
                feature[field] = value
        if wkt is not None:
            geometry = ogr.CreateGeometryFromWkt(wkt.replace("NAN", "0"))
            if "NAN" in wkt:
                geometry.GetGeometryRef(0).SetPoint_2D(0, float("nan"), 0)
            if epsg != EPSG:
                geometry.Transform(change)
            feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
    layer = data = None


def wkt_of(ring):
    return "POLYGON ((" + ", ".join(f"{x:.3f} {y:.3f}" for x, y in ring) + "))"


def box(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


# The town: 4 x 2 cells of 500 m beside one street along y = 0; the last column of cells has no homes.
cells = [(f"C{i}{j}", box(500 * i, 500 * j - 500, 500 * i + 500, 500 * j), 1000 + 37 * (2 * i + j), 301 + 13 * (2 * i + j))
         for i in range(4) for j in range(2)]
STREET_END, VENUE_X = 2000, 900
layer_of(f"{work}/cells.gpkg", "GPKG", ["id", "pop_total", "pop_65"], [(wkt_of(r), (n, str(t), str(e))) for n, r, t, e in cells])
layer_of(f"{work}/zones.gpkg", "GPKG", ["id", "name"], [(wkt_of(box(-100, -600, 2100, 600)), ("Z", "Z"))])
layer_of(f"{work}/roads.gpkg", "GPKG", ["highway"], [(f"LINESTRING (0 0, {STREET_END} 0)", ("residential",))])
layer_of(f"{work}/venues.gpkg", "GPKG", ["id", "name"], [(f"POINT ({VENUE_X} 0)", ("V", "V"))])


def run(name, sources, more="", threads=2, placement="", ok=True):
    config = f"{work}/{name}.yaml"
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: X}}
crs: EPSG:{EPSG}
residents: [cells.gpkg]
venues: [venues.gpkg]
zones: zones.gpkg
roads: [roads.gpkg]
{f"buildings: {sources}" if sources else ""}
placement: {{{placement}}}
walk: {{bands_m: [{BAND_M}], primary_m: {BAND_M}, snap_cap_m: 1000, min_component_m: 0}}
outputs: {{dir: {name}, formats: [csv, geojson]}}
checks: {{max_bad_share: 1}}
{more}
""")
    made = kayoi(binary, "run", config, "--lang", "en", "--threads", str(threads))
    if not ok:
        return made, {}, [], {}
    if not check(f"{name}: it runs", made.returncode == 0, made.stderr[-1500:]):
        done()
    tables = []
    for layer in ("cells", "issues"):
        with open(f"{work}/{name}/internal/{layer}.csv", encoding="utf-8-sig", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    with open(f"{work}/{name}/run.json", encoding="utf-8") as file:
        record = json.load(file)
    return made, {row["cell_id"]: row for row in tables[0]}, tables[1], record


def reasons(issues):
    return {row["reason"] for row in issues if row["source"].startswith("buildings")}


rng = random.Random(20261121)


def rotated(x, y, a, b, turn):
    c, s = np.cos(turn), np.sin(turn)
    ring = [(round(x + u * c - v * s, 3), round(y + u * s + v * c, 3)) for u, v in ((-a, -b), (a, -b), (a, b), (-a, b))]
    return ring + ring[:1]


houses = []  # ring, usage, storeys
for _ in range(900):
    x, y = rng.uniform(3, 1997), rng.uniform(-497, 497)
    usage = rng.choice(["411", "411", "412", "414", "401", "461", "421"]) if x < 1500 else rng.choice(["401", "441"])
    houses.append((rotated(x, y, rng.uniform(2, 9), rng.uniform(2, 9), rng.uniform(0, 3)), usage,
                   rng.choice(["1", "2", "2", "3", "12", "9999", None])))
FIELDS = ["gml_id", "usage", "storeysAboveGround"]


def rows_of(list_of_houses):
    return [(wkt_of(ring), (f"bldg_{i}", usage, storeys)) for i, (ring, usage, storeys) in enumerate(list_of_houses)]


def measure(ring):
    p = np.array(ring) - np.array(ring[0])
    cross = p[:-1, 0] * p[1:, 1] - p[1:, 0] * p[:-1, 1]
    area = cross.sum() / 2
    return abs(area), ring[0] + ((p[:-1] + p[1:]) * cross[:, None]).sum(axis=0) / (6 * area)


def largest_remainder(people, weights):
    """Thousandths of people over integer weights in exact arithmetic; ties to the earlier."""
    total = sum(weights)
    shares = [people * w // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(people * weights[i] % total), i))
    for i in order[:people - sum(shares)]:
        shares[i] += 1
    return shares


def expected(share=0.5):
    """cell -> (placement, covered thousandths, mean of the walk in metres)"""
    placed = {name: [] for name, *_ in cells}
    for ring, usage, storeys in houses:
        area, (x, y) = measure(ring)
        if usage not in HOMES | {"461"}:
            continue
        name = f"C{int(x // 500)}{int((y + 500) // 500)}"
        floors = 1 if storeys in (None, "9999") else int(storeys)
        placed[name].append((round(x, 3), round(y, 3), round(area * 100) * 10000 * floors, usage in HOMES))
    out = {}
    for name, _, _, people in cells:
        known, both = (sum(b[2] for b in placed[name] if b[3] or more) for more in (False, True))
        homes = sorted(b for b in placed[name] if b[3] or known < share * both)
        if not homes:
            out[name] = ("streets", None, None)
            continue
        walks = np.array([abs(y) + abs(x - VENUE_X) for x, y, _, _ in homes])
        assert np.all(abs(walks - BAND_M) > 0.01)
        shares = largest_remainder(people * 1000, [b[2] for b in homes])
        assert sum(shares) == people * 1000
        out[name] = ("buildings", sum(s for s, w in zip(shares, walks) if w <= BAND_M),
                     float(np.average(walks, weights=[b[2] for b in homes])))
    return out


def compare(name, found, want):
    bad = []
    for cell, (placement, covered, mean) in want.items():
        row = found[cell]
        if row["placement"] != placement:
            bad.append((cell, row["placement"], placement))
        elif covered is not None and (round(float(row["covered_65"]) * 1000) != covered or abs(float(row["walk_m_mean"]) - mean) > 0.005):
            bad.append((cell, row["covered_65"], covered, row["walk_m_mean"], mean))
    check(f"{name}: placement, people covered to the thousandth and mean walk of {len(want)} cells", not bad, bad)
    check(f"{name}: every cell keeps its people", all(float(found[n]["pop_65"]) == e and float(found[n]["pop_total"]) == t
                                                      for n, _, t, e in cells))


layer_of(f"{work}/plateau.gpkg", "GPKG", FIELDS, rows_of(houses))
made, found, issues, record = run("town", "[plateau.gpkg]")
again_town = found
want = expected()
compare("town", found, want)
check("both ways of placing are there", {p for p, *_ in want.values()} == {"buildings", "streets"}, want)
counts = record["counts"]
check("run.json counts cells by placement", counts["cells_by_placement"] ==
      {"buildings": 6, "streets": 2, "streets_any": 0, "centroid": 0, "given": 0}, counts)
homes = sum(u in HOMES for _, u, _ in houses)
unsaid = sum(u == "461" for _, u, _ in houses)
check("run.json counts buildings", (counts["buildings"]["read"], counts["buildings"]["homes"], counts["buildings"]["unspecified"],
                                    counts["buildings"]["not_homes"]) == (900, homes, unsaid, 900 - homes - unsaid), counts)
check("buildings without storeys are counted", counts["buildings"]["storeys_unknown"] ==
      sum(s in (None, "9999") for _, u, s in houses if u in HOMES | {"461"}), counts)
check("the run says it", "6 of 8 cells placed by buildings" in made.stderr and "streets (2 cells)" in made.stderr, made.stderr[-800:])
check("definitions name the method", any(d["key"] == "placement.method" and d["value"] == "buildings" and d["origin"] == "default"
                                         for d in record["definitions"]))
check("the source stands in run.json", any(i["role"] == "buildings" and i["records_read"] == 900 for i in record["inputs"]))
check("what is no home, unsaid or without storeys is said",
      {"buildings_not_homes", "building_use_unspecified", "storeys_unknown"} <= reasons(issues), reasons(issues))

# The same in other forms: shuffled, one thread, other formats, another CRS, codes as words, 3D, all in a zip.
order = houses[:]
rng.shuffle(order)
layer_of(f"{work}/shuffled.gpkg", "GPKG", FIELDS, rows_of(order))
check("order and threads do not matter", run("shuffled", "[shuffled.gpkg]", threads=1)[1] == found)
layer_of(f"{work}/words.shp", "ESRI Shapefile", ["gml_id", "用途", "地上階数"],
         [(w, (g, {"411": "住宅", "412": "共同住宅", "414": "店舗等併用共同住宅", "461": "不明", "401": "業務施設", "421": "官公庁施設",
                   "441": "工場"}[u], s and s + "階")) for w, (g, u, s) in rows_of(houses)], ogr.wkbPolygon, options=["ENCODING=CP932"])
check("Japanese words in a CP932 shapefile", run("words", "[words.shp]")[1] == found)
half = len(houses) // 2
layer_of(f"{work}/a.fgb", "FlatGeobuf", ["bldg_usage1", "bldg_storeysAboveGround"], [(w, v[1:]) for w, v in rows_of(houses[:half])], ogr.wkbPolygon)
layer_of(f"{work}/b.geojson", "GeoJSON", ["bldg:usage", "bldg:storeysAboveGround"],
         [(w, v[1:]) for w, v in rows_of(houses[half:])], epsg=4326, options=["COORDINATE_PRECISION=10"])
other = run("two", "[a.fgb, b.geojson]")[1]
check("two sources, one of them in another CRS", all(other[n]["placement"] == found[n]["placement"] and
      abs(float(other[n]["walk_m_mean"]) - float(found[n]["walk_m_mean"])) < 0.01 for n in found))
layer_of(f"{work}/solid.gpkg", "GPKG", FIELDS, [("MULTIPOLYGON Z ((" + w[w.index("(") + 1:-1].replace(",", " 17.5,")[:-1] + " 17.5)))", v)
                                               for w, v in rows_of(houses)], ogr.wkbMultiPolygon25D)
check("3D multipolygons", run("solid", "[solid.gpkg]")[1] == found)
layer_of(f"{work}/coded.gpkg", "GPKG", ["code", "floors_n"], [(w, v[1:]) for w, v in rows_of(houses)])
again = run("coded", "{path: coded.gpkg, columns: {usage: code, storeys: floors_n}, residential: ['411', '412', '414', '461']}",
            placement="home_share: 1")[1]
check("mapped columns, and homes by a list", again == run("all", "[plateau.gpkg]", placement="home_share: 1")[1])
compare("home_share 0", run("never", "[plateau.gpkg]", placement="home_share: 0")[1], expected(0))
compare("home_share 1", run("always", "[plateau.gpkg]", placement="home_share: 1")[1], expected(1))
twice = run("twice", "[plateau.gpkg, shuffled.gpkg]")
check("the same buildings twice count once", twice[1] == found and "duplicate_building" in reasons(twice[2])
      and twice[3]["counts"]["buildings"]["duplicates"] == homes + unsaid, twice[3]["counts"])

# Choices of the method.
streets = run("streets", "")
check("without buildings: streets, and run.json says so", set(r["placement"] for r in streets[1].values()) == {"streets"}
      and any(d["key"] == "placement.method" and d["value"] == "streets" for d in streets[3]["definitions"]) and "buildings" not in streets[3]["counts"])
unused = run("unused", "[plateau.gpkg]", placement="method: streets")
check("method: streets leaves buildings aside and says so", unused[1] == streets[1] and "nobody is placed by them" in unused[0].stderr)
missing = run("missing", "", placement="method: buildings", ok=False)[0]
check("method: buildings without buildings is refused", missing.returncode == 2 and "placement.method" in missing.stderr, missing.stderr)

# Bad input: none of it ends the run, all of it is said.
bow = "POLYGON ((100 100, 120 120, 120 100, 100 120, 100 100))"  # two triangles of 100 m2
bad_rows = [(bow, ("1", "411", "1")), ("POLYGON ((130 100, 140 100, 150 100, 130 100))", ("2", "411", "1")),
            (wkt_of(box(700, 100, 710, 110)), ("3", "411", "-2")), (wkt_of(box(720, 100, 730, 110)), ("4", "411", "many")),
            (None, ("5", "411", "1")), ("LINESTRING (0 0, 5 5)", ("6", "411", "1")), ("POINT (1200 100)", ("7", "411", "1")),
            (wkt_of(box(200, 300, 210, 310)), ("8", "411", "2")), ("POLYGON EMPTY", ("9", "411", "1")),
            ("POLYGON ((NAN 0, 10 0, 10 10, NAN 0))", ("10", "411", "1")), ("POLYGON ((1e300 0, 10 0, 10 10, 1e300 0))", ("11", "411", "1"))]
layer_of(f"{work}/bad.gpkg", "GPKG", FIELDS, bad_rows)
_, found, issues, record = run("bad", "[bad.gpkg]")
check("bad buildings are said", {"invalid_polygon", "building_without_area", "storeys_bad", "geometry_missing", "wrong_geometry", "bad_geometry"} <= reasons(issues), reasons(issues))
# C01: the bow tie and a house of the same floor (2 x 100 m2), 110 + 790 m and 305 + 695 m from the venue
check("a bow tie counts with what it encloses", abs(float(found["C01"]["walk_m_mean"]) - 950) < 0.01, found["C01"])
check("a point counts, and the run goes on", found["C21"]["placement"] == "buildings" and found["C11"]["placement"] == "buildings"
      and found["C00"]["placement"] == "streets", {n: r["placement"] for n, r in found.items()})
layer_of(f"{work}/empty.gpkg", "GPKG", FIELDS, [])
_, found, issues, _ = run("empty", "[empty.gpkg]", more="gate: {empty_sources: false}\n")
check("an empty layer is said, and streets are used", "empty_source" in reasons(issues) and found == streets[1], reasons(issues))
layer_of(f"{work}/nothing.gpkg", "GPKG", ["name"], [(w, ("x",)) for w, _ in rows_of(houses)])
_, found, issues, _ = run("nothing", "[nothing.gpkg]")
check("no column of uses: all count, and it is said", "building_use_missing" in reasons(issues)
      and {r["placement"] for r in found.values()} == {"buildings"}, reasons(issues))
layer_of(f"{work}/shops.gpkg", "GPKG", FIELDS, [(w, (g, "402", s)) for w, (g, u, s) in rows_of(houses)])
_, found, issues, _ = run("shops", "[shops.gpkg]")
check("no homes at all: a warning", found == streets[1] and any(i["reason"] == "buildings_not_homes" and i["severity"] == "warning" for i in issues))

layer_of(f"{work}/far.gpkg", "GPKG", FIELDS, [(wkt_of([(x + 30000, y) for x, y in r]), (str(i), u, s)) for i, (r, u, s) in enumerate(houses)])
_, found, issues, _ = run("far", "[far.gpkg]")
check("buildings of another place are said", found == streets[1] and "buildings_elsewhere" in reasons(issues), reasons(issues))
near, found, issues, record = run("near", "[far.gpkg, plateau.gpkg]")
check("and are not read beside those that are near", found == again_town and
      [i.get("records_unneeded") for i in record["inputs"] if i["role"] == "buildings"] == [900, None], record["inputs"])

# Recognised by what they are.
os.makedirs(f"{work}/folder")
layer_of(f"{work}/folder/FG-GML-493027-BldA.shp", "ESRI Shapefile", ["fid", "orgGILvl", "type"],
         [(w, (str(i), "2500", "普通建物")) for i, (w, _) in enumerate(rows_of(houses))], ogr.wkbPolygon, options=["ENCODING=CP932"])
made = kayoi(binary, "check", f"{work}/folder/FG-GML-493027-BldA.shp", "--lang", "en")
check("kayoi check knows buildings of the GSI", made.returncode == 0 and ": buildings" in made.stdout, made.stdout + made.stderr)
shutil.copy(f"{work}/plateau.gpkg", f"{work}/folder/plateau.gpkg")
made = kayoi(binary, "init", f"{work}/project", "--from", f"{work}/folder", "--lang", "en")
with open(f"{work}/project/kayoi.yaml", encoding="utf-8") as file:
    text = file.read()
check("init offers several files of buildings", "# buildings:" in text and "plateau.gpkg" in text and "BldA.shp" in text, made.stderr)
os.remove(f"{work}/folder/plateau.gpkg")
made = kayoi(binary, "init", f"{work}/project1", "--from", f"{work}/folder", "--lang", "en")
with open(f"{work}/project1/kayoi.yaml", encoding="utf-8") as file:
    text = file.read()
check("init uses the only one", "\nbuildings:\n" in text and "BldA.shp" in text, made.stderr)

# A real extract: homes, unspecified and other buildings as osgeo counts them.
extract = os.path.join(os.path.dirname(root), "shared", "data", "osm", "liechtenstein-2013-08-03.osm.pbf")
if not os.path.exists(extract):
    skip("buildings of Liechtenstein", f"{extract} is not on this machine")
    done()
WIKI = {"apartments", "house", "detached", "residential", "terrace", "semidetached_house", "bungalow", "dormitory", "farm", "cabin"}
data = ogr.Open(extract)
for i in range(data.GetLayerCount()):
    if data.GetLayer(i).GetName() != "multipolygons":
        data.GetLayer(i).SetAttributeFilter("0 = 1")
uses, places = {}, []
for feature in data.GetLayerByName("multipolygons"):
    use = feature.GetField("building")
    if use is not None:
        uses[use] = uses.get(use, 0) + 1
        places.append((feature.GetGeometryRef().Centroid().GetPoint_2D(0), use))
west, south, east, north = 9.46, 47.04, 9.65, 47.28
make_place(f"{work}/li", west, south, east, north)
results = {}
for name, path in (("li", extract), ("bz2", extract.replace(".pbf", ".bz2"))):
    with open(f"{work}/li/{name}.yaml", "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: X}}
residents: [cells.geojson]
venues: [venues.geojson]
zones: zones.geojson
roads: ["{path}"]
buildings: ["{path}"]
outputs: {{dir: {name}, formats: [csv]}}
""")
    made = kayoi(binary, "run", f"{work}/li/{name}.yaml", "--lang", "en")
    if not check(f"Liechtenstein runs ({name})", made.returncode == 0, made.stderr[-1500:]):
        done()
    with open(f"{work}/li/{name}/run.json", encoding="utf-8") as file:
        counts = json.load(file)["counts"]
    with open(f"{work}/li/{name}/internal/cells.csv", encoding="utf-8-sig", newline="") as file:
        results[name] = {row["cell_id"]: row for row in csv.DictReader(file)}
    b = counts["buildings"]
    check(f"all {sum(uses.values())} buildings are read ({name})", b["read"] == sum(uses.values()), b)
    check(f"as many homes as osgeo counts: {sum(n for u, n in uses.items() if u in WIKI)} ({name})",
          b["homes"] == sum(n for u, n in uses.items() if u in WIKI), b)
    check(f"as many unspecified and other ones ({name})", b["unspecified"] + b["duplicates"] == uses["yes"]
          and b["not_homes"] == sum(n for u, n in uses.items() if u not in WIKI | {"yes"}), b)
check("the PBF and the bz2 place people alike", results["li"] == results["bz2"])
at = {}
for (x, y), use in places:
    if use in WIKI | {"yes"} and west < x < east and south < y < north:
        at.setdefault((int((x - west) / (east - west) * 4), int((y - south) / (north - south) * 4)), []).append(use)
placed = {name: row["placement"] for name, row in results["li"].items()}
check("cells with homes are placed by them, the others are not",
      all((placed[f"C{i}{j}"] == "buildings") == ((i, j) in at) for i in range(4) for j in range(4)), (placed, sorted(at)))
check("cells keep their people", all(float(row["pop_65"]) == 30 for row in results["li"].values()))
print(f"# {len(at)} of 16 cells by buildings, {counts['points']} points, {made.seconds:.2f} s in all")
done()
