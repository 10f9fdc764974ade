"""Kill a sweep at random moments, resume it, and check that nothing is lost or done twice.

python -m tests.acceptance.kills                      # 20 kills of a quick sweep
python -m tests.acceptance.kills --kills 5 -k stride  # of a part of it
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reports.sweeps.load import load

ROOT = Path(__file__).parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="default: %(default)s")
    parser.add_argument("-k", default="", metavar="EXPRESSION", help="as for pytest")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        whole = Path(folder, "whole.json")
        _sweep(whole, options.k).wait()
        seconds = time.perf_counter() - start
        expected = _tests(whole)
        print(f"undisturbed: {len(expected)} cases in {seconds:.0f} s", flush=True)
        kills = sweeps = 0
        while kills < options.kills:
            path = Path(folder, f"killed-{sweeps}.json")
            finished = False
            while not finished:
                process = _sweep(path, options.k)
                try:
                    limit = random.uniform(0, seconds) if kills < options.kills else None
                    process.wait(limit)
                    finished = True
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
                    print(f"kill {kills}: {len(_measured(path))} cases in the journal", flush=True)
            sweeps += 1
            found, measured = _tests(path), _measured(path)
            if process.returncode or found != expected or sorted(measured) != sorted(expected):
                print(
                    f"FAILED: status {process.returncode}, {len(found)} cases, "
                    f"{len(measured)} measurements; what pytest said:"
                )
                print(_log(path).read_text())
                return 1
            print(f"sweep {sweeps}: every one of {len(found)} cases exactly once", flush=True)
    print(f"{kills} kills in {sweeps} sweeps: nothing lost, nothing twice, all records valid")
    return 0


def _sweep(path, expression):
    words = ["bench", "--benchmark-only", "--sweep-size=quick", f"-k={expression}", "--resume"]
    command = [sys.executable, "-m", "pytest", "-q", *words, f"--benchmark-json={path}"]
    with _log(path).open("w") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


def _log(path):
    """Where pytest's output goes: of the latest attempt, to be shown if it fails."""
    return path.with_suffix(".log")


def _measured(path):
    """The test ids in the journal, in the order in which they were measured."""
    journal = path.with_name(f"{path.name}.journal")
    text = journal.read_text() if journal.exists() else ""
    lines = text[: text.rfind("\n") + 1].splitlines()
    return [line["measured"] for line in map(json.loads, lines) if "measured" in line]


def _tests(path):
    """The test ids in order, after a check that the reports accept every record."""
    results = load([path])
    if results.problems or len(results.unmeasured):
        raise SystemExit(f"FAILED: {results.problems}, {len(results.unmeasured)} unmeasured")
    return [entry["fullname"] for entry in json.loads(path.read_text())["benchmarks"]]


if __name__ == "__main__":
    sys.exit(main())
