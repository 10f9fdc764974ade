"""What an interval covers: the processes that a record's rounds were run in."""

import pandas as pd

# Of fewer processes the scatter between them cannot be told: their interval speaks for them alone.
LEAST_PROCESSES = 3


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


def covered(count: int) -> str:
    """Say what an interval holds for.

    Args:
        count: how many processes its rounds are from.

    Example:
        >>> covered(1), covered(3)
        ('in this process', 'over 3 processes and their rounds')
    """
    if count < LEAST_PROCESSES:
        return "in this process" if count == 1 else "in these two processes"
    return f"over {count} processes and their rounds"


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
    if count < LEAST_PROCESSES:
        return (
            f"Intervals and verdicts hold {covered(count)}. Another one has other addresses and "
            f"may choose other primitives: with --processes {LEAST_PROCESSES} or more they speak "
            "for the code."
        )
    return f"Intervals are {covered(count)}: verdicts speak for the code on this machine."
