"""A batch of municipalities made of the sample's zones: planned, run, merged, and held against the whole.
Usage: batch.py KAYOI WORK"""
import csv
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

from osgeo import ogr

import tap
from runs import different, kayoi, table
from tap import check

ogr.UseExceptions()
PROGRAM, WORK = os.path.abspath(sys.argv[1]), sys.argv[2]
CODES = ["43901", "43902", "43903", "43904"]


def lay_out(folder):
    """The sample, its zones as municipalities in the manner of KSJ N03, a template and a table of them."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree("sample-data", folder)
    with open(f"{folder}/zones.geojson", encoding="utf-8") as file:
        zones = json.load(file)
    names = {}
    for code, feature in zip(CODES, zones["features"]):
        names[code] = feature["properties"]["圏域名"] + "町"
        feature["properties"] = {"N03_001": "熊本県", "N03_004": names[code], "N03_007": code}
    with open(f"{folder}/n03.geojson", "w", encoding="utf-8") as file:
        json.dump(zones, file, ensure_ascii=False)
    with open(f"{folder}/kayoi.yaml", encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"zones:\n  path.*?facts\.csv[^\n]*\n", "", text, flags=re.S)
    text = text.replace('  code: "43999"', '  border: n03.geojson\n  code: "43999"')
    text = text.replace("sensitivity: true", "sensitivity: false")
    with open(f"{folder}/template.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    return names


def areas(folder, rows, name="areas.csv", encoding="cp932"):
    with open(f"{folder}/{name}", "w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return f"{folder}/{name}"


def batch(*arguments, **environment):
    return kayoi(PROGRAM, "batch", *arguments, **environment)


def plan_of(folder):
    with open(f"{folder}/batch.json", encoding="utf-8") as file:
        return json.load(file)


def status_of(folder, code):
    with open(f"{folder}/{code}/status.json", encoding="utf-8") as file:
        return json.load(file)


shutil.rmtree(WORK, ignore_errors=True)
town = f"{WORK}/town"
NAMES = lay_out(town)
rows = [["市区町村コード", "市区町村名", "targets.rate"]] + [[c, NAMES[c], "0.1" if c == "43902" else ""] for c in CODES]
made = batch("plan", f"{town}/template.yaml", "--areas", areas(town, rows), "--out", f"{WORK}/b")
check("plan", made.returncode == 0, made.stderr)
plan = plan_of(f"{WORK}/b")
sizes = {i["path"]: os.path.getsize(f"{town}/{i['path']}") for i in plan["inputs"]}
check("every input is read once, by osmium twice",
      all(i["bytes_read"] == i["passes"] * sizes[i["path"]] and i["passes"] == {"linked": 0, "osmium": 2}.get(i["cut"], 1)
          for i in plan["inputs"]), str(plan["inputs"]))
check("its bytes are added up", plan["bytes_read"] == sum(i["bytes_read"] for i in plan["inputs"]))
with open(f"{town}/tblT001141H4930.txt", "rb") as file:
    lines = file.read().splitlines(keepends=True)
for code in CODES:
    with open(f"{WORK}/b/{code}/data/2/tblT001141H4930.txt", "rb") as file:
        part = file.read().splitlines(keepends=True)
    check(f"{code}: rows are the bytes that they were, headers first", part[:2] == lines[:2] and set(part) <= set(lines))
again = batch("plan", f"{town}/template.yaml", "--areas", f"{town}/areas.csv", "--out", f"{WORK}/b")
check("a batch that is there is not replaced", again.returncode == 5 and "b" in again.stderr, again.stderr)

ran = batch("run", f"{WORK}/b", "--jobs", "2")
check("run", ran.returncode == 0, ran.stderr + ran.stdout)
check("each says what became of it", all(status_of(f"{WORK}/b", c)["state"] == "done" for c in CODES))
whole = kayoi(PROGRAM, "run", "sample-data/kayoi.yaml", "--out", f"{WORK}/whole")
check("the whole in one run", whole.returncode == 0, whole.stderr)
zones = {row["zone_id"]: row for row in table(f"{WORK}/whole", "zones")}
for code, zone in zip(CODES, sorted(z for z in zones if z)):
    mine = [row for row in table(f"{WORK}/b/{code}/out", "zones") if row["level"] == "municipality"][0]
    same = all(mine[f"pop_{m}"] == zones[zone][f"pop_{m}"] for m in ("total", "65", "65_m", "65_f", "75", "85"))
    near = abs(float(mine["covered_65"]) - float(zones[zone]["covered_65"])) <= 0.005
    check(f"{code}: people are those of the zone, venues over the border count for it", same and near,
          f"{mine['covered_65']} {zones[zone]['covered_65']}")
rate = [row for row in table(f"{WORK}/b/43902/out", "zones") if row["level"] == "municipality"][0]["target_rate"]
check("a setting of its own", float(rate) == 0.1, rate)

one = batch("plan", f"{town}/template.yaml", "--areas", f"{town}/areas.csv", "--out", f"{WORK}/one")
done = [batch("run", f"{WORK}/one", "--task", str(t)) for t in range(1, 5)]
check("one task after the other", one.returncode == 0 and all(d.returncode == 0 for d in done), done[0].stderr)
check("the same bytes", all(not different(f"{WORK}/b/{c}/out/internal", f"{WORK}/one/{c}/out/internal") for c in CODES))
start = time.monotonic()
unchanged = batch("run", f"{WORK}/b")
check("what has not changed is not run again", unchanged.returncode == 0
      and all(status_of(f"{WORK}/b", c)["state"] == "unchanged" for c in CODES), unchanged.stderr)

merged = batch("merge", f"{WORK}/b")
check("merge", merged.returncode == 0, merged.stderr)
with open(f"{WORK}/b/merged/merged.json", encoding="utf-8") as file:
    people = json.load(file)["people"]
total = [row for row in table(f"{WORK}/whole", "zones") if row["level"] == "municipality"][0]
check("nobody is lost at a border or counted twice", f"{people['pop_total']:.3f}" == total["pop_total"]
      and f"{people['pop_65']:.3f}" == total["pop_65"], str(people))
source = ogr.Open(f"{WORK}/b/merged/kayoi.gpkg")
for layer in ("cells", "venues", "zones", "gaps", "priority"):
    count = {}
    for feature in source.GetLayer(layer):
        count[feature["municipality_code"]] = count.get(feature["municipality_code"], 0) + 1
    check(f"merged layer {layer}", count == {c: n for c in CODES if (n := len(table(f"{WORK}/b/{c}/out", layer)))}, str(count))
check("styles are there once", source.GetLayer("layer_styles") is None
      or source.GetLayer("layer_styles").GetFeatureCount() == len({f["f_table_name"] for f in source.GetLayer("layer_styles")}))

compared = kayoi(PROGRAM, "compare", *[f"{WORK}/one/{c}/out" for c in CODES if c != "43902"], "--out", f"{WORK}/compared")
check("compare", compared.returncode == 0, compared.stderr)
refused = kayoi(PROGRAM, "compare", f"{WORK}/one", "--out", f"{WORK}/refused")
check("compare takes a batch, and refuses its different rate", refused.returncode == 3 and "targets.rate" in refused.stderr,
      refused.stderr)

# A municipality that fails, fails alone; mended, it is run alone.
wrong = rows + [["43999", "ない町", ""]]
batch("plan", f"{town}/template.yaml", "--areas", areas(town, wrong, "wrong.csv"), "--out", f"{WORK}/w")
os.rename(f"{WORK}/w/43903/data/8/roads.osm", f"{WORK}/roads.away")
failed = batch("run", f"{WORK}/w")
states = {c: status_of(f"{WORK}/w", c)["state"] for c in CODES + ["43999"]}
check("failures are alone and named", failed.returncode == 3 and states == {
    "43901": "done", "43902": "done", "43903": "failed", "43904": "done", "43999": "failed"} and "43999" in failed.stdout
      and "roads.osm" in failed.stdout, str(states) + failed.stdout)
some = batch("merge", f"{WORK}/w")
left = {row["municipality_code"]: row for row in csv.DictReader(open(f"{WORK}/w/merged/municipalities.csv", encoding="utf-8-sig"))}
check("a merge says what it leaves out, and why", some.returncode == 0 and left["43903"]["merged"] == "false"
      and "roads" in left["43903"]["reason"] and left["43999"]["reason"] != "", str(left["43903"]))
os.rename(f"{WORK}/roads.away", f"{WORK}/w/43903/data/8/roads.osm")
batch("run", f"{WORK}/w")
states = {c: status_of(f"{WORK}/w", c)["state"] for c in CODES}
check("mended, it alone is run", states == {"43901": "unchanged", "43902": "unchanged", "43903": "done", "43904": "unchanged"},
      str(states))

# Killed while it works: the next run goes on.
batch("plan", f"{town}/template.yaml", "--areas", f"{town}/areas.csv", "--out", f"{WORK}/k")
working = subprocess.Popen([PROGRAM, "batch", "run", f"{WORK}/k", "--jobs", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while working.poll() is None and not os.path.exists(f"{WORK}/k/43902/log.jsonl"):
    time.sleep(0.01)
working.send_signal(signal.SIGTERM)
working.wait()
check("asked to end, it ends by the signal", working.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM), str(working.returncode))
after = batch("run", f"{WORK}/k")
check("after it everything is completed", after.returncode == 0
      and all(not different(f"{WORK}/b/{c}/out/internal", f"{WORK}/k/{c}/out/internal") for c in CODES), after.stderr)

# Killed at once, a full disk, two merges.
batch("plan", f"{town}/template.yaml", "--areas", f"{town}/areas.csv", "--out", f"{WORK}/q")
task = subprocess.Popen([PROGRAM, "run", f"{WORK}/q/43901/kayoi.yaml", "--log", "json"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
for line in task.stderr:
    if '"write"' in line and "start" in line:
        break
task.kill()
task.wait()
task.stderr.close()
full = subprocess.run([PROGRAM, "batch", "run", f"{WORK}/q", "--jobs", "1"], capture_output=True, text=True,
                      preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000))))
check("a full disk fails the run, and says so", full.returncode != 0 and all(status_of(f"{WORK}/q", c)["state"] == "failed" for c in CODES)
      and not os.path.exists(f"{WORK}/q/43902/out"), full.stderr)
whole_again = batch("run", f"{WORK}/q")
check("after both everything is completed", whole_again.returncode == 0
      and all(not different(f"{WORK}/b/{c}/out/internal", f"{WORK}/q/{c}/out/internal") for c in CODES), whole_again.stderr)
check("nothing half-written stays", not [n for c in CODES for n in os.listdir(f"{WORK}/q/{c}") if ".tmp-" in n])
held = os.open(f"{WORK}/q", os.O_RDONLY)
fcntl.flock(held, fcntl.LOCK_EX)
second = batch("merge", f"{WORK}/q")
os.close(held)
check("a second merge is refused while one is at work", second.returncode == 8 and not os.path.exists(f"{WORK}/q/merged"), second.stderr)
check("and goes through afterwards", batch("merge", f"{WORK}/q").returncode == 0 and os.path.exists(f"{WORK}/q/merged/merged.json"))

# Bad plans.
check("a code twice", (twice := batch("plan", f"{town}/template.yaml", "--areas", areas(town, rows + [rows[1]], "twice.csv"),
                                      "--out", f"{WORK}/x")).returncode == 3 and "43901" in twice.stderr, twice.stderr)
check("a code that is a path", (path := batch("plan", f"{town}/template.yaml", "--areas", areas(
    town, [["code", "name"], ["../43", "x"]], "path.csv"), "--out", f"{WORK}/x")).returncode == 3 and "../43" in path.stderr, path.stderr)
check("a column that is no setting", (odd := batch("plan", f"{town}/template.yaml", "--areas", areas(
    town, [["code", "walk.primery_m"], ["43901", "500"]], "odd.csv"), "--out", f"{WORK}/x")).returncode == 3
    and "walk.primery_m" in odd.stderr, odd.stderr)
with open(f"{town}/n03.geojson", encoding="utf-8") as file:
    borders = json.load(file)
ring = borders["features"][1]["geometry"]
borders["features"].append({"type": "Feature", "properties": {"N03_004": "重なり町", "N03_007": "43905"}, "geometry": ring})
with open(f"{town}/overlap.geojson", "w", encoding="utf-8") as file:
    json.dump(borders, file, ensure_ascii=False)
with open(f"{town}/template.yaml", encoding="utf-8") as file:
    template = file.read()
with open(f"{town}/overlap.yaml", "w", encoding="utf-8") as file:
    file.write(template.replace("border: n03.geojson", "border: overlap.geojson"))
both = batch("plan", f"{town}/overlap.yaml", "--areas", areas(town, rows + [["43905", "重なり町", ""]], "overlap.csv"), "--out", f"{WORK}/o")
problems = {t["code"]: t["problem"] for t in plan_of(f"{WORK}/o")["tasks"]}
check("borders that overlap: those two alone", both.returncode == 0 and [c for c in problems if problems[c]] == ["43902", "43905"]
      and "43905" in problems["43902"], str(problems))
def pierced(geometry):
    """With a hole of 0.001 x 0.001 degrees in the middle of its first ring."""
    ring = geometry["coordinates"][0] if geometry["type"] == "Polygon" else geometry["coordinates"][0][0]
    x, y = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    hole = [[x, y], [x, y + 0.001], [x + 0.001, y + 0.001], [x + 0.001, y], [x, y]]
    (geometry["coordinates"] if geometry["type"] == "Polygon" else geometry["coordinates"][0]).append(hole)
    return geometry


with open(f"{town}/n03.geojson", encoding="utf-8") as file:
    holed = json.load(file)
holed["features"][0]["geometry"] = pierced(holed["features"][0]["geometry"])
with open(f"{town}/sliver.geojson", "w", encoding="utf-8") as file:
    json.dump(holed, file, ensure_ascii=False)
with open(f"{town}/sliver.yaml", "w", encoding="utf-8") as file:
    file.write(template.replace("border: n03.geojson", "border: sliver.geojson"))
sliver = batch("plan", f"{town}/sliver.yaml", "--areas", f"{town}/areas.csv", "--out", f"{WORK}/s", "--lang", "en")
area = 111320 ** 2 * 0.001 ** 2 * 0.8410  # cos 32.75 degrees
said = re.search(r"1 slivers between them \((\d+) m2", sliver.stdout + sliver.stderr)
check("a sliver between borders is said, with its size", sliver.returncode == 0 and said is not None
      and abs(int(said.group(1)) - area) < 0.01 * area, sliver.stderr)
far = json.loads(json.dumps(borders["features"][0]))
far["properties"]["N03_007"] = "43906"


def moved(part):
    return [moved(p) for p in part] if isinstance(part[0], list) else [part[0] - 3, part[1] + 2]


far["geometry"]["coordinates"] = moved(far["geometry"]["coordinates"])
borders["features"].append(far)
with open(f"{town}/overlap.geojson", "w", encoding="utf-8") as file:
    json.dump(borders, file, ensure_ascii=False)
batch("plan", f"{town}/overlap.yaml", "--areas", areas(town, [["code", "name"], ["43906", "無人町"], ["43901", "甲町"]], "far.csv"), "--out", f"{WORK}/f")
problems = {t["code"]: t["problem"] for t in plan_of(f"{WORK}/f")["tasks"]}
check("a municipality without people", problems["43901"] is None and "residents" in (problems["43906"] or ""), str(problems))
older = plan_of(f"{WORK}/f")
older["kayoi"]["version"] = "0.0.9"
with open(f"{WORK}/f/batch.json", "w", encoding="utf-8") as file:
    json.dump(older, file)
refused = batch("run", f"{WORK}/f")
check("a batch of another version", refused.returncode == 3 and "0.0.9" in refused.stderr, refused.stderr)
check("a folder that is no batch", (none := batch("run", town)).returncode == 3 and "batch.json" in none.stderr, none.stderr)
check("without the program osmium", (gone := batch("plan", f"{town}/template.yaml", "--areas", f"{town}/areas.csv", "--out",
                                                    f"{WORK}/p", PATH="/nowhere")).returncode == 6 and "osmium-tool" in gone.stderr
      and not os.path.exists(f"{WORK}/p"), gone.stderr)
tap.done()
