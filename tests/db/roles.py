"""Who may do what in a database of kayoi, and above all what they may not; runs that are never changed; names that try to
be SQL; what readers see while runs follow each other. Usage: roles.py KAYOI"""
import os
import sys
import threading

from cluster import Cluster, has_extension
from published import Layer, begin_sql, ensure_sql, login, migrate, must, psql, publish, square, stage

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from tap import check, done, skip  # noqa: E402

binary = os.path.abspath(sys.argv[1])
COLUMNS = [("zone_id", "text", 0), ("pop_65", "fixed", 3), ("order", "fixed", 0), ("full", "bool", 0)]


def layers(people="10.500", count=2, alias="圏域"):
    rows = [(f"Z{i}", people, i, None, square(i * 1000, 0, 1000)) for i in range(count)]
    return {("internal", "zones"): Layer(alias, "MULTIPOLYGON", COLUMNS, rows),
            ("public", "zones"): Layer(alias, "MULTIPOLYGON", COLUMNS, rows),
            ("internal", "gaps"): Layer("空白地帯", "MULTIPOLYGON", [("gap_id", "text", 0)], [("G1", square(0, 0, 100))]),
            ("internal", "cross"): Layer("内訳", None, [("zone_id", "text", 0), ("group", "text", 0)], [("Z0", "men")])}


def may(db, user, what, sql):
    _, error = psql(db, user, sql)
    check(f"{user} may {what}", error is None, error)


def may_not(db, user, what, sql, *words):
    """Refused for the right reason: the privilege, or one of the words."""
    _, error = psql(db, user, sql)
    wanted = words or ("42501",)
    check(f"{user} may not {what}", error is not None and any(w in error for w in wanted), error or "it was done")


STORED = ("kayoi.zones", "kayoi.public_zones", "kayoi.run", "kayoi.run_layer", "kayoi.layer", "kayoi.migration")
SHOWN = ("kayoi_public.zones", "kayoi_public.zones_by_run", "kayoi_public.runs", "kayoi_public.layers")


def nobody_makes_anything(db, user):
    for schema in ("kayoi", "kayoi_public", "public"):
        may_not(db, user, f"make a table in {schema}", f"create table {schema}.mine (a int)")
        may_not(db, user, f"make a view in {schema}", f"create view {schema}.mine as select 1")
        may_not(db, user, f"make a function in {schema}", f"create function {schema}.st_transform(text) returns int language sql as 'select 1'")
    may_not(db, user, "make a schema", "create schema mine")
    may_not(db, user, "act as the owner", "set role kayoi_owner")
    for table in STORED:
        column = {"kayoi.run": "srid", "kayoi.layer": "srid", "kayoi.migration": "version"}.get(table, "run_id")
        may_not(db, user, f"change {table}", f"update {table} set {column} = 1")
        may_not(db, user, f"delete from {table}", f"delete from {table}")
        may_not(db, user, f"empty {table}", f"truncate {table} cascade")
        may_not(db, user, f"drop {table}", f"drop table {table} cascade")
        may_not(db, user, f"alter {table}", f"alter table {table} add column b int")
        may_not(db, user, f"put a trigger on {table}", f"create trigger mine after insert on {table} execute function kayoi.guard_rows()")
        may_not(db, user, f"switch off the guards of {table}", f"alter table {table} disable trigger all")
    for view in SHOWN:
        may_not(db, user, f"change {view}", f"delete from {view}", "42501", "55000")
        may_not(db, user, f"drop {view}", f"drop view {view}")
    for function in ("kayoi.make_views('public', 'zones')", "kayoi.check_run(1)", "kayoi.set_comment('TABLE', 'public.x', 'y')",
                     "kayoi.make_table('x', '{}')", "kayoi.add_geometry('x', 'POINT', 1)",
                     "kayoi.comment_views('public', 'zones')", "kayoi.make_tiles('zones')"):
        may_not(db, user, f"call {function.split('(')[0]}", f"select {function}")


def privileges(db):
    may(db, "night", "read what was published before", "select * from kayoi.run r join kayoi.zones z using (run_id)")
    may(db, "night", "begin a run and take it back", f"begin; {begin_sql()}; rollback")
    for user in ("night", "portal", "staff", "guest"):
        nobody_makes_anything(db, user)
    for user in ("portal", "guest"):
        for table in STORED + ("kayoi.zones_latest", "kayoi.gaps_latest", "kayoi.zones_by_run"):
            may_not(db, user, f"see {table}", f"select * from {table}")
    for user in ("portal", "staff", "guest"):
        may_not(db, user, "begin a run", begin_sql())
        may_not(db, user, "publish", "select kayoi.publish_run(1)")
        may_not(db, user, "prune", "select kayoi.prune('35202', 0, null)")
        may_not(db, user, "make layers", ensure_sql(("public"), "zones", layers()["public", "zones"]))
        may_not(db, user, "add rows", "insert into kayoi.public_zones (run_id, row_no) values (1, 99)")
    for view in SHOWN + ("kayoi_public.gt_pk_metadata",):
        may(db, "portal", f"see {view}", f"select * from {view}")
        may_not(db, "guest", f"see {view}", f"select * from {view}")
    may(db, "portal", "ask for a zone", "select kayoi_public.zone_sheet('Z0')")
    may(db, "portal", "ask for a tile", "select kayoi_public.zones_mvt(8, 221, 101)")
    may_not(db, "guest", "ask for a zone", "select kayoi_public.zone_sheet('Z0')")
    may_not(db, "guest", "ask for a tile", "select kayoi_public.zones_mvt(8, 221, 101)")
    for view in ("kayoi.zones_latest", "kayoi.gaps_latest", "kayoi.zones_by_run") + SHOWN:
        may(db, "staff", f"see {view}", f"select * from {view}")
    may_not(db, "staff", "see the rows of every run", "select * from kayoi.zones")
    may_not(db, "night", "add a run by hand", "insert into kayoi.run (municipality_code, engine_version, srid) values ('x', 'x', 6670)")
    may_not(db, "night", "say what the extent is", "insert into kayoi.run_layer (run_id, audience, layer, row_count, x_min) values (1, 'public', 'zones', 1, 0)")
    public = db.sql("select nspname, p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname like 'kayoi%' "
                    "and has_function_privilege('guest', p.oid, 'execute')")
    check("no function is for everybody", public == [], public)


def settled(db):
    """Search paths of the functions that run with the owner's rights."""
    loose = db.sql("select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname like 'kayoi%' "
                   "and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)")
    check("every function has a search path of its own", loose == [], loose)
    rows, error = psql(db, "night", """
        create temp table run (run_id bigint, municipality_code text, state text, is_latest boolean);
        create temp table layer (audience text, layer text);
        create function pg_temp.format(text, variadic text[]) returns text language plpgsql as $$ begin raise exception 'tricked'; end $$;
        create function pg_temp.hashtext(text) returns int language plpgsql as $$ begin raise exception 'tricked'; end $$;
        create function pg_temp.jsonb_array_elements(jsonb) returns setof jsonb language plpgsql as $$ begin raise exception 'tricked'; end $$;
        set search_path = pg_temp, pg_catalog, kayoi;
        """ + ensure_sql("public", "zones", layers(alias="圏域（別）")["public", "zones"]) + ";" + begin_sql())
    check("functions and tables of a session's own do not come between", error is None and rows[0][0].startswith("kayoi.public_zones ("), error)


def never_changed(db):
    snapshot = publish(db, "night", layers("7.000"), run_name="計画2026")
    latest = publish(db, "night", layers("8.000"))
    for run, what in ((snapshot, "a snapshot"), (latest, "the latest run")):
        may_not(db, "night", f"add rows to {what}", f"insert into kayoi.public_zones (run_id, row_no, zone_id) values ({run}, 77, 'X')", "KY005")
        may_not(db, "night", f"add a layer to {what}", "insert into kayoi.run_layer (run_id, audience, layer, row_count) "
                f"values ({run}, 'internal', 'gaps', 0)", "KY005", "23505")
        may_not(db, "night", f"publish {what} again", f"select kayoi.publish_run({run})", "KY005")
        may_not(db, "postgres", f"delete {what} by mistake", f"delete from kayoi.run where run_id = {run}", "KY005")
        may_not(db, "postgres", f"delete the rows of {what} by mistake", f"delete from kayoi.zones where run_id = {run}", "KY005")
        may_not(db, "postgres", f"change {what} by mistake", f"update kayoi.run set inputs_hash = 'x' where run_id = {run}", "KY005")
        may_not(db, "postgres", f"change the rows of {what} by mistake", f"update kayoi.zones set pop_65 = 0 where run_id = {run}", "KY005")
    may_not(db, "postgres", "rename a snapshot by mistake", f"update kayoi.run set run_name = null where run_id = {snapshot}", "KY005")
    may_not(db, "postgres", "empty a layer by mistake", "truncate kayoi.zones", "KY005")
    may_not(db, "night", "take a name again", begin_sql(run_name="計画2026"), "KY004")
    may(db, "night", "take that name in another municipality", f"begin; {begin_sql('43100', run_name='計画2026')}; rollback")
    may_not(db, "night", "add rows to a run that nobody began", "insert into kayoi.zones (run_id, row_no) values (999, 1)", "KY005")
    return snapshot, latest


def counted(db):
    """What is published is what was said."""
    run = stage(db, "night", layers())
    must(db, "night", f"insert into kayoi.public_zones (run_id, row_no, zone_id) values ({run}, 50, 'more')")
    may_not(db, "night", "publish more rows than were said", f"select kayoi.publish_run({run})", "KY006")
    run = int(must(db, "night", begin_sql())[0][0])
    must(db, "night", f"insert into kayoi.run_layer (run_id, audience, layer, row_count) values ({run}, 'public', 'zones', 3)")
    may_not(db, "night", "publish fewer rows than were said", f"select kayoi.publish_run({run})", "KY006")
    may_not(db, "night", "publish a run that is not there", "select kayoi.publish_run(12345)", "KY005")


def pruned(db):
    """Ten nights and two snapshots in a municipality of their own, one in another."""
    runs = [publish(db, "night", layers(str(i)), municipality="43100", run_name=f"第{i}期" if i in (2, 5) else None) for i in range(10)]
    other = publish(db, "night", layers(), municipality="43101")
    db.psql("alter table kayoi.run disable trigger guard; update kayoi.run set published_at = now() - (interval '1 day') * "
            f"({runs[-1]} - run_id) where municipality_code = '43100' and not is_latest; alter table kayoi.run enable trigger guard")
    left = "select run_id from kayoi.run where municipality_code = '43100' order by 1"
    may_not(db, "night", "prune without a rule", "select * from kayoi.prune('43100', null, null)", "KY001")
    gone = must(db, "night", "select run_id from kayoi.prune('43100', 3, 4) order by 1")
    want = [runs[i] for i in (0, 1, 3, 4)]  # unnamed, not among the newest three, older than four days
    check("kept: the newest three, four days, and every name", [int(r[0]) for r in gone] == want, (gone, want))
    gone = must(db, "night", "select run_id from kayoi.prune('43100', 2, null) order by 1")
    check("kept: the newest two, and every name", [int(r[0]) for r in gone] == [runs[6], runs[7]], (gone, runs))
    gone = must(db, "night", "select run_id from kayoi.prune('43100', 0, null) order by 1")
    want = [str(runs[i]) for i in (2, 5, 9)]
    check("whatever the rule, the latest and every name stay", [r[0] for r in db.sql(left)] == want, (gone, db.sql(left)))
    check("another municipality is not touched", db.sql(f"select count(*) from kayoi.run where run_id = {other}") == [["1"]])
    rows = db.sql("select distinct z.run_id from kayoi.zones z left join kayoi.run r using (run_id) where r.run_id is null")
    check("with a run go its rows", rows == [], rows)
    rows = must(db, "portal", "select distinct run_name from kayoi_public.zones_by_run where municipality_code = '43100' order by 1")
    check("snapshots are shown by their names", rows == [["第2期"], ["第5期"]], rows)
    for age, stays in (("1 hour", True), ("2 days", False)):
        run = int(must(db, "night", begin_sql("43100", run_name=f"左 {age}"))[0][0])
        db.psql(f"alter table kayoi.run disable trigger guard; update kayoi.run set started_at = now() - interval '{age}' "
                f"where run_id = {run}; alter table kayoi.run enable trigger guard")
        must(db, "night", "select kayoi.prune('43100', 5, null)")
        there = db.sql(f"select count(*) from kayoi.run where run_id = {run}") == [["1"]]
        check(f"a run that was begun {age} ago and never published {'stays' if stays else 'goes'}", there == stays)


HOSTILE = ['zones"; drop table kayoi.run; --', "zones'); drop table kayoi.run; --", "public.zones", "../zones", "pg_catalog.pg_class",
           "run", "run_layer", "migration", "layer", "public_zones", "zones_latest", "zones_by_run", "zones_mvt", "ゾーン", "Zones", "",
           "a" * 41, "zones\n", "zone%I", "runs", "layers", "gt_pk_metadata", "reserved_word", "layer_column", "1zones", "_zones", "zones_"]


def hostile_names(db):
    before = db.sql("select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                    "where n.nspname !~ '^pg_|information_schema' order by 1, 2")
    for name in HOSTILE:
        may_not(db, "night", f"make the layer {name!r}", ensure_sql("public", name, Layer("x", None, [("a", "text", 0)], [])), "KY001")
    for audience in ("Public", "public; drop table kayoi.run", "", None):
        may_not(db, "night", f"make layers for {audience!r}", ensure_sql(audience, "zones", layers()["public", "zones"]), "KY001")
    for kind in ("POINT; drop table kayoi.run", "CIRCULARSTRING", "POINTZ", "geometry(point)"):
        may_not(db, "night", f"make the geometry {kind}", ensure_sql("public", "new", Layer("x", kind, [("a", "text", 0)], [])), "KY001")
    for bad in ([("a", "text; drop", 0)], [("", "text", 0)], [("a" * 63, "text", 0)], [("あ" * 21, "text", 0)], [("a", "fixed", 20)],
                [("a", "fixed", -1)], [("a", "fixed", "3); drop table kayoi.run; --")], [("a b", "text", 0), ("a-b", "text", 0)]):
        may_not(db, "night", f"make the columns {bad}", ensure_sql("public", "new", Layer("x", None, bad, [])), "KY001")
    for raw in ("'null'", "'{}'", "'\"x\"'", "'[1]'", "null"):
        may_not(db, "night", f"make columns of {raw}", f"select kayoi.ensure_layer('public', 'new', 'x', null, null, {raw}::jsonb)", "KY001")
    after = db.sql("select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                   "where n.nspname !~ '^pg_|information_schema' order by 1, 2")
    check("nothing was made by any of them", before == after, set(map(tuple, after)) ^ set(map(tuple, before)))
    alias = "'); drop table kayoi.run; -- \"%I %L %s$$ $make$ $body$"
    odd = [('a"; drop table kayoi.run; --', "text", 0), ("徒歩_距離", "text", 0), ("people_333.5", "fixed", 3), ("Select", "text", 0), ("gid", "text", 0),
           ("9th", "text", 0), ("geom", "bool", 0)]
    layer = Layer(alias, "POINT", odd, [("x';--", "あ", "1.500", "s", "g", "n", True, "POINT(1 2)")])
    publish(db, "night", {("public", "odd"): layer, ("internal", "odd"): layer}, municipality="99999")
    names = [r[0] for r in db.sql("select attname from pg_attribute where attrelid = 'kayoi_public.odd'::regclass and attnum > 0 order by attnum")]
    check("odd names of columns become plain ones", names == ["gid", "municipality_code", "a___drop_table_kayoi_run____", "徒歩_距離", "people_333_5",
                                                              "select_", "gid_", "_9th", "geom_", "geom"], names)
    rows = must(db, "portal", "select a___drop_table_kayoi_run____, 徒歩_距離, people_333_5, geom_ from kayoi_public.odd")
    check("and hold what was put into them", rows == [["x';--", "あ", "1.500", "t"]], rows)
    shown = db.sql("select obj_description('kayoi.public_odd'::regclass)")[0][0]
    check("an alias that tries to be SQL is a comment", shown.startswith(alias), shown)
    check("its tiles work", psql(db, "portal", "select kayoi_public.odd_mvt(0, 0, 0)")[1] is None)


def other_types(db):
    may_not(db, "night", "change the type of a column", ensure_sql("public", "zones", Layer("圏域", "MULTIPOLYGON", [("pop_65", "text", 0)], [])), "KY002")
    may_not(db, "night", "change decimals", ensure_sql("public", "zones", Layer("圏域", "MULTIPOLYGON", [("pop_65", "fixed", 6)], [])), "KY002")
    may_not(db, "night", "change the geometry", ensure_sql("public", "zones", Layer("圏域", "POINT", [("pop_65", "fixed", 3)], [])), "KY002")
    may_not(db, "night", "use another CRS", ensure_sql("public", "zones", layers()["public", "zones"], 6669), "KY003")
    may_not(db, "night", "begin a run in another CRS", begin_sql(srid=6669), "KY003")
    may_not(db, "night", "use no CRS", ensure_sql("public", "fresh", layers()["public", "zones"], 0), "KY003")


def widened(db):
    """New columns come while somebody has a view of their own upon ours."""
    db.psql("create schema theirs; create view theirs.mine as select zone_id, pop_65 from kayoi_public.zones")
    wide = layers()
    wide["public", "zones"].columns = COLUMNS + [("covered_65_750", "fixed", 3)]
    wide["public", "zones"].rows = [row[:-1] + ("3.250", row[-1]) for row in wide["public", "zones"].rows]
    publish(db, "night", wide, municipality="35203")
    rows = must(db, "portal", "select distinct municipality_code, covered_65_750 from kayoi_public.zones order by 1")
    check("a column that came later is null in the runs before", ["35202", None] in rows and ["35203", "3.250"] in rows, rows)
    check("views of others live on", db.sql("select count(*) > 0 from theirs.mine") == [["t"]])
    publish(db, "night", layers(), municipality="35203")
    rows = must(db, "portal", "select distinct covered_65_750 from kayoi_public.zones where municipality_code = '35203'")
    check("and a run without that column has null", rows == [[None]], rows)
    before = db.sql("select oid, xmin from pg_rewrite where ev_class = 'kayoi_public.zones'::regclass")
    must(db, "night", ensure_sql("public", "zones", layers(alias="生活圏域")["public", "zones"]))
    shown = db.sql("select obj_description('kayoi_public.zones'::regclass)")[0][0]
    check("another alias changes comments and no view", shown.startswith("生活圏域（最新） / ") and
          before == db.sql("select oid, xmin from pg_rewrite where ev_class = 'kayoi_public.zones'::regclass"), shown)
    still = Layer("変更", None, [("kind", "text", 0)], [("none",)])
    publish(db, "night", {("public", "changes"): still}, municipality="35203")
    publish(db, "night", {("public", "changes"): Layer("変更", "GEOMETRY", still.columns, [("moved", "POINT(1 2)")])}, municipality="35203")
    rows = must(db, "portal", "select kind, st_astext(geom) from kayoi_public.changes")
    check("a layer may get its shapes later", rows == [["moved", "POINT(1 2)"]], rows)
    publish(db, "night", {("public", "changes"): still}, municipality="35203")
    rows = must(db, "portal", "select kind, st_astext(geom) from kayoi_public.changes")
    check("and be without again", rows == [["none", None]], rows)
    publish(db, "night", {("public", "cross"): layers()["internal", "cross"]}, municipality="35203")
    rows = must(db, "portal", "select count(*) from kayoi_public.zones where municipality_code = '35203'")
    check("a layer that the latest run does not have shows nothing", rows == [["0"]], rows)


def while_switching(db):
    """Readers ask again and again while 20 runs follow each other; every answer is one run, whole."""
    wrong, answers, stop = [], [0], threading.Event()

    def ask():
        while not stop.is_set():
            rows, error = psql(db, "portal", "select count(*), min(pop_65), max(pop_65), count(distinct gid / 10000000) from kayoi_public.zones "
                               "where municipality_code = '10000';" * 40)
            if error is not None:
                wrong.append(error)
            answers[0] += len(rows)
            wrong.extend(r for r in rows if r[0] != str(int(float(r[1] or 0)) + 2) or r[1] != r[2] or r[3] != "1")
    publish(db, "night", layers("0.000", 2), municipality="10000")
    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(20):
        publish(db, "night", layers(f"{i}.000", i + 2), municipality="10000")
    stop.set()
    for reader in readers:
        reader.join()
    check("readers never see half a run, two runs or none", not wrong and answers[0] > 100, (answers, wrong[:3]))
    check("one run is the latest of its municipality", db.sql("select max(n) from (select count(*) n from kayoi.run where is_latest "
                                                           "group by municipality_code) x") == [["1"]])


if not has_extension("postgis"):
    skip("roles of a database", "PostGIS is not installed")
    done()
with Cluster(extensions=["postgis"]) as cluster:
    migrate(binary, cluster)
    for user, groups in (("night", ["kayoi_writer"]), ("portal", ["kayoi_reader"]), ("staff", ["kayoi_staff"]), ("guest", [])):
        login(cluster, user, *groups)
    publish(cluster, "night", layers())
    privileges(cluster)
    settled(cluster)
    never_changed(cluster)
    counted(cluster)
    pruned(cluster)
    hostile_names(cluster)
    other_types(cluster)
    widened(cluster)
    while_switching(cluster)
done()
