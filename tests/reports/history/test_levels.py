"""Levels of a series and the noise around them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.history.levels import LEAST_RUNS, level, partition, scatter, scores


def noise(runs, seed=0, size=0.02):
    return np.random.default_rng(seed).normal(0, size, runs)


def test_the_scatter_is_that_of_the_noise_whatever_the_levels():
    values = noise(4000)
    assert scatter(values) == pytest.approx(0.02, rel=0.05)
    values[1000:] += 0.5
    values[3000:] -= 0.2
    assert scatter(values) == pytest.approx(0.02, rel=0.1)


def test_scores_are_normal_whatever_the_numbers():
    drawn = np.random.default_rng(0).standard_cauchy(2000)
    found = scores(drawn)
    assert found.mean() == pytest.approx(0, abs=1e-6)
    assert found.std() == pytest.approx(1, abs=0.01)
    assert np.array_equal(np.argsort(found), np.argsort(drawn))


def test_the_partition_is_cut_where_levels_change_even_for_a_while():
    values = noise(60)
    values[25:35] += 0.3
    assert partition(values) == [25, 35]


@given(
    runs=st.integers(1, 30),
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from([0.0, 1e-3, 1.0]),
)
def test_every_level_has_enough_runs(runs, seed, scale):
    random = np.random.default_rng(seed)
    values = random.normal(0, scale, runs) + random.integers(0, 2, runs)
    places = partition(values)
    parts = np.split(np.arange(runs), places)
    if places:
        assert min(map(len, parts)) >= LEAST_RUNS
    assert level(values, places) == pytest.approx(
        np.concatenate([np.repeat(np.median(values[part]), len(part)) for part in parts])
    )
