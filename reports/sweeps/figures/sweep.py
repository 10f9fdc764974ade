"""A sweep: time over that of its baseline, and costs, along one axis."""

from functools import partial
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.palette import Picture, legend
from reports.drawing.panel import BAND, INK, MUTED, SURFACE, panel
from reports.sweeps import tables
from reports.sweeps.figures.common import SIZE, look, panel_a_direction, ratios_in_words
from reports.sweeps.statistics import directions, of_direction
from reports.text import units, words

DASHES = {"forward": "-", "training": (0, (4, 2))}

# Column, title and prefixes of each small plot of costs.
COSTS = (
    ("median_seconds", "Time, median", "Time", units.SECONDS),
    ("peak_memory_bytes", "Peak memory", "Peak memory", units.BYTES),
    ("flops", "FLOPs (1 MAC = 2 FLOPs)", "FLOPs", units.COUNTS),
    ("parameters", "Parameters", "Parameters", units.COUNTS),
)

RATIO_CAPTION = (
    "Points are medians of the ratios of rounds run in turn, vertical bars their 95 % "
    "intervals; below 1x is faster than {baseline}. The grey band is the noise floor: "
    "where {baseline} lands when timed against itself."
)
MISSING_CAPTION = " A cross on the axis marks a case that could not be measured."
COST_CAPTION = (
    "All axes of amounts are logarithmic: equal distances are equal ratios. "
    "Lines that coincide have equal values."
)


def ratio_picture(
    records: pd.DataFrame, unmeasured: pd.DataFrame, title: str, name: str
) -> Picture:
    """Draw time over the baseline's time along one sweep, a plot a direction.

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
        _draw_ratios(axes, scale.placed(chosen), scale.placed(missing), span, baseline)

    about = f"time over that of {baseline} by {axis.noun}"
    return Picture(
        title,
        RATIO_CAPTION.format(baseline=baseline) + MISSING_CAPTION * bool(len(unmeasured)),
        panels=panel_a_direction(records, draw, name, about, ratios_in_words),
    )


def cost_picture(records: pd.DataFrame, title: str, name: str) -> Picture:
    """Draw time, peak memory, FLOPs and parameters along one sweep.

    Args:
        records: one sweep's prepared records.
        title: the finding.
        name: unique on the page.
    """
    axis = words.axis(str(records["axis"].iloc[0]))
    scale = scales.Scale.of(records["axis_value"])
    placed = scale.placed(records)

    def draw(axes: Axes, cost: tuple[Any, ...]) -> None:
        scale.apply(axes, axis.title)
        _draw_costs(axes, placed, *cost)

    return Picture(
        title,
        COST_CAPTION,
        panels=[
            panel(
                partial(draw, cost=cost),
                SIZE,
                f"{name}-{cost[0]}",
                f"{cost[1]} by {axis.noun}",
                f"One line for each of: {', '.join(records['series'].unique())}.",
            )
            for cost in COSTS
        ],
        legend=legend(records),
        directions=list(directions(records)),
    )


def _draw_ratios(
    axes: Axes,
    records: pd.DataFrame,
    missing: pd.DataFrame,
    span: tuple[float, float],
    baseline: str,
) -> None:
    scales.apply_log(axes, span, units.ratio_tick)
    _noise_band(axes, records)
    title = axes.get_xlabel()
    _lines(axes, records, "ratio")
    axes.set(xlabel=title, ylabel=f"Time / time of {baseline}")
    colours = records["colour"].tolist()
    axes.vlines(
        records["x"], records["ratio_low"], records["ratio_high"], colors=colours, linewidth=1.6
    )
    for x, colour in zip(missing["x"], missing["colour"], strict=True):
        axes.plot(x, span[0], color=colour, marker="x", clip_on=False, zorder=4)
    _end_labels(axes, records, span)


def _draw_costs(
    axes: Axes,
    records: pd.DataFrame,
    column: str,
    heading: str,
    label: str,
    prefixes: tuple[units.Unit, ...],
) -> None:
    axes.set_title(heading)
    known = records[records[column] > 0]
    if known.empty:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "not measured", transform=axes.transAxes, ha="center")
        return
    scales.apply_log(
        axes,
        scales.span(known[column]),
        partial(units.tick, units=prefixes),
        binary=prefixes is units.BYTES,
    )
    title = axes.get_xlabel()
    for direction in directions(known):
        _lines(axes, of_direction(known, direction), column)
    axes.set(xlabel=title, ylabel=label)


def _noise_band(axes: Axes, records: pd.DataFrame) -> None:
    floors = records[["x", "floor_low", "floor_high"]].dropna()
    floors = floors.groupby("x", as_index=False).median().sort_values("x")
    if len(floors) == 1:
        axes.axhspan(*floors.iloc[0, 1:], color=BAND, linewidth=0, zorder=0)
    elif len(floors):
        axes.fill_between(*floors.to_numpy().T, color=BAND, linewidth=0, zorder=0)
    axes.axhline(1.0, color=MUTED, linewidth=0.8, zorder=1)


def _lines(axes: Axes, records: pd.DataFrame, column: str) -> None:
    """One line a series, of one direction; dashed and with hollow points for training.

    Cases that are no steps of one size are not connected.
    """
    before = len(axes.lines)
    is_scale = not records["axis_value"].map(lambda value: isinstance(value, str)).any()
    sns.lineplot(
        records,
        x="x",
        y=column,
        dashes=False,
        estimator=None,
        errorbar=None,
        ax=axes,
        **look(records),
    )
    direction = str(records["direction"].iloc[0])
    for line in axes.lines[before:]:
        hollow = direction == "training"
        line.set(
            linestyle=DASHES.get(direction, ":") if is_scale else "",
            linewidth=1.8,
            markersize=6.5,
            markeredgecolor=line.get_color() if hollow else SURFACE,
            markerfacecolor=SURFACE if hollow else line.get_color(),
        )


def _end_labels(axes: Axes, records: pd.DataFrame, span: tuple[float, float]) -> None:
    """Name each line at its right end, moved apart where lines end close together."""
    last = records.sort_values("x").groupby("series", sort=False).tail(1)
    last = last.sort_values("ratio")
    heights = scales.fraction(last["ratio"].to_numpy(), span)
    for row, height in zip(tables.rows(last), scales.apart(heights, least=0.075), strict=True):
        axes.annotate(
            row["series"],
            xy=(row["x"], row["ratio"]),
            xycoords="data",
            xytext=(1.05, height),
            textcoords="axes fraction",
            va="center",
            color=INK,
            arrowprops={"arrowstyle": "-", "color": row["colour"], "shrinkA": 2, "shrinkB": 5},
        )
