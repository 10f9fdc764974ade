"""Intervals: exact where an exact one is known, and true about as often as they claim."""

from math import comb

import numpy as np
import pytest
from scipy.stats import bootstrap

from reports.sweeps.intervals import BLOCK_ROUNDS, RESAMPLES, SEED, intervals

RANDOM = np.random.default_rng(0)


def test_the_median_of_every_resample_is_exact():
    rounds = RANDOM.lognormal(size=60)
    blocks = rounds.reshape(12, 5)
    expected = bootstrap(
        (np.arange(12),),
        lambda drawn, axis: np.median(blocks[drawn].reshape(*drawn.shape[:-1], -1), axis=-1),
        vectorized=True,
        method="percentile",
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    np.testing.assert_allclose(intervals(rounds[None])[0], [expected.low, expected.high])


@pytest.mark.parametrize("rounds", [6, 7, 11, 20, 49, 50, 53, 99, 151])
def test_an_interval_holds_its_median(rounds):
    samples = RANDOM.lognormal(size=(20, rounds))
    found = intervals(samples)
    median = np.median(samples, axis=1)
    assert (found[:, 0] <= median).all()
    assert (median <= found[:, 1]).all()


@pytest.mark.parametrize("rounds", [6, 12, 30, 60, 150])
def test_intervals_hold_the_truth_about_as_often_as_they_claim(rounds):
    found = intervals(RANDOM.normal(1.0, 0.05, size=(400, rounds)))
    assert ((found[:, 0] <= 1) & (found[:, 1] >= 1)).mean() > 0.88


def rank_by_counting(rounds):
    """The highest rank r whose round is above the median in at most 2.5 % of all samples."""
    below = np.cumsum([comb(rounds, count) for count in range(rounds + 1)])
    return int((below <= 0.025 * 2**rounds).sum())


@pytest.mark.parametrize("rounds", range(6, 50))
def test_below_fifty_rounds_the_ends_are_the_rounds_of_two_ranks(rounds):
    samples = RANDOM.permuted(np.tile(np.arange(1.0, rounds + 1), (3, 1)), axis=1)
    rank = rank_by_counting(rounds)
    assert intervals(samples).tolist() == [[rank, rounds + 1 - rank]] * 3


@pytest.mark.parametrize(
    ("rounds", "ends"), [(6, [1, 6]), (9, [2, 8]), (12, [3, 10]), (20, [6, 15]), (40, [14, 27])]
)
def test_ranks_are_those_of_published_tables(rounds, ends):
    assert intervals(np.arange(1.0, rounds + 1)[None]).tolist() == [ends]


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_fewer_than_six_rounds_have_no_interval(rounds):
    found = intervals(np.ones((4, rounds)))
    assert found.shape == (4, 2)
    assert np.isnan(found).all()


@pytest.mark.parametrize("rounds", [50, 52, 53, 57, 64, 99])
def test_rounds_that_do_not_divide_into_blocks_all_count(rounds):
    """Blocks of unequal length, resampled one by one, have the same medians."""
    sample = RANDOM.lognormal(size=rounds)
    blocks = rounds // BLOCK_ROUNDS
    parts = [sample[[b == i * blocks // rounds for i in range(rounds)]] for b in range(blocks)]
    assert sum(map(len, parts)) == rounds
    expected = bootstrap(
        (np.arange(blocks),),
        lambda drawn: np.median(np.concatenate([parts[b] for b in drawn])),
        vectorized=False,
        method="percentile",
        n_resamples=RESAMPLES,
        confidence_level=0.95,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    found = intervals(sample[None])[0]
    np.testing.assert_allclose(found, [expected.low, expected.high], rtol=1e-12)


def test_equal_rounds_have_an_interval_of_no_width():
    assert intervals(np.full((2, 60), 3.0)).tolist() == [[3.0, 3.0]] * 2


def test_rows_are_judged_one_by_one_in_whatever_parts(monkeypatch):
    samples = RANDOM.lognormal(size=(7, 55))
    whole = intervals(samples)
    monkeypatch.setattr("reports.sweeps.intervals.PART", 3)
    np.testing.assert_array_equal(intervals(samples), whole)
    np.testing.assert_array_equal(np.concatenate([intervals(row[None]) for row in samples]), whole)


def test_neighbours_that_move_together_have_wider_intervals():
    """Rounds that drift in blocks hold less information than independent ones."""
    drifts = np.repeat(RANDOM.normal(1.0, 0.05, size=(200, 20)), BLOCK_ROUNDS, axis=1)
    alone = RANDOM.permuted(drifts, axis=1)
    widths = [np.diff(intervals(samples)).mean() for samples in (drifts, alone)]
    assert widths[0] > 1.5 * widths[1]
