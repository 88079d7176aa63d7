"""How fast the map page is for a city of 60,000 cells: Porto's streets, small cells. Usage: page.py KAYOI WORK_DIR [RUNS]
Prints what tests/bench/page.mjs measures in Chromium with software WebGL, and the size of the folder."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import porto_town

binary, work = sys.argv[1:3]
runs = sys.argv[3] if len(sys.argv) > 3 else "3"
porto_town.STEP_LON, porto_town.STEP_LAT = 0.00056, 0.00025
config, _ = porto_town.make(os.path.join(work, "town"), venues=300, formats="[csv]")
out = os.path.join(work, "out")
if not os.path.exists(os.path.join(out, "internal", "report")):
    made = subprocess.run([binary, "run", config, "--out", out, "--lang", "en"], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(made.stderr[-2000:])
report = os.path.join(out, "internal", "report")
sizes = {os.path.relpath(os.path.join(where, name), report): os.path.getsize(os.path.join(where, name))
         for where, _, names in os.walk(report) for name in names}
print(f"folder {sum(sizes.values()) / 1e6:.1f} MB; largest:", ", ".join(f"{n} {b / 1e6:.1f}" for n, b in sorted(sizes.items(), key=lambda s: -s[1])[:5]))
sys.exit(subprocess.run(["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "page.mjs"), report, runs, work]).returncode)
