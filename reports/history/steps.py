"""Where the levels of many series change: each place tested, false ones limited over all."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, trim_mean, ttest_ind

from reports.history.levels import LEAST_RUNS, partition, scores
from reports.history.places import place_interval
from reports.sweeps.intervals import CONFIDENCE
from reports.sweeps.significance import p_values

Floats = NDArray[np.float64]

# Of the changes that are found, the share that may be none; where nothing has changed, the
# probability that any is found. Loads are shared by the series of a run, so that false ones come in
# groups: with 5 % there was more than one in 1,000 series.
FALSE_CHANGES = 0.02
# The share of the runs of a level that is left out at either end for the size of a change.
TRIMMED = 0.2
# Errors that differ by a smaller share are the same, but for rounding.
UNLIKE = 1e-9
# The seed of the simulated histories: equal archives give equal pages.
SEED = 0


@dataclass(frozen=True)
class Track:
    """A series to examine.

    Attributes:
        values: shape (runs,), natural logarithms, finite; one run of each commit.
        places: where its levels begin, but for the first.
    """

    values: Floats
    places: tuple[int, ...] = ()

    @property
    def bounds(self) -> list[tuple[int, int, int]]:
        """Where the level before each place begins, the place, and the end of the level after."""
        ends = [0, *self.places, len(self.values)]
        return list(zip(ends[:-2], ends[1:-1], ends[2:], strict=True))


@dataclass(frozen=True)
class Shift:
    """A change of the level of a series.

    Attributes:
        track: the number of the series.
        place: the first run of the new level.
        first: where the new level begins at the earliest, with 95 % confidence.
        last: where it begins at the latest.
        size: the natural logarithm of the new level over the old one.
        low: the lower end of its 95 % interval.
        high: the upper end.
        p_value: how probable so large a change is at the best of all places, where there is none.
    """

    track: int
    place: int
    first: int
    last: int
    size: float
    low: float
    high: float
    p_value: float


def found_steps(tracks: Sequence[Track], share: float = FALSE_CHANGES) -> list[Shift]:
    """Find the changes in many series.

    The levels of each series are those of its best partition. The change at each of their borders
    is tested: by `compared`, times the chances that a change had. Of each series the least certain
    border goes, until all that are left are significant by the procedure of Benjamini and Hochberg
    over all borders of all series, those that went included. A series without a border counts as
    one test.

    Args:
        tracks: the series; their `places` are not looked at.
        share: of the changes that are found, how many may be none.

    Returns:
        The changes, in the order of series and runs.
    """
    return remaining(cut(tracks), share)


def cut(tracks: Sequence[Track]) -> list[Track]:
    """Cut each of many series into levels.

    Args:
        tracks: the series; their `places` are not looked at.

    Returns:
        The series with the places of their best partitions.
    """
    return [replace(track, places=tuple(partition(track.values))) for track in tracks]


def count_tests(tracks: Sequence[Track]) -> int:
    """Count the tests of many series: their borders, or one of a series that has none.

    Args:
        tracks: of `cut`.
    """
    return sum(max(1, len(track.places)) for track in tracks)


def remaining(tracks: Sequence[Track], share: float = FALSE_CHANGES) -> list[Shift]:
    """Find the changes among the borders between levels, as `found_steps` says.

    Args:
        tracks: of `cut`.
        share: of the changes that are found, how many may be none.

    Returns:
        The changes, in the order of series and runs.
    """
    kept, tests = [*tracks], count_tests(tracks)
    while kept:
        values = _tested(kept)
        is_found = _are_significant(np.concatenate(values), tests, share)
        if is_found.all():
            return _steps(kept, values)
        ends = np.cumsum([len(own) for own in values[:-1]], dtype=int)
        kept = [
            _without_worst(*each)
            for each in zip(kept, values, np.split(is_found, ends), strict=True)
        ]
    return []


def _tested(tracks: Sequence[Track]) -> list[Floats]:
    """The p-values of the borders of each series."""
    rows = [
        (
            *np.ravel(compared(track.values[None, begin:end], place - begin)),
            chances(len(track.values)),
        )
        for track in tracks
        for begin, place, end in track.bounds
    ]
    sizes, errors, degrees, choices = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    found = np.minimum(1, p_values(sizes, errors, degrees) * choices)
    return np.split(found, np.cumsum([len(track.places) for track in tracks[:-1]], dtype=int))


def _are_significant(values: Floats, tests: int, share: float) -> NDArray[np.bool_]:
    """Say which pass the procedure of Benjamini and Hochberg among so many tests."""
    family = np.concatenate([values, np.ones(tests - len(values))])
    return np.asarray(false_discovery_control(family)[: len(values)] <= share)


def compared(values: Floats, place: int) -> tuple[Floats, Floats, Floats]:
    """Compare the two sides of a border, as Student's t-test does, or Welch's.

    Where the noise of the two sides differs, the error that both share may be too small: the
    larger error counts.

    Args:
        values: shape (series, runs), of the level before and the level after.
        place: how many of the runs are of the level before.

    Returns:
        Of each series the size of the change in normal scores, its standard error, and the degrees
        of freedom of that.
    """
    own = scores(values)
    before, after = own[:, :place], own[:, place:]
    first, second = before.shape[1], after.shape[1]
    # The variances of the two means.
    old, new = before.var(axis=1, ddof=1) / first, after.var(axis=1, ddof=1) / second
    degrees = first + second - 2
    squares = old * first * (first - 1) + new * second * (second - 1)
    shared = squares / degrees * (1 / first + 1 / second)
    is_unlike = old + new > shared * (1 + UNLIKE)
    parts = old**2 / (first - 1) + new**2 / (second - 1)
    fewer = (old + new) ** 2 / np.where(is_unlike, parts, 1)
    return (
        np.asarray(after.mean(axis=1) - before.mean(axis=1)),
        np.asarray(np.sqrt(np.where(is_unlike, old + new, shared))),
        np.asarray(np.where(is_unlike, fewer, degrees)),
    )


def chances(runs: int) -> float:
    """In how many places of a series, and for how many lengths of levels, a change can seem to be.

    Levels of half or twice the length see the same noise: each doubling counts once, from the
    shortest series that can have a change on.

    Args:
        runs: how many the series has, at least two levels of them.
    """
    return (runs - 2 * LEAST_RUNS + 1) * max(1.0, math.log2(runs / (2 * LEAST_RUNS)))


def _without_worst(track: Track, values: Floats, is_found: NDArray[np.bool_]) -> Track:
    """Take the least certain border away, unless all are found."""
    if is_found.all():
        return track
    worst = int(np.argmax(values))
    return replace(track, places=track.places[:worst] + track.places[worst + 1 :])


def _steps(tracks: Sequence[Track], values: Sequence[Floats]) -> list[Shift]:
    random = np.random.default_rng(SEED)
    bounds = [(number, bound) for number, track in enumerate(tracks) for bound in track.bounds]
    return [
        Shift(
            number,
            bound[1],
            *place_interval(tracks[number].values, bound, random),
            *_size(tracks[number].values, *bound),
            float(value),
        )
        for (number, bound), value in zip(bounds, np.concatenate(values), strict=True)
    ]


def _size(values: Floats, begin: int, place: int, end: int) -> tuple[float, float, float]:
    """Difference of trimmed means and its interval (Yuen 1974)."""
    sides = values[place:end], values[begin:place]
    size = float(trim_mean(sides[0], TRIMMED) - trim_mean(sides[1], TRIMMED))
    with warnings.catch_warnings():
        # Values that are equal have a variance of nothing, and no interval.
        warnings.simplefilter("ignore", RuntimeWarning)
        compared = ttest_ind(*sides, equal_var=False, trim=TRIMMED)
        low, high = compared.confidence_interval(CONFIDENCE)
    return (size, float(low), float(high)) if np.isfinite(low) else (size, size, size)
