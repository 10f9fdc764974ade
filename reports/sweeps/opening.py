"""The title of a run: what it found, in one sentence."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from reports.sweeps.competition import competing
from reports.sweeps.tables import baseline_name
from reports.sweeps.telling import told_of
from reports.text import fractions, words

NOTHING = "Nothing was measured in this run"


def title(judged: pd.DataFrame) -> str:
    """Say in one sentence what a run found, by the case that `telling` chooses.

    Args:
        judged: one run's judged records, with or without `series`.

    Returns:
        A sentence without a full stop. It names a fraction only if the whole interval is close to
        it and so is the ratio changed by as much as the noise floor, no winner where the verdict is
        undecided, and the place where others tell otherwise.
    """
    records = competing(judged)
    if records.empty:
        return NOTHING if judged.empty else "Only empty calls were measured in this run"
    records = records.assign(series=words.series_of(records))
    told = told_of(records)
    if told is None:
        return f"Only {baseline_name(records)} was measured: there is nothing to compare"
    name = words.sentence_case(told.name)
    time, memory = _time(told.row, told.baseline), _memory(told.row)
    if not time:
        return f"Whether {told.name} is faster than {told.baseline} {told.where} is not decided"
    step = " in training" if told.row["direction"] == "training" else ""
    return f"{name} takes {time} {told.where}{step}{memory}"


def _time(row: Mapping[str, Any], baseline: str) -> str:
    """Write the time of a case in words; empty where its verdict is undecided."""
    if row["verdict"] == "undecided":
        return ""
    if row["verdict"] == "equivalent":
        return f"the same time as {baseline}"
    # Where the baseline against itself came out far from 1, this ratio is known no better.
    ratio = row["ratio"]
    low = np.fmin(row["ratio_low"], ratio * row["floor_low"])
    high = np.fmax(row["ratio_high"], ratio * row["floor_high"])
    share = fractions.part(low, ratio, high, "the time of")
    return f"{share or ('less' if ratio < 1 else 'more') + ' time than'} {baseline}"


def _memory(row: Mapping[str, Any]) -> str:
    ratio = row["memory_ratio"]
    return f", and {fractions.amount(ratio, 'memory')}" if pd.notna(ratio) and ratio > 0 else ""
