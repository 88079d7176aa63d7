"""Publishing a town of 100,000 cells, all layers, beside `psql \\copy` of the same rows into equal tables with the same
indexes. Usage: publish.py KAYOI WORK_DIR [RUNS]

Each round is one run of kayoi and one of psql; the ratio is that of the medians. kayoi's time is its room `database`:
binary COPY, reading everything back and hashing it, validity, the ledger, the switch and COMMIT. psql reads CSV files
that the server wrote before, in one transaction, into tables that hold the same earlier runs, and checks nothing. On a machine that others use too the second ratio
says more: time of all processors, of the client and its server process together."""
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


def server_ms(db):
    """Time that server processes took which have ended."""
    with open(os.path.join(db.folder, "data", "postmaster.pid"), encoding="utf-8") as file:
        pid = file.readline().strip()
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) * 1000 / os.sysconf("SC_CLK_TCK")


def publish(town):
    """Milliseconds of the room: on the clock, and of processors."""
    before = server_ms(town.db)
    status, said = town.run("--log", "json")
    events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    room = [e for e in events if e.get("ms") is not None and e.get("room") == "database"]
    if status != 0 or not room:
        sys.exit(said[-2000:])
    time.sleep(0.2)  # until the server has seen the end of its process
    return room[0]["ms"], room[0]["cpu_ms"] + server_ms(town.db) - before


def equal_tables(db, folder):
    """Tables as kayoi's were before its latest run, with their indexes, and CSV files of that run's rows. The script."""
    lines = ["begin;"]
    db.psql("drop schema if exists copied cascade; create schema copied")
    for (layer,) in db.sql("select l.layer from kayoi.run_layer l join kayoi.run r using (run_id) where r.is_latest and l.row_count > 0 order by 1"):
        path = os.path.join(folder, layer + ".rows")
        db.psql(f"\\copy (select s.* from kayoi.{layer} s join kayoi.run r using (run_id) where r.is_latest order by row_no) to '{path}' (format csv)")
        db.psql(f"create table copied.{layer} (like kayoi.{layer} including all);"
                f"insert into copied.{layer} select s.* from kayoi.{layer} s join kayoi.run r using (run_id) where not r.is_latest order by run_id, row_no")
        lines.append(f"\\copy copied.{layer} from '{path}' (format csv)")
    return "\n".join(lines + ["commit;"])


def copy(db, script):
    time.sleep(0.2)
    before, client, start = server_ms(db), os.times(), time.monotonic()
    db.psql(script)
    ms, after = (time.monotonic() - start) * 1000, os.times()
    time.sleep(0.2)
    client_ms = (after.children_user + after.children_system - client.children_user - client.children_system) * 1000
    return ms, client_ms + server_ms(db) - before


with Cluster(extensions=["postgis"]) as db:
    migrate(binary, db)
    db.psql("alter system set autovacuum = off")  # it would come at any time and count for either
    db.psql("select pg_reload_conf()")
    town = Town(binary, os.path.join(work, "town"), db, config=make(os.path.join(work, "source")))
    publish(town)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(publish(town))
        script = equal_tables(db, work)
        theirs.append(copy(db, script))
    rows, cells = db.sql("select sum(row_count), max(row_count) filter (where layer = 'cells') from kayoi.run_layer join kayoi.run using (run_id) where is_latest")[0]
    print(f"{rows} rows of {script.count('copy ')} layers, {cells} cells")
    for n, what in enumerate(("on the clock", "of processors")):
        ours_ms, theirs_ms = statistics.median(t[n] for t in ours), statistics.median(t[n] for t in theirs)
        print(f"{what}: kayoi {ours_ms:.0f} ms, psql {theirs_ms:.0f} ms, {theirs_ms / ours_ms:.2f} times as fast "
              f"(kayoi {[round(t[n]) for t in ours]}, psql {[round(t[n]) for t in theirs]})")
