"""Zones out of files as they are published, beside PostGIS: school districts of KSJ, old and new, small areas joined by a
table, overlaps and gaps. Polygons are the wards of Kumamoto. Usage: zone_files.py KAYOI WORK_DIR"""
import csv
import json
import os
import re
import shutil
import sys
import zipfile

from osgeo import gdal, ogr, osr

from cluster import Cluster

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import kayoi, root  # noqa: E402
from tap import check, done, skip  # noqa: E402

gdal.UseExceptions()
binary, work = sys.argv[1:3]
source = os.path.join(os.path.dirname(root), "shared", "data", "kumamoto", "N03")
EPSG = 6670


def crs(code):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def wards():
    """(code, name, polygon in degrees) for each polygon of the eight files."""
    found = []
    for name in sorted(os.listdir(source)):
        with open(os.path.join(source, name), encoding="utf-8") as file:
            for feature in json.load(file)["features"]:
                found.append((name[:5], feature["properties"]["name"], ogr.CreateGeometryFromJson(json.dumps(feature["geometry"]))))
    return found


def write_shapefile(path, code, fields, records, to_plane=False):
    """Zip with a Shapefile in CP932 without .cpg, as KSJ and e-Stat publish them. records: values and polygon."""
    folder, name = os.path.dirname(path), os.path.basename(path)[:-4]
    data = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(os.path.join(folder, name + ".shp"))
    layer = data.CreateLayer(name, crs(code), ogr.wkbPolygon, ["ENCODING=CP932"])
    for field in fields:
        layer.CreateField(ogr.FieldDefn(field, ogr.OFTInteger if field in ("HCODE", "JINKO") else ogr.OFTString))
    for values, polygon in records:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in zip(fields, values):
            feature.SetField(field, value)
        feature.SetGeometry(polygon)
        layer.CreateFeature(feature)
    layer = data = None
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for end in ("shp", "shx", "dbf", "prj"):
            archive.write(os.path.join(folder, f"{name}.{end}"), f"{name}.{end}")
    for end in ("shp", "shx", "dbf", "prj", "cpg"):
        if os.path.exists(os.path.join(folder, f"{name}.{end}")):
            os.remove(os.path.join(folder, f"{name}.{end}"))


def write_layer(path, records):
    """GeoJSON in the plane: id and polygon."""
    features = [{"type": "Feature", "properties": {"zone_id": name}, "geometry": json.loads(g.ExportToJson(["COORDINATE_PRECISION=4"]))}
                for name, g in records]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)


def run(folder, zones, municipality="{name: 熊本市, code: 43100}"):
    """Runs with one person and one street. Zones {id: polygon in the plane} and issues; None when it fails."""
    with open(os.path.join(folder, "people.csv"), "w", encoding="utf-8") as file:
        file.write("cell_id,lon,lat,pop_total,pop_65\np,130.7067,32.8031,1,1\n")
    with open(os.path.join(folder, "roads.geojson"), "w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"residential"},'
                   '"geometry":{"type":"LineString","coordinates":[[130.7067,32.8031],[130.7077,32.8031]]}}]}')
    with open(os.path.join(folder, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write(f"municipality: {municipality}\ncrs: EPSG:{EPSG}\nresidents: [{{path: people.csv, crs: EPSG:6668}}]\nvenues: []\n"
                   f"zones: {zones}\nroads: [{{path: roads.geojson}}]\noutputs: {{formats: [csv, gpkg]}}\n")
    made = kayoi(binary, "run", os.path.join(folder, "kayoi.yaml"), "--out", os.path.join(folder, "out"), "--lang", "en")
    if made.returncode != 0:
        return None, made.stderr[-1500:]
    geopackages = [os.path.join(folder, "out", "internal", n) for n in os.listdir(os.path.join(folder, "out", "internal")) if n.endswith(".gpkg")]
    data = ogr.Open(geopackages[0])
    layer = data.GetLayerByName("zones")
    move = osr.CoordinateTransformation(layer.GetSpatialRef(), crs(EPSG))
    zones = {}
    for feature in layer:
        geometry = feature.GetGeometryRef()
        if feature.GetField("level") == "zone":
            geometry.Transform(move)
            zones[feature.GetField("zone_id")] = geometry.Clone()
    with open(os.path.join(folder, "out", "internal", "issues.csv"), encoding="utf-8-sig", newline="") as file:
        return zones, list(csv.DictReader(file))


def place(name):
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def load(db, table, records, degrees):
    """id and polygon into a table, in the plane, as PostGIS transforms it."""
    db.sql(f"drop table if exists {table}; create table {table} (id text, shape text, geom geometry)")
    db.copy(f"{table} (id, shape)", "".join(f"{name}\t{polygon.ExportToWkt()}\n" for name, polygon in records))
    text = f"st_transform(st_geomfromtext(shape, 6668), {EPSG})" if degrees else f"st_geomfromtext(shape, {EPSG})"
    db.sql(f"update {table} set geom = st_makevalid({text})")


def same_zones(db, name, zones, table):
    """kayoi's zones against the union per id by PostGIS: the area in one and not in the other."""
    load(db, "ours", zones.items(), False)
    rows = db.sql(f"""select coalesce(o.id, t.id), st_area(st_symdifference(coalesce(o.geom, 'POLYGON EMPTY'), coalesce(t.geom, 'POLYGON EMPTY')))
        from ours o full join (select id, st_union(geom) as geom from {table} group by id) t on o.id = t.id""")
    bad = [(i, a) for i, a in rows if float(a) > 1]
    check(f"{name}: {len(rows)} zones are the unions that ST_Union makes, within 1 m2", len(rows) > 0 and not bad, str(bad))


def districts(db, polygons):
    """A27 of 2021 and of 2016: each ward is a school; those of other municipalities stay out."""
    load(db, "schools", [(name, g) for code, name, g in polygons if code < "43200"], True)
    load(db, "codes", [("B1" + code, g) for code, name, g in polygons if code < "43200"], True)
    for name, epsg, fields, values, table in (
            ("A27-21_43", 6668, ("A27_001", "A27_002", "A27_003", "A27_004", "A27_005"), lambda c, n: (c, "熊本市立", "B1" + c, n, "熊本県"), "codes"),
            ("A27-16_43", 4612, ("A27_005", "A27_006", "A27_007", "A27_008"), lambda c, n: (c, "熊本市立", n, "熊本県"), "schools"),
            ("A32-16_43", 4612, ("A32_006", "A32_007", "A32_008", "A32_009", "A32_010"), lambda c, n: (c, "熊本市立", n, "x", ""), "schools"),
            ("A32-21_43", 6668, ("A32_001", "A32_002", "A32_003", "A32_004", "A32_005"), lambda c, n: (c, "熊本市立", "B1" + c, n, "x"), "codes")):
        folder = place(name)
        write_shapefile(os.path.join(folder, name + ".zip"), epsg, fields, [(values(c, n), g) for c, n, g in polygons])
        zones, issues = run(folder, f"{name}.zip")
        if not check(f"{name} runs without mapping", zones is not None, issues):
            continue
        same_zones(db, name, zones, table)
        out = [i["message"] for i in issues if i["reason"] == "zones_elsewhere"]
        others = sum(c > "43200" for c, _, _ in polygons)
        check(f"{name}: {others} records of other municipalities are counted", out == [f"{others} of {len(polygons)} records are of other municipalities than 43100"], str(out))


def small_areas(db, polygons):
    """Wards cut into small areas and joined again by a table."""
    folder, records, rows, size, left = place("r2ka43100"), [], [], 0.02, None
    number = 0
    for code, _, polygon in polygons:
        if code > "43200":
            continue
        west, east, south, north = polygon.GetEnvelope()
        for column in range(int(west / size), int(east / size) + 1):
            for line in range(int(south / size), int(north / size) + 1):
                x, y = column * size, line * size
                square = ogr.CreateGeometryFromWkt(f"POLYGON(({x} {y},{x + size} {y},{x + size} {y + size},{x} {y + size},{x} {y}))")
                piece = polygon.Intersection(square)
                parts = [piece] if piece.GetGeometryType() == ogr.wkbPolygon else [piece.GetGeometryRef(k) for k in range(piece.GetGeometryCount())]
                parts = [p.Clone() for p in parts if p.GetGeometryType() == ogr.wkbPolygon and not p.IsEmpty()]
                if not parts:
                    continue
                number += 1
                area = f"{code}{number:04d}"
                for part in parts:
                    records.append(((area, "熊本市", f"町{number}", 8101, 10), part))
                if left is None:
                    left = area  # has no zone
                else:
                    rows.append((area if number % 2 else f"町{number}", "圏" + code))
    records.append((("431010000", "熊本市", "水面", 8154, 0), ogr.CreateGeometryFromWkt("POLYGON((130.5 32.7,130.6 32.7,130.6 32.6,130.5 32.7))")))
    write_shapefile(os.path.join(folder, "r2ka43100.zip"), 6668, ("KEY_CODE", "CITY_NAME", "S_NAME", "HCODE", "JINKO"), records)
    with open(os.path.join(folder, "zones.csv"), "w", encoding="cp932", newline="") as file:
        csv.writer(file).writerows([("町丁字コード", "日常生活圏域")] + rows)
    zones, issues = run(folder, "{path: r2ka43100.zip, lookup: zones.csv}")
    if not check(f"{len(records)} records of {number} small areas run", zones is not None, issues):
        return
    load(db, "areas", [("圏" + v[0][:5], g) for v, g in records if v[3] == 8101 and v[0] != left], True)
    same_zones(db, "small areas", zones, "areas")
    said = [(i["record"], i["message"]) for i in issues if i["reason"] == "area_without_zone"]
    check("the area that the table leaves out is named with its people", len(said) == 1 and said[0][0] == left and "10" in said[0][1], str(said))


def number_in(issues, reason, pattern):
    """The sum of what the pattern finds in the messages."""
    return sum(float(re.search(pattern, i["message"]).group(1)) for i in issues if i["reason"] == reason)


def faults(db, polygons):
    """Two wards are moved by 3 m and 2 m: overlaps and slivers that nobody drew. Border and zones against ST_Intersection and ST_Difference."""
    folder = place("faults")
    move = osr.CoordinateTransformation(crs(6668), crs(EPSG))
    plane = []
    for code, _, polygon in polygons:
        if code > "43200":
            continue
        polygon = polygon.Clone()
        polygon.Transform(move)
        ring = polygon.GetGeometryRef(0)
        east, north = {"43101": (3, 1), "43105": (0, 2)}.get(code, (0, 0))
        for k in range(ring.GetPointCount()):
            ring.SetPoint_2D(k, ring.GetX(k) + east, ring.GetY(k) + north)
        plane.append((code, polygon))
    write_layer(os.path.join(folder, "zones.geojson"), plane)
    with open(os.path.join(folder, "zones.geojson"), encoding="utf-8") as file:  # the rounded ones
        plane = [(f["properties"]["zone_id"], ogr.CreateGeometryFromJson(json.dumps(f["geometry"]))) for f in json.load(file)["features"]]
    load(db, "moved", plane, False)
    load(db, "first", [(c, g) for c, n, g in polygons if c < "43200"], True)
    border = ogr.CreateGeometryFromWkt(db.sql("select st_astext(st_union(geom), 4) from first")[0][0])
    write_layer(os.path.join(folder, "border.geojson"), [("b", border)])
    load(db, "border", [("b", border)], False)
    zones, issues = run(folder, '{path: zones.geojson, crs: "EPSG:6670"}',
                        f'{{name: 熊本市, border: {{path: border.geojson, crs: "EPSG:{EPSG}"}}}}')
    if not check("moved wards run", zones is not None, issues):
        return
    db.sql("drop table if exists whole; create table whole as select id, st_union(geom) as geom from moved group by id")
    pairs = db.sql("""select a.id || ', ' || b.id, st_area(st_intersection(a.geom, b.geom)) from whole a join whole b
        on a.id < b.id and st_intersects(a.geom, b.geom) order by 1""")
    want = {pair: float(area) for pair, area in pairs if float(area) >= 1}
    have = {i["record"]: float(re.search(r"overlap by (\d+) m2", i["message"]).group(1)) for i in issues if i["reason"] == "zone_overlap"}
    check(f"overlaps of {len(want)} pairs, {sum(want.values()):.0f} m2, as ST_Intersection measures them",
          len(want) > 1 and want.keys() == have.keys() and all(abs(want[p] - have[p]) < 1 for p in want), f"{want} {have}")
    gap, over = (float(v) for v in db.sql("""select st_area(st_difference(b.geom, z.geom)), st_area(st_difference(z.geom, b.geom))
        from (select st_union(geom) as geom from border) b, (select st_union(geom) as geom from whole) z""")[0])
    all_slivers = re.search(r"of ([\d.]+) m2 in all", next(i["message"] for i in issues if i["reason"] == "zone_slivers")).group(1)
    ours = float(all_slivers) + number_in(issues, "zone_gap", r"([\d.]+) m2")
    check(f"gaps in the border, {gap:.0f} m2, as ST_Difference measures them", gap > 100 and abs(ours - gap) < 2, f"{ours} {gap}")
    beyond = number_in(issues, "zone_beyond_border", r"([\d.]+) m2 in all")
    check(f"zones over the border, {over:.0f} m2, as ST_Difference measures them", over > 100 and abs(beyond - over) < 2, f"{beyond} {over}")


def other_systems():
    """The sample's zones in other coordinate reference systems: every cell stays in its zone."""
    folder = place("systems")
    shutil.copytree(os.path.join(root, "sample-data"), os.path.join(folder, "in"))
    with open(os.path.join(folder, "in", "kayoi.yaml"), encoding="utf-8") as file:
        config = file.read()
    answers = {}
    for code in (6668, 6670, 2444, 3857, 4301):
        path = os.path.join(folder, "in", f"z{code}.gpkg")
        gdal.VectorTranslate(path, os.path.join(folder, "in", "zones.geojson"), format="GPKG", dstSRS=f"EPSG:{code}", srcSRS="EPSG:6668")
        with open(os.path.join(folder, "in", f"k{code}.yaml"), "w", encoding="utf-8") as file:
            file.write(config.replace("path: zones.geojson", f"path: z{code}.gpkg"))
        made = kayoi(binary, "run", os.path.join(folder, "in", f"k{code}.yaml"), "--out", os.path.join(folder, f"out{code}"), "--lang", "en")
        if not check(f"zones in EPSG:{code} run", made.returncode == 0, made.stderr[-800:]):
            continue
        with open(os.path.join(folder, f"out{code}", "internal", "cells.csv"), encoding="utf-8-sig", newline="") as file:
            answers[code] = [(row["cell_id"], row["zone_id"]) for row in csv.DictReader(file)]
    check("cells lie in the same zones whatever the zones' CRS", all(a == answers[6668] for a in answers.values()) and len(answers[6668]) > 50)


other_systems()
if os.path.isdir(source):
    with Cluster(["postgis"]) as cluster:
        found = wards()
        districts(cluster, found)
        small_areas(cluster, found)
        faults(cluster, found)
else:
    skip("files of zones against PostGIS", f"{source} is not there")
done()
