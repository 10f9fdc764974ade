"""Tables for the page and for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from reports.sweeps.statistics import SWEEP, directions, evaluate, of_direction
from reports.text import units, words

ROW = ["series", "direction"]
DENSE = "dense convolution"


@dataclass(frozen=True)
class Table:
    """A table as text: what stands above it, its head and its rows."""

    caption: str
    head: list[str]
    rows: list[list[str]]


def sweeps(judged: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Split records into sweeps.

    Args:
        judged: records of `statistics.evaluate`.

    Yields:
        File, sweep and its records, in the order of the files.
    """
    for (file, sweep), records in judged.groupby(SWEEP, sort=False):
        yield str(file), str(sweep), records


def rows(records: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn a table into one dictionary a row, by the names of its columns."""
    return cast(list[dict[str, Any]], records.to_dict("records"))


def in_order(values: pd.Series) -> list[object]:
    """Sort the values of an axis: numbers by size, then texts by alphabet."""
    return sorted(values.unique(), key=lambda value: (isinstance(value, str), value))


def ratio_table(records: pd.DataFrame, value: str = "ratio") -> pd.DataFrame:
    """Lay out one sweep: a row a series and direction, a column an axis value.

    Args:
        records: one sweep's records of `statistics.evaluate`.
        value: the column to show; "ratio" is the median of the per-round ratios.

    Returns:
        The table, missing where a series has no record; index `series` and `direction`,
        forward first, baseline first.
    """
    named = records.assign(series=words.series_of(records))
    table = named.pivot_table(
        index=ROW, columns="axis_value", values=value, aggfunc="first", sort=False
    )
    baselines = set(named.loc[named["is_baseline"], "series"])
    turn = directions(records)
    order = sorted(
        table.index, key=lambda row: (turn.index(row[1]), row[0] not in baselines, row[0])
    )
    return table.loc[order, in_order(named["axis_value"])]


def baseline_name(records: pd.DataFrame) -> str:
    """Name what one sweep's ratios are to: dense convolution, or a model made of it.

    Args:
        records: one sweep's records of `statistics.evaluate`.
    """
    models = set(records.loc[records["is_baseline"], "implementation"])
    if len(models) != 1 or words.UNNAMED_IMPLEMENTATION in models:
        return DENSE
    return words.shortened(models.pop())


def floor_in_words(records: pd.DataFrame) -> str:
    """Say how far the baseline typically lies from itself in one sweep.

    Args:
        records: one sweep's records of `statistics.evaluate`.

    Returns:
        A sentence such as "Noise floor: forward 0.98 to 1.02, training unknown."
    """
    parts = []
    for direction in directions(records):
        middle = of_direction(records, direction)[["floor_low", "floor_high"]].median()
        known = middle.notna().all()
        span = units.bracket(middle["floor_low"], middle["floor_high"]) if known else "unknown"
        parts.append(f"{direction} {span}")
    return f"Noise floor: {', '.join(parts)}."


def closing_summary(records: pd.DataFrame, width: int = 96) -> str:
    """Write the ratios of each sweep for a terminal.

    Args:
        records: the records of `load.Results`.
        width: columns of the terminal.

    Returns:
        A small table a sweep, and its noise floor; a sentence if there is no record.

    Example:
        print(closing_summary(load(["results/bench.json"]).records))
    """
    if records.empty:
        return "No record to summarise."
    parts = ["Time / time of dense convolution, median; below 1 is faster."]
    for _, sweep, group in sweeps(evaluate(records)):
        table = ratio_table(group).map(units.ratio)
        table.index = pd.Index([f"{name}, {direction}" for name, direction in table.index])
        noun = words.axis(str(group["axis"].iloc[0])).noun
        table.columns = pd.Index(map(words.value, table.columns), dtype=object)
        parts += [
            f"\n{words.sweep_title(sweep)} (columns: {noun})",
            table.to_string(line_width=width),
            floor_in_words(group),
        ]
    return "\n".join(parts)
