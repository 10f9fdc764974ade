"""The order of runs: that of their commits, or of their dates."""

import numpy as np
import pandas as pd

from reports.history.commits import Commits


def in_order(runs: pd.DataFrame, commits: Commits, *, by_date: bool = False) -> pd.DataFrame:
    """Sort runs by what they measured.

    A commit that the repository lacks, such as one of a branch that was rebased away, is placed by
    its date. Runs of one commit follow each other in the order of their measurement.

    Args:
        runs: one row per run, with `run`, `commit`, `commit_time` and `measured_at`.
        commits: what the repository knows; nothing, to sort by date.
        by_date: whether the dates of commits decide, not git's order.

    Returns:
        The rows in order, with a new index from 0 and `step`: the number of what was measured, the
        same for runs of one commit. A run that names no commit has a step of its own.
    """
    time = runs["commit_time"].fillna(runs["measured_at"])
    known = {} if by_date else commits.known
    dates = pd.to_datetime([each.time for each in known.values()], utc=True)
    # In git's order a commit may be older than one before it: both are placed by the later date.
    latest = np.maximum.accumulate(np.asarray(dates.as_unit("us").asi8))
    after = np.searchsorted(latest, time.dt.as_unit("us").astype("int64"), side="right") - 0.5
    places = [
        float(known[commit].place) if commit in known else place
        for commit, place in zip(runs["commit"], after.tolist(), strict=True)
    ]
    # Of commits at one place and time, the hash keeps those of one together.
    what = runs["commit"].fillna(runs["run"])
    ordered = (
        runs.assign(place=places, time=time, what=what)
        .sort_values(["place", "time", "what", "measured_at", "run"])
        .reset_index(drop=True)
    )
    starts = ordered["what"] != ordered["what"].shift()
    return ordered.assign(step=starts.cumsum() - 1).drop(columns=["place", "time", "what"])
