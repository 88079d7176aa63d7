"""What may happen to a run at night, and what must not come of it: signals at every room, kills at any time, a full disk,
two runs at once, a lock that is held, a folder that cannot be written, time that is up.

Usage: night_faults.py KAYOI WORK_DIR"""
import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from runs import different, kayoi, root
from tap import check, done

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
out = os.path.join(work, "out")
towns = [os.path.join(work, "monday"), os.path.join(work, "tuesday")]
for town in towns:
    shutil.copytree(os.path.join(root, "sample-data"), town)
with open(os.path.join(towns[1], "venues.csv"), "rb") as file:
    lines = file.read().split(b"\n")
with open(os.path.join(towns[1], "venues.csv"), "wb") as file:
    file.write(b"\n".join(lines[:4] + lines[5:]))  # one venue has gone
for town in towns:  # as text only: what is killed is the same, and it is quicker
    path = os.path.join(town, "kayoi.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert "formats: [" in text
    start = text.index("formats: [")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text[:start] + "formats: [csv]" + text[text.index("]", start) + 1:] + "\ngate:\n  hold: false\nhistory:\n  keep_runs: 0\n")


def command(town, *more, place=out):
    return [binary, "run", os.path.join(towns[town], "kayoi.yaml"), "--out", place, "--log", "json", "--brief", "--lang", "en", "--threads", "1", *more]


def run(town, *more, place=out, **options):
    return subprocess.run(command(town, *more, place=place), capture_output=True, text=True, **options)


def beside():
    return sorted(name for name in os.listdir(work) if name.startswith("out"))


good = [os.path.join(work, "good0"), os.path.join(work, "good1")]
for town in (0, 1):
    made = run(town, place=good[town])
    check(f"day {town} publishes", made.returncode == 0, made.stderr[-500:])
check("the two days differ", bool(different(*good)))
shutil.copytree(good[0], out)


def published(place=out):
    """Which day's result is there; None: neither whole."""
    for town in (0, 1):
        if os.path.isdir(place) and not different(place, good[town], ("run.json", "changes.csv", "changes.js")):
            return town
    return None


rooms = [e["room"] for e in map(json.loads, run(1, place=os.path.join(work, "rooms")).stderr.splitlines()) if e["event"] == "start"]
check("rooms are known by the log", len(rooms) > 15 and rooms[0] == "read" and rooms[-1] == "write", rooms)


def stop_at(room, act, *more, place=out):
    """Starts a run of day 1 and acts when the room begins; (return code, stdout, events)."""
    process = subprocess.Popen(command(1, *more, place=place), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    events = []
    for line in process.stderr:
        events.append(json.loads(line))
        if events[-1]["event"] == "start" and events[-1]["room"] == room:
            act(process)
    text = process.stdout.read()
    return process.wait(), text, events


def stop_everywhere(number, place):
    """What was wrong after a signal at each room."""
    wrong = []
    for room in rooms:
        status, text, events = stop_at(room, lambda process: process.send_signal(number), place=place)
        if status != -number or published(place) != 0:
            wrong.append((room, status, published(place)))
        if number == signal.SIGTERM and (events[-1]["event"] != "interrupted" or "INTERRUPTED" not in text
                                         or [name for name in beside() if name.startswith("out-term")] != ["out-term"]):
            wrong.append((room, events[-1], text, beside()))
    return wrong


term = os.path.join(work, "out-term")
shutil.copytree(good[0], term)
with ThreadPoolExecutor(2) as pool:
    by_term, by_kill = pool.submit(stop_everywhere, signal.SIGTERM, term), pool.submit(stop_everywhere, signal.SIGKILL, out)
check(f"SIGTERM at the beginning of each of {len(rooms)} rooms: status 143, the last result byte for byte, nothing beside it, and a "
      "line that says so", not by_term.result(), by_term.result())
check(f"SIGKILL at the beginning of each of {len(rooms)} rooms: status 137, the last result byte for byte", not by_kill.result(), by_kill.result())
shutil.rmtree(term)
check("a killed run leaves its lock's file, which locks nobody out", "out.kayoi-lock" in beside(), beside())
made = run(1)
check("the next run publishes and clears away what the killed ones left", made.returncode == 0 and published() == 1 and beside() == ["out"],
      (made.returncode, made.stderr[-300:], beside()))

# Kills at any moment, also while folders are exchanged: always one result or the other.
chance = random.Random(20261121)
took = time.monotonic()
run(0)
took = time.monotonic() - took
odd, ends = [], 0
for turn in range(30):
    day = 1 - published()
    process = subprocess.Popen(command(day), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=chance.uniform(0.3, 1.1) * took)
        ends += 1
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if published() is None or process.returncode not in (0, -9):
        odd.append((turn, process.returncode, beside()))
        break
check(f"30 runs killed at random times ({ends} were quicker): each time a whole result is there", not odd, odd)
made = run(1, "--force")
check("and the next run succeeds", made.returncode == 0 and published() == 1 and beside() == ["out"], (made.stderr[-300:], beside()))

# Time that is up: the process is stopped until its alarm is due.


def oversleep(process):
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.2)
    process.send_signal(signal.SIGCONT)


run(0)
for room in ("read", "sites", "write"):
    status, text, events = stop_at(room, oversleep, "--timeout", "1")
    check(f"--timeout in room {room}: status 6, its own message, the last result, nothing beside it",
          status == 6 and events[-1].get("result") == "timeout" and "--timeout" in events[-1]["message"] and "--timeout" in text
          and published() == 0 and beside() == ["out"], (status, text, events[-1], published(), beside()))
check("a run that is quicker ends as ever", run(1, "--timeout", "600").returncode == 0 and published() == 1)

# One at a time.
together = [subprocess.Popen(command(0), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(6)]
ends = [(p.communicate()[0], p.returncode) for p in together]
codes = sorted(code for _, code in ends)
check("of runs that start together one publishes and the others say who is at work (exit 8)",
      codes[0] == 0 and set(codes) == {0, 8} and published() == 0 and beside() == ["out"]
      and all("another run writes there since" in text for text, code in ends if code == 8), (codes, ends, beside()))
together = [subprocess.Popen(command(1, "--wait", "300"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(4)]
codes = [p.wait() for p in together]
check("with --wait they work one after another", codes == [0] * 4 and published() == 1 and beside() == ["out"], (codes, beside()))
with open(out + ".kayoi-lock", "w") as held:
    held.write("4711 amakusa 2026-11-21T02:00:00.000+09:00\n")
    held.flush()
    fcntl.flock(held, fcntl.LOCK_EX)
    made = run(0)
    event = json.loads(made.stderr.splitlines()[-1])
    check("a lock that is held: exit 8, named by process, machine and time", made.returncode == 8 and event["result"] == "busy" and
          all(word in event["message"] for word in ("4711", "amakusa", "2026-11-21T02:00")) and "did not run" in made.stdout, (made.stdout, event))
    check("the result is as it was", published() == 1)
    check("--wait ends at its time", run(0, "--wait", "1").returncode == 8)
check("a file of a lock that nobody holds is no hindrance", run(0).returncode == 0 and published() == 0 and beside() == ["out"])

# No room, and no leave to write. Limits stand for a full disk where no small one can be mounted.


def narrow():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


made = run(1, preexec_fn=narrow)
check("files that may not grow: exit 5, the last result, nothing beside it", made.returncode == 5 and published() == 0 and beside() == ["out"]
      and "FAILED (exit status 5" in made.stdout, (made.returncode, made.stdout, beside()))
can_mount = subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0
if can_mount:
    small = os.path.join(work, "small")
    os.mkdir(small)
    script = f"""set -e
mount -t tmpfs -o size=24m none {small}
run() {{ "$@" --brief --lang en; }}
run {' '.join(command(0, place=small + '/out'))} 2>/dev/null; echo status $?
cd {small}; head -c 30m /dev/zero > filler 2>/dev/null || true
sum() {{ find out -type f -exec md5sum {{}} + | sort | md5sum; }}
before=$(sum)
set +e
{' '.join(command(1, place=small + '/out'))} 2>/dev/null; echo status $?
[ "$before" = "$(sum)" ] && echo same
rm filler; echo left: $(ls)
{' '.join(command(1, place=small + '/out'))} 2>/dev/null; echo status $?
mount -o remount,ro {small}
{' '.join(command(0, place=small + '/out'))} 2>/dev/null; echo status $?
"""
    made = subprocess.run(["unshare", "-rm", "sh", "-c", script.replace('run ' + binary, binary)], capture_output=True, text=True)
    lines = made.stdout.splitlines()
    states = [line for line in lines if line.startswith("status")]
    check("a full disk: exit 5 with the reason, the last result byte for byte, the next run succeeds; a disk that may only be read: exit 5",
          states == ["status 0", "status 5", "status 0", "status 5"] and "same" in lines and "No space left" in made.stdout
          and "Read-only file system" in made.stdout and "left: out" in lines, made.stdout + made.stderr)
else:
    print("skip - a full disk: no file system can be mounted here (unshare -rm)")
done()
