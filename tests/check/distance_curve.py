"""Layer distance_curve: at every distance it says what the ledger of a run with that walking range says, on foot and by
straight line. Usage: distance_curve.py KAYOI OUT_DIR WORK_DIR"""
import csv
import os
import re
import shutil
import sys
from decimal import Decimal

from runs import kayoi, root
from tap import check, done

binary, out, work = sys.argv[1:4]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def table(folder, name):
    with open(os.path.join(folder, "internal", f"{name}.csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


curve = {(r["zone_id"], r["level"], int(Decimal(r["distance_m"]))): r for r in table(out, "distance_curve")}
distances = sorted({d for _, _, d in curve})
check("every 100 m up to 3 km, and the bands", distances == sorted({*range(100, 3001, 100), 300, 500, 800}), str(distances))
rows = sorted({(z, level) for z, level, _ in curve})
for key in rows:
    for column in ("people_65", "straight_65"):
        steps = [Decimal(curve[(*key, d)][column]) for d in distances]
        check(f"{key} {column} never falls", steps == sorted(steps), str(steps))
    check(f"{key}: nobody walks less than the straight line",
          all(Decimal(curve[(*key, d)]["people_65"]) <= Decimal(curve[(*key, d)]["straight_65"]) for d in distances))
check("bands are marked", {d for (_, _, d), r in curve.items() if r["is_band"] == "true"} == {300, 500, 800})
check("and the primary one", {d for (_, _, d), r in curve.items() if r["primary"] == "true"} == {500})

folder = os.path.join(work, "other")
shutil.copytree(os.path.join(root, "sample-data"), folder)
path = os.path.join(folder, "kayoi.yaml")
with open(path, encoding="utf-8") as file:
    text = file.read()
asked = [100, 200, 700, 900, 1500, 2900]
for pattern, new in ((r"bands_m: .*", f"bands_m: {asked}"), (r"primary_m: 500", "primary_m: 1500"), (r"formats: .*", "formats: [csv]\n  page: false"),
                     (r"\n +sensitivity: true.*", "")):
    text, count = re.subn(pattern, new, text, count=1)
    assert count == 1, pattern
with open(path, "w", encoding="utf-8") as file:
    file.write(text)
made = kayoi(binary, "run", path, "--out", os.path.join(work, "out"))
check("the sample with other distances runs", made.returncode == 0, made.stderr[-2000:])
check("outputs.page: false writes no page", not os.path.exists(os.path.join(work, "out/internal/report")))
zones = table(os.path.join(work, "out"), "zones")
for zone in zones:
    for d in asked:
        said = curve[(zone["zone_id"], zone["level"], d)]
        check(f"{zone['name']} within {d} m", (said["people_65"], said["straight_65"]) == (zone[f"covered_65_{d}"], zone[f"straight_65_{d}"]),
              f"{said} {zone[f'covered_65_{d}']} {zone[f'straight_65_{d}']}")
        if zone["pop_65"] and Decimal(zone["pop_65"]):
            share = Decimal(said["people_65"]) / Decimal(zone["pop_65"])
            check(f"{zone['name']} share within {d} m", abs(Decimal(said["share_65"]) - share) <= Decimal("0.0000005"), said["share_65"])
done()
