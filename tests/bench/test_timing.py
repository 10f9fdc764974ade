import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.timing import MAX_ROUNDS, InTurn, rounds_within, warm_up


@pytest.mark.parametrize(
    ("rounds", "order"), [(1, "BO"), (2, "BOOB"), (3, "BOOBBO"), (4, "BOOBBOOB")]
)
def test_baseline_and_operator_alternate_in_turn(rounds, order):
    calls = []
    in_turn = InTurn(lambda: calls.append("B"))
    for _ in range(rounds):
        in_turn()
        calls.append("O")
    in_turn.finish()
    assert "".join(calls) == order
    assert len(in_turn.seconds) == rounds
    assert all(seconds > 0 for seconds in in_turn.seconds)


@given(seconds=st.floats(1e-7, 10), max_time=st.floats(0.001, 10), min_rounds=st.integers(1, 500))
def test_rounds_keep_to_their_limits(seconds, max_time, min_rounds):
    rounds = rounds_within(seconds, max_time, min_rounds)
    assert rounds >= min_rounds
    assert rounds == min_rounds or (rounds * seconds <= max_time * 1.001 and rounds % 2 == 0)
    assert rounds <= max(MAX_ROUNDS, min_rounds)


def test_warm_up_goes_on_after_the_first_call():
    calls = []
    warm = warm_up(lambda: calls.append(None))
    assert warm.rounds == len(calls) > 2
    assert warm.first_seconds > 0
    assert warm.seconds > 0


def test_warm_up_goes_on_while_calls_become_faster(monkeypatch):
    """A call that speeds up by a tenth each time, until it takes as long as it always will."""
    took = iter([0.02 * 0.9**number if number < 12 else 0.006 for number in range(1000)])
    monkeypatch.setattr("bench.timing.timed", lambda call: next(took))
    assert warm_up(None).rounds > 12


def test_warm_up_of_a_call_that_never_settles_has_an_end(monkeypatch):
    took = iter([0.1 * 0.8**number for number in range(1000)])
    monkeypatch.setattr("bench.timing.timed", lambda call: next(took))
    assert warm_up(None).rounds < 100
