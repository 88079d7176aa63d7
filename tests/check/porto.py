"""The largest real network here is read and searched. Usage: porto.py KAYOI WORK_DIR

A small place is made around the town's centre: one zone, a few cells, one venue; what is looked at is the network."""
import json
import os
import sys

from runs import kayoi, root
from tap import check, done

binary, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
roads = os.path.join(os.path.dirname(root), "shared", "data", "osm", "porto_portugal.osm.pbf")


def square(lon, lat, half, **properties):
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring + ring[:1]]}}


def write(name, features):
    with open(os.path.join(work, name), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)


write("zones.geojson", [square(-8.61, 41.155, 0.02, id="Z", name="Centro")])
write("cells.geojson", [square(-8.625 + 0.005 * i, 41.14 + 0.005 * j, 0.0025, id=f"C{i}{j}", pop_total=100, pop_65=30)
                        for i in range(6) for j in range(6)])
write("venues.geojson", [{"type": "Feature", "properties": {"id": "V", "name": "Centro"},
                          "geometry": {"type": "Point", "coordinates": [-8.611, 41.15]}}])
config = os.path.join(work, "porto.yaml")
with open(config, "w", encoding="utf-8") as file:
    file.write(f"""municipality: {{name: Porto}}
residents: [cells.geojson]
venues: [venues.geojson]
zones: zones.geojson
roads: ["{roads}"]
outputs: {{dir: out, formats: [csv]}}
""")
made = kayoi(binary, "run", config, "--lang", "en")
if check("Porto runs", made.returncode == 0, made.stderr[-3000:]):
    with open(os.path.join(work, "out", "run.json"), encoding="utf-8") as file:
        run = json.load(file)
    print("# " + json.dumps(run["timings"], ensure_ascii=False))
    print(f"# {made.seconds:.2f} s in all")
    with open(os.path.join(work, "out", "internal", "streets.csv"), encoding="utf-8-sig") as file:
        lines = file.read().splitlines()
    head = lines[0].split(",")
    reached = sum(1 for line in lines[1:] if line.split(",")[head.index("walk_m_from")])
    rooms = {r["room"]: r["ms"] for r in run["timings"]["rooms_before_write"]}
    print(f"# network read and one distance field: {rooms['read'] + rooms['network'] + rooms['walk']:.0f} ms")
    check("tens of thousands of street edges", len(lines) > 40_000, f"{len(lines)}")
    check("nearly all of them are reached", reached > 0.95 * len(lines), f"{reached} of {len(lines)}")
done()
