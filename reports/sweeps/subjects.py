"""Whom sentences and titles are about: one series of a sweep, and the cases that they name."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports.sweeps.competition import competing
from reports.text import units, words

COSTS = (
    ("macs_ratio", "MACs"),
    ("parameters_ratio", "parameters"),
    ("memory_ratio", "peak memory"),
)


def subject(records: pd.DataFrame) -> str | None:
    """Name the series that the sentences are about.

    Args:
        records: judged records, with `series`.

    Returns:
        Involution in the first implementation that was measured, or else the first operator; None
        where only the baseline ran.
    """
    others = competing(records)
    others = others[~others["is_baseline"]]
    for operator, implementation in words.SUBJECTS:
        found = others[
            (others["operator"] == operator) & (others["implementation"] == implementation)
        ]
        if len(found):
            return str(found["series"].iloc[0])
    return str(others["series"].iloc[0]) if len(others) else None


def lines_of(records: pd.DataFrame, series: str | None) -> pd.DataFrame:
    """Keep the records of one series that is compared with the baseline.

    Args:
        records: judged records, with `series`.
        series: its name; of None there are no records.
    """
    return records[(records["series"] == series) & ~records["is_baseline"]]


def middle(lines: pd.DataFrame) -> Mapping[str, Any] | None:
    """Return the record in the middle of the axis, chosen by its place and not by its result.

    Of two in the middle it is the second, where the work is more and the call itself takes less.

    Args:
        lines: the records of one series and direction.
    """
    values = words.in_order(lines["axis_value"])
    if not values:
        return None
    value = values[len(values) // 2]
    return dict(lines[lines["axis_value"] == value].iloc[0])


def ends(lines: pd.DataFrame) -> list[Mapping[str, Any]]:
    """Return the records at both ends of the axis; one if there is no other.

    Names of shapes have no ends: there it is the least and the greatest ratio.

    Args:
        lines: the records of one series and direction, at least one.
    """
    values = words.in_order(lines["axis_value"])
    if any(isinstance(value, str) for value in values):
        ranked = lines.sort_values("ratio")
        return [dict(ranked.iloc[place]) for place in ((0, -1) if len(ranked) > 1 else (0,))]
    return [
        dict(lines[lines["axis_value"] == value].iloc[0])
        for value in dict.fromkeys((values[0], values[-1]))
    ]


def costs(row: Mapping[str, Any]) -> str:
    """Write the costs of a record over those of its baseline.

    Args:
        row: a judged record.

    Returns:
        A list such as "0.10 times the MACs and 1.20 times the peak memory"; empty where none is
        known.
    """
    parts = [
        f"{units.times(row[column])} times the {name}"
        for column, name in COSTS
        if pd.notna(row[column]) and row[column] > 0
    ]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def has_other_rival(records: pd.DataFrame) -> pd.Series:
    """Say which records have a best rival that is another operator than their baseline.

    Args:
        records: judged records.
    """
    # Where the baseline is the best rival, the ratio to it is that to the baseline, to all digits.
    return records["best_rival"].notna() & (records["best_ratio"] != records["ratio"])
