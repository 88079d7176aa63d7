"""A batch of 45 municipalities as a job array on a Slurm of its own; a node goes away in the middle.
Usage: batch.py KAYOI WORK"""
import csv
import json
import os
import shutil
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))

import tap  # noqa: E402
from cluster import Cluster, missing  # noqa: E402
from runs import different, kayoi  # noqa: E402
from tap import check  # noqa: E402

PROGRAM, WORK = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
COUNT, COLUMNS = 45, 9


def lay_out(folder):
    """The sample town cut into boxes, each a municipality with a border file of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree("sample-data", folder)
    with open(f"{folder}/kayoi.yaml", encoding="utf-8") as file:
        text = file.read()
    start, end = text.index("zones:\n  path"), text.index("facts.csv")
    text = text[:start] + text[text.index("\n", end):]
    text = text.replace("sensitivity: true", "sensitivity: false").replace("goal: true", "goal: false")
    text = text.replace('  code: "43999"', '  border: border0.geojson\n  code: "43999"')
    with open(f"{folder}/template.yaml", "w", encoding="utf-8") as file:
        file.write(text)
    with open(f"{folder}/zones.geojson", encoding="utf-8") as file:
        zones = json.load(file)["features"]
    places = [p for z in zones for ring in z["geometry"]["coordinates"] for p in flat(ring)]
    west, east = min(p[0] for p in places), max(p[0] for p in places)
    south, north = min(p[1] for p in places), max(p[1] for p in places)
    rows = [["code", "name", "border"]]
    for i in range(COUNT):
        x, y = i % COLUMNS, i // COLUMNS
        sides = [west + (east - west) * x / COLUMNS, west + (east - west) * (x + 1) / COLUMNS,
                 south + (north - south) * y * COLUMNS / COUNT, south + (north - south) * (y + 1) * COLUMNS / COUNT]
        ring = [[sides[a], sides[b]] for a, b in ((0, 2), (1, 2), (1, 3), (0, 3), (0, 2))]
        name = f"border{i}.geojson"
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            json.dump({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": f"{i + 1}町"},
                       "geometry": {"type": "Polygon", "coordinates": [ring]}}]}, file, ensure_ascii=False)
        rows.append([f"43{i + 1:03d}", f"{i + 1}町", name])
    with open(f"{folder}/areas.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def flat(part):
    return [p for q in part for p in flat(q)] if isinstance(part[0], list) else [part]


def states(folder):
    found = {}
    for task in json.load(open(f"{folder}/batch.json", encoding="utf-8"))["tasks"]:
        try:
            found[task["code"]] = json.load(open(f"{folder}/{task['code']}/status.json", encoding="utf-8"))["state"]
        except FileNotFoundError:
            found[task["code"]] = None
    return found


if missing():
    tap.skip("a batch on Slurm", f"{', '.join(missing())} not there")
    tap.done()
os.makedirs(WORK, exist_ok=True)
lay_out(f"{WORK}/town")
for name in ("alone", "array"):
    shutil.rmtree(f"{WORK}/{name}", ignore_errors=True)
    made = kayoi(PROGRAM, "batch", "plan", f"{WORK}/town/template.yaml", "--areas", f"{WORK}/town/areas.csv", "--out", f"{WORK}/{name}")
    check(f"{name}: planned", made.returncode == 0, made.stderr)
alone = kayoi(PROGRAM, "batch", "run", f"{WORK}/alone", "--jobs", "1")
wanted = states(f"{WORK}/alone")
good = sum(s == "done" for s in wanted.values())
check("without Slurm: each is run or says why not", set(wanted.values()) <= {"done", "failed"} and good >= 30, f"{good} {alone.stderr}")

with Cluster() as slurm:
    said = slurm.command("scripts/slurm/submit", f"{WORK}/array", KAYOI=PROGRAM).split()
    check("submitted", len(said) == 2 and all(s.isdigit() for s in said), str(said))
    slurm.wait(lambda: sum(s is not None for s in states(f"{WORK}/array").values()) >= 10, 120, "ten tasks have ended")
    slurm.end("n2", signal.SIGKILL)
    slurm.wait(lambda: "down" in slurm.command("sinfo", "-h", "-N", "-n", "n2", "-o", "%t"), 60, "the node is seen to be away")
    check("a node went away in the middle", len(slurm.queued()) > 0)
    slurm.start_node("n2")
    slurm.wait(lambda: not slurm.queued(), 300, "all has ended")
check("every task has ended as it does without Slurm", states(f"{WORK}/array") == wanted, str(states(f"{WORK}/array")))
same = [c for c, s in wanted.items() if s == "done" and different(f"{WORK}/alone/{c}/out/internal", f"{WORK}/array/{c}/out/internal")]
check("the same bytes", not same, str(same))
left = [n for c in wanted for n in os.listdir(f"{WORK}/array/{c}") if ".tmp-" in n]
check("nothing half-written stays", not left, str(left))
check("merged", os.path.exists(f"{WORK}/array/merged/merged.json"),
      lambda: open(f"{WORK}/array/slurm-merge.out", errors="replace").read())
with open(f"{WORK}/array/merged/merged.json", encoding="utf-8") as file:
    check("all results are in it", json.load(file)["merged"] == good)
tap.done()
