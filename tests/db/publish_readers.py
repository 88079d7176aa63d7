"""Readers during twenty publications: every answer is of one whole run. Usage: publish_readers.py KAYOI WORK_DIR

Three readers (a portal's user over the public views, staff over the internal ones, one in a single long snapshot) ask all
the time; each answer holds the runs that rows of several layers are of, and how many rows they have."""
import json
import os
import subprocess
import sys
import time

from publishing import Cluster, Town, check, done, light, migrate, needs_postgis

binary, work = sys.argv[1:3]
PUBLICATIONS = 20
needs_postgis("readers of a database that is published into")

LAYERS = {"kayoi_public": ("zones", "resources", "venues"), "kayoi": ("cells_latest", "streets_latest", "zones_latest", "venues_latest")}


def question(schema):
    """Runs and rows of every layer, as one statement sees them: [[run ...], [rows ...]]."""
    parts = " union all ".join(f"select {n} as n, array_agg(distinct gid / 10000000) as runs, count(*) as rows from {schema}.{view}"
                               for n, view in enumerate(LAYERS[schema]))
    return f"select json_build_array(array_agg(run), (select array_agg(rows order by n) from answers)) from (select distinct unnest(runs) as run from answers) r"\
        .join([f"with answers as materialized ({parts}) ", ";\n"])


class Reader:
    def __init__(self, db, user, schema, begin=""):
        environment = {**db.environment(), "PGUSER": user}
        self.file = os.path.join(work, f"{len(os.listdir(work))}-{user}.answers")
        self.process = subprocess.Popen([os.path.join(db.bin, "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE,
                                        stdout=open(self.file, "w", encoding="utf-8"), stderr=subprocess.PIPE, env=environment, text=True)
        self.question, self.begin = question(schema), begin
        self.process.stdin.write(begin)

    def ask(self):
        self.process.stdin.write(self.question)
        self.process.stdin.flush()

    def answers(self):
        _, why = self.process.communicate(("commit;\n" if self.begin else ""), timeout=120)
        with open(self.file, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()], why


os.makedirs(work, exist_ok=True)
with Cluster(extensions=["postgis"]) as db:
    migrate(binary, db)
    db.psql("create role portal login; grant kayoi_reader to portal; create role staff login; grant kayoi_staff to staff")
    town = Town(binary, os.path.join(work, "town"), db)
    config = town.write("light.yaml", "service: kayoi\nkeep_runs: 3", light)
    status, said = town.run("--public", config=config)
    check("the first run is published", status == 0, said[-600:])
    readers = [Reader(db, "portal", "kayoi_public"), Reader(db, "portal", "kayoi_public"), Reader(db, "staff", "kayoi"), Reader(db, "staff", "kayoi"),
               Reader(db, "staff", "kayoi", "begin isolation level repeatable read;\n")]
    failures = []
    for number in range(PUBLICATIONS):
        run = town.start("--public", config=config)
        while run.poll() is None:
            for reader in readers:
                reader.ask()
            time.sleep(0.02)
        said, why = run.communicate()
        if run.returncode != 0:
            failures.append(why[-300:])
    check(f"{PUBLICATIONS} publications one behind the other", not failures, "; ".join(failures[:3]))
    counts = {schema: [int(db.sql(f"select count(*) from {schema}.{view}")[0][0]) for view in views] for schema, views in LAYERS.items()}
    for n, (reader, schema) in enumerate(zip(readers, ("kayoi_public", "kayoi_public", "kayoi", "kayoi", "kayoi"))):
        given, why = reader.answers()
        mixed = [a for a in given if a[0] is None or len(a[0]) != 1]
        short = [a for a in given if a[1] != counts[schema]]
        runs = sorted({a[0][0] for a in given if a[0]})
        check(f"reader {n} ({schema}): {len(given)} answers, none mixed or empty, no error", given and not mixed and not why, f"{mixed[:3]} {why[:300]}")
        check(f"reader {n}: every answer has all rows", not short, f"{short[:3]} are not {counts[schema]}")
        check(f"reader {n}: it saw " + ("one run, its snapshot's, though that was pruned meanwhile" if reader.begin else "runs come and go, in their order"),
              len(runs) == 1 if reader.begin else len(runs) > 5 and [a[0][0] for a in given] == sorted(a[0][0] for a in given), str(runs))
    check("what remains is what the rule says", len(db.sql("select 1 from kayoi.run")) == 3 and town.latest() == PUBLICATIONS + 1)
done()
