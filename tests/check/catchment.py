"""Venues that serve some zones only. For every zone, a run of that zone alone with only the venues that admit its people
must say the same of it: rows, cells, classes, profiles, and, summed over zones, the people of each venue. On the sample.
Usage: catchment.py KAYOI WORK_DIR"""
import csv
import json
import os
import re
import shutil
import sys

from osgeo import ogr

from runs import different, kayoi, root
from tap import check, done

binary, work = sys.argv[1:3]
source = os.path.join(root, "sample-data")
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
ZONES = {"KY01": "中央圏域", "KY02": "北原圏域", "KY03": "川南圏域", "KY04": "東嶺圏域"}
# by number of the venue: text, zones it means
BOUND = {"1": ("KY01", "KY01"), "2": ("中央圏域", "KY01"), "4": ("ＫＹ０１、川南圏域", "KY01 KY03"), "6": ("北原圏域・東嶺圏域", "KY02 KY04"),
         "9": ("川南圏域（改行）中央圏域", "KY01 KY03"), "11": ("北原 圏域", "KY02"), "13": ("ky02;KY02", "KY02"),
         "17": ("川南圏域及び中央圏域", "KY01 KY03"), "20": ("東嶺圏域", "KY04"), "23": ("中央圏域と北原圏域", "KY01 KY02"), "25": ("KY03", "KY03")}
OPEN = {"3": "市内全域", "5": "どなたでも", "7": "本町町内会", "8": "全市", "10": "中央圏域、本町町内会", "12": "KY05", "14": "本町町内会"}


def write(folder, name, content):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        file.write(content)


def prepare(name, texts, zones=None, venues=None, setting=""):
    """A folder like the sample; zones, venues: only these."""
    folder = os.path.join(work, name)
    os.makedirs(folder)
    for file in os.listdir(source):
        if file not in ("venues.csv", "zones.geojson", "kayoi.yaml"):
            os.symlink(os.path.join(source, file), os.path.join(folder, file))
    with open(os.path.join(source, "zones.geojson"), encoding="utf-8") as file:
        layer = json.load(file)
    if zones is not None:
        layer["features"] = [f for f in layer["features"] if f["properties"]["圏域コード"] in zones]
    write(folder, "zones.geojson", json.dumps(layer, ensure_ascii=False))
    with open(os.path.join(source, "venues.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["対象エリア"] = texts.get(row["No"], "")
    with open(os.path.join(folder, "venues.csv"), "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(row for row in rows if venues is None or row["No"] in venues)
    with open(os.path.join(source, "kayoi.yaml"), encoding="utf-8") as file:
        lines = file.read().splitlines(keepends=True)
    text = "".join(line for line in lines if zones is None or "- {zone: " not in line or line.split("zone: ")[1][:4] in zones)
    text = re.sub(r"formats: \[.*\]", "formats: [csv, geojson]", text).replace("dir: ../out", "dir: out") + setting
    write(folder, "kayoi.yaml", text)
    return folder


def run(folder, *more):
    made = kayoi(binary, "run", os.path.join(folder, "kayoi.yaml"), "--lang", "en", *more)
    check(f"{os.path.basename(folder)}: runs", made.returncode == 0, made.stderr)
    return os.path.join(folder, "out")


def table(out, name):
    with open(os.path.join(out, "internal", name + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def milli(text):
    return round(float(text) * 1000) if text else None


numbers = [str(n) for n in range(1, 31)]
texts = {**{n: t for n, (t, _) in BOUND.items()}, **OPEN}
admits = {z: {n for n in numbers if n not in BOUND or z in BOUND[n][1].split()} for z in [*ZONES, ""]}
bound = run(prepare("bound", texts))
venues = {v["venue_id"]: v for v in table(bound, "venues")}
check("texts are read as zones", all((venues[n]["catchment_state"], venues[n]["catchment_zones"]) == ("bound", ";".join(z.split()))
                                     for n, (_, z) in BOUND.items()), lambda: str([(n, venues[n]["catchment_zones"]) for n in BOUND]))
check("what names everybody is open, what names no zone too",
      [venues[n]["catchment_state"] for n in OPEN] == ["open"] * 2 + ["not_understood"] * 5
      and all(venues[n]["catchment_state"] == "unknown" for n in numbers if n not in texts), lambda: str([(n, venues[n]["catchment_state"]) for n in OPEN]))
said = [(i["reason"], i["record"]) for i in table(bound, "issues") if i["field"] == "catchment"]
check("one line for each text that is no zone", sorted(said) == sorted([("catchment_not_zones", "14"), ("catchment_not_zones", "8"),
      ("catchment_zone_unknown", "10"), ("catchment_not_zones", "12"), ("catchment_bound", "")]
      + [s for s in said if s[0] == "catchment_out_of_reach"]), said)
check("a text of two venues says so", any("本町町内会' (2 venues)" in i["message"] for i in table(bound, "issues")))

# what must be equal: columns of access, not of targets, which look at other zones
LEDGER = ("pop_", "covered_", "beyond_", "unreachable_", "unknown_", "straight_", "aging_", "no_venue_no_shop")
CELL = ("covered_", "walk_m_m", "walk_min_", "walk_m_1", "walk_m_2", "walk_m_3", "straight_m", "nearest_venue_id", "reach", "venue_id_", "venues_by_bus", "by_bus_65")
VENUE = ("people_65_", "nearest_65", "only_covered_65")
cells = {c["cell_id"]: c for c in table(bound, "cells")}
sums = {}


def polygons_of(path, key):
    with open(path, encoding="utf-8") as file:
        return {f["properties"][key]: ogr.CreateGeometryFromJson(json.dumps(f["geometry"])) for f in json.load(file)["features"]}


shapes = polygons_of(os.path.join(source, "zones.geojson"), "圏域コード")
polygons = polygons_of(os.path.join(bound, "internal", "cells.geojson"), "cell_id")
for z in ZONES:
    alone = run(prepare(z, {}, {z}, admits[z]))
    ours = {r["zone_id"]: r for r in table(bound, "zones") if r["level"] == "zone"}[z]
    theirs = {r["zone_id"]: r for r in table(alone, "zones") if r["level"] == "zone"}[z]
    wrong = [f"{k}: {ours[k]}, alone {theirs[k]}" for k in ours if k.startswith(LEDGER) and ours[k] != theirs[k]]
    check(f"{z}: {sum(k.startswith(LEDGER) for k in ours)} columns of its row", not wrong, "\n".join(wrong[:8]))
    mine = [[r[k] for k in r] for r in table(bound, "profiles") if r["zone_id"] == z]
    other = [[r[k] for k in r] for r in table(alone, "profiles") if r["zone_id"] == z]
    check(f"{z}: {len(mine)} rows of profiles", mine == other and mine, lambda: "\n".join(str(p) for p in zip(mine, other) if p[0] != p[1]))
    key = lambda r: (r["kind"], r["class"])
    mine = {key(r): milli(r["covered_65"]) for r in table(bound, "access") if r["zone_id"] == z}
    other = {key(r): milli(r["covered_65"]) for r in table(alone, "access") if r["zone_id"] == z}
    check(f"{z}: {len(mine)} classes of venues and resources", all(mine[k] == other.get(k, 0) for k in mine),
          lambda: "\n".join(f"{k}: {mine[k]}, alone {other.get(k)}" for k in mine if mine[k] != other.get(k, 0)))
    wrong, compared = [], 0
    for c in table(alone, "cells"):
        if not polygons[c["cell_id"]].Within(shapes[z]):
            continue
        compared += 1
        whole = cells[c["cell_id"]]
        wrong += [f"{c['cell_id']} {k}: {whole[k]}, alone {c[k]}" for k in c if k.startswith(CELL) and whole[k] != c[k]]
    check(f"{z}: {compared} cells inside it", compared > 3 and not wrong, "\n".join(wrong[:8]))
    for v in table(alone, "venues"):
        for k in v:
            if k.startswith(VENUE):
                sums[v["venue_id"], k] = sums.get((v["venue_id"], k), 0) + milli(v[k])
nobody = [r for r in table(bound, "zones") if r["level"] == "outside_zones"][0]
check("the sample has nobody between the zones", milli(nobody["pop_65"]) == 0)
wrong = [f"venue {v}, {k}: {venues[v][k]}, alone {s / 1000}" for (v, k), s in sums.items() if milli(venues[v][k]) != s]
check(f"{len(sums)} sums of venues over the zones that they serve", not wrong, "\n".join(wrong[:8]))

west = {z["zone_id"]: z["by_bus_65"] for z in table(run(prepare("west", {n: "KY01" for n in numbers})), "zones") if z["level"] == "zone"}
plain = {z["zone_id"]: z["by_bus_65"] for z in table(run(prepare("all", {})), "zones") if z["level"] == "zone"}
check("buses lead only to venues for one's zone", milli(west["KY01"]) > 0 and all(milli(west[z]) == 0 for z in west if z != "KY01")
      and milli(plain["KY02"]) > 0, f"{west} {plain}")
with_open = run(prepare("open", {}, venues=admits[""]))
wrong = [k for a, b in zip(table(bound, "streets"), table(with_open, "streets")) for k in a if a[k] != b[k]]
check("streets show the walk to venues for everybody", not wrong, str(wrong[:5]))
# of a cell beside a venue that is for others: the explanation names it, and adds up to the walk that was counted
venue = "11"
place = ogr.CreateGeometryFromWkt(f"POINT ({venues[venue]['lon']} {venues[venue]['lat']})")
others = set()
for cell in sorted(cells, key=lambda c: polygons[c].Distance(place))[:6]:
    made = kayoi(binary, "explain", os.path.join(work, "bound", "kayoi.yaml"), "--cell", cell, "--json", "--points", "--lang", "en",
                 "--out", os.path.join(work, "explained.geojson"))
    said = json.loads(made.stdout) if made.returncode == 0 else {"nearest": [], "not_counting": []}
    check(f"explain {cell}: its own venues", [v["venue_id"] for v in said["nearest"]][:3] == [cells[cell][f"venue_id_{k}"] for k in (1, 2, 3)],
          made.stderr)
    others |= {v["venue_id"] for v in said["not_counting"] if v["reason"] == "other_zones"}
check(f"explain: venue {venue}, which is nearer, is for others", venue in others, str(others))

ignored = run(prepare("ignored", texts, setting="counting: {catchment: ignore}\n"))
plain = run(prepare("plain", {}))
wrong = [f for f in different(ignored, plain) if os.path.basename(f) not in
         ("venues.csv", "venues.geojson", "venues.js", "run.js")]  # run.js: the settings of the page
check("ignored: the same as without the texts", not wrong, str(wrong))
a, b = table(ignored, "venues"), table(plain, "venues")
wrong = [k for r, s in zip(a, b) for k in r if r[k] != s[k] and k not in ("catchment", "catchment_state")]
check("ignored: venues too", not wrong and {r["catchment_state"] for r in a} == {"ignored", "unknown"}, str([*wrong, *{r["catchment_state"] for r in a}]))
done()
