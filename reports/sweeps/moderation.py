"""Variances from a few values each, moderated by what all of them have in common.

G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in
microarray experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004),
article 3; the moderated t-statistic of the R package limma.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import digamma, polygamma

Floats = NDArray[np.float64]

# Of fewer variances their own spread, which the prior is made of, is unknown.
LEAST_VARIANCES = 3
# The formulas take values to be normal. Effects of processes have heavier tails (Student's t with
# about four degrees of freedom): of 600 simulated pairs of equal runs of two processes, 6 % had a
# case called changed without this limit, and 2.5 % with it.
MOST_PRIOR_DEGREES = 20.0
# Logarithms between which the degrees of freedom of a prior are searched.
SEARCHED = (-20.0, 20.0)


@dataclass(frozen=True)
class Prior:
    """What many variances say about one of them.

    Attributes:
        degrees: how many values it is worth, in degrees of freedom; infinite if all are equal.
        variance: the typical variance.
    """

    degrees: float
    variance: float


def fitted(variances: Floats, degrees: Floats) -> Prior:
    """Fit the prior to the moments of the logarithms of variances (Smyth 2004, section 6.2).

    Args:
        variances: shape (cases,), from samples; those that are zero or unknown tell nothing.
        degrees: shape (cases,), the degrees of freedom of each.

    Returns:
        The prior; one of no degrees, with variance NaN, for fewer than `LEAST_VARIANCES`.

    Example:
        >>> fitted(np.full(5, 4.0), np.full(5, 3.0)).degrees
        inf
    """
    known = (variances > 0) & (degrees > 0)
    if known.sum() < LEAST_VARIANCES:
        return Prior(0.0, np.nan)
    half = degrees[known] / 2
    logs = np.log(variances[known]) - digamma(half) + np.log(half)
    excess = float(np.var(logs, ddof=1) - polygamma(1, half).mean())
    if excess <= 0:
        return Prior(np.inf, float(np.exp(logs.mean())))
    half_prior = inverse_trigamma(excess)
    middle = logs.mean() + digamma(half_prior) - np.log(half_prior)
    return Prior(2 * half_prior, float(np.exp(middle)))


def inverse_trigamma(value: float) -> float:
    """Find where the trigamma function has a value.

    Args:
        value: above 0.

    Example:
        >>> round(inverse_trigamma(np.pi**2 / 6), 9)
        1.0
    """
    return float(np.exp(brentq(lambda log: polygamma(1, np.exp(log)) - value, *SEARCHED)))


def moderated(variances: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    """Draw each variance towards the typical one.

    Args:
        variances: shape (cases,), from samples; NaN where there is no degree of freedom.
        degrees: shape (cases,), the degrees of freedom of each.

    Returns:
        The moderated variances and their degrees of freedom, which are no more than those of all
        cases together. A variance without degrees of freedom is the prior's; both are NaN where
        there is no prior either.
    """
    prior = fitted(variances, degrees)
    worth = min(prior.degrees, MOST_PRIOR_DEGREES)
    own = np.where(degrees > 0, degrees * variances, 0.0)
    total = np.where(worth + degrees > 0, worth + degrees, np.nan)
    sums = own + worth * prior.variance if worth else own
    return sums / total, np.minimum(total, degrees.sum())
