"""Rounds by the process that ran them: medians of the logarithm of the ratio, and their errors."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from reports.sweeps.intervals import CONFIDENCE, intervals

# Half the width of an interval, in standard errors.
HALF_WIDTH = float(norm.ppf((1 + CONFIDENCE) / 2))

Floats = NDArray[np.float64]


def by_process(records: pd.DataFrame) -> pd.DataFrame:
    """Split each record's rounds into those of each process.

    Args:
        records: the table `stages.LOADED`.

    Returns:
        One row per record and process: `fullname`, `process`, `rounds` (an array of the natural
        logarithm of the ratio to the baseline in each round, or of the baseline's own seconds)
        and `middle`, their median.
    """
    rows = list(_split(records))
    table = pd.DataFrame(rows, columns=["fullname", "process", "rounds"])
    return table.assign(middle=np.array([np.median(rounds) for rounds in table["rounds"]], float))


def _split(records: pd.DataFrame) -> Iterator[tuple[str, int, Floats]]:
    columns = ("fullname", "is_baseline", "seconds", "baseline_seconds", "process")
    for name, is_baseline, seconds, baseline, process in zip(
        *(records[column] for column in columns), strict=True
    ):
        logs = np.log(np.asarray(seconds, float))
        if not is_baseline:
            logs -= np.log(np.asarray(baseline, float))
        numbers = np.ones(len(logs), int) if process is None else np.asarray(process, int)
        for number in np.unique(numbers):
            yield name, int(number), logs[numbers == number]


def paired(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Hold the processes of two runs against each other, those of the same number.

    Args:
        before: of `by_process`, of the older run.
        after: the same of the newer one.

    Returns:
        One row per record and process that both have: `fullname`, `process`, and `change`, the
        difference of their medians.
    """
    keys = ["fullname", "process"]
    both = before[[*keys, "middle"]].merge(after[[*keys, "middle"]], on=keys)
    return both[keys].assign(change=both["middle_y"] - both["middle_x"])


def most_processes(table: pd.DataFrame) -> int:
    """Count the processes of the record that has most.

    Args:
        table: of `by_process`.
    """
    return int(table.groupby("fullname").size().max()) if len(table) else 0


def errors(table: pd.DataFrame) -> pd.Series:
    """Find how far each median can be trusted within its process.

    Args:
        table: of `by_process`.

    Returns:
        Standard errors, from the 95 % intervals; NaN where there are too few rounds for one.
    """
    found = pd.Series(np.nan, index=table.index, dtype=np.float64)
    for _, rounds in table["rounds"].groupby(table["rounds"].map(len)):
        low, high = intervals(np.stack(rounds.tolist())).T
        found.loc[rounds.index] = (high - low) / (2 * HALF_WIDTH)
    return found
