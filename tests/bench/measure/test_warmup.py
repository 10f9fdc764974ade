from time import perf_counter

import pytest

from bench.measure.warmup import WARMUP_SECONDS, warm_up


def test_warm_up_continues_after_the_first_call():
    calls = []
    warm = warm_up(lambda: calls.append(None), perf_counter)
    assert warm.rounds == len(calls) > 2
    assert warm.first_seconds > 0
    assert warm.seconds > 0


def test_warm_up_lasts_a_while_and_keeps_the_fastest_call():
    taken = iter([5.0, 0.5, 0.001, *[0.002] * 1000])
    now = [0.0]

    def call():
        now[0] += next(taken)

    warm = warm_up(call, lambda: now[0])
    assert warm.first_seconds == 5.0
    assert warm.seconds == pytest.approx(0.001)
    assert warm.rounds == 3
    assert now[0] - 5.0 >= WARMUP_SECONDS
