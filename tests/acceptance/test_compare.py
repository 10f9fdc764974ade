"""The strong gate on equal code, and on slowdowns planted in one operator of one side.

`python -m bench.compare HEAD` measures some 20 cases in ten processes of each side, which takes
about an hour on an idle machine. With --keep FOLDER the processes are kept, and used again.
"""

import subprocess
import sys

import numpy as np
import pytest

from tests.acceptance.command import ROOT
from tests.acceptance.power import Pairs, kept

CASES = 20
# Two kernel sizes in both directions, with six or seven rivals of the baseline.
SELECTED = ("--sweep-size=quick", "-k=kernel_size")
# Planted share, and in how many of the cases it must be found.
LEAST_FOUND = {0.10: 19, 0.05: 16}
# A gate that is to find a slowdown is set to half of it.
SHARE_OF_THRESHOLD = 0.5
# Of equal cases, as many may be called changed.
MOST_CHANGED = 1
# Numbers of processes in the table of power; of fewer, intervals do not cover processes.
TABLE = (3, 5, 7, 10, 15, 20)


@pytest.fixture(scope="module")
def processes(pytestconfig, tmp_path_factory):
    """Documents of both sides and seconds of each pair, of this run or kept from an earlier."""
    folder = pytestconfig.getoption("--keep") or tmp_path_factory.mktemp("compare")
    folder, wanted = folder.resolve(), pytestconfig.getoption("--pairs")
    if len(kept(folder)[2]) < wanted:
        _measure(folder, wanted)
    before, after, seconds = (part[:wanted] for part in kept(folder))
    assert len(seconds) == wanted
    return before, after, seconds


def _measure(folder, wanted):
    command = [sys.executable, "-m", "bench.compare", "HEAD", "--processes", str(wanted)]
    command += ["--resume", "--folder", str(folder), "-o", str(folder / "compare.json")]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log").open("a") as log:
        done = subprocess.run(
            [*command, "--", *SELECTED], cwd=ROOT, stdout=log, stderr=log, check=False
        )
    assert done.returncode in (0, 1, 3), (folder / "log").read_text()


@pytest.fixture(scope="module")
def pairs(processes):
    """All processes of both sides."""
    return _pairs(processes)


def _pairs(processes, number=None):
    before, after, _ = processes
    return Pairs(before[:number], after[:number], CASES)


def _threshold(share):
    return share * SHARE_OF_THRESHOLD


def test_equal_revisions_are_not_told_apart(pairs, say):
    changed = pairs.changed(_threshold(min(LEAST_FOUND)))
    say(f"equal revisions: {changed} of {len(pairs.names)} cases changed")
    assert len(pairs.names) == CASES
    assert changed <= MOST_CHANGED


@pytest.mark.parametrize(("share", "least"), LEAST_FOUND.items())
def test_slower_operators_are_found(share, least, pairs, say):
    found = pairs.found(share, _threshold(share))
    allowed = pairs.allowed(share, _threshold(share))
    say(
        f"{share:.0%} slower: found in {found} of {len(pairs.names)} cases; in {allowed:.1f} if "
        f"the scatter of a pair were known, {np.median(pairs.scatter()):.1%} in the median"
    )
    assert found >= least


def test_more_processes_find_more(processes, say):
    """The table of power: what each number of processes finds, and how long it takes."""
    seconds = processes[2]
    powers = []
    for number in sorted({each for each in TABLE if each < len(seconds)} | {len(seconds)}):
        some = _pairs(processes, number)
        found = [some.found(share, _threshold(share)) for share in LEAST_FOUND]
        words = ", ".join(
            f"{share:.0%} slower: {count}" for share, count in zip(LEAST_FOUND, found, strict=True)
        )
        changed = some.changed(_threshold(min(LEAST_FOUND)))
        minutes = sum(seconds[:number]) / 60
        say(
            f"{number} processes, {minutes:.0f} min: {words}, equal called changed: {changed}, "
            f"of {len(some.names)} cases"
        )
        powers.append(sum(found))
    assert powers[-1] >= powers[0]
