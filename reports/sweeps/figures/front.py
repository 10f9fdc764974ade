"""Time against parameters: which operators no other one beats in both."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from reports.drawing import scales
from reports.drawing.figure import Figure
from reports.drawing.labels import label_points
from reports.drawing.palette import legend
from reports.drawing.theme import INK, MUTED
from reports.sweeps import coverage, tables
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.figures.common import intervals, panel_per_direction, points
from reports.text import units, words

# What the whole cases must have in common for one operator to take the place of another.
SHAPE = ["batch", "height", "width", "channels", "kernel_size", "strides", "dtype"]
CAPTION = (
    "One point per operator, labelled with its own {noun} where there is room. Vertical bars are "
    "95 % intervals of the time over {covered}. All outputs have the same shape. A point on the "
    "line beats each point off it: less time or fewer parameters, and no more of either."
)
Floats = NDArray[np.float64]


def front_figure(records: pd.DataFrame, name: str) -> Figure | None:
    """Draw time against parameters along one sweep, and the Pareto front.

    Args:
        records: one sweep's prepared records.
        name: unique on the page.

    Returns:
        The figure; None where the sweep's shapes differ, or where there are fewer than three
        numbers of parameters to choose from.
    """
    known = records[records["parameters"].gt(0) & records["median_seconds"].gt(0)]
    known = _each_once(known)
    if _shapes(known) != 1 or known["parameters"].nunique() < 3:
        return None
    noun = words.axis(str(records["axis"].iloc[0])).noun
    times = known[["median_seconds", "seconds_low", "seconds_high"]].to_numpy().ravel()
    return Figure(
        name,
        _title(of_direction(known, directions(known)[0])),
        CAPTION.format(noun=noun, covered=coverage.covered(known)),
        panels=panel_per_direction(
            known,
            partial(_draw, spans=(scales.span(known["parameters"]), scales.span(times))),
            name,
            "time by parameters",
            _in_words,
        ),
        legend=legend(known),
    )


def _each_once(records: pd.DataFrame) -> pd.DataFrame:
    """Keep the first record of an operator that is the same at several places of the axis.

    The label of a point is the operator's own value: one group of a dense convolution.
    """
    axis = str(records["axis"].iloc[0]) if len(records) else "axis_value"
    own = records[axis] if axis in records else records["axis_value"]
    named = records.assign(own_value=own)
    return named.drop_duplicates([*SHAPE, "series", "direction", "own_value", "parameters"])


def _shapes(records: pd.DataFrame) -> int:
    """Count the shapes of the whole cases; a rival may have another window than its case."""
    dense = records[records["is_baseline"]]
    return len((dense if len(dense) else records)[SHAPE].drop_duplicates())


def front(records: pd.DataFrame) -> pd.DataFrame:
    """Keep the records that no other one beats in time or parameters and equals in the other.

    Args:
        records: records with `parameters` and `median_seconds`.

    Returns:
        Those on the front, by rising parameters and falling time.
    """
    ordered = records.sort_values(["parameters", "median_seconds"])
    fastest_before = ordered["median_seconds"].astype(float).cummin().shift(fill_value=float("inf"))
    return ordered[ordered["median_seconds"] < fastest_before]


def _title(records: pd.DataFrame) -> str:
    members = front(records)["series"].unique()
    direction = records["direction"].iloc[0]
    found = words.listed(members)
    return f"{words.sentence_case(direction)}, no operator beats {found} in time and parameters"


def _in_words(records: pd.DataFrame) -> str:
    members = "; ".join(
        f"{row['series']} at {words.value(row['own_value'])}, "
        f"{units.quantity(row['parameters'], units.COUNTS)} parameters, "
        f"{units.quantity(row['median_seconds'], units.SECONDS)}"
        for row in tables.rows(front(records))
    )
    return f"On the front: {members}."


def _draw(axes: Axes, records: pd.DataFrame, spans: tuple[tuple[float, float], ...]) -> None:
    scales.apply_log(axes, spans[0], partial(units.tick, units=units.COUNTS), vertical=False)
    scales.apply_log(axes, spans[1], partial(units.tick, units=units.SECONDS))
    members = front(records)
    line = _steps(members, spans)
    axes.plot(*line.T, color=INK, linewidth=1.2, zorder=1)
    intervals(axes, records, "parameters", "seconds_low", "seconds_high")
    points(axes, records, "parameters", "median_seconds")
    axes.set(xlabel="Parameters", ylabel="Time")
    places = records[["parameters", "median_seconds"]].to_numpy(dtype=float)
    names = [words.value(value) for value in records["own_value"]]
    labels = [(x, y, name) for (x, y), name in zip(places.tolist(), names, strict=True)]
    bars = records[["parameters", "seconds_low", "parameters", "seconds_high"]].dropna()
    lines = [line, *bars.to_numpy(dtype=float).reshape(-1, 2, 2)]
    label_points(axes, labels, places, lines=lines, color=MUTED, size=10)


def _steps(members: pd.DataFrame, spans: tuple[tuple[float, float], ...]) -> Floats:
    """The corners of the front, from the top of the plot to its right: shape (corners, 2)."""
    x = np.repeat([*members["parameters"], spans[0][1]], 2)[:-1]
    y = np.repeat([spans[1][1], *members["median_seconds"]], 2)[1:]
    return np.column_stack([x, y])
