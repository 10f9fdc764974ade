"""Operators as the mean of their cases: what changes all of them stands out of their noise."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.history.labels import OPERATOR

Floats = NDArray[np.float64]

# Fewer cases speak for themselves.
LEAST_CASES = 3


def with_means(
    series: pd.DataFrame, values: dict[str, Floats], quantities: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Add a series for each operator and direction: the geometric mean of its cases.

    A run that lacks some of the cases has the mean of the others, each over its own median of all
    runs: it is neither faster nor slower for that.

    Args:
        series: one row per series.
        values: by quantity and end of interval, each of shape (series, runs).
        quantities: those to average; means have no interval of rounds.

    Returns:
        Both with one more row per operator of at least `LEAST_CASES` cases; `is_mean` tells these.
    """
    groups = [
        rows.to_numpy()
        for _, rows in series.groupby([*OPERATOR, "is_baseline"], sort=False).groups.items()
        if len(rows) >= LEAST_CASES
    ]
    firsts = series.iloc[[int(rows[0]) for rows in groups]]
    means = firsts.assign(
        series="mean of " + firsts["series"],
        label=[f"mean of {len(rows)} cases" for rows in groups],
    )
    added = {
        name: np.array([_mean(array[rows]) for rows in groups]).reshape(len(groups), array.shape[1])
        if name in quantities
        else np.full((len(groups), array.shape[1]), np.nan)
        for name, array in values.items()
    }
    return (
        pd.concat([means.assign(is_mean=True), series.assign(is_mean=False)], ignore_index=True),
        {name: np.vstack([added[name], array]) for name, array in values.items()},
    )


def _mean(cases: Floats) -> Floats:
    """The geometric mean of cases in each run, NaN where there is none."""
    logs = np.log(cases)
    usual = np.nanmedian(logs, axis=1, keepdims=True)
    is_known = np.isfinite(logs)
    count = is_known.sum(axis=0)
    rest = np.where(is_known, logs - usual, 0).sum(axis=0) / np.maximum(count, 1)
    return np.asarray(np.where(count, np.exp(rest + usual.mean()), np.nan))
