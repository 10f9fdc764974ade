"""Intervals: exact where an exact one is known."""

from math import comb

import numpy as np
import pytest
from scipy.special import ndtr

from reports.sweeps.intervals import _between_ranks, _tails, centres, covered, intervals

RANDOM = np.random.default_rng(0)


def rank_tail(rounds, rank):
    """How often the median of independent rounds is below the round of a rank, by counting."""
    return sum(comb(rounds, count) for count in range(rank)) / 2**rounds


@pytest.mark.parametrize("rounds", [6, 7, 20, 33])
def test_ranks_are_further_apart_than_those_of_independent_rounds(rounds):
    """Random order shows no dependence, so the ends are at or just outside the binomial ranks."""
    samples = RANDOM.permuted(np.tile(np.arange(1.0, rounds + 1), (300, 1)), axis=1)
    rank = sum(rank_tail(rounds, rank) <= 0.025 for rank in range(1, rounds // 2 + 1))
    low, high = np.median(intervals(samples), axis=0)
    assert max(rank - 1.5, 1) <= low < rank + 1
    assert low + high == pytest.approx(rounds + 1)


def test_ends_are_interpolated_as_published():
    """Hettmansperger and Sheather's equation by hand, of six rounds whose tail is 0.05."""
    # Between ranks 1 and 2, of tails 1/64 and 7/64: 0.05 is 0.36667 of the way, and the weight
    # of the inner rank is 5 * 0.36667 / (1 + 4 * 0.36667).
    weight = 5 * 0.366667 / (1 + 4 * 0.366667)
    rounds = np.array([[8.0, 2.0, 64.0, 4.0, 32.0, 16.0]])
    expected = [[2 + weight * (4 - 2), 64 - weight * (64 - 32)]]
    np.testing.assert_allclose(_between_ranks(rounds, np.array([0.05])), expected, rtol=1e-6)


@pytest.mark.parametrize("rounds", [6, 7, 12, 31])
def test_tails_of_ranks_end_at_their_rounds(rounds):
    ranks = np.arange(1, rounds // 2 + 1)
    samples = np.tile(np.arange(1.0, rounds + 1), (len(ranks) + 1, 1))
    tails = np.array([*(rank_tail(rounds, rank) for rank in ranks), 0.5])
    ends = np.array([*ranks, (rounds + 1) / 2])
    found = _between_ranks(samples, tails)
    np.testing.assert_allclose(found, np.column_stack([ends, rounds + 1 - ends]))


def test_the_tail_of_rounds_is_as_worked_step_by_step():
    """The same estimates with plain sums, of rounds whose signs change now and then."""
    steps = np.random.default_rng(7).normal(size=52)
    row = np.exp(steps[2:] + steps[1:-1] + steps[:-2])
    signs = np.sign(row - np.median(row))
    power = {
        each: 2
        / 50
        * sum(s * np.cos(np.pi * each * (i + 0.5) / 50) for i, s in enumerate(signs)) ** 2
        for each in range(2, 50)
    }
    lowest = 5  # 0.4 * 50 ** (2 / 3) = 5.4
    at_zero = sum(power[each] for each in range(2, 2 + lowest)) / lowest
    weighted = sum(power[each] * np.cos(np.pi * each / 50) for each in power)
    persistent = weighted / sum(power.values()) + 1 / 50
    chain = (1 + persistent) / (1 - persistent)
    variance = (20 * chain + lowest * at_zero) / (20 + lowest)
    assert persistent > 0.1
    # Student's t with 20 + 5 degrees of freedom: 2.0595 holds 95 %.
    expected = ndtr(-2.059539 * np.sqrt(variance))
    assert _tails(row[None], 0.025)[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("rounds", [6, 7, 11, 20, 49, 50, 151])
def test_an_interval_holds_its_centre(rounds):
    samples = RANDOM.lognormal(size=(20, rounds))
    for numbers in (None, [1 + each % 3 for each in range(rounds)]):
        low, high = intervals(samples, numbers).T
        centre = centres(samples, numbers)
        assert ((low <= centre) & (centre <= high)).all()


def test_the_centre_is_the_median_or_the_geometric_mean_of_medians():
    samples = np.array([[1.0, 2.0, 9.0, 4.0, 16.0, 8.0]])
    assert centres(samples).tolist() == [6.0]
    assert centres(samples, [3] * 6).tolist() == [6.0]
    np.testing.assert_allclose(centres(samples, [1, 1, 1, 2, 2, 2]), [4.0])
    np.testing.assert_allclose(centres(samples, [1, 2, 3, 1, 2, 3]), [(2.5 * 9 * 8.5) ** (1 / 3)])


def test_processes_have_students_t_of_their_logarithms():
    """Medians 1, e and e^2: mean 1, standard error 1 / sqrt(3), 4.3027 of them."""
    samples = np.exp([[0.0, 1, 2, -5, 1, 2, 5, 1, 2]])
    half = 4.302653 / np.sqrt(3)
    expected = np.exp([[1 - half, 1 + half]])
    np.testing.assert_allclose(intervals(samples, [1, 2, 3] * 3), expected, rtol=1e-6)


def test_two_processes_share_the_squares_of_their_distances():
    samples = RANDOM.lognormal(size=(5, 40))
    numbers = [1, 2] * 20
    each = [samples[:, ::2], samples[:, 1::2]]
    medians = [np.log(np.median(part, axis=1)) for part in each]
    ends = [np.log(intervals(part)) for part in each]
    half = [
        sum((end[:, side] - median) ** 2 for end, median in zip(ends, medians, strict=True)) ** 0.5
        / 2
        for side in (0, 1)
    ]
    middle = (medians[0] + medians[1]) / 2
    expected = np.exp(np.column_stack([middle - half[0], middle + half[1]]))
    np.testing.assert_allclose(intervals(samples, numbers), expected)


@pytest.mark.parametrize("numbers", [None, [1, 2], [1, 2, 3], [1, 1]])
def test_fewer_than_six_rounds_have_no_interval(numbers):
    rounds = 5 if numbers is None else len(numbers)
    found = intervals(np.ones((4, rounds)), numbers)
    assert found.shape == (4, 2)
    assert np.isnan(found).all()
    assert centres(np.ones((4, rounds)), numbers).tolist() == [1.0] * 4


def test_two_processes_of_three_rounds_have_no_interval():
    assert np.isnan(intervals(np.ones((1, 6)), [1, 1, 1, 2, 2, 2])).all()


@pytest.mark.parametrize(("rounds", "confidence"), [(6, 0.96875), (8, 0.9921875), (12, 1 - 2**-11)])
def test_a_confidence_that_the_rounds_cannot_give_has_no_interval(rounds, confidence):
    samples = RANDOM.lognormal(size=(3, rounds))
    widest = np.column_stack([samples.min(axis=1), samples.max(axis=1)])
    np.testing.assert_allclose(intervals(samples, confidence=confidence), widest)
    assert np.isnan(intervals(samples, confidence=confidence + 1e-5)).all()


@pytest.mark.parametrize("value", [1.0, 0.1, 3e-7])
@pytest.mark.parametrize("processes", [1, 2, 3, 6])
def test_equal_rounds_have_an_interval_of_no_width(value, processes):
    numbers = [1 + each % processes for each in range(36)]
    found = intervals(np.full((2, 36), value), numbers)
    assert found.tolist() == [[value, value]] * 2


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_intervals_scale_with_the_rounds(processes):
    samples = RANDOM.lognormal(size=(30, 60))
    numbers = [1 + each % processes for each in range(60)]
    scaled, found = intervals(1e-3 * samples, numbers), intervals(samples, numbers)
    np.testing.assert_allclose(scaled, 1e-3 * found, rtol=1e-12)


def test_rows_are_judged_one_by_one_in_whatever_parts(monkeypatch):
    samples = RANDOM.lognormal(size=(7, 55))
    whole = intervals(samples)
    monkeypatch.setattr("reports.sweeps.intervals.PART", 3)
    np.testing.assert_array_equal(intervals(samples), whole)
    np.testing.assert_array_equal(np.concatenate([intervals(row[None]) for row in samples]), whole)
    assert intervals(samples[:0]).shape == (0, 2)


def test_neighbours_that_move_together_have_wider_intervals():
    """Rounds that drift in blocks hold less information than independent ones."""
    drifts = np.repeat(RANDOM.normal(1.0, 0.05, size=(200, 40)), 5, axis=1)
    alone = RANDOM.permuted(drifts, axis=1)
    widths = [np.diff(intervals(samples)).mean() for samples in (drifts, alone)]
    assert widths[0] > 1.5 * widths[1]


def test_what_intervals_cover_is_said_in_words():
    found = [covered(each) for each in (1, 2, 3, 20)]
    assert found == [
        "rounds of one process",
        "rounds of two processes",
        "3 processes and their rounds",
        "20 processes and their rounds",
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: covered(0), "at least one process. Received: 0"),
        (lambda: intervals(np.ones((1, 8)), confidence=95), "between 0 and 1. Received: 95"),
        (lambda: intervals(np.ones((1, 8)), [1] * 7), "Received: 7 processes, 8 rounds"),
        (lambda: centres(np.ones((1, 8)), [1] * 9), "Received: 9 processes, 8 rounds"),
    ],
)
def test_input_that_fits_nothing_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
