"""Two runs in the database, and the same two as folders: kayoi diff says the same. Usage: diff.py KAYOI WORK_DIR"""
import json
import os
import shutil
import subprocess
import sys

from publishing import Cluster, Town, check, done, migrate, needs_postgis

binary, work = sys.argv[1:3]
needs_postgis("runs of the database compared")


def main(db):
    migrate(binary, db)
    town = Town(binary, work, db)
    town.config = town.write("kayoi.yaml", "service: kayoi", lambda text: text + "\ngate: {hold: false}\n")

    def diff(*arguments):
        return subprocess.run([binary, "diff", *arguments, "--lang", "en"], env=town.environment(), capture_output=True, text=True)

    status, said = town.run()
    check("the first run", status == 0, said)
    first = town.latest()
    shutil.copytree(town.out, town.out + "-1")
    path = os.path.join(town.data, "venues.csv")
    with open(path, encoding="utf-8-sig") as file:
        lines = file.read().splitlines()
    with open(path, "w", encoding="utf-8-sig") as file:
        file.write("\n".join(line for line in lines if not line.startswith(("4,", "9,"))) + "\n")
    status, said = town.run()
    check("the second run", status == 0, said)
    folders = diff(town.out + "-1", town.out, "--json")
    tables = diff(f"db:{first}", "db:latest", "--json", "--service", "kayoi")
    check("both ways of asking work", folders.returncode == 0 and tables.returncode == 0, folders.stderr + tables.stderr)
    a, b = json.loads(folders.stdout), json.loads(tables.stdout)
    check("the database and the folders say the same", a["changes"] == b["changes"] and a["count"]["venue_closed"] == 2 and b["gaps_by_outline"],
          lambda: next((f"{x} {y}" for x, y in zip(a["changes"], b["changes"]) if x != y), f"{len(a['changes'])} {len(b['changes'])}"))
    mixed = diff(town.out + "-1", "db:latest", "--json", "--service", "kayoi")
    check("a folder against the database", mixed.returncode == 0 and json.loads(mixed.stdout)["changes"] == a["changes"], mixed.stderr)
    rows = db.sql("select kind, id, field, before, after from kayoi.changes c join kayoi.run r using (run_id) where r.is_latest order by row_no")
    check("the layer in the database is the same", [tuple(r) for r in rows] ==
          [tuple(c[k] if c[k] is not None else "" for k in ("kind", "id", "field", "before", "after")) for c in a["changes"]] or
          [tuple(r) for r in rows] == [tuple(c[k] for k in ("kind", "id", "field", "before", "after")) for c in a["changes"]], rows[:3])
    for run in ("999", "no such name", "x'; drop table kayoi.run; --"):
        made = diff(f"db:{run}", "db:latest", "--service", "kayoi")
        check(f"no run {run[:12]!r}", made.returncode == 3 and "no such run" in made.stderr, made.stderr)
    made = diff(f"db:{first}", "db:latest", "--conninfo", f"host={db.folder} dbname=nowhere")
    check("no such database", made.returncode == 4, made.stderr)


with Cluster(extensions=["postgis"]) as db:
    main(db)
done()
