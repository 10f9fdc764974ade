"""Compare quick sweeps of the same code on the same machine: the gate must find no change.

python -m tests.acceptance.gates                   # 7 sweeps, 21 pairs; some eight minutes
python -m tests.acceptance.gates --sweeps 3 --busy # while another process keeps a core busy
python -m tests.acceptance.gates --keep FOLDER     # keep the sweeps, or compare those kept
"""

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
from itertools import combinations
from pathlib import Path

from reports.sweeps.comparison import changed, compare, values
from reports.sweeps.load import load

ROOT = Path(__file__).parents[2]
# Of pairs without a change, as many must be called so.
LEAST_UNCHANGED = 19 / 20
THRESHOLD = 0.05


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sweeps", type=int, default=7, metavar="N", help="default: %(default)s")
    parser.add_argument("--busy", action="store_true", help="while another process computes")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to keep the sweeps")
    options = parser.parse_args()
    if options.sweeps < 2:
        parser.error(f"a pair takes two sweeps. Received: --sweeps {options.sweeps}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        other = multiprocessing.Process(target=_compute, daemon=True)
        if options.busy:
            other.start()
        paths = [_swept(folder / f"{number}.json") for number in range(options.sweeps)]
        if options.busy:
            other.terminate()
        unchanged = [_is_unchanged(*pair) for pair in combinations(paths, 2)]
    print(f"{sum(unchanged)} of {len(unchanged)} pairs (of {len(paths)} sweeps) unchanged")
    return 0 if sum(unchanged) >= LEAST_UNCHANGED * len(unchanged) else 1


def _compute():
    while True:
        sum(range(10**6))


def _swept(path):
    """Run a quick sweep, unless it was kept."""
    if not path.exists():
        command = ["pytest", "bench", "-q", "--benchmark-only", "--sweep-size=quick"]
        subprocess.run(
            [sys.executable, "-m", *command, f"--benchmark-json={path}"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        print(f"{path.name}: swept", flush=True)
    return path


def _is_unchanged(before, after):
    comparison = compare(load([before]), load([after]), THRESHOLD)
    # Dense convolution itself, compared in seconds, closes no gate.
    found = changed(comparison).query("quantity == 'ratio'")
    for _, case in found.iterrows():
        print(f"{before.name}, {after.name}: {case['fullname']} {case['verdict']}, {values(case)}")
    return found.empty


if __name__ == "__main__":
    sys.exit(main())
