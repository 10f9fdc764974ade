"""Records laid out as tables, for the page and for a terminal."""

from collections.abc import Iterator
from typing import Any, cast

import pandas as pd

from reports.sweeps import subjects
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.competition import SWEEP, competing
from reports.text import units, words

ROW = ["series", "direction"]
# Sweeps that answer for a run, the most telling first.
MOST_TELLING = ("kernel_size", "resolution", "stride", "groups", "core")
# A sweep whose records name no single baseline.
ANY_BASELINE = "the baseline"


def sweeps(judged: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Split records into sweeps of operators that compete.

    Args:
        judged: judged records.

    Yields:
        File, sweep and its records, without twins and empty calls; in the order of the files, and
        of each file those that answer for it first.
    """
    grouped = competing(judged).groupby(SWEEP, sort=False)
    found = [(str(file), str(sweep), records) for (file, sweep), records in grouped]
    files = list(dict.fromkeys(file for file, _, _ in found))
    yield from sorted(found, key=lambda each: (files.index(each[0]), _place(each[1])))


def _place(sweep: str) -> int:
    return MOST_TELLING.index(sweep) if sweep in MOST_TELLING else len(MOST_TELLING)


def rows(records: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn a table into one dictionary per row, by the names of its columns.

    Args:
        records: any table.
    """
    return cast("list[dict[str, Any]]", records.to_dict("records"))


def ratio_table(records: pd.DataFrame, value: str = "ratio") -> pd.DataFrame:
    """Lay out one sweep: one row per series and direction, one column per axis value.

    Args:
        records: one sweep's judged records.
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
    known = directions(records)
    order = sorted(
        table.index, key=lambda row: (known.index(row[1]), row[0] not in baselines, row[0])
    )
    return table.loc[order, words.in_order(named["axis_value"])]


def best_table(records: pd.DataFrame, value: str = "best_ratio") -> pd.DataFrame:
    """Lay out one sweep's ratios of involution to the best rival, as `ratio_table` does.

    Args:
        records: one sweep's judged records.
        value: the column to show.

    Returns:
        One row per direction; none where the best rival is the baseline everywhere, since these
        ratios are in `ratio_table`.
    """
    named = records.assign(series=words.series_of(records))
    lines = subjects.lines_of(named, subjects.subject(named))
    if not subjects.has_other_rival(lines).any():
        return ratio_table(records).iloc[:0]
    table = ratio_table(lines, value).reindex(columns=words.in_order(records["axis_value"]))
    return table.rename(index=lambda name: f"{name} / best rival", level=ROW[0])


def is_of_models(records: pd.DataFrame) -> bool:
    """Say whether a sweep compares whole models, which no operator competes with.

    Args:
        records: one sweep's records.
    """
    return bool(records["is_model"].any())


def baseline_name(records: pd.DataFrame) -> str:
    """Name what ratios are to: dense convolution, or a model made of it.

    Args:
        records: judged records of one sweep, or of several with the same baseline.

    Returns:
        The name of the operator, or of the model, that the records mark as their baseline.
    """
    marked = records[records["is_baseline"]]
    names = set(zip(marked["operator"], marked["implementation"], strict=True))
    if len(names) != 1:
        return ANY_BASELINE
    operator, implementation = names.pop()
    name = words.series(operator, implementation)
    if is_of_models(marked):
        return name
    return f"dense {name}" if (marked["groups"] == 1).all() else name


def floor_in_words(records: pd.DataFrame) -> str:
    """Say how far from 1 the ratio of the baseline to itself typically is in one sweep.

    Args:
        records: one sweep's judged records.

    Returns:
        A sentence such as "Noise floor: forward 0.98 to 1.02, training unknown."; it says where
        the floor is that of the baseline's twin.
    """
    parts = []
    for direction in directions(records):
        middle = of_direction(records, direction)[["floor_low", "floor_high"]].median()
        known = middle.notna().all()
        span = units.bracket(middle["floor_low"], middle["floor_high"]) if known else "unknown"
        parts.append(f"{direction} {span}")
    by_twin = " by the baseline's twin" if records["measurement"].notna().any() else ""
    return f"Noise floor{by_twin}: {', '.join(parts)}."
