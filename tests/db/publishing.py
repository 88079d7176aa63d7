"""What the tests of publishing share: a database of kayoi, a configuration that publishes into it, runs, what is shown."""
import json
import os
import re
import shutil
import subprocess
import sys

from cluster import Cluster, has_extension

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check"))
from tap import check, done, skip  # noqa: E402, F401

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CODE = "99201"


def needs_postgis(name):
    """Ends the program when there is no server."""
    if not has_extension("postgis"):
        skip(name, "PostgreSQL with PostGIS is not installed")
        done()
        sys.exit(0)


class Town:
    """The sample, or another config, published into a database of its own cluster as the user `night`."""

    def __init__(self, binary, work, db, config=os.path.join(root, "sample-data", "kayoi.yaml"), user="night"):
        self.binary, self.work, self.db = binary, work, db
        self.service = os.path.join(work, "pg_service.conf")
        self.out = os.path.join(work, "out")
        self.data = os.path.join(work, "town")
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(os.path.dirname(config), self.data)
        with open(config, encoding="utf-8") as file:
            self.text = file.read().replace("../../../shared/", os.path.join(os.path.dirname(root), "shared", ""))
        self.set_service("kayoi", user)
        self.config = self.write("kayoi.yaml", "service: kayoi")

    def set_service(self, name, user, **more):
        settings = {"host": self.db.folder, "dbname": self.db.database, "user": user, **more}
        with open(self.service, "w", encoding="utf-8") as file:
            file.write(f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in settings.items()))

    def write(self, name, keys, change=lambda text: text):
        """The config with `outputs.postgis`, beside the data that it names."""
        lines = "".join(f"    {line}\n" for line in keys.splitlines())
        text = change(self.text).replace("\noutputs:\n", f"\noutputs:\n  postgis:\n{lines}", 1)
        path = os.path.join(self.data, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def environment(self, **more):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**clean, "PGSERVICEFILE": self.service, "HOME": self.work, "LC_ALL": "C.UTF-8", **more}

    def start(self, *arguments, config=None, out=None, **more):
        return subprocess.Popen([self.binary, "run", config or self.config, "--out", out or self.out, "--lang", "en", *arguments],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(**more), text=True)

    def run(self, *arguments, **more):
        """Exit status and what it said."""
        run = self.start(*arguments, **more)
        said, why = run.communicate(timeout=300)
        return run.returncode, said + why

    def record(self, out=None):
        with open(os.path.join(out or self.out, "run.json"), encoding="utf-8") as file:
            return json.load(file)

    def latest(self):
        """Number of the run that readers see; None: none."""
        rows = self.db.sql(f"select run_id from kayoi.run where is_latest and municipality_code = '{self.code()}'")
        return int(rows[0][0]) if rows else None

    def code(self):
        return next(line.split(":")[1].strip(' "') for line in self.text.splitlines() if line.strip().startswith("code:"))[:5]


def light(text):
    """The sample without what takes time and is not asked about here."""
    dropped, lines = False, []
    for line in text.splitlines():
        if line[:1].isalpha():
            dropped = line.split(":")[0] in ("years", "sites", "mobility", "access", "transit", "priority", "elevation")
        if not dropped:
            lines.append(line)
    text = "\n".join(lines) + "\nsites: {best: 0}\n"
    text = re.sub(r"\n  also: .*", "", text).replace("sensitivity: true", "sensitivity: false")
    return re.sub(r"\n  formats: .*", "\n  formats: [csv]\n  page: false", text)


def migrate(binary, db):
    """The schema, and a user that may publish."""
    subprocess.run([binary, "db", "migrate"], env={**os.environ, **db.environment()}, check=True, capture_output=True)
    db.sql("create role night login; grant kayoi_writer to night")
