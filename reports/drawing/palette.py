"""How a series looks in every figure and legend: its colour, shape and name."""

from dataclasses import dataclass, field

import pandas as pd
from markupsafe import Markup

from reports.text import words

# Okabe and Ito's set, told apart by colour-blind readers; shapes tell them apart in print.
LOOKS: dict[tuple[str, str], tuple[str, str]] = {
    ("convolution", "keras"): ("#0072B2", "o"),
    ("depthwise convolution", "keras"): ("#56B4E9", "s"),
    ("involution", "fused"): ("#D55E00", "D"),
    ("involution", "patches"): ("#E69F00", "^"),
    ("convolution", "resnet50"): ("#0072B2", "o"),
    ("involution", "rednet50"): ("#D55E00", "D"),
}
SPARE_LOOKS = (("#009E73", "v"), ("#CC79A7", "P"), ("#8A8A00", "X"), ("#7F7F7F", "*"))


@dataclass(frozen=True)
class Swatch:
    """An entry of a legend: a series, its colour and the shape of its points."""

    label: str
    colour: str
    marker: str


@dataclass(frozen=True)
class Picture:
    """Plots that belong together, with the words around them."""

    title: str
    caption: str
    panels: list[Markup]
    legend: list[Swatch] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)


def prepared(records: pd.DataFrame) -> pd.DataFrame:
    """Add each record's `series` and its `colour` and `marker`, the same in every figure.

    Args:
        records: all records of a page, or all unmeasured ones.
    """
    pairs: list[tuple[str, str]] = list(
        zip(records["operator"], records["implementation"], strict=True)
    )
    unknown = sorted(set(pairs) - LOOKS.keys())
    spare = {pair: SPARE_LOOKS[i % len(SPARE_LOOKS)] for i, pair in enumerate(unknown)}
    looks = [(LOOKS | spare)[pair] for pair in pairs]
    return records.assign(
        series=words.series_of(records),
        colour=[colour for colour, _ in looks],
        marker=[marker for _, marker in looks],
    )


def legend(records: pd.DataFrame) -> list[Swatch]:
    """List the series of some prepared records, each once, in the order of the file."""
    rows = records.drop_duplicates("series")
    return [Swatch(row["series"], row["colour"], row["marker"]) for row in rows.to_dict("records")]
