"""Files as tables of PostGIS, each loaded by something that is not kayoi: GDAL, osm2pgsql, osm2pgrouting, COPY."""
import csv
import os
import subprocess

import yaml
from osgeo import gdal

gdal.UseExceptions()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def connection(db):
    return f"PG:host={db.folder} user=postgres dbname={db.database}"


def vector(db, path, table, geometry="geom", schema=None, **options):
    """Any vector file, its columns named as they are. GDAL makes the key ogc_fid in the order of the file."""
    creation = ["LAUNDER=NO", f"GEOMETRY_NAME={geometry}"] + ([f"SCHEMA={schema}"] if schema else [])
    gdal.VectorTranslate(connection(db), path, format="PostgreSQL", layerName=table, layerCreationOptions=creation,
                         geometryType="GEOMETRY", **options)


def escaped(text):
    if text == "":
        return "\\N"
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def rows(db, table, header, records):
    """Texts as they stand, with a key `row_no` in the order of the file."""
    columns = ", ".join(f"{quoted(name)} text" for name in header)
    db.sql(f"create table {table} (row_no serial primary key, {columns})")
    names = ", ".join(map(quoted, header))
    db.copy(f"{table} ({names})", "".join("\t".join(map(escaped, record)) + "\n" for record in records))


def text_table(db, path, table, encoding="utf-8-sig"):
    with open(path, encoding=encoding, newline="") as file:
        content = list(csv.reader(file))
    rows(db, table, content[0], content[1:])


def census(db, path, table):
    """A census grid of e-Stat: keys as its first header line names them, people as the second one does; what is hidden
    (*) is null."""
    with open(path, encoding="cp932", newline="") as file:
        ids, labels, *records = list(csv.reader(file))
    rows(db, table, [label.strip() or name for name, label in zip(ids, labels)],
         [["" if value == "*" else value for value in record] for record in records])


def run(*command, **environment):
    made = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    if made.returncode != 0:
        raise RuntimeError(" ".join(command) + ": " + made.stdout + made.stderr)
    return made.stdout


def source(db, name, user="postgres", database=None, **more):
    """A source as the configuration writes it."""
    keys = {key: more.pop(key) for key in ("geometry", "id", "query", "timeout_s") if key in more}
    keys.update({} if "query" in keys else {"table": name})
    place = f"host={db.folder} user={user} dbname={database or db.database}"
    return {"postgis": {"conninfo": place, **keys}, **more}


def settle(config, folder):
    """Paths of a configuration made absolute, so that it can stand elsewhere."""
    if isinstance(config, dict):
        return {key: os.path.join(folder, value) if key == "path" or (key == "facts" and isinstance(value, str))
                else settle(value, folder) for key, value in config.items()}
    return [settle(item, folder) for item in config] if isinstance(config, list) else config


def read(path):
    with open(path, encoding="utf-8") as file:
        config = yaml.safe_load(file)
    return settle(config, os.path.dirname(path))


class Plain(yaml.SafeDumper):
    """Without anchors, which kayoi does not take: what stands twice is written twice."""

    def ignore_aliases(self, data):
        return True


def write(config, path):
    with open(path, "w", encoding="utf-8") as file:
        yaml.dump(config, file, Dumper=Plain, allow_unicode=True)
    return path
