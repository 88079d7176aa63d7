"""Walks in the sample town beside pgRouting's driving distance, with points on edges. Usage: routing.py KAYOI WORK_DIR

pgRouting gets the streets as they were written (both ways, cost_m) and the venues as points on edges (street, fraction), and
finds all that lies within 800 m of each; the venue's own leg to its street is added. The least over the venues has to be
kayoi's walk of the same nodes, and no other. Homes stand anywhere in the town: PostGIS finds their nearest street."""
import csv
import os
import random
import sys

from osgeo import ogr

from cluster import Cluster, has_extension

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import kayoi, root  # noqa: E402
from tap import check, done, skip  # noqa: E402

ogr.UseExceptions()
binary, work = sys.argv[1:3]
sample = os.path.join(root, "sample-data")
LIMIT_M, HOMES, HOME = 800, 2000, 1_000_000  # numbers of homes begin there; those of venues at 1
NODE_MM, HOME_MM = 1, 2                      # a home's own leg and its place on the street are whole millimetres

for extension in ("postgis", "pgrouting"):
    if not has_extension(extension):
        skip("walks beside pgRouting", f"{extension} is not installed; scripts/setup test installs it")
        done()
os.makedirs(work, exist_ok=True)


def write_homes():
    source = ogr.Open(os.path.join(sample, "zones.geojson"))
    west, east, south, north = source.GetLayer(0).GetExtent()
    dice = random.Random(20261121)
    with open(os.path.join(work, "homes.csv"), "w", encoding="utf-8") as file:
        file.write("cell_id,lon,lat,pop_total,pop_65\n")
        for n in range(HOMES):
            file.write(f"{HOME + n},{dice.uniform(west, east):.7f},{dice.uniform(south, north):.7f},1,1\n")


def run():
    config = os.path.join(work, "town.yaml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: 通井町}}
crs: EPSG:6670
residents: [{{path: homes.csv, crs: "EPSG:6668"}}]
venues:
  - {{path: "{sample}/venues.csv", crs: "EPSG:6668", lon: 経度, lat: 緯度,
     columns: {{id: "No", name: 名称, sessions_per_month: 月開催回数, status: ステータス}}}}
zones: {{path: "{sample}/zones.geojson", columns: {{id: 圏域コード, name: 圏域名}}}}
roads: ["{sample}/roads.osm"]
walk: {{bands_m: [{LIMIT_M}]}}
outputs: {{dir: town, formats: [csv, gpkg]}}
""")
    return kayoi(binary, "run", config, "--lang", "en")


def table(layer):
    with open(os.path.join(work, "town", "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def plane(layer, key):
    """WKT in the plane by a key."""
    source = ogr.Open(os.path.join(work, "town", "internal", "kayoi.gpkg"))
    return {str(f.GetField(key)): f.GetGeometryRef().ExportToWkt() for f in source.GetLayerByName(layer)}


def load(db, streets, venues, homes):
    db.sql("""create table streets (id bigint, source bigint, target bigint, cost float8, reverse_cost float8, shape text);
        create table points (pid bigint, edge_id bigint, fraction float8, side char default 'b', leg float8);
        create table homes (id bigint, shape text);""")
    lines, spots = plane("streets", "street_id"), plane("cells", "cell_id")
    db.copy("streets", "".join(f"{s['street_id']}\t{s['from_node']}\t{s['to_node']}\t{s['cost_m']}\t{s['cost_m']}\t{lines[s['street_id']]}\n"
                               for s in streets))
    db.copy("points(pid, edge_id, fraction, leg)", "".join(f"{n}\t{v['street_id']}\t{v['street_frac']}\t{v['snap_m']}\n"
                                                           for n, v in enumerate(venues, 1)))
    db.copy("homes", "".join(f"{h['cell_id']}\t{spots[h['cell_id']]}\n" for h in homes))
    # The nearest street within 200 m, on a part of the network with at least a kilometre of streets.
    db.sql("""alter table streets add geom geometry; alter table homes add geom geometry;
        update streets set geom = st_geomfromtext(shape); update homes set geom = st_geomfromtext(shape);
        create index on streets using gist (geom);
        create table parts as select * from pgr_connectedcomponents('select id, source, target, cost, reverse_cost from streets');
        create table large as select component from parts join streets on source = node group by component having sum(cost) >= 1000;
        insert into points(pid, edge_id, fraction, leg)
          select h.id, s.id, st_linelocatepoint(s.geom, h.geom), st_distance(s.geom, h.geom) from homes h cross join lateral (
            select x.id, x.geom from streets x join parts on node = x.source join large using (component)
            where st_dwithin(x.geom, h.geom, 200) order by st_distance(x.geom, h.geom), x.id limit 1) s;""")


def within(db, points):
    """{node or -point: least metres} of everything that pgRouting reaches from a venue."""
    rows = db.sql(f"""select node, min(agg_cost + leg)::text from pgr_withpointsdd('select id, source, target, cost, reverse_cost from streets',
        'select pid, edge_id, fraction, side from points where {points}', (select array_agg(-pid) from points where pid < {HOME}),
        {LIMIT_M}, directed := false, driving_side := 'b', details := true) d join points p on p.pid = -d.start_vid
        where agg_cost + leg <= {LIMIT_M} group by node""")
    return {int(node): float(metres) for node, metres in rows}


def compare(name, ours, theirs, tolerance_mm):
    """Both {id: metres} within the limit. One that is only in one of them must lie at the limit itself."""
    edge = LIMIT_M - tolerance_mm / 1000
    wrong = [f"{i}: kayoi {ours.get(i)}, pgRouting {theirs.get(i)}" for i in sorted(set(ours) | set(theirs))
             if (min(ours.get(i, LIMIT_M), theirs.get(i, LIMIT_M)) < edge if i not in ours or i not in theirs
                 else abs(ours[i] - theirs[i]) * 1000 > tolerance_mm + 1e-6)]
    worst = max((abs(ours[i] - theirs[i]) * 1000 for i in set(ours) & set(theirs)), default=0)
    print(f"# {name}: {len(theirs)} within {LIMIT_M} m, largest difference {worst:.3f} mm")
    check(f"{name}: {len(theirs)} within {LIMIT_M} m, each within {tolerance_mm} mm of pgRouting", len(theirs) > 100 and not wrong,
          f"{len(wrong)}: " + "; ".join(wrong[:5]))


write_homes()
made = run()
if not check("the town with homes as points runs", made.returncode == 0, made.stderr[-3000:]):
    done()
streets, homes = table("streets"), table("cells")
venues = [v for v in table("venues") if v["counts"] == "true"]
check("all venues stand inside edges", len(venues) > 20 and all(0 < float(v["street_frac"]) < 1 for v in venues), f"{len(venues)}")
with Cluster(["postgis", "pgrouting"]) as db:
    load(db, streets, venues, homes)
    nodes = {}
    for s in streets:
        for node, walk in ((s["from_node"], s["walk_m_from"]), (s["to_node"], s["walk_m_to"])):
            if walk and float(walk) <= LIMIT_M:
                nodes[int(node)] = float(walk)
    reached = within(db, f"pid < {HOME}")
    compare("nodes", nodes, {n: m for n, m in reached.items() if n > 0}, NODE_MM)
    # At the end of a street stands its node; pgRouting 3.4 loses the street when it gets a point with fraction 1 there.
    legs = {int(pid): (float(leg), int(node or -int(pid))) for pid, leg, node in db.sql(f"""select pid, leg::text,
        case fraction when 0 then source when 1 then target end from points join streets on streets.id = edge_id where pid >= {HOME}""")}
    reached = within(db, "fraction > 0 and fraction < 1")
    far = {pid: reached[node] + leg for pid, (leg, node) in legs.items() if node in reached}
    walks = {int(h["cell_id"]): float(h["walk_m_median"]) for h in homes if h["walk_m_median"]}
    compare("homes", {i: m for i, m in walks.items() if m <= LIMIT_M}, {i: m for i, m in far.items() if m <= LIMIT_M}, HOME_MM)
    inside = sum(node < 0 for _, node in legs.values())
    check("homes stand beside the insides of edges too", inside > len(legs) / 2, f"{inside} of {len(legs)}")
    lost = [h["cell_id"] for h in homes if (h["reach"] in ("covered", "beyond")) and int(h["cell_id"]) not in legs]
    check("PostGIS finds a street for every home that has one", not lost, ", ".join(lost[:5]))
done()
