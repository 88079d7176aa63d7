"""The systemd units and the cron line of scripts/nightly: systemd's own check, and the line in cron's bare environment.

Usage: night_units.py KAYOI WORK_DIR"""
import json
import os
import re
import shutil
import subprocess
import sys

from runs import root
from tap import check, done, skip

binary, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)
units = os.path.join(root, "scripts", "nightly")


def text_of(name):
    with open(os.path.join(units, name), encoding="utf-8") as file:
        return file.read()


def verify(*arguments):
    made = subprocess.run(["systemd-analyze", *arguments], cwd=work, capture_output=True, text=True)
    return made.returncode, made.stdout, made.stderr


def install(change=lambda text: text):
    for name in ("kayoi-nightly@.service", "kayoi-nightly@.timer"):
        with open(os.path.join(work, name), "w", encoding="utf-8") as file:
            file.write(change(text_of(name).replace("/usr/local/bin/kayoi", binary)))


if shutil.which("systemd-analyze") is None:
    skip("systemd units", "systemd-analyze is not there: install Debian's package systemd")
else:
    install()
    got = verify("verify", "./kayoi-nightly@town.service", "./kayoi-nightly@town.timer")
    check("systemd-analyze verify finds nothing to say about service and timer", got[0] == 0 and not got[2].strip(), got)
    security = verify("security", "--offline=yes", "./kayoi-nightly@.service")
    exposure = re.search(r"Overall exposure level.*: (\d+\.\d)", security[1])
    check("its exposure is small", exposure is not None and float(exposure.group(1)) < 2.5, security[1][-300:] + security[2])
    install(lambda text: text.replace("ProtectSystem=strict", "ProtectSystm=strict"))
    got = verify("verify", "./kayoi-nightly@town.service")
    check("a word that systemd does not know would have been seen", "ProtectSystm" in got[2], got)

# The options of both are options of the program.
service = next(line for line in text_of("kayoi-nightly@.service").splitlines() if line.startswith("ExecStart="))
cron = [line for line in text_of("kayoi.cron").splitlines() if line and not line.startswith("#") and not re.match(r"[A-Z_]+=", line)]
check("one cron line", len(cron) == 1, cron)
schedule, command = cron[0].split(None, 6)[:6], cron[0].split(None, 6)[6]
check("five fields, a user and a command without %, which cron would take for a line feed",
      all(re.fullmatch(r"[\d*,/-]+", field) for field in schedule[:5]) and schedule[5] == "kayoi" and "%" not in command, cron[0])

town = os.path.join(work, "etc")
shutil.copytree(os.path.join(root, "sample-data"), town)
out, log = os.path.join(work, "var", "town", "out"), os.path.join(work, "town.log")
os.makedirs(os.path.dirname(out))
home = os.path.join(work, "home")
os.mkdir(home)


def place(text):
    return (text.replace("/usr/local/bin/kayoi", binary).replace("/etc/kayoi/town.yaml", os.path.join(town, "kayoi.yaml"))
            .replace("/etc/kayoi/%i.yaml", os.path.join(town, "kayoi.yaml")).replace("/var/lib/kayoi/town/out", out)
            .replace("/var/lib/kayoi/%i/out", out).replace("/var/log/kayoi/town.log", log))


def bare(text):
    """As cron starts it: /bin/sh -c, a bare environment, no input, from the home folder."""
    return subprocess.run(["env", "-i", f"HOME={home}", "SHELL=/bin/sh", "PATH=/usr/bin:/bin", "LOGNAME=kayoi", "/bin/sh", "-c", text],
                          cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True)


for name, text in (("cron line", place(command)), ("command of the service", place(service.split("=", 1)[1]) + f" 2>>{log}")):
    shutil.rmtree(out, ignore_errors=True)
    first, second = bare(text), bare(text)
    lines = first.stdout.splitlines()
    check(f"the {name} publishes in a bare environment", first.returncode == 0 and os.path.exists(os.path.join(out, "run.json"))
          and lines[-1].startswith("kayoi 通井町: 公開しました — "), first)
    check(f"the {name} says a second night that nothing has changed",
          second.returncode == 0 and second.stdout.startswith("kayoi 通井町: 変わりません") and second.stdout.count("\n") == 1, second)
    check(f"nothing of the {name} goes to stderr", not first.stderr and not second.stderr, first.stderr + second.stderr)
    if name == "cron line":
        check("its mail is one line", len(lines) == 1, first.stdout)
with open(log, encoding="utf-8") as file:
    events = [json.loads(line) for line in file]
check("four nights in the log, each with its end",
      [e["result"] for e in events if e["event"] == "done"] == ["published", "unchanged"] * 2 and len({e["run"] for e in events}) == 4)
check("solver and Japanese messages are found without anybody's environment",
      not any(e.get("reason") == "solver_failed" for e in events) and any("使える座標がありません" in e.get("message", "") for e in events))
os.unlink(os.path.join(town, "venues.csv"))
failed = bare(place(command))
check("a failure is one line with its reason, and the status says which kind",
      failed.returncode == 3 and failed.stdout.count("\n") == 1 and "失敗しました" in failed.stdout and "venues.csv" in failed.stdout
      and not failed.stderr, failed)
check("after it the result is there", os.path.exists(os.path.join(out, "run.json")))
done()
