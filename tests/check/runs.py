"""Running kayoi from the checks, and comparing what it wrote."""
import csv
import os
import subprocess
import time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sample = os.path.join(root, "sample-data", "kayoi.yaml")


def kayoi(binary, *arguments, **environment):
    """Runs it; adds `seconds` to the result."""
    start = time.monotonic()
    made = subprocess.run([binary, *arguments], capture_output=True, text=True, errors="replace", timeout=900,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
    made.seconds = time.monotonic() - start
    return made


def files(folder):
    return sorted(os.path.relpath(os.path.join(where, name), folder) for where, _, names in os.walk(folder) for name in names)


def different(a, b, leave_out=("run.json",)):
    """Names of files that differ in bytes or are in one folder only. state.json holds times and paths."""
    names = {name for name in files(a) + files(b) if os.path.basename(name) not in (*leave_out, "state.json")}

    def content(folder, name):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            return None
        with open(path, "rb") as file:
            return file.read()
    return [name for name in sorted(names) if content(a, name) != content(b, name)]


def table(out, layer):
    """Records of a CSV layer."""
    with open(os.path.join(out, "internal", layer + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
