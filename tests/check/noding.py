"""A real town whose lines no longer share vertices, joined again. Usage: noding.py KAYOI WORK_DIR

Streets of Porto are written with every vertex of every way moved on its own by up to 0.3 m. Read as they are they fall
apart; noded they are nearly the town again: components by scipy, and distances to one venue, against the unbroken ways."""
import json
import math
import os
import random
import sys

import numpy
from osgeo import gdal, ogr, osr
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from place import make_place, run_place
from runs import different, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
porto = os.path.join(os.path.dirname(root), "shared", "data", "osm", "porto_portugal.osm.pbf")
WALKED = "'residential','living_street','unclassified','primary','secondary','tertiary','trunk','footway','pedestrian','path','steps','track','service'"
BOX = (-8.64, 41.14, -8.58, 41.17)

with open(os.path.join(work, "osmconf.ini"), "w", encoding="utf-8") as file:
    file.write("[lines]\nosm_id=yes\nattributes=highway,bridge,tunnel,layer\nother_tags=no\n")
opened = gdal.OpenEx(porto, gdal.OF_VECTOR, open_options=["CONFIG_FILE=" + os.path.join(work, "osmconf.ini")])
layer = opened.GetLayerByName("lines")
layer.SetAttributeFilter(f"highway IN ({WALKED})")
layer.SetSpatialFilterRect(*BOX)
source, target = osr.SpatialReference(), osr.SpatialReference()
source.ImportFromEPSG(4326)
target.ImportFromEPSG(32629)
for system in (source, target):
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
transform = osr.CoordinateTransformation(source, target)
ways = []
for feature in layer:
    line = [p[:2] for p in transform.TransformPoints(feature.GetGeometryRef().GetPoints())]
    ways.append((line, {k: feature.GetField(k) for k in ("highway", "bridge", "tunnel", "layer")}))
print(f"# {len(ways)} ways, {sum(len(w[0]) for w in ways)} vertices")


def write(name, lines):
    path = os.path.join(work, name)
    if os.path.exists(path):
        os.unlink(path)
    made = gdal.GetDriverByName("GPKG").Create(path, 0, 0, 0, gdal.GDT_Unknown)
    out = made.CreateLayer("roads", target, ogr.wkbLineString)
    for key in ("highway", "bridge", "tunnel", "layer"):
        out.CreateField(ogr.FieldDefn(key, ogr.OFTString))
    out.StartTransaction()
    for line, tags in lines:
        feature = ogr.Feature(out.GetLayerDefn())
        for key, value in tags.items():
            if value is not None:
                feature.SetField(key, value)
        geometry = ogr.Geometry(ogr.wkbLineString)
        for x, y in line:
            geometry.AddPoint_2D(x, y)
        feature.SetGeometry(geometry)
        out.CreateFeature(feature)
    out.CommitTransaction()


def moved(point, dice):
    turn, far = dice.random() * 2 * math.pi, 0.3 * math.sqrt(dice.random())
    return point[0] + far * math.cos(turn), point[1] + far * math.sin(turn)


dice = random.Random(20261121)
broken = [([moved(p, dice) for p in line], tags) for line, tags in ways]
write("whole.gpkg", ways)
write("broken.gpkg", broken)
dice.shuffle(broken)
write("shuffled.gpkg", [(line[::-1] if i % 2 else line, tags) for i, (line, tags) in enumerate(broken)])
make_place(work, *BOX)


def run(name, roads, more=""):
    made, table = run_place(binary, work, name, f"[{roads}]", "crs: EPSG:32629\n" + more)
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-2000:]):
        done()
    streets = table("streets")
    ends = numpy.array([[int(s["from_node"]), int(s["to_node"])] for s in streets])
    n = ends.max() + 1
    used = numpy.unique(ends)
    _, label = connected_components(coo_matrix((numpy.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n)), directed=False)
    sizes = numpy.zeros(n)
    numpy.add.at(sizes, label[ends[:, 0]], [float(s["length_m"]) for s in streets])
    said = [i["message"] for i in table("issues") if i["reason"] == "streets_noded"]
    components = len(numpy.unique(label[used]))
    share = sizes.max() / sizes.sum()
    print(f"# {name}: {made.seconds:.2f} s, {len(used)} nodes, {len(streets)} streets, {components} components, the "
          f"largest has {share:.4f} of {sizes.sum():.0f} m; {said[0] if said else ''}")
    walks = {(c["cell_id"]): c["walk_m_median"] for c in table("cells")}
    return {"nodes": len(used), "components": components, "share": share, "length": sizes.sum(), "said": said,
            "walks": walks, "seconds": made.seconds}


def walk_differences(a, b):
    return [abs(float(a["walks"][c]) - float(b["walks"][c])) for c in a["walks"] if a["walks"][c] and b["walks"][c]]


whole = run("whole", "whole.gpkg")
apart = run("broken", "broken.gpkg")
check("broken ways fall apart", apart["components"] > 0.9 * len(ways), f"{apart['components']}")
ends_only = run("ends", "broken.gpkg", "noding: {tolerance_m: 0.7}")
noded = run("noded", "broken.gpkg", "noding: {tolerance_m: 0.7, crossings: true}")
check("what was done is said", len(noded["said"]) == 1 and f"{noded['components']} after" in noded["said"][0]
      and f"{apart['components']} before" in noded["said"][0], f"{noded['said']}")
# Two lines that only touch, each in the middle of its own, are not joined by ends nor by crossings: a few parts more.
check("components are nearly those of the town", abs(noded["components"] - whole["components"]) <= 0.08 * whole["components"],
      f"{noded['components']} and {whole['components']}")
check("the largest holds nearly as much", abs(noded["share"] - whole["share"]) < 0.01, f"{noded['share']} and {whole['share']}")
check("lengths stay those of the lines read", abs(noded["length"] / apart["length"] - 1) < 0.003, f"{noded['length']} and {apart['length']}")
check("nearly as many nodes", abs(noded["nodes"] / whole["nodes"] - 1) < 0.06, f"{noded['nodes']} and {whole['nodes']}")
check("ends alone join most", ends_only["components"] < 0.25 * apart["components"], f"{ends_only['components']}")
differences = walk_differences(noded, whole)
print(f"# walks of {len(differences)} cells differ by at most {max(differences):.2f} m")
check("walks are nearly the same", len(differences) > 8 and sorted(differences)[len(differences) // 2] < 5, f"{differences}")
shuffled = run("shuffled", "shuffled.gpkg", "noding: {tolerance_m: 0.7, crossings: true}")
layers = [f for f in different(os.path.join(work, "noded", "internal"), os.path.join(work, "shuffled", "internal"))
          if not f.startswith("issues")]
check("shuffled and reversed lines give the same bytes", not layers, f"{layers}")
done()
