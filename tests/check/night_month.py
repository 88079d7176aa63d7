"""Thirty nights of a town: venues open, close and move, a new census comes, most nights nothing happens, two results are held
back until somebody accepts them, a file is missing, a run is killed. What was published, what changed, the history, its diffs and
(with a server) the database are compared with the same month computed here, from what was written into the files.

Usage: night_month.py KAYOI WORK_DIR [--database]"""
import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time

from runs import files, root, table
from tap import check, done, skip

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
with_database = "--database" in sys.argv[3:]
KEEP_FILES, KEEP_DATABASE = 10, 5
KEPT = os.path.join("internal", "zones.geojson")  # of the layers that every entry of the history has
shutil.rmtree(work, ignore_errors=True)
town, out, history = (os.path.join(work, name) for name in ("town", "out", "history"))
sample = os.path.join(root, "sample-data")
os.makedirs(town)
for name in ("tblT001141H4930.txt", "venues.csv", "zones.geojson", "roads.osm"):
    shutil.copy(os.path.join(sample, name), town)
environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": work, "PGSERVICEFILE": os.path.join(work, "pg_service.conf")}

CONFIG = """
municipality: {name: 通井町, code: "43999"}
crs: EPSG:6670
residents: [{path: tblT001141H4930.txt, date: CENSUS, open: true}]
venues:
  - path: venues.csv
    crs: EPSG:6668
    lon: 経度
    lat: 緯度
    date: 2025-04-01
    columns: {id: "No", name: 名称, capacity: 定員, sessions_per_month: 月開催回数, participants: 参加者実人数, status: ステータス}
zones: {path: zones.geojson, columns: {id: 圏域コード, name: 圏域名}}
roads: [{path: roads.osm}]
history: {dir: ../history, keep_runs: %d}
outputs:
  dir: ../out
  formats: [csv, geojson]
  page: false
""" % KEEP_FILES


def config(census):
    text = CONFIG.replace("CENSUS", census)
    if with_database:
        text = text.replace("  dir: ../out\n", f"  dir: ../out\n  postgis: {{service: kayoi, keep_runs: {KEEP_DATABASE}}}\n")
    with open(os.path.join(town, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write(text)


def read_venues():
    with open(os.path.join(town, "venues.csv"), encoding="utf-8-sig", newline="") as file:
        return {row["No"]: row for row in csv.DictReader(file)}


class Month:
    """The town as it should be: `now` is in the files, `shown` what was published last."""

    def __init__(self):
        self.now, self.census, self.shown = read_venues(), "2020-10-01", None
        self.names = list(next(iter(self.now.values())))
        self.published = []  # (venues, census, zones.geojson) of each result in order
        self.named = {}      # name -> index into published

    def write(self):
        config(self.census)
        with open(os.path.join(town, "venues.csv"), "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, self.names)
            writer.writeheader()
            writer.writerows(self.now.values())


month = Month()
chance = random.Random(43999)


def open_venue(key, near, name):
    row = dict(month.now[near], No=key, 名称=name)
    row["緯度"] = f"{float(row['緯度']) + chance.uniform(0.001, 0.002):.7f}"
    row["経度"] = f"{float(row['経度']) + chance.uniform(0.001, 0.002):.7f}"
    month.now[key] = row


def move(key):
    month.now[key] = dict(month.now[key], 緯度=f"{float(month.now[key]['緯度']) + 0.0009:.7f}")


def new_census():
    """One man of 65 and over more in every cell whose details are its own."""
    path = os.path.join(town, "tblT001141H4930.txt")
    with open(path, encoding="cp932", newline="") as file:
        ids, labels, *rows = [line.split(",") for line in file.read().split("\r\n") if line]
    place = {}
    for i, label in enumerate(labels):
        place[label.replace("　", "").strip()] = i
    both = [i for i, label in enumerate(labels) if re.sub(r"\s|　", "", label) in ("人口（総数）", "人口（総数）男", "６５歳以上人口総数", "６５歳以上人口男")]
    assert len(both) == 4, both
    for row in rows:
        if row[1] == "0" and "*" not in row:
            for i in both:
                row[i] = str(int(row[i]) + 1)
    with open(path, "w", encoding="cp932", newline="") as file:
        file.write("".join(",".join(row) + "\r\n" for row in [ids, labels, *rows]))
    month.census = "2025-10-01"


def census_65():
    """People 65+ of cells whose details are their own, from the file's bytes."""
    with open(os.path.join(town, "tblT001141H4930.txt"), encoding="cp932", newline="") as file:
        ids, labels, *rows = [line.split(",") for line in file.read().split("\r\n") if line]
    at = next(i for i, label in enumerate(labels) if re.sub(r"\s|　", "", label) == "６５歳以上人口総数")
    return {row[0]: int(row[at]) for row in rows if row[1] == "0" and row[at] != "*"}


def is_open(row):
    return row is not None and row["ステータス"] != "廃止"


def differences(before, after):
    """{(kind, id)} of venues that opened, closed and moved."""
    found = set()
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if is_open(was) != is_open(now):
            found.add(("venue_opened" if is_open(now) else "venue_closed", key))
        if was and now and (was["緯度"], was["経度"]) != (now["緯度"], now["経度"]):
            found.add(("venue_moved", key))
    return found


def start(*more):
    return subprocess.Popen([binary, "run", os.path.join(town, "kayoi.yaml"), "--if-changed", "--brief", "--log", "json", "--lang", "en",
                             "--threads", "1", *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def result():
    return {name: bytes_of(os.path.join(out, name)) for name in files(out) if name != "state.json"} if os.path.isdir(out) else {}


def told(rows):
    return {(row["kind"], row["id"]) for row in rows if row["kind"] in ("venue_opened", "venue_closed", "venue_moved")}


wrong = []


def expect(number, holds, *why):
    if not holds:
        wrong.append((f"night {number}", *why))


def compare_published(number):
    """The result in OUT beside the files of this night and the result before."""
    venues = {row["venue_id"]: row for row in table(out, "venues")}
    expect(number, set(venues) == set(month.now), "venues", set(venues) ^ set(month.now))
    for key, row in month.now.items():
        have = venues.get(key)
        if have is None or not row["緯度"]:
            continue
        expect(number, abs(float(have["lat"]) - float(row["緯度"])) < 2e-7 and have["name"] == row["名称"], key, have["lat"], row["緯度"])
    before = month.published[-1][0] if month.published else None
    want = differences(before, month.now) if before is not None else set()
    got = told(table(out, "changes"))
    expect(number, got == want, "changes", got ^ want)
    people, cells = census_65(), {row["cell_id"]: row for row in table(out, "cells")}
    cells_wrong = [key for key, row in cells.items() if key in people and row["age_source"] == "own" and float(row["pop_65"]) != people[key]]
    expect(number, len(cells) > 90 and not cells_wrong, "census", len(cells), cells_wrong[:5])
    month.published.append(({k: dict(v) for k, v in month.now.items()}, month.census, bytes_of(os.path.join(out, KEPT))))


def night(number, want, *more, act=None):
    """One night: `want` is the result word; what must not change is compared byte for byte."""
    before = result()
    process = start(*more)
    if act is not None:
        act(process)
    said, log = process.communicate()
    word = json.loads(log.splitlines()[-1]).get("result", "interrupted") if process.returncode >= 0 else "killed"
    status = {"published": 0, "unchanged": 0, "held": 7, "failed": 3, "killed": -9}[want]
    expect(number, word == want and process.returncode == status, word, process.returncode, said, log[-400:] if word != want else "")
    expect(number, want == "killed" or said.count("\n") == 1, said)
    if want == "published":
        compare_published(number)
        if "--name" in more:
            month.named[more[more.index("--name") + 1]] = len(month.published) - 1
    else:
        expect(number, result() == before, "the result was touched")
    compare_database(number)


def kill_at_write(process):
    for line in process.stderr:
        if '"event":"start"' in line and '"room":"write"' in line:
            process.kill()
            return


database = None


def compare_database(number):
    """What readers of the database see is the last result that was published."""
    if database is None or not month.published:
        return
    venues = month.published[-1][0]
    rows = database.sql("select venue_id, name from kayoi.venues_latest order by venue_id collate \"C\"")
    expect(number, [(r[0], r[1]) for r in rows] == sorted((k, v["名称"]) for k, v in venues.items()), "database", len(rows), len(venues))
    runs = database.sql("select count(*) filter (where is_latest), count(*) filter (where state = 'staging'), count(*) from kayoi.run")[0]
    expect(number, runs[:2] == ["1", "0"] and int(runs[2]) == min(len(month.published), KEEP_DATABASE), "runs", runs, len(month.published))


def play():
    month.write()
    night(1, "published")
    night(2, "unchanged")
    open_venue("100", "2", "北原団地サロン")
    month.write()
    night(3, "published")
    night(4, "unchanged")
    del month.now["22"]
    month.write()
    night(5, "published")
    move("1")
    month.write()
    night(6, "published")
    month.write()  # written again with the same bytes
    night(7, "unchanged")
    month.now["7"]["ステータス"] = "廃止"
    month.write()
    night(8, "published")
    month.now["5"]["名称"] = "改名サロン"
    month.write()
    night(9, "published")
    open_venue("101", "6", "新しい会")
    month.now["100"]["ステータス"] = "廃止"
    month.write()
    night(10, "published")
    night(11, "unchanged")
    new_census()
    month.write()
    night(12, "published")
    gone = {key: month.now.pop(key) for key in ("2", "3", "8", "9", "10", "11", "12", "13")}
    month.write()
    night(13, "held")
    night(14, "held")
    night(15, "published", "--accept")
    night(16, "unchanged")
    month.now.update(gone)
    month.write()
    night(17, "held")
    night(18, "published", "--accept", "--name", "春の点検")
    roads = os.path.join(town, "roads.osm")
    os.rename(roads, roads + ".away")
    night(19, "failed")
    os.rename(roads + ".away", roads)
    night(20, "unchanged")
    open_venue("102", "14", "川南の会")
    month.write()
    night(21, "killed", act=kill_at_write)
    night(22, "published")
    for number in range(23, 31):
        doing = chance.choice(("open", "close", "move", "nothing", "both"))
        if doing in ("open", "both"):
            open_venue(str(100 + number), chance.choice(("15", "16", "17")), f"{number}日の会")
        if doing in ("close", "both"):
            key = chance.choice([k for k, v in sorted(month.now.items()) if is_open(v) and int(k) > 17])
            month.now[key]["ステータス"] = "廃止"
        if doing == "move":
            move(chance.choice(("15", "16", "17")))
        month.write()
        night(number, "unchanged" if doing == "nothing" else "published")


def compare_history():
    entries = sorted((name for name in os.listdir(history) if name not in month.named),
                     key=lambda name: (name[:18], int(name[19:] or 1)))
    nights = [i for i in range(len(month.published)) if i not in month.named.values()][-KEEP_FILES:]
    check(f"the history holds the last {KEEP_FILES} results and those with a name, and nothing else",
          len(entries) == KEEP_FILES and all(re.match(r"\d{4}-\d\d-\d\dT\d{6}Z", name) for name in entries)
          and set(os.listdir(history)) == {*entries, *month.named}, os.listdir(history))
    of = {**dict(zip(nights, entries)), **{index: name for name, index in month.named.items()}}
    check("each is the result of its night",
          all(bytes_of(os.path.join(history, name, KEPT)) == month.published[index][2] for index, name in of.items()), of)
    named = os.path.join(history, "春の点検")
    check("the one with a name has everything that was published", {"run.json", "internal/cells.csv", "internal/venues.geojson"} <= set(files(named)))
    odd = []
    order = sorted(of)
    for a, b in [*zip(order, order[1:]), (order[0], order[-1]), (order[-1], order[0])]:
        made = subprocess.run([binary, "diff", os.path.join(history, of[a]), os.path.join(history, of[b]), "--json"],
                              capture_output=True, text=True, env=environment)
        want = differences(month.published[a][0], month.published[b][0])
        got = told(json.loads(made.stdout)["changes"]) if made.returncode == 0 else None
        if got != want:
            odd.append((of[a], of[b], got, want, made.stderr[-200:]))
    check(f"kayoi diff of {len(order) + 1} pairs of them says what opened, closed and moved between these nights", not odd, odd)


def whole_month():
    took = time.monotonic()
    play()
    print(f"# 30 nights, {len(month.published)} results, {time.monotonic() - took:.1f} s")
    check("30 nights: each published, held, failed or had nothing to do as it should; venues, changes and census as written", not wrong, wrong[:6])
    check("a month has nights of every kind", 12 <= len(month.published) <= 24, len(month.published))
    check("beside the result: the one that was held, and nothing else",
          sorted(n for n in os.listdir(work) if n.startswith("out")) in (["out"], ["out", "out.held"]), os.listdir(work))
    compare_history()


if not with_database:
    whole_month()
else:
    sys.path.insert(0, os.path.join(root, "tests", "db"))
    from publishing import Cluster, has_extension, migrate
    if not has_extension("postgis"):
        skip("30 nights with a database", "PostGIS is not installed")
    else:
        with Cluster(extensions=["postgis"]) as database:
            migrate(binary, database)
            with open(environment["PGSERVICEFILE"], "w", encoding="utf-8") as file:
                file.write(f"[kayoi]\nhost={database.folder}\ndbname={database.database}\nuser=night\n")
            whole_month()
            rows = database.sql("select run_id, state from kayoi.run order by run_id")
            check(f"the database keeps the last {KEEP_DATABASE} runs, one of them shown",
                  len(rows) == KEEP_DATABASE and [r[1] for r in rows] == ["retired"] * (KEEP_DATABASE - 1) + ["published"], rows)
            with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
                record = json.load(file)["publication"]
            check("the one that is shown is the one in the folder", str(record["run_id"]) == rows[-1][0], (record["run_id"], rows))
            wrong.clear()
            night(31, "unchanged")
            subprocess.run([binary, "run", os.path.join(town, "kayoi.yaml"), "--out", os.path.join(work, "elsewhere"), "--brief"], env=environment,
                           check=True, stdout=subprocess.DEVNULL)
            night(32, "published")
            night(33, "unchanged")
            check("a run that somebody published from elsewhere is no longer the folder's: the next night publishes again", not wrong, wrong)
done()
