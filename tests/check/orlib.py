"""pmed1-10 of OR-Library proven optimal, beside the published optima. Usage: orlib.py BENCH_SOLVE DIR_ORLIB"""
import json
import os
import subprocess
import sys

from tap import check, done

bench, data = sys.argv[1:3]
with open(os.path.join(data, "pmedian_opt_verified.txt"), encoding="utf-8") as file:
    optima = {line.split()[0]: int(line.split()[1]) for line in file if not line.startswith("#")}
check("the ten optima are there", len(optima) == 10)
paths = [os.path.join(data, f"{name}.txt") for name in optima]
# A time limit that no machine needs: the answer is proven or the search is broken.
made = subprocess.run([bench, "pmed", *paths], capture_output=True, text=True, env={**os.environ, "KY_BENCH_SECONDS": "600"})
check("every problem is answered", made.returncode == 0, made.stderr)
for line in made.stdout.splitlines():
    answer = json.loads(line)
    name = answer["name"].removesuffix(".txt")
    check(f"{name} is {optima[name]}, proven", answer["value"] == answer["bound"] == optima.pop(name) and
          answer["end"] == "proven" and answer["gap_pct"] == 0, line)
check("none is missing", not optima, ", ".join(optima))
done()
