#!/usr/bin/python3
"""Databases that are not as one would like them: odd names, bad data, missing rights, servers that go away. Every failure
has its exit status (4 database, 2 configuration, 3 data) and names its cause. Usage: postgis_bad.py KAYOI WORK_DIR"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from cluster import Cluster, has_extension

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
import postgis_load as load  # noqa: E402
from runs import kayoi, root, table  # noqa: E402
from tap import check, done, skip  # noqa: E402

binary, work = sys.argv[1:3]
sample = os.path.join(root, "sample-data")
SECRET = "geheim-5-通い"
VENUES = {key: value for key, value in load.read(os.path.join(sample, "kayoi.yaml"))["venues"][0].items() if key != "path"}


def small():
    """The sample without what takes time."""
    config = load.read(os.path.join(sample, "kayoi.yaml"))
    for key in ("years", "sites", "access", "targets", "priority", "transit", "resources", "names"):
        config.pop(key)
    config["zones"].pop("facts")
    config["walk"] = {"profile": "elderly", "basis": "x"}
    config["outputs"] = {"dir": os.path.join(work, "out"), "formats": ["csv"]}
    return config


def run(command="check", environment=None, **sources):
    config = small()
    config.update(sources)
    path = load.write(config, os.path.join(work, "kayoi.yaml"))
    accept = ["--accept"] if command == "run" else []  # venues come and go here
    return kayoi(binary, command, path, "--lang", "en", *accept, **(environment or {}))


def said(made):
    return made.stdout + made.stderr


def expect(name, made, status, *words):
    """words: all of them stand in what it said; those that begin with ! do not."""
    text = said(made)
    good = made.returncode == status and all((w[1:] not in text) if w[0] == "!" else (w in text) for w in words)
    check(name, good, lambda: f"exit {made.returncode}: " + text[-6000:])


def expect_venues(name, db, status, *words, command="check", **source):
    return expect(name, run(command, venues=[{**VENUES, **source}]), status, *words)


def check_names(db):
    table_name = "通いの場二〇二四年四月一日現在の一覧表甲"[:21]
    schema = 'ス"キーマ; drop table venues; --'
    db.sql(f"create schema {load.quoted(schema)}")
    db.sql(f"create table {load.quoted(schema)}.{load.quoted(table_name)} as select * from venues")
    db.sql(f"alter table {load.quoted(schema)}.{load.quoted(table_name)} rename column \"名称\" to \"名'称\"\"; --\"")
    columns = {**VENUES["columns"], "name": "名'称\"; --"}
    quoted_schema = schema.replace('"', '""')
    expect_venues("names: quotes, semicolons and Japanese in schema, table (63 bytes) and column", db, 0, "30 records read",
                  "no_key", **load.source(db, f'"{quoted_schema}".{table_name}'), columns=columns)
    expect_venues("names: 66 bytes are refused", db, 2, "66 bytes", **load.source(db, "通" * 22))
    expect_venues("names: three parts are refused", db, 2, "no name of a table", **load.source(db, "a.b.c"))
    expect_venues("names: SQL as a table is no table", db, 2, "no table or view", "public.venues",
                  **load.source(db, "venues; drop table venues"))
    expect_venues("names: another case is another table", db, 2, "public.venues", **load.source(db, "Venues"))
    services = os.path.join(work, "services.conf")
    with open(services, "w", encoding="utf-8") as file:
        file.write(f"[通い \"の場'; dbname=x]\nhost={db.folder}\nuser=postgres\ndbname={db.database}\n")
    made = run(venues=[{**VENUES, "postgis": {"service": "通い \"の場'; dbname=x", "table": "venues"}}],
               environment={"PGSERVICEFILE": services})
    expect("names: a service with quotes and semicolons", made, 0, "30 records read")
    made = run(venues=[{**VENUES, "postgis": {"service": "nosuch", "table": "venues"}}],
               environment={"PGSERVICEFILE": services})
    expect("names: a service that is not there", made, 4, "nosuch")


def check_queries(db):
    db.sql("create function writes() returns int language sql as $$ insert into venues (\"No\") values ('x'); select 1 $$")
    before = db.sql("select count(*) from venues")
    good = "select * from venues -- all of them\n;\n"
    expect_venues("query: a comment and a semicolon at its end", db, 0, "30 records read", "!no_key",
                  **load.source(db, "", query=good, id="row_no"))
    for name, query, status, word in (
            ("two statements", "select * from venues; drop table venues", 2, "the SQL is wrong"),
            ("a bracket that closes the subselect", "select 1) as q; drop table venues; select (1", 2, "the SQL is wrong"),
            ("a DELETE", "delete from venues returning *", 2, "the SQL is wrong"),
            ("a DELETE inside", "with x as (delete from venues returning *) select * from x", 4, "0A000"),
            ("a function that writes", "select v.*, writes() from venues v", 4, "would write"),
            ("switching to writing", "select v.*, set_config('transaction_read_only', 'off', false) as x, writes() as y "
             "from venues v", 4, "25001"),
            ("wrong SQL", "selct 1", 2, "the SQL is wrong"),
            ("a column that is not there", "select nosuch from venues", 2, "nosuch"),
            ("rows that change", "select v.*, random() as r from venues v", 0, "30 records read")):
        expect_venues(f"query: {name}", db, status, word, **load.source(db, "", query=query))
    check("query: nothing was written", db.sql("select count(*) from venues") == before)
    expect_venues("id: a column that is not there", db, 2, 'no column "nosuch"', "row_no",
                  **load.source(db, "venues", id="nosuch"))


def check_geometry(db):
    db.sql("""create table places as select *, ST_SetSRID(ST_MakePoint("経度"::float8, "緯度"::float8), 6668) as geom
      from venues where "経度" is not null and row_no <= 20;
      alter table places add primary key (row_no)""")
    plain = {key: value for key, value in VENUES.items() if key not in ("lon", "lat", "crs")}

    def venues(status, name, *words, **source):
        expect(name, run(venues=[{**plain, **source}]), status, *words)
    venues(0, "geometry: points of one SRID", "20 records read", "SRID 6668", "EPSG:6668 (from the database)", "row_no",
           "NOT encrypted", "PostGIS 3", **load.source(db, "places"))
    db.sql("create table zero as select row_no, \"No\", \"名称\", ST_SetSRID(geom, 0) as geom from places")
    only = {"columns": {"id": "No", "name": "名称"}}
    venues(3, "SRID 0 is refused", "SRID 0", "crs:", **load.source(db, "zero", id="row_no", **only))
    venues(0, "SRID 0 with crs: is read", "20 records read", **load.source(db, "zero", id="row_no", crs="EPSG:6668", **only))
    db.sql("create table two as select row_no, \"No\", \"名称\", case when row_no > 10 then ST_Transform(geom, 6670) else geom "
           "end as geom from places")
    venues(3, "several SRIDs are refused", "SRID 6670", "6668", **load.source(db, "two", id="row_no", **only))
    db.sql("create table mixed as select row_no, \"No\", \"名称\", case row_no when 3 then ST_MakeLine(geom, geom) when 4 then "
           "ST_Multi(geom) when 5 then null when 6 then ST_SetSRID('POINT EMPTY'::geometry, 6668) when 7 then "
           "ST_Buffer(geom, 0.001) when 8 then ST_Force3DZ(geom) when 9 then ST_GeomFromText('CIRCULARSTRING(130 32, "
           "130.1 32, 130.2 32.1)', 6668) else geom end as geom from places")
    venues(3, "mixed and missing geometry: each record is told, and too many of them end the run",
           "20 records read, 3 of them unusable", "wrong_geometry", "geometry_unsupported", **load.source(db, "mixed", id="row_no", **only))
    venues(3, "only lines are no venues", "(Line String) cannot be venues",
           **load.source(db, "", query='select "No", "名称", row_no, ST_MakeLine(geom, geom) as geom from places',
                         id="row_no", **only))
    db.sql("create table doubled as select *, geom as geom2 from places")
    venues(2, "two columns of geometry", "geom, geom2", **load.source(db, "doubled", id="row_no"))
    venues(0, "two columns of geometry, one named", "20 records read", **load.source(db, "doubled", id="row_no", geometry="geom2"))
    venues(2, "a geometry that is none", "no column \"名称\" of type geometry", **load.source(db, "doubled", geometry="名称"))
    db.sql("create table far as select row_no, \"No\", \"名称\", geom::geography as geom from "
           "(select row_no, \"No\", \"名称\", ST_Transform(geom, 4326) as geom from places) x")
    venues(0, "geography is read", "SRID 4326", **load.source(db, "far", id="row_no", **only))
    venues(0, "a query without rows is said", "empty_source",
           **load.source(db, "", query="select * from places where false", id="row_no"))
    made = run(zones={"columns": small()["zones"]["columns"],
                      **load.source(db, "", query="select * from zones where false", id="ogc_fid")})
    expect("zones without rows end the run", made, 3, "no usable record")
    db.sql("create view keyless as select * from places")
    venues(0, "a view has no key, which is said", "no_key", "all columns", **load.source(db, "keyless"))


def check_types(db):
    """The same numbers in every type; the run from them beside each other."""
    outs = []
    for kind, wide in (("text", False), ("integer", False), ("numeric(8,3)", False), ("float8", False), ("text", True)):
        value = "translate(\"定員\", '0123456789', '０１２３４５６７８９')" if wide else f"\"定員\"::{kind}"
        flags = "\"住民主体\"::int::boolean" if kind != "text" else "\"住民主体\""
        query = (f"select \"No\", \"名称\", \"経度\", \"緯度\", \"月開催回数\", {value} as \"定員\", {flags} as \"住民主体\", "
                 "row_no from venues")
        columns = {k: v for k, v in VENUES["columns"].items() if k in ("id", "name", "sessions_per_month", "capacity",
                                                                       "resident_led")}
        made = run("run", venues=[{**VENUES, **load.source(db, "", query=query, id="row_no"), "columns": columns}])
        if not check(f"types: numbers as {kind}{' in full width' if wide else ''} are read", made.returncode == 0, said(made)):
            return
        outs.append(table(os.path.join(work, "out"), "venues"))
    check("types: text, integer, numeric, float and full width are the same numbers",
          all(out == outs[0] for out in outs) and any(row["capacity"] == "30" for row in outs[0]), str(outs[0][:1]))


def sleeping(db, thread):
    """The process of kayoi that sleeps in a query; waits until there is one, or kayoi has ended."""
    while thread.is_alive():
        found = db.sql("select pid from pg_stat_activity where application_name = 'kayoi' "
                       "and wait_event = 'PgSleep'")
        if found:
            return int(found[0][0])
        time.sleep(0.05)
    return None


def in_the_middle(db, act, **sources):
    """Runs, and acts while the server sleeps in the first source."""
    result = []
    thread = threading.Thread(target=lambda: result.append(run("run", **sources)))
    thread.start()
    process = sleeping(db, thread)
    if process is not None:
        act(process)
    thread.join()
    return result[0]


def slow(db, name, seconds):
    """The first row comes at once, the others when somebody has slept."""
    return load.source(db, "", query=f"select * from {name} cross join lateral (select case when row_no = 1 then 0 else "
                       f"length(pg_sleep({seconds})::text) end as slept) s", id="row_no", date="2020-10-01",
                       crs="EPSG:6668", grid_level_m=500, open=True)


def check_snapshot(db):
    """Rows are deleted while the first source is read; the second, read after it, still has them."""
    kept = {**VENUES, **load.source(db, "venues")}
    made = in_the_middle(db, lambda _: db.sql("delete from venues where row_no > 3"),
                         residents=[slow(db, "mesh", 0.02)], venues=[kept])
    with open(os.path.join(work, "out", "run.json"), encoding="utf-8") as file:
        read = {one["name"]: one["records_read"] for one in json.load(file)["inputs"]}
    check("one snapshot: rows deleted during the run are read", made.returncode == 0 and read["venues[0]"] == 30 and
          db.sql("select count(*) from venues") == [["3"]], lambda: said(made) + str(read))
    expect("one snapshot: the next run sees the change", run(venues=[kept]), 0, "3 records read")


def check_faults(db):
    out = os.path.join(work, "out", "run.json")
    with open(out, "rb") as file:
        before = file.read()
    made = run("run", venues=[{**VENUES, "postgis": {"conninfo": f"host={work}/nowhere dbname=x", "table": "venues"}}])
    expect("server down: exit 4, its place is named", made, 4, f"{work}/nowhere", "venues[0]")
    made = in_the_middle(db, lambda pid: db.sql(f"select pg_terminate_backend({pid})"), residents=[slow(db, "mesh", 0.2)])
    expect("backend killed while reading: exit 4", made, 4, "57P01", "ended the connection", "residents[0]")
    made = run("run", residents=[{**slow(db, "mesh", 0.2), "postgis": {**slow(db, "mesh", 0.2)["postgis"], "timeout_s": 1}}])
    expect("statement timeout: exit 4", made, 4, "57014", "timeout")
    with open(out, "rb") as file:
        check("faults: the result of before is as it was", file.read() == before)
    expect("faults: the next run succeeds", run("run", venues=[{**VENUES, **load.source(db, "venues")}]), 0)
    db.sql("create role poor login")
    expect_venues("permission missing: exit 4", db, 4, "42501", "permission", "user poor", **load.source(db, "venues", "poor"))
    expect_venues("no such database: exit 4", db, 4, "nosuch", **load.source(db, "venues", database="nosuch"))
    expect_venues("no such user: exit 4", db, 4, "nobody", **load.source(db, "venues", "nobody"))
    made = run(venues=[{**VENUES, **load.source(db, "venues", "poor")}],
               zones={"columns": small()["zones"]["columns"], **load.source(db, "zones")})
    expect("check goes on after a database that refuses", made, 4, "42501", "4 records read")


def check_credentials(db):
    expect_venues("a password in conninfo is refused and not repeated", db, 2, "holds a password", f"!{SECRET}",
                  postgis={"conninfo": f"host={db.folder} password={SECRET}", "table": "venues"})
    hba = os.path.join(db.folder, "data", "pg_hba.conf")
    with open(hba, encoding="utf-8") as file:
        rules = file.read()
    with open(hba, "w", encoding="utf-8") as file:
        file.write("local all guarded scram-sha-256\n" + rules)
    db.sql(f"create role guarded login password '{SECRET}'; grant select on venues to guarded; select pg_reload_conf()")
    passes = os.path.join(work, "pgpass")
    guarded = load.source(db, "venues", "guarded")
    made = run(venues=[{**VENUES, **guarded}], environment={"PGPASSFILE": passes})
    expect("a password that nobody gives: exit 4", made, 4, "~/.pgpass", "guarded")
    for word, status in ((SECRET, 0), ("wrong-" + SECRET, 4)):
        with open(passes, "w", encoding="utf-8") as file:
            file.write(f"*:*:*:guarded:{word}\n")
        os.chmod(passes, 0o600)
        made = run("run", venues=[{**VENUES, **guarded}], environment={"PGPASSFILE": passes})
        expect(f".pgpass with the {'right' if status == 0 else 'wrong'} password", made, status, f"!{SECRET}")
    found = subprocess.run(["grep", "-rlF", SECRET, os.path.join(work, "out")], capture_output=True, text=True).stdout
    check("no file of the result holds the password", found == "", found)


def check_extension(db):
    db.sql("create database bare")
    load.text_table(Other(db, "bare"), os.path.join(sample, "venues.csv"), "venues")
    expect_venues("no PostGIS: coordinate columns are read", db, 0, "30 records read", "PostGIS -",
                  **load.source(db, "venues", database="bare"))
    Other(db, "bare").sql('create table named as select row_no, "No", "名称" from venues')
    border = {"border": {"postgis": load.source(db, "named", database="bare")["postgis"]}}
    made = run(municipality={**small()["municipality"], **border})
    expect("no PostGIS: a border needs it", made, 4, "no extension PostGIS")
    db.sql("create database elsewhere")
    other = Other(db, "elsewhere")
    other.sql("create schema gis; create extension postgis schema gis")
    load.text_table(other, os.path.join(sample, "venues.csv"), "venues")
    other.sql("""create table places as select row_no, "No", "名称",
        gis.ST_SetSRID(gis.ST_MakePoint("経度"::float8, "緯度"::float8), 6668) as geom from venues where row_no <= 20;
      create materialized view kept as select row_no, "No", "名称", gis.ST_Transform(geom, 4326)::gis.geography as geom from places;
      create table parted (like places) partition by range (row_no);
      create table part_a partition of parted for values from (0) to (10);
      create table part_b partition of parted for values from (10) to (100);
      insert into parted select * from places""")
    only = {"columns": {"id": "No", "name": "名称"}}
    for name in ("places", "kept", "parted"):
        made = run(venues=[{**only, **load.source(db, name, database="elsewhere", id="row_no")}])
        expect(f"PostGIS in a schema of its own: {name}", made, 0, "20 records read", f"table public.{name}")
    twice = {**only, **load.source(db, "places", database="elsewhere", id="row_no")}
    expect("one table twice in a role", run("run", venues=[twice, twice]), 2, "is the same data as venues[0]")
    db.sql("create database old")
    old = Other(db, "old")
    old.sql("create extension postgis; create table zones as select 1 as row_no, 'KY01' as \"圏域コード\", 'x' as \"圏域名\", "
            "ST_MakeEnvelope(130.8, 32.7, 130.9, 32.8, 6668) as geom; "
            "update pg_extension set extversion = '2.5.9' where extname = 'postgis'")
    made = run(zones={"columns": small()["zones"]["columns"], **load.source(db, "zones", database="old")})
    expect("an old PostGIS: exit 4", made, 4, "PostGIS 2.5.9", "3.0")


class Other:
    """The same cluster, another database."""

    def __init__(self, db, database):
        self.db, self.database, self.folder = db, database, db.folder

    def sql(self, text):  # psql takes the encoding of the database otherwise
        return self.db.sql("set client_encoding to 'UTF8';" + text, self.database)

    def copy(self, name, rows):
        self.db.psql(f"set client_encoding to 'UTF8';copy {name} from stdin;\n{rows}\\.\n", self.database)


def check_encoding(db):
    """A database in EUC-JP gives the same layers."""
    db.sql("create database euc encoding 'EUC_JP' template template0 lc_collate 'C' lc_ctype 'C'")
    euc = Other(db, "euc")
    euc.sql("create extension postgis")
    load.text_table(db, os.path.join(sample, "venues.csv"), "listed")
    load.text_table(euc, os.path.join(sample, "venues.csv"), "listed")
    found = []
    for database in (db.database, "euc"):
        made = run("run", venues=[{**VENUES, **load.source(db, "listed", database=database)}])
        check(f"encoding: venues of {database} are read", made.returncode == 0, said(made))
        found.append(table(os.path.join(work, "out"), "venues"))
    check("encoding: EUC_JP gives the same layer", found[0] == found[1] and "いきいき" in found[0][0]["name"])
    expect("encoding: check names it", run(venues=[{**VENUES, **load.source(db, "listed", database="euc")}]), 0, "EUC_JP")


def check_tags(db):
    """osm2pgsql with hstore: streets, rivers and houses out of the same tables, tags without a column of their own."""
    db.sql("create database tagged")
    tagged = Other(db, "tagged")
    tagged.sql("create extension postgis; create extension hstore")
    load.run("osm2pgsql", "--create", "--latlong", "--hstore", "-d", "tagged", "-H", db.folder, "-U", "postgres",
             os.path.join(sample, "roads.osm"))
    streets = tagged.sql("select count(*) from planet_osm_line where highway is not null or route = 'ferry'")[0][0]
    tagged.sql("""insert into planet_osm_line (osm_id, waterway, way) values
        (-5, 'river', ST_GeomFromText('LINESTRING(130.84 32.70,130.84 32.78)', 4326)),
        (7, 'stream', ST_GeomFromText('LINESTRING(130.85 32.70,130.85 32.78)', 4326));
      insert into planet_osm_line (osm_id, highway, way) values
        (-6, 'residential', ST_GeomFromText('LINESTRING(130.84 32.70,130.84 32.78)', 4326));
      update planet_osm_line set tags = tags || 'motorroad=>yes' where osm_id = (select min(osm_id) from planet_osm_line
        where highway = 'trunk');
      insert into planet_osm_polygon (osm_id, building, area, tags, way) select n, 'house', 'yes', 'building:levels=>2',
        ST_MakeEnvelope(130.86 + n * 0.0002, 32.745, 130.86 + n * 0.0002 + 0.0001, 32.7451, 4326) from generate_series(1, 50) n""")
    lines, areas = load.source(db, "planet_osm_line", database="tagged"), load.source(db, "planet_osm_polygon", database="tagged")
    made = run(barriers=lines, buildings=areas, roads=[lines])
    railways = tagged.sql("select count(*) from planet_osm_line where waterway is not null or railway is not null or "
                          "\"natural\" is not null")[0][0]
    expect("osm2pgsql with hstore: streets, barriers and buildings", made, 0, f"{streets} records read",
           f"{railways} records read", "50 records read", "storeys <- building:levels", "motorroad <- motorroad",
           "6 of 416 ways cannot be walked", "!area <- area")


def check_routing(db):
    """osm2pgsql and osm2pgrouting: classes out of its table configuration."""
    if not has_extension("pgrouting") or shutil.which("osm2pgrouting") is None:
        skip("roads of osm2pgrouting", "osm2pgrouting is not installed (scripts/setup test)")
        return
    made = run("run", roads=[load.source(db, "", query="select osm_id, highway, way, random() as length from planet_osm_line "
                                         "where highway is not null", id="osm_id")])
    expect("roads that are others each time they are read", made, 3, "gives other rows each time")
    db.sql("create extension pgrouting")
    load.run("osm2pgrouting", "--f", os.path.join(sample, "roads.osm"), "--conf",
             "/usr/share/osm2pgrouting/mapconfig.xml", "--dbname", db.database, "--host", db.folder, "--username",
             "postgres", "--clean")
    ways = db.sql("select count(*) from ways")[0][0]
    made = run(roads=[load.source(db, "ways")])
    expect("roads of osm2pgrouting: all its ways, with their classes", made, 0, f"{int(ways):,} records read",
           "class <- highway", "length <- length_m", "OpenStreetMap")
    made = run(roads=[load.source(db, "planet_osm_line")])
    expect("roads of osm2pgsql without hstore", made, 0, "class <- highway", "SRID 3857")


def check_crash(db):
    """A backend that is killed as the system kills one: the whole server begins anew. And a door that nobody opens."""
    made = in_the_middle(db, lambda pid: os.kill(pid, signal.SIGKILL), residents=[slow(db, "mesh", 0.2)])
    expect("server crashed while reading: exit 4", made, 4, "residents[0]", "database")
    for _ in range(100):
        made = run(venues=[{**VENUES, **load.source(db, "venues")}])
        if made.returncode == 0:
            break
        time.sleep(0.1)
    expect("server crashed: once it is up again, the next run succeeds", made, 0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        place = f"host=127.0.0.1 port={silent.getsockname()[1]} connect_timeout=2 sslmode=disable"
        made = run(venues=[{**VENUES, "postgis": {"conninfo": place, "table": "venues"}}])
    expect("a server that does not answer: exit 4", made, 4, "timeout")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def check_tls(db):
    """The server again, with a certificate of its own and a door on 127.0.0.1."""
    if shutil.which("openssl") is None:
        skip("TLS", "openssl is not installed")
        return
    data, port = os.path.join(db.folder, "data"), free_port()
    key, certificate = os.path.join(data, "server.key"), os.path.join(data, "server.crt")
    load.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate)
    shutil.copy(certificate, os.path.join(work, "root.crt"))
    owner = os.stat(data)
    for file in (key, certificate):
        os.chown(file, owner.st_uid, owner.st_gid)
        os.chmod(file, 0o600)
    settings = (f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='{db.folder}' -c ssl=on -c fsync=off")
    db.server("pg_ctl", "-D", data, "-w", "-m", "fast", "-l", os.path.join(db.folder, "log"), "-o", settings, "restart")
    place = f"host=localhost hostaddr=127.0.0.1 port={port} user=postgres dbname={db.database}"
    root_file = os.path.join(work, "root.crt")
    for name, mode, status, words in (
            ("verify-full", f"sslmode=verify-full sslrootcert={root_file}", 0, ["connection encrypted (TLSv1.", "verify-full"]),
            ("not asked for", "sslmode=disable", 0, ["NOT encrypted", "disable"]),
            ("a certificate that nobody knows", f"sslmode=verify-full sslrootcert={binary}", 4, ["certificate"])):
        made = run(venues=[{**VENUES, "postgis": {"conninfo": f"{place} {mode}", "table": "venues"}}])
        expect(f"TLS: {name}", made, status, *words)


shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
if not has_extension("postgis"):
    skip("databases in trouble", "PostGIS is not installed (scripts/setup test)")
else:
    with Cluster(extensions=["postgis"]) as cluster:
        load.text_table(cluster, os.path.join(sample, "venues.csv"), "venues")
        load.census(cluster, os.path.join(sample, "tblT001141H4930.txt"), "mesh")
        load.vector(cluster, os.path.join(sample, "zones.geojson"), "zones")
        load.run("osm2pgsql", "--create", "-d", cluster.database, "-H", cluster.folder, "-U", "postgres",
                 os.path.join(sample, "roads.osm"))
        for part in (check_names, check_queries, check_geometry, check_types, check_snapshot, check_faults,
                     check_credentials, check_extension, check_encoding, check_tags, check_routing, check_crash, check_tls):
            part(cluster)
done()
