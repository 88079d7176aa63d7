"""The rules of walking, each on a way of its own in an OpenStreetMap file. Usage: walk_rules.py KAYOI WORK_DIR

The same rules stand as a table in tests/unit/test_osm_walk.c; here they go through the file, GDAL and the network: each
way lies on a latitude of its own, by which it is found among the streets."""
import json
import os
import sys

from place import make_place, run_place
from tap import check, done

binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
RULES = [  # tags, walked, walked with ferries
    *[({"highway": h}, True, True) for h in
      """trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link unclassified residential
      living_street service track path footway pedestrian steps cycleway bridleway road corridor""".split()],
    *[({"highway": h}, False, False) for h in
      """motorway motorway_link construction proposed raceway busway bus_guideway platform elevator abandoned
      rest_area""".split()],
    ({"highway": "trunk", "motorroad": "yes"}, False, False),
    ({"highway": "trunk", "motorroad": "yes", "foot": "designated"}, True, True),
    ({"highway": "residential", "foot": "no"}, False, False),
    ({"highway": "residential", "foot": "private"}, False, False),
    ({"highway": "cycleway", "foot": "use_sidepath"}, False, False),
    ({"highway": "service", "access": "no"}, False, False),
    ({"highway": "service", "access": "private"}, False, False),
    ({"highway": "service", "access": "private", "foot": "permissive"}, True, True),
    ({"highway": "service", "access": "yes", "foot": "no"}, False, False),
    ({"highway": "motorway", "access": "yes"}, False, False),
    ({"highway": "construction", "foot": "yes"}, True, True),
    ({"highway": "bus_guideway", "foot": "yes"}, True, True),
    ({"highway": "corridor", "indoor": "yes"}, False, False),
    ({"highway": "corridor", "indoor": "yes", "foot": "yes"}, False, False),
    ({"highway": "footway", "indoor": "yes"}, True, True),
    ({"highway": "residential", "sidewalk": "no"}, True, True),
    ({"highway": "residential", "sidewalk": "separate"}, True, True),
    ({"highway": "residential", "sidewalk:both": "separate"}, True, True),
    ({"highway": "footway", "covered": "yes"}, True, True),
    ({"highway": "pedestrian", "tunnel": "building_passage"}, True, True),
    ({"highway": "footway", "bridge": "yes", "layer": "1"}, True, True),
    ({"route": "ferry"}, False, True),
    ({"route": "ferry", "foot": "no"}, False, False),
    ({"route": "bus"}, False, False),
    ({"railway": "rail"}, False, False),
    ({"highway": "pedestrian", "area": "yes"}, True, True),  # closed: GDAL makes a polygon of it
    ({"highway": "platform", "area": "yes"}, False, False),
    ({"highway": "footway", "area": "yes", "access": "no"}, False, False),
    ({"highway": "platform", "area": "yes", "foot": "yes"}, True, True),
]
west, south = 130.70, 32.80
nodes, ways = [], []
for number, (tags, _, _) in enumerate(RULES):
    lat, step = south + 0.0005 * number, 0.0001 + 0.00001 * number
    ring = [(west, lat), (west + step, lat)]
    if "area" in tags:
        ring += [(west + step, lat + 0.0001), (west, lat + 0.0001)]
    first = len(nodes) + 1
    nodes += ring
    refs = list(range(first, len(nodes) + 1)) + ([first] if "area" in tags else [])
    ways.append((number + 1, refs, tags))
with open(os.path.join(work, "rules.osm"), "w", encoding="utf-8") as file:
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
    for i, (lon, lat) in enumerate(nodes):
        file.write(f'<node id="{i + 1}" lon="{lon:.7f}" lat="{lat:.7f}"/>\n')
    for i, refs, tags in ways:
        file.write(f'<way id="{i}">' + "".join(f'<nd ref="{r}"/>' for r in refs) +
                   "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>\n")
    file.write("</osm>\n")
make_place(work, west - 0.01, south - 0.01, west + 0.01, south + 0.04)
for with_ferries in (False, True):
    name = f"ferries-{with_ferries}".lower()
    made, _ = run_place(binary, work, name, "[rules.osm]", f"walk: {{ferries: {str(with_ferries).lower()}}}")
    if not check(f"rules run, {name}", made.returncode == 0, made.stderr[-2000:]):
        continue

    with open(os.path.join(work, name, "internal", "streets.geojson"), encoding="utf-8") as file:
        streets = json.load(file)["features"]
    found = set()
    for street in streets:
        lats = [p[1] for p in street["geometry"]["coordinates"]]
        found.add(round((min(lats) - south) / 0.0005))
    for number, (tags, walked, with_ferry) in enumerate(RULES):
        expected = with_ferry if with_ferries else walked
        text = " ".join(f"{k}={v}" for k, v in tags.items())
        check(f"{text} is {'' if expected else 'not '}walked ({name})", (number in found) == expected)
done()
