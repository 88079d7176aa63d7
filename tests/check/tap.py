"""Checks that count themselves: one line each, `ok - name`, `not ok - name: why` or `skip - name: why`."""
import sys

failed = 0


def check(name, holds, why=""):
    """A check; `why` is a text or a function that makes one."""
    global failed
    if holds:
        print(f"ok - {name}")
    else:
        failed += 1
        text = why() if callable(why) else str(why)
        print(f"not ok - {name}: " + " | ".join(text.strip().splitlines()[:12]))
    sys.stdout.flush()
    return bool(holds)


def skip(name, why):
    print(f"skip - {name}: {why}")


def done():
    sys.exit(1 if failed else 0)
