"""The roofline: what each record reaches of what its machine allows."""

import math
from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.figure import Figure
from reports.drawing.labels import label_points
from reports.drawing.palette import legend
from reports.drawing.theme import INK, MUTED
from reports.sweeps import coverage, subjects
from reports.sweeps.figures.common import (
    MARKER_SIZE,
    intervals,
    panel_per_direction,
    points,
)
from reports.text import units, words

CAPTION = (
    "One point per float32 record of all sweeps of operators, with its 95 % interval over "
    "{covered}: how many FLOPs a second it computes. The line is the most that this machine "
    "allows: a copy of a large tensor limits the slope, large float32 products of matrices and "
    "convolutions the flat part. What lies between a point and the line is unused. Operators to "
    "the right compute more with each byte that they must move. A convolution whose window reaches "
    "far over the border skips taps that the formula counts, so that it can be above the line."
)
CACHED_CAPTION = (
    " A ring marks data that fit into the last cache: memory is not their limit, and they can be "
    "above the slope."
)
# Points: the ring around a marker.
RING_SIZE, RING_WIDTH = MARKER_SIZE + 5.5, 0.9
# How far the axis reaches above all that is drawn, for the label of the roof.
HEADROOM = 1.8


def roofline_figure(
    records: pd.DataFrame, conditions: Mapping[str, float], name: str
) -> Figure | None:
    """Draw a run's records under the roof of its machine (Williams et al., 2009).

    Args:
        records: one run's prepared records, with `intensity`, `bound` and `roofline_share`.
        conditions: the run's, with `peak_flops` and `peak_bandwidth`.
        name: unique on the page.

    Returns:
        The figure; None where a peak was not measured or nothing ran in float32.
    """
    known = records[records["bound"].notna() & records["flops"].gt(0)]
    if known.empty:
        return None
    known = known.assign(
        speed=known["flops"] / known["median_seconds"],
        slowest=known["flops"] / known["seconds_high"],
        fastest=known["flops"] / known["seconds_low"],
    )
    roof = (conditions["peak_flops"], conditions["peak_bandwidth"])
    return Figure(
        name,
        _title(known),
        CAPTION.format(covered=coverage.covered(known))
        + CACHED_CAPTION * bool(_beyond_memory(known).any()),
        panels=panel_per_direction(
            known,
            partial(_draw, spans=_spans(known, roof), roof=roof),
            name,
            "FLOPs per second by FLOPs per byte, under the roofline",
            _in_words,
        ),
        legend=legend(known),
    )


def _spans(
    records: pd.DataFrame, roof: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Find the ends of both axes: all points and intervals, the ridge, and room for its label."""
    ridge = roof[0] / roof[1]
    speeds = records[["speed", "slowest", "fastest"]].to_numpy().ravel()
    return (
        scales.span([*records["intensity"], ridge / 2, ridge * 2]),
        scales.span([*speeds, HEADROOM * _top(records, roof)]),
    )


def _title(records: pd.DataFrame) -> str:
    """Say what the subject and its baseline reach, by the medians over their records."""
    shares = records.groupby("series", sort=False)["roofline_share"].median().dropna()
    if shares.empty:
        return "FLOPs per second by FLOPs per byte: all data fit into the last cache"
    baselines = records.loc[records["is_baseline"], "series"]
    wanted = dict.fromkeys([subjects.subject(records), *baselines, *shares.index])
    first, *others = [name for name in wanted if name in shares][:2]
    text = f"{words.sentence_case(str(first))} reaches {_percent(shares[first])} of what this"
    rest = "".join(f", {name} {_percent(shares[name])}" for name in others)
    return f"{text} machine allows{rest} (medians)"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _beyond_memory(records: pd.DataFrame) -> pd.Series:
    """Say which records are under the slope of memory without being limited by it."""
    return records["bound"] == "cache"


def _in_words(records: pd.DataFrame) -> str:
    shares = records.dropna(subset="roofline_share").groupby("series", sort=False)
    parts = [
        f"{series}: {group.min():.1%} to {group.max():.1%} of the roofline"
        for series, group in shares["roofline_share"]
    ]
    cached = int(_beyond_memory(records).sum())
    parts += [f"{units.counted(cached, 'point')} in the last cache"] if cached else []
    return "; ".join(parts) + "."


def _draw(
    axes: Axes,
    records: pd.DataFrame,
    spans: tuple[tuple[float, float], ...],
    roof: tuple[float, float],
) -> None:
    scales.apply_log(axes, spans[0], partial(units.tick, units=units.COUNTS), vertical=False)
    scales.apply_log(axes, spans[1], partial(units.tick, units=units.COUNTS))
    intervals(axes, records, "intensity", "slowest", "fastest")
    is_training = records["direction"].iloc[0] == "training"
    points(axes, records, "intensity", "speed", are_hollow=is_training)
    _draw_rings(axes, records[_beyond_memory(records)])
    axes.set(xlabel="FLOPs per byte that must move", ylabel="FLOP/s")
    _draw_roof(axes, spans, roof, records)


def _draw_rings(axes: Axes, records: pd.DataFrame) -> None:
    axes.plot(
        *(records["intensity"], records["speed"]),
        linestyle="",
        marker="o",
        markersize=RING_SIZE,
        markerfacecolor="none",
        markeredgecolor=MUTED,
        markeredgewidth=RING_WIDTH,
    )


def _draw_roof(
    axes: Axes,
    spans: tuple[tuple[float, float], ...],
    roof: tuple[float, float],
    records: pd.DataFrame,
) -> None:
    """Draw the roof with its two numbers, and keep these clear of the points."""
    (low, high), (peak, bandwidth) = spans[0], roof
    ridge = peak / bandwidth
    corners = np.array([[low, low * bandwidth], [ridge, peak], [high, peak]])
    axes.plot(*corners.T, color=INK, linewidth=1.4)
    labels = [
        (math.sqrt(ridge * high), peak, f"peak compute {units.quantity(peak, units.COUNTS)}FLOP/s"),
        (
            *(math.sqrt(low * ridge), math.sqrt(low * ridge) * bandwidth),
            f"copy bandwidth {bandwidth / 1e9:.3g} GB/s",
        ),
    ]
    places = records[["intensity", "speed"]].to_numpy(dtype=float)
    bars = records[["intensity", "slowest", "intensity", "fastest"]].dropna()
    lines = [corners, *bars.to_numpy(dtype=float).reshape(-1, 2, 2)]
    label_points(axes, labels, places, lines=lines, color=MUTED)


def _top(records: pd.DataFrame, roof: tuple[float, float]) -> float:
    """The height above which nothing is drawn: the label of the roof is there."""
    return max(roof[0], float(records["fastest"].max()), float(records["speed"].max()))
