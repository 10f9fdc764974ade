"""The level of a series, which changes at a few places."""

from itertools import pairwise

import numpy as np
import ruptures
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

Floats = NDArray[np.float64]

# Fewer commits on one side of a change are no level: a load of the machine lasts as long.
LEAST_RUNS = 5
# A partition with one more level must explain this many times the logarithm of the number of runs,
# in variances of the noise. So low a penalty finds many places; a test of each follows.
PENALTY = 2.0
# The standard deviation of normal noise over the median absolute difference of two neighbours.
NORMAL = 1.4826 / np.sqrt(2)
# Noise of nothing has no scale.
LEAST_SCATTER = 1e-9


def scatter(values: Floats) -> float:
    """Estimate the standard deviation of a series around its levels, whatever these are.

    Args:
        values: shape (runs,), finite.

    Returns:
        From the median difference of neighbours, which few changes and few outliers touch.
    """
    if len(values) < 2:
        return LEAST_SCATTER
    return max(float(NORMAL * np.median(np.abs(np.diff(values)))), LEAST_SCATTER)


def scores(values: Floats) -> Floats:
    """Replace numbers by normal scores: what normal numbers of the same ranks are expected to be.

    Whatever the distribution of the numbers, that of the scores is known, and none is far out.

    Args:
        values: shape (..., runs), finite; each row has ranks of its own.

    Example:
        >>> scores(np.array([3.0, 1.0, 100.0])).round(2)
        array([ 0.  , -0.97,  0.97])
    """
    return np.asarray(norm.ppf((rankdata(values, axis=-1) - 0.5) / values.shape[-1]))


def partition(values: Floats, penalty: float = PENALTY) -> list[int]:
    """Cut a series into levels: the partition of least squares with a penalty for each level.

    Args:
        values: shape (runs,), finite.
        penalty: in variances of the noise and logarithms of the number of runs.

    Returns:
        Where levels begin, but for the first; each level has at least `LEAST_RUNS` runs.
    """
    count = len(values)
    if count < 2 * LEAST_RUNS:
        return []
    found = scores(values)
    search = ruptures.KernelCPD(kernel="linear", min_size=LEAST_RUNS)
    search.fit((found / scatter(found))[:, None])
    return [int(place) for place in search.predict(pen=penalty * np.log(count))[:-1]]


def level(values: Floats, places: list[int]) -> Floats:
    """Find the level of each run.

    Args:
        values: shape (runs,), finite.
        places: of `partition`.

    Returns:
        Shape (runs,): the median of the run's level.
    """
    ends = pairwise([0, *places, len(values)])
    return np.concatenate(
        [np.full(end - start, np.median(values[start:end])) for start, end in ends]
    )
