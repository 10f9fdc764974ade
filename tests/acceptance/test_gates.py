"""Quick sweeps of the same code on the same machine: the gate must find no change.

Seven sweeps, 21 pairs, take some ten minutes. With --busy another process computes during them.
"""

import contextlib
import subprocess
import sys
from itertools import combinations

from tests.acceptance import command

# Of pairs without a change, as many must be called so.
LEAST_UNCHANGED = 19 / 20
GATE = ("--fail-if-slower", "5%", "--format", "csv", "-o")


def test_the_gate_finds_no_change(option, say, tmp_path):
    folder = option("--keep") or tmp_path
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with _computing() if option("--busy") else contextlib.nullcontext():
        paths = [_swept(folder / f"{number}.json", say) for number in range(option("--sweeps"))]
    found = [_changes(*pair, tmp_path / "records.csv", say) for pair in combinations(paths, 2)]
    say(f"{found.count(0)} of {len(found)} pairs (of {len(paths)} sweeps) unchanged")
    assert found.count(0) >= LEAST_UNCHANGED * len(found)


@contextlib.contextmanager
def _computing():
    """Keep a core busy."""
    code = "while True: sum(range(10**6))"
    with subprocess.Popen([sys.executable, "-c", code]) as other:
        try:
            yield
        finally:
            other.kill()


def _swept(path, say):
    """Run a quick sweep, unless it was kept."""
    if not path.exists():
        assert command.sweep(path, "bench", "--sweep-size=quick").wait() == 0
        say(f"{path.name}: swept")
    return path


def _changes(one, other, output, say):
    """How many of the two directions the gate closes: a case that became faster is slower back."""
    closed = 0
    for before, after in ((one, other), (other, one)):
        finished = command.report(after, "--baseline", before, *GATE, output)
        if finished.returncode:
            closed += 1
            say(f"{before.name}, {after.name}: {finished.stdout}{finished.stderr}")
    return closed
