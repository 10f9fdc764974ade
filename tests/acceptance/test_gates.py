"""The gate on quick sweeps of one code: no change is found, and planted ones are.

Seven sweeps of three processes each are compared in 21 pairs. With --busy another process computes
during them; with --keep they are kept, and those kept before are compared.
"""

import contextlib
import copy
import json
import random
import subprocess
import sys
from collections import Counter
from itertools import combinations

import pytest

from reports.sweeps import changes
from reports.sweeps.comparison import compare
from reports.sweeps.load import from_document
from tests.acceptance import command

SWEEP = ("bench", "--sweep-size=quick", "--processes=3", "--benchmark-min-rounds=32")
THRESHOLD = 0.05
GATE = ("--fail-if-slower", f"{THRESHOLD:.0%}", "--format", "csv", "-o")
# Of pairs without a change, the share that may be called changed.
MOST_CHANGED = 1 / 20
# Slowdowns of a single case, and the share of them that must be found. For the others of the
# table of power nothing is asked.
LEAST_FOUND = {0.05: 0.0, 0.10: 14 / 20, 0.15: 0.0, 0.25: 19 / 20, 0.50: 0.0}


@pytest.fixture(scope="module")
def sweeps(pytestconfig, tmp_path_factory):
    """Make the sweeps, unless they were kept."""
    kept = pytestconfig.getoption("--keep")
    folder = kept.resolve() if kept else tmp_path_factory.mktemp("sweeps")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.json" for number in range(pytestconfig.getoption("--sweeps"))]
    with _computing() if pytestconfig.getoption("--busy") else contextlib.nullcontext():
        for path in paths:
            if not path.exists():
                log = path.with_suffix(".log")
                assert command.sweep(path, *SWEEP, log=log).wait() == 0, log.read_text()
    return paths


def test_the_gate_finds_no_change(sweeps, say, tmp_path):
    pairs = list(combinations(sweeps, 2))
    changed = [pair for pair in pairs if _closes(*pair, tmp_path / "records.csv", say)]
    say(f"{len(changed)} of {len(pairs)} pairs (of {len(sweeps)} sweeps) called changed")
    assert len(changed) <= MOST_CHANGED * len(pairs)


def test_slower_cases_are_found(sweeps, option, say):
    documents = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sweeps}
    chance = random.Random(option("--seed"))
    power = {
        share: Counter(_planted(documents, share, chance, say) for _ in range(option("--plants")))
        for share in LEAST_FOUND
    }
    say("slower by  found     verdicts")
    for share, verdicts in power.items():
        counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
        say(f"{share:>9.0%}  {verdicts['slower']:>2} of {verdicts.total():<3} {counts}")
    for share, least in LEAST_FOUND.items():
        assert power[share]["slower"] >= least * power[share].total(), f"{share:.0%}"


def _closes(one, other, output, say):
    """Whether the gate closes in any direction: a case that became faster is slower back."""
    closed = False
    for before, after in ((one, other), (other, one)):
        finished = command.report(after, "--baseline", before, *GATE, output)
        closed |= bool(finished.returncode)
        said = f"closed: {finished.stdout}{finished.stderr}" if finished.returncode else "open"
        say(f"{before.name}, {after.name}: {said}")
    return closed


def _planted(documents, share, chance, say):
    """Slow a random case of a random sweep down; return the verdict on it."""
    before, after = ((name, documents[name]) for name in chance.sample(sorted(documents), 2))
    case = chance.choice(_compared(before, after).gated["fullname"].tolist())
    found = _compared(before, (after[0], _slowed(after[1], case, share))).cases
    row = found[found["fullname"] == case].iloc[0]
    detectable = f"detectable {row['detectable']:.0%}"
    say(f"{share:.0%} planted in {after[0]}, {case}: {row['verdict']}")
    say(f"    {changes.values(row)}; {detectable}")
    return row["verdict"]


def _compared(*sides):
    before, after = (from_document(document, name) for name, document in sides)
    return compare(before, after, THRESHOLD)


def _slowed(document, case, share):
    """A copy in which one case took longer in each round."""
    slowed = copy.deepcopy(document)
    [stats] = [entry["stats"] for entry in slowed["benchmarks"] if entry["fullname"] == case]
    stats["data"] = [(1 + share) * seconds for seconds in stats["data"]]
    return slowed


@contextlib.contextmanager
def _computing():
    """Keep a core busy."""
    code = "while True: sum(range(10**6))"
    with subprocess.Popen([sys.executable, "-c", code]) as other:
        try:
            yield
        finally:
            other.kill()
