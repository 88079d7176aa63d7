"""The assignment of target people to seats beside a linear program (glpsol) that knows nothing of it: total, per zone, and
venues that are short of seats. Usage: seats.py KAYOI ASSIGN_SEATS WORK_DIR [DATA]

For the sample and Ube (DATA) who reaches which venue comes from recompute.py, that is from scipy on the written layers."""
import csv
import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
from osgeo import gdal, ogr

from runs import kayoi, root, sample, table
from tap import check, done, skip

gdal.UseExceptions()
binary, assign, work = sys.argv[1:4]
data = sys.argv[4] if len(sys.argv) > 4 else None
MICRO = 1_000_000
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
programs = 0


# ------------------------------------------------------------------------------------- an instance and its linear program
class Instance:
    """demand: people per zone; seats: per venue, None is unlimited; classes: (zone, demand, venues)."""

    def __init__(self, demand, seats, classes):
        self.demand, self.seats, self.classes = demand, seats, classes

    def solve(self, wanted, share):
        """Largest sum of what zones have (share False), or largest t with what each zone has >= wanted: numbers, or "t" for
        t x its demand. Returns (value, what each zone has, the zones whose wish was what kept t small)."""
        global programs
        programs += 1
        names = [(c, v) for c, (_, _, venues) in enumerate(self.classes) for v in venues]
        by_zone = {z: [] for z in range(len(self.demand))}
        by_venue = {v: [] for v in range(len(self.seats))}
        for c, v in names:
            by_zone[self.classes[c][0]].append(f"x{c}_{v}")
            by_venue[v].append(f"x{c}_{v}")
        every = [n for z in by_zone.values() for n in z]
        if not every:
            return 0.0, [0.0] * len(self.demand), set(range(len(self.demand)))
        lines = ["Maximize", " obj: " + ("t" if share else " + ".join(every)), "Subject To"]
        rows = []
        for c, (_, demand, venues) in enumerate(self.classes):
            if venues:
                lines.append(f" c{c}: " + " + ".join(f"x{c}_{v}" for v in venues) + f" <= {demand!r}")
                rows.append(None)
        for v, used in by_venue.items():
            if used and self.seats[v] is not None:
                lines.append(f" v{v}: " + " + ".join(used) + f" <= {float(self.seats[v])!r}")
                rows.append(None)
        for z, want in enumerate(wanted if share else []):
            left = " + ".join(by_zone[z])
            if want == "t":
                lines.append(f" z{z}: {left} - {self.demand[z]!r} t >= 0")
            elif want is not None and left:
                lines.append(f" z{z}: {left} >= {want!r}")
            else:
                continue
            rows.append(z if want == "t" else None)
        lines += ["Bounds", " 0 <= t <= 1" if share else "", "End", ""]
        path = os.path.join(work, "program.lp")
        with open(path, "w", encoding="ascii") as file:
            file.write("\n".join(line for line in lines if line))
        made = subprocess.run(["glpsol", "--lp", path, "-w", path + ".out"], capture_output=True, text=True, check=False)
        x, duals, value = {}, set(), None
        columns = []
        for line in open(path, encoding="ascii"):        # columns are numbered as they are first named
            for word in line.split():
                if (word[0] == "x" or word == "t") and word not in x:
                    x[word] = 0.0
                    columns.append(word)
        with open(path + ".out", encoding="ascii") as file:
            for line in file:
                word = line.split()
                if word[0] == "s":
                    if word[4:6] != ["f", "f"]:
                        raise RuntimeError(made.stdout[-2000:])
                    value = float(word[6])
                elif word[0] == "i" and rows[int(word[1]) - 1] is not None and abs(float(word[4])) > 1e-9:
                    duals.add(rows[int(word[1]) - 1])
                elif word[0] == "j":
                    x[columns[int(word[1]) - 1]] = float(word[3])
        return value, [sum(x[n] for n in by_zone[z]) for z in range(len(self.demand))], duals

    def total(self):
        return self.solve(None, False)[0]

    def fairest(self):
        """Zone by zone: the least share as large as can be, then the least of the others, and so on."""
        wanted = ["t" if d > 0 else None for d in self.demand]
        while "t" in wanted:
            t, _, tight = self.solve(wanted, True)
            if t > 1 - 1e-9:
                tight = {z for z, w in enumerate(wanted) if w == "t"}
            if not tight:
                raise RuntimeError(f"no zone keeps t at {t}")
            for z in tight:
                wanted[z] = max(0.0, t) * self.demand[z] * (1 - 1e-12)
        return [w if w is not None else 0.0 for w in wanted]


def ask(instances):
    """Answers of assign_seats: (reason, what each zone has in people, is_short of each venue)."""
    text = ""
    for demand, venues, classes in instances:
        text += f"{len(demand)} {len(venues)} {len(classes)}\n{' '.join(map(str, demand))}\n"
        text += "".join(f"{capacity} {sessions}\n" for capacity, sessions in venues)
        text += "".join(f"{z} {people} {len(reach)} {' '.join(map(str, reach))}\n" for z, people, reach in classes)
    made = subprocess.run([assign], input=text, capture_output=True, text=True, check=True)
    out = []
    for line, (demand, venues, _) in zip(made.stdout.splitlines(), instances):
        word = line.split()
        numbers = [int(w) for w in word[1:]]
        served = [n / MICRO for n in numbers[:len(demand)]] if word[0] == "-" else None
        out.append((word[0], served, numbers[-len(venues):]))
    return out


def seats_of(capacity, sessions):
    """Method.md 6: capacity x sessions / min(4, sessions), halves up."""
    if capacity < 0 or sessions < 0:
        return None
    least = min(4000, sessions)
    return (2 * capacity * sessions + least) // (2 * least) if least else 0


def program_of(instance):
    demand, venues, classes = instance
    people = [sum(c[1] for c in classes if c[0] == z) for z in range(len(demand))]
    return Instance([d / MICRO for d in demand], [seats_of(*v) for v in venues],
                    [(z, demand[z] / MICRO * n / people[z], reach) for z, n, reach in classes])


# ------------------------------------------------------------------------------------------------- 50 random instances
def random_instance(rng):
    zones, venues = rng.randint(1, 8), rng.randint(1, 24)
    roomy = rng.choice([3, 20, 60])
    facts = [(rng.randint(0, roomy), rng.choice([500, 1000, 2000, 4000, 5000, 8000, 12000])) for _ in range(venues)]
    for v in rng.sample(range(venues), venues // rng.choice([3, 8, 8, 8])):
        facts[v] = (-1, 4000)
    centre = [rng.random() for _ in range(venues)]
    classes = []
    for _ in range(rng.randint(zones, 60)):
        z, width = rng.randrange(zones), rng.choice([0.03, 0.1, 0.25])
        at = (z + rng.random() * 1.4 - 0.2) / zones          # zones side by side; some venues serve two
        classes.append((z, rng.randint(1, 400_000), [v for v in range(venues) if abs(centre[v] - at) < width]))
    demand = [rng.randint(0, 90) * MICRO * (any(c[0] == z for c in classes)) for z in range(zones)]
    return demand, facts, classes


def shuffled(instance, rng):
    demand, facts, classes = instance
    place = list(range(len(facts)))
    rng.shuffle(place)
    moved = [None] * len(facts)
    for v, p in enumerate(place):
        moved[p] = facts[v]
    return (demand, moved, [(z, n, sorted(place[v] for v in reach)) for z, n, reach in classes]), place


rng = random.Random(20261121)
instances = [random_instance(rng) for _ in range(50)]
answers = ask(instances)
turned = [shuffled(i, rng) for i in instances]
again = ask([t[0] for t in turned])
wrong_total, wrong_zone, wrong_turned, wrong_short, asked, levels, unserved = [], [], [], [], 0, 0, 0
for n, (instance, (reason, served, short)) in enumerate(zip(instances, answers)):
    program = program_of(instance)
    in_range = {v for _, _, reach in instance[2] for v in reach}
    unknown = [v for v in in_range if program.seats[v] is None]
    if (reason == "-") != (5 * len(unknown) <= len(in_range)):
        wrong_total.append(f"{n}: {reason} with {len(unknown)} unknown of {len(in_range)}")
    if reason != again[n][0] or served != again[n][1] or short != [again[n][2][p] for p in turned[n][1]]:
        wrong_turned.append(f"{n}: {served} and {again[n][1]}")
    if served is None:
        continue
    asked += 1
    total, fair = program.total(), program.fairest()
    unserved += sum(program.demand) - total > 1e-6
    levels += len({round(s / d, 9) for s, d in zip(fair, program.demand) if d > 0})
    if abs(sum(served) - total) > 1e-4:
        wrong_total.append(f"{n}: {sum(served)} people, the program {total}")
    wrong_zone += [f"{n} zone {z}: {a}, the program {b}" for z, (a, b) in enumerate(zip(served, fair)) if abs(a - b) > 1e-4]
    if n % 5 == 0:
        for v in in_range:
            more = Instance(program.demand, [s if w != v or s is None else s + 0.01 for w, s in enumerate(program.seats)],
                            program.classes)
            if (short[v] == 1) != (more.total() > total + 1e-4):
                wrong_short.append(f"{n} venue {v}: {short[v]}")
print(f"# {asked} of 50 assigned, {unserved} with too few seats, {levels} different shares")
check("50 random instances: most have too few seats, and zones differ", 35 < asked < 50 and unserved > 20 and levels > 2 * asked,
      f"{asked} {unserved} {levels}")
check("50 random instances: as many people seated as the linear program seats", not wrong_total, "; ".join(wrong_total[:5]))
check("50 random instances: as many of each zone as in the fairest of the programs", not wrong_zone, "; ".join(wrong_zone[:5]))
check("50 random instances: venues in another order, the same answer", not wrong_turned, "; ".join(wrong_turned[:5]))
check("a venue is short of seats where the program seats more with more seats there", not wrong_short, "; ".join(wrong_short[:5]))


# ------------------------------------------------------------------------------------------- towns, from written layers
def rounded(parts, total):
    """Largest remainder, ties to the earlier. None when two remainders are too near to tell."""
    floors = [int(p + 1e-7) for p in parts]
    left = [p - f for p, f in zip(parts, floors)]
    order = sorted(range(len(parts)), key=lambda i: (-round(left[i], 6), i))
    for i in order[:total - sum(floors)]:
        floors[i] += 1
    return floors


def town(name, out):
    """Compares a written result with the programs; returns its zones."""
    kept = os.path.join(work, name + ".npz")
    made = subprocess.run(["/usr/bin/python3", os.path.join(root, "tests", "check", "recompute.py"), out, "500", kept],
                          capture_output=True, text=True, check=False)
    if not check(f"{name}: homes and walks are recomputed", made.returncode == 0, made.stdout[-500:] + made.stderr[-500:]):
        return None
    with np.load(kept) as file:
        row, people, state, hits = file["row"], file["people_65"], file["state"], file["hits"]
        zone_ids, venue_ids = list(file["zone_ids"]), list(file["venue_ids"])
    zones = {z["zone_id"]: z for z in table(out, "zones") if z["level"] == "zone"}
    facts = {v["venue_id"]: v for v in table(out, "venues")}
    venues = [(int(facts[v]["capacity"] or -1), round(float(facts[v]["sessions_per_month"] or -0.001) * 1000)) for v in venue_ids]
    wrong = [v for v, f in zip(venue_ids, venues) if facts[v]["seats"] != str("" if seats_of(*f) is None else seats_of(*f))]
    check(f"{name}: seats of {len(venues)} venues", not wrong, ", ".join(wrong))
    groups = {}
    for i in np.nonzero((row < len(zone_ids)) & (people > 0) & (state == 0))[0]:
        key = int(row[i]), tuple(np.nonzero(hits[:, i])[0])
        groups[key] = groups.get(key, 0) + int(people[i])
    classes = [(z, n, list(map(int, reach))) for (z, reach), n in sorted(groups.items())]
    target, far, covered, unknown = [], [], [], []
    for z, zone_id in enumerate(zone_ids):
        inside = (row == z) & (people > 0)
        of = [int(people[inside & (state == s)].sum()) for s in range(4)]
        target.append(int(zones[zone_id]["target_participants"]))
        far.append(target[z] * (of[1] + of[2]) / max(1, sum(of)))
        covered.append(target[z] * of[0] / max(1, sum(of)))
        unknown.append(target[z] * of[3] / sum(of) if sum(of) else target[z])
    program = program_of(([c * MICRO for c in covered], venues, classes))
    total, fair = program.total(), program.fairest()
    (_, served, short), = ask([([round(c * MICRO) for c in covered], venues, classes)])
    print(f"# {name}: {len(classes)} classes; {sum(covered):.3f} of {sum(target)} target people covered, {total:.3f} seated; shares "
          + " ".join(f"{s / max(c, 1e-9):.4f}" for s, c in zip(fair, covered)))
    check(f"{name}: some have no seat, and not the same share everywhere", total < sum(covered) - 1 and
          (len(zone_ids) == 1 or len({round(s / c, 6) for s, c in zip(fair, covered) if c}) > 1), f"{fair} of {covered}")
    check(f"{name}: as many people seated as the linear program seats", abs(sum(served) - total) < 1e-4, f"{sum(served)} {total}")
    check(f"{name}: as many of each zone", max(abs(a - b) for a, b in zip(served, fair)) < 1e-4, f"{served} {fair}")
    wrong = []
    for z, zone_id in enumerate(zone_ids):
        own = rounded([far[z], covered[z] - fair[z], fair[z], unknown[z]], target[z])
        given = [int(zones[zone_id]["target_" + k]) for k in ("too_far", "no_seats", "within_reach", "unknown")]
        if own != given or sum(given) != target[z]:
            wrong.append(f"{zone_id}: {given}, the program {own} of {target[z]}")
    check(f"{name}: parts of the target in whole people, zone by zone", not wrong, "; ".join(wrong))
    rows = {z["level"]: z for z in table(out, "zones")}
    wrong = [k for k in ("too_far", "no_seats", "within_reach", "unknown")
             if int(rows["municipality"]["target_" + k]) != sum(int(z["target_" + k]) for z in zones.values())]
    check(f"{name}: the municipality is the sum of its zones", not wrong, ", ".join(wrong))
    wrong = [v for v, s in zip(venue_ids, short) if facts[v]["seats_short"] != {1: "true", 0: "false", -1: ""}[s]]
    check(f"{name}: venues short of seats", not wrong and "true" in {f["seats_short"] for f in facts.values()}, ", ".join(wrong))
    free_seats(name, zones, rows["municipality"], zone_ids, facts, {v: hits[k] for k, v in enumerate(venue_ids)}, row, people,
               {i["record"] for i in table(out, "issues") if i["reason"] == "venue_outside"})
    return table(out, "zones")


def number(text):
    return int(text) if text else None


def free_seats(name, zones, municipality, zone_ids, facts, reach, row, people, outside):
    """Seats, full and empty venues, free seats where they lie and where they can be walked to, places they leave to be made."""
    wrong, seats, left, near, shut = [], {}, {}, {}, {}
    for venue_id, v in facts.items():
        has, come, zone_id = number(v["seats"]), number(v["participants"]), v["zone_id"]
        known = has is not None and come is not None
        own = [max(0, has - come), max(0, come - has), come >= has] if known else [None] * 3
        given = [number(v["free_seats"]), number(v["participants_over_seats"]), {"": None, "true": True, "false": False}[v["full"]]]
        empty = {"": None, "true": True, "false": False}[v["empty"]]
        if own != given or empty != (None if come is None else come == 0):
            wrong.append(f"{venue_id}: {given} {empty}, own {own} of {has} and {come}")
        if v["counts"] == "true" and zone_id:
            seats[zone_id] = seats.get(zone_id, 0) + (has or 0)
            left[zone_id] = left.get(zone_id, 0) + (own[0] or 0)
        if v["counts_for_rate"] != "true" or venue_id not in reach or own[0] is None or venue_id in outside:
            continue
        of = [int(people[reach[venue_id] & (row == z) & (people > 0)].sum()) for z in range(len(zone_ids))]
        if sum(of) == 0:
            continue
        whole = rounded([own[0] * n / sum(of) for n in of], own[0])
        for zone_id, n in zip(zone_ids, whole):
            near[zone_id] = near.get(zone_id, 0) + n
    check(f"{name}: free seats, full and empty venues from seats and participants", not wrong, "; ".join(wrong[:5]))
    wrong = []
    for zone_id, z in zones.items():
        given = [number(z[k]) for k in ("seats", "free_seats", "free_seats_in_range")]
        own = [seats.get(zone_id, 0), left.get(zone_id, 0), near.get(zone_id, 0)]
        if any(g is not None and g != o for g, o in zip(given, own)) or (given[2] or 0) != own[2]:
            wrong.append(f"{zone_id}: {given}, own {own}")
    check(f"{name}: seats and free seats of every zone", not wrong, "; ".join(wrong))
    given = number(municipality["free_seats_in_range"])
    check(f"{name}: free seats in range, given away once", (given or 0) == sum(near.values()), f"{given} {near}")


def run(name, config):
    made = kayoi(binary, "run", config, "--out", os.path.join(work, name), "--lang", "en")
    return os.path.join(work, name) if check(f"{name} runs", made.returncode == 0, made.stderr[-1500:]) else None


out = run("sample", sample)
zones = town("sample", out) if out else None

if out:
    years = [z for z in table(out, "year_zones") if z["target_participants"]]
    parts = ["target_" + k for k in ("participants", "too_far", "no_seats", "within_reach", "unknown")]
    wrong = [z for z in years if int(z[parts[0]]) != sum(int(z[k]) for k in parts[1:])]
    check(f"parts of the target in every zone and year ({len(years)})", len(years) > 4 and not wrong, wrong[:1])
    wrong = [f"{y} {k}" for y in {z["year"] for z in years} for k in parts
             if sum(int(z[k]) * (1 if z["level"] == "zone" else -1) for z in years if z["year"] == y) != 0]
    check("and zones add up in every year", not wrong, ", ".join(wrong))

# The same venues under numbers in the opposite order: every tie falls the other way, the zones stay as they are.
copy = os.path.join(work, "renamed")
shutil.copytree(os.path.dirname(sample), copy)
with open(sample, encoding="utf-8") as file:
    text = file.read().replace("formats: [geojson, gpkg, csv]", "formats: [csv]").replace("sensitivity: true", "sensitivity: false")
with open(os.path.join(copy, "kayoi.yaml"), "w", encoding="utf-8") as file:
    file.write(text)
with open(os.path.join(copy, "venues.csv"), encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))
with open(os.path.join(copy, "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
    csv.writer(file).writerows([rows[0]] + [[str(1000 - int(r[0]))] + r[1:] for r in reversed(rows[1:])])
out = run("renamed-out", os.path.join(copy, "kayoi.yaml"))
if out and zones:
    parts = [k for k in zones[0] if k.startswith("target_")]
    check("venues with other numbers in another order: the same parts in every zone",
          [[z[k] for k in parts] for z in zones] == [[z[k] for k in parts] for z in table(out, "zones")])

# Bad seats: negative and absurd capacity, no session, words.
text = [dict(zip(rows[0], r)) for r in rows[1:]]
for n, (column, value) in {1: ("定員", "-30"), 2: ("定員", "9" * 17), 3: ("定員", "9" * 30), 4: ("月開催回数", "0"),
                           5: ("月開催回数", "-4"), 6: ("定員", "二十")}.items():
    text[n - 1][column] = value
with open(os.path.join(copy, "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
    csv.writer(file).writerows([rows[0]] + [[t[k] for k in rows[0]] for t in text])
out = run("bad-out", os.path.join(copy, "kayoi.yaml"))
if out:
    venues = {v["venue_id"]: v for v in table(out, "venues")}
    given = [venues[str(n)]["seats"] for n in range(1, 7)]
    check("a negative, absurd or worded capacity is unknown; no session gives no seat",
          given == ["", str(int("9" * 17)), "", "0", "", ""], given)
    found = {(i["record"], i["reason"]) for i in table(out, "issues")}
    check("and each is an issue", {("1", "negative_number"), ("3", "not_a_number"), ("5", "negative_number"), ("6", "not_a_number")}
          <= found, sorted(found))
    check("a venue that never meets does not count", venues["4"]["counts"] == "false", venues["4"])
    for z in table(out, "zones"):
        if z["target_participants"]:
            check(f"parts of the target add up with bad seats ({z['name']})", int(z["target_participants"]) == sum(
                int(z["target_" + k] or 0) for k in ("too_far", "no_seats", "within_reach", "unknown")), z)

# Seats of most venues unknown.
for t in text:
    t["定員"] = ""
with open(os.path.join(copy, "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
    csv.writer(file).writerows([rows[0]] + [[t[k] for k in rows[0]] for t in text])
out = run("unknown-out", os.path.join(copy, "kayoi.yaml"))
if out:
    of = [z for z in table(out, "zones") if z["target_participants"]]
    check("no seats known: null with the reason, and the covered are within reach",
          all(z["target_no_seats"] == "" and z["target_no_seats_reason"] == "seats_unknown" for z in of), of[0])
    check("and the parts still add up", all(int(z["target_participants"]) == sum(
        int(z["target_" + k]) for k in ("too_far", "within_reach", "unknown")) for z in of))


# ------------------------------------------------------------------------------------------------------------------ Ube
def cut_ube(folder):
    """Ube's border cut into six zones, its 42 venues with seats that nobody gave them."""
    os.makedirs(folder)
    border = ogr.Open(os.path.join(data, "ube", "N03_35202.json"))
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    for feature in border.GetLayer(0):
        whole = whole.Union(feature.GetGeometryRef())
    west, east, south, _ = whole.GetEnvelope()
    steps = [west, 131.22, 131.24, 131.252, 131.265, 131.29, east]
    features = []
    for i in range(6):
        box = ogr.CreateGeometryFromWkt("POLYGON(({0} {2},{1} {2},{1} 35,{0} 35,{0} {2}))".format(steps[i], steps[i + 1], south - 1))
        features.append({"type": "Feature", "properties": {"id": f"U{i}", "name": f"宇部{i}"},
                         "geometry": json.loads(whole.Intersection(box).ExportToJson())})
    with open(os.path.join(folder, "zones.geojson"), "w", encoding="utf-8") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
    shelters = ogr.Open("/vsizip/" + os.path.join(data, "ube", "ube_shelters.zip"))
    some = random.Random(35202)
    with open(os.path.join(folder, "venues.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "capacity", "sessions_per_month", "lon", "lat"])
        for v in shelters.GetLayer(0):
            writer.writerow([v.GetField("NO"), v.GetField("P20_002"), some.choice([2, 3, 5, 8, 15, 30]), some.choice([1, 2, 4, 8]),
                             v.GetGeometryRef().GetX(), v.GetGeometryRef().GetY()])
    with open(os.path.join(root, "tests", "real", "ube.yaml"), encoding="utf-8") as file:
        text = file.read().replace("../../../shared/data", data)
    start, end = text.index("\nvenues:\n"), text.index("\nroads:\n")
    with open(os.path.join(folder, "ube.yaml"), "w", encoding="utf-8") as file:
        file.write(text[:start] + "\nvenues: [venues.csv]\nzones: {path: zones.geojson, columns: {id: id, name: name}}\n" + text[end:])
    return os.path.join(folder, "ube.yaml")


if data is None or not os.path.isdir(os.path.join(data, "ube")):
    skip("seats of Ube", "its data is not there")
else:
    data = os.path.abspath(data)
    out = run("ube", cut_ube(os.path.join(work, "ube-cut")))
    if out:
        town("ube", out)
print(f"# {programs} linear programs")
done()
