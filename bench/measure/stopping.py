"""When a case has enough rounds: looks at a fixed schedule that share one budget of errors.

A rule that looks after each round and stops as soon as the interval suits it often stops by chance.
Here all looks together err no more often than a single one with all rounds would.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.sweeps.intervals import CONFIDENCE, intervals
from reports.sweeps.record import Stopped
from reports.sweeps.verdicts import VERDICTS, verdicts

Floats = NDArray[np.float64]

# Rounds after which the intervals are looked at; at the last one a case ends in any case. The
# rounds double from look to look, so that a few looks suffice for any case.
LOOKS = (8, 16, 32, 64, 125, 250, 500, 1000)
# What the first look may err: 8 rounds are on one side of the median in 0.8 % of all runs, so that
# a smaller part could decide nothing. It suffices for operators that are far from the baseline.
FIRST_PART = 0.01


@dataclass(frozen=True)
class Limits:
    """When enough rounds have been run.

    Attributes:
        precision: relative half width of a ratio's 95 % interval that is enough.
        max_time: seconds for the rounds of each operator of a case; what one of them does not
            need, the others get.
        min_rounds: rounds to run even if they take longer, or if a look could decide before.
    """

    precision: float
    max_time: float
    min_rounds: int


def confidence(first: int, last: int) -> float:
    """Return the confidence that a verdict needs at a look which gets the parts of several.

    All looks share what one interval may err (Bonferroni), those after the first equally. A look
    gets its own part and those of the looks before it that were left out. The last one that is
    taken also gets the parts of those after it: that the time is out says nothing of the ratios.

    Args:
        first: number of the first look whose part it gets, from 0.
        last: number of the last one.

    Example:
        >>> round(confidence(0, 0), 4), round(confidence(0, 7), 4)
        (0.99, 0.95)
    """
    whole = 1 - CONFIDENCE
    parts = [FIRST_PART] + [(whole - FIRST_PART) / (len(LOOKS) - 1)] * (len(LOOKS) - 1)
    return 1 - sum(parts[first : last + 1])


def judged(
    ratios: Floats, floor: Floats | None, precision: float, confidence: float
) -> Stopped | None:
    """Say at a look whether an operator needs no further rounds.

    Args:
        ratios: its ratio in each round.
        floor: those of the baseline's twin in the same rounds, None without a twin.
        precision: relative half width of the 95 % interval that is enough.
        confidence: that a verdict needs at this look.

    Returns:
        "decided" if its verdict stands, "precise" if its ratio is known well enough, else None.
    """
    low, high = intervals(ratios[None], confidence=confidence)[0]
    ends = intervals(floor[None])[0] if floor is not None else (np.nan, np.nan)
    if verdicts(low, high, *ends).item() != VERDICTS[3]:
        return "decided"
    low, high = intervals(ratios[None])[0]
    if high - low <= 2 * precision * float(np.median(ratios)):
        return "precise"
    return None
