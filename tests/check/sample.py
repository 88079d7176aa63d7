"""The sample end to end: runs twice with the same bytes, 1 and 2 threads, shuffled input, time, laws.

Usage: sample.py KAYOI OUT_DIR    (leaves the run in OUT_DIR/a)"""
import csv
import json
import os
import re
import shutil
import sys

from runs import different, kayoi, root, sample
from shuffle import shuffle
from tap import check, done

binary, out = sys.argv[1:3]
a, b = os.path.join(out, "a"), os.path.join(out, "b")
made = kayoi(binary, "run", sample, "--out", a, "--lang", "en")
if not check("the sample runs", made.returncode == 0, made.stderr[-3000:]):
    done()
again = kayoi(binary, "run", sample, "--out", b, "--lang", "en", "--threads", "1", LC_ALL="C", LANG="ja_JP.UTF-8")
check("it runs again", again.returncode == 0, again.stderr[-3000:])
print(f"# one thread: {again.seconds:.2f} s")
check("two runs, 1 and 2 threads, give equal bytes", not different(a, b), lambda: ", ".join(different(a, b)))
japanese = kayoi(binary, "run", sample, "--out", os.path.join(out, "ja"), "--lang", "ja")
# The texts of issues follow the language; the GeoPackage and the spreadsheet hold them too.
language_free = ("run.json", "issues.geojson", "issues.csv", "kayoi.gpkg", "kayoi.xlsx")
check("in Japanese the numbers are the same", japanese.returncode == 0 and not different(a, os.path.join(out, "ja"), language_free),
      lambda: japanese.stderr[-1000:] + ", ".join(different(a, os.path.join(out, "ja"), language_free)))

town = os.path.join(out, "shuffled")
shuffle(os.path.dirname(sample), town)
made = kayoi(binary, "run", os.path.join(town, "kayoi.yaml"), "--out", os.path.join(out, "c"))
check("shuffled input runs", made.returncode == 0, made.stderr[-3000:])
# Issues name rows of the files and the GeoPackage holds the issues too: those two follow the order of the input.
order_free = ("run.json", "issues.geojson", "issues.csv", "kayoi.gpkg")
check("shuffled input gives equal bytes", not different(a, os.path.join(out, "c"), order_free),
      lambda: ", ".join(different(a, os.path.join(out, "c"), order_free)))


def table(folder, layer):
    with open(os.path.join(folder, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# Adding a venue never raises a distance, and never lowers the people covered.
town = os.path.join(out, "added")
shutil.copytree(os.path.dirname(sample), town)
with open(os.path.join(town, "venues.csv"), encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))
head = rows[0]
extra = list(rows[1])
extra[head.index("No")], extra[head.index("名称")] = "99", "新しい場"
with open(os.path.join(root, "sample-data", "public_halls.geojson"), encoding="utf-8") as file:
    hall = next(f for f in json.load(file)["features"] if f["properties"]["P05_003"] == "北原団地集会所")
extra[head.index("経度")], extra[head.index("緯度")] = map(str, hall["geometry"]["coordinates"])
with open(os.path.join(town, "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
    csv.writer(file).writerows(rows + [extra])
d = os.path.join(out, "d")
made = kayoi(binary, "run", os.path.join(town, "kayoi.yaml"), "--out", d)
if check("a venue more runs", made.returncode == 0, made.stderr[-3000:]):
    far = float("inf")
    raised = [x["street_id"] for x, y in zip(table(a, "streets"), table(d, "streets"))
              for k in ("walk_m_from", "walk_m_to") if float(y[k] or far) > float(x[k] or far)]
    check("adding a venue raises no distance", not raised, ", ".join(raised[:5]))
    lost = [x["cell_id"] for x, y in zip(table(a, "cells"), table(d, "cells"))
            if x["covered_65"] and float(y["covered_65"]) < float(x["covered_65"])]
    check("adding a venue uncovers nobody", not lost, ", ".join(lost[:5]))
    gain = [sum(float(r["covered_65"]) for r in table(f, "zones") if r["level"] == "municipality") for f in (a, d)]
    check("a venue in the dense gap covers hundreds more", gain[1] - gain[0] > 300, f"{gain}")

# What makes the town's problem real is there.
gaps = table(a, "gaps")
zones = table(a, "zones")
with open(os.path.join(a, "run.json"), encoding="utf-8") as file:
    record = json.load(file)
with open(os.path.join(root, "sample-data", "kayoi.yaml"), encoding="utf-8") as file:
    named = set(re.findall(r"^[^#\n]*path: ([^\s,}]+)", file.read(), re.M))
recorded = {os.path.basename(made["path"]) for made in record["inputs"]}
check(f"run.json records all {len(named)} files of the configuration", len(named) > 8 and named <= recorded, named - recorded)
check("classes: a new venue, transit, mobility support and outreach", {"new_venue", "transit", "mobility_support", "outreach"} ==
      {g["class"] for g in gaps}, f"{ {g['class'] for g in gaps} }")
check("causes: no venue, a detour by the river, a cut-off hamlet", {"no_venue", "detour", "disconnected"} <=
      {g["cause"] for g in gaps}, f"{ {g['cause'] for g in gaps} }")
one = {g["gap_id"]: g for g in gaps}
with open(os.path.join(a, "internal", "gaps.geojson"), encoding="utf-8") as file:
    outlines = {f["properties"]["gap_id"]: f["geometry"] for f in json.load(file)["features"]}


def around(x, y):
    """The gap area around a place of the town's plan: the one with a corner nearest to it."""
    lon, lat = 130.87 + x / 93_700, 32.74 + y / 110_905

    def corners(c):
        return [c] if isinstance(c[0], float) else [p for part in c for p in corners(part)]
    return one[min(outlines, key=lambda g: min((p[0] - lon) ** 2 + (p[1] - lat) ** 2 for p in corners(outlines[g]["coordinates"])))]


# What helps where, and that the attributes say why.
dense, corridor, hamlet, asked, lone = around(-700, 3350), around(1700, -3800), around(3700, -2100), around(-2300, 4400), around(7480, 4500)
check("the dense gap: a new venue, before any bus", dense["class"] == "new_venue" and dense["site_id"] != "" and
      float(dense["people_65"]) >= 20 and float(dense["by_bus_65"]) > 0, str(dense))
check("the hamlet on the bus line: transit, for departures each way from a stop in reach", corridor["class"] == "transit" and
      corridor["stop_name"] == "小野" and float(corridor["walk_m_stop"]) <= 300 and int(corridor["departures_to"]) >= 2 and
      int(corridor["departures_back"]) >= 2 and corridor["by_bus_days"] == "mon; tue; wed; thu; fri" and
      corridor["by_bus_65"] == corridor["people_65"] and int(corridor["venues_by_bus"]) > 0, str(corridor))
check("a hamlet with one bus a day: mobility support", hamlet["class"] == "mobility_support" and hamlet["transit"] == "poor" and
      float(hamlet["walk_m_stop"]) <= 300 and hamlet["departures_to"] == hamlet["departures_back"] == "0" and
      hamlet["by_bus_days"] == "" and float(hamlet["riders_per_session"]) >= 1, str(hamlet))
check("a hamlet with a demand bus: mobility support, the demand bus shown and not counted", asked["class"] == "mobility_support" and
      asked["transit"] == "blank" and asked["demand_bus_65"] == asked["people_65"] and float(asked["by_bus_65"]) == 0, str(asked))
check("the lone house: outreach, too few riders and no stop", lone["class"] == "outreach" and float(lone["people_65"]) < 3 and
      float(lone["riders_per_session"]) < 1 and lone["transit"] == "blank" and float(lone["walk_m_stop"]) > 300, str(lone))
mobility = {m["gap_id"]: m for m in table(a, "mobility")}
check("the layer mobility has the same evidence", all(mobility[g["gap_id"]][k] == g[k] for g in gaps if g["class"] != "new_venue"
      for k in ("class", "transit", "stop_id", "walk_m_stop", "departures_to", "departures_back", "by_bus_65")))

# Assumptions move classes the way they should.
with open(sample, encoding="utf-8") as file:
    plain = file.read()


def changed(name, old, new):
    """Gaps and zones of the sample with one setting changed."""
    assert plain.count(old) == 1, old
    folder = os.path.join(out, name)
    shutil.copytree(os.path.dirname(sample), folder)
    with open(os.path.join(folder, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write(plain.replace(old, new))
    made = kayoi(binary, "run", os.path.join(folder, "kayoi.yaml"), "--out", os.path.join(folder, "out"))
    check(f"{name} runs", made.returncode == 0, made.stderr[-2000:])
    found = table(os.path.join(folder, "out"), "gaps")
    bus = sum(float(z["by_bus_65"]) for z in table(os.path.join(folder, "out"), "zones") if z["level"] == "municipality")
    return {k: sum(float(g["people_65"]) for g in found if g["class"] == k) for k in
            ("new_venue", "transit", "mobility_support", "outreach")}, bus


kept, bus = ({k: sum(float(g["people_65"]) for g in gaps if g["class"] == k) for k in ("new_venue", "transit", "mobility_support", "outreach")},
             sum(float(z["by_bus_65"]) for z in zones if z["level"] == "municipality"))
for name, old, new, grows in (("stops nearer", "stop_m: 300", "stop_m: 150", False), ("stops farther", "stop_m: 300", "stop_m: 600", True),
                              ("more departures", "stop_m: 300", "stop_m: 300\n  departures: 4", False),
                              ("one departure", "stop_m: 300", "stop_m: 300\n  departures: 1", True)):
    classes, more = changed(name, old, new)
    check(f"{name}: {'more' if grows else 'fewer'} people by bus, as many by a new venue",
          (more > bus if grows else more < bus) and (classes["transit"] > kept["transit"] if grows and name == "stops farther" else True) and
          (grows or classes["transit"] <= kept["transit"]) and classes["new_venue"] == kept["new_venue"], f"{bus} {more} {kept} {classes}")
for name, new in (("larger sites only", 60), ("smaller sites too", 5)):
    classes, more = changed(name, "min_people_65: 20 ", f"min_people_65: {new} ")
    check(f"{name}: people move between a new venue and the rest", more == bus and
          (classes["new_venue"] < kept["new_venue"]) == (new > 20) and (classes["new_venue"] > kept["new_venue"]) == (new < 20) and
          sum(classes[k] for k in ("transit", "mobility_support", "outreach")) != sum(kept[k] for k in ("transit", "mobility_support", "outreach")),
          f"{kept} {classes}")
check("a dense gap and scattered ones", {"dense", "scattered"} <= {g["settlement"] for g in gaps})
check("hidden cells were shared out", any(c["age_source"] == "group" for c in table(a, "cells")))
check("the register is the base of targets", all(z["target_base"] == "register" for z in zones if z["level"] == "zone"))
check("zones and run.json say of when the register is", {z["official_date"] for z in zones} == {"2025-04-01"} and
      {z["official_source"] for z in zones} == {"住民基本台帳（架空）"} and record["dates"]["official"] == "2025-04-01")
check("free seats in range add up", sum(int(z["free_seats_in_range"]) for z in zones if z["level"] == "zone") ==
      sum(int(z["free_seats_in_range"]) for z in zones if z["level"] == "municipality") > 0)
check("places by reach or why there are none", all((z["places_by_reach"] == "") == (z["places_by_reach_reason"] != "")
      for z in zones if z["level"] in ("zone", "municipality")))
site_names = {s["site_id"]: s["site_name"] for s in table(a, "sites")}
check("a gap names the hall of its area", all(g["site_name"] == site_names.get(g["site_id"], "") for g in gaps) and
      any(g["site_name"] for g in gaps))
check("venues that do not count say why", {v["reason"] for v in table(a, "venues") if v["counts"] == "false"} - {""} != set())
check("sites are the halls given", all(s["site_id"].startswith("H") for s in table(a, "sites")))
check("people outside the town are on their own row", any(z["level"] == "outside" and float(z["pop_65"]) > 0 for z in zones))
done()
