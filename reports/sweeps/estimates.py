"""The change of each case between two runs, and its variance: from processes, or from rounds."""

from typing import Literal

import numpy as np
import pandas as pd

from reports.sweeps.moderation import Floats, moderated
from reports.sweeps.processes import errors, paired
from reports.sweeps.surplus import surplus

# What makes the cases of an operator: they are held against each other, and pooled.
OPERATOR = ["operator", "implementation", "direction"]

# What tells how far two runs of the same code differ: the differences of pairs of processes that
# alternated and met the same states of the machine; the processes of each run; or, where a run has
# one process alone, the changes of all cases, most of which have not changed.
Scatter = Literal["pairs", "processes", "rounds"]

# The scatter of a process when nothing is known of it, as a share: a case repeated in four
# processes on a quiet machine scattered by 1 to 3 %.
EXPECTED_SCATTER = 0.03
# Between two processes a few cases differ by far more than the others: memory is elsewhere,
# another primitive was chosen. Where the effects of processes are like Student's t with four
# degrees of freedom, 3 % of 1000 simulated pairs of equal runs had a case called changed with
# this many, and 5 % with five.
DEGREES_OF_ONE_PROCESS = 4.5


def estimated(
    cases: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    scatter: Scatter,
) -> pd.DataFrame:
    """Estimate the change of each case of one family.

    Args:
        cases: one row per case, with `fullname` and the columns of `OPERATOR`.
        before: of `processes.by_process`, of the older run.
        after: the same of the newer one.
        scatter: what tells how far two runs of the same code differ.

    Returns:
        The cases with, added: `before`, `after` (means over processes), `log_change`, `variance`
        and `degrees`, which `significance.judged` takes.
    """
    sides = [side[side["fullname"].isin(cases["fullname"])] for side in (before, after)]
    sums = [_summed(side) for side in sides]
    if scatter == "pairs":
        variance, degrees = _from_pairs(sides, sums[0].index)
    elif scatter == "processes":
        variance, degrees = _from_processes(sums)
    else:
        variance, degrees = _from_rounds(sides)
    old, new = (each["mean"].reindex(cases["fullname"]).to_numpy() for each in sums)
    order = sums[0].index.get_indexer(pd.Index(cases["fullname"]))
    found = cases.assign(
        before=np.exp(old),
        after=np.exp(new),
        log_change=new - old,
        variance=variance[order],
        degrees=degrees[order],
    )
    added = surplus(
        found["log_change"].to_numpy(),
        found["variance"].to_numpy(),
        found["degrees"].to_numpy(),
        cases.groupby(OPERATOR).ngroup().to_numpy(),
        2 * EXPECTED_SCATTER**2 if scatter == "rounds" else 0.0,
    )
    return found.assign(variance=found["variance"] + added)


def _summed(side: pd.DataFrame) -> pd.DataFrame:
    """Mean, count and variance of the processes' medians, per case."""
    return side.groupby("fullname")["middle"].agg(["mean", "count", "var"])


def _from_processes(sums: list[pd.DataFrame]) -> tuple[Floats, Floats]:
    """Variances of changes from the scatter of processes, moderated over the cases."""
    freedoms = [side["count"] - 1 for side in sums]
    squares = [side["var"].fillna(0) * free for side, free in zip(sums, freedoms, strict=True)]
    degrees = (freedoms[0] + freedoms[1]).to_numpy(np.float64)
    pooled = (squares[0] + squares[1]).to_numpy(np.float64) / np.where(degrees > 0, degrees, np.nan)
    variance, total = moderated(pooled, degrees)
    return variance * (1 / sums[0]["count"] + 1 / sums[1]["count"]).to_numpy(), total


def _from_pairs(sides: list[pd.DataFrame], names: pd.Index) -> tuple[Floats, Floats]:
    """Variances of changes from the differences of pairs of processes, moderated over the cases."""
    changes = paired(*sides).groupby("fullname")["change"]
    found = changes.agg(["count", "var"]).reindex(names)
    counts = found["count"].fillna(0).to_numpy(np.float64)
    variance, degrees = moderated(found["var"].to_numpy(np.float64), np.maximum(counts - 1, 0))
    return variance / np.maximum(counts, 1), degrees


def _from_rounds(sides: list[pd.DataFrame]) -> tuple[Floats, Floats]:
    """Variances of changes from the rounds alone."""
    parts = []
    for side in sides:
        squares = (errors(side) ** 2).groupby(side["fullname"])
        # Of the mean of the processes, whose errors are independent. One with too few rounds for an
        # error of its own is taken to have that of the others.
        parts.append((squares.mean() / squares.size()).to_numpy(np.float64))
    variance = parts[0] + parts[1]
    return variance, np.full(len(variance), DEGREES_OF_ONE_PROCESS)
