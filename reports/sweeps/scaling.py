"""How cost grows along a sweep, and where an operator overtakes its baseline."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import linregress, t

from reports.sweeps.analysis import SWEEP, directions
from reports.sweeps.intervals import CONFIDENCE, Floats

# Two points are always on a line: only a third tells how far to trust its slope.
LEAST_POINTS = 3
# Error of logarithms whose sums were taken in another order.
ROUNDING = 1e-9
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
        value: the axis value, between two that were measured.
        low: from here on the interval of the ratio holds 1; the axis' start if it never begins to.
        high: up to here; the axis' end if it never stops.
        becomes: "faster" or "slower", beyond it.
    """

    value: float
    low: float
    high: float
    becomes: str


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

    Between two measured values the ratio is taken as a power of the axis. The ends are where the
    upper and the lower ends of the ratio's intervals pass 1.

    Args:
        records: one series and direction of one sweep, with `axis_value`, `ratio`, `ratio_low`
            and `ratio_high`.

    Returns:
        The last crossing; None where the ratio stays on one side.
    """
    ordered = records.sort_values("axis_value")
    x = np.log(ordered["axis_value"].to_numpy(dtype=np.float64))
    middle, low, high = (
        np.log(ordered[column].to_numpy(dtype=np.float64))
        for column in ("ratio", "ratio_low", "ratio_high")
    )
    roots = _roots(x, middle)
    if not roots:
        return None
    root = roots[-1]
    ends = _roots(x, low) + _roots(x, high)
    before = max((end for end in ends if end <= root + ROUNDING), default=x[0])
    after = min((end for end in ends if end >= root - ROUNDING), default=x[-1])
    return Crossing(
        value=float(np.exp(root)),
        low=float(np.exp(before)),
        high=float(np.exp(after)),
        becomes="faster" if middle[-1] < 0 else "slower",
    )


def _roots(x: Floats, y: Floats) -> list[float]:
    """Where the line through the points passes zero."""
    return [
        float(x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i]))
        for i in range(len(x) - 1)
        if (y[i] < 0) != (y[i + 1] < 0) and np.isfinite(y[i]) and np.isfinite(y[i + 1])
    ]


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
