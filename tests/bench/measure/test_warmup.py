from time import perf_counter

import pytest

from bench.measure.warmup import MOST_CALLS, WARMUP_CALLS, WARMUP_SECONDS, warm_up


def test_warm_up_counts_its_calls():
    calls = []
    warm = warm_up(lambda: calls.append(None), perf_counter)
    assert warm.rounds == len(calls) > 2
    assert warm.seconds > 0


def test_warm_up_lasts_a_while_and_keeps_the_fastest_call():
    taken = iter([0.0005, 0.0001, *[0.002] * 1000])
    now = [0.0]

    def call():
        now[0] += next(taken)

    warm = warm_up(call, lambda: now[0])
    assert warm.seconds == pytest.approx(0.0001)
    assert warm.rounds == 12
    assert now[0] >= WARMUP_SECONDS


def test_slow_calls_are_few():
    now = [0.0]

    def call():
        now[0] += 3.0

    assert warm_up(call, lambda: now[0]).rounds == WARMUP_CALLS


def test_calls_that_take_nothing_have_an_end():
    assert warm_up(lambda: None, lambda: 0.0).rounds == MOST_CALLS
