"""The rule that turns an interval into a verdict, for the benchmark and the report alike."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Verdict = Literal["faster", "slower", "equivalent", "undecided"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
# The sign before a ratio in a table, so that colour is not needed to read the verdict.
SIGNS = {"faster": "▼", "slower": "▲", "equivalent": "=", "undecided": "?"}

# The baseline against itself never left 1 +- 2 % on a shared machine; a smaller difference is no
# reason to choose.
MARGIN = 0.02


def verdicts(
    low: ArrayLike, high: ArrayLike, floor_low: ArrayLike, floor_high: ArrayLike
) -> NDArray[np.object_]:
    """Say what intervals of ratios prove.

    Args:
        low: lower ends of the intervals.
        high: upper ends.
        floor_low: lower ends of the noise floor; NaN where it is unknown.
        floor_high: upper ends.

    Returns:
        "faster" or "slower" (the whole interval is beyond the margin and the noise floor),
        "equivalent" (the whole interval is inside the margin) or "undecided", for each interval.

    Example:
        >>> [str(each) for each in verdicts([0.5, 0.99, 0.9], [0.6, 1.01, 1.1], 0.97, 1.03)]
        ['faster', 'equivalent', 'undecided']
    """
    low, high = np.asarray(low), np.asarray(high)
    bound_low = np.fmin(floor_low, 1 - MARGIN)
    bound_high = np.fmax(floor_high, 1 + MARGIN)
    conditions = [
        high < bound_low,
        low > bound_high,
        (low >= 1 - MARGIN) & (high <= 1 + MARGIN),
    ]
    return np.asarray(np.select(conditions, VERDICTS[:3], default=VERDICTS[3]), dtype=object)
