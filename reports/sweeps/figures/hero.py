"""The figure of the first screen: time and peak memory over the baseline's, along one axis."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.figure import Figure, Panel, joined
from reports.drawing.panel import panel
from reports.sweeps import coverage, tables
from reports.sweeps.analysis import of_direction
from reports.sweeps.figures import strokes
from reports.sweeps.figures.common import SIZE, intervals, ratios_in_words
from reports.sweeps.telling import Telling
from reports.text import units, words

# What the labels say instead of an implementation's name.
PLAIN = {"involution (native)": "involution", "involution (patches)": "as in the tutorial"}
# More lines than this have no room for their labels at a glance.
MOST_LINES = 5
CAPTION = (
    "{direction}, {baseline} = 1: below it is less. Vertical bars are 95 % intervals over "
    "{covered}, the grey band is the noise floor."
)


@dataclass(frozen=True)
class _Ratio:
    """What a panel shows: a column over the baseline's, and its heading."""

    column: str
    heading: str


RATIOS = (_Ratio("ratio", "Time"), _Ratio("memory_ratio", "Peak memory"))


def hero_figure(told: Telling, title: str, name: str) -> Figure:
    """Draw what a run found over the axis of its most telling sweep.

    Args:
        told: the sweep, and the series that the run is about.
        title: the finding.
        name: unique on the page.

    Returns:
        One plot for the time, and one for peak memory where it was measured.
    """
    direction = str(told.row["direction"])
    shown = _shown(of_direction(told.records, direction), told)
    caption = CAPTION.format(
        direction=words.sentence_case(direction),
        baseline=tables.baseline_name(told.records),
        covered=coverage.covered(shown),
    )
    measured = [ratio for ratio in RATIOS if shown[ratio.column].gt(0).any()]
    panels = [_panel(shown, told, ratio, name) for ratio in measured]
    return Figure(name, title, caption, panels)


def _shown(records: pd.DataFrame, told: Telling) -> pd.DataFrame:
    """Keep the subject and the first series of each other operator and implementation."""
    others = records[~records["is_baseline"]]
    names = dict.fromkeys([told.subject, *others["series"]])
    patches = dict.fromkeys(others.loc[others["implementation"] == "patches", "series"])
    firsts = others.drop_duplicates("operator")["series"]
    chosen = list(dict.fromkeys([told.subject, *patches, *firsts, *names]))
    shown = others[others["series"].isin(chosen[:MOST_LINES])]
    return shown.assign(series=shown["series"].replace(PLAIN))


def _panel(records: pd.DataFrame, told: Telling, ratio: _Ratio, name: str) -> Panel:
    axis = words.axis(str(told.row["axis"]))
    baseline = tables.baseline_name(told.records)
    known = records[records[ratio.column].gt(0)]
    return panel(
        partial(_draw, records=known, ratio=ratio, title=f"{ratio.heading}, {baseline} = 1"),
        SIZE,
        joined(name, ratio.column.replace("_", "-")),
        f"{ratio.heading} over that of {baseline} by {axis.noun}",
        ratios_in_words(known.assign(ratio=known[ratio.column])),
    )


def _draw(axes: Axes, records: pd.DataFrame, ratio: _Ratio, title: str) -> None:
    is_time = ratio.column == "ratio"
    bounds = ["ratio", "ratio_low", "ratio_high", "floor_low", "floor_high"]
    shown = records[bounds if is_time else [ratio.column]].to_numpy().ravel()
    span = scales.span([*shown, 1.0])
    scale = scales.Scale.of(records["axis_value"])
    scale.apply(axes, words.axis(str(records["axis"].iloc[0])).title)
    scales.apply_log(axes, span, units.ratio_tick)
    axes.set_title(title)
    placed = scale.placed(records)
    if is_time:
        strokes.noise_floor(axes, placed)
    else:
        strokes.line_at_one(axes)
    placed = strokes.spread(placed)
    strokes.lines(axes, placed, ratio.column)
    axes.set_ylabel("")
    if is_time:
        intervals(axes, placed, "x", "ratio_low", "ratio_high")
    strokes.end_labels(axes, placed, ratio.column, span)
