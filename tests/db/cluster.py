#!/usr/bin/python3
"""A throw-away PostgreSQL cluster: private folder, Unix socket only, ended and removed with what it was made for.

    with Cluster(extensions=["postgis"]) as db:
        db.sql("select 1")                       # rows as lists of texts; None is null
        db.copy("points", "1\\tPOINT(0 0)\\n")   # tab-separated rows into a table

    cluster.py [--with EXTENSION]... COMMAND...  # PGHOST, PGUSER and PGDATABASE stand in its environment

PostgreSQL does not run as root: root hands the folder to the user postgres, everybody else runs it as they are."""
import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile

NULL = "\\N"


def programs():
    """The folder of the newest initdb; None without a server."""
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    return os.path.dirname(max(found, key=lambda path: int(path.split("/")[4]))) if found else None


def has_extension(name):
    bin_dir = programs()
    version = bin_dir.split("/")[4] if bin_dir else ""
    return os.path.exists(f"/usr/share/postgresql/{version}/extension/{name}.control")


class Cluster:
    def __init__(self, extensions=(), database="kayoi"):
        self.extensions, self.database = extensions, database
        self.bin = programs()
        self.folder = None
        self.is_started = False

    def __enter__(self):
        if self.bin is None:
            raise RuntimeError("no PostgreSQL server is installed; scripts/setup test installs it")
        # An end by signal is an end too. SIGKILL is not: then the folder and the server stay.
        self.before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
        self.folder = tempfile.mkdtemp(prefix="kayoi-pg.", dir="/tmp")  # a socket's path has 107 bytes at most
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data = os.path.join(self.folder, "data")
        self.server("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = (f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off "
                    "-c synchronous_commit=off -c full_page_writes=off -c timezone=UTC")
        self.is_started = True  # a start that fails half way is stopped as well
        self.server("pg_ctl", "-D", data, "-w", "-t", "60", "-l", os.path.join(self.folder, "log"), "-o", settings, "start")
        self.sql(f'create database "{self.database}"', database="postgres")
        for extension in self.extensions:
            self.sql(f'create extension "{extension}" cascade')

    def stop(self):
        """Ends this cluster's own server, known by its data folder, and removes everything."""
        if self.folder is None:
            return
        if self.is_started:
            self.server("pg_ctl", "-D", os.path.join(self.folder, "data"), "-w", "-m", "immediate", "stop", must=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = None
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def server(self, program, *arguments, must=True):
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        environment = ["env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + self.folder]
        made = subprocess.run([*as_user, *environment, os.path.join(self.bin, program), *arguments], cwd="/", text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        if must and made.returncode != 0:
            log = os.path.join(self.folder, "log")
            text = open(log, encoding="utf-8", errors="replace").read() if os.path.exists(log) else ""
            raise RuntimeError(f"{program}: {made.stdout}{text}")

    def environment(self):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return {**clean, "PGHOST": self.folder, "PGUSER": "postgres", "PGDATABASE": self.database,
                "PGOPTIONS": "-c client_min_messages=warning"}

    def psql(self, text, database=None):
        made = subprocess.run([os.path.join(self.bin, "psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-P", "null=" + NULL,
                               "-v", "ON_ERROR_STOP=1", "-d", database or self.database], input=text, text=True,
                              capture_output=True, env=self.environment(), timeout=600)
        if made.returncode != 0:
            raise RuntimeError(made.stderr.strip())
        return made.stdout

    def sql(self, text, database=None):
        rows = self.psql(text, database).splitlines()
        return [[None if value == NULL else value for value in row.split("\t")] for row in rows]

    def copy(self, table, rows):
        """Rows in the text format of COPY: fields between tabs, each row ended by a line feed."""
        self.psql(f"copy {table} from stdin;\n{rows}\\.\n")


def end(number, _):
    sys.exit(128 + number)


def main(arguments):
    extensions = []
    while arguments[:1] == ["--with"]:
        extensions.append(arguments[1])
        arguments = arguments[2:]
    if not arguments:
        sys.exit("usage: cluster.py [--with EXTENSION]... COMMAND...")
    with Cluster(extensions) as db:
        return subprocess.run(arguments, env=db.environment()).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
