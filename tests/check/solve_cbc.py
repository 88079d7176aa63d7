"""Answers of the solver beside cbc's own on plain models. Usage: solve_cbc.py BENCH_SOLVE WORK_DIR

Random places in a square, 30 to 60 candidates, 150 to 400 people each somewhere: coverage, walk and seats, by number of places and by
prices, some of them with candidates that are given. The plain model (no merging, no fixing, no chains) goes to the command line of cbc
as an LP file. Both must agree on the value, and the solver must call it proven."""
import json
import math
import os
import random
import subprocess
import sys

from tap import check, done

bench, work = sys.argv[1:3]
os.makedirs(work, exist_ok=True)
COVERAGE, WALK, SEATS = 0, 1, 2


def make(seed, objective, has_prices, has_given):
    r = random.Random(seed)
    n, m = r.randint(30, 60), r.randint(150, 400)
    at = lambda: (r.random(), r.random())
    places, people = [at() for _ in range(n)], [at() for _ in range(m)]
    reach = r.choice([0.12, 0.2, 0.3])
    p = {"objective": objective, "n": n, "m": m, "has_prices": has_prices,
         "weight": [r.randint(0, 3000) for _ in range(m)], "base": [r.randint(200, 900) for _ in range(m)],
         "price": [r.randint(1, 30) if has_prices else 1 for _ in range(n)],
         "seats": [r.randint(0, 40000) for _ in range(n)], "given": [int(has_given and r.random() < 0.1) for _ in range(n)]}
    p["lists"] = [[(d, int(1000 * math.dist(c, q))) for d, q in enumerate(people) if math.dist(c, q) < reach] for c in places]
    p["budget"] = r.randint(3, 8) * (15 if has_prices else 1) + sum(g * c for g, c in zip(p["given"], p["price"]))
    return p


def write_problem(p, path):
    with open(path, "w", encoding="ascii") as file:
        print(p["objective"], p["n"], p["m"], p["budget"], int(p["has_prices"]), file=file)
        for weight, base in zip(p["weight"], p["base"]):
            print(weight, base, file=file)
        for j, entries in enumerate(p["lists"]):
            print(p["price"][j], p["seats"][j], p["given"][j], len(entries), *(x for e in entries for x in e), file=file)


def write_model(p, path):
    """Who is served by whom: x_d_j; for coverage one z_d."""
    goal, rows = [], [" + ".join(f"{c} y{j}" for j, c in enumerate(p["price"])) + f" <= {p['budget']}"]
    rows += [f"y{j} = 1" for j in range(p["n"]) if p["given"][j]]
    servers = [[] for _ in range(p["m"])]
    for j, entries in enumerate(p["lists"]):
        for d, cost in entries:
            servers[d].append((j, cost))
    for d, weight in enumerate(p["weight"]):
        if p["objective"] == COVERAGE:
            if servers[d]:
                goal.append(f"{weight} z{d}")
                rows += [f"z{d} - " + " - ".join(f"y{j}" for j, _ in servers[d]) + " <= 0", f"z{d} <= 1"]
            continue
        mine = []
        for j, cost in servers[d]:
            saved = weight * (p["base"][d] - cost) if p["objective"] == WALK else weight
            if saved > 0:
                goal.append(f"{saved} x{d}_{j}")
                mine.append(f"x{d}_{j}")
                rows.append(f"x{d}_{j} - y{j} <= 0")
        if mine:
            rows.append(" + ".join(mine) + " <= 1")
    for j, entries in enumerate(p["lists"] if p["objective"] == SEATS else []):
        seated = [f"{p['weight'][d]} x{d}_{j}" for d, _ in entries if p["weight"][d] > 0]
        if seated:
            rows.append(" + ".join(seated) + f" - {p['seats'][j]} y{j} <= 0")
    with open(path, "w", encoding="ascii") as file:
        print("Minimize\nobj: " + "\n".join("- " + g for g in goal) + "\nSubject To", file=file)
        for i, row in enumerate(rows):
            print(f"r{i}: " + row.replace(" + ", "\n + ").replace(" - ", "\n - "), file=file)
        print("Binaries\n" + "\n".join(f"y{j}" for j in range(p["n"])) + "\nEnd", file=file)


def cbc_value(path):
    out = path + ".txt"
    subprocess.run(["cbc", path, "ratioGap", "0", "allowableGap", "0", "solve", "solution", out], check=True, capture_output=True)
    with open(out, encoding="ascii") as file:
        first = file.readline()
    return -float(first.split()[-1]) if first.startswith("Optimal") else None


kinds = [(COVERAGE, "coverage"), (WALK, "walk"), (SEATS, "seats")]
for objective, name in kinds:
    for number in range(4):
        has_prices, has_given = number % 2 == 1, number >= 2
        p = make(100 * objective + number, objective, has_prices, has_given)
        problem, model = os.path.join(work, f"{name}{number}.problem"), os.path.join(work, f"{name}{number}.lp")
        write_problem(p, problem)
        write_model(p, model)
        made = subprocess.run([bench, "file", problem], capture_output=True, text=True, env={**os.environ, "KY_BENCH_SECONDS": "300"})
        answer = json.loads(made.stdout) if made.returncode == 0 else {}
        saved = cbc_value(model)
        wanted = saved
        if objective == WALK and saved is not None:
            wanted = sum(w * b for w, b in zip(p["weight"], p["base"])) - saved
        text = f"{name} {number}: {answer} beside {wanted}"
        check(f"{name} {number}: the value of cbc", wanted is not None and abs(answer.get("value", -1) - wanted) < 0.5, text)
        check(f"{name} {number}: proven", answer.get("end") == "proven" and answer["value"] == answer["bound"], text)
done()
