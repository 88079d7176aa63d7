"""Roads as they should not be: another CRS, heights and measures, lines without length, coordinates that are none, islands
only. Usage: odd_roads.py KAYOI WORK_DIR

The streets are those of the sample as a first run wrote them, so that a file which differs in nothing that matters has to
give the same bytes."""
import csv
import os
import sys

from osgeo import gdal, ogr, osr

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import different, kayoi, root  # noqa: E402
from tap import check, done  # noqa: E402

gdal.UseExceptions()
binary, work = sys.argv[1:3]
sample = os.path.join(root, "sample-data")
os.makedirs(work, exist_ok=True)
NAMES_INPUT = ("run.json", "issues.csv")


def run(name, roads):
    config = os.path.join(work, name + ".yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: 通井町}}
crs: EPSG:6670
residents: ["{sample}/tblT001141H4930.txt"]
venues:
  - {{path: "{sample}/venues.csv", crs: "EPSG:6668", lon: 経度, lat: 緯度, columns: {{id: "No", name: 名称}}}}
zones: {{path: "{sample}/zones.geojson", columns: {{id: 圏域コード, name: 圏域名}}}}
roads: ["{roads}"]
outputs: {{dir: {name}, formats: [csv, gpkg]}}
checks: {{max_bad_share: 1}}
""")
    return kayoi(binary, "run", config, "--lang", "en")


def table(name, layer):
    with open(os.path.join(work, name, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def system(code):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(code)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def write(name, lines, code=6670, kind=ogr.wkbLineString):
    """Lines are (class, geometry)."""
    path = os.path.join(work, name + ".gpkg")
    if os.path.exists(path):
        os.remove(path)
    made = gdal.GetDriverByName("GPKG").Create(path, 0, 0, 0, gdal.GDT_Unknown)
    layer = made.CreateLayer("roads", system(code), kind)
    layer.CreateField(ogr.FieldDefn("highway", ogr.OFTString))
    layer.StartTransaction()
    for highway, geometry in lines:
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("highway", highway)
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return path


def line(points):
    geometry = ogr.Geometry(ogr.wkbLineString)
    for x, y in points:
        geometry.AddPoint_2D(x, y)
    return geometry


def with_heights(geometry):
    made = ogr.Geometry(ogr.wkbLineStringZM)
    for n, (x, y) in enumerate(geometry.GetPoints(2)):
        made.AddPointZM(x, y, 100.0 + 7 * n, 1000.0 * n)
    return made


def moved(geometry, code):
    made = geometry.Clone()
    made.Transform(osr.CoordinateTransformation(system(6670), system(code)))
    return made


def alike(name, what):
    apart = [f for f in different(os.path.join(work, "plain"), os.path.join(work, name), NAMES_INPUT) if f.endswith(".csv")]
    check(f"{what}: the same bytes in every layer", not apart, ", ".join(apart))


first = run("first", os.path.join(sample, "roads.osm"))
if not check("the sample's roads run", first.returncode == 0, first.stderr[-2000:]):
    done()
opened = ogr.Open(os.path.join(work, "first", "internal", "kayoi.gpkg"))
STREETS = [(f.GetField("class"), f.GetGeometryRef().Clone()) for f in opened.GetLayerByName("streets")]
plain = run("plain", write("plain", STREETS))
check("streets as written run", plain.returncode == 0 and len(table("plain", "streets")) == len(STREETS), plain.stderr[-2000:])

made = run("heights", write("heights", [(c, with_heights(g)) for c, g in STREETS], kind=ogr.wkbLineStringZM))
check("lines with heights and measures run", made.returncode == 0, made.stderr[-2000:])
alike("heights", "lines with heights and measures")

for code in (6671, 3857, 4326):
    name = f"crs{code}"
    made = run(name, write(name, [(c, moved(g, code)) for c, g in STREETS], code))
    if check(f"roads in EPSG:{code} run", made.returncode == 0, made.stderr[-2000:]):
        pairs = list(zip(table("plain", "cells"), table(name, "cells")))
        far = [f"{a['cell_id']}: {a['walk_m_median']} and {b['walk_m_median']}" for a, b in pairs
               if (a["walk_m_median"] == "") != (b["walk_m_median"] == "")
               or a["walk_m_median"] and abs(float(a["walk_m_median"]) - float(b["walk_m_median"])) > 1]
        check(f"roads in EPSG:{code}: the same walks within a metre, rounded coordinates and all", len(pairs) > 100 and not far, "; ".join(far[:5]))

x, y = STREETS[0][1].GetPoint_2D(0)
ODD = [("residential", line([(x, y), (x, y)])), ("residential", line([(x, y), (x, y), (x, y)])),
       ("residential", line([(x, y), (float("nan"), y + 9)])), ("residential", line([(float("nan"), float("nan")), (x, y)])),
       ("residential", line([(x, y), (1e300, -1e300)])), ("residential", line([])), ("residential", line([(x + 3, y + 3)]))]
for place in (0, len(STREETS)):
    name = f"odd{place}"
    made = run(name, write(name, STREETS[:place] + ODD + STREETS[place:]))
    if check(f"odd lines from record {place} on run", made.returncode == 0, made.stderr[-2000:]):
        alike(name, f"odd lines from record {place} on")
        said = {i["record"]: i["reason"] for i in table(name, "issues") if i["source"].startswith("roads")}
        missing = [n for n in range(place + 1, place + 1 + len(ODD)) if not any(str(n) == r.split()[-1] for r in said)]
        check(f"odd lines from record {place} on: each is named", not missing, f"{missing} of {said}")

ISLANDS = [(c, line([(p[0] * 0.98 + q[0] * 0.02, p[1] * 0.98 + q[1] * 0.02), (p[0] * 0.02 + q[0] * 0.98, p[1] * 0.02 + q[1] * 0.98)]))
           for c, g in STREETS for p, q in [g.GetPoints(2)[:2]]]
made = run("islands", write("islands", ISLANDS))
if check("a network of islands only runs", made.returncode == 0, made.stderr[-2000:]):
    streets = table("islands", "streets")
    ends = [n for s in streets for n in (s["from_node"], s["to_node"])]
    zone = next(z for z in table("islands", "zones") if z["level"] == "municipality")
    check("a network of islands only: every street stands alone", len(ends) == len(set(ends)) and len(streets) > 1000, f"{len(streets)}")
    cut_off = float(zone["unreachable_65_disconnected"])
    check("a network of islands only: people are cut off, and none is lost", cut_off > 100 and abs(float(zone["pop_65"]) - sum(
        float(zone[k + "_65"]) for k in ("covered", "beyond", "unreachable", "unknown"))) < 0.0005, f"{zone}")
done()
