"""Time against parameters: which operators no other one beats in both."""

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from reports.drawing import scales
from reports.drawing.figure import Figure
from reports.drawing.labels import label_points
from reports.drawing.palette import legend
from reports.drawing.theme import INK, MUTED
from reports.sweeps import tables
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.figures.common import intervals, panel_per_direction, points
from reports.text import units, words

# What must be equal for one operator to take the place of another.
SHAPE = ["batch", "height", "width", "channels", "kernel_size", "strides", "dtype"]
CAPTION = (
    "One point per case, labelled with its {noun}, and the 95 % interval of its time. All cases "
    "have the same window and the same shape of the output. The line is the front: for each point "
    "above it or to the right of it, a point on the line needs less time or fewer parameters, and "
    "no more of either."
)


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
    if known[SHAPE].drop_duplicates().shape[0] != 1 or known["parameters"].nunique() < 3:
        return None
    noun = words.axis(str(records["axis"].iloc[0])).noun
    times = known[["median_seconds", "seconds_low", "seconds_high"]].to_numpy().ravel()
    return Figure(
        name,
        _title(of_direction(known, directions(known)[0])),
        CAPTION.format(noun=noun),
        panels=panel_per_direction(
            known,
            partial(_draw, spans=(scales.span(known["parameters"]), scales.span(times))),
            name,
            "time by parameters",
            _in_words,
        ),
        legend=legend(known),
    )


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
    return f"On the front of time and parameters, {direction}: {', '.join(members)}"


def _in_words(records: pd.DataFrame) -> str:
    members = "; ".join(
        f"{row['series']} at {words.value(row['axis_value'])}, "
        f"{units.quantity(row['parameters'], units.COUNTS)} parameters, "
        f"{units.quantity(row['median_seconds'], units.SECONDS)}"
        for row in tables.rows(front(records))
    )
    return f"On the front: {members}."


def _draw(axes: Axes, records: pd.DataFrame, spans: tuple[tuple[float, float], ...]) -> None:
    scales.apply_log(axes, spans[0], partial(units.tick, units=units.COUNTS), vertical=False)
    scales.apply_log(axes, spans[1], partial(units.tick, units=units.SECONDS))
    members = front(records)
    steps = [*members["parameters"], spans[0][1]], [*members["median_seconds"]]
    axes.step(
        [steps[0][0], *steps[0]],
        [spans[1][1], *steps[1], steps[1][-1]],
        where="post",
        color=INK,
        linewidth=1.2,
        zorder=1,
    )
    intervals(axes, records, "parameters", "seconds_low", "seconds_high")
    points(axes, records, "parameters", "median_seconds")
    axes.set(xlabel="Parameters", ylabel="Time")
    places = records[["parameters", "median_seconds"]].to_numpy(dtype=float)
    names = [words.value(value) for value in records["axis_value"]]
    labels = [(x, y, name) for (x, y), name in zip(places.tolist(), names, strict=True)]
    label_points(axes, labels, places, color=MUTED, size=10)
