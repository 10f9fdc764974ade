"""Change points of all series of all machines, with the runs between which each lies."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.history.levels import LEAST_RUNS, scatter
from reports.history.steps import Shift, Track, count_tests, cut, remaining
from reports.history.timelines import Floats, Timeline
from reports.sweeps.verdicts import MARGIN

# A level that lasted over so many runs was one, and no passing load.
HELD = 2 * LEAST_RUNS


@dataclass(frozen=True)
class ChangePoint:
    """A change of the level of one series on one machine.

    Runs are numbers in the timeline's order.

    Attributes:
        timeline: the number of the timeline.
        series: the number of the series in it.
        place: the first run of the new level.
        before: the last run that is of the old level, with 95 % confidence.
        after: the first run that is of the new level, with 95 % confidence.
        change: the new level over the old one.
        low: the lower end of its 95 % interval.
        high: the upper end.
        p_value: how probable so large a change is where there is none.
        is_baseline: whether it is one of a baseline, in seconds.
        undone: the first run from which the series is back at its old level, or beyond; None where
            it never is.
        undoes: the first run of the earliest change before whose level this one brings the series
            back, as far as its interval tells; None if there is none.
    """

    timeline: int
    series: int
    place: int
    before: int
    after: int
    change: float
    low: float
    high: float
    p_value: float
    is_baseline: bool
    undone: int | None = None
    undoes: int | None = None

    @property
    def is_slower(self) -> bool:
        """Whether the operator takes longer since."""
        return self.change > 1

    @property
    def is_return(self) -> bool:
        """Whether it brings back an earlier level, and takes no gain away that had been held."""
        is_loss = self.is_slower and self.undoes is not None and self.place - self.undoes >= HELD
        return self.undoes is not None and not is_loss


@dataclass(frozen=True, eq=False)
class Searched:
    """What was searched for change points, and what was found.

    Attributes:
        points: the changes beyond the margin, by timeline, series and run.
        series: how many series had enough commits for a change.
        too_short: how many had not.
        scatters: the standard deviation of each searched ratio around its levels, as logarithm.
        commits: how many commits each searched ratio has.
        tests: how many tests of ratios were made.
    """

    points: list[ChangePoint]
    series: int
    too_short: int
    scatters: Floats
    commits: Floats
    tests: int


def search(timelines: Sequence[Timeline]) -> Searched:
    """Search all series of all machines for change points.

    Args:
        timelines: of `timelines.timelines`.

    Returns:
        The changes beyond `MARGIN` that are significant among all ratios, or among all series that
        are judged in seconds: these drift, and would make the test of ratios a lenient one.
    """
    every = [
        _Examined.of(number, series, row, timeline)
        for number, timeline in enumerate(timelines)
        for series, row in enumerate(timeline.judged)
    ]
    long = [each for each in every if len(each.track.values) >= 2 * LEAST_RUNS]
    ratios = [each for each in long if not each.is_baseline]
    found, tests = _changes(ratios)
    found += _changes([each for each in long if each.is_baseline])[0]
    found.sort(key=lambda point: (point.timeline, point.series, point.place))
    return Searched(
        points=[*_with_ends(found)],
        series=len(long),
        too_short=len(every) - len(long),
        scatters=np.array([scatter(each.track.values) for each in ratios]),
        commits=np.array([len(each.track.values) for each in ratios], dtype=np.float64),
        tests=tests,
    )


@dataclass(frozen=True, eq=False)
class _Examined:
    """A series with one value for each commit.

    Runs of one commit say the same thing several times, and would seem to be more certain of it
    than they are.
    """

    timeline: int
    series: int
    is_baseline: bool
    track: Track
    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]

    @classmethod
    def of(
        cls, number: int, series: int, row: NDArray[np.float64], timeline: Timeline
    ) -> "_Examined":
        known = np.flatnonzero(np.isfinite(row))
        steps = timeline.steps[known]
        firsts = np.unique(steps, return_index=True)[1]
        medians = pd.Series(row[known]).groupby(steps).median()
        return cls(
            number,
            series,
            bool(timeline.series["quantity"].iloc[series] == "seconds"),
            Track(np.asarray(medians, dtype=np.float64)),
            known[firsts],
            known[[*(firsts[1:] - 1), *([len(known) - 1] if len(known) else [])]],
        )

    def point(self, step: Shift) -> ChangePoint:
        return ChangePoint(
            timeline=self.timeline,
            series=self.series,
            place=int(self.firsts[step.place]),
            before=int(self.lasts[step.first - 1]),
            after=int(self.firsts[step.last]),
            change=float(np.exp(step.size)),
            low=float(np.exp(step.low)),
            high=float(np.exp(step.high)),
            p_value=step.p_value,
            is_baseline=self.is_baseline,
        )


def _changes(family: Sequence[_Examined]) -> tuple[list[ChangePoint], int]:
    """The changes of one family of series beyond the margin, and how many tests were made."""
    tracks = cut([each.track for each in family])
    points = [family[step.track].point(step) for step in remaining(tracks)]
    large = [point for point in points if not 1 / (1 + MARGIN) <= point.change <= 1 + MARGIN]
    return large, count_tests(tracks)


def _with_ends(points: Iterable[ChangePoint]) -> Iterator[ChangePoint]:
    """Say of each change which later one of its series has undone it, and which it undoes."""
    for _, group in groupby(points, key=lambda point: (point.timeline, point.series)):
        own = list(group)
        undone = [_undone(own[number:]) for number in range(len(own))]
        for number, point in enumerate(own):
            earlier = [
                own[first].place
                for first in range(number)
                if undone[first] == point.place and _is_back(own[first : number + 1])
            ]
            yield replace(point, undone=undone[number], undoes=min(earlier, default=None))


def _is_back(points: Sequence[ChangePoint]) -> bool:
    """Whether changes together lead back to the old level, as far as the last interval tells."""
    net, last = float(np.prod([point.change for point in points])), points[-1]
    low, high = net * last.low / last.change, net * last.high / last.change
    return low <= 1 + MARGIN and high >= 1 / (1 + MARGIN)


def _undone(points: Sequence[ChangePoint]) -> int | None:
    """Where the first of a series' changes is made good, or more than that."""
    levels = np.cumprod([point.change for point in points])
    is_back = levels <= 1 + MARGIN if points[0].is_slower else levels >= 1 / (1 + MARGIN)
    return points[int(np.argmax(is_back))].place if is_back.any() else None
