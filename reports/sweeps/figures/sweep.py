"""A sweep: time over that of its baseline, and costs, along one axis."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.figure import Figure, joined
from reports.drawing.palette import legend
from reports.drawing.panel import panel
from reports.sweeps import coverage, tables
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.figures import strokes
from reports.sweeps.figures.common import SIZE, intervals, panel_per_direction, ratios_in_words
from reports.text import units, words


@dataclass(frozen=True)
class CostAxis:
    """What a small plot of costs shows: a column, its heading and label, and its units."""

    column: str
    heading: str
    label: str
    units: tuple[units.Unit, ...]


COSTS = (
    CostAxis("median_seconds", "Time, median", "Time", units.SECONDS),
    CostAxis("peak_memory_bytes", "Peak memory", "Peak memory", units.BYTES),
    CostAxis("flops", "FLOPs (1 MAC = 2 FLOPs)", "FLOPs", units.COUNTS),
    CostAxis("parameters", "Parameters", "Parameters", units.COUNTS),
)

RATIO_CAPTION = (
    "Points are medians of the ratios in the same rounds, vertical bars their 95 % intervals "
    "over {covered}. Below 1x is faster than {baseline}. The grey band is the noise floor: the "
    "interval of {baseline} timed against itself."
)
MISSING_CAPTION = " A cross on the axis marks a case that could not be measured."
COST_CAPTION = "All axes of amounts are logarithmic: equal distances are equal ratios. "
LINES_CAPTION = "Lines that coincide have equal values."
POINTS_CAPTION = "Filled points are forward, hollow ones training."


def ratio_figure(records: pd.DataFrame, unmeasured: pd.DataFrame, title: str, name: str) -> Figure:
    """Draw time over the baseline's time along one sweep, one plot per direction.

    Args:
        records: one sweep's prepared records.
        unmeasured: the same sweep's prepared cases without a measurement.
        title: the finding.
        name: unique on the page.
    """
    axis = words.axis(str(records["axis"].iloc[0]))
    scale = scales.Scale.of(pd.concat([records["axis_value"], unmeasured["axis_value"]]))
    bounds = ["ratio", "ratio_low", "ratio_high", "floor_low", "floor_high"]
    span = scales.span([*records[bounds].to_numpy().ravel(), 1.0])
    baseline = tables.baseline_name(records)

    def draw(axes: Axes, chosen: pd.DataFrame) -> None:
        scale.apply(axes, axis.title)
        missing = of_direction(unmeasured, chosen["direction"].iloc[0])
        axes.set_ylabel(f"Time / time of {baseline}")
        _draw_ratios(axes, scale.placed(chosen), scale.placed(missing), span)

    about = f"time over that of {baseline} by {axis.noun}"
    return Figure(
        name,
        title,
        RATIO_CAPTION.format(baseline=baseline, covered=coverage.covered(records))
        + MISSING_CAPTION * bool(len(unmeasured)),
        panels=panel_per_direction(records, draw, name, about, ratios_in_words),
    )


def cost_figure(records: pd.DataFrame, title: str, name: str) -> Figure:
    """Draw time, peak memory, FLOPs and parameters along one sweep.

    Args:
        records: one sweep's prepared records.
        title: the finding.
        name: unique on the page.
    """
    axis = words.axis(str(records["axis"].iloc[0]))
    scale = scales.Scale.of(records["axis_value"])
    has_names = strokes.are_names(records)
    placed = strokes.spread(scale.placed(records))

    def draw(axes: Axes, cost: CostAxis) -> None:
        scale.apply(axes, axis.title)
        _draw_costs(axes, placed, cost)

    return Figure(
        name,
        title,
        COST_CAPTION + (POINTS_CAPTION if has_names else LINES_CAPTION),
        panels=[
            panel(
                partial(draw, cost=cost),
                SIZE,
                joined(name, cost.column),
                f"{cost.heading} by {axis.noun}",
                f"One line for each of: {', '.join(records['series'].unique())}.",
            )
            for cost in COSTS
        ],
        legend=legend(records),
        directions=[] if has_names else list(directions(records)),
    )


def _draw_ratios(
    axes: Axes,
    records: pd.DataFrame,
    missing: pd.DataFrame,
    span: tuple[float, float],
) -> None:
    scales.apply_log(axes, span, units.ratio_tick)
    strokes.noise_floor(axes, records)
    records = strokes.spread(records)
    strokes.lines(axes, records, "ratio")
    intervals(axes, records, "x", "ratio_low", "ratio_high")
    for x, colour in zip(missing["x"], missing["colour"], strict=True):
        axes.plot(x, span[0], color=colour, marker="x", clip_on=False, zorder=4)
    strokes.end_labels(axes, records, "ratio", span)


def _draw_costs(axes: Axes, records: pd.DataFrame, cost: CostAxis) -> None:
    axes.set_title(cost.heading)
    known = records[records[cost.column] > 0]
    if known.empty:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "not measured", transform=axes.transAxes, ha="center")
        return
    scales.apply_log(
        axes,
        scales.span(known[cost.column]),
        partial(units.tick, units=cost.units),
        binary=cost.units is units.BYTES,
    )
    for direction in directions(known):
        strokes.lines(axes, of_direction(known, direction), cost.column)
    axes.set_ylabel(cost.label)
