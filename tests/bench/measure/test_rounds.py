import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.measure import rounds as timing
from bench.measure.rounds import (
    MAX_ROUNDS,
    InterleavedBaseline,
    Limits,
    rounds_for,
    rounds_within,
    warm_up,
)
from reports.sweeps.intervals import intervals


@pytest.mark.parametrize(
    ("rounds", "order"), [(1, "BO"), (2, "BOOB"), (3, "BOOBBO"), (4, "BOOBBOOB")]
)
def test_rounds_of_baseline_and_operator_are_interleaved(rounds, order):
    calls = []
    interleaved = InterleavedBaseline(lambda: calls.append("B"))
    for _ in range(rounds):
        interleaved()
        calls.append("O")
    interleaved.finish()
    assert "".join(calls) == order
    assert len(interleaved.seconds) == rounds
    assert all(seconds > 0 for seconds in interleaved.seconds)


@given(seconds=st.floats(1e-7, 10), max_time=st.floats(0.001, 10), min_rounds=st.integers(1, 500))
def test_rounds_keep_to_their_limits(seconds, max_time, min_rounds):
    rounds = rounds_within(seconds, max_time, min_rounds)
    assert rounds >= min_rounds
    assert rounds == min_rounds or (rounds * seconds <= max_time * 1.001 and rounds % 2 == 0)
    assert rounds <= max(MAX_ROUNDS, min_rounds)


@pytest.fixture
def clock(monkeypatch):
    """Time that passes in calls alone: what is added to it."""
    now = [0.0]
    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])
    return now


def calls(clock, seconds):
    """Return a function whose calls take these seconds, one after the other, and what it took."""
    taken = []

    def call():
        taken.append(next(seconds))
        clock[0] += taken[-1]

    return call, taken


@pytest.mark.parametrize(
    ("deviation", "precision", "least", "most"),
    [(0.001, 0.005, 50, 50), (0.02, 0.005, 50, 160), (0.02, 0.01, 50, 60), (0.5, 0.005, 160, 160)],
)
def test_as_many_rounds_as_the_precision_takes(clock, deviation, precision, least, most):
    random = np.random.default_rng(0)
    operator, pilot = calls(clock, iter(random.normal(1e-3, deviation * 1e-3, 999).clip(1e-5)))
    baseline, _ = calls(clock, iter([1e-3] * 999))
    rounds = Limits(precision, max_time=0.4, min_rounds=8).rounds(operator, baseline, 2e-3)
    assert least <= rounds <= most
    assert rounds % 2 == 0
    assert rounds + len(pilot) <= 200


def test_slow_calls_are_not_run_to_find_out_how_many(clock):
    never, taken = calls(clock, iter([]))
    assert Limits(0.005, max_time=0.5, min_rounds=8).rounds(never, never, 0.3) == 8
    assert taken == []


def test_intervals_of_chosen_rounds_hold_the_median_as_often_as_they_say():
    random = np.random.default_rng(0)
    held = []
    for _ in range(400):
        pilot = random.lognormal(0, 0.02, 20)
        rounds = max(rounds_for(pilot, 0.005) // 2 * 2, 8)
        low, high = intervals(random.lognormal(0, 0.02, (1, rounds)))[0]
        held.append(low <= 1 <= high)
    assert 0.91 <= np.mean(held) <= 0.99


def test_half_an_interval_of_chosen_rounds_is_about_the_precision():
    random = np.random.default_rng(0)
    halves = []
    for _ in range(100):
        rounds = rounds_for(random.lognormal(0, 0.02, 40), 0.005) // 2 * 2
        low, high = intervals(random.lognormal(0, 0.02, (1, rounds)))[0]
        halves.append((high - low) / 2)
    assert 0.004 <= np.median(halves) <= 0.006


def test_warm_up_continues_after_the_first_call():
    calls = []
    warm = warm_up(lambda: calls.append(None))
    assert warm.rounds == len(calls) > 2
    assert warm.first_seconds > 0
    assert warm.seconds > 0


def test_warm_up_continues_while_calls_become_faster(monkeypatch):
    """A call that speeds up by a tenth each time, until it takes as long as it always will."""
    took = iter([0.02 * 0.9**number if number < 12 else 0.006 for number in range(1000)])
    monkeypatch.setattr("bench.measure.rounds.timed", lambda call: next(took))
    assert warm_up(None).rounds > 12


def test_warm_up_of_a_call_that_never_settles_has_an_end(monkeypatch):
    took = iter([0.1 * 0.8**number for number in range(1000)])
    monkeypatch.setattr("bench.measure.rounds.timed", lambda call: next(took))
    assert warm_up(None).rounds < 100
