"""Verdicts on copies of dense convolution: as it is, and slowed by a planted share.

python -m tests.acceptance.verdicts               # some ten minutes
python -m tests.acceptance.verdicts --repeats 1   # the copies as they are once, not thrice
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from reports.sweeps.load import load
from reports.sweeps.statistics import evaluate

ROOT = Path(__file__).parents[2]
# The sweeps whose operators a plugin can replace.
SWEEPS = [f"bench/bench_{name}.py" for name in ("groups", "kernel_size", "resolution", "stride")]
RUNS = 20
# Planted share, and in how many runs it must be found.
LEAST_FOUND = {0.10: 20, 0.05: 19, 0.03: 12}
# Of 120 verdicts on equal operators, as many as may be wrong.
MOST_WRONG = 2 / 120


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    good = True
    wrong = total = 0
    for _ in range(options.repeats):
        found = _verdicts()
        total += len(found)
        wrong += sum(verdict in ("faster", "slower") for verdict in found)
        print(f"equal: {_counted(found)}", flush=True)
    good &= wrong <= MOST_WRONG * total
    for share, least in LEAST_FOUND.items():
        case = ["-k=kernel_size and forward-3", "--benchmark-max-time=8", "--precision=0.5"]
        found = _verdicts(*case, SLOWER=str(share), COPIES=str(RUNS))
        print(f"{share:.0%} slower: {_counted(found)}", flush=True)
        good &= found.count("slower") >= least and "faster" not in found
    print("all as required" if good else "FAILED")
    return 0 if good else 1


def _verdicts(*words, **environment):
    """Measure copies of dense convolution; return the verdicts on them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bench.json")
        command = ["pytest", "-q", "-p", "tests.acceptance.twin", *SWEEPS, "--benchmark-only"]
        subprocess.run(
            [sys.executable, "-m", *command, f"--benchmark-json={path}", *words],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        judged = evaluate(load([path]).records)
    return judged.loc[~judged["is_baseline"], "verdict"].tolist()


def _counted(verdicts):
    counts = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
