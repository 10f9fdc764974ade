"""The roofline: what each record reaches of what its machine allows."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.palette import Picture, legend
from reports.drawing.panel import INK, MUTED, SURFACE
from reports.sweeps.figures.common import SIZE, panel_a_direction
from reports.text import units

CAPTION = (
    "One point a float32 record of any sweep of operators: FLOPs a second against FLOPs per byte "
    "that no implementation can avoid to move, both by formula. Points under the slope are "
    "limited by memory, those under the flat roof by arithmetic; how far a point lies below is "
    "what its implementation leaves. The roof was measured on this machine: a copy of a large "
    "tensor and a large float32 matrix product. Data that stay in a cache can lie above the "
    "slope. Vertical bars are 95 % intervals; points of training are hollow."
)
# The plot without its labels, as shares of the figure: what turns a slope into an angle.
PLOT = (0.84, 0.78)


def roofline_picture(
    records: pd.DataFrame, conditions: Mapping[str, float], name: str
) -> Picture | None:
    """Draw a run's records under the roof of its machine (Williams et al., 2009).

    Args:
        records: one run's prepared records, with `intensity` and `roofline_share`.
        conditions: the run's, with `peak_flops` and `peak_bandwidth`.
        name: unique on the page.

    Returns:
        The picture; None where a peak was not measured or nothing ran in float32.
    """
    known = records[records["roofline_share"].notna() & records["flops"].gt(0)]
    if known.empty:
        return None
    known = known.assign(
        speed=known["flops"] / known["median_seconds"],
        slowest=known["flops"] / known["seconds_high"],
        fastest=known["flops"] / known["seconds_low"],
    )
    roof = (conditions["peak_flops"], conditions["peak_bandwidth"])
    ridge = roof[0] / roof[1]
    spans = (
        scales.span([*known["intensity"], ridge / 2, ridge * 2]),
        scales.span(
            [*known[["speed", "slowest", "fastest"]].to_numpy().ravel(), 2 * roof[0]]
        ),  # room for the roof's label
    )
    return Picture(
        _title(known),
        CAPTION,
        panels=panel_a_direction(
            known,
            partial(_draw, spans=spans, roof=roof),
            name,
            "FLOPs a second by FLOPs per byte, under the roofline",
            _in_words,
        ),
        legend=legend(known),
    )


def _title(records: pd.DataFrame) -> str:
    shares = records.groupby("series", sort=False)["roofline_share"].median()
    named = [f"{series} {share:.0%}" for series, share in shares.items()]
    return f"Reached of the roofline, median: {', '.join(named)}"


def _in_words(records: pd.DataFrame) -> str:
    parts = [
        f"{series}: {group.min():.1%} to {group.max():.1%} of the roofline"
        for series, group in records.groupby("series", sort=False)["roofline_share"]
    ]
    return "; ".join(parts) + "."


def _draw(
    axes: Axes,
    records: pd.DataFrame,
    spans: tuple[tuple[float, float], ...],
    roof: tuple[float, float],
) -> None:
    scales.apply_log(axes, spans[0], partial(units.tick, units=units.COUNTS), vertical=False)
    scales.apply_log(axes, spans[1], partial(units.tick, units=units.COUNTS))
    (low, high), (peak, bandwidth) = spans[0], roof
    ridge = peak / bandwidth
    axes.plot([low, ridge, high], [low * bandwidth, peak, peak], color=INK, linewidth=1.4)
    labelled: dict[str, Any] = {"textcoords": "offset points", "color": MUTED, "fontsize": 11}
    compute = f"peak compute {units.quantity(peak, units.COUNTS)}FLOP/s"
    axes.annotate(compute, (high, peak), (0, 5), ha="right", va="bottom", **labelled)
    foot = max(low, spans[1][0] / bandwidth)
    middle = (foot * ridge) ** 0.5
    axes.annotate(
        f"copy bandwidth {bandwidth / 1e9:.3g} GB/s",
        (middle, middle * bandwidth),
        (-4, 4),
        ha="center",
        va="bottom",
        rotation=_slope(spans),
        rotation_mode="anchor",
        **labelled,
    )
    hollow = records["direction"].iloc[0] == "training"
    for _, group in records.groupby("series", sort=False):
        colour = group["colour"].iloc[0]
        axes.vlines(group["intensity"], group["slowest"], group["fastest"], colors=colour)
        axes.scatter(
            group["intensity"],
            group["speed"],
            s=36,
            marker=group["marker"].iloc[0],
            facecolor=SURFACE if hollow else colour,
            edgecolor=colour if hollow else SURFACE,
            alpha=0.85,
            zorder=3,
        )
    axes.set(xlabel="FLOPs per byte that must move", ylabel="FLOP/s")


def _slope(spans: tuple[tuple[float, float], ...]) -> float:
    """The angle, in degrees, of a line whose height grows as its place does."""
    width, height = (share * pixels for share, pixels in zip(PLOT, SIZE, strict=True))
    across, along = (math.log(high / low) for low, high in spans)
    return math.degrees(math.atan2(height / along, width / across))
