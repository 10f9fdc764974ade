"""How well the place of a change is known."""

import numpy as np
from numpy.typing import NDArray

from reports.history.levels import LEAST_RUNS, scores
from reports.sweeps.intervals import CONFIDENCE

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Histories that are simulated with the same change, and how many runs on either side they have.
DRAWS, MOST_RUNS = 400, 60


def place_interval(
    values: Floats, bound: tuple[int, int, int], random: np.random.Generator
) -> tuple[int, int]:
    """Find where a new level begins at the earliest and at the latest.

    Histories with the same change at the same place are made of the noise of both levels, as normal
    scores, drawn with replacement. In each the place of the change is searched for; the interval is
    as wide as it scatters around the true place.

    Args:
        values: shape (runs,), the series.
        bound: where the level before begins, the place, and the end of the level after.
        random: draws the noise.

    Returns:
        First and last place, with 95 % confidence.
    """
    begin, place, end = bound
    begin, end = max(begin, place - MOST_RUNS), min(end, place + MOST_RUNS)
    own = scores(values[begin:end])
    before, after = own[: place - begin], own[place - begin :]
    rest = np.concatenate([before - before.mean(), after - after.mean()])
    rest *= np.sqrt(len(rest) / (len(rest) - 2))
    levels = np.where(np.arange(begin, end) < place, before.mean(), after.mean())
    drawn = levels + random.choice(rest, (DRAWS, len(rest)))
    free = np.arange(LEAST_RUNS, len(rest) - LEAST_RUNS + 1)
    found = begin + free[_best(drawn, free)]
    share = (1 - CONFIDENCE) / 2
    early, late = np.quantile(found, [share, 1 - share], method="nearest")
    # A search that errs to one side is corrected to the other.
    first = max(2 * place - late, begin + free[0])
    last = min(2 * place - early, begin + free[-1])
    return int(min(first, place)), int(max(last, place))


def _best(drawn: Floats, free: Integers) -> Integers:
    """The number, in `free`, of the border between two levels that fits each history best."""
    count = drawn.shape[1]
    sums = np.cumsum(drawn, axis=1)
    gained = (sums[:, free - 1] - sums[:, -1:] * free / count) ** 2 / (free * (count - free))
    return np.asarray(np.argmax(gained, axis=1))
