"""A kept network when the folder, the disk or another run is in the way: results are those without, and what happened is
said. Usage: cache_trouble.py KAYOI WORK_DIR"""
import glob
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
from osgeo import gdal, osr

from runs import different, root
from tap import check, done

gdal.UseExceptions()
binary, work = sys.argv[1:3]
shutil.rmtree(work, ignore_errors=True)
town, cache = os.path.join(work, "town"), os.path.join(work, "town", "kept")
shutil.copytree(os.path.join(root, "sample-data"), town, ignore=shutil.ignore_patterns("out"))
with open(os.path.join(town, "kayoi.yaml"), encoding="utf-8") as file:
    TEXT = file.read().replace("[geojson, gpkg, csv, xlsx, qgis]", "[csv]\n  page: false")
assert "formats: [csv]" in TEXT
number = 0


def config(more="\ncache: kept\n", text=TEXT):
    with open(os.path.join(town, "kayoi.yaml"), "w", encoding="utf-8") as file:
        file.write(text + more)


def start(prefix=(), limits=None):
    """A run that has begun: its process and its folder."""
    global number
    number += 1
    out = os.path.join(work, f"out{number}")
    return subprocess.Popen([*prefix, binary, "run", os.path.join(town, "kayoi.yaml"), "--out", out, "--lang", "en"], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", preexec_fn=limits,
                            env={**os.environ, "LC_ALL": "C.UTF-8"}), out


def run(name, word, prefix=(), limits=None):
    """It ends well with the results of a run without a cache, and says the word."""
    process, out = start(prefix, limits)
    said = process.communicate(timeout=300)[0]
    check(f"{name}: runs", process.returncode == 0, said[-1500:])
    check(f"{name}: the same results", not different(plain, out), lambda: ", ".join(different(plain, out)))
    check(f"{name}: says {word!r}", word in said, said[-1500:])


def kept():
    return glob.glob(os.path.join(cache, "network-*.kayoi"))


def left():
    return glob.glob(os.path.join(cache, "*.tmp"))


def works_again(name):
    """The next run keeps a sound file, and the one after it uses that."""
    run(f"{name}: the next run", "")
    check(f"{name}: one file is kept and nothing left over", len(kept()) == 1 and not left(), f"{kept()} {left()}")
    run(f"{name}: the run after it", "the network from")


config("")
process, plain = start()
said = process.communicate(timeout=300)[0]
if not check("the sample runs without a cache", process.returncode == 0, said):
    done()
config()
works_again("an empty folder")
size = os.path.getsize(kept()[0])
largest = max(os.path.getsize(path) for path in glob.glob(os.path.join(plain, "*", "*")))
check("the kept network is the largest file of the run", size > largest + 2000, f"{size} and {largest}")


# ------------------------------------------------------------------------------------------------ folder and disk
def full():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1000, size - 1000))


def killed_at_the_limit():
    """Python's children get the default of SIGXFSZ, which ends them in the middle of writing."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))


shutil.rmtree(cache)
run("no room on the disk", "cannot be kept", limits=full)
check("no room on the disk: nothing is left over", not kept() and not left(), f"{kept()} {left()}")
works_again("no room on the disk")

run("a folder that cannot be written", "the network from")
os.remove(kept()[0])
os.chmod(cache, 0o555)
as_owner = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []    # root may write anywhere otherwise
run("a folder that cannot be written", "cannot be kept", prefix=as_owner)
check("a folder that cannot be written: stays empty", not os.listdir(cache), os.listdir(cache))
os.chmod(cache, 0o755)
works_again("a folder that could not be written")

good = kept()[0]
os.chmod(good, 0o000)
run("a file that cannot be read", "cannot be opened", prefix=as_owner)
works_again("a file that could not be read")

# --------------------------------------------------------------------------------------------- links and other things
shutil.move(cache, os.path.join(work, "elsewhere"))
os.symlink(os.path.join(work, "elsewhere"), cache)
run("the folder is a link", "the network from")
victim = os.path.join(work, "victim")
shutil.copy(kept()[0], victim)
name = os.path.basename(kept()[0])
os.remove(kept()[0])
os.symlink(victim, os.path.join(cache, name))
run("the file is a link", "the network from")
with open(victim, "r+b") as file:
    file.truncate(1000)
run("the file is a link to another", "cut off")
check("the file is a link: what it points to is left alone", os.path.getsize(victim) == 1000 and not os.path.islink(kept()[0]))
os.remove(kept()[0])
os.symlink(victim, os.path.join(cache, name + ".tmp"))
run("a link in the temporary file's place", "cannot be kept")
check("a link in the temporary file's place: what it points to is left alone", os.path.getsize(victim) == 1000)
os.remove(os.path.join(cache, name + ".tmp"))
os.mkfifo(os.path.join(cache, name))
run("a pipe in the file's place", "it is not a file")
works_again("after the pipe")
os.remove(kept()[0])
os.mkdir(os.path.join(cache, name))
run("a folder in the file's place", "cannot be kept")
os.rmdir(os.path.join(cache, name))
shutil.rmtree(os.path.join(work, "elsewhere"))
run("the folder is a link to nowhere", "cannot be kept")
os.remove(cache)

# -------------------------------------------------------------------------------------------------- several runs at once
for what in ("nothing kept", "a spoiled file"):
    if what == "a spoiled file":
        with open(kept()[0], "r+b") as file:
            file.truncate(2000)
    runs = [start() for _ in range(4)]
    for process, out in runs:
        said = process.communicate(timeout=300)[0]
        check(f"four runs at once, {what}: each ends well", process.returncode == 0, said[-1500:])
        check(f"four runs at once, {what}: each has the same results", not different(plain, out), lambda: ", ".join(different(plain, out)))
    check(f"four runs at once, {what}: one file is kept", len(kept()) == 1 and not left(), f"{kept()} {left()}")
    run(f"after four runs at once, {what}", "the network from")

# ------------------------------------------------------------------------------------------------- killed while writing
shutil.rmtree(cache)
process, _ = start(limits=killed_at_the_limit)
process.communicate(timeout=300)
check("ended in the middle of writing", process.returncode == -signal.SIGXFSZ and not kept() and
      [os.path.getsize(path) for path in left()] == [size // 2], f"{process.returncode} {kept()} {left()}")
works_again("ended in the middle of writing")
seen = 0
for _ in range(6):
    shutil.rmtree(cache)
    process, _ = start()
    while process.poll() is None and not (os.path.isdir(cache) and os.listdir(cache)):
        time.sleep(0)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=300)
    seen += bool(left())
    run("killed: the next run", "")
print(f"# killed with a temporary file {seen} of 6 times")
works_again("killed")


# ----------------------------------------------------------------------------------------------------------- elevation
def heights(scale):
    """A raster around the town."""
    made = gdal.GetDriverByName("GTiff").Create(os.path.join(town, "heights.tif"), 300, 200, 1, gdal.GDT_Float32)
    made.SetGeoTransform((130.75, 0.001, 0, 32.82, 0, -0.001))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(6668)
    made.SetProjection(crs.ExportToWkt())
    row, column = np.mgrid[0:200, 0:300]
    made.GetRasterBand(1).WriteArray(100 + scale * np.sin(column / 3) * np.cos(row / 3))


def elevation_run(name, slope, word):
    """With the cache as without: the results of both are compared."""
    global plain
    text = TEXT.replace("  profile: elderly", f"  slope: {slope}\n  profile: elderly")
    config("\nelevation: [heights.tif]\n", text)
    process, plain = start()
    said = process.communicate(timeout=300)[0]
    check(f"{name}: runs without a cache", process.returncode == 0, said[-1500:])
    config("\nelevation: [heights.tif]\ncache: kept\n", text)
    run(name, word)


shutil.rmtree(cache)
flat = plain
heights(10)
elevation_run("slopes", "tobler", "")
check("slopes change the results", bool(different(flat, plain)))
elevation_run("slopes again", "tobler", "the network from")
before = plain
heights(20)
elevation_run("other heights", "tobler", "have changed")
check("other heights change the results", bool(different(before, plain)) and len(kept()) == 1, f"{kept()}")
elevation_run("without slopes", "none", "")
check("without slopes another file is kept", len(kept()) == 2, f"{kept()}")
elevation_run("without slopes again", "none", "the network from")
elevation_run("with slopes again", "tobler", "the network from")
done()
