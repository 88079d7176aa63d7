"""Binary COPY beside the server's own: 3,000 records of numbers, texts, flags and polygons, every byte. Usage: copy.py COPY_BYTES WORK_DIR"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "check"))
from cluster import Cluster, has_extension  # noqa: E402
from tap import check, done, skip  # noqa: E402

program, work = sys.argv[1:3]
if not has_extension("postgis"):
    skip("binary COPY", "PostGIS is not installed")
    done()
    sys.exit()


def made(mode):
    run = subprocess.run([program, mode], capture_output=True, check=True)
    return run.stdout, run.stderr.decode().strip()


def psql(db, command):
    """Standard output as it is."""
    return subprocess.run([os.path.join(db.bin, "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command], check=True,
                          capture_output=True, env=db.environment()).stdout


NUMBERS = ", ".join(f"n{d} numeric(30,{d})" if d else "n0 bigint" for d in range(10))
FIELDS = ", ".join(f"n{d}" for d in range(10)) + ", t, b"
os.makedirs(work, exist_ok=True)
os.chmod(work, 0o755)
with Cluster(extensions=["postgis"]) as db:
    ours, text = os.path.join(work, "ours.bin"), os.path.join(work, "ours.csv")
    binary, hashed = made("binary")
    lines, again = made("text")
    for path, data in ((ours, binary), (text, lines)):
        with open(path, "wb") as file:
            file.write(data)
    for table in ("a", "b"):
        db.sql(f"create table {table}(run_id bigint, row_no int, {NUMBERS}, t text, b boolean, geom geometry(MultiPolygon,6670))")
    psql(db, f"\\copy a from '{ours}' (format binary)")
    # The same values by another way: as text, numbered by the server.
    db.sql("create sequence s; alter table b alter row_no set default nextval('s'), alter run_id set default 7")
    psql(db, f"\\copy b({FIELDS}, geom) from '{text}' (format csv)")
    check("the server takes all records", db.sql("select count(*) from a") == [["3000"]])
    check("binary and text say the same", db.sql("select count(*) from a x join b y using (row_no) where x is distinct from y") == [["0"]])
    check("bytes as the server's own", psql(db, "copy (select * from a order by row_no) to stdout (format binary)") == binary)
    check("bytes as of values that came as text", psql(db, "copy (select * from b order by row_no) to stdout (format binary)") == binary)
    theirs = psql(db, f"copy (select {FIELDS}, st_ashexewkb(geom, 'NDR') from a order by row_no) to stdout (format csv)")
    check("text as the server prints it", theirs == lines)
    known = subprocess.run(["xxhsum", "-H3"], input=theirs, capture_output=True, check=True).stdout.decode()
    check(f"hash as xxhsum says it ({hashed})", hashed == again and hashed in known)
    check("shapes are understood", db.sql("select count(*), sum(st_numgeometries(geom)) > 3000 from a where geom is not null") == [["2571", "t"]])
done()
