"""Long histories as few enough points to draw: medians of stretches of runs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.history.timelines import Floats, Timeline

# More points than this are closer than a pixel or two in a small plot.
MOST_POINTS = 100


@dataclass(frozen=True, eq=False)
class Line:
    """One quantity of one series, as it is drawn.

    Attributes:
        x: the number of the commit of each point; the mean of a stretch.
        middle: the value.
        low: the lower end of its interval, NaN where it is unknown.
        high: the upper end.
    """

    x: Floats
    middle: Floats
    low: Floats
    high: Floats


def line(timeline: Timeline, series: int, quantity: str) -> Line:
    """Take one quantity of one series out of a timeline.

    Args:
        timeline: the machine's.
        series: its number.
        quantity: "ratio" or "seconds".

    Returns:
        One point per run, or of a long history one per stretch of runs: medians of the values and
        of the ends of their intervals.
    """
    values = np.stack([timeline.values[quantity + end][series] for end in ("", "_low", "_high")])
    is_known = np.isfinite(values[0])
    points = np.vstack([timeline.steps, values])[:, is_known]
    stretches = np.array_split(points, min(MOST_POINTS, max(points.shape[1], 1)), axis=1)
    return Line(*_medians(stretches).T)


def _medians(stretches: list[NDArray[np.float64]]) -> Floats:
    if all(stretch.shape[1] == 1 for stretch in stretches):
        return np.concatenate(stretches, axis=1).T
    rows = []
    for stretch in stretches:
        known = [row[np.isfinite(row)] for row in stretch]
        rows.append([np.median(row) if len(row) else np.nan for row in known])
    return np.array(rows, dtype=np.float64).reshape(-1, 4)
