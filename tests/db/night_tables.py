#!/usr/bin/python3
"""Nights whose venues stand in PostGIS: a table that changed is seen, one that did not is not read; a server that is down
or goes away while it is read. Usage: night_tables.py KAYOI WORK_DIR"""
import os
import shutil
import sys

import yaml

from cluster import Cluster, has_extension

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import postgis_load as load  # noqa: E402
from runs import different, kayoi, root  # noqa: E402
from tap import check, done, skip  # noqa: E402

binary, work = sys.argv[1:3]
if not has_extension("postgis"):
    skip("nights with tables", "PostGIS is not installed: scripts/setup test installs it")
    done()
shutil.rmtree(work, ignore_errors=True)
town, out = os.path.join(work, "town"), os.path.join(work, "out")
shutil.copytree(os.path.join(root, "sample-data"), town)

with Cluster(extensions=["postgis"]) as db:
    load.text_table(db, os.path.join(town, "venues.csv"), "venues")
    with open(os.path.join(town, "kayoi.yaml"), encoding="utf-8") as file:
        config = yaml.safe_load(file)
    venue = config["venues"][0] if isinstance(config["venues"], list) else config["venues"]
    venue = dict(venue) if isinstance(venue, dict) else {}
    venue.pop("path", None)
    venue["postgis"] = {"conninfo": f"host={db.folder} user=postgres dbname={db.database}", "table": "venues", "id": "row_no"}
    config["venues"] = [venue]
    config["gate"] = {"hold": False}
    path = os.path.join(town, "kayoi.yaml")
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(config, file, allow_unicode=True)

    def night(*arguments):
        made = kayoi(binary, "run", path, "--out", out, "--if-changed", "--brief", "--lang", "en", *arguments)
        return made.returncode, made.stdout.strip()

    def expect(name, word, status=0, *arguments):
        got = night(*arguments)
        return check(name, got[0] == status and word in got[1], got)

    expect("the first night reads the table", "published")
    expect("the second knows it again", "unchanged")
    db.sql("vacuum analyze venues")
    expect("housekeeping of the server is no change", "unchanged")
    db.sql("create index on venues (row_no)")
    expect("an index is none", "unchanged")
    db.sql("begin; delete from venues where row_no = 3; rollback")
    expect("what was taken back is none", "unchanged")
    db.sql("delete from venues where row_no = 5")
    expect("a venue that was deleted is one", "published")
    expect("and is then known", "unchanged")
    db.sql("update venues set row_no = row_no where row_no = 3")
    expect("a row that was written anew is taken for one", "published")
    db.sql("alter table venues add column remark text")
    expect("a column that was added is one", "published")
    expect("--force reads it anyway", "published", 0, "--force")
    good = os.path.join(work, "good")
    shutil.copytree(out, good)
    plain = kayoi(binary, "run", path, "--out", out, "--brief", "--lang", "en")
    check("a run without --if-changed does not ask what the table was like", plain.returncode == 0)
    expect("so the night after it runs once more", "published")
    expect("and then no longer", "unchanged")

    # A query is known by its rows.
    config["venues"][0]["postgis"] = {"conninfo": venue["postgis"]["conninfo"], "query": "select * from venues where row_no < 20", "id": "row_no"}
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(config, file, allow_unicode=True)
    expect("a query instead", "published")
    expect("its rows are known again", "unchanged")
    db.sql("delete from venues where row_no = 25")
    expect("a row that it does not return does not matter", "unchanged")
    db.sql("delete from venues where row_no = 7")
    expect("one that it returns does", "published")
    shutil.rmtree(good)
    shutil.copytree(out, good)

    db.server("pg_ctl", "-D", os.path.join(db.folder, "data"), "-w", "-m", "immediate", "stop")
    status, line = night()
    check("a server that is down: exit 4, one line that says so, the result as it was",
          status == 4 and "FAILED (exit status 4" in line and line.count("\n") == 0 and not different(out, good), (status, line))
    check("no lock is left", sorted(os.listdir(work)) == ["good", "out", "town"], os.listdir(work))
done()
