"""Change points of all series of all machines, with the runs between which each lies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from reports.history.levels import LEAST_RUNS, scatter
from reports.history.steps import Shift, Track, found_steps
from reports.history.timelines import Floats, Timeline
from reports.sweeps.verdicts import MARGIN


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
        undoes: the first run of the earliest change that this one has undone; None if it undoes
            none.
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


@dataclass(frozen=True, eq=False)
class Searched:
    """What was searched for change points, and what was found.

    Attributes:
        points: the changes beyond the margin, by timeline, series and run.
        series: how many series had enough runs for a change.
        too_short: how many had not.
        scatters: the standard deviation of each searched series around its levels, as logarithm.
        runs: how many runs each searched series has.
    """

    points: list[ChangePoint]
    series: int
    too_short: int
    scatters: Floats
    runs: Floats


def search(timelines: Sequence[Timeline]) -> Searched:
    """Search all series of all machines for change points.

    Args:
        timelines: of `timelines.timelines`.

    Returns:
        The changes that are significant among all series together and beyond `MARGIN`.
    """
    where, tracks, too_short = [], [], 0
    for number, timeline in enumerate(timelines):
        for series, row in enumerate(timeline.judged):
            known = np.flatnonzero(np.isfinite(row))
            if len(known) < 2 * LEAST_RUNS:
                too_short += 1
                continue
            where.append((number, series, known))
            tracks.append(Track(row[known], timeline.steps[known]))
    points = [_point(timelines, *where[step.track], step) for step in found_steps(tracks)]
    large = [point for point in points if not 1 / (1 + MARGIN) <= point.change <= 1 + MARGIN]
    return Searched(
        points=[*_with_ends(large)],
        series=len(tracks),
        too_short=too_short,
        scatters=np.array([scatter(track.values) for track in tracks]),
        runs=np.array([len(track.values) for track in tracks], dtype=np.float64),
    )


def _point(
    timelines: Sequence[Timeline], timeline: int, series: int, known: NDArray[np.int64], step: Shift
) -> ChangePoint:
    return ChangePoint(
        timeline=timeline,
        series=series,
        place=int(known[step.place]),
        before=int(known[step.first - 1]),
        after=int(known[step.last]),
        change=float(np.exp(step.size)),
        low=float(np.exp(step.low)),
        high=float(np.exp(step.high)),
        p_value=step.p_value,
        is_baseline=bool(timelines[timeline].series["quantity"].iloc[series] == "seconds"),
    )


def _with_ends(points: Sequence[ChangePoint]) -> Iterator[ChangePoint]:
    """Say of each change which later one of its series has undone it, and which it undoes."""
    for _, group in groupby(points, key=lambda point: (point.timeline, point.series)):
        own = list(group)
        undone = [_undone(own[number:]) for number in range(len(own))]
        for number, point in enumerate(own):
            earlier = [
                own[before].place for before in range(number) if undone[before] == point.place
            ]
            yield replace(point, undone=undone[number], undoes=min(earlier, default=None))


def _undone(points: Sequence[ChangePoint]) -> int | None:
    """Where the first of a series' changes is made good, or more than that."""
    levels = np.cumprod([point.change for point in points])
    is_back = levels <= 1 + MARGIN if points[0].is_slower else levels >= 1 / (1 + MARGIN)
    return points[int(np.argmax(is_back))].place if is_back.any() else None
