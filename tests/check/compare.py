"""kayoi compare beside the runs that it was made from: three towns made of the sample, each with its own venues.
Usage: compare.py KAYOI WORK"""
import csv
import json
import os
import re
import shutil
import sys

from runs import kayoi
import tap
from tap import check

PROGRAM, WORK = os.path.abspath(sys.argv[1]), sys.argv[2]
SAMPLE = "sample-data"


def town(name, code, change=lambda rows: rows, settings=lambda text: text, out=None):
    """A run of the sample under another name, with its venues edited."""
    folder = f"{WORK}/{out or code}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLE, folder)
    with open(f"{folder}/venues.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = list(rows[0])
    with open(f"{folder}/venues.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(change(rows))
    with open(f"{folder}/kayoi.yaml", encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"name: 通井町", f'name: "{name}"', text, count=1).replace('code: "43999"', f'code: "{code}"', 1)
    with open(f"{folder}/kayoi.yaml", "w", encoding="utf-8") as file:
        file.write(settings(text))
    done = kayoi(PROGRAM, "run", f"{folder}/kayoi.yaml", "--out", f"{folder}/out")
    check(f"{name} runs", done.returncode == 0, done.stderr)
    return f"{folder}/out"


def table(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def participants_gone(rows):
    return [{k: "" if "参加" in k and "率" not in k else v for k, v in row.items()} for row in rows]


def near(a, b, slack=1e-6):
    return abs(a - b) <= slack


os.makedirs(WORK, exist_ok=True)
NAMES = {"43901": "甲町", "43902": "<b>乙</b>&町", "43903": "丙町"}
RUNS = {"43901": town(NAMES["43901"], "43901"),
        "43902": town(NAMES["43902"], "43902", lambda rows: rows[: len(rows) // 2]),
        "43903": town(NAMES["43903"], "43903", participants_gone)}

out = f"{WORK}/compared"
done = kayoi(PROGRAM, "compare", RUNS["43903"], RUNS["43901"], RUNS["43902"], "--out", out)
check("three towns are compared", done.returncode == 0, done.stderr)
rows = {row["municipality_code"]: row for row in table(f"{out}/internal/municipalities.csv")}
check("in the order of their codes", list(rows) == sorted(RUNS))

for code, run in RUNS.items():
    whole = [row for row in table(f"{run}/internal/zones.csv") if row["level"] == "municipality"][0]
    zones = [row for row in table(f"{run}/internal/zones.csv") if row["level"] == "zone"]
    venues = table(f"{run}/internal/venues.csv")
    row = rows[code]
    same = [c for c in ("pop_65", "covered_65", "covered_share_65", "in_gap_65", "target_participants", "participants",
                        "participation_rate", "shortfall", "venues_counting", "report_share") if row[c] != whole[c]]
    check(f"{code}: numbers are those of its run", not same, str(same))
    located = sum(v["coord_source"] in ("given", "hall", "block") for v in venues) / len(venues)
    known = 1 - float(whole["unknown_65"]) / float(whole["pop_65"])
    inside = sum(z["partial"] != "true" for z in zones) / len(zones)
    report = float(whole["report_share"] or "nan")
    check(f"{code}: completeness", near(float(row["located_share"]), located) and near(float(row["known_share_65"]), known)
          and near(float(row["whole_zones_share"]), inside), str((located, known, inside)))
    check(f"{code}: the least of them", row["completeness"] == "" if report != report else
          near(float(row["completeness"]), min(located, known, inside, report)), row["completeness"])
    per = float(whole["venues_counting"]) / float(whole["pop_65"]) * 1000
    check(f"{code}: venues per 1,000", near(float(row["venues_per_1000_65"]), per, 6e-4))
    check(f"{code}: density", near(float(row["density_per_km2"]), float(row["pop_total"]) / float(row["area_km2"]), 0.06))

# area: by PROJ and GEOS through GDAL, of the GeoPackage's polygons
from osgeo import ogr  # noqa: E402
ogr.UseExceptions()
source = ogr.Open(f"{RUNS['43901']}/internal/kayoi.gpkg")
area = sum(f.GetGeometryRef().GetArea() for f in source.GetLayer("zones") if f["level"] == "zone")
check("area as GEOS sees it", near(float(rows["43901"]["area_km2"]), area / 1e6, 1e-3), str(area))

FLOOR = 0.8
WALKS, REPORTS = ("located_share", "known_share_65", "whole_zones_share"), ("report_share",)
for column, needs in (("covered_share_65", WALKS), ("in_gap_65", WALKS), ("mobility_65", WALKS),
                      ("participation_rate", REPORTS), ("shortfall", REPORTS)):
    able = {c: float(r[column]) for c, r in rows.items()
            if r[column] and all(r[n] and float(r[n]) >= FLOOR for n in needs)}
    wanted = {c: str(1 + sum(v > able[c] for v in able.values())) if c in able else "" for c in rows}
    check(f"ranks by {column}", {c: rows[c][f"{column}_rank"] for c in rows} == wanted, str(wanted))
check("the town without reports has no rank by them, and why", rows["43903"]["participation_rate_rank"] == ""
      and "報告" in rows["43903"]["left_out"] and rows["43903"]["in_gap_65_rank"] != "", str(rows["43903"]["left_out"]))
check("ranks differ", len({r["in_gap_65_rank"] for r in rows.values()}) > 1)
check("all others are similar", all(len(r["similar"].split("、")) == 2 for r in rows.values()))

with open(f"{out}/internal/index.html", encoding="utf-8") as file:
    page = file.read()
check("names are text on the page", "<b>乙</b>" not in page and "&lt;b&gt;乙&lt;/b&gt;&amp;町" in page)
check("the page asks nothing from outside", "http" not in page.replace("http-equiv", "") and "<script" not in page)
check("completeness comes first", page.index("Completeness") < page.index("Within walking distance"))
with open(f"{out}/run.json", encoding="utf-8") as file:
    record = json.load(file)
check("run.json names the runs", [r["code"] for r in record["runs"]] == sorted(RUNS))

again = kayoi(PROGRAM, "compare", *RUNS.values(), "--out", f"{WORK}/again")
check("any order gives the same table", again.returncode == 0 and
      open(f"{out}/internal/municipalities.csv", "rb").read() == open(f"{WORK}/again/internal/municipalities.csv", "rb").read())
strict = kayoi(PROGRAM, "compare", *RUNS.values(), "--out", f"{WORK}/strict", "--floor", "100")
ranks = [r["participation_rate_rank"] for r in table(f"{WORK}/strict/internal/municipalities.csv")]
check("a higher floor ranks fewer", strict.returncode == 0 and ranks == ["", "", ""], str(ranks))

other = town("丁町", "43904", settings=lambda text: text.replace("primary_m: 500", "primary_m: 800"))
refused = kayoi(PROGRAM, "compare", RUNS["43901"], other, "--out", f"{WORK}/refused")
check("different definitions are refused, and named", refused.returncode == 3 and "walk.primary_m" in refused.stderr
      and "500" in refused.stderr and "800" in refused.stderr and not os.path.exists(f"{WORK}/refused"), refused.stderr)
twice = kayoi(PROGRAM, "compare", RUNS["43901"], RUNS["43901"], "--out", f"{WORK}/refused")
check("one municipality twice is refused", twice.returncode == 3 and "43901" in twice.stderr, twice.stderr)
alone = kayoi(PROGRAM, "compare", RUNS["43901"], "--out", f"{WORK}/refused")
check("one run alone is refused", alone.returncode == 2, alone.stderr)
nothing = kayoi(PROGRAM, "compare", RUNS["43901"], WORK, "--out", f"{WORK}/refused")
check("a folder that is no run is refused", nothing.returncode == 3 and WORK in nothing.stderr, nothing.stderr)
older = f"{WORK}/older"
shutil.rmtree(older, ignore_errors=True)
shutil.copytree(RUNS["43902"], older)
with open(f"{older}/run.json", encoding="utf-8") as file:
    record = json.load(file)
record["kayoi"]["version"] = "0.0.9"
with open(f"{older}/run.json", "w", encoding="utf-8") as file:
    json.dump(record, file, ensure_ascii=False)
mixed = kayoi(PROGRAM, "compare", RUNS["43901"], older, "--out", f"{WORK}/refused")
check("runs of different versions are refused", mixed.returncode == 3 and "0.0.9" in mixed.stderr, mixed.stderr)
tap.done()
