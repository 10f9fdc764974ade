"""A sweep over two axes: a map of the ratios."""

from functools import partial

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reports.drawing.figure import Figure, joined
from reports.drawing.panel import panel
from reports.sweeps import coverage, subjects, tables, titles
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.figures.common import SIZE, ratios_in_words
from reports.text import units, words

# Sizes of which a map needs exactly two to vary. Height implies width.
AXES = ("height", "channels", "kernel_size", "strides", "batch")
# Colours do not deepen beyond a ratio of this many doublings.
DOUBLINGS = 4.0
# Brown for slower, blue-green for faster: told apart by colour-blind readers.
PALETTE = "BrBG_r"
CAPTION = (
    "Each cell is the median of the ratios in the same rounds. Below 1x (green) is faster than "
    "{baseline}, above 1x (brown) is slower. A question mark: the interval over {covered} leaves "
    "the verdict undecided. An equals sign: equivalent. An empty cell was not measured."
)
# What red, green and blue add to the brightness of a colour.
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
SIGNS = {"undecided": "?", "equivalent": "="}


def _axes(records: pd.DataFrame) -> tuple[str, str] | None:
    """Find the two axes of a sweep whose records form a grid.

    Args:
        records: one sweep's records.

    Returns:
        What varies over the rows of a map and over its columns. None where not exactly two sizes
        vary, where at most half of their combinations were measured, or only the baseline was.
    """
    dense = records[records["is_baseline"]]
    varying = [name for name in AXES if len(dense[name].unique()) > 1]
    if len(varying) != 2 or len(dense) == len(records):
        return None
    pairs = dense[varying].drop_duplicates()
    full = int(np.prod([dense[name].nunique() for name in varying]))
    return (varying[1], varying[0]) if full >= 6 and len(pairs) > full / 2 else None


def grid_figure(records: pd.DataFrame, name: str) -> Figure | None:
    """Draw a map of ratios for each operator but the baseline, and each direction.

    Args:
        records: one sweep's prepared records.
        name: unique on the page.

    Returns:
        The figure; None where the records do not form a grid.
    """
    axes = _axes(records)
    if axes is None:
        return None
    others = records[~records["is_baseline"]]
    panels = []
    for number, (series, lines) in enumerate(others.groupby("series", sort=False)):
        for direction in directions(lines):
            chosen = of_direction(lines, direction)
            heading = f"{series}, {direction}"
            panels.append(
                panel(
                    partial(_draw, records=chosen, along=axes, heading=heading),
                    SIZE,
                    joined(name, str(number), words.slug(direction)),
                    f"{heading}: time over that of {tables.baseline_name(records)} "
                    f"by {words.axis(axes[0]).noun} and {words.axis(axes[1]).noun}",
                    ratios_in_words(chosen),
                )
            )
    caption = CAPTION.format(
        baseline=tables.baseline_name(records),
        covered=coverage.covered(records),
    )
    return Figure(name, _title(records), caption, panels)


def _title(records: pd.DataFrame) -> str:
    """Say where the first operator's least and greatest ratio are."""
    others = records[~records["is_baseline"]]
    first = others[others["series"] == others["series"].iloc[0]]
    ends = subjects.ends(of_direction(first, directions(first)[0]))
    return titles.spread(ends, tables.baseline_name(records))


def _draw(axes: Axes, records: pd.DataFrame, along: tuple[str, str], heading: str) -> None:
    marked = records.assign(sign=records["verdict"].map(SIGNS).fillna(""))
    cells = marked.pivot_table(
        index=along[0], columns=along[1], values=["ratio", "sign"], aggfunc="first"
    ).sort_index(ascending=False)
    ratios, signs = cells["ratio"], cells["sign"].to_numpy()
    values = ratios.to_numpy(dtype=float)
    colours = mpl.colormaps[PALETTE](np.log2(values) / (2 * DOUBLINGS) + 0.5)
    for row, column in np.ndindex(*values.shape):
        ratio = float(values[row, column])
        if np.isnan(ratio):
            continue
        colour = colours[row, column]
        place = (column - 0.49, row - 0.49)
        axes.add_patch(Rectangle(place, 0.98, 0.98, facecolor=colour, edgecolor="none"))
        # The lighter a cell, the darker its text, whatever the theme.
        ink = "#111111" if colour[:3] @ LUMINANCE > 0.4 else "#f7f7f7"
        text = " ".join([units.ratio(ratio), *str(signs[row, column])])
        axes.text(column, row, text, color=ink, ha="center", va="center", fontsize=13)
    axes.set(xlim=(-0.5, ratios.shape[1] - 0.5), ylim=(ratios.shape[0] - 0.5, -0.5))
    axes.set_xticks(range(ratios.shape[1]), list(map(words.value, ratios.columns)))
    axes.set_yticks(range(ratios.shape[0]), list(map(words.value, ratios.index)))
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    axes.tick_params(length=0, rotation=0)
    axes.set_title(words.sentence_case(heading))
    axes.set(xlabel=words.axis(along[1]).title, ylabel=words.axis(along[0]).title)
