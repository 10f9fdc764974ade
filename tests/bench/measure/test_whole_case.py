from dataclasses import replace
from itertools import groupby
from time import perf_counter

import pytest

from bench.cases import Case
from bench.measure import whole_case as whole_case_module
from bench.measure.calls import Call
from bench.measure.measurement import Measurement, Plan
from bench.measure.prepared import Preparer
from bench.measure.stopping import Limits
from bench.measure.whole_case import BaselineError, WholeCase, measure
from bench.operators import BASELINE, FUSED
from bench.sweeps import competitors

CASE = Case(batch=1, height=6, width=6, channels=4, kernel_size=3, groups=2)
PLAN = Plan(Limits(0.01, 0.01, 6), perf_counter, "warm", time_limit=60)


def case(width, baseline=BASELINE):
    own = replace(CASE, width=width)
    return WholeCase(f"case {width}", competitors((baseline, FUSED), own), order_seed=width)


def run(cases, begins=lambda *_: None):
    return measure(cases, Preparer(), PLAN, begins)


def test_cases_are_prepared_one_after_the_other_and_timed_by_turns(monkeypatch):
    widths = []
    call = Call.__call__

    def noting(self):
        widths.append(self.arguments[0].shape[2])
        return call(self)

    cases = [case(5), case(7)]
    told = []

    def begins(which, competitor):
        told.append(([each.name for each in which], competitor and str(competitor.operator)))
        if competitor is None:
            monkeypatch.setattr(Call, "__call__", noting)

    assert run(cases, begins) == cases
    names = ["convolution", "twin", "involution-fused"]
    prepared = [(["case 5"], name) for name in names] + [(["case 7"], name) for name in names]
    assert told == [*prepared, (["case 5", "case 7"], None)]
    visits = [width for width, _ in groupby(widths)]
    assert visits[: 2 * 6] == [5, 7] * 6
    for each in cases:
        assert all(isinstance(found, Measurement) for found in each.outcomes.values())
        assert {found.order_seed for found in each.outcomes.values()} == {each.order_seed}
        assert each.seconds > sum(sum(found.seconds) for found in each.outcomes.values())


def test_another_process_has_its_turn_after_each_round():
    pauses, cases = [], [case(5), case(7)]
    plan = replace(PLAN, pause=lambda: pauses.append(1))
    measure(cases, Preparer(), plan, lambda *_: None)
    rounds = [len(found.seconds) for each in cases for found in each.outcomes.values()]
    assert len(pauses) == max(rounds)


def test_as_many_cases_are_measured_as_may_hold_memory(monkeypatch):
    cases = [case(5), case(7), case(9)]
    held = []

    def held_bytes(call):
        held.append(call)
        return 1

    monkeypatch.setattr(Call, "held_bytes", property(held_bytes))
    monkeypatch.setattr(whole_case_module, "MOST_HELD", 4)  # three operators hold a byte each
    assert run(cases) == cases[:2]
    assert held
    assert not cases[2].outcomes


def test_a_case_without_its_baseline_leaves_the_others_alone():
    def fail(_):
        raise MemoryError("no room")

    broken = case(5, replace(BASELINE, build=fail))
    sound = case(7)
    run([broken, sound])
    assert isinstance(broken.outcomes[broken.competitors[-1]], BaselineError)
    assert all(isinstance(found, Measurement) for found in sound.outcomes.values())


def test_a_baseline_that_fails_in_a_round_ends_its_own_case_alone(monkeypatch):
    call, calls = Call.__call__, iter(range(1000))

    def fail_later(self):
        if self.arguments[0].shape[2] == 5 and next(calls) > 40:
            raise ZeroDivisionError("in a round")
        return call(self)

    monkeypatch.setattr(Call, "__call__", fail_later)
    failing, sound = case(5), case(7)
    run([failing, sound])
    assert any(isinstance(found, ZeroDivisionError) for found in failing.outcomes.values())
    assert all(isinstance(found, Measurement) for found in sound.outcomes.values())


@pytest.mark.parametrize("number", [1, 3])
def test_the_memory_of_what_was_measured_is_free_again(number):
    cases = [case(width) for width in range(5, 5 + number)]
    run(cases)
    assert [each.held_bytes for each in cases] == [0] * number
