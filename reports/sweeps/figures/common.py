"""What several figures have in common."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from markupsafe import Markup
from matplotlib.axes import Axes

from reports.drawing.panel import SURFACE, panel
from reports.sweeps.statistics import directions, of_direction
from reports.text import units, words

# Pixels. Narrow enough that the text can still be read on a phone.
SIZE = (460.0, 315.0)


def panel_a_direction(
    records: pd.DataFrame,
    draw: Callable[[Axes, pd.DataFrame], None],
    name: str,
    about: str,
    in_words: Callable[[pd.DataFrame], str],
) -> list[Markup]:
    """Draw the records of each direction in a plot of their own.

    Args:
        records: one sweep's or run's prepared records.
        draw: draws records of one direction.
        name: unique on the page.
        about: what each plot is, after its direction.
        in_words: says what a plot shows.
    """

    def titled(axes: Axes, chosen: pd.DataFrame) -> None:
        axes.set_title(str(chosen["direction"].iloc[0]).capitalize())
        draw(axes, chosen)

    return [
        panel(
            partial(titled, chosen=chosen),
            SIZE,
            f"{name}-{words.slug(direction)}",
            f"{direction.capitalize()}: {about}",
            in_words(chosen),
        )
        for direction in directions(records)
        for chosen in (of_direction(records, direction),)
    ]


def ratios_in_words(records: pd.DataFrame) -> str:
    """The range of each series, for readers who do not see the plot."""
    parts = []
    for series, group in records.groupby("series", sort=False):
        low, high = np.min(group["ratio"]), np.max(group["ratio"])
        parts.append(f"{series}: {units.ratio(low)} to {units.ratio(high)}")
    return "; ".join(parts) + "." if parts else "No record."


def look(records: pd.DataFrame) -> dict[str, Any]:
    """Tell seaborn, by its own keywords, the colour and marker of each series."""
    return {
        "hue": "series",
        "style": "series",
        "palette": _by_series(records, "colour"),
        "markers": _by_series(records, "marker"),
        "legend": False,
    }


def points(axes: Axes, records: pd.DataFrame, x: str, y: str) -> None:
    """Draw a point a record, in the look of its series."""
    sns.scatterplot(records, x=x, y=y, edgecolor=SURFACE, s=55, ax=axes, **look(records))


def _by_series(records: pd.DataFrame, column: str) -> dict[str, str]:
    return dict(zip(records["series"], records[column], strict=True))
