"""Twenty scenarios beside one run, on Porto's streets: time, time of all processors, memory. Usage: scenarios.py KAYOI WORK_DIR [RUNS]"""
import json
import os
import random
import resource
import subprocess
import sys
import time

import porto_town

binary, work = sys.argv[1:3]
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
if not os.path.exists(porto_town.roads):
    print("skipped: Porto is not there")
    sys.exit(0)
config, venues = porto_town.make(work)
rng = random.Random(11)


def place():
    return f"lon: {rng.uniform(porto_town.WEST, porto_town.EAST):.6f}, lat: {rng.uniform(porto_town.SOUTH, porto_town.NORTH):.6f}"


def some(count):
    return rng.sample([v["properties"]["id"] for v in venues], count)


def scenarios(count=20):
    """What planners compare: most open or close a few venues, some move or change one, one each another rate, distance and walker."""
    items = []
    for i in range(count):
        kind = i % 20
        if kind < 9:
            what = "adds: [" + ", ".join(f"{{name: N{i}.{k}, {place()}, capacity: 20, sessions_per_month: 4}}" for k in range(1 + i % 3)) + "]"
        elif kind < 13:
            what = f"closes: [{', '.join(some(1 + i % 2))}]"
        elif kind < 15:
            what = f"moves: [{{venue: {some(1)[0]}, {place()}}}]"
        elif kind < 17:
            what = f"changes: [{{venue: {some(1)[0]}, capacity: 40, participants: 60}}]"
        else:
            what = {17: "rate: 0.1", 18: "primary_m: 400", 19: "profile: general"}[kind]
        items.append(f"  - {{name: S{i:04d}, {what}}}\n")
    return "scenarios:\n" + "".join(items)


def write(name, count):
    path = os.path.join(work, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(scenarios(count))
    return path


def measure(name, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run([binary, "run", config, "--out", os.path.join(work, name), *arguments], check=True, capture_output=True)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(os.path.join(work, name, "run.json"), encoding="utf-8") as file:
        peak = json.load(file)["timings"]["peak_memory_bytes"]
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak / 1e6


twenty, many = write("twenty.yaml", 20), write("many.yaml", 60)
for _ in range(runs):
    one = measure("one")
    more = measure("more", "--scenario", twenty)
    print(f"one run {one[0]:.2f} s ({one[1]:.2f} s of processors, {one[2]:.0f} MB); with 20 scenarios {more[0]:.2f} s ({more[1]:.2f} s, {more[2]:.0f} MB): "
          f"{more[0] / one[0]:.2f} times, {more[1] / one[1]:.2f} times by processors")
most = measure("most", "--scenario", many)
print(f"with 60 scenarios {most[0]:.2f} s ({most[1]:.2f} s, {most[2]:.0f} MB)")
