"""Real OpenStreetMap files: the walking network against one made here from the XML, by the rules of walking as they are
written down. Usage: osm_roads.py KAYOI WORK_DIR"""
import gzip
import math
import os
import re
import sys
import xml.etree.ElementTree as xml

from osgeo import gdal, osr

from place import make_place, run_place, square, write_json
from runs import root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
data = os.path.join(os.path.dirname(root), "shared", "data", "osm")
WALKED = set("""trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link unclassified
residential living_street service track path footway pedestrian steps cycleway bridleway road corridor""".split())


def is_walked(tags):
    if tags.get("route") == "ferry" or "highway" not in tags:
        return False
    if tags["highway"] == "corridor" and tags.get("indoor") == "yes":
        return False
    known = WALKED | set("motorway motorway_link construction proposed raceway busway bus_guideway platform elevator abandoned".split())
    foot = tags.get("foot")
    if foot in ("yes", "designated", "permissive"):
        return True
    if foot in ("no", "private", "use_sidepath") or tags.get("access") in ("no", "private"):
        return False
    if tags["highway"].startswith("trunk") and tags.get("motorroad") == "yes":
        return False
    return tags["highway"] in WALKED and tags["highway"] in known


def network_of(path, epsg):
    """Nodes, edges, components and metres, by node ids; positions only for lengths."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        tree = xml.parse(file).getroot()
    target = osr.SpatialReference()
    target.ImportFromEPSG(epsg)
    source = osr.SpatialReference()
    source.ImportFromEPSG(4326)
    for system in (source, target):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    transform = osr.CoordinateTransformation(source, target)
    ids = [n.get("id") for n in tree.iter("node")]
    places = transform.TransformPoints([(float(n.get("lon")), float(n.get("lat"))) for n in tree.iter("node")])
    place = {i: (round(p[0], 3), round(p[1], 3)) for i, p in zip(ids, places)}
    ways, closed, missing = [], 0, 0
    for way in tree.iter("way"):
        tags = {t.get("k"): t.get("v") for t in way.iter("tag")}
        refs = [n.get("ref") for n in way.iter("nd")]
        here = [r for r in refs if r in place]
        if "highway" not in tags and tags.get("route") != "ferry":
            continue
        missing += len(here) < len(refs)
        if len(here) < 2:
            continue
        if is_walked(tags):
            ways.append([r for k, r in enumerate(here) if k == 0 or r != here[k - 1]])
        else:
            closed += 1
    uses = {}
    for way in ways:
        for k, ref in enumerate(way):
            uses[ref] = uses.get(ref, 0) + (2 if k in (0, len(way) - 1) else 1)
    nodes = {ref for ref, n in uses.items() if n > 1}
    edges, parent = {}, {ref: ref for ref in nodes} # a street that is there twice, or there and back, is one

    def root_of(ref):
        while parent[ref] != ref:
            parent[ref] = parent[parent[ref]]
            ref = parent[ref]
        return ref
    for way in ways:
        start = 0
        for k in range(1, len(way)):
            if way[k] in nodes:
                line = tuple(way[start:k + 1])
                edges[min(line, line[::-1])] = sum(math.dist(place[a], place[b]) for a, b in zip(line, line[1:]))
                parent[root_of(way[start])] = root_of(way[k])
                start = k
    return len(ways), closed, missing, len(nodes), list(edges.values()), len({root_of(ref) for ref in nodes})


def compare(name, file, epsg, box):
    path = os.path.join(data, file)
    folder = os.path.join(work, name)
    make_place(folder, *box)
    ways, closed, missing, nodes, edges, components = network_of(path, epsg)
    made, table = run_place(binary, folder, "out", f'["{path}"]', f"crs: EPSG:{epsg}")
    if not check(f"{name} runs", made.returncode == 0, made.stderr[-2000:]):
        return
    streets = table("streets")
    issues = {i["reason"]: i["message"] for i in table("issues")}
    ends = {s[k] for s in streets for k in ("from_node", "to_node")}
    length = sum(float(s["length_m"]) for s in streets)
    print(f"# {name}: {ways} walked ways, {closed} closed, {nodes} nodes, {len(edges)} edges, {components} components, {sum(edges):.1f} m")
    check(f"{name}: as many nodes", len(ends) == nodes, f"{len(ends)} is not {nodes}")
    check(f"{name}: as many streets", len(streets) == len(edges), f"{len(streets)} is not {len(edges)}")
    check(f"{name}: as many metres", abs(length - sum(edges)) <= 0.001 * len(edges) + 0.001, f"{length} is not {sum(edges)}")
    said = issues.get("not_walkable", f"0 of {ways + closed} ways")
    check(f"{name}: what is not walked is counted", said.startswith(f"{closed} of {ways + closed} ways"), said)
    check(f"{name}: ways with missing nodes are counted", issues.get("osm_missing_nodes", "0 ways").startswith(f"{missing} ways"),
          f"{missing}: {issues.get('osm_missing_nodes')}")
    parent = {}

    def root_of(node):
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node
    for s in streets:
        parent[root_of(s["from_node"])] = root_of(s["to_node"])
    found = len({root_of(node) for node in ends})
    check(f"{name}: as many components", found == components, f"{found} is not {components}")


compare("aberdeen", "graphhopper_map-sidewalk-no.osm.gz", 32630, (-2.1028, 57.1475, -2.0930, 57.1549))
compare("tsukuba", "tsukuba-jp_tsukuba.osm", 6677, (140.05, 36.05, 140.15, 36.25))


# Fiji, unsorted and on both sides of 180 degrees: as many ways as GDAL's own reading without kayoi's settings finds.
fiji = os.path.join(data, "fiji-ferry.pbf")
opened = gdal.OpenEx(fiji, gdal.OF_VECTOR, open_options=["USE_CUSTOM_INDEXING=NO"])
ways, closed, sides = 0, 0, set()
while True:
    feature, layer = opened.GetNextFeature()
    if feature is None:
        break
    if layer.GetName() != "lines":
        continue
    other = dict(re.findall(r'"([^"]+)"=>"([^"]*)"', feature.GetField("other_tags") or ""))
    if feature.GetField("highway") is None and other.get("route") != "ferry":
        continue
    ways += 1
    closed += not is_walked({**other, **({"highway": feature.GetField("highway")} if feature.GetField("highway") else {})})
    sides.add(feature.GetGeometryRef().GetX(0) > 0)
folder = os.path.join(work, "fiji")
make_place(folder, 177.0, -18.5, 178.5, -17.0)
made, table = run_place(binary, folder, "out", f'["{fiji}"]', "crs: EPSG:3460")
if check("Fiji runs", made.returncode == 0, made.stderr[-2000:]):
    issues = {i["reason"]: i["message"] for i in table("issues")}
    print(f"# fiji: {ways} ways, {closed} closed, sides of the antimeridian: {len(sides)}")
    check("Fiji: unsorted, and said", "osm_unsorted" in issues, f"{issues}")
    said = issues.get("not_walkable", f"0 of {ways} ways")
    check("Fiji: no way is lost", said.startswith(f"{closed} of {ways} ways"), said)

# A town on both sides of 180 degrees: a cell west of the line is near the venue east of it, and nobody is lost.
folder = os.path.join(work, "line")
middle = -16.79
os.makedirs(folder, exist_ok=True)
write_json(os.path.join(folder, "zones.geojson"), [square(179.95, middle, 0.05, 0.06, id="W", name="W"),
                                                   square(-179.9, middle, 0.1, 0.06, id="E", name="E")])
write_json(os.path.join(folder, "cells.geojson"),
           [square(179.995, middle, 0.005, 0.005, id="CW", pop_total=100, pop_65=30)] +
           [square(-179.995 + 0.01 * i, middle - 0.02 + 0.01 * j, 0.005, 0.005, id=f"C{i:02}{j}", pop_total=100, pop_65=30)
            for i in range(18) for j in range(5)])
write_json(os.path.join(folder, "venues.geojson"), [{"type": "Feature", "properties": {"id": "V", "name": "V"},
                                                     "geometry": {"type": "Point", "coordinates": [-179.999705, -16.7932456]}}])
for crs in ("crs: EPSG:3460", ""):
    made, table = run_place(binary, folder, "out" + crs[-4:], f'["{fiji}"]', crs)
    name = f"on both sides of 180 degrees, {crs or 'crs chosen'}"
    if check(f"{name}: runs", made.returncode == 0, made.stderr[-2000:]):
        cells = {c["cell_id"]: c for c in table("cells")}
        zones = {z["zone_id"] or z["level"]: z for z in table("zones")}
        check(f"{name}: the line is no distance", float(cells["CW"]["straight_m"]) < 700, cells["CW"]["straight_m"])
        check(f"{name}: homes walk to the venue", sum(c["walk_m_median"] != "" for c in cells.values()) >= 2)
        people = [float(zones[z]["pop_65"]) for z in ("W", "E", "municipality")]
        check(f"{name}: nobody is lost", people == [30, 2700, 2730], f"{people}")

# Two ways; one of them names five nodes of which the file has four.
folder = os.path.join(work, "missing")
make_place(folder, 12.23, 54.08, 12.27, 54.10)
made, table = run_place(binary, folder, "out", f'["{os.path.join(data, "missing-nodes.pbf")}"]')
if check("missing nodes run", made.returncode == 0, made.stderr[-2000:]):
    said = [i["message"] for i in table("issues") if i["reason"] == "osm_missing_nodes"]
    check("the way with a missing node is named", len(said) == 1 and "26659127" in said[0], f"{said}")
done()
