"""What is wrong with a file of scenarios is said with its place; nothing is guessed. Usage: scenarios_bad.py KAYOI WORK_DIR"""
import os
import re
import shutil
import sys

from runs import kayoi, root, table
from tap import check, done

binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(os.path.join(root, "sample-data"), os.path.join(work, "town"))
config = os.path.join(work, "town", "kayoi.yaml")
with open(config, encoding="utf-8") as file:
    text = file.read()
with open(config, "w", encoding="utf-8") as file:        # what the cases need, and no more
    file.write(re.sub(r"formats: .*", "formats: [csv]", text.replace("sensitivity: true", "sensitivity: false")))


def write(name, text):
    path = os.path.join(work, name)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def refused(name, text, *parts, place=None):
    path = write("bad.yaml", text)
    made = kayoi(binary, "check", config, "--scenario", path, "--lang", "en")
    said = made.stderr + made.stdout
    wanted = list(parts) + ([f"bad.yaml:{place}"] if place else [])
    check(name, made.returncode == 2 and all(part in said for part in wanted), f"status {made.returncode}: {said[-600:]}")


refused("an empty file", "", "the file is empty", "kayoi help scenario")
refused("comments alone", "# nothing\n", "the file is empty")
refused("a list at the top", "- {name: A}\n", "scenarios: ...")
refused("no scenarios", "scenarios: []\n", "an empty list", place="1:12")
refused("another key at the top", "szenarios: []\n", "unknown key, did you mean 'scenarios'?", place="1:1")
refused("a scenario without a name", "scenarios: [{closes: ['3']}]\n", "scenarios[0].name is missing")
refused("a misspelt key", "scenarios:\n  - name: A\n    close: ['3']\n", "scenarios[0].close: unknown key, did you mean 'closes'?", place="3:5")
refused("a misspelt key of a venue", "scenarios:\n  - name: A\n    changes: [{venue: '3', capcity: 3}]\n", "did you mean 'capacity'?", place="3:28")
refused("two of one name", "scenarios:\n  - name: A\n  - name: A\n", "is there already", place="3:5")
refused("a venue that is not there", "scenarios: [{name: A, closes: ['310']}]\n", "there is no venue '310'", "did you mean", place="1:32")
refused("a name that is nearly one", "scenarios: [{name: A, closes: [駅前おしゃべり会会]}]\n", "did you mean '駅前おしゃべり会'?")
refused("a venue that moves but is not there", "scenarios: [{name: A, moves: [{venue: '999', lon: 130.86, lat: 32.75}]}]\n", "there is no venue '999'")
refused("coordinates far away", "scenarios: [{name: A, adds: [{name: B, lon: 135.5, lat: 34.7}]}]\n", "more than 2000 m from the municipality", place="1:30")
refused("coordinates turned around", "scenarios: [{name: A, adds: [{name: B, lon: 32.75, lat: 130.86}]}]\n", "lat: 130.86 is out of range; it must be -90 to 90")
refused("no coordinates", "scenarios: [{name: A, adds: [{name: B}]}]\n", "where is it?", place="1:30")
refused("two places", "scenarios: [{name: A, adds: [{name: B, lon: 130.86, lat: 32.75, at: R1}]}]\n", "in several ways")
refused("half a place", "scenarios: [{name: A, adds: [{name: B, lon: 130.86}]}]\n", "lon, lat go together")
refused("metres with degrees", "scenarios: [{name: A, adds: [{name: B, x: 1, y: 2, crs: 'EPSG:6668'}]}]\n", "is in degrees")
refused("no CRS", "scenarios: [{name: A, adds: [{name: B, x: 1, y: 2, crs: Tokyo}]}]\n", "is no CRS")
refused("a change of nothing", "scenarios: [{name: A, changes: [{venue: '3'}]}]\n", "changes nothing")
refused("negative seats", "scenarios: [{name: A, changes: [{venue: '3', capacity: -1}]}]\n", "out of range")
refused("a year that no source holds", "scenarios: [{name: A, year: 2040}]\n", "the year 2040; the years are 2025, 2035, 2045")
refused("a rate of 8", "scenarios: [{name: A, rate: 8}]\n", "for 8 % write 0.08")
refused("a zone that is not there", "scenarios: [{name: A, zones: [{zone: KY09, rate: 0.1}]}]\n", "there is no zone 'KY09', did you mean 'KY01'?")
refused("a profile that is not there", "scenarios: [{name: A, profile: generall}]\n", "did you mean 'general'?", place="1:13")
refused("two distances", "scenarios: [{name: A, primary_m: 400, primary_min: 5}]\n", "say the same in two ways")
refused("a reason without a distance", "scenarios: [{name: A, basis: because}]\n", "basis says why of a distance that is not given")
refused("a layer that is not there", "scenarios: [{name: A, layers: [zoens]}]\n", "did you mean 'zones'?")
refused("Shift_JIS", "scenarios: [{name: 東}]\n".encode("cp932"), "is not UTF-8 here")
crowd = write("crowd.yaml", "scenarios:\n" + "".join(f"  - {{name: S{i}, layers: [], closes: ['{1 + i % 27}']}}\n" for i in range(30)))
made = kayoi(binary, "run", config, "--out", os.path.join(work, "crowd"), "--scenario", crowd, "--lang", "en")
check("of many scenarios the first are shown, and how many more there are", made.stdout.count("Scenario S") == 20 and
      "and 10 more scenarios" in made.stdout and not os.path.exists(os.path.join(work, "crowd", "internal", "scenarios")), made.stdout[-400:])
made = kayoi(binary, "check", config, "--scenario", write("many.yaml", "scenarios:\n" + "".join(f"  - name: S{i}\n" for i in range(1000))), "--lang", "en")
check("a thousand are read", made.returncode == 0, made.stderr[-400:])
refused("more than 1,000", "scenarios:\n" + "".join(f"  - name: S{i}\n" for i in range(1001)), "more than 1000 items")
made = kayoi(binary, "run", config, "--scenario", os.path.join(work, "none.yaml"), "--lang", "en")
check("a file that is not there", made.returncode == 2 and "kayoi help scenario" in made.stderr, made.stderr[-300:])
made = kayoi(binary, "run", config, "--out", os.path.join(work, "no"), "--lang", "en", "--scenario",
             write("at.yaml", "scenarios: [{name: A, adds: [{name: B, at: nowhere}]}]\n"))
check("a site that is not there", made.returncode == 2 and "there is no site 'nowhere'" in made.stderr, made.stderr[-300:])
check("nothing is left of a run that failed among its scenarios", not [n for n in os.listdir(work) if n.startswith("no")], os.listdir(work))

# --- accepted, and said -------------------------------------------------------------------------------------------------
names = ["../../etc", "a/b", "a\\b", ".hidden", "A/B", "..", "東・西（案）", "x" * 200, "CON.", "末 尾 . "]
one = write("names.yaml", "scenarios:\n" + "".join(f"  - {{name: '{n}', layers: [zones]}}\n" for n in names))
two = write("doubt.yaml", """scenarios:
  - {name: 隣, adds: [{name: 新しい場, lon: 130.8625293, lat: 32.7481151}]}
  - {name: 終わった場, closes: ["28"]}
""")
out = os.path.join(work, "out")
made = kayoi(binary, "run", config, "--out", out, "--scenario", one, "--scenario", two, "--lang", "en")
check("odd names and doubtful scenarios run", made.returncode == 0, made.stderr[-2000:])
folders = os.listdir(os.path.join(out, "internal", "scenarios"))
check("every scenario has a folder, and all are plain names", len(folders) == len(names) + 2 and len({f.lower() for f in folders}) == len(folders)
      and all(not f.startswith(".") and not set(f) & set('/\\:*?"<>| ') for f in folders), folders)
told = [r["scenario"] for r in table(out, "scenarios")]
check("the table has the names as they were written", told == names + ["隣", "終わった場"], told)
issues = table(out, "issues")
mine = [i for i in issues if i["source"].startswith("scenario ")]
check("a venue on top of another one is a warning", [i["severity"] for i in mine if i["reason"] == "venue_at_same_place"] == ["warning"], mine)
check("so is one that does not count anyway", [i["record"] for i in mine if i["reason"] == "closed_venue_does_not_count"] == ["28"], mine)
alone = os.path.join(work, "alone")
kayoi(binary, "run", config, "--out", alone, "--lang", "en")
check("issues of the run stand there once", [i for i in issues if i not in mine] == table(alone, "issues"))
made = kayoi(binary, "run", config, "--out", out, "--lang", "en", "--scenario", two)
check("the next result takes the place of the one with scenarios", made.returncode == 0 and sorted(os.listdir(os.path.join(out, "internal", "scenarios")))
      == sorted(["隣", "終わった場"]), made.stderr[-500:])
made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
check("and one without takes them away", made.returncode == 0 and not os.path.exists(os.path.join(out, "internal", "scenarios")))
kayoi(binary, "run", config, "--out", out, "--lang", "en", "--scenario", two)
write("out/internal/scenarios/隣/note.txt", "mine\n")
made = kayoi(binary, "run", config, "--out", out, "--lang", "en")
check("but not a file of somebody else's among them", made.returncode == 5 and "note.txt" in made.stderr, made.stderr[-400:])
done()
