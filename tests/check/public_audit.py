"""What can be worked out from public layers, by linear programs. Usage: public_audit.py KAYOI WORK_DIR [TOWNS | FIRST:LAST]

Knows nothing of kayoi's own audit: reads the CSV of OUT/public as anybody would, writes down how figures hang together,
and asks HiGHS for the smallest and largest value that each hidden count can have, and the null space whether any hidden
figure has one value only. Towns are random and small; each is published twice, with changes between. Internal layers
are read for what the worst of readers might guess: which figures have not changed, and what rounding did."""
import csv
import json
import os
import random
import re
import shutil
import sys

import numpy as np
from osgeo import ogr, osr
from scipy.linalg import null_space
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from runs import kayoi, root
from tap import check, done, skip

ogr.UseExceptions()
binary, work = os.path.abspath(sys.argv[1]), sys.argv[2]
first_town, last_town = map(int, (sys.argv[3] if ":" in sys.argv[3:4][0] else "0:" + sys.argv[3]).split(":")) if len(
    sys.argv) > 3 else (0, 6)
LIMIT = 10.0
BANDS, SEXES = ("total", "65", "75", "85"), ("", "_m", "_f")
STATUS = ("covered", "beyond", "unreachable", "unknown")
KINDS = ("pop",) + STATUS + ("in_gap", "not_in_gap", "official", "people")
PEOPLE = re.compile(r"(?:%s)_(?:total|65|75|85)(?:_[mf])?$|(?:covered|straight|unreachable|cause)_65_.+|"
                    r"(?:no_venue|covered)_no_shop_65$" % "|".join(KINDS))


def rows_of(out, audience, layer):
    path = os.path.join(out, audience, layer + ".csv")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def key_of(layer, row):
    return (row["zone_id"], row["level"]) if layer == "zones" else (row["gap_id"], "")


class Reader:
    """Figures of publications and what ties them: unknowns are numbered, known ones are numbers."""

    def __init__(self):
        self.known, self.number, self.truth, self.rows = {}, {}, {}, []
        self.small, self.is_whole = [], {}

    def look(self, when, out, restricted):
        """Every count of people in the public layers of a folder."""
        for layer in ("zones", "gaps", "mobility"):
            whole = {key_of(layer, r): r for r in rows_of(out, "internal", layer)}
            if layer == "gaps":   # areas where few live are left out
                self.is_whole[when] = len(whole) == len(rows_of(out, "public", layer))
            for row in rows_of(out, "public", layer):
                key = key_of(layer, row)
                hidden = set(filter(None, row.get("hidden", "").split("; ")))
                for name, text in row.items():
                    if not PEOPLE.match(name) or (text == "" and name not in hidden):
                        continue
                    figure = (when, layer, key, name)
                    self.truth[figure] = float(whole[key][name])
                    if text != "":
                        self.known[figure] = float(text)
                        if restricted(name) and 0 < float(text) < LIMIT:
                            self.small.append((figure, "shown"))
                    elif 0 < self.truth[figure] < LIMIT:
                        self.small.append((figure, "hidden"))

    def unchanged(self):
        """A figure of the second publication that is that of the first is one figure."""
        for figure in list(self.truth):
            before = (0,) + figure[1:]
            if figure[0] != 1 or self.truth.get(before) != self.truth[figure]:
                continue
            if before in self.known and figure not in self.known:
                self.known[figure] = self.known[before]
            self.tie([(figure, 1), (before, -1)])

    def tie(self, terms, most=False):
        """Sum of factor x figure is 0 (what rounding makes of it is known), or at most 0."""
        if any(figure not in self.truth for figure, _ in terms):
            return
        rest = sum(factor * self.truth[figure] for figure, factor in terms)
        self.rows.append((terms, max(rest, 0.0) if most else rest, most))

    def relations(self, when):
        for layer in ("zones", "gaps", "mobility"):
            keys = {f[2] for f in self.truth if f[0] == when and f[1] == layer}
            names = {f[3] for f in self.truth if f[0] == when and f[1] == layer}
            for key in sorted(keys):
                self.record(lambda name: (when, layer, key, name), names)
            if layer == "zones":
                self.sums(when, keys, names)
        self.gaps(when)

    def record(self, at, names):
        for band in BANDS:
            for sex in SEXES:
                end = "_" + band + sex
                self.tie([(at("pop" + end), -1)] + [(at(s + end), 1) for s in STATUS])
                self.tie([(at("beyond" + end), 1), (at("unreachable" + end), 1), (at("in_gap" + end), -1),
                          (at("not_in_gap" + end), -1)])
        for kind in KINDS:
            for b, band in enumerate(BANDS):
                self.tie([(at(f"{kind}_{band}"), -1), (at(f"{kind}_{band}_m"), 1), (at(f"{kind}_{band}_f"), 1)])
                for older in BANDS[b + 1:]:
                    for sex in SEXES:
                        self.tie([(at(f"{kind}_{older}{sex}"), 1), (at(f"{kind}_{band}{sex}"), -1)], most=True)
        metres = {k: sorted((float(n.split("_")[2]), n) for n in names if re.match(k + r"_65_\d+$", n))
                  for k in ("covered", "straight")}
        for chain in metres.values():
            for (_, near), (_, far) in zip(chain, chain[1:]):
                self.tie([(at(near), 1), (at(far), -1)], most=True)
            if chain:
                self.tie([(at(chain[-1][1]), 1), (at("pop_65"), -1)], most=True)
        for far, name in metres["covered"]:
            self.tie([(at(name), 1), (at(f"straight_65_{far:.0f}"), -1)], most=True)
            if far == 500:
                self.tie([(at(name), 1), (at("covered_65"), -1)])
        for whole, start in (("unreachable_65", "unreachable_65_"), ("people_65", "cause_65_")):
            parts = [n for n in names if n.startswith(start) and n[len(start):] not in ("m", "f")]
            if parts:
                self.tie([(at(n), 1) for n in parts] + [(at(whole), -1)])
        self.tie([(at("covered_65"), 1), (at("no_venue_no_shop_65"), 1), (at("pop_65"), -1)], most=True)
        self.tie([(at("covered_no_shop_65"), 1), (at("covered_65"), -1)], most=True)

    def sums(self, when, keys, names):
        for name in sorted(names):
            levels = ("zone",) if name.startswith("official") else ("zone", "outside_zones")
            parts = [((when, "zones", k, name), 1) for k in sorted(keys) if k[1] in levels]
            parts = [p for p in parts if p[0] in self.truth]
            self.tie(parts + [((when, "zones", k, name), -1) for k in keys if k[1] == "municipality"])

    def gaps(self, when):
        keys = sorted({f[2] for f in self.truth if f[0] == when and f[1] == "gaps"})
        town = [f[2] for f in self.truth if f[0] == when and f[1] == "zones" and f[2][1] == "municipality"][:1]
        for band in BANDS:
            for sex in SEXES:
                parts = [((when, "gaps", k, f"people_{band}{sex}"), 1) for k in keys]
                for t in town:
                    whole = (when, "zones", t, f"in_gap_{band}{sex}")
                    self.tie(parts + [(whole, -1)], most=not self.is_whole[when])
        for figure in [f for f in self.truth if f[0] == when and f[1] == "mobility"]:
            self.tie([(figure, 1), ((when, "gaps") + figure[2:], -1)])

    def system(self):
        """Equalities and inequalities over the unknowns alone."""
        self.number = {f: i for i, f in enumerate(f for f in self.truth if f not in self.known)}
        parts = {False: ([], [], [], []), True: ([], [], [], [])}
        for terms, rest, most in self.rows:
            at, column, factor, right = parts[most]
            unknown = [(self.number[f], a) for f, a in terms if f in self.number]
            if not unknown:
                continue
            for n, a in unknown:
                at.append(len(right)), column.append(n), factor.append(a)
            right.append(rest - sum(a * self.known[f] for f, a in terms if f in self.known))
        n = len(self.number)
        return {most: (csr_matrix((p[2], (p[0], p[1])), (len(p[3]), n)), np.array(p[3])) for most, p in parts.items()}

    def determined(self):
        """Hidden figures with one value only."""
        same, _ = self.system()[False]
        if not self.number:
            return []
        free = null_space(same.toarray(), rcond=1e-10) if same.shape[0] else np.eye(len(self.number))
        return [f for f, i in self.number.items() if free.shape[1] == 0 or np.abs(free[i]).max() < 1e-7]

    def ranges(self, figures):
        (same, equal), (less, most) = (self.system()[k] for k in (False, True))
        for figure in figures:
            goal, ends = np.zeros(len(self.number)), []
            for sign in (1, -1):
                goal[self.number[figure]] = sign
                # a twentieth of a thousandth of slack: sums of texts with three decimals
                at = linprog(goal, A_ub=less if less.shape[0] else None, b_ub=most + 5e-5 if less.shape[0] else None,
                             A_eq=same if same.shape[0] else None, b_eq=equal if same.shape[0] else None,
                             bounds=(0, None), method="highs")
                ends.append(sign * at.fun if at.status == 0 else float("nan") if at.status == 2 else sign * -1e9)
            yield figure, ends[0], ends[1]


def read(folders, restricted):
    reader = Reader()
    for when, out in enumerate(folders):
        reader.look(when, out, restricted)
    for when, _ in enumerate(folders):
        reader.relations(when)
    reader.unchanged()
    return reader


def faults(reader, figures=None):
    """What a reader finds, in words."""
    found = [f"{f} is shown and small" for f, how in reader.small if how == "shown"]
    last = max(f[0] for f in reader.truth)   # what was hidden earlier for the sake of others, and is large, is no secret
    found += [f"{f} is {reader.truth[f]}, and follows" for f in reader.determined()
              if f[0] == last or 0 < reader.truth[f] < LIMIT]
    hidden = [f for f, how in reader.small if how == "hidden" and f in reader.number]
    if figures is not None and len(hidden) > figures:
        hidden = random.Random(len(hidden)).sample(hidden, figures)
    for figure, low, high in reader.ranges(hidden):
        truth = reader.truth[figure]
        if not (low <= max(1.0, 0) + 1e-3 and high >= min(LIMIT - 1, 1e9) - 1e-3):
            found.append(f"{figure} is {truth}, known to be from {low:.3f} to {high:.3f}")
    return found


def publish(config, out):
    run = kayoi(binary, "run", config, "--out", out, "--public", "--lang", "en")
    return run.returncode, run.stderr[-1500:]


def all_restricted(_):
    return True


def shares(out):
    """No share beside a hidden part of it."""
    bad = []
    for row in rows_of(out, "public", "zones"):
        for share, bases in (("covered_share_65", ("covered_65", "pop_65")), ("aging_rate", ("pop_65", "pop_total")),
                             ("share_75", ("pop_75", "pop_total"))):
            if row.get(share) and any(b in row["hidden"].split("; ") for b in bases):
                bad.append((row["zone_id"], share))
    return bad


# The sample: as it is (an open grid), and as if its grid were an extract of the register.
def sample():
    folder = os.path.join(work, "sample-data")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(root, "sample-data"), folder)
    config = os.path.join(folder, "kayoi.yaml")
    with open(config, encoding="utf-8") as file:
        text = file.read()
    out = os.path.join(work, "sample")
    for name in ("sample", "sample-restricted"):
        shutil.rmtree(os.path.join(work, name), ignore_errors=True)
    status, why = publish(config, out)
    if not check("the sample is published", status == 0, why):
        return
    reader = read([out], lambda name: name.startswith("official"))
    check("sample: nothing hidden follows", not faults(reader), lambda: "\n".join(faults(reader)))
    with open(config, "w", encoding="utf-8") as file:
        file.write(re.sub(r"    open: true         # 公表.*\n", "", text) + "\npublic: {layers: [gaps, mobility, sites]}\n")
    out = os.path.join(work, "sample-restricted")
    status, why = publish(config, out)
    if not check("the sample as an extract is published", status == 0, why):
        return
    reader = read([out], all_restricted)
    found = faults(reader, 25)
    hidden = [f for f, how in reader.small if how == "hidden"]
    print(f"# {len(hidden)} small counts hidden, {len(reader.number)} hidden in all, of {len(reader.truth)}")
    check("sample as an extract: something is hidden", len(hidden) > 50, len(hidden))
    check("sample as an extract: nothing hidden follows", not found, lambda: "\n".join(found))
    check("sample as an extract: no share tells its parts", not shares(out), lambda: shares(out))
    status, why = publish(config, out)
    again = read([out], all_restricted)
    again.system()
    check("published again it is the same", status == 0 and set(again.number) == set(reader.number), why)
    # this program can find something: the small ones alone are hidden
    for figure in list(reader.number):
        if not 0 < reader.truth[figure] < LIMIT:
            reader.known[figure] = reader.truth[figure]
    check("with the small ones alone hidden, it is found", len(reader.determined()) > 20, len(reader.determined()))


plane = osr.SpatialReference()
plane.ImportFromEPSG(6671)
X0, Y0 = 20_000.0, -220_000.0
PEOPLE_COLUMNS = ["pop_" + b + s for b in BANDS for s in SEXES]


def layer(path, kind, fields, rows):
    driver = ogr.GetDriverByName("GeoJSON")
    if os.path.exists(path):
        os.remove(path)
    source = driver.CreateDataSource(path)
    made = source.CreateLayer("a", plane, kind, ["RFC7946=NO"])
    for name, of in fields:
        made.CreateField(ogr.FieldDefn(name, of))
    for wkt, values in rows:
        feature = ogr.Feature(made.GetLayerDefn())
        for (name, _), value in zip(fields, values):
            feature.SetField(name, value)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        made.CreateFeature(feature)
    source = None


def household(rng):
    """People by band and sex, bands nested, men and women the whole."""
    by = {}
    for sex in ("_m", "_f"):
        old = [rng.choice((0, 0, 0, 1, 1, 2)) for _ in range(4)]
        for b in range(4):
            by[BANDS[b] + sex] = sum(old[b:])
    for band in BANDS:
        by[band] = by[band + "_m"] + by[band + "_f"]
    return [by[b + s] for b in BANDS for s in SEXES]


def town(folder, rng):
    os.makedirs(folder, exist_ok=True)
    across, down, side = rng.choice((1, 2, 3)), rng.choice((1, 2)), rng.choice((600, 900, 1500))
    step, text, number = 150, ogr.OFTString, ogr.OFTInteger
    w, h = across * side, down * side
    streets = [f"LINESTRING({X0} {Y0 + y},{X0 + w} {Y0 + y})" for y in range(0, h + 1, step)]
    streets += [f"LINESTRING({X0 + x} {Y0},{X0 + x} {Y0 + h})" for x in range(0, w + 1, step)]
    spot = lambda: f"POINT({X0 + rng.random() * w:.3f} {Y0 + rng.random() * h:.3f})"
    state = {"homes": [(spot(), household(rng)) for _ in range(rng.choice((15, 60, 150)))],
             "venues": [spot() for _ in range(rng.choice((1, 2, 4)))]}
    # streets meet at shared vertices: cut them at every crossing
    cut = []
    for y in range(0, h + 1, step):
        cut += [(f"LINESTRING({X0 + x} {Y0 + y},{X0 + min(x + step, w)} {Y0 + y})", ("residential",)) for x in range(0, w, step)]
    for x in range(0, w + 1, step):
        cut += [(f"LINESTRING({X0 + x} {Y0 + y},{X0 + x} {Y0 + min(y + step, h)})", ("residential",)) for y in range(0, h, step)]
    layer(f"{folder}/roads.geojson", ogr.wkbLineString, [("highway", text)], cut)
    box = lambda x, y: f"POLYGON(({x} {y},{x + side} {y},{x + side} {y + side},{x} {y + side},{x} {y}))"
    zones = [(box(X0 + i * side, Y0 + j * side), (f"Z{i}{j}", f"圏域{i}{j}")) for i in range(across) for j in range(down)]
    layer(f"{folder}/zones.geojson", ogr.wkbPolygon, [("id", text), ("name", text)], zones)
    official = "".join("    - {zone: %s, pop_65: %d, pop_75: %d}\n" % (z[1][0], 4 + (n := rng.choice((3, 8, 40, 300))), n // 2)
                       for z in zones)
    with open(f"{folder}/kayoi.yaml", "w", encoding="utf-8") as file:
        file.write(f"""municipality: {{name: 町, code: "35202"}}
crs: EPSG:6671
residents: [{{path: homes.geojson}}]
venues: [{{path: venues.geojson}}]
zones:
  path: zones.geojson
  official_date: 2025-04-01
  official_source: 台帳
  official:
{official}roads: [{{path: roads.geojson, columns: {{class: highway}}}}]
outputs: {{dir: out, formats: [csv]}}
public: {{layers: [gaps, mobility], write: true}}
gate: {{max_venues_change: 1, max_covered_share_change: 1}}
""")
    return state, spot


def write_state(folder, state):
    text, number = ogr.OFTString, ogr.OFTInteger
    layer(f"{folder}/homes.geojson", ogr.wkbPoint, [("id", text)] + [(n, number) for n in PEOPLE_COLUMNS],
          [(p, [f"h{i:04d}"] + by) for i, (p, by) in enumerate(state["homes"])])
    layer(f"{folder}/venues.geojson", ogr.wkbPoint, [("id", text), ("name", text)],
          [(p, (f"v{i}", f"場{i}")) for i, p in enumerate(state["venues"])])


def change(state, spot, rng):
    """Some move away or in, a venue opens."""
    kind = rng.choice(("homes", "few", "venue", "none"))
    homes = list(state["homes"])
    for _ in range({"homes": len(homes) // 5 + 1, "few": 1}.get(kind, 0)):
        homes[rng.randrange(len(homes))] = (spot(), household(rng))
    return {"homes": homes, "venues": state["venues"] + ([spot()] if kind == "venue" else [])}


def random_towns():
    bad, hidden, held, companions, both, broken = [], 0, 0, 0, 0, 0
    for t in range(first_town, last_town):
        rng = random.Random(t)
        folder = os.path.join(work, f"town-{t}")
        shutil.rmtree(folder, ignore_errors=True)
        state, spot = town(folder, rng)
        out, first = os.path.join(folder, "out"), os.path.join(folder, "first")
        folders = []
        for when in (0, 1):
            write_state(folder, state)
            status, why = publish(os.path.join(folder, "kayoi.yaml"), out)
            if status != 0:
                held += status == 7
                broken += status != 7
                bad.append(f"town {t}, publication {when + 1}: status {status}: {why[-300:]}")
                break
            with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
                public = json.load(file)["public"]
            hidden += public["hidden_small"]
            companions += public["hidden_for_their_sake"]
            if public["hidden_not_proven"]:
                print(f"# town {t}: {public['hidden_not_proven']} not proven")
            if when == 0:
                shutil.copytree(out, first)
                folders.append(first)
                state = change(state, spot, rng)
            else:
                folders.append(out)
        for k in range(1, len(folders) + 1):
            found = faults(read(folders[:k], all_restricted), 8)
            both += k == 2
            bad += [f"town {t}, after publication {k}: {what}" for what in found[:3]]
    print(f"# {last_town - first_town} towns, {both} published twice, {hidden} small counts hidden, {companions} others; {held} held back")
    check("random towns run", broken == 0, lambda: "\n".join(bad))
    check("random towns: nothing hidden follows from one publication or two", not bad, lambda: "\n".join(bad))
    check("random towns: there was something to hide", hidden > last_town - first_town, hidden)


def ube():
    config = os.path.join(root, "tests", "real", "ube.yaml")
    data = os.path.join(os.path.dirname(root), "shared", "data", "ube")
    if not os.path.isdir(data):
        return skip("Ube", "the test data is not there")
    out = os.path.join(work, "ube")
    shutil.rmtree(out, ignore_errors=True)
    status, why = publish(config, out)
    if check("Ube is published", status == 0, why):
        found = faults(read([out], lambda name: False))
        check("Ube: nothing hidden follows", not found, lambda: "\n".join(found))


os.makedirs(work, exist_ok=True)
if first_town == 0:
    sample()
    ube()
random_towns()
done()
