"""How a series looks in every figure, legend and table: its colour, shape and name."""

import pandas as pd

from reports.drawing.figure import Swatch
from reports.text import words

# Okabe and Ito's set, which colour-blind readers can tell apart. Lines need more contrast with both
# themes than their yellow and black have: olive and grey take their place there.
BLUE, SKY_BLUE, VERMILION, ORANGE = "#0072B2", "#56B4E9", "#D55E00", "#E69F00"
GREEN, PURPLE, YELLOW = "#009E73", "#CC79A7", "#F0E442"
OLIVE, GREY = "#8A8A00", "#7F7F7F"
# Not of the set. Their contrast is 3.4 and more with either theme, and colour-blind readers tell
# them from all others.
VIOLET, BROWN, CRIMSON = "#9F49F5", "#A36A31", "#C03A6B"

# Colour and marker. Markers tell series apart in print.
Look = tuple[str, str]
LOOKS: dict[tuple[str, str], Look] = {
    ("convolution", "keras"): (BLUE, "o"),
    ("convolution", "keras-3x3"): (OLIVE, "X"),
    ("convolution", "tensorflow"): (GREY, "*"),
    ("convolution", "xla"): (GREY, "v"),
    ("depthwise convolution", "keras"): (SKY_BLUE, "s"),
    ("separable convolution", "keras"): (GREEN, "p"),
    ("attention", "keras"): (VIOLET, ">"),
    ("local attention", "keras"): (BROWN, "<"),
    ("involution", "native"): (VERMILION, "D"),
    ("involution", "native-stored"): (CRIMSON, "v"),
    ("involution", "fused"): (PURPLE, "P"),
    ("involution", "patches"): (ORANGE, "^"),
    # The layers of a model, with their bias, and involution in their place.
    ("convolution", "keras-bias"): (BLUE, "o"),
    ("depthwise convolution", "keras-bias"): (SKY_BLUE, "s"),
    ("separable convolution", "keras-bias"): (GREEN, "p"),
    ("involution", "native-7x7"): (VERMILION, "X"),
    ("involution", "fused-7x7"): (PURPLE, "X"),
    ("convolution", "resnet50"): (BLUE, "o"),
    ("involution", "rednet50"): (VERMILION, "D"),
    ("involution", "rednet50-fused"): (PURPLE, "P"),
}
# For operators and implementations that have no look of their own.
SPARE_LOOKS: tuple[Look, ...] = ((OLIVE, "X"), (GREY, "*"), (GREEN, "v"), (PURPLE, "P"))


def prepared(records: pd.DataFrame) -> pd.DataFrame:
    """Add each record's `series` and its `colour` and `marker`, the same in every figure.

    Args:
        records: all records of a page, or all unmeasured ones.
    """
    return with_looks(records.assign(series=words.series_of(records)))


def with_looks(records: pd.DataFrame) -> pd.DataFrame:
    """Add the `colour` and the `marker` of each record.

    Args:
        records: all that a page shows, with `operator` and `implementation`.
    """
    pairs: list[tuple[str, str]] = list(
        zip(records["operator"], records["implementation"], strict=True)
    )
    unknown = sorted(set(pairs) - LOOKS.keys())
    spare = {pair: SPARE_LOOKS[i % len(SPARE_LOOKS)] for i, pair in enumerate(unknown)}
    looks = [(LOOKS | spare)[pair] for pair in pairs]
    return records.assign(
        colour=[colour for colour, _ in looks],
        marker=[marker for _, marker in looks],
    )


def legend(records: pd.DataFrame) -> list[Swatch]:
    """List the series of some records, each once, in the order of the file.

    Args:
        records: prepared records.
    """
    rows = records.drop_duplicates("series")
    return [Swatch(row["series"], row["colour"], row["marker"]) for row in rows.to_dict("records")]
