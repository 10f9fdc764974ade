"""Operators as the mean of their cases: what changes all of them stands out of their noise."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.history.labels import OPERATOR

Floats = NDArray[np.float64]

# Fewer cases speak for themselves.
LEAST_CASES = 3
# A case that a smaller share of the operator's runs have is no part of its mean.
SHARE = 0.9


def with_means(
    series: pd.DataFrame, values: dict[str, Floats], quantities: tuple[str, ...]
) -> tuple[pd.DataFrame, dict[str, Floats]]:
    """Add a series for each operator and direction: the geometric mean of its cases.

    A mean is always of the same cases: those that nine of ten runs of the operator have, in the
    runs that have all of these. So it does not change because a case joins or leaves.

    Args:
        series: one row per series.
        values: by quantity and end of interval, each of shape (series, runs).
        quantities: those to average; means have no interval of rounds.

    Returns:
        Both with one more row per operator of at least `LEAST_CASES` cases; `is_mean` tells these.
    """
    known = np.isfinite(values[quantities[0]])
    groups = [
        rows
        for _, own in series.groupby([*OPERATOR, "is_baseline"], sort=False).groups.items()
        if len(rows := _lasting(own.to_numpy(), known)) >= LEAST_CASES
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


def _lasting(rows: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Those cases of an operator that nearly all of its runs have."""
    own = known[rows]
    return np.asarray(rows[own.sum(axis=1) >= SHARE * own.any(axis=0).sum()])


def _mean(cases: Floats) -> Floats:
    """The geometric mean of cases in each run, NaN where one is missing."""
    return np.asarray(np.exp(np.log(cases).mean(axis=0)))
