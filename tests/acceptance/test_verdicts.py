"""Verdicts on copies of dense convolution: as it is, and slowed by a planted share.

On a machine that is idle, some ten minutes.
"""

import os

import pytest

from tests.acceptance import command

# The sweeps whose operators a plugin can replace.
SWEEPS = [f"bench/bench_{name}.py" for name in ("groups", "kernel_size", "resolution", "stride")]
RUNS = 20
# Copies in each of the twelve cases of the quick sweeps: 120 verdicts.
EQUAL_COPIES = 10
# Planted share, and in how many runs it must be found.
LEAST_FOUND = {0.10: 20, 0.05: 19, 0.03: 12}
# Of 120 verdicts on equal operators, as many as may be wrong.
MOST_WRONG = 2 / 120


def test_equal_operators_are_not_told_apart(option, say, tmp_path):
    words = ("--sweep-size=quick", f"--processes={option('--repeats')}", "--benchmark-max-time=0.6")
    verdicts = _verdicts(tmp_path / "equal.json", *words, COPIES=str(EQUAL_COPIES))
    say(f"equal, {option('--repeats')} processes: {_counted(verdicts)}")
    wrong = sum(verdict in ("faster", "slower") for verdict in verdicts)
    assert verdicts
    assert wrong <= MOST_WRONG * len(verdicts)


@pytest.mark.parametrize(("share", "least"), LEAST_FOUND.items())
def test_slower_operators_are_found(share, least, say, tmp_path):
    case = ["-k=kernel_size and forward-3", "--benchmark-max-time=8", "--precision=0.5"]
    found = _verdicts(tmp_path / "slowed.json", *case, SLOWER=str(share), COPIES=str(RUNS))
    say(f"{share:.0%} slower: {_counted(found)}")
    assert len(found) == RUNS
    assert found.count("slower") >= least
    assert "faster" not in found


def _verdicts(path, *words, **environment):
    """Measure copies of dense convolution; return the verdicts on them."""
    plugin = ("-p", "tests.acceptance.twin", *SWEEPS)
    assert command.sweep(path, *plugin, *words, env={**os.environ, **environment}).wait() == 0
    copies = [row for row in command.judged(path) if row["operator"].startswith("copy")]
    # A case that several sweeps share is measured once.
    return list({(row["measurement"], row["operator"]): row["verdict"] for row in copies}.values())


def _counted(verdicts):
    counts = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
