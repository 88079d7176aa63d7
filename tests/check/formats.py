"""The sample's zones in every vector format, plain and zipped, give the same bytes as its GeoJSON. Usage: formats.py KAYOI WORK_DIR"""
import filecmp
import glob
import os
import shutil
import sys
import zipfile

from osgeo import gdal

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()


def path(name):
    return os.path.join(work, name)


def run(name, old, new):
    with open(path(name + ".yaml"), "w", encoding="utf-8") as file:
        file.write(config.replace(old, new))
    return kayoi(binary, "run", path(name + ".yaml"), "--out", path("out_" + name), "--lang", "en")


def same(name, layers):
    return all(filecmp.cmp(path(f"out_{name}/internal/{layer}.geojson"), path(f"out_plain/internal/{layer}.geojson"), shallow=False)
               for layer in layers)


check("the sample itself", run("plain", "", "").returncode == 0)
gdal.VectorTranslate(path("zones.fgb"), path("zones.geojson"), format="FlatGeobuf", geometryType="PROMOTE_TO_MULTI")
gdal.VectorTranslate(path("zones.gpkg"), path("zones.geojson"), format="GPKG")
gdal.VectorTranslate(path("zones.shp"), path("zones.geojson"), format="ESRI Shapefile", layerCreationOptions=["ENCODING=CP932"])
files = {"flatgeobuf": ["zones.fgb"], "geopackage": ["zones.gpkg"], "geojson": ["zones.geojson"],
         "shapefile": [os.path.basename(f) for f in sorted(glob.glob(path("zones.*"))) if f[-3:] in ("shp", "shx", "dbf", "prj", "cpg")]}
for name, members in files.items():
    main = next((m for m in members if m.endswith(".shp")), members[0])
    with zipfile.ZipFile(path(name + ".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(path(member), member)
    for kind, source in ((name, main), (name + "_zipped", name + ".zip")):
        made = run(kind, "path: zones.geojson", "path: " + source)
        # a Shapefile's rings start at another vertex, so the outlines themselves differ there; what follows from them does not
        layers = ("cells", "sites", "gaps", "venues") + (() if name == "shapefile" else ("zones",))
        check(f"zones from {source}", made.returncode == 0 and same(kind, layers), made.stderr[-1500:])
with zipfile.ZipFile(path("venues.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write(path("venues.csv"), "通いの場.csv")
made = run("venues_zipped", "path: venues.csv", "path: venues.zip")
check("venues from a zipped CSV", made.returncode == 0 and same("venues_zipped", ("venues", "cells")), made.stderr[-1500:])
done()
