"""The project's commands, run as a user runs them."""

import csv
import io
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def sweep(path, *words, log=None, **options):
    """Start `pytest bench`; `path` is its results file.

    Its output goes to the file `log`, or nowhere. The other options are those of `Popen`.
    """
    command = [*("pytest", "-q"), *words, "--benchmark-only", f"--benchmark-json={path}"]
    if log is None:
        return _start(command, stdout=subprocess.DEVNULL, **options)
    with log.open("w") as file:
        return _start(command, stdout=file, stderr=subprocess.STDOUT, **options)


def cluster(folder, *options, words=(), log):
    """Start `python -m bench.cluster`; its results go to a folder, its output to the file `log`."""
    command = ["bench.cluster", *options, f"--output={folder}", "--", *words]
    with log.open("w") as file:
        return _start(command, stdout=file, stderr=subprocess.STDOUT)


def _start(command, **options):
    return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, **options)


def report(path, *words):
    """Run `python -m reports` on a results file, and return the finished process."""
    command = [sys.executable, "-m", "reports", str(path), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def judged(path):
    """The rows of the CSV that the report makes of a results file whose records are all valid."""
    finished = report(path, "--format", "csv", "-o", "-")
    assert finished.returncode == 0, finished.stderr
    return list(csv.DictReader(io.StringIO(finished.stdout)))
