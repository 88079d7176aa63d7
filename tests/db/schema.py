"""kayoi db migrate and status on a real server: once and again, what it refuses, interruptions. Usage: schema.py KAYOI"""
import os
import signal
import subprocess
import sys
import time

from cluster import Cluster, has_extension
from published import Layer, kayoi_db, login, must, psql, publish, square

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from runs import root  # noqa: E402
from tap import check, done, skip  # noqa: E402

binary = os.path.abspath(sys.argv[1])
FILES = sorted(name for name in os.listdir(os.path.join(root, "sql")) if name.endswith(".sql"))
THERE = ("select count(*) from pg_namespace where nspname like 'kayoi%' union all "
         "select count(*) from pg_roles where rolname like 'kayoi%'")


def objects(db):
    """Schemas and roles of kayoi."""
    return [int(row[0]) for row in db.sql(THERE)]


def fresh(db, name, options=""):
    """A database of its own, with PostGIS."""
    db.psql(f'create database "{name}" {options}', database="postgres")
    db.psql("create extension postgis", database=name)
    return name


def refused(what, made, *words):
    shown = made.stdout + made.stderr
    check(what, made.returncode == 4 and all(word in shown for word in words), f"{made.returncode} {shown}")


def once_and_again(db):
    made = kayoi_db(binary, db, "status")
    check("status before: no tables, and what makes them", made.returncode == 0 and "kayoi db migrate" in made.stdout,
          made.stdout + made.stderr)
    made = kayoi_db(binary, db)
    check("the first migration applies every file of sql/ and names it",
          made.returncode == 0 and all(name[:-4] in made.stdout for name in FILES), made.stdout + made.stderr)
    rows = db.sql("select version, name, length(checksum), engine from kayoi.migration order by 1")
    check("every migration is recorded with its checksum",
          rows == [[str(i + 1), name[:-4], "16", "0.1.0"] for i, name in enumerate(FILES)], rows)
    before = db.sql("select version, checksum, applied_at from kayoi.migration") + db.sql("select oid, xmin from pg_class "
                                                                                        "where relnamespace = 'kayoi'::regnamespace order by 1")
    made = kayoi_db(binary, db)
    after = db.sql("select version, checksum, applied_at from kayoi.migration") + db.sql("select oid, xmin from pg_class "
                                                                                       "where relnamespace = 'kayoi'::regnamespace order by 1")
    check("again: nothing is changed, and it says so",
          made.returncode == 0 and "nothing was changed" in made.stdout and before == after, made.stdout + made.stderr)
    made = kayoi_db(binary, db, lang="ja")
    check("in Japanese", made.returncode == 0 and "変更していません" in made.stdout, made.stdout + made.stderr)
    login(db, "夜 間", "kayoi_writer")
    made = kayoi_db(binary, db, "status")
    check("status: version, roles and who has them", f"version {len(FILES)}" in made.stdout and "夜 間" in made.stdout, made.stdout)
    made = kayoi_db(binary, db, user="夜 間")
    check("the writer may look whether it is up to date", made.returncode == 0, made.stderr)


def older(db):
    """A database that an earlier kayoi made: all files but the last, recorded as that kayoi would have."""
    name = fresh(db, "older")
    for file in FILES[:-1]:
        with open(os.path.join(root, "sql", file), encoding="utf-8") as sql:
            db.psql("begin;" + sql.read() + "commit;", database=name)
    for row in db.sql("select version, name, checksum from kayoi.migration order by 1")[:-1]:
        db.psql("insert into kayoi.migration (version, name, checksum, engine) values ({}, '{}', '{}', '0.0.9')".format(*row), database=name)
    db.psql("insert into kayoi.run (municipality_code, engine_version, srid) values ('35202', '0.0.9', 6670)", database=name)
    made = kayoi_db(binary, db, "status", database=name)
    check("status of an older database", f"version {len(FILES) - 1}; this kayoi knows {len(FILES)}" in made.stdout, made.stdout + made.stderr)
    made = kayoi_db(binary, db, database=name)
    check("an older database gets what is new, and only that", made.returncode == 0 and FILES[-1][:-4] in made.stdout
          and FILES[-2][:-4] not in made.stdout and f"before: {len(FILES) - 1}" in made.stdout, made.stdout + made.stderr)
    rows = db.sql("select engine_version, (select string_agg(engine, ' ' order by version) from kayoi.migration) from kayoi.run", database=name)
    check("and keeps what it has", rows == [["0.0.9", " ".join(["0.0.9"] * (len(FILES) - 1) + ["0.1.0"])]], rows)


def what_it_refuses(db):
    last = len(FILES)
    db.psql(f"update kayoi.migration set checksum = '0123456789abcdef' where version = {last}")
    refused("a changed migration", kayoi_db(binary, db), FILES[-1][:-4], "0123456789abcdef", "checksum")
    db.psql(f"delete from kayoi.migration where version = {last - 1}")
    refused("a gap in the migrations", kayoi_db(binary, db), "by hand")
    db.psql(f"insert into kayoi.migration values ({last + 1}, '{last + 1:03}_future', 'x', now(), '9.9'); "
            f"delete from kayoi.migration where version < {last}")
    db.psql(f"drop schema kayoi cascade; drop schema kayoi_public cascade")
    check("the same database again, after its schemas were dropped", kayoi_db(binary, db).returncode == 0)
    db.psql(f"insert into kayoi.migration values ({last + 1}, '{last + 1:03}_future', 'x', now(), '9.9')")
    refused("a newer database", kayoi_db(binary, db), f"version {last + 1}", "newer")

    name = fresh(db, "theirs")
    db.psql("create schema kayoi; create table kayoi.precious (a int)", database=name)
    refused("a schema kayoi of somebody else", kayoi_db(binary, db, database=name), "did not make", "rename")
    check("and left as it was", db.sql("select count(*) from kayoi.precious", database=name) == [["0"]])
    db.psql('create database "without"', database="postgres")
    refused("no PostGIS", kayoi_db(binary, db, database="without"), "CREATE EXTENSION postgis")
    name = fresh(db, "old")
    db.psql("update pg_extension set extversion = '2.5.5' where extname = 'postgis'", database=name)
    refused("an old PostGIS", kayoi_db(binary, db, database=name), "2.5.5", "ALTER EXTENSION postgis UPDATE")
    db.psql("create database \"EUC 文字\" encoding 'EUC_JP' locale 'C' template template0", database="postgres")
    refused("another encoding", kayoi_db(binary, db, database="EUC 文字"), "EUC_JP", "UTF8")
    refused("a server that is not there", kayoi_db(binary, db, "migrate", "--conninfo", "host=/tmp/nowhere dbname=x"))


def without_privileges(db):
    name = fresh(db, "closed")
    login(db, "guest")
    refused("a user who may make nothing", kayoi_db(binary, db, user="guest", database=name), "GRANT CREATE ON DATABASE")
    db.psql('grant create on database closed to guest', database=name)
    refused("a user who may not act as the owner", kayoi_db(binary, db, user="guest", database=name), "GRANT kayoi_owner")
    db.psql("grant kayoi_owner to guest", database=name)
    made = kayoi_db(binary, db, user="guest", database=name)
    check("with both it migrates, and is no superuser", made.returncode == 0, made.stderr)
    db.psql("create role stranger login", database=name)
    refused("somebody who may not look", kayoi_db(binary, db, user="stranger", database=name), "GRANT kayoi_owner")
    made = kayoi_db(binary, db, "status", user="stranger", database=name)
    check("status for somebody who may not look", made.returncode == 0 and "may see" in made.stdout, made.stdout + made.stderr)


def first_time_without_roles():
    """The roles are not there yet, and the user may make none, or they may do too much."""
    with Cluster(extensions=["postgis"]) as db:
        login(db, "guest")
        db.psql("grant create on database kayoi to guest")
        refused("a user who may not make roles", kayoi_db(binary, db, user="guest"), "kayoi_owner, kayoi_writer", "CREATE ROLE")
        check("nothing is left behind", objects(db) == [0, 0], objects(db))
        db.psql("create role kayoi_writer superuser")
        made = kayoi_db(binary, db)
        refused("a role that may do everything", made, "kayoi_writer")
        check("nothing is left behind by that either", objects(db) == [0, 1], objects(db))
        db.psql("drop role kayoi_writer; alter role guest createrole")
        made = kayoi_db(binary, db, user="guest")
        check("a user who may make roles and schemas needs no superuser", made.returncode == 0, made.stderr)
        rows, error = psql(db, "guest", "select count(*) from kayoi.run")
        check("and what was made is the owner's", error is None and
              db.sql("select distinct tableowner from pg_tables where schemaname like 'kayoi%'") == [["kayoi_owner"]], error)


def another_place_for_postgis():
    """PostGIS in a schema of its own, which not everybody may use."""
    with Cluster() as db:
        db.psql("create schema gis; create extension postgis schema gis")
        refused("PostGIS where the roles may not use it", kayoi_db(binary, db), "GRANT USAGE ON SCHEMA gis TO PUBLIC")
        check("nothing is left behind by that", objects(db) == [0, 0], objects(db))
        db.psql("grant usage on schema gis to public")
        made = kayoi_db(binary, db)
        check("PostGIS in a schema of its own", made.returncode == 0, made.stderr)
        login(db, "night", "kayoi_writer")
        login(db, "portal", "kayoi_reader")
        db.psql("alter role night set search_path = gis")
        publish(db, "night", {("public", "zones"): Layer("圏域", "MULTIPOLYGON", [("zone_id", "text", 0)], [("Z1", square(0, 0, 2000))])})
        rows, error = psql(db, "portal", "select srid, type from gis.geometry_columns where f_table_name = 'zones'; select length(kayoi_public.zones_mvt("
                           "8, floor((x_min + 20037508.34) / 40075016.69 * 256)::int, floor((20037508.34 - y_max) / 40075016.69 * 256)::int)) > 20 "
                           "from kayoi_public.layers; select kayoi_public.zone_sheet('Z1') ->> 'zone_id'")
        check("views, tiles and sheets find it there", rows == [["6670", "MULTIPOLYGON"], ["t"], ["Z1"]], error or rows)
        saved_and_restored(db)


def saved_and_restored(db):
    """A backup of the administrator's, as pg_dump makes it."""
    db.psql('create database "copy"', database="postgres")
    dump = subprocess.run([os.path.join(db.bin, "pg_dump"), "-d", db.database], env=db.environment(), capture_output=True, text=True)
    _, error = psql(db, "postgres", dump.stdout, database="copy")
    check("a dump is restored without an error", dump.returncode == 0 and error is None, dump.stderr or error)
    made = kayoi_db(binary, db, database="copy")
    check("and is at the same version", made.returncode == 0 and "nothing was changed" in made.stdout, made.stderr)
    rows, error = psql(db, "portal", "select gid, zone_id from kayoi_public.zones", database="copy")
    check("and shows the same to a portal", rows == [["10000000", "Z1"]], error or rows)


def wait_for(db, question, wanted):
    """Until a question has its answer; False after a long time."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if db.sql(question) == wanted:
            return True
        time.sleep(0.05)
    return False


def interrupted(db):
    """A trigger of the server holds the migration in its middle: 003 is begun, 001 and 002 are done."""
    asleep = "select count(*) from pg_stat_activity where application_name = 'kayoi' and wait_event = 'PgSleep'"
    gone = "select count(*) from pg_stat_activity where application_name = 'kayoi'"
    for how, seconds in (("terminated by the server", 60), ("killed", 4)):
        hold_it(db, how, seconds, asleep, gone)
    db.psql("drop event trigger hold; drop function hold()")
    check("the next one succeeds", kayoi_db(binary, db).returncode == 0 and objects(db) == [2, 4])
    check("the roles are nobody's yet", must(db, "postgres", "select count(*) from pg_auth_members a join pg_roles r on r.oid = a.roleid "
                                                           "where r.rolname like 'kayoi%'") == [["0"]])


def hold_it(db, how, seconds, asleep, gone):
    db.psql(f"""create or replace function hold() returns event_trigger language plpgsql as $$ begin
                 if exists (select from pg_event_trigger_ddl_commands() where object_identity like 'kayoi.begin_run%') then
                   perform pg_sleep({seconds}); end if; end $$;
               drop event trigger if exists hold;
               create event trigger hold on ddl_command_end execute function hold()""")
    program = subprocess.Popen([binary, "db", "migrate", "--lang", "en"], env=db.environment(), text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    check(f"a migration that is {how} had begun", wait_for(db, asleep, [["1"]]))
    second = subprocess.Popen([binary, "db", "migrate", "--lang", "en"], env=db.environment(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    waits = wait_for(db, "select count(*) from pg_locks where locktype = 'advisory' and not granted", [["1"]])
    check("a second one at the same time waits for it", waits)
    second.kill()
    second.wait()
    if how == "killed":
        program.send_signal(signal.SIGKILL)
    else:
        db.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kayoi'")
    _, err = program.communicate(timeout=60)
    check("and is over", wait_for(db, gone, [["0"]]))
    if how != "killed":
        check("it says what happened and to run it again", program.returncode == 4 and "run again" in err, f"{program.returncode} {err}")
    check("nothing is left behind", objects(db) == [0, 0], objects(db))


def command_line():
    for arguments, words in (([], "migrate|status"), (["vacuum"], "migrate and status"), (["migrate", "--cell", "1"], "--cell")):
        made = subprocess.run([binary, "db", *arguments, "--lang", "en"], text=True, capture_output=True)
        check(f"kayoi db {' '.join(arguments)}", made.returncode == 2 and words in made.stderr, made.stderr)
    made = subprocess.run([binary, "db", "status", "--conninfo", "host=x password=hunter2", "--lang", "en"], text=True, capture_output=True)
    check("a password on the command line is refused and not repeated",
          made.returncode == 2 and "hunter2" not in made.stdout + made.stderr, made.stderr)


if not has_extension("postgis"):
    skip("the tables of kayoi", "PostGIS is not installed")
    done()
command_line()
with Cluster(extensions=["postgis"]) as cluster:
    interrupted(cluster)
    cluster.psql("drop schema kayoi cascade; drop schema kayoi_public cascade")
    once_and_again(cluster)
    older(cluster)
    what_it_refuses(cluster)
    without_privileges(cluster)
first_time_without_roles()
another_place_for_postgis()
done()
