"""A published run is the run of the files: rows and hashes of every layer, recomputed from the files, recomputed from the
database, and as run.json and kayoi.run_layer say them; snapshots, retention, names. Usage: publish.py KAYOI WORK_DIR"""
import os
import re
import shutil
import struct
import subprocess
import sys

from osgeo import ogr

from publishing import Cluster, Town, check, done, migrate, needs_postgis, root, skip

ogr.UseExceptions()
binary, work = sys.argv[1:3]
needs_postgis("publishing")


def xxh3(data):
    made = subprocess.run(["xxhsum", "-H3"], input=data, capture_output=True, check=True).stdout.decode()
    return re.search(r"\b[0-9a-f]{16}\b", made.replace("_", " ")).group()


def ewkb(geometry, srid):
    if geometry is None:
        return ""
    wkb = bytes(geometry.ExportToIsoWkb(ogr.wkbNDR))
    kind = struct.unpack_from("<I", wkb, 1)[0]
    return (b"\x01" + struct.pack("<II", kind | 0x20000000, srid) + wkb[5:]).hex().upper()


def quoted(text):
    """As PostgreSQL's CSV; a field of None is null."""
    if text is None:
        return ""
    return '"' + text.replace('"', '""') + '"' if text == "" or any(c in text for c in ',"\r\n') else text


def fields_of(path):
    """Records of a CSV file; what is nothing between two commas is None, what is "" is a text."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read()
    record, field, is_quoted, i = [], "", False, 0
    while i < len(text):
        c = text[i]
        if c == '"':
            end = i + 1
            while text[end] != '"' or text[end + 1] == '"':
                end += 2 if text[end] == '"' else 1
            field, is_quoted, i = text[i + 1:end].replace('""', '"'), True, end + 1
            continue
        if c == "," or text[i:i + 2] == "\r\n":
            record.append(field if field or is_quoted else None)
            field, is_quoted = "", False
            if c != ",":
                yield record
                record, i = [], i + 1
        else:
            field += c
        i += 1


def text_of_files(out, layer, columns, srid, has_geometry):
    """The layer as its files say it, in the words of the database."""
    records = fields_of(os.path.join(out, "internal", layer + ".csv"))
    names = next(records)
    assert names[:len(columns)] == list(columns), f"{layer}: {names}"
    package = ogr.Open(os.path.join(out, "internal", "kayoi.gpkg"))  # a layer lives as long as its file is open
    shapes = iter(package.GetLayerByName(layer)) if has_geometry else None
    lines = []
    for record in records:
        values = [{"true": "t", "false": "f"}.get(value, value) if columns[name] == "bool" else value for name, value in zip(columns, record)]
        line = ",".join(quoted(value) for value in values[:len(columns)])
        feature = next(shapes) if has_geometry else None
        lines.append(line + "," + ewkb(feature.GetGeometryRef(), srid) if has_geometry else line)
    return "".join(line + "\n" for line in lines).encode(), len(lines)


def text_of_database(db, table, run_id, has_geometry):
    names = db.sql(f"select quote_ident(attname) from pg_attribute where attrelid = '{table}'::regclass and attnum > 2 and not attisdropped "
                   "and attname <> 'geom' order by attnum")
    select = ", ".join(name for (name,) in names) + (", ST_AsHexEWKB(geom, 'NDR')" if has_geometry else "")
    made = subprocess.run([os.path.join(db.bin, "psql"), "-X", "-q", "-c", f"copy (select {select} from {table} where run_id = {run_id} order by row_no) "
                           "to stdout (format csv)"], capture_output=True, check=True, env=db.environment())
    return made.stdout


def compare(name, town, db):
    """The run that was published last."""
    record = town.record()
    made, srid = record["publication"], record["publication"]["srid"]
    stored = {tuple(row[:2]): (int(row[2]), row[3]) for row in db.sql(f"select audience, layer, row_count, hash from kayoi.run_layer where run_id = {made['run_id']}")}
    shaped = {layer for (layer,) in db.sql("select layer from kayoi.layer where geometry_type is not null and audience = 'internal'")}
    wrong = []
    for layer in made["layers"]:
        if layer["audience"] != "internal":
            continue
        files, rows = text_of_files(town.out, layer["layer"], record["layers"]["internal"][layer["layer"]]["columns"], srid, layer["layer"] in shaped)
        database = text_of_database(db, layer["table"], made["run_id"], layer["layer"] in shaped)
        hashes = {xxh3(files), xxh3(database), layer["xxh3_64"], stored.get(("internal", layer["layer"]), (0, ""))[1]}
        counts = {rows, database.count(b"\n") if b'"' not in database else rows, layer["rows"], stored.get(("internal", layer["layer"]), (-1, ""))[0],
                  int(db.sql(f"select count(*) from {layer['table']} where run_id = {made['run_id']}")[0][0])}
        if len(hashes) != 1 or len(counts) != 1:
            wrong.append(f"{layer['layer']}: {counts} {hashes}")
    check(f"{name}: {len(made['layers'])} layers, rows and hashes of files, database, run_layer and run.json are the same", not wrong, "; ".join(wrong[:3]))
    check(f"{name}: every layer of the files is there", set(record["layers"]["internal"]) == {e["layer"] for e in made["layers"] if e["audience"] == "internal"})
    files = {f[:-4] for f in os.listdir(os.path.join(town.out, "internal")) if f.endswith(".csv")}
    check(f"{name}: and no file without a table", files == set(record["layers"]["internal"]), str(files ^ set(record["layers"]["internal"])))


def sample(db):
    town = Town(binary, os.path.join(work, "sample"), db)
    status, said = town.run()
    check("the sample is published", status == 0 and "run 1 in kayoi" in said, said)
    compare("sample", town, db)
    said_there = db.sql("select run_json ->> 'municipality', run_json is not null, state, municipality_code, srid, inputs_hash ~ '^[0-9a-f]{16}$' from kayoi.run")
    check("the run's row holds run.json", said_there[0][1:] == ["t", "published", town.code(), "6670", "t"], str(said_there))
    made = town.record()["publication"]
    check("run.json says where", (made["database"], made["schema"], made["run_id"], made["run_before"], made["user"]) == ("kayoi", "kayoi", 1, None, "night"), str(made)[:300])
    looked = subprocess.run([binary, "check", town.config, "--lang", "en"], capture_output=True, text=True, env=town.environment())
    check("kayoi check says where results would go, and how", looked.returncode == 0 and "results would go to" in looked.stdout + looked.stderr
          and "not encrypted" in looked.stdout + looked.stderr and town.latest() == 1, looked.stderr[-500:])
    status, said = town.run()
    check("again: another run, the one before is known", status == 0 and town.record()["publication"]["run_before"] == 1 and town.latest() == 2, said)
    same = db.sql("select count(distinct (layer, hash, row_count)) from kayoi.run_layer")
    check("equal inputs give equal hashes", same == db.sql("select count(*) from kayoi.run_layer where run_id = 2"), str(same))
    return town


def names(db, town):
    """Snapshots stay, other runs go by the rule; names are names and nothing else."""
    plan = town.write("plan.yaml", "service: kayoi\nrun_name: 2026-plan")
    status, said = town.run(config=plan)
    check("a snapshot is published", status == 0, said)
    before, kept = town.latest(), db.sql("select run_name, state from kayoi.run where run_name is not null")
    status, said = town.run(config=plan)
    check("its name is used once", status == 4 and "2026-plan" in said and "choose another" in said and town.latest() == before, f"{status} {said}")
    check("and that is told before the work", "street network" not in said, said)
    hostile = "x'; drop schema kayoi cascade; -- \\\" 通い"
    path = town.write("hostile.yaml", "service: kayoi\nrun_name: \"" + hostile.replace("\\", "\\\\").replace('"', '\\"') + '"')
    status, said = town.run(config=path)
    check("a name may hold quotes and SQL", status == 0 and [hostile] in db.sql("select run_name from kayoi.run where run_name like 'x%'"), f"{status} {said[-300:]}")
    for bad, words in (("''", "run_name"), ('"a\\nb"', "run_name"), ("長" * 86, "run_name")):
        status, said = town.run(config=town.write("bad.yaml", f"service: kayoi\nrun_name: {bad}"))
        check(f"run_name {bad[:12]} is refused", status == 2 and words in said, f"{status} {said}")
    few = town.write("few.yaml", "service: kayoi\nkeep_runs: 2")
    for _ in range(2):
        status, said = town.run(config=few)
    runs = db.sql("select run_id from kayoi.run where run_name is null order by 1")
    check("old runs go: two stay", status == 0 and len(runs) == 2 and int(runs[-1][0]) == town.latest(), f"{runs} {said[-500:]}")
    rows = db.sql("select count(distinct run_id) from kayoi.streets")
    check("with their rows", rows == db.sql("select count(*) from kayoi.run"), str(rows))
    check("snapshots stay", db.sql("select count(*) from kayoi.run where run_name is not null") == [["2"]] and kept[0][0] == "2026-plan")


def places(db, town):
    """Services and conninfos that say more than a place."""
    for name, keys, status_wanted, words in (
            ("a service that is not there", "service: \"no'such; drop\"", 4, "no'such"),
            ("a service with keywords in its name", "service: \"kayoi user=postgres\"", 4, "kayoi user=postgres"),
            ("a password in conninfo", "conninfo: host=x password=geheim", 2, "password"),
            ("a password in an address", "conninfo: postgresql://night:geheim@localhost/kayoi", 2, "password"),
            ("both", "service: a\nconninfo: b", 2, "keep one"),
            ("neither", "keep_runs: 3", 2, "service or conninfo")):
        before = db.sql("select count(*) from kayoi.run")
        status, said = town.run(config=town.write("place.yaml", keys))
        check(f"{name} is refused", status == status_wanted and words in said and "geheim" not in said.replace("/place.yaml", ""), f"{status} {said}")
        check(f"{name}: nothing happened", before == db.sql("select count(*) from kayoi.run"))


def ube(db):
    if not os.path.isdir(os.path.join(os.path.dirname(root), "shared", "data", "ube")):
        skip("Ube in PostGIS", "../shared/data/ube is not there")
        return
    town = Town(binary, os.path.join(work, "ube"), db, config=os.path.join(root, "tests", "real", "ube.yaml"))
    status, said = town.run()
    check("Ube in a database of another CRS is refused", status == 4 and "EPSG:6670" in said and "EPSG:6671" in said, f"{status} {said[-600:]}")
    with Cluster(extensions=["postgis"]) as other:
        migrate(binary, other)
        town = Town(binary, os.path.join(work, "ube"), other, config=os.path.join(root, "tests", "real", "ube.yaml"))
        status, said = town.run()
        check("Ube is published", status == 0, said[-600:])
        compare("Ube", town, other)


shutil.rmtree(work, ignore_errors=True)
with Cluster(extensions=["postgis"]) as cluster:
    migrate(binary, cluster)
    the_sample = sample(cluster)
    names(cluster, the_sample)
    places(cluster, the_sample)
    ube(cluster)
done()
