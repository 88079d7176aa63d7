"""QGIS opens what a run writes for it: styles and aliases from the GeoPackage by themselves, the project, QML and SLD.

Usage: qgis_opens.py KAYOI WORK_DIR (Debian's python3-qgis; pictures stay in WORK_DIR)"""
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

from runs import kayoi, root
from tap import check, done, skip

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
if importlib.util.find_spec("qgis") is None:
    skip("QGIS", "python3-qgis is not installed; scripts/setup test installs it")
    done()
shutil.rmtree(work, ignore_errors=True)
os.makedirs(os.path.join(work, "xdg"), mode=0o700)
os.environ.update(QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=os.path.join(work, "xdg"),
                  QGIS_CUSTOM_CONFIG_PATH=os.path.join(work, "profile"), HOME=work)
from qgis.core import (QgsApplication, QgsExpressionContext, QgsExpressionContextUtils, QgsExpression, QgsMapRendererParallelJob,
                       QgsMapSettings, QgsProject, QgsVectorLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

NAME = "通井<b>&\"'町"
town = os.path.join(work, "town")
shutil.copytree(os.path.join(root, "sample-data"), town)
with open(os.path.join(town, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()
with open(os.path.join(town, "kayoi.yaml"), "w", encoding="utf-8") as file:
    file.write(config.replace("name: 通井町", "name: '" + NAME.replace("'", "''") + "'"))
out = os.path.join(work, "out")
made = kayoi(binary, "run", os.path.join(town, "kayoi.yaml"), "--out", out, "--lang", "en")
if not check("the sample", made.returncode == 0, made.stderr[-2000:]):
    done()
folder = os.path.join(work, "moved")
shutil.move(os.path.join(out, "internal"), folder)  # the project must not mind

QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()


def rows_of(layer):
    with open(os.path.join(folder, layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def leaves(renderer):
    return renderer.rootRule().children()


def classes_of(layer):
    """How many records are in 0, 1, 2 ... classes of the layer's own style."""
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    filters = [QgsExpression(rule.filterExpression()) if rule.filterExpression() else None for rule in leaves(layer.renderer())]
    counts = {}
    for feature in layer.getFeatures():
        context.setFeature(feature)
        found = sum(1 for f in filters if f is None or f.evaluate(context) in (True, 1))
        key = found if feature.hasGeometry() else "no shape"
        counts[key] = counts.get(key, 0) + 1
    return counts, [f.parserErrorString() for f in filters if f is not None and f.hasParserError()]


# Layers as QGIS opens them from the GeoPackage, with nothing but their names.
with open(os.path.join(folder, "styles", "cells.qml"), encoding="utf-8") as file:
    styles = sorted(os.listdir(os.path.join(folder, "styles")))
layers = [name[:-4] for name in styles if name.endswith(".qml")]
japanese = re.compile("[ぁ-んァ-ン一-龥〜]")
no_alias, no_style, doubtful = [], [], []
DRAWN = {"cells", "streets", "venues", "gaps", "sites", "mobility", "stops", "resources", "zones", "issues", "cell_sensitivity",
         "year_gaps"}
for name in layers:
    layer = QgsVectorLayer(os.path.join(folder, "kayoi.gpkg") + "|layername=" + name, name, "ogr")
    no_alias += [f"{name}.{f.name()}" for f in layer.fields() if f.name() != "fid" and not japanese.search(f.alias())]
    if not layer.isSpatial():
        continue
    if layer.renderer().type() != "RuleRenderer" or not all(japanese.search(rule.label()) for rule in leaves(layer.renderer())):
        no_style.append(f"{name}: {layer.renderer().type()} {[rule.label() for rule in leaves(layer.renderer())]}")
        continue
    counts, errors = classes_of(layer)
    if errors or set(counts) - {0, 1, "no shape"} or (name in DRAWN and 0 in counts):
        doubtful.append(f"{name}: {counts} {errors}")
check(f"{len(layers)} layers: every column has its Japanese alias", layers and not no_alias, f"{no_alias[:8]}")
check("every layer has its style, in Japanese words", not no_style, f"{no_style}")
check("every record is drawn, in one class", not doubtful, f"{doubtful}")
cells = QgsVectorLayer(os.path.join(folder, "kayoi.gpkg") + "|layername=cells", "cells", "ogr")
reach = cells.fields().lookupField("reach")
check("the alias is that of the table", cells.attributeAlias(reach) == "徒歩圏の判定", cells.attributeAlias(reach))
widget = cells.editorWidgetSetup(reach)
words = {code: word for pair in widget.config().get("map", []) for word, code in pair.items()}
check("codes read as words in the table", widget.type() == "ValueMap" and words.get("covered") == "徒歩圏内", f"{words}")

# QML and SLD files.
wrong = []
for name in styles:
    tree = xml.parse(os.path.join(folder, "styles", name))
    layer = QgsVectorLayer(os.path.join(folder, "kayoi.gpkg") + "|layername=" + name[:-4], "x", "ogr")
    layer.setRenderer(None) if layer.isSpatial() else None
    path = os.path.join(folder, "styles", name)
    message, is_loaded = layer.loadNamedStyle(path) if name.endswith(".qml") else layer.loadSldStyle(path)
    expected = len(list(tree.iter("{http://www.opengis.net/sld}Title"))) - 1 if name.endswith(".sld") else None
    if not is_loaded or (layer.isSpatial() and layer.renderer() is None):
        wrong.append(f"{name}: {message}")
    elif expected is not None:
        found = len(leaves(layer.renderer())) if layer.renderer().type() == "RuleRenderer" else 1
        named = any(rule.iter for rule in tree.iter("{http://www.opengis.net/sld}TextSymbolizer"))
        if found not in (expected, expected - named):
            wrong.append(f"{name}: {found} rules of {expected}")
check(f"{len(styles)} files of styles load", not wrong, f"{wrong[:5]}")

# The project.
project = QgsProject.instance()
check("the project opens", project.read(os.path.join(folder, "kayoi.qgs")), project.error())
check("its title is the municipality as text", project.title() == NAME, project.title())
check("its CRS is the run's", project.crs().authid() == "EPSG:6670", project.crs().authid())
tree = project.layerTreeRoot()
groups = [group.name() for group in tree.findGroups()]
check("groups are Japanese", len(groups) > 5 and all(japanese.search(g) for g in groups), f"{groups}")
missing = [node.layerId() for node in tree.findLayers() if node.layer() is None or not node.layer().isValid()]
check("every layer is found beside it", not missing, f"{missing}")
counted = [f"{n.layerId()}: {n.layer().featureCount()}" for n in tree.findLayers()
           if (name := n.layerId()[len("kayoi_layer_"):]) in layers and n.layer().featureCount() != len(rows_of(name))]
check("as many records as in CSV", not counted, f"{counted}")
years = {row["year"] for row in rows_of("year_gaps")}
check("gaps of each year are a layer of their own", all(
    project.mapLayer("kayoi_layer_year_gaps_" + y).featureCount() == sum(r["year"] == y for r in rows_of("year_gaps")) for y in years))
check("at first one sees the map of gaps", [n.layerId()[12:] for n in tree.findLayers() if n.isVisible()] ==
      ["venues", "sites", "gaps", "zones_borders", "streets"], f"{[n.layerId() for n in tree.findLayers() if n.isVisible()]}")


def picture(drawn, name, extent=None):
    settings = QgsMapSettings()
    settings.setLayers(drawn)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(1400, 1100))
    settings.setOutputDpi(110)
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent((extent or project.mapLayer("kayoi_layer_zones").extent()).buffered(300))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(os.path.join(work, name + ".png"))
    data = image.constBits().asstring(image.byteCount())
    return {data[i:i + 4] for i in range(0, len(data), 4)}


def has(colours, rgb):
    return bytes([rgb & 255, rgb >> 8 & 255, rgb >> 16, 255]) in colours  # as the pixels lie in memory


blank = picture([], "blank")
map_ = picture([n.layer() for n in tree.findLayers() if n.isVisible()], "map")
check("the map has venues, sites and roads in their colours", all(has(map_, c) for c in (0xD55E00, 0xF0E442, 0xFDE725, 0x440154)),
      f"{len(map_)} colours")
empty = [n.layerId() for n in tree.findLayers() if n.layer().isSpatial() and not n.layer().extent().isNull() and picture([n.layer()], n.layerId()[12:], n.layer().extent()) == blank]
check("every layer draws something", not empty, f"{empty}")


# QGIS Server with the same project.
def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, **query):
    text = urllib.parse.urlencode({"MAP": os.path.join(folder, "kayoi.qgs"), **query})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/?{text}", timeout=60) as answer:
        return answer.read()


program = shutil.which("qgis_mapserver")
if program is None:
    skip("QGIS Server", "qgis_mapserver is not installed; scripts/setup test installs it")
    done()
port = free_port()
with open(os.path.join(work, "server.log"), "w") as log:
    server = subprocess.Popen([program, "-p", os.path.join(folder, "kayoi.qgs"), f"127.0.0.1:{port}"], stdout=log, stderr=log)
try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    offered = ask(port, SERVICE="WMS", VERSION="1.3.0", REQUEST="GetCapabilities").decode()
    check("WMS names the municipality and its layers", "<Name>gaps</Name>" in offered and "空白地帯" in offered and
          "通井&lt;b>&amp;" in offered.replace("&gt;", ">"), offered[:600])
    wrong = []
    for layer in ("venues", "gaps", "zones"):
        answer = json.loads(ask(port, SERVICE="WFS", VERSION="1.1.0", REQUEST="GetFeature", TYPENAME=layer,
                                OUTPUTFORMAT="application/vnd.geo+json"))
        with open(os.path.join(folder, layer + ".geojson"), encoding="utf-8") as file:
            written = json.load(file)["features"]
        if len(answer["features"]) != len(written):
            wrong.append(f"{layer}: {len(answer['features'])} of {len(written)}")
        for got, want in zip(answer["features"], written):
            for key, value in want["properties"].items():
                if got["properties"].get(key) != value and not (
                        isinstance(value, (int, float)) and abs(float(got["properties"].get(key)) - value) < 1e-9 * max(1, abs(value))):
                    wrong.append(f"{layer}.{key}: {got['properties'].get(key)!r} is not {value!r}")
    check("WFS answers with the records of the files", not wrong, f"{len(wrong)}: {wrong[:5]}")
    box = project.mapLayer("kayoi_layer_zones").extent()
    image = ask(port, SERVICE="WMS", VERSION="1.3.0", REQUEST="GetMap", LAYERS="zones,gaps,venues", STYLES="", CRS="EPSG:6670",
                BBOX=f"{box.yMinimum()},{box.xMinimum()},{box.yMaximum()},{box.xMaximum()}", WIDTH="600", HEIGHT="500",
                FORMAT="image/png")
    with open(os.path.join(work, "wms.png"), "wb") as file:
        file.write(image)
    check("WMS draws a map", image[:8] == b"\x89PNG\r\n\x1a\n" and len(image) > 10000, f"{image[:300]}")
finally:
    server.terminate()
    server.wait(20)
done()
