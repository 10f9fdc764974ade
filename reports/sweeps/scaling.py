"""How cost grows along a sweep, and where an operator overtakes its baseline."""

from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import linregress, t

from reports.sweeps.analysis import directions
from reports.sweeps.competition import SWEEP
from reports.sweeps.intervals import CONFIDENCE
from reports.text import words

# Two points are always on a line: only a third tells how far to trust its slope.
LEAST_POINTS = 3
# What grows, and the cost by formula that predicts how.
MEASURED = {"median_seconds": "macs", "peak_memory_bytes": "compulsory_bytes"}


@dataclass(frozen=True)
class Exponent:
    """The power of the axis with which a cost grows, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Crossing:
    """Where the ratio passes 1 for the last time along the axis.

    Attributes:
        between: the two neighbouring measured values between which the median ratio passes 1.
        certain: the nearest measured values before and after whose intervals are wholly on
            their side of 1; None where there is no such value on one of the sides.
        becomes: "faster" or "slower", after it.
    """

    between: tuple[float, float]
    certain: tuple[float, float] | None
    becomes: Literal["faster", "slower"]

    @property
    def place(self) -> str:
        """The values that the median passes 1 between, in words: "32 and 64"."""
        return _in_words(self.between)

    @property
    def certainty(self) -> str:
        """Where the intervals pass 1, as a phrase for brackets."""
        if self.certain is None:
            return "its intervals leave that open"
        if self.certain == self.between:
            return "by its intervals too"
        return f"by its intervals between {_in_words(self.certain)}"


def _in_words(ends: tuple[float, float]) -> str:
    return " and ".join(map(words.value, ends))


def exponent(axis_values: Any, costs: Any) -> Exponent | None:
    """Fit a power law, a line through the logarithms.

    Args:
        axis_values: numbers above 0.
        costs: one each, NaN where unknown.

    Returns:
        The exponent with the interval of the fit, which is wide where the growth is no power
        law; None below three points.

    Example:
        >>> exponent([1, 2, 4], [3, 12, 48]).value
        2.0
    """
    x, y = (np.asarray(values, dtype=np.float64) for values in (axis_values, costs))
    known = np.isfinite(x) & np.isfinite(y) & (x > 0) & (y > 0)
    if len(set(x[known])) < LEAST_POINTS:
        return None
    line = linregress(np.log(x[known]), np.log(y[known]))
    # A constant cost has no correlation, and so no error by scipy's formula.
    error = float(np.nan_to_num(line.stderr))
    half = float(t.ppf((1 + CONFIDENCE) / 2, known.sum() - 2)) * error
    value = round(float(line.slope), 12)
    return Exponent(value, value - half, value + half)


def crossing(records: pd.DataFrame) -> Crossing | None:
    """Find where an operator overtakes its baseline, or falls behind it.

    Nothing is interpolated: between two numbers of groups, strides or odd kernel sizes there may
    be no value at all.

    Args:
        records: one series and direction of one sweep, with `axis_value`, `ratio`, `ratio_low`
            and `ratio_high`.

    Returns:
        The last crossing; None where the ratio stays on one side.
    """
    ordered = records.sort_values("axis_value")
    values = ordered["axis_value"].tolist()
    is_faster = (ordered["ratio"] < 1).tolist()
    changes = [place for place, pair in enumerate(pairwise(is_faster)) if pair[0] != pair[1]]
    if not changes:
        return None
    last = changes[-1]
    faster, slower = (ordered["ratio_high"] < 1).tolist(), (ordered["ratio_low"] > 1).tolist()
    becomes_faster = is_faster[last + 1]
    before, after = (slower, faster) if becomes_faster else (faster, slower)
    lows = list(compress(values[: last + 1], before))
    highs = list(compress(values[last + 1 :], after[last + 1 :]))
    return Crossing(
        between=(values[last], values[last + 1]),
        certain=(lows[-1], highs[0]) if lows and highs else None,
        becomes="faster" if becomes_faster else "slower",
    )


def laws(records: pd.DataFrame) -> pd.DataFrame:
    """Fit each line of a sweep.

    Args:
        records: one sweep's judged records, with `series`.

    Returns:
        One row per series and direction with `series`, `direction`, `crossing` and, by the names in
        `MEASURED` and of the costs that predict them, one `Exponent` each; None where there
        are fewer than three points. Empty if the axis holds anything but numbers above 0.
    """
    values = pd.to_numeric(records["axis_value"], errors="coerce")
    if not (values > 0).all() or records.groupby(SWEEP).ngroups != 1:
        return pd.DataFrame()
    # Depthwise convolution has one point on the axis of groups, dense convolution another.
    lines = [
        (series, direction, group.assign(axis_value=values[group.index]))
        for direction in directions(records)
        for series, group in records[records["direction"] == direction].groupby(
            "series", sort=False
        )
    ]
    return pd.DataFrame(
        [
            {
                "series": series,
                "direction": direction,
                "crossing": None if group["is_baseline"].any() else crossing(group),
                **{
                    column: exponent(group["axis_value"], group[column])
                    for pair in MEASURED.items()
                    for column in pair
                },
            }
            for series, direction, group in lines
            if group["axis_value"].nunique() >= LEAST_POINTS
        ]
    )
