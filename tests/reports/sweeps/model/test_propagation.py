"""Propagation of intervals: against closed forms and a simulation."""

import math

import numpy as np
import pytest

from reports.sweeps.model.propagation import Uncertain, propagated


def test_the_ends_of_a_sum_add_as_squares():
    found = propagated(np.sum, [Uncertain(10, 7, 13), Uncertain(20, 16, 24)])
    assert found == Uncertain(30, 25, 35)


def test_each_side_has_a_distance_of_its_own():
    found = propagated(np.sum, [Uncertain(10, 9, 13), Uncertain(20, 20, 24)])
    assert found == Uncertain(30, 29, 35)


def test_what_is_subtracted_moves_the_other_end():
    found = propagated(
        lambda values: values[0] - values[1], [Uncertain(5, 5, 5), Uncertain(2, 1, 4)]
    )
    assert found == Uncertain(3, 1, 4)


def test_a_quotient_of_normal_numbers_agrees_with_a_simulation():
    random, means, errors = np.random.default_rng(1), np.array([3.0, 2.0]), np.array([0.06, 0.03])
    half = 1.96 * errors
    inputs = [
        Uncertain(mean, mean - each, mean + each) for mean, each in zip(means, half, strict=True)
    ]
    found = propagated(lambda values: values[0] / values[1], inputs)
    drawn = random.normal(means, errors, (200_000, 2))
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    assert found.ends == pytest.approx((low, high), rel=0.003)


def test_an_unknown_interval_leaves_the_result_without_one():
    found = propagated(np.sum, [Uncertain(1, math.nan, math.nan), Uncertain(2, 1, 3)])
    assert found.value == 3
    assert all(map(math.isnan, found.ends))


def test_of_no_inputs_the_number_is_certain():
    assert propagated(lambda _: 1.0, []) == Uncertain(1, 1, 1)
