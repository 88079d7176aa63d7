"""Small runs put into a database by hand, as the engine's user would: kayoi's own SQL functions and INSERT.

    with Cluster(extensions=["postgis"]) as db:
        migrate(binary, db)
        login(db, "night", "kayoi_writer")
        publish(db, "night", {("public", "zones"): Layer("圏域", "MULTIPOLYGON", COLUMNS, ROWS)})"""
import json
import os
import subprocess

NULL = "\\N"


def text(value):
    """A value as SQL."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, (bool, int)) else "'" + str(value).replace("'", "''") + "'"


class Layer:
    """columns: (name, type, decimals); rows: values in that order, then WKT or WKB when there is a geometry."""

    def __init__(self, alias, geometry, columns, rows):
        self.alias, self.geometry, self.columns, self.rows = alias, geometry, columns, rows

    def json(self):
        return json.dumps([{"name": name, "type": kind, "decimals": decimals, "alias": f"列 {name}", "unit": None}
                           for name, kind, decimals in self.columns], ensure_ascii=False)


def psql(db, user, sql, *, database=None):
    """(rows, error) of SQL as a user; error is None when all went well."""
    made = subprocess.run([os.path.join(db.bin, "psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-P", "null=" + NULL, "-v",
                           "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-U", user, "-d", database or db.database],
                          input=sql, text=True, capture_output=True, env=db.environment(), timeout=120)
    rows = [[None if v == NULL else v for v in line.split("\t")] for line in made.stdout.splitlines()]
    return rows, None if made.returncode == 0 else made.stderr.strip()


def must(db, user, sql):
    rows, error = psql(db, user, sql)
    if error is not None:
        raise RuntimeError(error)
    return rows


def kayoi_db(binary, db, what="migrate", *arguments, user=None, lang="en", database=None):
    """The finished `kayoi db`."""
    environment = db.environment()
    if user is not None:
        environment["PGUSER"] = user
    if database is not None:
        environment["PGDATABASE"] = database
    return subprocess.run([binary, "db", what, "--lang", lang, *arguments], env=environment, text=True, capture_output=True,
                          timeout=120)


def migrate(binary, db):
    made = kayoi_db(binary, db)
    if made.returncode != 0:
        raise RuntimeError(made.stderr)


def login(db, user, *groups):
    db.psql(f'create role "{user}" login;' + "".join(f'grant {group} to "{user}";' for group in groups))


def ensure_sql(audience, layer, made, srid=6670):
    return (f"select kayoi.ensure_layer({text(audience)}, {text(layer)}, {text(made.alias)}, {text(made.geometry)}, {srid}, "
            f"{text(made.json())}::jsonb)")


def begin_sql(municipality="35202", name="宇部市", run_name=None, srid=6670, dates=None):
    return (f"select kayoi.begin_run({text(municipality)}, {text(name)}, {text(run_name)}, '0.1.0', {srid}, 'inputs', "
            f"'settings', {text(json.dumps(dates or {'people': '2020-10-01'}))}::jsonb, '{{}}'::jsonb)")


def stage(db, user, layers, municipality="35202", run_name=None, srid=6670, dates=None):
    """Rows of a run that is not published yet; its number."""
    targets = {key: must(db, user, ensure_sql(*key, layer, srid))[0][0] for key, layer in layers.items()}
    run = int(must(db, user, begin_sql(municipality, run_name=run_name, srid=srid, dates=dates))[0][0])
    sql = []
    for (audience, name), layer in layers.items():
        for number, row in enumerate(layer.rows):
            values = [text(v) for v in row]
            if layer.geometry is not None and row[-1] is not None:
                values[-1] = (f"st_geomfromwkb('\\x{row[-1].hex()}', {srid})" if isinstance(row[-1], bytes) else
                              f"st_geomfromtext({values[-1]}, {srid})")
            sql.append(f"insert into {targets[audience, name]} values ({run}, {number}{''.join(', ' + v for v in values)});")
        sql.append(f"insert into kayoi.run_layer (run_id, audience, layer, row_count, hash) values ({run}, {text(audience)}, "
                   f"{text(name)}, {len(layer.rows)}, 'hash');")
    must(db, user, "begin;" + "".join(sql) + "commit;")
    return run


def publish(db, user, layers, **how):
    run = stage(db, user, layers, **how)
    must(db, user, f"select kayoi.publish_run({run})")
    return run


def square(x, y, side):
    return f"MULTIPOLYGON((({x} {y}, {x + side} {y}, {x + side} {y + side}, {x} {y + side}, {x} {y})))"
