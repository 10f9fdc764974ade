"""What several figures have in common."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from reports import units
from reports.svg import SURFACE

# Pixels. Narrow enough that the text can still be read on a phone.
SIZE = (460.0, 315.0)


def by_series(records: pd.DataFrame, column: str) -> dict[str, str]:
    """Map each series to its colour or marker."""
    return dict(zip(records["series"], records[column], strict=True))


def ratios_in_words(records: pd.DataFrame) -> str:
    """The range of each series, for readers who do not see the plot."""
    parts = []
    for series, group in records.groupby("series", sort=False):
        low, high = np.min(group["ratio"]), np.max(group["ratio"])
        parts.append(f"{series}: {units.ratio(low)} to {units.ratio(high)}")
    return "; ".join(parts) + "." if parts else "No record."


def points(axes: Axes, records: pd.DataFrame, x: str, y: str) -> None:
    """Draw a point a record, in the look of its series."""
    sns.scatterplot(
        records,
        x=x,
        y=y,
        hue="series",
        style="series",
        palette=by_series(records, "colour"),
        markers=by_series(records, "marker"),
        edgecolor=SURFACE,
        s=55,
        legend=False,
        ax=axes,
    )
