"""Moderated variances: the published formulas by hand, and a prior that is known by simulation."""

from math import exp, inf, log

import numpy as np
import pytest

from reports.sweeps.moderation import MOST_PRIOR_DEGREES, fitted, inverse_trigamma, moderated

# Euler's constant: digamma(1) is its negative, trigamma(1) is pi squared over six.
EULER = 0.5772156649015329


def test_the_prior_of_two_degrees_by_hand():
    # With two degrees of freedom, log variances have the spread trigamma(1) from the samples.
    # Another trigamma(1) of surplus is a prior of two degrees, and then both corrections cancel:
    # digamma(1) and log(1) of the samples against those of the prior.
    spread = np.sqrt(2 * np.pi**2 / 6)
    variances = np.exp(log(5.0) + spread * np.array([-1.0, 0.0, 1.0]))
    prior = fitted(variances, np.full(3, 2.0))
    assert prior.degrees == pytest.approx(2.0)
    assert prior.variance == pytest.approx(5.0)


def test_equal_variances_are_a_prior_of_infinite_degrees():
    prior = fitted(np.full(10, 3.0), np.full(10, 2.0))
    assert prior.degrees == inf
    assert prior.variance == pytest.approx(3.0 * exp(EULER))  # exp(log s2 - digamma(1) + log(1))


@pytest.mark.parametrize("value", [1e-6, 0.1, 1.0, 1.6449, 50.0, 1e6])
def test_the_inverse_of_trigamma(value):
    found = inverse_trigamma(value)
    # By its series, whose rest is between two integrals.
    terms = np.arange(200_000)
    series = (1.0 / (found + terms) ** 2).sum() + 1 / (found + len(terms) - 0.5)
    assert series == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("degrees", [3.0, 8.0])
def test_a_known_prior_is_recovered(degrees):
    random = np.random.default_rng(0)
    size = 50_000
    true = 0.04 * degrees / random.chisquare(degrees, size)
    own = random.choice([2.0, 8.0], size)
    variances = true * random.chisquare(own) / own
    prior = fitted(variances, own)
    assert prior.degrees == pytest.approx(degrees, rel=0.1)
    assert prior.variance == pytest.approx(0.04, rel=0.05)


def test_a_variance_is_drawn_towards_the_typical_one_by_the_published_formula():
    variances, degrees = np.array([0.2, 1.0, 7.0, 0.9, 1.5]), np.full(5, 4.0)
    prior = fitted(variances, degrees)
    assert 0 < prior.degrees < MOST_PRIOR_DEGREES
    found, total = moderated(variances, degrees)
    for each, value in zip(variances, found, strict=True):
        by_hand = (prior.degrees * prior.variance + 4 * each) / (prior.degrees + 4)
        assert value == pytest.approx(by_hand)
    assert total.tolist() == pytest.approx([prior.degrees + 4] * 5)


def test_degrees_are_limited_for_heavy_tails_and_by_those_of_all_cases():
    equal = np.full(10, 3.0)
    assert moderated(equal, np.full(10, 4.0))[1].tolist() == [MOST_PRIOR_DEGREES + 4] * 10
    assert moderated(equal[:3], np.full(3, 2.0))[1].tolist() == [6.0] * 3


def test_what_has_no_degrees_of_its_own_takes_the_prior():
    variances, degrees = np.array([0.5, 1.0, 2.0, 8.0, np.nan]), np.array([4.0] * 4 + [0.0])
    prior = fitted(variances[:4], degrees[:4])
    found, total = moderated(variances, degrees)
    assert found[4] == pytest.approx(prior.variance)
    assert total[4] == pytest.approx(min(prior.degrees, MOST_PRIOR_DEGREES))


def test_few_variances_are_taken_as_they_are():
    found, total = moderated(np.array([0.5, 2.0, np.nan]), np.array([4.0, 4.0, 0.0]))
    assert found[:2].tolist() == [0.5, 2.0]
    assert total[:2].tolist() == [4.0, 4.0]
    assert np.isnan([found[2], total[2]]).all()


def test_variances_of_zero_tell_nothing_of_the_others():
    variances = np.array([0.0, 0.5, 1.0, 2.0, 8.0])
    prior = fitted(variances, np.full(5, 4.0))
    assert prior == fitted(variances[1:], np.full(4, 4.0))
    assert moderated(np.zeros(5), np.full(5, 4.0))[0].tolist() == [0.0] * 5
