"""What changed of an operator as a whole: all its cases in one direction together."""

import numpy as np
import pandas as pd

from reports.sweeps.estimates import OPERATOR, Scatter
from reports.sweeps.processes import paired
from reports.sweeps.significance import p_values
from reports.sweeps.surplus import surplus

# Fewer cases speak for themselves.
LEAST_CASES = 3


def pooled(
    cases: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    scatter: Scatter,
) -> pd.DataFrame:
    """Estimate the mean change of each operator, implementation and direction.

    The mean must stand out of the scatter between its cases and, with several processes a run, of
    the scatter between processes of the mean over all cases: of the two tests, the one that says
    less counts. With one process a run the surplus of the scatter between operators is added.

    Args:
        cases: of `estimates.estimated`.
        before: of `processes.by_process`, of the older run.
        after: the same of the newer one.
        scatter: as `estimates.estimated` takes it.

    Returns:
        One row per operator of at least `LEAST_CASES` cases, with the columns of `OPERATOR`, the
        number of `cases`, and those that `significance.judged` takes.
    """
    estimates = _from_cases(cases[np.isfinite(cases["log_change"] + cases["variance"])])
    if scatter == "pairs":
        estimates = _weaker(estimates, _from_pairs(cases, before, after))
    elif scatter == "processes":
        estimates = _weaker(estimates, _from_processes(cases, before, after))
    else:
        added = surplus(
            estimates["log_change"].to_numpy(np.float64),
            estimates["variance"].to_numpy(np.float64),
            estimates["degrees"].to_numpy(np.float64),
            np.zeros(len(estimates), dtype=np.int64),
        )
        estimates = estimates.assign(variance=estimates["variance"] + added)
    return estimates.reset_index()


def _from_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Means of changes, with the variance that the scatter of the cases gives them."""
    found = cases.groupby(OPERATOR, sort=False)["log_change"].agg(["count", "mean", "var"])
    found = found[found["count"] >= LEAST_CASES]
    return pd.DataFrame(
        {
            "cases": found["count"],
            "log_change": found["mean"],
            "variance": found["var"] / found["count"],
            "degrees": (found["count"] - 1).astype(np.float64),
        }
    )


def _from_processes(cases: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Variances of the means that the scatter of processes gives, of effects common to cases."""
    squares, freedoms, shares = [], [], []
    for side in (before, after):
        own = side.merge(cases[["fullname", *OPERATOR]], on="fullname")
        found = _scatter(own, "middle")
        freedoms.append(found["count"] - 1)
        squares.append(found["var"].fillna(0) * (found["count"] - 1))
        shares.append(1 / found["count"])
    degrees = (freedoms[0] + freedoms[1]).astype(np.float64)
    variance = (squares[0] + squares[1]) / degrees * (shares[0] + shares[1])
    return pd.DataFrame({"variance": variance, "degrees": degrees})


def _from_pairs(cases: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Variances of the means that the scatter of the differences of pairs of processes gives."""
    own = paired(before, after).merge(cases[["fullname", *OPERATOR]], on="fullname")
    found = _scatter(own, "change")
    degrees = (found["count"] - 1).astype(np.float64)
    return pd.DataFrame({"variance": found["var"] / found["count"], "degrees": degrees})


def _scatter(own: pd.DataFrame, value: str) -> pd.DataFrame:
    """Count the processes of each operator, and find the variance of the means of its cases."""
    # Each case has a level of its own, which is no scatter.
    levelled = own[value] - own.groupby("fullname")[value].transform("mean")
    means = levelled.groupby([*(own[key] for key in OPERATOR), own["process"]]).mean()
    return means.groupby(level=OPERATOR).agg(["count", "var"])


def _weaker(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Give each mean the variance, of two, by which its change is less significant."""
    other = other.reindex(one.index)
    logs = one["log_change"].to_numpy(np.float64)
    values = [
        p_values(logs, np.sqrt(each["variance"].to_numpy()), each["degrees"].to_numpy())
        for each in (one, other)
    ]
    is_other = values[1] > values[0]
    return one.assign(
        variance=np.where(is_other, other["variance"], one["variance"]),
        degrees=np.where(is_other, other["degrees"], one["degrees"]),
    )
