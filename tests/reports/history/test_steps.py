"""Change points of many series: found, placed, and few of them false."""

import numpy as np
import pytest

from reports.history.steps import Track, found_steps


def tracks(count, runs=40, noise=0.02, seed=0, heavy=False):
    random = np.random.default_rng(seed)
    drawn = random.standard_t(3, (count, runs)) if heavy else random.normal(0, 1, (count, runs))
    return [Track(noise * row) for row in drawn]


def changed(track, place, size, end=None):
    values = track.values.copy()
    values[place:end] += size
    return Track(values)


@pytest.mark.parametrize("heavy", [False, True])
def test_where_nothing_changes_nothing_is_found(heavy):
    # Each of the histories has a false one with a probability of 2 %.
    found = [found_steps(tracks(100, seed=seed, heavy=heavy)) for seed in range(4)]
    assert sum(map(bool, found)) <= 1


def test_a_change_among_many_series_is_found_at_its_place():
    series = tracks(200)
    series[7] = changed(series[7], 25, np.log(1.1))
    (step,) = found_steps(series)
    assert step.track == 7
    assert abs(step.place - 25) <= 1
    assert step.first <= 25 <= step.last
    assert step.low < np.log(1.1) < step.high
    assert step.p_value < 1e-4


def test_a_change_that_is_undone_is_two_changes():
    series = tracks(50)
    series[3] = changed(series[3], 15, 0.15, end=27)
    assert [(step.track, step.place, step.size > 0) for step in found_steps(series)] == [
        (3, 15, True),
        (3, 27, False),
    ]


def test_false_ones_are_a_small_share_of_what_is_found():
    true, false = 0, 0
    for seed in range(2):
        series = tracks(200, seed=seed)
        series[:50] = [changed(track, 20, 0.1) for track in series[:50]]
        for step in found_steps(series):
            is_true = step.track < 50 and step.first <= 20 <= step.last
            true, false = true + is_true, false + (not is_true)
    assert true > 80
    # 1 % are allowed, and places that the interval misses.
    assert false <= 0.06 * true


def test_intervals_hold_size_and_place_as_often_as_they_say():
    held = []
    for seed in range(2):
        series = [changed(track, 20, 0.12) for track in tracks(60, seed=seed)]
        held += [
            (step.low <= 0.12 <= step.high, step.first <= 20 <= step.last)
            for step in found_steps(series)
        ]
    size, place = np.mean(held, axis=0)
    assert len(held) > 100
    assert 0.87 < size < 0.995
    assert place > 0.93


def test_equal_values_have_no_change_and_a_clear_one_is_certain():
    flat = Track(np.zeros(20))
    clear = changed(flat, 10, 0.5)
    assert found_steps([flat]) == []
    (step,) = found_steps([flat, clear])
    assert (step.track, step.first, step.place, step.last) == (1, 10, 10, 10)


def test_a_few_disturbed_runs_are_no_level():
    series = tracks(50)
    series[3] = changed(series[3], 20, 5.0, end=23)
    assert found_steps(series) == []


def test_no_series_and_short_ones_have_no_changes():
    assert found_steps([]) == []
    assert found_steps(tracks(3, runs=1) + tracks(3, runs=5)) == []


def test_equal_histories_give_equal_changes():
    series = [changed(track, 20, 0.1) for track in tracks(5)]
    assert found_steps(series) == found_steps(series)


def test_noisy_runs_after_many_precise_ones_are_seldom_a_level():
    random = np.random.default_rng(1)
    values = random.normal(0, 0.01, (200, 120))
    values[:, 100:] = random.normal(0, 0.1, (200, 20))
    # 2 % are allowed; by the error that both sides share there are 11.
    assert sum(bool(found_steps([Track(row)])) for row in values) <= 5
