"""One network, whatever it comes from and in whatever order. Usage: same_network.py KAYOI WORK_DIR

The PBF and the bz2 of Liechtenstein; Ube and Porto with roads, cells and venues shuffled, lines turned round and each
layer cut in two files; networks kept from an earlier run; lines that are joined first; 1 and 2 threads. Every layer has the
same bytes but the issues, which name files and rows of the input."""
import os
import random
import sys

from osgeo import gdal, ogr

from geometry import lines_of
from place import make_place, square, write_json
from runs import different, kayoi, root
from tap import check, done, skip

gdal.UseExceptions()
binary, work = sys.argv[1:3]
data = os.path.join(os.path.dirname(root), "shared", "data")
KEYS = ("highway", "bridge", "tunnel", "layer")
NAMES_INPUT = ("run.json", "issues.csv", "issues.geojson")


def run(folder, name, roads, parts=("",), threads=2, more=""):
    """Runs kayoi; parts are the endings of the files of cells and venues. The text that it says; the outputs lie in folder/name."""
    config = os.path.join(folder, name + ".yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: X}}
residents: [{", ".join(f"cells{part}.geojson" for part in parts)}]
venues: [{", ".join(f"venues{part}.geojson" for part in parts)}]
zones: zones.geojson
roads: [{", ".join(f'"{path}"' for path in roads)}]
walk: {{bands_m: [300, 500, 800]}}
outputs: {{dir: {name}, formats: [csv, geojson]}}
{more}
""")
    made = kayoi(binary, "run", config, "--lang", "en", "--threads", str(threads))
    check(f"{folder} {name} runs", made.returncode == 0, made.stderr[-2000:])
    return made.stdout + made.stderr


def same(folder, what, a, b):
    apart = different(os.path.join(folder, a), os.path.join(folder, b), NAMES_INPUT)
    check(f"{os.path.basename(folder)}: {what}: the same bytes in every layer", not apart, ", ".join(apart))


def ways_of(path, layer):
    """(points in degrees, tags) of the lines with a highway."""
    with open(os.path.join(work, "osmconf.ini"), "w", encoding="utf-8") as file:
        file.write(f"[lines]\nosm_id=yes\nattributes={','.join(KEYS)}\nother_tags=no\n")
    opened = gdal.OpenEx(path, gdal.OF_VECTOR, open_options=["CONFIG_FILE=" + file.name] if layer else [])
    lines = opened.GetLayerByName(layer) if layer else opened.GetLayer(0)
    known = [lines.GetLayerDefn().GetFieldDefn(k).GetName() for k in range(lines.GetLayerDefn().GetFieldCount())]
    lines.SetAttributeFilter("highway IS NOT NULL")
    ways = []
    for feature in lines:
        tags = {k: feature.GetField(k) for k in KEYS if k in known and feature.GetField(k) is not None}
        ways += [(line, tags) for line in lines_of(feature.GetGeometryRef())]
    return ways, lines.GetSpatialRef().Clone()


def write_ways(path, ways, crs):
    made = gdal.GetDriverByName("GPKG").Create(path, 0, 0, 0, gdal.GDT_Unknown)
    layer = made.CreateLayer("roads", crs, ogr.wkbLineString)
    for key in KEYS:
        layer.CreateField(ogr.FieldDefn(key, ogr.OFTString))
    layer.StartTransaction()
    for line, tags in ways:
        feature = ogr.Feature(layer.GetLayerDefn())
        for key, value in tags.items():
            feature.SetField(key, value)
        geometry = ogr.Geometry(ogr.wkbLineString)
        for x, y in line:
            geometry.AddPoint_2D(x, y)
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def write_people(folder, box, ways, dice):
    """Cells and venues of the box, in one file and, shuffled, in two."""
    west, south, east, north = box
    count = 12
    half_lon, half_lat = (east - west) / count / 2, (north - south) / count / 2
    cells = [square(west + (2 * i + 1) * half_lon, south + (2 * j + 1) * half_lat, half_lon, half_lat, id=f"C{i:02}{j:02}",
                    pop_total=100 + i, pop_65=30 + j) for i in range(count) for j in range(count)]
    here = [p for line, _ in ways for p in line if west < p[0] < east and south < p[1] < north]
    venues = [{"type": "Feature", "properties": {"id": f"V{n:02}", "name": f"V{n:02}"},
               "geometry": {"type": "Point", "coordinates": [round(p[0] + dice.uniform(-2e-4, 2e-4), 7), round(p[1], 7)]}}
              for n, p in enumerate(dice.sample(here, 60))]
    write_json(os.path.join(folder, "zones.geojson"),
               [square((west + east) / 2, south + (2 * k + 1) * (north - south) / 4, (east - west) / 2, (north - south) / 4,
                       id=f"Z{k}", name=f"Z{k}") for k in range(2)])
    for name, features in (("cells", cells), ("venues", venues)):
        write_json(os.path.join(folder, name + ".geojson"), features)
        mixed = dice.sample(features, len(features))
        write_json(os.path.join(folder, name + "1.geojson"), mixed[:len(mixed) // 3])
        write_json(os.path.join(folder, name + "2.geojson"), mixed[len(mixed) // 3:])


def town(name, path, layer, box, crs):
    folder = os.path.join(work, name)
    os.makedirs(folder)
    dice = random.Random(20261121)
    ways, system = ways_of(path, layer)
    write_people(folder, box, ways, dice)
    mixed = [(line[::-1] if dice.random() < 0.5 else line, tags) for line, tags in dice.sample(ways, len(ways))]
    half = len(mixed) // 2
    for file, part in (("whole", ways), ("half1", mixed[:half]), ("half2", mixed[half:])):
        write_ways(os.path.join(folder, file + ".gpkg"), part, system)
    two, parts = ["half1.gpkg", "half2.gpkg"], ("1", "2")
    run(folder, "plain", ["whole.gpkg"], more=crs)
    run(folder, "one", ["whole.gpkg"], threads=1, more=crs)
    same(folder, "1 and 2 threads", "plain", "one")
    run(folder, "mixed", two, parts, more=crs)
    same(folder, "shuffled, turned round and in two files", "plain", "mixed")
    kept = crs + "\ncache: networks"
    run(folder, "keeps", ["whole.gpkg"], more=kept)
    said = run(folder, "kept", ["whole.gpkg"], threads=1, more=kept)
    check(f"{name}: the kept network is used", "the network from" in said, said)
    same(folder, "the run that keeps its network", "plain", "keeps")
    same(folder, "from the kept network, on 1 thread", "plain", "kept")
    run(folder, "keeps_mixed", two, parts, more=kept)
    said = run(folder, "kept_mixed", two, parts, more=kept)
    check(f"{name}: the kept network of two files is used", "the network from" in said, said)
    same(folder, "from the kept network of the shuffled files", "plain", "kept_mixed")
    return folder, ways, system, dice


def joined_lines(folder, ways, system, dice, crs):
    """Every vertex of every way moves by up to 0.2 m on its own, so that nothing meets until it is joined."""
    def moved(p):
        return p[0] + dice.uniform(-2e-6, 2e-6), p[1] + dice.uniform(-1.5e-6, 1.5e-6)
    broken = [([moved(p) for p in line], tags) for line, tags in ways]
    mixed = [(line[::-1] if dice.random() < 0.5 else line, tags) for line, tags in dice.sample(broken, len(broken))]
    for file, part in (("broken", broken), ("broken1", mixed[::2]), ("broken2", mixed[1::2])):
        write_ways(os.path.join(folder, file + ".gpkg"), part, system)
    more = crs + "\nnoding: {tolerance_m: 0.6, crossings: true}"
    run(folder, "joined", ["broken.gpkg"], more=more)
    run(folder, "joined_mixed", ["broken1.gpkg", "broken2.gpkg"], ("1", "2"), threads=1, more=more)
    same(folder, "joined lines, shuffled, in two files, on 1 thread", "joined", "joined_mixed")
    run(folder, "joined_keeps", ["broken.gpkg"], threads=1, more=more + "\ncache: networks")
    said = run(folder, "joined_kept", ["broken.gpkg"], more=more + "\ncache: networks")
    check(f"{os.path.basename(folder)}: the kept network of joined lines is used", "the network from" in said, said)
    same(folder, "joined lines from the kept network", "joined", "joined_kept")
    check(f"{os.path.basename(folder)}: joining changes the network", bool(different(os.path.join(folder, "plain"),
                                                                                     os.path.join(folder, "joined"), NAMES_INPUT)))


def two_formats(osm):
    folder = os.path.join(work, "liechtenstein")
    make_place(folder, 9.515, 47.13, 9.53, 47.145)
    for kind in ("pbf", "bz2"):
        run(folder, kind, [f"{osm}/liechtenstein-2013-08-03.osm.{kind}"])
    same(folder, "PBF and bz2", "pbf", "bz2")


os.makedirs(work, exist_ok=True)
ube, osm = os.path.join(data, "ube", "ube_roads.zip"), os.path.join(data, "osm")
if os.path.exists(ube):
    made = town("ube", "/vsizip/" + ube, None, (131.22, 33.93, 131.28, 33.98), "crs: EPSG:6671")
    joined_lines(*made, "crs: EPSG:6671")
else:
    skip("Ube in another order", f"{ube} is not there")
if os.path.isdir(osm):
    town("porto", f"{osm}/porto_portugal.osm.pbf", "lines", (-8.64, 41.14, -8.58, 41.17), "crs: EPSG:32629")
    two_formats(osm)
else:
    skip("Porto in another order, Liechtenstein in two formats", f"{osm} is not there")
done()
