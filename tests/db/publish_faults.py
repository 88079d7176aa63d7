"""Publishing in trouble: after each fault the last published run is whole, in the database and in the folder, the next run
succeeds, the message names the cause, and the exit status is the documented one. Usage: publish_faults.py KAYOI WORK_DIR

Points are reached by locks, not by sleeping: a table that is locked holds kayoi in its COPY, a deferred trigger that wants
a lock holds it in COMMIT."""
import os
import shutil
import signal
import subprocess
import sys
import time

from publishing import Cluster, Town, check, done, light, migrate, needs_postgis, skip

binary, work = sys.argv[1:3]
needs_postgis("publishing in trouble")


class Session:
    """A psql that stays, for locks."""

    def __init__(self, db, sql, user="postgres"):
        self.process = subprocess.Popen([os.path.join(db.bin, "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**db.environment(), "PGUSER": user}, text=True)
        self.process.stdin.write(sql + ";\nselect 'is held';\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.strip() == "is held":
                return
        raise RuntimeError(sql)

    def end(self):
        self.process.communicate("rollback;\n", timeout=60)


def wait_until(what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise RuntimeError("it did not come to that")


class Trouble:
    def __init__(self, db):
        self.db = db
        self.town = Town(binary, os.path.join(work, "town"), db)
        self.config = self.town.write("light.yaml", "service: kayoi\nkeep_runs: 50", light)
        status, said = self.town.run(config=self.config)
        check("a run before all trouble", status == 0, said[-600:])
        self.keep()

    def keep(self):
        """What has to be there afterwards."""
        self.latest = self.town.latest()
        self.rows = self.db.sql("select audience, layer, row_count, hash from kayoi.run_layer where run_id = %d order by 1, 2" % self.latest)

    def waiting(self, lock="relation"):
        """Server process of a kayoi that waits for a lock."""
        rows = self.db.sql(f"select pid from pg_stat_activity where application_name = 'kayoi' and wait_event_type = 'Lock' and wait_event = '{lock}'")
        return int(rows[0][0]) if rows else None

    def start(self, **more):
        return self.town.start(config=self.config, **more)

    def is_as_it_was(self, name):
        there = self.town.latest() == self.latest and int(self.db.sql("select count(*) from kayoi.zones_latest")[0][0]) == 7
        rows = self.db.sql("select audience, layer, row_count, hash from kayoi.run_layer where run_id = %d order by 1, 2" % self.latest)
        stored = [count for layer, count in ((r[1], r[2]) for r in rows if r[0] == "internal")
                  if int(self.db.sql(f"select count(*) from kayoi.{layer} s join kayoi.run r using (run_id) where r.is_latest")[0][0]) != int(count)]
        check(f"{name}: the last published run is whole", there and rows == self.rows and not stored, f"{self.town.latest()} {stored}")
        check(f"{name}: nothing is half there", self.db.sql("select count(*) from kayoi.run where state = 'staging'") == [["0"]])
        check(f"{name}: the folder is that of the run", self.town.record()["publication"]["run_id"] == self.latest)

    def goes_on(self, name):
        status, said = self.town.run(config=self.config)
        check(f"{name}: the next run succeeds", status == 0 and self.town.latest() > self.latest, said[-600:])
        left = [f for f in os.listdir(self.town.work) if f.startswith("out.") and "lock" not in f]
        check(f"{name}: no folder is left beside it", not left, str(left))
        self.keep()

    def expect(self, name, run, status, *words, is_cut=False):
        said, why = run.communicate(timeout=120) if not isinstance(run, tuple) else (run[1], "")
        code = run[0] if isinstance(run, tuple) else run.returncode
        missing = [word for word in words if word not in said + why]
        check(f"{name}: exit status {status}, the message names the cause", code == status and not missing, f"{code} {missing} {(said + why)[-700:]}")
        if not is_cut:
            self.is_as_it_was(name)


def at_the_start(t):
    t.town.set_service("kayoi", "night", host="/nowhere/at/all")
    t.expect("server down at the start", t.town.run(config=t.config), 4, "no connection to the database", "/nowhere/at/all")
    t.town.set_service("kayoi", "nobody")
    t.db.psql("create role nobody login")
    t.expect("permission missing", t.town.run(config=t.config), 4, "GRANT kayoi_writer TO nobody", "permission is missing")
    t.town.set_service("kayoi", "night", dbname="bare")
    t.db.psql("create database bare")
    t.expect("schema not there", t.town.run(config=t.config), 4, "kayoi db migrate")
    for name, sql, word in (("older", "delete from kayoi.migration where version = (select max(version) from kayoi.migration)", "migrate"),
                            ("newer", "insert into kayoi.migration select version + 1, 'later', checksum, applied_at, engine from kayoi.migration order by version desc limit 1", "newer")):
        t.db.psql(f"create database {name} template kayoi")
        t.db.psql(sql, database=name)
        t.town.set_service("kayoi", "night", dbname=name)
        t.expect(f"schema is {name}", t.town.run(config=t.config), 4, word, name)
    t.town.set_service("kayoi", "night")
    t.goes_on("troubles at the start")


def locked(t):
    code = t.town.code()
    other = Session(t.db, f"select pg_advisory_lock(hashtextextended('kayoi publishes {code}', 0))", user="night")
    t.expect("another run holds the lock", t.town.run(config=t.config), 8, "another run", code, "night")
    run = t.town.start("--wait", "60", "--log", "json", config=t.config)
    for line in run.stderr:
        if "waiting up to" in line:
            break
    other.end()
    t.expect("a run that waits for it", run, 0, is_cut=True)
    check("and publishes then", t.town.latest() > t.latest)
    t.keep()
    table = Session(t.db, "begin; lock table kayoi.streets in access exclusive mode")
    first = t.start()
    wait_until(t.waiting)
    second = t.town.start(config=t.config, out=os.path.join(t.town.work, "second"))
    t.expect("a second run while the first stages", second, 8, "another run", is_cut=True)
    table.end()
    t.expect("the first one goes on", first, 0, is_cut=True)
    check("and is published", t.town.latest() > t.latest)
    t.keep()
    both = [t.town.start(config=t.config, out=out) for out in (t.town.out, os.path.join(t.town.work, "second"))]
    ends = [(run.communicate(timeout=120), run.returncode)[1] for run in both]
    runs = int(t.db.sql(f"select count(*) from kayoi.run where run_id > {t.latest}")[0][0])
    check("two runs started at the same second: who is not refused publishes", sorted(ends) in ([0, 0], [0, 8]) and runs == ends.count(0), str(ends))
    status, said = t.town.run(config=t.config)
    t.keep()


def widened(t):
    """A new walking band is a new column; a reader that stays in the table keeps it from nobody else."""
    wider = t.town.write("wider.yaml", "service: kayoi\nkeep_runs: 50", lambda text: light(text).replace("500, 800]", "500, 650, 800]"))
    reader = Session(t.db, "begin; select count(*) from kayoi.zones_latest")
    run = t.town.start("--log", "json", config=wider)
    for line in run.stderr:
        if "has new columns" in line:
            break
    check("a table in use: other readers go on", t.db.sql("select count(*) from kayoi.zones_latest") == [["7"]] and run.poll() is None)
    reader.end()
    t.expect("a table in use: the run goes on when it is free", run, 0, is_cut=True)
    check("and has its columns", t.db.sql("select count(covered_65_650) from kayoi.zones_latest") == [["7"]])
    t.keep()


def cut(t):
    """The connection ends while kayoi writes; so does kayoi."""
    table = Session(t.db, "begin; lock table kayoi.streets in access exclusive mode")
    run = t.start()
    t.db.sql(f"select pg_terminate_backend({wait_until(t.waiting)})")
    table.end()
    t.expect("connection cut in COPY", run, 4, "kayoi.streets", "ended the connection")
    t.goes_on("connection cut in COPY")
    for number, name in ((signal.SIGTERM, "SIGTERM"), (signal.SIGKILL, "SIGKILL")):
        table = Session(t.db, "begin; lock table kayoi.streets in access exclusive mode")
        run = t.start()
        backend = wait_until(t.waiting)
        run.send_signal(number)
        said, why = run.communicate(timeout=60)
        check(f"{name} while staging: the end comes though the server waits", run.returncode == -number, f"{run.returncode} {why[-300:]}")
        table.end()
        wait_until(lambda: not t.db.sql(f"select 1 from pg_stat_activity where pid = {backend}"))
        t.is_as_it_was(f"{name} while staging")
        t.goes_on(f"{name} while staging")


def in_commit(t):
    """kayoi waits in COMMIT, for a lock that a deferred trigger wants."""
    t.db.psql("create function public.hold() returns trigger language plpgsql as $$begin perform pg_advisory_xact_lock(4711); return null; end$$;"
              "create constraint trigger hold after insert on kayoi.run_layer deferrable initially deferred for each row when (new.layer = 'zones') execute function public.hold()")

    def hold():
        gate = Session(t.db, "begin; select pg_advisory_xact_lock(4711)")
        run = t.start()
        return gate, run, wait_until(lambda: t.waiting("advisory"))
    gate, run, backend = hold()
    t.db.sql(f"select pg_terminate_backend({backend})")
    gate.end()
    t.expect("connection cut in COMMIT", run, 4, "publishing", "ended the connection")
    gate, run, backend = hold()
    with open(os.path.join(t.town.out, "foreign.txt"), "w", encoding="utf-8") as file:
        file.write("somebody's\n")
    gate.end()
    t.expect("the folder cannot follow", run, 5, "foreign.txt", "the database shows run", "run again", is_cut=True)
    check("the folder cannot follow: the database shows the new run, whole", t.town.latest() > t.latest and t.town.record()["publication"]["run_id"] == t.latest)
    os.remove(os.path.join(t.town.out, "foreign.txt"))
    t.keep()
    t.goes_on("the folder cannot follow")
    t.is_as_it_was("healed by the next run")
    gate, run, backend = hold()
    run.kill()
    run.communicate()
    gate.end()
    wait_until(lambda: t.town.latest() > t.latest)
    check("SIGKILL in COMMIT: the server finishes it, the folder is the one before", t.town.record()["publication"]["run_id"] == t.latest)
    t.keep()
    t.goes_on("SIGKILL in COMMIT")
    t.is_as_it_was("SIGKILL in COMMIT, healed by the next run")
    t.db.psql("drop trigger hold on kayoi.run_layer; drop function public.hold()")


def full(t):
    """A tablespace of its own on a small disk, where that can be mounted; else the server's word for it, raised."""
    disk = os.path.join(t.db.folder, "small")
    os.makedirs(disk)
    is_mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True).returncode == 0
    if not is_mounted:
        skip("a disk that is really full", "tmpfs cannot be mounted here; a trigger raises 53100 in its place")
        t.db.psql("create function public.full_disk() returns trigger language plpgsql as $$begin raise exception 'could not extend file' using errcode = '53100'; end$$;"
                  "create trigger full_disk before insert on kayoi.streets for each row when (new.row_no = 900) execute function public.full_disk()")
    try:
        if is_mounted:
            shutil.chown(disk, "postgres", "postgres")
            t.db.psql(f"create tablespace small location '{disk}'")
            t.db.psql("vacuum full kayoi.streets; alter table kayoi.streets set tablespace small")
            with open(os.path.join(disk, "ballast"), "wb") as file:
                try:
                    while True:
                        file.write(b"0" * 8192)
                        file.flush()
                except OSError:
                    pass
        t.expect("disk full", t.town.run(config=t.config), 4, "the disk of the database is full", "53100", "kayoi.streets")
        if is_mounted:
            os.remove(os.path.join(disk, "ballast"))
            t.db.psql("alter table kayoi.streets set tablespace pg_default; drop tablespace small")
        else:
            t.db.psql("drop trigger full_disk on kayoi.streets; drop function public.full_disk()")
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", disk], capture_output=True)
    t.goes_on("disk full")


def changed_rows(t):
    """What reading back is for."""
    t.db.psql("create function public.meddle() returns trigger language plpgsql as $$begin new.pop_65 := new.pop_65 + 1; return new; end$$;"
              "create trigger meddle before insert on kayoi.zones for each row execute function public.meddle()")
    t.expect("a trigger that changes rows", t.town.run(config=t.config), 4, "kayoi.zones", "does not hold what was written")
    t.db.psql("drop trigger meddle on kayoi.zones; create or replace function public.meddle() returns trigger language plpgsql as $$begin return null; end$$;"
              "create trigger meddle before insert on kayoi.zones for each row when (new.row_no = 2) execute function public.meddle()")
    t.expect("a trigger that drops rows", t.town.run(config=t.config), 4, "kayoi.zones", "6 of 7 rows")
    t.db.psql("drop trigger meddle on kayoi.zones; drop function public.meddle()")
    t.goes_on("triggers")


shutil.rmtree(work, ignore_errors=True)
with Cluster(extensions=["postgis"]) as cluster:
    migrate(binary, cluster)
    trouble = Trouble(cluster)
    for part in (at_the_start, locked, widened, cut, in_commit, full, changed_rows):
        part(trouble)
done()
