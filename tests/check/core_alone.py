"""kayoi_core includes and needs nothing but C, libm and OpenMP; public headers include no third party."""
import glob
import os
import re
import subprocess
import sys

from tap import check, done

# libintl (gettext) is a part of the C library on Debian.
STANDARD = {"assert", "ctype", "errno", "float", "inttypes", "libintl", "limits", "math", "omp", "stdalign", "stdarg", "stdatomic",
            "stdbool", "stddef", "stdint", "stdio", "stdlib", "string", "time"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def wrong_includes(paths, own=None):
    wrong = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for mark, name in INCLUDE.findall(file.read()):
                is_standard = mark == "<" and name.removesuffix(".h") in STANDARD
                is_public = name.startswith("kayoi/")
                is_own = own is not None and mark == '"' and name.startswith(own)
                if not (is_standard or is_public or is_own):
                    wrong.append(f"{os.path.relpath(path, root)} includes {name}")
    return wrong


core = os.path.join(root, "engine", "core")
wrong = wrong_includes(glob.glob(core + "/*.[ch]"), "core/")
check("core includes only itself, public headers and the C library", not wrong, "; ".join(wrong))
public = os.path.join(root, "include", "kayoi")
wrong = wrong_includes(glob.glob(public + "/*.h"))
check("public headers include no third party", not wrong, "; ".join(wrong))

# A program of core alone links: whatever core needs comes from libc, libm or OpenMP.
build = sys.argv[1]
library = os.path.join(root, build, "libkayoi_core.a")
probe = os.path.join(root, build, "core_alone")
source = "int main(void) { return 0; }\n"
made = subprocess.run(["gcc", "-xc", "-", "-xnone", "-o", probe, "-Wl,--whole-archive", library, "-Wl,--no-whole-archive",
                       "-lm", "-fopenmp"], input=source, capture_output=True, text=True)
check("core links with libm and OpenMP alone", made.returncode == 0, made.stderr)
if made.returncode == 0:
    needed = subprocess.run(["ldd", probe], capture_output=True, text=True, check=True).stdout
    extra = [line.split()[0] for line in needed.splitlines()
             if not re.match(r"\s*(linux-vdso|libm|libgomp|libc|libpthread|/lib64/ld-linux|/lib/ld-linux)", line)]
    check("that program needs no other library", not extra, ", ".join(extra))
    os.remove(probe)
done()
