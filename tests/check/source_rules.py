"""Small rules of the house that a machine can look after."""
import glob
import os
import re

from tap import check, done

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
paths = [p for pattern in ("engine/**/*.[ch]", "include/**/*.h", "tests/**/*.[ch]", "tests/**/*.py", "scripts/**/*")
         for p in glob.glob(os.path.join(root, pattern), recursive=True) if os.path.isfile(p)]
texts = {os.path.relpath(p, root): open(p, encoding="utf-8", errors="replace").read() for p in sorted(paths)
         if not p.endswith((".mo", ".png"))}

long_files = [f"{p} has {t.count(chr(10))} lines" for p, t in texts.items() if p.endswith((".c", ".h")) and t.count("\n") > 560]
check("files are short (about 500 lines)", not long_files, "; ".join(long_files))
words = re.compile(r"\b(TODO|FIX" r"ME|XX" r"X)\b|\bfor n" r"ow\b|\bplace" r"holder\b", re.I)
marks = [p for p, t in texts.items() if words.search(t) and not p.endswith("source_rules.py")]
check("nothing is left for later", not marks, "; ".join(marks))
utils = [p for p in texts if re.match(r"(.*/)?utils?\.[ch]$", p)]
check("no file about everything", not utils, "; ".join(utils))
done()
