#!/usr/bin/python3
"""The part of tests/unit/test_pg.c that needs a server: rows, COPY in both directions, a backend that is killed.

    tests/db/postgis_api.py BUILD"""
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(here, "..", "check")]
from cluster import Cluster, programs  # noqa: E402
from tap import check, done, skip  # noqa: E402

NAME = "a connection, its rows and COPY over a server"
program = os.path.join(os.path.abspath(sys.argv[1]), "tests", "test_pg")
if programs() is None:
    skip(NAME, "PostgreSQL is not installed (scripts/setup test)")
elif not os.path.exists(program):
    skip(NAME, "the unit tests are not built (scripts/setup test)")
else:
    with Cluster() as db:
        made = subprocess.run([program], env={**db.environment(), "KAYOI_TEST_DATABASE": "1"}, capture_output=True,
                              text=True)
    text = made.stdout + made.stderr
    check(NAME, made.returncode == 0 and all(name in text for name in ("test_server", "test_fingerprint")), text)
done()
