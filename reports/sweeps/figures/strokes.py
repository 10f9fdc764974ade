"""Lines, labels and the noise floor of figures along the axis of a sweep."""

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.theme import BAND, INK, MUTED
from reports.sweeps import tables
from reports.sweeps.figures.common import LINE_WIDTH, face

DASHES: dict[str, Any] = {"forward": "-", "training": (0, (4, 2))}
# Named shapes: the share of a step over which the points of all series are spread, and the width
# of the noise floor.
SPREAD, FLOOR = 0.56, 0.84


def are_names(records: pd.DataFrame) -> bool:
    """Say whether the axis has names of shapes, which are no steps of a scale.

    Args:
        records: with `axis_value`.
    """
    return bool(records["axis_value"].map(lambda value: isinstance(value, str)).any())


def spread(records: pd.DataFrame) -> pd.DataFrame:
    """Move the points of each series aside where the axis has names, so that none covers another.

    Args:
        records: prepared records with `x`, of all series that are drawn.

    Returns:
        The records with another `x`; the same where the axis is a scale.
    """
    if not are_names(records):
        return records
    names = list(records["series"].unique())
    step = SPREAD / max(len(names) - 1, 1)
    middle = SPREAD / 2 if len(names) > 1 else 0.0
    moved = records["series"].map({name: step * place for place, name in enumerate(names)})
    return records.assign(x=records["x"] + moved - middle)


def lines(axes: Axes, records: pd.DataFrame, column: str) -> None:
    """Draw one line per series of one direction; training is dashed and has hollow points.

    Where the axis has names their points are not connected.

    Args:
        axes: where to.
        records: prepared records with `x`.
        column: what is up.
    """
    direction = str(records["direction"].iloc[0])
    before, labels = len(axes.lines), {"xlabel": axes.get_xlabel(), "ylabel": axes.get_ylabel()}
    sns.lineplot(
        records,
        x="x",
        y=column,
        hue="series",
        style="series",
        palette=dict(zip(records["series"], records["colour"], strict=True)),
        markers=dict(zip(records["series"], records["marker"], strict=True)),
        dashes=False,
        estimator=None,
        errorbar=None,
        legend=False,
        ax=axes,
    )
    axes.set(**labels)
    for line in axes.lines[before:]:
        line.set(
            linestyle="" if are_names(records) else DASHES.get(direction, ":"),
            linewidth=LINE_WIDTH,
            **face(str(line.get_color()), is_hollow=direction == "training"),
        )


def noise_floor(axes: Axes, records: pd.DataFrame) -> None:
    """Draw the noise floor of each place of the axis, and the line at 1 in it.

    Args:
        axes: where to.
        records: prepared records with `x`, before they are spread.
    """
    floors = records[["x", "floor_low", "floor_high"]].dropna()
    floors = floors.groupby("x", as_index=False).median().sort_values("x")
    look: dict[str, Any] = {"color": BAND, "linewidth": 0, "zorder": 0}
    if are_names(records):
        for x, low, high in floors.to_numpy():
            axes.fill_between([x - FLOOR / 2, x + FLOOR / 2], low, high, **look)
    elif len(floors) == 1:
        axes.axhspan(*floors.iloc[0, 1:], **look)
    elif len(floors):
        axes.fill_between(*floors.to_numpy().T, **look)
    line_at_one(axes)


def line_at_one(axes: Axes) -> None:
    """Draw the line at 1, where the baseline is.

    Args:
        axes: where to.
    """
    axes.axhline(1.0, color=MUTED, linewidth=0.8, zorder=1)


def end_labels(axes: Axes, records: pd.DataFrame, column: str, ends: tuple[float, float]) -> None:
    """Label each line at its right end; labels of lines that end close together move apart.

    Args:
        axes: where to.
        records: prepared records with `x`.
        column: what is up.
        ends: the ends of the axis up.
    """
    last = records.sort_values("x").groupby("series", sort=False).tail(1)
    last = last.sort_values(column)
    heights = scales.fraction(last[column].to_numpy(), ends)
    for row, height in zip(tables.rows(last), scales.apart(heights, least=0.075), strict=True):
        axes.annotate(
            row["series"],
            xy=(row["x"], row[column]),
            xycoords="data",
            xytext=(1.05, height),
            textcoords="axes fraction",
            va="center",
            color=INK,
            arrowprops={
                "arrowstyle": "-",
                "color": row["colour"],
                "relpos": (0, 0.5),
                "shrinkA": 2,
                "shrinkB": 5,
            },
        )
