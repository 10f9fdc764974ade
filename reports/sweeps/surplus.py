"""How much more two runs differ than each run's own scatter explains."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

Floats = NDArray[np.float64]

# Each case is held against as many that follow it, so that a large file needs no large memory.
MOST_PAIRS = 50
# Few cases scatter little by chance: what was expected before they were seen counts as much as
# this many of them.
EXPECTED_CASES = 5


def surplus(
    changes: Floats,
    variances: Floats,
    degrees: Floats,
    groups: NDArray[np.integer],
    expected: float = 0.0,
) -> float:
    """Estimate the variance between two runs that is added to what is known.

    Most cases have not changed: the difference between the changes of two of them is scatter. Only
    cases of one group are held against each other, so that a change common to a group is none.
    The added variance makes the median difference as large as all variances together say: the
    estimator of Paule and Mandel (1982), with the median in place of the mean square. A minority
    of cases that did change does not move it far.

    Args:
        changes: shape (cases,).
        variances: shape (cases,), what is known of each change's variance.
        degrees: shape (cases,), the degrees of freedom of these.
        groups: shape (cases,), the group of each case as a number.
        expected: the added variance that was expected before the cases were seen.

    Returns:
        The variance that each change's own is to be increased by; at least 0.
    """
    known = np.flatnonzero(np.isfinite(changes) & np.isfinite(variances))
    order = known[np.argsort(groups[known], kind="stable")]
    compared = len(known) - len(np.unique(groups[known]))
    if not compared:
        return expected
    apart, explained = _pairs(changes[order], variances[order], groups[order])
    # Half of the differences are below this many standard errors.
    quantile = t.ppf(0.75, np.median(degrees[known]))
    found = max(0.0, float(np.median(apart**2 / quantile**2 - explained)) / 2)
    return (compared * found + EXPECTED_CASES * expected) / (compared + EXPECTED_CASES)


def _pairs(
    changes: Floats, variances: Floats, groups: NDArray[np.integer]
) -> tuple[Floats, Floats]:
    """How far cases of one group lie apart, and the variance known of that difference."""
    apart, known = [], []
    for step in range(1, min(MOST_PAIRS, len(groups) - 1) + 1):
        same = groups[step:] == groups[:-step]
        apart.append(np.abs(changes[step:] - changes[:-step])[same])
        known.append((variances[step:] + variances[:-step])[same])
    return np.concatenate(apart), np.concatenate(known)
