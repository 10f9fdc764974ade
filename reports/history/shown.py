"""A series with its changes, as tables and figures show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from reports.history.change_points import ChangePoint
from reports.history.commits import Commits
from reports.history.timelines import Timeline
from reports.text import units


@dataclass(frozen=True)
class Shown:
    """A series with the changes that were found in it.

    Attributes:
        timeline: the machine's.
        series: its number in the timeline.
        points: its changes.
        commits: what the repository knows.
    """

    timeline: Timeline
    series: int
    points: Sequence[ChangePoint]
    commits: Commits

    @property
    def row(self) -> dict[str, Any]:
        """What is known of the series."""
        return dict(self.timeline.series.iloc[self.series])


def levels(shown: Shown, quantity: str) -> list[tuple[int, int, float]]:
    """Find the levels of a series between its changes.

    Args:
        shown: the series.
        quantity: "ratio" or "seconds".

    Returns:
        The first and the last commit of each level, as numbers, and the median of its runs.
    """
    values, steps = shown.timeline.values[quantity][shown.series], shown.timeline.steps
    found = []
    borders = [0, *(point.place for point in shown.points), len(values)]
    for begin, end in pairwise(borders):
        known = values[begin:end][np.isfinite(values[begin:end])]
        if len(known):
            found.append((int(steps[begin]), int(steps[end - 1]), float(np.median(known))))
    return found


def levels_in_words(shown: Shown, quantity: str) -> list[str]:
    """Write the levels of a series between its changes.

    Args:
        shown: the series.
        quantity: "ratio" or "seconds".

    Returns:
        One string per level, in their order.
    """
    values = [value for _, _, value in levels(shown, quantity)]
    if quantity == "ratio":
        return [units.ratio(value) for value in values]
    return [units.quantity(value, units.SECONDS) for value in values]
