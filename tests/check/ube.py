"""Ube from files: time, memory, and honest counts. Usage: ube.py KAYOI OUT_DIR"""
import csv
import json
import os
import subprocess
import sys

from runs import different, kayoi, root
from tap import check, done

binary, out = sys.argv[1:3]
config = os.path.join(root, "tests", "real", "ube.yaml")
data = os.path.join(os.path.dirname(root), "shared", "data", "ube")

measured = subprocess.run(["/usr/bin/python3", "-c", """
import resource, subprocess, sys, time
start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.monotonic() - start, usage.ru_maxrss / 1024)
sys.exit(status)
""", binary, "run", config, "--out", out, "--lang", "en"], capture_output=True, text=True, errors="replace")
if not check("Ube runs", measured.returncode == 0, measured.stderr[-3000:]):
    done()
seconds, megabytes = (float(v) for v in measured.stdout.split())
print(f"# {seconds:.2f} s, {megabytes:.0f} MB")
check("under 300 MB", megabytes < 300, f"{megabytes:.0f} MB")
again = kayoi(binary, "run", config, "--out", out + "-2", "--threads", "1")
check("equal bytes on another run with 1 thread", again.returncode == 0 and not different(out, out + "-2"),
      lambda: again.stderr[-1000:] + ", ".join(different(out, out + "-2")))


def table(layer):
    with open(os.path.join(out, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# Nobody is lost: people of the file = cells written + cells beyond the margin that run.json counts.
with open(os.path.join(data, "tblT001101H5031.txt"), encoding="cp932") as file:
    rows = list(csv.reader(file))[2:]
people = sum(int(r[4]) for r in rows)
hidden = {r[0] for r in rows if r[1] == "2"}
cells = table("cells")
kept = sum(round(float(c["pop_total"]) * 1000) for c in cells)
text = open(os.path.join(out, "run.json"), encoding="utf-8").read()
run = json.loads(text)


def find(node, key):
    if isinstance(node, dict):
        if key in node:
            return node[key]
        node = list(node.values())
    for item in node if isinstance(node, list) else []:
        found = find(item, key)
        if found is not None:
            return found
    return None


far = find(run, "people_left_out")
check("run.json counts the people beyond the margin", far is not None, text[:500])
if far is not None:
    check("people of the file = cells + beyond the margin", kept + round(float(far) * 1000) == people * 1000,
          f"{people} is not {kept / 1000} + {far}")
group = {c["cell_id"] for c in cells if c["age_source"] == "group"}
check("hidden cells in the study area were shared out", hidden & {c["cell_id"] for c in cells} <= group,
      f"{sorted(hidden & {c['cell_id'] for c in cells} - group)[:5]}")
rows = {z["level"]: z for z in table("zones")}
print(f"# inside {rows['municipality']['pop_65']} people 65+, covered {rows['municipality']['covered_65']}, "
      f"unknown {rows['municipality']['unknown_65']}, outside {rows['outside']['pop_65']}")
venues = table("venues")
check("42 venues, each counted or with its reason", len(venues) == 42 and all(v["counts"] == "true" or v["reason"] for v in venues),
      f"{len(venues)}")
check("the grid covers the south only, and that is said", rows["zone"]["partial"] == "true", f"{rows['zone'].get('partial')}")
reasons = {i["reason"] for i in table("issues")}
print("# issues: " + ", ".join(sorted(reasons)))
done()
