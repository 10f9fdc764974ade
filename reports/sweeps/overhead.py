"""Empty calls: what a call costs before it computes anything."""

from collections.abc import Mapping

import pandas as pd

from reports.text import units, words

# A record below this many empty calls is to a tenth or more the cost of calling, not of computing.
LEAST_CALLS = 10


def empty_calls(records: pd.DataFrame) -> Mapping[tuple[str, str], float]:
    """Find what an empty call took in a run.

    Args:
        records: one run's records with `median_seconds`.

    Returns:
        Seconds by direction and executor; nothing where none was measured.
    """
    empty = records[records["operator"] == words.EMPTY_CALL]
    return {
        (str(direction), str(executor)): float(group["median_seconds"].median())
        for (direction, executor), group in empty.groupby(["direction", "executor"])
    }


def are_short(records: pd.DataFrame) -> pd.Series:
    """Say which records took less than `LEAST_CALLS` empty calls.

    Args:
        records: records with `median_seconds`.

    Returns:
        One flag for each record: it is compared with the empty calls of its run, executor and
        direction, and false where there are none, and for empty calls themselves.
    """
    is_empty = records["operator"] == words.EMPTY_CALL
    alike = [records[key] for key in ("file", "executor", "direction")]
    empty = records["median_seconds"].where(is_empty).groupby(alike).transform("median")
    return (records["median_seconds"] < LEAST_CALLS * empty) & ~is_empty


def in_words(records: pd.DataFrame) -> str:
    """Say what an empty call takes, and how many records are hardly longer.

    Args:
        records: one run's judged records.

    Returns:
        Two sentences; empty where no empty call was measured.
    """
    found = empty_calls(records)
    if not found:
        return ""
    by_direction: dict[str, list[str]] = {}
    for (direction, executor), seconds in found.items():
        time = f"{executor} {units.quantity(seconds, units.SECONDS)}"
        by_direction.setdefault(direction, []).append(time)
    times = "; ".join(f"{name}, {', '.join(each)}" for name, each in by_direction.items())
    short = int(records.loc[~records["is_twin"], "is_short"].sum())
    verb = "is" if short == 1 else "are"
    return (
        f"An empty call takes: {times}. {units.counted(short, 'record')} {verb} shorter than "
        f"{LEAST_CALLS} of them."
    )
