"""A configuration cannot make the engine write outside its schemas: names in it that try to be SQL, queries that try to
write, users who may do everything. Usage: config_names.py KAYOI WORK_DIR"""
import json
import os
import re
import subprocess
import sys

from cluster import Cluster
from publishing import Town, check, done, migrate, needs_postgis

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
needs_postgis("names of a configuration in the database")
NAMES = ["\"; drop table theirs.people; --", "表\\'; drop table theirs.people; -- $$ %I %s %1$s", "../../theirs.people" + "é" * 100]
OUTSIDE = """
  select 'relation', n.nspname || '.' || c.relname || coalesce(c.relacl::text, '') || c.relowner, c.xmin::text from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^(kayoi|kayoi_public|pg_toast|pg_temp)' and relname !~ '^pg_(statistic|shdepend)'
  union all select 'function', p.oid::regprocedure::text || coalesce(p.proacl::text, ''), p.xmin::text from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^kayoi'
  union all select 'schema', nspname || coalesce(nspacl::text, ''), xmin::text from pg_namespace where nspname !~ '^pg_(temp|toast_temp)'
  union all select 'role', rolname || rolsuper || rolcanlogin, '' from pg_roles
  union all select 'member', roleid::regrole || ' ' || member::regrole, '' from pg_auth_members
  union all select 'row', name || count, '' from theirs.people union all select 'row', id || name, '' from theirs.places
  union all select 'sequence', last_value || is_called::text, '' from theirs.counter
  union all select 'large object', oid::text, '' from pg_largeobject_metadata
  order by 1, 2, 3"""


def outside(db):
    """Everything of the database that is not kayoi's. Statistics of tables may move on."""
    return [row[:2] if row[0] == "relation" and row[1].startswith("pg_catalog") else row for row in db.sql(OUTSIDE)]


def quoted(text):
    """As YAML."""
    return json.dumps(text, ensure_ascii=False)


def same_as(db, before, what):
    after = outside(db)
    check(f"{what}: nothing outside kayoi's schemas has changed", before == after,
          [row for row in after if row not in before][:3] + [row for row in before if row not in after][:3])


def one_name_everywhere(town, db, name, before):
    """As a run's name and as the municipality's name."""
    config = town.write("named.yaml", f"service: kayoi\nrun_name: {quoted(name)}",
                        lambda text: re.sub(r"(\nmunicipality:\n  name: )[^\n]*", lambda m: m[1] + quoted(name), text))
    status, said = town.run(config=config)
    shown = db.sql("select run_name, municipality_name from kayoi.run order by run_id desc limit 1")
    check(f"{name[:30]!r} is a name", status == 0 and shown == [[name, name]], f"{status} {said[-400:]} {shown}")
    same_as(db, before, f"{name[:30]!r}")


GOOD = "select id, name, geom from theirs.places"
# every one of them gives the columns of GOOD, if it is let; (query, does it end the run)
QUERIES = [
    ("with gone as (delete from theirs.people returning name) select id, p.name, geom from theirs.places p, gone", True),
    ("with gone as (delete from theirs.places returning *) select id, name, geom from gone", True),
    ("select id, name, geom from (select theirs.grab(), * from theirs.places) x where grab = 1", True),
    ("select id, nextval('theirs.counter')::text as name, geom from theirs.places", True),
    ("select id, set_config('transaction_read_only', 'off', false) || theirs.grab() as name, geom from theirs.places", True),
    (GOOD + " for update", True),
    (GOOD + "; drop table theirs.people", True),
    ("drop table theirs.people; " + GOOD, True),
    (GOOD + ") to stdout; commit; drop table theirs.people; copy (" + GOOD, True),
    ("select id, name, geom into theirs.copied from theirs.places", True),
    ("create table theirs.mine as " + GOOD, True),
    ("commit; " + GOOD, True),
    ("set transaction read write; " + GOOD, True),
    # a function of the server that no read-only transaction forbids: undone with it
    ("select id, lo_import('/etc/hostname')::text as name, geom from theirs.places", None),
    ("select id, lo_creat(-1)::text as name, geom from theirs.places", None),
    ("select id, set_config('search_path', 'theirs', false) as name, geom from theirs.places", None),
]


def with_query(town, query):
    """`kayoi check` of the sample with this query for its venues."""
    def change(text):
        head, _, tail = text.partition("\nvenues:")
        rest = tail.splitlines()
        end = next(i for i, line in enumerate(rest[1:], 1) if line and not line[0].isspace() and not line.startswith("#"))
        return (head + f"\nvenues:\n  - postgis:\n      service: kayoi\n      query: {quoted(query)}\n      geometry: geom\n      id: id\n" +
                "\n".join(rest[end:]) + "\n")
    made = subprocess.run([binary, "check", town.write("query.yaml", "service: kayoi", change), "--lang", "en"], env=town.environment(),
                          text=True, capture_output=True, timeout=120)
    return made.returncode, made.stdout + made.stderr


def queries(town, db, user, asked):
    """A source of venues that is a query, asked as a user who may do to it whatever it says."""
    status, said = with_query(town, GOOD)
    check(f"{user}: a query that only reads is a source", status == 0 and "5 records" in said, said[-600:])
    before = outside(db)
    for query, ends in asked:
        status, said = with_query(town, query)
        if ends:
            check(f"{user}: {query!r} ends the run", status in (2, 3, 4), f"{status} {said[-300:]}")
        same_as(db, before, f"{user}: {query!r}")


with Cluster(extensions=["postgis"]) as db:
    migrate(binary, db)
    db.psql("""create schema theirs; create table theirs.people (name text, count int); insert into theirs.people values ('x', 1);
               create table theirs.places as select i::text as id, '場' || i as name,
                 st_transform(st_setsrid(st_makepoint(131.3 + i * 0.001, 33.9), 4326), 6668) as geom from generate_series(1, 5) i;
               create sequence theirs.counter;
               create function theirs.grab() returns int language plpgsql as $$ begin delete from theirs.people; return 1; end $$""")
    town = Town(binary, work, db)
    status, said = town.run()
    check("the sample is published", status == 0, said[-500:])
    made = subprocess.run([binary, "db", "status", town.config, "--lang", "en"], env=town.environment(), text=True, capture_output=True)
    check("kayoi db status CONFIG: the database of the configuration", made.returncode == 0 and f"{town.code()} 通井町" in made.stdout
          and "1 runs, 0 of them named" in made.stdout, made.stdout + made.stderr)
    made = subprocess.run([binary, "db", "migrate", town.config, "--lang", "en"], env=town.environment(), text=True, capture_output=True)
    check("kayoi db migrate CONFIG: its user may look that nothing is to be done", made.returncode == 0, made.stderr)
    # the engine's user is a superuser here: only what the engine does keeps it inside
    town.set_service("kayoi", "postgres")
    before = outside(db)
    for name in NAMES:
        one_name_everywhere(town, db, name, before)
    queries(town, db, "a superuser", [q for q in QUERIES if not q[1]] + QUERIES[:1])
    db.psql("create role owner login; grant kayoi_writer to owner; alter schema theirs owner to owner; alter table theirs.people owner to owner; alter table theirs.places owner to owner;"
            "alter sequence theirs.counter owner to owner; alter function theirs.grab() owner to owner")
    town.set_service("kayoi", "owner")
    queries(town, db, "the owner", QUERIES)
done()
