"""A kept network gives the same results as a new one, and is never used when it does not fit. Usage: cache.py KAYOI WORK_DIR"""
import fcntl
import glob
import os
import shutil
import struct
import sys

from runs import different, kayoi, root
from tap import check, done

binary, work = (os.path.abspath(path) for path in sys.argv[1:3])
town, cache = os.path.join(work, "town"), os.path.join(work, "town", "kept")
shutil.copytree(os.path.join(root, "sample-data"), town, ignore=shutil.ignore_patterns("out"))
config = os.path.join(town, "kayoi.yaml")
with open(config, encoding="utf-8") as file:
    text = file.read()
with open(config, "w", encoding="utf-8") as file:
    file.write(text + "\ncache: kept\n")
number = 0


def run(lang="en"):
    global number
    number += 1
    out = os.path.join(work, f"out{number}")
    made = kayoi(binary, "run", config, "--out", out, "--lang", lang)
    check(f"run {number} ends well", made.returncode == 0, made.stderr[-2000:])
    return out, made.stdout + made.stderr


def kept():
    return glob.glob(os.path.join(cache, "network-*.kayoi"))


def same(name, out, first):
    check(name, not different(first, out), lambda: ", ".join(different(first, out)))


def spoiled(name, word, change):
    """The file is changed; the run says so with the word, builds anew with equal results, and keeps a good file again."""
    path = kept()[0]
    with open(path, "rb") as file:
        good = file.read()
    with open(path, "wb") as file:
        file.write(change(good))
    out, said = run()
    check(f"{name}: said", word in said, said)
    same(f"{name}: the same results", out, first)
    with open(path, "rb") as file:
        check(f"{name}: a good file is kept again", file.read() == good)


def run_from(folder, path):
    """The same config by another path, started in another folder."""
    here = os.getcwd()
    os.chdir(folder)
    made = kayoi(binary, "run", path, "--out", os.path.join(work, "elsewhere"), "--lang", "en")
    os.chdir(here)
    return made.returncode, made.stdout + made.stderr


first, said = run()
check("the network is kept", len(kept()) == 1 and "kept network" not in said, said)
second, said = run()
check("the kept network is used", kept()[0] in said, said)
same("the same results from the kept network", second, first)
status, said = run_from(town, "kayoi.yaml")
check("it is found from another folder too", status == 0 and os.path.basename(kept()[0]) in said and len(kept()) == 1, said)
os.remove(os.path.join(town, "kayoi.yaml"))
with open(config, "w", encoding="utf-8") as file:
    file.write(text)
plain, said = run()
same("the same results without", plain, first)
with open(config, "w", encoding="utf-8") as file:
    file.write(text + "\ncache: kept\n")

spoiled("cut off", "cut off", lambda good: good[:len(good) // 2])
spoiled("empty", "cut off", lambda good: b"")
spoiled("a byte is wrong", "damaged", lambda good: good[:-2000] + bytes([good[-2000] ^ 1]) + good[-1999:])
spoiled("another version", "another version", lambda good: good[:8] + struct.pack("=I", 99) + good[12:])
spoiled("another file", "not a network kept by kayoi", lambda good: b"PK\x03\x04" + good[4:])
spoiled("wrong counts", "damaged", lambda good: good[:4096] + b"\xff" * 512 + good[4608:])

with open(kept()[0] + ".tmp", "w") as held:
    fcntl.flock(held, fcntl.LOCK_EX)
    os.remove(kept()[0])
    out, said = run()
    check("another run is writing: said", "another run is writing" in said, said)
    check("another run is writing: nothing is kept", kept() == [])
    same("another run is writing: the same results", out, first)
out, said = run()
check("what a killed run left is no obstacle", len(kept()) == 1 and not os.path.exists(kept()[0] + ".tmp"), said)

roads = glob.glob(os.path.join(town, "roads*"))
check("the sample has roads", len(roads) == 1, roads)
before = os.stat(kept()[0]).st_ino
with open(roads[0], "rb") as file:
    content = file.read()
with open(roads[0], "ab") as file:
    file.write(b"\x00")
made = kayoi(binary, "run", config, "--out", os.path.join(work, "changed"), "--lang", "en")
check("changed roads: the kept network is not used", "have changed" in made.stdout + made.stderr, made.stderr)
with open(roads[0], "wb") as file:
    file.write(content)

other, said = run("ja")
check("another language has a network of its own", len(kept()) == 2 and "使わない" not in said, said)


def profile(name):
    """A run with that profile alone, the number of networks kept after it, and whether one was used."""
    with open(config, "w", encoding="utf-8") as file:
        own = [line for line in text.split("\n") if not line.startswith(("  also:", "  primary_m:", "  basis: 高齢者の"))]
        file.write("\n".join(own).replace("  profile: elderly ", f"  profile: {name} ") + "\ncache: kept\n")
    out, said = run()
    return out, len(kept()), any(path in said for path in kept())


cart, count, is_used = profile("silver_cart")
check("a profile with other costs has a network of its own", count == 3 and not is_used)
again, count, is_used = profile("silver_cart")
check("which its next run uses", count == 3 and is_used)
same("the same results for that profile", again, cart)
general, count, is_used = profile("general")
check("a profile that only walks faster uses the one that is there", count == 3 and is_used)
with open(config, "w", encoding="utf-8") as file:
    file.write(text + "\ncache: kept\n")
shutil.rmtree(cache)
with open(cache, "w") as file:
    file.write("")
out, said = run()
check("a file in the folder's place: said", "cannot be kept" in said or "cannot be opened" in said, said)
same("a file in the folder's place: the same results", out, first)
done()
