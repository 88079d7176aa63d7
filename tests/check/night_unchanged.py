"""Nights without a change: what counts as one, and what does not.

Usage: night_unchanged.py KAYOI WORK_DIR"""
import json
import os
import shutil
import sys
import time
import zipfile

from runs import different, kayoi, root
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
town, out = os.path.join(work, "town"), os.path.join(work, "out")
shutil.copytree(os.path.join(root, "sample-data"), town)
config = os.path.join(town, "kayoi.yaml")
for folder, _, names in os.walk(town):  # as if they had lain there for a year
    for name in names:
        os.utime(os.path.join(folder, name), (1_700_000_000, 1_700_000_000))


def night(*arguments, lang="en", place=out, of=config):
    """Runs as cron would; (exit status, result word, what changed, the line for mail)."""
    made = kayoi(binary, "run", of, "--out", place, "--if-changed", "--log", "json", "--lang", lang, "--brief", *arguments)
    events = [json.loads(line) for line in made.stderr.splitlines()]
    why = [e["text"] for e in events if e["event"] == "notice" and ("changed since" in e["text"] or "no longer whole" in e["text"])]
    lines = made.stdout.splitlines()
    return made.returncode, events[-1].get("result"), " ".join(why), lines[-1] if lines else "", events


def state():
    with open(os.path.join(out, "state.json"), encoding="utf-8") as file:
        return json.load(file)


def expect(name, result, *arguments, why="", **options):
    got = night(*arguments, **options)
    check(name, got[0] == 0 and got[1] == result and why in got[2], got[:4])
    return got


def write(name, change):
    path = os.path.join(town, name)
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(change(text))


first = expect("the first night publishes", "published")
start, end = first[4][0], first[4][-1]
check("the log begins with the run and ends with its result, each line with the moment and the run",
      start["event"] == "run" and end["event"] == "done" and all(e["run"] == start["run"] and "T" in e["time"] for e in first[4]))
rooms = [e for e in first[4] if e["event"] == "end"]
check("every room says how long it took and what memory was at its peak",
      len(rooms) > 15 and all(e["ms"] >= 0 and e["peak_memory_bytes"] > 1_000_000 for e in rooms))
check("one line for mail, the same in the log", "kayoi 通井町: published" in first[3] and end["line"] == first[3], first[3])
inode = os.stat(out).st_ino
seen = state()["seen_ns"]
got = expect("the second does nothing", "unchanged")
check("its line says since when", "kayoi 通井町: unchanged" in got[3] and got[3].endswith(out), got[3])
check("the result was not touched", os.stat(out).st_ino == inode)
check("the times in a state that was made while programs or files were young are brought up to date",
      state()["seen_ns"] > seen or all(f["ctime_ns"] + 2 * 10**9 < seen for f in state()["files"]))
expect("in Japanese it is another result", "published", lang="ja")
check("in Japanese the line is Japanese", "公開しました" in night("--force", lang="ja")[3] and "変わりません" in night(lang="ja")[3])
expect("and back", "published", why="language")
expect("--force runs anyway", "published", "--force")

# A file that is touched, copied over itself or moved is the same file.
venues = os.path.join(town, "venues.csv")
os.utime(venues)
expect("a touched file is known by its bytes", "unchanged")
shutil.copy(venues, venues + ".new")
os.replace(venues + ".new", venues)
expect("so is one that was written anew", "unchanged")

# The same size and the same time of change, but other bytes: rsync --times and restored backups look like that.
before = os.stat(venues)
write("venues.csv", lambda text: text.replace("いきいき百歳体操", "いきいき千歳体操", 1))
os.utime(venues, ns=(before.st_atime_ns, before.st_mtime_ns))
check("the disguise is whole", os.stat(venues).st_size == before.st_size and os.stat(venues).st_mtime_ns == before.st_mtime_ns)
expect("other bytes of the same size and time are a change", "published", why="venues.csv (changed)")
expect("and then no longer", "unchanged")

# Everything that can change a result.
for name in sorted(os.listdir(town)):
    path = os.path.join(town, name)
    if name == "kayoi.yaml" or not os.path.isfile(path) or not any(f["path"].endswith("/" + name) for f in state()["files"]):
        continue
    with open(path, "ab") as file:
        file.write(b" " if not name.endswith((".csv", ".txt")) else b"\r\n")
    got = night()
    check(f"one byte more in {name} is a change", name in got[2], got[:4])
write("kayoi.yaml", lambda text: text + "\n# a remark\n")
expect("so is a remark in the configuration, which run.json holds", "published", why="configuration (changed)")
scenario = os.path.join(work, "trial.yaml")
with open(scenario, "w", encoding="utf-8") as file:
    file.write("scenarios:\n  - name: trial\n    closes: [1]\n")
expect("so is a scenario", "published", "--scenario", scenario, why="scenario 1")
expect("which is then known", "unchanged", "--scenario", scenario)
expect("and its end", "published", why="scenario 1 (no longer there)")
with open(os.path.join(town, "future.cpg"), "w") as file:
    file.write("UTF-8")
known = [f["path"] for f in state()["files"]]
check("programs are among what decides", any(p.endswith("/kayoi") for p in known) and any(p.endswith("kayoi-solver") for p in known), known)

# The published result itself.
layer = os.path.join(out, "internal", "zones.geojson")
good = os.path.join(work, "good")
expect("as it is", "unchanged")
shutil.copytree(out, good)
os.unlink(layer)
expect("a layer that was deleted is made again", "published", why="zones.geojson (missing)")
with open(layer, "r+b") as file:
    file.truncate(1000)
expect("one that was cut off too", "published", why="zones.geojson (of another size)")
with open(layer, "r+b") as file:
    file.seek(500)
    file.write(b"X")
expect("and one that was changed", "published", why="zones.geojson (changed)")
check("each time with the bytes of before", not different(out, good), lambda: different(out, good))
os.utime(layer)
expect("a layer that was only touched is as it was", "unchanged")
with open(os.path.join(out, "internal", "town.qgz"), "wb") as file:
    file.write(b"a project of somebody's own")
expect("what others put beside the layers does not matter", "unchanged")
for name, text in (("cut off", '{"kayoi_state": 1, "files": ['), ("empty", ""), ("of another time", '{"kayoi_state": 99}'),
                   ("odd", '{"kayoi_state": 1, "files": 7, "settings": [], "outputs": {"a": null}}'),
                   ("hostile", '{"kayoi_state": 1, "files": [{"path": 5, "bytes": -1}], "settings": {"engine": {}}, "outputs": [{"path": "../../x"}]}')):
    with open(os.path.join(out, "state.json"), "w", encoding="utf-8") as file:
        file.write(text)
    expect(f"a state that is {name} makes a run", "published")
os.unlink(os.path.join(out, "state.json"))
expect("so does none", "published")
os.mkfifo(os.path.join(work, "pipe"))
os.unlink(os.path.join(out, "state.json"))
os.symlink(os.path.join(work, "pipe"), os.path.join(out, "state.json"))
expect("one that is a link is not followed", "published")

# A zip counts as a whole.
zipped = os.path.join(town, "roads.zip")
write("kayoi.yaml", lambda text: text.replace("roads.osm", "roads.zip"))


def pack(extra):
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(os.path.join(town, "roads.osm"), "roads.osm")
        if extra:
            archive.writestr("readme.txt", extra)


pack("")
got = expect("roads in a zip", "published", why="roads.zip (new)")
expect("are known again", "unchanged")
pack("another member")
expect("another member of the zip is a change", "published", why="roads.zip (changed)")

# The clock.
future = time.time() + 400 * 86400
os.utime(venues, (future, future))
expect("a file from the future, with the same bytes", "unchanged")
expect("and again", "unchanged")
write("venues.csv", lambda text: text.replace("いきいき千歳体操", "いきいき万歳体操", 1))
os.utime(venues, (1_600_000_000, 1_600_000_000))
expect("a newer file with an older time is a change", "published", why="venues.csv (changed)")
with open(os.path.join(out, "state.json"), encoding="utf-8") as file:
    later = json.load(file)
later["seen_ns"] += 400 * 86400 * 10**9
with open(os.path.join(out, "state.json"), "w", encoding="utf-8") as file:
    json.dump(later, file)
expect("a clock that was set back since the last run makes no change", "unchanged")
write("venues.csv", lambda text: text.replace("いきいき万歳体操", "いきいき百歳体操", 1))
expect("and hides none", "published", why="venues.csv (changed)")
check("nothing is left beside the result", sorted(n for n in os.listdir(work) if n.startswith("out")) == ["out"], os.listdir(work))
done()
