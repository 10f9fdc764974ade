"""How far the state of a machine moved between two runs that followed each other.

The processes of a run are measured within minutes. What changes between two runs, hours or days
apart, such as the load of other guests of a server, is the same for all processes of a run: their
scatter does not tell it. It moves the ratios of all operators, those of short calls most. So what
the other operators changed by, which nobody touched, tells how far an unchanged one moves. Such
measurements are known as negative controls.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t

# Of a single other operator nobody knows whether it, or the machine, changed.
LEAST_OTHERS = 2


@dataclass(frozen=True)
class Drift:
    """What is added to the variance of a change.

    Attributes:
        variance: of the logarithm of the ratio.
        degrees: of freedom: how many means of other operators it was taken from.
    """

    variance: float
    degrees: int


def drifts(means: pd.DataFrame) -> dict[Hashable, Drift]:
    """Estimate for each operator how far it moves without a change of its code.

    The variance makes the median change of the other operators as large as all variances together
    say: the estimator of Paule and Mandel (1982), with the median in place of the mean square and
    about no change, so that a shift that all of them share counts. Each operator has one voice,
    however many implementations of it there are, and a minority that did change moves it little.

    Args:
        means: one row per mean of an operator's cases, with `operator`, `log_change`, `variance`
            and `degrees` (of freedom of the variance).

    Returns:
        By operator; without those for which fewer than `LEAST_OTHERS` others tell it.

    Example:
        >>> means = pd.DataFrame({"operator": list("abcd"), "log_change": [0.5, 0.1, 0.1, 0.1]})
        >>> found = drifts(means.assign(variance=0.0, degrees=1e9))
        >>> round(found["a"].variance ** 0.5, 3)
        0.148
    """
    known = means[np.isfinite(means["log_change"] + means["variance"] + means["degrees"])]
    # Half of the changes are below this many standard errors.
    quantiles = t.ppf(0.75, known["degrees"].to_numpy(np.float64))
    excess = (known["log_change"] / quantiles) ** 2 - known["variance"]
    of_each = excess.groupby(known["operator"]).agg(["median", "count"])
    found = {}
    for operator in means["operator"].unique():
        others = of_each.drop(index=operator, errors="ignore")
        if len(others) >= LEAST_OTHERS:
            variance = max(0.0, float(np.median(others["median"])))
            found[operator] = Drift(variance, int(others["count"].sum()))
    return found


def drifted(changes: pd.DataFrame, found: dict[Hashable, Drift]) -> pd.DataFrame:
    """Add to the variance of each change what its operator moves without one.

    Args:
        changes: with `operator`, `variance` and `degrees`.
        found: of `drifts`; nothing is added for an operator that is not there.

    Returns:
        The changes with the sums, and the degrees of freedom of the sums (Satterthwaite 1946).
    """
    of_each = [found.get(operator, Drift(0.0, 1)) for operator in changes["operator"]]
    added = np.array([each.variance for each in of_each], np.float64)
    freedoms = np.array([each.degrees for each in of_each], np.float64)
    own, degrees = (changes[name].to_numpy(np.float64) for name in ("variance", "degrees"))
    total = own + added
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = total**2 / (own**2 / degrees + added**2 / freedoms)
    return changes.assign(variance=total, degrees=np.where(added > 0, joint, degrees))
