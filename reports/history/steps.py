"""Where the levels of many series change: each place tested, false ones limited over all."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, trim_mean, ttest_ind

from reports.history.levels import LEAST_RUNS, partition, scores
from reports.history.places import place_interval
from reports.sweeps.intervals import CONFIDENCE
from reports.sweeps.significance import p_values

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Of the changes that are found, the share that may be none; where nothing has changed, the
# probability that any is found. Loads are shared by the series of a run, so that false ones come in
# groups: with 5 % there was more than one in 1,000 series.
FALSE_CHANGES = 0.02
# The share of the runs of a level that is left out at either end for the size of a change.
TRIMMED = 0.2
# The seed of the simulated histories: equal archives give equal pages.
SEED = 0


@dataclass(frozen=True)
class Track:
    """A series to examine.

    Attributes:
        values: shape (runs,), natural logarithms, finite.
        steps: the number of the commit of each run, rising.
        places: where its levels begin, but for the first.
    """

    values: Floats
    steps: Integers
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
    is tested: Student's t of the normal scores of both sides, times the chances that a change had.
    Of each series the least certain border goes, until all that are left are significant by the
    procedure of Benjamini and Hochberg over all borders of all series, those that went included. A
    series without a border counts as one test.

    Args:
        tracks: the series; their `places` are not looked at.
        share: of the changes that are found, how many may be none.

    Returns:
        The changes, in the order of series and runs.
    """
    kept = [replace(track, places=tuple(partition(track.values, track.steps))) for track in tracks]
    tests = sum(max(1, len(track.places)) for track in kept)
    while True:
        borders = _Borders.of(kept)
        is_found = borders.are_found(tests, share)
        if is_found.all():
            return _steps(kept, borders)
        kept = [
            _without_worst(track, borders.p_values[own], is_found[own])
            for track, own in zip(kept, borders.of_tracks(kept), strict=True)
        ]


@dataclass(frozen=True)
class _Borders:
    """The tests of all borders of all series, in their order; one number each."""

    sizes: Floats
    errors: Floats
    degrees: Floats
    p_values: Floats

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> "_Borders":
        rows = [_compared(track, *bound) for track in tracks for bound in track.bounds]
        sizes, errors, degrees, choices = np.array(rows, dtype=np.float64).reshape(-1, 4).T
        return cls(
            sizes, errors, degrees, np.minimum(1, p_values(sizes, errors, degrees) * choices)
        )

    def are_found(self, tests: int, share: float) -> NDArray[np.bool_]:
        """Say which pass the procedure of Benjamini and Hochberg among so many tests."""
        family = np.concatenate([self.p_values, np.ones(tests - len(self.p_values))])
        adjusted = false_discovery_control(family) if len(family) else family
        return np.asarray(adjusted[: len(self.p_values)] <= share)

    @staticmethod
    def of_tracks(tracks: Sequence[Track]) -> list[slice]:
        """Where the borders of each series are among all."""
        ends = np.cumsum([0, *(len(track.places) for track in tracks)]).tolist()
        return [slice(*each) for each in pairwise(ends)]


def _compared(track: Track, begin: int, place: int, end: int) -> tuple[float, float, int, float]:
    """Size of a change in scores, its standard error, degrees of freedom, and chances it had."""
    own = scores(track.values[begin:end])
    before, after = own[: place - begin], own[place - begin :]
    degrees = end - begin - 2
    squares = before.var() * len(before) + after.var() * len(after)
    error = np.sqrt(squares / degrees * (1 / len(before) + 1 / len(after)))
    return float(after.mean() - before.mean()), float(error), degrees, _chances(track.steps)


def _chances(steps: Integers) -> float:
    """In how many places of a series, and for how many lengths of levels, a change can seem to be.

    Levels of half or twice the length see the same noise: each doubling counts once, from the
    shortest series that can have a change on.
    """
    places = np.count_nonzero(np.diff(steps[LEAST_RUNS - 1 : len(steps) - LEAST_RUNS + 1]))
    return places * max(1.0, math.log2(len(steps) / (2 * LEAST_RUNS)))


def _without_worst(track: Track, values: Floats, is_found: NDArray[np.bool_]) -> Track:
    """Take the least certain border away, unless all are found."""
    if is_found.all():
        return track
    worst = int(np.argmax(values))
    return replace(track, places=track.places[:worst] + track.places[worst + 1 :])


def _steps(tracks: Sequence[Track], borders: _Borders) -> list[Shift]:
    random = np.random.default_rng(SEED)
    bounds = [(number, bound) for number, track in enumerate(tracks) for bound in track.bounds]
    return [
        Shift(
            number,
            bound[1],
            *place_interval(tracks[number].values, tracks[number].steps, bound, random),
            *_size(tracks[number].values, *bound),
            float(value),
        )
        for (number, bound), value in zip(bounds, borders.p_values, strict=True)
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
