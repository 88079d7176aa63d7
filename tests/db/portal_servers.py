"""QGIS and MapServer read the views that are for portals; their answers beside the rows of the sample's files.
Usage: portal_servers.py KAYOI WORK_DIR"""
import json
import os
import shutil
import subprocess
import sys

from osgeo import gdal, ogr

from cluster import Cluster, has_extension
from published import login, migrate, publish
from sample_layers import sample_layers

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import kayoi, sample  # noqa: E402
from tap import check, done, skip  # noqa: E402

gdal.UseExceptions()
ogr.UseExceptions()
binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SHOWN = {"gaps": "gap_id", "venues": "venue_id", "streets": "street_id", "zones": "zone_id"}
MAPSERV = "/usr/bin/mapserv"

# In a process of its own: QGIS ends the interpreter badly when others use GDAL beside it.
QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsDataSourceUri, QgsFeatureRequest, QgsProviderRegistry, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
host, database, names = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
found = {}
tables = QgsProviderRegistry.instance().providerMetadata("postgres").createConnection(
    f"host={host} user=portal dbname={database}", {}).tables("kayoi_public")
for table in tables:
    if table.tableName() in names:
        found[table.tableName()] = {"first key": table.primaryKeyColumns()[0], "comment": table.comment(),
                                    "crs": [g.crs.authid() for g in table.geometryColumnTypes()]}
for name, key in names.items():
    uri = QgsDataSourceUri()
    uri.setConnection(host, "", database, "portal", "")
    uri.setDataSource("kayoi_public", name, "geom", "", "gid")
    layer = QgsVectorLayer(uri.uri(False), name, "postgres")
    ids = {f.id(): f for f in layer.getFeatures()}
    one = next(layer.getFeatures(QgsFeatureRequest(next(iter(ids)))))
    found[name].update({"valid": layer.isValid(), "ids": sorted(str(f[key]).replace("NULL", "None") for f in ids.values()), "keys": len(ids),
                        "again": one["gid"] == ids[one.id()]["gid"], "area": sum(max(f.geometry().area(), 0) for f in ids.values())})
print(json.dumps(found))
"""


def of_file(folder):
    package = ogr.Open(os.path.join(folder, "internal", "kayoi.gpkg"))
    return {name: [(str(f.GetField(key)), f.GetGeometryRef().Clone() if f.GetGeometryRef() is not None else None)
                   for f in package.GetLayer(name)] for name, key in SHOWN.items()}


def qgis(db, rows, srid):
    runtime = os.path.join(work, "qgis")
    os.makedirs(runtime, mode=0o700)
    environment = {**db.environment(), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": runtime, "HOME": runtime}
    made = subprocess.run(["/usr/bin/python3", "-c", QGIS, db.folder, db.database, json.dumps(SHOWN)], env=environment, text=True,
                          capture_output=True, timeout=120)
    if made.returncode != 0 and "No module named 'qgis'" in made.stderr:
        skip("QGIS reads the views", "python3-qgis is not installed")
        return
    found = json.loads(made.stdout.strip().splitlines()[-1]) if made.stdout.strip() else {}
    check("QGIS reads the views", made.returncode == 0 and set(found) == set(SHOWN), made.stderr)
    for name, got in found.items():
        check(f"QGIS: {name} has a key that it offers first, and a row by it",
              got["valid"] and got["first key"] == "gid" and got["keys"] == len(rows[name]) and got["again"], got)
        check(f"QGIS: {name} has its CRS and a comment", got["crs"] == [f"EPSG:{srid}"] and " / " in got["comment"], got)
        area = sum(g.Area() for _, g in rows[name] if g is not None and g.GetDimension() == 2)
        check(f"QGIS: rows and areas of {name} are the file's", got["ids"] == sorted(i for i, _ in rows[name])
              and abs(got["area"] - area) <= 1e-6 * (1 + area), (got["area"], area))


def map_file(db, srid, box):
    kinds = {"gaps": "POLYGON", "zones": "POLYGON", "venues": "POINT", "streets": "LINE"}
    layers = "".join(f"""
  LAYER
    NAME "{name}" TYPE {kinds[name]} STATUS ON
    CONNECTIONTYPE POSTGIS
    CONNECTION "host={db.folder} dbname={db.database} user=portal"
    DATA "geom FROM kayoi_public.{name} USING UNIQUE gid USING SRID={srid}"
    PROJECTION "init=epsg:{srid}" END
    METADATA "wfs_title" "{name}" "gml_include_items" "all" "gml_featureid" "gid" "wms_title" "{name}" "wms_enable_request" "*" END
    CLASS STYLE COLOR 255 0 0{" SYMBOL 'dot' SIZE 6" if kinds[name] == "POINT" else ""} WIDTH 4 END END
  END""" for name in SHOWN)
    return f"""MAP
  NAME "kayoi" SIZE 400 400 IMAGETYPE PNG IMAGECOLOR 255 255 255 EXTENT {box[0]} {box[2]} {box[1]} {box[3]}
  SYMBOL NAME "dot" TYPE ELLIPSE FILLED TRUE POINTS 1 1 END END
  PROJECTION "init=epsg:{srid}" END
  WEB METADATA "ows_enable_request" "*" "ows_srs" "EPSG:{srid} EPSG:4326" "ows_onlineresource" "http://localhost/" "ows_title" "kayoi" END END{layers}
END
"""


def ask(path, query):
    """The body of MapServer's answer."""
    environment = {"PATH": "/usr/bin:/bin", "REQUEST_METHOD": "GET", "QUERY_STRING": f"map={path}&{query}",
                   "MAPSERVER_CONFIG_FILE": os.path.join(work, "mapserver.conf"), "LC_ALL": "C.UTF-8"}
    made = subprocess.run([MAPSERV], env=environment, capture_output=True, timeout=120)
    head, _, body = made.stdout.partition(b"\r\n\r\n")
    return head, body


def mapserver(db, rows, srid):
    if not os.path.exists(MAPSERV):
        skip("MapServer reads the views", "cgi-mapserver is not installed")
        return
    boxes = [g.GetEnvelope() for _, g in rows["zones"] if g is not None]
    box = (min(b[0] for b in boxes), max(b[1] for b in boxes), min(b[2] for b in boxes), max(b[3] for b in boxes))
    path = os.path.join(work, "kayoi.map")
    with open(path, "w", encoding="utf-8") as file:
        file.write(map_file(db, srid, box))
    with open(os.path.join(work, "mapserver.conf"), "w", encoding="utf-8") as file:
        file.write('CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n')
    for name, key in SHOWN.items():
        _, body = ask(path, f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={name}")
        gml = os.path.join(work, name + ".gml")
        with open(gml, "wb") as file:
            file.write(body)
        try:
            layer = (source := gdal.OpenEx(gml, open_options=["SWAP_COORDINATES=AUTO"])).GetLayer(0)
            ids = sorted(str(f.GetField(key)) for f in layer)
            keys = {f.GetField("gml_id") for f in layer}
        except RuntimeError as problem:
            ids, keys, source = [str(problem), body[:300]], set(), None
        drawn = [i for i, g in rows[name] if g is not None]
        check(f"MapServer: WFS of {name} has the file's rows that have a shape, each with a key",
              ids in (sorted(drawn), sorted(i for i, _ in rows[name])) and len(keys) == len(ids), (len(ids), len(drawn), ids[:3]))
        del source
        head, body = ask(path, f"SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS={name}&STYLES=&SRS=EPSG:{srid}&WIDTH=200&HEIGHT=200&FORMAT=image/png"
                         f"&BBOX={box[0]},{box[2]},{box[1]},{box[3]}")
        red = 0
        if b"image/png" in head:
            gdal.FileFromMemBuffer("/vsimem/map.png", body)
            image = gdal.Open("/vsimem/map.png")
            picture = image.ReadAsArray() if image.RasterCount >= 3 else None
            table = image.GetRasterBand(1).GetColorTable()
            red = int(((picture[0] > 200) & (picture[1] < 60)).sum()) if picture is not None else sum(
                table.GetColorEntry(int(v))[0] > 200 and table.GetColorEntry(int(v))[1] < 60 for v in image.ReadAsArray().ravel())
        check(f"MapServer: WMS draws {name}", red > 30, (red, head, body[:200]))


if not has_extension("postgis"):
    skip("servers of portals", "PostGIS is not installed")
    done()
shutil.rmtree(work, ignore_errors=True)
made = kayoi(binary, "run", sample, "--out", os.path.join(work, "out"), "--lang", "en")
check("the sample runs", made.returncode == 0, made.stderr)
with Cluster(extensions=["postgis"]) as cluster:
    migrate(binary, cluster)
    login(cluster, "night", "kayoi_writer")
    login(cluster, "portal", "kayoi_reader")
    layers, crs = sample_layers(os.path.join(work, "out"), SHOWN)
    publish(cluster, "night", layers, srid=crs)
    file_rows = of_file(os.path.join(work, "out"))
    qgis(cluster, file_rows, crs)
    mapserver(cluster, file_rows, crs)
done()
