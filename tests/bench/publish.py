"""Publishing a town of 100,000 cells, all layers, beside `psql \\copy` of the same rows into equal tables with the same
indexes. Usage: publish.py KAYOI WORK_DIR [RUNS]

Each round is one run of kayoi and one of psql; the ratio is that of the medians. kayoi's time is its room `database`:
binary COPY, reading everything back and hashing it, validity, the ledger, the switch and COMMIT. psql reads CSV files
that the server wrote before, in one transaction, and checks nothing."""
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "db"))
import porto_town  # noqa: E402
from publishing import Cluster, Town, migrate, needs_postgis  # noqa: E402

binary, work = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
needs_postgis("publishing beside psql")
if not os.path.exists(porto_town.roads):
    print("skipped: Porto is not there")
    sys.exit(0)


def make(folder):
    """400 x 250 cells of about 30 m."""
    porto_town.STEP_LON, porto_town.STEP_LAT = 0.14 / 400, 0.06 / 250
    path, _ = porto_town.make(folder, formats="[csv]")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("{name: Porto}", '\n  name: Porto\n  code: "13101"\ncrs: EPSG:32629').replace("outputs: {dir: out, formats: [csv]}", "outputs:\n  formats: [csv]"))
    return path


def publish(town):
    """Milliseconds of the room, and how many rows."""
    status, said = town.run("--log", "json")
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    room = [e for e in events if e.get("ms") is not None and e.get("room") == "database"]
    if status != 0 or not room:
        sys.exit(said[-2000:])
    return room[0]["ms"]


def equal_tables(db, folder):
    """CSV files of the latest run's rows, and empty tables like those that hold them. The script that fills them."""
    lines = ["begin;"]
    for (layer,) in db.sql("select l.layer from kayoi.run_layer l join kayoi.run r using (run_id) where r.is_latest and l.row_count > 0 order by 1"):
        path = os.path.join(folder, layer + ".rows")
        db.psql(f"\\copy (select s.* from kayoi.{layer} s join kayoi.run r using (run_id) where r.is_latest order by row_no) to '{path}' (format csv)")
        db.psql(f"create table copied.{layer} (like kayoi.{layer} including all)")
        lines.append(f"\\copy copied.{layer} from '{path}' (format csv)")
    return "\n".join(lines + ["commit;"])


def copy(db, script):
    db.psql("".join(f"truncate copied.{layer};\n" for (layer,) in db.sql("select tablename from pg_tables where schemaname = 'copied'")))
    start = time.monotonic()
    db.psql(script)
    return (time.monotonic() - start) * 1000


with Cluster(extensions=["postgis"]) as db:
    migrate(binary, db)
    town = Town(binary, os.path.join(work, "town"), db, config=make(os.path.join(work, "source")))
    publish(town)
    db.psql("create schema copied; vacuum analyze")
    script = equal_tables(db, work)
    rows, cells = db.sql("select sum(row_count), max(row_count) filter (where layer = 'cells') from kayoi.run_layer")[0]
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(copy(db, script))
        ours.append(publish(town))
    ours_ms, theirs_ms = statistics.median(ours), statistics.median(theirs)
    print(f"{rows} rows of {script.count('copy ')} layers, {cells} cells: kayoi {ours_ms:.0f} ms, psql {theirs_ms:.0f} ms, "
          f"{theirs_ms / ours_ms:.2f} times as fast (kayoi {[round(t) for t in ours]}, psql {[round(t) for t in theirs]})")
