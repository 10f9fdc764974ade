"""Names of series: operator, direction, and what of the case tells it from the others."""

from collections.abc import Callable, Mapping

import pandas as pd

from reports.text import words

# The parts of a case, in the order in which they are named.
PARTS: Mapping[str, Callable[[str], str]] = {
    "size": lambda size: size,
    "kernel_size": lambda size: f"kernel {size}",
    "strides": lambda pixels: f"stride {pixels}",
    "groups": lambda count: f"{count} group" if count == "1" else f"{count} groups",
    "filters": lambda count: f"{count} filters",
    "dilation_rate": lambda pixels: f"dilation {pixels}",
    "padding": lambda kind: f"padding {kind}",
    "batch": lambda images: f"batch {images}",
    "dtype": lambda name: name,
    "executor": lambda name: name,
    "cache": lambda state: f"{state} cache",
}
# These are named of every case, and the others where cases of one operator differ by them.
ALWAYS = ("size", "kernel_size")
OPERATOR = ["operator", "implementation", "direction"]
LOOKS = ["colour", "marker"]


def labelled(series: pd.DataFrame) -> pd.DataFrame:
    """Name each series of a machine.

    Args:
        series: one record of each.

    Returns:
        The columns of `OPERATOR`, `series`, `is_baseline`, `quantity` (what is judged: "ratio", or
        "seconds" for a baseline), `name` (operator and implementation) and `label` (the case),
        which together differ from series to series.
    """
    keys = _keys(series)
    groups = [series[key] for key in OPERATOR]
    named = pd.DataFrame(
        {
            name: keys[name].map(write).where(_is_telling(keys[name], groups, name), "")
            for name, write in PARTS.items()
        },
        index=series.index,
    )
    labels = named.apply(lambda parts: ", ".join(filter(None, parts)), axis=1)
    labels = labels.where(~_is_model(series), series["label"].astype(str).map(words.shortened))
    # What has no other name has a number: in the order of `series`, so that two pages agree.
    ordered = series["series"].sort_values(kind="stable").index
    again = labels[ordered].groupby([group[ordered] for group in (*groups, labels)]).cumcount()
    numbered = labels + (again + 1).map(" #{}".format).where(again > 0, "")
    is_baseline = series["is_baseline"].isin([True])
    return series[["series", *OPERATOR, *LOOKS]].assign(
        is_baseline=is_baseline,
        quantity=is_baseline.map({True: "seconds", False: "ratio"}),
        name=[
            words.series(*pair)
            for pair in zip(series["operator"], series["implementation"], strict=True)
        ],
        label=numbered,
    )


def _keys(series: pd.DataFrame) -> pd.DataFrame:
    """The parts of each case, as strings."""
    size = series[["height", "width", "channels"]].astype("int64").astype(str)
    keys = series[[name for name in PARTS if name != "size"]].astype(object)
    written = keys.map(lambda value: "" if pd.isna(value) else words.value(value))
    return written.assign(
        size=size["height"] + " x " + size["width"] + " x " + size["channels"],
        filters=written["filters"].where(series["filters"] != series["channels"], ""),
    )


def _is_telling(values: pd.Series, groups: list[pd.Series], name: str) -> pd.Series:
    if name in ALWAYS:
        return values != ""
    return (values.groupby(groups).transform("nunique") > 1) & (values != "")


def _is_model(series: pd.DataFrame) -> pd.Series:
    return series["is_model"].isin([True])
