"""The plausibility gate holds back what differs too much and lets through what does not; what is held can be looked at and
accepted. The history keeps what its rule says, and names for good.
Usage: held.py KAYOI WORK_DIR"""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time

from runs import files, kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def town(name, more="", formats="[csv]"):
    folder = os.path.join(work, name)
    shutil.copytree(os.path.join(root, "sample-data"), folder)
    path = os.path.join(folder, "kayoi.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for pattern, new in ((r"formats: .*", f"formats: {formats}"), (r"\n +sensitivity: true.*", ""), (r"\n +goal: true.*", "\n  best: 0")):
        text, count = re.subn(pattern, new, text, count=1)
        assert count == 1, pattern
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n" + more + "\n")
    return path


def edit(config, pattern, new, name="kayoi.yaml"):
    path = os.path.join(os.path.dirname(config), name)
    with open(path, encoding="utf-8") as file:
        text, count = re.subn(pattern, new, file.read(), count=1)
    assert count == 1, pattern
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def keep_venues(config, keep):
    """The rows of the sample for which keep(row) holds."""
    with open(os.path.join(root, "sample-data", "venues.csv"), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    with open(os.path.join(os.path.dirname(config), "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, names)
        out.writeheader()
        out.writerows(r for r in rows if keep(r))


def run(config, out, *more):
    return kayoi(binary, "run", config, "--out", out, "--lang", "en", *more)


def content(folder):
    found = {}
    for name in files(folder):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = file.read()
    return found


def gate_of(folder):
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
        return json.load(file)["gate"]


def held(made, out, before, *words):
    """Exit status 7, OUT as it was, the reasons named, on stdout too."""
    line = made.stdout.strip().splitlines()[-1] if made.stdout.strip() else ""
    return (made.returncode == 7 and content(out) == before and all(w in made.stderr and w in line for w in words) and
            gate_of(out + ".held")["state"] == "held")


# ---- the number of places: 27 count, 26 of them in the town; 20 % of those are 5.2 ----
out = os.path.join(work, "places", "out")
config = town("places", "gate: {max_covered_share_change: 1, min_records_share: 0}")
made = run(config, out)
counting = [r["venue_id"] for r in table(out, "venues") if r["counts"] == "true"]
check("a first run is published", made.returncode == 0 and len(counting) == 27 and gate_of(out)["state"] == "passed")
before = content(out)
keep_venues(config, lambda r: r["No"] not in counting[:6])
made = run(config, out)
check("six places fewer are held back", held(made, out, before, "places that count 26 -> 20", "--accept"), made.stderr[-600:])
made = kayoi(binary, "diff", out, out + ".held", "--lang", "en")
check("what is held can be compared", made.returncode == 0 and "closed 6" in made.stdout, made.stdout)
first = content(out + ".held")
keep_venues(config, lambda r: r["No"] not in counting[:7])
made = run(config, out)
check("the next one that is held takes its place", held(made, out, before, "26 -> 19") and content(out + ".held") != first, made.stderr[-600:])
keep_venues(config, lambda r: r["No"] not in counting[:5])
made = run(config, out)
check("five are let through, and nothing is held any more", made.returncode == 0 and not os.path.exists(out + ".held") and
      len(table(out, "changes")) > 5, made.stderr[-400:])
keep_venues(config, lambda r: True)
made = run(config, out)
check("more places count too: 5 of 21", made.returncode == 7 and "places that count 21 -> 26" in made.stderr, made.stderr[-400:])
made = run(config, out, "--accept")
check("--accept publishes and says what it accepts", made.returncode == 0 and "places that count 21 -> 26" in made.stderr and
      gate_of(out) == {"state": "accepted", "reasons": [{"code": "venues", "source": None, "before": 21, "after": 26}]} and
      not os.path.exists(out + ".held"), made.stderr[-400:])
made = kayoi(binary, "run", config, "--out", out, "--log", "json", "--brief")
check("the same again needs no acceptance", made.returncode == 0 and gate_of(out)["state"] == "passed", made.stderr[-400:])

# ---- people within reach, records, empty sources ----
before = content(out)
edit(config, r"primary_m: 500", "primary_m: 300")
edit(config, r"max_covered_share_change: 1", "max_covered_share_change: 0.05")
made = run(config, out)
check("the share within reach", held(made, out, before, "within reach 60.3 % -> "), made.stderr[-400:])
edit(config, r"max_covered_share_change: 0.05", "max_covered_share_change: 0.9")
check("a wider limit lets it through", run(config, out).returncode == 0)
before = content(out)
edit(config, r"min_records_share: 0", "min_records_share: 0.5")
keep_venues(config, lambda r: int(r["No"]) <= 14)
edit(config, r"gate: \{", "gate: {max_venues_change: 9, ")
made = run(config, out)
check("half of the records are gone", held(made, out, before, "venues.csv: records 30 -> 14"), made.stderr[-400:])
keep_venues(config, lambda r: int(r["No"]) <= 15)
check("exactly half is let through", run(config, out).returncode == 0)
before = content(out)
keep_venues(config, lambda r: False)
made = run(config, out)
check("an empty source", held(made, out, before, "venues venues.csv is empty"), made.stderr[-400:])
fresh = os.path.join(work, "fresh-out")
made = run(config, fresh)
check("an empty source in a first run: nothing is published", made.returncode == 7 and not os.path.exists(fresh) and
      gate_of(fresh + ".held")["reasons"][0]["code"] == "empty_source", made.stderr[-400:])
check("accepted once, it is no news", run(config, out, "--accept").returncode == 0 and run(config, out).returncode == 0)
edit(config, r"gate: \{", "gate: {hold: false, ")
keep_venues(config, lambda r: True)
check("hold: false", run(config, out).returncode == 0 and gate_of(out)["state"] == "off")
foreign = out + ".held"
os.makedirs(foreign)
with open(os.path.join(foreign, "notes.txt"), "w", encoding="utf-8") as file:
    file.write("mine")
edit(config, r"hold: false, max_venues_change: 9", "max_venues_change: 0")
keep_venues(config, lambda r: r["No"] != counting[0])
before = content(out)
made = run(config, out)
check("somebody else's folder of that name is not touched", made.returncode == 5 and content(out) == before and
      os.listdir(foreign) == ["notes.txt"] and [n for n in os.listdir(os.path.dirname(out)) if ".tmp-" in n] == [], made.stderr[-400:])

# ---- history ----
config = town("history", "history: {dir: kept, keep_runs: 3}", formats="[csv, geojson, gpkg]")
kept, out = (os.path.join(work, "history", n) for n in ("kept", "out"))
stamp = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?$")
for night in range(5):
    keep_venues(config, lambda r: r["No"] not in counting[:night])
    more = ["--name", "第10期計画"] if night == 1 else []
    made = run(config, out, *more)
    assert made.returncode == 0, made.stderr
    if night == 0:
        first = os.listdir(kept)
nights = sorted(n for n in os.listdir(kept) if stamp.match(n))
check("three nights and the name stay", len(nights) == 3 and sorted(os.listdir(kept)) == sorted(nights + ["第10期計画"]) and first[0] not in nights, os.listdir(kept))
compact, whole = files(os.path.join(kept, nights[-1])), files(os.path.join(kept, "第10期計画"))
check("a night has what a comparison needs", "run.json" in compact and "internal/venues.geojson" in compact and "internal/streets.geojson" not in compact, compact)
check("a name has everything", {"run.json", "internal/streets.geojson", "internal/kayoi.gpkg"} <= set(whole), whole)
made = kayoi(binary, "diff", os.path.join(kept, "第10期計画"), out, "--lang", "en")
check("the plan against today", made.returncode == 0 and "closed 3" in made.stdout, made.stdout)
made = kayoi(binary, "diff", os.path.join(kept, nights[0]), os.path.join(kept, nights[1]), "--lang", "en")
check("one night against another", made.returncode == 0 and "Places: " in made.stdout, made.stdout + made.stderr)
plan = content(os.path.join(kept, "第10期計画"))
made = run(config, out, "--name", "第10期計画")
check("a name is never used twice", made.returncode == 2 and "there already" in made.stderr and content(os.path.join(kept, "第10期計画")) == plan, made.stderr[-300:])
for bad, word in (("../outside", "/"), (".hidden", "begin"), ("2026-01-01T000000Z", "nights"), ("x" * 101, "100"), ("a\nb", "must not")):
    made = run(config, out, "--name", bad)
    check(f"no name: {bad[:12]!r}", made.returncode == 2 and word in made.stderr and not os.path.exists(os.path.join(work, "outside")), made.stderr[-300:])
# what the rule does not own
dead = subprocess.Popen(["true"])
dead.wait()
for name in (f".kayoi-new-{dead.pid}", ".kayoi-new-1", "2020-01-01T000000Z", "notes"):
    os.makedirs(os.path.join(kept, name))
for days, name in ((1, "y"), (400, "o")):
    at = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime(time.time() - days * 86400))
    shutil.copytree(os.path.join(kept, nights[-1]), os.path.join(kept, at))
    nights.append(at)
edit(config, r"keep_runs: 3", "keep_runs: 1, keep_days: 30")
assert run(config, out).returncode == 0
left = os.listdir(kept)
check("keep_days: yesterday stays, last year goes", nights[-2] in left and nights[-1] not in left, left)
check("what a dead run left is removed; a living one's, and folders of others, are not", f".kayoi-new-{dead.pid}" not in left and
      {".kayoi-new-1", "2020-01-01T000000Z", "notes", "第10期計画"} <= set(left), left)
shutil.rmtree(kept)
with open(kept, "w", encoding="utf-8") as file:
    file.write("a file")
made = run(config, out)
check("a history that cannot be written is said; the result is published", made.returncode == 0 and "could not be kept" in made.stderr, made.stderr[-300:])
done()
