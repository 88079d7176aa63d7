"""Each line of `closures` is what a scenario with that venue closed says. Usage: closures.py KAYOI WORK_DIR [UBE_CONFIG]

Every venue of the sample; the first and last of the list, and some between, of Ube."""
import json
import os
import random
import re
import shutil
import sys
from decimal import ROUND_HALF_UP
from decimal import Decimal as D

from runs import kayoi, root, table
from tap import check, done, skip

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def compare(name, config, choose):
    """choose: the venues of `closures` that are closed in scenarios."""
    alone = os.path.join(work, name)
    made = kayoi(binary, "run", config, "--out", alone, "--lang", "en")
    if not check(f"{name}: runs", made.returncode == 0, made.stderr[-2000:]):
        return
    lines, zones = table(alone, "closures"), table(alone, "closure_zones")
    venues = {v["venue_id"]: v for v in table(alone, "venues")}
    check(f"{name}: one line for every venue that counts", sorted(r["venue_id"] for r in lines) ==
          sorted(v for v in venues if venues[v]["counts"] in ("1", "true")), len(lines))
    check(f"{name}: those whose end costs most come first", [D(r["losing_65"]) for r in lines] ==
          sorted((D(r["losing_65"]) for r in lines), reverse=True))
    check(f"{name}: it is the people whom only it covers", all(D(r["losing_65"]) == D(venues[r["venue_id"]]["only_covered_65"]) for r in lines))
    every = next(z for z in table(alone, "zones") if z["level"] == "municipality")
    together = sum(D(r["losing_65"]) + D(r["staying_65"]) for r in lines)
    check(f"{name}: everybody covered has one nearest venue", together == D(every["covered_65"]), f"{together}, {every['covered_65']}")
    check(f"{name}: a walk to the next is longer, and there is one where somebody stays",
          all((r["next_venue_id"] != "") == (r["extra_walk_m_mean"] != "") == (D(r["staying_65"]) > 0) and
              (r["extra_walk_m_mean"] == "" or D(r["extra_walk_m_mean"]) >= 0) and r["next_venue_id"] != r["venue_id"] for r in lines))
    chosen = choose([r["venue_id"] for r in lines])
    path = os.path.join(work, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("scenarios:\n" + "".join(f'  - {{name: "{v}", closes: ["{v}"], layers: []}}\n' for v in chosen))
    beside = os.path.join(work, name + "-scenarios")
    made = kayoi(binary, "run", config, "--out", beside, "--scenario", path, "--lang", "en")
    if not check(f"{name}: {len(chosen)} scenarios run", made.returncode == 0, made.stderr[-2000:]):
        return
    scenarios = {s["scenario"]: s for s in table(beside, "scenarios")}
    wrong = [v for v in chosen for r in lines if r["venue_id"] == v and
             (r["losing_65"], r["losing_75"], D(0)) != (scenarios[v]["losing_65"], scenarios[v]["losing_75"], D(scenarios[v]["gaining_65"]))]
    check(f"{name}: as many lose as in the scenario, and nobody gains", not wrong, wrong)
    theirs = {(s["scenario"], s["zone_id"], s["level"]): s["losing_65"] for s in table(beside, "scenario_zones")
              if s["level"] != "municipality" and D(s["losing_65"]) != 0}
    mine = {(z["venue_id"], z["zone_id"], z["level"]): z["losing_65"] for z in zones if z["venue_id"] in chosen and D(z["losing_65"]) != 0}
    check(f"{name}: in the same zones", mine == theirs, sorted(set(mine.items()) ^ set(theirs.items()))[:6])
    sums = {v: sum(D(z["losing_65"]) for z in zones if z["venue_id"] == v) for v in chosen}
    check(f"{name}: zones add up to the line", all(sums[r["venue_id"]] == D(r["losing_65"]) for r in lines if r["venue_id"] in sums))
    after = {}
    for cell in table(beside, "scenario_cells"):
        if cell["nearest_venue_id_before"] == cell["scenario"]:
            after.setdefault(cell["scenario"], set()).add(cell["nearest_venue_id_after"])
    wrong = [r["venue_id"] for r in lines if r["venue_id"] in after and r["next_venue_id"] not in after[r["venue_id"]] | {""}]
    check(f"{name}: the next venue is one that cells turn to", len(wrong) <= max(1, len(after) // 10), wrong)   # cells are medians of many homes


sample = os.path.join(work, "town")
shutil.copytree(os.path.join(root, "sample-data"), sample)
config = os.path.join(sample, "kayoi.yaml")
with open(config, encoding="utf-8") as file:
    text = file.read()
with open(config, "w", encoding="utf-8") as file:
    file.write(re.sub(r"formats: .*", "formats: [csv]", text.replace("sensitivity: true", "sensitivity: false")))
compare("sample", config, lambda ids: ids)

# A venue that serves one zone only, and one with a neighbour at the same place.
with open(os.path.join(sample, "venues.csv"), encoding="utf-8-sig", newline="") as file:
    rows = file.read().split("\r\n")
copy = rows[1].split(",")
copy[0] = "901"
rows.insert(2, ",".join(copy))
head = rows[0].split(",")
far = rows[6].split(",")
far[head.index("対象エリア")] = "中央圏域"
rows[6] = ",".join(far)
with open(os.path.join(sample, "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
    file.write("\r\n".join(rows))
compare("bound", config, lambda ids: ids)


# --- homes given as points: cells say of each home which venues are next, and everything can be counted again ------------
rng = random.Random(3)
homes = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [round(rng.uniform(130.84, 130.89), 6), round(rng.uniform(32.73, 32.77), 6)]},
          "properties": {"id": f"H{i:04d}", "pop_total": (n := rng.randrange(1, 9)), "pop_65": n // 2, "pop_75": n // 3}} for i in range(1500)]
with open(os.path.join(sample, "homes.geojson"), "w", encoding="utf-8") as file:
    json.dump({"type": "FeatureCollection", "features": homes}, file)
with open(config, encoding="utf-8") as file:
    text = file.read()
with open(config, "w", encoding="utf-8") as file:
    file.write(re.sub(r"(?ms)^residents:\n.*?(?=^#|^\w)", "residents: [homes.geojson]\n\n", text))
out = os.path.join(work, "homes")
made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
check("homes: runs", made.returncode == 0, made.stderr[-2000:])
free, expected = {}, {}
for v in table(out, "venues"):
    if v["seats"] and v["participants"]:
        free[v["venue_id"]] = max(0, int(v["seats"]) - int(v["participants"]))
for home in table(out, "cells"):
    people = D(home["pop_65"])
    if home["place"] == "outside" or not home["walk_m_1"] or D(home["walk_m_1"]) > 500:
        continue
    of = expected.setdefault(home["venue_id_1"], {"losing": D(0), "losing_75": D(0), "next": {}, "extra": D(0)})
    if not home["walk_m_2"] or D(home["walk_m_2"]) > 500:
        of["losing"] += people
        of["losing_75"] += D(home["pop_75"])
    elif people:
        of["next"][home["venue_id_2"]] = of["next"].get(home["venue_id_2"], 0) + people
        of["extra"] += people * (D(home["walk_m_2"]) - D(home["walk_m_1"]))
wrong, seen = [], 0
for line in table(out, "closures"):
    of = expected.get(line["venue_id"], {"losing": D(0), "losing_75": D(0), "next": {}, "extra": D(0)})
    stay = sum(of["next"].values())
    mean = (of["extra"] / stay).quantize(D("0.001"), ROUND_HALF_UP) if stay else ""
    most = min(of["next"], key=lambda v: (-of["next"][v], v)) if stay else ""
    known = [free[v] for v in of["next"] if v in free]
    mine = (D(line["losing_65"]), D(line["losing_75"]), D(line["staying_65"]), line["extra_walk_m_mean"] and D(line["extra_walk_m_mean"]),
            line["next_venue_id"], line["next_free_seats"])
    theirs = (of["losing"], of["losing_75"], stay, mean, most, str(sum(known)) if known else "")
    seen += stay > 0
    if mine != theirs:
        wrong.append((line["venue_id"], mine, theirs))
check("homes: who loses, who stays, how much farther, where to and its free seats are what the homes say", not wrong and seen > 5, (seen, wrong[:3]))

ube = sys.argv[3] if len(sys.argv) > 3 else os.path.join(root, "tests", "real", "ube.yaml")
if os.path.isdir(os.path.join(os.path.dirname(root), "shared", "data", "ube")):
    compare("ube", ube, lambda ids: ids[:4] + ids[len(ids) // 2:len(ids) // 2 + 2] + ids[-2:])
else:
    skip("Ube", "../shared/data/ube is not there")
done()
