"""The roofline: what each record reaches of what its machine allows."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.figure import Figure
from reports.drawing.palette import legend
from reports.drawing.theme import INK, MUTED
from reports.sweeps import coverage
from reports.sweeps.figures.common import (
    MARKER_SIZE,
    SIZE,
    intervals,
    panel_per_direction,
    points,
)
from reports.text import units

CAPTION = (
    "One point per float32 record of all sweeps of operators: FLOPs per second against FLOPs per "
    "byte that every implementation must move, both by formula. Points under the slope are limited "
    "by memory, points under the flat roof by arithmetic. The distance to the roof is what an "
    "implementation leaves unused. The roof was measured on this machine: a copy of a large tensor "
    "and large float32 products of matrices and convolutions. A convolution whose window reaches "
    "far over the border skips taps that the formula counts, so that it can be above the roof. "
    "Vertical bars are 95 % intervals over {covered}. Points of training are hollow."
)
CACHED_CAPTION = (
    " A ring marks data that fit into the last cache, where the call before has left them: the "
    "slope, which is of memory, is not their limit, and they can be above it."
)
# Points: the ring around a marker.
RING_SIZE, RING_WIDTH = MARKER_SIZE + 5.5, 0.9
# How far the axis reaches above all that is drawn, for the label of the roof.
HEADROOM = 1.8
# The plot without its labels, as shares of the figure: what turns a slope into an angle.
PLOT = (0.84, 0.78)


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
    shares = records.groupby("series", sort=False)["roofline_share"].median().dropna()
    if shares.empty:
        return "FLOPs per second by FLOPs per byte: all data fit into the last cache"
    named = [f"{series} {share:.0%}" for series, share in shares.items()]
    return f"Reached of the roofline, median: {', '.join(named)}"


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
    _draw_roof(axes, spans, roof, _top(records, roof))
    intervals(axes, records, "intensity", "slowest", "fastest")
    is_training = records["direction"].iloc[0] == "training"
    points(axes, records, "intensity", "speed", are_hollow=is_training)
    _draw_rings(axes, records[_beyond_memory(records)])
    axes.set(xlabel="FLOPs per byte that must move", ylabel="FLOP/s")


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
    axes: Axes, spans: tuple[tuple[float, float], ...], roof: tuple[float, float], top: float
) -> None:
    (low, high), (peak, bandwidth) = spans[0], roof
    ridge = peak / bandwidth
    axes.plot([low, ridge, high], [low * bandwidth, peak, peak], color=INK, linewidth=1.4)
    labelled: dict[str, Any] = {"textcoords": "offset points", "color": MUTED, "fontsize": 11}
    compute = f"peak compute {units.quantity(peak, units.COUNTS)}FLOP/s"
    axes.annotate(compute, (high, top), (0, 5), ha="right", va="bottom", **labelled)
    # It ends where the roof begins: a short slope has no room for it before the middle.
    axes.annotate(
        f"copy bandwidth {bandwidth / 1e9:.3g} GB/s",
        (ridge, peak),
        (-4, 0),
        ha="right",
        va="bottom",
        clip_on=True,
        rotation=_slope(spans),
        rotation_mode="anchor",
        **labelled,
    )


def _top(records: pd.DataFrame, roof: tuple[float, float]) -> float:
    """The height above which nothing is drawn: the label of the roof is there."""
    return max(roof[0], float(records["fastest"].max()), float(records["speed"].max()))


def _slope(spans: tuple[tuple[float, float], ...]) -> float:
    """The angle, in degrees, of a line whose height grows as its place does."""
    width, height = (share * pixels for share, pixels in zip(PLOT, SIZE, strict=True))
    across, along = (math.log(high / low) for low, high in spans)
    return math.degrees(math.atan2(height / along, width / across))
