"""Changes with their variances to verdicts that hold for many cases at once."""

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, norm, t

from reports.sweeps.intervals import CONFIDENCE

Change = Literal["slower", "faster", "unchanged", "undecided"]
CHANGES: tuple[Change, ...] = get_args(Change)

# Of the cases that are called changed, the share that may be without a change; where no case has
# changed, the probability that any is called so.
FALSE_DISCOVERIES = 0.05
# The probability of finding a change that is called detectable.
POWER = 0.80

Floats = NDArray[np.float64]


def judged(estimates: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Judge all changes of one family.

    A change is significant by the procedure of Benjamini and Hochberg ("Controlling the false
    discovery rate", J. R. Stat. Soc. B 57, 1995) over the family's t-tests against no change.

    Args:
        estimates: one row per change, with `log_change` (the natural logarithm of after /
            before), `variance` (of that) and `degrees` (of freedom of the variance). Without a
            variance, NaN, there is no test.
        threshold: the smallest change that counts, as a share.

    Returns:
        The rows with, added: `change` (after / before) with its 95 % interval `low` and `high`,
        `p_value`, `detectable` (the smallest slowdown, as a share, that would have been found
        with probability `POWER` were it the only change), and `verdict`: "slower" or "faster"
        where the change is significant and beyond the threshold, "unchanged" where the interval
        is inside the threshold, else "undecided".
    """
    logs, degrees = (estimates[name].to_numpy(np.float64) for name in ("log_change", "degrees"))
    errors = np.sqrt(estimates["variance"].to_numpy(np.float64))
    values = p_values(logs, errors, degrees)
    half = t.isf((1 - CONFIDENCE) / 2, degrees) * errors
    with np.errstate(over="ignore"):  # an interval without an end is one
        change, low, high = (np.exp(log) for log in (logs, logs - half, logs + half))
    is_significant = _discovered(values)
    conditions = [
        is_significant & (change > 1 + threshold),
        is_significant & (change < 1 / (1 + threshold)),
        (low >= 1 / (1 + threshold)) & (high <= 1 + threshold),
    ]
    return estimates.assign(
        change=change,
        low=low,
        high=high,
        p_value=values,
        detectable=_detectable(errors, degrees, int(np.isfinite(values).sum()), threshold),
        verdict=np.select(conditions, CHANGES[:3], default=CHANGES[3]),
    )


def p_values(logs: Floats, errors: Floats, degrees: Floats) -> Floats:
    """Find how probable so large a change is where there is none.

    Args:
        logs: shape (changes,), the logarithms of the changes.
        errors: shape (changes,), their standard errors; 0 where nothing scatters.
        degrees: shape (changes,), the degrees of freedom of the errors.

    Returns:
        Shape (changes,), of two-sided t-tests; NaN where an error is unknown.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.abs(logs) / errors
    sizes[(logs == 0) & (errors == 0)] = 0.0
    return np.asarray(2 * t.sf(sizes, degrees))


def _discovered(values: Floats) -> NDArray[np.bool_]:
    """Say which tests pass the procedure of Benjamini and Hochberg."""
    known = np.isfinite(values)
    adjusted = np.full(len(values), np.nan)
    if known.any():
        adjusted[known] = false_discovery_control(values[known])
    return adjusted <= FALSE_DISCOVERIES


def _detectable(errors: Floats, degrees: Floats, tests: int, threshold: float) -> Floats:
    """The slowdowns that a single test of a family finds with probability `POWER`.

    A single change must pass the first step of the procedure, at the level of Bonferroni, and its
    estimate must be beyond the threshold. The first is a matter of the noncentral t-distribution,
    here by its normal approximation (Abramowitz and Stegun, equation 26.7.10).
    """
    critical = t.isf(FALSE_DISCOVERIES / 2 / max(tests, 1), degrees)
    scatter = np.sqrt(1 + critical**2 / (2 * degrees))
    found = errors * (critical * (1 - 1 / (4 * degrees)) + norm.ppf(POWER) * scatter)
    beyond = np.log1p(threshold) + norm.ppf(POWER) * errors
    with np.errstate(over="ignore"):
        return np.asarray(np.expm1(np.maximum(found, beyond)))
