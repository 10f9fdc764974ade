"""What a history can find: how large a change must be, and how many commits it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from reports.history.change_points import Searched
from reports.history.levels import LEAST_RUNS, Floats
from reports.history.steps import FALSE_CHANGES, chances, compared
from reports.history.timelines import Timeline
from reports.sweeps.significance import POWER, p_values

# Simulated series for each question, and their seed: equal archives give equal pages.
DRAWS, SEED = 400, 0
# Of a change so large, in standard deviations of the noise, no run of either side meets the other.
APART = 50.0
# Steps in which the size is halved in on: to a millionth of `APART`.
HALVINGS = 20


@dataclass(frozen=True)
class HistoryReach:
    """What would be found in a typical series, were it the only one that changes.

    Attributes:
        size: the change as a share that is found with a probability of `POWER`; NaN if none is.
        later: how many commits must follow it, its own included; None if no change is found.
        needed: how many commits a history needs in which a change is found.
    """

    size: float
    later: int | None
    needed: int


def reach(searched: Searched) -> HistoryReach | None:
    """Find the change that would be found in a typical series as soon as any is.

    The test is that of the history itself: in so short a series normal scores are bounded, and the
    largest change of all may not be significant among many series.

    Args:
        searched: of `change_points.search`.

    Returns:
        The answer for a ratio with the median scatter and the median number of commits; None where
        no ratio is long enough.
    """
    if not len(searched.commits):
        return None
    runs = int(np.median(searched.commits))
    later = next(_soon_enough(runs, searched.tests), None)
    if later is None:
        return HistoryReach(float("nan"), None, needed(searched.tests))
    size = np.median(searched.scatters) * _least(runs, later, searched.tests)
    return HistoryReach(float(np.expm1(size)), later, runs)


@cache
def needed(tests: int) -> int:
    """Find how many commits a series needs so that a change of it alone is found, if large enough.

    Args:
        tests: how many tests of ratios are made, as in `Searched`.
    """
    return next(runs for runs in count(2 * LEAST_RUNS) if any(_soon_enough(runs, tests)))


def typical_commits(timeline: Timeline) -> int:
    """Count the commits of the median ratio of a machine, of those that are long enough to judge.

    Args:
        timeline: the machine's.

    Returns:
        The count; of all ratios where none is long enough, 0 where there is none.
    """
    is_ratio = ~timeline.series["is_baseline"].to_numpy(bool)
    counts = [
        len(np.unique(timeline.steps[np.isfinite(values)])) for values in timeline.judged[is_ratio]
    ]
    long = [each for each in counts if each >= 2 * LEAST_RUNS]
    return int(np.median(long or counts)) if counts else 0


def _soon_enough(runs: int, tests: int) -> Iterator[int]:
    """After how many commits the largest of changes is significant."""
    clear = np.arange(runs, dtype=np.float64)[None]
    return (
        later for later in range(LEAST_RUNS, runs // 2 + 1) if _are_found(clear, later, tests).all()
    )


@cache
def _least(runs: int, later: int, tests: int) -> float:
    """The size of a change, over the scatter of the noise, that is found as often as wanted."""
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, runs))
    is_after = np.arange(runs) >= runs - later
    low, high = 0.0, APART
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_enough = _are_found(noise + middle * is_after, later, tests).mean() >= POWER
        low, high = (low, middle) if is_enough else (middle, high)
    return high


def _are_found(values: Floats, later: int, tests: int) -> NDArray[np.bool_]:
    """Say in which series a change of the last commits is significant among all tests."""
    runs = values.shape[1]
    found = p_values(*compared(values, runs - later)) * chances(runs)
    # One change must pass the first step of the procedure of Benjamini and Hochberg.
    return np.asarray(found <= FALSE_CHANGES / max(tests, 1))
