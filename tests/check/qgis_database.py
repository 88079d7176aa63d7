"""The QGIS project over the database: QGIS opens its views as staff and as a portal, and QGIS Server answers with WMS and
WFS as the files of the run do. Usage: qgis_database.py KAYOI WORK_DIR"""
import csv
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree as xml

from osgeo import gdal

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "db"))
from published import login, migrate  # noqa: E402
from publishing import Cluster, Town, check, done, needs_postgis, skip  # noqa: E402

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
needs_postgis("QGIS over the database")
if importlib.util.find_spec("qgis") is None or shutil.which("qgis_mapserver") is None:
    skip("QGIS over the database", "qgis-server and python3-qgis are not installed; scripts/setup test installs them")
    done()
    sys.exit(0)

# In a process of its own: QGIS ends the interpreter badly beside others that use GDAL.
QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsProject
app = QgsApplication([], False)
app.initQgis()
project = QgsProject.instance()
found = {"opens": project.read(sys.argv[1]), "crs": project.crs().authid(), "layers": {}}
for node in project.layerTreeRoot().findLayers():
    layer = node.layer()
    if layer is None or not layer.isValid():
        found["layers"][node.layerId()] = None
        continue
    found["layers"][node.layerId()] = {"count": sum(1 for _ in layer.getFeatures()), "aliases": [
        f.name() for f in layer.fields() if f.name() not in ("gid", "municipality_code") and not f.alias()]}
print(json.dumps(found))
"""


def rows(folder, layer):
    with open(os.path.join(folder, layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, project, **query):
    text = urllib.parse.urlencode({"MAP": project, **query})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/?{text}", timeout=60) as answer:
        return answer.read()


def same(value, want):
    if isinstance(want, bool) or want is None or isinstance(want, str):
        return value == want
    return value is not None and abs(float(value) - want) <= 1e-9 * max(1, abs(want))


def open_project(town, folder, user):
    town.set_service("kayoi", user)
    made = subprocess.run(["/usr/bin/python3", "-c", QGIS, os.path.join(folder, "kayoi-postgis.qgs")], env=environment,
                          text=True, capture_output=True, timeout=180)
    return json.loads(made.stdout) if made.stdout.startswith("{") else {"error": made.stderr[-2000:]}


def check_project(town, what, folder, user):
    found = open_project(town, folder, user)
    if not check(f"{what}: the project opens", found.get("opens") and found["crs"] == "EPSG:6670", found):
        return
    prefix = "kayoi_layer_"
    missing = [name for name, layer in found["layers"].items() if layer is None]
    check(f"{what}: all {len(found['layers'])} layers are found in the database", not missing, f"{missing}")
    wrong = [f"{name}: {layer['count']}" for name, layer in found["layers"].items() if layer and
             os.path.exists(os.path.join(folder, name[len(prefix):] + ".csv")) and layer["count"] != len(rows(folder, name[len(prefix):]))]
    check(f"{what}: as many records as in the files", not wrong, f"{wrong}")
    bare = [f"{name}.{column}" for name, layer in found["layers"].items() if layer for column in layer["aliases"]]
    check(f"{what}: every column has its Japanese alias", not bare, f"{bare[:10]}")


with Cluster(extensions=["postgis"]) as db:
    migrate(binary, db)
    login(db, "night", "kayoi_writer")
    login(db, "staff", "kayoi_staff")
    login(db, "portal", "kayoi_reader")
    town = Town(binary, work, db)
    town.write("kayoi.yaml", "service: kayoi", lambda text: text.replace("- path: venues.csv", "- path: venues.csv\n    open: true", 1)
               + "\npublic: {layers: [gaps, mobility, sites]}\n")
    status, said = town.run("--public")
    if not check("the sample is published", status == 0, said[-2000:]):
        done()
        sys.exit(1)
    os.makedirs(os.path.join(work, "xdg"), mode=0o700)
    environment = {**town.environment(), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": os.path.join(work, "xdg")}
    internal, public = os.path.join(town.out, "internal"), os.path.join(town.out, "public")
    check_project(town, "staff", internal, "staff")
    check_project(town, "portal", public, "portal")
    for folder in (internal, public):
        with open(os.path.join(folder, "kayoi-postgis.qgs"), encoding="utf-8") as file:
            text = file.read()
        xml.fromstring(text)
        check(f"{os.path.basename(folder)}: no user stands in the project", "night" not in text and "user=" not in text and "password" not in text)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engine", "io", "qgis_postgis.c"), encoding="utf-8") as file:
        source = file.read()
    ours = set(re.findall(r'"([a-z_]+)"', source[source.index("reserved[]"):source.index("own[]")]))
    theirs = {r[0] for r in db.sql("select word from kayoi.reserved_word")}
    version = int(db.sql("show server_version_num")[0][0]) // 10000
    check("reserved words are the database's", ours == theirs or version != 15, f"{ours ^ theirs}")

    project = os.path.join(public, "kayoi-postgis.qgs")
    port = free_port()
    with open(os.path.join(work, "server.log"), "w") as log:
        server = subprocess.Popen(["qgis_mapserver", "-p", project, f"127.0.0.1:{port}"], stdout=log, stderr=log, env=environment)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        wrong, compared = [], 0
        for layer, key in (("zones", "zone_id"), ("venues", "venue_id"), ("gaps", "gap_id"), ("sites", "site_id"), ("resources", "resource_id")):
            answer = json.loads(ask(port, project, SERVICE="WFS", VERSION="1.1.0", REQUEST="GetFeature", TYPENAME=layer,
                                    OUTPUTFORMAT="application/vnd.geo+json"))
            with open(os.path.join(public, layer + ".geojson"), encoding="utf-8") as file:
                written = json.load(file)["features"]
            got = {(f["properties"][key], f["properties"].get("level")): f["properties"] for f in answer["features"]}
            if len(got) != len(written):
                wrong.append(f"{layer}: {len(got)} of {len(written)}")
            for feature in written:
                of = got.get((feature["properties"][key], feature["properties"].get("level")), {})
                for name, want in feature["properties"].items():
                    compared += 1
                    value = of.get(name, of.get(name + "_"))
                    if not same(value, want):
                        wrong.append(f"{layer}.{name}: {value!r} is not {want!r}")
        check(f"WFS answers with the {compared} values of the public files", compared > 500 and not wrong, f"{len(wrong)}: {wrong[:5]}")
        offered = ask(port, project, SERVICE="WMS", VERSION="1.3.0", REQUEST="GetCapabilities").decode()
        box = next(e for e in xml.fromstring(offered).iter("{http://www.opengis.net/wms}BoundingBox") if e.get("CRS") == "EPSG:6670")
        for layer, colour in (("zones,gaps,venues", (0xD5, 0x5E, 0x00)), ("venues", (0xD5, 0x5E, 0x00)), ("gaps", None)):
            image = ask(port, project, SERVICE="WMS", VERSION="1.3.0", REQUEST="GetMap", LAYERS=layer, STYLES="", WIDTH="700", HEIGHT="500",
                        CRS="EPSG:6670", FORMAT="image/png", BBOX=",".join(box.get(side) for side in ("minx", "miny", "maxx", "maxy")))
            path = os.path.join(work, f"wms-{layer.replace(',', '-')}.png")
            with open(path, "wb") as file:
                file.write(image)
            pixels = gdal.Open(path).ReadAsArray()[:3].reshape(3, -1).T
            drawn = (pixels != 255).any(axis=1).mean()
            check(f"WMS draws {layer}", drawn > 0.001 and (colour is None or (pixels == colour).all(axis=1).any()), f"{drawn}")
    finally:
        server.terminate()
        server.wait(20)
done()
