"""Another build gives the same bytes for the sample. Usage: same_bytes.py KAYOI EXPECTED_OUT NEW_OUT"""
import sys

from runs import different, kayoi, sample
from tap import check, done

binary, expected, out = sys.argv[1:4]
for threads in ("1", "2"):
    made = kayoi(binary, "run", sample, "--out", f"{out}-{threads}", "--threads", threads)
    if check(f"{binary} runs the sample on {threads} threads without a finding", made.returncode == 0, made.stderr[-3000:]):
        check(f"the same bytes on {threads} threads", not different(expected, f"{out}-{threads}"),
              lambda: ", ".join(different(expected, f"{out}-{threads}")))
done()
