"""A copy of the sample to break, and what is expected of kayoi then."""
import csv
import io
import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "check"))
from runs import different, kayoi, sample  # noqa: E402
from tap import check  # noqa: E402


class Town:
    """A private copy of sample-data with small tools to change it."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(os.path.dirname(sample), folder)
        self.config = self.path("kayoi.yaml")

    def path(self, name):
        return os.path.join(self.folder, name)

    def text(self, name, encoding="utf-8"):
        with open(self.path(name), encoding=encoding, newline="") as file:
            return file.read()

    def write(self, name, text, encoding="utf-8"):
        with open(self.path(name), "w", encoding=encoding, newline="") as file:
            file.write(text)

    def set(self, old, new, name="kayoi.yaml"):
        text = self.text(name)
        assert old in text, old
        self.write(name, text.replace(old, new, 1))

    def features(self, name, change):
        data = json.loads(self.text(name))
        data["features"] = change(data["features"]) or data["features"]
        self.write(name, json.dumps(data, ensure_ascii=False))

    def venues(self, change):
        rows = list(csv.reader(io.StringIO(self.text("venues.csv", "utf-8-sig"))))
        head = rows[0]
        records = [dict(zip(head, row)) for row in rows[1:]]
        records = change(records) or records
        out = io.StringIO()
        csv.writer(out).writerows([head] + [[r[name] for name in head] for r in records])
        self.write("venues.csv", out.getvalue(), "utf-8-sig")

    def grid(self, change):
        """change(rows): rows are lists of 54 texts, headers left out."""
        name = next(n for n in os.listdir(self.folder) if n.startswith("tbl"))
        lines = self.text(name, "cp932").split("\r\n")[:-1]
        rows = [line.split(",") for line in lines[2:]]
        rows = change(rows) or rows
        self.write(name, "".join(line + "\r\n" for line in lines[:2] + [",".join(r) for r in rows]), "cp932")
        return name


class Bench:
    """Runs cases; keeps a good run to see that failures leave it as it was."""

    def __init__(self, binary, work):
        self.binary, self.work, self.count = binary, work, 0
        self.good = os.path.join(work, "good")
        made = kayoi(binary, "run", sample, "--out", self.good, "--lang", "en")
        self.is_ready = check("the whole sample runs", made.returncode == 0, made.stderr[-2000:])

    def town(self):
        self.count += 1
        return Town(os.path.join(self.work, f"town{self.count}"))

    def fails(self, name, change, status, words, arguments=(), **environment):
        """The run ends with the status, says the words (regular expressions), and leaves the previous result alone."""
        town = self.town()
        change(town)
        previous = os.path.join(self.work, f"previous{self.count}")
        shutil.copytree(self.good, previous)
        made = kayoi(self.binary, "run", town.config, "--out", previous, "--lang", "en", *arguments, **environment)
        said = made.stderr
        missing = [w for w in words if not re.search(w, said)]
        check(f"{name}: exit {status} and a clear message", made.returncode == status and not missing,
              f"exit {made.returncode}; not said: {missing}; said: {said[-700:]}")
        looked = kayoi(self.binary, "check", town.config, "--lang", "en")
        check(f"{name}: `kayoi check` says so too", looked.returncode == status, f"exit {looked.returncode}: {looked.stderr[-500:]}")
        check(f"{name}: the previous result is intact", not different(self.good, previous, ()),
              lambda: ", ".join(different(self.good, previous, ())))
        left = [f for f in os.listdir(self.work) if f"previous{self.count}" in f and f != f"previous{self.count}"]
        check(f"{name}: no temporary folder is left", not left, ", ".join(left))

    def issue(self, name, change, reason, record=None, then=None, message=""):
        """The run goes through and its issues have the reason at the record; then(tables) looks at the result."""
        town = self.town()
        change(town)
        out = os.path.join(self.work, f"out{self.count}")
        made = kayoi(self.binary, "run", town.config, "--out", out, "--lang", "en")
        if not check(f"{name}: the run goes through", made.returncode == 0, f"exit {made.returncode}: {made.stderr[-700:]}"):
            return
        tables = Tables(out)
        if reason:
            rows = tables["issues"]
            found = [r for r in rows if r["reason"] == reason and (record is None or record in (r["record"] or ""))
                     and re.search(message, r.get("message", ""))]
            if check(f"{name}: an issue {reason}" + (f" at {record}" if record else ""), found,
                     f"issues: {sorted({(r['reason'], r['record']) for r in rows})[:12]}"):
                one = found[0]
                said = [k for k in ("source", "severity", "message") if not one.get(k)]
                done = one.get("action") or one.get("what was done") or one.get("done")
                check(f"{name}: it says where, what, and what was done", not said and done, f"{one}")
        if then:
            problem = then(tables)
            check(f"{name}: the result is as it should be", not problem, str(problem))


class Tables:
    def __init__(self, out):
        self.out = out

    def __getitem__(self, layer):
        with open(os.path.join(self.out, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def zone(self, level):
        return next(r for r in self["zones"] if r["level"] == level)
