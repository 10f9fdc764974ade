"""What an interval covers: the processes that a record's rounds were run in."""

import pandas as pd

from reports.sweeps.intervals import LEAST_PROCESSES
from reports.sweeps.intervals import covered as covered_by


def processes(records: pd.DataFrame) -> pd.Series:
    """Count the processes of each record.

    Args:
        records: records with `process`.

    Returns:
        At least 1 each: a record that names no process was run in one.
    """
    return records["process"].map(lambda each: len(set(each)) if each is not None else 1)


def fewest(judged: pd.DataFrame) -> int:
    """Count the processes that every record of a table has at least.

    Args:
        judged: judged records.
    """
    return int(judged["processes"].min()) if len(judged) else 1


def covered(judged: pd.DataFrame) -> str:
    """Say what every interval of a table covers at least.

    Args:
        judged: judged records.
    """
    return covered_by(fewest(judged))


def scope(judged: pd.DataFrame) -> str:
    """Say what the verdicts of a run speak for, and how to make them speak for more.

    Args:
        judged: one run's judged records.

    Returns:
        A sentence or two; empty where there is no record.
    """
    if judged.empty:
        return ""
    count = fewest(judged)
    intervals = f"Intervals cover {covered_by(count)}"
    if count >= LEAST_PROCESSES:
        return f"{intervals}: verdicts speak for the code on this machine."
    place = "in this process" if count == 1 else "in these two processes"
    return (
        f"{intervals}, and verdicts hold {place}. Another one has other addresses and may choose "
        f"other primitives: with --processes {LEAST_PROCESSES} or more they speak for the code."
    )
