"""What several figures have in common."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from reports.drawing.figure import Panel, joined
from reports.drawing.panel import panel
from reports.drawing.theme import SURFACE
from reports.sweeps.analysis import directions, of_direction
from reports.text import units, words

# Pixels. Narrow enough that the text can still be read on a phone.
SIZE = (460.0, 315.0)
# Points: the diameter of a marker, its edge in the colour of the page, and a line between markers.
MARKER_SIZE, EDGE, LINE_WIDTH = 6.5, 0.7, 1.8


def panel_per_direction(
    records: pd.DataFrame,
    draw: Callable[[Axes, pd.DataFrame], None],
    name: str,
    about: str,
    in_words: Callable[[pd.DataFrame], str],
) -> list[Panel]:
    """Draw the records of each direction in a plot of their own.

    Args:
        records: one sweep's or run's prepared records.
        draw: draws records of one direction.
        name: the figure's, unique on the page.
        about: what each plot is, after its direction.
        in_words: says what a plot shows.
    """

    def titled(axes: Axes, chosen: pd.DataFrame) -> None:
        axes.set_title(words.sentence_case(str(chosen["direction"].iloc[0])))
        draw(axes, chosen)

    return [
        panel(
            partial(titled, chosen=chosen),
            SIZE,
            joined(name, words.slug(direction)),
            f"{words.sentence_case(direction)}: {about}",
            in_words(chosen),
        )
        for direction in directions(records)
        for chosen in (of_direction(records, direction),)
    ]


def ratios_in_words(records: pd.DataFrame) -> str:
    """Write the range of ratios of each series, for readers who do not see the plot.

    Args:
        records: prepared records, with `ratio`.
    """
    parts = []
    for series, group in records.groupby("series", sort=False):
        low, high = np.min(group["ratio"]), np.max(group["ratio"])
        parts.append(f"{series}: {units.ratio(low)} to {units.ratio(high)}")
    return "; ".join(parts) + "." if parts else "No record."


def _each_series(records: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Yield the records of each series with its colour and its marker."""
    for _, group in records.groupby("series", sort=False):
        yield group, str(group["colour"].iloc[0]), str(group["marker"].iloc[0])


def points(axes: Axes, records: pd.DataFrame, x: str, y: str, *, are_hollow: bool = False) -> None:
    """Draw one point per record, in the look of its series.

    Args:
        axes: where to.
        records: prepared records.
        x: the column across.
        y: the column up.
        are_hollow: whether the points have their colour at the edge only.
    """
    for group, colour, marker in _each_series(records):
        axes.plot(
            *(group[x], group[y]),
            linestyle="",
            marker=marker,
            **face(colour, is_hollow=are_hollow),
            zorder=3,
        )


def face(colour: str, *, is_hollow: bool) -> dict[str, Any]:
    """Return how matplotlib draws points: hollow, or filled with an edge that separates them.

    Args:
        colour: of the series.
        is_hollow: whether the points have their colour at the edge only.

    Returns:
        Arguments of `Axes.plot`.
    """
    return {
        "markersize": MARKER_SIZE if is_hollow else MARKER_SIZE + EDGE,
        "markeredgecolor": colour if is_hollow else SURFACE,
        "markerfacecolor": SURFACE if is_hollow else colour,
        "markeredgewidth": 1.0 if is_hollow else EDGE,
    }


def intervals(axes: Axes, records: pd.DataFrame, x: str, low: str, high: str) -> None:
    """Draw one vertical bar per record, in the colour of its series.

    Args:
        axes: where to.
        records: prepared records.
        x: the column across.
        low: the column of the lower ends.
        high: the column of the upper ends.
    """
    for group, colour, _ in _each_series(records):
        axes.vlines(group[x], group[low], group[high], colors=colour, linewidth=1.4, zorder=2.5)
