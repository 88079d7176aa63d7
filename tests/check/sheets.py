"""Venues from spreadsheets equal venues from the CSV they were made of. Usage: sheets.py KAYOI WORK_DIR"""
import filecmp
import os
import shutil
import sys

from osgeo import gdal

from runs import kayoi, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
sample = os.path.join(root, "sample-data")
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(sample, work)
with open(os.path.join(work, "kayoi.yaml"), encoding="utf-8") as file:
    config = file.read()


def run(name, more=""):
    path = os.path.join(work, "with_" + name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(config.replace("path: venues.csv", "path: " + name + more))
    return kayoi(binary, "run", path, "--out", os.path.join(work, "out_" + name), "--lang", "en")


def path(name):
    return os.path.join(work, name)


check("the CSV itself", run("venues.csv").returncode == 0)
for driver, name in (("XLSX", "venues.xlsx"), ("ODS", "venues.ods")):
    gdal.VectorTranslate(path(name), path("venues.csv"), format=driver)
shutil.copy(path("venues.xlsx"), path("wrongly_named.csv"))
for name in ("venues.xlsx", "venues.ods", "wrongly_named.csv"):
    made = run(name)
    same = made.returncode == 0 and filecmp.cmp(os.path.join(work, "out_" + name, "internal", "venues.geojson"),
                                                os.path.join(work, "out_venues.csv", "internal", "venues.geojson"), shallow=False)
    check(f"{name} gives the same venues", same, made.stderr[-2000:])

gdal.VectorTranslate(path("two.xlsx"), path("venues.csv"), format="XLSX", layerName="通いの場")
gdal.VectorTranslate(path("two.xlsx"), path("venues.csv"), format="XLSX", layerName="控え", accessMode="update")
made = run("two.xlsx")
check("two sheets: the message lists them", made.returncode == 3 and "通いの場, 控え" in made.stderr, made.stderr[-500:])
made = run("two.xlsx", "\n    layer: 通いの場")
check("layer: names the sheet", made.returncode == 0, made.stderr[-500:])
with open(path("venues.xlsx"), "rb") as file:
    whole = file.read()
with open(path("cut.xlsx"), "wb") as file:
    file.write(whole[:len(whole) // 2])
made = run("cut.xlsx")
check("a damaged spreadsheet ends with a message", made.returncode == 3 and "cut.xlsx" in made.stderr, made.stderr[-500:])
done()
